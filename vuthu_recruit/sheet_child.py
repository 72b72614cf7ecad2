"""The other process that reads an uploaded workbook: a file that eats memory or time ends here, not in the server.

Takes the file on stdin, answers with JSON on stdout. `spreadsheet` starts it as a file; of the project it needs
`sheet_facts` alone, so that it starts quickly.
"""

import io
import json
import resource
import sys
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

LONGEST_TEXT = 32_767  # what a cell of Excel holds


@dataclass(frozen=True)
class Most:
    """What the file may have."""

    rows: int
    columns: int
    sheets: int
    cells: int  # of all sheets together
    text: int  # characters, as well
    megabytes: int  # of memory
    seconds: int


def plain(value):
    """A cell as JSON has it; days apart from text."""
    if value == "":
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 10**15 else value
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() else value
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return str(value) if isinstance(value, time | timedelta) else value


def cell_name(row: int, column: int) -> str:
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters, column = chr(65 + letter) + letters, column - 1
    return f"{letters}{row + 1}"


def read(content: bytes, ending: str, most: Most, *, keeps_broken: bool) -> dict:
    """Every sheet, or one word of why not. A broken cell is a reason when it is not kept, but in an .ods."""
    from vuthu_recruit import sheet_facts

    facts = sheet_facts.of_book(content, ending, most.rows, most.columns)
    if ending != ".ods" and not keeps_broken:
        broken = [cell_name(*place) for one in facts.values() for place in one.broken]
        if broken:
            return {"broken": broken[:20]}
    for name, one in facts.items():
        if one.rows > most.rows or one.columns > most.columns:
            return {"over": name, "row": one.rows, "column": one.columns}
    is_over = sum(one.rows * one.columns for one in facts.values()) > most.cells
    if is_over or sum(one.text for one in facts.values()) > most.text:
        return {"cells_over": most.cells}
    return _read(content, most, facts, keeps_broken=keeps_broken)


def _read(content: bytes, most: Most, facts: dict, *, keeps_broken: bool) -> dict:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    from vuthu_recruit.sheet_facts import Facts

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    known = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    if len(known) > most.sheets:
        return {"sheets_over": len(known)}
    found, cells = [], 0
    for one in known:
        sheet, more = book.get_sheet_by_name(one.name), facts.get(one.name, Facts())
        if sheet.end and (sheet.end[0] >= most.rows or sheet.end[1] >= most.columns):
            return {"over": one.name, "row": sheet.end[0] + 1, "column": sheet.end[1] + 1}
        cells += (sheet.end[0] + 1) * (sheet.end[1] + 1) if sheet.end else 0
        if cells > most.cells:
            return {"cells_over": most.cells}
        rows = [[plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        if longest := _longest(rows):
            return {"text_over": longest}
        if keeps_broken:
            _put(rows, more.broken)
        merged = more.merged or [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
        found.append(
            {
                "name": one.name,
                "is_hidden": one.visible != SheetVisibleEnum.Visible,
                "merged": _fitting(merged, most),
                "hidden_rows": more.hidden_rows,
                "hidden_columns": more.hidden_columns,
                "dayless": list(_dayless(rows, more.dayless)),
                "rows": rows,
            }
        )
    return {"sheets": found}


def _longest(rows: list[list]) -> str:
    """The cell with more text than Excel lets anybody type."""
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) > LONGEST_TEXT:
                return cell_name(number, column)
    return ""


def _put(rows: list[list], broken: dict[tuple[int, int], str]) -> None:
    """What the reader took for empty; all rows stay of one length."""
    if not broken:
        return
    height = max(len(rows), *(row + 1 for row, _ in broken))
    width = max(len(rows[0]) if rows else 0, *(column + 1 for _, column in broken))
    rows += [[] for _ in range(height - len(rows))]
    for row in rows:
        row += [None] * (width - len(row))
    for (row, column), text in broken.items():
        rows[row][column] = {"broken": text}


def _dayless(rows: list[list], places: dict[tuple[int, int], bool]):
    """Those that truly hold a day, with the month and year, or the year, that are shown of it."""
    for (row, column), has_month in places.items():
        cell = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if isinstance(cell, dict) and "day" in cell:
            year, month, _ = cell["day"].split("-")
            yield [row + 1, column, f"{month}/{year}" if has_month else year]


def _fitting(merged: list[list[int]], most: Most) -> list[list[int]]:
    """Merged areas inside the limits. Honest ones never overlap, so all together are no more than the sheet."""
    found, size = [], 0
    for top, left, bottom, right in merged:
        bottom, right = min(bottom, most.rows - 1), min(right, most.columns - 1)
        if top <= bottom and left <= right:
            size += (bottom - top + 1) * (right - left + 1)
            found.append([top, left, bottom, right])
    if size > most.rows * most.columns:
        raise ValueError("merged areas overlap")
    return found


def main() -> None:
    ending, keeps_broken, *numbers = sys.argv[1:]
    most = Most(*map(int, numbers))
    resource.setrlimit(resource.RLIMIT_AS, (most.megabytes << 20, most.megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (most.seconds, most.seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    content = sys.stdin.buffer.read()
    json.dump(read(content, ending, most, keeps_broken=keeps_broken == "keep"), sys.stdout)


if __name__ == "__main__":
    main()
