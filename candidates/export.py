"""The people list as a workbook: exactly the rows, filter and order of the page, stamped with who, when and what."""

from django.utils import timezone

from candidates.choices import PriorityGroup
from candidates.due import Due, turn
from candidates.models import Candidate
from candidates.next_steps import HINTS
from organizations.changes import mask
from vuthu_recruit.workbook import Column, Kind, write_list

TITLE = "Danh sách quần chúng"
COLUMNS = (
    Column("STT", Kind.INTEGER),
    Column("Họ và tên"),
    Column("Ngày sinh", Kind.DATE),
    Column("Giới tính"),
    Column("Số định danh (đã che)"),
    Column("Đơn vị"),
    Column("Chi bộ"),
    Column("Bước"),
    Column("Trạng thái"),
    Column("Ngày của bước gần nhất", Kind.DATE),
    Column("Đối tượng ưu tiên"),
    Column("Tổ chức giới thiệu"),
    Column("Ghi chú"),
)


def people_workbook(candidates, *, filter_words: str, sort_words: str, count: int, by) -> bytes:
    """Costs one query, of rows with `is_backfilled`.

    Background columns are not exported; the identity number is masked for everyone.
    """
    now = timezone.now()
    notes = [
        f"Bộ lọc: {filter_words}. Xếp theo {sort_words}.",
        f"{count} người; {by.full_name} xuất lúc {timezone.localtime(now):%H:%M ngày %d/%m/%Y}.",
    ]
    rows = (_row(number, candidate) for number, candidate in enumerate(candidates.iterator(), 1))
    with write_list(
        COLUMNS, rows, title=TITLE, notes=notes, created_by=by.full_name, created_at=now, frozen_columns=2
    ) as file:
        return file.read()


DEADLINE_COLUMNS = (
    Column("STT", Kind.INTEGER),
    Column("Họ và tên"),
    Column("Ngày sinh", Kind.DATE),
    Column("Đơn vị"),
    Column("Chi bộ"),
    Column("Bước"),
    Column("Việc tiếp theo"),
    Column("Tính từ ngày", Kind.DATE),
    Column("Hạn", Kind.DATE),
    Column("Còn lại"),
    Column("Ghi chú"),
)


def deadlines_workbook(found: list[Due], *, level_words, filter_words: str, by) -> bytes:
    """Deadlines in the order of the page. `level_words`: what the local limits say of an event."""
    now = timezone.now()
    notes = [
        f"Bộ lọc: {filter_words}. Gấp nhất trước.",
        f"{len(found)} người; {by.full_name} xuất lúc {timezone.localtime(now):%H:%M ngày %d/%m/%Y}.",
    ]
    rows = (_deadline_row(number, one, level_words(one.event)) for number, one in enumerate(found, 1))
    with write_list(
        DEADLINE_COLUMNS, rows, title="Thời hạn", notes=notes, created_by=by.full_name, created_at=now, frozen_columns=2
    ) as file:
        return file.read()


def _deadline_row(number: int, one: Due, level: str) -> list:
    person, unit = one.event.candidate, one.event.unit
    grassroots = unit.grassroots or unit
    return [
        number,
        person.full_name,
        birth_cell(person.birth),
        grassroots.short_name,
        "" if unit == grassroots else unit.short_name,
        one.event.get_to_stage_display(),
        HINTS[turn(one.event)],
        one.event.clock_from,
        one.deadline.due if one.deadline else "",
        one.deadline.words if one.deadline else "",
        "; ".join(filter(None, [one.deadline.note if one.deadline else "", level])),
    ]


def _row(number: int, candidate: Candidate) -> list:
    grassroots = candidate.unit.grassroots or candidate.unit
    return [
        number,
        candidate.full_name,
        birth_cell(candidate.birth),
        candidate.get_sex_display(),
        mask(candidate.identity_number),
        grassroots.short_name,
        "" if candidate.unit == grassroots else candidate.unit.short_name,
        candidate.get_stage_display(),
        candidate.get_status_display(),
        candidate.last_on,
        group_words(candidate.priority_groups),
        candidate.get_introduced_by_body_display(),
        "nhập bù" if candidate.is_backfilled else "",
    ]


CLASS_COLUMNS = (
    Column("STT", Kind.INTEGER),
    Column("Loại lớp"),
    Column("Khóa", Kind.INTEGER),
    Column("Năm", Kind.TEXT, centred=True),
    Column("Từ ngày", Kind.DATE),
    Column("Đến ngày", Kind.DATE),
    Column("Địa điểm"),
    Column("Quyết định mở lớp"),
    Column("Số chỗ", Kind.INTEGER),
    Column("Chờ xét", Kind.INTEGER),
    Column("Chờ chỗ", Kind.INTEGER),
    Column("Học viên", Kind.INTEGER),
    Column("Đạt", Kind.INTEGER),
    Column("Giấy chứng nhận", Kind.INTEGER),
    Column("Ghi chú"),
)


def classes_workbook(rows: list, *, chips: list[str], by) -> bytes:
    """Classes in the order of the page, counted over the people the reader may see."""
    now = timezone.now()
    notes = [
        f"Bộ lọc: {'; '.join(chips) or 'không lọc'}. Số người là những người người xuất được xem.",
        f"{len(rows)} lớp; {by.full_name} xuất lúc {timezone.localtime(now):%H:%M ngày %d/%m/%Y}.",
    ]
    cells = (_class_row(number, one) for number, one in enumerate(rows, 1))
    with write_list(
        CLASS_COLUMNS, cells, title="Lớp học", notes=notes, created_by=by.full_name, created_at=now, frozen_columns=2
    ) as file:
        return file.read()


def _class_row(number: int, one) -> list:
    said = [one.kind.name, one.number, str(one.year), one.from_on, one.to_on, one.place, one.opening_decision]
    counts = [one.capacity, one.unscreened, one.waiting, one.people, one.passed, one.certified]
    return [number, *said, *counts, "đã hủy" if one.is_called_off else ""]


def birth_cell(birth):
    """A real date when the day is known, else the text of the paper: never a 01/01 nobody wrote."""
    if birth is None:
        return ""
    return birth.first if birth.precision == "day" else str(birth)


def group_words(groups: list[str]) -> str:
    """Priority groups in words, in the order of the plan."""
    return "; ".join(label for value, label in PriorityGroup.choices if value in groups)
