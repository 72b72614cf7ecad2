"""The one writer of .docx: Party letterhead, Times New Roman on A4, text that stays text, no trace of who wrote it.

Knows paper and words only: no domain rules, no queries. Layout: Hướng dẫn 36-HD/VPTW (domain.md 7.1). The same content
on the same day gives the same bytes.
"""

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, Twips
from docx.table import Table
from docx.text.paragraph import Paragraph

from vuthu_recruit import clock, vietnamese
from vuthu_recruit.workbook import FONT, ILLEGAL, NEWLINE, Letterhead, Signature

LANGUAGE = "vi-VN"
SHORT, LONG = Mm(210), Mm(297)  # A4
TOP, BOTTOM, LEFT, RIGHT = Mm(20), Mm(20), Mm(30), Mm(20)
LEFT_ACROSS = Mm(20)  # of a page laid across, which is bound at its top
BODY, SMALL, IN_TABLE = 14, 12, 11  # points
FIRST_LINE = Mm(10)
NO_LENGTH = Mm(0)
LAST_WORDS = 200  # letters of the last paragraph worth a page; before shorter ones another is kept with it
SIGNING_SPACE = Pt(72)  # waits for the pen and the seal
CENTRE, JUSTIFY, START = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT

# Of the writer's own template: what nothing here uses, or what would name a program.
KEPT_STYLES = {"Normal", "Default Paragraph Font", "Normal Table", "No List"}
DROPPED_PARTS = ("/customXml", "/numbering", "/fontTable", "/stylesWithEffects", "/thumbnail", "/extended-properties")

# Capitals of Times New Roman Bold in thousandths of its size, for a rule as long as the words above it.
CAPITALS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ ",
        (722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722, 556, 667, 722, 722)
        + (1000, 722, 722, 667, 250),
        strict=True,
    )
)


class Strong(str):
    """A piece of a paragraph to be set in bold."""


@dataclass(frozen=True)
class Column:
    """A column of a table; its width in mm."""

    header: str
    width: float
    centred: bool = False


def safe_text(text: str) -> str:
    """Make any text fit for a document: lines stay lines; no controls, no direction marks, nothing XML forbids."""
    return vietnamese.clean_lines(ILLEGAL.sub("", NEWLINE.sub("\n", text)))


class WordDocument:
    """A document being written from the top down. `author` is who issues it, never a person."""

    def __init__(self, *, title: str, author: str, landscape: bool = False, marks: Sequence[str] = ()):
        self._document = Document()
        _strip(self._document)
        _set_language_and_font(self._document)
        self._describe(title, author)
        section = self._document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (LONG, SHORT) if landscape else (SHORT, LONG)
        section.top_margin, section.bottom_margin, section.right_margin = TOP, BOTTOM, RIGHT
        section.left_margin = LEFT_ACROSS if landscape else LEFT
        section.header_distance = section.footer_distance = Mm(10)
        self.width = Length(section.page_width - section.left_margin - section.right_margin)
        _number_pages(section)
        for footer in (section.first_page_footer, section.footer) if marks else ():
            paragraph = footer.paragraphs[0]
            paragraph.style = None
            _write(paragraph, "\n".join(marks), size=10, italic=True).alignment = CENTRE

    # What stands on the page

    def letterhead(self, letterhead: Letterhead) -> None:
        """Who writes on the left with star and number; motto with its rule, place and date on the right."""
        left, right = Length(int(self.width * 0.46)), Length(int(self.width * 0.54))
        table = self._halves(left, right, rows=2)
        (issuer, motto), (number, place) = ([_emptied(cell) for cell in row.cells] for row in table.rows)
        if letterhead.parent:
            _line(issuer, letterhead.parent.upper())
        _line(issuer, letterhead.issuer.upper(), bold=True)
        _line(issuer, "*")
        _line(motto, letterhead.motto.upper(), size=15, bold=True)
        _rule(motto, _width_of(letterhead.motto, 15), within=right - _cell_margins(table))
        _line(number, letterhead.number)
        _line(place, letterhead.place_and_date, italic=True)

    def heading(self, name: str, subject: str) -> None:
        """The kind of document in capitals, what it is about below it, and a short rule."""
        paragraph = _line(self._document, name.upper(), size=16, bold=True)
        paragraph.paragraph_format.space_before = Pt(18)
        paragraph.paragraph_format.keep_with_next = True
        for line in subject.split("\n"):
            _line(self._document, line, bold=True).paragraph_format.keep_with_next = True
        _rule(self._document, Mm(30), within=self.width)
        self._document.paragraphs[-1].paragraph_format.space_after = Pt(12)

    def centred(self, text: str, *, bold: bool = False) -> None:
        paragraph = _line(self._document, text, bold=bold)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(6)
        paragraph.paragraph_format.keep_with_next = True

    def paragraph(self, *pieces: str, italic: bool = False, size: float = BODY) -> None:
        """Justified with its first line set in; pieces marked Strong are bold."""
        paragraph = self._document.add_paragraph()
        for place, piece in enumerate(pieces):
            if place and " " in (pieces[place - 1][-1:], piece[:1]):
                paragraph.add_run(" ").font.size = Pt(size)
            _write(paragraph, piece, size=size, bold=isinstance(piece, Strong), italic=italic)
        paragraph.alignment = JUSTIFY
        paragraph.paragraph_format.first_line_indent = FIRST_LINE
        paragraph.paragraph_format.space_after = Pt(6)
        paragraph.paragraph_format.line_spacing = 1.1

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
        """A table with real borders; its header returns on each page, and no row is cut by the end of one."""
        table = self._document.add_table(rows=1, cols=len(columns))
        _lay_out(table, [Mm(column.width) for column in columns], margin=Mm(1.2), above=Mm(0.6))
        _draw_borders(table)
        _fill(table.rows[0], [column.header for column in columns], [CENTRE] * len(columns), bold=True)
        _mark(table.rows[0], "w:cantSplit")
        _mark(table.rows[0], "w:tblHeader")
        alignments = [CENTRE if column.centred else START for column in columns]
        for values in rows:
            row = table.add_row()
            _fill(row, values, alignments)
            _mark(row, "w:cantSplit")
        _gap(self._document, 8)

    def signature(self, signature: Signature) -> None:
        """Whom it goes to on the left; offices, room for the pen and the name on the right. No page cuts it."""
        _gap(self._document, 10)
        self._keep_the_last_words()
        table = self._halves(Length(int(self.width * 0.46)), Length(int(self.width * 0.54)))
        left, right = (_emptied(cell) for cell in table.rows[0].cells)
        if signature.recipients:
            _line(left, signature.recipients_label, size=SMALL, underline=True).alignment = START
        for recipient in signature.recipients:
            _line(left, f"- {recipient}", size=SMALL).alignment = START
        for office in signature.offices:
            _line(right, office.upper(), bold=True)
        _line(right, signature.name, bold=True).paragraph_format.space_before = SIGNING_SPACE
        if not left.paragraphs:
            left.add_paragraph()
        _mark(table.rows[0], "w:cantSplit")

    def remark(self, text: str) -> None:
        """A small line in italics for whoever finishes the document, to be deleted by them."""
        _gap(self._document, 10)
        _write(self._document.add_paragraph(), text, size=10, italic=True)

    def next_document(self) -> None:
        """Begin another document in the same file: a page of its own, numbered from 1 again."""
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        numbering = OxmlElement("w:pgNumType")
        numbering.set(qn("w:start"), "1")
        for old in section._sectPr.findall(qn("w:pgNumType")):
            section._sectPr.remove(old)
        section._sectPr.find(qn("w:pgMar")).addnext(numbering)
        _tighten(self._document.paragraphs[-1], 1)  # the paragraph that carries the break takes no line of its own

    def to_bytes(self) -> bytes:
        """Finish. The parts are packed again with one fixed moment, so that nothing tells when or where."""
        written, packed = BytesIO(), BytesIO()
        self._document.save(written)
        with zipfile.ZipFile(written) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in parts.infolist():
                archive.writestr(zipfile.ZipInfo(part.filename), parts.read(part), zipfile.ZIP_DEFLATED)
        return packed.getvalue()

    # How

    def _halves(self, left: Length, right: Length, rows: int = 1):
        """A table without borders that puts two columns side by side."""
        table = self._document.add_table(rows=rows, cols=2)
        _lay_out(table, [left, right], margin=Mm(0.5))
        return table

    def _keep_the_last_words(self) -> None:
        """No page of signatures alone: what was said last, also the last row of a table, goes where they go."""
        for part in reversed(list(self._document.iter_inner_content())):
            paragraphs = [part] if isinstance(part, Paragraph) else [c.paragraphs[0] for c in part.rows[-1].cells]
            for paragraph in paragraphs:
                paragraph.paragraph_format.keep_with_next = True
            if isinstance(part, Table) or len(part.text) > LAST_WORDS:
                return

    def _describe(self, title: str, author: str) -> None:
        """Every property there is, so that none of the template's is left."""
        made = datetime.combine(clock.today(), time(), UTC)
        properties = self._document.core_properties
        properties.title, properties.author, properties.last_modified_by = (
            _one_line(text)[:255] for text in (title, author, author)
        )
        for name in ("category", "comments", "content_status", "identifier", "keywords", "subject", "version"):
            setattr(properties, name, "")
        properties.created = properties.modified = made
        properties.revision, properties.language = 1, LANGUAGE


# Text


def _one_line(text: str) -> str:
    return safe_text(text).replace("\n", " ")


def _write(paragraph, text: str, *, size: float = BODY, bold=False, italic=False, underline=False):
    """Add text to a paragraph as it is; a line break stays one."""
    run = paragraph.add_run(safe_text(text))
    run.font.size = Pt(size)
    run.bold, run.italic, run.underline = bold or None, italic or None, underline or None
    return paragraph


def _line(container, text: str, **look):
    """A centred line of its own, without space around it."""
    paragraph = _write(container.add_paragraph(), text, **look)
    paragraph.alignment = CENTRE
    return paragraph


def _rule(container, length: Length, *, within: Length) -> None:
    """A thin centred line."""
    paragraph = container.add_paragraph()
    side = Length(max(int((within - length) / 2), 0))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    _tighten(paragraph, 3)
    borders = OxmlElement("w:pBdr")
    borders.append(_border("w:bottom", size=6))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


_AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc")
_AFTER_BORDERS += ("w:rPr", "w:sectPr")


def _gap(container, points: float) -> None:
    _tighten(container.add_paragraph(), points)


def _tighten(paragraph, points: float) -> None:
    """Exactly so high, whatever the size of its letters."""
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(points)


def _width_of(text: str, size: float) -> Length:
    """How wide a line of bold capitals is."""
    letters = vietnamese.without_marks(text).upper()
    return Pt(sum(CAPITALS.get(letter, 722) for letter in letters) * size / 1000)


# Tables


def _emptied(cell):
    """A cell without the paragraph it is born with: lines are added as everywhere else."""
    cell._tc.remove(cell.paragraphs[0]._p)
    return cell


def _lay_out(table, widths: Sequence[Length], *, margin: Length, above: Length = NO_LENGTH) -> None:
    """Fixed widths, the same for every program that opens the file."""
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    properties = table._tbl.tblPr
    margins = OxmlElement("w:tblCellMar")
    for side, room in (("w:top", above), ("w:left", margin), ("w:bottom", above), ("w:right", margin)):
        margins.append(_element(side, w=room.twips, type="dxa"))
    properties.find(qn("w:tblLayout")).addnext(margins)  # Word reads the properties of a table in this order alone
    for old in properties.findall(qn("w:tblW")):
        old.set(qn("w:w"), str(sum(width.twips for width in widths)))
        old.set(qn("w:type"), "dxa")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _cell_margins(table) -> int:
    """Both sides of a cell together."""
    margins = table._tbl.tblPr.find(qn("w:tblCellMar"))
    return sum(Twips(int(margins.find(qn(side)).get(qn("w:w")))) for side in ("w:left", "w:right"))


def _draw_borders(table) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"):
        borders.append(_border(side, size=4))
    table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(borders)


def _fill(row, values: Sequence[str], alignments: Sequence, *, bold: bool = False) -> None:
    for cell, value, alignment in zip(row.cells, values, alignments, strict=True):
        _write(cell.paragraphs[0], value, size=IN_TABLE, bold=bold).alignment = alignment
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _mark(row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _border(side: str, *, size: int):
    return _element(side, val="single", sz=size, space=0, color="auto")


def _element(name: str, **values):
    element = OxmlElement(name)
    for key, value in values.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


# The file


def _number_pages(section) -> None:
    """Centred at the top from the second page on."""
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].style = None  # as an ordinary line: the template's own style is gone
    paragraph = section.header.paragraphs[0]
    paragraph.style = None
    paragraph.alignment = CENTRE
    field = _element("w:fldSimple", instr="PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "2"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _set_language_and_font(document) -> None:
    """Times New Roman for every script, Vietnamese for the spelling checker, Vietnamese decimals; no theme between."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    look = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(look):
        look.remove(child)
    look.append(_element("w:rFonts", **dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), FONT)))
    look.append(_element("w:sz", val=BODY * 2))
    look.append(_element("w:szCs", val=BODY * 2))
    look.append(_element("w:lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA"))
    spacing = defaults.find(qn("w:pPrDefault")).find(qn("w:pPr")).find(qn("w:spacing"))
    for name, value in {"after": "0", "line": "240", "lineRule": "auto"}.items():
        spacing.set(qn(f"w:{name}"), value)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY)
    fonts = normal.element.rPr.rFonts
    for script in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    settings = document.settings.element
    for name, key, value in SETTINGS:
        for element in settings.iter(qn(name)):
            element.set(qn(key), value)
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # Word of today: no "Compatibility Mode" in its title


SETTINGS = (
    ("w:themeFontLang", "w:val", LANGUAGE),
    ("w:themeFontLang", "w:eastAsia", LANGUAGE),
    ("w:decimalSymbol", "w:val", ","),
    ("w:listSeparator", "w:val", ";"),
)


def _strip(document) -> None:
    """Take out of the template what names a program and the styles that nothing uses."""
    for owner in (document.part, document.part.package):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.endswith(DROPPED_PARTS):
                del owner.rels[key]
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.find(qn("w:name")).get(qn("w:val")) not in KEPT_STYLES:
            styles.remove(style)
