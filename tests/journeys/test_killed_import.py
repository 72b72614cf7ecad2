"""A confirmation or an undo killed at every statement and every commit: all of it or nothing, and it says which.

The work runs in a process of its own, which kills itself before or after its n-th statement or commit; n walks over
all there are.
"""

import os
import signal
import warnings
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.urls import reverse

from candidates.models import Candidate, ReviewCase, StageEvent
from candidates.pipeline import Status
from organizations.actions import imports as actions
from organizations.models import Change, ImportBatch, ImportedRow
from tests import factories
from tests.candidates.test_people_import import BRANCHES, song_lang, workbook
from tests.journeys import tables
from tests.long_lists import HEAD, long_list, row_of
from tests.meta.crawl import client_for

pytestmark = pytest.mark.django_db(transaction=True)

RAN_THROUGH, RAISED = 0, 3
KNOWN, NEW = 5, 30  # enough new people for several INSERTs into one table
WHY = "Tải nhầm danh sách của năm trước"
SESSIONS = {"organizations.Session"}
OUTSIDE = SESSIONS | {"organizations.ImportBatch", "organizations.Change"}


@pytest.fixture
def officer(transactional_db, today):
    world = factories.build_world()
    factories.make_candidate(world.north_1, full_name="Vũ Thị Xa", identity_number="000190000077")
    return song_lang(world)


def kept(content: bytes, by) -> ImportBatch:
    unit = by.assignments.get().organization
    options = {"entered_on": "2024-01-15"}
    return actions.keep_file(
        importer="people", organization=unit, name="Danh sách.xlsx", content=content, options=options, by=by
    )


def confirmed(batch: ImportBatch, by) -> ImportBatch:
    preview = actions.look(batch=batch, by=by)
    version = ImportBatch.objects.get(pk=batch.pk).version
    return actions.confirm(batch=batch, seen=preview.digest, only_valid=False, version=version, by=by)


def mixed() -> list[tuple]:
    """The known people under another address, and new ones."""
    return [row_of(number, BRANCHES[number % len(BRANCHES)], "Thôn Mới") for number in range(KNOWN + NEW)]


def of_another_unit() -> tuple:
    cells = dict(zip(HEAD, row_of(0, BRANCHES[0]), strict=True))
    return tuple((cells | {"Họ và tên": "Vũ Thị Xa", "Giới tính": "Nữ", "Số CCCD": "000190000077"}).values())


@pytest.fixture
def known(officer):
    confirmed(kept(long_list(KNOWN, BRANCHES), officer), officer)


@pytest.fixture
def batch(known, officer):
    """A file with new and changed people, and one whom the Board has to compare; looked at, not confirmed."""
    one = kept(workbook(*mixed(), of_another_unit(), head=HEAD), officer)
    actions.look(batch=one, by=officer)
    return ImportBatch.objects.get(pk=one.pk)


# Killing


def die_at(moment: int, work) -> int:
    """Run work() in a process that kills itself at the n-th moment. Returns -SIGKILL, or how it ended otherwise."""
    connections.close_all()  # a connection belongs to one process
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of Python 3.12: the threads of the runner stay behind
        child = os.fork()
    if child == 0:
        ended = RAISED
        try:
            _count_to(moment)
            work()
            ended = RAN_THROUGH
        finally:
            os._exit(ended)  # nothing of the test runner may run in here
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _count_to(moment: int) -> None:
    """A moment lies before and after each statement and each commit."""
    left, commit = [moment], connection._commit

    def pass_by():
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    def statement(execute, *given):
        pass_by()
        result = execute(*given)
        pass_by()
        return result

    def commit_between():
        pass_by()
        commit()
        pass_by()

    connection.connect()
    connection._commit = commit_between
    connection.execute_wrappers.append(statement)


def walk(work, check) -> int:
    """Kill work() at each moment in turn, check() after each; until it ran through. Returns how many there were."""
    moment = 0
    while (ended := die_at(moment, work)) == -signal.SIGKILL:
        if not check(moment):
            return moment + 1
        moment += 1
    raise AssertionError(f"ended with {ended} at moment {moment} and was never killed after its last commit")


@pytest.fixture
def later(monkeypatch):
    """What started a moment ago started long ago."""
    monkeypatch.setattr("organizations.models.imports.RUNS_AT_MOST", timedelta(0))


def counts() -> tuple:
    numbers = Candidate.objects.listed().exclude(identity_number="").values_list("identity_number", flat=True)
    assert len(numbers) == len(set(numbers))
    return (
        Candidate.objects.count(),
        StageEvent.objects.count(),
        ImportedRow.objects.count(),
        ReviewCase.objects.count(),
    )


def put_back(batch: ImportBatch, version: int, last: int) -> None:
    """As if nobody had begun."""
    ImportBatch.objects.filter(pk=batch.pk).update(started_at=None, version=version)
    Change.objects.filter(pk__gt=last)._raw_delete("default")


# Confirming


def test_a_confirmation_killed_at_any_moment_wrote_everything_or_nothing(officer, batch, later):
    seen = actions.look(batch=batch, by=officer).digest
    before, rows, last, count = tables.checksum(but=OUTSIDE), tables.rows(), tables.last_change(), counts()
    done = (count[0] + NEW + 1, count[1] + NEW, count[2] + KNOWN + NEW + 1, count[3] + 1)
    states, first = [], batch.version

    def confirm(version=first):
        return actions.confirm(batch=batch, seen=seen, only_valid=False, version=version, by=officer)

    def check(moment):
        now = ImportBatch.objects.get(pk=batch.pk)
        states.append(now.state)
        if now.applied_at:
            assert counts() == done
            assert ImportedRow.objects.filter(batch=now).count() == KNOWN + NEW + 1
            assert tables.unexplained(rows, tables.rows(), last) == []
            with pytest.raises(ValidationError, match="đã nhập rồi"):
                confirm(now.version)
            return False
        assert tables.checksum(but=OUTSIDE) == before, f"half written at moment {moment}"
        assert set(Change.objects.filter(pk__gt=last).values_list("action", flat=True)) <= {"import.start"}
        assert (now.started_at is not None) == (now.state == ImportBatch.State.INTERRUPTED)
        with transaction.atomic():
            again = confirm(now.version)
            assert again.state == ImportBatch.State.APPLIED
            assert counts() == done
            transaction.set_rollback(True)
        put_back(batch, first, last)
        return True

    assert walk(confirm, check) > 60
    assert {str(state) for state in states} == {"preview", "interrupted", "applied"}


def test_whatever_was_cut_off_says_so(officer, batch, later):
    """On its page, in the list, and when the command starts."""
    seen = actions.look(batch=batch, by=officer).digest

    def confirm():
        actions.confirm(batch=batch, seen=seen, only_valid=False, version=batch.version, by=officer)

    assert die_at(40, confirm) == -signal.SIGKILL
    assert ImportBatch.objects.get(pk=batch.pk).state == ImportBatch.State.INTERRUPTED
    client = client_for(officer)
    assert "gián đoạn" in client.get(batch.get_absolute_url()).content.decode()
    assert "Bị gián đoạn" in client.get(reverse("organizations:imports")).content.decode()
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("import_candidates", "không có.xlsx", "--unit=13213", "--as=lang_officer", stdout=said)
    assert "“Danh sách.xlsx” trước đây bị gián đoạn: chưa ghi dòng nào." in said.getvalue()


def test_what_runs_is_not_called_cut_off(officer, batch):
    ImportBatch.objects.filter(pk=batch.pk).update(started_at=batch.uploaded_at)
    assert ImportBatch.objects.get(pk=batch.pk).state == ImportBatch.State.RUNNING


# Undoing


def test_an_undo_killed_at_any_moment_took_back_everything_or_nothing(officer, known):
    one = confirmed(kept(workbook(*mixed(), head=HEAD), officer), officer)
    before, rows, last = tables.checksum(but=SESSIONS), tables.rows(), tables.last_change()

    def undo(version=one.version):
        actions.undo(batch=one, reason=WHY, version=version, by=officer)

    def undone() -> None:
        assert ImportBatch.objects.get(pk=one.pk).state == ImportBatch.State.UNDONE
        assert Candidate.objects.filter(status=Status.WITHDRAWN).count() == NEW
        assert set(Candidate.objects.listed().filter(unit__grassroots__slug="13213").values_list("version")) == {(3,)}

    def check(moment):
        if ImportBatch.objects.get(pk=one.pk).undone_at:
            undone()
            assert tables.unexplained(rows, tables.rows(), last) == []
            return False
        assert tables.checksum(but=SESSIONS) == before, f"half undone at moment {moment}"
        with transaction.atomic():
            undo()
            undone()
            transaction.set_rollback(True)
        return True

    assert walk(undo, check) > 40
