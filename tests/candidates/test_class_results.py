"""Classes: opened, seen, results recorded in one table; the step that follows a certificate."""

from datetime import date

import pytest
from django.urls import reverse

from candidates.models import ClassKind, Enrolment, Grade, TrainingClass
from candidates.pipeline import Stage, Step
from organizations.models import Change
from tests import factories

WHY = "Trung tâm cấp lại giấy do in sai số"


def class_data(world, **values):
    kind = ClassKind.objects.get(key="awareness")
    base = {"organization": world.district.pk, "kind": kind.pk, "number": "2", "year": "2024"}
    return base | {"from_on": "24/6/2024", "to_on": "28/6/2024", "place": "Hội trường"} | values


@pytest.fixture
def training_class(world):
    return factories.make_class(date(2024, 5, 6), date(2024, 5, 10))


@pytest.fixture
def enrolments(world, training_class):
    north = [factories.make_candidate(world.north_1, home_town="Hồng Lý", religion="catholic") for _ in range(2)]
    south = factories.make_candidate(world.south_1, full_name="Vũ Văn Nam")
    return factories.enrol(training_class, *north, south)


def test_the_centre_opens_a_class_once(world, as_user):
    client = as_user(world.center)
    for _ in range(2):
        response = client.post(reverse("candidates:class_create"), class_data(world))
        assert response.status_code == 302, response.context["form"].errors

    assert TrainingClass.objects.count() == 1
    assert client.post(reverse("candidates:class_create"), class_data(world, place="Nơi khác")).status_code == 422
    assert "Khóa 2/2024" in client.get(reverse("candidates:classes")).content.decode().replace("khóa", "Khóa")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("to_on", "1/6/2024", "trước ngày khai giảng"),
        ("year", "2023", "không thuộc năm"),
        ("number", "0", "từ 1 trở lên"),
        ("number", "99999999", "quá lớn"),
        ("capacity", "x", "số nguyên"),
        ("place", "x" * 10_000, "Nhiều nhất 200"),
        ("kind", "khong-co", "Hãy chọn một mục"),
        ("organization", "999999", "Hãy chọn một mục"),
    ],
)
def test_a_wrong_class_is_refused(field, value, words, world, as_user):
    response = as_user(world.center).post(reverse("candidates:class_create"), class_data(world, **{field: value}))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not TrainingClass.objects.exists()


def test_the_centre_reads_of_a_person_only_what_a_class_needs(world, training_class, enrolments, as_user):
    response = as_user(world.center).get(training_class.get_absolute_url())
    page, person = response.content.decode(), enrolments[0].candidate

    assert person.full_name in page
    assert "Hồng Lý" in page
    assert "Vũ Văn Nam" in page
    assert person.identity_number not in page
    assert "Công giáo" not in page
    assert person.get_absolute_url() not in page
    assert {type(row) for row in response.context["people"]} == {dict}


def test_an_officer_sees_only_the_own_people(world, training_class, enrolments, as_user):
    page = as_user(world.south_officer).get(training_class.get_absolute_url()).content.decode()

    assert "Vũ Văn Nam" in page
    assert enrolments[0].candidate.full_name not in page
    assert "Người của đơn vị" in page
    listed = as_user(world.south_officer).get(reverse("candidates:classes")).context["rows"]
    assert [(one.people, one.certified) for one in listed] == [(1, 0)]


def test_who_may_open_what(world, training_class, enrolments, as_user):
    table = {
        "center": (200, 403, 200),
        "board": (200, 200, 200),
        "north_officer": (200, 200, 403),
        "branch_officer": (403, 403, 403),
        "standing": (403, 403, 403),
        "youth": (403, 403, 403),
    }
    for who, expected in table.items():
        names = ("class_detail", "nominate", "results")
        client = as_user(getattr(world, who))
        got = tuple(client.get(reverse(f"candidates:{n}", args=[training_class.pk])).status_code for n in names)
        assert got == expected, who


def table(training_class, client, *, reason="", common_on="", **rows):
    """The page's own values, with changes: e12={"state": "finished"}."""
    url = reverse("candidates:results", args=[training_class.pk])
    form = client.get(f"{url}?muc=ca-lop").context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "")}
    for key, values in rows.items():
        data |= {f"{key[1:]}-{name}": value for name, value in values.items()}
    data |= {"reason": reason, "common_on": common_on, "why": "Đi làm xa, không học tiếp"}
    return {name: f"{v:%d/%m/%Y}" if isinstance(v, date) else v for name, v in data.items()}


def grade(key) -> int:
    return Grade.objects.get(key=key).pk


def passed(number, **values):
    return {"state": "finished", "score": "7,5", "certificate_number": number} | values


def record(training_class, client, **values):
    data = values.pop("data", None) or table(training_class, client, **values)
    return client.post(reverse("candidates:results", args=[training_class.pk]), data)


def test_the_whole_table_is_saved_at_once(world, training_class, enrolments, as_user):
    one, two, three = enrolments
    rows = {f"e{one.pk}": passed("01/CN"), f"e{two.pk}": passed("02/CN", issued_on="20/5/2024")}
    rows[f"e{three.pk}"] = {"state": "dropped"}
    response = record(training_class, as_user(world.center), common_on="15/5/2024", **rows)

    assert response.status_code == 302
    stored = {row.pk: row for row in Enrolment.objects.all()}
    assert stored[one.pk].issued_on == date(2024, 5, 15)
    assert stored[two.pk].issued_on == date(2024, 5, 20)
    assert stored[three.pk].state == "dropped"
    one.candidate.refresh_from_db()
    assert one.candidate.stage == Stage.TRAINED
    assert one.candidate.events.get(step=Step.TRAINED).facts == {"document": "01/CN"}


def test_all_errors_are_said_by_row_and_nothing_is_saved(world, training_class, enrolments, as_user):
    one, two, three = enrolments
    rows = {f"e{one.pk}": passed("01/CN", issued_on="1/5/2024"), f"e{two.pk}": {"state": "finished"}}
    rows[f"e{three.pk}"] = passed("03/CN", issued_on="15/5/2024")
    since = Change.objects.count()
    response = record(training_class, as_user(world.center), **rows)

    page = response.content.decode()
    assert response.status_code == 422
    assert f"{one.candidate.full_name}: Ngày cấp trước ngày bế giảng" in page
    assert f"{two.candidate.full_name}: Ghi điểm hoặc chọn xếp loại" in page
    assert Change.objects.count() == since
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"enrolled"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (passed("01/CN"), "phải có đủ cả hai"),
        (passed("01/CN", issued_on="19/11/2024"), "chưa đến"),
        (passed("01/CN", issued_on="31/2/2024"), "không có thật"),
        (passed("x" * 10_000, issued_on="15/5/2024"), "Nhiều nhất 40"),
        (passed("=cmd|", issued_on="15/5/2024"), "không bắt đầu bằng"),
        (passed("01/CN", issued_on="15/5/2024", score="4,5"), "học xong và đạt"),
        (passed("01/CN", issued_on="15/5/2024", score="11"), "điểm từ 0 đến 10"),
        (passed("01/CN", issued_on="15/5/2024", score="7,555"), "nhiều nhất hai chữ số"),
        ({"state": "khong-co"}, "Hãy chọn một mục"),
    ],
)
def test_bad_input_is_refused_in_words(values, words, world, training_class, enrolments, as_user):
    response = record(training_class, as_user(world.center), **{f"e{enrolments[0].pk}": values})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Enrolment.objects.exclude(state="enrolled").exists()


def test_one_number_goes_to_one_person(world, training_class, enrolments, as_user):
    rows = {f"e{row.pk}": passed("01/CN", issued_on="15/5/2024") for row in enrolments[:2]}
    response = record(training_class, as_user(world.center), **rows)

    assert response.status_code == 422
    assert "Số 01/CN năm 2024 đã cấp cho" in response.content.decode()
    assert not Enrolment.objects.exclude(state="enrolled").exists()


def test_the_table_shows_those_without_a_result_first(world, training_class, enrolments, as_user):
    client, url = as_user(world.center), reverse("candidates:results", args=[training_class.pk])
    record(training_class, client, **{f"e{enrolments[0].pk}": {"score": "8"}})

    def shown(query: str) -> set[int]:
        return {row["pk"] for row in client.get(url + query).context["form"].participants}

    assert shown("") == {row.pk for row in enrolments[1:]}
    assert shown("?muc=ca-lop") == {row.pk for row in enrolments}
    assert shown(f"?nguoi={enrolments[0].pk}") == {enrolments[0].pk}


def test_correcting_a_certificate_asks_a_reason_and_corrects_the_event(world, training_class, enrolments, as_user):
    client, row = as_user(world.center), enrolments[0]
    record(training_class, client, **{f"e{row.pk}": passed("01/CN", issued_on="15/5/2024")})
    change = {f"e{row.pk}": {"certificate_number": "11/CN", "issued_on": "16/05/2024"}}
    refused = record(training_class, client, **change)
    assert refused.status_code == 422
    assert "cần lý do" in refused.content.decode()
    assert record(training_class, client, reason=WHY, **change).status_code == 302

    live = row.candidate.events.get(step=Step.TRAINED, is_live=True)
    assert (live.facts["document"], live.happened_on, live.reason) == ("11/CN", date(2024, 5, 16), WHY)


def test_a_certificate_recorded_after_a_move_stands_at_its_date(world, training_class, enrolments, as_user):
    person = enrolments[0].candidate
    factories.step(
        person, Step.MOVED, date(2024, 6, 1), by=world.board, unit=world.south_1, reason="Chuyển về quê sinh sống"
    )
    response = record(
        training_class, as_user(world.center), **{f"e{enrolments[0].pk}": passed("01/CN", issued_on="15/5/2024")}
    )

    person.refresh_from_db()
    assert response.status_code == 302, response.context["form"].errors
    assert (person.stage, person.unit) == (Stage.TRAINED, world.south_1)
    assert person.events.get(step=Step.TRAINED).unit == world.north_1


def test_two_tables_at_once_show_both_versions(world, training_class, enrolments, as_user):
    center, board, row = as_user(world.center), as_user(world.board), enrolments[0]
    old = table(training_class, board, **{f"e{row.pk}": passed("02/CN", issued_on="16/5/2024")})
    record(training_class, center, **{f"e{row.pk}": passed("01/CN", issued_on="15/5/2024")})
    response = record(training_class, board, data=old)

    assert response.status_code == 409
    assert {"01/CN", "15/05/2024"} <= {one["now"] for one in response.context["versions"]}
    assert 'value="02/CN"' in response.content.decode()
    row.refresh_from_db()
    assert row.certificate_number == "01/CN"


def test_an_unchanged_table_is_no_change(world, training_class, enrolments, as_user):
    response = record(training_class, as_user(world.center))

    assert response.status_code == 422
    assert "Chưa có dòng nào thay đổi" in response.content.decode()


def test_who_comes_back_finds_a_place_or_stays_away(world, training_class, enrolments, as_user):
    """A dropped participant leaves the place; somebody else took it."""
    TrainingClass.objects.filter(pk=training_class.pk).update(capacity=3)
    first = enrolments[0]
    record(training_class, as_user(world.center), **{f"e{first.pk}": {"state": "dropped"}})
    factories.enrol(training_class, factories.make_candidate(world.north_1))

    response = record(training_class, as_user(world.center), **{f"e{first.pk}": {"state": "enrolled"}})

    assert response.status_code == 422
    assert "Lớp đã đủ 3 chỗ" in response.content.decode()
    first.refresh_from_db()
    assert first.state == "dropped"


def test_a_year_is_no_number_with_a_point(world, training_class, enrolments, as_user):
    client = as_user(world.board)
    listed = client.get(reverse("candidates:classes")).content.decode()
    nominating = client.get(reverse("candidates:nominate", args=[training_class.pk])).content.decode()

    assert "Năm 2024" in listed
    assert "2.024" not in listed + client.get(training_class.get_absolute_url()).content.decode()
    assert "sinh 1.9" not in nominating


@pytest.mark.parametrize(("from_on", "words"), [(date(2024, 11, 18), "Đang học"), (date(2024, 11, 19), "Đã ghi danh")])
def test_nobody_attends_a_class_before_its_first_day(from_on, words, world, training_class, enrolments, as_user):
    TrainingClass.objects.filter(pk=training_class.pk).update(from_on=from_on, to_on=date(2024, 11, 22))

    people = as_user(world.center).get(training_class.get_absolute_url()).context["people"]
    page = as_user(world.north_officer).get(enrolments[0].candidate.get_absolute_url()).content.decode()

    assert {row["state_word"] for row in people} == {words}
    assert words in page
    assert {enrolment.state for enrolment in Enrolment.objects.all()} == {"enrolled"}
