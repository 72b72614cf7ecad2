"""The papers of a class as workbooks: the rows of `reports.class_sheets`, with live sums. No query in here."""

from datetime import datetime

from reports.class_papers import By, ClassSheet, Section, Sum, Table
from vuthu_recruit.workbook import LANDSCAPE, PORTRAIT, Formula, Sheet, Workbook, ref

FROZEN = 2  # the number and the name, or number and name of a certificate's holder
HAND = 20.0  # points of a row somebody writes in
SUM_ACROSS = 3  # past the year of birth: what stands there is a person to the import of results
Spans = list[tuple[int, int] | None]  # first and last row of each section; None without rows


def class_workbook(paper: ClassSheet, *, by, at: datetime) -> bytes:
    book = Workbook(title=paper.form.label, created_by=by.full_name, created_at=at)
    for table in paper.tables:
        columns = [column for _, column in table.columns]
        page = PORTRAIT if paper.is_portrait else LANDSCAPE
        sheet = book.add_report(table.name or paper.form.label, columns, page=page)
        _write(sheet, paper, table)
        if paper.paper and table == paper.tables[-1]:
            sheet.signature(paper.paper.signature)
    return book.to_bytes()


def _write(sheet: Sheet, paper: ClassSheet, table: Table) -> None:
    if paper.paper:
        sheet.letterhead(paper.paper.letterhead)
    sheet.heading(f"{paper.title}\n{paper.subject}", *paper.subtitles)
    sheet.header(*table.heads, frozen_columns=FROZEN)
    spans = [_section(sheet, paper, table, section) for section in table.sections]
    for row in table.feet:
        sheet.row(_foot(row, table, spans[0]), "total", height=HAND)
    sheet.blank()
    _sums(sheet, paper.sums, table, spans)
    for note in paper.notes:
        sheet.note(note)


def _section(sheet: Sheet, paper: ClassSheet, table: Table, section: Section) -> tuple[int, int] | None:
    if section.name:
        sheet.group("", section.name)
    height = HAND if paper.is_by_hand else 0.0
    first = sheet.next_row + 1
    for row in section.rows:
        sheet.row(_cells(row, table, sheet.next_row + 1), height=height)
    return (first, sheet.next_row) if section.rows else None


# Attendance is counted where it stands


def _cells(row: tuple, table: Table, number: int) -> list:
    """A person's cells; how many lessons somebody attended follows from the marks beside it."""
    lessons = _lessons(table)
    if not lessons:
        return list(row)
    marks = f"{ref(number, lessons[0])}:{ref(number, lessons[-1])}"
    place = table.keys.index("present")
    return [_counting(marks, value) if at == place else value for at, value in enumerate(row)]


def _foot(row: tuple, table: Table, span: tuple[int, int]) -> list:
    """How many attended each lesson; None is left to the pen."""
    lessons, cells = _lessons(table), list(row)
    for at in lessons:
        if row[at] is not None:
            cells[at] = _counting(f"{ref(span[0], at)}:{ref(span[1], at)}", row[at])
    return cells


def _counting(marks: str, value: int | str) -> Formula:
    return Formula(f'=IF(COUNTA({marks})=0,"",COUNTIF({marks},"x"))', value)


def _lessons(table: Table) -> list[int]:
    return [at for at, key in enumerate(table.keys) if key.startswith("lesson-")]


# Sums under the table


def _sums(sheet: Sheet, sums: tuple[Sum, ...], table: Table, spans: Spans) -> None:
    first = sheet.next_row + 1
    for one in sums:
        value = _sum(one, table, spans, sheet.next_row + 1, first)
        sheet.sum_line(one.name, value, across=SUM_ACROSS, style="total" if one == sums[0] else "cell")
    if sums:
        sheet.blank()


def _sum(one: Sum, table: Table, spans: Spans, row: int, total: int) -> Formula | int:
    """A live sum beside its name, which is what it looks for; without rows there is nothing to count."""
    span = spans[one.section]
    if span is None:
        return one.value
    column, name = table.keys.index(one.column), ref(row, 0)
    cells = f"{ref(span[0], column)}:{ref(span[1], column)}"
    match one.by:
        case By.ROWS:
            text = f"=COUNTA({cells})"
        case By.EQUAL:
            text = f"=SUMPRODUCT(({cells}={name})*1)"
        case By.BEGINS:
            text = f"=SUMPRODUCT((LEFT({cells},LEN({name}))={name})*1)"
        case By.REST:
            above = f"{ref(total + 1, SUM_ACROSS)}:{ref(row - 1, SUM_ACROSS)}"
            text = f"={ref(total, SUM_ACROSS)}-SUM({above})"
    return Formula(text, one.value)
