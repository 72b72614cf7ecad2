"""What a preview says of a file and of its rows, in words and looks."""

from organizations.forms.imports import answer_name
from organizations.imports import reading
from organizations.imports.preview import LABELS, Kind, Preview
from organizations.imports.registry import IMPORTERS
from organizations.models import ImportBatch
from organizations.permissions import Permission

LOOKS = {
    Kind.NEW: ("done", "done"),
    Kind.CHANGED: ("doing", "writing"),
    Kind.SAME: ("idle", "none"),
    Kind.QUESTION: ("soon", "soon"),
    Kind.WAITING: ("doing", "later"),
    Kind.ERROR: ("late", "soon"),
    Kind.SKIPPED: ("idle", "stopped"),
}


def applied_before(batch: ImportBatch, user) -> ImportBatch | None:
    """The same file, confirmed before and not undone."""
    same = {"importer": batch.importer, "organization": batch.organization, "sha256": batch.sha256}
    rows = ImportBatch.objects.visible_to(user, needs=Permission.IMPORT).for_list()
    return rows.filter(**same, applied_at__isnull=False, undone_at=None).exclude(pk=batch.pk).first()


def line_words(line, batch: ImportBatch) -> dict:
    return {
        "line": line,
        "kind": LABELS[line.kind],
        "look": LOOKS[line.kind],
        "questions": questions(batch, line.number, line.questions),
    }


def questions(batch: ImportBatch, number: int | str, questions) -> list[dict]:
    said = batch.answers.get(str(number), {})
    return [{"question": one, "name": answer_name(number, one), "answer": said.get(one.key, "")} for one in questions]


def tally(preview: Preview, chosen: str) -> list[dict]:
    rows = [{"url": "?", "label": "Tất cả", "value": len(preview.lines), "current": not chosen}]
    for kind, count in preview.tally.items():
        if count:
            rows.append({"url": f"?muc={kind}", "label": LABELS[kind], "value": count, "current": kind == chosen})
    return rows


def table_words(batch: ImportBatch, layout, preview: Preview) -> dict:
    """What was read and what was not: nothing is silently dropped."""
    read = {number for number, _ in layout.rows()}
    sheets = reading.sheets_in(batch)
    not_stored = IMPORTERS[batch.importer].not_stored
    not_read = {*layout.unknown, *(column for key, column in layout.columns.items() if key in not_stored)}
    other_sheets = [one.name for one in sheets if one.name != layout.sheet.name and any(map(any, one.rows))]
    return {
        "sheet": layout.sheet.name,
        "header": str(layout.last) if layout.first == layout.last else f"{layout.first}–{layout.last}",
        "other_sheets": other_sheets,
        "left_out": preview.left_out,
        "hidden_rows": [number for number in layout.sheet.hidden_rows if number in read],
        "hidden_columns": [one for one in layout.sheet.hidden_columns if one in layout.columns.values()],
        "unknown": [layout.headings[one] for one in sorted(not_read) if layout.headings[one]],
    }
