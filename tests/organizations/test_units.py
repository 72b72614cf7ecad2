"""Units: the list, one unit on its page, opening, branches, names, figures."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from organizations.actions import units
from organizations.models import Change, Organization, OrganizationFigure, OrganizationName, Succession
from organizations.versions import Conflict
from targets.models import YearlyTarget
from tests.factories import make_branches, make_unit
from tests.tools import queries_for

INDEX = "organizations:index"


def names(response) -> list[str]:
    return [unit.short_name for group in response.context["groups"] for unit in group.units]


# The list


def test_lists_units_in_two_groups_in_administrative_order(world, as_user):
    response = as_user(world.board).get(reverse(INDEX))

    assert [group.title for group in response.context["groups"]] == [
        "I. Khối xã, thị trấn",
        "II. Khối cơ quan, đơn vị",
    ]
    assert names(response)[:2] == [world.north.short_name, world.south.short_name]


def test_counts_open_branches_and_shows_members_only_when_entered(world, as_user):
    units.record_figure(organization=world.north, values=figure(date(2024, 6, 30), 245), by=world.board)

    group = as_user(world.board).get(reverse(INDEX)).context["groups"][0]

    assert [(unit.branches, unit.members) for unit in group.units] == [(2, 245), (1, None)]
    assert (group.branches, group.members, group.entered) == (3, 245, 1)


def test_members_are_those_of_the_newest_figure_that_names_them(world, as_user):
    for on, members in [(date(2023, 6, 30), 230), (date(2024, 6, 30), 245), (date(2024, 9, 30), None)]:
        units.record_figure(organization=world.north, values=figure(on, members), by=world.board)

    assert as_user(world.board).get(reverse(INDEX)).context["groups"][0].units[0].members == 245


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "hong ly"}, 1),
        ({"q": "HỒNG"}, 1),
        ({"q": "khong co"}, 0),
        ({"group": "grassroots_other"}, 2),
        ({"state": "closed"}, 0),
        ({"sample": "yes"}, 0),
    ],
)
def test_filters_from_the_address(world, as_user, query, found):
    assert len(names(as_user(world.board).get(reverse(INDEX), query))) == found


def test_an_unknown_filter_gets_a_sentence_and_no_rows(world, as_user):
    response = as_user(world.board).get(reverse(INDEX), {"group": "khong-co"})

    assert names(response) == []
    assert "Hãy chọn một mục trong danh sách." in response.content.decode()


def test_each_sees_the_units_of_their_scope(world, as_user):
    assert names(as_user(world.north_officer).get(reverse(INDEX))) == [world.north.short_name]
    assert names(as_user(world.branch_officer).get(reverse(INDEX))) == [world.north_1.short_name]
    assert as_user(world.admin).get(reverse(INDEX)).status_code == 403


def test_the_workbook_holds_the_rows_shown(world, as_user):
    from io import BytesIO

    from openpyxl import load_workbook

    response = as_user(world.board).get(reverse("organizations:export"), {"q": "hong ly"})

    sheet = load_workbook(BytesIO(response.getvalue())).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert sum(world.north.name in row for row in cells) == 1
    assert not any(world.south.name in row for row in cells)


def test_number_of_queries_does_not_grow_with_units(world, as_user):
    client = as_user(world.board)
    client.get(reverse(INDEX))
    few = queries_for(client, reverse(INDEX))
    for number in range(8):
        unit = make_unit(world.district, f"9{number}", f"Đảng bộ xã Thử {number}")
        make_branches(unit, "Chi bộ thôn Một")

    assert queries_for(client, reverse(INDEX)) == few


# One unit


def test_one_unit_shows_its_branches_figures_names_and_targets(world, as_user):
    response = as_user(world.north_officer).get(world.north.get_absolute_url())

    assert list(response.context["branches"]) == [world.north_1, world.north_2]
    assert [target.year for target in response.context["targets"]] == [2021, 2022, 2023, 2024, 2025]
    assert not response.context["may_rename"]


def test_a_foreign_unit_answers_as_a_missing_one(world, as_user):
    client = as_user(world.south_officer)

    assert client.get(world.north.get_absolute_url()).status_code == 404
    assert client.get(reverse("organizations:detail", args=["khong-co"])).status_code == 404
    assert client.post(reverse("organizations:add_branches", args=[world.north.slug])).status_code == 404


def test_what_became_of_a_unit_stands_on_both_pages(world, as_user):
    Organization.objects.filter(pk=world.south.pk).update(closed_on=date(2024, 7, 1))
    Succession.objects.create(predecessor=world.south, successor=world.north, effective_on=date(2024, 7, 1))
    client = as_user(world.board)

    assert client.get(world.south.get_absolute_url()).context["successions"][0]["name"] == world.north.name
    assert client.get(world.north.get_absolute_url()).context["successions"][0]["name"] == world.south.name


def test_a_branch_officer_reads_the_branch_and_changes_nothing(world, as_user):
    client = as_user(world.branch_officer)

    assert client.get(world.north_1.get_absolute_url()).status_code == 200
    for name in ("rename", "record_figure"):
        assert client.get(reverse(f"organizations:{name}", args=[world.north_1.slug])).status_code == 403


# Opening


NEW = {
    "name": "Đảng bộ Bệnh viện Mới",
    "short_name": "Bệnh viện Mới",
    "kind": "grassroots_other",
    "form": "committee",
    "sector": "health",
    "code": "",
    "opened_on": "01/3/2023",
}


def test_the_board_opens_a_unit_with_its_targets(world, as_user):
    response = as_user(world.board).post(reverse("organizations:create"), NEW | {"parent": world.district.pk})

    unit = Organization.objects.get(slug="benh-vien-moi")
    rows = YearlyTarget.objects.filter(organization=unit).order_by("year")
    assert response.url == unit.get_absolute_url()
    assert [(row.year, row.minimum, row.maximum, row.decided_on) for row in rows] == [
        (year, 2, 3, date(2023, 3, 1)) for year in (2023, 2024, 2025)
    ]
    assert set(Change.objects.filter(unit=unit).values_list("object_type", flat=True)) == {
        "organizations.Organization",
        "targets.YearlyTarget",
    }


def test_a_form_sent_twice_opens_one_unit(world, as_user):
    client = as_user(world.board)
    answers = [
        client.post(reverse("organizations:create"), NEW | {"parent": world.district.pk}).status_code for _ in range(2)
    ]

    assert answers == [302, 302]
    assert Organization.objects.filter(name=NEW["name"]).count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "13195"}, "code"),
        ({"opened_on": "01/01/2030"}, "opened_on"),
        ({"opened_on": "01/01/1999"}, "opened_on"),
        ({"opened_on": "31/02/2024"}, "opened_on"),
        ({"kind": "branch"}, "kind"),
        ({"kind": "grassroots_commune", "form": "cell"}, "form"),
        ({"name": "x" * 10_000}, "name"),
        ({"parent": "987654321"}, "parent"),
    ],
)
def test_refuses_a_wrong_unit_in_words_on_the_field(world, as_user, changed, field):
    before = Organization.objects.count()

    response = as_user(world.board).post(reverse("organizations:create"), NEW | {"parent": world.district.pk} | changed)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Organization.objects.count() == before


def test_reserved_words_are_no_slugs(db):
    assert units.unit_slug("Thêm") == "them-2"


def test_only_the_board_opens_units(world, as_user):
    assert as_user(world.north_officer).get(reverse("organizations:create")).status_code == 403
    with pytest.raises(PermissionDenied):
        units.open_unit(parent=world.district, values=NEW, by=world.north_officer)


# Branches


def add(client, unit, text, opened_on="01/01/2020"):
    url = reverse("organizations:add_branches", args=[unit.slug])
    return client.post(url, {"names": text, "opened_on": opened_on})


def test_a_pasted_list_makes_branches_all_or_none(world, as_user):
    client = as_user(world.north_officer)

    assert add(client, world.north, "Chi bộ thôn Tây\n\n  Chi bộ   Trạm Y tế \n").status_code == 302
    assert world.north.children.count() == 4
    refused = add(client, world.north, "Chi bộ thôn Bắc\nChi bộ THÔN HỘI\nChi bộ thôn Bắc")
    assert refused.status_code == 422
    assert len(refused.context["form"].errors["names"]) == 2
    assert world.north.children.count() == 4


def test_the_same_list_sent_twice_makes_them_once(world, as_user):
    client = as_user(world.north_officer)

    assert [add(client, world.north, "Chi bộ thôn Tây\nChi bộ thôn Bắc").status_code for _ in range(2)] == [302, 302]
    assert world.north.children.count() == 4


def test_a_cell_has_no_branches(world, as_user):
    response = add(as_user(world.cell_officer), world.cell, "Chi bộ Một")

    assert response.status_code == 422
    assert "Chỉ đảng bộ cơ sở mới có chi bộ trực thuộc." in response.context["form"].errors["names"]


# Names


def rename(client, unit, **changed):
    values = {"name": "Đảng bộ xã Hồng Lý Mới", "short_name": "Xã Hồng Lý Mới", "on": "01/7/2024"}
    values |= {"reason": "Theo quyết định số 12-QĐ/HU", "version": unit.version} | changed
    return client.post(reverse("organizations:rename", args=[unit.slug]), values)


def test_a_rename_keeps_the_row_and_the_old_name(world, as_user):
    assert rename(as_user(world.board), world.north).status_code == 302

    unit = Organization.objects.get(pk=world.north.pk)
    former = OrganizationName.objects.get(organization=unit)
    assert (unit.name, unit.path) == ("Đảng bộ xã Hồng Lý Mới", world.north.path)
    assert (former.name, former.until) == (world.north.name, date(2024, 7, 1))


def test_a_rename_tells_all_its_faults_at_once(world, as_user):
    response = rename(as_user(world.board), world.north, name=world.south.name, on="01/01/2030", reason="ngắn")

    assert response.status_code == 422
    assert {"name", "on", "reason"} <= set(response.context["form"].errors)
    assert not OrganizationName.objects.exists()


def test_a_second_rename_from_an_old_page_shows_both_versions(world, as_user):
    client = as_user(world.board)
    rename(client, world.north)

    response = rename(client, world.north, name="Đảng bộ xã Khác")

    assert response.status_code == 409
    assert {"label": "Tên mới", "now": "Đảng bộ xã Hồng Lý Mới", "typed": "Đảng bộ xã Khác"} in response.context[
        "versions"
    ]
    assert response.context["form"]["version"].value() == "2"


def test_a_unit_officer_renames_branches_and_not_the_unit(world, as_user):
    client = as_user(world.north_officer)

    assert rename(client, world.north).status_code == 403
    assert rename(client, world.north_1, name="Chi bộ thôn Hội Mới").status_code == 302


# Figures


def figure(on: date, members: int | None = None, **values) -> dict:
    empty = {"members": members, "average_age": Decimal("47.5"), "last_admission_on": None, "source": "Báo cáo"}
    return {"on": on} | empty | values


def send_figure(client, unit, **changed):
    values = {"on": "30/6/2024", "members": "1.245", "average_age": "47,5", "source": "Báo cáo", "version": "0"}
    return client.post(reverse("organizations:record_figure", args=[unit.slug]), values | changed)


def test_a_unit_officer_records_figures_with_a_decimal_comma(world, as_user):
    assert send_figure(as_user(world.north_officer), world.north).status_code == 302

    row = OrganizationFigure.objects.get(organization=world.north)
    assert (row.members, row.average_age, row.on) == (1245, Decimal("47.5"), date(2024, 6, 30))


def test_the_same_day_is_put_right_only_from_the_newest_version(world, as_user):
    client = as_user(world.north_officer)
    send_figure(client, world.north)

    refused = send_figure(client, world.north, members="250")
    again = send_figure(client, world.north, members="250", version=refused.context["form"]["version"].value())

    assert (refused.status_code, again.status_code) == (409, 302)
    assert OrganizationFigure.objects.get(organization=world.north).members == 250


def test_the_edit_link_fills_the_form(world, as_user):
    client = as_user(world.north_officer)
    send_figure(client, world.north)

    response = client.get(reverse("organizations:record_figure", args=[world.north.slug]), {"on": "2024-06-30"})

    form = response.context["form"]
    assert (form["members"].value(), form["version"].value()) == (1245, 1)
    assert 'value="47,5"' in response.content.decode()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"on": "01/01/2030"}, "on"),
        ({"on": "01/01/2010"}, "on"),
        ({"average_age": "5"}, "average_age"),
        ({"average_age": "47,55"}, "average_age"),
        ({"members": "-1"}, "members"),
        ({"members": "", "average_age": ""}, "members"),
        ({"last_admission_on": "01/7/2024"}, "last_admission_on"),
        ({"source": ""}, "source"),
    ],
)
def test_refuses_wrong_figures_on_the_field(world, as_user, changed, field):
    response = send_figure(as_user(world.north_officer), world.north, **changed)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not OrganizationFigure.objects.exists()


def test_figures_of_others_are_out_of_reach(world, as_user):
    assert send_figure(as_user(world.south_officer), world.north).status_code == 404
    assert send_figure(as_user(world.supervisor), world.north).status_code == 403


def test_a_figure_asks_for_the_version_only_when_given_one(world):
    units.record_figure(organization=world.north, values=figure(date(2024, 6, 30), 1), by=world.board)

    with pytest.raises(Conflict):
        units.record_figure(organization=world.north, values=figure(date(2024, 6, 30), 2), by=world.board, version=0)
    with pytest.raises(ValidationError):
        units.record_figure(organization=world.north, values=figure(date(2014, 6, 30), 2), by=world.board)


def test_a_branch_is_named_with_its_unit_and_a_unit_by_itself(world):
    assert world.north_1.place_words == "Chi bộ thôn Hội, Xã Hồng Lý"
    assert (world.north.place_words, world.district.place_words) == ("Xã Hồng Lý", world.district.short_name)
