"""People who were members before: that they were, and a struck-off person entered a second time."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from candidates.actions import readmission
from candidates.actions.duplicates import NEUTRAL, Duplicate
from candidates.actions.events import Refused
from candidates.choices import WaitingFor
from candidates.forms.former import FormerForm, ReadmitForm
from candidates.models import Candidate
from organizations.models import Change
from organizations.permissions import Permission
from organizations.scope import get_in_scope, may_in
from organizations.versions import Conflict
from vuthu_recruit.dates import show_day
from vuthu_recruit.web import sent

READ_AND_SEND = ["GET", "HEAD", "POST"]


def _person(request, pk: int) -> Candidate:
    """404 outside the scope and for drafts; 403 for who may look but not edit."""
    rows = Candidate.objects.visible_to(request.user, needs=Permission.CANDIDATE_VIEW).listed()
    rows = rows.select_related("unit__grassroots", "former", "again")
    return get_in_scope(rows, request.user, view=Permission.CANDIDATE_VIEW, needs=Permission.CANDIDATE_EDIT, pk=pk)


@require_http_methods(READ_AND_SEND)
@sensitive_post_parameters()
def readmit(request, pk: int):
    """Enter a struck-off person once more; the old record stays as it is."""
    previous = _person(request, pk)
    form = ReadmitForm(sent(request), candidate=previous, user=request.user)
    context = {"candidate": previous, "form": form, "refusals": []}
    # Sent twice, the form finds the record that it made: only a fresh page is told that there is one.
    if request.method != "POST":
        return _readmit_page(request, context, readmission.against(previous), 200)
    if not form.is_valid():
        return _readmit_page(request, context, readmission.against(previous), 422)
    try:
        person = readmission.readmit(candidate=previous, by=request.user, **form.values)
    except Duplicate as found:
        form.add_error(None, f"Số định danh này đã có trong hồ sơ của {found.matches[0].full_name}.")
        return _readmit_page(request, context, [], 422)
    except Refused as found:
        return _readmit_page(request, context, found.refusals, 422)
    except ValidationError as found:
        _put(form, found)
        return _readmit_page(request, context, [], 422)
    if person.waiting_for == WaitingFor.BOARD:
        messages.warning(request, f"{NEUTRAL}.")
    else:
        text = f"Đã lập hồ sơ kết nạp lại của {person.full_name} lúc {_clock()}. Hãy xem lại và bổ sung thông tin."
        messages.success(request, text)
    return redirect(person)


def _readmit_page(request, context: dict, refusals, status: int):
    context |= {
        "refusals": [one.told for one in refusals],
        "is_closed": bool(readmission.against(context["candidate"])),
    }
    return render(request, "candidates/readmit.html", context, status=status)


@require_http_methods(READ_AND_SEND)
@sensitive_post_parameters()
def former(request, pk: int):
    """Record, correct or take back that the person was a member before."""
    candidate = _person(request, pk)
    row = getattr(candidate, "former", None)
    form = FormerForm(sent(request), candidate=candidate, row=row)
    context = {"candidate": candidate, "form": form, "row": row}
    if request.method != "POST":
        return _former_page(request, context, 200)
    if not form.is_valid():
        return _former_page(request, context, 422)
    try:
        readmission.record_former(
            candidate=candidate, values=form.values, version=form.cleaned_data["version"], by=request.user
        )
    except Conflict:
        return _conflict(request, pk, context)
    except Refused as found:
        for refusal in found.refusals:
            form.add_error(None, refusal.message)
        return _former_page(request, context, 422)
    except ValidationError as found:
        _put(form, found)
        return _former_page(request, context, 422)
    messages.success(request, f"Đã lưu mục Từng là đảng viên của {candidate.full_name} lúc {_clock()}.")
    return redirect(candidate)


def _former_page(request, context: dict, status: int):
    """Whoever might appraise the dossier is told first what saving costs them."""
    context["may_appraise"] = may_in(request.user, Permission.STEP_BOARD, context["candidate"].unit)
    return render(request, "candidates/former.html", context, status=status)


def _conflict(request, pk: int, context: dict):
    """409: what stands now beside what was typed; the form then carries the current version."""
    now, form = _person(request, pk), context["form"]
    row = getattr(now, "former", None)
    form.now_at(now.version)
    rows = Change.objects.visible_to(request.user, needs=Permission.CANDIDATE_VIEW)
    rows = rows.filter(subject_type=Candidate._meta.label, subject_id=str(now.pk))
    versions = [
        {"label": form.fields[name].label, "now": _shown(form, row and getattr(row, name), name), "typed": typed}
        for name in FormerForm.NAMES
        if (typed := _shown(form, form.cleaned_data.get(name), name)) != _shown(form, row and getattr(row, name), name)
    ]
    context |= {"candidate": now, "row": row, "versions": versions}
    context["changed"] = rows.select_related("by").order_by("-pk").first()
    return _former_page(request, context, 409)


def _shown(form: FormerForm, value, name: str) -> str:
    """A value of the form in words."""
    if value is True:
        return "Có"
    if not value:
        return ""
    if choices := getattr(form.fields[name], "choices", None):
        return str(dict(choices).get(value, value))
    return show_day(value) if hasattr(value, "isoformat") else str(value)


def _put(form, found: ValidationError) -> None:
    for name, sentences in found.message_dict.items():
        form.add_error(name if name in form.fields else None, sentences)


def _clock() -> str:
    return f"{timezone.localtime():%H:%M}"
