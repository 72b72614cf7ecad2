"""Two people at one record, a button pressed twice, a page sent again from history, and no mouse at all."""

from datetime import date

import pytest
from django.urls import reverse

from candidates.models import Candidate, StageEvent
from candidates.pipeline import Step
from tests import factories
from tests.browser.conftest import follow


@pytest.fixture
def person(stage):
    return factories.make_candidate(stage.north_1, full_name="Nguyễn Thị Hai", residence="thôn Hội")


def fill_new(page) -> None:
    page.goto(reverse("candidates:create"))
    page.fill("[name=full_name]", "Trần Văn Đúp")
    page.check("[name=sex][value=male]")
    page.fill("[name=entered_on]", "1/3/2024")


def test_the_second_sees_both_versions_and_chooses(stage, person, visit):
    first, second = visit("north_officer").page, visit("branch_officer").page
    for page in (first, second):
        page.goto(reverse("candidates:edit", args=[person.pk]))

    first.fill("[name=residence]", "xóm Một")
    follow(first.locator("text=Lưu thay đổi").first)
    second.fill("[name=residence]", "xóm Hai")
    second.fill("[name=home_town]", "Thái Bình")
    follow(second.locator("text=Lưu thay đổi").first)

    notice = second.inner_text("main .notice")
    assert "Người khác vừa sửa" in notice
    assert "xóm Một" in notice
    assert "xóm Hai" in notice
    assert second.input_value("[name=residence]") == "xóm Hai"
    assert second.input_value("[name=home_town]") == "Thái Bình"
    assert Candidate.objects.get(pk=person.pk).residence == "xóm Một"

    follow(second.locator("text=Lưu thay đổi").first)
    saved = Candidate.objects.get(pk=person.pk)
    assert (saved.residence, saved.home_town) == ("xóm Hai", "Thái Bình")


def test_a_double_click_enters_one_person(stage, visit):
    page = visit("branch_officer").page
    fill_new(page)
    page.dblclick("text=Lưu người này")
    page.wait_for_selector("text=Đã lưu Trần Văn Đúp")

    assert Candidate.objects.count() == 1


def test_back_and_send_again_enters_one_person(stage, visit):
    page = visit("branch_officer").page
    fill_new(page)
    follow(page.locator("text=Lưu người này").first)
    page.wait_for_selector("text=Đã lưu Trần Văn Đúp")
    page.go_back()
    # Without the cache of the browser the page comes back fresh: what counts is that nothing is there twice.
    if page.input_value("[name=full_name]"):
        follow(page.locator("text=Lưu người này").first)
        page.wait_for_load_state()

    assert Candidate.objects.count() == 1


def test_a_step_sent_twice_stands_once(stage, person, visit):
    page = visit("branch_officer").page
    factories.give_certificate(person, date(2024, 4, 15))
    page.goto(reverse("candidates:step", args=[person.pk, Step.DOSSIER]))
    page.fill("[name=happened_on]", "2/5/2024")
    page.dblclick("text=Ghi bước này")
    page.wait_for_selector("text=Đã ghi")
    page.go_back()
    if page.input_value("[name=happened_on]"):
        follow(page.locator("text=Ghi bước này").first)
        page.wait_for_load_state()

    assert StageEvent.objects.filter(step=Step.DOSSIER).count() == 1


# What has the focus: named, outlined, inside the window, on top of whatever sticks.
FOCUS = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12));
  return {
    is_page: it === document.body || it.matches("main, .error-summary"),
    href: it.getAttribute("href") || "", name: it.name || "", text: it.innerText || "",
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: !!at && (it.contains(at) || at.contains(it) || it.labels?.[0]?.contains(at)),
  };
}"""


def tab_to(page, wanted) -> None:
    """Press Tab until `wanted` has the focus; every stop on the way is visible."""
    for _ in range(120):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        assert stop["is_page"] or (stop["outlined"] and stop["seen"]), stop
        if wanted(stop):
            return
    raise AssertionError("never reached by Tab")


def test_signing_in_searching_and_taking_a_step_without_a_mouse(stage, person, visit):
    factories.give_certificate(person, date(2024, 4, 15))
    page = visit().page
    page.goto(reverse("login"))
    for name, typed in (("username", "branch_officer"), ("password", "mat-khau-de-thu-nghiem")):
        if page.evaluate(FOCUS)["name"] != name:
            tab_to(page, lambda stop, name=name: stop["name"] == name)
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Đăng xuất")

    tab_to(page, lambda stop: stop["name"] == "number")
    page.keyboard.type("nguyen thi hai")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quan-chung/?q=*")

    tab_to(page, lambda stop: stop["href"] == person.get_absolute_url())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{person.get_absolute_url()}")

    tab_to(page, lambda stop: stop["href"] == reverse("candidates:step", args=[person.pk, Step.DOSSIER]))
    page.keyboard.press("Enter")
    page.wait_for_url("**/buoc/**")

    tab_to(page, lambda stop: stop["name"] == "happened_on")
    page.keyboard.type("2/5/2024")
    tab_to(page, lambda stop: stop["text"] == "Ghi bước này")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Đã ghi")

    assert StageEvent.objects.filter(step=Step.DOSSIER).count() == 1
