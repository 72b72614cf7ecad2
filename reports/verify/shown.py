"""What the program shows, asked through reports.figures alone and written down under the recount's names.

The only module here that knows the program; it decides nothing and counts nothing.
"""

from datetime import date

from candidates.attend import certificate_months
from candidates.classes import Purpose
from organizations.scope import Scope
from reports import figures
from reports.figures import attention, behind, training_rows
from reports.figures.fates import Span
from reports.figures.periods import Period, Window
from reports.figures.scope import Reach
from reports.figures.training import training_table, training_total

STOCKS = ("trained", "dossier", "submitted")
ADDED = ("branches", *STOCKS, "official")
KINDS = ("grassroots_commune", "grassroots_other")


class Reading(Scope):
    """The scope of somebody who may read figures below the given paths, and nobody's account."""

    def __init__(self, *paths: str):
        super().__init__(user=None)
        self._below = frozenset(paths)

    @property
    def assignments(self) -> list:
        return []

    def paths(self, needs) -> frozenset[str]:
        return self._below


class Reader:
    """Stands for a user of that scope wherever figures ask for one."""

    is_authenticated = is_active = True
    must_change_password = False
    pk = None

    def __init__(self, *paths: str):
        self._scope = Reading(*paths)


def plan_in_use() -> int | None:
    plan = figures.current_plan()
    return plan and plan.pk


def progress(reader: Reader, since: date, as_of: date) -> dict:
    """Rows, sums, funnel and term of the progress table."""
    table = figures.progress_table(reader, Period(since, as_of))
    return {
        "units": {row.organization.pk: unit_row(row) for row in table.rows},
        "groups": {kind: sum_row(group.total) for kind, group in zip(KINDS, table.groups, strict=True)},
        "total": sum_row(table.total) | whole(table),
        "term": term(table),
    }


def added(line) -> dict:
    """The figures that a unit and a sum have in common."""
    row = {name: getattr(line.figures, name) for name in ADDED}
    for window in Window:
        count = getattr(line.figures, window.value)
        row |= {f"{window.value}_people": count.people, f"{window.value}_opening": count.opening}
    row |= {"women_people": line.figures.women.people, "women_opening": line.figures.women.opening}
    row |= {"women_unknown": line.figures.unknown_women, "unknown": line.figures.unknown}
    row["youth_union_people"] = line.figures.union
    return row | {f"{name}_people": getattr(line.figures, name) for name in ("religion", "enterprise")}


def unit_row(row) -> dict:
    shown = added(row) | {"entered": row.is_entered}
    shown["members"] = row.members and row.members.value
    shown["average_age"] = row.average_age and row.average_age.value
    if row.progress is not None:  # a whole unit: a branch has no range of its own
        has_range = row.has_target
        shown["minimum"] = row.target.minimum if has_range else None
        shown["maximum"] = row.target.maximum if has_range else None
        shown |= {"state": str(row.progress.state), "percent": row.progress.percent}
        shown |= {"expected": row.progress.expected, "slow": row.is_slow}
    return shown


def sum_row(total) -> dict:
    has_range = total.has_target
    return added(total) | {
        "members": total.members,
        "minimum": total.target.minimum if has_range else None,
        "maximum": total.target.maximum if has_range else None,
        "percent": total.percent,
        "expected": total.expected,
    }


def whole(table) -> dict:
    """What is shown once for the whole reach: the funnel and who has waited long."""
    stages = {f"open_{stage}": count for stage, count in table.funnel.stages.items()}
    stages["open_official"] = table.funnel.official
    year = figures.progress.year_of(table)
    return stages | {
        "returned": table.funnel.returned,
        "stopped": table.funnel.stopped,
        **table.standing_still,
        "year_of_ranged": year.judged,
    }


def term(table) -> dict:
    found = figures.progress.term_of(table, with_goal=True)
    years = {year: (count.people, count.opening) for year, count in found.years.items()}
    return {
        "people": found.count.people,
        "opening": found.count.opening,
        "minimum": found.goal,
        "expected": found.expected,
        "years": {year: counts for year, counts in years.items() if any(counts)},
    }


# The figures that open a list, under the recount's names.
LISTS = {
    **{window.value: f"{window.value}_people" for window in Window},
    "women": "women_people",
    "union": "youth_union_people",
    **{name: f"{name}_people" for name in ("religion", "enterprise")},
}


def lists(reader: Reader, since: date, as_of: date) -> dict[str, int]:
    """How many rows each figure opens, and how many people the openings listed with it stand for."""
    plan, period = figures.current_plan(), Period(since, as_of)
    found = {}
    for key in behind.FIGURES:
        name = LISTS.get(key) or key.replace("stage_", "open_")
        found[name] = behind.people_behind(reader, key, period, plan).count()
        if key in set(Window):
            rest = behind.openings_behind(reader, key, period, plan)
            found[f"{key}_opening"] = sum(people for _row, people in rest)
    return found


def branches_without(reader: Reader, as_of: date, years: int) -> set[int]:
    """Branches shown as without admission for so many years."""
    return {branch.pk for branch in attention.branches_without_admission(reader, as_of, years)}


# What a line of the report on classes adds up, under the recount's names.
STATES = ("sent", "refused", "seated", "learners", "passed", "failed", "dropped")
CONVERSION = (
    *("admitted", "again", "gone", "waiting", "within_12", "within_24", "within_36"),
    *("expired", "expiring"),
)


def training(reader: Reader, as_of: date, first: date, purpose: str = "awareness", *, with_lists: bool = False) -> dict:
    """Rows and sum of the report on classes; with the card of the dashboard and the length of every list."""
    span, reach = Span(first, as_of, as_of, Purpose(purpose)), Reach(reader)
    table = training_table(reach, span)
    found = {
        "classes": {row.training_class.pk: training_row(row.figures) | places(row.figures) for row in table.classes},
        "units": {row.organization.pk: training_row(row.figures) for row in table.units},
        "total": training_row(table.total) | places(table.total),
    }
    if with_lists:
        whole = training_total(reach, span, figures.current_plan())
        lists = {key: training_rows.behind(reach, span, key).count() for key in training_rows.NUMBERS}
        unsaid = ("expired", "expiring", "within_12", "within_24", "within_36")
        card = {key: value for key, value in training_row(whole).items() if key not in unsaid} | places(whole)
        found |= {"lists": lists, "card": card}
    return found


def training_row(counted) -> dict:
    row = {name: getattr(counted.tally, name) for name in STATES}
    row |= {"certificates": counted.tally.certified, "outcomes": (counted.tally.passed, counted.tally.judged)}
    return row | {name: getattr(counted.conversion, name) for name in CONVERSION}


def places(counted) -> dict:
    return {"places": counted.places, "taken": counted.taken}


def graduates(reader: Reader, as_of: date) -> int:
    """How many wait for admission with a certificate of any year."""
    return training_rows.graduates(Reach(reader), as_of, certificate_months(as_of)).count()
