"""What the note on a returned dossier says, read from the appraisal on record. The wording stands in documents/note."""

from datetime import date

from django.conf import settings

from candidates.actions.events import rule_book
from candidates.clocks import CLOCK_OF, Running
from candidates.models import Appraisal, ReturnedPoint, StageEvent
from candidates.pipeline import RedoFrom, Stage
from reports.documents import Point, ReturnNote
from reports.issuer import committee_words, paper_for
from reports.standing_committee import SAMPLE


def note_of(appraisal: Appraisal) -> ReturnNote | None:
    """The note of a round that returned the dossier and still stands; None otherwise. Costs six queries."""
    event = (
        StageEvent.objects.filter(candidate=appraisal.candidate_id, place=appraisal.place, is_live=True)
        .select_related("candidate", "unit__grassroots__parent", "unit__parent")
        .first()
    )
    if event is None or appraisal.is_passed:
        return None
    person, unit = event.candidate, event.unit.grassroots or event.unit
    points = ReturnedPoint.objects.filter(appraisal=appraisal).select_related("form")
    return ReturnNote(
        paper=paper_for(unit.parent, event.happened_on),
        unit=committee_words(unit),
        full_name=person.full_name,
        birth=person.birth,
        branch=event.unit.name,
        round_number=appraisal.round,
        returned_on=event.happened_on,
        points=tuple(Point(point.reason, form=str(point.form) if point.form else "") for point in points),
        redo_from=str(RedoFrom(event.facts["redo_from"]).label).lower(),
        decide_by=_decide_by(event),
        marks=(SAMPLE,) if settings.DEMO else (),
    )


def _decide_by(event: StageEvent) -> date | None:
    """The last day for the decision, as long as the branch's resolution stands."""
    if event.clock_from is None or event.facts["redo_from"] == RedoFrom.BRANCH:
        return None
    rules = rule_book()
    held = rules["book"].on(event.clock_from)
    clock, _ = CLOCK_OF[Stage(event.to_stage)]
    return held and Running(clock, event.clock_from, event.clock_until).due(held, rules["calendar"])
