"""A dossier returned with two points, put right, accepted on the second visit; ten decided in one session."""

import re
from datetime import date

import pytest
from django.urls import reverse

from candidates.models import Candidate, CommitteeSession, SessionItem
from candidates.pipeline import Stage
from tests import factories
from tests.browser.conftest import Visitor, follow

MISSING = "Thiếu ý kiến nhận xét của chi ủy nơi cư trú."
UNSIGNED = "Đơn chưa có chữ ký của người xin vào Đảng."


def words(visitor: Visitor) -> str:
    return re.sub(r"\s+", " ", visitor.page.inner_text("main"))


def assert_fits_everyone(visitor: Visitor) -> None:
    assert visitor.axe() == []
    assert visitor.sideways_on_phone() == []


def answer(visitor: Visitor, question: str, word: str) -> None:
    """Tick a radio of the checklist by its question."""
    group = visitor.page.locator("fieldset", has=visitor.page.get_by_text(question))
    group.get_by_label(word, exact=True).check()


@pytest.fixture
def sent(stage):
    """With the Board since 22/9/2024, its papers complete."""
    person = factories.make_candidate(stage.north_1, full_name="Trần Ngọc Linh", started=date(2024, 3, 1))
    days = [date(2024, 4, 1), date(2024, 5, 2), date(2024, 8, 29), date(2024, 9, 9), date(2024, 9, 22)]
    person = factories.advance(person, Stage.DOSSIER, days[:2])
    factories.give_papers(person, dated_on=date(2024, 6, 3))
    return factories.advance(person, Stage.SUBMITTED, days[2:])


def test_a_dossier_returned_with_two_points_is_put_right_and_accepted_on_the_second_visit(sent, visit):
    board, unit = visit("board"), visit("north_officer")

    # The first round: everything is right but two papers.
    board.go(sent.get_absolute_url())
    follow(board.page.get_by_role("link", name="Thẩm định đạt"))
    for group in board.page.locator(".check fieldset").all():
        group.get_by_label("Đạt", exact=True).check()
    answer(board, "Có đủ ý kiến đoàn thể nơi sinh hoạt", "Trả lại")
    board.page.locator(".check", has_text="Có đủ ý kiến đoàn thể").locator("textarea").fill(MISSING)
    answer(board, "Người xin vào Đảng tự viết", "Trả lại")
    board.page.locator(".check", has_text="Người xin vào Đảng tự viết").locator("textarea").fill("ngắn")
    board.page.get_by_label("Chỉ bổ sung, không phải họp lại").check()
    board.page.fill("[name=happened_on]", "1/10/2024")
    follow(board.page.get_by_role("button", name="Trả lại hồ sơ"))
    assert "Lý do trả lại cần ít nhất 10 ký tự." in words(board)
    assert_fits_everyone(board)
    board.page.locator(".check", has_text="Người xin vào Đảng tự viết").locator("textarea").fill(UNSIGNED)
    follow(board.page.get_by_role("button", name="Trả lại hồ sơ"))
    note = words(board)
    assert MISSING in note
    assert UNSIGNED in note
    assert_fits_everyone(board)

    # The unit reads both, cannot send the dossier as it is, puts it right and sends it.
    unit.go(reverse("home"))
    assert MISSING in words(unit)
    unit.go(sent.get_absolute_url())
    assert "Còn 2 điểm bị trả lại chưa ghi đã bổ sung." in words(unit)
    unit.go(reverse("candidates:dossier", args=[sent.pk]))
    for box in unit.page.locator("[name^=answer-]").all():
        box.fill("Đã bổ sung bản mới ngày 1/10/2024")
    for key in ("1-knd", "5-knd"):
        unit.page.select_option(f"[name=state-{key}-1]", "in")
        unit.page.fill(f"[name=dated-{key}-1]", "3/6/2024")
    follow(unit.page.get_by_role("button", name="Lưu hồ sơ giấy tờ").last)
    told = words(unit)
    assert "Đã lưu 2 giấy tờ và 2 điểm đã bổ sung" in told
    assert "Không thấy thiếu giấy tờ" in told
    assert_fits_everyone(unit)
    follow(unit.page.get_by_role("link", name="Gửi hồ sơ lên Ban Tổ chức"))
    unit.page.fill("[name=happened_on]", "2/10/2024")
    follow(unit.page.locator("main button.button--primary").first)
    assert Candidate.objects.get(pk=sent.pk).stage == Stage.SUBMITTED

    # The second round shows the two points alone.
    board.go(reverse("candidates:appraise", args=[sent.pk]))
    assert board.page.locator(".check fieldset").count() == 2
    assert "Đơn vị ghi: Đã bổ sung bản mới ngày 1/10/2024" in words(board)
    for group in board.page.locator(".check fieldset").all():
        group.get_by_label("Đạt", exact=True).check()
    board.page.fill("[name=happened_on]", "9/10/2024")
    board.page.fill("[name=document]", "18-TTr/BTC")
    assert_fits_everyone(board)
    follow(board.page.get_by_role("button", name="Thẩm định đạt"))
    assert Candidate.objects.get(pk=sent.pk).stage == Stage.APPRAISED


@pytest.fixture
def ten(stage):
    """Ten people of three units, all appraised by one officer."""
    units = (stage.north_1, stage.south_1, stage.cell)
    begun, voted = [date(2024, 4, 1), date(2024, 5, 2), date(2024, 9, 9)], date(2024, 9, 16)
    sent = [date(2024, 9, 22), date(2024, 10, 7)]
    return [
        factories.advance(
            factories.make_candidate(units[number % 3], started=date(2024, 3, 1)),
            Stage.APPRAISED,
            [*begun, *([] if units[number % 3] == stage.cell else [voted]), *sent],
        )
        for number in range(10)
    ]


def test_ten_are_decided_in_one_session_all_or_nothing(ten, visit):
    appraiser, recorder = visit("board"), visit("board_2")
    appraiser.go(reverse("candidates:sessions"))
    appraiser.page.fill("[name=held_on]", "22/10/2024")
    appraiser.page.fill("[name=name]", "Kỳ họp thứ 52")
    follow(appraiser.page.get_by_role("button", name="Mở kỳ họp"))
    for box in appraiser.page.locator("[name=people]").all():
        box.check()
    assert_fits_everyone(appraiser)
    follow(appraiser.page.get_by_role("button", name="Đưa vào danh sách"))
    assert "Đã đưa 10 người vào danh sách" in words(appraiser)
    follow(appraiser.page.get_by_role("link", name="Danh sách trình họp, in"))
    assert "Danh sách có 10 người." in words(appraiser)
    assert_fits_everyone(appraiser)

    session = CommitteeSession.objects.get()
    recorder.go(reverse("candidates:session_outcomes", args=[session.pk]))
    recorder.page.get_by_role("button", name="Chọn “Đồng ý kết nạp” cho những người chưa ghi").click()
    numbers = recorder.page.locator("[name^=document-]").all()
    for place, box in enumerate(numbers[:9]):
        box.fill(f"{1001 + place}-QĐ/HU")
    follow(recorder.page.get_by_role("button", name="Ghi kết quả"))
    refused = words(recorder)
    assert "Chưa nhập số quyết định kết nạp." in refused
    assert Candidate.objects.filter(stage=Stage.DECIDED).count() == 0
    assert recorder.page.locator("[name^=document-]").first.input_value() == "1001-QĐ/HU"
    assert_fits_everyone(recorder)

    recorder.page.locator("[name^=document-]").last.fill("1010-QĐ/HU")
    follow(recorder.page.get_by_role("button", name="Ghi kết quả"))
    assert "Đã ghi kết quả của 10 người" in words(recorder)
    assert Candidate.objects.filter(stage=Stage.DECIDED).count() == 10
    assert SessionItem.objects.filter(outcome="").count() == 0
    assert_fits_everyone(recorder)
