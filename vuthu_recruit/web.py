"""What every view needs from HTTP: a page or its part, one page of a list, a file to download."""

import re
import unicodedata
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOT_IN_A_FILE_NAME = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|;%]+')


class IdsFirst(Paginator):
    """Sorts the ids of all rows and reads whole rows of one page alone, in one query. For wide rows of a long list."""

    def page(self, number) -> Page:
        first = (self.validate_number(number) - 1) * self.per_page
        ids = self.object_list.values("pk")[first : first + self.per_page]
        return self._get_page(self.object_list.filter(pk__in=ids), number, self)


def paginate(request: HttpRequest, rows, per_page: int = 25, paginator_class: type[Paginator] = Paginator) -> Page:
    """The page that ?page= asks for, or the nearest there is. Costs one count and one slice."""
    paginator = paginator_class(rows, per_page)
    try:
        number = int(request.GET.get("page", 1))
    except ValueError:
        number = 1
    return paginator.page(min(max(number, 1), paginator.num_pages))


def sent(request: HttpRequest):
    """What was sent, for a form: also when nothing was; None when nothing was asked of it yet."""
    return request.POST if request.method == "POST" else None


def workbook_response(content: bytes, filename: str) -> HttpResponse:
    """An .xlsx to save."""
    return _to_save(content, WORKBOOK, filename)


def word_response(content: bytes, filename: str) -> HttpResponse:
    """A .docx to save."""
    return _to_save(content, WORD, filename)


def _to_save(content: bytes, kind: str, filename: str) -> HttpResponse:
    """A file for the disk, never to be kept by a cache."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = _attachment(filename)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _attachment(filename: str) -> str:
    """RFC 6266: a plain name for old programs, the Vietnamese one for all others."""
    name = NOT_IN_A_FILE_NAME.sub("-", unicodedata.normalize("NFC", filename)).strip(". ") or "tep"
    letters = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    plain = letters.encode("ascii", "ignore").decode()
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
