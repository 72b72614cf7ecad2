"""How often an import of people asks the database: as often for many rows as for few."""

from collections import Counter

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from candidates.models import Candidate
from organizations.actions import imports as actions
from tests.candidates.test_people_import import BRANCHES, song_lang
from tests.long_lists import long_list


@pytest.fixture
def lang(world):
    return song_lang(world)


@pytest.mark.parametrize("kind", ["new", "changed", "same"])
def test_the_number_of_queries_does_not_grow_with_the_rows(kind, lang):
    """On SQLite one INSERT holds so many values only: those grow, by parts of a table."""
    _queries(lang, 1, kind)  # what an account may do is asked once
    few, many = _queries(lang, 20, kind), _queries(lang, 500, kind)
    assert few["SELECT"] == many["SELECT"]
    assert few["UPDATE"] == many["UPDATE"]
    assert few["SAVEPOINT"] == many["SAVEPOINT"]
    written = {"new": 4, "changed": 3, "same": 0}[kind]  # people, events, history, rows of the import
    at_once = 500 if connection.vendor == "postgresql" else 999 // len(Candidate._meta.concrete_fields)
    assert many["INSERT"] - few["INSERT"] <= written * 500 / at_once


def _queries(lang, count: int, kind: str) -> Counter:
    """Statements by their first word: of the preview, and of the confirmation when there is something to write."""
    with transaction.atomic():
        if kind != "new":
            _take_in(lang, long_list(count, BRANCHES))
        with CaptureQueriesContext(connection) as caught:
            _take_in(lang, long_list(count, BRANCHES, residence="Thôn Mới" if kind == "changed" else ""))
        transaction.set_rollback(True)
    return Counter(query["sql"].split()[0] for query in caught)


def _take_in(lang, content: bytes) -> None:
    unit, options = lang.assignments.get().organization, {"entered_on": "2024-01-15"}
    one = actions.keep_file(
        importer="people", organization=unit, name="a.xlsx", content=content, options=options, by=lang
    )
    preview = actions.look(batch=one, by=lang)
    if preview.writes:
        actions.confirm(batch=one, seen=preview.digest, only_valid=False, version=one.version, by=lang)
