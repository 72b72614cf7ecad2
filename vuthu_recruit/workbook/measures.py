"""How wide a column and how high a row must be: nobody else measures merged cells."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from vuthu_recruit.workbook.cells import Column, Formula
from vuthu_recruit.workbook.text import safe_text

CAPITALS, SMALL = 1.3, 0.92  # digit widths of a letter: in a word of capitals, in any other


def digits(text: str) -> float:
    """About how many digit widths a line takes: small letters are narrower than digits, capitals wider."""
    if text.isupper() and len(text) > 3:
        return len(text) * CAPITALS
    return len(text) * (1.0 if text.isdigit() else SMALL)


@lru_cache(maxsize=256)  # lists say the same few words in every row
def height_of(text: str, width: float, size: float) -> float:
    """Points a wrapped text needs: Excel fits plain rows by itself, LibreOffice and previews do not, merged nobody."""
    room = max(width * 11 / size, 1)
    lines = 0
    for paragraph in safe_text(text).split("\n"):
        used = 0.0
        lines += 1
        for word in paragraph.split():
            length = digits(word)
            if used and used + 1 + length > room:
                lines += 1
                used = 0.0
            lines += int(max(length - 0.01, 0) // room)
            used = used + 1 + length if used else length % room or length
    return lines * size * 1.25 + 4


def fitted(column: Column, values: Iterable[Any]) -> float:
    """The width of a list's column: its content, and the longest word of its header beside the filter's arrow."""
    if column.width:
        return column.width
    width = max([6.0, *(digits(word) + 3 for word in column.header.split()), digits(column.header) / 3 + 3])
    for value in values:
        match value:
            case None:
                continue
            case datetime():
                shown = 16.0
            case date():
                shown = 10.0
            case int() | float() | Decimal() if not isinstance(value, bool):
                shown = len(f"{value:,.1f}" if isinstance(value, float | Decimal) else f"{value:,}")
            case Formula():
                shown = len(str(value.value)) + 2
            case _:
                shown = max((digits(line) for line in str(value)[:400].splitlines()), default=0)
        width = max(width, shown + 1.5)
    return min(width, 48.0)
