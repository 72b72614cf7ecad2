"""The file: its sheets, its formats, who made it and when."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain, islice
from typing import Any, BinaryIO

import xlsxwriter

from vuthu_recruit.workbook.cells import NUMBER_FORMATS, REPORT_WIDTHS, Column, Kind, local
from vuthu_recruit.workbook.looks import BASE, LANDSCAPE, STYLES, Page
from vuthu_recruit.workbook.measures import fitted
from vuthu_recruit.workbook.sheet import Sheet
from vuthu_recruit.workbook.text import one_line, sheet_name

AUTHOR = "vuthu_recruit"  # metadata never names a person; who made the file stands in its footer, where all can see it
SAMPLE = 500  # rows of a list looked at to choose its column widths


class Workbook:
    """A workbook being written. `streaming` keeps memory flat (rows go to disk as they come): lists only."""

    def __init__(self, *, title: str, created_by: str = "", created_at: datetime | None = None, streaming=False):
        self.title = title
        self.stamp = " · ".join(filter(None, [created_at and local(created_at).strftime("%H:%M %d/%m/%Y"), created_by]))
        self.streaming = streaming
        self._file: BinaryIO = tempfile.TemporaryFile() if streaming else BytesIO()  # noqa: SIM115 handed to the caller
        self._formats: dict[tuple, Any] = {}
        self._book = xlsxwriter.Workbook(
            self._file,
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "in_memory": not streaming,
                "constant_memory": streaming,
                "default_format_properties": dict(BASE),
            },
        )
        properties = {"title": one_line(title), "author": AUTHOR}
        if created_at:
            properties["created"] = created_at.astimezone(UTC).replace(tzinfo=None)
        self._book.set_properties(properties)

    def add_list(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        *,
        name: str = "",
        title: str = "",
        notes: Sequence[str] = (),
        page: Page = LANDSCAPE,
        frozen_columns: int = 0,
    ) -> int:
        """Write a plain list and return how many rows it had: filter, frozen and repeated header, fitted widths."""
        title = title or self.title
        rows = iter(rows)
        sample = list(islice(rows, SAMPLE))
        widths = [fitted(column, (row[i] for row in sample if i < len(row))) for i, column in enumerate(columns)]
        sheet = Sheet(self, name or title, columns, widths, page)
        sheet.merged(title, "title")
        for note in notes:
            sheet.merged(note, "note")
        sheet.header([column.header for column in columns], frozen_columns=frozen_columns)
        first = sheet.next_row
        for row in chain(sample, rows):
            sheet.row(row)
        sheet.close_list(first)
        sheet.running(header=title, footer=self.stamp)
        return sheet.next_row - first

    def add_report(self, name: str, columns: Sequence[Column], *, title: str = "", page: Page = LANDSCAPE) -> "Sheet":
        """Open a sheet to be written from the top down: letterhead, title, header, rows, notes, signature."""
        if self.streaming:
            raise ValueError("A report looks back at rows already written; streaming is for lists")
        widths = [column.width or REPORT_WIDTHS.get(column.kind, 8) for column in columns]
        sheet = Sheet(self, name, columns, widths, page)
        sheet.plain_ground()
        sheet.running(footer=" · ".join(filter(None, [title or self.title, self.stamp])))
        return sheet

    def to_file(self) -> BinaryIO:
        """Finish, and hand over the open file at its beginning; the caller closes it (FileResponse does)."""
        self._book.close()
        self._file.seek(0)
        return self._file

    def to_bytes(self) -> bytes:
        with self.to_file() as file:
            return file.read()

    def discard(self) -> None:
        """Give up: close the temporary files, XlsxWriter's own for each streamed sheet as well."""
        for sheet in self._book.worksheets():
            if sheet.row_data_fh:
                sheet.row_data_fh.close()
        self._file.close()

    def format(self, style: str, kind: Kind | None = None, align: str = "", guarded: bool = False):
        """Return the one format of this look, made the first time it is asked for."""
        key = (style, kind, align, guarded)
        if key not in self._formats:
            properties = {**BASE, **STYLES[style]}
            if kind:
                properties["num_format"] = NUMBER_FORMATS[kind]
            if align:
                properties["align"] = align
            if guarded:
                properties["quote_prefix"] = True
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def new_sheet(self, name: str):
        return self._book.add_worksheet(sheet_name(name, [sheet.get_name() for sheet in self._book.worksheets()]))


def write_list(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    title: str,
    notes: Sequence[str] = (),
    created_by: str = "",
    created_at: datetime | None = None,
    page: Page = LANDSCAPE,
    frozen_columns: int = 0,
) -> BinaryIO:
    """Write one list of any length with flat memory, and return the open temporary file; the caller closes it."""
    book = Workbook(title=title, created_by=created_by, created_at=created_at, streaming=True)
    try:
        book.add_list(columns, rows, title=title, notes=notes, page=page, frozen_columns=frozen_columns)
        return book.to_file()
    except BaseException:
        book.discard()
        raise
