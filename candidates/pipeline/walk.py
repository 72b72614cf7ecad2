"""A life read by the table: replay() walks it, structure() says what speaks against one more step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from candidates.pipeline.table import BACKFILLED, BY_STEP, FIRST_STEPS, Transition
from candidates.pipeline.words import RedoFrom, Stage, Status, Step
from organizations.permissions import Permission as P


@dataclass(frozen=True)
class Past:
    """A live event, as the rules see it. `key` is whatever the caller knows it by."""

    step: Step
    happened_on: date
    unit: int
    facts: Mapping = field(default_factory=dict)
    place: int = 0
    by: int | None = None
    key: int | None = None


@dataclass(frozen=True)
class Standing:
    """Where a person stands after an event."""

    stage: Stage | None
    status: Status
    unit: int | None


@dataclass(frozen=True)
class Unit:
    """What the rules need to know of a unit."""

    key: int
    grassroots: int
    form: str  # of the grassroots organization: committee or cell
    holds_people: bool  # a branch or a grassroots cell, not the committee itself
    delegated: bool = False
    opened_on: date = date.min
    closed_on: date | None = None

    def is_open_on(self, day: date) -> bool:
        return self.opened_on <= day and (self.closed_on is None or day < self.closed_on)


@dataclass(frozen=True)
class Actor:
    """Who takes the step: the rights they hold at the person's unit, and what they did before."""

    rights: frozenset[P]
    key: int | None = None
    is_head: bool = False
    prepared: bool = False  # entered the person, or changed dossier facts since the last submission
    stands_in: bool = False  # the Board for a unit without an active officer
    appraised: bool = False  # recorded the appraisal that stands, or corrected it
    confirmed: bool = False  # a second person has confirmed a delegated decision
    alone_for: frozenset[Step] = frozenset()  # steps for which nobody else of the Board is entitled


@dataclass(frozen=True)
class Refusal:
    """One reason, in words: what was found, what is required, who can fix it."""

    code: str
    message: str
    field: str = ""
    found: str = ""
    required: str = ""
    who: str = ""
    citation: str = ""
    offer: Step | None = None

    @property
    def told(self) -> dict:
        """As _components/gate.html takes it."""
        return {
            "title": self.message,
            "found": self.found,
            "required": self.required,
            "fixer": self.who,
            "citation": self.citation,
        }


def to_stage(transition: Transition, stage: Stage | None, facts: Mapping, form: str) -> Stage | None:
    """The stage after a transition; a return sets it to where work resumes."""
    if transition.step != Step.RETURNED:
        return transition.to_stage or stage
    redo = facts.get("redo_from")
    if redo == RedoFrom.BRANCH:
        return Stage.DOSSIER
    if redo == RedoFrom.COMMITTEE or form == "cell":
        return Stage.BRANCH_PASSED
    return Stage.COMMITTEE_PASSED


def order(events: Sequence[Past]) -> list[Past]:
    return sorted(events, key=lambda event: (event.happened_on, event.place))


def replay(events: Sequence[Past], units: Mapping[int, Unit]) -> list[Standing]:
    """Standing after each event, in the given order. Raises IllegalWalk at the first event the table forbids."""
    standing = Standing(None, Status.WAITING, None)
    result = []
    for index, event in enumerate(events):
        unit = units[event.unit if event.step in (*FIRST_STEPS, Step.MOVED) else standing.unit or event.unit]
        problems = structure(events[:index], standing, event.step, event.facts, unit)
        if index and event.happened_on < events[index - 1].happened_on:
            problems = [*problems, too_early(events[index - 1])]
        if problems:
            raise IllegalWalk(index, event, problems)
        transition = BY_STEP[event.step]
        standing = Standing(
            to_stage(transition, standing.stage, event.facts, unit.form),
            transition.to_status or standing.status,
            event.unit if event.step in (*FIRST_STEPS, Step.MOVED) else standing.unit,
        )
        result.append(standing)
    return result


class IllegalWalk(Exception):
    """The events do not form a legal walk; says which event breaks it and why."""

    def __init__(self, index: int, event: Past, refusals: list[Refusal]):
        self.index, self.event, self.refusals = index, event, refusals
        super().__init__(f"{event.step} on {event.happened_on}: {[r.code for r in refusals]}")


def standing_of(events: Sequence[Past], units: Mapping[int, Unit]) -> Standing:
    """Where the person stands now."""
    standings = replay(events, units)
    return standings[-1] if standings else Standing(None, Status.WAITING, None)


def failed_recognition_votes(events: Sequence[Past]) -> int:
    """Votes below two thirds since the ceremony."""
    count = 0
    for event in events:
        if event.step == Step.ADMITTED:
            count = 0
        elif event.step == Step.BRANCH_VOTE_FAILED:
            count += 1
    return count


def received_on(events: Sequence[Past]) -> date | None:
    """The day the decision that counts was received, where it was recorded."""
    for event in reversed(events):
        if event.step == Step.DECIDED:
            return None
        if event.step == Step.DECISION_RECEIVED:
            return event.happened_on
    return None


def was_reported_upward(events: Sequence[Past]) -> bool:
    """Whether the committee vote that counts fell short and was reported to the level above.

    A return to the branch or the committee undoes the vote: they meet again.
    """
    for event in reversed(events):
        if event.step == Step.COMMITTEE_PASSED:
            return False
        if event.step == Step.RETURNED and event.facts.get("redo_from") in (RedoFrom.COMMITTEE, RedoFrom.BRANCH):
            return False
        if event.step == Step.COMMITTEE_REPORTED:
            return True
    return False


def is_backfill(events: Sequence[Past]) -> bool:
    """Whether the life begins with a decision of the years before the system."""
    return bool(events) and events[0].step == Step.BACKFILLED


def has_no_vote(events: Sequence[Past]) -> bool:
    """Whether the life is taken over from paper and the branch has not voted since."""
    return is_backfill(events) and all(event.step != Step.BRANCH_PASSED for event in events)


def _passes_over_the_branch(step: Step, facts: Mapping) -> bool:
    """Once a decision taken over from paper is withdrawn or cancelled, no other may follow without a vote."""
    if step == Step.RETURNED:
        return facts.get("redo_from") in (RedoFrom.NOTHING, RedoFrom.COMMITTEE)
    if step == Step.DECIDED:
        return not facts.get(BACKFILLED)
    return step in (Step.DEFERRED, Step.EXTENDED)


def passes(votes: int, members: int) -> bool:
    """Two thirds of all members, not of those present (Điều lệ Đảng, Art. 4.3; exact, no rounding)."""
    return votes * 3 >= members * 2


NO_VOTE = Refusal(
    "no_vote",
    "Người này được nhập bù, chưa có nghị quyết của chi bộ mà không còn quyết định kết nạp.",
    who="Ban Tổ chức rút cả bước nhập bù rồi nhập lại, hoặc trả hồ sơ để chi bộ họp",
)


def too_early(previous: Past) -> Refusal:
    return Refusal(
        "before_previous",
        f"Ngày này trước bước “{Step(previous.step).label}” ngày {previous.happened_on:%d/%m/%Y}.",
        "happened_on",
        required=f"từ ngày {previous.happened_on:%d/%m/%Y} trở đi",
        who="Người nhập kiểm tra lại ngày trên văn bản",
    )


def structure(events, standing: Standing, step: Step, facts: Mapping, unit: Unit) -> list[Refusal]:
    """Whether the table allows the step from here: order, status, form of the unit. No dates, no people."""
    row = BY_STEP[step]
    if step in FIRST_STEPS:
        return [Refusal("already_entered", "Người này đã có trong danh sách nguồn.")] if events else []
    if standing.stage is None:
        return [Refusal("not_entered", "Người này chưa được tiếp nhận vào nguồn.")]
    found = []
    if standing.status not in row.from_statuses:
        found.append(_wrong_status(standing, row))
    if standing.stage not in _from_stages(row, events, unit, facts):
        found.append(_wrong_stage(standing, _from_stages(row, events, unit, facts)))
    if row.only_form and unit.form != row.only_form:
        found.append(
            Refusal(
                "no_committee",
                "Đơn vị này là chi bộ cơ sở, không có bước của đảng ủy cơ sở.",
                who="Gửi thẳng hồ sơ lên Ban Tổ chức",
            )
        )
    if standing.stage == Stage.APPRAISED and has_no_vote(events) and _passes_over_the_branch(step, facts):
        found.append(NO_VOTE)
    if step == Step.RETURNED and facts.get("redo_from") == RedoFrom.COMMITTEE and unit.form == "cell":
        found.append(Refusal("no_committee", "Chi bộ cơ sở không có đảng ủy để họp lại.", "redo_from"))
    if step == Step.DECISION_RECEIVED and (known := received_on(events)):
        found.append(
            Refusal(
                "received_already",
                f"Đã ghi ngày nhận quyết định {known:%d/%m/%Y}.",
                who="Nếu ngày đó sai: sửa bước đã ghi",
            )
        )
    if step == Step.BRANCH_VOTE_FAILED and standing.stage == Stage.ADMITTED and failed_recognition_votes(events) >= 3:
        found.append(
            Refusal(
                "three_votes",
                "Đã ba lần biểu quyết không đạt. Phải báo cáo cấp trên xem xét, quyết định.",
                found="3 lần",
                required="không quá 3 lần",
                who="Ban Tổ chức",
            )
        )
    return found


def _from_stages(row: Transition, events, unit: Unit, facts: Mapping) -> tuple[Stage, ...]:
    """Where a step may start here: a cell skips its committee, a delegated unit decides by itself.

    A person may come to a cell with a committee's resolution already passed. A decision once taken by delegation stays
    legal when the unit loses it later.
    """
    cell = unit.form == "cell"
    passed = (Stage.BRANCH_PASSED, Stage.COMMITTEE_PASSED) if cell else (Stage.COMMITTEE_PASSED,)
    if row.step == Step.SUBMITTED:
        return passed
    if row.step == Step.DECIDED and (unit.delegated or facts.get("delegated")) and not was_reported_upward(events):
        return (*row.from_stages, *passed)
    if row.step == Step.OFFICIAL:
        proposed = (Stage.RECOGNITION_COMMITTEE_PASSED, *((Stage.RECOGNITION_PROPOSED,) if cell else ()))
        at_once = failed_recognition_votes(events) >= 3 or has_no_vote(events)
        return (*proposed, Stage.ADMITTED) if at_once else proposed
    return row.from_stages


def _wrong_status(standing: Standing, row: Transition) -> Refusal:
    allowed = " hoặc ".join(f"“{Status(status).label}”" for status in row.from_statuses)
    return Refusal(
        "wrong_status",
        f"Người này đang ở trạng thái “{Status(standing.status).label}”.",
        found=str(Status(standing.status).label),
        required=allowed,
        who="Đơn vị hoặc Ban Tổ chức mở lại theo dõi trước" if standing.status == Status.STOPPED else "",
    )


def _wrong_stage(standing: Standing, from_stages: tuple[Stage, ...]) -> Refusal:
    if standing.stage == Stage.OFFICIAL:
        message = "Người này đã là đảng viên chính thức: ở đây không còn bước nào nữa."
        return Refusal("wrong_stage", message, found=str(Stage.OFFICIAL.label), who="Giữ nguyên hồ sơ")
    allowed = " hoặc ".join(f"“{Stage(stage).label}”" for stage in from_stages[:3])
    return Refusal(
        "wrong_stage",
        f"Chưa đúng thứ tự: người này đang ở bước “{Stage(standing.stage).label}”.",
        found=str(Stage(standing.stage).label),
        required=allowed if len(from_stages) <= 3 else "một bước trước khi thành đảng viên chính thức",
        who="Ghi đủ các bước còn thiếu theo thứ tự",
    )
