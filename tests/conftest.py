"""The cast, signing in, and the conditions every test runs under."""

import os
import socket

import pytest

LEFT_OUT = {"browser": 0, "recalculation": 0, "other": 0}
HOW = {
    "browser": "apt-get install chromium; pip install -r requirements-dev.txt",
    "recalculation": "apt-get install libreoffice-calc",
}


def pytest_runtest_logreport(report):
    if report.skipped:
        kind = next((kind for kind in HOW if kind in report.keywords), "other")
        LEFT_OUT[kind] += 1


def pytest_sessionfinish(session, exitstatus):
    """Under REQUIRE_ALL=1 nothing may be left out."""
    if os.environ.get("REQUIRE_ALL") == "1" and any(LEFT_OUT.values()) and session.exitstatus == 0:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    if any(LEFT_OUT.values()):
        count = f"{LEFT_OUT['browser']} browser and {LEFT_OUT['recalculation']} recalculation tests NOT RUN"
        terminalreporter.write_line("")
        terminalreporter.write_line(count, bold=True)
        for kind, how in HOW.items():
            if LEFT_OUT[kind]:
                terminalreporter.write_line(f"  {kind}: {how}")


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


@pytest.fixture(autouse=True)
def nothing_remembered():
    """No test reads what another left in the cache."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """At the end no thread of the live server, left behind by a closed browser, may hold the database open."""
    yield
    from django.db import connection

    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


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
