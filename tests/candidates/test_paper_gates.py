"""What the rules ask of papers at three steps: a table of cases each, pure."""

from datetime import date

import pytest

from candidates import rulebook
from candidates.dossier import Dossier, Form, Holder, Paper, Renewal, State
from candidates.gates import Attempt, Record, Story
from candidates.pipeline import Actor, Past, Stage, Step
from tests.candidates.test_pipeline import COMMITTEE, UNITS
from tests.rules import BOOK, CALENDAR

FORMS = (
    Form("1-knd", "1-KNĐ", "Đơn xin vào Đảng", Step.BRANCH_PASSED),
    Form("2-knd", "2-KNĐ", "Lý lịch", Step.BRANCH_PASSED, renewal=Renewal.SUPPLEMENT),
    Form("5-knd", "5-KNĐ", "Nhận xét", Step.BRANCH_PASSED, renewal=Renewal.REDO),
    Form("10-knd", "10-KNĐ", "Tự kiểm điểm", Step.RECOGNITION_PROPOSED),
)
ROAD = [
    (Step.SOURCE, date(2022, 1, 3)), (Step.TRAINED, date(2022, 5, 2)), (Step.DOSSIER, date(2023, 1, 9)),
    (Step.BRANCH_PASSED, date(2024, 1, 9)), (Step.COMMITTEE_PASSED, date(2024, 1, 19)),
    (Step.SUBMITTED, date(2024, 1, 29)),
]  # fmt: skip


def judged(step, day, papers, *, failed=None, points=(), known=True, gates=("papers", "dossier")):
    """The one condition about papers of a step taken on a day, after the steps before it."""
    before = ROAD[: [one for one, _ in ROAD].index(step)] if step != Step.APPRAISED else ROAD
    events = [Past(one, on, COMMITTEE.key, {}, place) for place, (one, on) in enumerate(before, 1)]
    if failed:
        events.append(Past(Step.BRANCH_VOTE_FAILED, failed, COMMITTEE.key, {"members": 12, "votes": 3}, 9))
    dossier = Dossier(FORMS, tuple(papers), Holder(), Stage.DOSSIER) if known else None
    record = Record(dossier=dossier, open_points=tuple(points))
    tried = Attempt(
        Story(tuple(events), UNITS, record), step, day, {}, day, Actor(frozenset()), COMMITTEE, BOOK, CALENDAR
    )
    return next((one for one in rulebook.judge(tried) if one.gate in gates), None)


def paper(key, day=None, state=State.IN) -> Paper:
    return Paper(key, state=state, dated_on=day)


MEETING = date(2024, 1, 9)
OLD, VOTED = date(2023, 1, 8), {"failed": date(2023, 9, 1)}
FRESH = [
    ("twelve months to the day", [paper("5-knd", date(2023, 1, 9))], {}, "met"),
    ("a day inside", [paper("5-knd", date(2023, 1, 10))], {}, "met"),
    ("a day outside", [paper("5-knd", date(2023, 1, 8))], {}, "not_met"),
    ("outside, but the branch voted in between", [paper("5-knd", OLD)], VOTED, "met"),
    ("only to be supplemented", [paper("2-knd", date(2023, 1, 8))], {}, "warning"),
    ("one to redo, one to supplement", [paper("2-knd", OLD), paper("5-knd", OLD)], {}, "not_met"),
    ("a returned paper is no paper", [paper("5-knd", date(2023, 1, 8), State.RETURNED)], {}, "met"),
    ("no date, the dossier not over", [paper("5-knd")], {}, "met"),
    ("nothing recorded, the dossier not over", [], {}, "met"),
    ("papers never read", [], {"known": False}, None),
]  # fmt: skip


@pytest.mark.parametrize(("case", "papers", "more", "outcome"), FRESH, ids=[row[0] for row in FRESH])
def test_papers_are_fresh_when_the_branch_meets(case, papers, more, outcome):
    found = judged(Step.BRANCH_PASSED, MEETING, papers, **more)

    assert (found and found.outcome) == outcome


@pytest.mark.parametrize("papers", [[], [paper("5-knd")]], ids=["nothing recorded", "no date"])
def test_an_old_dossier_whose_papers_tell_nothing_is_a_warning(papers):
    found = judged(Step.BRANCH_PASSED, date(2024, 1, 10), papers)

    assert found.outcome == "warning"
    assert found.who == "Đơn vị ghi ngày ở trang hồ sơ"


def test_a_refusal_names_each_paper_to_redo_with_its_day():
    found = judged(Step.BRANCH_PASSED, MEETING, [paper("5-knd", date(2022, 12, 1)), paper("2-knd", date(2022, 12, 1))])

    assert found.message == "Giấy tờ đã quá 12 tháng, phải làm lại: 5-KNĐ ngày 01/12/2022."
    assert found.citation
    assert found.who


WRITTEN = paper("5-knd", state=State.HANDWRITING)
WHOLE = [paper("1-knd"), paper("2-knd"), paper("5-knd")]
COMPLETE = [
    ("everything of this stage", Step.SUBMITTED, WHOLE, (), "met"),
    ("a paper missing", Step.SUBMITTED, WHOLE[:2], (), "not_met"),
    ("a paper still written by hand", Step.SUBMITTED, [*WHOLE[:2], WRITTEN], (), "not_met"),
    ("a paper returned", Step.SUBMITTED, [*WHOLE[:2], paper("5-knd", state=State.RETURNED)], (), "not_met"),
    ("a paper of a later stage missing", Step.SUBMITTED, WHOLE, (), "met"),
    ("nothing recorded", Step.SUBMITTED, [], (), "warning"),
    ("a point not answered", Step.SUBMITTED, WHOLE, ("5-KNĐ: thiếu chữ ký",), "not_met"),
    ("a point not answered, nothing recorded", Step.SUBMITTED, [], ("Thiếu chữ ký",), "not_met"),
    ("at the appraisal, everything", Step.APPRAISED, WHOLE, (), "met"),
    ("at the appraisal, a paper missing", Step.APPRAISED, WHOLE[1:], (), "not_met"),
    ("at the appraisal, a point not answered", Step.APPRAISED, WHOLE, ("5-KNĐ: thiếu chữ ký",), "met"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "step", "papers", "points", "outcome"), COMPLETE, ids=[row[0] for row in COMPLETE])
def test_a_dossier_is_complete_when_it_is_sent_and_when_it_is_appraised(case, step, papers, points, outcome):
    assert judged(step, date(2024, 2, 5), papers, points=points).outcome == outcome


DUE = [
    ("everything of this stage", Step.BRANCH_PASSED, WHOLE, None),
    ("a paper missing when the branch meets", Step.BRANCH_PASSED, WHOLE[:2], "warning"),
    ("a paper missing when the committee meets", Step.COMMITTEE_PASSED, WHOLE[1:], "warning"),
    ("a paper of a later stage missing", Step.COMMITTEE_PASSED, WHOLE, None),
    ("nothing recorded", Step.BRANCH_PASSED, [], None),
]


@pytest.mark.parametrize(("case", "step", "papers", "outcome"), DUE, ids=[row[0] for row in DUE])
def test_what_is_missing_is_said_while_the_branch_and_the_committee_meet(case, step, papers, outcome):
    found = judged(step, date(2024, 1, 19), papers, gates=("due_papers",))

    assert (found and found.outcome) == outcome


ISSUED = date(2018, 1, 9)
AHEAD = [
    ("the last day of its value", date(2023, 1, 9), None),
    ("a day inside", date(2023, 1, 8), None),
    ("a day over", date(2023, 1, 10), "warning"),
]


@pytest.mark.parametrize(("case", "day", "outcome"), AHEAD, ids=[row[0] for row in AHEAD])
def test_a_dossier_begun_on_a_certificate_that_is_over_is_a_warning(case, day, outcome):
    events = tuple(Past(one, on, COMMITTEE.key, {}, place) for place, (one, on) in enumerate(ROAD[:2], 1))
    story = Story(events, UNITS, Record(certificates=(ISSUED,)))
    tried = Attempt(story, Step.DOSSIER, day, {}, day, Actor(frozenset()), COMMITTEE, BOOK, CALENDAR)

    assert [one.outcome for one in rulebook.judge(tried)] == [outcome] * (outcome is not None)
