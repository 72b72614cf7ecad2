"""One unit on one page: the same figures as on the dashboard, for the unit alone."""

from dataclasses import dataclass
from datetime import date

from organizations.models import Organization
from reports.figures import attention
from reports.figures.periods import Count, Period
from reports.figures.rows import Row
from reports.figures.scope import Reach
from reports.figures.standing import Funnel
from reports.figures.table import progress_table


@dataclass(frozen=True)
class UnitOverview:
    """A grassroots unit on a day: its row, the term by year, the funnel, what needs attention (figure key → people)."""

    row: Row
    funnel: Funnel
    term_years: dict[int, Count]
    attention: dict[str, int]
    period: Period
    basis: str


def unit_overview(user, organization: Organization, as_of: date) -> UnitOverview | None:
    """The figures of the grassroots unit, as far as the user may read them; None when it has none for them."""
    only = organization.slug
    table = progress_table(user, Period.month_of(as_of), only=only)
    if not table.rows:
        return None
    counts = attention.counts(Reach(user, only), as_of)
    return UnitOverview(
        row=table.rows[0],
        funnel=table.funnel,
        term_years=table.term_years,
        attention=table.standing_still | counts,
        period=table.period,
        basis=table.basis,
    )
