"""Documents read back: paper, letters, header, tables, text that stays text, and nothing that tells who or where."""

import re
import zipfile
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vuthu_recruit import clock, vietnamese
from vuthu_recruit.word import FONT, Column, Strong, WordDocument, safe_text
from vuthu_recruit.workbook import Letterhead, Signature

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậđeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
HEAD = Letterhead(
    parent="Đảng bộ tỉnh Thái Bình",
    issuer="Huyện ủy Vũ Thư",
    number="Số 1024-QĐ/HU",
    motto="ĐẢNG CỘNG SẢN VIỆT NAM",
    place_and_date="Vũ Thư, ngày 05 tháng 9 năm 2024",
)
FOOT = Signature(offices=("T/M Ban Thường vụ", "Bí thư"), name="…………", recipients=("Chi bộ thôn Hội,", "Lưu."))
HOSTILE = (
    "=cmd|'/c calc'!A1",
    "<script>alert(1)</script>",
    "{{ settings.SECRET_KEY }}",
    "&amp; ]]> %s {0}",
    "Đ" * 10_000,
)


@pytest.fixture(autouse=True)
def day(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2024, 11, 18))


def letter(*paragraphs: str, rows=(), **options) -> bytes:
    document = WordDocument(**{"title": "Quyết định", "author": "HUYỆN ỦY VŨ THƯ"} | options)
    document.letterhead(HEAD)
    document.heading("Quyết định", "kết nạp đảng viên")
    for text in paragraphs:
        document.paragraph(text)
    if rows:
        document.table([Column("STT", 20, centred=True), Column("Họ và tên", 80)], rows)
    document.signature(FOOT)
    return document.to_bytes()


def opened(content: bytes):
    return Document(BytesIO(content))


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def said(content: bytes) -> list[str]:
    """Every paragraph of the body in its order, those of tables among them."""
    found = []
    for part in opened(content).iter_inner_content():
        cells = [cell for row in getattr(part, "rows", ()) for cell in row.cells] or [part]
        found += [p.text for cell in cells for p in getattr(cell, "paragraphs", [cell])]
    return [text for text in found if text]


def run_of(content: bytes, text: str):
    for element in opened(content).element.iter(qn("w:r")):
        if "".join(t.text or "" for t in element.iter(qn("w:t"))) == text:
            return element
    raise AssertionError(text)


def look(content: bytes, text: str) -> tuple[float, bool, bool]:
    properties = run_of(content, text).find(qn("w:rPr"))
    size = int(properties.find(qn("w:sz")).get(qn("w:val"))) / 2
    return size, properties.find(qn("w:b")) is not None, properties.find(qn("w:i")) is not None


def test_the_paper_is_a4_with_the_margins_of_the_guidance():
    section = opened(letter()).sections[0]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 20]


def test_a_page_laid_across_is_a4_too():
    section = opened(letter(landscape=True)).sections[0]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert section.orientation == 1


def test_times_new_roman_stands_for_every_script_and_no_other_letter_is_left():
    content = letter("Nội dung")
    document = opened(content)
    fonts = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")

    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {FONT}
    assert (document.styles["Normal"].font.name, document.styles["Normal"].font.size) == (FONT, Pt(14))
    written = b"".join(
        body for name, body in parts(content).items() if name.startswith("word/") and "theme" not in name
    )
    named = set(re.findall(rb'w:(?:ascii|hAnsi|cs|eastAsia)="([^"]+)"', written)) - {b"vi-VN"}
    assert named == {FONT.encode()}
    assert b"Theme=" not in written


def test_the_language_is_vietnamese():
    content = letter()

    assert opened(content).core_properties.language == "vi-VN"
    assert b'w:lang w:val="vi-VN"' in parts(content)["word/styles.xml"]
    assert b'w:decimalSymbol w:val=","' in parts(content)["word/settings.xml"]


def test_the_header_is_the_partys():
    content = letter()
    left, right = (cell.text.strip().split("\n") for cell in opened(content).tables[0].rows[0].cells)

    assert left == ["ĐẢNG BỘ TỈNH THÁI BÌNH", "HUYỆN ỦY VŨ THƯ", "*"]
    assert right == ["ĐẢNG CỘNG SẢN VIỆT NAM"]
    assert [cell.text for cell in opened(content).tables[0].rows[1].cells] == [HEAD.number, HEAD.place_and_date]
    assert look(content, "ĐẢNG BỘ TỈNH THÁI BÌNH") == (14, False, False)
    assert look(content, "HUYỆN ỦY VŨ THƯ") == (14, True, False)
    assert look(content, "ĐẢNG CỘNG SẢN VIỆT NAM") == (15, True, False)
    assert look(content, HEAD.place_and_date) == (14, False, True)
    assert look(content, "QUYẾT ĐỊNH") == (16, True, False)


def test_the_rule_below_the_motto_is_as_long_as_the_motto():
    cell = opened(letter()).tables[0].rows[0].cells[1]
    rule = cell.paragraphs[-1]

    assert rule._p.pPr.find(qn("w:pBdr")) is not None
    margins = Mm(1)  # of the cell, both sides
    length = cell.width - margins - rule.paragraph_format.left_indent - rule.paragraph_format.right_indent
    assert length / Mm(1) == pytest.approx(72.9, abs=0.5)


def test_paragraphs_are_justified_and_set_in():
    paragraph = next(p for p in opened(letter("Nội dung của văn bản")).paragraphs if p.text == "Nội dung của văn bản")

    assert paragraph.alignment == 3  # both sides
    assert round(paragraph.paragraph_format.first_line_indent.mm) == 10


def test_pieces_of_a_paragraph_keep_the_space_between_them():
    document = WordDocument(title="T", author="A")
    document.paragraph("Đồng chí ", Strong("PHẠM THỊ THỬ"), " trải qua")
    content = document.to_bytes()

    assert said(content) == ["Đồng chí PHẠM THỊ THỬ trải qua"]
    assert look(content, "PHẠM THỊ THỬ") == (14, True, False)


def test_a_table_repeats_its_header_has_borders_and_cuts_no_row():
    table = opened(letter(rows=[("1", "An"), ("2", "Bình")])).tables[1]

    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    borders = table._tbl.tblPr.find(qn("w:tblBorders"))
    assert {side.get(qn("w:val")) for side in borders} == {"single"}
    assert len(borders) == 6
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["STT", "Họ và tên"],
        ["1", "An"],
        ["2", "Bình"],
    ]


def test_the_foot_names_whom_it_goes_to_and_who_signs():
    table = opened(letter()).tables[-1]
    left, right = (cell.text.split("\n") for cell in table.rows[0].cells)

    assert left == ["Nơi nhận:", "- Chi bộ thôn Hội,", "- Lưu."]
    assert right == ["T/M BAN THƯỜNG VỤ", "BÍ THƯ", "…………"]
    assert table.rows[0]._tr.trPr.find(qn("w:cantSplit")) is not None


def test_no_page_holds_signatures_alone():
    """What was said last is kept with them, also the last row of a table."""
    last = opened(letter(rows=[("1", "An"), ("2", "Bình")])).tables[1].rows
    kept = [[cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells] for row in last]

    assert kept == [[None, None], [None, None], [True, True]]


def test_pages_are_numbered_from_the_second_on():
    section = opened(letter()).sections[0]

    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == ""
    (field,) = section.header.paragraphs[0]._p.iter(qn("w:fldSimple"))
    assert field.get(qn("w:instr")) == "PAGE"
    assert section.header.paragraphs[0].alignment == 1  # centred


def test_a_second_document_in_the_file_begins_its_own_pages():
    document = WordDocument(title="T", author="A")
    document.paragraph("Một")
    document.next_document()
    document.paragraph("Hai")
    first, second = opened(document.to_bytes()).sections

    assert second.start_type == 2  # new page
    assert second._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert second.different_first_page_header_footer
    assert (second.page_width, second.left_margin) == (first.page_width, first.left_margin)


def test_the_properties_tell_the_issuer_and_no_program_or_machine():
    content = letter()
    properties = opened(content).core_properties

    assert (properties.author, properties.last_modified_by) == ("HUYỆN ỦY VŨ THƯ", "HUYỆN ỦY VŨ THƯ")
    assert (properties.title, properties.comments, properties.keywords) == ("Quyết định", "", "")
    assert properties.created.date() == properties.modified.date() == date(2024, 11, 18)
    everything = b"".join(parts(content).values()).lower()
    for word in (b"python", b"macintosh", b"generated by", b"/tmp", b"/root", b"/home"):
        assert word not in everything
    assert not [name for name in parts(content) if "app.xml" in name or "thumbnail" in name or "customXml" in name]


def test_the_same_day_writes_the_same_bytes():
    content = letter("Một", rows=[("1", "An")])

    assert content == letter("Một", rows=[("1", "An")])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# ECMA-376 17.3.1.26, 17.4.60, 17.6.17: what is used here, in the order in which alone Word accepts it.
ORDER = {
    "w:pPr": "pStyle keepNext keepLines widowControl pBdr spacing ind jc rPr sectPr",
    "w:tblPr": "tblStyle tblW jc tblBorders tblLayout tblCellMar tblLook",
    "w:sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid",
    "w:rPr": "rFonts b bCs i iCs color sz szCs u lang",
    "w:tblCellMar": "top left bottom right",
}


def test_properties_stand_in_the_order_word_asks_for():
    document = WordDocument(title="T", author="A", marks=("Dữ liệu mẫu",))
    for _ in range(2):
        document.letterhead(HEAD)
        document.heading("Danh sách", "trình kỳ họp")
        document.centred("Kính gửi", bold=True)
        document.paragraph("Một ", Strong("hai"), italic=True)
        document.table([Column("STT", 20, centred=True)], [("1",)])
        document.signature(FOOT)
        document.remark("Xóa dòng này")
        document.next_document()
    body, seen = opened(document.to_bytes()).element, set()
    for name, order in ORDER.items():
        for properties in body.iter(qn(name)):
            places = [order.split().index(child.tag.partition("}")[2]) for child in properties]
            assert places == sorted(places), (name, [child.tag for child in properties])
            seen.add(name)
    assert seen == ORDER.keys()


def test_every_vietnamese_letter_survives():
    text = LETTERS + LETTERS.upper()

    assert said(letter(text, rows=[("1", text)])).count(text) == 2


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_text_stays_text(text):
    content = letter(text, rows=[("1", text)])

    assert said(content).count(text) == 2
    assert b"<script>" not in parts(content)["word/document.xml"]


def test_controls_and_direction_marks_go_and_lines_stay():
    assert safe_text("a\x00b\x1b\u202e\ufffe\ud800c\r\nd\te") == "abc\nd e"


def test_no_paragraph_of_two_lines_becomes_markup():
    assert "Dòng một\nDòng hai" in said(letter("Dòng một\r\nDòng hai"))


names = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(max_examples=60, deadline=None)  # a file is written and read back
@given(name=names, other=st.text(alphabet=LETTERS + LETTERS.upper() + " ", max_size=80))
@example(name="\x00", other="")
@example(name="Nguyễn\u0301 ﷐", other=" ")
def test_any_name_can_be_written_and_read_back(name, other):
    document = WordDocument(title=name, author=other)
    document.paragraph("Tên: ", Strong(name))
    document.table([Column("Họ và tên", 80)], [(name,), (other,)])
    back = opened(document.to_bytes())

    assert back.paragraphs[0].text == f"Tên: {safe_text(name)}"
    assert [row.cells[0].text for row in back.tables[0].rows][1:] == [safe_text(name), vietnamese.clean(other)]
