"""Whose level is over by the local limits: people between the branch's resolution and the decision.

Beside due.py, which knows the limits of the regulations. Counted from the day of the last step, whichever it was.
"""

from collections.abc import Mapping
from datetime import date

from django.db.models import Case, Q, QuerySet, Value, When

from candidates.due import DELEGATED, THROUGH, Due, turn
from candidates.models import LocalLimits, StageEvent
from candidates.pipeline import FOLLOWED, Stage, Step
from candidates.sub_limits import SubLimit, sub_limit
from candidates.working_days import DAY, Calendar

_CELL = Q(unit__grassroots__form="cell")
# Where somebody stands for whom the level is awaited. A unit that decides by itself sends nothing to the Board.
_WAITS_FOR: dict[Step, Q] = {
    Step.COMMITTEE_PASSED: Q(to_stage=Stage.BRANCH_PASSED) & ~_CELL,
    Step.SUBMITTED: THROUGH & ~DELEGATED,
    Step.APPRAISED: Q(to_stage=Stage.SUBMITTED),
    Step.DECIDED: Q(to_stage=Stage.APPRAISED),
}


def days_of_levels() -> dict[str, int]:
    """Working days by the awaited step; empty while the Board has set none. One query."""
    limits = LocalLimits.objects.first()
    return limits.days if limits else {}


def awaited(event: StageEvent) -> Step | None:
    """The step of the level that has the person now, of an event that due.due() or late() read."""
    step = turn(event)
    return None if step == Step.DECIDED and event.to_stage != Stage.APPRAISED else step


def level_of(event: StageEvent, days: Mapping[str, int], calendar: Calendar, today: date) -> SubLimit | None:
    """The limit of the level that has the person now. No query."""
    return sub_limit(awaited(event), event.happened_on, days, calendar, today) if days else None


def late(rows: QuerySet[StageEvent], today: date, days: Mapping[str, int], calendar: Calendar) -> QuerySet[StageEvent]:
    """Of standing events those whose level is over; `level` is annotated, for order."""
    found, whens = Q(pk__in=[]), []
    for step, waits in _WAITS_FOR.items():
        if days.get(step):
            since = calendar.latest_start(today - DAY, days[step])
            found |= waits & Q(happened_on__lte=since)
            whens.append(When(waits, then=Value(str(step))))
    level = Case(*whens, default=Value("")) if whens else Value("")
    return rows.filter(found, to_status__in=FOLLOWED).annotate(level=level, is_reported=Value(False))


def in_order(rows: QuerySet[StageEvent], days: Mapping[str, int], calendar: Calendar) -> list[int]:
    """Ids of what late() found, the longest over first. One query of few columns."""
    kept = rows.order_by().values_list("pk", "happened_on", "level")
    return [key for _, key in sorted((calendar.after(on, days[level]), key) for key, on, level in kept)]


def read(rows: QuerySet[StageEvent], ids: list[int], deadline_of) -> list[Due]:
    """Some of them with their people, in the order of the ids; their list is none of the buckets. One query."""
    events = rows.filter(pk__in=ids).select_related("candidate", "unit__grassroots")
    found = {event.pk: Due(event, deadline_of(event), None) for event in events}
    return [found[key] for key in ids if key in found]
