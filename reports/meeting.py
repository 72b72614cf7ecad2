"""What a session's list says of each person, read from the steps on record. The layout stands in documents/meeting."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from candidates import special_cases
from candidates.actions.events import rule_book
from candidates.clocks import Clock, Running
from candidates.models import CommitteeSession, SessionItem, StageEvent
from candidates.pipeline import Stage, Status, Step
from candidates.rules import Rules
from reports.documents import MeetingList, Proposed, Vote
from reports.issuer import paper_for
from reports.standing_committee import SAMPLE
from vuthu_recruit import clock

REPORTED = "Đảng ủy cơ sở không đủ 2/3, báo cáo cấp trên"
TOLD = (Step.BRANCH_PASSED, Step.COMMITTEE_PASSED, Step.COMMITTEE_REPORTED, Step.APPRAISED)


def list_of(session: CommitteeSession, reader) -> MeetingList:
    """Everybody on the list, decided or not. Costs four queries and a letterhead, whatever the length."""
    rows = session.items.exclude(outcome=SessionItem.Outcome.REMOVED).select_related(
        "candidate__unit__grassroots", "candidate__former"
    )
    # Whoever has moved out of the scope, or back to an earlier step, is no longer laid before this session.
    rows = rows.filter(~Q(outcome="") | Q(candidate__stage=Stage.APPRAISED, candidate__status=Status.OPEN))
    rows = rows.filter(candidate__unit__path__startswith=session.organization.path)
    people = [row.candidate for row in rows.order_by("candidate__sort_key", "pk")]
    lives: dict[int, list[StageEvent]] = {}
    for event in StageEvent.objects.live().filter(candidate__in=people).order_by("happened_on", "place"):
        lives.setdefault(event.candidate_id, []).append(event)
    rules = rule_book()
    return MeetingList(
        paper=paper_for(session.organization, session.held_on),
        meets_on=session.held_on,
        name=session.name,
        people=tuple(_proposed(person, lives.get(person.pk, []), rules) for person in people),
        made_by=f"{reader.full_name} in lúc {timezone.localtime():%H:%M %d/%m/%Y}",
        marks=(SAMPLE,) if settings.DEMO else (),
    )


def _proposed(person, events: Sequence[StageEvent], rules: Mapping) -> Proposed:
    last = {event.step: event for event in events if event.step in TOLD}
    both = [event for event in events if event.step in (Step.COMMITTEE_PASSED, Step.COMMITTEE_REPORTED)]
    committee, appraised = both[-1] if both else None, last.get(Step.APPRAISED)
    unit = person.unit.grassroots or person.unit
    work = [person.job or person.get_occupation_display(), person.workplace]
    return Proposed(
        full_name=person.full_name,
        birth=person.birth,
        sex=person.get_sex_display(),
        branch=person.unit.short_name,
        unit="" if person.unit == unit else unit.short_name,
        work=", ".join(words for words in work if words),
        branch_vote=_vote(last.get(Step.BRANCH_PASSED)),
        committee_vote=_vote(committee),
        due=_due(events, rules),
        appraisal=appraised.facts.get("document", "") if appraised else "",
        appraised_on=appraised.happened_on if appraised else None,
        note="; ".join(_notes(person, committee, rules["book"].on(clock.today()))),
    )


def _notes(person, committee: StageEvent | None, rules: Rules | None) -> list[str]:
    """What the meeting must know; that a consent is needed is said, never of which case (it reads no background)."""
    found = [REPORTED] if committee and committee.step == Step.COMMITTEE_REPORTED else []
    if rules and special_cases.asked(special_cases.of(person.special_cases, person.religion), rules):
        found.append("phải có văn bản đồng ý của cấp có thẩm quyền")
    if getattr(person, "former", None) and not person.former.is_mistake:
        found.append("kết nạp lại")
    return found


def _vote(event: StageEvent | None) -> Vote | None:
    """A resolution taken over without its vote tells none."""
    if event is None or "votes" not in event.facts:
        return None
    return Vote(event.facts["votes"], event.facts["members"], event.happened_on)


def _due(events: Sequence[StageEvent], rules: Mapping) -> date | None:
    """The last day for the decision, as it ran while the person waited for the session."""
    waiting = [event for event in events if event.to_stage == Stage.APPRAISED and event.clock_from]
    if not waiting:
        return None
    event = waiting[-1]
    held = rules["book"].on(event.clock_from)
    return held and Running(Clock.DECISION, event.clock_from, event.clock_until).due(held, rules["calendar"])
