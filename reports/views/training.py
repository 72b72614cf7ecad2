"""Báo cáo lớp học: classes and conversion by class and by unit, the people behind each number, graduates who wait."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from candidates.attend import certificate_months
from candidates.views.people import NUMBER_ELSEWHERE, without_number
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.permissions import Permission
from organizations.scope import holds, needs
from reports.figures.fates import Span
from reports.figures.scope import Reach
from reports.figures.training import training_table
from reports.figures.training_rows import BY_SLUG, NUMBERS, behind, issued_before, tally_of
from reports.figures.training_rows import graduates as graduates_of
from reports.forms_training import GraduatesForm, Part, TrainingForm, TrainingRowsForm, address
from reports.training_people import line_of
from reports.training_report import CONVERSION, NONE, STUDY, Line, TrainingReport, opens, report_of, value_of
from reports.training_workbooks import people_workbook, training_workbook
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.templatetags.ui import percent1, vn_number
from vuthu_recruit.web import paginate

READERS = (Permission.FIGURES_VIEW, Permission.CLASS_VIEW)
PER_PAGE = 50
WAITING = "Nguồn chưa kết nạp"
FATES = {"sap-het": "expiring", "da-het": "expired"}  # of the tabs that ask how long a certificate holds
ORDERS = {"": ("issued_on",), "ten": ("candidate__sort_key",), "-cap": ("-issued_on", "candidate__sort_key")}


def _reach(user, only: str = "") -> Reach:
    """By the right to figures; who has none but runs classes reads the classes alone ("little data")."""
    return Reach(user, only, Permission.FIGURES_VIEW if _reads_figures(user) else Permission.CLASS_VIEW)


def _reads_figures(user) -> bool:
    return holds(user, Permission.FIGURES_VIEW)


# The report


@require_safe
@needs(*READERS)
def training(request: HttpRequest) -> HttpResponse:
    """Two tables; which classes, which day and whose people stand in the address. Eight queries beside the scope."""
    form = TrainingForm(request.GET, reach=_reach(request.user))
    units = _reach(request.user).grassroots().in_order()
    if not form.is_valid():
        form.offer(units)
        context = {"form": form, "reads_figures": _reads_figures(request.user)}
        return render(request, "reports/training.html", context, status=422)
    report = _report(request, form)
    part = form.part if report.tells_conversion else Part.STUDY
    links = Links(form.span, form.only) if _reads_figures(request.user) else None
    context = {
        "form": form.settled(units),
        "reads_figures": _reads_figures(request.user),
        "report": report,
        "span": form.span,
        "tabs": _tabs(form, part) if report.tells_conversion else [],
        "tally": _tally(report, links),
        "tables": [_table(report, part, links, of_classes=True), _table(report, part, links, of_classes=False)],
        "query": urlencode(address(form.span, form.only)),
        "may_export": _may_export(request.user),
    }
    return render(request, "reports/training.html", context)


def _report(request, form: TrainingForm) -> TrainingReport:
    table = training_table(_reach(request.user, form.only), form.span)
    return report_of(table, only=form.only, tells_conversion=_reads_figures(request.user))


def _may_export(user) -> bool:
    """The people of figures with the right to take them away; who runs classes takes the numbers of classes."""
    return holds(user, Permission.EXPORT if _reads_figures(user) else Permission.CLASS_VIEW)


class Links:
    """Addresses of the lists behind the numbers of one look."""

    def __init__(self, span: Span, only: str):
        self.span, self.only = span, only

    def to(self, key: str, line: Line) -> str:
        query = address(self.span, self.only if line.only is None else line.only)
        query |= {"lop": str(line.training_class)} if line.training_class else {}
        return f"{reverse('reports:training_rows')}?{urlencode(query | {'so': NUMBERS[key].slug})}"


def _tabs(form: TrainingForm, part: str) -> list[dict]:
    return [
        {"url": f"?{urlencode(address(form.span, form.only, value))}", "label": label, "current": part == value}
        for value, label in Part.choices
    ]


def _tally(report: TrainingReport, links: Links | None) -> list[dict]:
    """The sums people ask for first, each with its list; none for readers who may open no list."""
    if links is None:
        return []
    keys = ("sent", "seated", "passed", "certificates", *(("admitted", "waiting") if report.tells_conversion else ()))
    labels = {one.key: one.head for one in (*STUDY, *CONVERSION)}
    return [
        {"url": links.to(key, report.total), "value": value_of(report.total.figures, key), "label": labels[key]}
        for key in keys
    ]


def _table(report: TrainingReport, part: str, links: Links | None, *, of_classes: bool) -> dict:
    """Heads and rows as the template writes them."""
    measures = CONVERSION if part == Part.CONVERSION else STUDY
    measures = [one for one in measures if of_classes or not one.only_of_classes]

    def row(line: Line) -> dict:
        return {"line": line, "cells": [_cell(line, measure, links) for measure in measures]}

    sections = [{"title": "", "rows": [row(line) for line in report.by_class], "total": None}]
    if not of_classes:
        sections = [
            {
                "title": section.title,
                "rows": [row(line) for line in section.lines],
                "total": row(section.total) if section.total else None,
            }
            for section in report.by_unit
        ]
    rows = sum(len(section["rows"]) for section in sections)
    return {
        "title": "Theo lớp" if of_classes else "Theo đơn vị cử",
        "first": "Lớp" if of_classes else "Đơn vị",
        "count": f"{rows} {'lớp' if of_classes else 'đơn vị'}",
        "heads": measures,
        "sections": sections,
        "width": len(measures) + 1,
        "total": row(report.total),
        "is_empty": not rows,
    }


def _cell(line: Line, measure, links: Links | None) -> dict:
    value = value_of(line.figures, measure.key)
    if measure.is_ratio or value is None:
        return {"text": NONE if value is None else percent1(value), "url": ""}
    url = links.to(measure.key, line) if links and value and opens(measure) else ""
    return {"text": vn_number(value), "url": url}


@require_http_methods(METHODS)
@needs(*READERS)
@needs(Permission.EXPORT, Permission.CLASS_VIEW)
def training_xlsx(request: HttpRequest) -> HttpResponse:
    """The same lines as a workbook, with live sums."""
    form = TrainingForm(request.GET, reach=_reach(request.user))
    if not form.is_valid() or not _may_export(request.user):
        return back_to(request, "reports:training")
    report = _report(request, form)
    leaving = Leaving(
        name=report.title,
        filename=f"Số liệu các lớp {form.as_of:%d-%m-%Y}.xlsx",
        count=len(report.by_class),
        filter_words=report.subtitle,
        of_people=False,
        rights=(Permission.EXPORT if _reads_figures(request.user) else Permission.CLASS_VIEW,),
    )
    told = {"is_sample": settings.DEMO, "by": request.user, "at": timezone.now()}
    return take_out(request, leaving, lambda: training_workbook(report, **told))


# The people behind a number


@require_safe
@needs(Permission.FIGURES_VIEW)
def training_rows(request: HttpRequest) -> HttpResponse:
    """Open a number of the report: as many rows as it says."""
    form = TrainingRowsForm(request.GET, reach=Reach(request.user))
    if not form.is_valid():
        return render(request, "reports/training_rows.html", {"form": form}, status=422)
    span, number = form.span, BY_SLUG[form.cleaned_data["so"]]
    months = certificate_months(span.as_of) if span.leads_to_admission else None
    page = paginate(request, _behind(request, form), PER_PAGE)
    context = {
        "form": form,
        "number": number,
        "span": span,
        "page_obj": page,
        "people": [line_of(row, request.user, months) for row in page.object_list],
        "tells_fate": span.leads_to_admission,
        "back": urlencode(address(span, "", Part.CONVERSION if number.is_conversion else "")),
        "query": request.GET.urlencode(),
        "may_export": holds(request.user, Permission.EXPORT),
    }
    return render(request, "reports/training_rows.html", context)


def _behind(request, form: TrainingRowsForm):
    key = BY_SLUG[form.cleaned_data["so"]].key
    return behind(Reach(request.user, form.only), form.span, key, form.cleaned_data["lop"])


@require_http_methods(METHODS)
@needs(Permission.FIGURES_VIEW)
@needs(Permission.EXPORT)
def training_rows_xlsx(request: HttpRequest) -> HttpResponse:
    """The same rows, all pages."""
    form = TrainingRowsForm(request.GET, reach=Reach(request.user))
    if not form.is_valid():
        return back_to(request, "reports:training_rows")
    span, number = form.span, BY_SLUG[form.cleaned_data["so"]]
    months = certificate_months(span.as_of) if span.leads_to_admission else None
    lines = [line_of(row, request.user, months) for row in _behind(request, form)]
    days = f"Lớp khai giảng {span.first:%d/%m/%Y}–{span.last:%d/%m/%Y}; tính đến hết ngày {span.as_of:%d/%m/%Y}."
    told = {"title": number.title, "filter_words": days, "by": request.user}
    leaving = Leaving(number.title, f"{number.title} {span.as_of:%d-%m-%Y}.xlsx", len(lines), days)
    return take_out(request, leaving, lambda: people_workbook(lines, **told))


# Graduates who wait


class Waiting:
    """One look at those who hold a certificate and are not admitted: filter, rows, counts. Four queries."""

    def __init__(self, request):
        self.user, self.today = request.user, clock.today()
        self.months = certificate_months(self.today)
        self.form = GraduatesForm(request.GET, units=list(Reach(request.user).grassroots().in_order()))

    @property
    def everybody(self):
        """By unit and name, in all tabs."""
        rows = graduates_of(Reach(self.user, self.form.only), self.today, self.months)
        for word in vietnamese.search_key(self.form.cleaned_data["q"]).split():
            rows = rows.filter(candidate__search_key__contains=word)
        return rows

    def within(self, rows, tab: str):
        if tab in ("12", "24", "36"):
            return rows.filter(issued_before(self.today, int(tab)))
        return rows.filter(fate=FATES[tab]) if tab else rows

    @property
    def counts(self) -> dict[str, int]:
        """Of every tab, by its word in the address."""
        found = tally_of(self.everybody, self.today)
        return {tab: found[FATES.get(tab, tab or "all")] for tab in GraduatesForm.TABS}

    @property
    def rows(self):
        given = self.form.cleaned_data
        return self.within(self.everybody, given["muc"]).order_by(*ORDERS[given["xep"]], "candidate__sort_key", "pk")

    def lines(self, rows) -> list[dict]:
        return [line_of(row, self.user, self.months) for row in rows]


@require_safe
@needs(Permission.FIGURES_VIEW)
@needs(Permission.CANDIDATE_VIEW)
def graduates(request: HttpRequest) -> HttpResponse:
    """Nguồn chưa kết nạp: those of all years who hold a certificate, by how long and by when it ends."""
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    look = Waiting(request)
    if not look.form.is_valid():
        return render(request, "reports/graduates.html", {"form": look.form, "is_wrong": True}, status=422)
    page = paginate(request, look.rows, PER_PAGE)
    context = {
        "form": look.form,
        "page_obj": page,
        "people": look.lines(page.object_list),
        "tabs": _waiting_tabs(request.GET, look),
        "chips": look.form.chips,
        "months": look.months,
        "query": request.GET.urlencode(),
        "may_export": holds(request.user, Permission.EXPORT),
    }
    return render(request, "reports/graduates.html", context)


def _waiting_tabs(query, look: Waiting) -> list[dict]:
    counts, chosen = look.counts, look.form.cleaned_data["muc"]
    kept = {name: query[name] for name in ("q", "pham_vi", "xep") if query.get(name)}
    return [
        {
            "url": f"?{urlencode(kept | ({'muc': tab} if tab else {}))}",
            "label": label,
            "count": counts[tab],
            "current": chosen == tab,
        }
        for tab, label in GraduatesForm.TABS.items()
    ]


@require_http_methods(METHODS)
@needs(Permission.FIGURES_VIEW)
@needs(Permission.CANDIDATE_VIEW)
@needs(Permission.EXPORT)
def graduates_xlsx(request: HttpRequest) -> HttpResponse:
    """The rows, filter and order of the page, all pages."""
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    look = Waiting(request)
    if not look.form.is_valid():
        return back_to(request, "reports:graduates")
    lines = look.lines(look.rows)
    order = GraduatesForm.SORTS[look.form.cleaned_data["xep"]]
    words = f"Bộ lọc: {look.form.words}. Xếp theo: {order}. Tính đến ngày {look.today:%d/%m/%Y}."
    told = {"title": WAITING, "filter_words": words, "by": request.user}
    leaving = Leaving.listed(WAITING, len(lines), look.form.words)
    return take_out(request, leaving, lambda: people_workbook(lines, **told))
