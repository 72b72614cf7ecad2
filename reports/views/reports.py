"""Báo cáo: the list of reports, the Standing Committee's sheet on the page and as a workbook, the letterhead."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from organizations.exports import METHODS, Leaving, take_out
from organizations.models import Kind, Organization
from organizations.models.organization import GRASSROOTS
from organizations.permissions import Permission
from organizations.scope import get_in_scope, holds, may_in, needs
from organizations.versions import Conflict
from reports import actions, standing_people, workbooks
from reports.figures.scope import Reach
from reports.forms import FiguresForm, address
from reports.forms_letterhead import LetterheadForm
from reports.models import Letterhead
from reports.standing_committee import NAME, Line, Report, report_for
from reports.views.dashboard import Links
from vuthu_recruit.web import sent

ISSUERS = (Kind.DISTRICT, *GRASSROOTS)


@require_safe
@needs(Permission.FIGURES_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/index.html", {"name": NAME, "may_export": holds(request.user, Permission.EXPORT)})


@require_safe
@needs(Permission.FIGURES_VIEW)
def standing_committee(request: HttpRequest) -> HttpResponse:
    """The sheet as it will be printed. Days and scope stand in the address."""
    form = FiguresForm(request.GET, user=request.user)
    is_valid = form.is_valid()
    form.offer(Reach(request.user).grassroots().in_order())
    if not is_valid:
        return render(request, "reports/standing_committee.html", {"form": form, "name": NAME}, status=422)
    form.data = address(form.period, form.only)  # the fields show the days that were taken
    report = report_for(request.user, form.period, form.only)
    context = {"form": form, "name": NAME, "report": report, "sections": _sections(report, form)}
    context["total"] = report.total and _cells(report.total, form, form.only)
    if holds(request.user, Permission.EXPORT):
        query = urlencode(address(form.period, form.only))
        context["download"] = f"{reverse('reports:standing_committee_xlsx')}?{query}"
    issuer = report.paper and report.paper.organization
    if issuer and issuer.kind in ISSUERS and may_in(request.user, Permission.TARGET_EDIT, issuer):
        context["letterhead"] = reverse("reports:letterhead", args=[issuer.slug])
    return render(request, "reports/standing_committee.html", context)


def _sections(report: Report, form: FiguresForm) -> list[dict]:
    """The lines with the addresses of the lists behind their numbers."""
    return [
        {
            "section": section,
            "is_named": len(report.sections) > 1 or section.total is not None,
            "lines": [{"line": line, "cells": _cells(line, form, line.slug)} for line in section.lines],
            "total": section.total and _cells(section.total, form, section.roman),
        }
        for section in report.sections
    ]


def _cells(line: Line, form: FiguresForm, only: str) -> list[dict]:
    links = Links(form.period, only, Reach(form.user).reads_background)
    return [{"text": cell.text, "url": cell.figure and links.to(cell.figure)} for cell in line.shown]


@require_http_methods(METHODS)
@needs(Permission.FIGURES_VIEW)
@needs(Permission.EXPORT)
def standing_committee_xlsx(request: HttpRequest) -> HttpResponse:
    """The same lines as a workbook; with the people behind them where the reader may take the list away."""
    form = FiguresForm(request.GET, user=request.user)
    if not form.is_valid():
        return standing_committee(request)
    report = report_for(request.user, form.period, form.only)
    people = None
    if standing_people.may_have(request.user):
        people = list(standing_people.people(request.user, report.table, form.only))
    filename = f"bieu-tien-do-{form.period.as_of:%Y-%m-%d}.xlsx"
    count = len(people) if people is not None else sum(len(section.lines) for section in report.sections)
    leaving = Leaving(NAME, filename, count, report.subtitle, of_people=people is not None)
    return take_out(request, leaving, lambda: workbooks.standing_committee(report, people))


@require_http_methods(["GET", "HEAD", "POST"])
def letterhead(request: HttpRequest, slug: str) -> HttpResponse:
    """How the reports of an organization begin and end."""
    organization = get_in_scope(
        Organization.objects,
        request.user,
        view=Permission.FIGURES_VIEW,
        needs=Permission.TARGET_EDIT,
        slug=slug,
        kind__in=ISSUERS,
    )
    form = LetterheadForm(sent(request), initial=LetterheadForm.initial_of(Letterhead.of(organization)))
    context = {"organization": organization, "form": form}
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        try:
            actions.edit_letterhead(organization=organization, values=values, version=version, by=request.user)
        except Conflict as conflict:
            return _conflict(request, context, conflict.current)
        messages.success(request, f"Đã lưu thể thức văn bản của {organization.name} lúc {timezone.localtime():%H:%M}.")
        return redirect("reports:standing_committee")
    return render(request, "reports/letterhead.html", context, status=422 if form.is_bound else 200)


def _conflict(request, context: dict, current: Letterhead) -> HttpResponse:
    """Both versions side by side; submitting again is a conscious choice."""
    form = context["form"]
    versions = [
        {"label": form.fields[name].label, "now": getattr(current, name), "typed": form.cleaned_data[name]}
        for name in actions.FIELDS
    ]
    form.data = form.data.copy()
    form.data["version"] = str(current.version)
    context["versions"] = [row for row in versions if row["now"] != row["typed"]]
    return render(request, "reports/letterhead.html", context, status=409)
