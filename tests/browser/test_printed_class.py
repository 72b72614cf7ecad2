"""The papers of a class print on A4 the right way round, fit their width, and scroll inside their frame on a phone."""

import re
from datetime import date

import pytest
from django.urls import reverse

from reports.class_papers import Form
from tests import factories

UPRIGHT, ACROSS = (210, 297), (297, 210)
LONG = "Trần Nguyễn Hoàng Thị Phương Khánh Linh"
OUTSIDE = """() => [...document.querySelectorAll(".sheet th, .sheet td")]
  .filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent)"""


@pytest.fixture
def learners(stage):
    made = factories.make_class(date(2024, 9, 16), date(2024, 9, 20), place="Trung tâm Chính trị huyện Vũ Thư")
    units = (stage.north_1, stage.cell, stage.office_1)
    people = [
        factories.make_candidate(unit, full_name=LONG, home_town="xã Hồng Lý, huyện Vũ Thư", started=date(2024, 1, 5))
        for unit in units * 10
    ]
    for number, row in enumerate(factories.enrol(made, *people), 101):
        factories.finish(row, date(2024, 9, 27), f"{number}/CN-NTVĐ", grade="average")
    return made


def test_every_paper_fits_its_pages(learners, visit):
    visitor = visit("center")
    for form in Form:
        visitor.go(reverse("reports:class_sheet", args=[learners.pk, form]))

        paper = visitor.page.pdf(prefer_css_page_size=True)

        sides = {
            tuple(round(float(side) / 72 * 25.4) for side in box)
            for box in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper)
        }
        assert sides == {UPRIGHT if form in (Form.ROSTER, Form.RESULTS) else ACROSS}, form
        assert 2 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 3, form
        assert visitor.page.evaluate(OUTSIDE) == [], form
        assert visitor.sideways_on_phone() == []
        assert visitor.axe() == []
