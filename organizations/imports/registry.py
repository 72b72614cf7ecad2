"""The kinds of lists that can come in. An importer says what its columns are, what a file would do, and does it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms

from organizations.imports.blank import BlankColumn
from organizations.imports.preview import LeftOut, Line, Preview
from organizations.imports.table import Definition, Layout
from organizations.models import ImportBatch, ImportedRow, Organization
from organizations.permissions import Permission
from organizations.scope import holds


@dataclass(frozen=True)
class Written:
    """A record that a row wrote; `before`: what an undo puts back, None for a new record."""

    number: int
    row: object
    is_new: bool
    before: dict | None = None

    @property
    def version(self) -> int:
        """What is never edited has none."""
        return getattr(self.row, "version", 1)


class TooManyAnswers(Exception):
    """The file asks more about people of other units than an account may in a day; a sentence that names no row.

    `used`: rows that keep what the refusal itself has told.
    """

    def __init__(self, sentence: str, used: Sequence = ()):
        self.used = used
        super().__init__(sentence)


class Stale(Exception):
    """Somebody changed a moment ago what the file would change: it has to be looked at once more."""


class Importer(ABC):
    key: str
    label: str  # "Danh sách quần chúng"
    hint: str  # which columns it needs, in a sentence
    place: int = 9  # among the cards of the page, the most used first
    noun: str = "hồ sơ"  # what a row becomes
    undo_words: str = "Hồ sơ thêm mới sẽ được rút; hồ sơ đã sửa trở lại như trước."
    blank_note: str = "Ngày viết 27/3/1990; chỉ biết tháng hoặc năm thì viết 3/1990, 1990."
    needs: Permission = Permission.IMPORT
    definitions: Sequence[Definition]
    must: Sequence[frozenset[str]]  # sets of meanings: all of one of them have to be among the columns
    neutral: frozenset[str] = frozenset()  # upper headings that add nothing, see table.layouts
    counts: bool = False  # whether a preview may tell of people of other units: shown only once it was counted
    not_stored: frozenset[str] = frozenset()  # columns that are known and go into no record: named in the preview

    def may(self, user) -> bool:
        return holds(user, self.needs)

    def organizations(self, user) -> Sequence[Organization]:
        """For whom a list can be sent, in administrative order."""
        rows = Organization.objects.visible_to(user, needs=self.needs)
        return list(rows.grassroots().in_order())

    def options_form(self, data=None) -> forms.Form | None:
        """What is asked once for the whole file."""
        return None

    def before_look(self, batch: ImportBatch, by) -> None:
        """Raises TooManyAnswers where nothing may be compared any more today."""
        return

    def count_answers(self, batch: ImportBatch, preview: Preview, by) -> None:
        """Count what the preview tells of people of other units. Raises TooManyAnswers, and then writes nothing."""
        return

    def as_told(self, preview: Preview, by) -> Preview:
        """The preview without what this account was not told and nobody counted."""
        return preview

    def has_unanswered(self, preview: Preview, by) -> bool:
        """Whether the preview would tell this account something that was not counted yet."""
        return False

    @abstractmethod
    def blank(self, organization: Organization, user) -> Sequence[BlankColumn]:
        """The columns of an empty list of a unit, to be filled in."""

    def blank_rows(self, organization: Organization, user) -> Sequence[Sequence]:
        """What already stands in such a list: the first cells of its first rows."""
        return ()

    @abstractmethod
    def preview(self, batch: ImportBatch, layout: Layout, by) -> Preview:
        """What the file would do, as it stands now. Writes nothing."""

    def hold(self, batch: ImportBatch, by) -> None:
        """First in the transaction of a confirmation or an undo: whoever would write the same waits from here on."""
        return

    @abstractmethod
    def apply(self, batch: ImportBatch, lines: Sequence[Line], by) -> list[Written]:
        """Write the lines, inside the caller's transaction. Raises Stale when somebody was quicker."""

    @abstractmethod
    def written(self, rows: Sequence[ImportedRow], user) -> list[dict]:
        """What the page of a confirmed import says of each: number, title, detail, url, is_new."""

    @abstractmethod
    def blocking(self, batch: ImportBatch) -> list[LeftOut]:
        """Rows that keep the import from being undone, with what stands in the way."""

    @abstractmethod
    def undo(self, batch: ImportBatch, reason: str, by) -> None:
        """Take everything back, inside the caller's transaction, after `blocking` found nothing."""


IMPORTERS: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    IMPORTERS[importer.key] = importer


def importers_for(user) -> list[Importer]:
    return sorted((one for one in IMPORTERS.values() if one.may(user)), key=lambda one: one.place)
