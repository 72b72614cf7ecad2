"""Days as people type them, and dates known only to the month or the year. Pure: no database, no HTTP, no today.

Always day first, nothing is guessed: what cannot be read in exactly one way is refused with a Vietnamese sentence.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from vuthu_recruit.vietnamese import clean

FIRST_YEAR, LAST_YEAR = 1900, 2100
EXAMPLE = "27/3/1990"

REFUSALS = {
    "empty": "{label} đang để trống.",
    "format": "{label} chưa đúng cách viết. Ví dụ: {example}.",
    "order": "{label} phải viết ngày trước, rồi tháng, rồi năm. Ví dụ: {example}.",
    "digits": "{label} viết liền phải có đúng 8 chữ số. Ví dụ: 27031990.",
    "year_digits": "{label} cần năm đủ 4 chữ số. Ví dụ: {example}.",
    "needs_day": "{label} cần đủ ngày, tháng và năm. Ví dụ: {example}.",
    "month": "{label} không có thật: không có tháng {month} (ngày viết trước, tháng viết sau).",
    "day": "{label} không có thật: không có ngày {day}.",
    "year": "{label} không hợp lý: năm {year} nằm ngoài khoảng {first_year}–{last_year}.",
    "unreal": "{label} không có thật: tháng {month} năm {year} chỉ có {days} ngày.",
}

# Full-width forms and the dashes and slashes of word processors; other digits and fractions are not numbers here.
SAME_AS = str.maketrans("０１２３４５６７８９．－‐‑‒–—―−／⁄∕", "0123456789.--------///")

_WORDS_YEAR = r"(?: ?,? ?(?:năm|nam) ?|[/.-]|, ?| )(?P<year>\d+)"
PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?",
        r"(?:(?:ngày|ngay) )?(?P<day>\d{1,2})(?P<same>[/. -])(?P<month>\d{1,2})(?P=same)(?P<year>\d+)",
        r"(?:(?:ngày|ngay) ?)?(?P<day>\d{1,2}) ?(?:tháng|thang) ?(?P<month>\d{1,2})" + _WORDS_YEAR,
        r"(?:tháng|thang) ?(?P<month>\d{1,2})" + _WORDS_YEAR,
        r"(?P<month>\d{1,2})[/. -](?P<year>\d+)",
        r"(?:năm|nam) ?(?P<year>\d+)",
        r"(?P<year>\d{1,4})",
    )
)
RECOGNISED_MISTAKES = {
    "order": re.compile(r"\d{4}[/. -]\d{1,2}(?:[/. -]\d{1,2})?", re.ASCII),
    "digits": re.compile(r"\d+", re.ASCII),
}


class DateError(ValueError):
    """A refusal: `code` for programs, a sentence for people, whose subject is the label of the field."""

    def __init__(self, code: str, **details):
        self.code = code
        self.details = details
        super().__init__(self.for_label("Ngày"))

    def for_label(self, label: str) -> str:
        bounds = {"first_year": FIRST_YEAR, "last_year": LAST_YEAR, "example": EXAMPLE}
        return REFUSALS[self.code].format(label=label, **bounds, **self.details)


@dataclass(frozen=True)
class PartialDate:
    """A date with the precision of the paper it was copied from. Compared over its whole interval."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self):
        if self.day is not None and self.month is None:
            raise DateError("format")
        _check(self.year, self.month, self.day)

    @classmethod
    def from_iso(cls, iso: str) -> "PartialDate":
        """Read what `.iso` wrote, and nothing else."""
        if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", iso, re.ASCII):
            raise DateError("format")
        return cls(*map(int, iso.split("-")))

    @classmethod
    def from_date(cls, day: date) -> "PartialDate":
        return cls(day.year, day.month, day.day)

    @property
    def precision(self) -> str:
        return "day" if self.day else "month" if self.month else "year"

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def iso(self) -> str:
        """1990, 1990-05 or 1990-05-27: sorts by text, a vaguer date before the dates inside it."""
        return self.first.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]

    def __str__(self) -> str:
        """As Vietnamese papers print it: 1990, 05/1990 or 27/05/1990; never a 01/01 nobody wrote."""
        return "/".join(reversed(self.iso.split("-")))

    def before(self, other: "date | PartialDate") -> bool | None:
        """True when it holds for all days, False when for none, None when the precision cannot tell."""
        other_first, other_last = _interval(other)
        if self.last < other_first:
            return True
        return None if self.first < other_last else False

    def after(self, other: "date | PartialDate") -> bool | None:
        """As `before`, the other way round."""
        other_first, other_last = _interval(other)
        if self.first > other_last:
            return True
        return None if self.last > other_first else False

    def certainly_before(self, other: "date | PartialDate") -> bool:
        return self.before(other) is True

    def possibly_before(self, other: "date | PartialDate") -> bool:
        return self.before(other) is not False


def parse_day(text: str) -> date:
    """Read a whole day: 2/1/1990, 02-01-1990, 2.1.1990, 02011990, ngày 2 tháng 1 năm 1990, 1990-01-02."""
    found = parse_partial(text)
    if found.precision != "day":
        raise DateError("needs_day")
    return found.first


def parse_partial(text: str) -> PartialDate:
    """Read whatever `parse_day` reads, and 1990, 5/1990, tháng 5 năm 1990, 1990-05."""
    plain = re.sub(r" ?([/.-]) ?", r"\1", clean(text).translate(SAME_AS).casefold())
    if not plain:
        raise DateError("empty")
    for pattern in PATTERNS:
        if match := pattern.fullmatch(plain):
            return _partial(match.groupdict())
    raise DateError(next((code for code, mistake in RECOGNISED_MISTAKES.items() if mistake.fullmatch(plain)), "format"))


def show_day(day: date) -> str:
    """Write 02/01/1990."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def months_after(day: date, months: int) -> date:
    """The same day some months later (or earlier), the last of the month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def full_months(birth: date, on: date) -> int:
    """Count months from the month of birth to the month of `on`; negative when `on` is earlier.

    The age for admission is counted "tính theo tháng" (Hướng dẫn 29, 24 and 232: đủ 18 to đủ 60 when the cell
    considers it). None of them says whether the day counts, so it does not: born on 27/3/2000, somebody has 216 months
    from 1/3/2018. Who stands exactly on a limit deserves a warning, not a refusal.
    """
    return (on.year - birth.year) * 12 + on.month - birth.month


def whole_months(since: date, day: date) -> int:
    """How many whole months have gone: the most for which months_after(since, n) is not later than the day."""
    months = full_months(since, day)
    return months if months_after(since, months) <= day else months - 1


def age_in_months_range(birth: PartialDate, on: date) -> tuple[int, int]:
    """Return the youngest and the oldest somebody can be; they differ only when no more than the year is known."""
    return full_months(birth.last, on), full_months(birth.first, on)


def _partial(groups: dict) -> PartialDate:
    if len(groups["year"]) != 4:
        raise DateError("year_digits")
    month, day = groups.get("month"), groups.get("day")
    return PartialDate(int(groups["year"]), month and int(month), day and int(day))


def _check(year: int, month: int | None, day: int | None) -> None:
    """Refuse the first thing wrong, in the order in which people look: month, day, year, the length of the month."""
    if month is not None and not 1 <= month <= 12:
        raise DateError("month", month=month)
    if day is not None and not 1 <= day <= 31:
        raise DateError("day", day=day)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateError("year", year=year)
    if day is not None and day > (days := monthrange(year, month)[1]):
        raise DateError("unreal", month=month, year=year, days=days)


def _interval(moment: date | PartialDate) -> tuple[date, date]:
    return (moment.first, moment.last) if isinstance(moment, PartialDate) else (moment, moment)
