"""Danh sách trình kỳ họp Ban Thường vụ: the people proposed, as a document and as a workbook alike. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from candidates.cells import birth_cell
from reports.issuer import Paper
from vuthu_recruit import vietnamese, word
from vuthu_recruit.dates import PartialDate, show_day
from vuthu_recruit.word import SMALL, WordDocument
from vuthu_recruit.workbook import Column, Head, Kind, Workbook

TITLE = "Danh sách trình kỳ họp Ban Thường vụ"
SUBJECT = "quần chúng đề nghị kết nạp, trình kỳ họp Ban Thường vụ"


@dataclass(frozen=True)
class Vote:
    """A vote as its resolution tells it: how many of all those entitled agreed, and the day."""

    votes: int
    members: int
    on: date


@dataclass(frozen=True)
class Proposed:
    """A person proposed for admission. `committee_vote` None: a grassroots cell has no committee."""

    full_name: str
    birth: PartialDate | None
    sex: str
    branch: str
    unit: str  # "" when the branch is itself the grassroots unit
    work: str
    branch_vote: Vote | None
    committee_vote: Vote | None
    due: date | None  # the last day for the decision
    appraisal: str
    appraised_on: date | None
    note: str = ""


@dataclass(frozen=True)
class MeetingList:
    """What is laid before a meeting. `made_by`: who made it and when, in words, for the foot of the workbook."""

    paper: Paper
    meets_on: date
    people: tuple[Proposed, ...]
    made_by: str = ""
    name: str = ""  # of the session, where it has one
    marks: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        called = f" ({self.name})" if self.name else ""
        return f"{SUBJECT} ngày {show_day(self.meets_on)}{called}"

    @property
    def issued(self) -> Paper:
        """A list goes with a submission and has no number of its own."""
        return replace(self.paper, number="")

    @property
    def in_order(self) -> list[Proposed]:
        """By given name, family name, middle names, as Vietnamese rosters are."""
        return sorted(self.people, key=lambda person: vietnamese.sort_key(person.full_name))


# One row ------------------------------------------------------------------------------------------------------------


def cells(number: int, person: Proposed) -> dict[str, Any]:
    """The cells of a person by the key of their column: what both files say."""
    found = {
        "number": number,
        "name": person.full_name,
        "birth": birth_cell(person.birth),
        "sex": person.sex,
        "branch": person.branch,
        "unit": person.unit,
        "work": person.work,
        "due": person.due,
        "appraisal": person.appraisal,
        "appraised_on": person.appraised_on,
        "note": person.note,
        "opinion": "",  # written at the meeting
    }
    for who, vote in (("branch", person.branch_vote), ("committee", person.committee_vote)):
        found |= {f"{who}_{name}": vote and getattr(vote, name) for name in ("votes", "members", "on")}
    return found


# The document -------------------------------------------------------------------------------------------------------


def _fraction(who: str) -> Callable[[dict], list[str]]:
    """11/12 and the day; nothing where nobody voted."""

    def words(row: dict) -> list[str]:
        if row[f"{who}_votes"] is None:
            return []
        return [f"{row[f'{who}_votes']}/{row[f'{who}_members']}", show_day(row[f"{who}_on"])]

    return words


def _of(*keys: str) -> Callable[[dict], list[str]]:
    return lambda row: [_text(row[key]) for key in keys]


# Widths in mm: together what A4 across has between its margins, 257.
COLUMNS: tuple[tuple[word.Column, Callable[[dict], list[str]]], ...] = (
    (word.Column("STT", 10, centred=True), _of("number")),
    (word.Column("Họ và tên", 30), _of("name")),
    (word.Column("Ngày sinh", 21, centred=True), _of("birth")),
    (word.Column("Giới tính", 12, centred=True), _of("sex")),
    (word.Column("Đơn vị", 29), _of("branch", "unit")),
    (word.Column("Nghề nghiệp, nơi làm việc", 29), _of("work")),
    (word.Column("Chi bộ biểu quyết", 21, centred=True), _fraction("branch")),
    (word.Column("Đảng ủy cơ sở", 21, centred=True), _fraction("committee")),
    (word.Column("Hạn quyết định", 21, centred=True), _of("due")),
    (word.Column("Thẩm định", 24, centred=True), _of("appraisal", "appraised_on")),
    (word.Column("Ghi chú", 21), _of("note")),
    (word.Column("Ý kiến", 18), _of("opinion")),
)


def meeting_list(meeting: MeetingList) -> bytes:
    """A4 across, ready to be laid on the table."""
    document = WordDocument(title=TITLE, author=meeting.paper.issuer, landscape=True, marks=meeting.marks)
    document.letterhead(meeting.issued.letterhead)
    document.heading("Danh sách", meeting.subject)
    rows = [cells(number, person) for number, person in enumerate(meeting.in_order, 1)]
    columns = [column for column, _ in COLUMNS]
    document.table(columns, [["\n".join(filter(None, words(row))) for _, words in COLUMNS] for row in rows])
    document.paragraph(_sum_words(rows), size=SMALL)
    document.signature(meeting.paper.signature)
    return document.to_bytes()


def _sum_words(rows: list[dict]) -> str:
    return f"Danh sách có {len(rows)} người. Cột biểu quyết: số phiếu tán thành trên số người có quyền biểu quyết."


def _text(value) -> str:
    if isinstance(value, date):
        return show_day(value)
    return "" if value is None else str(value)


# The workbook -------------------------------------------------------------------------------------------------------

SHEET: tuple[tuple[str, Column], ...] = (
    ("number", Column("STT", Kind.INTEGER, width=5, centred=True)),
    ("name", Column("Họ và tên", width=22)),
    ("birth", Column("Ngày sinh", Kind.DATE, width=11, centred=True)),
    ("sex", Column("Giới tính", width=7, centred=True)),
    ("branch", Column("Chi bộ", width=18)),
    ("unit", Column("Đơn vị", width=18)),
    ("work", Column("Nghề nghiệp, nơi làm việc", width=18)),
    ("branch_votes", Column("Số phiếu", Kind.INTEGER, width=7, centred=True)),
    ("branch_members", Column("Số đảng viên", Kind.INTEGER, width=7, centred=True)),
    ("branch_on", Column("Ngày", Kind.DATE, width=11)),
    ("committee_votes", Column("Số phiếu", Kind.INTEGER, width=7, centred=True)),
    ("committee_members", Column("Số ủy viên", Kind.INTEGER, width=7, centred=True)),
    ("committee_on", Column("Ngày", Kind.DATE, width=11)),
    ("due", Column("Hạn quyết định", Kind.DATE, width=11)),
    ("appraisal", Column("Số", width=13)),
    ("appraised_on", Column("Ngày", Kind.DATE, width=11)),
    ("note", Column("Ghi chú", width=18)),
    ("opinion", Column("Ý kiến", width=12)),
)
GROUPS = {
    "branch_votes": ("Chi bộ biểu quyết", 3),
    "committee_votes": ("Đảng ủy cơ sở", 3),
    "appraisal": ("Thẩm định", 2),
}


def meeting_workbook(meeting: MeetingList) -> bytes:
    """The same rows; votes are numbers and days are days."""
    book = Workbook(title=TITLE, created_by=meeting.made_by)
    sheet = book.add_report("Danh sách", [column for _, column in SHEET], title=TITLE)
    sheet.letterhead(meeting.issued.letterhead)
    sheet.heading("DANH SÁCH", meeting.subject, *meeting.marks)
    sheet.header(*_header(), frozen_columns=2)
    for number, person in enumerate(meeting.in_order, 1):
        row = cells(number, person)
        sheet.row([row[key] for key, _ in SHEET])
    sheet.signature(meeting.paper.signature)
    return book.to_bytes()


def _header() -> tuple[list, list]:
    """Two rows: votes and appraisal have a name over their columns."""
    upper, lower, under = [], [], 0
    for key, column in SHEET:
        if key in GROUPS:
            name, under = GROUPS[key]
            upper.append(Head(name, across=under))
        if under:
            lower.append(column.header)
            under -= 1
        else:
            upper.append(Head(column.header, down=2))
    return upper, lower
