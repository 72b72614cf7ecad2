"""Load plan 51-KH/HU, the 30 communes and the sample units into an empty or a filled database."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from organizations import changes
from organizations.actions.units import open_organization
from organizations.models import Change, Kind, Organization
from targets.actions import give_by_rule
from targets.models import AdmissionPlan, TargetRule

DATA = Path(settings.BASE_DIR) / "organizations" / "data"
# "Followed here from": the sources name no founding days. Before the term, so that every year of it has its targets.
FOLLOWED_FROM = date(2015, 1, 1)
PLAN = {
    "number": "51-KH/HU",
    "signed_on": date(2021, 9, 29),
    "title": "Kế hoạch kết nạp đảng viên nhiệm kỳ 2020–2025",
    "plan_starts_on": date(2021, 1, 1),
    "plan_ends_on": date(2025, 12, 31),
    # The congress day is not in the source: marked "chưa xác nhận" until the Board confirms it.
    "term_starts_on": date(2020, 8, 1),
    "term_ends_on": date(2025, 6, 30),
    "term_is_confirmed": False,
    "minimum": 500,
}
RULES = {Kind.GRASSROOTS_COMMUNE: (3, 5), Kind.GRASSROOTS_OTHER: (2, 3)}


class Command(BaseCommand):
    help = (
        "Nạp kế hoạch 51-KH/HU, 30 đảng bộ xã, thị trấn, 25 đơn vị mẫu và chỉ tiêu theo kế hoạch. "
        "Chạy lại bao nhiêu lần cũng được: chỉ thêm những gì còn thiếu, không bao giờ sửa những gì đã có."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="chỉ đếm những gì sẽ thêm, không ghi gì")
        parser.add_argument("--no-sample", action="store_true", help="không thêm 25 đơn vị mẫu")

    def handle(self, *args, dry_run, no_sample, **options):
        with changes.coming_from(Change.Via.COMMAND), transaction.atomic():
            counts, notes = load(with_samples=not no_sample)
            transaction.set_rollback(dry_run)
        for note in notes:
            self.stdout.write(note)
        words = ", ".join(f"{counts[name]} {name}" for name in ("đơn vị", "kế hoạch", "mức giao", "chỉ tiêu năm"))
        self.stdout.write(f"{'Sẽ thêm' if dry_run else 'Đã thêm'}: {words}.")


def load(*, with_samples: bool) -> tuple[Counter, list[str]]:
    """Add what is missing; count it by kind, and say which rows of the files were left out and why."""
    counts, notes = Counter(), []
    area = Organization.objects.filter(kind=Kind.AREA).first() or _open(
        counts, None, slug="khu-vuc", name="Khu vực Vũ Thư", short_name="Khu vực Vũ Thư", kind=Kind.AREA
    )
    district = Organization.objects.filter(slug="vu-thu").first() or _open(
        counts,
        area,
        slug="vu-thu",
        code="344",
        name="Đảng bộ huyện Vũ Thư",
        short_name="Huyện Vũ Thư",
        kind=Kind.DISTRICT,
    )
    plan = _plan(counts, district)
    for order, row in enumerate(_rows("communes_2021.csv"), 1):
        _unit(counts, notes, district, row, order=order, sector="commune")
    for order, row in enumerate(_rows("other_units_sample.csv") if with_samples else [], 1):
        _unit(counts, notes, district, row, order=order, sector=row["sector"], is_sample=True)
    _missing_targets(plan)
    counts["chỉ tiêu năm"] = plan.targets.count() - counts.pop("trước", 0)
    return counts, notes


def _rows(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _open(counts: Counter, parent, *, kind, form="committee", **values) -> Organization:
    counts["đơn vị"] += 1
    return open_organization(parent=parent, by=None, kind=kind, form=form, opened_on=FOLLOWED_FROM, **values)


def _unit(counts: Counter, notes: list[str], district: Organization, row: dict, **values) -> None:
    """Open the unit of a row, unless it was opened before or somebody gave its code to another open unit."""
    slug = row["code"].lower()
    if Organization.objects.filter(slug=slug).exists():
        return
    if Organization.objects.filter(code=row["code"], closed_on=None).exists():
        notes.append(f"Bỏ qua {row['name']}: mã {row['code']} đang là của đơn vị khác.")
        return
    names = {name: row[name] for name in ("code", "name", "short_name", "kind", "form")}
    _open(counts, district, slug=slug, **names, **values)


def _plan(counts: Counter, district: Organization) -> AdmissionPlan:
    plan = AdmissionPlan.objects.filter(organization=district).first()
    with changes.recording(by=None, action="plan.load") as log:
        if plan is None:
            plan = AdmissionPlan.objects.create(organization=district, **PLAN)
            log.created(plan)
            counts["kế hoạch"] += 1
        known = set(plan.rules.values_list("kind", flat=True))
        for kind, (minimum, maximum) in RULES.items():
            if kind not in known:
                log.created(TargetRule.objects.create(plan=plan, kind=kind, minimum=minimum, maximum=maximum))
                counts["mức giao"] += 1
    counts["trước"] = plan.targets.count()
    return plan


def _missing_targets(plan: AdmissionPlan) -> None:
    """Units that stood here before the plan did; those opened after it got their ranges then."""
    units = Organization.objects.below(plan.organization).grassroots().in_order()
    for unit in units:
        with changes.recording(by=None, action="plan.load", subject=unit) as log:
            give_by_rule(plan=plan, organization=unit, log=log)
