"""One person on one page: what each reader sees, what comes next, drafts, traces, cost."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.actions.corrections import Correction, correct_events, withdraw_last
from candidates.models import Candidate, Helper, Introducer, RuleSet
from candidates.pipeline import STAGES, Stage, Step
from organizations.models import Organization
from tests.factories import advance, give_certificate, make_candidate, step

READERS = ["head", "board", "standing", "supervisor", "north_officer", "branch_officer"]
STRANGERS = ["south_officer", "office_officer", "cell_officer", "center", "youth", "admin", "nobody"]
BACKGROUND = {"ethnicity": "Tày", "religion": "catholic", "background_document": "77-TTLL"}


def page(browser, candidate):
    return browser.get(candidate.get_absolute_url())


def text(response) -> str:
    return response.content.decode().partition("<main")[2]


def fresh(candidate) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


@pytest.fixture
def person(world):
    return make_candidate(
        world.north_1,
        full_name="Trần Ngọc Linh",
        identity_number="000199000417",
        background_checked_on=date(2022, 2, 1),
        **BACKGROUND,
    )


def test_readers_in_scope_open_the_page_and_others_find_nothing(person, world, as_user):
    assert {who: page(as_user(getattr(world, who)), person).status_code for who in READERS} == dict.fromkeys(
        READERS, 200
    )
    assert {who: page(as_user(getattr(world, who)), person).status_code for who in STRANGERS} == dict.fromkeys(
        STRANGERS, 404
    )


def test_a_foreign_person_is_answered_like_a_missing_one(person, world, as_user):
    stranger = as_user(world.south_officer)
    foreign = page(stranger, person)
    missing = stranger.get(reverse("candidates:detail", args=[999_999]))

    def without_reference(response):
        import re

        return re.sub(r"[0-9a-f]{8}", "", response.content.decode())

    assert foreign.status_code == missing.status_code == 404
    assert without_reference(foreign) == without_reference(missing)


@pytest.mark.parametrize("who", READERS)
def test_background_and_number_are_for_those_who_work_on_the_dossier(person, world, as_user, who):
    shown = text(page(as_user(getattr(world, who)), person))
    works = who not in ("standing", "supervisor")

    assert ("000199000417" in shown) is works
    assert ("0417" in shown) is True
    assert ("Tày" in shown) is works
    assert ("Công giáo" in shown) is works
    assert ("77-TTLL" in shown) is works
    assert ("Lịch sử thay đổi" in shown) is works
    assert ("Sửa thông tin" in shown) is works


@pytest.mark.parametrize("stage", STAGES)
def test_at_every_stage_whoever_takes_the_next_step_has_its_button_and_others_read_who_does(world, as_user, stage):
    candidate = advance(make_candidate(world.north_1), stage)
    forward = {
        "source": ("center", None),
        "trained": ("branch_officer", "dossier"),
        "dossier": ("branch_officer", "branch_passed"),
        "branch_passed": ("north_officer", "committee_passed"),
        "committee_passed": ("north_officer", "submitted"),
        "submitted": ("board", "appraised"),
        "appraised": ("board_2", "decided"),
        "decided": ("north_officer", "admitted"),
        "admitted": ("branch_officer", "recognition_proposed"),
        "recognition_proposed": ("north_officer", "recognition_committee_passed"),
        "recognition_committee_passed": ("board", "official"),
        "official": ("nobody", None),
    }
    who, wanted = forward[stage]
    for reader in ("board", "board_2", "north_officer", "branch_officer", "supervisor"):
        response = page(as_user(getattr(world, reader)), candidate)
        steps = [str(one) for one in response.context["forward"]]
        branch_step = who == "branch_officer" and reader == "north_officer"
        other = who.startswith("board") and reader.startswith("board") and stage != Stage.APPRAISED
        assert steps == ([wanted] if wanted and (reader == who or branch_step or other) else [])
        assert ("Việc tiếp theo" in text(response)) is (stage != Stage.OFFICIAL)
        blocked = bool((response.context["conditions"] or {}).get("not_met"))
        assert text(response).count("button--primary") == len(steps) * (not blocked)
        if wanted and not steps:
            own = reader == "board" and stage == Stage.APPRAISED  # they appraised
            assert ("Bạn đã thẩm định hồ sơ này" if own else "ghi bước này.") in text(response)


def test_the_timeline_says_when_where_under_which_number_and_who_recorded(world, as_user):
    candidate = advance(make_candidate(world.north_1), Stage.ADMITTED)
    shown = text(page(as_user(world.board), candidate))

    for words in (
        "05-NQ/CB",
        "11 trên 12 phiếu tán thành",
        "1024-QĐ/HU",
        "Ngày chi bộ nhận quyết định: ",
        "thôn hội",
        "Cán bộ north_officer ghi lúc",
        "timeline__now",
        "Đảng viên chính thức",
    ):
        assert words.lower() in shown.lower()


def test_a_correction_shows_old_and_new_and_why(world, as_user):
    candidate = fresh(advance(make_candidate(world.north_1), Stage.BRANCH_PASSED))
    event = candidate.events.get(step=Step.BRANCH_PASSED)
    correct_events(
        candidate=candidate,
        corrections=[Correction(event, date(2022, 6, 20), {"votes": 10})],
        reason="Ghi nhầm theo biên bản nháp",
        version=candidate.version,
        by=world.north_officer,
    )
    shown = text(page(as_user(world.north_officer), candidate))

    assert "Đã sửa 1 lần" in shown
    assert "Ghi nhầm theo biên bản nháp" in shown
    assert "20/06/2022" in shown
    assert "10 trên 12 phiếu tán thành" in shown


def test_a_withdrawn_step_stays_to_be_read(world, as_user):
    candidate = fresh(advance(make_candidate(world.north_1), Stage.DOSSIER))
    withdraw_last(
        candidate=candidate,
        event=candidate.events.get(step=Step.DOSSIER),
        reason="Ghi nhầm sang người khác",
        version=candidate.version,
        by=world.north_officer,
    )

    assert "1 bước đã rút" in text(page(as_user(world.north_officer), candidate))


def test_a_return_says_why_and_what_to_redo(world, as_user):
    candidate = advance(make_candidate(world.north_1), Stage.SUBMITTED)
    step(candidate, Step.RETURNED, date(2022, 12, 1), by=world.board, redo_from="branch", reason="Thiếu chữ ký bí thư")
    shown = text(page(as_user(world.north_officer), candidate))

    assert "Hồ sơ bị trả lại: chi bộ họp lại." in shown
    assert "Lý do: Thiếu chữ ký bí thư" in shown
    assert "Bị trả lại" in shown


def test_a_report_upward_is_flagged_until_the_decision(world, as_user):
    candidate = advance(make_candidate(world.north_1), Stage.BRANCH_PASSED)
    day = date(2022, 12, 1)
    step(candidate, Step.COMMITTEE_REPORTED, day, by=world.north_officer, document="4-BC", members=15, votes=9)
    for name in (None, Step.SUBMITTED, Step.APPRAISED, Step.DECIDED):
        if name:
            step(candidate, name, day)
        shown = text(page(as_user(world.board), candidate))
        assert ("Không đủ 2/3, báo cáo cấp trên." in shown) is (name != Step.DECIDED)


def test_classes_and_companions_are_all_shown(person, world, as_user):
    give_certificate(person, date(2022, 5, 1), "101/CN-TTCT")
    Introducer.objects.create(candidate=person, full_name="Bùi Văn Giới", from_on=date(2022, 1, 1))
    Helper.objects.create(
        candidate=person, full_name="Lê Thị Giúp", position="Bí thư", from_on=date(2022, 1, 1), to_on=date(2023, 1, 1)
    )
    shown = text(page(as_user(world.supervisor), person))

    for words in ("101/CN-TTCT", "Giỏi", "Bùi Văn Giới", "Lê Thị Giúp, Bí thư", "đến trước"):
        assert words in shown


def test_no_name_or_number_stands_in_the_title(person, world, as_user):
    title = page(as_user(world.board), person).content.decode().partition("<title>")[2].partition("</title>")[0]

    assert "Linh" not in title
    assert "0417" not in title


# Drafts


def test_a_draft_is_shown_to_whoever_entered_it_and_says_nothing_of_the_match(person, world, as_user):
    draft = make_candidate(world.south_1, full_name="Trần Ngọc Linh", identity_number=person.identity_number)
    shown = text(page(as_user(world.south_officer), draft))

    assert "Trường hợp này cần Ban Tổ chức đối chiếu;" in shown
    assert "chưa tính vào số liệu" in shown
    for secret in ("Hồng Lý", "Hồng lý", "thôn hội", person.get_absolute_url(), "Việc tiếp theo"):
        assert secret not in shown
    assert page(as_user(world.standing), draft).status_code == 404
    assert page(as_user(world.north_officer), draft).status_code == 404


def test_a_draft_takes_no_step(person, world, as_user):
    draft = make_candidate(world.south_1, full_name="Trần Ngọc Linh", identity_number=person.identity_number)

    for name, args in [
        ("step", [draft.pk, "dossier"]),
        ("correct", [draft.pk]),
        ("withdraw", [draft.pk]),
        ("move", [draft.pk]),
    ]:
        assert as_user(world.south_officer).get(reverse(f"candidates:{name}", args=args)).status_code == 404


# Traces


@pytest.fixture
def moved(world):
    candidate = advance(
        make_candidate(world.north_1, full_name="Đặng Văn Chuyển", phone="0900000001", **BACKGROUND),
        Stage.BRANCH_PASSED,
    )
    step(candidate, Step.MOVED, date(2023, 1, 5), by=world.board, unit=world.south_1, reason="Chuyển nơi cư trú")
    return fresh(candidate)


def test_the_old_unit_keeps_a_trace_and_nothing_of_the_record(moved, world, as_user):
    response = page(as_user(world.north_officer), moved)
    shown = text(response)

    assert response.templates[0].name == "candidates/trace.html"
    for words in ("Đặng Văn Chuyển", "Đã chuyển", "Chi bộ biểu quyết đạt", "05-NQ/CB"):
        assert words in shown
    for secret in (moved.identity_number, "0900000001", "Tày", "Nam</option", "Chi bộ thôn nam", "Chuyển nơi cư trú"):
        assert secret not in shown
    assert "<form" not in shown
    assert "Chuyển đơn vị" not in shown


def test_a_trace_is_read_only(moved, world, as_user):
    officer = as_user(world.north_officer)
    for name, args in [
        ("step", [moved.pk, "submitted"]),
        ("correct", [moved.pk]),
        ("withdraw", [moved.pk]),
        ("move", [moved.pk]),
    ]:
        url = reverse(f"candidates:{name}", args=args)
        assert (officer.get(url).status_code, officer.post(url, {"version": 1}).status_code) == (404, 404)


def test_the_new_unit_and_the_board_have_the_record_and_strangers_nothing(moved, world, as_user):
    for who in ("south_officer", "board"):
        assert page(as_user(getattr(world, who)), moved).templates[0].name == "candidates/detail.html"
    assert page(as_user(world.cell_officer), moved).status_code == 404


def test_a_move_inside_the_unit_leaves_a_trace_for_the_branch(world, as_user):
    candidate = make_candidate(world.north_1)
    step(candidate, Step.MOVED, date(2023, 1, 5), by=world.north_officer, unit=world.north_2, reason="Chuyển thôn khác")

    assert page(as_user(world.branch_officer), candidate).templates[0].name == "candidates/trace.html"
    assert page(as_user(world.north_officer), candidate).templates[0].name == "candidates/detail.html"


# Delegation, cost


def test_a_delegated_unit_is_offered_its_own_decision_first(world, as_user):
    Organization.objects.filter(pk=world.north.pk).update(delegated_admission=True)
    candidate = advance(make_candidate(world.north_1), Stage.COMMITTEE_PASSED)

    assert page(as_user(world.north_officer), candidate).context["forward"] == [Step.DECIDED, Step.SUBMITTED]
    assert page(as_user(world.board), candidate).context["forward"] == []


@pytest.mark.parametrize("who", ["board", "north_officer", "supervisor"])
def test_a_page_costs_at_most_twenty_queries_whatever_happened(world, as_user, who):
    fresh_one, long = make_candidate(world.north_1), advance(make_candidate(world.north_1), Stage.OFFICIAL)
    browser, counts = as_user(getattr(world, who)), []
    page(browser, long)
    for candidate in (fresh_one, long):
        with CaptureQueriesContext(connection) as queries:
            page(browser, candidate)
        counts.append(len(queries))

    sql = [query["sql"][:160] for query in queries.captured_queries]
    assert max(counts) <= 20, "\n".join(sql)


# What the rules say


def plain(response) -> str:
    """What a person reads, without elements."""
    return re.sub(r"\s+([,;.])", r"\1", re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(response))))


def test_the_next_step_is_judged_before_anyone_tries_it(world, as_user):
    person = make_candidate(world.north_1, education="primary", introducers=("Trần Văn Dẫn",))
    person = advance(person, Stage.DOSSIER)

    shown = plain(page(as_user(world.branch_officer), person))

    assert "Điều kiện: chi bộ biểu quyết đạt" in shown
    assert "2 điều kiện chưa đạt" in shown
    assert "Học vấn dưới trung học cơ sở." in shown
    assert "Người giới thiệu vào ngày này: 1 đảng viên, cần 2." in shown
    assert "Quy định 24-QĐ/TW, 1.2.1" in shown
    assert "3 điều kiện đã đạt" in shown


def test_a_deadline_is_said_in_words(world, as_user):
    person = make_candidate(world.north_1, started=date(2024, 3, 1))
    days = [date(2024, 4, 1), date(2024, 5, 2), date(2024, 8, 21)]

    shown = plain(page(as_user(world.north_officer), advance(person, Stage.BRANCH_PASSED, days)))

    assert "Quá hạn 1 ngày làm việc" in shown
    assert "hạn thứ Sáu 15/11/2024" in shown


def test_before_the_meeting_the_page_says_by_when_to_meet(world, as_user):
    person = advance(make_candidate(world.north_1), Stage.DOSSIER)

    assert "chi bộ họp chậm nhất 22/09/2024, đã qua" in plain(page(as_user(world.north_officer), person))
    later = advance(person, Stage.BRANCH_PASSED)
    assert "chi bộ họp chậm nhất" not in plain(page(as_user(world.north_officer), later))


def test_each_step_shows_how_it_was_judged_and_apart_what_the_rules_of_today_say(world, as_user):
    person = advance(make_candidate(world.north_1), Stage.BRANCH_PASSED)
    assert "6 điều kiện đạt" in plain(page(as_user(world.north_officer), person))

    rules = RuleSet.objects.get(regime="24-qd-tw")
    RuleSet.objects.create(
        regime="24-qd-tw", version=2, name=rules.name, valid_from=rules.valid_from, valid_to=rules.valid_to,
        values=rules.values | {"introducers": 3}, citations=rules.citations, reason="Thử một quy định khác",
    )  # fmt: skip

    shown = plain(page(as_user(world.north_officer), person))
    assert "6 điều kiện đạt, xét lại hôm nay có khác" in shown
    assert "Xét theo bộ quy định 24-QĐ/TW, phiên bản 1." in shown
    assert "Người giới thiệu vào ngày này: 2 đảng viên, cần 3." in shown


def test_late_recognition_counts_from_the_end_of_month_twelve_and_both_days_are_kept(world, as_user):
    person = advance(make_candidate(world.north_1), Stage.ADMITTED)
    assert "Hết thời gian dự bị 27/10/2023" in plain(page(as_user(world.board), person))

    days = [date(2024, 1, 10), date(2024, 1, 20), date(2024, 4, 2)]
    shown = plain(page(as_user(world.board), advance(person, Stage.OFFICIAL, days)))

    assert "Ngày vào Đảng 27/10/2022" in shown
    assert "Chính thức từ ngày 27/10/2023" in shown
    assert "Quyết định công nhận 02/04/2024" in shown
    assert "Tuổi đảng tính từ 27/09/2022" in shown
    assert "Chi bộ xét công nhận sau thời hạn" in shown
