"""Members, average age and last admission of units from a file: one row a unit, and what it would change.

Written through the action of the form, so that its rules stand in one place. Undoing: a figure of the file is withdrawn
(nothing refers to one, and the history keeps its values), one that it put right gets its former values back. What was
put right once more since then stands in the way.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django import forms

from organizations.actions import units as actions
from organizations.forms.units import FigureForm, shown
from organizations.imports.blank import BlankColumn
from organizations.imports.preview import CellChange, Kind, LeftOut, Line, Preview
from organizations.imports.registry import Importer, Stale, Written
from organizations.imports.table import Definition, Layout
from organizations.imports.table import shown as as_written
from organizations.imports.unit_rows import (
    NOTHING_SAID,
    UNIT_COLUMNS,
    UnitRow,
    Units,
    blank_units,
    must_have,
    read_units,
)
from organizations.models import Change, ImportBatch, ImportedRow, Organization, OrganizationFigure
from organizations.models import Kind as UnitKind
from organizations.permissions import Permission
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.fields import CleanCharFormField, DayField
from vuthu_recruit.workbook import Kind as Cell

FACTS = ("members", "average_age", "last_admission_on")
FIELDS = FigureForm.base_fields
HEADINGS = {
    "members": (
        *("tongsodangvien", "sodangvien", "dangvien", "tongdangvien", "tongsodv", "sodv", "soluongdangvien"),
        *("tongsodangvienhienco", "dangvienhienco", "tongsodangviencuadangbo"),
    ),
    "average_age": ("tuoibinhquan", "tuoidoibinhquan", "tuoitrungbinh", "binhquantuoi", "tuoibq", "tuoidoitrungbinh"),
    "last_admission_on": (
        *("lanketnapgannhat", "ngayketnapgannhat", "ketnapgannhat", "ngayketnapdangviengannhat"),
        *("lanketnapdangviengannhat", "lancuoiketnap", "ngayketnapcuoi"),
    ),
    "on": ("solieudenngay", "solieungay", "ngaysolieu", "denngay", "tinhdenngay", "ngay", "thoidiem", "ngaychotsolieu"),
    "source": ("nguonsolieu", "nguon", "cancu", "theobaocao", "vanban"),
}
DEFINITIONS = (*UNIT_COLUMNS, *(Definition(key, str(FIELDS[key].label), names) for key, names in HEADINGS.items()))


class FigureOptionsForm(forms.Form):
    """Said once for the rows that do not say it themselves."""

    on = DayField(label="Số liệu đến ngày", required=False, help_text="Của dòng chưa ghi ngày riêng. Ví dụ: 30/6/2024")
    source = CleanCharFormField(
        label="Nguồn số liệu",
        max_length=200,
        required=False,
        help_text="Của dòng chưa ghi nguồn riêng. Ví dụ: Báo cáo 6 tháng đầu năm 2024",
    )

    def clean_on(self) -> date | None:
        day = self.cleaned_data["on"]
        if day and day > clock.today():
            raise forms.ValidationError(f"Ngày {show_day(day)} chưa đến.")
        return day


@dataclass(frozen=True)
class Wanted:
    """A figure as it is to stand. `figure`: that of the day, if there is one."""

    unit: Organization
    values: dict
    figure: OrganizationFigure | None

    @property
    def version(self) -> int:
        return self.figure.version if self.figure else 0


class _Judge:
    """Judges all rows of a file together. `on`, `source`: of rows that have none of their own."""

    def __init__(self, on: date | None, source: str):
        self.on, self.source = on, source

    def lines(self, rows: Sequence[UnitRow]) -> tuple[Line, ...]:
        values = [self._read(row) for row in rows]
        _refuse_the_same_day_twice(rows, values)
        known = _known(rows)
        return tuple(self._line(row, given, known) for row, given in zip(rows, values, strict=True))

    def _read(self, row: UnitRow) -> dict:
        given = {
            "on": row.day("on", "Số liệu ngày"),
            "members": row.typed("members", FIELDS["members"]),
            "average_age": _average_age(row),
            "last_admission_on": row.day("last_admission_on", "Lần kết nạp gần nhất"),
            "source": row.typed("source", FIELDS["source"]) or "",
        }
        return given | {"on": given["on"] if row.has("on") else self.on}

    def _line(self, row: UnitRow, given: dict, known: dict) -> Line:
        if not any(row.has(name) for name in FACTS):
            if row.unit:
                row.say("", NOTHING_SAID, blocks=False)
            return row.line(Kind.SAME)
        if given["on"] is None:
            if not row.has("on"):
                row.say("on", "Thiếu ngày của số liệu: ghi ở cột “Số liệu ngày”, hoặc ghi một lần khi tải tệp lên.")
            return row.line(Kind.NEW)
        figure = known.get((row.unit.pk, given["on"])) if row.unit else None
        values = self._with_known(row, given, figure) if figure else given | {"source": given["source"] or self.source}
        if not values["source"] and not row.has("source"):
            row.say("source", "Thiếu nguồn số liệu: ghi ở cột “Nguồn số liệu”, hoặc ghi một lần khi tải tệp lên.")
        if row.unit:
            for name, said in actions.figure_faults(row.unit, values).items():
                for sentence in said:
                    row.say(name, sentence)
        changes = _changes(figure, values)
        kind = Kind.NEW if figure is None else Kind.CHANGED if changes else Kind.SAME
        url = row.unit.get_absolute_url() if figure else ""
        detail = f"số liệu ngày {show_day(given['on'])}"
        payload = Wanted(row.unit, values, figure) if row.unit else None
        return row.line(kind, detail=detail, changes=changes, url=url, payload=payload)

    def _with_known(self, row: UnitRow, given: dict, figure: OrganizationFigure) -> dict:
        """An empty cell changes nothing; the file's own source counts only where a figure changes."""
        values = dict(given)
        for name in (*FACTS, "source"):
            was = getattr(figure, name)
            if name in row.cells and not row.has(name) and was not in (None, ""):
                row.say(name, f"Ô trống: giữ “{shown(was)}” đã ghi.", blocks=False)
            if not row.has(name):
                values[name] = was
        changes = any(values[name] != getattr(figure, name) for name in FACTS)
        if changes and not row.has("source") and self.source:
            values["source"] = self.source
        return values


def _average_age(row: UnitRow) -> Decimal | None:
    """One figure after the comma, as the form has it; what a sheet has calculated is rounded, and that is said."""
    cell = row.cells.get("average_age")
    if isinstance(cell, float) and abs(cell) < 1000:  # the field refuses the others
        age = Decimal(repr(cell)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        if age != Decimal(repr(cell)):
            row.say("average_age", f"Tuổi bình quân {as_written(cell)} ghi là {shown(age)}.", blocks=False)
        row.cells = {**row.cells, "average_age": shown(age)}
    return row.typed("average_age", FIELDS["average_age"])


def _refuse_the_same_day_twice(rows: Sequence[UnitRow], values: Sequence[dict]) -> None:
    found = defaultdict(list)
    for row, given in zip(rows, values, strict=True):
        if row.unit and given["on"] and any(row.has(name) for name in FACTS):
            found[row.unit.pk, given["on"]].append(row)
    for same in found.values():
        numbers = ", ".join(str(row.number) for row in same)
        for row in same if len(same) > 1 else ():
            row.say("unit", f"Các dòng {numbers} cùng ghi một ngày của {row.unit.place_words}: giữ một dòng.")


def _known(rows: Sequence[UnitRow]) -> dict[tuple[int, date], OrganizationFigure]:
    units = {row.unit.pk for row in rows if row.unit}
    figures = OrganizationFigure.objects.filter(organization__in=units)
    return {(one.organization_id, one.on): one for one in figures}


def _changes(figure: OrganizationFigure | None, values: dict) -> list[CellChange]:
    found = []
    for name in (*FACTS, "source"):
        was, now = getattr(figure, name, None), values[name]
        if was != now and not (was is None and now in (None, "")):
            found.append(CellChange(str(FIELDS[name].label), shown(was), shown(now)))
    return found


class FigureImporter(Importer):
    key = "figures"
    label = "Số liệu đơn vị"
    hint = "Mỗi dòng một đơn vị hoặc chi bộ: tổng số đảng viên, tuổi bình quân, lần kết nạp gần nhất."
    noun = "số liệu"
    undo_words = "Số liệu thêm mới sẽ được rút; số liệu đã sửa trở lại như trước."
    blank_note = "Ngày viết đủ ngày, tháng, năm: 27/3/2024. Đơn vị nào chưa có số liệu thì để trống dòng đó."
    definitions = DEFINITIONS
    must = must_have(*({fact} for fact in FACTS))

    def organizations(self, user) -> list[Organization]:
        rows = Organization.objects.visible_to(user, needs=self.needs).open_on(clock.today())
        return list(rows.exclude(kind__in=[UnitKind.BRANCH, UnitKind.SECTION]).in_order())

    def options_form(self, data=None) -> forms.Form:
        return FigureOptionsForm(data)

    def blank(self, organization: Organization, user) -> list[BlankColumn]:
        return [
            BlankColumn("Đơn vị", width=34),
            BlankColumn("Mã đơn vị", hint="Để nguyên cột này: nhờ nó mà nhận ra đúng đơn vị", width=16),
            BlankColumn("Tổng số đảng viên", Cell.INTEGER),
            BlankColumn("Tuổi bình quân", Cell.DECIMAL, hint="Ví dụ: 47,5"),
            BlankColumn("Lần kết nạp gần nhất", Cell.DATE, hint="Đủ ngày, tháng, năm: 19/5/2019"),
            BlankColumn("Số liệu ngày", Cell.DATE, hint="Để trống thì lấy ngày ghi lúc tải tệp lên"),
            BlankColumn("Nguồn số liệu", hint="Để trống thì lấy nguồn ghi lúc tải tệp lên", width=32),
        ]

    def blank_rows(self, organization: Organization, user) -> list[list[str]]:
        """The units below; of one unit its branches too."""
        return blank_units(self._units(organization, user, with_branches=organization.is_grassroots))

    def _units(self, organization: Organization, user, *, with_branches: bool = True) -> Units:
        return Units(organization, lambda unit: actions.may_record_figures(user, unit), with_branches=with_branches)

    def preview(self, batch: ImportBatch, layout: Layout, by) -> Preview:
        rows, left_out = read_units(layout, self._units(batch.organization, by), batch.answers, FACTS)
        on = batch.options.get("on")
        judge = _Judge(date.fromisoformat(on) if on else None, batch.options.get("source") or "")
        return Preview(judge.lines(rows), left_out)

    def apply(self, batch: ImportBatch, lines: Sequence[Line], by) -> list[Written]:
        return [_write(line, by) for line in lines]

    def written(self, rows: Sequence[ImportedRow], user) -> list[dict]:
        """Two queries. What was withdrawn is named by its history."""
        ids = [row.object_id for row in rows]
        figures = OrganizationFigure.objects.visible_to(user, needs=Permission.FIGURES_VIEW)
        known = figures.select_related("organization__grassroots").in_bulk(ids)
        gone = _names_of_withdrawn([str(pk) for pk in ids if pk not in known])
        return [_written(row, known.get(row.object_id), gone) for row in rows]

    def blocking(self, batch: ImportBatch) -> list[LeftOut]:
        rows = list(batch.rows.all())
        known = OrganizationFigure.objects.in_bulk([row.object_id for row in rows])
        return [
            LeftOut(row.number, "đã được sửa sau khi nhập")
            for row in rows
            if row.object_id not in known or known[row.object_id].version != row.version
        ]

    def undo(self, batch: ImportBatch, reason: str, by) -> None:
        rows = list(batch.rows.all())
        known = OrganizationFigure.objects.select_related("organization").in_bulk([row.object_id for row in rows])
        for row in rows:
            try:
                _take_back(row, known[row.object_id], reason, by)
            except (Conflict, KeyError):
                raise Stale from None


def _write(line: Line, by) -> Written:
    wanted = line.payload
    before = _kept(wanted.figure) if wanted.figure else None
    try:
        figure = actions.record_figure(organization=wanted.unit, values=wanted.values, version=wanted.version, by=by)
    except Conflict:
        raise Stale from None
    return Written(line.number, figure, is_new=before is None, before=before)


def _kept(figure: OrganizationFigure) -> dict:
    """As JSON keeps it, for an undo."""
    return {
        name: figure._meta.get_field(name).value_to_string(figure)
        for name in FACTS
        if getattr(figure, name) is not None
    } | {"source": figure.source}


def _take_back(row: ImportedRow, figure: OrganizationFigure, reason: str, by) -> None:
    if row.is_new:
        actions.withdraw_figure(figure=figure, reason=reason, version=row.version, by=by)
        return
    values = {name: figure._meta.get_field(name).to_python(row.before.get(name)) for name in (*FACTS, "source")}
    actions.record_figure(
        organization=figure.organization, values=values | {"on": figure.on}, version=row.version, by=by
    )


def _names_of_withdrawn(ids: Sequence[str]) -> dict[str, str]:
    rows = Change.objects.filter(
        object_type=OrganizationFigure._meta.label, object_id__in=ids, action="organization.figure_withdraw"
    )
    units = dict(rows.values_list("object_id", "subject_id"))
    names = {
        str(one.pk): one.place_words
        for one in Organization.objects.filter(pk__in=units.values()).select_related("grassroots")
    }
    return {pk: names[unit] for pk, unit in units.items()}


def _written(row: ImportedRow, figure: OrganizationFigure | None, gone: dict[str, str]) -> dict:
    found = {"number": row.number, "is_new": row.is_new}
    if figure is None:
        name = gone.get(str(row.object_id), "Số liệu của đơn vị ngoài phạm vi của bạn")
        return found | {"title": name, "detail": "", "standing": "đã rút" if str(row.object_id) in gone else ""}
    members = "" if figure.members is None else f"{figure.members} đảng viên"
    return found | {
        "title": figure.organization.place_words,
        "detail": f"số liệu ngày {show_day(figure.on)}",
        "url": figure.organization.get_absolute_url(),
        "standing": members,
    }
