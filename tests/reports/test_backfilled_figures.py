"""People taken over from paper name part of an opening balance: the sum stays, the month is theirs, counts agree."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from reports.figures import Period, current_plan, progress_table
from reports.figures.behind import openings_behind, people_behind
from reports.figures.periods import Count
from targets.actions import add_opening_balance
from tests import factories
from tests.reports import sheets

YEAR_2021 = Period(date(2021, 3, 1), date(2021, 12, 31))


@pytest.fixture
def balance(world):
    values = {"from_on": date(2021, 1, 1), "to_on": date(2021, 6, 30), "count": 4, "women": 2, "document": "5-BC/ĐU"}
    return add_opening_balance(plan=world.plan, organization=world.north, values=values, by=world.board)


def year(world, period=YEAR_2021) -> Count:
    return progress_table(world.board, period).total.year


def test_a_backfilled_person_names_part_of_the_balance(world, balance):
    before = year(world)

    factories.backfilled(world.north_1, sex="female")
    factories.backfilled(world.north, decided_on=date(2021, 5, 3), sex="male")

    after = year(world)
    assert before == Count(0, 4)
    assert after == Count(2, 2)
    women = progress_table(world.board, YEAR_2021).total.women
    assert women == Count(1, 1)


def test_outside_the_balance_a_backfilled_person_is_one_more(world, balance):
    factories.backfilled(world.south_1, decided_on=date(2021, 5, 3))
    factories.backfilled(world.north_1, decided_on=date(2021, 9, 3))

    assert year(world) == Count(2, 4)


def test_the_month_is_that_of_the_decision(world, balance):
    factories.backfilled(world.north_1, decided_on=date(2021, 3, 31), ceremony_on=date(2021, 4, 20))

    def month(number):
        last = {3: 31, 4: 30}[number]
        return progress_table(world.board, Period.month_of(date(2021, number, last))).total.period

    assert (month(3), month(4)) == (Count(1, 0), Count(0, 0))


def test_table_rows_workbook_and_recount_agree(world, balance, as_user):
    for _ in range(2):
        factories.backfilled(world.north_1, official_on=date(2022, 4, 20))
    plan = current_plan()

    table = progress_table(world.board, YEAR_2021)
    people = people_behind(world.board, "year", YEAR_2021, plan).count()
    rest = sum(n for _row, n in openings_behind(world.board, "year", YEAR_2021, plan))
    query = {"den_ngay": "31/12/2021", "tu_ngay": "01/12/2021"}
    response = as_user(world.board).get(reverse("reports:standing_committee_xlsx"), query)
    line = sheets.lines(response.content)["Xã Hồng Lý"]

    assert (people, rest) == (table.total.year.people, table.total.year.opening) == (2, 2)
    assert line["year"] == 4
    call_command("verify", as_of=date(2021, 12, 31), stdout=StringIO())
    call_command("verify", stdout=StringIO())


def test_the_page_says_how_much_of_the_balance_has_names_and_warns_beyond_it(world, balance, as_user):
    client, page = as_user(world.board), reverse("candidates:backfill")
    factories.backfilled(world.north_1)

    def shown():
        return client.get(page, {"don-vi": world.north_1.slug}).content.decode()

    assert "Số dư 4, trong đó 1 đã có tên" in shown()
    assert "3 người chưa có tên" in client.get(page).content.decode()
    for _ in range(4):
        factories.backfilled(world.north_2)
    assert "đã có tên 5, văn bản báo 4" in shown()
    assert "không có số dư" in client.get(page, {"don-vi": world.south_1.slug}).content.decode()
