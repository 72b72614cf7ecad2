"""The Board's answer to a case: same person or another, since when, on what ground."""

from django import forms

from candidates.forms.steps import PICK, VersionedForm, reason_field
from candidates.models import ReviewCase
from candidates.pipeline import Refusal
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.fields import DayField

REASON_HINT = "Ít nhất 10 ký tự. Đơn vị nhập hồ sơ sẽ đọc được: không ghi tên đơn vị, thông tin của người kia."
LABELS = {
    "merged": "Cùng một người: giữ hồ sơ đã có, bỏ hồ sơ mới nhập",
    "transferred": "Cùng một người: chuyển hồ sơ đã có về đơn vị mới nhập",
    "cleared": "Hai người khác nhau",
}


class ResolveForm(VersionedForm):
    """`is_edit`: the known record of a unit was to be changed; nothing can be merged or moved from here."""

    def __init__(self, data=None, *, case: ReviewCase, is_edit: bool):
        super().__init__(data, initial={"version": case.version, "happened_on": clock.today()})
        kept = [key for key in LABELS if not (is_edit and key == "transferred")]
        words = LABELS | ({"merged": "Cùng một người: đơn vị rút hồ sơ nhập trùng"} if is_edit else {})
        self.fields["outcome"] = forms.ChoiceField(
            label="Kết quả đối chiếu",
            choices=[(key, words[key]) for key in kept],
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": PICK},
        )
        self.asks_day = not is_edit
        if self.asks_day:
            self.fields["happened_on"] = DayField(
                label="Ngày chuyển, hoặc ngày đưa vào nguồn",
                help_text="Dùng khi chuyển hồ sơ hoặc khi là hai người khác nhau",
            )
        self.fields["reason"] = reason_field("Căn cứ đối chiếu")
        self.fields["reason"].help_text = REASON_HINT

    def clean_happened_on(self):
        day = self.cleaned_data["happened_on"]
        if day > clock.today():
            raise forms.ValidationError(f"Ngày {show_day(day)} chưa đến.")
        return day

    @property
    def values(self) -> dict:
        given = self.cleaned_data
        return {
            "outcome": given["outcome"],
            "reason": given["reason"],
            "version": given["version"],
            "happened_on": given.get("happened_on"),
        }

    def refuse(self, refusals: list[Refusal]) -> None:
        for refusal in refusals:
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
