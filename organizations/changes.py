"""Writes the history: each action records what it changed, in its own transaction, in one bulk_create."""

import secrets
from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models

from organizations.models.change import Change

HIDDEN = {"password", "content", "asked"}  # the fact of a change is recorded, never the value
MASKED = {"identity_number"}


@dataclass(frozen=True)
class Source:
    """Where the present work comes from."""

    request_id: str
    via: str
    address: str | None = None
    from_file: bool = False  # written by the confirmation of a file, sent by a page or a command


_source: ContextVar[Source | None] = ContextVar("source", default=None)


@contextmanager
def coming_from(via: str, *, address: str | None = None, request_id: str = "", from_file: bool = False):
    """Everything recorded inside belongs to one request."""
    token = _source.set(Source(request_id or secrets.token_hex(8), via, address, from_file))
    try:
        yield
    finally:
        _source.reset(token)


def source() -> Source:
    """The present source; work outside any request is a command."""
    return _source.get() or Source(secrets.token_hex(8), Change.Via.COMMAND)


def mask(number: str) -> str:
    """Hide all but the last four digits of an identity number."""
    return "•" * max(0, len(number) - 4) + number[-4:] if number else ""


def plain(field: models.Field, value):
    """A value as the history stores it: JSON, with secrets hidden and identity numbers masked."""
    if field.name in HIDDEN:
        return "•"
    if field.name in MASKED:
        return mask(value or "")
    if value is None or isinstance(value, (str, int, float, bool, dict, list)):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize() if value else value)
    return str(field.get_prep_value(value))


def state(row: models.Model) -> dict:
    """All stored values of a row as they stand in memory, for a later comparison."""
    return {field.attname: field.to_python(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def difference(row: models.Model, before: dict) -> tuple[dict, dict]:
    """The changed fields only: (before, after), with secrets hidden."""
    old, new = {}, {}
    for field in row._meta.concrete_fields:
        was, now = before[field.attname], field.to_python(getattr(row, field.attname))
        if was != now:
            old[field.attname], new[field.attname] = plain(field, was), plain(field, now)
    return old, new


def whole(row: models.Model) -> dict:
    """All values of a row as the history stores them."""
    return {field.attname: plain(field, getattr(row, field.attname)) for field in row._meta.concrete_fields}


def scope_unit(row: models.Model) -> int | None:
    """The organization whose readers may see the change."""
    if row._meta.label == "organizations.Organization":
        return row.pk
    for name in ("unit_id", "organization_id"):
        if getattr(row, name, None):
            return getattr(row, name)
    return None


class Log:
    """Collects the rows one action touches and writes their changes together."""

    def __init__(self, *, by, action: str, reason: str = "", subject: models.Model | None = None, unit_id=None):
        self.by, self.action, self.reason = by, action, reason
        self.subject, self.unit_id = subject, unit_id
        self.came = source()  # once: work outside a request is one request for each log
        self._rows: list[Change] = []

    def _add(self, row, before, after, subject=None):
        came = self.came
        subject = subject or self.subject or row
        self._rows.append(
            Change(
                request_id=came.request_id,
                via=came.via,
                address=came.address,
                by=self.by,
                action=self.action,
                object_type=row._meta.label,
                object_id=str(row.pk),
                subject_type=subject._meta.label,
                subject_id=str(subject.pk),
                unit_id=self.unit_id or scope_unit(row) or scope_unit(subject),
                before=before,
                after=after,
                reason=self.reason,
            )
        )

    def created(self, *rows: models.Model, subject: models.Model | None = None) -> None:
        """`subject`: whose history the row belongs to, where it differs from the others of one action."""
        for row in rows:
            self._add(row, None, whole(row), subject)

    def updated(self, row: models.Model, before: dict, *, subject: models.Model | None = None) -> None:
        """Record what differs from `before` (from state()); nothing when nothing does."""
        old, new = difference(row, before)
        if old or new:
            self._add(row, old, new, subject)

    def deleted(self, rows: Iterable[models.Model]) -> None:
        for row in rows:
            self._add(row, whole(row), None)

    def write(self) -> None:
        Change.objects.bulk_create(self._rows, batch_size=500)
        self._rows = []


@contextmanager
def recording(*, by, action: str, reason: str = "", subject: models.Model | None = None, unit_id=None):
    """Open a Log and write it at the end, inside the caller's transaction."""
    log = Log(by=by, action=action, reason=reason, subject=subject, unit_id=unit_id)
    yield log
    log.write()
