"""One's own signed-in browsers: seen and ended."""

from django.contrib import auth, messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from organizations.actions import passwords, sessions
from organizations.views.accounts import now_words

OTHERS = "others"


@require_safe
def index(request):
    found = sessions.of(request.user, request.session.session_key)
    return render(request, "organizations/sessions.html", {"sessions": found, "has_others": len(found) > 1})


@require_POST
def end(request):
    """End one session by its handle, or all but this one. A handle of somebody else's is as one that never was."""
    wanted = request.POST.get("session", "")[:64]
    if wanted == OTHERS:
        ended = passwords.end_sessions(user=request.user, but=request.session.session_key)
        messages.success(request, f"Đã kết thúc {ended} phiên khác của {request.user.full_name} lúc {now_words()}.")
        return redirect("organizations:sessions")
    key = sessions.find(request.user, wanted)
    if key is None:
        raise Http404
    if key == request.session.session_key:
        auth.logout(request)
        return redirect("login")
    passwords.end_session(user=request.user, key=key)
    messages.success(request, f"Đã kết thúc một phiên của {request.user.full_name} lúc {now_words()}.")
    return redirect("organizations:sessions")
