"""Twenty people write at once: nothing is lost, nothing is locked, nobody sees a server error."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from candidates.actions import records
from candidates.actions.backfill import backfill
from candidates.actions.duplicates import Duplicate
from candidates.actions.events import Refused, take_step
from candidates.models import Candidate, ReviewCase
from candidates.pipeline import Stage, Step
from organizations.actions.exports import PasswordNeeded, Taken, record_export
from organizations.actions.units import create_branches
from organizations.models import Change, Export, Organization, User
from organizations.versions import Conflict
from tests import factories
from vuthu_recruit.dates import PartialDate

WRITERS, ROUNDS = 20, 5

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd(transactional_db, today):
    return factories.build_world()


def together(work) -> list:
    """Run work(number) in twenty threads at the same moment; return what each returned, or the error it raised."""
    gate, results = threading.Barrier(WRITERS), [None] * WRITERS

    def run(number):
        try:
            gate.wait()
            results[number] = work(number)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_editors_of_one_record_lose_no_update(crowd):
    candidate = factories.make_candidate(crowd.north_1)
    start = Candidate.objects.get(pk=candidate.pk).version

    def edit(number):
        by = User.objects.get(pk=crowd.north_officer.pk)
        done = 0
        while done < ROUNDS:
            row = Candidate.objects.get(pk=candidate.pk)
            try:
                records.edit(candidate=row, values={"workplace": f"Nơi {number}.{done}"}, version=row.version, by=by)
                done += 1
            except Conflict:
                continue
        return done

    assert together(edit) == [ROUNDS] * WRITERS
    assert Candidate.objects.get(pk=candidate.pk).version == start + WRITERS * ROUNDS
    assert Change.objects.filter(action="candidate.edit").count() == WRITERS * ROUNDS


def test_one_line_of_an_old_list_typed_twenty_times_is_one_person(crowd):
    users = [User.objects.get(pk=pk) for pk in (crowd.head.pk, crowd.board.pk, crowd.board_2.pk)]

    def take_over(number):
        return backfill(
            values={"full_name": "Lê Thị Lan", "sex": "female", "birth": PartialDate(1990, 5, 12)},
            unit=Organization.objects.get(pk=crowd.north_1.pk), decided_on=date(2021, 3, 12), decision="315-QĐ/HU",
            ceremony_on=date(2021, 3, 20), by=users[number % 3],
        )  # fmt: skip

    results = together(take_over)

    assert Candidate.objects.filter(full_name="Lê Thị Lan").count() == 1
    assert [type(one) for one in results].count(Duplicate) == WRITERS - 1


def test_twenty_files_at_once_take_no_more_people_than_one_after_another(crowd):
    def take(number):
        taken = Taken(name="Danh sách", filter_words="", rows=15, people=15, address=f"/quan-chung/xuat/?q={number}")
        by = User.objects.get(pk=crowd.board.pk)
        return record_export(taken=taken, unit=crowd.district, is_confirmed=False, by=by)

    results = together(take)

    assert [type(one) for one in results].count(PasswordNeeded) == 7, results
    assert [type(one) for one in results].count(Export) == 13
    assert sum(Export.objects.values_list("people", flat=True)) == 195


def test_one_step_taken_twenty_times_happens_once(crowd):
    candidate = factories.advance(factories.make_candidate(crowd.north_1), Stage.TRAINED)
    version = candidate.version

    def step(number):
        by = User.objects.get(pk=crowd.north_officer.pk)
        row = Candidate.objects.get(pk=candidate.pk)
        return take_step(
            candidate=row, step=Step.DOSSIER, happened_on=date(2023, 1, 9), facts={}, version=version, by=by
        )

    results = together(step)

    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert {type(result) for result in results if isinstance(result, Exception)} <= {Conflict, Refused}
    assert candidate.events.filter(step=Step.DOSSIER).count() == 1


def test_one_form_sent_twenty_times_makes_one_record(crowd):
    def enter(number):
        return factories.enter(
            values={"full_name": "Đặng Thị Hòa", "sex": "female", "identity_number": "000195104482"},
            unit=Organization.objects.get(pk=crowd.north_1.pk),
            entered_on=date(2024, 1, 9),
            by=User.objects.get(pk=crowd.north_officer.pk),
            form_key="one-form",
        ).pk

    results = together(enter)

    assert len(set(results)) == 1, results
    assert Candidate.objects.count() == 1


def test_one_number_entered_in_two_units_at_once_counts_once(crowd):
    units = [(crowd.north_1, crowd.north_officer), (crowd.south_1, crowd.south_officer)]

    def enter(number):
        unit, by = units[number % 2]
        return factories.enter(
            values={"full_name": f"Người {number}", "sex": "male", "identity_number": "000195104482"},
            unit=Organization.objects.get(pk=unit.pk),
            entered_on=date(2024, 1, 9),
            by=User.objects.get(pk=by.pk),
        )

    results = together(enter)

    refusals = {type(result) for result in results if isinstance(result, Exception)}
    assert refusals <= {records.Duplicate, ValidationError}, results
    assert Candidate.objects.listed().count() == 1
    assert ReviewCase.objects.count() <= records.ANSWERS_A_DAY * 2


def test_twenty_lists_of_branches_leave_no_doubles(crowd):
    def add(number):
        unit = Organization.objects.get(pk=crowd.south.pk)
        by = User.objects.get(pk=crowd.south_officer.pk)
        return create_branches(unit=unit, names=["Chi bộ thôn Tây"], opened_on=date(2024, 1, 9), by=by)

    results = together(add)

    assert len({tuple(branch.pk for branch in result) for result in results}) == 1, results
    assert Organization.objects.filter(name="Chi bộ thôn Tây").count() == 1
