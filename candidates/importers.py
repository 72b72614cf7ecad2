"""The lists of people this app takes in; registered with organizations.imports."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django import forms

from candidates.actions import people_list
from candidates.choices import ETHNIC_GROUPS, Education, PoliticalTheory, PriorityGroup, Qualification, Religion, Sex
from candidates.models import OUTSIDE, Candidate
from candidates.people_file import read_people
from candidates.people_headings import NEUTRAL
from candidates.people_import import Judge, places_of
from candidates.people_resource import COLUMNS, MUST, NOT_STORED, definitions
from organizations.imports.blank import BlankColumn
from organizations.imports.preview import LeftOut, Line, Preview
from organizations.imports.registry import Importer, TooManyAnswers, Written, register
from organizations.imports.table import Layout
from organizations.models import ImportBatch, ImportedRow, Organization
from organizations.permissions import Body, Permission
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.fields import DayField
from vuthu_recruit.workbook import Kind

# What an empty list asks, in the order of the unit's own lists.
BLANK = (
    *("full_name", "birth", "sex", "identity_number", "unit", "branch", "home_town", "residence", "phone"),
    *("ethnicity", "religion", "education", "qualification", "political_theory", "job", "workplace"),
    *("is_youth_union_member", "youth_union_joined", "priority_groups", "introduced_by_body", "entered_on"),
)
BLANK_REQUIRED = ("full_name", "sex")
BLANK_CHOICES = {
    "sex": tuple(Sex.labels),
    "ethnicity": ETHNIC_GROUPS,
    "religion": tuple(Religion.labels),
    "education": tuple(Education.labels),
    "qualification": tuple(Qualification.labels),
    "political_theory": tuple(PoliticalTheory.labels),
    "is_youth_union_member": ("x",),
    "priority_groups": tuple(PriorityGroup.labels),
    "introduced_by_body": tuple(Body.labels),
}
BLANK_HINTS = {
    "birth": "27/3/1990; chỉ biết tháng hoặc năm: 3/1990, 1990",
    "identity_number": "12 chữ số; ô để dạng chữ nên số 0 ở đầu được giữ",
    "youth_union_joined": "26/3/2007; chỉ biết tháng hoặc năm: 3/2007, 2007",
    "priority_groups": "Nhiều đối tượng thì cách nhau bằng dấu chấm phẩy",
    "entered_on": "Để trống thì lấy ngày ghi lúc tải tệp lên",
}


class PeopleOptionsForm(forms.Form):
    entered_on = DayField(
        label="Ngày đưa vào nguồn", help_text="Của người chưa có ngày riêng trong tệp. Ví dụ: 27/3/2024"
    )

    def clean_entered_on(self) -> date:
        day = self.cleaned_data["entered_on"]
        if day > clock.today():
            raise forms.ValidationError(f"Ngày {show_day(day)} chưa đến.")
        return day


class PeopleImporter(Importer):
    key = "people"
    label = "Danh sách quần chúng"
    hint = "Danh sách nguồn của đơn vị, mỗi dòng một người: họ và tên, ngày sinh, giới tính, chi bộ, số định danh…"
    place = 1
    definitions = definitions()
    must = MUST
    neutral = NEUTRAL
    not_stored = NOT_STORED
    counts = True

    def organizations(self, user) -> Sequence[Organization]:
        rows = Organization.objects.visible_to(user, needs=self.needs).open_on(clock.today())
        return list((rows.grassroots() | rows.filter(kind="district")).in_order())

    def options_form(self, data=None) -> forms.Form:
        return PeopleOptionsForm(data, initial={"entered_on": clock.today()})

    def blank(self, organization: Organization, user) -> list[BlankColumn]:
        units = places_of(organization, user).units
        choices = BLANK_CHOICES | {"branch": tuple(one.label for one in units if not one.is_whole)}
        return [
            BlankColumn(
                COLUMNS[key].column_name,
                Kind.DATE if key == "entered_on" else Kind.TEXT,
                choices.get(key, ()),
                BLANK_HINTS.get(key, ""),
                is_required=key in BLANK_REQUIRED,
            )
            for key in BLANK
            if key != "unit" or len({one.above for one in units}) > 1
        ]

    def before_look(self, batch: ImportBatch, by) -> None:
        if people_list.is_closed_today(by):
            raise TooManyAnswers(people_list.TOO_MANY)

    def count_answers(self, batch: ImportBatch, preview: Preview, by) -> None:
        people_list.count_answers(lines=preview.lines, organization=batch.organization, by=by)

    def as_told(self, preview: Preview, by) -> Preview:
        return replace(preview, lines=people_list.as_told(preview.lines, by))

    def has_unanswered(self, preview: Preview, by) -> bool:
        return bool(people_list.unanswered(preview.lines, by))

    def preview(self, batch: ImportBatch, layout: Layout, by) -> Preview:
        people = read_people(layout)
        judge = Judge(
            organization=batch.organization,
            entered_on=date.fromisoformat(batch.options["entered_on"]),
            answers=batch.answers,
            by=by,
        )
        return Preview(judge.lines(people.rows), people.left_out, judge.questions)

    def hold(self, batch: ImportBatch, by) -> None:
        people_list.hold(organization=batch.organization, by=by)

    def apply(self, batch: ImportBatch, lines: Sequence[Line], by) -> list[Written]:
        return people_list.write_list(lines=lines, organization=batch.organization, by=by)

    def written(self, rows: Sequence[ImportedRow], user) -> list[dict]:
        """One query. A person who moved out of the user's scope since is named no more."""
        people = Candidate.objects.visible_to(user, needs=Permission.CANDIDATE_VIEW).select_related("unit__grassroots")
        known = people.in_bulk([row.object_id for row in rows])
        return [_written(row, known.get(row.object_id)) for row in rows]

    def blocking(self, batch: ImportBatch) -> list[LeftOut]:
        rows = {row.pk: row for row in batch.rows.all()}
        found = people_list.what_blocks(list(rows.values()))
        blocked = Candidate.objects.filter(pk__in=[rows[pk].object_id for pk in found])
        names = dict(blocked.values_list("pk", "full_name"))
        return [LeftOut(rows[pk].number, f"{names[rows[pk].object_id]} {words}") for pk, words in found.items()]

    def undo(self, batch: ImportBatch, reason: str, by) -> None:
        people_list.take_back(rows=list(batch.rows.all()), reason=reason, by=by)


def _written(row: ImportedRow, person: Candidate | None) -> dict:
    found = {"number": row.number, "is_new": row.is_new, "title": "Hồ sơ đã chuyển sang đơn vị khác", "detail": ""}
    if person is None:
        return found
    birth = f"sinh {person.birth}" if person.birth else ""
    return found | {
        "title": person.full_name,
        "detail": ", ".join(filter(None, [birth, person.unit.place_words])),
        "url": person.get_absolute_url(),
        "standing": person.get_status_display() if person.status in OUTSIDE else person.get_stage_display(),
    }


def register_importers() -> None:
    register(PeopleImporter())
