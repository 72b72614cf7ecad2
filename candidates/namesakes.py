"""Whether two names with their births may be one person. Pure."""

from dataclasses import dataclass
from functools import cached_property

from vuthu_recruit import vietnamese
from vuthu_recruit.dates import PartialDate


@dataclass(frozen=True)
class Named:
    """A name and a birth, as somebody wrote them down."""

    full_name: str
    birth: PartialDate

    @cached_property
    def name_key(self) -> str:
        return vietnamese.same_name_key(self.full_name)

    @cached_property
    def has_marks(self) -> bool:
        return vietnamese.contains_marks(self.full_name)

    @cached_property
    def group(self) -> tuple[str, int]:
        """The same of any two that may be one person: the name without marks, and the year of birth."""
        return vietnamese.search_key(self.full_name), self.birth.year

    def is_written_as(self, other: "Named") -> bool:
        return self.birth == other.birth and self.name_key == other.name_key

    def may_be(self, other: "Named") -> bool:
        """Nothing tells them apart: no other letter or mark of the name, no other birth.

        A mark that differs is a slip when one of the two names was typed without any, or the day of birth is the same.
        """
        if self.group != other.group or self.birth.before(other.birth) or self.birth.after(other.birth):
            return False
        unmarked = not (self.has_marks and other.has_marks)
        same_day = self.birth == other.birth and self.birth.precision == "day"
        return self.name_key == other.name_key or unmarked or same_day
