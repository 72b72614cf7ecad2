"""Sessions of the Standing Committee: opened, filled with appraised people, and their outcomes recorded in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from candidates.actions.events import Refused, record_step
from candidates.models import Candidate, CommitteeSession, SessionItem, StageEvent
from candidates.pipeline import REASON, Refusal, Stage, Status, Step
from organizations import changes
from organizations.models import Kind, Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import vietnamese

TOP = (Kind.AREA, Kind.DISTRICT)
SHORTEST_REASON = 5
STEPS = (Step.DECIDED, Step.DEFERRED, Step.STOPPED)  # what an outcome is recorded as
Outcome = SessionItem.Outcome


@dataclass(frozen=True)
class Decided:
    """What the session decided about one person. `facts`: what the step of the outcome records."""

    outcome: str
    facts: Mapping = field(default_factory=dict)


class SessionRefused(Exception):
    """Nothing was recorded; by person, every reason."""

    def __init__(self, refusals: dict[int, list[Refusal]]):
        self.refusals = refusals
        super().__init__(f"{len(refusals)} người chưa ghi được")


@transaction.atomic
def open_session(*, organization: Organization, held_on: date, name: str, by) -> CommitteeSession:
    """A session of the committee of a district or area. The same day and name again returns the open one."""
    if organization.kind not in TOP or not may_in(by, Permission.STEP_BOARD, organization):
        raise PermissionDenied
    if not organization.opened_on <= held_on or (organization.closed_on and held_on >= organization.closed_on):
        raise ValidationError({"held_on": f"{organization.name} không hoạt động vào ngày này."})
    name = vietnamese.clean(name)
    known = CommitteeSession.objects.filter(organization=organization, held_on=held_on, name=name, closed_at=None)
    if same := known.first():
        return same
    session = CommitteeSession(organization=organization, held_on=held_on, name=name)
    try:
        with transaction.atomic():
            session.save(force_insert=True)
    except IntegrityError:  # somebody opened the same one a moment ago
        return known.get()
    with changes.recording(by=by, action="session.open", subject=session) as log:
        log.created(session)
    return session


@transaction.atomic
def edit_session(*, session: CommitteeSession, held_on: date, name: str, version: int, by) -> None:
    """Another day or name of an open session: opened by mistake, or put off. Raises Conflict, Refused."""
    session = _claimed(session, version, by)
    before = changes.state(session) | {"version": version}
    if session.items.exclude(outcome__in=["", Outcome.REMOVED]).exists() and held_on != session.held_on:
        raise Refused([Refusal("begun", "Kỳ họp đã ghi kết quả nên không đổi ngày được.", "held_on")])
    session.held_on, session.name = held_on, vietnamese.clean(name)
    try:
        with transaction.atomic():
            session.save(update_fields=["held_on", "name"])
    except IntegrityError:
        raise Refused([Refusal("same", "Đã có một kỳ họp khác cùng ngày, cùng tên đang mở.", "held_on")]) from None
    with changes.recording(by=by, action="session.edit", subject=session) as log:
        log.updated(session, before)


def choosable(session: CommitteeSession, by):
    """People who may be put on the list: appraised, followed, below the session's committee, on no open list."""
    waiting = SessionItem.objects.filter(outcome="").values("candidate")
    rows = Candidate.objects.visible_to(by, needs=Permission.STEP_BOARD).filter(
        unit__path__startswith=session.organization.path, stage=Stage.APPRAISED, status=Status.OPEN
    )
    taken_over = StageEvent.objects.filter(is_live=True, step=Step.BACKFILLED).values("candidate")
    voted = StageEvent.objects.filter(is_live=True, step=Step.BRANCH_PASSED).values("candidate")
    # Whoever was taken over from paper and has no vote yet cannot be decided.
    return rows.exclude(pk__in=waiting).exclude(Q(pk__in=taken_over) & ~Q(pk__in=voted))


@transaction.atomic
def put_on_list(*, session: CommitteeSession, candidates: list[int], version: int, by) -> int:
    """Put people on the list. Raises Refused naming those who cannot be."""
    session = _claimed(session, version, by)
    rows = list(Candidate.objects.select_for_update(of=("self",)).filter(pk__in=candidates).order_by("pk"))
    free = set(choosable(session, by).values_list("pk", flat=True))
    found = [_not_free(row, session) for row in rows if row.pk not in free]
    if not rows:
        found.append(Refusal("nobody", "Chưa chọn ai.", who="Đánh dấu người đưa vào danh sách"))
    if found:
        raise Refused(found)
    with changes.recording(by=by, action="session.list", subject=session) as log:
        log.updated(session, changes.state(session) | {"version": version})
        for row in rows:
            item = SessionItem(session=session, candidate=row)
            item.save(force_insert=True)
            log.created(item)
    return len(rows)


def _not_free(candidate: Candidate, session: CommitteeSession) -> Refusal:
    held = SessionItem.objects.filter(candidate=candidate, outcome="").select_related("session").first()
    if held and held.session_id == session.pk:
        return Refusal("on_the_list", f"{candidate.full_name} đã có trong danh sách này.")
    if held:
        who = "Ghi kết quả, hoặc rút khỏi danh sách kia trước"
        return Refusal("two_sessions", f"{candidate.full_name} đang trong danh sách {held.session}.", who=who)
    stage = f"{candidate.get_stage_display()}, {candidate.get_status_display().lower()}"
    return Refusal("not_appraised", f"{candidate.full_name} không ở bước chờ trình.", found=stage)


@transaction.atomic
def take_off_list(*, session: CommitteeSession, item: int, reason: str, version: int, by) -> None:
    """Take somebody off the list before anything was decided about them; the row stays, with the reason."""
    session = _claimed(session, version, by)
    row = session.items.filter(pk=item, outcome="").select_related("candidate").first()
    reason = vietnamese.clean_lines(reason)
    found = []
    if row is None:
        found.append(Refusal("gone", "Người này không còn chờ kết quả trong danh sách."))
    if len(reason) < SHORTEST_REASON:
        found.append(Refusal("too_short", f"Ghi lý do rút khỏi danh sách, ít nhất {SHORTEST_REASON} ký tự.", "reason"))
    if found:
        raise Refused(found)
    with changes.recording(by=by, action="session.list", subject=session, reason=reason) as log:
        log.updated(session, changes.state(session) | {"version": version})
        _close(row, Outcome.REMOVED, reason, by, log)
        _close_session(session, by, log)


@transaction.atomic
def cancel_session(*, session: CommitteeSession, reason: str, version: int, by) -> None:
    """End a session that does not meet; whoever was on its list waits again. Refused once it decided anything."""
    session = _claimed(session, version, by)
    reason = vietnamese.clean_lines(reason)
    found = []
    if session.items.exclude(outcome__in=["", Outcome.REMOVED]).exists():
        who = "Ghi kết quả của những người còn lại"
        found.append(Refusal("begun", "Kỳ họp đã ghi kết quả nên không hủy được.", "reason", who=who))
    if len(reason) < SHORTEST_REASON:
        found.append(Refusal("too_short", f"Ghi lý do không họp, ít nhất {SHORTEST_REASON} ký tự.", "reason"))
    if found:
        raise Refused(found)
    with changes.recording(by=by, action="session.cancel", subject=session, reason=reason) as log:
        before = changes.state(session) | {"version": version}
        for row in session.items.filter(outcome="").select_related("candidate"):
            _close(row, Outcome.REMOVED, f"Không họp. {reason}"[:500], by, log)
        session.closed_at, session.closed_by = timezone.now(), by
        session.save(update_fields=["closed_at", "closed_by"])
        log.updated(session, before)


@transaction.atomic
def record_outcomes(
    *,
    session: CommitteeSession,
    outcomes: dict[int, Decided],
    happened_on: date | None,
    version: int,
    by,
    shares_numbers: bool = False,
) -> int:
    """Record what was decided about several people, all or nothing, under one lock; how many.

    `shares_numbers`: that one decision names several people is meant so.

    Who was left out stays open: whoever appraised somebody leaves that one to a colleague. Raises SessionRefused.
    """
    session = _claimed(session, version, by)
    items = session.items.filter(pk__in=outcomes, outcome="").select_related("candidate")
    rows = {row.pk: row for row in items.order_by("candidate_id")}
    found: dict[int, list[Refusal]] = {
        pk: [Refusal("gone", "Người này không còn chờ kết quả trong danh sách.")] for pk in outcomes if pk not in rows
    }
    if happened_on and happened_on < session.held_on:
        message = f"Ngày quyết định {happened_on:%d/%m/%Y} trước ngày họp {session.held_on:%d/%m/%Y}."
        found[0] = [Refusal("before_the_session", message, "happened_on", who="Sửa ngày, hoặc sửa ngày họp")]
    if not shares_numbers:
        for pk, refusal in _numbers_taken(session, rows, outcomes, happened_on):
            found.setdefault(pk, []).append(refusal)
    if not outcomes:
        found[0] = [Refusal("nobody", "Chưa chọn kết quả của ai.", who="Chọn kết quả cho ít nhất một người")]
    with changes.recording(by=by, action="session.outcomes", subject=session) as log:
        log.updated(session, changes.state(session) | {"version": version})
        for pk, row in rows.items():
            try:
                _decide(session, row, outcomes[pk], happened_on, by, log)
            except Refused as refused:
                found.setdefault(pk, []).extend(refused.refusals)
        if found:
            raise SessionRefused(found)
        _close_session(session, by, log)
    return len(rows)


def _decide(session: CommitteeSession, row: SessionItem, decided: Decided, happened_on, by, log: changes.Log) -> None:
    """One step of one person, by the same rules as anywhere else."""
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=row.candidate_id)
    claim(candidate, version=candidate.version)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    if (candidate.stage, candidate.status) != (Stage.APPRAISED, Status.OPEN):
        stage = f"{candidate.get_stage_display()}, {candidate.get_status_display().lower()}"
        message = "Người này không còn ở bước chờ trình."
        raise Refused([Refusal("not_appraised", message, found=stage, who="Rút khỏi danh sách")])
    step, facts = _step(session, Outcome(decided.outcome), dict(decided.facts))
    event = record_step(candidate=candidate, step=step, happened_on=happened_on, facts=facts, by=by)
    note = str(decided.facts.get("reason") or decided.facts.get("document") or "")
    _close(row, decided.outcome, note[:500], by, log, place=event.place)


def _step(session: CommitteeSession, outcome: SessionItem.Outcome, facts: dict) -> tuple[Step, dict]:
    if outcome == Outcome.AGREE:
        return Step.DECIDED, facts
    if outcome == Outcome.NOT_AGREED:
        reason = facts.get("reason") or ""
        if len(reason) >= REASON.at_least:  # a reason too short is refused as it is
            facts["reason"] = f"Ban Thường vụ không đồng ý, {session}. {reason}"
        return Step.STOPPED, facts
    return Step.DEFERRED, facts | {"outcome": str(outcome)}


def _numbers_taken(session: CommitteeSession, rows: dict, outcomes: dict[int, Decided], happened_on: date | None):
    """Numbers of decisions typed for two people, or already standing under another decision of the year."""
    numbers = {
        pk: str(outcomes[pk].facts["document"]).strip()
        for pk in rows
        if outcomes[pk].outcome == Outcome.AGREE and outcomes[pk].facts.get("document")
    }
    known = StageEvent.objects.filter(
        step=Step.DECIDED,
        is_counted=True,
        happened_on__year=(happened_on or session.held_on).year,
        unit__path__startswith=session.organization.path,
        facts__document__in=sorted(set(numbers.values())),
    )
    held = {event.facts["document"]: event.candidate.full_name for event in known.select_related("candidate")}
    for pk, number in numbers.items():
        others = [rows[other].candidate.full_name for other in numbers if other != pk and numbers[other] == number]
        if others or number in held:
            message = f"Số {number} đã ghi cho {others[0] if others else held[number]}."
            who = "Sửa số, hoặc đánh dấu “Một quyết định ghi nhiều người”"
            yield pk, Refusal("number_taken", message, "document", who=who)


def _close(row: SessionItem, outcome: str, note: str, by, log: changes.Log, *, place: int | None = None) -> None:
    before = changes.state(row)
    row.outcome, row.note, row.decided_by, row.place = outcome, note, by, place
    row.save(update_fields=["outcome", "note", "decided_by", "place"])
    log.updated(row, before)


def undo(candidate: Candidate, place: int, log: changes.Log) -> None:
    """After the step of an outcome was taken back: the person waits in that session again, and it is open."""
    rows = SessionItem.objects.filter(candidate=candidate, place=place).exclude(outcome="").select_related("session")
    for row in rows:
        session, before = row.session, changes.state(row.session)
        session.closed_at, session.closed_by, session.version = None, None, session.version + 1
        session.save(update_fields=["closed_at", "closed_by", "version"])
        log.updated(session, before)
        _close(row, "", "", None, log)


def _close_session(session: CommitteeSession, by, log: changes.Log) -> None:
    """The session ends with the last outcome; one from which everybody was taken off stays open."""
    if session.items.filter(outcome="").exists() or not session.items.exclude(outcome=Outcome.REMOVED).exists():
        return
    before = changes.state(session)
    session.closed_at, session.closed_by = timezone.now(), by
    session.save(update_fields=["closed_at", "closed_by"])
    log.updated(session, before)


def _claimed(session: CommitteeSession, version: int, by) -> CommitteeSession:
    claim(session, version=version)
    session = CommitteeSession.objects.select_related("organization").get(pk=session.pk)
    if not may_in(by, Permission.STEP_BOARD, session.organization):
        raise PermissionDenied
    if not session.is_open:
        raise Refused([Refusal("closed", "Kỳ họp này đã kết thúc.", who="Mở kỳ họp khác")])
    return session
