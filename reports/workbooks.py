"""The Standing Committee's workbook: the report's lines as cells, with sums that live. No query in here."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from candidates.cells import birth_cell
from reports import standing_words
from reports.standing_committee import BLANK, MEASURES, NAME, NONE, Line, Report
from reports.standing_people import Person
from vuthu_recruit.workbook import Column, Formula, Head, Kind, Sheet, Workbook, ref, sum_of

KINDS = {"percent": Kind.PERCENT}
WIDTHS = {"members": 9, "branches": 8, "minimum": 6, "maximum": 6, "trained": 8, "dossier": 8, "period": 8}
WIDTHS |= {"percent": 8, "term": 9, "women": 6, "enterprise": 8, "official": 8}
COLUMNS = (
    Column("STT", Kind.INTEGER, width=5, centred=True),
    Column("Đảng bộ, chi bộ cơ sở", width=25),
    *(Column(name, KINDS.get(name, Kind.INTEGER), WIDTHS.get(name, 7), centred=True) for name in MEASURES),
    Column("Ghi chú", width=37),
)
FIRST = 2  # the column of the first measure
AT = {name: FIRST + place for place, name in enumerate(MEASURES)}
NOTE_COLUMNS = (Column("Mục", width=30), Column("Nội dung", width=100))
PEOPLE_COLUMNS = (
    Column("STT", Kind.INTEGER),
    Column("Đơn vị"),
    Column("Chi bộ"),
    Column("Họ và tên"),
    Column("Ngày sinh", Kind.DATE),
    Column("Giới tính"),
    Column("Việc", width=20),
    Column("Ngày tính", Kind.DATE),
    Column("Số văn bản", width=22),
    Column("Trong kỳ", Kind.INTEGER),
    Column("Lũy kế năm", Kind.INTEGER),
    Column("Lũy kế nhiệm kỳ", Kind.INTEGER),
    Column("Chuyển chính thức", Kind.INTEGER),
    Column("Ghi chú", width=34),
)
PEOPLE_FIGURES = ("period", "year", "term", "official")


def standing_committee(report: Report, people: Iterable[Person] | None = None) -> bytes:
    """Table, definitions and, for readers who may have it, the list of people behind the figures."""
    book = Workbook(title=NAME, created_by=report.made_by, created_at=report.made_at)
    _table_sheet(book, report)
    _words_sheet(book, report, with_people=people is not None)
    if people is not None:
        _people_sheet(book, report, people)
    return book.to_bytes()


# The table


def _table_sheet(book: Workbook, report: Report) -> None:
    sheet = book.add_report("Biểu tiến độ", COLUMNS, title=report.title)
    if paper := report.paper:
        sheet.letterhead(paper.letterhead)
    sheet.heading(report.title.upper(), report.subtitle, *report.marks)
    sheet.header(*_header(report.year), frozen_columns=2)
    _lines(sheet, report)
    sheet.blank()
    sheet.note(" ".join([*report.remarks, f"{report.stamp}."]))
    if paper:
        sheet.signature(paper.signature)


def _header(year: str) -> tuple[list, list]:
    upper = [Head("STT", down=2), Head("Đảng bộ, chi bộ cơ sở", down=2)]
    upper += [Head("Tổng số đảng viên", down=2), Head("Số chi bộ trực thuộc", down=2), Head("Chỉ tiêu năm", across=2)]
    upper += [Head("Đã học lớp nhận thức", down=2), Head("Hồ sơ đang làm", down=2), Head("Đã gửi BTC", down=2)]
    upper += [Head("Đã kết nạp trong kỳ", down=2), Head(f"Lũy kế năm {year}", down=2), Head("% chỉ tiêu", down=2)]
    upper += [Head("Lũy kế nhiệm kỳ", down=2), Head(f"Trong đó (của lũy kế năm {year})", across=4)]
    upper += [Head("Chuyển chính thức", down=2), Head("Ghi chú", down=2)]
    return upper, ["Tối thiểu", "Tối đa", "Nữ", "Đoàn viên", "Tôn giáo", "Doanh nghiệp"]


def _lines(sheet: Sheet, report: Report) -> None:
    """Groups, units and sums. A sum adds the sums above it where every group has one, else the units."""
    units: list[list[int]] = []
    subtotals = []
    for section in report.sections:
        if len(report.sections) > 1 or section.total:
            sheet.group(section.roman, section.title)
        rows = [sheet.row(_unit_cells(line, sheet.next_row + 1)) for line in section.lines]
        units.append(rows)
        if section.total:
            subtotals.append(sheet.total(_sum_cells(section.total, rows, [rows])))
    if report.total:
        parts = subtotals if len(subtotals) == len(report.sections) else [row for rows in units for row in rows]
        sheet.total(_sum_cells(report.total, parts, units))


def _unit_cells(line: Line, row: int) -> list:
    """A unit's cells; its percentage follows from the two cells it is made of."""
    values = dict(line.values)
    if values["percent"] not in (NONE, BLANK):
        text = f"={ref(row, AT['year'])}/{ref(row, AT['minimum'])}"
        values["percent"] = Formula(text, values["year"] / values["minimum"])
    return [line.number, line.name, *(values[name] for name in MEASURES), line.remark]


def _sum_cells(line: Line, parts: Sequence[int], units: Sequence[Sequence[int]]) -> list:
    """Live sums with their values; "–" where there is nothing to add up, as long as there is nothing."""
    cells = []
    for name in MEASURES:
        value = line.values[name]
        if name == "percent":
            cells.append(_percent(line, units))
        elif value == NONE and parts:
            text = sum_of(AT[name], parts, 0).text
            counting = text.replace("=SUM", "COUNT", 1)
            cells.append(Formula(f'=IF({counting}=0,"–",{text[1:]})', NONE))
        else:
            cells.append(sum_of(AT[name], parts, value))
    return [None, line.name, *cells, None]


def _percent(line: Line, units: Sequence[Sequence[int]]) -> Formula | str:
    """The year's result of the units with a range over their minimums: both terms skip cells that hold no number."""
    spans = [(min(rows), max(rows)) for rows in units if rows]
    if not spans:
        return NONE

    def span(name: str, first: int, last: int) -> str:
        return f"{ref(first, AT[name])}:{ref(last, AT[name])}"

    result = "+".join(f"SUMPRODUCT(ISNUMBER({span('minimum', *s)})*1,{span('year', *s)})" for s in spans)
    asked = f"SUM({','.join(span('minimum', *s) for s in spans)})"
    value = NONE if line.values["percent"] == NONE else line.judged / line.values["minimum"]
    return Formula(f'=IF({asked}>0,({result})/{asked},"–")', value)


# Definitions


def _words_sheet(book: Workbook, report: Report, *, with_people: bool) -> None:
    period, plan = report.table.period, report.table.plan
    sheet = book.add_report("Cách tính", NOTE_COLUMNS, title=report.title)
    sheet.heading("CÁCH TÍNH VÀ NGUỒN SỐ LIỆU", report.title, *report.marks)
    sheet.header([column.header for column in NOTE_COLUMNS])
    sheet.group("A", "Biểu này")
    for label, words in (
        ("Tính đến hết ngày", f"{period.as_of:%d/%m/%Y}"),
        ("Trong kỳ: từ ngày", f"{period.since:%d/%m/%Y}"),
        ("Kế hoạch", str(plan) if plan else "Chưa có kế hoạch"),
        ("Tính theo", report.table.basis or "–"),
        ("Nhiệm kỳ", standing_words.term_days(report.table) if plan else "–"),
        ("Phạm vi", f"{report.scope}, {len(report.lines)} đơn vị; xếp theo thứ tự hành chính"),
        ("Danh sách kèm theo", "có, ở trang Danh sách" if with_people else "không"),
        ("Người lập", report.made_by),
        ("Lập lúc", f"{timezone.localtime(report.made_at):%H:%M ngày %d/%m/%Y}"),
    ):
        sheet.row([label, words])
    sheet.group("B", "Từng cột")
    for definition in standing_words.definitions(report.table):
        sheet.row(definition)
    sheet.group("C", "Lưu ý về số liệu")
    for number, note in enumerate(report.data_notes, 1):
        sheet.row([f"Lưu ý {number}", note])
    if not report.data_notes:
        sheet.row(["Lưu ý", "không có"])


# The people behind


def _people_sheet(book: Workbook, report: Report, people: Iterable[Person]) -> None:
    notes = [
        f"{report.title}. {report.subtitle}. Phạm vi: {report.scope}.",
        "Mỗi dòng là một lần kết nạp hoặc công nhận; cộng mỗi cột số được đúng số ở biểu tiến độ.",
        f"{report.stamp}.",
        *report.marks,
    ]
    rows = (_person_cells(number, person) for number, person in enumerate(people, 1))
    book.add_list(
        PEOPLE_COLUMNS,
        rows,
        name="Danh sách",
        title="NGƯỜI ĐƯỢC TÍNH TRONG BIỂU TIẾN ĐỘ",
        notes=notes,
        frozen_columns=4,
    )


def _person_cells(number: int, person: Person) -> list:
    figures = [person.figures.get(name) for name in PEOPLE_FIGURES]
    facts = [person.unit, person.branch, person.name, birth_cell(person.birth), person.sex]
    return [number, *facts, person.what, person.on, person.document, *figures, person.remark]
