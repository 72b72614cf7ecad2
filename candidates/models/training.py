"""Classes, their lessons, and who attends them. The certificate lives on the enrolment alone; every attempt is kept."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from candidates.classes import ATTENDED, GONE, HIGHEST_SCORE, SEATED, Half, Mark, Purpose, State, Tally
from candidates.models.candidate import OUTSIDE, Candidate
from organizations.models import Organization, User
from organizations.permissions import Permission
from organizations.scope import ScopedQuerySet, scope_of
from vuthu_recruit import clock
from vuthu_recruit.fields import KeyedQuerySet, SortKeyField

TALLIED = {
    "nominated": State.NOMINATED,
    "refused": State.REFUSED,
    "waiting": State.WAITING,
    "enrolled": State.ENROLLED,
    "dropped": State.DROPPED,
    "withdrawn": State.WITHDRAWN,
}
CLASS_LIST = (
    "pk",
    "version",
    "unit_id",
    "candidate_id",
    "candidate__full_name",
    "candidate__birth",
    "candidate__sex",
    "candidate__home_town",
    "candidate__status",
    "participant_name",
    "participant_position",
    "unit__short_name",
    "unit__name",
    "unit__grassroots__short_name",
    "unit__grassroots__name",
    "state",
    "reason",
    "score",
    "grade_id",
    "grade__name",
    "is_passed",
    "certificate_number",
    "issued_on",
    "nominated_at",
    "nominated_by__full_name",
    "screened_at",
    "screened_by__full_name",
    "attempt",
)


class ClassKind(models.Model):
    """A kind of class. The Centre and the Board keep the list: what a kind is for is fixed once it has classes."""

    key = models.SlugField("khóa", max_length=40, unique=True)
    name = models.CharField("tên lớp", max_length=120)
    purpose = models.CharField("dành cho", max_length=12, choices=Purpose)
    lessons = models.PositiveSmallIntegerField(
        "số buổi", default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    certificate_mark = models.CharField("ký hiệu giấy chứng nhận", max_length=20, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "loại lớp"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(is_active=True), name="one_kind_of_class_in_use_per_name"
            ),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="purpose_of_a_class_is_known"),
            models.CheckConstraint(condition=Q(lessons__range=(1, 60)), name="a_class_has_some_lessons"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("candidates:class_kinds")

    @property
    def takes_candidates(self) -> bool:
        return self.purpose != Purpose.COMMITTEE


class Grade(models.Model):
    """One line of the scale. `from_score`: the least score that gives it; empty for one only a person gives.

    No source confirms names and thresholds (domain.md 5.1), so the scale is data. What a participant was given stands
    on the enrolment, with whether that was a pass: a later scale changes no result.
    """

    key = models.SlugField("khóa", max_length=40, unique=True)
    name = models.CharField("xếp loại", max_length=40)
    from_score = models.DecimalField(
        "từ điểm",
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(HIGHEST_SCORE)],
    )
    is_pass = models.BooleanField("đạt", default=True)
    other_names = models.CharField("cách ghi khác", max_length=120, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "xếp loại"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(is_active=True), name="one_grade_in_use_per_name"),
            models.UniqueConstraint(
                fields=["from_score"], condition=Q(is_active=True), name="one_grade_in_use_per_threshold"
            ),
            models.CheckConstraint(
                condition=Q(from_score=None) | Q(from_score__range=(Decimal(0), Decimal(HIGHEST_SCORE))),
                name="grade_begins_within_the_scale",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("candidates:class_kinds")


class TrainingClassQuerySet(ScopedQuerySet):
    def visible_to(self, user, *, needs: Permission):
        """Whoever nominates sees the classes above: they are opened by the district for its units."""
        rows = super().visible_to(user, needs=needs)
        if needs != Permission.CLASS_NOMINATE:
            return rows
        own = scope_of(user).paths(needs)
        above = {path[: end + 1] for path in own for end, char in enumerate(path) if char == "/"}
        return rows | self.filter(organization__path__in=above)


class TrainingClass(models.Model):
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="classes", verbose_name="cấp mở lớp")
    kind = models.ForeignKey(ClassKind, models.PROTECT, related_name="classes", verbose_name="loại lớp")
    number = models.PositiveSmallIntegerField("khóa số")
    year = models.PositiveSmallIntegerField("năm")
    from_on = models.DateField("từ ngày")
    to_on = models.DateField("đến hết ngày")
    place = models.CharField("địa điểm", max_length=200, blank=True)
    capacity = models.PositiveSmallIntegerField("số chỗ", null=True, blank=True)
    opening_decision = models.CharField("quyết định mở lớp", max_length=60, blank=True)
    certificate_decision = models.CharField("quyết định cấp giấy chứng nhận", max_length=60, blank=True)
    is_called_off = models.BooleanField("đã hủy", default=False, editable=False)
    called_off_reason = models.CharField("lý do hủy", max_length=300, blank=True, editable=False)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TrainingClassQuerySet.as_manager()

    class Meta:
        verbose_name = "lớp học"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "year", "number"],
                condition=Q(is_called_off=False),
                name="one_class_per_kind_year_and_number",
            ),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="class_ends_after_it_starts"),
        ]

    def __str__(self):
        """Costs a query unless kind was selected."""
        return f"{self.kind}, khóa {self.number}/{self.year}"

    def get_absolute_url(self):
        return reverse("candidates:class_detail", args=[self.pk])

    @property
    def has_begun(self) -> bool:
        return self.from_on <= clock.today()

    @property
    def has_ended(self) -> bool:
        return self.to_on < clock.today()

    @property
    def may_finish(self) -> bool:
        """Whether results can be recorded: from the last day on."""
        return self.to_on <= clock.today()


class LessonQuerySet(ScopedQuerySet):
    organization = "training_class__organization"


class Lesson(models.Model):
    """One of the ten half days of a class. Attendance is taken once somebody recorded it: rows of Attendance."""

    Half = Half

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="lessons", verbose_name="lớp")
    number = models.PositiveSmallIntegerField("buổi")
    held_on = models.DateField("ngày học", null=True, blank=True)
    half = models.CharField("buổi trong ngày", max_length=12, choices=Half, blank=True)
    topic = models.CharField("nội dung", max_length=200, blank=True)
    lecturer = models.CharField("giảng viên", max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = "buổi học"
        ordering = ["training_class", "number"]
        constraints = [
            models.UniqueConstraint(fields=["training_class", "number"], name="one_lesson_per_number"),
            models.CheckConstraint(condition=Q(half__in=["", "morning", "afternoon", "evening"]), name="half_is_known"),
        ]

    def __str__(self):
        return f"Buổi {self.number}"

    @property
    def when(self) -> str:
        if self.held_on is None:
            return "chưa xếp ngày"
        return " ".join(filter(None, [self.get_half_display(), f"{self.held_on:%d/%m/%Y}"]))


class EnrolmentQuerySet(ScopedQuerySet, KeyedQuerySet):
    organization = "unit"

    def in_units(self, units):
        """An enrolment goes with the person: after a move the new unit sees it, the old one no more."""
        return self.filter(Q(candidate__unit__in=units) | Q(candidate=None, unit__in=units))

    def certificates(self):
        """Attempts that gave a certificate of an awareness class."""
        return self.filter(training_class__kind__purpose=Purpose.AWARENESS, issued_on__isnull=False)

    def seated(self):
        """Who takes a place of the class."""
        return self.filter(state__in=SEATED)

    def standing(self):
        """Whose nomination still counts: neither refused nor withdrawn."""
        return self.exclude(state__in=GONE)

    def listed(self):
        """Without those who were entered by mistake: they are in no list."""
        return self.exclude(candidate__status__in=OUTSIDE)

    def with_attempt(self):
        """Which time the person attends a class of this purpose, counted by the days of the classes."""
        earlier = Enrolment.objects.filter(
            Q(training_class__from_on__lt=OuterRef("training_class__from_on"))
            | Q(training_class__from_on=OuterRef("training_class__from_on"), pk__lt=OuterRef("pk")),
            candidate=OuterRef("candidate"),
            training_class__kind__purpose=OuterRef("training_class__kind__purpose"),
            state__in=ATTENDED,
        )
        number = earlier.order_by().values("candidate").annotate(n=Count("pk")).values("n")
        return self.annotate(attempt=Coalesce(Subquery(number), 0) + Value(1))

    def for_class_list(self):
        """What a class needs to know of a person, by name: never background, religion, dossier or identity number."""
        rows = self.listed().with_attempt()
        return rows.order_by("candidate__sort_key", "participant_sort_key", "pk").values(*CLASS_LIST)

    def tally(self, capacity: int | None = None) -> Tally:
        """How many of these rows stand where. One query."""
        counts = {name: Count("pk", filter=Q(state=state)) for name, state in TALLIED.items()}
        counts["passed"] = Count("pk", filter=Q(state=State.FINISHED, is_passed=True))
        counts["failed"] = Count("pk", filter=Q(state=State.FINISHED, is_passed=False))
        counts["certified"] = Count("pk", filter=~Q(certificate_number=""))
        return Tally(capacity=capacity, **self.listed().order_by().aggregate(**counts))

    def in_queue(self):
        """The waiting list in its order: who was nominated first stands first."""
        return self.filter(state=State.WAITING).listed().order_by(F("nominated_at").asc(nulls_last=True), "pk")


class Enrolment(models.Model):
    State = State

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="enrolments", verbose_name="lớp")
    candidate = models.ForeignKey(Candidate, models.PROTECT, null=True, blank=True, related_name="enrolments")
    participant_name = models.CharField("họ và tên", max_length=120, blank=True)
    participant_sort_key = SortKeyField(source="participant_name")
    participant_position = models.CharField("chức vụ", max_length=120, blank=True)
    # Of the nomination; where the person stands now is the candidate's to say.
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="enrolments", verbose_name="đơn vị")
    state = models.CharField("trạng thái", max_length=12, choices=State, default=State.NOMINATED)
    reason = models.CharField("lý do", max_length=300, blank=True)  # of a refusal, a withdrawal, leaving the class
    nominated_at = models.DateTimeField("lúc cử", null=True, blank=True)
    nominated_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người cử"
    )
    screened_at = models.DateTimeField("lúc xét", null=True, blank=True)
    screened_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người xét"
    )
    score = models.DecimalField(
        "điểm",
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(HIGHEST_SCORE)],
    )
    grade = models.ForeignKey(Grade, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="xếp loại")
    is_passed = models.BooleanField("đạt", null=True, blank=True)  # as the scale said when the result was recorded
    certificate_number = models.CharField("số giấy chứng nhận", max_length=40, blank=True)
    issued_on = models.DateField("ngày cấp", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "học viên"
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "candidate"],
                condition=Q(candidate__isnull=False) & ~Q(state__in=["refused", "withdrawn"]),
                name="nobody_is_twice_in_one_class",
            ),
            models.UniqueConstraint(
                fields=["training_class", "unit", "participant_name", "participant_position"],
                condition=Q(candidate=None) & ~Q(state__in=["refused", "withdrawn"]),
                name="no_participant_is_twice_in_one_class",
            ),
            models.UniqueConstraint(
                fields=["certificate_number", "issued_on"],
                condition=~Q(certificate_number=""),
                name="one_certificate_per_number_and_date",
            ),
            models.CheckConstraint(
                condition=Q(candidate__isnull=False) ^ ~Q(participant_name=""), name="a_participant_is_one_person"
            ),
            models.CheckConstraint(
                condition=Q(certificate_number="", issued_on=None)
                | (~Q(certificate_number="") & Q(issued_on__isnull=False)),
                name="certificate_has_both_number_and_date",
            ),
            models.CheckConstraint(
                condition=Q(certificate_number="") | Q(state="finished", is_passed=True),
                name="only_those_who_passed_hold_a_certificate",
            ),
            models.CheckConstraint(
                condition=Q(grade=None, is_passed=None)
                | Q(grade__isnull=False, is_passed__isnull=False, state="finished"),
                name="a_grade_is_a_result_of_who_finished",
            ),
            models.CheckConstraint(condition=Q(score=None) | Q(state="finished"), name="only_who_finished_has_a_score"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(Decimal(0), Decimal(HIGHEST_SCORE))),
                name="score_is_on_the_scale",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "withdrawn"]) | ~Q(reason=""),
                name="who_is_refused_or_withdrawn_is_told_why",
            ),
        ]

    def __str__(self):
        """Costs a query unless candidate was selected."""
        return self.candidate.full_name if self.candidate_id else self.participant_name

    @property
    def is_awareness_certificate(self) -> bool:
        """Costs queries unless training_class__kind was selected."""
        return self.issued_on is not None and self.training_class.kind.purpose == Purpose.AWARENESS

    @property
    def is_member_certificate(self) -> bool:
        """Costs queries unless training_class__kind was selected."""
        return self.issued_on is not None and self.training_class.kind.purpose == Purpose.NEW_MEMBER

    @property
    def state_words(self) -> str:
        """Costs a query unless training_class was selected."""
        return self.State(self.state).words(has_begun=self.training_class.has_begun)


class AttendanceQuerySet(ScopedQuerySet):
    organization = "lesson__training_class__organization"


class Attendance(models.Model):
    """Whether a participant was at a lesson; no row: nobody has said."""

    Mark = Mark

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="marks", verbose_name="buổi học")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="marks", verbose_name="học viên")
    mark = models.CharField("điểm danh", max_length=12, choices=Mark)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "điểm danh"
        constraints = [
            models.UniqueConstraint(fields=["lesson", "enrolment"], name="one_mark_per_lesson_and_participant"),
            models.CheckConstraint(condition=Q(mark__in=["present", "excused", "absent"]), name="mark_is_known"),
        ]
