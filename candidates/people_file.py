"""The people of a list as a commune keeps it: which rows are people, and what each says. Pure: nothing is looked up.

No row is dropped in silence: what is no person is in `left_out` with its words. No cell is guessed: what can be read in
two ways is a note that blocks, at its column; what was changed to read it is a note that does not.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from candidates.cells import is_only_shown
from candidates.people_headings import HEADINGS
from candidates.people_lines import Line, group_name, has_group_signs, is_numeral, line_of, names_unit
from candidates.people_resource import NOT_STORED
from candidates.people_row import RowReader, WrittenRow
from organizations.imports.cells import is_nothing
from organizations.imports.preview import Note
from organizations.imports.table import Layout, heading_key, shown
from vuthu_recruit import clock
from vuthu_recruit.spreadsheet import Cell

NAMES = ("full_name", "family_name", "given_name")
# What only a person has; everything else may stand in a row of totals or signatures too.
STRONG = (
    *("birth", "birth_male", "birth_female", "birth_year", "male", "female", "sex", "identity_number", "phone"),
    *("record_key", "youth_union_joined", "entered_on"),
)
WEAK = frozenset({"unit", "branch", *NAMES, *NOT_STORED})
ORDER = re.compile(r"\d{1,4}\s*[.)]?")
QUANTITY = re.compile(r"\d{1,3}(?:\s*(?:người|đ/c|đồng chí|qc))?", re.IGNORECASE)
LONGEST_GROUP, LONGEST_SEX, LONGEST_NAME = 80, 8, 7
OTHER_HEADER = (
    "Phía trên, ở dòng {row}, có dòng tiêu đề khác: các cột từ đó có thể mang nghĩa khác. "
    "Hãy chép phần ấy sang trang tính riêng."
)


@dataclass(frozen=True)
class LeftOut:
    """A row that is no person, and what it says."""

    number: int
    text: str
    kind: Line


@dataclass(frozen=True)
class Group:
    """A row that names the branch, or the unit, of the people below it."""

    number: int
    text: str  # the whole row
    name: str  # without its number and count
    is_unit: bool


@dataclass(frozen=True)
class PersonRow:
    """What one row says of one person. `values` holds what was filled and could be read, by field of the record."""

    number: int  # as Excel counts
    values: Mapping[str, object] = field(repr=False)
    notes: tuple[Note, ...]
    branch: str  # as written in its own cell
    group: str  # the branch that the group row above names
    unit: str  # of its own cell, else of the group row above
    record_key: tuple[int, int] | None
    cells: Mapping[str, Cell] = field(repr=False)
    empty: frozenset[str]

    @property
    def is_wrong(self) -> bool:
        return any(one.blocks for one in self.notes)


@dataclass(frozen=True)
class PeopleList:
    rows: tuple[PersonRow, ...]
    left_out: tuple[LeftOut, ...]
    groups: tuple[Group, ...]
    not_stored: tuple[str, ...]  # headings of columns that are known and go into no record


def read_people(layout: Layout, *, today: date | None = None) -> PeopleList:
    """The people below a header, from the top down."""
    sorter = _Sorter(layout)
    found = [(number, given) for number, given in map(sorter.sort, layout.rows()) if given is not None]
    reader = RowReader(layout.columns, [given for _, given in found], today or clock.today())
    rows = [_person(number, reader.read(given), sorter.above[number]) for number, given in found]
    rows = [replace(row, notes=(*row.notes, *sorter.doubts.get(row.number, ()))) for row in rows]
    headings = tuple(layout.heading(key) for key in layout.columns if key in NOT_STORED)
    return PeopleList(tuple(rows), tuple(sorter.left_out), tuple(sorter.groups), headings)


def _person(number: int, row: WrittenRow, above: tuple[str, str]) -> PersonRow:
    unit, group = above
    own = {key: row.values.pop(key, None) for key in ("unit", "branch", "record_key")}
    return PersonRow(
        number=number,
        values=row.values,
        notes=tuple(row.notes),
        branch=own["branch"] or "",
        group=group,
        unit=own["unit"] or unit,
        record_key=own["record_key"],
        cells=row.cells,
        empty=frozenset(row.empty),
    )


class _Sorter:
    """People and other rows, from the top down: a group counts until the next, signatures end a list."""

    def __init__(self, layout: Layout):
        self.layout = layout
        self.key = next((key for key in NAMES if key in layout.columns), NAMES[0])
        self.column = layout.columns.get(self.key, 0)
        self.left_out: list[LeftOut] = []
        self.groups: list[Group] = []
        self.above: dict[int, tuple[str, str]] = {}  # of each person: the unit and the branch named above
        self.unit = self.branch = ""
        self.is_closed = False  # below totals and signatures a lone name is who signed
        self.other_header = 0  # the row of a header that is not the one read
        self.doubts: dict[int, tuple[Note, ...]] = {}
        merged = layout.sheet.merged
        self.reaches = {(top + 1, left): right for top, left, _, right in merged if right > left}
        self.goes_on = {
            (row + 1, left)
            for top, left, bottom, right in merged
            if left == right
            for row in range(top + 1, bottom + 1)
        }

    def sort(self, row: tuple[int, dict[str, Cell]]) -> tuple[int, dict[str, Cell] | None]:
        """The number of the row with its cells when it is a person."""
        number, written = row
        given = {key: None if is_nothing(cell) else cell for key, cell in written.items()}
        if is_only_shown(given.get("record_key")):
            return number, self._leave_out(number, Line.OTHER)
        if self.layout.is_header_again(number):
            return number, self._leave_out(number, Line.HEADER)
        if (number, self.column) in self.goes_on:  # the second row of one person
            return number, self._leave_out(number, Line.OTHER)
        if any(heading_key(given.get(key)) in HEADINGS[key] for key in NAMES[:2]):
            self.other_header = number
            return number, self._leave_out(number, Line.HEADER)
        name = _name(given)
        facts = {key: cell for key, cell in given.items() if cell is not None and key not in WEAK}
        strong = any(_is_evidence(key, facts.get(key)) for key in STRONG)
        order = shown(given.get("order"))
        is_numbered = bool(ORDER.fullmatch(order))
        kind = Line.OTHER if strong else self._kind(number, name, order, facts, is_numbered)
        if kind == Line.GROUP:
            return number, self._group(number, name)
        if kind != Line.OTHER:
            return number, self._leave_out(number, kind)
        may_be_named = name and not self.is_closed and (facts or _may_be_name(name))
        if not (strong or may_be_named or (is_numbered and (name or facts))):
            return number, self._leave_out(number, Line.OTHER)
        self.is_closed = False
        self.above[number] = (self.unit, self.branch)
        if self.other_header:
            self.doubts[number] = (Note(self.key, OTHER_HEADER.format(row=self.other_header)),)
        return number, given

    def _kind(self, number: int, name: str, order: str, facts: dict[str, Cell], is_numbered: bool) -> Line:
        """What a row is that has nothing of a person but perhaps a name."""
        column, text = (self.column, name) if name else self._first_text(number)
        if not text:
            return Line.OTHER
        kind = line_of(text)
        if kind == Line.TOTAL or (kind == Line.REMARK and not is_numbered):
            return kind
        if not all(_is_quantity(cell) or cell == text for cell in facts.values()):
            return Line.OTHER
        if kind == Line.GROUP or is_numeral(order) or (has_group_signs(text) and not is_numbered):
            return Line.GROUP
        if self.is_closed or is_numbered or len(text) > LONGEST_GROUP:
            return Line.OTHER
        is_wide = self.reaches.get((number, column), column) > column + ("family_name" in self.layout.columns)
        is_group = is_wide if name else column <= self.column and not text.startswith(("-", "*", "("))
        return Line.GROUP if is_group else Line.OTHER

    def _group(self, number: int, name: str) -> None:
        text = name or self._first_text(number)[1]
        group = Group(number, self._text(number), group_name(text), names_unit(group_name(text)))
        self.groups.append(group)
        self.unit, self.branch = (group.name, "") if group.is_unit else (self.unit, group.name)
        self._leave_out(number, Line.GROUP)

    def _leave_out(self, number: int, kind: Line) -> None:
        if kind == Line.REMARK:
            self.is_closed = True
        if kind == Line.GROUP:
            self.is_closed = False
        self.left_out.append(LeftOut(number, self._text(number), kind))

    def _first_text(self, number: int) -> tuple[int, str]:
        line = enumerate(self.layout.line(number))
        return next(((column, cell) for column, cell in line if isinstance(cell, str) and _has_letters(cell)), (0, ""))

    def _text(self, number: int) -> str:
        return " · ".join(shown(cell) for cell in self.layout.line(number) if cell is not None)


def _name(given: dict[str, Cell]) -> str:
    name = " ".join(shown(given[key]) for key in NAMES if given.get(key) is not None)
    return name if _has_letters(name) else ""


def _may_be_name(text: str) -> bool:
    """A remark that stands in the column of names is longer than a name, or has signs and numbers."""
    return len(text.split()) <= LONGEST_NAME and not re.search(r"[:;,*\"“”]|\d{2}", text)


def _has_letters(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]", text))


def _is_evidence(key: str, cell: Cell) -> bool:
    """A birth, a number, a sex; not the title of who signs, which may stand in the same column."""
    if cell is None or _is_quantity(cell):
        return False
    if not isinstance(cell, str):
        return True
    if key in ("sex", "male", "female") and len(cell) <= LONGEST_SEX:
        return True
    if not any(char.isdigit() for char in cell):
        return False
    return not _has_letters(cell) or cell.casefold().startswith("ngày") or line_of(cell) == Line.OTHER


def _is_quantity(cell: Cell) -> bool:
    """How many, not who: 6, 06 người."""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, int | float):
        return 0 <= cell < 1000
    return isinstance(cell, str) and bool(QUANTITY.fullmatch(cell))
