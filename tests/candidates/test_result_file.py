"""Results from the Centre's file: what is read, whom a row means, what is shown before it counts, what is recorded."""

import io
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from candidates import result_file as rules
from candidates import result_matching as matching
from candidates.classes import Line, State
from candidates.models import Enrolment, ResultFile
from candidates.result_file import FileRow, NotAResultFile
from candidates.result_matching import Outcome, Participant, Standing, after
from organizations.models import Change
from organizations.unit_names import is_same_unit, unit_key, unit_keys
from tests import factories
from tests.tools import queries_for
from vuthu_recruit import spreadsheet
from vuthu_recruit.dates import PartialDate
from vuthu_recruit.spreadsheet import Sheet
from vuthu_recruit.vietnamese import same_name_key

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "ket-qua-lop-nhan-thuc.xlsx"
SCALE = [
    Line(1, "Xuất sắc", None, True),
    Line(2, "Giỏi", Decimal(8), True),
    Line(3, "Khá", Decimal(7), True),
    Line(4, "Trung bình", Decimal(5), True),
    Line(5, "Không đạt", Decimal(0), False),
]
OTHERS = {4: ["TB", " Đạt yêu cầu"], 5: ["KĐ"]}
GRADES = rules.grade_names((line, OTHERS.get(line.key, [])) for line in SCALE)
HEAD = ("TT", "Họ và tên", "Năm sinh", "Đơn vị", "Điểm", "Xếp loại", "Số giấy CN", "Ngày cấp", "Ghi chú")
ISSUED = date(2024, 11, 12)


def table(*rows, head=HEAD, above=0, merged=()):
    lines = [*[("Tiêu đề",)] * above, head, *rows]
    width = max(map(len, lines))
    cells = tuple((*line, *[None] * (width - len(line))) for line in lines)
    return rules.read([Sheet("Kết quả", cells, merged=merged)], GRADES)


def one(**cells) -> FileRow:
    """A row with these cells among ordinary ones."""
    usual = {"TT": 1, "Họ và tên": "Lê Thị Ba", "Năm sinh": 1990, "Đơn vị": "Đảng bộ xã Hồng Lý", "Xếp loại": "Giỏi"}
    values = usual | {key.replace("_", " "): value for key, value in cells.items()}
    return table(tuple(values.values()), head=tuple(values)).rows[0]


def said(row: FileRow) -> list[str]:
    return [problem.message for problem in row.problems]


# The sample


@pytest.fixture(scope="module")
def sample():
    return rules.read(spreadsheet.read(SAMPLE.read_bytes(), SAMPLE.name), GRADES)


def by_number(found) -> dict[int, FileRow]:
    return {row.number: row for row in found.rows}


def test_the_sample_is_read_as_a_careful_person_reads_it(sample):
    grades = [row.line.name for row in sample.rows if row.line]

    assert [row.number for row in sample.rows] == list(range(8, 28))
    assert {name: grades.count(name) for name in grades} == {"Giỏi": 7, "Khá": 8, "Trung bình": 3, "Không đạt": 1}
    assert [row.number for row in sample.rows if row.state == State.DROPPED] == [22]
    assert (sample.header, sample.left_out) == (7, (29, 31))
    numbers = [row.certificate_number for row in sample.rows if row.certificate_number]
    assert (len(numbers), len(set(numbers))) == (18, 17)
    assert {row.issued_on for row in sample.rows if row.certificate_number} == {date(2023, 8, 25)}


@pytest.mark.parametrize("ending", [".xls", ".ods"])
def test_the_sample_reads_the_same_in_every_kind_of_file(ending, sample):
    path = SAMPLE.with_suffix(ending)
    found = rules.read(spreadsheet.read(path.read_bytes(), path.name), GRADES)

    assert found.rows == sample.rows


def test_every_cell_to_notice_in_the_sample_is_read(sample):
    rows = by_number(sample)

    assert (rows[9].unit, rows[10].unit) == ("Đảng bộ xã Song Lãng",) * 2
    assert (rows[16].line.name, rows[18].line.name) == ("Khá", "Trung bình")
    assert (rows[24].birth, rows[25].birth) == (PartialDate(1987), PartialDate(1996, 12))
    assert (rows[8].score, rows[23].score) == (Decimal("8.5"), Decimal("4.5"))
    assert rows[22].note == "Bỏ học từ buổi 4"
    assert (rows[23].line.is_pass, rows[23].certificate_number) == (False, "")


def test_a_certificate_number_twice_in_the_sample_is_said_on_both_rows(sample):
    words = ["Số 116/CN-TTCT có ở các dòng 25, 26: hỏi lại Trung tâm."]

    assert {row.number: said(row) for row in sample.rows if row.problems} == {25: words, 26: words}


def participant(key, name, birth, *units, **values) -> Participant:
    born = PartialDate(birth) if isinstance(birth, int) else birth
    return Participant(key, name, born, units[0], unit_keys(*units), **values)


SOURCE = [
    participant(1, "Nguyễn Thị Hòa", PartialDate(1995, 3, 12), "Song Lãng", "Đảng bộ xã Song Lãng"),
    participant(2, "Hoàng Thị Thu Thủy", PartialDate(1996, 8, 20), "Song Lãng", "Chi bộ thôn Nam Sơn"),
    participant(3, "Phan Đình Khải", PartialDate(1999, 12, 31), "Song Lãng"),
    participant(4, "Nguyễn Thị Lan Anh", 1997, "Hiệp Hòa", "Đảng bộ xã Hiệp Hòa"),
    participant(5, "Nguyễn Thị Lan Anh", 1999, "Minh Lãng", "Đảng bộ xã Minh Lãng"),
    participant(6, "Bùi Thị Thơm", 1994, "Vũ Tiên", "Đảng bộ xã Vũ Tiên"),
    participant(7, "Vũ Văn Hưởng", 1986, "Minh Lãng"),
    participant(8, "Doãn Thị Yến", PartialDate(1996, 12, 3), "Vũ Vinh"),
    participant(9, "Đặng Quốc Bảo", 2000, "Vũ Thư", "Đảng bộ thị trấn Vũ Thư"),
    participant(10, "Người Không Có Trong Tệp", 1990, "Vũ Vinh"),
    participant(11, "Đào Duy Thái", 1995, "Tân Lập", barred="đang ở “Chờ xét”"),
]


def test_people_of_the_sample_are_matched_and_nothing_is_decided_by_itself(sample):
    found = matching.match(sample.rows, SOURCE)
    sure = {number: match.person.key for number, match in found.items() if match.outcome == Outcome.SURE}
    doubtful = {number: match for number, match in found.items() if match.outcome == Outcome.DOUBTFUL}

    assert sure == {8: 1, 10: 2, 14: 4, 15: 5, 16: 7, 18: 9, 25: 8}
    assert {number: match.person.key for number, match in doubtful.items()} == {11: 3, 17: 6}
    assert [one.message for one in doubtful[11].reasons] == ["Hồ sơ ghi sinh 31/12/1999."]
    assert [one.message for one in doubtful[17].reasons] == ["Hồ sơ ghi đơn vị Vũ Tiên."]
    assert [one.message for one in found[22].reasons] == ["Đào Duy Thái: đang ở “Chờ xét”, chưa được ghi danh."]
    assert [one.key for one in matching.not_named(found, SOURCE)] == [10]


# Reading


@pytest.mark.parametrize(
    ("cell", "birth"),
    [
        (1995, PartialDate(1995)),
        ("1995", PartialDate(1995)),
        ("12/1996", PartialDate(1996, 12)),
        ("3.5.1990", PartialDate(1990, 5, 3)),
        (date(1990, 5, 3), PartialDate(1990, 5, 3)),
        (None, None),
        ("–", None),
    ],
)
def test_a_birth_is_read_with_the_precision_it_has(cell, birth):
    row = one(Năm_sinh=cell)

    assert (row.birth, row.problems) == (birth, ())


@pytest.mark.parametrize("cell", [95, "95", "3/5/90", "31/2/1990", 33001, "không rõ"])
def test_a_birth_that_can_be_read_in_two_ways_is_asked(cell):
    row = one(Năm_sinh=cell)

    assert row.birth is None
    assert [problem.column for problem in row.problems] == ["birth"]
    assert row.is_wrong


@pytest.mark.parametrize(
    ("cell", "score"),
    [("8,5", "8.5"), ("8.5", "8.5"), (8.5, "8.5"), (8, "8"), (8.100000000000001, "8.1"), ("7,25", "7.25"), (0, "0")],
)
def test_a_score_has_a_comma_or_a_point(cell, score):
    assert one(Điểm=cell, Xếp_loại=None).score == Decimal(score)


@pytest.mark.parametrize("cell", ["8,555", 7.3333333, 11, "tám", -1, "8/10", True, date(2024, 8, 5)])
def test_what_is_no_score_is_said(cell):
    row = one(Điểm=cell)

    assert row.score is None
    assert cell is True or [problem.column for problem in row.problems] == ["score"]


@pytest.mark.parametrize(
    ("cell", "name"),
    [("giỏi", "Giỏi"), ("GIỎI", "Giỏi"), ("Kha", "Khá"), ("tb", "Trung bình"), ("đạt yêu cầu", "Trung bình")],
)
def test_a_grade_goes_by_all_its_names(cell, name):
    assert one(Xếp_loại=cell).line.name == name


def test_an_unknown_grade_is_said_and_a_missing_result_too():
    assert said(one(Xếp_loại="Tốt")) == ["Xếp loại “Tốt” không có trong thang xếp loại."]
    assert said(one(Xếp_loại=None))[0].startswith("Chưa có điểm, xếp loại")


def test_a_grade_that_the_score_does_not_give_is_for_a_second_look():
    row = one(Điểm="6,5")

    assert said(row) == ["Điểm 6,5 theo thang điểm là “Trung bình”."]
    assert not row.is_wrong


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"Ghi_chú": "Bỏ học từ buổi 4", "Xếp_loại": None}, State.DROPPED),
        ({"Xếp_loại": "Bỏ học"}, State.DROPPED),
        ({"Ghi_chú": "bo hoc", "Xếp_loại": None}, State.DROPPED),
        ({"Ghi_chú": "Không bỏ học buổi nào"}, State.FINISHED),
        ({"Ghi_chú": "Học lại"}, State.FINISHED),
    ],
)
def test_who_left_the_class_is_told_by_note_or_grade(cells, state):
    assert one(**cells).state == state


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"Số_giấy_CN": "101", "Ngày_cấp": None}, "issued_on"),
        ({"Số_giấy_CN": None, "Ngày_cấp": "25/8/2023"}, "certificate_number"),
        ({"Số_giấy_CN": "101", "Ngày_cấp": "25/8/23"}, "issued_on"),
        ({"Số_giấy_CN": "101", "Ngày_cấp": "8/2023"}, "issued_on"),
        ({"Số_giấy_CN": "101", "Ngày_cấp": "25/8/2023", "Xếp_loại": "Không đạt"}, "certificate_number"),
        ({"Ghi_chú": "bỏ học", "Số_giấy_CN": "101", "Ngày_cấp": "25/8/2023"}, "note"),
        ({"Số_CCCD": "12345"}, "identity_number"),
        ({"Họ_và_tên": None}, "name"),
    ],
)
def test_what_cannot_be_recorded_is_said_at_its_column(cells, column):
    row = one(**cells)

    assert [problem.column for problem in row.problems] == [column]
    assert row.is_wrong


def test_an_identity_number_is_read_in_each_way_it_can_mean():
    assert one(Số_CCCD="000 095 104 482").numbers == ("000095104482",)
    assert one(Số_CCCD=95104482).numbers == ("000095104482",)
    assert one(Số_CCCD=151234567).numbers == ("000151234567", "151234567")
    assert one(Số_CCCD="151234567").numbers == ("151234567",)
    assert "000095104482" not in repr(one(Số_CCCD="000095104482"))


def test_like_above_takes_the_unit_and_the_day_of_the_row_above():
    rows = table(
        (1, "Lê Thị Ba", 1990, "Xã A", 8, "Giỏi", "1", "25/8/2023"),
        (2, "Lê Thị Bốn", 1990, "-nt-", 8, "Giỏi", "2", "nt"),
        (3, "Lê Thị Năm", 1990, "Như trên", 8, "Giỏi", "3", '"'),
    ).rows

    assert [(row.unit, row.issued_on) for row in rows] == [("Xã A", date(2023, 8, 25))] * 3
    assert said(one(Đơn_vị="nt")) == ["“nt” nhưng phía trên không có đơn vị."]


def test_a_unit_merged_over_several_rows_is_of_each_of_them():
    rows = table((1, "A Ba", 1990, "Xã A", 8), (2, "A Bốn", 1990, None, 8), merged=((1, 3, 2, 3),)).rows

    assert [row.unit for row in rows] == ["Xã A", "Xã A"]


def test_the_header_is_found_below_a_title_in_one_row_or_two():
    head = ("STT", "HỌ  VÀ TÊN", "Ngày, tháng, năm sinh", "Đơn vị", "Kết quả", "Giấy chứng nhận", None)
    below = (None, None, None, None, None, "Số", "Ngày cấp")
    found = table(below, (1, "Lê Thị Ba", 1990, "Xã A", "Giỏi", "1", "25/8/2023"), head=head, above=5)

    assert found.header == 7
    assert (found.rows[0].certificate_number, found.rows[0].issued_on) == ("1", date(2023, 8, 25))
    with pytest.raises(NotAResultFile, match="Không thấy dòng tiêu đề"):
        table((1, "Lê Thị Ba"), above=15)
    with pytest.raises(NotAResultFile, match="hai cột “Điểm”"):
        table(head=("Họ và tên", "Điểm", "Điểm thi"))
    with pytest.raises(NotAResultFile, match="không có người nào"):
        table(("", "Cộng"))


def test_groups_totals_notes_signatures_and_repeated_headers_are_no_people():
    found = table(
        ("I", "Đảng bộ xã Hồng Lý"),
        (1, "Lê Thị Ba", 1990, "Xã A", 8, "Giỏi"),
        HEAD,
        (None, "Tổng cộng", None, None, 8, "1"),
        ("Tổng số: 1 học viên",),
        (None, None, None, None, None, "GIÁM ĐỐC"),
        (None, "Nguyễn Văn Ký"),
        (2, "Người chưa có gì"),
    )

    assert [row.number for row in found.rows] == [3, 9]
    assert found.left_out == (2, 4, 5, 6, 7, 8)


def test_other_sheets_are_named_and_hidden_ones_come_last():
    head, row = ("Họ và tên", "Điểm"), ("Lê Thị Ba", 8)
    sheets = [Sheet("Ẩn", (head, row), is_hidden=True), Sheet("Trống", ()), Sheet("Hiện", (head, row))]
    found = rules.read(sheets, GRADES)

    assert (found.sheet, found.other_sheets) == ("Hiện", ("Ẩn",))


# Matching


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ĐB xã Minh Lãng", "Đảng bộ xã Minh Lãng"),
        ("Đ.B xã Hiệp Hoà", "Hiệp Hòa"),
        ("Đảng bộ thị trấn Vũ Thư", "Thị trấn Vũ Thư"),
        ("CHI BỘ TRƯỜNG THPT NGUYỄN TRÃI", "Trường THPT Nguyễn Trãi"),
        ("Đảng ủy xã Vũ Vinh", "Xã Vũ Vinh"),
    ],
)
def test_names_of_one_unit_have_one_key(left, right):
    assert unit_key(left) == unit_key(right)


def test_units_are_one_as_a_whole_or_in_all_their_parts():
    keys = unit_keys("Thôn Hội", "Chi bộ thôn Hội", "Hồng Lý", "Đảng bộ xã Hồng Lý")

    assert is_same_unit("Chi bộ thôn Hội, xã Hồng Lý, huyện Vũ Thư", keys)
    assert is_same_unit("Đảng bộ xã Hồng Lý", keys)
    assert not is_same_unit("Chi bộ thôn Hội, xã Song An", keys)
    assert not is_same_unit("Đảng bộ", keys)
    assert unit_key("xã Vũ Tiến") != unit_key("xã Vũ Tiên")


NUMBER = "000195104482"
BA = participant(1, "Lê Thị Ba", PartialDate(1990, 5, 3), "Hồng Lý", number=NUMBER)
ROW = FileRow(5, "Lê Thị Ba", PartialDate(1990), "Đảng bộ xã Hồng Lý", line=SCALE[1])
MATCHES = [
    # what differs in the row, what else is known of the class, outcome, the column of the first reason
    ({}, [], Outcome.SURE, None),
    ({"name": "LÊ THỊ BA"}, [], Outcome.SURE, None),
    ({"birth": PartialDate(1990, 5)}, [], Outcome.SURE, None),
    ({"birth": PartialDate(1991)}, [], Outcome.DOUBTFUL, "birth"),
    ({"birth": PartialDate(1990, 5, 4)}, [], Outcome.DOUBTFUL, "birth"),
    ({"birth": None}, [], Outcome.DOUBTFUL, "birth"),
    ({"unit": "Đảng bộ xã Song An"}, [], Outcome.DOUBTFUL, "unit"),
    ({"unit": ""}, [], Outcome.DOUBTFUL, "unit"),
    ({"unit": "Song An", "birth": PartialDate(1991)}, [], Outcome.UNMATCHED, "name"),
    ({"name": "Le Thi Ba"}, [], Outcome.DOUBTFUL, "name"),
    ({"name": "Lê Thị Bà"}, [], Outcome.DOUBTFUL, "name"),
    ({"name": "Lê Thị Bốn"}, [], Outcome.UNMATCHED, "name"),
    ({}, [participant(2, "Lê Thị Ba", 1990, "Hồng Lý")], Outcome.DOUBTFUL, "name"),
    ({}, [participant(2, "Lê Thị Ba", 1992, "Song An")], Outcome.SURE, None),
    ({"numbers": (NUMBER,), "unit": "Song An"}, [], Outcome.SURE, None),
    ({"numbers": (NUMBER,), "unit": "", "birth": None}, [], Outcome.SURE, None),
    ({"numbers": (NUMBER,), "birth": PartialDate(1991)}, [], Outcome.DOUBTFUL, "birth"),
    # Nobody learns by a number who holds it: with another name it is read as if it stood nowhere.
    ({"numbers": (NUMBER,), "name": "Lê Thị Bốn"}, [], Outcome.UNMATCHED, "name"),
    ({"numbers": ("000195104483",)}, [], Outcome.DOUBTFUL, "name"),
]


@pytest.mark.parametrize(("differs", "others", "outcome", "column"), MATCHES)
def test_a_row_means_somebody_only_when_everything_agrees(differs, others, outcome, column):
    found = matching.match([replace(ROW, **differs)], [BA, *others])[5]

    assert found.outcome == outcome
    assert next((one.column for one in found.reasons), None) == column
    assert NUMBER not in repr(found)


def test_two_rows_for_one_person_are_both_doubtful():
    again = FileRow(9, "Lê Thị Ba", PartialDate(1990, 5), "Hồng Lý", line=SCALE[2])
    found = matching.match([ROW, again], [BA])

    assert [match.outcome for match in found.values()] == [Outcome.DOUBTFUL] * 2
    assert {match.reasons[0].message for match in found.values()} == {"Các dòng 5, 9 cùng là một người."}


def test_members_of_committees_are_matched_by_name_and_unit():
    member = participant(1, "Lê Thị Ba", None, "Hồng Lý", asks_birth=False)

    assert matching.match([ROW], [member])[5].outcome == Outcome.SURE


NAMES = ("Lê Thị Ba", "Lê Thị Bà", "Le Thi Ba", "Nguyễn Văn Hòa", "Nguyễn Văn Hoà")
UNITS = ("Hồng Lý", "Đảng bộ xã Song An", "")
BIRTHS = (None, PartialDate(1990), PartialDate(1990, 5), PartialDate(1990, 5, 3), PartialDate(1991))
NUMBERS = ("000195104482", "000195104483")
FILE_ROWS = st.builds(
    lambda name, birth, unit, number: FileRow(0, name, birth, unit, (number,) if number else ()),
    st.sampled_from(NAMES), st.sampled_from(BIRTHS), st.sampled_from(UNITS), st.sampled_from(("", *NUMBERS)),
)  # fmt: skip
PEOPLE = st.builds(
    lambda name, birth, unit, number: participant(0, name, birth, unit, number=number),
    st.sampled_from(NAMES), st.sampled_from(BIRTHS), st.sampled_from(UNITS[:2]), st.sampled_from(("", *NUMBERS)),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(FILE_ROWS, max_size=6), st.lists(PEOPLE, max_size=6), st.integers())
def test_the_order_of_rows_changes_no_match_and_nobody_of_another_name_is_matched_silently(rows, people, seed):
    rows = [replace(row, number=number) for number, row in enumerate(rows, start=8)]
    people = [replace(person, key=key) for key, person in enumerate(people, start=1)]
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    found = matching.match(rows, people)

    assert matching.match(shuffled, people) == found
    for row in rows:
        match = found[row.number]
        if match.outcome == Outcome.SURE:
            assert same_name_key(match.person.name) == same_name_key(row.name)
        assert (match.outcome == Outcome.UNMATCHED) == (not match.people)
    sure = [match.person.key for match in found.values() if match.outcome == Outcome.SURE]
    assert len(sure) == len(set(sure))


def test_an_empty_cell_changes_nothing_of_what_was_recorded():
    now = Standing("finished", Decimal(8), 2, "101", ISSUED)
    row = FileRow(5, "Lê Thị Ba", score=Decimal("7.5"))

    assert after(row, now, SCALE) == Standing("finished", Decimal("7.5"), 3, "101", ISSUED)
    assert after(FileRow(5, "Lê Thị Ba", line=SCALE[1]), now, SCALE) == now


# The pages


def workbook(*rows, **sheets) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, lines in sheets.items():
        page = book.create_sheet(name)
        for line in lines:
            page.append(line)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def row_of(number: int, person, *, grade="Giỏi", **values) -> tuple:
    cells = {"birth": person.birth.year, "unit": "Đảng bộ xã Hồng Lý", "score": None, "certificate": f"{number}/CN"}
    cells |= {"issued_on": ISSUED, "note": None, "name": person.full_name} | values
    issued_on = cells["issued_on"] if cells["certificate"] else None
    return (
        number, cells["name"], cells["birth"], cells["unit"], cells["score"], grade, cells["certificate"], issued_on,
        cells["note"],
    )  # fmt: skip


@pytest.fixture
def taught(world):
    """A class that has ended, with three people of the north and one of the south."""
    training_class = factories.make_class(date(2024, 11, 4), date(2024, 11, 8))
    names = ("Lê Thị Ba", "Phan Đình Khải", "Trần Văn Năm")
    people = [factories.make_candidate(world.north_1, full_name=name) for name in names]
    people.append(factories.make_candidate(world.south_1, full_name="Vũ Thị Sáu"))
    rows = factories.enrol(training_class, *people)
    return training_class, people, rows


def usual(people) -> bytes:
    ba, khai, nam, _ = people
    return workbook(
        HEAD,
        row_of(1, ba, score="8,5"),
        row_of(2, khai, grade="khá", birth=khai.birth.year - 1),
        row_of(3, nam, grade=None, certificate=None, note="Bỏ học từ buổi 2"),
        row_of(4, ba, name="Người Lạ Mặt"),
    )


def send(client, training_class, content: bytes, name="Kết quả.xlsx"):
    url = reverse("candidates:result_file", args=[training_class.pk])
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def uploaded(client, training_class, content: bytes, name="Kết quả.xlsx") -> str:
    response = send(client, training_class, content, name)
    assert response.status_code == 302, response.context["form"].errors
    return response.url


def asked(page) -> dict:
    """What the form of a preview would send untouched."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "on" if value is True else value for name, value in values.items() if value not in (None, False)}


def everything() -> tuple:
    rows = Enrolment.objects.order_by("pk").values_list("pk", "state", "grade", "certificate_number", "version")
    return Change.objects.count(), tuple(rows)


def test_a_preview_shows_every_match_and_writes_nothing(taught, as_user, world):
    training_class, people, rows = taught
    client = as_user(world.center)
    address = uploaded(client, training_class, usual(people))
    before = everything()

    page = client.get(address)

    assert everything() == before
    sure = "Khớp chắc chắn"
    assert [line["kind"] for line in page.context["rows"]] == [sure, "Cần xem", sure, "Không khớp"]
    assert [one["value"] for one in page.context["tally"]] == [2, 1, 1, 0, 1]
    assert [one.name for one in page.context["missing"]] == ["Vũ Thị Sáu"]
    text = page.content.decode()
    assert "Ghi kết quả của 2 người" in text
    assert f"Hồ sơ ghi sinh {people[1].birth}." in text
    assert not [person for person in people if person.identity_number in text]


def test_what_was_accepted_is_recorded_and_the_rest_is_said(taught, as_user, world):
    training_class, people, rows = taught
    client = as_user(world.center)
    address = uploaded(client, training_class, usual(people))
    response = client.post(address, asked(client.get(address)), follow=True)

    ba, khai, nam, _ = Enrolment.objects.order_by("pk").select_related("grade")
    assert (ba.state, ba.score, ba.grade.name, ba.certificate_number) == ("finished", Decimal("8.5"), "Giỏi", "1/CN")
    assert (khai.state, nam.state, nam.reason) == ("enrolled", "dropped", "Bỏ học từ buổi 2")
    people[0].refresh_from_db()
    assert people[0].stage == "trained"
    file = ResultFile.objects.get()
    assert (file.count, file.applied_by, file.name) == (2, world.center, "Kết quả.xlsx")
    assert "Đã ghi kết quả của 2 người" in response.content.decode()
    assert "Bỏ qua 2 dòng của tệp: 3, 5." in response.content.decode()


def test_a_doubtful_row_is_recorded_for_whom_somebody_chose(taught, as_user, world):
    training_class, people, rows = taught
    client = as_user(world.center)
    address = uploaded(client, training_class, usual(people))
    client.post(address, asked(client.get(address)) | {"row-3": str(rows[1].pk)})

    rows[1].refresh_from_db()
    assert (rows[1].state, rows[1].certificate_number) == ("finished", "2/CN")


def test_recorded_twice_is_recorded_once_and_sent_again_it_changes_nothing(taught, as_user, world):
    training_class, people, rows = taught
    client = as_user(world.center)
    address = uploaded(client, training_class, usual(people))
    values = asked(client.get(address))
    client.post(address, values)
    before = everything()
    again = client.post(address, values)

    assert again.status_code in (409, 422)
    assert everything() == before
    second = uploaded(client, training_class, usual(people))
    page = client.get(second)
    assert second != address
    assert [line["is_same"] for line in page.context["rows"]] == [True, False, True, False]
    assert client.post(second, asked(page)).status_code == 422


def test_the_same_file_sent_twice_is_one_file(taught, as_user, world):
    training_class, people, _ = taught
    content = usual(people)
    client = as_user(world.center)

    assert uploaded(client, training_class, content) == uploaded(client, training_class, content)
    (change,) = Change.objects.filter(action="class.result_file")
    assert change.after["content"] == "•"


def test_what_somebody_else_changed_meanwhile_is_a_conflict(taught, as_user, world):
    training_class, people, rows = taught
    client = as_user(world.center)
    address = uploaded(client, training_class, usual(people))
    values = asked(client.get(address))
    factories.finish(rows[0], ISSUED, "99/CN", grade="good")
    before = everything()
    response = client.post(address, values)

    assert response.status_code == 409
    assert everything() == before
    assert "Người khác vừa sửa" in response.content.decode()
    again = client.post(address, {**values, "versions": response.context["form"]["versions"].value()})
    assert again.status_code == 422  # a certificate on record changes: the reason is asked
    assert "cần lý do" in again.content.decode()


def test_what_the_rules_refuse_stands_at_its_row_and_nobody_is_recorded(taught, as_user, world):
    training_class, people, rows = taught
    content = workbook(HEAD, row_of(1, people[0], score=9, grade="Khá"), row_of(2, people[2]))
    client = as_user(world.center)
    address = uploaded(client, training_class, content)
    values, before = asked(client.get(address)), everything()
    response = client.post(address, values)

    assert response.status_code == 422
    assert everything() == before
    assert "Dòng 2, Lê Thị Ba: Điểm 9 theo thang điểm là “Giỏi”, không phải “Khá”." in response.content.decode()
    assert client.post(address, values | {"keeps_grades": "on"}).status_code == 302


def test_a_row_with_an_error_cannot_be_accepted(taught, as_user, world):
    training_class, people, rows = taught
    content = workbook(HEAD, row_of(1, people[0], birth=95), row_of(2, people[2]))
    client = as_user(world.center)
    address = uploaded(client, training_class, content)
    page = client.get(address)

    assert [line["kind"] for line in page.context["rows"]] == ["Có lỗi", "Khớp chắc chắn"]
    client.post(address, asked(page) | {"row-2": str(rows[0].pk)})
    rows[0].refresh_from_db()
    assert rows[0].state == "enrolled"


def test_one_person_is_not_given_to_two_rows(taught, as_user, world):
    training_class, people, rows = taught
    content = workbook(HEAD, row_of(1, people[0]), row_of(2, people[0], certificate=None))
    client = as_user(world.center)
    address = uploaded(client, training_class, content)
    values = asked(client.get(address)) | {"row-2": str(rows[0].pk), "row-3": str(rows[0].pk)}
    response = client.post(address, values)

    assert response.status_code == 422
    assert "dòng 2 đã là người này" in response.content.decode()


@pytest.mark.parametrize("versions", ["", "x", "1:2;3", "1:", "99999999999:1"])
def test_a_form_without_its_versions_is_an_old_page(versions, taught, as_user, world):
    training_class, people, _ = taught
    client = as_user(world.center)
    address = uploaded(client, training_class, usual(people))

    assert client.post(address, asked(client.get(address)) | {"versions": versions}).status_code in (409, 422)


def test_a_file_that_is_refused_is_not_kept(taught, as_user, world):
    training_class, *_ = taught
    client = as_user(world.center)
    for name, content in (("a.xlsx", b"x"), ("a.csv", b"x"), ("a.xlsx", workbook(("Họ và tên",)))):
        response = send(client, training_class, content, name)
        assert response.status_code == 422
        assert response.context["form"].errors["file"]

    assert client.post(reverse("candidates:result_file", args=[training_class.pk])).status_code == 422
    assert not ResultFile.objects.exists()


def test_a_class_that_has_not_ended_can_be_looked_at_only(world, as_user):
    training_class = factories.make_class(date(2024, 11, 18), date(2024, 11, 22))
    person = factories.make_candidate(world.north_1)
    factories.enrol(training_class, person)
    client = as_user(world.center)
    address = uploaded(client, training_class, workbook(HEAD, row_of(1, person)))
    page = client.get(address)

    assert not page.context["may_record"]
    assert client.post(address, asked(page)).status_code == 422


def test_only_who_runs_the_class_sees_its_files(taught, as_user, world):
    training_class, people, _ = taught
    address = uploaded(as_user(world.board), training_class, usual(people))
    pages = [reverse("candidates:result_file", args=[training_class.pk]), address, f"{address}danh-dau/"]
    other = factories.make_class(date(2024, 10, 7))

    expected = {"center": 200, "board": 200, "north_officer": 403, "branch_officer": 403, "youth": 403, "nobody": 403}
    for who, status in expected.items():
        assert [as_user(getattr(world, who)).get(page).status_code for page in pages] == [status] * 3, who
    strange = address.replace(f"/{training_class.pk}/", f"/{other.pk}/", 1)
    assert as_user(world.center).get(strange).status_code == 404
    assert as_user(world.center).get(address.replace(f"/{ResultFile.objects.get().pk}/", "/987654/")).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_people(taught, as_user, world):
    training_class, people, _ = taught
    client = as_user(world.center)
    address = uploaded(client, training_class, usual(people))
    client.get(address)
    few = queries_for(client, address)
    more = [factories.make_candidate(world.north_1) for _ in range(5)]
    factories.enrol(training_class, *more)
    content = workbook(HEAD, *[row_of(n, person) for n, person in enumerate(more, start=10)])
    address = uploaded(client, training_class, content)

    assert queries_for(client, address) == few


# The marked file


def marked(client, address) -> openpyxl.Workbook:
    response = client.get(f"{address}danh-dau/")
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content))


def test_a_marked_file_is_their_own_with_colours_comments_and_a_column_to_filter(taught, as_user, world):
    training_class, people, _ = taught
    client = as_user(world.center)
    content = workbook(
        ("KẾT QUẢ",), HEAD, row_of(1, people[0]), row_of(2, people[1], birth=95, grade="Tốt"), Khác=[("giữ",)]
    )
    address = uploaded(client, training_class, content)
    book = marked(client, address)
    page = book.worksheets[0]

    assert [page.cell(2, column).value for column in (9, 10)] == ["Ghi chú", "Lỗi, cần xem"]
    assert page["J3"].value is None
    assert "Xếp loại “Tốt”" in page["J4"].value
    assert [cell.coordinate for row in page for cell in row if cell.comment] == ["C4", "F4"]
    assert page["C4"].fill.fgColor.rgb == page["F4"].fill.fgColor.rgb == "00F8CBAD"
    assert page.auto_filter.ref == "A2:J4"
    assert book["Khác"]["A1"].value == "giữ"


def test_a_marked_file_sent_again_after_fixing_is_read_and_loses_its_marks(taught, as_user, world):
    training_class, people, _ = taught
    client = as_user(world.center)
    address = uploaded(client, training_class, workbook(HEAD, row_of(1, people[0], birth=95)))
    book = marked(client, address)
    book.active["C2"].value = people[0].birth.year
    kept = io.BytesIO()
    book.save(kept)
    address = uploaded(client, training_class, kept.getvalue())
    page = marked(client, address).active

    assert client.get(address).context["rows"][0]["kind"] == "Khớp chắc chắn"
    assert page["C2"].comment is None
    assert (page["J1"].value, page["J2"].value, page.max_column) == ("Lỗi, cần xem", None, 10)


@pytest.mark.parametrize("text", ["=1+1", "+84", "@SUM(A1)", "-5"])
def test_text_that_begins_like_a_formula_stays_text(text, taught, as_user, world):
    training_class, people, _ = taught
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEAD, row_of(1, people[0], birth=95))))
    cell = book.active["I2"]
    cell.value = text
    cell.data_type = "s"
    book.active["F2"].value = f"{text} là gì"
    book.active["F2"].data_type = "s"
    kept = io.BytesIO()
    book.save(kept)
    client = as_user(world.center)
    page = marked(client, uploaded(client, training_class, kept.getvalue())).active

    assert (page["I2"].value, page["I2"].data_type) == (text, "s")
    assert {cell.data_type for row in page for cell in row} <= {"s", "n", "d"}


def test_of_another_kind_of_file_the_rows_are_given_back(taught, as_user, world):
    training_class, *_ = taught
    client = as_user(world.center)
    content = SAMPLE.with_suffix(".ods").read_bytes()
    page = marked(client, uploaded(client, training_class, content, "Kết quả.ods")).active

    assert [cell.value for cell in page[2]] == [*HEAD, "Lỗi, cần xem"]
    assert [page["B3"].value, page["E3"].value, page["H3"].value.date()] == ["Nguyễn Thị Hòa", "8.5", date(2023, 8, 25)]
    assert page["J3"].value.startswith("Không có trong danh sách lớp")
    assert page["J20"].value.startswith("Số 116/CN-TTCT có ở các dòng 25, 26")
