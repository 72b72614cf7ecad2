"""That somebody was a member before: when and how they left. What a court found is known by its kind alone."""

from django.db import models
from django.db.models import Q

from candidates.choices import HowLeft, Sentence
from candidates.models.candidate import Candidate


class FormerMembership(models.Model):
    candidate = models.OneToOneField(Candidate, models.PROTECT, related_name="former", editable=False)
    left_on = models.DateField("ngày ra khỏi Đảng")
    how = models.CharField("ra khỏi Đảng do", max_length=12, choices=HowLeft)
    family_hardship = models.BooleanField("gia đình đặc biệt khó khăn", default=False)
    sentence = models.CharField("án hình sự", max_length=12, choices=Sentence, default=Sentence.NONE)
    cleared_on = models.DateField("ngày được xóa án tích", null=True, blank=True)
    readmitted_before = models.BooleanField("đã được kết nạp lại một lần", default=False)
    document = models.CharField("văn bản ra khỏi Đảng", max_length=200, blank=True)
    is_mistake = models.BooleanField("ghi nhầm, đã bỏ", default=False, editable=False)  # nothing is deleted

    class Meta:
        verbose_name = "từng là đảng viên"
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared_on=None) | Q(sentence=Sentence.LESS_SERIOUS),
                name="only_a_lesser_sentence_is_cleared",
            ),
            models.CheckConstraint(
                condition=Q(family_hardship=False) | Q(how=HowLeft.RESIGNED), name="hardship_is_of_who_asked_to_leave"
            ),
            models.CheckConstraint(condition=Q(how__in=HowLeft.values), name="how_a_member_left_is_known"),
            models.CheckConstraint(condition=Q(sentence__in=Sentence.values), name="former_sentence_is_known"),
        ]

    def __str__(self):
        return f"Ra khỏi Đảng ngày {self.left_on:%d/%m/%Y}"
