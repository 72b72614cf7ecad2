"""Steps of the pipeline: taken, corrected, withdrawn. Claims the record, asks every rule, appends, rebuilds."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Max

from candidates import gates
from candidates.gates import Attempt, Story
from candidates.models import Candidate, StageEvent
from candidates.pipeline import (
    BY_STEP,
    FIRST_STEPS,
    Actor,
    IllegalWalk,
    Past,
    Refusal,
    Status,
    Step,
    Unit,
    order,
    replay,
)
from organizations import changes
from organizations.models import Assignment, Change, Organization
from organizations.permissions import Permission, Role
from organizations.scope import may_in, scope_of
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese

COUNTED = (Step.DECIDED, Step.ADMITTED, Step.OFFICIAL)
DOSSIER_CHANGES = ("candidate.edit", "candidate.correct", "candidate.enter")
STEP_RIGHTS = (
    Permission.STEP_BRANCH,
    Permission.STEP_COMMITTEE,
    Permission.STEP_BOARD,
    Permission.CLASS_EDIT,
    Permission.CANDIDATE_EDIT,
)


class Refused(Exception):
    """The step may not be taken; carries every reason."""

    def __init__(self, refusals: list[Refusal]):
        self.refusals = refusals
        super().__init__("; ".join(refusal.message for refusal in refusals))


@dataclass(frozen=True)
class Correction:
    """New values for one event; what is left out stays as it was."""

    event: StageEvent
    happened_on: date
    facts: dict = field(default_factory=dict)


def pure_unit(organization: Organization) -> Unit:
    """What the rules see of an organization. Needs its grassroots loaded, else one query."""
    grassroots = organization.grassroots or organization
    return Unit(
        key=organization.pk,
        grassroots=grassroots.pk,
        form=grassroots.form,
        holds_people=organization.may_hold_people(),
        delegated=grassroots.delegated_admission,
        opened_on=organization.opened_on,
        closed_on=organization.closed_on,
    )


def past(event: StageEvent) -> Past:
    return Past(Step(event.step), event.happened_on, event.unit_id, event.facts, event.place, event.by_id, event.pk)


def live_events(candidate: Candidate) -> list[StageEvent]:
    """The live events in order, units loaded. One query."""
    return list(
        candidate.events.filter(is_live=True).select_related("unit__grassroots", "by").order_by("happened_on", "place")
    )


def story_of(candidate: Candidate, events: list[StageEvent] | None = None) -> Story:
    """The life the rules judge."""
    events = live_events(candidate) if events is None else events
    units = {event.unit_id: pure_unit(event.unit) for event in events}
    return Story(tuple(past(event) for event in events), units, candidate.birth)


def actor_for(candidate: Candidate, by, *, unit: Organization | None = None, confirmed: bool = False) -> Actor:
    """What the user may do at the person's unit, and whether they prepared the dossier. Up to four queries."""
    unit = unit or candidate.unit
    rights = frozenset(right for right in STEP_RIGHTS if may_in(by, right, unit))
    return Actor(
        rights,
        key=by.pk,
        is_head=any(assignment.is_head for assignment in scope_of(by).assignments),
        prepared=Permission.STEP_BOARD in rights and candidate.pk is not None and _prepared(candidate, by),
        stands_in=Permission.STEP_BOARD in rights and not _has_officer(unit),
        confirmed=confirmed,
    )


def _prepared(candidate: Candidate, by) -> bool:
    """Entered the person, or changed dossier facts since the last submission (spelling does not count)."""
    if candidate.created_by_id == by.pk:
        return True
    submitted = candidate.events.filter(is_live=True, step=Step.SUBMITTED).order_by("-happened_on", "-place").first()
    if submitted is None:
        return False
    return Change.objects.filter(
        subject_type=Candidate._meta.label,
        subject_id=str(candidate.pk),
        by=by,
        at__gte=submitted.recorded_at,
        action__in=DOSSIER_CHANGES,
    ).exists()


def _has_officer(unit: Organization) -> bool:
    """Whether the grassroots organization above the unit has an officer who can sign in today."""
    return (
        Assignment.objects.in_force_on(clock.today())
        .filter(role=Role.UNIT_OFFICER, organization_id=unit.grassroots_id or unit.pk, user__is_active=True)
        .exists()
    )


def rebuild(candidate: Candidate, log: changes.Log) -> None:
    """Write the caches anew from the live events: of every event, and stage, status and unit of the person.

    Raises IllegalWalk when the live events are no legal walk. The only writer of these caches.
    """
    events = list(candidate.events.select_related("unit__grassroots").order_by("happened_on", "place", "seq"))
    replaced = {event.replaces_id for event in events if event.replaces_id}
    live = [event for event in events if event.pk not in replaced and not event.is_void]
    units = {event.unit_id: pure_unit(event.unit) for event in live}
    standings = replay([past(event) for event in live], units)
    wanted = {event.pk: {"is_live": False, "is_counted": False, "ended_on": None} for event in events}
    stage = ""
    decided = None
    for index, (event, standing) in enumerate(zip(live, standings, strict=True)):
        following = live[index + 1].happened_on if index + 1 < len(live) else None
        wanted[event.pk] = {
            "is_live": True,
            "is_counted": event.step in COUNTED,
            "ended_on": following,
            "from_stage": str(stage),
            "to_stage": str(standing.stage),
            "to_status": str(standing.status),
            "unit_id": standing.unit,
        }
        if event.step == Step.DECIDED:
            decided = event.pk
        elif event.step == Step.DECISION_CANCELLED and decided:
            wanted[decided]["is_counted"] = False
        stage = standing.stage
    # What stops being live is written first: a place holds one live event.
    for event in sorted(events, key=lambda row: wanted[row.pk]["is_live"]):
        _write(event, wanted[event.pk], log)
    _write(candidate, _standing_fields(candidate, standings), log)


def _standing_fields(candidate: Candidate, standings) -> dict:
    if not standings:
        return {"status": str(Status.WAITING if candidate.waiting_for else Status.WITHDRAWN)}
    last = standings[-1]
    return {"stage": str(last.stage), "status": str(last.status), "unit_id": last.unit, "waiting_for": ""}


def _write(row, values: dict, log: changes.Log) -> None:
    before = changes.state(row)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, values[name])
        row.save(update_fields=changed)
        log.updated(row, before)


def append(candidate: Candidate, log: changes.Log, **values) -> StageEvent:
    """Add one event row; rebuild() must follow. The record must be claimed."""
    last = candidate.events.aggregate(seq=Max("seq"), place=Max("place"))
    values.setdefault("place", (last["place"] or 0) + 1)
    event = StageEvent(candidate=candidate, seq=(last["seq"] or 0) + 1, is_live=not values.get("is_void"), **values)
    event.save(force_insert=True)
    log.created(event)
    return event


def snapshot_of(candidate: Candidate) -> dict:
    """What breakdowns count by, as it stands on the day of the decision."""
    return {
        "sex": candidate.sex,
        "birth": candidate.birth.iso if candidate.birth else "",
        "youth_union": candidate.is_youth_union_member,
        "trade_union": candidate.is_trade_union_member,
        "religion": candidate.religion,
        "ethnicity": candidate.ethnicity,
        "education": candidate.education,
        "qualification": candidate.qualification,
        "political_theory": candidate.political_theory,
        "occupation": candidate.occupation,
        "groups": sorted(candidate.priority_groups),
        "again": candidate.previous_id is not None,
    }


def clean_facts(step: Step, facts: dict) -> dict:
    """Only what the step records, as plain values; unknown keys never reach the database."""
    known = {fact.key for fact in BY_STEP[step].facts} | {"override"}
    plain = {}
    for key, value in facts.items():
        if key not in known or value in (None, ""):
            continue
        plain[key] = value.isoformat() if isinstance(value, date) else value
        if isinstance(value, str):
            plain[key] = vietnamese.clean_lines(value)
    return plain


@transaction.atomic
def take_step(
    *,
    candidate: Candidate,
    step: Step,
    happened_on: date | None,
    facts: dict,
    version: int,
    by,
    unit: Organization | None = None,
    confirmed: bool = False,
) -> StageEvent:
    """Take one step of the pipeline, or raise Refused with every reason; Conflict when the record changed."""
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    return record_step(
        candidate=candidate, step=step, happened_on=happened_on, facts=facts, by=by, unit=unit, confirmed=confirmed
    )


def record_step(
    *, candidate, step, happened_on, facts, by, unit=None, confirmed=False, action="candidate.step"
) -> StageEvent:
    """The same inside a transaction that has claimed the record already."""
    unit = unit or candidate.unit
    facts = clean_facts(step, facts)
    attempt = Attempt(
        story=story_of(candidate),
        step=step,
        happened_on=happened_on,
        facts=facts,
        today=clock.today(),
        actor=actor_for(candidate, by, confirmed=confirmed),
        unit=pure_unit(unit),
    )
    attempt = _with_unit(attempt)
    if found := gates.refusals(attempt):
        raise Refused(found)
    if attempt.actor.stands_in and not set(BY_STEP[step].by) & {Permission.STEP_BOARD}:
        facts["stands_in"] = True  # "Ban Tổ chức nhập thay"
    with changes.recording(by=by, action=action, subject=candidate, unit_id=unit.pk) as log:
        log.updated(candidate, changes.state(candidate) | {"version": candidate.version - 1})
        event = append(
            candidate,
            log,
            step=step,
            happened_on=happened_on,
            by=by,
            unit=unit,
            facts=facts,
            snapshot=snapshot_of(candidate) if step == Step.DECIDED else None,
            verdict=[{"gate": gate.__name__.strip("_"), "outcome": "met"} for gate in gates.GATES],
        )
        rebuild(candidate, log)
    return event


def _with_unit(attempt: Attempt) -> Attempt:
    """The rules look units up by key: the one the step happens in must be among them."""
    units = dict(attempt.story.units)
    units[attempt.unit.key] = attempt.unit
    return Attempt(
        Story(attempt.story.events, units, attempt.story.birth),
        attempt.step,
        attempt.happened_on,
        attempt.facts,
        attempt.today,
        attempt.actor,
        attempt.unit,
    )


@transaction.atomic
def correct_events(*, candidate: Candidate, corrections: list[Correction], reason: str, version: int, by) -> None:
    """Replace events by corrected ones, together, so that dates which only make sense together go in one form.

    The past may be put right at any stage: what is asked is a legal walk, real dates, complete facts and true votes.
    Raises Refused, naming the later step a correction would break.
    """
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    live = {event.pk: event for event in live_events(candidate)}
    found = _reason(reason)
    for correction in corrections:
        found += _may_correct(candidate, live.get(correction.event.pk), by)
    if found:
        raise Refused(found)
    new = {}
    for correction in corrections:
        event = live[correction.event.pk]
        facts = clean_facts(Step(event.step), correction.facts)
        new[event.pk] = Past(
            Step(event.step), correction.happened_on, event.unit_id, facts, event.place, by.pk, event.pk
        )
    units = {event.unit_id: pure_unit(event.unit) for event in live.values()}
    walk = order([new.get(event.pk) or past(event) for event in live.values()])
    _check_walk(candidate, walk, units, set(new), by)
    with changes.recording(by=by, action="candidate.correct", reason=reason, subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": candidate.version - 1})
        for key, event in new.items():
            old = live[key]
            before = changes.state(old)
            old.is_live = old.is_counted = False
            old.ended_on = None
            old.save(update_fields=["is_live", "is_counted", "ended_on"])
            log.updated(old, before)
            append(
                candidate,
                log,
                step=event.step,
                happened_on=event.happened_on,
                by=by,
                unit=old.unit,
                facts=dict(event.facts),
                place=old.place,
                replaces=old,
                reason=reason,
                snapshot=old.snapshot,
                rule_set=old.rule_set,
                verdict=old.verdict,
            )
        rebuild(candidate, log)


def _reason(reason: str) -> list[Refusal]:
    if len(reason.strip()) < 10:
        return [Refusal("missing", "Lý do sửa cần ít nhất 10 ký tự.", "reason", who="Người sửa ghi rõ lý do")]
    return []


def _may_correct(candidate: Candidate, event: StageEvent | None, by) -> list[Refusal]:
    """Whoever may take the step at its unit may correct it, and so may the Board."""
    if event is None:
        return [Refusal("gone", "Bước này vừa được người khác sửa. Hãy mở lại trang.")]
    if event.step == Step.TRAINED:
        return [Refusal("elsewhere", "Ngày và số giấy chứng nhận được sửa ở trang kết quả lớp học.")]
    rights = {right for right in STEP_RIGHTS if may_in(by, right, candidate.unit)}
    row = BY_STEP[Step(event.step)]
    if not rights & {*row.by, Permission.STEP_BOARD}:
        return [
            Refusal(
                "wrong_role",
                f"Tài khoản đang dùng không có quyền sửa bước “{Step(event.step).label}”.",
                who=" hoặc ".join(dict.fromkeys(gates.WHO[right] for right in row.by)),
            )
        ]
    return []


def _check_walk(candidate, walk: list[Past], units, corrected: set[int], by) -> None:
    """Refuse a correction that breaks a later step, naming it, or that is untrue in itself."""
    today = clock.today()
    actor = Actor(frozenset(STEP_RIGHTS), key=by.pk, confirmed=True)
    for index, event in enumerate(walk):
        if event.key not in corrected:
            continue
        story = Story(tuple(walk[:index]), units, candidate.birth)
        attempt = Attempt(story, event.step, event.happened_on, event.facts, today, actor, units[event.unit])
        try:
            found = [refusal for gate in gates.RECORD_GATES for refusal in gate(attempt)]
        except IllegalWalk:
            continue  # said below, in the order of the walk
        if found:
            raise Refused(found)
    try:
        replay(walk, units)
    except IllegalWalk as broken:
        label = Step(broken.event.step).label
        day = f"{broken.event.happened_on:%d/%m/%Y}"
        raise Refused(
            [
                Refusal(
                    "breaks_later_step",
                    f"Sửa như vậy thì bước “{label}” ngày {day} không còn hợp lệ: {refusal.message}",
                    who="Sửa cả hai bước trong cùng một lần",
                )
                for refusal in broken.refusals
            ]
        ) from broken


@transaction.atomic
def withdraw_last(*, candidate: Candidate, event: StageEvent, reason: str, version: int, by) -> None:
    """Take back the last live event (entered by mistake). Without any event left the person is withdrawn."""
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    live = live_events(candidate)
    found = _reason(reason)
    last = live[-1] if live else None
    if last is None or last.pk != event.pk:
        found.append(
            Refusal("not_last", "Chỉ rút được bước cuối cùng.", who="Rút lần lượt từ bước cuối, hoặc sửa bước này")
        )
    else:
        found += _may_correct(candidate, last, by)
    if found:
        raise Refused(found)
    with changes.recording(by=by, action="candidate.withdraw", reason=reason, subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": candidate.version - 1})
        append(
            candidate,
            log,
            step=last.step,
            happened_on=last.happened_on,
            by=by,
            unit=last.unit,
            place=last.place,
            replaces=last,
            is_void=True,
            reason=reason,
        )
        rebuild(candidate, log)


def first_step(*, candidate: Candidate, step: Step, happened_on: date | None, by, log: changes.Log) -> StageEvent:
    """Bring a new or waiting person into the source, by the same rules as any step."""
    assert step in FIRST_STEPS
    attempt = Attempt(
        story=Story((), {}, candidate.birth),
        step=step,
        happened_on=happened_on,
        facts={},
        today=clock.today(),
        actor=actor_for(candidate, by),
        unit=pure_unit(candidate.unit),
    )
    if found := gates.refusals(attempt):
        raise Refused(found)
    event = append(candidate, log, step=step, happened_on=happened_on, by=by, unit=candidate.unit, facts={})
    rebuild(candidate, log)
    return event
