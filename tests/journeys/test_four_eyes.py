"""Nobody appraises what they prepared, and nobody decides what they appraised (design.md 2): every way round, tried."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from candidates.actions import corrections, reviewing, sessions
from candidates.actions.appraisal import Findings, appraise
from candidates.actions.delegated import propose_decision
from candidates.actions.dossier import PaperValues, save_dossier
from candidates.actions.events import Refused, take_step
from candidates.actions.records import edit, set_companion
from candidates.dossier import State
from candidates.models import Candidate, DossierForm, Helper, ReviewCase, SessionItem, StageEvent
from candidates.pipeline import Stage, Step
from organizations import changes
from organizations.actions import proposals
from organizations.models import Assignment, Change, Organization, Proposal
from tests.factories import advance, all_passed, make_candidate

APPRAISED_ON = date(2022, 9, 20)
DECIDED_ON = date(2022, 9, 28)
WHY = "Nhập nhầm so với văn bản gốc"
OWN = "không được thẩm định chính hồ sơ đó"
NOT_DECIDE = "không được ghi quyết định kết nạp"


def fresh(candidate) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


@pytest.fixture
def sent(world):
    """Entered by the unit, with the Board now."""
    return fresh(advance(make_candidate(world.north_1, full_name="Trần Ngọc Linh"), Stage.SUBMITTED))


def try_to_appraise(candidate, by, **more):
    candidate = fresh(candidate)
    return appraise(
        candidate=candidate, findings=Findings(), asked=[], happened_on=APPRAISED_ON, document="17-TTr/BTC",
        version=candidate.version, by=by, **more,
    )  # fmt: skip


def assert_barred(candidate, by, words=OWN):
    """Refused, and nothing written; a colleague may."""
    before = (StageEvent.objects.count(), Change.objects.count(), fresh(candidate).version)

    with pytest.raises(Refused, match=words):
        try_to_appraise(candidate, by)

    assert (StageEvent.objects.count(), Change.objects.count(), fresh(candidate).version) == before


def give_up_office(*users) -> None:
    """Leave the others of the Board without their role."""
    Assignment.objects.filter(user__in=users).delete()


# What makes a preparer


def test_an_own_entry(world):
    person = advance(make_candidate(world.north_1, by=world.board), Stage.SUBMITTED)

    assert_barred(person, world.board)
    try_to_appraise(person, world.board_2)


def test_an_own_change_of_a_fact_since_the_dossier_was_sent(world, sent):
    edit(candidate=sent, values={"residence": "Thôn Hội"}, version=sent.version, by=world.board)

    assert_barred(sent, world.board)
    try_to_appraise(sent, world.board_2)


def test_a_change_before_the_dossier_was_sent_bars_nobody(world):
    person = advance(make_candidate(world.north_1), Stage.COMMITTEE_PASSED)
    edit(candidate=fresh(person), values={"residence": "Thôn Hội"}, version=fresh(person).version, by=world.board)
    person = advance(person, Stage.SUBMITTED)

    try_to_appraise(person, world.board)


def test_a_change_that_came_through_an_import(world, sent):
    with changes.coming_from(Change.Via.IMPORT):
        edit(candidate=sent, values={"workplace": "Công ty may"}, version=sent.version, by=world.board)

    assert Change.objects.filter(via=Change.Via.IMPORT, action="candidate.edit").exists()
    assert_barred(sent, world.board)


def test_a_paper_recorded_for_the_unit(world, sent):
    paper = PaperValues(DossierForm.objects.get(key="1-knd"), 1, State.HANDWRITING)
    save_dossier(candidate=sent, papers=[paper], version=sent.version, by=world.board)

    assert_barred(sent, world.board)


def test_a_helper_recorded_for_the_unit(world, sent):
    values = {"full_name": "Trần Văn Giúp", "from_on": date(2022, 5, 1)}
    set_companion(candidate=sent, model=Helper, row=None, values=values, version=sent.version, by=world.board)

    assert_barred(sent, world.board)


def test_a_correction_of_an_earlier_step(world, sent):
    event = sent.events.get(step=Step.BRANCH_PASSED)
    put_right = corrections.Correction(event, event.happened_on, event.facts | {"votes": 10})
    corrections.correct_events(
        candidate=sent, corrections=[put_right], reason=WHY, version=sent.version, by=world.board
    )

    assert_barred(sent, world.board)
    try_to_appraise(sent, world.board_2)


def test_a_merger_of_duplicates_into_the_dossier(world, sent):
    number = "000000654321"
    edit(candidate=sent, values={"identity_number": number}, version=sent.version, by=world.north_officer)
    make_candidate(world.south_1, full_name="Trần Thị Linh", identity_number=number)
    case = ReviewCase.objects.get()
    reviewing.resolve_case(
        case=case, outcome="merged", reason=WHY, happened_on=date(2022, 9, 19), version=case.version, by=world.board
    )

    assert_barred(sent, world.board)
    try_to_appraise(sent, world.board_2)


def test_a_trivial_change_by_a_third_person_clears_nobody(world, sent):
    edit(candidate=sent, values={"residence": "Thôn Hội"}, version=sent.version, by=world.board)
    sent = fresh(sent)
    edit(candidate=sent, values={"residence": "Thôn Hội, xã Hồng Lý"}, version=sent.version, by=world.north_officer)

    assert_barred(sent, world.board)


def test_a_logged_correction_of_spelling_bars_nobody(world, sent):
    edit(candidate=sent, values={"full_name": "Trần Ngọc Lính"}, version=sent.version, by=world.board)

    assert Change.objects.filter(action="candidate.spelling").exists()
    try_to_appraise(sent, world.board)


# Ways to the act itself


def test_a_direct_post_to_the_page_of_the_appraisal(world, as_user):
    person = fresh(advance(make_candidate(world.north_1, by=world.board), Stage.SUBMITTED))
    data = {"version": person.version, "happened_on": "20/9/2022", "document": "17", "override": WHY} | all_passed()

    response = as_user(world.board).post(reverse("candidates:appraise", args=[person.pk]), data)

    assert response.status_code == 422
    assert OWN in response.content.decode()
    assert fresh(person).stage == Stage.SUBMITTED


def test_a_direct_post_to_the_page_of_the_step(world, as_user, sent):
    address = reverse("candidates:step", args=[sent.pk, "appraised"])
    as_user(world.board).post(address, {"version": sent.version, "happened_on": "20/9/2022", "document": "17"})

    assert fresh(sent).stage == Stage.SUBMITTED


def test_an_appraiser_deciding_alone_step_by_step_or_in_a_session(world, sent):
    try_to_appraise(sent, world.board)
    person = fresh(sent)
    with pytest.raises(Refused, match=NOT_DECIDE):
        take_step(
            candidate=person, step=Step.DECIDED, happened_on=DECIDED_ON, facts={"document": "1024-QĐ/HU"},
            version=person.version, by=world.board,
        )  # fmt: skip

    session = sessions.open_session(organization=world.district, held_on=DECIDED_ON, name="", by=world.board)
    sessions.put_on_list(session=session, candidates=[person.pk], version=1, by=world.board)
    decided = {SessionItem.objects.get().pk: sessions.Decided("agree", {"document": "1024-QĐ/HU"})}
    with pytest.raises(sessions.SessionRefused) as refused:
        sessions.record_outcomes(session=session, outcomes=decided, happened_on=DECIDED_ON, version=2, by=world.board)

    assert [one.code for found in refused.value.refusals.values() for one in found] == ["four_eyes"]
    sessions.record_outcomes(session=session, outcomes=decided, happened_on=DECIDED_ON, version=2, by=world.board_2)
    assert fresh(sent).stage == Stage.DECIDED


def test_confirming_the_own_proposal_of_a_delegated_decision(world):
    Organization.objects.filter(pk=world.north.pk).update(delegated_admission=True)
    Assignment.objects.create(
        user=world.board, role="unit_officer", organization=world.north, starts_on=date(2015, 1, 1)
    )
    person = advance(make_candidate(world.north_1), Stage.COMMITTEE_PASSED)
    person = fresh(person)
    proposal = propose_decision(
        candidate=person, happened_on=date(2022, 9, 20), facts={"document": "7-QĐ/ĐU"}, version=person.version,
        by=world.board,
    )  # fmt: skip

    with pytest.raises(PermissionDenied):
        proposals.confirm(proposal=proposal, version=proposal.version, by=world.board)

    assert Proposal.objects.get().state == "waiting"
    assert fresh(person).stage == Stage.COMMITTEE_PASSED


# The head of the Board


@pytest.fixture
def alone(world):
    """The head entered the person, and nobody else of the Board is left."""
    person = fresh(advance(make_candidate(world.north_1, by=world.head), Stage.SUBMITTED))
    give_up_office(world.board, world.board_2)
    return person


def test_the_head_overrides_with_a_reason_when_nobody_else_is_entitled(world, alone):
    assert_barred(alone, world.head)
    with pytest.raises(Refused, match="10 ký tự|không được thẩm định"):
        try_to_appraise(alone, world.head, override="ngắn")

    try_to_appraise(alone, world.head, override="Cả Ban chỉ còn một người")

    assert StageEvent.objects.get(step=Step.APPRAISED).facts["override"] == "Cả Ban chỉ còn một người"


def test_the_head_does_not_override_while_a_colleague_is_entitled(world):
    person = advance(make_candidate(world.north_1, by=world.head), Stage.SUBMITTED)

    with pytest.raises(Refused, match=OWN):
        try_to_appraise(person, world.head, override="Cả Ban chỉ còn một người")
