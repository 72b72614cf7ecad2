"""Admissions and recognitions: events that count, and the unnamed rest of opening balances."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count as Tally
from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from candidates.choices import Occupation, Religion, Sex
from candidates.models import StageEvent
from candidates.pipeline import Step
from reports.figures.periods import NOBODY, Count, Period, Window
from reports.figures.scope import Reach
from targets.models import AdmissionPlan, OpeningBalance

# Of which: read from the snapshot kept on the decision, so a later change of the record changes no old figure.
BREAKDOWNS = {
    "women": lambda at: Q(**{f"{at}sex": Sex.FEMALE}),
    "union": lambda at: Q(**{f"{at}youth_union": True}),
    "religion": lambda at: ~Q(**{f"{at}religion": Religion.NONE}) & ~Q(**{f"{at}religion": ""}),
    "enterprise": lambda at: Q(**{f"{at}occupation": Occupation.PRIVATE_WORKER}),
}


def counted_step(plan: AdmissionPlan | None) -> str:
    """The step that makes an admission count: the decision, or the ceremony when the plan says so."""
    ceremony = plan is not None and plan.counting_basis == AdmissionPlan.Basis.CEREMONY
    return Step.ADMITTED if ceremony else Step.DECIDED


def snapshot_path(plan: AdmissionPlan | None) -> str:
    """Where the breakdown is read: on the event itself, or on the person's decision (see with_decision)."""
    return "snapshot__" if counted_step(plan) == Step.DECIDED else "decision__snapshot__"


def with_decision(events: QuerySet, plan: AdmissionPlan | None) -> QuerySet:
    """On the ceremony basis join the decision that counts."""
    if counted_step(plan) == Step.DECIDED:
        return events
    decided = Q(candidate__events__step=Step.DECIDED, candidate__events__is_counted=True)
    return events.annotate(decision=FilteredRelation("candidate__events", condition=decided))


def admissions(reach: Reach, plan: AdmissionPlan | None, first: date, last: date) -> QuerySet[StageEvent]:
    """Admissions by the plan's basis dated first–last, in the unit of the event. Rows of table StageEvent."""
    return StageEvent.objects.in_units(reach.units).counted(counted_step(plan), first, last)


def recognitions(reach: Reach, first: date, last: date) -> QuerySet[StageEvent]:
    """Decisions to recognise as official members dated first–last, in the unit of the event."""
    return StageEvent.objects.in_units(reach.units).counted(Step.OFFICIAL, first, last)


def _between(days: tuple[date, date] | None, last: date) -> Q:
    """Of events up to `last`: no second comparison where the window ends there too."""
    if days is None:
        return Q(pk__in=[])
    begun = Q(happened_on__gte=days[0])
    return begun if days[1] >= last else begun & Q(happened_on__lte=days[1])


def by_unit(reach: Reach, period: Period, plan: AdmissionPlan | None) -> dict[int, dict]:
    """Admissions of every window, breakdowns of the year: one row a grassroots unit. One query."""
    step, windows = counted_step(plan), period.windows(plan)
    earliest = min(first for first, _ in windows.values())
    events = with_decision(StageEvent.objects.in_units(reach.units), plan).counted(step, earliest, period.as_of)
    in_year = _between(windows[Window.YEAR], period.as_of)
    figures = {which.value: Tally("pk", filter=_between(windows.get(which), period.as_of)) for which in Window}
    at = snapshot_path(plan)
    figures |= {name: Tally("pk", filter=in_year & test(at)) for name, test in BREAKDOWNS.items()}
    for year, days in term_years(windows).items():
        figures[f"in_{year}"] = Tally("pk", filter=_between(days, period.as_of))
    rows = events.order_by().values("unit__grassroots_id").annotate(**figures)
    return {row["unit__grassroots_id"]: row for row in rows}


def recognised_of_unit(reach: Reach, first: date, last: date) -> Subquery:
    """Recognitions of one grassroots unit dated first–last, for the query that reads units."""
    rows = recognitions(reach, first, last).filter(unit__grassroots=OuterRef("pk")).order_by()
    return Subquery(rows.values("unit__grassroots").annotate(n=Tally("pk")).values("n"))


def term_years(windows: dict) -> dict[int, tuple[date, date]]:
    """The calendar years of the term so far, each with its days inside the term."""
    if Window.TERM not in windows:
        return {}
    first, last = windows[Window.TERM]
    return {
        year: (max(first, date(year, 1, 1)), min(last, date(year, 12, 31))) for year in range(first.year, last.year + 1)
    }


@dataclass(frozen=True)
class Remainder:
    """What is left of one opening balance after the people who name part of it. Dated on its last day."""

    organization_id: int
    from_on: date
    to_on: date
    count: int
    named: int
    rest: int
    women: int | None  # None: nobody knows how many of the rest are women
    document: str = ""

    @property
    def is_named_beyond(self) -> bool:
        """More people have names than the document counts: a warning, not a fault of the sum."""
        return self.named > self.count


@dataclass(frozen=True)
class Openings:
    """The remainders of one grassroots unit."""

    rows: list[Remainder] = field(default_factory=list)

    def within(self, days: tuple[date, date] | None) -> int:
        return sum(row.rest for row in self._in(days))

    def women(self, days) -> int:
        return sum(row.women or 0 for row in self._in(days))

    def unknown_women(self, days) -> int:
        return sum(row.rest for row in self._in(days) if row.women is None)

    def _in(self, days) -> list[Remainder]:
        return [row for row in self.rows if days and days[0] <= row.to_on <= days[1]]

    def dated_by(self, day: date) -> bool:
        return any(row.to_on <= day for row in self.rows)

    @property
    def named_beyond(self) -> list[Remainder]:
        return [row for row in self.rows if row.is_named_beyond]


def openings(
    reach: Reach, plan: AdmissionPlan | None, as_of: date, *, with_all_named: bool = False
) -> dict[int, Openings]:
    """The remainders dated by the day, of units wholly in scope. One query; a row an opening balance.

    A balance whose people all have names adds nothing to any figure, and is left out unless `with_all_named`.
    """
    if plan is None:
        return {}
    named = (
        with_decision(StageEvent.objects.all(), plan)
        .filter(
            step=counted_step(plan),
            is_counted=True,
            unit__grassroots=OuterRef("organization"),
            happened_on__gte=OuterRef("from_on"),
            happened_on__lte=OuterRef("to_on"),
        )
        .order_by()
        .values("unit__grassroots")
    )
    women = named.filter(BREAKDOWNS["women"](snapshot_path(plan)))
    rows = (
        OpeningBalance.objects.in_units(reach.whole_units)
        .filter(plan=plan, to_on__lte=as_of)
        .annotate(
            named=Coalesce(Subquery(named.annotate(n=Tally("pk")).values("n")), 0),
            named_women=Coalesce(Subquery(women.annotate(n=Tally("pk")).values("n")), 0),
        )
        .order_by("organization", "from_on")
    )
    rows = rows if with_all_named else rows.exclude(named__gt=0, count=F("named"))
    found: dict[int, Openings] = {}
    for row in rows:
        found.setdefault(row.organization_id, Openings()).rows.append(remainder(row))
    return found


def remainder(row: OpeningBalance) -> Remainder:
    """max(0, count − named), likewise for women; `named` and `named_women` are annotated."""
    rest = max(0, row.count - row.named)
    women = None if row.women is None else min(rest, max(0, row.women - row.named_women))
    return Remainder(row.organization_id, row.from_on, row.to_on, row.count, row.named, rest, women, row.document)


def count_of(row: dict, which: Window, balance: Openings, windows: dict) -> Count:
    """One window of one unit as a pair."""
    days = windows.get(which)
    return Count(row.get(which.value, 0), balance.within(days)) if days else NOBODY
