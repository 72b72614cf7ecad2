"""What the papers of a class are made of, as page and workbook share it: tables, sums, title and words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices

from candidates.models import TrainingClass
from reports.issuer import Paper, date_in_words
from vuthu_recruit.dates import show_day
from vuthu_recruit.templatetags.ui import vn_number
from vuthu_recruit.vietnamese import lower_first
from vuthu_recruit.workbook import Column, Head

ROMAN = {1000: "M", 900: "CM", 500: "D", 400: "CD", 100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X", 9: "IX", 5: "V"}
ROMAN |= {4: "IV", 1: "I"}


class Form(TextChoices):
    """Which paper; the value stands in its address."""

    ROSTER = "danh-sach", "Danh sách học viên"
    ATTENDANCE = "diem-danh", "Bảng điểm danh"
    RESULTS = "ket-qua", "Kết quả học tập"
    REGISTER = "so-giay", "Sổ cấp giấy chứng nhận"


PORTRAIT = (Form.ROSTER, Form.RESULTS)
BY_HAND = (Form.ATTENDANCE, Form.REGISTER)  # somebody writes into every row


@dataclass(frozen=True)
class Section:
    """Rows of a table, the cells in the order of its columns; named where there are several."""

    rows: tuple[tuple, ...]
    name: str = ""


@dataclass(frozen=True)
class Table:
    """`heads`: the rows of its header. `feet`: rows that are no person's."""

    columns: tuple[tuple[str, Column], ...]
    sections: tuple[Section, ...]
    heads: tuple[tuple[Head, ...], ...]
    name: str = ""  # where there are several
    feet: tuple[tuple, ...] = ()

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.columns]

    @property
    def looks(self) -> list[str]:
        """What the page calls its columns."""
        return [key.partition("-")[0] for key in self.keys]

    @property
    def printed(self) -> list[dict]:
        """Sections with their cells as the page shows them."""
        return [{"name": one.name, "rows": [self._printed(row) for row in one.rows]} for one in self.sections]

    @property
    def printed_feet(self) -> list[list[dict]]:
        return [self._printed(row) for row in self.feet]

    def _printed(self, row: Sequence) -> list[dict]:
        columns = zip(self.columns, self.looks, row, strict=True)
        return [
            {"text": shown(value), "look": look, "centred": column.centred, "names_row": look == "name"}
            for (_, column), look, value in columns
        ]


class By(StrEnum):
    """How a sum follows from the rows above it."""

    ROWS = "rows"
    EQUAL = "equal"  # the cell of the column says what the sum is called
    BEGINS = "begins"  # it begins so
    REST = "rest"  # of all rows, those in no other sum


@dataclass(frozen=True)
class Sum:
    """How many rows of a section say something in a column."""

    name: str
    value: int
    by: By = By.ROWS
    column: str = "name"
    section: int = 0

    @property
    def words(self) -> str:
        """Grades as the scale writes them, all else as in the middle of a sentence."""
        name = self.name if self.column == "grade" and self.by == By.EQUAL else lower_first(self.name)
        return f"{name} {self.value}"


@dataclass(frozen=True)
class ClassSheet:
    """One paper. `paper` None: the part of a unit, which issues nothing in the Centre's name."""

    form: Form
    training_class: TrainingClass
    paper: Paper | None
    tables: tuple[Table, ...]
    sums: tuple[Sum, ...]
    made_by: str
    part: str = ""
    notes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.form.label.upper()

    @property
    def subject(self) -> str:
        one = self.training_class
        name = re.sub(r"^lớp\s+", "", one.kind.name, flags=re.IGNORECASE)
        return f"Lớp {name} khóa {roman(one.number)} năm {one.year}".upper()

    @property
    def subtitles(self) -> list[str]:
        part = f"Phần của đơn vị: {self.part}" if self.part else ""
        return [words for words in (f"({when(self.training_class)})", part, *self.marks) if words]

    @property
    def is_portrait(self) -> bool:
        return self.form in PORTRAIT

    @property
    def is_by_hand(self) -> bool:
        return self.form in BY_HAND

    @property
    def people(self) -> int:
        """How many it names: where there are several tables, they share the lessons and not the people."""
        return max((sum(len(section.rows) for section in table.sections) for table in self.tables), default=0)

    @property
    def has_rows(self) -> bool:
        return any(section.rows for table in self.tables for section in table.sections)

    @property
    def nobody(self) -> str:
        return "Chưa cấp giấy chứng nhận nào" if self.form == Form.REGISTER else "Lớp chưa có học viên"

    @property
    def nobody_why(self) -> str:
        if self.form == Form.REGISTER:
            return "Sổ ghi các giấy chứng nhận đã cấp số và ngày."
        return "Danh sách có người sau khi xét chọn."

    @property
    def sum_words(self) -> str:
        """ "Tổng số: 20 học viên. Trong đó: Giỏi 7, …" """
        if not self.sums:
            return ""
        total, *parts = self.sums
        what = lower_first(total.name.removeprefix("Tổng số "))
        words = [f"Tổng số: {total.value} {what}."]
        if of := [one.words for one in parts if one.section == 0 and one.value]:
            words.append(f"Trong đó: {', '.join(of)}.")
        words += [f"{one.name}: {one.value}." for one in parts if one.section]
        return " ".join(words)


def when(training_class: TrainingClass) -> str:
    """Lớp mở từ ngày 14/8 đến ngày 18 tháng 8 năm 2023 tại …; the year once where it is one."""
    first, last = training_class.from_on, training_class.to_on
    begins = f"{first.day}/{first.month}" if first.year == last.year else f"{first.day}/{first.month}/{first.year}"
    days = date_in_words(last) if first == last else f"từ ngày {begins} đến {date_in_words(last)}"
    place = f" tại {training_class.place}" if training_class.place else ""
    called_off = "; lớp không mở" if training_class.is_called_off else ""
    return f"Lớp mở {days}{place}{called_off}"


def roman(number: int) -> str:
    """II of 2, as courses are numbered."""
    found = ""
    for value, letters in ROMAN.items():
        while number >= value:
            found, number = found + letters, number - value
    return found


def shown(value: Any) -> str:
    """A cell as paper shows it: 18/08/2023, 8,5, a year without a separator."""
    if isinstance(value, date):
        return show_day(value)
    return str(value) if isinstance(value, int | str) else "" if value is None else vn_number(value)
