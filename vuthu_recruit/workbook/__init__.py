"""The one writer of .xlsx: text stays text, formulas carry their values, sheets print on A4.

Knows paper and cells only: no domain words, no queries. Two shapes: `Workbook.add_list` (one header, one row a thing,
filter) and `Workbook.add_report` (letterhead, title, header of several rows, groups, totals, notes, signature).
"""

from vuthu_recruit.workbook.book import AUTHOR, Workbook, write_list
from vuthu_recruit.workbook.cells import Column, Formula, Kind, TooManyRows, ref, sum_of
from vuthu_recruit.workbook.looks import FONT, LANDSCAPE, PORTRAIT, Head, Letterhead, Page, Signature
from vuthu_recruit.workbook.sheet import Sheet
from vuthu_recruit.workbook.text import ILLEGAL, NEWLINE, is_dangerous, safe_text, sheet_name, without_guard

__all__ = [
    "AUTHOR",
    "FONT",
    "ILLEGAL",
    "LANDSCAPE",
    "NEWLINE",
    "PORTRAIT",
    "Column",
    "Formula",
    "Head",
    "Kind",
    "Letterhead",
    "Page",
    "Sheet",
    "Signature",
    "TooManyRows",
    "Workbook",
    "is_dangerous",
    "ref",
    "safe_text",
    "sheet_name",
    "sum_of",
    "without_guard",
    "write_list",
]
