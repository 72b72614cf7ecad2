"""What the actions on a class share: its lock, what speaks against somebody in it, its places and its waiting list."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q

from candidates.attend import certificate_months
from candidates.classes import GONE, Objection, Person, Purpose, State, against
from candidates.models import Candidate, Enrolment, StageEvent, TrainingClass
from candidates.pipeline import Step
from organizations import changes
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.dates import months_after

# Where a person stands on the road: for readers of the record.
PRIVATE = ("status", "stage", "later")
NOT_OF_THIS_CLASS = "không còn thuộc diện học lớp này; hỏi đơn vị hoặc Ban Tổ chức"


class RowProblems(Exception):
    """What speaks against some rows of a table: id → field → sentences; "" is the row itself."""

    def __init__(self, rows: dict[int, dict[str, list[str]]]):
        self.rows = rows
        super().__init__(f"{len(rows)} rows cannot be saved")


def locked(training_class: TrainingClass) -> TrainingClass:
    """The class, held until the end of the transaction: its places and its people are counted under this lock."""
    return (
        TrainingClass.objects.select_for_update(of=("self",))
        .select_related("organization", "kind")
        .get(pk=training_class.pk)
    )


def require_edit(training_class: TrainingClass, by) -> None:
    if not may_in(by, Permission.CLASS_EDIT, training_class.organization):
        raise PermissionDenied


def refuse_called_off(training_class: TrainingClass) -> None:
    if training_class.is_called_off:
        raise ValidationError("Lớp này đã hủy, không thay đổi được nữa.")


# Who may be sent


def objections(
    training_class: TrainingClass, candidates: Sequence[Candidate], *, reader=None
) -> dict[int, list[Objection]]:
    """What speaks against each of these people going to the class, by id. Five queries, however many they are.

    `reader`: to whom it is said. Whoever only runs classes learns that somebody may not attend, not what became of
    them.
    """
    if not candidates:
        return {}
    people = _people(training_class, candidates)
    days = training_class.from_on, training_class.to_on
    purpose = Purpose(training_class.kind.purpose)
    inside = _inside(training_class, [one.pk for one in candidates])
    found = {}
    for one in candidates:
        said = against(purpose, *days, people[one.pk])
        if one.pk in inside:
            state = State(inside[one.pk]).words(has_begun=training_class.has_begun)
            words = f"đã có trong lớp này, đang ở “{state}”"
            said = [Objection("twice", words), *said]
        found[one.pk] = said if reader is None else _told(said, may_in(reader, Permission.CANDIDATE_VIEW, one.unit))
    return found


def _told(said: list[Objection], is_reader: bool) -> list[Objection]:
    """Once, in neutral words, for whoever may not open the record."""
    private = [one for one in said if one.code in PRIVATE]
    if is_reader or not private:
        return said
    code = "status" if any(one.code == "status" for one in private) else private[0].code
    return [Objection(code, NOT_OF_THIS_CLASS), *(one for one in said if one not in private)]


def hold_people(enrolments) -> None:
    """Hold the people of some enrolments until the end of the transaction, everybody in one order.

    Nobody can be sent to another class meanwhile. Members of committees are held by their unit.
    """
    ids = list(enrolments.exclude(candidate=None).values_list("candidate", flat=True))
    held = Candidate.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    list(held.values_list("pk"))
    units = list(enrolments.filter(candidate=None).values_list("unit", flat=True))
    held = Organization.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=units).order_by("pk")
    list(held.values_list("pk"))


def _inside(training_class: TrainingClass, ids: list[int]) -> dict[int, str]:
    rows = training_class.enrolments.filter(candidate__in=ids).standing()
    return dict(rows.values_list("candidate", "state"))


def _people(training_class: TrainingClass, candidates: Sequence[Candidate]) -> dict[int, Person]:
    """What the rules read of each person."""
    ids, purpose = [one.pk for one in candidates], training_class.kind.purpose
    months = certificate_months(clock.today())
    held: dict[int, list] = {}
    rows = Enrolment.objects.filter(
        candidate__in=ids, issued_on__isnull=False, training_class__kind__purpose=purpose
    ).values_list("candidate", "issued_on")
    for candidate, issued_on in rows:
        held.setdefault(candidate, []).append(issued_on)
    others: dict[int, list] = {}
    on_the_way: dict[int, list] = {}
    open_still = Q(training_class__kind__purpose=purpose, state__in=[State.NOMINATED, State.WAITING, State.ENROLLED])
    overlapping = Q(
        training_class__from_on__lte=training_class.to_on, training_class__to_on__gte=training_class.from_on
    )
    rows = Enrolment.objects.filter(overlapping | open_still, candidate__in=ids).exclude(training_class=training_class)
    for row in rows.exclude(state__in=[*GONE, State.DROPPED]).select_related("training_class__kind"):
        other = row.training_class
        others.setdefault(row.candidate_id, []).append((str(other), other.from_on, other.to_on))
        if row.state != State.FINISHED and other.kind.purpose == purpose:
            on_the_way.setdefault(row.candidate_id, []).append(str(other))
    since = _since(ids, purpose)
    return {
        one.pk: Person(
            name=one.full_name,
            stage=one.stage,
            status=one.status,
            since=since.get(one.pk),
            education=one.education,
            certificate_until=months_after(max(held[one.pk]), months) if one.pk in held and months else None,
            has_certificate=one.pk in held,
            other_classes=tuple(others.get(one.pk, ())),
            on_the_way=tuple(on_the_way.get(one.pk, ())),
        )
        for one in candidates
    }


def _since(ids: list[int], purpose: str) -> dict:
    """The first day of the source, or the ceremony for probationary members."""
    events = StageEvent.objects.filter(candidate__in=ids, is_live=True)
    if purpose == Purpose.NEW_MEMBER:
        events = events.filter(step__in=[Step.ADMITTED])
    found: dict = {}
    for candidate, day in events.order_by("happened_on", "place").values_list("candidate", "happened_on"):
        found.setdefault(candidate, day)
    return found


def entered_later(training_class: TrainingClass) -> dict[str, list[str]]:
    """People of the class who were entered after its days: they could never get a certificate of it."""
    rows = training_class.enrolments.standing().exclude(candidate=None).select_related("candidate__unit")
    people = [row.candidate for row in rows]
    said = objections(training_class, people)
    late = [f"{one.full_name}: {found.message}." for one in people for found in said[one.pk] if found.code == "later"]
    return {"to_on": late} if late else {}


def overlapping(training_class: TrainingClass) -> dict[str, list[str]]:
    """People of the class whom its days would put into two classes at once."""
    mine = training_class.enrolments.exclude(state__in=[*GONE, State.DROPPED])
    typed = mine.filter(candidate=None)
    keys = {participant_key(one) for one in typed}
    rows = (
        Enrolment.objects.filter(
            Q(candidate__in=mine.exclude(candidate=None).values("candidate"))
            | Q(candidate=None, unit__in=typed.values("unit"))
        )
        .exclude(training_class=training_class)
        .exclude(state__in=[*GONE, State.DROPPED])
        .filter(
            training_class__from_on__lte=training_class.to_on,
            training_class__to_on__gte=training_class.from_on,
        )
        .select_related("candidate", "training_class__kind")
        .order_by("candidate__sort_key", "participant_sort_key", "pk")
    )
    same = [row for row in rows if row.candidate_id or participant_key(row) in keys]
    said = [f"{row} đang trong danh sách {row.training_class}, trùng ngày." for row in same]
    return {"from_on": said} if said else {}


def participant_key(row: Enrolment) -> tuple:
    """Whom a typed name and position mean: members of committees are known by nothing else."""
    name, position = row.participant_name, row.participant_position
    return row.unit_id, vietnamese.same_name_key(name), vietnamese.same_name_key(position)


# Places


def move_up(row: TrainingClass, log: changes.Log) -> list[Enrolment]:
    """Give the free places to those who wait, in the order of the list; the class must be locked.

    Whoever may not attend any more keeps waiting: their nomination is for somebody to look at.
    """
    free = free_places(row)
    queue = list(row.enrolments.in_queue().select_related("candidate")) if free is None or free else []
    said = objections(row, [one.candidate for one in queue if one.candidate])
    fit = [one for one in queue if not bars(said.get(one.candidate_id, ()))]
    found = fit if free is None else fit[:free]
    for enrolment in found:
        was = changes.state(enrolment)
        enrolment.state, enrolment.version = State.ENROLLED, enrolment.version + 1
        enrolment.save(update_fields=["state", "version"])
        log.updated(enrolment, was, subject=enrolment.candidate)
    return found


def bars(said: Iterable[Objection]) -> bool:
    """Whether something final speaks against somebody who is in the class already."""
    return any(one.is_final and one.code != "twice" for one in said)


def free_places(row: TrainingClass) -> int | None:
    """None without a limit. The class must be locked."""
    return None if row.capacity is None else max(0, row.capacity - row.enrolments.seated().listed().count())
