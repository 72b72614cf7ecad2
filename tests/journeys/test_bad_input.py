"""Every form of every page, sent with what no form should take: a sentence at the field, and no table changes."""

from collections import Counter
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from tests.journeys import tables
from tests.meta import crawl

WRITERS = ("head", "north_officer", "center", "youth", "admin")
ROUNDS, ADDRESSES = 3, 3
NASTY = ("Đ" * 10_000, "Nguyễn\x00Văn", "31/02/1990", "9" * 40, "")
KEPT = ("version", "csrfmiddlewaretoken", "form_key")
NO_FORM = {"login", "logout", "password_change"}
# These ask for a reason in words alone: any words will do.
WORDS = {
    "candidates:question_add",
    "candidates:question_edit",
    "organizations:set_active",
    "organizations:reset_password",
    "organizations:proposal",
    "candidates:withdraw",
    "candidates:class_call_off",
    "organizations:import_undo",
}
SEARCH = "/quan-chung/tim-so-dinh-danh/"
OUTSIDE = frozenset({"organizations.Session"})


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: (action, names with their values, names of choices)."""

    def __init__(self, page: str):
        super().__init__()
        self.found, self._form, self._select = [], None, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._form = ({}, set()) if given.get("method", "").lower() == "post" else None
            if self._form is not None:
                self.found.append((given.get("action") or "", *self._form))
        elif self._form is not None and given.get("name"):
            values, choices = self._form
            if tag in ("select",) or given.get("type") in ("radio", "checkbox"):
                choices.add(given["name"])
            if tag in ("input", "select", "textarea"):
                values.setdefault(given["name"], given.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None


@pytest.fixture
def site(db, today):
    return crawl.build()


def pages(client, site):
    """The forms of one page of each name."""
    tries, met = Counter(), set()
    for name, address in list(crawl.addresses(site)):
        tries[name] += 1
        if name in met | NO_FORM | WORDS or tries[name] > ADDRESSES:
            continue
        with crawl.quiet():
            response = client.get(address)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        for action, values, choices in Forms(response.content.decode()).found:
            asks = any(not name.endswith(KEPT) for name in values)
            if asks and not action.startswith((reverse("logout"), SEARCH)):
                met.add(name)
                yield action or address, values, choices


def nonsense(values: dict, choices: set, number: int) -> dict:
    """Each field gets another kind of nonsense, in each round another one; a choice gets a row of nobody."""
    given = {}
    for index, (name, value) in enumerate(values.items()):
        given[name] = NASTY[(index + number) % len(NASTY)]
        if name.endswith(KEPT):
            given[name] = value
        elif name in choices:
            given[name] = str(crawl.MISSING)
    return given


@pytest.mark.parametrize("who", WRITERS)
def test_no_form_takes_nonsense(who, site):
    client = crawl.client_for(getattr(site.world, who))
    tried = 0
    for address, values, choices in pages(client, site):
        before = tables.checksum(but=OUTSIDE)
        for number in range(ROUNDS):
            with crawl.quiet():
                response = client.post(address, nonsense(values, choices, number))
            assert response.status_code in (400, 403, 404, 405, 409, 422), (address, number, response.status_code)
            if response.status_code == 422:
                assert "Có lỗi cần sửa" in response.content.decode(), address
            tried += 1
        assert tables.checksum(but=OUTSIDE) == before, address

    assert tried >= ROUNDS
