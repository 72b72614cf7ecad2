"""Filters of the lists that go over all classes: who has not attended, who was sent and not screened."""

from django.db.models import Q

from organizations.forms.lists import ListForm, choice
from vuthu_recruit import vietnamese


class NotAttendedForm(ListForm):
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

    don_vi = choice("Đơn vị")

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


class UnscreenedForm(ListForm):
    """Nominations that wait, of one class or of all."""

    lop = choice("Lớp")

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
