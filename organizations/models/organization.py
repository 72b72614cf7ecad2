"""The tree of Party organizations. A parent and a path never change: a merger closes a row and opens another."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from organizations.scope import ScopedQuerySet


class Kind(models.TextChoices):
    AREA = "area", "Khu vực"
    DISTRICT = "district", "Đảng bộ huyện"
    GRASSROOTS_COMMUNE = "grassroots_commune", "Đảng bộ xã, thị trấn"
    GRASSROOTS_OTHER = "grassroots_other", "Đảng bộ, chi bộ khối cơ quan, đơn vị"
    SECTION = "section", "Đảng bộ bộ phận"
    BRANCH = "branch", "Chi bộ trực thuộc"


GRASSROOTS = (Kind.GRASSROOTS_COMMUNE, Kind.GRASSROOTS_OTHER)


class Form(models.TextChoices):
    COMMITTEE = "committee", "Đảng bộ"
    CELL = "cell", "Chi bộ"


class Sector(models.TextChoices):
    COMMUNE = "commune", "Xã, thị trấn"
    AGENCY = "agency", "Cơ quan"
    SCHOOL = "school", "Trường học, cơ sở đào tạo"
    HEALTH = "health", "Y tế"
    ARMED_FORCES = "armed_forces", "Công an, quân sự"
    ENTERPRISE = "enterprise", "Doanh nghiệp nhà nước, hợp tác xã"
    PRIVATE_ENTERPRISE = "private_enterprise", "Doanh nghiệp ngoài nhà nước"
    RESIDENTIAL = "residential", "Thôn, tổ dân phố"
    OTHER = "other", "Khác"


class OrganizationQuerySet(ScopedQuerySet):
    """Organizations; their own id is what scope looks at."""

    organization = None

    def open_on(self, day: date):
        """Open on the day: opened_on ≤ day < closed_on (periods are half-open everywhere)."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)

    def grassroots(self):
        return self.filter(kind__in=GRASSROOTS)

    def branches(self):
        return self.filter(kind=Kind.BRANCH)

    def units_of_people(self):
        """Where a person may stand: a branch or a grassroots cell (and, before the dossier, the committee)."""
        return self.filter(Q(kind=Kind.BRANCH) | Q(kind__in=GRASSROOTS, form=Form.CELL))

    def below(self, organization):
        """The organization and everything under it."""
        return self.filter(path__startswith=organization.path)

    def in_order(self):
        """Administrative order: communes, then other units, each by its own order (never by result)."""
        return self.order_by("kind", "order", "code", "name", "pk")


class Organization(models.Model):
    """One Party organization for as long as it exists. A rename adds an OrganizationName and keeps the row."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="cấp trên trực tiếp"
    )
    # "khu-vuc/vu-thu/13192/": the closing slash keeps 13192 from seeing 13192-2025.
    path = models.CharField(max_length=255, unique=True, editable=False)
    # The grassroots organization above a branch, or the row itself; follows from the path, so it never changes either.
    grassroots = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="grassroots_members")
    kind = models.CharField("loại", max_length=24, choices=Kind)
    form = models.CharField("hình thức", max_length=12, choices=Form)
    sector = models.CharField("lĩnh vực", max_length=24, choices=Sector, default=Sector.OTHER)
    code = models.CharField("mã", max_length=24, blank=True)
    slug = models.SlugField("mã trên địa chỉ", max_length=80, unique=True)
    name = models.CharField("tên", max_length=200)
    short_name = models.CharField("tên gọn", max_length=80)
    order = models.PositiveIntegerField("thứ tự", default=0)
    opened_on = models.DateField("hoạt động từ ngày")
    closed_on = models.DateField("kết thúc từ ngày", null=True, blank=True)
    delegated_admission = models.BooleanField("được ủy quyền quyết định kết nạp", default=False)
    is_sample = models.BooleanField("đơn vị mẫu", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "tổ chức đảng"
        verbose_name_plural = "tổ chức đảng"
        constraints = [
            models.CheckConstraint(condition=Q(path__endswith="/"), name="path_ends_with_a_slash"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gt=F("opened_on")),
                name="organization_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[Kind.AREA, Kind.DISTRICT, Kind.SECTION], form=Form.COMMITTEE)
                | Q(kind=Kind.GRASSROOTS_COMMUNE, form=Form.COMMITTEE)
                | Q(kind=Kind.GRASSROOTS_OTHER)
                | Q(kind=Kind.BRANCH, form=Form.CELL),
                name="organization_form_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.AREA, parent=None) | (~Q(kind=Kind.AREA) & Q(parent__isnull=False)),
                name="only_the_area_has_no_parent",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[Kind.AREA, Kind.DISTRICT], grassroots=None)
                | Q(kind__in=[Kind.GRASSROOTS_COMMUNE, Kind.GRASSROOTS_OTHER])
                | Q(kind__in=[Kind.SECTION, Kind.BRANCH], grassroots__isnull=False),
                name="grassroots_is_known_below_grassroots",
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(closed_on=None) & ~Q(code=""), name="code_is_unique_among_open_units"
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind=Kind.AREA), name="there_is_one_area"),
        ]
        indexes = [models.Index(fields=["kind", "order"]), models.Index(fields=["grassroots"])]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organizations:detail", args=[self.slug])

    def is_open_on(self, day: date) -> bool:
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)

    @property
    def is_grassroots(self) -> bool:
        return self.kind in GRASSROOTS

    @property
    def is_grassroots_cell(self) -> bool:
        """A chi bộ cơ sở: its own resolution goes straight to the district (domain.md 3)."""
        return self.is_grassroots and self.form == Form.CELL

    @property
    def place_words(self) -> str:
        """ "Chi bộ thôn Trà Khê, Xã Tân Lập": a branch with its unit, because several units have a branch of that name.

        Costs a query unless grassroots was selected.
        """
        if self.grassroots_id in (None, self.pk):
            return self.short_name
        return f"{self.short_name}, {self.grassroots.short_name}"

    def may_hold_people(self) -> bool:
        return self.kind == Kind.BRANCH or self.is_grassroots_cell


class OrganizationName(models.Model):
    """A name an organization bore until a day. The present name stands on the row itself."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="former_names")
    name = models.CharField("tên", max_length=200)
    short_name = models.CharField("tên gọn", max_length=80)
    until = models.DateField("dùng đến trước ngày")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "tên cũ"
        constraints = [
            models.UniqueConstraint(fields=["organization", "until"], name="one_former_name_per_day"),
        ]


class Succession(models.Model):
    """What became of a closed organization. Several rows with one predecessor are a split."""

    predecessor = models.ForeignKey(Organization, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organization, models.PROTECT, related_name="inheritances")
    share = models.DecimalField("phần", max_digits=5, decimal_places=4, default=1)
    effective_on = models.DateField("hiệu lực từ ngày")
    document = models.CharField("văn bản", max_length=120, blank=True)

    class Meta:
        verbose_name = "kế thừa"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession_per_pair"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="share_is_a_part_of_one"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="nothing_succeeds_itself"),
        ]


class OrganizationFigure(models.Model):
    """Dated facts of a unit: members, their average age, the last admission before this system."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="figures")
    on = models.DateField("số liệu ngày")
    members = models.PositiveIntegerField("tổng số đảng viên", null=True, blank=True)
    average_age = models.DecimalField("tuổi bình quân", max_digits=4, decimal_places=1, null=True, blank=True)
    last_admission_on = models.DateField("lần kết nạp gần nhất", null=True, blank=True)
    source = models.CharField("nguồn số liệu", max_length=200)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["organization", "on"], name="one_figure_per_unit_and_day"),
            models.CheckConstraint(
                condition=Q(members__isnull=False) | Q(average_age__isnull=False) | Q(last_admission_on__isnull=False),
                name="a_figure_says_something",
            ),
            models.CheckConstraint(
                condition=Q(last_admission_on=None) | Q(last_admission_on__lte=F("on")),
                name="last_admission_is_not_after_the_figure",
            ),
        ]
