"""Working days as the calendar of a year has them.

working_days.csv: each case with its days counted out in words from a printed calendar of the year ("hand"), before the
program was asked.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.actions.rules import DATA, calendar_on_file
from candidates.working_days import DAY, Calendar
from tests import rules

with (Path(__file__).parent / "working_days.csv").open(encoding="utf-8", newline="") as file:
    CASES = [
        (date.fromisoformat(row["start"]), int(row["days"]), date.fromisoformat(row["due"]), row["how"], row["words"])
        for row in csv.DictReader(file)
    ]

# Liberation day and Labour day of 2024 with the swap of that year; a Tết of seven days.
CALENDAR = Calendar(
    off={date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 1), *(date(2024, 2, day) for day in range(8, 15))},
    worked={date(2024, 5, 4)},
    confirmed={2024},
)


@pytest.mark.parametrize(
    "start, days, due, words",
    [
        ("2024-04-26", 0, "2024-04-26", "no day to count"),
        ("2024-04-25", 1, "2024-04-26", "Thursday to Friday"),
        ("2024-04-26", 1, "2024-05-02", "Friday; the weekend, the 29th, the 30th and the 1st are off"),
        ("2024-05-01", 1, "2024-05-02", "from a day off: the next working day is the first"),
        ("2024-05-03", 1, "2024-05-04", "the Saturday is worked"),
        ("2024-05-03", 2, "2024-05-06", "the worked Saturday, then Monday"),
        ("2024-02-07", 1, "2024-02-15", "Wednesday before Tết; the first day after it is a Thursday"),
    ],
)
def test_the_last_day_of_a_limit(start, days, due, words):
    assert CALENDAR.after(date.fromisoformat(start), days) == date.fromisoformat(due), words


days_of_2024 = st.dates(date(2024, 1, 1), date(2024, 12, 31))


@given(start=days_of_2024, days=st.integers(1, 90))
def test_a_limit_of_n_holds_n_working_days_and_ends_on_one(start, days):
    due = CALENDAR.after(start, days)

    assert CALENDAR.is_working(due)
    assert CALENDAR.between(start, due) == days


@given(start=days_of_2024, due=days_of_2024, days=st.integers(0, 60))
def test_due_by_a_day_is_one_comparison_of_start_days(start, due, days):
    assert (CALENDAR.after(start, days) <= due) == (start <= CALENDAR.latest_start(due, days))


@given(first=days_of_2024, last=days_of_2024)
def test_counting_back_is_counting_forward_with_a_minus(first, last):
    assert CALENDAR.between(first, last) == -CALENDAR.between(last, first)


@given(start=days_of_2024, days=st.integers(1, 60), off=days_of_2024)
def test_one_more_day_off_never_ends_a_limit_earlier(start, days, off):
    longer = Calendar({*CALENDAR.off, off}, CALENDAR.worked - {off}, CALENDAR.confirmed)

    assert longer.after(start, days) >= CALENDAR.after(start, days)


def test_years_nobody_has_confirmed_are_named():
    assert CALENDAR.unconfirmed(date(2024, 12, 1), date(2025, 2, 1)) == (2025,)
    assert CALENDAR.unconfirmed(date(2024, 1, 1), date(2024, 12, 31)) == ()
    assert CALENDAR.unconfirmed(date(2022, 12, 1) + timedelta(days=31), date(2024, 1, 1)) == (2023,)


def wrong(calendar: Calendar) -> list[str]:
    return [f"{start} + {days}: {words}" for start, days, due, _, words in CASES if calendar.after(start, days) != due]


def test_every_case_counted_out_in_words_comes_out_the_same():
    assert len(CASES) >= 60
    assert sum(how == "hand" for *_, how, _ in CASES) >= 30
    assert wrong(rules.CALENDAR) == []


@pytest.mark.parametrize("tet", [date(2024, 2, 12), date(2024, 2, 14), date(2026, 2, 16), date(2026, 2, 20)])
def test_a_calendar_that_forgets_one_day_of_tet_fails_at_least_five_cases(tet):
    assert not rules.CALENDAR.is_working(tet)

    assert len(wrong(rules.calendar(without=tet))) >= 5


def test_a_day_of_tet_forgotten_in_any_year_is_noticed():
    for year in calendar_on_file():
        days = [date.fromisoformat(row["day"]) for row in year["days"] if "Tết Nguyên đán" in row["name"]]
        assert all(wrong(rules.calendar(without=day)) for day in days if day.weekday() < 5), year["year"]


# Where our calendar and the package `holidays` 0.109 differ, and why; on 1/2/2025 both are right: it is a Saturday.
DIFFERENT = {
    date(2026, 1, 2): "off, swapped with 10/1: Công văn 12729/VPCP-KGVX of 25/12/2025; the package has it not",
    date(2026, 1, 10): "worked instead of 2/1",
}


def test_the_calendar_agrees_with_the_holidays_package_but_for_the_differences_explained():
    from holidays import country_holidays

    other = country_holidays("VN", years=range(2016, 2028))
    day, found = date(2016, 1, 1), set()
    while day < date(2028, 1, 1):
        theirs = day in other.weekend_workdays or (day.weekday() < 5 and day not in other)
        if theirs != rules.CALENDAR.is_working(day):
            found.add(day)
        day += DAY

    assert found == set(DIFFERENT)


def test_each_day_says_where_it_comes_from_and_what_is_not_confirmed_says_so():
    with (DATA / "calendar_days.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["source"], row
            assert row["certainty"] in {"law", "notice", "derived", "library"}
            if row["certainty"] in {"derived", "library"}:
                assert "cần đối chiếu" in row["source"], row
    for year in calendar_on_file():
        assert year["document"] if year["is_confirmed"] else "CHƯA XÁC NHẬN" in year["note"]
    assert rules.CALENDAR.unconfirmed(date(2016, 1, 1), date(2027, 12, 31)) == (2027,)


def test_worked_days_are_weekends_and_no_day_stands_twice():
    for year in calendar_on_file():
        days = [row["day"] for row in year["days"]]
        assert len(days) == len(set(days))
        assert all(date.fromisoformat(r["day"]).weekday() >= 5 for r in year["days"] if r["kind"] == "worked")
