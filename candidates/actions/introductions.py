"""Introductions by mass organisations: made, accepted or declined by the unit. They count nowhere meanwhile."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from candidates.actions.actors import actor_for
from candidates.actions.drafts import assign, claim_waiting, form_key_of, made_by_form, withdraw_draft
from candidates.actions.duplicates import (
    keep_for_board,
    matches_of,
    one_at_a_time,
    open_case,
    refuse_number_after_many_answers,
    start,
)
from candidates.choices import WaitingFor
from candidates.models import Candidate
from candidates.pipeline import Step
from organizations import changes
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in, scope_of
from vuthu_recruit import clock, vietnamese

SHORTEST_REASON = 10


@transaction.atomic
def introduce(*, values: dict, unit: Organization, body: str, introduced_on: date, by, form_key: str = "") -> Candidate:
    """A mass organisation introduces a person to a unit. Every match, wherever it stands, gives the neutral answer."""
    if not _speaks_for(by, body, unit):
        raise PermissionDenied
    one_at_a_time(by)
    if made := made_by_form(form_key, by):
        return made
    _refuse_unfit(unit, introduced_on, values.get("birth"))
    candidate = Candidate(unit=unit, created_by=by, form_key=form_key_of(form_key, by), waiting_for=WaitingFor.UNIT)
    assign(candidate, values)
    candidate.introduced_by_body, candidate.introduced_at, candidate.introduced_on = body, unit, introduced_on
    refuse_number_after_many_answers(by, candidate.identity_number)
    matches = matches_of(candidate, by)
    others = matches.inside + matches.outside
    if others:
        candidate.waiting_for = WaitingFor.BOARD
    candidate.save(force_insert=True)
    with changes.recording(by=by, action="candidate.introduce", subject=candidate) as log:
        log.created(candidate)
    if others:
        open_case(candidate=candidate, others=others, by=by, action="candidate.introduce")
    return candidate


def _speaks_for(by, body: str, unit: Organization) -> bool:
    """Whether an assignment of the user stands for this body at or above the unit."""
    scope = scope_of(by)
    held = [one for one in scope.holding(Permission.INTRODUCE) if one.body == body]
    return any(unit.path.startswith(path) for path in scope.reach(held))


def _refuse_unfit(unit: Organization, introduced_on: date, birth) -> None:
    problems = {}
    if not (unit.is_grassroots or unit.may_hold_people()):
        problems["unit"] = "Chọn một chi bộ, hoặc đảng bộ, chi bộ cơ sở."
    elif not unit.is_open_on(introduced_on):
        problems["unit"] = "Đơn vị không hoạt động vào ngày này."
    if introduced_on > clock.today():
        problems["introduced_on"] = f"Ngày {introduced_on:%d/%m/%Y} chưa đến."
    elif birth and birth.after(introduced_on) is True:
        problems["introduced_on"] = "Ngày này trước ngày sinh."
    if problems:
        raise ValidationError(problems)


def may_answer(candidate: Candidate, by) -> bool:
    """The unit's officer answers; the Board only for a unit without an active officer."""
    if may_in(by, Permission.STEP_COMMITTEE, candidate.unit):
        return True
    return may_in(by, Permission.STEP_BOARD, candidate.unit) and actor_for(candidate, by).stands_in


@transaction.atomic
def accept(*, candidate: Candidate, happened_on: date | None, version: int, by) -> bool:
    """The unit takes an introduced person into its source; False when the Board has to compare first."""
    candidate = claim_waiting(candidate, version, WaitingFor.UNIT)
    if not may_answer(candidate, by):
        raise PermissionDenied
    if happened_on and candidate.introduced_on and happened_on < candidate.introduced_on:
        day = f"{candidate.introduced_on:%d/%m/%Y}"
        raise ValidationError({"happened_on": f"Ngày tiếp nhận trước ngày giới thiệu {day}."})
    with changes.recording(by=by, action="candidate.accept", subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": version})
    action = "candidate.accept"
    if start(candidate=candidate, step=Step.ACCEPTED, happened_on=happened_on, by=by, action=action):
        return True
    keep_for_board(candidate=candidate, by=by, action=action)
    return False


@transaction.atomic
def decline(*, candidate: Candidate, reason: str, version: int, by) -> None:
    """The unit does not take an introduced person. The reason stays in the history; the introducer sees the answer."""
    candidate = claim_waiting(candidate, version, WaitingFor.UNIT)
    if not may_answer(candidate, by):
        raise PermissionDenied
    reason = vietnamese.clean_lines(reason)
    if len(reason) < SHORTEST_REASON:
        raise ValidationError({"reason": f"Lý do cần ít nhất {SHORTEST_REASON} ký tự."})
    with changes.recording(by=by, action="candidate.decline", reason=reason, subject=candidate) as log:
        withdraw_draft(candidate, log, version)
