"""Who needs the awareness class: in the source without a certificate, or with one that is over before the meeting."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from candidates.classes import State
from candidates.models import Candidate, Enrolment, Purpose, RuleSet, StageEvent
from candidates.pipeline import BEFORE_THE_MEETING, FOLLOWED, Stage
from vuthu_recruit.dates import months_after

LONG_AGO = date(1900, 1, 1)
# In a class that may still give a certificate: nominated, waiting for a place, attending, or passed without one yet.
ON_THE_WAY = Q(state__in=(State.NOMINATED, State.WAITING, State.ENROLLED)) | Q(
    state=State.FINISHED, is_passed=True, certificate_number=""
)


def certificate_months(day: date) -> int | None:
    """How long a certificate holds by the rules of the day; None without a set. One query."""
    rules = RuleSet.objects.book().on(day)
    return rules["certificate_months"] if rules else None


def to_attend(people: QuerySet[Candidate], today: date, months: int | None) -> QuerySet[Candidate]:
    """Those of some people who need the class, with `since`, `issued_on` (of the newest certificate) and `is_sent`."""
    own = Enrolment.objects.filter(candidate=OuterRef("pk"), training_class__kind__purpose=Purpose.AWARENESS)
    certificates = own.filter(issued_on__lte=today).order_by("-issued_on")
    first = StageEvent.objects.filter(candidate=OuterRef("pk"), is_live=True).order_by("happened_on", "place")
    over = months_after(today, -months) if months else LONG_AGO
    return (
        people.with_status(*FOLLOWED)
        .in_stage(*BEFORE_THE_MEETING)
        .annotate(
            since=Subquery(first.values("happened_on")[:1]),
            issued_on=Subquery(certificates.values("issued_on")[:1]),
            is_sent=Exists(own.filter(ON_THE_WAY, training_class__is_called_off=False)),
        )
        .filter(Q(stage=Stage.SOURCE, issued_on=None) | Q(issued_on__lt=over))
    )


TABS = {"chua-cu": Q(issued_on=None, is_sent=False), "da-cu": Q(is_sent=True)}
TABS |= {"het": Q(issued_on__isnull=False, is_sent=False)}


@dataclass(frozen=True)
class LastClass:
    """The class somebody was last sent to, and how they stand in it."""

    name: str
    url: str
    state: str


def last_classes(people: list[Candidate]) -> dict[int, LastClass]:
    """Of each of some people the last class they were sent to. One query."""
    rows = Enrolment.objects.filter(
        candidate__in=[one.pk for one in people], training_class__kind__purpose=Purpose.AWARENESS
    ).exclude(state=State.WITHDRAWN)
    found = {}
    for row in rows.select_related("training_class__kind").order_by("training_class__from_on", "pk"):
        found[row.candidate_id] = LastClass(str(row.training_class), row.training_class.get_absolute_url(), _words(row))
    return found


def _words(row: Enrolment) -> str:
    if row.state != State.FINISHED:
        return row.state_words
    if not row.is_passed:
        return "Học xong, không đạt"
    return "Đã có giấy chứng nhận" if row.certificate_number else "Đạt, chờ cấp giấy chứng nhận"
