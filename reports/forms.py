"""What a page of figures is asked for: the days and the scope, in the address."""

from django import forms
from django.db import models

from reports.figures import Period
from reports.figures.scope import GROUPS, Reach
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.fields import DayField

PICK = "Hãy chọn một mục trong danh sách."


class Part(models.TextChoices):
    """Which part of a figure a list opens; nothing: the whole of it."""

    NAMED = "co-ten", "Chỉ người đã có tên"
    OPENING = "so-du", "Chỉ số dư đầu kỳ, chưa có tên"


class FiguresForm(forms.Form):
    """Filters of the dashboard and of the lists behind it. Empty days: from the first of this month, to today."""

    tu_ngay = DayField(label="Kỳ từ ngày", required=False)
    den_ngay = DayField(label="Tính đến ngày", required=False)
    pham_vi = forms.CharField(label="Phạm vi", required=False, max_length=80, widget=forms.Select)

    phan = forms.ChoiceField(
        label="Phần", required=False, choices=Part, widget=forms.HiddenInput, error_messages={"invalid_choice": PICK}
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for name in ("tu_ngay", "den_ngay"):
            self.fields[name].help_text = ""

    def clean_den_ngay(self):
        day = self.cleaned_data["den_ngay"]
        if day and day > clock.today():
            raise forms.ValidationError(
                f"Ngày {show_day(day)} chưa đến nên chưa có số liệu. Hôm nay là {show_day(clock.today())}."
            )
        return day

    def clean_pham_vi(self):
        only = self.cleaned_data["pham_vi"]
        if only and only not in GROUPS and not Reach(self.user).grassroots().filter(slug=only).exists():
            raise forms.ValidationError(PICK)
        return only

    def clean(self):
        data = super().clean()
        since, as_of = data.get("tu_ngay"), data.get("den_ngay") or clock.today()
        if since and "den_ngay" not in self.errors and since > as_of:
            self.add_error("tu_ngay", f"Ngày bắt đầu kỳ phải trước hoặc cùng ngày {show_day(as_of)}.")
        return data

    @property
    def period(self) -> Period:
        """The period asked for; call it after is_valid()."""
        as_of = self.cleaned_data.get("den_ngay") or clock.today()
        since = self.cleaned_data.get("tu_ngay")
        return Period(since, as_of) if since else Period.month_of(as_of)

    @property
    def only(self) -> str:
        return self.cleaned_data.get("pham_vi") or ""

    @property
    def part(self) -> str:
        return self.cleaned_data.get("phan") or ""

    def settled(self, units) -> "FiguresForm":
        """The form as the page shows it: the days and the scope that were used, also those nobody typed."""
        initial = address(self.period, self.only) | ({"phan": self.part} if self.part else {})
        shown = FiguresForm(initial=initial, user=self.user)
        shown.offer(units)
        return shown

    def offer(self, units) -> None:
        """Fill the list of scopes: everything, the groups, each unit."""
        groups = [("I", "Khối xã, thị trấn"), ("II", "Khối cơ quan, đơn vị")]
        choices = [("", f"Tất cả ({len(units)} đơn vị)"), *(groups if len(units) > 1 else [])]
        self.fields["pham_vi"].widget.choices = choices + [(unit.slug, unit.short_name) for unit in units]


def address(period: Period, only: str = "") -> dict[str, str]:
    """The query of a link that keeps the days and the scope."""
    query = {"tu_ngay": show_day(period.since), "den_ngay": show_day(period.as_of)}
    return query | ({"pham_vi": only} if only else {})
