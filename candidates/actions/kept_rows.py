"""Rows of a catalogue that people keep: one is changed or added, with its version, its checks and its history."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied

from organizations import changes
from organizations.permissions import Permission
from organizations.scope import holds
from organizations.versions import claim

STEP = 10  # between the places of two rows, so that one can be put in between


def save_row(
    row, values: dict, fields: tuple[str, ...], *, right: Permission, version: int, by, action: str, prepare: Callable
):
    """Change a row, or add one, inside a transaction. `prepare` takes the row with its new values, and if it is new.

    Raises Conflict, ValidationError by field, PermissionDenied.
    """
    if not holds(by, right):
        raise PermissionDenied
    if unknown := values.keys() - set(fields):
        raise TypeError(f"not fields of {type(row).__name__}: {sorted(unknown)}")
    is_new = row.pk is None
    if not is_new:
        claim(row, version=version)
        row.refresh_from_db()
    before = None if is_new else changes.state(row) | {"version": version}
    for name, value in values.items():
        setattr(row, name, value)
    if is_new:
        row.key = _new_key(type(row))
    prepare(row, is_new)
    row.full_clean()
    row.save()
    with changes.recording(by=by, action=action, subject=row) as log:
        log.created(row) if is_new else log.updated(row, before)
    return row


def _new_key(model) -> str:
    """The first free key for a row that is added. Two at once: the second is told to try again by the constraint."""
    taken = set(model.objects.filter(key__startswith="them-").values_list("key", flat=True))
    return next(key for number in range(1, len(taken) + 2) if (key := f"them-{number}") not in taken)
