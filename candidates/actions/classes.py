"""Classes: opened, edited, called off; their lessons laid out and attendance taken."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from candidates import classes
from candidates.actions.class_people import (
    RowProblems,
    entered_later,
    hold_people,
    locked,
    move_up,
    overlapping,
    refuse_called_off,
    require_edit,
)
from candidates.classes import ATTENDED, GONE, SHORTEST_REASON
from candidates.models import Attendance, CalendarYear, ClassKind, Enrolment, Lesson, TrainingClass
from organizations import changes
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.dates import show_day

TEXTS = ("place", "opening_decision")
EDITABLE = ("number", "year", "from_on", "to_on", "place", "capacity", "opening_decision")
TAKEN = "Đã có khóa {number} năm {year} của loại lớp này. Hãy chọn khóa số khác."


@transaction.atomic
def open_class(*, values: dict, by) -> TrainingClass:
    """Open a class at a district organization, its lessons laid out. The same values again return the same class."""
    training_class = TrainingClass(**values)
    require_edit(training_class, by)
    _clean_texts(training_class)
    same = {name: getattr(training_class, name) for name in ("organization", "kind", "year", "number")}
    if made := TrainingClass.objects.filter(**same, is_called_off=False).first():
        if all(getattr(made, name) == getattr(training_class, name) for name in values):
            return made
        raise ValidationError({"number": TAKEN.format(number=made.number, year=made.year)})
    if not training_class.kind.is_active:
        raise ValidationError({"kind": "Loại lớp này không còn dùng."})
    # Held, so that what the kind is for does not change meanwhile.
    ClassKind.objects.select_for_update(of=("self",), no_key=True).get(pk=training_class.kind_id)
    training_class.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            training_class.save(force_insert=True)
    except IntegrityError:  # somebody opened the same one a moment ago
        raise ValidationError({"number": "Khóa này vừa có người mở."}) from None
    with changes.recording(by=by, action="class.open", subject=training_class) as log:
        log.created(training_class)
        is_working = CalendarYear.objects.calendar().is_working
        laid = classes.lay_out(training_class.from_on, training_class.to_on, training_class.kind.lessons, is_working)
        for number, (day, half) in enumerate(laid, start=1):
            _add_lesson(training_class, log, number=number, held_on=day, half=half)
    return training_class


def _clean_texts(training_class: TrainingClass) -> None:
    for name in TEXTS:
        setattr(training_class, name, vietnamese.clean(getattr(training_class, name)))


@dataclass(frozen=True)
class Edited:
    """What followed from a change of a class: who moved up from the waiting list, how many lessons lost their day."""

    moved: tuple[Enrolment, ...] = ()
    undated: int = 0


@transaction.atomic
def edit_class(*, training_class: TrainingClass, values: dict, version: int, by) -> Edited:
    """Change days, place, places, number of a class. Raises Conflict, or ValidationError with every reason.

    Fewer places than people, days that fall outside certificates, attendance or overlap another class of somebody are
    refused. Lessons not taken yet move with the first day; those that find no day in the class wait for one. More
    places let the waiting list move up, until the first day.
    """
    claim(training_class, version=version)
    row = locked(training_class)
    require_edit(row, by)
    refuse_called_off(row)
    before = changes.state(row) | {"version": version}
    for name in EDITABLE:
        setattr(row, name, values[name])
    _clean_texts(row)
    hold_people(row.enrolments.exclude(state__in=GONE))
    if problems := {**_against_edit(row, before), **entered_later(row), **overlapping(row)}:
        raise ValidationError(problems)
    row.full_clean(exclude=["organization", "kind"], validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise ValidationError({"number": TAKEN.format(number=row.number, year=row.year)}) from None
    with changes.recording(by=by, action="class.edit", subject=row) as log:
        log.updated(row, before)
        undated = _move_lessons(row, row.from_on - before["from_on"], log)
        moved = move_up(row, log) if clock.today() <= row.from_on else []
    return Edited(tuple(moved), undated)


def _move_lessons(row: TrainingClass, by: timedelta, log: changes.Log) -> int:
    """Lessons nobody has recorded go with the first day of the class; how many lost their day."""
    undated = 0
    for lesson in row.lessons.filter(marks=None, held_on__isnull=False):
        day = lesson.held_on + by
        is_inside = row.from_on <= day <= row.to_on
        undated += not is_inside
        if is_inside and day == lesson.held_on:
            continue
        was = changes.state(lesson)
        lesson.held_on, lesson.half = (day, lesson.half) if is_inside else (None, "")
        lesson.version += 1
        lesson.save(update_fields=["held_on", "half", "version"])
        log.updated(lesson, was)
    return undated


def _against_edit(row: TrainingClass, before: dict) -> dict[str, list[str]]:
    """What the people, the lessons and the certificates of the class say of its new values."""
    found: dict[str, list[str]] = {}
    seated = row.enrolments.seated().listed().count()
    if row.capacity is not None and row.capacity < seated:
        found["capacity"] = [f"Lớp đang có {seated} người, số chỗ không ít hơn thế được."]
    if row.to_on < row.from_on:
        found["to_on"] = [f"Ngày kết thúc trước ngày khai giảng {show_day(row.from_on)}."]
    if row.to_on > clock.today() and row.enrolments.filter(state=Enrolment.State.FINISHED).exists():
        found["to_on"] = ["Đã ghi kết quả học xong, không dời ngày kết thúc đến sau hôm nay được."]
    is_put_off = row.from_on > max(before["from_on"], clock.today())
    if is_put_off and row.enrolments.filter(state=Enrolment.State.DROPPED).exists():
        found["from_on"] = ["Đã ghi người bỏ học, không dời ngày khai giảng đến sau hôm nay được."]
    issued = row.enrolments.filter(issued_on__lt=row.to_on).order_by("issued_on").first()
    if issued:
        found["to_on"] = [f"Đã cấp giấy chứng nhận ngày {show_day(issued.issued_on)}, trước ngày kết thúc này."]
    taken = row.lessons.filter(marks__isnull=False, held_on__isnull=False).exclude(
        held_on__range=(row.from_on, row.to_on)
    )
    if lesson := taken.first():
        found["from_on"] = [f"Đã điểm danh buổi {lesson.number} ngày {show_day(lesson.held_on)}, ngoài thời gian này."]
    return found


@transaction.atomic
def call_off(*, training_class: TrainingClass, reason: str, version: int, by) -> None:
    """A class that does not take place: whoever was sent is free again. Refused once it has a result."""
    claim(training_class, version=version)
    row = locked(training_class)
    require_edit(row, by)
    refuse_called_off(row)
    reason = vietnamese.clean_lines(reason)
    problems = {}
    if row.enrolments.filter(state__in=[Enrolment.State.FINISHED, Enrolment.State.DROPPED]).exists():
        problems["__all__"] = ["Lớp đã ghi kết quả nên không hủy được."]
    elif Attendance.objects.filter(lesson__training_class=row).exists():
        problems["__all__"] = ["Lớp đã điểm danh nên không hủy được."]
    if len(reason) < SHORTEST_REASON:
        problems["reason"] = [f"Ghi lý do không mở lớp, ít nhất {SHORTEST_REASON} ký tự."]
    if problems:
        raise ValidationError(problems)
    with changes.recording(by=by, action="class.call_off", reason=reason, subject=row) as log:
        for enrolment in row.enrolments.exclude(state__in=GONE).select_related("candidate"):
            was = changes.state(enrolment)
            enrolment.state, enrolment.version = Enrolment.State.WITHDRAWN, enrolment.version + 1
            enrolment.reason = f"Lớp không mở. {reason}"[:300]
            enrolment.save(update_fields=["state", "reason", "version"])
            log.updated(enrolment, was, subject=enrolment.candidate)
        before = changes.state(row) | {"version": version}
        row.is_called_off, row.called_off_reason = True, reason
        row.save(update_fields=["is_called_off", "called_off_reason"])
        log.updated(row, before)


# Lessons


@dataclass(frozen=True)
class LessonValues:
    """What the table of lessons says of one."""

    held_on: date | None
    half: str = ""
    topic: str = ""
    lecturer: str = ""


@transaction.atomic
def plan_lessons(
    *, training_class: TrainingClass, lessons: Mapping[int, LessonValues], versions: Mapping[int, int], by
) -> int:
    """Write the table of lessons, by number; how many changed. A number beyond the last one adds a lesson.

    Raises Conflict, or RowProblems by number: outside the days of the class, two at once, attendance without a day.
    """
    row = locked(training_class)
    require_edit(row, by)
    refuse_called_off(row)
    known = {lesson.number: lesson for lesson in row.lessons.select_for_update()}
    taken = set(row.lessons.filter(marks__isnull=False).values_list("number", flat=True))
    if problems := _against_lessons(row, lessons, taken):
        raise RowProblems(problems)
    count = 0
    with changes.recording(by=by, action="class.lessons", subject=row) as log:
        for number, given in sorted(lessons.items()):
            values = {"held_on": given.held_on, "half": given.half if given.held_on else ""}
            values |= {"topic": vietnamese.clean(given.topic), "lecturer": vietnamese.clean(given.lecturer)}
            if number not in known:
                last = row.lessons.aggregate(last=Max("number"))["last"] or 0
                _add_lesson(row, log, number=last + 1, **values)
                count += 1
                continue
            lesson = known[number]
            if all(getattr(lesson, name) == value for name, value in values.items()):
                continue
            claim(lesson, version=versions[number])
            was = changes.state(lesson) | {"version": versions[number]}
            for name, value in values.items():
                setattr(lesson, name, value)
            lesson.save(update_fields=list(values))
            log.updated(lesson, was)
            count += 1
    return count


def _add_lesson(training_class: TrainingClass, log: changes.Log, **values) -> Lesson:
    lesson = Lesson(training_class=training_class, **values)
    lesson.save(force_insert=True)
    log.created(lesson)
    return lesson


def _against_lessons(row: TrainingClass, lessons: Mapping[int, LessonValues], taken: Collection[int]) -> dict:
    found: dict[int, dict[str, list[str]]] = {}
    held: dict[tuple, int] = {}
    for number, given in sorted(lessons.items()):
        said = []
        if given.held_on and not row.from_on <= given.held_on <= row.to_on:
            said.append(f"Ngày {show_day(given.held_on)} ngoài thời gian của lớp.")
        if given.held_on is None and number in taken:
            said.append("Buổi này đã điểm danh, không bỏ ngày được.")
        if given.held_on and number in taken and given.held_on > clock.today():
            said.append("Buổi này đã điểm danh, không dời đến ngày sau hôm nay được.")
        at = (given.held_on, given.half)
        if given.held_on and given.half and at in held:
            said.append(f"Cùng lúc với buổi {held[at]}.")
        held.setdefault(at, number)
        if said:
            found[number] = {"held_on": said}
    return found


@transaction.atomic
def drop_last_lesson(*, training_class: TrainingClass, number: int, by) -> None:
    """Take the last lesson off the timetable. Refused once somebody recorded who was there."""
    row = locked(training_class)
    require_edit(row, by)
    refuse_called_off(row)
    lesson = row.lessons.order_by("-number").first()
    if lesson is None or lesson.number != number:
        raise ValidationError("Lịch học vừa thay đổi. Xem lại rồi bỏ buổi cuối.")
    if lesson.marks.exists():
        raise ValidationError(f"Buổi {number} đã điểm danh, không bỏ được.")
    with changes.recording(by=by, action="class.lessons", subject=row) as log:
        log.deleted([lesson])
        lesson.delete()


@transaction.atomic
def take_attendance(*, lesson: Lesson, marks: Mapping[int, str], version: int, by) -> int:
    """Record who was at a lesson, by enrolment; how many marks changed. Raises Conflict, or ValidationError.

    Only those who were let into the class have a mark; nobody has one of a day to come.
    """
    row = locked(lesson.training_class)
    require_edit(row, by)
    refuse_called_off(row)
    claim(lesson, version=version)
    lesson = Lesson.objects.get(pk=lesson.pk)
    if lesson.held_on is None:
        raise ValidationError("Buổi học chưa có ngày. Hãy xếp ngày ở trang Lịch học trước.")
    if lesson.held_on > clock.today():
        raise ValidationError(f"Buổi học ngày {show_day(lesson.held_on)} chưa đến, chưa điểm danh được.")
    found = row.enrolments.filter(pk__in=marks, state__in=ATTENDED).select_related("candidate")
    learners = {one.pk: one for one in found}
    if strangers := marks.keys() - learners.keys():
        names = [str(one) for one in row.enrolments.filter(pk__in=strangers).select_related("candidate")]
        raise ValidationError(f"Không phải học viên của lớp: {', '.join(names) or 'người không có trong lớp'}.")
    known = {mark.enrolment_id: mark for mark in lesson.marks.filter(enrolment__in=marks)}
    made, changed = [], []
    with changes.recording(by=by, action="class.attendance", subject=row) as log:
        log.updated(lesson, changes.state(lesson) | {"version": version})
        for enrolment, mark in marks.items():
            if enrolment not in known:
                made.append(Attendance(lesson=lesson, enrolment_id=enrolment, mark=mark))
            elif known[enrolment].mark != mark:
                was = changes.state(known[enrolment])
                known[enrolment].mark = mark
                changed.append(known[enrolment])
                log.updated(known[enrolment], was, subject=learners[enrolment].candidate)
        for mark in Attendance.objects.bulk_create(made):
            log.created(mark, subject=learners[mark.enrolment_id].candidate)
        Attendance.objects.bulk_update(changed, ["mark"])
    return len(made) + len(changed)
