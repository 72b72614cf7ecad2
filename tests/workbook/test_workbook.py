"""Workbooks read back: types, paper, text that stays text, and formulas that give their stored values again."""

import random
import re
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.tools import require
from tests.workbook.recalculate import assert_recalculates, convert, formula_cells, recalculated
from vuthu_recruit.workbook import (
    PORTRAIT,
    Column,
    Formula,
    Head,
    Kind,
    Letterhead,
    Signature,
    TooManyRows,
    Workbook,
    is_dangerous,
    ref,
    safe_text,
    sheet_name,
    sum_of,
    write_list,
)

CREATED_AT = datetime(2024, 11, 18, 1, 15, tzinfo=UTC)  # 08:15 in Vietnam

PEOPLE = [
    Column("STT", Kind.INTEGER, centred=True),
    Column("Họ và tên"),
    Column("Số định danh"),
    Column("Ngày sinh", Kind.DATE),
    Column("Điểm", Kind.DECIMAL),
    Column("Tỷ lệ", Kind.PERCENT),
    Column("Ghi lúc", Kind.MOMENT),
]
ROWS = [
    (1, "Nguyễn Thị Ánh", "034198001234", date(1998, 2, 3), 66.7, 0.667, CREATED_AT),
    (1234, "Trần Văn Bách", "034301009876", None, Decimal("8.5"), 1, None),
]


def opened(content: bytes, **options):
    return load_workbook(BytesIO(content), **options)


def people_list(rows=ROWS, **options) -> bytes:
    options = {"title": "Danh sách", "created_by": "Vũ Đức Thịnh", "created_at": CREATED_AT, **options}
    with write_list(PEOPLE, rows, **options) as file:
        return file.read()


def one_sheet(columns, rows, **options):
    book = Workbook(title="Thử")
    book.add_list(columns, rows, **options)
    return opened(book.to_bytes()).active


def report(*, total=5) -> bytes:
    book = Workbook(title="Biểu tiến độ", created_by="Vũ Đức Thịnh", created_at=CREATED_AT)
    columns = [
        Column("STT", Kind.INTEGER, width=6, centred=True),
        Column("Đơn vị", width=30),
        Column("Chỉ tiêu", Kind.INTEGER),
        Column("Kết nạp", Kind.INTEGER),
        Column("%", Kind.DECIMAL),
        Column("Ghi chú", width=20),
    ]
    sheet = book.add_report("Biểu 1", columns)
    sheet.letterhead(
        Letterhead(
            parent="HUYỆN ỦY VŨ THƯ",
            issuer="BAN TỔ CHỨC",
            number="Số 12-BC/BTCHU",
            motto="ĐẢNG CỘNG SẢN VIỆT NAM",
            place_and_date="Vũ Thư, ngày 18 tháng 11 năm 2024",
        )
    )
    sheet.heading("BIỂU TIẾN ĐỘ KẾT NẠP ĐẢNG VIÊN NĂM 2024", "Số liệu tính đến ngày 18/11/2024")
    sheet.header(
        [Head("STT", down=2), Head("Đơn vị", down=2), Head("Năm 2024", across=3), Head("Ghi chú", down=2)],
        ["Chỉ tiêu", "Kết nạp", "%"],
        frozen_columns=2,
    )
    sheet.group("I", "Khối xã, thị trấn")
    first = [
        sheet.row((1, "Xã Hòa Bình", 3, 2, share(sheet.next_row + 1, 2, 3), "")),
        sheet.row((2, "=Xã Dũng Nghĩa", 0, "–", share(sheet.next_row + 1, 0, 0), "chưa giao")),
    ]
    one = sheet.total(("", "Cộng I", sum_of(2, first, 3), sum_of(3, first, 2), share(sheet.next_row + 1, 2, 3), None))
    sheet.group("II", "Khối cơ quan")
    second = [sheet.row((1, "Công an", 2, 3, share(sheet.next_row + 1, 3, 2), None))]
    two = sheet.total(
        ("", "Cộng II", sum_of(2, second, 2), sum_of(3, second, 3), share(sheet.next_row + 1, 3, 2), None)
    )
    both = [one, two]
    sheet.total(("", "Tổng cộng", sum_of(2, both, 5), sum_of(3, both, total), share(sheet.next_row + 1, 5, 5), None))
    sheet.note("Ghi chú: tính theo ngày quyết định. " * 8)
    sheet.signature(
        Signature(
            offices=["T/M BAN THƯỜNG VỤ", "BÍ THƯ"],
            name="Nguyễn Văn Mẫu",
            recipients=["Ban Thường vụ Huyện ủy,", "Lưu Ban Tổ chức."],
        )
    )
    return book.to_bytes()


def share(row: int, result: int, target: int) -> Formula:
    value = result / target * 100 if target else "–"
    return Formula(f'=IF({ref(row, 2)}=0,"–",{ref(row, 3)}/{ref(row, 2)}*100)', value)


# Lists


def test_cells_keep_their_types_and_formats():
    sheet = opened(people_list()).active
    cells = {cell.column_letter: cell for cell in sheet[3]}

    assert [cell.value for cell in sheet[2]] == [column.header for column in PEOPLE]
    assert (cells["A"].value, cells["A"].number_format) == (1, "#,##0")
    assert (cells["B"].value, cells["B"].data_type) == ("Nguyễn Thị Ánh", "s")
    assert (cells["C"].value, cells["C"].number_format) == ("034198001234", "@")
    assert (cells["D"].value, cells["D"].number_format) == (datetime(1998, 2, 3), "dd/mm/yyyy")
    assert (cells["E"].value, cells["E"].number_format) == (66.7, "#,##0.0")
    assert (cells["F"].value, cells["F"].number_format) == (0.667, "0.0%")
    assert (cells["G"].value, cells["G"].number_format) == (datetime(2024, 11, 18, 8, 15), "dd/mm/yyyy hh:mm")
    assert (sheet["D4"].value, sheet["E4"].value) == (None, 8.5)


def test_a_list_is_ready_for_the_meeting():
    sheet = opened(people_list(notes=["Bộ lọc: tất cả", "Đơn vị tính: người"], frozen_columns=2)).active

    assert sheet.freeze_panes == "C5"
    assert sheet.auto_filter.ref == "A4:G6"
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.page_setup.fitToWidth in (None, 1)
    assert "Trang &P/&N" in sheet.oddFooter.right.text
    assert sheet.oddFooter.left.text.endswith("08:15 18/11/2024 · Vũ Đức Thịnh")
    assert "Danh sách" in sheet.oddHeader.center.text
    assert sheet["B5"].alignment.wrap_text
    assert {cell.font.name for row in sheet.iter_rows() for cell in row} == {"Times New Roman"}


def test_a_list_may_stand_upright():
    sheet = opened(people_list(page=PORTRAIT)).active

    assert sheet.page_setup.orientation == "portrait"
    assert round(sheet.page_margins.left * 25.4) == 25


def test_widths_fit_the_content_within_bounds():
    sheet = one_sheet([Column("A"), Column("B"), Column("C", width=9)], [("ngắn", "dài " * 100, "x" * 50)])
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]

    assert 6 <= widths[0] < 8
    assert 47 < widths[1] < 50
    assert 9 <= widths[2] < 10


@pytest.mark.parametrize("streaming", [True, False])
def test_a_row_is_as_high_as_its_longest_text(streaming):
    book = Workbook(title="Thử", streaming=streaming)
    rows = [("ngắn", "một dòng"), ("ngắn", "dài " * 30), ("a\nb\nc", ""), ("ngắn", ""), ("ngắn", "")]
    book.add_list([Column("A"), Column("B")], rows)
    sheet = opened(book.to_bytes()).active
    heights = [sheet.row_dimensions[row].height for row in (3, 4, 5)]

    assert heights[0] is None  # one line: left to the program
    assert 40 < heights[1] < 75
    assert 40 < heights[2] < 50


def test_an_empty_list_is_still_a_list():
    sheet = one_sheet(PEOPLE, [])

    assert sheet.auto_filter.ref == "A2:G2"


@pytest.mark.parametrize("make", [people_list, report])
def test_a_file_carries_no_more_than_asked(make):
    book = opened(make())

    assert all(sheet.sheet_state == "visible" for sheet in book)
    assert not any(d.hidden for s in book for d in [*s.column_dimensions.values(), *s.row_dimensions.values()])
    assert (book.properties.creator, book.properties.lastModifiedBy) == ("vuthu_recruit", "vuthu_recruit")
    assert book.properties.created == CREATED_AT.replace(tzinfo=None)
    assert not book.properties.description
    assert not book.custom_doc_props.names


def test_no_font_is_left_to_the_theme():
    with zipfile.ZipFile(BytesIO(people_list())) as archive:
        assert b"<scheme" not in archive.read("xl/styles.xml")


def test_memory_does_not_grow_with_the_rows():
    """Slow (seconds): memory is traced over eight thousand rows."""

    def peak(count):
        tracemalloc.start()
        rows = ((i, f"Người {i}", "chữ dài " * 10, date(1990, 1, 1), i / 7, 0.5, None) for i in range(count))
        write_list(PEOPLE, rows, title="x").close()
        measured = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return measured

    peak(10)  # imports
    assert peak(8_000) < peak(1_000) + 500_000  # seventy bytes a row; a kept row or height takes hundreds


def test_a_failing_source_leaves_nothing_open():
    def rows():
        yield ROWS[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        write_list(PEOPLE, rows(), title="x")


def test_more_rows_than_excel_holds_is_refused_in_words(monkeypatch):
    monkeypatch.setattr("vuthu_recruit.workbook.sheet.MAX_ROWS", 5)

    people_list([ROWS[0]] * 3)
    with pytest.raises(TooManyRows, match="5 dòng. Hãy lọc bớt"):
        people_list([ROWS[0]] * 4)


# Values


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        ("", None),
        (True, "Có"),
        (False, "Không"),
        (10**15, "1000000000000000"),
        (date(1899, 12, 31), "31/12/1899"),
        ("hai\r\ndòng", "hai\ndòng"),
        ("a\x00b\x1bc\ud800d\ufffee", "abcde"),
    ],
)
def test_odd_values(value, written):
    assert one_sheet([Column("A")], [(value,)])["A3"].value == written


@pytest.mark.parametrize("value", [object(), [1], b"x", float("nan"), float("inf")])
def test_values_a_cell_cannot_hold_are_refused(value):
    with pytest.raises((TypeError, ValueError)):
        one_sheet([Column("A")], [(value,)])


def test_a_dash_among_numbers_is_not_made_text_for_good():
    cell = one_sheet([Column("Số", Kind.INTEGER)], [("–",)])["A3"]

    assert (cell.value, cell.number_format, cell.alignment.horizontal) == ("–", "General", "right")


@pytest.mark.parametrize("length", [32_766, 32_767, 32_768, 70_000])
@pytest.mark.parametrize("letter", ["ạ", "𠀀", "="])
def test_text_longer_than_a_cell_is_cut_with_an_ellipsis(letter, length):
    text = safe_text(letter * length)
    units = len(text.encode("utf-16-le")) // 2

    assert units <= 32_767
    assert text.endswith("…") == (len((letter * length).encode("utf-16-le")) // 2 + (letter == "=") > 32_767)
    assert one_sheet([Column("A")], [(letter * length,)])["A3"].value == text


@pytest.mark.parametrize(
    ("text", "taken", "name"),
    [
        ("Khối I/II [nháp]: *?", (), "Khối I II nháp"),
        ("'Biểu'", (), "Biểu"),
        ("x" * 40, (), "x" * 31),
        ("x" * 40, ("X" * 31,), "x" * 27 + " (2)"),
        ("", (), "Trang"),
        ("///", ("trang",), "Trang (2)"),
        ("History", (), "Trang History"),
        ("𠀀" * 20, (), "𠀀" * 15),
    ],
)
def test_sheet_names_are_made_acceptable(text, taken, name):
    assert sheet_name(text, taken) == name


def test_sheets_of_the_same_name_are_told_apart():
    book = Workbook(title="x")
    for name in ["Biểu", "biểu", "Biểu"]:
        book.add_list([Column("A")], [("a",)], name=name)

    assert opened(book.to_bytes()).sheetnames == ["Biểu", "biểu (2)", "Biểu (3)"]


@pytest.mark.parametrize("title", ["R&G", "&[Picture] & &P", "&" * 300, "2024\n=1+1", "x" * 300])
def test_a_title_is_never_a_code_of_header_or_footer(title):
    sheet = opened(people_list(title=title, created_by="A & B")).active

    assert "Trang &P/&N" in sheet.oddFooter.right.text
    assert sheet.oddFooter.left.text.endswith("A && B")
    assert sheet.oddHeader.center.text


# Text that wants to be a formula

STARTS = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
    "−",
    "﹦",
    "<r>",
    "'",
    '"',
    "%",
    "|",
    "",
    "0",
    "_x003D_",
]
PADS = ["", " ", "\u00a0", "\u3000", "\ufeff", "\u200b", "\u202e", "  \t", "\x00", "\x1f ", "\ufeff\r\n"]
BODIES = [
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://x.test","x")',
    "SUM(A1:A9)",
    '"&A1',
    "1E400",
    "0912 345 678",
    "</r>",
    '</r></is></c><c r="Z9"><f>1+1</f></c><c><is><r></r>',
    "{=1}",
    "Nguyễn Thị Ánh",
    "a\n=1+1",
    "]]><f>1</f>",
]
hostile = st.builds(
    lambda pad, start, body: pad + start + body,
    st.sampled_from(PADS),
    st.sampled_from(STARTS),
    st.one_of(st.sampled_from(BODIES), st.text(max_size=20)),
)


def hostile_texts(count=2_400) -> list[str]:
    source = random.Random(33)
    combined = [pad + start + body for pad in PADS for start in STARTS for body in BODIES]
    return source.sample(combined, count)


@settings(max_examples=2_000, deadline=None)
@given(hostile)
@example("<r></r>")
@example("=" * 40_000)
def test_no_text_begins_alive(text):
    """Slow (a second): two thousand cases."""
    written = safe_text(text)

    assert not is_dangerous(written)
    assert not re.match(r"\s*[=+\-@＝＋－＠−]|[\t\r\n]", written)
    assert safe_text(written) == written


@pytest.mark.parametrize(
    "text", ["Nguyễn Văn A", "0912 345 678", "–", "3–5", "(=)", "12/12", "'quoted'", "<r>", "5 - 3", "#1"]
)
def test_harmless_text_is_left_alone(text):
    assert safe_text(text) == text


@pytest.mark.parametrize("text", ["=1+1", "+84 912", "-5", "@x", "\t=1", "\ufeff=1", " ＝1", "−1", "<r>x</r>"])
def test_guarded_text_shows_its_guard_and_keeps_it_when_edited(text):
    cell = one_sheet([Column("A")], [(text,)])["A3"]

    assert cell.value == "'" + text
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("streaming", [True, False])
def test_hostile_text_makes_no_formula(streaming):
    """Slow (seconds): every part of the workbook is filled with 2,400 texts."""
    texts = hostile_texts()
    book = Workbook(title=texts[0], created_by=texts[1], streaming=streaming)
    columns = [Column("=1+1"), Column("<r></r>", Kind.INTEGER), Column("@x", Kind.DATE)]
    book.add_list(columns, [(text, text, text) for text in texts], name=texts[2], title=texts[3], notes=texts[4:40])
    if not streaming:
        sheet = book.add_report(texts[5], columns)
        sheet.letterhead(Letterhead(*texts[40:45]))
        sheet.heading(*texts[45:50])
        sheet.header(texts[50:53])
        for text in texts[53:100]:
            sheet.group(text, text)
            sheet.row((text, text, text))
            sheet.note(text)
        sheet.signature(Signature(offices=texts[100:120], name=texts[120], recipients=texts[121:140]))
    content = book.to_bytes()

    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if re.search(rb"<f[ >/]|<hyperlink", archive.read(name))]
    assert formula_cells(content) == {}
    sheet = opened(content).worksheets[0]
    read = [cell.value for cell in sheet["A"][-len(texts) :]]
    assert [unescaped(value) for value in read] == [safe_text(text) or None for text in texts]


def unescaped(value):
    return value and re.sub(r"_x005F(?=_x[0-9A-F]{4}_)", "", value)


@pytest.mark.recalculation
def test_hostile_text_survives_being_saved_as_csv_and_opened_again():
    """Slow (LibreOffice, twice)."""
    texts = hostile_texts()
    book = Workbook(title="Thử", streaming=True)
    book.add_list([Column("STT", Kind.INTEGER), Column("Chữ")], enumerate(texts))

    again = opened(through_csv(book.to_bytes())).active

    assert again.max_row >= len(texts)
    assert kinds(again) <= {"s", "n", "d", "b"}


@pytest.mark.recalculation
def test_the_csv_check_sees_a_formula_that_nobody_guarded(monkeypatch):
    """Slow (LibreOffice, twice)."""
    monkeypatch.setattr("vuthu_recruit.workbook.text.is_dangerous", lambda text: False)
    book = Workbook(title="Thử")
    book.add_list([Column("Chữ")], [("=1+1",), ("=1/0",), ("=nope()",)])

    assert kinds(opened(through_csv(book.to_bytes())).active) & {"f", "e"}


def through_csv(content: bytes) -> bytes:
    """Save as CSV as a person would, and open it with every eagerness LibreOffice has: numbers and formulas found."""
    (text,) = convert(content, "xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1")
    eager = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,false,false,false,-1,true"
    (again,) = convert(text, "csv", "xlsx:Calc MS Excel 2007 XML", eager)
    return again


def kinds(sheet) -> set[str]:
    return {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}


# Reports


def test_a_report_is_laid_out_as_a_document():
    sheet = opened(report()).active
    merged = {str(area) for area in sheet.merged_cells.ranges}

    assert [sheet[f"A{row}"].value for row in range(1, 5)] == ["HUYỆN ỦY VŨ THƯ", "BAN TỔ CHỨC", "*", "Số 12-BC/BTCHU"]
    assert [sheet[f"A{row}"].font.bold for row in range(1, 5)] == [False, True, False, False]
    assert (sheet["C1"].value, sheet["C1"].font.bold, sheet["C1"].font.u) == ("ĐẢNG CỘNG SẢN VIỆT NAM", True, "single")
    assert (sheet["C2"].value, sheet["C2"].font.i) == ("Vũ Thư, ngày 18 tháng 11 năm 2024", True)
    assert (sheet["A6"].value, sheet["A6"].font.bold) == ("BIỂU TIẾN ĐỘ KẾT NẠP ĐẢNG VIÊN NĂM 2024", True)
    assert {"A9:A10", "C9:E9", "B11:F11", "A6:F6"} <= merged
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$9:$10", "C11")
    assert sheet["B11"].fill.fgColor.rgb == "FFEEEEEE"
    assert sheet.row_dimensions[19].height > 25  # the note wraps
    assert not sheet.auto_filter.ref
    below = [cell.value for row in sheet.iter_rows(min_row=20) for cell in row if cell.value]
    assert below == [
        *["Nơi nhận:", "T/M BAN THƯỜNG VỤ", "– Ban Thường vụ Huyện ủy,", "BÍ THƯ"],
        *["– Lưu Ban Tổ chức.", "Nguyễn Văn Mẫu"],
    ]


def test_totals_are_formulas_with_their_values():
    cells = formula_cells(report())
    formulas = opened(report()).active

    assert (formulas["C14"].value, formulas["C18"].value) == ("=SUM(C12:C13)", "=SUM(C14,C17)")
    assert (cells["Biểu 1", "C18"], cells["Biểu 1", "D18"], cells["Biểu 1", "E13"]) == (5, 5, "–")
    assert len(cells) == 12


@pytest.mark.recalculation
def test_a_report_gives_the_same_numbers_when_recalculated():
    """Slow (LibreOffice)."""
    assert assert_recalculates(report()) == 12


@pytest.mark.recalculation
def test_one_wrong_stored_value_is_found():
    """Slow (LibreOffice)."""
    content = report(total=6)

    with pytest.raises(AssertionError, match=r"1 of 12 formulas disagree:\nBiểu 1!D18: stored 6, calculated 5"):
        assert_recalculates(content)
    assert recalculated(content)["Biểu 1", "D18"] == 5


@pytest.mark.parametrize("text", ["", "SUM(A1)", "=", '="x"', "=A1&cmd", "='x'!A1", "=1;2", "=A1\n", '=HYPERLINK("x")'])
def test_a_formula_is_ours_or_none(text):
    with pytest.raises(ValueError, match="Not a formula"):
        Formula(text, 0)


@pytest.mark.parametrize("text", ['=IF(A1=0,"–",A2)', '=IF(A1=0,"",A2)', '=IF(A1=0,"",COUNTIF(A1:C1,"x"))'])
def test_a_formula_may_show_nothing_or_a_dash_and_count_the_marks_of_a_sheet(text):
    assert Formula(text, 0).text == text


@pytest.mark.parametrize("text", ['=COUNTIF(A1:C1,"y")', '=COUNTIF("x","x")', '=SUMIF(A1:C1,"x")'])
def test_no_other_text_may_stand_in_a_formula(text):
    with pytest.raises(ValueError, match="Not a formula"):
        Formula(text, 0)


def test_a_plain_number_is_shown_with_the_digits_it_has():
    book = Workbook(title="Thử")
    book.add_report("Biểu", [Column("Năm", Kind.PLAIN), Column("Điểm", Kind.PLAIN)]).row([1995, Decimal("7.25")])

    cells = opened(book.to_bytes()).active[1]

    assert [(cell.value, cell.number_format) for cell in cells] == [(1995, "General"), (7.25, "General")]


def test_a_sum_stands_beside_what_it_counts():
    book = Workbook(title="Thử")
    sheet = book.add_report("Biểu", [Column("STT"), Column("Tên"), Column("Năm"), Column("Ghi chú")])
    sheet.row(["1", "An", "1990", ""], height=30)
    row = sheet.sum_line("Tổng số", Formula("=COUNTA(B1:B1)", 1), across=2)

    written = opened(book.to_bytes()).active

    assert [written.cell(row, column).value for column in range(1, 5)] == ["Tổng số", None, "=COUNTA(B1:B1)", None]
    assert [str(merged) for merged in written.merged_cells.ranges] == ["A2:B2"]
    assert written.row_dimensions[1].height == 30


@pytest.mark.parametrize("value", [None, True, [1]])
def test_a_formula_needs_its_value(value):
    with pytest.raises(TypeError):
        Formula("=SUM(A1:A3)", value)


def test_sum_over_rows_apart_and_over_none():
    assert sum_of(2, [5, 4, 9, 11, 12], 7) == Formula("=SUM(C4:C5,C9,C11:C12)", 7)
    assert sum_of(2, [], 0) == 0


@pytest.mark.parametrize(
    "rows",
    [
        (["A"],),
        (["A", "B", "C"],),
        (["A", Head("B", across=2)],),
        ([Head("A", down=2), "B"], ["C", "D"]),
        ([Head("A", across=2)], ["B"]),
    ],
)
def test_a_header_with_holes_or_overlaps_is_refused(rows):
    sheet = Workbook(title="x").add_report("x", [Column("A"), Column("B")])
    with pytest.raises(ValueError, match="[Hh]eader"):
        sheet.header(*rows)


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="1 values for 7 columns"):
        people_list([(1,)])


def test_a_report_is_not_streamed():
    book = Workbook(title="x", streaming=True)
    with pytest.raises(ValueError, match="streaming"):
        book.add_report("x", [Column("A")])
    book.discard()


# The programs these tests drive


def test_a_missing_program_skips_with_its_remedy_or_fails_when_all_is_required(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install libreoffice-calc"):
        require("soffice")

    monkeypatch.setenv("REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        require("chromium")
