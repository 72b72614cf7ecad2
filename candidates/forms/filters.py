"""The filters of the people list: read from the address, narrowed to the user's scope, said in words."""

import re

from django import forms
from django.db.models import Case, Q, TextField, Value, When
from django.db.models.functions import Cast

from candidates.choices import PriorityGroup, Sex
from candidates.models import OUTSIDE
from candidates.pipeline import STAGES, Stage, Status
from organizations.models import Organization
from organizations.models.organization import GRASSROOTS, Kind
from organizations.permissions import Body, Permission
from organizations.scope import scope_of
from vuthu_recruit import vietnamese
from vuthu_recruit.fields import CleanCharFormField, exactness

LISTED = [(value, label) for value, label in Status.choices if value not in OUTSIDE]
SORTS = {
    "name": ["sort_key", "pk"],
    "-name": ["-sort_key", "-pk"],
    "stage": ["stage_order", "sort_key", "pk"],
    "-stage": ["-stage_order", "sort_key", "pk"],
    "last": ["last_on", "sort_key", "pk"],
    "-last": ["-last_on", "sort_key", "pk"],
}
SORT_WORDS = {
    "name": "tên",
    "-name": "tên, ngược lại",
    "stage": "bước",
    "-stage": "bước, ngược lại",
    "last": "ngày của bước gần nhất, cũ trước",
    "-last": "ngày của bước gần nhất, mới trước",
}
BACKFILLED = [("yes", "Chỉ người nhập bù"), ("no", "Không kể người nhập bù")]
NOT_OFFERED = {"invalid_choice": "Hãy chọn một mục trong danh sách.", "invalid_list": "Hãy chọn trong danh sách."}


def looks_like_a_number(text: str) -> bool:
    """Whether someone typed an identity number (9 or 12 digits) where it would stand in the address."""
    return len(re.findall(r"\d", text)) >= 9


def _choice(label: str, choices, everything: str, **values) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", everything), *choices], required=False, error_messages=NOT_OFFERED, **values
    )


class FilterForm(forms.Form):
    """Search and filters. Costs one query: the units and branches of the scope."""

    q = CleanCharFormField(label="Tìm họ tên", max_length=120, required=False, widget=forms.SearchInput)
    unit = _choice("Đơn vị", [], "Tất cả đơn vị")
    branch = _choice("Chi bộ", [], "Tất cả chi bộ")
    stage = forms.MultipleChoiceField(
        label="Bước",
        choices=Stage.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_OFFERED,
    )
    status = _choice("Trạng thái", LISTED, "Tất cả trạng thái")
    sex = _choice("Giới tính", Sex.choices, "Nam và nữ")
    group = _choice("Đối tượng ưu tiên", PriorityGroup.choices, "Tất cả")
    body = _choice("Tổ chức giới thiệu", Body.choices, "Tất cả")
    backfilled = _choice("Nhập bù", BACKFILLED, "Tất cả")

    FOLDED = ("stage", "status", "sex", "group", "body", "backfilled")

    def __init__(self, data, *, user):
        super().__init__(data)
        self.fields["q"].widget.attrs |= {"placeholder": "Có dấu hoặc không dấu", "autocomplete": "off"}
        rows = list(self._organizations(user, data.get("unit", "")))
        self.units = {row.slug: row for row in rows if row.is_grassroots}
        self.branches = {row.slug: row for row in rows if row.kind == Kind.BRANCH}
        self._offer("unit", self.units, len(self.units) > 1)
        self._offer("branch", self.branches, len(self.branches) > 1)

    def _organizations(self, user, chosen: str):
        """Grassroots units in scope, and the branches of the chosen one; of all for whoever looks after a few."""
        rows = Organization.objects.visible_to(user, needs=Permission.CANDIDATE_VIEW).select_related("grassroots")
        wanted = Q(kind__in=GRASSROOTS)
        assignments = scope_of(user).holding(Permission.CANDIDATE_VIEW)
        if all(row.organization.kind not in (Kind.AREA, Kind.DISTRICT) for row in assignments):
            wanted |= Q(kind=Kind.BRANCH)
        else:
            wanted |= Q(kind=Kind.BRANCH, grassroots__slug=vietnamese.clean(chosen)[:80])
        return rows.filter(wanted).in_order()

    def _offer(self, name: str, rows: dict, is_useful: bool) -> None:
        if not is_useful and not self.data.get(name):
            del self.fields[name]
            return
        self.fields[name].choices += [(slug, self._label(row)) for slug, row in rows.items()]

    def _label(self, row: Organization) -> str:
        several = row.kind == Kind.BRANCH and len({branch.grassroots_id for branch in self.branches.values()}) > 1
        name = f"{row.grassroots.short_name} – {row.short_name}" if several else row.short_name
        return f"{name} (kết thúc {row.closed_on:%d/%m/%Y})" if row.closed_on else name

    @property
    def sort(self) -> str:
        chosen = self.data.get("sort", "")
        return chosen if chosen in SORTS else ""

    @property
    def is_folded_open(self) -> bool:
        """Whether a filter of the folded part is wrong; those that are set stand below as chips."""
        return any(name in self.errors for name in self.FOLDED)

    def rows(self, candidates):
        """The people asked for, in the order asked for; nobody while a filter is wrong."""
        if not self.is_valid():
            return candidates.none()
        given = self.cleaned_data
        candidates = candidates.with_last_day()
        if given.get("unit"):
            unit = self.units[given["unit"]]
            candidates = candidates.filter(Q(unit=unit) | Q(unit__grassroots=unit))
        if given.get("branch"):
            candidates = candidates.filter(unit=self.branches[given["branch"]])
        if given["stage"]:
            candidates = candidates.in_stage(*given["stage"])
        if given["group"]:
            words = Cast("priority_groups", TextField())
            candidates = candidates.annotate(groups=words).filter(groups__contains=f'"{given["group"]}"')
        if given["backfilled"]:
            candidates = candidates.with_backfilled().filter(is_backfilled=given["backfilled"] == "yes")
        names = {"status": "status", "sex": "sex", "body": "introduced_by_body"}
        candidates = candidates.filter(**{column: given[name] for name, column in names.items() if given[name]})
        return self._sorted(candidates.search(given["q"]), given["q"])

    def _sorted(self, candidates, query: str):
        order = SORTS[self.sort or "name"]
        if "stage_order" in order[0]:
            whens = [When(stage=stage, then=Value(place)) for place, stage in enumerate(STAGES)]
            candidates = candidates.annotate(stage_order=Case(*whens))
        if query and not self.sort:
            return candidates.order_by(exactness(query), *order)
        return candidates.order_by(*order)

    @property
    def chips(self) -> list[dict]:
        """Every filter set, to be removed one by one. Search and sort are no chips."""
        if not self.is_valid():
            return []
        return [
            {"name": name, "value": value, "label": self._chip(name, value)}
            for name in self.fields
            if name != "q"
            for value in self._values(name)
        ]

    def _values(self, name: str) -> list[str]:
        value = self.cleaned_data.get(name)
        return value if isinstance(value, list) else [value] if value else []

    def _chip(self, name: str, value: str) -> str:
        label = dict(self.fields[name].choices)[value]
        return f"{self.fields[name].label}: {label}"

    @property
    def words(self) -> str:
        """The filter as a file says it."""
        parts = [chip["label"] for chip in self.chips]
        if self.cleaned_data["q"]:
            parts.insert(0, f"họ tên có “{self.cleaned_data['q']}”")
        return "; ".join(parts) or "không lọc"
