"""Forms of an earlier membership: how it ended, and a struck-off person entered a second time."""

import secrets

from django import forms

from candidates.choices import HowLeft, Sentence
from candidates.forms.record import text
from candidates.forms.steps import PICK, STALE, EventDayField, VersionedForm
from candidates.forms.units import unit_choices, units_for
from candidates.models import Candidate, FormerMembership
from organizations.permissions import Permission
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day


def _sentence() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Án hình sự",
        choices=Sentence.choices,
        initial=Sentence.NONE,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": PICK},
    )


def _cleared() -> EventDayField:
    hint = "Chỉ ghi khi bị án về tội phạm ít nghiêm trọng. Ví dụ: 27/3/2018"
    return EventDayField(label="Ngày được xóa án tích", required=False, help_text=hint)


class SentenceMixin:
    """A day the sentence was spent, of a lesser sentence alone; no day of the future."""

    def _check_days(self, *names: str) -> None:
        given = self.cleaned_data
        for name in names:
            if given.get(name) and given[name] > clock.today():
                self.add_error(name, f"Ngày {show_day(given[name])} chưa đến.")
        if given.get("cleared_on") and given.get("sentence") not in (None, Sentence.LESS_SERIOUS):
            self.add_error("cleared_on", "Ngày xóa án tích chỉ ghi khi bị án về tội phạm ít nghiêm trọng.")


class FormerForm(SentenceMixin, VersionedForm):
    """That the person was a member: when, how, and what the rules ask."""

    NAMES = ("left_on", "document", "how", "sentence", "family_hardship", "cleared_on", "readmitted_before")
    field_order = NAMES

    left_on = EventDayField(label="Ngày ra khỏi Đảng")
    how = forms.ChoiceField(
        label="Ra khỏi Đảng do",
        choices=HowLeft.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": PICK},
    )
    family_hardship = forms.BooleanField(
        label="Xin ra khỏi Đảng vì gia đình đặc biệt khó khăn",
        required=False,
        help_text="Chỉ ghi cho người tự xin ra khỏi Đảng",
    )
    document = text("Văn bản ra khỏi Đảng", 200, help_text="Số, ngày, nơi ban hành")
    sentence = _sentence()
    cleared_on = _cleared()
    readmitted_before = forms.BooleanField(
        label="Đã được kết nạp lại một lần", required=False, help_text="Mỗi người chỉ được kết nạp lại một lần"
    )
    remove = forms.BooleanField(label="Ghi nhầm: người này chưa từng là đảng viên, bỏ mục này", required=False)

    def __init__(self, data=None, *, candidate: Candidate, row: FormerMembership | None):
        stands = row is not None and not row.is_mistake
        known = {name: getattr(row, name) for name in self.NAMES} if stands else {}
        super().__init__(data, initial=known | {"version": candidate.version})
        if not stands or candidate.previous_id:
            del self.fields["remove"]

    def clean(self):
        given = super().clean()
        if given.get("remove"):
            for name in self.NAMES:
                self._errors.pop(name, None)
            return given
        self._check_days("left_on", "cleared_on")
        if given.get("family_hardship") and given.get("how") not in (None, HowLeft.RESIGNED):
            self.add_error("family_hardship", "Mục này chỉ ghi cho người tự xin ra khỏi Đảng.")
        return given

    @property
    def values(self) -> dict | None:
        """None when the entry is taken back."""
        given = self.cleaned_data
        return None if given.get("remove") else {name: given[name] for name in self.NAMES}


class ReadmitForm(SentenceMixin, forms.Form):
    """Where and since when the person is followed again, and what the striking off does not say."""

    form_key = forms.RegexField(
        r"^[0-9a-f]{32}\Z", widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )

    def __init__(self, data=None, *, candidate: Candidate, user):
        super().__init__(data, initial={"form_key": secrets.token_hex(16)})
        self.units = {unit.slug: unit for unit in units_for(user, Permission.CANDIDATE_EDIT)}
        self.fields["unit"] = forms.ChoiceField(
            label="Đơn vị",
            choices=[("", "Chọn đơn vị"), *unit_choices(list(self.units.values()))],
            initial=candidate.unit.slug,
            error_messages={"invalid_choice": PICK},
            help_text="Chi bộ nơi người này nay sinh hoạt, công tác",
        )
        self.fields["entered_on"] = EventDayField(label="Ngày đưa vào nguồn", initial=clock.today())
        self.fields["sentence"], self.fields["cleared_on"] = _sentence(), _cleared()

    def clean(self):
        given = super().clean()
        self._check_days("entered_on", "cleared_on")
        return given

    @property
    def values(self) -> dict:
        given = self.cleaned_data
        return {
            "unit": self.units[given["unit"]],
            "entered_on": given["entered_on"],
            "form_key": given["form_key"],
            "values": {"sentence": given["sentence"], "cleared_on": given["cleared_on"]},
        }
