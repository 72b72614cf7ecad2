"""Numbers and days as Vietnamese papers print them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from vuthu_recruit.dates import PartialDate
from vuthu_recruit.templatetags import ui


@pytest.mark.parametrize(
    "value, words",
    [
        (0, "0"),
        (1284, "1.284"),
        (-1284, "-1.284"),
        (1234567, "1.234.567"),
        (23.5, "23,5"),
        (23.0, "23"),
        (Decimal("1284.50"), "1.284,5"),
        (Decimal("100"), "100"),
        (None, "–"),
        ("", "–"),
        ("112–134", "112–134"),
    ],
)
def test_numbers_use_a_point_for_thousands_and_a_comma_for_decimals(value, words):
    assert ui.vn_number(value) == words


@pytest.mark.parametrize(
    "ratio, words",
    [
        (0, "0,0%"),
        (0.5, "50,0%"),
        (Decimal("0.6235"), "62,4%"),
        (Decimal("0.00050"), "0,1%"),
        (Fraction(1, 3), "33,3%"),
        (12.5, "1.250,0%"),
        (None, "–"),
    ],
)
def test_a_ratio_becomes_a_percentage_rounded_half_up(ratio, words):
    assert ui.percent1(ratio) == words


@pytest.mark.parametrize(
    "value, words",
    [
        (date(2024, 8, 9), "09/08/2024"),
        (datetime(2024, 8, 9, 20, 0, tzinfo=UTC), "10/08/2024"),
        (PartialDate(1990), "1990"),
        (PartialDate(1990, 5), "05/1990"),
        (PartialDate(1990, 5, 7), "07/05/1990"),
        ("1990-05", "05/1990"),
        ("không rõ", "không rõ"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_day_is_written_as_far_as_it_is_known(value, words):
    assert ui.day_words(value) == words


def test_a_day_element_carries_the_day_for_machines():
    assert ui.day_element(PartialDate(1990, 5)) == '<time datetime="1990-05">05/1990</time>'
    assert ui.day_element(None) == ""


def test_a_moment_is_local():
    moment = datetime(2024, 8, 9, 2, 41, tzinfo=UTC)

    assert ui.moment(moment) == '<time datetime="2024-08-09T09:41+07:00">09/08/2024 09:41</time>'


def test_a_deadline_names_its_weekday():
    assert ui.weekday(date(2024, 8, 9)) == "thứ Sáu"
    assert ui.weekday(date(2024, 8, 11)) == "Chủ nhật"
