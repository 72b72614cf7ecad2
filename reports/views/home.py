"""Việc hôm nay: what waits for whoever signs in; and the page of help."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.permissions import Permission
from organizations.scope import holds, looks_across_units, scope_of
from reports.figures import Period, progress_table
from reports.today import sections
from reports.views.dashboard import Links, unit_row, year_card
from vuthu_recruit import clock


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page: lists of what this user can do, then where their units stand."""
    found = sections(request.user)
    context = {
        "today": clock.today(),
        "places": places(request.user),
        "has_assignment": bool(scope_of(request.user).assignments),
        "sections": found,
        "tally": [
            {"url": f"#{section.key}", "value": section.total, "label": section.title, "icon": section.icon}
            for section in found
        ],
        "may_add": holds(request.user, Permission.CANDIDATE_EDIT),
    }
    if shows_figures(request.user):
        context |= figures(request.user)
    return render(request, "reports/home.html", context)


def shows_figures(user) -> bool:
    """Where their units stand: for readers and for those of one unit. Whoever works on all of them sees the work."""
    if not holds(user, Permission.FIGURES_VIEW):
        return False
    return not holds(user, Permission.STEP_BOARD) or not looks_across_units(user)


def places(user) -> str:
    """Where the user's assignments stand, in words."""
    names = dict.fromkeys(assignment.organization.name for assignment in scope_of(user).assignments)
    return ", ".join(names)


def figures(user) -> dict:
    """The year of the user's units, and how many are slow."""
    period = Period.month_of(clock.today())
    table = progress_table(user, period)
    links = Links(period, reads_background=table.tells_religion)
    context = {"year": year_card(table, links), "as_of": period.as_of, "plan": table.plan}
    context["slow"] = sum(row.is_slow for row in table.rows)
    context["slow_url"] = links.to("slow")
    if len(table.rows) == 1:
        context["unit"] = unit_row(table.rows[0], links)
    return context


@require_safe
@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    """Whom to ask, and what the words mean."""
    return render(request, "help.html")
