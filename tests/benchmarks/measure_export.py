"""The people list of a whole district as a workbook: memory and time, beside the same cells written bare.

Run by test_exports.py as `python -m tests.benchmarks.measure_export fill N` and `… measure`, with DATABASE_URL naming
the database. People are copied row by row from a few demo people: what is measured is the way out, not the pipeline.
"""

import json
import re
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import xlsxwriter

DEMO, ROUNDS, PART = 700, 3, 10


def fill(people: int) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_plan", verbosity=0)
    call_command("create_demo", candidates=DEMO, seed=1, verbosity=0)
    from candidates.models import OUTSIDE, Candidate, StageEvent

    events = StageEvent.objects.filter(is_live=True, ended_on=None).exclude(candidate__status__in=OUTSIDE)
    pairs = [(event.candidate, event) for event in events.select_related("candidate")]
    for _ in range(people // len(pairs)):
        for person, _event in pairs:
            person.pk, person.identity_number, person.form_key, person.previous_id = None, "", "", None
            person._state.adding = True
        Candidate.objects.bulk_create([person for person, _ in pairs], batch_size=200)
        for person, event in pairs:
            event.pk, event.candidate_id, event._state.adding = None, person.pk, True
        StageEvent.objects.bulk_create([event for _, event in pairs], batch_size=200)


def listed(user):
    from candidates.forms.filters import FilterForm
    from candidates.views.people import _listed

    return FilterForm({}, user=user).rows(_listed(user))


def export(rows, user) -> float:
    """Seconds of the processor."""
    from candidates.export import people_workbook

    start = time.process_time()
    people_workbook(rows, filter_words="", sort_words="", count=0, by=user).close()
    return time.process_time() - start


def bare(cells: list[list]) -> float:
    """The same cells with the same looks by XlsxWriter alone, row by row to the disk."""
    start = time.process_time()
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        look = {"font_name": "Times New Roman", "border": 1, "valign": "vcenter", "text_wrap": True}
        text, number = book.add_format(look | {"num_format": "@"}), book.add_format(look | {"num_format": "#,##0"})
        day = book.add_format(look | {"num_format": "dd/mm/yyyy", "align": "center"})
        sheet = book.add_worksheet()
        for row, values in enumerate(cells):
            for column, value in enumerate(values):
                if not value:
                    sheet.write_blank(row, column, None, text)
                elif isinstance(value, str):
                    sheet.write_string(row, column, value, text)
                elif isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                else:
                    sheet.write_number(row, column, value, number)
        book.close()
    return time.process_time() - start


@contextmanager
def watching():
    """The most memory of its own this process has meanwhile, in KiB: pages of files mapped into it are not counted."""
    found, done = [own_memory()], threading.Event()

    def look():
        while not done.wait(0.01):
            found.append(own_memory())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield lambda: max(found)
    finally:
        done.set()
        thread.join()


def own_memory() -> int:
    return int(re.search(r"RssAnon:\s+(\d+)", Path("/proc/self/status").read_text())[1])


def measure() -> dict:
    from candidates.export import PEOPLE, read_cells, write_cells
    from organizations.models import User

    user = User.objects.get(username="ban.to.chuc")
    rows = listed(user)
    count = rows.count()
    middle = rows.order_by("pk").values_list("pk", flat=True)[count // PART]
    with watching() as most:
        export(rows.filter(pk__lt=middle), user)
        few = most()
    with watching() as most:
        whole = [export(rows, user)]
        many = most()
    columns, cells = [one.column for one in PEOPLE], list(read_cells(rows, PEOPLE))
    alone, written = [], []
    for _ in range(ROUNDS):
        alone.append(bare(cells))
        start = time.process_time()
        write_cells(columns, cells, title="", notes=[], by=user).close()
        written.append(time.process_time() - start)
        whole.append(export(rows, user))
    seconds = {"bare": min(alone), "written": min(written), "with_reading": min(whole)}
    return {"people": count, **seconds, "few_kib": few, "many_kib": many}


def main(what: str, *numbers: str) -> None:
    import django

    django.setup()
    if what == "fill":
        fill(int(numbers[0]))
    else:
        print(json.dumps(measure()))


if __name__ == "__main__":
    main(*sys.argv[1:])
