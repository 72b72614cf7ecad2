"""The rule book and the calendar as the product ships them, for tests of pure rules."""

from datetime import date

from candidates.actions.rules import calendar_on_file, rule_sets_on_file
from candidates.models import CalendarYear, RuleSet
from candidates.rules import RuleBook
from candidates.working_days import Calendar

BOOK = RuleBook.of(RuleSet(**row).rules for row in rule_sets_on_file())


def calendar(*, without: date | None = None) -> Calendar:
    """The working days 2016–2027; `without`: a day off forgotten."""
    years = [CalendarYear(**row) for row in calendar_on_file()]
    days = [(row["kind"], date.fromisoformat(row["day"])) for year in years for row in year.days]
    return Calendar(
        off=frozenset(day for kind, day in days if kind == "off") - {without},
        worked=frozenset(day for kind, day in days if kind == "worked"),
        confirmed=frozenset(year.year for year in years if year.is_confirmed),
    )


CALENDAR = calendar()
