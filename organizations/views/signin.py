"""Signing in, signing out, changing one's own password."""

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from organizations.actions import passwords
from organizations.forms.signin import PasswordChangeForm, SignInForm
from organizations.signin import client_address, safe_next
from vuthu_recruit.web import sent

HOME = "home"


@sensitive_post_parameters("password")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def login(request):
    """Whatever is wrong, the page, the sentence and the work behind it are the same."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(safe_next(request) or HOME)
        return _login_page(request, SignInForm(request=request))
    form = SignInForm(request.POST, request=request)
    if not form.is_valid():
        return _login_page(request, form, status=422)
    if form.user.must_change_password and not passwords.use_first_password(user=form.user):
        form.refuse()  # of two who sign in at once with one first password, the other was first
        return _login_page(request, form, status=422)
    request.session.flush()  # a new session, even for who was signed in already
    auth.login(request, form.user)
    now = timezone.now().timestamp()
    request.session.update(
        {
            "started": now,
            "seen": now,
            "ip_address": client_address(request),
            "user_agent": request.headers.get("User-Agent", "")[:200],
        }
    )
    if form.user.must_change_password:
        return redirect("password_change")
    return redirect(safe_next(request) or HOME)


def _login_page(request, form, status: int = 200):
    context = {"form": form, "next": safe_next(request)}
    return render(request, "registration/login.html", context, status=status)


@login_not_required
@require_POST
def logout(request):
    """The session's row is deleted: going back shows the sign-in page."""
    auth.logout(request)
    return redirect("login")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request):
    user = request.user
    is_first = user.must_change_password
    form = PasswordChangeForm(sent(request), user=user)
    if request.method == "POST" and form.is_valid():
        passwords.change_password(user=user, password=form.cleaned_data["new_password"], by=user)
        auth.update_session_auth_hash(request, user)
        passwords.end_sessions(user=user, but=request.session.session_key)
        clock = timezone.localtime().strftime("%H:%M")
        messages.success(
            request, f"Đã đổi mật khẩu của {user.full_name} lúc {clock}. Các phiên đăng nhập khác đã kết thúc."
        )
        return redirect(HOME)
    status = 422 if form.is_bound else 200
    return render(request, "registration/password_change.html", {"form": form, "is_first": is_first}, status=status)
