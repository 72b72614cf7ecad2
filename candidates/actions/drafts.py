"""Records that are not followed yet: filled from a form, found again by its key, claimed, taken out."""

import hashlib
from collections.abc import Collection

from candidates.actions.events import Refused
from candidates.models import Candidate
from candidates.pipeline import Refusal, Status
from organizations import changes
from organizations.versions import claim
from vuthu_recruit import vietnamese

FIELDS = frozenset(
    {
        "full_name",
        "identity_number",
        "birth",
        "sex",
        "home_town",
        "residence",
        "phone",
        "ethnicity",
        "religion",
        "special_cases",
        "education",
        "qualification",
        "political_theory",
        "occupation",
        "job",
        "workplace",
        "is_youth_union_member",
        "youth_union_joined",
        "is_trade_union_member",
        "priority_groups",
        "background_checked_on",
        "background_document",
        "introduced_by_body",
        "introduced_at",
        "introduced_on",
        "informed_on",
        "legal_basis",
    }
)


def assign(candidate: Candidate, values: dict) -> None:
    """Fill the record."""
    fill(candidate, values, FIELDS)


def fill(row, values: dict, names: Collection[str]) -> None:
    """Values onto the row; one that is not among the names is a mistake of the caller."""
    unknown = values.keys() - names
    if unknown:
        raise TypeError(f"not filled in a {type(row).__name__}: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, vietnamese.clean(value) if isinstance(value, str) else value)


def form_key_of(form_key: str, by) -> str:
    """What a record keeps of the key its form carried: the account's own, so that nobody can take another's."""
    return hashlib.sha256(f"{by.pk}:{form_key}".encode()).hexdigest()[:40] if form_key else ""


def made_by_form(form_key: str, by) -> Candidate | None:
    """The record that the same form made when it was sent before."""
    return Candidate.objects.filter(form_key=form_key_of(form_key, by), created_by=by).first() if form_key else None


def claim_waiting(candidate: Candidate, version: int, waiting_for: str) -> Candidate:
    """Take a draft for this transaction; refused when it waits no longer for these."""
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    if candidate.status != Status.WAITING or candidate.waiting_for != waiting_for:
        raise Refused([Refusal("not_waiting", "Trường hợp này đã được xử lý.")])
    return candidate


def withdraw_draft(candidate: Candidate, log: changes.Log, version: int, merged_into: Candidate | None = None) -> None:
    """Take a waiting draft out: no event, nobody awaited."""
    before = changes.state(candidate) | {"version": version}
    candidate.waiting_for, candidate.merged_into = "", merged_into
    candidate.status = Status.WITHDRAWN
    candidate.save(update_fields=["waiting_for", "merged_into", "status"])
    log.updated(candidate, before)
