"""Kinds of classes and the scale of grades: loaded from a file once, then kept by the Centre and the Board."""

import tomllib
from decimal import Decimal
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from candidates.actions.kept_rows import STEP, save_row
from candidates.models import ClassKind, Enrolment, Grade
from organizations import changes
from organizations.permissions import Permission

FILE = Path(__file__).resolve().parents[1] / "data" / "classes.toml"
KIND_FIELDS = ("name", "purpose", "lessons", "certificate_mark", "order", "is_active", "note")
GRADE_FIELDS = ("name", "from_score", "is_pass", "other_names", "order", "is_active", "note")


def add_missing(log: changes.Log) -> tuple[list[str], list[str]]:
    """Add the kinds and grades of the file that are not there yet; names of both. Inside a transaction."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return _add(ClassKind, data["kind"], log), _add(Grade, data["grade"], log)


def _add(model, rows: list[dict], log: changes.Log) -> list[str]:
    known, added = set(model.objects.values_list("key", flat=True)), []
    for place, row in enumerate(rows, start=1):
        if row["key"] in known:
            continue
        values = row | ({"from_score": Decimal(row["from_score"])} if "from_score" in row else {})
        made = model(order=place * STEP, **values)
        made.full_clean()
        made.save(force_insert=True)
        log.created(made)
        added.append(made.name)
    return added


@transaction.atomic
def save_kind(*, kind: ClassKind | None, values: dict, version: int, by) -> ClassKind:
    """Change a kind of class or add one. What it is for stays once classes were opened. Raises Conflict."""
    if kind:  # held, so that no class of it is opened meanwhile
        kind = ClassKind.objects.select_for_update(of=("self",)).get(pk=kind.pk)
    if kind and "purpose" in values and kind.purpose != values["purpose"] and kind.classes.exists():
        raise ValidationError({"purpose": "Loại lớp này đã có lớp nên không đổi được đối tượng. Hãy thêm loại khác."})
    return _save(kind or ClassKind(), values, KIND_FIELDS, version, by, "class.kind")


@transaction.atomic
def save_grade(*, grade: Grade | None, values: dict, version: int, by) -> Grade:
    """Change a line of the scale or add one. Whether it is a pass stays once somebody was given it. Raises Conflict."""
    turned = grade and grade.is_pass != values.get("is_pass", grade.is_pass)
    if turned and Enrolment.objects.filter(grade=grade).exists():
        raise ValidationError({"is_pass": "Đã có người được xếp loại này nên không đổi. Hãy thêm xếp loại khác."})
    score = values.get("from_score")
    others = Grade.objects.filter(is_active=True, from_score=score).exclude(pk=grade.pk if grade else None)
    if score is not None and values.get("is_active", True) and (other := others.first()):
        raise ValidationError({"from_score": f"Mức điểm này đã là của xếp loại “{other.name}”."})
    return _save(grade or Grade(), values, GRADE_FIELDS, version, by, "class.grade")


def _save(row, values: dict, fields: tuple[str, ...], version: int, by, action: str):
    right = Permission.CLASS_EDIT
    return save_row(row, values, fields, right=right, version=version, by=by, action=action, prepare=_one_name)


def _one_name(row, is_new: bool) -> None:
    if row.is_active and type(row).objects.filter(is_active=True, name=row.name).exclude(pk=row.pk).exists():
        raise ValidationError({"name": f"Đã có “{row.name}” đang dùng. Hãy chọn tên khác."})
