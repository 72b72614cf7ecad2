"""Days on which an office meets and signs: no weekends, no holidays. Pure, for demo people only."""

from calendar import monthrange
from datetime import date, timedelta
from random import Random

# Tết by the lunar calendar, each with the days that are off around it.
NEW_YEAR = {
    2018: (2, 14, 7), 2019: (2, 4, 7), 2020: (1, 23, 7), 2021: (2, 10, 7), 2022: (1, 31, 6), 2023: (1, 20, 7),
    2024: (2, 8, 7), 2025: (1, 25, 9), 2026: (2, 14, 9), 2027: (2, 5, 7),
}  # fmt: skip
FIXED = ((1, 1), (4, 30), (5, 1), (9, 2), (9, 3))


def is_working(day: date) -> bool:
    if day.weekday() >= 5 or (day.month, day.day) in FIXED:
        return False
    if day.year in NEW_YEAR:
        month, first, length = NEW_YEAR[day.year]
        return not 0 <= (day - date(day.year, month, first)).days < length
    return True


def on_or_after(day: date) -> date:
    while not is_working(day):
        day += timedelta(days=1)
    return day


def on_or_before(day: date) -> date:
    while not is_working(day):
        day -= timedelta(days=1)
    return day


def later(rng: Random, day: date, low: int, high: int) -> date:
    """A working day between `low` and about `high` days after."""
    return on_or_after(_some_working_day(rng, day, low, high, 1))


def earlier(rng: Random, day: date, low: int, high: int) -> date:
    """A working day between `low` and about `high` days before."""
    return on_or_before(_some_working_day(rng, day, low, high, -1))


def _some_working_day(rng: Random, day: date, low: int, high: int, way: int) -> date:
    """Draw again when the day is off, or all of a weekend would fall on the Friday and the Monday."""
    for _ in range(4):
        found = day + way * timedelta(days=rng.randint(low, high))
        if is_working(found):
            break
    return found


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last day of that month."""
    month = day.year * 12 + day.month - 1 - months
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
