"""Where a user's rights hold: the only place that decides which rows a person reaches. Deny by default."""

from collections.abc import Callable
from itertools import takewhile

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.shortcuts import get_object_or_404

from organizations.permissions import Permission, roles_with
from vuthu_recruit import clock


class ScopedQuerySet(models.QuerySet):
    """Base of every queryset whose rows belong to an organization.

    `organization` names the path to that organization; None means the row itself is one.
    """

    organization: str | None = "organization"

    def visible_to(self, user, *, needs: Permission):
        """Rows inside the subtrees of those assignments whose role contains the permission."""
        return self.in_units(units_where(user, needs))

    def in_units(self, units):
        field = f"{self.organization}_id__in" if self.organization else "pk__in"
        return self.filter(**{field: units})


class Scope:
    """The assignments of one user that are in force today, and the paths they open. Costs two queries, once."""

    def __init__(self, user):
        self.user = user
        self._assignments = None
        self._paths: dict[Permission, frozenset[str]] = {}
        self._grown: dict[frozenset[str], frozenset[str]] = {}  # rights of one assignment share one look-up

    @property
    def assignments(self) -> list:
        if self._assignments is None:
            user = self.user
            if not (user.is_authenticated and user.is_active) or user.must_change_password:
                self._assignments = []
            else:
                self._assignments = list(
                    user.assignments.in_force_on(clock.today()).select_related("organization").order_by("pk")
                )
        return self._assignments

    def holding(self, needs: Permission) -> list:
        roles = roles_with(needs)
        return [assignment for assignment in self.assignments if assignment.role in roles]

    def reach(self, assignments) -> frozenset[str]:
        """Paths of the subtrees of some assignments, with those of predecessors that went whole into one of them."""
        own = frozenset(assignment.organization.path for assignment in assignments)
        if own not in self._grown:
            self._grown[own] = _with_predecessors(own)
        return self._grown[own]

    def paths(self, needs: Permission) -> frozenset[str]:
        """How far a right reaches."""
        if needs not in self._paths:
            self._paths[needs] = self.reach(self.holding(needs))
        return self._paths[needs]


def scope_of(user) -> Scope:
    """The user's scope, resolved once for each user object (a request loads its user anew)."""
    scope = getattr(user, "_scope", None)
    if scope is None:
        scope = user._scope = Scope(user)
    return scope


def _under(paths, field: str = "path") -> Q:
    condition = Q(pk__in=[])
    for path in sorted(paths):
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def _with_predecessors(paths: frozenset[str]) -> frozenset[str]:
    """Add, transitively, closed organizations whose only successor lies inside. After a split nobody inherits whole."""
    from organizations.models import Succession

    if not paths:
        return paths
    found = set(paths)
    while True:
        inside = Succession.objects.filter(_under(found, "successor__path"))
        whole = (
            inside.annotate(heirs=models.Count("predecessor__successions"))
            .filter(heirs=1)
            .values_list("predecessor__path", flat=True)
        )
        new = {path for path in whole if not any(path.startswith(known) for known in found)}
        if not new:
            return frozenset(found)
        found |= new


def units_where(user, needs: Permission):
    """Ids of the organizations in which the user holds the right, as a subquery (no rows are fetched)."""
    from organizations.models import Organization

    paths = scope_of(user).paths(needs)
    return Organization.objects.filter(_under(paths)).values("pk")


def holds(user, needs: Permission) -> bool:
    """Whether any assignment of the user contains the right; for menus and pages without an object."""
    return bool(scope_of(user).holding(needs))


def looks_across_units(user) -> bool:
    """Whether the assignments reach more than one grassroots unit: then a branch is named with its unit."""
    units = {assignment.organization.grassroots_id for assignment in scope_of(user).assignments}
    return None in units or len(units) > 1


def stands_at(user, *needs: Permission):
    """Where the assignments stand that hold one of these rights: of several, the organization nearest above all.

    None without such an assignment. One query where there are several.
    """
    from organizations.models import Organization

    held = {one.organization for need in needs for one in scope_of(user).holding(need)}
    if len(held) < 2:
        return next(iter(held), None)
    paths = [one.path.split("/")[:-1] for one in held]
    shared = [steps[0] for steps in takewhile(lambda steps: len(set(steps)) == 1, zip(*paths, strict=False))]
    return Organization.objects.filter(path="/".join([*shared, ""])).first()


def require(user, *needs: Permission) -> None:
    """Raise PermissionDenied when no assignment holds one of the rights: a page without an object answers 403."""
    if not any(holds(user, need) for need in needs):
        raise PermissionDenied


def may_in(user, needs: Permission, organization) -> bool:
    """Whether the right holds at this organization. Costs no query beyond the scope."""
    return any(organization.path.startswith(path) for path in scope_of(user).paths(needs))


def get_in_scope(rows, user, *, view: Permission, needs: Permission | None = None, **lookup):
    """Return the row; 404 when the user may not view it, 403 when they may view it but lack the right.

    An outsider must not learn that a row exists, so viewing is asked first.
    """
    row = get_object_or_404(rows.visible_to(user, needs=view), **lookup)
    if needs and not rows.visible_to(user, needs=needs).filter(pk=row.pk).exists():
        raise PermissionDenied
    return row


def needs(*permissions: Permission) -> Callable:
    """Decorate a view without an object: 403 unless some assignment of the user holds one of the rights."""

    def decorate(view):
        from functools import wraps

        @wraps(view)
        def guarded(request, *args, **kwargs):
            require(request.user, *permissions)
            return view(request, *args, **kwargs)

        guarded.needs = permissions
        return guarded

    return decorate
