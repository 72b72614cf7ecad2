"""Files of results as they came in: kept with who sent them and what was recorded from them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from candidates.models.training import TrainingClass
from organizations.models import User
from organizations.scope import ScopedQuerySet


class ResultFileQuerySet(ScopedQuerySet):
    organization = "training_class__organization"

    def for_list(self):
        """The newest first, without what is in them."""
        return self.defer("content").select_related("uploaded_by", "applied_by").order_by("-pk")


class ResultFile(models.Model):
    """Recorded at most once: what is recorded later from the same file is a new upload."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="result_files", verbose_name="lớp")
    name = models.CharField("tên tệp", max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField("tải lên lúc", default=timezone.now)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người tải lên")
    applied_at = models.DateTimeField("ghi kết quả lúc", null=True)
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")
    count = models.PositiveIntegerField("số người được ghi kết quả", null=True)

    objects = ResultFileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp kết quả"
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at=None, applied_by=None, count=None)
                | Q(applied_at__isnull=False, applied_by__isnull=False, count__isnull=False),
                name="a_recorded_file_says_when_who_and_how_many",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("candidates:result_file_preview", args=[self.training_class_id, self.pk])
