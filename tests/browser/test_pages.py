"""Every page of every role, full, empty and in error: axe finds nothing, nothing scrolls sideways, nobody complains.

Every page is opened. axe looks at it unless it has looked at the same page, for another role, made of the same elements
in the same places: words and the number of rows change nothing it asks. EVERY_PAGE=1 makes it look at all of them.
"""

import os
from dataclasses import dataclass, field

import pytest
from django.urls import reverse

from candidates.models import Candidate
from candidates.pipeline import BY_STEP
from organizations.models import Organization
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


def openable(site, who: str) -> list[tuple[str, str]]:
    """Name and address of each page the user can open, one of each kind: found without the browser."""
    client, found = crawl.client_for(getattr(site.world, who)), {}
    with crawl.quiet():
        for page, address in tries(site, who):
            if page in found:
                continue
            response = client.get(address)
            assert response.status_code < 500, address
            if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
                found[page] = address
    return [(name, address) for (name, _kind), address in found.items()]


# Every element by its tag, classes, attributes and place; what axe asks of a page depends on these.
ELEMENTS = """() => {
    const token = (e) => [e.tagName, ...[...e.classList].sort(),
        ...[...e.attributes].map((a) => ["role", "type"].includes(a.name) ? a.value : a.name).sort()].join(" ");
    const found = new Set();
    const down = (e, path) => {
        found.add(path);
        for (const child of e.children) down(child, path + ">" + token(child));
    };
    down(document.body, "");
    return [...found];
}"""


@dataclass
class Look:
    """What was found wrong, and which elements of which page were looked at."""

    problems: list[str] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)

    def at(self, visitor, name: str, where: str) -> None:
        elements, seen = set(visitor.page.evaluate(ELEMENTS)), self.seen.setdefault(name, set())
        if (wide := visitor.sideways()) > 0:
            self.problems.append(f"{where}: scrolls {wide} px sideways")
        if not elements <= seen or os.environ.get("EVERY_PAGE") == "1":
            self.problems += [f"{where}: {violation}" for violation in visitor.axe()]
            self.problems += [f"{where}: scrolls {wide} px sideways on a phone" for wide in visitor.sideways_on_phone()]
        seen |= elements
        self.problems += [f"{where}: {complaint}" for complaint in visitor.complaints]
        visitor.complaints.clear()


def walk(site, roles, visit, each=None, **options) -> list[str]:
    """Look at every page of these roles; `each` does something to it first, or says there is nothing to look at."""
    look = Look()
    for who in roles:
        visitor = visit(who, **options)
        for name, address in openable(site, who):
            visitor.go(address)
            if each is None or each(visitor.page, look.problems, f"{who} {address}"):
                look.at(visitor, name, f"{who} {address}")
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

    assert shown(walk(site, WRITERS, visit, size=PHONE)) == ""


def test_pages_in_error_say_so_and_have_no_violation(site, visit):
    """Every form sent as it stands, its text fields filled with nonsense: an error summary, its word in the title."""
    seen = []

    def send(page, problems, where) -> bool:
        form = page.query_selector("main form[method=post]")
        button = form and form.query_selector("button[type=submit], button:not([type])")
        if not button or not button.is_visible():
            return False
        form.evaluate(
            """(form) => { for (const box of form.querySelectorAll("input[type=text], input:not([type]), textarea"))
               if (box.checkVisibility() && !box.readOnly) box.value = "31/02/1990 <script>"; }"""
        )
        with page.expect_navigation():
            button.click()
        if not page.query_selector(".error-summary"):
            return False
        seen.append(where)
        if not page.title().startswith("Lỗi:"):
            problems.append(f"{where}: title {page.title()}")
        if page.evaluate("() => document.activeElement.className") != "error-summary":
            problems.append(f"{where}: the error summary has no focus")
        return True

    assert shown(walk(site, WRITERS, visit, send)) == ""
    assert len(seen) > 30


def test_signing_in_by_keyboard_and_by_mistake(stage, visit):
    visitor = visit()
    visitor.go(reverse("login"))
    look = Look()
    look.at(visitor, "login", "login")
    visitor.page.fill("[name=username]", "head")
    visitor.page.fill("[name=password]", "sai mật khẩu")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".error-summary")
    look.at(visitor, "login", "login (error)")

    assert shown(look.problems) == ""


def test_everything_important_works_without_javascript(stage, visit):
    visitor = visit("north_officer", javascript=False)
    for name in ("home", "candidates:index", "candidates:create", "reports:dashboard", "organizations:index"):
        assert visitor.go(reverse(name)).status == 200

    visitor.go(reverse("candidates:index"))
    visitor.page.fill("main [name=q]", "nguyen")
    visitor.page.press("main [name=q]", "Enter")
    assert "q=nguyen" in visitor.page.url
