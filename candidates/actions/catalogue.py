"""The catalogue of forms and the appraisal's questions: filled from the file beside the program, kept by the Board."""

import tomllib
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from candidates.actions.kept_rows import STEP, save_row
from candidates.dossier import Source
from candidates.models import AppraisalQuestion, DossierForm
from organizations import changes
from organizations.permissions import Permission

FILE = Path(__file__).resolve().parents[1] / "data" / "dossier_forms.toml"
FORM_FIELDS = (
    "code",
    "name",
    "needed_for",
    "applies",
    "copies",
    "renewal",
    "is_required",
    "is_active",
    "note",
    "order",
)
QUESTION_FIELDS = ("text", "wording", "is_active")


def add_missing(log: changes.Log) -> tuple[list[str], list[str]]:
    """Add the forms and questions of the file that are not there yet; names of both. Inside a transaction."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    known = {row.key: row for row in DossierForm.objects.all()}
    asked = set(AppraisalQuestion.objects.values_list("key", flat=True))
    forms, questions = [], []
    for place, row in enumerate(data["form"], start=1):
        values = {key: value for key, value in row.items() if key != "question"}
        if row["key"] not in known:
            form = DossierForm(order=place * STEP, **values)
            form.full_clean()
            form.save(force_insert=True)
            log.created(form)
            known[form.key] = form
            forms.append(str(form))
        questions += [(known[row["key"]], one) for one in row.get("question", [])]
    questions += [(None, one) for one in data.get("question", [])]
    added = []
    for place, (form, row) in enumerate(questions, start=1):
        if row["key"] in asked:
            continue
        question = AppraisalQuestion(form=form, order=place * STEP, **row)
        question.full_clean()
        question.save(force_insert=True)
        log.created(question)
        added.append(question.text)
    return forms, added


@transaction.atomic
def save_form(*, form: DossierForm | None, values: dict, version: int, by) -> DossierForm:
    """Change a form of the catalogue, or add one that is typed on the dossier page. Raises Conflict."""
    return _save(form or DossierForm(source=Source.PAPER), values, FORM_FIELDS, version, by, "catalogue.form")


@transaction.atomic
def save_question(
    *, question: AppraisalQuestion | None, form=None, values: dict, version: int, by
) -> AppraisalQuestion:
    """Change a question or its usual words, or add one to a form (None: the dossier as a whole). Raises Conflict."""
    return _save(question or AppraisalQuestion(form=form), values, QUESTION_FIELDS, version, by, "catalogue.question")


def _save(row, values: dict, fields: tuple[str, ...], version: int, by, action: str):
    right = Permission.RULE_EDIT
    return save_row(row, values, fields, right=right, version=version, by=by, action=action, prepare=_place)


def _place(row, is_new: bool) -> None:
    """A new row stands last unless it was given a place."""
    if is_new:
        row.order = row.order or _last_place(type(row)) + STEP


def _last_place(model) -> int:
    return max(model.objects.values_list("order", flat=True), default=0)


def usual_words(error: ValidationError) -> dict[str, list[str]]:
    """What the model found, by field."""
    return error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
