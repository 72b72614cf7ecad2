"""Paper, fonts and styles, and the parts of an official document."""

from collections.abc import Sequence
from dataclasses import dataclass

FONT = "Times New Roman"


@dataclass(frozen=True)
class Page:
    """A4, margins in mm."""

    landscape: bool = True
    top: float = 20
    right: float = 12
    bottom: float = 15
    left: float = 15


PORTRAIT = Page(landscape=False, top=20, right=15, bottom=20, left=25)
LANDSCAPE = Page()

BASE = {"font_name": FONT, "font_size": 11, "font_family": 1, "font_scheme": False}  # no theme takes it over
CENTRE = {"align": "center", "valign": "vcenter"}
STYLES = {
    "cell": {"border": 1, "valign": "vcenter", "text_wrap": True},
    "total": {"border": 1, "valign": "vcenter", "text_wrap": True, "bold": True},
    "group": {"border": 1, "valign": "vcenter", "text_wrap": True, "bold": True, "bg_color": "#EEEEEE"},
    "header": {"border": 1, **CENTRE, "text_wrap": True, "bold": True, "font_size": 10},
    "title": {**CENTRE, "text_wrap": True, "bold": True, "font_size": 15},
    "subtitle": {**CENTRE, "text_wrap": True, "font_size": 12},
    "note": {"valign": "top", "text_wrap": True, "font_size": 10},
    "line": {**CENTRE, "text_wrap": True, "font_size": 13},
    "line-bold": {**CENTRE, "text_wrap": True, "font_size": 13, "bold": True},
    "motto": {**CENTRE, "text_wrap": True, "font_size": 14, "bold": True, "underline": 1},
    "place": {**CENTRE, "text_wrap": True, "font_size": 13, "italic": True},
    "list-label": {"valign": "top", "font_size": 11, "underline": 1},
    "list": {"valign": "top", "text_wrap": True, "font_size": 11},
}


@dataclass(frozen=True)
class Head:
    """A header cell that may span columns and rows, as in HTML."""

    text: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True)
class Letterhead:
    """Top of an official document: who writes on the left, motto, place and date on the right."""

    issuer: str
    motto: str
    place_and_date: str
    parent: str = ""
    number: str = ""


@dataclass(frozen=True)
class Signature:
    """Foot of an official document: offices above the name; on the left, whom it goes to."""

    offices: Sequence[str]
    name: str = ""
    recipients: Sequence[str] = ()
    recipients_label: str = "Nơi nhận:"


def placed(rows: Sequence[Sequence[Head | str]], columns: int) -> dict[tuple[int, int], Head]:
    """Place header cells as HTML places th with colspan and rowspan; refuse holes and overlaps."""
    cells, taken = {}, set()
    for row, heads in enumerate(rows):
        column = 0
        for head in heads:
            head = Head(head) if isinstance(head, str) else head
            while (row, column) in taken:
                column += 1
            covered = {(row + y, column + x) for y in range(head.down) for x in range(head.across)}
            if covered & taken:
                raise ValueError(f"Header cell {head.text!r} lies over another")
            cells[row, column] = head
            taken |= covered
    if taken != {(row, column) for row in range(len(rows)) for column in range(columns)}:
        raise ValueError(f"The header does not cover {len(rows)} rows of {columns} columns")
    return cells
