"""Filters of the lists that go over all classes: who has not attended, who was sent and not screened."""

from django import forms
from django.db.models import Q

from candidates.forms.filters import NOT_OFFERED
from vuthu_recruit import vietnamese
from vuthu_recruit.fields import CleanCharFormField


class _ListForm(forms.Form):
    """Search by name, and what is chosen from lists; the state stands in the address."""

    q = CleanCharFormField(label="Tìm họ tên", max_length=120, required=False, widget=forms.SearchInput)

    def offer(self, name: str, choices: list[tuple[str, str]], everything: str) -> None:
        """Fill a list; with one row it offers nothing and goes."""
        if len(choices) < 2 and not self.data.get(name):
            del self.fields[name]
            return
        self.fields[name].choices = [("", everything), *choices]

    def chosen(self, name: str) -> str:
        return self.cleaned_data.get(name) or ""

    @property
    def chips(self) -> list[dict]:
        """What is chosen from lists. The search and the tab are no chips."""
        names = [name for name in self.fields if name not in ("q", "muc")] if self.is_valid() else []
        return [
            {"name": name, "value": self.chosen(name), "label": self._chip(name)} for name in names if self.chosen(name)
        ]

    def _chip(self, name: str) -> str:
        return f"{self.fields[name].label}: {dict(self.fields[name].choices)[self.chosen(name)]}"

    @property
    def words(self) -> str:
        """The filter as a file says it."""
        parts = [dict(self.fields["muc"].choices)[self.chosen("muc")]] if self.chosen("muc") else []
        parts += [f"họ tên có “{self.cleaned_data['q']}”"] if self.cleaned_data["q"] else []
        return "; ".join([*parts, *(chip["label"] for chip in self.chips)]) or "không lọc"


class NotAttendedForm(_ListForm):
    """Own people who need the awareness class: not sent, sent and waiting, or with a certificate that is over."""

    TABS = {
        "": "Tất cả",
        "chua-cu": "Chưa cử",
        "da-cu": "Đã cử hoặc đang học",
        "het": "Giấy hết giá trị, chưa cử",
    }
    SORTS = {
        "": ("since", "sort_key", "pk"),
        "name": ("sort_key", "pk"),
        "-name": ("-sort_key", "-pk"),
        "since": ("since", "sort_key", "pk"),
        "-since": ("-since", "sort_key", "pk"),
    }
    SORT_WORDS = {"name": "tên", "-name": "tên, ngược lại", "-since": "vào nguồn sau thì trước"}

    don_vi = forms.ChoiceField(label="Đơn vị", required=False, error_messages=NOT_OFFERED)
    muc = forms.ChoiceField(
        choices=list(TABS.items()), required=False, widget=forms.HiddenInput, error_messages=NOT_OFFERED
    )

    def __init__(self, data, *, units):
        super().__init__(data)
        self.offer("don_vi", [(unit.slug, unit.short_name) for unit in units], "Tất cả đơn vị")

    @property
    def sort(self) -> str:
        asked = self.data.get("sort", "")
        return asked if asked in self.SORTS else ""

    def narrowed(self, rows):
        """All but the tab, whose counts are shown beside each other."""
        if slug := self.chosen("don_vi"):
            rows = rows.filter(unit__grassroots__slug=slug)
        return rows.search(self.cleaned_data["q"])


class UnscreenedForm(_ListForm):
    """Nominations that wait, of one class or of all."""

    lop = forms.ChoiceField(label="Lớp", required=False, error_messages=NOT_OFFERED)

    def __init__(self, data, *, classes):
        super().__init__(data)
        self.offer("lop", [(str(one.pk), str(one)) for one in classes], "Tất cả các lớp")

    def narrowed(self, rows):
        if key := self.chosen("lop"):
            rows = rows.filter(training_class=int(key))
        if typed := self.cleaned_data["q"]:
            named = Q(candidate__isnull=False)
            for word in vietnamese.search_key(typed).split():
                named &= Q(candidate__search_key__contains=word)
            rows = rows.filter(named | Q(candidate=None, participant_name__icontains=typed))
        return rows
