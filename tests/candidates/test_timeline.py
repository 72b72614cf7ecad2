"""One life on paper: whose step, by which rules, how much time was left; open to whoever opens the record."""

import re
from datetime import date

import pytest
from django.urls import reverse

from candidates.actions.corrections import Correction, correct_events, withdraw_last
from candidates.models import Candidate
from candidates.paper_timeline import WHOSE, slacks, whose
from candidates.pipeline import Past, Stage, Step, Unit
from tests import factories
from tests.candidates.test_clocks import ROAD as LIFE
from tests.candidates.test_clocks import told
from tests.rules import BOOK, CALENDAR

BRANCH, OTHER, AWAY = Unit(11, 1, "committee", True), Unit(12, 1, "committee", True), Unit(21, 2, "committee", True)
COMMITTEE_CELL = Unit(30, 30, "cell", True)
UNITS = {unit.key: unit for unit in (BRANCH, OTHER, AWAY, COMMITTEE_CELL)}
TODAY = date(2024, 11, 18)
WHY = "Đối chiếu lại văn bản gốc"
ROAD = LIFE[:9]  # to the ceremony
# The last step of the life, the day it had until, and what was left. Counted by hand: Saturdays and Sundays off, the
# holidays of 18 April and 29 April to 1 May 2024, Saturday 4 May worked instead.
CASES = [
    (ROAD[:1], None),
    (ROAD[:3], None),  # no clock before the dossier
    (ROAD[:4], ("2024-09-01", "còn 181 ngày")),  # papers: twelve months, in days
    (ROAD[:5], ("2024-05-30", "còn 51 ngày làm việc")),
    (ROAD[:8], ("2024-05-30", "còn 18 ngày làm việc")),
    ([*ROAD[:7], ("decided", "2024-05-30")], ("2024-05-30", "vào ngày cuối")),
    ([*ROAD[:7], ("decided", "2024-05-31")], ("2024-05-30", "quá 1 ngày làm việc")),
    ([*ROAD[:7], ("extended", "2024-05-20", {"until": "2024-06-20"}), ("decided", "2024-06-19")],
     ("2024-06-20", "còn 1 ngày làm việc")),
    ([*ROAD[:7], ("extended", "2024-05-20", {"until": "2024-06-20"})], None),
    (ROAD, ("2024-07-01", "còn 20 ngày làm việc")),  # from the receipt the ceremony names
    ([*ROAD[:8], ("decision_received", "2024-05-10"), ("admitted", "2024-06-22")], ("2024-06-21", "quá hạn")),
    ([*ROAD, ("stopped", "2024-06-04")], None),
    ([("backfilled", "2021-03-01", {"backfilled": True}), ("decided", "2021-03-01", {"backfilled": True}),
      ("admitted", "2021-09-01", {"backfilled": True})], None),  # what is taken over is not measured
    ([("backfilled", "2021-03-01", {"backfilled": True}), ("decided", "2021-03-01", {"backfilled": True}),
      ("admitted", "2021-03-16", {"backfilled": True}), ("recognition_proposed", "2022-03-17")],
     ("2022-04-28", "còn 29 ngày làm việc")),
]  # fmt: skip


@pytest.mark.parametrize("rows, expected", CASES, ids=lambda value: value[-1][0] if isinstance(value, list) else None)
def test_the_time_left_is_that_of_the_clock_before_the_step(rows, expected):
    last = slacks(told(*rows), UNITS, BOOK, CALENDAR)[-1]

    assert (last and (last.due.isoformat(), last.words)) == expected


def test_without_a_rule_set_nothing_is_measured():
    rows = [(step, f"20{int(on[2:4]) - 12}{on[4:]}", *rest) for step, on, *rest in ROAD[:8]]

    assert not any(slacks(told(*rows), UNITS, BOOK, CALENDAR))


@pytest.mark.parametrize(
    "step, unit, facts, stage, expected",
    [
        ("branch_passed", BRANCH, {}, Stage.DOSSIER, "Chi bộ"),
        ("submitted", BRANCH, {}, Stage.COMMITTEE_PASSED, "Đảng ủy cơ sở"),
        ("submitted", COMMITTEE_CELL, {}, Stage.BRANCH_PASSED, "Chi bộ cơ sở"),
        ("appraised", BRANCH, {}, Stage.SUBMITTED, "Ban Tổ chức"),
        ("decided", BRANCH, {}, Stage.APPRAISED, "Ban Thường vụ"),
        ("decided", BRANCH, {"delegated": True}, Stage.COMMITTEE_PASSED, "Đảng ủy cơ sở"),
        ("moved", OTHER, {}, Stage.SOURCE, "Đảng ủy cơ sở"),
        ("moved", AWAY, {}, Stage.SOURCE, "Ban Tổ chức"),
        ("stopped", BRANCH, {}, Stage.DOSSIER, "Chi bộ"),
        ("stopped", BRANCH, {}, Stage.SUBMITTED, "Ban Tổ chức"),
    ],
)
def test_a_step_is_of_the_level_whose_paper_it_is(step, unit, facts, stage, expected):
    before = Past(Step.SOURCE, date(2023, 1, 3), BRANCH.key)

    assert whose(Past(Step(step), TODAY, unit.key, facts), before, stage, UNITS) == expected


def test_every_step_is_of_some_level():
    assert set(WHOSE) | {Step.STOPPED, Step.REOPENED, Step.MOVED} == set(Step)


def page(client, person) -> str:
    response = client.get(reverse("candidates:timeline", args=[person.pk]))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_sheet_says_step_paper_rules_time_left_and_who_printed_it(world, as_user):
    person = factories.advance(factories.make_candidate(world.north_1, full_name="Lê Thị In"), Stage.ADMITTED)

    said = page(as_user(world.north_officer), person)

    for words in (
        "Lê Thị In",
        "1024-QĐ/HU",
        "Ban Thường vụ; Cán bộ board_2 ghi",
        "24-QĐ/TW (thời hạn: Quy định 24-QĐ/TW",
        "xét theo Quy định 24-QĐ/TW ngày 30/7/2021.",
        "ngày làm việc",
        "Cán bộ north_officer in lúc",
    ):
        assert words in said, words


def test_corrections_withdrawals_and_what_is_taken_over_are_noted(world, as_user):
    person = factories.backfilled(world.north_1, official_on=date(2022, 4, 20))
    event = person.events.get(step=Step.ADMITTED)
    version = Candidate.objects.get(pk=person.pk).version
    correct_events(
        candidate=person, corrections=[Correction(event, date(2021, 3, 20), event.facts)], reason=WHY, version=version,
        by=world.board,
    )  # fmt: skip
    last = person.events.get(step=Step.OFFICIAL)
    withdraw_last(candidate=person, event=last, reason=WHY, version=version + 1, by=world.board)

    said = page(as_user(world.board), person)

    assert said.count("(nhập bù)") == 2
    assert "đã sửa một lần, ngày" in said
    assert "Bước đã rút: ra quyết định công nhận chính thức ngày 20/04/2022" in said


def test_the_background_is_on_no_sheet(world, as_user):
    person = factories.make_candidate(world.north_1, religion="catholic", background_document="99-TTLL")

    said = page(as_user(world.board), person)

    assert person.identity_number not in said
    assert "99-TTLL" not in said
    assert "Công giáo" not in said


def test_the_record_leads_to_the_sheet_and_strangers_find_none(world, as_user):
    person = factories.make_candidate(world.north_1)
    address = reverse("candidates:timeline", args=[person.pk])

    assert address in as_user(world.north_officer).get(person.get_absolute_url()).content.decode()
    assert as_user(world.south_officer).get(address).status_code == 404
    assert as_user(world.standing).get(address).status_code == 200


def test_the_sheet_costs_the_same_whatever_the_number_of_steps(world, as_user, django_assert_num_queries):
    short = factories.make_candidate(world.north_1)
    long = factories.advance(factories.make_candidate(world.north_1), Stage.OFFICIAL)
    client = as_user(world.board)
    client.get(reverse("candidates:timeline", args=[short.pk]))
    with django_assert_num_queries(10) as few:
        client.get(reverse("candidates:timeline", args=[short.pk]))
    with django_assert_num_queries(len(few)):
        client.get(reverse("candidates:timeline", args=[long.pk]))
