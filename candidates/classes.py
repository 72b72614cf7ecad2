"""The rules of a class: who may be sent, how lessons lie, what a score gives, how numbers go on, what changes. Pure.

Sources: plan 51-KH/HU, III.2 (the Centre collects, screens with the Board, runs classes, reports); domain.md 5.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db.models import TextChoices

from candidates.choices import Education
from candidates.pipeline import BEFORE_THE_MEETING, FOLLOWED, PROBATION, Stage, Status
from organizations.permissions import Permission
from vuthu_recruit.dates import show_day

HIGHEST_SCORE = 10
LARGEST_CLASS = 1000
SHORTEST_REASON = 10


class Purpose(TextChoices):
    """What a kind of class is for: who attends it, and what its certificate opens (domain.md 5)."""

    AWARENESS = "awareness", "Nhận thức về Đảng, cho quần chúng trong nguồn"
    NEW_MEMBER = "new_member", "Lý luận chính trị, cho đảng viên dự bị"
    COMMITTEE = "committee", "Nghiệp vụ, cho cấp ủy viên và cán bộ không phải quần chúng"


class State(TextChoices):
    """Where a participant stands in a class."""

    NOMINATED = "nominated", "Chờ xét"
    REFUSED = "refused", "Không đủ điều kiện"
    WAITING = "waiting", "Chờ chỗ"
    ENROLLED = "enrolled", "Đang học"
    FINISHED = "finished", "Đã học xong"
    DROPPED = "dropped", "Bỏ học"
    WITHDRAWN = "withdrawn", "Đã rút"

    def words(self, *, has_begun: bool) -> str:
        """The label; whoever is put into a class that has not begun does not attend it yet."""
        return self.label if has_begun or self != self.ENROLLED else "Đã ghi danh"


SEATED = (State.ENROLLED, State.FINISHED)  # take a place
ATTENDED = (*SEATED, State.DROPPED)  # were let in: an attempt, whatever came of it
GONE = (State.REFUSED, State.WITHDRAWN)  # the nomination counts no more


class Half(TextChoices):
    MORNING = "morning", "sáng"
    AFTERNOON = "afternoon", "chiều"
    EVENING = "evening", "tối"


class Mark(TextChoices):
    """Whether a participant was at a lesson; without one nobody has said."""

    PRESENT = "present", "Có mặt"
    EXCUSED = "excused", "Vắng có phép"
    ABSENT = "absent", "Vắng không phép"


# Whose certificate a class of each purpose gives: people who have not been considered yet, probationary members.
STAGES_OF = {Purpose.AWARENESS: BEFORE_THE_MEETING, Purpose.NEW_MEMBER: PROBATION}
DAY_HALVES = (Half.MORNING, Half.AFTERNOON)
SCHOOLING = "học vấn từ trung học cơ sở trở lên (Hướng dẫn 61-HD/BTGTW ngày 16/6/2022)"


# Who may be sent


@dataclass(frozen=True)
class Person:
    """What the rules of a class read of somebody who is to be sent."""

    name: str
    stage: Stage
    status: Status
    since: date | None  # the first day of the walk that leads here: the source, or the ceremony
    education: str = ""
    certificate_until: date | None = None  # the newest certificate of this purpose holds until then
    has_certificate: bool = False
    other_classes: tuple[tuple[str, date, date], ...] = ()  # name and days of classes the person is in
    on_the_way: tuple[str, ...] = ()  # such classes of this purpose without a result yet


@dataclass(frozen=True)
class Objection:
    """What speaks against sending somebody. Those that are not final are for whoever screens to weigh."""

    code: str
    message: str
    is_final: bool = True


def against(purpose: Purpose, from_on: date, to_on: date, person: Person) -> list[Objection]:
    """Everything that speaks against sending a person to a class of these days. Final ones first."""
    found = []
    if person.status not in FOLLOWED:
        found.append(Objection("status", f"đang ở trạng thái “{Status(person.status).label}”"))
    if person.stage not in STAGES_OF.get(purpose, ()):
        found.append(Objection("stage", f"đang ở bước “{Stage(person.stage).label}”, không thuộc diện học lớp này"))
    elif person.since and person.since > to_on:
        what = "đưa vào nguồn" if purpose == Purpose.AWARENESS else "kết nạp"
        words = f"{what} ngày {show_day(person.since)}, sau khi lớp kết thúc ngày {show_day(to_on)}"
        found.append(Objection("later", words))
    overlapping = [one for one in person.other_classes if one[1] <= to_on and from_on <= one[2]]
    for name, first, last in overlapping:
        words = f"đang trong danh sách {name} ({show_day(first)}–{show_day(last)}), trùng ngày với lớp này"
        found.append(Objection("overlap", words))
    told = {name for name, _, _ in overlapping}
    return found + _to_weigh(purpose, to_on, person, [name for name in person.on_the_way if name not in told])


def _to_weigh(purpose: Purpose, to_on: date, person: Person, on_the_way: Sequence[str]) -> list[Objection]:
    found = [Objection("on_the_way", f"đã có trong danh sách {name}", is_final=False) for name in on_the_way]
    if person.has_certificate and purpose == Purpose.NEW_MEMBER:
        found.append(Objection("has_certificate", "đã có giấy chứng nhận lớp này", is_final=False))
    elif person.certificate_until and person.certificate_until > to_on:
        words = f"còn giấy chứng nhận có giá trị đến ngày {show_day(person.certificate_until)}"
        found.append(Objection("has_certificate", words, is_final=False))
    if purpose == Purpose.AWARENESS and person.education == Education.PRIMARY:
        found.append(Objection("education", f"chưa tốt nghiệp trung học cơ sở; lớp cần {SCHOOLING}", is_final=False))
    elif purpose == Purpose.AWARENESS and not person.education:
        found.append(Objection("education_unknown", f"chưa ghi học vấn; lớp cần {SCHOOLING}", is_final=False))
    return found


# What may be changed of one participant


class Move(StrEnum):
    """A change of one participant outside the tables of screening and results."""

    REFUSE = "khong-du-dieu-kien"
    RECONSIDER = "xet-lai"
    CALL = "goi-vao-hoc"
    WITHDRAW = "rut"
    DROP = "bo-hoc"
    COME_BACK = "hoc-tiep"


@dataclass(frozen=True)
class Rule:
    """A row of the table. `begun`: whether the class must have begun for whoever sits in it; None: either way."""

    label: str
    sources: tuple[State, ...]
    target: State
    rights: tuple[Permission, ...] = (Permission.CLASS_EDIT,)
    asks_reason: bool = True
    begun: bool | None = None


MOVES: dict[Move, Rule] = {
    Move.CALL: Rule("Cho vào học", (State.WAITING,), State.ENROLLED, asks_reason=False),
    Move.COME_BACK: Rule("Trở lại lớp", (State.DROPPED,), State.ENROLLED),
    Move.DROP: Rule("Bỏ học", (State.ENROLLED,), State.DROPPED, begun=True),
    Move.RECONSIDER: Rule("Xét lại", (State.REFUSED,), State.NOMINATED),
    Move.REFUSE: Rule("Không đủ điều kiện", (State.WAITING, State.ENROLLED), State.REFUSED, begun=False),
    Move.WITHDRAW: Rule(
        "Rút, không đi học",
        (State.NOMINATED, State.WAITING, State.ENROLLED),
        State.WITHDRAWN,
        (Permission.CLASS_EDIT, Permission.CLASS_NOMINATE),
        begun=False,
    ),
}


def may_move(move: Move, state: State, *, has_begun: bool) -> bool:
    """Whether the table allows it. Before the first day one withdraws, from then on one leaves the class."""
    rule = MOVES[move]
    if state not in rule.sources:
        return False
    return rule.begun is None or state != State.ENROLLED or rule.begun == has_begun


# Lessons


def lay_out(
    from_on: date, to_on: date, count: int, is_working: Callable[[date], bool] = lambda day: True
) -> list[tuple[date | None, str]]:
    """The lessons of a class, two a working day from the first on; those that find no day wait for one.

    A class that has too few working days is meant to use the others too.
    """
    every = [from_on + timedelta(days=day) for day in range((to_on - from_on).days + 1)]
    working = [day for day in every if is_working(day)]
    days = working if len(working) * len(DAY_HALVES) >= count else every
    halves = [(day, str(half)) for day in days for half in DAY_HALVES]
    return [*halves[:count], *[(None, "")] * max(0, count - len(halves))]


# Scores and grades


@dataclass(frozen=True)
class Line:
    """One line of the scale as the rules read it."""

    key: int
    name: str
    from_score: Decimal | None
    is_pass: bool


def grade_of(score: Decimal, scale: Iterable[Line]) -> Line | None:
    """The highest line the score reaches; lines without a threshold are given by a person alone."""
    reached = [line for line in scale if line.from_score is not None and line.from_score <= score]
    return max(reached, key=lambda line: line.from_score, default=None)


def contradicts(score: Decimal | None, line: Line | None, scale: Sequence[Line]) -> Line | None:
    """The line the score gives, where another one was written; None where they agree or nothing can be said."""
    if score is None or line is None:
        return None
    given = grade_of(score, scale)
    if given is None or given.key == line.key:
        return None
    # A line without a threshold is given by hand, but never turns a fail into a pass or the other way.
    return given if line.from_score is not None or line.is_pass != given.is_pass else None


# Numbers of certificates

LONGEST_NUMBER = 40
FIGURES = re.compile(r"\d+")


def number_problem(number: str) -> str:
    """Why a text is no number of a certificate; nothing when it is one."""
    if len(number) > LONGEST_NUMBER:
        return f"Số giấy chứng nhận nhiều nhất {LONGEST_NUMBER} ký tự."
    if re.search(r"[<>]", number) or number[:1] in ("=", "+", "@", "|"):
        return "Số giấy chứng nhận không có các ký tự < > và không bắt đầu bằng = + @ |."
    return ""


def number_key(number: str) -> str:
    """The same for 101/CN-TTCT, 101 /cn-ttct and 0101/CN-TTCT: one number, however it is written."""
    plain = re.sub(r"\s+", "", number).casefold()
    return FIGURES.sub(lambda found: found[0].lstrip("0") or "0", plain)


FIRST_NUMBER = re.compile(r"[0-9]{1,8}")
LONGEST_MARK = 20


def numbers_from(first: str, mark: str, count: int) -> list[str]:
    """The first number and those that follow, with the mark: 099/CN-TTCT, 100/CN-TTCT… Raises ValueError."""
    if not FIRST_NUMBER.fullmatch(first) or len(mark) > LONGEST_MARK:
        raise ValueError(first)
    ending = f"/{mark.lstrip('/')}" if mark.strip("/ ") else ""
    return [f"{int(first) + place:0{len(first)}d}{ending}" for place in range(count)]


# Where a class stands

PHASES = ("Nhận đề cử", "Xét chọn", "Học", "Ghi kết quả", "Cấp giấy chứng nhận")


@dataclass(frozen=True)
class Tally:
    """How many of a class stand where. A place is taken by who attends or has finished (domain.md 5.1)."""

    capacity: int | None = None
    nominated: int = 0  # wait for screening
    refused: int = 0
    waiting: int = 0
    enrolled: int = 0  # no result yet
    passed: int = 0
    failed: int = 0
    dropped: int = 0
    withdrawn: int = 0
    certified: int = 0

    @property
    def sent(self) -> int:
        """Everybody nominated, whatever came of it, but those who were withdrawn."""
        return self.nominated + self.refused + self.waiting + self.learners

    @property
    def learners(self) -> int:
        """Everybody who was let in, those who left among them."""
        return self.enrolled + self.finished + self.dropped

    @property
    def finished(self) -> int:
        return self.passed + self.failed

    @property
    def seated(self) -> int:
        return self.enrolled + self.finished

    @property
    def free(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.seated)

    @property
    def judged(self) -> int:
        """Learners with an outcome: finished or left."""
        return self.finished + self.dropped

    @property
    def pass_rate(self) -> Decimal | None:
        """Passed ÷ learners with an outcome; None while there is none."""
        return Decimal(self.passed) / self.judged if self.judged else None

    @property
    def use_of_places(self) -> Decimal | None:
        """Places taken ÷ places; None without a limit."""
        return Decimal(self.seated) / self.capacity if self.capacity else None

    @property
    def uncertified(self) -> int:
        return self.passed - self.certified


def phase(tally: Tally, *, has_begun: bool, has_ended: bool) -> int:
    """Which of PHASES the class is in, from 1; one more than there are when all is done."""
    if tally.learners and not tally.enrolled and has_ended:
        return len(PHASES) + 1 if not tally.uncertified else 5
    if has_ended and tally.learners:
        return 4
    if has_begun and tally.learners:
        return 3
    return 2 if tally.sent else 1
