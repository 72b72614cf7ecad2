"""Lists over all classes as workbooks: the rows, filter and order of the page, stamped with who, when and what."""

from typing import BinaryIO

from candidates.cells import birth_cell, record_key
from organizations.list_files import Cells, stamp, write_table
from vuthu_recruit.workbook import Column, Kind

# Of each row its number and what the page knows of it.
NOT_ATTENDED: Cells = (
    (Column("STT", Kind.INTEGER), lambda row: row[0]),
    (Column("Họ và tên"), lambda row: row[1]["person"].full_name),
    (Column("Ngày sinh", Kind.DATE), lambda row: birth_cell(row[1]["person"].birth)),
    (Column("Giới tính"), lambda row: row[1]["person"].get_sex_display()),
    (Column("Đơn vị"), lambda row: row[1]["unit"]),
    (Column("Chi bộ"), lambda row: row[1]["branch"]),
    (Column("Bước"), lambda row: row[1]["person"].get_stage_display()),
    (Column("Vào nguồn ngày", Kind.DATE), lambda row: row[1]["since"]),
    (Column("Giấy hết giá trị ngày", Kind.DATE), lambda row: row[1]["ended_on"]),
    (Column("Lớp gần nhất"), lambda row: row[1]["attempt"].name if row[1]["attempt"] else ""),
    (Column("Trong lớp đó"), lambda row: row[1]["attempt"].state if row[1]["attempt"] else ""),
    (Column("Mã hồ sơ"), lambda row: record_key(row[1]["person"].pk, row[1]["person"].version)),
)
UNSCREENED: Cells = (
    (Column("STT", Kind.INTEGER), lambda row: row[0]),
    (Column("Lớp"), lambda row: str(row[1]["training_class"])),
    (Column("Họ và tên"), lambda row: row[1]["name"]),
    (Column("Ngày sinh", Kind.DATE), lambda row: birth_cell(row[1]["birth"])),
    (Column("Giới tính, chức vụ"), lambda row: row[1]["sex"] or row[1]["participant_position"]),
    (Column("Quê quán"), lambda row: row[1]["home_town"]),
    (Column("Đơn vị cử"), lambda row: row[1]["unit"]),
    (Column("Chi bộ cử"), lambda row: row[1]["branch"]),
    (Column("Cử lúc", Kind.MOMENT), lambda row: row[1]["nominated_at"]),
    (Column("Người cử"), lambda row: row[1]["nominated_by__full_name"] or ""),
    (Column("Số ngày chờ", Kind.INTEGER), lambda row: row[1]["days"]),
)
KEY = (Column("Mã hồ sơ"), lambda row: row[1]["key"])
NEEDED = "Người cần học lớp nhận thức về Đảng"
WAITING = "Người được cử, chưa xét"


def not_attended_workbook(lines: list[dict], *, filter_words: str, sort_words: str, by) -> BinaryIO:
    notes = [f"Bộ lọc: {filter_words}. Xếp theo: {sort_words}.", stamp(f"{len(lines)} người", by)]
    return write_table(NOT_ATTENDED, enumerate(lines, 1), title=NEEDED, notes=notes, by=by)


def unscreened_workbook(rows: list[dict], *, filter_words: str, by) -> BinaryIO:
    """With the keys of records where the reader may have any: the Centre has none."""
    notes = [f"Bộ lọc: {filter_words}. Theo lớp, ai được cử trước thì trước.", stamp(f"{len(rows)} người", by)]
    table = (*UNSCREENED, KEY) if any(row["key"] for row in rows) else UNSCREENED
    return write_table(table, enumerate(rows, 1), title=WAITING, notes=notes, by=by)
