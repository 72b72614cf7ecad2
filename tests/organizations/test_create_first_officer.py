"""The console makes one Board officer and one administrator, and afterwards only resets such accounts."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from organizations.actions.accounts import recent_recoveries
from organizations.models import Assignment, Change, User
from tests.factories import make_unit

NAMES = {
    "board_username": "Tochuc",
    "board_name": "Vũ Thị Hoa",
    "admin_username": "quantri",
    "admin_name": "Lê Văn Máy",
}


@pytest.fixture
def empty(db, today):
    area = make_unit(None, "khu-vuc", "Khu vực Vũ Thư", kind="area", code="")
    return area, make_unit(area, "vu-thu", "Đảng bộ huyện Vũ Thư", kind="district", code="344")


def run(**options) -> str:
    out = StringIO()
    call_command("create_first_officer", stdout=out, **options)
    return out.getvalue()


def passwords_in(text: str) -> list[str]:
    return re.findall(r"first password (\S+)", text)


def test_two_people_get_a_first_password_each(empty):
    area, district = empty

    said = run(**NAMES)

    board, admin = Assignment.objects.order_by("pk")
    assert (board.user.username, board.role, board.organization, board.is_head) == (
        "tochuc",
        "organization_board",
        district,
        True,
    )
    assert (admin.user.username, admin.role, admin.organization) == ("quantri", "system_admin", area)
    found = passwords_in(said)
    assert len(set(found)) == 2
    response = Client().post(reverse("login"), {"username": "tochuc", "password": found[0]})
    assert response.url == reverse("password_change")
    rows = Change.objects.filter(action="account.first")
    assert {row.via for row in rows} == {"command"}
    assert {row.object_type for row in rows} == {"organizations.User", "organizations.Assignment"}
    assert not [row for row in rows if found[0] in str(row.after)]


def test_missing_names_are_asked_for(empty, monkeypatch):
    answers = iter(["tochuc", "Vũ Thị Hoa", "quantri", "Lê Văn Máy"])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))

    assert len(passwords_in(run())) == 2


def test_it_works_once(empty):
    run(**NAMES)

    with pytest.raises(CommandError, match="--recover"):
        run(**NAMES | {"board_username": "khac", "admin_username": "khac2"})
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    "same", [{"admin_name": "vũ thị  hoa"}, {"admin_username": "TOCHUC"}], ids=["name", "username"]
)
def test_the_two_are_different_people(empty, same):
    with pytest.raises(CommandError):
        run(**NAMES | same)

    assert not User.objects.exists()
    assert not Change.objects.filter(action="account.first").exists()


def test_without_organizations_it_says_what_to_run(db):
    with pytest.raises(CommandError, match="load_plan"):
        run(**NAMES)


def test_a_dry_run_writes_nothing_and_shows_no_password(empty):
    said = run(**NAMES, dry_run=True)

    assert "Nothing was written" in said
    assert not passwords_in(said)
    assert not User.objects.exists()


def test_recovery_resets_a_board_officer_and_every_board_home_can_show_it(world):
    (found,) = passwords_in(run(recover="board", reason="Quên mật khẩu, đã gặp tại phòng"))

    response = Client().post(reverse("login"), {"username": "board", "password": found})
    assert response.url == reverse("password_change")
    (change,) = recent_recoveries()
    assert change.user == world.board
    assert change.reason == "Quên mật khẩu, đã gặp tại phòng"
    assert change.via == "command"


@pytest.mark.parametrize("username", ["north_officer", "standing", "nobody", "khong-co"])
def test_recovery_is_for_these_two_kinds_of_accounts_only(world, username):
    with pytest.raises(CommandError, match="no active Board officer"):
        run(recover=username)

    assert recent_recoveries() == []


def test_a_dry_recovery_changes_nothing(world):
    before = User.objects.get(username="admin").password

    run(recover="admin", dry_run=True)

    assert User.objects.get(username="admin").password == before
    assert recent_recoveries() == []
