"""Which clock runs for a person, since when, and the day it ends. Pure: no database, no today.

Every stage between the dossier and the recognition has one clock. It runs from the last step that starts it, so a
return to the dossier or a cancelled decision needs no rule of its own. Sources: domain.md 1.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from candidates.pipeline import Past, Stage, Step
from candidates.rules import RuleBook, Rules
from candidates.working_days import DAY, Calendar
from vuthu_recruit.dates import months_after


class Clock(TextChoices):
    PAPERS = "papers", "Chi bộ họp xét khi giấy tờ còn giá trị"
    DECISION = "decision", "Ra quyết định kết nạp"
    CEREMONY = "ceremony", "Tổ chức lễ kết nạp"
    REVIEW = "review", "Chi bộ xét công nhận chính thức"
    RECOGNITION = "recognition", "Ra quyết định công nhận chính thức"


# Which clock a stage has, and the steps that start it: the last of them counts.
_DECISION = (Clock.DECISION, (Step.BRANCH_PASSED,))
_RECOGNITION = (Clock.RECOGNITION, (Step.RECOGNITION_PROPOSED,))
CLOCK_OF: dict[Stage, tuple[Clock, tuple[Step, ...]]] = {
    # Papers go stale when the branch has not considered them: each vote is a consideration (domain.md 1.4).
    Stage.DOSSIER: (Clock.PAPERS, (Step.DOSSIER, Step.BRANCH_VOTE_FAILED, Step.BRANCH_PASSED)),
    Stage.BRANCH_PASSED: _DECISION,
    Stage.COMMITTEE_PASSED: _DECISION,
    Stage.SUBMITTED: _DECISION,
    Stage.APPRAISED: _DECISION,
    Stage.DECIDED: (Clock.CEREMONY, (Step.DECIDED, Step.DECISION_RECEIVED)),
    Stage.ADMITTED: (Clock.REVIEW, (Step.ADMITTED,)),
    Stage.RECOGNITION_PROPOSED: _RECOGNITION,
    Stage.RECOGNITION_COMMITTEE_PASSED: _RECOGNITION,
}
STAGES_OF: dict[Clock, list[Stage]] = {
    clock: [stage for stage, (one, _) in CLOCK_OF.items() if one == clock] for clock in Clock
}


@dataclass(frozen=True)
class Limit:
    """How long a clock runs: months first, then working days; keys of rules.PARAMETERS."""

    months: str = ""
    days: str = ""
    extension: str = ""  # what an extension may add at most

    def end(self, since: date, rules: Rules, calendar: Calendar) -> date:
        day = months_after(since, rules[self.months]) if self.months else since
        return calendar.after(day, rules[self.days]) if self.days else day

    def latest_start(self, due: date, rules: Rules, calendar: Calendar) -> date:
        """The last day from which the clock ends on `due` or before: end(s) <= due exactly when s <= this."""
        day = calendar.latest_start(due, rules[self.days]) if self.days else due
        if not self.months:
            return day
        start = months_after(day, -rules[self.months])
        while months_after(start + DAY, rules[self.months]) <= day:
            start += DAY  # the last days of a long month end like the last of a short one
        return start


LIMITS: dict[Clock, Limit] = {
    Clock.PAPERS: Limit(months="papers_months"),
    Clock.DECISION: Limit(days="decision_days", extension="decision_extension"),
    Clock.CEREMONY: Limit(days="ceremony_days"),
    Clock.REVIEW: Limit(months="probation_months", days="review_days"),
    Clock.RECOGNITION: Limit(days="recognition_days", extension="recognition_extension"),
}


def latest_meeting(ceremony_by: date, book: RuleBook, calendar: Calendar) -> date | None:
    """The last day for the branch's meeting after which the ceremony falls by the day even if every level takes all
    its time: the whole limit for the decision, then the whole limit for the ceremony. None without a rule set."""
    day = ceremony_by
    for clock in (Clock.CEREMONY, Clock.DECISION):
        rules = book.on(day)
        if rules is None:
            return None
        day = LIMITS[clock].latest_start(day, rules, calendar)
    return day


@dataclass(frozen=True)
class Running:
    """A clock that runs: since when, and the day a signed extension gave it, if one did."""

    clock: Clock
    since: date
    until: date | None = None
    is_estimate: bool = False  # the day the decision was received is not known yet: counted from the decision

    def due(self, rules: Rules, calendar: Calendar) -> date:
        return self.until or LIMITS[self.clock].end(self.since, rules, calendar)


def running(stage: str, events: Sequence[Past]) -> Running | None:
    """The clock of whoever stands in a stage after these live events; None where none runs."""
    if stage not in CLOCK_OF:
        return None
    clock, starters = CLOCK_OF[Stage(stage)]
    places = [place for place, event in enumerate(events) if event.step in starters]
    if not places:
        return None
    started = events[places[-1]]
    may_extend = bool(LIMITS[clock].extension)
    extensions = [event for event in events[places[-1] :] if may_extend and event.step == Step.EXTENDED]
    until = date.fromisoformat(extensions[-1].facts["until"]) if extensions else None
    estimate = clock == Clock.CEREMONY and started.step == Step.DECIDED
    return Running(clock, started.happened_on, until, estimate)
