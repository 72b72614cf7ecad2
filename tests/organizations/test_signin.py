"""Signing in: one answer whatever is wrong, locked by person, first passwords once, sessions of its own."""

import re
import unicodedata
from datetime import timedelta
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from axes.models import AccessFailureLog
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organizations.actions import passwords
from organizations.actions.passwords import FirstPassword
from organizations.forms.signin import FAILED
from organizations.models import Change, Session, User
from organizations.signin import signin_alarm
from tests.factories import make_user

PASSWORD = "mat-khau-de-thu-nghiem"
NEW = "Câu dài dễ nhớ của tôi"


def sign_in(username, password=PASSWORD, *, client=None, ip="10.0.0.1", **data):
    return (client or Client(REMOTE_ADDR=ip)).post(
        reverse("login"), {"username": username, "password": password} | data, REMOTE_ADDR=ip
    )


def with_first_password(username="moi", *, expires_in=timedelta(hours=72)) -> tuple[User, str]:
    first = FirstPassword.make()
    user = make_user(username)
    user.password, user.must_change_password = first.encoded, True
    user.first_password_expires_at = timezone.now() + expires_in
    user.save()
    return user, first.clear


def test_a_right_password_opens_the_first_page(world):
    response = sign_in("board")

    assert response.status_code == 302
    assert response.url == reverse("home")


def test_the_name_may_be_typed_in_capitals(world):
    assert sign_in(" Board ").status_code == 302


@pytest.fixture
def failures(world):
    """Every way of failing: (name, password)."""
    make_user("khoa", is_active=False)
    with_first_password("het-han", expires_in=timedelta(seconds=-1))
    used, clear = with_first_password("da-dung")
    assert passwords.use_first_password(user=used)
    unset = make_user("chua-co")
    unset.set_unusable_password()
    unset.save()
    for _ in range(8):
        sign_in("south_officer", "sai-mat-khau")
    used_clear = clear
    return [
        ("khong-co-ai", PASSWORD),
        ("board", "sai-mat-khau"),
        ("south_officer", PASSWORD),
        ("khoa", PASSWORD),
        ("da-dung", used_clear),
        ("het-han", "sai-hay-dung"),
        ("chua-co", PASSWORD),
    ]


def test_every_failure_gives_the_same_answer_for_one_hash(failures):
    encode = MD5PasswordHasher.encode
    answers, counts = set(), {}
    for username, password in failures:
        with patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=encode) as hashing:
            response = sign_in(username, password)
        text = response.content.decode().replace(f'value="{username}"', 'value=""')
        answers.add((response.status_code, re.sub('name="csrfmiddlewaretoken" value="[^"]+"', "", text)))
        counts[username] = hashing.call_count

    assert set(counts.values()) == {1}, counts
    assert len(answers) == 1
    assert FAILED in answers.pop()[1]


def test_a_locked_colleague_does_not_lock_the_office(db):
    names = [f"can-bo-{number}" for number in range(30)]
    for name in names:
        make_user(name)
    for _ in range(8):
        assert sign_in(names[0], "sai-mat-khau").status_code == 422

    assert sign_in(names[0]).status_code == 422
    assert [sign_in(name).status_code for name in names[1:]] == [302] * 29
    assert sign_in(names[0], ip="10.0.0.2").status_code == 302


def test_a_lock_ends_after_fifteen_minutes_however_often_one_tries(world):
    for _ in range(10):
        sign_in("board", "sai-mat-khau")

    later = timezone.now() + timedelta(minutes=14)
    with patch("axes.handlers.proxy.now", return_value=later):
        assert sign_in("board").status_code == 422
    with patch("axes.handlers.proxy.now", return_value=later + timedelta(minutes=2)):
        assert sign_in("board").status_code == 302


def test_success_forgives_earlier_failures(world):
    for _ in range(2):
        for _ in range(7):
            sign_in("board", "sai-mat-khau")
        assert sign_in("board").status_code == 302


def test_one_name_is_guessed_at_most_so_often_from_all_addresses(world, settings):
    settings.SIGNIN_FAILURES_PER_NAME = 10
    for number in range(10):
        sign_in("board", "sai-mat-khau", ip=f"10.1.0.{number + 1}")

    assert sign_in("board", ip="10.9.9.9").status_code == 422
    assert sign_in("head", ip="10.9.9.9").status_code == 302


def test_many_failures_over_all_raise_an_alarm(db, settings):
    settings.SIGNIN_FAILURES_ALARM = 5
    for number in range(5):
        sign_in(f"ten-{number}")
    assert signin_alarm() is None

    sign_in("ten-6")
    assert signin_alarm() == 6
    AccessFailureLog.objects.update(attempt_time=timezone.now() - timedelta(minutes=61))
    assert signin_alarm() is None


def test_an_address_written_by_the_client_is_ignored(world, settings):
    for number in range(8):
        Client().post(
            reverse("login"),
            {"username": "board", "password": "sai"},
            REMOTE_ADDR="10.0.0.1",
            headers={"X-Forwarded-For": f"1.2.3.{number}"},
        )
    assert sign_in("board").status_code == 422

    settings.PROXY_COUNT = 1
    forwarded = {"X-Forwarded-For": "6.6.6.6, 8.8.4.4"}
    client = Client()
    client.post(reverse("login"), {"username": "board", "password": PASSWORD}, headers=forwarded)
    assert Session.objects.get().ip_address == "8.8.4.4"


@pytest.mark.parametrize(
    "wanted", ["https://xau.vn/", "//xau.vn", "/\\xau.vn", "javascript:alert(1)", "xau", "http:///x"]
)
def test_next_leads_to_no_other_place(world, wanted):
    assert sign_in("board", next=wanted).url == reverse("home")


def test_next_leads_to_the_page_asked_for(world):
    assert sign_in("board", next="/quan-chung/?q=an").url == "/quan-chung/?q=an"
    page = Client().get(reverse("login"), {"next": "/quan-chung/"})
    assert 'name="next" value="/quan-chung/"' in page.content.decode()


def test_the_session_gets_a_new_name_at_sign_in_and_dies_at_sign_out(world):
    client = Client()
    sign_in("north_officer", client=client)
    first = client.session.session_key
    sign_in("north_officer", client=client)
    assert client.session.session_key != first

    key = client.session.session_key
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert not Session.objects.filter(session_key=key).exists()
    client.cookies["session"] = key
    assert client.get(reverse("organizations:sessions")).status_code == 302


def test_a_password_is_compared_in_one_normal_form(world):
    user = make_user("dau")
    user.set_password(unicodedata.normalize("NFD", NEW))
    user.save()

    assert sign_in("dau", unicodedata.normalize("NFC", NEW)).status_code == 302
    assert sign_in("dau", unicodedata.normalize("NFD", NEW)).status_code == 302


def test_a_first_password_opens_one_page_once(world):
    user, clear = with_first_password()
    client = Client()

    assert sign_in("moi", clear, client=client).url == reverse("password_change")
    assert client.get(reverse("organizations:sessions")).url == reverse("password_change")
    assert sign_in("moi", clear).status_code == 422
    page = client.get(reverse("password_change")).content.decode()
    assert "Mật khẩu đang dùng" not in page

    changed = client.post(reverse("password_change"), {"new_password": NEW, "again": NEW})
    assert changed.url == reverse("home")
    assert client.get(reverse("organizations:sessions")).status_code == 200
    assert sign_in("moi", NEW).status_code == 302
    told = Change.objects.filter(subject_type=user._meta.label, subject_id=str(user.pk))
    assert list(told.values_list("action", flat=True).order_by("pk")) == ["account.first_signin", "account.password"]
    assert not [change for change in Change.objects.all() if NEW in str(change.after) or clear in str(change.after)]


def test_a_first_password_lives_three_days(world):
    _, clear = with_first_password(expires_in=timedelta(seconds=-1))

    assert sign_in("moi", clear).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_first_password_at_once_one_wins():
    user, _ = with_first_password()
    barrier, won = Barrier(2), []

    def use():
        mine = User.objects.get(pk=user.pk)
        barrier.wait()
        won.append(passwords.use_first_password(user=mine))
        connection.close()

    threads = [Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won) == [False, True]


def test_changing_the_password_asks_for_the_old_one(world, as_user):
    client = as_user(world.board)

    wrong = client.post(reverse("password_change"), {"old_password": "sai", "new_password": NEW, "again": NEW})

    assert wrong.status_code == 422
    assert "Mật khẩu đang dùng không đúng" in wrong.content.decode()


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        ("ngan", "ngan", "Mật khẩu quá ngắn"),
        ("123456789012345", "123456789012345", "hoàn toàn là số"),
        ("basketball123", "basketball123", ""),
        ("tran-van-chinh", "tran-van-chinh", "quá giống"),
        (PASSWORD, PASSWORD, "phải khác"),
        (NEW, NEW + "x", "không giống nhau"),
        ("x" * 201, "x" * 201, "200"),
    ],
)
def test_a_weak_password_is_refused_in_words(world, as_user, new, again, sentence):
    user = make_user("tran.van.chinh", "Trần Văn Chính")
    data = {"old_password": PASSWORD, "new_password": new, "again": again}

    response = as_user(user).post(reverse("password_change"), data)

    assert response.status_code == (422 if sentence else 302)
    assert sentence in response.content.decode()


def test_changing_the_password_ends_the_other_sessions(world):
    here, there = Client(), Client()
    sign_in("board", client=here)
    sign_in("board", client=there)

    here.post(reverse("password_change"), {"old_password": PASSWORD, "new_password": NEW, "again": NEW})

    assert here.get(reverse("organizations:sessions")).status_code == 200
    assert there.get(reverse("organizations:sessions")).status_code == 302


def test_signed_in_pages_are_not_cached(world, as_user):
    assert as_user(world.board).get(reverse("organizations:sessions"))["Cache-Control"] == "no-store"
    assert Client().get(reverse("login"))["Cache-Control"] == "no-store"


def test_who_is_signed_in_goes_on_from_the_sign_in_page(world, as_user):
    assert as_user(world.board).get(reverse("login")).url == reverse("home")
