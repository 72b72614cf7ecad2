"""A filled world for reports: admissions in both groups, an opening balance, a unit without a range."""

from datetime import date

import pytest

from candidates.pipeline import Stage
from organizations.models import OrganizationFigure
from targets.models import OpeningBalance, YearlyTarget
from tests import factories, snapshots
from tests.reports.sheets import decided


@pytest.fixture
def filled(db, today):
    """Admissions in both groups, an opening balance of this year, members, a unit without a range."""
    return snapshots.once(_filled)


def _filled() -> factories.World:
    world = factories.build_world()
    decided(world.north_1, date(2024, 11, 5), sex="female", is_youth_union_member=True)
    decided(world.north_2, date(2024, 3, 5), sex="male", religion="catholic")
    decided(world.south_1, date(2023, 5, 5), sex="male")
    decided(world.office_1, date(2024, 6, 5), sex="female", occupation="private_worker")
    factories.advance(factories.make_candidate(world.office_1), Stage.SUBMITTED)
    OpeningBalance.objects.create(
        plan=world.plan, organization=world.north, from_on=date(2024, 1, 1), to_on=date(2024, 3, 31), count=4, women=2,
        document="7-BC/ĐU",
    )  # fmt: skip
    OrganizationFigure.objects.create(organization=world.north, on=date(2023, 12, 31), members=1210, source="báo cáo")
    YearlyTarget.objects.create(
        plan=world.plan, organization=world.office, year=2024, revision=1, minimum=None, maximum=None,
        decided_on=date(2024, 2, 1), source="revision", reason="đơn vị mới sắp xếp lại", document="9-QĐ/HU",
    )  # fmt: skip
    return world
