"""Sessions end by themselves, with the account, with the right; one's own can be seen and ended."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organizations.actions import accounts, assignments, sessions
from organizations.models import Session
from tests.factories import assign
from vuthu_recruit import clock

PASSWORD = "mat-khau-de-thu-nghiem"
PAGE = "organizations:sessions"


def signed_in(user) -> Client:
    client = Client()
    response = client.post(
        reverse("login"),
        {"username": user.username, "password": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0"},
    )
    assert response.status_code == 302
    return client


def after(**time):
    return patch("organizations.middleware.timezone.now", return_value=timezone.now() + timedelta(**time))


@pytest.mark.parametrize(
    ("username", "minutes", "is_alive"),
    [
        ("board", 29, True),
        ("board", 31, False),
        ("admin", 31, False),
        ("north_officer", 119, True),
        ("north_officer", 121, False),
        ("standing", 119, True),
        ("nobody", 121, False),
    ],
)
def test_an_idle_session_ends_by_role(world, username, minutes, is_alive):
    client = signed_in(getattr(world, username))

    with after(minutes=minutes):
        response = client.get(reverse(PAGE))

    assert response.status_code == (200 if is_alive else 302)
    if not is_alive:
        assert "het-phien=1" in response.url
        assert "next=%2Fphien-dang-nhap%2F" in response.url
        assert response["Cache-Control"] == "no-store"
        assert not Session.objects.exists()


def test_work_keeps_a_session_alive_but_no_longer_than_twelve_hours(world):
    client = signed_in(world.north_officer)

    for hour in range(1, 12):
        with after(hours=hour):
            assert client.get(reverse(PAGE)).status_code == 200
    with after(hours=12, minutes=1):
        assert client.get(reverse(PAGE)).status_code == 302


def test_what_was_being_sent_is_not_repeated_after_signing_in_again(world):
    client = signed_in(world.admin)

    with after(hours=1):
        response = client.post(reverse("organizations:account_create"), {"username": "moi"})

    assert response.url == f"{reverse('login')}?het-phien=1"


def test_all_sessions_of_a_disabled_account_die_at_once(world):
    here, there = signed_in(world.north_officer), signed_in(world.north_officer)

    accounts.set_active(
        user=world.north_officer, is_active=False, reason="Chuyển công tác khác", version=1, by=world.admin
    )

    assert not Session.objects.filter(user=world.north_officer).exists()
    for client in (here, there):
        assert client.get(reverse(PAGE)).status_code == 302


def test_a_disabled_account_is_nobody_even_with_a_session_left(world):
    client = signed_in(world.north_officer)
    type(world.north_officer).objects.filter(pk=world.north_officer.pk).update(is_active=False)

    assert client.get(reverse(PAGE)).status_code == 302


def test_a_role_taken_away_is_refused_from_the_next_request_on(world):
    second = assign(world.nobody, "system_admin", world.area)
    client = signed_in(world.nobody)
    assert client.get(reverse("organizations:accounts")).status_code == 200

    assignments.end_assignment(
        assignment=second, ends_on=clock.today(), reason="Giao cho người khác", version=second.version, by=world.admin
    )

    assert client.get(reverse("organizations:accounts")).status_code == 403


def test_one_sees_and_ends_ones_own_sessions(world):
    here, there = signed_in(world.board), signed_in(world.board)
    signed_in(world.head)

    page = here.get(reverse(PAGE)).content.decode()
    assert page.count("Chrome trên Windows") == 4  # two rows, each named again on its button
    assert page.count("Máy này") == 1
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in page

    handle = sessions.handle(there.session.session_key)
    assert here.post(reverse("organizations:end_session"), {"session": handle}).status_code == 302
    assert there.get(reverse(PAGE)).status_code == 302
    assert here.get(reverse(PAGE)).status_code == 200


def test_all_other_sessions_end_with_one_press(world):
    here, there = signed_in(world.board), signed_in(world.board)
    foreign = signed_in(world.head)

    here.post(reverse("organizations:end_session"), {"session": "others"})

    assert there.get(reverse(PAGE)).status_code == 302
    assert here.get(reverse(PAGE)).status_code == 200
    assert foreign.get(reverse(PAGE)).status_code == 200


@pytest.mark.parametrize("whose", ["head", "nobody at all"])
def test_a_session_of_somebody_else_is_as_one_that_never_was(world, whose):
    here, foreign = signed_in(world.board), signed_in(world.head)
    handle = sessions.handle(foreign.session.session_key) if whose == "head" else "x" * 24

    assert here.post(reverse("organizations:end_session"), {"session": handle}).status_code == 404
    assert here.get(reverse("organizations:end_session")).status_code == 405
    assert foreign.get(reverse(PAGE)).status_code == 200


def test_ending_the_session_one_sits_in_signs_out(world):
    client = signed_in(world.board)

    response = client.post(
        reverse("organizations:end_session"), {"session": sessions.handle(client.session.session_key)}
    )

    assert response.url == reverse("login")
    assert not Session.objects.exists()
