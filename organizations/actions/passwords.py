"""First passwords, changed passwords, and the sessions that end with them. Hashing stands outside transactions."""

import secrets
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from organizations import changes
from organizations.models import Session, User
from organizations.models.accounts import normal_password
from organizations.signin import first_password_deadline

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike: no i, l, o, 0, 1


@dataclass(frozen=True)
class FirstPassword:
    """A single-use password: shown once to whoever hands it over, kept nowhere in clear."""

    clear: str = field(repr=False)
    encoded: str = field(repr=False)

    @classmethod
    def make(cls) -> "FirstPassword":
        clear = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
        return cls(clear, make_password(clear))


def issue(user: User, first: FirstPassword, log: changes.Log) -> None:
    """Give the account a single-use password good for 72 hours, and end what is signed in. Inside an action."""
    before = changes.state(user)
    user.password = first.encoded
    user.must_change_password = True
    user.first_password_expires_at = first_password_deadline()
    user.first_password_used_at = None
    user.save(update_fields=["password", "must_change_password", "first_password_expires_at", "first_password_used_at"])
    log.updated(user, before)
    end_sessions(user=user)


@transaction.atomic
def use_first_password(*, user: User) -> bool:
    """Spend the first password at sign-in. Of two at once one wins: the condition stands inside the UPDATE."""
    before = changes.state(user)
    now = timezone.now()
    spent = User.objects.filter(
        pk=user.pk, password=user.password, must_change_password=True, first_password_used_at=None
    ).update(first_password_used_at=now)
    if not spent:
        return False
    user.first_password_used_at = now
    with changes.recording(by=user, action="account.first_signin", subject=user) as log:
        log.updated(user, before)
    return True


def change_password(*, user: User, password: str, by: User) -> None:
    """Set one's own new password; a first password is forgotten with it."""
    encoded = make_password(normal_password(password))
    with transaction.atomic():
        stored = User.objects.select_for_update().get(pk=user.pk)
        before = changes.state(stored)
        stored.password = encoded
        stored.must_change_password = False
        stored.first_password_expires_at = stored.first_password_used_at = None
        stored.save(
            update_fields=["password", "must_change_password", "first_password_expires_at", "first_password_used_at"]
        )
        with changes.recording(by=by, action="account.password", subject=stored) as log:
            log.updated(stored, before)
    user.password, user.must_change_password = encoded, False


def end_sessions(*, user: User, but: str | None = None) -> int:
    """Sign the user out everywhere, except in the one session named."""
    ended, _ = Session.objects.filter(user=user).exclude(session_key=but or "").delete()
    return ended


def end_session(*, user: User, key: str) -> None:
    """Sign the user out of one session of their own."""
    Session.objects.filter(user=user, session_key=key).delete()
