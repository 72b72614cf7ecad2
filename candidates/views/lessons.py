"""Lessons of a class: the timetable, and who was there."""

from collections import defaultdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from candidates.actions import classes
from candidates.actions.class_people import RowProblems
from candidates.classes import ATTENDED, SEATED, Mark
from candidates.forms.classes import AttendanceForm, LessonsForm
from candidates.models import Attendance, Enrolment, Lesson, TrainingClass
from candidates.views.classes import (
    PER_PAGE,
    READ_AND_SEND,
    SEEN_BY,
    at_the_moment,
    get_class,
    head_of,
    participant,
    put_errors,
    rows_of,
)
from organizations.permissions import Permission
from organizations.scope import may_in, needs
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.web import paginate, sent

SHORT = {Mark.PRESENT: "x", Mark.EXCUSED: "P", Mark.ABSENT: "K"}


def _lessons(request, training_class: TrainingClass) -> list[Lesson]:
    """Of a class the user sees; whoever sends people may read the timetable too."""
    return list(training_class.lessons.order_by("number"))


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def plan(request, class_pk: int):
    """The timetable: read by everybody who sees the class, written in one table."""
    training_class = get_class(request, class_pk)
    found = _lessons(request, training_class)
    context = head_of(request, training_class) | {"lessons": found}
    if request.method == "POST" and not may_in(request.user, Permission.CLASS_EDIT, training_class.organization):
        raise PermissionDenied
    if not context["may_edit"]:
        if request.method == "POST":
            return redirect(training_class)
        return render(request, "candidates/lessons.html", context)
    form = LessonsForm(sent(request), lessons=found)
    context |= {"form": form}
    if form.is_stale:
        return _plan_conflict(request, context)
    if "drop" in request.POST:
        return _drop(request, training_class, form, context)
    if request.method != "POST" or not form.is_valid():
        return render(request, "candidates/lessons.html", context, status=422 if form.errors else 200)
    try:
        count = classes.plan_lessons(
            training_class=training_class, lessons=form.lessons, versions=form.versions, by=request.user
        )
    except RowProblems as problems:
        form.put_errors(problems.rows)
    except ValidationError as problems:
        put_errors(form, problems)
    except Conflict:
        return _plan_conflict(request, context)
    else:
        messages.success(request, f"Đã lưu lịch học, {count} buổi thay đổi, {at_the_moment()}.")
        return redirect("candidates:lessons", class_pk)
    return render(request, "candidates/lessons.html", context, status=422)


def _plan_conflict(request, context: dict):
    """The timetable as it stands now: numbers of lessons may mean others than those that were typed."""
    form = LessonsForm(lessons=_lessons(request, context["training_class"]))
    return render(request, "candidates/lessons.html", context | {"form": form, "is_conflict": True}, status=409)


def _drop(request, training_class: TrainingClass, form: LessonsForm, context: dict):
    """The last lesson is not held."""
    number = max(form.known, default=0)
    try:
        classes.drop_last_lesson(training_class=training_class, number=number, by=request.user)
    except ValidationError as problems:
        form.errors.clear()
        put_errors(form, problems)
        return render(request, "candidates/lessons.html", context, status=422)
    messages.success(request, f"Đã bỏ buổi {number} {at_the_moment()}.")
    return redirect("candidates:lessons", training_class.pk)


# Attendance


def _learners(request, training_class: TrainingClass):
    rows = Enrolment.objects.visible_to(request.user, needs=Permission.CLASS_VIEW)
    return rows.filter(training_class=training_class, state__in=ATTENDED).for_class_list()


@require_safe
@needs(*SEEN_BY)
def attendance(request, class_pk: int):
    """Who was at which lesson; a lesson opens the page to record it. The same queries for 20 people and for 500."""
    training_class = get_class(request, class_pk, Permission.CLASS_VIEW)
    page = paginate(request, _learners(request, training_class), PER_PAGE)
    lessons = _lessons(request, training_class)
    marks = defaultdict(dict)
    shown = [row["pk"] for row in page.object_list]
    known = Attendance.objects.visible_to(request.user, needs=Permission.CLASS_VIEW).filter(lesson__in=lessons)
    for lesson, enrolment, mark in known.filter(enrolment__in=shown).values_list("lesson", "enrolment", "mark"):
        marks[enrolment][lesson] = mark
    taken = set(known.values_list("lesson", flat=True).distinct())
    rows = []
    for row in page.object_list:
        own = marks[row["pk"]]
        cells = [
            (SHORT.get(own.get(lesson.pk), ""), Mark(own[lesson.pk]).label if lesson.pk in own else "")
            for lesson in lessons
        ]
        present = sum(mark == Mark.PRESENT for mark in own.values())
        rows.append(participant(row, training_class) | {"cells": cells, "present": present, "of": len(own)})
    due = [lesson for lesson in lessons if lesson.pk not in taken and _is_due(lesson)]
    context = head_of(request, training_class) | {
        "page_obj": page,
        "rows": rows,
        "next_lesson": due[0] if due else None,
        "lessons": [
            {"lesson": lesson, "is_taken": lesson.pk in taken, "is_due": _is_due(lesson)} for lesson in lessons
        ],
    }
    return render(request, "candidates/attendance.html", context)


def _is_due(lesson: Lesson) -> bool:
    return lesson.held_on is not None and lesson.held_on <= clock.today()


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def take(request, class_pk: int, number: int):
    """Record one lesson: everybody is offered as present, the absent are changed."""
    training_class = get_class(request, class_pk, Permission.CLASS_EDIT)
    lesson = training_class.lessons.filter(number=number).first()
    if lesson is None:
        raise Http404
    learners = _learners(request, training_class)
    # Whoever left the class has a mark where one was recorded, and is not asked for more.
    learners = learners.filter(Q(state__in=SEATED) | Q(marks__lesson=lesson))
    page = paginate(request, learners, PER_PAGE)
    people = [participant(row, training_class) for row in rows_of(request, learners, page)]
    marks = dict(lesson.marks.values_list("enrolment", "mark"))
    form = AttendanceForm(sent(request), people=people, marks=marks, initial={"version": lesson.version})
    context = head_of(request, training_class) | {
        "lesson": lesson,
        "form": form,
        "page_obj": page,
        "is_due": _is_due(lesson),
        "is_taken": bool(marks),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "candidates/attendance_take.html", context, status=422 if form.errors else 200)
    try:
        count = classes.take_attendance(
            lesson=lesson, marks=form.marks, version=form.cleaned_data["version"], by=request.user
        )
    except Conflict as conflict:
        form.now_at(conflict.current.version)
        return render(request, "candidates/attendance_take.html", context | {"is_conflict": True}, status=409)
    except ValidationError as problems:
        put_errors(form, problems)
        return render(request, "candidates/attendance_take.html", context, status=422)
    messages.success(request, f"Đã điểm danh {lesson}, {count} người thay đổi, {at_the_moment()}.")
    if page.has_next():
        return redirect(f"{request.path}?page={page.next_page_number()}")
    return redirect("candidates:attendance", class_pk)
