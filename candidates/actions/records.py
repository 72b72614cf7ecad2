"""A person's record: entered, edited, accompanied. Introductions and the Board's comparison stand beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from candidates.actions.actors import lies_with_the_board
from candidates.actions.drafts import FIELDS, assign, form_key_of, made_by_form
from candidates.actions.duplicates import (
    ANSWERS_A_DAY,
    NEUTRAL,
    Duplicate,
    NeedsReview,
    answers_today,
    keep_for_board,
    matches_of,
    one_at_a_time,
    open_case,
    refuse_number_after_many_answers,
    refuse_unfit,
    start,
)
from candidates.actions.events import Refused
from candidates.actions.introductions import accept, decline, introduce
from candidates.actions.reviewing import resolve_case
from candidates.choices import WaitingFor
from candidates.matching import Matches, Sought, find_all
from candidates.models import Candidate, Helper, Introducer
from candidates.pipeline import Refusal, Status, Step
from organizations import changes
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import Conflict, claim
from vuthu_recruit import clock, vietnamese

# Facts of the record that a condition reads after the dossier was sent.
JUDGED = ("special_cases", "religion", "background_checked_on", "background_document")
KEYS = ("search_key", "same_name_key", "sort_key")  # computed from the name
AT_ONCE = 500  # rows of one statement
WITHDRAWN = Refusal("withdrawn", "Hồ sơ này đã rút nên không ghi thêm được.")


@transaction.atomic
def enter(
    *,
    values: dict,
    unit: Organization,
    entered_on: date,
    by,
    form_key: str = "",
    not_a_duplicate: bool = False,
    introducers: list[dict] = (),
    helpers: list[dict] = (),
) -> Candidate:
    """Enter a person into the source of a unit.

    The same form sent twice returns the record it made. A match in scope raises Duplicate; a match outside keeps the
    entry as a draft that counts nowhere and opens a case for the Board.
    """
    if not may_in(by, Permission.CANDIDATE_EDIT, unit):
        raise PermissionDenied
    one_at_a_time(by)
    if made := made_by_form(form_key, by):
        return made
    candidate = Candidate(unit=unit, created_by=by, form_key=form_key_of(form_key, by))
    assign(candidate, values)
    check_introduction(candidate)
    refuse_unfit(candidate=candidate, step=Step.SOURCE, happened_on=entered_on, by=by)
    refuse_number_after_many_answers(by, candidate.identity_number)
    matches = matches_of(candidate, by)
    if matches.same_number:
        raise Duplicate(matches.same_number, certain=True)
    if matches.same_name and not not_a_duplicate:
        raise Duplicate(matches.same_name, certain=False)
    candidate.waiting_for = WaitingFor.BOARD if matches.outside else WaitingFor.UNIT
    candidate.save(force_insert=True)
    action = "candidate.enter"
    with changes.recording(by=by, action=action, subject=candidate) as log:
        log.created(candidate)
        for model, rows in ((Introducer, introducers), (Helper, helpers)):
            for row in rows:
                log.created(_stored(model(candidate=candidate, **row)))
    if matches.outside:
        open_case(candidate=candidate, others=matches.outside, by=by, action=action)
    elif not start(candidate=candidate, step=Step.SOURCE, happened_on=entered_on, by=by, action=action):
        keep_for_board(candidate=candidate, by=by, action=action)
    return candidate


def check_introduction(candidate: Candidate) -> None:
    """Who introduced stands in the person's own unit or above it: a body elsewhere must not come to see them."""
    place, unit = candidate.introduced_at, candidate.unit
    if place is None:
        return
    grassroots = unit.grassroots or unit
    if not (unit.path.startswith(place.path) or place.path.startswith(grassroots.path)):
        raise ValidationError({"introduced_by_body": "Tổ chức giới thiệu phải thuộc đơn vị của người này hoặc huyện."})


@transaction.atomic
def edit(*, candidate: Candidate, values: dict, version: int, by, not_a_duplicate: bool = False) -> bool:
    """Change the record. Raises Conflict when someone else did meanwhile, Duplicate or ValidationError as enter().

    False: what was typed fits a person outside the user's scope, so nothing was saved and the Board has a case.
    """
    one_at_a_time(by)
    try:
        with transaction.atomic():
            _edit(candidate, values, version, by, not_a_duplicate)
    except NeedsReview as found:
        open_case(candidate=found.candidate, others=found.others, by=by, action="candidate.review_asked")
        return False
    return True


def _edit(candidate: Candidate, values: dict, version: int, by, not_a_duplicate: bool) -> None:
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit__grassroots").get(pk=candidate.pk)
    change = _filled(candidate, values, by, version)
    _compare(change, by, numbered=change.is_numbered, not_a_duplicate=not_a_duplicate)
    try:
        with transaction.atomic():
            candidate.save()
    except IntegrityError:  # somebody took the number a moment ago
        _compare(change, by, numbered=True, not_a_duplicate=not_a_duplicate)
        raise Refused([Refusal("again", "Chưa lưu được. Hãy bấm lưu lần nữa.")]) from None
    _record([change], by)


@transaction.atomic
def edit_all(*, edits: Sequence[tuple[Candidate, dict]], by) -> list[Candidate]:
    """Change many records, or none: edit() of each, with a namesake already told to be somebody else.

    Raises what edit() raises, IntegrityError when somebody took a number a moment ago, and NeedsReview where edit()
    would ask the Board. Returns the rows as they stand now, in the order given.
    """
    one_at_a_time(by)
    rows = _taken([one for one, _ in edits])
    edited = [_filled(rows[one.pk], values, by, one.version) for one, values in edits]
    touched = [change for change in edited if change.is_numbered or change.is_renamed]
    for change, matches in zip(touched, find_all([change.sought for change in touched], by=by), strict=True):
        _refuse_match(change, matches, numbered=change.is_numbered, not_a_duplicate=True)
    made = {change.candidate.pk: change.candidate.created_at for change in edited}
    Candidate.objects.bulk_create(
        [change.candidate for change in edited],
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[*sorted(FIELDS), *KEYS, "version"],
        batch_size=AT_ONCE,
    )
    for change in edited:
        change.candidate.created_at = made[change.candidate.pk]  # what an insert would have set
    _record(edited, by)
    return [change.candidate for change in edited]


def _taken(people: Sequence[Candidate]) -> dict[int, Candidate]:
    """claim() of many: held for this transaction, always in the same order, the version one higher.

    Raises Conflict with the first that somebody changed.
    """
    taken: dict[int, Candidate] = {}
    asked = {one.pk: one for one in people}
    keys = sorted(asked)
    for first in range(0, len(keys), AT_ONCE):
        rows = Candidate.objects.select_for_update(of=("self",), no_key=True)
        rows = rows.select_related("unit__grassroots", "introduced_at")
        for row in rows.filter(pk__in=keys[first : first + AT_ONCE]).order_by("pk"):
            if row.version != asked[row.pk].version:
                raise Conflict(row)
            row.version += 1
            taken[row.pk] = row
    return taken


@dataclass(frozen=True)
class _Change:
    """A record with new values, not saved yet, and all that stood there before."""

    candidate: Candidate
    before: dict

    @property
    def is_numbered(self) -> bool:
        return self.candidate.identity_number != self.before["identity_number"]

    @property
    def is_renamed(self) -> bool:
        name_key = vietnamese.same_name_key
        renamed = name_key(self.candidate.full_name) != name_key(self.before["full_name"])
        return renamed or self.candidate.birth != self.before["birth"]

    @property
    def sought(self) -> Sought:
        person = self.candidate
        return Sought(person.full_name, person.birth, person.identity_number, person.pk)

    @property
    def action(self) -> str:
        is_spelling = not self.is_numbered and _is_spelling(self.candidate, self.before)
        return "candidate.spelling" if is_spelling else "candidate.edit"


def _filled(candidate: Candidate, values: dict, by, version: int) -> _Change:
    """The values onto a record that is held, where the user may and nothing speaks against it."""
    if not may_in(by, Permission.CANDIDATE_EDIT, candidate.unit):
        raise PermissionDenied
    if candidate.status == Status.WITHDRAWN:
        raise Refused([WITHDRAWN])
    before = changes.state(candidate)
    assign(candidate, values)
    if found := held_at_the_board(candidate, before, by):
        raise Refused(found)
    if candidate.introduced_at_id != before["introduced_at_id"]:
        check_introduction(candidate)
    return _Change(candidate, before | {"version": version})


def _record(edited: Sequence[_Change], by) -> None:
    for action in ("candidate.edit", "candidate.spelling"):
        with changes.recording(by=by, action=action) as log:
            for change in edited:
                if change.action == action:
                    log.updated(change.candidate, change.before)


def held_at_the_board(candidate: Candidate, before: dict, by) -> list[Refusal]:
    """What the Board is judging is not changed under its hands: what was appraised must be what is decided."""
    if not lies_with_the_board(candidate, by):
        return []
    return [
        Refusal(
            "at_the_board",
            f"Hồ sơ đang ở Ban Tổ chức nên đơn vị không sửa được: {Candidate._meta.get_field(name).verbose_name}.",
            name,
            who="Ban Tổ chức sửa, hoặc trả lại hồ sơ",
        )
        for name in JUDGED
        if getattr(candidate, name) != before[name]
    ]


def _compare(change: _Change, by, *, numbered: bool, not_a_duplicate: bool) -> None:
    """A new number is compared with everybody's, a new name or birth date with those of the same name."""
    number = change.candidate.identity_number if numbered else ""
    if not number and not change.is_renamed:
        return
    refuse_number_after_many_answers(by, number)
    _refuse_match(change, matches_of(change.candidate, by), numbered=numbered, not_a_duplicate=not_a_duplicate)


def _refuse_match(change: _Change, matches: Matches, *, numbered: bool, not_a_duplicate: bool) -> None:
    candidate, renamed = change.candidate, change.is_renamed
    number = candidate.identity_number if numbered else ""
    if number and matches.same_number:
        raise Duplicate(matches.same_number, certain=True)
    if renamed and matches.same_name and not not_a_duplicate:
        raise Duplicate(matches.same_name, certain=False)
    others = [
        row
        for row in matches.outside
        if (number and row.identity_number == number)
        or (renamed and row.identity_number != candidate.identity_number)
        or (renamed and not row.identity_number)
    ]
    if others:
        raise NeedsReview(candidate, others)


def _is_spelling(candidate: Candidate, before: dict) -> bool:
    """Marks and capitals only: every changed field is text that reads the same without marks."""
    changed = [name for name in FIELDS if _value(candidate, name) != before.get(_attname(name))]
    return bool(changed) and all(
        isinstance(before.get(_attname(name)), str)
        and vietnamese.search_key(before[_attname(name)]) == vietnamese.search_key(_value(candidate, name))
        for name in changed
    )


def _attname(name: str) -> str:
    return Candidate._meta.get_field(name).attname


def _value(candidate: Candidate, name: str):
    return getattr(candidate, _attname(name))


@transaction.atomic
def set_companion(*, candidate: Candidate, model, row, values: dict, version: int, by) -> None:
    """Add an introducer or helper, or end or correct one."""
    claim(candidate, version=version)
    candidate = Candidate.objects.select_related("unit").get(pk=candidate.pk)
    if not may_in(by, Permission.CANDIDATE_EDIT, candidate.unit):
        raise PermissionDenied
    if candidate.status == Status.WITHDRAWN:
        raise Refused([WITHDRAWN])
    with changes.recording(by=by, action="candidate.companions", subject=candidate) as log:
        log.updated(candidate, changes.state(candidate) | {"version": version})
        if row is None:
            log.created(_stored(model(candidate=candidate, **values)))
        else:
            row = model.objects.get(pk=row.pk, candidate=candidate)
            before = changes.state(row)
            for name, value in values.items():
                setattr(row, name, value)
            log.updated(_stored(row), before)


def _stored(row):
    """Save an introducer or helper: clean text, an end after the start, nothing in the future."""
    row.full_name, row.position = vietnamese.clean(row.full_name), vietnamese.clean(row.position)
    if row.from_on > clock.today():
        raise ValidationError({"from_on": f"Ngày {row.from_on:%d/%m/%Y} chưa đến."})
    if row.to_on and row.to_on <= row.from_on:
        raise ValidationError({"to_on": "Ngày kết thúc phải sau ngày bắt đầu."})
    since = getattr(row, "together_since", None)
    if since and since.first > clock.today():
        raise ValidationError({"together_since": f"Thời gian {since} chưa đến."})
    row.save()
    return row


__all__ = [
    "ANSWERS_A_DAY",
    "NEUTRAL",
    "Duplicate",
    "accept",
    "answers_today",
    "decline",
    "edit",
    "edit_all",
    "enter",
    "introduce",
    "resolve_case",
    "set_companion",
]
