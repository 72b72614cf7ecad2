"""A file sent through the pages of Excel in: what a test does and reads there."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organizations.models import ImportBatch


def workbook(*rows) -> bytes:
    """The header first."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def send(client, kind: str, content: bytes, *, unit="13195", name="Danh sách.xlsx", **options):
    """Send a file, follow to whatever page comes of it."""
    url = reverse("organizations:import_new", args=[kind])
    return client.post(url, {"unit": unit, "file": SimpleUploadedFile(name, content)} | options, follow=True)


def batch() -> ImportBatch:
    return ImportBatch.objects.order_by("-pk").first()


def confirm(client, page, **extra):
    one = batch()
    data = {"confirm": "1", "version": one.version, "seen": page.context["form"]["seen"].value()} | extra
    return client.post(one.get_absolute_url(), data, follow=True)


def undo(client, reason="Tải nhầm tệp của năm trước"):
    one = batch()
    url = reverse("organizations:import_undo", args=[one.pk])
    return client.post(url, {"version": one.version, "reason": reason})


def kinds(page) -> dict[int, str]:
    return {row["line"].number: str(row["line"].kind) for row in page.context["rows"]}


def line(page, number: int):
    return next(row["line"] for row in page.context["rows"] if row["line"].number == number)


def said(page, number: int) -> str:
    return " ".join(note.message for note in line(page, number).notes)


def changes(page, number: int = 2) -> list[tuple[str, str, str]]:
    return [(one.label, one.old, one.new) for one in line(page, number).changes]
