"""The rows behind a figure as a workbook: people with the unnamed rest, units, branches; as many as the page has."""

from collections.abc import Iterable
from typing import BinaryIO

from candidates.cells import ONLY_SHOWN, birth_cell, record_key
from organizations.list_files import Cells, stamp, write_table
from vuthu_recruit.dates import PartialDate
from vuthu_recruit.workbook import Column, Kind

REST = "Chưa có tên (số dư đầu kỳ)"
PEOPLE: Cells = (
    (Column("STT", Kind.INTEGER), lambda row: row["number"]),
    (Column("Họ và tên"), lambda row: row["name"]),
    (Column("Ngày sinh", Kind.DATE), lambda row: row["birth"]),
    (Column("Giới tính"), lambda row: row["sex"]),
    (Column("Đơn vị ngày đó"), lambda row: row["unit"]),
    (Column("Chi bộ ngày đó"), lambda row: row["branch"]),
    (Column("Ngày", Kind.DATE), lambda row: row["day"]),
    (Column("Văn bản"), lambda row: row["document"]),
    (Column("Số người", Kind.INTEGER), lambda row: row["people"]),
    (Column("Hiện nay"), lambda row: row["now"]),
    (Column("Mã hồ sơ"), lambda row: row["key"]),
)
UNITS: Cells = (
    (Column("STT", Kind.INTEGER), lambda pair: pair[0]),
    (Column("Đơn vị"), lambda pair: pair[1]["row"].organization.name),
    (Column("Lũy kế năm", Kind.INTEGER), lambda pair: pair[1]["value"]),
    (Column("Chỉ tiêu từ", Kind.INTEGER), lambda pair: pair[1]["minimum"]),
    (Column("Chỉ tiêu đến", Kind.INTEGER), lambda pair: pair[1]["maximum"]),
    (Column("Tiến độ"), lambda pair: pair[1]["status"][0]),
)
BRANCHES: Cells = (
    (Column("STT", Kind.INTEGER), lambda pair: pair[0]),
    (Column("Chi bộ"), lambda pair: pair[1].name),
    (Column("Đơn vị"), lambda pair: pair[1].grassroots.name),
)


def people_workbook(lines: list[dict], openings: list[dict], *, title: str, filter_words: str, by) -> BinaryIO:
    """Lines of the page (`person_line`), then one row for each rest of an opening balance: the sum is the figure."""
    rows = [_person(number, line) for number, line in enumerate(lines, 1)]
    rows += [_rest(number, line) for number, line in enumerate(openings, len(rows) + 1)]
    total = sum(row["people"] for row in rows)
    return _written(PEOPLE, rows, title, filter_words, f"{total} người", by)


def units_workbook(units: list[dict], *, title: str, filter_words: str, by) -> BinaryIO:
    return _written(UNITS, enumerate(units, 1), title, filter_words, f"{len(units)} đơn vị", by)


def branches_workbook(branches: list, *, title: str, filter_words: str, by) -> BinaryIO:
    return _written(BRANCHES, enumerate(branches, 1), title, filter_words, f"{len(branches)} chi bộ", by)


def _written(table: Cells, rows: Iterable, title: str, filter_words: str, counted: str, by) -> BinaryIO:
    notes = [f"Bộ lọc: {filter_words}.", stamp(counted, by)]
    return write_table(table, rows, title=title, notes=notes, by=by)


def _person(number: int, line: dict) -> dict:
    """Of somebody who moved out of sight only name, birth year, sex and this event, as on the page."""
    event, person = line["event"], line["event"].candidate
    grassroots = event.unit.grassroots or event.unit
    birth, now, key = PartialDate(person.birth.year) if person.birth else None, "đã chuyển", ONLY_SHOWN
    if not line["is_trace"]:
        birth, key = person.birth, record_key(person.pk, person.version)
        now = line["status"]["word"] if line["status"] else line["stage"]["word"]
    return {
        "number": number,
        "name": line["name"],
        "birth": birth_cell(birth),
        "sex": line["sex"],
        "unit": grassroots.short_name,
        "branch": "" if event.unit == grassroots else event.unit.short_name,
        "day": event.happened_on,
        "document": line["document"],
        "people": 1,
        "now": now,
        "key": key,
    }


def _rest(number: int, line: dict) -> dict:
    row = line["row"]
    return {
        "number": number,
        "name": REST,
        "birth": "",
        "sex": "",
        "unit": line["unit"].short_name,
        "branch": "",
        "day": row.to_on,
        "document": row.document,
        "people": line["people"],
        "now": "",
        "key": ONLY_SHOWN,
    }
