"""Admissions of 2020–2021 taken over from paper: marked, not judged, counted in their month, named beside the sum."""

from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse

from candidates.actions.corrections import Correction, correct_events, withdraw_last
from candidates.actions.duplicates import Duplicate
from candidates.actions.events import Refused
from candidates.models import Candidate, ReviewCase
from candidates.pipeline import Stage, Status, Step
from organizations.permissions import Role
from tests import factories
from tests.factories import backfilled
from vuthu_recruit.dates import PartialDate

PAGE, LIST = reverse("candidates:backfill"), reverse("candidates:index")
WHY = "Đối chiếu lại quyết định gốc"


def typed(unit, **values) -> dict:
    return {
        "unit": unit.slug,
        "decision": "315-QĐ/HU",
        "decided_on": "1/3/2021",
        "full_name": "Trần Thị Cũ",
        "sex": "female",
        "birth": "1988",
        "identity_number": "",
        "ceremony_on": "19/3/2021",
        "official_on": "",
        "official_document": "",
        "form_key": "a" * 32,
    } | values


def fresh(candidate) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


def correct(candidate, step, on, by, **facts):
    event = candidate.events.get(step=step, is_live=True)
    correction = Correction(event, on, facts)
    correct_events(candidate=candidate, corrections=[correction], reason=WHY, version=fresh(candidate).version, by=by)


def withdraw(candidate, by):
    candidate = fresh(candidate)
    last = candidate.events.filter(is_live=True).order_by("-happened_on", "-place").first()
    withdraw_last(candidate=candidate, event=last, reason=WHY, version=candidate.version, by=by)


def codes(refused) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def test_the_papers_become_ordinary_events_that_carry_the_mark_and_no_verdict(world):
    person = backfilled(world.north_1, official_on=date(2022, 4, 20), official_document="77-QĐ/HU")

    events = list(person.events.order_by("seq"))
    assert [(event.step, event.happened_on) for event in events] == [
        ("backfilled", date(2021, 3, 1)),
        ("decided", date(2021, 3, 1)),
        ("admitted", date(2021, 3, 16)),
        ("official", date(2022, 4, 20)),
    ]
    assert all(event.facts["backfilled"] and not event.verdict and not event.rule_set for event in events)
    assert events[1].snapshot["sex"] == person.sex
    assert (fresh(person).stage, fresh(person).status) == (Stage.OFFICIAL, Status.OPEN)
    assert [event.is_counted for event in events] == [False, True, True, True]


def test_a_list_may_name_only_the_unit(world):
    person = backfilled(world.north)

    assert fresh(person).unit == world.north
    with pytest.raises(Refused) as refused:  # what follows is asked of a branch
        factories.step(person, Step.RECOGNITION_PROPOSED, date(2022, 4, 1), by=world.north_officer)
    assert "no_branch" in codes(refused)
    call_command("verify", stdout=StringIO())


@pytest.mark.parametrize(
    "days, field",
    [
        ({"decided_on": date(2019, 12, 31), "ceremony_on": date(2020, 1, 15)}, "decided_on"),
        ({"decided_on": date(2022, 1, 1), "ceremony_on": date(2022, 1, 15)}, "decided_on"),
        ({"ceremony_on": date(2021, 2, 28)}, "ceremony_on"),
        ({"official_on": date(2021, 3, 2)}, "official_on"),
        ({"official_on": date(2024, 11, 19)}, "official_on"),
        ({"birth": PartialDate(2022)}, "decided_on"),
    ],
)
def test_days_must_be_true_and_of_those_years(days, field, world):
    with pytest.raises(Refused) as refused:
        backfilled(world.north_1, **days)

    assert field in {refusal.field for refusal in refused.value.refusals}
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2021, 12, 31)])
def test_the_first_and_the_last_day_of_those_years_belong_to_them(day, world):
    assert backfilled(world.cell, decided_on=day).stage == Stage.ADMITTED


def test_a_unit_that_was_not_open_then_is_refused(world):
    (young,) = factories.make_branches(world.north, "Chi bộ thôn Mới", opened_on=date(2021, 3, 2))

    with pytest.raises(Refused) as refused:
        backfilled(young, ceremony_on=date(2021, 3, 20))

    assert codes(refused) == {"unit_closed"}
    with pytest.raises(ValidationError):
        backfilled(world.district)


@pytest.mark.parametrize("who", ["north_officer", "branch_officer", "standing", "center", "admin"])
def test_only_the_board_takes_over_from_paper(who, world, as_user):
    with pytest.raises(PermissionDenied):
        backfilled(world.north_1, by=getattr(world, who))

    assert as_user(getattr(world, who)).get(PAGE).status_code == 403


def test_the_decision_must_be_named(world, as_user):
    response = as_user(world.board).post(PAGE, typed(world.north_1, decision=" "))

    assert response.status_code == 422
    assert not Candidate.objects.exists()


def test_people_who_may_be_known_are_compared(world):
    known = factories.make_candidate(world.north_1, full_name="Trần Thị Cũ", birth=PartialDate(1988, 3, 2))
    for values in (
        {"full_name": "Trần Thị Khác", "identity_number": known.identity_number},
        {"full_name": "Trần Thị Cũ", "birth": PartialDate(1988)},
    ):
        with pytest.raises(Duplicate):
            backfilled(world.south_1, **values)

    backfilled(world.south_1, full_name="Trần Thị Cũ", birth=None)  # nothing is known that could be compared
    with pytest.raises(Duplicate):  # but the same line of the same decision is
        backfilled(world.south_1, full_name="Trần Thị Cũ", birth=None)


def test_the_same_form_sent_twice_makes_one_record(world, as_user):
    client = as_user(world.board)
    for _ in range(2):
        assert client.post(PAGE, typed(world.north_1)).status_code == 302

    assert Candidate.objects.count() == 1
    assert Candidate.objects.get().events.count() == 3


def test_the_next_line_keeps_the_unit_and_the_decision(world, as_user):
    client = as_user(world.board)

    response = client.post(PAGE, typed(world.north_1), follow=True)

    form = response.context["form"]
    kept = [form[name].value() for name in ("unit", "decision", "decided_on", "full_name")]
    assert kept == [world.north_1.slug, "315-QĐ/HU", "01/03/2021", None]
    assert form["form_key"].value() != "a" * 32
    to_record = client.post(PAGE, typed(world.north_1, full_name="Lê Thị Hai", form_key="b" * 32, record="1"))
    assert to_record.url == Candidate.objects.get(full_name="Lê Thị Hai").get_absolute_url()


def test_what_was_typed_is_compared_and_may_be_saved_as_somebody_else(world, as_user):
    factories.make_candidate(world.north_1, full_name="Trần Thị Cũ", birth=PartialDate(1988, 3, 2))
    client = as_user(world.board)

    beside = client.post(PAGE, typed(world.north_2))
    saved = client.post(PAGE, typed(world.north_2, not_a_duplicate="on", sure="1"))

    assert (beside.status_code, saved.status_code) == (422, 302)
    assert Candidate.objects.filter(full_name="Trần Thị Cũ").count() == 2


def test_every_day_that_is_wrong_is_said_on_its_field(world, as_user):
    wrong = typed(world.north_1, decided_on="1/3/2022", ceremony_on="1/2/2022", official_document="77-QĐ/HU")

    response = as_user(world.board).post(PAGE, wrong)

    assert response.status_code == 422
    assert "official_on" in response.context["form"].errors
    again = as_user(world.board).post(PAGE, wrong | {"official_document": ""})
    assert {"decided_on", "ceremony_on"} <= set(again.context["form"].errors)


def test_the_list_says_who_is_backfilled_and_filters_by_it(world, as_user):
    person, other = backfilled(world.north_1), factories.make_candidate(world.north_1)
    client = as_user(world.board)

    def names(query: str) -> set[str]:
        return {row["candidate"].full_name for row in client.get(LIST + query).context["rows"]}

    assert names("?backfilled=yes") == {person.full_name}
    assert names("?backfilled=no") == {other.full_name}
    assert names("") == {person.full_name, other.full_name}
    assert client.get(f"{LIST}?backfilled=yes").context["chips"][0]["label"] == "Nhập bù: Chỉ người nhập bù"
    assert "nhập bù</span>" in client.get(person.get_absolute_url()).content.decode().replace("\n", "")
    assert client.get(other.get_absolute_url()).context["is_backfilled"] is False


def test_the_filter_costs_no_query_more(world, as_user, django_assert_num_queries):
    client = as_user(world.board)
    for _ in range(3):
        backfilled(world.north_1)
    client.get(LIST)
    with django_assert_num_queries(8) as plain:
        client.get(LIST)
    with django_assert_num_queries(len(plain)):
        client.get(f"{LIST}?backfilled=yes")


def test_corrections_keep_the_mark_and_are_not_judged(world):
    person = backfilled(world.north_1)

    correct(person, Step.ADMITTED, date(2021, 9, 1), world.board)  # long beyond the limit of a ceremony

    event = person.events.get(step=Step.ADMITTED, is_live=True)
    assert event.facts == {"backfilled": True}
    assert (event.rule_set, event.verdict) == ("", [])
    call_command("verify", stdout=StringIO())


def test_a_correction_cannot_carry_the_decision_into_the_years_of_the_system(world):
    person = backfilled(world.north_1)

    with pytest.raises(Refused) as refused:
        correct(person, Step.DECIDED, date(2022, 1, 3), world.board, document="1-QĐ/HU")

    assert "not_of_those_years" in codes(refused)


def test_the_correction_form_does_not_ask_what_the_paper_never_said(world, as_user):
    person = backfilled(world.north_1)
    client, address = as_user(world.board), reverse("candidates:correct", args=[person.pk])
    place = person.events.get(step=Step.ADMITTED).place
    values = {"version": fresh(person).version, "reason": WHY, f"pick-{place}": "on"}

    response = client.post(address, values | {f"{place}-happened_on": "20/3/2021", f"{place}-received_on": ""})

    assert response.status_code == 302
    assert person.events.get(step=Step.ADMITTED, is_live=True).happened_on == date(2021, 3, 20)


def test_without_the_decision_nothing_goes_on_past_the_branch(world):
    person = backfilled(world.north_1)
    withdraw(person, world.board)
    withdraw(person, world.board)

    for step, facts in (
        (Step.DECIDED, {"document": "9-QĐ/HU", "backfilled": True}),
        (Step.RETURNED, {"redo_from": "nothing", "reason": WHY}),
        (Step.DEFERRED, {"outcome": "hold", "reason": WHY}),
    ):
        with pytest.raises(Refused) as refused:
            factories.step(person, step, date(2024, 3, 1), by=world.board_2, **facts)
        assert "no_vote" in codes(refused)
    withdraw(person, world.board)
    assert fresh(person).status == Status.WITHDRAWN
    call_command("verify", stdout=StringIO())


def test_nobody_is_backfilled_by_a_step(world):
    person = factories.make_candidate(world.north_1)

    with pytest.raises(Refused) as refused:
        factories.step(person, Step.BACKFILLED, date(2022, 4, 1), by=world.board)

    assert codes(refused) == {"already_entered"}


def test_recognition_goes_on_by_ordinary_steps_and_lateness_is_a_warning(world):
    person = backfilled(world.north_1)

    vote = factories.step(person, Step.RECOGNITION_PROPOSED, date(2022, 9, 1), by=world.north_officer)
    factories.step(person, Step.RECOGNITION_COMMITTEE_PASSED, date(2022, 9, 9), by=world.north_officer)
    factories.step(person, Step.OFFICIAL, date(2022, 9, 20))

    assert {row["gate"]: row["outcome"] for row in vote.verdict}["review"] == "warning"
    assert fresh(person).stage == Stage.OFFICIAL


def test_a_recognition_found_later_follows_the_ceremony(world):
    person = backfilled(world.north_1)

    factories.step(person, Step.OFFICIAL, date(2022, 4, 20), by=world.board)

    assert fresh(person).stage == Stage.OFFICIAL
    call_command("verify", stdout=StringIO())


def test_a_match_outside_the_scope_is_left_to_the_board_and_counts_nowhere(world):
    """A Board whose scope is one commune: nothing is told of the person elsewhere but that somebody compares."""
    known = factories.make_candidate(world.south_1)
    factories.assign(world.nobody, Role.ORGANIZATION_BOARD, world.north)

    draft = backfilled(world.north_1, by=world.nobody, identity_number=known.identity_number)

    assert (draft.status, draft.waiting_for) == (Status.WAITING, "board")
    assert not draft.events.exists()
    assert ReviewCase.objects.get().other == known
