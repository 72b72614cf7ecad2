"""Ways around the rules of classes that somebody tried, each closed."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from candidates.actions import certificates, classes, nominations
from candidates.actions.class_catalogue import save_grade
from candidates.actions.class_people import RowProblems
from candidates.actions.classes import edit_class, open_class, take_attendance
from candidates.actions.corrections import withdraw_last
from candidates.actions.nominations import Participant, nominate, nominate_participants
from candidates.actions.results import Result, record_results
from candidates.classes import number_key
from candidates.models import Candidate, ClassKind, Enrolment
from candidates.pipeline import Stage
from organizations.models import Change
from organizations.permissions import Role
from tests import factories

WHY = "Nhập nhầm người của đơn vị khác"
MAY_15 = date(2024, 5, 15)


@pytest.fixture
def coming(world):
    return factories.make_class(date(2024, 12, 2), date(2024, 12, 6), capacity=1)


@pytest.fixture
def held(world):
    return factories.make_class(date(2024, 5, 6), date(2024, 5, 10))


def result(row: Enrolment, **values) -> Result:
    row.refresh_from_db()
    return Result(row.pk, row.version, "finished", grade=None, **{"score": 8} | values)


def test_a_class_of_the_area_is_no_row_of_the_district_centre(world, as_user):
    officer = factories.make_user("area_center")
    factories.assign(officer, Role.POLITICAL_CENTER, world.area)
    values = {"organization": world.area, "kind": ClassKind.objects.get(key="awareness"), "number": 1, "year": 2024}
    values |= {"from_on": date(2024, 12, 2), "to_on": date(2024, 12, 6)}
    above = open_class(values=values, by=officer)
    nominate(training_class=above, candidates=[factories.make_candidate(world.north_1)], by=world.north_officer)

    for name in ("unscreened", "unscreened_export"):
        assert as_user(world.center).get(reverse(f"candidates:{name}")).status_code == 200
    assert as_user(world.center).get(reverse("candidates:unscreened")).context["page_obj"].paginator.count == 0


@pytest.mark.parametrize("number", ["1" * 41, "12<b>", "=1+1", "@SUM"])
def test_a_number_is_a_number_whoever_brings_it(number, world, held):
    (row,) = factories.enrol(held, factories.make_candidate(world.north_1))
    given = result(row, certificate_number=number, issued_on=MAY_15)
    with pytest.raises(RowProblems) as found:
        record_results(training_class=held, results=[given], by=world.center)

    assert "certificate_number" in found.value.rows[row.pk]


@pytest.mark.parametrize("number", ["101/cn-ttct", "101 / CN-TTCT", "0101/CN-TTCT"])
def test_a_number_written_otherwise_is_the_same_number(number, world, held):
    one, two = factories.enrol(held, *[factories.make_candidate(world.north_1) for _ in range(2)])
    factories.finish(one, MAY_15, "101/CN-TTCT")
    given = result(two, certificate_number=number, issued_on=MAY_15)
    with pytest.raises(RowProblems, match="1 rows"):
        record_results(training_class=held, results=[given], by=world.center)

    assert number_key(number) == number_key("101/CN-TTCT")


def take_back(person: Candidate, world) -> None:
    person.refresh_from_db()
    event = person.events.get(is_live=True)
    withdraw_last(candidate=person, event=event, reason=WHY, version=person.version, by=world.north_officer)


def test_whoever_was_entered_by_mistake_gives_the_place_to_the_next(world, coming):
    rows = factories.enrol(coming, *[factories.make_candidate(world.north_1) for _ in range(2)])
    assert [row.state for row in rows] == ["enrolled", "waiting"]
    take_back(rows[0].candidate, world)

    assert list(coming.enrolments.order_by("pk").values_list("state", flat=True)) == ["withdrawn", "enrolled"]


def test_a_hidden_row_takes_no_place(world, held, as_user):
    """The page and the action count the same people."""
    classes.edit_class(training_class=held, values=_values(held, capacity=1), version=held.version, by=world.center)
    first, second = factories.enrol(held, *[factories.make_candidate(world.north_1) for _ in range(2)])
    factories.finish(first, grade="failed")
    take_back(first.candidate, world)

    assert as_user(world.center).get(held.get_absolute_url()).context["free"] == 1
    assert nominations.fill_places(training_class=held, by=world.center) == [second]


def _values(row, **values) -> dict:
    names = ("number", "year", "from_on", "to_on", "place", "capacity", "opening_decision")
    return {name: getattr(row, name) for name in names} | values


def test_days_do_not_leave_the_people_of_a_class_behind(world, held):
    """Whoever was entered later could never get the certificate."""
    person = factories.make_candidate(world.north_1, started=date(2024, 5, 2), full_name="Vũ Văn Muộn")
    factories.enrol(held, person)
    values = _values(held, from_on=date(2024, 4, 8), to_on=date(2024, 4, 12))
    with pytest.raises(ValidationError) as found:
        edit_class(training_class=held, values=values, version=held.version, by=world.center)

    assert "Vũ Văn Muộn: đưa vào nguồn ngày 02/05/2024" in str(found.value)


def test_a_class_with_attendance_is_not_called_off(world, held):
    (row,) = factories.enrol(held, factories.make_candidate(world.north_1))
    lesson = held.lessons.get(number=1)
    take_attendance(lesson=lesson, marks={row.pk: "present"}, version=1, by=world.center)

    assert Change.objects.get(object_type="candidates.Attendance").subject_id == str(row.candidate_id)
    with pytest.raises(ValidationError, match="điểm danh"):
        classes.call_off(training_class=held, reason=WHY, version=held.version, by=world.center)


def test_a_member_of_a_committee_does_not_come_back_into_a_second_course(world):
    """Neither by the page of the participant nor by the table of results."""
    one, two = (factories.make_class(day, kind="committee") for day in (date(2024, 10, 7), date(2024, 10, 9)))
    person = Participant("Đỗ Thị Hoà", "Bí thư chi bộ")
    rows = []
    for course in (one, two):
        rows += nominate_participants(training_class=course, unit=world.north, people=[person], by=world.center)
        verdict = nominations.Verdict(rows[-1].pk, 1, True)
        nominations.screen(training_class=course, verdicts=[verdict], by=world.center)
        if course is one:
            rows[0].refresh_from_db()
            left = Result(rows[0].pk, rows[0].version, "dropped", reason="Bận việc gia đình")
            record_results(training_class=one, results=[left], by=world.center)
    rows[0].refresh_from_db()
    back = Result(rows[0].pk, rows[0].version, "enrolled")
    with pytest.raises(RowProblems) as found:
        record_results(training_class=one, results=[back], by=world.center)

    assert "trùng ngày" in str(found.value.rows)


def test_leaving_a_class_has_a_reason_wherever_it_is_recorded(world, held):
    (row,) = factories.enrol(held, factories.make_candidate(world.north_1))
    with pytest.raises(RowProblems) as found:
        record_results(training_class=held, results=[Result(row.pk, row.version, "dropped")], by=world.center)

    assert found.value.rows[row.pk] == {"why": ["Ghi lý do bỏ học."]}


def test_the_centre_does_not_learn_what_became_of_a_person(world, held, coming, as_user):
    person = factories.make_candidate(world.north_1)
    (row,) = nominate(training_class=coming, candidates=[person], by=world.north_officer)
    Candidate.objects.filter(pk=person.pk).update(stage=Stage.ADMITTED)
    page = as_user(world.center).get(reverse("candidates:screen", args=[coming.pk])).content.decode()

    assert "không còn thuộc diện học lớp này" in page.lower()
    assert "kết nạp" not in page.split("<main")[1].lower()
    board = as_user(world.board).get(reverse("candidates:screen", args=[coming.pk])).content.decode()
    assert "đã kết nạp, đảng viên dự bị" in board.lower()


def test_a_threshold_is_of_one_grade(world):
    values = {"name": "Đạt yêu cầu", "from_score": 8, "is_pass": True}
    with pytest.raises(ValidationError):
        save_grade(grade=None, values=values, version=1, by=world.center)


def test_next_number_goes_on_from_the_highest(world, held):
    one, two = factories.enrol(held, *[factories.make_candidate(world.north_1) for _ in range(2)])
    factories.finish(one, MAY_15, "099/CN-TTCT")
    factories.finish(two, MAY_15, "Q7/CN")

    assert certificates.next_number(held, 2024) == "100"
