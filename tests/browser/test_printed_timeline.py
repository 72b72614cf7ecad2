"""The timeline of an ordinary life is one A4 page upright, and scrolls inside its frame on a phone."""

import re

from django.urls import reverse

from candidates.pipeline import Stage
from tests import factories
from tests.browser.conftest import follow


def test_an_ordinary_life_prints_on_one_upright_page(stage, visit):
    person = factories.advance(factories.make_candidate(stage.north_1), Stage.OFFICIAL)
    visitor = visit("board")
    visitor.go(reverse("candidates:timeline", args=[person.pk]))

    paper = visitor.page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    width, height = (float(side) for side in re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper).groups())
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    assert visitor.sideways_on_phone() == []
    assert visitor.axe() == []


def test_the_button_prints_the_page(stage, visit):
    person = factories.advance(factories.make_candidate(stage.north_1), Stage.OFFICIAL)
    visitor = visit("board")
    visitor.go(reverse("candidates:timeline", args=[person.pk]))
    visitor.page.evaluate("() => { window.print = () => { document.title = 'on paper'; }; }")

    visitor.page.get_by_role("button", name="In", exact=True).click()

    assert visitor.page.title() == "on paper"


def test_the_next_line_of_a_decision_keeps_what_stays_the_same(stage, visit):
    visitor = visit("board")
    page = visitor.page
    visitor.go(reverse("candidates:backfill"))
    page.select_option("[name=unit]", stage.north_1.slug)
    for name, words in (
        ("decision", "315-QĐ/HU"),
        ("decided_on", "1/3/2021"),
        ("full_name", "Trần Thị Cũ"),
        ("ceremony_on", "19/3/2021"),
    ):
        page.fill(f"[name={name}]", words)
    page.check("[name=sex][value=female]")

    follow(page.locator("text=Lưu, nhập người tiếp theo").first)

    page.wait_for_selector("text=Đã nhập bù Trần Thị Cũ")
    kept = [page.input_value(f"[name={name}]") for name in ("unit", "decision", "decided_on", "full_name")]
    assert kept == [stage.north_1.slug, "315-QĐ/HU", "01/03/2021", ""]
    assert visitor.sideways_on_phone() == []
