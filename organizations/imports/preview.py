"""What a file would do, row by row, before anything counts: the shapes every importer answers with. Pure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

WHOLE_FILE = "0"  # where answers about the file as a whole stand, among those of its rows
SKIP = "skip"  # the option that leaves a row out, in every question that has one


class Kind(StrEnum):
    """What becomes of a row when the file is confirmed."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    QUESTION = "question"  # somebody has to say
    WAITING = "waiting"  # the Board compares first
    ERROR = "error"
    SKIPPED = "skipped"  # by an answer


LABELS = {
    Kind.NEW: "Thêm mới",
    Kind.CHANGED: "Thay đổi",
    Kind.SAME: "Không đổi",
    Kind.QUESTION: "Cần trả lời",
    Kind.WAITING: "Chờ Ban Tổ chức đối chiếu",
    Kind.ERROR: "Lỗi",
    Kind.SKIPPED: "Bỏ qua",
}
WRITES = (Kind.NEW, Kind.CHANGED, Kind.WAITING)
STOPS = (Kind.ERROR, Kind.QUESTION)  # all or nothing: as long as there is one of these, nothing is written


@dataclass(frozen=True)
class Note:
    """A sentence at a column of a row. One that does not block tells what was read in which way."""

    column: str  # key of the importer, "" for the row as a whole
    message: str
    blocks: bool = True
    is_doubtful: bool = False  # does not block, and deserves a second look


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """What somebody has to say of a row. `beside`: label, in the file, in the record, for a look side by side."""

    key: str
    text: str
    options: tuple[Option, ...]
    column: str = ""
    beside: tuple[tuple[str, str, str], ...] = ()
    other: str = "Hồ sơ đã có"  # what the row is looked at beside


@dataclass(frozen=True)
class CellChange:
    """A field in words; `old` is empty for a new record."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """One row of the file as the preview shows it. `payload`: what the importer needs to write it."""

    number: int
    kind: Kind
    title: str
    detail: str = ""
    changes: tuple[CellChange, ...] = ()
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    url: str = ""
    payload: Any = None
    writes: str = ""  # everything it would write, for the digest: also what the page sums up in fewer words
    read: str = ""  # everything the row says, before any answer: an answer holds as long as this stays the same

    @property
    def errors(self) -> list[Note]:
        return [one for one in self.notes if one.blocks]

    @property
    def doubts(self) -> list[Note]:
        return [one for one in self.notes if one.is_doubtful and not one.blocks]

    @property
    def notices(self) -> list[Note]:
        return [one for one in self.notes if not one.blocks and not one.is_doubtful]


@dataclass(frozen=True)
class LeftOut:
    """A row below the header that is no record: a group, a sum, a note, a signature. Named, never silently dropped."""

    number: int
    text: str


@dataclass(frozen=True)
class Preview:
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...] = ()
    questions: tuple[Question, ...] = ()  # about the whole file

    @property
    def tally(self) -> dict[Kind, int]:
        counted = Counter(line.kind for line in self.lines)
        return {kind: counted[kind] for kind in Kind}

    @property
    def writes(self) -> list[Line]:
        return [line for line in self.lines if line.kind in WRITES]

    @property
    def stops(self) -> list[Line]:
        return [line for line in self.lines if line.kind in STOPS]

    @property
    def digest(self) -> str:
        """Of everything a confirmation would do: what was shown and what would be written must be the same."""
        told = [(one.number, one.kind, one.title, one.changes, one.detail, one.writes) for one in self.lines]
        return hashlib.sha256(repr(told).encode()).hexdigest()


def answered(questions: Iterable[Question], answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that are among the options; the others count as not given."""
    return {
        one.key: answers[one.key]
        for one in questions
        if answers.get(one.key) in {option.value for option in one.options}
    }


def in_words(tally: Mapping[Kind, int], kinds: Sequence[Kind] = tuple(Kind)) -> str:
    """ "18 thêm mới, 3 lỗi": what there is of each kind."""
    return ", ".join(f"{tally[kind]} {LABELS[kind][:1].lower()}{LABELS[kind][1:]}" for kind in kinds if tally.get(kind))
