"""Everything that speaks against one more step, in words, all at once. Pure: no database, no HTTP.

The order of steps is pipeline's, the conditions of the regulations are rulebook's; here stand the dates, the facts, the
votes and the person who acts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from candidates import rulebook
from candidates.dossier import Dossier
from candidates.pipeline import (
    BACKFILLED,
    BEFORE_SUBMISSION,
    BY_STEP,
    FIRST_STEPS,
    NOT_OFFERED,
    REASON,
    Actor,
    Fact,
    Past,
    Refusal,
    Stage,
    Standing,
    Step,
    Unit,
    passes,
    received_on,
    standing_of,
    structure,
    too_early,
)
from candidates.readmission import Former
from candidates.rulebook import day_of
from candidates.rules import RuleBook
from candidates.working_days import Calendar
from organizations.permissions import Permission
from vuthu_recruit.dates import PartialDate, show_day
from vuthu_recruit.vietnamese import lower_first

VOTED = {
    Step.BRANCH_PASSED: ("chi bộ", Step.BRANCH_VOTE_FAILED),
    Step.RECOGNITION_PROPOSED: ("chi bộ", Step.BRANCH_VOTE_FAILED),
    Step.COMMITTEE_PASSED: ("đảng ủy", Step.COMMITTEE_REPORTED),
    Step.RECOGNITION_COMMITTEE_PASSED: ("đảng ủy", None),
}
# The years before the system: the plan is of 29/9/2021, and what was decided later is entered step by step.
BACKFILL_FROM, BACKFILL_TO = date(2020, 1, 1), date(2021, 12, 31)
# What the papers of those years may not say.
UNKNOWN_ON_PAPER = {(Step.ADMITTED, "received_on"), (Step.OFFICIAL, "document")}
FAILED = {Step.BRANCH_VOTE_FAILED: Step.BRANCH_PASSED, Step.COMMITTEE_REPORTED: Step.COMMITTEE_PASSED}
WHO = {
    Permission.STEP_BRANCH: "cán bộ chi bộ",
    Permission.STEP_COMMITTEE: "cán bộ cấp ủy cơ sở",
    Permission.STEP_BOARD: "Ban Tổ chức",
    Permission.CLASS_EDIT: "Trung tâm Chính trị hoặc Ban Tổ chức",
    Permission.CANDIDATE_EDIT: "cán bộ chi bộ, cấp ủy cơ sở hoặc Ban Tổ chức",
}


@dataclass(frozen=True)
class Introduction:
    """A member who introduces, from–to (half-open), and since when the two work or live together, where known.

    Of a replacement (for one who moved, died or was disciplined) that time is not asked.
    """

    from_on: date
    to_on: date | None = None
    together_since: PartialDate | None = None
    is_replacement: bool = False

    def stands_on(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


@dataclass(frozen=True)
class Record:
    """What the rules read of a person's record."""

    birth: PartialDate | None = None
    education: str = ""
    in_youth_union: bool = False
    in_trade_union: bool = False
    certificates: tuple[date, ...] = ()  # of the awareness class, by the day of issue
    introducers: tuple[Introduction, ...] = ()
    member_class: tuple[date, ...] = ()  # certificates of the class for new members
    dossier: Dossier | None = None  # where the papers were read
    open_points: tuple[str, ...] = ()  # returned by an appraisal and not answered yet
    special_cases: frozenset[str] = frozenset()  # see special_cases.of()
    former: Former | None = None  # when the person was a member before


@dataclass(frozen=True)
class Story:
    """A person's life in the pipeline: live events in order, and what the gates measure."""

    events: tuple[Past, ...]
    units: Mapping[int, Unit]
    record: Record = Record()

    @property
    def birth(self) -> PartialDate | None:
        return self.record.birth

    @property
    def standing(self) -> Standing:
        return standing_of(self.events, self.units)

    @property
    def unit(self) -> Unit | None:
        return self.units.get(self.standing.unit) if self.events else None


@dataclass(frozen=True)
class Attempt:
    """One step someone wants to take."""

    story: Story
    step: Step
    happened_on: date | None
    facts: Mapping
    today: date
    actor: Actor
    unit: Unit  # where the step happens; for a move, the unit moved to
    book: RuleBook = field(default_factory=lambda: RuleBook(()))
    calendar: Calendar = field(default_factory=Calendar)

    @property
    def here(self) -> Unit:
        """The unit the person stands in now (for the first step: the one they enter)."""
        return self.story.unit or self.unit

    @property
    def is_backfilled(self) -> bool:
        """Taken over from paper: only true dates, an open unit and what the paper must say are asked."""
        return bool(self.facts.get(BACKFILLED))

    def number(self, key: str) -> int | None:
        value = self.facts.get(key)
        return value if isinstance(value, int) else None


def refusals(attempt: Attempt) -> list[Refusal]:
    """Every reason against the step; none means it may be taken."""
    return [refusal for gate in GATES for refusal in gate(attempt)]


def _order(attempt: Attempt) -> list[Refusal]:
    story = attempt.story
    return structure(story.events, story.standing, attempt.step, attempt.facts, attempt.here)


def _dates(attempt: Attempt) -> list[Refusal]:
    day, found = attempt.happened_on, []
    if day is None:
        return [Refusal("no_date", f"Chưa nhập {BY_STEP[attempt.step].day_label.lower()}.", "happened_on")]
    if day > attempt.today:
        found.append(
            Refusal(
                "in_future",
                f"Ngày {day:%d/%m/%Y} chưa đến.",
                "happened_on",
                found=f"{day:%d/%m/%Y}",
                required=f"không sau hôm nay, {attempt.today:%d/%m/%Y}",
                who="Người nhập kiểm tra lại ngày trên văn bản",
            )
        )
    if attempt.story.events and day < attempt.story.events[-1].happened_on:
        found.append(too_early(attempt.story.events[-1]))
    birth = attempt.story.birth
    if birth and day < birth.first:
        found.append(Refusal("before_birth", "Ngày này trước ngày sinh.", "happened_on", found=f"{day:%d/%m/%Y}"))
    return found


def _facts(attempt: Attempt) -> list[Refusal]:
    return [refusal for fact in BY_STEP[attempt.step].facts for refusal in _fact(fact, attempt)]


def _fact(fact: Fact, attempt: Attempt) -> list[Refusal]:
    value = attempt.facts.get(fact.key)
    if value in (None, ""):
        if not fact.required or (attempt.is_backfilled and (attempt.step, fact.key) in UNKNOWN_ON_PAPER):
            return []
        return [Refusal("missing", f"Chưa nhập {lower_first(fact.label)}.", fact.key, who="Người nhập bổ sung")]
    if fact.kind in ("text", "long") and len(str(value)) < fact.at_least:
        return [
            Refusal(
                "too_short",
                f"{fact.label} cần ít nhất {fact.at_least} ký tự.",
                fact.key,
                found=f"{len(str(value))} ký tự",
                required=f"từ {fact.at_least} ký tự",
            )
        ]
    if fact.kind == "number" and (not isinstance(value, int) or value < 0):
        return [Refusal("bad_number", f"{fact.label} phải là số nguyên, từ 0 trở lên.", fact.key)]
    if fact.kind == "day" and day_of(value) is None:
        return [Refusal("bad_day", f"{fact.label} không phải là ngày có thật.", fact.key)]
    if fact.kind == "choice" and value not in {key for key, _ in fact.choices}:
        return [Refusal("bad_choice", f"{fact.label}: hãy chọn một trong các mục có sẵn.", fact.key)]
    return []


def _received(attempt: Attempt) -> list[Refusal]:
    """The decision is received between its own date and the ceremony."""
    text = attempt.facts.get("received_on")
    if attempt.step != Step.ADMITTED or not text or attempt.happened_on is None:
        return []
    received = day_of(text)
    if received is None:
        return []
    if received > attempt.happened_on:
        return [Refusal("received_late", "Ngày nhận quyết định phải trước hoặc cùng ngày lễ kết nạp.", "received_on")]
    if (known := received_on(attempt.story.events)) and received != known:
        message = f"Đã ghi nhận quyết định ngày {known:%d/%m/%Y}."
        who = "Ghi đúng ngày đó, hoặc sửa bước nhận quyết định"
        return [Refusal("received_differs", message, "received_on", f"{received:%d/%m/%Y}", f"{known:%d/%m/%Y}", who)]
    decided = [event for event in attempt.story.events if event.step == Step.DECIDED]
    if decided and received < decided[-1].happened_on:
        return [
            Refusal(
                "received_early",
                f"Ngày nhận quyết định trước ngày ký quyết định {decided[-1].happened_on:%d/%m/%Y}.",
                "received_on",
            )
        ]
    return []


def _votes(attempt: Attempt) -> list[Refusal]:
    """Two thirds of all members; votes beyond the members; and the step that fits when it is the other one."""
    members, votes = attempt.number("members"), attempt.number("votes")
    if members is None or votes is None or members < 0 or votes < 0:
        return []
    if members == 0:
        return [Refusal("no_members", "Số người có quyền biểu quyết phải lớn hơn 0.", "members")]
    if votes > members:
        return [
            Refusal(
                "too_many_votes",
                f"Số phiếu tán thành ({votes}) nhiều hơn số người có quyền biểu quyết ({members}).",
                "votes",
                found=str(votes),
                required=f"không quá {members}",
                who="Người nhập kiểm tra lại biên bản kiểm phiếu",
            )
        ]
    needed = -(-2 * members // 3)
    if attempt.step in VOTED and not passes(votes, members):
        body, offer = VOTED[attempt.step]
        return [
            Refusal(
                "below_two_thirds",
                f"Chưa đủ 2/3 của {body}: {votes} trên {members} phiếu, cần ít nhất {needed}.",
                "votes",
                found=f"{votes}/{members}",
                required=f"từ {needed}/{members}",
                who=f"Ghi “{Step(offer).label}” nếu đúng là kết quả này" if offer else "Báo cáo cấp trên xem xét",
                citation="Điều lệ Đảng, Điều 4" if body == "chi bộ" else "cần đối chiếu",
                offer=offer,
            )
        ]
    if attempt.step in FAILED and passes(votes, members):
        other = FAILED[attempt.step]
        if attempt.step == Step.BRANCH_VOTE_FAILED and attempt.story.standing.stage == Stage.ADMITTED:
            other = Step.RECOGNITION_PROPOSED
        return [
            Refusal(
                "enough_votes",
                f"{votes} trên {members} phiếu là đủ 2/3.",
                "votes",
                found=f"{votes}/{members}",
                required=f"dưới {needed}/{members}",
                who=f"Ghi “{Step(other).label}”",
                offer=other,
            )
        ]
    return []


def _rules(attempt: Attempt) -> list[Refusal]:
    """The conditions of the regulation that are not met. Before one's own birth nothing is measured."""
    birth = attempt.story.birth
    if attempt.happened_on and birth and attempt.happened_on < birth.first:
        return []
    return [
        Refusal(judged.gate, judged.message, judged.field, judged.found, judged.required, judged.who, judged.citation)
        for judged in rulebook.judge(attempt)
        if judged.outcome == rulebook.Outcome.NOT_MET and judged.gate != "extension"  # said by _extension
    ]


def _before_the_system(attempt: Attempt) -> list[Refusal]:
    """Only a decision of the years before the system is taken over without being judged."""
    day, begins = attempt.happened_on, attempt.step in (Step.BACKFILLED, Step.DECIDED)
    if not (attempt.is_backfilled and begins and day) or BACKFILL_FROM <= day <= BACKFILL_TO:
        return []
    return [
        Refusal(
            "not_of_those_years",
            f"Chỉ nhập bù quyết định ký từ {show_day(BACKFILL_FROM)} đến {show_day(BACKFILL_TO)}.",
            "happened_on",
            found=show_day(day),
            required=f"{show_day(BACKFILL_FROM)} đến {show_day(BACKFILL_TO)}",
            who="Quyết định ngoài thời gian này được ghi theo từng bước",
        )
    ]


def _extension(attempt: Attempt) -> list[Refusal]:
    """An extension lies after its own signing and within what the rules allow, also when the past is put right."""
    until = day_of(attempt.facts.get("until")) if attempt.step == Step.EXTENDED else None
    if until is None or attempt.happened_on is None:
        return []
    if until < attempt.happened_on:
        return [Refusal("until_passed", "Ngày gia hạn đến phải sau ngày ký văn bản.", "until", f"{until:%d/%m/%Y}")]
    judged = [one for one in rulebook.judge(attempt) if one.outcome == rulebook.Outcome.NOT_MET]
    return [Refusal(one.gate, one.message, one.field, one.found, one.required, one.who, one.citation) for one in judged]


def _open_unit(attempt: Attempt) -> list[Refusal]:
    if attempt.happened_on is None or attempt.unit.is_open_on(attempt.happened_on):
        return []
    return [Refusal("unit_closed", "Đơn vị không hoạt động vào ngày này.", "unit", who="Chọn đơn vị kế thừa")]


def _unit(attempt: Attempt) -> list[Refusal]:
    """The unit is open on that day and can hold people; a move goes somewhere else."""
    unit, found = attempt.unit, _open_unit(attempt)
    stage = attempt.story.standing.stage
    early = stage in (None, Stage.SOURCE, Stage.TRAINED) and attempt.step != Step.DOSSIER
    if not unit.holds_people and not early and not attempt.is_backfilled:
        found.append(
            Refusal(
                "no_branch",
                "Người này chưa được phân về chi bộ nào.",
                "unit",
                required="một chi bộ trực thuộc hoặc chi bộ cơ sở",
                who="Cán bộ cấp ủy cơ sở chuyển về chi bộ trước",
            )
        )
    if attempt.step == Step.MOVED:
        if unit.key == attempt.here.key:
            found.append(Refusal("same_unit", "Người này đang ở chính đơn vị đó.", "unit"))
    elif attempt.step not in FIRST_STEPS and unit.key != attempt.here.key:
        found.append(Refusal("wrong_unit", "Người này không thuộc đơn vị đó.", "unit"))
    return found


def rights_for(step: Step, stage: Stage | None, *, between_units: bool = False) -> tuple[Permission, ...]:
    """Who takes a step at a stage: by the table, and by what the table leaves to the stage or to the two units."""
    row = BY_STEP[step]
    if step == Step.MOVED and between_units:
        return (Permission.STEP_BOARD,)
    if step == Step.DECIDED and stage in (Stage.BRANCH_PASSED, Stage.COMMITTEE_PASSED):
        return (Permission.STEP_COMMITTEE,)
    if row.before_submission_by and stage in BEFORE_SUBMISSION:
        return (*row.before_submission_by, *row.by)
    return row.by


def who_may(rights: tuple[Permission, ...]) -> str:
    """The holders of the rights, in words."""
    words = " hoặc ".join(dict.fromkeys(WHO[right] for right in rights))
    return words[:1].upper() + words[1:]


def is_delegated(step: Step, stage: Stage | None) -> bool:
    """Whether the decision would be the unit's own: taken right after its resolution, confirmed by a second person."""
    return step == Step.DECIDED and stage in (Stage.BRANCH_PASSED, Stage.COMMITTEE_PASSED)


def _actor(attempt: Attempt) -> list[Refusal]:
    """Whether the one who acts has the right for this step, at this stage, between these units."""
    actor, stage = attempt.actor, attempt.story.standing.stage
    allowed = rights_for(attempt.step, stage, between_units=attempt.unit.grassroots != attempt.here.grassroots)
    if attempt.is_backfilled:
        allowed = (Permission.STEP_BOARD,)
    # For a unit without an active officer the Board also takes the unit's own steps.
    held = {*allowed, Permission.STEP_BOARD} if actor.stands_in else set(allowed)
    if not held & actor.rights:
        message = "Bước này không thuộc quyền của tài khoản đang dùng."
        return [Refusal("wrong_role", message, who=who_may(allowed))]
    if is_delegated(attempt.step, stage) and not actor.confirmed:
        return [Refusal("unconfirmed", "Quyết định theo ủy quyền phải có người thứ hai xác nhận.", who="Ban Tổ chức")]
    return []


def _four_eyes(attempt: Attempt) -> list[Refusal]:
    """Whoever prepared a dossier does not appraise it; whoever appraised it does not record the decision.

    The head of the Board may override, with a reason, when nobody else is entitled.
    """
    actor, step, found = attempt.actor, attempt.step, ""
    if step == Step.APPRAISED and actor.prepared:
        message = "Người đã nhập hoặc sửa hồ sơ này không được thẩm định chính hồ sơ đó."
    elif step == Step.DECIDED and _appraised_by_actor(attempt):
        message = "Người đã thẩm định không được ghi quyết định kết nạp."
        days = [event.happened_on for event in _appraisals(attempt) if event.by == actor.key]
        found = f"tài khoản này đã ghi thẩm định ngày {show_day(days[-1])}" if days else ""
    else:
        return []
    if actor.is_head and step in actor.alone_for:
        reason = str(attempt.facts.get("override") or "")
        if len(reason) >= REASON.at_least:
            return []
        who = f"Người đứng đầu Ban Tổ chức ghi lý do, ít nhất {REASON.at_least} ký tự"
        return [Refusal("four_eyes", message, "override" if reason else "", found, who=who)]
    who = "Một cán bộ khác của Ban Tổ chức; nếu không còn ai, người đứng đầu Ban Tổ chức ghi kèm lý do"
    return [Refusal("four_eyes", message, found=found, who=who)]


def _appraised_by_actor(attempt: Attempt) -> bool:
    if attempt.story.standing.stage != Stage.APPRAISED:
        return False
    appraised = [event.by for event in _appraisals(attempt)]
    return attempt.actor.appraised or (attempt.actor.key is not None and appraised[-1:] == [attempt.actor.key])


def _appraisals(attempt: Attempt) -> list[Past]:
    return [event for event in attempt.story.events if event.step == Step.APPRAISED]


GATES = (_actor, _order, _unit, _dates, _before_the_system, _facts, _received, _votes, _rules, _extension, _four_eyes)
# What a correction of an old record is asked: rules refuse advancing, they never keep the past wrong.
RECORD_GATES = (_dates, _before_the_system, _open_unit, _facts, _received, _votes, _extension)
# What a correction before it may not make untrue of a step that stays as it is.
LATER_GATES = (_received, _extension)


def offered(story: Story, actor: Actor) -> list[Step]:
    """The steps the table and the rights allow from here, forward ones first; what they need is asked in the form."""
    unit = story.unit
    if unit is None:
        return []
    far = date.max
    steps = []
    for row in BY_STEP.values():
        if row.step in NOT_OFFERED:
            continue
        attempt = Attempt(story, row.step, None, {}, far, actor, unit)
        if not _order(attempt) and not [r for r in _actor(attempt) if r.code == "wrong_role"]:
            steps.append(row.step)
    return steps
