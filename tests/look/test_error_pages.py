"""Refusals and failures: Vietnamese, with a code that is in the log, silent about the inside."""

import logging
import re

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.template import loader
from django.test import RequestFactory

from vuthu_recruit import errors

SECRET = "Nguyễn Thị Đào /srv/app.py"
ANSWERS = [
    (400, lambda request: errors.bad_request(request, SuspiciousOperation(SECRET))),
    (413, lambda request: errors.bad_request(request, RequestDataTooBig(SECRET))),
    (403, lambda request: errors.forbidden(request, PermissionDenied(SECRET))),
    (403, lambda request: errors.csrf_failure(request, SECRET)),
    (404, lambda request: errors.not_found(request, Http404(SECRET))),
    (500, errors.server_error),
    (503, errors.unavailable),
]


@pytest.fixture
def request_of_somebody():
    return RequestFactory().get("/quan-chung/1/?q=bi-mat")


@pytest.mark.parametrize("status, answer", ANSWERS)
def test_a_refusal_shows_its_code_and_nothing_of_the_inside(status, answer, request_of_somebody, caplog):
    caplog.set_level(logging.INFO, logger=errors.logger.name)

    response = answer(request_of_somebody)

    page = response.content.decode()
    reference = re.search(r"[0-9a-f]{8}", re.search(r"Mã lỗi: .*", page)[0])[0]
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    assert '<html lang="vi">' in page
    assert SECRET not in page
    assert "quan-chung" not in page
    assert reference in caplog.text
    assert "bi-mat" not in caplog.text


def test_what_does_not_exist_and_what_is_not_ours_read_the_same(request_of_somebody):
    def words(exception):
        return re.sub(r"[0-9a-f]{8}", "", errors.not_found(request_of_somebody, exception).content.decode())

    assert words(Http404("No Candidate matches the given query.")) == words(Http404())


def test_a_line_of_the_log_cannot_be_forged(caplog):
    request = RequestFactory().get("/")
    request.path = "/a\n2024 ERROR giả"

    errors.forbidden(request)

    assert "\n2024 ERROR giả" not in caplog.text


def test_the_last_resort_needs_no_template(request_of_somebody, monkeypatch):
    def fails(*args):
        raise RuntimeError

    monkeypatch.setattr(loader, "get_template", fails)

    response = errors.server_error(request_of_somebody)

    assert response.status_code == 500
    assert "Trang bị lỗi" in response.content.decode()


@pytest.mark.parametrize("status", [400, 403, 404, 413, 500, 503])
def test_every_page_renders_with_no_context(status):
    page = loader.get_template(f"{status}.html").render()

    assert "<h1>" in page
    assert "Mã lỗi" not in page
