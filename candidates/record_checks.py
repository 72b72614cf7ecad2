"""What must fit together in a record, whether a form or a file brings it. Pure: sentences, or "" when it fits."""

from datetime import date

from vuthu_recruit.dates import PartialDate, show_day

OLDEST = 100


def birth_problem(birth: PartialDate, today: date) -> str:
    """A birth has come, and its person may still live."""
    if birth.first > today:
        return f"Ngày sinh {birth} chưa đến."
    if birth.last.year < today.year - OLDEST:
        return f"Ngày sinh {birth} không hợp lý: người này sẽ hơn {OLDEST} tuổi."
    return ""


def past_problem(label: str, day: date | PartialDate, birth: PartialDate | None, today: date) -> str:
    """A day of the record has come, and not before the birth."""
    first, last = (day.first, day.last) if isinstance(day, PartialDate) else (day, day)
    shown = day if isinstance(day, PartialDate) else show_day(day)
    if first > today:
        return f"{label} {shown} chưa đến."
    if birth and last < birth.first:
        return f"{label} {shown} trước ngày sinh {birth}."
    return ""
