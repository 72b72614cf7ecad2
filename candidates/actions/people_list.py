"""A list of people written at once, by the rules of a person entered alone; and taken back at once."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import F

from candidates.actions import records
from candidates.actions.duplicates import (
    ANSWERS_A_DAY,
    Duplicate,
    NeedsReview,
    answers_today,
    one_at_a_time,
    open_case,
)
from candidates.actions.events import NOT_LIVE, Refused, caches_of
from candidates.choices import WaitingFor
from candidates.import_case import Edit, Entry
from candidates.models import Candidate, NeutralAnswer, StageEvent
from candidates.pipeline import Stage, Status, Step
from organizations import changes
from organizations.imports.preview import Kind, Line
from organizations.imports.registry import Stale, TooManyAnswers, Written
from organizations.models import ImportedRow, Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import Conflict
from vuthu_recruit import clock, vietnamese

AT_ONCE = 500  # rows of one statement
TOO_MANY = (
    "Tệp có nhiều trường hợp cần Ban Tổ chức đối chiếu hơn số còn lại của tài khoản này hôm nay "
    f"({ANSWERS_A_DAY} trường hợp mỗi ngày). Chưa nhập gì; hãy liên hệ Ban Tổ chức, hoặc thử lại ngày mai."
)

FITS_ANOTHER = (
    "Chưa hoàn tác được: họ tên, ngày sinh hoặc số định danh trước khi nhập nay trùng với {who}. "
    "Hãy sửa từng hồ sơ ở trang của người đó."
)


# Answers


def key_of(line: Line) -> str:
    """What was asked, as a digest: the same person asked about again is the same question."""
    candidate = line.payload.candidate
    values = getattr(line.payload, "values", {})
    asked = [values.get(name, getattr(candidate, name)) for name in ("full_name", "birth", "identity_number")]
    said = [vietnamese.same_name_key(asked[0]), str(asked[1] or ""), asked[2]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def unanswered(lines: Iterable[Line], by) -> set[str]:
    """Questions about people of other units that this account was not answered before. One query."""
    keys = {key_of(line) for line in lines if line.kind == Kind.WAITING}
    return keys - set(NeutralAnswer.objects.filter(asked_by=by, key__in=keys).values_list("key", flat=True))


def count_answers(*, lines: Iterable[Line], organization: Organization, by) -> None:
    """Count what the preview is about to say; raises TooManyAnswers when it is more than the account has left.

    A refusal says something too: it costs what is left, and closes the day for lists (`is_closed_today`).
    """
    one_at_a_time(by)
    if is_closed_today(by):
        raise TooManyAnswers(TOO_MANY)
    new = sorted(unanswered(lines, by))
    left = max(0, ANSWERS_A_DAY - answers_today(by))
    keys, is_too_many = new[:left], len(new) > left
    keys += [NeutralAnswer.CLOSED] * is_too_many
    said = [NeutralAnswer(asked_by=by, asked_on=clock.today(), unit=organization, key=key) for key in keys]
    if is_too_many:
        raise TooManyAnswers(TOO_MANY, said)
    NeutralAnswer.objects.bulk_create(said)


def is_closed_today(by) -> bool:
    """Whether a list this account read was refused today: the next one would tell more than a day may."""
    return NeutralAnswer.objects.filter(asked_by=by, asked_on=clock.today(), key=NeutralAnswer.CLOSED).exists()


def as_told(lines: Sequence[Line], by) -> tuple[Line, ...]:
    """The lines as far as this account was told: a match that nobody counted for it is not shown."""
    secret = unanswered(lines, by)
    return tuple(
        replace(line, kind=Kind.NEW if isinstance(line.payload, Entry) else Kind.CHANGED)
        if line.kind == Kind.WAITING and key_of(line) in secret
        else line
        for line in lines
    )


# Writing


def write_list(*, lines: Sequence[Line], organization: Organization, by) -> list[Written]:
    """Write new and changed people, in the caller's transaction, after hold(). Raises Stale when somebody was quicker.

    Known records are taken before any number is: two who each wait for what the other holds would wait for ever.
    """
    if not may_in(by, Permission.IMPORT, organization):
        raise PermissionDenied
    entries = [(line.number, line.payload) for line in lines if isinstance(line.payload, Entry)]
    edits = [(line.number, line.payload) for line in lines if isinstance(line.payload, Edit)]
    for _, entry in entries:
        if not may_in(by, Permission.CANDIDATE_EDIT, entry.candidate.unit):
            raise PermissionDenied
    try:
        written = [one for number, edit in edits if edit.others and (one := _edit(number, edit, by))]
        written += _edit_all([pair for pair in edits if not pair[1].others], by)
        written += _enter([pair for pair in entries if not pair[1].others], by)
    except (IntegrityError, Conflict, Duplicate, NeedsReview, Refused):  # all was well when it was judged
        raise Stale from None
    return written + [_keep_for_board(number, entry, by) for number, entry in entries if entry.others]


def hold(*, organization: Organization, by) -> None:
    """Lists wait for each other, across all units: two that are judged at once would each not see whom the other
    enters, and with the same numbers in two orders they would wait for each other for ever.
    """
    root = organization.path.split("/")[0] + "/"
    Organization.objects.select_for_update(no_key=True).get(path=root)
    one_at_a_time(by)


def _enter(entries: Sequence[tuple[int, Entry]], by) -> list[Written]:
    people = [entry.candidate for _, entry in entries]
    for person in people:
        person.stage, person.status, person.waiting_for = str(Stage.SOURCE), str(Status.OPEN), ""
    Candidate.objects.bulk_create(people, batch_size=AT_ONCE)
    events = [_first_event(entry, by) for _, entry in entries]
    StageEvent.objects.bulk_create(events, batch_size=AT_ONCE)
    with changes.recording(by=by, action="candidate.enter") as log:
        for person, event in zip(people, events, strict=True):
            log.created(person, event, subject=person)
    return [Written(number, entry.candidate, is_new=True) for number, entry in entries]


def _first_event(entry: Entry, by) -> StageEvent:
    person = entry.candidate
    event = StageEvent(
        candidate=person, seq=1, place=1, step=Step.SOURCE, happened_on=entry.entered_on, by=by, unit=person.unit
    )
    for name, value in caches_of([event])[0][0].items():
        setattr(event, name, value)
    return event


def _keep_for_board(number: int, entry: Entry, by) -> Written:
    """Like a form whose person may stand elsewhere: a draft that counts nowhere, and a case."""
    person, action = entry.candidate, "candidate.enter"
    person.waiting_for = WaitingFor.BOARD
    person.save(force_insert=True)
    with changes.recording(by=by, action=action, subject=person) as log:
        log.created(person)
    open_case(candidate=person, others=list(entry.others), by=by, action=action)
    return Written(number, person, is_new=True)


def _edit(number: int, edit: Edit, by) -> Written | None:
    """One that the Board is asked about. None: the change waits for its comparison, and nothing was written."""
    person, before = edit.candidate, _before(edit)
    if not records.edit(candidate=person, values=edit.values, version=person.version, by=by, not_a_duplicate=True):
        return None
    return Written(number, person, is_new=False, before=before)


def _edit_all(edits: Sequence[tuple[int, Edit]], by) -> list[Written]:
    before = [_before(edit) for _, edit in edits]
    rows = records.edit_all(edits=[(edit.candidate, edit.values) for _, edit in edits], by=by)
    return [
        Written(number, row, is_new=False, before=was)
        for (number, _), row, was in zip(edits, rows, before, strict=True)
    ]


def _before(edit: Edit) -> dict:
    return {name: _kept(edit.candidate, name) for name in edit.values}


def _kept(person: Candidate, name: str):
    """A value as JSON keeps it, for an undo."""
    field = Candidate._meta.get_field(name)
    value = field.value_from_object(person)
    return value if value is None or isinstance(value, bool | int | list) else field.value_to_string(person)


# Taking back


WHAT_REFERS = {
    "enrolments": "đã được cử đi học",
    "papers": "đã có giấy tờ hồ sơ",
    "introducers": "đã có người giới thiệu",
    "helpers": "đã có người giúp đỡ",
    "appraisals": "đã được thẩm định",
    "session_items": "đã vào danh sách kỳ họp",
    "review_cases": "đang hoặc đã được Ban Tổ chức đối chiếu",
    "former": "đã ghi từng là đảng viên",
}


def what_blocks(rows: Sequence[ImportedRow]) -> dict[int, str]:
    """Why a record cannot be taken back, by the id of its row: changed since, or something stands on it."""
    found: dict[int, str] = {}
    people = Candidate.objects.in_bulk([row.object_id for row in rows])
    for row in rows:
        if people[row.object_id].version != row.version:
            found[row.pk] = "đã được sửa sau khi nhập"
    new = {row.object_id: row.pk for row in rows if row.is_new and row.pk not in found}
    for name, words in WHAT_REFERS.items():
        model = Candidate._meta.get_field(name).related_model
        for person in model._base_manager.filter(candidate__in=new).values_list("candidate_id", flat=True):
            found.setdefault(new[person], words)
    for person in Candidate.objects.filter(merged_into__in=new).values_list("merged_into_id", flat=True):
        found.setdefault(new[person], "đã có hồ sơ khác gộp vào")
    return found


def take_back(*, rows: Sequence[ImportedRow], reason: str, by) -> None:
    """New people are withdrawn, changed ones get their old values; in the caller's transaction, after hold().

    Raises Stale when somebody was quicker, ValidationError when an old value fits somebody else by now, and
    TooManyAnswers when that is somebody of another unit.
    """
    people = Candidate.objects.select_related("unit__grassroots").in_bulk([row.object_id for row in rows])
    if not all(may_in(by, Permission.CANDIDATE_EDIT, one.unit) for one in people.values()):
        raise PermissionDenied
    list(Candidate.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    changed = [row for row in rows if not row.is_new]
    places = Organization.objects.in_bulk({(row.before or {}).get("introduced_at") for row in changed} - {None})
    for row in changed:
        people[row.object_id].version = row.version
    try:
        records.edit_all(
            edits=[
                (people[row.object_id], {name: _restored(name, value, places) for name, value in row.before.items()})
                for row in changed
            ],
            by=by,
        )
    except Conflict:
        raise Stale from None
    except Duplicate as found:
        raise ValidationError(FITS_ANOTHER.format(who=found.matches[0].full_name)) from None
    except IntegrityError:
        raise ValidationError(FITS_ANOTHER.format(who="người khác")) from None
    except NeedsReview as found:  # somebody of another unit: that is told, so it counts
        raise TooManyAnswers(FITS_ANOTHER.format(who="người khác"), [_told_of(found.candidate, by)]) from None
    except Refused as found:
        raise ValidationError(f"Chưa hoàn tác được: {found}") from None
    _withdraw([people[row.object_id] for row in rows if row.is_new], reason, by)


def _told_of(person: Candidate, by) -> NeutralAnswer:
    key = hashlib.sha256(f"undo {person.pk} {person.identity_number}".encode()).hexdigest()
    return NeutralAnswer(asked_by=by, asked_on=clock.today(), unit=person.unit, key=key)


def _withdraw(people: Sequence[Candidate], reason: str, by) -> None:
    """As the withdrawal of the first step of each: a void event in its place, no caches, the version one higher."""
    ids = [one.pk for one in people]
    claimed = Candidate.objects.filter(pk__in=ids, version=1, status=Status.OPEN)
    if claimed.update(version=F("version") + 1, status=Status.WITHDRAWN) != len(ids):
        raise Stale
    firsts = {event.candidate_id: event for event in StageEvent.objects.filter(candidate__in=ids)}
    was = {event.pk: changes.state(event) for event in firsts.values()}
    StageEvent.objects.filter(pk__in=was).update(**NOT_LIVE)
    voids = [_void(person, firsts[person.pk], reason, by) for person in people]
    StageEvent.objects.bulk_create(voids, batch_size=AT_ONCE)
    with changes.recording(by=by, action="candidate.withdraw", reason=reason) as log:
        for person, void in zip(people, voids, strict=True):
            before, first = changes.state(person), firsts[person.pk]
            person.version, person.status = person.version + 1, str(Status.WITHDRAWN)
            for name, value in NOT_LIVE.items():
                setattr(first, name, value)
            log.updated(person, before)
            log.updated(first, was[first.pk], subject=person)
            log.created(void, subject=person)


def _void(person: Candidate, first: StageEvent, reason: str, by) -> StageEvent:
    return StageEvent(
        candidate=person,
        seq=first.seq + 1,
        place=first.place,
        step=first.step,
        happened_on=first.happened_on,
        by=by,
        unit_id=first.unit_id,
        replaces=first,
        is_void=True,
        is_live=False,
        reason=reason,
    )


def _restored(name: str, value, places: dict[int, Organization]):
    if name == "introduced_at":
        return places.get(value)
    return Candidate._meta.get_field(name).to_python(value)
