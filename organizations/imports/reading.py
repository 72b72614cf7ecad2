"""The table in a kept file: read in a process with limits, its header found, its columns named."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from organizations.imports.registry import IMPORTERS, Importer
from organizations.imports.table import Layout, layouts
from organizations.models import ColumnMemory, ImportBatch
from vuthu_recruit import spreadsheet
from vuthu_recruit.legacy_text import advice, legacy_encoding_of
from vuthu_recruit.pasted import read_pasted
from vuthu_recruit.spreadsheet import UPLOAD, Limits, Sheet, Unreadable

ALL_SHEETS = 2  # files kept in memory between the pages of one preview
LONG_NUMBER = re.compile(r"[1-9](?:\d{7}|\d{9,10})", re.ASCII)  # nine digits are an old identity card
LARGE = Limits(rows=50_000, megabytes=40)  # from the command line
NO_TABLE = "Tệp không có bảng nào: không thấy dòng nào có chữ."


def sheets_of(content: bytes, name: str, *, is_pasted: bool, is_large: bool = False) -> Sequence[Sheet]:
    """Every sheet. Raises Unreadable."""
    return _sheets(content, name, is_pasted, LARGE if is_large else UPLOAD)


def sheets_in(batch: ImportBatch) -> Sequence[Sheet]:
    """Every sheet of a kept file, by the limits it was sent under. Raises Unreadable."""
    return sheets_of(bytes(batch.content), batch.name, is_pasted=batch.is_pasted, is_large=batch.is_large)


@lru_cache(maxsize=ALL_SHEETS)
def _sheets(content: bytes, name: str, is_pasted: bool, limits: Limits) -> Sequence[Sheet]:
    if is_pasted:
        sheets = [_with_numbers(read_pasted(content.decode()))]
    else:
        sheets = spreadsheet.read(content, name, keeps_broken=True, limits=limits)
    refuse_legacy(sheets)
    return tuple(map(_as_shown, sheets))


def _with_numbers(sheet: Sheet) -> Sheet:
    """Long numbers without a zero in front were numbers in Excel too: a pasted block has lost the difference."""
    rows = (tuple(int(cell) if cell and LONG_NUMBER.fullmatch(cell) else cell for cell in row) for row in sheet.rows)
    return replace(sheet, rows=tuple(rows))


def _as_shown(sheet: Sheet) -> Sheet:
    """Of a date whose cell shows no day only what it shows: typed 5/1990, Excel keeps the first of May."""
    if not sheet.dayless:
        return sheet
    rows = [list(row) for row in sheet.rows]
    for row, column, text in sheet.dayless:
        rows[row - 1][column] = text
    return replace(sheet, rows=tuple(map(tuple, rows)))


def refuse_legacy(sheets: Sequence[Sheet]) -> None:
    """Text of TCVN3 or VNI fonts is no Vietnamese to a program: the whole file is refused, with what to do."""
    texts = [cell for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, str)]
    if encoding := legacy_encoding_of(texts):
        raise Unreadable(advice(encoding))


def read_first(importer: Importer, *, content: bytes, name: str, is_pasted: bool, is_large: bool = False) -> None:
    """Whether the importer can make something of it. Raises Unreadable."""
    _found(importer, sheets_of(content, name, is_pasted=is_pasted, is_large=is_large))


def _found(importer: Importer, sheets: Sequence[Sheet]) -> list[Layout]:
    found = layouts(sheets, importer.definitions, must=importer.must, neutral=importer.neutral)
    if not found:
        raise Unreadable(NO_TABLE)
    return found


def layouts_of(batch: ImportBatch) -> list[Layout]:
    """The tables of the file, the best first; columns named by what their headings say. Raises Unreadable."""
    return _found(IMPORTERS[batch.importer], sheets_in(batch))


def layout_of(batch: ImportBatch) -> Layout:
    """The table that is read: of the sheet that was chosen, with what was said of its columns, now or before."""
    found = layouts_of(batch)
    layout = next((one for one in found if one.sheet.name == batch.sheet), found[0])
    mapping = batch.mapping if batch.mapping is not None else _remembered(batch, layout)
    if mapping is None:
        return layout
    return layout.with_mapping({int(column): key for column, key in mapping.items()})


def _remembered(batch: ImportBatch, layout: Layout) -> dict | None:
    rows = ColumnMemory.objects.filter(
        organization=batch.organization_id, importer=batch.importer, signature=layout.signature
    )
    return rows.values_list("mapping", flat=True).first()
