"""Forms of a session: opened, filled, and its outcomes recorded in one go."""

from collections.abc import Collection

from django import forms

from candidates.actions.sessions import Decided
from candidates.forms.steps import LONGEST, PICK, EventDayField, VersionedForm
from candidates.models import SessionItem
from candidates.pipeline import Refusal
from vuthu_recruit.fields import CleanCharFormField, CleanTextFormField

Outcome = SessionItem.Outcome
SAID_ENOUGH = ("missing", "too_short")  # reasons that say themselves what to do
OUTCOMES = [choice for choice in Outcome.choices if choice[0] != Outcome.REMOVED]


class SessionForm(forms.Form):
    """When the Standing Committee meets."""

    held_on = EventDayField(label="Ngày họp")
    name = CleanCharFormField(
        label="Tên kỳ họp", max_length=120, required=False, help_text="Ví dụ: Kỳ họp thứ 52. Có thể để trống."
    )


class SessionEditForm(VersionedForm, SessionForm):
    """The same of a session that is open."""

    field_order = ("held_on", "name", "version")


class ChooseForm(VersionedForm):
    """Whom to put on the list, among those who may be."""

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"] = forms.TypedMultipleChoiceField(
            label="Người chờ trình",
            choices=[(row.pk, row.full_name) for row in people],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Chưa chọn ai.", "invalid_choice": PICK},
        )

    @property
    def chosen(self) -> set[int]:
        """Those ticked, also when the form was refused."""
        ticked = self["people"].value() or []
        return {int(one) for one in ticked if str(one).isdecimal()}


class CancelForm(VersionedForm):
    reason = CleanTextFormField(label="Lý do không họp", max_length=480, widget=forms.Textarea(attrs={"rows": 2}))


class TakeOffForm(VersionedForm):
    item = forms.IntegerField(widget=forms.HiddenInput)
    reason = CleanTextFormField(
        label="Lý do rút khỏi danh sách", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class OutcomesForm(VersionedForm):
    """A row for each person who waits: outcome, number of the decision, reason. Rows without an outcome stay open.

    `locked`: items of whom this user appraised: a colleague records those.

    `asks`: further facts of the decision, by item: those that concern this person (a consent).
    """

    shares_numbers = forms.BooleanField(label="Một quyết định ghi nhiều người", required=False)

    def __init__(
        self,
        *args,
        items: list[SessionItem],
        asks: dict[int, dict[str, forms.Field]],
        locked: Collection[int] = (),
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.items, self.asks = items, asks
        self.fields["happened_on"] = EventDayField(label="Ngày quyết định")
        for item in items:
            name = item.candidate.full_name
            if item.pk in locked:
                continue
            self.fields[f"outcome-{item.pk}"] = forms.ChoiceField(
                label=f"Kết quả, {name}",
                required=False,
                choices=[("", "Chưa ghi"), *OUTCOMES],
                error_messages={"invalid_choice": PICK},
            )
            self.fields[f"document-{item.pk}"] = CleanCharFormField(
                label=f"Số quyết định, {name}", required=False, max_length=LONGEST["text"]
            )
            self.fields[f"reason-{item.pk}"] = CleanTextFormField(
                label=f"Lý do, {name}",
                required=False,
                max_length=LONGEST["long"],
                widget=forms.Textarea(attrs={"rows": 1}),
            )
            for key, field in asks.get(item.pk, {}).items():
                field.says_optional = False
                self.fields[f"{key}-{item.pk}"] = field
        self.locked = locked

    def rows(self) -> list[dict]:
        return [self._row(item) for item in self.items]

    def _row(self, item: SessionItem) -> dict:
        if item.pk in self.locked:
            return {"item": item, "is_locked": True, "cells": [], "asked": []}
        heads = (("outcome", "Kết quả"), ("document", "Số quyết định"), ("reason", "Lý do, nếu chưa đồng ý"))
        return {
            "item": item,
            "is_locked": False,
            "cells": [{"head": head, "field": self[f"{key}-{item.pk}"]} for key, head in heads],
            "asked": [self[f"{key}-{item.pk}"] for key in self.asks.get(item.pk, {})],
        }

    def agree_to_the_rest(self) -> None:
        """Every row still open becomes "Đồng ý kết nạp"; what was typed or chosen stays."""
        self.data = self.data.copy()
        for item in self.items:
            name = f"outcome-{item.pk}"
            if name in self.fields and not self.data.get(name):
                self.data[name] = Outcome.AGREE.value

    @property
    def outcomes(self) -> dict[int, Decided]:
        """Those that were chosen, with the facts that their step records."""
        found = {}
        for item in self.items:
            outcome = self.cleaned_data.get(f"outcome-{item.pk}")
            if not outcome:
                continue
            keys = ("document", *self.asks.get(item.pk, {})) if outcome == Outcome.AGREE else ("document", "reason")
            facts = {key: self.cleaned_data.get(f"{key}-{item.pk}") for key in keys}
            found[item.pk] = Decided(outcome, {key: value for key, value in facts.items() if value})
        return found

    def refuse_each(self, refusals: dict[int, list[Refusal]]) -> None:
        """Each reason beside the person it speaks of; what concerns the day or the session as a whole on top."""
        names = {item.pk: item.candidate.full_name for item in self.items}
        for pk, found in refusals.items():
            for refusal in found:
                field: str | None = f"{refusal.field}-{pk}"
                if refusal.field == "happened_on":
                    field = "happened_on"
                if field not in self.fields:
                    field = f"outcome-{pk}" if f"outcome-{pk}" in self.fields else None
                words = f"{names[pk]}: {refusal.message}" if pk in names else refusal.message
                who = f" {refusal.who}." if refusal.who and refusal.code not in SAID_ENOUGH else ""
                self.add_error(field, f"{words}{who}")
