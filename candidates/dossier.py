"""Which papers a dossier wants, and what is wrong with it as a whole. Pure: no database, no HTTP.

The catalogue of forms is data (data/dossier_forms.toml, kept by the Board); here stands what its words mean. Papers
that another part of the record proves already (resolutions, decisions, certificates, the verification) are read from
there: nothing is asked twice. Sources: domain.md 1.2, 1.4, 1.6; typical faults: domain.md 9.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import TextChoices

from candidates.pipeline import Stage, Step
from vuthu_recruit.dates import PartialDate, months_after, show_day
from vuthu_recruit.vietnamese import same_name_key


class Applies(TextChoices):
    """Whom a form concerns."""

    ALWAYS = "always", "Mọi người"
    YOUTH_UNION = "youth_union", "Đoàn viên Đoàn Thanh niên"
    TRADE_UNION = "trade_union", "Đoàn viên công đoàn, không còn trong Đoàn Thanh niên"
    SECTION = "section", "Chi bộ thuộc đảng bộ bộ phận"
    COMMITTEE = "committee", "Đơn vị là đảng bộ cơ sở"


class Renewal(TextChoices):
    """What becomes of a paper when the branch did not consider it in time (domain.md 1.4)."""

    KEPT = "", "Giữ nguyên"
    REDO = "redo", "Phải làm lại"
    SUPPLEMENT = "supplement", "Bổ sung nếu có thay đổi"


class Source(TextChoices):
    """Where a paper is known from. Only PAPER is typed on the dossier page."""

    PAPER = "paper", "Ghi ở trang hồ sơ"
    CERTIFICATE = "certificate", "Kết quả lớp nhận thức về Đảng"
    MEMBER_CERTIFICATE = "member_certificate", "Kết quả lớp đảng viên mới"
    BACKGROUND = "background", "Thông tin thẩm tra lý lịch"
    BRANCH_PASSED = "branch_passed", "Bước chi bộ biểu quyết"
    COMMITTEE_PASSED = "committee_passed", "Bước đảng ủy cơ sở biểu quyết"
    DECIDED = "decided", "Bước ra quyết định kết nạp"
    RECOGNITION_PROPOSED = "recognition_proposed", "Bước chi bộ đề nghị công nhận"
    RECOGNITION_COMMITTEE_PASSED = "recognition_committee_passed", "Bước đảng ủy cơ sở đề nghị công nhận"
    OFFICIAL = "official", "Bước ra quyết định công nhận"


class Copies(TextChoices):
    ONE = "one", "Một bản"
    INTRODUCERS = "introducers", "Mỗi người giới thiệu một bản"


class State(TextChoices):
    MISSING = "missing", "Chưa có"
    HANDWRITING = "handwriting", "Đang viết tay"
    IN = "in", "Đã có"
    RETURNED = "returned", "Bị trả lại"
    ACCEPTED = "accepted", "Đã thẩm định"


# The steps a paper may be needed for, in the order of the road.
NEEDED_FOR = (
    Step.BRANCH_PASSED,
    Step.COMMITTEE_PASSED,
    Step.SUBMITTED,
    Step.DECIDED,
    Step.ADMITTED,
    Step.RECOGNITION_PROPOSED,
    Step.RECOGNITION_COMMITTEE_PASSED,
    Step.OFFICIAL,
)
# What whoever stands in a stage works towards.
NEXT = {
    Stage.SOURCE: Step.BRANCH_PASSED,
    Stage.TRAINED: Step.BRANCH_PASSED,
    Stage.DOSSIER: Step.BRANCH_PASSED,
    Stage.BRANCH_PASSED: Step.COMMITTEE_PASSED,
    Stage.COMMITTEE_PASSED: Step.SUBMITTED,
    Stage.SUBMITTED: Step.SUBMITTED,
    Stage.APPRAISED: Step.DECIDED,
    Stage.DECIDED: Step.ADMITTED,
    Stage.ADMITTED: Step.RECOGNITION_PROPOSED,
    Stage.RECOGNITION_PROPOSED: Step.RECOGNITION_COMMITTEE_PASSED,
    Stage.RECOGNITION_COMMITTEE_PASSED: Step.OFFICIAL,
    Stage.OFFICIAL: Step.OFFICIAL,
}
CONSIDERED = (Step.BRANCH_VOTE_FAILED, Step.BRANCH_PASSED)  # the branch looked at the papers


@dataclass(frozen=True)
class Form:
    """One kind of paper, as the catalogue has it."""

    key: str
    code: str
    name: str
    needed_for: Step
    applies: Applies = Applies.ALWAYS
    copies: Copies = Copies.ONE
    renewal: Renewal = Renewal.KEPT
    source: Source = Source.PAPER
    not_before: tuple[str, ...] = ()
    is_required: bool = True
    regimes: tuple[str, ...] = ()
    note: str = ""

    @property
    def full_words(self) -> str:
        """Code and name, for who does not know the codes by heart."""
        return f"{self.code} {self.name}".strip()

    @property
    def words(self) -> str:
        """What the form is called in a sentence: its code, else its name."""
        return self.code or self.name


@dataclass(frozen=True)
class Paper:
    """One paper of a person. `name` and `birth`: as they stand on the paper."""

    form: str
    copy: int = 1
    state: State = State.IN
    document: str = ""
    dated_on: date | None = None
    name: str = ""
    birth: str = ""

    @property
    def is_there(self) -> bool:
        return self.state in (State.IN, State.ACCEPTED)


@dataclass(frozen=True)
class Holder:
    """What of a person decides which papers are wanted, and what the papers must agree with."""

    name: str = ""
    birth: PartialDate | None = None
    in_youth_union: bool = False
    in_trade_union: bool = False
    has_committee: bool = True
    in_section: bool = False
    introducers: int = 1  # how many the rules want of this person

    def is_concerned(self, applies: Applies) -> bool:
        return {
            Applies.ALWAYS: True,
            Applies.YOUTH_UNION: self.in_youth_union,
            Applies.TRADE_UNION: self.in_trade_union and not self.in_youth_union,
            Applies.SECTION: self.in_section,
            Applies.COMMITTEE: self.has_committee,
        }[applies]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a dossier. kind: missing, returned, duplicate, later, differs, order."""

    kind: str
    form: str
    words: str


@dataclass(frozen=True)
class Dossier:
    """The papers of one person with the forms that concern them, and the days of the steps taken."""

    forms: tuple[Form, ...]
    papers: tuple[Paper, ...]
    holder: Holder
    stage: Stage | None = None
    days: Mapping[Step, date] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        """Whether anybody recorded papers here; until then a missing paper is not known to be missing."""
        typed = {form.key for form in self.forms if form.source == Source.PAPER}
        return any(paper.form in typed and paper.state != State.MISSING for paper in self.papers)

    def of(self, form: Form) -> list[Paper]:
        return [paper for paper in self.papers if paper.form == form.key]

    def wanted(self, form: Form) -> int:
        return self.holder.introducers if form.copies == Copies.INTRODUCERS else 1

    def state_of(self, form: Form) -> State:
        """The state of a form as a whole: the worst of its papers, missing when there are fewer than wanted."""
        papers = self.of(form)
        states = {paper.state for paper in papers}
        for state in (State.RETURNED, State.HANDWRITING):
            if state in states:
                return state
        if sum(paper.is_there for paper in papers) < self.wanted(form):
            return State.MISSING
        return State.IN if State.IN in states else State.ACCEPTED

    def due(self) -> list[Form]:
        """Forms of the step that comes next and of those before it."""
        return [form for form in self.forms if _rank(form.needed_for) <= _rank(NEXT[self.stage or Stage.SOURCE])]

    def missing(self) -> list[Form]:
        """Required forms of this stage and of earlier ones that are not there."""
        return [
            form for form in self.due() if form.is_required and self.state_of(form) not in (State.IN, State.ACCEPTED)
        ]


def applying(forms: Iterable[Form], holder: Holder, regime: str) -> tuple[Form, ...]:
    """The forms that concern this person under a rule set; a form without rule sets belongs to all of them."""
    return tuple(
        form for form in forms if holder.is_concerned(form.applies) and (not form.regimes or regime in form.regimes)
    )


def problems(dossier: Dossier) -> list[Problem]:
    """Everything wrong with the dossier as a whole, form by form in the order of the catalogue."""
    missing = {form.key for form in dossier.missing()}
    found = []
    for form in dossier.forms:
        papers = [paper for paper in dossier.of(form) if paper.state != State.MISSING]
        if form.key in missing:
            found.append(_missing(dossier, form))
        found += _too_many(dossier, form, papers)
        if papers and form not in dossier.due() and form.source == Source.PAPER:
            words = f"{form.words} thuộc bước sau (“{form.needed_for.label}”), chưa nộp ở bước này."
            found.append(Problem("later", form.key, words))
        for paper in papers:
            found += _differs(dossier.holder, form, paper)
            found += _out_of_order(dossier, form, paper)
    return found


def _rank(step: Step) -> int:
    return NEEDED_FOR.index(step)


def _missing(dossier: Dossier, form: Form) -> Problem:
    state = dossier.state_of(form)
    if state == State.RETURNED:
        return Problem("returned", form.key, f"{form.full_words} bị trả lại, chưa nộp bản mới.")
    there, wanted = sum(paper.is_there for paper in dossier.of(form)), dossier.wanted(form)
    words = f"có {there} trong {wanted} bản" if there else "đang viết tay" if state == State.HANDWRITING else "chưa có"
    return Problem("missing", form.key, f"{form.full_words}: {words}.")


def _too_many(dossier: Dossier, form: Form, papers: Sequence[Paper]) -> list[Problem]:
    there, wanted = [paper for paper in papers if paper.is_there], dossier.wanted(form)
    if len(there) > wanted:
        return [Problem("duplicate", form.key, f"{form.words}: có {len(there)} bản, chỉ cần {wanted}.")]
    marks = [(paper.document, paper.dated_on) for paper in there if paper.document and paper.dated_on]
    if len(marks) > len(set(marks)):
        return [Problem("duplicate", form.key, f"{form.words}: hai bản cùng số, cùng ngày.")]
    return []


def _differs(holder: Holder, form: Form, paper: Paper) -> list[Problem]:
    found = []
    if paper.name and same_name_key(paper.name) != same_name_key(holder.name):
        words = f"{form.words} ghi họ tên “{paper.name}”, hồ sơ ghi “{holder.name}”."
        found.append(Problem("differs", form.key, words))
    born = PartialDate.from_iso(paper.birth) if paper.birth else None
    if born and holder.birth and (born.before(holder.birth) or born.after(holder.birth)):
        words = f"{form.words} ghi ngày sinh {born}, hồ sơ ghi {holder.birth}."
        found.append(Problem("differs", form.key, words))
    return found


def _out_of_order(dossier: Dossier, form: Form, paper: Paper) -> list[Problem]:
    """Made before what it builds on, or after the step it was needed for; papers of probation before the ceremony."""
    if paper.dated_on is None:
        return []
    day, found = paper.dated_on, []
    taken = dossier.days.get(form.needed_for)
    if form.source == Source.PAPER and taken and day > taken:
        words = f"{form.words} ngày {show_day(day)} sau bước “{form.needed_for.label}” ngày {show_day(taken)}."
        found.append(Problem("order", form.key, words))
    ceremony = dossier.days.get(Step.ADMITTED)
    if _rank(form.needed_for) >= _rank(Step.RECOGNITION_PROPOSED) and ceremony and day < ceremony:
        words = f"{form.words} ngày {show_day(day)} trước lễ kết nạp ngày {show_day(ceremony)}."
        found.append(Problem("order", form.key, words))
    for other in (one for one in dossier.forms if one.key in form.not_before):
        days = [row.dated_on for row in dossier.of(other) if row.dated_on]
        if days and day < max(days):
            words = f"{form.words} ngày {show_day(day)} trước {other.words} ngày {show_day(max(days))}."
            found.append(Problem("order", form.key, words))
    return found


@dataclass(frozen=True)
class Stale:
    """What must be redone or supplemented before the branch meets, and what has no date to tell."""

    redo: tuple[tuple[Form, date], ...]
    supplement: tuple[tuple[Form, date], ...]
    undated: tuple[Form, ...]


def stale(dossier: Dossier, meeting: date, considered: Iterable[date], months: int) -> Stale:
    """Papers older than the months allowed when the branch meets, each vote since counting as a consideration."""
    votes = sorted(considered)
    redo, supplement, undated = [], [], []
    for form in dossier.forms:
        if form.renewal == Renewal.KEPT or _rank(form.needed_for) > _rank(Step.BRANCH_PASSED):
            continue
        papers = [paper for paper in dossier.of(form) if paper.is_there]
        if any(paper.dated_on is None for paper in papers):
            undated.append(form)
        days = [paper.dated_on for paper in papers if paper.dated_on]
        old = [day for day in days if _is_over(day, votes, meeting, months)]
        if old:
            (redo if form.renewal == Renewal.REDO else supplement).append((form, min(old)))
    return Stale(tuple(redo), tuple(supplement), tuple(undated))


def _is_over(day: date, votes: Sequence[date], meeting: date, months: int) -> bool:
    """Whether more than the months passed without the branch looking at a paper of that day."""
    since = day
    for vote in votes:
        if since <= vote <= meeting and vote <= months_after(since, months):
            since = vote
    return meeting > months_after(since, months)
