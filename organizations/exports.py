"""The one way out for every list and paper: asks the password where it must, logs, hands over the file.

Who may take what is the caller's question: rows arrive here in scope already. A marked file given back to its sender
is no list and does not come here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from organizations.actions.exports import PasswordNeeded, Taken, record_export
from organizations.forms.exports import PasswordForm, ReasonForm
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import stands_at
from vuthu_recruit import clock
from vuthu_recruit.web import file_response

METHODS = ["GET", "HEAD", "POST"]  # POST brings what no address may: the password, the reason, the wish for numbers
WITH_NUMBERS = "so_dinh_danh"  # the tick of a form
CONFIRMED = "export_confirmed_at"  # in the session
LONGEST_QUERY = 4_000


@dataclass(frozen=True)
class Leaving:
    """A file about to leave.

    `name`: of the list, in words. `count`: its rows. `of_people`: whether they are people, who count towards the day's
    limit. `rights`: which of the reader's rights lets it out. `back`: the page it belongs to; none: the one above the
    address, with the same filter.
    """

    name: str
    filename: str
    count: int
    filter_words: str = ""
    of_people: bool = True
    with_numbers: bool = False
    rights: tuple[Permission, ...] = (Permission.EXPORT,)
    back: str = ""

    @classmethod
    def listed(cls, name: str, count: int, filter_words: str, **options) -> Self:
        """A list as its page shows it today, in a workbook of its name."""
        return cls(name, f"{name} {clock.today():%d-%m-%Y}.xlsx", count, filter_words, **options)


def asks_numbers(request: HttpRequest) -> bool:
    """Whether full identity numbers are asked for; only the body of a request can."""
    return request.method == "POST" and WITH_NUMBERS in request.POST


def back_to(request: HttpRequest, page: str, *args) -> HttpResponseBase:
    """To the page of a list whose filter is wrong: it says what is. A filter longer than any address is let go."""
    query, address = request.GET.urlencode(), reverse(page, args=args)
    return redirect(f"{address}?{query}" if len(query) < LONGEST_QUERY else address)


def take_out(request: HttpRequest, leaving: Leaving, build: Callable[[], bytes | BinaryIO]) -> HttpResponseBase:
    """Log and answer the file; or the page that asks for the password first, with 200: it refuses nothing (403 would
    mean that the right is missing), it goes on by POST to the same address. What is wrong there comes back with 422.

    The log is written before the file is built, so what is built is never unlogged. HEAD builds and logs nothing.
    """
    unit = stands_at(request.user, *leaving.rights)
    if unit is None:
        raise PermissionDenied
    if request.method == "HEAD":
        return file_response(b"", leaving.filename)
    reason = ReasonForm(request.POST) if leaving.with_numbers else None
    password = PasswordForm(request.POST if "password" in request.POST else None, request=request)
    wrong = [form for form in (reason, password) if form and form.is_bound and not form.is_valid()]
    if password.is_bound and password.is_valid():
        request.session[CONFIRMED] = timezone.now().timestamp()
    forms = {"reason": reason, "password": password}
    if wrong:
        return _ask(request, leaving, forms, status=422)
    try:
        _record(request, leaving, unit, reason)
    except PasswordNeeded as needed:
        return _ask(request, leaving, forms, before=needed.before)
    return file_response(build(), leaving.filename)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the password was given for files within the last quarter of an hour, in this session."""
    at = request.session.get(CONFIRMED, 0)
    return 0 <= timezone.now().timestamp() - at < settings.EXPORT_PASSWORD_HOLDS.total_seconds()


def _record(request, leaving: Leaving, unit: Organization, reason: ReasonForm | None) -> None:
    taken = Taken(
        name=leaving.name,
        filter_words=leaving.filter_words,
        rows=leaving.count,
        people=leaving.count if leaving.of_people else 0,
        address=request.get_full_path(),
        with_numbers=leaving.with_numbers,
        reason=reason.cleaned_data["ly_do"] if reason else "",
    )
    record_export(taken=taken, unit=unit, is_confirmed=is_confirmed(request), by=request.user)


def _ask(request, leaving: Leaving, forms: dict, *, before: int | None = None, status: int = 200) -> HttpResponse:
    query = request.GET.urlencode()
    above = request.path.rstrip("/").rpartition("/")[0]
    context = forms | {
        "leaving": leaving,
        "before": before,
        "limit": settings.EXPORT_PEOPLE_UNASKED,
        "asks_password": not is_confirmed(request),
        "back": leaving.back or f"{above}/{'?' if query else ''}{query}",
        "with_numbers": WITH_NUMBERS,
    }
    return render(request, "organizations/take_out.html", context, status=status)
