"""The list of units with what belongs in it: branch counts, members. One source for the page and the workbook."""

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from organizations.list_files import stamp, write_cells
from organizations.models import Kind, Organization, OrganizationFigure
from organizations.models.organization import GRASSROOTS
from organizations.permissions import Permission
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.workbook import Column
from vuthu_recruit.workbook import Kind as Cell

TITLE = "Danh sách đơn vị"
COLUMNS = (
    Column("STT", Cell.INTEGER),
    Column("Khối"),
    Column("Mã"),
    Column("Đơn vị"),
    Column("Tên gọn"),
    Column("Hình thức"),
    Column("Số chi bộ trực thuộc", Cell.INTEGER),
    Column("Tổng số đảng viên", Cell.INTEGER),
    Column("Số liệu ngày", Cell.DATE),
    Column("Tuổi bình quân", Cell.DECIMAL),
    Column("Lần kết nạp gần nhất", Cell.DATE),
    Column("Nguồn số liệu"),
    Column("Hoạt động từ ngày", Cell.DATE),
    Column("Kết thúc từ ngày", Cell.DATE),
    Column("Đơn vị mẫu"),
    Column("Mã đơn vị"),  # by which the list comes back, also where two units have one name
)


@dataclass(frozen=True)
class Group:
    """One of the groups of reports, with its sums. `members` None: no unit of it has entered any."""

    title: str
    units: list[Organization]
    branches: int
    members: int | None

    @property
    def entered(self) -> int:
        return sum(unit.members is not None for unit in self.units)


def units_for(user, filters: dict, on: date | None = None) -> list[Organization]:
    """Units of the user's scope in administrative order, each with `branches` and `members`. Costs two queries.

    Someone whose scope holds no grassroots unit, such as a branch officer, gets the branches of it.
    """
    on = on or clock.today()
    scope = Organization.objects.visible_to(user, needs=Permission.FIGURES_VIEW)
    rows = scope.filter(Q(kind__in=GRASSROOTS) | (Q(kind=Kind.BRANCH) & ~Exists(scope.filter(kind__in=GRASSROOTS))))
    if filters["group"]:
        rows = rows.filter(kind=filters["group"])
    if filters["state"] == "closed":
        rows = rows.filter(closed_on__lte=on)
    elif not filters["state"]:
        rows = rows.open_on(on)
    if filters["sample"]:
        rows = rows.filter(is_sample=filters["sample"] == "yes")
    words = vietnamese.search_key(filters["q"]).split()
    found = [unit for unit in _with_figures(rows, on) if all(word in _key(unit) for word in words)]
    branches = _branches(scope, on)
    for unit in found:
        unit.branches = branches.get(unit.pk, 0) if unit.form == "committee" else None
    return found


def _key(unit: Organization) -> str:
    return vietnamese.search_key(f"{unit.name} {unit.short_name} {unit.code}")


def _with_figures(rows, on: date):
    latest = OrganizationFigure.objects.filter(organization=OuterRef("pk"), on__lte=on, members__isnull=False).order_by(
        "-on"
    )
    return rows.annotate(
        members=Subquery(latest.values("members")[:1]),
        members_on=Subquery(latest.values("on")[:1]),
        figure_id=Subquery(latest.values("pk")[:1]),
    ).in_order()


def _branches(scope, on: date) -> dict[int, int]:
    counted = scope.branches().open_on(on).values(unit_id=F("grassroots")).annotate(number=Count("pk")).order_by()
    return {row["unit_id"]: row["number"] for row in counted}


def in_groups(units: list[Organization]) -> list[Group]:
    """I. communes, II. the rest; a third for branches seen by those who see only branches."""
    titles = {
        Kind.GRASSROOTS_COMMUNE: "I. Khối xã, thị trấn",
        Kind.GRASSROOTS_OTHER: "II. Khối cơ quan, đơn vị",
        Kind.BRANCH: "Chi bộ",
    }
    groups = []
    for kind, title in titles.items():
        inside = [unit for unit in units if unit.kind == kind]
        known = [unit.members for unit in inside if unit.members is not None]
        if inside:
            groups.append(Group(title, inside, sum(u.branches or 0 for u in inside), sum(known) if known else None))
    return groups


def units_workbook(units: list[Organization], *, filter_words: str, by) -> BinaryIO:
    """The rows of the page as a workbook, stamped with who, when and what. It can come back: see figure_import.

    Costs a query: what else was reported with the members.
    """
    figures = OrganizationFigure.objects.in_bulk([unit.figure_id for unit in units if unit.figure_id])
    notes = [
        f"Bộ lọc: {filter_words}. Thứ tự hành chính. Ô trống ở số đảng viên là chưa nhập.",
        stamp(f"{len(units)} đơn vị", by),
    ]
    rows = [
        [
            number,
            unit.get_kind_display(),
            unit.code,
            unit.name,
            unit.short_name,
            unit.get_form_display(),
            unit.branches,
            unit.members,
            unit.members_on,
            *_reported(figures.get(unit.figure_id)),
            unit.opened_on,
            unit.closed_on,
            unit.is_sample,
            unit.slug,
        ]
        for number, unit in enumerate(units, 1)
    ]
    return write_cells(COLUMNS, rows, title=TITLE, notes=notes, by=by, frozen_columns=4)


def _reported(figure: OrganizationFigure | None) -> list:
    return [figure.average_age, figure.last_admission_on, figure.source] if figure else [None, None, None]
