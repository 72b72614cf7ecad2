"""What is under way in the classes of the demo, through the actions: nominations, a waiting list, attendance."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.db.models import Q
from django.utils import timezone

from candidates.actions import class_people, classes, nominations
from candidates.actions.nominations import Verdict
from candidates.classes import Mark, Move, State
from candidates.models import Candidate, Enrolment, TrainingClass
from candidates.pipeline import Stage, Status
from organizations.models import User
from reports.demo.accounts import Cast

SENT = 18  # further nominations for the class to come
UNSCREENED = 5
REFUSED = 3
WAITING = 2
REFUSALS = (
    "Chưa tốt nghiệp trung học cơ sở.",
    "Chưa có giới thiệu của đoàn thể nơi công tác.",
    "Đang đi làm xa, không dự đủ các buổi học được.",
)
WITHDRAWN = "Trùng lịch thi tuyển công chức, xin học khóa sau."


def bring_to_life(seed: int, today: date, cast: Cast) -> int:
    """Fill the class that comes next and record who was at the lessons of the one that runs; how many were sent."""
    rng = Random(f"{seed}:classroom")
    awareness = TrainingClass.objects.filter(kind__purpose="awareness").select_related("kind", "organization")
    running = awareness.filter(from_on__lte=today, to_on__gte=today).order_by("pk").first()
    if running:
        _attend(rng, running, today, cast.center)
    coming = awareness.filter(from_on__gt=today).order_by("from_on", "pk").first()
    return _send(rng, coming, cast, today) if coming else 0


def _attend(rng: Random, running: TrainingClass, today: date, center: User) -> None:
    """Nearly everybody is there; today's lessons are still to be recorded."""
    learners = list(running.enrolments.filter(state=State.ENROLLED).order_by("pk").values_list("pk", flat=True))
    lessons = list(running.lessons.filter(held_on__lte=today).order_by("number"))
    for number, lesson in enumerate(lessons[:1] if len(lessons) < 3 else lessons[:-2]):
        marks = dict.fromkeys(learners, Mark.PRESENT)
        for place, mark in ((number, Mark.EXCUSED), (number + 1, Mark.ABSENT)):
            if learners and rng.random() < 0.8:
                marks[learners[place % len(learners)]] = mark
        if number == 0 and learners:
            marks[learners[-1]] = Mark.ABSENT
        classes.take_attendance(lesson=lesson, marks=marks, version=lesson.version, by=center)


def _back_date(coming: TrainingClass, sent: list[int], today: date) -> None:
    """The moments of the demo lie before its today, in the order in which things were done."""
    morning = timezone.make_aware(datetime.combine(today - timedelta(days=4), time(8, 30)))
    for place, pk in enumerate(sent):
        nominated_at = morning + timedelta(minutes=7 * place)
        Enrolment.objects.filter(pk=pk).update(nominated_at=nominated_at)
    screened = Enrolment.objects.filter(pk__in=sent, screened_at__isnull=False)
    screened.update(screened_at=morning + timedelta(days=2, hours=5))


def _send(rng: Random, coming: TrainingClass, cast: Cast, today: date) -> int:
    """Units send people, the Centre screens most of them, more than there are places for."""
    rows = Candidate.objects.filter(stage=Stage.SOURCE, status=Status.OPEN, events__is_live=True)
    rows = rows.exclude(Q(enrolments__state__in=[State.NOMINATED, State.ENROLLED])).select_related("unit__grassroots")
    people = list(rows.distinct().order_by("pk")[: SENT * 4])
    rng.shuffle(people)
    free = class_people.objections(coming, people)
    people = [one for one in people if not any(said.is_final for said in free[one.pk])][:SENT]
    made = []
    for one in people:
        # A demo of an earlier day is written when its class has begun already: then the Board sends people.
        officer = cast.board[0] if coming.has_begun else cast.officers[one.unit.grassroots_id or one.unit_id]
        made += nominations.nominate(training_class=coming, candidates=[one], by=officer)
    screened = made[: len(made) - min(UNSCREENED, len(made) // 4)]
    refused = screened[:REFUSED] if len(screened) > 2 * REFUSED else screened[:1]
    seated = coming.enrolments.seated().count()
    places = max(1, seated, seated + len(screened) - len(refused) - WAITING)
    names = ("number", "year", "from_on", "to_on", "place", "opening_decision")
    values = {name: getattr(coming, name) for name in names} | {"capacity": places}
    classes.edit_class(training_class=coming, values=values, version=coming.version, by=cast.center)
    verdicts = [
        Verdict(row.pk, row.version, row not in refused, REFUSALS[place % len(REFUSALS)])
        for place, row in enumerate(screened)
    ]
    nominations.screen(training_class=coming, verdicts=verdicts, by=cast.center)
    _back_date(coming, [row.pk for row in made], today)
    waiting = coming.enrolments.in_queue().last()
    if waiting:
        officer = cast.officers[waiting.unit.grassroots_id or waiting.unit_id]
        nominations.change(enrolment=waiting, move=Move.WITHDRAW, reason=WITHDRAWN, version=waiting.version, by=officer)
    return len(made)
