"""The tables as plain rows, read by the plainest manager there is: no scope, no custom queryset, no cache trusted."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace

from django.apps import apps

COMMUNE, OTHER = "grassroots_commune", "grassroots_other"
GRASSROOTS = (COMMUNE, OTHER)

COLUMNS = {
    "organizations.Organization": (
        "id parent_id path grassroots_id kind form slug short_name opened_on closed_on delegated_admission"
    ),
    "organizations.Succession": "id predecessor_id successor_id share effective_on",
    "organizations.OrganizationFigure": "id organization_id on members average_age last_admission_on",
    "organizations.Assignment": "id user_id role organization_id body starts_on ends_on is_head",
    "organizations.Proposal": "id kind organization_id object_id state proposed_by_id decided_by_id",
    "targets.AdmissionPlan": (
        "id organization_id plan_starts_on plan_ends_on term_starts_on term_ends_on minimum counting_basis"
    ),
    "targets.YearlyTarget": "id plan_id organization_id year revision minimum maximum decided_on",
    "targets.BranchShare": "id target_organization_id organization_id year minimum maximum",
    "targets.OpeningBalance": "id plan_id organization_id from_on to_on count women",
    "candidates.Candidate": (
        "id full_name search_key sort_key same_name_key unit_id stage status waiting_for merged_into_id previous_id"
    ),
    "candidates.StageEvent": (
        "id candidate_id seq place step from_stage to_stage to_status happened_on unit_id facts snapshot replaces_id"
        " is_void is_live is_counted ended_on clock_from clock_until"
    ),
    "candidates.FormerMembership": "id candidate_id left_on is_mistake",
    "candidates.ReviewCase": "id candidate_id outcome",
    "candidates.RuleSet": "id regime version valid_from valid_to values",
    "candidates.ClassKind": "id purpose",
    "candidates.TrainingClass": "id kind_id capacity from_on to_on is_called_off",
    "candidates.Enrolment": ("id training_class_id candidate_id unit_id state is_passed certificate_number issued_on"),
}


@dataclass
class Tables:
    """Everything the recount looks at, as it stands in the database."""

    units: dict = field(default_factory=dict)  # by id
    successions: list = field(default_factory=list)
    facts: list = field(default_factory=list)  # dated facts of units
    assignments: list = field(default_factory=list)
    proposals: list = field(default_factory=list)
    plans: list = field(default_factory=list)
    targets: list = field(default_factory=list)
    shares: list = field(default_factory=list)
    openings: list = field(default_factory=list)
    people: dict = field(default_factory=dict)  # by id
    events: dict = field(default_factory=dict)  # by person
    left_on: dict = field(default_factory=dict)  # by person: the day they ceased to be a member before
    cases: list = field(default_factory=list)
    classes: dict = field(default_factory=dict)  # by id
    enrolments: list = field(default_factory=list)
    rule_sets: list = field(default_factory=list)

    def grassroots_units(self) -> list:
        return [unit for unit in self.units.values() if unit.kind in GRASSROOTS]

    def grassroots_of(self, unit_id: int) -> int | None:
        """The grassroots unit above a branch, found by walking up the parents (the stored short cut is checked)."""
        unit = self.units.get(unit_id)
        while unit is not None and unit.kind not in GRASSROOTS:
            unit = self.units.get(unit.parent_id)
        return unit and unit.id

    def name(self, unit_id: int | None) -> str:
        unit = self.units.get(unit_id)
        return f"{unit.short_name} ({unit.slug})" if unit else ""


def rows(label: str) -> list[SimpleNamespace]:
    """All rows of a table as plain values; `_base_manager` is Django's own, never the model's."""
    names = COLUMNS[label].split()
    found = apps.get_model(label)._base_manager.order_by("pk").values_list(*names)
    return [SimpleNamespace(**dict(zip(names, values, strict=True))) for values in found.iterator(chunk_size=5000)]


def read() -> Tables:
    """Read everything. About 160,000 events take some seconds; the rest is small."""
    by_person = defaultdict(list)
    for event in rows("candidates.StageEvent"):
        by_person[event.candidate_id].append(event)
    return Tables(
        units={row.id: row for row in rows("organizations.Organization")},
        successions=rows("organizations.Succession"),
        facts=rows("organizations.OrganizationFigure"),
        assignments=rows("organizations.Assignment"),
        proposals=rows("organizations.Proposal"),
        plans=rows("targets.AdmissionPlan"),
        targets=rows("targets.YearlyTarget"),
        shares=rows("targets.BranchShare"),
        openings=rows("targets.OpeningBalance"),
        people={row.id: row for row in rows("candidates.Candidate")},
        events=dict(by_person),
        left_on={row.candidate_id: row.left_on for row in rows("candidates.FormerMembership") if not row.is_mistake},
        cases=rows("candidates.ReviewCase"),
        classes=_classes(),
        enrolments=rows("candidates.Enrolment"),
        rule_sets=rows("candidates.RuleSet"),
    )


def _classes() -> dict:
    """The classes by id, each with what its kind is for."""
    purposes = {row.id: row.purpose for row in rows("candidates.ClassKind")}
    found = {row.id: row for row in rows("candidates.TrainingClass")}
    for row in found.values():
        row.purpose = purposes[row.kind_id]
    return found


def last_change() -> int | None:
    """The newest entry of the history: whether somebody wrote while we counted."""
    return apps.get_model("organizations.Change")._base_manager.order_by("-pk").values_list("pk", flat=True).first()


def is_open(unit, day: date) -> bool:
    """Half-open, as all periods: opened_on ≤ day < closed_on."""
    return unit.opened_on <= day and (unit.closed_on is None or day < unit.closed_on)


def choices(label: str) -> dict[str, set]:
    """The values each column with a fixed list may hold."""
    fields = apps.get_model(label)._meta.concrete_fields
    return {one.attname: {str(key) for key, _ in one.flatchoices} for one in fields if one.choices}


def values_of(label: str, column: str) -> set[str]:
    """The values a column does hold."""
    return set(apps.get_model(label)._base_manager.order_by().values_list(column, flat=True).distinct())
