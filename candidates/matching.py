"""Whether a person entered is already known: the same identity number, or a name and a birth that may be the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from candidates.models import Candidate, ReviewCase
from candidates.namesakes import Named
from candidates.pipeline import Status
from organizations.permissions import Permission
from vuthu_recruit.dates import PartialDate

AT_ONCE = 500  # people looked for in one query


@dataclass(frozen=True)
class Matches:
    """People who may be the one entered: those the user may open, and whether there are others."""

    same_number: list[Candidate]
    same_name: list[Candidate]
    outside: list[Candidate]

    @property
    def inside(self) -> list[Candidate]:
        return self.same_number + self.same_name


@dataclass(frozen=True)
class Sought:
    """Who is looked for; `but`: the record itself, when it is known already."""

    full_name: str
    birth: PartialDate | None
    identity_number: str
    but: int | None = None

    @cached_property
    def named(self) -> Named | None:
        return Named(self.full_name, self.birth) if self.birth else None


def find(*, full_name: str, birth: PartialDate | None, identity_number: str, by, but: int | None = None) -> Matches:
    """Look for one person. Three queries, four for a known record."""
    return find_all([Sought(full_name, birth, identity_number, but)], by=by)[0]


def find_all(people: Sequence[Sought], *, by) -> list[Matches]:
    """Look among everyone; sort by whether the user may open the record. Three queries for every 500 people.

    Pairs the Board has told apart are no match by name any more. Struck-off people come back by re-admission: they
    match by number alone, and no more once a record of theirs is followed again.
    """
    parts = (people[first : first + AT_ONCE] for first in range(0, len(people), AT_ONCE))
    return [found for part in parts for found in _find_part(part, by)]


def _find_part(people: Sequence[Sought], by) -> list[Matches]:
    back = Candidate.objects.filter(previous__isnull=False).exclude(status=Status.WITHDRAWN).values("previous")
    rows = Candidate.objects.exclude(status=Status.WITHDRAWN).exclude(status=Status.STRUCK_OFF, pk__in=back)
    rows = rows.select_related("unit__grassroots")
    numbers = {one.identity_number for one in people if one.identity_number}
    keys = {one.named.group[0] for one in people if one.named}
    by_number = _grouped(rows.filter(identity_number__in=numbers), "identity_number") if numbers else {}
    named = rows.exclude(status=Status.STRUCK_OFF)
    by_name = _grouped(named.filter(search_key__in=keys), "search_key") if keys else {}
    told_apart = _told_apart([one.but for one in people if one.but])
    found = [_of_one(one, by_number, by_name, told_apart) for one in people]
    ids = {row.pk for numbered, named in found for row in numbered + named}
    seen = set(
        Candidate.objects.visible_to(by, needs=Permission.CANDIDATE_VIEW)
        .filter(pk__in=ids)
        .values_list("pk", flat=True)
    )
    return [_sorted(one, *pair, seen) for one, pair in zip(people, found, strict=True)]


def _grouped(rows: Iterable[Candidate], name: str) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def _of_one(one: Sought, by_number, by_name, told_apart) -> tuple[list[Candidate], list[Candidate]]:
    numbered = [row for row in by_number.get(one.identity_number, []) if row.pk != one.but]
    known = {row.pk for row in numbered} | told_apart.get(one.but, set()) | {one.but}
    named = [
        row
        for row in (by_name.get(one.named.group[0], []) if one.named else [])
        if row.pk not in known
        and row.birth
        and one.named.may_be(Named(row.full_name, row.birth))
        and not (one.identity_number and row.identity_number)  # two different numbers are two people
    ]
    return numbered, named


def _sorted(one: Sought, numbered: list[Candidate], named: list[Candidate], seen: set[int]) -> Matches:
    """Of people the user may not open a namesake counts only as written: the same name and birth."""
    return Matches(
        [row for row in numbered if row.pk in seen],
        [row for row in named if row.pk in seen],
        [row for row in numbered if row.pk not in seen]
        + [row for row in named if row.pk not in seen and one.named.is_written_as(Named(row.full_name, row.birth))],
    )


def _told_apart(people: Sequence[int]) -> dict[int, set[int]]:
    """Whom the Board has found to be somebody else, of each of these people."""
    found: dict[int, set[int]] = {}
    if people:
        cleared = ReviewCase.objects.filter(outcome=ReviewCase.Outcome.CLEARED)
        pairs = cleared.filter(Q(candidate__in=people) | Q(other__in=people)).values_list("candidate_id", "other_id")
        for one, other in pairs:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found
