"""The change log of the Board."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from organizations import change_list, history
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.forms.changes import ChangeFilterForm
from organizations.models import Change
from organizations.permissions import Permission
from organizations.scope import needs
from vuthu_recruit.web import paginate

ROWS = 50


def _listed(request) -> tuple[ChangeFilterForm, object]:
    filters = ChangeFilterForm(request.GET, user=request.user)
    rows = filters.rows(Change.objects.visible_to(request.user, needs=Permission.CHANGES_VIEW))
    return filters, rows.select_related("by", "unit__grassroots").order_by("-pk")


@require_safe
@needs(Permission.CHANGES_VIEW)
def changes(request):
    """Rows newest first, those of one request together. A long request may go on overleaf."""
    filters, rows = _listed(request)
    page = paginate(request, rows, per_page=ROWS)
    context = {
        "filters": filters,
        "chips": filters.chips,
        "page_obj": page,
        "entries": history.entries(list(page)),
    }
    return render(request, "organizations/changes.html", context)


@require_http_methods(METHODS)
@needs(Permission.CHANGES_VIEW)
def export(request):
    """The rows and filter of the page, all pages. They tell what stands in records: they count as people do."""
    filters, rows = _listed(request)
    if not filters.is_valid():
        return back_to(request, "organizations:changes")
    leaving = Leaving.listed(change_list.TITLE, rows.count(), filters.words, rights=(Permission.CHANGES_VIEW,))
    told = {"filter_words": filters.words, "count": leaving.count, "by": request.user}
    return take_out(request, leaving, lambda: change_list.changes_workbook(rows, **told))
