"""The step a certificate stands for: it takes a person from source to trained by itself."""

from dataclasses import replace
from datetime import date

from candidates.actions.corrections import check_walk
from candidates.actions.events import Refused, append, end, live_events, past, pure_unit, rebuild
from candidates.models import Candidate, Enrolment
from candidates.pipeline import Past, Refusal, Stage, Step, order
from organizations import changes
from organizations.versions import claim


def follow_certificate(enrolment: Enrolment, had, reason: str, by) -> None:
    """Write, correct or withdraw the `trained` event that this certificate stands for."""
    has = (enrolment.certificate_number, enrolment.issued_on)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=enrolment.candidate_id)
    live = candidate.events.filter(is_live=True, step=Step.TRAINED).first()
    if has == had:
        return
    if not had[0] and has[0] and live is None and candidate.stage == Stage.SOURCE:
        _write_trained(candidate, has, by)
    elif live is not None and live.facts.get("document") == had[0] and live.happened_on == had[1]:
        _correct_trained(candidate, live, has if has[0] else _other_certificate(enrolment), reason, by)


def _other_certificate(enrolment: Enrolment) -> tuple[str, date | None]:
    """The first certificate of another attempt, which the person still holds; else none."""
    rows = Enrolment.objects.filter(candidate=enrolment.candidate_id).certificates()
    found = rows.exclude(pk=enrolment.pk).order_by("issued_on", "pk").first()
    return (found.certificate_number, found.issued_on) if found else ("", None)


def _write_trained(candidate: Candidate, has, by) -> None:
    """The event stands at its date: a certificate may be recorded after a move that came later."""
    events = live_events(candidate)
    if not events:
        raise Refused([Refusal("not_entered", f"{candidate.full_name} chưa được tiếp nhận vào nguồn.")])
    number, day = has
    earlier = [event for event in events if event.happened_on <= day]
    unit = (earlier or events)[-1 if earlier else 0].unit
    place = max(event.place for event in events) + 1
    new = Past(Step.TRAINED, day, unit.pk, {"document": number}, place, by.pk, 0)
    units = {event.unit_id: pure_unit(event.unit) for event in events}
    claim(candidate, version=candidate.version)
    check_walk(candidate, order([*map(past, events), new]), units, {0}, by)
    with changes.recording(by=by, action="candidate.step", subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": candidate.version - 1})
        facts = {"document": number}
        append(candidate, log, step=Step.TRAINED, happened_on=day, by=by, unit=unit, facts=facts)
        rebuild(candidate, log)


def _correct_trained(candidate, live, has, reason: str, by) -> None:
    events = live_events(candidate)
    if not has[0] and events[-1].pk != live.pk:
        raise Refused([Refusal("has_later_steps", "Đã có bước sau dựa trên giấy chứng nhận này nên không bỏ được.")])
    claim(candidate, version=candidate.version)
    if has[0]:
        moved = replace(past(live), happened_on=has[1], facts={"document": has[0]})
        walk = order([moved if event.pk == live.pk else past(event) for event in events])
        check_walk(candidate, walk, {event.unit_id: pure_unit(event.unit) for event in events}, {live.pk}, by)
    with changes.recording(by=by, action="candidate.correct", reason=reason, subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": candidate.version - 1})
        end(live, log)
        append(
            candidate,
            log,
            step=Step.TRAINED,
            happened_on=has[1] or live.happened_on,
            by=by,
            unit=live.unit,
            facts={"document": has[0]} if has[0] else {},
            place=live.place,
            replaces=live,
            reason=reason,
            is_void=not has[0],
        )
        rebuild(candidate, log)
