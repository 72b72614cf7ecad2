"""Classes a person attended, to stand among the steps of a life: every attempt is shown, whatever came of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from candidates.classes import ATTENDED, Purpose, State
from vuthu_recruit.dates import months_after, show_day

WHO = "Trung tâm Chính trị"


@dataclass(frozen=True)
class Attempt:
    """One class a person was let into. `is_step`: its certificate is the step `trained`, which stands there itself."""

    on: date
    name: str
    unit: str
    notes: tuple[str, ...]
    document: str
    is_step: bool


def attempts(enrolments: Iterable, step: tuple[str, date] | None, months: int | None, today: date) -> list[Attempt]:
    """The attempts of loaded enrolments (class, kind, grade, unit and attempt loaded), oldest first.

    `step`: number and day of the certificate that the step `trained` stands for. `months`: how long a certificate of
    the awareness class holds, where a rule set says it.
    """
    found = [_told(row, step, months, today) for row in enrolments if row.state in ATTENDED]
    return sorted(found, key=lambda one: one.on)


def _told(row, step: tuple[str, date] | None, months: int | None, today: date) -> Attempt:
    held, number = row.training_class, row.certificate_number
    on = row.issued_on or (held.from_on if row.state == State.ENROLLED else held.to_on)
    notes = [f"{held}, lần học thứ {row.attempt}" if row.attempt > 1 else str(held)]
    notes.append(row.grade.name if row.grade else row.state_words)
    if row.state == State.DROPPED and row.reason:
        notes.append(row.reason)
    if row.issued_on and held.kind.purpose == Purpose.AWARENESS and months:
        ends = months_after(row.issued_on, months)
        notes.append(f"giấy có giá trị đến {show_day(ends)}" + (", đã hết" if ends < today else ""))
    return Attempt(on, _name(row), row.unit.short_name, tuple(notes), number, (number, row.issued_on) == step)


def _name(row) -> str:
    if row.issued_on:
        return "Được cấp giấy chứng nhận học lớp"
    return "Học lớp, " + row.state_words.lower() if row.state != State.FINISHED else "Học lớp, chưa có giấy chứng nhận"


def among(rows: Sequence[dict], told: Iterable[dict]) -> list[dict]:
    """The steps with the attempts between them, by day; what has no day yet (the road ahead) stays last."""
    dated = [row for row in rows if row.get("on")]
    merged = sorted([*dated, *told], key=lambda row: (row["on"], row.get("is_attempt", False)))
    return merged + [row for row in rows if not row.get("on")]
