"""Opening balances from a file: one row a unit and a period, and what it would change.

Written through the actions of the form, so that their rules stand in one place. Undoing follows the rule of the
product, which deletes no balance: one that the file brought in is set to 0, one that it put right gets its former
values back. What was put right once more since then stands in the way.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms

from organizations.imports.blank import BlankColumn
from organizations.imports.preview import CellChange, Kind, LeftOut, Line, Preview
from organizations.imports.registry import Importer, Stale, Written
from organizations.imports.table import Definition, Layout
from organizations.imports.unit_rows import (
    NOTHING_SAID,
    UNIT_COLUMNS,
    UnitRow,
    Units,
    blank_units,
    must_have,
    read_units,
)
from organizations.models import ImportBatch, ImportedRow, Organization
from organizations.models import Kind as UnitKind
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import Conflict
from targets import actions
from targets.forms import BalanceEditForm
from targets.models import AdmissionPlan, OpeningBalance
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.fields import CleanCharFormField
from vuthu_recruit.workbook import Kind as Cell

FIELDS = BalanceEditForm.base_fields
FACTS = ("from_on", "to_on", "count", "women")
CHANGED = ("count", "women", "document")
HEADINGS = {
    "from_on": ("tungay", "tu", "ngaydau", "batdau", "tungaythangnam"),
    "to_on": ("denngay", "denhetngay", "den", "ngaycuoi", "ketthuc", "denngaythangnam"),
    "count": ("songuoi", "soluong", "soketnap", "songuoiketnap", "tongso", "sodangvienketnap", "ketnap"),
    "women": ("trongdonu", "nu", "sonu", "trongdo", "tdnu"),
    "document": ("vanban", "sovanban", "vanbanlamcancu", "cancu", "nguon"),
}
DEFINITIONS = (*UNIT_COLUMNS, *(Definition(key, str(FIELDS[key].label), names) for key, names in HEADINGS.items()))
UNDONE = "Hoàn tác tệp “{name}”: {reason}"


class OpeningOptionsForm(forms.Form):
    """Said once for the rows that do not say it themselves."""

    document = CleanCharFormField(
        label="Văn bản làm căn cứ",
        max_length=120,
        required=False,
        help_text="Của dòng chưa ghi văn bản riêng. Ví dụ: 45-BC/HU ngày 31/12/2021",
    )
    reason = CleanCharFormField(
        label="Lý do sửa",
        max_length=400,
        required=False,
        help_text="Chỉ cần khi tệp sửa số dư đã ghi. Ít nhất 10 ký tự.",
    )


@dataclass(frozen=True)
class Wanted:
    """A balance as it is to stand. `known`: the one of this unit and period, if there is one."""

    organization: Organization
    values: dict
    known: OpeningBalance | None
    reason: str


class _Judge:
    """Judges all rows of a file together. `document`, `reason`: what was said for the whole file."""

    def __init__(self, plan: AdmissionPlan, units: Units, *, document: str, reason: str):
        self.plan, self.document, self.reason = plan, document, reason
        self.known: dict[int, list[OpeningBalance]] = defaultdict(list)
        for one in OpeningBalance.objects.filter(organization__in=[unit.pk for unit in units]):
            self.known[one.organization_id].append(one)

    def lines(self, rows: Sequence[UnitRow]) -> tuple[Line, ...]:
        values = [self._read(row) for row in rows]
        _refuse_overlapping(rows, values)
        return tuple(self._line(row, given) for row, given in zip(rows, values, strict=True))

    def _read(self, row: UnitRow) -> dict:
        return {
            "from_on": row.day("from_on", "Từ ngày"),
            "to_on": row.day("to_on", "Đến hết ngày"),
            "count": row.typed("count", FIELDS["count"]),
            "women": row.typed("women", FIELDS["women"]),
            "document": row.typed("document", FIELDS["document"]) or "",
        }

    def _line(self, row: UnitRow, given: dict) -> Line:
        if not any(row.has(name) for name in FACTS):
            if row.unit:
                row.say("", NOTHING_SAID, blocks=False)
            return row.line(Kind.SAME)
        for name in ("from_on", "to_on", "count"):
            if not row.has(name):
                row.say(name, f"Thiếu “{FIELDS[name].label}”.")
        if row.unit is None or any(given[name] is None for name in ("from_on", "to_on", "count")):
            return row.line(Kind.NEW)
        known = self._known(row.unit, given)
        values = (
            self._with_known(row, given, known) if known else given | {"document": given["document"] or self.document}
        )
        changes = _changes(known, values)
        if known is None or changes:
            self._judge(row, values, known)
        kind = Kind.NEW if known is None else Kind.CHANGED if changes else Kind.SAME
        return row.line(
            kind,
            detail=f"{show_day(values['from_on'])}–{show_day(values['to_on'])}",
            changes=changes,
            url=row.unit.get_absolute_url() if known else "",
            payload=Wanted(row.unit, values, known, self.reason),
        )

    def _known(self, unit: Organization, given: Mapping) -> OpeningBalance | None:
        period = (given["from_on"], given["to_on"])
        found = (
            one for one in self.known[unit.pk] if (one.from_on, one.to_on) == period and one.plan_id == self.plan.pk
        )
        return next(found, None)

    def _with_known(self, row: UnitRow, given: dict, known: OpeningBalance) -> dict:
        """An empty cell changes nothing; the file's own document counts only where a number changes."""
        values = dict(given)
        for name in ("women", "document"):
            was = getattr(known, name)
            if not row.has(name):
                values[name] = was
                if name in row.cells and was not in (None, ""):
                    row.say(name, f"Ô trống: giữ “{was}” đã ghi.", blocks=False)
        is_new = any(values[name] != getattr(known, name) for name in ("count", "women"))
        if is_new and not row.has("document") and self.document:
            values["document"] = self.document
        return values

    def _judge(self, row: UnitRow, values: dict, known: OpeningBalance | None) -> None:
        balance = OpeningBalance(plan=self.plan, organization=row.unit, **values)
        others = [one for one in self.known[row.unit.pk] if one is not known]
        unread = {name for name in values if row.has(name) and values[name] in (None, "")}
        for name, message in actions.opening_faults(balance, others, reason=self.reason if known else None):
            if name == "reason":
                message = f"Dòng này sửa số dư đã ghi. {message} Ghi ở ô “Lý do sửa” khi tải tệp lên."
                name = ""
            if name not in unread:
                row.say("unit" if name == "organization" else name or "", message)


def _refuse_overlapping(rows: Sequence[UnitRow], values: Sequence[dict]) -> None:
    """Periods of one unit that share a day are counted twice; both rows say so."""
    found = defaultdict(list)
    for row, given in zip(rows, values, strict=True):
        if row.unit and given["from_on"] and given["to_on"]:
            found[row.unit.pk].append((given["from_on"], given["to_on"], row))
    for periods in found.values():
        for place, (first, last, row) in enumerate(periods):
            others = [one for at, one in enumerate(periods) if at != place and one[0] <= last and one[1] >= first]
            for other_first, other_last, other in others:
                period = f"{show_day(other_first)}–{show_day(other_last)}"
                row.say("from_on", f"Trùng ngày với dòng {other.number} ({period}) của {row.unit.short_name}.")


def _changes(known: OpeningBalance | None, values: Mapping) -> list[CellChange]:
    found = []
    for name in CHANGED:
        was, now = getattr(known, name, None), values[name]
        if was != now and not (was is None and now in (None, "")):
            found.append(CellChange(str(FIELDS[name].label), _shown(was), _shown(now)))
    return found


def _shown(value) -> str:
    return "" if value is None else str(value)


class OpeningImporter(Importer):
    key = "openings"
    label = "Số dư đầu kỳ"
    hint = "Mỗi dòng một đơn vị và một khoảng thời gian: từ ngày, đến ngày, số người, trong đó nữ, văn bản làm căn cứ."
    place = 11
    noun = "số dư"
    undo_words = "Số dư thêm mới trở thành 0 người; số dư đã sửa trở lại như trước."
    blank_note = "Ngày viết đủ ngày, tháng, năm: 31/12/2021. Đơn vị nào không có số dư thì để trống dòng đó."
    needs = Permission.TARGET_EDIT
    definitions = DEFINITIONS
    must = must_have({"from_on", "to_on", "count"})

    def may(self, user) -> bool:
        return super().may(user) and AdmissionPlan.objects.exists()

    def organizations(self, user) -> list[Organization]:
        rows = Organization.objects.visible_to(user, needs=self.needs).open_on(clock.today())
        return list(rows.exclude(kind__in=[UnitKind.BRANCH, UnitKind.SECTION]).in_order())

    def options_form(self, data=None) -> forms.Form:
        return OpeningOptionsForm(data)

    def blank(self, organization: Organization, user) -> list[BlankColumn]:
        return [
            BlankColumn("Đơn vị", width=34),
            BlankColumn("Mã đơn vị", hint="Để nguyên cột này: nhờ nó mà nhận ra đúng đơn vị", width=16),
            BlankColumn("Từ ngày", Cell.DATE, hint="Ví dụ: 01/01/2021"),
            BlankColumn("Đến hết ngày", Cell.DATE, hint="Trong cùng một năm với ngày đầu"),
            BlankColumn("Số người", Cell.INTEGER),
            BlankColumn("Trong đó nữ", Cell.INTEGER),
            BlankColumn("Văn bản làm căn cứ", hint="Để trống thì lấy văn bản ghi lúc tải tệp lên", width=32),
        ]

    def blank_rows(self, organization: Organization, user) -> list[list[str]]:
        return blank_units(self._units(organization, user))

    def _units(self, organization: Organization, user) -> Units:
        return Units(organization, lambda unit: may_in(user, self.needs, unit), with_branches=False)

    def preview(self, batch: ImportBatch, layout: Layout, by) -> Preview:
        units = self._units(batch.organization, by)
        rows, left_out = read_units(layout, units, batch.answers, FACTS)
        said = {name: batch.options.get(name) or "" for name in ("document", "reason")}
        return Preview(_Judge(AdmissionPlan.in_use(), units, **said).lines(rows), left_out)

    def apply(self, batch: ImportBatch, lines: Sequence[Line], by) -> list[Written]:
        plan = AdmissionPlan.in_use()
        return [_write(plan, line, by) for line in lines]

    def written(self, rows: Sequence[ImportedRow], user) -> list[dict]:
        """One query."""
        balances = OpeningBalance.objects.visible_to(user, needs=Permission.FIGURES_VIEW).select_related("organization")
        known = balances.in_bulk([row.object_id for row in rows])
        return [_written(row, known.get(row.object_id)) for row in rows]

    def blocking(self, batch: ImportBatch) -> list[LeftOut]:
        rows = list(batch.rows.all())
        known = OpeningBalance.objects.in_bulk([row.object_id for row in rows])
        return [
            LeftOut(row.number, "đã được sửa sau khi nhập")
            for row in rows
            if known[row.object_id].version != row.version
        ]

    def undo(self, batch: ImportBatch, reason: str, by) -> None:
        rows = list(batch.rows.all())
        known = OpeningBalance.objects.select_related("organization").in_bulk([row.object_id for row in rows])
        words = UNDONE.format(name=batch.name, reason=reason)[:500]
        for row in rows:
            try:
                _take_back(row, known[row.object_id], words, by)
            except Conflict:
                raise Stale from None


def _write(plan: AdmissionPlan, line: Line, by) -> Written:
    wanted, known = line.payload, line.payload.known
    if known is None:
        balance = actions.add_opening_balance(plan=plan, organization=wanted.organization, values=wanted.values, by=by)
        return Written(line.number, balance, is_new=True)
    before = {name: getattr(known, name) for name in CHANGED}
    try:
        balance = actions.edit_opening_balance(
            balance=known, values=wanted.values, reason=wanted.reason, version=known.version, by=by
        )
    except Conflict:
        raise Stale from None
    return Written(line.number, balance, is_new=False, before=before)


def _take_back(row: ImportedRow, balance: OpeningBalance, reason: str, by) -> None:
    """A balance of nobody stays as it is: that is what taking it back makes of it."""
    nobody = {"count": 0, "women": None if balance.women is None else 0}
    values = nobody if row.is_new else row.before
    if any(getattr(balance, name) != value for name, value in values.items()):
        actions.edit_opening_balance(balance=balance, values=values, reason=reason, version=row.version, by=by)


def _written(row: ImportedRow, balance: OpeningBalance | None) -> dict:
    found = {"number": row.number, "is_new": row.is_new, "title": "Đơn vị ngoài phạm vi của bạn", "detail": ""}
    if balance is None:
        return found
    return found | {
        "title": balance.organization.short_name,
        "detail": f"{show_day(balance.from_on)}–{show_day(balance.to_on)}",
        "url": balance.organization.get_absolute_url(),
        "standing": f"{balance.count} người",
    }
