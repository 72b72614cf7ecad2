"""Lists of what waits for somebody as workbooks: the rows, filter and order of the page. They bring nothing back."""

from collections.abc import Iterable
from typing import BinaryIO

from candidates.cells import birth_cell
from candidates.models.sessions import USUAL_NAME
from organizations.list_files import Cells, stamp, write_table
from vuthu_recruit.workbook import Column, Kind

WAITING, REVIEW, SESSIONS = "Chờ tiếp nhận", "Đối chiếu hồ sơ trùng", "Kỳ họp Ban Thường vụ"
# Of each row its number and what the page knows of it.
WAITING_COLUMNS: Cells = (
    (Column("STT", Kind.INTEGER), lambda row: row[0]),
    (Column("Họ và tên"), lambda row: row[1]["candidate"].full_name),
    (Column("Ngày sinh", Kind.DATE), lambda row: birth_cell(row[1]["candidate"].birth)),
    (Column("Giới tính"), lambda row: row[1]["candidate"].get_sex_display()),
    (Column("Đơn vị"), lambda row: row[1]["unit"]),
    (Column("Chi bộ"), lambda row: row[1]["branch"]),
    (Column("Tổ chức giới thiệu"), lambda row: row[1]["candidate"].get_introduced_by_body_display()),
    (Column("Giới thiệu ngày", Kind.DATE), lambda row: row[1]["candidate"].introduced_on),
    (Column("Số ngày chờ", Kind.INTEGER), lambda row: row[1]["days"]),
    (Column("Trả lời"), lambda row: "" if row[1]["may_answer"] else "Chờ đơn vị"),
)
REVIEW_COLUMNS: Cells = (
    (Column("STT", Kind.INTEGER), lambda row: row[0]),
    (Column("Hồ sơ mới"), lambda row: row[1]["case"].candidate.full_name),
    (Column("Ngày sinh", Kind.DATE), lambda row: birth_cell(row[1]["case"].candidate.birth)),
    (Column("Đơn vị nhập"), lambda row: row[1]["unit"]),
    (Column("Người nhập"), lambda row: row[1]["case"].asked_by.full_name),
    (Column("Đơn vị đã có hồ sơ"), lambda row: row[1]["other_unit"]),
    (Column("Lý do đối chiếu"), lambda row: row[1]["kind"]),
    (Column("Chờ từ ngày", Kind.DATE), lambda row: row[1]["case"].asked_on),
    (Column("Kết quả"), lambda row: row[1]["case"].get_outcome_display()),
    (Column("Ghi chú"), lambda row: row[1]["case"].reason),
    (Column("Xong lúc", Kind.MOMENT), lambda row: row[1]["case"].decided_at),
    (Column("Người đối chiếu"), lambda row: one.full_name if (one := row[1]["case"].decided_by) else ""),
)
SESSION_COLUMNS: Cells = (
    (Column("STT", Kind.INTEGER), lambda row: row[0]),
    (Column("Kỳ họp"), lambda row: row[1].name or USUAL_NAME),
    (Column("Ngày họp", Kind.DATE), lambda row: row[1].held_on),
    (Column("Cấp họp"), lambda row: row[1].organization.short_name),
    (Column("Trong danh sách", Kind.INTEGER), lambda row: row[1].people),
    (Column("Chờ kết quả", Kind.INTEGER), lambda row: row[1].waiting),
    (Column("Tình trạng"), lambda row: "Đang mở" if row[1].is_open else "Đã xong" if row[1].people else "Không họp"),
    (Column("Kết thúc lúc", Kind.MOMENT), lambda row: row[1].closed_at),
)


def waiting_workbook(rows: list[dict], *, filter_words: str, by) -> BinaryIO:
    notes = [f"Bộ lọc: {filter_words}. Chờ lâu nhất trước.", stamp(f"{len(rows)} người", by)]
    return write_table(WAITING_COLUMNS, enumerate(rows, 1), title=WAITING, notes=notes, by=by)


def review_workbook(rows: list[dict], *, filter_words: str, by) -> BinaryIO:
    notes = [f"Bộ lọc: {filter_words}.", stamp(f"{len(rows)} trường hợp", by)]
    return write_table(REVIEW_COLUMNS, enumerate(rows, 1), title=REVIEW, notes=notes, by=by)


def sessions_workbook(sessions: Iterable, *, filter_words: str, count: int, by) -> BinaryIO:
    """Sessions with `people` and `waiting`."""
    notes = [f"Bộ lọc: {filter_words}. Mới nhất trước.", stamp(f"{count} kỳ họp", by)]
    return write_table(SESSION_COLUMNS, enumerate(sessions, 1), title=SESSIONS, notes=notes, by=by)
