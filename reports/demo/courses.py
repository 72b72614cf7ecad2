"""When the Political Centre holds its classes: two or three a year, one running today, one to come. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from reports.demo.days import on_or_after

FIRST_YEAR = 2018
MONTHS = {2: (4, 10), 3: (3, 7, 10)}
LEAST_APART = 60  # days between a class of the pattern and the one running today
AHEAD = 45  # a class that opens within so many days is on the books already


@dataclass(frozen=True)
class Session:
    """The days of a class; at benchmark size several classes share them."""

    kind: str
    from_on: date
    to_on: date
    issued_on: date

    def is_finished(self, today: date) -> bool:
        return self.issued_on <= today

    def is_on_the_books(self, today: date) -> bool:
        return (self.from_on - today).days <= AHEAD


def session(kind: str, day: date) -> Session:
    """Monday to Friday of the week; certificates ten days later."""
    monday = day - timedelta(days=day.weekday())
    return Session(kind, monday, monday + timedelta(days=4), on_or_after(monday + timedelta(days=14)))


def awareness(today: date) -> list[Session]:
    """All classes for people who wish to join, in order, also those nobody has planned yet."""
    running, coming = session("awareness", today), session("awareness", today + timedelta(days=21))
    found = [running, coming]
    for year in range(min(FIRST_YEAR, today.year - 6), today.year + 3):
        for month in MONTHS[3 if year >= today.year - 2 else 2]:
            day = session("awareness", date(year, month, 15))
            if day.to_on < running.from_on - timedelta(days=LEAST_APART) or day.from_on > coming.to_on + timedelta(
                days=LEAST_APART
            ):
                found.append(day)
    return sorted(found, key=lambda one: one.from_on)


def new_members(today: date) -> list[Session]:
    """The classes of probationary members, each May and November, since somebody needs them."""
    days = [date(year, month, 8) for year in range(2021, today.year + 1) for month in (5, 11)][1:]
    return [session("new_member", day) for day in days if session("new_member", day).issued_on <= today]


def committees(today: date) -> list[Session]:
    """The yearly class for members of committees, whose participants are no candidates."""
    days = [session("committee", date(year, 6, 20)) for year in range(2022, today.year + 1)]
    return [day for day in days if day.is_finished(today)]
