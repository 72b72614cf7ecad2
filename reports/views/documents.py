"""Documents about one person and about a session: on the page for printing, in Word, the list as a workbook too."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from candidates.models import Appraisal, Candidate, CommitteeSession
from organizations.exports import METHODS, Leaving, take_out
from organizations.permissions import Permission
from organizations.scope import get_in_scope, may_in
from reports.decided import decision_of
from reports.documents import ReturnNote, decision, meeting_list, meeting_workbook, note_to_unit
from reports.meeting import list_of
from reports.returned import note_of

SESSION_LIST = "Danh sách trình kỳ họp"


@require_http_methods(METHODS)
def decision_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The admission decision of one person, for the Board to print. 404 while there is none."""
    rows = Candidate.objects.visible_to(request.user, needs=Permission.CANDIDATE_VIEW).listed().select_related("unit")
    candidate = get_in_scope(rows, request.user, view=Permission.CANDIDATE_VIEW, needs=Permission.STEP_BOARD, pk=pk)
    if not may_in(request.user, Permission.EXPORT, candidate.unit):
        raise PermissionDenied
    found = decision_of(candidate)
    if found is None:
        raise Http404
    number = found.paper.number.replace("Số", "Quyết định", 1)[:60]
    leaving = Leaving("Quyết định kết nạp đảng viên", f"{number}.docx", 1, number, back=candidate.get_absolute_url())
    return take_out(request, leaving, lambda: decision(found))


@require_safe
def return_note(request: HttpRequest, pk: int) -> HttpResponse:
    """The note on a returned dossier, as it will be printed: for the Board that returned it and for the unit."""
    appraisal, note = _returned(request, pk)
    may_export = may_in(request.user, Permission.EXPORT, appraisal.candidate.unit)
    context = {"note": note, "appraisal": appraisal, "candidate": appraisal.candidate, "may_export": may_export}
    return render(request, "reports/return_note.html", context)


@require_http_methods(METHODS)
def return_note_word(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, note = _returned(request, pk)
    if not may_in(request.user, Permission.EXPORT, appraisal.candidate.unit):
        raise PermissionDenied
    title = f"Thông báo thẩm định lần {appraisal.round}"
    leaving = Leaving(title, f"{title}.docx", 1, f"hồ sơ số {appraisal.candidate_id}")
    return take_out(request, leaving, lambda: note_to_unit(note))


def _returned(request: HttpRequest, pk: int) -> tuple[Appraisal, ReturnNote]:
    """404 outside the scope and for a round that returned nothing; 403 for who does not work on dossiers."""
    rows = Appraisal.objects.visible_to(request.user, needs=Permission.CANDIDATE_VIEW)
    rows = rows.select_related("candidate__unit__grassroots")
    appraisal = get_in_scope(
        rows, request.user, view=Permission.CANDIDATE_VIEW, needs=Permission.BACKGROUND_VIEW, pk=pk
    )
    note = note_of(appraisal)
    if note is None:
        raise Http404
    return appraisal, note


@require_safe
def session_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list laid before a session, as it will be printed."""
    session = _session(request, pk)
    context = {"session": session, "meeting": list_of(session, request.user)}
    context["may_export"] = may_in(request.user, Permission.EXPORT, session.organization)
    return render(request, "reports/session_list.html", context)


@require_http_methods(METHODS)
def session_list_word(request: HttpRequest, pk: int) -> HttpResponse:
    session = _session(request, pk, needs=Permission.EXPORT)
    meeting = list_of(session, request.user)
    leaving = Leaving(SESSION_LIST, f"{_name(session)}.docx", len(meeting.people), meeting.subject)
    return take_out(request, leaving, lambda: meeting_list(meeting))


@require_http_methods(METHODS)
def session_list_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    session = _session(request, pk, needs=Permission.EXPORT)
    meeting = list_of(session, request.user)
    leaving = Leaving(SESSION_LIST, f"{_name(session)}.xlsx", len(meeting.people), meeting.subject)
    return take_out(request, leaving, lambda: meeting_workbook(meeting))


def _name(session: CommitteeSession) -> str:
    return f"Danh sách kỳ họp {session.held_on:%d-%m-%Y}"


def _session(request: HttpRequest, pk: int, *, needs: Permission | None = None) -> CommitteeSession:
    rows = CommitteeSession.objects.visible_to(request.user, needs=Permission.SESSION_VIEW)
    rows = rows.select_related("organization")
    return get_in_scope(rows, request.user, view=Permission.SESSION_VIEW, needs=needs, pk=pk)
