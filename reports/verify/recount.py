"""Every figure of design.md 6 on a day, for each grassroots unit, for both groups and in total, counted from lives.

What design.md leaves open is decided here, in one place:

- Rows are the units as they were: an event counts in the grassroots unit it happened in, also when that unit has
  closed since. A unit that closed keeps the range of the year in which it worked; afterwards it has none, and its
  people stay in every sum of admissions. One that closed or entered nothing is not called slow.
- The term figure runs from the first to the last day of the term; what comes later belongs to its year alone.
- Members and average age: each the newest dated fact up to the day that states it; a closed unit has none left.
- Women of an opening balance: what the document says less the women named in it, and never more than the remainder;
  not stated is unknown.
- Religion: anything but none. Enterprise: people who work in enterprises outside the State. With them, and with the
  Youth Union, all of a remainder is unknown.
- Funnel: of each stage those who are open, returned and stopped; nobody else.
- Waiting long: standing returned for more than 30 days, or with the Board for more than 60.
- Nothing entered: no event happened in the unit by the day, and no opening balance of it is dated by then.
"""

from calendar import isleap
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from reports.verify.lives import COUNTED, STAGES, Lived, read_lives, standing_on
from reports.verify.tables import COMMUNE, OTHER, Tables, is_open

GROUPS = (COMMUNE, OTHER)
STOCK = {
    "trained": "trained",
    "dossier": "dossier",
    "branch_passed": "dossier",
    "committee_passed": "dossier",
    "submitted": "submitted",
    "appraised": "submitted",
}
PERIODS = ("period", "year", "term", "last_year")
BREAKDOWN = ("women", "youth_union", "religion", "enterprise")
# What is added up; everything else of a row is derived from these or read.
SUMS = (
    *("trained", "dossier", "submitted", "official", "branches"),
    *(f"{period}_{part}" for period in PERIODS for part in ("people", "opening")),
    *(f"{name}_people" for name in BREAKDOWN),
    *("women_opening", "women_unknown", "returned_long", "submitted_long"),
    *(f"{status}_{stage}" for status in ("open", "returned", "stopped") for stage in STAGES),
)


@dataclass
class Ground:
    """The tables and the lives read from them: the same for every day."""

    tables: Tables
    lives: dict[int, list[Lived]]
    days: dict[str, list[tuple]]

    @classmethod
    def of(cls, tables: Tables) -> "Ground":
        lives = read_lives(tables)
        days: dict[str, list[tuple]] = {step: [] for step in COUNTED}
        for life in lives.values():
            for row in life:
                if row.counted:
                    days[row.event.step].append((life, row))
        return cls(tables, lives, days)

    def counted(self, step: str) -> list[tuple]:
        """(life, row) of each decision, ceremony or recognition that counts."""
        return self.days[step]


def recount(ground: Ground, plan, as_of: date, since: date) -> dict:
    """{"units": {id: row}, "groups": {kind: row}, "total": row}; a row is {figure: value}."""
    tables = ground.tables
    sums = {unit.id: Counter() for unit in tables.grassroots_units()}
    periods = periods_of(plan, as_of, since)
    _count_admissions(ground, plan, periods, sums)
    _count_openings(ground, plan, periods, sums)
    _count_standing(ground, as_of, sums)
    for _, row in ground.counted("official"):
        if _within(row.on, periods["year"]):
            sums[tables.grassroots_of(row.unit)]["official"] += 1
    for unit in tables.units.values():
        if unit.kind == "branch" and is_open(unit, as_of):
            sums[tables.grassroots_of(unit.id)]["branches"] += 1
    entered = entered_by(ground, plan, as_of)
    units = {key: _row(tables, plan, tables.units[key], sums[key], as_of, key in entered) for key in sums}
    of_kind = {kind: [row for key, row in units.items() if tables.units[key].kind == kind] for kind in GROUPS}
    groups = {kind: add_up(rows, as_of) for kind, rows in of_kind.items()}
    return {"units": units, "groups": groups, "total": add_up(list(units.values()), as_of)}


def periods_of(plan, as_of: date, since: date) -> dict[str, tuple[date, date]]:
    """First and last day of each period, both included; a period may be empty."""
    return {
        "period": (since, as_of),
        "year": (date(as_of.year, 1, 1), as_of),
        "term": (plan.term_starts_on, min(as_of, plan.term_ends_on)),
        "last_year": (date(as_of.year - 1, 1, 1), years_before(as_of, 1)),
    }


def _within(day: date, period: tuple[date, date]) -> bool:
    return period[0] <= day <= period[1]


def entered_by(ground: Ground, plan, as_of: date) -> set[int]:
    """Units of which anything was entered that is dated by the day."""
    tables = ground.tables
    found = {row.unit for life in ground.lives.values() for row in life if row.on <= as_of}
    openings = {row.organization_id for row in tables.openings if row.plan_id == plan.id and row.to_on <= as_of}
    return {tables.grassroots_of(unit) for unit in found} | openings


def admission_step(plan) -> str:
    return "admitted" if plan.counting_basis == "ceremony" else "decided"


def snapshot_of(life: list[Lived]) -> dict:
    """What the decision that counts wrote down about the person."""
    for row in life:
        if row.event.step == "decided" and row.counted:
            return row.event.snapshot or {}
    return {}


def traits(snapshot: dict) -> set[str]:
    found = {
        "women": snapshot.get("sex") == "female",
        "youth_union": bool(snapshot.get("youth_union")),
        "religion": snapshot.get("religion", "none") not in ("", "none"),
        "enterprise": snapshot.get("occupation") == "private_worker",
    }
    return {name for name, holds in found.items() if holds}


def _count_admissions(ground: Ground, plan, periods: dict, sums: dict) -> None:
    for life, row in ground.counted(admission_step(plan)):
        counts = sums[ground.tables.grassroots_of(row.unit)]
        for name, period in periods.items():
            counts[f"{name}_people"] += _within(row.on, period)
        if _within(row.on, periods["year"]):
            counts.update(f"{name}_people" for name in traits(snapshot_of(life)))


def _named(ground: Ground, plan) -> list[tuple]:
    """(opening, people named in it, women among them) of each opening balance."""
    named, women = Counter(), Counter()
    by_unit: dict[int, list] = {}
    for opening in ground.tables.openings:
        if opening.plan_id == plan.id:
            by_unit.setdefault(opening.organization_id, []).append(opening)
    for life, row in ground.counted(admission_step(plan)):
        for opening in by_unit.get(ground.tables.grassroots_of(row.unit), ()):
            if opening.from_on <= row.on <= opening.to_on:
                named[opening.id] += 1
                women[opening.id] += "women" in traits(snapshot_of(life))
    return [(row, named[row.id], women[row.id]) for rows in by_unit.values() for row in rows]


def named_in(ground: Ground, plan) -> list[tuple]:
    return [(opening, named) for opening, named, _ in _named(ground, plan)]


def remainders(ground: Ground, plan) -> list[tuple]:
    """(opening, remainder, women of it or None) of each opening balance: those whom no record names."""
    return [
        (opening, max(0, opening.count - named), _women_left(opening, named, women))
        for opening, named, women in _named(ground, plan)
    ]


def _women_left(opening, named: int, women: int) -> int | None:
    if opening.women is None:
        return None
    return min(max(0, opening.women - women), max(0, opening.count - named))


def _count_openings(ground: Ground, plan, periods: dict, sums: dict) -> None:
    for opening, remainder, women in remainders(ground, plan):
        counts = sums[opening.organization_id]
        for name, period in periods.items():
            if _within(opening.to_on, period):
                counts[f"{name}_opening"] += remainder
        if _within(opening.to_on, periods["year"]):
            counts["women_opening"] += women or 0
            counts["women_unknown"] += remainder if women is None else 0


def _count_standing(ground: Ground, as_of: date, sums: dict) -> None:
    """Stocks: where each person stood at the end of the day, in the unit they stood in then."""
    for life in ground.lives.values():
        row = standing_on(life, as_of)
        if row is None:
            continue
        counts = sums[ground.tables.grassroots_of(row.unit)]
        if row.status in ("open", "returned") and row.stage in STOCK:
            counts[STOCK[row.stage]] += 1
        if row.status in ("open", "returned", "stopped"):
            counts[f"{row.status}_{row.stage}"] += 1
        waited = (as_of - row.on).days
        counts["returned_long"] += row.status == "returned" and waited > 30
        counts["submitted_long"] += (
            row.status in ("open", "returned") and STOCK.get(row.stage) == "submitted" and waited > 60
        )


def _row(tables: Tables, plan, unit, counts: Counter, as_of: date, entered: bool) -> dict:
    row = {name: counts[name] for name in SUMS} | {"entered": entered, "slow": False, "expected": None}
    for name in ("members", "average_age"):
        row[name] = _newest(tables, unit.id, name, as_of) if is_open(unit, as_of) else None
    target = target_of(tables, plan, unit.id, as_of)
    in_force = plan.plan_starts_on <= as_of <= plan.plan_ends_on
    worked = unit.closed_on is None or unit.closed_on > date(as_of.year, 1, 1)
    has_range = in_force and worked and target is not None and target.minimum is not None
    row["minimum"], row["maximum"] = (target.minimum, target.maximum) if has_range else (None, None)
    row["is_open"] = is_open(unit, as_of)
    _finish(row)
    if not in_force:
        row["state"] = "outside"
    elif target is None and worked:
        row["state"] = "not_yet"
    elif not has_range:
        row["state"] = "no_target"
    else:
        row["state"] = _state(row["year"], target)
        row["expected"] = _due(target.minimum, as_of)
        row["slow"] = row["is_open"] and row["entered"] and row["year"] < row["expected"]
    row["percent"] = _percent(row["year"], row["minimum"])
    return row


def _finish(row: dict) -> None:
    for period in PERIODS:
        row[period] = row[f"{period}_people"] + row[f"{period}_opening"]
    row["women"] = row["women_people"] + row["women_opening"]
    for name in BREAKDOWN[1:]:
        row[name] = row[f"{name}_people"]
    row["unknown"] = row["year_opening"]
    for status in ("returned", "stopped"):
        row[status] = sum(row[f"{status}_{stage}"] for stage in STAGES)
    row["followed"] = row["returned"] + sum(row[f"open_{stage}"] for stage in STAGES if stage != "official")


def target_of(tables: Tables, plan, unit_id: int, as_of: date):
    """The range of the day's year in force on the day: of what was decided by then, the last revision."""
    decided = [
        row
        for row in tables.targets
        if (row.plan_id, row.organization_id, row.year) == (plan.id, unit_id, as_of.year) and row.decided_on <= as_of
    ]
    return max(decided, key=lambda row: row.revision, default=None)


def _newest(tables: Tables, unit_id: int, name: str, as_of: date):
    known = [
        row
        for row in tables.facts
        if row.organization_id == unit_id and row.on <= as_of and getattr(row, name) is not None
    ]
    return getattr(max(known, key=lambda row: row.on), name) if known else None


def _state(admitted: int, target) -> str:
    if admitted < target.minimum:
        return "below"
    return "above" if admitted > target.maximum else "in"


def _due(minimum: int, as_of: date) -> int:
    days = (as_of - date(as_of.year, 1, 1)).days + 1
    return minimum * days // (366 if isleap(as_of.year) else 365)


def _percent(admitted: int, minimum: int | None) -> Decimal | None:
    if not minimum:
        return None
    return (Decimal(100 * admitted) / Decimal(minimum)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def add_up(rows: list[dict], as_of: date) -> dict:
    """Cộng: sums of what can be added; ranges of the units that have one, and their admissions against them."""
    total = {name: sum(row[name] for row in rows) for name in SUMS}
    _finish(total)
    known = [row["members"] for row in rows if row["members"] is not None and row["is_open"]]
    total["members"] = sum(known) if known else None
    ranged = [row for row in rows if row["minimum"] is not None]
    total["minimum"] = sum(row["minimum"] for row in ranged) if ranged else None
    total["maximum"] = sum(row["maximum"] for row in ranged) if ranged else None
    total["year_of_ranged"] = sum(row["year"] for row in ranged)
    total["percent"] = _percent(total["year_of_ranged"], total["minimum"])
    total["expected"] = _due(total["minimum"], as_of) if ranged else None
    return total


def people_of_branches(ground: Ground, plan, as_of: date, since: date) -> dict[int, Counter]:
    """Named people only, by the very unit of the event (branch, cell or committee): these must add up to the unit."""
    found: dict[int, Counter] = {}
    periods = periods_of(plan, as_of, since)
    for _, row in ground.counted(admission_step(plan)):
        for name, period in periods.items():
            found.setdefault(row.unit, Counter())[f"{name}_people"] += _within(row.on, period)
    for life in ground.lives.values():
        row = standing_on(life, as_of)
        if row is not None and row.status in ("open", "returned") and row.stage in STOCK:
            found.setdefault(row.unit, Counter())[STOCK[row.stage]] += 1
    return found


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def term_progress(ground: Ground, plan, as_of: date) -> dict:
    """The term against the district's minimum: people and opening apart, by year, and what the days gone ask for."""
    first, last = periods_of(plan, as_of, as_of)["term"]
    years: dict[int, list[int]] = {}
    for _, row in ground.counted(admission_step(plan)):
        if first <= row.on <= last:
            years.setdefault(row.on.year, [0, 0])[0] += 1
    for opening, remainder, _ in remainders(ground, plan):
        if first <= opening.to_on <= last and remainder:
            years.setdefault(opening.to_on.year, [0, 0])[1] += remainder
    gone = max(0, (last - first).days + 1)
    return {
        "people": sum(people for people, _ in years.values()),
        "opening": sum(opening for _, opening in years.values()),
        "years": {year: tuple(years[year]) for year in sorted(years)},
        "minimum": plan.minimum,
        "expected": plan.minimum * gone // ((plan.term_ends_on - plan.term_starts_on).days + 1),
    }
