"""One person of the lists of classes in words, for the page and the workbook: of the moved no more than a trace."""

from django.urls import reverse

from candidates.cells import ONLY_SHOWN, birth_cell, record_key
from candidates.models import Enrolment
from candidates.next_steps import stage_badge, status_badge
from candidates.pipeline import Stage, Status
from organizations.permissions import Permission
from organizations.scope import may_in
from vuthu_recruit.dates import PartialDate, months_after

STATES = {
    "nominated": "Chờ xét",
    "refused": "Không đủ điều kiện",
    "waiting": "Chờ chỗ",
    "enrolled": "Đang học",
    "passed": "Đạt",
    "failed": "Không đạt",
    "dropped": "Bỏ học",
}

HOLDS = {
    "expired": {"word": "Đã hết giá trị", "kind": "late", "icon": "late"},
    "expiring": {"word": "Sắp hết giá trị", "kind": "soon", "icon": "soon"},
}


def line_of(row: Enrolment, user, months: int | None) -> dict:
    """A row of training_rows.behind(). Of somebody out of sight: name, birth year, sex, this class and certificate."""
    person = row.candidate
    is_trace = person is not None and not may_in(user, Permission.CANDIDATE_VIEW, person.unit)
    unit, above = row.unit, row.unit.grassroots or row.unit
    line = {
        "name": person.full_name if person else row.participant_name,
        "url": reverse("candidates:detail", args=[person.pk]) if person else "",
        "detail": _detail(row),
        "unit": above.short_name,
        "branch": "" if unit == above else unit.short_name,
        "training_class": str(row.training_class),
        "state": STATES[row.standing_as],
        "number": row.certificate_number if row.fate else "",  # "": not issued by the day
        "issued_on": row.issued_on if row.fate else None,
        "ends_on": None,
        "holds": HOLDS.get(row.fate),
        "admitted_on": None,
        "is_trace": is_trace,
    }
    if person and not is_trace:
        line |= {"stage": stage_badge(person.stage), "status": status_badge(person.status)}
        line["admitted_on"] = getattr(row, "admitted_on", None)
        if months and line["issued_on"] and not line["admitted_on"] and row.fate != "again":
            line["ends_on"] = months_after(row.issued_on, months)
    return line | {"cells": _cells(row, line)}


def _detail(row: Enrolment) -> str:
    person = row.candidate
    if person is None:
        return row.participant_position
    return f"{person.get_sex_display()}, sinh {person.birth.year}" if person.birth else person.get_sex_display()


def _cells(row: Enrolment, line: dict) -> list:
    """The same for a workbook."""
    person, now, key = row.candidate, "", ONLY_SHOWN
    birth = person.birth if person else None
    if line["is_trace"]:
        birth, now = PartialDate(birth.year) if birth else None, "đã chuyển"
    elif person:
        key = record_key(person.pk, person.version)
        is_open = person.status == Status.OPEN
        now = Stage(person.stage).label if is_open else Status(person.status).label
    sex = person.get_sex_display() if person else row.participant_position
    named = [line["name"], birth_cell(birth), sex, line["unit"], line["branch"], line["training_class"]]
    return [*named, line["state"], line["number"], line["issued_on"], line["ends_on"], line["admitted_on"], now, key]
