"""What one person's page says of loaded rows: the timeline, facts in words, the next step. Only changes_of() asks."""

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from candidates import gates, next_steps, special_cases
from candidates.attempts import Attempt, among
from candidates.cells import group_words
from candidates.choices import Sentence
from candidates.deadlines import Deadline
from candidates.dossier import Dossier, State
from candidates.models import Candidate, FormerMembership, StageEvent
from candidates.papers import Points
from candidates.pipeline import (
    BACKFILLED,
    BEFORE_THE_MEETING,
    BY_STEP,
    FOLLOWED,
    RedoFrom,
    Stage,
    Status,
    Step,
    failed_recognition_votes,
    has_no_vote,
    was_reported_upward,
)
from candidates.readmission import Former
from candidates.rulebook import Judged, Outcome
from candidates.rules import RuleBook, Rules
from candidates.sub_limits import SubLimit, sub_limit
from candidates.working_days import Calendar
from organizations import history
from organizations.changes import mask
from organizations.models import Change
from vuthu_recruit import clock
from vuthu_recruit.dates import months_after, show_day
from vuthu_recruit.vietnamese import lower_first

SHOWN_CHANGES = 100
ICONS = {Outcome.MET: "done", Outcome.NOT_MET: "soon", Outcome.WARNING: "info"}
# What these tell of is for those who work on the dossier (candidates/special_cases.py, readmission.py).
PRIVATE_GATES = ("special", "readmission", "readmission_consent")
PRIVATE_FACTS = ("special_consent", "readmission_consent")
LATE_ENTRY = 7  # days between what happened and its recording, worth a word
MARK_WORDS = {
    "stands_in": "Ban Tổ chức nhập thay đơn vị",
    "delegated": "Đơn vị quyết định theo ủy quyền",
    BACKFILLED: "Nhập bù từ văn bản, không xét điều kiện",
}


def is_private(event: StageEvent, key: str) -> bool:
    """A fact that tells of the background: which consent was needed, why a dossier was returned."""
    return key in PRIVATE_FACTS or (key == "reason" and event.step == Step.RETURNED)


def fact_words(event: StageEvent, *, background: bool = True) -> list[str]:
    """The facts of an event, one sentence each, in the order the step asks them."""
    facts, said = event.facts, []
    for fact in BY_STEP[Step(event.step)].facts:
        value = facts.get(fact.key)
        if value in (None, "") or fact.key == "votes" or not (background or not is_private(event, fact.key)):
            continue
        if fact.key == "members" and "votes" in facts:
            said.append(f"{facts['votes']} trên {value} phiếu tán thành")
        else:
            said.append(f"{fact.label}: {value_words(fact, value)}")
    if facts.get("override"):
        said.append(f"Người đứng đầu Ban Tổ chức quyết định ngoại lệ: {facts['override']}")
    return said + [words for mark_, words in MARK_WORDS.items() if facts.get(mark_)]


def value_words(fact, value) -> str:
    if fact.kind == "choice":
        return str(dict(fact.choices).get(value, value))
    if fact.kind == "day":
        return show_day(date.fromisoformat(value))
    return str(value)


def timeline(
    candidate: Candidate, events: list[StageEvent], judge_now: Callable, *, background: bool = True
) -> list[dict]:
    """Live events, oldest first, each with what it replaced and how it was judged; then the stages still to come.

    `judge_now`: the conditions of the n-th live event by the rule book as it is now. `background`: whether the reader
    works on the dossier and may know what its conditions tell of the person.
    """
    by_key = {event.pk: event for event in events}
    live = [event for event in events if event.is_live]
    rows = [
        _happened(event, by_key, is_last=event is live[-1], background=background)
        | _judged(event, lambda index=index: judge_now(index), background=background)
        for index, event in enumerate(live)
    ]
    if candidate.status in (Status.OPEN, Status.RETURNED):
        form = (candidate.unit.grassroots or candidate.unit).form
        rows += [
            {"name": stage.label, "state": "next", "icon": "missing"}
            for stage in next_steps.road_ahead(candidate.stage, form)
        ]
    return rows


def with_attempts(rows: list[dict], told: list[Attempt]) -> list[dict]:
    """The timeline with every class attended: the one that is a step said at it, the others in rows of their own."""
    for row in rows:
        own = [note for one in told if one.is_step and row.get("step") == Step.TRAINED for note in one.notes]
        row["notes"] = [*row.get("notes", []), *own]
    others = [
        {
            "name": one.name,
            "state": "done",
            "icon": "trained",
            "on": one.on,
            "unit": one.unit,
            "notes": [*([f"Số giấy chứng nhận: {one.document}"] if one.document else []), *one.notes],
            "is_attempt": True,
        }
        for one in told
        if not one.is_step
    ]
    return among(rows, others)


def _happened(event: StageEvent, by_key: dict, *, is_last: bool, background: bool) -> dict:
    recorded = timezone.localtime(event.recorded_at).date()
    return {
        "step": event.step,
        "name": event.get_step_display(),
        "state": "now" if is_last else "done",
        "icon": next_steps.step_icon(event.step),
        "on": event.happened_on,
        "unit": event.unit.short_name,
        "notes": fact_words(event, background=background),
        "by": event.by.full_name if event.by else "",
        "recorded_at": event.recorded_at if (recorded - event.happened_on).days > LATE_ENTRY else None,
        "corrections": _corrections(event, by_key, background=background),
    }


def _judged(event: StageEvent, judge_now: Callable, *, background: bool) -> dict:
    """The verdict the step was given and, apart, what the rules of today would say differently."""
    told = [row for row in event.verdict if row.get("message")]  # verdicts before the rule book only name a check
    told = [row for row in told if background or row["gate"] not in PRIVATE_GATES]
    if not told:
        return {"verdict": None}
    then = {row["gate"]: row["outcome"] for row in told}
    changed = [one for one in judge_now() if then.get(one.gate, one.outcome) != one.outcome]
    changed = [one for one in changed if background or one.gate not in PRIVATE_GATES]
    against = sum(row["outcome"] != Outcome.MET for row in told)
    return {
        "verdict": told,
        "verdict_words": f"{against} điều cần xem" if against else f"{len(then)} điều kiện đạt",
        "rule_set": _set_words(event.rule_set),
        "today": [one.message for one in changed],
    }


def _set_words(label: str) -> str:
    """24-qd-tw/1 as 24-QĐ/TW, phiên bản 1."""
    regime, _, version = label.partition("/")
    name = regime.upper().replace("-QD-TW", "-QĐ/TW")
    return f"{name}, phiên bản {version}" if version else ""


def conditions(judged: list[Judged], fix: Callable[[str], str], *, background: bool = True) -> dict | None:
    """The panel of the next step before anyone tries it: what is not met, what is uncertain, what is met.

    `fix`: the address where what a gate asks can be put right, for whoever may.
    """
    judged = [one for one in judged if background or one.gate not in PRIVATE_GATES]
    if not judged:
        return None
    by_outcome = {outcome: [one for one in judged if one.outcome == outcome] for outcome in Outcome}
    return {
        "open": [
            {"judged": one, "icon": ICONS[one.outcome], "fix": fix(one.gate)}
            for one in (*by_outcome[Outcome.NOT_MET], *by_outcome[Outcome.WARNING])
        ],
        "not_met": len(by_outcome[Outcome.NOT_MET]),
        "met": by_outcome[Outcome.MET],
    }


def _corrections(event: StageEvent, by_key: dict, *, background: bool) -> list[dict]:
    """From the newest correction back: old value, new value, who, when, why."""
    found = []
    while event.replaces_id and (old := by_key.get(event.replaces_id)):
        found.append(
            {
                "changes": differences(old, event.happened_on, event.facts, background=background),
                "by": event.by.full_name if event.by else "",
                "at": event.recorded_at,
                "reason": event.reason,
            }
        )
        event = old
    return found


def differences(event: StageEvent, happened_on: date, facts: dict, *, background: bool = True) -> list[dict]:
    """Field by field: label, what the event says, what the new values say."""
    row = BY_STEP[Step(event.step)]
    found = []
    if event.happened_on != happened_on:
        found.append({"label": row.day_label, "old": show_day(event.happened_on), "new": show_day(happened_on)})
    for fact in row.facts:
        if not background and is_private(event, fact.key):
            continue
        old, new = event.facts.get(fact.key), facts.get(fact.key)
        if (old or "") != (new or "") or (old == 0) != (new == 0):
            words = [value_words(fact, value) if value not in (None, "") else "" for value in (old, new)]
            found.append({"label": fact.label, "old": words[0], "new": words[1]})
    return found


def withdrawn(events: list[StageEvent]) -> list[dict]:
    """Events taken back, with who, when and why."""
    return [
        {
            "name": event.get_step_display(),
            "on": event.happened_on,
            "by": event.by.full_name if event.by else "",
            "at": event.recorded_at,
            "reason": event.reason,
        }
        for event in events
        if event.is_void
    ]


def membership(story: gates.Story, book: RuleBook) -> list[dict]:
    """The days a member is known by, from the events that count. Nothing before the ceremony.

    The day of joining is the ceremony; Party age runs from the day of the decision once recognised (Điều lệ Đảng, Điều
    5, khoản 4); recognition counts from the end of probation, however late it is decided (domain.md 1.4).
    """
    decided, ceremony = _last(story, Step.DECIDED), _last(story, Step.ADMITTED)
    rules = book.on(ceremony.happened_on) if ceremony else None
    if ceremony is None:
        return []
    struck_off = _last(story, Step.STRUCK_OFF)
    if rules is None or struck_off:
        rows = [("Ngày vào Đảng", ceremony), ("Xóa tên", struck_off)]
        return [{"label": label, "value": show_day(event.happened_on)} for label, event in rows if event]
    ends = show_day(months_after(ceremony.happened_on, rules["probation_months"]))
    rows = [("Ngày vào Đảng", show_day(ceremony.happened_on))]
    recognised = _last(story, Step.OFFICIAL)
    if recognised is None:
        return [{"label": label, "value": value} for label, value in [*rows, ("Hết thời gian dự bị", ends)]]
    rows += [
        ("Chính thức từ ngày", ends),
        ("Quyết định công nhận", show_day(recognised.happened_on)),
        ("Tuổi đảng tính từ", show_day(decided.happened_on)),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def record_facts(candidate: Candidate, *, background: bool, rules: Rules | None = None) -> list[dict]:
    """The record as label and value. Background fields only for who works on the dossier; the number masked else.

    `rules`: the set of today, to name the cases that need a further consent by it.
    """
    union = f"Đoàn viên, vào Đoàn {candidate.youth_union_joined}" if candidate.youth_union_joined else "Đoàn viên"
    rows = [
        ("Số định danh", candidate.identity_number if background else mask(candidate.identity_number)),
        ("Điện thoại", candidate.phone),
        ("Quê quán", candidate.home_town),
        ("Nơi ở hiện nay", candidate.residence),
        ("Nghề nghiệp", candidate.get_occupation_display()),
        ("Công việc, chức vụ", candidate.job),
        ("Nơi làm việc", candidate.workplace),
        ("Học vấn", candidate.get_education_display()),
        ("Chuyên môn", candidate.get_qualification_display()),
        ("Lý luận chính trị", candidate.get_political_theory_display()),
        ("Đoàn Thanh niên", union if candidate.is_youth_union_member else "Không"),
        ("Công đoàn", "Đoàn viên" if candidate.is_trade_union_member else "Không"),
        ("Đối tượng ưu tiên", group_words(candidate.priority_groups) or "Không thuộc đối tượng nào"),
        ("Tổ chức giới thiệu", _introduction(candidate)),
    ]
    if background:
        rows += [
            ("Dân tộc", candidate.ethnicity),
            ("Tôn giáo", candidate.get_religion_display()),
            ("Trường hợp đặc biệt", special_cases.in_words(candidate.special_cases) or "Không thuộc trường hợp nào"),
            *_consents(candidate, rules),
            ("Thẩm tra lý lịch", _background(candidate)),
        ]
    rows += [
        ("Đã thông báo cho người này", show_day(candidate.informed_on) if candidate.informed_on else ""),
        ("Căn cứ xử lý dữ liệu", candidate.legal_basis),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def papers_words(papers: Dossier, points: Points) -> dict:
    """The dossier in one line, with what must be seen first."""
    due = [form for form in papers.due() if form.is_required]
    there = sum(papers.state_of(form) in (State.IN, State.ACCEPTED) for form in due)
    words = f"Có {there} trong {len(due)} giấy tờ bắt buộc đến bước này" if papers.is_kept else "Chưa ghi giấy tờ nào"
    return {"words": words, "open": len(points.open), "unanswered": len(points.unanswered)}


def _consents(candidate: Candidate, rules: Rules | None) -> list[tuple[str, str]]:
    """Why a further consent is needed before the decision: said here alone, never in a verdict."""
    cases = special_cases.of(candidate.special_cases, candidate.religion)
    asked = special_cases.asked(cases, rules) if rules else []
    return [("Phải có văn bản đồng ý", special_cases.in_words(asked))] if asked else []


def former_facts(row: FormerMembership) -> list[dict]:
    """How somebody ceased to be a member; for readers of background."""
    rows = [
        ("Ra khỏi Đảng", f"Ngày {show_day(row.left_on)}, {row.get_how_display().lower()}"),
        ("Lý do gia đình", "Gia đình đặc biệt khó khăn" if row.family_hardship else ""),
        ("Án hình sự", "" if row.sentence == Sentence.NONE else row.get_sentence_display()),
        ("Xóa án tích", show_day(row.cleared_on) if row.cleared_on else ""),
        ("Kết nạp lại", "Đã được kết nạp lại một lần" if row.readmitted_before else ""),
        ("Văn bản", row.document),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _introduction(candidate: Candidate) -> str:
    if not candidate.introduced_by_body:
        return "Không có"
    words = candidate.get_introduced_by_body_display()
    if candidate.introduced_at:
        words += f", {candidate.introduced_at.short_name}"
    return f"{words}, ngày {show_day(candidate.introduced_on)}" if candidate.introduced_on else words


def _background(candidate: Candidate) -> str:
    """Only that it is done, when, under which number: findings are never stored."""
    if not candidate.background_checked_on:
        return ""
    words = f"Đã có kết luận ngày {show_day(candidate.background_checked_on)}"
    return f"{words}, số {candidate.background_document}" if candidate.background_document else words


def steps_offered(story: gates.Story, actor) -> tuple[list[Step], list[Step]]:
    """What this user may record now: the steps forward, and all others."""
    offered = gates.offered(story, actor)
    standing = story.standing
    usual = _usual(story)
    wanted = [Step.DECIDED] if gates.is_delegated(Step.DECIDED, standing.stage) else []
    wanted += [Step.REOPENED] if standing.status == Status.STOPPED else [usual] if usual else []
    forward = [step for step in wanted if step in offered]
    return forward, [step for step in offered if step not in forward]


def _usual(story: gates.Story) -> Step | None:
    votes = failed_recognition_votes(story.events)
    return next_steps.forward_step(story.standing.stage, story.unit.form, failed_votes=votes)


def next_panel(
    candidate: Candidate, story: gates.Story, forward: list[Step], due: Deadline | None, level: SubLimit | None = None
) -> dict | None:
    """The panel "việc tiếp theo": what, by whom, until when; whether this user may is said by `forward`."""
    if candidate.status == Status.STOPPED:
        owner = next_steps.owner(Step.REOPENED, candidate.stage)
        return {"title": "Đang tạm dừng theo dõi", "owner": owner, "note": "Ghi “Theo dõi trở lại” khi tiếp tục."}
    step = forward[0] if forward else _usual(story)
    if step is None or candidate.status not in (Status.OPEN, Status.RETURNED):
        return None
    owner, note = next_steps.owner(step, candidate.stage), ""
    if step == Step.TRAINED:
        note = "Bước này tự ghi khi có giấy chứng nhận học lớp nhận thức về Đảng."
    elif has_no_vote(story.events) and candidate.stage == Stage.APPRAISED:
        note = "Nhập bù mà không còn quyết định: Ban Tổ chức rút cả bước nhập bù, hoặc trả lại để chi bộ họp."
    elif candidate.has_no_branch:
        note = "Chưa phân chi bộ: chuyển người này về một chi bộ trước."
    elif not forward:
        note = "Tài khoản của bạn không ghi bước này."
    title = next_steps.HINTS[step]
    words = lower_first(step.label)
    told = {"title": title, "owner": owner, "note": note, "deadline": due, "level": level}
    return told | {"step": step, "step_words": words}


def level_now(story: gates.Story, days: dict, calendar: Calendar, today: date) -> SubLimit | None:
    """The local limit of the level that has the person now; none where the unit decides by itself."""
    step = next_steps.forward_step(story.standing.stage, story.unit.form)
    if step == Step.SUBMITTED and story.unit.delegated:
        return None
    return sub_limit(step, story.events[-1].happened_on, days, calendar, today)


def notices(candidate: Candidate, story: gates.Story, book: RuleBook, *, background: bool = True) -> list[dict]:
    """What a reader must know before anything else."""
    found = []
    last = story.events[-1] if story.events else None
    if candidate.status == Status.RETURNED and (returned := _last(story, Step.RETURNED)):
        redo = RedoFrom(returned.facts["redo_from"]).label.lower()
        text = f"Lý do: {returned.facts['reason']}" if background else ""
        found.append({"strong": f"Hồ sơ bị trả lại: {redo}.", "text": text})
    if candidate.status == Status.STOPPED and last and last.step in (Step.STOPPED, Step.DECISION_CANCELLED):
        found.append({"strong": f"{last.step.label}.", "text": f"Lý do: {last.facts['reason']}"})
    if candidate.stage in BEFORE_THE_MEETING and candidate.status in FOLLOWED and story.record.former and background:
        found += _coming_back(story.record.former, book.on(clock.today()))
    reported = candidate.stage in (Stage.COMMITTEE_PASSED, Stage.SUBMITTED, Stage.APPRAISED)
    if reported and was_reported_upward(story.events):
        text = "Đảng ủy cơ sở biểu quyết không đủ 2/3; cấp trên xem xét, quyết định."
        found.append({"strong": "Không đủ 2/3, báo cáo cấp trên.", "text": text})
    if candidate.stage == Stage.ADMITTED and failed_recognition_votes(story.events) >= 3:
        text = "Chi bộ đã ba lần biểu quyết không đủ 2/3; cấp trên xem xét, quyết định."
        found.append({"strong": "Báo cáo cấp trên.", "text": text})
    return found


def _coming_back(former: Former, rules: Rules | None) -> list[dict]:
    """Of somebody who was a member before: that nobody considers them again, or from when the branch may."""
    if former.is_barred or former.readmitted_before:
        text = "Không xem xét kết nạp lại; xem mục Từng là đảng viên."
        return [{"strong": "Thuộc trường hợp không kết nạp lại.", "text": text}]
    ripe = former.ripe_on(rules) if rules else None
    if ripe is None or ripe <= clock.today():
        return []
    return [{"strong": f"Kết nạp lại: sớm nhất chi bộ được xét từ ngày {show_day(ripe)}.", "text": ""}]


def changes_of(candidate: Candidate, known=()) -> list[history.Entry]:
    """The newest entries of the history of a record: all of it, also what happened before it came to this unit."""
    rows = Change.objects.filter(subject_type=Candidate._meta.label, subject_id=str(candidate.pk))
    newest = list(rows.select_related("by", "unit__grassroots").order_by("-pk")[:SHOWN_CHANGES])
    return history.entries(newest, known=known)


def _last(story: gates.Story, step: Step):
    return next((event for event in reversed(story.events) if event.step == step), None)
