"""A row of a list beside a record: what differs, what would be written, both in words. No query."""

from collections.abc import Mapping

from candidates.forms.record import RecordForm, shown
from candidates.import_case import Edit, Entry
from candidates.models import Candidate
from candidates.people_file import PersonRow
from organizations.changes import mask
from organizations.imports.preview import CellChange
from vuthu_recruit.dates import show_day

FIELDS = RecordForm.base_fields
INFERRED = ("occupation", "is_youth_union_member", "is_trade_union_member")
SIDES = ("birth", "sex", "identity_number", "home_town", "residence", "job", "workplace")


def differences(row: PersonRow, known: Candidate, *, with_empty: bool) -> dict:
    """What the file says otherwise than the record. An empty cell says something only in a list exported from here."""
    found = {}
    for name, value in row.values.items():
        if name not in FIELDS or _plain(getattr(known, name)) == _plain(value):
            continue
        if name in INFERRED and name not in row.cells and (with_empty or getattr(known, name)):
            continue  # read out of another column: it says nothing against the record
        found[name] = value
    if with_empty:
        for name in row.empty & FIELDS.keys():
            empty = Candidate._meta.get_field(name).get_default() if name != "birth" else None
            if _plain(getattr(known, name)) != _plain(empty):
                found[name] = empty
    return found


def _plain(value):
    if isinstance(value, list):
        return sorted(value)
    return value or "" if not isinstance(value, bool) else value


def with_values(candidate: Candidate, values: Mapping) -> Candidate:
    """A copy in memory with these values."""
    copy = Candidate(**{one.attname: getattr(candidate, one.attname) for one in Candidate._meta.concrete_fields})
    copy.unit = candidate.unit
    return filled(copy, values)


def filled(candidate: Candidate, values: Mapping) -> Candidate:
    for name, value in values.items():
        setattr(candidate, name, value)
    return candidate


def who(known: Candidate) -> str:
    birth = f", sinh {known.birth}" if known.birth else ""
    return f"{known.full_name}{birth}, {known.unit.place_words}"


def words_of(name: str, value) -> str:
    return shown(FIELDS[name], value) if name in FIELDS else ""


def in_words(known: Candidate, values: Mapping) -> tuple[CellChange, ...]:
    return tuple(
        CellChange(str(FIELDS[name].label), words_of(name, getattr(known, name)), words_of(name, value))
        for name, value in values.items()
        if name in FIELDS
    )


def entry_words(values: Mapping, entry: Entry | None) -> tuple[CellChange, ...]:
    """Of a new person everything but what the line is headed by, and the day they enter the source."""
    found = [
        CellChange(str(FIELDS[name].label), "", words_of(name, value))
        for name, value in values.items()
        if name in FIELDS and name not in ("full_name", "birth") and words_of(name, value)
    ]
    if isinstance(entry, Entry):
        found.append(CellChange("Ngày đưa vào nguồn", "", show_day(entry.entered_on)))
    return tuple(found)


def all_written(payload: Entry | Edit) -> str:
    """Everything that would be written, for a digest."""
    if isinstance(payload, Edit):
        return repr((payload.candidate.pk, sorted((name, str(value)) for name, value in payload.values.items())))
    person = payload.candidate
    return repr((person.unit_id, str(payload.entered_on), *(str(getattr(person, name, "")) for name in FIELDS)))


def beside(known: Candidate, values: Mapping) -> tuple[tuple[str, str, str], ...]:
    return tuple((one.label, one.new, one.old) for one in in_words(known, values))


def side_by_side(known: Candidate, values: Mapping, *, hides: bool) -> list[tuple[str, str, str]]:
    """Label, in the file, in the record; the unit of the record first. `hides`: the number is masked."""
    rows = [("Hồ sơ đã có", str(values["full_name"]), who(known))]
    for name in SIDES:
        old, new = words_of(name, getattr(known, name)), words_of(name, values.get(name))
        old = mask(old) if hides and name == "identity_number" else old
        if old or new:
            rows.append((str(FIELDS[name].label), new, old))
    return rows
