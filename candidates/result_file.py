"""The result file of the Political Centre: its header, its rows, and whom of the class each row means. Pure.

The Centre writes its file as it always has: a title above the header, "nt" for the unit above, totals and signatures
below. Nothing is guessed: what can be read in two ways is a sentence at its row and column. An identity number is
compared, never shown.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from candidates.citizen_number import clean_number, is_whole
from candidates.classes import (
    HIGHEST_SCORE,
    LARGEST_CLASS,
    Line,
    State,
    contradicts,
    grade_of,
    number_key,
    number_problem,
)
from organizations.imports.cells import is_nothing, is_same_as_above
from organizations.imports.table import HEADER_WITHIN, Definition, Layout, heading_key, layouts
from vuthu_recruit.dates import DateError, PartialDate, parse_day, parse_partial, show_day
from vuthu_recruit.spreadsheet import Cell, Sheet
from vuthu_recruit.vietnamese import search_key

MARK_HEADER = "Lỗi, cần xem"  # the column that a marked file got from us: not theirs
# What stands above a column, without case, marks and spaces.
HEADERS = {
    "order": ("tt", "stt", "sott", "sothutu"),
    "name": ("hovaten", "hoten", "hovatenhocvien", "hotenhocvien", "hocvien", "hotenkhaisinh"),
    "birth": ("namsinh", "ngaysinh", "ngaythangnamsinh", "sinhngay", "sinhnam", "ngaynamsinh"),
    "unit": ("donvi", "donvicongtac", "noicongtac", "chibo", "dangbo", "chibodangbo", "dangbochibo", "tochucdang"),
    "identity_number": (
        *("cccd", "socccd", "sodinhdanh", "sodinhdanhcanhan", "madinhdanh", "socmnd", "cmnd", "socmndcccd"),
        *("socancuoc", "socancuoccongdan", "cancuoccongdan", "cmndcccd", "socccdcmnd"),
    ),
    "score": ("diem", "diemso", "diemthi", "diemkiemtra", "diemtongket", "diembaithuhoach", "diemthuhoach"),
    "grade": ("xeploai", "ketqua", "ketquaxeploai", "xeploaihoctap", "ketquahoctap", "xeploaitotnghiep"),
    "certificate_number": (
        *("sogiaycn", "sogcn", "gcn", "sogiaychungnhan", "giaychungnhan", "sochungnhan", "socn", "sogiay"),
        *("giaychungnhanso", "gcnso", "sohieugiaychungnhan"),
    ),
    "issued_on": ("ngaycap", "ngaycapgiay", "ngaycapgcn", "ngaycapgiaycn", "ngaycapgiaychungnhan"),
    "note": ("ghichu",),
}
RESULTS = ("grade", "score", "certificate_number")  # without one of them it is some other list
NEUTRAL = frozenset({"thongtin", "thongtinhocvien", "thongtincanhan"})  # headings above others
MUST = [frozenset({"name", result}) for result in RESULTS]
LABELS = {
    "order": "TT",
    "name": "Họ và tên",
    "birth": "Năm sinh",
    "unit": "Đơn vị",
    "identity_number": "Số định danh",
    "score": "Điểm",
    "grade": "Xếp loại",
    "certificate_number": "Số giấy chứng nhận",
    "issued_on": "Ngày cấp",
    "note": "Ghi chú",
}
COLUMNS = [Definition(key, LABELS[key], names) for key, names in HEADERS.items()]
NO_HEADER = (
    f"Không thấy dòng tiêu đề trong {HEADER_WITHIN} dòng đầu: cần có cột “Họ và tên” "
    "và cột “Xếp loại”, “Điểm” hoặc “Số giấy CN”."
)

ORDER = re.compile(r"\d{1,4}\.?")
SCORE = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?")
TOTALS = ("tong so", "tong cong", "cong")
LEFT, STAYED = "bo hoc", "khong bo hoc"


class NotAResultFile(ValueError):
    """Why no result can be read from it: a sentence for whoever sent it."""


@dataclass(frozen=True)
class Problem:
    """A sentence at a column of a row. What does not block is for a second look."""

    column: str
    message: str
    blocks: bool = True


@dataclass(frozen=True)
class FileRow:
    """What one row of the file says of one person. `line`: the grade as written; a score alone gives its own."""

    number: int  # as Excel counts
    name: str
    birth: PartialDate | None = None
    unit: str = ""
    numbers: tuple[str, ...] = field(default=(), repr=False)  # the identity number, in each way it can be read
    state: State = State.FINISHED
    score: Decimal | None = None
    line: Line | None = None
    certificate_number: str = ""
    issued_on: date | None = None
    note: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def is_wrong(self) -> bool:
        return any(one.blocks for one in self.problems)


@dataclass(frozen=True)
class Table:
    """The people of a file, with where they stand in it."""

    sheet: str
    header: int  # the row of the header, as Excel counts; its last one when it has two
    columns: Mapping[str, int]  # from 0
    rows: tuple[FileRow, ...]
    left_out: tuple[int, ...]  # rows below the header that are no person: totals, notes, signatures
    other_sheets: tuple[str, ...]  # with something in them, not read


# Reading


def grade_names(scale: Iterable[tuple[Line, Sequence[str]]]) -> dict[str, Line]:
    """Each name of a grade, its other ones too, without case and marks; a name of two grades is none."""
    found: dict[str, set[Line]] = {}
    for line, names in scale:
        for name in (line.name, *names):
            found.setdefault(search_key(name), set()).add(line)
    return {key: lines.pop() for key, lines in found.items() if key and len(lines) == 1}


def read(sheets: Sequence[Sheet], grades: Mapping[str, Line]) -> Table:
    """The people of the first sheet with a header; visible sheets come first. Raises NotAResultFile."""
    for layout in layouts(sheets, COLUMNS, must=MUST, neutral=NEUTRAL)[:1]:
        if layout.doubled:
            label = LABELS[next(iter(layout.doubled))]
            raise NotAResultFile(f"Có hai cột “{label}”. Hãy giữ một cột, đổi tên cột kia.")
        if not layout.missing:
            others = tuple(one.name for one in sheets if one is not layout.sheet and any(map(any, one.rows)))
            return _table(layout, others, grades)
    raise NotAResultFile(NO_HEADER)


def _table(layout: Layout, others: tuple[str, ...], grades: Mapping[str, Line]) -> Table:
    reader = _Reader(layout.columns, grades)
    rows, left_out = [], []
    for number, cells in layout.rows():
        row = reader.person(number, {key: None if is_nothing(cell) else cell for key, cell in cells.items()})
        if row is None:
            left_out.append(number)
        else:
            rows.append(row)
    if not rows:
        raise NotAResultFile(f"Dưới dòng tiêu đề (dòng {layout.last}) không có người nào.")
    if len(rows) > LARGEST_CLASS:
        raise NotAResultFile(f"Tệp có {len(rows)} người; một lớp nhiều nhất {LARGEST_CLASS}.")
    return Table(layout.sheet.name, layout.last, layout.columns, tuple(_twice(rows)), tuple(left_out), others)


def _text(cell: Cell) -> str:
    if cell is None or isinstance(cell, bool):
        return ""
    return show_day(cell) if isinstance(cell, date) else str(cell)


class _Reader:
    """Reads rows from the top down: "nt" looks at the row above."""

    def __init__(self, columns: Mapping[str, int], grades: Mapping[str, Line]):
        self.columns, self.grades = columns, grades
        self.scale = list(dict.fromkeys(grades.values()))
        self.above: dict[str, Cell] = {}
        self.problems: list[Problem] = []  # of the row being read

    def person(self, number: int, given: dict[str, Cell]) -> FileRow | None:
        """None for what is no person: a group, a total, a note, a signature, the header once more."""
        if not self._is_person(given):
            return None
        self.problems = []
        name = _text(given.get("name"))
        if not re.search(r"[^\W\d_]", name):
            self._say("name", "Thiếu họ và tên.")
        state, note = self._state(given), _text(given.get("note"))
        row = FileRow(
            number=number,
            name=name,
            birth=self._birth(given.get("birth")),
            unit=_text(self._or_above("unit", given.get("unit"))),
            numbers=self._numbers(given.get("identity_number")),
            state=state,
            score=self._score(given.get("score")),
            line=self._line(given.get("grade")) if state == State.FINISHED else None,
            certificate_number=_text(given.get("certificate_number")),
            issued_on=self._day(self._or_above("issued_on", given.get("issued_on"))),
            note=note or (_text(given.get("grade")) if state == State.DROPPED else ""),
        )
        self._judge(row, has_grade=given.get("grade") is not None)
        return replace(row, problems=tuple(self.problems))

    def _say(self, column: str, message: str, *, blocks: bool = True) -> None:
        self.problems.append(Problem(column, message, blocks))

    def _is_person(self, given: dict[str, Cell]) -> bool:
        """A name with something else that only a person has; without a name, a number in the list or a birth."""
        name, is_numbered = _text(given.get("name")), bool(ORDER.fullmatch(_text(given.get("order"))))
        if heading_key(name) in HEADERS["name"]:
            return False
        if not name:
            return is_numbered or given.get("birth") is not None
        if is_numbered:
            return True
        words = search_key(name)
        if words in TOTALS or words.startswith(TOTALS[:2]):
            return False
        grade = search_key(_text(given.get("grade")))
        keys = ("birth", "identity_number", "score", "certificate_number", "issued_on")
        return grade in self.grades or _says_left(grade) or any(given.get(key) is not None for key in keys)

    def _or_above(self, key: str, cell: Cell) -> Cell:
        if is_same_as_above(cell):
            if self.above.get(key) is None:
                self._say(key, f"“{cell}” nhưng phía trên không có {LABELS[key].lower()}.")
            return self.above.get(key)
        if cell is not None:
            self.above[key] = cell
        return cell

    def _birth(self, cell: Cell) -> PartialDate | None:
        if cell is None:
            return None
        if isinstance(cell, date):
            return PartialDate.from_date(cell)
        try:
            return parse_partial(_text(cell))
        except DateError as refusal:
            self._say("birth", refusal.for_label("Năm sinh"))
            return None

    def _day(self, cell: Cell) -> date | None:
        if cell is None or isinstance(cell, date):
            return cell
        try:
            return parse_day(_text(cell))
        except DateError as refusal:
            self._say("issued_on", refusal.for_label("Ngày cấp"))
            return None

    def _numbers(self, cell: Cell) -> tuple[str, ...]:
        """The ways to read an identity number: Excel drops the zeros it begins with."""
        typed = clean_number(_text(cell))
        if not typed:
            return ()
        if not typed.isdecimal() or not 8 <= len(typed) <= 12:
            self._say("identity_number", "Số định danh phải có 9 hoặc 12 chữ số.")
            return ()
        ways = {typed} if is_whole(typed) else set()
        if isinstance(cell, int) or not ways:
            ways.add(typed.zfill(12))
        if len(typed) < 12 and not (is_whole(typed) and isinstance(cell, str)):
            self._say("identity_number", "Số định danh mất số 0 ở đầu: đọc thêm các số 0.", blocks=False)
        return tuple(sorted(ways))

    def _state(self, given: dict[str, Cell]) -> State:
        said = [search_key(_text(given.get(key))) for key in ("grade", "note")]
        return State.DROPPED if any(map(_says_left, said)) else State.FINISHED

    def _score(self, cell: Cell) -> Decimal | None:
        if cell is None:
            return None
        if isinstance(cell, float):
            cell = f"{cell:.6f}".rstrip("0")  # what the binary number stands for
        typed = _text(cell)
        try:
            score = Decimal(typed.replace(",", ".")) if SCORE.fullmatch(typed.rstrip(".")) else None
        except InvalidOperation:
            score = None
        if score is None or score > HIGHEST_SCORE:
            self._say("score", f"Điểm “{typed}” không đúng: từ 0 đến {HIGHEST_SCORE}, nhiều nhất hai số lẻ.")
            return None
        return score

    def _line(self, cell: Cell) -> Line | None:
        typed = _text(cell)
        if not typed:
            return None
        line = self.grades.get(search_key(typed))
        if line is None:
            self._say("grade", f"Xếp loại “{typed}” không có trong thang xếp loại.")
        return line

    def _judge(self, row: FileRow, *, has_grade: bool) -> None:
        """What does not fit together inside the row."""
        given = row.line or (grade_of(row.score, self.scale) if row.score is not None else None)
        if row.state == State.DROPPED:
            if row.score is not None or row.certificate_number or row.issued_on:
                self._say("note", "Ghi bỏ học mà vẫn có điểm hoặc giấy chứng nhận.")
            return
        if given is None and not has_grade and not any(one.column == "score" for one in self.problems):
            self._say("grade", "Chưa có điểm, xếp loại; nếu người này bỏ học thì ghi “Bỏ học” ở ghi chú.")
        if other := contradicts(row.score, row.line, self.scale):
            words = f"Điểm {show_score(row.score)} theo thang điểm là “{other.name}”."
            self._say("grade", words, blocks=False)
        if given and not given.is_pass and row.certificate_number:
            self._say("certificate_number", "Chỉ người học xong và đạt mới có giấy chứng nhận.")
        has_problem = any(one.column == "issued_on" for one in self.problems)
        if said := number_problem(row.certificate_number):
            self._say("certificate_number", said)
        if row.certificate_number and not row.issued_on and not has_problem:
            self._say("issued_on", "Có số giấy chứng nhận mà chưa có ngày cấp.")
        if row.issued_on and not row.certificate_number:
            self._say("certificate_number", "Có ngày cấp mà chưa có số giấy chứng nhận.")


def _says_left(words: str) -> bool:
    return LEFT in words and STAYED not in words


def show_score(score: Decimal) -> str:
    return f"{score.normalize():f}".replace(".", ",")


def _twice(rows: list[FileRow]) -> list[FileRow]:
    """A certificate of a year, and an identity number, is of one person: said on every row that has it."""
    certificates = [(number_key(one.certificate_number), one.issued_on and one.issued_on.year) for one in rows]
    for key, wanted, words in (
        ("certificate_number", certificates, "Số {shown} có ở các dòng {lines}: hỏi lại Trung tâm."),
        ("identity_number", [(one.numbers, None) for one in rows], "Số định danh này có ở các dòng {lines}."),
    ):
        times = Counter(wanted)
        for place, one in enumerate(wanted):
            if one[0] and times[one] > 1:
                lines = ", ".join(str(row.number) for row, other in zip(rows, wanted, strict=True) if other == one)
                said = Problem(key, words.format(shown=rows[place].certificate_number, lines=lines))
                rows[place] = replace(rows[place], problems=(*rows[place].problems, said))
    return rows
