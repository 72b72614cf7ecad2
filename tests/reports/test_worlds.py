"""The ten worlds hold together by themselves: they can be lived through the actions, and their tables add up."""

import pytest

from candidates.models import StageEvent
from tests.reports.worlds import WORLDS
from tests.reports.worlds.build import KINDS, build
from tests.reports.worlds.notation import TOTALS, day, pair, rows, table
from vuthu_recruit import clock

ADDED = "branches trained dossier submitted period year term women unknown_women union religion enterprise official"


@pytest.mark.parametrize("name", WORLDS)
def test_can_be_lived_through_the_actions(name, db, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: day(WORLDS[name].today))
    built = build(WORLDS[name])
    assert len(built.people) == len(rows(WORLDS[name].people))
    assert StageEvent.objects.filter(is_live=True).exists()


def groups(world, expected):
    kinds = {cells[0]: KINDS[cells[1]][0] for cells in rows(world.units)}
    units = [unit for unit in expected if unit not in TOTALS]
    communes = [unit for unit in units if kinds[unit] == "grassroots_commune"]
    return {"Cộng I": communes, "Cộng II": [u for u in units if u not in communes], "Tổng cộng": units}


@pytest.mark.parametrize("name", WORLDS)
def test_the_tables_written_by_hand_add_up(name):
    for case in WORLDS[name].cases:
        expected = table(case.table)
        for total, units in groups(WORLDS[name], expected).items():
            for column in ADDED.split():
                parts = [pair(expected[unit][column]) or (0, 0) for unit in units]
                added = (sum(people for people, _ in parts), sum(opening for _, opening in parts))
                assert added == pair(expected[total][column]), (case.as_of, total, column)
