"""Opening balances as a workbook. It can come back: see opening_import."""

from typing import BinaryIO

from organizations.list_files import Cells, stamp, write_table
from targets.models import OpeningBalance
from vuthu_recruit.workbook import Column, Kind

TITLE = "Số dư đầu kỳ"
OPENING: Cells = (
    (Column("STT", Kind.INTEGER), lambda row: row[0]),
    (Column("Đơn vị"), lambda row: row[1].organization.name),
    (Column("Từ ngày", Kind.DATE), lambda row: row[1].from_on),
    (Column("Đến hết ngày", Kind.DATE), lambda row: row[1].to_on),
    (Column("Số người", Kind.INTEGER), lambda row: row[1].count),
    (Column("Trong đó nữ", Kind.INTEGER), lambda row: row[1].women),
    (Column("Văn bản làm căn cứ"), lambda row: row[1].document),
    (Column("Mã đơn vị"), lambda row: row[1].organization.slug),  # also where two units have one name
)


def opening_workbook(balances: list[OpeningBalance], *, filter_words: str, by) -> BinaryIO:
    """Balances with their units, in the order of the page. An empty cell at the women: not known."""
    total = sum(one.count for one in balances)
    notes = [
        f"Bộ lọc: {filter_words}. Thứ tự hành chính. Ô trống ở số nữ là không rõ.",
        stamp(f"{len(balances)} dòng, {total} người", by),
    ]
    return write_table(OPENING, enumerate(balances, 1), title=TITLE, notes=notes, by=by)
