"""Ranges of units from a file: each row revises one unit for one year, or for several with a column a year.

Written through `revise`, so that its rules stand in one place. Undoing: a revision is never edited, so the range before
it is put back as the next revision, as of the same day: what nobody decided stays in force on no day. Two things stand
in the way: a later revision, and a first range: there is none before it, and "chưa giao" cannot be written again.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django import forms

from organizations.imports.blank import BlankColumn
from organizations.imports.cells import CellError, text_of
from organizations.imports.preview import CellChange, Kind, LeftOut, Line, Preview
from organizations.imports.registry import Importer, Stale, Written
from organizations.imports.table import Definition, Layout
from organizations.imports.unit_rows import (
    NOTHING_SAID,
    UNIT_COLUMNS,
    UnitRow,
    Units,
    blank_units,
    must_have,
    read_units,
)
from organizations.models import ImportBatch, ImportedRow, Organization
from organizations.models import Kind as UnitKind
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import Conflict
from targets import actions
from targets.forms import RevisionForm
from targets.models import AdmissionPlan, YearlyTarget
from targets.range_words import NOT_GIVEN, Range, range_of, says_not_given, words_of
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.fields import CleanCharFormField, DayField
from vuthu_recruit.workbook import Kind as Cell

FIELDS = RevisionForm.base_fields
HEADINGS = {
    "range": ("Chỉ tiêu", ("chitieu", "chitieugiao", "mucgiao", "chitieuketnap", "sochitieu", "chitieuduocgiao")),
    "minimum": ("Tối thiểu", ("toithieu", "tu", "muctoithieu", "chitieutoithieu", "thapnhat")),
    "maximum": ("Tối đa", ("toida", "den", "muctoida", "chitieutoida", "caonhat")),
    "year": ("Năm", ("nam", "namgiao", "namchitieu", "chitieunam")),
    "decided_on": ("Ngày quyết định", ("ngayquyetdinh", "ngayvanban", "ngayky", "ngaybanhanh", "ngaygiao")),
    "document": ("Số văn bản", ("sovanban", "vanban", "soquyetdinh", "quyetdinh", "cancu", "soquyetdinhvanban")),
    "reason": ("Lý do", ("lydo", "lydodieuchinh")),
}
DEFINITIONS = (*UNIT_COLUMNS, *(Definition(key, label, names) for key, (label, names) in HEADINGS.items()))
OWN = ("decided_on", "document", "reason")  # what a decision says, apart from the range
YEAR = "year-"  # and the year: a column of that year's ranges
REASON = "Hoàn tác tệp “{name}”: {reason}"


INSTEAD = "Của dòng chưa ghi, hoặc còn ghi lần giao trước. "


class TargetOptionsForm(forms.Form):
    """Said once for the rows that do not say it themselves."""

    year = forms.ChoiceField(
        label="Năm",
        required=False,
        help_text="Của dòng chưa ghi năm.",
        error_messages={"invalid_choice": "Hãy chọn một năm."},
    )
    decided_on = DayField(label="Ngày quyết định", required=False, help_text=INSTEAD + "Ví dụ: 01/3/2024")
    document = CleanCharFormField(
        label="Số văn bản", max_length=60, required=False, help_text=INSTEAD + "Ví dụ: 15-QĐ/HU"
    )
    reason = CleanCharFormField(
        label="Lý do", max_length=300, required=False, help_text="Của dòng chưa ghi lý do. Ít nhất 10 ký tự."
    )

    def __init__(self, *args, plan: AdmissionPlan, **kwargs):
        super().__init__(*args, **kwargs)
        years = [(str(year), f"Năm {year}") for year in plan.years]
        self.fields["year"].choices = [("", "Ghi trong tệp"), *years]


@dataclass(frozen=True)
class Said:
    """What is said of a decision: in a row, or once for the file."""

    decided_on: date | None = None
    document: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Revision:
    organization: Organization
    year: int
    new: Range
    last: YearlyTarget | None
    said: Said


class _Judge:
    """Judges all rows of a file together. `once`: what was said for the whole file."""

    def __init__(self, plan: AdmissionPlan, units: Units, options: Mapping):
        self.plan = plan
        self.year = int(options["year"]) if options.get("year") else None
        day = options.get("decided_on")
        self.once = Said(
            date.fromisoformat(day) if day else None, options.get("document") or "", options.get("reason") or ""
        )
        rows = YearlyTarget.objects.filter(plan=plan, organization__in=[unit.pk for unit in units])
        self.last = {(one.organization_id, one.year): one for one in rows.order_by("revision")}

    def lines(self, rows: Sequence[UnitRow]) -> tuple[Line, ...]:
        wanted = [self._wanted(row) for row in rows]
        self._refuse_the_same_year_twice(rows, wanted)
        return tuple(self._line(row, found) for row, found in zip(rows, wanted, strict=True))

    # What a row asks for

    def _wanted(self, row: UnitRow) -> dict[int, tuple[str, Range]]:
        """Year → the column that says so, and the range."""
        found = {}
        for key in row.cells:
            if key.startswith(YEAR) and (given := row.read(key, range_of)):
                found[int(key.removeprefix(YEAR))] = (key, given)
        if any(row.has(key) for key in ("minimum", "maximum", "range")):
            year = self._year(row)
            given = self._range(row, year)
            if year and given:
                found[year] = ("minimum" if row.has("minimum") or row.has("maximum") else "range", given)
        return found

    def _year(self, row: UnitRow) -> int | None:
        if not row.has("year"):
            if self.year is None:
                row.say("year", "Thiếu năm: ghi ở cột “Năm”, hoặc chọn một lần khi tải tệp lên.")
            return self.year

        def read(cell):
            typed = text_of(cell).lower().removeprefix("năm").strip()
            if not (typed.isascii() and typed.isdecimal() and len(typed) == 4):
                raise CellError(f"Năm ghi “{text_of(cell)}”. Ghi đủ bốn chữ số, ví dụ 2024.")
            return int(typed)

        return row.read("year", read)

    def _range(self, row: UnitRow, year: int | None) -> Range | None:
        """Of two columns that say it differently, what is new: our own lists write each range twice."""
        ways = [given for given in (self._of_two_columns(row), row.read("range", range_of)) if given]
        last = self.last.get((row.unit.pk, year)) if row.unit else None
        now = (last.minimum, last.maximum) if last else None
        new = list(dict.fromkeys(given for given in ways if given != now))
        if len(new) > 1:
            told = " và ".join(f"“{words_of(given)}”" for given in new)
            row.say("minimum", f"Các cột của dòng này ghi {told}: sửa cho khớp nhau.")
            return None
        return new[0] if new else ways[0] if ways else None

    def _of_two_columns(self, row: UnitRow) -> Range | None:
        cells = [row.cells.get(key) for key in ("minimum", "maximum")]
        if any(map(says_not_given, cells)) and all(cell is None or says_not_given(cell) for cell in cells):
            return NOT_GIVEN
        low, high = (row.typed(key, FIELDS[key]) for key in ("minimum", "maximum"))
        is_unread = (low, high) != (None, None) and any(
            value is None and cell is not None for value, cell in zip((low, high), cells, strict=True)
        )
        return None if is_unread or (low is None and high is None) else (low, high)

    # What becomes of it

    def _line(self, row: UnitRow, wanted: Mapping[int, tuple[str, Range]]) -> Line:
        given = self._said(row)
        found, changes = [], []
        for year, (column, new) in wanted.items() if row.unit else ():
            last = self.last.get((row.unit.pk, year))
            if last and (last.minimum, last.maximum) == new:
                continue
            said = self._decision(row, given, last)
            found.append(Revision(row.unit, year, new, last, said))
            changes.append(
                CellChange(f"Năm {year}", words_of((last.minimum, last.maximum)) if last else "", words_of(new))
            )
            self._judge(row, found[-1], column, given)
        if row.unit and not wanted and not row.is_wrong:
            row.say("", NOTHING_SAID, blocks=False)
        kind = Kind.SAME if not found else Kind.CHANGED if any(one.last for one in found) else Kind.NEW
        told = {
            f"theo {one.said.document} ngày {show_day(one.said.decided_on)}" for one in found if one.said.decided_on
        }
        url = row.unit.get_absolute_url() if kind == Kind.CHANGED else ""
        return row.line(kind, detail="; ".join(sorted(told)), changes=changes, url=url, payload=tuple(found))

    def _said(self, row: UnitRow) -> Said:
        return Said(
            row.day("decided_on", "Ngày quyết định"),
            row.typed("document", FIELDS["document"]) or "",
            row.typed("reason", FIELDS["reason"]) or "",
        )

    def _decision(self, row: UnitRow, given: Said, last: YearlyTarget | None) -> Said:
        """What is said of the range in force, as our own lists have it, says nothing of the next one unless alone."""
        said = replace(given, reason=given.reason or self.once.reason)
        is_former = (
            last
            and (given.decided_on or given.document)
            and (given.decided_on in (None, last.decided_on) and given.document in ("", last.document))
        )
        if is_former and (self.once.decided_on or self.once.document):
            said = Said(self.once.decided_on or given.decided_on, self.once.document or given.document, said.reason)
        elif is_former:
            row.say(
                "decided_on",
                "Ngày và văn bản là của lần giao đang có hiệu lực: ghi theo đúng văn bản đó.",
                blocks=False,
            )
        return Said(said.decided_on or self.once.decided_on, said.document or self.once.document, said.reason)

    def _judge(self, row: UnitRow, revision: Revision, column: str, given: Said) -> None:
        said = revision.said
        if said.decided_on is None and not row.has("decided_on"):
            row.say("decided_on", "Thiếu ngày quyết định: ghi ở cột đó, hoặc ghi một lần khi tải tệp lên.")
        faults = actions.revision_faults(
            self.plan,
            revision.organization,
            revision.year,
            revision.new,
            revision.last,
            decided_on=said.decided_on or clock.today(),
            reason=said.reason,
            document=said.document,
        )
        unread = {name for name in OWN if row.has(name) and not getattr(given, name)}
        if said.decided_on is None:
            unread.add("decided_on")
        for name, message in faults:
            if name in unread:
                continue
            if name == "reason" and not said.reason:
                message = "Thiếu lý do: ghi ở cột “Lý do”, hoặc ghi một lần khi tải tệp lên."
            row.say(name if name in OWN else column, message)

    def _refuse_the_same_year_twice(self, rows: Sequence[UnitRow], wanted: Sequence[dict]) -> None:
        found = defaultdict(list)
        for row, years in zip(rows, wanted, strict=True):
            for year, (column, new) in years.items():
                if row.unit:
                    found[row.unit.pk, year].append((row, column, new))
        for (pk, year), same in found.items():
            last = self.last.get((pk, year))
            if len(same) < 2 or (last and {new for *_, new in same} == {(last.minimum, last.maximum)}):
                continue
            numbers = ", ".join(str(row.number) for row, *_ in same)
            for row, column, _ in same:
                row.say(column, f"Các dòng {numbers} cùng giao năm {year} cho {row.unit.short_name}: giữ một dòng.")


class TargetImporter(Importer):
    key = "targets"
    label = "Điều chỉnh chỉ tiêu"
    hint = "Mỗi dòng một đơn vị: năm, tối thiểu, tối đa (hoặc “không giao”), ngày quyết định, số văn bản, lý do."
    place = 10
    noun = "mức giao"
    undo_words = "Mỗi năm đã điều chỉnh được giao lại mức trước đó bằng một lần điều chỉnh mới."
    blank_note = "Ngày viết đủ ngày, tháng, năm: 01/3/2024. Không giao thì ghi “không giao” ở cột Tối thiểu."
    needs = Permission.TARGET_EDIT

    def may(self, user) -> bool:
        return super().may(user) and AdmissionPlan.objects.exists()

    @property
    def years(self) -> list[int]:
        plan = AdmissionPlan.in_use()
        return list(plan.years) if plan else []

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """A column a year too. Costs a query."""
        return (
            *DEFINITIONS,
            *(Definition(f"{YEAR}{year}", f"Chỉ tiêu năm {year}", _headings(year)) for year in self.years),
        )

    @property
    def must(self) -> tuple[frozenset[str], ...]:
        return must_have({"minimum", "maximum"}, {"range"}, *({f"{YEAR}{year}"} for year in self.years))

    def organizations(self, user) -> list[Organization]:
        rows = Organization.objects.visible_to(user, needs=self.needs).open_on(clock.today())
        return list(rows.exclude(kind__in=[UnitKind.BRANCH, UnitKind.SECTION]).in_order())

    def options_form(self, data=None) -> forms.Form:
        return TargetOptionsForm(data, plan=AdmissionPlan.in_use())

    def blank(self, organization: Organization, user) -> list[BlankColumn]:
        return [
            BlankColumn("Đơn vị", width=34),
            BlankColumn("Mã đơn vị", hint="Để nguyên cột này: nhờ nó mà nhận ra đúng đơn vị", width=16),
            BlankColumn("Năm", Cell.PLAIN, tuple(map(str, self.years))),
            BlankColumn("Tối thiểu", Cell.PLAIN, hint="Một số, hoặc: không giao"),
            BlankColumn("Tối đa", Cell.PLAIN),
            BlankColumn("Ngày quyết định", Cell.DATE, hint="Để trống thì lấy ngày ghi lúc tải tệp lên"),
            BlankColumn("Số văn bản", hint="Để trống thì lấy số ghi lúc tải tệp lên", width=18),
            BlankColumn("Lý do", hint="Để trống thì lấy lý do ghi lúc tải tệp lên", width=32),
        ]

    def blank_rows(self, organization: Organization, user) -> list[list]:
        year = AdmissionPlan.in_use().usual_year(clock.today())
        return [[*cells, year] for cells in blank_units(self._units(organization, user))]

    def _units(self, organization: Organization, user) -> Units:
        return Units(organization, lambda unit: may_in(user, self.needs, unit), with_branches=False)

    def preview(self, batch: ImportBatch, layout: Layout, by) -> Preview:
        facts = ["minimum", "maximum", "range", *(key for key in layout.columns if key.startswith(YEAR))]
        units = self._units(batch.organization, by)
        rows, left_out = read_units(layout, units, batch.answers, facts)
        return Preview(_Judge(AdmissionPlan.in_use(), units, batch.options).lines(rows), left_out)

    def apply(self, batch: ImportBatch, lines: Sequence[Line], by) -> list[Written]:
        plan = AdmissionPlan.in_use()
        rows = YearlyTarget.objects.filter(plan=plan).values_list("organization_id", flat=True)
        known = Counter(rows)
        return [_write(plan, line.number, one, known, by) for line in lines for one in line.payload]

    def written(self, rows: Sequence[ImportedRow], user) -> list[dict]:
        """Two queries: what was written, and what is in force now."""
        targets = YearlyTarget.objects.visible_to(user, needs=Permission.FIGURES_VIEW).select_related("organization")
        known = targets.in_bulk([row.object_id for row in rows])
        units = {one.organization_id for one in known.values()}
        in_force = YearlyTarget.objects.filter(organization__in=units).order_by("revision")
        now = {(one.plan_id, one.organization_id, one.year): one for one in in_force}
        return [_written(row, known.get(row.object_id), now) for row in rows]

    def blocking(self, batch: ImportBatch) -> list[LeftOut]:
        rows = list(batch.rows.all())
        known = YearlyTarget.objects.in_bulk([row.object_id for row in rows])
        units = {one.organization_id for one in known.values()}
        later = YearlyTarget.objects.filter(organization__in=units).order_by("revision")
        last = {(one.plan_id, one.organization_id, one.year): one.revision for one in later}
        return [LeftOut(row.number, words) for row in rows if (words := _what_blocks(known[row.object_id], last))]

    def undo(self, batch: ImportBatch, reason: str, by) -> None:
        rows = list(batch.rows.all())
        known = YearlyTarget.objects.select_related("organization", "plan").in_bulk([row.object_id for row in rows])
        for row in rows:
            try:
                words = REASON.format(name=batch.name, reason=reason)[:300]
                actions.take_back_revision(target=known[row.object_id], reason=words, by=by)
            except Conflict:
                raise Stale from None


def _headings(year: int) -> tuple[str, ...]:
    return (f"{year}", f"nam{year}", f"chitieu{year}", f"chitieunam{year}", f"chitieuketnapnam{year}")


def _write(plan: AdmissionPlan, number: int, one: Revision, known: Counter, by) -> Written:
    """`known`: how many rows each unit has, those of this file included."""
    try:
        row = actions.revise(
            plan=plan,
            organization=one.organization,
            year=one.year,
            minimum=one.new[0],
            maximum=one.new[1],
            decided_on=one.said.decided_on,
            reason=one.said.reason,
            document=one.said.document,
            version=known[one.organization.pk],
            by=by,
        )
    except Conflict:
        raise Stale from None
    known[one.organization.pk] += 1
    return Written(number, row, is_new=True)


def _what_blocks(target: YearlyTarget, last: Mapping[tuple, int]) -> str:
    if last[target.plan_id, target.organization_id, target.year] > target.revision:
        return f"năm {target.year} đã được điều chỉnh lần nữa sau khi nhập; sửa ở trang chỉ tiêu của đơn vị"
    if target.revision == 0:
        return (
            f"trước khi nhập, năm {target.year} chưa giao, mà chỉ tiêu đã ghi thì không xóa; "
            "mở trang chỉ tiêu của đơn vị, điều chỉnh thành “Không giao chỉ tiêu năm này”"
        )
    return ""


def _written(row: ImportedRow, target: YearlyTarget | None, now: Mapping) -> dict:
    found = {"number": row.number, "is_new": row.is_new, "title": "Đơn vị ngoài phạm vi của bạn", "detail": ""}
    if target is None:
        return found
    current = now[target.plan_id, target.organization_id, target.year]
    return found | {
        "title": target.organization.short_name,
        "detail": f"năm {target.year}: {words_of((target.minimum, target.maximum)).lower()}",
        "url": target.organization.get_absolute_url(),
        "standing": words_of((current.minimum, current.maximum)),
    }
