"""Figures against the tables written by hand."""

import pytest

from organizations.models import User
from reports.figures import Period, progress_table
from reports.figures.progress import term_of
from targets.models import AdmissionPlan
from targets.progress import State
from tests.reports.worlds import WORLDS
from tests.reports.worlds.build import build
from tests.reports.worlds.notation import TOTALS, day, table
from vuthu_recruit import clock


def as_text(count) -> str:
    return f"{count.people}+{count.opening}" if count.opening else str(count.people)


def target_text(row) -> str:
    if row.progress is None:
        return "branch"
    states = {State.OUTSIDE: "outside", State.NOT_YET: "not_yet", State.NO_TARGET: "no_target"}
    return states.get(row.progress.state) or f"{row.target.minimum}-{row.target.maximum}"


def shared(line) -> dict:
    stocks = ("branches", "trained", "dossier", "submitted", "union", "religion", "enterprise", "official")
    cells = {name: str(getattr(line, name)) for name in (*stocks, "unknown_women")}
    return cells | {name: as_text(getattr(line, name)) for name in ("period", "year", "term", "women")}


def of_row(row) -> dict:
    judged = row.progress if row.has_target and row.is_entered else None
    cells = shared(row) | {
        "unit": row.organization.short_name,
        "members": str(row.members.value) if row.members else "–",
        "target": target_text(row),
        "percent": str(judged.percent) if judged else "–",
        "state": judged.state.value if judged else "–",
        "slow": ("yes" if row.is_slow else "no") if judged else "–",
    }
    return cells | ({} if row.is_entered else {"period": "–", "year": "–", "term": "–"})


def of_total(total) -> dict:
    return shared(total) | {
        "unit": total.title,
        "members": "–" if total.members is None else str(total.members),
        "target": f"{total.target.minimum}-{total.target.maximum}" if total.has_target else "–",
        "percent": "–" if total.percent is None else str(total.percent),
        "state": "–",
        "slow": "–",
    }


def lines(found) -> list[dict]:
    rows = [of_row(row) for row in found.rows]
    return rows + [of_total(group.total) for group in found.groups] + [of_total(found.total)]


@pytest.mark.parametrize("name", WORLDS)
def test_agrees_with_the_table_written_by_hand(name, db, monkeypatch):
    world = WORLDS[name]
    monkeypatch.setattr(clock, "today", lambda: day(world.today))
    build(world)
    for case in world.cases:
        AdmissionPlan.objects.update(counting_basis=case.basis)
        user = User.objects.get(username=case.user)
        found = progress_table(user, Period(day(case.since), day(case.as_of)))
        expected = table(case.table)
        rows = sorted(expected.values(), key=lambda row: row["unit"] in TOTALS)
        assert lines(found) == rows, (case.as_of, case.user)
        check_funnel(found.funnel, case.funnel)
        check_term(found, case.term)


def check_funnel(funnel, expected):
    stages = {stage: people for stage, people in funnel.stages.items() if people}
    if funnel.official:
        stages["official"] = funnel.official
    assert stages == {stage: people[0] for stage, people in expected.items() if people[0]}
    assert funnel.returned == sum(people[1] for people in expected.values())
    assert funnel.stopped == sum(people[2] for people in expected.values())


def check_term(found, expected):
    if not expected:
        return
    term = term_of(found, with_goal=True)
    assert term.expected == expected["expected"]
    years = {year: (count.people, count.opening) for year, count in term.years.items() if count}
    assert years == {year: people for year, people in expected.items() if year != "expected"}
    assert sum(count.total for count in term.years.values()) == term.count.total
