"""A unit's result of the year against its range. Pure: plain numbers in, Progress out."""

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class State(StrEnum):
    """Three ways of having no target, three of standing against one."""

    OUTSIDE = "outside"
    NOT_YET = "not_yet"
    NO_TARGET = "no_target"
    BELOW = "below"
    IN_RANGE = "in"
    ABOVE = "above"


LABELS = {
    State.OUTSIDE: "Ngoài giai đoạn giao chỉ tiêu",
    State.NOT_YET: "Chưa giao",
    State.NO_TARGET: "Không giao",
    State.BELOW: "Chưa đạt",
    State.IN_RANGE: "Đạt",
    State.ABOVE: "Vượt khung",
}
WITHOUT_TARGET = frozenset({State.OUTSIDE, State.NOT_YET, State.NO_TARGET})


@dataclass(frozen=True)
class Target:
    """A range in force; both empty is a decision too: "không giao", which is not 0."""

    minimum: int | None
    maximum: int | None


@dataclass(frozen=True)
class Progress:
    """Where a result stands. `percent` is 62.5 for 62,5%; `expected` is what the day of the year asks for."""

    state: State
    label: str
    percent: Decimal | None = None
    expected: int | None = None
    is_slow: bool = False

    @property
    def has_target(self) -> bool:
        return self.state not in WITHOUT_TARGET


@dataclass(frozen=True)
class RangeSum:
    """Sum of the minimums and of the maximums of the units that have a range; `units` says how many."""

    minimum: int
    maximum: int
    units: int


def expected_by(day: date, minimum: int) -> int:
    """The part of the minimum that the days elapsed ask for, rounded down: nobody is slow by a fraction."""
    return minimum * day.timetuple().tm_yday // (366 if isleap(day.year) else 365)


def percent_of(admitted: int, minimum: int | None) -> Decimal | None:
    """Result ÷ minimum in per cent, one decimal, half up as in Excel, never capped; none without a minimum above 0."""
    if not minimum:
        return None
    return (Decimal(admitted) * 100 / minimum).quantize(Decimal("0.1"), ROUND_HALF_UP)


def progress(*, as_of: date, plan_covers: bool, target: Target | None, admitted: int) -> Progress:
    """Judge the result from 1 January to `as_of`. `target` None: nothing decided by that day."""
    state = _state(plan_covers, target, admitted)
    if state in WITHOUT_TARGET:
        return Progress(state, LABELS[state])
    expected = expected_by(as_of, target.minimum)
    return Progress(state, LABELS[state], percent_of(admitted, target.minimum), expected, is_slow=admitted < expected)


def _state(plan_covers: bool, target: Target | None, admitted: int) -> State:
    if not plan_covers:
        return State.OUTSIDE
    if target is None:
        return State.NOT_YET
    if target.minimum is None or target.maximum is None:
        return State.NO_TARGET
    if admitted < target.minimum:
        return State.BELOW
    return State.IN_RANGE if admitted <= target.maximum else State.ABOVE


def range_sum(targets: Iterable[Target | None]) -> RangeSum:
    """Add ranges up: Σ minimum – Σ maximum of those that have one."""
    ranges = [target for target in targets if target is not None and target.minimum is not None]
    return RangeSum(sum(target.minimum for target in ranges), sum(target.maximum for target in ranges), len(ranges))
