"""Users, their dated assignments, and what waits for a second person."""

import unicodedata
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organizations.models.organization import Organization
from organizations.permissions import Body, Role
from organizations.scope import ScopedQuerySet
from vuthu_recruit import clock


def normal_password(raw: str | None) -> str | None:
    return unicodedata.normalize("NFC", raw) if raw else raw


class UserManager(BaseUserManager):
    def create_user(self, *, username: str, password: str | None, full_name: str, **values):
        """Make an account with a hashed password (none: it cannot sign in). It may do nothing until assigned."""
        user = self.model(username=username, full_name=full_name, **values)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. What they may do stands in their assignments; there is no superuser."""

    username = models.CharField(
        "tên đăng nhập",
        max_length=60,
        unique=True,
        error_messages={"unique": "Tên đăng nhập này đã có người dùng. Hãy chọn tên khác."},
    )
    full_name = models.CharField("họ và tên", max_length=120)
    position = models.CharField("chức vụ", max_length=120, blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    is_active = models.BooleanField("đang hoạt động", default=True)
    is_demo = models.BooleanField("tài khoản mẫu", default=False)
    # A first password is good for one sign-in, in which it must be changed.
    must_change_password = models.BooleanField(default=False)
    first_password_expires_at = models.DateTimeField(null=True, blank=True)
    first_password_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"

    def __str__(self):
        return self.full_name

    def get_full_name(self):
        return self.full_name

    # Keyboards send the same letters in different code points: a password is compared in NFC only.
    def set_password(self, raw_password):
        super().set_password(normal_password(raw_password))

    def check_password(self, raw_password):
        return super().check_password(normal_password(raw_password))


class AssignmentQuerySet(ScopedQuerySet):
    def in_force_on(self, day: date):
        """In force: starts_on ≤ day < ends_on, as all periods here."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


class Assignment(models.Model):
    """A role at an organization, from–to. A right holds only where the assignment that grants it stands."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments", verbose_name="tài khoản")
    role = models.CharField("vai trò", max_length=24, choices=Role)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="assignments", verbose_name="tại")
    body = models.CharField("tổ chức", max_length=24, choices=Body, blank=True)
    starts_on = models.DateField("từ ngày", default=clock.today)
    ends_on = models.DateField("đến trước ngày", null=True, blank=True)
    is_head = models.BooleanField("là người đứng đầu", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        constraints = [
            # A row ended before its first day never was in force; it stays for the history.
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="assignment_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(role=Role.MASS_ORGANIZATION) ^ Q(body=""), name="only_a_mass_organization_names_its_body"
            ),
            models.CheckConstraint(
                condition=Q(is_head=False) | Q(role=Role.ORGANIZATION_BOARD), name="only_the_board_has_a_head"
            ),
            models.UniqueConstraint(
                fields=["is_head"], condition=Q(is_head=True, ends_on=None), name="one_head_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organization", "body"],
                condition=Q(ends_on=None),
                name="one_open_assignment_of_a_kind",
            ),
        ]


class Proposal(models.Model):
    """What needs a second person. Nothing is written or counted before it is confirmed."""

    class Kind(models.TextChoices):
        ASSIGNMENT = "assignment", "Phân công vai trò"
        PASSWORD_RESET = "password_reset", "Đặt lại mật khẩu"
        DELEGATED_DECISION = "delegated_decision", "Quyết định kết nạp theo ủy quyền"

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ xác nhận"
        CONFIRMED = "confirmed", "Đã xác nhận"
        REFUSED = "refused", "Không xác nhận"
        WITHDRAWN = "withdrawn", "Đã rút"

    kind = models.CharField("việc", max_length=24, choices=Kind)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="proposals", verbose_name="đơn vị")
    object_id = models.PositiveBigIntegerField()
    payload = models.JSONField(default=dict)
    reason = models.CharField("lý do", max_length=500, blank=True)
    state = models.CharField("trạng thái", max_length=12, choices=State, default=State.WAITING)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="proposals")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    refused_reason = models.CharField("lý do không xác nhận", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "việc chờ xác nhận"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="proposal_has_both_decided_at_and_decided_by",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=F("proposed_by")),
                name="nobody_confirms_their_own_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refused_reason=""), name="a_refusal_has_a_reason"
            ),
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                condition=Q(state="waiting") & ~Q(kind="assignment"),
                name="one_waiting_proposal_per_object",
            ),
        ]
        indexes = [models.Index(fields=["state", "kind"])]


class Session(AbstractBaseSession):
    """A signed-in browser, with its owner, so that a user can see and end their own."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(default=timezone.now)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "phiên đăng nhập"
        verbose_name_plural = "phiên đăng nhập"

    @classmethod
    def get_session_store_class(cls):
        from organizations.sessions import SessionStore

        return SessionStore
