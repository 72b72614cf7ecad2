"""Choosing a unit: those in scope that may hold people, in administrative order."""

from organizations.models import Organization
from organizations.permissions import Permission
from vuthu_recruit import clock

IN_ORDER = ("grassroots__kind", "grassroots__order", "grassroots__code", "kind", "order", "name", "pk")


def units_for(user, needs: Permission) -> list[Organization]:
    """Open branches, grassroots cells and committees ("chưa phân chi bộ") where the right holds. One query."""
    rows = Organization.objects.visible_to(user, needs=needs).open_on(clock.today())
    rows = rows.units_of_people() | rows.grassroots()
    return list(rows.select_related("grassroots__parent").order_by(*IN_ORDER))


def unit_choices(units: list[Organization]) -> list:
    """Options by slug; with several grassroots organizations, grouped under their names."""
    groups: dict[str, list] = {}
    for unit in units:
        grassroots = unit.grassroots or unit
        label = unit.short_name if unit.may_hold_people() else "Chưa phân chi bộ"
        groups.setdefault(grassroots.short_name, []).append((unit.slug, label))
    return list(groups.items())
