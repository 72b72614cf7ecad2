"""Build a world once in each process, and lay its rows down again, as they were, for every further test."""

import pickle
from collections.abc import Callable

from django.apps import apps
from django.db import transaction

OURS = ("organizations", "targets", "candidates", "reports")
AT_ONCE = 40  # rows in one INSERT: SQLite takes a limited number of values
_kept: dict[Callable, bytes] = {}


def once(build: Callable):
    """What build() returns, with every row it writes to an empty database. It takes nothing and asks nothing twice."""
    if build not in _kept:
        assert not any(model._base_manager.exists() for model in _models()), "a world is built on an empty database"
        value = build()
        _kept[build] = pickle.dumps((value, [list(model._base_manager.all()) for model in _models()]))
        return value
    value, tables = pickle.loads(_kept[build])  # written a moment ago, by this process
    with transaction.atomic():  # foreign keys are checked at its end
        for model, rows in zip(_models(), tables, strict=True):
            _lay(model, rows)
    return value


def _models():
    return [model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def _lay(model, rows: list) -> None:
    """As they were: no default, no key and no time is computed anew."""
    fields = model._meta.local_concrete_fields
    for start in range(0, len(rows), AT_ONCE):
        model._base_manager._insert(rows[start : start + AT_ONCE], fields=fields, using="default", raw=True)
