"""What a person's admission decision says, read from the steps on record. The wording stands in reports/documents."""

from collections.abc import Sequence

from django.conf import settings

from candidates.models import Candidate, RuleSet, StageEvent
from candidates.pipeline import Step
from organizations.models import Kind, Organization
from organizations.permissions import Role
from reports.documents import Admitted, Decision, Proposal
from reports.issuer import Paper, committee_paper, committee_words, paper_for
from reports.standing_committee import SAMPLE

REPORTED = "báo cáo"  # a committee short of two thirds reports, and proposes nothing


def decision_of(candidate: Candidate) -> Decision | None:
    """The decision that counts; None before there is one, or once it was cancelled. Costs five queries at most."""
    live = candidate.events.filter(is_live=True).select_related("unit__grassroots__parent", "unit__parent")
    events = list(live.order_by("happened_on", "place"))
    place = next((i for i in reversed(range(len(events))) if _counts(events[i])), None)
    if place is None:
        return None
    decided, before = events[place], events[:place]
    unit = decided.unit.grassroots or decided.unit
    delegated = bool(decided.facts.get("delegated"))
    above = unit if delegated else unit.parent
    rules = RuleSet.objects.book().on(decided.happened_on)
    return Decision(
        paper=_paper(decided, unit, above, delegated=delegated),
        decider=_decider(above, delegated=delegated),
        person=Admitted(
            full_name=candidate.full_name,
            birth=candidate.birth,
            home_town=candidate.home_town,
            residence=candidate.residence,
            branch=_branch_words(decided.unit, unit),
        ),
        proposals=tuple(_proposals(before, unit, with_board=not delegated)),
        probation_months=rules and rules["probation_months"],
        ceremony_days=rules and rules["ceremony_days"],
        marks=(SAMPLE,) if settings.DEMO else (),
    )


def _counts(event: StageEvent) -> bool:
    return event.step == Step.DECIDED and event.is_counted


def _paper(decided: StageEvent, unit: Organization, above: Organization, *, delegated: bool) -> Paper:
    """The letterhead of who decides, with number and day of the decision."""
    number = f"Số {decided.facts['document']}"
    told = [f"{committee_words(unit)},"] if unit.form == "committee" and not delegated else []
    told += [f"{decided.unit.name},"]
    board = [f"{Role.ORGANIZATION_BOARD.label},"] if unit.parent.kind == Kind.DISTRICT else []
    make = paper_for if delegated else committee_paper
    return make(above, decided.happened_on, number=number, recipients=(*board, *told, "Lưu."))


def _decider(above: Organization, *, delegated: bool) -> str:
    """The whole committee where it decides by delegation, else the standing committee of the level above (domain 2)."""
    return committee_words(above) if delegated else f"Ban Thường vụ {committee_words(above)}"


def _branch_words(branch: Organization, unit: Organization) -> str:
    return branch.name if branch == unit else f"{branch.name}, {unit.name}"


def _proposals(before: Sequence[StageEvent], unit: Organization, *, with_board: bool):
    """The last resolution of each body before the decision, in the order of the road."""
    found = {event.step: event for event in before}
    if branch := found.get(Step.BRANCH_PASSED):
        yield _proposal(branch, branch.unit.name)
    both = [event for event in before if event.step in (Step.COMMITTEE_PASSED, Step.COMMITTEE_REPORTED)]
    if both and unit.form == "committee":
        kind = {"kind": REPORTED} if both[-1].step == Step.COMMITTEE_REPORTED else {}
        yield _proposal(both[-1], committee_words(both[-1].unit.grassroots or both[-1].unit), **kind)
    if with_board and (appraised := found.get(Step.APPRAISED)):
        yield _proposal(appraised, Role.ORGANIZATION_BOARD.label)


def _proposal(event: StageEvent, who: str, **kind) -> Proposal:
    return Proposal(who=who, document=event.facts.get("document", ""), on=event.happened_on, **kind)
