"""The Board's worklist: entries that match a person outside the scope of whoever made them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from candidates import review, work_exports
from candidates.actions.events import Refused
from candidates.actions.reviewing import is_introduction, known_person, resolve_case
from candidates.forms.review import ResolveForm
from candidates.forms.worklists import ReviewForm
from candidates.models import ReviewCase
from candidates.pipeline import Refusal, Status
from candidates.views.people import NUMBER_ELSEWHERE, without_number
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import get_in_scope, needs
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.web import paginate

READ_AND_SEND = ["GET", "HEAD", "POST"]
RELATED = ("candidate__unit__grassroots", "candidate__created_by", "other__unit__grassroots", "asked_by", "decided_by")


def _listed(request) -> tuple[ReviewForm, object]:
    """The filter and the cases it leaves, of both tabs. Two queries."""
    rows = ReviewCase.objects.visible_to(request.user, needs=Permission.CONFIRM)
    units = Organization.objects.visible_to(request.user, needs=Permission.CONFIRM)
    units = units.filter(pk__in=rows.values("candidate__unit__grassroots")).in_order()
    form = ReviewForm(request.GET, units=list(units))
    return form, form.narrowed(rows) if form.is_valid() else rows.none()


@require_safe
@needs(Permission.CONFIRM)
def index(request):
    """Open cases, oldest first; or those decided, newest first."""
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    form, rows = _listed(request)
    is_wrong = not form.is_valid()
    page = paginate(request, rows if is_wrong else form.in_tab(rows).select_related(*RELATED))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [_row(case) for case in page],
        "is_done": not is_wrong and form.is_done,
        "tabs": [] if is_wrong else _tabs(request.GET, form, rows.open().count()),
        "busy": review.accounts_over_limit(request.user, clock.today()),
    }
    return render(request, "candidates/review.html", context, status=422 if is_wrong else 200)


def _tabs(query, form: ReviewForm, count: int) -> list[dict]:
    kept = {name: query[name] for name in ("q", "don_vi") if query.get(name)}
    tabs = [
        {
            "url": f"?{urlencode(kept | ({'muc': tab} if tab else {}))}",
            "label": label,
            "current": tab == form.chosen("muc"),
        }
        for tab, label in form.TABS.items()
    ]
    tabs[0]["count"] = count
    return tabs


@require_http_methods(METHODS)
@needs(Permission.CONFIRM)
def export(request):
    """The rows and filter of the page, all pages."""
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    form, found = _listed(request)
    if not form.is_valid():
        return back_to(request, "candidates:review")
    rows = [_row(case) for case in form.in_tab(found).select_related(*RELATED)]
    leaving = Leaving.listed(work_exports.REVIEW, len(rows), form.words, rights=(Permission.CONFIRM,))
    told = {"filter_words": form.words, "by": request.user}
    return take_out(request, leaving, lambda: work_exports.review_workbook(rows, **told))


def _row(case: ReviewCase) -> dict:
    draft, other = case.candidate, case.other
    days = (clock.today() - case.asked_on).days
    return {
        "case": case,
        "unit": (draft.unit.grassroots or draft.unit).short_name,
        "other_unit": (other.unit.grassroots or other.unit).short_name,
        "kind": review.kind_words(draft, other) if not case.outcome else "",
        "age": f"{days} ngày" if days > 0 else "Hôm nay",
    }


@require_http_methods(READ_AND_SEND)
@sensitive_post_parameters()
@needs(Permission.CONFIRM)
def review_case(request, case_pk: int):
    """Both records side by side, and the answer."""
    rows = ReviewCase.objects.visible_to(request.user, needs=Permission.CONFIRM).select_related(*RELATED)
    case = get_in_scope(rows, request.user, view=Permission.CONFIRM, pk=case_pk)
    if case.outcome or request.method != "POST":
        form = None if case.outcome else _form(case)
        if request.method != "POST":
            return _page(request, case, form, 200)
        return _page(request, case, None, 409)
    form = _form(case, request.POST)
    if not form.is_valid():
        return _page(request, case, form, 422)
    try:
        resolve_case(case=case, by=request.user, **form.values)
    except Conflict as conflict:
        return _conflict(request, case_pk, form, conflict)
    except ValidationError as found:
        for name, sentences in found.message_dict.items():
            form.add_error(name if name in form.fields else None, sentences)
        return _page(request, case, form, 422)
    except Refused as found:
        form.refuse(found.refusals)
        return _page(request, case, form, 422, found.refusals)
    label = ReviewCase.Outcome(form.values["outcome"]).label.lower()
    messages.success(request, f"Đã đối chiếu {case.candidate.full_name}: {label}, lúc {timezone.localtime():%H:%M}.")
    return redirect("candidates:review")


def _form(case: ReviewCase, data=None) -> ResolveForm:
    return ResolveForm(data, case=case, is_edit=case.candidate.status != Status.WAITING)


def _conflict(request, case_pk: int, form: ResolveForm, conflict: Conflict):
    """409: somebody decided it, or one of the records changed; the page shows both as they stand now."""
    rows = ReviewCase.objects.visible_to(request.user, needs=Permission.CONFIRM).select_related(*RELATED)
    case = get_in_scope(rows, request.user, view=Permission.CONFIRM, pk=case_pk)
    form.now_at(case.version)
    return _page(request, case, None if case.outcome else form, 409)


def _page(request, case: ReviewCase, form, status: int, refusals: list[Refusal] = ()):
    draft, other = case.candidate, known_person(case)
    context = {
        "case": case,
        "form": form,
        "draft": draft,
        "other": other,
        "kind": review.kind_words(draft, other) if not case.outcome else "",
        "is_edit": draft.status != Status.WAITING,
        "is_introduction": draft.status == Status.WAITING and is_introduction(draft),
        "rows": review.compared(draft, other),
        "further": review.further_matches(case, other, request.user) if not case.outcome else [],
        "conflicted": status == 409,
        "refusals": [one.told for one in refusals],
    }
    return render(request, "candidates/review_case.html", context, status=status)
