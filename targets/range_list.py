"""Ranges of units for one year as they stood on a day. One source for the page and the workbook."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from organizations.models import Organization
from organizations.models.organization import GRASSROOTS
from organizations.permissions import Permission
from targets.models import AdmissionPlan, YearlyTarget
from targets.progress import LABELS, RangeSum, State, Target, range_sum
from vuthu_recruit import vietnamese
from vuthu_recruit.workbook import Column, Workbook, sum_of
from vuthu_recruit.workbook import Kind as Cell

TITLES = {"grassroots_commune": "I. Khối xã, thị trấn", "grassroots_other": "II. Khối cơ quan, đơn vị"}
COLUMNS = (
    Column("STT", Cell.INTEGER, width=6),
    Column("Đơn vị", width=34),
    Column("Chỉ tiêu", width=26),
    Column("Tối thiểu", Cell.INTEGER, width=10),
    Column("Tối đa", Cell.INTEGER, width=10),
    Column("Lần điều chỉnh", Cell.INTEGER, width=11),
    Column("Ngày quyết định", Cell.DATE, width=13),
    Column("Văn bản", width=22),
    Column("Năm", Cell.PLAIN, width=7),  # with the key: the list comes back, see target_import
    Column("Mã đơn vị", width=14),
)


@dataclass(frozen=True)
class Row:
    """One unit; `target` None is "chưa giao" inside the plan and says nothing outside it."""

    unit: Organization
    target: YearlyTarget | None
    state: State

    @property
    def has_range(self) -> bool:
        return self.state == State.IN_RANGE

    @property
    def words(self) -> str:
        return f"{self.target.minimum}–{self.target.maximum} người" if self.has_range else LABELS[self.state]


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Row]
    total: RangeSum


def rows_for(user, *, plan: AdmissionPlan, year: int, as_of: date) -> list[Row]:
    """Units of the scope that were open when the year is looked at, in administrative order. Costs two queries."""
    units = Organization.objects.visible_to(user, needs=Permission.FIGURES_VIEW).filter(kind__in=GRASSROOTS)
    targets = YearlyTarget.objects.visible_to(user, needs=Permission.FIGURES_VIEW)
    return _rows(units, targets, plan=plan, year=year, as_of=as_of)


def rows_above(user, *, plan: AdmissionPlan, year: int, as_of: date) -> list[Row]:
    """The units of the branches the user sees: of the unit its range alone, which tells nothing of its people."""
    seen = Organization.objects.visible_to(user, needs=Permission.FIGURES_VIEW)
    units = Organization.objects.filter(pk__in=seen.values("grassroots"))
    targets = YearlyTarget.objects.filter(organization__in=units)
    return _rows(units, targets, plan=plan, year=year, as_of=as_of)


def _rows(units, targets, *, plan: AdmissionPlan, year: int, as_of: date) -> list[Row]:
    units, targets = units.open_on(min(as_of, date(year, 12, 31))).in_order(), targets.in_force_on(as_of)
    in_force = {target.organization_id: target for target in targets.filter(plan=plan, year=year)}
    return [_row(unit, in_force.get(unit.pk), year in plan.years) for unit in units]


def _row(unit: Organization, target: YearlyTarget | None, covered: bool) -> Row:
    """Here IN_RANGE only says that there is a range: nothing is judged."""
    if not covered:
        return Row(unit, None, State.OUTSIDE)
    if target is None:
        return Row(unit, None, State.NOT_YET)
    return Row(unit, target, State.NO_TARGET if target.minimum is None else State.IN_RANGE)


def narrowed(rows: list[Row], filters: dict) -> list[Row]:
    """Filter and sort; administrative order unless asked otherwise, units without a range last."""
    words = vietnamese.search_key(filters["q"]).split()
    found = [row for row in rows if all(word in vietnamese.search_key(row.unit.name) for word in words)]
    if filters["group"]:
        found = [row for row in found if row.unit.kind == filters["group"]]
    if filters["state"]:
        found = [row for row in found if row.state == filters["state"]]
    down = filters["sort"].startswith("-")
    match filters["sort"].lstrip("-"):
        case "name":
            found.sort(key=lambda row: vietnamese.search_key(row.unit.short_name), reverse=down)
        case "minimum":
            ranged = sorted((row for row in found if row.has_range), key=lambda row: row.target.minimum, reverse=down)
            found = ranged + [row for row in found if not row.has_range]
    return found


def total_of(rows: list[Row]) -> RangeSum:
    return range_sum(Target(row.target.minimum, row.target.maximum) for row in rows if row.has_range)


def in_groups(rows: list[Row]) -> list[Group]:
    groups = []
    for kind, title in TITLES.items():
        inside = [row for row in rows if row.unit.kind == kind]
        if inside:
            groups.append(Group(title, inside, total_of(inside)))
    return groups


def title_of(year: int) -> str:
    return f"Chỉ tiêu kết nạp đảng viên năm {year}"


def ranges_workbook(
    groups: list[Group], *, plan: AdmissionPlan, year: int, as_of: date, filter_words: str, sentence: str, by
) -> bytes:
    """The rows of the page with their sums as live formulas, stamped with who, when and what."""
    now = timezone.now()
    title = title_of(year)
    book = Workbook(title=title, created_by=by.full_name, created_at=now)
    sheet = book.add_report("Chỉ tiêu", COLUMNS, title=title)
    sheet.heading(title, f"Theo {plan}, tính đến hết ngày {as_of:%d/%m/%Y}")
    sheet.header([column.header for column in COLUMNS], frozen_columns=2)
    sums = []
    for number, group in enumerate(groups, 1):
        sheet.group("I" * number, group.title.partition(". ")[2])
        written = [sheet.row(_cells(place, row, year)) for place, row in enumerate(group.rows, 1)]
        sums.append(sheet.total(_sum_cells(f"Cộng {'I' * number}", written, group.total)))
    whole = RangeSum(*(sum(getattr(g.total, name) for g in groups) for name in ("minimum", "maximum", "units")))
    sheet.total(_sum_cells("Tổng cộng", sums, whole))
    sheet.blank()
    sheet.note(sentence)
    sheet.note(f"Bộ lọc: {filter_words}. {by.full_name} xuất lúc {timezone.localtime(now):%H:%M ngày %d/%m/%Y}.")
    return book.to_bytes()


def _cells(place: int, row: Row, year: int) -> list:
    target = row.target
    low, high = (target.minimum, target.maximum) if row.has_range else (None, None)
    facts = [target.revision, target.decided_on, target.document] if target else [None, None, None]
    return [place, row.unit.name, row.words, low, high, *facts, year, row.unit.slug]


def _sum_cells(label: str, rows: list[int], total: RangeSum) -> list:
    sums = [sum_of(3, rows, total.minimum), sum_of(4, rows, total.maximum)]
    return [None, label, None, *sums, *[None] * (len(COLUMNS) - 5)]
