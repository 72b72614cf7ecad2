"""Việc hôm nay: each role finds what it can do, and nothing else."""

from datetime import date

import pytest
from django.urls import reverse

from candidates.actions.nominations import Verdict, nominate, screen
from candidates.actions.rules import set_local_limits
from candidates.actions.sessions import open_session, put_on_list, take_off_list
from candidates.models import ReviewCase, SessionItem
from candidates.pipeline import STAGES, Stage, Step
from organizations.models import Proposal
from tests import factories
from tests.reports.test_dashboard import decided, text_of


def lists(response) -> dict[str, int]:
    return {section.key: section.total for section in response.context["sections"]}


def home(client):
    response = client.get("/")
    assert response.status_code == 200
    return response


LATELY = [date(2024, 10, 1), date(2024, 10, 10), date(2024, 10, 25), date(2024, 11, 1), date(2024, 11, 8)]


def lately(unit, stage: Stage, **values):
    """Somebody whose clock began this autumn: not due within 30 days."""
    steps = [s for s in STAGES[1:6] if unit.grassroots.form != "cell" or s != Stage.COMMITTEE_PASSED]
    dates = LATELY[: steps.index(stage) + 1]
    return factories.advance(factories.make_candidate(unit, started=date(2024, 9, 2), **values), stage, dates)


def test_says_whom_to_ask_when_no_assignment_is_in_force(world, as_user):
    words = text_of(home(as_user(world.nobody)))
    assert "chưa có phân công nào đang có hiệu lực" in words
    assert "Ban Tổ chức Huyện ủy" in words


def test_an_empty_day_says_so(world, as_user):
    assert "Hôm nay không có việc nào chờ" in text_of(home(as_user(world.north_officer)))


def test_a_next_step_is_shown_to_whoever_takes_it(world, as_user):
    lately(world.north_1, Stage.BRANCH_PASSED, full_name="Trần Thị Đào")
    assert lists(home(as_user(world.north_officer))) == {"buoc-committee-passed": 1}
    assert lists(home(as_user(world.branch_officer))) == {}
    assert lists(home(as_user(world.board))) == {}
    assert lists(home(as_user(world.south_officer))) == {}


def test_a_cell_sends_its_dossier_without_a_committee(world, as_user):
    lately(world.cell, Stage.BRANCH_PASSED)
    assert lists(home(as_user(world.cell_officer))) == {"buoc-submitted": 1}


def test_a_unit_that_decides_by_itself_is_told_to_decide_not_to_send(world, as_user):
    world.north.delegated_admission = True
    world.north.save()
    person = lately(world.north_1, Stage.COMMITTEE_PASSED)

    response = home(as_user(world.north_officer))

    assert lists(response) == {"buoc-tu-quyet-dinh": 1}
    (section,) = response.context["sections"]
    assert section.items[0].url == reverse("candidates:step", args=[person.pk, "decided"])


def test_a_level_with_a_local_limit_says_how_long_it_has(world, as_user):
    lately(world.north_1, Stage.BRANCH_PASSED)
    set_local_limits(days={"committee_passed": 2}, document="", version=0, by=world.board)

    (section,) = home(as_user(world.north_officer)).context["sections"]

    assert section.items[0].level.is_late
    assert "đảng ủy cơ sở đến ngày" in text_of(home(as_user(world.north_officer)))


def test_the_board_appraises_oldest_first(world, as_user):
    for name, day in (("Sau", date(2024, 11, 8)), ("Trước", date(2024, 11, 6))):
        person = factories.make_candidate(world.north_1, full_name=f"Nguyễn Thị {name}", started=date(2024, 9, 2))
        factories.advance(person, Stage.SUBMITTED, [*LATELY[:4], day])
    response = home(as_user(world.board))
    (section,) = response.context["sections"]
    assert [item.name for item in section.items] == ["Nguyễn Thị Trước", "Nguyễn Thị Sau"]
    assert "từ ngày" in text_of(response)


def test_what_is_over_and_what_ends_soon_comes_first_the_most_urgent_on_top(world, as_user):
    """60 working days from the branch's resolution, today 18/11/2024: ended on the 15th, ends on the 25th, on 18/12."""
    for resolved in (date(2024, 8, 21), date(2024, 8, 29), date(2024, 9, 25), date(2024, 9, 26)):
        person = factories.make_candidate(world.north_1, full_name=f"Lê Văn {resolved:%d}", started=date(2024, 3, 1))
        factories.advance(person, Stage.BRANCH_PASSED, [date(2024, 4, 1), date(2024, 5, 2), resolved])

    response = home(as_user(world.north_officer))

    found = {section.key: [item.name for item in section.items] for section in response.context["sections"]}
    assert found == {
        "qua-han": ["Lê Văn 21"],
        "trong-7-ngay": ["Lê Văn 29"],
        "trong-30-ngay": ["Lê Văn 25"],
        "buoc-committee-passed": ["Lê Văn 26"],
    }
    assert "Quá hạn 1 ngày làm việc" in text_of(response)
    assert [s.key for s in response.context["sections"]][0] == "qua-han"
    assert lists(home(as_user(world.board))) == {}
    assert lists(home(as_user(world.south_officer))) == {}


def test_probation_ends_in_a_deadline_of_the_branch(world, as_user):
    person = decided(world.north_1, date(2023, 9, 1))
    factories.step(person, Step.ADMITTED, date(2023, 9, 5), received_on=date(2023, 9, 5))

    (section,) = home(as_user(world.branch_officer)).context["sections"]

    assert section.key == "qua-han"
    assert section.items[0].url.endswith("chi-bo-de-nghi-cong-nhan-chinh-thuc/")


def test_a_branch_is_named_with_its_unit_for_who_looks_across_units(world, as_user):
    factories.advance(factories.make_candidate(world.north_1), Stage.SUBMITTED)
    factories.advance(factories.make_candidate(world.north_1), Stage.BRANCH_PASSED)

    (above,) = home(as_user(world.board)).context["sections"]
    (own,) = home(as_user(world.north_officer)).context["sections"]

    assert above.items[0].detail.endswith("Chi bộ thôn Hội, Xã Hồng Lý")
    assert own.items[0].detail.endswith("Chi bộ thôn Hội")


def test_a_long_list_shows_ten_and_opens_the_rest(world, as_user):
    for number in range(11):
        factories.advance(factories.make_candidate(world.north_1, full_name=f"Trần Văn {number}"), Stage.SUBMITTED)
    client = as_user(world.board)
    (section,) = home(client).context["sections"]
    assert (section.total, len(section.items)) == (11, 10)
    assert "11 người" in text_of(client.get(section.more))


def test_a_returned_dossier_waits_for_the_unit(world, as_user):
    person = factories.advance(factories.make_candidate(world.north_1), Stage.SUBMITTED)
    facts = {"reason": "thiếu giấy giới thiệu", "redo_from": "branch"}
    factories.step(person, Step.RETURNED, date(2024, 11, 1), by=world.board, **facts)
    response = home(as_user(world.north_officer))
    assert lists(response) == {"qua-han": 1, "bi-tra-lai": 1}
    assert "thiếu giấy giới thiệu" in text_of(response)
    (item,) = next(one for one in response.context["sections"] if one.key == "bi-tra-lai").items
    assert (item.url, item.action) == (reverse("candidates:dossier", args=[person.pk]), "Bổ sung hồ sơ")


def test_certificates_are_announced_from_90_days_before(world, as_user):
    person = factories.make_candidate(world.north_1, started=date(2019, 1, 1))
    factories.give_certificate(person, date(2020, 2, 16))  # ends on 16/2/2025, 90 days after 18/11/2024
    assert lists(home(as_user(world.branch_officer)))["giay-chung-nhan"] == 1
    other = factories.make_candidate(world.north_2, started=date(2019, 1, 1))
    factories.give_certificate(other, date(2020, 2, 17))
    assert lists(home(as_user(world.north_officer)))["giay-chung-nhan"] == 1


def test_probation_is_announced_when_twelve_months_are_over(world, as_user):
    for on in (date(2023, 11, 18), date(2023, 11, 19)):
        person = decided(world.north_1, date(2023, 11, 1), full_name=f"Trần Văn {on.day}")
        factories.step(person, Step.ADMITTED, on, received_on=on)
    assert lists(home(as_user(world.branch_officer)))["het-du-bi"] == 1


def test_the_class_for_new_members_is_announced_from_the_sixth_month_and_pressed_from_the_ninth(world, as_user):
    for day in (date(2024, 5, 18), date(2024, 5, 19), date(2024, 2, 18)):
        person = decided(world.north_1, date(2024, 2, 5), full_name=f"Vũ Thị {day:%m%d}")
        factories.step(person, Step.ADMITTED, day, received_on=day, late_consent="40-CV/HU")

    response = home(as_user(world.north_officer))

    found = {section.key: section for section in response.context["sections"]}["lop-dang-vien-moi"]
    assert [(item.name, item.words, item.is_late) for item in found.items] == [
        ("Vũ Thị 0218", "Đã dự bị 9 tháng", True),
        ("Vũ Thị 0518", "Đã dự bị 6 tháng", False),
    ]
    assert "lop-dang-vien-moi" not in lists(home(as_user(world.branch_officer)))


def test_introduced_people_wait_for_the_unit_and_show_to_who_introduced_them(world, as_user):
    from candidates.actions.records import introduce

    introduce(
        values={"full_name": "Trần Thị Đào", "sex": "female"},
        unit=world.north,
        body="youth_union",
        introduced_on=date(2024, 11, 1),
        by=world.youth,
    )
    assert lists(home(as_user(world.north_officer))) == {"cho-tiep-nhan": 1}
    assert lists(home(as_user(world.youth))) == {"gioi-thieu": 1}
    assert lists(home(as_user(world.south_officer))) == {}


def test_the_board_sees_cases_to_compare_and_accounts_at_their_limit(world, as_user, today):
    person, other = factories.make_candidate(world.north_1), factories.make_candidate(world.south_1)
    for _ in range(5):
        ReviewCase.objects.create(candidate=person, other=other, asked_by=world.north_officer, asked_on=today)
    assert lists(home(as_user(world.board))) == {"doi-chieu": 5, "qua-gioi-han": 1}


def test_proposals_wait_for_the_second_person(world, as_user):
    Proposal.objects.create(
        kind="assignment",
        organization=world.north,
        object_id=world.nobody.pk,
        payload={"role": "unit_officer"},
        proposed_by=world.admin,
    )
    assert lists(home(as_user(world.board))) == {"cho-xac-nhan": 1}
    assert lists(home(as_user(world.admin))) == {"de-nghi": 1, "chua-phan-cong": 1}


def test_a_session_that_was_held_waits_for_its_outcomes(world, as_user):
    person = factories.advance(factories.make_candidate(world.cell), Stage.APPRAISED)
    for day in (date(2024, 11, 15), date(2024, 11, 25)):
        session = open_session(organization=world.district, held_on=day, name="", by=world.board)
        assert "ky-hop" not in lists(home(as_user(world.board)))
        if day < date(2024, 11, 18):
            put_on_list(session=session, candidates=[person.pk], version=1, by=world.board)
            assert lists(home(as_user(world.board)))["ky-hop"] == 1
            item = SessionItem.objects.get()
            take_off_list(session=session, item=item.pk, reason="Chờ thêm ý kiến", version=2, by=world.board)
    assert "ky-hop" not in lists(home(as_user(world.north_officer)))


def test_the_unit_learns_that_a_dossier_came_to_a_halt_above(world, as_user):
    person = factories.advance(factories.make_candidate(world.north_1), Stage.APPRAISED)
    facts = {"reason": "Ban Thường vụ không đồng ý, cần thêm thời gian thử thách"}
    factories.step(person, Step.STOPPED, date(2024, 11, 8), by=world.board, **facts)

    response = home(as_user(world.north_officer))
    assert lists(response)["tam-dung"] == 1
    assert "cần thêm thời gian thử thách" in text_of(response)
    assert "tam-dung" not in lists(home(as_user(world.board)))


def test_the_centre_sees_classes_without_results(world, as_user):
    held = factories.make_class(date(2024, 10, 1), date(2024, 10, 9))
    factories.enrol(held, factories.make_candidate(world.north_1))
    assert lists(home(as_user(world.center))) == {"ket-qua-lop": 1}


@pytest.mark.parametrize("name", ["standing", "supervisor"])
def test_readers_see_figures_and_no_task(world, as_user, name):
    factories.advance(factories.make_candidate(world.north_1), Stage.SUBMITTED)
    response = home(as_user(getattr(world, name)))
    assert lists(response) == {}
    assert "đơn vị" in text_of(response)


def test_the_system_admin_sees_no_person_and_no_figure(world, as_user):
    decided(world.north_1, date(2024, 5, 6), full_name="Trần Thị Đào")
    response = home(as_user(world.admin))
    assert "Trần Thị Đào" not in text_of(response)
    assert "year" not in response.context


def test_help_opens_without_signing_in(client, db):
    assert client.get("/tro-giup/").status_code == 200


def test_the_centre_sees_who_waits_for_screening_and_for_a_certificate(world, as_user):
    coming = factories.make_class(date(2024, 12, 2))
    nominate(training_class=coming, candidates=[factories.make_candidate(world.north_1)], by=world.north_officer)
    held = factories.make_class(date(2024, 10, 7))
    (row,) = factories.enrol(held, factories.make_candidate(world.north_1))
    factories.finish(row)

    response = home(as_user(world.center))

    assert lists(response) == {"cho-xet": 1, "cap-giay": 1}
    assert reverse("candidates:screen", args=[coming.pk]) in response.content.decode()


def test_a_unit_learns_why_somebody_may_not_attend(world, as_user):
    coming = factories.make_class(date(2024, 12, 2))
    person = factories.make_candidate(world.north_1, full_name="Trần Thị Đào")
    (row,) = nominate(training_class=coming, candidates=[person], by=world.north_officer)
    verdict = Verdict(row.pk, row.version, False, "Chưa tốt nghiệp trung học cơ sở")
    screen(training_class=coming, verdicts=[verdict], by=world.center)

    own = home(as_user(world.north_officer))

    assert lists(own)["khong-duoc-hoc"] == 1
    assert "Chưa tốt nghiệp trung học cơ sở" in text_of(own)
    assert "khong-duoc-hoc" not in lists(home(as_user(world.south_officer)))
    assert "khong-duoc-hoc" not in lists(home(as_user(world.board)))
