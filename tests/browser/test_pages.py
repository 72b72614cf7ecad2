"""Every page of every role, full, empty and in error: axe finds nothing, nothing scrolls sideways, nobody complains."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.browser.conftest import PHONE
from tests.meta import crawl

ROLES = [  # one of each role; the head of the Board meets the most
    *("head", "standing", "supervisor", "center", "north_officer"),
    *("branch_officer", "youth", "admin", "nobody"),
]
NO_PAGE = {"logout", "healthz", "readyz"}


def openable(user, site) -> list[str]:
    """One address of each page the user can open: found without the browser."""
    client = Client()
    client.force_login(user, backend="organizations.signin.FirstPasswordBackend")
    found = {}
    for name, address in crawl.addresses(site):
        if name in found or name in NO_PAGE or name.endswith(("export", "xlsx")):
            continue
        response = client.get(address)
        if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            found[name] = address
    return list(found.values())


def look(visitor, problems: list, where: str) -> None:
    problems += [f"{where}: {violation}" for violation in visitor.axe()]
    if visitor.sideways() > 0:
        problems.append(f"{where}: scrolls {visitor.sideways()} px sideways")


@pytest.mark.parametrize("who", ROLES)
def test_full_pages_have_no_violation(who, stage, visit):
    site = crawl.build(stage)
    visitor, problems = visit(who), []
    for address in openable(getattr(stage, who), site):
        visitor.go(address)
        look(visitor, problems, address)

    assert problems == []


@pytest.mark.parametrize("who", ["head", "north_officer", "center", "youth", "admin"])
def test_empty_pages_have_no_violation(who, stage, visit):
    site = crawl.Site(stage, args={"slug": [stage.north.slug], "step": ["dossier"], "pk": [1], "figure": ["year"]})
    visitor, problems = visit(who, size=PHONE), []
    for address in openable(getattr(stage, who), site):
        visitor.go(address)
        look(visitor, problems, address)

    assert problems == []


@pytest.mark.parametrize("who", ["head", "north_officer", "center", "youth", "admin"])
def test_pages_in_error_say_so_and_have_no_violation(who, stage, visit):
    """Every form sent as it stands, its text fields filled with nonsense: an error summary with focus, no violation."""
    site = crawl.build(stage)
    visitor, problems, errors = visit(who), [], 0
    for address in openable(getattr(stage, who), site):
        visitor.go(address)
        form = visitor.page.query_selector("main form[method=post]")
        if form is None:
            continue
        for box in form.query_selector_all("input[type=text]:not([disabled]), input:not([type]), textarea"):
            if box.is_visible() and not box.is_disabled():
                box.fill("31/02/1990 <script>")
        button = form.query_selector("button[type=submit], button:not([type])")
        if button is None or not button.is_visible():
            continue
        button.click()
        visitor.page.wait_for_load_state()
        if visitor.page.query_selector(".error-summary"):
            errors += 1
            if not visitor.page.title().startswith("Lỗi:"):
                problems.append(f"{address}: title {visitor.page.title()}")
        look(visitor, problems, f"{address} (error)")

    assert problems == []
    assert errors


def test_signing_in_by_keyboard_and_by_mistake(stage, visit):
    visitor = visit()
    visitor.go(reverse("login"))
    problems = []
    look(visitor, problems, "login")
    visitor.page.keyboard.press("Tab")
    visitor.page.fill("[name=username]", "head")
    visitor.page.fill("[name=password]", "sai mật khẩu")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".error-summary")
    look(visitor, problems, "login (error)")

    assert problems == []


def test_everything_important_works_without_javascript(stage, visit):
    visitor = visit("north_officer", javascript=False)
    for name in ("home", "candidates:index", "candidates:create", "reports:dashboard", "organizations:index"):
        assert visitor.go(reverse(name)).status == 200

    visitor.go(reverse("candidates:index"))
    visitor.page.fill("main [name=q]", "nguyen")
    visitor.page.press("main [name=q]", "Enter")
    assert "q=nguyen" in visitor.page.url
