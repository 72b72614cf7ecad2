"""The rows behind a figure: people (traces of the moved among them), units or branches; as many as the figure says."""

from functools import partial
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidates.models import StageEvent
from candidates.next_steps import stage_badge, status_badge
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.permissions import Permission
from organizations.scope import holds, may_in, needs
from reports import figure_rows
from reports.figures import current_plan, progress_table
from reports.figures.attention import branches_without_admission
from reports.figures.behind import BY_SLUG, Figure, openings_behind, people_behind
from reports.figures.scope import Reach
from reports.forms import FiguresForm, Part, address
from reports.views.dashboard import UNIT_LISTS, unit_row
from reports.views.dashboard import Links as LinksOf
from vuthu_recruit.dates import show_day
from vuthu_recruit.web import paginate

UNIT_TITLES = {"slow": "Đơn vị còn chậm so với mốc", "not_entered": "Đơn vị chưa nhập số liệu"}
NO_ADMISSION = "Chi bộ 3 năm chưa kết nạp đảng viên"
PER_PAGE = 50


@require_safe
@needs(Permission.FIGURES_VIEW)
def rows(request: HttpRequest, figure: str) -> HttpResponse:
    """Open a figure. The days and the scope stand in the address, as on the dashboard."""
    found = _figure(request, figure)
    form = FiguresForm(request.GET, user=request.user)
    if not form.is_valid():
        form.offer(Reach(request.user).grassroots().in_order())
        context = {"form": form, "title": found.title if found else "Danh sách đơn vị"}
        return render(request, "reports/rows.html", context, status=422)
    context = {
        "form": form.settled(Reach(request.user).grassroots().in_order()),
        "as_of": form.period.as_of,
        "since": form.period.since,
        "query": urlencode(address(form.period, form.only)),
        "part": form.part,
        "may_export": holds(request.user, Permission.EXPORT),
        "name": figure,
    }
    if found:
        return render(request, "reports/rows.html", context | _people(request, found, form))
    if figure == UNIT_LISTS["no_admission"]:
        return render(request, "reports/rows.html", context | _branches(request, form))
    return render(request, "reports/rows.html", context | _units(request, figure, form))


def _figure(request, figure: str) -> Figure | None:
    """None: a list of units or branches."""
    found = BY_SLUG.get(figure)
    if found is None and figure not in UNIT_LISTS.values():
        raise Http404
    if found and found.tells_background and not Reach(request.user).reads_background:
        raise PermissionDenied
    return found


@require_http_methods(METHODS)
@needs(Permission.FIGURES_VIEW)
@needs(Permission.EXPORT)
def rows_xlsx(request: HttpRequest, figure: str) -> HttpResponse:
    """The same rows, all pages."""
    found, form = _figure(request, figure), FiguresForm(request.GET, user=request.user)
    if not form.is_valid():
        return back_to(request, "reports:rows", figure)
    period = form.period
    said = {"filter_words": f"từ {show_day(period.since)} đến {show_day(period.as_of)}", "by": request.user}
    if form.only:
        said["filter_words"] += f"; phạm vi {form.only}"
    if found:
        events, openings = _behind(request, found, form)
        people = [person_line(event, request.user) for event in events]
        title, count = found.title, len(people) + sum(line["people"] for line in openings)
        build = partial(figure_rows.people_workbook, people, openings)
    elif figure == UNIT_LISTS["no_admission"]:
        branches = list(_branches_behind(request, form))
        title, count, build = NO_ADMISSION, len(branches), partial(figure_rows.branches_workbook, branches)
    else:
        listed = _units(request, figure, form)
        title, count = listed["title"], listed["total"]
        build = partial(figure_rows.units_workbook, listed["units"])
    leaving = Leaving(
        name=title,
        filename=f"{title} {period.as_of:%d-%m-%Y}.xlsx",
        count=count,
        filter_words=said["filter_words"],
        of_people=found is not None,
    )
    return take_out(request, leaving, lambda: build(title=title, **said))


def _behind(request, figure: Figure, form) -> tuple:
    """The events with names, and the unnamed rest of opening balances: of the part that was asked for."""
    plan = current_plan()
    events = people_behind(request.user, figure.key, form.period, plan, form.only)
    openings = openings_behind(request.user, figure.key, form.period, plan, form.only)
    if form.part == Part.OPENING:
        events = events.none()
    elif form.part == Part.NAMED:
        openings = []
    units = {}
    if openings:
        units = Reach(request.user).grassroots().in_bulk([row.organization_id for row, _people in openings])
    return events, [{"row": row, "people": people, "unit": units[row.organization_id]} for row, people in openings]


def _people(request, figure: Figure, form) -> dict:
    """Those with names, the unnamed rest of opening balances, or both: as the number that was clicked."""
    plan = current_plan()
    events, openings = _behind(request, figure, form)
    page = paginate(request, events, PER_PAGE)
    opening = sum(line["people"] for line in openings)
    return {
        "kind": "people",
        "figure": figure,
        "title": figure.title,
        "plan": plan,
        "page_obj": page,
        "people": [person_line(event, request.user) for event in page],
        "openings": openings,
        "opening": opening,
        "total": page.paginator.count + opening,
        "window": form.period.window(figure.window, plan) if figure.window else None,
    }


def person_line(event: StageEvent, user) -> dict:
    """One person of a list. Of somebody who moved out of sight only name, birth year, sex and this event."""
    person = event.candidate
    is_trace = not may_in(user, Permission.CANDIDATE_VIEW, person.unit)
    line = {
        "event": event,
        "url": reverse("candidates:detail", args=[person.pk]),
        "name": person.full_name,
        "birth_year": str(person.birth.year) if person.birth else "",
        "sex": person.get_sex_display(),
        "is_trace": is_trace,
        "document": event.facts.get("document", ""),
    }
    if is_trace:
        return line
    return line | {"stage": stage_badge(person.stage), "status": status_badge(person.status)}


def _units(request, slug: str, form) -> dict:
    key = next(key for key, value in UNIT_LISTS.items() if value == slug)
    table = progress_table(request.user, form.period, only=form.only)
    links = LinksOf(form.period, form.only)
    wanted = [row for row in table.rows if (row.is_slow if key == "slow" else not row.is_entered and not row.is_closed)]
    return {
        "kind": "units",
        "title": UNIT_TITLES[key],
        "plan": table.plan,
        "units": [unit_row(row, links) for row in wanted],
        "total": len(wanted),
    }


def _branches_behind(request, form):
    found = branches_without_admission(request.user, form.period.as_of, only=form.only)
    return found.select_related("grassroots").order_by("grassroots__kind", "grassroots__order", "order", "pk")


def _branches(request, form) -> dict:
    page = paginate(request, _branches_behind(request, form), PER_PAGE)
    return {
        "kind": "branches",
        "title": NO_ADMISSION,
        "page_obj": page,
        "branches": page.object_list,
        "total": page.paginator.count,
    }
