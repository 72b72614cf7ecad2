"""Every difference in any table is found in the history, and every entry of the history in a difference."""

from datetime import date

import pytest

from candidates.actions import events, records
from candidates.models import Candidate, Helper, ReviewCase
from candidates.pipeline import Stage, Step
from organizations.actions import units
from tests import factories
from tests.journeys import tables

WHY = "Nhập nhầm số trên văn bản"


def fresh(candidate):
    return Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)


def person(world, stage=Stage.SOURCE):
    return factories.advance(factories.make_candidate(world.north_1), stage)


def enter(world):
    factories.make_candidate(world.north_1)


def step(world):
    factories.step(person(world, Stage.TRAINED), Step.DOSSIER, date(2022, 9, 1))


def certificate(world):
    factories.give_certificate(person(world), date(2022, 9, 1))


def correct(world):
    candidate = person(world, Stage.SUBMITTED)
    event = candidate.events.get(step=Step.BRANCH_PASSED)
    correction = events.Correction(event, event.happened_on, event.facts | {"votes": 10})
    events.correct_events(
        candidate=candidate, corrections=[correction], reason=WHY, version=candidate.version, by=world.north_officer
    )


def withdraw(world):
    candidate = person(world, Stage.DOSSIER)
    last = candidate.events.filter(is_live=True).order_by("-happened_on", "-place").first()
    events.withdraw_last(candidate=candidate, event=last, reason=WHY, version=candidate.version, by=world.north_officer)


def withdraw_everything(world):
    candidate = person(world)
    last = candidate.events.get()
    events.withdraw_last(candidate=candidate, event=last, reason=WHY, version=candidate.version, by=world.north_officer)


def move(world):
    factories.step(person(world), Step.MOVED, date(2022, 9, 1), by=world.board, unit=world.south_1, reason=WHY)


def edit(world):
    candidate = person(world)
    values = {"full_name": "Đặng Thị Hòa", "identity_number": factories.identity(), "religion": "catholic"}
    records.edit(candidate=candidate, values=values, version=candidate.version, by=world.north_officer)


def companion(world):
    candidate = person(world)
    values = {"full_name": "Trần Văn Đảng", "position": "Bí thư chi bộ", "from_on": date(2022, 4, 1)}
    records.set_companion(
        candidate=candidate, model=Helper, row=None, values=values, version=candidate.version, by=world.north_officer
    )


def _draft(world) -> ReviewCase:
    known = factories.make_candidate(world.south_1)
    factories.make_candidate(world.north_1, identity_number=known.identity_number)
    return ReviewCase.objects.get()


def outside_match(world):
    _draft(world)


def _resolve(world, outcome):
    case = _draft(world)
    records.resolve_case(
        case=case, outcome=outcome, reason=WHY, happened_on=date(2024, 3, 1), version=case.version, by=world.board
    )


def merge(world):
    _resolve(world, "merged")


def transfer(world):
    _resolve(world, "transferred")


def introduce_and_accept(world):
    candidate = records.introduce(
        values={"full_name": "Lê Thị Mận", "sex": "female"},
        unit=world.north_1,
        body="youth_union",
        introduced_on=date(2024, 3, 1),
        by=world.youth,
    )
    records.accept(candidate=candidate, happened_on=date(2024, 3, 9), version=candidate.version, by=world.north_officer)


def introduce_and_decline(world):
    candidate = records.introduce(
        values={"full_name": "Lê Thị Mận", "sex": "female"},
        unit=world.north_1,
        body="youth_union",
        introduced_on=date(2024, 3, 1),
        by=world.youth,
    )
    records.decline(candidate=candidate, reason=WHY, version=candidate.version, by=world.north_officer)


def branches(world):
    factories.make_branches(world.south, "Chi bộ thôn Tây", "Chi bộ Trường THCS")


def rename(world):
    units.rename(
        organization=world.north_1,
        name="Chi bộ thôn Hội An",
        short_name="Thôn Hội An",
        on=date(2024, 1, 1),
        reason=WHY,
        version=world.north_1.version,
        by=world.north_officer,
    )


def figure(world):
    values = {"on": date(2024, 1, 1), "members": 120, "source": "Sổ danh sách đảng viên"}
    units.record_figure(organization=world.north, values=values, by=world.board)
    units.record_figure(organization=world.north, values=values | {"members": 121}, by=world.board)


ACTIONS = [
    enter, step, certificate, correct, withdraw, withdraw_everything, move, edit, companion, outside_match, merge,
    transfer, introduce_and_accept, introduce_and_decline, branches, rename, figure,
]  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_the_history_explains_every_difference_and_nothing_else(action, world):
    before, since = tables.rows(), tables.last_change()

    action(world)

    assert tables.last_change() > since
    assert tables.unexplained(before, tables.rows(), since) == []


def test_an_untold_difference_is_found(world):
    candidate = person(world)
    before, since = tables.rows(), tables.last_change()

    Candidate.objects.filter(pk=candidate.pk).update(home_town="Hải Phòng")

    assert tables.unexplained(before, tables.rows(), since) != []
