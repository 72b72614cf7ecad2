"""The Board compares an entry with a known person: merges, transfers or clears."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from candidates.actions.drafts import withdraw_draft
from candidates.actions.duplicates import start
from candidates.actions.events import Refused, record_step
from candidates.choices import WaitingFor
from candidates.models import OUTSIDE, Candidate, ReviewCase
from candidates.pipeline import Refusal, Status, Step
from organizations import changes
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import vietnamese

SHORTEST_REASON = 10
STRUCK_OFF = "Số định danh này là của người đã bị xóa tên: gộp vào hồ sơ đó, rồi dùng “Kết nạp lại”."
SAME_NUMBER = "Hai người không thể cùng một số định danh. Sửa số ở hồ sơ sai trước, rồi đối chiếu lại."


def known_person(case: ReviewCase) -> Candidate:
    """The record the entry is compared with now: what was merged meanwhile stands in the record it went into."""
    other = case.other
    while other.merged_into_id:
        other = Candidate.objects.select_related("unit__grassroots").get(pk=other.merged_into_id)
    return other


@transaction.atomic
def resolve_case(*, case: ReviewCase, outcome: str, reason: str, happened_on: date | None, version: int, by) -> None:
    """The Board compares: merge into the known record, transfer that record to the new unit, or clear.

    Raises Refused when two people would hold one identity number, or when the move breaks the rules of the pipeline.
    """
    claim(case, version=version)
    case = ReviewCase.objects.select_related("candidate__unit__grassroots", "other__unit__grassroots").get(pk=case.pk)
    draft, other = case.candidate, known_person(case)
    if not may_in(by, Permission.CONFIRM, draft.unit) or not may_in(by, Permission.CONFIRM, other.unit):
        raise PermissionDenied
    reason = vietnamese.clean_lines(reason)
    if len(reason) < SHORTEST_REASON:
        raise ValidationError({"reason": f"Ghi chú cần ít nhất {SHORTEST_REASON} ký tự, nêu căn cứ đối chiếu."})
    if found := _against(case, draft, other, outcome):
        raise Refused(found)
    claim(draft, version=draft.version)
    with changes.recording(by=by, action="candidate.review", reason=reason, subject=draft) as log:
        before = changes.state(case) | {"version": version}
        case.outcome, case.reason, case.decided_by, case.decided_at = outcome, reason, by, timezone.now()
        case.save()
        log.updated(case, before)
        if draft.status != Status.WAITING or outcome == ReviewCase.Outcome.CLEARED:
            log.updated(draft, changes.state(draft) | {"version": draft.version - 1})
        else:
            withdraw_draft(draft, log, draft.version - 1, merged_into=other)
    if draft.status == Status.WAITING:
        _clear(draft, happened_on, reason, by)
    elif outcome == ReviewCase.Outcome.TRANSFERRED:
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


def _against(case: ReviewCase, draft: Candidate, other: Candidate, outcome: str) -> list[Refusal]:
    """Everything that speaks against this outcome but the rules of the pipeline."""
    if case.outcome:
        return [Refusal("done", "Trường hợp này đã được xử lý.")]
    if outcome == ReviewCase.Outcome.CLEARED:
        if draft.status == Status.WAITING and _is_struck_off(draft, other):
            return [Refusal("struck_off", STRUCK_OFF, "outcome", who="Chọn “Cùng một người”, hoặc sửa số ở hồ sơ sai")]
        shared = draft.status == Status.WAITING and _number_is_taken(draft, other)
        return [Refusal("same_number", SAME_NUMBER)] if shared else []
    if outcome == ReviewCase.Outcome.TRANSFERRED and draft.status != Status.WAITING:
        text = "Hồ sơ này đang được theo dõi ở đơn vị của mình nên không chuyển hồ sơ kia đến được."
        return [Refusal("not_waiting", text, "outcome", who="Chọn một kết quả khác")]
    if draft.status == Status.WAITING and (other.pk == draft.pk or other.status == Status.WITHDRAWN):
        text = "Hồ sơ đã có không còn được theo dõi, nên không giữ hồ sơ đó được."
        return [Refusal("other_is_gone", text, "outcome", who="Chọn “Hai người khác nhau”")]
    return []


def _is_struck_off(draft: Candidate, other: Candidate) -> bool:
    """Whether clearing would give the number of a struck-off person a second life that nothing links to the first."""
    number = draft.identity_number
    return bool(number) and other.status == Status.STRUCK_OFF and other.identity_number == number


def _number_is_taken(draft: Candidate, other: Candidate) -> bool:
    """Whether this person or anybody followed holds the draft's number."""
    gone = (Status.WITHDRAWN, Status.STRUCK_OFF)
    number = draft.identity_number
    if not number:
        return False
    if other.identity_number == number and other.status not in gone and other.pk != draft.pk:
        return True
    followed = Candidate.objects.exclude(status__in=[*OUTSIDE, Status.STRUCK_OFF]).exclude(pk=draft.pk)
    return followed.filter(identity_number=number).exists()


def _clear(draft: Candidate, happened_on: date | None, reason: str, by) -> None:
    """Somebody else after all: the unit still accepts who was introduced, anybody else enters the source."""
    if is_introduction(draft):
        before = changes.state(draft)
        draft.waiting_for = WaitingFor.UNIT
        draft.save(update_fields=["waiting_for"])
        with changes.recording(by=by, action="candidate.review", reason=reason, subject=draft) as log:
            log.updated(draft, before)
        return
    action = "candidate.review"
    if not start(candidate=draft, step=Step.ACCEPTED, happened_on=happened_on, by=by, action=action, reason=reason):
        raise Refused([Refusal("same_number", SAME_NUMBER)])


def is_introduction(draft: Candidate) -> bool:
    """Whether the unit still has to accept this draft once it is cleared."""
    return bool(draft.introduced_by_body) and _by_body(draft)


def _by_body(draft: Candidate) -> bool:
    """Whether a mass organisation entered the person: whoever may not edit people at the unit."""
    return draft.created_by is not None and not may_in(draft.created_by, Permission.CANDIDATE_EDIT, draft.unit)
