"""Results of a class: the table of scores and grades, and certificates in one go."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from candidates.actions import certificates as giving
from candidates.actions import results as actions
from candidates.actions.class_people import RowProblems
from candidates.classes import ATTENDED, Mark, State, Tally
from candidates.forms.results import HEADS, OF_A_ROW, CertificatesForm, ResultsForm
from candidates.models import Attendance, Enrolment, Grade, TrainingClass
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
from organizations.scope import needs
from organizations.versions import Conflict
from vuthu_recruit.dates import show_day
from vuthu_recruit.web import paginate, sent

EVERYBODY = "ca-lop"


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def results(request, class_pk: int):
    """The table in one POST, a hundred people a page: saved together, or every error at its row."""
    training_class = get_class(request, class_pk, Permission.CLASS_EDIT)
    page, people = _people(request, training_class)
    grades = list(Grade.objects.all())
    form = ResultsForm(sent(request), participants=people, grades=grades)
    context = head_of(request, training_class) | {"form": form, "page_obj": page}
    context["parts"] = _parts(request, context["whole"])
    if request.method != "POST":
        return _results_page(request, context, 200)
    is_valid = form.is_valid()
    if form.has_lost_rows:
        form.add_error(None, "Có người trong bảng vừa được đưa ra khỏi lớp. Chưa lưu gì; xem lại rồi lưu lần nữa.")
        return _results_page(request, context, 409)
    if not is_valid:
        return _results_page(request, context, 422)
    if stale := _stale(people, form):
        return _results_page(request, context | _versions(people, form, stale), 409)
    if not form.changed:
        form.add_error(None, "Chưa có dòng nào thay đổi.")
        return _results_page(request, context, 422)
    try:
        count = actions.record_results(
            training_class=training_class,
            results=form.changed,
            by=request.user,
            reason=form.cleaned_data["reason"],
            keeps_grades=form.cleaned_data["keeps_grades"],
        )
    except RowProblems as found:
        form.put_errors(found.rows)
        return _results_page(request, context, 422)
    except ValidationError as found:
        put_errors(form, found)
        return _results_page(request, context, 422)
    except Conflict:
        _, now = _people(request, training_class)
        return _results_page(request, context | _versions(now, form, _stale(now, form)), 409)
    messages.success(request, f"Đã lưu kết quả của {count} người, {training_class}, {at_the_moment()}.")
    if page.has_next():
        return redirect(f"{request.path}?page={page.next_page_number()}")
    return redirect(training_class)


def _people(request, training_class: TrainingClass):
    """One page of the part that is asked for, with how often each was there; what was sent, whatever part it is."""
    rows = Enrolment.objects.visible_to(request.user, needs=Permission.CLASS_EDIT)
    rows = rows.filter(training_class=training_class, state__in=ATTENDED).for_class_list()
    page = paginate(request, _part_of(request, rows), PER_PAGE)
    shown = rows_of(request, rows, page)
    present = _present(request, [row["pk"] for row in shown])
    return page, [participant(row, training_class) | {"attended": present.get(row["pk"], "")} for row in shown]


def _part_of(request, rows):
    """One person, everybody, or (unless all is asked for) those without a result as long as there are some."""
    person = request.GET.get("nguoi", "")
    if person.isascii() and person.isdecimal() and len(person) < 10:
        return rows.filter(pk=int(person))
    waiting = rows.filter(state=State.ENROLLED)
    return rows if request.GET.get("muc") == EVERYBODY or not waiting.exists() else waiting


def _present(request, ids: list[int]) -> dict[int, str]:
    """At how many of the lessons that were recorded each was there. One query."""
    marks = Attendance.objects.visible_to(request.user, needs=Permission.CLASS_EDIT).filter(enrolment__in=ids)
    rows = marks.values("enrolment").annotate(taken=Count("pk"), present=Count("pk", filter=Q(mark=Mark.PRESENT)))
    return {row["enrolment"]: f"dự {row['present']}/{row['taken']} buổi" for row in rows.order_by("enrolment")}


def _parts(request, whole: Tally) -> list[dict]:
    """The parts of the table, where there are two."""
    if not whole.enrolled or whole.enrolled == whole.learners:
        return []
    is_all = request.GET.get("muc") == EVERYBODY
    return [
        {"url": "?", "label": "Chưa có kết quả", "count": whole.enrolled, "current": not is_all},
        {"url": f"?muc={EVERYBODY}", "label": "Cả lớp", "count": whole.learners, "current": is_all},
    ]


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
        for name, label in HEADS.items():
            now, typed = row[OF_A_ROW.get(name, name)], form.cleaned_data.get(f"{row['pk']}-{name}")
            if now != typed:
                words = [_words(form, name, value) for value in (now, typed)]
                found.append({"label": f"{row['name']}, {label.lower()}", "now": words[0], "typed": words[1]})
    form.now_at({row["pk"]: row["version"] for row in people if row["pk"] in stale})
    return {"versions": found, "conflicted": True}


def _words(form: ResultsForm, name: str, value) -> str:
    if value in (None, ""):
        return ""
    if name == "state":
        return State(value).label
    if name == "grade":
        return form.grades[value].name if value in form.grades else ""
    if name == "score":
        return f"{value.normalize():f}".replace(".", ",")
    return show_day(value) if name == "issued_on" else str(value)


def _results_page(request, context: dict, status: int):
    return render(request, "candidates/results.html", context, status=status)


# Certificates


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def certificates(request, class_pk: int):
    """Everybody who passed gets a number, in the order of the list; the numbers are shown before they count."""
    row = get_class(request, class_pk, Permission.CLASS_EDIT)
    people = [participant(one, row) for one in giving.to_be_certified(row).for_class_list()]
    initial = {
        "version": row.version,
        "expected": len(people),
        "first_number": giving.next_number(row, row.to_on.year),
        "mark": row.kind.certificate_mark,
        "issued_on": row.to_on,
        "decision": row.certificate_decision,
    }
    form = CertificatesForm(sent(request), initial=initial)
    context = head_of(request, row) | {"form": form, "people": people}
    if request.method != "POST":
        return render(request, "candidates/certificates.html", context)
    if form.is_valid():
        given = form.cleaned_data
        if "preview" in request.POST:
            return _preview(request, context, given)
        try:
            count = giving.issue_certificates(training_class=row, by=request.user, **given)
        except Conflict as conflict:
            form.now_at(conflict.current.version)
            return render(request, "candidates/certificates.html", context | {"is_conflict": True}, status=409)
        except RowProblems as found:
            form.add_error(None, _sentences(people, found))
        except ValidationError as found:
            put_errors(form, found)
        else:
            messages.success(request, f"Đã cấp {count} giấy chứng nhận {at_the_moment()}.")
            return redirect(row)
    return render(request, "candidates/certificates.html", context, status=422)


def _preview(request, context: dict, given: dict):
    """Who would get which number, and who would get none on that day; nothing is written."""
    row, form = context["training_class"], context["form"]
    fit = set(giving.to_be_certified(row, given["issued_on"]).values_list("pk", flat=True))
    people = [one for one in context["people"] if one["pk"] in fit]
    values = {name: given[name] for name in ("first_number", "mark", "issued_on")}
    try:
        numbers = giving.numbered(row, count=len(people), **values)
    except ValidationError as found:
        put_errors(form, found)
        return render(request, "candidates/certificates.html", context, status=422)
    form.now_expecting(len(people))
    shown = [one | {"number": number} for one, number in zip(people, numbers, strict=True)]
    left_out = [one["name"] for one in context["people"] if one["pk"] not in fit]
    context |= {"people": shown, "left_out": left_out, "is_preview": bool(shown)}
    return render(request, "candidates/certificates.html", context)


def _sentences(people: list[dict], found: RowProblems) -> list[str]:
    names = {one["pk"]: one["name"] for one in people}
    return [
        f"{names.get(pk, '')}: {sentence}"
        for pk, fields in found.rows.items()
        for sentences in fields.values()
        for sentence in sentences
    ]
