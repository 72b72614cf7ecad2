"""Nhập bù: admissions of 2020–2021 typed from old decisions, one after the other, beside the opening balance."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from candidates.actions import backfill as actions
from candidates.actions.duplicates import NEUTRAL, Duplicate
from candidates.actions.events import Refused
from candidates.choices import WaitingFor
from candidates.forms.backfill import BackfillForm
from candidates.gates import BACKFILL_FROM, BACKFILL_TO
from candidates.models import Candidate
from candidates.views.records import READ_AND_SEND, duplicates_page, sentences_of
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import needs
from reports.figures import current_plan
from reports.figures.counted import Remainder, openings
from reports.figures.scope import Reach
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day

# What the address keeps for the next line of the same decision.
KEPT = {"unit": "don-vi", "decision": "so-quyet-dinh", "decided_on": "ngay-ky"}
HEADING = "Nhập bù"


@require_http_methods(READ_AND_SEND)
@sensitive_post_parameters()
@needs(Permission.STEP_BOARD)
def backfill(request):
    """Costs three queries beyond signing in and scope: the units, the plan, the opening balances."""
    if request.method != "POST":
        kept = {name: request.GET[key][:200] for name, key in KEPT.items() if request.GET.get(key)}
        return _page(request, BackfillForm(user=request.user, kept=kept))
    form = BackfillForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, form, 422)
    if "back" in request.POST:
        return _page(request, form)
    try:
        candidate = actions.backfill(
            values=form.values,
            unit=form.unit,
            by=request.user,
            form_key=form.cleaned_data["form_key"],
            not_a_duplicate=form.cleaned_data["not_a_duplicate"],
            **form.papers,
        )
    except Duplicate as found:
        return duplicates_page(request, form, found, heading=HEADING)
    except (ValidationError, Refused) as found:
        form.put_errors(sentences_of(found))
        return _page(request, form, 422)
    return _saved(request, form, candidate)


def _saved(request, form: BackfillForm, candidate: Candidate):
    """To the next line of the same decision, or to the record."""
    if candidate.waiting_for == WaitingFor.BOARD:
        messages.warning(request, f"{NEUTRAL}.")
        return redirect(candidate)
    messages.success(request, f"Đã nhập bù {candidate.full_name} lúc {timezone.localtime():%H:%M}.")
    if "record" in request.POST:
        return redirect(candidate)
    given = form.cleaned_data
    kept = {"unit": given["unit"], "decision": given["decision"], "decided_on": show_day(given["decided_on"])}
    return redirect(f"{reverse('candidates:backfill')}?{urlencode({KEPT[name]: kept[name] for name in kept})}")


def _page(request, form: BackfillForm, status: int = 200):
    unit, rows = form.chosen, _balances(request.user)
    own = (unit.grassroots_id or unit.pk) if unit else None
    units = {one.pk: one for one in form.units.values() if one.is_grassroots}
    context = {
        "form": form,
        "unit": units.get(own),
        "balances": [_words(row) for row in rows if row.organization_id == own],
        "unnamed": [_unnamed(row, unit) for unit in units.values() for row in rows if _is_unnamed(row, unit)],
        "rest": sum(row.rest for row in rows),
        "first": BACKFILL_FROM,
        "last": BACKFILL_TO,
    }
    return render(request, "candidates/backfill.html", context, status=status)


def _balances(user) -> list[Remainder]:
    """The opening balances of those years in scope."""
    found = openings(Reach(user), current_plan(), clock.today(), with_all_named=True)
    rows = [row for balance in found.values() for row in balance.rows]
    return [row for row in rows if row.from_on <= BACKFILL_TO and row.to_on >= BACKFILL_FROM]


def _words(row: Remainder) -> dict:
    """One opening balance: how many of it have names by now, and whether more have than were reported."""
    return {
        "period": f"{show_day(row.from_on)} đến {show_day(row.to_on)}",
        "words": f"Số dư {row.count}, trong đó {row.named} đã có tên",
        "rest": row.rest,
        "beyond": f"đã có tên {row.named}, văn bản báo {row.count}. Hãy đối chiếu." if row.is_named_beyond else "",
        "document": row.document,
    }


def _is_unnamed(row: Remainder, unit: Organization) -> bool:
    return row.organization_id == unit.pk and row.rest > 0


def _unnamed(row: Remainder, unit: Organization) -> dict:
    url = f"{reverse('candidates:backfill')}?{urlencode({KEPT['unit']: unit.slug})}"
    return _words(row) | {"unit": unit.short_name, "url": url, "months": f"{row.from_on.month}–{row.to_on:%-m/%Y}"}
