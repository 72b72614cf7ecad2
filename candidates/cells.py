"""What stands in a cell of a list of people, and what is read back from it. Pure."""

import re

from candidates.choices import PriorityGroup
from vuthu_recruit.dates import PartialDate

ONLY_SHOWN = "chỉ để xem"  # in the place of a key: a row that comes back to no record
KEY = re.compile(r"QC-(\d{1,18})-(\d{1,9})", re.ASCII)


def birth_cell(birth: PartialDate | None):
    """A real date when the day is known, else the text of the paper: never a 01/01 nobody wrote."""
    if birth is None:
        return ""
    return birth.first if birth.precision == "day" else str(birth)


def group_words(groups: list[str]) -> str:
    """Priority groups in words, in the order of the plan."""
    return "; ".join(label for value, label in PriorityGroup.choices if value in groups) if groups else ""


def record_key(pk: int, version: int) -> str:
    """What stands in the column “Mã hồ sơ” of an exported list: whose row it is, and as of which version."""
    return f"QC-{pk}-{version}"


def is_only_shown(typed) -> bool:
    return isinstance(typed, str) and typed.strip().casefold() == ONLY_SHOWN


def parse_record_key(typed: str) -> tuple[int, int] | None:
    match = KEY.fullmatch(typed.strip().upper())
    return (int(match[1]), int(match[2])) if match else None
