"""Every page of every role, full, empty and in error: axe finds nothing, nothing scrolls sideways, nobody complains.

Every page of every role is fetched. The browser opens it and axe looks at it unless they did so at the same page, for
another role, made of the same elements in the same places: words and the number of rows change nothing that is asked
here. EVERY_PAGE=1 opens all of them.
"""

import os
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from candidates.models import Candidate
from candidates.pipeline import BY_STEP
from organizations.imports.registry import IMPORTERS
from organizations.models import Organization
from reports.class_papers import Form
from tests.browser.conftest import PHONE
from tests.meta import crawl

ROLES = [  # one of each role; the head of the Board meets the most
    *("head", "standing", "supervisor", "center", "north_officer"),
    *("branch_officer", "youth", "admin", "nobody"),
]
WRITERS = ["head", "north_officer", "center", "youth", "admin"]
NO_PAGE = {"logout", "healthz", "readyz"}
EVERY_STEP = "head"  # step pages differ by their fields alone: one role looks at all of them


def tries(site, who: str):
    """(what makes it a page of its own, address), for every address worth trying."""
    for name, wanted in crawl.patterns():
        if name in NO_PAGE or name.endswith(("export", "xlsx")):
            continue
        for kwargs in arguments(site, name, wanted, who):
            yield (name, kind_of(name, kwargs, who)), reverse(name, kwargs=kwargs)


def arguments(site, name: str, wanted, who: str) -> list[dict]:
    if "step" not in wanted:
        return crawl.arguments(site, name, wanted)
    people = list(Candidate.objects.order_by("pk").values_list("pk", "stage"))
    steps = site.args["step"] if who == EVERY_STEP else ["dossier"]
    return [{"pk": pk, "step": step} for step in steps for pk, stage in people if stage in BY_STEP[step].from_stages]


def kind_of(name: str, kwargs: dict, who: str):
    if name == "candidates:detail":
        return Candidate.objects.filter(pk=kwargs["pk"]).values_list("stage", "status", "waiting_for").first()
    if name == "organizations:detail":
        return Organization.objects.filter(slug=kwargs["slug"]).values_list("kind", flat=True).first()
    return kwargs.get("step") if who == EVERY_STEP else None


@dataclass(frozen=True)
class Page:
    """A page somebody can open, as the server wrote it."""

    name: str
    address: str
    html: str


def openable(site, who: str) -> list[Page]:
    """One of each kind of page the user can open: found without the browser."""
    client, found = crawl.client_for(getattr(site.world, who)), {}
    with crawl.quiet():
        for page, address in tries(site, who):
            if page in found:
                continue
            response = client.get(address)
            assert response.status_code < 500, address
            if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
                found[page] = Page(page[0], address, response.content.decode())
    return list(found.values())


class Elements(HTMLParser):
    """Every element of a page by its tag, classes, attributes and place; what is asked of a page depends on these."""

    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}

    def __init__(self, html: str):
        super().__init__()
        self.found, self._path = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        own = [tag, *sorted((given.get("class") or "").split()), *sorted(given)]
        own += [f"{name}={given[name]}" for name in ("role", "type", "aria-current", "aria-invalid") if name in given]
        self.found.add((*self._path, " ".join(own)))
        if tag not in self.VOID:
            self._path.append(" ".join(own))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self._path.pop()

    def handle_endtag(self, tag):
        if self._path:
            self._path.pop()


def missing_icons(html: str) -> set[str]:
    """Icons that the page shows and does not bring."""
    return set(re.findall(r'href="#i-([\w-]+)"', html)) - set(re.findall(r'id="i-([\w-]+)"', html))


@dataclass
class Look:
    """What was found wrong, and which elements of which page were looked at."""

    problems: list[str] = field(default_factory=list)
    seen: dict[str, set] = field(default_factory=dict)

    def is_new(self, name: str, html: str) -> bool:
        elements, seen = Elements(html).found, self.seen.setdefault(name, set())
        fresh = not elements <= seen
        seen |= elements
        return fresh or os.environ.get("EVERY_PAGE") == "1"

    def at(self, visitor, where: str) -> None:
        self.problems += [f"{where}: {violation}" for violation in visitor.axe()]
        if (wide := visitor.sideways()) > 0:
            self.problems.append(f"{where}: scrolls {wide} px sideways")
        self.problems += [f"{where}: scrolls {wide} px sideways on a phone" for wide in visitor.sideways_on_phone()]
        self.problems += [f"{where}: {complaint}" for complaint in visitor.complaints]
        visitor.complaints.clear()


def walk(site, roles, visit, **options) -> list[str]:
    """Look at every page of these roles."""
    look = Look()
    for who in roles:
        found = openable(site, who)
        look.problems += [
            f"{who} {page.address}: no icon {icon}" for page in found for icon in missing_icons(page.html)
        ]
        pages = [page for page in found if look.is_new(page.name, page.html)]
        visitor = visit(who, **options) if pages else None
        for page in pages:
            visitor.go(page.address)
            look.at(visitor, f"{who} {page.address}")
        if visitor:
            visitor.close()
    return look.problems


@pytest.fixture
def site(transactional_db, today):
    return crawl.build()


def shown(problems: list[str]) -> str:
    return "\n".join(problems)


def test_full_pages_have_no_violation(site, visit):
    """At a PC with axe, and no wider than a phone."""
    assert shown(walk(site, ROLES, visit)) == ""


def test_empty_pages_have_no_violation(stage, visit):
    site = crawl.Site(stage)
    site.args = {"slug": [stage.north.slug], "step": ["dossier"], "figure": ["lop-nhan-thuc", "nam"]}
    site.args |= {"regime": ["24-qd-tw"], "year": [2027], "number": [1], "sheet": list(Form.values)}
    site.args |= {"importer": list(IMPORTERS)}

    assert shown(walk(site, WRITERS, visit, size=PHONE)) == ""


SEND = """(form) => { for (const box of form.querySelectorAll("input[type=text], input:not([type]), textarea"))
    if (box.checkVisibility() && !box.readOnly) box.value = "31/02/1990 <script>"; }"""


def test_pages_in_error_say_so_and_have_no_violation(site, visit):
    """Every form sent as it stands, its text fields filled with nonsense: an error summary, its word in the title."""
    look, seen = Look(), []
    for who in WRITERS:
        visitor = visit(who)
        for page in openable(site, who):
            if 'method="post"' not in page.html.partition("<main")[2] or not look.is_new(page.name, page.html):
                continue
            visitor.go(page.address)
            if answered(visitor.page):
                seen.append(page.address)
                where = f"{who} {page.address}"
                if not visitor.page.title().startswith("Lỗi:"):
                    look.problems.append(f"{where}: title {visitor.page.title()}")
                if visitor.page.evaluate("() => document.activeElement.className") != "error-summary":
                    look.problems.append(f"{where}: the error summary has no focus")
                look.at(visitor, where)
        visitor.close()

    assert shown(look.problems) == ""
    assert len(seen) > 25  # each kind of form once


def answered(page) -> bool:
    """Send the form of the page; whether it came back with errors."""
    form = page.query_selector("main form[method=post]")
    button = form and form.query_selector("button[type=submit], button:not([type])")
    if not button or not button.is_visible():
        return False
    form.evaluate(SEND)
    with page.expect_navigation():
        button.click()
    return bool(page.query_selector(".error-summary"))


def test_signing_in_by_keyboard_and_by_mistake(stage, visit):
    visitor = visit()
    visitor.go(reverse("login"))
    look = Look()
    look.at(visitor, "login")
    visitor.page.fill("[name=username]", "head")
    visitor.page.fill("[name=password]", "sai mật khẩu")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".error-summary")
    look.at(visitor, "login (error)")

    assert shown(look.problems) == ""


def test_the_page_before_a_file_leaves(site, visit, settings):
    settings.EXPORT_PEOPLE_UNASKED = 0
    visitor, look = visit("head"), Look()
    visitor.go(reverse("candidates:export"))
    look.at(visitor, "password")
    visitor.go(reverse("candidates:index"))
    visitor.page.click("text=Tải Excel kèm số định danh")
    look.at(visitor, "list with the reason open")
    visitor.page.check("[name=so_dinh_danh]")
    visitor.page.fill("[name=ly_do]", "ngắn")
    with visitor.page.expect_navigation():
        visitor.page.click("form:has([name=ly_do]) button")
    assert visitor.page.title().startswith("Lỗi:")
    visitor.complaints.clear()  # the browser tells of every 422
    look.at(visitor, "reason and password (error)")

    assert shown(look.problems) == ""


def test_everything_important_works_without_javascript(stage, visit):
    visitor = visit("north_officer", javascript=False)
    for name in ("home", "candidates:index", "candidates:create", "reports:dashboard", "organizations:index"):
        assert visitor.go(reverse(name)).status == 200

    visitor.go(reverse("candidates:index"))
    visitor.page.fill("main [name=q]", "nguyen")
    visitor.page.press("main [name=q]", "Enter")
    assert "q=nguyen" in visitor.page.url
