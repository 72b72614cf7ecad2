"""Pages of the plan: ranges of units, one unit's revisions, the plan itself, opening balances."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.models import Organization
from organizations.models.organization import GRASSROOTS
from organizations.permissions import Permission
from organizations.scope import get_in_scope, holds, may_in, needs
from organizations.versions import Conflict
from targets import actions, opening_list, range_list
from targets.forms import BalanceEditForm, BalanceFilterForm, NewBalanceForm, PlanForm, RangeFilterForm, RevisionForm
from targets.models import AdmissionPlan, OpeningBalance
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.web import sent


def _plan_or_404() -> AdmissionPlan:
    plan = AdmissionPlan.in_use()
    if plan is None:
        raise Http404
    return plan


def _at() -> str:
    return f"lúc {timezone.localtime():%H:%M}"


# Ranges


@require_safe
@needs(Permission.FIGURES_VIEW)
def index(request):
    plan = AdmissionPlan.in_use()
    if plan is None:
        return render(request, "targets/index.html", {"plan": None})
    filters = RangeFilterForm(request.GET, plan=plan)
    groups, context = _ranges(request.user, plan, filters)
    if not groups and filters.is_valid():
        context["above"] = _above(request.user, plan, filters.cleaned_data)
    context |= {
        "plan": plan,
        "filters": filters,
        "chips": filters.chips,
        "groups": groups,
        "rules": plan.rules.order_by("kind"),
        "may_edit_plan": may_in(request.user, Permission.TARGET_EDIT, plan.organization),
        "may_edit": holds(request.user, Permission.TARGET_EDIT),
    }
    return render(request, "targets/index.html", context)


def _ranges(user, plan: AdmissionPlan, filters: RangeFilterForm) -> tuple[list, dict]:
    """Groups of rows, and what is said about them. Nothing while a filter is wrong."""
    if not filters.is_valid():
        return [], {"year": "", "total": None, "sentence": ""}
    given = filters.cleaned_data
    every = range_list.rows_for(user, plan=plan, year=given["year"], as_of=given["as_of"])
    groups = range_list.in_groups(range_list.narrowed(every, given))
    total = range_list.total_of([row for group in groups for row in group.rows])
    whose = "Chỉ tiêu năm của đơn vị" if total.units == 1 else f"Tổng chỉ tiêu năm của {total.units} đơn vị"
    sentence = (
        f"{whose} ({total.minimum}–{total.maximum} người) và mục tiêu cả nhiệm kỳ "
        f"của toàn đảng bộ (từ {plan.minimum} người trở lên) là hai thước đo riêng, không quy về một tỷ lệ."
    )
    return groups, {"year": str(given["year"]), "as_of": given["as_of"], "total": total, "sentence": sentence}


def _above(user, plan: AdmissionPlan, given: dict) -> str:
    """For who sees branches only: the range of their unit, in words."""
    rows = range_list.rows_above(user, plan=plan, year=given["year"], as_of=given["as_of"])
    return " ".join(f"Chỉ tiêu năm {given['year']} của {row.unit.short_name}: {row.words.lower()}." for row in rows)


@require_http_methods(METHODS)
@needs(Permission.FIGURES_VIEW)
def export(request):
    plan = _plan_or_404()
    filters = RangeFilterForm(request.GET, plan=plan)
    if not filters.is_valid():
        return index(request)
    groups, said = _ranges(request.user, plan, filters)
    given = filters.cleaned_data
    told = {"plan": plan, "year": given["year"], "as_of": given["as_of"], "by": request.user}
    told |= {"filter_words": filters.words, "sentence": said["sentence"]}
    leaving = Leaving(
        name=range_list.title_of(given["year"]),
        filename=f"chi-tieu-{given['year']}-{given['as_of']:%Y-%m-%d}.xlsx",
        count=sum(len(group.rows) for group in groups),
        filter_words=f"{filters.words}; tính đến hết ngày {given['as_of']:%d/%m/%Y}",
        of_people=False,
        rights=(Permission.FIGURES_VIEW,),
    )
    return take_out(request, leaving, lambda: range_list.ranges_workbook(groups, **told))


def _unit(request, slug: str, needs: Permission | None = None) -> Organization:
    """A grassroots unit; branches have no range here."""
    return get_in_scope(
        Organization.objects, request.user, view=Permission.FIGURES_VIEW, needs=needs, slug=slug, kind__in=GRASSROOTS
    )


def _unit_context(user, organization: Organization, plan: AdmissionPlan) -> dict:
    targets = organization.targets.visible_to(user, needs=Permission.FIGURES_VIEW).filter(plan=plan)
    rows = list(targets.select_related("recorded_by").order_by("year", "-revision"))
    return {
        "organization": organization,
        "plan": plan,
        "rows": rows,
        "years": _by_year(plan, rows),
        "may_edit": may_in(user, Permission.TARGET_EDIT, organization),
    }


@require_safe
def unit(request, slug):
    """One unit's ranges with every revision."""
    organization, current = _unit(request, slug), _plan_or_404()
    return render(request, "targets/unit.html", _unit_context(request.user, organization, current))


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request, slug):
    """The same page with the form for the next revision."""
    organization, current = _unit(request, slug, Permission.TARGET_EDIT), _plan_or_404()
    context = _unit_context(request.user, organization, current)
    form = RevisionForm(sent(request), plan=current, initial=_first_values(current, context["rows"]))
    context["form"] = form
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.revise(plan=current, organization=organization, by=request.user, **form.values())
        except ValidationError as faults:
            form.add_error(None, faults)
        except Conflict as conflict:
            return _conflict(request, "targets/unit.html", context, conflict.current, version=len(context["rows"]))
        else:
            messages.success(request, f"Đã giao chỉ tiêu năm {row.year} của {organization.name} {_at()}.")
            return redirect("targets:unit", organization.slug)
    return render(request, "targets/unit.html", context, status=422 if form.is_bound else 200)


def _first_values(plan: AdmissionPlan, rows: list) -> dict:
    return {"version": len(rows), "year": plan.usual_year(clock.today()), "kind": "range"}


def _by_year(plan: AdmissionPlan, rows: list) -> list[dict]:
    """Years of the plan, each with its revisions, newest first; the first of them is in force."""
    return [{"year": str(year), "rows": [row for row in rows if row.year == year]} for year in plan.years]


# The plan


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TARGET_EDIT)
def plan(request):
    current = _plan_or_404()
    if not may_in(request.user, Permission.TARGET_EDIT, current.organization):
        raise PermissionDenied
    form = PlanForm(sent(request), initial=PlanForm.initial_of(current))
    context = {"plan": current, "form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        values = {name: given[name] for name in PlanForm.NAMES}
        words = {name: given[name] for name in ("reason", "document", "version")}
        try:
            actions.edit_plan(plan=current, values=values, by=request.user, **words)
        except ValidationError as faults:
            form.add_error(None, faults)
        except Conflict as conflict:
            return _conflict(request, "targets/plan.html", context, conflict.current)
        else:
            messages.success(request, f"Đã lưu {current} {_at()}.")
            return redirect("targets:index")
    return render(request, "targets/plan.html", context, status=422 if form.is_bound else 200)


# Opening balances


def _balances(request, plan: AdmissionPlan) -> tuple[BalanceFilterForm, list[OpeningBalance]]:
    """The filter and the balances it leaves, in administrative order. One query."""
    filters = BalanceFilterForm(request.GET)
    balances = OpeningBalance.objects.visible_to(request.user, needs=Permission.FIGURES_VIEW).filter(plan=plan)
    order = [f"organization__{name}" for name in ("kind", "order", "code", "name")]
    rows = balances.select_related("organization").order_by(*order, "from_on")
    return filters, filters.narrowed(rows) if filters.is_valid() else []


def _opening_context(request, plan: AdmissionPlan) -> dict:
    filters, balances = _balances(request, plan)
    return {
        "plan": plan,
        "filters": filters,
        "balances": balances,
        "may_edit": holds(request.user, Permission.TARGET_EDIT),
    }


@require_safe
@needs(Permission.FIGURES_VIEW)
def opening(request):
    """Sums known without names."""
    context = _opening_context(request, _plan_or_404())
    return render(request, "targets/opening.html", context, status=200 if context["filters"].is_valid() else 422)


@require_http_methods(METHODS)
@needs(Permission.FIGURES_VIEW)
def opening_export(request):
    """The rows and filter of the page."""
    filters, balances = _balances(request, _plan_or_404())
    if not filters.is_valid():
        return back_to(request, "targets:opening")
    leaving = Leaving.listed(
        opening_list.TITLE, len(balances), filters.words, of_people=False, rights=(Permission.FIGURES_VIEW,)
    )
    told = {"filter_words": filters.words, "by": request.user}
    return take_out(request, leaving, lambda: opening_list.opening_workbook(balances, **told))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TARGET_EDIT)
def opening_add(request):
    """The same page with the form for another."""
    current = _plan_or_404()
    form = NewBalanceForm(sent(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        organization = values.pop("organization")
        try:
            actions.add_opening_balance(plan=current, organization=organization, values=values, by=request.user)
        except ValidationError as faults:
            form.add_error(None, faults)
        else:
            messages.success(request, f"Đã ghi số dư đầu kỳ của {organization.name} {_at()}.")
            return redirect("targets:opening")
    context = _opening_context(request, current) | {"form": form}
    return render(request, "targets/opening.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def opening_edit(request, pk):
    balance = get_in_scope(
        OpeningBalance.objects, request.user, view=Permission.FIGURES_VIEW, needs=Permission.TARGET_EDIT, pk=pk
    )
    form = BalanceEditForm(sent(request), initial=BalanceEditForm.initial_of(balance))
    context = {"balance": balance, "form": form}
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in BalanceEditForm.NAMES}
        words = {name: form.cleaned_data[name] for name in ("reason", "version")}
        try:
            actions.edit_opening_balance(balance=balance, values=values, by=request.user, **words)
        except ValidationError as faults:
            form.add_error(None, faults)
        except Conflict as conflict:
            return _conflict(request, "targets/opening_edit.html", context, conflict.current)
        else:
            messages.success(request, f"Đã sửa số dư đầu kỳ của {balance.organization.name} {_at()}.")
            return redirect("targets:opening")
    return render(request, "targets/opening_edit.html", context, status=422 if form.is_bound else 200)


def _conflict(request, template: str, context: dict, current, *, version: int | None = None):
    """The same form with both versions side by side; submitting it again is a conscious choice."""
    form = context["form"]
    versions = [
        {
            "label": field.label,
            "now": _shown(field, getattr(current, name)),
            "typed": _shown(field, form.cleaned_data[name]),
        }
        for name, field in form.fields.items()
        if name != "version" and hasattr(current, name)
    ]
    form.data = form.data.copy()
    form.data["version"] = str(current.version if version is None else version)
    context["versions"] = [row for row in versions if row["now"] != row["typed"]]
    return render(request, template, context, status=409)


def _shown(field, value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, date):
        return show_day(value)
    return str(dict(getattr(field, "choices", ())).get(value, value))
