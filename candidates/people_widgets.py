"""How a cell of a list of people is read and written, a widget a kind of column.

What a form checks of a value is checked here by the form's own field.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from import_export import widgets

from candidates import people_words as words
from candidates.cells import birth_cell, group_words, parse_record_key
from candidates.citizen_number import clean_number
from candidates.forms.record import RecordForm
from organizations.imports import cells
from organizations.imports.cells import CellError
from organizations.imports.table import shown
from vuthu_recruit.spreadsheet import Cell
from vuthu_recruit.vietnamese import search_key

MASK = "•"
ORDER_IN_NAME = re.compile(r"^(?:\d{1,4}\s*[.)/-]|[-+*•])\s*(?=\D)")
TITLE_IN_NAME = re.compile(r"^(?:đ/c|đ\.c|đc|đồng chí)[.:\s]\s*", re.IGNORECASE)
NO_DAY = re.compile(r"(?:chua|khong)(?: (?:vao|vao doan|co|ket nap))?|ko")
AS_POWER = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)


Say = Callable[[str], None]


def _to_nobody(notice: str) -> None:
    """Where notices go that nobody asked for."""


class CellWidget(widgets.Widget):
    """`say` is told what was changed to read the cell; None means that the cell gives no value."""

    def clean(self, value, row=None, *, say: Say = _to_nobody, **kwargs):
        try:
            return self.read(value, say)
        except CellError as refusal:
            raise ValidationError(str(refusal))

    def read(self, cell: Cell, say: Say):
        raise NotImplementedError

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else value


@dataclass
class Text(CellWidget):
    """Text under the checks of a field of the form."""

    field: forms.Field

    def read(self, cell, say):
        return self.field.clean(cells.text_of(cell)) or None


class Name(Text):
    def read(self, cell, say):
        typed = cells.text_of(cell)
        name = TITLE_IN_NAME.sub("", ORDER_IN_NAME.sub("", typed))
        found = self.field.clean(name)
        if name != typed:
            say(words.read_as(typed, name))
        return found


class NamePart(CellWidget):
    """Half a name: checked when it is whole."""

    def read(self, cell, say):
        return cells.text_of(cell)


class IdentityNumber(CellWidget):
    """Text of digits. Excel takes a number for a quantity and drops the zeros it begins with."""

    field = RecordForm.base_fields["identity_number"]

    def read(self, cell, say):
        if isinstance(cell, float):
            raise CellError(f"Số định danh chưa đúng: ô ghi số {shown(cell)}. Hãy đổi ô sang dạng chữ rồi gõ lại.")
        typed = cells.text_of(cell)
        if MASK in typed:  # as the system itself wrote it
            return None
        if AS_POWER.fullmatch(typed):
            raise CellError(
                f"Số định danh đã bị Excel đổi thành {typed}, mất chữ số. Hãy đổi ô sang dạng chữ rồi gõ lại."
            )
        if isinstance(cell, int) and 8 <= len(typed) <= 11:
            number = typed.zfill(12)
            doubt = "; nếu là số chứng minh nhân dân 9 số, hãy đổi ô sang dạng chữ" if len(typed) == 9 else ""
            say(f"Số {typed} đọc là {number}: Excel đã bỏ các số 0 ở đầu{doubt}.")
            return number
        number = self.field.clean(typed.lstrip("'’"))
        if number and number != typed:
            say(words.read_as(typed, number))
        return number or None


class Phone(CellWidget):
    field = RecordForm.base_fields["phone"]

    def read(self, cell, say):
        typed = cells.text_of(cell)
        digits = clean_number(typed.lstrip("'’"))
        if digits.isdecimal() and not digits.startswith("0") and (len(digits) == 9 or isinstance(cell, int)):
            digits = f"0{digits}"
        number = self.field.clean(digits)
        if number and number != typed:
            say(words.read_as(typed, number))
        return number or None


@dataclass
class PartialDay(CellWidget):
    """A day, a month or a year. Written as a real date when the day is known, else as the text of the paper."""

    label: str

    def read(self, cell, say):
        found, notice = cells.partial_of(cell, self.label)
        if notice:
            say(notice)
        return found

    def render(self, value, obj=None, **kwargs):
        return birth_cell(value)


class DayIfAny(PartialDay):
    """Also “chưa”, “không”: there is no such day."""

    def read(self, cell, say):
        if isinstance(cell, str) and NO_DAY.fullmatch(search_key(cell)):
            return None
        return super().read(cell, say)


@dataclass
class Day(CellWidget):
    label: str

    def read(self, cell, say):
        found, notice = cells.day_of(cell, self.label)
        if notice:
            say(notice)
        return found


@dataclass
class DayPart(CellWidget):
    """A day, a month or a year in a column of its own."""

    label: str
    longest: int = 2

    def read(self, cell, say):
        typed = cells.text_of(cell)
        if not typed.isdecimal() or len(typed) > self.longest:
            raise CellError(f"{self.label} chưa đúng: ô ghi “{typed}”.")
        return int(typed) or None  # 0 for what is not known


@dataclass
class Choice(CellWidget):
    """One of a list, by its label or a short form. What is in no list is refused."""

    choices: Any
    known: dict
    what: str

    def read(self, cell, say):
        typed = cells.text_of(cell)
        found = words.choice_of(typed, self.choices, self.known)
        if not found:
            labels = "; ".join(self.choices.labels)
            raise CellError(f"{self.what} “{typed}” không có trong danh mục. Ghi một trong các mục: {labels}.")
        return found.value

    def render(self, value, obj=None, **kwargs):
        return self.choices(value).label if value else ""


class Ethnicity(CellWidget):
    def read(self, cell, say):
        typed = cells.text_of(cell)
        found = words.ETHNICITIES.get(search_key(typed))
        if not found:
            raise CellError(f"Dân tộc “{typed}” không có trong danh mục 54 dân tộc.")
        return found


@dataclass
class Reader(CellWidget):
    """A choice that may stay open: what is in no list gives no value, and a notice."""

    choices: Any
    reads: Callable[[str], tuple]

    def read(self, cell, say):
        found, notice = self.reads(cells.text_of(cell))
        if notice:
            say(notice)
        return found.value if found else None

    def render(self, value, obj=None, **kwargs):
        return self.choices(value).label if value else ""


class Schooling(Reader):
    """Excel makes a day of 12/12 and 9/12; only one of its numbers can be the years of the school."""

    def read(self, cell, say):
        if isinstance(cell, date):
            done, years = sorted((cell.day, cell.month))
            if years not in words.ENDS:
                return super().read(cell, say)
            say(f"Excel đã đổi {done}/{years} thành ngày {shown(cell)}; đọc là {done}/{years}.")
            cell = f"{done}/{years}"
        return super().read(cell, say)


@dataclass
class Tick(CellWidget):
    """A column to tick, or the word that stands above it and its short forms."""

    yes: str
    short: frozenset[str] = frozenset()

    def read(self, cell, say):
        if isinstance(cell, str) and search_key(cell) in self.short:
            return True
        return cells.is_ticked(cell, self.yes)

    def render(self, value, obj=None, **kwargs):
        return "x" if value else ""


@dataclass
class BirthOrTick(CellWidget):
    """A column of men or of women: a birth or a tick. True, False or a PartialDate."""

    yes: str
    no: str
    label: str = "Ngày sinh"

    def read(self, cell, say):
        is_sign = isinstance(cell, bool | None) or cell in (0, 1)
        if is_sign or (isinstance(cell, str) and not re.search(r"\d{2}", cell)):
            return cells.is_ticked(cell, self.yes, self.no)
        found, notice = cells.partial_of(cell, self.label)
        if notice:
            say(notice)
        return found


class Groups(CellWidget):
    """(groups, unions somebody is a member of): a list names the youth union among the groups."""

    def read(self, cell, say):
        groups, members, notices = words.groups_of(cells.text_of(cell))
        for notice in notices:
            say(notice)
        return (groups, members) if groups or members else None

    def render(self, value, obj=None, **kwargs):
        return group_words(value or [])


class RecordKey(CellWidget):
    def read(self, cell, say):
        typed = cells.text_of(cell)
        found = parse_record_key(typed)
        if found is None:
            raise CellError(f"Mã hồ sơ “{typed}” không đúng. Không sửa cột này; người mới thì để trống.")
        return found


class NotStored(CellWidget):
    """Read by nobody."""

    def read(self, cell, say):
        return None
