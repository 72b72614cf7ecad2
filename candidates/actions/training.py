"""Classes: opened, filled, results recorded. A certificate takes a person from source to trained by itself."""

from dataclasses import replace
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from candidates.actions.corrections import check_walk
from candidates.actions.events import (
    Refused,
    append,
    end,
    live_events,
    past,
    pure_unit,
    rebuild,
)
from candidates.models import Candidate, Enrolment, TrainingClass
from candidates.pipeline import PROBATION, Past, Refusal, Stage, Status, Step, order
from organizations import changes
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese

SHORTEST_REASON = 10
# Whoever stands so takes no place of the class.
AWAY = (Enrolment.State.REFUSED, Enrolment.State.WAITING, Enrolment.State.DROPPED)
TAKEN = "Số giấy chứng nhận này đã cấp cho người khác trong cùng ngày."
# Who attends a class of each kind (domain.md 5): the stages before it, and the one it leads to.
STAGES_OF = {
    TrainingClass.Kind.AWARENESS: (Stage.SOURCE, Stage.TRAINED),
    TrainingClass.Kind.NEW_MEMBER: PROBATION,
}


class RowProblems(Exception):
    """What speaks against some rows of a table: enrolment id → field → sentences; "" is the row itself."""

    def __init__(self, rows: dict[int, dict[str, list[str]]]):
        self.rows = rows
        super().__init__(f"{len(rows)} rows cannot be saved")


@transaction.atomic
def open_class(*, values: dict, by) -> TrainingClass:
    """Open a class at a district organization. The same values sent again return the class they made."""
    training_class = TrainingClass(**values)
    if not may_in(by, Permission.CLASS_EDIT, training_class.organization):
        raise PermissionDenied
    for name in ("place", "opening_decision"):
        setattr(training_class, name, vietnamese.clean(getattr(training_class, name)))
    same = {name: getattr(training_class, name) for name in ("organization", "kind", "year", "number")}
    if made := TrainingClass.objects.filter(**same).first():
        if all(getattr(made, name) == getattr(training_class, name) for name in values):
            return made
        raise ValidationError({"number": f"Khóa {made.number} năm {made.year} của loại lớp này đã có."})
    training_class.full_clean()
    try:
        with transaction.atomic():
            training_class.save(force_insert=True)
    except IntegrityError:  # somebody opened the same one a moment ago
        raise ValidationError({"number": "Khóa này vừa có người mở."}) from None
    with changes.recording(by=by, action="class.open") as log:
        log.created(training_class)
    return training_class


@transaction.atomic
def enrol(*, training_class: TrainingClass, candidates: list[Candidate], by) -> list[Enrolment]:
    """Put people into a class, all or none. Raises ValidationError with every reason."""
    training_class = (
        TrainingClass.objects.select_for_update(of=("self",)).select_related("organization").get(pk=training_class.pk)
    )
    if not candidates:
        raise ValidationError("Chưa chọn người nào.")
    problems, rows = [], []
    for candidate in candidates:
        if not may_in(by, Permission.CLASS_NOMINATE, candidate.unit):
            raise PermissionDenied
        if not candidate.unit.path.startswith(training_class.organization.path):
            raise PermissionDenied
        problems += _may_not_attend(training_class, candidate)
        attempt = candidate.enrolments.filter(training_class__kind=training_class.kind).count() + 1
        rows.append(Enrolment(training_class=training_class, candidate=candidate, unit=candidate.unit, attempt=attempt))
    free = _free_places(training_class)
    if free is not None and len(rows) > free:
        problems.append(f"Lớp chỉ còn {free} chỗ, không đủ cho {len(rows)} người.")
    if problems:
        raise ValidationError(problems)
    with changes.recording(by=by, action="class.enrol") as log:
        for row in rows:
            row.save(force_insert=True)
            log.created(row)
    return rows


def _free_places(training_class: TrainingClass) -> int | None:
    """None without a limit. The class must be locked."""
    if training_class.capacity is None:
        return None
    return max(0, training_class.capacity - training_class.enrolments.exclude(state__in=AWAY).count())


def _may_not_attend(training_class: TrainingClass, candidate: Candidate) -> list[str]:
    found = []
    if candidate.status not in (Status.OPEN, Status.RETURNED):
        found.append(f"{candidate.full_name}: đang ở trạng thái “{candidate.get_status_display()}”.")
    stages = STAGES_OF.get(training_class.kind, ())
    if candidate.stage not in stages:
        found.append(
            f"{candidate.full_name}: đang ở bước “{candidate.get_stage_display()}”, không thuộc diện học lớp này."
        )
    first = candidate.events.filter(is_live=True).order_by("happened_on", "place").first()
    if first and first.happened_on > training_class.to_on:
        found.append(
            f"{candidate.full_name}: đưa vào nguồn ngày {first.happened_on:%d/%m/%Y}, "
            f"sau khi lớp kết thúc ngày {training_class.to_on:%d/%m/%Y}."
        )
    if candidate.enrolments.filter(training_class=training_class).exists():
        found.append(f"{candidate.full_name}: đã có trong lớp này.")
    return found


@transaction.atomic
def record_results(*, training_class: TrainingClass, rows: list[dict], by, reason: str = "") -> int:
    """Record the results of several participants, all or none. Raises RowProblems with everything wrong, by row.

    Each row: enrolment (its id), version, state, result, certificate_number, issued_on. Conflict stops all.
    """
    known = {one.pk: one for one in training_class.enrolments.filter(pk__in=[row["enrolment"] for row in rows])}
    problems = {}
    for row in rows:
        values = row | {"enrolment": known[row["enrolment"]]}
        try:
            with transaction.atomic():
                record_result(by=by, reason=reason, **values)
        except ValidationError as found:
            problems[row["enrolment"]] = found.message_dict
        except Refused as found:
            problems[row["enrolment"]] = {"": [refusal.message for refusal in found.refusals]}
    if problems:
        raise RowProblems(problems)
    return len(rows)


@transaction.atomic
def record_result(
    *,
    enrolment: Enrolment,
    state: str,
    result: str = "",
    certificate_number: str = "",
    issued_on: date | None = None,
    version: int,
    by,
    reason: str = "",
) -> None:
    """Record the result of one participant; a first certificate moves a person in `source` to `trained`.

    A later change of number or date of that certificate corrects the event too, with a reason. Raises Refused.
    """
    claim(enrolment, version=version)
    enrolment = Enrolment.objects.select_related("training_class__organization", "candidate__unit__grassroots").get(
        pk=enrolment.pk
    )
    if not may_in(by, Permission.CLASS_EDIT, enrolment.training_class.organization):
        raise PermissionDenied
    before = changes.state(enrolment) | {"version": version}
    if enrolment.state in AWAY and state not in AWAY:
        _refuse_without_place(enrolment)
    had = (enrolment.certificate_number, enrolment.issued_on)
    enrolment.state, enrolment.result = state, result
    enrolment.certificate_number, enrolment.issued_on = vietnamese.clean(certificate_number), issued_on
    _check_result(enrolment)
    if had[0] and had != (enrolment.certificate_number, enrolment.issued_on):
        reason = _reason_to_correct(reason)
    try:
        with transaction.atomic():
            enrolment.save()
    except IntegrityError:  # the number was given to somebody else a moment ago
        raise ValidationError({"certificate_number": TAKEN}) from None
    subject = enrolment.candidate or enrolment
    with changes.recording(by=by, action="class.result", reason=reason, subject=subject) as log:
        log.updated(enrolment, before)
    if enrolment.candidate and enrolment.training_class.kind == TrainingClass.Kind.AWARENESS:
        _follow_certificate(enrolment, had, reason, by)


def _refuse_without_place(enrolment: Enrolment) -> None:
    """Who comes back takes a place again, and finds one or stays away."""
    training_class = TrainingClass.objects.select_for_update(of=("self",)).get(pk=enrolment.training_class_id)
    if _free_places(training_class) == 0:
        raise ValidationError({"state": f"Lớp đã đủ {training_class.capacity} chỗ."})


def _reason_to_correct(reason: str) -> str:
    reason = vietnamese.clean_lines(reason)
    if len(reason) < SHORTEST_REASON:
        raise ValidationError({"reason": f"Sửa giấy chứng nhận đã ghi cần lý do, ít nhất {SHORTEST_REASON} ký tự."})
    return reason


def _check_result(enrolment: Enrolment) -> None:
    problems = {}
    passed = enrolment.state == "finished" and enrolment.result not in ("", "failed")
    if enrolment.state == "finished" and not enrolment.result:
        problems["result"] = "Chọn kết quả cho người đã học xong."
    if enrolment.certificate_number and not passed:
        problems["certificate_number"] = "Chỉ người học xong và đạt mới có giấy chứng nhận."
    if bool(enrolment.certificate_number) != bool(enrolment.issued_on):
        problems["issued_on"] = "Số và ngày cấp giấy chứng nhận phải có đủ cả hai."
    if enrolment.issued_on and enrolment.issued_on > clock.today():
        problems["issued_on"] = "Ngày cấp chưa đến."
    elif enrolment.issued_on and enrolment.issued_on < enrolment.training_class.from_on:
        problems["issued_on"] = f"Ngày cấp trước ngày khai giảng {enrolment.training_class.from_on:%d/%m/%Y}."
    if enrolment.certificate_number:
        taken = Enrolment.objects.filter(
            certificate_number=enrolment.certificate_number, issued_on=enrolment.issued_on
        ).exclude(pk=enrolment.pk)
        if taken.exists():
            problems["certificate_number"] = TAKEN
    if problems:
        raise ValidationError(problems)


def _follow_certificate(enrolment: Enrolment, had, reason: str, by) -> None:
    """Write, correct or withdraw the `trained` event that this certificate stands for."""
    has = (enrolment.certificate_number, enrolment.issued_on)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=enrolment.candidate_id)
    live = candidate.events.filter(is_live=True, step=Step.TRAINED).first()
    if has == had:
        return
    if not had[0] and has[0] and live is None and candidate.stage == Stage.SOURCE:
        _write_trained(candidate, has, by)
    elif live is not None and live.facts.get("document") == had[0] and live.happened_on == had[1]:
        _correct_trained(candidate, live, has if has[0] else _other_certificate(enrolment), reason, by)


def _other_certificate(enrolment: Enrolment) -> tuple[str, date | None]:
    """The first certificate of another attempt, which the person still holds; else none."""
    rows = Enrolment.objects.filter(candidate=enrolment.candidate_id).certificates()
    found = rows.exclude(pk=enrolment.pk).order_by("issued_on", "pk").first()
    return (found.certificate_number, found.issued_on) if found else ("", None)


def _write_trained(candidate: Candidate, has, by) -> None:
    """The event stands at its date: a certificate may be recorded after a move that came later."""
    events = live_events(candidate)
    if not events:
        raise Refused([Refusal("not_entered", f"{candidate.full_name} chưa được tiếp nhận vào nguồn.")])
    number, day = has
    earlier = [event for event in events if event.happened_on <= day]
    unit = (earlier or events)[-1 if earlier else 0].unit
    place = max(event.place for event in events) + 1
    new = Past(Step.TRAINED, day, unit.pk, {"document": number}, place, by.pk, 0)
    units = {event.unit_id: pure_unit(event.unit) for event in events}
    claim(candidate, version=candidate.version)
    check_walk(candidate, order([*map(past, events), new]), units, {0}, by)
    with changes.recording(by=by, action="candidate.step", subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": candidate.version - 1})
        facts = {"document": number}
        append(candidate, log, step=Step.TRAINED, happened_on=day, by=by, unit=unit, facts=facts)
        rebuild(candidate, log)


def _correct_trained(candidate, live, has, reason: str, by) -> None:
    events = live_events(candidate)
    if not has[0] and events[-1].pk != live.pk:
        raise Refused([Refusal("has_later_steps", "Đã có bước sau dựa trên giấy chứng nhận này nên không bỏ được.")])
    claim(candidate, version=candidate.version)
    if has[0]:
        moved = replace(past(live), happened_on=has[1], facts={"document": has[0]})
        walk = order([moved if event.pk == live.pk else past(event) for event in events])
        check_walk(candidate, walk, {event.unit_id: pure_unit(event.unit) for event in events}, {live.pk}, by)
    with changes.recording(by=by, action="candidate.correct", reason=reason, subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": candidate.version - 1})
        end(live, log)
        append(
            candidate,
            log,
            step=Step.TRAINED,
            happened_on=has[1] or live.happened_on,
            by=by,
            unit=live.unit,
            facts={"document": has[0]} if has[0] else {},
            place=live.place,
            replaces=live,
            reason=reason,
            is_void=not has[0],
        )
        rebuild(candidate, log)
