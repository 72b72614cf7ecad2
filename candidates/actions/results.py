"""Results of a class: scores, grades, and the number and day of a certificate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from candidates.actions.class_people import (
    RowProblems,
    free_places,
    hold_people,
    locked,
    move_up,
    objections,
    refuse_called_off,
    require_edit,
)
from candidates.actions.events import Refused
from candidates.actions.nominations import LONGEST_REASON, comes_back_against
from candidates.actions.trained_step import follow_certificate
from candidates.classes import (
    ATTENDED,
    SHORTEST_REASON,
    Line,
    Purpose,
    State,
    contradicts,
    grade_of,
    number_key,
    number_problem,
)
from candidates.models import Enrolment, Grade, TrainingClass
from organizations import changes
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.dates import show_day

SHOWN = 5  # numbers in a message
NOT_FOLLOWED = "Hồ sơ của người này không nhận được giấy như vậy (đã có bước sau, hoặc đang dừng); hỏi Ban Tổ chức."


@dataclass(frozen=True)
class Result:
    """What is recorded of one participant. A grade left out is the one the score gives."""

    enrolment: int
    version: int
    state: str
    score: Decimal | None = None
    grade: int | None = None
    certificate_number: str = ""
    issued_on: date | None = None
    reason: str = ""  # why somebody left the class


def scale() -> list[Line]:
    """The lines of the scale in use. One query."""
    return [line_of(row) for row in Grade.objects.filter(is_active=True)]


def line_of(grade: Grade) -> Line:
    return Line(grade.pk, grade.name, grade.from_score, grade.is_pass)


def against_day(training_class: TrainingClass, day: date) -> str:
    """Why no certificate of the class carries this day, or nothing."""
    if day > clock.today():
        return "Ngày cấp chưa đến."
    to_on = training_class.to_on
    return f"Ngày cấp trước ngày bế giảng {show_day(to_on)}." if day < to_on else ""


@transaction.atomic
def record_results(
    *, training_class: TrainingClass, results: Sequence[Result], by, reason: str = "", keeps_grades: bool = False
) -> int:
    """Record the results of several participants, all or none; how many. Raises RowProblems with everything wrong.

    `reason`: why certificates that are on record change. `keeps_grades`: grades that differ from what the score gives
    are meant so. A first certificate moves a person in `source` to `trained`; a later change of its number or date
    corrects that event. Raises Conflict.
    """
    row = locked(training_class)
    require_edit(row, by)
    refuse_called_off(row)
    # Numbers of certificates are given under one lock: one number a year for each kind of class.
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=row.organization_id)
    recorder = _Recorder(row, by, vietnamese.clean_lines(reason), keeps_grades)
    with changes.recording(by=by, action="class.result", reason=recorder.reason, subject=row) as log:
        recorder.record(results, log)
        if recorder.freed and clock.today() <= row.from_on:
            move_up(row, log)
    return len(results)


class _Recorder:
    """One writing of the table of results, under the lock of the class."""

    def __init__(self, row: TrainingClass, by, reason: str, keeps_grades: bool):
        self.row, self.by, self.reason, self.keeps_grades = row, by, reason, keeps_grades
        self.grades = {one.pk: one for one in Grade.objects.all()}
        self.scale = [line_of(one) for one in self.grades.values() if one.is_active]
        self.problems: dict[int, dict[str, list[str]]] = {}
        self.freed = False

    def record(self, results: Sequence[Result], log: changes.Log) -> None:
        ids = [one.enrolment for one in results]
        hold_people(self.row.enrolments.filter(pk__in=ids))
        rows = self._rows(ids)
        if unknown := [one for one in results if one.enrolment not in rows]:
            raise ValidationError(f"{len(unknown)} dòng không phải của người trong lớp này.")
        written = []
        for result in results:
            enrolment = rows[result.enrolment]
            was, had = changes.state(enrolment), (enrolment.certificate_number, enrolment.issued_on)
            if found := self._against(enrolment, result, had):
                self.problems.setdefault(enrolment.pk, {}).update(found)
                continue
            claim(enrolment, version=result.version)
            self.freed |= was["state"] == State.ENROLLED and result.state == State.DROPPED
            self._fill(enrolment, result)
            written.append((enrolment, was, had))
        self._against_places(written)
        self._against_numbers(rows.values(), {enrolment.pk for enrolment, _, _ in written})
        if self.problems:
            raise RowProblems(self.problems)
        # Numbers may change hands within the table: those given up are given up first.
        given_up = [one.pk for one, _, had in written if had[0] and had != (one.certificate_number, one.issued_on)]
        Enrolment.objects.filter(pk__in=given_up).update(certificate_number="", issued_on=None)
        for enrolment, _, _ in written:
            self._save(enrolment)
        for enrolment, was, _ in written:
            log.updated(enrolment, was, subject=enrolment.candidate)
        for enrolment, _, had in written:
            if enrolment.candidate and self.row.kind.purpose == Purpose.AWARENESS:
                self._follow(enrolment, had)
        if self.problems:
            raise RowProblems(self.problems)

    def _rows(self, ids: Iterable[int]) -> dict[int, Enrolment]:
        found = self.row.enrolments.filter(pk__in=ids).select_related("candidate__unit__grassroots", "unit")
        rows = {one.pk: one for one in found.order_by("pk")}
        for one in rows.values():
            one.training_class = self.row
        return rows

    def _follow(self, enrolment: Enrolment, had) -> None:
        try:
            with transaction.atomic():
                follow_certificate(enrolment, had, self.reason, self.by)
        except Refused as refused:
            # Whoever only runs classes learns nothing of what became of a person.
            is_reader = may_in(self.by, Permission.CANDIDATE_VIEW, enrolment.candidate.unit)
            said = [one.message for one in refused.refusals] if is_reader else [NOT_FOLLOWED]
            self.problems[enrolment.pk] = {"": said}

    def _save(self, enrolment: Enrolment) -> None:
        try:
            with transaction.atomic():
                enrolment.save()
        except IntegrityError:  # another district, or another kind of class, gave the number that day
            words = f"Số {enrolment.certificate_number} đã cấp cho người khác trong cùng ngày."
            self.problems[enrolment.pk] = {"certificate_number": [words]}

    # What speaks against a row

    def _against(self, enrolment: Enrolment, result: Result, had) -> dict[str, list[str]]:
        if enrolment.state not in ATTENDED:
            words = enrolment.state_words
            return {"": [f"Chưa được ghi danh vào lớp (đang ở “{words}”), không ghi kết quả được."]}
        found: dict[str, list[str]] = {}
        number, day = vietnamese.clean(result.certificate_number), result.issued_on
        line = self._line(result)
        is_finished = result.state == State.FINISHED
        if result.state not in ATTENDED:
            found["state"] = ["Chọn trạng thái: đang học, đã học xong hoặc bỏ học."]
        if is_finished and self.row.to_on > clock.today():
            found["state"] = [f"Lớp học đến hết ngày {show_day(self.row.to_on)}, chưa ghi học xong được."]
        if result.state == State.DROPPED and not self.row.has_begun:
            found["state"] = ["Lớp chưa khai giảng: dùng “Rút, không đi học” ở trang của người này."]
        if result.score is not None and not is_finished:
            found["score"] = ["Chỉ người đã học xong mới có điểm."]
        if result.grade and not is_finished:
            found["grade"] = ["Chỉ người đã học xong mới có xếp loại."]
        if is_finished and line is None:
            found["grade"] = ["Ghi điểm hoặc chọn xếp loại cho người đã học xong."]
        given = contradicts(result.score, line, self.scale)
        if given and not self.keeps_grades:
            score = f"{result.score.normalize():f}".replace(".", ",")
            found["grade"] = [f"Điểm {score} theo thang điểm là “{given.name}”, không phải “{line.name}”."]
        if number and not (is_finished and line and line.is_pass):
            found["certificate_number"] = ["Chỉ người học xong và đạt mới có giấy chứng nhận."]
        if said := number_problem(number):
            found["certificate_number"] = [said]
        if bool(number) != bool(day):
            found["issued_on"] = ["Số và ngày cấp giấy chứng nhận phải có đủ cả hai."]
        elif day and (said := against_day(self.row, day)):
            found["issued_on"] = [said]
        if had[0] and had != (number, day) and len(self.reason) < SHORTEST_REASON:
            found["reason"] = [f"Sửa giấy chứng nhận đã ghi cần lý do, ít nhất {SHORTEST_REASON} ký tự."]
        leaves = result.state == State.DROPPED and enrolment.state != State.DROPPED
        if leaves and not (result.reason.strip() or (had[0] and self.reason)):
            found["why"] = ["Ghi lý do bỏ học."]
        if len(vietnamese.clean_lines(result.reason)) > LONGEST_REASON:
            found["why"] = [f"Lý do nhiều nhất {LONGEST_REASON} ký tự."]
        return found

    def _line(self, result: Result) -> Line | None:
        if result.grade:
            return line_of(self.grades[result.grade]) if result.grade in self.grades else None
        return grade_of(result.score, self.scale) if result.score is not None else None

    def _fill(self, enrolment: Enrolment, result: Result) -> None:
        line = self._line(result) if result.state == State.FINISHED else None
        enrolment.state, enrolment.score = result.state, result.score
        enrolment.grade_id, enrolment.is_passed = (line.key, line.is_pass) if line else (None, None)
        enrolment.certificate_number = vietnamese.clean(result.certificate_number)
        enrolment.issued_on = result.issued_on
        why = vietnamese.clean_lines(result.reason) or self.reason[:LONGEST_REASON]
        enrolment.reason = why if result.state == State.DROPPED else ""

    def _against_places(self, written: list) -> None:
        """Who comes back takes a place again, and finds one or stays away."""
        back = [one for one, was, _ in written if was["state"] == State.DROPPED and one.state != State.DROPPED]
        gone = [one for one, was, _ in written if was["state"] != State.DROPPED and one.state == State.DROPPED]
        free = free_places(self.row)
        if free is not None and len(back) > free + len(gone):
            for one in back:
                self.problems.setdefault(one.pk, {})["state"] = [f"Lớp đã đủ {self.row.capacity} chỗ."]
        said = objections(self.row, [one.candidate for one in back if one.candidate], reader=self.by)
        for one in back:
            if words := comes_back_against(self.row, one, said.get(one.candidate_id, ())):
                self.problems.setdefault(one.pk, {})["state"] = [f"Không trở lại lớp được: {words[0]}"]

    def _against_numbers(self, rows: Iterable[Enrolment], written: set[int]) -> None:
        """A number stands for one certificate of the year and the kind of class."""
        given: dict[tuple[str, int], list[Enrolment]] = {}
        for one in rows:
            if one.pk in written and one.certificate_number:
                given.setdefault((number_key(one.certificate_number), one.issued_on.year), []).append(one)
        held = {}
        for year in {year for _, year in given}:
            known = given_in(self.row, year).exclude(pk__in=written).select_related("candidate")
            held |= {(number_key(one.certificate_number), year): one for one in known}
        for key, holders in given.items():
            others = [*holders, *([held[key]] if key in held else [])]
            for one in holders:
                if other := next((other for other in others if other.pk != one.pk), None):
                    words = f"Số {one.certificate_number} năm {key[1]} đã cấp cho {other}."
                    self.problems.setdefault(one.pk, {})["certificate_number"] = [words]


def given_in(training_class: TrainingClass, year: int):
    """Certificates of the year by classes of this kind, of the same district."""
    return Enrolment.objects.filter(
        training_class__organization=training_class.organization,
        training_class__kind=training_class.kind,
        issued_on__year=year,
    )
