"""Events put right: replaced together with a reason, or taken back from the end. Nothing of the past is deleted."""

from dataclasses import dataclass, field, replace
from datetime import date

from django.db import IntegrityError, transaction

from candidates import gates, rulebook
from candidates.actions import appraisal, readmission, sessions
from candidates.actions.actors import STEP_RIGHTS, actor_for
from candidates.actions.class_people import move_up
from candidates.actions.events import (
    MARKS,
    Refused,
    append,
    as_recorded,
    clean_facts,
    end,
    live_events,
    past,
    pure_unit,
    rebuild,
    record_of,
    rule_book,
    verdict_of,
)
from candidates.classes import State
from candidates.gates import Attempt, Record, Story
from candidates.models import Candidate, StageEvent, TrainingClass
from candidates.pipeline import BACKFILLED, Actor, IllegalWalk, Past, Refusal, Stage, Status, Step, order, replay
from organizations import changes
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import clock


@dataclass(frozen=True)
class Correction:
    """New values for one event; what is left out stays as it was."""

    event: StageEvent
    happened_on: date
    facts: dict = field(default_factory=dict)


@transaction.atomic
def correct_events(*, candidate: Candidate, corrections: list[Correction], reason: str, version: int, by) -> None:
    """Replace events by corrected ones, together, so that dates which only make sense together go in one form.

    The past may be put right at any stage: what is asked is a legal walk, real dates, complete facts and true votes.
    Raises Refused, naming the later step a correction would break.
    """
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    live = {event.pk: event for event in live_events(candidate)}
    found = _reason(reason)
    if not corrections:
        found.append(Refusal("nothing", "Chưa chọn bước nào để sửa.", who="Đánh dấu bước cần sửa"))
    for correction in corrections:
        found += may_correct(live.get(correction.event.pk), by, list(live.values()))
        found += _four_eyes(candidate, Step(correction.event.step), by)
    if found:
        raise Refused(found)
    new = {}
    for correction in corrections:
        event = live[correction.event.pk]
        facts = clean_facts(Step(event.step), event.facts | correction.facts)
        facts |= {mark: event.facts[mark] for mark in MARKS if mark in event.facts}
        new[event.pk] = Past(
            Step(event.step), correction.happened_on, event.unit_id, facts, event.place, by.pk, event.pk
        )
    units = {event.unit_id: pure_unit(event.unit) for event in live.values()}
    walk = order([new.get(event.pk) or past(event) for event in live.values()])
    check_walk(candidate, walk, units, set(new), by)
    _check_taken_over(walk)
    with changes.recording(by=by, action="candidate.correct", reason=reason, subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": candidate.version - 1})
        for key, event in new.items():
            old = live[key]
            end(old, log)
            append(
                candidate,
                log,
                step=event.step,
                happened_on=event.happened_on,
                by=by,
                unit=old.unit,
                facts=dict(event.facts),
                place=old.place,
                replaces=old,
                reason=reason,
                snapshot=old.snapshot,
                **_verdict(candidate, walk, event, units, old),
            )
            if event.step == Step.STRUCK_OFF:
                readmission.follow_striking_off(candidate, event.happened_on, log)
        _rebuild(candidate, log)


def _verdict(candidate: Candidate, walk: list[Past], event: Past, units, old: StageEvent) -> dict:
    """The conditions judged anew when a day or fact they read changes: not refused by them, but it says so.

    Where nothing was judged (a step taken over from paper) nothing is judged now.
    """
    judged = ("happened_on", *rulebook.JUDGED_FACTS)
    was = old.facts | {"happened_on": old.happened_on}
    now = event.facts | {"happened_on": event.happened_on}
    same = all(was.get(key) == now.get(key) for key in judged)
    if event.step not in rulebook.GATES_OF or not old.rule_set or same:
        return {"rule_set": old.rule_set, "verdict": old.verdict}
    before = tuple(one for one in walk if (one.happened_on, one.place) < (event.happened_on, event.place))
    rules = rule_book()
    record = record_of(candidate, before, rules["book"].on(event.happened_on))
    return verdict_of(as_recorded(Story(before, units, record), event, rules))


def _reason(reason: str) -> list[Refusal]:
    if len(reason.strip()) < 10:
        return [Refusal("missing", "Lý do sửa cần ít nhất 10 ký tự.", "reason", who="Người sửa ghi rõ lý do")]
    return []


def may_correct(event: StageEvent | None, by, live: list[StageEvent]) -> list[Refusal]:
    """Whoever may take the step at its unit may correct it, and so may the Board. Costs no query beyond the scope."""
    if event is None:
        return [Refusal("gone", "Bước này vừa được người khác sửa. Hãy mở lại trang.")]
    if event.step == Step.TRAINED:
        return [Refusal("elsewhere", "Ngày và số giấy chứng nhận được sửa ở trang kết quả lớp học.")]
    before = [row for row in live if (row.happened_on, row.place) < (event.happened_on, event.place)]
    came_from = before[-1].unit if before else event.unit
    between = (came_from.grassroots_id or came_from.pk) != (event.unit.grassroots_id or event.unit.pk)
    stage = Stage(event.from_stage) if event.from_stage else None
    allowed = gates.rights_for(Step(event.step), stage, between_units=between)
    if event.facts.get("delegated"):
        allowed = ()  # two persons took it: the Board, which confirmed it, puts it right
    if any(may_in(by, right, event.unit) for right in {*allowed, Permission.STEP_BOARD}):
        return []
    return [
        Refusal(
            "wrong_role",
            f"Tài khoản đang dùng không có quyền sửa bước “{Step(event.step).label}”.",
            who=gates.who_may(allowed or (Permission.STEP_BOARD,)),
        )
    ]


def _four_eyes(candidate: Candidate, step: Step, by) -> list[Refusal]:
    """Whoever may not take the step may not rewrite or take it back either; the head of the Board may when alone."""
    actor = actor_for(candidate, by, step=step)
    if not (actor.prepared or actor.appraised) or step in actor.alone_for:
        return []
    return [
        Refusal(
            "four_eyes",
            f"Người đã nhập, sửa hoặc thẩm định hồ sơ này không được sửa, rút bước “{step.label}”.",
            who="Một cán bộ khác của Ban Tổ chức",
        )
    ]


def check_walk(candidate, walk: list[Past], units, corrected: set[int], by) -> None:
    """Refuse a correction that breaks a later step, naming it, or that is untrue in itself."""
    today = clock.today()
    actor = Actor(frozenset(STEP_RIGHTS), key=by.pk, confirmed=True)
    rules = rule_book() if any(event.step == Step.EXTENDED for event in walk) else {}
    for index, event in enumerate(walk):
        asked = gates.RECORD_GATES if event.key in corrected else gates.LATER_GATES
        story = Story(tuple(walk[:index]), units, Record(candidate.birth))
        attempt = Attempt(story, event.step, event.happened_on, event.facts, today, actor, units[event.unit], **rules)
        try:
            found = [refusal for gate in asked for refusal in gate(attempt)]
        except IllegalWalk:
            continue  # said below, in the order of the walk
        if found and event.key in corrected:
            raise Refused([_without_offer(refusal) for refusal in found])
        if found:
            raise Refused([_breaks(event, refusal) for refusal in found])
    try:
        standings = replay(walk, units)
    except IllegalWalk as broken:
        raise Refused([_breaks(broken.event, refusal) for refusal in broken.refusals]) from broken
    _check_units(walk, standings, corrected)


def _check_taken_over(walk: list[Past]) -> None:
    """What was taken over from paper begins on the day of its decision: nobody stood with the Board in between."""
    days = {event.step: event.happened_on for event in walk if event.facts.get(BACKFILLED)}
    if Step.BACKFILLED in days and days.get(Step.DECIDED, days[Step.BACKFILLED]) != days[Step.BACKFILLED]:
        message = "Bước nhập bù mang ngày của quyết định kết nạp."
        raise Refused([Refusal("not_of_the_decision", message, "happened_on", who="Sửa cả hai bước trong một lần")])


def _breaks(event: Past, refusal: Refusal) -> Refusal:
    label, day = Step(event.step).label, f"{event.happened_on:%d/%m/%Y}"
    return replace(
        refusal,
        code="breaks_later_step",
        message=f"Sửa như vậy thì bước “{label}” ngày {day} không còn hợp lệ: {refusal.message}",
        field="",
        who="Sửa cả hai bước trong cùng một lần",
    )


def _without_offer(refusal: Refusal) -> Refusal:
    """The step that fits cannot be taken while this one stands: the way to it is said in words."""
    if refusal.offer is None:
        return refusal
    way = f"Nếu văn bản đúng là như vậy: rút bước này, rồi ghi “{Step(refusal.offer).label}”"
    return replace(refusal, offer=None, who=way)


def _check_units(walk: list[Past], standings, corrected: set[int]) -> None:
    """A move may not slip before a step that happened in the unit moved from: its figures would change hands."""
    slipped = [
        event
        for event, standing in zip(walk, standings, strict=True)
        if standing.unit != event.unit and event.key not in corrected
    ]
    if slipped:
        raise Refused(
            [
                Refusal(
                    "moved_before_step",
                    f"Sửa như vậy thì bước “{Step(event.step).label}” ngày {event.happened_on:%d/%m/%Y} "
                    "đã ghi ở đơn vị cũ lại nằm sau ngày chuyển đơn vị.",
                    "happened_on",
                    who="Sửa cả hai bước trong cùng một lần",
                )
                for event in slipped
            ]
        )


def _rebuild(candidate: Candidate, log: changes.Log) -> None:
    """Refuse in words when the person would hold an identity number that somebody else was given meanwhile."""
    try:
        with transaction.atomic():
            rebuild(candidate, log)
    except IntegrityError:
        message = "Số định danh của người này nay đã ghi cho một hồ sơ khác đang được theo dõi."
        raise Refused([Refusal("same_number", message, who="Ban Tổ chức đối chiếu hai hồ sơ trước")]) from None


@transaction.atomic
def withdraw_last(*, candidate: Candidate, event: StageEvent, reason: str, version: int, by) -> None:
    """Take back the last live event (entered by mistake). Without any event left the person is withdrawn.

    Whoever was never a candidate takes no place in a class either.
    """
    # Classes are held before people, as everywhere: their places are counted under this lock.
    classes = TrainingClass.objects.filter(enrolments__in=_open_enrolments(candidate)).values("pk")
    held = list(
        TrainingClass.objects.select_for_update(of=("self",))
        .select_related("kind")
        .filter(pk__in=classes)
        .order_by("pk")
    )
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    live = live_events(candidate)
    found = _reason(reason)
    last = live[-1] if live else None
    if last is None or last.pk != event.pk:
        found.append(
            Refusal("not_last", "Chỉ rút được bước cuối cùng.", who="Rút lần lượt từ bước cuối, hoặc sửa bước này")
        )
    else:
        found += may_correct(last, by, live) + _four_eyes(candidate, Step(last.step), by)
        found += _back_in_a_closed_unit(last, live)
        found += _followed_again(candidate, last)
        found += _holds_another(candidate, live)
    if found:
        raise Refused(found)
    with changes.recording(by=by, action="candidate.withdraw", reason=reason, subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": candidate.version - 1})
        append(
            candidate,
            log,
            step=last.step,
            happened_on=last.happened_on,
            by=by,
            unit=last.unit,
            place=last.place,
            replaces=last,
            is_void=True,
            reason=reason,
        )
        _rebuild(candidate, log)
        places = [event.place for event in live[:-1]]
        if last.step in (Step.APPRAISED, Step.RETURNED):
            appraisal.undo(candidate, places, log)
        if last.step in sessions.STEPS:
            sessions.undo(candidate, last.place, log)
        if len(live) == 1:
            _leave_classes(candidate, held, log)


def _back_in_a_closed_unit(last: StageEvent, live: list[StageEvent]) -> list[Refusal]:
    """Taking back a move returns the person to the unit they left: it must still be there."""
    if last.step != Step.MOVED or pure_unit(live[-2].unit).is_open_on(clock.today()):
        return []
    return [
        Refusal(
            "unit_closed",
            f"{live[-2].unit.name} đã kết thúc hoạt động nên không đưa người này trở lại được.",
            who="Sửa bước chuyển, hoặc chuyển đến đơn vị kế thừa",
        )
    ]


def _followed_again(candidate: Candidate, last: StageEvent) -> list[Refusal]:
    """Nobody is followed in two records: while the record of a re-admission stands, the striking off stands."""
    again = getattr(candidate, "again", None)
    if last.step != Step.STRUCK_OFF or again is None or again.status == Status.WITHDRAWN:
        return []
    message = "Người này đã có hồ sơ kết nạp lại nên không rút được bước xóa tên."
    return [Refusal("again", message, who="Rút hồ sơ kết nạp lại trước, nếu hồ sơ đó ghi nhầm")]


def _holds_another(candidate: Candidate, live: list[StageEvent]) -> list[Refusal]:
    """A record that another one was merged into is the only one of that person."""
    if len(live) > 1 or not candidate.merged.exists():
        return []
    message = "Đã có hồ sơ khác gộp vào hồ sơ này nên không rút được: người này sẽ không còn được theo dõi."
    return [Refusal("merged", message, who="Ban Tổ chức xem lại kết quả đối chiếu")]


def _open_enrolments(candidate: Candidate):
    """Classes the person has no result of."""
    return candidate.enrolments.filter(state__in=(State.NOMINATED, State.WAITING, State.ENROLLED))


def _leave_classes(candidate: Candidate, held: list[TrainingClass], log: changes.Log) -> None:
    """Whoever was entered by mistake leaves the classes they have no result of; the next of each takes the place."""
    for enrolment in _open_enrolments(candidate).select_related("training_class"):
        before = changes.state(enrolment)
        has_attended = enrolment.state == State.ENROLLED and enrolment.training_class.has_begun
        enrolment.state = State.DROPPED if has_attended else State.WITHDRAWN
        enrolment.reason, enrolment.version = "Hồ sơ nhập nhầm đã rút", enrolment.version + 1
        enrolment.save(update_fields=["state", "reason", "version"])
        log.updated(enrolment, before)
    for training_class in held:
        if clock.today() <= training_class.from_on:
            move_up(training_class, log)
