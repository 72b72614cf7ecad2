"""What every view needs from HTTP: a page or its part, one page of a list, a file to download."""

import re
import unicodedata
from pathlib import PurePath
from typing import BinaryIO
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

KINDS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
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


def file_response(content: bytes | BinaryIO, filename: str) -> HttpResponseBase:
    """A file for the disk, never to be kept by a cache; its kind follows from its name. An open file is sent piece by
    piece, and closed at the end."""
    kind = KINDS.get(PurePath(filename).suffix, KINDS[".xlsx"])
    if isinstance(content, bytes):
        response = HttpResponse(content, content_type=kind)
    else:
        response = FileResponse(content, content_type=kind)
    response["Content-Disposition"] = _attachment(filename)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def workbook_response(content: bytes | BinaryIO, filename: str) -> HttpResponseBase:
    """An .xlsx that is no list of ours: a file given back to its sender. Lists go out by organizations.exports."""
    return file_response(content, filename)


def _attachment(filename: str) -> str:
    """RFC 6266: a plain name for old programs, the Vietnamese one for all others."""
    name = NOT_IN_A_FILE_NAME.sub("-", unicodedata.normalize("NFC", filename)).strip(". ") or "tep"
    letters = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    plain = letters.encode("ascii", "ignore").decode()
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
