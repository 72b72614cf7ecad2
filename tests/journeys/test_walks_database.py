"""200 random lives through forms, actions and database; each illegal move after each step changes no table."""

import random
from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction

from candidates.actions.events import Refused, pure_unit, rebuild, take_step
from candidates.forms.steps import StepForm
from candidates.models import Candidate
from candidates.pipeline import Refusal, Step
from organizations import changes
from organizations.models import Organization
from organizations.versions import Conflict
from tests import factories
from tests.journeys import tables
from tests.journeys.walks import BOARD, BRANCH, KINDS, TODAY, Life, illegal_moves

WALKS, PARTS, STAYING = 200, 8, 40


def user_for(world, life: Life, rights, step: str):
    if rights == BOARD:
        return world.center if step == "trained" else world.board_2 if step == "decided" else world.board
    if rights == BRANCH and life.here and life.here.key == world.north_1.pk and life.rng.random() < 0.5:
        return world.branch_officer
    return world.cell_officer if life.form == "cell" else world.north_officer


def stranger_for(world, life: Life, rights):
    """Somebody of this unit or above without the right for the step."""
    if rights == BOARD:
        return world.board
    return world.standing if len(rights) == 1 else world.cell_officer if life.form == "cell" else world.north_officer


def attempt_in_database(candidate: Candidate, attempt, by):
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    unit = Organization.objects.select_related("grassroots").filter(pk=attempt.unit.key).first()
    form = StepForm(typed(attempt, candidate.version), step=attempt.step)
    if not form.is_valid():
        raise Refused([Refusal("form", str(form.errors))])
    return take_step(
        candidate=candidate,
        step=attempt.step,
        happened_on=form.cleaned_data["happened_on"],
        facts=form.given_facts,
        version=form.cleaned_data["version"],
        by=by,
        unit=unit,
    )


def typed(attempt, version: int) -> dict:
    """What a person would type into the form of the step."""
    days = {"happened_on": attempt.happened_on}
    facts = dict(attempt.facts)
    if "received_on" in facts:
        days["received_on"] = date.fromisoformat(facts.pop("received_on"))
    return (
        {key: str(value) for key, value in facts.items()}
        | {key: f"{day.day}/{day.month}/{day.year}" for key, day in days.items()}
        | {"version": version}
    )


def refuse(candidate, attempt, by, kind, refused: Counter, before: dict) -> None:
    with pytest.raises((Refused, PermissionDenied)), transaction.atomic():
        attempt_in_database(candidate, attempt, by)
    assert tables.checksum() == before, kind
    refused[kind] += 1


def live(world, seed: int, refused: Counter | None = None) -> None:
    """One random life; with `refused`, after each step one illegal move of each kind, counted there."""
    rng = random.Random(seed)
    homes = [world.cell] if rng.random() < 0.25 else [world.north_1, world.north_2]
    life = Life(rng, [pure_unit(home) for home in homes])
    candidate = begin(world, life, homes[0])
    for _ in range(rng.randint(3, 30)):
        if refused is not None:
            try_illegal_moves(world, life, candidate, refused)
        choices = life.choices()
        if not choices:
            break
        attempt = life.attempt(rng.choice(choices))
        take(world, life, candidate, attempt)
        life.follow(attempt)
        candidate.refresh_from_db()
        assert (candidate.stage, candidate.status, candidate.unit_id) == (life.stage, life.status, life.here.key)
    rebuild_changes_nothing(candidate, world)


def begin(world, life: Life, home) -> Candidate:
    """Into the source, or (now and then) taken over from the papers of 2021 up to the ceremony."""
    if life.rng.random() < 0.8:
        candidate = factories.make_candidate(home, started=life.last_day, birth=life.birth)
        life.follow(life.attempt("source", on=life.last_day, to=life.units[0]))
        return candidate
    candidate = factories.backfilled(home, decided_on=life.last_day, ceremony_on=life.last_day, birth=life.birth)
    for step in ("backfilled", "decided", "admitted"):
        life.follow(life.attempt(step, on=life.last_day, to=life.units[0], rights=BOARD))
    return candidate


def try_illegal_moves(world, life: Life, candidate, refused: Counter) -> None:
    before = tables.checksum()
    for kind, illegal, _code in illegal_moves(life):
        by = user_for(world, life, illegal.actor.rights, str(illegal.step))
        if kind == "wrong role":
            by = stranger_for(world, life, illegal.actor.rights)
        elif kind == "wrong unit":
            illegal = life.attempt(str(illegal.step), to=pure_unit(world.south_1))
        if kind == "skip" and illegal.step == Step.DECIDED:
            by = world.board_2
        refuse(candidate, illegal, by, kind, refused, before)


def take(world, life, candidate, attempt) -> None:
    if attempt.step == Step.TRAINED:
        factories.give_certificate(candidate, attempt.happened_on)
        return
    by = user_for(world, life, attempt.actor.rights, str(attempt.step))
    candidate.refresh_from_db()
    attempt_in_database(candidate, attempt, by)
    with pytest.raises(Conflict), transaction.atomic():  # the same form sent again
        take_step(
            candidate=candidate,
            step=attempt.step,
            happened_on=attempt.happened_on + timedelta(days=0),
            facts=dict(attempt.facts),
            version=candidate.version,
            by=by,
        )


def rebuild_changes_nothing(candidate, world) -> None:
    log = changes.Log(by=world.board, action="test", subject=candidate)
    rebuild(Candidate.objects.get(pk=candidate.pk), log)
    assert log._rows == []


def try_lives(world, seeds) -> None:
    """Each life ends where it began, so that the tables stay small."""
    refused = Counter()
    for seed in seeds:
        before = tables.checksum()
        with transaction.atomic():
            live(world, seed, refused)
            transaction.set_rollback(True)
        assert tables.checksum() == before

    assert set(refused) == KINDS


@pytest.mark.parametrize("part", range(PARTS))
def test_random_lives_in_the_database(part, world):
    try_lives(world, range(part * WALKS // PARTS, (part + 1) * WALKS // PARTS))

    assert TODAY.year == 2024


def test_random_lives_add_up(world):
    """Lives that stay: every figure of units, branches and sums agrees with the recount."""
    for seed in range(STAYING):
        live(world, seed)

    said = StringIO()
    call_command("verify", stdout=said)

    assert f"{STAYING} hồ sơ. Không có chỗ lệch." in said.getvalue()
