"""Lists as workbooks: exactly the rows, filter and order of the page, stamped with who, when and what.

A further column is a further line in the table of the list.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, BinaryIO

from candidates.cells import birth_cell, group_words, record_key
from candidates.choices import Sex
from candidates.due import Due, turn
from candidates.next_steps import HINTS
from candidates.pipeline import Stage, Status
from organizations.changes import mask
from organizations.list_files import Cells, stamp, write_cells, write_table
from organizations.permissions import Body
from vuthu_recruit.workbook import Column, Kind

SEXES, STAGES, STATUSES = dict(Sex.choices), dict(Stage.choices), dict(Status.choices)
BODIES = dict(Body.choices) | {"": ""}

TITLE = "Danh sách quần chúng"


@dataclass(frozen=True)
class Read:
    """A column of a list that is read from the database: which values of a person, and how they are shown.

    Several values come as a tuple. NUMBER is the place in the list.
    """

    column: Column
    names: tuple[str, ...]
    show: Callable[[Any], Any] | None = None


NUMBER = "number"
PLACE = ("unit__grassroots__short_name", "unit__short_name", "unit__grassroots", "unit")
MASKED = Read(Column("Số định danh (đã che)"), ("identity_number",), mask)
IN_FULL = Read(Column("Số định danh"), ("identity_number",))
PEOPLE = (
    Read(Column("STT", Kind.INTEGER), (NUMBER,)),
    Read(Column("Họ và tên"), ("full_name",)),
    Read(Column("Ngày sinh", Kind.DATE), ("birth",), birth_cell),
    Read(Column("Giới tính"), ("sex",), SEXES.get),
    MASKED,
    Read(Column("Đơn vị"), PLACE, lambda place: place[0] or place[1]),
    Read(Column("Chi bộ"), PLACE, lambda place: "" if place[2] in (None, place[3]) else place[1]),
    Read(Column("Bước"), ("stage",), STAGES.get),
    Read(Column("Trạng thái"), ("status",), STATUSES.get),
    Read(Column("Ngày của bước gần nhất", Kind.DATE), ("last_on",)),
    Read(Column("Đối tượng ưu tiên"), ("priority_groups",), group_words),
    Read(Column("Tổ chức giới thiệu"), ("introduced_by_body",), BODIES.get),
    Read(Column("Quê quán"), ("home_town",)),
    Read(Column("Nơi ở hiện nay"), ("residence",)),
    Read(Column("Công việc, chức vụ"), ("job",)),
    Read(Column("Nơi làm việc"), ("workplace",)),
    Read(Column("Ghi chú"), ("is_backfilled",), lambda is_backfilled: "nhập bù" if is_backfilled else ""),
    # By which an edited list comes back (people_import); a list of somebody who may not edit comes back to nobody.
    Read(Column("Mã hồ sơ"), ("pk", "version"), lambda pair: record_key(*pair)),
)


def people_workbook(
    candidates, *, filter_words: str, sort_words: str, count: int, by, with_numbers: bool = False
) -> BinaryIO:
    """An open file. Costs one query whatever the number of rows, of people with `is_backfilled` and `last_on`.

    Background columns are not exported. Identity numbers are masked unless asked for by whoever may read them of
    everybody in the list: that is the caller's to find out.
    """
    notes = [f"Bộ lọc: {filter_words}. Xếp theo {sort_words}."]
    notes += ["Có số định danh đầy đủ: chỉ dùng cho việc đã nêu lý do, không gửi tiếp."] * with_numbers
    notes.append(stamp(f"{count} người", by))
    table = [IN_FULL if with_numbers and one is MASKED else one for one in PEOPLE]
    columns = [one.column for one in table]
    return write_cells(columns, read_cells(candidates, table), title=TITLE, notes=notes, by=by)


def read_cells(rows, table: Sequence[Read]) -> Iterator[list]:
    """The cells of each row as it comes from the database: the values alone, never all rows at once."""
    names = list(dict.fromkeys(name for one in table for name in one.names if name != NUMBER))
    place = {NUMBER: 0} | {name: at for at, name in enumerate(names, 1)}
    # One value stands at a place; several come as a tuple.
    plan = [(itemgetter(*(place[name] for name in one.names)), one.show or as_it_is) for one in table]
    for number, values in enumerate(rows.select_related(None).values_list(*names).iterator(), 1):
        row = (number, *values)
        yield [show(get(row)) for get, show in plan]


def as_it_is(value):
    return value


@dataclass(slots=True)
class DueLine:
    """A deadline in the list. `level`: what the local limits say of it."""

    number: int
    due: Due
    level: str

    @property
    def event(self):
        return self.due.event

    @property
    def deadline(self):
        return self.due.deadline

    @property
    def place(self) -> tuple[str, str]:
        unit = self.event.unit
        grassroots = unit.grassroots or unit
        return grassroots.short_name, "" if unit == grassroots else unit.short_name


DEADLINES: Cells = (
    (Column("STT", Kind.INTEGER), lambda line: line.number),
    (Column("Họ và tên"), lambda line: line.event.candidate.full_name),
    (Column("Ngày sinh", Kind.DATE), lambda line: birth_cell(line.event.candidate.birth)),
    (Column("Đơn vị"), lambda line: line.place[0]),
    (Column("Chi bộ"), lambda line: line.place[1]),
    (Column("Bước"), lambda line: line.event.get_to_stage_display()),
    (Column("Việc tiếp theo"), lambda line: HINTS[turn(line.event)]),
    (Column("Tính từ ngày", Kind.DATE), lambda line: line.event.clock_from),
    (Column("Hạn", Kind.DATE), lambda line: line.deadline.due if line.deadline else ""),
    (Column("Còn lại"), lambda line: line.deadline.words if line.deadline else ""),
    (Column("Ghi chú"), lambda line: "; ".join(filter(None, [line.deadline and line.deadline.note, line.level]))),
    (Column("Mã hồ sơ"), lambda line: record_key(line.event.candidate.pk, line.event.candidate.version)),
)


def deadlines_workbook(found: list[Due], *, level_words, filter_words: str, by) -> BinaryIO:
    """Deadlines in the order of the page. `level_words`: what the local limits say of an event."""
    notes = [f"Bộ lọc: {filter_words}. Gấp nhất trước.", stamp(f"{len(found)} người", by)]
    lines = (DueLine(number, one, level_words(one.event)) for number, one in enumerate(found, 1))
    return write_table(DEADLINES, lines, title="Thời hạn", notes=notes, by=by)


CLASSES: Cells = (
    (Column("STT", Kind.INTEGER), lambda line: line[0]),
    (Column("Loại lớp"), lambda line: line[1].kind.name),
    (Column("Khóa", Kind.INTEGER), lambda line: line[1].number),
    (Column("Năm", Kind.TEXT, centred=True), lambda line: str(line[1].year)),
    (Column("Từ ngày", Kind.DATE), lambda line: line[1].from_on),
    (Column("Đến ngày", Kind.DATE), lambda line: line[1].to_on),
    (Column("Địa điểm"), lambda line: line[1].place),
    (Column("Quyết định mở lớp"), lambda line: line[1].opening_decision),
    (Column("Số chỗ", Kind.INTEGER), lambda line: line[1].capacity),
    (Column("Chờ xét", Kind.INTEGER), lambda line: line[1].unscreened),
    (Column("Chờ chỗ", Kind.INTEGER), lambda line: line[1].waiting),
    (Column("Học viên", Kind.INTEGER), lambda line: line[1].people),
    (Column("Đạt", Kind.INTEGER), lambda line: line[1].passed),
    (Column("Giấy chứng nhận", Kind.INTEGER), lambda line: line[1].certified),
    (Column("Ghi chú"), lambda line: "đã hủy" if line[1].is_called_off else ""),
)


def classes_workbook(rows: list, *, filter_words: str, by) -> BinaryIO:
    """Classes in the order of the page, counted over the people the reader may see."""
    notes = [f"Bộ lọc: {filter_words}. Số người là những người người xuất được xem.", stamp(f"{len(rows)} lớp", by)]
    return write_table(CLASSES, enumerate(rows, 1), title="Lớp học", notes=notes, by=by)
