"""Every page of every role, full, empty and in error: axe finds nothing, nothing scrolls sideways, nobody complains."""

import logging
from contextlib import contextmanager
from datetime import date

from django.urls import reverse

from candidates.models import Candidate
from organizations.actions import assignments
from organizations.actions.assignments import Post
from organizations.models import Assignment, Organization, Proposal, User
from organizations.permissions import Role
from targets.models import OpeningBalance
from tests.browser.conftest import PC, PHONE, WIDER
from tests.meta import crawl

ROLES = [  # one of each role; the head of the Board meets the most
    *("head", "standing", "supervisor", "center", "north_officer"),
    *("branch_officer", "youth", "admin", "nobody"),
]
WRITERS = ["head", "north_officer", "center", "youth", "admin"]
NO_PAGE = {"logout", "healthz", "readyz"}
WHOSE_PK = {"organizations:proposal": Proposal, "organizations:end_assignment": Assignment}
WHOSE_PK |= {"targets:opening_edit": OpeningBalance}
EVERY_STEP = "head"  # step pages differ by their fields alone: one role looks at all of them


@contextmanager
def quiet():
    """Addresses are tried by the hundred; refusals are no news."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def full(stage) -> crawl.Site:
    """The world of the crawl, with somebody waiting for a second person."""
    site = crawl.build(stage)
    post = Post(Role.UNIT_OFFICER, stage.south, date(2024, 11, 18))
    why = "Theo quyết định phân công số 12"
    assignments.assign(user=stage.nobody, post=post, reason=why, form_key="k", by=stage.admin)
    return site


def tries(site, who: str):
    """(what makes it a page of its own, address), for every address worth trying."""
    for name, wanted in crawl.patterns():
        if name in NO_PAGE or name.endswith(("export", "xlsx")):
            continue
        for kwargs in kwargs_of(site, name, wanted, who):
            yield (name, kind_of(name, kwargs, who)), reverse(name, kwargs=kwargs)


def kwargs_of(site, name: str, wanted, who: str) -> list[dict]:
    if "pk" in wanted:
        model = WHOSE_PK.get(name) or (Candidate if name.startswith("candidates:") else User)
        pks = model.objects.order_by("pk").values_list("pk", flat=True)
        steps = (site.args["step"] if who == EVERY_STEP else ["dossier"]) if "step" in wanted else [None]
        return [{"pk": pk} | ({"step": step} if step else {}) for step in steps for pk in pks]
    values = site.args.get(wanted[0]) or site.args["pk"] if wanted else [None]
    return [{wanted[0]: value} if wanted else {} for value in values]


def kind_of(name: str, kwargs: dict, who: str):
    if name == "candidates:detail":
        person = Candidate.objects.get(pk=kwargs["pk"])
        return person.stage, person.status, person.waiting_for
    if name == "organizations:detail":
        return Organization.objects.filter(slug=kwargs["slug"]).values_list("kind", flat=True).first()
    return kwargs.get("step") if who == EVERY_STEP else None


def openable(site, who: str) -> list[str]:
    """One address of each page the user can open: found without the browser."""
    client, found = crawl.client_for(getattr(site.world, who)), {}
    with quiet():
        for page, address in tries(site, who):
            if page in found:
                continue
            response = client.get(address)
            assert response.status_code < 500, address
            if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
                found[page] = address
    return list(found.values())


def look(visitor, problems: list, where: str) -> None:
    problems += [f"{where}: {violation}" for violation in visitor.axe()]
    if (wide := visitor.sideways()) > 0:
        problems.append(f"{where}: scrolls {wide} px sideways")
    problems += [f"{where}: {complaint}" for complaint in visitor.complaints]
    visitor.complaints.clear()


def walk(site, roles, visit, each=None, **options) -> list[str]:
    """Look at every page of these roles; `each` does something to it first, or says there is nothing to look at."""
    problems = []
    for who in roles:
        visitor = visit(who, **options)
        for address in openable(site, who):
            visitor.go(address)
            if each is None or each(visitor.page, problems, f"{who} {address}"):
                look(visitor, problems, f"{who} {address}")
        visitor.close()
    return problems


def shown(problems: list[str]) -> str:
    return "\n".join(problems)


def test_full_pages_have_no_violation(stage, visit):
    """At a PC with axe, and no wider than a phone."""

    def also_narrow(page, problems, where) -> bool:
        page.set_viewport_size(PHONE)
        if (wide := page.evaluate(WIDER)) > 0:
            problems.append(f"{where}: scrolls {wide} px sideways on a phone")
        page.set_viewport_size(PC)
        return True

    assert shown(walk(full(stage), ROLES, visit, also_narrow)) == ""


def test_empty_pages_have_no_violation(stage, visit):
    site = crawl.Site(stage)
    site.args = {"slug": [stage.north.slug], "step": ["dossier"], "pk": [1], "figure": ["lop-nhan-thuc", "nam"]}

    assert shown(walk(site, WRITERS, visit, size=PHONE)) == ""


def test_pages_in_error_say_so_and_have_no_violation(stage, visit):
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

    assert shown(walk(full(stage), WRITERS, visit, send)) == ""
    assert len(seen) > 30


def test_signing_in_by_keyboard_and_by_mistake(stage, visit):
    visitor = visit()
    visitor.go(reverse("login"))
    problems = []
    look(visitor, problems, "login")
    visitor.page.fill("[name=username]", "head")
    visitor.page.fill("[name=password]", "sai mật khẩu")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".error-summary")
    look(visitor, problems, "login (error)")

    assert shown(problems) == ""


def test_everything_important_works_without_javascript(stage, visit):
    visitor = visit("north_officer", javascript=False)
    for name in ("home", "candidates:index", "candidates:create", "reports:dashboard", "organizations:index"):
        assert visitor.go(reverse(name)).status == 200

    visitor.go(reverse("candidates:index"))
    visitor.page.fill("main [name=q]", "nguyen")
    visitor.page.press("main [name=q]", "Enter")
    assert "q=nguyen" in visitor.page.url
