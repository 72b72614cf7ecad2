"""What the Board must compare: an entry that matches a person outside the scope of whoever made it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from candidates.models.candidate import Candidate
from organizations.models import Organization, User
from organizations.scope import ScopedQuerySet
from vuthu_recruit import vietnamese


class ReviewCaseQuerySet(ScopedQuerySet):
    """Both people of a case must stand where the user holds the right: else somebody above decides."""

    organization = "candidate__unit"

    def in_units(self, units):
        return super().in_units(units).filter(other__unit_id__in=units)

    def open(self):
        return self.filter(outcome="")

    def done(self):
        return self.exclude(outcome="")

    def search(self, text: str):
        """By the name of the new record; see CandidateQuerySet.search."""
        rows = self
        for word in vietnamese.search_key(text).split():
            rows = rows.filter(candidate__search_key__contains=word)
        return rows


class ReviewCase(models.Model):
    """One neutral answer given ("Trường hợp này cần Ban Tổ chức đối chiếu"), and what the Board made of it."""

    class Outcome(models.TextChoices):
        MERGED = "merged", "Cùng một người, giữ hồ sơ đã có"
        TRANSFERRED = "transferred", "Cùng một người, chuyển về đơn vị mới"
        CLEARED = "cleared", "Hai người khác nhau"

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="review_cases")
    other = models.ForeignKey(Candidate, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    asked_on = models.DateField()
    from_file = models.BooleanField(default=False)  # the answer was given by the preview of a file: a NeutralAnswer
    outcome = models.CharField("kết quả", max_length=12, choices=Outcome, blank=True)
    reason = models.CharField("ghi chú", max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReviewCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "trường hợp cần đối chiếu"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_by=None, decided_at=None)
                | (~Q(outcome="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="review_has_both_decided_at_and_decided_by",
            ),
        ]
        indexes = [models.Index(fields=["asked_by", "asked_on"]), models.Index(fields=["outcome"])]


class NeutralAnswer(models.Model):
    """One answer that the preview of a file gave: a row that the Board must compare. Asked again it is the same one.

    With the cases that forms opened these are the account's five a day.
    """

    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)  # a digest of what was asked: no name, no number; or CLOSED

    CLOSED = "closed"  # a file was refused: it has told something too, and no list is compared any more that day

    class Meta:
        verbose_name = "câu trả lời phải đối chiếu"
        constraints = [
            models.UniqueConstraint(fields=["asked_by", "asked_on", "key"], name="one_answer_per_question_and_day"),
        ]
