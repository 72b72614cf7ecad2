"""The filter of a list: a search, what is chosen from lists, a tab; all of it stands in the address."""

from django import forms

from organizations.forms.changes import NOT_OFFERED
from vuthu_recruit import vietnamese
from vuthu_recruit.fields import CleanCharFormField


class ListForm(forms.Form):
    """`SOUGHT`: what the search looks in. `TABS`: the words of each value of `muc`, for a list that has tabs.

    `EVERYTHING`: the tab that leaves nothing out, if there is one.
    """

    SOUGHT = "họ tên"
    TABS: dict[str, str] = {}
    EVERYTHING: str | None = ""

    q = CleanCharFormField(max_length=120, required=False, widget=forms.SearchInput)

    def __init__(self, data):
        super().__init__(data)
        self.fields["q"].label = f"Tìm {self.SOUGHT}"
        if self.TABS:
            self.fields["muc"] = forms.ChoiceField(
                choices=list(self.TABS.items()), required=False, widget=forms.HiddenInput, error_messages=NOT_OFFERED
            )

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
    def is_filtered(self) -> bool:
        """Whether more rows may stand behind the search and what is chosen."""
        return bool(self.data.get("q") or self.chips)

    @property
    def words(self) -> str:
        """The filter as a file says it."""
        tab = self.chosen("muc")
        parts = [self.TABS[tab]] if self.TABS and tab != self.EVERYTHING else []
        parts += [f"{self.SOUGHT} có “{self.cleaned_data['q']}”"] if self.cleaned_data["q"] else []
        return "; ".join([*parts, *(chip["label"] for chip in self.chips)]) or "không lọc"


def named(rows, typed: str, *, unnamed: str = ""):
    """Rows whose `name` has every typed word, whatever its case and marks; `unnamed`: what an empty name is called."""
    words = vietnamese.search_key(typed).split()
    if not words:
        return rows
    keys = ((pk, vietnamese.search_key(name or unnamed)) for pk, name in rows.values_list("pk", "name"))
    return rows.filter(pk__in=[pk for pk, key in keys if all(word in key for word in words)])


def choice(label: str) -> forms.ChoiceField:
    """A list that `ListForm.offer` fills."""
    return forms.ChoiceField(label=label, required=False, error_messages=NOT_OFFERED)
