"""Forms of the plan, its ranges and its opening balances."""

from django import forms

from organizations.forms.lists import ListForm
from organizations.models import Organization
from organizations.models.organization import GRASSROOTS
from organizations.permissions import Permission
from targets.models import AdmissionPlan, OpeningBalance
from targets.range_list import TITLES
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.fields import CleanCharFormField, CleanTextFormField, DayField

NOT_OFFERED = {"invalid_choice": "Hãy chọn một mục trong danh sách."}
SORTS = ("name", "-name", "minimum", "-minimum")
MOST = 1000


def _choice(label: str, choices, **values) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, error_messages=NOT_OFFERED, **values)


def _number(label: str, *, low: int = 0, high: int = MOST, **values) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=low,
        max_value=high,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Nhập một số nguyên. Ví dụ: 3"},
        **values,
    )


class BalanceFilterForm(ListForm):
    SOUGHT = "tên đơn vị"

    def narrowed(self, rows) -> list[OpeningBalance]:
        words = vietnamese.search_key(self.cleaned_data["q"]).split()
        return [one for one in rows if all(word in _search_key(one.organization) for word in words)]


def _search_key(unit: Organization) -> str:
    return vietnamese.search_key(f"{unit.name} {unit.short_name}")


def _version() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput)


class RangeFilterForm(forms.Form):
    """Which year, as it stood on which day, and which of the units."""

    q = CleanCharFormField(label="Tìm đơn vị", max_length=120, required=False, widget=forms.SearchInput)
    year = _choice("Năm", [])
    as_of = DayField(label="Tính đến hết ngày", required=False)
    group = _choice("Khối", [("", "Cả hai khối"), *TITLES.items()])
    state = _choice(
        "Chỉ tiêu", [("", "Tất cả"), ("in", "Có chỉ tiêu"), ("no_target", "Không giao"), ("not_yet", "Chưa giao")]
    )

    def __init__(self, data, *, plan: AdmissionPlan):
        super().__init__(data)
        self.plan = plan
        years = sorted({*plan.years, clock.today().year})
        usual = ("", f"Năm {plan.usual_year(clock.today())}")
        self.fields["year"].choices = [usual, *((str(year), f"Năm {year}") for year in years)]

    def clean(self):
        given = super().clean()
        given["year"] = int(given.get("year") or self.plan.usual_year(clock.today()))
        given["as_of"] = given.get("as_of") or clock.today()
        sort = self.data.get("sort", "")
        given["sort"] = sort if sort in SORTS else ""
        return given

    @property
    def chips(self) -> list[dict]:
        if not self.is_valid():
            return []
        chips = [
            {"name": name, "value": self.cleaned_data[name], "label": dict(self.fields[name].choices)[value]}
            for name in ("group", "state")
            if (value := self.cleaned_data[name])
        ]
        if self.data.get("as_of"):
            day = f"{self.cleaned_data['as_of']:%d/%m/%Y}"
            chips.append({"name": "as_of", "value": self.data["as_of"], "label": f"Tính đến hết ngày {day}"})
        return chips

    @property
    def words(self) -> str:
        """The filter as a file says it."""
        parts = [chip["label"] for chip in self.chips]
        if self.cleaned_data["q"]:
            parts.insert(0, f"tên có “{self.cleaned_data['q']}”")
        return "; ".join(parts) or "không lọc"


class RevisionForm(forms.Form):
    """A new range of one unit for a year. `version` counts the unit's rows when the form was shown."""

    year = forms.TypedChoiceField(label="Năm", coerce=int, error_messages=NOT_OFFERED)
    kind = forms.ChoiceField(
        label="Mức giao",
        choices=[("range", "Giao mức tối thiểu và tối đa"), ("none", "Không giao chỉ tiêu năm này")],
        widget=forms.RadioSelect,
        initial="range",
        error_messages=NOT_OFFERED,
    )
    minimum = _number("Tối thiểu")
    maximum = _number("Tối đa")
    decided_on = DayField(label="Ngày quyết định")
    document = CleanCharFormField(label="Số văn bản", max_length=60, help_text="Ví dụ: 15-QĐ/HU")
    reason = CleanTextFormField(label="Lý do", max_length=300, help_text="Ít nhất 10 ký tự.")
    version = _version()

    def __init__(self, *args, plan: AdmissionPlan, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"Năm {year}") for year in plan.years]
        if self.data.get("kind") == "none":
            self.fields["minimum"].required = self.fields["maximum"].required = False

    def clean(self):
        given = super().clean()
        if given.get("kind") == "none":
            given["minimum"] = given["maximum"] = None
        return given

    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "kind"}


class PlanForm(forms.Form):
    term_starts_on = DayField(label="Nhiệm kỳ từ ngày", help_text="Ngày bế mạc đại hội. Ví dụ: 01/8/2020")
    term_ends_on = DayField(label="Nhiệm kỳ đến hết ngày")
    term_is_confirmed = forms.BooleanField(
        label="Ngày nhiệm kỳ đã xác nhận theo văn bản", required=False, help_text="Bỏ chữ “chưa xác nhận” ở mọi trang."
    )
    minimum = _number("Mục tiêu tối thiểu của toàn đảng bộ", low=1, high=100_000)
    counting_basis = forms.ChoiceField(
        label="Tính người kết nạp theo",
        choices=AdmissionPlan.Basis.choices,
        widget=forms.RadioSelect,
        help_text="Đổi cách tính làm đổi mọi con số, nên cần lý do và văn bản.",
        error_messages=NOT_OFFERED,
    )
    reason = CleanTextFormField(
        label="Lý do", max_length=300, required=False, help_text="Ít nhất 10 ký tự khi đổi cách tính."
    )
    document = CleanCharFormField(label="Số văn bản", max_length=60, required=False)
    version = _version()

    NAMES = ("term_starts_on", "term_ends_on", "term_is_confirmed", "minimum", "counting_basis")

    @classmethod
    def initial_of(cls, plan: AdmissionPlan) -> dict:
        return {name: getattr(plan, name) for name in (*cls.NAMES, "version")}


class BalanceForm(forms.Form):
    """The facts of an opening balance."""

    from_on = DayField(label="Từ ngày")
    to_on = DayField(label="Đến hết ngày", help_text="Trong cùng một năm với ngày đầu.")
    count = _number("Số người")
    women = _number("Trong đó nữ", required=False)
    document = CleanCharFormField(
        label="Văn bản làm căn cứ", max_length=120, help_text="Ví dụ: 45-BC/HU ngày 31/12/2021"
    )

    NAMES = ("from_on", "to_on", "count", "women", "document")


class NewBalanceForm(BalanceForm):
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label="Đơn vị", empty_label="Chọn đơn vị", error_messages=NOT_OFFERED
    )

    field_order = ("organization", *BalanceForm.NAMES)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        units = Organization.objects.visible_to(user, needs=Permission.TARGET_EDIT)
        self.fields["organization"].queryset = units.filter(kind__in=GRASSROOTS).in_order()
        self.fields["organization"].label_from_instance = lambda unit: unit.short_name


class BalanceEditForm(BalanceForm):
    reason = CleanTextFormField(
        label="Lý do sửa", max_length=500, help_text="Ít nhất 10 ký tự. Ghi nhầm hẳn thì sửa số người thành 0."
    )
    version = _version()

    @classmethod
    def initial_of(cls, balance: OpeningBalance) -> dict:
        return {name: getattr(balance, name) for name in (*cls.NAMES, "version")}
