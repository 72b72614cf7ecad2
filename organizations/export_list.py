"""The log of files as a workbook."""

from typing import BinaryIO

from organizations.list_files import Cells, stamp, write_table
from vuthu_recruit.workbook import Column, Kind

TITLE = "Lịch sử xuất dữ liệu"
EXPORTS: Cells = (
    (Column("Lúc", Kind.MOMENT), lambda one: one.at),
    (Column("Người xuất"), lambda one: one.by.full_name),
    (Column("Phạm vi"), lambda one: one.unit.place_words),
    (Column("Danh sách"), lambda one: one.name),
    (Column("Bộ lọc"), lambda one: one.filter_words),
    (Column("Số dòng", Kind.INTEGER), lambda one: one.rows),
    (Column("Số định danh đầy đủ"), lambda one: one.with_numbers),
    (Column("Lý do"), lambda one: one.reason),
    (Column("Mã yêu cầu"), lambda one: one.request_id),
)


def exports_workbook(exports, *, filter_words: str, count: int, by) -> BinaryIO:
    """Costs one query, of rows with `by` and `unit`."""
    notes = [f"Bộ lọc: {filter_words}. Mới nhất trước.", stamp(f"{count} lần xuất", by)]
    return write_table(EXPORTS, exports.iterator(), title=TITLE, notes=notes, by=by)
