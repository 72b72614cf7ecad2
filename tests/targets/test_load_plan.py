"""`load_plan`: idempotent, never overwrites, everything in the history."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from organizations.models import Change, Organization
from targets.models import AdmissionPlan, TargetRule, YearlyTarget
from tests.factories import make_unit

pytestmark = pytest.mark.django_db


def load(**options) -> str:
    out = StringIO()
    call_command("load_plan", stdout=out, **options)
    return out.getvalue()


def test_loads_thirty_communes_and_the_sample_units_with_their_targets():
    load()

    units = Organization.objects.grassroots()
    assert (units.filter(is_sample=False).count(), units.filter(is_sample=True).count()) == (30, 25)
    assert list(units.in_order().values_list("slug", flat=True)[:2]) == ["13192", "13195"]
    rows = YearlyTarget.objects.filter(year=2023, revision=0, decided_on=date(2021, 9, 29))
    assert (sum(row.minimum for row in rows), sum(row.maximum for row in rows)) == (140, 225)
    assert YearlyTarget.objects.count() == 55 * 5


def test_a_second_run_changes_nothing():
    load()
    before = Change.objects.count()

    assert "0 đơn vị, 0 kế hoạch, 0 mức giao, 0 chỉ tiêu năm" in load()
    assert Change.objects.count() == before


def test_a_dry_run_counts_and_writes_nothing():
    assert "Sẽ thêm: 57 đơn vị, 1 kế hoạch, 2 mức giao, 275 chỉ tiêu năm" in load(dry_run=True)
    assert not Organization.objects.exists()
    assert not Change.objects.exists()


def test_samples_may_be_left_out():
    load(no_sample=True)

    assert Organization.objects.grassroots().count() == 30


def test_what_users_changed_stays():
    load()
    Organization.objects.filter(slug="mau-01").update(name="Đảng bộ Công an xã", order=40)
    AdmissionPlan.objects.update(minimum=520, term_is_confirmed=True)
    TargetRule.objects.filter(kind="grassroots_other").update(minimum=1)

    load()

    assert Organization.objects.get(slug="mau-01").name == "Đảng bộ Công an xã"
    assert (AdmissionPlan.objects.get().minimum, TargetRule.objects.get(kind="grassroots_other").minimum) == (520, 1)


def test_units_opened_before_the_plan_get_their_targets_and_codes_in_use_are_left_alone():
    area = make_unit(None, "khu-vuc", "Khu vực", kind="area", code="")
    district = make_unit(area, "vu-thu", "Đảng bộ huyện Vũ Thư", kind="district", code="344")
    mine = make_unit(district, "xa-hong-ly", "Đảng bộ xã Hồng Lý", code="13195", opened_on=date(2023, 5, 1))

    said = load()

    rows = YearlyTarget.objects.filter(organization=mine).order_by("year")
    assert [(row.year, row.decided_on) for row in rows] == [(year, date(2023, 5, 1)) for year in (2023, 2024, 2025)]
    assert "Bỏ qua Đảng bộ xã Hồng Lý" in said
    assert not Organization.objects.filter(slug="13195").exists()


def test_every_row_is_in_the_history_as_one_request_of_a_command():
    load()

    made = Organization.objects.count() + YearlyTarget.objects.count() + 1 + 2
    assert Change.objects.filter(via="command", by=None).count() == made
    assert Change.objects.values("request_id").distinct().count() == 1
