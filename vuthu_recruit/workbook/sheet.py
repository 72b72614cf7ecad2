"""One sheet: a list or a report, row by row."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from vuthu_recruit.workbook.cells import Column, Formula, Kind, TooManyRows, plain, ref
from vuthu_recruit.workbook.looks import FONT, STYLES, Head, Letterhead, Page, Signature, placed
from vuthu_recruit.workbook.measures import CAPITALS, SMALL, height_of
from vuthu_recruit.workbook.text import GUARD, is_ordinary, running_text, safe_text

if TYPE_CHECKING:
    from vuthu_recruit.workbook.book import Workbook

MAX_ROWS = 1_048_576


class Sheet:
    """One sheet, written from the top down. Rows it returns are counted from 1, as Excel shows them."""

    def __init__(self, book: "Workbook", name: str, columns: Sequence[Column], widths: Sequence[float], page: Page):
        self.columns = list(columns)
        self.next_row = 0  # from 0
        self._book = book
        self._widths = list(widths)
        self._rooms = [((width - 0.7) / CAPITALS, (width - 1.4) / SMALL) for width in widths]  # letters that surely fit
        self._texts: dict[str, list] = {}
        self._sheet = book.new_sheet(name)
        self._header = (0, 0)
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width)
        if page.landscape:
            self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.set_margins(*(mm / 25.4 for mm in (page.left, page.right, page.top, page.bottom)))
        self._sheet.fit_to_pages(1, 0)
        self._sheet.center_horizontally()

    # What stands on the sheet

    def letterhead(self, letterhead: Letterhead) -> None:
        left = [(letterhead.parent, "line")] if letterhead.parent else []
        left += [(letterhead.issuer, "line-bold"), ("*", "line")]
        left += [(letterhead.number, "line")] if letterhead.number else []
        self._halves(left, [(letterhead.motto, "motto"), (letterhead.place_and_date, "place")])
        self.blank()

    def heading(self, title: str, *subtitles: str) -> None:
        self.merged(title, "title")
        for subtitle in subtitles:
            self.merged(subtitle, "subtitle")
        self.blank()

    def header(self, *rows: Sequence[Head | str], frozen_columns: int = 0) -> None:
        """Write the table's header: it is repeated on every page, and stays in sight on the screen."""
        first, cells = self.next_row, placed(rows, len(self.columns))
        heights = [18.0] * len(rows)
        for (row, column), head in sorted(cells.items(), key=lambda cell: cell[1].down):
            needed = height_of(head.text, sum(self._widths[column : column + head.across]) - 1, 10.5)
            heights[row + head.down - 1] += max(needed - sum(heights[row : row + head.down]), 0)
        for row, height in enumerate(heights):
            self._sheet.set_row(first + row, min(height, 409))
        for (row, column), head in sorted(cells.items()):
            self._span(first + row, column, head.down, head.across, head.text, "header")
        self.next_row += len(rows)
        self._header = (first, self.next_row - 1)
        self._sheet.repeat_rows(*self._header)
        self._sheet.freeze_panes(self.next_row, frozen_columns)

    def group(self, number: str, label: str) -> int:
        """Write the line above a group of rows: number, then its name over the other columns."""
        self._write(self.next_row, 0, number, "group", align="center")
        if len(self.columns) > 1:
            self._span(self.next_row, 1, 1, len(self.columns) - 1, label, "group")
        self.next_row += 1
        return self.next_row

    def row(self, values: Sequence[Any], style: str = "cell", *, height: float = 0.0) -> int:
        """Write a row. `height`: its least, in points, where somebody is to write by hand."""
        if len(values) != len(self.columns):
            raise ValueError(f"{len(values)} values for {len(self.columns)} columns")
        row, columns, looks = self.next_row, self.columns, self._looks_of_text(style)
        if row >= MAX_ROWS:
            raise TooManyRows(MAX_ROWS)
        sheet, day = self._sheet, self._book.format(style, Kind.DATE, "center")
        write_string, write_blank, write_datetime = sheet.write_string, sheet.write_blank, sheet.write_datetime
        for column, (value, look) in enumerate(zip(values, looks, strict=True)):
            if look and type(value) is str:  # most cells of a long list take a short way
                if not value:
                    write_blank(row, column, None, look)
                    continue
                if is_ordinary(value):
                    write_string(row, column, value, look)
                    room, room_of_names = self._rooms[column]
                    if len(value) > room and not (value.istitle() and len(value) <= room_of_names):
                        height = max(height, height_of(value[:4000], self._widths[column] - 0.7, 11))
                    continue
            elif type(value) is date and value.year >= 1900:
                write_datetime(row, column, value, day)
                continue
            self._write(row, column, value, style, columns[column])
            if isinstance(value, str):
                height = max(height, height_of(value[:4000], self._widths[column] - 0.7, 11))
        if height > 18:  # more than one line
            self._sheet.set_row(row, min(height, 409))
        if self._book.streaming:  # XlsxWriter keeps a note of every height; those of rows on disk are done with
            self._sheet.row_info.pop(row - 2, None)
            self._sheet.row_sizes.pop(row - 2, None)
        self.next_row += 1
        return self.next_row

    def total(self, values: Sequence[Any]) -> int:
        return self.row(values, "total")

    def sum_line(self, label: str, value: Any, *, across: int, style: str = "cell") -> int:
        """Write a line under the table: what is counted, over the first columns, and how many in the next."""
        self._span(self.next_row, 0, 1, across, label, style)
        self._write(self.next_row, across, value, style, Column("", Kind.INTEGER, centred=True))
        self.next_row += 1
        return self.next_row

    def note(self, text: str) -> None:
        self.merged(text, "note")

    def signature(self, signature: Signature, *, space: int = 4) -> None:
        """Write the foot; `space` empty lines wait for the pen. A dash typed as - would be guarded, so it is –."""
        left = [(signature.recipients_label, "list-label")] if signature.recipients else []
        left += [(f"– {recipient}", "list") for recipient in signature.recipients]
        right = [(office, "line-bold") for office in signature.offices]
        right += [("", "line")] * space + [(signature.name, "line-bold")]
        self.blank()
        self._halves(left, right)

    def merged(self, text: str, style: str) -> None:
        """Write one line over the whole width, as high as its text needs."""
        self._sheet.set_row(self.next_row, min(height_of(text, sum(self._widths), STYLES[style]["font_size"]), 409))
        self._span(self.next_row, 0, 1, len(self.columns), text, style)
        self.next_row += 1

    def blank(self) -> None:
        self.next_row += 1

    def prepare(
        self, rows: int, choices: Mapping[int, str], hints: Mapping[int, str], given: Sequence[Sequence[Any]] = ()
    ) -> None:
        """Empty cells below, to be filled in: each with the look of its column, a list to choose from, a hint.

        `given`: what stands in the first cells of the first rows.

        `choices`: column → the cells that hold its list, as a formula; what is not in the list can be typed all the
        same after a warning: a unit may know better than our list.
        """
        last = self.next_row + rows - 1
        for column, of in enumerate(self.columns):
            look = self._book.format("cell", of.kind)
            for row in range(self.next_row, last + 1):
                self._sheet.write_blank(row, column, None, look)
            rules: dict[str, Any] = {"validate": "any"}
            if column in choices:
                rules = {"validate": "list", "source": choices[column], "error_type": "warning"}
                rules["error_title"] = "Không có trong danh mục"
            if hint := hints.get(column, ""):
                rules |= {"input_title": of.header[:32], "input_message": hint[:255]}
            if len(rules) > 1:
                self._sheet.data_validation(self.next_row, column, last, column, rules)
        self._sheet.autofilter(self.next_row - 1, 0, last, len(self.columns) - 1)
        for values in given:
            for column, value in enumerate(values):
                self._write(self.next_row, column, value, "cell", self.columns[column])
            self.next_row += 1
        self.next_row = last + 1

    # How it is shown

    def running(self, *, footer: str, header: str = "") -> None:
        margin = {"margin": 8 / 25.4}
        if header:
            self._sheet.set_header(f'&C&"{FONT},Regular"&9 {running_text(header)}', margin)
        self._sheet.set_footer(f'&L&"{FONT},Regular"&9 {running_text(footer)}&R&"{FONT},Regular"&9 Trang &P/&N', margin)

    def plain_ground(self) -> None:
        self._sheet.hide_gridlines(2)

    def close_list(self, first: int) -> None:
        """Put the filter over header and rows; digits kept as text on purpose get no green corner."""
        last = max(self.next_row - 1, first - 1)
        self._sheet.autofilter(first - 1, 0, last, len(self.columns) - 1)
        texts = [i for i, column in enumerate(self.columns) if column.kind == Kind.TEXT]
        if texts and last >= first:
            ranges = " ".join(f"{ref(first + 1, i)}:{ref(last + 1, i)}" for i in texts)
            self._sheet.ignore_errors({"number_stored_as_text": ranges})

    # Cells

    def _halves(self, left: Sequence[tuple[str, str]], right: Sequence[tuple[str, str]]) -> None:
        middle = self._middle()
        for (text, style), (other, other_style) in zip_longest(left, right, fillvalue=("", "line")):
            height = max(
                height_of(text, sum(self._widths[:middle]), STYLES[style]["font_size"]),
                height_of(other, sum(self._widths[middle:]), STYLES[other_style]["font_size"]),
            )
            self._sheet.set_row(self.next_row, min(height, 409))
            self._span(self.next_row, 0, 1, middle, text, style)
            self._span(self.next_row, middle, 1, len(self.columns) - middle, other, other_style)
            self.next_row += 1

    def _middle(self) -> int:
        """The column where the right half begins: as near the middle of the paper as columns allow."""
        half = sum(self._widths) / 2
        return min(range(1, len(self._widths)), key=lambda i: abs(sum(self._widths[:i]) - half), default=1)

    def _span(self, row: int, column: int, down: int, across: int, text: str, style: str) -> None:
        if across < 1:
            return
        if down > 1 or across > 1:
            self._check(row + down - 1)
            look = self._book.format(style)
            self._sheet.merge_range(row, column, row + down - 1, column + across - 1, "", look)
        self._write(row, column, text, style)

    def _looks_of_text(self, style: str) -> list:
        """How ordinary text is shown, by column; None where a text is not what the column holds."""
        if style not in self._texts:
            look = self._book.format
            self._texts[style] = [
                look(style, Kind.TEXT, "center" if column.centred else "") if column.kind == Kind.TEXT else None
                for column in self.columns
            ]
        return self._texts[style]

    def _write(self, row: int, column: int, value: Any, style: str, of: Column | None = None, align: str = "") -> None:
        """Write one cell, typed by its value. Text goes through write_string alone, whatever it looks like."""
        if row >= MAX_ROWS:
            raise TooManyRows(MAX_ROWS)
        kind = of.kind if of else None
        align = "center" if of and of.centred else align
        look = self._book.format
        if type(value) is not str:
            value = plain(value)
        match value:
            case None | "":
                self._sheet.write_blank(row, column, None, look(style, kind, align))
            case str() as text:
                written = safe_text(text)
                guarded = written[0:1] == GUARD  # ours or the writer's own: an edit in Excel must not swallow it
                if kind is not Kind.TEXT and of:  # "–" among numbers: "@" would not count a number typed over it
                    kind, align = None, align or "right"
                self._sheet.write_string(row, column, written, look(style, kind, align, guarded))
            case Formula() as formula:
                kind = kind if kind != Kind.TEXT else None  # in an "@" cell Excel would show the formula's text
                result = float(formula.value) if isinstance(formula.value, Decimal) else formula.value
                self._sheet.write_formula(row, column, formula.text, look(style, kind, align), result)
            case datetime() as moment:
                kind = kind if kind == Kind.DATE else Kind.MOMENT
                self._sheet.write_datetime(row, column, moment, look(style, kind, align or "center"))
            case date() as day:
                self._sheet.write_datetime(row, column, day, look(style, Kind.DATE, align or "center"))
            case number:
                if kind not in {Kind.INTEGER, Kind.DECIMAL, Kind.PERCENT, Kind.PLAIN}:
                    kind = Kind.INTEGER if isinstance(number, int) else Kind.DECIMAL
                self._sheet.write_number(row, column, number, look(style, kind, align))

    def _check(self, row: int) -> None:
        if row >= MAX_ROWS:
            raise TooManyRows(MAX_ROWS)
