"""People whom the level above must agree to: asked before the decision, named to readers of background alone."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from candidates import special_cases
from candidates.actions import records
from candidates.actions.rules import revise_rule_set
from candidates.choices import SpecialCase
from candidates.gates import refusals
from candidates.models import BACKGROUND, Candidate, RuleSet, StageEvent
from candidates.pipeline import Stage, Step
from candidates.rulebook import judge
from candidates.rules import OPEN_CITATION, PARAMETERS, RuleBook
from organizations import history
from organizations.models import Change
from tests.candidates.test_clocks import at as road
from tests.candidates.test_entering import data
from tests.candidates.test_rulebook import WHOLE, attempt, meeting, outcome
from tests.candidates.test_steps import send
from tests.factories import advance, make_candidate, step
from tests.rules import BOOK

NAMES = [*SpecialCase.labels, "Người có đạo", "dân số", "Công giáo", "người nước ngoài"]
WHY = "Theo công văn mới của Ban Tổ chức"


def deciding(cases, *, book=BOOK, **facts):
    record = replace(WHOLE, special_cases=frozenset(cases))
    return attempt("decided", road("appraised"), date(2024, 5, 6), {"document": "9-QĐ"} | facts, record, book)


def book_with(**values) -> RuleBook:
    return RuleBook(tuple(replace(rules, values=rules.values | values) for rules in BOOK.sets))


@pytest.mark.parametrize(
    "cases, values, consent, at_the_meeting, at_the_decision",
    [
        ((), {}, "", "", ""),
        (("population",), {}, "", "warning", "not_met"),
        (("foreign_marriage",), {}, "", "warning", "not_met"),
        (("business_owner",), {}, "", "warning", "not_met"),
        (("business_owner",), {}, "12-CV/TU", "warning", "met"),
        (("religion",), {}, "", "", ""),  # nobody confirmed that it asks: the Board switches it on
        (("religion",), {"special_religion": 1}, "", "warning", "not_met"),
        (("population",), {"special_population": 0}, "", "", ""),
        (("population", "business_owner"), {"special_population": 0}, "", "warning", "not_met"),
    ],
)
def test_a_case_that_asks_is_announced_at_the_meeting_and_not_decided_without_the_consent(
    cases, values, consent, at_the_meeting, at_the_decision
):
    book = book_with(**values)
    record = replace(WHOLE, special_cases=frozenset(cases))

    assert outcome(replace(meeting(record), book=book), "special") == at_the_meeting
    assert outcome(deciding(cases, book=book, special_consent=consent), "special") == at_the_decision


def test_every_set_holds_each_case_as_uncertain_data():
    keys = {f"special_{case}" for case in special_cases.LABELS}

    assert keys <= set(PARAMETERS)
    for row in RuleBook.of(BOOK.sets).sets:
        assert [row[key] for key in sorted(keys)] == [1, 1, 1, 0]
    assert PARAMETERS["special_religion"].words(0) == "không"
    assert PARAMETERS["special_population"].words(1) == "có"


def test_the_refusal_says_what_is_missing_and_never_which_case():
    (refusal,) = [one for one in refusals(deciding(("population",))) if one.code == "special"]

    assert refusal.message == f"{special_cases.CONCERNED}."
    assert (refusal.field, refusal.citation) == ("special_consent", OPEN_CITATION)
    told = [str(row.plain) for row in judge(deciding(("population", "religion"), book=book_with(special_religion=1)))]
    assert not [name for name in NAMES if any(name in one for one in told)]


@pytest.mark.parametrize("religion, found", [("none", set()), ("", set()), ("catholic", {"religion"})])
def test_who_has_a_religion_is_read_from_the_record(religion, found):
    assert special_cases.of((), religion) == found


# The record


@pytest.fixture
def person(world):
    return make_candidate(world.north_1, special_cases=["foreign_marriage", "business_owner"], religion="catholic")


def test_the_form_writes_the_cases_and_the_history_names_them(world, as_user):
    client = as_user(world.north_officer)
    response = client.post(
        reverse("candidates:create"), data(world, special_cases=["population", "business_owner"], religion="none")
    )
    person = Candidate.objects.get()

    assert response.status_code == 302
    assert person.special_cases == ["population", "business_owner"]
    told = history.entries(Change.objects.filter(subject_id=str(person.pk)))
    said = {field.label: field.after for entry in told for item in entry.items for field in item.fields}
    assert said["trường hợp đặc biệt"] == "Vi phạm chính sách dân số; Chủ doanh nghiệp tư nhân"


@pytest.mark.parametrize("typed", ["internal_politics", "religion", "Đ" * 10_000])
def test_no_other_case_is_taken(typed, world, as_user):
    response = as_user(world.north_officer).post(reverse("candidates:create"), data(world, special_cases=[typed]))

    assert response.status_code == 422
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("who", ["head", "board", "north_officer", "branch_officer"])
def test_who_works_on_the_dossier_reads_which_case_asks(who, world, as_user, person):
    shown = as_user(getattr(world, who)).get(person.get_absolute_url()).content.decode()

    assert "Quan hệ hôn nhân với người nước ngoài; Chủ doanh nghiệp tư nhân" in shown
    assert "Phải có văn bản đồng ý" in shown
    assert "Người có đạo" not in shown  # not switched on


@pytest.mark.parametrize("who", ["standing", "supervisor"])
def test_who_reads_no_background_meets_no_name_of_a_case_anywhere(who, world, as_user, person):
    assert "special_cases" in BACKGROUND
    person = advance(person, Stage.APPRAISED)
    facts = {"document": "1024-QĐ/HU", "special_consent": "12-CV/TU"}
    step(person, Step.DECIDED, date(2022, 12, 1), by=world.board_2, **facts)
    client = as_user(getattr(world, who))

    shown = client.get(person.get_absolute_url()).content.decode()
    assert special_cases.CONCERNED not in shown  # not even that there is one
    assert "12-CV/TU" not in shown
    pages = [shown, client.get(reverse("candidates:index")).content.decode()]
    for name in NAMES:
        assert not [page for page in pages if name in page], name


# The step


def test_the_decision_asks_the_document_only_of_whom_it_concerns(world, as_user, person):
    plain = advance(make_candidate(world.north_1), Stage.APPRAISED)
    person = advance(person, Stage.APPRAISED)
    client = as_user(world.board_2)

    def asked(candidate):
        return client.get(reverse("candidates:step", args=[candidate.pk, "decided"])).context["form"].fields

    assert "special_consent" not in asked(plain)
    assert "special_consent" in asked(person)
    refused = send(client, person, "decided", day="01/12/2022")
    assert refused.status_code == 422
    assert special_cases.CONCERNED in refused.content.decode()
    assert send(client, person, "decided", day="01/12/2022", special_consent="12-CV/TU").status_code == 302


def test_a_believer_is_asked_once_the_board_has_switched_it_on_and_earlier_verdicts_stay(world, as_user):
    believer = make_candidate(world.north_1, religion="catholic")
    believer = advance(believer, Stage.APPRAISED)
    kept = StageEvent.objects.get(step="branch_passed").verdict
    rules = RuleSet.objects.get(regime="24-qd-tw")
    revise_rule_set(current=rules, values={"special_religion": 1}, citations={}, reason=WHY, by=world.board)

    assert send(as_user(world.board_2), believer, "decided", day="01/12/2022").status_code == 422
    assert StageEvent.objects.get(step="branch_passed").verdict == kept


def test_the_board_answers_yes_or_no_for_each_case(world, as_user):
    client, page = as_user(world.board), reverse("candidates:rule_set_edit", args=["24-qd-tw"])
    current = RuleSet.objects.get(regime="24-qd-tw")
    kept = {key: current.values[key] for key in current.uncertain} | {"version": 1, "reason": WHY}

    for wrong in ("2", "có", ""):
        assert client.post(page, kept | {"special_religion": wrong}).status_code == 422
    assert client.post(page, kept | {"special_religion": "1"}).status_code == 302
    assert RuleSet.objects.get(regime="24-qd-tw", version=2).values["special_religion"] == 1
    shown = client.get(reverse("candidates:rule_set", args=["24-qd-tw"])).content.decode()
    assert "Người có đạo: cần văn bản đồng ý" in shown


def test_a_changed_case_is_a_change_of_the_dossier(world, as_user):
    person = advance(make_candidate(world.north_1), Stage.SUBMITTED)
    values = {"special_cases": ["population"]}
    records.edit(candidate=person, values=values, version=person.version, by=world.board)

    response = send(as_user(world.board), person, "appraised", day="01/12/2022")
    assert response.status_code == 422
    assert "không được thẩm định chính hồ sơ đó" in response.content.decode()
