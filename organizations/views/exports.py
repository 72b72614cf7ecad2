"""The log of what left as a file, for the Board."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from organizations import export_list
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.forms.exports import ExportFilterForm
from organizations.models import Export
from organizations.permissions import Permission
from organizations.scope import needs
from vuthu_recruit.web import paginate

ROWS = 50


def _listed(request) -> tuple[ExportFilterForm, object]:
    filters = ExportFilterForm(request.GET, user=request.user)
    rows = filters.rows(Export.objects.visible_to(request.user, needs=Permission.CHANGES_VIEW))
    return filters, rows.select_related("by", "unit__grassroots")


@require_safe
@needs(Permission.CHANGES_VIEW)
def exports(request):
    """Newest first: one line a file, of the accounts that stand in the reader's districts."""
    filters, rows = _listed(request)
    page = paginate(request, rows, per_page=ROWS)
    context = {"filters": filters, "chips": filters.chips, "page_obj": page, "rows": page.object_list}
    return render(request, "organizations/exports.html", context)


@require_http_methods(METHODS)
@needs(Permission.CHANGES_VIEW)
def export_log(request):
    """The rows and filter of the page, all pages; not the line this file itself adds to the log."""
    filters, rows = _listed(request)
    if not filters.is_valid():
        return back_to(request, "organizations:exports")
    rows = rows.filter(pk__lte=rows.values_list("pk", flat=True).first() or 0)
    leaving = Leaving.listed(
        export_list.TITLE, rows.count(), filters.words, of_people=False, rights=(Permission.CHANGES_VIEW,)
    )
    told = {"filter_words": filters.words, "count": leaving.count, "by": request.user}
    return take_out(request, leaving, lambda: export_list.exports_workbook(rows, **told))
