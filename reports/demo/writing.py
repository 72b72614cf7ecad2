"""Writes demo lives in batches: records, events with their caches, classes, companions, comparisons, history."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from candidates import rulebook, special_cases
from candidates.actions.drafts import FIELDS
from candidates.actions.events import COUNTED, NOT_LIVE, as_recorded, former_of, rule_book, snapshot_of, verdict_of
from candidates.actions.readmission import NOT_COPIED
from candidates.choices import HowLeft
from candidates.clocks import running
from candidates.gates import Introduction, Record, Story
from candidates.models import (
    Appraisal,
    Candidate,
    DossierForm,
    DossierItem,
    Enrolment,
    FormerMembership,
    Helper,
    Introducer,
    Purpose,
    ReturnedPoint,
    ReviewCase,
    StageEvent,
)
from candidates.pipeline import Past, Stage, Status, Step, replay
from organizations import changes
from organizations.models import Change, User
from reports.demo.accounts import Cast
from reports.demo.ground import Ground
from reports.demo.lives import DRAFTS, MATCHED, Attendance, Happening, Life
from reports.demo.papers import Cupboard
from reports.demo.people import candidate_of, companions_of, waiting_for
from reports.demo.training import LEFT, Register, score_of

ACTION = "demo.create"
CORRECTED = "Nhập nhầm ngày so với nghị quyết, sửa theo bản gốc."
WITHDRAWN = "Nhập nhầm người đã có trong danh sách của chi bộ khác."
DECLINED = "Đang đi làm xa dài hạn, chưa tham gia sinh hoạt tại địa phương."
COMPARED = {
    "merged": "Đối chiếu số định danh và ngày sinh: cùng một người, giữ hồ sơ đã có.",
    "cleared": "Đối chiếu giấy khai sinh: hai người trùng họ tên và ngày sinh.",
}
KNOWN_AT_MOST = 2000


class Batch:
    """The rows of some lives, in the order they must be written."""

    def __init__(self):
        self.candidates: list[Candidate] = []
        self.replaced: list[StageEvent] = []  # before the events that replace them
        self.events: list[StageEvent] = []
        self.enrolments: list[Enrolment] = []
        self.introducers: list[Introducer] = []
        self.helpers: list[Helper] = []
        self.papers: list[DossierItem] = []
        self.appraisals: list[Appraisal] = []
        self.points: list[ReturnedPoint] = []
        self.cases: list[ReviewCase] = []
        self.declined: list[Candidate] = []
        self.former: list[FormerMembership] = []
        self.struck_off: list[tuple[Candidate, StageEvent]] = []

    @transaction.atomic
    def write(self) -> None:
        Candidate.objects.bulk_create(self.candidates)
        FormerMembership.objects.bulk_create(self.former)
        StageEvent.objects.bulk_create(self.replaced)
        StageEvent.objects.bulk_create(self.events)
        Enrolment.objects.bulk_create(self.enrolments)
        Introducer.objects.bulk_create(self.introducers)
        Helper.objects.bulk_create(self.helpers)
        DossierItem.objects.bulk_create(self.papers)
        Appraisal.objects.bulk_create(self.appraisals)
        ReturnedPoint.objects.bulk_create(self.points)
        ReviewCase.objects.bulk_create(self.cases)
        Change.objects.bulk_create([_created(candidate) for candidate in self.candidates])
        Change.objects.bulk_create([_declined(candidate) for candidate in self.declined])


class Scribe:
    """Turns lives into rows; knows the cast, the classes, and some people others may resemble."""

    def __init__(self, seed: int, ground: Ground, cast: Cast, register: Register):
        self.ground, self.cast, self.register, self.today = ground, cast, register, ground.today
        self.offset = Random(f"{seed}:numbers").randrange(1_000_000)
        self.known: list[Candidate] = []
        self.struck_off: list[tuple[Candidate, StageEvent]] = []  # long enough ago to come back
        self.units = {spot.unit.key: spot.unit for unit in ground.units for spot in unit.spots}
        self.units |= {unit.unit.key: unit.unit for unit in ground.units}
        self.rules = rule_book()
        self.cupboard = Cupboard(list(DossierForm.objects.filter(is_active=True)), self.today)

    def write(self, lives: list[Life]) -> None:
        batch = Batch()
        for life in lives:
            self._add(batch, life)
        batch.write()
        self.struck_off += batch.struck_off
        if len(self.known) < KNOWN_AT_MOST:
            self.known += [row for row in batch.candidates if row.status == Status.OPEN and row.identity_number]

    def _add(self, batch: Batch, life: Life) -> None:
        candidate = candidate_of(life, self.offset)
        candidate.unit_id, candidate.created_by = life.spot.unit.key, self._entered_by(life, candidate)
        if candidate.introduced_by_body:
            candidate.introduced_at_id = life.unit.unit.key
        batch.candidates.append(candidate)
        if life.kind == "readmitted" and self.struck_off:
            batch.former.append(self._come_back(candidate))
        if life.kind in MATCHED and self.known:
            batch.cases.append(self._resemble(life, candidate))
        first = len(batch.enrolments)
        numbers = self._enrol(batch, life, candidate)
        if life.kind in DRAFTS:
            self._leave_waiting(batch, life, candidate)
            return
        introducers, helpers = companions_of(life, candidate)
        batch.introducers += introducers
        batch.helpers += helpers
        self._events(batch, life, candidate, numbers, introducers, batch.enrolments[first:])

    def _entered_by(self, life: Life, candidate: Candidate) -> User:
        officer = self.cast.board[0] if life.kind == "backfilled" else self.cast.officers[life.unit.unit.key]
        introduced = life.kind in ("waiting_unit", "declined") or (
            life.happenings and life.happenings[0].step == Step.ACCEPTED
        )
        if introduced:
            return self.cast.bodies.get((life.unit.unit.key, candidate.introduced_by_body), officer)
        return officer

    def _leave_waiting(self, batch: Batch, life: Life, candidate: Candidate) -> None:
        candidate.stage, candidate.waiting_for = Stage.SOURCE, waiting_for(life.kind)
        candidate.status = Status.WAITING if candidate.waiting_for else Status.WITHDRAWN
        if life.kind == "declined":
            batch.declined.append(candidate)

    def _resemble(self, life: Life, candidate: Candidate) -> ReviewCase:
        """Make a draft look like someone of another unit, and open the case for the Board."""
        elsewhere = [
            row for row in self.known if row.unit_id not in {s.unit.key for s in life.unit.spots}
        ] or self.known
        other = life.rng.choice(elsewhere)
        for name in ("full_name", "birth", "sex"):
            setattr(candidate, name, getattr(other, name))
        candidate.identity_number = "" if life.kind == "cleared" else other.identity_number
        if life.kind == "merged":
            candidate.merged_into = other
        asked_by = self.cast.officers[life.unit.unit.key]
        asked_at = self._moment(life.rng, life.entered_on)
        case = ReviewCase(candidate=candidate, other=other, asked_by=asked_by, asked_at=asked_at,
                          asked_on=life.entered_on)  # fmt: skip
        if life.kind in COMPARED:
            case.outcome, case.reason = life.kind, COMPARED[life.kind]
            case.decided_by = self.cast.board[0]
            case.decided_at = asked_at + timedelta(minutes=life.rng.randint(30, 90))
        return case

    def _come_back(self, candidate: Candidate) -> FormerMembership:
        """Make a person one who was struck off before, as candidates.actions.readmission.readmit() does."""
        previous, event = self.struck_off.pop()
        for name in FIELDS - NOT_COPIED:
            setattr(candidate, name, getattr(previous, name))
        candidate.previous = previous
        candidate.is_youth_union_member, candidate.youth_union_joined = False, None
        candidate.introduced_by_body, candidate.introduced_at, candidate.introduced_on = "", None, None
        number = event.facts.get("document", "")
        return FormerMembership(candidate=candidate, left_on=event.happened_on, how=HowLeft.STRUCK_OFF, document=number)

    def _enrol(self, batch: Batch, life: Life, candidate: Candidate) -> list[str]:
        """The classes of a person; returns the numbers of their certificates for joining, oldest first."""
        numbers = []
        for place, one in enumerate(life.attendances):
            kind, grade = one.session.kind, self.register.grades.get(one.result)
            enrolment = Enrolment(
                training_class=self.register.seat(one.session),
                candidate=candidate,
                unit_id=one.spot.unit.key,
                state=one.state,
                grade=grade,
                is_passed=grade and grade.is_pass,
                score=score_of(one.result, f"{life.index}:{place}"),
                reason=LEFT if one.state == "dropped" else "",
                **self._sent(life, one),
            )
            if one.has_certificate:
                enrolment.certificate_number = self.register.certificate(one.session)
                enrolment.issued_on = one.session.issued_on
                if kind == "awareness":
                    numbers.append(enrolment.certificate_number)
            batch.enrolments.append(enrolment)
        return numbers

    def _sent(self, life: Life, one: Attendance) -> dict:
        """Who nominated and who screened, three and two weeks before the class, or today where that is earlier."""
        moments = [
            timezone.make_aware(datetime.combine(min(one.session.from_on - timedelta(days=days), self.today), time(9)))
            for days in (21, 14)
        ]
        officer = self.cast.officers[life.unit.unit.key]
        sent = {"nominated_at": moments[0], "nominated_by": officer}
        return sent | {"screened_at": moments[1], "screened_by": self.cast.center}

    def _events(
        self, batch: Batch, life: Life, candidate: Candidate, certificates: list[str], introducers, enrolments
    ) -> None:
        """Events with the caches that rebuild() would write, and what the rules say of each."""
        events = []
        for place, one in enumerate(life.happenings, 1):
            if one.step == Step.TRAINED:
                one.facts["document"] = certificates[0]
            if one.step == Step.DECIDED:
                one.facts.update(self._consents(candidate, one.on))
            events.append(self._event(life, candidate, one, place, events[-1] if events else None))
        walk = [Past(Step(e.step), e.happened_on, e.unit_id, e.facts, e.place) for e in events]
        standings = replay(walk, self.units)
        fill(events, walk, standings)
        record = self._papers(batch, life, candidate, introducers, enrolments, events, walk)
        for index, event in enumerate(events):
            if event.step in rulebook.GATES_OF:
                self._judge(event, Story(tuple(walk[:index]), self.units, record), walk[index])
        if life.kind == "withdrawn":
            self._withdraw(batch, candidate, events[0])
            return
        if life.kind == "struck_off_before" and events[-1].step == Step.STRUCK_OFF:
            batch.struck_off.append((candidate, events[-1]))
        last = standings[-1]
        candidate.stage, candidate.status, candidate.unit_id = str(last.stage), str(last.status), last.unit
        pairs = zip(life.happenings, events, strict=True)
        corrected = [self._correct(batch, one, event) for one, event in pairs if one.first_said]
        for number, event in enumerate(corrected, len(events) + 1):
            event.seq = number
            event.recorded_at = max(event.recorded_at, events[-1].recorded_at)
        batch.events += events

    def _papers(self, batch: Batch, life: Life, candidate, introducers, enrolments, events, walk) -> Record:
        """The dossier with its rounds of appraisal, and the record as the rules read it."""
        now, spot = self.rules["book"].on(self.today), life.happenings[-1].unit.unit
        holder = self.cupboard.holder(candidate, now, spot.form)
        kept = self.cupboard.fill(life, candidate, holder, introducers)
        dossier = self.cupboard.read(candidate, kept, holder, walk, enrolments, now)
        self.cupboard.appraise(life, candidate, events, kept)
        batch.papers += kept.items
        batch.appraisals += kept.appraisals
        batch.points += kept.points
        return replace(_record(life, candidate, introducers), dossier=dossier)

    def _consents(self, candidate: Candidate, on: date) -> dict:
        """What the level above had to agree to before the decision."""
        rules = self.rules["book"].on(on)
        cases = special_cases.of(candidate.special_cases, candidate.religion)
        found = {"readmission_consent": f"{200 + on.month}-CV/TU"} if former_of(candidate) else {}
        if rules and special_cases.asked(cases, rules):
            found["special_consent"] = f"{100 + on.timetuple().tm_yday}-CV/TU"
        return found

    def _judge(self, event: StageEvent, before: Story, one: Past) -> None:
        told = verdict_of(as_recorded(before, one, self.rules))
        event.rule_set, event.verdict = told["rule_set"], told["verdict"]

    def _event(self, life: Life, candidate: Candidate, one: Happening, place: int, previous) -> StageEvent:
        # What is taken over from paper is typed now.
        recorded_at = self._moment(life.rng, self.today - timedelta(days=20) if life.kind == "backfilled" else one.on)
        return StageEvent(
            candidate=candidate,
            seq=place,
            place=place,
            step=str(one.step),
            happened_on=one.on,
            recorded_at=max(recorded_at, previous.recorded_at) if previous else recorded_at,
            by=self._by(life, one),
            unit_id=one.spot.unit.key,
            facts=one.facts,
            snapshot=snapshot_of(candidate) if one.step == Step.DECIDED else None,
        )

    def _by(self, life: Life, one: Happening) -> User:
        """Whoever appraises is not whoever records the decision."""
        if one.who == "center":
            return self.cast.center
        board = self.cast.board
        if one.who == "appraiser":
            return board[1 + life.index % (len(board) - 1)]
        if one.who == "decider":
            return board[0]
        return self.cast.officers[one.unit.unit.key]

    def _moment(self, rng: Random, on: date) -> datetime:
        """When it was typed in: in office hours, up to a week later, never after today."""
        day = min(on + timedelta(days=rng.choice((0, 0, 1, 1, 2, 3, 6))), self.today)
        clock = time(rng.choice((8, 9, 10, 14, 15, 16)), rng.randrange(60), rng.randrange(60))
        return timezone.make_aware(datetime.combine(day, clock))

    def _correct(self, batch: Batch, one: Happening, event: StageEvent) -> StageEvent:
        """The event as it was first typed, kept beside the one that replaces it."""
        wrong = _copy(event, happened_on=one.first_said, **NOT_LIVE)
        batch.replaced.append(wrong)
        event.replaces, event.reason = wrong, CORRECTED
        event.recorded_at += timedelta(days=3) if event.happened_on < self.today - timedelta(days=14) else timedelta(0)
        return event

    def _withdraw(self, batch: Batch, candidate: Candidate, event: StageEvent) -> None:
        event.is_live, event.ended_on = False, None
        batch.replaced.append(event)
        void = _copy(event, seq=2, from_stage="", to_stage="", to_status="", facts={}, is_void=True, reason=WITHDRAWN)
        void.replaces = event
        batch.events.append(void)
        candidate.stage, candidate.status = Stage.SOURCE, Status.WITHDRAWN


def _record(life: Life, candidate: Candidate, introducers: list[Introducer]) -> Record:
    """What record_of() reads of the rows about to be written."""

    def issued(kind: str) -> tuple[date, ...]:
        return tuple(
            one.session.issued_on for one in life.attendances if one.has_certificate and one.session.kind == kind
        )

    return Record(
        birth=candidate.birth,
        education=candidate.education,
        in_youth_union=candidate.is_youth_union_member,
        in_trade_union=candidate.is_trade_union_member,
        certificates=issued(Purpose.AWARENESS),
        introducers=tuple(
            Introduction(one.from_on, one.to_on, one.together_since, one.is_replacement) for one in introducers
        ),
        member_class=issued(Purpose.NEW_MEMBER),
        special_cases=special_cases.of(candidate.special_cases, candidate.religion),
        former=former_of(candidate),
    )


def fill(events: list[StageEvent], walk: list[Past], standings) -> None:
    """The caches of live events in order, as candidates.actions.events.rebuild() writes them."""
    stage, decided = "", None
    for index, (event, standing) in enumerate(zip(events, standings, strict=True)):
        event.is_counted = event.step in COUNTED
        event.ended_on = events[index + 1].happened_on if index + 1 < len(events) else None
        event.from_stage, event.to_stage = str(stage), str(standing.stage)
        event.to_status, event.unit_id = str(standing.status), standing.unit
        clock = running(standing.stage, walk[: index + 1])
        event.clock_from, event.clock_until = (clock.since, clock.until) if clock else (None, None)
        if event.step == Step.DECIDED:
            decided = event
        elif event.step == Step.DECISION_CANCELLED and decided:
            decided.is_counted = False
        stage = standing.stage


def _copy(event: StageEvent, **values) -> StageEvent:
    same = {
        field.name: getattr(event, field.name)
        for field in StageEvent._meta.concrete_fields
        if field.name not in ("id", "unit", "replaces")
    }
    return StageEvent(unit_id=event.unit_id, **{**same, **values})


def _created(candidate: Candidate) -> Change:
    """One line of history a person: that the command made them, and how they stood."""
    return _change(
        candidate,
        ACTION,
        after={
            "full_name": candidate.full_name,
            "identity_number": changes.mask(candidate.identity_number),
            "unit_id": candidate.unit_id,
            "stage": str(candidate.stage),
            "status": str(candidate.status),
        },
    )


def _declined(candidate: Candidate) -> Change:
    return _change(
        candidate,
        "candidate.decline",
        before={"status": Status.WAITING.value},
        after={"status": Status.WITHDRAWN.value},
        reason=DECLINED,
    )


def _change(candidate: Candidate, action: str, **values) -> Change:
    came = changes.source()
    label = Candidate._meta.label
    return Change(request_id=came.request_id, via=came.via, action=action, object_type=label,
                  object_id=str(candidate.pk), subject_type=label, subject_id=str(candidate.pk),
                  unit_id=candidate.unit_id, **values)  # fmt: skip
