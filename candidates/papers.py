"""The dossier of one person, read from rows: the catalogue, the papers typed, and what the record proves already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from candidates.dossier import Dossier, Form, Holder, Paper, Source, applying
from candidates.models import Appraisal, Candidate, DossierForm, DossierItem, Enrolment, ReturnedPoint
from candidates.pipeline import RedoFrom, Step
from candidates.rules import Rules
from organizations.models import Kind

# A return to these undoes the resolution; a cancelled decision is none.
_UNDONE_BY = {
    Step.BRANCH_PASSED: (RedoFrom.BRANCH,),
    Step.COMMITTEE_PASSED: (RedoFrom.BRANCH, RedoFrom.COMMITTEE),
    Step.COMMITTEE_REPORTED: (RedoFrom.BRANCH, RedoFrom.COMMITTEE),
}
_ALSO = {Step.COMMITTEE_PASSED: Step.COMMITTEE_REPORTED}  # a report upward is the committee's paper too


@dataclass(frozen=True)
class Known:
    """What the catalogue and the rows of one person say, loaded."""

    forms: tuple[DossierForm, ...]
    items: tuple[DossierItem, ...]


def known_papers(candidate: Candidate) -> Known:
    """Two queries."""
    return Known(
        tuple(DossierForm.objects.filter(is_active=True)),
        tuple(candidate.papers.select_related("form")),
    )


def read_dossier(
    candidate: Candidate,
    known: Known,
    *,
    events: Sequence,
    enrolments: Iterable[Enrolment],
    rules: Rules | None,
    holder: Holder | None = None,
) -> Dossier:
    """The dossier as the rules read it. `events`: pipeline.Past, live, in order. A query for a unit below a section.

    `holder`: where it is known already, who would otherwise be read from the candidate and the unit.
    """
    holder = holder or holder_of(candidate, rules)
    forms = applying((row.form for row in known.forms), holder, rules.regime if rules else "")
    typed = {form.key for form in forms if form.source == Source.PAPER}
    papers = [item.paper for item in known.items if item.form.key in typed]
    held = list(enrolments)
    papers += [paper for form in forms if (paper := _proved(form, candidate, events, held))]
    return Dossier(forms, tuple(papers), holder, candidate.stage or None, _days(events))


def holder_of(candidate: Candidate, rules: Rules | None) -> Holder:
    unit = candidate.unit
    grassroots = unit.grassroots or unit
    by_body = candidate.is_youth_union_member or candidate.is_trade_union_member
    is_direct = unit.parent_id in (None, grassroots.pk, grassroots.parent_id)
    return Holder(
        name=candidate.full_name,
        birth=candidate.birth,
        in_youth_union=candidate.is_youth_union_member,
        in_trade_union=candidate.is_trade_union_member,
        has_committee=grassroots.form == "committee",
        in_section=not is_direct and unit.parent.kind == Kind.SECTION,
        introducers=rules["introducers_with_body" if by_body else "introducers"] if rules else 1,
    )


def _proved(form: Form, candidate: Candidate, events: Sequence, enrolments: list[Enrolment]) -> Paper | None:
    """The paper another part of the record proves; None where it does not."""
    if form.source == Source.PAPER:
        return None
    if form.source == Source.BACKGROUND:
        day = candidate.background_checked_on
        return Paper(form.key, document=candidate.background_document, dated_on=day) if day else None
    if form.source in (Source.CERTIFICATE, Source.MEMBER_CERTIFICATE):
        is_member = form.source == Source.MEMBER_CERTIFICATE
        held = [row for row in enrolments if (row.is_member_certificate if is_member else row.is_awareness_certificate)]
        newest = max(held, key=lambda row: row.issued_on, default=None)
        return Paper(form.key, document=newest.certificate_number, dated_on=newest.issued_on) if newest else None
    event = _counting(Step(form.source), events)
    document = event.facts.get("document", "") if event else ""
    return Paper(form.key, document=document, dated_on=event.happened_on) if event else None


def _counting(step: Step, events: Sequence):
    """The last event of the step that no return undid and no cancellation took back."""
    for event in reversed(events):
        if event.step == Step.RETURNED and event.facts.get("redo_from") in _UNDONE_BY.get(step, ()):
            return None
        if event.step == Step.DECISION_CANCELLED and step == Step.DECIDED:
            return None
        if event.step in (step, _ALSO.get(step)):
            return event
    return None


def _days(events: Sequence) -> dict[Step, date]:
    """The last day of each step that counts."""
    return {step: event.happened_on for step in Step if (event := _counting(step, events))}


# Points an appraisal returned


@dataclass(frozen=True)
class Points:
    """The rounds that stand and the points of them, for the page of the dossier and for the appraisal."""

    rounds: tuple[Appraisal, ...]
    open: tuple[ReturnedPoint, ...]
    closed: tuple[ReturnedPoint, ...]

    @property
    def unanswered(self) -> tuple[ReturnedPoint, ...]:
        return tuple(point for point in self.open if not point.answer)


def points_of(candidate: Candidate, live_places: Iterable[int]) -> Points:
    """What was returned and is not accepted yet. Two queries; one when nothing was judged yet.

    A round whose step was taken back does not stand: its points are gone, and what it accepted is open again.
    """
    places = set(live_places)
    rounds = [row for row in candidate.appraisals.select_related("by").order_by("place") if row.place in places]
    if not rounds:
        return Points((), (), ())
    standing = {row.pk: row for row in rounds}
    rows = ReturnedPoint.objects.filter(appraisal__candidate=candidate)
    rows = [row for row in rows.select_related("form", "answered_by") if row.appraisal_id in standing]
    again = {row.previous_id for row in rows if row.previous_id}
    for row in rows:
        row.appraisal = standing[row.appraisal_id]
    over = [row for row in rows if row.accepted_in_id in standing]
    waiting = [row for row in rows if row.accepted_in_id not in standing and row.pk not in again]
    return Points(tuple(rounds), tuple(waiting), tuple(over))
