"""Corrections and withdrawals: nothing is lost, nothing later is broken, two dates go together in one form."""

from datetime import date

import pytest
from django.urls import reverse

from candidates.models import Candidate, StageEvent
from candidates.pipeline import Stage, Status, Step
from tests.candidates.test_steps import state, titles
from tests.factories import advance, make_candidate, step

WHY = "Đối chiếu lại nghị quyết gốc"


def fresh(candidate) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


def live(candidate, name) -> StageEvent:
    return candidate.events.get(step=name, is_live=True)


def correct_url(candidate) -> str:
    return reverse("candidates:correct", args=[candidate.pk])


def data_of(form, **changes) -> dict:
    """What a browser would send back of the opened form, with changes."""
    data = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, bool):
            if value:
                data[bound.html_name] = "on"
        elif value is not None:
            data[bound.html_name] = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
    return data | {"reason": WHY} | changes


def correct(browser, candidate, events: dict, **extra):
    """Open the form, tick the events, change fields, send."""
    form = browser.get(correct_url(candidate)).context["form"]
    changes = {}
    for event, values in events.items():
        changes[f"pick-{event.place}"] = "on"
        changes |= {f"{event.place}-{key}": value for key, value in values.items()}
    return browser.post(correct_url(candidate), data_of(form, **changes) | extra)


@pytest.fixture
def person(world):
    """Source 01/03/2022, then a step every 30 days: dossier 30/04, branch 30/05, committee 29/06, submitted 29/07."""
    return fresh(advance(make_candidate(world.north_1, full_name="Trần Ngọc Linh"), Stage.SUBMITTED))


def test_a_correction_replaces_and_keeps_the_old(person, world, as_user):
    old = live(person, Step.BRANCH_PASSED)
    response = correct(as_user(world.north_officer), person, {old: {"happened_on": "02/06/2022", "votes": "10"}})
    new = live(person, Step.BRANCH_PASSED)

    assert (response.status_code, response.url) == (302, person.get_absolute_url())
    assert (new.happened_on, new.facts["votes"], new.facts["document"]) == (date(2022, 6, 2), 10, "05-NQ/CB")
    assert (new.replaces, new.place, new.reason, new.by) == (old, old.place, WHY, world.north_officer)
    assert StageEvent.objects.get(pk=old.pk).happened_on == date(2022, 5, 30)
    assert (fresh(person).stage, fresh(person).status) == (Stage.SUBMITTED, Status.OPEN)


def test_only_what_is_ticked_is_corrected(person, world, as_user):
    first, second = live(person, Step.BRANCH_PASSED), live(person, Step.COMMITTEE_PASSED)

    assert correct(as_user(world.north_officer), person, {first: {"votes": "9"}}).status_code == 302
    assert live(person, Step.COMMITTEE_PASSED) == second


def test_a_change_in_a_step_that_was_not_ticked_is_not_lost_in_silence(person, world, as_user):
    before = state()
    first, second = live(person, Step.BRANCH_PASSED), live(person, Step.COMMITTEE_PASSED)
    forgotten = {f"{second.place}-happened_on": "30/06/2022"}
    response = correct(as_user(world.north_officer), person, {first: {"votes": "9"}}, **forgotten)

    assert response.status_code == 422
    assert "Có ô đã đổi ở bước này." in response.content.decode()
    assert 'value="30/06/2022"' in response.content.decode()
    assert state() == before


def test_a_correction_that_breaks_a_later_step_is_refused_naming_it(person, world, as_user):
    before = state()
    event = live(person, Step.BRANCH_PASSED)
    response = correct(as_user(world.north_officer), person, {event: {"happened_on": "15/07/2022"}})

    assert response.status_code == 422
    assert "thì bước “Đảng ủy cơ sở biểu quyết đạt” ngày 29/06/2022 không còn hợp lệ" in titles(response)
    assert 'value="15/07/2022"' in response.content.decode()
    assert state() == before


def test_two_dates_that_only_make_sense_together_are_corrected_in_one_form(person, world, as_user):
    branch, committee = live(person, Step.BRANCH_PASSED), live(person, Step.COMMITTEE_PASSED)
    dates = {branch: {"happened_on": "15/07/2022"}, committee: {"happened_on": "20/07/2022"}}

    assert correct(as_user(world.north_officer), person, dates).status_code == 302
    assert live(person, Step.COMMITTEE_PASSED).happened_on == date(2022, 7, 20)


@pytest.mark.parametrize(
    "values, words",
    [
        ({"happened_on": "01/01/2025"}, "chưa đến"),
        ({"votes": "7"}, "Chưa đủ 2/3"),
        ({"votes": "13"}, "nhiều hơn"),
        ({"document": ""}, "Chưa nhập"),
        ({"happened_on": "31/02/2022"}, "không có thật"),
        ({"members": "abc"}, "số nguyên"),
        ({"happened_on": "01/01/1990"}, "trước"),
    ],
)
def test_an_untrue_correction_is_refused_in_words(person, world, as_user, values, words):
    before = state()
    response = correct(as_user(world.north_officer), person, {live(person, Step.BRANCH_PASSED): values})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert state() == before


@pytest.mark.parametrize("reason", ["", "ngắn", " " * 20])
def test_a_correction_needs_a_reason(person, world, as_user, reason):
    before = state()
    event = live(person, Step.BRANCH_PASSED)

    assert correct(as_user(world.north_officer), person, {event: {"votes": "9"}}, reason=reason).status_code == 422
    assert state() == before


def test_nothing_ticked_is_said(person, world, as_user):
    before = state()
    response = correct(as_user(world.north_officer), person, {})

    assert "Chưa chọn bước nào để sửa." in titles(response)
    assert state() == before


def test_an_old_record_may_be_put_right_where_it_refuses_to_advance(world, as_user):
    candidate = advance(make_candidate(world.north_1), Stage.OFFICIAL)
    event = live(candidate, Step.DECIDED)

    assert correct(as_user(world.board_2), candidate, {event: {"document": "1025-QĐ/HU"}}).status_code == 302
    new = live(candidate, Step.DECIDED)
    assert new.snapshot == event.snapshot
    assert new.is_counted


def test_each_corrects_their_own_steps_the_board_all_but_certificates(person, world, as_user):
    def places(who):
        response = as_user(who).get(correct_url(person))
        return [event.step for event in response.context["form"].events]

    assert places(world.branch_officer) == ["source", "dossier", "branch_passed"]
    assert places(world.north_officer) == ["source", "dossier", "branch_passed", "committee_passed", "submitted"]
    assert places(world.board) == ["source", "dossier", "branch_passed", "committee_passed", "submitted"]
    for who, code in [("supervisor", 403), ("standing", 403), ("south_officer", 404)]:
        assert as_user(getattr(world, who)).get(correct_url(person)).status_code == code


def test_a_place_that_is_not_theirs_is_not_read(person, world, as_user):
    before = state()
    event = live(person, Step.COMMITTEE_PASSED)
    form = as_user(world.branch_officer).get(correct_url(person)).context["form"]
    data = data_of(form) | {f"pick-{event.place}": "on", f"{event.place}-happened_on": "30/06/2022"}

    assert as_user(world.branch_officer).post(correct_url(person), data).status_code == 422
    assert state() == before


def test_the_second_of_two_sees_what_the_first_corrected(person, world, as_user):
    officer, branch = as_user(world.north_officer), as_user(world.branch_officer)
    event = live(person, Step.BRANCH_PASSED)
    form = officer.get(correct_url(person)).context["form"]
    assert correct(branch, person, {event: {"votes": "9"}}).status_code == 302

    data = data_of(form) | {f"pick-{event.place}": "on", f"{event.place}-votes": "10"}
    response = officer.post(correct_url(person), data)

    assert response.status_code == 409
    assert [(row["now"], row["typed"]) for row in response.context["versions"]] == [("9", "10")]
    assert 'value="10"' in response.content.decode()
    data["version"] = str(fresh(person).version)
    assert officer.post(correct_url(person), data).status_code == 302
    assert live(person, Step.BRANCH_PASSED).facts["votes"] == 10


def test_marks_only_the_product_sets_survive_a_correction(world, as_user):
    candidate = advance(make_candidate(world.north_1), Stage.DOSSIER)
    StageEvent.objects.filter(candidate=candidate, step="dossier").update(facts={"stands_in": True})
    event = live(candidate, Step.DOSSIER)

    correct(as_user(world.board), candidate, {event: {"document": "7-NQ"}})

    assert live(candidate, Step.DOSSIER).facts == {"document": "7-NQ", "stands_in": True}


# Withdrawal


def withdraw(browser, candidate, **changes):
    data = {"version": fresh(candidate).version, "reason": "Ghi nhầm sang người khác"} | changes
    return browser.post(reverse("candidates:withdraw", args=[candidate.pk]), data)


def test_the_last_step_is_taken_back_and_the_one_before_stands(person, world, as_user):
    response = withdraw(as_user(world.north_officer), person)

    assert response.status_code == 302
    assert fresh(person).stage == Stage.COMMITTEE_PASSED
    assert person.events.filter(is_void=True, replaces__step="submitted").count() == 1


def test_without_any_step_left_the_person_is_in_no_list(world, as_user):
    candidate = make_candidate(world.north_1)
    response = withdraw(as_user(world.north_officer), candidate)

    assert response.url == reverse("candidates:index")
    assert fresh(candidate).status == Status.WITHDRAWN
    assert "Hồ sơ này đã rút;" in as_user(world.north_officer).get(candidate.get_absolute_url()).content.decode()


def test_a_withdrawal_sent_twice_takes_back_one_step(person, world, as_user):
    version = fresh(person).version

    assert withdraw(as_user(world.north_officer), person, version=version).status_code == 302
    assert withdraw(as_user(world.north_officer), person, version=version).status_code == 409
    assert fresh(person).stage == Stage.COMMITTEE_PASSED


@pytest.mark.parametrize("who, code", [("branch_officer", 422), ("supervisor", 403), ("south_officer", 404)])
def test_a_step_of_others_is_not_withdrawn(person, world, as_user, who, code):
    before = state()

    assert withdraw(as_user(getattr(world, who)), person).status_code == code
    assert state() == before


def test_a_withdrawal_needs_a_reason(person, world, as_user):
    assert withdraw(as_user(world.north_officer), person, reason="nhầm").status_code == 422


def test_a_move_by_the_board_is_not_taken_back_by_the_new_unit(person, world, as_user):
    step(person, Step.MOVED, date(2023, 1, 5), by=world.board, unit=world.south_1, reason="Chuyển nơi cư trú")

    assert withdraw(as_user(world.south_officer), person).status_code == 422
    assert withdraw(as_user(world.board), person).status_code == 302
    assert fresh(person).unit == world.north_1
