"""Forms of Excel in: sending a file or a pasted block, naming columns, answering, confirming, undoing."""

import re
from collections.abc import Iterable, Mapping

from django import forms
from django.db.models import Q

from organizations.forms.lists import ListForm, choice, named
from organizations.imports.preview import WHOLE_FILE, Preview, Question, answered
from organizations.imports.registry import Importer
from organizations.imports.table import Layout
from organizations.models import ImportBatch, Organization
from vuthu_recruit import spreadsheet
from vuthu_recruit.fields import CleanTextFormField
from vuthu_recruit.spreadsheet import Cell

PICK = {"invalid_choice": "Hãy chọn một mục trong danh sách."}
STALE = "Trang này đã cũ. Hãy mở lại trang rồi làm lại."
NOT_IMPORTED = "Không nhập cột này"
PASTED = "Đoạn dán"
MOST_PASTED = 2_000_000  # characters; a file may hold more
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class SendForm(forms.Form):
    """A file, or the cells copied from it. For which unit; what else is asked once for the whole list."""

    unit = forms.ChoiceField(label="Nhập cho đơn vị", error_messages=PICK)
    file = forms.FileField(
        label="Tệp",
        required=False,
        help_text="Tệp Excel (.xlsx, .xls) hoặc .ods, nhiều nhất 5 MB, 5.000 dòng; để nguyên như đơn vị vẫn lập.",
        widget=forms.FileInput(attrs={"accept": ",".join(spreadsheet.SIGNATURES)}),
        error_messages={"empty": "Tệp này trống.", "max_length": "Tên tệp quá dài."},
    )
    pasted = forms.CharField(
        label="Hoặc dán từ Excel, Zalo",
        required=False,
        max_length=MOST_PASTED,
        strip=False,
        help_text="Chọn cả dòng tiêu đề và các dòng bên dưới trong Excel, bấm Ctrl+C, rồi bấm Ctrl+V vào ô này.",
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": "Đoạn dán quá dài. Hãy tải tệp lên."},
    )

    def __init__(self, data=None, files=None, *, importer: Importer, user, chosen: str = ""):
        super().__init__(data, files)
        for name in ("file", "pasted"):
            self.fields[name].says_optional = False  # one of the two is asked
        self.importer = importer
        self.units = {unit.slug: unit for unit in importer.organizations(user)}
        options = [(slug, unit.name) for slug, unit in self.units.items()]
        field = self.fields["unit"]
        field.choices = options if len(options) == 1 else [("", "Chọn đơn vị"), *options]
        field.initial = options[0][0] if len(options) == 1 else chosen
        self.options = importer.options_form(data)

    def is_valid(self) -> bool:
        """Both are asked: all errors at once."""
        return all([super().is_valid(), self.options is None or self.options.is_valid()])

    def clean(self):
        given = super().clean()
        file, pasted = given.get("file"), given.get("pasted", "").strip()
        if file and pasted:
            self.add_error("pasted", "Chỉ gửi một trong hai: tệp, hoặc đoạn dán.")
        elif file and file.size > spreadsheet.LARGEST:
            self.add_error("file", spreadsheet.TOO_LARGE)
        elif not file and not pasted and not self.errors:
            self.add_error("file", "Chọn tệp, hoặc dán các dòng vào ô bên dưới.")
        return given

    @property
    def organization(self) -> Organization:
        return self.units[self.cleaned_data["unit"]]

    @property
    def sent(self) -> dict:
        """What is kept of it, as the action takes it."""
        file = self.cleaned_data["file"]
        if file:
            file.seek(0)
            return {"name": file.name, "content": file.read(), "is_pasted": False}
        return {"name": PASTED, "content": self.cleaned_data["pasted"].encode(), "is_pasted": True}

    @property
    def kept_options(self) -> dict:
        if self.options is None:
            return {}
        given = self.options.cleaned_data
        return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in given.items()}

    @property
    def fields_of_options(self) -> list:
        return list(self.options) if self.options else []


class VersionForm(forms.Form):
    version = forms.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), STALE),
    )


class ColumnsForm(VersionForm):
    """What each column means. Those nobody recognised stand first in the page's order of attention."""

    def __init__(self, data=None, *, layout: Layout, importer: Importer, version: int):
        super().__init__(data, initial={"version": version})
        self.layout, self.importer = layout, importer
        keys = {column: key for key, column in layout.columns.items()}
        options = [("", NOT_IMPORTED), *((one.key, one.label) for one in importer.definitions)]
        self.columns = [column for column in range(len(layout.headings)) if self._says_something(column, keys)]
        for column in self.columns:
            self.fields[f"column-{column}"] = forms.ChoiceField(
                label=self.heading(column),
                choices=options,
                required=False,
                initial=keys.get(column, ""),
                error_messages=PICK,
            )

    def _says_something(self, column: int, keys: Mapping) -> bool:
        return column in keys or bool(self.layout.headings[column]) or bool(self.layout.samples(column))

    def heading(self, column: int) -> str:
        return self.layout.headings[column] or f"Cột {column_letter(column)} (không có tiêu đề)"

    def clean(self):
        given = super().clean()
        taken: dict[str, int] = {}
        for column in self.columns:
            key = given.get(f"column-{column}")
            if key and key in taken:
                words = f"Cột “{self.heading(taken[key])}” đã mang nghĩa này: mỗi nghĩa chọn cho một cột."
                self.add_error(f"column-{column}", words)
            elif key:
                taken[key] = column
        labels = {one.key: one.label for one in self.importer.definitions}
        if not self.errors and (missing := self.layout.with_mapping(self.mapping).missing):
            names = ", ".join(f"“{labels[key]}”" for key in missing)
            self.add_error(None, f"Chưa có cột nào là {names}.")
        return given

    @property
    def mapping(self) -> dict[int, str]:
        return {column: self.cleaned_data[f"column-{column}"] for column in self.columns}

    @property
    def rows(self) -> list[dict]:
        return [
            {
                "letter": column_letter(column),
                "field": self[f"column-{column}"],
                "samples": [_shown(cell) for cell in self.layout.samples(column)],
                "is_unknown": column in self.layout.unknown,
            }
            for column in self.columns
        ]


def _shown(cell: Cell) -> str:
    return f"{cell:%d/%m/%Y}" if hasattr(cell, "strftime") else str(cell)


def column_letter(column: int) -> str:
    """As Excel names it, from 0."""
    first, last = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def answer_name(number: int | str, question: Question) -> str:
    return f"a-{number}-{question.key}"


def answers_in(data: Mapping, preview: Preview) -> dict[str, dict[str, str]]:
    """What a page of the preview was answered: row → question → option; "" takes an answer back.

    Questions that were not on the page keep their answers.
    """
    found: dict[str, dict[str, str]] = {}
    asked = [(WHOLE_FILE, preview.questions), *((str(line.number), line.questions) for line in preview.lines)]
    for number, questions in asked:
        shown = [one for one in questions if answer_name(number, one) in data]
        known = answered(shown, {one.key: data[answer_name(number, one)] for one in shown})
        if shown:
            found[number] = {one.key: known.get(one.key, "") for one in shown}
    return found


class ConfirmForm(VersionForm):
    """`seen`: the digest of what the page showed."""

    seen = forms.RegexField(
        DIGEST, widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )
    only_valid = forms.BooleanField(required=False)  # a button of its own


class UndoForm(VersionForm):
    reason = CleanTextFormField(
        label="Lý do hoàn tác",
        help_text="Ít nhất 10 ký tự. Ví dụ: tải nhầm danh sách của năm trước",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Nhiều nhất 500 ký tự."},
    )


class HistoryForm(ListForm):
    """Search and filters of the imports."""

    SOUGHT = "tên tệp"
    TABS = {
        "": "Tất cả",
        "dang-xem": "Chưa nhập",
        "da-nhap": "Đã nhập",
        "hoan-tac": "Đã hoàn tác",
        "tu-choi": "Bị từ chối, đã bỏ",
    }
    loai = choice("Loại danh sách")
    don_vi = choice("Đơn vị")

    def __init__(self, data, *, units, importers: Iterable[Importer]):
        super().__init__(data)
        self.offer("loai", [(one.key, one.label) for one in importers], "Tất cả")
        self.offer("don_vi", [(unit.slug, unit.short_name) for unit in units], "Tất cả đơn vị")

    def narrowed(self, rows):
        """All but the tab, whose counts are shown beside each other."""
        if kind := self.chosen("loai"):
            rows = rows.filter(importer=kind)
        if slug := self.chosen("don_vi"):
            rows = rows.filter(organization__slug=slug)
        return named(rows, self.cleaned_data["q"])


def in_state(rows, state: str):
    """The imports of a tab."""
    tabs = {
        "": rows,
        "dang-xem": rows.unfinished(),
        "da-nhap": rows.filter(applied_at__isnull=False, undone_at=None),
        "hoan-tac": rows.filter(undone_at__isnull=False),
        "tu-choi": rows.filter(Q(refused_on__isnull=False) | Q(dropped_at__isnull=False)),
    }
    return tabs[state]


def state_look(state: ImportBatch.State) -> tuple[str, str]:
    """Kind and shape of the badge of a state."""
    looks = {
        ImportBatch.State.PREVIEW: ("doing", "later"),
        ImportBatch.State.RUNNING: ("doing", "writing"),
        ImportBatch.State.INTERRUPTED: ("late", "soon"),
        ImportBatch.State.REFUSED: ("idle", "stopped"),
        ImportBatch.State.DROPPED: ("idle", "none"),
        ImportBatch.State.APPLIED: ("done", "done"),
        ImportBatch.State.UNDONE: ("idle", "none"),
    }
    return looks[state]
