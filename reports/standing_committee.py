"""Biểu tiến độ for the Standing Committee, as lines of values: one source for the page and the workbook. No layout."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from organizations.models import Organization
from reports import standing_words
from reports.figures import Period, Window, progress_table
from reports.figures.rows import Figures, ProgressTable, Row, Total
from reports.issuer import Paper, is_everything, issuer_for, paper_for
from targets.progress import State
from vuthu_recruit import clock
from vuthu_recruit.templatetags.ui import percent1, vn_number

NAME = "Biểu tiến độ kết nạp đảng viên"
NONE = "–"  # does not apply, or nobody has said
SAMPLE = "Dữ liệu mẫu – người và số liệu đều không có thật."
BLANK = ""  # the unit has entered nothing

# The columns between the unit's name and the note, in the order of domain.md 6.3.
MEASURES = (
    "members",
    "branches",
    "minimum",
    "maximum",
    "trained",
    "dossier",
    "submitted",
    "period",
    "year",
    "percent",
    "term",
    "women",
    "union",
    "religion",
    "enterprise",
    "official",
)
COUNTED = ("trained", "dossier", "submitted", "period", "year", "term", "women", "union", "religion", "enterprise")
COUNTED += ("official",)
Value = int | Decimal | str


@dataclass(frozen=True)
class Cell:
    """One cell as the page shows it; `figure` opens the rows behind it."""

    text: str
    figure: str = ""


@dataclass(frozen=True)
class Line:
    """A unit, or a sum of units. `judged`: the year's result of units that have a range."""

    name: str
    values: dict[str, Value]
    judged: int = 0
    number: int | None = None
    remarks: tuple[str, ...] = ()
    slug: str = ""

    @property
    def remark(self) -> str:
        return "; ".join(self.remarks)

    @property
    def shown(self) -> list[Cell]:
        """The cells of the page: the range is one cell, numbers are written the Vietnamese way."""
        low, high = self.values["minimum"], self.values["maximum"]
        cells = []
        for name in MEASURES:
            if name == "minimum":
                cells.append(Cell(NONE if low == NONE else f"{vn_number(low)}–{vn_number(high)}"))
            elif name != "maximum":
                cells.append(self._cell(name, self.values[name]))
        return cells

    def _cell(self, name: str, value: Value) -> Cell:
        if isinstance(value, str):
            return Cell(value)
        if name == "percent":
            return Cell(percent1(value / 100))
        return Cell(vn_number(value), figure=name if name in COUNTED and value else "")


@dataclass(frozen=True)
class Section:
    """A group of units; `total` only where there is something to add up."""

    roman: str
    title: str
    lines: tuple[Line, ...]
    total: Line | None


@dataclass(frozen=True)
class Report:
    """Everything the sheet says, for the page and the workbook alike."""

    table: ProgressTable
    title: str
    subtitle: str
    scope: str
    sections: tuple[Section, ...]
    total: Line | None
    remarks: tuple[str, ...]  # under the table
    data_notes: tuple[str, ...]  # what the reader should know about the data
    paper: Paper | None
    made_by: str
    made_at: datetime = field(default_factory=timezone.now)

    @property
    def year(self) -> str:
        return str(self.table.period.as_of.year)

    @property
    def lines(self) -> list[Line]:
        return [line for section in self.sections for line in section.lines]

    @property
    def marks(self) -> tuple[str, ...]:
        """What must stand on every sheet of a demonstration."""
        return (SAMPLE,) if settings.DEMO else ()

    @property
    def stamp(self) -> str:
        return f"{self.made_by} lập lúc {timezone.localtime(self.made_at):%H:%M ngày %d/%m/%Y}"


def report_for(reader, period: Period, only: str = "") -> Report:
    """The report on the units whose figures the reader may see. Always the same number of queries."""
    table = progress_table(reader, period, only=only)
    whole = not only and is_everything(reader, table.plan)
    issuer = issuer_for(reader, table.plan)
    sections = [_section(group, roman, table, whole) for roman, group in zip(("I", "II"), table.groups, strict=True)]
    scope = _scope(table, issuer, whole, only)
    return Report(
        table=table,
        title=f"{NAME} năm {period.as_of.year}" + ("" if whole else f": {scope}"),
        subtitle=_subtitle(table),
        scope=scope,
        sections=tuple(section for section in sections if section.lines or whole),
        total=_total(table.total, table) if whole or len(table.rows) > 1 else None,
        remarks=tuple(standing_words.remarks(table, whole=whole)),
        data_notes=tuple(standing_words.data_notes(table)),
        paper=paper_for(issuer, clock.today()),
        made_by=reader.full_name,
    )


def _section(group, roman: str, table: ProgressTable, whole: bool) -> Section:
    """Cộng I and Cộng II for readers of the whole district; for others where both groups have units to add up."""
    lines = tuple(_line(number, row, table) for number, row in enumerate(group.rows, 1))
    adds = whole or (len(lines) > 1 and len(lines) < len(table.rows))
    return Section(roman, group.title.partition(". ")[2], lines, _total(group.total, table) if adds else None)


def _line(number: int, row: Row, table: ProgressTable) -> Line:
    has_no_branches = row.organization.is_grassroots_cell and not row.branches
    values = {
        "members": row.members.value if row.members else NONE,
        "branches": NONE if has_no_branches else row.branches,
        "minimum": row.target.minimum if row.has_target else NONE,
        "maximum": row.target.maximum if row.has_target else NONE,
        "percent": _percent(row.progress.percent if row.progress else None),
    }
    values |= _counted(row.figures, table)
    if not row.is_entered:
        values |= dict.fromkeys((*COUNTED, "percent"), BLANK)
    return Line(
        name=row.name,
        values=values,
        judged=row.year.total if row.has_target else 0,
        number=number,
        remarks=tuple(_remarks(row)),
        slug=row.organization.slug,
    )


def _total(total: Total, table: ProgressTable) -> Line:
    members = [row for group in table.groups if group.total is total for row in group.rows]
    rows = table.rows if total is table.total else members
    values = {
        "members": NONE if total.members is None else total.members,
        "branches": total.branches,
        "minimum": total.target.minimum if total.has_target else NONE,
        "maximum": total.target.maximum if total.has_target else NONE,
        "percent": _percent(total.percent),
    }
    judged = sum(row.year.total for row in rows if row.has_target)
    return Line(name=total.title, values=values | _counted(total.figures, table), judged=judged)


def _counted(figures: Figures, table: ProgressTable) -> dict[str, Value]:
    """People and the rest of opening balances together; no term, no figure of it."""
    values = {name: getattr(figures, name) for name in COUNTED}
    values = {name: value if isinstance(value, int) else value.total for name, value in values.items()}
    if table.period.window(Window.TERM, table.plan) is None:
        values["term"] = NONE
    if not table.tells_religion:
        values["religion"] = NONE
    return values


def _percent(percent: Decimal | None) -> Decimal | str:
    return NONE if percent is None else percent


def _remarks(row: Row) -> Iterable[str]:
    """The note of a unit: what its cells cannot say."""
    if not row.is_entered:
        yield "chưa nhập"
    if row.progress and row.progress.state in (State.NO_TARGET, State.NOT_YET) and not row.is_closed:
        yield "không giao chỉ tiêu" if row.progress.state == State.NO_TARGET else "chưa giao chỉ tiêu"
    yield from row.notes
    if row.period.opening and not row.year.opening:
        yield f"trong kỳ {standing_words.named(row.period)}"
    if row.year.opening:
        yield f"năm: {standing_words.named(row.year)}"
    if row.term.opening:
        yield f"nhiệm kỳ: {standing_words.named(row.term)}"
    if row.unknown_women:
        yield f"{row.unknown_women} chưa rõ nam, nữ"


def _scope(table: ProgressTable, issuer: Organization | None, whole: bool, only: str) -> str:
    """Whose figures these are, in words."""
    if whole:
        return issuer.name if issuer else "toàn bộ"
    if only in ("I", "II"):
        return "khối xã, thị trấn" if only == "I" else "khối cơ quan, đơn vị"
    if issuer and not only:
        return issuer.name
    if len(table.rows) == 1:
        (row,) = table.rows
        return row.name if row.parts else row.organization.name
    return f"{len(table.rows)} đơn vị"


def _subtitle(table: ProgressTable) -> str:
    period = table.period
    words = [f"Số liệu tính đến hết ngày {period.as_of:%d/%m/%Y}", f"trong kỳ: từ ngày {period.since:%d/%m/%Y}"]
    if table.plan:
        words += [f"tính theo {table.basis}", f"chỉ tiêu theo {table.plan}"]
    return "; ".join(words)
