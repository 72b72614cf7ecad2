"""What every request carries: its id and address for the history, session limits, no caching of people."""

import secrets
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from organizations import changes
from organizations.models import Change
from organizations.permissions import Role
from organizations.scope import scope_of
from organizations.signin import client_address

UTF_8 = {"utf-8", "utf8"}
ALWAYS_OPEN = {"password_change", "logout", "login", "help", "healthz", "readyz"}


class SignedInMiddleware:
    """Ends idle and day-old sessions, holds first passwords to their page, and names the source of changes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.content_params.get("charset", "utf-8").lower() not in UTF_8:
            raise BadRequest("forms come in UTF-8")  # other codecs make text that cannot be written, or no text
        request.id = secrets.token_hex(8)
        response = self._limits(request) if request.user.is_authenticated else None
        if response is None:
            with changes.coming_from(Change.Via.FORM, address=client_address(request), request_id=request.id):
                response = self.get_response(request)
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(self, request, view, args, kwargs):
        """A first password opens one page only: the one that replaces it."""
        user = request.user
        held = user.is_authenticated and user.must_change_password
        if held and request.resolver_match.view_name not in ALWAYS_OPEN:
            return redirect("password_change")
        return None

    def _limits(self, request):
        now = timezone.now().timestamp()
        session = request.session
        started, seen = session.get("started"), session.get("seen")
        if started is None:
            session["started"], session["seen"] = now, now
            return None
        too_old = now - started > settings.SESSION_COOKIE_AGE
        idle = now - seen > self._idle_limit(request.user).total_seconds()
        if too_old or idle:
            logout(request)
            return redirect(f"{reverse('login')}?{urlencode(_back_to(request))}")
        if now - seen > 60:  # a minute's precision saves a write on most requests
            session["seen"] = now
        return None

    def _idle_limit(self, user) -> timedelta:
        if user.must_change_password:
            return settings.SESSION_IDLE_BOARD
        board = any(
            assignment.role in (Role.ORGANIZATION_BOARD, Role.SYSTEM_ADMIN) for assignment in scope_of(user).assignments
        )
        return settings.SESSION_IDLE_BOARD if board else settings.SESSION_IDLE


def _back_to(request) -> dict:
    """Where signing in again leads: the page that was asked for; what was being sent cannot be repeated."""
    target = {"het-phien": 1}
    if request.method in ("GET", "HEAD") and request.path != reverse("login"):
        target["next"] = request.get_full_path()
    return target
