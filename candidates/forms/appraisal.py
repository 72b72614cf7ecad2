"""One round of appraisal as a form: a checklist with usual words, older points that are open, points of one's own."""

from django import forms
from django.forms.boundfield import BoundField

from candidates.actions.appraisal import Findings, Returned
from candidates.dossier import Form
from candidates.forms.steps import PICK, EventDayField, VersionedForm, reason_field
from candidates.models import AppraisalQuestion, DossierForm
from candidates.papers import Points
from candidates.pipeline import BY_STEP, RedoFrom, Step
from vuthu_recruit.fields import CleanCharFormField, CleanTextFormField

PASSED, RETURNED = "passed", "returned"
ANSWERS = ((PASSED, "Đạt"), (RETURNED, "Trả lại"))
RESULTS = (("pass", "Thẩm định đạt"), ("return", "Trả lại hồ sơ"))
OWN_POINTS = 3


def _reason(label: str, **values) -> forms.Field:
    field = CleanTextFormField(label=label, required=False, max_length=500, **values)
    field.widget = forms.Textarea(attrs={"rows": 2, "maxlength": "500"})
    field.says_optional = False
    return field


class AppraisalForm(VersionedForm):
    """Reads what the appraiser found; the actions judge it. `questions`: those of this round, in order.

    In a later round only the points that are open are asked again.
    """

    result = forms.ChoiceField(choices=RESULTS, error_messages={"invalid_choice": PICK, "required": PICK})

    def __init__(self, *args, questions: list[AppraisalQuestion], points: Points, catalogue, redo, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions, self.points = questions, points
        self.by_key: dict[str, DossierForm] = {row.key: row for row in catalogue}
        for question in questions:
            self._ask(f"q-{question.pk}", question.text, question.wording)
        for point in points.open:
            self._ask(f"p-{point.pk}", str(point), point.reason)
        for number in range(1, OWN_POINTS + 1):
            self.fields[f"own-form-{number}"] = forms.ChoiceField(
                label="Giấy tờ",
                required=False,
                choices=[("", "Cả hồ sơ"), *((row.key, str(row)) for row in catalogue)],
                error_messages={"invalid_choice": PICK},
            )
            self.fields[f"own-{number}"] = _reason("Điểm cần bổ sung")
        self.fields["happened_on"] = EventDayField(label="Ngày")
        self.fields["document"] = CleanCharFormField(
            label="Số phiếu thẩm định hoặc tờ trình", max_length=200, required=False, help_text="Cần khi thẩm định đạt"
        )
        self.fields["document"].says_optional = False
        self.fields["redo_from"] = forms.ChoiceField(
            label="Làm lại từ",
            required=False,
            choices=redo,
            widget=forms.RadioSelect,
            help_text="Cần khi trả lại",
            error_messages={"invalid_choice": PICK},
        )
        self.fields["redo_from"].says_optional = False

    def allow_override(self) -> None:
        """The head of the Board was refused by four eyes alone and may say why all the same."""
        self.fields["override"] = reason_field("Lý do quyết định ngoại lệ của người đứng đầu Ban Tổ chức")
        self.fields["override"].required = False

    def mark_unanswered(self) -> None:
        """Each question that was left open, on its own place."""
        for question in self.questions:
            if not self.cleaned_data.get(f"q-{question.pk}"):
                self.add_error(f"q-{question.pk}", "Chưa kiểm tra nội dung này.")

    def _ask(self, name: str, label: str, words: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=ANSWERS,
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": PICK},
        )
        self.fields[name].says_optional = False  # what must be answered depends on how the round ends
        self.fields[f"{name}-reason"] = _reason("Lý do trả lại", initial=words)

    def sections(self, forms_in_order: tuple[Form, ...]) -> list[dict]:
        """The checklist by form, in the order of the catalogue; what concerns the whole dossier last."""
        groups: dict[str, list] = {}
        for question in self.questions:
            key = question.form.key if question.form_id else ""
            groups.setdefault(key, []).append(self._pair(f"q-{question.pk}"))
        found = [{"form": form, "rows": groups[form.key]} for form in forms_in_order if form.key in groups]
        return [*found, *({"form": None, "rows": rows} for key, rows in groups.items() if not key)]

    def _pair(self, name: str) -> dict[str, BoundField]:
        return {"answer": self[name], "reason": self[f"{name}-reason"]}

    @property
    def open_points(self) -> list[dict]:
        return [{"point": point} | self._pair(f"p-{point.pk}") for point in self.points.open]

    @property
    def own_points(self) -> list[dict]:
        return [
            {"form": self[f"own-form-{number}"], "reason": self[f"own-{number}"]} for number in range(1, OWN_POINTS + 1)
        ]

    @property
    def has_own(self) -> bool:
        return any(row["reason"].value() for row in self.own_points)

    @property
    def findings(self) -> Findings:
        given = self.cleaned_data
        passed = [row for row in self.questions if given.get(f"q-{row.pk}") == PASSED]
        accepted = [point.pk for point in self.points.open if given.get(f"p-{point.pk}") == PASSED]
        returned = [
            Returned(given.get(f"q-{row.pk}-reason") or "", row.form, row, field=f"q-{row.pk}-reason")
            for row in self.questions
            if given.get(f"q-{row.pk}") == RETURNED
        ]
        returned += [
            Returned(given.get(f"p-{point.pk}-reason") or "", again=point.pk, field=f"p-{point.pk}-reason")
            for point in self.points.open
            if given.get(f"p-{point.pk}") == RETURNED
        ]
        for number in range(1, OWN_POINTS + 1):
            if words := given.get(f"own-{number}"):
                form = self.by_key.get(given.get(f"own-form-{number}") or "")
                returned.append(Returned(words, form, field=f"own-{number}"))
        return Findings(tuple(passed), tuple(accepted), tuple(returned))


def redo_choices(form: str) -> list[tuple[str, str]]:
    """Where work may resume: a cell has no committee that could meet again."""
    row = next(fact for fact in BY_STEP[Step.RETURNED].facts if fact.key == "redo_from")
    return [choice for choice in row.choices if not (form == "cell" and choice[0] == RedoFrom.COMMITTEE)]
