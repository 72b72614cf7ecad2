"""The people list: scope, search, filters in the address, order, pages, finding by number."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.actions.readmission import readmit
from candidates.models import Candidate
from candidates.pipeline import Stage, Step
from organizations.models import Assignment
from organizations.permissions import Role
from tests.factories import advance, assign, make_candidate, make_user, step

INDEX = reverse("candidates:index")
FIND = reverse("candidates:find_number")


def names(response) -> list[str]:
    return [row["candidate"].full_name for row in response.context["rows"]]


@pytest.fixture
def people(world):
    """Six people in three units, at different stages."""
    return {
        "dao": make_candidate(world.north_1, full_name="Nguyễn Thị Đào", priority_groups=["militia"], sex="female"),
        "dao_2": make_candidate(world.north_1, full_name="Trần Văn Đạo", sex="male"),
        "anh": advance(make_candidate(world.north_2, full_name="Bùi Thị Anh", sex="female"), Stage.DOSSIER),
        "binh": advance(make_candidate(world.north_1, full_name="Lê Văn Bình", sex="male"), Stage.SUBMITTED),
        "nam": make_candidate(world.south_1, full_name="Phạm Văn Nam", sex="male"),
        "toa": make_candidate(world.cell, full_name="Vũ Thị Tòa", sex="female"),
    }


def test_the_list_shows_the_people_of_ones_scope_by_given_name(people, world, as_user):
    assert names(as_user(world.north_officer).get(INDEX)) == [
        "Bùi Thị Anh",
        "Lê Văn Bình",
        "Nguyễn Thị Đào",
        "Trần Văn Đạo",
    ]
    assert names(as_user(world.branch_officer).get(INDEX)) == ["Lê Văn Bình", "Nguyễn Thị Đào", "Trần Văn Đạo"]
    assert len(names(as_user(world.board).get(INDEX))) == 6


@pytest.mark.parametrize("who", ["center", "youth", "admin", "nobody"])
def test_who_reads_no_people_has_no_list(world, as_user, who):
    browser = as_user(getattr(world, who))

    assert browser.get(INDEX).status_code == 403
    assert browser.get(reverse("candidates:export")).status_code == 403
    assert browser.post(FIND, {"number": "000000000001"}).status_code == 403


@pytest.mark.parametrize(
    "query, found",
    [
        ("nguyen thi dao", ["Nguyễn Thị Đào"]),
        ("đào", ["Nguyễn Thị Đào", "Trần Văn Đạo"]),
        ("đạo", ["Trần Văn Đạo", "Nguyễn Thị Đào"]),
        ("Đa\u0300o", ["Nguyễn Thị Đào", "Trần Văn Đạo"]),
        ("zzz", []),
        ("<script>", []),
    ],
)
def test_search_needs_no_marks_and_shows_the_exact_first(people, world, as_user, query, found):
    response = as_user(world.north_officer).get(INDEX, {"q": query})

    assert names(response) == found
    assert "<script>" not in response.content.decode().partition("<main")[2]


@pytest.mark.parametrize(
    "query, found",
    [
        ({"unit": "13195"}, 4),
        ({"unit": "mau-07"}, 1),
        ({"unit": "13195", "branch": "north_2"}, 1),
        ({"stage": ["source"]}, 4),
        ({"stage": ["dossier", "submitted"]}, 2),
        ({"status": "open"}, 6),
        ({"status": "stopped"}, 0),
        ({"sex": "female"}, 3),
        ({"group": "militia"}, 1),
        ({"body": "youth_union"}, 0),
        ({"unit": "13195", "sex": "male", "stage": "submitted"}, 1),
    ],
)
def test_filters_stand_in_the_address_and_each_is_a_chip(people, world, as_user, query, found):
    if "branch" in query:
        query = query | {"branch": getattr(world, query["branch"]).slug}
    response = as_user(world.board).get(INDEX, query)

    assert response.status_code == 200
    assert response.context["page_obj"].paginator.count == found == len(names(response))
    assert len(response.context["chips"]) == sum(len(v) if isinstance(v, list) else 1 for v in query.values())


def test_a_chip_is_removed_alone_and_clearing_keeps_search_and_sort(people, world, as_user):
    page = as_user(world.board).get(INDEX, {"q": "a", "sort": "-name", "stage": ["source", "dossier"], "sex": "female"})
    text = page.content.decode()

    assert "?q=a&amp;sort=-name&amp;sex=female&amp;stage=dossier" in text
    assert 'href="?q=a&amp;sort=-name">Xóa lọc' in text


@pytest.mark.parametrize("name", ["unit", "branch", "stage", "status", "sex", "group", "body"])
@pytest.mark.parametrize("value", ["khong-co", "'; --", "=cmd|x", "9" * 300])
def test_an_unknown_filter_is_answered_in_words_at_the_filter(people, world, as_user, name, value):
    response = as_user(world.north_officer).get(INDEX, {name: value})
    text = response.content.decode()

    assert response.status_code == 422
    assert "Hãy chọn một mục trong danh sách." in text
    assert "Có lỗi cần sửa" in text
    assert not response.context["rows"]


def test_a_foreign_unit_is_no_filter(people, world, as_user):
    officer = as_user(world.north_officer)

    assert officer.get(INDEX, {"unit": "13249"}).status_code == 422
    assert officer.get(INDEX, {"branch": world.south_1.slug}).status_code == 422


@pytest.mark.parametrize(
    "sort, first, last",
    [
        ("name", "Bùi Thị Anh", "Vũ Thị Tòa"),
        ("-name", "Vũ Thị Tòa", "Bùi Thị Anh"),
        ("-stage", "Lê Văn Bình", "Vũ Thị Tòa"),
        ("-last", "Lê Văn Bình", "Vũ Thị Tòa"),
        ("nonsense", "Bùi Thị Anh", "Vũ Thị Tòa"),
    ],
)
def test_the_list_is_sorted_by_name_stage_or_last_day(people, world, as_user, sort, first, last):
    found = names(as_user(world.board).get(INDEX, {"sort": sort}))

    assert (found[0], found[-1]) == (first, last)


@pytest.mark.parametrize("page, shown", [("1", 25), ("2", 3), ("10" * 5, 3), ("1000000000", 3), ("-1", 25), ("x", 25)])
def test_any_page_number_gives_a_page(world, as_user, page, shown):
    for _ in range(28):
        make_candidate(world.cell)

    response = as_user(world.cell_officer).get(INDEX, {"page": page})

    assert len(names(response)) == shown
    assert "28 người" in response.content.decode()


def test_a_row_says_where_since_when_and_what_is_next(people, world, as_user):
    row = as_user(world.north_officer).get(INDEX, {"q": "bình"}).context["rows"][0]

    assert (row["unit"], row["branch"]) == (world.north.short_name, world.north_1.short_name)
    assert row["badge"]["word"] == "Đã gửi Ban Tổ chức"
    assert row["hint"] == "Ban Tổ chức thẩm định"
    assert row["birth_year"] == "1995"
    assert row["candidate"].last_on == people["binh"].events.filter(is_live=True).latest("happened_on").happened_on


def test_drafts_and_withdrawn_people_are_in_no_list(world, as_user):
    make_candidate(world.south_1, full_name="Đinh Văn Gốc", identity_number="000111222333")
    make_candidate(world.north_1, full_name="Đinh Văn Nháp", identity_number="000111222333")

    assert names(as_user(world.north_officer).get(INDEX)) == []
    assert names(as_user(world.board).get(INDEX)) == ["Đinh Văn Gốc"]


# Identity numbers never stand in an address


def test_a_number_typed_as_a_name_is_refused_without_being_repeated(people, world, as_user):
    officer = as_user(world.north_officer)
    number = people["dao"].identity_number

    response = officer.get(INDEX, {"q": f" {number[:6]} {number[6:]}", "sex": "female"}, follow=True)

    assert response.redirect_chain == [(f"{INDEX}?sex=female", 302)]
    assert "Tìm theo số định danh" in response.content.decode()
    assert number not in response.content.decode()
    assert number[6:] not in response.content.decode()


def test_finding_by_number_opens_the_person_in_scope(people, world, as_user):
    number = people["dao"].identity_number
    written = f"{number[:3]} {number[3:6]}.{number[6:9]}-{number[9:]}"

    response = as_user(world.north_officer).post(FIND, {"number": written})

    assert response.url == people["dao"].get_absolute_url()


def test_finding_by_number_is_no_oracle(people, world, as_user):
    def answer(number):
        officer = as_user(world.north_officer)
        response = officer.post(FIND, {"number": number}, follow=True)
        main = response.content.decode().partition("<main")[2]
        return response.redirect_chain, [str(message) for message in response.context["messages"]], len(main)

    foreign, nobody = answer(people["nam"].identity_number), answer("000999999999")

    assert foreign == nobody
    assert foreign[1] == ["Không tìm thấy số định danh này trong phạm vi của bạn."]


@pytest.mark.parametrize("typed", ["12", "0" * 13, "Nguyễn 0123456789", "٠" * 12, "1" * 5000])
def test_what_is_no_number_is_answered_in_words(world, as_user, typed):
    response = as_user(world.north_officer).post(FIND, {"number": typed}, follow=True)

    assert "Số định danh cần đúng 12 chữ số" in response.content.decode()


def test_a_name_typed_where_numbers_go_is_searched_in_the_list(people, world, as_user):
    response = as_user(world.north_officer).post(FIND, {"number": " nguyen  thi dao "}, follow=True)

    assert response.redirect_chain == [(f"{INDEX}?q=nguyen+thi+dao", 302)]
    assert names(response) == ["Nguyễn Thị Đào"]


def test_the_one_who_is_followed_comes_before_the_one_struck_off(world, as_user):
    old = advance(make_candidate(world.north_1, full_name="Đỗ Văn Xóa"), Stage.ADMITTED)
    step(old, Step.STRUCK_OFF, date(2023, 6, 1), by=world.board, document="3-QĐ", reason="Không còn đủ tư cách")
    again = readmit(candidate=old, values={}, entered_on=date(2024, 3, 1), by=world.north_officer)

    response = as_user(world.north_officer).post(FIND, {"number": again.identity_number})

    assert response.url == again.get_absolute_url()


# Cost


def test_the_list_costs_the_same_for_ten_and_for_sixty_people(world, as_user):
    counts = []
    for size in (10, 60):
        while Candidate.objects.count() < size:
            make_candidate([world.north_1, world.north_2, world.cell][Candidate.objects.count() % 3])
        browser = as_user(world.board)
        browser.get(INDEX)  # the first page of a session also stamps the session
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(INDEX, {"q": "nguyen"}).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    sql = [query["sql"][:160] for query in queries.captured_queries]
    assert counts[0] <= 8, "\n".join(sql)


def test_an_ended_assignment_bites_at_once(people, world, as_user):
    user = make_user("tam-thoi")
    assign(user, Role.UNIT_OFFICER, world.north)
    browser = as_user(user)
    assert len(names(browser.get(INDEX))) == 4

    Assignment.objects.filter(user=user).update(ends_on=date(2024, 11, 18))

    assert browser.get(INDEX).status_code == 403
