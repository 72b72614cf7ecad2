"""A fixed world and tiny builders. Builders go through the actions: no test lives on data the product refuses."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from candidates.actions.backfill import backfill
from candidates.actions.classes import open_class
from candidates.actions.dossier import PaperValues, save_dossier
from candidates.actions.events import take_step
from candidates.actions.nominations import Verdict, nominate, screen
from candidates.actions.records import edit, enter
from candidates.actions.results import Result, record_results
from candidates.actions.rules import load_rules
from candidates.dossier import State
from candidates.models import AppraisalQuestion, Candidate, ClassKind, DossierForm, Enrolment, Grade, TrainingClass
from candidates.pipeline import STAGES, Stage, Step
from organizations.actions.units import create_branches, open_organization
from organizations.models import Assignment, Organization, User
from organizations.permissions import Role
from targets.models import AdmissionPlan, TargetRule, YearlyTarget
from tests import snapshots
from vuthu_recruit.dates import PartialDate

_numbers = count(1)
INTRODUCERS = ("Trần Văn Dẫn", "Phạm Thị Dìu")
OPENED = date(2015, 1, 1)
TOGETHER = PartialDate(2015)


@dataclass
class World:
    """The cast. North and south are communes, office a committee of agencies, cell a grassroots cell."""

    area: Organization
    district: Organization
    north: Organization
    south: Organization
    office: Organization
    cell: Organization
    north_1: Organization
    north_2: Organization
    south_1: Organization
    office_1: Organization
    plan: AdmissionPlan
    head: User  # head of the Organisation Board
    board: User  # another officer of the Board
    board_2: User
    standing: User
    supervisor: User  # of north
    center: User
    north_officer: User
    south_officer: User
    office_officer: User
    cell_officer: User
    branch_officer: User  # of north_1
    youth: User  # Đoàn Thanh niên at north
    admin: User
    nobody: User  # signed in, without any assignment


def make_user(username: str, full_name: str = "", **values) -> User:
    return User.objects.create_user(
        username=username, password="mat-khau-de-thu-nghiem", full_name=full_name or f"Cán bộ {username}", **values
    )


def assign(user: User, role: str, organization: Organization, **values) -> Assignment:
    values.setdefault("starts_on", OPENED)
    return Assignment.objects.create(user=user, role=role, organization=organization, **values)


def make_unit(parent, slug, name, *, kind="grassroots_commune", form="committee", by=None, **values) -> Organization:
    values.setdefault("opened_on", OPENED)
    values.setdefault("code", slug)
    short = name.removeprefix("Đảng bộ ").removeprefix("Chi bộ ")
    values.setdefault("short_name", short[:1].upper() + short[1:80])
    return open_organization(parent=parent, slug=slug, name=name, kind=kind, form=form, by=by, **values)


def build_world() -> World:
    return snapshots.once(_build_world)


def _build_world() -> World:
    load_rules()
    area = make_unit(None, "khu-vuc", "Khu vực Vũ Thư", kind="area", code="")
    district = make_unit(area, "vu-thu", "Đảng bộ huyện Vũ Thư", kind="district", code="344")
    north = make_unit(district, "13195", "Đảng bộ xã Hồng Lý", order=1)
    south = make_unit(district, "13249", "Đảng bộ xã Song An", order=2)
    office = make_unit(district, "mau-03", "Đảng bộ Cơ quan Huyện ủy", kind="grassroots_other", sector="agency")
    cell = make_unit(
        district, "mau-07", "Chi bộ Tòa án nhân dân huyện", kind="grassroots_other", form="cell", sector="agency"
    )
    users = {
        name: make_user(name)
        for name in [
            "head",
            "board",
            "board_2",
            "standing",
            "supervisor",
            "center",
            "north_officer",
            "south_officer",
            "office_officer",
            "cell_officer",
            "branch_officer",
            "youth",
            "admin",
            "nobody",
        ]
    }
    assign(users["head"], Role.ORGANIZATION_BOARD, district, is_head=True)
    assign(users["board"], Role.ORGANIZATION_BOARD, district)
    assign(users["board_2"], Role.ORGANIZATION_BOARD, district)
    assign(users["standing"], Role.STANDING_COMMITTEE, district)
    assign(users["supervisor"], Role.SUPERVISOR, north)
    assign(users["center"], Role.POLITICAL_CENTER, district)
    assign(users["north_officer"], Role.UNIT_OFFICER, north)
    assign(users["south_officer"], Role.UNIT_OFFICER, south)
    assign(users["office_officer"], Role.UNIT_OFFICER, office)
    assign(users["cell_officer"], Role.UNIT_OFFICER, cell)
    assign(users["youth"], Role.MASS_ORGANIZATION, north, body="youth_union")
    assign(users["admin"], Role.SYSTEM_ADMIN, area)
    north_1, north_2 = make_branches(north, "Chi bộ thôn Hội", "Chi bộ thôn Đông")
    (south_1,) = make_branches(south, "Chi bộ thôn Nam")
    (office_1,) = make_branches(office, "Chi bộ Văn phòng")
    assign(users["branch_officer"], Role.BRANCH_OFFICER, north_1)
    return World(
        area=area,
        district=district,
        north=north,
        south=south,
        office=office,
        cell=cell,
        north_1=north_1,
        north_2=north_2,
        south_1=south_1,
        office_1=office_1,
        plan=make_plan(district),
        **users,
    )


def make_branches(unit: Organization, *names: str, opened_on: date = OPENED) -> list[Organization]:
    board = User.objects.get(username="board")
    return create_branches(unit=unit, names=list(names), opened_on=opened_on, by=board)


def all_passed() -> dict:
    """What the form of an appraisal sends when every question is answered "đạt" and the dossier is passed on."""
    return {f"q-{row.pk}": "passed" for row in AppraisalQuestion.objects.all()} | {"result": "pass"}


def make_plan(district: Organization) -> AdmissionPlan:
    """51-KH/HU with its rules and revision 0 for every grassroots unit and year."""
    plan, made = AdmissionPlan.objects.get_or_create(
        organization=district,
        defaults={
            "number": "51-KH/HU",
            "signed_on": date(2021, 9, 29),
            "title": "Kết nạp đảng viên giai đoạn 2021-2025",
            "plan_starts_on": date(2021, 1, 1),
            "plan_ends_on": date(2025, 12, 31),
            "term_starts_on": date(2020, 8, 1),
            "term_ends_on": date(2025, 6, 30),
            "minimum": 500,
        },
    )
    if made:
        TargetRule.objects.create(plan=plan, kind="grassroots_commune", minimum=3, maximum=5)
        TargetRule.objects.create(plan=plan, kind="grassroots_other", minimum=2, maximum=3)
    ranges = {rule.kind: (rule.minimum, rule.maximum) for rule in plan.rules.all()}
    for unit in Organization.objects.grassroots():
        for year in plan.years:
            low, high = ranges[unit.kind]
            YearlyTarget.objects.get_or_create(
                plan=plan,
                organization=unit,
                year=year,
                revision=0,
                defaults={"minimum": low, "maximum": high, "decided_on": plan.signed_on, "source": "rule"},
            )
    return plan


def identity(number: int | None = None) -> str:
    """A citizen number with the unassigned prefix 000."""
    return f"000{number or next(_numbers):09d}"


def make_candidate(
    unit: Organization, *, full_name: str = "", started: date = date(2022, 3, 1), by: User | None = None, **values
) -> Candidate:
    """A person in `source` of a branch or grassroots cell, with the record the branch's meeting asks for."""
    number = next(_numbers)
    birth = values.pop("birth", PartialDate(1995, 1 + number % 12, 1 + number % 28))
    introducers = values.pop("introducers", INTRODUCERS)
    values = {"sex": "female" if number % 2 else "male", "identity_number": identity(number), "birth": birth} | values
    values = {"education": "upper_secondary"} | values
    return enter(
        values={"full_name": full_name or f"Nguyễn Văn Mẫu {number}"} | values,
        unit=unit,
        entered_on=started,
        by=by or officer_of(unit),
        introducers=[{"full_name": name, "from_on": started, "together_since": TOGETHER} for name in introducers],
    )


def backfilled(
    unit: Organization, *, decided_on: date = date(2021, 3, 1), ceremony_on: date | None = None, by=None, **values
) -> Candidate:
    """A person taken over from the papers of 2020–2021; `official_on` and the like go to the action."""
    number = next(_numbers)
    papers = {name: values.pop(name) for name in ("official_on", "official_document", "form_key") if name in values}
    names = {"full_name": f"Trần Thị Cũ {number}", "sex": "female" if number % 2 else "male"}
    return backfill(
        values=names | {"birth": PartialDate(1988, 1 + number % 12, 1 + number % 28)} | values,
        unit=unit,
        decided_on=decided_on,
        decision="315-QĐ/HU",
        ceremony_on=ceremony_on or decided_on + timedelta(days=15),
        by=by or User.objects.get(username="board"),
        **papers,
    )


def officer_of(unit: Organization) -> User:
    """Whoever may enter people at the unit: its officer, else the Board."""
    found = Assignment.objects.filter(
        role=Role.UNIT_OFFICER, organization_id=unit.grassroots_id or unit.pk
    ).select_related("user")
    return found[0].user if found else User.objects.get(username="board")


FACTS = {
    Step.TRAINED: {"document": "101/CN-TTCT"},
    Step.DOSSIER: {},
    Step.BRANCH_PASSED: {"document": "05-NQ/CB", "members": 12, "votes": 11},
    Step.COMMITTEE_PASSED: {"document": "21-NQ/ĐU", "members": 15, "votes": 15},
    Step.SUBMITTED: {"document": "33-CV/ĐU"},
    Step.APPRAISED: {"document": "17-TTr/BTC"},
    Step.DECIDED: {"document": "1024-QĐ/HU"},
    Step.ADMITTED: {},
    Step.RECOGNITION_PROPOSED: {"document": "09-NQ/CB", "members": 12, "votes": 12},
    Step.RECOGNITION_COMMITTEE_PASSED: {"document": "44-NQ/ĐU", "members": 15, "votes": 14},
    Step.OFFICIAL: {"document": "1300-QĐ/HU"},
}
BY_BOARD = {Step.APPRAISED: "board", Step.DECIDED: "board_2", Step.OFFICIAL: "board"}


def step(candidate: Candidate, name: Step, on: date, *, by: User | None = None, unit=None, **facts):
    """Take one step with ordinary facts, by whoever usually takes it."""
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    if by is None:
        by = User.objects.get(username=BY_BOARD[name]) if name in BY_BOARD else officer_of(candidate.unit)
    facts = FACTS.get(name, {}) | ({"received_on": on} if name == Step.ADMITTED else {}) | facts
    return take_step(
        candidate=candidate, step=name, happened_on=on, facts=facts, version=candidate.version, by=by, unit=unit
    )


def make_class(from_on: date, to_on: date | None = None, *, kind: str = "awareness", **values) -> TrainingClass:
    """The next class of the year, opened by the Centre."""
    made = TrainingClass.objects.filter(year=from_on.year, kind__key=kind)
    values = {"number": made.count() + 1, "year": from_on.year} | values
    values |= {"organization": Organization.objects.get(kind="district"), "kind": ClassKind.objects.get(key=kind)}
    values |= {"from_on": from_on, "to_on": to_on or from_on + timedelta(days=4)}
    return open_class(values=values, by=User.objects.get(username="center"))


def enrol(training_class: TrainingClass, *candidates: Candidate, by: User | None = None) -> list[Enrolment]:
    """Nominate people and find them eligible: they attend, or wait for a place."""
    made = []
    for candidate in candidates:
        sender = by or _sender(training_class, candidate)
        made += nominate(training_class=training_class, candidates=[candidate], by=sender)
    verdicts = [Verdict(row.pk, row.version, True) for row in made]
    screen(training_class=training_class, verdicts=verdicts, by=User.objects.get(username="center"))
    return list(Enrolment.objects.filter(pk__in=[row.pk for row in made]).order_by("pk"))


def _sender(training_class: TrainingClass, candidate: Candidate) -> User:
    """Units send people until the first day; later the Board adds them."""
    return User.objects.get(username="board") if training_class.has_begun else officer_of(candidate.unit)


def finish(
    enrolment: Enrolment, issued_on: date | None = None, number: str = "", *, grade: str = "very_good"
) -> Enrolment:
    """Record a result, with a certificate where a day is given."""
    enrolment.refresh_from_db()
    number = number or (f"{next(_numbers)}/CN-TTCT" if issued_on else "")
    result = Result(
        enrolment.pk,
        enrolment.version,
        "finished",
        grade=Grade.objects.get(key=grade).pk,
        certificate_number=number,
        issued_on=issued_on,
    )
    center = User.objects.get(username="center")
    record_results(training_class=enrolment.training_class, results=[result], by=center)
    return Enrolment.objects.get(pk=enrolment.pk)


def give_certificate(candidate: Candidate, issued_on: date, number: str = "", *, kind: str = "awareness") -> Enrolment:
    """Attend a class that ends on the day, and get a certificate of that day."""
    training_class = make_class(_free_week(candidate, issued_on), issued_on, kind=kind)
    (enrolment,) = enrol(training_class, candidate)
    return finish(enrolment, issued_on, number)


def _free_week(candidate: Candidate, to_on: date) -> date:
    """The first day of a class of two weeks, or of what is left after another class of the person."""
    rows = candidate.enrolments.standing().filter(training_class__to_on__lt=to_on)
    last = rows.order_by("-training_class__to_on").values_list("training_class__to_on", flat=True).first()
    return max(filter(None, [to_on - timedelta(days=14), last and last + timedelta(days=1)]))


def _usual_days(last: date, stages: list[Stage]) -> list[date]:
    days = []
    for stage in stages:
        last += timedelta(days=370 if stage == Stage.RECOGNITION_PROPOSED else 30)
        days.append(last)
    return days


def advance(candidate: Candidate, stage: Stage, dates: list[date] | None = None) -> Candidate:
    """Walk a person on to a stage: a step every 30 days, the whole probation; or on the given dates, one a step."""
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    cell = (candidate.unit.grassroots or candidate.unit).form == "cell"
    path = [s for s in STAGES if not (cell and s in (Stage.COMMITTEE_PASSED, Stage.RECOGNITION_COMMITTEE_PASSED))]
    todo = path[path.index(Stage(candidate.stage)) + 1 : path.index(stage) + 1]
    last = candidate.events.filter(is_live=True).order_by("-happened_on", "-place").first().happened_on
    days = dates or _usual_days(last, todo)
    for name, on in zip(todo, days, strict=True):
        if name == Stage.TRAINED:
            give_certificate(candidate, on)
        else:
            step(candidate, Step(name.value), on)
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


def give_papers(candidate: Candidate, *, but: tuple[str, ...] = (), dated_on: date = date(2022, 6, 1)) -> None:
    """Every paper the dossier page asks for at this stage, but those of the given forms; the verification too."""
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    by = officer_of(candidate.unit)
    if not candidate.background_checked_on and "tham-tra" not in but:
        edit(
            candidate=candidate,
            values={"background_checked_on": dated_on, "background_document": "07-TTLL/ĐU"},
            version=candidate.version,
            by=by,
        )
        candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    forms = DossierForm.objects.filter(source="paper", applies="always", needed_for="branch_passed")
    papers = [
        PaperValues(form, copy, State.IN, f"{form.code}/{copy}", dated_on)
        for form in forms.exclude(key__in=but)
        for copy in range(1, 3 if form.copies == "introducers" else 2)
    ]
    save_dossier(candidate=candidate, papers=papers, version=candidate.version, by=by)
