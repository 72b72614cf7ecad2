"""One row of a list of people while it is judged: what it says, what is asked, what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from candidates.matching import Matches
from candidates.models import Candidate
from candidates.namesakes import Named
from candidates.people_file import PersonRow
from candidates.places import Found
from organizations.imports.preview import Kind, Note, Question, answered


@dataclass(frozen=True)
class Entry:
    """A new person, ready to be written. `others`: whom the Board compares with first."""

    candidate: Candidate
    entered_on: date
    others: tuple[Candidate, ...] = ()
    not_a_duplicate: bool = False


@dataclass(frozen=True)
class Edit:
    """Changes of a known person."""

    candidate: Candidate
    values: dict
    others: tuple[Candidate, ...] = ()
    not_a_duplicate: bool = False


@dataclass(eq=False)
class Case:
    """A row while it is being judged."""

    row: PersonRow
    answers: Mapping[str, str]
    notes: list[Note]
    questions: list[Question] = field(default_factory=list)
    place: Found = field(default_factory=Found)
    known: Candidate | None = None
    changes: dict = field(default_factory=dict)  # of a known person: name → new value
    is_skipped: bool = False
    waits: bool = False  # for an answer that another row was asked for
    stands_for: list["Case"] = field(default_factory=list)  # rows that were said to be this person, and left out
    matches: Matches = field(default_factory=lambda: Matches([], [], []))
    payload: Entry | Edit | None = None
    kind: Kind | None = None

    def say(self, column: str, message: str, *, blocks: bool = True) -> None:
        self.notes.append(Note(column, message, blocks))

    def ask(self, question: Question) -> str:
        """Put the question; the answer, if it was given."""
        self.questions.append(question)
        return answered([question], self.answers).get(question.key, "")

    @cached_property
    def named(self) -> Named | None:
        """The name and birth of the row, where it has both."""
        name, birth = self.row.values.get("full_name"), self.row.values.get("birth")
        return Named(name, birth) if name and birth else None

    @property
    def identity_number(self) -> str:
        return self.row.values.get("identity_number") or ""

    @property
    def written_place(self) -> str:
        """The branch in the words of the file."""
        return self.row.branch or self.row.group

    def is_asked_about(self, number: int) -> bool:
        """Whether somebody still has to say whether this row and an earlier one are one person."""
        twins = [one for one in self.questions if one.key == f"twin-{number}"]
        return len(answered(twins, self.answers)) < len(twins)

    @property
    def is_wrong(self) -> bool:
        return any(one.blocks for one in self.notes)

    @property
    def is_open(self) -> bool:
        if self.waits or (self.place.unknown and self.place.place is None):
            return True
        return len(answered(self.questions, self.answers)) < len(self.questions)
