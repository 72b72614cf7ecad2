"""The pipeline from source to official member: stages, steps, who takes them, what they record, why one is refused.

Pure: no database, no HTTP. The table TRANSITIONS is the whole of it; replay() reads a life by the table, refusals()
says everything that speaks against one more step. Sources: Điều lệ Đảng, Art. 4 and 5; domain.md 1.2 and 1.4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import TextChoices

from organizations.permissions import Permission as P


class Stage(TextChoices):
    SOURCE = "source", "Nguồn"
    TRAINED = "trained", "Đã học lớp nhận thức về Đảng"
    DOSSIER = "dossier", "Đang làm hồ sơ"
    BRANCH_PASSED = "branch_passed", "Chi bộ đã có nghị quyết"
    COMMITTEE_PASSED = "committee_passed", "Đảng ủy cơ sở đã có nghị quyết"
    SUBMITTED = "submitted", "Đã gửi Ban Tổ chức"
    APPRAISED = "appraised", "Thẩm định đạt, chờ trình"
    DECIDED = "decided", "Có quyết định kết nạp"
    ADMITTED = "admitted", "Đã kết nạp, đảng viên dự bị"
    RECOGNITION_PROPOSED = "recognition_proposed", "Chi bộ đề nghị công nhận"
    RECOGNITION_COMMITTEE_PASSED = "recognition_committee_passed", "Đảng ủy cơ sở đề nghị công nhận"
    OFFICIAL = "official", "Đảng viên chính thức"


STAGES = tuple(Stage)
BEFORE_SUBMISSION = STAGES[: STAGES.index(Stage.SUBMITTED)]
BEFORE_THE_MEETING = STAGES[: STAGES.index(Stage.BRANCH_PASSED)]
PROBATION = (Stage.ADMITTED, Stage.RECOGNITION_PROPOSED, Stage.RECOGNITION_COMMITTEE_PASSED)
# A resolution of the branch waits for the decision of the level above: the clocks that may be extended.
UNDECIDED = (
    Stage.BRANCH_PASSED,
    Stage.COMMITTEE_PASSED,
    Stage.SUBMITTED,
    Stage.APPRAISED,
    Stage.RECOGNITION_PROPOSED,
    Stage.RECOGNITION_COMMITTEE_PASSED,
)


class Status(TextChoices):
    WAITING = "waiting", "Chờ tiếp nhận"
    OPEN = "open", "Đang theo dõi"
    RETURNED = "returned", "Bị trả lại"
    STOPPED = "stopped", "Tạm dừng"
    MOVED_AWAY = "moved_away", "Chuyển đi nơi khác"
    STRUCK_OFF = "struck_off", "Xóa tên"
    WITHDRAWN = "withdrawn", "Đã rút (nhập nhầm)"


FOLLOWED = (Status.OPEN, Status.RETURNED)  # on the way


class Step(TextChoices):
    SOURCE = "source", "Đưa vào nguồn"
    ACCEPTED = "accepted", "Tiếp nhận vào nguồn"
    BACKFILLED = "backfilled", "Nhập bù"
    TRAINED = "trained", "Được cấp giấy chứng nhận học lớp nhận thức về Đảng"
    DOSSIER = "dossier", "Bắt đầu làm hồ sơ"
    BRANCH_PASSED = "branch_passed", "Chi bộ biểu quyết đạt"
    BRANCH_VOTE_FAILED = "branch_vote_failed", "Chi bộ biểu quyết không đạt"
    COMMITTEE_PASSED = "committee_passed", "Đảng ủy cơ sở biểu quyết đạt"
    COMMITTEE_REPORTED = "committee_reported", "Đảng ủy cơ sở không đủ 2/3, báo cáo cấp trên"
    SUBMITTED = "submitted", "Gửi hồ sơ lên Ban Tổ chức"
    RETURNED = "returned", "Trả lại hồ sơ"
    APPRAISED = "appraised", "Thẩm định đạt"
    DEFERRED = "deferred", "Kỳ họp chưa quyết định"
    DECIDED = "decided", "Ra quyết định kết nạp"
    DECISION_CANCELLED = "decision_cancelled", "Hủy quyết định kết nạp"
    DECISION_RECEIVED = "decision_received", "Chi bộ nhận quyết định kết nạp"
    ADMITTED = "admitted", "Tổ chức lễ kết nạp"
    RECOGNITION_PROPOSED = "recognition_proposed", "Chi bộ đề nghị công nhận chính thức"
    RECOGNITION_COMMITTEE_PASSED = "recognition_committee_passed", "Đảng ủy cơ sở đề nghị công nhận chính thức"
    OFFICIAL = "official", "Ra quyết định công nhận chính thức"
    EXTENDED = "extended", "Gia hạn ra quyết định"
    STOPPED = "stopped", "Tạm dừng theo dõi"
    REOPENED = "reopened", "Theo dõi trở lại"
    MOVED = "moved", "Chuyển đơn vị"
    MOVED_AWAY = "moved_away", "Chuyển đi khỏi đảng bộ huyện"
    STRUCK_OFF = "struck_off", "Xóa tên đảng viên dự bị"


class RedoFrom(TextChoices):
    NOTHING = "nothing", "Chỉ bổ sung, không phải họp lại"
    COMMITTEE = "committee", "Đảng ủy cơ sở họp lại"
    BRANCH = "branch", "Chi bộ họp lại"


class Outcome(TextChoices):
    CONSULT = "consult", "Xin thêm ý kiến"
    HOLD = "hold", "Để lại kỳ họp sau"


@dataclass(frozen=True)
class Fact:
    """One thing a step records. Kinds: text, long, number, day, choice."""

    key: str
    label: str
    kind: str = "text"
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    at_least: int = 0  # shortest text


DOCUMENT = Fact("document", "Số văn bản", hint="Ví dụ: 12-NQ/CB")
REASON = Fact("reason", "Lý do", "long", at_least=10, hint="Ít nhất 10 ký tự, ghi rõ để người sau đọc hiểu.")
NOTE = Fact("note", "Ghi chú", "long", required=False)
OVER_60 = Fact("over_60_consent", "Văn bản đồng ý kết nạp người trên 60 tuổi", required=False)
SPECIAL = Fact("special_consent", "Văn bản đồng ý của cấp có thẩm quyền, trường hợp đặc biệt", required=False)
READMISSION = Fact("readmission_consent", "Văn bản của Ban Thường vụ Tỉnh ủy đồng ý kết nạp lại", required=False)
BRANCH_VOTE = (
    Fact(
        "members", "Số đảng viên chính thức của chi bộ", "number", hint="Tính cả người vắng mặt và được miễn sinh hoạt."
    ),
    Fact("votes", "Số phiếu tán thành", "number"),
)
COMMITTEE_VOTE = (
    Fact("members", "Số cấp ủy viên", "number"),
    Fact("votes", "Số phiếu tán thành", "number"),
)


@dataclass(frozen=True)
class Transition:
    """One row of the table. `to_stage` None keeps the stage; `only_form` limits it to a form of grassroots unit."""

    step: Step
    from_stages: tuple[Stage, ...]
    to_stage: Stage | None
    by: tuple[P, ...]
    facts: tuple[Fact, ...] = (NOTE,)
    from_statuses: tuple[Status, ...] = (Status.OPEN, Status.RETURNED)
    to_status: Status | None = Status.OPEN  # None keeps the status
    only_form: str = ""
    day_label: str = "Ngày"
    before_submission_by: tuple[P, ...] = ()


_BRANCH = (P.STEP_BRANCH, P.STEP_COMMITTEE)
_UNIT = (P.STEP_COMMITTEE,)
_BOARD = (P.STEP_BOARD,)
_ANY_BUT_LAST = STAGES[:-1]

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Step.SOURCE, (), Stage.SOURCE, (P.CANDIDATE_EDIT,), day_label="Ngày đưa vào nguồn"),
    Transition(Step.ACCEPTED, (), Stage.SOURCE, _UNIT + _BOARD, day_label="Ngày tiếp nhận"),
    # Whoever was admitted before the system: known from the decision on, which follows on the same day.
    Transition(Step.BACKFILLED, (), Stage.APPRAISED, _BOARD, day_label="Ngày của quyết định nhập bù"),
    Transition(
        Step.TRAINED,
        (Stage.SOURCE,),
        Stage.TRAINED,
        (P.CLASS_EDIT,),
        (Fact("document", "Số giấy chứng nhận"),),
        from_statuses=(Status.OPEN,),
        day_label="Ngày cấp giấy chứng nhận",
    ),
    Transition(
        Step.DOSSIER,
        (Stage.TRAINED,),
        Stage.DOSSIER,
        _BRANCH,
        (Fact("document", "Số nghị quyết hoặc văn bản đồng ý", required=False), NOTE),
        from_statuses=(Status.OPEN,),
        day_label="Ngày bắt đầu làm hồ sơ",
    ),
    Transition(
        Step.BRANCH_PASSED,
        (Stage.DOSSIER,),
        Stage.BRANCH_PASSED,
        _BRANCH,
        (
            DOCUMENT,
            *BRANCH_VOTE,
            OVER_60,
            Fact("education_exception", "Văn bản, nếu học vấn thuộc trường hợp ngoại lệ", required=False),
        ),
        day_label="Ngày chi bộ họp xét",
    ),
    Transition(
        Step.BRANCH_VOTE_FAILED,
        (Stage.DOSSIER, Stage.ADMITTED),
        None,
        _BRANCH,
        (*BRANCH_VOTE, NOTE),
        to_status=None,  # a failed vote is no step forward: what was returned stays returned
        day_label="Ngày chi bộ họp xét",
    ),
    Transition(
        Step.COMMITTEE_PASSED,
        (Stage.BRANCH_PASSED,),
        Stage.COMMITTEE_PASSED,
        _UNIT,
        (DOCUMENT, *COMMITTEE_VOTE),
        only_form="committee",
        day_label="Ngày đảng ủy họp xét",
    ),
    Transition(
        Step.COMMITTEE_REPORTED,
        (Stage.BRANCH_PASSED,),
        Stage.COMMITTEE_PASSED,
        _UNIT,
        (Fact("document", "Số báo cáo"), *COMMITTEE_VOTE),
        only_form="committee",
        day_label="Ngày đảng ủy họp xét",
    ),
    Transition(
        Step.SUBMITTED,
        (Stage.COMMITTEE_PASSED, Stage.BRANCH_PASSED),
        Stage.SUBMITTED,
        _UNIT,
        (Fact("document", "Số công văn gửi hồ sơ", required=False), NOTE),
        day_label="Ngày gửi hồ sơ",
    ),
    Transition(
        Step.RETURNED,
        (Stage.SUBMITTED, Stage.APPRAISED),
        None,
        _BOARD,
        (Fact("redo_from", "Làm lại từ", "choice", choices=tuple(RedoFrom.choices)), REASON),
        from_statuses=(Status.OPEN,),
        to_status=Status.RETURNED,
        day_label="Ngày trả lại",
    ),
    Transition(
        Step.APPRAISED,
        (Stage.SUBMITTED,),
        Stage.APPRAISED,
        _BOARD,
        (Fact("document", "Số phiếu thẩm định hoặc tờ trình"), NOTE),
        from_statuses=(Status.OPEN,),
        day_label="Ngày thẩm định xong",
    ),
    Transition(
        Step.DEFERRED,
        (Stage.APPRAISED,),
        None,
        _BOARD,
        (
            Fact("outcome", "Kết quả kỳ họp", "choice", choices=tuple(Outcome.choices)),
            Fact("document", "Số kết luận hoặc biên bản", required=False),
            REASON,
        ),
        from_statuses=(Status.OPEN,),
        day_label="Ngày họp Ban Thường vụ",
    ),
    Transition(
        Step.DECIDED,
        (Stage.APPRAISED,),
        Stage.DECIDED,
        _BOARD,
        (Fact("document", "Số quyết định kết nạp", hint="Ví dụ: 1024-QĐ/HU"), OVER_60, SPECIAL, READMISSION, NOTE),
        from_statuses=(Status.OPEN,),
        day_label="Ngày ký quyết định",
    ),
    Transition(
        Step.DECISION_CANCELLED,
        (Stage.DECIDED,),
        Stage.APPRAISED,
        _BOARD,
        (Fact("document", "Số văn bản hủy quyết định"), REASON),
        to_status=Status.STOPPED,
        day_label="Ngày hủy quyết định",
    ),
    Transition(
        Step.DECISION_RECEIVED,
        (Stage.DECIDED,),
        None,
        _BRANCH,
        from_statuses=(Status.OPEN,),
        day_label="Ngày nhận quyết định",
    ),
    Transition(
        Step.ADMITTED,
        (Stage.DECIDED,),
        Stage.ADMITTED,
        _UNIT,
        (
            Fact("received_on", "Ngày chi bộ nhận quyết định", "day"),
            Fact("late_consent", "Văn bản đồng ý của cấp ủy cấp trên, khi quá thời hạn", required=False),
            NOTE,
        ),
        from_statuses=(Status.OPEN,),
        day_label="Ngày tổ chức lễ kết nạp",
    ),
    Transition(
        Step.RECOGNITION_PROPOSED,
        (Stage.ADMITTED,),
        Stage.RECOGNITION_PROPOSED,
        _BRANCH,
        (DOCUMENT, *BRANCH_VOTE),
        from_statuses=(Status.OPEN,),
        day_label="Ngày chi bộ họp xét",
    ),
    Transition(
        Step.RECOGNITION_COMMITTEE_PASSED,
        (Stage.RECOGNITION_PROPOSED,),
        Stage.RECOGNITION_COMMITTEE_PASSED,
        _UNIT,
        (DOCUMENT, *COMMITTEE_VOTE),
        from_statuses=(Status.OPEN,),
        only_form="committee",
        day_label="Ngày đảng ủy họp xét",
    ),
    Transition(
        Step.OFFICIAL,
        (Stage.RECOGNITION_COMMITTEE_PASSED, Stage.RECOGNITION_PROPOSED, Stage.ADMITTED),
        Stage.OFFICIAL,
        _BOARD,
        (Fact("document", "Số quyết định công nhận"), NOTE),
        from_statuses=(Status.OPEN,),
        day_label="Ngày ký quyết định",
    ),
    Transition(
        Step.EXTENDED,
        UNDECIDED,
        None,
        _BOARD,
        (
            Fact("until", "Gia hạn đến ngày", "day"),
            Fact("document", "Số văn bản gia hạn"),
            Fact("signer", "Người ký", hint="Họ tên và chức vụ"),
            REASON,
        ),
        to_status=None,  # more time, no step forward
        day_label="Ngày ký văn bản gia hạn",
    ),
    Transition(
        Step.STOPPED,
        _ANY_BUT_LAST,
        None,
        _BOARD,
        (REASON,),
        to_status=Status.STOPPED,
        before_submission_by=_BRANCH,
        day_label="Ngày tạm dừng",
    ),
    Transition(
        Step.REOPENED,
        _ANY_BUT_LAST,
        None,
        _BOARD,
        (REASON,),
        from_statuses=(Status.STOPPED,),
        before_submission_by=_BRANCH,
        day_label="Ngày theo dõi trở lại",
    ),
    # Who may move depends on the two units: see refusals().
    Transition(
        Step.MOVED,
        _ANY_BUT_LAST,
        None,
        _UNIT + _BOARD,
        (REASON,),
        from_statuses=(Status.OPEN, Status.RETURNED, Status.STOPPED),
        to_status=None,
        day_label="Ngày chuyển",
    ),
    Transition(
        Step.MOVED_AWAY,
        _ANY_BUT_LAST,
        None,
        _BOARD,
        (Fact("destination", "Chuyển đến"), REASON),
        from_statuses=(Status.OPEN, Status.RETURNED, Status.STOPPED),
        to_status=Status.MOVED_AWAY,
        day_label="Ngày chuyển đi",
    ),
    Transition(
        Step.STRUCK_OFF,
        PROBATION,
        None,
        _BOARD,
        (Fact("document", "Số quyết định xóa tên"), REASON),
        from_statuses=(Status.OPEN, Status.STOPPED),
        to_status=Status.STRUCK_OFF,
        day_label="Ngày quyết định",
    ),
)
BY_STEP: dict[Step, Transition] = {row.step: row for row in TRANSITIONS}
FIRST_STEPS = (Step.SOURCE, Step.ACCEPTED, Step.BACKFILLED)
BACKFILLED = "backfilled"  # the mark of what is taken over from paper: conditions, votes and four eyes are not asked
# Taken through their own forms (class results, moving), not through "the next step".
NOT_OFFERED = (*FIRST_STEPS, Step.TRAINED, Step.MOVED)


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
