"""Papers: the catalogue of forms, the papers of each person, what the appraisal asks, and the points it returned."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone

from candidates import dossier
from candidates.models.candidate import Candidate
from candidates.pipeline import Step
from organizations.models import User
from organizations.scope import ScopedQuerySet
from vuthu_recruit.fields import PartialDateField

SHORTEST_REASON = 10
models.CharField.register_lookup(Length)


class DossierFormQuerySet(models.QuerySet):
    def catalogue(self) -> tuple[dossier.Form, ...]:
        """The forms in use, as the rules read them. One query."""
        return tuple(row.form for row in self.filter(is_active=True))


class DossierForm(models.Model):
    """One kind of paper. The Board keeps the catalogue: what a source did not confirm is data, not code."""

    key = models.SlugField("khóa", max_length=40, unique=True)
    code = models.CharField("mã biểu", max_length=16, blank=True)
    name = models.CharField("tên", max_length=200)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    needed_for = models.CharField(
        "cần có khi", max_length=32, choices=[(step.value, step.label) for step in dossier.NEEDED_FOR]
    )
    applies = models.CharField("áp dụng cho", max_length=16, choices=dossier.Applies, default=dossier.Applies.ALWAYS)
    copies = models.CharField("số bản", max_length=12, choices=dossier.Copies, default=dossier.Copies.ONE)
    renewal = models.CharField("khi quá hạn", max_length=12, choices=dossier.Renewal, blank=True)
    source = models.CharField("lấy từ", max_length=32, choices=dossier.Source, default=dossier.Source.PAPER)
    not_before = models.JSONField("không được trước", default=list, blank=True)  # keys of forms
    regimes = models.JSONField("bộ quy định", default=list, blank=True)  # empty: every one
    is_required = models.BooleanField("bắt buộc", default=True)
    is_active = models.BooleanField("đang dùng", default=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DossierFormQuerySet.as_manager()

    class Meta:
        verbose_name = "biểu mẫu hồ sơ"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code="") & Q(is_active=True), name="one_form_in_use_per_code"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}".strip()

    def get_absolute_url(self):
        return reverse("candidates:dossier_forms")

    @property
    def form(self) -> dossier.Form:
        return dossier.Form(
            key=self.key,
            code=self.code,
            name=self.name,
            needed_for=Step(self.needed_for),
            applies=dossier.Applies(self.applies),
            copies=dossier.Copies(self.copies),
            renewal=dossier.Renewal(self.renewal),
            source=dossier.Source(self.source),
            not_before=tuple(self.not_before),
            is_required=self.is_required,
            regimes=tuple(self.regimes),
            note=self.note,
        )


class DossierItemQuerySet(ScopedQuerySet):
    organization = "candidate__unit"


class DossierItem(models.Model):
    """One paper of a person. What is on it is not stored: only that it is there, its number and date.

    Forms known from elsewhere (a resolution, a certificate) have no rows: papers.py reads them there.
    """

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="papers")
    form = models.ForeignKey(DossierForm, models.PROTECT, related_name="+", verbose_name="biểu mẫu")
    copy = models.PositiveSmallIntegerField("bản thứ", default=1)
    state = models.CharField("tình trạng", max_length=12, choices=dossier.State, default=dossier.State.IN)
    document = models.CharField("số văn bản", max_length=60, blank=True)
    dated_on = models.DateField("ngày", null=True, blank=True)
    # As they stand on the paper; what was typed with the record when nobody said otherwise.
    name_on_paper = models.CharField("họ tên trên giấy", max_length=120, blank=True)
    birth_on_paper = PartialDateField("ngày sinh trên giấy", null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)  # when what is on it was last recorded

    objects = DossierItemQuerySet.as_manager()

    class Meta:
        verbose_name = "giấy tờ hồ sơ"
        ordering = ["form__order", "form_id", "copy"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "form", "copy"], name="one_paper_per_form_and_copy"),
            models.CheckConstraint(condition=Q(state__in=dossier.State.values), name="paper_state_is_known"),
            models.CheckConstraint(condition=Q(copy__gte=1), name="copies_are_counted_from_one"),
        ]

    def __str__(self):
        return f"{self.form}, bản {self.copy}" if self.copy > 1 else str(self.form)

    @property
    def paper(self) -> dossier.Paper:
        """As the rules read it. Needs its form loaded."""
        return dossier.Paper(
            form=self.form.key,
            copy=self.copy,
            state=dossier.State(self.state),
            document=self.document,
            dated_on=self.dated_on,
            name=self.name_on_paper,
            birth=self.birth_on_paper.iso if self.birth_on_paper else "",
        )


class AppraisalQuestion(models.Model):
    """What an appraisal asks of a form, or of the dossier as a whole, with the usual words for a return."""

    key = models.SlugField("khóa", max_length=40, unique=True)
    form = models.ForeignKey(
        DossierForm, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name="biểu mẫu"
    )
    text = models.CharField("câu hỏi", max_length=300)
    wording = models.CharField("câu mẫu khi trả lại", max_length=300, validators=[MinLengthValidator(SHORTEST_REASON)])
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang dùng", default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "câu hỏi thẩm định"
        ordering = ["form__order", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(wording__length__gte=SHORTEST_REASON), name="the_usual_words_are_a_reason"
            )
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("candidates:dossier_forms")


class AppraisalQuerySet(ScopedQuerySet):
    organization = "candidate__unit"


class Appraisal(models.Model):
    """One round: what was asked, what was answered, and the step it ended in (by its place, which corrections keep)."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="appraisals")
    round = models.PositiveSmallIntegerField("lần")
    place = models.PositiveIntegerField()
    is_passed = models.BooleanField("đạt")
    answers = models.JSONField("trả lời", default=list)  # [{"question": key, "text": …, "answer": "ok" or "none"}]
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người thẩm định")
    at = models.DateTimeField("lúc", default=timezone.now)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        verbose_name = "lần thẩm định"
        ordering = ["candidate", "place"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "place"], name="one_appraisal_per_step"),
        ]

    def __str__(self):
        return f"Thẩm định lần {self.round}"


class ReturnedPointQuerySet(ScopedQuerySet):
    organization = "appraisal__candidate__unit"


class ReturnedPoint(models.Model):
    """One thing an appraisal sent back, with the reason; what the unit answered; the round that accepted it.

    Returned again in a later round it is a new point with `previous`.
    """

    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="points")
    form = models.ForeignKey(DossierForm, models.PROTECT, null=True, related_name="+", verbose_name="biểu mẫu")
    question = models.CharField(max_length=40, blank=True)  # key of the question it came from
    asked = models.CharField("nội dung kiểm tra", max_length=300, blank=True)
    reason = models.CharField("lý do", max_length=500)
    answer = models.CharField("đã bổ sung", max_length=500, blank=True)
    answered_at = models.DateTimeField("lúc bổ sung", null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người bổ sung")
    accepted_in = models.ForeignKey(Appraisal, models.PROTECT, null=True, related_name="+", verbose_name="đạt ở")
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="again")

    objects = ReturnedPointQuerySet.as_manager()

    class Meta:
        verbose_name = "điểm trả lại"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__length__gte=SHORTEST_REASON), name="a_returned_point_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="a_point_has_both_answer_and_answered_by",
            ),
            models.CheckConstraint(
                condition=Q(previous=None) | ~Q(previous=F("id")), name="a_point_does_not_follow_itself"
            ),
        ]

    def __str__(self):
        return f"{self.form.code or self.form.name}: {self.reason}" if self.form else self.reason
