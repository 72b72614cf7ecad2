"""A person on the way to membership. Stage, status and unit are caches of the live events."""

from django.db import models
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Substr
from django.urls import reverse

from candidates.choices import (
    ETHNIC_GROUPS,
    Education,
    Occupation,
    PoliticalTheory,
    Qualification,
    Religion,
    Sex,
    WaitingFor,
)
from candidates.pipeline import Stage, Status, Step
from organizations.models import Change, Organization, User
from organizations.permissions import Body, Permission
from organizations.scope import ScopedQuerySet, scope_of
from vuthu_recruit import vietnamese
from vuthu_recruit.fields import KeyedQuerySet, PartialDateField, SameNameKeyField, SearchKeyField, SortKeyField

# In no figure and in no list but their worklists.
OUTSIDE = (Status.WAITING, Status.WITHDRAWN)
# Political background and beliefs: shown only to those who work on the dossier.
BACKGROUND = (
    "ethnicity",
    "religion",
    "special_cases",
    "background_checked_on",
    "background_document",
)

# What a mass organisation may know of whom it introduced.
INTRODUCED = (
    *("full_name", "birth_year"),
    *("place", "place_above", "introduced_by_body", "introduced_on", "answer", "reason"),
)


class CandidateQuerySet(KeyedQuerySet, ScopedQuerySet):
    organization = "unit"

    def listed(self):
        """People in lists and figures: not waiting, not withdrawn."""
        return self.exclude(status__in=OUTSIDE)

    def in_stage(self, *stages):
        return self.filter(stage__in=stages)

    def with_status(self, *statuses):
        return self.filter(status__in=statuses)

    def search(self, text: str):
        """Names that contain every word of the text, whatever its marks; see vietnamese.search_key."""
        rows = self
        for word in vietnamese.search_key(text).split():
            rows = rows.filter(search_key__contains=word)
        return rows

    def by_name(self):
        """As paper lists are sorted: given name, family name, middle names."""
        return self.order_by("sort_key", "pk")

    def for_list(self):
        return self.select_related("unit", "unit__grassroots")

    def introduced_by(self, user):
        """What a mass organisation may know of the people it introduced: named columns, never a record.

        Where and when it introduced them and what became of it; nothing of their steps, nor where they are now.
        """
        wanted, scope = Q(pk__in=[]), scope_of(user)
        held = scope.holding(Permission.INTRODUCE)
        for body in {assignment.body for assignment in held}:
            for path in scope.reach([assignment for assignment in held if assignment.body == body]):
                wanted |= Q(introduced_by_body=body, introduced_at__path__startswith=path)
        told = Change.objects.filter(
            action="candidate.decline",
            subject_type=self.model._meta.label,
            subject_id=Cast(OuterRef("pk"), CharField()),
        )
        compared = When(status=Status.WAITING, waiting_for=WaitingFor.BOARD, then=Value("compared"))
        waiting = When(status=Status.WAITING, then=Value("waiting"))
        declined = When(status=Status.WITHDRAWN, merged_into=None, then=Value("declined"))
        return (
            self.filter(wanted)
            .annotate(
                birth_year=Substr("birth", 1, 4),
                answer=Case(compared, waiting, declined, default=Value("accepted")),
                reason=Coalesce(Subquery(told.order_by("-pk").values("reason")[:1]), Value("")),  # written for them
                place=F("introduced_at__short_name"),
                place_above=F("introduced_at__grassroots__short_name"),
            )
            .values(*INTRODUCED)
            .order_by("-introduced_on", "sort_key", "pk")
        )

    def with_backfilled(self):
        """`is_backfilled`: taken over from the papers of the years before the system ("nhập bù")."""
        events = self.model._meta.get_field("events").related_model.objects  # defined after this one
        first = events.filter(candidate=OuterRef("pk"), is_live=True, step=Step.BACKFILLED)
        return self.annotate(is_backfilled=Exists(first))

    def with_last_day(self):
        """`last_on`: the day of the last live event, the one that nothing ends."""
        events = self.model._meta.get_field("events").related_model.objects  # defined after this one
        last = events.filter(candidate=OuterRef("pk"), is_live=True, ended_on=None)
        return self.annotate(last_on=Subquery(last.values("happened_on")[:1]))


class Candidate(models.Model):
    full_name = models.CharField("họ và tên", max_length=120)
    identity_number = models.CharField("số định danh cá nhân", max_length=12, blank=True)
    birth = PartialDateField("ngày sinh", null=True, blank=True)
    sex = models.CharField("giới tính", max_length=8, choices=Sex)
    home_town = models.CharField("quê quán", max_length=200, blank=True)
    residence = models.CharField("nơi ở hiện nay", max_length=200, blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    ethnicity = models.CharField(
        "dân tộc", max_length=20, choices=[(name, name) for name in ETHNIC_GROUPS], default="Kinh"
    )
    religion = models.CharField("tôn giáo", max_length=12, choices=Religion, default=Religion.NONE)
    special_cases = models.JSONField("trường hợp đặc biệt", default=list, blank=True)
    education = models.CharField("học vấn phổ thông", max_length=16, choices=Education, blank=True)
    qualification = models.CharField("trình độ chuyên môn", max_length=16, choices=Qualification, blank=True)
    political_theory = models.CharField("lý luận chính trị", max_length=16, choices=PoliticalTheory, blank=True)
    occupation = models.CharField("nghề nghiệp", max_length=24, choices=Occupation, blank=True)
    job = models.CharField("công việc, chức vụ", max_length=120, blank=True)
    workplace = models.CharField("nơi làm việc", max_length=200, blank=True)
    is_youth_union_member = models.BooleanField("là đoàn viên Đoàn Thanh niên", default=False)
    youth_union_joined = PartialDateField("ngày vào Đoàn", null=True, blank=True)
    is_trade_union_member = models.BooleanField("là đoàn viên công đoàn", default=False)
    priority_groups = models.JSONField("đối tượng ưu tiên", default=list, blank=True)
    # Findings about the political background are never stored: only that it is done, when, under which number.
    background_checked_on = models.DateField("ngày kết luận thẩm tra lý lịch", null=True, blank=True)
    background_document = models.CharField("số văn bản thẩm tra", max_length=60, blank=True)
    introduced_by_body = models.CharField("tổ chức giới thiệu", max_length=24, choices=Body, blank=True)
    introduced_at = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="giới thiệu tại"
    )
    introduced_on = models.DateField("ngày giới thiệu", null=True, blank=True)
    informed_on = models.DateField("ngày thông báo cho người được theo dõi", null=True, blank=True)
    legal_basis = models.CharField("căn cứ xử lý dữ liệu", max_length=200, blank=True)

    unit = models.ForeignKey(Organization, models.PROTECT, related_name="candidates", verbose_name="đơn vị")
    stage = models.CharField("bước", max_length=32, choices=Stage, default=Stage.SOURCE, editable=False)
    status = models.CharField("trạng thái", max_length=12, choices=Status, default=Status.WAITING, editable=False)
    waiting_for = models.CharField(max_length=8, choices=WaitingFor, blank=True, editable=False)
    previous = models.OneToOneField("self", models.PROTECT, null=True, editable=False, related_name="again")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged")
    search_key = SearchKeyField(source="full_name")
    same_name_key = SameNameKeyField(source="full_name")
    sort_key = SortKeyField(source="full_name")
    form_key = models.CharField(max_length=40, blank=True, editable=False)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = "quần chúng"
        verbose_name_plural = "quần chúng"
        constraints = [
            models.UniqueConstraint(
                fields=["identity_number"],
                condition=~Q(identity_number="") & ~Q(status__in=[*OUTSIDE, Status.STRUCK_OFF]),
                name="identity_number_is_unique_among_people_followed",
            ),
            # The key a form carries: the same form sent twice makes one record.
            models.UniqueConstraint(fields=["form_key"], condition=~Q(form_key=""), name="one_record_per_form"),
            models.CheckConstraint(
                condition=Q(status=Status.WAITING) ^ Q(waiting_for=""), name="who_waits_waits_for_someone"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(status=Status.WITHDRAWN), name="a_merged_record_is_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="nobody_is_merged_into_themselves"
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="candidate_stage_is_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="candidate_status_is_known"),
        ]
        indexes = [
            # Wide enough to count, to sort and to search a list from the index alone.
            models.Index(fields=["unit", "status", "sort_key", "id", "search_key"], name="listed_people"),
            models.Index(fields=["sort_key", "id"]),
            models.Index(fields=["stage", "status"]),
            models.Index(fields=["identity_number"]),
        ]

    def __str__(self):
        return self.full_name

    def get_absolute_url(self):
        return reverse("candidates:detail", args=[self.pk])

    @property
    def has_no_branch(self) -> bool:
        """Entered at the committee, "chưa phân chi bộ"."""
        return not self.unit.may_hold_people()


class Companion(models.Model):
    """A member who stands by a candidate from–to (half-open). Members are not in this system: text."""

    full_name = models.CharField("họ và tên", max_length=120)
    position = models.CharField("chức vụ, chi bộ", max_length=200, blank=True)
    from_on = models.DateField("từ ngày")
    to_on = models.DateField("đến trước ngày", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gt=F("from_on")), name="%(class)s_ends_after_it_starts"
            )
        ]


class Introducer(Companion):
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="introducers")
    together_since = PartialDateField("cùng công tác, cư trú từ", null=True, blank=True)
    is_replacement = models.BooleanField("thay người giới thiệu trước", default=False)

    class Meta(Companion.Meta):
        verbose_name = "người giới thiệu"


class Helper(Companion):
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="helpers")

    class Meta(Companion.Meta):
        verbose_name = "người giúp đỡ"
