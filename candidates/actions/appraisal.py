"""One round of appraisal: the checklist answered, then the dossier passed on or returned with every point."""

from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from candidates.actions.events import Refused, live_events, record_step
from candidates.dossier import Source, State
from candidates.models import Appraisal, AppraisalQuestion, Candidate, DossierForm, ReturnedPoint
from candidates.models.dossier import SHORTEST_REASON
from candidates.papers import Points, points_of
from candidates.pipeline import REASON, Refusal, Step
from organizations import changes
from organizations.versions import claim
from vuthu_recruit import vietnamese

NO_REDO = "Chưa chọn phải làm lại từ bước nào."
LONGEST_SUMMARY = 1000


@dataclass(frozen=True)
class Returned:
    """A point to send back: of a question, of an older point that is still open, or of its own."""

    reason: str
    form: DossierForm | None = None
    question: AppraisalQuestion | None = None
    again: int | None = None  # the open point it repeats
    field: str = ""  # of the page, for what is wrong with it


@dataclass(frozen=True)
class Findings:
    """What the appraiser found: questions answered "đạt", open points accepted, points to return."""

    passed: tuple[AppraisalQuestion, ...] = ()
    accepted: tuple[int, ...] = ()
    returned: tuple[Returned, ...] = ()


@transaction.atomic
def appraise(
    *,
    candidate: Candidate,
    findings: Findings,
    asked: list[AppraisalQuestion],
    happened_on: date | None,
    version: int,
    by,
    document: str = "",
    note: str = "",
    override: str = "",
) -> Appraisal:
    """The dossier is right: every question asked is answered, every returned point accepted. Raises Refused."""
    candidate, points = _opened(candidate, version)
    found = _unanswered(findings, asked, points, by)
    facts = {"document": document, "note": note} | ({"override": override} if override else {})
    event = _step(candidate, Step.APPRAISED, happened_on, facts, by, found)
    return _write(candidate, event, findings, points, by, is_passed=True)


@transaction.atomic
def return_dossier(
    *, candidate: Candidate, findings: Findings, redo_from: str, happened_on: date | None, version: int, by
) -> Appraisal:
    """Send the dossier back with at least one point, each with its reason, and where work resumes. Raises Refused."""
    candidate, points = _opened(candidate, version)
    found = _against_points(findings, points)
    facts = {"redo_from": redo_from, "reason": summary(findings.returned)}
    event = _step(candidate, Step.RETURNED, happened_on, facts, by, found)
    return _write(candidate, event, findings, points, by, is_passed=False)


def summary(returned: tuple[Returned, ...]) -> str:
    """All points in one text, as lists and the home page show it."""
    if not returned:
        return ""
    lines = [f"{row.form.code or row.form.name}: {row.reason}" if row.form else row.reason for row in returned]
    words = lines[0] if len(lines) == 1 else " ".join(f"({place}) {line}" for place, line in enumerate(lines, 1))
    return words if len(words) <= LONGEST_SUMMARY else words[: LONGEST_SUMMARY - 1].rstrip() + "…"


def _opened(candidate: Candidate, version: int) -> tuple[Candidate, Points]:
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    return candidate, points_of(candidate, [event.place for event in live_events(candidate)])


def _step(candidate: Candidate, step: Step, happened_on, facts: dict, by, found: list[Refusal]):
    """Every reason at once: what is wrong with the findings beside what speaks against the step."""
    try:
        with transaction.atomic():
            event = record_step(candidate=candidate, step=step, happened_on=happened_on, facts=facts, by=by)
    except Refused as refused:
        # Without a point there is no summary: that a reason is missing is said once.
        told = [one for one in refused.refusals if not (found and one.field == REASON.key)]
        told = [replace(one, message=NO_REDO) if one.field == "redo_from" else one for one in told]
        raise Refused([*found, *told]) from None
    if found:
        raise Refused(found)
    return event


def _unanswered(findings: Findings, asked: list[AppraisalQuestion], points: Points, by) -> list[Refusal]:
    found = []
    if findings.returned:
        message = f"Có {len(findings.returned)} điểm đánh dấu trả lại nên không ghi thẩm định đạt được."
        found.append(Refusal("points", message, who="Chọn “Trả lại hồ sơ”, hoặc sửa các điểm đó"))
    answered = {question.pk for question in findings.passed} | {
        row.question.pk for row in findings.returned if row.question
    }
    missing = [question for question in asked if question.pk not in answered]
    if missing:
        message = f"Còn {len(missing)} trong {len(asked)} nội dung chưa kiểm tra."
        found.append(Refusal("unanswered", message, required="trả lời mọi nội dung", who="Người thẩm định"))
    taken = set(findings.accepted) | {row.again for row in findings.returned}
    waiting = [point for point in points.open if point.pk not in taken]
    if waiting:
        message = f"Còn {len(waiting)} điểm trả lại lần trước chưa kết luận."
        found.append(Refusal("open_points", message, f"p-{waiting[0].pk}", who="Người thẩm định"))
    own = [point for point in points.open if point.pk in findings.accepted and point.answered_by_id == by.pk]
    if own:
        message = "Người đã ghi bổ sung thay đơn vị không tự thẩm định điểm đó."
        found.append(Refusal("four_eyes", message, f"p-{own[0].pk}", who="Một cán bộ khác của Ban Tổ chức"))
    return found


def _against_points(findings: Findings, points: Points) -> list[Refusal]:
    found = []
    if not findings.returned:
        who = "Đánh dấu điểm cần bổ sung, ghi lý do"
        found.append(Refusal("no_points", "Chưa đánh dấu điểm nào cần bổ sung.", who=who))
    for row in findings.returned:
        if len(vietnamese.clean_lines(row.reason)) < SHORTEST_REASON:
            message = f"Lý do trả lại cần ít nhất {SHORTEST_REASON} ký tự."
            found.append(Refusal("too_short", message, row.field, found=row.reason, who="Người thẩm định ghi rõ"))
    known = {point.pk for point in points.open}
    if any(pk not in known for pk in (*findings.accepted, *(row.again for row in findings.returned if row.again))):
        found.append(Refusal("gone", "Có điểm đã được xử lý ở lần khác. Hãy mở lại trang."))
    return found


def _write(candidate: Candidate, event, findings: Findings, points: Points, by, *, is_passed: bool) -> Appraisal:
    """The round, its points, and what it means for each paper."""
    last = max((row.round for row in points.rounds), default=0)
    with changes.recording(by=by, action="candidate.appraise", subject=candidate) as log:
        appraisal = Appraisal(
            candidate=candidate,
            round=last + 1,
            place=event.place,
            is_passed=is_passed,
            answers=[{"question": row.key, "text": row.text} for row in findings.passed],
            by=by,
        )
        appraisal.save(force_insert=True)
        log.created(appraisal)
        _settle(findings, points, appraisal, log)
        older = {point.pk: point for point in points.open}
        forms = [older[row.again].form if row.again else row.form for row in findings.returned]
        returned = {form.pk for form in forms if form}
        _mark_papers(candidate, returned, is_passed=is_passed, log=log)
    return appraisal


def _settle(findings: Findings, points: Points, appraisal: Appraisal, log: changes.Log) -> None:
    waiting = {point.pk: point for point in points.open}
    for pk in findings.accepted:
        point, before = waiting[pk], changes.state(waiting[pk])
        point.accepted_in = appraisal
        point.save(update_fields=["accepted_in"])
        log.updated(point, before)
    for row in findings.returned:
        older = waiting.get(row.again)
        point = ReturnedPoint(
            appraisal=appraisal,
            form=older.form if older else row.form,
            question=older.question if older else row.question.key if row.question else "",
            asked=older.asked if older else row.question.text if row.question else "",
            reason=vietnamese.clean_lines(row.reason),
            previous=older,
        )
        point.save(force_insert=True)
        log.created(point)


def _mark_papers(candidate: Candidate, returned: set[int], *, is_passed: bool, log: changes.Log) -> None:
    """Papers of a returned point are returned; when the dossier passes, those that are there are accepted."""
    for row in candidate.papers.select_related("form"):
        is_back = row.form_id in returned and row.state in (State.IN, State.ACCEPTED)
        is_fine = is_passed and row.state == State.IN
        if not (is_back or is_fine) or row.form.source != Source.PAPER:
            continue
        before = changes.state(row)
        row.state = State.RETURNED if is_back else State.ACCEPTED
        row.save(update_fields=["state"])
        log.updated(row, before)


def undo(candidate: Candidate, places: list[int], log: changes.Log) -> None:
    """After a round was taken back: papers stand as the last round that is left says."""
    rounds = points_of(candidate, places).rounds
    is_passed = bool(rounds) and rounds[-1].is_passed
    for row in candidate.papers.filter(state__in=(State.RETURNED, State.ACCEPTED)):
        before = changes.state(row)
        row.state = State.ACCEPTED if is_passed else State.IN
        row.save(update_fields=["state"])
        log.updated(row, before)
