"""Thời hạn: everyone whose next step is the user's and whose clock is over or ends within 30 days."""

from functools import cached_property
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidates import due, due_levels
from candidates.actions.events import rule_book
from candidates.export import deadlines_workbook
from candidates.forms.deadlines import LEVELS, DeadlineForm
from candidates.next_steps import HINTS
from candidates.views.people import NUMBER_ELSEWHERE, without_number
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.permissions import Permission
from organizations.scope import looks_across_units, needs, units_where
from vuthu_recruit import clock
from vuthu_recruit.web import paginate


class Listing:
    """One look at the deadlines: the rules, the limits of the levels, the filter, and the rows it leaves.

    Costs two queries for the rules, one for the levels and one for the units without an officer.
    """

    def __init__(self, request):
        self.today, self.rules, self.days = clock.today(), rule_book(), due_levels.days_of_levels()
        self.form = DeadlineForm(request.GET, has_levels=bool(self.days))
        self.user = request.user

    @cached_property
    def standing(self):
        return self.form.narrowed(due.standing_of(self.user))

    @cached_property
    def rows(self):
        """Over, or ending within 30 days."""
        return due.due(self.standing, self.today, **self.rules)

    @cached_property
    def late_levels(self):
        """Those whose level is over by the local limits, however far the limit of the regulation is."""
        return due_levels.late(self.standing, self.today, self.days, self.rules["calendar"])

    def ids(self, within=None) -> list[int]:
        """Those asked for, in order; `within` narrows to some units."""
        rows = self.late_levels if self.form.asks_levels else self.rows
        rows = rows.filter(unit__in=within) if within is not None else rows
        if self.form.asks_levels:
            return due_levels.in_order(rows, self.days, self.rules["calendar"])
        chosen = self.form.cleaned_data["muc"]
        return due.in_order(rows.filter(bucket=chosen) if chosen else rows, self.today, **self.rules)

    def read(self, ids: list[int]) -> list[due.Due]:
        if self.form.asks_levels:
            return due_levels.read(self.late_levels, ids, lambda one: due.deadline_of(one, self.today, **self.rules))
        return due.read(self.rows, ids, self.today, **self.rules)

    def level(self, event):
        """The limit of the level that has the person now."""
        return due_levels.level_of(event, self.days, self.rules["calendar"], self.today)

    def level_words(self, event) -> str:
        found = self.level(event)
        return found.words if found else ""


@require_safe
@needs(*due.RIGHTS)
def index(request):
    """Beside what a Listing costs one query each for the counts, the order and the page; one more where levels have
    limits."""
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    listing = Listing(request)
    form = listing.form
    if not form.is_valid():
        return render(request, "candidates/deadlines.html", {"form": form, "is_wrong": True}, status=422)
    page = paginate(request, listing.ids())
    across = looks_across_units(request.user)
    context = {
        "form": form,
        "page_obj": page,
        "rows": [_row(one, listing.level(one.event), across) for one in listing.read(list(page))],
        "tabs": _tabs(request.GET, listing),
        "chips": form.chips,
        "query": request.GET.urlencode(),
    }
    return render(request, "candidates/deadlines.html", context)


def _row(one: due.Due, level, across: bool) -> dict:
    person, unit, step = one.event.candidate, one.event.unit, due.turn(one.event)
    return {
        "person": person,
        "birth_year": str(person.birth.year) if person.birth else "",
        "place": unit.place_words if across else unit.short_name,
        "what": HINTS[step],
        "clock": one.deadline.clock.label if one.deadline else "",
        "deadline": one.deadline,
        "level": level,
        "url": reverse("candidates:step", args=[person.pk, step]),
        "is_returned": one.event.to_status == "returned",
    }


def _tabs(query, listing: Listing) -> list[dict]:
    totals, chosen = due.tally(listing.rows), listing.form.cleaned_data["muc"]
    kept = {name: query[name] for name in ("q", "loai") if query.get(name)}
    named = [("", "Tất cả", sum(totals.values()))]
    named += [(bucket.value, bucket.label, count) for bucket, count in totals.items()]
    if listing.days:
        named.append((LEVELS, "Quá hạn nội bộ", listing.late_levels.count()))
    return [
        {
            "url": f"?{urlencode(kept | ({'muc': value} if value else {}))}",
            "label": label,
            "count": count,
            "current": chosen == value,
        }
        for value, label, count in named
    ]


@require_http_methods(METHODS)
@needs(*due.RIGHTS)
def export(request):
    """The rows, filter and order of the page, all pages."""
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    listing = Listing(request)
    form = listing.form
    if not form.is_valid():
        return back_to(request, "candidates:deadlines")
    found = listing.read(listing.ids(within=units_where(request.user, Permission.EXPORT)))
    leaving = Leaving.listed("Thời hạn", len(found), form.words)
    told = {"level_words": listing.level_words, "filter_words": form.words, "by": request.user}
    return take_out(request, leaving, lambda: deadlines_workbook(found, **told))
