"""Sessions of the Standing Committee among demo people: the last one that decided, and the next one being prepared."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone

from candidates.models import Candidate, CommitteeSession, SessionItem, StageEvent
from candidates.pipeline import Stage, Status, Step
from organizations.models import Kind, Organization, User

WAITING = 8  # people on the list of the next session
WITHIN_DAYS = 120


def hold(today: date, by: User) -> int:
    """How many sessions were written."""
    district = Organization.objects.filter(kind=Kind.DISTRICT).first()
    return _past(district, today, by) + _next(district, today)


def _past(district: Organization, today: date, by: User) -> int:
    """The recent day on which most were decided, with everybody decided on it."""
    decided = StageEvent.objects.counted(Step.DECIDED, today - timedelta(days=WITHIN_DAYS), today)
    decided = decided.filter(unit__path__startswith=district.path)
    day = decided.values("happened_on").annotate(n=Count("pk")).order_by("-n", "-happened_on").first()
    if day is None:
        return 0
    session = CommitteeSession(organization=district, held_on=day["happened_on"], closed_by=by)
    session.closed_at = timezone.make_aware(datetime.combine(session.held_on, time(16)))
    session.save(force_insert=True)
    SessionItem.objects.bulk_create(
        SessionItem(
            session=session,
            candidate_id=event.candidate_id,
            outcome=SessionItem.Outcome.AGREE,
            note=event.facts["document"],
            decided_by_id=event.by_id,
        )
        for event in decided.filter(happened_on=session.held_on).order_by("pk")
    )
    return 1


def _next(district: Organization, today: date) -> int:
    """A session within days, with some of those who wait for it; the others are still to be put on its list."""
    people = Candidate.objects.filter(
        stage=Stage.APPRAISED, status=Status.OPEN, unit__path__startswith=district.path
    ).order_by("pk")
    if not people:
        return 0
    session = CommitteeSession(organization=district, held_on=today + timedelta(days=4))
    session.save(force_insert=True)
    SessionItem.objects.bulk_create(
        SessionItem(session=session, candidate=one) for one in people[: min(WAITING, max(1, people.count() * 2 // 3))]
    )
    return 1
