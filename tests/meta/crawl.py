"""Fetch every address as every user and look for words that belong to units the user may not see.

Each unit's people, branches and documents carry a word of their own (its canary). Background fields carry another.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from candidates.actions import classes, dossier, nominations, records, sessions
from candidates.actions.appraisal import Findings, Returned, return_dossier
from candidates.actions.corrections import withdraw_last
from candidates.dossier import State
from candidates.models import (
    Appraisal,
    AppraisalQuestion,
    Candidate,
    ClassKind,
    CommitteeSession,
    DossierForm,
    Enrolment,
    Grade,
    ResultFile,
    ReturnedPoint,
    ReviewCase,
    SessionItem,
    TrainingClass,
)
from candidates.pipeline import Stage, Step
from organizations.actions import assignments, imports
from organizations.actions.assignments import Post
from organizations.imports.registry import IMPORTERS
from organizations.models import Assignment, ImportBatch, Organization, Proposal, User
from organizations.permissions import Role
from reports.class_papers import Form
from reports.figures.behind import BY_SLUG
from reports.views.rows import UNIT_LISTS
from targets.models import OpeningBalance
from tests import factories, snapshots

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
# What an id in an address is the id of: by the address, else by the argument.
WHOSE = {
    "organizations:proposal": Proposal,
    "organizations:end_assignment": Assignment,
    "targets:opening_edit": OpeningBalance,
    **{f"reports:return_note{kind}": Appraisal for kind in ("", "_word")},
    **{f"reports:session_list{kind}": CommitteeSession for kind in ("", "_word", "_xlsx")},
}
WHOSE |= {
    f"organizations:{name}": User for name in ("account", "account_edit", "assign", "reset_password", "set_active")
}
WHOSE_ARGUMENT = {
    "case_pk": ReviewCase,
    "class_pk": TrainingClass,
    "enrolment_pk": Enrolment,
    "kind_pk": ClassKind,
    "grade_pk": Grade,
    "file_pk": ResultFile,
    "import_pk": ImportBatch,
    "session_pk": CommitteeSession,
    "item_pk": SessionItem,
    "form_pk": DossierForm,
    "question_pk": AppraisalQuestion,
    "pk": Candidate,
}
# Of these every row is tried; of other addresses one row of each unit, another one for each address.
EVERY_ROW = {"candidates:detail", "organizations:detail", "candidates:class_detail"}


@dataclass
class Site:
    """The world of the crawl and what its addresses take."""

    world: factories.World
    people: dict[str, Candidate] = field(default_factory=dict)
    args: dict[str, list] = field(default_factory=dict)


def build() -> Site:
    """People of every unit at several stages, with canaries wherever text can stand."""
    return snapshots.once(_build)


def _build() -> Site:
    world = factories.build_world()
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
        "regime": ["24-qd-tw", "khong-co"],
        "sheet": [*Form.values, "khong-co"],
        "importer": [*IMPORTERS, "khong-co"],
        "year": [2024, 1999],
        "number": [1, 99],
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
    post = Post(Role.UNIT_OFFICER, world.south, date(2024, 11, 18))
    _dossiers(site)
    _classes(site)
    _imports(site)
    why = "Theo quyết định phân công số 12"
    assignments.assign(user=world.nobody, post=post, reason=why, form_key="k", by=world.admin)


def _classes(site: Site) -> None:
    """A class to come with people of every unit in every state, and one that was held, with attendance."""
    world = site.world
    coming = factories.make_class(date(2024, 12, 2), date(2024, 12, 6), capacity=3)
    held = factories.make_class(date(2024, 9, 2), date(2024, 9, 6))
    for key, word in CANARY.items():
        home = site.people[f"{key} source"].unit
        people = [
            factories.make_candidate(home, full_name=f"{word} {name}", residence=f"nhà {word}")
            for name in ("Chín", "Mười")
        ]
        factories.enrol(coming, people[0])
        officer = factories.officer_of(home)
        (row,) = nominations.nominate(training_class=coming, candidates=[people[1]], by=officer)
        if key in ("south", "cell"):
            verdict = nominations.Verdict(row.pk, row.version, False, f"Người của {word} chưa đủ học vấn")
            nominations.screen(training_class=coming, verdicts=[verdict], by=world.center)
        (learner,) = factories.enrol(held, factories.make_candidate(home, full_name=f"{word} Mười một"))
        lesson = held.lessons.get(number=1)
        classes.take_attendance(lesson=lesson, marks={learner.pk: "present"}, version=lesson.version, by=world.center)
        factories.finish(learner)
    course = factories.make_class(date(2024, 12, 9), kind="committee")
    people = [nominations.Participant(f"{CANARY['south']} Bí", f"Bí thư {CANARY['south']}")]
    nominations.nominate_participants(training_class=course, unit=world.south, people=people, by=world.south_officer)


def _imports(site: Site) -> None:
    """Lists of two units: one confirmed, one being looked at, with somebody of another unit in it."""
    world = site.world
    for key, unit, by in (("north_1", world.north, world.north_officer), ("south", world.south, world.south_officer)):
        word = CANARY[key]
        other = site.people["cell source"]
        lists = [f"{word} Mười hai\t1990\tNam\t", f"{word} Mười ba\t1991\tNữ\t{other.identity_number}"]
        for place, line in enumerate(lists):
            head = "Họ và tên\tNgày sinh\tGiới tính\tSố định danh"
            batch = imports.keep_file(
                importer="people", organization=unit, name=f"danh sách {word}", content=f"{head}\n{line}".encode(),
                options={"entered_on": "2024-11-01"}, by=by, is_pasted=True,
            )  # fmt: skip
            preview = imports.look(batch=batch, by=by)
            if place == 0:
                imports.confirm(batch=batch, seen=preview.digest, only_valid=False, version=1, by=by)


def _dossiers(site: Site) -> None:
    """Papers, points returned and answered, a session with one decided and one waiting: a canary in each text."""
    world = site.world
    for key in ("north_1", "south", "cell"):
        word, officer = CANARY[key], getattr(world, f"{key.removesuffix('_1')}_officer")
        person = factories.advance(factories.make_candidate(site.people[f"{key} source"].unit), Stage.SUBMITTED)
        form = DossierForm.objects.get(key="1-knd")
        paper = dossier.PaperValues(form, 1, State.IN, f"{word}-01", date(2022, 9, 1))
        dossier.save_dossier(candidate=person, papers=[paper], version=person.version, by=world.board_2)
        person.refresh_from_db()
        returned = Returned(f"Giấy của {word} chưa có chữ ký", form)
        return_dossier(
            candidate=person, findings=Findings(returned=(returned,)), redo_from="nothing",
            happened_on=date(2022, 9, 20), version=person.version, by=world.board,
        )  # fmt: skip
        person.refresh_from_db()
        point = ReturnedPoint.objects.get(appraisal__candidate=person)
        answers = {point.pk: f"{word} đã ký lại"}
        dossier.save_dossier(candidate=person, answers=answers, version=person.version, by=officer)
    session = sessions.open_session(
        organization=world.district, held_on=date(2022, 9, 28), name=f"Kỳ họp {CANARY['south']}", by=world.board
    )
    people = [
        factories.advance(factories.make_candidate(unit, full_name=f"{CANARY[key]} Tám"), Stage.APPRAISED)
        for key, unit in (("south", world.south_1), ("cell", world.cell))
    ]
    sessions.put_on_list(session=session, candidates=[one.pk for one in people], version=1, by=world.board)
    item = SessionItem.objects.get(candidate=people[0])
    decided = sessions.Decided("agree", {"document": f"{CANARY['south']}-QĐ"})
    sessions.record_outcomes(
        session=session, outcomes={item.pk: decided}, happened_on=date(2022, 9, 28), version=2, by=world.board_2
    )


def patterns(resolver=None, namespace="", prefix=()):
    """(name, kwargs names) of every address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner, (*prefix, *entry.pattern.converters))
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}", (*prefix, *entry.pattern.converters)


def addresses(site: Site) -> Iterator[tuple[str, str]]:
    """Every address with arguments worth trying; an unknown kind of argument is an error."""
    for name, wanted in patterns():
        for kwargs in arguments(site, name, wanted):
            yield name, reverse(name, kwargs=kwargs)


def arguments(site: Site, name: str, wanted: tuple[str, ...]) -> list[dict]:
    if "step" in wanted:  # every step of one person, one step of everyone else
        (first, *others) = ids(name, "pk")
        return [{"pk": first, "step": step} for step in site.args["step"]] + [
            {"pk": pk, "step": "dossier"} for pk in others
        ]
    combos = [{}]
    for key in wanted:
        values = slugs(site, name) if key == "slug" else site.args.get(key) or ids(name, key)
        combos = [combo | {key: value} for combo in combos for value in values]
    return combos


def ids(name: str, key: str) -> list[int]:
    """Ids of the rows an address is about, and one of no row."""
    model = WHOSE.get(name) or WHOSE_ARGUMENT[key]
    rows = model.objects.order_by("pk")
    if model in (User, Assignment):
        return [*rows.values_list("pk", flat=True)[1::4], MISSING]
    if model in (DossierForm, AppraisalQuestion, ClassKind, Grade):  # one like the other, and nobody's
        return [*rows.values_list("pk", flat=True)[:1], MISSING]
    if model is TrainingClass and name not in EVERY_ROW:  # those with people of every unit
        return [*rows.filter(year=2024, from_on__gte=date(2024, 9, 1)).values_list("pk", flat=True), MISSING]
    if model is Candidate and name not in EVERY_ROW:
        people = rows.values_list("unit", "pk")
        units = sorted({unit for unit, _ in people})
        return [_one_of([pk for unit, pk in people if unit == own], name) for own in units] + [MISSING]
    return [*rows.values_list("pk", flat=True), MISSING]


def slugs(site: Site, name: str) -> list[str]:
    """All units of the page itself; of other pages one of each grassroots unit, with those above and no unit."""
    if name in EVERY_ROW:
        return site.args["slug"]
    units = Organization.objects.order_by("pk").values_list("path", "slug")
    parts = {path.split("/")[2] for path, _ in units if path.count("/") > 2}
    own = [_one_of([slug for path, slug in units if path.split("/")[2:3] == [part]], name) for part in sorted(parts)]
    return [*own, "vu-thu", "khong-co"]


def _one_of(values: list, name: str):
    """Always the same one for an address, and different ones for different addresses."""
    return values[sum(name.encode()) % len(values)]


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


def leaks(site: Site, who: str, *, only: str = "") -> Iterator[str]:
    """Foreign words met by this user at any address, by any method, in searches and errors; and server errors."""
    client = client_for(getattr(site.world, who))
    foreign = (ALL - MAY_MEET[who]) | (set() if who in MAY_MEET_BACKGROUND else set(BACKGROUND.values()))
    if who == "center":
        foreign = {f"{word}-cv" for word in ALL} | {f"nhà {word}" for word in ALL} | set(BACKGROUND.values())
        foreign |= {f"xưởng {word}" for word in ALL}
    for name, method, url in _requests(site):
        if (only and not name.startswith(only)) or name == "logout":
            continue
        with quiet(), unasked():
            response = getattr(client, method)(url)
        if response.status_code >= 500 and name not in ("readyz",):
            yield f"{method} {url}: {response.status_code}"
        said = text_of(response)
        for branch in NAMES_OF_BRANCHES.get(who, ()):
            said = said.replace(branch, "")
        typed = url.partition("?")[2]
        yield from (f"{method} {url}: {word}" for word in foreign if word in said and word not in typed)


def _requests(site: Site) -> Iterator[tuple[str, str, str]]:
    """(name, method, url): GET and POST of every address, searches, and the other methods once for each name."""
    met = set()
    for name, address in list(addresses(site)):
        yield name, "get", address
        yield name, "post", address
        yield from ((name, "get", address + search) for search in _searches(name))
        if name not in met:
            yield from ((name, method, address) for method in ("head", "put", "patch", "delete", "options"))
        met.add(name)


def unasked():
    """Whoever fetches every file in a minute would be asked for the password, and what is behind it stay unseen."""
    return override_settings(EXPORT_PEOPLE_UNASKED=10**6)


@contextmanager
def quiet():
    """Addresses are tried by the hundred; refusals are no news."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


SEARCHED = ("index", "export", "classes", "accounts", "changes", "exports", "dashboard")
SEARCHED += ("not_attended", "unscreened", "graduates", "waiting", "review", "sessions", "opening")
SEARCHED += ("waiting_export", "review_export", "changes_export", "accounts_export", "opening_export")
# A list behind a number is asked for by the number.
NUMBERS = [f"?tu_ngay=1/1/2015&so={slug}" for slug in ("da-cu", "giay-chung-nhan", "da-ket-nap", "chua-ket-nap")]


def _searches(name: str):
    if name.startswith("reports:training_rows"):
        return NUMBERS
    return SEARCHES if name.split(":")[-1] in SEARCHED else []


def comparable(response) -> tuple:
    """Status, headers and body without what differs by chance: reference codes and tokens."""
    body = re.sub(r"\b[0-9a-f]{8}\b|name=\"csrfmiddlewaretoken\" value=\"\w+\"", "*", response.content.decode())
    headers = {key: value for key, value in response.headers.items() if key not in ("Content-Length", "Set-Cookie")}
    return response.status_code, headers, body
