"""One person from entry to official member, in the browser, through everyone who really does each step."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from candidates.models import Candidate, StageEvent
from candidates.pipeline import Stage, Step
from tests.browser.conftest import follow
from tests.reports.sheets import lines
from vuthu_recruit import clock

NAME = "Phạm Thị Thử Nghiệm"
VOTE = {"document": "05-NQ/CB", "members": "12", "votes": "11"}
COMMITTEE = {"document": "21-NQ/ĐU", "members": "15", "votes": "15"}
# who, step, day, the rest of the form
TO_DECISION = [
    ("branch_officer", Step.DOSSIER, "2/5/2024", {}),
    ("branch_officer", Step.BRANCH_PASSED, "3/6/2024", VOTE),
    ("north_officer", Step.COMMITTEE_PASSED, "3/7/2024", COMMITTEE),
    ("north_officer", Step.SUBMITTED, "10/7/2024", {"document": "33-CV/ĐU"}),
    ("board", Step.APPRAISED, "1/8/2024", {"document": "17-TTr/BTC"}),
    ("board_2", Step.DECIDED, "5/9/2024", {"document": "1024-QĐ/HU"}),
]
TO_OFFICIAL = [
    ("branch_officer", Step.RECOGNITION_PROPOSED, "22/9/2025", VOTE),
    ("north_officer", Step.RECOGNITION_COMMITTEE_PASSED, "1/10/2025", COMMITTEE),
    ("board", Step.OFFICIAL, "15/10/2025", {"document": "1300-QĐ/HU"}),
]


class Office:
    """Everyone at their own browser."""

    def __init__(self, visit):
        self.visit, self.open = visit, {}

    def of(self, who: str):
        if who not in self.open:
            self.open[who] = self.visit(who)
        return self.open[who].page

    def take(self, who: str, person: str, step: Step, day: str, facts: dict) -> None:
        """From the person's own page, by the button that offers the step."""
        page = self.of(who)
        page.goto(person)
        follow(
            page.locator(
                f"main a[href$='{reverse('candidates:step', args=[1, step]).removeprefix('/quan-chung/1')}']"
            ).first
        )
        page.fill("[name=happened_on]", day)
        for name, value in facts.items():
            page.fill(f"[name={name}]", value)
        for question in page.locator(".check fieldset").all():  # the checklist of an appraisal
            question.get_by_label("Đạt", exact=True).check()
        follow(page.locator("main button.button--primary").first)
        message = page.inner_text("main")
        assert f"Đã ghi “{step.label}” cho {NAME} lúc" in message, message


def year_figure(page) -> int:
    page.goto(reverse("reports:dashboard"))
    return number(page.inner_text("section[aria-labelledby=h-nam] .figure__value"))


def official_figure(page) -> int:
    page.goto(reverse("reports:dashboard"))
    return number(page.inner_text("section[aria-labelledby=h-nam] div:has(> dt:has-text('Chuyển chính thức')) dd"))


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def workbook(page) -> dict[str, dict]:
    """What stands in the downloaded file, as the program that opens it without recalculating shows it."""
    page.goto(reverse("reports:standing_committee"))
    with page.expect_download() as waiting:
        page.click("a:has-text('Tải Excel')")
    assert waiting.value.suggested_filename.endswith(".xlsx")
    return lines(Path(waiting.value.path()).read_bytes())


def enter(page) -> str:
    page.goto(reverse("candidates:index"))
    follow(page.locator("text=Thêm quần chúng").first)
    page.fill("[name=full_name]", NAME)
    page.check("[name=sex][value=female]")
    page.fill("[name=birth]", "12/3/1998")
    page.select_option("[name=education]", label="Trung học phổ thông")
    page.fill("[name=entered_on]", "1/3/2024")
    for number, introducer in enumerate(("Trần Văn Dẫn", "Phạm Thị Dìu"), 1):
        page.fill(f"[name=introducer_{number}_name]", introducer)
    follow(page.locator("text=Lưu người này").first)
    assert f"Đã lưu {NAME} lúc" in page.inner_text("main")
    return page.url


def study(office: Office, person: str) -> None:
    """The center opens a class of the spring, the Board sends the person, the center screens, grades and certifies."""
    center, unit = office.of("center"), office.of("north_officer")
    center.goto(reverse("candidates:classes"))
    follow(center.locator("text=Mở lớp").first)
    for name, value in {"number": "1", "year": "2024", "from_on": "1/4/2024", "to_on": "8/4/2024"}.items():
        center.fill(f"[name={name}]", value)
    follow(center.locator("text=Mở lớp này").first)
    own_class = center.url

    board = office.of("board")
    board.goto(own_class)
    follow(board.locator("text=Cử người đi học").first)
    board.check(f"text={NAME}")
    follow(board.locator("text=Cử những người đã chọn").first)
    assert "Đã cử 1 người" in board.inner_text("main")

    center.goto(own_class)
    follow(center.locator("text=Xét chọn 1 người").first)
    center.select_option("select[name$='-verdict']", "eligible")
    follow(center.locator("text=Ghi kết quả xét").first)
    follow(center.locator("main .page-head >> text=Ghi kết quả").first)
    center.fill("input[name$='-score']", "8,5")
    follow(center.locator("text=Lưu cả bảng").first)
    follow(center.locator("text=Cấp giấy chứng nhận").first)
    for name, value in {"first_number": "101", "mark": "CN-TTCT", "issued_on": "15/4/2024"}.items():
        center.fill(f"[name={name}]", value)
    follow(center.locator("text=Xem trước số của từng người").first)
    follow(center.locator("text=Cấp 1 giấy chứng nhận").first)
    unit.goto(person)
    assert "101/CN-TTCT" in unit.inner_text("main")


@pytest.fixture
def office(stage, visit):
    return Office(visit)


def test_one_life_moves_every_figure_by_one(office, monkeypatch):
    head = office.of("head")
    assert (year_figure(head), official_figure(head)) == (0, 0)
    before = workbook(head)

    person = enter(office.of("branch_officer"))
    study(office, person)
    for who, step, day, facts in TO_DECISION:
        assert year_figure(head) == 0
        office.take(who, person, step, day, facts)

    assert year_figure(head) == 1
    decided = workbook(head)
    # A unit nobody has entered anybody for is blank, not nought.
    assert [before[line]["year"] for line in ("Xã Hồng Lý", "Tổng cộng")] == [None, 0]
    for line in ("Xã Hồng Lý", "Tổng cộng"):
        assert (decided[line]["year"], decided[line]["term"]) == (1, 1)

    office.take("north_officer", person, Step.ADMITTED, "20/9/2024", {"received_on": "10/9/2024"})
    monkeypatch.setattr(clock, "today", lambda: date(2025, 11, 3))
    for who, step, day, facts in TO_OFFICIAL:
        assert official_figure(head) == 0
        office.take(who, person, step, day, facts)

    assert (year_figure(head), official_figure(head)) == (0, 1)
    after = workbook(head)
    for line in ("Xã Hồng Lý", "Tổng cộng"):
        assert (after[line]["year"], after[line]["term"], after[line]["official"]) == (0, 1, 1)
    assert Candidate.objects.get().stage == Stage.OFFICIAL
    assert StageEvent.objects.filter(is_live=True).count() == 12
