"""Every figure of the product: one function each, rows as dataclasses, no HTML. Definitions: design 6.

Each function takes the user and reads only what FIGURES_VIEW opens to them.
"""

from reports.figures.periods import NOBODY, Count, Period, Window
from reports.figures.progress import same_period_last_year, term_progress, year_progress
from reports.figures.standing import Funnel, funnel
from reports.figures.table import current_plan, progress_table

__all__ = [
    "NOBODY",
    "Count",
    "Funnel",
    "Period",
    "Window",
    "current_plan",
    "funnel",
    "progress_table",
    "same_period_last_year",
    "term_progress",
    "year_progress",
]
