"""Which clock runs, since when, until when: by hand from domain.md 1.4."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.clocks import CLOCK_OF, LIMITS, Clock, Running, latest_meeting, running
from candidates.deadlines import occasions
from candidates.pipeline import Past, Stage, Step, standing_of
from tests.candidates.test_pipeline import COMMITTEE, UNITS
from tests.rules import BOOK, CALENDAR

RULES = BOOK.on(date(2024, 1, 1))


def told(*steps) -> list[Past]:
    """("branch_passed", "2024-03-04", {facts}) … as live events."""
    return [
        Past(Step(step), date.fromisoformat(day), COMMITTEE.key, facts[0] if facts else {}, place)
        for place, (step, day, *facts) in enumerate(steps, 1)
    ]


ROAD = [
    ("source", "2023-01-03"),
    ("trained", "2023-05-10"),
    ("dossier", "2023-09-01"),
    ("branch_passed", "2024-03-04"),
    ("committee_passed", "2024-03-15"),
    ("submitted", "2024-03-20"),
    ("appraised", "2024-04-10"),
    ("decided", "2024-05-06"),
    ("admitted", "2024-06-03", {"received_on": "2024-05-20"}),
    ("recognition_proposed", "2025-06-10"),
    ("recognition_committee_passed", "2025-06-20"),
    ("official", "2025-07-08"),
]


def at(step: str, *more) -> list[Past]:
    names = [row[0] for row in ROAD]
    return told(*ROAD[: names.index(step) + 1], *more)


CASES = [
    (at("source"), None, None),
    (at("trained"), None, None),
    (at("dossier"), Clock.PAPERS, "2023-09-01"),
    (at("branch_passed"), Clock.DECISION, "2024-03-04"),
    (at("appraised"), Clock.DECISION, "2024-03-04"),
    (at("appraised", ("deferred", "2024-04-20", {"outcome": "hold"})), Clock.DECISION, "2024-03-04"),
    (at("submitted", ("returned", "2024-03-28", {"redo_from": "nothing"})), Clock.DECISION, "2024-03-04"),
    (at("submitted", ("returned", "2024-03-28", {"redo_from": "committee"})), Clock.DECISION, "2024-03-04"),
    (at("submitted", ("returned", "2024-03-28", {"redo_from": "branch"})), Clock.PAPERS, "2024-03-04"),
    (at("dossier", ("branch_vote_failed", "2024-01-10")), Clock.PAPERS, "2024-01-10"),
    (
        at("submitted", ("returned", "2024-03-28", {"redo_from": "branch"}), ("branch_passed", "2024-04-08")),
        Clock.DECISION,
        "2024-04-08",
    ),
    (at("decided"), Clock.CEREMONY, "2024-05-06"),
    (at("decided", ("decision_received", "2024-05-20")), Clock.CEREMONY, "2024-05-20"),
    (at("decided", ("decision_cancelled", "2024-05-20")), Clock.DECISION, "2024-03-04"),
    (at("admitted"), Clock.REVIEW, "2024-06-03"),
    (at("admitted", ("branch_vote_failed", "2025-06-04")), Clock.REVIEW, "2024-06-03"),
    (at("recognition_proposed"), Clock.RECOGNITION, "2025-06-10"),
    (at("recognition_committee_passed"), Clock.RECOGNITION, "2025-06-10"),
    (at("official"), None, None),
]


@pytest.mark.parametrize("events, clock, since", CASES)
def test_a_stage_has_one_clock_and_it_runs_from_the_last_step_that_starts_it(events, clock, since):
    found = running(standing_of(events, UNITS).stage, events)

    assert (found and found.clock, found and found.since.isoformat()) == (clock, since)


def test_until_the_receipt_is_known_the_ceremony_is_counted_from_the_decision_and_says_so():
    assert running(Stage.DECIDED, at("decided")).is_estimate
    assert not running(Stage.DECIDED, at("decided", ("decision_received", "2024-05-20"))).is_estimate


def test_an_extension_holds_for_the_resolution_it_was_given_for():
    given = ("extended", "2024-05-20", {"until": "2024-06-20"})
    extended = at("appraised", given)
    again = at(
        "submitted",
        ("extended", "2024-03-25", {"until": "2024-06-20"}),
        ("returned", "2024-03-28", {"redo_from": "branch"}),
        ("branch_passed", "2024-04-08"),
    )

    assert running(Stage.APPRAISED, extended).due(RULES, CALENDAR) == date(2024, 6, 20)
    assert running(Stage.BRANCH_PASSED, again).until is None


@pytest.mark.parametrize(
    "clock, since, due",
    [
        (Clock.PAPERS, "2023-09-01", "2024-09-01"),
        (Clock.PAPERS, "2024-02-29", "2025-02-28"),
        (Clock.DECISION, "2024-03-04", "2024-05-30"),  # 15 weeks less Giỗ Tổ, 29/4–1/5; the Saturday 4/5 is worked
        (Clock.CEREMONY, "2024-05-20", "2024-07-01"),
        (Clock.REVIEW, "2024-06-03", "2025-07-15"),
        (Clock.RECOGNITION, "2025-06-10", "2025-07-22"),
    ],
)
def test_the_last_day_of_each_clock(clock, since, due):
    assert Running(clock, date.fromisoformat(since)).due(RULES, CALENDAR) == date.fromisoformat(due)


@given(
    clock=st.sampled_from(list(Clock)),
    since=st.dates(date(2016, 8, 1), date(2025, 6, 1)),
    due=st.dates(date(2018, 1, 1), date(2026, 12, 31)),
)
def test_due_by_a_day_is_one_comparison_of_start_days(clock, since, due):
    """The lists of what is overdue read start days from an index; they must agree with every single clock."""
    limit = LIMITS[clock]

    assert (limit.end(since, RULES, CALENDAR) <= due) == (since <= limit.latest_start(due, RULES, CALENDAR))


def test_every_stage_on_the_way_has_its_clock():
    assert {stage for stage in Stage if stage not in CLOCK_OF} == {Stage.SOURCE, Stage.TRAINED, Stage.OFFICIAL}
    assert {clock for clock, _ in CLOCK_OF.values()} == set(Clock) == set(LIMITS)


def test_a_later_start_never_ends_earlier():
    for clock, limit in LIMITS.items():
        ends = [limit.end(date(2023, 12, 1) + timedelta(days=n), RULES, CALENDAR) for n in range(120)]
        assert ends == sorted(ends), clock


# The chosen day, and by hand the last day for the meeting: 30 working days back, then 60.
# 31/12/2024: 22 in December, 20–29/11: the decision by 19/11; 13 in November, 23 in October, 19 in September without
# 2 and 3, 26–30/8: the meeting by Sunday 25/8. 3/2/2025: that day, 17 in January before Tết, 16–31/12: the decision by
# Sunday 15/12; 10 in December, 21 in November, 23 in October, 23–30/9: the meeting by Sunday 22/9.
@pytest.mark.parametrize(
    "ceremony_by, meeting_by",
    [
        ("2024-12-31", "2024-08-25"),
        ("2025-02-03", "2024-09-22"),
    ],
)
def test_the_last_day_for_the_meeting_leaves_every_level_its_whole_time(ceremony_by, meeting_by):
    by, meeting = date.fromisoformat(ceremony_by), date.fromisoformat(meeting_by)

    assert latest_meeting(by, BOOK, CALENDAR) == meeting
    assert ceremony_after(meeting) <= by < ceremony_after(meeting + timedelta(days=1))


def ceremony_after(meeting: date) -> date:
    decided = LIMITS[Clock.DECISION].end(meeting, RULES, CALENDAR)
    return LIMITS[Clock.CEREMONY].end(decided, RULES, CALENDAR)


@given(by=st.dates(date(2018, 1, 1), date(2026, 12, 31)))
def test_a_day_later_might_be_too_late(by):
    meeting = latest_meeting(by, BOOK, CALENDAR)

    assert ceremony_after(meeting) <= by < ceremony_after(meeting + timedelta(days=1))


def test_no_meeting_is_asked_for_beyond_the_life_of_the_certificate():
    found = {one.name: one for one in occasions((date(2019, 12, 2),), BOOK, CALENDAR, date(2024, 11, 18))}

    assert found["Ngày sinh Chủ tịch Hồ Chí Minh 19/5"].meeting_by == date(2024, 12, 2)
    assert "hết giá trị ngày 02/12/2024" in found["Quốc khánh 2/9"].note
    assert found["Hết năm"].words == "đã qua"
    assert [one.on for one in found.values()] == sorted(one.on for one in found.values())
