"""The change log of the Board."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations import history
from organizations.forms.changes import ChangeFilterForm
from organizations.models import Change
from organizations.permissions import Permission
from organizations.scope import needs
from vuthu_recruit.web import paginate

ROWS = 50


@require_safe
@needs(Permission.CHANGES_VIEW)
def changes(request):
    """Rows newest first, those of one request together. A long request may go on overleaf."""
    filters = ChangeFilterForm(request.GET, user=request.user)
    rows = filters.rows(Change.objects.visible_to(request.user, needs=Permission.CHANGES_VIEW))
    page = paginate(request, rows.select_related("by", "unit__grassroots").order_by("-pk"), per_page=ROWS)
    context = {
        "filters": filters,
        "chips": filters.chips,
        "page_obj": page,
        "entries": history.entries(list(page)),
    }
    return render(request, "organizations/changes.html", context)
