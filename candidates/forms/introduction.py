"""Forms of introductions: by a mass organisation, and the unit's answer."""

import secrets

from django import forms

from candidates.forms.record import IdentityForm
from candidates.forms.steps import PICK, STALE, VersionedForm, reason_field
from candidates.forms.units import unit_choices, units_for
from organizations.permissions import Body, Permission
from organizations.scope import scope_of
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day
from vuthu_recruit.fields import DayField


class IntroduceForm(IdentityForm):
    """A person a mass organisation introduces: who, to which unit, when."""

    form_key = forms.RegexField(
        r"^[0-9a-f]{32}\Z", widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )

    def __init__(self, data=None, *, user):
        super().__init__(data, initial={"form_key": secrets.token_hex(16)})
        self.units = {unit.slug: unit for unit in units_for(user, Permission.INTRODUCE)}
        options, only = unit_choices(list(self.units.values())), len(self.units) == 1
        self.fields["unit"] = forms.ChoiceField(
            label="Giới thiệu cho",
            choices=options if only else [("", "Chọn đơn vị"), *options],
            error_messages={"invalid_choice": PICK},
        )
        self.fields["introduced_on"] = DayField(label="Ngày giới thiệu", initial=clock.today())
        self.bodies = sorted({one.body for one in scope_of(user).holding(Permission.INTRODUCE)})
        if len(self.bodies) > 1:
            options = [(body, Body(body).label) for body in self.bodies]
            self.fields["body"] = forms.ChoiceField(
                label="Tổ chức giới thiệu", choices=options, error_messages={"invalid_choice": PICK}
            )

    def clean(self):
        given = super().clean()
        self.past("introduced_on")
        return given

    @property
    def values(self) -> dict:
        given = self.cleaned_data
        return {
            "values": {name: given[name] for name in IdentityForm.base_fields},
            "unit": self.units[given["unit"]],
            "body": given.get("body") or self.bodies[0],
            "introduced_on": given["introduced_on"],
            "form_key": given["form_key"],
        }


class AnswerForm(VersionedForm):
    """Accept with a date, or decline with a reason: one answer, two buttons."""

    ACCEPT, DECLINE = "accept", "decline"
    answer = forms.ChoiceField(
        label="Trả lời",
        choices=[(ACCEPT, "Tiếp nhận vào nguồn"), (DECLINE, "Không tiếp nhận")],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": PICK},
    )
    happened_on = DayField(label="Ngày tiếp nhận", required=False)

    def __init__(self, data=None, *, candidate):
        super().__init__(data, initial={"version": candidate.version, "happened_on": clock.today()})
        self.introduced_on = candidate.introduced_on
        self.fields["reason"] = reason_field("Lý do không tiếp nhận")
        self.fields["reason"].required = False
        self.fields["reason"].help_text = f"Tổ chức giới thiệu sẽ đọc lý do này. {self.fields['reason'].help_text}"

    def clean(self):
        given = super().clean()
        answer = given.get("answer")
        if answer == self.ACCEPT:
            self._errors.pop("reason", None)
            self._check_day(given.get("happened_on"))
        elif answer == self.DECLINE:
            self._errors.pop("happened_on", None)
            if not given.get("reason") and "reason" not in self.errors:
                self.add_error("reason", "Chưa nhập lý do không tiếp nhận.")
        return given

    def _check_day(self, day) -> None:
        if "happened_on" in self.errors:
            return
        if day is None:
            self.add_error("happened_on", "Chưa nhập ngày tiếp nhận.")
        elif day > clock.today():
            self.add_error("happened_on", f"Ngày {show_day(day)} chưa đến.")
        elif self.introduced_on and day < self.introduced_on:
            self.add_error("happened_on", f"Ngày tiếp nhận trước ngày giới thiệu {show_day(self.introduced_on)}.")

    @property
    def is_accepted(self) -> bool:
        return self.cleaned_data["answer"] == self.ACCEPT
