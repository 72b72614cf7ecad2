"""Papers of a dossier as the unit keeps them, and the unit's answers to points that were returned."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from candidates.actions.actors import lies_with_the_board
from candidates.actions.events import Refused, live_events
from candidates.dossier import Source, State
from candidates.models import Candidate, DossierForm, DossierItem
from candidates.papers import points_of
from candidates.pipeline import STAGES, Refusal, Stage, Status, Step
from organizations import changes
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.dates import PartialDate, show_day

SHORTEST_ANSWER = 5
BEFORE_THE_BOARD = STAGES[: STAGES.index(Stage.SUBMITTED)]
OF_RECOGNITION = (Step.RECOGNITION_PROPOSED, Step.RECOGNITION_COMMITTEE_PASSED, Step.OFFICIAL)
BY_THE_UNIT = (State.MISSING, State.HANDWRITING, State.IN)
MOST_COPIES = 9
ON_THE_PAPER = ("document", "dated_on", "name_on_paper", "birth_on_paper")


@dataclass(frozen=True)
class PaperValues:
    """One paper as typed. Name and birth only where the paper says something else than the record."""

    form: DossierForm
    copy: int
    state: State
    document: str = ""
    dated_on: date | None = None
    name: str = ""
    birth: PartialDate | None = None


def save_dossier(
    *,
    candidate: Candidate,
    papers: Collection[PaperValues] = (),
    answers: Mapping[int, str] | None = None,
    version: int,
    by,
) -> tuple[int, int]:
    """Record papers and answer returned points in one go: how many of each changed. Raises Conflict, or Refused.

    A paper that changes is to be looked at anew: what the appraisal said of the older one does not hold for it.
    """
    try:
        with transaction.atomic():
            return _save_dossier(candidate, papers, answers or {}, version, by)
    except _NothingChanged:
        candidate.version = version
        return 0, 0


class _NothingChanged(Exception):
    """Takes the claim back: whoever looked and saved has changed no fact of the dossier."""


def _save_dossier(candidate: Candidate, papers: Collection, answers: Mapping, version: int, by) -> tuple[int, int]:
    candidate = _claimed(candidate, version, by)
    waiting = _waiting(candidate) if answers else {}
    found = [refusal for values in papers for refusal in _against(values, candidate, by)] + _against_answers(
        answers, waiting
    )
    if found:
        raise Refused(found)
    with changes.recording(by=by, action="candidate.papers", subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": version})
        kept = {(row.form_id, row.copy): row for row in candidate.papers.all()}
        touched = sum(_save(candidate, kept.get((values.form.pk, values.copy)), values, log) for values in papers)
    with changes.recording(by=by, action="candidate.answer", subject=candidate) as log:
        answered = sum(_answer(waiting[pk], words, by, log) for pk, words in answers.items())
    if not touched and not answered:
        raise _NothingChanged
    return touched, answered


def _claimed(candidate: Candidate, version: int, by) -> Candidate:
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    if not may_in(by, Permission.CANDIDATE_EDIT, candidate.unit):
        raise PermissionDenied
    if found := held_back(candidate, by):
        raise Refused(found)
    return candidate


def held_back(candidate: Candidate, by) -> list[Refusal]:
    """Why this user may not touch the papers now: the dossier lies with the Board, or nobody is followed."""
    if candidate.status in (Status.WAITING, Status.WITHDRAWN):
        return [Refusal("not_followed", "Hồ sơ này không được theo dõi nên không ghi giấy tờ được.")]
    if lies_with_the_board(candidate, by):
        who = "Ban Tổ chức trả lại hồ sơ, hoặc ghi giúp"
        return [Refusal("at_the_board", "Hồ sơ đang ở Ban Tổ chức nên đơn vị không sửa giấy tờ được.", who=who)]
    return []


def is_closed(needed_for: str, candidate: Candidate, by) -> bool:
    """Whether a paper is no longer the unit's to change: those of admission, once the dossier has left it."""
    if needed_for in OF_RECOGNITION or candidate.stage in BEFORE_THE_BOARD:
        return False
    return not may_in(by, Permission.STEP_BOARD, candidate.unit)


def _against(values: PaperValues, candidate: Candidate, by) -> list[Refusal]:
    words, found = f"{values.form.code or values.form.name}", []
    if is_closed(values.form.needed_for, candidate, by):
        who = "Ban Tổ chức ghi giúp"
        found.append(Refusal("closed", f"{words}: hồ sơ kết nạp đã gửi đi nên đơn vị không sửa được.", who=who))
    if values.form.source != Source.PAPER or not values.form.is_active:
        found.append(Refusal("no_such_form", f"{words}: biểu này không ghi ở trang hồ sơ."))
    if values.state not in BY_THE_UNIT:
        found.append(Refusal("bad_state", f"{words}: tình trạng này do Ban Tổ chức ghi khi thẩm định."))
    if not 1 <= values.copy <= MOST_COPIES:
        found.append(Refusal("bad_copy", f"{words}: số thứ tự bản không hợp lệ."))
    if values.dated_on and values.dated_on > clock.today():
        found.append(Refusal("in_future", f"{words}: ngày {show_day(values.dated_on)} chưa đến."))
    if values.state == State.MISSING and (values.document or values.dated_on):
        message = f"{words}: “{State.MISSING.label}” thì xóa số và ngày; đã có giấy thì chọn “{State.IN.label}”."
        found.append(Refusal("missing_with_number", message, who="Chọn lại tình trạng, hoặc xóa số và ngày ở dòng đó"))
    return found


def _save(candidate: Candidate, row: DossierItem | None, values: PaperValues, log: changes.Log) -> bool:
    """Whether anything changed. Nothing is written for a paper that is not there and never was."""
    if row is None and values.state == State.MISSING:
        return False
    is_new = row is None
    row = row or DossierItem(candidate=candidate, form=values.form, copy=values.copy)
    before = changes.state(row)
    row.document, row.dated_on = vietnamese.clean(values.document), values.dated_on
    row.name_on_paper, row.birth_on_paper = "", None
    if values.state == State.IN:  # what the record says now, where nobody said that the paper differs
        row.name_on_paper = vietnamese.clean(values.name) or candidate.full_name
        row.birth_on_paper = values.birth or candidate.birth
    same = all(before[name] == getattr(row, name) for name in ON_THE_PAPER)
    # "Đã có" of a paper the appraisal accepted keeps what it said; of one it returned it means a new one is there.
    if not (before["state"] == State.ACCEPTED and values.state == State.IN and same):
        row.state = values.state
    if not is_new and same and row.state == before["state"]:
        return False
    row.changed_at = timezone.now()
    row.save()
    log.created(row) if is_new else log.updated(row, before)
    return True


def _waiting(candidate: Candidate) -> dict:
    """The points that are open, by id."""
    return {point.pk: point for point in points_of(candidate, [event.place for event in live_events(candidate)]).open}


def _against_answers(answers: Mapping[int, str], waiting: dict) -> list[Refusal]:
    found = []
    for pk, words in answers.items():
        if pk not in waiting:
            found.append(Refusal("gone", "Có điểm đã được xử lý ở lần khác. Hãy mở lại trang."))
        elif not words and waiting[pk].answer:
            pass  # taken back: the point is open again
        elif len(vietnamese.clean_lines(words)) < SHORTEST_ANSWER:
            message = f"Ghi đã bổ sung thế nào, ít nhất {SHORTEST_ANSWER} ký tự."
            found.append(Refusal("too_short", message, f"answer-{pk}", who="Người nhập ghi rõ"))
    return found


def _answer(point, words: str, by, log: changes.Log) -> bool:
    words = vietnamese.clean_lines(words)
    if point.answer == words:
        return False
    before = changes.state(point)
    point.answer, point.answered_by, point.answered_at = words, by if words else None, timezone.now() if words else None
    point.save(update_fields=["answer", "answered_by", "answered_at"])
    log.updated(point, before)
    return True
