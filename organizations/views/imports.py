"""Excel in: send a list, say what its columns are, look at every row, confirm; what was written, and undoing."""

from pathlib import PurePath

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.actions import imports as actions
from organizations.actions.carried_answers import asked_of, carry_answers
from organizations.forms.imports import (
    STALE,
    ColumnsForm,
    ConfirmForm,
    SendForm,
    UndoForm,
    answers_in,
    state_look,
)
from organizations.imports import marks, reading
from organizations.imports.blank import blank_workbook
from organizations.imports.preview import WHOLE_FILE
from organizations.imports.registry import IMPORTERS, Importer
from organizations.models import ImportBatch
from organizations.permissions import Permission
from organizations.scope import may_in, needs
from organizations.versions import Conflict
from organizations.views import import_rows
from vuthu_recruit.spreadsheet import Unreadable
from vuthu_recruit.web import paginate, sent, workbook_response

READ_AND_SEND = ["GET", "HEAD", "POST"]
PER_PAGE = 50
NAMED = 10  # of what an undo takes back
SHOWN = 200  # rows that were not written, on the page of the result; the marked workbook has all


@require_http_methods(READ_AND_SEND)
@sensitive_post_parameters()
@needs(Permission.IMPORT)
def new(request, importer: str):
    """Send a list. It is read at once: what cannot be read is refused here, and nothing is kept."""
    kind = _importer(request, importer)
    form = SendForm(
        sent(request), request.FILES or None, importer=kind, user=request.user, chosen=request.GET.get("unit", "")
    )
    if request.method == "POST" and form.is_valid():
        given = form.sent
        try:
            reading.read_first(kind, **given)
        except Unreadable as refusal:
            form.add_error("pasted" if given["is_pasted"] else "file", str(refusal))
        else:
            batch = actions.keep_file(
                importer=kind.key, organization=form.organization, options=form.kept_options, by=request.user, **given
            )
            return _on_to_the_rows(request, batch)
    return render(
        request,
        "organizations/import_new.html",
        {"form": form, "options": form.options, "importer": kind},
        status=422 if form.is_bound else 200,
    )


@require_safe
@needs(Permission.IMPORT)
def blank(request, importer: str):
    """An empty list of one unit, with what can be chosen there."""
    kind = _importer(request, importer)
    units = {unit.slug: unit for unit in kind.organizations(request.user)}
    unit = units.get(request.GET.get("unit", "")) or (next(iter(units.values())) if len(units) == 1 else None)
    if unit is None:
        messages.warning(request, "Chọn đơn vị rồi tải mẫu của đơn vị đó.")
        return redirect("organizations:import_new", kind.key)
    content = blank_workbook(
        f"{kind.label} (mẫu)",
        unit.name,
        kind.blank(unit, request.user),
        note=kind.blank_note,
        rows=kind.blank_rows(unit, request.user),
        by=request.user,
    )
    return workbook_response(content, f"Mẫu {kind.label.lower()} {unit.short_name}.xlsx")


def _importer(request, key: str) -> Importer:
    kind = IMPORTERS.get(key)
    if kind is None:
        raise Http404
    if not kind.may(request.user):
        raise PermissionDenied
    return kind


def _on_to_the_rows(request, batch: ImportBatch):
    """To the page of the columns when something has to be said of them, else to the preview, counted."""
    if batch.is_ended:  # somebody dropped or confirmed it a moment ago
        return redirect(batch)
    if not reading.layout_of(batch).is_clear:
        return redirect("organizations:import_columns", batch.pk)
    if carried := carry_answers(batch=batch, by=request.user):
        words = f"Đã giữ câu trả lời của {carried} dòng như ở tệp tải lên trước. Hãy xem lại trước khi nhập."
        messages.info(request, words)
    return _looked_at(request, batch)


def _looked_at(request, batch: ImportBatch, query: str = ""):
    """To the rows once what they tell was counted; a file of somebody else is not ended by whose day is closed."""
    if batch.is_ended:
        return redirect(batch)
    if actions.look(batch=batch, by=request.user) is None and not _batch(request, batch.pk).refused_on:
        messages.warning(request, actions.CLOSED)
        return redirect("organizations:imports")
    return redirect(f"{batch.get_absolute_url()}?{query}" if query else batch)


def _batch(request, pk: int) -> ImportBatch:
    rows = ImportBatch.objects.visible_to(request.user, needs=Permission.IMPORT)
    rows = rows.select_related("organization", "uploaded_by", "applied_by", "undone_by", "dropped_by")
    batch = get_object_or_404(rows, pk=pk)
    if not may_in(request.user, IMPORTERS[batch.importer].needs, batch.organization):
        raise PermissionDenied
    return batch


@require_http_methods(READ_AND_SEND)
@sensitive_post_parameters()
def detail(request, import_pk: int):
    """Every row and what it would do; answers and the confirmation are sent here. Afterwards what was done."""
    batch = _batch(request, import_pk)
    if batch.state in (ImportBatch.State.APPLIED, ImportBatch.State.UNDONE):
        return _result(request, batch)
    if batch.state in (ImportBatch.State.REFUSED, ImportBatch.State.DROPPED):
        return render(request, "organizations/import_refused.html", _head(batch))
    try:
        layout = reading.layout_of(batch)
    except Unreadable as refusal:  # read before, so only after the program itself has learnt to refuse more
        return render(request, "organizations/import_refused.html", _head(batch) | {"told": str(refusal)})
    if not layout.is_clear:
        return redirect("organizations:import_columns", batch.pk)
    if request.method == "POST":
        return _sent(request, batch, layout)
    return _preview(request, batch, layout)


def _head(batch: ImportBatch) -> dict:
    state = batch.state
    return {
        "batch": batch,
        "importer": IMPORTERS[batch.importer],
        "state": state.label,
        "look": state_look(state),
        "told": actions.told(batch),
    }


def _sent(request, batch: ImportBatch, layout):
    """One of the three things the page can send."""
    if "confirm" in request.POST:
        return _confirm(request, batch, layout)
    if "answer" in request.POST:
        return _answer(request, batch, layout)
    if "again" not in request.POST:
        form = ConfirmForm(request.POST)
        form.is_valid()
        form.add_error(None, STALE)
        return _preview(request, batch, layout, form=form, status=422)
    return _looked_at(request, batch)


def _answer(request, batch: ImportBatch, layout):
    preview = IMPORTERS[batch.importer].preview(batch, layout, request.user)
    answers, asked = answers_in(request.POST, preview), asked_of(preview)
    try:
        actions.answer(batch=batch, answers=answers, asked=asked, version=_version(request), by=request.user)
    except Conflict:
        batch = _batch(request, batch.pk)
        return redirect(batch) if batch.is_ended else _preview(request, batch, layout, moved=True, status=409)
    except ValidationError as found:
        messages.warning(request, " ".join(found.messages))
        return redirect(batch)
    batch.refresh_from_db()
    if batch.is_ended:
        return redirect(batch)
    left = len(IMPORTERS[batch.importer].preview(batch, layout, request.user).stops)
    still = f" Còn {left} dòng lỗi hoặc chưa trả lời." if left else ""
    messages.success(request, f"Đã lưu câu trả lời.{still}")
    return _looked_at(request, batch, request.GET.urlencode())


def _version(request) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


def _confirm(request, batch: ImportBatch, layout):
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _preview(request, batch, layout, form=form, status=422)
    given = form.cleaned_data
    try:
        done = actions.confirm(batch=batch, by=request.user, **given)
    except (actions.Moved, Conflict):
        batch = _batch(request, batch.pk)
        if batch.is_ended:
            return _ended_elsewhere(request, batch)
        return _preview(request, batch, layout, moved=True, status=409)
    except ValidationError as found:
        batch = _batch(request, batch.pk)
        if batch.is_ended:
            return _ended_elsewhere(request, batch)
        form.add_error(None, found.messages)
        return _preview(request, batch, layout, form=form, status=422)
    words = f"Đã nhập “{done.name}” lúc {timezone.localtime():%H:%M}: {actions.told(done)}."
    (messages.warning if done.left else messages.success)(request, words)
    return redirect(batch)


def _ended_elsewhere(request, batch: ImportBatch):
    if not batch.applied_at:
        return redirect(batch)
    messages.warning(request, f"“{batch.name}” vừa được nhập ở một trang khác: lần bấm này không ghi gì thêm.")
    return _result(request, batch, status=409)


def _preview(request, batch: ImportBatch, layout, *, form=None, moved: bool = False, status: int = 200):
    importer, user = IMPORTERS[batch.importer], request.user
    if not actions.has_looked(batch, layout, user):
        return render(request, "organizations/import_again.html", _head(batch) | {"form": form}, status=status)
    preview = importer.as_told(importer.preview(batch, layout, user), user)
    context = _head(batch) | {
        "layout": layout,
        "table": import_rows.table_words(batch, layout, preview),
        "moved": moved,
    }
    kind = request.GET.get("muc", "")
    lines = [line for line in preview.lines if kind in ("", line.kind)]
    page = paginate(request, lines, PER_PAGE)
    initial = {"version": batch.version, "seen": preview.digest}
    if form is not None and form.is_bound:
        form.data = form.data.copy() | initial
    shown = [import_rows.line_words(line, batch) for line in page]
    context |= {
        "form": form or ConfirmForm(initial=initial),
        "page_obj": page,
        "rows": shown,
        "tally": import_rows.tally(preview, kind),
        "ready": len(preview.writes),
        "stops": len(preview.stops),
        "total": len(preview.lines),
        "questions": import_rows.questions(batch, WHOLE_FILE, preview.questions),
        "asks": any(row["questions"] for row in shown),
        "is_filtered": bool(kind),
        "applied_before": import_rows.applied_before(batch, user),
    }
    return render(request, "organizations/import_preview.html", context, status=status)


def _result(request, batch: ImportBatch, *, status: int = 200):
    """What was written, row by row, and where it stands now."""
    rows = batch.rows.order_by("number", "pk")
    page = paginate(request, rows, PER_PAGE)
    importer = IMPORTERS[batch.importer]
    context = _head(batch) | {
        "page_obj": page,
        "rows": importer.written(list(page.object_list), request.user),
        "left": batch.left[:SHOWN],
        "left_count": len(batch.left),
        "may_undo": batch.state == ImportBatch.State.APPLIED,
    }
    return render(request, "organizations/import_result.html", context, status=status)


@require_http_methods(READ_AND_SEND)
def columns(request, import_pk: int):
    """What each column means, with three rows of it; ?sheet= in the form reads another sheet."""
    batch = _batch(request, import_pk)
    if batch.is_ended:
        return redirect(batch)
    try:
        found, layout = reading.layouts_of(batch), reading.layout_of(batch)
    except Unreadable:
        return redirect(batch)
    kind = IMPORTERS[batch.importer]
    if request.method == "POST" and request.POST.get("sheet"):
        return _other_sheet(request, batch, [one.sheet.name for one in found])
    form = ColumnsForm(sent(request), layout=layout, importer=kind, version=batch.version)
    context = _head(batch) | {
        "form": form,
        "layout": layout,
        "others": [one for one in found if one.sheet is not layout.sheet],
    }
    if request.method != "POST":
        return render(request, "organizations/import_columns.html", context)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.set_columns(
                batch=batch, layout=layout, mapping=form.mapping, version=given["version"], by=request.user
            )
        except Conflict:
            form.add_error(None, "Có người vừa làm việc với tệp này. Hãy mở lại trang.")
        except ValidationError as found_wrong:
            form.add_error(None, found_wrong.messages)
        else:
            return _on_to_the_rows(request, _batch(request, import_pk))
    return render(request, "organizations/import_columns.html", context, status=422)


def _other_sheet(request, batch: ImportBatch, names: list[str]):
    chosen = request.POST["sheet"]
    if chosen in names:
        try:
            actions.choose_sheet(batch=batch, sheet=chosen, version=_version(request), by=request.user)
        except (Conflict, ValidationError):
            messages.warning(request, "Có người vừa làm việc với tệp này. Hãy mở lại trang.")
            return redirect(batch)
    return _on_to_the_rows(request, _batch(request, batch.pk))


@require_POST
def drop(request, import_pk: int):
    """Throw away a file that was never confirmed."""
    batch = _batch(request, import_pk)
    try:
        actions.drop(batch=batch, version=_version(request), by=request.user)
    except Conflict:
        messages.warning(request, "Có người vừa làm việc với tệp này. Hãy xem lại rồi bấm lần nữa.")
        return redirect(batch)
    except ValidationError as found:
        messages.warning(request, " ".join(found.messages))
        return redirect(batch)
    messages.success(request, f"Đã bỏ tệp “{batch.name}” lúc {timezone.localtime():%H:%M}. Chưa dòng nào được nhập.")
    return redirect("organizations:imports")


@require_safe
def marked(request, import_pk: int):
    """Their workbook back: wrong cells coloured and commented, a column with every sentence, to be filtered."""
    batch = _batch(request, import_pk)
    if batch.is_ended and not batch.applied_at:
        return redirect(batch)
    try:
        layout = reading.layout_of(batch)
    except Unreadable:
        raise Http404 from None
    if not layout.is_clear or not actions.has_looked(batch, layout, request.user):
        return redirect(batch)
    importer = IMPORTERS[batch.importer]
    preview = importer.as_told(importer.preview(batch, layout, request.user), request.user)
    return workbook_response(
        marks.marked_file(batch, layout, preview), f"{PurePath(batch.name).stem} - đã đánh dấu.xlsx"
    )


@require_http_methods(READ_AND_SEND)
def undo(request, import_pk: int):
    """Take a whole import back; what stands in the way is listed."""
    batch = _batch(request, import_pk)
    if batch.state != ImportBatch.State.APPLIED:
        return redirect(batch)
    form = UndoForm(sent(request), initial={"version": batch.version})
    blocking = IMPORTERS[batch.importer].blocking(batch)
    if request.method == "POST" and form.is_valid():
        try:
            actions.undo(batch=batch, by=request.user, **form.cleaned_data)
        except ValidationError as found:
            form.add_error("reason" if hasattr(found, "error_dict") else None, found.messages)
        except Conflict:
            form.add_error(None, "Có người vừa làm việc với lần nhập này. Hãy mở lại trang.")
        except actions.Stale:
            form.add_error(None, "Có dòng vừa được sửa nên chưa hoàn tác gì. Hãy mở lại trang để xem.")
        else:
            messages.success(request, f"Đã hoàn tác “{batch.name}” lúc {timezone.localtime():%H:%M}.")
            return redirect(batch)
    count, first = batch.rows.count(), list(batch.rows.order_by("number", "pk")[:NAMED])
    context = _head(batch) | {
        "form": form,
        "blocking": blocking,
        "count": count,
        "first": IMPORTERS[batch.importer].written(first, request.user),
        "further": count - len(first),
    }
    return render(request, "organizations/import_undo.html", context, status=422 if form.is_bound else 200)
