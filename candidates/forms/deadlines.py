"""Which deadlines: how near, of which kind, whose."""

from django import forms

from candidates.clocks import STAGES_OF, Clock
from candidates.due import Bucket
from candidates.forms.filters import NOT_OFFERED
from vuthu_recruit import vietnamese
from vuthu_recruit.fields import CleanCharFormField

LEVELS = "noi-bo"


class DeadlineForm(forms.Form):
    """`has_levels`: the Board has set limits of the levels, so that those who are over them can be asked for."""

    q = CleanCharFormField(label="Tìm họ tên", max_length=120, required=False, widget=forms.SearchInput)
    loai = forms.ChoiceField(
        label="Thời hạn",
        choices=[("", "Mọi thời hạn"), *Clock.choices],
        required=False,
        error_messages=NOT_OFFERED,
    )
    muc = forms.ChoiceField(choices=[("", ""), *Bucket.choices], required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, has_levels: bool = False):
        super().__init__(data)
        if has_levels:
            self.fields["muc"].choices += [(LEVELS, "Quá hạn nội bộ")]

    @property
    def asks_levels(self) -> bool:
        return self.cleaned_data["muc"] == LEVELS

    def narrowed(self, rows):
        """All but the bucket, whose counts are shown beside each other."""
        given = self.cleaned_data
        if given["loai"]:
            rows = rows.filter(to_stage__in=STAGES_OF[given["loai"]])
        for word in vietnamese.search_key(given["q"]).split():
            rows = rows.filter(candidate__search_key__contains=word)
        return rows

    @property
    def chips(self) -> list[dict]:
        if not self.is_valid() or not self.cleaned_data["loai"]:
            return []
        value = self.cleaned_data["loai"]
        return [{"name": "loai", "value": value, "label": Clock(value).label}]

    @property
    def words(self) -> str:
        """The filter as a file says it."""
        given = self.cleaned_data
        parts = [f"họ tên có “{given['q']}”"] if given["q"] else []
        parts += [Clock(given["loai"]).label] if given["loai"] else []
        parts += [dict(self.fields["muc"].choices)[given["muc"]]] if given["muc"] else []
        return "; ".join(parts) or "không lọc"
