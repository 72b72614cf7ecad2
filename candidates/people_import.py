"""What a list of people would do, row by row: who is new, who is known and changes, who has to be asked about.

Reads the database, writes nothing. The same judgement stands before the preview and before the confirmation.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError

from candidates.actions.actors import actor_for
from candidates.actions.duplicates import refuse_unfit
from candidates.actions.events import Refused
from candidates.actions.records import check_introduction, held_at_the_board
from candidates.import_case import Case, Edit, Entry
from candidates.import_twins import OTHER, find_twins, refuse_a_number_twice, refuse_the_same_record_twice
from candidates.matching import Matches, Sought, find_all
from candidates.models import Candidate
from candidates.people_file import PersonRow
from candidates.pipeline import Actor, Status, Step
from candidates.places import Places, name_key, place_of
from candidates.record_checks import past_problem
from candidates.record_difference import (
    FIELDS,
    all_written,
    beside,
    differences,
    entry_words,
    filled,
    in_words,
    side_by_side,
    who,
    with_values,
)
from organizations import changes
from organizations.imports.preview import SKIP, WHOLE_FILE, Kind, Line, Option, Question
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from vuthu_recruit import clock, vietnamese

KEEP, FROM_FILE = "keep", "file"
DAYS = ("youth_union_joined", "background_checked_on", "introduced_on", "informed_on")
MOST_UNKNOWN = 30  # names of branches that are asked about; with more of them the column is another one
IDENTITY = ("full_name", "birth", "identity_number")
SKIP_ROW = Option(SKIP, "Bỏ qua dòng này")


class Judge:
    """Judges all rows of a file together: rows may repeat each other. `answers`: row → question → option."""

    def __init__(self, *, organization: Organization, entered_on: date, answers: Mapping[str, Mapping], by):
        self.organization, self.entered_on, self.by = organization, entered_on, by
        self.answers = answers
        self.units = _units(organization, by)
        self.places = _places(organization, list(self.units.values()))
        self.places.said = answers.get(WHOLE_FILE, {})
        self.unknown: Counter[str] = Counter()  # names of no branch, with how many rows have them
        self._actors: dict[int, Actor] = {}

    def lines(self, rows: Sequence[PersonRow]) -> tuple[Line, ...]:
        cases = [Case(row, self.answers.get(str(row.number), {}), list(row.notes)) for row in rows]
        self._find_keyed([case for case in cases if case.row.record_key])
        fresh = [case for case in cases if not case.row.record_key]
        for case in fresh:
            self._place(case)
        self._refuse_too_many_names(fresh)
        self._match(fresh)
        find_twins(fresh)
        for case in fresh:
            self._judge_unkeyed(case)
        self._check_changed([case for case in cases if case.known and case.changes])
        refuse_the_same_record_twice(cases)
        refuse_a_number_twice(cases)
        for case in cases:
            self._finish(case)
        return tuple(self._line(case) for case in cases)

    @property
    def questions(self) -> tuple[Question, ...]:
        """About the whole file, once the lines were judged: which branch a name means. Names spelt alike are one."""
        counts: dict[str, tuple[str, int]] = {}
        for words, count in self.unknown.items():
            first, before = counts.get(name_key(words), (words, 0))
            counts[name_key(words)] = (first, before + count)
        return tuple(self.places.ask_about(words, count) for words, count in counts.values())

    # Rows of a list that was exported from here

    def _find_keyed(self, cases: list[Case]) -> None:
        keys = {case.row.record_key[0] for case in cases}
        rows = Candidate.objects.visible_to(self.by, needs=Permission.CANDIDATE_EDIT)
        rows = rows.in_units(_below(self.organization)).select_related("unit__grassroots__parent", "introduced_at")
        known = rows.exclude(status=Status.WITHDRAWN).in_bulk(list(keys))
        for case in cases:
            key, version = case.row.record_key
            case.known = known.get(key)
            if case.known is None:
                case.say("record_key", f"Không có hồ sơ mang mã này trong {self.organization.short_name}.")
                continue
            self._compare(case, with_empty=True)
            if case.known.version == version:
                _refuse_what_no_file_changes(case)
            if case.changes and case.known.version != version:
                self._ask_about_conflict(case)

    def _ask_about_conflict(self, case: Case) -> None:
        words = "Hồ sơ đã được sửa sau khi xuất tệp này. Lấy bên nào?"
        options = (Option(KEEP, "Giữ như trong hệ thống"), Option(FROM_FILE, "Ghi theo tệp"))
        if case.ask(Question("conflict", words, options, "full_name", beside(case.known, case.changes))) == KEEP:
            case.changes = {}

    # Rows of any other list

    def _place(self, case: Case) -> None:
        row = case.row
        case.place = self.places.find(
            branch=row.branch, group=row.group, unit=row.unit, answer=case.answers.get("place", "")
        )
        case.notes += case.place.notes
        case.questions += case.place.questions
        if case.place.unknown:
            self.unknown[case.place.unknown] += 1

    def _refuse_too_many_names(self, cases: list[Case]) -> None:
        if len({name_key(words) for words in self.unknown}) <= MOST_UNKNOWN:
            return
        self.unknown.clear()
        for case in cases:
            if case.place.unknown:
                words = (
                    f"Không có “{case.place.unknown}” trong {self.organization.name}; cột này có phải cột Chi bộ không?"
                )
                case.say("branch", words)

    def _match(self, cases: list[Case]) -> None:
        named = [case for case in cases if case.row.values.get("full_name")]
        sought = [Sought(*(case.row.values.get(name) or _EMPTY[name] for name in IDENTITY)) for case in named]
        for case, found in zip(named, find_all(sought, by=self.by), strict=True):
            case.matches = found

    def _judge_unkeyed(self, case: Case) -> None:
        if case.is_skipped:
            return
        values, matches = case.row.values, case.matches
        if not values.get("full_name"):
            if not any(one.blocks and one.column == "full_name" for one in case.notes):
                case.say("full_name", "Thiếu họ và tên.")
            return
        if matches.same_number:
            self._same_number(case, matches.same_number[0])
        elif matches.same_name:
            self._same_name(case, matches.same_name)

    def _same_number(self, case: Case, known: Candidate) -> None:
        name, birth = case.row.values["full_name"], case.row.values.get("birth")
        if known.status == Status.STRUCK_OFF:
            words = f"{known.full_name} đã bị xóa tên: mở hồ sơ cũ, dùng “Kết nạp lại”."
            case.say("identity_number", words)
            return
        if vietnamese.search_key(name) != vietnamese.search_key(known.full_name) and birth != known.birth:
            words = f"Số này đã ghi cho {who(known)}. Kiểm tra lại số hoặc họ tên."
            case.say("identity_number", words)
            return
        self._is(case, known)

    def _same_name(self, case: Case, known: list[Candidate]) -> None:
        """The same name and a birth that may be the same: whoever knows them says; nothing new needs no answer."""
        exact = [one for one in known if one.birth == case.row.values.get("birth")]
        if len(known) == len(exact) == 1 and not self._would_change(case, exact[0]) and self._is_here(case, exact[0]):
            self._is(case, exact[0])
            return
        options = [Option(str(one.pk), f"Cùng một người với {who(one)}") for one in known]
        options += [Option(OTHER, "Người khác: thêm mới"), SKIP_ROW]
        words = "Có thể đã có người này trong danh sách."
        beside = tuple(side for one in known[:3] for side in self._side_by_side(one, case))
        said = case.ask(Question("same", words, tuple(options), "full_name", beside))
        case.is_skipped = said == SKIP
        if chosen := next((one for one in known if str(one.pk) == said), None):
            self._is(case, chosen)

    def _side_by_side(self, known: Candidate, case: Case) -> list[tuple[str, str, str]]:
        hides = not may_in(self.by, Permission.BACKGROUND_VIEW, known.unit)
        return side_by_side(known, case.row.values, hides=hides)

    def _is(self, case: Case, known: Candidate) -> None:
        if not known.unit.path.startswith(self.organization.path):
            case.say("", f"{who(known)} không thuộc {self.organization.name}: gửi trong danh sách của đơn vị đó.")
            return
        if not may_in(self.by, Permission.CANDIDATE_EDIT, known.unit):
            case.say("", f"{who(known)} thuộc đơn vị bạn chỉ được xem: không sửa bằng tệp được.")
            return
        case.known = known
        self._compare(case, with_empty=False)

    def _is_here(self, case: Case, known: Candidate) -> bool:
        place = case.place.place
        return place is None or place.is_whole or place.key == known.unit.slug

    def _would_change(self, case: Case, known: Candidate) -> bool:
        return bool(differences(case.row, known, with_empty=False))

    # What is known, against what the file says

    def _compare(self, case: Case, *, with_empty: bool) -> None:
        case.changes = differences(case.row, case.known, with_empty=with_empty)
        self._place_introduction(case)
        if with_empty:
            for name in ("full_name", "sex"):
                if name in case.changes and not case.changes[name]:
                    del case.changes[name]
                    case.say(name, f"{FIELDS[name].label} không được để trống.")
        found = case.place.place if not with_empty else self._written_place(case)
        if found and not found.is_whole and found.key != case.known.unit.slug:
            words = f"Hồ sơ đang ở {case.known.unit.place_words}; chuyển chi bộ thì ghi ở trang của người này."
            case.say("branch", words, blocks=with_empty)

    def _written_place(self, case: Case):
        """Where a row of our own export says the person is; that column cannot move anybody."""
        row = case.row
        if not row.branch:
            return None
        found = self.places.find(branch=row.branch, group="", unit=row.unit)
        if found.place is None:
            case.say("branch", f"Không có “{row.branch}” trong {self.organization.name}.")
        return found.place

    def _place_introduction(self, case: Case) -> None:
        """A body introduces at a level: the one there was, else the unit. Without a body there is no day of it."""
        if "introduced_by_body" not in case.changes:
            return
        if not case.changes["introduced_by_body"]:
            case.changes |= {"introduced_at": None}
            if case.known.introduced_on:
                case.changes["introduced_on"] = None
        elif case.known.introduced_at is None:
            case.changes["introduced_at"] = case.known.unit.grassroots or case.known.unit

    def _check_changed(self, cases: list[Case]) -> None:
        """What the form would refuse is refused here: papers at the Board, a number or name of somebody else."""
        touched = []
        for case in cases:
            before = changes.state(case.known)
            edited = with_values(case.known, case.changes)
            for refusal in held_at_the_board(edited, before, self.by):
                case.say(refusal.field, refusal.message)
            _refuse_days_before_birth(case, edited)
            if set(case.changes) & set(IDENTITY):
                touched.append((case, edited))
        sought = [Sought(one.full_name, one.birth, one.identity_number, one.pk) for _, one in touched]
        for (case, _), found in zip(touched, find_all(sought, by=self.by), strict=True):
            self._compare_again(case, found)

    def _compare_again(self, case: Case, found: Matches) -> None:
        if "identity_number" in case.changes and found.same_number:
            case.say("identity_number", f"Số này đã ghi cho {who(found.same_number[0])}.")
        renamed = "full_name" in case.changes or "birth" in case.changes
        if renamed and found.same_name:
            words = f"Sửa như vậy thì giống với {who(found.same_name[0])}. Đây có phải người khác không?"
            options = (Option(OTHER, "Là người khác: ghi thay đổi"), SKIP_ROW)
            case.is_skipped |= case.ask(Question("renamed", words, options, "full_name")) == SKIP
        case.matches = Matches([], [], found.outside)

    # What becomes of it

    def _finish(self, case: Case) -> None:
        if case.is_skipped:
            case.kind = Kind.SKIPPED
        elif case.known is not None:
            self._finish_known(case)
        elif case.row.record_key is None and not case.is_wrong:
            self._finish_new(case)
        if case.is_wrong and case.kind != Kind.SKIPPED:
            case.kind = Kind.ERROR
        elif case.is_open and case.kind != Kind.SKIPPED:
            case.kind = Kind.QUESTION
        if case.kind not in (Kind.NEW, Kind.CHANGED, Kind.WAITING):
            case.payload = None

    def _finish_known(self, case: Case) -> None:
        case.kind = Kind.SAME
        if case.changes:
            others = tuple(case.matches.outside) if set(case.changes) & set(IDENTITY) else ()
            case.kind = Kind.WAITING if others else Kind.CHANGED
            case.payload = Edit(case.known, case.changes, others, not_a_duplicate=True)

    def _finish_new(self, case: Case) -> None:
        values = dict(case.row.values)
        if not values.get("sex"):
            case.say("sex", "Thiếu giới tính: ghi Nam hoặc Nữ.")
        place = case.place.place
        if place is None or case.is_wrong:
            case.kind = Kind.NEW  # a question about the unit is open, or an error was found
            return
        unit, entered_on = self.units[place.key], values.pop("entered_on", None) or self.entered_on
        if values.get("introduced_by_body"):
            values["introduced_at"] = unit.grassroots or unit
        candidate = filled(Candidate(unit=unit, created_by=self.by), values)
        try:
            check_introduction(candidate)
            refuse_unfit(
                candidate=candidate, step=Step.SOURCE, happened_on=entered_on, by=self.by, actor=self._actor(candidate)
            )
        except ValidationError as found:
            for sentence in found.messages:
                case.say("", sentence)
        except Refused as found:
            for refusal in found.refusals:
                column = "entered_on" if refusal.field in ("happened_on", "") else refusal.field
                case.say(column, refusal.message)
        case.kind = Kind.WAITING if case.matches.outside else Kind.NEW
        case.payload = Entry(candidate, entered_on, tuple(case.matches.outside))

    def _actor(self, candidate: Candidate) -> Actor:
        if candidate.unit_id not in self._actors:
            self._actors[candidate.unit_id] = actor_for(candidate, self.by)
        return self._actors[candidate.unit_id]

    def _line(self, case: Case) -> Line:
        row, place = case.row, case.place.place
        known = case.known
        detail = known.unit.place_words if known else place.label if place else row.branch or row.group
        birth = row.values.get("birth") or (known.birth if known else None)
        return Line(
            number=row.number,
            kind=case.kind or Kind.ERROR,
            title=row.values.get("full_name") or (known.full_name if known else str(row.cells.get("full_name") or "")),
            detail=", ".join(filter(None, [f"sinh {birth}" if birth else "", detail])),
            changes=in_words(known, case.changes) if known else entry_words(case.row.values, case.payload),
            writes=all_written(case.payload) if case.payload else "",
            notes=tuple(case.notes),
            questions=tuple(case.questions),
            url=known.get_absolute_url() if known else "",
            payload=case.payload,
            read=repr((row.branch, row.group, row.unit, sorted((key, str(one)) for key, one in row.values.items()))),
        )


# Columns of our own exports that tell where somebody stands: what is typed there would change nothing.
TOLD = {"stage": "Bước", "status": "Trạng thái"}


def _refuse_what_no_file_changes(case: Case) -> None:
    standing = {"stage": case.known.get_stage_display(), "status": case.known.get_status_display()}
    for key, label in TOLD.items():
        typed = case.row.cells.get(key)
        if typed is not None and vietnamese.search_key(str(typed)) != vietnamese.search_key(standing[key]):
            case.say(key, f"{label} không sửa bằng tệp được: ghi ở trang của người này. Đang là “{standing[key]}”.")


_EMPTY = {"full_name": "", "birth": None, "identity_number": ""}


def _refuse_days_before_birth(case: Case, edited: Candidate) -> None:
    """As the form asks: of the days that the file or the record has, none is before the birth and none is to come."""
    for name in DAYS:
        day, is_touched = getattr(edited, name), case.changes.keys() & {"birth", name}
        if not day or not is_touched or any(one.column == name for one in case.notes):
            continue
        if problem := past_problem(str(FIELDS[name].label), day, edited.birth, clock.today()):
            case.say(name, problem)


def _below(organization: Organization):
    return Organization.objects.filter(path__startswith=organization.path).values("pk")


def _units(organization: Organization, by) -> dict[str, Organization]:
    """Open units below the one the file is for that may hold people, where the user may import."""
    rows = Organization.objects.visible_to(by, needs=Permission.IMPORT).open_on(clock.today())
    rows = rows.filter(path__startswith=organization.path)
    rows = (rows.units_of_people() | rows.grassroots()).select_related("grassroots__parent").in_order()
    return {row.slug: row for row in rows}


def places_of(organization: Organization, by) -> Places:
    """The units a list for this one may name."""
    return _places(organization, list(_units(organization, by).values()))


def _places(organization: Organization, units: Sequence[Organization]) -> Places:
    places, several = [], len({unit.grassroots_id for unit in units}) > 1
    for unit in units:
        grassroots = unit.grassroots or unit
        above = () if unit == grassroots else (grassroots.name, grassroots.short_name)
        whole = not unit.may_hold_people()
        label = f"{unit.short_name} (chưa phân chi bộ)" if whole else unit.name
        if several and not whole and unit != grassroots:
            label = f"{unit.name}, {grassroots.short_name}"
        places.append(place_of(unit.slug, label, (unit.name, unit.short_name), above, is_whole=whole))
    only = next((one for one in places if one.key == organization.slug), None)
    return Places(places, only, organization.name)
