"""What happened to each person, read from the raw events. Written from design.md 4 and 5, not from the pipeline.

An event is live when nothing replaces it and it is no withdrawal. Live events in the order (day, place) say where a
person stands after each: stage, status, unit. A decision that was cancelled is no admission, on any day.
"""

from dataclasses import dataclass
from datetime import date

from reports.verify.tables import Tables

STAGES = (
    "source",
    "trained",
    "dossier",
    "branch_passed",
    "committee_passed",
    "submitted",
    "appraised",
    "decided",
    "admitted",
    "recognition_proposed",
    "recognition_committee_passed",
    "official",
)
ENTRIES = ("source", "accepted", "backfilled")
BRINGS = {stage: stage for stage in STAGES} | {
    "accepted": "source",
    "backfilled": "appraised",
    "committee_reported": "committee_passed",
    "decision_cancelled": "appraised",
}
# Steps that keep the status they find; every other step not named here makes it open.
KEEP_STATUS = ("branch_vote_failed", "extended", "moved")
SETS_STATUS = {
    "returned": "returned",
    "decision_cancelled": "stopped",
    "stopped": "stopped",
    "moved_away": "moved_away",
    "struck_off": "struck_off",
}
COUNTED = ("decided", "admitted", "official")
STAYS = STAGES[:-1]  # where a person may be stopped, moved, lost
COMES_AFTER = {
    "trained": ("source",),
    "dossier": ("trained",),
    "branch_passed": ("dossier",),
    "branch_vote_failed": ("dossier", "admitted"),
    "committee_passed": ("branch_passed",),
    "committee_reported": ("branch_passed",),
    "submitted": ("committee_passed",),
    "returned": ("submitted", "appraised"),
    "appraised": ("submitted",),
    "deferred": ("appraised",),
    "decided": ("appraised",),
    "decision_cancelled": ("decided",),
    "decision_received": ("decided",),
    "extended": (
        *("branch_passed", "committee_passed", "submitted", "appraised"),
        *("recognition_proposed", "recognition_committee_passed"),
    ),
    "admitted": ("decided",),
    "recognition_proposed": ("admitted",),
    "recognition_committee_passed": ("recognition_proposed",),
    "official": ("recognition_committee_passed",),
    "stopped": STAYS,
    "reopened": STAYS,
    "moved": STAYS,
    "moved_away": STAYS,
    "struck_off": ("admitted", "recognition_proposed", "recognition_committee_passed"),
}
# Which steps start the clock of a stage; a signed extension gives it another last day.
STARTS_CLOCK = {
    "dossier": ("dossier", "branch_vote_failed", "branch_passed"),
    **dict.fromkeys(("branch_passed", "committee_passed", "submitted", "appraised"), ("branch_passed",)),
    "decided": ("decided", "decision_received"),
    "admitted": ("admitted",),
    **dict.fromkeys(("recognition_proposed", "recognition_committee_passed"), ("recognition_proposed",)),
}
EXTENDED_AT = tuple(stage for stage in STARTS_CLOCK if stage not in ("dossier", "decided", "admitted"))
FROM_STOPPED = ("reopened", "moved", "moved_away", "struck_off")


@dataclass(slots=True)
class Lived:
    """A live event with what the recount makes of it."""

    event: object
    from_stage: str
    stage: str
    status: str
    unit: int
    until: date | None = None
    clock_from: date | None = None
    clock_until: date | None = None
    counted: bool = False
    illegal: str = ""

    @property
    def on(self) -> date:
        return self.event.happened_on


def live(events: list) -> list:
    """Events that stand, in the order in which they happened."""
    replaced = {event.replaces_id for event in events if event.replaces_id is not None}
    standing = [event for event in events if event.id not in replaced and not event.is_void]
    return sorted(standing, key=lambda event: (event.happened_on, event.place))


def after_return(event, is_cell: bool) -> str:
    """Where work resumes: the branch meets again, the committee meets again, or papers are only completed."""
    again = (event.facts or {}).get("redo_from")
    if again == "branch":
        return "dossier"
    return "branch_passed" if again == "committee" or is_cell else "committee_passed"


def may_follow(event, before: list[Lived], is_cell: bool, is_delegated: bool) -> bool:
    """Whether the event may stand after those before it."""
    if event.step in ENTRIES:
        return not before
    if not before:
        return False
    last = before[-1]
    if last.status in ("moved_away", "struck_off") or event.step not in COMES_AFTER:
        return False
    if (last.status == "stopped" and event.step not in FROM_STOPPED) or (
        last.status != "stopped" and event.step == "reopened"
    ):
        return False
    if is_cell and event.step in ("committee_passed", "committee_reported", "recognition_committee_passed"):
        return False
    if event.step == "decision_received" and _is_received(before):
        return False
    if last.stage == "appraised" and has_no_vote(before) and _passes_over_the_branch(event):
        return False
    return last.stage in _where_from(event, before, is_cell, is_delegated)


def has_no_vote(before: list[Lived]) -> bool:
    """Known from a decision of the years before the system on, and no branch has voted since."""
    return before[0].event.step == "backfilled" and not any(row.event.step == "branch_passed" for row in before)


def _passes_over_the_branch(event) -> bool:
    """Without a vote only the decision taken over from paper follows, or the way back to the branch."""
    facts = event.facts or {}
    if event.step in ("returned", "decided"):
        return facts.get("redo_from") != "branch" if event.step == "returned" else not facts.get("backfilled")
    return event.step in ("deferred", "extended")


def _is_received(before: list[Lived]) -> bool:
    steps = [row.event.step for row in before]
    return "decision_received" in steps[len(steps) - steps[::-1].index("decided") :] if "decided" in steps else False


def _where_from(event, before: list[Lived], is_cell: bool, is_delegated: bool) -> tuple[str, ...]:
    found = COMES_AFTER[event.step]
    if event.step == "submitted" and is_cell:
        found += ("branch_passed",)
    if event.step == "decided" and (is_delegated or (event.facts or {}).get("delegated")):
        found += ("committee_passed", "branch_passed") if is_cell else ("committee_passed",)
    if event.step == "official" and is_cell:
        found += ("recognition_proposed",)
    if event.step == "official" and (_failed_votes(before) >= 3 or has_no_vote(before)):
        found += ("admitted",)
    return found


def _failed_votes(before: list[Lived]) -> int:
    """Votes below two thirds on recognition: those after the ceremony."""
    failed = 0
    for row in before:
        if row.event.step == "admitted":
            failed = 0
        failed += row.event.step == "branch_vote_failed"
    return failed


def read_life(events: list, tables: Tables) -> list[Lived]:
    """The live events of one person, each with stage, status and unit after it."""
    found: list[Lived] = []
    for event in live(events):
        stage, status, unit = (found[-1].stage, found[-1].status, found[-1].unit) if found else ("", "", event.unit_id)
        here = event.unit_id if event.step in (*ENTRIES, "moved") else unit
        home = tables.units[tables.grassroots_of(here if event.step == "moved" else unit)]
        is_cell = home.form == "cell"
        row = Lived(event, stage, BRINGS.get(event.step, stage), SETS_STATUS.get(event.step, "open"), here)
        if event.step in KEEP_STATUS:
            row.status = status
        if event.step == "returned":
            row.stage = after_return(event, is_cell)
        if not may_follow(event, found, is_cell, home.delegated_admission):
            row.illegal = f"{event.step} ← {stage or '∅'}, {status or '∅'}"
        if found:
            found[-1].until = event.happened_on
        row.counted = event.step in COUNTED
        if event.step == "decision_cancelled":
            _uncount_decision(found)
        found.append(row)
        row.clock_from, row.clock_until = _clock(found)
    return found


def _clock(life: list[Lived]) -> tuple[date | None, date | None]:
    """Since when the clock of the last stage runs, and the day an extension after that gave it."""
    starters, until = STARTS_CLOCK.get(life[-1].stage, ()), None
    for row in reversed(life):
        if row.event.step in starters:
            return row.on, until
        if row.event.step == "extended" and until is None and life[-1].stage in EXTENDED_AT:
            until = _day_of((row.event.facts or {}).get("until"))
    return None, None


def _uncount_decision(found: list[Lived]) -> None:
    for row in reversed(found):
        if row.event.step == "decided":
            row.counted = False
            return


def _day_of(text) -> date | None:
    """None for what is no day: the difference is found in the cache."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def read_lives(tables: Tables) -> dict[int, list[Lived]]:
    return {person: read_life(events, tables) for person, events in tables.events.items()}


def standing_on(life: list[Lived], day: date) -> Lived | None:
    """The last thing that had happened by the end of the day."""
    last = None
    for row in life:
        if row.on > day:
            break
        last = row
    return last
