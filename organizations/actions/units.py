"""Organizations: opened, renamed, closed; their dated figures. A parent and a path never change."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from organizations import changes
from organizations.models import Change, Form, Kind, Organization, OrganizationFigure, OrganizationName
from organizations.models.organization import GRASSROOTS
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import Conflict, claim
from vuthu_recruit import clock, vietnamese

MAX_BRANCHES_AT_ONCE = 100
SHORTEST_REASON = 10
SENT_TWICE = timedelta(minutes=10)
# Words that stand in addresses where a unit's slug stands (don-vi/them/, chi-tieu/so-du/).
RESERVED_SLUGS = {"them", "xuat", "ke-hoach", "so-du"}
# What other apps do in the same transaction when a unit opens (targets writes its ranges). Registered in ready().
when_opened: list[Callable] = []


def build(*, parent: Organization | None, slug: str, **values) -> Organization:
    """An unsaved organization with its path. `grassroots` of a grassroots unit is set by save_new(): it needs an id."""
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
    with changes.recording(by=by, action="organization.open", reason=reason, subject=organization) as log:
        log.created(organization)
        for handler in when_opened:
            handler(organization, log)
    return organization


def branch_slug(unit: Organization, name: str, taken: set[str]) -> str:
    """`13213-thon-hoi`, with a number after it when that is taken."""
    words = [word for word in vietnamese.search_key(name).split() if word not in ("chi", "bo")]
    base = f"{unit.slug[:40].rstrip('-')}-{'-'.join(words) or 'chi-bo'}"[:72].rstrip("-")
    slug, number = base, 2
    while slug in taken or Organization.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def create_branches(*, unit: Organization, names: list[str], opened_on: date, by) -> list[Organization]:
    """Open branches of a committee from a list of names, all or none. Raises ValidationError with every fault."""
    if not may_in(by, Permission.BRANCH_EDIT, unit):
        raise PermissionDenied
    unit = Organization.objects.select_for_update().get(pk=unit.pk)
    names = [name for name in (vietnamese.clean(name) for name in names) if name]
    same = list(unit.children.filter(name__in=names, opened_on=opened_on).in_order())
    if len(same) == len(names) and _just_opened(same, by):
        return same  # the same form sent twice
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
def open_unit(*, parent: Organization, values: dict, by) -> Organization:
    """The Board opens a grassroots unit below a district or the area. Other apps do their part in the same transaction.

    The same form sent twice opens one unit: whoever just opened it gets it back.
    """
    if not may_in(by, Permission.UNIT_EDIT, parent):
        raise PermissionDenied
    parent = Organization.objects.select_for_update().get(pk=parent.pk)
    slug = unit_slug(values["code"] or values["short_name"])
    same = Organization.objects.filter(slug=slug, parent=parent, **values).first()
    if same and _just_opened([same], by):
        return same
    _check_unit(parent, slug, values)
    order = parent.children.filter(kind=values["kind"]).aggregate(last=Max("order"))["last"] or 0
    return open_organization(parent=parent, by=by, slug=slug, order=order + 1, **values)


def unit_slug(text: str) -> str:
    """`13195` for a code, `benh-vien` for a name; with a number after it when a closed unit keeps that slug."""
    base = "-".join(vietnamese.search_key(text).split())[:72].strip("-") or "don-vi"
    slug, number = base, 2
    while slug in RESERVED_SLUGS or Organization.objects.filter(slug=slug, closed_on__isnull=False).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def _check_unit(parent: Organization, slug: str, values: dict) -> None:
    faults = defaultdict(list)
    if parent.kind not in (Kind.DISTRICT, Kind.AREA):
        faults["parent"].append("Đơn vị cơ sở trực thuộc đảng bộ huyện hoặc khu vực.")
    if values["kind"] not in GRASSROOTS:
        faults["kind"].append("Chỉ mở đơn vị cơ sở ở đây; chi bộ được thêm trên trang của đơn vị.")
    if values["kind"] == Kind.GRASSROOTS_COMMUNE and values["form"] != Form.COMMITTEE:
        faults["form"].append("Xã, thị trấn luôn là đảng bộ.")
    if values["opened_on"] > clock.today():
        faults["opened_on"].append("Ngày hoạt động chưa đến.")
    elif not parent.is_open_on(values["opened_on"]):
        faults["opened_on"].append(f"{parent.name} không hoạt động vào ngày này.")
    code = values["code"]
    other = Organization.objects.filter(code=code, closed_on=None).first() if code else None
    if other:
        faults["code"].append(f"Mã {code} đang là của {other.name}.")
    elif Organization.objects.filter(slug=slug).exists():
        faults["code" if code else "short_name"].append("Đã có đơn vị dùng mã hoặc tên gọn này.")
    if faults:
        raise ValidationError(dict(faults))


def _just_opened(organizations: list[Organization], by) -> bool:
    """Whether this very user opened all of these within the last minutes: a form sent twice, not a second wish."""
    found = Change.objects.filter(
        object_type="organizations.Organization",
        object_id__in=[str(organization.pk) for organization in organizations],
        action="organization.open",
        by=by,
        at__gte=timezone.now() - SENT_TWICE,
    )
    return bool(organizations) and found.count() == len(organizations)


def right_over(organization: Organization) -> Permission:
    """Branches are named and renamed by their unit's officers, everything above by the Board."""
    return Permission.BRANCH_EDIT if organization.kind == Kind.BRANCH else Permission.UNIT_EDIT


@transaction.atomic
def rename(*, organization: Organization, name: str, short_name: str, on: date, reason: str, version: int, by) -> None:
    """Give a new name from a day on; the old one is kept with the day it ended."""
    if not may_in(by, right_over(organization), organization):
        raise PermissionDenied
    # Sisters are renamed one after the other: two of them must not take the same name.
    list(Organization.objects.select_for_update(no_key=True).filter(pk=organization.parent_id).values_list("pk"))
    claim(organization, version=version)
    organization = Organization.objects.get(pk=organization.pk)
    _check_rename(organization, name, short_name, on, reason)
    before = changes.state(organization) | {"version": version}
    with changes.recording(by=by, action="organization.rename", reason=reason, subject=organization) as log:
        log.created(
            OrganizationName.objects.create(
                organization=organization, name=organization.name, short_name=organization.short_name, until=on
            )
        )
        organization.name, organization.short_name = name, short_name
        organization.save(update_fields=["name", "short_name"])
        log.updated(organization, before)


def _check_rename(organization: Organization, name: str, short_name: str, on: date, reason: str) -> None:
    faults = defaultdict(list)
    if (name, short_name) == (organization.name, organization.short_name):
        faults["name"].append("Tên mới giống tên đang dùng.")
    if organization.parent_id:
        others = Organization.objects.filter(parent=organization.parent_id).open_on(clock.today())
        names = {vietnamese.search_key(other.name) for other in others.exclude(pk=organization.pk)}
        if vietnamese.search_key(name) in names:
            faults["name"].append("Đã có tổ chức cùng cấp mang tên này.")
    if on > clock.today():
        faults["on"].append("Ngày đổi tên chưa đến.")
    if on <= organization.opened_on:
        faults["on"].append(f"Phải sau ngày bắt đầu hoạt động {organization.opened_on:%d/%m/%Y}.")
    last = organization.former_names.order_by("until").last()
    if last and on <= last.until:
        faults["on"].append(f"Phải sau lần đổi tên trước, ngày {last.until:%d/%m/%Y}.")
    if len(reason.strip()) < SHORTEST_REASON:
        faults["reason"].append(f"Lý do cần ít nhất {SHORTEST_REASON} ký tự.")
    if faults:
        raise ValidationError(dict(faults))


def may_record_figures(user, organization: Organization) -> bool:
    """The officers of a unit record its own figures and those of its branches, the Board everyone's.

    Members and ages are what a unit reports anyway; who said it stands in `source` and in the history.
    """
    return may_in(user, Permission.BRANCH_EDIT, organization)


@transaction.atomic
def record_figure(*, organization: Organization, values: dict, by, version: int | None = None) -> OrganizationFigure:
    """Record members, average age and last admission of a unit on a day; the same day is put right.

    `version` is that of the row of the day as the writer saw it, 0 when there was none; None does not ask.
    """
    if not may_record_figures(by, organization):
        raise PermissionDenied
    Organization.objects.select_for_update().get(pk=organization.pk)
    figure = OrganizationFigure.objects.filter(organization=organization, on=values["on"]).first()
    if version is not None and version != (figure.version if figure else 0):
        raise Conflict(figure or OrganizationFigure(organization=organization, on=values["on"], version=0))
    if faults := figure_faults(organization, values):
        raise ValidationError(faults)
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


def figure_faults(organization: Organization, values: dict) -> dict[str, list[str]]:
    """Everything that speaks against a figure, by field. Pure."""
    faults = defaultdict(list)
    last = values.get("last_admission_on")
    if values["on"] > clock.today():
        faults["on"].append("Ngày của số liệu chưa đến.")
    if values["on"] < organization.opened_on:
        faults["on"].append(f"{organization.name} hoạt động từ ngày {organization.opened_on:%d/%m/%Y}.")
    if last and last > values["on"]:
        faults["last_admission_on"].append("Lần kết nạp gần nhất không thể sau ngày của số liệu.")
    if all(values.get(name) is None for name in ("members", "average_age", "last_admission_on")):
        faults["members"].append("Nhập ít nhất một trong ba số liệu.")
    return dict(faults)


@transaction.atomic
def withdraw_figure(*, figure: OrganizationFigure, reason: str, version: int, by) -> None:
    """Take back a figure that a file brought in by mistake.

    A figure stands for one day and nothing refers to it, so there is no other way to say that it was never reported;
    the history keeps all its values.
    """
    if not may_record_figures(by, figure.organization):
        raise PermissionDenied
    claim(figure, version=version)
    with changes.recording(
        by=by, action="organization.figure_withdraw", reason=reason, subject=figure.organization
    ) as log:
        figure.version = version
        log.deleted([figure])
        OrganizationFigure.objects.filter(pk=figure.pk).delete()
