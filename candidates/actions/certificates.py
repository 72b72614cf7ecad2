"""Certificates of a class, numbered and given in one go."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from candidates.actions.class_people import locked, require_edit
from candidates.actions.results import SHOWN, Result, against_day, given_in, record_results
from candidates.classes import FIRST_NUMBER, Purpose, State, number_key, numbers_from
from candidates.models import StageEvent, TrainingClass
from candidates.pipeline import Stage, Step
from organizations import changes
from organizations.versions import claim
from vuthu_recruit import vietnamese


def to_be_certified(training_class: TrainingClass, issued_on: date | None = None):
    """Who passed and holds no certificate of the class yet, in the order of the list.

    With a day, not those whose step cannot follow on it: they are stopped in the source since then or before.
    """
    rows = training_class.enrolments.filter(is_passed=True, certificate_number="").listed()
    if issued_on and training_class.kind.purpose == Purpose.AWARENESS:
        rows = rows.exclude(candidate__in=_stopped(issued_on))
    return rows.order_by("candidate__sort_key", "participant_sort_key", "pk")


def _stopped(day: date):
    """People stopped in the source on the day."""
    stands = StageEvent.objects.filter(is_live=True, ended_on=None, step=Step.STOPPED, to_stage=Stage.SOURCE)
    return stands.filter(happened_on__lte=day).values("candidate")


def next_number(training_class: TrainingClass, year: int) -> str:
    """The number after the highest of the year, as many figures wide; nothing before the first. One query."""
    numbers = given_in(training_class, year).values_list("certificate_number", flat=True)
    found = [match[0] for number in numbers if (match := FIRST_NUMBER.match(number))]
    highest = max(found, key=int, default="")
    return f"{int(highest) + 1:0{len(highest)}d}" if highest else ""


def numbered(training_class: TrainingClass, *, first_number: str, mark: str, issued_on: date, count: int) -> list[str]:
    """The numbers of so many certificates of that day, in their order. Raises ValidationError with every reason."""
    problems: dict[str, list[str]] = {}
    numbers: list[str] = []
    try:
        numbers = numbers_from(first_number, vietnamese.clean(mark), count)
    except ValueError:
        problems["first_number"] = ["Số đầu tiên chỉ gồm chữ số, nhiều nhất 8 chữ số. Ví dụ: 101"]
    if said := against_day(training_class, issued_on):
        problems["issued_on"] = [said]
    keys = {number_key(number) for number in numbers}
    known = given_in(training_class, issued_on.year).select_related("candidate")
    taken = [one for one in known if number_key(one.certificate_number) in keys]
    if words := [f"Số {one.certificate_number} năm {issued_on.year} đã cấp cho {one}." for one in taken[:SHOWN]]:
        problems["first_number"] = words
    if problems:
        raise ValidationError(problems)
    return numbers


@transaction.atomic
def issue_certificates(
    *,
    training_class: TrainingClass,
    first_number: str,
    mark: str,
    issued_on: date,
    decision: str,
    expected: int,
    version: int,
    by,
) -> int:
    """Number the certificates of everybody who passed, in the order of the list; how many. All or none.

    `expected`: how many the page showed; when somebody's result changed meanwhile nothing is given. Raises Conflict,
    ValidationError, RowProblems.
    """
    claim(training_class, version=version)
    row = locked(training_class)
    require_edit(row, by)
    people = list(to_be_certified(row, issued_on).select_related("candidate"))
    problems: dict[str, list[str]] = {}
    if not people:
        problems["__all__"] = ["Không có ai học xong, đạt mà chưa có giấy chứng nhận."]
    elif len(people) != expected:
        problems["__all__"] = [f"Danh sách vừa thay đổi: nay có {len(people)} người, trang hiện {expected}. Xem lại."]
    numbers: list[str] = []
    try:
        numbers = numbered(row, first_number=first_number, mark=mark, issued_on=issued_on, count=len(people))
    except ValidationError as found:
        problems |= found.message_dict
    if problems:
        raise ValidationError(problems)
    before = changes.state(row) | {"version": version}
    row.certificate_decision = vietnamese.clean(decision)
    row.save(update_fields=["certificate_decision"])
    with changes.recording(by=by, action="class.certificates", subject=row) as log:
        log.updated(row, before)
    results = [
        Result(one.pk, one.version, State.FINISHED, one.score, one.grade_id, number, issued_on)
        for one, number in zip(people, numbers, strict=True)
    ]
    return record_results(training_class=row, results=results, by=by, keeps_grades=True)
