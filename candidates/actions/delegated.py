"""A unit's own decision by delegation: proposed by the unit, written when the Board has confirmed it."""

from datetime import date

from django.db import transaction

from candidates import gates
from candidates.actions.events import Refused, attempt_of, clean_facts, take_step
from candidates.models import Candidate
from candidates.pipeline import BY_STEP, Refusal, Step
from organizations import changes
from organizations.actions.proposals import CONFIRMERS, Handler, NotConfirmable
from organizations.models import Proposal
from organizations.versions import Conflict

KIND = Proposal.Kind.DELEGATED_DECISION


@transaction.atomic
def propose_decision(*, candidate: Candidate, happened_on: date | None, facts: dict, version: int, by) -> Proposal:
    """Ask for a second person. Every rule is judged now, and again at confirmation; the record stays as it is."""
    rows = Candidate.objects.select_for_update(of=("self",)).select_related("unit__grassroots")
    candidate = rows.get(pk=candidate.pk)
    if candidate.version != version:
        raise Conflict(candidate)
    found = gates.refusals(
        attempt_of(candidate=candidate, step=Step.DECIDED, happened_on=happened_on, facts=facts, by=by, confirmed=True)
    )
    if not found and not gates.is_delegated(Step.DECIDED, candidate.stage):
        found = [Refusal("not_delegated", "Quyết định này do Ban Tổ chức ghi, không cần người thứ hai xác nhận.")]
    if _waiting(candidate).exists():
        found.append(Refusal("waiting", "Quyết định này đã được đề nghị và đang chờ xác nhận.", who="Ban Tổ chức"))
    if found:
        raise Refused(found)
    proposal = Proposal(
        kind=KIND,
        organization=candidate.unit,
        object_id=candidate.pk,
        payload={"happened_on": happened_on.isoformat(), "facts": clean_facts(Step.DECIDED, facts)},
        proposed_by=by,
    )
    proposal.save(force_insert=True)
    with changes.recording(by=by, action="candidate.delegated", subject=candidate) as log:
        log.created(proposal)
    return proposal


def _waiting(candidate: Candidate):
    return Proposal.objects.filter(kind=KIND, object_id=candidate.pk, state=Proposal.State.WAITING)


def confirm_decision(proposal: Proposal, by, first) -> None:
    """Take the step for whoever proposed it, by the rules of this moment."""
    candidate = Candidate.objects.get(pk=proposal.object_id)
    try:
        take_step(
            candidate=candidate,
            step=Step.DECIDED,
            happened_on=date.fromisoformat(proposal.payload["happened_on"]),
            facts=proposal.payload["facts"],
            version=candidate.version,
            by=proposal.proposed_by,
            confirmed=True,
        )
    except Refused as refused:
        raise NotConfirmable([refusal.told for refusal in refused.refusals]) from refused


def _names(proposals: list[Proposal]) -> dict[int, str]:
    ids = {proposal.object_id for proposal in proposals}
    return dict(Candidate.objects.filter(pk__in=ids).values_list("pk", "full_name"))


def _facts(proposal: Proposal) -> list[dict]:
    candidate = Candidate.objects.get(pk=proposal.object_id)
    happened_on = date.fromisoformat(proposal.payload["happened_on"])
    rows = [
        {"label": "Người được kết nạp", "value": candidate.full_name},
        {"label": "Bước hiện nay", "value": candidate.get_stage_display()},
        {"label": BY_STEP[Step.DECIDED].day_label, "value": f"{happened_on:%d/%m/%Y}"},
    ]
    given = proposal.payload["facts"]
    rows += [
        {"label": fact.label, "value": given[fact.key]} for fact in BY_STEP[Step.DECIDED].facts if fact.key in given
    ]
    rows[0] |= {"url": candidate.get_absolute_url(), "action": "Mở hồ sơ"}
    return rows


def register() -> None:
    CONFIRMERS[KIND] = Handler(confirm_decision, _names, _facts)
