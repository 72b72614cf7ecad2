"""Limits of each level: off until set, counted in working days from the last step, a reminder that refuses nothing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from candidates import due, due_levels
from candidates.actions.events import rule_book
from candidates.actions.rules import set_local_limits
from candidates.models import LocalLimits, StageEvent
from candidates.pipeline import Stage, Step
from candidates.sub_limits import AWAITED, sub_limit
from organizations.versions import Conflict
from tests import factories
from tests.rules import CALENDAR

PAGE, DEADLINES = reverse("candidates:sub_limits"), reverse("candidates:deadlines")
TODAY = date(2024, 11, 18)  # a Monday
ALL = {"committee_passed": 15, "submitted": 15, "appraised": 15, "decided": 15}


def limits(world, **days) -> LocalLimits:
    known = LocalLimits.objects.first()
    return set_local_limits(days=days, document="", version=known.version if known else 0, by=world.board)


def person_at(world, stage, on: date, unit=None):
    """Somebody who came to a stage on the day, by steps a week apart."""
    person = factories.advance(factories.make_candidate(unit or world.north_1), Stage.DOSSIER)
    cell = unit is world.cell
    road = [Stage.BRANCH_PASSED, Stage.COMMITTEE_PASSED, Stage.SUBMITTED, Stage.APPRAISED]
    road = [one for one in road[: road.index(stage) + 1] if not (cell and one == Stage.COMMITTEE_PASSED)]
    days = [on - timedelta(days=7 * (len(road) - number - 1)) for number in range(len(road))]
    return factories.advance(person, stage, days)


@pytest.mark.parametrize(
    "step, since, days, words",
    [
        # Friday 25 October; five working days later is Friday 1 November.
        (
            "committee_passed",
            date(2024, 10, 25),
            5,
            "đảng ủy cơ sở đến ngày 01/11/2024, đã quá 11 ngày làm việc",
        ),
        (
            "submitted",
            date(2024, 11, 11),
            5,
            "đơn vị gửi hồ sơ đến ngày 18/11/2024, không còn ngày làm việc nào",
        ),
        ("appraised", date(2024, 11, 11), 7, "Ban Tổ chức thẩm định đến ngày 20/11/2024, còn 2 ngày làm việc"),
        ("decided", date(2024, 11, 8), 5, "Ban Thường vụ đến ngày 15/11/2024, đã quá 1 ngày làm việc"),
    ],
)
def test_a_level_counts_working_days_from_the_last_step(step, since, days, words):
    assert sub_limit(Step(step), since, {step: days}, CALENDAR, TODAY).words == f"nội bộ: {words}"


@pytest.mark.parametrize("step", [None, Step.ADMITTED, Step.COMMITTEE_PASSED])
def test_a_level_without_a_limit_says_nothing(step):
    assert sub_limit(step, TODAY, {"decided": 5}, CALENDAR, TODAY) is None


def test_on_a_day_off_nothing_more_is_late_than_on_the_working_day_before():
    late = sub_limit(Step.DECIDED, date(2024, 11, 8), {"decided": 5}, CALENDAR, date(2024, 11, 16))

    assert late.words == "nội bộ: Ban Thường vụ đến ngày 15/11/2024, đã quá hạn"


def test_off_until_set_nothing_is_shown(world, as_user):
    person = person_at(world, Stage.COMMITTEE_PASSED, date(2024, 9, 2))
    client = as_user(world.north_officer)

    assert "nội bộ:" not in client.get(person.get_absolute_url()).content.decode().lower()
    assert "Quá hạn nội bộ" not in client.get(DEADLINES).content.decode()
    assert client.get(f"{DEADLINES}?muc=noi-bo").status_code == 422


def test_the_person_and_the_list_say_who_is_late_inside(world, as_user):
    person = person_at(world, Stage.COMMITTEE_PASSED, date(2024, 10, 7))
    limits(world, **ALL)
    client = as_user(world.north_officer)

    assert (
        "Nội bộ: đơn vị gửi hồ sơ đến ngày 28/10/2024, đã quá 15"
        in client.get(person.get_absolute_url()).content.decode()
    )
    listed = client.get(f"{DEADLINES}?muc=noi-bo")
    assert [row["person"] for row in listed.context["rows"]] == [person]
    assert "Nội bộ: đơn vị gửi hồ sơ" in listed.content.decode()
    assert [tab["count"] for tab in listed.context["tabs"] if tab["current"]] == [1]


def test_no_refusal_comes_from_a_level(world):
    person = person_at(world, Stage.COMMITTEE_PASSED, date(2024, 10, 7))
    limits(world, **dict.fromkeys(ALL, 1))

    factories.step(person, Step.SUBMITTED, date(2024, 11, 15))

    judged = person.events.get(step=Step.SUBMITTED).verdict
    assert {row["gate"] for row in judged} == {"dossier"}


def test_who_is_late_in_the_list_is_late_on_the_own_page(world, as_user):
    """The comparison of start days and the limit of one person are two ways to the same answer."""
    limits(world, committee_passed=6, submitted=4, appraised=9, decided=2)
    for number, stage in enumerate((Stage.BRANCH_PASSED, Stage.COMMITTEE_PASSED, Stage.SUBMITTED, Stage.APPRAISED)):
        for days in (2, 5, 8, 12, 13, 14):
            person_at(world, stage, TODAY - timedelta(days=days + number))
    person_at(world, Stage.BRANCH_PASSED, TODAY - timedelta(days=9), world.cell)
    rules, days = rule_book(), due_levels.days_of_levels()
    rows = StageEvent.objects.filter(is_live=True, ended_on=None)

    late = set(due_levels.late(rows, TODAY, days, rules["calendar"]).values_list("pk", flat=True))

    every = list(rows.select_related("unit__grassroots").annotate(is_reported=due.IS_REPORTED))
    levels = {row.pk: due_levels.level_of(row, days, rules["calendar"], TODAY) for row in every}
    assert {key for key, level in levels.items() if level and level.is_late} == late
    assert 0 < len(late) < len(every)


def test_a_unit_that_decides_by_itself_sends_nothing_so_nothing_is_late(world, as_user):
    person = person_at(world, Stage.COMMITTEE_PASSED, date(2024, 9, 2))
    world.north.delegated_admission = True
    world.north.save()
    limits(world, **ALL)

    standing = StageEvent.objects.filter(is_live=True, ended_on=None)
    assert not due_levels.late(standing, TODAY, ALL, CALENDAR).exists()
    assert "Nội bộ:" not in as_user(world.board).get(person.get_absolute_url()).content.decode()


def test_the_filter_costs_the_same_whatever_its_length(world, as_user, django_assert_num_queries):
    limits(world, **ALL)
    person_at(world, Stage.COMMITTEE_PASSED, date(2024, 10, 7))
    client = as_user(world.north_officer)
    client.get(DEADLINES)
    with django_assert_num_queries(12) as few:
        client.get(f"{DEADLINES}?muc=noi-bo")
    for _ in range(4):
        person_at(world, Stage.COMMITTEE_PASSED, date(2024, 10, 8))
    with django_assert_num_queries(len(few)):
        client.get(f"{DEADLINES}?muc=noi-bo")


def test_the_list_goes_out_as_a_workbook_too(world, as_user):
    limits(world, **ALL)
    person_at(world, Stage.COMMITTEE_PASSED, date(2024, 10, 7))

    response = as_user(world.north_officer).get(reverse("candidates:deadlines_export"), {"muc": "noi-bo"})

    assert response.status_code == 200
    assert response["Content-Type"].endswith("sheet")


def test_the_board_sets_them_and_an_empty_field_switches_a_level_off(world, as_user):
    client = as_user(world.board)
    values = {
        "version": 0,
        "committee_passed": "15",
        "submitted": "",
        "appraised": "20",
        "decided": "",
        "document": " 7-TB/HU",
    }

    assert client.post(PAGE, values).status_code == 302
    assert LocalLimits.objects.get().days == {"committee_passed": 15, "appraised": 20}
    assert LocalLimits.objects.get().document == "7-TB/HU"
    assert (
        client.post(PAGE, values | {"committee_passed": "16"}).status_code == 409
    )  # version 0: seen before there were any
    assert client.post(PAGE, values | {"version": 1, "committee_passed": "", "appraised": ""}).status_code == 302
    assert LocalLimits.objects.get().days == {}


@pytest.mark.parametrize("typed", ["0", "61", "-1", "2,5", "mười"])
def test_a_number_that_is_no_number_of_days_is_refused(typed, world, as_user):
    response = as_user(world.board).post(PAGE, {"version": 0, "decided": typed})

    assert response.status_code == 422
    assert not LocalLimits.objects.exists()
    with pytest.raises(ValidationError):
        limits(world, decided=61)


def test_levels_that_take_more_than_the_regulation_gives_are_said(world, as_user):
    limits(world, **dict.fromkeys(ALL, 16))

    assert "cộng lại 64 ngày làm việc, nhiều hơn 60" in as_user(world.board).get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["north_officer", "branch_officer", "standing", "center"])
def test_everyone_who_works_with_the_rules_reads_them_and_only_the_board_sets_them(who, world, as_user):
    limits(world, decided=9)
    client = as_user(getattr(world, who))

    assert "9 ngày làm việc" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"version": 1, "decided": "3"}).status_code == 403
    with pytest.raises(PermissionDenied):
        set_local_limits(days={}, document="", version=1, by=getattr(world, who))


def test_two_who_set_them_do_not_overwrite_each_other(world):
    seen = limits(world, decided=9)
    limits(world, decided=8)

    with pytest.raises(Conflict):
        set_local_limits(days={"decided": 7}, document="", version=seen.version, by=world.board_2)
    assert set_local_limits(days={"decided": 8}, document="", version=1, by=world.board_2).version == 2


def test_every_level_lies_between_the_resolution_and_the_decision():
    assert list(AWAITED) == [Step.COMMITTEE_PASSED, Step.SUBMITTED, Step.APPRAISED, Step.DECIDED]
