"""Forms of the pipeline: one step, corrections, a withdrawal, a move. Built from the table; the gates judge."""

from collections.abc import Collection
from datetime import date

from django import forms

from candidates.actions.corrections import Correction, may_correct
from candidates.actions.events import clean_facts
from candidates.gates import UNKNOWN_ON_PAPER
from candidates.models import StageEvent
from candidates.pipeline import BACKFILLED, BY_STEP, REASON, Fact, Refusal, Stage, Step
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from vuthu_recruit import clock
from vuthu_recruit.fields import CleanCharFormField, CleanTextFormField, DayField

LONGEST = {"text": 200, "long": 1000}
LARGEST = 100_000
STALE = "Trang đã cũ. Hãy mở lại trang rồi nhập lại."
PICK = "Hãy chọn một mục trong danh sách."
NUMBER_ERRORS = {
    "invalid": "hãy nhập một số nguyên.",
    "max_value": "số này quá lớn.",
    "min_value": "số này không được âm.",
}


class NumberField(forms.IntegerField):
    """A whole number typed as text: no spin buttons that change it under the wheel."""

    widget = forms.TextInput
    size = "short"

    def __init__(self, **kwargs):
        errors = {code: f"{kwargs['label']}: {words}" for code, words in NUMBER_ERRORS.items()}
        super().__init__(min_value=0, max_value=LARGEST, error_messages=errors, **kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "maxlength": "9"}

    def to_python(self, value):
        if isinstance(value, str) and "_" in value:  # int() would read 1_0 as ten
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class EventDayField(DayField):
    """A day on a document of these years, not a birthday."""

    hint = "Ví dụ: 27/3/2024"
    size = "short"


def fact_field(fact: Fact, **values) -> forms.Field:
    """The field that asks for a fact."""
    values = {"label": fact.label, "required": fact.required, "help_text": fact.hint} | values
    if fact.kind == "number":
        return NumberField(**values)
    if fact.kind == "day":
        return EventDayField(**values)
    if fact.kind == "choice":
        errors = {"invalid_choice": PICK}
        return forms.ChoiceField(choices=fact.choices, widget=forms.RadioSelect, error_messages=errors, **values)
    if fact.kind == "long":
        return CleanTextFormField(max_length=LONGEST["long"], widget=forms.Textarea(attrs={"rows": 3}), **values)
    return CleanCharFormField(max_length=LONGEST["text"], **values)


def reason_field(label: str) -> forms.Field:
    return CleanTextFormField(
        label=label,
        help_text=REASON.hint,
        min_length=REASON.at_least,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"min_length": f"{label} cần ít nhất {REASON.at_least} ký tự."},
    )


class VersionedForm(forms.Form):
    """Carries the version the page was opened with; takes refusals onto its fields."""

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE))

    def clean_version(self):
        version = self.cleaned_data["version"]
        if not 0 < version < 2**31:
            raise forms.ValidationError(STALE)
        return version

    def refuse(self, refusals: list[Refusal]) -> None:
        """Every reason in the summary: on its field where there is one."""
        for refusal in refusals:
            name = refusal.field if refusal.field in self.fields else None
            self.add_error(name, refusal.message)

    def now_at(self, version: int) -> None:
        """Carry the current version, so that sending once more is a conscious choice."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(version)


class StepForm(VersionedForm):
    """The date and the facts of one step. `override`: the head of the Board was refused by four eyes alone.

    `without`: facts that do not concern this person, so that nobody wonders what to type there.
    """

    def __init__(self, *args, step: Step, override: bool = False, without: Collection[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        row = BY_STEP[step]
        self.facts = [fact for fact in row.facts if fact.key not in without]
        self.fields["happened_on"] = EventDayField(label=row.day_label)
        for fact in self.facts:
            self.fields[fact.key] = fact_field(fact)
        if override:
            self.fields["override"] = reason_field("Lý do quyết định ngoại lệ của người đứng đầu Ban Tổ chức")
        self.has_override = override

    @property
    def given_facts(self) -> dict:
        """The facts that could be read, whatever is wrong with the rest."""
        keys = [fact.key for fact in self.facts] + ["override"] * self.has_override
        return {key: self.cleaned_data[key] for key in keys if key in self.cleaned_data}


class CorrectForm(VersionedForm):
    """One or several events of a person, corrected together; only those ticked are read.

    Fields are named by the event's place, which a correction inherits: what was typed survives someone else's.
    """

    def __init__(self, *args, events: list[StageEvent], by, chosen: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.events = [event for event in events if not may_correct(event, by, events)]
        for event in self.events:
            self._ask(event, is_chosen=str(event.place) == chosen or len(self.events) == 1)
        self.fields["reason"] = reason_field("Lý do sửa")

    def _ask(self, event: StageEvent, *, is_chosen: bool) -> None:
        row, place = BY_STEP[Step(event.step)], event.place
        label = self._label(event)
        self.fields[f"pick-{place}"] = forms.BooleanField(label=label, required=False, initial=is_chosen)
        self.fields[f"{place}-happened_on"] = EventDayField(label=row.day_label, initial=event.happened_on)
        for fact in row.facts:
            given = {"required": False} if is_unknown_on_paper(event, fact) else {}
            initial = _initial(fact, event.facts.get(fact.key))
            self.fields[f"{place}-{fact.key}"] = fact_field(fact, initial=initial, **given)

    def _label(self, event: StageEvent) -> str:
        return f"Sửa bước “{event.get_step_display()}” ngày {event.happened_on:%d/%m/%Y}"

    @property
    def sections(self) -> list[dict]:
        """For the page: each event with its tick and its fields."""
        return [
            {
                "event": event,
                "pick": self[f"pick-{event.place}"],
                "fields": (fields := [self[f"{event.place}-{key}"] for key in _keys(event)]),
                "is_open": bool(self[f"pick-{event.place}"].value() or any(field.errors for field in fields)),
            }
            for event in self.events
        ]

    def clean(self):
        """What was not ticked is not read; but a change that would be lost that way is named."""
        for event in self.events:
            if event in self.picked:
                continue
            names = [f"{event.place}-{key}" for key in _keys(event)]
            for name in names:
                self._errors.pop(name, None)
            is_current = self.cleaned_data.get("version") == self.initial.get("version")
            if is_current and any(name in self.data and name in self.changed_data for name in names):
                self.add_error(
                    f"pick-{event.place}", "Có ô đã đổi ở bước này. Đánh dấu bước để lưu, hoặc trả ô về như cũ."
                )
        return super().clean()

    def now_at(self, version: int) -> None:
        """Steps not ticked show what stands now, not what stood when the page was opened."""
        super().now_at(version)
        for event in self.events:
            if event not in self.picked:
                for name in [f"{event.place}-{key}" for key in _keys(event)]:
                    self.data[name] = self.fields[name].prepare_value(self.fields[name].initial) or ""

    @property
    def picked(self) -> list[StageEvent]:
        return [event for event in self.events if self.cleaned_data.get(f"pick-{event.place}")]

    @property
    def corrections(self) -> list[Correction]:
        return [Correction(event, self._day(event), self._facts(event)) for event in self.picked]

    def _day(self, event: StageEvent):
        return self.cleaned_data.get(f"{event.place}-happened_on")

    def _facts(self, event: StageEvent) -> dict:
        keys = [fact.key for fact in BY_STEP[Step(event.step)].facts]
        return {key: self.cleaned_data.get(f"{event.place}-{key}") for key in keys}

    def typed(self, event: StageEvent) -> dict:
        """The facts typed for an event, as they would be kept."""
        return clean_facts(Step(event.step), self._facts(event))

    def refuse(self, refusals: list[Refusal]) -> None:
        """With a single event ticked its fields can be named."""
        for refusal in refusals:
            names = [refusal.field] + [f"{event.place}-{refusal.field}" for event in self.picked[:1]]
            found = [name for name in names if name in self.fields]
            self.add_error(found[-1] if found and len(self.picked) < 2 else None, refusal.message)


def is_unknown_on_paper(event: StageEvent, fact: Fact) -> bool:
    """What a step taken over from paper may leave out."""
    return bool(event.facts.get(BACKFILLED)) and (event.step, fact.key) in UNKNOWN_ON_PAPER


def _keys(event: StageEvent) -> list[str]:
    return ["happened_on", *(fact.key for fact in BY_STEP[Step(event.step)].facts)]


def _initial(fact: Fact, value):
    return date.fromisoformat(value) if fact.kind == "day" and value else value


class WithdrawForm(VersionedForm):
    """Why the last event is taken back."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field("Lý do rút")


class MoveForm(VersionedForm):
    """Where to, when, why. An officer chooses among the own unit's branches, the Board among all units in scope."""

    def __init__(self, *args, candidate, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = {unit.slug: unit for unit in _targets(candidate, user)}
        self.fields["unit"] = forms.ChoiceField(
            label="Chuyển đến",
            choices=[("", "Chọn đơn vị"), *_grouped(self.units.values())],
            error_messages={"invalid_choice": PICK},
        )
        self.only_own = not may_in(user, Permission.STEP_BOARD, candidate.unit)
        self.fields["happened_on"] = EventDayField(label=BY_STEP[Step.MOVED].day_label)
        self.fields["reason"] = reason_field("Lý do")

    @property
    def target(self) -> Organization | None:
        return self.units.get(self.cleaned_data.get("unit"))


def _targets(candidate, user):
    """Open units the user may move the person to, in administrative order. One query."""
    board = may_in(user, Permission.STEP_BOARD, candidate.unit)
    needs = Permission.STEP_BOARD if board else Permission.STEP_COMMITTEE
    rows = Organization.objects.visible_to(user, needs=needs).open_on(clock.today()).exclude(pk=candidate.unit_id)
    early = candidate.stage in (Stage.SOURCE, Stage.TRAINED)
    rows = (rows.units_of_people() | rows.grassroots()) if early else rows.units_of_people()
    if not board:
        rows = rows.below(candidate.unit.grassroots or candidate.unit)
    return rows.select_related("grassroots").order_by(
        "grassroots__kind", "grassroots__order", "grassroots__code", "kind", "order", "name", "pk"
    )


def _grouped(units) -> list:
    """Branches under the name of their unit; a committee itself is "chưa phân chi bộ"."""
    groups: dict[str, list] = {}
    for unit in units:
        grassroots = unit.grassroots or unit
        is_committee = unit == grassroots and not unit.may_hold_people()
        label = "Chưa phân chi bộ" if is_committee else unit.short_name
        groups.setdefault(grassroots.short_name, []).append((unit.slug, label))
    return list(groups.items())
