"""Forms of signing in and of changing one's password."""

import secrets

from django import forms
from django.contrib.auth import authenticate, password_validation

from organizations.models.accounts import normal_password
from vuthu_recruit import vietnamese

# One sentence for an unknown name, a wrong password, a locked, disabled or expired account: it tells nothing.
FAILED = (
    "Không đăng nhập được. Kiểm tra tên đăng nhập và mật khẩu. Nhập sai 8 lần thì chờ 15 phút; "
    "nếu vẫn không được, gọi người quản trị hệ thống."
)
LONGEST = 200


def password_field(label: str, purpose: str, **kwargs) -> forms.CharField:
    attrs = {"autocomplete": purpose, "autocapitalize": "none", "spellcheck": "false"}
    widget = forms.PasswordInput(attrs=attrs)
    return forms.CharField(label=label, strip=False, max_length=LONGEST, widget=widget, **kwargs)


class SignInForm(forms.Form):
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = password_field("Mật khẩu", "current-password")

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.user = request, None

    def clean_username(self):
        return vietnamese.clean(self.cleaned_data["username"]).lower()

    def clean(self):
        values = super().clean()
        if "username" in values and "password" in values:
            # Normalised here too: the throttle hashes what it is given.
            password = normal_password(values["password"])
            self.user = authenticate(self.request, username=values["username"], password=password)
            if self.user is None:
                self.refuse()
        return values

    def refuse(self):
        self.add_error(None, FAILED)


class PasswordChangeForm(forms.Form):
    """The old password is asked unless it is a first password, which has just been typed and works no more."""

    old_password = password_field("Mật khẩu đang dùng", "current-password")
    new_password = password_field(
        "Mật khẩu mới",
        "new-password",
        help_text="Ít nhất 12 ký tự. Một câu dễ nhớ, có dấu và dấu cách, là tốt nhất.",
    )
    again = password_field("Nhập lại mật khẩu mới", "new-password")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if user.must_change_password:
            del self.fields["old_password"]

    def clean_old_password(self):
        old = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise forms.ValidationError("Mật khẩu đang dùng không đúng. Hãy nhập lại.")
        return old

    def clean_new_password(self):
        new = normal_password(self.cleaned_data["new_password"])
        password_validation.validate_password(new, self.user)
        if self.user.check_password(new):
            raise forms.ValidationError("Mật khẩu mới phải khác mật khẩu đang dùng.")
        return new

    def clean(self):
        values = super().clean()
        new, again = values.get("new_password"), values.get("again")
        if new and again and not secrets.compare_digest(new.encode(), normal_password(again).encode()):
            self.add_error("again", "Hai lần nhập không giống nhau. Hãy nhập lại.")
        return values
