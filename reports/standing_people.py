"""The people behind the progress table, one line for each admission or recognition, and the unnamed rest of balances.

Only for readers who may open and take away the list there; of people who have moved out of their sight no more than
name, birth year, sex and the event. Never an identity number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from candidates.models import StageEvent
from candidates.pipeline import Step
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in, scope_of, units_where
from reports.figures import counted
from reports.figures.periods import Window
from reports.figures.rows import ProgressTable
from reports.figures.scope import Reach
from vuthu_recruit.dates import PartialDate

RIGHTS = (Permission.CANDIDATE_VIEW, Permission.EXPORT)
SHOWN = (Window.PERIOD, Window.YEAR, Window.TERM)


@dataclass(frozen=True)
class Person:
    """One line: what happened where and when, and which figures it is part of (how many in each)."""

    unit: str
    branch: str
    name: str
    birth: PartialDate | None
    sex: str
    what: str
    on: date
    document: str
    figures: dict[str, int]
    remark: str = ""


def may_have(reader) -> bool:
    """Whether the list comes with the workbook at all."""
    return all(scope_of(reader).paths(right) for right in RIGHTS)


def people(reader, table: ProgressTable, only: str = "") -> Iterator[Person]:
    """Admissions of the period, the year and the term; rests of balances; recognitions of the year. 3 or 4 queries."""
    reach, plan, as_of = Reach(reader, only), table.plan, table.period.as_of
    windows = {which: days for which, days in table.period.windows(plan).items() if which in SHOWN}
    admitted = counted.admissions(reach, plan, min(first for first, _ in windows.values()), as_of)
    decisions = _decisions(admitted) if counted.counted_step(plan) != Step.DECIDED else {}
    for event in _readable(admitted, reader):
        if figures := _figures(event.happened_on, windows, 1):
            document = decisions.get(event.candidate_id) or event.facts.get("document", "")
            yield _person(event, reader, "Kết nạp", document, figures)
    units = {row.organization.pk: row for row in table.rows}
    for balances in counted.openings(reach, plan, as_of).values():
        for rest in balances.rows:
            figures = _figures(rest.to_on, windows, rest.rest)
            if rest.rest and figures and _may_have_in(reader, units[rest.organization_id].organization):
                yield _unnamed(rest, units[rest.organization_id].organization, figures)
    for event in _readable(counted.recognitions(reach, table.period.year_start, as_of), reader):
        yield _person(event, reader, "Công nhận chính thức", event.facts.get("document", ""), {"official": 1})


def _figures(day: date, windows: dict, count: int) -> dict[str, int]:
    return {which.value: count for which, (first, last) in windows.items() if first <= day <= last}


def _may_have_in(reader, organization: Organization) -> bool:
    return all(may_in(reader, right, organization) for right in RIGHTS)


def _readable(events: QuerySet[StageEvent], reader) -> QuerySet[StageEvent]:
    for right in RIGHTS:
        events = events.in_units(units_where(reader, right))
    return events.select_related("candidate__unit", "unit__grassroots").order_by(
        "unit__grassroots__kind", "unit__grassroots__order", "unit__grassroots__code", "happened_on", "pk"
    )


def _decisions(admitted: QuerySet[StageEvent]) -> dict[int, str]:
    """On the ceremony basis: the number of each person's decision."""
    people_ids = admitted.order_by().values("candidate")
    rows = StageEvent.objects.filter(step=Step.DECIDED, is_counted=True, candidate__in=people_ids)
    return {event.candidate_id: event.facts.get("document", "") for event in rows}


def _person(event: StageEvent, reader, what: str, document: str, figures: dict[str, int]) -> Person:
    person, unit = event.candidate, event.unit
    grassroots = unit.grassroots or unit
    is_trace = not _may_have_in(reader, person.unit)
    birth = person.birth
    if is_trace and birth:
        birth = PartialDate(birth.year)
    return Person(
        unit=grassroots.short_name,
        branch="" if unit == grassroots else unit.short_name,
        name=person.full_name,
        birth=birth,
        sex=person.get_sex_display(),
        what=what,
        on=event.happened_on,
        document=document,
        figures=figures,
        remark="đã chuyển" if is_trace else "",
    )


def _unnamed(rest: counted.Remainder, organization: Organization, figures: dict[str, int]) -> Person:
    return Person(
        unit=organization.short_name,
        branch="",
        name="Số dư đầu kỳ, chưa có tên",
        birth=None,
        sex="",
        what="Kết nạp",
        on=rest.to_on,
        document=rest.document,
        figures=figures,
        remark=f"{rest.rest} người, {rest.from_on:%d/%m/%Y}–{rest.to_on:%d/%m/%Y}",
    )
