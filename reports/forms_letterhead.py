"""The form of an organization's letterhead."""

from django import forms

from reports.actions import FIELDS
from reports.models import Letterhead
from vuthu_recruit.fields import CleanCharFormField, CleanTextFormField

MOST_OFFICES, MOST_RECIPIENTS, LONGEST_LINE = 4, 12, 100


class LinesField(CleanTextFormField):
    """Several lines, none of them too long for its half of the paper; a dash before a line is the printer's work."""

    def __init__(self, *, most: int, **kwargs):
        super().__init__(**{"max_length": 1200, "widget": forms.Textarea(attrs={"rows": most // 3 + 2})} | kwargs)
        self.most = most

    def to_python(self, value):
        lines = [line.lstrip("-–— ").strip() for line in super().to_python(value).splitlines()]
        return "\n".join(line for line in lines if line)

    def validate(self, value):
        super().validate(value)
        lines = value.splitlines()
        if len(lines) > self.most:
            raise forms.ValidationError(f"Nhiều nhất {self.most} dòng.")
        if any(len(line) > LONGEST_LINE for line in lines):
            raise forms.ValidationError(f"Mỗi dòng nhiều nhất {LONGEST_LINE} ký tự.")


class LetterheadForm(forms.Form):
    parent = CleanCharFormField(
        label="Cơ quan cấp trên", max_length=120, required=False, help_text="Dòng đầu bên trái. Ví dụ: HUYỆN ỦY VŨ THƯ"
    )
    issuer = CleanCharFormField(
        label="Cơ quan ban hành", max_length=120, help_text="Dòng in đậm bên trái. Ví dụ: BAN TỔ CHỨC"
    )
    number_suffix = CleanCharFormField(
        label="Ký hiệu văn bản", max_length=40, required=False, help_text="Đứng sau chỗ để trống ghi số: -BC/BTCHU"
    )
    place = CleanCharFormField(label="Địa danh", max_length=60, help_text="Đứng trước ngày. Ví dụ: Vũ Thư")
    offices = LinesField(label="Chức vụ người ký", most=MOST_OFFICES, help_text="Mỗi dòng một ý. Ví dụ: TRƯỞNG BAN")
    signer = CleanCharFormField(
        label="Họ và tên người ký", max_length=120, required=False, help_text="Để trống thì in dòng chấm để ký tay."
    )
    recipients = LinesField(label="Nơi nhận", most=MOST_RECIPIENTS, required=False, help_text="Mỗi dòng một nơi.")
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, letterhead: Letterhead) -> dict:
        return {name: getattr(letterhead, name) for name in (*FIELDS, "version")}
