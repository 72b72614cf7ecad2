"""Every number opens its rows: as many as it says, traces included, nothing foreign."""

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidates.models import Candidate, StageEvent
from candidates.pipeline import Stage, Status, Step
from organizations.models import User
from reports.figures import Period, current_plan, progress_table
from reports.figures.attention import counts
from reports.figures.behind import FIGURES, openings_behind, people_behind
from reports.figures.periods import Count
from reports.figures.scope import Reach
from targets.models import OpeningBalance
from tests import factories, snapshots
from tests.reports.test_dashboard import decided, text_of
from tests.reports.worlds import WORLDS
from tests.reports.worlds.build import build
from tests.reports.worlds.notation import day
from vuthu_recruit import clock

ADMITTED = ("period", "year", "term", "last_year", "women", "union", "religion", "enterprise", "official")
ON_THE_TABLE = (*ADMITTED, "trained", "dossier", "submitted")


def check_rows(user, period, only=""):
    """Totals are sums of units, and each figure is as long as its list."""
    table, plan = progress_table(user, period, only=only), current_plan()
    for name in ON_THE_TABLE:
        zero = Count() if isinstance(getattr(table.total, name), Count) else 0
        assert getattr(table.total, name) == sum((getattr(row, name) for row in table.rows), zero), name
        shown = getattr(table.total, name)
        people = shown.people if isinstance(shown, Count) else shown
        assert people_behind(user, name, period, plan, only).count() == people, name
        if FIGURES[name].window:
            assert sum(n for _row, n in openings_behind(user, name, period, plan, only)) == shown.opening
    expected = {f"stage_{stage}": people for stage, people in table.funnel.stages.items()}
    expected |= {"followed": table.funnel.followed, "returned": table.funnel.returned, "stopped": table.funnel.stopped}
    found = counts(Reach(user, only), period.as_of)
    expected |= table.standing_still | {key: found[key] for key in ("certificates", "probation")}
    for name, people in expected.items():
        assert people_behind(user, name, period, plan, only).count() == people, name


@pytest.mark.parametrize("name", WORLDS)
def test_every_figure_of_the_worlds_is_as_long_as_its_list(name, db, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: day(WORLDS[name].today))
    build(WORLDS[name])
    for case in WORLDS[name].cases:
        user = User.objects.get(username=case.user)
        check_rows(user, Period(day(case.since), day(case.as_of)))
    for only in ("I", "II", "north"):
        check_rows(user, Period(day(case.since), day(case.as_of)), only)


@pytest.mark.parametrize("name", ["w01_year_edge", "w05_opening", "w10_scopes"])
def test_months_add_up_to_the_year(name, db, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: day(WORLDS[name].today))
    build(WORLDS[name])
    board = User.objects.get(username="board")
    for year in (2021, 2024):
        ends = [date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1) for month in range(1, 13)]
        months = [progress_table(board, Period.month_of(end)).total.period for end in ends]
        assert sum(months, Count()) == progress_table(board, Period.month_of(ends[-1])).total.year


LIVES = st.lists(
    st.tuples(
        st.integers(0, 4),  # which unit
        st.lists(st.integers(0, 2200), min_size=1, max_size=12),  # days of the steps, from 1/1/2019
        st.sampled_from(["female", "male"]),
        st.sampled_from([Status.OPEN, Status.OPEN, Status.RETURNED, Status.STOPPED]),
    ),
    max_size=12,
)
BALANCES = st.dictionaries(st.sampled_from([2020, 2021, 2022]), st.tuples(st.integers(0, 6), st.booleans()), max_size=3)


@given(LIVES, BALANCES, st.integers(300, 2148), st.integers(0, 400))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_totals_units_and_lists_agree_on_random_data(world, lives, balances, as_of, back):
    StageEvent.objects.all().delete()
    Candidate.objects.all().delete()
    OpeningBalance.objects.all().delete()
    units = [world.north_1, world.north_2, world.south_1, world.office_1, world.cell]
    for place, days, sex, status in lives:
        _live(units[place], sorted(days), sex, status)
    for year, (count, knows_women) in balances.items():
        OpeningBalance.objects.create(
            plan=world.plan,
            organization=world.north,
            from_on=date(year, 8 if year == 2020 else 1, 1),
            to_on=date(year, 12, 31),
            count=count,
            women=count // 2 if knows_women else None,
            document="10-BC/ĐU",
        )
    first = date(2019, 1, 1).toordinal()
    period = Period(date.fromordinal(first + max(0, as_of - back)), date.fromordinal(first + as_of))
    for name in ("board", "north_officer", "branch_officer"):
        check_rows(User.objects.get(username=name), period)


def _live(unit, days, sex, status):
    """Events as the actions leave them: each ended by the next, the last standing."""
    person = Candidate.objects.create(full_name="Nguyễn Văn Mẫu", sex=sex, unit=unit, status=status)
    on = [date.fromordinal(date(2019, 1, 1).toordinal() + each) for each in days]
    for number, happened in enumerate(on):
        stage = list(Stage)[number]
        is_last = number == len(on) - 1
        snapshot = {"sex": sex, "youth_union": True, "religion": "none", "occupation": "farmer"}
        StageEvent.objects.create(
            candidate=person,
            seq=number + 1,
            place=number + 1,
            step=Step(stage.value),
            to_stage=stage,
            to_status=status if is_last else Status.OPEN,
            happened_on=happened,
            ended_on=None if is_last else on[number + 1],
            unit=unit,
            is_counted=stage in (Stage.DECIDED, Stage.ADMITTED, Stage.OFFICIAL),
            snapshot=snapshot if stage == Stage.DECIDED else None,
        )


def test_a_list_shows_its_people_and_the_unnamed_rest(world, as_user):
    OpeningBalance.objects.create(
        plan=world.plan,
        organization=world.north,
        from_on=date(2021, 1, 1),
        to_on=date(2021, 12, 31),
        count=3,
        document="10-BC/ĐU",
    )
    decided(world.north_1, date(2021, 6, 1), full_name="Trần Thị Đào")
    words = text_of(as_user(world.board).get("/tong-quan/nhiem-ky/"))
    assert "3 người, trong đó 1 đã có tên" in words
    assert "Trần Thị Đào" in words
    assert "10-BC/ĐU" in words


def test_somebody_who_moved_stays_in_the_rows_with_little_more_than_a_name(world, as_user):
    person = decided(world.north_1, date(2024, 5, 6), full_name="Trần Thị Đào", residence="thôn Bí Mật")
    factories.step(person, Step.MOVED, date(2024, 6, 1), by=world.board, unit=world.south_1, reason="chuyển nơi ở mới")
    words = text_of(as_user(world.north_officer).get("/tong-quan/nam/"))
    assert "Trần Thị Đào" in words
    assert "Đã chuyển" in words
    assert "Bí Mật" not in words
    assert person.identity_number not in words
    south = text_of(as_user(world.south_officer).get("/tong-quan/nam/"))
    assert "Trần Thị Đào" not in south


def test_a_list_holds_nobody_of_other_units(world, as_user):
    decided(world.south_1, date(2024, 5, 6), full_name="Trần Thị Đào")
    for figure in FIGURES.values():
        response = as_user(world.north_officer).get(f"/tong-quan/{figure.slug}/")
        assert response.status_code == 200
        assert "Trần Thị Đào" not in text_of(response)


def test_an_unknown_figure_is_not_found(world, as_user):
    assert as_user(world.board).get("/tong-quan/khong-co/").status_code == 404


@pytest.mark.parametrize("name", ["center", "youth", "admin", "nobody"])
def test_roles_without_figures_get_403(world, as_user, name):
    assert as_user(getattr(world, name)).get("/tong-quan/nam/").status_code == 403


@pytest.mark.parametrize("page", ["0", "-1", "x", "1000000000"])
def test_any_page_number_is_answered(world, as_user, page):
    decided(world.north_1, date(2024, 5, 6))
    assert as_user(world.board).get("/tong-quan/nam/", {"page": page}).status_code == 200


def test_lists_units_that_are_slow_and_branches_long_without_admission(world, as_user):
    factories.make_candidate(world.north_1)
    decided(world.north_1, date(2019, 5, 6))
    slow = as_user(world.board).get("/tong-quan/don-vi-cham/")
    assert [line["row"].organization for line in slow.context["units"]] == [world.north]
    branches = as_user(world.board).get("/tong-quan/chi-bo-chua-ket-nap/")
    assert list(branches.context["branches"]) == [world.north_1]


NUMBER = re.compile(
    r'<a[^>]*href="(/(?:tong-quan|don-vi)/[^"]*)"[^>]*>\s*(?:<[^>]+>\s*)*([\d.]+)\s*(?:<[^>]+>\s*)*</a>'
)
SAID = re.compile(r"<p>([\d.]+) (?:người|đơn vị|chi bộ)")


@pytest.fixture
def lived(db, today):
    """A year with names, an opening balance with women, and what is left of it."""
    return snapshots.once(_lived)


def _lived() -> factories.World:
    world = factories.build_world()
    for year, count, women in ((2021, 5, 2), (2024, 4, 1)):
        OpeningBalance.objects.create(
            plan=world.plan, organization=world.north, from_on=date(year, 1, 1), to_on=date(year, 3, 31), count=count,
            women=women, document=f"10-BC/ĐU {year}",
        )  # fmt: skip
    decided(world.north_1, date(2024, 5, 6), sex="female", religion="catholic")
    decided(world.south_1, date(2021, 2, 1), sex="male")
    decided(world.cell, date(2023, 6, 1))
    factories.make_candidate(world.south_1)
    return world


@pytest.mark.parametrize("on", ["", "?den_ngay=31/12/2021", "?tu_ngay=1/1/2024&den_ngay=30/6/2024"])
@pytest.mark.parametrize("name", ["board", "standing", "supervisor", "north_officer", "branch_officer"])
def test_every_number_opens_a_list_that_says_the_same_number(name, on, lived, as_user):
    client = as_user(getattr(lived, name))
    for page in ("/", "/tong-quan/", "/bao-cao/bieu-tien-do/", f"/don-vi/{lived.north.slug}/"):
        found = NUMBER.findall(client.get(page + ("" if page.startswith("/don-vi") else on)).content.decode())
        few = page in ("/bao-cao/bieu-tien-do/", "/don-vi/13195/")
        assert len(found) > 3 or few or (page == "/" and name == "board")  # the Board finds work there, not figures
        for link, number in found:
            response = client.get(link.replace("&amp;", "&"))
            assert response.status_code == 200, link
            if not link.startswith("/tong-quan/?"):
                said = SAID.search(response.content.decode())
                assert said, link
                assert said[1] == number, (page, link)


def test_every_link_of_the_dashboard_opens(world, as_user):
    decided(world.north_1, date(2024, 5, 6))
    client = as_user(world.board)
    content = client.get("/tong-quan/").content.decode()
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/tong-quan/[^"]+)"', content)}
    assert len(links) > 20
    assert {client.get(link).status_code for link in links} == {200}
