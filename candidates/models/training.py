"""Classes and who attends them. The certificate lives on the enrolment alone; every attempt is kept."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from candidates.models.candidate import OUTSIDE, Candidate
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import ScopedQuerySet, scope_of
from vuthu_recruit import clock

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
    "unit__grassroots__short_name",
    "attempt",
    "state",
    "result",
    "certificate_number",
    "issued_on",
)


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
    class Kind(models.TextChoices):
        AWARENESS = "awareness", "Bồi dưỡng nhận thức về Đảng"
        NEW_MEMBER = "new_member", "Bồi dưỡng đảng viên mới"
        COMMITTEE = "committee", "Bồi dưỡng nghiệp vụ cấp ủy viên"

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="classes", verbose_name="cấp mở lớp")
    kind = models.CharField("loại lớp", max_length=12, choices=Kind, default=Kind.AWARENESS)
    number = models.PositiveSmallIntegerField("khóa số")
    year = models.PositiveSmallIntegerField("năm")
    from_on = models.DateField("từ ngày")
    to_on = models.DateField("đến hết ngày")
    place = models.CharField("địa điểm", max_length=200, blank=True)
    capacity = models.PositiveSmallIntegerField("số chỗ", null=True, blank=True)
    opening_decision = models.CharField("quyết định mở lớp", max_length=60, blank=True)
    is_sample = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TrainingClassQuerySet.as_manager()

    class Meta:
        verbose_name = "lớp học"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "year", "number"], name="one_class_per_kind_year_and_number"
            ),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="class_ends_after_it_starts"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, khóa {self.number}/{self.year}"

    def get_absolute_url(self):
        return reverse("candidates:class_detail", args=[self.pk])

    @property
    def has_begun(self) -> bool:
        return self.from_on <= clock.today()


class EnrolmentQuerySet(ScopedQuerySet):
    organization = "unit"

    def in_units(self, units):
        """An enrolment goes with the person: after a move the new unit sees it, the old one no more."""
        return self.filter(Q(candidate__unit__in=units) | Q(candidate=None, unit__in=units))

    def certificates(self):
        """Attempts that gave a certificate of the awareness class."""
        return self.filter(training_class__kind=TrainingClass.Kind.AWARENESS, issued_on__isnull=False)

    def for_class_list(self):
        """What a class needs to know of a person, by name: never background, religion, dossier or identity number."""
        rows = self.exclude(candidate__status__in=OUTSIDE)  # whoever was entered by mistake is in no list
        return rows.order_by("candidate__sort_key", "participant_name", "pk").values(*CLASS_LIST)


class Enrolment(models.Model):
    class State(models.TextChoices):
        NOMINATED = "nominated", "Được cử"
        REFUSED = "refused", "Không đủ điều kiện"
        WAITING = "waiting", "Chờ chỗ"
        ENROLLED = "enrolled", "Đang học"
        FINISHED = "finished", "Đã học xong"
        DROPPED = "dropped", "Bỏ học"

        def words(self, *, has_begun: bool) -> str:
            """The label; whoever is put into a class that has not begun does not attend it yet."""
            return self.label if has_begun or self != self.ENROLLED else "Đã ghi danh"

    class Result(models.TextChoices):
        EXCELLENT = "excellent", "Xuất sắc"
        VERY_GOOD = "very_good", "Giỏi"
        GOOD = "good", "Khá"
        AVERAGE = "average", "Trung bình"
        FAILED = "failed", "Không đạt"

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="enrolments", verbose_name="lớp")
    candidate = models.ForeignKey(Candidate, models.PROTECT, null=True, blank=True, related_name="enrolments")
    participant_name = models.CharField("họ và tên", max_length=120, blank=True)
    participant_position = models.CharField("chức vụ", max_length=120, blank=True)
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="enrolments", verbose_name="đơn vị")
    attempt = models.PositiveSmallIntegerField("lần học", default=1)
    state = models.CharField("trạng thái", max_length=12, choices=State, default=State.ENROLLED)
    result = models.CharField("kết quả", max_length=12, choices=Result, blank=True)
    certificate_number = models.CharField("số giấy chứng nhận", max_length=40, blank=True)
    issued_on = models.DateField("ngày cấp", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "ghi danh lớp học"
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "candidate"],
                condition=Q(candidate__isnull=False),
                name="nobody_is_twice_in_one_class",
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
                condition=Q(certificate_number="") | (Q(state="finished") & ~Q(result__in=["", "failed"])),
                name="only_those_who_passed_hold_a_certificate",
            ),
        ]

    @property
    def is_awareness_certificate(self) -> bool:
        """Costs a query unless training_class was selected."""
        return self.issued_on is not None and self.training_class.kind == TrainingClass.Kind.AWARENESS

    @property
    def is_member_certificate(self) -> bool:
        """Costs a query unless training_class was selected."""
        return self.issued_on is not None and self.training_class.kind == TrainingClass.Kind.NEW_MEMBER

    @property
    def state_words(self) -> str:
        """Costs a query unless training_class was selected."""
        return self.State(self.state).words(has_begun=self.training_class.has_begun)
