"""Cases of the pure module: just inside, on the edge, just outside, and the three ways of having no target."""

from datetime import date
from decimal import Decimal

import pytest

from targets.progress import State, Target, expected_by, percent_of, progress, range_sum

YEAR_END = date(2023, 12, 31)
THREE_TO_FIVE = Target(3, 5)

# as_of, covered, target, admitted -> state, percent, expected, slow
CASES = [
    ("2023-12-31", True, THREE_TO_FIVE, 0, State.BELOW, "0.0", 3, True),
    ("2023-12-31", True, THREE_TO_FIVE, 2, State.BELOW, "66.7", 3, True),
    ("2023-12-31", True, THREE_TO_FIVE, 3, State.IN_RANGE, "100.0", 3, False),
    ("2023-12-31", True, THREE_TO_FIVE, 5, State.IN_RANGE, "166.7", 3, False),
    ("2023-12-31", True, THREE_TO_FIVE, 6, State.ABOVE, "200.0", 3, False),
    ("2023-01-01", True, THREE_TO_FIVE, 0, State.BELOW, "0.0", 0, False),
    # 3 × 121 ÷ 365 = 0,99: nothing is asked for yet; the next day asks for one.
    ("2023-05-01", True, THREE_TO_FIVE, 0, State.BELOW, "0.0", 0, False),
    ("2023-05-02", True, THREE_TO_FIVE, 0, State.BELOW, "0.0", 1, True),
    ("2023-05-02", True, THREE_TO_FIVE, 1, State.BELOW, "33.3", 1, False),
    # A leap year's 1 May is day 122 of 366: exactly a third.
    ("2024-04-30", True, THREE_TO_FIVE, 0, State.BELOW, "0.0", 0, False),
    ("2024-05-01", True, THREE_TO_FIVE, 0, State.BELOW, "0.0", 1, True),
    ("2024-12-31", True, Target(2, 3), 1, State.BELOW, "50.0", 2, True),
    ("2024-12-30", True, Target(2, 3), 1, State.BELOW, "50.0", 1, False),
    # A minimum of 0 is a target that is met, without a percentage.
    ("2024-12-31", True, Target(0, 2), 0, State.IN_RANGE, None, 0, False),
    ("2024-12-31", True, Target(0, 0), 1, State.ABOVE, None, 0, False),
    ("2024-12-31", True, Target(None, None), 4, State.NO_TARGET, None, None, False),
    ("2024-12-31", True, None, 4, State.NOT_YET, None, None, False),
    ("2020-12-31", False, None, 4, State.OUTSIDE, None, None, False),
    ("2026-01-01", False, THREE_TO_FIVE, 0, State.OUTSIDE, None, None, False),
]


@pytest.mark.parametrize(("as_of", "covers", "target", "admitted", "state", "percent", "expected", "slow"), CASES)
def test_a_result_stands_where_the_table_says(as_of, covers, target, admitted, state, percent, expected, slow):
    found = progress(as_of=date.fromisoformat(as_of), plan_covers=covers, target=target, admitted=admitted)

    assert found.state == state
    assert found.percent == (Decimal(percent) if percent else None)
    assert (found.expected, found.is_slow) == (expected, slow)


def test_the_three_words_without_a_target_differ():
    labels = {
        progress(as_of=YEAR_END, plan_covers=covers, target=target, admitted=0).label
        for covers, target in [(False, None), (True, None), (True, Target(None, None))]
    }

    assert labels == {"Ngoài giai đoạn giao chỉ tiêu", "Chưa giao", "Không giao"}


@pytest.mark.parametrize("minimum", range(8))
@pytest.mark.parametrize("year", [2023, 2024])
def test_the_last_day_of_the_year_asks_for_the_whole_minimum(year, minimum):
    assert expected_by(date(year, 12, 31), minimum) == minimum


def test_percentages_round_half_up_as_excel_does():
    assert percent_of(1, 16) == Decimal("6.3")  # 6,25
    assert percent_of(80, 140) == Decimal("57.1")


def test_sums_leave_out_what_has_no_range():
    targets = [Target(3, 5)] * 30 + [Target(2, 3)] * 25 + [Target(None, None), None]

    total = range_sum(targets)

    assert (total.minimum, total.maximum, total.units) == (140, 225, 55)
