"""What came in from Excel: the file as it was sent, what its columns mean, what was answered, what it wrote."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from organizations.models.accounts import User
from organizations.models.organization import Organization
from organizations.scope import ScopedQuerySet

RUNS_AT_MOST = timedelta(seconds=60)  # whatever started longer ago and did not end was cut off
LARGE_RUNS_AT_MOST = timedelta(minutes=10)


class ImportBatchQuerySet(ScopedQuerySet):
    def for_list(self):
        """The newest first, without what is in the files."""
        people = ("uploaded_by", "applied_by", "undone_by", "dropped_by")
        return self.defer("content").select_related("organization", *people).order_by("-pk")

    def unfinished(self):
        """Neither confirmed nor refused nor dropped."""
        return self.filter(applied_at=None, refused_on=None, dropped_at=None)


class ImportBatch(models.Model):
    """One file or pasted block for one unit. Confirmed at most once, all in one transaction, undone at most once."""

    class State(models.TextChoices):
        PREVIEW = "preview", "Đang xem trước"
        REFUSED = "refused", "Bị từ chối"
        DROPPED = "dropped", "Đã bỏ"
        RUNNING = "running", "Đang ghi"
        INTERRUPTED = "interrupted", "Bị gián đoạn"
        APPLIED = "applied", "Đã nhập"
        UNDONE = "undone", "Đã hoàn tác"

    importer = models.CharField("loại danh sách", max_length=20)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="imports", verbose_name="đơn vị")
    name = models.CharField("tên tệp", max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    is_large = models.BooleanField("lớn hơn mức của trang web", default=False)  # sent from the command line
    is_pasted = models.BooleanField("dán từ bảng tính", default=False)
    sheet = models.CharField("trang tính", max_length=120, blank=True)
    mapping = models.JSONField("nghĩa của các cột", null=True)  # column, from 0 → key of the importer, "" for none
    options = models.JSONField("lựa chọn chung", default=dict)
    answers = models.JSONField("câu trả lời", default=dict)  # row → question → option
    asked = models.JSONField("đã hỏi", default=dict, editable=False)  # row → question → digest of what was answered
    looks = models.JSONField("đã đọc và đếm cho", default=dict, editable=False)  # account → what it was told of
    uploaded_at = models.DateTimeField("tải lên lúc", default=timezone.now)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người tải lên")
    refused_on = models.DateField("bị từ chối ngày", null=True)
    refusal = models.CharField("lý do từ chối", max_length=500, blank=True)
    dropped_at = models.DateTimeField("bỏ lúc", null=True)
    dropped_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người bỏ")
    started_at = models.DateTimeField("bắt đầu ghi lúc", null=True)
    applied_at = models.DateTimeField("nhập lúc", null=True)
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người nhập")
    counts = models.JSONField("kết quả", default=dict)
    left = models.JSONField("dòng chưa nhập", default=list)  # row, who, why
    undone_at = models.DateTimeField("hoàn tác lúc", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="người hoàn tác")
    undo_reason = models.CharField("lý do hoàn tác", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhập Excel"
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at=None, applied_by=None) | Q(applied_at__isnull=False, applied_by__isnull=False),
                name="an_import_has_both_applied_at_and_applied_by",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undo_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False, applied_at__isnull=False) & ~Q(undo_reason="")),
                name="what_is_undone_was_applied_and_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(refused_on=None, refusal="") | (Q(refused_on__isnull=False) & ~Q(refusal="")),
                name="a_refused_import_says_why",
            ),
            models.CheckConstraint(
                condition=Q(refused_on=None) | Q(applied_at=None), name="nothing_refused_is_applied"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None, dropped_by=None)
                | Q(dropped_at__isnull=False, dropped_by__isnull=False, applied_at=None, refused_on=None),
                name="what_is_dropped_says_by_whom_and_did_nothing",
            ),
        ]
        indexes = [models.Index(fields=["organization", "id"]), models.Index(fields=["uploaded_by", "sha256"])]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organizations:import_detail", args=[self.pk])

    @property
    def is_ended(self) -> bool:
        """Nothing more comes of it but an undo."""
        return bool(self.applied_at or self.refused_on or self.dropped_at)

    @property
    def state(self) -> State:
        """A confirmation that never ended wrote nothing: it was one transaction."""
        if self.undone_at:
            return self.State.UNDONE
        if self.applied_at:
            return self.State.APPLIED
        if self.refused_on:
            return self.State.REFUSED
        if self.dropped_at:
            return self.State.DROPPED
        if self.started_at:
            longest = LARGE_RUNS_AT_MOST if self.is_large else RUNS_AT_MOST
            is_old = timezone.now() - self.started_at > longest
            return self.State.INTERRUPTED if is_old else self.State.RUNNING
        return self.State.PREVIEW


class ImportedRow(models.Model):
    """A record written from one row of a file: with which version, and what stood there before."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField("dòng")
    object_type = models.CharField(max_length=60)
    object_id = models.PositiveBigIntegerField()
    is_new = models.BooleanField("thêm mới")
    version = models.PositiveIntegerField("phiên bản sau khi ghi")
    before = models.JSONField("giá trị trước", null=True)  # of what was changed, to be put back by an undo

    class Meta:
        verbose_name = "dòng đã nhập"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "object_type", "object_id"], name="a_file_writes_a_record_once"),
            models.CheckConstraint(
                condition=Q(is_new=True, before=None) | Q(is_new=False), name="a_new_row_has_no_before"
            ),
        ]
        indexes = [models.Index(fields=["object_type", "object_id"])]


class ColumnMemory(models.Model):
    """What a unit once said of the columns of a layout: not asked again for the next file with the same headings."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    importer = models.CharField(max_length=20)
    signature = models.CharField(max_length=64)  # of all headings, see imports.table
    mapping = models.JSONField()
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "nghĩa của các cột đã ghi nhớ"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "importer", "signature"], name="one_meaning_of_a_layout_per_unit"
            ),
        ]
