"""The cast, signing in, and the conditions every test runs under."""

import os
import socket

import pytest

os.environ.setdefault("SECRET_KEY", "tests-only-" + "0123456789" * 5)
os.environ.setdefault("DEBUG", "0")
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("DEMO", "0")


@pytest.fixture(autouse=True)
def quick_settings(settings):
    """A quick hasher and plain static names; everything else as in production."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Tests speak to this machine alone."""
    connect = socket.socket.connect

    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else "unix"
        if host not in ("127.0.0.1", "localhost", "::1", "unix") and not str(host).startswith("/"):
            raise RuntimeError(f"a test reached for {host}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def today(monkeypatch):
    """A fixed day for everything that asks the clock: Monday 18 November 2024."""
    from datetime import date

    from vuthu_recruit import clock

    day = date(2024, 11, 18)
    monkeypatch.setattr(clock, "today", lambda: day)
    return day


@pytest.fixture
def world(db, today):
    """The fixed cast of tests/factories.py: two communes, one office, one cell, everyone who works with them."""
    from tests.factories import build_world

    return build_world()


@pytest.fixture
def as_user(client):
    """Sign a user in without the form."""
    from django.test import Client

    def sign_in(user):
        own = Client()
        own.force_login(user, backend="organizations.signin.FirstPasswordBackend")
        return own

    return sign_in
