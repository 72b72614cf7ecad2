"""Lists over all classes as workbooks: the rows, filter and order of the page, stamped with who, when and what."""

from django.utils import timezone

from candidates.export import birth_cell
from vuthu_recruit.workbook import Column, Kind, write_list

NOT_ATTENDED_COLUMNS = (
    Column("STT", Kind.INTEGER),
    Column("Họ và tên"),
    Column("Ngày sinh", Kind.DATE),
    Column("Giới tính"),
    Column("Đơn vị"),
    Column("Chi bộ"),
    Column("Bước"),
    Column("Vào nguồn ngày", Kind.DATE),
    Column("Giấy hết giá trị ngày", Kind.DATE),
    Column("Lớp gần nhất"),
    Column("Trong lớp đó"),
)
UNSCREENED_COLUMNS = (
    Column("STT", Kind.INTEGER),
    Column("Lớp"),
    Column("Họ và tên"),
    Column("Ngày sinh", Kind.DATE),
    Column("Giới tính, chức vụ"),
    Column("Quê quán"),
    Column("Đơn vị cử"),
    Column("Chi bộ"),
    Column("Cử lúc", Kind.MOMENT),
    Column("Người cử"),
    Column("Số ngày chờ", Kind.INTEGER),
)


def not_attended_workbook(lines: list[dict], *, filter_words: str, sort_words: str, by) -> bytes:
    rows = ([number, *_not_attended(line)] for number, line in enumerate(lines, 1))
    notes = [f"Bộ lọc: {filter_words}. Xếp theo: {sort_words}."]
    return _written(NOT_ATTENDED_COLUMNS, rows, "Người cần học lớp nhận thức về Đảng", notes, len(lines), by)


def _not_attended(line: dict) -> list:
    person, attempt = line["person"], line["attempt"]
    said = [attempt.name, attempt.state] if attempt else ["", ""]
    named = [person.full_name, birth_cell(person.birth), person.get_sex_display(), line["unit"], line["branch"]]
    return [*named, person.get_stage_display(), line["since"], line["ended_on"], *said]


def unscreened_workbook(rows: list[dict], *, filter_words: str, by) -> bytes:
    cells = ([number, *_unscreened(row)] for number, row in enumerate(rows, 1))
    notes = [f"Bộ lọc: {filter_words}. Theo lớp, ai được cử trước thì trước."]
    return _written(UNSCREENED_COLUMNS, cells, "Người được cử, chưa xét", notes, len(rows), by)


def _unscreened(row: dict) -> list:
    named = [str(row["training_class"]), row["name"], birth_cell(row["birth"])]
    where = [row["sex"] or row["participant_position"], row["home_town"], row["unit"], row["branch"]]
    return [*named, *where, row["nominated_at"], row["nominated_by__full_name"] or "", row["days"]]


def _written(columns, rows, title: str, notes: list[str], count: int, by) -> bytes:
    now = timezone.now()
    stamp = f"{count} người; {by.full_name} xuất lúc {timezone.localtime(now):%H:%M ngày %d/%m/%Y}."
    with write_list(
        columns, rows, title=title, notes=[*notes, stamp], created_by=by.full_name, created_at=now, frozen_columns=2
    ) as file:
        return file.read()
