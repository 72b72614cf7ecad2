"""Results from a file of the Political Centre: the file kept, and what was accepted of it recorded, all or none."""

import hashlib
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from candidates.actions.class_people import locked, refuse_called_off, require_edit
from candidates.actions.results import Result, record_results
from candidates.models import ResultFile, TrainingClass
from organizations import changes
from vuthu_recruit import vietnamese

LONGEST_NAME = 120
NOTHING = "Chưa chọn dòng nào để ghi."


@transaction.atomic
def keep_file(*, training_class: TrainingClass, name: str, content: bytes, by) -> ResultFile:
    """Keep a file that was read; nothing of it is recorded yet. The same file not recorded yet is the same row."""
    row = locked(training_class)
    require_edit(row, by)
    refuse_called_off(row)
    digest = hashlib.sha256(content).hexdigest()
    if kept := row.result_files.for_list().filter(sha256=digest, applied_at=None).first():
        return kept
    file = ResultFile(
        training_class=row, name=_short(vietnamese.clean(name)), sha256=digest, content=content, uploaded_by=by
    )
    file.save(force_insert=True)
    with changes.recording(by=by, action="class.result_file", subject=row) as log:
        log.created(file)
    return file


def _short(name: str) -> str:
    """The end of a long name is kept: it says what kind of file it is."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 11]}…{name[-10:]}"


@transaction.atomic
def apply_file(*, file: ResultFile, results: Sequence[Result], by, reason: str = "", keeps_grades: bool = False) -> int:
    """Record what was accepted of a file, all or none, once; how many people.

    Raises Conflict, RowProblems by enrolment, or ValidationError when the file was recorded before.
    """
    row = locked(file.training_class)
    require_edit(row, by)
    file = ResultFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if file.applied_at:
        when = timezone.localtime(file.applied_at)
        words = f"Tệp này đã được ghi kết quả lúc {when:%H:%M %d/%m/%Y}. Tải tệp lên lần nữa nếu cần ghi thêm."
        raise ValidationError(words)
    if not results:
        raise ValidationError(NOTHING)
    was = changes.state(file)
    file.count = record_results(training_class=row, results=results, by=by, reason=reason, keeps_grades=keeps_grades)
    file.applied_at, file.applied_by = timezone.now(), by
    file.save(update_fields=["count", "applied_at", "applied_by"])
    with changes.recording(
        by=by, action="class.result_file", reason=vietnamese.clean_lines(reason), subject=row
    ) as log:
        log.updated(file, was)
    return file.count
