"""The rule book as people meet it: refused for four reasons, given more time by a signed paper, recognised late."""

import re
from datetime import date

import pytest
from django.urls import reverse

from candidates.models import Candidate
from candidates.pipeline import Stage, Step
from tests import factories
from tests.browser.conftest import Visitor, follow
from vuthu_recruit.dates import PartialDate

MEETING = {"happened_on": "15/11/2024", "document": "05-NQ/CB", "members": "12", "votes": "11"}
EXTENSION = {
    "happened_on": "15/11/2024",
    "until": "13/12/2024",
    "document": "15-CV/HU",
    "reason": "Chờ kết luận thẩm tra lý lịch ở nơi quê quán.",
}


def open_step(visitor: Visitor, person: Candidate, step: Step) -> None:
    """By the link on the person's own page."""
    visitor.go(person.get_absolute_url())
    follow(visitor.page.locator(f"main a[href='{reverse('candidates:step', args=[person.pk, step])}']").first)


def send(visitor: Visitor, typed: dict[str, str]) -> str:
    """Fill what is named, send the form, and return what the page says then."""
    for name, value in typed.items():
        visitor.page.fill(f"main [name={name}]", value)
    follow(visitor.page.locator("main button.button--primary").first)
    return words(visitor)


def words(visitor: Visitor) -> str:
    return re.sub(r"\s+", " ", visitor.page.inner_text("main"))


def values(visitor: Visitor, names) -> dict[str, str]:
    return {name: visitor.page.input_value(f"main [name={name}]") for name in names}


def facts(visitor: Visitor, heading: str) -> dict[str, str]:
    """A card of labels and values, by its heading."""
    card = visitor.page.locator("section.card", has=visitor.page.get_by_role("heading", name=heading, exact=True))
    labels, found = card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts()
    return dict(zip(labels, found, strict=True))


def assert_fits_everyone(visitor: Visitor) -> None:
    assert visitor.axe() == []
    assert visitor.sideways_on_phone() == []


@pytest.fixture
def ineligible(stage):
    """Seventeen, primary school, a certificate of 2019, nobody who introduces; the dossier is begun."""
    person = factories.make_candidate(
        stage.north_1,
        full_name="Lê Văn Trẻ",
        started=date(2019, 3, 1),
        birth=PartialDate(2007, 5, 20),
        education="primary",
        introducers=(),
    )
    return factories.advance(person, Stage.DOSSIER, [date(2019, 5, 10), date(2024, 5, 2)])


def test_four_reasons_are_met_at_once_and_nothing_typed_is_lost(ineligible, visit):
    branch = visit("branch_officer")
    open_step(branch, ineligible, Step.BRANCH_PASSED)

    send(branch, MEETING)

    reasons = branch.page.locator(".gate__item")
    assert branch.page.inner_text(".gate .card__head p").startswith("4 điều kiện chưa đạt")
    assert reasons.locator("h3").all_inner_texts() == [
        "Chưa đủ 18 tuổi vào ngày chi bộ họp xét (17 tuổi 6 tháng).",
        "Học vấn dưới trung học cơ sở.",
        "Giấy chứng nhận hết giá trị ngày 10/05/2024.",
        "Người giới thiệu vào ngày này: 0 đảng viên, cần 2.",
    ]
    for reason in reasons.all():
        told = dict(zip(reason.locator("dt").all_inner_texts(), reason.locator("dd").all_inner_texts(), strict=True))
        assert told["Căn cứ"]
        assert told["Cách xử lý"]
    assert values(branch, MEETING) == MEETING
    assert Candidate.objects.get(pk=ineligible.pk).stage == Stage.DOSSIER
    assert_fits_everyone(branch)


@pytest.fixture
def waiting(stage):
    """The branch resolved on 29/8/2024; the decision is due within a week of today."""
    person = factories.make_candidate(stage.north_1, full_name="Lê Văn Chờ", started=date(2024, 3, 1))
    days = [date(2024, 4, 1), date(2024, 5, 2), date(2024, 8, 29)]
    return factories.advance(person, Stage.BRANCH_PASSED, days)


def deadline_of(visitor: Visitor, person: Candidate) -> str:
    """What the page of deadlines says of a person."""
    visitor.go(reverse("candidates:deadlines"))
    return visitor.page.inner_text(f"tr:has(a[href='{person.get_absolute_url()}']) td[data-label=Hạn]")


def test_a_signed_extension_gives_another_last_day_everywhere(waiting, visit):
    board, unit = visit("board"), visit("north_officer")
    assert "13/12/2024" not in deadline_of(unit, waiting)
    open_step(board, waiting, Step.EXTENDED)

    refused = send(board, EXTENSION)

    assert "Chưa nhập “Người ký”." in refused
    assert values(board, EXTENSION) == EXTENSION
    assert_fits_everyone(board)
    assert waiting.events.filter(step=Step.EXTENDED).count() == 0

    done = send(board, {"signer": "Phó Bí thư Thường trực Huyện ủy"})

    assert f"Đã ghi “{Step.EXTENDED.label}” cho Lê Văn Chờ lúc" in done
    assert "13/12/2024" in board.page.inner_text(".next-step")
    for told in ("Gia hạn đến ngày: 13/12/2024", "15-CV/HU", "Người ký: Phó Bí thư Thường trực Huyện ủy"):
        assert told in done
    assert "Lý do: Chờ kết luận thẩm tra lý lịch" in done
    assert_fits_everyone(board)
    assert "13/12/2024" in deadline_of(unit, waiting)
    assert_fits_everyone(unit)


@pytest.fixture
def late(stage):
    """The ceremony was on 27/10/2022; branch and committee met on recognition only in March 2024."""
    person = factories.make_candidate(stage.north_1, full_name="Lê Văn Muộn", started=date(2022, 3, 1))
    admitted = factories.advance(person, Stage.ADMITTED)
    days = [date(2024, 3, 1), date(2024, 3, 15)]
    return factories.advance(admitted, Stage.RECOGNITION_COMMITTEE_PASSED, days)


def test_who_is_recognised_late_is_official_from_the_end_of_month_twelve(late, visit):
    board = visit("board")
    ceremony = late.events.get(step=Step.ADMITTED, is_live=True).happened_on
    decided = late.events.get(step=Step.DECIDED, is_live=True).happened_on
    open_step(board, late, Step.OFFICIAL)

    send(board, {"happened_on": "2/4/2024", "document": "1300-QĐ/HU"})

    assert facts(board, "Đảng viên") == {
        "Ngày vào Đảng": f"{ceremony:%d/%m/%Y}",
        "Chính thức từ ngày": f"{ceremony.replace(year=ceremony.year + 1):%d/%m/%Y}",
        "Quyết định công nhận": "02/04/2024",
        "Tuổi đảng tính từ": f"{decided:%d/%m/%Y}",
    }
    assert_fits_everyone(board)
