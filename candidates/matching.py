"""Whether a person entered is already known: the same identity number, or a name and a birth that may be the same."""

from dataclasses import dataclass

from django.db.models import Q

from candidates.models import Candidate, ReviewCase
from candidates.pipeline import Status
from organizations.permissions import Permission
from vuthu_recruit import vietnamese
from vuthu_recruit.dates import PartialDate


@dataclass(frozen=True)
class Matches:
    """People who may be the one entered: those the user may open, and whether there are others."""

    same_number: list[Candidate]
    same_name: list[Candidate]
    outside: list[Candidate]

    @property
    def inside(self) -> list[Candidate]:
        return self.same_number + self.same_name


def find(*, full_name: str, birth: PartialDate | None, identity_number: str, by, but: int | None = None) -> Matches:
    """Look among everyone; sort by whether the user may open the record. Three queries, four for a known record.

    Pairs the Board has told apart are no match by name any more. Struck-off people come back by re-admission: they
    match by number alone, and no more once a record of theirs is followed again.
    """
    back = Candidate.objects.filter(previous__isnull=False).exclude(status=Status.WITHDRAWN).values("previous")
    rows = Candidate.objects.exclude(status=Status.WITHDRAWN).exclude(status=Status.STRUCK_OFF, pk__in=back)
    rows = rows.select_related("unit__grassroots")
    if but:
        rows = rows.exclude(pk=but)
    told_apart = _told_apart(but) if but else set()
    numbered = list(rows.filter(identity_number=identity_number)) if identity_number else []
    same_name = rows.exclude(status=Status.STRUCK_OFF).filter(search_key=vietnamese.search_key(full_name))
    named = [
        row
        for row in (same_name if birth else [])
        if _may_be(row, full_name, birth)
        and row not in numbered
        and row.pk not in told_apart
        and not (identity_number and row.identity_number)  # two different numbers are two people
    ]
    seen = set(
        Candidate.objects.visible_to(by, needs=Permission.CANDIDATE_VIEW)
        .filter(pk__in=[row.pk for row in numbered + named])
        .values_list("pk", flat=True)
    )
    return Matches(
        [row for row in numbered if row.pk in seen],
        [row for row in named if row.pk in seen],
        [row for row in numbered if row.pk not in seen]
        + [row for row in named if row.pk not in seen and _is_named(row, full_name, birth)],
    )


def _is_named(row: Candidate, full_name: str, birth: PartialDate) -> bool:
    """The same name and birth as written; only this much is asked of people the user may not open."""
    return row.birth == birth and vietnamese.same_name_key(row.full_name) == vietnamese.same_name_key(full_name)


def _may_be(row: Candidate, full_name: str, birth: PartialDate) -> bool:
    """The name reads the same without marks, and nothing tells them apart: no other mark, no other birth.

    A mark that differs is a slip when one of the two names was typed without any, or the day of birth is the same.
    """
    if row.birth is None or row.birth.before(birth) or row.birth.after(birth):
        return False
    names = (row.full_name, full_name)
    same = vietnamese.same_name_key(row.full_name) == vietnamese.same_name_key(full_name)
    unmarked = not all(vietnamese.contains_marks(name) for name in names)
    return same or unmarked or row.birth == birth and birth.precision == "day"


def _told_apart(pk: int) -> set[int]:
    """Whom the Board has found to be somebody else than this person."""
    cleared = ReviewCase.objects.filter(Q(candidate=pk) | Q(other=pk), outcome=ReviewCase.Outcome.CLEARED)
    return {one for pair in cleared.values_list("candidate_id", "other_id") for one in pair}
