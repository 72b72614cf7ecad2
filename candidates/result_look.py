"""A result file beside its class as it stands now: what the page and the command both look at. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from candidates import result_matching as matching
from candidates.actions.results import line_of
from candidates.classes import ATTENDED, Line, State
from candidates.models import Enrolment, Grade, TrainingClass
from candidates.result_file import Table, grade_names, read
from candidates.result_matching import Match, Participant, Standing
from organizations.permissions import Permission
from organizations.unit_names import unit_keys
from vuthu_recruit import spreadsheet
from vuthu_recruit.spreadsheet import Sheet


@dataclass(frozen=True)
class Look:
    table: Table
    sheet: Sheet
    matches: Mapping[int, Match]  # by number of the row
    missing: Sequence[Participant]  # learners whom no row can mean
    standings: Mapping[int, Standing]  # by enrolment, as recorded
    versions: Mapping[int, int]
    scale: Sequence[Line]
    grade_names: Mapping[int, str]

    @property
    def for_form(self) -> dict:
        """What PreviewForm is made of."""
        names = ("table", "matches", "standings", "versions", "scale")
        return {name: getattr(self, name) for name in names}


def look(training_class: TrainingClass, *, name: str, content: bytes, by) -> Look:
    """Raises Unreadable or NotAResultFile. Three queries, whatever the file holds."""
    grades = list(Grade.objects.all())
    sheets = spreadsheet.read(content, name)
    table = read(sheets, names_of(grades))
    rows = _rows(training_class, by)
    people = _people(training_class, rows, by)
    matches = matching.match(table.rows, people)
    return Look(
        table=table,
        sheet=next(one for one in sheets if one.name == table.sheet),
        matches=matches,
        missing=matching.not_named(matches, people),
        standings={row["pk"]: _standing(row) for row in rows},
        versions={row["pk"]: row["version"] for row in rows},
        scale=[line_of(grade) for grade in grades if grade.is_active],
        grade_names={grade.pk: grade.name for grade in grades},
    )


def names_of(grades: Sequence[Grade]) -> dict[str, Line]:
    return grade_names((line_of(one), one.other_names.split(",")) for one in grades if one.is_active)


def _rows(training_class: TrainingClass, by) -> list[dict]:
    """Whose nomination stands, as a class needs them."""
    rows = Enrolment.objects.visible_to(by, needs=Permission.CLASS_EDIT)
    return list(rows.filter(training_class=training_class).standing().for_class_list())


def _people(training_class: TrainingClass, rows: Sequence[dict], by) -> list[Participant]:
    """The same for matching. Identity numbers are compared here and go no further."""
    known = Enrolment.objects.visible_to(by, needs=Permission.CLASS_EDIT)
    known = known.filter(training_class=training_class, candidate__isnull=False)
    numbers = dict(known.values_list("pk", "candidate__identity_number"))
    return [_participant(row, numbers.get(row["pk"]) or "", training_class) for row in rows]


def _participant(row: dict, number: str, training_class: TrainingClass) -> Participant:
    names = [row[f"unit__{name}"] for name in ("short_name", "name")]
    above = [row[f"unit__grassroots__{name}"] for name in ("short_name", "name")]
    state = State(row["state"])
    is_candidate = row["candidate_id"] is not None
    return Participant(
        key=row["pk"],
        name=row["candidate__full_name"] or row["participant_name"],
        birth=row["candidate__birth"],
        unit=", ".join(dict.fromkeys(filter(None, [above[0], names[0]]))),
        unit_keys=unit_keys(*filter(None, [*names, *above])),
        number=number,
        barred="" if state in ATTENDED else f"đang ở “{state.words(has_begun=training_class.has_begun)}”",
        asks_birth=is_candidate,
    )


def _standing(row: dict) -> Standing:
    return Standing(
        row["state"],
        row["score"],
        row["grade_id"],
        row["certificate_number"],
        row["issued_on"],
        row["reason"] if row["state"] == State.DROPPED else "",
    )
