"""Training classes: the list, one class, opening, enrolling, the table of results."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from candidates import next_steps
from candidates.actions import training
from candidates.choices import Sex
from candidates.forms.training import ClassForm, EnrolForm, ResultsForm, SearchForm
from candidates.models import OUTSIDE, Candidate, Enrolment, TrainingClass
from candidates.pipeline import Status
from organizations.permissions import Permission
from organizations.scope import holds, may_in, needs
from organizations.versions import Conflict
from vuthu_recruit.dates import show_day
from vuthu_recruit.web import paginate

READ_AND_SEND = ["GET", "HEAD", "POST"]
SEEN_BY = (Permission.CLASS_VIEW, Permission.CLASS_NOMINATE)
SHOWN = 200
STATE_SHAPES = {"finished": ("done", "done"), "enrolled": ("doing", "trained"), "dropped": ("idle", "none")}


def _classes(user):
    """Classes seen by either right: of the own district, and of the district above the own unit."""
    seen, nominated = [TrainingClass.objects.visible_to(user, needs=right) for right in SEEN_BY]
    return seen | nominated


def _enrolments(user):
    """All people of the classes for who runs them, the own people for who sends them."""
    seen, nominated = [Enrolment.objects.visible_to(user, needs=right) for right in SEEN_BY]
    return seen | nominated


def _class(request, class_pk: int, right: Permission | None = None) -> TrainingClass:
    """404 for a class the user does not see; 403 without the right to do more."""
    rows = _classes(request.user).select_related("organization")
    found = rows.filter(pk=class_pk).first()
    if found is None:
        raise Http404
    if right and not rows.visible_to(request.user, needs=right).filter(pk=class_pk).exists():
        raise PermissionDenied
    return found


@require_safe
@needs(*SEEN_BY)
def index(request):
    """Classes by year, newest first, with how many of those the user may see attend and passed."""
    user = request.user
    mine = Q(enrolments__in=_enrolments(user).exclude(candidate__status__in=OUTSIDE))
    rows = _classes(user).annotate(
        people=Count("enrolments", filter=mine, distinct=True),
        certified=Count("enrolments", filter=mine & ~Q(enrolments__certificate_number=""), distinct=True),
    )
    page = paginate(request, rows.select_related("organization").order_by("-year", "kind", "-number", "pk"))
    context = {"page_obj": page, "rows": page.object_list, "may_open": holds(user, Permission.CLASS_EDIT)}
    return render(request, "candidates/classes.html", context)


@require_http_methods(READ_AND_SEND)
@needs(Permission.CLASS_EDIT)
def create(request):
    form = ClassForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = training.open_class(values=form.cleaned_data, by=request.user)
        except ValidationError as found:
            for name, sentences in found.message_dict.items():
                form.add_error(name if name in form.fields else None, sentences)
        else:
            messages.success(request, f"Đã mở lớp {made} lúc {_clock()}.")
            return redirect(made)
    return render(request, "candidates/class_create.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
@needs(*SEEN_BY)
def detail(request, class_pk: int):
    """One class and those of its participants the user may see; of a person only what a class needs."""
    training_class, user = _class(request, class_pk), request.user
    rows = _enrolments(user).filter(training_class=training_class).for_class_list()
    people = [_participant(row, training_class) for row in rows]
    known = _may_open(user, people)
    context = {
        "training_class": training_class,
        "people": [row | {"is_open": row["candidate_id"] in known} for row in people],
        "certified": sum(bool(row["certificate_number"]) for row in people),
        "may_enrol": holds(user, Permission.CLASS_NOMINATE) and training_class.kind in training.STAGES_OF,
        "may_record": bool(people) and may_in(user, Permission.CLASS_EDIT, training_class.organization),
        "sees_all": may_in(user, Permission.CLASS_VIEW, training_class.organization),
    }
    return render(request, "candidates/class_detail.html", context)


def _participant(row: dict, training_class: TrainingClass) -> dict:
    birth, above = row["candidate__birth"], row["unit__grassroots__short_name"]
    kind, shape = STATE_SHAPES.get(row["state"], ("soon", "soon"))
    return row | {
        "name": row["candidate__full_name"] or row["participant_name"],
        "birth": birth,
        "sex": Sex(row["candidate__sex"]).label if row["candidate__sex"] else "",
        "home_town": row["candidate__home_town"] or "",
        "unit": above or row["unit__short_name"],
        "branch": row["unit__short_name"] if above and above != row["unit__short_name"] else "",
        "state_word": Enrolment.State(row["state"]).words(has_begun=training_class.has_begun),
        "state_kind": kind,
        "state_shape": shape,
        "result_word": Enrolment.Result(row["result"]).label if row["result"] else "",
    }


def _may_open(user, people: list[dict]) -> set[int]:
    """Whose records the user may open. One query, none for who has no such right."""
    if not holds(user, Permission.CANDIDATE_VIEW):
        return set()
    ids = [row["candidate_id"] for row in people if row["candidate_id"] and row["candidate__status"] not in OUTSIDE]
    rows = Candidate.objects.visible_to(user, needs=Permission.CANDIDATE_VIEW).filter(pk__in=ids)
    return set(rows.values_list("pk", flat=True))


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def enrol(request, class_pk: int):
    """Choose own people; all are put in, or none with every reason."""
    training_class = _class(request, class_pk, Permission.CLASS_NOMINATE)
    if training_class.kind not in training.STAGES_OF:
        raise Http404
    form = EnrolForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = training.enrol(
                training_class=training_class, candidates=list(form.cleaned_data["people"]), by=request.user
            )
        except ValidationError as found:
            form.add_error(None, found.messages)
        else:
            messages.success(request, f"Đã ghi danh {len(made)} người vào lớp lúc {_clock()}.")
            return redirect(training_class)
    context = {"training_class": training_class, "form": form} | _eligible(request, training_class, form)
    return render(request, "candidates/enrol.html", context, status=422 if form.is_bound else 200)


def _eligible(request, training_class: TrainingClass, form: EnrolForm) -> dict:
    """People of the right stages who are not in the class yet; those ticked stay in the list."""
    search = SearchForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    stages = training.STAGES_OF[training_class.kind]
    rows = Candidate.objects.visible_to(request.user, needs=Permission.CLASS_NOMINATE)
    rows = rows.visible_to(request.user, needs=Permission.CANDIDATE_VIEW).in_stage(*stages)
    rows = rows.with_status(Status.OPEN, Status.RETURNED).exclude(enrolments__training_class=training_class)
    rows = rows.filter(unit__path__startswith=training_class.organization.path)
    found = rows.search(words) if words else rows
    people = list(found.for_list().by_name()[: SHOWN + 1])
    ticked = form.ticked
    return {
        "search": search,
        "is_cut": len(people) > SHOWN,
        "shown": SHOWN,
        "people": [_choice(candidate, str(candidate.pk) in ticked) for candidate in people[:SHOWN]],
    }


def _choice(candidate: Candidate, is_ticked: bool) -> dict:
    unit = candidate.unit
    grassroots = unit.grassroots or unit
    branch = unit.short_name if unit != grassroots else ("chưa phân chi bộ" if candidate.has_no_branch else "")
    return {
        "candidate": candidate,
        "unit": grassroots.short_name,
        "branch": branch,
        "badge": next_steps.stage_badge(candidate.stage),
        "is_ticked": is_ticked,
    }


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def results(request, class_pk: int):
    """The whole table in one POST: saved together, or every error at its row."""
    training_class = _class(request, class_pk, Permission.CLASS_EDIT)
    people = _people(request, training_class)
    form = ResultsForm(request.POST if request.method == "POST" else None, participants=people)
    context = {"training_class": training_class, "form": form}
    if request.method != "POST":
        return _results_page(request, context, 200)
    if not form.is_valid():
        return _results_page(request, context, 422)
    if stale := _stale(people, form):
        return _results_page(request, context | _versions(people, form, stale), 409)
    if not form.changed:
        form.add_error(None, "Chưa có dòng nào thay đổi.")
        return _results_page(request, context, 422)
    try:
        count = training.record_results(
            training_class=training_class, rows=form.changed, by=request.user, reason=form.cleaned_data["reason"]
        )
    except training.RowProblems as found:
        form.put_errors(found.rows)
        return _results_page(request, context, 422)
    except Conflict:
        now = _people(request, training_class)
        return _results_page(request, context | _versions(now, form, _stale(now, form)), 409)
    messages.success(request, f"Đã lưu kết quả của {count} người, {training_class}, lúc {_clock()}.")
    return redirect(training_class)


def _people(request, training_class: TrainingClass) -> list[dict]:
    rows = Enrolment.objects.visible_to(request.user, needs=Permission.CLASS_EDIT)
    return [_participant(row, training_class) for row in rows.filter(training_class=training_class).for_class_list()]


def _stale(people: list[dict], form: ResultsForm) -> list[int]:
    """Rows somebody else changed since the page was shown."""
    typed = form.cleaned_data
    return [row["pk"] for row in people if typed.get(f"{row['pk']}-version") not in (None, row["version"])]


def _versions(people: list[dict], form: ResultsForm, stale: list[int]) -> dict:
    """What stands now beside what was typed, for each stale row; the form then carries the current versions."""
    found = []
    for row in people:
        if row["pk"] not in stale:
            continue
        for name, label in (
            ("state", "trạng thái"),
            ("result", "kết quả"),
            ("certificate_number", "số giấy chứng nhận"),
            ("issued_on", "ngày cấp"),
        ):
            now, typed = row[name], form.cleaned_data.get(f"{row['pk']}-{name}")
            if now != typed:
                words = [_words(name, value) for value in (now, typed)]
                found.append({"label": f"{row['name']}, {label}", "now": words[0], "typed": words[1]})
    form.now_at({row["pk"]: row["version"] for row in people if row["pk"] in stale})
    return {"versions": found, "conflicted": True}


def _words(name: str, value) -> str:
    if not value:
        return ""
    if name == "state":
        return Enrolment.State(value).label
    if name == "result":
        return Enrolment.Result(value).label
    return show_day(value) if name == "issued_on" else str(value)


def _results_page(request, context: dict, status: int):
    return render(request, "candidates/results.html", context, status=status)


def _clock() -> str:
    return f"{timezone.localtime():%H:%M}"
