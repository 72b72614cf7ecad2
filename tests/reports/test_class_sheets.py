"""The papers of a class: page and workbook say what the database says, in the Centre's layout, to whom it concerns."""

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from candidates.actions.classes import take_attendance
from candidates.actions.nominations import Participant, Verdict, nominate_participants, screen
from candidates.actions.results import Result, record_results
from candidates.classes import Line
from candidates.models import Enrolment, Grade, Lesson
from candidates.result_file import grade_names, read
from reports.class_papers import Form, roman, when
from reports.class_sheets import LESSONS_ACROSS, centre_paper, shared
from reports.issuer import DOTS
from tests import factories
from tests.meta import crawl
from tests.tools import queries_for
from tests.workbook.recalculate import assert_recalculates, formula_cells, recalculated
from vuthu_recruit import spreadsheet
from vuthu_recruit.dates import PartialDate

PAGE, FILE = "reports:class_sheet", "reports:class_sheet_xlsx"
RESULTS_HEADER = ["TT", "Họ và tên", "Năm sinh", "Đơn vị", "Điểm", "Xếp loại", "Số giấy CN", "Ngày cấp", "Ghi chú"]
ISSUED = date(2024, 9, 27)


@pytest.fixture
def learners(world):
    """A class of September with attendance, results and certificates; its people by given name."""
    made = factories.make_class(date(2024, 9, 16), date(2024, 9, 20), place="Trung tâm Chính trị huyện")
    early = date(2024, 1, 5)
    people = [
        factories.make_candidate(unit, full_name=name, sex=sex, started=early, birth=birth, home_town="xã Hồng Lý")
        for unit, name, sex, birth in (
            (world.north_1, "Nguyễn Văn An", "male", PartialDate(1995, 3, 2)),
            (world.south_1, "Trần Thị Bình", "female", PartialDate(1996, 12)),
            (world.north_2, "Lê Văn Cường", "male", PartialDate(1990)),
            (world.cell, "Phạm Thị Dung", "female", PartialDate(1999, 1, 1)),
            (world.office_1, "Vũ Văn Em", "male", PartialDate(1999, 1, 1)),
        )
    ]
    rows = factories.enrol(made, *people)
    first, second = made.lessons.order_by("number")[:2]
    marks = dict(zip([row.pk for row in rows], ["present", "present", "excused", "absent"], strict=False))
    take_attendance(lesson=first, marks=marks, version=first.version, by=world.center)
    take_attendance(lesson=second, marks={rows[0].pk: "present"}, version=second.version, by=world.center)
    an, binh, cuong, dung, _ = [Enrolment.objects.get(pk=row.pk) for row in rows]
    results = [
        Result(an.pk, an.version, "finished", Decimal("8.5"), certificate_number="102/CN-TTCT", issued_on=ISSUED),
        Result(binh.pk, binh.version, "finished", Decimal("7.25"), certificate_number="99/CN-TTCT", issued_on=ISSUED),
        Result(cuong.pk, cuong.version, "finished", Decimal("4.5")),
        Result(dung.pk, dung.version, "dropped", reason="Bỏ học từ buổi 4"),
    ]
    record_results(training_class=made, results=results, by=world.center)
    made.refresh_from_db()
    return made


@pytest.fixture
def committee(world):
    """A course of committee members, one of whom has a position like a formula."""
    made = factories.make_class(date(2024, 11, 4), date(2024, 11, 6), kind="committee")
    people = [Participant("Trần Văn Bí", "Bí thư chi bộ"), Participant("Lê Thị Phó", "Phó bí thư")]
    rows = nominate_participants(training_class=made, unit=world.north, people=people, by=world.center)
    Enrolment.objects.filter(pk=rows[1].pk).update(participant_position="=1+1")
    screen(training_class=made, verdicts=[Verdict(row.pk, row.version, True) for row in rows], by=world.center)
    return made


def fetch(as_user, user, training_class, form: Form) -> bytes:
    response = as_user(user).get(reverse(FILE, args=[training_class.pk, form]))
    assert response.status_code == 200
    return response.content


def grid(content: bytes) -> list[list]:
    """Stored values of every row that has one."""
    rows = load_workbook(BytesIO(content), data_only=True).active.iter_rows(values_only=True)
    return [list(row) for row in rows if any(cell is not None for cell in row)]


def table(content: bytes, first: str) -> list[list]:
    """Header and people; the header begins with the word."""
    rows = grid(content)
    head = next(place for place, row in enumerate(rows) if row[0] == first)
    return [rows[head], *[row for row in rows[head + 1 :] if row[0] and row[1]]]


def page(as_user, user, training_class, form: Form):
    response = as_user(user).get(reverse(PAGE, args=[training_class.pk, form]))
    assert response.status_code == 200
    return response


def printed(response) -> list[list[str]]:
    """The people of the page, cell by cell."""
    return [
        [cell["text"] for cell in cells]
        for one in response.context["sheet"].tables
        for section in one.printed
        for cells in section["rows"]
    ]


# The rows


def test_the_roster_names_who_attends_by_given_name(learners, world, as_user):
    rows = table(fetch(as_user, world.center, learners, Form.ROSTER), "TT")

    assert rows[0] == ["TT", "Họ và tên", "Giới tính", "Ngày sinh", "Quê quán", "Đơn vị", "Ghi chú"]
    assert [row[1] for row in rows[1:]] == [
        *("Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Vũ Văn Em")
    ]
    an, binh, cuong, dung, _ = rows[1:]
    assert (an[0], an[2], an[3].date()) == (1, "Nam", date(1995, 3, 2))
    assert an[4:] == ["xã Hồng Lý", "Đảng bộ xã Hồng Lý", None]
    assert (binh[3], cuong[3]) == ("12/1996", "1990")
    assert dung[5:] == ["Chi bộ Tòa án nhân dân huyện", "Bỏ học từ buổi 4"]


def test_who_waits_for_a_place_stands_in_a_second_part_until_the_first_day(world, as_user):
    coming = factories.make_class(date(2024, 12, 2), capacity=1)
    people = [factories.make_candidate(world.north_1, full_name=f"{name} Thị Mẫu") for name in ("Trần", "Vũ", "Lê")]
    factories.enrol(coming, *people)

    sheet = page(as_user, world.center, coming, Form.ROSTER).context["sheet"]

    parts = [(one.name, [row[1] for row in one.rows]) for one in sheet.tables[0].sections]
    assert parts == [("Học viên", ["Trần Thị Mẫu"]), ("Chờ chỗ", ["Vũ Thị Mẫu", "Lê Thị Mẫu"])]
    assert sheet.sum_words.endswith("Chờ chỗ: 2.")


def test_who_waits_stands_nowhere_once_the_class_has_begun(world, as_user):
    begun = factories.make_class(date(2024, 11, 18), capacity=1)
    factories.enrol(begun, *(factories.make_candidate(world.north_1) for _ in range(2)))

    assert len(printed(page(as_user, world.center, begun, Form.ROSTER))) == 1


def test_of_committee_members_the_roster_says_position_and_unit(committee, world, as_user):
    rows = table(fetch(as_user, world.center, committee, Form.ROSTER), "TT")

    assert rows[0] == ["TT", "Họ và tên", "Chức vụ", "Đơn vị", "Ghi chú"]
    assert rows[1] == [1, "Trần Văn Bí", "Bí thư chi bộ", "Đảng bộ xã Hồng Lý", None]


def test_the_attendance_sheet_has_a_column_a_lesson_with_its_marks(learners, world, as_user):
    rows = grid(fetch(as_user, world.center, learners, Form.ATTENDANCE))

    head = next(row for row in rows if row[3] and row[3].startswith("1\n"))
    assert head[3:5] == ["1\n16/9\nsáng", "2\n16/9\nchiều"]
    assert len([cell for cell in head if cell]) == learners.lessons.count()
    people = [row for row in rows if isinstance(row[0], int)]
    assert [row[3:5] for row in people] == [["x", "x"], ["x", None], ["P", None], ["K", None], [None, None]]
    assert [row[13] for row in people] == [2, 1, 0, 0, None]
    assert people[3][14] == "Bỏ học"
    assert next(row for row in rows if row[1] == "Số người có mặt")[3:6] == [2, 1, None]


def test_a_sheet_nobody_filled_in_has_room_for_the_pen_and_no_zeros(world, as_user):
    coming = factories.make_class(date(2024, 12, 2))
    factories.enrol(coming, factories.make_candidate(world.north_1))

    (row,) = printed(page(as_user, world.center, coming, Form.ATTENDANCE))

    assert row[3:] == [""] * 12


def test_the_result_list_has_the_layout_of_the_centres_own(learners, world, as_user):
    content = fetch(as_user, world.center, learners, Form.RESULTS)
    rows, people = grid(content), table(content, "TT")

    assert [cell for cell in rows[0] if cell] == ["BAN CHẤP HÀNH ĐẢNG BỘ HUYỆN VŨ THƯ", "ĐẢNG CỘNG SẢN VIỆT NAM"]
    assert [cell for cell in rows[1] if cell] == ["TRUNG TÂM CHÍNH TRỊ", "Vũ Thư, ngày 18 tháng 11 năm 2024"]
    assert rows[3][0] == "KẾT QUẢ HỌC TẬP\nLỚP BỒI DƯỠNG NHẬN THỨC VỀ ĐẢNG KHÓA I NĂM 2024"
    assert rows[4][0] == "(Lớp mở từ ngày 16/9 đến ngày 20 tháng 9 năm 2024 tại Trung tâm Chính trị huyện)"
    assert people[0] == RESULTS_HEADER
    assert people[1][:7] == [1, "Nguyễn Văn An", 1995, "Đảng bộ xã Hồng Lý", 8.5, "Giỏi", "102/CN-TTCT"]
    assert people[1][7].date() == ISSUED
    assert people[4][4:] == [None, None, None, None, "Bỏ học từ buổi 4"]
    assert "GIÁM ĐỐC" in [cell for row in rows for cell in row]


def test_the_totals_are_counted_from_the_rows(learners, world, as_user):
    sheet = page(as_user, world.center, learners, Form.RESULTS).context["sheet"]
    rows = grid(fetch(as_user, world.center, learners, Form.RESULTS))

    assert sheet.sum_words == (
        "Tổng số: 5 học viên. Trong đó: Giỏi 1, Khá 1, Không đạt 1, bỏ học 1, chưa có kết quả 1."
    )
    start = next(place for place, row in enumerate(rows) if row[0] == "Tổng số học viên")
    assert [(row[0], row[3]) for row in rows[start : start + 8]] == [
        *(("Tổng số học viên", 5), ("Xuất sắc", 0), ("Giỏi", 1), ("Khá", 1), ("Trung bình", 0), ("Không đạt", 1)),
        *(("Bỏ học", 1), ("Chưa có kết quả", 1)),
    ]


def test_the_result_list_can_come_back_through_the_import(learners, world, as_user):
    content = fetch(as_user, world.center, learners, Form.RESULTS)
    scale = [(Line(one.pk, one.name, one.from_score, one.is_pass), ()) for one in Grade.objects.all()]

    found = read(spreadsheet.read(content, "ket-qua.xlsx"), grade_names(scale))

    assert [
        (row.name, row.unit, row.score, row.line and row.line.name, row.certificate_number) for row in found.rows
    ] == [
        ("Nguyễn Văn An", "Đảng bộ xã Hồng Lý", Decimal("8.5"), "Giỏi", "102/CN-TTCT"),
        ("Trần Thị Bình", "Đảng bộ xã Song An", Decimal("7.25"), "Khá", "99/CN-TTCT"),
        ("Lê Văn Cường", "Đảng bộ xã Hồng Lý", Decimal("4.5"), "Không đạt", ""),
        ("Phạm Thị Dung", "Chi bộ Tòa án nhân dân huyện", None, None, ""),
        ("Vũ Văn Em", "Đảng bộ Cơ quan Huyện ủy", None, None, ""),
    ]
    assert [row.state for row in found.rows].count("dropped") == 1
    assert [row.name for row in found.rows if row.is_wrong] == ["Vũ Văn Em"]  # has no result yet


def test_the_register_goes_by_number_and_leaves_room_to_sign(learners, world, as_user):
    rows = table(fetch(as_user, world.center, learners, Form.REGISTER), "Số giấy CN")

    assert rows[0] == [
        *("Số giấy CN", "Họ và tên", "Ngày sinh", "Quê quán", "Đơn vị", "Xếp loại", "Ngày cấp", "Ký nhận")
    ]
    assert [(row[0], row[1], row[5], row[7]) for row in rows[1:]] == [
        ("99/CN-TTCT", "Trần Thị Bình", "Khá", None),
        ("102/CN-TTCT", "Nguyễn Văn An", "Giỏi", None),
    ]


@pytest.mark.parametrize("form", Form)
def test_the_page_shows_the_rows_of_the_workbook(form, learners, world, as_user):
    shown = printed(page(as_user, world.center, learners, form))

    content = fetch(as_user, world.center, learners, form)

    assert [row[1] for row in shown] == [
        row[1] for row in grid(content) if row[1] in {line[1] for line in shown} and row[1]
    ]
    assert all("None" not in cell for row in shown for cell in row)


def test_numbers_and_days_on_paper_are_vietnamese(learners, world, as_user):
    rows = printed(page(as_user, world.center, learners, Form.RESULTS))

    assert rows[1] == [
        *("2", "Trần Thị Bình", "1996", "Đảng bộ xã Song An", "7,25", "Khá", "99/CN-TTCT", "27/09/2024", "")
    ]


def test_a_class_without_people_says_so_and_still_makes_a_file(world, as_user):
    empty = factories.make_class(date(2024, 12, 2))

    for form in Form:
        response = page(as_user, world.center, empty, form)
        assert "chưa" in response.context["sheet"].nobody.casefold()
        assert 'class="sheet' not in response.content.decode()
        assert load_workbook(BytesIO(fetch(as_user, world.center, empty, form)))


# The workbook


@pytest.mark.recalculation
def test_libreoffice_calculates_every_formula_to_its_stored_value(learners, world, as_user):
    """Slow (LibreOffice, once a paper)."""
    counted = {form: assert_recalculates(fetch(as_user, world.center, learners, form)) for form in Form}

    lessons = learners.lessons.count()
    assert counted == {Form.ROSTER: 2, Form.ATTENDANCE: 5 + lessons, Form.RESULTS: 8, Form.REGISTER: 1}


@pytest.mark.recalculation
def test_what_is_typed_into_the_sheet_moves_the_sums(learners, world, as_user):
    """Slow (LibreOffice)."""
    book = load_workbook(BytesIO(fetch(as_user, world.center, learners, Form.RESULTS)))
    sheet = book.active
    next(row for row in sheet.iter_rows() if row[1].value == "Vũ Văn Em")[5].value = "Giỏi"
    changed = BytesIO()
    book.save(changed)

    again = recalculated(changed.getvalue())

    sums = {row[0].value: again[sheet.title, row[3].coordinate] for row in sheet.iter_rows() if row[3].data_type == "f"}
    assert (sums["Giỏi"], sums["Chưa có kết quả"], sums["Tổng số học viên"]) == (2, 0, 5)


def test_a_name_like_a_formula_stays_text(committee, world, as_user):
    content = fetch(as_user, world.center, committee, Form.ROSTER)

    (row,) = [row for row in table(content, "TT") if row[1] == "Lê Thị Phó"]
    assert row[2] == "'=1+1"
    assert {cell for _, cell in formula_cells(content)} == {"D12"}  # the total


@pytest.mark.parametrize("form", Form)
def test_every_file_is_ready_for_a4(form, learners, world, as_user):
    sheet = load_workbook(BytesIO(fetch(as_user, world.center, learners, form))).active

    assert (sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, True)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.page_setup.orientation == ("portrait" if form in (Form.ROSTER, Form.RESULTS) else "landscape")
    head = next(row[1].row for row in sheet.iter_rows() if row[1].value == "Họ và tên")
    below = head + (2 if form == Form.ATTENDANCE else 1)
    assert sheet.freeze_panes == f"C{below}"
    assert sheet.print_title_rows == f"${head}:${below - 1}"


def test_every_file_says_who_made_it_and_when(learners, world, as_user):
    for form in Form:
        book = load_workbook(BytesIO(fetch(as_user, world.center, learners, form)))
        assert f"· {world.center.full_name}" in book.active.oddFooter.left.text
        assert book.properties.creator == "vuthu_recruit"
    assert world.center.full_name in page(as_user, world.center, learners, Form.ROSTER).content.decode()


def test_a_demonstration_is_marked(learners, world, as_user, settings):
    settings.DEMO = True

    for form in Form:
        mark = "Dữ liệu mẫu – người và số liệu đều không có thật."
        assert mark in page(as_user, world.center, learners, form).content.decode()
        assert [mark] in [[cell for cell in row if cell] for row in grid(fetch(as_user, world.center, learners, form))]


def test_more_lessons_than_paper_has_room_for_are_shared_among_tables(world, as_user):
    long = factories.make_class(date(2024, 12, 2))
    factories.enrol(long, factories.make_candidate(world.north_1))
    last = long.lessons.count()
    for number in range(last + 1, LESSONS_ACROSS + 6):
        Lesson.objects.create(training_class=long, number=number)

    book = load_workbook(BytesIO(fetch(as_user, world.center, long, Form.ATTENDANCE)))

    assert book.sheetnames == ["Buổi 1–10", "Buổi 11–20"]
    assert [len(part) for part in shared(range(31))] == [11, 11, 9]
    assert [len(part) for part in shared([])] == [0]


# Words


@pytest.mark.parametrize(("number", "words"), [(1, "I"), (2, "II"), (4, "IV"), (9, "IX"), (14, "XIV"), (49, "XLIX")])
def test_courses_have_roman_numbers(number, words):
    assert roman(number) == words


@pytest.mark.parametrize(
    ("from_on", "to_on", "words"),
    [
        (date(2023, 8, 14), date(2023, 8, 18), "Lớp mở từ ngày 14/8 đến ngày 18 tháng 8 năm 2023"),
        (date(2023, 12, 28), date(2024, 1, 3), "Lớp mở từ ngày 28/12/2023 đến ngày 03 tháng 01 năm 2024"),
        (date(2023, 8, 14), date(2023, 8, 14), "Lớp mở ngày 14 tháng 8 năm 2023"),
    ],
)
def test_the_days_of_a_class_are_a_sentence(from_on, to_on, words, world):
    made = factories.make_class(from_on, to_on)

    assert when(made) == words
    made.is_called_off, made.place = True, "hội trường"
    assert when(made) == f"{words} tại hội trường; lớp không mở"


# Whose


def test_a_unit_gets_its_own_people_and_no_head_of_the_centre(learners, world, as_user):
    for form in Form:
        response = page(as_user, world.north_officer, learners, form)
        content = fetch(as_user, world.north_officer, learners, form)

        said = crawl.text_of(response) + zipped(content)
        assert "an" in " ".join(row[1] for row in printed(response)).casefold()
        assert not [name for name in ("trần thị bình", "phạm thị dung", "vũ văn em", "99/cn-ttct") if name in said]
        assert "phần của đơn vị: đảng bộ xã hồng lý" in said
        assert not [words for words in ("giám đốc", "ban chấp hành", "đảng cộng sản việt nam") if words in said]
        assert response.context["sheet"].paper is None


def test_to_its_own_officer_the_branch_is_named(learners, world, as_user):
    rows = printed(page(as_user, world.north_officer, learners, Form.ROSTER))

    assert {row[5] for row in rows} == {"Chi bộ thôn Hội", "Chi bộ thôn Đông"}


def test_a_unit_without_people_in_the_class_gets_nobody(learners, world, as_user):
    Enrolment.objects.filter(candidate__unit=world.south_1).update(
        state="refused", reason="Chưa đủ điều kiện", score=None, grade=None, is_passed=None,
        certificate_number="", issued_on=None,
    )  # fmt: skip

    for form in Form:
        assert printed(page(as_user, world.south_officer, learners, form)) == []


def test_attendance_of_others_is_not_read_for_a_unit(learners, world, as_user):
    sheet = page(as_user, world.north_officer, learners, Form.ATTENDANCE).context["sheet"]

    assert sheet.tables[0].feet[0][3:5] == (1, 1)


def test_papers_tell_nothing_a_class_does_not_need(world, as_user):
    made = factories.make_class(date(2024, 9, 16), date(2024, 9, 20))
    person = factories.make_candidate(
        world.north_1, started=date(2024, 1, 5), residence="ngõ bímật", religion="catholic", phone="0912345678",
        background_document="bímật-02", workplace="xưởng bímật",
    )  # fmt: skip
    factories.finish(factories.enrol(made, person)[0], ISSUED)

    for user in (world.center, world.board, world.north_officer):
        for form in Form:
            said = crawl.text_of(page(as_user, user, made, form)) + zipped(fetch(as_user, user, made, form))
            for word in ("bímật", "công giáo", "catholic", "0912345678", person.identity_number):
                assert word not in said, (user, form, word)
            assert person.full_name.casefold() in said


@pytest.mark.parametrize("name", [PAGE, FILE])
def test_others_are_turned_away(name, learners, world, as_user):
    address = reverse(name, args=[learners.pk, Form.ROSTER])
    abroad = factories.make_unit(world.area, "huyen-khac", "Đảng bộ huyện Khác", kind="district", code="999")
    stranger = factories.make_user("stranger")
    factories.assign(stranger, "political_center", abroad)

    answers = {who: as_user(getattr(world, who)).get(address).status_code for who in ("admin", "nobody", "youth")}

    assert answers == {"admin": 403, "nobody": 403, "youth": 403}
    assert as_user(stranger).get(address).status_code == 404
    assert as_user(world.center).get(reverse(name, args=[learners.pk, "khong-co"])).status_code == 404
    assert as_user(world.center).post(address).status_code == (405 if name == PAGE else 200)  # a file may ask for more


def test_above_an_area_there_is_no_committee_to_name(world):
    made = factories.make_class(date(2024, 9, 16))
    made.organization = world.area

    paper = centre_paper(made)

    assert (paper.parent, paper.issuer) == (DOTS, "TRUNG TÂM CHÍNH TRỊ")


def test_queries_do_not_grow_with_the_people(world, as_user):
    """Slow: classes of 20 and of 120."""
    made = factories.make_class(date(2024, 9, 16), date(2024, 9, 20))
    client = as_user(world.center)
    addresses = [reverse(name, args=[made.pk, form]) for name in (PAGE, FILE) for form in Form]
    attend(made, world, 20)
    client.get(addresses[0])
    few = [queries_for(client, address) for address in addresses]

    attend(made, world, 100)

    assert [queries_for(client, address) for address in addresses] == few


def attend(training_class, world, count: int) -> None:
    """People who attended, written straight: the actions are tested elsewhere."""
    grade, first = Grade.objects.get(key="good"), Enrolment.objects.count()
    people = [factories.make_candidate(world.north_1, started=date(2024, 1, 5)) for _ in range(count)]
    Enrolment.objects.bulk_create(
        Enrolment(
            training_class=training_class, candidate=person, unit=world.north_1, state="finished", grade=grade,
            is_passed=True, certificate_number=f"{first + number}/CN", issued_on=ISSUED,
        )
        for number, person in enumerate(people, 1)
    )  # fmt: skip


def zipped(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist()).decode().casefold()
