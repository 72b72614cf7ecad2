"""What the reader of workbooks does not say of them: hidden rows and columns, cells without a value, how far they go.

Part of the other process (`sheet_child`): read before anything is put into memory. Of .xls xlrd tells it.
"""

import io
import re
import sys
import zipfile
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.etree import ElementTree
from xml.parsers import expat

CHUNK = 1 << 16
MOST_SHOWN = 100  # characters of a formula
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
# What a format of numbers shows as it is, what it is for, and what it does with other signs.
NO_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|;.*')
# How LibreOffice and Excel write an error into an .ods, where a cell has no type for it.
ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|GETTING_DATA)|Err:\d{3}")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass
class Facts:
    """Of one sheet. Rows and columns count from 0, hidden rows as Excel does."""

    broken: dict[tuple[int, int], str] = field(default_factory=dict)  # what stands there: #N/A, or a formula
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[list[int]] = field(default_factory=list)  # .ods only: the reader tells it of the others
    dayless: dict[tuple[int, int], bool] = field(default_factory=dict)  # shown as month and year (or only the year)
    rows: int = 0  # up to the last one with something in it
    columns: int = 0
    text: int = 0  # characters of all cells, each as often as it is shown

    def fill(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)

    def cut(self) -> "Facts":
        """Without what is hidden beyond the last cell."""
        self.hidden_rows = [row for row in self.hidden_rows if row <= self.rows]
        self.hidden_columns = [column for column in self.hidden_columns if column < self.columns]
        return self


def of_book(content: bytes, ending: str, rows: int, columns: int) -> dict[str, Facts]:
    """By name of the sheet. What is hidden further out than these rows and columns is left out."""
    if ending == ".xls":
        return _of_xls(content, rows, columns)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if ending == ".ods":
            reader = _Ods(rows, columns)
            _parse(archive, "content.xml", reader)
            return {name: facts.cut() for name, facts in reader.sheets.items()}
        lengths = _SharedTexts()
        if "xl/sharedStrings.xml" in archive.namelist():
            _parse(archive, "xl/sharedStrings.xml", lengths)
        styles = _Styles()
        if "xl/styles.xml" in archive.namelist():
            _parse(archive, "xl/styles.xml", styles)
        found, dayless = {}, styles.dayless()
        for name, part in _sheet_parts(archive):
            reader = _Xlsx(rows, columns, lengths.lengths, dayless)
            _parse(archive, part, reader)
            found[name] = reader.facts.cut()
        return found


def _of_xls(content: bytes, rows: int, columns: int) -> dict[str, Facts]:
    import xlrd  # here: an .xlsx starts without it

    options = {"formatting_info": True, "ragged_rows": True, "on_demand": True, "logfile": sys.stderr}
    book = xlrd.open_workbook(file_contents=content, **options)
    formats = {key: one.format_str or "" for key, one in book.format_map.items()}  # those of East Asian dates have none
    styles = [_shows_month(formats.get(style.format_key, "")) for style in book.xf_list]
    found = {}
    for number, name in enumerate(book.sheet_names()):
        sheet, facts = book.sheet_by_index(number), Facts()
        for row in range(sheet.nrows):
            for column, kind in enumerate(sheet.row_types(row)):
                if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                    continue
                facts.fill(row, column)
                value = sheet.cell_value(row, column)
                if kind == xlrd.XL_CELL_TEXT:
                    facts.text += len(value)
                elif kind == xlrd.XL_CELL_ERROR:
                    facts.broken[row, column] = xlrd.error_text_from_code.get(value, "#N/A")
                elif kind == xlrd.XL_CELL_DATE and (month := styles[sheet.cell_xf_index(row, column)]) is not None:
                    facts.dayless[row, column] = month
        facts.hidden_rows = [row + 1 for row, one in sorted(sheet.rowinfo_map.items()) if one.hidden and row < rows]
        hidden = (column for column, one in sorted(sheet.colinfo_map.items()) if one.hidden and column < columns)
        facts.hidden_columns = list(hidden)
        found[name] = facts.cut()
        book.unload_sheet(number)
    return found


def _shows_month(number_format: str) -> bool | None:
    """Of a date shown without its day: whether its month is shown. None: no date, or one with its day."""
    letters = set(NO_DATE.sub("", number_format).lower())
    return "m" in letters if "y" in letters and not letters & set("dhs") else None


def _parse(archive: zipfile.ZipFile, part: str, reader) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.data
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            parser.Parse(chunk)
    parser.Parse(b"", True)


def _sheet_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Names of the sheets and the parts they lie in."""
    parts = set(archive.namelist())
    relations = {
        one.get("Id"): normpath(join("/xl", one.get("Target", ""))).lstrip("/")
        for one in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 no entities: checked
    }
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    sheets = [one for one in book.iter() if one.tag.endswith("}sheet")]
    found = [(one.get("name"), relations.get(one.get(RELATION) or one.get(STRICT_RELATION))) for one in sheets]
    return [(name, part) for name, part in found if part in parts]


def _local(name: str) -> str:
    return name[name.find(":") + 1 :]


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _SharedTexts:
    """How long each shared text is: one of them may be shown a million times."""

    def __init__(self):
        self.lengths: list[int] = []

    def start(self, name: str, attributes: dict) -> None:
        if _local(name) == "si":
            self.lengths.append(0)

    def end(self, name: str) -> None:
        pass

    def data(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class _Styles:
    """Which styles of cells show a date without its day, and whether they show its month."""

    def __init__(self):
        self.formats = {"17": "mmm-yy"}  # what Excel takes by itself when somebody types 5/1990
        self.styles: list[str] = []
        self.is_inside = False

    def start(self, name: str, attributes: dict) -> None:
        name = _local(name)
        if name == "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.is_inside = True
        elif name == "xf" and self.is_inside:
            self.styles.append(attributes.get("numFmtId", ""))

    def end(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self.is_inside = False

    def data(self, text: str) -> None:
        pass

    def dayless(self) -> dict[str, bool]:
        """By number of the style."""
        shown = ((str(number), _shows_month(self.formats.get(kind, ""))) for number, kind in enumerate(self.styles))
        return {number: month for number, month in shown if month is not None}


class _Xlsx:
    """Walks through one sheet."""

    def __init__(self, rows: int, columns: int, lengths: list[int], dayless: dict[str, bool]):
        self.most_rows, self.most_columns, self.lengths, self.dayless = rows, columns, lengths, dayless
        self.facts = Facts()
        self.row = self.column = -1
        self.cell: dict | None = None
        self.inside = self.value = ""
        self.formula: str | None = None
        self.is_inline = False

    def start(self, name: str, attributes: dict) -> None:
        name = _local(name)
        if name == "c":
            self.cell, self.value, self.formula, self.is_inline = attributes, "", None, False
            self.column += 1
        elif name in ("v", "t"):
            self.inside = "v"
        elif name == "f":
            self.inside, self.formula = "f", ""
        elif name == "is":
            self.is_inline = True
        elif name == "row":
            self.row = _number(attributes.get("r"), self.row + 2) - 1
            self.column = -1
            if attributes.get("hidden") in ("1", "true") and self.row < self.most_rows:
                self.facts.hidden_rows.append(self.row + 1)
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first = _number(attributes.get("min"), 1)
            last = min(_number(attributes.get("max"), first), self.most_columns)
            self.facts.hidden_columns += range(first - 1, last)

    def data(self, text: str) -> None:
        if self.cell is not None and self.inside == "v":
            self.value += text
        elif self.inside == "f":
            self.formula += text

    def end(self, name: str) -> None:
        name = _local(name)
        if name == "c":
            if self.value or self.formula is not None or self.is_inline:
                self._cell()
            self.cell = None
        elif name in ("v", "t", "f"):
            self.inside = ""

    def _cell(self) -> None:
        kind, place = self.cell.get("t"), REFERENCE.fullmatch(self.cell.get("r", ""))
        if place:
            self.row, self.column = int(place[2]) - 1, _column(place[1])
        if kind == "e":
            self.facts.broken[self.row, self.column] = self.value[:MOST_SHOWN]
        elif self.formula is not None and not self.value and kind != "str":
            self.facts.broken[self.row, self.column] = f"={self.formula}"[:MOST_SHOWN]
        elif not self.value:
            return
        if kind == "s":
            number = _number(self.value.strip(), -1)
            self.facts.text += self.lengths[number] if 0 <= number < len(self.lengths) else 0
        elif kind in ("str", "inlineStr"):
            self.facts.text += len(self.value)
        elif self.dayless and self.cell.get("s") in self.dayless and kind in (None, "n", "d"):
            self.facts.dayless[self.row, self.column] = self.dayless[self.cell["s"]]
        self.facts.fill(self.row, self.column)


class _Ods:
    """Walks through all sheets; cells and rows may stand for many alike."""

    def __init__(self, rows: int, columns: int):
        self.most_rows, self.most_columns = rows, columns
        self.sheets: dict[str, Facts] = {}
        self.facts: Facts | None = None
        self.depth = 0  # of what stands inside a cell: only its own paragraphs are its text
        self.nested = self.row = self.column = self.head = self.row_times = 0
        self.cell: dict | None = None
        self.text = ""
        self.has_text = False

    def start(self, name: str, attributes: dict) -> None:
        if self.cell is not None:
            self.depth += 1
            self.has_text |= self.depth == 1 and name == "text:p"
        elif name == "table:table" and self.facts is None:
            self.facts = self.sheets.setdefault(attributes.get("table:name", ""), Facts())
            self.row = self.head = 0
        elif self.facts is None:
            return
        elif name == "table:table":  # inside a drawing
            self.nested += 1
        elif name == "table:table-column":
            times = _number(attributes.get("table:number-columns-repeated"), 1)
            if attributes.get("table:visibility", "visible") != "visible":
                self.facts.hidden_columns += range(self.head, min(self.head + times, self.most_columns))
            self.head += times
        elif name == "table:table-row":
            self.row_times, self.column = _number(attributes.get("table:number-rows-repeated"), 1), 0
            if attributes.get("table:visibility", "visible") != "visible":
                last = min(self.row + self.row_times, self.most_rows)
                self.facts.hidden_rows += range(self.row + 1, last + 1)
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.cell, self.text, self.has_text, self.depth = attributes, "", False, 0

    def data(self, text: str) -> None:
        if self.cell is not None and self.depth:
            self.text += text

    def end(self, name: str) -> None:
        if self.cell is not None and self.depth:
            self.depth -= 1
        elif self.cell is not None:
            self._cell()
            self.cell = None
        elif name == "table:table-row":
            self.row += self.row_times
        elif name == "table:table" and self.nested:
            self.nested -= 1
        elif name == "table:table":
            self.facts = None

    def _cell(self) -> None:
        times = _number(self.cell.get("table:number-columns-repeated"), 1)
        formula, kind = self.cell.get("table:formula"), self.cell.get("office:value-type")
        is_error = self.cell.get("calcext:value-type") == "error"
        is_broken = is_error or (formula and (not (kind or self.has_text) or ERROR.fullmatch(self.text.strip())))
        if is_broken and self.row < self.most_rows:
            shown = self.text.strip() or f"={(formula or '').partition('=')[2]}"
            for column in range(self.column, min(self.column + times, self.most_columns)):
                self.facts.broken[self.row, column] = shown[:MOST_SHOWN]
        if kind or is_broken:
            self.facts.fill(self.row + self.row_times - 1, self.column + times - 1)
            self.facts.text += len(self.text) * times * self.row_times
        down = _number(self.cell.get("table:number-rows-spanned"), 1)
        right = _number(self.cell.get("table:number-columns-spanned"), 1)
        if max(down, right) > 1:
            self.facts.merged.append([self.row, self.column, self.row + down - 1, self.column + right - 1])
        self.column += times
