"""The one writer of .xlsx: text stays text, formulas carry their values, sheets print on A4.

Knows paper and cells only: no domain words, no queries. Two shapes: `add_list` (one header, one row a thing, filter)
and `add_report` (letterhead, title, header of several rows, groups, totals, notes, signature).
"""

import re
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from io import BytesIO
from itertools import chain, islice, zip_longest
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import xlsxwriter
from django.utils.functional import Promise
from xlsxwriter.utility import xl_col_to_name

AUTHOR = "vuthu_recruit"  # metadata never names a person; who made the file stands in its footer, where all can see it
FONT = "Times New Roman"
LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")  # Excel knows no time zones: moments are written as clocks here show them

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767  # UTF-16 units in one cell
MAX_EXACT = 10**15  # Excel keeps 15 digits; a longer whole number is a code, and is written as text
CAPITALS, SMALL = 1.3, 0.92  # digit widths of a letter: in a word of capitals, in any other
SAMPLE = 500  # rows of a list looked at to choose its column widths

YES, NO = "Có", "Không"

# Cells ------------------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"  # 66.7 is shown 66,7
    PERCENT = "percent"  # 0.667 is shown 66,7%
    PLAIN = "plain"  # as it is: a year without a separator, a score with the decimals it has
    DATE = "date"
    MOMENT = "moment"


# "," and "." in these patterns mean "as the reader's locale writes them": 1.234 and 66,7 on a Vietnamese machine.
NUMBER_FORMATS = {
    Kind.TEXT: "@",  # retyping 034… in Excel keeps the zero
    Kind.INTEGER: "#,##0",
    Kind.DECIMAL: "#,##0.0",
    Kind.PERCENT: "0.0%",
    Kind.PLAIN: "General",
    Kind.DATE: "dd/mm/yyyy",
    Kind.MOMENT: "dd/mm/yyyy hh:mm",
}
REPORT_WIDTHS = {Kind.TEXT: 24, Kind.DATE: 11, Kind.MOMENT: 16}  # others 8


@dataclass(frozen=True)
class Column:
    header: str
    kind: Kind = Kind.TEXT
    width: float | None = None  # in digits; None: lists fit their content, reports go by kind
    centred: bool = False


# Formulas are written by us, never from what a user typed: the alphabet leaves no room for text, links or other sheets.
# Known by heart are nothing, the dash, and how an attendance sheet counts its marks.
FORMULA = re.compile(r'=(?:[A-Z0-9$:,.()+\-*/<>= ]|""|"–"|COUNTIF\([A-Z0-9$:]+,"x"\))+')


@dataclass(frozen=True)
class Formula:
    """A live formula and the value the caller counted itself; a viewer that does not calculate shows the value."""

    text: str
    value: int | float | Decimal | str

    def __post_init__(self):
        if not FORMULA.fullmatch(self.text):
            raise ValueError(f"Not a formula this writer accepts: {self.text!r}")
        if isinstance(self.value, bool) or not isinstance(self.value, int | float | Decimal | str):
            raise TypeError(f"A formula needs its value, not {self.value!r}")


def ref(row: int, column: int) -> str:
    """Name a cell: the row as `Report.row` returned it (from 1), the column counted from 0."""
    return f"{xl_col_to_name(column)}{row}"


def sum_of(column: int, rows: Iterable[int], value: int | float | Decimal) -> Formula | int | float | Decimal:
    """Add one column over these rows, neighbours as ranges; without rows there is nothing to add, only the value."""
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    parts = [ref(a, column) if a == b else f"{ref(a, column)}:{ref(b, column)}" for a, b in spans]
    return Formula(f"=SUM({','.join(parts)})", value) if parts else value


class TooManyRows(ValueError):
    def __init__(self):
        limit = f"{MAX_ROWS:,}".replace(",", ".")
        super().__init__(f"Một trang tính Excel chỉ chứa được {limit} dòng. Hãy lọc bớt rồi xuất lại.")


# Text -------------------------------------------------------------------------------------------------------------

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
NEWLINE = re.compile("\r\n?|[\x85\u2028\u2029]")
GUARD = "'"


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet could run this text, now or once the sheet has been saved as CSV and opened again.

    Looks at the first character that shows, past spaces and invisible ones (BOM, zero width), in any width:
    NFKC makes ＝ ﹦ into =, and − (U+2212) is what LibreOffice also reads as a minus.
    """
    if text.startswith("<r>") and text.endswith("</r>"):
        return True  # XlsxWriter takes this for its own rich text and copies it into the file as raw XML
    for character in text:
        if character in "\t\r\n":
            return True
        if unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf"}:
            continue
        return unicodedata.normalize("NFKC", character)[0] in "=+-@\u2212"
    return False


PLAIN_MARKS = frozenset("•–(“")  # what else our own words begin with; none of them means anything to a spreadsheet


def is_ordinary(text: str) -> bool:
    """Whether a text is fit for a cell as it is, without a closer look: it begins with a letter or a digit, and what
    XML forbids, line ends and halves of characters are not printable."""
    return (text[:1].isalnum() or text[:1] in PLAIN_MARKS) and len(text) <= MAX_TEXT // 2 and text.isprintable()


def safe_text(value: str) -> str:
    """Make any text fit for a cell: no character XML forbids, no live beginning, no more than Excel holds.

    The guard is a visible apostrophe, part of the text, as OWASP advises for CSV: an invisible one (a cell property)
    is lost when the sheet is saved as CSV. Such cells *also* get the property (`quote_prefix`): without it Excel
    takes our apostrophe for its own and swallows it when somebody edits the cell.
    """
    if is_ordinary(value):
        return value
    text = ILLEGAL.sub("", NEWLINE.sub("\n", value))
    if text and not text[0].isalnum() and is_dangerous(text):
        text = GUARD + text
    if len(text) > MAX_TEXT // 2:
        units = text.encode("utf-16-le")
        if len(units) > MAX_TEXT * 2:
            text = units[: (MAX_TEXT - 1) * 2].decode("utf-16-le", errors="ignore") + "…"
    return text


def without_guard(text: str) -> str:
    """What `safe_text` was given, of a short text that comes back."""
    return text[1:] if text.startswith(GUARD) and is_dangerous(text[1:]) else text


def sheet_name(text: str, taken: Iterable[str] = ()) -> str:
    """Make a tab name Excel accepts: 31 characters, none of []:*?/\\, no outer apostrophe, unlike the others."""
    name = re.sub(r"\s+", " ", re.sub(r"[\[\]:*?/\\]", " ", _one_line(text)))
    name = name.strip("' ")
    if not name or name.casefold() == "history":  # a name Excel keeps for itself
        name = f"Trang {name}".strip()
    taken = {other.casefold() for other in taken}
    for number in range(1, len(taken) + 2):
        ending = f" ({number})" if number > 1 else ""
        candidate = _cut(name, 31 - len(ending)).strip("' ") + ending
        if candidate.casefold() not in taken:
            break
    return candidate


def _cut(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", errors="ignore")


def _one_line(text: str) -> str:
    return ILLEGAL.sub("", NEWLINE.sub(" ", text)).replace("\n", " ")


def _running(text: str, limit: int = 150) -> str:
    """Text for a page header or footer: & begins a code there, &G a picture, and all of it has 255 characters."""
    text = re.sub(r"&(?=[G\[])", "& ", _one_line(text))
    escaped = text.replace("&", "&&")
    while len(escaped.encode("utf-16-le")) > limit * 2:
        text = text.rstrip("…")[:-1] + "…"
        escaped = text.replace("&", "&&")
    return escaped


# Measures -----------------------------------------------------------------------------------------------------------


def _digits(text: str) -> float:
    """About how many digit widths a line takes: small letters are narrower than digits, capitals wider."""
    if text.isupper() and len(text) > 3:
        return len(text) * CAPITALS
    return len(text) * (1.0 if text.isdigit() else SMALL)


@lru_cache(maxsize=256)  # lists say the same few words in every row
def _height(text: str, width: float, size: float) -> float:
    """Points a wrapped text needs: Excel fits plain rows by itself, LibreOffice and previews do not, merged nobody."""
    room = max(width * 11 / size, 1)
    lines = 0
    for paragraph in safe_text(text).split("\n"):
        used = 0.0
        lines += 1
        for word in paragraph.split():
            length = _digits(word)
            if used and used + 1 + length > room:
                lines += 1
                used = 0.0
            lines += int(max(length - 0.01, 0) // room)
            used = used + 1 + length if used else length % room or length
    return lines * size * 1.25 + 4


def _fitted(column: Column, values: Iterable[Any]) -> float:
    """The width of a list's column: its content, and the longest word of its header beside the filter's arrow."""
    if column.width:
        return column.width
    width = max([6.0, *(_digits(word) + 3 for word in column.header.split()), _digits(column.header) / 3 + 3])
    for value in values:
        match value:
            case None:
                continue
            case datetime():
                shown = 16.0
            case date():
                shown = 10.0
            case int() | float() | Decimal() if not isinstance(value, bool):
                shown = len(f"{value:,.1f}" if isinstance(value, float | Decimal) else f"{value:,}")
            case Formula():
                shown = len(str(value.value)) + 2
            case _:
                shown = max((_digits(line) for line in str(value)[:400].splitlines()), default=0)
        width = max(width, shown + 1.5)
    return min(width, 48.0)


@dataclass(frozen=True)
class Page:
    """A4, margins in mm."""

    landscape: bool = True
    top: float = 20
    right: float = 12
    bottom: float = 15
    left: float = 15


PORTRAIT = Page(landscape=False, top=20, right=15, bottom=20, left=25)
LANDSCAPE = Page()

# Looks --------------------------------------------------------------------------------------------------------------

BASE = {"font_name": FONT, "font_size": 11, "font_family": 1, "font_scheme": False}  # no theme takes it over
CENTRE = {"align": "center", "valign": "vcenter"}
STYLES = {
    "cell": {"border": 1, "valign": "vcenter", "text_wrap": True},
    "total": {"border": 1, "valign": "vcenter", "text_wrap": True, "bold": True},
    "group": {"border": 1, "valign": "vcenter", "text_wrap": True, "bold": True, "bg_color": "#EEEEEE"},
    "header": {"border": 1, **CENTRE, "text_wrap": True, "bold": True, "font_size": 10},
    "title": {**CENTRE, "text_wrap": True, "bold": True, "font_size": 15},
    "subtitle": {**CENTRE, "text_wrap": True, "font_size": 12},
    "note": {"valign": "top", "text_wrap": True, "font_size": 10},
    "line": {**CENTRE, "text_wrap": True, "font_size": 13},
    "line-bold": {**CENTRE, "text_wrap": True, "font_size": 13, "bold": True},
    "motto": {**CENTRE, "text_wrap": True, "font_size": 14, "bold": True, "underline": 1},
    "place": {**CENTRE, "text_wrap": True, "font_size": 13, "italic": True},
    "list-label": {"valign": "top", "font_size": 11, "underline": 1},
    "list": {"valign": "top", "text_wrap": True, "font_size": 11},
}


@dataclass(frozen=True)
class Head:
    """A header cell that may span columns and rows, as in HTML."""

    text: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True)
class Letterhead:
    """Top of an official document: who writes on the left, motto, place and date on the right."""

    issuer: str
    motto: str
    place_and_date: str
    parent: str = ""
    number: str = ""


@dataclass(frozen=True)
class Signature:
    """Foot of an official document: offices above the name; on the left, whom it goes to."""

    offices: Sequence[str]
    name: str = ""
    recipients: Sequence[str] = ()
    recipients_label: str = "Nơi nhận:"


# The writer -----------------------------------------------------------------------------------------------------------


class Workbook:
    """A workbook being written. `streaming` keeps memory flat (rows go to disk as they come): lists only."""

    def __init__(self, *, title: str, created_by: str = "", created_at: datetime | None = None, streaming=False):
        self.title = title
        self.stamp = " · ".join(
            filter(None, [created_at and _local(created_at).strftime("%H:%M %d/%m/%Y"), created_by])
        )
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
        properties = {"title": _one_line(title), "author": AUTHOR}
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
        widths = [_fitted(column, (row[i] for row in sample if i < len(row))) for i, column in enumerate(columns)]
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


class Sheet:
    """One sheet, written from the top down. Rows it returns are counted from 1, as Excel shows them."""

    def __init__(self, book: Workbook, name: str, columns: Sequence[Column], widths: Sequence[float], page: Page):
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
        first, cells = self.next_row, _placed(rows, len(self.columns))
        heights = [18.0] * len(rows)
        for (row, column), head in sorted(cells.items(), key=lambda cell: cell[1].down):
            needed = _height(head.text, sum(self._widths[column : column + head.across]) - 1, 10.5)
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
            raise TooManyRows
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
                        height = max(height, _height(value[:4000], self._widths[column] - 0.7, 11))
                    continue
            elif type(value) is date and value.year >= 1900:
                write_datetime(row, column, value, day)
                continue
            self._write(row, column, value, style, columns[column])
            if isinstance(value, str):
                height = max(height, _height(value[:4000], self._widths[column] - 0.7, 11))
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
        self._sheet.set_row(self.next_row, min(_height(text, sum(self._widths), STYLES[style]["font_size"]), 409))
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
            self._sheet.set_header(f'&C&"{FONT},Regular"&9 {_running(header)}', margin)
        self._sheet.set_footer(f'&L&"{FONT},Regular"&9 {_running(footer)}&R&"{FONT},Regular"&9 Trang &P/&N', margin)

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
                _height(text, sum(self._widths[:middle]), STYLES[style]["font_size"]),
                _height(other, sum(self._widths[middle:]), STYLES[other_style]["font_size"]),
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
            raise TooManyRows
        kind = of.kind if of else None
        align = "center" if of and of.centred else align
        look = self._book.format
        if type(value) is not str:
            value = _plain(value)
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
            raise TooManyRows


def _plain(value: Any) -> None | str | Formula | date | int | float:
    """Reduce what callers hold to what a sheet can hold; refuse the rest rather than guess its text."""
    match value:
        case str() | Promise():
            return str(value)
        case None | Formula():
            return value
        case bool():
            return YES if value else NO
        case int():
            return value if abs(value) < MAX_EXACT else str(value)
        case float() | Decimal():
            return float(value)
        case datetime():
            value = _local(value)
            return value if value.year >= 1900 else value.strftime("%d/%m/%Y %H:%M")
        case date():
            return value if value.year >= 1900 else value.strftime("%d/%m/%Y")
    raise TypeError(f"A cell holds text, numbers, dates or formulas, not {type(value).__name__}")


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LOCAL_TIME).replace(tzinfo=None) if moment.tzinfo else moment


def _placed(rows: Sequence[Sequence[Head | str]], columns: int) -> dict[tuple[int, int], Head]:
    """Place header cells as HTML places th with colspan and rowspan; refuse holes and overlaps."""
    cells, taken = {}, set()
    for row, heads in enumerate(rows):
        column = 0
        for head in heads:
            head = Head(head) if isinstance(head, str) else head
            while (row, column) in taken:
                column += 1
            covered = {(row + y, column + x) for y in range(head.down) for x in range(head.across)}
            if covered & taken:
                raise ValueError(f"Header cell {head.text!r} lies over another")
            cells[row, column] = head
            taken |= covered
    if taken != {(row, column) for row in range(len(rows)) for column in range(columns)}:
        raise ValueError(f"The header does not cover {len(rows)} rows of {columns} columns")
    return cells


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
