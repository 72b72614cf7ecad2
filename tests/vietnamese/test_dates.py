"""Days as people type them (table dates_u1.csv) and dates known only in part."""

import csv
import re
import unicodedata
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vuthu_recruit.dates import (
    REFUSALS,
    DateError,
    PartialDate,
    age_in_months_range,
    full_months,
    parse_day,
    parse_partial,
    show_day,
    whole_months,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
PARTIAL_DATES = DAYS.flatmap(
    lambda day: st.sampled_from(
        [PartialDate(day.year), PartialDate(day.year, day.month), PartialDate(day.year, day.month, day.day)]
    )
)


def table():
    """Rows of the table; \\uXXXX in it stands for a character nobody would see."""
    with (Path(__file__).parent / "dates_u1.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), row["text"])
            yield text, row["kind"], row["expected"]


def read(text, kind):
    """What the table calls the expected outcome: an ISO date, or the word for the refusal."""
    try:
        return parse_day(text).isoformat() if kind == "day" else parse_partial(text).iso
    except DateError as refusal:
        return refusal.code


def refusal(parse, text, label="Ngày sinh"):
    with pytest.raises(DateError) as caught:
        parse(text)
    return caught.value.for_label(label)


@pytest.mark.parametrize("text, kind, expected", list(table()))
def test_reads_the_table(text, kind, expected):
    assert read(text, kind) == expected


def test_the_table_is_large_and_knows_every_refusal():
    rows = list(table())

    assert len(rows) >= 200
    assert len(set(rows)) == len(rows)
    assert {expected for *_, expected in rows} >= REFUSALS.keys()


@pytest.mark.parametrize("pattern", ["{}/{}/{}", "{:02}/{:02}/{}", "{}-{}-{}", "{}.{}.{}", "{:02}{:02}{}"])
def test_dates_that_differ_only_in_the_order_of_day_and_month_never_collide(pattern):
    for first, second in combinations(range(1, 13), 2):
        assert parse_day(pattern.format(first, second, 1990)) == date(1990, second, first)
        assert parse_day(pattern.format(second, first, 1990)) == date(1990, first, second)


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("31/02/1990", "Ngày sinh không có thật: tháng 2 năm 1990 chỉ có 28 ngày."),
        ("31/4/1990", "Ngày sinh không có thật: tháng 4 năm 1990 chỉ có 30 ngày."),
        ("02/27/1990", "Ngày sinh không có thật: không có tháng 27 (ngày viết trước, tháng viết sau)."),
        ("32/1/1990", "Ngày sinh không có thật: không có ngày 32."),
        ("1/2/90", "Ngày sinh cần năm đủ 4 chữ số. Ví dụ: 27/3/1990."),
        ("1/2/1890", "Ngày sinh không hợp lý: năm 1890 nằm ngoài khoảng 1900–2100."),
        ("5/1990", "Ngày sinh cần đủ ngày, tháng và năm. Ví dụ: 27/3/1990."),
        ("2011990", "Ngày sinh viết liền phải có đúng 8 chữ số. Ví dụ: 27031990."),
        ("hôm qua", "Ngày sinh chưa đúng cách viết. Ví dụ: 27/3/1990."),
    ],
)
def test_refuses_in_a_sentence_about_the_field(text, sentence):
    assert refusal(parse_day, text) == sentence


def test_a_refusal_without_a_label_speaks_of_the_day():
    with pytest.raises(ValueError, match=r"^Ngày không có thật: tháng 2 năm 1990 chỉ có 28 ngày\.$"):
        parse_day("31/02/1990")


@given(DAYS)
def test_every_day_comes_back_however_it_is_written(day):
    d, m, y = day.day, day.month, day.year
    spellings = [f"{d}/{m}/{y}", f"{d}-{m}-{y}", f"{d}.{m}.{y}", f"{d:02}{m:02}{y}", f"ngày {d} tháng {m} năm {y}"]

    assert {parse_day(text) for text in [*spellings, show_day(day), day.isoformat()]} == {day}


@given(PARTIAL_DATES)
def test_a_partial_date_comes_back_from_iso_and_from_print(partial):
    assert PartialDate.from_iso(partial.iso) == parse_partial(partial.iso) == parse_partial(str(partial)) == partial


@given(st.text() | st.from_regex(r"[0-9 ./-]{0,14}", fullmatch=True))
def test_any_other_text_is_refused_in_words_and_composed_form_makes_no_difference(text):
    outcome = read(text, "partial")

    assert outcome in REFUSALS or PartialDate.from_iso(outcome)
    assert read(unicodedata.normalize("NFD", text), "partial") == outcome


def test_ten_thousand_digits_are_refused_like_ten():
    assert read("1/2/" + "9" * 10_000, "day") == "year_digits"
    assert read("9" * 10_000, "day") == "digits"


@pytest.mark.parametrize(
    "partial, precision, printed, iso, first, last",
    [
        (PartialDate(1990), "year", "1990", "1990", date(1990, 1, 1), date(1990, 12, 31)),
        (PartialDate(1992, 2), "month", "02/1992", "1992-02", date(1992, 2, 1), date(1992, 2, 29)),
        (PartialDate(1990, 3, 7), "day", "07/03/1990", "1990-03-07", date(1990, 3, 7), date(1990, 3, 7)),
    ],
)
def test_a_partial_date_keeps_its_precision(partial, precision, printed, iso, first, last):
    assert (partial.precision, str(partial), partial.iso) == (precision, printed, iso)
    assert (partial.first, partial.last) == (first, last)


@pytest.mark.parametrize("parts", [(1990, 13), (1990, 0), (1990, 2, 30), (1990, None, 5), (1899,)])
def test_a_partial_date_that_cannot_be_is_never_made(parts):
    with pytest.raises(DateError):
        PartialDate(*parts)


@pytest.mark.parametrize("text", ["", "90", "5/1990", "1990-5", "1990-05-1", "19900501", "1990-05-01 ", "1990-13"])
def test_from_iso_reads_only_iso(text):
    with pytest.raises(DateError):
        PartialDate.from_iso(text)


@pytest.mark.parametrize(
    "other, before, after",
    [
        (date(1989, 12, 31), False, True),
        (date(1990, 1, 1), False, None),
        (date(1990, 6, 1), None, None),
        (date(1990, 12, 31), None, False),
        (date(1991, 1, 1), True, False),
        (PartialDate(1990), None, None),
        (PartialDate(1991), True, False),
        (PartialDate(1989, 12), False, True),
    ],
)
def test_a_year_is_compared_over_all_its_days(other, before, after):
    year = PartialDate(1990)

    assert (year.before(other), year.after(other)) == (before, after)
    assert (year.certainly_before(other), year.possibly_before(other)) == (before is True, before is not False)


@given(PARTIAL_DATES, DAYS)
def test_a_comparison_says_what_holds_for_the_days_inside(partial, day):
    span = (partial.last - partial.first).days
    truths = {partial.first + timedelta(days=n) < day for n in range(span + 1)}

    assert partial.before(day) is (truths.pop() if len(truths) == 1 else None)


@pytest.mark.parametrize(
    "on, months",
    [(date(2018, 2, 28), 215), (date(2018, 3, 1), 216), (date(2018, 3, 31), 216), (date(1999, 12, 1), -3)],
)
def test_age_counts_months_and_not_days(on, months):
    assert full_months(date(2000, 3, 27), on) == months


@pytest.mark.parametrize(
    "born, youngest, oldest",
    [(PartialDate(2000), 207, 218), (PartialDate(2000, 3), 216, 216), (PartialDate(2000, 3, 27), 216, 216)],
)
def test_age_is_a_range_when_only_the_year_is_known(born, youngest, oldest):
    assert age_in_months_range(born, date(2018, 3, 1)) == (youngest, oldest)


@pytest.mark.parametrize(
    "since, day, months",
    [
        ("2024-05-18", "2024-11-18", 6),
        ("2024-05-19", "2024-11-18", 5),
        ("2024-02-29", "2025-02-28", 12),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
        ("2024-05-18", "2024-05-18", 0),
    ],
)
def test_whole_months_are_those_that_have_gone(since, day, months):
    assert whole_months(date.fromisoformat(since), date.fromisoformat(day)) == months
