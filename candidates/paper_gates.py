"""What the rules ask of the papers: fresh when the branch meets, complete when the dossier leaves the unit. Pure.

Sources: domain.md 1.4 (papers older than 12 months), 1.6 (the catalogue). Which papers go stale was not read in any
regulation: the catalogue says it, and the Board keeps the catalogue.
"""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from candidates.clocks import Clock, running
from candidates.dossier import CONSIDERED, Form, stale
from candidates.judged import Judged, Outcome
from candidates.pipeline import Stage, Step
from candidates.rules import OPEN_CITATION, Rules
from vuthu_recruit.dates import months_after, show_day

if TYPE_CHECKING:
    from candidates.gates import Attempt

UNIT_REDOES = "Chi bộ làm lại các giấy tờ này rồi họp xét"


def fresh(attempt: "Attempt", rules: Rules) -> Judged | None:
    """Papers the branch did not consider within 12 months are redone before it meets (domain.md 1.4)."""
    dossier, day, months = attempt.story.record.dossier, attempt.happened_on, rules["papers_months"]
    if dossier is None:
        return None
    considered = [event.happened_on for event in attempt.story.events if event.step in CONSIDERED]
    found = stale(dossier, day, considered, months)
    given = {"required": f"không quá {months} tháng khi chi bộ họp xét", "citation": rules.cite("papers")}
    if found.redo:
        names = _dated(found.redo)
        message = f"Giấy tờ đã quá {months} tháng, phải làm lại: {names}."
        return Judged("papers", Outcome.NOT_MET, message, found=names, who=UNIT_REDOES, **given)
    if found.supplement:
        names = _dated(found.supplement)
        message = f"Giấy tờ đã quá {months} tháng, bổ sung nếu có thay đổi: {names}."
        return Judged("papers", Outcome.WARNING, message, found=names, who="Đơn vị rà lại, bổ sung", **given)
    since = _since(attempt)
    if since and day > months_after(since, months) and (found.undated or not dossier.is_kept):
        names = ", ".join(form.words for form in found.undated) or "các giấy tờ"
        message = f"Hồ sơ lập đã quá {months} tháng; chưa ghi ngày của {names} nên chưa xét được có phải làm lại không."
        told = given | {"found": f"hồ sơ từ ngày {show_day(since)}"}
        return Judged("papers", Outcome.WARNING, message, who="Đơn vị ghi ngày ở trang hồ sơ", **told)
    return Judged("papers", Outcome.MET, "Giấy tờ trong hồ sơ còn giá trị.", **given)


def _since(attempt: "Attempt") -> date | None:
    """Since when the papers wait for the branch."""
    events = attempt.story.events
    found = running(Stage.DOSSIER, events) if events else None
    return found.since if found and found.clock == Clock.PAPERS else None


def _dated(rows: tuple[tuple[Form, date], ...]) -> str:
    return ", ".join(f"{form.words} ngày {show_day(day)}" for form, day in rows)


def due(attempt: "Attempt", rules: Rules) -> Judged | None:
    """What is missing while the branch and the committee meet: they may, but the dossier cannot be sent so."""
    record = attempt.story.record
    if record.dossier is None or not record.dossier.is_kept:
        return None
    missing = replace(record.dossier, stage=attempt.story.standing.stage).missing()
    if not missing:
        return None
    names = ", ".join(form.words for form in missing)
    message = f"Hồ sơ còn thiếu: {names}. Vẫn ghi được bước này, nhưng chưa gửi hồ sơ đi được."
    given = {"required": "đủ giấy tờ của bước này và các bước trước", "citation": OPEN_CITATION}
    return Judged("due_papers", Outcome.WARNING, message, found=names, who="Đơn vị bổ sung hồ sơ", **given)


def complete(attempt: "Attempt", rules: Rules) -> Judged | None:
    """Nothing missing and no returned point unanswered when the dossier is sent and when it is appraised.

    Where nobody recorded a single paper nothing is known to be missing: that is a warning.
    """
    record = attempt.story.record
    if record.dossier is None:
        return None
    dossier, points = replace(record.dossier, stage=attempt.story.standing.stage), record.open_points
    given = {"required": "đủ giấy tờ của bước này và các bước trước", "citation": OPEN_CITATION}
    if points and attempt.step == Step.SUBMITTED:
        message = f"Còn {len(points)} điểm bị trả lại chưa ghi đã bổ sung."
        who = "Đơn vị ghi đã bổ sung thế nào ở trang hồ sơ"
        given |= {"found": "; ".join(points)[:300], "required": "mọi điểm bị trả lại đã được bổ sung"}
        return Judged("dossier", Outcome.NOT_MET, message, who=who, **given)
    if not dossier.is_kept:
        message = "Chưa ghi giấy tờ nào ở trang hồ sơ nên chưa xét được hồ sơ đã đủ hay chưa."
        return Judged("dossier", Outcome.WARNING, message, who="Đơn vị ghi giấy tờ ở trang hồ sơ", **given)
    missing = dossier.missing()
    if missing:
        names = ", ".join(form.words for form in missing)
        message = f"Hồ sơ còn thiếu: {names}."
        return Judged("dossier", Outcome.NOT_MET, message, found=names, who="Đơn vị bổ sung hồ sơ", **given)
    return Judged("dossier", Outcome.MET, "Hồ sơ đủ giấy tờ.", **given)
