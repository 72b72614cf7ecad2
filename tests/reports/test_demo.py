"""The command create_demo: people who could have lived, in every list, the same for the same seed; and its refusals."""

import hashlib
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Exists, OuterRef

from candidates import gates
from candidates.actions.events import live_events, pure_unit, rebuild, record_of, rule_book, snapshot_of, story_of
from candidates.dossier import State
from candidates.gates import Attempt, Story
from candidates.models import (
    Attendance,
    Candidate,
    DossierItem,
    Enrolment,
    Helper,
    Introducer,
    Purpose,
    ReturnedPoint,
    ReviewCase,
    SessionItem,
    StageEvent,
    TrainingClass,
)
from candidates.pipeline import STAGES, Actor, Status, Step
from organizations import changes
from organizations.models import Assignment, Change, Organization, OrganizationFigure, Proposal, User
from organizations.permissions import Permission, Role
from organizations.scope import holds
from organizations.signin import FirstPasswordBackend
from reports.demo import accounts, training
from targets.models import OpeningBalance, YearlyTarget

TODAY = date(2024, 11, 18)


@pytest.fixture
def demo(db, settings):
    """Where demo accounts are allowed, on the day of the demonstration."""
    settings.DEMO, settings.DEMO_TODAY = True, TODAY.isoformat()
    call_command("load_plan", stdout=StringIO())


def create(**options) -> str:
    out = StringIO()
    call_command("create_demo", stdout=out, **{"candidates": 150, **options})
    return out.getvalue()


class Differences:
    """Stands in for the history: collects what rebuild() would change."""

    def __init__(self):
        self.found = []

    def updated(self, row, before):
        old, new = changes.difference(row, before)
        if old or new:
            self.found.append((row._meta.label, row.pk, old, new))


def digest() -> str:
    """Everything told of the people, without ids and moments."""
    people = [
        (
            row.full_name, row.identity_number, str(row.birth), row.sex, row.unit.slug, row.stage, row.status,
            row.religion, row.occupation, row.priority_groups, row.home_town, str(row.youth_union_joined),
            [(e.seq, e.place, e.step, str(e.happened_on), e.unit.slug, sorted(e.facts.items()), e.is_live,
              e.by.username) for e in row.events.order_by("seq")],
            [(str(e.training_class), e.state, str(e.grade or ""), str(e.score), e.certificate_number)
             for e in row.enrolments.order_by("pk")],
        )
        for row in Candidate.objects.select_related("unit").order_by("pk")
    ]  # fmt: skip
    balances = list(
        OpeningBalance.objects.order_by("pk").values_list("organization__slug", "from_on", "count", "women")
    )
    figures = list(OrganizationFigure.objects.order_by("pk").values_list("organization__slug", "on", "members"))
    users = list(User.objects.order_by("username").values_list("username", "full_name"))
    return hashlib.sha256(repr((people, balances, figures, users)).encode()).hexdigest()


def test_rebuilding_anybody_changes_nothing(demo):
    create()
    log = Differences()

    with transaction.atomic():
        for candidate in Candidate.objects.all():
            rebuild(candidate, log)

    assert Candidate.objects.count() == 150
    assert not log.found


def test_no_gate_speaks_against_any_step_taken(demo):
    create()
    actor, rules = Actor(frozenset(Permission), confirmed=True), rule_book()
    found = []
    for candidate in Candidate.objects.select_related("unit__grassroots"):
        events = live_events(candidate)
        story = story_of(candidate, events)
        record = record_of(candidate, story.events, rules["book"].on(TODAY))
        for index, event in enumerate(story.events):
            before = Story(story.events[:index], story.units, record)
            unit = pure_unit(events[index].unit)
            attempt = Attempt(before, event.step, event.happened_on, event.facts, TODAY, actor, unit, **rules)
            found += [(str(candidate.pk), event.step, refusal.code) for refusal in gates.refusals(attempt)]

    # Papers are read as they are now: those of a returned dossier were complete when it was sent.
    returned = {str(pk) for pk in ReturnedPoint.objects.values_list("appraisal__candidate", flat=True)}
    assert not [one for one in found if not (one[2] == "dossier" and one[0] in returned)]


def test_no_class_takes_more_than_it_has_places_for(demo, monkeypatch):
    monkeypatch.setitem(training.CAPACITY, "awareness", 5)
    create()

    taken = Counter(Enrolment.objects.seated().values_list("training_class", flat=True))
    classes = TrainingClass.objects.filter(kind__purpose="awareness")
    assert all(taken[one.pk] <= one.capacity for one in classes)
    assert max(Counter(classes.values_list("from_on", flat=True)).values()) > 1  # a full class had another opened


def test_the_recount_agrees(demo):
    create()

    call_command("verify", stdout=StringIO())


def test_every_value_is_one_a_form_would_take(demo):
    create(candidates=300)

    for row in (*Candidate.objects.all(), *Enrolment.objects.all(), *Introducer.objects.all(), *Helper.objects.all()):
        row.clean_fields(exclude=["created_by"])


def test_whoever_appraised_did_not_record_the_decision(demo):
    create()
    appraised = dict(
        StageEvent.objects.filter(step=Step.APPRAISED, is_live=True).order_by("place").values_list("candidate", "by")
    )

    for candidate, by in StageEvent.objects.filter(step=Step.DECIDED, is_live=True).values_list("candidate", "by"):
        assert appraised.get(candidate) != by


def test_somebody_struck_off_long_ago_has_come_back(demo):
    create()
    person = Candidate.objects.get(previous__isnull=False)
    judged = {row["gate"]: row["outcome"] for row in person.events.get(step=Step.BRANCH_PASSED).verdict}

    assert person.previous.status == Status.STRUCK_OFF
    assert person.identity_number == person.previous.identity_number
    assert judged["readmission"] == "met"
    known = Introducer.objects.exclude(together_since=None).count()
    assert 0.8 < known / Introducer.objects.count() < 1


def test_every_list_has_something_in_it(demo):
    create()

    stages = Counter(Candidate.objects.filter(status=Status.OPEN).values_list("stage", flat=True))
    statuses = Counter(Candidate.objects.values_list("status", flat=True))
    steps = Counter(StageEvent.objects.filter(is_live=True).values_list("step", flat=True))
    waiting = Counter(Candidate.objects.filter(status=Status.WAITING).values_list("waiting_for", flat=True))

    early = [stage for stage in STAGES if "recognition" not in stage]
    assert not [stage for stage in early if not stages[stage]]
    assert not [status for status in Status if not statuses[status]]
    assert not [step for step in Step if not steps[step]]
    assert set(waiting) == {"unit", "board"}
    assert set(ReviewCase.objects.values_list("outcome", flat=True)) == {"", "merged", "cleared"}
    assert StageEvent.objects.filter(replaces__isnull=False, is_void=False).exists()
    assert StageEvent.objects.filter(is_void=True).exists()
    assert Enrolment.objects.filter(is_passed=False).exists()
    assert set(Enrolment.objects.values_list("state", flat=True)) == set(Enrolment.State)
    assert Enrolment.objects.with_attempt().filter(attempt=2).exists()
    assert set(TrainingClass.objects.values_list("kind__purpose", flat=True)) == set(Purpose)
    assert Attendance.objects.filter(mark="absent").exists()
    assert Introducer.objects.exists()
    assert set(DossierItem.objects.values_list("state", flat=True)) == set(State) - {"missing"}
    assert ReturnedPoint.objects.filter(accepted_in=None).exists()
    assert ReturnedPoint.objects.exclude(accepted_in=None).exists()
    assert SessionItem.objects.filter(outcome="").exists()
    assert SessionItem.objects.filter(outcome="agree").exists()
    assert Helper.objects.filter(to_on__isnull=True).exists()
    assert Proposal.objects.filter(state="waiting").count() == 2
    assert YearlyTarget.objects.filter(revision__gt=0, year=2024).count() == 4
    assert OpeningBalance.objects.filter(from_on__year=2020).exists()
    assert OpeningBalance.objects.filter(from_on__year=2021).exists()
    assert Candidate.objects.filter(unit__kind="grassroots_commune").exists()  # no branch yet
    names_part_of = OpeningBalance.objects.filter(
        organization=OuterRef("unit__grassroots"),
        from_on__lte=OuterRef("happened_on"),
        to_on__gte=OuterRef("happened_on"),
    )
    taken_over = StageEvent.objects.filter(step=Step.DECIDED, facts__backfilled=True)
    assert taken_over.count() == taken_over.filter(Exists(names_part_of)).count() >= 3


def test_some_certificates_are_too_old_and_some_decisions_too_late(demo):
    create()

    old = Candidate.objects.filter(
        stage="trained", enrolments__issued_on__lt=date(2019, 11, 18), status=Status.OPEN
    ).exclude(enrolments__issued_on__gte=date(2019, 11, 18))
    branch = dict(
        StageEvent.objects.filter(step=Step.BRANCH_PASSED, is_live=True)
        .order_by("place")
        .values_list("candidate", "happened_on")
    )
    decided = StageEvent.objects.filter(step=Step.DECIDED, is_counted=True).values_list("candidate", "happened_on")
    late = [candidate for candidate, day in decided if candidate in branch and (day - branch[candidate]).days > 95]

    assert old.exists()
    assert 2 <= len(late) < len(decided) / 4


def test_the_decision_keeps_the_snapshot(demo):
    create(candidates=60)

    events = StageEvent.objects.filter(step=Step.DECIDED).select_related("candidate")

    assert events
    assert all(event.snapshot == snapshot_of(event.candidate) for event in events)


def test_seven_hundred_people_look_like_a_district(demo):
    create(candidates=700)

    decisions = StageEvent.objects.filter(step=Step.DECIDED, is_counted=True)
    by_year = Counter(day.year for day in decisions.values_list("happened_on", flat=True))
    sizes = Counter(
        Enrolment.objects.filter(training_class__kind__purpose="awareness").values_list("training_class", flat=True)
    )
    meetings = StageEvent.objects.live().values_list("happened_on", flat=True)

    assert all(80 <= by_year[year] <= 120 for year in (2022, 2023, 2024))
    assert 25 <= by_year[2021] <= 70
    assert max(sizes.values()) <= 80
    assert max(meetings) <= TODAY
    assert {day.weekday() for day in meetings} <= {0, 1, 2, 3, 4}


def test_the_same_seed_gives_the_same_people(demo):
    digests = {}
    for name, seed in (("first", 7), ("other", 8), ("again", 7)):
        with transaction.atomic():
            create(seed=seed, candidates=120)
            digests[name] = digest()
            transaction.set_rollback(True)

    assert digests["first"] == digests["again"] != digests["other"]


def test_everyone_is_marked_and_has_a_line_of_history(demo):
    create(candidates=80)

    assert not Candidate.objects.filter(is_sample=False).exists()
    assert not TrainingClass.objects.filter(is_sample=False).exists()
    assert not Organization.objects.branches().filter(is_sample=False).exists()
    assert not Candidate.objects.exclude(identity_number="").exclude(identity_number__startswith="000").exists()
    created = Change.objects.filter(action="demo.create", via="command", object_type="candidates.Candidate")
    assert set(created.values_list("subject_id", flat=True)) == {
        str(pk) for pk in Candidate.objects.values_list("pk", flat=True)
    }
    assert all("•" in change.after["identity_number"] for change in created if change.after["identity_number"])


def test_every_unit_has_an_officer_who_can_sign_in(demo):
    create(candidates=10)

    units = set(Organization.objects.grassroots().values_list("pk", flat=True))
    officers = Assignment.objects.in_force_on(TODAY).filter(role=Role.UNIT_OFFICER, user__is_active=True)

    assert set(officers.values_list("organization", flat=True)) == units
    assert not User.objects.filter(is_demo=False).exists()


def test_every_printed_account_signs_in_and_every_role_is_printed(demo):
    table = create(candidates=10)
    roles = set()

    for username in accounts.shown_usernames():
        user = User.objects.get(username=username)
        assert username in table
        assert FirstPasswordBackend().authenticate(None, username=username, password=accounts.PASSWORD) == user
        assert user.is_demo
        roles |= {assignment.role for assignment in user.assignments.all()}

    assert roles == set(Role)
    assert Assignment.objects.filter(is_head=True).get().user.username == "ban.to.chuc"
    assert holds(User.objects.get(username="thuong.vu"), Permission.FIGURES_VIEW)
    for role in Role:
        assert Role(role).label in table


def test_names_come_in_both_spellings(demo):
    create(candidates=700)

    names = " ".join(Candidate.objects.values_list("full_name", flat=True)).split()

    assert {"Hòa", "Hoà"} <= set(names)


def test_the_branches_are_those_of_communes(demo):
    create(candidates=0)

    counts = Counter(Organization.objects.branches().values_list("parent__kind", "parent"))

    assert all(6 <= n <= 12 for (kind, _), n in counts.items() if kind == "grassroots_commune")
    assert all(2 <= n <= 5 for (kind, _), n in counts.items() if kind == "grassroots_other")
    assert Organization.objects.filter(name="Chi bộ Trạm Y tế", sector="health").exists()
    assert OrganizationFigure.objects.exists()
    assert Organization.objects.branches().filter(figures=None).exists()


def test_refuses_without_demo(demo, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        create()

    assert not Candidate.objects.exists()
    assert not User.objects.exists()


def test_refuses_a_database_with_a_real_person(demo):
    unit = Organization.objects.get(slug="mau-07")
    Candidate.objects.create(full_name="Người Thật", sex="male", unit=unit, waiting_for="unit")

    with pytest.raises(CommandError, match="người thật"):
        create()

    assert not User.objects.exists()


def test_refuses_a_database_with_a_real_account(demo):
    User.objects.create_user(username="that", password=None, full_name="Người thật")

    with pytest.raises(CommandError, match="tài khoản thật"):
        create()


def test_refuses_a_second_time_unless_told_to_leave_it(demo):
    create(candidates=20)

    with pytest.raises(CommandError, match="Đã có người mẫu"):
        create(candidates=20)
    said = create(candidates=20, if_empty=True)

    assert "ban.to.chuc" in said
    assert Candidate.objects.count() == 20


def test_refuses_a_day_in_the_future(demo):
    with pytest.raises(CommandError, match="--today"):
        create(today=date(2030, 1, 1))


def test_a_dry_run_keeps_nothing(demo):
    said = create(candidates=20, dry_run=True)

    assert "20 người" in said
    assert not Candidate.objects.exists()
    assert not User.objects.exists()
    assert not Organization.objects.branches().exists()


def test_another_day_is_as_good(demo):
    create(candidates=100, today=date(2023, 2, 6))
    log = Differences()

    with transaction.atomic():
        for candidate in Candidate.objects.all():
            rebuild(candidate, log)

    assert not log.found
    assert not StageEvent.objects.filter(happened_on__gt=date(2023, 2, 6)).exists()
