"""Requests no browser makes: they get an answer, never a server error."""

import pytest
from django.test import Client

NUL = "a%00b"
MULTIPART = '--B\r\nContent-Disposition: form-data; name="username"\r\n\r\n\\ud800\r\n--B--\r\n'


@pytest.mark.parametrize(
    "address", [f"/thay-doi/?unit={NUL}", f"/quan-chung/?unit={NUL}", f"/quan-chung/xuat/?unit={NUL}"]
)
def test_a_nul_in_a_filter_never_reaches_the_database(world, as_user, address):
    assert as_user(world.board).get(f"{address}?unit={NUL}").status_code < 500


def test_a_cookie_that_cannot_be_a_session_is_nobody_s(db, settings):
    quoted = f'{settings.SESSION_COOKIE_NAME}="\\000abcdefghijk"'
    assert Client().get("/", headers={"cookie": quoted}).status_code == 302


@pytest.mark.parametrize("charset", ["idna", "rot13", "unicode_escape", "undefined"])
def test_a_form_in_another_charset_is_refused(db, charset):
    kind = f"multipart/form-data; boundary=B; charset={charset}"
    assert Client().generic("POST", "/dang-nhap/", MULTIPART, content_type=kind).status_code == 400


def test_a_form_that_names_utf_8_is_read(db):
    kind = "multipart/form-data; boundary=B; charset=UTF-8"
    assert Client().generic("POST", "/dang-nhap/", MULTIPART, content_type=kind).status_code == 422


def test_an_id_beyond_every_database_is_a_missing_row(world, as_user):
    for number in (2**31, 2**63 - 1, 2**63, 10**30):
        assert as_user(world.board).get(f"/quan-chung/{number}/").status_code == 404
