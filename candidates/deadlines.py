"""The last day of a clock in words: how much is left, and what is not certain about it. Pure."""

from dataclasses import dataclass
from datetime import date

from candidates.clocks import LIMITS, Clock, Running, latest_meeting
from candidates.rules import RuleBook
from candidates.working_days import Calendar
from vuthu_recruit.dates import months_after, show_day

# The days on which ceremonies are held by custom.
OCCASIONS = (
    (2, 3, "Ngày thành lập Đảng 3/2"),
    (5, 19, "Ngày sinh Chủ tịch Hồ Chí Minh 19/5"),
    (9, 2, "Quốc khánh 2/9"),
    (12, 31, "Hết năm"),
)


@dataclass(frozen=True)
class Deadline:
    """A clock that runs, read on a day. `left` counts working days, or days where the limit is in months."""

    clock: Clock
    due: date
    left: int
    unit: str
    today: date
    notes: tuple[str, ...] = ()

    @property
    def is_late(self) -> bool:
        return self.due < self.today

    @property
    def words(self) -> str:
        """On a day off nothing more is left or late than on the working day before it."""
        if self.is_late:
            return f"Quá hạn {-self.left} {self.unit}" if self.left else "Quá hạn"
        if self.due == self.today:
            return "Hạn hôm nay"
        return f"Còn {self.left} {self.unit}" if self.left else f"Còn đến {show_day(self.due)}"

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
    return Deadline(clock.clock, due, left, "ngày làm việc" if in_working_days else "ngày", today, tuple(notes))


@dataclass(frozen=True)
class Occasion:
    """A day to hold the ceremony by, and the last day for the branch's meeting before it."""

    name: str
    on: date
    meeting_by: date
    left: int
    note: str = ""

    @property
    def words(self) -> str:
        if self.left < 0:
            return "đã qua"
        return f"còn {self.left} ngày" if self.left else "hôm nay"


def occasions(certificates, book: RuleBook, calendar: Calendar, today: date) -> list[Occasion]:
    """The next occasion of each kind: a meeting by then leaves every level its whole time.

    The certificate has to hold at the meeting, so no meeting is later than its last day.
    """
    found = []
    for month, day, name in OCCASIONS:
        on = date(today.year, month, day)
        on = on if on >= today else date(today.year + 1, month, day)
        meeting, note = latest_meeting(on, book, calendar), ""
        if meeting is None:
            continue
        rules = book.on(meeting)
        if rules and certificates and meeting > (ends := months_after(max(certificates), rules["certificate_months"])):
            meeting, note = ends, f"giấy chứng nhận hết giá trị ngày {show_day(ends)}"
        found.append(Occasion(name, on, meeting, (meeting - today).days, note))
    return sorted(found, key=lambda one: one.on)
