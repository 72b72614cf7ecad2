"""One admission of the years before the system as a form: the few things its papers say."""

import secrets

from django import forms

from candidates.forms.record import IdentityForm, sure_field, text
from candidates.forms.steps import PICK, STALE, EventDayField
from candidates.forms.units import unit_choices, units_open_between
from candidates.gates import BACKFILL_FROM, BACKFILL_TO
from organizations.permissions import Permission


class YearDayField(EventDayField):
    """A day on a document of the years taken over."""

    hint = "Ví dụ: 15/3/2021"


class BackfillForm(IdentityForm):
    """Costs one query: the units. `kept`: what the next line of the same list begins with."""

    residence = None
    workplace = None
    decision = text("Số quyết định kết nạp", 200, required=True, validators=(), help_text="Ví dụ: 315-QĐ/HU")
    decided_on = YearDayField(label="Ngày ký quyết định")
    ceremony_on = YearDayField(label="Ngày tổ chức lễ kết nạp")
    official_on = YearDayField(label="Ngày ký quyết định công nhận chính thức", required=False)
    official_document = text("Số quyết định công nhận", 200, validators=())
    form_key = forms.RegexField(
        r"^[0-9a-f]{32}\Z", widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )
    not_a_duplicate = sure_field()

    def __init__(self, data=None, *, user, kept=None):
        super().__init__(data, initial={"form_key": secrets.token_hex(16)} | (kept or {}))
        units = units_open_between(user, Permission.STEP_BOARD, BACKFILL_FROM, BACKFILL_TO)
        self.units = {unit.slug: unit for unit in units}
        self.fields["unit"] = forms.ChoiceField(
            label="Đơn vị",
            choices=[("", "Chọn đơn vị"), *unit_choices(units)],
            error_messages={"invalid_choice": PICK},
            help_text="Chi bộ kết nạp người này; văn bản không ghi chi bộ thì chọn “Chưa phân chi bộ”",
        )

    @property
    def unit(self):
        return self.units[self.cleaned_data["unit"]]

    @property
    def chosen(self):
        """The unit chosen so far, however wrong the rest is."""
        return self.units.get(self["unit"].value() or "")

    @property
    def values(self) -> dict:
        """The fields of the record."""
        return {name: self.cleaned_data[name] for name in ("full_name", "sex", "birth", "identity_number")}

    @property
    def papers(self) -> dict:
        """What the papers say of the admission."""
        names = ("decided_on", "decision", "ceremony_on", "official_on", "official_document")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def groups(self) -> list[dict]:
        """For the page: what stays the same from line to line first."""
        named = (
            ("Quyết định kết nạp", "unit", ("decision", "decided_on")),
            ("Người được kết nạp", "", ("full_name", "sex", "birth", "identity_number")),
            ("Lễ kết nạp và công nhận chính thức", "ceremony_on", ("official_on", "official_document")),
        )
        return [
            {"legend": legend, "first": self[first] if first else None, "fields": [self[name] for name in names]}
            for legend, first, names in named
        ]

    def clean(self):
        given = super().clean()
        if given.get("official_document") and not given.get("official_on") and "official_on" not in self.errors:
            self.add_error("official_on", "Có số quyết định công nhận thì nhập cả ngày ký.")
        return given
