"""Days and counts: the period of a figure, the windows it is read over, and a number with its unnamed part. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from targets.models import AdmissionPlan


@dataclass(frozen=True)
class Count:
    """A counted figure: people with names, and the rest of opening balances. Its list opens the people."""

    people: int = 0
    opening: int = 0

    @property
    def total(self) -> int:
        return self.people + self.opening

    def __add__(self, other: "Count") -> "Count":
        return Count(self.people + other.people, self.opening + other.opening)

    def __bool__(self) -> bool:
        return bool(self.people or self.opening)


NOBODY = Count()


class Window(StrEnum):
    """The stretches of days an admission is counted over."""

    PERIOD = "period"
    YEAR = "year"
    TERM = "term"
    LAST_YEAR = "last_year"


@dataclass(frozen=True)
class Period:
    """From `since` to `as_of`, both days counted; `as_of` is the one day every other figure is read at."""

    since: date
    as_of: date

    @classmethod
    def month_of(cls, as_of: date) -> "Period":
        """The default: from the first day of the month."""
        return cls(as_of.replace(day=1), as_of)

    @property
    def year_start(self) -> date:
        return date(self.as_of.year, 1, 1)

    def window(self, which: Window, plan: AdmissionPlan | None) -> tuple[date, date] | None:
        """First and last day of a window; None when it has no day yet (before the term, or without a plan)."""
        if which == Window.PERIOD:
            return self.since, self.as_of
        if which == Window.YEAR:
            return self.year_start, self.as_of
        if which == Window.LAST_YEAR:
            return date(self.as_of.year - 1, 1, 1), same_day_last_year(self.as_of)
        return term_window(plan, self.as_of)

    def windows(self, plan: AdmissionPlan | None) -> dict[Window, tuple[date, date]]:
        found = {which: self.window(which, plan) for which in Window}
        return {which: days for which, days in found.items() if days}


def same_day_last_year(day: date) -> date:
    """29 February becomes 28."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def term_window(plan: AdmissionPlan | None, as_of: date) -> tuple[date, date] | None:
    """The term up to the day, and not beyond its end: what comes later is no longer of this term."""
    if plan is None or as_of < plan.term_starts_on:
        return None
    return plan.term_starts_on, min(as_of, plan.term_ends_on)
