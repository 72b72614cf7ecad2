"""What every list has in common as a workbook: a table of columns, the filter in words, who took it and when."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

from django.utils import timezone

from vuthu_recruit.workbook import Column, write_list

# A list is a table of its columns in their order, each with what stands in it.
Cells = Sequence[tuple[Column, Callable[[Any], Any]]]


def stamp(counted: str, by) -> str:
    """How many, who and when: the last line above a table."""
    return f"{counted}; {by.full_name} xuất lúc {timezone.localtime():%H:%M ngày %d/%m/%Y}."


def write_table(
    table: Cells, rows: Iterable, *, title: str, notes: Sequence[str], by, frozen_columns: int = 2
) -> BinaryIO:
    """The rows as a workbook, open at its beginning; flat memory."""
    columns, cells = [column for column, _ in table], [cell for _, cell in table]
    filled = ([cell(row) for cell in cells] for row in rows)
    return write_cells(columns, filled, title=title, notes=notes, by=by, frozen_columns=frozen_columns)


def write_cells(
    columns: Sequence[Column],
    rows: Iterable[Sequence],
    *,
    title: str,
    notes: Sequence[str],
    by,
    frozen_columns: int = 2,
) -> BinaryIO:
    """`write_table` of cells that are there already."""
    return write_list(
        columns,
        rows,
        title=title,
        notes=notes,
        created_by=by.full_name,
        created_at=timezone.now(),
        frozen_columns=frozen_columns,
    )
