"""How the small worlds are written down: text that a cadre could check with a pencil. Knows no figure of the product.

A world lists units, people with their dated steps, targets, opening balances and dated facts; each of its cases is one
day with the table expected on that day, reckoned by hand from the definitions of design 6.

UNITS      name | kind | opened | closed | branches, or the unit after "<" whose branches it inherits
PEOPLE     name | where | marks | steps: "2024-01-05 decided" is one step; "2024-01-05 =decided" also stands for the
           usual steps before it (BEFORE days earlier); "~decided 2024-01-07" corrects the date of a step taken;
           "2024-05-01 moved>south_1" moves; "returned>branch" says from where work is redone; "undo" withdraws the
           last step; "edit private" changes the record afterwards; "waiting": introduced, not accepted
TARGETS    unit | year | range, or "none" for "không giao" | decided on; further revisions, beyond the rule of the plan
OPENING    unit | from | to | count | women ("?" when not known)
MEMBERS    unit | on | members
EXPECTED   one line a unit and a total, columns as COLUMNS; "2+3" is two people and three of an opening balance
"""

import re
from dataclasses import dataclass, field
from datetime import date

COLUMNS = (
    "unit",
    "members",
    "branches",
    "target",  # or "outside", "not_yet", "no_target"; "branch": the range is the unit's, not the branch's
    "trained",
    "dossier",
    "submitted",
    "period",
    "year",
    "term",
    "percent",
    "state",
    "slow",
    "women",
    "unknown_women",  # the unnamed part of which nobody knows how many are women
    "union",
    "religion",
    "enterprise",
    "official",
)
TOTALS = ("Cộng I", "Cộng II", "Tổng cộng")
# Days before the decision on which the earlier steps happened, for people written with "=decided".
BEFORE = {
    "source": 330,
    "trained": 240,
    "dossier": 180,
    "branch_passed": 120,
    "committee_passed": 90,  # not in a grassroots cell
    "submitted": 60,
    "appraised": 30,
}


@dataclass(frozen=True)
class Case:
    """One day, seen by one user: the period from `since` to `as_of`, and what must come out."""

    since: str
    as_of: str
    table: str
    funnel: dict = field(default_factory=dict)  # stage -> (open, returned, stopped); stages left out hold nobody
    term: dict = field(default_factory=dict)  # expected by the day, and people and opening of each year
    basis: str = "decision"
    user: str = "board"


@dataclass(frozen=True)
class World:
    title: str
    today: str
    units: str
    people: str
    cases: tuple[Case, ...]
    targets: str = ""
    opening: str = ""
    members: str = ""
    shares: str = ""


def rows(text: str) -> list[list[str]]:
    """The cells of each line that is neither empty nor a comment. A line that ends with a comma goes on below."""
    lines = [line.split("#")[0].rstrip() for line in text.splitlines()]
    whole = re.sub(r",\n\s*", ", ", "\n".join(line for line in lines if line))
    return [[cell.strip() for cell in line.split("|")] for line in whole.splitlines()]


def pair(cell: str) -> tuple[int, int] | None:
    """ "2+3" is (2, 3), "2" is (2, 0), "–" nothing entered."""
    if cell == "–":
        return None
    people, _, opening = cell.partition("+")
    return int(people), int(opening or 0)


def table(text: str) -> dict[str, dict]:
    """The expected rows in order, by unit or total."""
    found = {}
    for cells in rows(text):
        assert len(cells) == len(COLUMNS), f"{cells[0]}: {len(cells)} cells, not {len(COLUMNS)}"
        found[cells[0]] = dict(zip(COLUMNS, cells, strict=True))
    return found


def day(text: str) -> date:
    return date.fromisoformat(text)
