"""The papers of a class: on the page for printing, and as a workbook."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from candidates.models import TrainingClass
from candidates.views.classes import SEEN_BY, enrolments_of, get_class
from organizations.exports import METHODS, Leaving, take_out
from organizations.scope import needs
from reports.class_papers import ClassSheet, Form
from reports.class_sheets import sheet_of
from reports.class_workbooks import class_workbook


@require_safe
@needs(*SEEN_BY)
def class_sheet(request: HttpRequest, class_pk: int, sheet: str) -> HttpResponse:
    """A paper of a class, as it will be printed: all of it for who runs the class, the own people for who sends."""
    training_class = get_class(request, class_pk)
    found = _sheet(request, training_class, sheet)
    context = {"training_class": training_class, "sheet": found, "tabs": _tabs(training_class, found.form)}
    return render(request, "reports/class_sheet.html", context)


@require_http_methods(METHODS)
@needs(*SEEN_BY)
def class_sheet_xlsx(request: HttpRequest, class_pk: int, sheet: str) -> HttpResponse:
    """The same rows as a workbook."""
    training_class = get_class(request, class_pk)
    found = _sheet(request, training_class, sheet)
    filename = f"{found.form.label} khóa {training_class.number}-{training_class.year}.xlsx"
    leaving = Leaving(found.form.label, filename, found.people, found.subject, rights=SEEN_BY)
    return take_out(request, leaving, lambda: class_workbook(found, by=request.user, at=timezone.now()))


def _sheet(request: HttpRequest, training_class: TrainingClass, slug: str) -> ClassSheet:
    if slug not in Form:
        raise Http404
    return sheet_of(Form(slug), training_class, enrolments_of(request.user), request.user)


def _tabs(training_class: TrainingClass, current: Form) -> list[dict]:
    return [
        {
            "url": reverse("reports:class_sheet", args=[training_class.pk, form]),
            "label": form.label,
            "current": form == current,
        }
        for form in Form
    ]
