"""Forms of results: the table of scores and grades, the certificates of a class in one go."""

from django import forms

from candidates.actions.results import Result
from candidates.classes import ATTENDED, LONGEST_MARK, State
from candidates.forms.classes import ScoreField
from candidates.forms.record import choice, text
from candidates.forms.steps import REASON, EventDayField, VersionedForm, reason_field
from candidates.models import Grade
from vuthu_recruit.fields import CleanCharFormField

HEADS = {
    "state": "Trạng thái",
    "score": "Điểm",
    "grade": "Xếp loại",
    "certificate_number": "Số giấy chứng nhận",
    "issued_on": "Ngày cấp",
}
RECORDED = [(state.value, state.label) for state in ATTENDED]
OF_A_ROW = {"grade": "grade_id"}  # names of columns where they differ


class ResultsForm(forms.Form):
    """One row for each participant; a number without a day takes the common day, a grade left out follows the score."""

    common_on = EventDayField(
        label="Ngày cấp chung", required=False, help_text="Cho những dòng có số giấy chứng nhận mà chưa có ngày cấp"
    )
    keeps_grades = forms.BooleanField(label="Giữ xếp loại đã chọn, dù khác thang điểm", required=False)
    why = text("Lý do bỏ học", 300, help_text="Cho những dòng bây giờ ghi Bỏ học")

    def __init__(self, data=None, *, participants: list[dict], grades: list[Grade]):
        super().__init__(data)
        self.participants = participants
        self.grades = {grade.pk: grade for grade in grades}
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
        self.fields[f"{pk}-state"] = choice(f"Trạng thái của {name}", RECORDED, required=True, initial=row["state"])
        self.fields[f"{pk}-score"] = ScoreField(label=f"Điểm của {name}", required=False, initial=row["score"])
        used = self.grades.get(row["grade_id"])
        offered = [grade for grade in self.grades.values() if grade.is_active or grade == used]
        self.fields[f"{pk}-grade"] = forms.TypedChoiceField(
            label=f"Xếp loại của {name}",
            choices=[("", "Theo điểm"), *[(grade.pk, grade.name) for grade in offered]],
            required=False,
            coerce=int,
            empty_value=None,
            initial=row["grade_id"],
            error_messages={"invalid_choice": "Hãy chọn một mục trong danh sách."},
        )
        self.fields[f"{pk}-certificate_number"] = text(
            f"Số giấy chứng nhận của {name}", 40, initial=row["certificate_number"]
        )
        issued_on = EventDayField(label=f"Ngày cấp cho {name}", required=False, initial=row["issued_on"])
        issued_on.help_text = ""  # said once, above the table
        self.fields[f"{pk}-issued_on"] = issued_on

    @property
    def has_lost_rows(self) -> bool:
        """A row was sent for somebody who is no participant any more."""
        return any(name.endswith("-version") and name not in self.fields for name in self.data)

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
            if given.get(f"{pk}-score") is not None and given.get(f"{pk}-state") == State.ENROLLED:
                given[f"{pk}-state"] = State.FINISHED.value  # a score says that the course is over
        return given

    @property
    def changed(self) -> list[Result]:
        """Rows that say something else than what the page showed, as the action takes them."""
        found = []
        for row in self.participants:
            pk = row["pk"]
            typed = {name: self.cleaned_data[f"{pk}-{name}"] for name in HEADS}
            if any(typed[name] != row[OF_A_ROW.get(name, name)] for name in HEADS):
                reason = row["reason"] if row["state"] == State.DROPPED else self.cleaned_data["why"]
                found.append(Result(pk, self.cleaned_data[f"{pk}-version"], **typed, reason=reason))
        return found

    def put_errors(self, problems: dict[int, dict[str, list[str]]]) -> None:
        """Each sentence beside its row, with the name in front: the summary stands far from the table."""
        names = {row["pk"]: row["name"] for row in self.participants}
        for pk, found in problems.items():
            for name, sentences in found.items():
                target = name if name in ("reason", "why") else f"{pk}-{name or 'state'}"
                target = target if target in self.fields else f"{pk}-state"
                self.add_error(target, [f"{names[pk]}: {sentence}" for sentence in sentences])

    def now_at(self, versions: dict[int, int]) -> None:
        """Carry the current versions, so that sending once more is a conscious choice."""
        self.data = self.data.copy()
        for pk, version in versions.items():
            self.data[f"{pk}-version"] = str(version)


class CertificatesForm(VersionedForm):
    """The first number and the day; everybody who passed gets the next number, in the order of the list."""

    first_number = CleanCharFormField(label="Số đầu tiên", max_length=8, help_text="Ví dụ: 101")
    mark = text("Ký hiệu", LONGEST_MARK, help_text="Ví dụ: CN-TTCT; số in ra là 101/CN-TTCT")
    issued_on = EventDayField(label="Ngày cấp")
    decision = text("Quyết định cấp giấy chứng nhận", 60, help_text="Ví dụ: 95-QĐ/TTCT")
    expected = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first_number"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.fields["first_number"].size = "short"

    def now_expecting(self, count: int) -> None:
        """How many the preview shows: the number that is confirmed."""
        self.data = self.data.copy()
        self.data["expected"] = str(count)
