"""Pages at 700 and at 20,000 people, in one run: the same number of queries, at most twice the time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FEW, MANY = 700, 20_000
QUERIES = {"list": 8, "search": 8, "dashboard": 15, "person": 20}
ROWS = 200
TURNS = 3


def run(path, *arguments: str, module: str = "tests.benchmarks.measure") -> str:
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
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """people → page → figures. Few and many take turns, so that a slow minute of the machine falls on both."""
    paths = {people: tmp_path_factory.mktemp("bench") / f"{people}.sqlite3" for people in (FEW, MANY)}
    for people, path in paths.items():
        run(path, "fill", str(people))
    results: dict[int, dict] = {}
    for _ in range(TURNS):
        for people, path in paths.items():
            now = json.loads(run(path, "measure").splitlines()[-1])
            for page, figures in results.setdefault(people, now).items():
                figures["seconds"] = min(figures["seconds"], now[page]["seconds"])
    for people, pages in results.items():
        print(f"\n{people}: {json.dumps(pages)}")
    return results


@pytest.mark.parametrize("page", ["list", "search", "dashboard", "person", "home", "unit"])
def test_the_number_of_queries_does_not_grow(measured, page):
    assert measured[FEW][page]["queries"] == measured[MANY][page]["queries"]
    assert 0 < measured[MANY][page]["queries"] <= QUERIES.get(page, 25)


@pytest.mark.parametrize("page", ["list", "search", "dashboard", "person", "home"])
def test_few_rows_are_fetched(measured, page):
    assert measured[MANY][page]["rows"] <= ROWS


@pytest.mark.parametrize("page", ["list", "search", "dashboard", "person", "home", "unit"])
def test_time_at_most_doubles(measured, page):
    assert measured[MANY][page]["seconds"] <= 2 * measured[FEW][page]["seconds"]
