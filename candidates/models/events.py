"""What happened to a person. Append-only: a correction is a new event that replaces, a withdrawal one that is void."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from candidates.models.candidate import Candidate
from candidates.pipeline import Stage, Status, Step
from organizations.models import Organization, User
from organizations.scope import ScopedQuerySet


class StageEventQuerySet(ScopedQuerySet):
    organization = "unit"

    def live(self):
        return self.filter(is_live=True)

    def standing_on(self, day: date):
        """The one event each person stands on at the end of the day, by what is known now."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), is_live=True, happened_on__lte=day)

    def counted(self, step: str, first: date, last: date):
        """Decisions, ceremonies or recognitions that count, dated first–last (both days included)."""
        return self.filter(step=step, is_counted=True, happened_on__gte=first, happened_on__lte=last)


class StageEvent(models.Model):
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField("thứ tự ghi")
    # Where it stands among events of one day; a correction inherits the place of what it replaces.
    place = models.PositiveIntegerField("vị trí")
    step = models.CharField("bước", max_length=32, choices=Step)
    from_stage = models.CharField(max_length=32, choices=Stage, blank=True)
    to_stage = models.CharField(max_length=32, choices=Stage, blank=True)
    to_status = models.CharField(max_length=12, choices=Status, blank=True)
    happened_on = models.DateField("ngày")
    recorded_at = models.DateTimeField("ghi lúc", default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người ghi")
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="stage_events", verbose_name="đơn vị")
    facts = models.JSONField(default=dict)
    # What breakdowns count by, kept on the decision: sex, birth, union, religion, ethnicity, education, occupation…
    snapshot = models.JSONField(null=True)
    rule_set = models.CharField(max_length=60, blank=True)
    verdict = models.JSONField(default=list)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    is_void = models.BooleanField(default=False)
    reason = models.CharField("lý do sửa", max_length=500, blank=True)

    # Caches, written by candidates.actions.events.rebuild() alone and checked by `verify`.
    is_live = models.BooleanField(default=True)
    is_counted = models.BooleanField(default=False)  # a decision, ceremony or recognition that was not cancelled
    ended_on = models.DateField(null=True)  # the date of the next live event: [happened_on, ended_on)
    clock_from = models.DateField(null=True)  # since when the clock of the stage after it runs; see clocks.running()
    clock_until = models.DateField(null=True)  # the day a signed extension gave that clock

    objects = StageEventQuerySet.as_manager()

    class Meta:
        verbose_name = "bước"
        constraints = [
            models.UniqueConstraint(fields=["candidate", "seq"], name="one_event_per_candidate_and_seq"),
            models.UniqueConstraint(
                fields=["candidate", "place"], condition=Q(is_live=True), name="one_live_event_per_place"
            ),
            models.CheckConstraint(condition=Q(replaces=None) | ~Q(reason=""), name="a_correction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(is_void=False) | Q(replaces__isnull=False, is_live=False),
                name="a_withdrawal_replaces_and_is_not_live",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("happened_on")), name="an_event_ends_after_it_happens"
            ),
            models.CheckConstraint(condition=Q(is_counted=False) | Q(is_live=True), name="only_live_events_count"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="event_step_is_known"),
        ]
        indexes = [
            models.Index(fields=["candidate", "happened_on", "place"]),
            models.Index(fields=["step", "happened_on"], condition=Q(is_counted=True), name="counted_events"),
            models.Index(
                fields=["candidate", "step", "happened_on"], condition=Q(is_counted=True), name="counted_of_a_person"
            ),
            models.Index(
                fields=["unit", "step", "happened_on"], condition=Q(is_counted=True), name="counted_of_a_unit"
            ),
            models.Index(
                fields=["candidate"], condition=Q(step=Step.BACKFILLED, is_live=True), name="backfilled_people"
            ),
            # Wide enough to answer "who stands where" from the index alone.
            models.Index(
                fields=["unit", "to_stage", "to_status", "happened_on", "candidate", "clock_from", "clock_until"],
                condition=Q(is_live=True, ended_on=None),
                name="standing_now",
            ),
        ]

    def __str__(self):
        return f"{self.get_step_display()} {self.happened_on:%d/%m/%Y}"
