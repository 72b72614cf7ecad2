"""A list of 100,000 people leaves with flat memory; its cells cost at most 1.3 × what writing them bare costs.

How long it takes with reading the people from the database is printed beside it.
"""

import json

import pytest

from tests.benchmarks.test_growth import run

PEOPLE, RATIO = 100_000, 1.3
KIB = 24 * 1024  # SQLite sorts in memory: the 200 bytes of each row it has to put in order


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    path = tmp_path_factory.mktemp("bench") / "export.sqlite3"
    run(path, "fill", str(PEOPLE), module="tests.benchmarks.measure_export")
    found = json.loads(run(path, "measure", module="tests.benchmarks.measure_export").splitlines()[-1])
    print(f"\n{json.dumps(found)}")
    return found


def test_memory_stays_flat(measured):
    assert measured["people"] > PEOPLE * 0.95
    assert measured["many_kib"] - measured["few_kib"] < KIB


def test_cells_cost_little_more_than_written_bare(measured):
    assert measured["written"] <= RATIO * measured["bare"]
