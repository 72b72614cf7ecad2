"""The lines of the progress table: one grassroots unit, a sum of several, and the table itself. No query here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from organizations.models import Organization
from reports.figures.counted import Remainder
from reports.figures.periods import NOBODY, Count, Period
from reports.figures.standing import Funnel
from targets.models import AdmissionPlan
from targets.progress import Progress, RangeSum, Target, expected_by, percent_of, range_sum


@dataclass(frozen=True)
class Figures:
    """What can be added up. Stocks, breakdowns and recognitions are people; the four windows are pairs."""

    branches: int = 0
    trained: int = 0
    dossier: int = 0
    submitted: int = 0
    period: Count = NOBODY
    year: Count = NOBODY
    term: Count = NOBODY
    last_year: Count = NOBODY
    women: Count = NOBODY
    unknown_women: int = 0  # the unnamed part of the year of which nobody knows how many are women
    union: int = 0
    religion: int = 0
    enterprise: int = 0
    official: int = 0

    @property
    def unknown(self) -> int:
        """ "không rõ": the unnamed part of the year, in every breakdown but that by sex."""
        return self.year.opening

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in SUMMED if name != "branches")


SUMMED = tuple(Figures.__dataclass_fields__)


def _summed(line, name: str):
    """Let a line answer for its figures: row.year is row.figures.year."""
    if name in SUMMED or name == "unknown":
        return getattr(line.figures, name)
    raise AttributeError(name)


@dataclass(frozen=True)
class Fact:
    """A dated fact of a unit: the value, and the day it was true."""

    value: int | Decimal
    on: date


@dataclass(frozen=True)
class Row:
    """A grassroots unit on the day. `parts` names the branches when the reader sees only these of the unit."""

    organization: Organization
    figures: Figures
    target: Target | None = None
    progress: Progress | None = None  # None for part of a unit: its range is not a branch's
    members: Fact | None = None
    average_age: Fact | None = None
    is_entered: bool = True
    is_closed: bool = False
    parts: tuple[Organization, ...] = ()
    notes: tuple[str, ...] = ()
    named_beyond: tuple[Remainder, ...] = ()

    @property
    def has_target(self) -> bool:
        return self.progress is not None and self.progress.has_target

    @property
    def is_slow(self) -> bool:
        """Behind the day's share of its minimum; a unit that closed or entered nothing is not called slow."""
        return bool(self.progress and self.progress.is_slow and self.is_entered and not self.is_closed)

    @property
    def name(self) -> str:
        if not self.parts:
            return self.organization.short_name
        return f"{', '.join(part.short_name for part in self.parts)} ({self.organization.short_name})"

    @property
    def place(self) -> Organization:
        """Whose page the name opens."""
        return self.parts[0] if len(self.parts) == 1 else self.organization

    def __getattr__(self, name: str):
        return _summed(self, name)


@dataclass(frozen=True)
class Total:
    """Sums of rows. The percentage takes units with a range into both terms of the ratio."""

    title: str
    figures: Figures
    units: int
    target: RangeSum
    percent: Decimal | None
    expected: int | None
    members: int | None

    def __getattr__(self, name: str):
        return _summed(self, name)

    @property
    def has_target(self) -> bool:
        return self.target.units > 0


@dataclass(frozen=True)
class Group:
    title: str
    rows: tuple[Row, ...]
    total: Total


@dataclass(frozen=True)
class ProgressTable:
    """Groups I and II in administrative order, with what else one reading of the database gave."""

    period: Period
    plan: AdmissionPlan | None
    groups: tuple[Group, ...]
    total: Total
    funnel: Funnel
    standing_still: dict[str, int] = field(default_factory=dict)  # returned_long, submitted_long
    term_years: dict[int, Count] = field(default_factory=dict)
    tells_religion: bool = False  # only to readers who may open the list of the people it counts

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def basis(self) -> str:
        """ "ngày quyết định kết nạp" or "ngày tổ chức lễ kết nạp"."""
        return str(self.plan.get_counting_basis_display()) if self.plan else ""


def add(title: str, rows: Iterable[Row], as_of: date) -> Total:
    """Sum rows up: counts, dated members, ranges; the ratio only over units that have a range."""
    rows = list(rows)
    sums = {name: sum((getattr(row.figures, name) for row in rows), _zero(name)) for name in SUMMED}
    judged = [row for row in rows if row.has_target]
    spread = range_sum(row.target for row in judged)
    result = sum(row.figures.year.total for row in judged)
    members = [row.members.value for row in rows if row.members]
    return Total(
        title=title,
        figures=Figures(**sums),
        units=len(rows),
        target=spread,
        percent=percent_of(result, spread.minimum) if spread.units else None,
        expected=expected_by(as_of, spread.minimum) if spread.units else None,
        members=sum(members) if members else None,
    )


def _zero(name: str):
    default = Figures.__dataclass_fields__[name].default
    return NOBODY if isinstance(default, Count) else 0
