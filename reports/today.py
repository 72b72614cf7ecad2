"""What waits for a user today, as far as events tell: each list with its count, oldest first. No HTML."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count as Tally
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from candidates import due, due_levels
from candidates.actions.events import rule_book
from candidates.choices import WaitingFor
from candidates.models import Candidate, CommitteeSession, Enrolment, Purpose, ReviewCase, StageEvent
from candidates.next_steps import HINTS, forward_step
from candidates.pipeline import Stage, Status, Step
from candidates.sub_limits import SubLimit, sub_limit
from organizations.permissions import Permission as P
from organizations.permissions import Role
from organizations.scope import holds, looks_across_units, scope_of, units_where
from reports.figures.attention import PROBATION_MONTHS, certificates, probation
from reports.figures.scope import Reach
from reports.today_accounts import SHOWN, Item, Section, accounts, ago, proposals, safety, section
from reports.today_classes import classes, not_sent, to_send
from vuthu_recruit import clock
from vuthu_recruit.dates import months_after, whole_months
from vuthu_recruit.templatetags.ui import vn_number

DEADLINES = (90, 60, 30)
ON_THE_WAY = [stage for stage in Stage if stage not in (Stage.SOURCE, Stage.OFFICIAL)]
TOLD_DAYS = 30
NOTICE_MONTHS = (6, 9)  # of probation: the class for new members is announced, then pressed (domain.md 5.2)


@dataclass(frozen=True)
class Look:
    """The day, and for who takes steps the rules (`book` and `calendar`) and the days the local limits give a level."""

    today: date
    rules: dict | None
    days: Mapping[str, int]

    def level(self, event: StageEvent, step: Step | None) -> SubLimit | None:
        """The local limit of whoever takes the step now; none where the unit decides by itself. No query."""
        if not self.rules or not self.days or (step == Step.DECIDED and event.to_stage != Stage.APPRAISED):
            return None
        return sub_limit(step, event.happened_on, self.days, self.rules["calendar"], self.today)


def sections(user) -> list[Section]:
    """Every list that is not empty, in the order of urgency. The number of queries depends on the roles alone."""
    works = any(holds(user, right) for right in due.RIGHTS)
    look = Look(clock.today(), rule_book() if works else None, due_levels.days_of_levels() if works else {})
    return [section for make in LISTS for section in make(user, look) if section.total]


# What each list holds


def _deadlines(user, look: Look) -> Iterator[Section]:
    """People whose next step is this user's and whose clock is over, or ends within 7 or 30 days."""
    if look.rules is None:
        return
    rows = due.due(due.standing_of(user), look.today, **look.rules)
    totals, found = due.first(rows, SHOWN, look.today, **look.rules)
    for bucket, total in totals.items():
        items = [_due_item(one, user, look) for one in found if one.bucket == bucket]
        kind = {due.Bucket.LATE: "late", due.Bucket.WEEK: "soon"}.get(bucket, "idle")
        more = f"{reverse('candidates:deadlines')}?muc={bucket.value}" if total > SHOWN else ""
        yield Section(BUCKET_KEYS[bucket], bucket.label, total, items, more=more, icon="soon", kind=kind)


def _due_item(one: due.Due, user, look: Look) -> Item:
    step = due.turn(one.event)
    why = "bị trả lại" if one.event.to_status == Status.RETURNED else ""
    why = "; ".join(words for words in (why, one.deadline.note) if words)
    words, on = one.deadline.words, one.deadline.due
    # Over by the regulation, a local limit adds nothing.
    level = None if one.deadline.is_late else look.level(one.event, due_levels.awaited(one.event))
    return _person_item(
        one.event, user, HINTS[step], words, on, why, url=_step_url(one.event, step), step=step,
        is_late=one.deadline.is_late, on_label="hạn", level=level,
    )  # fmt: skip


def _returned(user, look: Look) -> Iterator[Section]:
    """Dossiers sent back, for whoever redoes the step they came back to."""
    if not holds(user, P.STEP_BRANCH):
        return
    rows = _standing_now(user, P.STEP_BRANCH).filter(to_status=Status.RETURNED)
    yield _people(
        "bi-tra-lai",
        "Bị trả lại",
        rows.annotate(**RETURN),
        lambda event: _returned_item(event, user, look.today),
        note="Ban Tổ chức trả lại, cần làm lại rồi gửi lên",
        icon="returned",
        kind="soon",
    )


def _returned_item(event, user, today: date) -> Item:
    """By the return itself: an extension or a move may have come after it."""
    step = forward_step(event.to_stage, event.unit.grassroots.form)
    words, url = ago(event.returned_on, today), reverse("candidates:dossier", args=[event.candidate_id])
    why = event.returned_why or ""
    return _person_item(
        event, user, HINTS[step], words, event.returned_on, why, url=url, step=step, action="Bổ sung hồ sơ"
    )


def _halted(user, look: Look) -> Iterator[Section]:
    """Dossiers that came to a halt with the Board or the Standing Committee lately: the unit learns of it here."""
    if not holds(user, P.STEP_BRANCH):
        return
    rows = _standing_now(user, P.STEP_BRANCH).filter(
        step__in=(Step.STOPPED, Step.DECISION_CANCELLED),
        to_stage__in=(Stage.SUBMITTED, Stage.APPRAISED),
        happened_on__gte=look.today - timedelta(days=TOLD_DAYS),
    )
    yield _people(
        "tam-dung",
        "Vừa tạm dừng ở cấp trên",
        rows,
        lambda event: _person_item(
            event, user, event.get_step_display(), ago(event.happened_on, look.today), event.happened_on,
            event.facts.get("reason", ""), on_label="ngày",
        ),
        note=f"trong {TOLD_DAYS} ngày qua; lý do ghi trong hồ sơ",
        icon="stopped",
    )  # fmt: skip


def _next_steps(user, look: Look) -> Iterator[Section]:
    """People whose next step this user takes, one list a step. One query a right for the counts, one a list."""
    for right in due.RIGHTS:
        if not holds(user, right):
            continue
        mine = {step: condition for step, by, condition in STEPS if by == right}
        everybody = due.not_due(_standing_now(user, right).filter(to_status=Status.OPEN), look.today, **look.rules)
        totals = everybody.aggregate(**{step.value: Tally("pk", filter=condition) for step, condition in mine.items()})
        for step, condition in mine.items():
            yield _people(
                KEYS.get((step, right), f"buoc-{step.replace('_', '-')}"),
                TITLES.get(step, HINTS[step]),
                everybody.filter(condition),
                lambda event, step=step: _event_item(event, user, look, step),
                total=totals[step.value],
                note="chưa đến hạn trong 30 ngày" if step != Step.DOSSIER else "",
                icon=ICONS.get(step, "later"),
            )


def _certificates(user, look: Look) -> Iterator[Section]:
    if not holds(user, P.STEP_BRANCH):
        return
    rules = look.rules["book"].on(look.today)
    if rules is None:
        return
    months = rules["certificate_months"]
    rows = certificates(Reach(user), look.today).filter(unit__in=units_where(user, P.STEP_BRANCH)).order_by("issued_on")
    yield _people(
        "giay-chung-nhan",
        "Giấy chứng nhận sắp hết hoặc đã hết giá trị",
        rows,
        lambda event: _certificate_item(event, user, look.today, months),
        note=f"Có giá trị {months} tháng đến ngày chi bộ họp xét; danh sách mở trước 90 ngày",
        icon="soon",
        kind="soon",
    )


def _certificate_item(event, user, today: date, months: int) -> Item:
    ends = months_after(event.issued_on, months)
    left = (ends - today).days
    within = next((f"trong {days} ngày" for days in reversed(DEADLINES) if left <= days), "")
    words = f"Đã quá {vn_number(-left)} ngày" if left < 0 else f"Còn {left} ngày"
    why = "" if left < 0 else f"Hết giá trị {within}"
    what = "Chi bộ họp xét, hoặc cử học lại lớp nhận thức"
    return _person_item(event, user, what, words, ends, why, is_late=left < 0, on_label="hết ngày")


def _probation(user, look: Look) -> Iterator[Section]:
    if not holds(user, P.STEP_BRANCH):
        return
    rows = probation(Reach(user), look.today).filter(unit__in=units_where(user, P.STEP_BRANCH)).order_by("admitted_on")
    rows = due.not_due(rows, look.today, **look.rules)
    yield _people(
        "het-du-bi",
        "Hết 12 tháng dự bị",
        rows,
        lambda event: _probation_item(event, user, look.today),
        note="Chi bộ họp xét, đề nghị công nhận đảng viên chính thức",
        icon="soon",
        kind="soon",
    )


def _probation_item(event, user, today: date) -> Item:
    ends = months_after(event.admitted_on, PROBATION_MONTHS)
    words = f"Đã quá {vn_number((today - ends).days)} ngày"
    url = _step_url(event, "recognition_proposed")
    return _person_item(event, user, HINTS[Step.RECOGNITION_PROPOSED], words, ends, url=url)


def _member_class(user, look: Look) -> Iterator[Section]:
    """Probationary members without the class for new members, from the sixth month of probation on."""
    if not holds(user, P.CLASS_NOMINATE):
        return
    attended = Enrolment.objects.filter(
        candidate=OuterRef("candidate"), training_class__kind__purpose=Purpose.NEW_MEMBER, issued_on__isnull=False
    )
    rows = (
        _standing_now(user, P.CLASS_NOMINATE)
        .filter(to_stage=Stage.ADMITTED, to_status=Status.OPEN)
        .filter(clock_from__lte=months_after(look.today, -NOTICE_MONTHS[0]))
        .exclude(Exists(attended))
        .order_by("clock_from", "pk")
    )
    yield _people(
        "lop-dang-vien-moi",
        "Chưa học lớp đảng viên mới",
        rows,
        lambda event: _member_class_item(event, user, look.today),
        note=f"Đã dự bị từ {NOTICE_MONTHS[0]} tháng; giấy chứng nhận cần có trong hồ sơ công nhận",
        icon="trained",
        kind="soon",
    )


def _member_class_item(event, user, today: date) -> Item:
    months = whole_months(event.clock_from, today)
    is_late = months >= NOTICE_MONTHS[1]
    words = f"Đã dự bị {months} tháng"
    return _person_item(
        event, user, "Cử học lớp bồi dưỡng đảng viên mới", words, event.clock_from, is_late=is_late, on_label="kết nạp"
    )


def _waiting(user, look: Look) -> Iterator[Section]:
    """People introduced to the unit, whom it accepts or declines."""
    if not holds(user, P.STEP_COMMITTEE):
        return
    rows = Candidate.objects.visible_to(user, needs=P.STEP_COMMITTEE).filter(
        status=Status.WAITING, waiting_for=WaitingFor.UNIT
    )
    items = [_introduced(person, user, reverse("candidates:waiting")) for person in _first(rows)]
    yield section("cho-tiep-nhan", "Được giới thiệu, chờ tiếp nhận", rows, items, more=reverse("candidates:waiting"))


def _introduced(person: Candidate, user, url: str) -> Item:
    return Item(
        name=person.full_name,
        detail=_where(person.unit, user),
        what=f"{person.get_introduced_by_body_display() or 'Đơn vị'} giới thiệu",
        words="Giới thiệu",
        on=person.introduced_on,
        on_label="ngày",
        url=url,
        action="Xem",
    )


def _introductions(user, look: Look) -> Iterator[Section]:
    """What the user's own mass organisation introduced and nobody has answered yet."""
    own = [row for row in scope_of(user).assignments if row.role == Role.MASS_ORGANIZATION]
    if not own:
        return
    mine = Q(pk__in=[])
    for row in own:
        mine |= Q(introduced_by_body=row.body, introduced_at__path__startswith=row.organization.path)
    rows = Candidate.objects.visible_to(user, needs=P.INTRODUCE).filter(mine, status=Status.WAITING)
    more = reverse("candidates:introductions")
    items = [_introduced(person, user, more) for person in _first(rows)]
    yield section("gioi-thieu", "Đã giới thiệu, chờ trả lời", rows, items, more=more)


def _review(user, look: Look) -> Iterator[Section]:
    """Entries the Board compares."""
    if not holds(user, P.STEP_BOARD):
        return
    rows = ReviewCase.objects.visible_to(user, needs=P.STEP_BOARD).filter(outcome="")
    items = [
        Item(
            name=case.candidate.full_name,
            detail=case.candidate.unit.place_words,
            what="Đối chiếu với người đã có trong danh sách",
            words=ago(case.asked_on, look.today),
            on=case.asked_on,
            on_label="ngày",
            url=reverse("candidates:review_case", args=[case.pk]),
            action="Đối chiếu",
        )
        for case in rows.select_related("candidate__unit__grassroots").order_by("asked_on", "pk")[:SHOWN]
    ]
    yield section("doi-chieu", "Cần đối chiếu", rows, items, more=reverse("candidates:review"), icon="info")


def _sessions(user, today: date) -> Iterator[Section]:
    """Sessions that have been held and wait for outcomes; for who only reads them those to come as well. One query."""
    if not holds(user, P.SESSION_VIEW):
        return
    records = holds(user, P.STEP_BOARD)
    rows = CommitteeSession.objects.visible_to(user, needs=P.SESSION_VIEW).filter(closed_at=None)
    rows = rows.filter(held_on__lte=today) if records else rows
    rows = rows.annotate(waiting=Tally("items", filter=Q(items__outcome=""))).filter(waiting__gt=0)
    found = list(rows.order_by("held_on", "pk")[:SHOWN])
    items = [
        Item(
            name=str(row),
            detail=f"{row.waiting} người chờ kết quả",
            what="Ghi kết quả của kỳ họp" if records else "Danh sách trình Ban Thường vụ",
            words=ago(row.held_on, today) if row.held_on <= today else f"Còn {(row.held_on - today).days} ngày",
            on=row.held_on,
            on_label="họp ngày",
            url=reverse(f"candidates:session{'_outcomes' if records else ''}", args=[row.pk]),
            action="Ghi kết quả" if records else "Mở kỳ họp",
        )
        for row in found
    ]
    more = reverse("candidates:sessions")
    title = "Kỳ họp chờ ghi kết quả" if records else "Kỳ họp Ban Thường vụ"
    yield Section("ky-hop", title, len(found), items, more=more, icon="appraised")


# Steps, by who takes them; in the order of the pipeline


STEPS = (
    *(row for row in due.TURNS if row[0] != Step.RECOGNITION_PROPOSED),  # has a list of its own: probation
    (Step.DOSSIER, P.STEP_BRANCH, Q(to_stage=Stage.TRAINED)),
)
_RETURNS = StageEvent.objects.filter(candidate=OuterRef("candidate"), step=Step.RETURNED, is_live=True)
_RETURNS = _RETURNS.order_by("-happened_on", "-place")
RETURN = {
    "returned_on": Subquery(_RETURNS.values("happened_on")[:1]),
    "returned_why": Subquery(_RETURNS.values("facts__reason")[:1]),
}
BUCKET_KEYS = {due.Bucket.LATE: "qua-han", due.Bucket.WEEK: "trong-7-ngay", due.Bucket.MONTH: "trong-30-ngay"}
KEYS = {(Step.DECIDED, P.STEP_COMMITTEE): "buoc-tu-quyet-dinh"}  # by a unit to which decisions are delegated
TITLES = {Step.APPRAISED: "Thẩm định hồ sơ", Step.DECIDED: "Chờ quyết định kết nạp"}
ICONS = {
    Step.APPRAISED: "submitted",
    Step.DECIDED: "appraised",
    Step.OFFICIAL: "proposed",
    Step.ADMITTED: "decided",
    Step.SUBMITTED: "committee",
    Step.COMMITTEE_PASSED: "cell",
    Step.RECOGNITION_COMMITTEE_PASSED: "proposed",
    Step.BRANCH_PASSED: "dossier",
    Step.DOSSIER: "trained",
}
# Where the rest of a long list is: the list behind the figure of the stage people stand in.
MORE = {
    "bi-tra-lai": "bi-tra-lai",
    "giay-chung-nhan": "giay-chung-nhan",
    "het-du-bi": "het-du-bi",
    "lop-dang-vien-moi": "buoc-admitted",
    "buoc-appraised": "buoc-submitted",
    "buoc-decided": "buoc-appraised",
    "buoc-official": "buoc-recognition-committee-passed",
    "buoc-admitted": "buoc-decided",
    "buoc-submitted": "buoc-committee-passed",
    "buoc-tu-quyet-dinh": "buoc-committee-passed",
    "buoc-committee-passed": "buoc-branch-passed",
    "buoc-recognition-committee-passed": "buoc-recognition-proposed",
    "buoc-branch-passed": "buoc-dossier",
    "buoc-dossier": "buoc-trained",
}
BUTTONS = {
    Step.APPRAISED: "Ghi thẩm định",
    Step.DECIDED: "Ghi quyết định",
    Step.OFFICIAL: "Ghi quyết định",
    Step.ADMITTED: "Ghi lễ kết nạp",
    Step.SUBMITTED: "Ghi ngày gửi",
    Step.COMMITTEE_PASSED: "Ghi nghị quyết",
    Step.RECOGNITION_COMMITTEE_PASSED: "Ghi nghị quyết",
    Step.RECOGNITION_PROPOSED: "Ghi nghị quyết",
    Step.BRANCH_PASSED: "Ghi nghị quyết",
    Step.DOSSIER: "Bắt đầu hồ sơ",
}


def _standing_now(user, right: P) -> QuerySet[StageEvent]:
    """Where the people stand whom the user may take the step for."""
    rows = StageEvent.objects.visible_to(user, needs=right).filter(is_live=True, ended_on=None)
    return rows.filter(to_stage__in=ON_THE_WAY)  # by name, so that an index of units and stages finds just these


def _people(key: str, title: str, rows, item: Callable, *, total: int | None = None, **values) -> Section:
    if not rows.query.order_by:
        rows = rows.order_by("happened_on", "pk")
    events = rows.select_related("candidate", "unit__grassroots")[:SHOWN]
    items = [item(event) for event in events]
    total = rows.count() if total is None else total
    more = reverse("reports:rows", args=[MORE[key]]) if total > SHOWN and key in MORE else ""
    return Section(key, title, total, items, more=more, **values)


def _first(rows) -> list[Candidate]:
    return list(rows.select_related("unit__grassroots").order_by("introduced_on", "pk")[:SHOWN])


def _event_item(event, user, look: Look, step: Step) -> Item:
    words, level = f"{vn_number((look.today - event.happened_on).days)} ngày", look.level(event, step)
    return _person_item(
        event, user, HINTS[step], words, event.happened_on, url=_step_url(event, step), step=step, level=level
    )


def _person_item(
    event, user, what, words, on, why="", *, url="", step=None, is_late=False, on_label="từ ngày", action="", level=None
) -> Item:
    person = event.candidate
    birth = f"Sinh {person.birth.year} · " if person.birth else ""
    return Item(
        name=person.full_name,
        detail=f"{birth}{_where(event.unit, user)}",
        what=what,
        why=why,
        words=words,
        on=on,
        on_label=on_label,
        is_late=is_late,
        level=level,
        url=url or reverse("candidates:detail", args=[person.pk]),
        about=reverse("candidates:detail", args=[person.pk]) if url else "",
        action=action or (BUTTONS.get(step, "Mở hồ sơ") if url else "Mở hồ sơ"),
    )


def _where(unit, user) -> str:
    return unit.place_words if looks_across_units(user) else unit.short_name


def _step_url(event, step) -> str:
    return reverse("candidates:step", args=[event.candidate_id, str(Step(step).value)])


def _without_rules(make: Callable) -> Callable:
    return lambda user, look: make(user, look.today)


LISTS = (
    _without_rules(safety),
    _deadlines,
    _returned,
    _halted,
    _without_rules(_sessions),
    _certificates,
    _probation,
    _member_class,
    _next_steps,
    _waiting,
    _review,
    _without_rules(proposals),
    _without_rules(accounts),
    _without_rules(classes),
    _without_rules(to_send),
    _without_rules(not_sent),
    _introductions,
)
