"""What was answered about a file goes on to the file that corrects it."""

import hashlib
from collections.abc import Mapping
from copy import copy
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from organizations.actions.imports import answer, importer_of
from organizations.imports.preview import WHOLE_FILE, Preview
from organizations.imports.reading import layout_of
from organizations.imports.table import Layout
from organizations.models import ImportBatch
from organizations.versions import Conflict

CORRECTED_WITHIN = timedelta(days=7)  # between a file and its correction
ROUNDS = 5  # an answer may bring up the next question; the file is judged anew in each round


def asked_of(preview: Preview) -> dict[str, dict[str, str]]:
    """Row → question → a digest of the question and of everything the row says."""
    return {
        str(line.number): {
            one.key: hashlib.sha256(repr((line.read, one)).encode()).hexdigest() for one in line.questions
        }
        for line in preview.lines
        if line.questions
    }


def carry_answers(*, batch: ImportBatch, by) -> int:
    """Take over what this account said of files this one corrects: of the same row, asked the same. How many rows.

    Once, before the file is looked at. An answer that cannot be taken over stops no file: it is asked again.
    """
    if batch.looks or set(batch.answers) - {WHOLE_FILE} or by.pk != batch.uploaded_by_id:
        return 0
    said, layout = _said_before(batch), layout_of(batch)
    kept: dict[str, dict[str, str]] = {}
    asked: dict[str, dict[str, str]] = {}
    for _ in range(ROUNDS if said else 0):
        questions = _flat(asked_of(_preview(batch, layout, kept, by)))
        fresh = [one for one in questions if one in said and one[1] not in kept.get(one[0], {})]
        if not fresh:
            break
        for number, key, digest in fresh:
            kept.setdefault(number, {})[key] = said[number, key, digest]
            asked.setdefault(number, {})[key] = digest
    if not kept:
        return 0
    try:
        answer(batch=batch, answers=kept, asked=asked, version=batch.version, by=by)
    except (Conflict, ValidationError):  # somebody has answered or dropped it meanwhile
        return 0
    batch.refresh_from_db()
    return len(kept)


def _flat(asked: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str, str]]:
    return [(number, key, digest) for number, questions in asked.items() for key, digest in questions.items()]


def _said_before(batch: ImportBatch) -> dict[tuple[str, str, str], str]:
    """What was said of the rows of earlier files: row, question and its digest → option. The last word counts.

    Of files that wait, and of those of which the right rows were written: the others come in the corrected file.
    """
    same = {name: getattr(batch, name) for name in ("importer", "organization", "uploaded_by")}
    since = timezone.now() - CORRECTED_WITHIN
    rows = ImportBatch.objects.filter(**same, refused_on=None, dropped_at=None, undone_at=None, uploaded_at__gte=since)
    said = {}
    for answers, asked in rows.filter(pk__lt=batch.pk).order_by("pk").values_list("answers", "asked"):
        for number, key, digest in _flat(asked):
            if value := answers.get(number, {}).get(key):
                said[number, key, digest] = value
            else:
                said.pop((number, key, digest), None)  # taken back
    return said


def _preview(batch: ImportBatch, layout: Layout, answers: Mapping, by) -> Preview:
    """What the file would do after these answers."""
    given = copy(batch)
    given.answers = batch.answers | dict(answers)
    return importer_of(batch).preview(given, layout, by)
