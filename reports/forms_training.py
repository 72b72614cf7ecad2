"""What the report on classes is asked for: which classes, read on which day, whose people; in the address."""

from datetime import date

from django import forms
from django.db import models

from candidates.classes import Purpose
from reports.figures.fates import Span
from reports.figures.scope import GROUPS, Reach
from reports.figures.training_rows import BY_SLUG
from reports.forms import PICK
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.fields import CleanCharFormField, DayField

YEARS = 10  # offered in the list; older classes by their days
PURPOSES = {
    Purpose.AWARENESS: "Nhận thức về Đảng",
    Purpose.NEW_MEMBER: "Đảng viên mới",
    Purpose.COMMITTEE: "Nghiệp vụ cấp ủy viên",
}


class Part(models.TextChoices):
    """Which half of the report; nothing: the first."""

    STUDY = "", "Kết quả học"
    CONVERSION = "ket-nap", "Kết nạp sau khi học"


class TrainingForm(forms.Form):
    """Classes by the year of their first day, or between two days; nothing: the year of the day they are read on."""

    nam = forms.TypedChoiceField(
        label="Năm", required=False, coerce=int, empty_value=None, error_messages={"invalid_choice": PICK}
    )
    loai = forms.ChoiceField(
        label="Loại lớp", required=False, choices=list(PURPOSES.items()), error_messages={"invalid_choice": PICK}
    )
    pham_vi = forms.CharField(label="Phạm vi", required=False, max_length=80, widget=forms.Select)
    tinh_den = DayField(label="Tính đến ngày", required=False)
    tu_ngay = DayField(label="Khai giảng từ ngày", required=False)
    den_ngay = DayField(label="Đến ngày", required=False)
    muc = forms.ChoiceField(required=False, choices=Part, widget=forms.HiddenInput)

    def __init__(self, data=None, *, reach: Reach, **kwargs):
        super().__init__(data, **kwargs)
        self.reach = reach
        year = clock.today().year
        years = [(str(each), str(each)) for each in range(year, year - YEARS, -1)]
        self.fields["nam"].choices = [("", "Theo ngày ở dưới"), *years]
        for name in ("tinh_den", "tu_ngay", "den_ngay"):
            self.fields[name].help_text = ""

    def clean_tinh_den(self):
        day = self.cleaned_data["tinh_den"]
        if day and day > clock.today():
            raise forms.ValidationError(f"Ngày {show_day(day)} chưa đến. Hôm nay là {show_day(clock.today())}.")
        return day

    def clean_pham_vi(self):
        only = self.cleaned_data["pham_vi"]
        if only and only not in GROUPS and not self.reach.grassroots().filter(slug=only).exists():
            raise forms.ValidationError(PICK)
        return only

    def clean(self):
        given = super().clean()
        if self.errors:
            return given
        span = self.span
        if given["nam"] and given["nam"] > self.as_of.year:
            self.add_error("nam", f"Năm {given['nam']} chưa đến vào ngày {show_day(self.as_of)}.")
        elif span.first > span.last:
            self.add_error("tu_ngay", f"Ngày đầu phải trước hoặc cùng ngày {show_day(span.last)}.")
        return given

    @property
    def as_of(self) -> date:
        return self.cleaned_data["tinh_den"] or clock.today()

    @property
    def span(self) -> Span:
        """The classes asked for; call it after is_valid(). Days go before the year."""
        given, as_of = self.cleaned_data, self.as_of
        first, last = given["tu_ngay"], given["den_ngay"]
        if first or last:
            last = min(last or as_of, as_of)
            first = first or date(last.year, 1, 1)
        else:
            year = given["nam"] or as_of.year
            first, last = date(year, 1, 1), min(date(year, 12, 31), as_of)
        return Span(first, last, as_of, Purpose(given["loai"] or Purpose.AWARENESS))

    @property
    def only(self) -> str:
        return self.cleaned_data.get("pham_vi") or ""

    @property
    def part(self) -> str:
        return self.cleaned_data.get("muc") or ""

    def settled(self, units) -> "TrainingForm":
        """The form as the page shows it: what was used, also what nobody typed."""
        shown = type(self)(initial=address(self.span, self.only, self.part), reach=self.reach)
        shown.offer(units)
        return shown

    def offer(self, units) -> None:
        """Fill the list of scopes: everything, the groups, each unit."""
        groups = [("I", "Khối xã, thị trấn"), ("II", "Khối cơ quan, đơn vị")]
        choices = [("", f"Tất cả ({len(units)} đơn vị)"), *(groups if len(units) > 1 else [])]
        self.fields["pham_vi"].widget.choices = choices + [(unit.slug, unit.short_name) for unit in units]


class TrainingRowsForm(TrainingForm):
    """The same, with the number that was clicked and the class it stands beside."""

    so = forms.ChoiceField(
        widget=forms.HiddenInput,
        choices=[(slug, number.title) for slug, number in BY_SLUG.items()],
        error_messages={"invalid_choice": PICK},
    )
    lop = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


def address(span: Span, only: str = "", part: str = "") -> dict[str, str]:
    """The query that asks for the same again; a whole year is said as one."""
    year = date(span.first.year, 1, 1), min(date(span.first.year, 12, 31), span.as_of)
    days = {"tu_ngay": show_day(span.first), "den_ngay": show_day(span.last)}
    query = {"nam": str(span.first.year)} if (span.first, span.last) == year else days
    query |= {"loai": span.purpose.value, "tinh_den": show_day(span.as_of)}
    return query | ({"pham_vi": only} if only else {}) | ({"muc": part} if part else {})


class GraduatesForm(forms.Form):
    """Which of those who hold a certificate and are not admitted: how long, which unit, by name."""

    TABS = {
        "": "Tất cả",
        "12": "Từ 12 tháng",
        "24": "Từ 24 tháng",
        "36": "Từ 36 tháng",
        "sap-het": "Giấy sắp hết giá trị",
        "da-het": "Giấy đã hết giá trị",
    }
    SORTS = {"": "giấy hết giá trị trước thì trước", "ten": "tên", "-cap": "giấy cấp sau thì trước"}

    q = CleanCharFormField(label="Tìm họ tên", max_length=120, required=False, widget=forms.SearchInput)
    pham_vi = forms.ChoiceField(label="Đơn vị", required=False, error_messages={"invalid_choice": PICK})
    xep = forms.ChoiceField(
        label="Xếp theo", required=False, choices=list(SORTS.items()), error_messages={"invalid_choice": PICK}
    )
    muc = forms.ChoiceField(required=False, choices=list(TABS.items()), widget=forms.HiddenInput)

    def __init__(self, data, *, units):
        super().__init__(data)
        self.fields["pham_vi"].choices = [("", "Tất cả đơn vị"), *((unit.slug, unit.short_name) for unit in units)]
        self.fields["xep"].choices = [(key, words[:1].upper() + words[1:]) for key, words in self.SORTS.items()]
        if len(units) < 2 and not data.get("pham_vi"):
            del self.fields["pham_vi"]

    @property
    def only(self) -> str:
        return self.cleaned_data.get("pham_vi") or ""

    @property
    def chips(self) -> list[dict]:
        if not self.is_valid() or not self.only:
            return []
        return [{"name": "pham_vi", "value": self.only, "label": dict(self.fields["pham_vi"].choices)[self.only]}]

    @property
    def words(self) -> str:
        """The filter as a file says it."""
        given = self.cleaned_data
        parts = [self.TABS[given["muc"]]] if given["muc"] else []
        parts += [f"họ tên có “{given['q']}”"] if given["q"] else []
        return "; ".join([*parts, *(chip["label"] for chip in self.chips)]) or "không lọc"
