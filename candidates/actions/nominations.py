"""Who goes to a class: units nominate, the Centre and the Board screen, places are given, the waiting list moves up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from candidates.actions.class_people import (
    RowProblems,
    free_places,
    hold_people,
    locked,
    move_up,
    objections,
    participant_key,
    refuse_called_off,
    require_edit,
)
from candidates.classes import GONE, MOVES, SHORTEST_REASON, Move, Objection, State, may_move
from candidates.models import Candidate, Enrolment, TrainingClass
from organizations import changes
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.dates import show_day

LONGEST_REASON = 300


# Nominating


@transaction.atomic
def nominate(*, training_class: TrainingClass, candidates: Sequence[Candidate], by) -> list[Enrolment]:
    """Send people to a class, all or none; they wait for screening. Raises ValidationError with every reason."""
    row = _open_to_all(training_class)
    if not row.kind.takes_candidates:
        raise ValidationError("Lớp này không dành cho quần chúng; ghi họ tên và chức vụ của người dự lớp.")
    if not candidates:
        raise ValidationError("Chưa chọn người nào.")
    _refuse_late(row, by)
    # Held, so that nobody goes to two classes at once.
    held = Candidate.objects.select_for_update(of=("self",), no_key=True).select_related("unit__grassroots")
    people = list(held.filter(pk__in=[one.pk for one in candidates]).order_by("pk"))
    for one in people:
        if not may_in(by, Permission.CLASS_NOMINATE, one.unit):
            raise PermissionDenied
        if not one.unit.path.startswith(row.organization.path):
            raise PermissionDenied
    found = objections(row, people, reader=by)
    problems = [
        f"{one.full_name}: {objection.message}." for one in people for objection in found[one.pk] if objection.is_final
    ]
    if problems:
        raise ValidationError(problems)
    now = timezone.now()
    people.sort(key=lambda one: (one.sort_key, one.pk))
    with changes.recording(by=by, action="class.nominate", subject=row) as log:
        made = []
        for one in people:
            enrolment = Enrolment(training_class=row, candidate=one, unit=one.unit, nominated_at=now, nominated_by=by)
            enrolment.save(force_insert=True)
            log.created(enrolment, subject=one)
            made.append(enrolment)
    return made


@dataclass(frozen=True)
class Participant:
    """Somebody who is no candidate: a member of a committee."""

    name: str
    position: str


@transaction.atomic
def nominate_participants(
    *, training_class: TrainingClass, unit: Organization, people: Sequence[Participant], by
) -> list[Enrolment]:
    """Send members of committees to a class, all or none. Raises ValidationError with every reason."""
    row = _open_to_all(training_class)
    if row.kind.takes_candidates:
        raise ValidationError("Lớp này dành cho quần chúng trong danh sách; hãy chọn người ở danh sách.")
    if not any(may_in(by, right, unit) for right in (Permission.CLASS_NOMINATE, Permission.CLASS_EDIT)):
        raise PermissionDenied
    if not unit.path.startswith(row.organization.path):
        raise PermissionDenied
    _refuse_late(row, by)
    people = [Participant(vietnamese.clean(one.name), vietnamese.clean(one.position)) for one in people]
    # Two classes at once, for people known by name alone: held by the row of the unit.
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    if problems := _against_participants(row, unit, people):
        raise ValidationError(problems)
    now = timezone.now()
    with changes.recording(by=by, action="class.nominate", subject=row) as log:
        made = []
        for one in people:
            enrolment = Enrolment(
                training_class=row,
                participant_name=one.name,
                participant_position=one.position,
                unit=unit,
                nominated_at=now,
                nominated_by=by,
            )
            enrolment.save(force_insert=True)
            log.created(enrolment)
            made.append(enrolment)
    return made


def _against_participants(
    row: TrainingClass, unit: Organization, people: Sequence[Participant], *, but: int | None = None
) -> list[str]:
    if not people:
        return ["Chưa ghi người nào."]
    problems = [f"{one.name}: chưa ghi chức vụ." for one in people if not one.position]
    keys = [(vietnamese.same_name_key(one.name), vietnamese.same_name_key(one.position)) for one in people]
    problems += [f"{one.name}, {one.position}: ghi hai lần." for n, one in enumerate(people) if keys[n] in keys[:n]]
    near = Q(training_class__from_on__lte=row.to_on, training_class__to_on__gte=row.from_on)
    known = (
        Enrolment.objects.filter(near | Q(training_class=row), candidate=None, unit=unit)
        .exclude(state__in=[*GONE, State.DROPPED])
        .exclude(pk=but)
        .select_related("training_class__kind")
    )
    for other in known:
        if participant_key(other)[1:] in keys:
            name = f"{other.participant_name}, {other.participant_position}"
            if other.training_class_id == row.pk:
                problems.append(f"{name}: đã có trong lớp này.")
            else:
                problems.append(f"{name}: đang trong danh sách {other.training_class}, trùng ngày với lớp này.")
    return problems


def _refuse_late(row: TrainingClass, by) -> None:
    """Units send people until the first day; whoever keeps the class may add somebody later, from the papers."""
    if row.has_begun and not may_in(by, Permission.CLASS_EDIT, row.organization):
        day = show_day(row.from_on)
        raise ValidationError(f"Lớp đã khai giảng ngày {day}: cử vào lớp sau, hoặc báo Ban Tổ chức bổ sung.")


def _open_to_all(training_class: TrainingClass) -> TrainingClass:
    row = locked(training_class)
    refuse_called_off(row)
    return row


# Screening


@dataclass(frozen=True)
class Verdict:
    """What the screening said of one nomination."""

    enrolment: int
    version: int
    is_eligible: bool
    reason: str = ""


@transaction.atomic
def screen(*, training_class: TrainingClass, verdicts: Sequence[Verdict], by) -> dict[State, int]:
    """Screen nominations, all or none; how many were enrolled, wait for a place, were refused.

    Eligible people take the places in the order of the waiting list. Raises Conflict, or RowProblems by enrolment.
    """
    row = _open_to_all(training_class)
    require_edit(row, by)
    rows = {one.pk: one for one in _with_people(row).filter(pk__in=[one.enrolment for one in verdicts])}
    said = objections(row, [one.candidate for one in rows.values() if one.candidate], reader=by)
    problems: dict[int, dict[str, list[str]]] = {}
    with changes.recording(by=by, action="class.screen", subject=row) as log:
        before = Before(rows.values())
        for verdict in verdicts:
            enrolment = rows.get(verdict.enrolment)
            if enrolment is None:
                raise PermissionDenied
            reason = vietnamese.clean_lines(verdict.reason)
            if found := _against_verdict(enrolment, verdict, reason, said):
                problems[enrolment.pk] = found
                continue
            claim(enrolment, version=verdict.version)
            enrolment.state = State.WAITING if verdict.is_eligible else State.REFUSED
            enrolment.reason = "" if verdict.is_eligible else reason
            enrolment.screened_at, enrolment.screened_by = timezone.now(), by
            enrolment.save()
        if problems:
            raise RowProblems(problems)
        before.tell(log)
        seated = {one.pk for one in move_up(row, log)}
    refused = sum(not one.is_eligible for one in verdicts)
    own = sum(pk in seated for pk in rows)
    return {State.ENROLLED: own, State.WAITING: len(rows) - refused - own, State.REFUSED: refused}


class Before:
    """Rows as they stood, for the history of what is done to several of them."""

    def __init__(self, rows: Iterable[Enrolment]):
        self.rows = [(row, changes.state(row)) for row in rows]

    def tell(self, log: changes.Log) -> None:
        for row, was in self.rows:
            log.updated(row, was, subject=row.candidate)


def _against_verdict(enrolment: Enrolment, verdict: Verdict, reason: str, said: dict) -> dict[str, list[str]]:
    if enrolment.state != State.NOMINATED:
        return {"": [f"Đã được xét, đang ở “{enrolment.state_words}”. Mở trang của người này để thay đổi."]}
    if not verdict.is_eligible:
        if len(reason) < SHORTEST_REASON:
            return {"reason": [f"Ghi lý do không đủ điều kiện, ít nhất {SHORTEST_REASON} ký tự."]}
        return {"reason": [f"Lý do nhiều nhất {LONGEST_REASON} ký tự."]} if len(reason) > LONGEST_REASON else {}
    # "twice" is the nomination itself.
    final = [one for one in said.get(enrolment.candidate_id, ()) if one.is_final and one.code != "twice"]
    return {"verdict": [f"Không thể ghi đủ điều kiện: {one.message}." for one in final]} if final else {}


def _with_people(row: TrainingClass):
    people = Candidate.objects.select_related("unit__grassroots")
    return row.enrolments.select_related("unit").prefetch_related(Prefetch("candidate", people)).order_by("pk")


# Places


@transaction.atomic
def fill_places(*, training_class: TrainingClass, by) -> list[Enrolment]:
    """Call up the waiting list into the places that are free; after the first day somebody has to ask for it."""
    row = _open_to_all(training_class)
    require_edit(row, by)
    with changes.recording(by=by, action="class.move_up", subject=row) as log:
        found = move_up(row, log)
    if not found:
        raise ValidationError("Không còn chỗ trống, hoặc không có ai chờ chỗ.")
    return found


# One participant


@transaction.atomic
def change(*, enrolment: Enrolment, move: Move, reason: str = "", version: int, by) -> list[Enrolment]:
    """Change one participant by the table candidates.classes.MOVES; whoever moved up from the waiting list.

    Until the first day a place that becomes free goes to the first who waits. Raises Conflict, ValidationError.
    """
    row = _open_to_all(enrolment.training_class)
    claim(enrolment, version=version)
    hold_people(Enrolment.objects.filter(pk=enrolment.pk))
    enrolment = Enrolment.objects.select_related("unit", "candidate__unit").get(pk=enrolment.pk)
    rule, here = MOVES[move], enrolment.candidate.unit if enrolment.candidate else enrolment.unit
    if not _holds_right(rule, row, here, by):
        raise PermissionDenied
    if problems := _against_move(row, enrolment, move, vietnamese.clean_lines(reason), by):
        raise ValidationError(problems)
    reason = vietnamese.clean_lines(reason)
    was = changes.state(enrolment) | {"version": version}
    frees = enrolment.state == State.ENROLLED
    enrolment.state = rule.target
    enrolment.reason = reason if rule.target in (*GONE, State.DROPPED) else ""
    try:
        with transaction.atomic():
            enrolment.save()
    except IntegrityError:  # the same person was nominated again meanwhile
        raise ValidationError("Người này đã được cử lại vào lớp; hãy xét đề cử mới.") from None
    with changes.recording(by=by, action="class.change", reason=reason, subject=row) as log:
        log.updated(enrolment, was, subject=enrolment.candidate)
        return move_up(row, log) if frees and clock.today() <= row.from_on else []


def comes_back_against(row: TrainingClass, enrolment: Enrolment, said: Iterable[Objection]) -> list[str]:
    """What speaks against somebody who left and comes back; where they stand on the road does not, they were let in."""
    if enrolment.candidate_id:
        return [f"{one.message}." for one in said if one.is_final and one.code not in ("twice", "stage")]
    typed = Participant(enrolment.participant_name, enrolment.participant_position)
    return _against_participants(row, enrolment.unit, [typed], but=enrolment.pk)


def _holds_right(rule, row: TrainingClass, here: Organization, by) -> bool:
    if may_in(by, Permission.CLASS_EDIT, row.organization):
        return True
    return Permission.CLASS_NOMINATE in rule.rights and may_in(by, Permission.CLASS_NOMINATE, here)


def _against_move(row: TrainingClass, enrolment: Enrolment, move: Move, reason: str, by) -> dict[str, list[str]]:
    rule, state = MOVES[move], State(enrolment.state)
    found: dict[str, list[str]] = {}
    if not may_move(move, state, has_begun=row.has_begun):
        words = state.words(has_begun=row.has_begun)
        found["__all__"] = [f"Không “{rule.label.lower()}” được khi đang ở “{words}”."]
        if move == Move.WITHDRAW and state == State.ENROLLED:
            found["__all__"].append(f"Lớp đã khai giảng ngày {show_day(row.from_on)}: báo Trung tâm ghi bỏ học.")
    elif rule.target == State.ENROLLED and free_places(row) == 0:
        found["__all__"] = [f"Lớp đã đủ {row.capacity} chỗ."]
    elif rule.target in (State.ENROLLED, State.NOMINATED):
        person = enrolment.candidate
        said = objections(row, [person], reader=by)[person.pk] if person else ()
        if move == Move.COME_BACK or (move == Move.RECONSIDER and not person):
            words = comes_back_against(row, enrolment, said)
        else:
            own = "twice" if rule.target == State.ENROLLED else ""  # the row itself stands in the class
            words = [f"{one.message}." for one in said if one.is_final and one.code != own]
        if words:
            found["__all__"] = [f"{person.full_name}: {one}" if person else one for one in words]
    if rule.asks_reason and len(reason) < SHORTEST_REASON:
        found["reason"] = [f"Ghi lý do, ít nhất {SHORTEST_REASON} ký tự."]
    elif len(reason) > LONGEST_REASON:
        found["reason"] = [f"Lý do nhiều nhất {LONGEST_REASON} ký tự."]
    return found
