"""Revised ranges and opening balances, through the actions of the Board."""

from datetime import date
from random import Random

from django.db.models import Count, Q

from candidates.models import StageEvent
from candidates.pipeline import Step
from organizations.models import Organization
from targets.actions import add_opening_balance, revise
from targets.models import AdmissionPlan, OpeningBalance, YearlyTarget

WINDOWS = (
    (date(2020, 8, 1), date(2020, 12, 31), "Báo cáo số {n}-BC/ĐU ngày 15/01/2021"),
    (date(2021, 1, 1), date(2021, 6, 30), "Báo cáo số {n}-BC/ĐU ngày 12/7/2021"),
)
# year, place among communes (c) or others (o), new range, decided on, reason, document
REVISIONS = (
    (2022, "c", 4, (2, 4), date(2022, 3, 14), "Nguồn giảm do lao động trẻ đi làm ăn xa.", "118-CV/HU"),
    (2023, "c", 9, (4, 6), date(2023, 3, 20), "Nguồn đã học lớp nhận thức nhiều, nâng chỉ tiêu.", "215-CV/HU"),
    (2023, "o", 11, (1, 2), date(2023, 3, 20), "Biên chế của đơn vị còn ít người ngoài Đảng.", "215-CV/HU"),
    (2024, "c", 9, (5, 7), date(2024, 2, 26), "Giữ mức cao của năm trước và phát sinh nguồn mới.", "164-CV/HU"),
    (2024, "c", 17, (2, 4), date(2024, 2, 26), "Nguồn giảm do sáp nhập trường học.", "164-CV/HU"),
    (2024, "c", 17, (3, 4), date(2024, 8, 12), "Rà soát lại giữa năm theo đề nghị của đảng ủy.", "391-CV/HU"),
    (2024, "o", 12, (None, None), date(2024, 2, 26), "Đơn vị không còn người ngoài Đảng đủ điều kiện.", "164-CV/HU"),
)


def revise_targets(plan: AdmissionPlan, today: date, by) -> int:
    """A few dated revisions, each with reason and document; one withdraws the range."""
    if YearlyTarget.objects.filter(source=YearlyTarget.Source.REVISION).exists():
        return 0
    units = {
        "c": list(Organization.objects.filter(kind="grassroots_commune", closed_on=None).in_order()),
        "o": list(Organization.objects.filter(kind="grassroots_other", closed_on=None).in_order()),
    }
    made = 0
    for year, group, at, (low, high), on, reason, document in REVISIONS:
        if on > today or at >= len(units[group]):
            continue
        unit = units[group][at]
        revise(
            plan=plan,
            organization=unit,
            year=year,
            minimum=low,
            maximum=high,
            decided_on=on,
            reason=reason,
            document=document,
            version=unit.targets.filter(plan=plan).count(),
            by=by,
        )
        made += 1
    return made


def open_balances(seed: int, plan: AdmissionPlan, today: date, by) -> int:
    """Sums known without names, from before the system: each covers the people named in its window, and some more.

    At one unit more are named than were reported: the page warns.
    """
    if OpeningBalance.objects.exists():
        return 0
    made, warned = 0, False
    for from_on, to_on, document in WINDOWS:
        named = _named(from_on, to_on)
        for unit in Organization.objects.grassroots().filter(closed_on=None).order_by("slug"):
            rng = Random(f"{seed}:opening:{unit.slug}:{from_on}")
            people, women = named.get(unit.pk, (0, 0))
            more = rng.choices((0, 1, 2, 3), (3, 4, 2, 1) if unit.kind == "grassroots_commune" else (14, 4, 1, 0))[0]
            count, known = people + more, women + rng.randint(0, more)
            if more == 0 and people >= 2 and not warned:
                count, known, warned = people - 1, None, True
            if count == 0:
                continue
            values = {"from_on": from_on, "to_on": to_on, "count": count, "document": document.format(n=made + 2)}
            values["women"] = known if rng.random() < 0.85 else None
            add_opening_balance(plan=plan, organization=unit, values=values, by=by)
            made += 1
    return made


def _named(from_on: date, to_on: date) -> dict[int, tuple[int, int]]:
    """People with a decision inside the window, by grassroots unit: all, women. One query."""
    rows = (
        StageEvent.objects.counted(Step.DECIDED, from_on, to_on)
        .values_list("unit__grassroots")
        .annotate(people=Count("pk"), women=Count("pk", filter=Q(snapshot__sex="female")))
    )
    return {unit: (people, women) for unit, people, women in rows}
