"""What was answered about a file goes on to the file that corrects it."""

from collections.abc import Mapping
from copy import copy
from datetime import timedelta

from django.utils import timezone

from organizations.actions.imports import answer, importer_of
from organizations.imports.preview import WHOLE_FILE, Question
from organizations.imports.reading import layout_of
from organizations.models import ImportBatch

CORRECTED_WITHIN = timedelta(days=7)  # between a file and its correction


def carry_answers(*, batch: ImportBatch, by) -> int:
    """Take over what was said of the file that this one corrects: of the same row, asked the same. How many rows.

    Once, before the file is looked at. The earlier file is the last one of this account that waits with answers.
    """
    if batch.looks or set(batch.answers) - {WHOLE_FILE}:
        return 0
    same = {name: getattr(batch, name) for name in ("importer", "organization", "uploaded_by")}
    since = timezone.now() - CORRECTED_WITHIN
    waiting = ImportBatch.objects.for_list().unfinished().filter(**same, started_at=None)
    earlier = waiting.filter(pk__lt=batch.pk, uploaded_at__gte=since).exclude(answers={}).first()
    if earlier is None or by.pk != batch.uploaded_by_id:
        return 0
    said = {number: answers for number, answers in earlier.answers.items() if number != WHOLE_FILE}
    asked = {where for where, _ in _asked(earlier, earlier.answers, by)}
    kept: dict[str, dict[str, str]] = {}
    for where, question in _asked(batch, batch.answers | said, by):
        number = str(where[0])
        if where in asked and (value := said.get(number, {}).get(question.key)):
            kept.setdefault(number, {})[question.key] = value
    if kept:
        answer(batch=batch, answers=kept, version=batch.version, by=by)
        batch.refresh_from_db()
    return len(kept)


def _asked(batch: ImportBatch, answers: Mapping, by) -> list[tuple[tuple, Question]]:
    """What is asked of the rows of a file after these answers: where, and the question."""
    given = copy(batch)
    given.answers = dict(answers)
    lines = importer_of(batch).preview(given, layout_of(batch), by).lines
    return [((line.number, line.title, one), one) for line in lines for one in line.questions]
