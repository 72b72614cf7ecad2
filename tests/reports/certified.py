"""People with certificates, written row by row as the actions leave them: quick enough for hundreds of them."""

from datetime import date, timedelta
from itertools import count

from candidates.classes import Purpose
from candidates.models import Candidate, ClassKind, Enrolment, Grade, StageEvent, TrainingClass
from candidates.pipeline import Stage, Status, Step
from organizations.models import Organization

_numbers = count(1)
SNAPSHOT = {"sex": "female", "youth_union": False, "religion": "none", "occupation": "farmer"}


def open_class(from_on: date, to_on: date | None = None, purpose: str = Purpose.AWARENESS, **values) -> TrainingClass:
    return TrainingClass.objects.create(
        organization=Organization.objects.get(kind="district"),
        kind=ClassKind.objects.get(key=purpose),
        number=next(_numbers) % 30_000,
        year=from_on.year,
        from_on=from_on,
        to_on=to_on or from_on + timedelta(days=4),
        **values,
    )


def person(unit, since: date = date(2018, 1, 1), **values) -> Candidate:
    names = {"full_name": f"Nguyễn Thị Mẫu {next(_numbers)}", "sex": "female", "status": "open"}
    made = Candidate.objects.create(unit=unit, **names | values)
    lives(made, Step.SOURCE, since)
    return made


def lives(made: Candidate, step: Step, on: date, *, status: str = Status.OPEN, unit=None) -> StageEvent:
    """One more live event; the one before it ends."""
    before = made.events.order_by("-place").first()
    stage = step.value if step.value in set(Stage) else before.to_stage
    if before:
        StageEvent.objects.filter(pk=before.pk).update(ended_on=on)
    number = before.place + 1 if before else 1
    is_counted = step in (Step.DECIDED, Step.ADMITTED, Step.OFFICIAL)
    event = StageEvent.objects.create(
        candidate=made, seq=number, place=number, step=step, to_stage=stage, to_status=status, happened_on=on,
        unit=unit or made.unit, is_counted=is_counted, snapshot=SNAPSHOT if step == Step.DECIDED else None,
    )  # fmt: skip
    Candidate.objects.filter(pk=made.pk).update(stage=stage, status=status, unit=unit or made.unit)
    return event


def sent(made: Candidate, training_class: TrainingClass, state: str = "enrolled", **values) -> Enrolment:
    reason = "không đủ hồ sơ" if state in ("refused", "withdrawn") else ""
    values = {"reason": reason, "unit": made.unit} | values
    return Enrolment.objects.create(training_class=training_class, candidate=made, state=state, **values)


def finished(
    made: Candidate, training_class: TrainingClass, issued_on: date | None = None, *, is_passed: bool = True
) -> Enrolment:
    values = {"grade": Grade.objects.get(key="good" if is_passed else "failed"), "is_passed": is_passed}
    if issued_on:
        values |= {"certificate_number": f"{next(_numbers)}/CN", "issued_on": issued_on}
    return sent(made, training_class, "finished", **values)


def certified(made: Candidate, issued_on: date) -> Enrolment:
    """A certificate of a class of the week before."""
    return finished(made, open_class(issued_on - timedelta(days=9), issued_on - timedelta(days=5)), issued_on)
