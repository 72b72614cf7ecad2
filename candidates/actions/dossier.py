"""Papers of a dossier as the unit keeps them, and the unit's answers to points that were returned."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from candidates.actions.events import Refused, live_events
from candidates.dossier import Source, State
from candidates.models import Candidate, DossierForm, DossierItem
from candidates.papers import points_of
from candidates.pipeline import Refusal, Stage, Status
from organizations import changes
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.dates import PartialDate, show_day

SHORTEST_ANSWER = 5
AT_THE_BOARD = (Stage.SUBMITTED, Stage.APPRAISED)
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


@transaction.atomic
def save_papers(*, candidate: Candidate, papers: list[PaperValues], version: int, by) -> int:
    """Record several papers in one go; how many rows changed. Raises Conflict, or Refused with every reason.

    A paper that changes is to be looked at anew: what the appraisal said of the older one does not hold for it.
    """
    candidate = _claimed(candidate, version, by)
    found = [refusal for values in papers for refusal in _against(values)]
    if found:
        raise Refused(found)
    kept = {(row.form_id, row.copy): row for row in candidate.papers.all()}
    with changes.recording(by=by, action="candidate.papers", subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": version})
        touched = [_save(candidate, kept.get((values.form.pk, values.copy)), values, log) for values in papers]
    return sum(touched)


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
    at_board = candidate.stage in AT_THE_BOARD and candidate.status != Status.RETURNED
    if at_board and not may_in(by, Permission.STEP_BOARD, candidate.unit):
        who = "Ban Tổ chức trả lại hồ sơ, hoặc ghi giúp"
        return [Refusal("at_the_board", "Hồ sơ đang ở Ban Tổ chức nên đơn vị không sửa giấy tờ được.", who=who)]
    return []


def _against(values: PaperValues) -> list[Refusal]:
    words, found = f"{values.form.code or values.form.name}", []
    if values.form.source != Source.PAPER or not values.form.is_active:
        found.append(Refusal("no_such_form", f"{words}: biểu này không ghi ở trang hồ sơ."))
    if values.state not in BY_THE_UNIT:
        found.append(Refusal("bad_state", f"{words}: tình trạng này do Ban Tổ chức ghi khi thẩm định."))
    if not 1 <= values.copy <= MOST_COPIES:
        found.append(Refusal("bad_copy", f"{words}: số thứ tự bản không hợp lệ."))
    if values.dated_on and values.dated_on > clock.today():
        found.append(Refusal("in_future", f"{words}: ngày {show_day(values.dated_on)} chưa đến."))
    if values.state == State.MISSING and (values.document or values.dated_on):
        message = f"{words}: đã ghi số hoặc ngày thì chọn “{State.IN.label}”."
        found.append(Refusal("missing_with_number", message, who="Chọn lại tình trạng, hoặc xóa số và ngày"))
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
    row.save()
    log.created(row) if is_new else log.updated(row, before)
    return True


@transaction.atomic
def answer_points(*, candidate: Candidate, answers: dict[int, str], version: int, by) -> int:
    """The unit says of each returned point how it was put right; how many were answered or reworded."""
    candidate = _claimed(candidate, version, by)
    places = [event.place for event in live_events(candidate)]
    waiting = {point.pk: point for point in points_of(candidate, places).open}
    found, done = [], 0
    for pk, words in answers.items():
        if pk not in waiting:
            found.append(Refusal("gone", "Điểm này đã được xử lý. Hãy mở lại trang."))
        elif len(vietnamese.clean_lines(words)) < SHORTEST_ANSWER:
            message = f"Ghi đã bổ sung thế nào, ít nhất {SHORTEST_ANSWER} ký tự."
            found.append(Refusal("too_short", message, f"answer-{pk}", who="Người nhập ghi rõ"))
    if found:
        raise Refused(found)
    with changes.recording(by=by, action="candidate.answer", subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": version})
        for pk, words in answers.items():
            point, words = waiting[pk], vietnamese.clean_lines(words)
            if point.answer == words:
                continue
            before = changes.state(point)
            point.answer, point.answered_by, point.answered_at = words, by, timezone.now()
            point.save(update_fields=["answer", "answered_by", "answered_at"])
            log.updated(point, before)
            done += 1
    return done
