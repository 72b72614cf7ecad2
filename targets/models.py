"""The plan, its ranges, dated revisions, shares among branches, and sums known without names."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from organizations.models import Kind, Organization, User
from organizations.scope import ScopedQuerySet


class AdmissionPlan(models.Model):
    """A plan such as 51-KH/HU: its two windows, the district's minimum, and what counts as an admission."""

    class Basis(models.TextChoices):
        DECISION = "decision", "ngày quyết định kết nạp"
        CEREMONY = "ceremony", "ngày tổ chức lễ kết nạp"

    organization = models.OneToOneField(Organization, models.PROTECT, related_name="plan", verbose_name="đảng bộ")
    number = models.CharField("số kế hoạch", max_length=40)
    signed_on = models.DateField("ngày ban hành")
    title = models.CharField("tên kế hoạch", max_length=200)
    plan_starts_on = models.DateField("giai đoạn giao chỉ tiêu từ ngày")
    plan_ends_on = models.DateField("giai đoạn giao chỉ tiêu đến hết ngày")
    term_starts_on = models.DateField("nhiệm kỳ từ ngày")
    term_ends_on = models.DateField("nhiệm kỳ đến hết ngày")
    term_is_confirmed = models.BooleanField("ngày nhiệm kỳ đã xác nhận", default=False)
    minimum = models.PositiveIntegerField("mục tiêu tối thiểu của toàn đảng bộ")
    counting_basis = models.CharField("tính theo", max_length=10, choices=Basis, default=Basis.DECISION)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "kế hoạch kết nạp"
        constraints = [
            models.CheckConstraint(condition=Q(plan_ends_on__gt=F("plan_starts_on")), name="plan_window_has_days"),
            models.CheckConstraint(condition=Q(term_ends_on__gt=F("term_starts_on")), name="term_window_has_days"),
        ]

    def __str__(self):
        return f"Kế hoạch {self.number}"

    def get_absolute_url(self):
        return reverse("targets:index")

    @classmethod
    def in_use(cls) -> "AdmissionPlan | None":
        """The newest."""
        return cls.objects.select_related("organization").order_by("-signed_on", "-pk").first()

    def usual_year(self, today: date) -> int:
        """This year, or the nearest year of the plan."""
        return min(max(today.year, self.years[0]), self.years[-1])

    def covers(self, day: date) -> bool:
        """Inside the plan window; outside it no target, never 0 %."""
        return self.plan_starts_on <= day <= self.plan_ends_on

    @property
    def years(self) -> range:
        return range(self.plan_starts_on.year, self.plan_ends_on.year + 1)


class TargetRule(models.Model):
    """The plan's sentence: each unit of this kind, so many a year."""

    plan = models.ForeignKey(AdmissionPlan, models.PROTECT, related_name="rules")
    kind = models.CharField("loại đơn vị", max_length=24, choices=Kind)
    minimum = models.PositiveSmallIntegerField("tối thiểu")
    maximum = models.PositiveSmallIntegerField("tối đa")

    class Meta:
        verbose_name = "mức giao"
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind"], name="one_rule_per_plan_and_kind"),
            models.CheckConstraint(condition=Q(maximum__gte=F("minimum")), name="rule_is_a_range"),
            models.CheckConstraint(
                condition=Q(kind__in=[Kind.GRASSROOTS_COMMUNE, Kind.GRASSROOTS_OTHER]),
                name="rules_are_for_grassroots_units",
            ),
        ]


class YearlyTargetQuerySet(ScopedQuerySet):
    def in_force_on(self, day: date):
        """Of each unit and year the highest revision decided by the day."""
        later = YearlyTarget.objects.filter(
            plan=models.OuterRef("plan"),
            organization=models.OuterRef("organization"),
            year=models.OuterRef("year"),
            revision__gt=models.OuterRef("revision"),
            decided_on__lte=day,
        )
        return self.filter(~models.Exists(later), decided_on__lte=day)


class YearlyTarget(models.Model):
    """A unit's range for a year, as one decision gave it. Never edited: a change is the next revision."""

    class Source(models.TextChoices):
        RULE = "rule", "Theo kế hoạch"
        REVISION = "revision", "Điều chỉnh"

    plan = models.ForeignKey(AdmissionPlan, models.PROTECT, related_name="targets")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="targets", verbose_name="đơn vị")
    year = models.PositiveSmallIntegerField("năm")
    revision = models.PositiveSmallIntegerField("lần điều chỉnh", default=0)
    # Both empty: "không giao", which is not 0.
    minimum = models.PositiveSmallIntegerField("tối thiểu", null=True, blank=True)
    maximum = models.PositiveSmallIntegerField("tối đa", null=True, blank=True)
    decided_on = models.DateField("ngày quyết định")
    source = models.CharField("nguồn", max_length=10, choices=Source)
    reason = models.CharField("lý do", max_length=300, blank=True)
    document = models.CharField("số văn bản", max_length=60, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = YearlyTargetQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu năm"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organization", "year", "revision"],
                name="one_target_per_unit_year_and_revision",
            ),
            models.CheckConstraint(
                condition=Q(minimum=None, maximum=None)
                | Q(minimum__isnull=False, maximum__isnull=False, maximum__gte=F("minimum")),
                name="target_is_a_range_or_none",
            ),
            models.CheckConstraint(
                condition=Q(revision=0) | (~Q(reason="") & ~Q(document="")),
                name="a_revision_has_a_reason_and_a_document",
            ),
        ]
        indexes = [models.Index(fields=["year", "organization"])]


class BranchShare(models.Model):
    """A unit's range shared among its branches. Apart from YearlyTarget, so that it can never be added in."""

    target_organization = models.ForeignKey(Organization, models.PROTECT, related_name="shared_out")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="shares", verbose_name="chi bộ")
    year = models.PositiveSmallIntegerField("năm")
    minimum = models.PositiveSmallIntegerField("tối thiểu")
    maximum = models.PositiveSmallIntegerField("tối đa")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu chi bộ"
        constraints = [
            models.UniqueConstraint(fields=["organization", "year"], name="one_share_per_branch_and_year"),
            models.CheckConstraint(condition=Q(maximum__gte=F("minimum")), name="share_is_a_range"),
        ]


class OpeningBalance(models.Model):
    """Admissions of a period known as a sum without names. People dated inside it name part of it."""

    plan = models.ForeignKey(AdmissionPlan, models.PROTECT, related_name="opening_balances")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="opening_balances", verbose_name="đơn vị"
    )
    from_on = models.DateField("từ ngày")
    to_on = models.DateField("đến hết ngày")
    count = models.PositiveSmallIntegerField("số người")
    women = models.PositiveSmallIntegerField("trong đó nữ", null=True, blank=True)
    document = models.CharField("số văn bản", max_length=120)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "số dư đầu kỳ"
        verbose_name_plural = "số dư đầu kỳ"
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="opening_balance_has_days"),
            models.CheckConstraint(
                condition=Q(from_on__year=F("to_on__year")), name="opening_balance_lies_inside_one_year"
            ),
            models.CheckConstraint(
                condition=Q(women=None) | Q(women__lte=F("count")), name="women_are_part_of_the_count"
            ),
            models.UniqueConstraint(fields=["organization", "from_on"], name="one_opening_balance_per_start"),
        ]
