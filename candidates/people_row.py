"""One row of a list of people as values of a record: columns put together, checked against each other. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from candidates.choices import Occupation, Sex
from candidates.citizen_number import doubts
from candidates.people_resource import LABELS, NOT_STORED, Reading, read_cell
from candidates.people_words import OCCUPATIONS, choice_of
from candidates.record_checks import birth_problem, past_problem
from organizations.imports.cells import CellError, both_ways, is_same_as_above, partial_of
from organizations.imports.preview import Note
from vuthu_recruit.dates import DateError, PartialDate, show_day
from vuthu_recruit.spreadsheet import Broken, Cell
from vuthu_recruit.vietnamese import same_name_key

OWN = frozenset({"full_name", "family_name", "given_name", "identity_number", "phone", "record_key"})
BIRTHS = ("birth", "birth_male", "birth_female", "male", "female")
BIRTH_PARTS = ("birth_day", "birth_month", "birth_year")
OF_MEN_AND_WOMEN = (("birth_male", "birth_female"), ("male", "female"))
# Columns of days: written by one hand, so one tells of the other how Excel took the days.
DAYS = (BIRTHS, ("youth_union_joined",), ("entered_on",))
NEVER_SAME = OWN | {*BIRTHS, *BIRTH_PARTS}
PARTS = {"month": "birth_month", "year": "birth_year"}
FEWEST_TEXTS = 3
NAME_ONLY = (
    "Dòng này chỉ có họ và tên. Nếu là một người, hãy ghi thêm giới tính, ngày sinh; nếu không phải, hãy xóa dòng."
)


@dataclass
class WrittenRow:
    cells: dict[str, Cell]
    values: dict[str, object] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    empty: set[str] = field(default_factory=set)

    def refuse(self, column: str, message: str) -> None:
        self.notes.append(Note(column, message))

    def tell(self, column: str, message: str) -> None:
        self.notes.append(Note(column, message, blocks=False))


class RowReader:
    """Reads rows from the top down: "nt" looks at the row above. `rows`: all of them, blank cells as None."""

    def __init__(self, columns: Mapping[str, int], rows: Sequence[dict[str, Cell]], today: date):
        self.columns, self.today = columns, today
        self.above: dict[str, Cell] = {}
        self.known: dict[tuple, Reading] = {}
        self.exchanged = {key for keys in DAYS for key in _exchanged(keys, rows)}
        # One column for women: blank is a man, if anybody was marked in it.
        self.only = next(
            (
                (mine, sex)
                for mine, other, sex in (("female", "male", Sex.MALE), ("male", "female", Sex.FEMALE))
                if mine in columns and not {other, "sex", "birth_male"} & columns.keys()
                if any(row[mine] is not None for row in rows)
            ),
            None,
        )

    def read(self, given: dict[str, Cell]) -> WrittenRow:
        row = WrittenRow(given)
        found: dict[str, object] = {}
        for key, cell in given.items():
            if key in NOT_STORED:
                continue
            cell = self._or_above(row, key, cell)
            if cell is None:
                continue
            reading = self._reading(row, key, cell)
            if reading.value is not None:
                found[key] = reading.value
        self._name(row, found)
        self._birth_and_sex(row, found)
        self._job(row, found)
        self._groups(row, found)
        row.values = {**row.values, **found}
        self._check(row)
        return row

    def _or_above(self, row: WrittenRow, key: str, cell: Cell) -> Cell:
        if cell is None:
            row.empty.add(key)
            self.above.pop(key, None)
            return None
        if not is_same_as_above(cell):
            self.above[key] = cell
            return cell
        if key in NEVER_SAME:
            row.refuse(key, f"“{cell}” không dùng được cho {LABELS[key].lower()}: hãy ghi rõ.")
        elif key not in self.above:
            row.refuse(key, f"“{cell}” nhưng dòng trên không có {LABELS[key].lower()}.")
        else:
            return self.above[key]
        return None

    def _reading(self, row: WrittenRow, key: str, cell: Cell) -> Reading:
        asked = (key, type(cell), cell)
        reading = self.known.get(asked)
        if reading is None:
            reading = self.known[asked] = read_cell(key, cell)
        if key in self.exchanged and isinstance(cell, date) and (ways := both_ways(cell)):
            first, second = map(show_day, ways)
            message = (
                f"{LABELS[key]} có thể là {first} hoặc {second}: các ngày khác trong cột cho thấy Excel đã đổi chỗ "
                "ngày và tháng. Hãy gõ lại ngày này dạng chữ."
            )
            reading = Reading(problems=(message,))
        row.notes += [Note(key, problem) for problem in reading.problems]
        row.notes += [Note(key, notice, blocks=False) for notice in reading.notices]
        return reading

    def _name(self, row: WrittenRow, found: dict) -> None:
        """One column or two; a name that the first column has whole is not put together again."""
        first = "full_name" if "full_name" in self.columns else "family_name"
        family, given = found.pop("family_name", ""), found.pop("given_name", "")
        whole = found.get("full_name", "")
        if "given_name" in self.columns and any((family, given, whole)):
            front = whole or family
            if not front or not (given or whole):
                row.refuse("given_name" if front else first, "Thiếu họ hoặc tên: cần ghi cả hai cột.")
                return
            if given and not f" {same_name_key(front)}".endswith(f" {same_name_key(given)}"):
                reading = self._reading(row, "full_name", f"{front} {given}")
                found["full_name"] = reading.value
                if whole:
                    row.tell(first, f"Đọc cả hai cột họ và tên là “{front} {given}”.")
            elif not whole:
                found["full_name"] = self._reading(row, "full_name", f"{front} {given}").value
        if not found.get("full_name"):
            found.pop("full_name", None)
            if not any(one.blocks and one.column in OWN for one in row.notes if one.column != "identity_number"):
                row.refuse(first, "Thiếu họ và tên.")
        elif not any(cell is not None for key, cell in row.cells.items() if key not in NOT_STORED | OWN) and not any(
            row.cells.get(key) is not None for key in ("identity_number", "phone", "record_key")
        ):
            row.refuse(first, NAME_ONLY)

    def _birth_and_sex(self, row: WrittenRow, found: dict) -> None:
        births = {key: found.pop(key) for key in BIRTHS if isinstance(found.get(key), PartialDate)}
        if part := self._birth_of_parts(row, found):
            births["birth_year"] = part
        sexes = {"sex": found["sex"]} if "sex" in found else {}
        for men, women in OF_MEN_AND_WOMEN:
            marked = [key for key in (men, women) if self._is_marked(row, found, births, key)]
            found.pop(men, None), found.pop(women, None)
            if len(marked) == 2:
                row.refuse(women, "Cả hai cột Nam và Nữ đều có ghi: chỉ ghi một cột.")
                return
            if marked:
                sexes[marked[0]] = Sex.MALE.value if marked[0] == men else Sex.FEMALE.value
            elif self.only and self.only[0] in (men, women) and not _has_problem(row, self.only[0]):
                sexes[self.only[0]] = self.only[1].value
        if len(set(sexes.values())) == 1:
            found["sex"] = next(iter(sexes.values()))
        elif sexes:
            found.pop("sex", None)
            row.refuse(next(iter(sexes)), "Giới tính ghi ở hai cột không giống nhau.")
        if len(set(births.values())) == 1:
            found["birth"] = next(iter(births.values()))
        elif births:
            ways = " và ".join(str(birth) for birth in births.values())
            row.refuse(next(iter(births)), f"Ngày sinh ghi ở hai cột không giống nhau: {ways}.")

    def _is_marked(self, row: WrittenRow, found: dict, births: dict, key: str) -> bool:
        """A birth that cannot be read still stands in the column of men or of women."""
        return found.get(key) is True or key in births or (_has_problem(row, key) and _is_dated(row.cells.get(key)))

    def _birth_of_parts(self, row: WrittenRow, found: dict) -> PartialDate | None:
        day, month, year = (found.pop(key, None) for key in BIRTH_PARTS)
        if any(_has_problem(row, key) for key in BIRTH_PARTS) or not (day or month or year):
            return None
        if not year or (day and not month):
            key = "birth_month" if year else "birth_year"
            row.refuse(key if key in self.columns else "birth_year", f"Thiếu {'tháng' if year else 'năm'} sinh.")
            return None
        try:
            if year < 1000:
                raise DateError("year_digits")
            return PartialDate(year, month, day)
        except DateError as refusal:
            code = "year" if refusal.code == "year_digits" else refusal.code
            row.refuse(PARTS.get(code, "birth_day"), refusal.for_label("Ngày sinh"))
            return None

    def _job(self, row: WrittenRow, found: dict) -> None:
        """Work and position are one text; a group of occupations only where it can be no other."""
        job, position = found.get("job"), found.pop("position", None)
        if position and not job:
            found["job"] = position
            row.empty.discard("job")
        elif position and position != job:
            found["job"] = self._reading(row, "job", f"{job}, {position}").value
            row.tell("job", f"Nghề nghiệp và chức vụ ghi thành “{job}, {position}”.")
        if job and "occupation" not in self.columns and (group := choice_of(job, Occupation, OCCUPATIONS)):
            found["occupation"] = group.value
            if same_name_key(job) != same_name_key(group.label):
                row.tell("job", f"Nhóm nghề nghiệp đọc là “{group.label}”.")
        if found.get("job", "") is None:
            del found["job"]

    def _groups(self, row: WrittenRow, found: dict) -> None:
        groups, members = found.pop("priority_groups", ([], {}))
        if groups:
            found["priority_groups"] = groups
        for key in members:
            found.setdefault(key, True)

    def _check(self, row: WrittenRow) -> None:
        """What must fit together, as in the form; `today` is a day of the reading."""
        values = row.values
        birth = values.get("birth")
        if birth and (said := birth_problem(birth, self.today)):
            column = next((key for key in (*BIRTHS, "birth_year") if row.cells.get(key) is not None), "birth")
            row.refuse(column, said)
            del values["birth"]
            birth = None
        for key in ("youth_union_joined", "entered_on"):
            if (day := values.get(key)) and (said := past_problem(LABELS[key], day, birth, self.today)):
                row.refuse(key, said)
                del values[key]
        if number := values.get("identity_number"):
            for said in doubts(number, values.get("sex", ""), birth):
                row.notes.append(Note("identity_number", said, blocks=False, is_doubtful=True))


def _exchanged(keys: Sequence[str], rows: Sequence[dict[str, Cell]]) -> set[str]:
    """The columns in which Excel with American settings made days of 3/12 and left 15/12 as text.

    Then every real day could be its own month: at least three texts must say so, and nothing against it.
    """
    real, texts = defaultdict(list), []
    for row in rows:
        for key in keys:
            cell = row.get(key)
            if isinstance(cell, date):
                real[key].append(cell)
            elif isinstance(cell, str) and len(cell) >= 6:
                texts.append(cell)
    days = [day for column in real.values() for day in column]
    if not days or len(texts) < FEWEST_TEXTS or any(day.day > 12 for day in days):
        return set()
    whole = [found.day for found in map(_partial, texts) if found and found.day]
    return set(real) if len(whole) >= FEWEST_TEXTS and min(whole) > 12 else set()


def _partial(text: str) -> PartialDate | None:
    try:
        return partial_of(text, "")[0]
    except CellError:
        return None


def _has_problem(row: WrittenRow, key: str) -> bool:
    return any(one.blocks and one.column == key for one in row.notes)


def _is_dated(cell: Cell) -> bool:
    """Something with a number in it, however wrong it is as a day."""
    return cell is not None and not isinstance(cell, bool | Broken) and any(char.isdigit() for char in str(cell))
