"""An empty list of a unit to be filled in: drop-downs, formats, required columns marked. No essay."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from vuthu_recruit.workbook import Column, Kind, Workbook, ref

ROWS = 300  # to be filled in; more can be copied down
CHOICES = "Danh mục"
REQUIRED = " *"  # after the heading; not read when the list comes back


@dataclass(frozen=True)
class BlankColumn:
    header: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    hint: str = ""  # shown when the cell is entered
    is_required: bool = False
    width: float | None = None


def blank_workbook(
    title: str, unit_name: str, columns: Sequence[BlankColumn], *, note: str, rows: Sequence[Sequence] = (), by
) -> bytes:
    """The list itself and, on a second sheet, what can be chosen. `rows`: what stands in its first cells already."""
    book = Workbook(title=title, created_by=by.full_name, created_at=timezone.now())
    shown = [Column(one.header + REQUIRED * one.is_required, one.kind, one.width or _width(one)) for one in columns]
    sheet = book.add_report(title, shown)
    sheet.heading(title, unit_name)
    sheet.note(f"Cột có dấu * phải điền. {note}")
    sheet.header([one.header for one in shown], frozen_columns=2)
    lists = [(place, one) for place, one in enumerate(columns) if one.choices]
    sources = {
        place: f"='{CHOICES}'!{_fixed(2, at)}:{_fixed(1 + len(one.choices), at)}"
        for at, (place, one) in enumerate(lists)
    }
    hints = {place: one.hint for place, one in enumerate(columns) if one.hint}
    sheet.prepare(max(ROWS, len(rows)), sources, hints, rows)
    if lists:
        _add_choices(book, [one for _, one in lists])
    return book.to_bytes()


def _width(one: BlankColumn) -> float:
    longest = max((len(choice) for choice in one.choices), default=0)
    return min(max(10.0, len(one.header) * 0.9, longest * 0.9), 32.0)


def _range(column: int, length: int) -> str:
    """The cells of a list on the second sheet, below their heading."""
    return f"='{CHOICES}'!{_fixed(2, column)}:{_fixed(1 + length, column)}"


def _fixed(row: int, column: int) -> str:
    name = ref(row, column)
    letters = name.rstrip("0123456789")
    return f"${letters}${name.removeprefix(letters)}"


def _add_choices(book: Workbook, columns: Sequence[BlankColumn]) -> None:
    sheet = book.add_report(CHOICES, [Column(one.header, Kind.TEXT, _width(one)) for one in columns])
    sheet.header([one.header for one in columns])
    for place in range(max(len(one.choices) for one in columns)):
        sheet.row([one.choices[place] if place < len(one.choices) else "" for one in columns])
