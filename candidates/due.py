"""Whose clock is over or ends soon, and whose turn it is. Read from an index of the clocks that run.

The calendar and the rules may change, so no last day is stored: "due by D" is a comparison of start days (see
clocks.Limit.latest_start), for each clock and each rule set.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.db.models.lookups import GreaterThanOrEqual

from candidates.clocks import CLOCK_OF, LIMITS, STAGES_OF, Clock, Limit, Running
from candidates.deadlines import Deadline, deadline
from candidates.models import CalendarYear, RuleSet, StageEvent
from candidates.next_steps import forward_step
from candidates.pipeline import FOLLOWED, Stage, Step
from candidates.rules import RuleBook, Rules
from candidates.working_days import DAY, Calendar
from organizations.models import Assignment, Organization
from organizations.models.organization import GRASSROOTS
from organizations.permissions import Permission as P
from organizations.permissions import Role
from organizations.scope import holds, units_where
from vuthu_recruit import clock

RIGHTS = (P.STEP_BOARD, P.STEP_COMMITTEE, P.STEP_BRANCH)


class Bucket(TextChoices):
    LATE = "late", "Quá hạn"
    WEEK = "week", "Trong 7 ngày"
    MONTH = "month", "Trong 30 ngày"


WITHIN = {Bucket.LATE: timedelta(days=-1), Bucket.WEEK: timedelta(days=7), Bucket.MONTH: timedelta(days=30)}

# The next step of whoever has a clock, by who takes it; in the order of the pipeline.
_CELL, _COMMITTEE = Q(unit__grassroots__form="cell"), Q(unit__grassroots__form="committee")
DELEGATED = Q(unit__grassroots__delegated_admission=True)
# The unit is through: it sends the dossier, or decides by itself where that is delegated to it.
THROUGH = Q(to_stage=Stage.COMMITTEE_PASSED) | (_CELL & Q(to_stage=Stage.BRANCH_PASSED))
# After three failed votes on recognition the level above decides. Counted for each person by an index, never for all.
_VOTES = (
    StageEvent.objects.filter(
        candidate=OuterRef("candidate"), step=Step.BRANCH_VOTE_FAILED, from_stage=Stage.ADMITTED, is_live=True
    )
    .order_by()
    .values("candidate")
    .annotate(votes=Count("pk"))
    .values("votes")
)
_REPORTED = Q(to_stage=Stage.ADMITTED) & Q(GreaterThanOrEqual(Coalesce(Subquery(_VOTES), 0), 3))
IS_REPORTED = Case(When(_REPORTED, then=Value(True)), default=Value(False))
TURNS: tuple[tuple[Step, P, Q], ...] = (
    (Step.APPRAISED, P.STEP_BOARD, Q(to_stage=Stage.SUBMITTED)),
    (Step.DECIDED, P.STEP_BOARD, Q(to_stage=Stage.APPRAISED)),
    (
        Step.OFFICIAL,
        P.STEP_BOARD,
        Q(to_stage=Stage.RECOGNITION_COMMITTEE_PASSED) | (_CELL & Q(to_stage=Stage.RECOGNITION_PROPOSED)),
    ),
    (Step.ADMITTED, P.STEP_COMMITTEE, Q(to_stage=Stage.DECIDED)),
    (Step.SUBMITTED, P.STEP_COMMITTEE, THROUGH & ~DELEGATED),
    (Step.DECIDED, P.STEP_COMMITTEE, THROUGH & DELEGATED),
    (Step.COMMITTEE_PASSED, P.STEP_COMMITTEE, _COMMITTEE & Q(to_stage=Stage.BRANCH_PASSED)),
    (Step.RECOGNITION_COMMITTEE_PASSED, P.STEP_COMMITTEE, _COMMITTEE & Q(to_stage=Stage.RECOGNITION_PROPOSED)),
    (Step.RECOGNITION_PROPOSED, P.STEP_BRANCH, Q(to_stage=Stage.ADMITTED)),
    (Step.BRANCH_PASSED, P.STEP_BRANCH, Q(to_stage=Stage.DOSSIER)),
)


@dataclass(frozen=True)
class Due:
    """A person with a clock: the event they stand on, the last day, which list it belongs to."""

    event: StageEvent
    deadline: Deadline | None  # None for a day without a rule set
    bucket: Bucket | None  # None beyond 30 days


def turns_of(user, deserted: Collection[int]) -> Q:
    """Events whose next step the user takes, where they hold the right.

    For the Board also the units without an officer, whose steps it takes.
    """
    found = Q(pk__in=[])
    for right in RIGHTS:
        if holds(user, right):
            found |= Q(unit__in=units_where(user, right)) & _steps_of(right)
    if deserted and holds(user, P.STEP_BOARD):
        steps = _steps_of(P.STEP_COMMITTEE) | _steps_of(P.STEP_BRANCH)
        found |= Q(unit__in=units_where(user, P.STEP_BOARD), unit__grassroots__in=deserted) & steps
    return found


def deserted_units() -> list[int]:
    """Grassroots units without an officer who can sign in today."""
    officers = Assignment.objects.in_force_on(clock.today()).filter(role=Role.UNIT_OFFICER, user__is_active=True)
    units = Organization.objects.filter(kind__in=GRASSROOTS).open_on(clock.today())
    return list(units.exclude(pk__in=officers.values("organization")).order_by().values_list("pk", flat=True))


def _steps_of(right: P) -> Q:
    found = Q(pk__in=[])
    for _, by, condition in TURNS:
        if by == right:
            found |= condition
    if right == P.STEP_BOARD:
        found |= _REPORTED
    return found & ~_REPORTED if right == P.STEP_BRANCH else found


def standing_of(user) -> QuerySet[StageEvent]:
    """Where the people stand now whose next step the user takes. One query for the units without an officer."""
    deserted = deserted_units() if holds(user, P.STEP_BOARD) else []
    return _with_a_clock().filter(turns_of(user, deserted))


def _with_a_clock() -> QuerySet[StageEvent]:
    """Where people stand now at a stage that has a clock: an index holds just these."""
    return StageEvent.objects.filter(is_live=True, ended_on=None, to_stage__in=list(CLOCK_OF))


def due_by(day: date, book: RuleBook, calendar: Calendar) -> Q:
    """Clocks that end on the day or before: by a signed extension, else by the set in force when they began."""
    usual = Q(pk__in=[])
    for kind, limit in LIMITS.items():
        for stretch in _stretches(limit, day, book, calendar):
            usual |= Q(to_stage__in=STAGES_OF[kind], clock_from__range=stretch)
    if not book.sets:
        return usual
    return Q(clock_until__lte=day, clock_from__gte=book.sets[0].valid_from) | Q(usual, clock_until=None)


def _stretches(limit: Limit, day: date, book: RuleBook, calendar: Calendar) -> list[tuple[date, date]]:
    """The start days, first and last, from which the clock ends by the day. Stretches that touch are one."""
    found: list[tuple[date, date]] = []
    for rules in book.sets:
        first, last = rules.valid_from, _latest(limit, day, rules, calendar)
        if first > last:
            continue
        if found and found[-1][1] == first - DAY:
            first = found.pop()[0]
        found.append((first, last))
    return found


def _latest(limit: Limit, day: date, rules: Rules, calendar: Calendar) -> date:
    last = limit.latest_start(day, rules, calendar)
    return min(last, rules.valid_to - DAY) if rules.valid_to else last


def due(rows: QuerySet[StageEvent], today: date, book: RuleBook, calendar: Calendar) -> QuerySet[StageEvent]:
    """Of these standing events those that are over or end within 30 days; `bucket` is annotated."""
    *nearer, farthest = WITHIN.items()
    whens = [When(due_by(today + within, book, calendar), then=Value(bucket.value)) for bucket, within in nearer]
    rows = rows.filter(due_by(today + farthest[1], book, calendar), to_status__in=FOLLOWED)
    return rows.annotate(bucket=Case(*whens, default=Value(farthest[0].value)), is_reported=IS_REPORTED)


def not_due(rows: QuerySet[StageEvent], today: date, book: RuleBook, calendar: Calendar) -> QuerySet[StageEvent]:
    """The others."""
    is_due = When(due_by(today + WITHIN[Bucket.MONTH], book, calendar), then=Value(True))
    return rows.annotate(is_due=Case(is_due, default=Value(False))).filter(is_due=False)


def pressing(user) -> QuerySet[StageEvent] | None:
    """What the menu counts: over, or ending within 7 days; None for who takes no step.

    Rules and units without an officer are read anew once a minute: a number in the menu may lag that long behind.
    """
    if not any(holds(user, right) for right in RIGHTS):
        return None
    book, calendar, deserted = cache.get_or_set("candidates.due", _remembered, timeout=60)
    soon = due_by(clock.today() + WITHIN[Bucket.WEEK], book, calendar)
    return _with_a_clock().filter(soon, to_status__in=FOLLOWED).filter(turns_of(user, deserted))


def _remembered() -> tuple[RuleBook, Calendar, list[int]]:
    return RuleSet.objects.book(), CalendarYear.objects.calendar(), deserted_units()


def tally(rows: QuerySet[StageEvent]) -> dict[Bucket, int]:
    """How many stand in each list. One query, at most three rows."""
    counted = dict(rows.order_by().values_list("bucket").annotate(n=Count("pk")))
    return {bucket: counted.get(bucket.value, 0) for bucket in Bucket}


def first(
    rows: QuerySet[StageEvent], shown: int, today: date, book: RuleBook, calendar: Calendar
) -> tuple[dict[Bucket, int], list[Due]]:
    """How many stand in each list, and the first of each, the most urgent first. Two queries for any number of people.

    Within one clock the older start is the more urgent, and of extended ones the nearer last day; so the first of each
    hold the first of all.
    """
    kinds = [When(to_stage__in=stages, then=Value(kind.value)) for kind, stages in STAGES_OF.items()]
    rows = rows.annotate(kind=Case(When(clock_until__isnull=False, then=Value("extended")), *kinds))
    order = [Coalesce("clock_until", "clock_from"), F("pk")]
    rows = rows.annotate(
        rank=Window(RowNumber(), partition_by=[F("bucket"), F("kind")], order_by=order),
        total=Window(Count("pk"), partition_by=[F("bucket")]),
    )
    ids = list(rows.filter(rank__lte=shown).values_list("pk", "bucket", "total"))
    buckets = {key: bucket for key, bucket, _ in ids}
    totals = dict.fromkeys(Bucket, 0) | {Bucket(bucket): total for _, bucket, total in ids}
    events = StageEvent.objects.filter(pk__in=buckets).annotate(is_reported=IS_REPORTED)
    events = events.select_related("candidate", "unit__grassroots")
    found = [one for event in events if (one := _read(event, buckets[event.pk], today, book, calendar))]
    found.sort(key=lambda one: (one.deadline.due, one.event.pk))
    return totals, [one for bucket in Bucket for one in [each for each in found if each.bucket == bucket][:shown]]


def in_order(rows: QuerySet[StageEvent], today: date, book: RuleBook, calendar: Calendar) -> list[int]:
    """Ids of all of them, the most urgent first. One query of few columns: the last days are worked out here."""
    kept = rows.order_by().values_list("pk", "to_stage", "clock_from", "clock_until")
    found = []
    for key, stage, since, until in kept:
        clock = Running(CLOCK_OF[Stage(stage)][0], since, until)
        found.append((clock.due(book.on(since), calendar), key))
    return [key for _, key in sorted(found)]


def read(rows: QuerySet[StageEvent], ids: list[int], today: date, book: RuleBook, calendar: Calendar) -> list[Due]:
    """Some of them with their people, in the order of the ids. One query."""
    events = rows.filter(pk__in=ids).select_related("candidate", "unit__grassroots")
    found = {event.pk: _read(event, event.bucket, today, book, calendar) for event in events}
    return [found[key] for key in ids if found.get(key)]


def _read(event: StageEvent, bucket: str, today: date, book: RuleBook, calendar: Calendar) -> Due | None:
    found = deadline_of(event, today, book, calendar)
    return Due(event, found, Bucket(bucket)) if found else None


def deadline_of(event: StageEvent, today: date, book: RuleBook, calendar: Calendar) -> Deadline | None:
    """The last day of the clock that runs after a standing event."""
    clock, _ = CLOCK_OF[Stage(event.to_stage)]
    estimate = clock == Clock.CEREMONY and event.step == Step.DECIDED
    return deadline(Running(clock, event.clock_from, event.clock_until, estimate), book, calendar, today)


def turn(event: StageEvent) -> Step:
    """The next step of a person with a clock, of an event that due() or first() read."""
    grassroots = event.unit.grassroots or event.unit
    step = forward_step(event.to_stage, grassroots.form, failed_votes=3 if event.is_reported else 0)
    return Step.DECIDED if step == Step.SUBMITTED and grassroots.delegated_admission else step
