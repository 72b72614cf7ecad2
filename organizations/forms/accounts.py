"""Forms of accounts, of roles given and ended, of what waits for a second person."""

import re
import secrets

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from organizations.actions.assignments import SHORTEST_REASON, Post, heads
from organizations.models import Organization, Proposal
from organizations.models.organization import Kind
from organizations.permissions import READS_PEOPLE, ROLES, Body, Permission, Role
from vuthu_recruit import clock, dates
from vuthu_recruit.fields import CleanCharFormField, CleanTextFormField, DayField

PICK = {
    "invalid_choice": "Hãy chọn một mục trong danh sách.",
    "invalid_pk_value": "Hãy chọn một mục trong danh sách.",
}
STALE = "Trang đã cũ. Hãy mở lại trang rồi nhập lại."
USERNAME = RegexValidator(
    re.compile(r"^[a-z0-9][a-z0-9._-]{2,59}\Z"),
    "Tên đăng nhập cần ít nhất 3 ký tự, chỉ gồm chữ thường không dấu, chữ số, dấu chấm, gạch nối, gạch dưới.",
)
PHONE = RegexValidator(
    re.compile(r"^[0-9 .+()-]{8,20}\Z"), "Điện thoại chỉ gồm chữ số và dấu cách, ví dụ: 0912 345 678."
)


def put_errors(form: forms.Form, error: ValidationError) -> None:
    """What an action refuses, on the field it is about when the form has it."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)


def reason_field(label: str = "Lý do", **kwargs) -> forms.Field:
    kwargs.setdefault("help_text", f"Ít nhất {SHORTEST_REASON} ký tự; người khác sẽ đọc.")
    return CleanTextFormField(
        label=label,
        max_length=500,
        min_length=SHORTEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"min_length": f"{label} cần ít nhất {SHORTEST_REASON} ký tự."},
        **kwargs,
    )


class VersionForm(forms.Form):
    """Carries the version of the row as it was read."""

    version = forms.IntegerField(
        min_value=1,
        max_value=2**31,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), STALE),
    )

    def now_at(self, version: int) -> None:
        """After a conflict the second press is a conscious choice."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class AccountFields(forms.Form):
    full_name = CleanCharFormField(label="Họ và tên", max_length=120)
    position = CleanCharFormField(label="Chức vụ", max_length=120, required=False)
    phone = CleanCharFormField(label="Điện thoại", max_length=20, required=False, validators=[PHONE])
    email = forms.EmailField(label="Thư điện tử", max_length=254, required=False)

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("full_name", "position", "phone", "email")}


class CreateAccountForm(AccountFields):
    username = CleanCharFormField(
        label="Tên đăng nhập",
        max_length=60,
        help_text="Ví dụ: nguyenvana. Không đổi được về sau.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ["username"]

    def clean_username(self):
        username = self.cleaned_data["username"].lower()
        USERNAME(username)
        return username


class EditAccountForm(VersionForm, AccountFields):
    pass


class ReasonForm(VersionForm):
    reason = reason_field()


class AccountFilterForm(forms.Form):
    """Search and filters of the list, read from the address."""

    STATES = (("active", "Đang hoạt động"), ("off", "Đang bị khóa"), ("waiting", "Chưa có vai trò nào"))
    SORTS = ("name", "-name", "username", "-username", "seen", "-seen")

    q = CleanCharFormField(label="Tìm tên hoặc tên đăng nhập", max_length=120, required=False, widget=forms.SearchInput)
    role = forms.ChoiceField(
        label="Vai trò", choices=[("", "Tất cả vai trò"), *Role.choices], required=False, error_messages=PICK
    )
    state = forms.ChoiceField(
        label="Tình trạng", choices=[("", "Tất cả"), *STATES], required=False, error_messages=PICK
    )

    @property
    def sort(self) -> str:
        chosen = self.data.get("sort", "")
        return chosen if chosen in self.SORTS else "name"

    @property
    def chips(self) -> list[dict]:
        if not self.is_valid():
            return []
        found = []
        for name in ("role", "state"):
            if value := self.cleaned_data[name]:
                label = dict(self.fields[name].choices)[value]
                found.append({"name": name, "value": value, "label": f"{self.fields[name].label}: {label}"})
        return found

    @property
    def words(self) -> str:
        """The filter as a file says it."""
        typed = self.cleaned_data["q"]
        parts = [f"tên có “{typed}”"] if typed else []
        return "; ".join([*parts, *(chip["label"] for chip in self.chips)]) or "không lọc"


class RoleForm(forms.Form):
    """First question of an assignment: which role. The second form depends on the answer."""

    role = forms.ChoiceField(
        label="Vai trò", widget=forms.RadioSelect, error_messages=PICK | {"required": "Hãy chọn một vai trò."}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, f"{role.label}: {ROLES[role].description}") for role in Role]


class PlaceField(forms.ModelChoiceField):
    """Organizations where the role is given, in administrative order, a branch with its unit."""

    def label_from_instance(self, row):
        return (
            f"{row.grassroots.short_name} – {row.short_name}" if row.kind in (Kind.BRANCH, Kind.SECTION) else row.name
        )


class AssignForm(forms.Form):
    """Where, from when, and what the role needs besides."""

    organization = PlaceField(
        label="Tại", queryset=Organization.objects.none(), empty_label="Chọn đơn vị", error_messages=PICK
    )
    body = forms.ChoiceField(label="Tổ chức", choices=[("", "Chọn tổ chức"), *Body.choices], error_messages=PICK)
    starts_on = DayField(label="Từ ngày")
    is_head = forms.BooleanField(
        label="Là người đứng đầu Ban Tổ chức", required=False, help_text="Mỗi lúc chỉ có một người."
    )
    replaces_head = forms.BooleanField(label="Thay người đứng đầu hiện nay", required=False)
    reason = reason_field("Căn cứ, lý do")
    form_key = forms.CharField(max_length=64, widget=forms.HiddenInput, error_messages={"required": STALE})

    def __init__(self, *args, user, role: Role, **kwargs):
        initial = {"starts_on": dates.show_day(clock.today()), "form_key": secrets.token_urlsafe(16)}
        super().__init__(*args, initial=initial, **kwargs)
        self.role = role
        rows = Organization.objects.visible_to(user, needs=Permission.ACCOUNT_EDIT).open_on(clock.today())
        field = self.fields["organization"]
        field.queryset = rows.filter(kind__in=ROLES[role].kinds).select_related("grassroots").order_by(
            "grassroots__kind", "grassroots__order", "grassroots__code", "kind", "order", "name", "pk"
        )  # fmt: skip
        if role != Role.MASS_ORGANIZATION:
            del self.fields["body"]
        if role != Role.ORGANIZATION_BOARD:
            del self.fields["is_head"], self.fields["replaces_head"]
        elif not heads().exists():
            del self.fields["replaces_head"]

    @property
    def needs_second_person(self) -> bool:
        return self.role in READS_PEOPLE

    @property
    def post(self) -> Post:
        given = self.cleaned_data
        return Post(
            role=self.role,
            organization=given["organization"],
            starts_on=given["starts_on"],
            body=given.get("body", ""),
            is_head=given.get("is_head", False),
            replaces_head=given.get("replaces_head", False),
        )


class EndForm(VersionForm):
    ends_on = DayField(label="Thôi giữ từ ngày", help_text="Từ ngày này vai trò không còn hiệu lực.")
    reason = reason_field()


class DecisionForm(VersionForm):
    """What the second person says: yes, no with a reason; or the requester takes it back."""

    CONFIRM, REFUSE, WITHDRAW = "confirm", "refuse", "withdraw"

    decision = forms.ChoiceField(
        choices=[(CONFIRM, "Xác nhận"), (REFUSE, "Không xác nhận"), (WITHDRAW, "Rút đề nghị")], error_messages=PICK
    )
    reason = reason_field(
        "Lý do không xác nhận",
        required=False,
        help_text=f"Chỉ khi không xác nhận; ít nhất {SHORTEST_REASON} ký tự, người đề nghị sẽ đọc.",
    )

    def clean(self):
        values = super().clean()
        if values.get("decision") == self.REFUSE and not values.get("reason") and "reason" not in self.errors:
            self.add_error("reason", f"Hãy ghi lý do không xác nhận, ít nhất {SHORTEST_REASON} ký tự.")
        if values.get("decision") != self.REFUSE:
            self.errors.pop("reason", None)
            values["reason"] = ""
        return values


class ProposalFilterForm(forms.Form):
    state = forms.ChoiceField(
        choices=[("", "Chờ xác nhận"), ("decided", "Đã giải quyết")], required=False, error_messages=PICK
    )
    kind = forms.ChoiceField(
        label="Việc", choices=[("", "Tất cả các việc"), *Proposal.Kind.choices], required=False, error_messages=PICK
    )

    @property
    def chips(self) -> list[dict]:
        if not self.is_valid() or not self.cleaned_data["kind"]:
            return []
        kind = self.cleaned_data["kind"]
        return [{"name": "kind", "value": kind, "label": f"Việc: {Proposal.Kind(kind).label}"}]

    @property
    def words(self) -> str:
        """The filter as a file says it."""
        tab = dict(self.fields["state"].choices)[self.cleaned_data["state"]]
        return "; ".join([tab, *(chip["label"] for chip in self.chips)])
