"""Training classes: the list, one class, opened, edited, called off; the kinds of classes and the scale."""

import re
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from candidates.actions import class_catalogue, classes
from candidates.actions.catalogue import usual_words
from candidates.choices import Sex
from candidates.classes import MOVES, PHASES, SEATED, State, Tally, may_move, phase
from candidates.export import classes_workbook
from candidates.forms.classes import CallOffForm, ClassEditForm, ClassFilterForm, ClassForm, GradeForm, KindForm
from candidates.forms.nominations import RosterForm
from candidates.models import OUTSIDE, Candidate, ClassKind, Enrolment, Grade, TrainingClass
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.permissions import Permission
from organizations.scope import holds, may_in, needs
from organizations.versions import Conflict
from vuthu_recruit.web import paginate, sent

READ_AND_SEND = ["GET", "HEAD", "POST"]
SEEN_BY = (Permission.CLASS_VIEW, Permission.CLASS_NOMINATE)
PER_PAGE = 100  # of the tables of one class
OF_A_ROW = re.compile("([0-9]{1,15})-version|mark-([0-9]{1,15})")  # the controls by which a table names its rows
STATE_LOOKS = {
    State.NOMINATED: ("soon", "later"),
    State.REFUSED: ("idle", "stopped"),
    State.WAITING: ("soon", "soon"),
    State.ENROLLED: ("doing", "trained"),
    State.FINISHED: ("done", "done"),
    State.DROPPED: ("idle", "none"),
    State.WITHDRAWN: ("idle", "none"),
}


def classes_of(user):
    """Classes seen by either right: of the own district, and of the district above the own unit."""
    seen, nominated = [TrainingClass.objects.visible_to(user, needs=right) for right in SEEN_BY]
    return (seen | nominated).select_related("organization", "kind")


def enrolments_of(user):
    """All people of the classes for who runs them, the own people for who sends them."""
    seen, nominated = [Enrolment.objects.visible_to(user, needs=right) for right in SEEN_BY]
    return seen | nominated


def get_class(request, class_pk: int, right: Permission | None = None) -> TrainingClass:
    """404 for a class the user does not see; 403 without the right to do more."""
    rows = classes_of(request.user)
    found = get_object_or_404(rows, pk=class_pk)
    if right and not rows.visible_to(request.user, needs=right).filter(pk=class_pk).exists():
        raise PermissionDenied
    return found


def rows_of(request, rows, page) -> list[dict]:
    """The rows of the page; of a table that was sent its own rows: the list may have grown or shrunk since."""
    if request.method != "POST":
        return list(page.object_list)
    found = [OF_A_ROW.fullmatch(name) for name in request.POST]
    return list(rows.filter(pk__in=[one[1] or one[2] for one in found if one]))


def at_the_moment() -> str:
    return f"lúc {timezone.localtime():%H:%M}"


# The list


def _listed(request) -> tuple[ClassFilterForm, object]:
    """The filter and the classes it leaves, with how many of those the user may see attend and passed."""
    rows = classes_of(request.user)
    years = sorted(set(rows.order_by().values_list("year", flat=True)), reverse=True)
    form = ClassFilterForm(request.GET, years=years, kinds=list(ClassKind.objects.all()))
    mine = Q(enrolments__in=enrolments_of(request.user).exclude(candidate__status__in=OUTSIDE))

    def number(**wanted) -> Count:
        return Count("enrolments", filter=mine & Q(**{f"enrolments__{k}": v for k, v in wanted.items()}), distinct=True)

    rows = form.narrowed(rows).annotate(
        unscreened=number(state=State.NOMINATED),
        waiting=number(state=State.WAITING),
        people=number(state__in=[*SEATED, State.DROPPED]),
        passed=number(is_passed=True),
        certified=number(issued_on__isnull=False),
    )
    return form, rows.order_by("-year", "kind__order", "kind", "-number", "pk")


@require_safe
@needs(*SEEN_BY)
def index(request):
    """Classes by year, newest first."""
    user = request.user
    form, rows = _listed(request)
    page = paginate(request, rows)
    context = {
        "form": form,
        "chips": form.chips,
        "query": request.GET.urlencode(),
        "page_obj": page,
        "rows": page.object_list,
        "may_open": holds(user, Permission.CLASS_EDIT),
        "may_nominate": holds(user, Permission.CLASS_NOMINATE),
        "reads_figures": holds(user, Permission.FIGURES_VIEW),
    }
    return render(request, "candidates/classes.html", context, status=200 if form.is_valid() else 422)


@require_http_methods(METHODS)
@needs(*SEEN_BY)
def export(request):
    """The rows and filter of the list, all pages."""
    form, rows = _listed(request)
    if not form.is_valid():
        return back_to(request, "candidates:classes")
    found, words = list(rows), "; ".join(chip["label"] for chip in form.chips) or "không lọc"
    leaving = Leaving.listed("Lớp học", len(found), words, of_people=False, rights=SEEN_BY)
    return take_out(request, leaving, lambda: classes_workbook(found, filter_words=words, by=request.user))


# One class


@require_safe
@needs(*SEEN_BY)
def detail(request, class_pk: int):
    """One class and those of its participants the user may see; of a person only what a class needs."""
    training_class, user = get_class(request, class_pk), request.user
    own = enrolments_of(user).filter(training_class=training_class)
    form = RosterForm(request.GET, is_called_off=training_class.is_called_off)
    page = paginate(request, form.narrowed(own.for_class_list()), PER_PAGE)
    people = [participant(row, training_class) for row in page.object_list]
    known, places = _may_open(user, people), _places(training_class, people)
    may_edit = may_in(user, Permission.CLASS_EDIT, training_class.organization)
    tally = own.tally(training_class.capacity)
    context = head_of(request, training_class, tally) | {
        "form": form,
        "page_obj": page,
        "people": [
            row
            | {"is_open": row["candidate_id"] in known, "place": places.get(row["pk"])}
            | {"may_change": _may_change(row, training_class, may_edit)}
            for row in people
        ],
        "tally": tally,
        "parts": _parts(training_class, tally, form),
        "query": request.GET.urlencode(),
        "called_off_words": f"Lý do: {training_class.called_off_reason}. Người được cử cử lại được vào lớp khác.",
    }
    return render(request, "candidates/class_detail.html", context, status=200 if form.is_valid() else 422)


def head_of(request, training_class: TrainingClass, tally: Tally | None = None) -> dict:
    """What the head and the tabs of every page of a class show. Two queries, one with the tally given."""
    user, here = request.user, training_class.organization
    whole = training_class.enrolments.tally(training_class.capacity)
    sees_all = may_in(user, Permission.CLASS_VIEW, here)
    may_edit = may_in(user, Permission.CLASS_EDIT, here) and not training_class.is_called_off
    may_send = holds(user, Permission.CLASS_NOMINATE) or (may_edit and not training_class.kind.takes_candidates)
    return {
        "training_class": training_class,
        "whole": whole if sees_all else tally or whole,
        "free": whole.free,
        "queue": whole.waiting,
        "lessons_count": training_class.lessons.count(),
        "phase": phase(whole, has_begun=training_class.has_begun, has_ended=training_class.has_ended),
        "phases": PHASES,
        "sees_all": sees_all,
        "may_edit": may_edit,
        # Units send people until the first day; whoever keeps the class may add somebody later.
        "may_send": may_send and not training_class.is_called_off and (may_edit or not training_class.has_begun),
        "tabs": _tabs(training_class, request.path, sees_all=sees_all, may_edit=may_edit, unscreened=whole.nominated),
    }


def _tabs(training_class: TrainingClass, path: str, *, sees_all: bool, may_edit: bool, unscreened: int) -> list[dict]:
    rows = [("class_detail", "Danh sách", None)]
    rows += [("screen", "Xét chọn", unscreened or None)] if may_edit else []
    rows += [("lessons", "Lịch học", None)]
    rows += [("attendance", "Điểm danh", None)] if sees_all and not training_class.is_called_off else []
    rows += [("results", "Kết quả", None), ("certificates", "Giấy chứng nhận", None)] if may_edit else []
    found = []
    for name, label, count in rows:
        url = reverse(f"candidates:{name}", args=[training_class.pk])
        found.append({"url": url, "label": label, "count": count, "current": path == url})
    return found


def _parts(training_class: TrainingClass, tally: Tally, form: RosterForm) -> list[dict]:
    """The tally of a class: each number opens its part of the list."""
    numbers = {
        "": tally.sent,
        "cho-xet": tally.nominated,
        "khong-du": tally.refused,
        "cho-cho": tally.waiting,
        "dang-hoc": tally.enrolled,
        "dat": tally.passed,
        "khong-dat": tally.failed,
        "bo-hoc": tally.dropped,
        "da-rut": tally.withdrawn,
    }
    labels = {key: words for key, (words, _) in form.PARTS.items()} | {"": "Được cử"}
    if not training_class.has_begun:
        labels["dang-hoc"] = "Đã ghi danh"
    chosen = form.cleaned_data.get("muc", "") if form.is_valid() else ""
    return [
        {"url": f"?muc={key}" if key else "?", "value": number, "label": labels[key], "current": key == chosen}
        for key, number in numbers.items()
        if number or key in ("", chosen)
    ]


def participant(row: dict, training_class: TrainingClass) -> dict:
    """A row of for_class_list in words."""
    above, state = row["unit__grassroots__short_name"], State(row["state"])
    kind, shape = STATE_LOOKS[state]
    return row | {
        "name": row["candidate__full_name"] or row["participant_name"],
        "birth": row["candidate__birth"],
        "sex": Sex(row["candidate__sex"]).label if row["candidate__sex"] else "",
        "home_town": row["candidate__home_town"] or "",
        "unit": above or row["unit__short_name"],
        "branch": row["unit__short_name"] if above and above != row["unit__short_name"] else "",
        "state_word": state.words(has_begun=training_class.has_begun),
        "state_kind": kind,
        "state_shape": shape,
        "grade": row["grade__name"] or "",
    }


def _may_change(row: dict, training_class: TrainingClass, may_edit: bool) -> bool:
    """Whether the page of the participant offers anything to whoever runs the class, or sends people."""
    if training_class.is_called_off:
        return False
    state, has_begun = State(row["state"]), training_class.has_begun
    rules = [rule for move, rule in MOVES.items() if may_move(move, state, has_begun=has_begun)]
    return any(may_edit or Permission.CLASS_NOMINATE in rule.rights for rule in rules)


def _places(training_class: TrainingClass, people: list[dict]) -> dict[int, int]:
    """Which place somebody has in the whole waiting list. One query where somebody waits."""
    if not any(row["state"] == State.WAITING for row in people):
        return {}
    queue = training_class.enrolments.in_queue().values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(queue, 1)}


def _may_open(user, people: list[dict]) -> set[int]:
    """Whose records the user may open. One query, none for who has no such right."""
    if not holds(user, Permission.CANDIDATE_VIEW):
        return set()
    ids = [row["candidate_id"] for row in people if row["candidate_id"] and row["candidate__status"] not in OUTSIDE]
    rows = Candidate.objects.visible_to(user, needs=Permission.CANDIDATE_VIEW).filter(pk__in=ids)
    return set(rows.values_list("pk", flat=True))


# Opened, edited, called off


@require_http_methods(READ_AND_SEND)
@needs(Permission.CLASS_EDIT)
def create(request):
    form = ClassForm(sent(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = classes.open_class(values=form.cleaned_data, by=request.user)
        except ValidationError as found:
            put_errors(form, found)
        else:
            messages.success(request, f"Đã mở lớp {made} {at_the_moment()}.")
            return redirect(made)
    return render(request, "candidates/class_create.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def edit(request, class_pk: int):
    row = get_class(request, class_pk, Permission.CLASS_EDIT)
    form = ClassEditForm(sent(request), row=row)

    def act(given: dict) -> str:
        version = given.pop("version")
        done = classes.edit_class(training_class=row, values=given, version=version, by=request.user)
        said = "Đã sửa lớp"
        if done.moved:
            said += f"; {len(done.moved)} người chờ chỗ được vào lớp: {_names(done.moved)}"
        if done.undated:
            said += f"; {done.undated} buổi học ngoài thời gian mới đã bỏ ngày, xếp lại ở Lịch học"
        return said

    return changed(request, row, form, "candidates/class_edit.html", act, heading="Sửa lớp", verb="Lưu")


def _names(rows, most: int = 5) -> str:
    """The first names, for a message."""
    return ", ".join(map(str, rows[:most])) + ("…" if len(rows) > most else "")


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def call_off(request, class_pk: int):
    row = get_class(request, class_pk, Permission.CLASS_EDIT)
    form = CallOffForm(sent(request), initial={"version": row.version})

    def act(given: dict) -> str:
        classes.call_off(training_class=row, by=request.user, **given)
        return "Đã hủy lớp"

    return changed(request, row, form, "candidates/class_edit.html", act, heading="Hủy lớp", verb="Hủy lớp này")


def changed(request, row: TrainingClass, form, template: str, act: Callable[[dict], str], **words):
    """The page of one change to a class; `act` makes it and says what was done."""
    context = {"training_class": row, "form": form} | words
    if request.method == "POST" and form.is_valid():
        try:
            said = act(dict(form.cleaned_data))
        except Conflict as conflict:
            form.now_at(conflict.current.version)
            return render(request, template, context | {"is_conflict": True}, status=409)
        except ValidationError as found:
            put_errors(form, found)
        else:
            messages.success(request, f"{said} {at_the_moment()}.")
            return redirect(row)
    return render(request, template, context, status=422 if form.errors else 200)


def put_errors(form, found: ValidationError) -> None:
    """Every reason on its field, else above the form."""
    for name, sentences in usual_words(found).items():
        form.add_error(name if name in form.fields else None, sentences)


# Kinds and the scale


@require_safe
@needs(Permission.CLASS_VIEW)
def kinds(request):
    context = {
        "kinds": list(ClassKind.objects.all()),
        "grades": list(Grade.objects.all()),
        "may_edit": holds(request.user, Permission.CLASS_EDIT),
    }
    return render(request, "candidates/class_kinds.html", context)


@require_http_methods(READ_AND_SEND)
@needs(Permission.CLASS_EDIT)
def kind_add(request):
    form = KindForm(sent(request), row=None, place=_next_place(ClassKind))
    return _catalogue(request, None, form, "Thêm loại lớp", class_catalogue.save_kind, "kind")


@require_http_methods(READ_AND_SEND)
@needs(Permission.CLASS_EDIT)
def kind_edit(request, kind_pk: int):
    row = get_object_or_404(ClassKind, pk=kind_pk)
    form = KindForm(sent(request), row=row)
    return _catalogue(request, row, form, f"Sửa loại lớp {row}", class_catalogue.save_kind, "kind")


@require_http_methods(READ_AND_SEND)
@needs(Permission.CLASS_EDIT)
def grade_add(request):
    form = GradeForm(sent(request), row=None, place=_next_place(Grade))
    return _catalogue(request, None, form, "Thêm xếp loại", class_catalogue.save_grade, "grade")


@require_http_methods(READ_AND_SEND)
@needs(Permission.CLASS_EDIT)
def grade_edit(request, grade_pk: int):
    row = get_object_or_404(Grade, pk=grade_pk)
    form = GradeForm(sent(request), row=row)
    return _catalogue(request, row, form, f"Sửa xếp loại {row}", class_catalogue.save_grade, "grade")


def _next_place(model) -> int:
    return (model.objects.order_by("-order").values_list("order", flat=True).first() or 0) + class_catalogue.STEP


def _catalogue(request, row, form, heading: str, keep: Callable, name: str):
    """The five beats of all four pages."""
    context = {"form": form, "heading": heading, "list_name": "Loại lớp, xếp loại"}
    context["list_url"] = reverse("candidates:class_kinds")
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep(**{name: row}, values=form.values, version=form.cleaned_data["version"], by=request.user)
        except Conflict as conflict:
            form.now_at(conflict.current.version)
            return render(request, "candidates/catalogue_edit.html", context | {"is_conflict": True}, status=409)
        except ValidationError as error:
            put_errors(form, error)
        except IntegrityError:  # somebody else took the name or the key a moment ago
            form.add_error(None, "Tên này vừa có người dùng. Hãy chọn tên khác.")
        else:
            messages.success(request, f"Đã lưu “{kept}” {at_the_moment()}.")
            return redirect("candidates:class_kinds")
    return render(request, "candidates/catalogue_edit.html", context, status=422 if form.errors else 200)
