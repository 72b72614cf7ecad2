"""The log of files as rows of a page and of a workbook."""

from typing import BinaryIO

from django.utils import timezone

from vuthu_recruit.workbook import Column, Kind, write_list

TITLE = "Lịch sử xuất dữ liệu"
COLUMNS = (
    Column("Lúc", Kind.MOMENT),
    Column("Người xuất"),
    Column("Phạm vi"),
    Column("Danh sách"),
    Column("Bộ lọc"),
    Column("Số dòng", Kind.INTEGER),
    Column("Số định danh đầy đủ"),
    Column("Lý do"),
    Column("Mã yêu cầu"),
)


def exports_workbook(exports, *, filter_words: str, count: int, by) -> BinaryIO:
    """Costs one query, of rows with `by` and `unit`."""
    now = timezone.now()
    rows = (
        [
            one.at,
            one.by.full_name,
            one.unit.place_words,
            one.name,
            one.filter_words,
            one.rows,
            one.with_numbers,
            one.reason,
            one.request_id,
        ]
        for one in exports.iterator()
    )
    notes = [
        f"Bộ lọc: {filter_words}. Mới nhất trước.",
        f"{count} lần xuất; {by.full_name} xuất lúc {timezone.localtime(now):%H:%M ngày %d/%m/%Y}.",
    ]
    return write_list(
        COLUMNS, rows, title=TITLE, notes=notes, created_by=by.full_name, created_at=now, frozen_columns=2
    )
