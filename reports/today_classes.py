"""What classes ask of a user today: nominations to screen, results, certificates; and who of the own was not let in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, OuterRef, Q, Subquery, When
from django.db.models import Count as Tally
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from candidates.attend import TABS, certificate_months, to_attend
from candidates.classes import Purpose, State
from candidates.models import Candidate, Enrolment, Lesson, TrainingClass
from organizations.permissions import Permission as P
from organizations.scope import holds, looks_across_units
from reports.today_accounts import SHOWN, Item, Section, ago, section

TOLD_DAYS = 30


@dataclass(frozen=True)
class Task:
    """One thing a class may wait for: which column counts it, and where it is done."""

    key: str
    title: str
    count: str
    what: str
    page: str
    action: str


TASKS = (
    Task("diem-danh", "Lớp đang học, chưa điểm danh", "untaken", "Điểm danh buổi đã học", "attendance", "Điểm danh"),
    Task("cho-xet", "Lớp có người chờ xét", "unscreened", "Xét chọn người được cử", "screen", "Xét chọn"),
    Task("ket-qua-lop", "Lớp đã kết thúc, chưa ghi kết quả", "unrecorded", "Ghi kết quả học", "results", "Ghi kết quả"),
    Task(
        "cap-giay", "Lớp chưa cấp giấy chứng nhận", "uncertified", "Cấp cho cả lớp một lần", "certificates", "Cấp giấy"
    ),
)


def classes(user, today: date) -> Iterator[Section]:
    """Classes with lessons to record, people to screen, to grade or to certify, the oldest first. One query for all."""
    if not holds(user, P.CLASS_EDIT):
        return
    rows = TrainingClass.objects.visible_to(user, needs=P.CLASS_EDIT).filter(is_called_off=False)
    rows = rows.annotate(
        unscreened=Tally("enrolments", filter=Q(enrolments__state=State.NOMINATED)),
        unrecorded=Tally("enrolments", filter=Q(enrolments__state=State.ENROLLED, to_on__lt=today)),
        untaken=Case(When(from_on__lte=today, to_on__gte=today, then=_untaken(today)), default=0),
        uncertified=Tally("enrolments", filter=Q(enrolments__is_passed=True, enrolments__issued_on=None)),
    )
    rows = rows.filter(Q(unscreened__gt=0) | Q(unrecorded__gt=0) | Q(uncertified__gt=0) | Q(untaken__gt=0))
    found = list(rows.select_related("kind").order_by("from_on", "pk")[: 3 * SHOWN])
    for task in TASKS:
        own = [row for row in found if getattr(row, task.count)]
        items = [_item(task, row, today) for row in own[:SHOWN]]
        yield Section(task.key, task.title, len(own), items, more=reverse("candidates:classes"), icon="trained")


def _untaken(today: date) -> Coalesce:
    """Lessons held by today of which nobody said who was there."""
    rows = Lesson.objects.filter(training_class=OuterRef("pk"), held_on__lte=today, marks=None).order_by()
    return Coalesce(Subquery(rows.values("training_class").annotate(n=Tally("pk")).values("n")), 0)


def _item(task: Task, row: TrainingClass, today: date) -> Item:
    has_begun = row.from_on <= today
    return Item(
        name=str(row),
        detail=f"{getattr(row, task.count)} {'buổi' if task.count == 'untaken' else 'người'}",
        what=task.what,
        words=ago(row.to_on, today) if row.to_on <= today else "Đang học" if has_begun else "Sắp khai giảng",
        on=row.to_on if has_begun else row.from_on,
        on_label="học xong ngày" if has_begun else "khai giảng ngày",
        url=reverse(f"candidates:{task.page}", args=[row.pk]),
        action=task.action,
        about=row.get_absolute_url(),
    )


def not_sent(user, today: date) -> Iterator[Section]:
    """Own people whose nomination was refused lately: the unit learns the reason here. Two queries."""
    if not holds(user, P.CLASS_NOMINATE) or holds(user, P.CLASS_EDIT):
        return
    since = timezone.make_aware(datetime.combine(today - timedelta(days=TOLD_DAYS), time.min))
    rows = Enrolment.objects.visible_to(user, needs=P.CLASS_NOMINATE).listed()
    rows = rows.filter(state=State.REFUSED, screened_at__gte=since)
    shown = rows.select_related("candidate", "unit__grassroots", "training_class__kind").order_by("-screened_at", "pk")
    items = [
        Item(
            name=str(row),
            detail=row.unit.place_words if looks_across_units(user) else row.unit.short_name,
            what=f"Không đủ điều kiện học {row.training_class}",
            why=row.reason,
            words=ago(timezone.localtime(row.screened_at).date(), today),
            on=timezone.localtime(row.screened_at).date(),
            on_label="xét ngày",
            url=reverse("candidates:participant", args=[row.training_class_id, row.pk]),
            action="Xem",
        )
        for row in shown[:SHOWN]
    ]
    note = f"Kết quả xét trong {TOLD_DAYS} ngày qua"
    yield section("khong-duoc-hoc", "Được cử đi học, không đủ điều kiện", rows, items, note=note, icon="stopped")


def to_send(user, today: date) -> Iterator[Section]:
    """Own people who need the awareness class and were not sent, while a class is to come. At most three queries."""
    if not holds(user, P.CLASS_NOMINATE) or holds(user, P.CLASS_EDIT):
        return
    rows = TrainingClass.objects.visible_to(user, needs=P.CLASS_NOMINATE).select_related("kind")
    coming = rows.filter(kind__purpose=Purpose.AWARENESS, is_called_off=False, from_on__gt=today)
    first = coming.order_by("from_on", "pk").first()
    if first is None:
        return
    people = Candidate.objects.visible_to(user, needs=P.CLASS_NOMINATE)
    waiting = to_attend(people, today, certificate_months(today)).filter(TABS["chua-cu"] | TABS["het"])
    item = Item(
        name=str(first),
        detail=first.place,
        what="Cử người đi học lớp nhận thức về Đảng",
        words=f"Còn {(first.from_on - today).days} ngày",
        on=first.from_on,
        on_label="khai giảng ngày",
        url=reverse("candidates:nominate", args=[first.pk]),
        action="Cử người",
        about=first.get_absolute_url(),
    )
    more = reverse("candidates:not_attended")
    yield Section(
        "chua-cu-hoc", "Người cần học lớp nhận thức, chưa cử", waiting.count(), [item], more=more, icon="trained"
    )
