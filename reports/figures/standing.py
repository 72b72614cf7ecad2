"""Where people stand on a day: the stock of each unit, the funnel, and what has stood still for long."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BigIntegerField, Case, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models import Count as Tally

from candidates.models import StageEvent
from candidates.pipeline import FOLLOWED, STAGES, Stage, Status
from reports.figures.scope import Reach
from vuthu_recruit import clock

COUNTED = (*FOLLOWED, Status.STOPPED)  # what the funnel shows, or says beside it
# A stock is the people who stand there on the day, open or returned.
STOCKS = {
    "trained": (Stage.TRAINED,),
    "dossier": (Stage.DOSSIER, Stage.BRANCH_PASSED, Stage.COMMITTEE_PASSED),
    "submitted": (Stage.SUBMITTED, Stage.APPRAISED),
}
PLACE = 1_000_000  # a stock holds fewer people than this
LONG_RETURNED = timedelta(days=30)
LONG_SUBMITTED = timedelta(days=60)


def standing(reach: Reach, as_of: date) -> QuerySet[StageEvent]:
    """The event each person of the reach stands on at the end of the day, in the unit of that event.

    Nothing is dated after today, so today's standing is the last live event: an index holds just these.
    """
    events = StageEvent.objects.in_units(reach.units)
    if as_of >= clock.today():
        return events.filter(is_live=True, ended_on=None)
    return events.standing_on(as_of)


def in_stock(name: str) -> Q:
    return Q(to_stage__in=STOCKS[name], to_status__in=FOLLOWED)


def returned_long(as_of: date) -> Q:
    """Returned more than 30 days ago and not taken up since."""
    return Q(to_status=Status.RETURNED, happened_on__lt=as_of - LONG_RETURNED)


def submitted_long(as_of: date) -> Q:
    """With the Board for more than 60 days."""
    return Q(in_stock("submitted"), happened_on__lt=as_of - LONG_SUBMITTED)


def stock_of_unit(reach: Reach, as_of: date) -> Subquery:
    """The stocks of one grassroots unit as a single number, for the query that reads units; see unpack().

    One subquery over an index instead of a sorted group of all events, and no further row to fetch.
    """
    weights = [When(to_stage__in=stages, then=Value(PLACE**index)) for index, stages in enumerate(STOCKS.values())]
    rows = (
        standing(reach, as_of)
        .filter(
            unit__grassroots=OuterRef("pk"),
            to_stage__in=[stage for stages in STOCKS.values() for stage in stages],
            to_status__in=FOLLOWED,
        )
        .order_by()
        .values("unit__grassroots")
    )
    packed = rows.annotate(packed=Sum(Case(*weights, output_field=BigIntegerField()))).values("packed")
    return Subquery(packed, output_field=BigIntegerField())


def unpack(packed: int | None) -> dict[str, int]:
    """The stocks by name from the number stock_of_unit() reads."""
    return {name: int(packed or 0) // PLACE**index % PLACE for index, name in enumerate(STOCKS)}


def by_stage(reach: Reach, as_of: date) -> list[dict]:
    """People of each stage by status, and how many of them have stood still for long. One query, a row a stage."""
    rows = standing(reach, as_of).order_by().values("to_stage")
    statuses = {status.value: Tally("pk", filter=Q(to_status=status)) for status in COUNTED}
    return list(
        rows.annotate(
            **statuses,
            returned_long=Tally("pk", filter=returned_long(as_of)),
            submitted_long=Tally("pk", filter=submitted_long(as_of)),
        )
    )


@dataclass(frozen=True)
class Funnel:
    """Open people by stage; returned and stopped beside it; those who became official are no longer on the way."""

    stages: dict[str, int]
    returned: int
    stopped: int
    official: int

    @property
    def followed(self) -> int:
        return sum(self.stages.values()) + self.returned

    @property
    def largest(self) -> int:
        return max(self.stages.values(), default=0)


def funnel_of(rows: list[dict]) -> Funnel:
    """The funnel from what by_stage() read."""

    def people(status: Status, stage: str = "") -> int:
        return sum(row[status.value] for row in rows if stage in ("", row["to_stage"]))

    return Funnel(
        stages={str(stage): people(Status.OPEN, stage) for stage in STAGES if stage != Stage.OFFICIAL},
        returned=people(Status.RETURNED),
        stopped=people(Status.STOPPED),
        official=people(Status.OPEN, Stage.OFFICIAL),
    )


def funnel(user, as_of: date, only: str = "") -> Funnel:
    """People on the way on a day, counted in their unit of that day, from their events. Source: StageEvent."""
    return funnel_of(by_stage(Reach(user, only), as_of))
