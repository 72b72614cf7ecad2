"""Each condition of the rule book: just inside, on the edge, just outside, unknown, partly known."""

from dataclasses import replace
from datetime import date

import pytest

from candidates.gates import Attempt, Introduction, Record, Story, refusals
from candidates.pipeline import Actor, Step
from candidates.rulebook import GATES_OF, judge
from candidates.rules import OPEN_CITATION, RuleBook
from organizations.permissions import Permission as P
from tests.candidates.test_clocks import at as road
from tests.candidates.test_pipeline import COMMITTEE, UNITS
from tests.rules import BOOK, CALENDAR
from vuthu_recruit.dates import PartialDate

TODAY = date(2026, 11, 26)
MEETING = date(2024, 6, 10)
ALL_RIGHTS = Actor(frozenset(P), key=7)
WHOLE = Record(
    birth=PartialDate(1995, 5, 12),
    education="upper_secondary",
    certificates=(date(2023, 5, 10),),
    introducers=(Introduction(date(2023, 9, 1)), Introduction(date(2023, 9, 1))),
)
VOTE = {"document": "05-NQ", "members": 12, "votes": 8}


def attempt(step: str, events, on: date, facts: dict, record: Record = WHOLE, book: RuleBook = BOOK) -> Attempt:
    story = Story(tuple(events), UNITS, record)
    return Attempt(story, Step(step), on, facts, TODAY, ALL_RIGHTS, COMMITTEE, book, CALENDAR)


def meeting(record: Record = WHOLE, *, on: date = MEETING, **facts) -> Attempt:
    return attempt("branch_passed", road("dossier"), on, VOTE | facts, record)


def outcome(tried: Attempt, gate: str) -> str:
    """met, not_met, warning, or "" where the gate does not apply."""
    return next((str(judged.outcome) for judged in judge(tried) if judged.gate == gate), "")


# The meeting of the branch


@pytest.mark.parametrize(
    "birth, found",
    [
        (PartialDate(2006, 7, 10), "not_met"),  # 17 years 11 months
        (PartialDate(2006, 6, 11), "warning"),  # 18 years in this month, tomorrow by the day
        (PartialDate(2006, 6, 10), "met"),  # 18 years 0 months
        (PartialDate(1964, 6, 10), "met"),  # 60 years 0 months
        (PartialDate(1964, 6, 9), "warning"),  # 60 years in this month, a day beyond
        (PartialDate(1964, 5, 10), "warning"),  # 60 years 1 month: the consent may come before the decision
        (PartialDate(2007), "not_met"),
        (PartialDate(2006), "warning"),
        (PartialDate(2005), "met"),
        (PartialDate(1964), "warning"),
        (PartialDate(1963), "warning"),
        (PartialDate(2006, 6), "warning"),
        (PartialDate(2006, 7), "not_met"),
        (None, "not_met"),
    ],
)
def test_age_is_eighteen_to_sixty_in_months_and_a_partial_birth_refuses_only_what_is_certain(birth, found):
    assert outcome(meeting(replace(WHOLE, birth=birth)), "age") == found


def test_who_is_too_young_is_told_when_time_alone_will_change_it():
    (judged,) = [row for row in judge(meeting(replace(WHOLE, birth=PartialDate(2007, 3, 20)))) if row.gate == "age"]

    assert judged.changes == "đủ 18 tuổi từ tháng 3/2025"
    assert judged.found == "17 tuổi 3 tháng"


@pytest.mark.parametrize(
    "birth, at_the_meeting, at_the_decision, found",
    [
        (PartialDate(1964, 3, 4), "", "", ""),  # 60 years 0 months on 4/3/2024
        (PartialDate(1964, 2, 4), "", "", "not_met"),
        (PartialDate(1964, 2, 4), "12-CV/TU", "", "met"),
        (PartialDate(1964, 2, 4), "", "12-CV/TU", "met"),
        (PartialDate(1964), "", "", ""),  # perhaps over 60: a word at the meeting, no refusal here
        (PartialDate(1963), "", "", "not_met"),
        (None, "", "", ""),
    ],
)
def test_who_was_over_sixty_at_the_meeting_is_not_decided_without_the_consent(
    birth, at_the_meeting, at_the_decision, found
):
    events = [
        replace(event, facts={"over_60_consent": at_the_meeting}) if event.step == Step.BRANCH_PASSED else event
        for event in road("appraised")
    ]
    facts = {"document": "9-QĐ", "over_60_consent": at_the_decision}

    assert outcome(attempt("decided", events, date(2024, 5, 6), facts, replace(WHOLE, birth=birth)), "over_60") == found


@pytest.mark.parametrize(
    "education, exception, found",
    [
        ("upper_secondary", "", "met"),
        ("lower_secondary", "", "met"),
        ("primary", "", "not_met"),
        ("primary", "15-CV/TU", "met"),
        ("", "", "not_met"),
        ("", "15-CV/TU", "not_met"),
    ],
)
def test_lower_secondary_school_is_finished_or_a_document_allows_less(education, exception, found):
    assert outcome(meeting(replace(WHOLE, education=education), education_exception=exception), "education") == found


@pytest.mark.parametrize(
    "issued, found",
    [
        ([date(2019, 6, 9)], "not_met"),  # 60 months were over yesterday
        ([date(2019, 6, 10)], "met"),  # the last day
        ([date(2024, 6, 10)], "met"),
        ([date(2024, 6, 11)], "not_met"),  # issued after the meeting
        ([date(2018, 1, 5), date(2023, 1, 5)], "met"),  # attended again: the newest counts
        ([], "not_met"),
    ],
)
def test_a_certificate_holds_sixty_months_to_the_meeting(issued, found):
    assert outcome(meeting(replace(WHOLE, certificates=tuple(issued))), "certificate") == found


ONE = Introduction(date(2023, 9, 1))


@pytest.mark.parametrize(
    "introducers, union, found",
    [
        ([ONE, ONE], {}, "met"),
        ([ONE], {}, "not_met"),
        ([], {}, "not_met"),
        ([ONE], {"in_youth_union": True}, "met"),
        ([ONE], {"in_trade_union": True}, "met"),
        ([], {"in_youth_union": True}, "not_met"),
        ([ONE, Introduction(MEETING)], {}, "met"),  # assigned on the day of the meeting
        ([ONE, Introduction(date(2024, 6, 11))], {}, "not_met"),
        ([ONE, Introduction(date(2023, 9, 1), MEETING)], {}, "not_met"),  # until the day before
        ([ONE, Introduction(date(2023, 9, 1), date(2024, 6, 11))], {}, "met"),
    ],
)
def test_two_members_introduce_or_one_beside_the_union(introducers, union, found):
    assert outcome(meeting(replace(WHOLE, introducers=tuple(introducers), **union)), "introducers") == found


def test_four_reasons_are_said_at_once_each_with_its_clause_and_who_can_fix_it():
    tried = meeting(Record(birth=PartialDate(2008, 1, 1), education="primary"))

    found = {refusal.code: refusal for refusal in refusals(tried)}

    assert set(found) == {"age", "education", "certificate", "introducers"}
    assert all(refusal.who and refusal.required and refusal.citation for refusal in found.values())
    assert found["age"].citation.startswith("Quy định 24-QĐ/TW, 1.1.1")
    assert found["certificate"].citation == OPEN_CITATION


# Time


@pytest.mark.parametrize(
    "on, found",
    [("2024-05-29", "met"), ("2024-05-30", "met"), ("2024-05-31", "warning")],
)
def test_a_decision_later_than_sixty_working_days_is_a_warning(on, found):
    tried = attempt("decided", road("appraised"), date.fromisoformat(on), {"document": "9-QĐ"})

    assert outcome(tried, "decision") == found


def test_an_extension_moves_the_last_day_of_the_decision():
    events = road("appraised", ("extended", "2024-05-20", {"until": "2024-06-20"}))

    assert outcome(attempt("decided", events, date(2024, 6, 20), {"document": "9-QĐ"}), "decision") == "met"
    assert outcome(attempt("decided", events, date(2024, 6, 21), {"document": "9-QĐ"}), "decision") == "warning"


@pytest.mark.parametrize(
    "until, signed, found",
    [
        ("2024-05-30", "2024-05-20", "not_met"),  # the usual last day is no extension
        ("2024-05-31", "2024-05-20", "met"),
        ("2024-07-11", "2024-05-20", "met"),  # 30 working days more
        ("2024-07-12", "2024-05-20", "not_met"),
        ("2024-06-20", "2024-05-31", "warning"),  # signed after the limit was over
    ],
)
def test_an_extension_adds_at_most_thirty_working_days_and_is_signed_in_time(until, signed, found):
    facts = {"until": until, "document": "15-CV", "signer": "Bí thư", "reason": "Chờ kết luận thẩm tra"}
    tried = attempt("extended", road("appraised"), date.fromisoformat(signed), facts)

    assert outcome(tried, "extension") == found


@pytest.mark.parametrize(
    "on, consent, found",
    [
        ("2024-07-01", "", "met"),
        ("2024-07-02", "", "not_met"),
        ("2024-07-02", "40-CV/HU", "met"),
    ],
)
def test_a_ceremony_later_than_thirty_working_days_needs_consent(on, consent, found):
    facts = {"received_on": "2024-05-20", "late_consent": consent}

    assert outcome(attempt("admitted", road("decided"), date.fromisoformat(on), facts), "ceremony") == found


@pytest.mark.parametrize(
    "on, probation, review",
    [
        ("2025-06-02", "not_met", ""),
        ("2025-06-03", "warning", "met"),  # the very day the twelve months end
        ("2025-06-04", "met", "met"),
        ("2025-07-15", "met", "met"),
        ("2025-07-16", "met", "warning"),
    ],
)
def test_recognition_is_voted_on_after_twelve_months_and_within_thirty_working_days(on, probation, review):
    tried = attempt("recognition_proposed", road("admitted"), date.fromisoformat(on), VOTE)

    assert (outcome(tried, "probation"), outcome(tried, "review")) == (probation, review)


def test_a_vote_that_failed_before_the_end_of_probation_is_refused_too():
    early = attempt("branch_vote_failed", road("admitted"), date(2025, 1, 6), VOTE | {"votes": 3})
    at_admission = attempt("branch_vote_failed", road("dossier"), MEETING, VOTE | {"votes": 3})

    assert outcome(early, "probation") == "not_met"
    assert judge(at_admission) == []


@pytest.mark.parametrize(
    "issued, found",
    [([], "warning"), ([date(2025, 6, 4)], "met"), ([date(2025, 6, 5)], "warning"), ([date(2024, 9, 2)], "met")],
)
def test_the_class_for_new_members_is_asked_for_at_recognition(issued, found):
    record = replace(WHOLE, member_class=tuple(issued))
    proposed = attempt("recognition_proposed", road("admitted"), date(2025, 6, 4), VOTE, record)
    refused = {refusal.code for refusal in refusals(proposed)}

    assert outcome(proposed, "member_class") == found
    assert "member_class" not in refused
    assert outcome(meeting(record), "member_class") == ""


@pytest.mark.parametrize("on, found", [("2025-07-22", "met"), ("2025-07-23", "warning")])
def test_recognition_decided_later_than_thirty_working_days_is_a_warning(on, found):
    tried = attempt("official", road("recognition_committee_passed"), date.fromisoformat(on), {"document": "1-QĐ"})

    assert outcome(tried, "recognition") == found


# Sets


@pytest.mark.parametrize(
    "on, label",
    [
        ("2016-07-24", None),
        ("2016-07-25", "29-qd-tw/1"),
        ("2021-07-29", "29-qd-tw/1"),
        ("2021-07-30", "24-qd-tw/1"),
        ("2025-01-19", "24-qd-tw/1"),
        ("2025-01-20", "232-qd-tw/1"),
        ("2025-06-30", "232-qd-tw/1"),
        ("2025-07-01", "294-qd-tw/1"),
        ("2026-11-26", "294-qd-tw/1"),
    ],
)
def test_a_step_is_judged_by_the_set_of_its_day(on, label):
    rules = BOOK.on(date.fromisoformat(on))

    assert (rules and rules.label) == label


def test_a_day_without_a_set_warns_and_borrows_no_neighbour():
    (judged,) = judge(meeting(Record(), on=date(2016, 7, 24)))

    assert (judged.gate, str(judged.outcome)) == ("rule_set", "warning")
    assert "Chưa có bộ quy định" in judged.message
    assert [refusal.code for refusal in refusals(meeting(WHOLE, on=date(2024, 6, 10)))] == []


def test_a_step_without_conditions_is_not_judged():
    assert judge(attempt("submitted", road("committee_passed"), MEETING, {})) == []
    assert Step.BRANCH_PASSED in GATES_OF
