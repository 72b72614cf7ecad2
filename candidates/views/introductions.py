"""Introductions: what a mass organisation made, a new one; the unit's waiting list and its answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from candidates import work_exports
from candidates.actions.duplicates import NEUTRAL, Duplicate
from candidates.actions.events import Refused
from candidates.actions.introductions import accept as accept_person
from candidates.actions.introductions import decline, introduce, may_answer
from candidates.choices import WaitingFor
from candidates.forms.introduction import AnswerForm, IntroduceForm
from candidates.forms.worklists import WaitingForm
from candidates.models import Candidate
from candidates.pipeline import Status
from candidates.views.people import NUMBER_ELSEWHERE, without_number
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.models import Organization
from organizations.permissions import Body, Permission
from organizations.scope import holds, needs
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.web import paginate

READ_AND_SEND = ["GET", "HEAD", "POST"]
ANSWERS = {
    "compared": {"word": "Chờ đối chiếu", "kind": "doing", "icon": "later"},
    "waiting": {"word": "Chờ tiếp nhận", "kind": "doing", "icon": "later"},
    "accepted": {"word": "Đã tiếp nhận", "kind": "done", "icon": "done"},
    "declined": {"word": "Không tiếp nhận", "kind": "idle", "icon": "none"},
}


@require_safe
@needs(Permission.INTRODUCE)
def index(request):
    """The people this body introduced at its units: named columns, no record."""
    page = paginate(request, Candidate.objects.introduced_by(request.user))
    rows = [
        row
        | {
            "state": ANSWERS[row["answer"]],
            "body": Body(row["introduced_by_body"]).label,
            "reason": row["reason"] if row["answer"] == "declined" else "",
        }
        for row in page.object_list
    ]
    return render(request, "candidates/introductions.html", {"page_obj": page, "rows": rows})


@require_http_methods(READ_AND_SEND)
@sensitive_post_parameters()
@needs(Permission.INTRODUCE)
def create(request):
    form = IntroduceForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method != "POST":
        return render(request, "candidates/introduce.html", {"form": form})
    if not form.is_valid():
        return render(request, "candidates/introduce.html", {"form": form}, status=422)
    try:
        candidate = introduce(by=request.user, **form.values)
    except PermissionDenied:
        form.add_error("unit", "Tổ chức của bạn không giới thiệu cho đơn vị này.")
        return render(request, "candidates/introduce.html", {"form": form}, status=422)
    except ValidationError as found:
        form.put_errors(found.message_dict)
        return render(request, "candidates/introduce.html", {"form": form}, status=422)
    if candidate.waiting_for == WaitingFor.BOARD:
        messages.warning(request, f"{NEUTRAL}.")
    else:
        messages.success(request, f"Đã giới thiệu {candidate.full_name} lúc {_clock()}.")
    return redirect("candidates:introductions")


def _waiting(user):
    """Drafts that wait for the unit, where the user may answer: its officer, or the Board."""
    rows = Candidate.objects.visible_to(user, needs=Permission.STEP_COMMITTEE)
    rows = rows | Candidate.objects.visible_to(user, needs=Permission.STEP_BOARD)
    return rows.with_status(Status.WAITING).filter(waiting_for=WaitingFor.UNIT)


def _listed(request) -> tuple[WaitingForm, object]:
    """The filter and the people it leaves, who has waited longest first. Two queries."""
    rows = _waiting(request.user)
    units = Organization.objects.visible_to(request.user, needs=Permission.STEP_COMMITTEE)
    units = units | Organization.objects.visible_to(request.user, needs=Permission.STEP_BOARD)
    units = units.filter(pk__in=rows.values("unit__grassroots")).in_order()
    form = WaitingForm(request.GET, units=list(units))
    found = form.narrowed(rows) if form.is_valid() else rows.none()
    return form, found.for_list().select_related("created_by").order_by("introduced_on", "pk")


@require_safe
@needs(Permission.STEP_COMMITTEE, Permission.STEP_BOARD)
def waiting(request):
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    form, rows = _listed(request)
    page = paginate(request, rows)
    context = {
        "form": form,
        "page_obj": page,
        "rows": [_row(candidate, request.user) for candidate in page],
        "is_board": not holds(request.user, Permission.STEP_COMMITTEE),
    }
    return render(request, "candidates/waiting.html", context, status=200 if form.is_valid() else 422)


@require_http_methods(METHODS)
@needs(Permission.STEP_COMMITTEE, Permission.STEP_BOARD)
@needs(Permission.EXPORT)
def waiting_export(request):
    """The rows and filter of the page, all pages."""
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    form, found = _listed(request)
    if not form.is_valid():
        return back_to(request, "candidates:waiting")
    rows = [_row(candidate, request.user) for candidate in found.visible_to(request.user, needs=Permission.EXPORT)]
    leaving = Leaving.listed(work_exports.WAITING, len(rows), form.words)
    told = {"filter_words": form.words, "by": request.user}
    return take_out(request, leaving, lambda: work_exports.waiting_workbook(rows, **told))


def _row(candidate: Candidate, user) -> dict:
    unit = candidate.unit
    grassroots = unit.grassroots or unit
    since = candidate.introduced_on
    days = (clock.today() - since).days if since else 0
    return {
        "candidate": candidate,
        "unit": grassroots.short_name,
        "branch": "" if unit == grassroots else unit.short_name,
        "days": max(0, days),
        "age": f"{days} ngày" if days > 0 else "Hôm nay",
        "may_answer": may_answer(candidate, user),
    }


@require_http_methods(READ_AND_SEND)
@needs(Permission.STEP_COMMITTEE, Permission.STEP_BOARD)
def accept(request, pk: int):
    """Take an introduced person into the source, or decline."""
    candidate = _waiting(request.user).select_related("unit__grassroots", "introduced_at").filter(pk=pk).first()
    if candidate is None:
        raise Http404
    if not may_answer(candidate, request.user):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm(sent, candidate=candidate)
    context = {"candidate": candidate, "form": form}
    if sent is None:
        return _page(request, context, 200)
    if not form.is_valid():
        return _page(request, context, 422)
    try:
        return _answer(request, candidate, form)
    except Conflict as conflict:
        now = _waiting(request.user).select_related("unit__grassroots", "introduced_at").filter(pk=pk).first()
        form.now_at(conflict.current.version)
        return _page(request, context | {"candidate": now or candidate, "conflicted": True, "is_gone": not now}, 409)
    except (Refused, ValidationError) as found:
        _put(form, found)
        return _page(request, context, 422)


def _answer(request, candidate: Candidate, form: AnswerForm):
    values = {"candidate": candidate, "version": form.cleaned_data["version"], "by": request.user}
    name = candidate.full_name
    if not form.is_accepted:
        decline(reason=form.cleaned_data["reason"], **values)
        messages.success(request, f"Đã ghi không tiếp nhận {name} lúc {_clock()}.")
        return redirect("candidates:waiting")
    try:
        accepted = accept_person(happened_on=form.cleaned_data["happened_on"], **values)
    except Duplicate as found:
        form.add_error(None, f"Số định danh này đã có trong hồ sơ của {found.matches[0].full_name} ở đơn vị.")
        return _page(request, {"candidate": candidate, "form": form}, 422)
    if accepted:
        messages.success(request, f"Đã tiếp nhận {name} vào nguồn lúc {_clock()}.")
    else:
        messages.warning(request, f"{NEUTRAL}.")
    return redirect(candidate)


def _put(form: AnswerForm, found) -> None:
    if isinstance(found, Refused):
        for refusal in found.refusals:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return
    for name, sentences in found.message_dict.items():
        form.add_error(name if name in form.fields else None, sentences)


def _page(request, context: dict, status: int):
    return render(request, "candidates/accept.html", context, status=status)


def _clock() -> str:
    return f"{timezone.localtime():%H:%M}"
