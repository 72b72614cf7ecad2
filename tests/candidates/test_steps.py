"""Steps through their form: facts asked, refusals said all at once, rights, two users, double submits."""

import re
from datetime import date

import pytest
from django.urls import reverse

from candidates.models import Candidate, StageEvent
from candidates.pipeline import BY_STEP, NOT_OFFERED, Stage, Status, Step
from candidates.views.steps import BY_THE_APPRAISAL
from organizations.models import Assignment, Change, Organization, Proposal
from tests.factories import advance, all_passed, make_candidate, step

DAY = "05/09/2022"
FACTS = {
    "dossier": {"document": "03-NQ/CB"},
    "branch_passed": {"document": "05-NQ/CB", "members": "12", "votes": "11"},
    "committee_passed": {"document": "21-NQ/ĐU", "members": "15", "votes": "15"},
    "submitted": {},
    "appraised": {"document": "17-TTr/BTC"},
    "decided": {"document": "1024-QĐ/HU"},
    "admitted": {"received_on": DAY},
    "recognition_proposed": {"document": "09-NQ/CB", "members": "12", "votes": "12"},
    "recognition_committee_passed": {"document": "44-NQ/ĐU", "members": "15", "votes": "14"},
    "official": {"document": "1300-QĐ/HU"},
}


def url(candidate, name) -> str:
    return reverse("candidates:step", args=[candidate.pk, name])


def fresh(candidate) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


def send(browser, candidate, name, *, version=None, day=DAY, **facts):
    data = {"version": version or fresh(candidate).version, "happened_on": day, **FACTS.get(name, {}), **facts}
    if name == "appraised":
        return browser.post(reverse("candidates:appraise", args=[candidate.pk]), data | all_passed())
    return browser.post(url(candidate, name), data)


def state():
    """Everything a step could touch, to be found unchanged after a refusal."""
    return (
        list(Candidate.objects.order_by("pk").values()),
        list(StageEvent.objects.order_by("pk").values()),
        Change.objects.count(),
        Proposal.objects.count(),
    )


def titles(response) -> str:
    return " ".join(item["title"] for item in response.context["refusals"])


@pytest.fixture
def person(world):
    """In dossier since 30/05/2022."""
    return fresh(advance(make_candidate(world.north_1, full_name="Trần Ngọc Linh"), Stage.DOSSIER))


def test_each_role_records_its_steps_by_form_to_the_very_end(world, as_user):
    candidate = advance(make_candidate(world.north_1), Stage.TRAINED)
    road = [
        ("branch_officer", "dossier"),
        ("branch_officer", "branch_passed"),
        ("north_officer", "committee_passed"),
        ("north_officer", "submitted"),
        ("board", "appraised"),
        ("board_2", "decided"),
        ("north_officer", "admitted"),
        ("branch_officer", "recognition_proposed"),
        ("north_officer", "recognition_committee_passed"),
        ("board", "official"),
    ]
    for who, name in road:
        browser = as_user(getattr(world, who))
        later = {"day": "12/09/2023"} if "recog" in name or name == "official" else {}
        response = send(browser, candidate, name, **later)
        assert (response.status_code, getattr(response, "url", "")) == (302, candidate.get_absolute_url()), name
        shown = browser.get(response.url).content.decode()
        assert f"Đã ghi “{Step(name).label}” cho {candidate.full_name} lúc " in shown
        assert fresh(candidate).stage == name


@pytest.mark.parametrize("name", [step for step in Step if step not in (*NOT_OFFERED, *BY_THE_APPRAISAL)])
def test_every_form_asks_for_the_day_and_the_facts_of_its_step(person, world, as_user, name):
    who = world.board if "step_board" in BY_STEP[name].by else world.north_officer
    response = as_user(who).get(url(person, name))
    form = response.context["form"]

    assert response.status_code == 200
    of_few = {"over_60_consent", "education_exception", "special_consent", "readmission_consent"}
    concerned = [fact.key for fact in BY_STEP[name].facts if fact.key not in of_few]
    assert list(form.fields) == ["version", "happened_on", *concerned]
    assert form.fields["happened_on"].label == BY_STEP[name].day_label
    assert not form["happened_on"].value()
    assert form["version"].value() == person.version
    assert response.content.decode().count("button--primary") == 1


@pytest.mark.parametrize("name", NOT_OFFERED)
def test_what_has_its_own_form_is_no_step_here(person, world, as_user, name):
    assert as_user(world.north_officer).get(url(person, name)).status_code == 404
    assert send(as_user(world.board), person, name).status_code == 404


def test_an_unknown_step_is_no_page(person, world, as_user):
    known = url(person, "dossier")

    assert as_user(world.board).get(known.replace("bat-dau-lam-ho-so", "khong-co")).status_code == 404
    assert as_user(world.board).get(known.replace("bat-dau-lam-ho-so", "dossier")).status_code == 404


@pytest.mark.parametrize(
    "who, code",
    [
        ("supervisor", 403),
        ("standing", 403),
        ("south_officer", 404),
        ("center", 404),
        ("youth", 404),
        ("admin", 404),
        ("nobody", 404),
    ],
)
def test_who_only_reads_is_forbidden_and_a_stranger_finds_nothing(person, world, as_user, who, code):
    before = state()
    browser = as_user(getattr(world, who))

    assert browser.get(url(person, "branch_passed")).status_code == code
    assert send(browser, person, "branch_passed").status_code == code
    assert state() == before


def test_a_step_of_another_role_is_refused_with_who_may(person, world, as_user):
    before = state()
    response = send(as_user(world.board), person, "branch_passed")

    assert response.status_code == 422
    assert "Cán bộ chi bộ hoặc cán bộ cấp ủy cơ sở" in response.content.decode()
    assert state() == before


# Refusals


def test_all_reasons_stand_on_one_page_and_everything_typed_is_kept(person, world, as_user):
    before = state()
    response = send(
        as_user(world.north_officer),
        person,
        "committee_passed",
        day="01/01/2025",
        document="",
        members="15",
        votes="16",
    )
    shown = response.content.decode()

    assert response.status_code == 422
    for words in (
        "<title>Lỗi: ",
        "Có lỗi cần sửa",
        "Chưa nhập “Số văn bản”.",
        "Chưa đúng thứ tự: người này đang ở bước “Đang làm hồ sơ”.",
        "Ngày 01/01/2025 chưa đến.",
        "Số phiếu tán thành (16) nhiều hơn số người có quyền biểu quyết (15).",
        'value="01/01/2025"',
        'value="16"',
        "không sau hôm nay, 18/11/2024",
        'href="#id_votes"',
    ):
        assert words in shown, words
    assert state() == before


@pytest.mark.parametrize(
    "field, typed, words",
    [
        ("happened_on", "31/02/2022", "không có thật"),
        ("happened_on", "5/9/22", "4 chữ số"),
        ("happened_on", "", "Chưa nhập"),
        ("happened_on", "1" * 10000, "8 chữ số"),
        ("members", "mười hai", "hãy nhập một số nguyên."),
        ("members", "-3", "không được âm"),
        ("members", "9" * 400, "quá lớn"),
        ("votes", "1e3", "hãy nhập một số nguyên."),
        ("document", "x" * 10000, "200"),
        ("document", " \u200b ", "Chưa nhập"),
        ("version", "", "Trang đã cũ"),
        ("version", "abc", "Trang đã cũ"),
        ("version", "9" * 30, "Trang đã cũ"),
    ],
)
def test_bad_input_is_answered_on_its_field_and_changes_nothing(person, world, as_user, field, typed, words):
    before = state()
    data = {"version": person.version, "happened_on": DAY, **FACTS["branch_passed"], field: typed}
    response = as_user(world.north_officer).post(url(person, "branch_passed"), data)

    assert response.status_code == 422
    assert any(words in str(error) for error in response.context["form"].errors[field]) or words == "Chưa nhập"
    assert "Có lỗi cần sửa" in response.content.decode()
    assert state() == before


def test_a_low_vote_is_refused_and_the_step_that_fits_is_a_link(person, world, as_user):
    response = send(as_user(world.branch_officer), person, "branch_passed", votes="7")
    shown = response.content.decode()

    assert "Chưa đủ 2/3 của chi bộ: 7 trên 12 phiếu, cần ít nhất 8." in shown
    offered = re.search(rf'href="({url(person, "branch_vote_failed")}[^"]*)"', shown)[1].replace("&amp;", "&")
    again = as_user(world.branch_officer).get(offered).content.decode()
    assert 'value="7"' in again  # what was typed goes on to the step that fits
    assert f'value="{DAY}"' in again
    assert "Điều lệ Đảng, Điều 4" in shown
    assert send(as_user(world.branch_officer), person, "branch_vote_failed", members="12", votes="7").status_code == 302
    assert fresh(person).stage == Stage.DOSSIER


def test_before_anything_is_typed_the_page_says_what_stands_against(person, world, as_user):
    early = as_user(world.north_officer).get(url(person, "submitted"))
    right = as_user(world.north_officer).get(url(person, "branch_passed"))

    assert "Chưa đúng thứ tự" in titles(early)
    assert not right.context["refusals"]


def test_extra_keys_change_nothing(person, world, as_user):
    response = send(
        as_user(world.north_officer),
        person,
        "branch_passed",
        stage="official",
        status="struck_off",
        unit=world.south_1.pk,
        stands_in="1",
        delegated="1",
        override="Người đứng đầu cho phép",
        full_name="Khác",
        is_counted="1",
    )
    event = StageEvent.objects.get(candidate=person, step="branch_passed")

    assert response.status_code == 302
    assert event.facts == {"document": "05-NQ/CB", "members": 12, "votes": 11}
    assert (event.unit, fresh(person).full_name, fresh(person).stage) == (
        world.north_1,
        "Trần Ngọc Linh",
        "branch_passed",
    )


def test_text_is_kept_in_nfc_and_markup_is_only_text(person, world, as_user):
    typed = "05-NQ/Chi bo\u0323\u0302 <script>alert(1)</script>"
    send(as_user(world.north_officer), person, "branch_passed", document=typed)
    shown = as_user(world.north_officer).get(person.get_absolute_url()).content.decode()

    assert StageEvent.objects.get(step="branch_passed").facts["document"].startswith("05-NQ/Chi bộ")
    assert "<script>alert" not in shown


def test_an_uncertain_age_is_recorded_with_a_word(world, as_user):
    from vuthu_recruit.dates import PartialDate

    candidate = advance(make_candidate(world.north_1, birth=PartialDate(2004)), Stage.DOSSIER)
    browser = as_user(world.north_officer)
    response = send(browser, candidate, "branch_passed")

    assert "chưa chắc đã đủ 18 tuổi" in browser.get(response.url).content.decode()
    judged = {row["gate"]: row["outcome"] for row in StageEvent.objects.get(step="branch_passed").verdict}
    assert judged.pop("age") == "warning"
    assert judged == dict.fromkeys(("education", "certificate", "introducers", "together", "papers"), "met")


# Two users, two clicks


def test_a_double_submit_records_one_event_and_says_so(person, world, as_user):
    browser = as_user(world.north_officer)
    first = send(browser, person, "branch_passed", version=person.version)
    second = send(browser, person, "branch_passed", version=person.version)
    shown = second.content.decode()

    assert (first.status_code, second.status_code) == (302, 409)
    assert StageEvent.objects.filter(candidate=person, step="branch_passed").count() == 1
    assert "Người khác vừa sửa hồ sơ này" in shown
    assert "Chi bộ biểu quyết đạt ngày 05/09/2022" in shown
    assert send(browser, person, "branch_passed").status_code == 422


def test_the_second_of_two_users_sees_both_versions_and_loses_nothing(person, world, as_user):
    branch, officer = as_user(world.branch_officer), as_user(world.north_officer)
    opened = officer.get(url(person, "branch_passed")).context["form"]["version"].value()
    send(branch, person, "branch_passed", votes="10", document="06-NQ/CB")

    response = send(officer, person, "branch_passed", version=opened, day="06/09/2022")
    shown = response.content.decode()

    assert response.status_code == 409
    assert {(row["label"], str(row["now"]), str(row["typed"])) for row in response.context["versions"]} >= {
        ("Số văn bản", "06-NQ/CB", "05-NQ/CB"),
        ("Số phiếu tán thành", "10", "11"),
    }
    assert "Cán bộ branch_officer" in shown
    assert 'value="06/09/2022"' in shown
    assert f'name="version" value="{fresh(person).version}"' in shown


# Stand-ins, four eyes, delegation


def test_the_board_stands_in_for_a_unit_without_an_officer_and_the_step_says_so(person, world, as_user):
    Assignment.objects.filter(user=world.north_officer).update(ends_on=date(2024, 11, 18))

    assert send(as_user(world.board), person, "branch_passed").status_code == 302
    assert StageEvent.objects.get(step="branch_passed").facts["stands_in"] is True
    assert "Ban Tổ chức nhập thay" in as_user(world.board).get(person.get_absolute_url()).content.decode()


def test_who_appraised_does_not_decide_and_the_head_may_only_override_alone(world, as_user):
    candidate = advance(make_candidate(world.north_1), Stage.SUBMITTED)
    step(candidate, Step.APPRAISED, date(2022, 9, 1), by=world.head)
    head = as_user(world.head)

    refused = send(head, candidate, "decided")
    assert "Người đã thẩm định không được ghi quyết định kết nạp." in titles(refused)
    assert "tài khoản này đã ghi thẩm định ngày 01/09/2022" in refused.content.decode()
    assert "override" not in refused.context["form"].fields

    Assignment.objects.filter(user__in=[world.board, world.board_2]).update(ends_on=date(2024, 11, 18))
    asked = send(head, candidate, "decided")
    assert asked.status_code == 422
    assert "override" in asked.context["form"].fields
    assert send(head, candidate, "decided", override="Ban Tổ chức chỉ còn một cán bộ").status_code == 302
    assert "Ban Tổ chức chỉ còn một cán bộ" in StageEvent.objects.get(step="decided").facts["override"]


def test_who_corrected_the_appraisal_or_the_dossier_is_bound_as_well(world, as_user):
    from candidates.actions.corrections import Correction, correct_events

    candidate = fresh(advance(make_candidate(world.north_1), Stage.APPRAISED))
    event = candidate.events.get(step=Step.APPRAISED)
    correct_events(
        candidate=candidate,
        corrections=[Correction(event, event.happened_on, {"document": "18-TTr/BTC"})],
        reason="Ghi nhầm số tờ trình",
        version=candidate.version,
        by=world.board_2,
    )

    for who in (world.board, world.board_2):
        assert "Người đã thẩm định" in titles(send(as_user(who), candidate, "decided"))
    assert send(as_user(world.head), candidate, "decided").status_code == 302


def test_who_entered_a_person_does_not_appraise_them(world, as_user):
    candidate = advance(make_candidate(world.north_1, by=world.board), Stage.SUBMITTED)

    assert "không được thẩm định chính hồ sơ đó" in titles(send(as_user(world.board), candidate, "appraised"))
    assert send(as_user(world.board_2), candidate, "appraised").status_code == 302


@pytest.fixture
def delegated(world):
    Organization.objects.filter(pk=world.north.pk).update(delegated_admission=True)
    return fresh(advance(make_candidate(world.north_1), Stage.COMMITTEE_PASSED))


def test_a_delegated_decision_waits_for_a_second_person_and_counts_nowhere(delegated, world, as_user):
    officer = as_user(world.north_officer)
    assert not officer.get(url(delegated, "decided")).context["refusals"]

    response = send(officer, delegated, "decided")
    shown = officer.get(response.url).content.decode()

    assert (fresh(delegated).stage, StageEvent.objects.filter(step="decided").count()) == (Stage.COMMITTEE_PASSED, 0)
    assert Proposal.objects.get().object_id == delegated.pk
    assert "chờ Ban Tổ chức xác nhận" in shown
    assert "Quyết định kết nạp theo ủy quyền chờ xác nhận." in shown
    assert send(officer, delegated, "decided").status_code == 422


def test_a_delegated_decision_is_judged_when_it_is_proposed(delegated, world, as_user):
    before = state()
    response = send(as_user(world.north_officer), delegated, "decided", day="01/01/2025")

    assert response.status_code == 422
    assert "chưa đến" in titles(response)
    assert state() == before


def test_the_life_goes_on_after_the_unit_has_lost_its_delegation(delegated, world, as_user):
    from candidates.actions.events import take_step

    take_step(
        candidate=delegated,
        step=Step.DECIDED,
        happened_on=date(2022, 9, 1),
        facts={"document": "1-QĐ"},
        version=delegated.version,
        by=world.north_officer,
        confirmed=True,
    )
    Organization.objects.filter(pk=world.north.pk).update(delegated_admission=False)

    assert send(as_user(world.north_officer), delegated, "admitted").status_code == 302
    assert as_user(world.north_officer).get(delegated.get_absolute_url()).status_code == 200
    assert fresh(delegated).status == Status.OPEN


# The rule book


def test_four_reasons_are_refused_at_once_each_with_its_clause_and_who_can_fix_it(world, as_user):
    from vuthu_recruit.dates import PartialDate

    young = make_candidate(world.north_1, birth=PartialDate(2008, 1, 5), education="primary", introducers=())
    candidate = advance(young, Stage.DOSSIER)
    before = state()

    response = send(as_user(world.branch_officer), candidate, "branch_passed", votes="5")

    found = {item["title"]: item for item in response.context["refusals"]}
    assert response.status_code == 422
    assert [title.partition(" ")[0] for title in found] == ["Chưa", "Chưa", "Học", "Người"]
    assert all(item["required"] and item["fixer"] and item["citation"] for item in found.values())
    assert state() == before


def test_an_extension_is_signed_given_in_time_and_not_too_long(person, world, as_user):
    factories_step = {"document": "05-NQ/CB", "members": "12", "votes": "11"}
    send(as_user(world.branch_officer), person, "branch_passed", **factories_step)
    board = as_user(world.board)
    facts = {"until": "30/12/2022", "document": "15-CV/HU", "reason": "Chờ kết luận thẩm tra lý lịch"}

    assert "Người ký" in send(board, person, "extended", day="10/11/2022", **facts).content.decode()
    signed = facts | {"signer": "Phó Bí thư Huyện ủy"}
    assert "Gia hạn quá 30 ngày làm việc." in titles(
        send(board, person, "extended", day="10/11/2022", **signed | {"until": "30/1/2023"})
    )
    assert send(as_user(world.north_officer), person, "extended", day="10/11/2022", **signed).status_code == 422
    assert send(board, person, "extended", day="10/11/2022", **signed).status_code == 302

    event = StageEvent.objects.get(step="extended")
    assert (event.clock_from, event.clock_until) == (date(2022, 9, 5), date(2022, 12, 30))


def test_receiving_the_decision_starts_the_clock_of_the_ceremony(world, as_user):
    candidate = advance(make_candidate(world.north_1), Stage.DECIDED)
    decided = candidate.events.get(step="decided")
    assert decided.clock_from == decided.happened_on

    send(as_user(world.branch_officer), candidate, "decision_received", day="10/10/2022")

    assert StageEvent.objects.get(step="decision_received").clock_from == date(2022, 10, 10)
    late = {"received_on": "10/10/2022"}
    refused = send(as_user(world.north_officer), candidate, "admitted", day="01/12/2022", **late)
    assert "phải được cấp ủy cấp trên trực tiếp đồng ý" in titles(refused)
    late |= {"late_consent": "40-CV/HU"}
    assert send(as_user(world.north_officer), candidate, "admitted", day="01/12/2022", **late).status_code == 302


def test_a_form_asks_only_what_concerns_the_person(world, as_user):
    from vuthu_recruit.dates import PartialDate

    young = advance(make_candidate(world.north_1), Stage.DOSSIER)
    old = advance(make_candidate(world.north_1, birth=PartialDate(1963, 5, 1), education="primary"), Stage.DOSSIER)
    client = as_user(world.branch_officer)

    asked = [client.get(url(person, "branch_passed")).context["form"].fields for person in (young, old)]

    assert {"over_60_consent", "education_exception"} & set(asked[0]) == set()
    assert {"over_60_consent", "education_exception"} <= set(asked[1])
