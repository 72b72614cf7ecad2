"""Text that is safe in a cell, in the name of a sheet and in the line above or below a page."""

import re
import unicodedata
from collections.abc import Iterable

MAX_TEXT = 32_767  # UTF-16 units in one cell

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
NEWLINE = re.compile("\r\n?|[\x85\u2028\u2029]")
GUARD = "'"


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet could run this text, now or once the sheet has been saved as CSV and opened again.

    Looks at the first character that shows, past spaces and invisible ones (BOM, zero width), in any width:
    NFKC makes ＝ ﹦ into =, and − (U+2212) is what LibreOffice also reads as a minus.
    """
    if text.startswith("<r>") and text.endswith("</r>"):
        return True  # XlsxWriter takes this for its own rich text and copies it into the file as raw XML
    for character in text:
        if character in "\t\r\n":
            return True
        if unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf"}:
            continue
        return unicodedata.normalize("NFKC", character)[0] in "=+-@\u2212"
    return False


PLAIN_MARKS = frozenset("•–(“")  # what else our own words begin with; none of them means anything to a spreadsheet


def is_ordinary(text: str) -> bool:
    """Whether a text is fit for a cell as it is, without a closer look: it begins with a letter or a digit, and what
    XML forbids, line ends and halves of characters are not printable."""
    return (text[:1].isalnum() or text[:1] in PLAIN_MARKS) and len(text) <= MAX_TEXT // 2 and text.isprintable()


def safe_text(value: str) -> str:
    """Make any text fit for a cell: no character XML forbids, no live beginning, no more than Excel holds.

    The guard is a visible apostrophe, part of the text, as OWASP advises for CSV: an invisible one (a cell property)
    is lost when the sheet is saved as CSV. Such cells *also* get the property (`quote_prefix`): without it Excel
    takes our apostrophe for its own and swallows it when somebody edits the cell.
    """
    if is_ordinary(value):
        return value
    text = ILLEGAL.sub("", NEWLINE.sub("\n", value))
    if text and not text[0].isalnum() and is_dangerous(text):
        text = GUARD + text
    if len(text) > MAX_TEXT // 2:
        units = text.encode("utf-16-le")
        if len(units) > MAX_TEXT * 2:
            text = units[: (MAX_TEXT - 1) * 2].decode("utf-16-le", errors="ignore") + "…"
    return text


def without_guard(text: str) -> str:
    """What `safe_text` was given, of a short text that comes back."""
    return text[1:] if text.startswith(GUARD) and is_dangerous(text[1:]) else text


def sheet_name(text: str, taken: Iterable[str] = ()) -> str:
    """Make a tab name Excel accepts: 31 characters, none of []:*?/\\, no outer apostrophe, unlike the others."""
    name = re.sub(r"\s+", " ", re.sub(r"[\[\]:*?/\\]", " ", one_line(text)))
    name = name.strip("' ")
    if not name or name.casefold() == "history":  # a name Excel keeps for itself
        name = f"Trang {name}".strip()
    taken = {other.casefold() for other in taken}
    for number in range(1, len(taken) + 2):
        ending = f" ({number})" if number > 1 else ""
        candidate = _cut(name, 31 - len(ending)).strip("' ") + ending
        if candidate.casefold() not in taken:
            break
    return candidate


def _cut(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", errors="ignore")


def one_line(text: str) -> str:
    return ILLEGAL.sub("", NEWLINE.sub(" ", text)).replace("\n", " ")


def running_text(text: str, limit: int = 150) -> str:
    """Text for a page header or footer: & begins a code there, &G a picture, and all of it has 255 characters."""
    text = re.sub(r"&(?=[G\[])", "& ", one_line(text))
    escaped = text.replace("&", "&&")
    while len(escaped.encode("utf-16-le")) > limit * 2:
        text = text.rstrip("…")[:-1] + "…"
        escaped = text.replace("&", "&&")
    return escaped
