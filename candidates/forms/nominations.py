"""Forms of who goes to a class: own people ticked, members of committees typed, nominations screened, one changed."""

from django import forms
from django.db.models import Q
from django.utils.text import capfirst

from candidates.actions.nominations import LONGEST_REASON, Participant, Verdict
from candidates.classes import MOVES, SHORTEST_REASON, Move, State
from candidates.forms.record import check_name, choice, text
from candidates.forms.steps import PICK, VersionedForm
from candidates.models import Candidate
from organizations.models import Organization
from organizations.permissions import Permission
from vuthu_recruit import clock
from vuthu_recruit.fields import CleanCharFormField, CleanTextFormField
from vuthu_recruit.vietnamese import search_key

ROWS = 10
ELIGIBLE, NOT_ELIGIBLE = "eligible", "not_eligible"
VERDICTS = [(ELIGIBLE, "Đủ điều kiện"), (NOT_ELIGIBLE, "Không đủ điều kiện")]


class PeopleField(forms.ModelMultipleChoiceField):
    """Ticked people; an id no row can have is answered like one no row has."""

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError:
            raise forms.ValidationError(PICK) from None


class NominateForm(forms.Form):
    """Own people to be sent to a class; why one may not is the action's to say."""

    people = PeopleField(
        Candidate.objects.none(),
        label="Người đi học",
        error_messages={
            "required": "Chưa chọn người nào.",
            "invalid_choice": PICK,
            "invalid_pk_value": PICK,
            "invalid_list": PICK,
        },
    )

    def __init__(self, data=None, *, user):
        super().__init__(data)
        rows = Candidate.objects.visible_to(user, needs=Permission.CLASS_NOMINATE).listed()
        self.fields["people"].queryset = rows.select_related("unit__grassroots")

    @property
    def ticked(self) -> set[str]:
        return set(self.data.getlist("people")) if self.is_bound else set()


class SearchForm(forms.Form):
    q = CleanCharFormField(label="Tìm theo họ tên", max_length=120, required=False, widget=forms.SearchInput)


class ParticipantsForm(forms.Form):
    """Members of committees who are no candidates: the unit once, then name and position, ten at a time."""

    unit = forms.ModelChoiceField(
        Organization.objects.none(),
        label="Đơn vị cử",
        empty_label="Chọn đơn vị",
        error_messages={"invalid_choice": PICK},
    )

    def __init__(self, data=None, *, user, district: Organization):
        super().__init__(data)
        rows = Organization.objects.visible_to(user, needs=Permission.CLASS_NOMINATE)
        rows = rows | Organization.objects.visible_to(user, needs=Permission.CLASS_EDIT)
        rows = rows.grassroots().open_on(clock.today()).filter(path__startswith=district.path).in_order()
        self.fields["unit"].queryset = rows
        if len(rows[:2]) == 1:
            self.fields["unit"].initial = rows[0]
        for number in range(1, ROWS + 1):
            self.fields[f"name-{number}"] = text(
                f"Họ và tên, dòng {number}", 120, validators=(check_name,), required=False
            )
            self.fields[f"position-{number}"] = text(f"Chức vụ, dòng {number}", 120)

    @property
    def rows(self) -> list[dict]:
        heads = (("name", "Họ và tên"), ("position", "Chức vụ"))
        return [
            {
                "number": number,
                "cells": [{"head": head, "field": self[f"{name}-{number}"]} for name, head in heads],
            }
            for number in range(1, ROWS + 1)
        ]

    def clean(self):
        given = super().clean()
        for number in range(1, ROWS + 1):
            if (
                given.get(f"position-{number}")
                and not given.get(f"name-{number}")
                and f"name-{number}" not in self.errors
            ):
                self.add_error(f"name-{number}", f"Dòng {number}: chưa ghi họ và tên.")
        return given

    @property
    def people(self) -> list[Participant]:
        given = self.cleaned_data
        return [
            Participant(given[f"name-{number}"], given[f"position-{number}"])
            for number in range(1, ROWS + 1)
            if given.get(f"name-{number}")
        ]


class ScreeningForm(forms.Form):
    """A row for each nomination: eligible or not, with a reason. Rows without a verdict keep waiting."""

    def __init__(self, data=None, *, people: list[dict]):
        super().__init__(data)
        self.people = people
        for row in people:
            pk, name = row["pk"], row["name"]
            self.fields[f"{pk}-version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=row["version"], min_value=1, max_value=2**31 - 1
            )
            self.fields[f"{pk}-verdict"] = choice(f"Kết quả xét, {name}", VERDICTS, empty="Chưa xét")
            self.fields[f"{pk}-reason"] = CleanTextFormField(
                label=f"Lý do không đủ điều kiện, {name}",
                required=False,
                max_length=LONGEST_REASON,
                initial=capfirst("; ".join(row["remarks"])[:LONGEST_REASON]),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    HEADS = (("verdict", "Kết quả xét"), ("reason", "Lý do, nếu không đủ"))

    @property
    def rows(self) -> list[dict]:
        return [
            row
            | {
                "version_field": self[f"{row['pk']}-version"],
                "cells": [{"head": head, "field": self[f"{row['pk']}-{name}"]} for name, head in self.HEADS],
            }
            for row in self.people
        ]

    @property
    def is_stale(self) -> bool:
        """A verdict was sent on a nomination that waits no more: somebody screened or withdrew it meanwhile."""
        answered = {name for name, value in self.data.items() if name.endswith("-verdict") and value}
        return not answered <= self.fields.keys()

    def accept_the_rest(self) -> None:
        """Every row still open, against which nothing speaks, becomes eligible; what was chosen stays."""
        self.data = self.data.copy()
        for row in self.people:
            if not self.data.get(f"{row['pk']}-verdict") and not row["remarks"]:
                self.data[f"{row['pk']}-verdict"] = ELIGIBLE

    @property
    def verdicts(self) -> list[Verdict]:
        given = self.cleaned_data
        return [
            Verdict(row["pk"], given[f"{row['pk']}-version"], chosen == ELIGIBLE, given[f"{row['pk']}-reason"])
            for row in self.people
            if (chosen := given[f"{row['pk']}-verdict"])
        ]

    def put_errors(self, problems: dict[int, dict[str, list[str]]]) -> None:
        """Each sentence beside its row, with the name in front: the summary stands far from the table."""
        names = {row["pk"]: row["name"] for row in self.people}
        for pk, found in problems.items():
            for name, sentences in found.items():
                self.add_error(f"{pk}-{name or 'verdict'}", [f"{names[pk]}: {sentence}" for sentence in sentences])

    def now_at(self, versions: dict[int, int]) -> None:
        """Carry the current versions, so that sending once more is a conscious choice."""
        self.data = self.data.copy()
        for pk, version in versions.items():
            self.data[f"{pk}-version"] = str(version)


class ChangeForm(VersionedForm):
    """What to do with one participant, among what is possible now."""

    def __init__(self, *args, moves: list[Move], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["move"] = forms.ChoiceField(
            label="Thay đổi",
            choices=[(move.value, MOVES[move].label) for move in moves],
            widget=forms.RadioSelect,
            initial=moves[0].value if len(moves) == 1 else None,
            error_messages={"required": "Chọn thay đổi.", "invalid_choice": PICK},
        )
        asking = [MOVES[move].label for move in moves if MOVES[move].asks_reason]
        hint = f"Ít nhất {SHORTEST_REASON} ký tự"
        if len(asking) < len(moves):
            hint += f"; cần khi chọn {', '.join(asking)}" if asking else "; không bắt buộc"
        self.fields["reason"] = CleanTextFormField(
            label="Lý do",
            required=False,
            max_length=LONGEST_REASON,
            help_text=hint,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields["reason"].says_optional = False  # which change asks for it, the hint says


class RosterForm(forms.Form):
    """The roster narrowed: words of the name, a part of the class, the order."""

    PARTS: dict[str, tuple[str, dict]] = {
        "": ("Tất cả", {}),
        "cho-xet": ("Chờ xét", {"state": State.NOMINATED}),
        "khong-du": ("Không đủ điều kiện", {"state": State.REFUSED}),
        "cho-cho": ("Chờ chỗ", {"state": State.WAITING}),
        "dang-hoc": ("Đang học", {"state": State.ENROLLED}),
        "dat": ("Đạt", {"is_passed": True}),
        "khong-dat": ("Không đạt", {"is_passed": False}),
        "bo-hoc": ("Bỏ học", {"state": State.DROPPED}),
        "da-rut": ("Đã rút", {"state": State.WITHDRAWN}),
    }
    ORDERS = [("", "Tên"), ("don-vi", "Đơn vị"), ("cu", "Lúc được cử")]

    q = CleanCharFormField(label="Tìm họ tên", max_length=120, required=False, widget=forms.SearchInput)
    muc = forms.ChoiceField(
        required=False, choices=[(key, words) for key, (words, _) in PARTS.items()], widget=forms.HiddenInput,
        error_messages={"invalid_choice": PICK},
    )  # fmt: skip
    xep = forms.ChoiceField(label="Xếp theo", required=False, choices=ORDERS, error_messages={"invalid_choice": PICK})

    def __init__(self, data, *, is_called_off: bool = False):
        super().__init__(data)
        self.is_called_off = is_called_off  # then everybody was withdrawn, and is shown

    def narrowed(self, rows):
        """Rows of for_class_list, without those who withdrew unless they are asked for."""
        if not self.is_valid():
            return rows.none()
        given = self.cleaned_data
        rows = rows.filter(**self.PARTS[given["muc"]][1])
        if not given["muc"] and not self.is_called_off:
            rows = rows.exclude(state=State.WITHDRAWN)
        for word in search_key(given["q"]).split():
            typed = rows.filter(candidate=None).values_list("pk", "participant_name")
            named = [pk for pk, name in typed if word in search_key(name)]
            rows = rows.filter(Q(candidate__search_key__contains=word) | Q(pk__in=named))
        if given["xep"] == "don-vi":
            return rows.order_by(
                "unit__grassroots__kind", "unit__grassroots__order", "unit__order", "candidate__sort_key"
            )
        if given["xep"] == "cu" or given["muc"] == "cho-cho":
            return rows.order_by("nominated_at", "pk")
        return rows
