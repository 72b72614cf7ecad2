"""A commune's list of 5,000 rows and twenty columns: seconds, memory, and against the same rows written bare."""

import resource
import time
from pathlib import Path

import pytest
from django.db import transaction

from candidates.models import Candidate, StageEvent
from organizations.actions import imports as actions
from organizations.models import Change, ImportBatch
from tests.candidates.test_import_properties import try_lists
from tests.candidates.test_people_import import BRANCHES, song_lang
from tests.long_lists import long_list

ROWS = 4_999  # the 5,000th line is the header
SECONDS, TIMES, MEGABYTES = 10, 6, 150
LISTS = 200
TABLES = (Candidate, StageEvent, Change)


@pytest.fixture
def lang(world):
    return song_lang(world)


class Clock:
    """Of the processor: whatever else the machine does is not counted."""

    def __init__(self):
        self.spent: dict[str, float] = {}

    def __call__(self, name: str, work):
        start = time.process_time()
        result = work()
        self.spent[name] = time.process_time() - start
        print(f"{name}: {self.spent[name]:.2f} s")
        return result


def kept(content: bytes, by) -> ImportBatch:
    unit, options = by.assignments.get().organization, {"entered_on": "2024-01-15"}
    return actions.keep_file(
        importer="people", organization=unit, name="a.xlsx", content=content, options=options, by=by
    )


def taken_in(clock: Clock, name: str, content: bytes, by) -> ImportBatch:
    batch = kept(content, by)
    preview = clock(f"{name}: preview", lambda: actions.look(batch=batch, by=by))
    if not preview.writes:
        return batch
    given = {"seen": preview.digest, "only_valid": False, "version": batch.version, "by": by}
    return clock(f"{name}: confirmation", lambda: actions.confirm(batch=batch, **given))


def undone(clock: Clock, name: str, batch: ImportBatch, by) -> None:
    given = {"reason": "Tải nhầm danh sách của năm trước", "version": batch.version, "by": by}
    clock(f"{name}: undo", lambda: actions.undo(batch=batch, **given))


def bare(clock: Clock) -> float:
    """The rows that the import wrote, written once more by nothing but bulk_create."""
    rows = [list(model.objects.order_by("pk")) for model in TABLES]
    with transaction.atomic():
        StageEvent.objects.all()._raw_delete("default")
        for model in (Change, Candidate):
            model.objects.all()._raw_delete("default")
        clock("the same rows bare", lambda: [
            model.objects.bulk_create(kept, batch_size=500) for model, kept in zip(TABLES, rows, strict=True)
        ])  # fmt: skip
        transaction.set_rollback(True)
    return clock.spent["the same rows bare"]


def _memory(which: str) -> float:
    """Megabytes: what the process holds (VmRSS), or has held since its peak was forgotten (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(which)) / 1024


def test_a_preview_needs_little_memory(lang):  # the first: what another has left free would not be counted
    batch = kept(long_list(ROWS, BRANCHES), lang)
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak
    before = _memory("VmRSS")
    actions.look(batch=batch, by=lang)
    grown, child = _memory("VmHWM") - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"preview: {grown:.0f} MB more at its peak; the reader of the file {child:.0f} MB")
    assert grown <= MEGABYTES
    assert child <= MEGABYTES


def test_a_long_list_is_quick(lang):
    clock, content = Clock(), long_list(ROWS, BRANCHES)
    first = taken_in(clock, "new", content, lang)
    assert Candidate.objects.count() == ROWS
    written = bare(clock)
    taken_in(clock, "same", content, lang)
    changed = taken_in(clock, "changed", long_list(ROWS, BRANCHES, residence="Thôn Mới"), lang)
    assert Candidate.objects.filter(residence="Thôn Mới").count() == ROWS
    undone(clock, "changed", changed, lang)
    assert not Candidate.objects.filter(residence="Thôn Mới").exists()

    slow = {name: seconds for name, seconds in clock.spent.items() if seconds > SECONDS}
    assert not slow
    ratios = {name: seconds / written for name, seconds in clock.spent.items() if name.startswith(("new", "same"))}
    print({name: round(ratio, 2) for name, ratio in ratios.items()})
    assert max(ratios.values()) <= TIMES
    assert first.counts == {"new": ROWS}


def test_taking_a_long_list_back_is_quick(lang):
    clock = Clock()
    batch = taken_in(clock, "new", long_list(ROWS, BRANCHES), lang)
    undone(clock, "new", batch, lang)
    assert not Candidate.objects.listed().exists()
    assert clock.spent["new: undo"] <= SECONDS


def test_two_hundred_random_lists_sent_twice_and_undone(lang):
    try_lists(lang, range(LISTS))
