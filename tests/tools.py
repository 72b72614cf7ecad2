"""Programs the tests drive. Missing ones skip their tests and say what to install; REQUIRE_ALL=1 fails instead."""

import os
import shutil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

PROGRAMS = {
    "soffice": (("soffice", "libreoffice"), "apt-get install libreoffice-calc"),
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "apt-get install chromium"),
}


def require(program: str) -> str:
    """Return the program's path, or skip the test, or fail it under REQUIRE_ALL=1."""
    names, remedy = PROGRAMS.get(program, ((program,), f"apt-get install {program}"))
    for name in names:
        if path := shutil.which(name):
            return path

    reason = f"{program} is not installed: {remedy}"
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def queries_for(client, url: str) -> int:
    """How many queries a GET costs. Ask once before: the first request of a session also writes its start."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200
    return len(queries)
