"""Build a world once in each process, and lay its rows down again, as they were, for every further test."""

import pickle
from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import connection, transaction
from django.db.models.sql import InsertQuery

OURS = ("organizations", "targets", "candidates", "reports")
AT_ONCE = 40  # rows in one INSERT: SQLite takes a limited number of values
_kept: dict[Callable, tuple[bytes, list]] = {}


def once(build: Callable):
    """What build() returns, with every row it writes to an empty database. It takes nothing and asks nothing twice."""
    if build not in _kept:
        assert not any(model._base_manager.exists() for model in _models()), "a world is built on an empty database"
        value = build()
        _kept[build] = (pickle.dumps(value), [statement for model in _models() for statement in _inserts(model)])
        return value
    value, statements = _kept[build]
    with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are checked at its end
        for statement, values in statements:
            cursor.execute(statement, values)
    return pickle.loads(value)  # written a moment ago, by this process; each test gets objects of its own


def _models():
    return [model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def _inserts(model) -> Iterator[tuple[str, tuple]]:
    """Statements that lay the rows down as they are: no default, no key and no time is computed anew."""
    rows, fields = list(model._base_manager.all()), model._meta.local_concrete_fields
    for start in range(0, len(rows), AT_ONCE):
        query = InsertQuery(model)
        query.insert_values(fields, rows[start : start + AT_ONCE], raw=True)
        yield from query.get_compiler(connection=connection).as_sql()
