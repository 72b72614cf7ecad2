"""The two yardsticks of a day, apart: the term against the district's minimum, the year against the units' ranges."""

from dataclasses import dataclass
from datetime import date

from reports.figures.periods import Count, Period
from reports.figures.rows import ProgressTable
from reports.figures.table import progress_table
from targets.models import AdmissionPlan


@dataclass(frozen=True)
class TermProgress:
    """The term up to the day: people and opening apart, by year; the goal only for readers of the whole district."""

    count: Count
    years: dict[int, Count]
    starts_on: date
    ends_on: date
    is_confirmed: bool
    goal: int | None
    expected: int | None
    has_begun: bool = True

    @property
    def missing(self) -> int | None:
        return None if self.goal is None else max(0, self.goal - self.count.total)

    @property
    def behind(self) -> int | None:
        return None if self.expected is None else max(0, self.expected - self.count.total)


@dataclass(frozen=True)
class YearProgress:
    """The year up to the day against the sum of the ranges of units that have one, beside the same days last year."""

    year: int
    count: Count
    last_year: Count
    minimum: int
    maximum: int
    units: int
    judged: int  # admitted in the units that have a range: what is compared with it
    expected: int | None
    percent: object

    @property
    def behind(self) -> int | None:
        return None if self.expected is None else max(0, self.expected - self.judged)


def expected_in_term(plan: AdmissionPlan, as_of: date) -> int:
    """The part of the district's minimum that the days of the term gone by ask for, rounded down."""
    days = (plan.term_ends_on - plan.term_starts_on).days + 1
    gone = (min(as_of, plan.term_ends_on) - plan.term_starts_on).days + 1
    return plan.minimum * max(0, gone) // days


def term_of(table: ProgressTable, *, with_goal: bool) -> TermProgress | None:
    """The term from a table that has been read. `with_goal`: the reader's scope is the whole district, unnarrowed."""
    plan = table.plan
    if plan is None:
        return None
    return TermProgress(
        count=table.total.term,
        years=table.term_years,
        starts_on=plan.term_starts_on,
        ends_on=plan.term_ends_on,
        is_confirmed=plan.term_is_confirmed,
        goal=plan.minimum if with_goal else None,
        expected=expected_in_term(plan, table.period.as_of) if with_goal else None,
        has_begun=plan.term_starts_on <= table.period.as_of,
    )


def year_of(table: ProgressTable) -> YearProgress:
    """The year from a table that has been read."""
    total = table.total
    return YearProgress(
        year=table.period.as_of.year,
        count=total.year,
        last_year=total.last_year,
        minimum=total.target.minimum,
        maximum=total.target.maximum,
        units=total.target.units,
        judged=sum(row.year.total for row in table.rows if row.has_target),
        expected=total.expected,
        percent=total.percent,
    )


def term_progress(user, as_of: date, *, with_goal: bool = True) -> TermProgress | None:
    """Admissions of the term up to the day, the opening part apart, against the district's minimum."""
    return term_of(progress_table(user, Period.month_of(as_of)), with_goal=with_goal)


def year_progress(user, as_of: date) -> YearProgress:
    """Admissions from 1 January to the day against the ranges in force."""
    return year_of(progress_table(user, Period.month_of(as_of)))


def same_period_last_year(user, as_of: date) -> Count:
    """Admissions from 1 January to the same day of the year before, as a pair."""
    return progress_table(user, Period.month_of(as_of)).total.last_year
