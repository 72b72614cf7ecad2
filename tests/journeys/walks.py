"""Random lives on the pure table, and one illegal move of each kind. Knows the order of stages by its own table."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from candidates.choices import HowLeft
from candidates.dossier import Dossier, Form, Holder, Paper, Renewal
from candidates.gates import Attempt, Introduction, Record, Story, refusals
from candidates.pipeline import Actor, Past, Stage, Step, Unit
from candidates.readmission import Former
from organizations.permissions import Permission as P
from tests.rules import BOOK, CALENDAR
from vuthu_recruit.dates import PartialDate, months_after

TODAY = date(2024, 11, 18)
BOARD = frozenset({P.STEP_BOARD, P.CLASS_EDIT, P.CANDIDATE_EDIT})
OFFICER = frozenset({P.STEP_BRANCH, P.STEP_COMMITTEE, P.CANDIDATE_EDIT})
BRANCH = frozenset({P.STEP_BRANCH, P.CANDIDATE_EDIT})

# The order of design.md 5, written out once more by hand.
FORWARD_COMMITTEE = {
    "source": ["trained"],
    "trained": ["dossier"],
    "dossier": ["branch_passed"],
    "branch_passed": ["committee_passed", "committee_reported"],
    "committee_passed": ["submitted"],
    "submitted": ["appraised"],
    "appraised": ["decided"],
    "decided": ["admitted"],
    "admitted": ["recognition_proposed"],
    "recognition_proposed": ["recognition_committee_passed"],
    "recognition_committee_passed": ["official"],
    "official": [],
}
FORWARD_CELL = FORWARD_COMMITTEE | {"branch_passed": ["submitted"], "recognition_proposed": ["official"]}
STAGE_AFTER = {step: step for step in FORWARD_COMMITTEE} | {"committee_reported": "committee_passed"}
WHO = {
    "source": OFFICER, "accepted": OFFICER, "backfilled": BOARD, "trained": BOARD, "dossier": BRANCH,
    "branch_passed": BRANCH, "branch_vote_failed": BRANCH, "committee_passed": OFFICER,
    "committee_reported": OFFICER, "submitted": OFFICER,
    "returned": BOARD, "appraised": BOARD, "deferred": BOARD, "decided": BOARD, "decision_cancelled": BOARD,
    "decision_received": BRANCH, "admitted": OFFICER, "extended": BOARD,
    "recognition_proposed": BRANCH, "recognition_committee_passed": OFFICER, "official": BOARD,
    "stopped": BOARD, "reopened": BOARD, "moved": OFFICER, "moved_away": BOARD, "struck_off": BOARD,
}  # fmt: skip
# What starts the limit an extension lengthens, and its working days; by domain.md 1.4.
LIMITED = {
    "branch_passed": ("branch_passed", 60), "committee_passed": ("branch_passed", 60),
    "submitted": ("branch_passed", 60), "appraised": ("branch_passed", 60),
    "recognition_proposed": ("recognition_proposed", 30),
    "recognition_committee_passed": ("recognition_proposed", 30),
}  # fmt: skip
# The illegal moves tried; the first six on the order, dates, votes and rights, the others by the rule book.
KINDS = {
    *("skip", "wrong role", "earlier date", "future", "low vote as passed", "wrong unit"),
    *("vote before the end of probation", "extension too long"),
    "backfilled later",
}
# Against the record and the papers; the database has its own tests of these.
RECORD_KINDS = {
    *("introducers known too briefly", "again within three years", "barred for ever"),
    *("papers gone stale", "a paper missing", "a point not answered", "no consent of the level above"),
}
PAPERS = (
    Form("1-knd", "1-KNĐ", "Đơn xin vào Đảng", Step.BRANCH_PASSED),
    Form("5-knd", "5-KNĐ", "Nhận xét", Step.BRANCH_PASSED, renewal=Renewal.REDO),
)
# Tried on lives that begin with a decision taken over from paper, which the database writes at once.
BACKFILL_KINDS = {"backfilled by the unit", "backfilled too late", "decision without a vote"}
LAST_BACKFILLED = date(2021, 12, 31)
WHY = "Lý do ghi đủ dài để đọc hiểu"


def unit(key: int, grassroots: int, form: str) -> Unit:
    return Unit(key, grassroots, form, holds_people=True, opened_on=date(2015, 1, 1))


COMMITTEE_UNITS = [unit(11, 1, "committee"), unit(12, 1, "committee")]
CELL_UNITS = [unit(20, 20, "cell")]


def facts_for(step: str, rng: random.Random, form: str, on: date, received: date | None = None) -> dict:
    """Complete and true facts of a step; votes by the exact two thirds."""
    received_on = (received or on).isoformat()
    members = rng.randint(3, 30)
    enough = -(-2 * members // 3)
    passed = {"document": "05-NQ", "members": members, "votes": rng.randint(enough, members)}
    failed = {"document": "05-BC", "members": members, "votes": rng.randint(0, enough - 1)}
    redo = ["nothing", "branch"] + (["committee"] if form == "committee" else [])
    return {
        "branch_passed": passed,
        "committee_passed": passed,
        "recognition_proposed": passed,
        "recognition_committee_passed": passed,
        "branch_vote_failed": failed,
        "committee_reported": failed,
        "trained": {"document": "101/CN"},
        "returned": {"redo_from": rng.choice(redo), "reason": WHY},
        "deferred": {"outcome": rng.choice(["consult", "hold"]), "reason": WHY},
        "admitted": {"received_on": received_on},
        "extended": {"document": "15-CV/HU", "signer": "Bí thư Huyện ủy", "reason": WHY},
        "decision_received": {"note": "Nhận qua văn thư"},
        "moved_away": {"destination": "Tỉnh khác", "reason": WHY},
        "decision_cancelled": {"document": "9-QĐ", "reason": WHY},
        "struck_off": {"document": "9-QĐ", "reason": WHY},
        "stopped": {"reason": WHY},
        "reopened": {"reason": WHY},
        "moved": {"reason": WHY},
    }.get(step, {"document": "77-VB"})


def received_long_ago(step: str, received: date | None, day: date) -> bool:
    """A ceremony later than 30 working days after the receipt needs a consent."""
    return step == "admitted" and received is not None and day > CALENDAR.after(received, 30)


@dataclass
class Life:
    """One random life as it goes, with the standing its own small table says it has."""

    rng: random.Random
    units: list[Unit]
    birth: PartialDate = PartialDate(1990, 5, 12)
    events: list[Past] = field(default_factory=list)
    stage: str = ""
    status: str = ""
    here: Unit = None
    failed_votes: int = 0
    has_left: bool = False  # was a member before, long enough ago

    @property
    def form(self) -> str:
        return self.units[0].form

    @property
    def forward(self) -> dict:
        return FORWARD_CELL if self.form == "cell" else FORWARD_COMMITTEE

    @property
    def last_day(self) -> date:
        return self.events[-1].happened_on if self.events else date(2021, 1, 4)

    def choices(self) -> list[str]:
        """What may come next, by the words of the design."""
        if not self.events:
            return ["source", "accepted", "backfilled"]
        if self.status in ("moved_away", "struck_off"):
            return []
        if self.status == "stopped":
            return ["reopened", "moved", "moved_away"] if len(self.units) > 1 else ["reopened", "moved_away"]
        if self.stage == "official":
            return []
        steps = list(self.forward[self.stage]) * 6
        if self.stage == "dossier" or (self.stage == "admitted" and self.failed_votes < 3):
            steps.append("branch_vote_failed")
        if self.stage == "admitted" and self.failed_votes >= 3:
            steps += ["official"] * 3
        if self.status == "open" and self.stage in ("submitted", "appraised"):
            steps.append("returned")
        if self.has_no_vote and self.stage == "appraised" and self.last_day > LAST_BACKFILLED:
            steps = [step for step in steps if step != "decided"]
        if self.has_no_vote and self.stage == "admitted":
            steps.append("official")
        if self.status == "open" and self.stage == "appraised" and not self.has_no_vote:
            steps.append("deferred")
        if self.stage == "decided":
            steps.append("decision_cancelled")
            since = [event.step for event in self.events]
            if "decision_received" not in since[len(since) - since[::-1].index("decided") :]:
                steps.append("decision_received")
        if self.may_extend:
            steps.append("extended")
        if self.stage in ("admitted", "recognition_proposed", "recognition_committee_passed"):
            steps += ["struck_off"] * (self.rng.random() < 0.1)
        steps += ["stopped"] * (self.rng.random() < 0.3)
        steps += ["moved_away"] * (self.rng.random() < 0.05)
        steps += ["moved"] * (len(self.units) > 1)
        return [step for step in steps if self.earliest(step) <= TODAY]

    @property
    def has_no_vote(self) -> bool:
        """The life begins with a decision taken over from paper, and the branch has not voted since."""
        steps = [event.step for event in self.events]
        return steps[:1] == ["backfilled"] and "branch_passed" not in steps

    def last_of(self, step: str) -> date:
        return next(event.happened_on for event in reversed(self.events) if event.step == step)

    def earliest(self, step: str) -> date:
        """The first day a step may bear: recognition is voted on after twelve months of probation."""
        if self.stage == "admitted" and step in ("recognition_proposed", "branch_vote_failed"):
            return max(self.last_day, months_after(self.last_of("admitted"), 12))
        return self.last_day

    @property
    def received(self) -> date | None:
        """When the decision that counts was received, if that was recorded."""
        for event in reversed(self.events):
            if event.step in ("decided", "decision_received"):
                return event.happened_on if event.step == "decision_received" else None
        return None

    @property
    def may_extend(self) -> bool:
        """A clock runs that may be extended, and there is still a day to extend it to."""
        return self.stage in LIMITED and not self.has_no_vote and self.last_day < self.longest() - timedelta(days=20)

    def longest(self) -> date:
        """The last day an extension of the clock that runs may reach."""
        starter, days = LIMITED[self.stage]
        return CALENDAR.after(self.last_of(starter), days + 30)

    @property
    def record(self) -> Record:
        # Who is taken over from paper and sent back to the branch holds a certificate the system never saw.
        trained = tuple(event.happened_on for event in self.events if event.step in ("trained", "backfilled"))
        known = Introduction(date(2020, 1, 1), together_since=PartialDate(2015))
        former = Former(date(2016, 3, 1)) if self.has_left else None
        return Record(
            self.birth, "lower_secondary", certificates=trained, introducers=(known, known), former=former,
            dossier=self.dossier(),
        )  # fmt: skip

    def dossier(self, *, without: str = "", dated_on: date | None = None) -> Dossier:
        """Both papers are there; `without` one of them, or one made on a day."""
        papers = [Paper(form.key, dated_on=dated_on) for form in PAPERS if form.key != without]
        return Dossier(PAPERS, tuple(papers), Holder(), None)

    def attempt(self, step: str, *, on: date | None = None, facts=None, rights=None, to: Unit | None = None) -> Attempt:
        day = on or min(TODAY, self.earliest(step) + timedelta(days=self.rng.randint(0, 90)))
        if step == "decided" and self.has_no_vote and on is None:
            day = min(day, LAST_BACKFILLED)
        target = to or (self.other_unit() if step == "moved" else self.here or self.units[0])
        story = Story(tuple(self.events), {u.key: u for u in self.units}, self.record)
        if facts is None:
            facts = facts_for(step, self.rng, self.form, day, self.received)
            if received_long_ago(step, self.received, day):
                facts["late_consent"] = "40-CV/HU"
            if step == "extended" and self.may_extend:
                until = self.longest() - timedelta(days=self.rng.randint(0, 20))
                facts["until"], day = until.isoformat(), min(day, until)
            if self._is_taken_over(step, rights):
                facts, rights = {"document": "315-QĐ/HU", "backfilled": True}, rights or BOARD
            elif step == "returned" and self.has_no_vote:
                facts["redo_from"] = "branch"
            if step == "decided" and self.has_left:
                facts["readmission_consent"] = "12-CV/TU"
        actor = Actor(WHO[step] if rights is None else rights, key=1)
        return Attempt(story, Step(step), day, facts, TODAY, actor, target, BOOK, CALENDAR)

    def _is_taken_over(self, step: str, rights) -> bool:
        """The first step and the decision are always told by the paper, the ceremony as it comes."""
        if step == "backfilled":
            return True
        if not self.has_no_vote:
            return False
        return step == "decided" or (step == "admitted" and rights is None and self.rng.random() < 0.5)

    def other_unit(self) -> Unit:
        return next(u for u in self.units if u.key != self.here.key)

    def follow(self, attempt: Attempt) -> None:
        """Take the step into the life by this file's own bookkeeping."""
        step = str(attempt.step)
        self.events.append(
            Past(attempt.step, attempt.happened_on, attempt.unit.key, attempt.facts, len(self.events) + 1)
        )
        if step == "returned":
            redo = attempt.facts["redo_from"]
            cell = self.form == "cell"
            resume = {"branch": "dossier", "committee": "branch_passed"}.get(
                redo, "branch_passed" if cell else "committee_passed"
            )
            self.stage, self.status = resume, "returned"
        elif step in ("stopped", "moved_away", "struck_off"):
            self.status = step
        elif step == "decision_cancelled":
            self.stage, self.status = "appraised", "stopped"
        elif step == "moved":
            self.here = attempt.unit
        elif step in ("branch_vote_failed", "extended"):
            pass  # no step forward: stage and status stay
        else:
            self.stage, self.status = STAGE_AFTER.get(step, self.stage), "open"
        if step in ("source", "accepted", "backfilled"):
            self.stage, self.here = "appraised" if step == "backfilled" else "source", attempt.unit
        if step == "admitted":
            self.failed_votes = 0
        if step == "branch_vote_failed":
            self.failed_votes += 1


def illegal_moves(life: Life) -> list[tuple[str, Attempt, str]]:
    """One of each kind that makes sense here: (kind, attempt, a code the answer must contain)."""
    rng, moves = life.rng, []
    order = [s for s in Stage.values if life.form == "committee" or "committee" not in s]
    ahead = order[order.index(life.stage) + 2 :]
    if life.stage == "admitted" and (life.failed_votes >= 3 or life.has_no_vote):
        ahead = [s for s in ahead if s != "official"]
    if ahead:
        moves.append(("skip", life.attempt(rng.choice(ahead)), "wrong_stage"))
    moves.append(("backfilled later", life.attempt("backfilled", on=life.last_day), "already_entered"))
    if life.has_no_vote and life.stage == "appraised":
        unmarked = life.attempt("decided", on=life.last_day, facts={"document": "77-VB"})
        moves.append(("decision without a vote", unmarked, "no_vote"))
    nexts = [s for s in life.forward[life.stage] if life.status in ("open", "returned")]
    if not nexts:
        return moves
    step = nexts[0]
    rights = frozenset({P.CANDIDATE_VIEW}) if rng.random() < 0.5 else (BOARD if WHO[step] != BOARD else OFFICER)
    moves.append(("wrong role", life.attempt(step, rights=rights), "wrong_role"))
    moves.append(("earlier date", life.attempt(step, on=life.last_day - timedelta(days=1)), "before_previous"))
    future = TODAY + timedelta(days=rng.randint(1, 400))
    moves.append(("future", life.attempt(step, on=future), "in_future"))
    voting = [s for s in nexts if "members" in facts_for(s, rng, life.form, TODAY) and s != "committee_reported"]
    if voting:
        low = {"document": "05-NQ", "members": 12, "votes": 7}
        moves.append(("low vote as passed", life.attempt(voting[0], facts=low), "below_two_thirds"))
    if life.stage == "admitted" and months_after(life.last_of("admitted"), 12) > life.last_day:
        early = months_after(life.last_of("admitted"), 12) - timedelta(days=1)
        moves.append(("vote before the end of probation", life.attempt(step, on=early), "probation"))
    if life.may_extend:
        far = facts_for("extended", rng, life.form, TODAY) | {"until": (life.longest() + timedelta(days=1)).isoformat()}
        moves.append(("extension too long", life.attempt("extended", on=life.last_day, facts=far), "extension"))
    strange = unit(99, 99, life.form)
    moves.append(("wrong unit", life.attempt(step, to=strange), "wrong_unit"))
    return moves


def illegal_records(life: Life) -> list[tuple[str, Attempt, str]]:
    """The step that comes next, taken for a record that speaks against it: (kind, attempt, a code of the answer)."""
    if life.status not in ("open", "returned") or life.has_no_vote:
        return []
    moves, day = [], life.last_day
    if life.stage == "dossier":
        brief = Introduction(date(2020, 1, 1), together_since=PartialDate.from_date(months_after(day, -11)))
        late, barred = Former(months_after(day, -35)), Former(date(2010, 1, 1), how=HowLeft.STAYED_AWAY)
        # A month more than twelve before the first day anybody voted: no vote since helps an older paper.
        first = next((event.happened_on for event in life.events if "branch" in event.step), day)
        old = life.dossier(dated_on=months_after(min(first, day), -13))
        moves += [
            ("introducers known too briefly", {"introducers": (brief, brief)}, "together"),
            ("again within three years", {"former": late}, "readmission"),
            ("barred for ever", {"former": barred}, "readmission"),
            ("papers gone stale", {"dossier": old}, "papers"),
        ]
    sends = [step for step in life.forward[life.stage] if step == "submitted"]
    if sends:
        moves.append(("a paper missing", {"dossier": life.dossier(without="5-knd")}, "dossier"))
        moves.append(("a point not answered", {"open_points": ("5-KNĐ: thiếu chữ ký",)}, "dossier"))
    if life.stage == "appraised" and life.status == "open":
        moves.append(("no consent of the level above", {"former": Former(date(2016, 3, 1))}, "readmission_consent"))
    step = life.forward[life.stage][0] if moves else ""
    return [(kind, _with_record(life, life.attempt(step, on=day, facts=_plain(life, step, day)), changed), code)
            for kind, changed, code in moves]  # fmt: skip


def _plain(life: Life, step: str, day: date) -> dict:
    """The facts of a step without a consent."""
    return facts_for(step, life.rng, life.form, day)


def _with_record(life: Life, attempt: Attempt, changed: dict) -> Attempt:
    return replace(attempt, story=replace(attempt.story, record=replace(life.record, **changed)))


def illegal_first_moves(life: Life) -> list[tuple[str, Attempt, str]]:
    """Before anything happened: only the Board takes over from paper, and only decisions of 2020 and 2021."""
    late = LAST_BACKFILLED + timedelta(days=life.rng.randint(1, 400))
    return [
        ("backfilled by the unit", life.attempt("backfilled", rights=OFFICER), "wrong_role"),
        ("backfilled too late", life.attempt("backfilled", on=late), "not_of_those_years"),
    ]


def walk(seed: int, steps: int = 30):
    """Yield (life, attempt) for every legal step of one random life, before it is followed."""
    rng = random.Random(seed)
    life = Life(rng, CELL_UNITS if rng.random() < 0.25 else COMMITTEE_UNITS)
    life.has_left = rng.random() < 0.2
    for _ in range(rng.randint(3, steps)):
        choices = life.choices()
        if not choices:
            return
        attempt = life.attempt(rng.choice(choices))
        yield life, attempt
        life.follow(attempt)


def with_story(attempt: Attempt) -> Attempt:
    """The unit of the attempt must be known to the story."""
    units = dict(attempt.story.units) | {attempt.unit.key: attempt.unit}
    return replace(attempt, story=replace(attempt.story, units=units))


def codes(attempt: Attempt) -> set[str]:
    return {refusal.code for refusal in refusals(with_story(attempt))}
