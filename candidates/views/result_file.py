"""Results from the Centre's own file: sent, looked at row by row, recorded; given back with what is wrong in it."""

from collections.abc import Sequence
from pathlib import PurePath

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from candidates import result_file as rules
from candidates import result_matching as matching
from candidates.actions.class_people import RowProblems
from candidates.actions.result_file import apply_file, keep_file
from candidates.forms.result_file import PreviewForm, ResultFileForm
from candidates.models import Grade, ResultFile, TrainingClass
from candidates.result_file import FileRow, NotAResultFile, Table
from candidates.result_look import look, names_of
from candidates.result_matching import Match
from candidates.views.classes import READ_AND_SEND, SEEN_BY, at_the_moment, get_class, put_errors
from organizations.permissions import Permission
from organizations.scope import needs
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.marking import Mark, marked
from vuthu_recruit.spreadsheet import Unreadable
from vuthu_recruit.web import sent, workbook_response

SHOWN = 20  # numbers of rows in a message


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def result_file(request, class_pk: int):
    """Send a file; nothing of it is recorded before it was looked at."""
    training_class = get_class(request, class_pk, Permission.CLASS_EDIT)
    form = ResultFileForm(sent(request), request.FILES or None, grades=names_of(Grade.objects.all()))
    if request.method == "POST" and form.is_valid():
        name, content = form.cleaned_data["file"]
        try:
            return redirect(keep_file(training_class=training_class, name=name, content=content, by=request.user))
        except ValidationError as found:
            put_errors(form, found)
    rows = ResultFile.objects.visible_to(request.user, needs=Permission.CLASS_EDIT)
    context = {
        "training_class": training_class,
        "form": form,
        "files": list(rows.filter(training_class=training_class).for_list()),
    }
    return render(request, "candidates/result_file.html", context, status=422 if form.errors else 200)


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def result_file_preview(request, class_pk: int, file_pk: int):
    """Whom each row means and what it would change; recorded is what was accepted, all or none."""
    training_class, file = _file(request, class_pk, file_pk)
    try:
        seen = look(training_class, name=file.name, content=bytes(file.content), by=request.user)
    except (Unreadable, NotAResultFile) as refusal:
        messages.error(request, str(refusal))
        return redirect("candidates:result_file", training_class.pk)
    form = PreviewForm(sent(request), **seen.for_form)
    context = {
        "training_class": training_class,
        "file": file,
        "form": form,
        "table": seen.table,
        "missing": seen.missing,
        "has_ended": training_class.to_on <= clock.today(),
        "grade_names": seen.grade_names,
    }
    if request.method != "POST":
        return _preview(request, context)
    return _recorded(request, context)


def _recorded(request, context: dict):
    form, training_class = context["form"], context["training_class"]
    if not form.is_valid():
        return _preview(request, context, 422)
    if form.stale:
        form.now_current()
        return _preview(request, context | {"is_conflict": True}, 409)
    given = form.cleaned_data
    try:
        count = apply_file(
            file=context["file"],
            results=form.results,
            by=request.user,
            reason=given["reason"],
            keeps_grades=given["keeps_grades"],
        )
    except Conflict:
        form.now_current()
        return _preview(request, context | {"is_conflict": True}, 409)
    except RowProblems as found:
        form.put_errors(found.rows)
    except ValidationError as found:
        put_errors(form, found)
    else:
        words = f"Đã ghi kết quả của {count} người, {training_class}, {at_the_moment()}."
        messages.success(request, words + _left_out(form.left_out))
        return redirect(training_class)
    return _preview(request, context, 422)


def _left_out(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    shown = ", ".join(map(str, numbers[:SHOWN])) + ("…" if len(numbers) > SHOWN else "")
    return f" Bỏ qua {len(numbers)} dòng của tệp: {shown}."


def _preview(request, context: dict, status: int = 200):
    form = context["form"]
    context = context | {
        "rows": form.rows(context.pop("grade_names")),
        "tally": form.tally(len(context["missing"])),
        "may_record": not context["file"].applied_at and context["has_ended"],
    }
    return render(request, "candidates/result_file_preview.html", context, status=status)


@require_safe
@needs(*SEEN_BY)
def result_file_marked(request, class_pk: int, file_pk: int):
    """The file as it came, with what is wrong or doubtful marked in it."""
    training_class, file = _file(request, class_pk, file_pk)
    try:
        seen = look(training_class, name=file.name, content=bytes(file.content), by=request.user)
    except (Unreadable, NotAResultFile) as refusal:
        messages.error(request, str(refusal))
        return redirect("candidates:result_file", training_class.pk)
    marks = [mark for row in seen.table.rows for mark in _marks(row, seen.matches[row.number], seen.table)]
    content = marked(bytes(file.content), file.name, seen.sheet, seen.table.header, marks, rules.MARK_HEADER)
    return workbook_response(content, f"{PurePath(file.name).stem} - đã đánh dấu.xlsx")


def _marks(row: FileRow, match: Match, table: Table) -> list[Mark]:
    """At the cell each sentence speaks of; a column the file does not have is said at the name."""
    return [
        Mark(row.number, table.columns.get(one.column, table.columns["name"]), one.message, one.blocks)
        for one in matching.sentences(row, match)
    ]


def _file(request, class_pk: int, file_pk: int) -> tuple[TrainingClass, ResultFile]:
    training_class = get_class(request, class_pk, Permission.CLASS_EDIT)
    rows = ResultFile.objects.visible_to(request.user, needs=Permission.CLASS_EDIT).select_related("applied_by")
    file = get_object_or_404(rows, pk=file_pk, training_class=training_class)
    file.training_class = training_class
    return training_class, file
