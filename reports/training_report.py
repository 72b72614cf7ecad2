"""The report on classes as lines of values: one source for the page and the workbook. No layout, no query."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reports.figures.training import Figures, TrainingTable
from reports.figures.training_rows import NUMBERS
from reports.forms_training import PURPOSES
from vuthu_recruit.dates import show_day

NAME = "Số liệu các lớp bồi dưỡng"
NONE = "–"  # does not apply: a unit has no places, and nothing was divided by nothing


@dataclass(frozen=True)
class Measure:
    """A column. `of`: what a ratio divides, and by what: keys of other columns."""

    key: str
    head: str
    is_ratio: bool = False
    only_of_classes: bool = False


STUDY = (
    Measure("sent", "Đã cử"),
    Measure("refused", "Không đủ điều kiện"),
    Measure("places", "Số chỗ", only_of_classes=True),
    Measure("seated", "Có chỗ"),
    Measure("use_of_places", "Dùng chỗ", is_ratio=True, only_of_classes=True),
    Measure("learners", "Học viên"),
    Measure("passed", "Đạt"),
    Measure("failed", "Không đạt"),
    Measure("dropped", "Bỏ học"),
    Measure("pass_rate", "Tỷ lệ đạt", is_ratio=True),
    Measure("certificates", "Giấy chứng nhận"),
)
CONVERSION = (
    Measure("certificates", "Giấy chứng nhận"),
    Measure("admitted", "Đã kết nạp"),
    Measure("within_12", "trong 12 tháng"),
    Measure("within_24", "trong 24 tháng"),
    Measure("within_36", "trong 36 tháng"),
    Measure("waiting", "Chưa kết nạp"),
    Measure("expiring", "giấy sắp hết"),
    Measure("expired", "giấy đã hết"),
    Measure("gone", "Không còn theo dõi"),
    Measure("again", "Tính giấy khác"),
    Measure("rate", "Tỷ lệ kết nạp", is_ratio=True),
)


def value_of(figures: Figures, key: str) -> int | Decimal | None:
    """One cell; None where it does not apply."""
    if key in ("places", "use_of_places"):
        return getattr(figures, key)
    if key == "certificates":
        return figures.tally.certified
    of = figures.conversion if key in CONVERTED else figures.tally
    return getattr(of, key)


CONVERTED = {measure.key for measure in CONVERSION} - {"certificates"}


@dataclass(frozen=True)
class Line:
    """A class, a unit or a sum. `training_class` and `only` narrow the lists its numbers open."""

    name: str
    figures: Figures
    note: str = ""
    url: str = ""
    training_class: int | None = None
    only: str | None = None


@dataclass(frozen=True)
class Section:
    """Lines under a heading; `total` where there is more than the whole to add up."""

    title: str
    lines: tuple[Line, ...]
    total: Line | None = None


@dataclass(frozen=True)
class TrainingReport:
    """Everything the page and the workbook say. `tells_conversion`: False for readers of classes alone."""

    table: TrainingTable
    by_class: tuple[Line, ...]
    by_unit: tuple[Section, ...]
    total: Line
    tells_conversion: bool

    @property
    def title(self) -> str:
        words = PURPOSES[self.table.span.purpose]
        return f"{NAME} {words[0].lower()}{words[1:]}"

    @property
    def subtitle(self) -> str:
        span = self.table.span
        days = f"Lớp khai giảng từ ngày {show_day(span.first)} đến ngày {show_day(span.last)}"
        return f"{days}; số liệu tính đến hết ngày {show_day(span.as_of)}"

    @property
    def notes(self) -> list[str]:
        """How the numbers are counted."""
        return [*_study_notes(self), *(_conversion_notes(self) if self.tells_conversion else [])]


def report_of(table: TrainingTable, *, only: str = "", tells_conversion: bool) -> TrainingReport:
    """The lines of a table."""
    is_one = len(table.units) == 1
    return TrainingReport(
        table=table,
        by_class=tuple(_class_lines(table)),
        by_unit=tuple(_unit_sections(table)),
        total=Line("Tổng cộng", table.total, only=table.units[0].organization.slug if is_one else only),
        tells_conversion=tells_conversion and table.span.leads_to_admission,
    )


def _class_lines(table: TrainingTable) -> Iterable[Line]:
    is_one_kind = len({row.training_class.kind_id for row in table.classes}) == 1
    for row in table.classes:
        held = row.training_class
        days = f"{show_day(held.from_on)} – {show_day(held.to_on)}"
        note = f"{days}; người của đơn vị đang xem" if row.is_part else days
        name = f"Khóa {held.number}/{held.year}" if is_one_kind else str(held)
        yield Line(name, row.figures, note, training_class=held.pk)


def _unit_sections(table: TrainingTable) -> Iterable[Section]:
    for group in table.groups:
        lines = tuple(
            Line(row.name, row.figures, "các chi bộ bạn phụ trách" if row.is_part else "", only=row.organization.slug)
            for row in group.rows
        )
        roman = group.title.partition(".")[0]
        has_sum = len(table.groups) > 1 and len(lines) > 1
        only = roman if roman in ("I", "II") else None
        yield Section(group.title, lines, Line(f"Cộng {roman}", group.total, only=only) if has_sum else None)


def _study_notes(report: TrainingReport) -> Iterable[str]:
    table = report.table
    yield (
        "Lớp tính vào kỳ có ngày khai giảng; lớp chưa khai giảng và lớp không mở thì chưa tính. "
        "Người học tính ở đơn vị đã cử, kể cả người đã chuyển đi; đề cử đã rút không tính."
    )
    yield (
        "Có chỗ: đang học và đã học xong. Dùng chỗ: có chỗ trên số chỗ. "
        "Tỷ lệ đạt: đạt trên số người học xong hoặc bỏ học."
    )
    if table.has_unlimited:
        yield "Lớp không giới hạn số chỗ không nằm trong tỷ lệ dùng chỗ."
    if any(row.is_part for row in table.classes):
        yield "Mỗi lớp chỉ tính người của các đơn vị đang xem; số chỗ của lớp hiện khi xem cả lớp."


def _conversion_notes(report: TrainingReport) -> Iterable[str]:
    months = report.table.months
    yield (
        "Mỗi giấy chứng nhận thuộc đúng một cột: đã kết nạp, chưa kết nạp, không còn theo dõi (tạm dừng, chuyển đi, "
        "xóa tên), hoặc tính giấy khác (người học lại: chỉ tính giấy mới nhất có vào ngày kết nạp hay ngày tính)."
    )
    yield "Trong 12, 24, 36 tháng: từ ngày cấp giấy đến ngày được tính là kết nạp; cột sau gồm cả cột trước."
    if months:
        yield (
            f"Giấy chứng nhận có giá trị {months} tháng đến ngày chi bộ họp xét; "
            "“sắp hết” là hết trong 90 ngày, chỉ tính người mà chi bộ chưa họp xét."
        )
    yield "Tỷ lệ kết nạp: đã kết nạp trên số người có giấy chứng nhận."


def opens(measure: Measure) -> bool:
    """Whether its numbers open a list."""
    return measure.key in NUMBERS
