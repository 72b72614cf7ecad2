"""Which unit the words of a list mean: "CB thôn Hội", "Chi bộ Trường THCS" under the group of a school. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from organizations.imports.preview import Note, Option, Question
from organizations.unit_names import is_same_unit, unit_key, unit_keys
from vuthu_recruit.vietnamese import same_name_key, search_key

CALLED_BRANCH = re.compile(r"(?:chi bộ|chi uỷ|cb)\b")


def name_key(words: str) -> str:
    """What an answer about a name is kept under: letters and digits alone."""
    return "branch-" + re.sub(r"\s+", "-", search_key(unit_key(words)))


@dataclass(frozen=True)
class Place:
    """A unit a list may name: of its names and those of the grassroots organization above."""

    key: str  # slug
    label: str
    names: frozenset[str]
    above: frozenset[str] = frozenset()
    is_whole: bool = False  # a committee itself, "chưa phân chi bộ"


@dataclass(frozen=True)
class Found:
    place: Place | None = None
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    unknown: str = ""  # a name that is asked about once for the whole file


def place_of(key: str, label: str, names: Sequence[str], above: Sequence[str] = (), *, is_whole: bool = False) -> Place:
    return Place(key, label, unit_keys(*names), unit_keys(*above), is_whole)


@dataclass
class Places:
    """All units a file may name. `only`: where everybody belongs of whom the file says nothing.

    `said`: what somebody said of names nobody knows, by `name_key`: the key of a place.
    """

    units: Sequence[Place]
    only: Place | None = None
    scope: str = ""  # the name of the unit the file is for
    said: Mapping[str, str] = field(default_factory=dict)
    _known: dict = field(default_factory=dict)

    def find(self, *, branch: str, group: str, unit: str, answer: str = "") -> Found:
        """The cell of the row says more than the group above it; where they disagree somebody has to say."""
        asked = (branch, group, unit)
        if asked not in self._known:
            self._known[asked] = self._find(*asked)
        found = self._known[asked]
        if found.questions and answer:
            chosen = next((one for one in self.units if one.key == answer), None)
            return replace(found, place=chosen) if chosen else found
        return found

    def _find(self, branch: str, group: str, unit: str) -> Found:
        units = self._within(unit)
        if unit and not units:
            return Found(notes=(Note("unit", f"“{unit}” không thuộc {self.scope}."),))
        own, grouped = self._named(branch, units), self._named(group, units)
        if len(own) > 1 and len(both := [one for one in own if one in grouped]) == 1:
            own = both
        if len(own) > 1:
            return Found(questions=(self._ask(f"“{branch}” có thể là {len(own)} chi bộ.", own),))
        if branch and not own:
            return self._unknown("branch", branch)
        if own and len(grouped) == 1 and own[0] != grouped[0]:
            words = f"Cột Chi bộ ghi “{branch}” nhưng dòng này nằm trong nhóm “{group}”."
            return Found(questions=(self._ask(words, [own[0], grouped[0]]),))
        if own and not grouped and self._is_other_branch(group, own[0]):
            return self._beside_unknown(own[0], branch, group)
        if own:
            return Found(own[0], self._read_as("branch", branch, own[0]))
        if len(grouped) == 1:
            return Found(grouped[0], self._read_as("", group, grouped[0]))
        if len(grouped) > 1:
            return Found(questions=(self._ask(f"Nhóm “{group}” có thể là {len(grouped)} chi bộ.", grouped),))
        if CALLED_BRANCH.match(same_name_key(group)):
            return self._unknown("", group)
        return self._whole(group, unit, units)

    def _is_other_branch(self, group: str, own: Place) -> bool:
        """A group that is called a branch, is none we know, and is not the row's own in more or fewer words."""
        if not CALLED_BRANCH.match(same_name_key(group)):
            return False
        written = unit_key(group)
        return not any(name.startswith(written) or written.startswith(name) for name in own.names)

    def _beside_unknown(self, own: Place, branch: str, group: str) -> Found:
        """The group may be another branch: its name is asked about, and then, if it is, which of the two."""
        chosen = next((one for one in self.units if one.key == self.said.get(name_key(group))), None)
        if chosen is None:
            text = f"Dòng này nằm trong nhóm “{group}”, không rõ là chi bộ nào; cột Chi bộ ghi “{branch}”."
            return Found(notes=(Note("branch", text, blocks=False, is_doubtful=True),), unknown=group)
        if chosen == own:
            return Found(own, self._read_as("branch", branch, own), (), group)
        words = f"Cột Chi bộ ghi “{branch}” nhưng dòng này nằm trong nhóm “{group}”."
        return Found(questions=(self._ask(words, [own, chosen]),), unknown=group)

    def _within(self, unit: str) -> list[Place]:
        """The places of the unit a row names; all when it names none."""
        if not unit:
            return list(self.units)
        return [one for one in self.units if is_same_unit(unit, one.above or one.names)]

    def _named(self, words: str, units: Sequence[Place]) -> list[Place]:
        """Places with this name; else those whose name only begins so: "CB Quân sự" of Chi bộ Quân sự xã."""
        if not unit_key(words):
            return []
        branches = [one for one in units if not one.is_whole]
        exact = [one for one in units if is_same_unit(words, one.names, one.above)]
        written = unit_key(words)
        return exact or [one for one in branches if any(name.startswith(f"{written} ") for name in one.names)]

    def _whole(self, group: str, unit: str, units: Sequence[Place]) -> Found:
        """Nothing names a branch: the unit itself, when there is only one."""
        ignored = ()
        if group:
            words = f"“{group}” không phải tên chi bộ của {self.scope}."
            ignored = (Note("", words, blocks=False),)
        whole = self.only
        if unit or whole is None:
            wholes = [one for one in units if one.is_whole] or (list(units) if len(units) == 1 else [])
            whole = wholes[0] if len(wholes) == 1 else None
        if whole is None:
            return Found(notes=(*ignored, Note("branch", f"Chưa ghi chi bộ, đơn vị nào của {self.scope}.")))
        if whole.is_whole:
            ignored += (Note("branch", "Chưa ghi chi bộ: nhập vào “Chưa phân chi bộ”.", blocks=False),)
        return Found(whole, ignored)

    def _read_as(self, column: str, words: str, place: Place) -> tuple[Note, ...]:
        if unit_key(words) in place.names:
            return ()
        return (Note(column, f"“{words}” hiểu là {place.label}.", blocks=False),)

    def _unknown(self, column: str, words: str) -> Found:
        """A name of no branch there is: what somebody said of it before, else a question for the whole file."""
        chosen = next((one for one in self.units if one.key == self.said.get(name_key(words))), None)
        if chosen:
            return Found(chosen, (Note(column, f"“{words}” là {chosen.label}, như đã chọn.", blocks=False),), (), words)
        text = f"Không có “{words}” trong {self.scope}: chọn chi bộ, hoặc sửa trong tệp."
        note = Note(column or "branch", text, blocks=False, is_doubtful=True)  # an open question, told at the row
        return Found(notes=(note,), unknown=words)

    def ask_about(self, words: str, count: int) -> Question:
        """Which branch a name means, for all rows that have it."""
        branches = [one for one in self.units if not one.is_whole] or list(self.units)
        options = [Option(one.key, one.label) for one in branches]
        options += [Option(one.key, one.label) for one in self.units if one.is_whole and one not in branches]
        return Question(name_key(words), f"“{words}” ({count} dòng) là chi bộ nào?", tuple(options), "branch")

    def _ask(self, words: str, places: Sequence[Place]) -> Question:
        return Question(
            "place",
            f"{words} Người này thuộc chi bộ nào?",
            tuple(Option(one.key, one.label) for one in places),
            "branch",
        )
