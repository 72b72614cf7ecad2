"""The Board's worklist: both records, merge, transfer, clear."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from candidates.actions import records
from candidates.models import Candidate, ReviewCase
from candidates.pipeline import Stage, Status, Step
from tests import factories

WHY = "Đã đối chiếu giấy tờ gốc hai bên"


@pytest.fixture
def case(world):
    known = factories.make_candidate(world.south_1, full_name="Vũ Văn Nam", home_town="Kiến Xương")
    factories.make_candidate(
        world.north_1, full_name="Vũ Văn Nam", identity_number=known.identity_number, home_town="Vũ Thư"
    )
    return ReviewCase.objects.get()


def answer(case, client, **values):
    base = {"version": case.version, "outcome": "merged", "happened_on": "1/6/2024", "reason": WHY}
    return client.post(reverse("candidates:review_case", args=[case.pk]), base | values)


def now(candidate):
    return Candidate.objects.get(pk=candidate.pk)


def test_the_list_shows_who_waits_and_since_when(case, world, as_user, today):
    ReviewCase.objects.update(asked_on=today - timedelta(days=3))
    page = as_user(world.board).get(reverse("candidates:review")).content.decode()

    assert "Vũ Văn Nam" in page
    assert "3 ngày" in page
    assert "Trùng số định danh" in page
    assert "Không có trường hợp nào" not in page
    done = as_user(world.board).get(reverse("candidates:review") + "?muc=xong").content.decode()
    assert "Vũ Văn Nam" not in done


def test_both_records_stand_side_by_side_with_what_differs(case, world, as_user):
    response = as_user(world.board).get(reverse("candidates:review_case", args=[case.pk]))
    rows = {row["label"]: row for row in response.context["rows"]}

    assert rows["Quê quán"] == {"label": "Quê quán", "draft": "Vũ Thư", "other": "Kiến Xương", "differs": True}
    assert not rows["Số định danh"]["differs"]


def test_merging_keeps_the_known_record(case, world, as_user):
    assert answer(case, as_user(world.board)).status_code == 302
    draft = now(case.candidate)
    assert (draft.status, draft.merged_into) == (Status.WITHDRAWN, case.other)
    assert now(case.other).unit == world.south_1
    assert ReviewCase.objects.get().decided_by == world.board


def test_transferring_moves_the_known_person_to_the_new_unit(case, world, as_user):
    assert answer(case, as_user(world.board), outcome="transferred").status_code == 302
    known = now(case.other)
    assert known.unit == world.north_1
    assert known.events.get(step=Step.MOVED).happened_on == date(2024, 6, 1)


def test_clearing_two_people_of_one_number_is_refused(case, world, as_user):
    response = answer(case, as_user(world.board), outcome="cleared")
    assert response.status_code == 422
    assert "không thể cùng một số định danh" in response.content.decode()
    assert now(case.candidate).status == Status.WAITING


def test_clearing_brings_another_person_into_the_source(world, as_user):
    known = factories.make_candidate(world.south_1, full_name="Vũ Văn Nam", identity_number="")
    factories.make_candidate(world.north_1, full_name="Vũ Văn Nam", identity_number="", birth=known.birth)
    case = ReviewCase.objects.get()
    assert answer(case, as_user(world.board), outcome="cleared").status_code == 302

    draft = now(case.candidate)
    assert (draft.status, draft.stage) == (Status.OPEN, Stage.SOURCE)
    assert draft.events.get().step == Step.ACCEPTED


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reason": "ngắn"}, "ít nhất 10 ký tự"),
        ({"outcome": "khong-co"}, "Hãy chọn một mục"),
        ({"happened_on": "1/1/2030"}, "chưa đến"),
        ({"happened_on": "1/1/2021", "outcome": "transferred"}, "trước bước"),
        ({"version": "x"}, "Trang đã cũ"),
        ({"reason": "x" * 10_000}, "500"),
    ],
)
def test_a_wrong_answer_is_refused_and_changes_nothing(values, words, case, world, as_user):
    response = answer(case, as_user(world.board), **values)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert now(case.candidate).status == Status.WAITING
    assert ReviewCase.objects.get().outcome == ""


def test_two_officers_do_not_answer_twice(case, world, as_user):
    answer(case, as_user(world.board))
    response = answer(case, as_user(world.head), outcome="transferred")
    assert response.status_code == 409
    assert now(case.other).unit == world.south_1


def test_a_stale_page_is_answered_with_both_records(case, world, as_user):
    ReviewCase.objects.update(version=7)
    response = answer(case, as_user(world.board))
    assert response.status_code == 409
    assert response.context["form"]["version"].value() == "7"


def test_what_was_merged_meanwhile_is_followed(case, world):
    factories.make_candidate(world.cell, identity_number=case.other.identity_number)
    second = ReviewCase.objects.exclude(pk=case.pk).get()
    ReviewCase.objects.filter(pk=second.pk).update(other=case.candidate)
    first = {"reason": WHY, "happened_on": date(2024, 6, 1), "version": 1, "by": world.board}
    records.resolve_case(case=case, outcome="merged", **first)
    records.resolve_case(case=ReviewCase.objects.get(pk=second.pk), outcome="merged", **first)

    assert now(second.candidate).merged_into == case.other


def test_an_edit_that_was_not_saved_has_no_record_to_transfer(world, as_user):
    person, other = factories.make_candidate(world.north_1), factories.make_candidate(world.south_1)
    values = {"identity_number": other.identity_number}
    assert not records.edit(candidate=person, values=values, version=person.version, by=world.north_officer)
    case = ReviewCase.objects.get()

    assert answer(case, as_user(world.board), outcome="transferred").status_code == 422
    assert answer(case, as_user(world.board), outcome="merged").status_code == 302
    assert now(person).status == Status.OPEN


def test_only_the_board_opens_it(case, world, as_user):
    for who in ("north_officer", "south_officer", "standing", "supervisor", "youth", "center", "admin", "nobody"):
        client = as_user(getattr(world, who))
        for address in (reverse("candidates:review"), reverse("candidates:review_case", args=[case.pk])):
            assert client.get(address).status_code == 403, who
    assert as_user(world.board).get(reverse("candidates:review_case", args=[10**9])).status_code == 404


def test_the_page_of_the_draft_says_nothing_of_the_other(case, world, as_user):
    page = as_user(world.north_officer).get(case.candidate.get_absolute_url()).content.decode()
    assert "Trường hợp này cần Ban Tổ chức đối chiếu" in page
    assert "Kiến Xương" not in page
    assert world.south.short_name not in page
