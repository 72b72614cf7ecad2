"""Forms of units: filters of the list, opening, branches, names, figures."""

import re

from django import forms

from organizations.models import Form, Kind, Organization, OrganizationFigure, Sector
from organizations.models.organization import GRASSROOTS
from organizations.permissions import Permission
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.fields import CleanCharFormField, CleanTextFormField, DayField

NOT_OFFERED = {"invalid_choice": "Hãy chọn một mục trong danh sách."}
TOO_LONG = {"max_length": "Nhiều nhất %(limit_value)d ký tự."}
GROUPS = (
    (Kind.GRASSROOTS_COMMUNE.value, "I. Khối xã, thị trấn"),
    (Kind.GRASSROOTS_OTHER.value, "II. Khối cơ quan, đơn vị"),
)

GROUPED = re.compile(r"\d{1,3}(\.\d{3})+", re.ASCII)


class UnitFilterForm(forms.Form):
    """Search and filters of the list of units."""

    q = CleanCharFormField(label="Tìm đơn vị", max_length=120, required=False, widget=forms.SearchInput)
    group = forms.ChoiceField(
        label="Khối", choices=[("", "Cả hai khối"), *GROUPS], required=False, error_messages=NOT_OFFERED
    )
    state = forms.ChoiceField(
        label="Tình trạng",
        choices=[("", "Đang hoạt động"), ("closed", "Đã kết thúc"), ("all", "Tất cả")],
        required=False,
        error_messages=NOT_OFFERED,
    )
    sample = forms.ChoiceField(
        label="Đơn vị thật hay mẫu",
        choices=[("", "Cả hai"), ("no", "Đơn vị thật"), ("yes", "Đơn vị mẫu")],
        required=False,
        error_messages=NOT_OFFERED,
    )

    def __init__(self, data):
        super().__init__(data)
        self.fields["q"].widget.attrs |= {"placeholder": "Có dấu hoặc không dấu", "autocomplete": "off"}

    @property
    def chips(self) -> list[dict]:
        """Every filter set, to be removed one by one. The search is no chip."""
        if not self.is_valid():
            return []
        return [
            {"name": name, "value": value, "label": dict(self.fields[name].choices)[value]}
            for name in ("group", "state", "sample")
            if (value := self.cleaned_data[name])
        ]

    @property
    def words(self) -> str:
        """The filter as a file says it."""
        parts = [chip["label"] for chip in self.chips]
        if not self.cleaned_data["state"]:
            parts.append("Đang hoạt động")
        if self.cleaned_data["q"]:
            parts.insert(0, f"tên có “{self.cleaned_data['q']}”")
        return "; ".join(parts)


class UnitForm(forms.Form):
    """A new grassroots unit, below a district or the area where the user may open one."""

    parent = forms.ModelChoiceField(
        Organization.objects.none(), label="Trực thuộc", empty_label=None, error_messages=NOT_OFFERED
    )
    name = CleanCharFormField(label="Tên đầy đủ", max_length=200, help_text="Ví dụ: Đảng bộ xã Hồng Lý")
    short_name = CleanCharFormField(label="Tên gọn", max_length=80, help_text="Dùng trong bảng. Ví dụ: Xã Hồng Lý")
    kind = forms.ChoiceField(
        label="Loại", choices=[(kind.value, kind.label) for kind in GRASSROOTS], error_messages=NOT_OFFERED
    )
    form = forms.ChoiceField(label="Hình thức", choices=Form.choices, error_messages=NOT_OFFERED)
    sector = forms.ChoiceField(label="Lĩnh vực", choices=Sector.choices, error_messages=NOT_OFFERED)
    code = CleanCharFormField(label="Mã", max_length=24, required=False, help_text="Mã chính thức nếu có. Ví dụ: 13195")
    opened_on = DayField(label="Hoạt động từ ngày")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = (
            Organization.objects.visible_to(user, needs=Permission.UNIT_EDIT)
            .filter(kind__in=[Kind.DISTRICT, Kind.AREA])
            .open_on(clock.today())
            .order_by("-kind", "order", "name")
        )


class BranchesForm(forms.Form):
    """Branches pasted as a list, one a line."""

    names = CleanTextFormField(
        label="Tên các chi bộ",
        max_length=22_000,
        help_text="Mỗi dòng một chi bộ; có thể dán cả cột từ Excel. Ví dụ: Chi bộ thôn Hội",
        widget=forms.Textarea(attrs={"rows": "8"}),
    )
    opened_on = DayField(label="Hoạt động từ ngày")

    def clean_names(self) -> list[str]:
        return [line for line in self.cleaned_data["names"].splitlines() if line]


class RenameForm(forms.Form):
    name = CleanCharFormField(label="Tên mới", max_length=200)
    short_name = CleanCharFormField(label="Tên gọn mới", max_length=80, help_text="Dùng trong bảng.")
    on = DayField(label="Dùng từ ngày")
    reason = CleanTextFormField(
        label="Lý do", max_length=500, help_text="Ít nhất 10 ký tự. Ví dụ: theo Quyết định số 12-QĐ/HU ngày 01/3/2024"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class CountField(forms.IntegerField):
    """A whole number as people write it: 1245 or 1.245."""

    def to_python(self, value):
        if isinstance(value, str) and GROUPED.fullmatch(value.strip()):
            value = value.replace(".", "")
        return super().to_python(value)


class FigureForm(forms.Form):
    """Dated figures of a unit. `version` is that of the row of the day when the form was shown, 0 for none."""

    on = DayField(label="Số liệu ngày")
    members = CountField(
        label="Tổng số đảng viên",
        min_value=0,
        max_value=100_000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Nhập một số nguyên từ 0. Ví dụ: 245"),
    )
    average_age = forms.DecimalField(
        label="Tuổi bình quân",
        min_value=18,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        required=False,
        localize=True,
        help_text="Ví dụ: 47,5",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("min_value", "max_value"), "Nhập số tuổi từ 18 đến 100. Ví dụ: 47,5")
        | {
            "invalid": "Nhập số tuổi với nhiều nhất một chữ số sau dấu phẩy. Ví dụ: 47,5",
            "max_decimal_places": "Nhập số tuổi với nhiều nhất một chữ số sau dấu phẩy. Ví dụ: 47,5",
            "max_digits": "Nhập số tuổi với nhiều nhất một chữ số sau dấu phẩy. Ví dụ: 47,5",
        },
    )
    last_admission_on = DayField(
        label="Lần kết nạp gần nhất", required=False, help_text="Trước khi dùng phần mềm. Ví dụ: 19/5/2019"
    )
    source = CleanCharFormField(
        label="Nguồn số liệu", max_length=200, help_text="Ví dụ: Báo cáo 6 tháng đầu năm 2024 của đảng ủy"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    NAMES = ("on", "members", "average_age", "last_admission_on", "source")

    @classmethod
    def initial_of(cls, figure: OrganizationFigure | None) -> dict:
        return {name: getattr(figure, name) for name in (*cls.NAMES, "version")} if figure else {}


def shown(value) -> str:
    """A value as a table of two versions shows it."""
    if value is None or value == "":
        return ""
    return show_day(value) if hasattr(value, "isoformat") else str(value).replace(".", ",")
