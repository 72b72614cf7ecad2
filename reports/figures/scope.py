"""Whose figures: the organizations in which a user may read figures, narrowed to what they chose to look at."""

from functools import cached_property

from django.db.models import Q

from organizations.models import Kind, Organization
from organizations.models.organization import GRASSROOTS
from organizations.permissions import Permission
from organizations.scope import scope_of, units_where

GROUPS = {"I": Kind.GRASSROOTS_COMMUNE, "II": Kind.GRASSROOTS_OTHER}


class Reach:
    """The units one look covers. `only`: "" everything in scope, "I" or "II" one group, else the slug of a unit.

    `units` is a subquery of ids for events and people; nothing outside the user's FIGURES_VIEW is ever in it (of a
    figure that is open to another right: outside that).
    """

    def __init__(self, user, only: str = "", right: Permission = Permission.FIGURES_VIEW):
        self.user, self.only, self.right = user, only, right

    @cached_property
    def paths(self) -> frozenset[str]:
        return scope_of(self.user).paths(self.right)

    @property
    def units(self):
        """Ids of the organizations whose events count: a subquery, no rows."""
        return self._narrowed(units_where(self.user, self.right))

    def _narrowed(self, rows):
        if self.only in GROUPS:
            return rows.filter(grassroots__kind=GROUPS[self.only])
        if self.only:
            return rows.filter(grassroots__slug=self.only)
        return rows

    @property
    def whole_units(self):
        """Ids of grassroots organizations that lie in scope with everything under them: whose sums may be shown."""
        return self._narrowed(units_where(self.user, self.right).filter(kind__in=GRASSROOTS))

    def grassroots(self):
        """The grassroots organizations that have a row: in scope themselves, or by one of their branches."""
        return Organization.objects.filter(pk__in=self.units.values("grassroots"), kind__in=GRASSROOTS)

    def is_whole(self, organization: Organization) -> bool:
        """Whether the whole unit is in scope, not only branches of it. Costs no query beyond the scope."""
        return any(organization.path.startswith(path) for path in self.paths)

    @property
    def reads_background(self) -> bool:
        """Whether the background of everybody counted is open to the user: only then does a list by it open."""
        open_to = scope_of(self.user).paths(Permission.BACKGROUND_VIEW)
        return all(any(path.startswith(known) for known in open_to) for path in self.paths)

    def covers(self, organization: Organization | None) -> bool:
        """Whether an organization and everything under it is in scope."""
        return organization is not None and self.is_whole(organization)


def below(path: str, field: str = "unit__path") -> Q:
    return Q(**{f"{field}__startswith": path})
