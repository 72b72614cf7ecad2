"""The progress table: every unit of the reach on a day, its groups and sums, from five queries."""

from datetime import date

from django.db.models import Count as Tally
from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from candidates.models import StageEvent
from organizations.models import Kind, Organization, OrganizationFigure, Succession
from reports.figures import counted, standing
from reports.figures.counted import Openings
from reports.figures.periods import Count, Period, Window
from reports.figures.rows import Fact, Figures, Group, ProgressTable, Row, add
from reports.figures.scope import GROUPS, Reach
from targets.models import AdmissionPlan, YearlyTarget
from targets.progress import Target, progress

TITLES = {"I": "I. Khối xã, thị trấn", "II": "II. Khối cơ quan, đơn vị"}
EMPTY = Openings()


def current_plan() -> AdmissionPlan | None:
    """The plan in use. There is one; the newest when there are several."""
    return AdmissionPlan.in_use()


def progress_table(user, period: Period, plan: AdmissionPlan | None = None, only: str = "") -> ProgressTable:
    """Every figure of design 6 by grassroots unit, in administrative order, for what the user may read.

    Counts people by their events in the unit of the event, and the remainders of opening balances. Sources:
    StageEvent, OpeningBalance, YearlyTarget, OrganizationFigure, Organization. Always the same number of queries.
    """
    plan = plan or current_plan()
    reach = Reach(user, only)
    units = list(_units(reach, period, plan))
    admitted = counted.by_unit(reach, period, plan)
    stages = standing.by_stage(reach, period.as_of)
    balances = counted.openings(reach, plan, period.as_of)
    heirs = _heirs(reach, period.as_of)
    rows = [_row(unit, reach, period, plan, admitted.get(unit.pk, {}), balances.get(unit.pk), heirs) for unit in units]
    rows = [row for row in rows if row.organization.is_open_on(period.as_of) or row.figures]
    parts = _parts(reach, period.as_of) if any(not reach.is_whole(row.organization) for row in rows) else {}
    rows = [_with_parts(row, parts) for row in rows]
    groups = tuple(
        Group(TITLES[key], members, add(f"Cộng {key}", members, period.as_of))
        for key, kind in GROUPS.items()
        for members in [tuple(row for row in rows if row.organization.kind == kind)]
    )
    return ProgressTable(
        period=period,
        plan=plan,
        groups=groups,
        total=add("Tổng cộng", rows, period.as_of),
        funnel=standing.funnel_of(stages),
        standing_still={name: sum(row[name] for row in stages) for name in ("returned_long", "submitted_long")},
        term_years=_term_years(period, plan, admitted, balances),
        tells_religion=reach.reads_background,
    )


def _units(reach: Reach, period: Period, plan: AdmissionPlan | None) -> QuerySet[Organization]:
    """The grassroots units of the reach with what is asked of them and dated facts about them. One query."""
    as_of = period.as_of
    branches = (
        Organization.objects.open_on(as_of)
        .filter(kind=Kind.BRANCH, grassroots=OuterRef("pk"), pk__in=reach.units)
        .order_by()
        .values("grassroots")
        .annotate(n=Tally("pk"))
        .values("n")
    )
    target = YearlyTarget.objects.filter(
        plan=plan, organization=OuterRef("pk"), year=as_of.year, decided_on__lte=as_of
    ).order_by("-revision")
    facts = OrganizationFigure.objects.filter(organization=OuterRef("pk"), on__lte=as_of).order_by("-on")
    members, ages = facts.filter(members__isnull=False), facts.filter(average_age__isnull=False)
    entered = StageEvent.objects.filter(
        unit__in=reach.units, unit__grassroots=OuterRef("pk"), is_live=True, happened_on__lte=as_of
    )
    return (
        reach.grassroots()
        .filter(opened_on__lte=as_of)
        .in_order()
        .annotate(
            branch_count=Coalesce(Subquery(branches, output_field=IntegerField()), 0),
            target_revision=Subquery(target.values("revision")[:1]),
            target_minimum=Subquery(target.values("minimum")[:1]),
            target_maximum=Subquery(target.values("maximum")[:1]),
            members=Subquery(members.values("members")[:1]),
            members_on=Subquery(members.values("on")[:1]),
            average_age=Subquery(ages.values("average_age")[:1]),
            average_age_on=Subquery(ages.values("on")[:1]),
            has_people=Exists(entered),
            stock=standing.stock_of_unit(reach, as_of),
            recognised=counted.recognised_of_unit(reach, period.year_start, as_of),
        )
    )


def _row(unit, reach, period, plan, admitted, balance, heirs) -> Row:
    whole, balance = reach.is_whole(unit), balance or EMPTY
    is_open = unit.is_open_on(period.as_of)
    figures = _figures(unit, period, plan, admitted, balance)
    target = _target(unit, period.as_of) if whole else None
    judged = None
    if whole:
        judged = progress(
            as_of=period.as_of,
            plan_covers=bool(plan and plan.covers(period.as_of)),
            target=target,
            admitted=figures.year.total,
        )
    return Row(
        organization=unit,
        figures=figures,
        target=target,
        progress=judged,
        # A closed unit has no members left: they stand in its successors.
        members=_fact(unit.members, unit.members_on) if whole and is_open else None,
        average_age=_fact(unit.average_age, unit.average_age_on) if whole and is_open else None,
        is_entered=unit.has_people or balance.dated_by(period.as_of),
        is_closed=not is_open,
        notes=_notes(unit, period.as_of, heirs),
        named_beyond=tuple(balance.named_beyond),
    )


def _figures(unit, period, plan, admitted: dict, balance: Openings) -> Figures:
    windows = period.windows(plan)
    year = windows[Window.YEAR]
    return Figures(
        branches=unit.branch_count,
        **standing.unpack(unit.stock),
        **{which.value: counted.count_of(admitted, which, balance, windows) for which in Window},
        women=Count(admitted.get("women", 0), balance.women(year)),
        unknown_women=balance.unknown_women(year),
        official=unit.recognised or 0,
        **{name: admitted.get(name, 0) for name in ("union", "religion", "enterprise")},
    )


def _target(unit, as_of: date) -> Target | None:
    """The range in force; a unit that had closed before the year is asked for nothing."""
    if unit.closed_on and unit.closed_on <= date(as_of.year, 1, 1):
        return Target(None, None)
    if unit.target_revision is None:
        return None
    return Target(unit.target_minimum, unit.target_maximum)


def _fact(value, on) -> Fact | None:
    return None if value is None else Fact(value, on)


def _notes(unit, as_of: date, heirs: dict[int, list[str]]) -> tuple[str, ...]:
    if unit.is_open_on(as_of):
        return ()
    note = f"Kết thúc hoạt động {unit.closed_on:%d/%m/%Y}"
    return (f"{note}; kế thừa: {', '.join(heirs[unit.pk])}" if unit.pk in heirs else note,)


def _heirs(reach: Reach, as_of: date) -> dict[int, list[str]]:
    """Names of the successors of closed units. One query."""
    found: dict[int, list[str]] = {}
    rows = Succession.objects.filter(
        predecessor__in=reach.whole_units, predecessor__closed_on__lte=as_of, effective_on__lte=as_of
    ).order_by("successor__order", "pk")
    for predecessor, name in rows.values_list("predecessor_id", "successor__short_name"):
        found.setdefault(predecessor, []).append(name)
    return found


def _parts(reach: Reach, as_of: date) -> dict[int, tuple[Organization, ...]]:
    """For readers of branches only: which branches these are. One query, never for a reader of units."""
    found: dict[int, tuple[Organization, ...]] = {}
    for branch in Organization.objects.filter(pk__in=reach.units, opened_on__lte=as_of).in_order():
        found[branch.grassroots_id] = (*found.get(branch.grassroots_id, ()), branch)
    return found


def _with_parts(row: Row, parts: dict) -> Row:
    from dataclasses import replace

    return row if row.progress is not None else replace(row, parts=parts.get(row.organization.pk, ()))


def _term_years(period: Period, plan, admitted: dict, balances: dict) -> dict[int, Count]:
    """The term by calendar year: people and openings, only years that have begun."""
    return {
        year: Count(
            sum(row[f"in_{year}"] for row in admitted.values()),
            sum(balance.within(days) for balance in balances.values()),
        )
        for year, days in counted.term_years(period.windows(plan)).items()
    }
