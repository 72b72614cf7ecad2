"""Classes and certificates, counted again: who was sent, what came of it, who was admitted after it.

Decided here, from the plan (III.2) and domain.md 1.4 and 5:

- A class counts in the period that holds its first day, unless it was called off; people count in the unit that sent
  them, wherever they are now. People entered by mistake, or who wait to be accepted, count nowhere.
- No result is older than the last day of the class. A withdrawn nomination is as if it had never been.
- Everybody counts by one certificate: the newest they held on the day of their admission, or, not admitted, the newest.
  All others are `again`. Not admitted, people wait for it as long as they are followed.
- A certificate holds as many months as the rules of the day say, its last day among them, and is looked at until the
  branch has met; "soon" is 90 days.
"""

from collections import Counter
from datetime import date, timedelta

from reports.verify.attention import certificate_months, months_before
from reports.verify.lives import standing_on
from reports.verify.recount import Ground, admission_step
from reports.verify.tables import Tables

PURPOSES = ("awareness", "new_member", "committee")
FOLLOWED = ("open", "returned")
NOT_MET = ("source", "trained", "dossier")
PARTS = ("admitted", "again", "gone", "waiting")
COUNTED = (
    *("sent", "refused", "seated", "learners", "passed", "failed", "dropped", "certificates"),
    *(*PARTS, "within_12", "within_24", "within_36", "expired", "expiring"),
)


def parts(certificates: list[tuple[date, int]], admitted_on: date | None, is_followed: bool) -> dict[int, str]:
    """Of each certificate of one person (day of issue, id) its part; they are exactly one each."""
    held = sorted(one for one in certificates if admitted_on is None or one[0] <= admitted_on)
    found = {key: "again" for _, key in certificates}
    if held:
        found[held[-1][1]] = "admitted" if admitted_on else "waiting" if is_followed else "gone"
    return found


def training(ground: Ground, plan, as_of: date, first: date, last: date, purpose: str = "awareness") -> dict:
    """{"classes": {id: row}, "units": {id: row}, "total": row} of the classes that began first–last."""
    tables = ground.tables
    classes = {
        key: row
        for key, row in tables.classes.items()
        if row.purpose == purpose and first <= row.from_on <= min(last, as_of) and not row.is_called_off
    }
    sums = {"classes": {key: Counter() for key in classes}, "units": {}, "total": {0: Counter()}}
    known = _fates(ground, plan, as_of) if purpose == "awareness" else {}
    for row in tables.enrolments:
        if row.training_class_id not in classes or _is_outside(tables, row):
            continue
        home = tables.grassroots_of(row.unit_id) or row.unit_id
        words = _words(row, classes[row.training_class_id], as_of, known)
        for group, key in (("classes", row.training_class_id), ("units", home), ("total", 0)):
            sums[group].setdefault(key, Counter()).update(words)
    found = {
        group: {key: {name: counts[name] for name in COUNTED} | _rate(counts) for key, counts in rows.items()}
        for group, rows in sums.items()
    }
    _add_places(found, classes)
    return found | {"total": found["total"][0]}


def _is_outside(tables: Tables, row) -> bool:
    return row.candidate_id is not None and tables.people[row.candidate_id].status in ("waiting", "withdrawn")


def _words(row, held, as_of: date, fates: dict[int, list[str]]) -> list[str]:
    """Everything one participant counts as."""
    state = row.state
    if state == "finished":
        over = held.to_on <= as_of and row.is_passed is not None
        state = "enrolled" if not over else "passed" if row.is_passed else "failed"
    if state == "withdrawn":
        return []
    found = ["sent"]
    if state in ("refused", "passed", "failed", "dropped"):
        found.append(state)
    if state in ("enrolled", "passed", "failed"):
        found.append("seated")
    if state in ("enrolled", "passed", "failed", "dropped"):
        found.append("learners")
    if row.issued_on and row.issued_on <= as_of:
        found.append("certificates")
    return found + fates.get(row.id, [])


def _rate(counts: Counter) -> dict:
    """Passed among those with an outcome, as two numbers: no rounding to disagree about."""
    return {"outcomes": (counts["passed"], counts["passed"] + counts["failed"] + counts["dropped"])}


def _add_places(found: dict, classes: dict) -> None:
    """Places belong to classes; of their sum only those with a limit, and the people in them."""
    limited = {key: row.capacity for key, row in classes.items() if row.capacity is not None}
    for key, row in found["classes"].items():
        row["places"] = limited.get(key)
        row["taken"] = row["seated"] if key in limited else 0
    total = found["total"][0]
    total["places"] = sum(limited.values()) if limited else None
    total["taken"] = sum(row["taken"] for row in found["classes"].values())


def _fates(ground: Ground, plan, as_of: date) -> dict[int, list[str]]:
    """What each certificate of the awareness class counts as on the day."""
    tables, months = ground.tables, certificate_months(ground.tables, as_of)
    of_person: dict[int, list[tuple[date, int]]] = {}
    for row in tables.enrolments:
        is_awareness = tables.classes[row.training_class_id].purpose == "awareness"
        if is_awareness and row.candidate_id and row.issued_on and row.issued_on <= as_of:
            of_person.setdefault(row.candidate_id, []).append((row.issued_on, row.id))
    step, found = admission_step(plan), {}
    for person, certificates in of_person.items():
        life = ground.lives.get(person, [])
        admitted_on = next((row.on for row in life if row.counted and row.event.step == step and row.on <= as_of), None)
        stand = standing_on(life, as_of)
        is_followed = stand is not None and stand.status in FOLLOWED
        days = {key: day for day, key in certificates}
        for key, part in parts(certificates, admitted_on, is_followed).items():
            found[key] = [part]
            if part == "admitted":
                found[key] += _how_soon(days[key], admitted_on)
            if part == "waiting" and months and stand.stage in NOT_MET:
                found[key] += _how_long(days[key], as_of, months)
    return found


def _how_soon(issued_on: date, admitted_on: date) -> list[str]:
    return [f"within_{months}" for months in (12, 24, 36) if issued_on >= _least(admitted_on, months)]


def _least(day: date, months: int) -> date:
    """The first day of issue from which the day is not later than so many months after."""
    first = months_before(day, months)
    return first if first.day == day.day else first + timedelta(days=1)


def _how_long(issued_on: date, as_of: date, months: int) -> list[str]:
    if issued_on < months_before(as_of, months):
        return ["expired"]
    return ["expiring"] if issued_on <= months_before(as_of + timedelta(days=90), months) else []
