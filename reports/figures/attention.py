"""What needs attention, as far as events tell: certificates, probation, dossiers that stand still, branches, units."""

from datetime import date, timedelta

from django.db.models import Count as Tally
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from candidates.attend import certificate_months
from candidates.models import Enrolment, Purpose, StageEvent
from candidates.pipeline import BEFORE_THE_MEETING, FOLLOWED, Stage
from organizations.models import Kind, Organization, OrganizationFigure, Succession
from reports.figures.counted import counted_step
from reports.figures.scope import Reach
from reports.figures.standing import standing
from reports.figures.table import current_plan
from vuthu_recruit.dates import months_after

PROBATION_MONTHS = 12
SOON = timedelta(days=90)
LONG_AGO = date(1900, 1, 1)


def newest_certificate(as_of: date):
    """The newest certificate of the awareness class a person held on the day: a subquery for `candidate`."""
    return (
        Enrolment.objects.filter(
            candidate=OuterRef("candidate"),
            training_class__kind__purpose=Purpose.AWARENESS,
            issued_on__lte=as_of,
        )
        .order_by("-issued_on")
        .values("issued_on")[:1]
    )


def certificates(reach: Reach, as_of: date, within: timedelta = SOON) -> QuerySet[StageEvent]:
    """People before the branch's meeting whose newest certificate ends by the day + `within`, or has ended.

    `issued_on` is annotated. One query for the months a certificate holds; without a set of rules there is nobody.
    """
    months = certificate_months(as_of)
    limit = months_after(as_of + within, -months) if months else LONG_AGO
    old = Enrolment.objects.filter(
        training_class__kind__purpose=Purpose.AWARENESS, issued_on__lte=limit, candidate__isnull=False
    ).values("candidate")
    return (
        standing(reach, as_of)
        .filter(to_stage__in=BEFORE_THE_MEETING, to_status__in=FOLLOWED, candidate__in=old)
        .annotate(issued_on=Subquery(newest_certificate(as_of)))
        .filter(issued_on__lte=limit)
    )


def probation(reach: Reach, as_of: date) -> QuerySet[StageEvent]:
    """Probationary members whose 12 months are over and whose branch has not proposed recognition.

    From the ceremony, where the clock of the stage began; `admitted_on` is annotated.
    """
    return (
        standing(reach, as_of)
        .filter(to_stage=Stage.ADMITTED, to_status__in=FOLLOWED)
        .filter(clock_from__lte=months_after(as_of, -PROBATION_MONTHS))
        .annotate(admitted_on=F("clock_from"))
    )


def branches_without_admission(user, as_of: date, years: int = 3, only: str = "") -> QuerySet[Organization]:
    """Branches open on the day whose last admission (by events, or the dated fact) lies more than N years back.

    Admissions count by the plan's basis; those of a branch's direct predecessors are its own. Branches of which nothing
    is known are not in it: `last_admission` is annotated. Sources: StageEvent, OrganizationFigure.last_admission_on.
    """
    # One range, not two comparisons: SQL would work the day out once for each.
    within = LONG_AGO + timedelta(days=1), months_after(as_of, -12 * years) - timedelta(days=1)
    return _branches(Reach(user, only), as_of).filter(last_admission__range=within)


def _branches(reach: Reach, as_of: date) -> QuerySet[Organization]:
    step = counted_step(current_plan())
    counted = StageEvent.objects.filter(step=step, is_counted=True, happened_on__lte=as_of)
    newest = counted.order_by("-happened_on").values("happened_on")
    own = newest.filter(unit=OuterRef("pk"))[:1]
    # From the few successions to their predecessors' events; the other way round every branch reads every decision.
    predecessors = Succession.objects.filter(successor=OuterRef("pk"))
    inherited = (
        predecessors.annotate(day=Subquery(newest.filter(unit=OuterRef("predecessor"))[:1]))
        .filter(day__isnull=False)
        .order_by("-day")
        .values("day")[:1]
    )
    facts = OrganizationFigure.objects.filter(
        organization=OuterRef("pk"), on__lte=as_of, last_admission_on__isnull=False
    ).order_by("-on")
    last = [Coalesce(Subquery(each), LONG_AGO) for each in (own, inherited, facts.values("last_admission_on")[:1])]
    return (
        Organization.objects.open_on(as_of)
        .filter(kind=Kind.BRANCH, pk__in=reach.units)
        .annotate(last_admission=Greatest(*last))
    )


def counts(reach: Reach, as_of: date) -> dict[str, int]:
    """How many stand behind each list that is not in the table already. Two queries, one of them for the rules."""
    anyone = Organization.objects.order_by("pk").values("pk")[:1]

    def number(rows) -> Subquery:
        return Subquery(rows.order_by().annotate(one=F("pk") * 0).values("one").annotate(n=Tally("pk")).values("n"))

    row = (
        Organization.objects.filter(pk__in=Subquery(anyone))
        .annotate(
            certificates=Coalesce(number(certificates(reach, as_of)), 0),
            probation=Coalesce(number(probation(reach, as_of)), 0),
            no_admission=Coalesce(number(branches_without_admission(reach.user, as_of, only=reach.only)), 0),
        )
        .values("certificates", "probation", "no_admission")
        .first()
    )
    return row or {"certificates": 0, "probation": 0, "no_admission": 0}
