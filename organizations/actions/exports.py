"""Writes what leaves as a file, and decides under a lock whether the password has to be asked first."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from organizations import changes
from organizations.models import Export, Organization, User

DAY = timedelta(hours=24)
# Whoever clicks twice gets the same file twice: it is logged twice and its people are counted once.
SECOND_CLICK = timedelta(minutes=1)


class PasswordNeeded(Exception):
    """Nothing was written: the password is asked first. `before`: people taken within 24 hours until now."""

    def __init__(self, before: int):
        self.before = before
        super().__init__("Cần nhập lại mật khẩu.")


@dataclass(frozen=True)
class Taken:
    """What is about to leave. `address` tells it from every other list, filter and order."""

    name: str
    filter_words: str
    rows: int
    people: int
    address: str
    with_numbers: bool = False
    reason: str = ""

    @property
    def digest(self) -> str:
        said = f"{self.address} {self.name} {self.with_numbers}"
        return hashlib.sha256(said.encode()).hexdigest()


@transaction.atomic
def record_export(*, taken: Taken, unit: Organization, is_confirmed: bool, by: User) -> Export:
    """Log it, or raise PasswordNeeded. Files of one account wait for each other, so that the day's limit holds."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    now = timezone.now()
    same = Q(what=taken.digest, rows=taken.rows, people__gt=0, at__gt=now - SECOND_CLICK)
    day = Export.objects.filter(by=by, at__gt=now - DAY).aggregate(
        before=Sum("people", default=0), again=Count("pk", filter=same)
    )
    people = 0 if day["again"] else taken.people
    passes = taken.people and day["before"] + people > settings.EXPORT_PEOPLE_UNASKED
    if (passes or taken.with_numbers) and not is_confirmed:
        raise PasswordNeeded(day["before"])
    return Export.objects.create(
        request_id=changes.source().request_id,
        at=now,
        by=by,
        unit=unit,
        name=taken.name[:200],
        filter_words=taken.filter_words[:1000],
        rows=taken.rows,
        people=people,
        with_numbers=taken.with_numbers,
        reason=taken.reason,
        what=taken.digest,
    )
