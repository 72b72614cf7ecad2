"""Lists of people as communes keep them: who is read in which row, what is asked, what is left out and named."""

import random
from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from candidates.people_file import PeopleList, PersonRow, read_people
from candidates.people_lines import Line
from candidates.people_resource import definitions, people_layouts
from organizations.imports.table import Layout
from vuthu_recruit import spreadsheet
from vuthu_recruit.dates import PartialDate
from vuthu_recruit.spreadsheet import Broken, Sheet

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "danh-sach-nguon-xa.xlsx"
TODAY = date(2024, 11, 18)
NU, NAM = "female", "male"


def layout_of(*rows, merged=(), **values) -> Layout:
    width = max(map(len, rows))
    cells = tuple((*row, *[None] * (width - len(row))) for row in rows)
    return people_layouts([Sheet("Nguồn", cells, merged=merged, **values)])[0]


def people(*rows, **values) -> PeopleList:
    return read_people(layout_of(*rows, **values), today=TODAY)


def one(**cells) -> PersonRow:
    """A row with these cells beside a name and a sex; _ in a heading is a space."""
    usual = {"Họ và tên": "Lê Thị Ba", "Giới tính": "Nữ"}
    values = usual | {key.replace("_", " "): value for key, value in cells.items()}
    return people(tuple(values), tuple(values.values())).rows[0]


def blocking(row: PersonRow) -> list[tuple[str, str]]:
    return [(note.column, note.message) for note in row.notes if note.blocks]


def notices(row: PersonRow) -> list[str]:
    return [note.message for note in row.notes if not note.blocks]


def names(found: PeopleList) -> list[str]:
    return [row.values.get("full_name") for row in found.rows]


def texts(found: PeopleList) -> list[str]:
    return [row.text for row in found.left_out]


# The sample, row by row as its README tells


def born(*parts) -> PartialDate:
    return PartialDate(*parts)


HOI, NAM_SON, TRUNG = "Chi bộ thôn Hội", "Chi bộ thôn Nam Sơn", "Chi bộ thôn Trung"
SCHOOL, ARMY = "Chi bộ Trường THCS Song Lãng", "Chi bộ Quân sự xã"
ROWS = [
    # row, name, sex, birth, group above, own cell, identity number
    (10, "Nguyễn Thị Hòa", NU, born(1995, 3, 12), HOI, "CB thôn Hội", "000195104482"),
    (11, "Trần Văn Đức", NAM, born(1991, 9, 7), HOI, "CB thôn Hội", "000091220417"),
    (12, "Phạm Thị Thúy Hường", NU, born(1998, 2, 15), HOI, "CB thôn Hội", "000198330915"),
    (13, "Bùi Quang Hoàn", NAM, born(1988), HOI, "CB thôn Hội", "000088015523"),
    (14, "Lê Minh Tuấn", NAM, born(2001, 11, 5), HOI, "CB thôn Hội", "000201118204"),
    (15, "Vũ Thị Ngân", NU, born(1993, 5), HOI, "CB thôn Hội", None),
    (18, "Đỗ Văn Toàn", NAM, born(1985, 4, 30), NAM_SON, "CB thôn Nam Sơn", "000085441760"),
    (19, "Hoàng Thị Thu Thủy", NU, born(1996, 8, 20), NAM_SON, "CB thôn Nam Sơn", "000196207731"),
    (20, "Nguyễn Hữu Quý", NAM, None, NAM_SON, "CB thôn Nam Sơn", "000095600218"),
    (21, "Đặng Thị Oanh", NU, born(1990, 1, 1), NAM_SON, "CB thôn Nam Sơn", "000190552813"),
    (22, "Phan Đình Khải", NAM, born(1999, 12, 31), NAM_SON, "", "000099871206"),
    (25, "Mai Thị Quỳnh", NU, born(2003, 6, 2), TRUNG, "CB thôn Trung", "000303410022"),
    (26, "Tạ Công Thành", NAM, None, TRUNG, "CB thôn Trung", "000096118833"),
    (27, "Ngô Thị Diệu Linh", NU, born(1997, 10, 9), TRUNG, "CB Trường THCS", "000197700145"),
    (28, "Lương Văn Thắng", NAM, born(1990, 1, 2), TRUNG, "CB thôn Trung", "000090313377"),
    (29, "Trịnh Xuân Hoàng", NAM, born(1979), TRUNG, "CB thôn Trung", None),
    (30, "Đinh Thị Hoà", NU, born(1994, 7, 22), TRUNG, "CB thôn Trung", "000194826610"),
    (33, "Nguyễn Thị Thanh Huyền", NU, born(1992, 10, 9), SCHOOL, "Chi bộ Trường THCS", "000192514009"),
    (34, "Dương Đức Long", NAM, born(1993, 8, 18), SCHOOL, "Chi bộ Trường THCS", "000093200571"),
    (35, "Ngô Thị Diệu Linh", NU, born(1997, 10, 9), SCHOOL, "Chi bộ Trường THCS", "000197700145"),
    (38, "Đoàn Văn Hiệp", NAM, born(2002, 2, 28), ARMY, "CB Quân sự", "000202700316"),
    (39, "LÊ QUỐC VIỆT", NAM, born(2000, 8), ARMY, "CB Quân sự", "000200918254"),
    (40, "Cao Bá Dũng", NAM, born(1997, 11, 20), ARMY, "CB Quân sự", "000097664120"),
]
JOINED = {
    10: born(2010, 3, 26), 11: born(2007, 3, 26), 12: born(2013, 3), 14: born(2016, 3, 26), 18: born(2000),
    19: born(2011, 5, 19), 22: born(2014, 3, 26), 25: born(2018, 3, 26), 27: born(2012, 10), 33: born(2007, 3, 26),
    35: born(2012, 10), 38: born(2017, 3, 26), 40: born(2012, 3, 26),
}  # fmt: skip


def sample_in(ending: str) -> PeopleList:
    path = SAMPLE.with_suffix(ending)
    sheets = spreadsheet.read(path.read_bytes(), path.name)
    return read_people(people_layouts(sheets)[0], today=TODAY)


@pytest.fixture(scope="module")
def sample():
    return sample_in(".xlsx")


def test_every_row_of_the_sample_is_read_as_a_careful_person_reads_it(sample):
    found = [
        (row.number, row.values["full_name"], row.values["sex"], row.values.get("birth"), row.group, row.branch,
         row.values.get("identity_number"))
        for row in sample.rows
    ]  # fmt: skip

    assert found == ROWS
    assert Counter(row.values["sex"] for row in sample.rows) == {NU: 10, NAM: 13}
    precisions = Counter(row.values["birth"].precision if "birth" in row.values else "asked" for row in sample.rows)
    assert precisions == {"day": 17, "month": 2, "year": 2, "asked": 2}
    assert {row.number: row.values.get("youth_union_joined") for row in sample.rows} == {
        number: JOINED.get(number) for number, *_ in ROWS
    }
    assert {row.values["ethnicity"] for row in sample.rows} == {"Kinh"}


def test_what_is_wrong_in_the_sample_is_said_at_its_cells_and_nothing_else_is(sample):
    assert {row.number: blocking(row) for row in sample.rows if row.is_wrong} == {
        20: [("birth_male", "Ngày sinh cần năm đủ 4 chữ số. Ví dụ: 27/3/1990. Ô ghi “12/5/95”.")],
        26: [
            ("birth_male", "Ngày sinh không có thật: tháng 6 năm 1996 chỉ có 30 ngày. Ô ghi “31/6/1996”."),
        ],
        29: [("identity_number", "Số định danh cần 12 chữ số (hoặc 9 chữ số); ở đây có 6 chữ số.")],
    }


def test_zeros_put_back_and_spaces_taken_out_of_numbers_are_told(sample):
    told = {
        row.number: note.message
        for row in sample.rows
        for note in row.notes
        if note.column == "identity_number" and not note.blocks
    }

    assert told.keys() == {11, 14, 21, 38, 40}
    assert told[11] == "Số 91220417 đọc là 000091220417: Excel đã bỏ các số 0 ở đầu."
    assert "nếu là số chứng minh nhân dân 9 số, hãy đổi ô sang dạng chữ" in told[14]
    assert told[40] == "“000 097 664 120” đọc là “000097664120”."


def test_what_the_sample_says_of_learning_and_groups_is_read_with_notices(sample):
    rows = {row.number: row for row in sample.rows}

    assert [rows[number].values.get("qualification") for number in (10, 12, 14, 22, 25, 35)] == [
        "college", "intermediate", "university", "college", None, "university",
    ]  # fmt: skip
    assert "“Cao đẳng Mầm non” đọc là “Cao đẳng”." in notices(rows[10])
    assert "“Sinh viên”: chưa phải trình độ chuyên môn đã có, không ghi vào hồ sơ." in notices(rows[25])
    assert [rows[number].values["education"] for number in (10, 13)] == ["upper_secondary", "lower_secondary"]
    assert [rows[number].values.get("priority_groups") for number in (11, 13, 14, 15, 18, 19, 21)] == [
        ["village_head"], ["demobilised"], ["militia"], ["body_leader"], ["commune_police"], None, ["private_sector"],
    ]  # fmt: skip
    assert rows[10].values["is_youth_union_member"] is True
    assert "“Lao động HTX” không phải đối tượng ưu tiên của kế hoạch: không ghi vào hồ sơ." in notices(rows[19])
    assert rows[12].values["religion"] == "catholic"
    assert rows[10].values["job"] == "Giáo viên mầm non"


def test_what_is_no_person_in_the_sample_is_named(sample):
    kinds = {row.number: row.kind for row in sample.left_out}

    assert [number for number, kind in kinds.items() if kind == Line.GROUP] == [9, 17, 24, 32, 37]
    assert [number for number, kind in kinds.items() if kind == Line.TOTAL] == [16, 23, 31, 36, 41, 42]
    assert [number for number, kind in kinds.items() if kind == Line.REMARK] == [44, 45, 47]
    assert "NGƯỜI LẬP BIỂU · T/M ĐẢNG ỦY PHÓ BÍ THƯ" in texts(sample)
    assert [group.text for group in sample.groups][3:] == [f"IV. {SCHOOL}", f"V. {ARMY}"]
    assert sample.not_stored == ("STT", "Ghi chú")


@pytest.mark.parametrize("ending", [".xls", ".ods"])
def test_the_sample_reads_the_same_in_every_kind_of_file(ending, sample):
    found = sample_in(ending)

    assert (found.rows, found.left_out, found.groups) == (sample.rows, sample.left_out, sample.groups)


# Other ways to keep a list


def test_a_header_on_the_first_row_without_order():
    found = people(("Họ tên", "Năm sinh", "Giới tính"), ("Lê Thị Ba", 1990, "Nữ"), ("Lê Văn Tư", "5/1991", "nam"))

    assert [(row.values["full_name"], row.values["birth"], row.values["sex"]) for row in found.rows] == [
        ("Lê Thị Ba", born(1990), NU),
        ("Lê Văn Tư", born(1991, 5), NAM),
    ]


def test_a_header_on_the_fifteenth_row_under_titles():
    above = [("ĐẢNG BỘ HUYỆN VŨ THƯ", None, "ĐẢNG CỘNG SẢN VIỆT NAM"), ("Họ tên người lập: Lê Văn Ký",), ()] * 5
    found = people(*above[:14], ("TT", "Họ và tên", "Nam, nữ"), (1, "Lê Thị Ba", "Nữ"))

    assert names(found) == ["Lê Thị Ba"]


@pytest.mark.parametrize(
    ("head", "merged"),
    [
        (("STT", "Họ và tên đệm", "Tên", "Nam/Nữ"), ()),
        (("STT", "Họ đệm", "Tên", "Giới tính"), ()),
        (("STT", "Họ", "TÊN", "Phái"), ()),
        (("STT", "Họ và tên", None, "Giới tính"), ((0, 1, 0, 2),)),
    ],
)
def test_a_name_in_two_columns_is_one_name(head, merged):
    found = people(
        head, (1, "Nguyễn Thị", "Hòa", "Nữ"), (2, None, "Bình", "Nam"), (3, "Lê", None, "Nam"), merged=merged
    )

    assert names(found) == ["Nguyễn Thị Hòa", None, None]
    assert [blocking(row) for row in found.rows[1:]] == [
        [("family_name", "Thiếu họ hoặc tên: cần ghi cả hai cột.")],
        [("given_name", "Thiếu họ hoặc tên: cần ghi cả hai cột.")],
    ]


def test_a_name_split_under_one_heading_of_two_rows():
    head = (("TT", "Họ và tên", None, "Ngày sinh"), (None, "Họ và tên đệm", "Tên", None))
    found = people(*head, (1, "Nguyễn Thị", "Hòa", "1/2/1990"), merged=((0, 1, 0, 2), (0, 0, 1, 0), (0, 3, 1, 3)))

    assert (names(found), found.left_out) == (["Nguyễn Thị Hòa"], ())


def test_a_birth_in_three_columns():
    head = (("Họ và tên", "Ngày sinh", None, None), (None, "Ngày", "Tháng", "Năm"))
    found = people(
        *head,
        ("A Ba", 2, 1, 1990), ("B Tư", None, 5, 1991), ("C Năm", None, None, "1992"), ("D Sáu", "00", "0", 1993),
        ("E Bảy", 31, 6, 1990), ("G Tám", 1, 1, 90), ("H Chín", 3, None, 1990), ("K Mười", 1, 13, 1990),
    )  # fmt: skip

    births = [born(1990, 1, 2), born(1991, 5), born(1992), born(1993)]
    assert [row.values.get("birth") for row in found.rows] == [*births, None, None, None, None]
    assert [blocking(row)[0][0] for row in found.rows[4:]] == ["birth_day", "birth_year", "birth_month", "birth_month"]


def test_a_birth_in_three_columns_headed_each():
    found = people(("Họ tên", "Ngày sinh", "Tháng sinh", "Năm sinh"), ("A Ba", 2, 1, 1990))

    assert found.rows[0].values["birth"] == born(1990, 1, 2)


@pytest.mark.parametrize("tick", ["x", "X", 1, "✓", "v", "1", True])
@pytest.mark.parametrize("head", [(("Họ tên", "Nam", "Nữ"),), (("Họ tên", "Giới tính", None), (None, "Nam", "Nữ"))])
def test_the_sex_told_by_ticks(head, tick):
    found = people(*head, ("A Ba", tick, None), ("B Tư", None, tick), ("C Năm", tick, tick), ("D Sáu", None, "?"))

    assert [row.values.get("sex") for row in found.rows] == [NAM, NU, None, None]
    assert blocking(found.rows[2]) == [("female", "Cả hai cột Nam và Nữ đều có ghi: chỉ ghi một cột.")]
    assert blocking(found.rows[3])[0][0] == "female"


def test_days_in_columns_of_men_and_women_without_a_heading_above():
    found = people(("Họ tên", "Nam", "Nữ"), ("A Ba", "2/1/1990", None), ("B Tư", None, 1991))

    assert [(row.values["sex"], row.values["birth"]) for row in found.rows] == [
        (NAM, born(1990, 1, 2)),
        (NU, born(1991)),
    ]


def test_one_column_for_women_leaves_the_others_men():
    rows = [("A Ba", "x", 1990), ("B Tư", None, 1990), ("C Năm", "không", 1990), ("D Sáu", "??", 1990)]
    found = people(("Họ tên", "Nữ", "Năm sinh"), *rows)
    nobody = people(("Họ tên", "Nữ", "Năm sinh"), ("A Ba", None, 1990))

    assert [row.values.get("sex") for row in found.rows] == [NU, NAM, NAM, None]
    assert "sex" not in nobody.rows[0].values  # an empty column says nothing of anybody


@pytest.mark.parametrize(
    "change", [str.upper, str.title, lambda text: text.replace(" ", "\n"), lambda text: f" {text} (*)"]
)
def test_headings_in_capitals_with_line_breaks_and_stars(change):
    head = tuple(map(change, ("Số thứ tự", "Họ và tên", "Ngày tháng năm sinh", "Số căn cước công dân", "Chi bộ")))
    found = people(head, (1, "A Ba", "2/1/1990", "000195104482", "CB thôn Hội"))

    assert found.rows[0].values == {"full_name": "A Ba", "birth": born(1990, 1, 2), "identity_number": "000195104482"}
    assert found.rows[0].branch == "CB thôn Hội"


def test_headings_in_decomposed_letters():
    import unicodedata

    head = tuple(unicodedata.normalize("NFD", text) for text in ("Họ và tên", "Giới tính", "Quê quán"))

    assert people(head, ("A Ba", "Nữ", "Song Lãng")).rows[0].values["home_town"] == "Song Lãng"


def test_unit_and_branch_have_their_columns():
    found = people(("Họ tên", "Đảng bộ", "Chi bộ", "Giới tính"), ("A Ba", "Đảng bộ xã Hồng Lý", "CB thôn Hội", "Nữ"))

    assert (found.rows[0].unit, found.rows[0].branch) == ("Đảng bộ xã Hồng Lý", "CB thôn Hội")
    assert "unit" not in found.rows[0].values


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ((None, "Chi bộ thôn Trung:"), "Chi bộ thôn Trung"),
        ((None, "1. CB thôn A (5 người)"), "CB thôn A"),
        (("I", "Chi bộ thôn Hội"), "Chi bộ thôn Hội"),
        (("I", "Quân sự xã"), "Quân sự xã"),
        (("II.", "Trạm y tế: 05 đ/c"), "Trạm y tế"),
        (("A", "KHỐI THÔN"), "KHỐI THÔN"),
        (("I. Chi bộ thôn Hội", None), "Chi bộ thôn Hội"),
        (("Quân sự xã", None), "Quân sự xã"),
        ((None, "II. Quân sự xã"), "Quân sự xã"),
        ((1, "Chi bộ thôn Hội"), "Chi bộ thôn Hội"),
        (("I", "Chi bộ thôn Hội", 3, None, 2), "Chi bộ thôn Hội"),
        ((None, "Thôn Hội - 3 người"), "Thôn Hội"),
        ((None, "CHI BO THON HOI"), "CHI BO THON HOI"),
        ((None, None, "Chi bộ thôn Hội"), "Chi bộ thôn Hội"),
        ((None, "Trường THCS Song Lãng"), "Trường THCS Song Lãng"),
    ],
)
def test_groups_name_the_branch_of_what_follows(group, name):
    head = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Học vấn")
    found = people(head, (1, "A Ba", 1990, "Nữ"), group, (1, "B Tư", 1991, "Nam"), (2, "C Năm", 1991, "Nam"))

    assert [row.group for row in found.rows] == ["", name, name]
    assert [row.number for row in found.left_out] == [3]


def test_a_group_merged_across_the_table_needs_no_other_sign():
    rows = (("Họ và tên", "Giới tính"), ("Quân sự", None), ("A Ba", "Nữ"))

    assert people(*rows, merged=((1, 0, 1, 1),)).rows[0].group == "Quân sự"


def test_a_group_that_is_a_party_committee_names_the_unit():
    rows = [
        ("A. Đảng bộ xã Hồng Lý",),
        ("I. Chi bộ thôn Hội",),
        (1, "A Ba", 1990),
        ("B. Đảng bộ xã Song An",),
        (1, "B Tư", 1990),
    ]
    found = people(("TT", "Họ tên", "Năm sinh"), *rows)

    assert [(row.unit, row.group) for row in found.rows] == [
        ("Đảng bộ xã Hồng Lý", "Chi bộ thôn Hội"),
        ("Đảng bộ xã Song An", ""),
    ]


@pytest.mark.parametrize(
    "name",
    ["Đoàn Văn Hiệp", "Tống Thị Ba", "Công Văn Tư", "Trương Thị Năm", "Hội Văn Sáu", "Lưu Văn Bảy", "Tông Văn A"],
)
@pytest.mark.parametrize("order", [1, None])
def test_families_called_like_groups_and_totals_are_people(name, order):
    found = people(("STT", "Họ và tên", "Ngày sinh", "Nơi ở"), (order, name, 1990), (order, name, None, "Thôn Hội"))

    assert names(found) == [name, name]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ((None, "Cộng: 06 người"), Line.TOTAL),
        (("Tổng cộng", None, 12, 5), Line.TOTAL),
        ((None, "Tổng số: 23 quần chúng"), Line.TOTAL),
        ((None, "CỘNG"), Line.TOTAL),
        ((None, "Cộng chi bộ thôn Hội", 5), Line.TOTAL),
        (("Ghi chú: đã rà soát",), Line.REMARK),
        ((None, "NGƯỜI LẬP BIỂU", None, "T/M ĐẢNG ỦY"), Line.REMARK),
        ((None, None, None, "Song Lãng, ngày 15 tháng 01 năm 2024"), Line.REMARK),
        ((None, None, "Vũ Thư, ngày 15/1/2024"), Line.REMARK),
        ((None, None, "T/M ĐẢNG ỦY"), Line.REMARK),
        (("NGƯỜI LẬP", None, None, "PHÓ BÍ THƯ"), Line.REMARK),
        (("STT", "Họ và tên", "Năm sinh", "Quê quán"), Line.HEADER),
        ((1, 2, 3, 4), Line.HEADER),
        ((7, None, None, None), Line.OTHER),
        ((None, None, 12, 11), Line.OTHER),
        ((None, "Nam: 13, Nữ: 10"), Line.TOTAL),
        ((None, "* Những người đã học lớp nhận thức thì in đậm"), Line.OTHER),
        ((None, "Tổng hợp: 23 người, 13 nam"), Line.OTHER),
        ((None, "Lập ngày 15/01/2024"), Line.REMARK),
    ],
)
def test_rows_that_are_no_people_are_left_out_and_named(row, kind):
    head = ("STT", "Họ và tên", "Năm sinh", "Quê quán")
    found = people(head, (1, "A Ba", 1990), row, (2, "B Tư", 1991))

    assert [(one.number, one.kind) for one in found.left_out] == [(3, kind)]
    assert names(found) == ["A Ba", "B Tư"]


def test_who_signed_is_no_person_but_who_comes_after_with_a_birth_is():
    found = people(
        ("STT", "Họ và tên", "Năm sinh", "Nghề nghiệp"),
        (1, "A Ba", 1990),
        (None, "NGƯỜI LẬP BIỂU", None, "BÍ THƯ"),
        (None, "Nguyễn Văn Ký", None, "Trần Văn Duyệt"),
        (None, "Phạm Thị Lập"),
        (2, "B Tư", 1991),
    )

    assert names(found) == ["A Ba", "B Tư"]
    assert texts(found)[1:] == ["Nguyễn Văn Ký · Trần Văn Duyệt", "Phạm Thị Lập"]


def test_rows_that_number_columns_and_headers_of_new_pages_are_no_people():
    head = (("STT", "Họ và tên", "Ngày sinh", None, "Trình độ", None), (None, None, "Nam", "Nữ", "Học vấn", "LLCT"))
    rows = [("1", "2", "3", "4", "5", "6"), (1, "A Ba", 1990), *head, (1, 2, 3, 4, 5, 6), (2, "B Tư", None, 1991)]
    found = people(*head, *rows)

    assert [(row.values["full_name"], row.values["sex"]) for row in found.rows] == [("A Ba", NAM), ("B Tư", NU)]
    assert [one.kind for one in found.left_out] == [Line.HEADER] * 3


def test_a_name_and_nothing_else_is_asked_about():
    found = people(("Họ và tên",), ("Lê Thị Ba",), ("Lê Văn Tư",))

    assert names(found) == ["Lê Thị Ba", "Lê Văn Tư"]
    assert all("chỉ có họ và tên" in message for row in found.rows for _, message in blocking(row))


def test_a_row_without_a_name_is_asked_about():
    found = people(("STT", "Họ và tên", "Ngày sinh", "Dân tộc"), (1, None, 1990), (2, None, None, "Kinh"))

    assert [blocking(row) for row in found.rows] == [[("full_name", "Thiếu họ và tên.")]] * 2


def test_like_above_takes_the_cell_above_but_never_a_name_a_birth_or_a_number():
    found = people(
        ("Họ tên", "Ngày sinh", "Nơi ở", "Chi bộ", "Số CCCD", "Dân tộc"),
        ("A Ba", 1990, "Thôn Hội", "CB thôn Hội", "000195104482", "Kinh"),
        ("B Tư", 1991, "nt", "-nt-", None, "như trên"),
        ("C Năm", "nt", '"', "//", "nt", "Mường"),
        ("D Sáu", 1992, None, None, None, None),
        ("E Bảy", 1992, "nt", None, None, None),
    )

    assert [row.values.get("residence") for row in found.rows] == ["Thôn Hội"] * 3 + [None, None]
    assert [row.branch for row in found.rows] == ["CB thôn Hội"] * 3 + ["", ""]
    assert blocking(found.rows[2]) == [
        ("birth", "“nt” không dùng được cho ngày sinh: hãy ghi rõ."),
        ("identity_number", "“nt” không dùng được cho số định danh: hãy ghi rõ."),
    ]
    assert blocking(found.rows[4]) == [("residence", "“nt” nhưng dòng trên không có nơi ở hiện nay.")]


def test_a_cell_merged_over_several_people_is_of_each():
    rows = (("Họ tên", "Chi bộ", "Năm sinh"), ("A Ba", "CB thôn Hội", 1990), ("B Tư", None, 1991))

    assert [row.branch for row in people(*rows, merged=((1, 1, 2, 1),)).rows] == ["CB thôn Hội"] * 2


def test_one_person_in_two_rows_is_one_person():
    rows = (
        ("Họ tên", "Năm sinh", "Nơi ở"),
        ("A Ba", 1990, "Thôn Hội"),
        (None, None, "Song Lãng"),
        ("B Tư", 1991, "Thôn Trung"),
    )
    found = people(*rows, merged=((1, 0, 2, 0), (1, 1, 2, 1)))

    assert names(found) == ["A Ba", "B Tư"]
    assert texts(found) == ["Song Lãng"]


def test_below_another_header_every_row_is_asked_about():
    found = people(
        ("STT", "Họ và tên", "Năm sinh", "Nơi ở"),
        (1, "A Ba", 1990, "Thôn Hội"),
        ("STT", "Họ và tên", "Năm vào Đoàn", "Chức vụ"),
        (1, "B Tư", 2005, "Bí thư chi đoàn"),
    )

    assert [row.is_wrong for row in found.rows] == [False, True]
    assert "ở dòng 3, có dòng tiêu đề khác" in blocking(found.rows[1])[0][1]
    assert [one.kind for one in found.left_out] == [Line.HEADER]


def test_all_that_is_wrong_with_a_row_is_said_at_once_at_its_columns():
    row = one(
        Họ_và_tên="=1+1", Ngày_sinh="31/2/1990", Số_CCCD="123", Điện_thoại="12", Dân_tộc="Kính thưa", Tôn_giáo="có",
        Quê_quán="<b>", Nghề_nghiệp="x" * 121, Ngày_vào_Đoàn="1/1/25", Ngày_đưa_vào_nguồn="2024", Giới_tính="?",
        Mã_hồ_sơ="QC-1",
    )  # fmt: skip

    assert {column for column, _ in blocking(row)} == {
        *("full_name", "birth", "identity_number", "phone", "ethnicity", "religion", "home_town", "job"),
        *("youth_union_joined", "entered_on", "sex", "record_key"),
    }
    assert row.values == {}


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"Ngày sinh": "1/1/2030"}, "birth", "Ngày sinh 01/01/2030 chưa đến."),
        ({"Ngày sinh": 1920}, "birth", "Ngày sinh 1920 không hợp lý: người này sẽ hơn 100 tuổi."),
        (
            {"Ngày sinh": 1990, "Ngày vào Đoàn": 1989},
            "youth_union_joined",
            "Ngày vào Đoàn 1989 trước ngày sinh 1990.",
        ),
        ({"Ngày vào Đoàn": "12/2024"}, "youth_union_joined", "Ngày vào Đoàn 12/2024 chưa đến."),
        ({"Ngày đưa vào nguồn": "19/11/2024"}, "entered_on", "Ngày đưa vào nguồn 19/11/2024 chưa đến."),
        (
            {"Ngày đưa vào nguồn": "5/2024"},
            "entered_on",
            "Ngày đưa vào nguồn cần đủ ngày, tháng và năm; ô ghi “5/2024”.",
        ),
        (
            {"Quê quán": Broken("#REF!")},
            "home_town",
            "Ô báo lỗi #REF! hoặc công thức chưa có kết quả. Hãy gõ lại nội dung vào ô.",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_said_as_in_the_form(cells, column, message):
    row = one(**cells)

    assert blocking(row) == [(column, message)]
    assert column not in row.values


def test_a_sex_or_a_birth_told_twice_and_differently_is_asked():
    head = ("Họ tên", "Giới tính", "Nam", "Nữ", "Năm sinh")
    found = people(
        head, ("A Ba", "Nữ", "x", None, 1990), ("B Tư", "Nam", "2/1/1990", None, 1991), ("C", "Nữ", None, 1, 1990)
    )

    assert blocking(found.rows[0]) == [("sex", "Giới tính ghi ở hai cột không giống nhau.")]
    assert blocking(found.rows[1])[0][1] == "Ngày sinh ghi ở hai cột không giống nhau: 1991 và 02/01/1990."
    assert found.rows[2].values["sex"] == NU


def test_days_that_excel_took_for_months_are_asked_with_both_readings():
    head = ("Họ tên", "Ngày sinh", "Ngày vào Đoàn")
    texts_after_the_twelfth = [("A Ba", f"{day}/5/1990", date(2010, 3, 26)) for day in (13, 20, 31)]
    rows = [("B Tư", date(1995, 3, 12), date(2010, 3, 5)), ("C Năm", date(1995, 4, 4), None), ("D Sáu", 1990, None)]
    found = people(head, *texts_after_the_twelfth, *rows)

    assert blocking(found.rows[3]) == [
        (
            "birth",
            "Ngày sinh có thể là 12/03/1995 hoặc 03/12/1995: các ngày khác trong cột cho thấy Excel đã đổi chỗ ngày và "
            "tháng. Hãy gõ lại ngày này dạng chữ.",
        )
    ]
    assert found.rows[3].values["youth_union_joined"] == born(2010, 3, 5)  # that column has a real 26th
    assert [row.values["birth"] for row in found.rows[4:]] == [born(1995, 4, 4), born(1990)]


@pytest.mark.parametrize(
    "others",
    [
        [("A", "13/5/1990"), ("B", "20/5/1990")],  # too few
        [("A", "13/5/1990"), ("B", "20/5/1990"), ("C", "31/5/1990"), ("D", "5/5/1990")],  # one was left as text
        [("A", "13/5/1990"), ("B", "20/5/1990"), ("C", "31/5/1990"), ("D", date(1990, 5, 20))],  # a real 20th
        [("A", 1990), ("B", "5/1990"), ("C", "1990")],
    ],
)
def test_without_that_evidence_real_days_are_taken(others):
    found = people(("Họ tên", "Ngày sinh"), *others, ("Z Ba", date(1995, 3, 12)))

    assert found.rows[-1].values["birth"] == born(1995, 3, 12)


def test_a_name_with_its_number_or_title_is_read_without_and_said():
    head = ("Họ và tên", "Giới tính")
    found = people(head, ("1. Lê Thị Ba", "Nữ"), ("Đ/c Lê Văn Tư", "Nam"), ("Lê  Thị   NĂM ", "Nữ"))

    assert names(found) == ["Lê Thị Ba", "Lê Văn Tư", "Lê Thị NĂM"]
    assert notices(found.rows[0]) == ["“1. Lê Thị Ba” đọc là “Lê Thị Ba”."]


def test_work_and_position_are_one_text_and_only_plain_words_are_an_occupation():
    head = ("Họ tên", "Giới tính", "Nghề nghiệp", "Chức vụ")
    rows = [
        ("A Ba", "Nữ", "Làm ruộng", "Tổ trưởng"),
        ("B Tư", "Nam", "Công nhân", None),
        ("C Năm", "Nam", None, "Tổ phó"),
    ]
    found = people(head, *rows)

    assert [row.values.get("job") for row in found.rows] == ["Làm ruộng, Tổ trưởng", "Công nhân", "Tổ phó"]
    assert [row.values.get("occupation") for row in found.rows] == ["farmer", None, None]
    assert "Nhóm nghề nghiệp đọc là “Nông dân”." in notices(found.rows[0])


def test_a_number_that_does_not_fit_sex_and_birth_is_for_a_second_look():
    row = one(Ngày_sinh=1990, Số_CCCD="000095104482")

    assert len(notices(row)) == 2
    assert not row.is_wrong


def test_which_cells_were_empty_is_told_and_nothing_is_said_of_columns_the_list_has_not():
    row = one(Quê_quán=None, Nơi_ở="–")

    assert row.empty == {"home_town", "residence"}
    assert row.values == {"full_name": "Lê Thị Ba", "sex": NU}


def test_the_key_of_a_record_comes_back():
    assert one(Mã_hồ_sơ="QC-1234-7").record_key == (1234, 7)
    assert one(Mã_hồ_sơ=None).record_key is None
    assert blocking(one(Mã_hồ_sơ="1234")) == [
        ("record_key", "Mã hồ sơ “1234” không đúng. Không sửa cột này; người mới thì để trống.")
    ]


def test_hidden_rows_are_read_and_hidden_sheets_come_last():
    book = openpyxl.Workbook()
    book.active.title = "Ẩn"
    book.active.sheet_state = "hidden"
    book.active.append(["Họ và tên", "Giới tính"])
    shown = book.create_sheet("Nguồn")
    for row in (["Họ và tên", "Giới tính"], ["Lê Thị Ba", "Nữ"], ["Lê Văn Tư", "Nam"]):
        shown.append(row)
    shown.row_dimensions[2].hidden = True
    out = BytesIO()
    book.save(out)
    found = people_layouts(spreadsheet.read(out.getvalue(), "a.xlsx"))

    assert [(one.sheet.name, one.sheet.is_hidden) for one in found] == [("Nguồn", False), ("Ẩn", True)]
    assert names(read_people(found[0], today=TODAY)) == ["Lê Thị Ba", "Lê Văn Tư"]


def test_a_list_that_nobody_has_is_empty():
    assert people(("Họ và tên", "Giới tính")).rows == ()


def test_numbers_of_people_are_not_shown_by_accident():
    assert "000195104482" not in repr(one(Số_CCCD="000195104482"))


# What changes nothing


HEAD = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Chi bộ", "Đối tượng")
NAMES = ("Lê Thị Ba", "LÊ VĂN TƯ", "Đoàn Văn Năm", None)
BIRTHS = (date(1995, 3, 12), "12/5/95", 1990, "5/1990", None, 34567)
LINES = st.one_of(
    st.tuples(
        st.integers(1, 99), st.sampled_from(NAMES), st.sampled_from(BIRTHS), st.sampled_from(("Nam", "Nữ", "?", None)),
        st.sampled_from(("000195104482", 95104482, "123", None)), st.sampled_from(("CB thôn Hội", "nt", None)),
        st.sampled_from(("Dân quân", "Giáo viên; Đoàn viên", None)),
    ),
    st.sampled_from([(None, "Cộng: 06 người"), (None, "II. Chi bộ thôn Trung"), (None, "Ghi chú: x"), HEAD]).map(
        lambda row: (*row, *[None] * (len(HEAD) - len(row)))
    ),
)  # fmt: skip


def said(found: PeopleList) -> list:
    return [
        (row.values, sorted(row.notes, key=repr), row.branch, row.group, row.empty - {"order"}) for row in found.rows
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(LINES, max_size=8), st.integers(), st.integers(0, 3), st.sampled_from([str.upper, str.lower, str.title])
)
def test_order_of_columns_blank_columns_blank_rows_and_case_of_headings_change_nothing(rows, seed, blanks, case):
    shuffler = random.Random(seed)
    order = list(range(len(HEAD)))
    shuffler.shuffle(order)
    moved = [[row[place] for place in order] for row in (HEAD, *rows)]
    moved[0] = list(map(case, moved[0]))
    for _ in range(blanks):
        place = shuffler.randrange(len(moved[0]) + 1)
        for row in moved:
            row.insert(place, None)
        moved.insert(shuffler.randrange(1, len(moved) + 1), [None] * len(moved[0]))
    plain, changed = people(HEAD, *rows), people(*map(tuple, moved))

    assert said(changed) == said(plain)
    assert [one.kind for one in changed.left_out] == [one.kind for one in plain.left_out]
    read = sum(any(cell is not None for cell in row) for row in rows)
    assert len(plain.rows) + len(plain.left_out) == read  # nothing is dropped in silence


ANYTHING = st.one_of(
    st.none(), st.text(max_size=12), st.integers(-(10**15), 10**15), st.integers(0, 3000), st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False), st.dates(date(1899, 12, 30), date(2150, 1, 1)),
    st.builds(Broken, st.sampled_from(("#REF!", "#N/A"))), st.sampled_from(("nt", "x", "12/12", "Lê Thị Ba", "-")),
)  # fmt: skip
KNOWN = [one for one in definitions() if one.key not in ("male", "female", "birth_day", "birth_month", "birth_year")]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(ANYTHING, min_size=len(KNOWN), max_size=len(KNOWN)), min_size=1, max_size=4))
def test_whatever_stands_in_the_cells_every_row_is_answered_for(rows):
    head = tuple(one.label for one in KNOWN)
    found = people(head, *map(tuple, rows))

    answered = [row.number for row in found.rows] + [row.number for row in found.left_out]
    blank = [number for number, row in enumerate(rows, 2) if all(cell is None for cell in row)]
    assert sorted([*answered, *blank]) == list(range(2, len(rows) + 2))
    for row in found.rows:
        filled = {key for key, cell in row.cells.items() if cell is not None}
        assert not row.empty & filled
        assert all(note.message.strip().endswith((".", "|", "678", "”")) for note in row.notes)
