"""A workbook given back with what is wrong in it: cells coloured and commented, and a column of all the sentences.

Knows cells only. An .xlsx stays the file it was; of the other kinds, and of very large ones, the rows are copied.
Marks of an earlier time go away when the file is marked again, also after somebody sorted or saved it with another
program; a comment of their own comes back, a colour of their own under a mark does not.
"""

import zipfile
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter

from vuthu_recruit.spreadsheet import MEGABYTE, Broken, Cell, Sheet, ending_of
from vuthu_recruit.vietnamese import clean
from vuthu_recruit.workbook import Column, Workbook, safe_text

AUTHOR = "Kết nạp đảng viên"
SIGN = f"{AUTHOR}:\n"  # above what we say in a comment; LibreOffice keeps no authors
MARKED_IN_PLACE = 15 * MEGABYTE  # unpacked; openpyxl holds all of it in memory
WRONG, DOUBTFUL, NOTICE = "F8CBAD", "FFF2CC", "DDEBF7"
RANK = (WRONG, DOUBTFUL, NOTICE)  # of several marks at one cell the worst is seen
WIDTH = 60


@dataclass(frozen=True)
class Mark:
    """A sentence at a cell: the row as Excel counts, the column from 0. What is not wrong is doubtful, or a notice."""

    row: int
    column: int
    text: str
    is_wrong: bool = True
    is_notice: bool = False

    @property
    def colour(self) -> str:
        return NOTICE if self.is_notice else WRONG if self.is_wrong else DOUBTFUL


def marked(content: bytes, name: str, sheet: Sheet, header: int, marks: Sequence[Mark], title: str) -> bytes:
    """The workbook as .xlsx with its marks; `title`: of the last column."""
    if ending_of(name) == ".xlsx" and _unpacked(content) <= MARKED_IN_PLACE:
        try:
            return _in_place(content, sheet, header, marks, title)
        except Exception:  # openpyxl has many ways to dislike a file that can be read all the same
            return _copied(sheet, header, marks, title)
    return _copied(sheet, header, marks, title)


def sentences(marks: Sequence[Mark]) -> dict[int, str]:
    """Everything said of each row, notices last: a filter on how the cell begins leaves what is to be corrected."""
    found: dict[int, list[str]] = {}
    for mark in sorted(marks, key=lambda one: one.is_notice):
        found.setdefault(mark.row, []).append(f"Lưu ý: {mark.text}" if mark.is_notice else mark.text)
    return {row: " ".join(dict.fromkeys(said)) for row, said in found.items()}


def _unpacked(content: bytes) -> int:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return sum(part.file_size for part in archive.infolist())


def _in_place(content: bytes, sheet: Sheet, header: int, marks: Sequence[Mark], title: str) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content), keep_links=False)
    page = next(one for one in book.worksheets if clean(one.title) == sheet.name)
    last = _last_column(sheet, header, title)
    _take_away_old_marks(page, header, last + 1 if title in sheet.rows[header - 1] else None)
    for mark in marks:
        _mark(page, mark)
    _show(page, header, {mark.row for mark in marks})
    for row, text in {header: title, **sentences(marks)}.items():
        _write(page.cell(row, last + 1), text)
    _dress(page, header, last)
    if not page.tables:  # a table has a filter of its own, and Excel allows no second one over it
        page.auto_filter.ref = f"A{header}:{get_column_letter(last + 1)}{max(len(sheet.rows), header + 1)}"
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _last_column(sheet: Sheet, header: int, title: str) -> int:
    """Where the sentences go, from 0: our column of an earlier time, else the first free one."""
    row = sheet.rows[header - 1]
    if title in row:
        return row.index(title)
    return max(n for one in sheet.rows for n, cell in enumerate(one, start=1) if cell is not None)


def _take_away_old_marks(page, header: int, column: int | None) -> None:
    """Colours and comments of ours, and the sentences in our column where the file has it."""
    # The cells there are: one far away must not call all those before it into being.
    for cell in list(page._cells.values()):
        is_ours = _take_away_comment(cell)
        if (is_ours or column) and _colour(cell) in RANK:
            cell.fill = PatternFill()
        if cell.column == column and cell.row > header:
            cell.value = None


def _take_away_comment(cell) -> bool:
    """Whether there was something of ours; what somebody else wrote above it stays."""
    if cell.comment is None:
        return False
    theirs, sign, _ = cell.comment.text.partition(SIGN)
    if not sign and cell.comment.author != AUTHOR:
        return False
    is_shared = sign and theirs.strip()
    cell.comment = Comment(theirs.strip(), cell.comment.author) if is_shared else None
    return True


def _mark(page, mark: Mark) -> None:
    cell = _anchor(page, mark.row, mark.column + 1)
    said, author = cell.comment.text if cell.comment else "", cell.comment.author if cell.comment else AUTHOR
    said = f"{said}\n{mark.text}" if SIGN in said else f"{said}\n\n{SIGN}{mark.text}".lstrip("\n")
    cell.comment = Comment(said, author, height=90, width=320)
    now = _colour(cell)
    cell.fill = PatternFill("solid", fgColor=min(mark.colour, now, key=RANK.index) if now in RANK else mark.colour)


def _colour(cell) -> str | None:
    """Six digits of a full colour; programs differ in the two before them."""
    colour = cell.fill.fgColor
    return str(colour.rgb)[-6:] if cell.fill.fill_type == "solid" and colour.type == "rgb" else None


def _show(page, header: int, rows: set[int]) -> None:
    """No marked row stays hidden. A filter of theirs is taken off, and all it hid is shown: ours goes over it."""
    if page.auto_filter.filterColumn:
        page.auto_filter = AutoFilter()
        rows = {*rows, *(row for row in page.row_dimensions if row > header)}
    for row in rows & set(page.row_dimensions):
        page.row_dimensions[row].hidden = False


def _anchor(page, row: int, column: int):
    """The cell, or the first one of those it was merged with."""
    for area in page.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return page.cell(area.min_row, area.min_col)
    return page.cell(row, column)


def _write(cell, text: str) -> None:
    cell.value = safe_text(text)
    cell.data_type = "s"  # whatever it looks like
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _dress(page, header: int, last: int) -> None:
    """Our column looks like the others."""
    ours, theirs = page.cell(header, last + 1), page.cell(header, max(last, 1))
    ours.font, ours.border, ours.fill = copy(theirs.font), copy(theirs.border), copy(theirs.fill)
    page.column_dimensions[get_column_letter(last + 1)].width = WIDTH


def _copied(sheet: Sheet, header: int, marks: Sequence[Mark], title: str) -> bytes:
    """The rows below the header in a new workbook, every cell as text but the days."""
    last, said = _last_column(sheet, header, title), sentences(marks)
    heads = [_shown(cell) or f"Cột {n}" for n, cell in enumerate(_cut(sheet.rows[header - 1], last), start=1)]
    rows = [
        [*(_shown(cell) for cell in _cut(row, last)), said.get(number, "")]
        for number, row in sheet.numbered()
        if number > header
    ]
    book = Workbook(title=sheet.name)
    book.add_list([*(Column(str(head)) for head in heads), Column(title, width=WIDTH)], rows)
    return book.to_bytes()


def _cut(row: Sequence[Cell], length: int) -> list[Cell]:
    return [*row[:length], *[None] * (length - len(row))]


def _shown(cell: Cell) -> date | str | None:
    if isinstance(cell, Broken):
        return cell.text
    return cell if cell is None or isinstance(cell, date | str) else str(cell)
