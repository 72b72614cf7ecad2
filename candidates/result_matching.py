"""Whom of a class each row of a result file means, and what the row would change. Pure.

Sure is a row that says nothing else than the record; anything less is shown with the people it may mean, and a person
chooses. An identity number is compared, never shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from candidates.classes import Line, State, grade_of
from candidates.result_file import FileRow, Problem
from organizations.unit_names import is_same_unit
from vuthu_recruit.dates import PartialDate
from vuthu_recruit.vietnamese import same_name_key, search_key


class Outcome(StrEnum):
    SURE = "sure"  # exactly one person, and everything agrees
    DOUBTFUL = "doubtful"  # somebody has to say
    UNMATCHED = "unmatched"  # nobody of the class


@dataclass(frozen=True)
class Participant:
    """What is known of somebody in the class. `barred`: why nothing can be recorded; empty for learners."""

    key: int
    name: str
    birth: PartialDate | None
    unit: str
    unit_keys: frozenset[str]
    number: str = field(default="", repr=False)
    barred: str = ""
    asks_birth: bool = True  # of members of committees only name and unit are known


@dataclass(frozen=True)
class Match:
    outcome: Outcome
    people: tuple[Participant, ...] = ()
    reasons: tuple[Problem, ...] = ()

    @property
    def person(self) -> Participant | None:
        """The only one it can be."""
        return self.people[0] if len(self.people) == 1 else None


def match(rows: Sequence[FileRow], people: Sequence[Participant]) -> dict[int, Match]:
    """Whom each row means, by the number of the row. The order of the rows plays no part."""
    matcher = _Matcher(people)
    found = {row.number: matcher.match(row) for row in rows}
    sure: dict[int, list[int]] = {}
    for number, one in found.items():
        if one.outcome == Outcome.SURE:
            sure.setdefault(one.people[0].key, []).append(number)
    for numbers in (sorted(numbers) for numbers in sure.values() if len(numbers) > 1):
        said = Problem("name", f"Các dòng {', '.join(map(str, numbers))} cùng là một người.", blocks=False)
        for number in numbers:
            found[number] = Match(Outcome.DOUBTFUL, found[number].people, (said,))
    return found


def not_named(matches: Mapping[int, Match], people: Iterable[Participant]) -> list[Participant]:
    """Learners whom no row can mean."""
    named = {person.key for one in matches.values() for person in one.people}
    return [one for one in people if one.key not in named and not one.barred]


class _Matcher:
    def __init__(self, people: Sequence[Participant]):
        self.people = people
        self.by_name = _grouped(people, lambda one: same_name_key(one.name))
        self.by_plain_name = _grouped(people, lambda one: search_key(one.name))
        self.by_number = _grouped(people, lambda one: one.number)

    def match(self, row: FileRow) -> Match:
        return _without_barred(self._match(row))

    def _match(self, row: FileRow) -> Match:
        named = self.by_name.get(same_name_key(row.name), [])
        # A number says nothing of whoever has another name: nobody learns by it who holds a number.
        plain = search_key(row.name)
        numbered = [one for number in row.numbers for one in self.by_number.get(number, [])]
        numbered = [one for one in numbered if search_key(one.name) == plain]
        if numbered:
            return self._by_number(row, numbered, named)
        agreeing = [one for one in named if not _differences(row, one)]
        if len(agreeing) == 1:
            return Match(Outcome.SURE, tuple(agreeing))
        if agreeing:
            words = f"Lớp có {len(agreeing)} người cùng tên, năm sinh và đơn vị."
            return Match(Outcome.DOUBTFUL, tuple(agreeing), (Problem("name", words, blocks=False),))
        possible = [one for one in named if len(_contradictions(row, one)) < 2]
        possible += [one for one in self._spelt_alike(row) if one not in named and not _contradictions(row, one)]
        if not possible:
            return Match(Outcome.UNMATCHED, (), (_nobody(row, named),))
        if len(possible) > 1:
            said = Problem("name", f"Có {len(possible)} người của lớp có thể là dòng này.", blocks=False)
            return Match(Outcome.DOUBTFUL, tuple(possible), (said,))
        return Match(Outcome.DOUBTFUL, tuple(possible), tuple(_differences(row, possible[0])))

    def _by_number(self, row: FileRow, numbered: list[Participant], named: list[Participant]) -> Match:
        """The number says who it is, if name and birth do not say otherwise; the unit may have changed since."""
        one = numbered[0]
        said = [said for said in _differences(row, one) if said.column == "name"]
        said += [said for said in _contradictions(row, one) if said.column == "birth"]
        if len(numbered) == 1 and not said:
            return Match(Outcome.SURE, (one,))
        return Match(Outcome.DOUBTFUL, tuple(dict.fromkeys([*numbered, *named])), tuple(said))

    def _spelt_alike(self, row: FileRow) -> list[Participant]:
        """Whose name reads the same without marks."""
        return self.by_plain_name.get(search_key(row.name), [])


def _grouped(people: Iterable[Participant], key) -> dict[str, list[Participant]]:
    found: dict[str, list[Participant]] = {}
    for one in people:
        if key(one):
            found.setdefault(key(one), []).append(one)
    return found


def _without_barred(match: Match) -> Match:
    """Whoever was not let into the class has no result: that is said, and nobody can choose them."""
    barred = [one for one in match.people if one.barred]
    if not barred:
        return match
    learners = tuple(one for one in match.people if not one.barred)
    said = tuple(Problem("name", f"{one.name}: {one.barred}, chưa được ghi danh.", blocks=False) for one in barred)
    if learners:
        return Match(Outcome.DOUBTFUL, learners, (*match.reasons, *said))
    return Match(Outcome.UNMATCHED, (), said)


def sentences(row: FileRow, match: Match) -> list[Problem]:
    """Everything to be said of a row: a cell that cannot be read is not compared as well."""
    asked = {one.column for one in row.problems if one.blocks}
    return [*row.problems, *(one for one in match.reasons if one.column not in asked)]


def _nobody(row: FileRow, named: Sequence[Participant]) -> Problem:
    if named:
        words = "Không có trong lớp; lớp có người cùng tên nhưng khác năm sinh và đơn vị."
        return Problem("name", words, blocks=False)
    return Problem("name", "Không có trong danh sách lớp, chưa được ghi danh.", blocks=False)


def _differences(row: FileRow, one: Participant) -> list[Problem]:
    """Everything that keeps a match from being sure."""
    found = []
    if same_name_key(row.name) != same_name_key(one.name):
        found.append(Problem("name", f"Hồ sơ ghi họ tên “{one.name}”.", blocks=False))
    has_asked = any(said.column == "birth" for said in row.problems)
    if one.asks_birth and row.birth is None and not has_asked:
        found.append(Problem("birth", "Tệp không ghi năm sinh để đối chiếu.", blocks=False))
    if one.asks_birth and (one.birth is None or (row.birth is None and has_asked)):
        found.append(Problem("birth", "Chưa đối chiếu được năm sinh.", blocks=False))
    if not row.unit:
        found.append(Problem("unit", "Tệp không ghi đơn vị để đối chiếu.", blocks=False))
    return found + _contradictions(row, one)


def _contradictions(row: FileRow, one: Participant) -> list[Problem]:
    """What both sides know and tell differently, but for the name."""
    found = []
    if row.numbers and one.number and one.number not in row.numbers:
        found.append(Problem("name", "Có điều trong tệp không khớp với hồ sơ; hỏi lại đơn vị.", blocks=False))
    if row.birth and one.birth and (row.birth.before(one.birth) or row.birth.after(one.birth)):
        found.append(Problem("birth", f"Hồ sơ ghi sinh {one.birth}.", blocks=False))
    if row.unit and not is_same_unit(row.unit, one.unit_keys):
        found.append(Problem("unit", f"Hồ sơ ghi đơn vị {one.unit}.", blocks=False))
    return found


# What the file would change


@dataclass(frozen=True)
class Standing:
    """The result of a participant: as recorded, or as it would be."""

    state: str
    score: Decimal | None = None
    grade: int | None = None
    certificate_number: str = ""
    issued_on: date | None = None
    reason: str = ""


def after(row: FileRow, now: Standing, scale: Sequence[Line]) -> Standing:
    """What would be recorded. An empty cell changes nothing: files often leave out what was recorded before."""
    if row.state == State.DROPPED:
        return Standing(State.DROPPED.value, reason=row.note)
    score = row.score if row.score is not None else now.score
    by_score = grade_of(row.score, scale) if row.score is not None else None
    line = row.line or by_score
    return Standing(
        State.FINISHED.value,
        score,
        line.key if line else now.grade,
        row.certificate_number or now.certificate_number,
        row.issued_on or now.issued_on,
    )
