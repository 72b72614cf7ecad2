"""Ways around four eyes, papers, sessions, back-filling and re-admission that somebody found, each closed."""

from datetime import date

import pytest
from django.urls import reverse

from candidates.actions import corrections
from candidates.actions.appraisal import Findings, Returned, appraise, return_dossier
from candidates.actions.backfill import backfill
from candidates.actions.dossier import PaperValues, save_dossier
from candidates.actions.duplicates import Duplicate
from candidates.actions.events import Refused, live_events
from candidates.actions.readmission import readmit, record_former
from candidates.actions.records import edit
from candidates.actions.results import Result, record_results
from candidates.dossier import State
from candidates.models import Candidate, DossierForm
from candidates.papers import points_of
from candidates.pipeline import Stage, Step
from tests.factories import advance, give_papers, make_candidate, step
from vuthu_recruit.dates import PartialDate

BACK, AGAIN, ON = date(2022, 9, 20), date(2022, 9, 27), date(2022, 9, 29)
WHY = "Thiếu nhận xét của chi ủy nơi cư trú"
OWN = "không được thẩm định chính hồ sơ đó"
HELD = "đang ở Ban Tổ chức"


def fresh(candidate) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


def paper(key="1-knd", document="9", state=State.IN) -> PaperValues:
    return PaperValues(DossierForm.objects.get(key=key), 1, state, document, date(2022, 9, 22))


def keep(candidate, by, *papers):
    candidate = fresh(candidate)
    return save_dossier(candidate=candidate, papers=list(papers), version=candidate.version, by=by)[0]


def try_to_appraise(candidate, by, *, accepted=()):
    candidate = fresh(candidate)
    return appraise(
        candidate=candidate, findings=Findings(accepted=tuple(accepted)), asked=[], happened_on=ON,
        document="17-TTr/BTC", version=candidate.version, by=by,
    )  # fmt: skip


def give_back(candidate, by):
    candidate = fresh(candidate)
    returned = (Returned(WHY, DossierForm.objects.get(key="5-knd")),)
    return return_dossier(
        candidate=candidate, findings=Findings(returned=returned), redo_from="nothing", happened_on=BACK,
        version=candidate.version, by=by,
    )  # fmt: skip


def answer(candidate, by) -> list[int]:
    candidate = fresh(candidate)
    waiting = [point.pk for point in points_of(candidate, [one.place for one in live_events(candidate)]).open]
    save_dossier(candidate=candidate, answers=dict.fromkeys(waiting, "Đã bổ sung đủ"), version=candidate.version, by=by)
    return waiting


@pytest.fixture
def sent(world):
    person = advance(make_candidate(world.north_1, full_name="Trần Ngọc Linh"), Stage.DOSSIER)
    give_papers(person)
    return fresh(advance(person, Stage.SUBMITTED))


# Four eyes


def test_a_correction_of_the_return_and_of_the_sending_forgets_nobody(world, sent):
    give_back(sent, world.board_2)
    keep(sent, world.north_officer, paper("5-knd"))
    answer(sent, world.north_officer)
    step(sent, Step.SUBMITTED, AGAIN)
    keep(sent, world.board, paper())
    person = fresh(sent)
    put_right = [
        corrections.Correction(event, event.happened_on, event.facts | {"reason": f"{WHY}, có xác nhận"})
        for event in live_events(person)
        if event.step == Step.RETURNED
    ]
    sending = next(event for event in reversed(live_events(person)) if event.step == Step.SUBMITTED)
    put_right.append(corrections.Correction(sending, sending.happened_on, {"document": "99-CV/ĐU"}))
    corrections.correct_events(
        candidate=person, corrections=put_right, reason="Ghi lại cho đúng văn bản", version=person.version,
        by=world.board_2,
    )  # fmt: skip

    with pytest.raises(Refused, match=OWN):
        try_to_appraise(sent, world.board)


def test_a_certificate_recorded_since_is_a_change_of_the_dossier(world, sent):
    enrolment = sent.enrolments.latest("pk")
    other = Result(
        enrolment.pk, enrolment.version, "finished", grade=enrolment.grade_id, certificate_number="77/CN-TTCT",
        issued_on=enrolment.issued_on,
    )  # fmt: skip
    record_results(training_class=enrolment.training_class, results=[other], by=world.board, reason="Ghi nhầm số giấy")

    with pytest.raises(Refused, match=OWN):
        try_to_appraise(sent, world.board)


def test_whoever_answered_for_the_unit_does_not_accept_the_answer(world, sent):
    give_back(sent, world.board_2)
    keep(sent, world.north_officer, paper("5-knd"))
    points = answer(sent, world.board)
    step(sent, Step.SUBMITTED, AGAIN)

    with pytest.raises(Refused, match="không tự thẩm định điểm đó"):
        try_to_appraise(sent, world.board, accepted=points)
    try_to_appraise(sent, world.board_2, accepted=points)


# What the Board judges is not changed under its hands


@pytest.mark.parametrize(
    "values",
    [{"background_checked_on": None}, {"religion": "catholic"}, {"special_cases": ["population"]}],
    ids=["verification", "religion", "special case"],
)
def test_the_unit_changes_no_fact_the_board_is_judging(world, sent, values):
    with pytest.raises(Refused, match=HELD):
        edit(candidate=sent, values=values, version=sent.version, by=world.branch_officer)
    person = fresh(sent)
    edit(candidate=person, values=values, version=person.version, by=world.board)


def test_the_unit_does_not_unsay_an_earlier_membership_the_board_is_judging(world):
    person = make_candidate(world.north_1)
    told = {"left_on": date(2010, 3, 1), "how": "struck_off"}
    record_former(candidate=person, values=told, version=person.version, by=world.north_officer)
    person = fresh(advance(person, Stage.APPRAISED))

    for values in (None, told | {"left_on": date(2001, 1, 1)}):
        with pytest.raises(Refused, match=HELD):
            record_former(candidate=person, values=values, version=fresh(person).version, by=world.branch_officer)


def test_the_unit_does_not_take_a_paper_out_of_a_dossier_that_was_decided(world, sent):
    try_to_appraise(sent, world.board)
    step(sent, Step.DECIDED, date(2022, 10, 3), by=world.board_2)

    with pytest.raises(Refused, match="không sửa được"):
        keep(sent, world.branch_officer, PaperValues(DossierForm.objects.get(key="1-knd"), 1, State.MISSING))


# Re-admission


@pytest.fixture
def struck_off(world):
    person = advance(make_candidate(world.north_1, full_name="Lê Văn Về"), Stage.ADMITTED)
    step(person, Step.STRUCK_OFF, date(2023, 2, 1), by=world.board, document="7-QĐ/HU", reason=WHY)
    return Candidate.objects.select_related("unit__grassroots").get(pk=person.pk)


def again(world, struck_off) -> Candidate:
    return readmit(candidate=struck_off, values={}, entered_on=date(2024, 3, 1), by=world.north_officer)


def test_what_the_striking_off_says_is_not_rewritten_in_the_second_record(world, struck_off):
    person = fresh(again(world, struck_off))
    values = {"left_on": date(2001, 1, 1), "how": "expelled"}

    with pytest.raises(Refused, match="lấy từ hồ sơ đã xóa tên"):
        record_former(candidate=person, values=values, version=person.version, by=world.branch_officer)


def test_a_striking_off_put_right_is_put_right_in_the_second_record(world, struck_off):
    person = again(world, struck_off)
    event = next(one for one in live_events(struck_off) if one.step == Step.STRUCK_OFF)
    put_right = corrections.Correction(event, date(2023, 12, 1), event.facts)
    corrections.correct_events(
        candidate=struck_off, corrections=[put_right], reason="Ngày quyết định là 1/12/2023",
        version=fresh(struck_off).version, by=world.board,
    )  # fmt: skip

    assert Candidate.objects.get(pk=person.pk).former.left_on == date(2023, 12, 1)


# Lines of the old lists


def take_over(world, **values):
    birth = values.pop("birth", None)
    return backfill(
        values={"full_name": "Lê Thị Lan", "sex": "female", "birth": birth}, unit=world.north_1,
        decided_on=date(2021, 3, 12), decision="315-QĐ/HU", ceremony_on=date(2021, 3, 20), by=world.board, **values,
    )  # fmt: skip


def test_a_line_without_a_birth_and_the_same_with_one_are_one_line(world):
    take_over(world)

    with pytest.raises(Duplicate):
        take_over(world, birth=PartialDate(1990, 5, 12))
    take_over(world, birth=PartialDate(1990, 5, 12), not_a_duplicate=True)


def test_what_was_taken_over_begins_on_the_day_of_its_decision(world):
    person = take_over(world)
    first = live_events(person)[0]
    put_right = corrections.Correction(first, date(2020, 1, 1), first.facts)

    with pytest.raises(Refused, match="mang ngày của quyết định"):
        corrections.correct_events(
            candidate=person, corrections=[put_right], reason="Ngày khác trên văn bản", version=fresh(person).version,
            by=world.board,
        )  # fmt: skip


# Addresses


def test_an_address_with_a_null_byte_names_no_form(world, as_user):
    address = reverse("candidates:question_add")

    for asked in ("%00", "1-knd%00", "'; DROP TABLE", "x" * 500):
        assert as_user(world.board).get(f"{address}?bieu={asked}").status_code == 404
