"""The last day of a clock in words: how much is left, and what is not certain about it. Pure."""

from dataclasses import dataclass
from datetime import date

from candidates.clocks import LIMITS, Clock, Running
from candidates.rules import RuleBook
from candidates.working_days import Calendar


@dataclass(frozen=True)
class Deadline:
    """A clock that runs, read on a day. `left` counts working days, or days where the limit is in months."""

    clock: Clock
    due: date
    left: int
    unit: str
    notes: tuple[str, ...] = ()

    @property
    def is_late(self) -> bool:
        return self.left < 0

    @property
    def words(self) -> str:
        if self.left < 0:
            return f"Quá hạn {-self.left} {self.unit}"
        return f"Còn {self.left} {self.unit}" if self.left else "Hạn hôm nay"

    @property
    def note(self) -> str:
        return "; ".join(self.notes)


def deadline(clock: Running, book: RuleBook, calendar: Calendar, today: date) -> Deadline | None:
    """By the set in force when the clock began; None for a day without a set."""
    rules = book.on(clock.since)
    if rules is None:
        return None
    due = clock.due(rules, calendar)
    in_working_days = bool(LIMITS[clock.clock].days)
    left = calendar.between(today, due) if in_working_days else (due - today).days
    notes = []
    if clock.is_estimate:
        notes.append("tạm tính từ ngày ký quyết định, chưa ghi ngày nhận")
    if clock.until:
        notes.append("đã gia hạn")
    if in_working_days and (years := calendar.unconfirmed(clock.since, due)):
        notes.append(f"lịch năm {', '.join(map(str, years))} chưa xác nhận")
    return Deadline(clock.clock, due, left, "ngày làm việc" if in_working_days else "ngày", tuple(notes))
