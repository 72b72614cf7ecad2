"""Single cells of a list of people: what cadres write and what it is read as; what is written reads back the same."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.cells import parse_record_key, record_key
from candidates.choices import (
    ETHNIC_GROUPS,
    Education,
    Occupation,
    PoliticalTheory,
    PriorityGroup,
    Qualification,
    Religion,
    Sex,
)
from candidates.models import Candidate
from candidates.people_file import read_people
from candidates.people_headings import HEADINGS
from candidates.people_resource import COLUMNS, PeopleResource, Reading, definitions, people_layouts, read_cell
from organizations.models import Organization
from organizations.permissions import Body
from vuthu_recruit.dates import PartialDate
from vuthu_recruit.spreadsheet import Broken, Sheet

CELLS = [
    # column, cell, value, whether something is told
    ("full_name", "Lê Thị Ba", "Lê Thị Ba", False),
    ("full_name", "LÊ THỊ BA", "LÊ THỊ BA", False),
    ("full_name", "Đinh Thị Hoà", "Đinh Thị Hoà", False),
    ("full_name", "12) Lê Thị Ba", "Lê Thị Ba", True),
    ("full_name", "- Lê Thị Ba", "Lê Thị Ba", True),
    ("full_name", "Đồng chí Lê Thị Ba", "Lê Thị Ba", True),
    ("full_name", "H'Hen Niê", "H'Hen Niê", False),
    ("identity_number", "000195104482", "000195104482", False),
    ("identity_number", "000 195 104 482", "000195104482", True),
    ("identity_number", "'000195104482", "000195104482", True),
    ("identity_number", "000.195.104.482", "000195104482", True),
    ("identity_number", 95104482, "000095104482", True),
    ("identity_number", 195104482, "000195104482", True),
    ("identity_number", 34095104482, "034095104482", True),
    ("identity_number", 340951044821, "340951044821", False),
    ("identity_number", "151234567", "151234567", False),
    ("identity_number", "••••••••4482", None, False),
    ("phone", "0912 345 678", "0912345678", True),
    ("phone", "0912.345.678", "0912345678", True),
    ("phone", 912345678, "0912345678", True),
    ("phone", "912345678", "0912345678", True),
    ("phone", "+84 912 345 678", "0912345678", True),
    ("phone", "0912345678", "0912345678", False),
    ("sex", "Nam", Sex.MALE, False),
    ("sex", "NỮ", Sex.FEMALE, False),
    ("sex", "nu", Sex.FEMALE, False),
    ("sex", "Gái", Sex.FEMALE, False),
    ("ethnicity", "kinh", "Kinh", False),
    ("ethnicity", "TÀY", "Tày", False),
    ("ethnicity", "H'Mông", "Mông", False),
    ("ethnicity", "Ê-đê", "Ê Đê", False),
    ("religion", "Không", Religion.NONE, False),
    ("religion", "ko", Religion.NONE, False),
    ("religion", "Thiên chúa giáo", Religion.CATHOLIC, False),
    ("religion", "đạo Phật", Religion.BUDDHISM, False),
    ("religion", "Tin lành", Religion.PROTESTANT, False),
    ("education", "12/12", Education.UPPER_SECONDARY, False),
    ("education", "10/10", Education.UPPER_SECONDARY, False),
    ("education", "9/12", Education.LOWER_SECONDARY, False),
    ("education", "7/10", Education.LOWER_SECONDARY, False),
    ("education", "11/12", Education.LOWER_SECONDARY, True),
    ("education", "6/10", Education.PRIMARY, True),
    ("education", "5/12", Education.PRIMARY, False),
    ("education", "2/12", None, True),
    ("education", "Lớp 12", Education.UPPER_SECONDARY, True),
    ("education", 12, Education.UPPER_SECONDARY, True),
    ("education", "lớp 9", Education.LOWER_SECONDARY, True),
    ("education", "lớp 10", None, True),
    ("education", 7, None, True),
    ("education", "THPT", Education.UPPER_SECONDARY, False),
    ("education", "Tốt nghiệp PTTH", Education.UPPER_SECONDARY, False),
    ("education", "cấp III", Education.UPPER_SECONDARY, False),
    ("education", "THCS", Education.LOWER_SECONDARY, False),
    ("education", "12/12 BT", Education.UPPER_SECONDARY, False),
    ("education", date(2024, 12, 12), Education.UPPER_SECONDARY, True),
    ("education", date(2024, 12, 9), Education.LOWER_SECONDARY, True),
    ("education", date(2024, 9, 12), Education.LOWER_SECONDARY, True),
    ("education", date(2024, 7, 10), Education.LOWER_SECONDARY, True),
    ("education", "13/12", None, True),
    ("education", "TH", None, True),
    ("qualification", "Đại học", Qualification.UNIVERSITY, False),
    ("qualification", "ĐH", Qualification.UNIVERSITY, False),
    ("qualification", "ĐHSP", Qualification.UNIVERSITY, True),
    ("qualification", "Đại học Kế toán", Qualification.UNIVERSITY, True),
    ("qualification", "Cử nhân Luật", Qualification.UNIVERSITY, True),
    ("qualification", "Cao đẳng Mầm non", Qualification.COLLEGE, True),
    ("qualification", "CĐ", Qualification.COLLEGE, False),
    ("qualification", "TC Y", Qualification.INTERMEDIATE, True),
    ("qualification", "Thạc sĩ", Qualification.POSTGRADUATE, False),
    ("qualification", "Ths. Quản lý", Qualification.POSTGRADUATE, True),
    ("qualification", "Sơ cấp nghề", Qualification.VOCATIONAL, False),
    ("qualification", "Trung cấp Y; Đại học Kế toán", Qualification.UNIVERSITY, True),
    ("qualification", "không", Qualification.NONE, False),
    ("qualification", "Lao động phổ thông", Qualification.NONE, False),
    ("qualification", "Sinh viên", None, True),
    ("qualification", "Đang học Đại học", None, True),
    ("qualification", "ĐH năm thứ 3", None, True),
    ("qualification", "Kế toán", None, True),
    ("qualification", "TC LLCT", None, True),
    ("political_theory", "Sơ cấp", PoliticalTheory.ELEMENTARY, False),
    ("political_theory", "TC", PoliticalTheory.INTERMEDIATE, False),
    ("political_theory", "Trung cấp lý luận chính trị", PoliticalTheory.INTERMEDIATE, False),
    ("political_theory", "Cao cấp", PoliticalTheory.ADVANCED, False),
    ("political_theory", "chưa", PoliticalTheory.NONE, False),
    ("political_theory", "Đang học trung cấp", None, True),
    ("political_theory", "x", None, True),
    ("occupation", "Nông dân", Occupation.FARMER, False),
    ("occupation", "Viên chức", Occupation.PUBLIC_EMPLOYEE, False),
    ("is_youth_union_member", "x", True, False),
    ("is_youth_union_member", "không", False, False),
    ("is_youth_union_member", "ĐV", True, False),
    ("is_trade_union_member", 1, True, False),
    ("introduced_by_body", "Đoàn Thanh niên", Body.YOUTH_UNION, False),
    ("introduced_by_body", "Hội LHPN", Body.WOMEN_UNION, False),
    ("introduced_by_body", "MTTQ", Body.FATHERLAND_FRONT, False),
    ("introduced_by_body", "Chi bộ thôn Hội", None, True),
    ("youth_union_joined", "3/2013", PartialDate(2013, 3), False),
    ("youth_union_joined", "Chưa vào Đoàn", None, False),
    ("entered_on", "15/1/2024", date(2024, 1, 15), False),
    ("entered_on", date(2024, 1, 15), date(2024, 1, 15), False),
    ("record_key", "qc-12-3", (12, 3), False),
    ("job", "Giáo viên", "Giáo viên", False),
    ("home_town", "Thôn 5", "Thôn 5", False),
    ("residence", 5, "5", False),
    ("note", "=HYPERLINK(1)", None, False),
]  # fmt: skip


@pytest.mark.parametrize(("key", "cell", "value", "is_told"), CELLS)
def test_a_cell_is_read_as_a_careful_person_reads_it(key, cell, value, is_told):
    reading = read_cell(key, cell)

    assert (reading.value, reading.problems) == (value, ())
    assert bool(reading.notices) == is_told


REFUSED = [
    ("full_name", "=cmd|' /C calc'!A0", "Họ và tên chỉ gồm chữ cái"),
    ("full_name", 12345, "Họ và tên chỉ gồm chữ cái"),
    ("full_name", "Lê" * 61, "Nhiều nhất 120 ký tự"),
    ("full_name", Broken("#N/A"), "#N/A"),
    ("identity_number", "000079", "ở đây có 6 chữ số"),
    ("identity_number", 79, "ở đây có 2 chữ số"),
    ("identity_number", 1951044821234, "ở đây có 13 chữ số"),
    ("identity_number", "95104482", "ở đây có 8 chữ số"),
    ("identity_number", "1,95104E+11", "đã bị Excel đổi"),
    ("identity_number", 19510448.5, "ô ghi số 19510448,5"),
    ("identity_number", "000195104482/151234567", "chỉ gồm chữ số"),
    ("identity_number", True, "TRUE"),
    ("phone", "0912", "cần 10 hoặc 11 chữ số"),
    ("phone", "0912345678; 0987654321", "cần 10 hoặc 11 chữ số"),
    ("sex", "x", "Ghi một trong các mục: Nam; Nữ."),
    ("sex", 1, "Giới tính “1”"),
    ("ethnicity", "Kin", "54 dân tộc"),
    ("religion", "Có", "Tôn giáo “Có”"),
    ("occupation", "Công nhân", "Nhóm nghề nghiệp “Công nhân”"),
    ("home_town", "<script>", "< >"),
    ("home_town", "@x", "< >"),
    ("residence", date(2024, 5, 3), "Ô là ngày 03/05/2024, không phải chữ"),
    ("workplace", "x" * 201, "Nhiều nhất 200 ký tự"),
    ("job", "x" * 121, "Nhiều nhất 120 ký tự"),
    ("is_youth_union_member", "2010", "chỉ đánh dấu x"),
    ("entered_on", 2024, "cần đủ ngày, tháng và năm"),
    ("record_key", "QC-12", "Không sửa cột này"),
    ("birth_day", "hai", "Ngày sinh chưa đúng"),
]


@pytest.mark.parametrize(("key", "cell", "words"), REFUSED)
def test_a_cell_that_cannot_be_taken_is_refused_in_words(key, cell, words):
    reading = read_cell(key, cell)

    assert reading.value is None
    assert any(words in problem for problem in reading.problems), reading


GROUPS = [
    ("Dân quân", ["militia"], {}, 0),
    ("Dân quân thường trực", ["militia"], {}, 0),
    ("Bộ đội xuất ngũ 2019", ["demobilised"], {}, 0),
    ("Trưởng, phó thôn", ["village_head"], {}, 0),
    ("Phó trưởng thôn; dân quân", ["militia", "village_head"], {}, 0),
    ("Trưởng, phó đoàn thể ở thôn, tổ dân phố, Dân quân", ["militia", "body_leader"], {}, 0),
    ("Dân quân / Công an viên", ["militia", "commune_police"], {}, 0),
    ("Dân quân Bộ đội xuất ngũ", ["militia", "demobilised"], {}, 0),
    ("Dân quân, Đoàn viên", ["militia"], {"is_youth_union_member": True}, 1),
    ("ĐVTN", [], {"is_youth_union_member": True}, 1),
    ("Đoàn viên công đoàn", [], {"is_trade_union_member": True}, 1),
    ("LĐ doanh nghiệp ngoài NN", ["private_sector"], {}, 1),
    ("Quần chúng tiêu biểu, tích cực", ["active"], {}, 0),
    ("Dân quân; Giáo viên", ["militia"], {}, 1),
    ("Con bộ đội xuất ngũ", [], {}, 1),
    ("Nguyên trưởng thôn", [], {}, 1),
    ("không phải dân quân", [], {}, 1),
    ("Hội LHPN, Giáo viên", [], {}, 2),
    ("không", [], {}, 0),
]


@pytest.mark.parametrize(("cell", "groups", "members", "told"), GROUPS)
def test_groups_are_known_whole_and_what_is_none_is_told(cell, groups, members, told):
    reading = read_cell("priority_groups", cell)

    assert reading.value == ((groups, members) if groups or members else None)
    assert len(reading.notices) == told


@given(st.sets(st.sampled_from(PriorityGroup.values)))
def test_groups_as_written_read_back(chosen):
    groups = [group for group in PriorityGroup.values if group in chosen]
    written = COLUMNS["priority_groups"].widget.render(groups)

    assert read_cell("priority_groups", written) == (Reading((groups, {})) if groups else Reading())


@pytest.mark.parametrize(
    ("key", "choices"),
    [
        ("sex", Sex), ("religion", Religion), ("education", Education), ("qualification", Qualification),
        ("political_theory", PoliticalTheory), ("occupation", Occupation), ("introduced_by_body", Body),
    ],
)  # fmt: skip
def test_every_choice_as_written_reads_back_without_a_word(key, choices):
    for value in choices.values:
        assert read_cell(key, COLUMNS[key].widget.render(value)) == Reading(value)


def test_every_ethnic_group_reads_back():
    assert [read_cell("ethnicity", name).value for name in ETHNIC_GROUPS] == list(ETHNIC_GROUPS)


def test_a_person_is_written_with_real_days_and_text_for_what_is_partial():
    area = Organization(short_name="Hồng Lý")
    person = Candidate(
        pk=1234, version=7, full_name="Lê Thị Ba", sex=Sex.FEMALE, birth=PartialDate(1990, 5, 3),
        identity_number="000195104482", unit=area, youth_union_joined=PartialDate(2010, 3), is_youth_union_member=True,
        priority_groups=["village_head", "militia"], qualification="university",
    )  # fmt: skip
    keys = ("record_key", "full_name", "birth", "sex", "identity_number", "unit", "branch", "youth_union_joined")
    more = ("is_youth_union_member", "is_trade_union_member", "priority_groups", "qualification", "entered_on", "phone")

    assert PeopleResource().row(person, keys) == [
        "QC-1234-7", "Lê Thị Ba", date(1990, 5, 3), "Nữ", "000195104482", "Hồng Lý", "", "03/2010",
    ]  # fmt: skip
    assert PeopleResource().row(person, more) == ["x", "", "Dân quân; Trưởng, phó thôn", "Đại học", "", ""]


@given(st.integers(1, 10**12), st.integers(1, 10**6))
def test_the_key_of_a_record_reads_back(pk, version):
    assert parse_record_key(record_key(pk, version)) == (pk, version)


@pytest.mark.parametrize("typed", ["", "QC", "QC-1", "QC-1-2-3", "1-2", "QC-a-b", "QC-１-２"])
def test_what_is_no_key_is_none(typed):
    assert parse_record_key(typed) is None


def test_every_wording_stands_for_one_column_unless_its_neighbours_tell():
    found: dict[str, list] = {}
    for one in definitions():
        for wording in one.wordings:
            found.setdefault(wording, []).append(one)

    unclear = {wording for wording, ones in found.items() if sum(not one.beside for one in ones) > 1}
    assert not unclear
    assert all(wording == wording.lower() and wording.isalnum() and wording.isascii() for wording in found)
    assert HEADINGS.keys() <= COLUMNS.keys()


def test_the_headings_that_are_written_are_known():
    keys = [key for key, column in COLUMNS.items() if column.attribute]
    head = tuple(COLUMNS[key].column_name for key in keys)

    assert list(people_layouts([Sheet("Nguồn", (head,))])[0].columns) == keys


PEOPLE = st.fixed_dictionaries(
    {"full_name": st.sampled_from(("Lê Thị Ba", "LÊ VĂN TƯ", "Đinh Thị Hoà")), "sex": st.sampled_from(Sex.values)},
    optional={
        "birth": st.sampled_from((PartialDate(1990), PartialDate(1990, 5), PartialDate(1990, 5, 3))),
        "home_town": st.sampled_from(("Song Lãng, Vũ Thư", "Thôn 5")),
        "phone": st.just("0912345678"),
        "ethnicity": st.sampled_from(ETHNIC_GROUPS),
        "religion": st.sampled_from(Religion.values),
        "education": st.sampled_from(Education.values),
        "qualification": st.sampled_from(Qualification.values),
        "political_theory": st.sampled_from(PoliticalTheory.values),
        "occupation": st.sampled_from(Occupation.values),
        "workplace": st.just("Trường Mầm non Song Lãng"),
        "is_youth_union_member": st.just(True),
        "youth_union_joined": st.sampled_from((PartialDate(2010), PartialDate(2010, 3), PartialDate(2010, 3, 26))),
        "priority_groups": st.lists(st.sampled_from(PriorityGroup.values), min_size=1, unique=True).map(
            lambda chosen: [group for group in PriorityGroup.values if group in chosen]
        ),
        "introduced_by_body": st.sampled_from(Body.values),
    },
)


@given(st.lists(PEOPLE, min_size=1, max_size=5))
def test_a_list_as_written_reads_back_without_a_word(wanted):
    resource, unit = PeopleResource(), Organization(short_name="Hồng Lý")
    keys = tuple(key for key, column in COLUMNS.items() if column.attribute and key != "job")
    rows = [
        resource.row(Candidate(pk=pk, version=3, unit=unit, **({"ethnicity": "", "religion": ""} | values)), keys)
        for pk, values in enumerate(wanted, 1)
    ]
    head = tuple(COLUMNS[key].column_name for key in keys)
    found = read_people(people_layouts([Sheet("Nguồn", (head, *map(tuple, rows)))])[0], today=date(2024, 11, 18))

    assert [row.values for row in found.rows] == wanted
    assert [row.record_key for row in found.rows] == [(pk, 3) for pk in range(1, len(wanted) + 1)]
    assert not [row.notes for row in found.rows if row.notes]
    assert {row.unit for row in found.rows} == {"Hồng Lý"}
