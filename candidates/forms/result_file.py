"""Forms of the Centre's result file: sending it, and choosing what of it is recorded."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django import forms

from candidates.actions.results import Result
from candidates.classes import Line, State
from candidates.forms.results import HEADS
from candidates.forms.steps import PICK, REASON, STALE, reason_field
from candidates.result_file import FileRow, NotAResultFile, Table, show_score
from candidates.result_file import read as read_results
from candidates.result_matching import Match, Outcome, Participant, Standing, after, sentences
from vuthu_recruit import spreadsheet
from vuthu_recruit.dates import show_day

WRONG = "wrong"
LABELS = {
    Outcome.SURE: "Khớp chắc chắn",
    Outcome.DOUBTFUL: "Cần xem",
    Outcome.UNMATCHED: "Không khớp",
    WRONG: "Có lỗi",
}
LOOKS = {
    Outcome.SURE: ("done", "done"),
    Outcome.DOUBTFUL: ("soon", "soon"),
    Outcome.UNMATCHED: ("idle", "none"),
    WRONG: ("late", "soon"),
}
VERSIONS = re.compile(r"(?:\d{1,10}:\d{1,10}(?: |$))*", re.ASCII)
NAMES = HEADS | {"reason": "Lý do bỏ học"}


class ResultFileForm(forms.Form):
    """A workbook that holds results: what is none is refused here, in words."""

    file = forms.FileField(
        label="Tệp kết quả",
        help_text="Tệp Excel (.xlsx, .xls) hoặc .ods, nhiều nhất 5 MB; để nguyên như Trung tâm vẫn lập.",
        widget=forms.FileInput(attrs={"accept": ",".join(spreadsheet.SIGNATURES)}),
        error_messages={"empty": "Tệp này trống.", "max_length": "Tên tệp quá dài."},
    )

    def __init__(self, *args, grades: Mapping[str, Line], **kwargs):
        super().__init__(*args, **kwargs)
        self.grades = grades

    def clean_file(self) -> tuple[str, bytes]:
        """The name and the bytes, once somebody has read people in them."""
        sent = self.cleaned_data["file"]
        if sent.size > spreadsheet.LARGEST:
            raise forms.ValidationError(spreadsheet.TOO_LARGE)
        content = sent.read()
        try:
            read_results(spreadsheet.read(content, sent.name), self.grades)
        except (spreadsheet.Unreadable, NotAResultFile) as refusal:
            raise forms.ValidationError(str(refusal))
        return sent.name, content


class PreviewForm(forms.Form):
    """A tick for each row that is sure, a choice for each that is doubtful; rows with an error have neither.

    `standings`: the recorded results by enrolment; `versions`: as they stand now. The form carries those of the page.
    """

    versions = forms.CharField(widget=forms.HiddenInput, max_length=40_000, error_messages={"required": STALE})
    keeps_grades = forms.BooleanField(label="Giữ xếp loại trong tệp, dù khác thang điểm", required=False)

    def __init__(
        self,
        data=None,
        *,
        table: Table,
        matches: Mapping[int, Match],
        standings: Mapping[int, Standing],
        versions: Mapping[int, int],
        scale: Sequence[Line],
    ):
        super().__init__(data, initial={"versions": _written(versions)})
        self.table, self.matches = table, matches
        self.standings, self.current, self.scale = standings, versions, scale
        self.fields["reason"] = reason_field("Lý do sửa giấy chứng nhận đã ghi")
        self.fields["reason"].required = False
        self.fields["reason"].help_text = f"Chỉ cần khi sửa hoặc bỏ số, ngày cấp đã ghi. {REASON.hint}"
        for row in table.rows:
            self._ask(row, matches[row.number])

    def _ask(self, row: FileRow, match: Match) -> None:
        name = f"row-{row.number}"
        if row.is_wrong or match.outcome == Outcome.UNMATCHED:
            return
        if match.outcome == Outcome.SURE:
            if not self._is_same(row, match.person):
                self.fields[name] = forms.BooleanField(
                    label=f"Ghi kết quả của {row.name}", required=False, initial=True
                )
            return
        self.fields[name] = forms.TypedChoiceField(
            label=f"{row.name} là ai trong lớp",
            choices=[("", "Bỏ qua dòng này"), *((one.key, _choice(one)) for one in match.people)],
            coerce=int,
            required=False,
            empty_value=None,
            error_messages={"invalid_choice": PICK},
        )

    def _is_same(self, row: FileRow, person: Participant) -> bool:
        now = self.standings[person.key]
        return after(row, now, self.scale) == now

    @property
    def untouched(self) -> dict[str, str]:
        """What the page sends when nobody ticks or chooses anything else: everything that is sure."""
        return {"versions": self.initial["versions"]} | {
            name: "on" for name, field in self.fields.items() if name.startswith("row-") and field.initial is True
        }

    def clean_versions(self) -> dict[int, int]:
        typed = self.cleaned_data["versions"].strip()
        if not VERSIONS.fullmatch(typed):
            raise forms.ValidationError(STALE)
        return {int(key): int(number) for key, _, number in (pair.partition(":") for pair in typed.split())}

    def clean(self):
        given = super().clean()
        taken: dict[int, int] = {}
        for row, key in self.accepted():
            if key in taken:
                self.add_error(f"row-{row.number}", f"{row.name}: dòng {taken[key]} đã là người này.")
            taken.setdefault(key, row.number)
        return given

    def accepted(self) -> list[tuple[FileRow, int]]:
        """Rows that were ticked or given to somebody, with the enrolment."""
        found = []
        for row in self.table.rows:
            said = self.cleaned_data.get(f"row-{row.number}")
            if said:
                found.append((row, self.matches[row.number].person.key if said is True else said))
        return found

    @property
    def stale(self) -> list[int]:
        """Accepted enrolments that are not what the page showed."""
        seen = self.cleaned_data.get("versions", {})
        return [key for _, key in self.accepted() if seen.get(key) != self.current[key]]

    @property
    def results(self) -> list[Result]:
        """What is to be recorded, as the action takes it; what changes nothing is left out."""
        found = []
        for row, key in self.accepted():
            now = self.standings[key]
            new = after(row, now, self.scale)
            if new != now:
                found.append(Result(key, self.cleaned_data["versions"][key], **asdict(new)))
        return found

    @property
    def left_out(self) -> list[int]:
        """Rows of the file that were not recorded and say something new."""
        taken = {row.number for row, _ in self.accepted()}
        return [
            row.number
            for row in self.table.rows
            if row.number not in taken and not self._says_nothing_new(row, self.matches[row.number])
        ]

    def _says_nothing_new(self, row: FileRow, match: Match) -> bool:
        return not row.is_wrong and match.outcome == Outcome.SURE and self._is_same(row, match.person)

    def put_errors(self, problems: Mapping[int, Mapping[str, Sequence[str]]]) -> None:
        """Each sentence at the row of the file, with the name in front: the summary stands far from the table."""
        rows = {key: row for row, key in self.accepted()}
        for key, found in problems.items():
            for name, said in found.items():
                target = "reason" if name == "reason" else f"row-{rows[key].number}"
                self.add_error(target, [f"Dòng {rows[key].number}, {rows[key].name}: {words}" for words in said])

    def now_current(self) -> None:
        """Carry the current versions, so that sending once more is a conscious choice."""
        self.data = self.data.copy()
        self.data["versions"] = _written(self.current)

    # For the page

    def rows(self, grade_names: Mapping[int, str]) -> list[dict]:
        return [self._row(row, self.matches[row.number], grade_names) for row in self.table.rows]

    def _row(self, row: FileRow, match: Match, grade_names: Mapping[int, str]) -> dict:
        kind = WRONG if row.is_wrong else match.outcome
        is_recordable = kind in (Outcome.SURE, Outcome.DOUBTFUL)
        name = f"row-{row.number}"
        person = self._chosen(name, match) or match.person
        now = self.standings[person.key] if person else Standing(State.ENROLLED.value)
        new = after(row, now, self.scale)
        return {
            "row": row,
            "kind": LABELS[kind],
            "look": LOOKS[kind],
            "person": person,
            "is_choice": match.outcome == Outcome.DOUBTFUL,
            "field": self[name] if name in self.fields else None,
            "changes": _changes(now, new, grade_names) if is_recordable else [],
            "is_same": person is not None and now == new and is_recordable,
            "problems": [one.message for one in sentences(row, match)],
        }

    def _chosen(self, name: str, match: Match) -> Participant | None:
        typed = self.data.get(name) if self.is_bound else None
        return next((one for one in match.people if str(one.key) == typed), None)

    def tally(self, missing: int) -> list[dict]:
        kinds = [WRONG if row.is_wrong else self.matches[row.number].outcome for row in self.table.rows]
        rows = [{"label": LABELS[kind], "value": kinds.count(kind)} for kind in LABELS]
        return [*rows, {"label": "Của lớp, không có trong tệp", "value": missing}]

    @property
    def ready(self) -> int:
        """How many rows are ticked as the page opens."""
        rows = (field for name, field in self.fields.items() if name.startswith("row-"))
        return sum(isinstance(field, forms.BooleanField) for field in rows)


def _written(versions: Mapping[int, int]) -> str:
    return " ".join(f"{key}:{version}" for key, version in sorted(versions.items()))


def _choice(person: Participant) -> str:
    birth = f", sinh {person.birth}" if person.birth else ""
    return f"{person.name}{birth}, {person.unit}"


def _changes(now: Standing, new: Standing, grade_names: Mapping[int, str]) -> list[dict]:
    """Old and new by field; fields that nobody says anything of are left out."""
    found = []
    for name, label in NAMES.items():
        old, to = (_words(name, getattr(one, name), grade_names) for one in (now, new))
        if old or to:
            found.append({"label": label, "old": old, "new": to, "is_same": old == to})
    return found


def _words(name: str, value, grade_names: Mapping[int, str]) -> str:
    if value is None or value == "":
        return ""
    if name == "state":
        return str(State(value).label)
    if name == "grade":
        return grade_names.get(value, "")
    if name == "score":
        return show_score(value)
    return show_day(value) if name == "issued_on" else str(value)
