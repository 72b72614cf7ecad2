"""What the steps of demo people record: numbers of documents, votes, days of receipt. Pure."""

from datetime import date, timedelta
from random import Random

from candidates.pipeline import Step
from reports.demo import days
from reports.demo.ground import Grassroots, Spot

PASSED = (Step.BRANCH_PASSED, Step.RECOGNITION_PROPOSED)
PASSED_ABOVE = (Step.COMMITTEE_PASSED, Step.RECOGNITION_COMMITTEE_PASSED)
DOCUMENTS = {
    Step.SUBMITTED: ("CV/ĐU", 90),
    Step.APPRAISED: ("TTr/BTC", 120),
    Step.DECIDED: ("QĐ/HU", 1400),
    Step.DECISION_CANCELLED: ("QĐ/HU", 1400),
    Step.OFFICIAL: ("QĐ/HU", 1400),
    Step.STRUCK_OFF: ("QĐ/HU", 1400),
}


def number(rng: Random, on: date, kind: str, a_year: int) -> str:
    """`1024-QĐ/HU`: the later in the year, the higher."""
    so_far = a_year * on.timetuple().tm_yday // 366
    return f"{max(1, so_far + rng.randint(-2, 3)):02d}-{kind}"


def vote(rng: Random, members: int, *, passed: bool = True) -> dict:
    """Most votes are unanimous or nearly so."""
    enough = -(-2 * members // 3)
    if not passed:
        return {"members": members, "votes": max(0, enough - rng.randint(1, max(1, members // 6)))}
    return {"members": members, "votes": max(enough, members - rng.choice((0, 0, 0, 1, 1, 2, 3)))}


def facts_of(rng: Random, step: Step, on: date, spot: Spot, unit: Grassroots, before: date, resolved: date) -> dict:
    """Complete facts of a step; what a fault decides (reasons, redo) comes with the hop.

    `before` is the day of the step before, `resolved` that of the branch's last resolution.
    """
    members = max(3, spot.members - rng.choice((0, 0, 1, 2)))
    if step in PASSED:
        return {"document": number(rng, on, "NQ/CB", 24)} | vote(rng, members)
    if step == Step.BRANCH_VOTE_FAILED:
        return vote(rng, members, passed=False)
    if step in PASSED_ABOVE:
        return {"document": number(rng, on, "NQ/ĐU", 60)} | vote(rng, unit.committee_size)
    if step == Step.COMMITTEE_REPORTED:
        return {"document": number(rng, on, "BC/ĐU", 60)} | vote(rng, unit.committee_size, passed=False)
    if step == Step.DOSSIER:
        return {"document": number(rng, on, "NQ/CB", 24)} if rng.random() < 0.6 else {}
    if step == Step.ADMITTED:
        received = days.on_or_before(before + timedelta(days=rng.randint(1, 6)))
        return {"received_on": min(max(received, before), on).isoformat()}
    if step == Step.EXTENDED:
        until = days.on_or_after(resolved + timedelta(days=rng.randint(100, 120)))  # between 60 and 90 working days
        signed = {"document": number(rng, on, "CV/HU", 300), "signer": "Phó Bí thư Thường trực Huyện ủy"}
        return {"until": until.isoformat()} | signed
    if step in DOCUMENTS:
        kind, a_year = DOCUMENTS[step]
        kind = "CV/CB" if unit.form == "cell" and kind == "CV/ĐU" else kind
        return {"document": number(rng, on, kind, a_year)}
    return {}


def wrong_day(rng: Random, on: date) -> date:
    """The day as it was first typed: some days off, or a month."""
    return on - timedelta(days=rng.choice((1, 2, 9, 10, 28, 30)))
