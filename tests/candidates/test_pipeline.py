"""The pure table against design.md 4 and 5, sentence by sentence: every transition, stage, status and unit form."""

from datetime import date, timedelta

import pytest

from candidates.pipeline import (
    BY_STEP,
    FIRST_STEPS,
    STAGES,
    IllegalWalk,
    Past,
    RedoFrom,
    Stage,
    Standing,
    Status,
    Step,
    Unit,
    failed_recognition_votes,
    passes,
    replay,
    standing_of,
    structure,
    was_reported_upward,
)

COMMITTEE = Unit(11, 1, "committee", holds_people=True)
OTHER = Unit(12, 1, "committee", holds_people=True)
CELL = Unit(20, 20, "cell", holds_people=True)
DELEGATED = Unit(31, 3, "committee", holds_people=True, delegated=True)
DELEGATED_CELL = Unit(40, 40, "cell", holds_people=True, delegated=True)
UNITS = {unit.key: unit for unit in (COMMITTEE, OTHER, CELL, DELEGATED, DELEGATED_CELL)}
FORMS = {"committee": COMMITTEE, "cell": CELL, "delegated": DELEGATED, "delegated cell": DELEGATED_CELL}

# From which stages each step may start, written once more by hand from design.md 5. Same for both forms unless told.
ANY = [stage for stage in STAGES if stage != Stage.OFFICIAL]
STARTS = {
    "trained": ["source"],
    "dossier": ["trained"],
    "branch_passed": ["dossier"],
    "branch_vote_failed": ["dossier", "admitted"],
    "committee_passed": ["branch_passed"],
    "committee_reported": ["branch_passed"],
    "submitted": ["committee_passed"],
    "returned": ["submitted", "appraised"],
    "appraised": ["submitted"],
    "deferred": ["appraised"],
    "decided": ["appraised"],
    "decision_cancelled": ["decided"],
    "decision_received": ["decided"],
    "admitted": ["decided"],
    "recognition_proposed": ["admitted"],
    "recognition_committee_passed": ["recognition_proposed"],
    "official": ["recognition_committee_passed"],
    "extended": [
        *("branch_passed", "committee_passed", "submitted", "appraised"),
        *("recognition_proposed", "recognition_committee_passed"),
    ],
    "stopped": ANY,
    "reopened": ANY,
    "moved": ANY,
    "moved_away": ANY,
    "struck_off": ["admitted", "recognition_proposed", "recognition_committee_passed"],
}
# A person may bring a committee's resolution along when moving to a cell.
CELL_STARTS = STARTS | {
    "committee_passed": [],
    "committee_reported": [],
    "recognition_committee_passed": [],
    "submitted": ["branch_passed", "committee_passed"],
    "official": ["recognition_proposed", "recognition_committee_passed"],
}
EXPECTED = {
    "committee": STARTS,
    "cell": CELL_STARTS,
    "delegated": STARTS | {"decided": ["appraised", "committee_passed"]},
    "delegated cell": CELL_STARTS | {"decided": ["appraised", "branch_passed", "committee_passed"]},
}
BOTH = ["open", "returned"]
STATUSES = {step: ["open"] for step in STARTS} | {
    "branch_passed": BOTH,
    "branch_vote_failed": BOTH,
    "committee_passed": BOTH,
    "committee_reported": BOTH,
    "submitted": BOTH,
    "decision_cancelled": BOTH,
    "extended": BOTH,
    "stopped": BOTH,
    "reopened": ["stopped"],
    "moved": [*BOTH, "stopped"],
    "moved_away": [*BOTH, "stopped"],
    "struck_off": ["open", "stopped"],
}
SOMETHING = [Past(Step.SOURCE, date(2022, 1, 1), 11)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("step", STARTS)
def test_a_step_starts_from_its_stages_and_statuses_and_from_no_other(form, step):
    allowed = set()
    for stage in STAGES:
        for status in Status:
            standing = Standing(stage, status, FORMS[form].key)
            if not structure(SOMETHING, standing, Step(step), {}, FORMS[form]):
                allowed.add((str(stage), str(status)))

    assert allowed == {(stage, status) for stage in EXPECTED[form][step] for status in STATUSES[step]}


def test_the_table_holds_every_step_once_and_nothing_else():
    assert set(BY_STEP) == set(Step)
    assert set(STARTS) | {str(step) for step in FIRST_STEPS} == set(Step.values)


def life(*steps, unit=COMMITTEE, start=date(2022, 1, 1)) -> list[Past]:
    """Events 30 days apart; a step may carry facts, and a move its unit."""
    events = []
    for number, item in enumerate(steps):
        step, facts, key = (item, {}, unit.key) if isinstance(item, str) else (*item, unit.key)[:3]
        events.append(Past(Step(step), start + timedelta(days=30 * number), key, facts, number + 1))
    return events


TO_ADMITTED = [
    "source", "trained", "dossier", "branch_passed", "committee_passed", "submitted", "appraised", "decided",
    "admitted",
]  # fmt: skip
CELL_TO_ADMITTED = [step for step in TO_ADMITTED if step != "committee_passed"]


def standing(*steps, unit=COMMITTEE) -> tuple:
    now = standing_of(life(*steps, unit=unit), UNITS)
    return now.stage, now.status


def test_a_committee_walks_all_twelve_stages_and_a_cell_skips_its_committee():
    road = [*TO_ADMITTED, "recognition_proposed", "recognition_committee_passed", "official"]
    cell = [*CELL_TO_ADMITTED, "recognition_proposed", "official"]

    assert [s.stage for s in replay(life(*road), UNITS)] == list(STAGES)
    assert standing(*cell, unit=CELL) == (Stage.OFFICIAL, Status.OPEN)


@pytest.mark.parametrize(
    "redo, unit, road, stage",
    [
        ("nothing", COMMITTEE, TO_ADMITTED[:6], "committee_passed"),
        ("committee", COMMITTEE, TO_ADMITTED[:6], "branch_passed"),
        ("branch", COMMITTEE, TO_ADMITTED[:6], "dossier"),
        ("nothing", COMMITTEE, TO_ADMITTED[:7], "committee_passed"),
        ("nothing", CELL, CELL_TO_ADMITTED[:5], "branch_passed"),
        ("branch", CELL, CELL_TO_ADMITTED[:6], "dossier"),
    ],
)
def test_a_return_sets_the_stage_to_where_work_resumes(redo, unit, road, stage):
    assert standing(*road, ("returned", {"redo_from": redo}), unit=unit) == (stage, Status.RETURNED)


def test_a_cell_has_no_committee_to_meet_again():
    events = life(*CELL_TO_ADMITTED[:5], ("returned", {"redo_from": RedoFrom.COMMITTEE}), unit=CELL)

    with pytest.raises(IllegalWalk) as broken:
        replay(events, UNITS)

    assert [refusal.code for refusal in broken.value.refusals] == ["no_committee"]


@pytest.mark.parametrize(
    "redo, forward", [("nothing", "submitted"), ("committee", "committee_passed"), ("branch", "branch_passed")]
)
def test_the_next_forward_step_makes_the_status_open_again(redo, forward):
    road = [*TO_ADMITTED[:6], ("returned", {"redo_from": redo}), forward]

    assert standing(*road) == (forward, Status.OPEN)


def test_a_failed_vote_is_no_step_forward():
    road = [*TO_ADMITTED[:6], ("returned", {"redo_from": "branch"}), "branch_vote_failed"]

    assert standing(*road) == (Stage.DOSSIER, Status.RETURNED)
    assert standing(*TO_ADMITTED[:3], "branch_vote_failed") == (Stage.DOSSIER, Status.OPEN)


def test_stopped_keeps_the_stage_and_reopening_returns_there():
    for length in range(1, len(TO_ADMITTED) + 1):
        stage = standing(*TO_ADMITTED[:length])[0]
        assert standing(*TO_ADMITTED[:length], "stopped") == (stage, Status.STOPPED)
        assert standing(*TO_ADMITTED[:length], "stopped", "reopened") == (stage, Status.OPEN)


def test_a_move_keeps_stage_and_status_and_changes_the_unit():
    events = life(*TO_ADMITTED[:4], "stopped", ("moved", {}, OTHER.key))

    now = standing_of(events, UNITS)

    assert (now.stage, now.status, now.unit) == (Stage.BRANCH_PASSED, Status.STOPPED, OTHER.key)


def test_later_steps_happen_in_the_unit_moved_to():
    events = life(*TO_ADMITTED[:4], ("moved", {}, CELL.key), ("submitted", {}, CELL.key))

    assert standing_of(events, UNITS) == Standing(Stage.SUBMITTED, Status.OPEN, CELL.key)


def test_a_cell_sends_on_a_person_who_came_with_a_committees_resolution():
    events = life(*TO_ADMITTED[:5], ("moved", {}, CELL.key), ("submitted", {}, CELL.key))

    assert standing_of(events, UNITS).stage == Stage.SUBMITTED


def test_after_a_report_upward_only_submitting_and_asides_follow():
    events = life(*TO_ADMITTED[:4], "committee_reported", unit=DELEGATED)
    here = standing_of(events, UNITS)
    allowed = {str(step) for step in Step if not structure(events, here, step, {}, DELEGATED)}

    assert was_reported_upward(events)
    assert allowed == {"submitted", "extended", "stopped", "moved", "moved_away"}


@pytest.mark.parametrize("redo, flag", [("nothing", True), ("committee", False), ("branch", False)])
def test_the_flag_of_a_report_upward_ends_when_the_vote_is_undone(redo, flag):
    road = [*TO_ADMITTED[:4], "committee_reported", "submitted", ("returned", {"redo_from": redo})]

    assert was_reported_upward(life(*road)) is flag
    assert not was_reported_upward(life(*TO_ADMITTED[:5]))


def test_three_failed_recognition_votes_then_upward():
    failed = [*TO_ADMITTED, *["branch_vote_failed"] * 3]
    events = life(*failed)
    here = standing_of(events, UNITS)

    assert failed_recognition_votes(events) == 3
    assert [r.code for r in structure(events, here, Step.BRANCH_VOTE_FAILED, {}, COMMITTEE)] == ["three_votes"]
    assert standing(*failed, "official") == (Stage.OFFICIAL, Status.OPEN)
    with pytest.raises(IllegalWalk):
        standing(*failed[:-1], "official")


def test_failed_votes_before_admission_do_not_count_for_recognition():
    road = ["source", "trained", "dossier", *["branch_vote_failed"] * 4, *TO_ADMITTED[3:]]

    assert failed_recognition_votes(life(*road)) == 0
    assert standing(*road, "branch_vote_failed")[0] == Stage.ADMITTED


def test_a_cancelled_decision_goes_back_to_appraised_stopped_and_a_later_one_follows():
    cancelled = [*TO_ADMITTED[:8], "decision_cancelled"]

    assert standing(*cancelled) == (Stage.APPRAISED, Status.STOPPED)
    assert standing(*cancelled, "reopened", "decided") == (Stage.DECIDED, Status.OPEN)
    with pytest.raises(IllegalWalk):
        standing(*TO_ADMITTED, "decision_cancelled")


def test_a_delegated_decision_stays_legal_when_the_unit_loses_the_delegation():
    marked = life(*TO_ADMITTED[:5], ("decided", {"delegated": True}), "admitted")

    assert standing_of(marked, UNITS).stage == Stage.ADMITTED
    with pytest.raises(IllegalWalk):
        standing(*TO_ADMITTED[:5], "decided")


def test_nothing_follows_leaving():
    for last in ("moved_away", "struck_off"):
        events = life(*TO_ADMITTED, last)
        here = standing_of(events, UNITS)
        assert not [step for step in Step if not structure(events, here, step, {}, COMMITTEE)]


def test_an_earlier_date_breaks_the_walk_and_the_same_day_does_not():
    first, second = life("source", "trained")
    same = Past(second.step, first.happened_on, second.unit, {}, 2)
    early = Past(second.step, first.happened_on - timedelta(days=1), second.unit, {}, 2)

    assert standing_of([first, same], UNITS).stage == Stage.TRAINED
    with pytest.raises(IllegalWalk):
        standing_of([first, early], UNITS)


@pytest.mark.parametrize(
    "votes, members, enough",
    [(2, 3, True), (1, 3, False), (7, 10, True), (6, 10, False), (8, 12, True), (7, 12, False), (1, 1, True),
     (0, 1, False), (2, 2, True), (1, 2, False), (667, 1000, True), (666, 1000, False), (666, 999, True)],
)  # fmt: skip
def test_two_thirds_are_counted_exactly(votes, members, enough):
    assert passes(votes, members) is enough
