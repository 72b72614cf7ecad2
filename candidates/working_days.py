"""Working days: Monday to Friday without the days off, and the Saturdays worked instead. Pure.

The day something happens is not counted; counting begins on the next day (Bộ luật Dân sự 2015, Điều 147, khoản 3). No
Party text in domain.md says otherwise, and none says so itself: "cần đối chiếu".
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Days off, days worked instead, and the years somebody has confirmed against the notice of that year."""

    off: Collection[date] = frozenset()
    worked: Collection[date] = frozenset()
    confirmed: Collection[int] = frozenset()

    def is_working(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    def after(self, start: date, days: int) -> date:
        """The n-th working day after a day: the last day of a limit of n. With 0 the day itself."""
        return self._step(start, days, DAY)

    def latest_start(self, due: date, days: int) -> date:
        """The last day from which a limit of n working days ends on `due` or before.

        So "due by D" is one comparison of start days: after(s, n) <= D exactly when s <= latest_start(D, n).
        """
        return self._step(due + DAY, days, -DAY) - DAY if days else due

    def between(self, start: date, end: date) -> int:
        """Working days after `start`, up to and with `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + DAY * n) for n in range(1, (end - start).days + 1))

    def unconfirmed(self, first: date, last: date) -> tuple[int, ...]:
        """The years touched whose calendar nobody has confirmed."""
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.confirmed)

    def _step(self, day: date, days: int, by: timedelta) -> date:
        while days:
            day += by
            days -= self.is_working(day)
        return day
