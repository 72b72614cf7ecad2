"""The menu shows what one may open, marks where one is, and costs one query beyond the scope."""

import pytest

from organizations import navigation
from organizations.actions import assignments
from organizations.actions.assignments import Post
from organizations.permissions import Role
from organizations.scope import scope_of
from tests.factories import assign, make_user

BOARD = [
    "Việc hôm nay", "Thời hạn", "Quần chúng", "Đối chiếu", "Kỳ họp", "Lớp học", "Nhập Excel", "Tổng quan", "Đơn vị",
    "Chỉ tiêu", "Báo cáo",
    "Lịch sử thay đổi", "Lịch sử xuất dữ liệu", "Bộ quy định", "Biểu mẫu hồ sơ", "Lịch làm việc", "Chờ xác nhận",
]  # fmt: skip
RULES = ["Bộ quy định", "Lịch làm việc"]
DOSSIERS = ["Bộ quy định", "Biểu mẫu hồ sơ", "Lịch làm việc"]  # for who works on them
READERS = ["Việc hôm nay", "Quần chúng", "Tổng quan", "Đơn vị", "Chỉ tiêu", "Báo cáo", *RULES]


def labels(user, path="/") -> list[str]:
    return [item.label for _, items in navigation.navigation(user, path) for item in items]


@pytest.mark.parametrize(
    ("username", "expected"),
    [
        ("board", BOARD),
        ("standing", [*READERS[:2], "Kỳ họp", *READERS[2:]]),
        ("supervisor", READERS),
        ("branch_officer", ["Việc hôm nay", "Thời hạn", *READERS[1:-2], *DOSSIERS]),
        ("center", ["Việc hôm nay", "Lớp học", *RULES]),
        ("youth", ["Việc hôm nay", "Giới thiệu"]),
        ("admin", ["Việc hôm nay", "Tài khoản", "Chờ xác nhận"]),
        ("nobody", ["Việc hôm nay"]),
    ],
)
def test_each_role_has_its_menu(world, username, expected):
    assert labels(getattr(world, username)) == expected


def test_a_unit_officer_has_the_worklist_of_introductions(world):
    assert labels(world.north_officer) == [
        "Việc hôm nay", "Thời hạn", "Quần chúng", "Chờ tiếp nhận", "Lớp học", "Nhập Excel", "Tổng quan", "Đơn vị",
        "Chỉ tiêu", "Báo cáo",
        *DOSSIERS,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["Việc hôm nay"]),
        ("/viec-cho-xac-nhan/7/", ["Chờ xác nhận"]),
        ("/quan-chung/12/", ["Quần chúng"]),
        ("/doi-mat-khau/", []),
    ],
)
def test_the_page_one_is_on_is_marked(world, path, current):
    items = [item for _, group in navigation.navigation(world.board, path) for item in group]

    assert [item.label for item in items if item.current] == current


def test_the_board_sees_how_much_waits_for_it(world):
    for user, role in ((world.nobody, Role.UNIT_OFFICER), (world.board, Role.SUPERVISOR)):
        assignments.assign(user=user, post=Post(role, world.south, world.plan.signed_on), reason="", by=world.admin)

    def count(user):
        items = [item for _, group in navigation.navigation(user, "/") for item in group]
        return next(item.count for item in items if item.label == "Chờ xác nhận")

    assert count(world.head) == 2
    assert count(world.board) == 1  # not what concerns this officer
    assert count(world.admin) is None


def test_the_menu_costs_one_query_beyond_the_scope(world, django_assert_num_queries):
    for user in (world.board, world.north_officer):
        for right in ("confirm", "step_board", "step_committee", "step_branch"):
            scope_of(user).paths(right)
        navigation.navigation(user, "/")  # the rules are read once a minute
        with django_assert_num_queries(1):
            navigation.navigation(user, "/")
    scope_of(world.standing).assignments  # noqa: B018
    with django_assert_num_queries(0):
        navigation.navigation(world.standing, "/")


def test_the_line_under_the_name_says_role_and_place(world):
    assert navigation.role_line(world.youth) == "Mặt trận, đoàn thể, Xã Hồng Lý"
    assert navigation.role_line(world.nobody) == "Chưa được giao vai trò"
    two = make_user("hai")
    assign(two, Role.SUPERVISOR, world.north)
    assign(two, Role.SUPERVISOR, world.south)
    assert navigation.role_line(two) == "Huyện ủy viên phụ trách, Xã Hồng Lý và 1 vai trò khác"
