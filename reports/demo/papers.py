"""Papers, appraisals and returned points of demo people, consistent with what happened to them.

Whoever was decided long ago has no papers here: their dossiers lay in a cupboard before anybody kept them here. Those
that were once returned have: somebody looked at them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from candidates.dossier import Applies, Dossier, Holder, Source, State, applying
from candidates.models import Appraisal, Candidate, DossierForm, DossierItem, Enrolment, Introducer, ReturnedPoint
from candidates.papers import Known, read_dossier
from candidates.pipeline import Past, Step
from candidates.rules import Rules
from reports.demo.lives import Life

KEPT_DAYS = 500  # papers of people decided within so many days are on record
ANSWER = "Đã bổ sung, ký lại và gửi kèm hồ sơ."
# Which paper a reason of paths.RETURN_REASONS is about; none: the dossier as a whole.
SPEAKS_OF = {
    "Giấy chứng nhận": "cn-ntvd",
    "Giấy giới thiệu": "3-knd",
    "Nghị quyết của đảng ủy": "8-knd",
    "Nghị quyết chi bộ": "6-knd",
    "nhận xét": "5-knd",
    "trong lý lịch": "2-knd",
    "Thiếu bản xác minh": "tham-tra",
}
RECOGNITION = (Step.RECOGNITION_PROPOSED, Step.RECOGNITION_COMMITTEE_PASSED, Step.OFFICIAL)
WRONG_AT = 0.04  # one paper in so many says another name or birth


@dataclass
class Kept:
    """The rows of one dossier."""

    items: list[DossierItem] = field(default_factory=list)
    appraisals: list[Appraisal] = field(default_factory=list)
    points: list[ReturnedPoint] = field(default_factory=list)


class Cupboard:
    """Writes the papers of people; knows the catalogue."""

    def __init__(self, forms: Sequence[DossierForm], today: date):
        self.forms, self.today = tuple(forms), today

    def holder(self, candidate: Candidate, rules: Rules | None, form: str) -> Holder:
        by_body = candidate.is_youth_union_member or candidate.is_trade_union_member
        return Holder(
            name=candidate.full_name,
            birth=candidate.birth,
            in_youth_union=candidate.is_youth_union_member,
            in_trade_union=candidate.is_trade_union_member,
            has_committee=form == "committee",
            introducers=rules["introducers_with_body" if by_body else "introducers"] if rules else 1,
        )

    def fill(self, life: Life, candidate: Candidate, holder: Holder, introducers: Sequence[Introducer]) -> Kept:
        kept = Kept()
        begun, decided = life.day_of(Step.DOSSIER), life.day_of(Step.DECIDED)
        is_old = decided is not None and (self.today - decided).days > KEPT_DAYS
        if begun is None or (is_old and life.day_of(Step.RETURNED) is None):
            return kept
        considered = [one.on for one in life.happenings if one.step in (Step.BRANCH_PASSED, Step.BRANCH_VOTE_FAILED)]
        by = min(considered, default=self.today)
        concerned = {form.key for form in applying((row.form for row in self.forms), holder, "")}
        for row in self.forms:
            if row.source != Source.PAPER or row.key not in concerned or row.applies == Applies.SECTION:
                continue
            if row.needed_for in RECOGNITION:
                kept.items += self._recognition(life, candidate, row)
                continue
            copies = len(introducers) if row.copies == "introducers" else 1
            kept.items += [
                item
                for copy in range(1, copies + 1)
                if (item := self._paper(life.rng, candidate, row, copy, begun, by, whole=bool(considered)))
            ]
        return kept

    def _paper(self, rng: Random, candidate: Candidate, row: DossierForm, copy: int, begun: date, by: date, *, whole):
        """Complete once the branch has met; before that some are missing or still written by hand."""
        luck = rng.random()
        if not whole and luck < 0.25:
            return None
        if not whole and luck < 0.45:
            return DossierItem(candidate=candidate, form=row, copy=copy, state=State.HANDWRITING)
        span = max(0, min((by - begun).days, 150))
        day = by - timedelta(days=rng.randint(0, span))
        if row.key == "2-knd" and candidate.background_checked_on:
            day = candidate.background_checked_on
        number = f"{rng.randint(1, 60):02d}-NQ/ĐTN" if row.key == "4-knd" else ""
        item = DossierItem(
            candidate=candidate, form=row, copy=copy, state=State.IN, document=number, dated_on=day,
            name_on_paper=candidate.full_name, birth_on_paper=candidate.birth,
        )  # fmt: skip
        if not whole and rng.random() < WRONG_AT * 3:
            item.name_on_paper = f"{candidate.full_name} (Bé)"
        return item

    def _recognition(self, life: Life, candidate: Candidate, row: DossierForm) -> list[DossierItem]:
        ceremony, proposed = life.day_of(Step.ADMITTED), life.day_of(Step.RECOGNITION_PROPOSED)
        if ceremony is None or (proposed is None and (self.today - ceremony).days < 330):
            return []
        last = proposed or self.today
        if proposed is None and life.rng.random() < 0.5:
            return []
        day = max(ceremony, last - timedelta(days=life.rng.randint(3, 25)))
        return [
            DossierItem(
                candidate=candidate,
                form=row,
                copy=1,
                state=State.IN,
                dated_on=day,
                name_on_paper=candidate.full_name,
                birth_on_paper=candidate.birth,
            )  # fmt: skip
        ]

    def read(
        self, candidate: Candidate, kept: Kept, holder: Holder, walk: Sequence[Past], enrolments: Sequence[Enrolment],
        rules: Rules | None,
    ) -> Dossier:  # fmt: skip
        known = Known(self.forms, tuple(kept.items))
        held = [row for row in enrolments if row.issued_on]
        return read_dossier(candidate, known, holder=holder, events=walk, enrolments=held, rules=rules)

    def appraise(self, life: Life, candidate: Candidate, events: Sequence, kept: Kept) -> None:
        """A round for each appraisal and each return on record, with the point that was returned."""
        if not kept.items:
            return
        waiting: list[ReturnedPoint] = []
        for event in events:
            if event.step not in (Step.RETURNED, Step.APPRAISED):
                continue
            passed = event.step == Step.APPRAISED
            round_ = Appraisal(
                candidate=candidate, round=len(kept.appraisals) + 1, place=event.place, is_passed=passed,
                by=event.by, at=event.recorded_at,
            )  # fmt: skip
            kept.appraisals.append(round_)
            if passed:
                self._accept(waiting, round_, kept)
                continue
            waiting = [self._point(life, event, round_, kept)]
            kept.points += waiting
            self._answer(life, events, event, waiting[0])

    def _point(self, life: Life, event, round_: Appraisal, kept: Kept) -> ReturnedPoint:
        """On the paper the reason speaks of; that paper is still out while nothing has come after the return."""
        reason = event.facts["reason"]
        key = next((key for words, key in SPEAKS_OF.items() if words in reason), "")
        item = next((one for one in kept.items if one.form.key == key), None)
        if item and life.happenings[-1].step == Step.RETURNED:
            item.state = State.RETURNED
        form = item.form if item else next((one for one in self.forms if one.key == key), None)
        return ReturnedPoint(appraisal=round_, form=form, reason=reason)

    def _answer(self, life: Life, events: Sequence, event, point: ReturnedPoint) -> None:
        sent = next((one for one in events if one.step == Step.SUBMITTED and one.place > event.place), None)
        if sent:
            point.answer, point.answered_by, point.answered_at = ANSWER, sent.by, sent.recorded_at

    def _accept(self, waiting: list[ReturnedPoint], round_: Appraisal, kept: Kept) -> None:
        for point in waiting:
            point.accepted_in = round_
        for item in kept.items:
            if item.state == State.IN and item.form.needed_for not in RECOGNITION:
                item.state = State.ACCEPTED
