"""Limits of each level inside the limit for the decision: a local agreement, off until the Board sets it. Pure.

No regulation divides the time among the levels (domain.md 1.4), so nothing is refused by these: they remind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from candidates.pipeline import Step
from candidates.working_days import Calendar
from vuthu_recruit.dates import show_day

LEAST, MOST = 1, 60  # working days


@dataclass(frozen=True)
class Level:
    """Who is awaited, and from what to what the limit of this level runs."""

    who: str
    label: str


# By the step that is awaited, in the order of the road.
AWAITED: dict[Step, Level] = {
    Step.COMMITTEE_PASSED: Level("đảng ủy cơ sở", "Từ nghị quyết chi bộ đến nghị quyết đảng ủy cơ sở"),
    Step.SUBMITTED: Level("đơn vị gửi hồ sơ", "Từ nghị quyết đảng ủy cơ sở đến khi gửi Ban Tổ chức"),
    Step.APPRAISED: Level("Ban Tổ chức thẩm định", "Từ khi gửi Ban Tổ chức đến khi thẩm định xong"),
    Step.DECIDED: Level("Ban Thường vụ", "Từ khi thẩm định xong đến quyết định kết nạp"),
}


@dataclass(frozen=True)
class SubLimit:
    """The last day of one level, read on a day. `left` counts working days, below 0 those it is over."""

    who: str
    due: date
    left: int
    is_late: bool

    @property
    def words(self) -> str:
        """On a day off nothing more is left or late than on the working day before it."""
        told = f"nội bộ: {self.who} đến ngày {show_day(self.due)}"
        if self.is_late:
            return f"{told}, đã quá {-self.left} ngày làm việc" if self.left else f"{told}, đã quá hạn"
        return f"{told}, còn {self.left} ngày làm việc" if self.left else f"{told}, không còn ngày làm việc nào"


def sub_limit(
    step: Step | None, since: date, days: Mapping[str, int], calendar: Calendar, today: date
) -> SubLimit | None:
    """The limit of whoever is awaited, counted from the day of the last step; None where none is set."""
    if step not in AWAITED or not days.get(step):
        return None
    due = calendar.after(since, days[step])
    return SubLimit(AWAITED[step].who, due, calendar.between(today, due), due < today)
