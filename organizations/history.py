"""The history in words: rows of Change as entries a person can read, one entry for each request.

Only fields with a Vietnamese name are shown: one without (a cache, a key, a version) is technical, and a link nobody
named might lead to a record the reader may not open. JSON is shown only through a describer. Apps add their words with
`register()` in AppConfig.ready().
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby

from django.apps import apps
from django.db import models
from django.utils import timezone

from organizations import changes
from organizations.models import Change, Organization

ACTIONS: dict[str, str] = {
    "organization.open": "Mở đơn vị, chi bộ",
    "organization.rename": "Đổi tên đơn vị",
    "organization.figure": "Ghi số liệu đơn vị",
    "organization.figure_withdraw": "Rút số liệu đơn vị",
    "organization.mark": "Đánh dấu đơn vị",
    "import.keep": "Tải lên danh sách Excel",
    "import.columns": "Nói rõ các cột của tệp",
    "import.answer": "Trả lời về các dòng của tệp",
    "import.refuse": "Từ chối tệp",
    "import.look": "Đọc tệp, xem trước",
    "import.drop": "Bỏ tệp chưa nhập",
    "import.start": "Bắt đầu nhập tệp",
    "import.apply": "Nhập tệp",
    "import.undo": "Hoàn tác lần nhập",
}
LABELS: dict[str, str] = {}
HIDDEN: set[str] = {"organizations.Organization.slug", "organizations.Organization.order"}
DESCRIBERS: dict[str, Callable] = {}
REPLACES: dict[str, str] = {}
SERVER = "Máy chủ"
SHOWN_AT_ONCE = 4  # the rest of a long request is folded
NOT_SHOWN = "(không hiện giá trị)"


def register(
    *,
    actions: dict | None = None,
    labels: dict | None = None,
    describers: dict | None = None,
    hidden: Iterable = (),
    replaces: dict | None = None,
) -> None:
    """Add words: action code → words; "app.Model.field" → its name, → a function from value to text, or no showing.

    `replaces`: "app.Model" → the stored name of the link from a row to the one it stands for.
    """
    REPLACES.update(replaces or {})
    ACTIONS.update(actions or {})
    HIDDEN.update(hidden)
    LABELS.update(labels or {})
    DESCRIBERS.update(describers or {})
    fields_of.cache_clear()


@dataclass(frozen=True)
class FieldChange:
    """One field: its name, the old and the new value as text."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Item:
    """One row that was touched. kind: created, updated, deleted or withdrawn."""

    kind: str
    words: str
    name: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Entry:
    """What one person did in one request."""

    request_id: str
    at: datetime
    who: str
    via: str
    address: str
    actions: tuple[str, ...]
    subject: str
    subject_url: str
    unit: str
    reasons: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def first_items(self) -> tuple[Item, ...]:
        return self.items[:SHOWN_AT_ONCE]

    @property
    def further_items(self) -> tuple[Item, ...]:
        return self.items[SHOWN_AT_ONCE:]


def action_words(code: str) -> str:
    return ACTIONS.get(code, "Thay đổi khác")


def entries(
    rows: Iterable[Change], *, hidden_fields: Iterable[str] = (), known: Iterable[models.Model] = ()
) -> list[Entry]:
    """Entries of these changes, newest first. Costs a query for the rows and one for each kind of thing they name.

    Give a page of rows, not all of them. `hidden_fields`: names of fields this reader may not see. `known`: things the
    page has loaded already, whose names need no query (units with their grassroots organization).
    """
    if isinstance(rows, models.QuerySet):
        rows = rows.select_related("by", "unit__grassroots").order_by("-pk")
    rows = [row for request in _requests(rows) for row in _folded(request)]
    _set_beside_what_they_replace(rows)
    names = _names(rows, known)
    hidden = frozenset(hidden_fields)
    return [_entry(list(group), names, hidden) for _, group in groupby(rows, key=lambda row: row.request_id)]


def _requests(rows: Iterable[Change]) -> Iterable[list[Change]]:
    return (list(group) for _, group in groupby(rows, key=lambda row: row.request_id))


def _folded(rows: list[Change]) -> list[Change]:
    """A row made and completed in one request was made complete: what followed is told with its making."""
    made, kept = {}, []
    for row in reversed(rows):
        key = (row.object_type, row.object_id)
        if row.before is None:
            made[key] = row
        elif row.after is not None and key in made:
            made[key].after = made[key].after | row.after
            continue
        kept.append(row)
    return kept[::-1]


def _set_beside_what_they_replace(rows: list[Change]) -> None:
    """A row that stands for an older one tells what differs from it. One query for each kind of such rows."""
    links = {row.pk: (row.after or {}).get(REPLACES.get(row.object_type)) for row in rows if row.before is None}
    for label in {row.object_type for row in rows if links.get(row.pk)}:
        model = _model(label)
        ids = [links[row.pk] for row in rows if row.object_type == label and links.get(row.pk)]
        old = {one.pk: changes.whole(one) for one in model._base_manager.filter(pk__in=ids)}
        for row in rows:
            if row.object_type == label and links.get(row.pk) in old:
                row.replaced = old[links[row.pk]]


def _entry(rows: list[Change], names: dict, hidden: frozenset[str]) -> Entry:
    """Rows come newest first; inside a request people read them as they were done."""
    rows = rows[::-1]
    first = rows[0]
    key = (first.subject_type, first.subject_id)
    items = [_item(row, key, names, hidden) for row in rows]
    others = len({(row.subject_type, row.subject_id) for row in rows}) - 1
    name, url = names.get(key) or (_type_words(first.subject_type), "")
    return Entry(
        request_id=first.request_id,
        at=rows[-1].at,
        who=first.by.full_name if first.by else SERVER,
        via=first.get_via_display(),
        address=first.address or "",
        actions=tuple(dict.fromkeys(action_words(row.action) for row in rows)),
        subject=f"{name} và {others} mục khác" if others else name,
        subject_url=url,
        unit=first.unit.place_words if first.unit else "",
        reasons=tuple(dict.fromkeys(row.reason for row in rows if row.reason)),
        items=tuple(item for item in items if item.fields),
    )


def _item(row: Change, subject: tuple[str, str], names: dict, hidden: frozenset[str]) -> Item:
    """What a new row says about its subject's name, and what it leaves at "no", tells nothing and is left out."""
    before, after = row.before or {}, row.after or {}
    kind = "updated" if row.before is not None and row.after is not None else "deleted" if row.before else "created"
    if replaced := getattr(row, "replaced", None):
        kind = "withdrawn" if after.get("is_void") else "updated"
        before, after = replaced, {} if after.get("is_void") else after
    found = []
    for attname, field in fields_of(row.object_type).items():
        if field.name in hidden or not (attname in before or attname in after):
            continue
        was, now = before.get(attname), after.get(attname)
        if replaced and kind == "updated" and was == now:
            continue
        if kind != "updated" and ((was or now) is False or _is(field, was or now, subject)):
            continue
        old, new = _text(field, was, names), _text(field, now, names)
        if old != new or (kind == "updated" and (old or new)):
            found.append(FieldChange(LABELS.get(f"{row.object_type}.{field.name}") or field.verbose_name, old, new))
    itself = (row.object_type, row.object_id)
    name = "" if itself == subject else names.get(itself, ("", ""))[0]
    return Item(kind, _type_words(row.object_type), name, tuple(found))


def _is(field: models.Field, value, subject: tuple[str, str]) -> bool:
    return field.is_relation and (field.related_model._meta.label, str(value)) == subject


@cache
def fields_of(label: str) -> dict[str, models.Field]:
    """The fields with words, by the name the history stores them under."""
    model = _model(label)
    if model is None:
        return {}
    return {
        field.attname: field
        for field in model._meta.concrete_fields
        if f"{label}.{field.name}" not in HIDDEN and (f"{label}.{field.name}" in LABELS or _has_words(field))
    }


def _has_words(field: models.Field) -> bool:
    """A name given by hand; Django makes one of the identifier otherwise."""
    return not field.primary_key and str(field.verbose_name) != field.name.replace("_", " ")


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _type_words(label: str) -> str:
    model = _model(label)
    words = str(model._meta.verbose_name) if model else "bản ghi"
    return words[:1].upper() + words[1:]


def _text(field: models.Field, value, names: dict) -> str:
    """A stored value in words: labels of choices, names behind links, days as people write them."""
    if value is None or value == "":
        return ""
    describe = DESCRIBERS.get(f"{field.model._meta.label}.{field.name}")
    if describe:
        return describe(value)
    if field.is_relation:
        known = names.get((field.related_model._meta.label, str(value)))
        return known[0] if known else NOT_SHOWN
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, dict | list) or value == "•":
        return NOT_SHOWN
    if isinstance(field, models.DecimalField):
        return str(value).replace(".", ",")
    return _day(field, value) or str(value)


def _day(field: models.Field, value) -> str:
    try:
        if isinstance(field, models.DateTimeField):
            return timezone.localtime(datetime.fromisoformat(value)).strftime("%d/%m/%Y %H:%M")
        if isinstance(field, models.DateField):
            return date.fromisoformat(value).strftime("%d/%m/%Y")
    except (TypeError, ValueError):
        return ""
    if type(field).__name__ == "PartialDateField":  # 1990-05 -> 05/1990
        return "/".join(reversed(str(value).split("-")))
    return ""


def _names(rows: list[Change], known: Iterable[models.Model]) -> dict[tuple[str, str], tuple[str, str]]:
    """(type, id) -> (name, address) of everything these rows name. One query for each type."""
    wanted = defaultdict(set)
    for row in rows:
        wanted[row.subject_type].add(row.subject_id)
        wanted[row.object_type].add(row.object_id)
        for attname, field in fields_of(row.object_type).items():
            if field.is_relation:
                values = {(row.before or {}).get(attname), (row.after or {}).get(attname)} - {None, ""}
                wanted[field.related_model._meta.label] |= {str(value) for value in values}
    found = {(one._meta.label, str(one.pk)): _name(one) for one in known}
    for label in sorted(wanted):
        missing = {one for one in wanted[label] if (label, one) not in found}
        found |= {(label, str(row.pk)): _name(row) for row in _rows(label, missing)}
    return found


def _rows(label: str, ids: set[str]) -> Iterable[models.Model]:
    model = _model(label)
    numbers = [int(one) for one in ids if one.isascii() and one.isdigit()]
    if not numbers or model is None or model.__str__ is models.Model.__str__:
        return ()
    rows = model._base_manager.filter(pk__in=numbers)
    return rows.select_related("grassroots") if model is Organization else rows


def _name(row: models.Model) -> tuple[str, str]:
    address = row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
    return (row.place_words if isinstance(row, Organization) else str(row)), address
