"""Pages at 700 and at 20,000 people, in one run: the same number of queries, at most twice the time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FEW, MANY = 700, 20_000
QUERIES = {"list": 8, "search": 8, "dashboard": 15, "person": 15}
ROWS = 200


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """name → figures, for few and for many."""
    results = {}
    for people in (FEW, MANY):
        path = tmp_path_factory.mktemp("bench") / f"{people}.sqlite3"
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{path}",
            "DJANGO_SETTINGS_MODULE": "vuthu_recruit.settings",
            "SECRET_KEY": "benchmark" * 8,
            "DEMO": "1",
            "DEMO_TODAY": "2024-11-18",
            "DEBUG": "0",
            "HTTPS": "0",
            "ALLOWED_HOSTS": "testserver",
        }
        command = [sys.executable, "-m", "tests.benchmarks.measure", str(people)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        results[people] = json.loads(done.stdout.splitlines()[-1])
        print(f"\n{people}: {json.dumps(results[people])}")
    return results


@pytest.mark.parametrize("page", ["list", "search", "dashboard", "person", "home", "unit"])
def test_the_number_of_queries_does_not_grow(measured, page):
    assert measured[FEW][page]["queries"] == measured[MANY][page]["queries"]
    assert 0 < measured[MANY][page]["queries"] <= QUERIES.get(page, 25)


@pytest.mark.parametrize("page", ["list", "search", "dashboard", "person"])
def test_few_rows_are_fetched(measured, page):
    assert measured[MANY][page]["rows"] <= ROWS


@pytest.mark.parametrize("page", ["list", "search", "dashboard", "person", "home", "unit"])
def test_time_at_most_doubles(measured, page):
    assert measured[MANY][page]["seconds"] <= 2 * measured[FEW][page]["seconds"]
