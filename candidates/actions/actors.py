"""Who acts on a person: the rights held at the unit, and what four eyes keep apart (design.md 2)."""

from datetime import datetime

from django.db.models import Min, Q

from candidates.models import Candidate, ReviewCase
from candidates.pipeline import Actor, Stage, Status, Step
from organizations.models import Assignment, Change, Organization
from organizations.permissions import Permission, Role, roles_with
from organizations.scope import may_in, scope_of
from vuthu_recruit import clock

DOSSIER_CHANGES = (
    "candidate.edit",
    "candidate.companions",
    "candidate.correct",
    "candidate.enter",
    "candidate.papers",
    "candidate.answer",
    "candidate.former",
    "class.result",  # a certificate is a paper of the dossier
)
STEP_RIGHTS = (
    Permission.STEP_BRANCH,
    Permission.STEP_COMMITTEE,
    Permission.STEP_BOARD,
    Permission.CLASS_EDIT,
    Permission.CANDIDATE_EDIT,
)


def actor_for(candidate: Candidate, by, *, step: Step | None = None, confirmed: bool = False) -> Actor:
    """What the user may do at the person's unit; for a step under four eyes also what they did before.

    At most one query beyond the scope, for APPRAISED and DECIDED up to six.
    """
    unit = candidate.unit
    rights = frozenset(right for right in STEP_RIGHTS if may_in(by, right, unit))
    on_board = Permission.STEP_BOARD in rights
    is_head = any(assignment.is_head for assignment in scope_of(by).assignments)
    barred = _barred(candidate, step) if on_board else frozenset()
    return Actor(
        rights,
        key=by.pk,
        is_head=is_head,
        prepared=step == Step.APPRAISED and by.pk in barred,
        appraised=step == Step.DECIDED and by.pk in barred,
        stands_in=on_board and not _has_officer(unit),
        confirmed=confirmed,
        alone_for=frozenset({step}) if is_head and by.pk in barred and not _others(unit, barred) else frozenset(),
    )


def _barred(candidate: Candidate, step: Step | None) -> frozenset[int]:
    """Whom four eyes keep from the step: who prepared the dossier from appraising, who appraised from deciding."""
    if step not in (Step.APPRAISED, Step.DECIDED) or candidate.pk is None:
        return frozenset()
    earlier = Step.SUBMITTED if step == Step.APPRAISED else Step.APPRAISED
    last = candidate.events.filter(is_live=True, step=earlier).order_by("-happened_on", "-place").first()
    if last is None:
        return frozenset()
    # A correction stands in the place of what it replaces: whoever wrote any version of the appraisal made it.
    versions = candidate.events.filter(place=last.place, step=earlier)
    if step == Step.DECIDED:
        return frozenset(versions.values_list("by_id", flat=True))
    since = _first_sent(candidate) or last.recorded_at
    return frozenset({candidate.created_by_id, *_changed_dossier(candidate, since), *_compared(candidate, since)})


def _first_sent(candidate: Candidate) -> datetime | None:
    """When the dossier that is appraised was first sent; None when it was returned and not sent again.

    Taking a submission back and sending anew forgets nobody.
    """
    last = candidate.events.filter(is_live=True, step=Step.RETURNED).order_by("-happened_on", "-place").first()
    # A correction keeps the place: when it was first recorded is what counts, also of what was put right since.
    versions = candidate.events.filter(step=Step.RETURNED, place=last.place) if last else None
    returned = versions.aggregate(first=Min("recorded_at"))["first"] if versions is not None else None
    sent = candidate.events.filter(step=Step.SUBMITTED, is_void=False, replaces=None)
    sent = sent.filter(recorded_at__gt=returned) if returned else sent
    return sent.aggregate(first=Min("recorded_at"))["first"]


def _changed_dossier(candidate: Candidate, since) -> set[int]:
    """Who changed dossier facts since the last submission (spelling does not count)."""
    return set(
        Change.objects.filter(
            subject_type=Candidate._meta.label,
            subject_id=str(candidate.pk),
            at__gte=since,
            action__in=DOSSIER_CHANGES,
        ).values_list("by_id", flat=True)
    )


def _compared(candidate: Candidate, since) -> set[int]:
    """Who said since then of two records which is whose: a merger is a change of the dossier that stays."""
    rows = ReviewCase.objects.filter(Q(candidate=candidate) | Q(other=candidate), decided_at__gte=since)
    return set(rows.values_list("decided_by_id", flat=True))


def _others(unit: Organization, barred: frozenset[int]) -> bool:
    """Whether somebody else of the Board above the unit is entitled."""
    rows = Assignment.objects.in_force_on(clock.today()).filter(
        role__in=roles_with(Permission.STEP_BOARD), user__is_active=True
    )
    paths = rows.exclude(user_id__in=barred - {None}).values_list("organization__path", flat=True)
    return any(unit.path.startswith(path) for path in paths)


def _has_officer(unit: Organization) -> bool:
    """Whether the grassroots organization above the unit has an officer who can sign in today."""
    return (
        Assignment.objects.in_force_on(clock.today())
        .filter(role=Role.UNIT_OFFICER, organization_id=unit.grassroots_id or unit.pk, user__is_active=True)
        .exists()
    )


def lies_with_the_board(candidate: Candidate, by) -> bool:
    """Whether the Board is judging the dossier and this user is not of it: what is judged stays as it is."""
    at_board = candidate.stage in (Stage.SUBMITTED, Stage.APPRAISED) and candidate.status == Status.OPEN
    return at_board and not may_in(by, Permission.STEP_BOARD, candidate.unit)
