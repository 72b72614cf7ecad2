"""The columns of a list of people, both ways: headings they are known by, a cell read, a value written.

django-import-export carries them: each column is a Field whose Widget cleans cells of any type and renders values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from import_export import fields, resources

from candidates import people_words as words
from candidates.cells import record_key as key_of_record
from candidates.choices import Education, Occupation, PoliticalTheory, Qualification, Religion, Sex
from candidates.forms.record import RecordForm, text
from candidates.people_headings import HEADINGS, NEUTRAL
from candidates.people_widgets import (
    BirthOrTick,
    CellWidget,
    Choice,
    Day,
    DayIfAny,
    DayPart,
    Ethnicity,
    Groups,
    IdentityNumber,
    Name,
    NamePart,
    NotStored,
    PartialDay,
    Phone,
    Reader,
    RecordKey,
    Schooling,
    Text,
    Tick,
)
from organizations.imports.table import Definition, Layout, layouts
from organizations.permissions import Body
from vuthu_recruit.spreadsheet import Cell, Sheet

# What a list must have to be one of people.
MUST = (frozenset({"full_name"}), frozenset({"family_name", "given_name"}))
# Known, and never stored: the order in the list, remarks, and what the system itself wrote beside.
NOT_STORED = frozenset({"order", "note", "stage", "status", "last_on", "problems"})
# Columns


class Column(fields.Field):
    """A Field that comes in by its headings; one without attribute is read only, and never written."""

    def __init__(self, label: str, widget: CellWidget, attribute: str | None = None, **definition):
        super().__init__(attribute=attribute, column_name=label, widget=widget, readonly=attribute is None)
        self.definition = definition


def _form(name: str) -> Text:
    return Text(RecordForm.base_fields[name])


def _body_of(typed: str):
    found = words.choice_of(typed, Body, words.BODIES)
    return found, "" if found else words.not_known(typed, "tổ chức giới thiệu")


MEN, WOMEN = ("Nam", "Nữ"), ("Nữ", "Nam")
YOUTH = frozenset({"dv", "dvtn", "la doan vien", "doan vien tn", "doan vien tncs", "doan vien thanh nien"})
BESIDE_MONTH = frozenset({"birth_month"})


class PeopleResource(resources.Resource):
    """One definition a column. The order is the one in which an exported list has them."""

    record_key = Column("Mã hồ sơ", RecordKey(), "pk")
    order = Column("STT", NotStored())
    full_name = Column(
        "Họ và tên",
        Name(RecordForm.base_fields["full_name"]),
        "full_name",
        is_required=True,
        spread=("family_name", "given_name"),
    )
    family_name = Column("Họ và tên đệm", NamePart())
    given_name = Column("Tên", NamePart())
    birth = Column("Ngày sinh", PartialDay("Ngày sinh"), "birth", spread=("birth_day", "birth_month", "birth_year"))
    birth_male = Column("Ngày sinh (nam)", BirthOrTick(*MEN), beside=frozenset({"birth_female"}))
    birth_female = Column("Ngày sinh (nữ)", BirthOrTick(*WOMEN))
    birth_day = Column("Ngày (sinh)", DayPart("Ngày sinh"), beside=BESIDE_MONTH)
    birth_month = Column("Tháng (sinh)", DayPart("Tháng sinh"))
    birth_year = Column("Năm (sinh)", DayPart("Năm sinh", 4), beside=BESIDE_MONTH)
    sex = Column("Giới tính", Choice(Sex, words.SEXES, "Giới tính"), "sex", is_required=True)
    male = Column("Nam (đánh dấu)", BirthOrTick(*MEN), beside=frozenset({"female", "birth_female"}))
    female = Column("Nữ (đánh dấu)", BirthOrTick(*WOMEN))
    identity_number = Column("Số định danh", IdentityNumber(), "identity_number")
    unit = Column("Đơn vị", Text(text("Đơn vị", 200)), "unit")
    branch = Column("Chi bộ", Text(text("Chi bộ", 200)), "unit")
    home_town = Column("Quê quán", _form("home_town"), "home_town")
    residence = Column("Nơi ở hiện nay", _form("residence"), "residence")
    phone = Column("Điện thoại", Phone(), "phone")
    ethnicity = Column("Dân tộc", Ethnicity(), "ethnicity")
    religion = Column("Tôn giáo", Choice(Religion, words.RELIGIONS, "Tôn giáo"), "religion")
    education = Column("Học vấn phổ thông", Schooling(Education, words.education_of), "education")
    qualification = Column("Trình độ chuyên môn", Reader(Qualification, words.qualification_of), "qualification")
    political_theory = Column("Lý luận chính trị", Reader(PoliticalTheory, words.theory_of), "political_theory")
    occupation = Column("Nhóm nghề nghiệp", Choice(Occupation, words.OCCUPATIONS, "Nhóm nghề nghiệp"), "occupation")
    job = Column("Nghề nghiệp, chức vụ", Text(text("Nghề nghiệp, chức vụ", 120)), "job")
    position = Column("Chức vụ", Text(text("Chức vụ", 120)))
    workplace = Column("Nơi làm việc", _form("workplace"), "workplace")
    is_youth_union_member = Column("Đoàn viên", Tick("Đoàn viên", YOUTH), "is_youth_union_member")
    youth_union_joined = Column("Ngày vào Đoàn", DayIfAny("Ngày vào Đoàn"), "youth_union_joined")
    is_trade_union_member = Column("Đoàn viên công đoàn", Tick("Đoàn viên công đoàn"), "is_trade_union_member")
    priority_groups = Column("Đối tượng ưu tiên", Groups(), "priority_groups")
    introduced_by_body = Column("Tổ chức giới thiệu", Reader(Body, _body_of), "introduced_by_body")
    entered_on = Column("Ngày đưa vào nguồn", Day("Ngày đưa vào nguồn"), "entered_on")
    stage = Column("Bước", NotStored())
    status = Column("Trạng thái", NotStored())
    last_on = Column("Ngày của bước gần nhất", NotStored())
    note = Column("Ghi chú", NotStored())
    problems = Column("Lỗi", NotStored())

    def row(self, candidate, keys: tuple[str, ...]) -> list:
        """The cells of a person. `entered_on` is an annotation of the queryset."""
        return [self.export_field(self.fields[key], candidate) for key in keys]

    def dehydrate_record_key(self, candidate) -> str:
        return key_of_record(candidate.pk, candidate.version)

    def dehydrate_unit(self, candidate) -> str:
        return (candidate.unit.grassroots or candidate.unit).short_name

    def dehydrate_branch(self, candidate) -> str:
        grassroots = candidate.unit.grassroots or candidate.unit
        return "" if candidate.unit == grassroots else candidate.unit.short_name


COLUMNS: dict[str, Column] = PeopleResource.fields
LABELS = {key: column.column_name for key, column in COLUMNS.items()}
WRITTEN = tuple(key for key, column in COLUMNS.items() if column.attribute)


def definitions() -> list[Definition]:
    """What the columns of a list of people can mean."""
    return [
        Definition(key, column.column_name, HEADINGS.get(key, ()), **column.definition)
        for key, column in COLUMNS.items()
    ]


def people_layouts(sheets: Sequence[Sheet]) -> list[Layout]:
    """The lists of people in a workbook."""
    return layouts(sheets, definitions(), must=MUST, neutral=NEUTRAL)


@dataclass(frozen=True)
class Reading:
    """What a cell gave: a value or none, what was changed to read it, and why it cannot be taken."""

    value: Any = None
    notices: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def read_cell(key: str, cell: Cell) -> Reading:
    """A filled cell of a column."""
    notices: list[str] = []
    try:
        value = COLUMNS[key].widget.clean(cell, say=notices.append)
    except ValidationError as refusal:
        return Reading(problems=tuple(refusal.messages))
    return Reading(value, tuple(notices))
