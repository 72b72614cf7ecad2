"""Forms of the catalogue: one kind of paper, one question of the appraisal."""

from django import forms

from candidates.dossier import NEEDED_FOR, Applies, Copies, Renewal, Source
from candidates.forms.record import check_plain, text, too_long
from candidates.forms.steps import PICK, NumberField, VersionedForm
from candidates.models import AppraisalQuestion, DossierForm
from candidates.models.dossier import SHORTEST_REASON
from vuthu_recruit.fields import CleanTextFormField

LAST_PLACE = 9999


def _choice(label: str, choices, **values) -> forms.Field:
    return forms.ChoiceField(label=label, choices=choices, error_messages={"invalid_choice": PICK}, **values)


class CatalogueForm(VersionedForm):
    """A form of the dossier. Where a paper is known from is fixed: it is not asked."""

    code = text("Mã biểu", 16)
    name = text("Tên", 200, required=True)
    needed_for = _choice("Cần có khi", [(step.value, step.label) for step in NEEDED_FOR])
    applies = _choice("Áp dụng cho", Applies.choices)
    copies = _choice("Số bản", Copies.choices)
    renewal = _choice("Khi giấy tờ quá hạn mà chi bộ chưa họp xét", Renewal.choices, required=False)
    order = NumberField(label="Thứ tự trong danh mục")
    is_required = forms.BooleanField(label="Bắt buộc", required=False)
    is_active = forms.BooleanField(label="Đang dùng", required=False)
    note = text("Ghi chú", 200, help_text="Ví dụ: điều còn phải đối chiếu")

    def clean_order(self):
        order = self.cleaned_data["order"]
        if order > LAST_PLACE:
            raise forms.ValidationError(f"Thứ tự từ 0 đến {LAST_PLACE}.")
        return order

    def __init__(self, *args, row: DossierForm | None, place: int = 10, **kwargs):
        kwargs["initial"] = (
            _initial(row, self.base_fields) if row else {"version": 1, "is_active": True, "order": place}
        )
        super().__init__(*args, **kwargs)
        if row and row.source != Source.PAPER:
            for name in ("copies", "renewal") if row.source != Source.BACKGROUND else ("copies",):
                del self.fields[name]

    @property
    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class QuestionForm(VersionedForm):
    """A question with its usual words for a return."""

    text = CleanTextFormField(
        label="Nội dung kiểm tra",
        max_length=300,
        validators=[check_plain],
        error_messages=too_long(300),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    wording = CleanTextFormField(
        label="Câu mẫu khi trả lại",
        min_length=SHORTEST_REASON,
        max_length=300,
        validators=[check_plain],
        error_messages=too_long(300) | {"min_length": f"Câu mẫu cần ít nhất {SHORTEST_REASON} ký tự."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_active = forms.BooleanField(label="Đang dùng", required=False)

    def __init__(self, *args, row: AppraisalQuestion | None, **kwargs):
        fresh = {"version": 1, "is_active": True}
        super().__init__(*args, initial=_initial(row, self.base_fields) if row else fresh, **kwargs)

    @property
    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _initial(row, names) -> dict:
    return {name: getattr(row, name) for name in names}
