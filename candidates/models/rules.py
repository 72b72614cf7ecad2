"""The rule book and the calendar as dated data: everyone who works by them reads them, the Board keeps them."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from candidates.rules import RuleBook, Rules
from candidates.working_days import Calendar
from organizations.models import User


class RuleSetQuerySet(models.QuerySet):
    def book(self) -> RuleBook:
        """The newest version of every set. One query."""
        return RuleBook.of(row.rules for row in self)


class RuleSet(models.Model):
    """One version of what one regulation asks. Never changed: what changes is a new version, with a reason."""

    regime = models.SlugField("bộ quy định", max_length=40)
    version = models.PositiveSmallIntegerField("phiên bản", default=1)
    name = models.CharField("tên", max_length=200)
    documents = models.JSONField("văn bản", default=list)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    valid_from = models.DateField("có hiệu lực từ")
    valid_to = models.DateField("hết hiệu lực từ", null=True, blank=True)
    values = models.JSONField("tham số")
    # Keys of values that no source confirms: what the Board may change.
    uncertain = models.JSONField("tham số cần đối chiếu", default=list)
    citations = models.JSONField("căn cứ", default=dict)
    reason = models.CharField("lý do", max_length=500, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người sửa")
    made_at = models.DateTimeField("lúc", default=timezone.now)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = "bộ quy định"
        ordering = ["valid_from", "regime", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["regime", "version"], name="one_rule_set_per_regime_and_version"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="rule_set_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="a_new_version_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.name}, phiên bản {self.version}"

    def get_absolute_url(self):
        return reverse("candidates:rule_set", args=[self.regime])

    @property
    def first(self) -> "RuleSet":
        """The version that came with the program: its clauses are confirmed, those added later may be put right."""
        return self if self.version == 1 else RuleSet.objects.get(regime=self.regime, version=1)

    @property
    def rules(self) -> Rules:
        return Rules(
            regime=self.regime,
            version=self.version,
            name=self.name,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            values=self.values,
            citations=self.citations,
        )


class LocalLimits(models.Model):
    """How long each level takes inside the limit for the decision, by agreement of the district. One row, or none.

    No regulation asks for them (domain.md 1.4): they remind, and never speak against a step.
    """

    # Working days by the step that is awaited, keys of sub_limits.AWAITED; a level that is missing has no limit.
    days = models.JSONField("số ngày làm việc", default=dict)
    document = models.CharField("văn bản quy định nội bộ", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "thời hạn nội bộ"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_local_limits")]

    def __str__(self):
        return "Thời hạn nội bộ"

    def get_absolute_url(self):
        return reverse("candidates:sub_limits")


class CalendarYearQuerySet(models.QuerySet):
    def calendar(self) -> Calendar:
        """The working days of all years known. One query, a row a year."""
        years = list(self)
        days = [(row["kind"], date.fromisoformat(row["day"])) for year in years for row in year.days]
        return Calendar(
            off=frozenset(day for kind, day in days if kind == CalendarYear.OFF),
            worked=frozenset(day for kind, day in days if kind == CalendarYear.WORKED),
            confirmed=frozenset(year.year for year in years if year.is_confirmed),
        )


class CalendarYear(models.Model):
    """Days off and worked Saturdays of one year: announced, changed and confirmed together."""

    OFF, WORKED = "off", "worked"

    year = models.PositiveSmallIntegerField("năm", unique=True)
    # [{"day": "2024-04-29", "kind": "off", "name": …, "source": …}], in order.
    days = models.JSONField("ngày nghỉ và ngày làm bù", default=list)
    is_confirmed = models.BooleanField("đã đối chiếu với thông báo của năm", default=False)
    document = models.CharField("văn bản đối chiếu", max_length=400, blank=True)
    note = models.CharField("ghi chú", max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CalendarYearQuerySet.as_manager()

    class Meta:
        verbose_name = "lịch làm việc"
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confirmed=False) | ~Q(document=""), name="a_confirmed_year_names_its_document"
            )
        ]

    def __str__(self):
        return f"Lịch làm việc năm {self.year}"

    def get_absolute_url(self):
        return f"{reverse('candidates:calendar')}?nam={self.year}"
