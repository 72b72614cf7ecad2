"""The history of imports as a workbook: what came in, from whom, and what became of it."""

from collections.abc import Iterable
from typing import BinaryIO

from organizations.list_files import Cells, stamp, write_table
from vuthu_recruit.workbook import Column, Kind

TITLE = "Các lần nhập Excel"
IMPORTS: Cells = (
    (Column("STT", Kind.INTEGER), lambda pair: pair[0]),
    (Column("Tệp"), lambda pair: pair[1]["batch"].name),
    (Column("Loại danh sách"), lambda pair: pair[1]["importer"]),
    (Column("Đơn vị"), lambda pair: pair[1]["batch"].organization.name),
    (Column("Tải lên lúc", Kind.MOMENT), lambda pair: pair[1]["batch"].uploaded_at),
    (Column("Người tải lên"), lambda pair: pair[1]["batch"].uploaded_by.full_name),
    (Column("Trạng thái"), lambda pair: pair[1]["state"]),
    (Column("Kết quả"), lambda pair: pair[1]["told"]),
    (Column("Nhập lúc", Kind.MOMENT), lambda pair: pair[1]["batch"].applied_at),
    (Column("Người nhập"), lambda pair: one.full_name if (one := pair[1]["batch"].applied_by) else ""),
    (Column("Hoàn tác lúc", Kind.MOMENT), lambda pair: pair[1]["batch"].undone_at),
    (Column("Lý do hoàn tác"), lambda pair: pair[1]["batch"].undo_reason),
)


def imports_workbook(rows: Iterable[dict], *, filter_words: str, count: int, by) -> BinaryIO:
    """Rows of the page (`batch`, `importer`, `state`, `told`), all pages."""
    notes = [f"Bộ lọc: {filter_words}. Mới nhất trước.", stamp(f"{count} lần nhập", by)]
    return write_table(IMPORTS, enumerate(rows, 1), title=TITLE, notes=notes, by=by)
