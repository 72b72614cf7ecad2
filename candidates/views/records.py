"""Entering and editing a person, possible duplicates side by side, introducers and helpers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from candidates import citizen_number, review
from candidates.actions import records
from candidates.actions.duplicates import NEUTRAL, Duplicate
from candidates.actions.events import Refused
from candidates.choices import WaitingFor
from candidates.forms.record import CompanionForm, EditForm, EnterForm, shown
from candidates.models import OUTSIDE, Candidate, Helper, Introducer
from candidates.pipeline import Refusal, Status
from organizations.models import Change
from organizations.permissions import Permission
from organizations.scope import get_in_scope, may_in, needs
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.dates import age_in_months_range

READ_AND_SEND = ["GET", "HEAD", "POST"]
COMPANIONS = {"introducer": Introducer, "helper": Helper}
UNLIKELY_MONTHS = 16 * 12  # younger than this is more likely a slip of the pen
SURE_FIRST = "Hãy so sánh hai bên rồi đánh dấu “Đã đối chiếu: đây là người khác”, hoặc mở hồ sơ đã có."


def _person(request, pk: int) -> Candidate:
    """404 outside the scope, and for drafts of those who only read; 403 for who may look but not edit."""
    rows = Candidate.objects.visible_to(request.user, needs=Permission.CANDIDATE_VIEW)
    candidate = rows.select_related("unit__grassroots__parent", "introduced_at").filter(pk=pk).first()
    if candidate is None:
        raise Http404
    if candidate.status in OUTSIDE and not may_in(request.user, Permission.CANDIDATE_EDIT, candidate.unit):
        raise Http404
    get_in_scope(rows, request.user, view=Permission.CANDIDATE_VIEW, needs=Permission.CANDIDATE_EDIT, pk=pk)
    return candidate


@require_http_methods(READ_AND_SEND)
@sensitive_post_parameters()
@needs(Permission.CANDIDATE_EDIT)
def create(request):
    """Enter a person. What was typed goes along to the page of duplicates and back."""
    if request.method != "POST":
        form = EnterForm(user=request.user, chosen=request.GET.get("unit", ""))
        return render(request, "candidates/create.html", {"form": form})
    form = EnterForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "candidates/create.html", {"form": form}, status=422)
    if "back" in request.POST:
        return render(request, "candidates/create.html", {"form": form})
    given = form.cleaned_data
    try:
        candidate = records.enter(
            values=form.values_for(form.unit),
            unit=form.unit,
            entered_on=given["entered_on"],
            by=request.user,
            form_key=given["form_key"],
            not_a_duplicate=given["not_a_duplicate"],
            introducers=form.people("introducer"),
            helpers=form.people("helper"),
        )
    except Duplicate as found:
        return duplicates_page(request, form, found, heading="Thêm quần chúng")
    except (ValidationError, Refused) as found:
        form.put_errors(sentences_of(found, happened_on="entered_on"))
        return render(request, "candidates/create.html", {"form": form}, status=422)
    if candidate.waiting_for == WaitingFor.BOARD:
        messages.warning(request, f"{NEUTRAL}.")
        return redirect(candidate)
    messages.success(request, f"Đã lưu {candidate.full_name} lúc {_clock()}.")
    _doubts(request, given)
    return redirect(candidate)


@require_http_methods(READ_AND_SEND)
@sensitive_post_parameters()
def edit(request, pk: int):
    """Change the record."""
    candidate = _person(request, pk)
    context = {"candidate": candidate}
    if request.method != "POST":
        return _edit_page(request, context | {"form": EditForm(candidate=candidate)}, 200)
    form = EditForm(request.POST, candidate=candidate)
    context["form"] = form
    if not form.is_valid():
        return _edit_page(request, context, 422)
    if "back" in request.POST:
        return _edit_page(request, context, 200)
    given = form.cleaned_data
    values = form.values_for(candidate.unit, candidate)
    try:
        saved = records.edit(
            candidate=candidate,
            values=values,
            version=given["version"],
            by=request.user,
            not_a_duplicate=given["not_a_duplicate"],
        )
    except Conflict:
        return _conflict(request, pk, form, values)
    except Duplicate as found:
        return duplicates_page(request, form, found, heading="Sửa thông tin", candidate=candidate)
    except (ValidationError, Refused) as found:
        form.put_errors(sentences_of(found))
        return _edit_page(request, context, 422)
    if not saved:
        form.add_error(None, f"{NEUTRAL}.")
        return _edit_page(request, context, 422)
    messages.success(request, f"Đã lưu {given['full_name']} lúc {_clock()}.")
    _doubts(request, given)
    return redirect(candidate)


def _edit_page(request, context: dict, status: int):
    """Whoever might appraise the dossier is told first what saving costs them (gates.py, four eyes)."""
    context["may_appraise"] = may_in(request.user, Permission.STEP_BOARD, context["candidate"].unit)
    return render(request, "candidates/edit.html", context, status=status)


def _doubts(request, given: dict) -> None:
    """What the identity number says otherwise: after saving, and never a reason not to save."""
    for sentence in citizen_number.doubts(given["identity_number"], given["sex"], given["birth"]):
        messages.warning(request, sentence)
    _least, most = age_in_months_range(given["birth"], clock.today()) if given["birth"] else (0, UNLIKELY_MONTHS)
    if most < UNLIKELY_MONTHS:
        messages.warning(request, f"Người này mới {most // 12} tuổi. Hãy kiểm tra lại ngày sinh.")


def duplicates_page(request, form, found: Duplicate, *, heading: str, candidate: Candidate | None = None):
    """What was typed beside who is known; the same number is the same person, the same name may be another."""
    unit = candidate.unit if candidate else form.unit
    if not found.certain and "sure" in request.POST:
        form.add_error("not_a_duplicate", SURE_FIRST)
    context = {
        "form": form,
        "heading": heading,
        "certain": found.certain,
        "matches": [_beside(request.user, form, match, unit) for match in found.matches],
        "candidate": candidate,
    }
    return render(request, "candidates/duplicates.html", context, status=422)


def _beside(user, form, match: Candidate, unit) -> dict:
    """One known person and the entry, label by label; a draft of somebody who may only read stays shut."""
    background = may_in(user, Permission.BACKGROUND_VIEW, match.unit)
    typed = {bound.label: shown(bound.field, form.cleaned_data.get(bound.name)) for bound in form}
    typed |= {"Số định danh": typed["Số định danh cá nhân"], "Đơn vị": unit.place_words}
    rows = [row for row in review.record_rows(match, background=background) if row["label"] in SIDE_BY_SIDE]
    may_open = match.status not in OUTSIDE or may_in(user, Permission.CANDIDATE_EDIT, match.unit)
    return {
        "name": match.full_name,
        "url": match.get_absolute_url() if may_open else "",
        "readmit": match.status == Status.STRUCK_OFF and may_in(user, Permission.CANDIDATE_EDIT, match.unit),
        "pk": match.pk,
        "standing": _standing_words(match),
        "rows": [
            row | {"typed": typed.get(row["label"], ""), "differs": row["value"] != typed.get(row["label"], "")}
            for row in rows
        ],
    }


def _standing_words(match: Candidate) -> str:
    if match.status == Status.STRUCK_OFF:
        return "Đã bị xóa tên: dùng “Kết nạp lại”"
    return match.get_status_display() if match.status in OUTSIDE else match.get_stage_display()


SIDE_BY_SIDE = {
    "Họ và tên",
    "Giới tính",
    "Ngày sinh",
    "Đơn vị",
    "Số định danh",
    "Điện thoại",
    "Quê quán",
    "Nơi ở hiện nay",
    "Nghề nghiệp",
    "Công việc, chức vụ",
    "Nơi làm việc",
}


def _conflict(request, pk: int, form: EditForm, values: dict):
    """409: what stands now beside what was typed; the form then carries the current version."""
    now = _person(request, pk)
    current = EditForm(candidate=now)
    versions = []
    for bound in form:
        if bound.is_hidden or bound.name == "not_a_duplicate":
            continue
        stands = shown(bound.field, current.get_initial_for_field(bound.field, bound.name))
        typed = shown(bound.field, form.cleaned_data.get(bound.name))
        if stands != typed:
            versions.append({"label": bound.label, "now": stands, "typed": typed})
    form.now_at(now.version)
    context = {"candidate": now, "form": form, "versions": versions, "changed": _last_change(request.user, now)}
    return _edit_page(request, context, 409)


def _last_change(user, candidate: Candidate) -> Change | None:
    rows = Change.objects.visible_to(user, needs=Permission.CANDIDATE_VIEW)
    rows = rows.filter(subject_type=Candidate._meta.label, subject_id=str(candidate.pk))
    return rows.select_related("by").order_by("-pk").first()


def sentences_of(found: ValidationError | Refused, **renamed: str) -> dict[str, list[str]]:
    """Errors of an action by the names of the form."""
    if isinstance(found, ValidationError):
        errors = found.message_dict if hasattr(found, "error_dict") else {"": found.messages}
        return {renamed.get(name, name): sentences for name, sentences in errors.items()}
    grouped: dict[str, list[str]] = {}
    for refusal in found.refusals:
        grouped.setdefault(renamed.get(refusal.field, refusal.field), []).append(_said(refusal))
    return grouped


def _said(refusal: Refusal) -> str:
    return f"{refusal.message} Cách xử lý: {refusal.who}." if refusal.who else refusal.message


@require_http_methods(READ_AND_SEND)
def companions(request, pk: int):
    """Add an introducer or helper; with ?sua= correct or end one."""
    candidate = _person(request, pk)
    kind, row = _companion(candidate, request.GET.get("sua", ""))
    sent = request.POST if request.method == "POST" else None
    form = CompanionForm(sent, candidate=candidate, row=row, kind=kind or request.GET.get("vai-tro", ""))
    context = {"candidate": candidate, "form": form, "row": row, "kind": kind}
    if sent is None:
        return _companions_page(request, context, 200)
    if not form.is_valid():
        return _companions_page(request, context, 422)
    model = COMPANIONS[kind or form.cleaned_data["kind"]]
    try:
        records.set_companion(
            candidate=candidate,
            model=model,
            row=row,
            values=form.values,
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except Conflict as conflict:
        form.now_at(conflict.current.version)
        context |= {"changed": _last_change(request.user, candidate), "conflicted": True}
        return _companions_page(request, context | {"versions": _companion_versions(row, form)}, 409)
    except (ValidationError, Refused) as found:
        for name, sentences in sentences_of(found).items():
            form.add_error(name if name in form.fields else None, sentences)
        return _companions_page(request, context, 422)
    label = model._meta.verbose_name
    messages.success(request, f"Đã ghi {label} {form.values['full_name']} lúc {_clock()}.")
    return redirect("candidates:companions", candidate.pk)


def _companion(candidate: Candidate, named: str):
    """The introducer or helper that the address names, of this person alone."""
    kind, _, number = named.partition("-")
    if not named:
        return "", None
    rows = {"introducer": candidate.introducers, "helper": candidate.helpers}.get(kind)
    if rows is None or not number.isascii() or not number.isdigit() or len(number) > 18:
        raise Http404
    row = rows.filter(pk=int(number)).first()
    if row is None:
        raise Http404
    return kind, row


def _companion_versions(row, form: CompanionForm) -> list[dict]:
    """The row as it stands beside what was typed; nothing to compare when one is added."""
    if row is None:
        return []
    found = []
    for name, typed in form.values.items():
        words = [shown(form.fields[name], value) for value in (getattr(row, name), typed)]
        if words[0] != words[1]:
            found.append({"label": form.fields[name].label, "now": words[0], "typed": words[1]})
    return found


def _companions_page(request, context: dict, status: int):
    candidate = context["candidate"]
    context |= {
        "lists": [
            {"label": "Người giới thiệu", "key": "introducer", "rows": candidate.introducers.all()},
            {"label": "Người giúp đỡ", "key": "helper", "rows": candidate.helpers.all()},
        ]
    }
    return render(request, "candidates/companions.html", context, status=status)


def _clock() -> str:
    return f"{timezone.localtime():%H:%M}"
