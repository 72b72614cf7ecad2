"""A person's record as a form: to enter, to edit; introducers and helpers."""

import re
import secrets

from django import forms

from candidates import citizen_number
from candidates.choices import (
    ETHNIC_GROUPS,
    Education,
    Occupation,
    PoliticalTheory,
    PriorityGroup,
    Qualification,
    Religion,
    Sex,
    SpecialCase,
)
from candidates.forms.steps import PICK, STALE, VersionedForm
from candidates.forms.units import unit_choices, units_for
from candidates.models import Candidate
from candidates.record_checks import birth_problem, past_problem
from organizations.permissions import Body, Permission
from vuthu_recruit import clock
from vuthu_recruit.dates import PartialDate, show_day
from vuthu_recruit.fields import CleanCharFormField, DayField, PartialDateFormField

NOT_IN_NAMES = re.compile(r"[^\w\s'’.,()\-]|_")
PHONE = re.compile(r"0\d{9,10}", re.ASCII)
COMPANIONS = (("introducer", "Người giới thiệu"), ("helper", "Người giúp đỡ"))
COMPANION = ("full_name", "position", "from_on", "to_on")
OF_INTRODUCERS = ("together_since", "is_replacement")
LEVELS = (("unit", "Cấp xã, đơn vị cơ sở"), ("district", "Cấp huyện"))
GROUPS = (
    ("Người", ("full_name", "sex", "birth", "identity_number", "home_town", "residence", "phone")),
    ("Nghề nghiệp, học vấn", ("occupation", "job", "workplace", "education", "qualification", "political_theory")),
    (
        "Đoàn thể, đối tượng ưu tiên",
        ("is_youth_union_member", "youth_union_joined", "is_trade_union_member", "priority_groups"),
    ),
    ("Lý lịch", ("ethnicity", "religion", "background_checked_on", "background_document", "special_cases")),
    ("Tổ chức giới thiệu", ("introduced_by_body", "introduced_level", "introduced_on")),
    ("Thông báo, căn cứ xử lý dữ liệu", ("informed_on", "legal_basis")),
)


def too_long(length: int) -> dict:
    return {"max_length": f"Nhiều nhất {length} ký tự."}


def check_plain(value: str) -> None:
    """Text of a record is no markup and no formula of a workbook."""
    if re.search(r"[<>]", value) or value[:1] in ("=", "+", "@", "|"):
        raise forms.ValidationError("Ô này không nhận các ký tự < > và không bắt đầu bằng = + @ |.")


def check_name(value: str) -> None:
    """A name is letters: kept as typed, but neither a formula nor markup nor a number."""
    if NOT_IN_NAMES.search(value) or not re.search(r"[^\W\d_]", value) or not value[:1].isalnum():
        raise forms.ValidationError("Họ và tên chỉ gồm chữ cái, dấu cách, dấu nháy, dấu chấm và dấu gạch nối.")


def text(label: str, length: int, *, required: bool = False, validators=(check_plain,), **values) -> forms.Field:
    field = CleanCharFormField(
        label=label,
        max_length=length,
        required=required,
        validators=validators,
        error_messages=too_long(length),
        **values,
    )
    field.widget.attrs["autocomplete"] = "off"
    return field


def choice(label: str, choices, *, required: bool = False, empty: str = "Chưa rõ", **values) -> forms.Field:
    options = [*choices] if required else [("", empty), *choices]
    return forms.ChoiceField(
        label=label, choices=options, required=required, error_messages={"invalid_choice": PICK}, **values
    )


def shown(field, value) -> str:
    """A value of a field of the record in words."""
    if value in (None, "", [], False):
        return ""
    if value is True:
        return "Có"
    if isinstance(value, list):
        return "; ".join(str(label) for key, label in field.choices if key in value)
    if choices := getattr(field, "choices", None):
        flat = {}
        for key, label in choices:
            flat |= dict(label) if isinstance(label, list | tuple) else {key: label}
        return str(flat.get(value, value))
    if isinstance(value, PartialDate):
        return str(value)
    return show_day(value) if hasattr(value, "isoformat") else str(value)


class IdentityNumberField(forms.CharField):
    """Text of 9 or 12 digits: a leading zero is a digit like any other."""

    def __init__(self, **kwargs):
        hint = "12 chữ số, hoặc 9 chữ số của chứng minh nhân dân cũ"
        super().__init__(label="Số định danh cá nhân", required=False, max_length=40, help_text=hint, **kwargs)
        self.error_messages |= too_long(40)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value):
        number = citizen_number.clean_number(super().clean(value))
        if not number or citizen_number.is_whole(number):
            return number
        if not number.isascii() or not number.isdigit():
            raise forms.ValidationError("Số định danh chỉ gồm chữ số.")
        raise forms.ValidationError(f"Số định danh cần 12 chữ số (hoặc 9 chữ số); ở đây có {len(number)} chữ số.")


class PhoneField(forms.CharField):
    def __init__(self, **kwargs):
        super().__init__(label="Điện thoại", required=False, max_length=40, **kwargs)
        self.error_messages |= too_long(40)
        self.widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "maxlength": "40"})

    def clean(self, value):
        digits = citizen_number.clean_number(super().clean(value)).replace("(", "").replace(")", "")
        digits = re.sub(r"^(\+84|0084)", "0", digits)
        if digits and not PHONE.fullmatch(digits):
            raise forms.ValidationError("Số điện thoại cần 10 hoặc 11 chữ số, bắt đầu bằng số 0. Ví dụ: 0912 345 678")
        return digits


class IdentityForm(forms.Form):
    """Who it is: what every form that brings in a person asks."""

    full_name = text("Họ và tên", 120, required=True, validators=(check_name,), help_text="Ghi như trên giấy tờ")
    sex = forms.ChoiceField(
        label="Giới tính", choices=Sex.choices, widget=forms.RadioSelect, error_messages={"invalid_choice": PICK}
    )
    birth = PartialDateFormField(label="Ngày sinh", required=False)
    identity_number = IdentityNumberField()
    residence = text("Nơi ở hiện nay", 200)
    workplace = text("Nơi làm việc", 200)

    def clean_birth(self) -> PartialDate | None:
        birth = self.cleaned_data["birth"]
        if birth and (said := birth_problem(birth, clock.today())):
            raise forms.ValidationError(said)
        return birth

    def past(self, name: str) -> None:
        """A day of the record has come, and not before the birth."""
        day, birth = self.cleaned_data.get(name), self.cleaned_data.get("birth")
        if day and (said := past_problem(self.fields[name].label, day, birth, clock.today())):
            self.add_error(name, said)

    def put_errors(self, errors: dict[str, list[str]]) -> None:
        """What the action found, on its field where there is one."""
        for name, sentences in errors.items():
            self.add_error(name if name in self.fields else None, sentences)


class RecordForm(IdentityForm):
    """The full record, in groups."""

    home_town = text("Quê quán", 200, help_text="Xã, huyện, tỉnh")
    phone = PhoneField()
    ethnicity = choice("Dân tộc", [(name, name) for name in ETHNIC_GROUPS], required=True, initial="Kinh")
    religion = choice("Tôn giáo", Religion.choices, required=True, initial=Religion.NONE)
    special_cases = forms.MultipleChoiceField(
        label="Trường hợp đặc biệt",
        choices=SpecialCase.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": PICK},
        help_text="Có thể phải xin văn bản đồng ý. Chính sách dân số: Quy định 05-QĐ/TW ngày 28/8/2018",
    )
    education = choice("Học vấn phổ thông", Education.choices)
    qualification = choice("Trình độ chuyên môn", Qualification.choices)
    political_theory = choice("Lý luận chính trị", PoliticalTheory.choices)
    occupation = choice("Nghề nghiệp", Occupation.choices)
    job = text("Công việc, chức vụ", 120, help_text="Ví dụ: giáo viên mầm non; phó trưởng thôn")
    is_youth_union_member = forms.BooleanField(label="Là đoàn viên Đoàn Thanh niên", required=False)
    youth_union_joined = PartialDateFormField(label="Ngày vào Đoàn", required=False)
    is_trade_union_member = forms.BooleanField(label="Là đoàn viên công đoàn", required=False)
    priority_groups = forms.MultipleChoiceField(
        label="Đối tượng ưu tiên",
        choices=PriorityGroup.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": PICK},
        help_text="Theo kế hoạch 51-KH/HU; có thể chọn nhiều mục",
    )
    background_checked_on = DayField(
        label="Ngày kết luận thẩm tra lý lịch",
        required=False,
        help_text="Chỉ ghi ngày và số văn bản, không ghi nội dung",
    )
    background_document = text("Số văn bản thẩm tra", 60)
    introduced_by_body = choice("Tổ chức giới thiệu", Body.choices, empty="Không có")
    introduced_level = forms.ChoiceField(
        label="Cấp giới thiệu",
        choices=LEVELS,
        required=False,
        initial="unit",
        error_messages={"invalid_choice": PICK},
    )
    introduced_on = DayField(label="Ngày giới thiệu", required=False)
    informed_on = DayField(label="Ngày thông báo cho người này", required=False)
    legal_basis = text(
        "Căn cứ xử lý dữ liệu", 200, help_text="Ví dụ: người này đồng ý bằng văn bản; nhiệm vụ theo Điều lệ Đảng"
    )

    field_order = [name for _, names in GROUPS for name in names]

    @property
    def groups(self) -> list[dict]:
        return [{"legend": legend, "fields": [self[name] for name in names]} for legend, names in GROUPS]

    def clean(self):
        given = super().clean()
        for name in ("youth_union_joined", "background_checked_on", "introduced_on", "informed_on"):
            self.past(name)
        undated = given.get("background_document") and not given.get("background_checked_on")
        if undated and "background_checked_on" not in self.errors:
            self.add_error("background_checked_on", "Có số văn bản thẩm tra thì ghi cả ngày kết luận.")
        if given.get("introduced_on") and not given.get("introduced_by_body"):
            self.add_error("introduced_by_body", "Có ngày giới thiệu thì chọn tổ chức giới thiệu.")
        return given

    def values_for(self, unit, before: Candidate | None = None) -> dict:
        """The fields of the record, the introduction placed in the unit or the district above it."""
        given = self.cleaned_data
        values = {name: given[name] for _, names in GROUPS for name in names if name != "introduced_level"}
        values["introduced_at"] = self._introduced_at(unit, before) if given["introduced_by_body"] else None
        return values

    def _introduced_at(self, unit, before: Candidate | None):
        level = self.cleaned_data["introduced_level"] or "unit"
        if before and before.introduced_at and level == level_of(before.introduced_at):
            return before.introduced_at
        grassroots = unit.grassroots or unit
        return grassroots.parent if level == "district" else grassroots


def level_of(organization) -> str:
    return "unit" if organization.is_grassroots or organization.may_hold_people() else "district"


def sure_field() -> forms.BooleanField:
    return forms.BooleanField(label="Đã đối chiếu: đây là người khác", required=False)


class EnterForm(RecordForm):
    """A new person: also where, since when, with whom."""

    form_key = forms.RegexField(
        r"^[0-9a-f]{32}\Z", widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )
    not_a_duplicate = sure_field()

    def __init__(self, data=None, *, user, chosen: str = ""):
        super().__init__(data, initial={"form_key": secrets.token_hex(16)})
        self.units = {unit.slug: unit for unit in units_for(user, Permission.CANDIDATE_EDIT)}
        only = len(self.units) == 1
        options = unit_choices(list(self.units.values()))
        self.fields["unit"] = forms.ChoiceField(
            label="Đơn vị",
            choices=options if only else [("", "Chọn đơn vị"), *options],
            initial=next(iter(self.units), "") if only else chosen,
            error_messages={"invalid_choice": PICK},
            help_text="Chi bộ nơi người này sinh hoạt, công tác" + self._no_branch_yet(),
        )
        self.fields["entered_on"] = DayField(label="Ngày đưa vào nguồn", initial=clock.today())
        for kind, label in COMPANIONS:
            for number in (1, 2):
                self._ask_companion(f"{kind}_{number}", f"{label} {number}")

    def _no_branch_yet(self) -> str:
        """Said only to whom the choice is offered: a branch officer has none."""
        offered = any(not unit.may_hold_people() for unit in self.units.values())
        return "; chưa rõ chi bộ thì chọn “Chưa phân chi bộ”" if offered else ""

    def _ask_companion(self, prefix: str, label: str) -> None:
        self.fields[f"{prefix}_name"] = text(label, 120, validators=(check_name,))
        self.fields[f"{prefix}_position"] = text("Chức vụ, chi bộ", 200)
        self.fields[f"{prefix}_from"] = DayField(label="Từ ngày", required=False)
        self.fields[f"{prefix}_from"].help_text = ""  # said once, above the rows

    @property
    def place(self) -> list:
        return [self["unit"], self["entered_on"]]

    @property
    def companions(self) -> list[dict]:
        return [
            {
                "name": self[f"{kind}_{n}_name"],
                "position": self[f"{kind}_{n}_position"],
                "from": self[f"{kind}_{n}_from"],
            }
            for kind, _ in COMPANIONS
            for n in (1, 2)
        ]

    def clean(self):
        given = super().clean()
        self.past("entered_on")
        for kind, label in COMPANIONS:
            for prefix in (f"{kind}_1", f"{kind}_2"):
                self.past(f"{prefix}_from")
                rest = given.get(f"{prefix}_position") or given.get(f"{prefix}_from")
                if rest and not given.get(f"{prefix}_name") and f"{prefix}_name" not in self.errors:
                    self.add_error(f"{prefix}_name", f"Chưa nhập họ tên {label.lower()}.")
        return given

    @property
    def unit(self):
        return self.units[self.cleaned_data["unit"]]

    def people(self, kind: str) -> list[dict]:
        """Introducers or helpers typed, as rows of the record."""
        given = self.cleaned_data
        return [
            {
                "full_name": given[f"{kind}_{n}_name"],
                "position": given[f"{kind}_{n}_position"],
                "from_on": given[f"{kind}_{n}_from"] or given["entered_on"],
            }
            for n in (1, 2)
            if given[f"{kind}_{n}_name"]
        ]


class EditForm(VersionedForm, RecordForm):
    """The record of a person who is known."""

    not_a_duplicate = sure_field()

    def __init__(self, data=None, *, candidate: Candidate):
        values = {name: getattr(candidate, name, None) for name in RecordForm.base_fields}
        values["introduced_level"] = level_of(candidate.introduced_at) if candidate.introduced_at else "unit"
        super().__init__(data, initial=values | {"version": candidate.version})


class CompanionForm(VersionedForm):
    """An introducer or helper: from when, until when."""

    kind = forms.ChoiceField(
        label="Vai trò", choices=COMPANIONS, widget=forms.RadioSelect, error_messages={"invalid_choice": PICK}
    )
    full_name = text("Họ và tên", 120, required=True, validators=(check_name,))
    position = text("Chức vụ, chi bộ", 200)
    from_on = DayField(label="Từ ngày")
    to_on = DayField(label="Đến trước ngày", required=False, help_text="Để trống khi còn đang làm. Ví dụ: 27/3/2024")
    together_since = PartialDateFormField(
        label="Cùng công tác, cư trú từ",
        required=False,
        help_text="Chỉ ghi cho người giới thiệu. Ví dụ: 27/3/2022; nếu chỉ biết tháng hoặc năm: 3/2022, 2022",
    )
    is_replacement = forms.BooleanField(
        label="Thay người giới thiệu trước (chuyển đi, qua đời hoặc bị kỷ luật)",
        required=False,
        help_text="Không hỏi thời gian cùng công tác",
    )

    def __init__(self, data=None, *, candidate: Candidate, row=None, kind: str = ""):
        names = COMPANION + OF_INTRODUCERS * (kind == "introducer")
        initial = {name: getattr(row, name) for name in names} if row else {"from_on": clock.today()}
        super().__init__(data, initial=initial | {"version": candidate.version, "kind": kind or None})
        self.kind_of_row = kind if row else ""
        if row:
            del self.fields["kind"]
        if self.kind_of_row == "helper":
            for name in OF_INTRODUCERS:
                del self.fields[name]

    def clean(self):
        given = super().clean()
        since, until, today = given.get("from_on"), given.get("to_on"), clock.today()
        if since and since > today:
            self.add_error("from_on", f"Ngày {show_day(since)} chưa đến.")
        if until and until > today:
            self.add_error("to_on", f"Ngày {show_day(until)} chưa đến.")
        if since and until and until <= since:
            self.add_error("to_on", "Ngày kết thúc phải sau ngày bắt đầu.")
        self._check_together(given, today)
        return given

    def _check_together(self, given: dict, today) -> None:
        since = given.get("together_since")
        if since and since.first > today:
            self.add_error("together_since", f"{self.fields['together_since'].label} {since}: chưa đến.")
        if given.get("kind") == "helper" and (since or given.get("is_replacement")):
            name = "together_since" if since else "is_replacement"
            self.add_error(name, "Mục này chỉ ghi cho người giới thiệu.")

    @property
    def values(self) -> dict:
        introduces = (self.kind_of_row or self.cleaned_data.get("kind")) == "introducer"
        return {name: self.cleaned_data[name] for name in COMPANION + OF_INTRODUCERS * introduces}
