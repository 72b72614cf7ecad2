"""Tổng quan: days and scope in the address, who sees what, and how much it costs."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.pipeline import Stage, Step
from targets.models import OpeningBalance, YearlyTarget
from tests import factories

URL = "/tong-quan/"


def decided(unit, on, **values):
    """A person whose decision falls on the day."""
    steps = 6 if unit.grassroots.form == "cell" else 7
    days = [date.fromordinal(on.toordinal() - 20 * left) for left in range(steps - 1, -1, -1)]
    person = factories.make_candidate(unit, started=date.fromordinal(days[0].toordinal() - 30), **values)
    return factories.advance(person, Stage.DECIDED, days)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_shows_the_year_by_the_decision(world, as_user):
    decided(world.north_1, date(2024, 5, 6))
    response = as_user(world.board).get(URL)
    assert response.status_code == 200
    assert "Tính theo ngày quyết định kết nạp" in text_of(response)
    assert "1 người; cùng kỳ 2023: 0" in text_of(response)


def test_names_the_ceremony_when_the_plan_counts_by_it(world, as_user):
    world.plan.counting_basis = "ceremony"
    world.plan.save()
    assert "Tính theo ngày tổ chức lễ kết nạp" in text_of(as_user(world.board).get(URL))


def test_as_of_is_read_from_the_address(world, as_user):
    decided(world.north_1, date(2024, 5, 6))
    before = text_of(as_user(world.board).get(URL, {"den_ngay": "5/5/2024"}))
    assert "0 người; cùng kỳ 2023: 0" in before
    after = text_of(as_user(world.board).get(URL, {"den_ngay": "6/5/2024"}))
    assert "1 người; cùng kỳ 2023: 0" in after


@pytest.mark.parametrize(
    "query, sentence",
    [
        ({"den_ngay": "1/1/2030"}, "Ngày 01/01/2030 chưa đến nên chưa có số liệu."),
        ({"den_ngay": "31/2/2024"}, "không có thật"),
        ({"den_ngay": "hôm qua"}, "chưa đúng cách viết"),
        ({"tu_ngay": "2/5/2024", "den_ngay": "1/5/2024"}, "Ngày bắt đầu kỳ phải trước hoặc cùng ngày 01/05/2024."),
        ({"pham_vi": "khong-co"}, "Hãy chọn một mục trong danh sách."),
        ({"pham_vi": "x" * 10_000}, "Phạm vi"),
    ],
)
def test_answers_bad_filters_on_the_field(world, as_user, query, sentence):
    response = as_user(world.board).get(URL, query)
    assert response.status_code == 422
    assert sentence in text_of(response)


def test_a_foreign_unit_is_refused_as_one_that_does_not_exist(world, as_user):
    client = as_user(world.north_officer)
    foreign = client.get(URL, {"pham_vi": world.south.slug})
    unknown = client.get(URL, {"pham_vi": "khong-co"})
    assert foreign.status_code == unknown.status_code == 422
    assert text_of(foreign).replace(world.south.slug, "") == text_of(unknown).replace("khong-co", "")


@pytest.mark.parametrize("name", ["center", "youth", "admin", "nobody"])
def test_roles_without_figures_get_403(world, as_user, name):
    assert as_user(getattr(world, name)).get(URL).status_code == 403


def test_refuses_to_be_posted_to(world, as_user):
    assert as_user(world.board).post(URL).status_code == 405


def test_only_the_whole_district_is_measured_against_500(world, as_user):
    assert "trên 500 người" in text_of(as_user(world.board).get(URL))
    assert "500" not in text_of(as_user(world.north_officer).get(URL))
    assert "trên 500 người" not in text_of(as_user(world.board).get(URL, {"pham_vi": "I"}))


def test_says_that_the_two_yardsticks_are_separate(world, as_user):
    assert "hai thước đo riêng, không cộng vào nhau" in text_of(as_user(world.board).get(URL))


def test_the_term_is_marked_until_it_is_confirmed(world, as_user):
    assert "chưa xác nhận" in text_of(as_user(world.board).get(URL))
    world.plan.term_is_confirmed = True
    world.plan.save()
    assert "chưa xác nhận" not in text_of(as_user(world.board).get(URL))


def test_before_the_term_nobody_is_in_time_or_late(world, as_user):
    words = text_of(as_user(world.board).get(URL, {"den_ngay": "31/12/2019"}))
    assert "Nhiệm kỳ chưa bắt đầu" in words
    assert "Kịp mốc" not in words


def test_keeps_the_opening_part_apart(world, as_user):
    OpeningBalance.objects.create(
        plan=world.plan,
        organization=world.north,
        from_on=date(2021, 1, 1),
        to_on=date(2021, 12, 31),
        count=12,
        document="10-BC/ĐU",
    )
    decided(world.north_1, date(2021, 6, 1))
    words = text_of(as_user(world.board).get(URL))
    assert "12 trên 500 người" in words
    assert "Số dư đầu kỳ 11" in words


def test_tells_nothing_entered_from_zero_and_from_no_target(world, as_user):
    factories.make_candidate(world.north_1)
    response = as_user(world.board).get(URL)
    rows = {row["row"].name: row["status"][0] for group in response.context["groups"] for row in group["rows"]}
    assert rows[world.north.short_name] == "Còn chậm"
    assert rows[world.south.short_name] == "Chưa nhập"


def test_a_branch_officer_sees_no_number_of_other_branches(world, as_user):
    decided(world.north_1, date(2024, 5, 6))
    for day in (7, 8, 9):
        decided(world.north_2, date(2024, 5, day))
    response = as_user(world.branch_officer).get(URL)
    assert "1 người; cùng kỳ 2023: 0" in text_of(response)
    (group,) = response.context["groups"]
    (row,) = group["rows"]
    assert (row["value"], row["minimum"]) == (1, None)
    assert "Chỉ tiêu giao cho cả đơn vị" in text_of(response)


def test_groups_stand_in_administrative_order(world, as_user):
    response = as_user(world.board).get(URL)
    names = [row["row"].organization.pk for group in response.context["groups"] for row in group["rows"]]
    assert names[:2] == [world.north.pk, world.south.pk]
    assert set(names[2:]) == {world.office.pk, world.cell.pk}


def test_lists_what_needs_attention(world, as_user):
    person = factories.make_candidate(world.north_1, started=date(2019, 1, 1))
    factories.give_certificate(person, date(2019, 12, 1))
    items = as_user(world.board).get(URL).context["attention"]
    assert ("Giấy chứng nhận hết giá trị trong 90 ngày, hoặc đã hết", 1) in [(i["label"], i["count"]) for i in items]


def test_costs_the_same_with_more_people(world, as_user):
    client = as_user(world.board)
    client.get(URL)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).status_code == 200
        return len(queries)

    decided(world.north_1, date(2024, 5, 6))
    first = cost()
    for number in range(12):
        decided(world.south_1, date(2024, 5, 7), full_name=f"Người thứ {number}")
    assert cost() == first <= 15


def test_says_how_many_units_a_sum_of_ranges_covers_when_not_all(world, as_user):
    assert "khung của" not in text_of(as_user(world.board).get(URL))
    YearlyTarget.objects.filter(organization=world.north).update(minimum=None, maximum=None)

    assert "khung của 1/2 đơn vị" in text_of(as_user(world.board).get(URL))


def test_the_followed_are_said_to_include_the_returned(world, as_user):
    person = factories.advance(factories.make_candidate(world.north_1), Stage.SUBMITTED)
    facts = {"reason": "thiếu giấy giới thiệu", "redo_from": "branch"}
    factories.step(person, Step.RETURNED, date(2024, 11, 1), by=world.board, **facts)

    page = text_of(as_user(world.board).get(URL))

    assert "trong đó 1 bị trả lại" in page
