"""The admission decision of one person in Word: who may take it, when there is one, what it says of them."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from candidates.pipeline import Stage, Step
from reports.decided import decision_of
from reports.issuer import DOTS, committee_paper
from tests import factories

LINK = "Tải quyết định (Word)"


def address(person) -> str:
    return reverse("reports:decision_word", args=[person.pk])


def text_of(content: bytes) -> str:
    document = Document(BytesIO(content))
    found = []
    for part in document.iter_inner_content():
        found += [cell.text for row in part.rows for cell in row.cells] if hasattr(part, "rows") else [part.text]
    return "\n".join(found)


@pytest.fixture
def decided(world):
    person = factories.make_candidate(
        world.north_1, full_name="Phạm Thị Thử Nghiệm", home_town="xã Hồng Lý", residence="thôn Hội"
    )
    return factories.advance(person, Stage.DECIDED)


@pytest.fixture
def file_of(as_user, world):
    def fetch(person) -> str:
        response = as_user(world.board).get(address(person))
        assert response.status_code == 200
        return text_of(response.content)

    return fetch


def test_the_board_takes_the_decision_of_a_person(decided, as_user, world):
    response = as_user(world.board).get(address(decided))

    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert response["Cache-Control"] == "no-store"
    assert 'filename="Quyet dinh 1024-QD-HU.docx"' in response["Content-Disposition"]
    assert "Nghi" not in response["Content-Disposition"]


def test_it_says_what_the_steps_on_record_say(decided, file_of):
    on = {event.step: event.happened_on for event in decided.events.filter(is_live=True)}
    text = file_of(decided)

    assert "ĐẢNG BỘ TỈNH THÁI BÌNH\nHUYỆN ỦY VŨ THƯ\n*" in text
    assert "Số 1024-QĐ/HU" in text
    assert f"năm {on[Step.DECIDED].year}" in text
    for who, document, step in (
        ("Chi bộ thôn Hội", "05-NQ/CB", Step.BRANCH_PASSED),
        ("Đảng ủy xã Hồng Lý", "21-NQ/ĐU", Step.COMMITTEE_PASSED),
        ("Ban Tổ chức Huyện ủy", "17-TTr/BTC", Step.APPRAISED),
    ):
        assert f"- Theo đề nghị của {who} tại văn bản số {document} ngày {on[step]:%d/%m/%Y}" in text
    assert "BAN THƯỜNG VỤ HUYỆN ỦY VŨ THƯ" in text
    assert "Kết nạp quần chúng PHẠM THỊ THỬ NGHIỆM, sinh ngày" in text
    assert "sinh hoạt tại Chi bộ thôn Hội, Đảng bộ xã Hồng Lý." in text
    assert "dự bị 12 tháng" in text
    assert "trong thời hạn 30 ngày làm việc" in text
    assert "T/M BAN THƯỜNG VỤ\nBÍ THƯ" in text


def test_a_grassroots_cell_has_no_committee_among_those_who_propose(world, file_of):
    text = file_of(factories.advance(factories.make_candidate(world.cell), Stage.DECIDED))

    assert "Theo đề nghị của Chi bộ Tòa án nhân dân huyện" in text
    assert "Đảng ủy" not in text
    assert text.count("sinh hoạt tại Chi bộ Tòa án nhân dân huyện.") == 1


def test_a_committee_short_of_two_thirds_reports_and_proposes_nothing(world, file_of):
    person = factories.advance(factories.make_candidate(world.north_1), Stage.BRANCH_PASSED)
    factories.step(person, Step.COMMITTEE_REPORTED, date(2022, 9, 1), document="9-BC/ĐU", members=15, votes=9)
    text = file_of(factories.advance(person, Stage.DECIDED))

    assert "Theo báo cáo của Đảng ủy xã Hồng Lý tại văn bản số 9-BC/ĐU" in text


def test_it_stays_the_decision_of_the_branch_after_a_move(decided, world, file_of):
    factories.step(
        decided, Step.MOVED, date(2024, 11, 1), by=world.board, unit=world.south_1, reason="Chuyển nơi ở, nơi làm việc"
    )

    assert "sinh hoạt tại Chi bộ thôn Hội, Đảng bộ xã Hồng Lý." in file_of(decided)


def test_a_delegated_committee_decides_under_its_own_head(decided, world):
    """As the second person's confirmation leaves it: the mark stands on the event."""
    event = decided.events.get(step=Step.DECIDED, is_live=True)
    event.facts |= {"delegated": True, "document": "7-QĐ/ĐU"}
    event.save()
    found = decision_of(decided)

    assert (found.paper.issuer, found.decider) == ("ĐẢNG ỦY XÃ HỒNG LÝ", "Đảng ủy xã Hồng Lý")
    assert found.paper.offices == ("T/M ĐẢNG ỦY", "BÍ THƯ")
    assert [proposal.who for proposal in found.proposals] == ["Chi bộ thôn Hội", "Đảng ủy xã Hồng Lý"]


@pytest.mark.parametrize("stage", [Stage.SOURCE, Stage.APPRAISED])
def test_there_is_none_before_the_decision(stage, world, as_user):
    person = factories.advance(factories.make_candidate(world.north_1), stage)
    client = as_user(world.board)

    assert client.get(address(person)).status_code == 404
    assert LINK not in client.get(person.get_absolute_url()).content.decode()


def test_there_is_none_once_it_is_cancelled(decided, world, as_user):
    factories.step(
        decided, Step.DECISION_CANCELLED, date(2024, 11, 1), by=world.board, document="2-QĐ/HU",
        reason="Phát hiện khai không đúng",
    )  # fmt: skip
    client = as_user(world.board)

    assert client.get(address(decided)).status_code == 404
    assert LINK not in client.get(decided.get_absolute_url()).content.decode()


@pytest.mark.parametrize("stage", [Stage.DECIDED, Stage.ADMITTED, Stage.OFFICIAL])
def test_the_page_of_a_person_offers_it_to_the_board_from_the_decision_on(stage, world, as_user):
    person = factories.advance(factories.make_candidate(world.north_1), stage)

    assert address(person) in as_user(world.board).get(person.get_absolute_url()).content.decode()
    assert LINK not in as_user(world.north_officer).get(person.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("north_officer", 403), ("standing", 403), ("supervisor", 403), ("south_officer", 404)]
)
def test_nobody_else_takes_it(who, status, decided, world, as_user):
    assert as_user(getattr(world, who)).get(address(decided)).status_code == status


def test_a_foreign_person_answers_as_a_missing_one(decided, world, as_user):
    client = as_user(world.south_officer)

    missing = reverse("reports:decision_word", args=[987_654])

    assert client.get(address(decided)).status_code == client.get(missing).status_code == 404


def test_a_demonstration_says_so(decided, settings):
    settings.DEMO = True

    assert decision_of(decided).marks


def test_what_the_file_asks_does_not_grow_with_the_steps(decided, world, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        decision_of(decided)
    official = factories.advance(decided, Stage.OFFICIAL)
    with django_assert_max_num_queries(5):
        decision_of(official)


def test_above_the_units_of_an_area_without_district_nobody_is_invented(world):
    """After the reorganisation who decides is not known from the tree (domain.md 2)."""
    paper = committee_paper(world.area, date(2025, 9, 1))

    assert (paper.parent, paper.issuer) == ("", DOTS)
