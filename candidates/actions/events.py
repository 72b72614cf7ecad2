"""Steps of the pipeline, taken: claims the record, asks every rule, appends the event, rebuilds the caches."""

import dataclasses
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max

from candidates import gates, rulebook, special_cases
from candidates.actions.actors import actor_for
from candidates.clocks import running
from candidates.dossier import Dossier
from candidates.gates import Attempt, Introduction, Record, Story
from candidates.models import CalendarYear, Candidate, CommitteeSession, RuleSet, SessionItem, StageEvent
from candidates.papers import Points, known_papers, points_of, read_dossier
from candidates.pipeline import (
    BACKFILLED,
    BY_STEP,
    FIRST_STEPS,
    Actor,
    Past,
    Refusal,
    Stage,
    Standing,
    Status,
    Step,
    Unit,
    replay,
)
from candidates.readmission import Former
from candidates.rulebook import Judged
from candidates.rules import Rules
from organizations import changes
from organizations.models import Organization
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese

MARKS = ("stands_in", "delegated", BACKFILLED)  # facts only the product sets
COUNTED = (Step.DECIDED, Step.ADMITTED, Step.OFFICIAL)
NOT_LIVE = {"is_live": False, "is_counted": False, "ended_on": None, "clock_from": None, "clock_until": None}
BY_THE_SESSION = (Step.DECIDED, Step.DEFERRED)  # of whoever stands on the list of an open one


class Refused(Exception):
    """The step may not be taken; carries every reason."""

    def __init__(self, refusals: list[Refusal]):
        self.refusals = refusals
        super().__init__("; ".join(refusal.message for refusal in refusals))


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
        candidate.events.filter(is_live=True).select_related("unit__grassroots").order_by("happened_on", "place")
    )


def story_of(candidate: Candidate, events: list[StageEvent] | None = None) -> Story:
    """The life the rules judge."""
    events = live_events(candidate) if events is None else events
    units = {event.unit_id: pure_unit(event.unit) for event in events}
    return Story(tuple(past(event) for event in events), units, Record(candidate.birth))


def record_of(candidate: Candidate, events: Sequence[Past], rules: Rules | None) -> Record:
    """What the rules read of the record: certificates, introducers, papers, returned points, an earlier membership.

    At most eight queries.
    """
    enrolments = list(candidate.enrolments.filter(issued_on__isnull=False).select_related("training_class__kind"))
    return read_record(
        candidate,
        enrolments,
        candidate.introducers.all(),
        dossier=read_dossier(candidate, known_papers(candidate), events=events, enrolments=enrolments, rules=rules),
        points=points_of(candidate, [event.place for event in events]),
    )


def read_record(
    candidate: Candidate, enrolments, introducers, *, dossier: Dossier | None = None, points: Points | None = None
) -> Record:
    """The same of rows that are loaded."""
    return Record(
        birth=candidate.birth,
        education=candidate.education,
        in_youth_union=candidate.is_youth_union_member,
        in_trade_union=candidate.is_trade_union_member,
        certificates=tuple(row.issued_on for row in enrolments if row.is_awareness_certificate),
        introducers=tuple(
            Introduction(row.from_on, row.to_on, row.together_since, row.is_replacement) for row in introducers
        ),
        member_class=tuple(row.issued_on for row in enrolments if row.is_member_certificate),
        dossier=dossier,
        open_points=tuple(str(point) for point in points.unanswered) if points else (),
        special_cases=special_cases.of(candidate.special_cases, candidate.religion),
        former=former_of(candidate),
    )


def former_of(candidate: Candidate) -> Former | None:
    """An earlier membership as the rules read it. No query where `former` and `previous` are loaded."""
    row = getattr(candidate, "former", None)
    if row is None or row.is_mistake:
        return None
    again = row.readmitted_before or (candidate.previous is not None and candidate.previous.previous_id is not None)
    return Former(row.left_on, row.how, row.family_hardship, row.sentence, row.cleared_on, again)


def judge_next(story: Story, step: Step, actor: Actor, rules: dict) -> list[Judged]:
    """What the rules would say of a step taken today, before anyone tries it. No query."""
    today = clock.today()
    return rulebook.judge(Attempt(story, step, today, {}, today, actor, story.unit, **rules))


def judge_again(story: Story, index: int, rules: dict) -> list[Judged]:
    """What the rule book of today says of the n-th event of a life. No query."""
    # Points that an appraisal returned later speak of later steps.
    before = Story(story.events[:index], story.units, dataclasses.replace(story.record, open_points=()))
    return rulebook.judge(as_recorded(before, story.events[index], rules))


def as_recorded(before: Story, event: Past, rules: dict) -> Attempt:
    """A step that was taken, for the rules to judge: nobody's rights are asked."""
    here = before.units[event.unit]
    return Attempt(before, event.step, event.happened_on, event.facts, clock.today(), Actor(frozenset()), here, **rules)


def rebuild(candidate: Candidate, log: changes.Log) -> None:
    """Write the caches anew from the live events: of every event, and stage, status and unit of the person.

    Raises IllegalWalk when the live events are no legal walk. The only writer of these caches.
    """
    events = list(candidate.events.select_related("unit__grassroots").order_by("happened_on", "place", "seq"))
    replaced = {event.replaces_id for event in events if event.replaces_id}
    live = [event for event in events if event.pk not in replaced and not event.is_void]
    values, standings = caches_of(live)
    wanted = {event.pk: dict(NOT_LIVE) for event in events}
    wanted |= {event.pk: found for event, found in zip(live, values, strict=True)}
    # What stops being live is written first: a place holds one live event.
    for event in sorted(events, key=lambda row: wanted[row.pk]["is_live"]):
        _write(event, wanted[event.pk], log)
    _write(candidate, _standing_fields(candidate, standings), log)


def caches_of(live: Sequence[StageEvent]) -> tuple[list[dict], list[Standing]]:
    """What the live events of a life keep of each other, in their order, and where the person stood after each.

    Raises IllegalWalk. No query where the units are loaded.
    """
    units = {event.unit_id: pure_unit(event.unit) for event in live}
    pasts = [past(event) for event in live]
    standings = replay(pasts, units)
    found: list[dict] = []
    stage, decided = "", None
    for index, (event, standing) in enumerate(zip(live, standings, strict=True)):
        clock = running(standing.stage, pasts[: index + 1])
        found.append(
            {
                "is_live": True,
                "is_counted": event.step in COUNTED,
                "ended_on": live[index + 1].happened_on if index + 1 < len(live) else None,
                "from_stage": str(stage),
                "to_stage": str(standing.stage),
                "to_status": str(standing.status),
                "unit_id": standing.unit,
                "clock_from": clock.since if clock else None,
                "clock_until": clock.until if clock else None,
            }
        )
        if event.step == Step.DECIDED:
            decided = index
        elif event.step == Step.DECISION_CANCELLED and decided is not None:
            found[decided]["is_counted"] = False
        stage = standing.stage
    return found, standings


def _standing_fields(candidate: Candidate, standings) -> dict:
    if not standings:
        status = Status.WAITING if candidate.waiting_for else Status.WITHDRAWN
        return {"stage": str(Stage.SOURCE), "status": str(status)}
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


def end(event: StageEvent, log: changes.Log) -> None:
    """Take an event out of the live ones, before the one that replaces it is written: a place holds one."""
    _write(event, NOT_LIVE, log)


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


def waits_in_session(candidate: Candidate) -> CommitteeSession | None:
    """The open session on whose list a person stands. One query."""
    row = SessionItem.objects.filter(candidate=candidate, outcome="").select_related("session").first()
    return row.session if row else None


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
    if step in BY_THE_SESSION and (session := waits_in_session(candidate)):
        raise Refused([Refusal("in_session", f"Người này đang trong danh sách {session}.", who="Ghi ở trang kỳ họp")])
    return record_step(
        candidate=candidate, step=step, happened_on=happened_on, facts=facts, by=by, unit=unit, confirmed=confirmed
    )


def record_step(
    *, candidate, step, happened_on, facts, by, unit=None, confirmed=False, action="candidate.step"
) -> StageEvent:
    """The same inside a transaction that has claimed the record already."""
    attempt = attempt_of(
        candidate=candidate, step=step, happened_on=happened_on, facts=facts, by=by, unit=unit, confirmed=confirmed
    )
    if found := gates.refusals(attempt):
        raise Refused(found)
    unit, facts = unit or candidate.unit, _marked(attempt)
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
            **verdict_of(attempt),
        )
        rebuild(candidate, log)
    return event


def attempt_of(
    *, candidate: Candidate, step: Step, happened_on: date | None, facts: dict, by, unit=None, confirmed=False
) -> Attempt:
    """The step as the rules judge it; gates.refusals() of it says what speaks against. Writes nothing."""
    here = pure_unit(unit or candidate.unit)
    story = story_of(candidate)
    rules = rule_book() if step in rulebook.GATES_OF else {}
    record = story.record
    if step in rulebook.READS_THE_RECORD:
        record = record_of(candidate, story.events, rules["book"].on(happened_on) if happened_on else None)
    return Attempt(
        story=Story(story.events, story.units | {here.key: here}, record),
        step=step,
        happened_on=happened_on,
        facts=clean_facts(step, facts),
        today=clock.today(),
        actor=actor_for(candidate, by, step=step, confirmed=confirmed),
        unit=here,
        **rules,
    )


def rule_book() -> dict:
    """The rule book and the calendar, as an Attempt takes them. Two queries."""
    return {"book": RuleSet.objects.book(), "calendar": CalendarYear.objects.calendar()}


def _marked(attempt: Attempt) -> dict:
    """The facts with the marks only the product sets."""
    facts, stage = dict(attempt.facts), attempt.story.standing.stage
    between = attempt.unit.grassroots != attempt.here.grassroots
    usual = gates.rights_for(attempt.step, stage, between_units=between)
    if attempt.actor.stands_in and not attempt.actor.rights.intersection(usual):
        facts["stands_in"] = True  # "Ban Tổ chức nhập thay"
    if gates.is_delegated(attempt.step, stage):
        facts["delegated"] = True  # stays legal when the unit loses the delegation
    return facts


def verdict_of(attempt: Attempt) -> dict:
    """What a step keeps of the rules: the set it was judged by, and each condition as it was judged."""
    rules = attempt.book.on(attempt.happened_on) if attempt.happened_on else None
    judged = rulebook.judge(attempt)
    return {"rule_set": rules.label if rules and judged else "", "verdict": [one.plain for one in judged]}


def first_step(*, candidate: Candidate, step: Step, happened_on: date | None, by, log: changes.Log) -> StageEvent:
    """Bring a new or waiting person into the source, by the same rules as any step."""
    assert step in FIRST_STEPS
    attempt = Attempt(
        story=Story((), {}, Record(candidate.birth)),
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
