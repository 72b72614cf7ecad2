"""The four papers of a class, as rows that page and workbook share: roster, attendance, results, certificates.

Of a person they say what `EnrolmentQuerySet.for_class_list` names, and no more.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from candidates.cells import birth_cell
from candidates.choices import Sex
from candidates.classes import ATTENDED, Mark, State
from candidates.models import Attendance, Grade, Lesson, TrainingClass
from organizations.models import Kind as OrganizationKind
from organizations.permissions import Permission
from organizations.scope import may_in, scope_of
from reports.class_papers import By, ClassSheet, Form, Section, Sum, Table
from reports.issuer import DOTS, Paper, paper_for
from reports.standing_committee import SAMPLE
from vuthu_recruit import clock
from vuthu_recruit.workbook import Column, Head, Kind

CENTRE, DIRECTOR = "TRUNG TÂM CHÍNH TRỊ", "GIÁM ĐỐC"
MARKS = {Mark.PRESENT: "x", Mark.EXCUSED: "P", Mark.ABSENT: "K"}
MARKS_IN_WORDS = "x: có mặt; P: vắng có phép; K: vắng không phép; ô trống: chưa điểm danh."
LEFT = "Bỏ học"
LESSONS_ACROSS = 15  # beside names and units on A4 across; more are shared among several tables


def sheet_of(form: Form, training_class: TrainingClass, rows, reader) -> ClassSheet:
    """The paper, of those enrolments the reader sees. At most five queries, however many people."""
    sees_all = may_in(reader, Permission.CLASS_VIEW, training_class.organization)
    rows = rows.filter(training_class=training_class)
    people = list(rows.for_class_list())
    look = _Look(training_class, rows, people, sees_all)
    tables, sums, notes = BUILDERS[form](look)
    return ClassSheet(
        form=form,
        training_class=training_class,
        paper=centre_paper(training_class) if sees_all else None,
        tables=tables,
        sums=sums,
        made_by=f"{reader.full_name} in lúc {timezone.localtime():%H:%M %d/%m/%Y}",
        part="" if sees_all else _own_units(training_class, reader),
        notes=notes,
        marks=(SAMPLE,) if settings.DEMO else (),
    )


def centre_paper(training_class: TrainingClass) -> Paper:
    """The Centre's own head and foot, as on its lists; whose name stands below is left to the pen."""
    organization = training_class.organization
    is_area = organization.kind == OrganizationKind.AREA  # no organization of the Party
    return paper_for(
        organization,
        clock.today(),
        parent=DOTS if is_area else f"BAN CHẤP HÀNH {organization.name.upper()}",
        issuer=CENTRE,
        number="",
        offices=(DIRECTOR,),
        signer=DOTS,
        recipients=(),
    )


def _own_units(training_class: TrainingClass, reader) -> str:
    held = scope_of(reader).holding(Permission.CLASS_NOMINATE)
    own = {one.organization for one in held if one.organization.path.startswith(training_class.organization.path)}
    return ", ".join(unit.name for unit in sorted(own, key=lambda unit: unit.path))


@dataclass(frozen=True)
class _Look:
    """A class and its people as the reader sees them, read once."""

    training_class: TrainingClass
    rows: Any  # the enrolments the reader sees
    people: list[dict]
    sees_all: bool

    @property
    def learners(self) -> list[dict]:
        """Whoever was let in, by name."""
        return [row for row in self.people if row["state"] in ATTENDED]

    @property
    def waiting(self) -> list[dict]:
        """Who waits for a place, in the order of the queue; nobody once the class has begun."""
        waiting = [] if self.training_class.has_begun else [row for row in self.people if row["state"] == State.WAITING]
        return sorted(waiting, key=lambda row: (row["nominated_at"] is None, row["nominated_at"], row["pk"]))

    def person(self, row: dict) -> dict[str, Any]:
        """The cells every paper takes from."""
        sex = row["candidate__sex"]
        return {
            "name": row["candidate__full_name"] or row["participant_name"],
            "sex": Sex(sex).label if sex else "",
            "birth": birth_cell(row["candidate__birth"]),
            "year": row["candidate__birth"].year if row["candidate__birth"] else None,
            "home": row["candidate__home_town"] or "",
            "position": row["participant_position"],
            "unit": self._unit(row),
            "score": row["score"],
            "grade": row["grade__name"] or "",
            "certificate": row["certificate_number"],
            "issued": row["issued_on"],
            "signed": "",
        }

    def _unit(self, row: dict) -> str:
        """The grassroots organization; to its own officer the branch, for the unit stands above the list."""
        above = row["unit__grassroots__name"]
        return (above if self.sees_all else "") or row["unit__name"]


# Columns: as wide as Excel counts; the page takes the widths from print.css by the key -----------------------------

NUMBER = ("number", Column("TT", Kind.INTEGER, width=5, centred=True))
NAME = ("name", Column("Họ và tên", width=24))
SEX = ("sex", Column("Giới tính", width=7, centred=True))
BIRTH = ("birth", Column("Ngày sinh", Kind.DATE, width=12, centred=True))
HOME = ("home", Column("Quê quán", width=19))
POSITION = ("position", Column("Chức vụ", width=22))
UNIT = ("unit", Column("Đơn vị", width=20))
GRADE = ("grade", Column("Xếp loại", width=10.5, centred=True))
ISSUED = ("issued", Column("Ngày cấp", Kind.DATE, width=11, centred=True))
NOTE = ("note", Column("Ghi chú", width=13))
# The order and the words of the Centre's own list: the file can come back through the import of results.
RESULTS = (
    NUMBER,
    NAME,
    ("year", Column("Năm sinh", Kind.PLAIN, width=7, centred=True)),
    UNIT,
    ("score", Column("Điểm", Kind.PLAIN, width=6, centred=True)),
    GRADE,
    ("certificate", Column("Số giấy CN", width=15.5)),
    ISSUED,
    NOTE,
)


def _whose(training_class: TrainingClass, *columns: tuple[str, Column]) -> tuple[tuple[str, Column], ...]:
    """Of committee members the position is known, and nothing of who they are."""
    if training_class.kind.takes_candidates:
        return columns
    about = {"sex", "birth", "home"}
    return tuple(
        found for one in columns for found in ((one, POSITION) if one == NAME else (one,)) if found[0] not in about
    )


def _row(columns: Iterable[tuple[str, Column]], cells: dict[str, Any]) -> tuple:
    return tuple(cells[key] for key, _ in columns)


def _heads(columns: Iterable[tuple[str, Column]]) -> tuple[tuple[Head, ...], ...]:
    return (tuple(Head(column.header) for _, column in columns),)


# The papers ---------------------------------------------------------------------------------------------------------


def _roster(look: _Look):
    """Who attends; until the first day those who wait for a place as well."""
    columns = _whose(look.training_class, NUMBER, NAME, SEX, BIRTH, HOME, UNIT, NOTE)
    waiting = look.waiting
    parts = [(look.learners, "Học viên" if waiting else "")] + ([(waiting, "Chờ chỗ")] if waiting else [])
    sections = tuple(
        Section(
            tuple(
                _row(columns, look.person(row) | {"number": number, "note": _roster_note(row)})
                for number, row in enumerate(rows, 1)
            ),
            name,
        )
        for rows, name in parts
    )
    sums = [Sum("Tổng số học viên", len(look.learners))]
    if SEX in columns:
        women = sum(row["candidate__sex"] == Sex.FEMALE for row in look.learners)
        sums.append(Sum(Sex.FEMALE.label, women, By.EQUAL, "sex"))
    if waiting:
        sums.append(Sum("Chờ chỗ", len(waiting), section=1))
    return (Table(columns, sections, _heads(columns)),), tuple(sums), ()


def _roster_note(row: dict) -> str:
    again = row["candidate_id"] and row["attempt"] > 1
    return "; ".join(filter(None, [f"Học lần {row['attempt']}" if again else "", _left(row)]))


def _left(row: dict) -> str:
    """Of who left the class: Bỏ học, with the reason, which may say so itself."""
    if row["state"] != State.DROPPED:
        return ""
    reason = row["reason"].strip()
    if reason.casefold().startswith(LEFT.casefold()):
        return f"{LEFT}{reason[len(LEFT) :]}"
    return f"{LEFT}: {reason}" if reason else LEFT


def _attendance(look: _Look):
    """A column a lesson, to be filled by hand where nothing is recorded. Two queries more."""
    lessons = list(Lesson.objects.filter(training_class=look.training_class).order_by("number"))
    rows = Attendance.objects.filter(enrolment__in=look.rows.values("pk"))
    marks = {(lesson, one): MARKS[mark] for lesson, one, mark in rows.values_list("lesson", "enrolment", "mark")}
    tables = tuple(_attendance_table(look, part, marks, named=len(lessons) > len(part)) for part in shared(lessons))
    return tables, (), (MARKS_IN_WORDS,)


def shared(lessons: Sequence[Lesson]) -> list[Sequence[Lesson]]:
    """The lessons in as few tables as paper has room for, about as many in each."""
    tables = -(-len(lessons) // LESSONS_ACROSS) or 1
    size = -(-len(lessons) // tables)
    return [lessons[place * size : (place + 1) * size] for place in range(tables)]


def _attendance_table(look: _Look, lessons: Sequence[Lesson], marks: dict, *, named: bool) -> Table:
    at = [(f"lesson-{lesson.number}", Column(_lesson_head(lesson), width=5.5, centred=True)) for lesson in lessons]
    present = ("present", Column("Số buổi có mặt", Kind.INTEGER, width=9, centred=True))
    columns = (NUMBER, NAME, UNIT, *at, present, NOTE)
    rows, by_lesson = [], {lesson.pk: [] for lesson in lessons}
    for number, row in enumerate(look.learners, 1):
        own = {lesson.pk: marks.get((lesson.pk, row["pk"]), "") for lesson in lessons}
        for key, mark in own.items():
            by_lesson[key].append(mark)
        cells = look.person(row) | {f"lesson-{lesson.number}": own[lesson.pk] for lesson in lessons}
        note = LEFT if row["state"] == State.DROPPED else ""
        rows.append(_row(columns, cells | {"number": number, "present": _present(own.values()), "note": note}))
    feet = (
        (None, "Số người có mặt", "", *(_present(by_lesson[lesson.pk]) for lesson in lessons), "", ""),
        (None, "Giảng viên ký", "", *(None for _ in lessons), "", ""),  # by hand, there is nothing to count
    )
    name = f"Buổi {lessons[0].number}–{lessons[-1].number}" if named else ""
    return Table(columns, (Section(tuple(rows)),), _attendance_heads(columns, len(at)), name, feet if rows else ())


def _attendance_heads(columns: Sequence[tuple[str, Column]], lessons: int) -> tuple[tuple[Head, ...], ...]:
    if not lessons:
        return _heads(columns)
    upper, lower = [], []
    for key, column in columns:
        if not key.startswith("lesson-"):
            upper.append(Head(column.header, down=2))
        else:
            upper += [] if lower else [Head("Buổi học", across=lessons)]
            lower.append(Head(column.header))
    return tuple(upper), tuple(lower)


def _lesson_head(lesson: Lesson) -> str:
    day = f"{lesson.held_on.day}/{lesson.held_on.month}" if lesson.held_on else ""
    return "\n".join(filter(None, [str(lesson.number), day, lesson.get_half_display()]))


def _present(marks: Iterable[str]) -> int | str:
    """How many were there; nothing as long as nothing is recorded."""
    said = [mark for mark in marks if mark]
    return said.count(MARKS[Mark.PRESENT]) if said else ""


def _results(look: _Look):
    """Everybody who was let in, with what came of it. One query more."""
    people = look.learners
    rows = tuple(
        _row(RESULTS, look.person(row) | {"number": number, "note": _left(row)}) for number, row in enumerate(people, 1)
    )
    given = [row["grade__name"] for row in people if row["grade__name"]]
    names = dict.fromkeys([*Grade.objects.filter(is_active=True).values_list("name", flat=True), *given])
    left = sum(row["state"] == State.DROPPED for row in people)
    sums = [Sum("Tổng số học viên", len(people))]
    sums += [Sum(name, given.count(name), By.EQUAL, "grade") for name in names]
    sums += [Sum(LEFT, left, By.BEGINS, "note"), Sum("Chưa có kết quả", len(people) - len(given) - left, By.REST)]
    return (Table(RESULTS, (Section(rows),), _heads(RESULTS)),), tuple(sums), ()


def _register(look: _Look):
    """Certificates given, by their numbers, with room for whoever fetches one."""
    certificate = ("certificate", Column("Số giấy CN", width=15.5))
    signed = ("signed", Column("Ký nhận", width=18))
    columns = _whose(look.training_class, certificate, NAME, BIRTH, HOME, UNIT, GRADE, ISSUED, signed)
    holders = sorted((row for row in look.people if row["certificate_number"]), key=_by_number)
    rows = tuple(_row(columns, look.person(row)) for row in holders)
    sums = (Sum("Tổng số giấy chứng nhận", len(rows)),)
    decision = look.training_class.certificate_decision
    notes = (f"Quyết định cấp giấy chứng nhận: {decision}.",) if decision else ()
    return (Table(columns, (Section(rows),), _heads(columns)),), sums, notes


def _by_number(row: dict) -> tuple:
    digits = re.search(r"[0-9]+", row["certificate_number"])
    return int(digits.group()) if digits else 0, row["certificate_number"], row["pk"]


BUILDERS = {Form.ROSTER: _roster, Form.ATTENDANCE: _attendance, Form.RESULTS: _results, Form.REGISTER: _register}
