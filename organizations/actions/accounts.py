"""Accounts: opened, edited, switched off and on, given a first password; the first two of an installation."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from organizations import changes
from organizations.actions import assignments, passwords
from organizations.actions.assignments import check_reason, reads_people, standing, waits_to_read_people
from organizations.actions.passwords import FirstPassword
from organizations.models import Assignment, Change, Kind, Organization, Proposal, User
from organizations.permissions import READS_PEOPLE, Permission, Role
from organizations.scope import require
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese

FIELDS = frozenset({"full_name", "position", "phone", "email"})
RECOVERABLE = (Role.ORGANIZATION_BOARD, Role.SYSTEM_ADMIN)
RECENTLY = timedelta(days=30)
SAME_FORM = timedelta(minutes=10)
COMES_WITH_THE_ROLE = (
    "Tài khoản này đang chờ xác nhận vai trò. Người xác nhận sẽ nhận mật khẩu lần đầu, không cần cấp riêng."
)


def _clean(values: dict) -> dict:
    unknown = values.keys() - FIELDS
    if unknown:
        raise TypeError(f"not fields of an account: {sorted(unknown)}")
    return {name: vietnamese.clean(value) for name, value in values.items()}


@transaction.atomic
def create_account(*, username: str, values: dict, by: User) -> User:
    """Open an account that can do nothing yet: without a password, without an assignment."""
    require(by, Permission.ACCOUNT_EDIT)
    again = _just_made(username, values, by)
    if again:
        return again
    user = _new(username, values)
    with changes.recording(by=by, action="account.open") as log:
        log.created(user)
    return user


def _new(username: str, values: dict) -> User:
    user = User(username=vietnamese.clean(username).lower(), **_clean(values))
    user.password = make_password(None)
    user.full_clean(exclude=["password"])
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:  # somebody opened the same account a moment ago
        raise ValidationError({"username": "Tên đăng nhập này vừa có người dùng."}) from None
    return user


def _just_made(username: str, values: dict, by: User) -> User | None:
    """The account that the same form made a moment ago: a form sent twice makes one."""
    rows = User.objects.filter(username=vietnamese.clean(username).lower())
    user = rows.filter(created_at__gt=timezone.now() - SAME_FORM).first()
    if user is None or any(getattr(user, name) != value for name, value in _clean(values).items()):
        return None
    mine = Change.objects.filter(subject_type=User._meta.label, subject_id=str(user.pk), action="account.open", by=by)
    return user if mine.exists() else None


@transaction.atomic
def edit_account(*, user: User, values: dict, version: int, by: User) -> None:
    """Correct name, position, telephone, address. The name to sign in with stays."""
    require(by, Permission.ACCOUNT_EDIT)
    claim(user, version=version)
    user = User.objects.get(pk=user.pk)
    before = changes.state(user) | {"version": version}
    for name, value in _clean(values).items():
        setattr(user, name, value)
    user.full_clean()
    user.save(update_fields=[*values])
    with changes.recording(by=by, action="account.edit") as log:
        log.updated(user, before)


@transaction.atomic
def set_active(*, user: User, is_active: bool, reason: str, version: int, by: User) -> None:
    """Switch an account off (all its sessions die at once) or on again. Nobody does it to their own."""
    require(by, Permission.ACCOUNT_EDIT)
    if user.pk == by.pk:
        raise PermissionDenied
    check_reason(reason)
    assignments.one_ending_at_a_time()
    claim(user, version=version)
    user = User.objects.get(pk=user.pk)
    if not is_active and assignments.board_officers().filter(user=user).exists():
        assignments.keep_a_board_officer(but=user)
    before = changes.state(user) | {"version": version}
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    if not is_active:
        passwords.end_sessions(user=user)
    action = "account.on" if is_active else "account.off"
    with changes.recording(by=by, action=action, reason=reason) as log:
        log.updated(user, before)


def reset_password(*, user: User, reason: str, by: User) -> FirstPassword | Proposal:
    """Give a first password, or propose it when the account reads people or is about to."""
    require(by, Permission.ACCOUNT_EDIT)
    if user.pk == by.pk:
        raise PermissionDenied
    check_reason(reason)
    first = FirstPassword.make()  # hashed before the transaction, thrown away when a second person is needed
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            raise ValidationError("Tài khoản này đang bị khóa. Hãy mở lại tài khoản trước.")
        if reads_people(user):
            return _propose_reset(user, reason, by)
        if waits_to_read_people(user):
            raise ValidationError(COMES_WITH_THE_ROLE)
        with changes.recording(by=by, action="account.reset", reason=reason) as log:
            passwords.issue(user, first, log)
    return first


def _propose_reset(user: User, reason: str, by: User) -> Proposal:
    waiting = assignments.waiting_for(user).filter(kind=Proposal.Kind.PASSWORD_RESET).first()
    if waiting:
        return waiting
    proposal = Proposal(
        kind=Proposal.Kind.PASSWORD_RESET,
        organization=_highest(user),
        object_id=user.pk,
        reason=reason,
        proposed_by=by,
    )
    proposal.save(force_insert=True)
    with changes.recording(by=by, action="proposal.make", reason=reason, subject=user) as log:
        log.created(proposal)
    return proposal


def _highest(user: User) -> Organization:
    """Where the account reads people, nearest to the top: whoever confirms must stand there or above."""
    places = [one.organization for one in standing(user.assignments.filter(role__in=READS_PEOPLE))]
    places = places or [one.organization for one in assignments.waiting_for(user).filter(kind="assignment")]
    return min(places, key=lambda place: len(place.path))


# The server's console


class NotFirst(Exception):
    """The installation has its officers already."""


def create_first_officers(
    *, board_username: str, board_name: str, admin_username: str, admin_name: str, dry_run: bool = False
) -> dict[User, FirstPassword]:
    """One Board officer, who is its head, and one system administrator: two people, with first passwords."""
    if vietnamese.same_name_key(board_name) == vietnamese.same_name_key(admin_name):
        raise ValidationError("Cán bộ Ban Tổ chức và quản trị hệ thống phải là hai người khác nhau.")
    firsts = [FirstPassword.make(), FirstPassword.make()]
    with transaction.atomic():
        if assignments.board_officers().exists():
            raise NotFirst
        area, top = _top()
        made = {}
        people = (
            (board_username, board_name, Role.ORGANIZATION_BOARD, top, firsts[0]),
            (admin_username, admin_name, Role.SYSTEM_ADMIN, area, firsts[1]),
        )
        for username, full_name, role, place, first in people:
            user = _new(username, {"full_name": full_name})
            is_head = role == Role.ORGANIZATION_BOARD
            post = assignments.Post(role, place, clock.today(), is_head=is_head, replaces_head=True)
            with changes.recording(by=None, action="account.first", subject=user) as log:
                log.created(user)
                assignments.give(user, post, log)
                passwords.issue(user, first, log)
            made[user] = first
        transaction.set_rollback(dry_run)
    return made


def _top() -> tuple[Organization, Organization]:
    """The area, and the district under it (the area itself when no district is open)."""
    area = Organization.objects.filter(kind=Kind.AREA).first()
    if area is None:
        raise Organization.DoesNotExist
    district = Organization.objects.open_on(clock.today()).filter(kind=Kind.DISTRICT).first()
    return area, district or area


def recover(*, username: str, reason: str, dry_run: bool = False) -> tuple[User, FirstPassword]:
    """Reset a Board officer's or an administrator's password from the console. Every Board home page shows it."""
    first = FirstPassword.make()
    with transaction.atomic():
        user = User.objects.select_for_update().get(username=vietnamese.clean(username).lower(), is_active=True)
        held = Assignment.objects.in_force_on(clock.today()).filter(user=user, role__in=RECOVERABLE).first()
        if held is None:
            raise User.DoesNotExist
        with changes.recording(by=None, action="account.recover", reason=reason, subject=user) as log:
            passwords.issue(user, first, log)
        transaction.set_rollback(dry_run)
    return user, first


def recent_recoveries() -> list[Change]:
    """Recoveries from the console in the last 30 days, newest first, each with `user`: for every Board home page.

    At most two queries.
    """
    found = list(
        Change.objects.filter(action="account.recover", at__gt=timezone.now() - RECENTLY, object_type=User._meta.label)
        .order_by("-pk")[:20]
    )  # fmt: skip
    users = User.objects.in_bulk({int(change.subject_id) for change in found}) if found else {}
    for change in found:
        change.user = users.get(int(change.subject_id))
    return found


def has_board_officer() -> bool:
    return assignments.board_officers().exists()
