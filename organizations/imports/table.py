"""The table in a sheet: its header, what each column means, its rows. Pure; knows nothing of people.

Nothing is guessed: a column is taken when its heading is a known wording, and of two columns with one meaning neither
is. What is left is for somebody to say (`with_mapping`).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from vuthu_recruit.dates import show_day
from vuthu_recruit.spreadsheet import Broken, Cell, Sheet
from vuthu_recruit.vietnamese import search_key

PROBLEMS = "Lỗi"  # the column we add to a file that is given back: not read when it returns
HEADER_WITHIN = 15  # rows
FEWEST_OF_TABLE = 3  # columns known, to be sure that a table begins here
JOIN = " / "
BRACKETS = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")
LEADING_NUMBER = re.compile(r"^\s*\d{1,2}\s*[.)-]\s*(?=\D)")
NUMBERING = re.compile(r"\(?\[?\s*(?:\d{1,2}|[A-Za-z])\s*[.)\]]?|\*+")


@dataclass(frozen=True)
class Definition:
    """What a column can mean, and the headings it is known by.

    `beside`: taken only when one of these is there too, and then first: “Nam” beside “Nữ” is men, beside “Tháng” a
    year. `spread`: what the columns under one heading are that was merged over just so many: họ đệm and tên.
    """

    key: str
    label: str
    wordings: tuple[str, ...] = ()  # as heading_key writes them
    is_required: bool = False  # for those who make or map a list; `must` decides what a header is
    beside: frozenset[str] = frozenset()
    spread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """Where the table of a sheet stands and what its columns mean."""

    sheet: Sheet = field(repr=False)
    first: int  # the rows of the header, as Excel counts
    last: int
    headings: tuple[str, ...]  # one a column; two rows joined: “Trình độ / Học vấn”
    columns: Mapping[str, int]  # from 0
    missing: tuple[str, ...] = ()  # what a header must have and this one has not
    doubled: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # one meaning, several columns: none is taken
    must: Sequence[frozenset[str]] = field(default=(), repr=False)

    @property
    def is_clear(self) -> bool:
        """It can be read without asking what a column means."""
        return not self.missing and not self.doubled

    @cached_property
    def unknown(self) -> tuple[int, ...]:
        """Columns with a heading or with something in them that have no meaning yet."""
        known = set(self.columns.values())
        filled = {column for _, row in self._below() for column, cell in enumerate(row) if cell is not None}
        width = max(len(self.headings), *(column + 1 for column in filled), 0)
        return tuple(
            column
            for column in range(width)
            if column not in known and (column in filled or (column < len(self.headings) and self.headings[column]))
        )

    @cached_property
    def signature(self) -> str:
        """The same for the same headings in the same order, whatever their case and marks; ours does not count."""
        keys = ["" if (key := heading_key(heading)) == heading_key(PROBLEMS) else key for heading in self.headings]
        while keys and not keys[-1]:
            keys.pop()
        return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]

    def heading(self, key: str) -> str:
        """What stands above the column of this meaning."""
        column = self.columns.get(key)
        return self.headings[column] if column is not None and column < len(self.headings) else ""

    def samples(self, column: int, count: int = 3) -> tuple[str, ...]:
        """The first things written in a column."""
        cells = (row[column] for _, row in self._below() if column < len(row) and row[column] is not None)
        return tuple(shown(cell) for cell, _ in zip(cells, range(count), strict=False))

    def rows(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """What stands below the header: the number of the row and its cells by meaning; blank rows left out."""
        merged, places = _merged_down(self.sheet), tuple(self.columns.items())
        for number, row in self._below():
            if any(cell is not None for cell in row):
                cells = {key: row[column] if column < len(row) else None for key, column in places}
                if merged:
                    cells |= {
                        key: merged[number - 1, column] for key, column in places if (number - 1, column) in merged
                    }
                yield number, cells

    def line(self, number: int) -> tuple[Cell, ...]:
        """All cells of a row, with a meaning or without."""
        return self.sheet.rows[number - 1]

    def is_header_again(self, number: int) -> bool:
        """A row that repeats the header, or numbers the columns, as on a new page."""
        row = self.line(number)
        return is_numbering(row) or any(
            all(heading_key(cell) == own != "" for cell, own in zip(row, header, strict=False) if cell is not None)
            for header in self._header_keys
        )

    def with_mapping(self, mapping: Mapping[int, str]) -> "Layout":
        """The layout as somebody says it is: column → meaning, or "" for none."""
        kept = {key: column for key, column in self.columns.items() if column not in mapping}
        wanted: dict[str, list[int]] = {key: [column] for key, column in kept.items()}
        for key, columns in self.doubled.items():
            wanted.setdefault(key, []).extend(column for column in columns if column not in mapping)
        for column, key in sorted(mapping.items()):
            if key:
                wanted.setdefault(key, []).append(column)
        columns = {key: places[0] for key, places in wanted.items() if len(places) == 1}
        doubled = {key: tuple(sorted(places)) for key, places in wanted.items() if len(places) > 1}
        lacking = _missing({*columns, *doubled}, self.must)
        return replace(self, columns=columns, doubled=doubled, missing=lacking)

    @cached_property
    def _header_keys(self) -> list[list[str]]:
        lines = [self.line(number) for number in range(self.first, self.last + 1)]
        return [[heading_key(cell) for cell in line] for line in lines]

    def _below(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """The rows below the header and below the row that numbers its columns."""
        is_first = True
        for number, row in enumerate(self.sheet.rows[self.last :], start=self.last + 1):
            if any(cell is not None for cell in row):
                if not (is_first and is_numbering(row)):
                    yield number, row
                is_first = False


# Headings


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    return search_key(LEADING_NUMBER.sub("", text)).replace(" ", "")


def heading_key(cell: Cell) -> str:
    """Without case, marks, spaces and punctuation, what stands in brackets, and a number of order."""
    return _key(BRACKETS.sub(" ", cell)) if isinstance(cell, str) else ""


def shown(cell: Cell) -> str:
    """A cell as a person reads it."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return show_day(cell)
    if isinstance(cell, float):
        return f"{cell:.10g}".replace(".", ",")
    if isinstance(cell, Broken):
        return "(công thức)" if cell.text.startswith("=") else cell.text
    return str(cell)


def is_numbering(row: Sequence[Cell]) -> bool:
    """A row that numbers the columns: 1 2 3 4, (1) (2) (3), A B 1 2."""
    cells = [cell for cell in row if cell is not None]
    if len(cells) < 3 or not all(NUMBERING.fullmatch(shown(cell)) for cell in cells):
        return False
    written = [shown(cell) for cell in cells]
    numbers = [int(digits) for one in written if (digits := re.sub(r"\D", "", one))]
    letters = [letter for one in written if (letter := re.sub(r"[^A-Za-z]", "", one))]
    counted = all(after == before + 1 for before, after in zip(numbers, numbers[1:], strict=False))
    return counted and (not numbers or numbers[0] == 1) and len(set(letters)) == len(letters)


# Finding the header


@dataclass(frozen=True)
class _Heading:
    """The ways to read one heading."""

    text: str
    whole: tuple[str, ...] = ()
    parent: tuple[str, ...] = ()  # its upper row
    part: tuple[str, ...] = ()  # by its lower row, when the upper one is known or says nothing
    above: tuple[str, ...] = ()  # by its upper row, which stands above this column alone
    at: int = 0  # which of the columns that it was merged over, with nothing below
    width: int = 1


def layouts(
    sheets: Sequence[Sheet],
    definitions: Sequence[Definition],
    *,
    must: Sequence[frozenset[str]],
    neutral: frozenset[str] = frozenset(),
) -> list[Layout]:
    """The table of each sheet that has one, visible sheets first. `must`: sets of meanings, one of which a header has.

    `neutral`: upper headings that add nothing: “Thông tin / Họ và tên” is a name, “Người giúp đỡ / Họ và tên” is not.
    When no sheet has a header: the likeliest one, so that somebody can say what its columns mean.
    """
    finder = _Finder(definitions, must, neutral)
    found = [best for sheet in sorted(sheets, key=lambda one: one.is_hidden) if (best := finder.best(sheet))]
    recognised = [one for one in found if not one.missing]
    if recognised:
        return recognised
    return [max(found, key=lambda one: (not one.sheet.is_hidden, len(one.columns)))] if found else []


class _Finder:
    def __init__(self, definitions: Sequence[Definition], must: Sequence[frozenset[str]], neutral: frozenset[str]):
        self.must, self.neutral = must, neutral
        self.by_wording: dict[str, list[Definition]] = {}
        for one in sorted(definitions, key=lambda one: not one.beside):
            for wording in one.wordings:
                self.by_wording.setdefault(wording, []).append(one)

    def best(self, sheet: Sheet) -> Layout | None:
        """The likeliest header of a sheet: the upper one of two tables, and one row rather than two."""
        found, is_below = [], False  # a row below a header is the second row of it, or a person
        for start, row in enumerate(sheet.rows[:HEADER_WITHIN]):
            if all(cell is None for cell in row) or is_below or _reaches_below(sheet, start - 1):
                is_below = False
                continue
            own = list(self._from(sheet, start))
            is_below = any(_is_table(score) and layout.last == layout.first for score, layout in own)
            found += own
        tables = [layout.first for score, layout in found if _is_table(score)]
        if tables:
            found = [one for one in found if one[1].first <= tables[0] + 1]
        return max(found, key=lambda one: one[0])[1] if found else None

    def _from(self, sheet: Sheet, start: int) -> Iterator[tuple[tuple, Layout]]:
        """The headers that may begin at a row, with how likely each is."""
        for height in (1, 2):
            is_two = height == 2 and (_reaches_below(sheet, start) or _is_remarks(sheet.rows[start + 1 :][:1]))
            if start + height > HEADER_WITHIN and not is_two:
                continue
            if layout := self._layout(sheet, start, height):
                known = len(layout.columns) + len(layout.doubled)
                yield (not layout.missing, known, is_two, _texts(sheet.rows[start])), layout

    def _layout(self, sheet: Sheet, start: int, height: int) -> Layout | None:
        upper = sheet.rows[start]
        if height == 1:
            headings = [_Heading(shown(cell), whole=_ways(cell)) for cell in upper]
        else:
            lower = sheet.rows[start + 1] if start + 1 < len(sheet.rows) else ()
            if not _may_be_lower(upper, lower):
                return None
            headings = _joined(upper, lower)
            if any(self._hides(one) for one in headings):
                return None
        headings = _spread(headings, sheet, start)
        columns, doubled = self._columns(headings)
        return Layout(
            sheet=sheet,
            first=start + 1,
            last=start + height,
            headings=tuple(one.text for one in headings),
            columns=columns,
            missing=_missing({*columns, *doubled}, self.must),
            doubled=doubled,
            must=self.must,
        )

    def _hides(self, heading: _Heading) -> bool:
        """“Họ và tên” above what is no heading: the lower row is no header, but the first person."""
        ways, kind = self._possible(heading)
        return kind == "above" and any(way.key in one for way in ways for one in self.must)

    def _columns(self, headings: Sequence[_Heading]) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
        possible = [self._possible(one) for one in headings]
        present = {definition.key for ways, _ in possible for definition in ways}
        taken: dict[str, list[tuple[bool, int]]] = {}
        for column, (ways, kind) in enumerate(possible):
            fitting = [one for one in ways if not one.beside or one.beside & (present - {one.key})]
            if key := fitting and _key_at(fitting[0], headings[column]):
                taken.setdefault(key, []).append((kind == "part", column))
        columns, doubled = {}, {}
        for key, places in taken.items():
            # “Chi bộ / Họ và tên” does not make a second “Họ và tên”.
            sure = [column for is_part, column in places if not is_part] or [column for _, column in places]
            if len(sure) == 1:
                columns[key] = sure[0]
            else:
                doubled[key] = tuple(sure)
        return columns, doubled

    def _possible(self, heading: _Heading) -> tuple[list[Definition], str]:
        """What a heading may mean, and by what it was known."""
        adds_nothing = any(way in self.neutral or way in self.by_wording for way in heading.parent)
        for kind in ("whole", "part", "above"):
            for way in getattr(heading, kind) if kind != "part" or adds_nothing else ():
                if way in self.by_wording:
                    return self.by_wording[way], kind
        return [], ""


def _key_at(definition: Definition, heading: _Heading) -> str:
    """A heading merged over as many columns as it has parts names them in order; over others, only the first."""
    if heading.width > 1 and len(definition.spread) == heading.width:
        return definition.spread[heading.at]
    return "" if heading.at else definition.key


def _is_table(score: tuple) -> bool:
    has_all, known, *_ = score
    return has_all and known >= FEWEST_OF_TABLE


def _missing(keys: set[str], must: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """What the nearest of the sets has and the header has not."""
    return min((tuple(sorted(one - keys)) for one in must), key=len, default=())


def _texts(row: Sequence[Cell]) -> int:
    """How much a row looks like a header: different short texts, and nothing else."""
    texts = {cell for cell in row if isinstance(cell, str) and len(cell) <= 60}
    return len(texts) if all(cell is None or isinstance(cell, str) for cell in row) else 0


def _ways(*cells: Cell) -> tuple[str, ...]:
    """With what stands in brackets (“Ngày sinh (nữ)”), then without."""
    texts = [shown(cell) for cell in cells]
    full, bare = "".join(map(_key, texts)), "".join(map(heading_key, texts))
    return tuple(way for way in dict.fromkeys((full, bare)) if way)


def _may_be_lower(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Text under text, with something in it."""
    cells = [cell for cell in (*upper, *lower) if cell is not None]
    return any(cell is not None for cell in lower) and all(isinstance(cell, str) for cell in cells)


def _joined(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[_Heading]:
    """Two rows as one: an empty cell of the upper row goes on with the heading at its left."""
    found: list[_Heading] = []
    parent, reach = None, False
    for column in range(max(len(upper), len(lower))):
        own = upper[column] if column < len(upper) else None
        child = lower[column] if column < len(lower) else None
        if own is not None:
            parent = own
        elif child is None or not reach:
            parent = None
        reach = child is not None and parent is not None
        following = (
            column + 1 < len(lower)
            and lower[column + 1] is not None
            and (column + 1 >= len(upper) or upper[column + 1] is None)
        )
        is_alone = own is not None and not following
        if child is None:
            found.append(_Heading(shown(own), whole=_ways(own)))
        elif parent is None:
            found.append(_Heading(shown(child), whole=_ways(child)))
        elif not heading_key(child):  # a remark in brackets
            found.append(_Heading(shown(parent) + JOIN + shown(child), whole=_ways(parent)))
        else:
            text = shown(parent) + JOIN + shown(child)
            above = _ways(parent) if is_alone else ()
            found.append(_Heading(text, _ways(parent, child), _ways(parent), _ways(child), above))
    return found


def _spread(headings: list[_Heading], sheet: Sheet, start: int) -> list[_Heading]:
    """A heading merged over several columns with nothing below it stands above each of them."""
    for top, left, _, right in sheet.merged:
        if top != start or right == left or right >= len(headings):
            continue
        wide, rest = headings[left], headings[left + 1 : right + 1]
        if wide.text and not wide.part and not any(one.text for one in rest):
            width = right - left + 1
            headings[left : right + 1] = [replace(wide, at=at, width=width) for at in range(width)]
    return headings


def _reaches_below(sheet: Sheet, start: int) -> bool:
    """A cell of this row was made one with the cell below it."""
    return any(top <= start < bottom and left == right for top, left, bottom, right in sheet.merged)


def _is_remarks(rows: Sequence[Sequence[Cell]]) -> bool:
    """A row with something in brackets alone, as below a heading: (chữ in hoa)."""
    cells = [cell for row in rows for cell in row if isinstance(cell, str)]
    return not all(map(is_numbering, rows)) and any(cell[:1] == "(" and cell[-1:] == ")" for cell in cells)


def _merged_down(sheet: Sheet) -> dict[tuple[int, int], Cell]:
    """Cells of one column that were made one: each holds what the uppermost says."""
    return {
        (row, left): sheet.rows[top][left]
        for top, left, bottom, right in sheet.merged
        if left == right and bottom > top and top < len(sheet.rows) and left < len(sheet.rows[top])
        for row in range(top, bottom + 1)
    }
