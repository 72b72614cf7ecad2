"""Excel in: a file is kept, read, asked about, confirmed once in one transaction, and may be undone as a whole."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from organizations import changes
from organizations.imports.preview import LABELS, WHOLE_FILE, WRITES, Kind, Line, Preview
from organizations.imports.preview import STOPS as NOT_WRITTEN
from organizations.imports.reading import layout_of
from organizations.imports.registry import IMPORTERS, Importer, Stale, TooManyAnswers, Written
from organizations.imports.table import Layout
from organizations.models import Change, ColumnMemory, ImportBatch, ImportedRow, Organization
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese

LONGEST_NAME = 120
NAMES = "names"  # no signature of headings: what was said of the names in lists
SHORTEST_REASON = 10
PORTION = 1000  # rows between two lines of progress
NOTHING = "Không có dòng nào để nhập."
STOPS = "Còn dòng lỗi hoặc chưa trả lời. Sửa trong tệp rồi tải lên lại, hoặc chọn “Chỉ nhập các dòng đúng”."
CLOSED = (
    "Tài khoản này hôm nay đã có nhiều trường hợp cần Ban Tổ chức đối chiếu nên không đọc thêm danh sách được. "
    "Tệp vẫn được giữ; hãy mở lại ngày mai, hoặc liên hệ Ban Tổ chức."
)


class Untold(Exception):
    """Somebody of another unit fits a row by now, and this account was not told."""


class Moved(Exception):
    """What would be written is not what was shown: the preview has to be looked at again."""


def importer_of(batch: ImportBatch) -> Importer:
    return IMPORTERS[batch.importer]


def _require(batch: ImportBatch, by) -> None:
    if not may_in(by, importer_of(batch).needs, batch.organization):
        raise PermissionDenied


@contextmanager
def _as_import():
    """What is written inside came by an import, whatever page or command asked for it."""
    came = changes.source()
    via = came.via if came.via == Change.Via.COMMAND else Change.Via.IMPORT
    with changes.coming_from(via, address=came.address, request_id=came.request_id, from_file=True):
        yield


@transaction.atomic
def keep_file(
    *,
    importer: str,
    organization: Organization,
    name: str,
    content: bytes,
    options: Mapping,
    by,
    is_pasted: bool = False,
    is_large: bool = False,
) -> ImportBatch:
    """Keep what was sent; nothing of it counts yet. The same again, not confirmed yet, is the same import."""
    batch = ImportBatch(
        importer=importer,
        organization=organization,
        name=_short(vietnamese.clean(name)),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        options=dict(options),
        is_pasted=is_pasted,
        is_large=is_large,
        uploaded_by=by,
    )
    _require(batch, by)
    same = {name: getattr(batch, name) for name in ("importer", "organization", "sha256", "options", "uploaded_by")}
    kept = ImportBatch.objects.for_list().unfinished().filter(**same, started_at=None).first()
    if kept and kept.name == batch.name:
        return kept
    if known := ColumnMemory.objects.filter(**_names_of(batch)).values_list("mapping", flat=True).first():
        batch.answers = {WHOLE_FILE: known}
    batch.save(force_insert=True)
    _log(batch, "import.keep", by, None)
    return batch


def _names_of(batch: ImportBatch) -> dict:
    """Where what a unit said of names in its lists is remembered: beside the meanings of columns."""
    return {"organization": batch.organization, "importer": batch.importer, "signature": NAMES}


def _short(name: str) -> str:
    """The end of a long name is kept: it says what kind of file it is."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 11]}…{name[-10:]}"


def _log(batch: ImportBatch, action: str, by, before: dict | None, reason: str = "") -> None:
    with changes.recording(by=by, action=action, subject=batch, unit_id=batch.organization_id, reason=reason) as log:
        if before is None:
            log.created(batch)
        else:
            log.updated(batch, before)


def _claimed(batch: ImportBatch, version: int, by) -> tuple[ImportBatch, dict]:
    claim(batch, version=version)
    row = ImportBatch.objects.select_related("organization").get(pk=batch.pk)
    _require(row, by)
    return row, changes.state(row) | {"version": version}


def _save(row: ImportBatch, before: dict, action: str, by, names: list[str], reason: str = "") -> None:
    row.save(update_fields=names)
    _log(row, action, by, before, reason)


def _refuse_ended(row: ImportBatch) -> None:
    if row.is_ended:
        words = "đã nhập" if row.applied_at else "đã bị từ chối" if row.refused_on else "đã bỏ"
        raise ValidationError(f"Tệp này {words} rồi. Tải tệp lên lần nữa nếu cần nhập thêm.")


@transaction.atomic
def set_columns(*, batch: ImportBatch, layout: Layout, mapping: Mapping[int, str], version: int, by) -> None:
    """Say what the columns mean: for this file, and for the next one of the unit with the same headings."""
    row, before = _claimed(batch, version, by)
    _refuse_ended(row)
    row.mapping = {str(column): key for column, key in mapping.items()}
    row.sheet = layout.sheet.name
    _save(row, before, "import.columns", by, ["mapping", "sheet"])
    ColumnMemory.objects.update_or_create(
        organization=row.organization,
        importer=row.importer,
        signature=layout.signature,
        defaults={"mapping": row.mapping, "said_by": by, "said_at": timezone.now()},
    )


@transaction.atomic
def choose_sheet(*, batch: ImportBatch, sheet: str, version: int, by) -> None:
    """Read another sheet of the same file; what was said of the first one is forgotten."""
    row, before = _claimed(batch, version, by)
    _refuse_ended(row)
    row.sheet, row.mapping, row.answers, row.asked = sheet, None, {}, {}
    _save(row, before, "import.columns", by, ["sheet", "mapping", "answers", "asked"])


@transaction.atomic
def answer(
    *,
    batch: ImportBatch,
    answers: Mapping[str, Mapping[str, str]],
    asked: Mapping[str, Mapping[str, str]],
    version: int,
    by,
) -> None:
    """Keep what was said of some rows, beside what was said of others before; "" takes an answer back.

    `asked`: row → question → a digest of what was answered, so that a corrected file is not asked the same again.
    """
    row, before = _claimed(batch, version, by)
    _refuse_ended(row)
    kept = {number: dict(said) for number, said in row.answers.items()}
    for number, said in answers.items():
        merged = {key: value for key, value in (kept.get(number, {}) | dict(said)).items() if value}
        kept.pop(number, None)
        if merged:
            kept[number] = merged
    row.answers = kept
    row.asked = row.asked | {number: row.asked.get(number, {}) | dict(asked.get(number, {})) for number in answers}
    _save(row, before, "import.answer", by, ["answers", "asked"])
    if WHOLE_FILE in answers:
        said = {"mapping": kept.get(WHOLE_FILE, {}), "said_by": by, "said_at": timezone.now()}
        ColumnMemory.objects.update_or_create(**_names_of(row), defaults=said)


@transaction.atomic
def drop(*, batch: ImportBatch, version: int, by) -> None:
    """Throw away a file that was never confirmed: that it came stays in the history, what stood in it does not.

    Whoever sent it does, nobody else.
    """
    row, before = _claimed(batch, version, by)
    if row.uploaded_by_id != by.pk:
        raise PermissionDenied
    _refuse_ended(row)
    if row.state == ImportBatch.State.RUNNING:
        raise ValidationError("Tệp này đang được nhập. Hãy mở lại trang sau một phút.")
    row.dropped_at, row.dropped_by, row.content, row.answers, row.asked = timezone.now(), by, b"", {}, {}
    _save(row, before, "import.drop", by, ["dropped_at", "dropped_by", "content", "answers", "asked"])


def look(*, batch: ImportBatch, by) -> Preview | None:
    """Read the file once more, and count what that tells of people of other units. None: refused.

    Not atomic around reading: parsing holds no lock.
    """
    importer, layout = importer_of(batch), layout_of(batch)
    try:
        importer.before_look(batch, by)
        preview = importer.preview(batch, layout, by)
        with transaction.atomic():
            importer.count_answers(batch, preview, by)
            _looked(batch, layout, by)
    except TooManyAnswers as refusal:
        _refuse(batch, refusal, by)
        return None
    return preview


def _looked(batch: ImportBatch, layout: Layout, by) -> None:
    row = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if row.is_ended:  # dropped while it was read
        return
    before = changes.state(row)
    row.looks = row.looks | {str(by.pk): _fingerprint(row, layout)}
    if row.looks != before["looks"]:
        _save(row, before, "import.look", by, ["looks"])


def _fingerprint(batch: ImportBatch, layout: Layout) -> str:
    """Of everything that decides what is asked of the file: its sheet, its columns, the answers."""
    read = [layout.sheet.name, sorted(layout.columns.items()), sorted(batch.answers.items())]
    return hashlib.sha256(json.dumps(read, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def has_looked(batch: ImportBatch, layout: Layout, by) -> bool:
    """Whether this account was told of the file as it is read now; before that no page may depend on what is found."""
    return not importer_of(batch).counts or batch.looks.get(str(by.pk)) == _fingerprint(batch, layout)


def _keep_told(refusal: TooManyAnswers) -> None:
    for model in {type(one) for one in refusal.used}:
        model._base_manager.bulk_create(refusal.used, ignore_conflicts=True)


@transaction.atomic
def _refuse(batch: ImportBatch, refusal: TooManyAnswers, by) -> None:
    """Keep what the refusal told. It ends the file of whoever sent it, nobody else's."""
    _keep_told(refusal)
    row, before = _claimed(batch, ImportBatch.objects.values_list("version", flat=True).get(pk=batch.pk), by)
    if row.is_ended or not refusal.used or row.uploaded_by_id != by.pk:
        return
    row.refused_on, row.refusal = clock.today(), str(refusal)
    _save(row, before, "import.refuse", by, ["refused_on", "refusal"])


def confirm(
    *,
    batch: ImportBatch,
    seen: str,
    only_valid: bool,
    version: int,
    by,
    progress: Callable[[int, int], None] | None = None,
) -> ImportBatch:
    """Write everything, or with `only_valid` the rows without error and open question; all in one transaction.

    `seen`: the digest of the preview that was shown. Raises Moved when it would do something else now, Conflict when
    somebody else works on the import, ValidationError when there is nothing to write. That it began is kept before,
    so that whatever is cut off says so afterwards. `progress`: called with how many rows are written, of how many.
    """
    layout = layout_of(batch)
    started = _start(batch, version, by)
    try:
        with _as_import(), transaction.atomic():
            return _confirm(batch, layout, seen, only_valid, started.version, by, progress)
    except Untold:
        _stop(started, by)
        look(batch=batch, by=by)  # counted first, then told
        raise Moved from None
    except BaseException:
        _stop(started, by)
        raise


@transaction.atomic
def _start(batch: ImportBatch, version: int, by) -> ImportBatch:
    row, before = _claimed(batch, version, by)
    _refuse_ended(row)
    row.started_at = timezone.now()
    _save(row, before, "import.start", by, ["started_at"])
    return row


@transaction.atomic
def _stop(started: ImportBatch, by) -> None:
    """It ended without writing: not cut off, only not done. What somebody else has begun since is theirs."""
    row = ImportBatch.objects.select_for_update().get(pk=started.pk)
    if row.started_at != started.started_at or row.applied_at:
        return
    before = changes.state(row)
    row.started_at = None
    _save(row, before, "import.start", by, ["started_at"])


def _confirm(
    batch: ImportBatch, layout: Layout, seen: str, only_valid: bool, version: int, by, progress
) -> ImportBatch:
    row, before = _claimed(batch, version, by)
    importer = importer_of(row)
    importer.hold(row, by)
    preview = importer.preview(row, layout, by)
    if importer.has_unanswered(preview, by):
        raise Untold
    if preview.digest != seen:
        raise Moved
    if preview.stops and not only_valid:
        raise ValidationError(STOPS)
    if not preview.writes:
        raise ValidationError(NOTHING)
    try:
        written = _apply(importer, row, preview.writes, by, progress)
    except Stale:
        raise Moved from None
    ImportedRow.objects.bulk_create(
        (
            ImportedRow(
                batch=row,
                number=one.number,
                object_type=one.row._meta.label,
                object_id=one.row.pk,
                is_new=one.is_new,
                version=one.version,
                before=one.before,
            )
            for one in written
        ),
        batch_size=500,
    )
    row.applied_at, row.applied_by = timezone.now(), by
    row.counts = {str(kind): count for kind, count in preview.tally.items() if count}
    row.left = [_left(line) for line in preview.stops]
    _save(row, before, "import.apply", by, ["applied_at", "applied_by", "counts", "left"])
    return row


def _left(line: Line) -> list:
    """A row that was not written, and why."""
    said = [one.message for one in (*line.errors, *line.doubts)] + [one.text for one in line.questions]
    return [line.number, line.title, " ".join(said)]


def _apply(importer: Importer, batch: ImportBatch, lines: Sequence[Line], by, progress) -> list[Written]:
    """In portions where somebody watches; known records first, for who takes a number waits for no record."""
    if progress is None:
        return importer.apply(batch, lines, by)
    ordered, written = sorted(lines, key=lambda line: line.kind == Kind.NEW), []
    for first in range(0, len(ordered), PORTION):
        written += importer.apply(batch, ordered[first : first + PORTION], by)
        progress(min(first + PORTION, len(ordered)), len(ordered))
    return written


def undo(*, batch: ImportBatch, reason: str, version: int, by) -> None:
    """Take the whole import back, or nothing: refused while a record it wrote was changed or is referred to."""
    try:
        with transaction.atomic():
            _undo(batch, reason, version, by)
    except TooManyAnswers as refusal:
        _keep_told(refusal)
        raise ValidationError(str(refusal)) from None


def _undo(batch: ImportBatch, reason: str, version: int, by) -> None:
    row, before = _claimed(batch, version, by)
    reason = vietnamese.clean_lines(reason)
    if len(reason) < SHORTEST_REASON:
        raise ValidationError({"reason": f"Lý do cần ít nhất {SHORTEST_REASON} ký tự."})
    if row.state != ImportBatch.State.APPLIED:
        raise ValidationError("Chỉ hoàn tác được tệp đã nhập và chưa hoàn tác.")
    importer = importer_of(row)
    importer.hold(row, by)
    if blocked := importer.blocking(row):
        raise ValidationError(f"Chưa hoàn tác được: {len(blocked)} dòng đã thay đổi hoặc đang được dùng.")
    row.undone_at, row.undone_by, row.undo_reason = timezone.now(), by, reason
    with _as_import():
        importer.undo(row, reason, by)
        _save(row, before, "import.undo", by, ["undone_at", "undone_by", "undo_reason"], reason)


def told(batch: ImportBatch) -> str:
    """What came of an import, in words: "18 thêm mới, 2 thay đổi; 3 dòng chưa nhập", or why nothing did."""
    if batch.dropped_at:
        at = timezone.localtime(batch.dropped_at)
        return f"{batch.dropped_by.full_name} đã bỏ tệp này lúc {at:%H:%M ngày %d/%m/%Y}; nội dung tệp không được giữ."
    if batch.refused_on:
        return batch.refusal
    counts = batch.counts
    done = ", ".join(
        f"{counts[kind]} {vietnamese.lower_first(LABELS[kind])}"
        for kind in Kind
        if counts.get(kind) and kind not in NOT_WRITTEN
    )
    left = sum(counts.get(kind, 0) for kind in NOT_WRITTEN)
    return "; ".join(filter(None, [done, f"{left} dòng chưa nhập" if left else ""]))


def written(batch: ImportBatch) -> int:
    return sum(batch.counts.get(kind, 0) for kind in WRITES)
