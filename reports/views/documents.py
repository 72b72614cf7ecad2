"""Documents in Word about one person."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from candidates.models import Candidate
from organizations.permissions import Permission
from organizations.scope import get_in_scope, may_in
from reports.decided import decision_of
from reports.documents import decision
from vuthu_recruit.web import word_response


@require_safe
def decision_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The admission decision of one person, for the Board to print. 404 while there is none."""
    rows = Candidate.objects.visible_to(request.user, needs=Permission.CANDIDATE_VIEW).listed().select_related("unit")
    candidate = get_in_scope(rows, request.user, view=Permission.CANDIDATE_VIEW, needs=Permission.STEP_BOARD, pk=pk)
    if not may_in(request.user, Permission.EXPORT, candidate.unit):
        raise PermissionDenied
    found = decision_of(candidate)
    if found is None:
        raise Http404
    return word_response(decision(found), f"{found.paper.number.replace('Số', 'Quyết định', 1)[:60]}.docx")
