"""The list of imports: what can be sent, and what was."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from organizations import import_list
from organizations.actions import imports as actions
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.forms.imports import HistoryForm, in_state, state_look
from organizations.imports.registry import IMPORTERS, importers_for
from organizations.models import ImportBatch, Organization
from organizations.permissions import Permission
from organizations.scope import holds, needs
from vuthu_recruit.web import paginate


@require_safe
@needs(Permission.IMPORT)
def index(request):
    """What can be sent, and what was. Costs a query for each tab, one for the page, one for the units."""
    form, rows = _history(request)
    context = {
        "form": form,
        "importers": importers_for(request.user),
        "records_results": holds(request.user, Permission.CLASS_EDIT),
        "is_wrong": not form.is_valid(),
    }
    if not context["is_wrong"]:
        rows = form.narrowed(rows)
        page = paginate(request, in_state(rows, form.cleaned_data["muc"]).for_list(), 25)
        context |= {
            "page_obj": page,
            "rows": [_history_row(batch) for batch in page],
            "tabs": _history_tabs(request, form, rows),
            "chips": form.chips,
        }
    return render(request, "organizations/imports.html", context, status=422 if context["is_wrong"] else 200)


def _history(request) -> tuple[HistoryForm, object]:
    """The filter, and all imports of this user's scope and kinds."""
    importers = importers_for(request.user)
    rows = ImportBatch.objects.visible_to(request.user, needs=Permission.IMPORT)
    rows = rows.filter(importer__in=[one.key for one in importers])
    units = Organization.objects.visible_to(request.user, needs=Permission.IMPORT)
    units = units.filter(pk__in=rows.values("organization")).in_order()
    return HistoryForm(request.GET, units=list(units), importers=importers), rows


@require_http_methods(METHODS)
@needs(Permission.IMPORT)
def export(request):
    """The imports of the page with its filter, all pages."""
    form, rows = _history(request)
    if not form.is_valid():
        return back_to(request, "organizations:imports")
    batches = in_state(form.narrowed(rows), form.cleaned_data["muc"]).for_list()
    leaving = Leaving.listed(
        import_list.TITLE, batches.count(), form.words, of_people=False, rights=(Permission.IMPORT,)
    )
    told = {"filter_words": form.words, "count": leaving.count, "by": request.user}
    return take_out(request, leaving, lambda: import_list.imports_workbook(map(_history_row, batches), **told))


def _history_row(batch: ImportBatch) -> dict:
    return {
        "batch": batch,
        "importer": IMPORTERS[batch.importer].label,
        "state": batch.state.label,
        "look": state_look(batch.state),
        "told": actions.told(batch),
    }


def _history_tabs(request, form: HistoryForm, rows) -> list[dict]:
    kept = {name: request.GET[name] for name in ("q", "loai", "don_vi") if request.GET.get(name)}
    return [
        {
            "url": f"?{urlencode(kept | ({'muc': state} if state else {}))}",
            "label": label,
            "count": in_state(rows, state).count(),
            "current": state == form.cleaned_data["muc"],
        }
        for state, label in form.TABS.items()
    ]
