"""What became of participants and their certificates on a day: a state and a fate of each, decided in SQL.

Every certificate of the awareness class issued by the day has exactly one fate:

- `admitted`: its holder was admitted (the step the plan counts) on the day it was issued or later, and it was the
  newest they held that day;
- `again`: another certificate of the person counts instead, a newer one; or they had been admitted before this one;
- `waiting`: its holder is followed and not admitted;
- `gone`: its holder is not admitted, and stopped, moved away or struck off.

So everybody counts by one certificate at most, and the fates add up to the certificates.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, ExtractDay, ExtractMonth, ExtractYear
from django.db.models.lookups import GreaterThan

from candidates.classes import Purpose, State
from candidates.models import Enrolment
from candidates.pipeline import BEFORE_THE_MEETING, FOLLOWED
from reports.figures.attention import SOON
from reports.figures.counted import counted_step
from reports.figures.scope import Reach
from reports.figures.table import current_plan
from targets.models import AdmissionPlan
from vuthu_recruit import clock
from vuthu_recruit.dates import months_after

MILESTONES = (12, 24, 36)  # months from the certificate to the admission


class Fate(StrEnum):
    """A fate, the admitted by how soon, the waiting by how long their certificate holds."""

    NONE = ""  # no certificate by the day
    OTHER = "other"  # a certificate of a class that opens no way to admission
    ADMITTED_12 = "admitted_12"
    ADMITTED_24 = "admitted_24"
    ADMITTED_36 = "admitted_36"
    ADMITTED_LATER = "admitted_later"
    AGAIN = "again"
    GONE = "gone"
    WAITING = "waiting"
    EXPIRING = "expiring"  # waiting, before the branch's meeting, ends within 90 days
    EXPIRED = "expired"  # waiting, before the branch's meeting, over


ADMITTED = (Fate.ADMITTED_12, Fate.ADMITTED_24, Fate.ADMITTED_36, Fate.ADMITTED_LATER)
WAITING = (Fate.WAITING, Fate.EXPIRING, Fate.EXPIRED)


@dataclass(frozen=True)
class Span:
    """Which classes, and the day they are read at: of one purpose, whose first day lies first–last.

    A class that has not begun by the day is in no figure. Several times the same day: `last` is never after `as_of`.
    """

    first: date
    last: date
    as_of: date
    purpose: Purpose = Purpose.AWARENESS

    @classmethod
    def year_of(cls, as_of: date, purpose: Purpose = Purpose.AWARENESS) -> "Span":
        """The default: the classes of the year, so far."""
        return cls(date(as_of.year, 1, 1), as_of, as_of, purpose)

    @property
    def leads_to_admission(self) -> bool:
        return self.purpose == Purpose.AWARENESS

    @property
    def classes(self) -> Q:
        """The condition on a class."""
        return Q(kind__purpose=self.purpose, is_called_off=False, from_on__range=(self.first, self.last))


def participants(
    reach: Reach, span: Span, months: int | None, plan: AdmissionPlan | None = None, *, tells_how_soon: bool = True
) -> QuerySet[Enrolment]:
    """Who was sent to the classes, each with `standing_as` and `fate`, in the unit that sent them.

    Whoever moved later stays with that unit: a figure of what it did. `months`: how long a certificate holds.
    Without `tells_how_soon` all who were admitted are ADMITTED_LATER: months are dear to count in SQLite.
    """
    # Asked of each row, so that the few classes lead the query and not the many people of all units.
    rows = Enrolment.objects.filter(Exists(reach.units.filter(pk=OuterRef("unit")))).listed()
    rows = rows.filter(**{f"training_class__{name}": value for name, value in span.classes.children})
    rows = rows.annotate(standing_as=_state(span.as_of))
    if not span.leads_to_admission:
        certified = When(issued_on__lte=span.as_of, then=Value(Fate.OTHER))
        return rows.annotate(fate=Case(certified, default=Value(Fate.NONE)))
    rows = _with_standing(_with_admission(rows, span.as_of, plan or current_plan()), span.as_of)
    return rows.annotate(fate=Case(*_fates(span.as_of, months, tells_how_soon), default=Value(Fate.GONE)))


def _state(as_of: date) -> Case:
    """Where a participant stood: no result is older than the last day of the class."""
    return Case(
        When(state=State.FINISHED, training_class__to_on__lte=as_of, is_passed=True, then=Value("passed")),
        When(state=State.FINISHED, training_class__to_on__lte=as_of, is_passed=False, then=Value("failed")),
        When(state=State.FINISHED, then=Value(State.ENROLLED)),
        default=F("state"),
    )


def _with_admission(rows: QuerySet[Enrolment], as_of: date, plan) -> QuerySet[Enrolment]:
    """`admitted_on`: of each person at most one admission counts."""
    counted = Q(candidate__events__step=counted_step(plan), candidate__events__is_counted=True)
    happened = Q(candidate__events__happened_on__lte=as_of)
    rows = rows.annotate(admission=FilteredRelation("candidate__events", condition=counted & happened))
    return rows.annotate(admitted_on=F("admission__happened_on")).annotate(months_taken=_months_taken())


def _with_standing(rows: QuerySet[Enrolment], as_of: date) -> QuerySet[Enrolment]:
    """`stage_then`, `status_then`: nothing is dated after today, so today's are those of the record."""
    if as_of >= clock.today():
        return rows.annotate(stage_then=F("candidate__stage"), status_then=F("candidate__status"))
    live = Q(candidate__events__is_live=True, candidate__events__happened_on__lte=as_of)
    lasting = Q(candidate__events__ended_on=None) | Q(candidate__events__ended_on__gt=as_of)
    rows = rows.annotate(stand=FilteredRelation("candidate__events", condition=live & lasting))
    return rows.annotate(stage_then=F("stand__to_stage"), status_then=F("stand__to_status"))


def _months_taken():
    """From the certificate to the admission: the least n for which months_after(issued_on, n) is not before it."""
    day, since = F("admitted_on"), F("issued_on")
    months = (ExtractYear(day) - ExtractYear(since)) * 12 + ExtractMonth(day) - ExtractMonth(since)
    return months + Case(When(GreaterThan(ExtractDay(day), ExtractDay(since)), then=1), default=0)


def _fates(as_of: date, months: int | None, tells_how_soon: bool) -> list[When]:
    """One after the other: the first that holds."""
    newer = Enrolment.objects.certificates().filter(
        Q(issued_on__gt=OuterRef("issued_on")) | Q(issued_on=OuterRef("issued_on"), pk__gt=OuterRef("pk")),
        candidate=OuterRef("candidate"),
        issued_on__lte=Coalesce(OuterRef("admitted_on"), as_of),
    )
    milestones = zip(MILESTONES, ADMITTED, strict=False) if tells_how_soon else ()
    found = [
        When(Q(issued_on=None) | Q(issued_on__gt=as_of), then=Value(Fate.NONE)),
        When(Q(admitted_on__lt=F("issued_on")) | Exists(newer), then=Value(Fate.AGAIN)),
        *(When(months_taken__lte=n, then=Value(fate)) for n, fate in milestones),
        When(admitted_on__isnull=False, then=Value(Fate.ADMITTED_LATER)),
    ]
    if months:
        # A certificate holds on its last day; it is looked at until the branch has met (domain.md 1.4).
        before = Q(status_then__in=FOLLOWED, stage_then__in=BEFORE_THE_MEETING)
        over, soon = months_after(as_of, -months), months_after(as_of + SOON, -months)
        found.append(When(before & Q(issued_on__lt=over), then=Value(Fate.EXPIRED)))
        found.append(When(before & Q(issued_on__lte=soon), then=Value(Fate.EXPIRING)))
    return [*found, When(status_then__in=FOLLOWED, then=Value(Fate.WAITING))]
