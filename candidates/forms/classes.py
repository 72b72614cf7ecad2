"""Forms of classes: opened and edited, looked for, lessons planned, attendance taken; kinds and the scale."""

import re
from collections.abc import Mapping

from django import forms
from django.db.models import Q

from candidates.actions.classes import LessonValues
from candidates.classes import HIGHEST_SCORE, LARGEST_CLASS, Half, Mark, Purpose
from candidates.forms.record import check_plain, choice, text, too_long
from candidates.forms.steps import PICK, EventDayField, NumberField, VersionedForm
from candidates.models import ClassKind, Grade, Lesson, TrainingClass
from organizations.models import Organization
from organizations.permissions import Permission
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.fields import CleanCharFormField, CleanTextFormField

LONGEST_DAYS = 366
MORE_LESSONS = 2  # empty rows below the last lesson
LARGEST = {"number": 999, "capacity": LARGEST_CLASS, "lessons": 60, "order": 9999}


class ScoreField(forms.DecimalField):
    """A score from 0 to 10, typed with a comma or a point."""

    widget = forms.TextInput
    size = "short"

    def __init__(self, **values):
        words = f"{values['label']}: điểm từ 0 đến {HIGHEST_SCORE}, nhiều nhất hai chữ số sau dấu phẩy."
        names = ("invalid", "max_value", "min_value", "max_digits", "max_decimal_places", "max_whole_digits")
        super().__init__(
            min_value=0,
            max_value=HIGHEST_SCORE,
            max_digits=4,
            decimal_places=2,
            error_messages=dict.fromkeys(names, words),
            **values,
        )
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "maxlength": "5"}

    def to_python(self, value):
        return super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else f"{value.normalize():f}".replace(".", ",")


def check_days(form: forms.Form) -> None:
    """Days and numbers that cannot be: told on their fields."""
    given = form.cleaned_data
    first, last, year = given.get("from_on"), given.get("to_on"), given.get("year")
    if first and last and last < first:
        form.add_error("to_on", f"Ngày kết thúc trước ngày khai giảng {show_day(first)}.")
    elif first and last and (last - first).days > LONGEST_DAYS:
        form.add_error("to_on", "Lớp kéo dài hơn một năm. Hãy kiểm tra lại năm.")
    if year and first and last and year not in (first.year, last.year):
        form.add_error("year", f"Lớp học từ ngày {show_day(first)} không thuộc năm {year}.")
    if given.get("number") == 0:
        form.add_error("number", "Khóa số từ 1 trở lên.")
    if given.get("capacity") == 0:
        form.add_error("capacity", "Số chỗ từ 1 trở lên; để trống nếu không giới hạn.")
    check_largest(form)


def check_largest(form: forms.Form) -> None:
    for name, largest in LARGEST.items():
        if name in form.fields and (form.cleaned_data.get(name) or 0) > largest:
            form.add_error(name, f"{form.fields[name].label} nhiều nhất là {largest}.")


class ClassValues(forms.Form):
    """What is said of a class, when it is opened and later."""

    number = NumberField(label="Khóa số", help_text="Ví dụ: 2")
    year = NumberField(label="Năm")
    from_on = EventDayField(label="Từ ngày")
    to_on = EventDayField(label="Đến hết ngày")
    place = text("Địa điểm", 200)
    capacity = NumberField(label="Số chỗ", required=False, help_text="Để trống nếu không giới hạn")
    opening_decision = text("Quyết định mở lớp", 60, help_text="Ví dụ: 87-QĐ/TTCT")

    def clean(self):
        super().clean()
        check_days(self)
        return self.cleaned_data


class ClassForm(ClassValues):
    """A new class at a district organization in scope."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(), label="Cấp mở lớp", empty_label=None, error_messages={"invalid_choice": PICK}
    )
    kind = forms.ModelChoiceField(
        ClassKind.objects.none(), label="Loại lớp", empty_label=None, error_messages={"invalid_choice": PICK}
    )

    field_order = ("organization", "kind", "number", "year", "from_on", "to_on", "place", "capacity")

    def __init__(self, data=None, *, user):
        super().__init__(data, initial={"year": clock.today().year})
        rows = Organization.objects.visible_to(user, needs=Permission.CLASS_EDIT).open_on(clock.today())
        rows = rows.filter(kind__in=["area", "district"]).order_by("-kind", "order", "name")
        self.fields["organization"].queryset = rows
        self.fields["organization"].initial = rows.first()
        self.fields["kind"].queryset = ClassKind.objects.filter(is_active=True)


class ClassEditForm(VersionedForm, ClassValues):
    """The same of a class that is open; its kind stays."""

    def __init__(self, data=None, *, row: TrainingClass):
        names = [*ClassValues.base_fields, "version"]
        super().__init__(data, initial={name: getattr(row, name) for name in names})


class CallOffForm(VersionedForm):
    reason = CleanTextFormField(label="Lý do không mở lớp", max_length=280, widget=forms.Textarea(attrs={"rows": 2}))


class ClassFilterForm(forms.Form):
    """The list of classes, narrowed: words, year, kind."""

    q = CleanCharFormField(
        label="Tìm khóa, địa điểm, quyết định", max_length=120, required=False, widget=forms.SearchInput
    )
    nam = forms.ChoiceField(label="Năm", required=False, error_messages={"invalid_choice": PICK})
    loai = forms.ChoiceField(label="Loại lớp", required=False, error_messages={"invalid_choice": PICK})

    def __init__(self, data, *, years: list[int], kinds: list[ClassKind]):
        super().__init__(data)
        self.fields["nam"].choices = [("", "Tất cả các năm"), *[(str(year), str(year)) for year in years]]
        self.fields["loai"].choices = [("", "Tất cả loại lớp"), *[(kind.key, kind.name) for kind in kinds]]

    def narrowed(self, rows):
        if not self.is_valid():
            return rows.none()
        given = self.cleaned_data
        if given["nam"]:
            rows = rows.filter(year=int(given["nam"]))
        if given["loai"]:
            rows = rows.filter(kind__key=given["loai"])
        if words := given["q"]:
            number = re.search(r"(?:khóa|khoá)\s*(\d{1,3})|^(\d{1,3})$", words, re.IGNORECASE)
            wanted = Q(place__icontains=words) | Q(opening_decision__icontains=words) | Q(kind__name__icontains=words)
            if number:
                wanted |= Q(number=int(number[1] or number[2]))
            rows = rows.filter(wanted)
        return rows

    @property
    def chips(self) -> list[dict]:
        if not self.is_valid():
            return []
        return [
            {
                "name": name,
                "value": value,
                "label": f"{self.fields[name].label}: {dict(self.fields[name].choices)[value]}",
            }
            for name in ("nam", "loai")
            if (value := self.cleaned_data[name])
        ]


# Lessons


class LessonsForm(forms.Form):
    """The table of lessons: day, half, topic, lecturer; two empty rows below add lessons."""

    def __init__(self, data=None, *, lessons: list[Lesson]):
        super().__init__(data)
        self.known = {lesson.number: lesson for lesson in lessons}
        last = max(self.known, default=0)
        self.numbers = [*self.known, *range(last + 1, last + 1 + MORE_LESSONS)]
        for number in self.numbers:
            self._ask(number, self.known.get(number))

    def _ask(self, number: int, lesson: Lesson | None) -> None:
        of = f"buổi {number}" if lesson else f"buổi {number}, thêm"
        day = EventDayField(label=f"Ngày học, {of}", required=False, initial=lesson and lesson.held_on)
        day.help_text = ""
        self.fields[f"{number}-held_on"] = day
        self.fields[f"{number}-half"] = choice(
            f"Sáng, chiều, {of}", Half.choices, empty="–", initial=lesson.half if lesson else ""
        )
        self.fields[f"{number}-topic"] = text(f"Nội dung, {of}", 200, initial=lesson.topic if lesson else "")
        self.fields[f"{number}-lecturer"] = text(f"Giảng viên, {of}", 120, initial=lesson.lecturer if lesson else "")
        if lesson:
            self.fields[f"{number}-version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=lesson.version, min_value=1, max_value=2**31 - 1
            )

    @property
    def is_stale(self) -> bool:
        """Somebody added a lesson since the page was opened: its number was an empty row there."""
        return self.is_bound and any(f"{number}-version" not in self.data for number in self.known)

    HEADS = (("held_on", "Ngày học"), ("half", "Buổi"), ("topic", "Nội dung"), ("lecturer", "Giảng viên"))

    @property
    def rows(self) -> list[dict]:
        return [
            {
                "number": number,
                "is_new": number not in self.known,
                "version_field": self[f"{number}-version"] if number in self.known else None,
                "cells": [{"head": head, "field": self[f"{number}-{name}"]} for name, head in self.HEADS],
            }
            for number in self.numbers
        ]

    @property
    def lessons(self) -> dict[int, LessonValues]:
        """Those on record, and new ones of which something was said."""
        found = {}
        for number in self.numbers:
            values = LessonValues(**{name: self.cleaned_data[f"{number}-{name}"] for name, _ in self.HEADS})
            if number in self.known or values != LessonValues(None):
                found[number] = values
        return found

    @property
    def versions(self) -> Mapping[int, int]:
        return {number: self.cleaned_data[f"{number}-version"] for number in self.known}

    def put_errors(self, problems: dict[int, dict[str, list[str]]]) -> None:
        for number, found in problems.items():
            for name, sentences in found.items():
                self.add_error(f"{number}-{name}", [f"Buổi {number}: {sentence}" for sentence in sentences])


class AttendanceForm(VersionedForm):
    """A mark for each participant of one lesson; whoever has none yet is offered as present."""

    def __init__(self, *args, people: list[dict], marks: Mapping[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people
        for row in people:
            self.fields[f"mark-{row['pk']}"] = forms.ChoiceField(
                label=f"Điểm danh, {row['name']}",
                choices=Mark.choices,
                initial=marks.get(row["pk"], Mark.PRESENT),
                error_messages={"invalid_choice": PICK},
            )

    @property
    def rows(self) -> list[dict]:
        return [row | {"cell": {"head": "Điểm danh", "field": self[f"mark-{row['pk']}"]}} for row in self.people]

    @property
    def marks(self) -> dict[int, str]:
        return {row["pk"]: self.cleaned_data[f"mark-{row['pk']}"] for row in self.people}


# Kinds and the scale


def _initial(row, names, fresh: dict) -> dict:
    return {name: getattr(row, name) for name in names} if row else {"version": 1, "is_active": True} | fresh


class KindForm(VersionedForm):
    """A kind of class."""

    name = text("Tên loại lớp", 120, required=True)
    purpose = choice("Dành cho", Purpose.choices, required=True)
    lessons = NumberField(label="Số buổi", help_text="Mặc định khi mở lớp; lịch học sửa được ở từng lớp")
    certificate_mark = text("Ký hiệu giấy chứng nhận", 20, help_text="Ví dụ: CN-NTVĐ, in sau số: 101/CN-NTVĐ")
    order = NumberField(label="Thứ tự")
    is_active = forms.BooleanField(label="Đang dùng", required=False)
    note = text("Ghi chú", 300, help_text="Ví dụ: văn bản căn cứ, điều còn phải đối chiếu")

    def __init__(self, *args, row: ClassKind | None, place: int = 10, **kwargs):
        kwargs["initial"] = _initial(row, self.base_fields, {"order": place, "lessons": 10})
        super().__init__(*args, **kwargs)

    def clean(self):
        super().clean()
        check_largest(self)
        if self.cleaned_data.get("lessons") == 0:
            self.add_error("lessons", "Số buổi từ 1 trở lên.")
        return self.cleaned_data

    @property
    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class GradeForm(VersionedForm):
    """A line of the scale."""

    name = text("Xếp loại", 40, required=True)
    from_score = ScoreField(
        label="Từ điểm", required=False, help_text="Để trống nếu không xếp theo điểm. Ví dụ: 8 hoặc 6,5"
    )
    is_pass = forms.BooleanField(label="Là đạt, được cấp giấy chứng nhận", required=False)
    other_names = CleanCharFormField(
        label="Cách ghi khác",
        max_length=120,
        required=False,
        validators=[check_plain],
        error_messages=too_long(120),
        help_text="Trong tệp Excel của Trung tâm, cách nhau bằng dấu phẩy. Ví dụ: TB, Đạt yêu cầu",
    )
    order = NumberField(label="Thứ tự")
    is_active = forms.BooleanField(label="Đang dùng", required=False)
    note = text("Ghi chú", 200)

    def __init__(self, *args, row: Grade | None, place: int = 10, **kwargs):
        kwargs["initial"] = _initial(row, self.base_fields, {"order": place, "is_pass": True})
        super().__init__(*args, **kwargs)

    def clean(self):
        super().clean()
        check_largest(self)
        return self.cleaned_data

    @property
    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
