"""The report on classes, and the lists behind its numbers, as workbooks: sums that live. No query in here."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from organizations.list_files import stamp, write_cells
from reports.standing_committee import SAMPLE
from reports.training_report import CONVERSION, NONE, STUDY, Line, Measure, TrainingReport, value_of
from vuthu_recruit.workbook import Column, Formula, Head, Kind, Sheet, Workbook, ref, sum_of

FIRST = 2  # the column of the first measure
# What each ratio divides: the sum of some columns by the sum of others, less some.
RATIOS = {
    "use_of_places": (("seated",), ("places",), ()),
    "pass_rate": (("passed",), ("passed", "failed", "dropped"), ()),
    "rate": (("admitted",), ("certificates",), ("again",)),
}
PEOPLE_COLUMNS = (
    Column("STT", Kind.INTEGER),
    Column("Họ và tên"),
    Column("Ngày sinh", Kind.DATE),
    Column("Giới tính"),
    Column("Đơn vị cử"),
    Column("Chi bộ cử"),
    Column("Lớp"),
    Column("Kết quả"),
    Column("Số giấy chứng nhận"),
    Column("Ngày cấp", Kind.DATE),
    Column("Giá trị đến ngày", Kind.DATE),
    Column("Ngày kết nạp", Kind.DATE),
    Column("Hiện nay"),
    Column("Mã hồ sơ"),
)


def training_workbook(report: TrainingReport, *, is_sample: bool, by, at: datetime) -> bytes:
    """A sheet by class and one by unit, each with the sums of the page."""
    book = Workbook(title=report.title, created_by=by.full_name, created_at=at)
    marks = [SAMPLE] if is_sample else []
    _by_class(book, report, marks)
    _by_unit(book, report, marks)
    return book.to_bytes()


def _measures(report: TrainingReport, *, of_classes: bool) -> list[Measure]:
    found = [*STUDY, *(CONVERSION[1:] if report.tells_conversion else ())]  # certificates stand once
    return [one for one in found if of_classes or not one.only_of_classes]


def _sheet(book: Workbook, name: str, first: str, report: TrainingReport, measures: list[Measure], marks) -> Sheet:
    numbers = [Column(one.head, Kind.PERCENT if one.is_ratio else Kind.INTEGER, 7.5, centred=True) for one in measures]
    columns = [Column("STT", Kind.INTEGER, 5, centred=True), Column(first, width=30), *numbers]
    sheet = book.add_report(name, columns, title=report.title)
    sheet.heading(f"{report.title} {name.lower()}".upper(), report.subtitle, *marks)
    sheet.header([Head(column.header) for column in columns], frozen_columns=2)
    return sheet


def _by_class(book: Workbook, report: TrainingReport, marks) -> None:
    measures = _measures(report, of_classes=True)
    sheet = _sheet(book, "Theo lớp", "Lớp", report, measures, marks)
    rows = []
    for number, line in enumerate(report.by_class, 1):
        rows.append(sheet.row(_cells(line, measures, sheet.next_row + 1, number)))
    sheet.total(_sums(report.total, measures, rows, rows, sheet.next_row + 1))
    _notes(sheet, report)


def _by_unit(book: Workbook, report: TrainingReport, marks) -> None:
    measures = _measures(report, of_classes=False)
    sheet = _sheet(book, "Theo đơn vị", "Đơn vị", report, measures, marks)
    parts: list[int] = []
    for section in report.by_unit:
        roman, _, title = section.title.partition(". ")
        sheet.group(roman, title)
        rows = []
        for number, line in enumerate(section.lines, 1):
            rows.append(sheet.row(_cells(line, measures, sheet.next_row + 1, number)))
        if section.total:
            parts.append(sheet.total(_sums(section.total, measures, rows, rows, sheet.next_row + 1)))
        else:
            parts += rows
    sheet.total(_sums(report.total, measures, parts, [], sheet.next_row + 1))
    _notes(sheet, report)


def _notes(sheet: Sheet, report: TrainingReport) -> None:
    sheet.blank()
    for note in report.notes:
        sheet.note(note)


def _cells(line: Line, measures: list[Measure], row: int, number: int) -> list:
    """A class or a unit; its ratios follow from its own cells."""
    cells = [_ratio(line, one, measures, row) if one.is_ratio else _plain(line, one) for one in measures]
    return [number, f"{line.name} ({line.note})" if line.note else line.name, *cells]


def _plain(line: Line, measure: Measure) -> int | str:
    value = value_of(line.figures, measure.key)
    return NONE if value is None else value


def _sums(line: Line, measures: list[Measure], parts: Sequence[int], classes: Sequence[int], row: int) -> list:
    """Live sums; the use of places takes only the classes that have a limit into both of its terms."""
    cells: list = []
    for place, one in enumerate(measures, FIRST):
        value = value_of(line.figures, one.key)
        if one.key == "use_of_places":
            cells.append(_use_of_places(value, measures, classes, row))
        elif one.is_ratio:
            cells.append(_ratio(line, one, measures, row))
        elif value is None:
            cells.append(NONE)
        else:
            cells.append(sum_of(place, parts, value))
    return [None, line.name, *cells]


def _use_of_places(value, measures: list[Measure], rows: Sequence[int], row: int) -> Formula | str:
    if value is None or not rows:
        return NONE
    at = _places(measures)
    places, taken = [f"{ref(min(rows), at[key])}:{ref(max(rows), at[key])}" for key in ("places", "seated")]
    below = ref(row, at["places"])
    text = f'=IF({below}=0,"–",SUMPRODUCT(ISNUMBER({places})*1,{taken})/{below})'
    return Formula(text, value)


def _ratio(line: Line, measure: Measure, measures: list[Measure], row: int) -> Formula | str:
    """One cell over others of its row; "–" while there is nothing to divide by."""
    value, at = value_of(line.figures, measure.key), _places(measures)
    above, below, less = RATIOS[measure.key]
    if measure.key == "use_of_places" and line.figures.places is None:
        return NONE
    over = "+".join(ref(row, at[key]) for key in above)
    under = "+".join(ref(row, at[key]) for key in below) + "".join(f"-{ref(row, at[key])}" for key in less)
    return Formula(f'=IF({under}=0,"–",({over})/({under}))', NONE if value is None else Decimal(value))


def _places(measures: list[Measure]) -> dict[str, int]:
    return {one.key: place for place, one in enumerate(measures, FIRST)}


def people_workbook(lines: list[dict], *, title: str, filter_words: str, by) -> BinaryIO:
    """Lines of reports.training_people in the order of the page."""
    notes = [filter_words, stamp(f"{len(lines)} người", by)]
    rows = ([number, *line["cells"]] for number, line in enumerate(lines, 1))
    return write_cells(PEOPLE_COLUMNS, rows, title=title, notes=notes, by=by)
