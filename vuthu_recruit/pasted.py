"""A pasted block of text as a sheet: copied from Excel, or a list from Zalo or Word. Pure; knows cells only.

Every cell is text. A line is divided only by what divides all lines alike, so that no name is ever cut: where nothing
does, a line is one cell.
"""

import re
from collections.abc import Iterator, Sequence

from vuthu_recruit.spreadsheet import MEGABYTE, TOO_MANY_CELLS, UPLOAD, Limits, Sheet, Unreadable
from vuthu_recruit.vietnamese import LINE_BREAK, clean

LARGEST = 2 * MEGABYTE
NAME = "Đoạn dán"

EMPTY = "Chưa dán gì. Hãy chép các dòng trong Excel, Word hoặc Zalo rồi dán vào ô này."
TOO_LARGE = "Đoạn dán quá dài (nhiều hơn 2 MB). Hãy chia thành nhiều lần, hoặc lưu thành tệp Excel rồi tải lên."
OPEN_QUOTE = (
    'Dấu ngoặc kép (") mở ở dòng {line} không có dấu đóng. '
    "Hãy chép lại đủ các ô trong Excel, hoặc xóa dấu ngoặc kép đó."
)

# A cell as Excel copies it: in quotes when it holds a line break or a quote; quotes inside are doubled. A quote alone
# is what people write for "like above".
QUOTED = r'"(?![\t\r\n]|\Z)((?:[^"\t]|"")*)"'
CELL = re.compile(rf"(?:{QUOTED}(?=[\t\r\n]|\Z)|([^\t\r\n]*))(\t|\r\n|\n|\r|\Z)")
SEVERAL_LINES = re.compile(r'^"(?:[^"]|"")+[\r\n](?:[^"]|"")*"$', re.MULTILINE)
SPACES = re.compile(r"[ \u00a0]{2,}")
RULE = re.compile(r"[-–—_=+|:.\s]*")  # the line under a heading: |---|---|


def read_pasted(text: str, name: str = NAME, *, limits: Limits = UPLOAD) -> Sheet:
    """The block as a sheet of text cells, all rows of one length. Raises Unreadable."""
    if len(text.encode(errors="replace")) > LARGEST:
        raise Unreadable(TOO_LARGE)
    lines = text.rstrip().count("\n") + 1
    if lines > 10 * limits.rows:  # no cell has so many lines; reading them all would only take time
        raise Unreadable(_too_many(name, lines, 1, limits))
    is_copied = "\t" in text.strip(" \r\n") or SEVERAL_LINES.search(text)
    lines = _from_excel(text) if is_copied else _from_text(text)
    rows = _without_empty_end([[clean(cell) or None for cell in line] for line in lines])
    if not rows:
        raise Unreadable(EMPTY)
    width = max(map(len, rows))
    if len(rows) > limits.rows or width > limits.columns:
        raise Unreadable(_too_many(name, len(rows), width, limits))
    return Sheet(name, tuple(tuple(row + [None] * (width - len(row))) for row in rows))


def _too_many(name: str, row: int, column: int, limits: Limits) -> str:
    most = {"rows": f"{limits.rows:,}".replace(",", "."), "columns": limits.columns}
    return TOO_MANY_CELLS.format(name=name, row=row, column=column, **most)


def _from_excel(text: str) -> Iterator[list[str]]:
    row: list[str] = []
    at = 0
    while at < len(text):
        cell = CELL.match(text, at)
        quoted, plain, end = cell.groups()
        if quoted is None and len(plain) > 1 and plain.startswith('"') and plain.count('"') == 1:
            raise Unreadable(OPEN_QUOTE.format(line=text.count("\n", 0, at) + 1))
        row.append(plain if quoted is None else quoted.replace('""', '"'))
        at = cell.end()
        if end != "\t":
            yield row
            row = []
    if row:
        yield row


def _from_text(text: str) -> list[list[str]]:
    """A line that only divides is an empty row: rows keep the numbers of their lines."""
    lines = [line.strip() for line in LINE_BREAK.split(text)]
    lines = ["" if RULE.fullmatch(line) else line for line in lines]
    for sign in "|;":
        divided = [_divided(line, sign) for line in lines]
        lengths = [len(row) for row in divided if len(row) > 1]
        if len(set(lengths)) == 1 and 2 * len(lengths) >= sum(map(bool, lines)):
            return divided  # a title above, a note below have no sign and stay whole
    spaced = [SPACES.split(line) for line in lines]
    return spaced if _is_table([row for row in spaced if row != [""]]) else [[line] for line in lines]


def _divided(line: str, sign: str) -> list[str]:
    """By the sign; one at both ends frames the line."""
    is_framed = len(line) > 1 and line.startswith(sign) and line.endswith(sign)
    return (line[1:-1] if is_framed else line).split(sign)


def _is_table(rows: Sequence[list[str]]) -> bool:
    """As many cells on every line, and a column of numbers: spaces may as well be a slip of the hand inside a name."""
    if len(rows) < 2 or len({len(row) for row in rows}) > 1:
        return False
    columns = list(zip(*rows[1:], strict=True))
    return len(columns) > 1 and any(all(re.search(r"\d", cell) for cell in column) for column in columns)


def _without_empty_end(rows: list[list[str | None]]) -> list[list[str | None]]:
    """Without the empty columns to the right and the empty rows below; those between stay, their numbers count."""
    width = max((n for row in rows for n, cell in enumerate(row, start=1) if cell is not None), default=0)
    height = max((n for n, row in enumerate(rows, start=1) if any(cell is not None for cell in row)), default=0)
    return [row[:width] for row in rows[:height]]
