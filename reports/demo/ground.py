"""The ground demo people stand on: units and branches as lives need them, and how many each admits. Pure."""

from bisect import bisect
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from random import Random

from candidates.pipeline import Unit
from organizations.permissions import Body

# What a year brings, and a month of it: the days before 3/2, 19/5, 2/9 and the end of the year are the busy ones.
YEARS = (0.75, 0.95, 1.0)
MONTHS = (0.9, 0.5, 0.9, 1.0, 1.6, 1.0, 0.7, 1.3, 0.9, 1.0, 1.5, 1.2)
FIRST_DECISION = date(2021, 5, 1)
AHEAD_MONTHS = 14
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Spot:
    """A branch or grassroots cell: where people stand."""

    unit: Unit
    slug: str
    name: str
    sector: str
    members: int


@dataclass
class Grassroots:
    """A commune or other unit with its spots; `commune` is empty for the others."""

    unit: Unit
    slug: str
    short_name: str
    sector: str
    commune: str
    committee_size: int
    spots: list[Spot] = field(default_factory=list)
    bodies: tuple[Body, ...] = ()  # mass organisations with an account here

    @property
    def form(self) -> str:
        return self.unit.form

    @property
    def has_branches(self) -> bool:
        return len(self.spots) > 1


class Ground:
    """All units, and chance weighted by how a unit and a year usually do."""

    def __init__(self, seed: int, today: date, units: list[Grassroots]):
        self.seed, self.today, self.units = seed, today, units
        self.months = self._months()
        self._by_unit = {year: list(accumulate(self._weights(year))) for year in range(2017, today.year + 3)}

    def _months(self) -> tuple[list[tuple[int, int]], list[float]]:
        first = FIRST_DECISION.year * 12 + FIRST_DECISION.month - 1
        last = self.today.year * 12 + self.today.month - 1 + AHEAD_MONTHS
        found = [divmod(month, 12) for month in range(first, last + 1)]
        weights = [
            YEARS[min(max(year - FIRST_DECISION.year, 0), len(YEARS) - 1)] * MONTHS[month] for year, month in found
        ]
        return [(year, month + 1) for year, month in found], list(accumulate(weights))

    def _weights(self, year: int) -> list[float]:
        """Communes admit more than offices; in some years a unit admits nobody."""
        found = []
        for unit in self.units:
            rng = Random(f"{self.seed}:weight:{unit.slug}:{year}")
            size, idle = (1.0, 0.06) if unit.commune else (0.42, 0.3)
            found.append(0.0 if rng.random() < idle else size * rng.lognormvariate(0, 0.5))
        return found

    def decision_day(self, rng: Random, index: int) -> date:
        """Spread evenly by the index (steps of the golden ratio): every year gets its part whatever the seed."""
        months, weights = self.months
        year, month = months[bisect(weights, (index * GOLDEN % 1) * weights[-1], hi=len(weights) - 1)]
        return date(year, month, rng.randint(1, 28))

    def unit(self, rng: Random, year: int) -> Grassroots:
        return rng.choices(self.units, cum_weights=self._by_unit[min(max(year, 2017), self.today.year + 2)])[0]

    def other_unit(self, rng: Random, unit: Grassroots) -> Grassroots:
        """Another unit of the same form, so that the road goes on as it began."""
        others = [one for one in self.units if one.form == unit.form and one is not unit]
        return rng.choice(others) if others else unit


def spot(rng: Random, unit: Grassroots, but: Spot | None = None) -> Spot:
    choices = [one for one in unit.spots if one is not but] or unit.spots
    weights = [3 if one.sector == "residential" else 1 for one in choices]
    return rng.choices(choices, weights)[0]
