"""People who were members before: that they were is recorded, and a struck-off person is followed a second time."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from candidates import matching
from candidates.actions.actors import lies_with_the_board
from candidates.actions.drafts import FIELDS, fill, form_key_of, made_by_form
from candidates.actions.duplicates import (
    Duplicate,
    keep_for_board,
    one_at_a_time,
    open_case,
    refuse_number_after_many_answers,
    refuse_unfit,
    start,
)
from candidates.actions.events import Refused
from candidates.choices import HowLeft, Sentence, WaitingFor
from candidates.models import OUTSIDE, Candidate, FormerMembership
from candidates.pipeline import Refusal, Status, Step
from organizations import changes
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import clock

TOLD = frozenset({"left_on", "how", "family_hardship", "sentence", "cleared_on", "readmitted_before", "document"})
# What may have changed since is asked anew: who introduces, what holds of the unions, what was checked and announced.
NOT_COPIED = frozenset(
    {
        *("is_youth_union_member", "youth_union_joined", "is_trade_union_member", "priority_groups"),
        *("introduced_by_body", "introduced_at", "introduced_on"),
        *("background_checked_on", "background_document", "informed_on", "legal_basis"),
    }
)
FROM_BEFORE = ("left_on", "how")  # what the first record says
NOT_STRUCK_OFF = Refusal(
    "not_struck_off",
    "Chỉ lập hồ sơ kết nạp lại từ hồ sơ đã xóa tên.",
    who="Người ra khỏi Đảng ở nơi khác: nhập như người mới, rồi ghi mục Từng là đảng viên",
)
FOLLOWED_AGAIN = Refusal(
    "again", "Người này đã có hồ sơ kết nạp lại.", who="Làm tiếp ở hồ sơ đó; không thấy thì hỏi Ban Tổ chức"
)


def against(candidate: Candidate) -> list[Refusal]:
    """Why no second record may be made of this one. No query where `again` is loaded."""
    if candidate.status != Status.STRUCK_OFF:
        return [NOT_STRUCK_OFF]
    again = getattr(candidate, "again", None)
    return [FOLLOWED_AGAIN] if again and again.status != Status.WITHDRAWN else []


@transaction.atomic
def readmit(
    *, candidate: Candidate, values: dict, entered_on: date, by, unit: Organization | None = None, form_key: str = ""
) -> Candidate:
    """Enter a struck-off person into the source once more, as a new record that names the old one.

    `values`: of the earlier membership, beyond what the striking off says. Same form, same record; Refused when the
    person is followed again already; Duplicate or a case for the Board when somebody else holds the number.
    """
    one_at_a_time(by)
    # The old record is locked: of two who do this at once the second finds the record of the first.
    rows = Candidate.objects.select_for_update(of=("self",), no_key=True)
    previous = rows.select_related("unit__grassroots", "introduced_at").get(pk=candidate.pk)
    unit = unit or previous.unit
    if not all(may_in(by, Permission.CANDIDATE_EDIT, place) for place in (previous.unit, unit)):
        raise PermissionDenied
    if made := made_by_form(form_key, by):
        return made
    if found := against(previous):
        raise Refused(found)
    action = "candidate.readmit"
    _let_go_of_a_mistake(previous, by, action)
    new = _copy(previous, unit, by, form_key)
    former = _former_of_the_struck_off(previous, new, values)
    if entered_on and entered_on < former.left_on:
        raise ValidationError({"entered_on": f"Ngày này trước ngày xóa tên {former.left_on:%d/%m/%Y}."})
    refuse_unfit(candidate=new, step=Step.SOURCE, happened_on=entered_on, by=by)
    others = _others_with_the_number(previous, by)
    new.waiting_for = WaitingFor.BOARD if others else WaitingFor.UNIT
    new.save(force_insert=True)
    former.candidate = new
    former.save(force_insert=True)
    with changes.recording(by=by, action=action, subject=new) as log:
        log.created(new, former)
    if others:
        open_case(candidate=new, others=others, by=by, action=action)
    elif not start(candidate=new, step=Step.SOURCE, happened_on=entered_on, by=by, action=action):
        keep_for_board(candidate=new, by=by, action=action)
    return new


def _copy(previous: Candidate, unit: Organization, by, form_key: str) -> Candidate:
    """Who it is and what stays true; the rest is entered anew."""
    kept = {name: getattr(previous, name) for name in FIELDS - NOT_COPIED}
    return Candidate(
        **kept,
        unit=unit,
        previous=previous,
        created_by=by,
        form_key=form_key_of(form_key, by),
        is_sample=previous.is_sample,
    )


def _former_of_the_struck_off(previous: Candidate, new: Candidate, values: dict) -> FormerMembership:
    """When and under which number the person was struck off, as the old record says."""
    event = previous.events.filter(is_live=True, step=Step.STRUCK_OFF).order_by("-happened_on", "-place").first()
    row = FormerMembership(candidate=new, document=event.facts.get("document", ""))
    said = {"left_on": event.happened_on, "how": HowLeft.STRUCK_OFF}
    again = {"readmitted_before": True} if previous.previous_id else {}
    _fill(row, values | said | again)
    return row


def _others_with_the_number(previous: Candidate, by) -> list[Candidate]:
    """People outside the scope who hold the number; one inside is a duplicate. The name was compared the first time."""
    number = previous.identity_number
    refuse_number_after_many_answers(by, number)
    matches = matching.find(full_name="", birth=None, identity_number=number, by=by, but=previous.pk)
    if matches.same_number:
        raise Duplicate(matches.same_number, certain=True)
    return matches.outside


def _let_go_of_a_mistake(previous: Candidate, by, action: str) -> None:
    """A second record that was withdrawn makes room for the next."""
    mistaken = getattr(previous, "again", None)
    if mistaken is None:
        return
    before = changes.state(mistaken)
    mistaken.previous = None
    mistaken.save(update_fields=["previous"])
    with changes.recording(by=by, action=action, subject=mistaken) as log:
        log.updated(mistaken, before)


@transaction.atomic
def record_former(*, candidate: Candidate, values: dict | None, version: int, by) -> None:
    """Record or correct that the person was a member before; `values` None takes back what was recorded by mistake.

    Raises Conflict when someone else changed the record, Refused, or ValidationError by field.
    """
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit__grassroots", "former").get(pk=candidate.pk)
    if not may_in(by, Permission.CANDIDATE_EDIT, candidate.unit):
        raise PermissionDenied
    row = getattr(candidate, "former", None)
    if found := _against_telling(candidate, values, by):
        raise Refused(found)
    with changes.recording(by=by, action="candidate.former", subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": version})
        if row is None:
            row = FormerMembership(candidate=candidate)
            _fill(row, values)
            row.save(force_insert=True)
            log.created(row)
        else:
            before = changes.state(row)
            _fill(row, values or {})
            row.is_mistake = values is None
            row.save()
            log.updated(row, before)


def follow_striking_off(candidate: Candidate, on: date, log: changes.Log) -> None:
    """The second record says the day the first one does, also after that was put right."""
    again = getattr(candidate, "again", None)
    row = getattr(again, "former", None) if again else None
    if row is None or row.left_on == on:
        return
    before = changes.state(row)
    row.left_on = on
    row.save(update_fields=["left_on"])
    log.updated(row, before)


def _against_telling(candidate: Candidate, values: dict | None, by) -> list[Refusal]:
    if candidate.status in OUTSIDE:
        return [Refusal("draft", "Hồ sơ này chưa được theo dõi hoặc đã rút nên không ghi thêm được.")]
    if lies_with_the_board(candidate, by):
        who = "Ban Tổ chức sửa, hoặc trả lại hồ sơ"
        return [Refusal("at_the_board", "Hồ sơ đang ở Ban Tổ chức nên đơn vị không sửa được mục này.", who=who)]
    row = getattr(candidate, "former", None)
    if candidate.previous_id and values and row and any(values.get(name) != getattr(row, name) for name in FROM_BEFORE):
        message = "Ngày và lý do ra khỏi Đảng lấy từ hồ sơ đã xóa tên, không sửa ở đây."
        return [Refusal("previous", message, "left_on", who="Sửa bước xóa tên ở hồ sơ trước")]
    if values is None and getattr(candidate, "former", None) is None:
        return [Refusal("nothing", "Chưa ghi người này từng là đảng viên.")]
    if values is None and candidate.previous_id:
        return [Refusal("previous", "Người này được kết nạp lại từ một hồ sơ đã xóa tên nên không bỏ mục này được.")]
    return []


def _fill(row: FormerMembership, values: dict) -> None:
    fill(row, values, TOLD)
    if problems := _problems(row):
        raise ValidationError(problems)


def _problems(row: FormerMembership) -> dict[str, str]:
    """What cannot be true of the days, and what belongs to another answer."""
    today, birth, found = clock.today(), row.candidate.birth, {}
    if row.left_on > today:
        found["left_on"] = f"Ngày {row.left_on:%d/%m/%Y} chưa đến."
    elif birth and row.left_on < birth.first:
        found["left_on"] = "Ngày này trước ngày sinh."
    if row.cleared_on and row.cleared_on > today:
        found["cleared_on"] = f"Ngày {row.cleared_on:%d/%m/%Y} chưa đến."
    if row.cleared_on and row.sentence != Sentence.LESS_SERIOUS:
        found["cleared_on"] = "Ngày xóa án tích chỉ ghi khi bị án về tội phạm ít nghiêm trọng."
    if row.family_hardship and row.how != HowLeft.RESIGNED:
        found["family_hardship"] = "Mục này chỉ ghi cho người tự xin ra khỏi Đảng."
    return found
