"""A person's record: entered, introduced, accepted, edited, compared by the Board."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from candidates import matching
from candidates.actions.events import Refused, first_step, record_step
from candidates.choices import WaitingFor
from candidates.models import Candidate, Helper, Introducer, ReviewCase
from candidates.pipeline import Refusal, Status, Step
from organizations import changes
from organizations.models import Organization, User
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese

NEUTRAL = "Trường hợp này cần Ban Tổ chức đối chiếu"
ANSWERS_A_DAY = 5
FIELDS = frozenset(
    {
        "full_name",
        "identity_number",
        "birth",
        "sex",
        "home_town",
        "residence",
        "phone",
        "ethnicity",
        "religion",
        "education",
        "qualification",
        "political_theory",
        "occupation",
        "workplace",
        "is_youth_union_member",
        "youth_union_joined",
        "is_trade_union_member",
        "priority_groups",
        "background_checked_on",
        "background_document",
        "introduced_by_body",
        "introduced_at",
        "introduced_on",
        "informed_on",
        "legal_basis",
    }
)


class Duplicate(Exception):
    """People of the user's own scope who may be the same one; `certain` when the identity number is."""

    def __init__(self, matches: list[Candidate], *, certain: bool):
        self.matches, self.certain = matches, certain
        super().__init__("Có thể đã có người này trong danh sách.")


def _assign(candidate: Candidate, values: dict) -> None:
    unknown = values.keys() - FIELDS
    if unknown:
        raise TypeError(f"not fields of a record: {sorted(unknown)}")
    for name, value in values.items():
        setattr(candidate, name, vietnamese.clean(value) if isinstance(value, str) else value)


def answers_today(user) -> int:
    """How many neutral answers the account has had today."""
    return ReviewCase.objects.filter(asked_by=user, asked_on=clock.today()).count()


def refuse_number_after_many_answers(user, identity_number: str) -> None:
    """More than five neutral answers a day stop entry by identity number: the answers must not become a register."""
    if identity_number and answers_today(user) >= ANSWERS_A_DAY:
        raise ValidationError(
            {
                "identity_number": (
                    f"Hôm nay tài khoản này đã có {ANSWERS_A_DAY} trường hợp phải đối chiếu nên tạm không nhập được "
                    "số định danh. Hãy để trống ô này, hoặc liên hệ Ban Tổ chức."
                )
            }
        )


@transaction.atomic
def enter(
    *,
    values: dict,
    unit: Organization,
    entered_on: date,
    by,
    form_key: str = "",
    not_a_duplicate: bool = False,
    introducers: list[dict] = (),
    helpers: list[dict] = (),
) -> Candidate:
    """Enter a person into the source of a unit.

    The same form sent twice returns the record it made. A match in scope raises Duplicate; a match outside keeps the
    entry as a draft that counts nowhere and opens a case for the Board.
    """
    if not may_in(by, Permission.CANDIDATE_EDIT, unit):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=by.pk)  # one entry of an account at a time: the day's limit holds
    if form_key and (made := Candidate.objects.filter(form_key=form_key, created_by=by).first()):
        return made
    candidate = Candidate(unit=unit, created_by=by, form_key=form_key)
    _assign(candidate, values)
    refuse_number_after_many_answers(by, candidate.identity_number)
    matches = _matches(candidate, by)
    if matches.same_number:
        raise Duplicate(matches.same_number, certain=True)
    if matches.same_name and not not_a_duplicate:
        raise Duplicate(matches.same_name, certain=False)
    candidate.waiting_for = WaitingFor.BOARD if matches.outside else WaitingFor.UNIT
    candidate.save(force_insert=True)
    with changes.recording(by=by, action="candidate.enter", subject=candidate) as log:
        log.created(candidate)
        _companions(candidate, introducers, helpers, log)
        if matches.outside:
            _open_cases(candidate, matches.outside, by, log)
        else:
            first_step(candidate=candidate, step=Step.SOURCE, happened_on=entered_on, by=by, log=log)
    return candidate


def _matches(candidate: Candidate, by) -> matching.Matches:
    return matching.find(
        full_name=candidate.full_name,
        birth=candidate.birth,
        identity_number=candidate.identity_number,
        by=by,
        but=candidate.pk,
    )


def _companions(candidate, introducers, helpers, log) -> None:
    for model, rows in ((Introducer, introducers), (Helper, helpers)):
        for row in rows:
            log.created(model.objects.create(candidate=candidate, **row))


def _open_cases(candidate, others, by, log) -> None:
    for other in others[:1]:  # one answer, one case: the Board sees every match on its page
        log.created(ReviewCase.objects.create(candidate=candidate, other=other, asked_by=by, asked_on=clock.today()))


@transaction.atomic
def edit(*, candidate: Candidate, values: dict, version: int, by, not_a_duplicate: bool = False) -> None:
    """Change the record. Raises Conflict when someone else did meanwhile, Duplicate or ValidationError as enter()."""
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit").get(pk=candidate.pk)
    if not may_in(by, Permission.CANDIDATE_EDIT, candidate.unit):
        raise PermissionDenied
    before = changes.state(candidate)
    _assign(candidate, values)
    numbered = candidate.identity_number != before["identity_number"]
    if numbered and candidate.identity_number:
        _refuse_known_number(candidate, by)
    spelling = not numbered and _is_spelling(candidate, before)
    action = "candidate.spelling" if spelling else "candidate.edit"
    try:
        with transaction.atomic():
            candidate.save()
    except IntegrityError:
        raise ValidationError({"identity_number": NEUTRAL + "."}) from None
    with changes.recording(by=by, action=action, subject=candidate) as log:
        log.updated(candidate, before | {"version": version})


def _refuse_known_number(candidate: Candidate, by) -> None:
    refuse_number_after_many_answers(by, candidate.identity_number)
    matches = _matches(candidate, by)
    if matches.same_number:
        raise Duplicate(matches.same_number, certain=True)
    if any(row.identity_number == candidate.identity_number for row in matches.outside):
        raise NeedsReview(candidate, matches.outside)


class NeedsReview(Exception):
    """The number entered belongs to a person outside the user's scope; the edit is not saved, a case is opened."""

    def __init__(self, candidate: Candidate, others: list[Candidate]):
        self.candidate, self.others = candidate, others
        super().__init__(NEUTRAL)


@transaction.atomic
def open_case(*, needs_review: NeedsReview, by) -> None:
    """Give the Board the case of an edit that was not saved; counts towards the account's answers of the day."""
    User.objects.select_for_update().get(pk=by.pk)
    with changes.recording(by=by, action="candidate.review_asked", subject=needs_review.candidate) as log:
        _open_cases(needs_review.candidate, needs_review.others, by, log)


def _is_spelling(candidate: Candidate, before: dict) -> bool:
    """Marks and capitals only: every changed field is text that reads the same without marks."""
    changed = [name for name in FIELDS if _value(candidate, name) != before.get(_attname(name))]
    return bool(changed) and all(
        isinstance(before.get(_attname(name)), str)
        and vietnamese.search_key(before[_attname(name)]) == vietnamese.search_key(_value(candidate, name))
        for name in changed
    )


def _attname(name: str) -> str:
    return Candidate._meta.get_field(name).attname


def _value(candidate: Candidate, name: str):
    return getattr(candidate, _attname(name))


@transaction.atomic
def set_companion(*, candidate: Candidate, model, row, values: dict, version: int, by) -> None:
    """Add an introducer or helper, or end or correct one."""
    claim(candidate, version=version)
    if not may_in(by, Permission.CANDIDATE_EDIT, candidate.unit):
        raise PermissionDenied
    with changes.recording(by=by, action="candidate.edit", subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": version})
        if row is None:
            log.created(model.objects.create(candidate=candidate, **values))
        else:
            before = changes.state(row)
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
            log.updated(row, before)


@transaction.atomic
def introduce(*, values: dict, unit: Organization, body: str, introduced_on: date, by, form_key: str = "") -> Candidate:
    """A mass organisation introduces a person to a unit, which accepts or declines. Counts nowhere meanwhile."""
    if not may_in(by, Permission.INTRODUCE, unit):
        raise PermissionDenied
    User.objects.select_for_update().get(pk=by.pk)
    if form_key and (made := Candidate.objects.filter(form_key=form_key, created_by=by).first()):
        return made
    candidate = Candidate(unit=unit, created_by=by, form_key=form_key, waiting_for=WaitingFor.UNIT)
    _assign(candidate, values)
    candidate.introduced_by_body, candidate.introduced_at, candidate.introduced_on = body, unit, introduced_on
    refuse_number_after_many_answers(by, candidate.identity_number)
    matches = _matches(candidate, by)
    others = matches.inside + matches.outside
    if others:
        candidate.waiting_for = WaitingFor.BOARD
    candidate.save(force_insert=True)
    with changes.recording(by=by, action="candidate.introduce", subject=candidate) as log:
        log.created(candidate)
        if others:
            _open_cases(candidate, others, by, log)
    return candidate


@transaction.atomic
def accept(*, candidate: Candidate, happened_on: date | None, version: int, by) -> None:
    """The unit takes an introduced person into its source."""
    candidate = _claim_waiting(candidate, version, WaitingFor.UNIT)
    with changes.recording(by=by, action="candidate.accept", subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": version})
        first_step(candidate=candidate, step=Step.ACCEPTED, happened_on=happened_on, by=by, log=log)


@transaction.atomic
def decline(*, candidate: Candidate, reason: str, version: int, by) -> None:
    """The unit does not take an introduced person; the reason is shown to whoever introduced them."""
    candidate = _claim_waiting(candidate, version, WaitingFor.UNIT)
    if not may_in(by, Permission.STEP_COMMITTEE, candidate.unit):
        raise PermissionDenied
    if len(reason.strip()) < 10:
        raise ValidationError({"reason": "Lý do cần ít nhất 10 ký tự."})
    with changes.recording(by=by, action="candidate.decline", reason=reason, subject=candidate) as log:
        _withdraw(candidate, log, version)


def _claim_waiting(candidate: Candidate, version: int, waiting_for: str) -> Candidate:
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    if candidate.status != Status.WAITING or candidate.waiting_for != waiting_for:
        raise Refused([Refusal("not_waiting", "Trường hợp này đã được xử lý.")])
    return candidate


def _withdraw(candidate: Candidate, log, version: int, merged_into: Candidate | None = None) -> None:
    """Take a waiting draft out; rebuild() then finds no event and nothing awaited."""
    before = changes.state(candidate) | {"version": version}
    candidate.waiting_for, candidate.merged_into = "", merged_into
    candidate.status = Status.WITHDRAWN
    candidate.save(update_fields=["waiting_for", "merged_into", "status"])
    log.updated(candidate, before)


@transaction.atomic
def resolve_case(*, case: ReviewCase, outcome: str, reason: str, happened_on: date, version: int, by) -> None:
    """The Board compares: merge into the known record, transfer that record to the new unit, or clear.

    Raises Refused when two people would hold one identity number, or when the move breaks the rules of the pipeline.
    """
    claim(case, version=version)
    case = ReviewCase.objects.select_related("candidate__unit__grassroots", "other__unit__grassroots").get(pk=case.pk)
    draft, other = case.candidate, case.other
    if not may_in(by, Permission.CONFIRM, draft.unit) or not may_in(by, Permission.CONFIRM, other.unit):
        raise PermissionDenied
    if case.outcome:
        raise Refused([Refusal("done", "Trường hợp này đã được xử lý.")])
    if len(reason.strip()) < 10:
        raise ValidationError({"reason": "Ghi chú cần ít nhất 10 ký tự, nêu căn cứ đối chiếu."})
    claim(draft, version=draft.version)
    with changes.recording(by=by, action="candidate.review", reason=reason, subject=draft) as log:
        before = changes.state(case) | {"version": version}
        case.outcome, case.reason, case.decided_by, case.decided_at = outcome, reason, by, timezone.now()
        case.save()
        log.updated(case, before)
        if draft.status != Status.WAITING:
            # The case of an edit that was not saved: the answer is all there is.
            log.updated(draft, changes.state(draft) | {"version": draft.version - 1})
        elif outcome == ReviewCase.Outcome.CLEARED:
            _clear(draft, other, happened_on, by, log)
        else:
            _withdraw(draft, log, draft.version - 1, merged_into=other)
    if outcome == ReviewCase.Outcome.TRANSFERRED and draft.merged_into_id:
        claim(other, version=other.version)
        record_step(
            candidate=other,
            step=Step.MOVED,
            happened_on=happened_on,
            facts={"reason": reason},
            by=by,
            unit=draft.unit,
            action="candidate.transfer",
        )


def _clear(draft: Candidate, other: Candidate, happened_on: date, by, log) -> None:
    if draft.identity_number and draft.identity_number == other.identity_number:
        raise Refused(
            [
                Refusal(
                    "same_number",
                    "Hai người không thể cùng một số định danh. Sửa số ở hồ sơ sai trước, rồi đối chiếu lại.",
                )
            ]
        )
    log.updated(draft, changes.state(draft) | {"version": draft.version - 1})
    if draft.introduced_by_body and draft.created_by_id and not draft.events.exists() and _by_body(draft):
        before = changes.state(draft)
        draft.waiting_for = WaitingFor.UNIT
        draft.save(update_fields=["waiting_for"])
        log.updated(draft, before)
        return
    first_step(candidate=draft, step=Step.ACCEPTED, happened_on=happened_on, by=by, log=log)


def _by_body(draft: Candidate) -> bool:
    """Whether a mass organisation entered the person: then the unit still has to accept."""
    return not may_in(draft.created_by, Permission.CANDIDATE_EDIT, draft.unit)


__all__ = [
    "Duplicate",
    "NeedsReview",
    "accept",
    "answers_today",
    "decline",
    "edit",
    "enter",
    "introduce",
    "open_case",
    "resolve_case",
    "set_companion",
]
