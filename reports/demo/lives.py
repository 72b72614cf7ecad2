"""A demo person's life: which kind, where, what happened when, which classes. Pure; the same seed, the same life."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from candidates.pipeline import BEFORE_SUBMISSION, Stage, Step
from reports.demo import days, paths
from reports.demo.courses import Session
from reports.demo.facts import facts_of, wrong_day
from reports.demo.ground import Grassroots, Ground, Spot, spot
from reports.demo.paths import Hop, Road

# Kind, share of everyone, at least so many (as far as there are people): every list has something in it.
KINDS = (
    ("waiting_board", 0.006, 3, paths.in_source),
    ("waiting_unit", 0.014, 4, paths.in_source),
    ("returned_now", 0.016, 3, paths.returned_now),
    ("at_branch", 0.006, 2, paths.at_branch),
    ("at_committee", 0.006, 2, paths.at_committee),
    ("at_the_board", 0.006, 2, paths.at_the_board),
    ("at_the_session", 0.01, 3, paths.at_the_session),
    ("expired", 0.035, 2, paths.in_source),
    ("overdue_decision", 0.008, 2, paths.overdue_decision),
    ("late_decision", 0.022, 2, paths.late_decision),
    ("cancelled_now", 0.0015, 1, paths.cancelled_now),
    ("stopped_now", 0.035, 3, paths.stopped_now),
    ("overdue_recognition", 0.008, 2, paths.overdue_recognition),
    ("overdue_ceremony", 0.003, 1, paths.overdue_ceremony),
    ("committee_reported", 0.008, 2, paths.committee_reported),
    ("vote_failed_now", 0.006, 1, paths.vote_failed_now),
    ("moved_unit", 0.018, 2, paths.moved_unit),
    ("moved_branch", 0.018, 2, paths.moved_branch),
    ("moved_away", 0.018, 2, paths.moved_away),
    ("struck_off", 0.006, 1, paths.struck_off),
    ("struck_off_before", 0.001, 1, paths.struck_off_before),
    ("readmitted", 0.001, 1, paths.at_branch),
    ("cancelled_then_again", 0.0025, 1, paths.cancelled_then_again),
    ("deferred", 0.01, 1, paths.deferred),
    ("merged", 0.002, 1, paths.in_source),
    ("cleared", 0.002, 1, paths.in_source),
    ("withdrawn", 0.003, 1, paths.in_source),
    ("declined", 0.003, 1, paths.in_source),
    ("failed_class", 0.02, 2, paths.ordinary),
    ("dropped_class", 0.01, 1, paths.ordinary),
    ("no_result", 0.006, 1, paths.in_source),
    ("running_class", 0.03, 3, paths.in_source),
    ("coming_class", 0.02, 2, paths.in_source),
    ("expiring", 0.02, 2, paths.in_source),
    ("backfilled", 0.01, 3, paths.backfilled),
    ("long_source", 0.06, 2, paths.in_source),
    ("corrected", 0.015, 2, paths.corrected),
    ("no_branch", 0.015, 2, paths.in_source),
    ("returned_then_decided", 0.04, 2, paths.returned_then_decided),
    ("vote_failed_then_passed", 0.008, 1, paths.vote_failed_then_passed),
    ("stopped_then_reopened", 0.012, 1, paths.stopped_then_reopened),
    ("late_ceremony", 0.008, 1, paths.late_ceremony),
    ("recognition_vote_failed", 0.004, 1, paths.recognition_vote_failed),
)
PATH = {name: path for name, _, _, path in KINDS} | {"ordinary": paths.ordinary}
MATCHED = ("waiting_board", "merged", "cleared")  # alike someone else, so they come last
LAST = (*MATCHED, "readmitted")  # who comes after everyone else: alike somebody, or somebody known before
DRAFTS = ("waiting_board", "waiting_unit", "merged", "declined")  # nothing happened to them
OF_THE_CENTRE = (Step.TRAINED,)
RESOLUTIONS = (Step.BRANCH_PASSED, Step.RECOGNITION_PROPOSED)
OF_THE_BOARD = (
    Step.RETURNED,
    Step.DEFERRED,
    Step.EXTENDED,
    Step.DECISION_CANCELLED,
    Step.MOVED_AWAY,
    Step.STRUCK_OFF,
)
RESULTS = (("excellent", 4), ("very_good", 34), ("good", 48), ("average", 14))


@dataclass(frozen=True)
class Happening:
    """One event to be. `who` is a role of the cast; `first_said` the wrong day a correction put right."""

    step: Step
    on: date
    spot: Spot
    facts: dict
    who: str
    unit: Grassroots
    first_said: date | None = None


@dataclass(frozen=True)
class Attendance:
    session: Session
    state: str = "finished"
    result: str = ""
    spot: Spot | None = None

    @property
    def has_certificate(self) -> bool:
        return self.state == "finished" and self.result != "failed"


@dataclass
class Life:
    """One person: where they began, and what happened by today."""

    index: int
    kind: str
    rng: Random
    unit: Grassroots
    spot: Spot
    entered_on: date
    happenings: list[Happening] = field(default_factory=list)
    attendances: list[Attendance] = field(default_factory=list)

    @property
    def last(self) -> Happening | None:
        return self.happenings[-1] if self.happenings else None

    def day_of(self, step: Step) -> date | None:
        return next((one.on for one in self.happenings if one.step == step), None)


def kinds(seed: int, count: int) -> list[str]:
    """The kind of each person: the rare ones first get their least number, then all are shuffled.

    Whoever is compared with another, or was struck off before, comes after everyone else.
    """
    found = [name for name, _, least, _ in KINDS for _ in range(least)]
    found += [name for name, share, least, _ in KINDS for _ in range(round(share * count) - least)]
    found = found[: count * 3 // 5]
    found += ["ordinary"] * (count - len(found))
    Random(f"{seed}:kinds").shuffle(found)
    return sorted(found, key=lambda kind: kind in LAST)


def lives(seed: int, count: int, ground: Ground, awareness: list[Session], later: list[Session]) -> Iterator[Life]:
    """Everyone, in order."""
    for index, kind in enumerate(kinds(seed, count)):
        yield _Maker(seed, index, kind, ground, awareness, later).life()


class _Maker:
    """Makes one life; holds what its parts share."""

    def __init__(self, seed, index, kind, ground: Ground, awareness, later):
        self.rng = Random(f"{seed}:life:{index}")
        self.index, self.kind, self.ground, self.today = index, kind, ground, ground.today
        self.awareness, self.later = awareness, later
        self.decided_on = ground.decision_day(self.rng, index)
        self.unit = ground.unit(self.rng, self.decided_on.year)
        if kind == "no_branch":
            committees = [unit for unit in ground.units if unit.form == "committee"]
            self.unit = self.rng.choice(committees) if committees else self.unit
        if kind in ("waiting_unit", "declined"):
            introducing = [unit for unit in ground.units if unit.bodies]
            self.unit = self.rng.choice(introducing) if introducing else self.unit
        self.spot = spot(self.rng, self.unit)

    def life(self) -> Life:
        road = Road(self.rng, self.unit.form, self.today, self.decided_on, self.unit.has_branches)
        plan = paths.dated(self.rng, PATH[self.kind](road))
        if self.kind == "backfilled":
            taken_over = Life(self.index, self.kind, self.rng, self.unit, self.spot, plan[0][1])
            taken_over.happenings = self._happenings(plan)
            return taken_over
        attendances, source_on = self._school(plan[0][1] if plan else None)
        if self.kind == "no_branch":
            self.spot = Spot(self.unit.unit, self.unit.slug, self.unit.short_name, self.unit.sector, 0)
        life = Life(self.index, self.kind, self.rng, self.unit, self.spot, source_on)
        life.attendances = attendances
        if self.kind in DRAFTS:
            life.attendances = []
            return life
        steps = [(Hop(self._first_step()), source_on)]
        certificates = [one.session.issued_on for one in attendances if one.has_certificate]
        if certificates:
            steps.append((Hop(Step.TRAINED), min(certificates)))
        life.happenings = self._happenings([*steps, *plan] if certificates else steps)
        self._new_member_class(life)
        return life

    def _first_step(self) -> Step:
        introduced = self.unit.bodies and self.rng.random() < 0.4
        return Step.ACCEPTED if introduced or self.kind == "cleared" else Step.SOURCE

    def _school(self, first: date | None) -> tuple[list[Attendance], date]:
        """The classes and the day of entry, which is before the first class."""
        chosen = self._sessions(first)
        found = []
        for number, session in enumerate(chosen):
            if not session.is_on_the_books(self.today):
                break
            found.append(self._attendance(session, is_last=number == len(chosen) - 1))
        if not chosen:
            low, high = (200, 1400) if self.kind == "long_source" else (2, 160)
            return [], days.earlier(self.rng, self.today, low, high)
        opened = days.on_or_after(self.spot.unit.opened_on)
        source_on = max(days.earlier(self.rng, chosen[0].from_on, 18, 220), opened)
        if source_on > self.today:
            return [], days.earlier(self.rng, self.today, 2, 60)
        return found, source_on

    def _attendance(self, session: Session, *, is_last: bool) -> Attendance:
        if not session.is_finished(self.today) or self.kind == "no_result":
            return Attendance(session, "enrolled", spot=self.spot)
        if not is_last and self.kind == "dropped_class":
            return Attendance(session, "dropped", spot=self.spot)
        if not is_last:
            return Attendance(session, "finished", "failed", self.spot)
        names, weights = zip(*RESULTS, strict=True)
        return Attendance(session, "finished", self.rng.choices(names, weights)[0], self.spot)

    def _sessions(self, first: date | None) -> list[Session]:
        """Which classes, oldest first; with a dossier, one that ended before it."""
        finished = [one for one in self.awareness if one.is_finished(self.today)]
        due = days.months_before(self.today, 60)
        pools = {
            "expired": [one for one in finished if one.issued_on < due],
            "expiring": [one for one in finished if due < one.issued_on <= days.months_before(self.today, 53)],
            "running_class": [one for one in self.awareness if one.from_on <= self.today < one.issued_on],
            "coming_class": [one for one in self.awareness if self.today < one.from_on][:1],
            "no_result": finished[-1:],
            "no_branch": finished[-2:],
        }
        if self.kind in pools:
            return [self.rng.choice(pools[self.kind])] if pools[self.kind] else []
        if first is None:
            return []
        before = [one for one in self.awareness if one.issued_on <= first - timedelta(days=7)][-3:]
        if not before:
            return []
        chosen = self.rng.choices(before, range(1, 2 * len(before), 2))[0]
        earlier = [one for one in self.awareness if one.to_on < chosen.from_on]
        repeats = self.kind in ("failed_class", "dropped_class") and earlier
        return [earlier[-1], chosen] if repeats else [chosen]

    def _happenings(self, steps: list[tuple[Hop, date]]) -> list[Happening]:
        """Events up to today, each with its facts, its place and whoever records it."""
        found, here, unit, stage = [], self.spot, self.unit, None
        correct = self.kind == "corrected"
        for hop, on in steps:
            if on > self.today:
                break
            was = unit
            if hop.step == Step.MOVED:
                unit = self.ground.other_unit(self.rng, unit) if hop.to == "unit" else unit
                here = spot(self.rng, unit, but=here)
                if found and found[-1].spot is here:
                    continue
            stage = hop.step.value if hop.step.value in Stage.values else stage
            said = None
            if correct and hop.step in (Step.BRANCH_PASSED, Step.DECIDED):
                said, correct = max(wrong_day(self.rng, on), found[-1].on), self.rng.random() < 0.2
            before = found[-1].on if found else on
            resolved = next((one.on for one in reversed(found) if one.step in RESOLUTIONS), on)
            facts = facts_of(self.rng, hop.step, on, here, unit, before, resolved) | hop.facts
            who = "decider" if self.kind in ("cleared", "backfilled") else _who(hop.step, stage, was is not unit)
            found.append(Happening(hop.step, on, here, facts, who, unit, said if said != on else None))
        return found

    def _new_member_class(self, life: Life) -> None:
        """The class of the probation year, when one was held in time."""
        admitted = life.day_of(Step.ADMITTED)
        if admitted is None or life.last.step == Step.STRUCK_OFF:
            return
        end = life.day_of(Step.RECOGNITION_PROPOSED) or self.today
        fitting = [one for one in self.later if admitted < one.from_on and one.issued_on <= end]
        if fitting:
            result = self.rng.choices([name for name, _ in RESULTS], [weight for _, weight in RESULTS])[0]
            life.attendances.append(Attendance(fitting[0], "finished", result, life.last.spot))


def _who(step: Step, stage: str | None, between_units: bool) -> str:
    if step in OF_THE_CENTRE:
        return "center"
    if step == Step.APPRAISED:
        return "appraiser"
    if step in (Step.DECIDED, Step.OFFICIAL):
        return "decider"
    late = stage is not None and Stage(stage) not in BEFORE_SUBMISSION
    if step in OF_THE_BOARD or between_units or (step in (Step.STOPPED, Step.REOPENED) and late):
        return "appraiser"
    return "officer"
