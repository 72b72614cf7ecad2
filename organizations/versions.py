"""Optimistic locking: the version is checked inside the UPDATE, so two editors can never both win."""

from django.db import models
from django.db.models import F


class Conflict(Exception):
    """Someone else changed the row since it was read. `current` is the row as it stands now."""

    def __init__(self, current: models.Model):
        self.current = current
        super().__init__("Bản ghi vừa được người khác thay đổi.")


def claim(row: models.Model, *, version: int) -> None:
    """Take the row for this transaction, or raise Conflict. Also serialises writers of the same row."""
    model = type(row)
    taken = model._base_manager.filter(pk=row.pk, version=version).update(version=F("version") + 1)
    if not taken:
        raise Conflict(model._base_manager.get(pk=row.pk))
    row.version = version + 1
