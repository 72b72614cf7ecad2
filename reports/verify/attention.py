"""What stands still on a day, counted again: certificates, probation, branches without an admission.

Decided here: a branch's last admission is the newest of its admissions by the plan's basis, those of its direct
predecessors, and its newest dated fact; a branch of which nothing is known is not "without admission for N years" but
unknown. A certificate holds as many months as the rules of the day say, and is looked at until the branch has met.
Probation lasts 12 months.
"""

from calendar import monthrange
from datetime import date, timedelta

from reports.verify.lives import standing_on
from reports.verify.recount import Ground, admission_step
from reports.verify.tables import Tables, is_open

FOLLOWED = ("open", "returned")


def months_before(day: date, months: int) -> date:
    """The same day some months earlier; the last day of a shorter month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def attention(ground: Ground, as_of: date) -> dict[str, int]:
    """How many people: certificate over within 90 days or already; probation over and recognition not proposed."""
    found = {"certificates": 0, "probation": 0}
    issued = newest_certificates(ground, as_of)
    months = certificate_months(ground.tables, as_of)
    certificate_edge = months_before(as_of + timedelta(days=90), months) if months else date.min
    probation_edge = months_before(as_of, 12)
    for person, life in ground.lives.items():
        row = standing_on(life, as_of)
        if row is None or row.status not in FOLLOWED:
            continue
        if row.stage in ("source", "trained", "dossier") and person in issued:
            found["certificates"] += issued[person] <= certificate_edge
        if row.stage == "admitted":
            found["probation"] += ceremony_of(life) <= probation_edge
    return found


def certificate_months(tables: Tables, day: date) -> int | None:
    """By the newest version of the set that began last; None where it is over, or none had begun."""
    newest: dict = {}
    for row in tables.rule_sets:
        if row.regime not in newest or newest[row.regime].version < row.version:
            newest[row.regime] = row
    begun = [row for row in newest.values() if row.valid_from <= day]
    last = max(begun, key=lambda row: row.valid_from, default=None)
    return None if last is None or (last.valid_to and last.valid_to <= day) else last.values["certificate_months"]


def newest_certificates(ground: Ground, as_of: date) -> dict[int, date]:
    found: dict[int, date] = {}
    for row in ground.tables.enrolments:
        awareness = ground.tables.classes[row.training_class_id].purpose == "awareness"
        if awareness and row.candidate_id and row.issued_on and row.issued_on <= as_of:
            found[row.candidate_id] = max(row.issued_on, found.get(row.candidate_id, row.issued_on))
    return found


def ceremony_of(life: list) -> date:
    return next(row.on for row in life if row.event.step == "admitted")


def last_admissions(ground: Ground, plan, as_of: date) -> dict[int, date | None]:
    """Of each branch open on the day the last admission known by then, or None."""
    tables = ground.tables
    found: dict[int, date | None] = {
        unit.id: None for unit in tables.units.values() if unit.kind == "branch" and is_open(unit, as_of)
    }
    heirs: dict[int, list[int]] = {}
    for row in tables.successions:
        heirs.setdefault(row.predecessor_id, []).append(row.successor_id)
    days = []
    for _, row in ground.counted(admission_step(plan)):
        if row.on <= as_of:
            days += [(unit, row.on) for unit in (row.unit, *heirs.get(row.unit, ()))]
    newest: dict[int, tuple[date, date]] = {}
    for row in tables.facts:
        if row.on <= as_of and row.last_admission_on:
            newest[row.organization_id] = max(
                newest.get(row.organization_id, (row.on,)), (row.on, row.last_admission_on)
            )
    days += [(unit, day) for unit, (_, day) in newest.items()]
    for unit, day in days:
        if unit in found:
            found[unit] = max(found[unit] or day, day)
    return found


def branches_without(ground: Ground, plan, as_of: date, years: int) -> set[int]:
    """Branches whose last admission is older than so many years."""
    edge = months_before(as_of, 12 * years)
    return {unit for unit, last in last_admissions(ground, plan, as_of).items() if last is not None and last < edge}
