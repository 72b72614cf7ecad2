"""Endings at the same moment leave the Board an officer."""

from datetime import date

import pytest

from organizations.actions import assignments
from organizations.models import Assignment, User
from organizations.permissions import Role
from tests import factories
from tests.journeys.test_twenty_writers import together


@pytest.mark.django_db(transaction=True)
def test_ending_every_officer_of_the_board_at_once_leaves_one(transactional_db, today):
    world = factories.build_world()
    posts = list(Assignment.objects.filter(role=Role.ORGANIZATION_BOARD).values_list("pk", flat=True))

    def end(number):
        assignments.end_assignment(
            assignment=Assignment.objects.get(pk=posts[number % len(posts)]),
            ends_on=date(2024, 11, 18),
            reason="Thôi giữ vai trò",
            version=1,
            by=User.objects.get(pk=world.admin.pk),
        )

    results = together(end)

    assert sum(result is None for result in results) == len(posts) - 1, results
    assert assignments.board_officers().count() == 1
