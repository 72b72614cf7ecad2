"""The append-only log of what left the system as a file."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from organizations.models.accounts import User
from organizations.models.organization import Organization
from organizations.scope import ScopedQuerySet


class ExportQuerySet(ScopedQuerySet):
    """Append-only: rows are written once, by actions.exports.record_export()."""

    organization = "unit"

    def update(self, **kwargs):
        raise TypeError("Export is append-only")

    def delete(self):
        raise TypeError("Export is append-only")


class Export(models.Model):
    """One file somebody took away: who, when, which list, by which filter, how many rows, with which numbers and why.

    `unit` is where the assignment stands that let it out; of several, the organization nearest above all of them. So
    whoever reads the log of a district finds what the accounts of its units took, and nothing of accounts above it.
    """

    request_id = models.CharField("mã yêu cầu", max_length=32)
    at = models.DateTimeField("lúc", default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người xuất")
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="phạm vi")
    name = models.CharField("danh sách", max_length=200)
    filter_words = models.CharField("bộ lọc", max_length=1000, blank=True)
    rows = models.PositiveIntegerField("số dòng")
    # How many of the rows count towards the day's limit: none of a list without people, none of a second click.
    people = models.PositiveIntegerField("số người tính vào 24 giờ")
    with_numbers = models.BooleanField("có số định danh đầy đủ", default=False)
    reason = models.CharField("lý do", max_length=300, blank=True)
    what = models.CharField(max_length=64)  # a digest of what was asked for: the same in a second click

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = "lần xuất dữ liệu"
        verbose_name_plural = "lần xuất dữ liệu"
        constraints = [
            models.CheckConstraint(
                condition=Q(with_numbers=False) | ~Q(reason=""), name="identity_numbers_leave_with_a_reason"
            ),
            models.CheckConstraint(condition=Q(people__lte=models.F("rows")), name="no_more_people_than_rows"),
        ]
        indexes = [models.Index(fields=["by", "at"]), models.Index(fields=["unit", "id"])]

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("Export is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("Export is append-only")
