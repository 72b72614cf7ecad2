"""The history of imports as a workbook: what came in, from whom, and what became of it."""

from collections.abc import Iterable
from typing import BinaryIO

from django.utils import timezone

from vuthu_recruit.workbook import Column, Kind, write_list

TITLE = "Các lần nhập Excel"
COLUMNS = (
    Column("STT", Kind.INTEGER),
    Column("Tệp"),
    Column("Loại danh sách"),
    Column("Đơn vị"),
    Column("Tải lên lúc", Kind.MOMENT),
    Column("Người tải lên"),
    Column("Trạng thái"),
    Column("Kết quả"),
    Column("Nhập lúc", Kind.MOMENT),
    Column("Người nhập"),
    Column("Hoàn tác lúc", Kind.MOMENT),
    Column("Lý do hoàn tác"),
)


def imports_workbook(rows: Iterable[dict], *, filter_words: str, count: int, by) -> BinaryIO:
    """Rows of the page (`batch`, `importer`, `state`, `told`), all pages."""
    now = timezone.now()
    notes = [
        f"Bộ lọc: {filter_words}. Mới nhất trước.",
        f"{count} lần nhập; {by.full_name} xuất lúc {timezone.localtime(now):%H:%M ngày %d/%m/%Y}.",
    ]
    cells = (_cells(number, row) for number, row in enumerate(rows, 1))
    return write_list(
        COLUMNS, cells, title=TITLE, notes=notes, created_by=by.full_name, created_at=now, frozen_columns=2
    )


def _cells(number: int, row: dict) -> list:
    batch = row["batch"]
    return [
        number,
        batch.name,
        row["importer"],
        batch.organization.name,
        batch.uploaded_at,
        batch.uploaded_by.full_name,
        row["state"],
        row["told"],
        batch.applied_at,
        batch.applied_by.full_name if batch.applied_by else "",
        batch.undone_at,
        batch.undo_reason,
    ]
