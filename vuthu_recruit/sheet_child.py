"""The other process that reads an uploaded workbook: a file that eats memory or time ends here, not in the server.

Takes the file on stdin, answers with JSON on stdout. Imports nothing of the project: `spreadsheet` starts it as a file.
"""

import io
import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta

MEMORY = 768 << 20
MOST_CELLS = 400_000  # of all sheets together
SECONDS = 10
# A cell of a sheet in .xlsx: its attributes, and what it holds.
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
NAME = re.compile(rb"""\br=["']([A-Z]{1,3}\d{1,7})["']""")
ERROR = re.compile(rb"""\bt=["']e["']""")
FORMULA, VALUE = re.compile(rb"<(?:\w+:)?f\b"), re.compile(rb"<(?:\w+:)?v>[^<]|<(?:\w+:)?is>")
EMPTY_TEXT = re.compile(rb"""\bt=["']str["']""")  # a formula whose result is no text at all
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def broken_cells(content: bytes) -> list[str]:
    """Cells of an .xlsx with an error, or a formula nobody has calculated: the reader would take them for empty."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if SHEET.fullmatch(name):
                found += [cell.decode() for cell in _broken(archive.read(name))]
    return found


def _broken(xml: bytes):
    for match in CELL.finditer(xml):
        attributes, inside = match[1], match[2] or b""
        has_no_result = FORMULA.search(inside) and not VALUE.search(inside) and not EMPTY_TEXT.search(attributes)
        if ERROR.search(attributes) or has_no_result:
            name = NAME.search(attributes)
            yield name[1] if name else b"?"


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


def read(content: bytes, rows: int, columns: int, sheets: int) -> dict:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    known = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    if len(known) > sheets:
        return {"sheets_over": len(known)}
    found, cells = [], 0
    for one in known:
        sheet = book.get_sheet_by_name(one.name)
        if sheet.end and (sheet.end[0] >= rows or sheet.end[1] >= columns):
            return {"over": one.name, "row": sheet.end[0] + 1, "column": sheet.end[1] + 1}
        cells += (sheet.end[0] + 1) * (sheet.end[1] + 1) if sheet.end else 0
        if cells > MOST_CELLS:
            return {"cells_over": MOST_CELLS}
        found.append(
            {
                "name": one.name,
                "is_hidden": one.visible != SheetVisibleEnum.Visible,
                "merged": [[*first, *last] for first, last in sheet.merged_cell_ranges or ()],
                "rows": [[plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)],
            }
        )
    return {"sheets": found}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    rows, columns, sheets = map(int, sys.argv[1:4])
    content = sys.stdin.buffer.read()
    broken = broken_cells(content) if sys.argv[4] == ".xlsx" else []
    json.dump({"broken": broken[:20]} if broken else read(content, rows, columns, sheets), sys.stdout)


if __name__ == "__main__":
    main()
