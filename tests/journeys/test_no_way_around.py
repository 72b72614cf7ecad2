"""No way around a rule: by correcting or taking back, by another page, by what comes together, or by odd input."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from candidates.actions import records
from candidates.actions.actors import actor_for
from candidates.actions.results import Result, record_results
from candidates.models import Candidate, Enrolment, TrainingClass
from candidates.pipeline import Stage, Step
from organizations.models import Organization, Proposal
from tests import factories
from tests.meta.crawl import client_for
from vuthu_recruit.dates import PartialDate

WHY = "Văn bản ghi khác với đã nhập"


def fresh(person) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=person.pk)


def live(person, step):
    return person.events.get(is_live=True, step=step)


def correct(user, person, event, on: date, **facts):
    place, person = event.place, fresh(person)
    data = {"version": person.version, "reason": WHY, f"pick-{place}": "on", f"{place}-happened_on": f"{on:%d/%m/%Y}"}
    data |= {f"{place}-{name}": value for name, value in facts.items()}
    return client_for(user).post(reverse("candidates:correct", args=[person.pk]), data)


def take_back(user, person):
    data = {"version": fresh(person).version, "reason": WHY}
    return client_for(user).post(reverse("candidates:withdraw", args=[person.pk]), data)


def text(response) -> str:
    return response.content.decode()


# What two people did


@pytest.fixture
def delegated(world):
    """Decided by the unit, confirmed by the Board."""
    Organization.objects.filter(pk=world.north.pk).update(delegated_admission=True)
    person = factories.advance(factories.make_candidate(world.north_1), Stage.COMMITTEE_PASSED)
    on = live(person, Step.COMMITTEE_PASSED).happened_on + timedelta(days=3)
    data = {"version": person.version, "happened_on": f"{on:%d/%m/%Y}", "document": "1-QĐ/ĐU"}
    client_for(world.north_officer).post(reverse("candidates:step", args=[person.pk, Step.DECIDED]), data)
    proposal = Proposal.objects.get()
    address = reverse("organizations:proposal", args=[proposal.pk])
    client_for(world.board).post(address, {"version": proposal.version, "decision": "confirm"})
    return fresh(person)


def test_what_the_board_confirmed_the_unit_neither_rewrites_nor_takes_back(world, delegated):
    event = live(delegated, Step.DECIDED)

    rewritten = correct(world.north_officer, delegated, event, event.happened_on, document="999-QĐ/KHÁC")
    taken_back = take_back(world.north_officer, delegated)

    assert (rewritten.status_code, taken_back.status_code) == (422, 422)
    assert live(delegated, Step.DECIDED).facts["document"] == "1-QĐ/ĐU"
    assert correct(world.board, delegated, event, event.happened_on, document="2-QĐ/ĐU").status_code == 302


def test_a_reason_typed_beside_the_confirm_button_does_no_harm(world):
    Organization.objects.filter(pk=world.north.pk).update(delegated_admission=True)
    person = factories.advance(factories.make_candidate(world.north_1), Stage.COMMITTEE_PASSED)
    data = {"version": person.version, "happened_on": "1/3/2024", "document": "1-QĐ/ĐU"}
    client_for(world.north_officer).post(reverse("candidates:step", args=[person.pk, Step.DECIDED]), data)
    address = reverse("organizations:proposal", args=[Proposal.objects.get().pk])

    response = client_for(world.board).post(address, {"version": 1, "decision": "confirm", "reason": "đồng ý"})

    assert response.status_code == 302
    assert fresh(person).stage == Stage.DECIDED


def test_whoever_appraised_does_not_rewrite_or_take_back_the_decision(world):
    person = factories.advance(factories.make_candidate(world.north_1), Stage.DECIDED)  # board appraised
    event = live(person, Step.DECIDED)

    response = correct(world.board, person, event, event.happened_on, document="999-QĐ/HU")

    assert response.status_code == 422
    assert "không được sửa, rút bước" in text(response)
    assert take_back(world.board, person).status_code == 422
    assert correct(world.board_2, person, event, event.happened_on, document="998-QĐ/HU").status_code == 302


def test_whoever_entered_the_person_does_not_rewrite_the_appraisal(world):
    person = factories.advance(factories.make_candidate(world.north_1, by=world.head), Stage.APPRAISED)
    event = live(person, Step.APPRAISED)

    assert correct(world.head, person, event, event.happened_on, document="9-TTr").status_code == 422


def test_sending_the_dossier_once_more_does_not_make_its_preparer_an_appraiser(world):
    person = factories.advance(factories.make_candidate(world.north_1), Stage.SUBMITTED)
    records.edit(candidate=person, values={"workplace": "Xưởng may"}, version=person.version, by=world.board)
    assert actor_for(fresh(person), world.board, step=Step.APPRAISED).prepared

    assert take_back(world.board, person).status_code == 302
    factories.step(person, Step.SUBMITTED, date(2024, 6, 1), by=world.north_officer)

    assert actor_for(fresh(person), world.board, step=Step.APPRAISED).prepared


def test_a_returned_dossier_that_was_not_sent_again_is_not_appraised(world):
    person = factories.advance(factories.make_candidate(world.north_1), Stage.SUBMITTED)
    on = live(person, Step.SUBMITTED).happened_on + timedelta(days=3)
    factories.step(person, Step.RETURNED, on, by=world.board, redo_from="nothing", reason=WHY)
    person = fresh(person)
    data = {"version": person.version, "happened_on": f"{on:%d/%m/%Y}", "document": "17-TTr/BTC"}

    response = client_for(world.board).post(
        reverse("candidates:appraise", args=[person.pk]), data | factories.all_passed()
    )

    assert response.status_code == 422
    assert "Chưa đúng thứ tự" in text(response)


# What comes later


def test_a_correction_does_not_make_a_later_step_untrue(world):
    person = factories.advance(factories.make_candidate(world.north_1), Stage.DECIDED)
    decided = live(person, Step.DECIDED)
    on = decided.happened_on
    factories.step(person, Step.ADMITTED, on + timedelta(days=20), received_on=on + timedelta(days=2))

    response = correct(world.board_2, person, decided, on + timedelta(days=15), document="999-QĐ/HU")

    assert response.status_code == 422
    assert "Tổ chức lễ kết nạp" in text(response)
    assert live(person, Step.DECIDED).happened_on == on


def test_a_correction_puts_nobody_into_a_unit_that_was_not_there(world):
    (late,) = factories.make_branches(world.north, "Chi bộ mở muộn", opened_on=date(2024, 1, 1))
    person = factories.make_candidate(late, started=date(2024, 2, 1))

    response = correct(world.north_officer, person, live(person, Step.SOURCE), date(2016, 1, 1))

    assert response.status_code == 422
    assert "Đơn vị không hoạt động vào ngày này" in text(response)


def test_taking_back_a_move_puts_nobody_into_a_closed_branch(world):
    person = factories.make_candidate(world.north_1)
    factories.step(person, Step.MOVED, date(2024, 3, 1), unit=world.north_2, reason=WHY)
    Organization.objects.filter(pk=world.north_1.pk).update(closed_on=date(2024, 6, 1))

    response = take_back(world.north_officer, person)

    assert response.status_code == 422
    assert "đã kết thúc hoạt động" in text(response)


def test_a_corrected_day_is_judged_anew_and_the_verdict_says_so(world):
    person = factories.make_candidate(world.north_1, birth=PartialDate(2004, 6, 1), started=date(2020, 2, 1))
    person = factories.advance(person, Stage.TRAINED)
    factories.step(person, Step.DOSSIER, date(2021, 1, 1))
    factories.step(person, Step.BRANCH_PASSED, date(2022, 7, 1))
    facts = {"document": "05-NQ", "members": "12", "votes": "12"}

    assert correct(world.north_officer, person, live(person, Step.BRANCH_PASSED), date(2021, 2, 1), **facts)

    verdict = [line for line in live(person, Step.BRANCH_PASSED).verdict if line["gate"] == "age"]
    assert [line["outcome"] for line in verdict] == ["not_met"]


def test_a_refused_correction_says_the_way_and_offers_no_dead_end(world):
    person = factories.advance(factories.make_candidate(world.north_1), Stage.BRANCH_PASSED)
    event = live(person, Step.BRANCH_PASSED)

    response = correct(world.north_officer, person, event, event.happened_on, document="5-NQ", members="12", votes="5")

    assert "rút bước này, rồi ghi “Chi bộ biểu quyết không đạt”" in text(response)
    assert reverse("candidates:step", args=[person.pk, Step.BRANCH_VOTE_FAILED]) not in text(response)


def test_a_number_given_to_somebody_else_meanwhile_is_refused_in_words(world):
    person = factories.advance(factories.make_candidate(world.north_1), Stage.ADMITTED)
    factories.step(person, Step.STRUCK_OFF, date(2024, 11, 1), by=world.board, document="1-QĐ", reason=WHY)
    # As older data may have it: today the number of a struck-off person leads to the re-admission.
    other = factories.make_candidate(world.south_1)
    Candidate.objects.filter(pk=other.pk).update(identity_number=person.identity_number)

    response = take_back(world.board, person)

    assert response.status_code == 422
    assert "đã ghi cho một hồ sơ khác" in text(response)


# Classes


def open_class(world, **values) -> TrainingClass:
    return factories.make_class(date(2024, 10, 1), date(2024, 10, 5), number=9, **values)


def test_a_class_shows_a_moved_person_to_the_new_unit_and_no_more_to_the_old_one(world):
    person, training_class = factories.make_candidate(world.north_1, full_name="Trần Thị Lộ"), open_class(world)
    factories.enrol(training_class, fresh(person))
    factories.step(person, Step.MOVED, date(2024, 10, 10), by=world.board, unit=world.south_1, reason=WHY)
    address = reverse("candidates:class_detail", args=[training_class.pk])

    assert "Trần Thị Lộ" not in text(client_for(world.north_officer).get(address))
    assert "Trần Thị Lộ" in text(client_for(world.south_officer).get(address))


def test_one_certificate_taken_back_leaves_the_other_in_force(world):
    person = factories.make_candidate(world.north_1)
    first = factories.give_certificate(person, date(2022, 5, 1))
    second = factories.give_certificate(fresh(person), date(2022, 8, 1))

    left = Result(first.pk, first.version, "dropped")
    record_results(training_class=first.training_class, results=[left], by=world.center, reason=WHY)

    assert fresh(person).stage == Stage.TRAINED
    assert live(person, Step.TRAINED).happened_on == date(2022, 8, 1)
    assert live(person, Step.TRAINED).facts["document"] == second.certificate_number


def test_whoever_became_a_candidate_after_a_class_is_not_put_into_it(world):
    person, training_class = factories.make_candidate(world.north_1, started=date(2024, 11, 1)), open_class(world)
    address = reverse("candidates:nominate", args=[training_class.pk])

    response = client_for(world.north_officer).post(address, {"people": [person.pk]})

    assert response.status_code == 422
    assert "sau khi lớp kết thúc ngày 05/10/2024" in text(response)


def test_whoever_was_entered_by_mistake_leaves_the_class(world):
    person, training_class = factories.make_candidate(world.north_1, full_name="Trần Thị Lộ"), open_class(world)
    factories.enrol(training_class, fresh(person))

    assert take_back(world.north_officer, person).status_code == 302

    address = reverse("candidates:class_detail", args=[training_class.pk])
    assert "Trần Thị Lộ" not in text(client_for(world.center).get(address))
    assert Enrolment.objects.get().state == "dropped"


@pytest.mark.parametrize("typed", ["1" + "0" * 30, "9" * 19, "-1", "1.5", "abc", "\x00", "1" * 5000])
def test_an_id_nobody_can_have_is_answered_in_words(typed, world):
    address = reverse("candidates:nominate", args=[open_class(world).pk])

    assert client_for(world.north_officer).post(address, {"people": [typed]}).status_code == 422


# Units


def test_names_of_any_length_make_branches(world):
    board = client_for(world.head)
    unit = {"parent": world.district.pk, "name": "Đảng bộ " + "rất dài " * 10, "kind": "grassroots_other", "code": ""}
    unit |= {
        "short_name": "Đơn vị " + "abcdefghij" * 7,
        "form": "committee",
        "sector": "agency",
        "opened_on": "1/1/2024",
    }
    assert board.post(reverse("organizations:create"), unit).status_code == 302
    made = Organization.objects.order_by("-pk").first()

    address = reverse("organizations:add_branches", args=[made.slug])
    assert board.post(address, {"names": "Chi bộ Một", "opened_on": "1/2/2024"}).status_code == 302


def test_a_branch_gets_an_address_of_its_own_whatever_units_are_called(world):
    board = client_for(world.head)
    unit = {"parent": world.district.pk, "name": "Trường X", "short_name": "Trường X", "kind": "grassroots_other"}
    unit |= {"form": "committee", "sector": "school", "code": "13195 Thôn Bắc", "opened_on": "1/1/2024"}
    assert board.post(reverse("organizations:create"), unit).status_code == 302

    address = reverse("organizations:add_branches", args=[world.north.slug])
    response = client_for(world.north_officer).post(address, {"names": "Chi bộ thôn Bắc", "opened_on": "1/2/2024"})

    assert response.status_code == 302
    assert world.north.children.filter(name="Chi bộ thôn Bắc").exists()


# Forms


@pytest.mark.parametrize(
    "name, slug",
    [
        ("organizations:create", ""), ("organizations:rename", "13195"), ("organizations:add_branches", "13195"),
        ("organizations:record_figure", "13195"), ("targets:plan", ""), ("targets:opening_add", ""),
        ("targets:revise", "13195"), ("reports:letterhead", "vu-thu"), ("password_change", ""),
    ],
)  # fmt: skip
def test_a_form_sent_empty_is_answered_as_one(name, slug, world):
    response = client_for(world.head).post(reverse(name, args=[slug] if slug else []), {})

    assert response.status_code == 422
    assert "Có lỗi cần sửa" in text(response)


def test_no_target_is_nought(world):
    data = {"year": "2024", "minimum": "0", "maximum": "0", "decided_on": "1/2/2024", "reason": WHY, "version": "5"}

    response = client_for(world.head).post(reverse("targets:revise", args=["13195"]), data | {"document": "12-QĐ/HU"})

    assert response.status_code == 422
    assert "Không giao chỉ tiêu năm này" in text(response)


def test_a_message_that_names_a_person_waits_on_the_server(world):
    client = client_for(world.north_officer)
    person = factories.make_candidate(world.north_1)
    take_back_data = {"version": person.version, "reason": WHY}

    client.post(reverse("candidates:withdraw", args=[person.pk]), take_back_data)

    assert "messages" not in client.cookies
