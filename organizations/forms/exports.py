"""What is asked before a file leaves, and the filter of the log of files."""

from django import forms
from django.contrib.auth import authenticate

from organizations.forms.changes import NOT_OFFERED, LogFilterForm
from organizations.forms.signin import password_field
from organizations.models import Export, User
from organizations.models.accounts import normal_password
from organizations.permissions import Permission
from vuthu_recruit.fields import CleanCharFormField

REASON_HINT = "Ít nhất 10 ký tự, ghi bằng chữ: dùng vào việc gì, theo văn bản nào. Ban Tổ chức đọc được."
WRONG = "Mật khẩu không đúng. Hãy nhập lại mật khẩu bạn dùng để đăng nhập. Nhập sai 8 lần thì chờ 15 phút."


class ReasonForm(forms.Form):
    """Why full identity numbers leave. Comes in the body of a request, never in an address."""

    ly_do = CleanCharFormField(label="Lý do cần số định danh đầy đủ", max_length=300, help_text=REASON_HINT)

    def clean_ly_do(self):
        reason = self.cleaned_data["ly_do"]
        if len(reason) < 10 or not any(letter.isalpha() for letter in reason):
            raise forms.ValidationError("Lý do cần ít nhất 10 ký tự, ghi bằng chữ.")
        return reason


class PasswordForm(forms.Form):
    """The own password once more, throttled as signing in is."""

    password = password_field("Mật khẩu của bạn", "current-password")

    def __init__(self, data, *, request):
        super().__init__(data)
        self.request = request

    def clean_password(self):
        password = normal_password(self.cleaned_data["password"])
        own = self.request.user
        found = authenticate(self.request, username=own.get_username(), password=password)
        if found is None or found.pk != own.pk:
            raise forms.ValidationError(WRONG)
        return password


class ExportFilterForm(LogFilterForm):
    """Costs one query: the people who took something away."""

    person = forms.ModelChoiceField(
        User.objects.none(), label="Người xuất", empty_label="Tất cả", required=False, error_messages=NOT_OFFERED
    )
    numbers = forms.ChoiceField(
        label="Số định danh",
        choices=[("", "Tất cả"), ("yes", "Chỉ tệp có số đầy đủ")],
        required=False,
        error_messages=NOT_OFFERED,
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        exports = Export.objects.visible_to(user, needs=Permission.CHANGES_VIEW)
        people = User.objects.filter(pk__in=exports.order_by().values("by"))
        self.fields["person"].queryset = people.order_by("full_name", "pk")

    def rows(self, exports):
        """Those asked for, newest first; none while a filter is wrong."""
        if not self.is_valid():
            return exports.none()
        given = self.cleaned_data
        if given["person"]:
            exports = exports.filter(by=given["person"])
        if given["numbers"]:
            exports = exports.filter(with_numbers=True)
        return self.within_days(exports).order_by("-pk")
