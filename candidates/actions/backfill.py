"""Admissions of the years before the system, taken over from paper: marked, counted, not judged by the rule book."""

from dataclasses import replace
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from candidates import gates
from candidates.actions.actors import actor_for
from candidates.actions.drafts import assign, form_key_of, made_by_form
from candidates.actions.duplicates import (
    Duplicate,
    keep_for_board,
    matches_of,
    one_at_a_time,
    open_case,
    refuse_number_after_many_answers,
)
from candidates.actions.events import Refused, append, clean_facts, pure_unit, rebuild, snapshot_of
from candidates.choices import WaitingFor
from candidates.gates import Attempt, Record, Story
from candidates.models import Candidate
from candidates.pipeline import BACKFILLED, IllegalWalk, Past, Refusal, Step
from organizations import changes
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from vuthu_recruit import clock, vietnamese

ACTION = "candidate.backfill"
# What the fields of a step are called where all of them are asked at once.
ASKED_AS = {
    (Step.BACKFILLED, "happened_on"): "decided_on",
    (Step.DECIDED, "happened_on"): "decided_on",
    (Step.DECIDED, "document"): "decision",
    (Step.ADMITTED, "happened_on"): "ceremony_on",
    (Step.OFFICIAL, "happened_on"): "official_on",
    (Step.OFFICIAL, "document"): "official_document",
}


@transaction.atomic
def backfill(
    *,
    values: dict,
    unit: Organization,
    decided_on: date,
    decision: str,
    ceremony_on: date,
    official_on: date | None = None,
    official_document: str = "",
    by,
    form_key: str = "",
    not_a_duplicate: bool = False,
) -> Candidate:
    """Take over one admission of 2020–2021, with the recognition when it is known. The Board's alone.

    The decision, the ceremony and the recognition become ordinary events on their own days, so that every figure counts
    them; the person names part of the unit's opening balance. The same form sent twice returns the record it made. A
    match in scope raises Duplicate; a match outside leaves a draft that counts nowhere, and a case for the Board.
    """
    if not may_in(by, Permission.STEP_BOARD, unit):
        raise PermissionDenied
    one_at_a_time(by)
    if made := made_by_form(form_key, by):
        return made
    # Accounts that type the lists of one unit wait for each other: the second finds the line of the first.
    Organization.objects.select_for_update(no_key=True).get(pk=unit.grassroots_id or unit.pk)
    candidate = Candidate(unit=unit, created_by=by, form_key=form_key_of(form_key, by))
    assign(candidate, values)
    steps = _steps(unit, decided_on, decision, ceremony_on, official_on, official_document)
    _refuse_unfit(candidate, steps, by)
    if official_document and not official_on:
        raise ValidationError({"official_on": "Có số quyết định công nhận thì nhập cả ngày ký."})
    outside = _known_outside(candidate, decided_on, by, not_a_duplicate=not_a_duplicate)
    candidate.waiting_for = WaitingFor.BOARD if outside else WaitingFor.UNIT
    candidate.save(force_insert=True)
    with changes.recording(by=by, action=ACTION, subject=candidate) as log:
        log.created(candidate)
    if outside:
        open_case(candidate=candidate, others=outside, by=by, action=ACTION)
    elif not _written(candidate, steps, by):
        keep_for_board(candidate=candidate, by=by, action=ACTION)
    return candidate


def _steps(unit: Organization, decided_on, decision, ceremony_on, official_on, official_document) -> list[Past]:
    """The life as the papers tell it, every step marked."""
    told = [
        (Step.BACKFILLED, decided_on, {}),
        (Step.DECIDED, decided_on, {"document": decision}),
        (Step.ADMITTED, ceremony_on, {}),
    ]
    told += [(Step.OFFICIAL, official_on, {"document": official_document})] if official_on else []
    return [
        Past(step, on, unit.pk, clean_facts(step, facts) | {BACKFILLED: True}, place)
        for place, (step, on, facts) in enumerate(told, 1)
    ]


def _refuse_unfit(candidate: Candidate, steps: list[Past], by) -> None:
    """What speaks against any of the steps, said at once and before anybody is compared."""
    unit = candidate.unit
    if not (unit.is_grassroots or unit.may_hold_people()):
        raise ValidationError({"unit": "Chọn một chi bộ, hoặc đảng bộ, chi bộ cơ sở."})
    here, actor, today = pure_unit(unit), actor_for(candidate, by), clock.today()
    found: dict[tuple[str, str], Refusal] = {}
    for index, step in enumerate(steps):
        story = Story(tuple(steps[:index]), {here.key: here}, Record(candidate.birth))
        attempt = Attempt(story, step.step, step.happened_on, step.facts, today, actor, here)
        try:
            refusals = gates.refusals(attempt)
        except IllegalWalk:  # the step before it is out of order, which is said already
            break
        for refusal in refusals:
            named = ASKED_AS.get((step.step, refusal.field), refusal.field)
            found.setdefault((refusal.code, named), replace(refusal, field=named))
    if found:
        raise Refused(list(found.values()))


def _known_outside(candidate: Candidate, decided_on: date, by, *, not_a_duplicate: bool) -> list[Candidate]:
    """Matches outside the scope; those inside it raise Duplicate.

    Where one of two has no birth, whoever bears the name and a decision of that day may be the same one: several
    people type the lists of one year, and a line must not be counted twice.
    """
    refuse_number_after_many_answers(by, candidate.identity_number)
    matches = matches_of(candidate, by)
    if matches.same_number:
        raise Duplicate(matches.same_number, certain=True)
    alike = list(matches.same_name)
    rows = Candidate.objects.visible_to(by, needs=Permission.CANDIDATE_VIEW).listed().for_list()
    same_day = rows.filter(
        search_key=vietnamese.search_key(candidate.full_name),
        events__is_live=True,
        events__step=Step.DECIDED,
        events__happened_on=decided_on,
    ).distinct()
    known = {row.pk for row in alike}
    alike += [row for row in same_day if row.pk not in known and (candidate.birth is None or row.birth is None)]
    if alike and not not_a_duplicate:
        raise Duplicate(alike, certain=False)
    return matches.outside


def _written(candidate: Candidate, steps: list[Past], by) -> bool:
    """Write the events; False when somebody else took the identity number a moment ago."""
    try:
        with transaction.atomic(), changes.recording(by=by, action=ACTION, subject=candidate) as log:
            for step in steps:
                append(
                    candidate,
                    log,
                    step=step.step,
                    happened_on=step.happened_on,
                    by=by,
                    unit=candidate.unit,
                    facts=dict(step.facts),
                    snapshot=snapshot_of(candidate) if step.step == Step.DECIDED else None,
                )
            rebuild(candidate, log)
    except IntegrityError:
        candidate.refresh_from_db()
        return False
    return True
