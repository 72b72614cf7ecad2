"""Somebody struck off comes back, in the browser: refused at month 35, accepted at 36, agreed to by the province."""

from datetime import date

import pytest
from django.urls import reverse

from candidates.actions import records
from candidates.models import Candidate
from candidates.pipeline import Stage, Status, Step
from tests import factories
from tests.browser.conftest import follow
from vuthu_recruit.dates import PartialDate

NAME = "Đặng Thị Trở Lại"
VOTE = {"document": "05-NQ/CB", "members": "12", "votes": "11"}


@pytest.fixture
def struck_off(stage) -> Candidate:
    """A member on probation, struck off on 1/9/2021."""
    person = factories.make_candidate(stage.north_1, full_name=NAME, started=date(2019, 3, 1))
    factories.advance(person, Stage.ADMITTED)
    reason = "Không bảo đảm tư cách đảng viên"
    factories.step(person, Step.STRUCK_OFF, date(2021, 9, 1), by=stage.board, document="77-QĐ/HU", reason=reason)
    return Candidate.objects.get(pk=person.pk)


def prepare(stage, person: Candidate) -> None:
    """What lies between the source and the meeting: introducers, the class, the dossier."""
    for name in factories.INTRODUCERS:
        records.set_companion(
            candidate=person, model=person.introducers.model, row=None,
            version=Candidate.objects.get(pk=person.pk).version, by=stage.north_officer,
            values={"full_name": name, "position": "", "from_on": date(2024, 1, 10),
                    "together_since": PartialDate(2015), "is_replacement": False},
        )  # fmt: skip
    factories.give_certificate(person, date(2024, 3, 1))
    factories.step(person, Step.DOSSIER, date(2024, 4, 1))


def record(page, person: Candidate, step: Step, day: str, facts: dict) -> str:
    page.goto(reverse("candidates:step", args=[person.pk, step]))
    page.fill("[name=happened_on]", day)
    for name, value in facts.items():
        page.fill(f"[name={name}]", value)
    follow(page.locator("main button.button--primary").first)
    return page.inner_text("main")


def test_one_struck_off_is_admitted_again_after_36_months(stage, struck_off, visit):
    unit = visit("north_officer")
    page = unit.page
    page.goto(struck_off.get_absolute_url())
    follow(page.locator("main a:has-text('Kết nạp lại')").first)
    assert unit.axe() == []
    assert unit.sideways_on_phone() == []
    page.fill("[name=entered_on]", "10/1/2024")
    follow(page.locator("text=Lập hồ sơ kết nạp lại").first)

    assert f"Đã lập hồ sơ kết nạp lại của {NAME}" in page.inner_text("main")
    person = Candidate.objects.get(previous=struck_off)
    follow(page.locator("text=Hồ sơ trước, đã bị xóa tên").first)
    follow(page.locator("text=Hồ sơ kết nạp lại").first)
    assert page.url.endswith(person.get_absolute_url())
    follow(page.locator("main a:has-text('Từng là đảng viên')").first)
    assert page.input_value("[name=left_on]") == "01/09/2021"
    assert unit.axe() == []
    assert unit.sideways_on_phone() == []

    prepare(stage, person)
    refused = record(page, person, Step.BRANCH_PASSED, "1/8/2024", VOTE)
    assert "Chưa đủ 36 tháng từ khi ra khỏi Đảng." in refused
    assert "ra khỏi Đảng ngày 01/09/2021, đã 35 tháng" in refused
    page.fill("[name=happened_on]", "1/9/2024")
    follow(page.locator("main button.button--primary").first)
    assert f"Đã ghi “{Step.BRANCH_PASSED.label}” cho {NAME}" in page.inner_text("main")

    factories.advance(person, Stage.APPRAISED, [date(2024, 9, 5), date(2024, 9, 6), date(2024, 9, 9)])
    board = visit("board_2").page
    told = record(board, person, Step.DECIDED, "1/10/2024", {"document": "1024-QĐ/HU"})
    assert "Ban Thường vụ Tỉnh ủy đồng ý bằng văn bản" in told
    board.fill("[name=readmission_consent]", "215-CV/TU")
    follow(board.locator("main button.button--primary").first)
    assert f"Đã ghi “{Step.DECIDED.label}” cho {NAME}" in board.inner_text("main")

    assert (Candidate.objects.get(pk=person.pk).stage, Candidate.objects.get(pk=struck_off.pk).status) == (
        Stage.DECIDED,
        Status.STRUCK_OFF,
    )
