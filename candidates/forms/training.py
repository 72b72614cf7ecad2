"""Forms of classes: opening one, putting people in, the table of results."""

from django import forms

from candidates.forms.record import choice, text
from candidates.forms.steps import PICK, NumberField, reason_field
from candidates.models import Candidate, Enrolment, TrainingClass
from candidates.pipeline import REASON
from organizations.models import Organization
from organizations.permissions import Permission
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.fields import CleanCharFormField, DayField

Kind, State = TrainingClass.Kind, Enrolment.State
KINDS = [(kind.value, kind.label) for kind in (Kind.AWARENESS, Kind.NEW_MEMBER)]
RECORDED = [(state.value, state.label) for state in (State.ENROLLED, State.FINISHED, State.DROPPED)]
HEADS = {
    "state": "Trạng thái",
    "result": "Kết quả",
    "certificate_number": "Số giấy chứng nhận",
    "issued_on": "Ngày cấp",
}
ROW = tuple(HEADS)
LARGEST_CLASS = 300


class PeopleField(forms.ModelMultipleChoiceField):
    """Ticked people; an id no row can have is answered like one no row has."""

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError:
            raise forms.ValidationError(PICK) from None


class ClassForm(forms.Form):
    """A new class at a district organization in scope."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(), label="Cấp mở lớp", empty_label=None, error_messages={"invalid_choice": PICK}
    )
    kind = choice("Loại lớp", KINDS, required=True, initial=Kind.AWARENESS)
    number = NumberField(label="Khóa số", help_text="Ví dụ: 2")
    year = NumberField(label="Năm")
    from_on = DayField(label="Từ ngày")
    to_on = DayField(label="Đến hết ngày")
    place = text("Địa điểm", 200)
    capacity = NumberField(label="Số chỗ", required=False)
    opening_decision = text("Quyết định mở lớp", 60, help_text="Ví dụ: 87-QĐ/TTCT")

    def __init__(self, data=None, *, user):
        super().__init__(data, initial={"year": clock.today().year})
        rows = Organization.objects.visible_to(user, needs=Permission.CLASS_EDIT).open_on(clock.today())
        rows = rows.filter(kind__in=["area", "district"]).order_by("-kind", "order", "name")
        self.fields["organization"].queryset = rows
        self.fields["organization"].initial = rows.first()

    def clean(self):
        given = super().clean()
        first, last, year = given.get("from_on"), given.get("to_on"), given.get("year")
        if first and last and last < first:
            self.add_error("to_on", f"Ngày kết thúc trước ngày khai giảng {show_day(first)}.")
        elif first and last and (last - first).days > 366:
            self.add_error("to_on", "Lớp kéo dài hơn một năm. Hãy kiểm tra lại năm.")
        if year and first and last and year not in (first.year, last.year):
            self.add_error("year", f"Lớp học từ ngày {show_day(first)} không thuộc năm {year}.")
        if given.get("number") == 0:
            self.add_error("number", "Khóa số từ 1 trở lên.")
        for name, largest in (("number", 999), ("capacity", LARGEST_CLASS)):
            if (given.get(name) or 0) > largest:
                self.add_error(name, f"{self.fields[name].label} nhiều nhất là {largest}.")
        if given.get("capacity") == 0:
            self.add_error("capacity", "Số chỗ từ 1 trở lên; để trống nếu không giới hạn.")
        return given


class EnrolForm(forms.Form):
    """Own people to be put into a class; why one may not is the action's to say."""

    people = PeopleField(
        Candidate.objects.none(),
        label="Người đi học",
        error_messages={
            "required": "Chưa chọn người nào.",
            "invalid_choice": PICK,
            "invalid_pk_value": PICK,
            "invalid_list": PICK,
        },
    )

    def __init__(self, data=None, *, user):
        super().__init__(data)
        rows = Candidate.objects.visible_to(user, needs=Permission.CLASS_NOMINATE).listed()
        self.fields["people"].queryset = rows.select_related("unit__grassroots")

    @property
    def ticked(self) -> set[str]:
        return set(self.data.getlist("people")) if self.is_bound else set()


class SearchForm(forms.Form):
    q = CleanCharFormField(label="Tìm theo họ tên", max_length=120, required=False, widget=forms.SearchInput)


class ResultsForm(forms.Form):
    """One row for each participant; a number without a day takes the common day."""

    common_on = DayField(
        label="Ngày cấp chung", required=False, help_text="Cho những dòng có số giấy chứng nhận mà chưa có ngày cấp"
    )

    def __init__(self, data=None, *, participants: list[dict]):
        super().__init__(data)
        self.participants = participants
        for row in participants:
            self._ask(row, row["pk"])
        self.fields["reason"] = reason_field("Lý do sửa giấy chứng nhận đã ghi")
        self.fields["reason"].required = False
        self.fields["reason"].help_text = f"Chỉ cần khi sửa hoặc bỏ số, ngày cấp đã ghi. {REASON.hint}"

    def _ask(self, row: dict, pk: int) -> None:
        name = row["name"]
        self.fields[f"{pk}-version"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=row["version"], min_value=1, max_value=2**31 - 1
        )
        states = RECORDED
        if row["state"] not in dict(RECORDED):
            states = [(row["state"], State(row["state"]).label), *RECORDED]
        self.fields[f"{pk}-state"] = choice(f"Trạng thái của {name}", states, required=True, initial=row["state"])
        self.fields[f"{pk}-result"] = choice(
            f"Kết quả của {name}", Enrolment.Result.choices, empty="Chưa có", initial=row["result"]
        )
        self.fields[f"{pk}-certificate_number"] = text(
            f"Số giấy chứng nhận của {name}", 40, initial=row["certificate_number"]
        )
        issued_on = DayField(label=f"Ngày cấp cho {name}", required=False, initial=row["issued_on"])
        issued_on.help_text = ""  # said once, above the table
        self.fields[f"{pk}-issued_on"] = issued_on

    @property
    def rows(self) -> list[dict]:
        """For the page: the participant with the controls of the row."""
        found = []
        for row in self.participants:
            cells = [{"head": head, "field": self[f"{row['pk']}-{name}"]} for name, head in HEADS.items()]
            found.append(row | {"version_field": self[f"{row['pk']}-version"], "cells": cells})
        return found

    def clean(self):
        given = super().clean()
        for row in self.participants:
            pk = row["pk"]
            undated = given.get(f"{pk}-certificate_number") and not given.get(f"{pk}-issued_on")
            if undated and f"{pk}-issued_on" not in self.errors:
                given[f"{pk}-issued_on"] = given.get("common_on")
        return given

    @property
    def changed(self) -> list[dict]:
        """Rows that say something else than what the page showed, as the action takes them."""
        found = []
        for row in self.participants:
            pk = row["pk"]
            typed = {name: self.cleaned_data[f"{pk}-{name}"] for name in ROW}
            if any(typed[name] != row[name] for name in ROW):
                found.append({"enrolment": pk, "version": self.cleaned_data[f"{pk}-version"]} | typed)
        return found

    def put_errors(self, problems: dict[int, dict[str, list[str]]]) -> None:
        """Each sentence beside its row, with the name in front: the summary stands far from the table."""
        names = {row["pk"]: row["name"] for row in self.participants}
        for pk, found in problems.items():
            for name, sentences in found.items():
                target = "reason" if name == "reason" else f"{pk}-{name or 'state'}"
                target = target if target in self.fields else f"{pk}-state"
                self.add_error(target, [f"{names[pk]}: {sentence}" for sentence in sentences])

    def now_at(self, versions: dict[int, int]) -> None:
        """Carry the current versions, so that sending once more is a conscious choice."""
        self.data = self.data.copy()
        for pk, version in versions.items():
            self.data[f"{pk}-version"] = str(version)
