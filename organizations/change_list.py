"""The change log as a workbook: one line for each record that was touched, in the words of the page."""

from collections.abc import Iterator
from itertools import groupby, islice
from typing import BinaryIO

from organizations import history
from organizations.history import Entry, FieldChange, Item
from organizations.list_files import Cells, stamp, write_table
from organizations.models import Change
from vuthu_recruit.workbook import Column, Kind

TITLE = "Lịch sử thay đổi"
AT_ONCE = 1000  # changes put into words together: their names are asked for together too
MOST_TOGETHER = 2000  # of one request: the command line imports fifty thousand rows in one
NOTHING = Item("", "", "", ())
KINDS = {"created": "Thêm", "updated": "Sửa", "deleted": "Xóa", "withdrawn": "Rút"}
# Of each row the entry and one of its items.
CHANGES: Cells = (
    (Column("Lúc", Kind.MOMENT), lambda row: row[0].at),
    (Column("Người làm"), lambda row: row[0].who),
    (Column("Qua"), lambda row: row[0].via),
    (Column("Việc"), lambda row: "; ".join(row[0].actions)),
    (Column("Đối tượng"), lambda row: row[0].subject),
    (Column("Đơn vị"), lambda row: row[0].unit),
    (Column("Bản ghi"), lambda row: " ".join(filter(None, [row[1].words, row[1].name]))),
    (Column("Loại thay đổi"), lambda row: KINDS.get(row[1].kind, "")),
    (Column("Nội dung"), lambda row: "; ".join(_words(row[1].kind, one) for one in row[1].fields)),
    (Column("Lý do"), lambda row: "; ".join(row[0].reasons)),
    (Column("Từ địa chỉ"), lambda row: row[0].address),
    (Column("Mã yêu cầu"), lambda row: row[0].request_id),
)


def changes_workbook(changes, *, filter_words: str, count: int, by) -> BinaryIO:
    """Changes newest first with `by` and `unit`. Costs one query, and for each thousand of them one for each kind of
    thing they name.
    """
    notes = [f"Bộ lọc: {filter_words}. Mới nhất trước.", stamp(f"{count} thay đổi", by)]
    rows = ((entry, item) for entry in _entries(changes) for item in entry.items or (NOTHING,))
    return write_table(CHANGES, rows, title=TITLE, notes=notes, by=by)


def _entries(changes) -> Iterator[Entry]:
    """What one request changed stays together, except where it changed more than is held at once."""
    held: list[Change] = []
    for _, request in groupby(changes.iterator(AT_ONCE), key=lambda row: row.request_id):
        while part := list(islice(request, MOST_TOGETHER)):
            held += part
            if len(held) >= AT_ONCE:
                yield from history.entries(held)
                held = []
    yield from history.entries(held)


def _words(kind: str, one: FieldChange) -> str:
    """What was added or removed stands alone, as on the page."""
    if kind == "updated":
        return f"{one.label}: {one.before or '(trống)'} → {one.after or '(trống)'}"
    return f"{one.label}: {one.after if kind == 'created' else one.before}"
