"""Error pages: Vietnamese words, a reference code that is also in the log, and nothing about the inside."""

import logging
import secrets

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template import loader

logger = logging.getLogger(__name__)

# When even the template fails: one sentence, no style, no template.
LAST_RESORT = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Trang bị lỗi – Kết nạp đảng viên</title>'
    "<h1>Trang bị lỗi</h1><p>Mở lại trang sau ít phút. Nếu vẫn lỗi, báo người hỗ trợ mã {reference}.</p></html>"
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _answer(request, 413, logging.WARNING, exception)
    return _answer(request, 400, logging.WARNING, exception)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, logging.WARNING, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, logging.WARNING, reason, is_stale=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same words for what does not exist and for what this person may not see."""
    return _answer(request, 404, logging.INFO, None)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500, logging.ERROR, None, exc_info=True)


def unavailable(request: HttpRequest) -> HttpResponse:
    """For who cannot serve just now: maintenance, a database that is busy."""
    response = _answer(request, 503, logging.ERROR, None, exc_info=True)
    response["Retry-After"] = "120"
    return response


def _answer(request, status: int, level: int, cause, *, exc_info: bool = False, **context) -> HttpResponse:
    reference = secrets.token_hex(4)
    # %r keeps a line break in an address from forging a line of the log. Never the query string: it names people.
    logger.log(level, "%s %s %s %r %s", reference, status, request.method, request.path, cause or "", exc_info=exc_info)

    # Without the request: context processors ask the database, which may be what failed.
    context |= {"reference": reference, "demo": settings.DEMO}
    try:
        content = loader.get_template(f"{status}.html").render(context)
    except Exception:
        logger.exception("%s the error page failed too", reference)
        content = LAST_RESORT.format(reference=reference)
    response = HttpResponse(content, status=status)
    response["Cache-Control"] = "no-store"
    return response
