"""Everything that speaks against a step, said at once: dates, facts, votes, age, units, rights, four eyes."""

from dataclasses import replace
from datetime import date

import pytest

from candidates.gates import Attempt, Record, Story, offered, refusals, rights_for
from candidates.pipeline import Actor, Past, Stage, Step, Unit
from organizations.permissions import Permission as P
from tests.candidates.test_pipeline import CELL, COMMITTEE, DELEGATED, OTHER, TO_ADMITTED, UNITS, life
from vuthu_recruit.dates import PartialDate

TODAY = date(2024, 11, 18)
BRANCH = frozenset({P.CANDIDATE_EDIT, P.STEP_BRANCH})
OFFICER = BRANCH | {P.STEP_COMMITTEE}
BOARD = frozenset({P.CANDIDATE_EDIT, P.STEP_BOARD, P.CLASS_EDIT})
REASON = {"reason": "Hồ sơ thiếu giấy giới thiệu"}
VOTE = {"document": "05-NQ", "members": 12, "votes": 8}
DAY = date(2024, 6, 10)
BORN = PartialDate(1995, 5, 12)


def attempt(step, road, *, unit=COMMITTEE, to=None, rights=OFFICER, birth=BORN, on=DAY, **values):
    facts, actor = values.pop("facts", {}), Actor(rights, key=7, **values)
    story = Story(tuple(life(*road, unit=unit)), UNITS, Record(birth))
    return Attempt(story, Step(step), on, facts, TODAY, actor, to or unit)


def codes(tried: Attempt) -> set[str]:
    return {refusal.code for refusal in refusals(tried)}


def at(stage: str) -> list[str]:
    return TO_ADMITTED[: TO_ADMITTED.index(stage) + 1]


# Dates


def test_all_reasons_are_said_at_once():
    tried = attempt(
        "branch_passed", at("trained"), on=date(2025, 1, 1), rights=BOARD, facts={"members": 9, "votes": 10}
    )

    assert codes(tried) == {"wrong_role", "wrong_stage", "in_future", "missing", "too_many_votes"}
    for refusal in refusals(tried):
        assert refusal.message.endswith((".", "”."))


@pytest.mark.parametrize(
    "on, found",
    [
        (None, {"no_date"}),
        (TODAY, set()),
        (date(2024, 11, 19), {"in_future"}),
        (date(2022, 3, 2), set()),
        (date(2022, 3, 1), {"before_previous"}),
    ],
)
def test_a_step_stands_between_the_one_before_and_today(on, found):
    assert codes(attempt("branch_passed", at("dossier"), on=on, facts=VOTE)) == found


def test_a_step_before_birth_is_refused():
    assert "before_birth" in codes(attempt("branch_passed", at("dossier"), facts=VOTE, birth=PartialDate(2024, 7, 1)))


@pytest.mark.parametrize(
    "received, found",
    [
        ("2024-06-10", set()),
        ("2024-06-11", {"received_late"}),
        ("2022-07-30", set()),
        ("2022-07-29", {"received_early"}),
        ("", {"missing"}),
        ("31/02/2024", {"bad_day"}),
    ],
)
def test_the_decision_is_received_between_its_date_and_the_ceremony(received, found):
    assert codes(attempt("admitted", at("decided"), facts={"received_on": received})) == found


# Facts


@pytest.mark.parametrize(
    "facts, found",
    [
        ({}, {"missing"}),
        ({"redo_from": "branch"}, {"missing"}),
        ({"redo_from": "branch", "reason": "ngắn"}, {"too_short"}),
        ({"redo_from": "somewhere", **REASON}, {"bad_choice"}),
        ({"redo_from": "branch", **REASON}, set()),
    ],
)
def test_a_return_needs_where_to_resume_and_a_reason_of_ten_letters(facts, found):
    assert codes(attempt("returned", at("submitted"), rights=BOARD, facts=facts)) == found


# Votes


@pytest.mark.parametrize(
    "step, road, members, votes, found, offer",
    [
        ("branch_passed", at("dossier"), 12, 8, set(), None),
        ("branch_passed", at("dossier"), 12, 7, {"below_two_thirds"}, Step.BRANCH_VOTE_FAILED),
        ("branch_passed", at("dossier"), 3, 2, set(), None),
        ("branch_passed", at("dossier"), 4, 2, {"below_two_thirds"}, Step.BRANCH_VOTE_FAILED),
        ("branch_passed", at("dossier"), 12, 13, {"too_many_votes"}, None),
        ("branch_passed", at("dossier"), 0, 0, {"no_members"}, None),
        ("branch_vote_failed", at("dossier"), 12, 7, set(), None),
        ("branch_vote_failed", at("dossier"), 12, 8, {"enough_votes"}, Step.BRANCH_PASSED),
        ("branch_vote_failed", at("admitted"), 12, 8, {"enough_votes"}, Step.RECOGNITION_PROPOSED),
        ("committee_passed", at("branch_passed"), 15, 10, set(), None),
        ("committee_passed", at("branch_passed"), 15, 9, {"below_two_thirds"}, Step.COMMITTEE_REPORTED),
        ("committee_reported", at("branch_passed"), 15, 9, set(), None),
        ("committee_reported", at("branch_passed"), 15, 10, {"enough_votes"}, Step.COMMITTEE_PASSED),
        ("recognition_proposed", at("admitted"), 12, 7, {"below_two_thirds"}, Step.BRANCH_VOTE_FAILED),
        ("recognition_committee_passed", [*TO_ADMITTED, "recognition_proposed"], 15, 9, {"below_two_thirds"}, None),
    ],
)
def test_below_two_thirds_is_refused_and_the_step_that_fits_is_offered(step, road, members, votes, found, offer):
    tried = attempt(step, road, facts={"document": "05-NQ", "members": members, "votes": votes})

    assert codes(tried) == found
    assert [refusal.offer for refusal in refusals(tried) if refusal.offer] == ([offer] if offer else [])


# Age, counted in months on the day of the branch meeting


# Units


def test_a_closed_unit_takes_no_step_but_people_may_leave_it():
    closed = replace(COMMITTEE, closed_on=date(2024, 1, 1))

    assert codes(attempt("branch_passed", at("dossier"), unit=closed, facts=VOTE)) == {"unit_closed"}
    assert codes(attempt("moved", at("dossier"), unit=closed, to=OTHER, facts=REASON)) == set()
    assert codes(attempt("moved", at("dossier"), to=replace(OTHER, closed_on=DAY), facts=REASON)) == {"unit_closed"}
    assert codes(attempt("moved", at("dossier"), to=replace(OTHER, closed_on=date(2024, 6, 11)), facts=REASON)) == set()


def test_a_dossier_needs_a_branch():
    whole = replace(COMMITTEE, holds_people=False)

    assert codes(attempt("dossier", at("trained"), unit=whole)) == {"no_branch"}
    assert codes(attempt("moved", at("trained"), to=replace(OTHER, holds_people=False), facts=REASON)) == set()
    assert codes(attempt("moved", at("dossier"), to=replace(OTHER, holds_people=False), facts=REASON)) == {"no_branch"}


def test_a_step_happens_in_the_persons_own_unit():
    assert codes(attempt("branch_passed", at("dossier"), to=OTHER, facts=VOTE)) == {"wrong_unit"}
    assert codes(attempt("moved", at("dossier"), to=COMMITTEE, facts=REASON)) == {"same_unit"}


# Who


@pytest.mark.parametrize(
    "step, stage, by",
    [
        ("dossier", "trained", {"branch", "unit"}),
        ("branch_passed", "dossier", {"branch", "unit"}),
        ("branch_vote_failed", "dossier", {"branch", "unit"}),
        ("recognition_proposed", "admitted", {"branch", "unit"}),
        ("stopped", "committee_passed", {"branch", "unit", "board"}),
        ("stopped", "submitted", {"board"}),
        ("reopened", "dossier", {"branch", "unit", "board"}),
        ("reopened", "appraised", {"board"}),
        ("committee_passed", "branch_passed", {"unit"}),
        ("committee_reported", "branch_passed", {"unit"}),
        ("submitted", "committee_passed", {"unit"}),
        ("admitted", "decided", {"unit"}),
        ("recognition_committee_passed", "recognition_proposed", {"unit"}),
        ("appraised", "submitted", {"board"}),
        ("returned", "submitted", {"board"}),
        ("deferred", "appraised", {"board"}),
        ("decided", "appraised", {"board"}),
        ("decided", "committee_passed", {"unit"}),
        ("decision_cancelled", "decided", {"board"}),
        ("official", "recognition_committee_passed", {"board"}),
        ("struck_off", "admitted", {"board"}),
        ("moved_away", "source", {"board"}),
        ("moved", "source", {"unit", "board"}),
        ("trained", "source", {"board"}),
    ],
)
def test_each_step_is_taken_by_whom_the_design_names(step, stage, by):
    roles = {"branch": BRANCH, "unit": OFFICER, "board": BOARD}

    assert {name for name, rights in roles.items() if rights.intersection(rights_for(Step(step), Stage(stage)))} == by


def test_moves_inside_a_unit_are_its_officers_and_between_units_the_boards():
    inside = attempt("moved", at("dossier"), to=OTHER, facts=REASON)
    between = attempt("moved", at("dossier"), to=CELL, facts=REASON)

    assert codes(inside) == set()
    assert codes(between) == {"wrong_role"}
    assert codes(replace(between, actor=Actor(BOARD))) == set()
    assert codes(replace(inside, actor=Actor(BRANCH))) == {"wrong_role"}


def test_the_board_stands_in_where_there_is_no_officer():
    assert codes(attempt("branch_passed", at("dossier"), rights=BOARD, facts=VOTE)) == {"wrong_role"}
    assert codes(attempt("branch_passed", at("dossier"), rights=BOARD, facts=VOTE, stands_in=True)) == set()


def test_a_refused_role_is_told_who_may():
    stop = refusals(attempt("stopped", at("submitted"), rights=BRANCH, facts=REASON))

    assert [refusal.who for refusal in stop] == ["Ban Tổ chức"]


def test_a_delegated_decision_is_the_units_and_needs_a_second_person():
    facts = {"document": "1-QĐ"}
    tried = attempt("decided", at("committee_passed"), unit=DELEGATED, facts=facts)

    assert codes(tried) == {"unconfirmed"}
    assert codes(replace(tried, actor=Actor(OFFICER, confirmed=True))) == set()
    assert codes(replace(tried, actor=Actor(BOARD, confirmed=True))) == {"wrong_role"}
    assert "wrong_stage" in codes(attempt("decided", at("committee_passed"), facts=facts))


# Four eyes


def test_nobody_appraises_what_they_prepared_or_decides_what_they_appraised():
    document = {"document": "17-TTr"}
    appraising = attempt("appraised", at("submitted"), rights=BOARD, facts=document)
    deciding = attempt("decided", at("appraised"), rights=BOARD, facts=document)
    own = Past(Step.APPRAISED, date(2022, 7, 1), 11, {}, 7, by=7)
    mine = replace(deciding.story, events=(*deciding.story.events[:-1], own))

    assert codes(appraising) == codes(deciding) == set()
    assert codes(replace(appraising, actor=Actor(BOARD, key=7, prepared=True))) == {"four_eyes"}
    assert codes(replace(deciding, story=mine)) == {"four_eyes"}
    assert codes(replace(deciding, actor=Actor(BOARD, key=8, appraised=True))) == {"four_eyes"}


@pytest.mark.parametrize(
    "is_head, alone, reason, refused",
    [
        (True, True, "Chỉ còn một cán bộ", False),
        (True, True, "ngắn", True),
        (True, True, "", True),
        (True, False, "Chỉ còn một cán bộ", True),
        (False, True, "Chỉ còn một cán bộ", True),
    ],
)
def test_the_head_overrides_with_a_reason_when_nobody_else_is_entitled(is_head, alone, reason, refused):
    actor = Actor(BOARD, prepared=True, is_head=is_head, alone_for=frozenset({Step.APPRAISED} if alone else ()))
    facts = {"document": "17-TTr", "override": reason}
    tried = replace(attempt("appraised", at("submitted"), facts=facts), actor=actor)

    assert codes(tried) == ({"four_eyes"} if refused else set())


# Offers


@pytest.mark.parametrize(
    "road, rights, forward",
    [
        (at("trained"), BRANCH, {"dossier", "stopped"}),
        (at("branch_passed"), BRANCH, {"stopped"}),
        (at("branch_passed"), OFFICER, {"committee_passed", "committee_reported", "stopped"}),
        (at("submitted"), OFFICER, set()),
        (at("submitted"), BOARD, {"appraised", "returned", "extended", "stopped", "moved_away"}),
        ([*at("submitted"), "stopped"], BOARD, {"reopened", "moved_away"}),
    ],
)
def test_offered_are_the_steps_that_table_and_rights_allow(road, rights, forward):
    story = Story(tuple(life(*road)), UNITS)

    assert {str(step) for step in offered(story, Actor(rights))} == forward


def test_an_empty_story_offers_nothing():
    assert offered(Story((), {}), Actor(BOARD)) == []
    assert Unit(1, 1, "cell", True).is_open_on(TODAY)
