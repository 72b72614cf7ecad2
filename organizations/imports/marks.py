"""The sender's workbook with what is wrong in it, at the cells it is about."""

from organizations.imports.preview import Line, Preview
from organizations.imports.table import PROBLEMS, Layout
from organizations.models import ImportBatch
from vuthu_recruit.marking import Mark
from vuthu_recruit.marking import marked as mark_cells


def marked_file(batch: ImportBatch, layout: Layout, preview: Preview) -> bytes:
    marks = [mark for line in preview.lines for mark in _marks(line, layout)]
    return mark_cells(bytes(batch.content), batch.name, layout.sheet, layout.last, marks, PROBLEMS)


def _marks(line: Line, layout: Layout) -> list[Mark]:
    """Notes and open questions; a column that the file does not have is said in the first one."""
    first = min(layout.columns.values(), default=0)
    told = [(one.column, one.message, one.blocks) for one in line.notes]
    told += [(one.column, one.text, False) for one in line.questions]
    return [Mark(line.number, layout.columns.get(column, first), text, is_wrong) for column, text, is_wrong in told]
