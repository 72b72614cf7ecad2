"""Signing in: throttled by person, the same answer and the same work whatever is wrong, single-use first passwords."""

import ipaddress
from datetime import timedelta

from axes.backends import AxesStandaloneBackend
from axes.exceptions import AxesBackendPermissionDenied
from axes.models import AccessFailureLog
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

HOUR = timedelta(hours=1)


class ThrottledBackend(AxesStandaloneBackend):
    """Refuses a locked person; hashes once all the same, so that the time taken tells nothing."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        try:
            super().authenticate(request, username=username, password=password, **kwargs)
            if failures_of(username) >= settings.SIGNIN_FAILURES_PER_NAME:
                request.axes_locked_out = True
                raise AxesBackendPermissionDenied("too many failures of this name, from all addresses")
        except AxesBackendPermissionDenied:
            make_password(password)
            raise


class FirstPasswordBackend(ModelBackend):
    """Checks the password once for everybody; a first password works once and within its 72 hours."""

    def user_can_authenticate(self, user):
        if not super().user_can_authenticate(user):
            return False
        if not user.must_change_password:
            return True
        expired = user.first_password_expires_at and user.first_password_expires_at <= timezone.now()
        return not expired and user.first_password_used_at is None

    def get_user(self, user_id):
        """The signed-in user for this request; a disabled one is nobody from the next request on."""
        user = self._get(user_id)
        return user if user and user.is_active else None

    def _get(self, user_id):
        from organizations.models import User

        return User.objects.filter(pk=user_id).first()

    # Rights live in assignments (organizations.scope), never in Django's permission tables.
    def _get_permissions(self, user_obj, obj, from_name):
        return set()


class MinimumLength(MinimumLengthValidator):
    """Django's rule; its refusal is not translated into Vietnamese."""

    def get_error_message(self):
        return f"Mật khẩu quá ngắn: cần ít nhất {self.min_length} ký tự."


def locked(request, response, credentials):
    """Answer a locked person exactly as any failed sign-in: with the page the view has made already."""
    return response


def failures_of(username: str | None) -> int:
    """Failed sign-ins under this name within the hour, from any address. One query."""
    return AccessFailureLog.objects.filter(username=username, attempt_time__gt=timezone.now() - HOUR).count()


def signin_alarm() -> int | None:
    """How many sign-ins failed within the hour, when that is too many to be forgetfulness; else None. One query."""
    failures = AccessFailureLog.objects.filter(attempt_time__gt=timezone.now() - HOUR).count()
    return failures if failures > settings.SIGNIN_FAILURES_ALARM else None


def client_address(request) -> str | None:
    """Where the request comes from. X-Forwarded-For counts only as far as our own proxies (PROXY_COUNT) wrote it."""
    address = request.META.get("REMOTE_ADDR") or ""
    if settings.PROXY_COUNT:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= settings.PROXY_COUNT:
            address = hops[-settings.PROXY_COUNT]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def safe_next(request) -> str:
    """Where to go after signing in: a path of this host, or nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else ""


def first_password_deadline():
    return timezone.now() + settings.FIRST_PASSWORD_LIFETIME
