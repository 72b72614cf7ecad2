"""2,000 random lives through the database, with every illegal move; and all figures of those that stay."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.journeys.test_walks_database import live, try_lives

WALKS, PARTS, STAYING = 2000, 20, 500


@pytest.mark.parametrize("part", range(PARTS))
def test_two_thousand_lives(part, world):
    try_lives(world, range(part * WALKS // PARTS, (part + 1) * WALKS // PARTS))


def test_lives_that_stay_add_up(world):
    for seed in range(STAYING):
        live(world, seed)

    said = StringIO()
    call_command("verify", stdout=said)

    assert f"{STAYING} hồ sơ. Không có chỗ lệch." in said.getvalue()
