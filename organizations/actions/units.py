"""Organizations: opened, renamed, closed; their dated figures. A parent and a path never change."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from organizations import changes
from organizations.models import Kind, Organization, OrganizationFigure, OrganizationName
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese

MAX_BRANCHES_AT_ONCE = 100
# What other apps do in the same transaction when a unit opens (targets writes its ranges). Registered in ready().
when_opened: list[Callable] = []


def build(*, parent: Organization | None, slug: str, **values) -> Organization:
    """An unsaved organization with its path; `grassroots` of a grassroots unit is set by save_new(), once it has an id."""
    organization = Organization(parent=parent, slug=slug, **values)
    organization.path = f"{parent.path if parent else ''}{slug}/"
    if parent is not None and not organization.is_grassroots:
        organization.grassroots = parent.grassroots
    return organization


def save_new(organization: Organization) -> None:
    """Insert; a grassroots unit is its own grassroots, which is known only once it has an id."""
    organization.save(force_insert=True)
    if organization.is_grassroots:
        organization.grassroots = organization
        organization.save(update_fields=["grassroots"])


@transaction.atomic
def open_organization(*, parent: Organization | None, by, slug: str, reason: str = "", **values) -> Organization:
    """Open an organization below its parent and tell the other apps. `by` None is the command line."""
    organization = build(parent=parent, slug=slug, **values)
    save_new(organization)
    with changes.recording(by=by, action="organization.open", reason=reason) as log:
        log.created(organization)
        for handler in when_opened:
            handler(organization, log)
    return organization


def branch_slug(unit: Organization, name: str, taken: set[str]) -> str:
    """`13213-thon-hoi`, with a number after it when that is taken."""
    words = [word for word in vietnamese.search_key(name).split() if word not in ("chi", "bo")]
    base = f"{unit.slug}-{'-'.join(words) or 'chi-bo'}"[:72].rstrip("-")
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def create_branches(*, unit: Organization, names: list[str], opened_on: date, by) -> list[Organization]:
    """Open branches of a committee from a list of names, all or none. Raises ValidationError with every fault."""
    if not may_in(by, Permission.BRANCH_EDIT, unit):
        raise PermissionDenied
    unit = Organization.objects.select_for_update().get(pk=unit.pk)
    names = [name for name in (vietnamese.clean(name) for name in names) if name]
    _check_branches(unit, names, opened_on)
    taken = set(unit.children.values_list("slug", flat=True))
    order = unit.children.count()
    made = []
    with changes.recording(by=by, action="organization.open") as log:
        for name in names:
            slug = branch_slug(unit, name, taken)
            taken.add(slug)
            order += 1
            branch = build(
                parent=unit,
                slug=slug,
                kind=Kind.BRANCH,
                form="cell",
                sector=_sector(name),
                name=name,
                short_name=name[:80],
                order=order,
                opened_on=opened_on,
                is_sample=unit.is_sample,
            )
            save_new(branch)
            log.created(branch)
            made.append(branch)
    return made


def _check_branches(unit: Organization, names: list[str], opened_on: date) -> None:
    problems = []
    if unit.form != "committee" or not unit.is_grassroots:
        problems.append("Chỉ đảng bộ cơ sở mới có chi bộ trực thuộc.")
    if not names:
        problems.append("Chưa có tên chi bộ nào.")
    if len(names) > MAX_BRANCHES_AT_ONCE:
        problems.append(f"Mỗi lần thêm nhiều nhất {MAX_BRANCHES_AT_ONCE} chi bộ.")
    if opened_on > clock.today():
        problems.append("Ngày hoạt động chưa đến.")
    if not unit.is_open_on(opened_on):
        problems.append(f"{unit.name} không hoạt động vào ngày này.")
    known = {
        vietnamese.search_key(name) for name in unit.children.open_on(clock.today()).values_list("name", flat=True)
    }
    for name in names:
        key = vietnamese.search_key(name)
        if len(name) > 200:
            problems.append(f"Tên quá dài (trên 200 ký tự): “{name[:60]}…”.")
        elif key in known:
            problems.append(f"“{name}” đã có hoặc ghi hai lần.")
        known.add(key)
    if problems:
        raise ValidationError(problems)


def _sector(name: str) -> str:
    key = vietnamese.search_key(name)
    for words, sector in (
        (("truong", "mam non", "tieu hoc", "thcs", "thpt"), "school"),
        (("tram y te", "benh vien"), "health"),
        (("quan su", "cong an"), "armed_forces"),
        (("hop tac xa", "htx"), "enterprise"),
        (("cong ty", "doanh nghiep"), "private_enterprise"),
        (("co quan", "uy ban", "hanh chinh"), "agency"),
    ):
        if any(word in key for word in words):
            return sector
    return "residential"


@transaction.atomic
def rename(*, organization: Organization, name: str, short_name: str, on: date, reason: str, version: int, by) -> None:
    """Give a new name from a day on; the old one is kept with the day it ended."""
    claim(organization, version=version)
    organization = Organization.objects.get(pk=organization.pk)
    right = Permission.BRANCH_EDIT if organization.kind == Kind.BRANCH else Permission.UNIT_EDIT
    if not may_in(by, right, organization):
        raise PermissionDenied
    before = changes.state(organization) | {"version": version}
    with changes.recording(by=by, action="organization.rename", reason=reason, subject=organization) as log:
        if name != organization.name:
            log.created(
                OrganizationName.objects.create(
                    organization=organization, name=organization.name, short_name=organization.short_name, until=on
                )
            )
        organization.name, organization.short_name = name, short_name
        organization.save(update_fields=["name", "short_name"])
        log.updated(organization, before)


@transaction.atomic
def record_figure(*, organization: Organization, values: dict, by) -> OrganizationFigure:
    """Record members, average age and last admission of a unit on a day; the same day is put right."""
    right = Permission.BRANCH_EDIT if organization.kind == Kind.BRANCH else Permission.UNIT_EDIT
    if not (may_in(by, right, organization) or may_in(by, Permission.BRANCH_EDIT, organization)):
        raise PermissionDenied
    Organization.objects.select_for_update().get(pk=organization.pk)
    figure = OrganizationFigure.objects.filter(organization=organization, on=values["on"]).first()
    with changes.recording(by=by, action="organization.figure", subject=organization) as log:
        if figure is None:
            figure = OrganizationFigure(organization=organization, **values)
            figure.full_clean()
            figure.save()
            log.created(figure)
        else:
            before = changes.state(figure)
            for name, value in values.items():
                setattr(figure, name, value)
            figure.version += 1
            figure.full_clean()
            figure.save()
            log.updated(figure, before)
    return figure
