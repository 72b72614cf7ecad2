"""The reader of workbooks: what is refused, and what each cell becomes."""

import io
import re
import unicodedata
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.spreadsheet.hostile import READ, REFUSED, ods, xlsx
from tests.workbook.recalculate import convert
from vuthu_recruit import spreadsheet
from vuthu_recruit.spreadsheet import Broken, Limits, Unreadable


def saved(book: openpyxl.Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read_cells(table, *, is_1904: bool = False) -> list:
    """One column of values and formats, written by openpyxl and read by us."""
    book = openpyxl.Workbook()
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    for row, (value, number_format, *_) in enumerate(table, start=1):
        cell = book.active.cell(row, 1)
        cell.value, cell.number_format = value, number_format
    book.active.cell(len(table) + 1, 1).value = "the end"
    (sheet,) = spreadsheet.read(saved(book), "a.xlsx", keeps_broken=True)
    return [row[0] for row in sheet.rows]


def only(content: bytes, name: str = "a.xlsx"):
    (sheet,) = spreadsheet.read(content, name, keeps_broken=True)
    return sheet.rows[0][0] if sheet.rows else None


@pytest.mark.parametrize(("name", "content", "words"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_what_is_no_honest_workbook_is_refused_in_words(name, content, words):
    with pytest.raises(Unreadable) as refusal:
        spreadsheet.read(content(), name)

    assert words in str(refusal.value)


@pytest.mark.parametrize(("name", "content"), [one[1:] for one in READ], ids=[one[0] for one in READ])
def test_what_only_looks_large_is_read(name, content):
    (sheet,) = spreadsheet.read(content(), name)

    assert sheet.rows == ((1,),)
    assert sheet.hidden_rows == ()


# What a cell becomes

DAY = "dd/mm/yyyy"
CELLS = [
    (None, "General", None),
    ("", "General", None),
    (" \u00a0\u200b", "General", None),
    ("Lê Thị Ba", "General", "Lê Thị Ba"),
    ("  Lê\u00a0 Thị\u200b\nBa ", "General", "Lê Thị Ba"),
    (unicodedata.normalize("NFD", "Nguyễn Đức Ưng"), "General", "Nguyễn Đức Ưng"),
    ("Lê\u034f Ba", "General", "Lê Ba"),
    ("a" * 32_767, "General", "a" * 32_767),
    ("01", "General", "01"),
    ("034095104482", "@", "034095104482"),
    ("1990", "@", "1990"),
    ("3/5/1990", "@", "3/5/1990"),
    ("8,5", "General", "8,5"),
    ("TRUE", "General", "TRUE"),
    ("#N/A", "@", Broken("#N/A")),  # openpyxl makes an error of it
    (True, "General", True),
    (False, "General", False),
    (0, "General", 0),
    (-3, "General", -3),
    (1.5, "General", 1.5),
    (0.12, "0%", 0.12),
    (912000001, "General", 912000001),
    (34095104482, "General", 34095104482),
    (34095104482, "000000000000", 34095104482),  # its zero is only shown
    (123456789012, "0", 123456789012),
    (1e300, "General", 1e300),
    (33000, "General", 33000),  # a date without its format is a number
    (33000, "0", 33000),
    (33000, DAY, date(1990, 5, 7)),
    (33000, "d.m.yy", date(1990, 5, 7)),
    (33000, '[$-42A]dd" tháng "mm" năm "yyyy', date(1990, 5, 7)),
    (33000, "[$-101042A]d/m/yyyy;@", date(1990, 5, 7)),
    (33000.4375, f"{DAY} hh:mm", "07/05/1990 10:30"),
    (33000.4375, DAY, "07/05/1990 10:30"),  # the time is there though it does not show
    (1, DAY, date(1900, 1, 1)),
    (59, DAY, date(1900, 2, 28)),
    (61, DAY, date(1900, 3, 1)),
    (0, DAY, "00:00:00"),
    (-5, DAY, "00:00:00"),
    (2958465, DAY, date(9999, 12, 31)),
    (2958466, DAY, 2958466),
    (0.5, "hh:mm", "12:00:00"),
    (1.25, "[h]:mm", "1 day, 6:00:00"),
    (date(1990, 5, 3), DAY, date(1990, 5, 3)),
    (datetime(1990, 5, 3, 0, 0), DAY, date(1990, 5, 3)),
    (datetime(1990, 5, 3, 7, 30), DAY, "03/05/1990 07:30"),
    (time(7, 30), "hh:mm", "07:30:00"),
    ("=1+1", "General", Broken("=1+1")),
    ('=""', "General", Broken('=""')),
    ("#DIV/0!", "General", Broken("#DIV/0!")),
]


DAYS_OF_1904 = [
    (date(1990, 5, 3), DAY, date(1990, 5, 3)),
    (33000, DAY, date(1994, 5, 8)),
    (59, DAY, date(1904, 2, 29)),
    (1, DAY, date(1904, 1, 2)),
    (datetime(1990, 5, 3, 7, 30), DAY, "03/05/1990 07:30"),
    (33000, "General", 33000),
]


@pytest.fixture(scope="module")
def read():
    return read_cells(CELLS)


@pytest.fixture(scope="module")
def read_1904():
    return read_cells(DAYS_OF_1904, is_1904=True)


@pytest.mark.parametrize("number", range(len(CELLS)), ids=[ascii(one[:2])[:40] for one in CELLS])
def test_each_cell_has_one_outcome(number, read):
    assert read[number] == CELLS[number][2]
    assert type(read[number]) is type(CELLS[number][2])


@pytest.mark.parametrize("number", range(len(DAYS_OF_1904)), ids=[ascii(one[:2]) for one in DAYS_OF_1904])
def test_a_workbook_that_counts_from_1904_has_its_own_days(number, read_1904):
    assert read_1904[number] == DAYS_OF_1904[number][2]


def test_days_of_1904_written_by_another_program():
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"date_1904": True}) as book:
        book.add_worksheet().write_datetime("A1", date(1998, 8, 22), book.add_format({"num_format": "dd/mm/yyyy"}))

    assert only(kept.getvalue()) == date(1998, 8, 22)


def test_a_formula_gives_the_result_it_was_saved_with():
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        page = book.add_worksheet()
        page.write_formula("A1", "=1+1", value=2)
        page.write_formula("B1", '="Lê"&" Ba"', value="Lê Ba")
        page.write_formula("C1", "=NA()", value="#N/A")
        page.write_formula("D1", "=TRUE()", value=True)
    (sheet,) = spreadsheet.read(kept.getvalue(), "a.xlsx", keeps_broken=True)

    assert sheet.rows == ((2, "Lê Ba", Broken("#N/A"), True),)
    assert only(xlsx('<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>1</v></c></row>')) is None


def test_a_broken_cell_stands_where_it_is_also_as_the_last_one():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["C3"] = "a", "=B1"
    book.create_sheet("Hai")["B2"] = "#REF!"
    first, second = spreadsheet.read(saved(book), "a.xlsx", keeps_broken=True)

    assert first.rows == (("a", None, None), (None,) * 3, (None, None, Broken("=B1")))
    assert second.rows == ((None, None), (None, Broken("#REF!")))


def test_without_keeping_them_broken_cells_refuse_the_file_by_name():
    book = openpyxl.Workbook()
    book.active["B2"], book.active["AA3"] = "=1+1", "#N/A"

    with pytest.raises(Unreadable, match="chưa có kết quả: B2, AA3. Hãy sửa trong Excel"):
        spreadsheet.read(saved(book), "a.xlsx")


def test_cells_and_rows_without_their_numbers_are_counted():
    (sheet,) = spreadsheet.read(
        xlsx('<row><c t="e"><v>#N/A</v></c><c/><c><v>1</v></c></row><row hidden="1"><c><f>A1</f></c></row>'),
        "a.xlsx",
        keeps_broken=True,
    )

    assert sheet.rows == ((Broken("#N/A"), None, 1), (Broken("=A1"), None, None))
    assert sheet.hidden_rows == (2,)


def test_a_date_of_which_only_month_and_year_are_shown_says_so():
    """Whoever types 5/1990 into Excel gets the first of May, shown as May-90."""
    book = openpyxl.Workbook()
    shown = ["mmm-yy", "mm/yyyy", '"tháng" mm "năm" yyyy', "yyyy", "[$-42A]mmmm\\ yyyy;@", DAY, "d-mmm", "General"]
    for column, number_format in enumerate(shown, start=1):
        cell = book.active.cell(1, column)
        cell.value, cell.number_format = 32994, number_format
    book.active["J1"] = "5/1990"
    book.active["J1"].number_format = "mm/yyyy"
    (sheet,) = spreadsheet.read(saved(book), "a.xlsx")

    assert sheet.rows[0][:7] == (date(1990, 5, 1),) * 7
    texts = ["05/1990", "05/1990", "05/1990", "1990", "05/1990"]
    assert sheet.dayless == tuple((1, column, text) for column, text in enumerate(texts))


def test_hidden_rows_columns_and_sheets_are_read_and_named():
    book = openpyxl.Workbook()
    page = book.active
    for row in ("abcde", "fghij", "klmno"):
        page.append(list(row))
    page.row_dimensions[2].hidden = page.row_dimensions[9].hidden = True
    for letter in "BCZ":
        page.column_dimensions[letter].hidden = True
    book.create_sheet("Trang ẩn").sheet_state = "hidden"
    first, second = spreadsheet.read(saved(book), "A.XLSX")

    assert (first.hidden_rows, first.hidden_columns) == ((2,), (1, 2))
    assert first.rows[1] == tuple("fghij")
    assert (second.name, second.is_hidden, second.rows) == ("Trang ẩn", True, ())


ODS_CELLS = [
    ('office:value-type="float" office:value="1990"', "1990", 1990),
    ('office:value-type="string"', "Lê Ba", "Lê Ba"),
    ('office:value-type="date" office:date-value="1990-05-03"', "3/5/1990", date(1990, 5, 3)),
    ('office:value-type="date" office:date-value="1990-05-03T07:30:00"', "", "03/05/1990 07:30"),
    ('office:value-type="boolean" office:boolean-value="true"', "TRUE", True),
    ('office:value-type="percentage" office:value="0.5"', "50%", 0.5),
    ('table:formula="of:=1+1" office:value-type="float" office:value="2"', "2", 2),
    ('table:formula="of:=&quot;&quot;"', "", None),
    ('table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"', "#DIV/0!", Broken("#DIV/0!")),
    ('table:formula="of:=NA()" office:value-type="string" office:string-value=""', "#N/A", Broken("#N/A")),
    ('table:formula="of:=A2" office:value-type="string"', "Err:522", Broken("Err:522")),
    ('office:value-type="string"', "#N/A", "#N/A"),  # typed
]


@pytest.mark.parametrize(("attributes", "text", "read"), ODS_CELLS)
def test_each_cell_of_an_ods_has_one_outcome(attributes, text, read):
    row = (
        f"<table:table-row><table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell></table:table-row>"
    )

    found = only(ods(row), "a.ods")

    assert found == read
    assert type(found) is type(read)


def test_a_formula_that_nobody_calculated_is_broken_in_an_ods_too():
    row = '<table:table-row><table:table-cell table:formula="of:=A1+1"/></table:table-row>'

    assert only(ods(row), "a.ods") == Broken("=A1+1")


XLS = Path(__file__).resolve().parents[1] / "samples" / "danh-sach-nguon-xa.xls"


@pytest.mark.parametrize("key", [27, 30, 36, 50, 58, 60, 4_000])
def test_a_number_format_that_xls_names_and_does_not_write_out_is_no_damage(key):
    """Excel in East Asia writes dates in formats of its own that stand in no file; others name one that is missing."""
    content = XLS.read_bytes()
    usual = b"\xe0\x00\x14\x00"  # an XF record: its font, then its number format
    places = [found.start() for found in re.finditer(re.escape(usual), content)]
    other = bytearray(content)
    for place in places:
        other[place + 6 : place + 8] = key.to_bytes(2, "little")

    assert len(places) > 20
    assert len(spreadsheet.read(bytes(other), "a.xls")[0].rows) == len(spreadsheet.read(content, "a.xls")[0].rows)


def test_an_xls_with_a_password_is_said_to_have_one():
    content = XLS.read_bytes()
    locked = content.replace(b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00", 1)  # FILEPASS in the place of another record

    with pytest.raises(Unreadable, match="mật khẩu"):
        spreadsheet.read(locked, "a.xls")


@pytest.mark.recalculation
@pytest.mark.parametrize("ending", ["ods", "xls", "xlsx"])
def test_what_libreoffice_saves_is_read_alike(ending):
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Đơn vị", "Tên", "Sinh"])
    page.append(["Xã A", "Ba", date(1990, 5, 3)])
    page.append([None, "=NA()", 1990])
    page.append([None, "Năm", '=""'])
    page.merge_cells("A2:A4")
    page.row_dimensions[3].hidden = page.column_dimensions["C"].hidden = True
    (content,) = convert(saved(book), "xlsx", ending)
    (sheet,) = spreadsheet.read(content, f"a.{ending}", keeps_broken=True)

    assert sheet.rows[1:] == (
        ("Xã A", "Ba", date(1990, 5, 3)),
        (None, Broken("#N/A"), 1990),
        (None, "Năm", None),
    )
    assert sheet.merged == ((1, 0, 3, 0),)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((3,), (2,))


@pytest.mark.recalculation
def test_of_an_old_workbook_too_a_date_without_its_day_and_an_error_are_told():
    book = openpyxl.Workbook()
    for column, (value, number_format) in enumerate([(32994, "mm/yyyy"), (32994, DAY), ("=1/0", "General")], start=1):
        book.active.cell(1, column).value = value
        book.active.cell(1, column).number_format = number_format
    (content,) = convert(saved(book), "xlsx", "xls")
    with pytest.raises(Unreadable, match=r"chưa có kết quả: C1\. "):
        spreadsheet.read(content, "a.xls")
    (sheet,) = spreadsheet.read(content, "a.xls", keeps_broken=True)

    assert sheet.rows == ((date(1990, 5, 1), date(1990, 5, 1), Broken("#DIV/0!")),)
    assert sheet.dayless == ((1, 0, "05/1990"),)


# Limits


MANY = "".join(
    f'<row r="{n}"><c><v>{n * 7919}</v></c><c r="BI{n}"><v>{n * 104729}</v></c></row>' for n in range(1, 5003)
)


def test_a_command_may_take_more_than_an_upload_and_says_its_own_limits():
    content = xlsx(parts={"xl/worksheets/s1.xml": f"<worksheet><sheetData>{MANY}</sheetData></worksheet>"})
    more = Limits(rows=6000, columns=61)

    assert len(spreadsheet.read(content, "a.xlsx", limits=more)[0].rows) == 5002
    with pytest.raises(Unreadable, match=r"dòng 5002, cột 61; nhiều nhất 6.000 dòng, 60 cột"):
        spreadsheet.read(content, "a.xlsx", limits=Limits(rows=6000))
    with pytest.raises(Unreadable, match="lớn hơn 1 MB"):
        spreadsheet.read(b"PK\x03\x04" + bytes(2 << 20), "a.xlsx", limits=Limits(megabytes=1))


@pytest.mark.parametrize("limits", [{"rows": 50_001}, {"columns": 201}, {"megabytes": 51}, {"rows": 0}])
def test_also_a_command_has_its_limits(limits):
    with pytest.raises(ValueError, match="At most"):
        Limits(**limits)
