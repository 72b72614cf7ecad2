"""Pages of classes: the list and its export, one class, edited, called off, lessons, attendance, kinds, scope, cost."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from candidates.actions.classes import take_attendance
from candidates.actions.nominations import Participant, nominate, nominate_participants
from candidates.models import Candidate, ClassKind, Enrolment, Grade, Lesson
from organizations.models import Change, Organization
from tests import factories
from tests.candidates.test_class_results import class_data, grade, passed, record, table
from tests.factories import enrol, finish, make_candidate, make_class
from tests.tools import queries_for

LIST = "/lop-hoc/"
WHY = "Trung tâm xếp lại lịch"


@pytest.fixture
def training_class(world):
    return make_class(date(2024, 5, 6), date(2024, 5, 10))


def address(name: str, training_class, *more) -> str:
    return reverse(f"candidates:{name}", args=[training_class.pk, *more])


def values_of(client, url: str, **changes) -> dict:
    """What the form of a page sends, with changes."""
    form = client.get(url).context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    return {name: f"{v:%d/%m/%Y}" if isinstance(v, date) else v for name, v in data.items()} | changes


def send(client, url: str, **changes):
    return client.post(url, values_of(client, url, **changes))


def errors(response) -> dict:
    return response.context["form"].errors


# The list


@pytest.fixture
def four(world):
    """Of two years and three kinds, in the order of the list."""
    made = [make_class(date(2024, 5, 6), place="Hội trường Huyện ủy"), make_class(date(2024, 9, 2))]
    made += [make_class(date(2024, 6, 3), kind="new_member"), make_class(date(2023, 5, 8), kind="committee")]
    return [made[1], made[0], *made[2:]]


FILTERS = [
    ("", [0, 1, 2, 3], []),
    ("?nam=2023", [3], ["Năm: 2023"]),
    ("?loai=new_member", [2], ["Loại lớp: Bồi dưỡng đảng viên mới"]),
    ("?nam=2024&loai=awareness", [0, 1], ["Năm: 2024", "Loại lớp: Bồi dưỡng nhận thức về Đảng"]),
    ("?q=Hội trường", [1], []),
    ("?q=không có", [], []),
    ("?nam=2023&loai=awareness", [], ["Năm: 2023", "Loại lớp: Bồi dưỡng nhận thức về Đảng"]),
]


@pytest.mark.parametrize(("query", "expected", "chips"), FILTERS)
def test_the_filter_stands_in_the_address_and_the_export_has_its_rows(query, expected, chips, world, four, as_user):
    client = as_user(world.center)
    page = client.get(LIST + query)
    sheet = load_workbook(BytesIO(client.get(f"{LIST}xuat/{query}").getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found = [(row[4].date(), row[1]) for row in rows if isinstance(row[0], int)]

    wanted = [four[place] for place in expected]
    assert list(page.context["rows"]) == wanted
    assert [chip["label"] for chip in page.context["chips"]] == chips
    assert found == [(one.from_on, one.kind.name) for one in wanted]
    assert f"Bộ lọc: {'; '.join(chips) or 'không lọc'}." in str(rows)


@pytest.mark.parametrize("query", ["?nam=1999", "?nam=x", "?loai=khong-co", "?q=" + "x" * 121])
def test_a_wrong_filter_is_told_and_lists_nothing(query, world, four, as_user):
    client = as_user(world.center)
    page = client.get(LIST + query)

    assert (page.status_code, list(page.context["rows"])) == (422, [])
    assert client.get(f"{LIST}xuat/{query}").url.startswith(LIST + "?")


def test_the_list_and_its_export_count_the_people_the_reader_sees(world, training_class, as_user):
    rows = enrol(training_class, *[make_candidate(unit) for unit in (world.north_1, world.north_1, world.south_1)])
    finish(rows[0], date(2024, 5, 15))
    nominate(training_class=training_class, candidates=[make_candidate(world.south_1)], by=world.board)
    counted = {}
    for who in ("center", "north_officer", "south_officer"):
        client = as_user(getattr(world, who))
        (one,) = client.get(LIST).context["rows"]
        sheet = load_workbook(BytesIO(client.get(f"{LIST}xuat/").getvalue())).active
        (row,) = [row for row in sheet.iter_rows(values_only=True) if row[0] == 1]
        counted[who] = (one.unscreened, one.waiting, one.people, one.passed, one.certified)
        assert row[9:14] == counted[who]

    assert counted == {"center": (1, 0, 3, 1, 1), "north_officer": (0, 0, 2, 1, 1), "south_officer": (1, 0, 1, 0, 0)}


# One class


@pytest.fixture
def every_state(world, training_class):
    """Two of each state, one in the north and one in the south; besides somebody who was entered by mistake."""
    rows = []
    for unit in (world.north_1, world.south_1):
        people = [make_candidate(unit) for _ in range(9)]
        rows += enrol(training_class, *people)
    states = ["nominated", "refused", "waiting", "enrolled", "finished", "finished", "dropped", "withdrawn", "enrolled"]
    for row, state in zip(rows, states * 2, strict=True):
        if state == "finished":
            finish(row, grade="good" if row.pk % 2 else "failed")
        else:
            Enrolment.objects.filter(pk=row.pk).update(state=state, reason=WHY)
    mistaken = [rows[8].candidate_id, rows[17].candidate_id]
    Candidate.objects.filter(pk__in=mistaken).update(status="withdrawn")
    return training_class


@pytest.mark.parametrize(("who", "share"), [("center", 2), ("board", 2), ("north_officer", 1), ("south_officer", 1)])
def test_each_number_of_the_tally_opens_as_many_rows(who, share, world, every_state, as_user):
    client, url = as_user(getattr(world, who)), every_state.get_absolute_url()
    page = client.get(url)
    parts = {part["label"]: (part["value"], part["url"]) for part in page.context["parts"]}
    opened = {label: client.get(url + query).context["page_obj"].paginator.count for label, (_, query) in parts.items()}

    assert {label: value for label, (value, _) in parts.items()} == opened
    assert opened == dict.fromkeys(
        ["Chờ xét", "Không đủ điều kiện", "Chờ chỗ", "Đang học", "Đạt", "Không đạt", "Bỏ học", "Đã rút"], share
    ) | {"Được cử": 7 * share}
    assert len(page.context["people"]) == 7 * share


def test_only_what_a_part_holds_is_shown(world, every_state, as_user):
    client, url = as_user(world.center), every_state.get_absolute_url()
    parts = {"cho-xet": "nominated", "khong-du": "refused", "cho-cho": "waiting", "bo-hoc": "dropped"}
    for part, state in parts.items():
        assert {row["state"] for row in client.get(url, {"muc": part}).context["people"]} == {state}
    assert {row["is_passed"] for row in client.get(url, {"muc": "dat"}).context["people"]} == {True}
    wrong = client.get(url, {"muc": "khong-co"})
    assert (wrong.status_code, wrong.context["people"]) == (422, [])


@pytest.mark.parametrize(
    ("words", "names"),
    [("dao", ["Đỗ Thị Đào"]), ("ĐỖ đào", ["Đỗ Thị Đào"]), ("vu", ["Vũ Văn An", "Vũ Văn Yên"]), ("khong co", [])],
)
def test_people_are_found_without_marks(words, names, world, training_class, as_user):
    people = [make_candidate(world.north_1, full_name=name) for name in ("Vũ Văn Yên", "Đỗ Thị Đào", "Vũ Văn An")]
    enrol(training_class, *people)
    course = make_class(date(2024, 5, 6), kind="committee")
    typed = [Participant(person.full_name, "Bí thư") for person in people]
    nominate_participants(training_class=course, unit=world.north, people=typed, by=world.center)

    for one in (training_class, course):
        shown = as_user(world.center).get(one.get_absolute_url(), {"q": words}).context["people"]
        assert [row["name"] for row in shown] == names


def test_the_roster_is_sorted_by_name_unit_or_nomination(world, training_class, as_user):
    south = make_candidate(world.south_1, full_name="Vũ Văn An")
    north = [make_candidate(world.north_1, full_name=name) for name in ("Vũ Văn Yên", "Lê Thị Bình")]
    enrol(training_class, south, *north)
    client, url = as_user(world.center), training_class.get_absolute_url()
    pages = {key: client.get(url, {"xep": key}) for key in ("", "don-vi", "cu")}

    assert {key: [row["name"] for row in page.context["people"]] for key, page in pages.items()} == {
        "": ["Vũ Văn An", "Lê Thị Bình", "Vũ Văn Yên"],
        "don-vi": ["Lê Thị Bình", "Vũ Văn Yên", "Vũ Văn An"],
        "cu": ["Vũ Văn An", "Vũ Văn Yên", "Lê Thị Bình"],
    }


# Opened, edited, called off


def test_two_classes_of_one_kind_year_and_number_are_not_opened(world, training_class, as_user):
    url = reverse("candidates:class_create")
    response = as_user(world.center).post(url, class_data(world, number="1"))
    assert errors(response) == {"number": ["Đã có khóa 1 năm 2024 của loại lớp này. Hãy chọn khóa số khác."]}

    others = [{"number": "1", "kind": ClassKind.objects.get(key="committee").pk}, {"number": "3"}]
    others += [{"number": "1", "year": "2023", "from_on": "8/5/2023", "to_on": "12/5/2023"}]
    assert [as_user(world.center).post(url, class_data(world, **one)).status_code for one in others] == [302] * 3


def test_a_kind_in_use_no_more_opens_no_class(world, as_user):
    ClassKind.objects.filter(key="awareness").update(is_active=False)
    response = as_user(world.center).post(reverse("candidates:class_create"), class_data(world))

    assert errors(response) == {"kind": ["Hãy chọn một mục trong danh sách."]}


def test_what_is_edited_is_kept_and_written_to_the_history(world, training_class, as_user):
    since = Change.objects.count()
    response = send(as_user(world.center), address("class_edit", training_class), place="Hội trường B", capacity="60")
    training_class.refresh_from_db()

    assert response.status_code == 302
    assert (training_class.place, training_class.capacity, training_class.version) == ("Hội trường B", 60, 2)
    written = Change.objects.order_by("pk")[since:]
    assert [(row.action, row.by) for row in written] == [("class.edit", world.center)]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"number": "2"}, "number", "Đã có khóa 2 năm 2024"),
        ({"capacity": "1"}, "capacity", "Lớp đang có 2 người, số chỗ không ít hơn thế được."),
        ({"to_on": "20/5/2024"}, "to_on", "Đã cấp giấy chứng nhận ngày 15/05/2024, trước ngày kết thúc này."),
        ({"to_on": "19/11/2024"}, "to_on", "trước ngày kết thúc này."),
        ({"from_on": "7/5/2024"}, "from_on", "Đã điểm danh buổi 1 ngày 06/05/2024, ngoài thời gian này."),
        ({"to_on": "1/5/2024"}, "to_on", "Ngày kết thúc trước ngày khai giảng"),
        ({"capacity": "0"}, "capacity", "từ 1 trở lên"),
        ({"year": "2022"}, "year", "không thuộc năm 2022"),
    ],
)
def test_an_edit_that_people_speak_against_is_refused_at_its_field(
    values, field, words, world, training_class, as_user
):
    make_class(date(2024, 9, 2))
    rows = enrol(training_class, make_candidate(world.north_1), make_candidate(world.south_1))
    take_attendance(lesson=training_class.lessons.first(), marks={rows[0].pk: "present"}, version=1, by=world.center)
    finish(rows[0], date(2024, 5, 15))
    response = send(as_user(world.center), address("class_edit", training_class), **values)

    assert response.status_code == 422
    assert list(errors(response)) == [field]
    assert words in errors(response)[field][0]
    training_class.refresh_from_db()
    assert training_class.version == 1


def test_a_class_somebody_finished_does_not_last_beyond_today(world, training_class, as_user):
    client, (row,) = as_user(world.center), enrol(training_class, make_candidate(world.north_1))
    finish(row)
    response = send(client, address("class_edit", training_class), to_on="19/11/2024")

    words = "Đã ghi kết quả học xong, không dời ngày kết thúc đến sau hôm nay được."
    assert errors(response) == {"to_on": [words]}
    assert send(client, address("class_edit", training_class), to_on="18/11/2024").status_code == 302


def test_lessons_outside_the_new_days_wait_for_a_day(world, training_class, as_user):
    send(as_user(world.center), address("class_edit", training_class), to_on="8/5/2024")

    dated = list(training_class.lessons.values_list("held_on", "half"))
    assert dated[5:] == [(date(2024, 5, 8), "afternoon"), *[(None, "")] * 4]


def test_two_who_edit_a_class_are_told(world, training_class, as_user):
    client, url = as_user(world.board), address("class_edit", training_class)
    data = values_of(client, url, place="Phòng họp 2")
    send(as_user(world.center), url, place="Hội trường B")
    response = client.post(url, data)

    assert response.status_code == 409
    assert 'value="Phòng họp 2"' in response.content.decode()
    assert client.post(url, data | {"version": "2"}).status_code == 302


def test_a_class_is_called_off_with_a_reason_unless_it_has_results(world, training_class, as_user):
    client, url = as_user(world.center), address("class_call_off", training_class)
    (row,) = enrol(training_class, make_candidate(world.north_1))
    assert errors(send(client, url, reason="ngắn")) == {"reason": ["Ghi lý do không mở lớp, ít nhất 10 ký tự."]}
    finish(row)
    assert "Lớp đã ghi kết quả nên không hủy được" in str(errors(send(client, url, reason=WHY)))
    empty = make_class(date(2024, 9, 2))
    url = address("class_call_off", empty)
    assert client.post(url, {"reason": WHY, "version": "9"}).status_code == 409

    assert send(client, url, reason=WHY).status_code == 302
    page = client.get(empty.get_absolute_url()).content.decode()
    assert "Lớp này đã hủy" in page
    assert WHY in page
    assert "đã hủy" in client.get(LIST).content.decode()
    again = client.post(url, {"reason": WHY, "version": "2"})
    assert errors(again) == {"__all__": ["Lớp này đã hủy, không thay đổi được nữa."]}


# Lessons


def lesson_days(training_class) -> list:
    return list(training_class.lessons.values_list("number", "held_on", "half"))


def test_a_class_has_ten_lessons_and_a_row_below_adds_one(world, training_class, as_user):
    client, url = as_user(world.center), address("lessons", training_class)
    assert len(lesson_days(training_class)) == 10
    added = {"12-held_on": "10/5/2024", "12-half": "evening", "12-topic": "Ôn tập", "1-lecturer": "Đỗ Thị Hoà"}
    response = client.post(url, values_of(client, url) | added)

    assert response.status_code == 302, errors(response)
    assert lesson_days(training_class)[10:] == [(11, date(2024, 5, 10), "evening")]
    assert "2 buổi thay đổi" in client.get(url).content.decode()
    assert "Đỗ Thị Hoà" in as_user(world.north_officer).get(url).content.decode()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"1-held_on": "5/5/2024"}, "1-held_on", "Buổi 1: Ngày 05/05/2024 ngoài thời gian của lớp."),
        ({"2-held_on": "11/5/2024"}, "2-held_on", "Buổi 2: Ngày 11/05/2024 ngoài thời gian của lớp."),
        ({"2-half": "morning"}, "2-held_on", "Buổi 2: Cùng lúc với buổi 1."),
        ({"11-held_on": "6/5/2024", "11-half": "morning"}, "11-held_on", "Buổi 11: Cùng lúc với buổi 1."),
        ({"1-held_on": ""}, "1-held_on", "Buổi 1: Buổi này đã điểm danh, không bỏ ngày được."),
        ({"1-held_on": "31/2/2024"}, "1-held_on", "không có thật"),
        ({"1-half": "khuya"}, "1-half", "Hãy chọn một mục"),
        ({"1-topic": "x" * 201}, "1-topic", "200"),
    ],
)
def test_a_timetable_that_cannot_be_is_refused_by_row(values, field, words, world, training_class, as_user):
    client, url, before = as_user(world.center), address("lessons", training_class), lesson_days(training_class)
    (row,) = enrol(training_class, make_candidate(world.north_1))
    take_attendance(lesson=training_class.lessons.first(), marks={row.pk: "present"}, version=1, by=world.center)
    response = client.post(url, values_of(client, url) | values)

    assert response.status_code == 422
    assert list(errors(response)) == [field]
    assert words in errors(response)[field][0]
    assert lesson_days(training_class) == before


def test_a_lesson_with_attendance_does_not_move_to_a_day_to_come(world, as_user):
    client, running = as_user(world.center), make_class(date(2024, 11, 18), date(2024, 11, 19))
    url, (row,) = address("lessons", running), enrol(running, make_candidate(world.north_1))
    take_attendance(lesson=running.lessons.first(), marks={row.pk: "present"}, version=1, by=world.center)
    tomorrow = {"3-held_on": "", "1-held_on": "19/11/2024"}

    words = "Buổi 1: Buổi này đã điểm danh, không dời đến ngày sau hôm nay được."
    assert errors(client.post(url, values_of(client, url) | tomorrow)) == {"1-held_on": [words]}


def test_two_lessons_change_places_at_once(world, training_class, as_user):
    client, url = as_user(world.center), address("lessons", training_class)
    swapped = {"1-half": "afternoon", "2-half": "morning"}

    assert client.post(url, values_of(client, url) | swapped).status_code == 302
    assert [half for _, _, half in lesson_days(training_class)[:2]] == ["afternoon", "morning"]


@pytest.mark.parametrize("theirs", [{"1-topic": "Bài mở đầu"}, {"11-topic": "Ôn tập"}])
def test_two_who_write_the_timetable_are_told(theirs, world, training_class, as_user):
    """Also where both added a lesson: the second one would be written over the first."""
    client, url = as_user(world.board), address("lessons", training_class)
    data = values_of(client, url) | {"1-topic": "Bài khác", "11-topic": "Kiểm tra"}
    assert as_user(world.center).post(url, values_of(client, url) | theirs).status_code == 302
    response = client.post(url, data)

    assert response.status_code == 409
    topics = {lesson.topic for lesson in training_class.lessons.all()}
    assert topics == {"", *theirs.values()}
    assert next(iter(theirs.values())) in response.content.decode()
    assert send(client, url).status_code == 302


# Attendance


@pytest.fixture
def two(world, training_class):
    names = ("Vũ Văn An", "Lê Thị Bình")
    return enrol(training_class, *[make_candidate(world.north_1, full_name=name) for name in names])


def test_everybody_is_offered_as_present_and_the_absent_are_changed(world, training_class, two, as_user):
    client, url = as_user(world.center), address("attendance_take", training_class, 1)
    an, binh = two
    form = client.get(url).context["form"]
    assert [form[f"mark-{row.pk}"].value() for row in two] == ["present", "present"]
    assert send(client, url, **{f"mark-{binh.pk}": "absent"}).status_code == 302
    assert send(client, url, **{f"mark-{binh.pk}": "excused"}).status_code == 302
    assert send(client, address("attendance_take", training_class, 2)).status_code == 302

    grid = client.get(address("attendance", training_class)).context
    cells = {row["name"]: ([short for short, _ in row["cells"]][:3], row["present"], row["of"]) for row in grid["rows"]}
    assert cells == {"Vũ Văn An": (["x", "x", ""], 2, 2), "Lê Thị Bình": (["P", "x", ""], 1, 2)}
    assert [one["is_taken"] for one in grid["lessons"]][:3] == [True, True, False]
    for who in (world.center, world.north_officer):
        page = as_user(who).get(address("participant", training_class, binh.pk))
        assert page.context["marks"] == {"present": 1, "taken": 2, "absent": 0}
        assert "1 trên 2 buổi đã điểm danh" in page.content.decode()


def test_no_attendance_before_the_day_nor_without_one(world, as_user):
    client, running = as_user(world.center), make_class(date(2024, 11, 18), date(2024, 11, 19))
    (row,) = enrol(running, make_candidate(world.north_1))
    data = {f"mark-{row.pk}": "present", "version": "1"}
    expected = {1: 302, 2: 302, 3: 422, 5: 422}  # today, today, tomorrow, not dated

    assert {n: client.post(address("attendance_take", running, n), data).status_code for n in expected} == expected
    assert "Chưa đến buổi này" in client.get(address("attendance_take", running, 3)).content.decode()
    assert client.get(address("attendance_take", running, 11)).status_code == 404


def test_only_those_who_attend_have_a_mark(world, training_class, two, as_user):
    other = enrol(make_class(date(2024, 9, 2)), make_candidate(world.north_1, full_name="Trần Thị Khác"))
    person = make_candidate(world.north_1)
    waiting = nominate(training_class=training_class, candidates=[person], by=world.board)
    lesson = training_class.lessons.first()
    for stranger in (other[0].pk, waiting[0].pk, 999_999):
        with pytest.raises(ValidationError, match="Không phải học viên của lớp"):
            take_attendance(lesson=lesson, marks={stranger: "present"}, version=1, by=world.center)
    url = address("attendance_take", training_class, 1)
    assert send(as_user(world.center), url, **{f"mark-{two[0].pk}": "late"}).status_code == 422
    send(as_user(world.center), url, **{f"mark-{waiting[0].pk}": "present"})

    assert set(lesson.marks.values_list("enrolment", flat=True)) == {row.pk for row in two}


def test_two_who_take_attendance_are_told(world, training_class, two, as_user):
    client, url = as_user(world.board), address("attendance_take", training_class, 1)
    data = values_of(client, url, **{f"mark-{two[0].pk}": "excused"})
    send(as_user(world.center), url)
    response = client.post(url, data)

    assert response.status_code == 409
    assert errors(response) == {}
    assert response.context["form"][f"mark-{two[0].pk}"].value() == "excused"
    assert set(Lesson.objects.get(number=1).marks.values_list("mark", flat=True)) == {"present"}
    assert client.post(url, data | {"version": "2"}).status_code == 302


# The table of results while others change the class


def test_a_grade_other_than_the_score_gives_must_be_meant(world, training_class, two, as_user):
    client, row = as_user(world.center), two[0]
    typed = {f"e{row.pk}": passed("", score="7,5", grade=str(grade("very_good")))}
    refused = record(training_class, client, **typed)
    assert errors(refused) == {f"{row.pk}-grade": ["Vũ Văn An: Điểm 7,5 theo thang điểm là “Khá”, không phải “Giỏi”."]}
    data = table(training_class, client, **typed) | {"keeps_grades": "on"}

    assert record(training_class, client, data=data).status_code == 302
    row.refresh_from_db()
    assert (row.grade.key, row.is_passed) == ("very_good", True)


def test_who_joined_while_the_table_was_open_is_left_alone(world, training_class, two, as_user):
    client = as_user(world.center)
    data = table(training_class, client, **{f"e{two[0].pk}": passed("")})
    (new,) = enrol(training_class, make_candidate(world.north_1, full_name="Đinh Văn Ái"))

    assert record(training_class, client, data=data).status_code == 302
    assert list(training_class.enrolments.order_by("pk").values_list("state", flat=True)) == [
        "finished", "enrolled", "enrolled",
    ]  # fmt: skip
    assert new.state == "enrolled"


def test_who_left_while_the_table_was_open_is_told(world, training_class, two, as_user):
    client = as_user(world.center)
    data = table(training_class, client, **{f"e{row.pk}": passed("") for row in two})
    Enrolment.objects.filter(pk=two[0].pk).update(state="refused", reason=WHY)
    response = record(training_class, client, data=data)

    assert response.status_code == 409
    assert "vừa được đưa ra khỏi lớp" in response.content.decode()
    assert list(training_class.enrolments.order_by("pk").values_list("state", flat=True)) == ["refused", "enrolled"]
    again = {bound.html_name: bound.value() or "" for bound in response.context["form"]}
    assert record(training_class, client, data=again).status_code == 302


# Kinds of classes and the scale


def kind(key: str) -> str:
    return reverse("candidates:class_kind_edit", args=[ClassKind.objects.get(key=key).pk])


def scale(key: str) -> str:
    return reverse("candidates:grade_edit", args=[grade(key)])


def test_what_a_kind_is_for_is_fixed_once_it_has_classes(world, training_class, as_user):
    client = as_user(world.center)
    words = "Loại lớp này đã có lớp nên không đổi được đối tượng. Hãy thêm loại khác."

    assert errors(send(client, kind("awareness"), purpose="committee")) == {"purpose": [words]}
    assert send(client, kind("awareness"), lessons="12").status_code == 302
    assert send(client, kind("new_member"), purpose="committee").status_code == 302
    assert make_class(date(2024, 9, 2)).lessons.count() == 12
    assert training_class.lessons.count() == 10


def test_whether_a_grade_is_a_pass_is_fixed_once_somebody_has_it(world, training_class, two, as_user):
    client = as_user(world.center)
    finish(two[0], grade="average")
    words = "Đã có người được xếp loại này nên không đổi. Hãy thêm xếp loại khác."

    assert errors(client.post(scale("average"), values_of(client, scale("average")) | {"is_pass": ""})) == {
        "is_pass": [words]
    }
    assert send(client, scale("average"), name="Đạt yêu cầu", from_score="5,5").status_code == 302
    assert client.post(scale("good"), values_of(client, scale("good")) | {"is_pass": ""}).status_code == 302


def test_a_new_scale_changes_no_result_on_record(world, training_class, two, as_user):
    client = as_user(world.center)
    record(training_class, client, **{f"e{two[0].pk}": passed("", score="5")})
    send(client, scale("average"), from_score="6")
    two[0].refresh_from_db()
    assert (two[0].grade.key, two[0].is_passed) == ("average", True)

    record(training_class, client, **{f"e{two[1].pk}": passed("", score="5")})
    two[1].refresh_from_db()
    assert (two[1].grade.key, two[1].is_passed) == ("failed", False)


NEW_KIND = {"name": "Lớp mới", "purpose": "committee"}


@pytest.mark.parametrize(
    ("where", "values", "field", "words"),
    [
        ("grade_add", {"name": "Yếu", "from_score": "5"}, "from_score", "Mức điểm này đã là của xếp loại “Trung"),
        ("grade_add", {"name": "Yếu", "from_score": "5,00"}, "from_score", "đã là của xếp loại “Trung bình”"),
        ("grade_add", {"name": "Khá", "from_score": "6"}, "name", "Đã có “Khá” đang dùng. Hãy chọn tên khác."),
        ("grade_add", {"name": "Yếu", "from_score": "11"}, "from_score", "điểm từ 0 đến 10"),
        ("grade_add", {"name": "", "from_score": "6"}, "name", ""),
        ("class_kind_add", {"name": "Bồi dưỡng đảng viên mới", "purpose": "committee"}, "name", "Đã có “Bồi"),
        ("class_kind_add", NEW_KIND | {"purpose": ""}, "purpose", ""),
        ("class_kind_add", NEW_KIND | {"lessons": "0"}, "lessons", "từ 1 trở lên"),
        ("class_kind_add", NEW_KIND | {"lessons": "61"}, "lessons", "nhiều nhất là 60"),
        ("class_kind_add", NEW_KIND | {"order": "10000"}, "order", "nhiều nhất là 9999"),
    ],
)
def test_kinds_and_grades_that_cannot_be_are_refused(where, values, field, words, world, as_user):
    counted = ClassKind.objects.count(), Grade.objects.count()
    response = send(as_user(world.center), reverse(f"candidates:{where}"), **values)

    assert response.status_code == 422
    assert list(errors(response)) == [field]
    assert words in errors(response)[field][0]
    assert (ClassKind.objects.count(), Grade.objects.count()) == counted


def test_kinds_and_grades_are_added_and_taken_out_of_use(world, as_user):
    client, add = as_user(world.center), reverse("candidates:grade_add")
    for _ in range(2):
        assert send(client, add, name="Yếu", from_score="3,5", is_pass="").status_code == 302
        row = Grade.objects.get(name="Yếu", is_active=True)
        url = reverse("candidates:grade_edit", args=[row.pk])
        assert client.post(url, values_of(client, url) | {"is_active": ""}).status_code == 302
    stale = values_of(client, url)
    send(client, url, note="Không còn dùng")

    assert client.post(url, stale).status_code == 409
    assert list(Grade.objects.filter(name="Yếu").values_list("key", "is_active")) == [
        ("them-1", False), ("them-2", False),
    ]  # fmt: skip
    assert "không dùng" in client.get(reverse("candidates:class_kinds")).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("center", 200), ("board", 200), ("north_officer", 403), ("standing", 403)]
)
def test_the_centre_and_the_board_keep_the_kinds(who, status, world, as_user):
    client = as_user(getattr(world, who))
    pages = [kind("awareness"), scale("good"), *[reverse(f"candidates:{n}") for n in ("class_kind_add", "grade_add")]]

    assert {client.get(page).status_code for page in pages} == {status}
    assert client.get(reverse("candidates:class_kinds")).status_code == status


# Cost

MANY = 480


def more_people(unit: Organization) -> list[Candidate]:
    """Like the last one entered, by the hundred."""
    like = Candidate.objects.order_by("-pk").first()
    values = {field.attname: getattr(like, field.attname) for field in Candidate._meta.concrete_fields}
    for name in ("id", "identity_number"):
        del values[name]
    return Candidate.objects.bulk_create(
        [Candidate(**values | {"full_name": f"Lê Văn Đông {n:03d}", "unit_id": unit.pk}) for n in range(MANY)]
    )


PAGES = ["class_detail", "screen", "attendance", "attendance_take", "results", "certificates", "nominate"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_for_twenty_people_and_for_five_hundred(name, world, training_class, as_user):
    """The Board sees them all and opens their records; a hundred rows a page."""
    client = as_user(world.board)
    url = address(name, training_class, *([1] if name == "attendance_take" else []))
    people = [make_candidate(unit) for unit in (world.north_1, world.south_1) * 10]
    state = {"screen": "nominated", "certificates": "finished"}.get(name, "enrolled")

    def join(people):
        if name == "nominate":
            return
        values = {"state": state, "nominated_by": world.board}
        values |= {"grade_id": grade("good"), "is_passed": True} if state == "finished" else {}
        Enrolment.objects.bulk_create(
            [Enrolment(training_class=training_class, candidate=one, unit_id=one.unit_id, **values) for one in people]
        )

    join(people)
    queries_for(client, url)
    few = queries_for(client, url)
    join(more_people(world.north_2))

    assert queries_for(client, url) == few
    context = client.get(url).context
    if name == "nominate":
        assert (len(context["people"]), context["is_cut"]) == (200, True)
    elif name == "certificates":
        assert len(context["people"]) == 500  # one list, numbered as a whole
    else:
        assert len(context["page_obj"].object_list) == 100


# What the Centre may know of a person

SECRETS = {
    "residence": "Thôn Nghĩa Khê",
    "phone": "0912345678",
    "workplace": "Xí nghiệp may Tân Hoà",
    "ethnicity": "Sán Dìu",
    "religion": "catholic",
    "identity_number": "000200012345",
    "background_document": "07-TTLL/ĐU",
    "background_checked_on": date(2022, 6, 1),
}
FORBIDDEN = [*(str(value) for value in list(SECRETS.values())[:4]), "Công giáo", "000200012345", "012345", "07-TTLL"]
OF_A_CLASS = ["class_detail", "class_edit", "class_call_off", "screen"]
OF_A_CLASS += ["lessons", "attendance", "results", "certificates", "result_file"]


@pytest.fixture
def secretive(world, training_class):
    """One of each part of the class about whom much is on record."""
    people = []
    for state in ("nominated", "enrolled", "finished", "waiting", "refused", "dropped"):
        values = SECRETS if state == "nominated" else SECRETS | {"identity_number": factories.identity()}
        person = make_candidate(world.north_1)
        Candidate.objects.filter(pk=person.pk).update(**values)
        people.append(Candidate.objects.get(pk=person.pk))
    rows = enrol(training_class, *people)
    finish(rows[2])
    for row, state in zip(rows, ("nominated", "enrolled", "finished", "waiting", "refused", "dropped"), strict=True):
        if state not in ("enrolled", "finished"):
            Enrolment.objects.filter(pk=row.pk).update(state=state, reason="Chưa đủ điều kiện học")
    return training_class


def test_no_page_of_a_class_tells_the_centre_more_than_a_class_needs(world, secretive, as_user):
    client = as_user(world.center)
    pages = [address(name, secretive) for name in OF_A_CLASS] + [address("attendance_take", secretive, 1)]
    pages += [address("participant", secretive, row.pk) for row in secretive.enrolments.all()]
    pages += [LIST, reverse("candidates:class_kinds")]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        text = response.content.decode()
        assert [words for words in [*FORBIDDEN, 'href="/quan-chung/'] if words in text] == [], page
    sheet = load_workbook(BytesIO(client.get(f"{LIST}xuat/").getvalue())).active
    text = str(list(sheet.iter_rows(values_only=True)))

    assert [words for words in FORBIDDEN if words in text] == []


def test_the_board_reads_there_what_the_centre_must_not(world, secretive, as_user):
    """So that the words looked for above are those that are shown."""
    person = secretive.enrolments.order_by("pk")[1].candidate
    text = as_user(world.board).get(person.get_absolute_url()).content.decode()

    assert [words for words in FORBIDDEN if words not in text] == ["000200012345", "012345"]


RECORD = ["detail", "dossier", "timeline", "edit", "appraise", "companions", "move", "correct"]


def test_the_addresses_of_a_record_are_closed_to_the_centre(world, secretive, as_user):
    client, person = as_user(world.center), secretive.enrolments.first().candidate
    pages = [reverse(f"candidates:{name}", args=[person.pk]) for name in RECORD]
    pages += [reverse("candidates:index"), reverse("candidates:export")]

    for page in pages:
        response = client.get(page)
        assert response.status_code in (403, 404), page
        assert person.full_name not in response.content.decode()
