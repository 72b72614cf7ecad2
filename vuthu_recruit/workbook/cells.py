"""What a cell holds: text, numbers, dates and formulas, and how each is shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from xlsxwriter.utility import xl_col_to_name

LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")  # Excel knows no time zones: moments are written as clocks here show them

MAX_EXACT = 10**15  # Excel keeps 15 digits; a longer whole number is a code, and is written as text

YES, NO = "Có", "Không"


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"  # 66.7 is shown 66,7
    PERCENT = "percent"  # 0.667 is shown 66,7%
    PLAIN = "plain"  # as it is: a year without a separator, a score with the decimals it has
    DATE = "date"
    MOMENT = "moment"


# "," and "." in these patterns mean "as the reader's locale writes them": 1.234 and 66,7 on a Vietnamese machine.
NUMBER_FORMATS = {
    Kind.TEXT: "@",  # retyping 034… in Excel keeps the zero
    Kind.INTEGER: "#,##0",
    Kind.DECIMAL: "#,##0.0",
    Kind.PERCENT: "0.0%",
    Kind.PLAIN: "General",
    Kind.DATE: "dd/mm/yyyy",
    Kind.MOMENT: "dd/mm/yyyy hh:mm",
}
REPORT_WIDTHS = {Kind.TEXT: 24, Kind.DATE: 11, Kind.MOMENT: 16}  # others 8


@dataclass(frozen=True)
class Column:
    header: str
    kind: Kind = Kind.TEXT
    width: float | None = None  # in digits; None: lists fit their content, reports go by kind
    centred: bool = False


# Formulas are written by us, never from what a user typed: the alphabet leaves no room for text, links or other sheets.
# Known by heart are nothing, the dash, and how an attendance sheet counts its marks.
FORMULA = re.compile(r'=(?:[A-Z0-9$:,.()+\-*/<>= ]|""|"–"|COUNTIF\([A-Z0-9$:]+,"x"\))+')


@dataclass(frozen=True)
class Formula:
    """A live formula and the value the caller counted itself; a viewer that does not calculate shows the value."""

    text: str
    value: int | float | Decimal | str

    def __post_init__(self):
        if not FORMULA.fullmatch(self.text):
            raise ValueError(f"Not a formula this writer accepts: {self.text!r}")
        if isinstance(self.value, bool) or not isinstance(self.value, int | float | Decimal | str):
            raise TypeError(f"A formula needs its value, not {self.value!r}")


def ref(row: int, column: int) -> str:
    """Name a cell: the row as `Report.row` returned it (from 1), the column counted from 0."""
    return f"{xl_col_to_name(column)}{row}"


def sum_of(column: int, rows: Iterable[int], value: int | float | Decimal) -> Formula | int | float | Decimal:
    """Add one column over these rows, neighbours as ranges; without rows there is nothing to add, only the value."""
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    parts = [ref(a, column) if a == b else f"{ref(a, column)}:{ref(b, column)}" for a, b in spans]
    return Formula(f"=SUM({','.join(parts)})", value) if parts else value


class TooManyRows(ValueError):
    def __init__(self, limit: int):
        shown = f"{limit:,}".replace(",", ".")
        super().__init__(f"Một trang tính Excel chỉ chứa được {shown} dòng. Hãy lọc bớt rồi xuất lại.")


def plain(value: Any) -> None | str | Formula | date | int | float:
    """Reduce what callers hold to what a sheet can hold; refuse the rest rather than guess its text."""
    match value:
        case str() | Promise():
            return str(value)
        case None | Formula():
            return value
        case bool():
            return YES if value else NO
        case int():
            return value if abs(value) < MAX_EXACT else str(value)
        case float() | Decimal():
            return float(value)
        case datetime():
            value = local(value)
            return value if value.year >= 1900 else value.strftime("%d/%m/%Y %H:%M")
        case date():
            return value if value.year >= 1900 else value.strftime("%d/%m/%Y")
    raise TypeError(f"A cell holds text, numbers, dates or formulas, not {type(value).__name__}")


def local(moment: datetime) -> datetime:
    return moment.astimezone(LOCAL_TIME).replace(tzinfo=None) if moment.tzinfo else moment
