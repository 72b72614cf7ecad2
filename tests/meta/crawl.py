"""Fetch every address as every user and look for words that belong to units the user may not see.

Each unit's people, branches and documents carry a word of their own (its canary). Background fields carry another.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from candidates.actions import records
from candidates.actions.events import withdraw_last
from candidates.models import Candidate, Enrolment, ReviewCase, TrainingClass
from candidates.pipeline import Stage, Step
from organizations.models import Assignment, Organization, Proposal, User
from reports.figures.behind import BY_SLUG
from reports.views.rows import UNIT_LISTS
from targets.models import OpeningBalance
from tests import factories

CANARY = {"north_1": "zanorthmot", "north_2": "zanorthhai", "south": "zasouth", "office": "zaoffice", "cell": "zacell"}
BACKGROUND = {key: f"bg{word}" for key, word in CANARY.items()}
ALL = set(CANARY.values())
# Whose words each of the cast may meet, written by hand from design.md 2.
MAY_MEET = {
    "head": ALL,
    "standing": ALL,
    "supervisor": {CANARY["north_1"], CANARY["north_2"]},
    "north_officer": {CANARY["north_1"], CANARY["north_2"]},
    "branch_officer": {CANARY["north_1"]},
    "south_officer": {CANARY["south"]},
    "office_officer": {CANARY["office"]},
    "cell_officer": {CANARY["cell"]},
    "center": set(),  # meets only people of classes, and of them no document: see CLASS_NAMES
    "youth": set(),
    "admin": set(),
    "nobody": set(),
}
MAY_MEET_BACKGROUND = {"head", "board", "board_2", "branch_officer"} | {
    f"{place}_officer" for place in ("north", "south", "office", "cell")
}
# A mass organisation of the commune introduces to its branches, so it reads their names; and no more of them.
NAMES_OF_BRANCHES = {"youth": ["chi bộ zanorthhai", "13195-zanorthhai"]}
MISSING = 987_654_321


@dataclass
class Site:
    """The world of the crawl and what its addresses take."""

    world: factories.World
    people: dict[str, Candidate] = field(default_factory=dict)
    args: dict[str, list] = field(default_factory=dict)


def build(world: factories.World) -> Site:
    """People of every unit at several stages, with canaries wherever text can stand."""
    site = Site(world)
    north_2 = factories.make_branches(world.north, f"Chi bộ {CANARY['north_2']}")[0]
    factories.make_branches(world.south, f"Chi bộ {CANARY['south']}")
    factories.make_branches(world.office, f"Chi bộ {CANARY['office']}")
    homes = {"north_1": world.north_1, "north_2": north_2, "south": world.south_1}
    homes |= {"office": world.office_1, "cell": world.cell}
    for key, home in homes.items():
        word = CANARY[key]
        for number, stage in enumerate((Stage.SOURCE, Stage.SUBMITTED, Stage.ADMITTED)):
            person = factories.make_candidate(
                home,
                full_name=f"{word} {['Ba', 'Bốn', 'Năm'][number]}",
                residence=f"nhà {word}",
                workplace=f"xưởng {word}",
                background_document=BACKGROUND[key],
            )
            before = Stage.BRANCH_PASSED if home is world.cell else Stage.COMMITTEE_PASSED
            if stage != Stage.SOURCE:
                person = factories.advance(person, before)
                last = person.events.filter(is_live=True).order_by("-happened_on").first().happened_on
                factories.step(person, Step.SUBMITTED, last, document=f"{word}-CV")
                person = factories.advance(person, stage)
            site.people[f"{key} {stage}"] = person
    _edges(site)
    site.args = {
        "slug": list(Organization.objects.values_list("slug", flat=True)) + ["khong-co"],
        "step": list(Step.values),
        "figure": [*BY_SLUG, *UNIT_LISTS.values(), "khong-co"],
        "pk": sorted(_ids()) + [MISSING],
    }
    return site


def _edges(site: Site) -> None:
    """A withdrawn event, an introduction, a case for the Board, a moved person, a proposal."""
    world = site.world
    mistaken = factories.advance(
        factories.make_candidate(world.south_1, full_name=f"{CANARY['south']} Sáu"), Stage.DOSSIER
    )
    withdraw_last(
        candidate=mistaken,
        event=mistaken.events.filter(is_live=True).order_by("-seq").first(),
        reason=f"Nhập nhầm ở {CANARY['south']}",
        version=mistaken.version,
        by=world.south_officer,
    )
    known = site.people["south source"]
    factories.make_candidate(world.north_1, full_name=f"{CANARY['north_1']} Bảy", identity_number=known.identity_number)
    records.introduce(
        values={"full_name": "Lê Thị Đoànviên", "sex": "female"},
        unit=world.north_1,
        body="youth_union",
        introduced_on=date(2024, 3, 1),
        by=world.youth,
    )
    OpeningBalance.objects.create(
        plan=world.plan, organization=world.south, from_on=date(2021, 1, 1), to_on=date(2021, 6, 30), count=2,
        document=f"{CANARY['south']}-BC",
    )  # fmt: skip


def _ids() -> set[int]:
    ids = set()
    for model in (Candidate, Enrolment, ReviewCase, TrainingClass, Proposal, Assignment, OpeningBalance, User):
        ids |= set(model.objects.values_list("pk", flat=True)[:40])
    return ids


def patterns(resolver=None, namespace="", prefix=()):
    """(name, kwargs names) of every address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner, (*prefix, *entry.pattern.converters))
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}", (*prefix, *entry.pattern.converters)


def addresses(site: Site):
    """Every address with every argument worth trying; an unknown kind of argument is an error."""
    for name, wanted in patterns():
        if not wanted:
            yield name, reverse(name)
            continue
        for kwargs in _product(site, wanted):
            yield name, reverse(name, kwargs=kwargs)


def _product(site: Site, wanted):
    if "step" in wanted:  # every step of two people, one step of everyone else
        every = [{"pk": pk, "step": step} for pk in site.args["pk"][-2:] for step in site.args["step"]]
        return every + [{"pk": pk, "step": "dossier"} for pk in site.args["pk"]]
    combos = [{}]
    for key in wanted:
        values = site.args.get(key) or site.args.get("pk" if key.endswith("pk") else key)
        assert values, f"tell the crawl what {key} takes"
        combos = [combo | {key: value} for combo in combos for value in values]
    return combos


SEARCHES = [f"?q={word}" for word in CANARY.values()]
SEARCHES += ["?q=%3Cscript%3E", "?page=1000000000", "?sort=khong-co", "?unit=khong-co"]


def text_of(response) -> str:
    """What a person could read in the answer, archives unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace").lower() + " " + repr(response.headers).lower()


def client_for(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="organizations.signin.FirstPasswordBackend")
    return client


def leaks(site: Site, who: str, *, only: str = "") -> list[str]:
    """Foreign words met by this user at any address, with GET and POST, searches and errors; and server errors."""
    client = client_for(getattr(site.world, who))
    foreign = (ALL - MAY_MEET[who]) | (set() if who in MAY_MEET_BACKGROUND else set(BACKGROUND.values()))
    if who == "center":
        foreign = {f"{word}-cv" for word in ALL} | {f"nhà {word}" for word in ALL} | set(BACKGROUND.values())
    found = []
    for name, address in addresses(site):
        if (only and not name.startswith(only)) or name == "logout":
            continue
        for method, url in [("get", address), ("post", address), *(("get", address + s) for s in _searches(name))]:
            response = getattr(client, method)(url)
            if response.status_code >= 500 and name not in ("readyz",):
                found.append(f"{method} {url}: {response.status_code}")
            said = text_of(response)
            for branch in NAMES_OF_BRANCHES.get(who, ()):
                said = said.replace(branch, "")
            typed = url.partition("?")[2]
            found += [f"{method} {url}: {word}" for word in foreign if word in said and word not in typed]
    return found


def _searches(name: str):
    return SEARCHES if name.split(":")[-1] in ("index", "export", "classes", "accounts", "changes", "dashboard") else []


def comparable(response) -> tuple:
    """Status, headers and body without what differs by chance: reference codes and tokens."""
    body = re.sub(r"\b[0-9a-f]{8}\b|name=\"csrfmiddlewaretoken\" value=\"\w+\"", "*", response.content.decode())
    headers = {key: value for key, value in response.headers.items() if key not in ("Content-Length", "Set-Cookie")}
    return response.status_code, headers, body
