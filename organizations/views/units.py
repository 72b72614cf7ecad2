"""Pages of units: the list, one unit or branch, and what its officers and the Board write there."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from organizations import unit_list
from organizations.actions import units as actions
from organizations.exports import METHODS, Leaving, take_out
from organizations.forms.units import BranchesForm, FigureForm, RenameForm, UnitFilterForm, UnitForm, shown
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import get_in_scope, holds, may_in, needs
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.dates import DateError, parse_day
from vuthu_recruit.web import sent

# Cards that other apps put on a unit's page: (template, function of user, organization and day). Registered in ready().
cards: list[tuple[str, Callable]] = []


def _at() -> str:
    return f"lúc {timezone.localtime():%H:%M}"


@require_safe
@needs(Permission.FIGURES_VIEW)
def index(request):
    form = UnitFilterForm(request.GET)
    units = unit_list.units_for(request.user, form.cleaned_data) if form.is_valid() else []
    context = {
        "filters": form,
        "chips": form.chips,
        "groups": unit_list.in_groups(units),
        "count": len(units),
        "is_filtered": bool(form.chips or request.GET.get("q")),
        "may_create": holds(request.user, Permission.UNIT_EDIT),
    }
    return render(request, "organizations/index.html", context)


@require_http_methods(METHODS)
@needs(Permission.FIGURES_VIEW)
def export(request):
    form = UnitFilterForm(request.GET)
    if not form.is_valid():
        return index(request)
    units = unit_list.units_for(request.user, form.cleaned_data)
    filename, rights = f"don-vi-{clock.today():%Y-%m-%d}.xlsx", (Permission.FIGURES_VIEW,)
    leaving = Leaving(unit_list.TITLE, filename, len(units), form.words, of_people=False, rights=rights)
    told = {"filter_words": form.words, "by": request.user}
    return take_out(request, leaving, lambda: unit_list.units_workbook(units, **told))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.UNIT_EDIT)
def create(request):
    form = UnitForm(sent(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            unit = actions.open_unit(parent=values.pop("parent"), values=values, by=request.user)
        except ValidationError as faults:
            form.add_error(None, faults)
        else:
            messages.success(request, f"Đã mở {unit.name} {_at()}.")
            return redirect(unit)
    return _form_page(request, "organizations/create.html", form, {})


def _organization(request, slug: str, needs: Permission | None = None) -> Organization:
    return get_in_scope(Organization.objects, request.user, view=Permission.FIGURES_VIEW, needs=needs, slug=slug)


@require_safe
def detail(request, slug):
    organization = _organization(request, slug)
    today = clock.today()
    children = organization.children.visible_to(request.user, needs=Permission.FIGURES_VIEW)
    targets = organization.targets.visible_to(request.user, needs=Permission.FIGURES_VIEW)
    context = {
        "organization": organization,
        "parent": _visible_parent(request.user, organization),
        "facts": _facts(organization),
        "cards": _cards(request.user, organization, today),
        "former_names": organization.former_names.order_by("-until"),
        "figures": organization.figures.order_by("-on"),
        "branches": children.branches().order_by("order", "name") if organization.is_grassroots else [],
        "successions": _successions(request.user, organization),
        "targets": targets.in_force_on(today).order_by("year") if organization.is_grassroots else [],
        "may_add_branches": organization.is_grassroots
        and organization.form == "committee"
        and may_in(request.user, Permission.BRANCH_EDIT, organization),
        "may_rename": may_in(request.user, actions.right_over(organization), organization),
        "may_record": actions.may_record_figures(request.user, organization),
        "may_see_changes": may_in(request.user, Permission.CHANGES_VIEW, organization),
        "may_see_people": may_in(request.user, Permission.CANDIDATE_VIEW, organization),
        "today": today,
    }
    return render(request, "organizations/detail.html", context)


def _cards(user, organization: Organization, today) -> list[dict]:
    """The figures of a grassroots unit, from the app that counts them."""
    if not organization.is_grassroots:
        return []
    made = [(template, make(user, organization, today)) for template, make in cards]
    return [{"template": template, "values": values} for template, values in made if values is not None]


def _visible_parent(user, organization: Organization) -> Organization | None:
    parent = organization.parent
    return parent if parent and may_in(user, Permission.FIGURES_VIEW, parent) else None


def _successions(user, organization: Organization) -> list[dict]:
    """What it came from and what became of it; linked where the reader may go."""
    came = organization.inheritances.select_related("predecessor").order_by("effective_on", "pk")
    went = organization.successions.select_related("successor").order_by("effective_on", "pk")
    ways = [("Kế thừa", row.predecessor, row) for row in came] + [("Nhập vào", row.successor, row) for row in went]
    return [
        {
            "words": words,
            "name": other.name,
            "url": other.get_absolute_url() if may_in(user, Permission.FIGURES_VIEW, other) else "",
            "on": row.effective_on,
            "document": row.document,
        }
        for words, other, row in ways
    ]


def _facts(organization: Organization) -> list[dict]:
    def day(value):
        return f"{value:%d/%m/%Y}" if value else ""

    rows = [
        ("Tên gọn", organization.short_name),
        ("Loại", organization.get_kind_display()),
        ("Hình thức", organization.get_form_display()),
        ("Lĩnh vực", organization.get_sector_display()),
        ("Mã", organization.code or "Không có mã"),
        ("Trực thuộc", organization.parent.short_name if organization.parent else "Không"),
        ("Hoạt động từ", day(organization.opened_on)),
    ]
    if organization.closed_on:
        rows.append(("Kết thúc từ", day(organization.closed_on)))
    if organization.delegated_admission:
        rows.append(("Ủy quyền", "Được ủy quyền quyết định kết nạp"))
    if organization.is_sample:
        rows.append(("Dữ liệu", "Đơn vị mẫu"))
    return [{"label": label, "value": value} for label, value in rows]


@require_http_methods(["GET", "HEAD", "POST"])
def add_branches(request, slug):
    """A unit without branches says so here too; the action refuses it."""
    unit = _organization(request, slug, Permission.BRANCH_EDIT)
    form = BranchesForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_branches(unit=unit, by=request.user, **form.cleaned_data)
        except ValidationError as faults:
            form.add_error("names", faults)
        else:
            messages.success(request, f"Đã thêm {len(made)} chi bộ vào {unit.name} {_at()}.")
            return redirect(unit)
    rows = unit.children.visible_to(request.user, needs=Permission.BRANCH_EDIT)
    branches = rows.branches().open_on(clock.today()).order_by("order", "name")
    return _form_page(request, "organizations/add_branches.html", form, {"organization": unit, "branches": branches})


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request, slug):
    organization = _organization(request, slug)
    if not may_in(request.user, actions.right_over(organization), organization):
        raise PermissionDenied
    names = {name: getattr(organization, name) for name in ("name", "short_name", "version")}
    form = RenameForm(sent(request), initial=names)
    context = {"organization": organization}
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename(organization=organization, by=request.user, **form.cleaned_data)
        except ValidationError as faults:
            form.add_error(None, faults)
        except Conflict as conflict:
            return _conflict(request, "organizations/rename.html", form, context, conflict.current)
        else:
            messages.success(request, f"Đã đổi tên thành {form.cleaned_data['name']} {_at()}.")
            return redirect(organization)
    return _form_page(request, "organizations/rename.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_figure(request, slug):
    organization = _organization(request, slug, Permission.BRANCH_EDIT)
    form = FigureForm(sent(request), initial=FigureForm.initial_of(_figure_of_day(request, organization)))
    context = {"organization": organization}
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in FigureForm.NAMES}
        version = form.cleaned_data["version"]
        try:
            actions.record_figure(organization=organization, values=values, version=version, by=request.user)
        except ValidationError as faults:
            form.add_error(None, faults)
        except Conflict as conflict:
            return _conflict(request, "organizations/record_figure.html", form, context, conflict.current)
        else:
            messages.success(request, f"Đã ghi số liệu ngày {values['on']:%d/%m/%Y} của {organization.name} {_at()}.")
            return redirect(organization)
    return _form_page(request, "organizations/record_figure.html", form, context)


def _figure_of_day(request, organization: Organization):
    """The figure to put right, named by its day in the address."""
    try:
        return organization.figures.filter(on=parse_day(request.GET.get("on", ""))).first()
    except DateError:
        return None


def _form_page(request, template: str, form, context: dict):
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)


def _conflict(request, template: str, form, context: dict, current):
    """The same form with both versions side by side; submitting it again is a conscious choice."""
    versions = [
        {
            "label": form.fields[name].label,
            "now": shown(getattr(current, name)),
            "typed": shown(form.cleaned_data[name]),
        }
        for name in form.fields
        if name != "version" and hasattr(current, name)
    ]
    form.data = form.data.copy()
    form.data["version"] = str(current.version)
    differing = [row for row in versions if row["now"] != row["typed"]]
    return render(request, template, {"form": form, "versions": differing, **context}, status=409)
