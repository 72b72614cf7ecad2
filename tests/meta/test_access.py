"""Who may open what: a table of every address, each role, each method, for one's own, a colleague's and a foreign row.

The table is written from design.md 2, not from the views. A new address without a row fails.
"""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import Organization
from organizations.permissions import ROLES, Permission, Role
from tests.meta import crawl

P = Permission
PUBLIC = {"login", "help", "healthz", "readyz"}
SIGNED_IN = {"home", "logout", "password_change", "organizations:sessions"}
ROLE_OF = {
    "head": Role.ORGANIZATION_BOARD,
    "board": Role.ORGANIZATION_BOARD,
    "standing": Role.STANDING_COMMITTEE,
    "supervisor": Role.SUPERVISOR,
    "center": Role.POLITICAL_CENTER,
    "north_officer": Role.UNIT_OFFICER,
    "south_officer": Role.UNIT_OFFICER,
    "cell_officer": Role.UNIT_OFFICER,
    "branch_officer": Role.BRANCH_OFFICER,
    "youth": Role.MASS_ORGANIZATION,
    "admin": Role.SYSTEM_ADMIN,
    "nobody": None,
}


@dataclass(frozen=True)
class Page:
    """Rights that let one see it, and rights that let one use it; an object names what the address points at."""

    view: tuple[Permission, ...]
    use: tuple[Permission, ...] = ()
    about: str = ""
    post: tuple[Permission, ...] = ()  # where reading asks less than writing
    branch_use: tuple[Permission, ...] = ()  # what is enough at a branch


STEPS = (P.STEP_BRANCH, P.STEP_COMMITTEE, P.STEP_BOARD)
SEEN = (P.CANDIDATE_VIEW,)
TABLE = {
    "organizations:index": Page((P.FIGURES_VIEW, P.BRANCH_EDIT)),
    "organizations:export": Page((P.FIGURES_VIEW, P.BRANCH_EDIT)),
    "organizations:create": Page((P.UNIT_EDIT,)),
    "organizations:detail": Page((P.FIGURES_VIEW, P.BRANCH_EDIT), about="unit"),
    "organizations:add_branches": Page((P.FIGURES_VIEW, P.BRANCH_EDIT), (P.BRANCH_EDIT,), "unit"),
    "organizations:record_figure": Page((P.FIGURES_VIEW, P.BRANCH_EDIT), (P.BRANCH_EDIT, P.UNIT_EDIT), "unit"),
    "organizations:rename": Page((P.FIGURES_VIEW, P.BRANCH_EDIT), (P.UNIT_EDIT,), "unit", branch_use=(P.BRANCH_EDIT,)),
    "organizations:accounts": Page((P.ACCOUNT_EDIT,)),
    "organizations:accounts_export": Page((P.ACCOUNT_EDIT,)),
    "organizations:account_create": Page((P.ACCOUNT_EDIT,)),
    "organizations:proposals": Page((P.CONFIRM, P.ACCOUNT_EDIT)),
    "organizations:proposals_export": Page((P.CONFIRM, P.ACCOUNT_EDIT)),
    "organizations:changes": Page((P.CHANGES_VIEW,)),
    "organizations:changes_export": Page((P.CHANGES_VIEW,)),
    "organizations:imports": Page((P.IMPORT,)),
    "organizations:imports_export": Page((P.IMPORT,)),
    "organizations:exports": Page((P.CHANGES_VIEW,)),
    "organizations:exports_export": Page((P.CHANGES_VIEW,)),
    "targets:index": Page((P.FIGURES_VIEW,)),
    "targets:export": Page((P.FIGURES_VIEW,)),
    "targets:plan": Page((P.TARGET_EDIT,)),
    "targets:unit": Page((P.FIGURES_VIEW,), about="unit"),
    "targets:revise": Page((P.FIGURES_VIEW,), (P.TARGET_EDIT,), "unit"),
    "targets:opening": Page((P.FIGURES_VIEW,)),
    "targets:opening_export": Page((P.FIGURES_VIEW,)),
    "targets:opening_add": Page((P.TARGET_EDIT,)),
    "candidates:index": Page(SEEN),
    "candidates:export": Page((P.EXPORT,)),
    "candidates:backfill": Page((P.STEP_BOARD,)),
    "candidates:create": Page((P.CANDIDATE_EDIT,)),
    "candidates:detail": Page(SEEN, about="person"),
    "candidates:timeline": Page(SEEN, about="person"),
    "candidates:edit": Page(SEEN, (P.CANDIDATE_EDIT,), "person"),
    "candidates:step": Page(SEEN, STEPS, "person"),
    "candidates:correct": Page(SEEN, STEPS, "person"),
    "candidates:withdraw": Page(SEEN, STEPS, "person"),
    "candidates:move": Page(SEEN, (P.STEP_COMMITTEE, P.STEP_BOARD), "person"),
    "candidates:companions": Page(SEEN, (P.CANDIDATE_EDIT,), "person"),
    "candidates:readmit": Page(SEEN, (P.CANDIDATE_EDIT,), "person"),
    "candidates:former": Page(SEEN, (P.CANDIDATE_EDIT,), "person"),
    "candidates:waiting": Page((P.STEP_COMMITTEE, P.STEP_BOARD)),
    "candidates:waiting_export": Page((P.STEP_COMMITTEE, P.STEP_BOARD)),
    "candidates:review": Page((P.CONFIRM,)),
    "candidates:review_export": Page((P.CONFIRM,)),
    "candidates:introductions": Page((P.INTRODUCE,)),
    "candidates:introduce": Page((P.INTRODUCE,)),
    "candidates:classes": Page((P.CLASS_VIEW, P.CLASS_NOMINATE)),
    "candidates:classes_export": Page((P.CLASS_VIEW, P.CLASS_NOMINATE)),
    "candidates:class_create": Page((P.CLASS_EDIT,)),
    "candidates:not_attended": Page((P.CLASS_NOMINATE,)),
    "candidates:not_attended_export": Page((P.CLASS_NOMINATE,)),
    "candidates:unscreened": Page((P.CLASS_EDIT, P.CLASS_NOMINATE)),
    "candidates:unscreened_export": Page((P.CLASS_EDIT, P.CLASS_NOMINATE)),
    "candidates:class_kinds": Page((P.CLASS_VIEW,)),
    "candidates:class_kind_add": Page((P.CLASS_EDIT,)),
    "candidates:grade_add": Page((P.CLASS_EDIT,)),
    "candidates:deadlines": Page(STEPS),
    "candidates:deadlines_export": Page(STEPS),
    "candidates:dossier": Page(SEEN, (P.BACKGROUND_VIEW,), "person"),
    "candidates:appraise": Page(SEEN, (P.STEP_BOARD,), "person"),
    "candidates:sessions": Page((P.SESSION_VIEW,), post=(P.STEP_BOARD,)),
    "candidates:sessions_export": Page((P.SESSION_VIEW,)),
    "candidates:dossier_forms": Page((P.BACKGROUND_VIEW,)),
    "candidates:dossier_form_add": Page((P.RULE_EDIT,)),
    "candidates:question_add": Page((P.RULE_EDIT,)),
    "candidates:rule_sets": Page((P.CANDIDATE_VIEW, P.CLASS_VIEW)),
    "candidates:sub_limits": Page((P.CANDIDATE_VIEW, P.CLASS_VIEW), post=(P.RULE_EDIT,)),
    "candidates:calendar": Page((P.CANDIDATE_VIEW, P.CLASS_VIEW)),
    "reports:dashboard": Page((P.FIGURES_VIEW,)),
    "reports:index": Page((P.FIGURES_VIEW,)),
    "reports:training": Page((P.FIGURES_VIEW, P.CLASS_VIEW)),
    "reports:training_xlsx": Page((P.EXPORT, P.CLASS_VIEW)),
    "reports:training_rows": Page((P.FIGURES_VIEW,)),
    "reports:training_rows_xlsx": Page((P.EXPORT,)),
    "reports:graduates": Page((P.CANDIDATE_VIEW,)),
    "reports:graduates_xlsx": Page((P.EXPORT,)),
    "reports:standing_committee": Page((P.FIGURES_VIEW,)),
    "reports:standing_committee_xlsx": Page((P.EXPORT,)),
    "reports:decision_word": Page(SEEN, (P.STEP_BOARD,), "decided"),
}
# Addresses about a row of another kind: who may not open them at all is asked of every role (see below).
ROWS = {
    "organizations:account": (P.ACCOUNT_EDIT,),
    "organizations:account_edit": (P.ACCOUNT_EDIT,),
    "organizations:assign": (P.ACCOUNT_EDIT,),
    "organizations:end_assignment": (P.ACCOUNT_EDIT,),
    "organizations:reset_password": (P.ACCOUNT_EDIT,),
    "organizations:set_active": (P.ACCOUNT_EDIT,),
    "organizations:proposal": (P.CONFIRM, P.ACCOUNT_EDIT),  # who asks sees what was asked
    "organizations:end_session": (),  # everyone ends the own sessions
    **{
        f"organizations:import_{name}": (P.IMPORT,)
        for name in ("new", "blank", "detail", "columns", "marked", "drop", "undo")
    },
    "targets:opening_edit": (P.TARGET_EDIT,),
    "candidates:accept": (P.STEP_COMMITTEE,),
    "candidates:review_case": (P.CONFIRM,),
    "candidates:class_detail": (P.CLASS_VIEW, P.CLASS_NOMINATE),
    "candidates:class_edit": (P.CLASS_EDIT,),
    "candidates:class_call_off": (P.CLASS_EDIT,),
    "candidates:class_kind_edit": (P.CLASS_EDIT,),
    "candidates:grade_edit": (P.CLASS_EDIT,),
    "candidates:nominate": (P.CLASS_NOMINATE, P.CLASS_EDIT),
    "candidates:screen": (P.CLASS_EDIT,),
    "candidates:fill_places": (P.CLASS_EDIT,),
    "candidates:participant": (P.CLASS_VIEW, P.CLASS_NOMINATE),
    "candidates:lessons": (P.CLASS_VIEW, P.CLASS_NOMINATE),
    "candidates:attendance": (P.CLASS_VIEW,),
    "candidates:attendance_take": (P.CLASS_EDIT,),
    "candidates:results": (P.CLASS_EDIT,),
    "candidates:certificates": (P.CLASS_EDIT,),
    "candidates:result_file": (P.CLASS_EDIT,),
    "candidates:result_file_preview": (P.CLASS_EDIT,),
    "candidates:result_file_marked": (P.CLASS_EDIT,),
    "candidates:find_number": (P.CANDIDATE_VIEW,),
    "candidates:rule_set": (P.CANDIDATE_VIEW, P.CLASS_VIEW),
    "candidates:rule_set_edit": (P.RULE_EDIT,),
    "candidates:calendar_edit": (P.RULE_EDIT,),
    "candidates:calendar_add": (P.RULE_EDIT,),
    "candidates:dossier_form_edit": (P.RULE_EDIT,),
    "candidates:question_edit": (P.RULE_EDIT,),
    "candidates:session": (P.SESSION_VIEW,),
    "candidates:session_add": (P.STEP_BOARD,),
    "candidates:session_cancel": (P.STEP_BOARD,),
    "candidates:session_edit": (P.STEP_BOARD,),
    "candidates:session_remove": (P.STEP_BOARD,),
    "candidates:session_outcomes": (P.STEP_BOARD,),
    "reports:return_note": (P.BACKGROUND_VIEW,),
    "reports:return_note_word": (P.BACKGROUND_VIEW,),
    "reports:session_list": (P.SESSION_VIEW,),
    "reports:session_list_word": (P.SESSION_VIEW,),
    "reports:session_list_xlsx": (P.SESSION_VIEW,),
    "reports:class_sheet": (P.CLASS_VIEW, P.CLASS_NOMINATE),
    "reports:class_sheet_xlsx": (P.CLASS_VIEW, P.CLASS_NOMINATE),
    "reports:rows": (P.FIGURES_VIEW,),
    "reports:rows_xlsx": (P.EXPORT,),
    "reports:letterhead": (P.TARGET_EDIT,),
}


def rights_of(who: str) -> frozenset:
    role = ROLE_OF[who]
    return ROLES[role].permissions if role else frozenset()


@pytest.fixture
def site(db, today):
    return crawl.build()


def places(site) -> dict[str, Organization]:
    w = site.world
    return {"north": w.north, "south": w.south, "north_1": w.north_1, "south_1": w.south_1, "cell": w.cell}


def sees(site, who: str, organization: Organization) -> bool:
    user = getattr(site.world, who)
    return any(organization.path.startswith(a.organization.path) for a in user.assignments.all())


def expected(site, who: str, page: Page, organization: Organization | None, method: str) -> str:
    """ "in", "403" or "404", by the rule of design.md 2."""
    rights = rights_of(who)
    if organization is not None and not (rights & set(page.view) and sees(site, who, organization)):
        return "404"
    if page.branch_use and organization.kind == "branch" and rights & set(page.branch_use):
        return "in"
    if not rights & set((method == "post" and page.post) or page.use or page.view):
        return "403"
    return "in"


def said(response) -> str:
    return {404: "404", 403: "403"}.get(response.status_code, "in")


def test_the_table_is_whole():
    known = PUBLIC | SIGNED_IN | TABLE.keys() | ROWS.keys()

    assert {name for name, _ in crawl.patterns() if name != "gallery"} == known


def test_without_signing_in_everything_leads_to_the_login(site, client):
    for name, address in crawl.addresses(site):
        for method in ("get", "post"):
            response = getattr(client, method)(address)
            if name in PUBLIC:
                assert response.status_code in (200, 405, 422), (name, method)
            else:
                if response.status_code == 405:
                    continue
                assert response.status_code == 302, (name, method)
                assert response.url.startswith(reverse("login")), (name, method)


@pytest.mark.parametrize("who", ROLE_OF)
def test_each_role_opens_what_the_table_says_and_nothing_else(who, site):
    client = crawl.client_for(getattr(site.world, who))
    for name, page in TABLE.items():
        for method in ("get", "post"):
            for kwargs, organization in targets(site, name, page):
                with crawl.quiet():
                    response = getattr(client, method)(reverse(name, kwargs=kwargs))
                if response.status_code == 405:
                    continue
                assert said(response) == expected(site, who, page, organization, method), (
                    name,
                    method,
                    kwargs,
                    response,
                )


def targets(site, name: str, page: Page):
    if not page.about:
        yield {}, None
    elif page.about == "unit":
        for organization in places(site).values():
            if name in ("targets:unit", "targets:revise") and not organization.is_grassroots:
                continue
            if name == "organizations:add_branches" and not (
                organization.is_grassroots and organization.form == "committee"
            ):
                continue
            yield {"slug": organization.slug}, organization
    else:
        others = ("north_1 submitted", "south submitted", "cell source")
        for key in ("north_1 admitted", "south admitted") if page.about == "decided" else others:
            person = site.people[key]
            kwargs = {"pk": person.pk} | ({"step": "stopped"} if name == "candidates:step" else {})
            yield kwargs, person.unit


@pytest.mark.parametrize("who", ROLE_OF)
def test_rows_of_other_kinds_are_closed_to_those_without_the_right(who, site):
    client = crawl.client_for(getattr(site.world, who))
    everything = list(crawl.addresses(site))
    for name, any_of in ROWS.items():
        if name == "organizations:end_session" or rights_of(who) & set(any_of):
            continue
        for address in [a for n, a in everything if n == name]:
            for method in ("get", "post"):
                with crawl.quiet():
                    response = getattr(client, method)(address)
                assert response.status_code in (403, 404, 405), (name, address, response.status_code)


def test_a_foreign_row_answers_exactly_as_a_missing_one(site):
    client = crawl.client_for(site.world.north_officer)
    foreign = site.people["south source"].pk
    for name, wanted in crawl.patterns():
        if "pk" not in wanted or not name.startswith("candidates:"):
            continue
        extra = {"step": "dossier"} if "step" in wanted else {}
        for method in ("get", "post"):
            answers = [
                getattr(client, method)(reverse(name, kwargs={"pk": pk} | extra)) for pk in (foreign, crawl.MISSING)
            ]
            assert crawl.comparable(answers[0]) == crawl.comparable(answers[1]), (name, method)


def test_disabled_people_are_signed_out_at_once(site):
    client = Client()
    client.force_login(site.world.board, backend="organizations.signin.FirstPasswordBackend")
    assert client.get(reverse("candidates:index")).status_code == 200

    site.world.board.is_active = False
    site.world.board.save()

    assert client.get(reverse("candidates:index")).url.startswith(reverse("login"))
