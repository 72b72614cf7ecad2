"""Sessions of the Standing Committee: when it meets, whom it considers, what it decided about each."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from candidates.models.candidate import Candidate
from organizations.models import Organization, User
from organizations.scope import ScopedQuerySet

USUAL_NAME = "Kỳ họp Ban Thường vụ"  # of one that has no name


class CommitteeSession(models.Model):
    """One meeting. Open until everybody on its list has an outcome, then closed by the last of them."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="cấp họp")
    held_on = models.DateField("ngày họp")
    name = models.CharField("tên kỳ họp", max_length=120, blank=True)
    closed_at = models.DateTimeField("kết thúc lúc", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người kết thúc")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "kỳ họp"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="session_has_both_closed_at_and_closed_by",
            ),
            models.UniqueConstraint(
                fields=["organization", "held_on", "name"], condition=Q(closed_at=None), name="one_open_session_a_day"
            ),
        ]

    def __str__(self):
        return f"{self.name or USUAL_NAME} ngày {self.held_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("candidates:session", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @cached_property
    def did_not_meet(self) -> bool:
        """Ended without deciding about anybody. One query once it is closed."""
        return not self.is_open and not self.items.exclude(outcome=SessionItem.Outcome.REMOVED).exists()


class SessionItemQuerySet(ScopedQuerySet):
    organization = "session__organization"


class SessionItem(models.Model):
    """One person on the list of a session."""

    class Outcome(models.TextChoices):
        AGREE = "agree", "Đồng ý kết nạp"
        CONSULT = "consult", "Xin thêm ý kiến"
        HOLD = "hold", "Để lại kỳ họp sau"
        NOT_AGREED = "not_agreed", "Không đồng ý"
        REMOVED = "removed", "Rút khỏi danh sách"

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="items")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="session_items")
    outcome = models.CharField("kết quả", max_length=12, choices=Outcome, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    # Of the step it was recorded as, which corrections keep; a step taken back lets the person wait again.
    place = models.PositiveIntegerField(null=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")

    objects = SessionItemQuerySet.as_manager()

    class Meta:
        verbose_name = "người trong danh sách kỳ họp"
        constraints = [
            models.UniqueConstraint(fields=["candidate"], condition=Q(outcome=""), name="nobody_waits_in_two_sessions"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "agree", "consult", "hold", "not_agreed", "removed"]),
                name="session_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by=None) | (~Q(outcome="") & Q(decided_by__isnull=False)),
                name="an_outcome_names_who_recorded_it",
            ),
        ]

    def __str__(self):
        return str(self.candidate)
