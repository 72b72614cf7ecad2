"""A range as a cell says it: "3–5 người", "không giao". Pure."""

import re
from datetime import date

from organizations.imports.cells import CellError, text_of
from organizations.imports.table import shown
from vuthu_recruit.spreadsheet import Cell
from vuthu_recruit.vietnamese import search_key

Range = tuple[int | None, int | None]
NOT_GIVEN: Range = (None, None)  # "không giao", which is not 0
PEOPLE = r"(?:người|đ/c|đồng chí|đảng viên|đv)"
WRITTEN = re.compile(
    rf"(?:từ\s*)?(\d{{1,4}})\s*(?:{PEOPLE}\s*)?(?:-|–|—|−|~|\.\.+|…|đến|tới)\s*(\d{{1,4}})\s*{PEOPLE}?", re.IGNORECASE
)
NOT_GIVEN_WORDS = ("khong giao", "ko giao", "khong co chi tieu", "mien giao")
NOTHING_WORDS = ("chua giao", "ngoai giai doan")  # what our own lists write where nothing was decided
HOW = "Ghi như 3–5, hoặc “không giao”."


def says_not_given(cell: Cell) -> bool:
    return isinstance(cell, str) and search_key(cell).startswith(NOT_GIVEN_WORDS)


def range_of(cell: Cell) -> Range | None:
    """None where the cell says that nothing was decided. Raises CellError."""
    if isinstance(cell, date):
        raise CellError(
            f"Ô là ngày {shown(cell)}, có lẽ Excel đã tự đổi. Định dạng ô thành chữ rồi gõ lại như 3–5, "
            "hoặc dùng hai cột Tối thiểu, Tối đa."
        )
    typed = text_of(cell)
    if says_not_given(typed):
        return NOT_GIVEN
    if search_key(typed).startswith(NOTHING_WORDS):
        return None
    if match := WRITTEN.fullmatch(typed):
        return int(match[1]), int(match[2])
    raise CellError(f"Chỉ tiêu ghi “{typed}”. {HOW}")


def words_of(given: Range | None) -> str:
    if given is None:
        return ""
    return "Không giao" if given[0] is None else f"{given[0]}–{given[1]} người"
