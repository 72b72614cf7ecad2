"""Rounds of appraisal: the checklist, points returned with reasons, answered, asked again; four eyes over all of it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from candidates.actions.appraisal import Findings, Returned, appraise, return_dossier
from candidates.actions.corrections import withdraw_last
from candidates.actions.dossier import PaperValues, save_dossier
from candidates.actions.events import Refused, live_events
from candidates.dossier import State
from candidates.models import (
    Appraisal,
    AppraisalQuestion,
    Candidate,
    DossierForm,
    DossierItem,
    ReturnedPoint,
    StageEvent,
)
from candidates.papers import points_of
from candidates.pipeline import Stage, Step
from organizations.models import Change
from tests.factories import advance, all_passed, give_papers, make_candidate, step

BACK = date(2022, 9, 20)
AGAIN = date(2022, 9, 27)
TAKEN_BACK = "Nhập nhầm sang hồ sơ khác"
WHY = "Thiếu nhận xét của chi ủy nơi cư trú"


def fresh(candidate) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


def url(candidate) -> str:
    return reverse("candidates:appraise", args=[candidate.pk])


def questions() -> list[AppraisalQuestion]:
    return list(AppraisalQuestion.objects.select_related("form"))


def question(key: str) -> AppraisalQuestion:
    return AppraisalQuestion.objects.select_related("form").get(key=key)


def points(candidate):
    return points_of(candidate, [event.place for event in live_events(candidate)])


@pytest.fixture
def sent(world):
    """With the Board since its papers were complete."""
    person = advance(make_candidate(world.north_1, full_name="Trần Ngọc Linh"), Stage.DOSSIER)
    give_papers(person)
    return fresh(advance(person, Stage.SUBMITTED))


def give_back(candidate, by, *, redo_from="nothing", on=BACK, returned=None, accepted=()):
    candidate = fresh(candidate)
    returned = returned or (
        Returned(WHY, question("5-knd-du").form, question("5-knd-du")),
        Returned("Đơn chưa ghi ngày tháng", DossierForm.objects.get(key="1-knd")),
    )
    return return_dossier(
        candidate=candidate,
        findings=Findings(passed=tuple(questions()), accepted=tuple(accepted), returned=tuple(returned)),
        redo_from=redo_from, happened_on=on, version=candidate.version, by=by,
    )  # fmt: skip


def answer(candidate, by, words="Đã bổ sung bản mới ngày 22/9/2022"):
    candidate = fresh(candidate)
    found = {point.pk: words for point in points(candidate).open}
    return save_dossier(candidate=candidate, answers=found, version=candidate.version, by=by)[1]


def put_right(candidate, by):
    """The unit's new papers in place of those returned."""
    candidate = fresh(candidate)
    back = candidate.papers.filter(state=State.RETURNED).select_related("form")
    papers = [PaperValues(row.form, row.copy, State.IN, row.document, date(2022, 9, 22)) for row in back]
    save_dossier(candidate=candidate, papers=papers, version=candidate.version, by=by)


def test_a_return_keeps_each_point_with_its_reason_and_marks_its_papers(world, sent):
    round_one = give_back(sent, world.board)

    event = StageEvent.objects.get(step="returned")
    assert event.facts["reason"] == f"(1) 5-KNĐ: {WHY} (2) 1-KNĐ: Đơn chưa ghi ngày tháng"
    assert [str(point) for point in points(sent).open] == [f"5-KNĐ: {WHY}", "1-KNĐ: Đơn chưa ghi ngày tháng"]
    assert set(sent.papers.filter(state="returned").values_list("form__key", flat=True)) == {"1-knd", "5-knd"}
    assert (round_one.round, round_one.is_passed) == (1, False)
    assert (fresh(sent).stage, fresh(sent).status) == ("committee_passed", "returned")
    assert {"candidate.step", "candidate.appraise"} <= set(Change.objects.values_list("action", flat=True))


def test_no_point_is_returned_without_a_reason_of_ten_characters(world, sent):
    with pytest.raises(Refused, match="ít nhất 10 ký tự"):
        give_back(sent, world.board, returned=[Returned("Thiếu", DossierForm.objects.get(key="1-knd"))])
    with pytest.raises(Refused, match="Chưa đánh dấu điểm nào"):
        return_dossier(
            candidate=sent, findings=Findings(), redo_from="nothing", happened_on=BACK, version=sent.version,
            by=world.board,
        )  # fmt: skip
    assert not ReturnedPoint.objects.exists()
    assert fresh(sent).stage == "submitted"


def test_the_database_itself_holds_no_point_without_a_reason(world, sent):
    give_back(sent, world.board)

    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnedPoint.objects.update(reason="ngắn")


def test_what_the_first_round_left_open_is_asked_in_the_second(world, sent, as_user):
    person = fresh(sent)
    point = Returned(WHY, question("5-knd-du").form, question("5-knd-du"))
    return_dossier(
        candidate=person, findings=Findings(passed=tuple(questions()[:3]), returned=(point,)), redo_from="nothing",
        happened_on=BACK, version=person.version, by=world.board,
    )  # fmt: skip
    put_right(sent, world.north_officer)
    answer(sent, world.north_officer)
    step(sent, Step.SUBMITTED, AGAIN)

    form = as_user(world.board).get(url(sent)).context["form"]

    passed = {row.key for row in questions()[:3]} | {"5-knd-du"}
    assert {row.key for row in form.questions} == {row.key for row in questions()} - passed


def test_a_paper_changed_meanwhile_is_asked_about_again(world, sent, as_user):
    give_back(sent, world.board)
    put_right(sent, world.north_officer)
    life = PaperValues(DossierForm.objects.get(key="2-knd"), 1, State.IN, "99", date(2022, 6, 2))
    person = fresh(sent)
    save_dossier(candidate=person, papers=[life], version=person.version, by=world.north_officer)
    answer(sent, world.north_officer)
    step(sent, Step.SUBMITTED, AGAIN)

    form = as_user(world.board).get(url(sent)).context["form"]

    assert {row.form.key for row in form.questions} == {"2-knd"}


def test_a_resolution_taken_anew_is_asked_about_again(world, sent, as_user):
    give_back(sent, world.board, redo_from="branch")
    put_right(sent, world.north_officer)
    answer(sent, world.north_officer)
    for name, day in ((Step.BRANCH_PASSED, 22), (Step.COMMITTEE_PASSED, 23), (Step.SUBMITTED, 27)):
        step(sent, name, date(2022, 9, day))

    form = as_user(world.board).get(url(sent)).context["form"]

    assert {row.form.key for row in form.questions} == {"6-knd", "8-knd"}


def test_a_return_taken_back_leaves_the_papers_as_they_were(world, sent):
    give_back(sent, world.board)
    person = fresh(sent)
    withdraw_last(
        candidate=person, event=live_events(person)[-1], reason=TAKEN_BACK, version=person.version, by=world.board
    )

    assert set(sent.papers.values_list("state", flat=True)) == {"in"}
    person = fresh(sent)
    appraise(
        candidate=person, findings=Findings(passed=tuple(questions())), asked=questions(), happened_on=BACK,
        version=person.version, by=world.board, document="17-TTr/BTC",
    )  # fmt: skip
    person = fresh(sent)
    withdraw_last(
        candidate=person, event=live_events(person)[-1], reason=TAKEN_BACK, version=person.version, by=world.board
    )
    assert set(sent.papers.values_list("state", flat=True)) == {"in"}


def test_a_point_returned_again_returns_its_paper_again(world, sent):
    give_back(sent, world.board)
    put_right(sent, world.north_officer)
    answer(sent, world.north_officer)
    step(sent, Step.SUBMITTED, AGAIN)
    first, second = points(sent).open
    give_back(sent, world.board, on=date(2022, 9, 29), accepted=[second.pk], returned=[Returned(WHY, again=first.pk)])

    assert set(sent.papers.filter(state="returned").values_list("form__key", flat=True)) == {"5-knd"}


def test_saving_without_a_change_writes_nothing_and_bars_nobody(world, sent, as_user):
    give_back(sent, world.board)
    before, changed = fresh(sent).version, Change.objects.count()
    person = fresh(sent)

    assert save_dossier(candidate=person, papers=[], version=person.version, by=world.board_2) == (0, 0)
    row = person.papers.select_related("form").get(form__key="2-knd")
    same = PaperValues(row.form, 1, State.IN, row.document, row.dated_on)
    assert save_dossier(candidate=person, papers=[same], version=person.version, by=world.board_2) == (0, 0)

    assert (fresh(sent).version, Change.objects.count()) == (before, changed)


def test_the_unit_answers_every_point_before_it_sends_the_dossier_again(world, sent):
    give_back(sent, world.board)
    put_right(sent, world.north_officer)
    with pytest.raises(Refused, match="Còn 2 điểm bị trả lại chưa ghi đã bổ sung"):
        step(sent, Step.SUBMITTED, AGAIN)

    assert answer(sent, world.north_officer) == 2
    step(sent, Step.SUBMITTED, AGAIN)

    assert fresh(sent).stage == "submitted"


def test_the_second_round_asks_the_open_points_alone_and_accepts_them(world, sent, as_user):
    give_back(sent, world.board)
    put_right(sent, world.north_officer)
    answer(sent, world.north_officer)
    step(sent, Step.SUBMITTED, AGAIN)

    page = as_user(world.board).get(url(sent))
    names = {name for name in page.context["form"].fields if name.startswith(("q-", "p-"))}
    assert not any(name.startswith("q-") for name in names)
    assert len(names) == 4  # answer and reason of two points

    data = {f"p-{point.pk}": "passed" for point in points(sent).open}
    data |= {"version": fresh(sent).version, "happened_on": "28/9/2022", "document": "18-TTr/BTC", "result": "pass"}
    response = as_user(world.board).post(url(sent), data)

    assert response.status_code == 302
    assert fresh(sent).stage == "appraised"
    assert points(sent).open == ()
    assert len(points(sent).closed) == 2
    assert set(sent.papers.values_list("state", flat=True)) == {"accepted"}


def test_a_point_may_be_returned_again_and_the_older_one_is_kept(world, sent):
    give_back(sent, world.board)
    put_right(sent, world.north_officer)
    answer(sent, world.north_officer)
    step(sent, Step.SUBMITTED, AGAIN)
    first, second = points(sent).open

    give_back(
        sent, world.board, on=date(2022, 9, 29), accepted=[second.pk],
        returned=[Returned("Nhận xét vẫn thiếu chữ ký của bí thư", again=first.pk)],
    )  # fmt: skip

    (open_point,) = points(sent).open
    assert open_point.previous_id == first.pk
    assert open_point.form.key == "5-knd"
    assert [point.pk for point in points(sent).closed] == [second.pk]
    assert Appraisal.objects.get(round=2).is_passed is False


def test_a_dossier_passes_only_when_every_question_is_answered(world, sent):
    asked = questions()
    with pytest.raises(Refused, match="Còn 1 trong 10 nội dung chưa kiểm tra"):
        appraise(
            candidate=sent, findings=Findings(passed=tuple(asked[1:])), asked=asked, happened_on=BACK,
            version=sent.version, by=world.board, document="17-TTr/BTC",
        )  # fmt: skip

    assert fresh(sent).stage == "submitted"
    assert not Appraisal.objects.exists()


def test_a_paper_missing_at_the_appraisal_is_a_reason_against_it(world, sent):
    DossierItem.objects.filter(form__key="5-knd").update(state="missing")
    with pytest.raises(Refused, match="Hồ sơ còn thiếu: 5-KNĐ"):
        appraise(
            candidate=sent, findings=Findings(passed=tuple(questions())), asked=questions(), happened_on=BACK,
            version=sent.version, by=world.board, document="17-TTr/BTC",
        )  # fmt: skip


def test_an_appraisal_taken_back_takes_its_points_with_it(world, sent):
    give_back(sent, world.board)
    person = fresh(sent)

    withdraw_last(
        candidate=person, event=live_events(person)[-1], reason="Nhập nhầm sang hồ sơ khác", version=person.version,
        by=world.board,
    )  # fmt: skip

    assert points(sent).open == ()
    assert points(sent).rounds == ()


def test_everything_wrong_is_said_at_once_and_what_was_typed_stays(world, sent, as_user):
    data = {"version": sent.version, "happened_on": "20/9/2022", "document": "", "result": "pass"}
    first = questions()[0]
    data |= {f"q-{first.pk}": "returned", f"q-{first.pk}-reason": "Đơn chưa do người xin vào Đảng tự viết"}

    response = as_user(world.board).post(url(sent), data)

    assert response.status_code == 422
    titles = " ".join(item["title"] for item in response.context["refusals"])
    assert "Có 1 điểm đánh dấu trả lại" in titles
    assert "nội dung chưa kiểm tra" in titles
    assert "Chưa nhập số phiếu thẩm định" in titles
    assert "Đơn chưa do người xin vào Đảng tự viết" in response.content.decode()


def test_a_return_opens_the_note_for_the_unit_and_the_unit_reads_it(world, sent, as_user):
    data = {"version": sent.version, "happened_on": "20/9/2022", "redo_from": "nothing", "result": "return"}
    data |= {"own-form-1": "5-knd", "own-1": WHY}
    response = as_user(world.board).post(url(sent), data)

    note = as_user(world.north_officer).get(response.url)
    shown = note.content.decode()

    assert note.status_code == 200
    assert WHY in shown
    assert "TRẦN NGỌC LINH" in shown
    assert "chậm nhất ngày" in shown  # the branch's resolution stands
    word = as_user(world.north_officer).get(reverse("reports:return_note_word", args=[Appraisal.objects.get().pk]))
    assert word.content[:2] == b"PK"
    assert as_user(world.south_officer).get(response.url).status_code == 404
    assert as_user(world.supervisor).get(response.url).status_code == 403


def test_the_person_page_and_the_home_page_say_what_was_returned(world, sent, as_user):
    give_back(sent, world.board)
    browser = as_user(world.north_officer)

    assert WHY in browser.get(sent.get_absolute_url()).content.decode()
    assert "2 điểm bị trả lại, chưa ghi đã bổ sung" in browser.get(sent.get_absolute_url()).content.decode()
    assert WHY in browser.get(reverse("home")).content.decode()


def test_only_the_board_appraises(world, sent, as_user):
    assert as_user(world.north_officer).get(url(sent)).status_code == 403
    assert as_user(world.supervisor).get(url(sent)).status_code == 403
    assert as_user(world.south_officer).get(url(sent)).status_code == 404


# Four eyes (design.md 2)


def passes(browser, candidate, **more):
    data = {"version": fresh(candidate).version, "happened_on": "20/9/2022", "document": "17-TTr/BTC"}
    return browser.post(url(candidate), data | all_passed() | more)


def test_whoever_touched_a_paper_since_it_was_sent_does_not_appraise(world, sent, as_user):
    save_dossier(
        candidate=sent, papers=[PaperValues(DossierForm.objects.get(key="1-knd"), 1, State.IN, "9", BACK)],
        version=sent.version, by=world.board,
    )  # fmt: skip

    refused = passes(as_user(world.board), sent)

    assert refused.status_code == 422
    assert "không được thẩm định chính hồ sơ đó" in refused.content.decode()
    assert passes(as_user(world.board_2), sent).status_code == 302


def test_whoever_answered_a_point_for_the_unit_does_not_appraise_the_answer(world, sent, as_user):
    give_back(sent, world.board)
    put_right(sent, world.north_officer)
    answer(sent, world.board)
    step(sent, Step.SUBMITTED, AGAIN)
    answer(sent, world.board, "Đã bổ sung đủ, kèm bản sao")
    data = {f"p-{point.pk}": "passed" for point in points(sent).open}
    data |= {"version": fresh(sent).version, "happened_on": "28/9/2022", "document": "18-TTr/BTC", "result": "pass"}

    refused = as_user(world.board).post(url(sent), data)

    assert "không được thẩm định chính hồ sơ đó" in refused.content.decode()


def test_the_step_page_leads_to_the_checklist_and_a_direct_post_writes_nothing(world, sent, as_user):
    for name in ("appraised", "returned"):
        address = reverse("candidates:step", args=[sent.pk, name])
        data = {"version": sent.version, "happened_on": "20/9/2022", "document": "1", "redo_from": "nothing"}
        response = as_user(world.board).post(address, data | {"reason": "Hồ sơ thiếu giấy giới thiệu"})
        assert (response.status_code, response.url) == (302, url(sent))
    assert fresh(sent).version == sent.version
