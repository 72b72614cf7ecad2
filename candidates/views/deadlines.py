"""Thời hạn: everyone whose next step is the user's and whose clock is over or ends within 30 days."""

from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from candidates import due
from candidates.actions.events import rule_book
from candidates.export import deadlines_workbook
from candidates.forms.deadlines import DeadlineForm
from candidates.next_steps import HINTS
from candidates.views.people import without_number
from organizations.permissions import Permission
from organizations.scope import looks_across_units, needs, units_where
from vuthu_recruit import clock
from vuthu_recruit.web import paginate, workbook_response

NUMBER_REFUSED = "Số định danh không tìm ở đây, vì địa chỉ trang được lưu lại. Hãy dùng ô tìm ở đầu trang."


def _rows(user, rules: dict):
    return due.due(due.standing_of(user), clock.today(), **rules)


@require_safe
@needs(*due.RIGHTS)
def index(request):
    """Costs two queries for the rules, one each for the counts, the order and the page."""
    if refused := without_number(request, NUMBER_REFUSED):
        return refused
    rules, today, form = rule_book(), clock.today(), DeadlineForm(request.GET)
    if not form.is_valid():
        return render(request, "candidates/deadlines.html", {"form": form, "is_wrong": True}, status=422)
    rows = form.narrowed(_rows(request.user, rules))
    totals, chosen = due.tally(rows), form.cleaned_data["muc"]
    shown = rows.filter(bucket=chosen) if chosen else rows
    page = paginate(request, due.in_order(shown, today, **rules))
    across = looks_across_units(request.user)
    context = {
        "form": form,
        "page_obj": page,
        "rows": [_row(one, across) for one in due.read(rows, list(page), today, **rules)],
        "tabs": _tabs(request.GET, totals, chosen),
        "chips": form.chips,
        "query": request.GET.urlencode(),
    }
    return render(request, "candidates/deadlines.html", context)


def _row(one: due.Due, across: bool) -> dict:
    person, unit, step = one.event.candidate, one.event.unit, due.turn(one.event)
    return {
        "person": person,
        "birth_year": str(person.birth.year) if person.birth else "",
        "place": unit.place_words if across else unit.short_name,
        "what": HINTS[step],
        "clock": one.deadline.clock.label,
        "deadline": one.deadline,
        "url": reverse("candidates:step", args=[person.pk, step]),
        "is_returned": one.event.to_status == "returned",
    }


def _tabs(query, totals: dict, chosen: str) -> list[dict]:
    kept = {name: query[name] for name in ("q", "loai") if query.get(name)}
    every = {"url": f"?{urlencode(kept)}", "label": "Tất cả", "count": sum(totals.values()), "current": not chosen}
    return [every] + [
        {
            "url": f"?{urlencode(kept | {'muc': bucket.value})}",
            "label": bucket.label,
            "count": count,
            "current": chosen == bucket,
        }
        for bucket, count in totals.items()
    ]


@require_safe
@needs(*due.RIGHTS)
def export(request):
    """The rows, filter and order of the page, all pages."""
    if refused := without_number(request, NUMBER_REFUSED):
        return refused
    rules, today, form = rule_book(), clock.today(), DeadlineForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('candidates:deadlines')}?{request.GET.urlencode()}")
    rows = form.narrowed(_rows(request.user, rules)).filter(unit__in=units_where(request.user, Permission.EXPORT))
    if chosen := form.cleaned_data["muc"]:
        rows = rows.filter(bucket=chosen)
    found = due.read(rows, due.in_order(rows, today, **rules), today, **rules)
    content = deadlines_workbook(found, filter_words=form.words, by=request.user)
    return workbook_response(content, f"Thời hạn {today:%d-%m-%Y}.xlsx")
