"""What the documents say in the same way: births, days, blanks to fill in by hand, the kind in a number. Pure."""

import re
from datetime import date

from reports.issuer import DOTS
from vuthu_recruit.dates import PartialDate, show_day


def birth_words(birth: PartialDate | None) -> str:
    """As exact as it is known: sinh ngày 12/03/1998, sinh tháng 05/1990, sinh năm 1990."""
    if birth is None:
        return f"sinh ngày {DOTS}"
    return f"sinh {({'day': 'ngày', 'month': 'tháng', 'year': 'năm'})[birth.precision]} {birth}"


def day_words(day: date | None) -> str:
    return f"ngày {show_day(day)}" if day else f"ngày {DOTS}"


def or_dots(text: str) -> str:
    """The text, or room to write it by hand."""
    return text or DOTS


def number_of_kind(number: str, kind: str) -> str:
    """The number of a letterhead, which is that of a report, for another kind: Số ………-TB/BTCHU (domain.md 7.1)."""
    return re.sub(r"-BC/", f"-{kind}/", number, count=1)
