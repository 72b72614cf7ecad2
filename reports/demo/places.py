"""Branches of the units and dated figures of both, through the actions the officers use."""

from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random

from candidates.actions.events import pure_unit
from organizations import changes
from organizations.actions.units import create_branches
from organizations.models import Organization, OrganizationFigure
from reports.demo.ground import Grassroots, Ground, Spot
from reports.demo.names import VILLAGES, place_of

OTHERS_OF_A_COMMUNE = (
    "Chi bộ Trường Tiểu học", "Chi bộ Trường THCS", "Chi bộ Trường Mầm non", "Chi bộ Trạm Y tế", "Chi bộ Cơ quan xã",
    "Chi bộ Công an xã", "Chi bộ Quân sự xã", "Chi bộ Hợp tác xã dịch vụ nông nghiệp",
)  # fmt: skip
OF_A_UNIT = {
    "armed_forces": ("Chi bộ Tham mưu", "Chi bộ Chính trị - Hậu cần", "Chi bộ Nghiệp vụ", "Chi bộ Cơ sở"),
    "health": ("Chi bộ Khối Ngoại", "Chi bộ Khối Nội", "Chi bộ Khối Hành chính", "Chi bộ Khối Dự phòng"),
    "agency": ("Chi bộ Văn phòng", "Chi bộ Khối Kinh tế", "Chi bộ Khối Văn xã", "Chi bộ Khối Nội chính"),
    "enterprise": ("Chi bộ Hội sở", "Chi bộ Phòng giao dịch số 1", "Chi bộ Phòng giao dịch số 2"),
}
OPENED_ON = date(2015, 1, 1)
SOURCE = "Sổ danh sách đảng viên"


def open_branches(seed: int, by) -> int:
    """Give every committee without branches its own: 6–12 for a commune, 2–4 for another committee."""
    made = 0
    for unit in Organization.objects.grassroots().filter(form="committee", closed_on=None).order_by("slug"):
        if unit.children.exists():
            continue
        names = _branch_names(Random(f"{seed}:branches:{unit.slug}"), unit)
        branches = create_branches(unit=unit, names=names, opened_on=max(OPENED_ON, unit.opened_on), by=by)
        _mark(branches, by)
        made += len(branches)
    return made


def _mark(branches: list[Organization], by) -> None:
    """The commune is real, its branches here are not."""
    with changes.recording(by=by, action="organization.mark") as log:
        for branch in branches:
            before = changes.state(branch)
            branch.is_sample = True
            log.updated(branch, before)
        Organization.objects.bulk_update(branches, ["is_sample"])


def _branch_names(rng: Random, unit: Organization) -> list[str]:
    if unit.kind != "grassroots_commune":
        names = OF_A_UNIT.get(unit.sector, OF_A_UNIT["agency"])
        return list(names[: rng.randint(2, len(names))])
    count = rng.randint(6, 12)
    others = list(OTHERS_OF_A_COMMUNE[: rng.randint(3, 6)]) + rng.sample(OTHERS_OF_A_COMMUNE[6:], rng.randint(0, 1))
    others = list(dict.fromkeys(others))[: count - 3]
    if unit.name.startswith("Đảng bộ thị trấn"):
        homes = [f"Chi bộ tổ dân phố số {number}" for number in range(1, count - len(others) + 1)]
        others = [name.replace(" xã", " thị trấn") if "Hợp tác" not in name else name for name in others]
    else:
        homes = [f"Chi bộ thôn {name}" for name in rng.sample(VILLAGES, count - len(others))]
    return homes + others


def survey(seed: int, today: date) -> Ground:
    """Read the tree into the ground lives stand on. Two queries."""
    rows = list(Organization.objects.filter(closed_on=None).select_related("grassroots").order_by("slug"))
    units, members = {}, _members(seed, rows)
    for row in rows:
        if row.is_grassroots:
            commune = place_of(row.short_name) if row.kind == "grassroots_commune" else ""
            size = Random(f"{seed}:committee:{row.slug}").choice((13, 15, 15) if commune else (7, 9, 11))
            units[row.pk] = Grassroots(pure_unit(row), row.slug, row.short_name, row.sector, commune, size)
    for row in rows:
        if row.may_hold_people():
            spot = Spot(pure_unit(row), row.slug, row.name, row.sector, members[row.pk])
            units[row.grassroots_id or row.pk].spots.append(spot)
    return Ground(seed, today, [unit for unit in units.values() if unit.spots])


def _members(seed: int, rows: list[Organization]) -> dict[int, int]:
    """How many members each branch or cell has."""
    return {
        row.pk: Random(f"{seed}:members:{row.slug}").randint(*((14, 48) if row.sector == "residential" else (6, 26)))
        for row in rows
        if row.may_hold_people()
    }


def record_figures(seed: int, today: date, by) -> int:
    """Members, average age and last admission at the end of last year and of June; some were never entered."""
    if OrganizationFigure.objects.exists():
        return 0
    rows = list(Organization.objects.filter(closed_on=None).select_related("grassroots").order_by("slug"))
    members = _members(seed, rows)
    total = Counter()
    for row in rows:
        if row.may_hold_people() and row.grassroots_id != row.pk:
            total[row.grassroots_id] += members[row.pk]
    dates = [day for day in (date(today.year - 1, 12, 31), date(today.year, 6, 30)) if day <= today]
    found = []
    for row in rows:
        if row.kind in ("area", "district"):
            continue
        rng = Random(f"{seed}:figure:{row.slug}")
        if rng.random() >= (0.05 if row.is_grassroots else 0.12):
            found += _figures(rng, row, members.get(row.pk) or total[row.pk], dates)
    with changes.recording(by=by, action="organization.figure") as log:
        log.created(*OrganizationFigure.objects.bulk_create(found))
    return len(found)


def _figures(rng: Random, row: Organization, members: int, dates: list[date]) -> list[OrganizationFigure]:
    low, high = (43, 61) if row.sector in ("residential", "other", "commune") else (33, 46)
    age = rng.uniform(low, high)
    last = None
    if row.kind == "branch":
        # Before this system: some branches have admitted nobody for years.
        last = date(rng.choice((2013, 2015, 2016, 2017, 2018, 2019, 2019, 2020, 2020)), rng.randint(1, 8), 5)
    found = []
    for number, on in enumerate(dates):
        if number and rng.random() < 0.3:
            break
        count = members - (rng.randint(0, 2) if number == 0 else 0)
        average = Decimal(f"{age + 0.2 * number:.1f}")
        found.append(
            OrganizationFigure(
                organization=row, on=on, members=count, average_age=average, last_admission_on=last, source=SOURCE
            )
        )
    return found
