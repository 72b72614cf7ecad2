"""What comes next for a person, and who must do it, in few words. Pure: cheap enough for every row of a list."""

from candidates import gates
from candidates.choices import WaitingFor
from candidates.pipeline import Stage, Status, Step

FORWARD: dict[Stage, Step | None] = {
    Stage.SOURCE: Step.TRAINED,
    Stage.TRAINED: Step.DOSSIER,
    Stage.DOSSIER: Step.BRANCH_PASSED,
    Stage.BRANCH_PASSED: Step.COMMITTEE_PASSED,
    Stage.COMMITTEE_PASSED: Step.SUBMITTED,
    Stage.SUBMITTED: Step.APPRAISED,
    Stage.APPRAISED: Step.DECIDED,
    Stage.DECIDED: Step.ADMITTED,
    Stage.ADMITTED: Step.RECOGNITION_PROPOSED,
    Stage.RECOGNITION_PROPOSED: Step.RECOGNITION_COMMITTEE_PASSED,
    Stage.RECOGNITION_COMMITTEE_PASSED: Step.OFFICIAL,
    Stage.OFFICIAL: None,
}
FORWARD_CELL = {Stage.BRANCH_PASSED: Step.SUBMITTED, Stage.RECOGNITION_PROPOSED: Step.OFFICIAL}
HINTS = {
    Step.TRAINED: "Học lớp nhận thức về Đảng",
    Step.DOSSIER: "Bắt đầu làm hồ sơ",
    Step.BRANCH_PASSED: "Chi bộ họp xét, biểu quyết",
    Step.COMMITTEE_PASSED: "Đảng ủy cơ sở họp xét",
    Step.SUBMITTED: "Gửi hồ sơ lên Ban Tổ chức",
    Step.APPRAISED: "Ban Tổ chức thẩm định",
    Step.DECIDED: "Ra quyết định kết nạp",
    Step.ADMITTED: "Tổ chức lễ kết nạp",
    Step.RECOGNITION_PROPOSED: "Chi bộ xét công nhận chính thức",
    Step.RECOGNITION_COMMITTEE_PASSED: "Đảng ủy cơ sở xét công nhận",
    Step.OFFICIAL: "Ra quyết định công nhận",
}
ICONS = {
    Stage.SOURCE: ("source", ""),
    Stage.TRAINED: ("trained", ""),
    Stage.DOSSIER: ("dossier", "doing"),
    Stage.BRANCH_PASSED: ("cell", "doing"),
    Stage.COMMITTEE_PASSED: ("committee", "doing"),
    Stage.SUBMITTED: ("submitted", "doing"),
    Stage.APPRAISED: ("appraised", "doing"),
    Stage.DECIDED: ("decided", "doing"),
    Stage.ADMITTED: ("admitted", "done"),
    Stage.RECOGNITION_PROPOSED: ("proposed", "done"),
    Stage.RECOGNITION_COMMITTEE_PASSED: ("proposed", "done"),
    Stage.OFFICIAL: ("official", "done"),
}
STATUS_ICONS = {
    Status.RETURNED: ("returned", "soon"),
    Status.STOPPED: ("stopped", "stopped"),
    Status.MOVED_AWAY: ("moved", "stopped"),
    Status.STRUCK_OFF: ("struck", "stopped"),
    Status.WAITING: ("later", "soon"),
    Status.WITHDRAWN: ("struck", "stopped"),
}
STEP_ICONS = {
    Step.ACCEPTED: "source",
    Step.BACKFILLED: "later",
    Step.BRANCH_PASSED: "cell",
    Step.BRANCH_VOTE_FAILED: "soon",
    Step.COMMITTEE_PASSED: "committee",
    Step.COMMITTEE_REPORTED: "soon",
    Step.DEFERRED: "later",
    Step.DECISION_CANCELLED: "struck",
    Step.DECISION_RECEIVED: "decided",
    Step.EXTENDED: "later",
    Step.RECOGNITION_PROPOSED: "proposed",
    Step.RECOGNITION_COMMITTEE_PASSED: "proposed",
    Step.REOPENED: "done",
    Step.STRUCK_OFF: "struck",
    Step.MOVED_AWAY: "moved",
}


def forward_step(stage: str, form: str, *, failed_votes: int = 0) -> Step | None:
    """The usual step forward; after three failed recognition votes the level above decides."""
    if stage == Stage.ADMITTED and failed_votes >= 3:
        return Step.OFFICIAL
    return (form == "cell" and FORWARD_CELL.get(Stage(stage))) or FORWARD[Stage(stage)]


def hint(stage: str, status: str, form: str) -> str:
    """The next thing to do, for a list; nothing for those who left the road or stand still."""
    if status not in (Status.OPEN, Status.RETURNED):
        return ""
    return HINTS.get(forward_step(stage, form), "")


def owner(step: Step, stage: str) -> str:
    """Who takes the step, in words."""
    return gates.who_may(gates.rights_for(step, Stage(stage)))


def road_ahead(stage: str, form: str) -> list[Stage]:
    """The stages still to come."""
    stages, step = [], FORWARD[Stage(stage)]
    while step := forward_step(stage, form):
        stage = Stage(step.value)
        stages.append(stage)
    return stages


def stage_badge(stage: str) -> dict:
    icon, kind = ICONS[Stage(stage)]
    return {"word": Stage(stage).label, "kind": kind, "icon": icon}


def status_words(status: str, waiting_for: str = "") -> str:
    """The label of the status; a draft that the Board compares does not wait for the unit."""
    return "Chờ đối chiếu" if waiting_for == WaitingFor.BOARD else str(Status(status).label)


def status_badge(status: str, waiting_for: str = "") -> dict | None:
    """A badge for whoever is not simply on the way; nothing for those who are."""
    if status not in STATUS_ICONS:
        return None
    icon, kind = STATUS_ICONS[Status(status)]
    return {"word": status_words(status, waiting_for), "kind": kind, "icon": icon}


def step_icon(step: str) -> str:
    return STEP_ICONS.get(Step(step), str(step))
