"""Accounts and roles as the system administrator works with them."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.actions import accounts, assignments
from organizations.actions.assignments import Post
from organizations.models import Assignment, Change, Proposal, User
from organizations.permissions import Permission, Role
from organizations.scope import holds
from tests.factories import assign, make_user

WHY = "Theo quyết định phân công số 12"
DATA = {
    "username": "moi.den",
    "full_name": "Đỗ Thị Mới",
    "position": "Phó Bí thư",
    "phone": "0912 345 678",
    "email": "",
}


def page(client, name, *args, **query):
    return client.get(reverse(f"organizations:{name}", args=args), query)


def send(client, name, *args, data=None, query=""):
    return client.post(reverse(f"organizations:{name}", args=args) + query, data or {})


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def admin(world, as_user):
    return as_user(world.admin)


URLS = ["account", "account_edit", "set_active", "reset_password", "assign"]


@pytest.mark.parametrize("username", ["board", "standing", "north_officer", "center", "youth", "nobody"])
def test_accounts_are_for_the_administrator_alone(world, as_user, username):
    client = as_user(getattr(world, username))

    assert page(client, "accounts").status_code == 403
    assert page(client, "account_create").status_code == 403
    for name in URLS:
        assert page(client, name, world.south_officer.pk).status_code == 403
        assert send(client, name, world.south_officer.pk).status_code in (403, 405)
    ending = world.south_officer.assignments.get()
    assert page(client, "end_assignment", ending.pk).status_code == 403


def test_the_administrator_sees_no_person_and_no_figure(world):
    for right in Permission:
        assert holds(world.admin, right) == (right == Permission.ACCOUNT_EDIT)


def test_what_does_not_exist_is_not_found(world, admin):
    for name in (*URLS, "end_assignment"):
        assert page(admin, name, 987_654).status_code == 404


def test_the_list_is_sorted_by_given_name_and_found_without_marks(world, admin):
    make_user("ba", "Nguyễn Văn Đảng")
    make_user("bon", "Trần Thị Ánh")

    listed = text(page(admin, "accounts", state="waiting"))
    assert listed.index("Trần Thị Ánh") < listed.index("Nguyễn Văn Đảng")
    found = text(page(admin, "accounts", q="nguyen dang"))
    assert "Nguyễn Văn Đảng" in found
    assert "Trần Thị Ánh" not in found
    assert "1 tài khoản đúng bộ lọc" in found


def test_the_list_is_filtered_by_role_and_state(world, admin):
    User.objects.filter(pk=world.youth.pk).update(is_active=False)

    board = text(page(admin, "accounts", role="organization_board"))
    assert "3 tài khoản" in board
    assert "Vai trò: Ban Tổ chức Huyện ủy" in board
    off = text(page(admin, "accounts", state="off"))
    assert "1 tài khoản" in off
    assert "youth" in off


def test_a_list_without_rows_says_what_to_do(world, admin):
    assert "Không có tài khoản nào đúng bộ lọc này" in text(page(admin, "accounts", q="không ai tên thế"))


@pytest.mark.parametrize("query", [{"role": "vua"}, {"state": "x"}, {"q": "x" * 10_000}])
def test_an_unknown_filter_is_answered_in_words(world, admin, query):
    response = page(admin, "accounts", **query)

    assert response.status_code == 422
    assert "Có lỗi cần sửa" in text(response)


@pytest.mark.parametrize("query", [{"page": "1000000000"}, {"page": "x"}, {"sort": "-password"}, {"sort": "-seen"}])
def test_odd_pages_and_orders_do_no_harm(world, admin, query):
    assert page(admin, "accounts", **query).status_code == 200


def test_the_list_costs_the_same_whatever_its_length(world, admin, django_assert_num_queries):
    page(admin, "accounts")
    with CaptureQueriesContext(connection) as few:
        page(admin, "accounts")
    for number in range(20):
        assign(make_user(f"nguoi-{number}"), Role.UNIT_OFFICER, world.north)

    with django_assert_num_queries(len(few)):
        page(admin, "accounts")


def test_an_account_is_opened_without_password_and_without_role(world, admin):
    response = send(admin, "account_create", data=DATA)

    user = User.objects.get(username="moi.den")
    assert response.url == reverse("organizations:account", args=[user.pk])
    assert not user.has_usable_password()
    assert not user.assignments.exists()
    (change,) = Change.objects.filter(action="account.open")
    assert change.by == world.admin
    assert change.after["full_name"] == "Đỗ Thị Mới"
    assert change.after["password"] == "•"
    assert "Đã mở tài khoản moi.den cho Đỗ Thị Mới lúc" in text(admin.get(response.url))


def test_a_form_sent_twice_makes_one_account(world, admin):
    first, second = send(admin, "account_create", data=DATA), send(admin, "account_create", data=DATA)

    assert first.url == second.url
    assert User.objects.filter(username="moi.den").count() == 1
    assert Change.objects.filter(action="account.open").count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"username": "board"}, "đã có người dùng"),
        ({"username": "có dấu"}, "chữ thường không dấu"),
        ({"username": "x" * 10_000}, "60"),
        ({"full_name": " "}, "Chưa nhập “Họ và tên”."),
        ({"full_name": "Đ" * 10_000}, "120"),
        ({"email": "khong-phai"}, "Thư điện tử"),
        ({"phone": "gọi tôi"}, "Điện thoại chỉ gồm chữ số"),
    ],
)
def test_a_wrong_entry_is_said_on_its_field_and_kept(world, admin, wrong, sentence):
    response = send(admin, "account_create", data=DATA | wrong)

    assert response.status_code == 422
    assert sentence in text(response)
    assert "Phó Bí thư" in text(response)
    assert not User.objects.filter(full_name="Đỗ Thị Mới").exists()


def test_an_edit_of_an_old_page_shows_both_versions(world, admin):
    user = world.south_officer
    data = {"full_name": "Trần Văn Sửa", "position": "Bí thư", "version": user.version}
    accounts.edit_account(user=user, values={"full_name": "Trần Văn Khác"}, version=user.version, by=world.admin)

    response = send(admin, "account_edit", user.pk, data=data)
    assert response.status_code == 409
    assert "Trần Văn Khác" in text(response)
    assert 'value="Trần Văn Sửa"' in text(response)
    version = re.search(r'name="version" value="(\d+)"', text(response))[1]

    assert send(admin, "account_edit", user.pk, data=data | {"version": version}).status_code == 302
    assert User.objects.get(pk=user.pk).full_name == "Trần Văn Sửa"
    last = Change.objects.filter(action="account.edit").latest("pk")
    assert last.before["full_name"] == "Trần Văn Khác"


def test_switching_off_asks_why_and_is_in_the_history(world, admin):
    user = world.south_officer

    assert send(admin, "set_active", user.pk, data={"version": 1, "reason": "nghỉ"}).status_code == 422
    assert send(admin, "set_active", user.pk, data={"version": 1, "reason": "Nghỉ hưu từ tháng này"}).status_code == 302

    assert not User.objects.get(pk=user.pk).is_active
    (change,) = Change.objects.filter(action="account.off")
    assert (change.reason, change.after["is_active"]) == ("Nghỉ hưu từ tháng này", False)
    assert send(admin, "set_active", user.pk, data={"version": 2, "reason": "Nhầm người, mở lại"}).status_code == 302
    assert User.objects.get(pk=user.pk).is_active


@pytest.mark.parametrize("name", ["set_active", "reset_password", "assign"])
def test_nobody_acts_on_their_own_account(world, admin, name):
    assert page(admin, name, world.admin.pk).status_code == 403
    assert send(admin, name, world.admin.pk, data={"version": 1, "reason": WHY}).status_code == 403


def test_nobody_gives_or_ends_their_own_role(world, admin):
    post = Post(Role.SYSTEM_ADMIN, world.area, date(2024, 11, 18))
    own = world.admin.assignments.get()

    with pytest.raises(PermissionDenied):
        assignments.assign(user=world.admin, post=post, by=world.admin)
    with pytest.raises(PermissionDenied):
        assignments.end_assignment(assignment=own, ends_on=date(2024, 12, 1), reason=WHY, version=1, by=world.admin)
    assert send(admin, "end_assignment", own.pk, data={"version": 1}).status_code == 403
    own.refresh_from_db()
    assert own.ends_on is None


def test_a_role_that_reads_nobody_holds_at_once(world, admin):
    key = {"form_key": "k1", "organization": world.area.pk, "starts_on": "18/11/2024", "reason": WHY}

    response = send(admin, "assign", world.nobody.pk, data=key, query="?role=system_admin")

    assert response.status_code == 302
    assert world.nobody.assignments.get().role == "system_admin"
    assert Change.objects.filter(action="assignment.give", reason=WHY).exists()


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("unit_officer", "north_1"),
        ("unit_officer", "district"),
        ("branch_officer", "north"),
        ("system_admin", "district"),
    ],
)
def test_a_role_is_offered_only_where_it_is_given(world, admin, role, place):
    data = {"organization": getattr(world, place).pk, "starts_on": "18/11/2024", "reason": WHY, "form_key": "k"}

    response = send(admin, "assign", world.nobody.pk, data=data, query=f"?role={role}")

    assert response.status_code == 422
    assert "Hãy chọn một mục trong danh sách." in text(response)
    assert not Proposal.objects.exists()


def test_an_unknown_role_is_answered_in_words(world, admin):
    assert page(admin, "assign", world.nobody.pk, role="vua").status_code == 422


@pytest.mark.parametrize("starts_on", ["31/02/2024", "18/11/2030", "1/1/2010", ""])
def test_the_first_day_must_be_real_and_fit_the_unit(world, admin, starts_on):
    data = {"organization": world.north.pk, "starts_on": starts_on, "reason": WHY, "form_key": "k"}

    response = send(admin, "assign", world.nobody.pk, data=data, query="?role=unit_officer")

    assert response.status_code == 422
    assert not Proposal.objects.exists()


def test_a_mass_organization_names_its_body(world, admin):
    data = {"organization": world.north.pk, "starts_on": "18/11/2024", "reason": WHY, "form_key": "k"}

    assert send(admin, "assign", world.nobody.pk, data=data, query="?role=mass_organization").status_code == 422
    data["body"] = "women_union"
    assert send(admin, "assign", world.nobody.pk, data=data, query="?role=mass_organization").status_code == 302
    assert Proposal.objects.get().payload["body"] == "women_union"


def test_a_role_ends_on_a_day_with_a_reason(world, admin):
    row = world.south_officer.assignments.get()
    data = {"ends_on": "18/11/2024", "reason": WHY, "version": row.version}

    assert send(admin, "end_assignment", row.pk, data=data | {"reason": "thôi"}).status_code == 422
    assert send(admin, "end_assignment", row.pk, data=data | {"ends_on": "1/1/2010"}).status_code == 422
    assert send(admin, "end_assignment", row.pk, data=data).status_code == 302

    row.refresh_from_db()
    assert row.ends_on == date(2024, 11, 18)
    assert not holds(User.objects.get(pk=world.south_officer.pk), Permission.CANDIDATE_VIEW)
    assert Change.objects.get(action="assignment.end").reason == WHY
    assert send(admin, "end_assignment", row.pk, data=data).status_code == 409


def test_the_last_board_officer_stays(world):
    for user in (world.head, world.board):
        row = user.assignments.get()
        assignments.end_assignment(assignment=row, ends_on=date(2024, 11, 18), reason=WHY, version=1, by=world.admin)

    last = world.board_2.assignments.get()
    with pytest.raises(ValidationError, match="cuối cùng"):
        assignments.end_assignment(assignment=last, ends_on=date(2024, 11, 18), reason=WHY, version=1, by=world.admin)
    with pytest.raises(ValidationError, match="cuối cùng"):
        accounts.set_active(user=world.board_2, is_active=False, reason=WHY, version=1, by=world.admin)


def test_an_account_without_a_reading_role_gets_its_password_from_the_administrator_once(world, admin):
    response = send(admin, "reset_password", world.nobody.pk, data={"version": 1, "reason": WHY})

    assert response.status_code == 200
    shown = re.search(r'figure__value">([a-z2-9-]+)<', text(response))[1]
    assert len(shown) >= 14
    assert not set(shown) & set("ilo01")
    user = User.objects.get(pk=world.nobody.pk)
    assert user.check_password(shown)
    assert user.must_change_password
    for row in Change.objects.all():
        assert shown not in f"{row.before}{row.after}{row.reason}"
    assert shown not in str(dict(admin.session))
    assert shown not in text(page(admin, "account", user.pk))


def test_one_account_shows_roles_in_force_ended_and_waiting(world, admin):
    assign(world.south_officer, Role.BRANCH_OFFICER, world.south_1, ends_on=date(2020, 1, 1))
    Assignment.objects.filter(user=world.south_officer, organization=world.south).update(is_head=False)
    post = Post(Role.SUPERVISOR, world.north, date(2024, 11, 18) + timedelta(days=3))
    assignments.assign(user=world.south_officer, post=post, reason=WHY, by=world.admin)

    shown = text(page(admin, "account", world.south_officer.pk))

    assert "Vai trò đã thôi" in shown
    assert "Giao vai trò Huyện ủy viên phụ trách" in shown
    assert "Song An" in shown


def test_a_role_must_be_chosen(world, admin):
    response = admin.get(reverse("organizations:assign", args=[world.nobody.pk]), {"role": ""})

    assert response.status_code == 422
    assert response.context["form"].errors == {"role": ["Hãy chọn một vai trò."]}
