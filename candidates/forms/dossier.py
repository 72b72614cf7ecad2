"""The form of a dossier: all papers of a person as one table, and the unit's answers to returned points."""

from collections.abc import Collection
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField

from candidates.actions.dossier import BY_THE_UNIT, MOST_COPIES, SHORTEST_ANSWER, PaperValues
from candidates.dossier import Dossier, Form, Source, State
from candidates.forms.record import check_name
from candidates.forms.steps import PICK, EventDayField, VersionedForm
from candidates.models import DossierForm, DossierItem, ReturnedPoint
from vuthu_recruit.fields import CleanCharFormField, CleanTextFormField, PartialDateFormField

LONGEST_NUMBER = 60
CELLS = ("state", "document", "dated")
DIFFERENT = ("name", "birth")
NEW_ONE = "Giấy này bị trả lại: khi đã có bản mới thì chọn “Đã có”."


@dataclass(frozen=True)
class Row:
    """One line of the table: what the catalogue says, and the fields of one paper or what proves it."""

    form: Form
    copy: int
    item: DossierItem | None
    cells: list[dict]
    different: list[BoundField]
    is_wrong: bool


class PapersForm(VersionedForm):
    """A row for each paper that is typed here and shown now (`shown`: keys of forms), an answer for each open point.

    `extra`: the key of a form of which one copy more is asked.
    """

    def __init__(
        self,
        *args,
        dossier: Dossier,
        shown: Collection[str],
        forms: dict[str, DossierForm],
        items,
        points: tuple[ReturnedPoint, ...] = (),
        extra: str = "",
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.rows_by_key = {row.key: row for row in forms.values()}
        self.items = {(item.form.key, item.copy): item for item in items}
        self.lines = [
            (form, copy)
            for form in dossier.forms
            if form.source == Source.PAPER and form.key in shown
            for copy in range(1, self._copies(dossier, form, extra) + 1)
        ]
        for form, copy in self.lines:
            self._ask(dossier, form, copy)
        self.points = points
        for point in points:
            self.fields[f"answer-{point.pk}"] = _answer_field(point)

    def _copies(self, dossier: Dossier, form: Form, extra: str) -> int:
        kept = max((copy for key, copy in self.items if key == form.key), default=0)
        sent = 0
        if self.is_bound:
            sent = max((n for n in range(1, MOST_COPIES + 1) if f"state-{form.key}-{n}" in self.data), default=0)
        wanted = max(dossier.wanted(form), kept, sent)
        return min(wanted + (form.key == extra and wanted == max(dossier.wanted(form), kept)), MOST_COPIES)

    def _ask(self, dossier: Dossier, form: Form, copy: int) -> None:
        item, name = self.items.get((form.key, copy)), f"{form.words}{f', bản {copy}' if copy > 1 else ''}"
        state = State(item.state) if item else State.MISSING
        offered = [*BY_THE_UNIT, *([state] if state not in BY_THE_UNIT else [])]
        values = {"state": state.value}
        if item:
            values |= {"document": item.document, "dated": item.dated_on} | _differing(dossier, item)
        errors = {"invalid_choice": PICK}
        self._add(form, copy, values, "state", forms.ChoiceField(
            label=f"Tình trạng, {name}", choices=[(one.value, one.label) for one in offered], error_messages=errors
        ))  # fmt: skip
        self._add(form, copy, values, "document", CleanCharFormField(
            label=f"Số văn bản, {name}", max_length=LONGEST_NUMBER, required=False
        ))  # fmt: skip
        self._add(form, copy, values, "dated", EventDayField(label=f"Ngày, {name}", required=False))
        self._add(form, copy, values, "name", CleanCharFormField(
            label=f"Họ tên ghi trên {name}", max_length=120, required=False, validators=[check_name]
        ))  # fmt: skip
        self._add(form, copy, values, "birth", PartialDateFormField(
            label=f"Ngày sinh ghi trên {name}", required=False
        ))  # fmt: skip

    def _add(self, form: Form, copy: int, values: dict, kind: str, field: forms.Field) -> None:
        field.initial = values.get(kind)
        field.widget.attrs["autocomplete"] = "off"
        field.says_optional = False
        self.fields[f"{kind}-{form.key}-{copy}"] = field

    def rows(self) -> list[Row]:
        """For the page, in the order of the catalogue."""
        found = []
        for form, copy in self.lines:
            cells = [
                {"head": head, "field": self[f"{kind}-{form.key}-{copy}"]}
                for kind, head in zip(CELLS, ("Tình trạng", "Số văn bản", "Ngày"), strict=True)
            ]
            different = [self[f"{kind}-{form.key}-{copy}"] for kind in DIFFERENT]
            wrong = any(field.errors for field in different)
            is_open = wrong or any(field.value() for field in different)
            found.append(Row(form, copy, self.items.get((form.key, copy)), cells, different, is_open))
        return found

    def clean(self):
        for name in self.data:
            _, _, paper = name.partition("-")
            if name.startswith("state-") and name not in self.fields:
                self.add_error(None, f"Biểu mẫu “{paper[:40]}” không ghi được ở đây. Hãy mở lại trang.")
        for form, copy in self.lines:
            key = f"state-{form.key}-{copy}"
            state = self.cleaned_data.get(key)
            others = [f"{kind}-{form.key}-{copy}" for kind in (*CELLS[1:], *DIFFERENT)]
            if state == State.RETURNED and any(name in self.changed_data for name in others):
                self.add_error(key, NEW_ONE)
        return super().clean()

    @property
    def answer_rows(self) -> list[dict]:
        return [{"point": point, "field": self[f"answer-{point.pk}"]} for point in self.points]

    @property
    def answers(self) -> dict[int, str]:
        """How each returned point was put right, where that was typed anew; those left empty stay open."""
        found = {point: self.cleaned_data.get(f"answer-{point.pk}") or "" for point in self.points}
        return {point.pk: words for point, words in found.items() if words != point.answer}

    @property
    def papers(self) -> list[PaperValues]:
        """The rows that were changed."""
        found = []
        for form, copy in self.lines:
            names = {kind: f"{kind}-{form.key}-{copy}" for kind in (*CELLS, *DIFFERENT)}
            given = {kind: self.cleaned_data.get(name) for kind, name in names.items()}
            if not any(name in self.changed_data for name in names.values()) or given["state"] == State.RETURNED:
                continue
            state = State.IN if given["state"] == State.ACCEPTED else State(given["state"])
            found.append(
                PaperValues(
                    form=self.rows_by_key[form.key],
                    copy=copy,
                    state=state,
                    document=given["document"] or "",
                    dated_on=given["dated"],
                    name=given["name"] or "",
                    birth=given["birth"],
                )
            )
        return found


def _differing(dossier: Dossier, item: DossierItem) -> dict:
    """Name and birth of a paper only where they are not those of the record."""
    found = {}
    if item.name_on_paper and item.name_on_paper != dossier.holder.name:
        found["name"] = item.name_on_paper
    if item.birth_on_paper and item.birth_on_paper != dossier.holder.birth:
        found["birth"] = item.birth_on_paper
    return found


def _answer_field(point: ReturnedPoint) -> forms.Field:
    """How a returned point was put right."""
    field = CleanTextFormField(
        label="Đã bổ sung thế nào",
        required=False,
        max_length=500,
        min_length=SHORTEST_ANSWER,
        initial=point.answer,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"min_length": f"Ghi ít nhất {SHORTEST_ANSWER} ký tự."},
    )
    field.says_optional = False
    return field
