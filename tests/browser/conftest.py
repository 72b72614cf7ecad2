"""Chromium, driven by Playwright against the live server. Every page is watched: console, CSP, other hosts."""

import os
from functools import cache
from pathlib import Path

import pytest

from tests.tools import require

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RUN = """
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
return found.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 200)}`);
"""
WIDER = "() => document.scrollingElement.scrollWidth - window.innerWidth"
PC, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PASSWORD = "mat-khau-de-thu-nghiem"

# Playwright's sync API runs an event loop in this thread; the ORM in tests is still called synchronously.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in str(item.fspath):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    path = require("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()


def follow(target) -> None:
    """Click what leads to another page, and go on when the whole of that page is there."""
    with target.page.expect_navigation():
        target.click()


@cache
def source() -> str:
    return AXE.read_text()


class Visitor:
    """One signed-in browser of its own, with everything it complained about."""

    def __init__(self, browser, live_server, *, size=PC, javascript=True):
        self.base = live_server.url
        self.context = browser.new_context(
            viewport=size, java_script_enabled=javascript, locale="vi-VN", base_url=self.base, accept_downloads=True
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._console(message))
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", lambda request: self._request(request.url))

    def _console(self, message):
        # Answers such as 422 and 404 are reported by the browser itself; the tests look at them as pages.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _request(self, url):
        if not url.startswith((self.base, "data:", "blob:", "about:")):
            self.complaints.append(f"other host: {url}")

    def sign_in(self, username: str, password: str = PASSWORD):
        self.page.goto("/dang-nhap/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", password)
        follow(self.page.locator("button[type=submit]").first)
        return self

    def go(self, path: str):
        return self.page.goto(path)

    def axe(self) -> list[str]:
        """Violations of WCAG 2.2 A and AA on the present page."""
        # Through the debugger, not a script element: the page's own policy stays in force.
        return self.page.evaluate(f"async () => {{ if (!window.axe) {{ {source()} }} {RUN} }}")

    def sideways(self) -> int:
        """How many pixels the page scrolls sideways."""
        return self.page.evaluate(WIDER)

    def sideways_on_phone(self) -> list[int]:
        """The same at the width of a phone; nothing when the page fits."""
        size = self.page.viewport_size
        self.page.set_viewport_size(PHONE)
        wide = self.sideways()
        self.page.set_viewport_size(size)
        return [wide] if wide > 0 else []

    def close(self):
        """A second time does nothing."""
        self.context.close()


@pytest.fixture
def visit(chromium, live_server):
    """Open browsers; at the end none of them may have complained."""
    opened = []

    def open_one(username: str | None = None, **options):
        visitor = Visitor(chromium, live_server, **options)
        opened.append(visitor)
        return visitor.sign_in(username) if username else visitor

    yield open_one
    complaints = [complaint for visitor in opened for complaint in visitor.complaints]
    for visitor in opened:
        visitor.close()
    assert complaints == []


@pytest.fixture
def stage(transactional_db, today):
    """The fixed cast for a live server (rows that other threads can see)."""
    from tests.factories import build_world

    return build_world()
