"""The catalogue of forms and the appraisal's questions: read by whoever works on dossiers, kept by the Board."""

import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from candidates.actions.catalogue import save_form, save_question, usual_words
from candidates.forms.catalogue import CatalogueForm, QuestionForm
from candidates.models import AppraisalQuestion, DossierForm
from organizations.permissions import Permission
from organizations.scope import holds, needs
from organizations.versions import Conflict
from vuthu_recruit.web import sent

READ_AND_SEND = ["GET", "HEAD", "POST"]
TAKEN = "Mã này đã dùng cho một biểu mẫu khác đang dùng. Hãy chọn mã khác."


@require_safe
@needs(Permission.BACKGROUND_VIEW)
def dossier_forms(request):
    """The whole catalogue in its order, each form with its questions. Two queries."""
    forms = list(DossierForm.objects.prefetch_related("questions"))
    context = {
        "forms": forms,
        "whole": list(AppraisalQuestion.objects.filter(form=None)),
        "may_edit": holds(request.user, Permission.RULE_EDIT),
    }
    return render(request, "candidates/dossier_forms.html", context)


@require_http_methods(READ_AND_SEND)
@needs(Permission.RULE_EDIT)
def dossier_form_edit(request, form_pk: int):
    row = get_object_or_404(DossierForm, pk=form_pk)
    return _edit(request, row, CatalogueForm(sent(request), row=row), f"Sửa biểu mẫu {row}", _keep_form)


@require_http_methods(READ_AND_SEND)
@needs(Permission.RULE_EDIT)
def dossier_form_add(request):
    last = DossierForm.objects.order_by("-order").first()
    form = CatalogueForm(sent(request), row=None, place=(last.order if last else 0) + 10)
    return _edit(request, None, form, "Thêm biểu mẫu", _keep_form)


@require_http_methods(READ_AND_SEND)
@needs(Permission.RULE_EDIT)
def question_edit(request, question_pk: int):
    row = get_object_or_404(AppraisalQuestion, pk=question_pk)
    return _edit(request, row, QuestionForm(sent(request), row=row), "Sửa nội dung thẩm định", _keep_question)


@require_http_methods(READ_AND_SEND)
@needs(Permission.RULE_EDIT)
def question_add(request):
    """`?bieu=` names the form it belongs to; without it the question is on the dossier as a whole."""
    asked = request.GET.get("bieu", "")
    if not re.fullmatch(r"[a-z0-9-]{0,40}", asked):
        raise Http404
    parent = get_object_or_404(DossierForm, key=asked) if asked else None
    words = f"Thêm nội dung thẩm định: {parent}" if parent else "Thêm nội dung thẩm định cả hồ sơ"
    form = QuestionForm(sent(request), row=None)
    return _edit(request, None, form, words, lambda row, **values: _keep_question(row, parent=parent, **values))


def _keep_form(row, **values):
    return save_form(form=row, **values)


def _keep_question(row, *, parent=None, **values):
    return save_question(question=row, form=parent, **values)


def _edit(request, row, form, heading: str, keep):
    """The five beats of all four pages."""
    context = {"form": form, "heading": heading, "list_name": "Biểu mẫu hồ sơ"}
    context["list_url"] = reverse("candidates:dossier_forms")
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep(row, values=form.values, version=form.cleaned_data["version"], by=request.user)
        except Conflict as conflict:
            form.now_at(conflict.current.version)
            return render(request, "candidates/catalogue_edit.html", context | {"is_conflict": True}, status=409)
        except ValidationError as error:
            for name, sentences in usual_words(error).items():
                form.add_error(name if name in form.fields else None, sentences)
        except IntegrityError:  # somebody else took the code or the place a moment ago
            form.add_error(None, TAKEN)
        else:
            messages.success(request, f"Đã lưu “{kept}” lúc {timezone.localtime():%H:%M}.")
            return redirect("candidates:dossier_forms")
    return render(request, "candidates/catalogue_edit.html", context, status=422 if form.errors else 200)
