"""Moves: inside a unit by its officer, between units by the Board, with a trace, never behind a later step."""

from datetime import date

import pytest
from django.urls import reverse

from candidates.actions.corrections import Correction, correct_events
from candidates.actions.events import Refused, take_step
from candidates.models import Candidate
from candidates.pipeline import Stage, Status, Step
from organizations.models import Organization
from tests.candidates.test_steps import state, titles
from tests.factories import advance, make_candidate, step

WHY = "Chuyển nơi cư trú sang xã khác"


def fresh(candidate) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


def url(candidate) -> str:
    return reverse("candidates:move", args=[candidate.pk])


def send(browser, candidate, unit, **changes):
    data = {"version": fresh(candidate).version, "unit": unit.slug, "happened_on": "05/01/2023", "reason": WHY}
    return browser.post(url(candidate), data | changes)


def choices(browser, candidate) -> set[str]:
    return set(browser.get(url(candidate)).context["form"].units)


@pytest.fixture
def person(world):
    return fresh(advance(make_candidate(world.north_1, full_name="Trần Ngọc Linh"), Stage.BRANCH_PASSED))


def test_an_officer_moves_inside_the_unit_and_the_board_anywhere(person, world, as_user):
    assert choices(as_user(world.north_officer), person) == {world.north_2.slug}
    assert choices(as_user(world.board), person) == {
        unit.slug for unit in (world.north_2, world.south_1, world.office_1, world.cell)
    }


def test_before_the_dossier_the_committee_itself_is_a_choice(world, as_user):
    early = make_candidate(world.north_1)

    assert choices(as_user(world.north_officer), early) == {world.north_2.slug, world.north.slug}
    assert "Chưa phân chi bộ" in as_user(world.north_officer).get(url(early)).content.decode()


def test_closed_units_are_no_choice(person, world, as_user):
    Organization.objects.filter(pk=world.south_1.pk).update(closed_on=date(2024, 1, 1))

    assert world.south_1.slug not in choices(as_user(world.board), person)


def test_a_person_moves_with_stage_votes_and_trace(person, world, as_user):
    response = send(as_user(world.board), person, world.south_1)
    moved = fresh(person)

    assert (response.status_code, response.url) == (302, person.get_absolute_url())
    assert (moved.unit, moved.stage, moved.status) == (world.south_1, Stage.BRANCH_PASSED, Status.OPEN)
    assert moved.events.get(step="branch_passed").unit == world.north_1
    assert as_user(world.north_officer).get(response.url).templates[0].name == "candidates/trace.html"
    assert as_user(world.south_officer).get(response.url).templates[0].name == "candidates/detail.html"
    step(person, Step.COMMITTEE_PASSED, date(2023, 2, 1), by=world.south_officer)


@pytest.mark.parametrize(
    "who, code",
    [("branch_officer", 403), ("supervisor", 403), ("standing", 403), ("south_officer", 404), ("youth", 404)],
)
def test_others_do_not_move(person, world, as_user, who, code):
    before = state()

    assert as_user(getattr(world, who)).get(url(person)).status_code == code
    assert send(as_user(getattr(world, who)), person, world.north_2).status_code == code
    assert state() == before


@pytest.mark.parametrize("target", ["south_1", "cell", "north_1", "district", "north"])
def test_a_unit_that_was_not_offered_is_refused_on_the_field(person, world, as_user, target):
    before = state()
    response = send(as_user(world.north_officer), person, getattr(world, target))

    assert response.status_code == 422
    assert response.context["form"].errors["unit"] == ["Hãy chọn một mục trong danh sách."]
    assert state() == before


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"happened_on": "01/01/2025"}, "chưa đến"),
        ({"happened_on": "01/05/2022"}, "trước bước “Chi bộ biểu quyết đạt” ngày 30/05/2022"),
    ],
)
def test_a_move_stands_after_the_last_step_and_not_in_the_future(person, world, as_user, changes, words):
    before = state()
    response = send(as_user(world.board), person, world.south_1, **changes)

    assert response.status_code == 422
    assert words in titles(response)
    assert state() == before


def test_a_move_does_not_slip_before_a_step_of_the_unit_moved_from(person, world):
    step(person, Step.MOVED, date(2023, 1, 5), by=world.board, unit=world.south_1, reason=WHY)
    candidate = fresh(person)
    before = state()

    with pytest.raises(Refused) as refused:
        correct_events(
            candidate=candidate,
            corrections=[Correction(candidate.events.get(step="moved"), date(2022, 5, 15))],
            reason="Sửa ngày chuyển theo quyết định",
            version=candidate.version,
            by=world.board,
        )

    assert [refusal.code for refusal in refused.value.refusals] == ["moved_before_step"]
    assert "Chi bộ biểu quyết đạt" in refused.value.refusals[0].message
    assert state() == before


def test_a_decision_counts_where_it_was_taken(world):
    candidate = advance(make_candidate(world.north_1), Stage.DECIDED)
    step(candidate, Step.MOVED, date(2023, 1, 5), by=world.board, unit=world.south_1, reason=WHY)

    assert candidate.events.get(step="decided").unit == world.north_1
    assert candidate.events.get(step="decided").is_counted


def test_the_second_of_two_movers_sees_where_the_person_is_now(person, world, as_user):
    version = person.version
    send(as_user(world.north_officer), person, world.north_2)
    response = send(as_user(world.board), person, world.south_1, version=version)

    assert response.status_code == 409
    rows = {row["label"]: (row["now"], row["typed"]) for row in response.context["versions"]}
    assert rows["Đơn vị"] == (world.north_2.name, world.south_1.name)


def test_a_person_in_a_closed_unit_takes_no_step_until_moved(person, world):
    Organization.objects.filter(pk=world.north_1.pk).update(closed_on=date(2024, 1, 1))
    values = {"facts": {"document": "1", "members": 15, "votes": 15}, "by": world.north_officer}

    with pytest.raises(Refused) as refused:
        take_step(
            candidate=person, step=Step.COMMITTEE_PASSED, happened_on=date(2024, 2, 1), version=person.version, **values
        )

    assert [refusal.code for refusal in refused.value.refusals] == ["unit_closed"]
    step(person, Step.MOVED, date(2024, 2, 1), by=world.north_officer, unit=world.north_2, reason=WHY)


@pytest.mark.parametrize(("who", "is_said"), [("north_officer", True), ("board", False)])
def test_an_officer_is_told_who_moves_people_to_another_unit(who, is_said, world, as_user):
    person = make_candidate(world.north_1)

    page = as_user(getattr(world, who)).get(reverse("candidates:move", args=[person.pk])).content.decode()

    assert ("do Ban Tổ chức Huyện ủy ghi" in page) == is_said
