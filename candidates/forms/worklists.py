"""Filters of the lists of what waits for somebody: introductions, comparisons, sessions."""

from candidates.models.sessions import USUAL_NAME
from organizations.forms.lists import ListForm, choice, named


class WaitingForm(ListForm):
    """Introduced people, of one unit or of all."""

    don_vi = choice("Đơn vị")

    def __init__(self, data, *, units):
        super().__init__(data)
        self.offer("don_vi", [(unit.slug, unit.short_name) for unit in units], "Tất cả đơn vị")

    def narrowed(self, rows):
        if slug := self.chosen("don_vi"):
            rows = rows.filter(unit__grassroots__slug=slug)
        return rows.search(self.cleaned_data["q"])


class ReviewForm(ListForm):
    """Cases by the new record: its name, the unit that entered it."""

    TABS = {"": "Chờ đối chiếu", "xong": "Đã xong"}
    EVERYTHING = None
    don_vi = choice("Đơn vị nhập")

    def __init__(self, data, *, units):
        super().__init__(data)
        self.offer("don_vi", [(unit.slug, unit.short_name) for unit in units], "Tất cả đơn vị")

    @property
    def is_done(self) -> bool:
        return self.chosen("muc") == "xong"

    def narrowed(self, rows):
        """All but the tab, whose counts are shown beside each other."""
        if slug := self.chosen("don_vi"):
            rows = rows.filter(candidate__unit__grassroots__slug=slug)
        return rows.search(self.cleaned_data["q"])

    def in_tab(self, rows):
        """Open cases, oldest first; or those decided, newest first."""
        return rows.done().order_by("-decided_at", "-pk") if self.is_done else rows.open().order_by("asked_at", "pk")


class SessionsForm(ListForm):
    """Sessions by name and year."""

    SOUGHT = "tên kỳ họp"
    nam = choice("Năm")

    def __init__(self, data, *, years):
        super().__init__(data)
        self.offer("nam", [(str(year), str(year)) for year in years], "Tất cả các năm")

    def narrowed(self, rows):
        if year := self.chosen("nam"):
            rows = rows.filter(held_on__year=int(year))
        return named(rows, self.cleaned_data["q"], unnamed=USUAL_NAME)
