"""The pure rules of a class as tables: who may be sent, moves, lessons, grades, numbers, the tally, phases."""

import re
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.attempts import among
from candidates.classes import (
    MOVES,
    PHASES,
    STAGES_OF,
    Line,
    Move,
    Person,
    Purpose,
    State,
    Tally,
    against,
    contradicts,
    grade_of,
    lay_out,
    may_move,
    numbers_from,
    phase,
)
from candidates.pipeline import STAGES, Stage, Status

FIRST, LAST = date(2024, 5, 6), date(2024, 5, 10)
DAY = timedelta(days=1)


# Who may be sent

SOURCE = Person("Vũ Văn Nam", Stage.SOURCE, Status.OPEN, since=date(2023, 1, 1), education="upper_secondary")
MEMBER = replace(SOURCE, stage=Stage.ADMITTED, since=date(2024, 2, 3), education="")
AWARENESS, NEW_MEMBER = Purpose.AWARENESS, Purpose.NEW_MEMBER


def other(first: date, last: date) -> dict:
    return {"other_classes": (("Lớp khác", first, last),)}


CASES = [
    (AWARENESS, SOURCE, {}, []),
    (AWARENESS, SOURCE, {"status": Status.RETURNED}, []),
    (AWARENESS, SOURCE, {"status": Status.STOPPED}, ["status"]),
    (AWARENESS, SOURCE, {"status": Status.MOVED_AWAY}, ["status"]),
    (AWARENESS, SOURCE, {"status": Status.WAITING}, ["status"]),
    (AWARENESS, SOURCE, {"stage": Stage.TRAINED}, []),
    (AWARENESS, SOURCE, {"stage": Stage.DOSSIER}, []),
    (AWARENESS, SOURCE, {"stage": Stage.BRANCH_PASSED}, ["stage"]),
    (NEW_MEMBER, MEMBER, {}, []),
    (NEW_MEMBER, MEMBER, {"stage": Stage.RECOGNITION_COMMITTEE_PASSED}, []),
    (NEW_MEMBER, MEMBER, {"stage": Stage.DECIDED}, ["stage"]),
    (NEW_MEMBER, MEMBER, {"stage": Stage.OFFICIAL}, ["stage"]),
    (NEW_MEMBER, MEMBER, {"status": Status.STRUCK_OFF, "stage": Stage.SOURCE}, ["status", "stage"]),
    (Purpose.COMMITTEE, SOURCE, {}, ["stage"]),
    (AWARENESS, SOURCE, {"since": FIRST}, []),
    (AWARENESS, SOURCE, {"since": LAST}, []),
    (AWARENESS, SOURCE, {"since": LAST + DAY}, ["later"]),
    (AWARENESS, SOURCE, {"since": None}, []),
    (NEW_MEMBER, MEMBER, {"since": LAST + DAY}, ["later"]),
    (AWARENESS, SOURCE, other(FIRST - 9 * DAY, FIRST - DAY), []),
    (AWARENESS, SOURCE, other(FIRST - 9 * DAY, FIRST), ["overlap"]),
    (AWARENESS, SOURCE, other(FIRST + DAY, LAST - DAY), ["overlap"]),
    (AWARENESS, SOURCE, other(FIRST - DAY, LAST + DAY), ["overlap"]),
    (AWARENESS, SOURCE, other(LAST, LAST + 9 * DAY), ["overlap"]),
    (AWARENESS, SOURCE, other(LAST + DAY, LAST + 9 * DAY), []),
    (AWARENESS, SOURCE, {"has_certificate": True, "certificate_until": LAST - DAY}, []),
    (AWARENESS, SOURCE, {"has_certificate": True, "certificate_until": LAST}, []),
    (AWARENESS, SOURCE, {"has_certificate": True, "certificate_until": LAST + DAY}, ["has_certificate?"]),
    (AWARENESS, SOURCE, {"has_certificate": True}, []),  # no rule set says how long
    (NEW_MEMBER, MEMBER, {"has_certificate": True, "certificate_until": FIRST}, ["has_certificate?"]),
    (AWARENESS, SOURCE, {"education": "primary"}, ["education?"]),
    (AWARENESS, SOURCE, {"education": "lower_secondary"}, []),
    (AWARENESS, SOURCE, {"education": ""}, ["education_unknown?"]),
    (NEW_MEMBER, MEMBER, {"education": "primary"}, []),
    (AWARENESS, SOURCE, {"status": Status.STOPPED, "education": ""}, ["status", "education_unknown?"]),
]


@pytest.mark.parametrize(("purpose", "person", "change", "codes"), CASES)
def test_what_speaks_against_sending_somebody(purpose, person, change, codes):
    """A question mark: for whoever screens to weigh."""
    found = against(purpose, FIRST, LAST, replace(person, **change))

    assert [one.code + "?" * (not one.is_final) for one in found] == codes
    assert all(one.message for one in found)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_goes_to_the_classes_meant_for_it(purpose, stage):
    codes = {one.code for one in against(purpose, FIRST, LAST, replace(SOURCE, stage=stage))}

    assert ("stage" in codes) == (stage not in STAGES_OF.get(purpose, ()))


# What may be changed: before and after the first day; everything else is refused

BOTH, BEFORE, AFTER = {False, True}, {False}, {True}
ALLOWED = {
    (Move.CALL, State.WAITING): BOTH,
    (Move.COME_BACK, State.DROPPED): BOTH,
    (Move.DROP, State.ENROLLED): AFTER,
    (Move.RECONSIDER, State.REFUSED): BOTH,
    (Move.REFUSE, State.WAITING): BOTH,
    (Move.REFUSE, State.ENROLLED): BEFORE,
    (Move.WITHDRAW, State.NOMINATED): BOTH,
    (Move.WITHDRAW, State.WAITING): BOTH,
    (Move.WITHDRAW, State.ENROLLED): BEFORE,
}


@pytest.mark.parametrize(("move", "state"), list(product(Move, State)))
def test_the_table_of_moves_is_this_one(move, state):
    allowed = {has_begun for has_begun in BOTH if may_move(move, state, has_begun=has_begun)}

    assert allowed == ALLOWED.get((move, state), set())


def test_every_move_has_a_rule_and_leads_elsewhere():
    assert MOVES.keys() == set(Move)
    assert not [move for move, rule in MOVES.items() if rule.target in rule.sources]


# Lessons


def test_lessons_lie_two_a_day_from_the_first_day_on():
    found = lay_out(FIRST, LAST, 10)

    assert found[:3] == [(FIRST, "morning"), (FIRST, "afternoon"), (FIRST + DAY, "morning")]
    assert found[-1] == (LAST, "afternoon")


@pytest.mark.parametrize(("days", "count", "dated"), [(5, 10, 10), (5, 3, 3), (5, 12, 10), (1, 2, 2), (1, 10, 2)])
def test_lessons_beyond_the_days_of_the_class_wait_for_a_day(days, count, dated):
    found = lay_out(FIRST, FIRST + (days - 1) * DAY, count)

    assert (len(found), sum(day is not None for day, _ in found)) == (count, dated)
    assert set(found[dated:]) <= {(None, "")}


# Scores and grades

SCALE = [
    Line(1, "Xuất sắc", None, True),
    Line(2, "Giỏi", Decimal(8), True),
    Line(3, "Khá", Decimal("6.5"), True),
    Line(4, "Trung bình", Decimal(5), True),
    Line(5, "Không đạt", Decimal(0), False),
    Line(6, "Đình chỉ", None, False),
]
BY_NAME = {line.name: line for line in SCALE}


@pytest.mark.parametrize(
    ("score", "name"),
    [
        ("0", "Không đạt"),
        ("4.99", "Không đạt"),
        ("5", "Trung bình"),
        ("5.00", "Trung bình"),
        ("6.49", "Trung bình"),
        ("6.5", "Khá"),
        ("7.99", "Khá"),
        ("8", "Giỏi"),
        ("10", "Giỏi"),
    ],
)
def test_a_score_gives_the_highest_line_it_reaches_in_any_order_of_the_scale(score, name):
    assert grade_of(Decimal(score), SCALE).name == name
    assert grade_of(Decimal(score), reversed(SCALE)).name == name


def test_a_score_below_every_threshold_gives_nothing():
    assert grade_of(Decimal(4), SCALE[:4]) is None
    assert grade_of(Decimal(4), []) is None


@pytest.mark.parametrize(
    ("score", "written", "given"),
    [
        ("7", "Khá", None),
        ("7", "Giỏi", "Khá"),
        ("7", "Trung bình", "Khá"),
        ("4", "Trung bình", "Không đạt"),
        ("9", "Xuất sắc", None),  # given by hand
        ("5", "Xuất sắc", None),
        ("4", "Xuất sắc", "Không đạt"),  # but never a pass for a fail
        ("9", "Đình chỉ", "Giỏi"),
        ("4", "Đình chỉ", None),
        (None, "Giỏi", None),
        ("7", None, None),
    ],
)
def test_a_written_grade_may_contradict_the_score(score, written, given):
    score = None if score is None else Decimal(score)
    found = contradicts(score, BY_NAME.get(written), SCALE)

    assert (found and found.name) == given


# Numbers of certificates


@pytest.mark.parametrize(
    ("first", "mark", "numbers"),
    [
        ("099", "CN-TTCT", ["099/CN-TTCT", "100/CN-TTCT", "101/CN-TTCT"]),
        ("99", "CN", ["99/CN", "100/CN", "101/CN"]),
        ("008", "", ["008", "009", "010"]),
        ("0", " / ", ["0", "1", "2"]),
        ("101", "/CN", ["101/CN", "102/CN", "103/CN"]),
        ("99999999", "CN", ["99999999/CN", "100000000/CN", "100000001/CN"]),
    ],
)
def test_numbers_go_on_from_the_first(first, mark, numbers):
    assert numbers_from(first, mark, 3) == numbers


@pytest.mark.parametrize(
    ("first", "mark"),
    [("", "CN"), ("1a", "CN"), ("-1", "CN"), ("1 ", "CN"), ("1.5", "CN"), ("123456789", "CN"), ("١", "CN"),
     ("101/CN", ""), ("1\n", ""), ("1", "x" * 21)],
)  # fmt: skip
def test_a_first_number_is_digits_and_a_mark_is_short(first, mark):
    with pytest.raises(ValueError, match=rf"^{re.escape(first)}\Z"):
        numbers_from(first, mark, 1)


@given(st.from_regex("[0-9]{1,8}", fullmatch=True), st.sampled_from(["", "CN-TTCT", "/CN"]), st.integers(0, 300))
def test_numbers_are_distinct_and_in_order(first, mark, count):
    found = numbers_from(first, mark, count)
    values = [int(number.partition("/")[0]) for number in found]

    assert len(set(found)) == count
    assert values == list(range(int(first), int(first) + count))
    assert not found or found[0].partition("/")[0] == first


# Where a class stands

COUNTS = [one.name for one in fields(Tally) if one.name not in ("capacity", "certified")]
tallies = st.builds(
    Tally, capacity=st.none() | st.integers(1, 60), **dict.fromkeys(COUNTS, st.integers(0, 50)), certified=st.just(0)
)


@given(tallies)
def test_the_tally_adds_up(tally):
    parts = [getattr(tally, name) for name in COUNTS]

    assert tally.sent == sum(parts) - tally.withdrawn
    assert tally.learners == tally.enrolled + tally.passed + tally.failed + tally.dropped
    assert tally.seated + tally.dropped == tally.learners == tally.judged + tally.enrolled
    assert tally.free is None or 0 <= tally.free <= tally.capacity
    assert tally.free != 0 or tally.seated >= tally.capacity
    assert tally.pass_rate is None or 0 <= tally.pass_rate <= 1


@pytest.mark.parametrize(
    ("tally", "rate", "use", "free", "uncertified"),
    [
        (Tally(), None, None, None, 0),
        (Tally(capacity=10), None, 0, 10, 0),
        (Tally(capacity=10, enrolled=4), None, Decimal("0.4"), 6, 0),
        (Tally(capacity=10, passed=6, failed=2, dropped=2, certified=5), Decimal("0.6"), Decimal("0.8"), 2, 1),
        (Tally(capacity=2, enrolled=3), None, Decimal("1.5"), 0, 0),
        (Tally(dropped=3), 0, None, None, 0),
    ],
)
def test_rates_of_a_class(tally, rate, use, free, uncertified):
    assert (tally.pass_rate, tally.use_of_places, tally.free, tally.uncertified) == (rate, use, free, uncertified)


TAKE_PART, SCREENED, STUDY, RESULTS, CERTIFICATES, DONE = range(1, len(PHASES) + 2)


@pytest.mark.parametrize(
    ("tally", "before", "within", "after"),
    [
        (Tally(), TAKE_PART, TAKE_PART, TAKE_PART),
        (Tally(withdrawn=3), TAKE_PART, TAKE_PART, TAKE_PART),
        (Tally(nominated=3), SCREENED, SCREENED, SCREENED),
        (Tally(refused=3), SCREENED, SCREENED, SCREENED),
        (Tally(enrolled=3, waiting=1), SCREENED, STUDY, RESULTS),
        (Tally(enrolled=1, passed=2), SCREENED, STUDY, RESULTS),
        (Tally(passed=2, certified=1, dropped=1), SCREENED, STUDY, CERTIFICATES),
        (Tally(passed=2, certified=2, failed=1), SCREENED, STUDY, DONE),
        (Tally(failed=2), SCREENED, STUDY, DONE),
    ],
)
def test_the_phase_follows_the_days_and_the_tally(tally, before, within, after):
    times = [(False, False), (True, False), (True, True)]
    found = [phase(tally, has_begun=begun, has_ended=ended) for begun, ended in times]

    assert found == [before, within, after]


# Attempts among the steps of a life

days = st.dates(date(2020, 1, 1), date(2020, 2, 1))


@given(st.lists(days).map(sorted), st.integers(0, 3), st.lists(days))
def test_attempts_stand_by_day_between_the_steps_which_keep_their_order(dated, undated, told):
    steps = [{"on": day, "key": n} for n, day in enumerate(dated)] + [{"on": None, "key": None}] * undated
    attempts = [{"on": day, "is_attempt": True} for day in told]
    found = among(steps, attempts)

    with_day = [row["on"] for row in found if row["on"]]
    assert [row for row in found if "key" in row] == steps
    assert sorted(told) == [row["on"] for row in found if row.get("is_attempt")]
    assert with_day == sorted(with_day)
    assert found[len(with_day) :] == steps[len(dated) :]
