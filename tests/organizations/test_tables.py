"""Where the table of a sheet stands and what its columns mean, whatever stands around it; what single cells say."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizations.imports.cells import (
    CellError,
    both_ways,
    is_nothing,
    is_same_as_above,
    is_ticked,
    partial_of,
    text_of,
)
from organizations.imports.table import Definition, heading_key, is_numbering, layouts
from vuthu_recruit.dates import PartialDate
from vuthu_recruit.spreadsheet import Broken, Sheet

DEFINITIONS = [
    Definition("name", "Tên", ("ten", "hovaten"), spread=("first", "second")),
    Definition("first", "Họ", ("ho",)),
    Definition("second", "Đệm", ("dem",)),
    Definition("born", "Sinh", ("sinh", "namsinh")),
    Definition("born_men", "Sinh (nam)", ("sinhnam",), beside=frozenset({"born_women"})),
    Definition("born_women", "Sinh (nữ)", ("sinhnu",)),
    Definition("born_month", "Tháng", ("sinhthang",)),
    Definition("born_year", "Năm", ("sinhnam",), beside=frozenset({"born_month"})),
    Definition("place", "Nơi", ("noi",)),
]
MUST = [frozenset({"name"}), frozenset({"first", "second"})]
HEAD = ("Tên", "Sinh", "Nơi")


def sheet(*rows, **values) -> Sheet:
    width = max(map(len, rows), default=0)
    return Sheet(values.pop("name", "Trang 1"), tuple((*row, *[None] * (width - len(row))) for row in rows), **values)


def found(*rows, **values):
    return layouts([sheet(*rows, **values)], DEFINITIONS, must=MUST)[0]


@pytest.mark.parametrize(
    "heading",
    [
        "Họ và tên",
        "HỌ VÀ TÊN",
        "  Họ  và\ntên ",
        "Ho va ten",
        "Họ và tên (*)",
        "Họ và tên (2)",
        "2. Họ và tên:",
        "Họ và tên *",
    ],
)
def test_a_heading_is_known_without_case_marks_spaces_and_numbers(heading):
    assert heading_key(heading) == "hovaten"


@pytest.mark.parametrize("cell", [None, "", 5, 2.5, True, date(2024, 1, 1), "(1)", "*", "–"])
def test_what_is_no_text_is_no_heading(cell):
    assert heading_key(cell) == ""


@pytest.mark.parametrize("above", [0, 1, 6, 14])
def test_the_header_stands_in_any_of_the_first_fifteen_rows(above):
    layout = found(*[("Danh sách năm 2024",)] * above, HEAD, ("A", 1990, "x"))

    assert (layout.first, layout.last, layout.missing) == (above + 1, above + 1, ())
    assert layout.columns == {"name": 0, "born": 1, "place": 2}
    assert list(layout.rows()) == [(above + 2, {"name": "A", "born": 1990, "place": "x"})]


def test_below_the_fifteenth_row_no_header_is_looked_for():
    assert found(*[("Danh sách",)] * 15, HEAD).missing == ("name",)


def test_two_rows_of_a_header_are_one_heading_each():
    layout = found(("Tên", "Sinh", None, "Khác"), (None, "Nam", "Nữ", "Cao"), ("A", 1990, None, 5))

    assert layout.headings == ("Tên", "Sinh / Nam", "Sinh / Nữ", "Khác / Cao")
    assert layout.columns == {"name": 0, "born_men": 1, "born_women": 2}
    assert (layout.first, layout.last, layout.unknown) == (1, 2, (3,))


def test_a_column_headed_nam_is_men_beside_women_and_a_year_beside_months():
    layout = found(("Tên", "Sinh", None), (None, "Tháng", "Năm"), ("A", 5, 1990))

    assert layout.columns == {"name": 0, "born_month": 1, "born_year": 2}
    assert "born_men" not in found(("Tên", "Sinh nam"), ("A", 1990)).columns


def test_a_heading_merged_over_as_many_columns_as_it_has_parts_names_them():
    layout = found(("Tên", None, "Sinh"), ("Lê Thị", "Ba", 1990), merged=((0, 0, 0, 1),))

    assert layout.columns == {"first": 0, "second": 1, "born": 2}


def test_a_heading_merged_over_other_columns_is_its_first_one():
    layout = found(("Tên", "Nơi", None), ("A", "x", "y"), merged=((0, 1, 0, 2),))

    assert (layout.columns, layout.doubled) == ({"name": 0, "place": 1}, {})


def test_the_first_person_is_no_second_row_of_a_header():
    layout = found(("Tên", "Giới"), ("Lê Thị Ba", "Nơi"), ("Lê Thị Tư", "Nam"))

    assert (layout.last, [number for number, _ in layout.rows()]) == (1, [2, 3])


def test_the_heading_of_somebody_else_is_not_taken():
    layout = found(("Tên", "Người giới thiệu", None), (None, "Tên", "Nơi"), ("A", "B", "C"), merged=((0, 0, 1, 0),))

    assert layout.headings == ("Tên", "Người giới thiệu / Tên", "Người giới thiệu / Nơi")
    assert (layout.columns, layout.doubled, layout.unknown) == ({"name": 0}, {}, (1, 2))


def test_the_upper_of_two_tables_is_read():
    layout = found(HEAD, ("A", 1990, "x"), (), ("Tên", "Sinh", "Nơi", "Sinh nam", "Sinh nu"), ("B", 1991, "y"))

    assert (layout.first, [number for number, _ in layout.rows()]) == (1, [2, 4, 5])


def test_a_label_in_the_title_is_no_header():
    layout = found(("Tên:", "Đảng ủy xã Hồng Lý"), (), HEAD, ("A", 1990, "x"))

    assert layout.first == 3


def test_a_heading_under_one_that_adds_nothing_is_taken():
    rows = [("Thông tin", None, "Nơi"), ("Tên", "Sinh", None), ("A", 1990, "x")]
    layout = layouts([sheet(*rows)], DEFINITIONS, must=MUST, neutral=frozenset({"thongtin"}))[0]

    assert (layout.columns, layout.first, layout.last) == ({"name": 0, "born": 1, "place": 2}, 1, 2)


def test_remarks_in_brackets_below_a_heading_are_part_of_the_header():
    layout = found(("Tên", "Sinh", "Nơi"), ("(chữ in hoa)", "(ngày, tháng, năm)", "xã, huyện"), ("A", 1990, "x"))

    assert (layout.last, layout.columns) == (2, {"name": 0, "born": 1, "place": 2})


@pytest.mark.parametrize("numbers", [(1, 2, 3), ("1", "2", "3"), ("(1)", "(2)", "(3)"), ("A", "B", 1), ("a", "1", "2")])
def test_a_row_that_numbers_the_columns_is_no_row(numbers):
    layout = found(HEAD, numbers, ("A", 1990, "x"))

    assert is_numbering(numbers)
    assert [number for number, _ in layout.rows()] == [3]


@pytest.mark.parametrize("row", [(1, "Lê Thị Ba", 1990), (1, 2), (1, 1, 1), ("A", "A", "B"), (1990, 1991, 1992)])
def test_other_rows_number_no_columns(row):
    assert not is_numbering(row)


def test_a_header_once_more_is_told():
    layout = found(HEAD, ("A", 1990, "x"), HEAD, ("Tên", None, "Nơi"), ("Tên", 1990, None))

    assert [layout.is_header_again(number) for number, _ in layout.rows()] == [False, True, True, False]


def test_two_columns_with_one_meaning_are_both_left_for_somebody_to_say():
    layout = found(("Tên", "Sinh", "Năm sinh"), ("A", "3/5/1990", 1990))

    assert (layout.columns, layout.doubled, layout.unknown) == ({"name": 0}, {"born": (1, 2)}, (1, 2))
    assert not layout.is_clear
    said = layout.with_mapping({1: "born", 2: ""})
    assert (said.columns, said.doubled, said.unknown) == ({"name": 0, "born": 1}, {}, (2,))
    assert said.is_clear


def test_without_a_header_the_likeliest_one_is_offered_with_what_it_lacks():
    layout = found(("DANH SÁCH",), ("Quý danh", "Sinh", "Ở đâu"), ("A", 1990, "x"), ("B", 1991, "y"))

    assert (layout.first, layout.missing, layout.columns) == (2, ("name",), {"born": 1})
    assert (layout.unknown, layout.samples(0)) == ((0, 2), ("A", "B"))
    assert layout.with_mapping({0: "name"}).missing == ()
    assert layout.with_mapping({0: "born"}).doubled == {"born": (0, 1)}


def test_every_sheet_with_a_header_is_found_and_visible_ones_come_first():
    sheets = [
        sheet(HEAD, ("A",), name="Ẩn", is_hidden=True),
        sheet(name="Trống"),
        sheet(("Tên", "Nơi"), ("B",), name="Hiện"),
        sheet(("Việc", "Ngày"), name="Khác"),
    ]

    assert [one.sheet.name for one in layouts(sheets, DEFINITIONS, must=MUST)] == ["Hiện", "Ẩn"]
    assert layouts([sheet(name="Trống")], DEFINITIONS, must=MUST) == []


def test_cells_merged_downwards_hold_what_the_uppermost_says():
    layout = found(HEAD, ("A", 1990, "x"), ("B", 1991, None), merged=((1, 2, 2, 2),))

    assert [cells["place"] for _, cells in layout.rows()] == ["x", "x"]


def test_the_signature_is_of_the_headings_and_not_of_the_rows():
    one = found(HEAD, ("A", 1990, "x"))

    assert one.signature == found(("Đầu bảng",), ("TÊN", "sinh (*)", " NOI "), ("B", 1)).signature
    assert one.signature != found(("Tên", "Nơi", "Sinh"), ("A", "x", 1990)).signature


def test_a_column_without_heading_but_with_something_in_it_is_unknown():
    assert found(HEAD, ("A", 1990, "x", None, "y")).unknown == (4,)


@settings(max_examples=100, deadline=None)
@given(
    st.permutations(range(3)), st.integers(0, 12), st.sampled_from([str.upper, str.lower, str.title]), st.integers(0, 3)
)
def test_order_of_columns_rows_above_blank_columns_and_case_change_nothing(order, above, case, blanks):
    body = [("A", 1990, "x"), (None, None, None), ("B", 1991, "y")]
    rows = [tuple(case(HEAD[place]) for place in order), *(tuple(row[place] for place in order) for row in body)]
    wide = [(*[None] * blanks, *row) for row in rows]
    layout = found(*[("Tiêu đề",)] * above, *wide)

    assert layout.is_clear
    assert [cells for _, cells in layout.rows()] == [
        {"name": "A", "born": 1990, "place": "x"},
        {"name": "B", "born": 1991, "place": "y"},
    ]


# Cells


@pytest.mark.parametrize(
    ("cell", "born", "notice"),
    [
        (date(1990, 1, 2), PartialDate(1990, 1, 2), ""),
        (1990, PartialDate(1990), ""),
        ("1990", PartialDate(1990), ""),
        ("2/1/1990", PartialDate(1990, 1, 2), ""),
        ("02.01.1990.", PartialDate(1990, 1, 2), ""),
        ("'02-01-1990", PartialDate(1990, 1, 2), ""),
        ("02011990", PartialDate(1990, 1, 2), ""),
        (27031990, PartialDate(1990, 3, 27), ""),
        ("1990-01-02 00:00:00", PartialDate(1990, 1, 2), ""),
        ("ngày 2 tháng 1 năm 1990", PartialDate(1990, 1, 2), ""),
        ("5/1993", PartialDate(1993, 5), ""),
        ("tháng 5/1993", PartialDate(1993, 5), ""),
        ("Sinh năm 1990", PartialDate(1990), ""),
        ("SN 1990", PartialDate(1990), ""),
        ("00/00/1990", PartialDate(1990), "“00/00/1990” đọc là 1990."),
        ("…/5/1990", PartialDate(1990, 5), "“…/5/1990” đọc là 5/1990."),
        ("--/--/1990", PartialDate(1990), "“--/--/1990” đọc là 1990."),
    ],
)
def test_a_day_is_read_with_the_precision_it_has(cell, born, notice):
    assert partial_of(cell, "Ngày sinh") == (born, notice)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("12/5/95", "cần năm đủ 4 chữ số"),
        (95, "cần năm đủ 4 chữ số; ô ghi số 95"),
        ("31/6/1996", "tháng 6 năm 1996 chỉ có 30 ngày. Ô ghi “31/6/1996”."),
        ("13/13/1990", "không có tháng 13"),
        (34567, "có lẽ là ngày 21/08/1994 mất định dạng"),
        (5.1993, "ô ghi số 5,1993, không phải ngày. Nếu là tháng 5 năm 1993, hãy gõ 5/1993."),
        (5.199, "tháng 5 năm 1990"),
        (34567.25, "ô ghi số 34567,25, không phải ngày"),
        (2011990, "có thể là 2/01/1990 hoặc 20/1/1990"),
        (date(1905, 6, 12), "có lẽ là năm 1990 gõ vào ô định dạng ngày"),
        (date(1899, 12, 31), "năm 1899 nằm ngoài khoảng"),
        (True, "TRUE"),
        (-5, "không phải ngày"),
        (0, "cần năm đủ 4 chữ số"),
        (123456, "không phải ngày"),
        ("không rõ", "Ô ghi “không rõ”"),
        ("11/03/1995 17:00", "Ô ghi"),
        ("1990/5/3", "phải viết ngày trước"),
        (Broken("#REF!"), "#REF!"),
    ],
)
def test_a_day_that_can_be_read_in_no_way_or_in_two_is_refused_with_what_stands_there(cell, words):
    with pytest.raises(CellError) as refusal:
        partial_of(cell, "Ngày sinh")

    assert words in str(refusal.value)


@pytest.mark.parametrize("cell", ["x", "X", " x ", "✓", "v", "V", 1, "1", True, "có", "Nữ", "nu", "×", "+"])
def test_a_tick_is_a_tick(cell):
    assert is_ticked(cell, "Nữ", "Nam")


@pytest.mark.parametrize("cell", [None, "", "-", "–", 0, "0", False, "không", "Ko", "Nam", "…"])
def test_what_says_no_is_no_tick(cell):
    assert not is_ticked(cell, "Nữ", "Nam")


@pytest.mark.parametrize("cell", [2, "abc", 1990, date(1990, 1, 1), 1.5, Broken("#N/A")])
def test_what_is_neither_is_refused(cell):
    with pytest.raises(CellError):
        is_ticked(cell, "Nữ", "Nam")


@pytest.mark.parametrize(
    ("cell", "text"), [("  a \u00a0 b\u200b ", "a b"), (5, "5"), (5.0, "5"), (5.25, "5,25"), (None, ""), ("Hòa", "Hòa")]
)
def test_text_is_what_stands_there(cell, text):
    assert text_of(cell) == text


@pytest.mark.parametrize("cell", [True, date(2024, 5, 3), Broken("#NAME?")])
def test_what_excel_made_of_a_text_is_refused(cell):
    with pytest.raises(CellError):
        text_of(cell)


@pytest.mark.parametrize("cell", [None, "", "-", "–", "…", "...", " . ", "__"])
def test_a_dash_stands_for_nothing(cell):
    assert is_nothing(cell)


@pytest.mark.parametrize(
    "cell", ["nt", "NT", "n/t", "-nt-", "như trên", "Như trên", "-//-", "//", '"', "''", "”", "nt."]
)
def test_ditto_marks_mean_the_cell_above(cell):
    assert is_same_as_above(cell)


@pytest.mark.parametrize("cell", [None, "", "nt1", "Nguyễn", "/", "-", 5, date(2024, 1, 1)])
def test_other_cells_do_not(cell):
    assert not is_same_as_above(cell)


def test_a_day_and_its_month_change_places_only_where_that_is_another_day():
    assert both_ways(date(1995, 3, 12)) == (date(1995, 3, 12), date(1995, 12, 3))
    assert both_ways(date(1995, 3, 13)) is None
    assert both_ways(date(1995, 3, 3)) is None
