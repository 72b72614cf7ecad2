"""One's own signed-in browsers, as a page shows them. They are ended by actions.passwords."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone

from organizations.models import Session, User

PROGRAMS = (("Zalo", "Zalo"), ("Edg/", "Edge"), ("coc_coc", "Cốc Cốc"), ("OPR/", "Opera"), ("Firefox/", "Firefox"))
PROGRAMS += (("Chrome/", "Chrome"), ("Safari/", "Safari"))
MACHINES = (("Windows", "Windows"), ("Android", "điện thoại Android"), ("iPhone", "iPhone"), ("iPad", "iPad"))
MACHINES += (("Mac OS", "máy Mac"), ("Linux", "Linux"))


@dataclass(frozen=True)
class SignedIn:
    """A browser where the user is signed in. `handle` names it on the page: the key itself never leaves the server."""

    key: str
    handle: str
    started_at: datetime
    seen_at: datetime | None
    address: str
    program: str
    is_current: bool


def handle(key: str) -> str:
    return hashlib.sha256(f"session {key}".encode()).hexdigest()[:24]


def of(user: User, current: str | None) -> list[SignedIn]:
    """Where the user is signed in, this browser first. One query."""
    rows = Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-started_at")
    found = []
    for row in rows:
        seen = row.get_decoded().get("seen")
        found.append(
            SignedIn(
                key=row.session_key,
                handle=handle(row.session_key),
                started_at=row.started_at,
                seen_at=datetime.fromtimestamp(seen, tz=UTC) if seen else None,
                address=row.ip_address or "",
                program=program_words(row.user_agent),
                is_current=row.session_key == current,
            )
        )
    return sorted(found, key=lambda one: not one.is_current)


def find(user: User, wanted: str) -> str | None:
    """The key of the user's own session with this handle."""
    for key in Session.objects.filter(user=user).values_list("session_key", flat=True):
        if hmac.compare_digest(handle(key).encode(), wanted.encode()):
            return key
    return None


def program_words(user_agent: str) -> str:
    """“Chrome trên Windows”, as far as the browser tells."""
    program = next((words for mark, words in PROGRAMS if mark in user_agent), "")
    machine = next((words for mark, words in MACHINES if mark in user_agent), "")
    return f"{program or 'Trình duyệt'} trên {machine}" if machine else program or "Không rõ trình duyệt"
