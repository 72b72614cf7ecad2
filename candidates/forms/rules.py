"""Forms of the rule book and the calendar: what nobody confirmed, and the days of a year as lines of text."""

from datetime import date

from django import forms

from candidates.forms.steps import PICK, STALE, reason_field
from candidates.models import CalendarYear, LocalLimits, RuleSet
from candidates.rules import PARAMETERS, TOPICS, YES_NO
from candidates.sub_limits import AWAITED, LEAST, MOST
from candidates.working_days import SATURDAY
from vuthu_recruit.dates import DateError, parse_day, show_day
from vuthu_recruit.fields import CleanCharFormField, CleanTextFormField
from vuthu_recruit.vietnamese import clean, lower_first, search_key

LONGEST_LIST = 20_000
DAYS_A_YEAR = 60  # more days off than any year has
KINDS = {"nghi": CalendarYear.OFF, "lam bu": CalendarYear.WORKED}
KIND_WORDS = {CalendarYear.OFF: "nghỉ", CalendarYear.WORKED: "làm bù"}
LINE = "ngày; nghỉ hoặc làm bù; tên; căn cứ"


def _version() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE))


class RuleSetForm(forms.Form):
    """The uncertain parameters and the open clauses of a set; the rest stands."""

    version = _version()

    def __init__(self, *args, rule_set: RuleSet, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule_set = rule_set
        self.open_topics = [topic for topic in TOPICS if topic not in rule_set.first.citations]
        self.fields["version"].initial = rule_set.version
        for key in rule_set.uncertain:
            self.fields[key] = _parameter(key, rule_set.values[key])
        for topic in self.open_topics:
            self.fields[f"cite-{topic}"] = CleanCharFormField(
                label=f"Căn cứ: {TOPICS[topic]}",
                max_length=300,
                required=False,
                initial=rule_set.citations.get(topic, ""),
                help_text="Số văn bản, ngày, điều khoản. Để trống khi chưa rõ.",
            )
        self.fields["reason"] = reason_field("Lý do")

    @property
    def values(self) -> dict[str, int]:
        return {key: self.cleaned_data[key] for key in self.rule_set.uncertain}

    @property
    def citations(self) -> dict[str, str]:
        """Also those emptied again: they are open once more."""
        given = {topic: self.cleaned_data[f"cite-{topic}"] for topic in self.open_topics}
        return {topic: words for topic, words in given.items() if words or self.rule_set.citations.get(topic)}


def _parameter(key: str, value: int) -> forms.Field:
    row = PARAMETERS[key]
    if row.unit == YES_NO:
        return forms.TypedChoiceField(
            label=row.label,
            choices=[(1, "Có"), (0, "Không")],
            coerce=int,
            initial=value,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": PICK},
        )
    bounds = f"Từ {row.least} đến {row.most} {row.unit}."
    field = forms.IntegerField(
        label=f"{TOPICS[row.topic]}: {lower_first(row.label)} ({row.unit})",
        initial=value,
        min_value=row.least,
        max_value=row.most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Nhập một số nguyên.", "min_value": bounds, "max_value": bounds},
    )
    field.size = "short"
    return field


class LocalLimitsForm(forms.Form):
    """How many working days each level has; what is left empty is not followed."""

    version = _version()

    def __init__(self, *args, limits: LocalLimits | None, **kwargs):
        super().__init__(*args, **kwargs)
        days = limits.days if limits else {}
        self.fields["version"].initial = limits.version if limits else 0
        for step, level in AWAITED.items():
            self.fields[step] = _days(f"{level.label} (ngày làm việc)", days.get(step))
        self.fields["document"] = CleanCharFormField(
            label="Văn bản quy định nội bộ",
            max_length=200,
            required=False,
            initial=limits.document if limits else "",
            help_text="Số văn bản, ngày, nơi ban hành",
        )

    @property
    def days(self) -> dict[str, int]:
        return {step: self.cleaned_data[step] for step in AWAITED if self.cleaned_data[step]}


def _days(label: str, value: int | None) -> forms.IntegerField:
    bounds = f"Từ {LEAST} đến {MOST} ngày làm việc, hoặc để trống."
    field = forms.IntegerField(
        label=label,
        initial=value,
        required=False,
        min_value=LEAST,
        max_value=MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Nhập một số nguyên, hoặc để trống.", "min_value": bounds, "max_value": bounds},
    )
    field.size = "short"
    return field


class CalendarForm(forms.Form):
    """A year as lines: easy to paste from the notice of the year, easy to check against it."""

    version = _version()
    days = CleanTextFormField(
        label="Ngày nghỉ và ngày làm bù",
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
        help_text=f"Mỗi dòng một ngày: {LINE}. Ví dụ: 29/4/2024; nghỉ; Hoán đổi ngày làm việc; Thông báo số … ngày …",
    )
    is_confirmed = forms.BooleanField(label="Đã đối chiếu với thông báo của năm", required=False)
    document = CleanCharFormField(label="Văn bản đối chiếu", max_length=400, required=False)
    note = CleanTextFormField(
        label="Ghi chú", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, year: CalendarYear, **kwargs):
        initial = {
            "version": year.version,
            "days": "\n".join(as_line(row) for row in year.days),
            "is_confirmed": year.is_confirmed,
            "document": year.document,
            "note": year.note,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.year = year

    def clean_days(self) -> list[dict]:
        lines = [(number, line) for number, line in enumerate(self.cleaned_data["days"].splitlines(), 1) if clean(line)]
        if len(lines) > DAYS_A_YEAR:
            raise forms.ValidationError(f"Có {len(lines)} dòng; một năm không quá {DAYS_A_YEAR} ngày.")
        rows, faults, seen = [], [], {}
        for number, line in lines:
            row, fault = read_line(line, self.year.year)
            if row and row["day"] in seen:
                fault = f"trùng ngày với dòng {seen[row['day']]}"
            if fault:
                faults.append(f"Dòng {number}: {fault}.")
                continue
            seen[row["day"]] = number
            rows.append(row)
        if faults:
            raise forms.ValidationError(faults)
        return rows

    def clean(self):
        given = super().clean()
        if given.get("is_confirmed") and not given.get("document"):
            self.add_error("document", "Năm đã đối chiếu phải ghi văn bản đối chiếu.")
        return given


def as_line(row: dict) -> str:
    day = show_day(date.fromisoformat(row["day"]))
    return "; ".join((day, KIND_WORDS[row["kind"]], row["name"], row["source"]))


def read_line(line: str, year: int) -> tuple[dict | None, str]:
    """A line as a row, or what is wrong with it."""
    parts = [clean(part) for part in line.split(";", 3)]
    if len(parts) < 4 or not all(parts):
        return None, f"cần đủ bốn phần, cách nhau bằng dấu chấm phẩy: {LINE}"
    try:
        day = parse_day(parts[0])
    except DateError as error:
        return None, str(error).rstrip(".")
    kind = KINDS.get(search_key(parts[1]))
    if day.year != year:
        return None, f"ngày {show_day(day)} không thuộc năm {year}"
    if kind is None:
        return None, f"“{parts[1]}” không phải là “nghỉ” hay “làm bù”"
    if kind == CalendarYear.WORKED and day.weekday() < SATURDAY:
        return None, f"ngày {show_day(day)} không phải thứ bảy, chủ nhật nên không phải ngày làm bù"
    return {"day": day.isoformat(), "kind": kind, "name": parts[2], "source": parts[3]}, ""
