"""Lists with one row a unit: which unit each row means, what is no unit, and what its cells say.

Nothing is guessed: a name of two units is a question, a name of none that may be written here is an error that does not
tell whether there is such a unit elsewhere. What is no unit (groups, sums, notes) is left out by name.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from organizations.imports.cells import CellError, day_of, is_nothing, is_same_as_above, text_of
from organizations.imports.preview import CellChange, Kind, LeftOut, Line, Note, Option, Question, answered
from organizations.imports.table import Definition, Layout, shown
from organizations.models import Kind as UnitKind
from organizations.models import Organization
from organizations.models.organization import GRASSROOTS
from organizations.unit_names import is_same_unit, parts_of, unit_key, unit_keys
from vuthu_recruit import clock
from vuthu_recruit.vietnamese import clean, lower_first

UNIT_COLUMNS = (
    Definition("order", "STT", ("tt", "stt", "sott", "sothutu")),
    Definition(
        "unit",
        "Đơn vị",
        (
            *("donvi", "tendonvi", "dangbo", "tendangbo", "dangbochibo", "chibodangbo", "dangbochibocoso", "donvicoso"),
            *("tochucdang", "tentochucdang", "tochuccosodang", "tentochuccosodang", "tccsd", "xathitran", "tenxa"),
            *("donvixathitran", "dangboxathitran", "tentochuc", "tochuc"),
        ),
    ),
    Definition("branch", "Chi bộ", ("chibo", "tenchibo", "chibotructhuoc", "tenchibotructhuoc")),
    Definition("key", "Mã đơn vị", ("madonvi", "matochuc", "matochucdang", "masodonvi")),
    Definition("code", "Mã", ("ma", "maso", "masoxa", "maxa")),
)
NAMED = ("unit", "branch", "key", "code")  # one of these says which unit a row is of
DIGITS = re.compile(r"\d{1,4}\s*[.)]?")
SUM = re.compile(r"(?:tổng|cộng|tong so|tong cong)\b", re.IGNORECASE)
NOTHING_SAID = "Dòng này chưa ghi gì nên không đổi gì."


def must_have(*facts: Iterable[str]) -> tuple[frozenset[str], ...]:
    """What makes a header of such a list: something that names a unit, and one of these sets."""
    return tuple(frozenset({named, *one}) for named in NAMED for one in facts)


@dataclass(frozen=True)
class _Known:
    unit: Organization
    names: frozenset[str]
    above: frozenset[str]


class Units:
    """The units that a file may write about, by what they are called. Two queries."""

    def __init__(self, organization: Organization, may_write: Callable[[Organization], bool], *, with_branches: bool):
        kinds = (*GRASSROOTS, UnitKind.BRANCH) if with_branches else GRASSROOTS
        rows = Organization.objects.below(organization).filter(kind__in=kinds).select_related("grassroots")
        found = [one for one in rows.prefetch_related("former_names").in_order() if may_write(one)]
        self.scope = organization.name
        self.known = [_known(one) for one in found]
        self.place = {one.unit.pk: place for place, one in enumerate(self.known)}
        self.by_key = {one.code: one for one in found if one.code and one.closed_on is None}
        self.by_key |= {one.slug: one for one in found}
        self.by_name: dict[str, list[_Known]] = defaultdict(list)
        for one in self.known:
            for name in one.names:
                self.by_name[name].append(one)

    def __iter__(self):
        return (one.unit for one in self.known)

    def of_key(self, key: str) -> Organization | None:
        return self.by_key.get(key)

    def named(self, unit: str, branch: str) -> list[Organization]:
        """Units of this name; those that still exist before those that are closed."""
        words = branch or unit
        keys = {unit_key(words), *parts_of(words)}
        likely = {self.place[one.unit.pk]: one for key in keys for one in self.by_name.get(key, ())}
        found = [one for _, one in sorted(likely.items()) if is_same_unit(words, one.names, one.above)]
        if branch and unit:
            found = [one for one in found if is_same_unit(unit, one.above or one.names)]
        units = [one.unit for one in found]
        return [one for one in units if one.is_open_on(clock.today())] or units

    def is_called(self, unit: Organization, words: str) -> bool:
        known = self.known[self.place[unit.pk]]
        return is_same_unit(words, known.names | known.above, known.above)


def _known(unit: Organization) -> _Known:
    former = [name for row in unit.former_names.all() for name in (row.name, row.short_name)]
    above = unit.grassroots if unit.grassroots_id != unit.pk else None
    names = unit_keys(unit.name, unit.short_name, *former)
    return _Known(unit, names, unit_keys(above.name, above.short_name) if above else frozenset())


@dataclass
class UnitRow:
    """A row while it is being judged."""

    number: int
    cells: Mapping[str, Any]
    answers: Mapping[str, str]
    written: str = ""  # the unit, as the file names it
    unit: Organization | None = None
    notes: list[Note] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def say(self, column: str, message: str, *, blocks: bool = True) -> None:
        if Note(column, message, blocks) not in self.notes:
            self.notes.append(Note(column, message, blocks))

    def has(self, key: str) -> bool:
        return self.cells.get(key) is not None

    def day(self, key: str, label: str) -> date | None:
        def read(cell):
            day, notice = day_of(cell, label)
            if notice:
                self.say(key, notice, blocks=False)
            return day

        return self.read(key, read)

    def typed(self, key: str, of: forms.Field) -> Any:
        """The cell as the field of a form takes it, so that both refuse the same."""

        def read(cell):
            try:
                return of.clean(text_of(cell))
            except ValidationError as refusal:
                raise CellError(f"{of.label} ghi “{shown(cell)}”: {lower_first(' '.join(refusal.messages))}")

        found = self.read(key, read)
        return None if found == "" else found

    def read(self, key: str, how: Callable) -> Any:
        """None for an empty cell and for one that cannot be read, which is said."""
        if not self.has(key):
            return None
        try:
            return how(self.cells[key])
        except CellError as refusal:
            self.say(key, str(refusal))
            return None

    @property
    def is_wrong(self) -> bool:
        return any(one.blocks for one in self.notes)

    @property
    def is_open(self) -> bool:
        return len(answered(self.questions, self.answers)) < len(self.questions)

    def line(self, kind: Kind, *, detail: str = "", changes: Sequence[CellChange] = (), url="", payload=None) -> Line:
        """`kind`: what it would be if nothing were wrong or open."""
        if self.is_wrong:
            kind = Kind.ERROR
        elif self.is_open:
            kind = Kind.QUESTION
        writes = kind in (Kind.NEW, Kind.CHANGED)
        return Line(
            number=self.number,
            kind=kind,
            title=self.unit.place_words if self.unit else self.written,
            detail=detail,
            changes=tuple(changes),
            notes=tuple(self.notes),
            questions=tuple(self.questions),
            url=url,
            payload=payload if writes else None,
            read=repr(sorted((key, str(cell)) for key, cell in self.cells.items() if cell is not None)),
        )


def read_units(
    layout: Layout, units: Units, answers: Mapping[str, Mapping[str, str]], facts: Sequence[str]
) -> tuple[list[UnitRow], tuple[LeftOut, ...]]:
    """The rows that are units, and all others. `facts`: the columns that make a row say something."""
    rows, left_out, above = [], [], {}
    for number, cells in layout.rows():
        given = {}
        for key, cell in cells.items():
            if key in ("unit", "branch") and is_same_as_above(cell):
                cell = above.get(key)
            given[key] = None if is_nothing(cell) else cell
        row = UnitRow(number, given, answers.get(str(number), {}))
        if layout.is_header_again(number) or not _names_a_unit(row, units, facts, layout):
            left_out.append(
                LeftOut(number, " · ".join(shown(cell) for cell in layout.line(number) if cell is not None))
            )
            continue
        above = given
        rows.append(row)
    return rows, tuple(left_out)


def _names_a_unit(row: UnitRow, units: Units, facts: Sequence[str], layout: Layout) -> bool:
    """Find the unit of a row, or say why there is none; False for what is no unit at all."""
    said = {key: clean(shown(row.cells.get(key))) for key in NAMED}
    row.written = said["branch"] or said["unit"] or said["key"] or said["code"]
    if key := said["key"] or said["code"]:
        _find_by_key(row, key, units, said)
        return True
    found = units.named(said["unit"], said["branch"])
    if len(found) == 1:
        row.unit = found[0]
    elif found:
        _ask(row, found)
    if found:
        return True
    has_facts = any(row.has(fact) for fact in facts)
    first = next((cell for cell in layout.line(row.number) if isinstance(cell, str)), "")
    if SUM.match(first) or SUM.match(row.written):
        return False
    if not row.written and has_facts:
        row.say("unit", "Thiếu tên đơn vị.")
    elif row.written and (has_facts or DIGITS.fullmatch(shown(row.cells.get("order")))):
        row.say("branch" if said["branch"] else "unit", _unknown(row.written, units))
    return row.is_wrong


def _find_by_key(row: UnitRow, key: str, units: Units, said: Mapping[str, str]) -> None:
    row.unit = units.of_key(key)
    column = "key" if said["key"] else "code"
    if row.unit is None:
        row.say(column, _unknown(key, units))
        return
    for name in ("branch", "unit"):
        if said[name] and not units.is_called(row.unit, said[name]):
            row.say(column, f"Mã “{key}” là của {row.unit.name}, nhưng dòng này ghi “{said[name]}”.")
            return


def _unknown(words: str, units: Units) -> str:
    return (
        f"“{words}” không phải đơn vị của {units.scope} mà bạn được ghi. "
        "Ghi đúng tên như trong danh sách đơn vị, hoặc điền cột “Mã đơn vị”."
    )


def _ask(row: UnitRow, found: Sequence[Organization]) -> None:
    options = tuple(Option(one.slug, one.place_words) for one in found)
    words = f"“{row.written}” có thể là {len(found)} đơn vị. Dòng này là của đơn vị nào?"
    row.questions.append(Question("unit", words, options, "branch" if row.has("branch") else "unit"))
    said = answered(row.questions, row.answers).get("unit")
    row.unit = next((one for one in found if one.slug == said), None)


def blank_units(units: Iterable[Organization]) -> list[list[str]]:
    """The first two cells of an empty list: name and key of the units that exist today."""
    today = clock.today()
    return [[one.name, one.slug] for one in units if one.is_open_on(today)]
