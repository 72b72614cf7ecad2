"""The table of transitions: the whole of the pipeline. Sources: Điều lệ Đảng, Art. 4 and 5; domain.md 1.2 and 1.4."""

from dataclasses import dataclass

from candidates.pipeline.words import PROBATION, STAGES, UNDECIDED, Outcome, RedoFrom, Stage, Status, Step
from organizations.permissions import Permission as P


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
