"""Excel in: send a list, say what its columns are, look at every row, confirm; the history, and undoing."""

from pathlib import PurePath
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations import import_list
from organizations.actions import imports as actions
from organizations.exports import METHODS, Leaving, take_out
from organizations.forms.imports import (
    STALE,
    ColumnsForm,
    ConfirmForm,
    HistoryForm,
    SendForm,
    UndoForm,
    answer_name,
    answers_in,
    in_state,
    state_look,
)
from organizations.imports import marks, reading
from organizations.imports.blank import blank_workbook
from organizations.imports.preview import LABELS, WHOLE_FILE, Kind, Preview
from organizations.imports.registry import IMPORTERS, Importer, importers_for
from organizations.models import ImportBatch, Organization
from organizations.permissions import Permission
from organizations.scope import holds, may_in, needs
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.spreadsheet import Unreadable
from vuthu_recruit.web import paginate, sent, workbook_response

READ_AND_SEND = ["GET", "HEAD", "POST"]
PER_PAGE = 50
SHOWN = 200  # rows that were not written, on the page of the result; the marked workbook has all
LOOKS = {
    Kind.NEW: ("done", "done"),
    Kind.CHANGED: ("doing", "writing"),
    Kind.SAME: ("idle", "none"),
    Kind.QUESTION: ("soon", "soon"),
    Kind.WAITING: ("doing", "later"),
    Kind.ERROR: ("late", "soon"),
    Kind.SKIPPED: ("idle", "stopped"),
}
CLOSED = (
    "Tài khoản này hôm nay đã có nhiều trường hợp cần Ban Tổ chức đối chiếu nên không đọc thêm danh sách được. "
    "Tệp vẫn được giữ; hãy mở lại ngày mai, hoặc liên hệ Ban Tổ chức."
)


@require_safe
@needs(Permission.IMPORT)
def index(request):
    """What can be sent, and what was. Costs a query for each tab, one for the page, one for the units."""
    form, rows = _history(request)
    context = {
        "form": form,
        "importers": importers_for(request.user),
        "records_results": holds(request.user, Permission.CLASS_EDIT),
        "is_wrong": not form.is_valid(),
    }
    if not context["is_wrong"]:
        rows = form.narrowed(rows)
        page = paginate(request, in_state(rows, form.cleaned_data["muc"]).for_list(), 25)
        context |= {
            "page_obj": page,
            "rows": [_history_row(batch) for batch in page],
            "tabs": _history_tabs(request, form, rows),
            "chips": form.chips,
        }
    return render(request, "organizations/imports.html", context, status=422 if context["is_wrong"] else 200)


def _history(request) -> tuple[HistoryForm, object]:
    """The filter, and all imports of this user's scope and kinds."""
    importers = importers_for(request.user)
    rows = ImportBatch.objects.visible_to(request.user, needs=Permission.IMPORT)
    rows = rows.filter(importer__in=[one.key for one in importers])
    units = Organization.objects.visible_to(request.user, needs=Permission.IMPORT)
    units = units.filter(pk__in=rows.values("organization")).in_order()
    return HistoryForm(request.GET, units=list(units), importers=importers), rows


@require_http_methods(METHODS)
@needs(Permission.IMPORT)
def export(request):
    """The imports of the page with its filter, all pages."""
    form, rows = _history(request)
    if not form.is_valid():
        return redirect(f"{reverse('organizations:imports')}?{request.GET.urlencode()}")
    batches = in_state(form.narrowed(rows), form.cleaned_data["muc"]).for_list()
    leaving = Leaving(
        name=import_list.TITLE,
        filename=f"{import_list.TITLE} {clock.today():%d-%m-%Y}.xlsx",
        count=batches.count(),
        filter_words=form.words,
        of_people=False,
        rights=(Permission.IMPORT,),
    )
    told = {"filter_words": form.words, "count": leaving.count, "by": request.user}
    return take_out(request, leaving, lambda: import_list.imports_workbook(map(_history_row, batches), **told))


def _history_row(batch: ImportBatch) -> dict:
    return {
        "batch": batch,
        "importer": IMPORTERS[batch.importer].label,
        "state": batch.state.label,
        "look": state_look(batch.state),
        "told": actions.told(batch),
    }


def _history_tabs(request, form: HistoryForm, rows) -> list[dict]:
    kept = {name: request.GET[name] for name in ("q", "loai", "don_vi") if request.GET.get(name)}
    return [
        {
            "url": f"?{urlencode(kept | ({'muc': state} if state else {}))}",
            "label": label,
            "count": in_state(rows, state).count(),
            "current": state == form.cleaned_data["muc"],
        }
        for state, label in form.TABS.items()
    ]


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
    if not reading.layout_of(batch).is_clear:
        return redirect("organizations:import_columns", batch.pk)
    if carried := actions.carry_answers(batch=batch, by=request.user):
        words = f"Đã giữ câu trả lời của {carried} dòng như ở tệp tải lên trước. Hãy xem lại trước khi nhập."
        messages.info(request, words)
    return _looked_at(request, batch)


def _looked_at(request, batch: ImportBatch, query: str = ""):
    """To the rows once what they tell was counted; a file of somebody else is not ended by whose day is closed."""
    if actions.look(batch=batch, by=request.user) is None and not _batch(request, batch.pk).refused_on:
        messages.warning(request, CLOSED)
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
        return render(request, "organizations/import_refused.html", _head(batch) | {"refusal": str(refusal)})
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
        "refusal": batch.refusal or (_dropped(batch) if batch.dropped_at else ""),
    }


def _dropped(batch: ImportBatch) -> str:
    at = timezone.localtime(batch.dropped_at)
    return f"{batch.dropped_by.full_name} đã bỏ tệp này lúc {at:%H:%M ngày %d/%m/%Y}; nội dung tệp không được giữ."


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
    version = _version(request)
    try:
        actions.answer(batch=batch, answers=answers_in(request.POST, preview), version=version, by=request.user)
    except Conflict:
        return _preview(request, batch, layout, moved=True, status=409)
    except ValidationError as found:
        messages.warning(request, " ".join(found.messages))
        return redirect(batch)
    batch.refresh_from_db()
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
        if batch.applied_at:
            return _applied_elsewhere(request, batch)
        return _preview(request, batch, layout, moved=True, status=409)
    except ValidationError as found:
        batch = _batch(request, batch.pk)
        if batch.applied_at:
            return _applied_elsewhere(request, batch)
        form.add_error(None, found.messages)
        return _preview(request, batch, layout, form=form, status=422)
    words = f"Đã nhập “{done.name}” lúc {timezone.localtime():%H:%M}: {actions.told(done)}."
    (messages.warning if done.left else messages.success)(request, words)
    return redirect(batch)


def _applied_elsewhere(request, batch: ImportBatch):
    messages.warning(request, f"“{batch.name}” vừa được nhập ở một trang khác: lần bấm này không ghi gì thêm.")
    return _result(request, batch, status=409)


def _preview(request, batch: ImportBatch, layout, *, form=None, moved: bool = False, status: int = 200):
    importer, user = IMPORTERS[batch.importer], request.user
    if not actions.has_looked(batch, layout, user):
        return render(request, "organizations/import_again.html", _head(batch) | {"form": form}, status=status)
    preview = importer.as_told(importer.preview(batch, layout, user), user)
    context = _head(batch) | {"layout": layout, "table": _table_words(batch, layout, preview), "moved": moved}
    kind = request.GET.get("muc", "")
    lines = [line for line in preview.lines if kind in ("", line.kind)]
    page = paginate(request, lines, PER_PAGE)
    initial = {"version": batch.version, "seen": preview.digest}
    if form is not None and form.is_bound:
        form.data = form.data.copy() | initial
    shown = [_line(line, batch) for line in page]
    context |= {
        "form": form or ConfirmForm(initial=initial),
        "page_obj": page,
        "rows": shown,
        "tally": _tally(preview, kind),
        "ready": len(preview.writes),
        "stops": len(preview.stops),
        "total": len(preview.lines),
        "questions": _questions(batch, WHOLE_FILE, preview.questions),
        "asks": any(row["questions"] for row in shown),
        "is_filtered": bool(kind),
        "applied_before": _applied_before(batch, user),
    }
    return render(request, "organizations/import_preview.html", context, status=status)


def _applied_before(batch: ImportBatch, user) -> ImportBatch | None:
    """The same file, confirmed before and not undone."""
    same = {"importer": batch.importer, "organization": batch.organization, "sha256": batch.sha256}
    rows = ImportBatch.objects.visible_to(user, needs=Permission.IMPORT).for_list()
    return rows.filter(**same, applied_at__isnull=False, undone_at=None).exclude(pk=batch.pk).first()


def _line(line, batch: ImportBatch) -> dict:
    return {
        "line": line,
        "kind": LABELS[line.kind],
        "look": LOOKS[line.kind],
        "questions": _questions(batch, line.number, line.questions),
    }


def _questions(batch: ImportBatch, number: int | str, questions) -> list[dict]:
    said = batch.answers.get(str(number), {})
    return [{"question": one, "name": answer_name(number, one), "answer": said.get(one.key, "")} for one in questions]


def _tally(preview: Preview, chosen: str) -> list[dict]:
    rows = [{"url": "?", "label": "Tất cả", "value": len(preview.lines), "current": not chosen}]
    for kind, count in preview.tally.items():
        if count:
            rows.append({"url": f"?muc={kind}", "label": LABELS[kind], "value": count, "current": kind == chosen})
    return rows


def _table_words(batch: ImportBatch, layout, preview: Preview) -> dict:
    """What was read and what was not: nothing is silently dropped."""
    read = {number for number, _ in layout.rows()}
    sheets = reading.sheets_in(batch)
    not_stored = IMPORTERS[batch.importer].not_stored
    not_read = {*layout.unknown, *(column for key, column in layout.columns.items() if key in not_stored)}
    other_sheets = [one.name for one in sheets if one.name != layout.sheet.name and any(map(any, one.rows))]
    return {
        "sheet": layout.sheet.name,
        "header": str(layout.last) if layout.first == layout.last else f"{layout.first}–{layout.last}",
        "other_sheets": other_sheets,
        "left_out": preview.left_out,
        "hidden_rows": [number for number in layout.sheet.hidden_rows if number in read],
        "hidden_columns": [one for one in layout.sheet.hidden_columns if one in layout.columns.values()],
        "unknown": [layout.headings[one] for one in sorted(not_read) if layout.headings[one]],
    }


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
    context = _head(batch) | {"form": form, "blocking": blocking, "count": batch.rows.count()}
    return render(request, "organizations/import_undo.html", context, status=422 if form.is_bound else 200)
