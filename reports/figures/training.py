"""Figures of training classes: people sent, places, results, certificates and their conversion; by class and by unit.

People count in the unit that sent them (the enrolment's), a class in the period that holds its first day. Withdrawn
nominations and classes called off count nowhere; what a participant is, is read at the day (see fates.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from django.db.models import Count as Number
from django.db.models import Q, Sum, Value
from django.db.models.functions import Coalesce

from candidates.attend import certificate_months
from candidates.classes import Tally
from candidates.models import TrainingClass
from organizations.models import Organization
from reports.figures.fates import ADMITTED, WAITING, Fate, Span, participants
from reports.figures.scope import GROUPS, Reach
from reports.figures.table import TITLES
from targets.models import AdmissionPlan

STATES = ("nominated", "refused", "waiting", "enrolled", "passed", "failed", "dropped", "withdrawn")
PLACES = "places"  # beside the states, where places are read with the people
ELSEWHERE = "III. Cơ quan cấp trên"


@dataclass(frozen=True)
class Conversion:
    """What became of certificates: the first four add up to them, the others are parts of `admitted` and `waiting`."""

    admitted: int = 0
    again: int = 0
    gone: int = 0
    waiting: int = 0
    within_12: int = 0
    within_24: int = 0
    within_36: int = 0
    expired: int = 0
    expiring: int = 0

    @classmethod
    def of(cls, fates: dict[str, int]) -> "Conversion":
        def people(*wanted: Fate) -> int:
            return sum(fates.get(fate, 0) for fate in wanted)

        return cls(
            admitted=people(*ADMITTED),
            again=people(Fate.AGAIN),
            gone=people(Fate.GONE),
            waiting=people(*WAITING),
            within_12=people(*ADMITTED[:1]),
            within_24=people(*ADMITTED[:2]),
            within_36=people(*ADMITTED[:3]),
            expired=people(Fate.EXPIRED),
            expiring=people(Fate.EXPIRING),
        )

    @property
    def certificates(self) -> int:
        return self.admitted + self.again + self.gone + self.waiting

    @property
    def people(self) -> int:
        """Holders of a certificate that counts: everybody once."""
        return self.certificates - self.again

    @property
    def rate(self) -> Decimal | None:
        """Admitted ÷ people who hold a certificate; None while there is none."""
        return Decimal(self.admitted) / self.people if self.people else None


@dataclass(frozen=True)
class Figures:
    """What is counted of a class, a unit or a sum of them.

    `taken`: places taken in classes whose places are limited, and `places` those places: the two terms of their use.
    Without them (a unit, or part of a class) use is None.
    """

    tally: Tally = Tally()
    conversion: Conversion = Conversion()
    places: int | None = None
    taken: int = 0

    @property
    def use_of_places(self) -> Decimal | None:
        return Decimal(self.taken) / self.places if self.places else None

    def __bool__(self) -> bool:
        return bool(self.tally.sent)


@dataclass(frozen=True)
class ClassRow:
    """A class. `is_part`: the reader sees only own people of it, so that its places say nothing."""

    training_class: TrainingClass
    figures: Figures
    is_part: bool = False

    @property
    def name(self) -> str:
        return str(self.training_class)


@dataclass(frozen=True)
class UnitRow:
    """A unit that sends people. `is_part`: the reader sees only branches of it."""

    organization: Organization
    figures: Figures
    is_part: bool = False

    @property
    def name(self) -> str:
        return self.organization.short_name


@dataclass(frozen=True)
class Group:
    title: str
    rows: tuple[UnitRow, ...]
    total: Figures


@dataclass(frozen=True)
class TrainingTable:
    """The classes of a span by class and by unit: both add up to the total."""

    span: Span
    classes: tuple[ClassRow, ...]
    groups: tuple[Group, ...]
    total: Figures
    months: int | None  # how long a certificate holds by the rules of the day

    @property
    def units(self) -> list[UnitRow]:
        return [row for group in self.groups for row in group.rows]

    @property
    def has_unlimited(self) -> bool:
        """Whether some class has no limit of places, so that its people are in no ratio."""
        return any(row.figures.places is None and not row.is_part for row in self.classes)


def training_table(reach: Reach, span: Span) -> TrainingTable:
    """The report. Source: Enrolment, TrainingClass, StageEvent. Seven queries, whatever the number of people."""
    months = certificate_months(span.as_of) if span.leads_to_admission else None
    counted = _counted(reach, span, months)
    classes = tuple(_class_rows(reach, span, counted))
    units = _unit_rows(reach, span, counted)
    return TrainingTable(
        span=span,
        classes=classes,
        groups=tuple(_groups(units)),
        total=add(row.figures for row in classes),
        months=months,
    )


def training_total(reach: Reach, span: Span, plan: AdmissionPlan | None) -> Figures:
    """The sum alone, for a card: one query, rows by state and fate. Parts of `admitted` and `waiting` stay untold."""
    keys = ("is_limited", "standing_as", "fate")
    rows = participants(reach, span, None, plan, tells_how_soon=False)
    rows = (
        rows.annotate(is_limited=Q(training_class__capacity__isnull=False))
        .order_by()
        .values(*keys)
        .annotate(people=Number("pk"))
    )
    found = list(rows if reach.only else rows.union(_places(reach, span, keys), all=True))
    places = next((row["people"] for row in found if row["standing_as"] == PLACES), None)
    people = [row for row in found if row["standing_as"] != PLACES]
    limited = _figures(row for row in people if row["is_limited"])
    return replace(_figures(people), places=places, taken=0 if places is None else limited.tally.seated)


def _places(reach: Reach, span: Span, keys: tuple[str, ...]):
    """The places of the classes wholly in reach, as one more row beside the people: no second query for a number."""
    own = TrainingClass.objects.filter(span.classes, organization__in=reach.units, capacity__isnull=False)
    own = own.annotate(is_limited=Value(True), standing_as=Value(PLACES), fate=Value("")).order_by()
    return own.values(*keys).annotate(people=Sum("capacity"))


def _counted(reach: Reach, span: Span, months: int | None) -> list[dict]:
    """How many people of each class, unit, state and fate. One query."""
    rows = participants(reach, span, months).annotate(home=Coalesce("unit__grassroots_id", "unit_id")).order_by()
    return list(rows.values("training_class_id", "home", "standing_as", "fate").annotate(people=Number("pk")))


def _figures(rows: Iterable[dict], places: int | None = None) -> Figures:
    """Rows of _counted() added up."""
    states, fates = dict.fromkeys(STATES, 0), {}
    for row in rows:
        states[row["standing_as"]] += row["people"]
        fates[row["fate"]] = fates.get(row["fate"], 0) + row["people"]
    certified = sum(people for fate, people in fates.items() if fate != Fate.NONE)
    tally = Tally(certified=certified, **states)
    return Figures(tally, Conversion.of(fates), places, tally.seated if places is not None else 0)


def _class_rows(reach: Reach, span: Span, counted: list[dict]) -> Iterable[ClassRow]:
    """Classes of organizations wholly in reach, with or without people; of others those with people of the reach."""
    of_class: dict[int, list[dict]] = {}
    for row in counted:
        of_class.setdefault(row["training_class_id"], []).append(row)
    classes = TrainingClass.objects.filter(span.classes).select_related("kind", "organization")
    for one in classes.order_by("from_on", "kind__order", "kind", "number", "pk"):
        is_whole = not reach.only and reach.covers(one.organization)
        if is_whole or one.pk in of_class:
            places = one.capacity if is_whole else None
            yield ClassRow(one, _figures(of_class.get(one.pk, ()), places), is_part=not is_whole)


def _unit_rows(reach: Reach, span: Span, counted: list[dict]) -> list[UnitRow]:
    """Units open on the day, and those that sent somebody before they closed, in administrative order."""
    of_unit: dict[int, list[dict]] = {}
    for row in counted:
        of_unit.setdefault(row["home"], []).append(row)
    units = list(reach.grassroots().filter(opened_on__lte=span.as_of).in_order())
    known = {unit.pk for unit in units}
    if missing := of_unit.keys() - known:  # sent by the district itself
        units += Organization.objects.filter(pk__in=missing).in_order()
    rows = [UnitRow(unit, _figures(of_unit.get(unit.pk, ())), is_part=not reach.is_whole(unit)) for unit in units]
    return [row for row in rows if row.organization.is_open_on(span.as_of) or row.organization.pk in of_unit]


def _groups(units: list[UnitRow]) -> Iterable[Group]:
    kinds = {kind: TITLES[key] for key, kind in GROUPS.items()}
    for kind, title in [*kinds.items(), (None, ELSEWHERE)]:
        rows = [row for row in units if (row.organization.kind if row.organization.kind in kinds else None) == kind]
        if rows:
            yield Group(title, tuple(rows), add(row.figures for row in rows))


def add(figures: Iterable[Figures]) -> Figures:
    """Sums of what is counted; places of those classes that have a limit."""
    figures = list(figures)
    places = [one.places for one in figures if one.places is not None]
    return Figures(
        tally=Tally(**_sums(Tally, [one.tally for one in figures])),
        conversion=Conversion(**_sums(Conversion, [one.conversion for one in figures])),
        places=sum(places) if places else None,
        taken=sum(one.taken for one in figures),
    )


def _sums(kind: type, rows: list) -> dict[str, int]:
    names = [field.name for field in fields(kind) if field.name != "capacity"]
    return {name: sum(getattr(row, name) for row in rows) for name in names}
