"""One life on paper: each step with its day, its document, whose step it was, by which rules, and the time left. Pure.

The time left is read from the clock that ran before the step, by the set in force when that clock began.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from candidates.attempts import WHO, Attempt, among
from candidates.clocks import Clock, Running, running
from candidates.deadlines import Deadline, deadline
from candidates.models import StageEvent
from candidates.pipeline import (
    BACKFILLED,
    BEFORE_SUBMISSION,
    Past,
    Stage,
    Step,
    Unit,
    replay,
)
from candidates.rulebook import day_of
from candidates.rules import OPEN_CITATION, RuleBook
from candidates.working_days import Calendar
from vuthu_recruit.dates import show_day

BRANCH, COMMITTEE, BOARD, STANDING = "Chi bộ", "Đảng ủy cơ sở", "Ban Tổ chức", "Ban Thường vụ"
CELL = "Chi bộ cơ sở"  # in the place of the committee where there is none
# Whose step it is, as the papers say (domain.md 1.2); stops and moves depend on where they happen.
WHOSE: dict[Step, str] = {
    Step.SOURCE: BRANCH,
    Step.ACCEPTED: COMMITTEE,
    Step.BACKFILLED: BOARD,
    Step.TRAINED: "Trung tâm Chính trị",
    Step.DOSSIER: BRANCH,
    Step.BRANCH_PASSED: BRANCH,
    Step.BRANCH_VOTE_FAILED: BRANCH,
    Step.COMMITTEE_PASSED: COMMITTEE,
    Step.COMMITTEE_REPORTED: COMMITTEE,
    Step.SUBMITTED: COMMITTEE,
    Step.RETURNED: BOARD,
    Step.APPRAISED: BOARD,
    Step.DEFERRED: STANDING,
    Step.DECIDED: STANDING,
    Step.DECISION_CANCELLED: STANDING,
    Step.DECISION_RECEIVED: BRANCH,
    Step.ADMITTED: BRANCH,
    Step.RECOGNITION_PROPOSED: BRANCH,
    Step.RECOGNITION_COMMITTEE_PASSED: COMMITTEE,
    Step.OFFICIAL: STANDING,
    Step.EXTENDED: STANDING,
    Step.MOVED_AWAY: BOARD,
    Step.STRUCK_OFF: STANDING,
}
# Steps whose lateness somebody answers for.
TIMED = {
    *(Step.BRANCH_PASSED, Step.BRANCH_VOTE_FAILED, Step.COMMITTEE_PASSED, Step.COMMITTEE_REPORTED, Step.SUBMITTED),
    *(Step.APPRAISED, Step.DECIDED, Step.ADMITTED),
    *(Step.RECOGNITION_PROPOSED, Step.RECOGNITION_COMMITTEE_PASSED, Step.OFFICIAL),
}


# Steps that go aside or back: the paper says why. Why a dossier was returned is for who works on it.
WITH_REASON = (Step.STOPPED, Step.REOPENED, Step.DEFERRED, Step.DECISION_CANCELLED)


@dataclass(frozen=True)
class Slack:
    """The last day of the clock that ran before a step, and what was left on the day of the step.

    `left` counts working days, or days where the limit is in months; below 0 it is over.
    """

    clock: Clock
    due: date
    left: int
    unit: str
    is_late: bool

    @property
    def words(self) -> str:
        """On a day off nothing more is left or late than on the working day before it."""
        if self.is_late:
            return f"quá {-self.left} {self.unit}" if self.left else "quá hạn"
        return f"còn {self.left} {self.unit}" if self.left else "vào ngày cuối"


def slacks(events: Sequence[Past], units: Mapping[int, Unit], book: RuleBook, calendar: Calendar) -> list[Slack | None]:
    """One for each event: None where nothing ran, or nobody asks (moves, stops, what is taken over from paper)."""
    standings = replay(events, units)
    found: list[Slack | None] = []
    for index, event in enumerate(events):
        clock = None
        if index and event.step in TIMED and not event.facts.get(BACKFILLED):
            clock = _before(event, standings[index - 1].stage, events[:index])
        found.append(_slack(deadline(clock, book, calendar, event.happened_on)) if clock else None)
    return found


def _before(event: Past, stage: Stage, before: Sequence[Past]) -> Running | None:
    """The clock that ran before a step; that of the ceremony from the receipt, which the ceremony may be told with."""
    received = day_of(event.facts.get("received_on")) if event.step == Step.ADMITTED else None
    return Running(Clock.CEREMONY, received) if received else running(stage, before)


def _slack(read: Deadline | None) -> Slack | None:
    return Slack(read.clock, read.due, read.left, read.unit, read.is_late) if read else None


def whose(event: Past, before: Past | None, stage: Stage | None, units: Mapping[int, Unit]) -> str:
    """Who took the step by its nature, whoever recorded it. `stage`: where the person stood before it."""
    unit = units[event.unit]
    committee = CELL if unit.form == "cell" else COMMITTEE
    if event.step == Step.MOVED:
        between = before is not None and units[before.unit].grassroots != unit.grassroots
        return BOARD if between else committee
    if event.step in (Step.STOPPED, Step.REOPENED):
        return BRANCH if stage in BEFORE_SUBMISSION else BOARD
    if event.facts.get("delegated"):
        return committee
    return committee if WHOSE[event.step] == COMMITTEE else WHOSE[event.step]


def sheet_rows(story, live: Sequence[StageEvent], every: Sequence[StageEvent], book: RuleBook, calendar) -> list[dict]:
    """The rows of the sheet, oldest first, of loaded events: `every` one of the person, and those that are `live`."""
    names = {rules.regime: rules.name for rules in book.sets}
    replaced = {event.pk: event for event in every}
    measured = slacks(story.events, story.units, book, calendar)
    rows = []
    for index, (event, slack) in enumerate(zip(live, measured, strict=True)):
        past, before = story.events[index], story.events[index - 1] if index else None
        stage = Stage(live[index - 1].to_stage) if index else None
        rows.append(
            {
                "number": index + 1,
                "name": event.get_step_display(),
                "unit": event.unit.short_name,
                "on": event.happened_on,
                "paper": event.facts.get("document", ""),
                "who": whose(past, before, stage, story.units),
                "by": event.by.full_name if event.by else "",
                "rule": _rule(event, names),
                "slack": slack,
                "notes": _notes(event, replaced),
            }
        )
    return rows


def with_attempts(rows: list[dict], told: Sequence[Attempt]) -> list[dict]:
    """The sheet with the classes that are no step of their own, numbered anew."""
    others = [
        {"name": one.name, "unit": one.unit, "on": one.on, "paper": one.document, "who": WHO, "by": "", "rule": None,
         "slack": None, "notes": one.notes, "is_attempt": True}
        for one in told
        if not one.is_step
    ]  # fmt: skip
    return [row | {"number": number} for number, row in enumerate(among(rows, others), 1)]


def _rule(event: StageEvent, names: Mapping[str, str]) -> dict | None:
    """The set a step was judged by, and the clause of its time limit, as the step keeps them."""
    if not event.rule_set:
        return None
    regime, _, version = event.rule_set.partition("/")
    timed = [row for row in event.verdict if row.get("gate") in Clock.values]
    name = names.get(regime, regime)
    short = name.removeprefix("Quy định ").partition(" ngày ")[0]  # in full once, below the table
    return {
        "name": short if version == "1" else f"{short}, phiên bản {version}",
        "full_name": name,
        "citation": (timed[0].get("citation") or OPEN_CITATION) if timed else "",
    }


def _notes(event: StageEvent, every: Mapping[int, StageEvent]) -> list[str]:
    """What a reader of the paper must know of a step: taken over, entered for the unit, put right since."""
    facts, notes = event.facts, []
    if facts.get(BACKFILLED) and event.step != Step.BACKFILLED:
        notes.append("nhập bù")
    if facts.get("stands_in"):
        notes.append("Ban Tổ chức nhập thay")
    if facts.get("delegated"):
        notes.append("theo ủy quyền")
    if event.step in WITH_REASON and facts.get("reason"):
        notes.append(str(facts["reason"]))
    count, one = 0, event
    while one.replaces_id and one.replaces_id in every:
        count, one = count + 1, every[one.replaces_id]
    if count:
        times = f"{count} lần, lần cuối" if count > 1 else "một lần,"
        notes.append(f"đã sửa {times} ngày {show_day(timezone.localtime(event.recorded_at).date())}")
    return notes
