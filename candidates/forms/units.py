"""Choosing a unit: those in scope that may hold people, in administrative order."""

from datetime import date

from organizations.models import Organization
from organizations.permissions import Permission
from vuthu_recruit import clock

IN_ORDER = ("grassroots__kind", "grassroots__order", "grassroots__code", "kind", "order", "name", "pk")


def units_for(user, needs: Permission) -> list[Organization]:
    """Open branches, grassroots cells and committees ("chưa phân chi bộ") where the right holds. One query."""
    rows = Organization.objects.visible_to(user, needs=needs).open_on(clock.today())
    rows = rows.units_of_people() | rows.grassroots()
    return list(rows.select_related("grassroots__parent").order_by(*IN_ORDER))


def units_open_between(user, needs: Permission, first: date, last: date) -> list[Organization]:
    """The same of units open on some day of those years, also those that have closed since. One query."""
    rows = Organization.objects.visible_to(user, needs=needs).filter(opened_on__lte=last).exclude(closed_on__lte=first)
    rows = rows.units_of_people() | rows.grassroots()
    return list(rows.select_related("grassroots__parent").order_by(*IN_ORDER))


def unit_choices(units: list[Organization]) -> list:
    """Options by slug; with several grassroots organizations, grouped under their names."""
    groups: dict[str, list] = {}
    for unit in units:
        grassroots = unit.grassroots or unit
        label = unit.short_name if unit.may_hold_people() else "Chưa phân chi bộ"
        label += f" (kết thúc {unit.closed_on:%d/%m/%Y})" if unit.closed_on else ""
        groups.setdefault(grassroots.short_name, []).append((unit.slug, label))
    return list(groups.items())
