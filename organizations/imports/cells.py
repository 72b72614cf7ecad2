"""What a cell says, whatever its type: days, ticks, text, nothing. Pure.

A cell that can be read in two ways is a refusal that names both. What had to be changed to read it comes back as a
notice, a sentence that does not stop anything.
"""

import re
from datetime import date, timedelta

from organizations.imports.table import shown
from vuthu_recruit.dates import FIRST_YEAR, LAST_YEAR, DateError, PartialDate, parse_partial, show_day
from vuthu_recruit.spreadsheet import Broken, Cell
from vuthu_recruit.vietnamese import clean, search_key
from vuthu_recruit.workbook import without_guard

DASHES = re.compile(r"[-–—−.…_\s]+")
SAME_AS_ABOVE = re.compile(r"[-\s]*(?:nt|n/t|//|như trên|nhu tren|như dòng trên|\"|''|〃|”|“)[-\s.]*", re.IGNORECASE)
LONGEST_SIGN = 20  # of the two above
TICKS = frozenset({"x", "v", "1", "co", "dung", "yes", "true"})
TICK_SIGNS = frozenset("×✓✔√☑☒✗✘+●•")
CROSSES = frozenset({"0", "khong", "ko", "k", "sai", "no", "false", "chua"})

FIRST_SERIAL = date(1899, 12, 30)
# A year typed into a cell that is formatted as a day: 1990 shows as 12/06/1905.
YEARS_AS_DAYS = (FIRST_SERIAL + timedelta(FIRST_YEAR), FIRST_SERIAL + timedelta(LAST_YEAR))
MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$")
BORN = re.compile(r"^(?:sinh ngày|sinh năm|sinh|sn|ns)[ .:]+(?=\d)", re.IGNORECASE)
UNKNOWN_PART = re.compile(r"^(?:0{1,2}|[.…_?xX-]+)[/.-](?=[0-9.…_?xX-]+[/.-]?\d)")


class CellError(ValueError):
    """Why a cell cannot be read: a sentence for whoever wrote it."""


def is_nothing(cell: Cell) -> bool:
    """An empty cell, or one with no more than a dash or dots."""
    if cell is None:
        return True
    return isinstance(cell, str) and (not cell or (len(cell) <= LONGEST_SIGN and bool(DASHES.fullmatch(cell))))


def is_same_as_above(cell: Cell) -> bool:
    """ "nt", "như trên", ditto marks."""
    return isinstance(cell, str) and len(cell) <= LONGEST_SIGN and bool(SAME_AS_ABOVE.fullmatch(cell))


def refuse_broken(cell: Cell) -> None:
    if isinstance(cell, Broken):
        raise CellError(f"Ô báo lỗi {cell.text} hoặc công thức chưa có kết quả. Hãy gõ lại nội dung vào ô.")


def text_of(cell: Cell) -> str:
    """Text as typed; a whole number as its digits. Not what Excel made of a text it took for something else."""
    refuse_broken(cell)
    if cell is None:
        return ""
    if isinstance(cell, str):
        return clean(without_guard(cell))
    if isinstance(cell, bool):
        raise CellError("Ô ghi đúng/sai (TRUE, FALSE), không phải chữ. Hãy gõ lại nội dung vào ô.")
    if isinstance(cell, date):
        raise CellError(f"Ô là ngày {show_day(cell)}, không phải chữ. Nếu Excel tự đổi, hãy gõ lại nội dung vào ô.")
    return shown(cell)


def is_ticked(cell: Cell, yes: str = "", no: str = "") -> bool:
    """A tick, or the word of the column itself (`yes`); blank, “không” or the opposite word is none."""
    refuse_broken(cell)
    if is_nothing(cell):
        return False
    if isinstance(cell, date) or (isinstance(cell, int | float) and cell not in (0, 1)):
        raise CellError(f"Ô ghi {shown(cell)}; cột này chỉ đánh dấu x hoặc để trống.")
    if isinstance(cell, int | float):  # also a bool
        return bool(cell)
    key = search_key(cell)
    if cell.strip() in TICK_SIGNS or key in TICKS or (key and key == search_key(yes)):
        return True
    if key in CROSSES or (key and key == search_key(no)):
        return False
    raise CellError(f"Ô ghi “{cell}”; cột này chỉ đánh dấu x hoặc để trống.")


def partial_of(cell: Cell, label: str) -> tuple[PartialDate, str]:
    """A day, a month or a year, and a notice ("" when it stood there just so)."""
    refuse_broken(cell)
    if isinstance(cell, bool):
        raise CellError(f"{label} chưa đúng: ô ghi đúng/sai (TRUE, FALSE).")
    if isinstance(cell, date):
        return _from_day(cell, label), ""
    if isinstance(cell, int):
        return _from_number(cell, label), ""
    if isinstance(cell, float):
        raise CellError(_of_fraction(cell, label))
    return _from_text(clean(cell), label)


def day_of(cell: Cell, label: str) -> tuple[date, str]:
    """A whole day, and a notice."""
    found, notice = partial_of(cell, label)
    if found.precision != "day":
        raise CellError(f"{label} cần đủ ngày, tháng và năm; ô ghi “{shown(cell)}”.")
    return found.first, notice


def both_ways(day: date) -> tuple[date, date] | None:
    """A day and what it becomes when day and month change places; None when that is no other day."""
    if day.day > 12 or day.day == day.month:
        return None
    return day, day.replace(month=day.day, day=day.month)


def _from_day(day: date, label: str) -> PartialDate:
    first, last = YEARS_AS_DAYS
    if first <= day <= last:
        year = (day - FIRST_SERIAL).days
        raise CellError(
            f"{label}: ô hiện ngày {show_day(day)}, có lẽ là năm {year} gõ vào ô định dạng ngày. "
            f"Hãy đổi ô sang dạng chữ rồi gõ lại."
        )
    try:
        return PartialDate.from_date(day)
    except DateError as refusal:
        raise CellError(refusal.for_label(label))


def _from_number(number: int, label: str) -> PartialDate:
    if FIRST_YEAR <= number <= LAST_YEAR:
        return PartialDate(number)
    digits = str(number)
    if len(digits) == 8:  # 27031990; a year can stand at one end only
        return _from_text(digits, label)[0]
    if len(digits) == 7:
        raise CellError(
            f"{label}: ô ghi số {digits}, có thể là {digits[0]}/{digits[1:3]}/{digits[3:]} hoặc "
            f"{digits[:2]}/{digits[2]}/{digits[3:]}. Hãy gõ lại có dấu gạch chéo."
        )
    if 1 <= number <= 99999 and len(digits) == 5:
        day = FIRST_SERIAL + timedelta(number)
        raise CellError(
            f"{label}: ô ghi số {digits}, không phải ngày; có lẽ là ngày {show_day(day)} mất định dạng. "
            "Hãy gõ lại ngày có dấu gạch chéo."
        )
    if 0 <= number <= 99:
        raise CellError(f"{label} cần năm đủ 4 chữ số; ô ghi số {digits}.")
    raise CellError(f"{label} chưa đúng: ô ghi số {digits}, không phải ngày.")


def _of_fraction(number: float, label: str) -> str:
    written = shown(number)
    month, _, year = written.partition(",")
    year = year.ljust(4, "0")
    if month.isdecimal() and 1 <= int(month) <= 12 and len(year) == 4 and FIRST_YEAR <= int(year) <= LAST_YEAR:
        return f"{label}: ô ghi số {written}, không phải ngày. Nếu là tháng {month} năm {year}, hãy gõ {month}/{year}."
    return f"{label} chưa đúng: ô ghi số {written}, không phải ngày."


def _from_text(typed: str, label: str) -> tuple[PartialDate, str]:
    plain = BORN.sub("", MIDNIGHT.sub("", typed.lstrip("'’ "))).rstrip(" .,;")
    notice = ""
    while match := UNKNOWN_PART.match(plain):  # 00/00/1990, …/5/1990
        plain = plain[match.end() :]
        notice = f"“{typed}” đọc là {plain}."
    try:
        return parse_partial(plain), notice
    except DateError as refusal:
        raise CellError(f"{refusal.for_label(label)} Ô ghi “{typed}”.")
