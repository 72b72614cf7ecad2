"""Ranges: the page as of a day, revisions, the plan, opening balances."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from organizations.models import Change
from organizations.versions import Conflict
from targets import actions
from targets.models import AdmissionPlan, OpeningBalance, YearlyTarget
from tests.factories import make_unit
from tests.tools import queries_for

INDEX = "targets:index"


def revise(world, by=None, **values):
    usual = {"organization": world.north, "year": 2024, "minimum": 4, "maximum": 6, "decided_on": date(2024, 3, 1)}
    usual |= {"reason": "Đơn vị đề nghị tăng", "document": "15-QĐ/HU", "version": 5}
    return actions.revise(plan=world.plan, by=by or world.board, **usual | values)


def words(response) -> dict[str, str]:
    return {row.unit.slug: row.words for group in response.context["groups"] for row in group.rows}


# The page


def test_shows_ranges_with_sums_of_minimums_and_maximums(world, as_user):
    response = as_user(world.board).get(reverse(INDEX))

    assert words(response)[world.north.slug] == "3–5 người"
    assert [(g.total.minimum, g.total.maximum) for g in response.context["groups"]] == [(6, 10), (4, 6)]
    assert (response.context["total"].minimum, response.context["total"].maximum) == (10, 16)
    assert "hai thước đo riêng" in response.content.decode()
    assert "chưa xác nhận" in response.content.decode()


def test_a_day_shows_what_had_been_decided_by_then(world, as_user):
    revise(world)
    client = as_user(world.board)

    before = client.get(reverse(INDEX), {"year": "2024", "as_of": "29/02/2024"})
    after = client.get(reverse(INDEX), {"year": "2024", "as_of": "01/03/2024"})

    assert (words(before)[world.north.slug], words(after)[world.north.slug]) == ("3–5 người", "4–6 người")


def test_the_three_words_without_a_range(world, as_user):
    revise(world, minimum=None, maximum=None)
    client = as_user(world.board)

    assert words(client.get(reverse(INDEX), {"year": "2024"}))[world.north.slug] == "Không giao"
    early = client.get(reverse(INDEX), {"year": "2021", "as_of": "28/9/2021"})
    assert set(words(early).values()) == {"Chưa giao"}


def test_outside_the_plan_it_says_so(world, as_user, monkeypatch):
    from vuthu_recruit import clock

    monkeypatch.setattr(clock, "today", lambda: date(2026, 3, 1))

    response = as_user(world.board).get(reverse(INDEX), {"year": "2026"})

    assert set(words(response).values()) == {"Ngoài giai đoạn giao chỉ tiêu"}
    assert response.context["total"].units == 0


def test_filters_and_sorts_from_the_address(world, as_user):
    revise(world)
    client = as_user(world.board)

    assert len(words(client.get(reverse(INDEX), {"q": "hong ly"}))) == 1
    assert len(words(client.get(reverse(INDEX), {"group": "grassroots_other"}))) == 2
    assert len(words(client.get(reverse(INDEX), {"state": "not_yet"}))) == 0
    assert list(words(client.get(reverse(INDEX), {"sort": "minimum"})))[:2] == [world.south.slug, world.north.slug]


@pytest.mark.parametrize("query", [{"year": "9999"}, {"as_of": "31/02/2024"}, {"group": "x"}, {"state": "x"}])
def test_a_wrong_filter_gets_a_sentence_and_no_rows(world, as_user, query):
    response = as_user(world.board).get(reverse(INDEX), query)

    assert response.status_code == 200
    assert words(response) == {}
    assert response.context["filters"].errors


def test_each_sees_the_ranges_of_their_scope(world, as_user):
    assert set(words(as_user(world.north_officer).get(reverse(INDEX)))) == {world.north.slug}
    assert as_user(world.admin).get(reverse(INDEX)).status_code == 403


def test_the_workbook_holds_the_rows_and_their_sums(world, as_user):
    from openpyxl import load_workbook

    response = as_user(world.board).get(reverse("targets:export"), {"year": "2024"})

    cells = [[c.value for c in row] for row in load_workbook(BytesIO(response.content), data_only=True).active]
    assert [row[3:5] for row in cells if row[1] == "Tổng cộng"] == [[10, 16]]
    assert sum(row[1] == world.north.name for row in cells) == 1


def test_number_of_queries_does_not_grow_with_units(world, as_user):
    client = as_user(world.board)
    client.get(reverse(INDEX))
    few = queries_for(client, reverse(INDEX))
    for number in range(8):
        make_unit(world.district, f"9{number}", f"Đảng bộ xã Thử {number}")

    assert queries_for(client, reverse(INDEX)) == few


# Revisions


def test_a_revision_is_the_next_row_and_leaves_the_old_one(world):
    row = revise(world)

    rows = YearlyTarget.objects.filter(organization=world.north, year=2024).order_by("revision")
    assert [(one.revision, one.minimum) for one in rows] == [(0, 3), (1, 4)]
    change = Change.objects.get(object_id=str(row.pk), object_type="targets.YearlyTarget")
    assert (change.by, change.unit, change.reason) == (world.board, world.north, "Đơn vị đề nghị tăng")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"year": 2026}, "year"),
        ({"minimum": 7}, "maximum"),
        ({"maximum": None}, "maximum"),
        ({"decided_on": date(2021, 9, 28)}, "decided_on"),
        ({"decided_on": date(2024, 11, 19)}, "decided_on"),
        ({"minimum": 3, "maximum": 5}, "minimum"),
        ({"reason": "ngắn"}, "reason"),
        ({"document": " "}, "document"),
    ],
)
def test_refuses_a_wrong_revision_and_leaves_no_trace(world, changed, field):
    before = YearlyTarget.objects.count(), Change.objects.count()

    with pytest.raises(ValidationError) as refused:
        revise(world, **changed)

    assert field in refused.value.message_dict
    assert (YearlyTarget.objects.count(), Change.objects.count()) == before


def test_decisions_never_fall_behind_the_last_revision(world):
    revise(world)

    with pytest.raises(ValidationError):
        revise(world, minimum=5, decided_on=date(2024, 2, 1), version=6)


def test_all_faults_come_at_once(world):
    with pytest.raises(ValidationError) as refused:
        revise(world, year=2030, minimum=9, decided_on=date(2030, 1, 1), reason="", document="")

    assert set(refused.value.message_dict) == {"year", "maximum", "decided_on", "reason", "document"}


def test_branches_get_no_range(world):
    with pytest.raises(ValidationError):
        revise(world, organization=world.north_1, version=0)


def test_two_who_revise_the_same_unit_meet(world):
    revise(world)

    with pytest.raises(Conflict) as met:
        revise(world, minimum=5)

    assert met.value.current.minimum == 4


def test_only_the_board_revises(world, as_user):
    with pytest.raises(PermissionDenied):
        revise(world, by=world.north_officer)
    url = reverse("targets:revise", args=[world.north.slug])
    assert as_user(world.north_officer).get(reverse("targets:unit", args=[world.north.slug])).status_code == 200
    assert as_user(world.north_officer).post(url).status_code == 403
    assert as_user(world.south_officer).post(url).status_code == 404
    assert as_user(world.board).get(reverse("targets:unit", args=[world.north_1.slug])).status_code == 404


FORM = {
    "year": "2024",
    "kind": "range",
    "minimum": "4",
    "maximum": "6",
    "decided_on": "1/3/2024",
    "document": "15-QĐ/HU",
    "reason": "Đơn vị đề nghị tăng",
    "version": "5",
}


def test_the_form_gives_a_new_range_and_meets_the_other_writer(world, as_user):
    client, url = as_user(world.board), reverse("targets:revise", args=[world.north.slug])

    assert client.post(url, FORM).status_code == 302
    met = client.post(url, FORM | {"minimum": "5"})
    assert met.status_code == 409
    assert {"label": "Tối thiểu", "now": "4", "typed": "5"} in met.context["versions"]
    assert (
        client.post(url, FORM | {"minimum": "5", "version": met.context["form"]["version"].value()}).status_code == 302
    )


def test_no_target_needs_no_numbers(world, as_user):
    url = reverse("targets:revise", args=[world.north.slug])

    response = as_user(world.board).post(url, FORM | {"kind": "none", "minimum": "", "maximum": ""})

    assert response.status_code == 302
    assert YearlyTarget.objects.get(organization=world.north, revision=1).minimum is None


def test_a_range_asks_for_both_numbers_on_the_field(world, as_user):
    response = as_user(world.board).post(reverse("targets:revise", args=[world.north.slug]), FORM | {"maximum": ""})

    assert response.status_code == 422
    assert "maximum" in response.context["form"].errors
    assert YearlyTarget.objects.filter(revision=1).count() == 0


# The plan

PLAN = {
    "term_starts_on": "01/8/2020",
    "term_ends_on": "30/6/2025",
    "term_is_confirmed": "on",
    "minimum": "500",
    "counting_basis": "decision",
    "reason": "",
    "document": "",
    "version": "1",
}


def test_the_board_confirms_the_term(world, as_user):
    assert as_user(world.board).post(reverse("targets:plan"), PLAN).status_code == 302

    assert AdmissionPlan.objects.get().term_is_confirmed
    assert Change.objects.get(action="plan.edit").after == {"term_is_confirmed": True, "version": 2}


def test_another_basis_needs_a_reason_and_a_document(world, as_user):
    client = as_user(world.board)
    refused = client.post(reverse("targets:plan"), PLAN | {"counting_basis": "ceremony"})

    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"reason", "document"}
    told = {"counting_basis": "ceremony", "reason": "Theo hướng dẫn của Tỉnh ủy", "document": "8-HD/TU"}
    assert client.post(reverse("targets:plan"), PLAN | told).status_code == 302
    assert "8-HD/TU" in Change.objects.get(action="plan.edit").reason


def test_the_plan_refuses_in_words(world, as_user):
    client = as_user(world.board)
    same = client.post(reverse("targets:plan"), {k: v for k, v in PLAN.items() if k != "term_is_confirmed"})
    wrong = client.post(reverse("targets:plan"), PLAN | {"term_ends_on": "01/8/2020", "minimum": "0"})

    assert same.status_code == wrong.status_code == 422
    assert "Không có gì thay đổi." in same.content.decode()
    assert AdmissionPlan.objects.get().version == 1


def test_two_who_edit_the_plan_meet(world, as_user):
    client = as_user(world.board)
    client.post(reverse("targets:plan"), PLAN | {"minimum": "510"})

    met = client.post(reverse("targets:plan"), PLAN | {"minimum": "520"})

    assert met.status_code == 409
    assert {"now": "510", "typed": "520", "label": "Mục tiêu tối thiểu của toàn đảng bộ"} in met.context["versions"]


def test_only_the_board_edits_the_plan(world, as_user):
    assert as_user(world.standing).get(reverse("targets:plan")).status_code == 403
    assert as_user(world.north_officer).post(reverse("targets:plan"), PLAN).status_code == 403


def test_a_new_term_start_may_not_cut_an_opening_balance(world, as_user):
    add(world)

    response = as_user(world.board).post(reverse("targets:plan"), PLAN | {"term_starts_on": "01/3/2021"})

    assert response.status_code == 422
    assert "term_starts_on" in response.context["form"].errors


# Opening balances


def add(world, by=None, **changed):
    values = {"from_on": date(2021, 1, 1), "to_on": date(2021, 6, 30), "count": 3, "women": 1, "document": "45-BC/HU"}
    organization = changed.pop("organization", world.north)
    return actions.add_opening_balance(
        plan=world.plan, organization=organization, values=values | changed, by=by or world.board
    )


def test_records_an_opening_balance_once(world):
    first, second = add(world), add(world)

    assert first == second
    assert Change.objects.filter(action="opening.add").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"to_on": date(2022, 1, 1)}, "to_on"),
        ({"to_on": date(2020, 12, 31)}, "to_on"),
        ({"from_on": date(2020, 7, 1), "to_on": date(2020, 12, 31)}, "from_on"),
        ({"from_on": date(2024, 11, 1), "to_on": date(2024, 11, 19)}, "to_on"),
        ({"women": 4}, "women"),
        ({"document": ""}, "document"),
    ],
)
def test_refuses_a_wrong_opening_balance(world, changed, field):
    with pytest.raises(ValidationError) as refused:
        add(world, **changed)

    assert field in refused.value.message_dict
    assert not OpeningBalance.objects.exists()


def test_a_window_may_begin_with_the_term_and_end_before_it(world):
    assert add(world, from_on=date(2020, 8, 1), to_on=date(2020, 12, 31))
    assert add(world, from_on=date(2020, 1, 1), to_on=date(2020, 7, 31))


def test_windows_of_a_unit_do_not_overlap_by_a_day(world):
    add(world)

    with pytest.raises(ValidationError):
        add(world, from_on=date(2021, 6, 30), to_on=date(2021, 12, 31))
    assert add(world, from_on=date(2021, 7, 1), to_on=date(2021, 12, 31))
    assert add(world, organization=world.south)


def test_branches_have_no_opening_balance(world):
    with pytest.raises(ValidationError):
        add(world, organization=world.north_1)


def test_a_balance_is_put_right_with_a_reason_and_never_deleted(world, as_user):
    balance = add(world)
    url = reverse("targets:opening_edit", args=[balance.pk])
    values = {"from_on": "01/01/2021", "to_on": "30/6/2021", "count": "0", "women": "0", "document": "45-BC/HU"}
    client = as_user(world.board)

    assert client.post(url, values | {"reason": "", "version": "1"}).status_code == 422
    assert client.post(url, values | {"reason": "Ghi nhầm đơn vị khác", "version": "1"}).status_code == 302
    assert client.post(url, values | {"count": "9", "reason": "Ghi nhầm đơn vị", "version": "1"}).status_code == 409
    assert OpeningBalance.objects.get().count == 0


def test_a_foreign_unit_in_the_form_is_refused_on_the_field(world, as_user):
    values = {"from_on": "01/01/2021", "to_on": "30/6/2021", "count": "2", "document": "45-BC/HU"}

    response = as_user(world.board).post(
        reverse("targets:opening_add"), values | {"organization": str(world.north_1.pk)}
    )

    assert response.status_code == 422
    assert response.context["form"].errors["organization"] == ["Hãy chọn một mục trong danh sách."]


def test_opening_balances_obey_scope(world, as_user):
    balance = add(world)
    url = reverse("targets:opening_edit", args=[balance.pk])

    assert list(as_user(world.south_officer).get(reverse("targets:opening")).context["balances"]) == []
    assert list(as_user(world.north_officer).get(reverse("targets:opening")).context["balances"]) == [balance]
    assert as_user(world.south_officer).get(url).status_code == 404
    assert as_user(world.north_officer).get(url).status_code == 403
    assert as_user(world.north_officer).post(reverse("targets:opening_add")).status_code == 403


def test_a_branch_officer_reads_the_range_of_the_unit_and_no_more(world, as_user):
    client = as_user(world.branch_officer)

    response = client.get(reverse("targets:index"))

    page = response.content.decode()
    assert "không giao cho từng chi bộ" in page
    assert "Chỉ tiêu năm 2024 của Xã Hồng Lý: 3–5 người." in page
    assert "Song An" not in page
    assert client.get(reverse("targets:unit", args=[world.north.slug])).status_code == 404


def test_the_range_of_one_unit_is_not_called_a_sum(world, as_user):
    page = as_user(world.north_officer).get(reverse("targets:index")).content.decode()

    assert "Chỉ tiêu năm của đơn vị (3–5 người)" in page
