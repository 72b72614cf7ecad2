"""Pages of the rule book and the calendar: readable by those who work with them, completed by the Board."""

import re

import pytest
from django.urls import reverse

from candidates.models import CalendarYear, RuleSet

SET, EDIT = reverse("candidates:rule_set", args=["24-qd-tw"]), reverse("candidates:rule_set_edit", args=["24-qd-tw"])
CALENDAR = reverse("candidates:calendar")
YEAR = reverse("candidates:calendar_edit", args=[2027])
WHY = "Theo hướng dẫn mới của Ban Tổ chức"


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def rule_values(**values) -> dict:
    kept = {key: RuleSet.objects.get(regime="24-qd-tw").values[key] for key in newest().uncertain}
    return kept | {"version": newest().version, "reason": WHY} | values


def newest() -> RuleSet:
    return RuleSet.objects.filter(regime="24-qd-tw").order_by("-version").first()


def year_values(**values) -> dict:
    return {"version": 1, "days": "4/2/2027; nghỉ; Tết Nguyên đán; Thông báo 1", "document": "", "note": ""} | values


@pytest.mark.parametrize("who", ["north_officer", "branch_officer", "standing", "supervisor", "center", "board"])
def test_everyone_who_works_with_the_rules_reads_them(who, world, as_user):
    client = as_user(getattr(world, who))

    listed = text(client.get(reverse("candidates:rule_sets")))
    assert listed.index("29-QĐ/TW") < listed.index("24-QĐ/TW") < listed.index("294-QĐ/TW")
    assert "đang áp dụng" in listed
    shown = text(client.get(SET))
    assert "Quy định 24-QĐ/TW, 1.1.1" in shown
    assert "60 tháng cần đối chiếu" in shown
    assert "29/04/2024 thứ hai" in text(client.get(f"{CALENDAR}?nam=2024"))
    assert client.get(EDIT).status_code == (200 if who == "board" else 403)
    assert client.get(YEAR).status_code == (200 if who == "board" else 403)


@pytest.mark.parametrize("query, year", [("", 2024), ("?nam=2019", 2019), ("?nam=1900", 2024), ("?nam=<script>", 2024)])
def test_the_calendar_shows_a_year_it_has(query, year, world, as_user):
    assert f"Lịch làm việc năm {year}" in text(as_user(world.board).get(CALENDAR + query))


def test_a_year_nobody_confirmed_says_so(world, as_user):
    assert "chưa được xác nhận" in text(as_user(world.north_officer).get(f"{CALENDAR}?nam=2027"))


def test_the_board_completes_a_set_and_the_old_version_stays_readable(world, as_user):
    client = as_user(world.board)

    response = client.post(EDIT, rule_values(decision_days=45, **{"cite-decision": "Công văn 12-CV/BTC"}))

    assert response.status_code == 302
    assert (newest().version, newest().values["decision_days"]) == (2, 45)
    assert "45 ngày làm việc" in text(client.get(SET))
    assert "Công văn 12-CV/BTC" in text(client.get(SET))
    old = text(client.get(f"{SET}?phien-ban=1"))
    assert "Đây là phiên bản cũ" in old
    assert "60 ngày làm việc" in old


@pytest.mark.parametrize(
    "values, words",
    [
        ({"decision_days": "0"}, "Từ 1 đến 365"),
        ({"decision_days": "sáu mươi"}, "Nhập một số nguyên"),
        ({"reason": "ngắn"}, "ít nhất 10 ký tự"),
        ({"version": ""}, "Trang đã cũ"),
        ({}, "Chưa thay đổi gì"),
    ],
)
def test_a_set_refuses_in_words(values, words, world, as_user):
    response = as_user(world.board).post(EDIT, rule_values(**values))

    assert response.status_code == 422
    assert words in text(response)
    assert newest().version == 1


def test_of_two_officers_the_second_sees_that_there_is_a_newer_version(world, as_user):
    values = rule_values(decision_days=45)
    as_user(world.board).post(EDIT, values)

    response = as_user(world.board_2).post(EDIT, values | {"decision_days": 50})

    assert response.status_code == 409
    assert "Người khác vừa lưu một phiên bản mới" in text(response)
    assert newest().values["decision_days"] == 45


def test_the_board_keeps_a_year(world, as_user):
    client = as_user(world.board)

    response = client.post(YEAR, year_values(is_confirmed="on", document="Thông báo 1"))

    assert response.status_code == 302
    row = CalendarYear.objects.get(year=2027)
    assert row.days == [
        {"day": "2027-02-04", "kind": "off", "name": "Tết Nguyên đán", "source": "Thông báo 1"},
    ]
    assert row.is_confirmed
    assert client.post(YEAR, year_values()).status_code == 409


@pytest.mark.parametrize(
    "days, words",
    [
        ("4/2/2027", "Dòng 1: cần đủ bốn phần"),
        ("31/2/2027; nghỉ; Tết; Thông báo", "tháng 2 năm 2027 chỉ có 28 ngày"),
        ("4/2/2026; nghỉ; Tết; Thông báo", "không thuộc năm 2027"),
        ("4/2/2027; vui; Tết; Thông báo", "không phải là “nghỉ” hay “làm bù”"),
        ("4/2/2027; làm bù; Tết; Thông báo", "không phải thứ bảy, chủ nhật"),
        ("4/2/2027; nghỉ; Tết; A\n\n4/2/2027; nghỉ; Tết; A", "Dòng 3: trùng ngày với dòng 1"),
        ("\n".join(["x"] * 61), "không quá 60 ngày"),
    ],
)
def test_a_year_refuses_line_by_line(days, words, world, as_user):
    before = CalendarYear.objects.get(year=2027).days
    response = as_user(world.board).post(YEAR, year_values(days=days))

    assert response.status_code == 422
    assert words in text(response)
    assert CalendarYear.objects.get(year=2027).days == before


def test_a_confirmed_year_names_its_document(world, as_user):
    response = as_user(world.board).post(YEAR, year_values(is_confirmed="on"))

    assert response.status_code == 422
    assert "phải ghi văn bản đối chiếu" in text(response)


def test_the_next_year_is_added_once_and_not_too_far_ahead(world, as_user):
    client = as_user(world.board)
    CalendarYear.objects.filter(year=2027).delete()

    first = client.post(reverse("candidates:calendar_add"), {"year": 2027})

    assert first.url == reverse("candidates:calendar_edit", args=[2027])
    assert client.post(reverse("candidates:calendar_add"), {"year": 2028}).status_code == 404  # too far ahead


def test_an_empty_program_says_how_to_load(world, as_user):
    RuleSet.objects.all().delete()
    CalendarYear.objects.all().delete()
    client = as_user(world.board)

    assert "load_rules" in text(client.get(reverse("candidates:rule_sets")))
    assert "load_rules" in text(client.get(CALENDAR))


def test_an_unknown_set_is_no_page(world, as_user):
    client = as_user(world.board)

    assert client.get(reverse("candidates:rule_set", args=["khong-co"])).status_code == 404
    assert client.get(reverse("candidates:rule_set_edit", args=["khong-co"])).status_code == 404
    assert client.get(reverse("candidates:calendar_edit", args=[1999])).status_code == 404
