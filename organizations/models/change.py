"""The one append-only history of the data."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from organizations.models.accounts import User
from organizations.models.organization import Kind, Organization
from organizations.permissions import Permission
from organizations.scope import ScopedQuerySet, holds, units_where


class ChangeQuerySet(ScopedQuerySet):
    """Append-only: rows are written once, by changes.record()."""

    organization = "unit"

    def visible_to(self, user, *, needs: Permission):
        """Besides the changes of the user's units those that belong to none or to the root: accounts, the area.

        Only Board officers of a district or an area hold CHANGES_VIEW, and they confirm what happens to accounts.
        """
        if needs == Permission.CHANGES_VIEW and holds(user, needs):
            everybodys = Q(unit=None) | Q(unit__in=Organization.objects.filter(kind=Kind.AREA))
            return self.filter(Q(unit__in=units_where(user, needs)) | everybodys)
        return super().visible_to(user, needs=needs)

    def update(self, **kwargs):
        raise TypeError("Change is append-only")

    def delete(self):
        raise TypeError("Change is append-only")


class Change(models.Model):
    """One row changed by one action: who, when, from where, before and after of the changed fields, why."""

    class Via(models.TextChoices):
        FORM = "form", "Trang web"
        IMPORT = "import", "Nhập Excel"
        COMMAND = "command", "Máy chủ"

    request_id = models.CharField("mã yêu cầu", max_length=32)
    at = models.DateTimeField("lúc", default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người làm")
    via = models.CharField("qua", max_length=8, choices=Via)
    address = models.GenericIPAddressField("từ địa chỉ", null=True)
    action = models.CharField("việc", max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    # The record whose page shows this change: an event shows on its candidate's page.
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    unit = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+", verbose_name="đơn vị")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField("lý do", max_length=500, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "thay đổi"
        verbose_name_plural = "thay đổi"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(before__isnull=False) | models.Q(after__isnull=False),
                name="a_change_has_a_before_or_an_after",
            )
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"]),
            models.Index(fields=["unit", "id"]),
            models.Index(fields=["at"]),
        ]

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("Change is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("Change is append-only")
