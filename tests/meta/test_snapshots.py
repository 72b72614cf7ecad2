"""A kept world is laid down as it was built: the tests that live in it rest on this."""

from django.db import transaction

from tests import factories, snapshots
from tests.journeys import tables


def test_a_world_laid_down_is_the_world_that_was_built(db, today, monkeypatch):
    monkeypatch.setattr(snapshots, "_kept", {})
    with transaction.atomic():
        first = factories.build_world()
        built = tables.checksum()
        transaction.set_rollback(True)

    again = factories.build_world()

    assert tables.checksum() == built
    assert again == first
    assert again.board is not first.board  # each test has objects of its own
