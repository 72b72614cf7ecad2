"""Whether units, ranges, opening balances and assignments keep the rules that no constraint of a row can hold."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from reports.verify.difference import Difference
from reports.verify.recount import Ground, named_in
from reports.verify.tables import GRASSROOTS, Tables

HELD_AT = {
    "organization_board": ("area", "district"),
    "standing_committee": ("area", "district"),
    "supervisor": GRASSROOTS,
    "political_center": ("area", "district"),
    "unit_officer": GRASSROOTS,
    "branch_officer": ("branch", "section"),
    "mass_organization": (*GRASSROOTS, "district"),
    "system_admin": ("area",),
}


def faults(ground: Ground, today: date) -> Iterator[Difference]:
    tables = ground.tables
    yield from _paths(tables)
    yield from _successions(tables)
    yield from _targets(tables)
    yield from _shares(tables)
    yield from _openings(tables, today)
    yield from _assignments(tables)
    yield from _proposals(ground)


def warnings(ground: Ground) -> Iterator[str]:
    """Not wrong, but worth a look: more people named than the document of an opening balance says."""
    for plan in ground.tables.plans:
        for opening, named in named_in(ground, plan):
            if named > opening.count:
                where = ground.tables.name(opening.organization_id)
                yield f"Số dư đầu kỳ {_days(opening)} của {where}: {named} người có tên, văn bản ghi {opening.count}."


def _days(row) -> str:
    return f"{row.from_on:%d/%m/%Y}–{row.to_on:%d/%m/%Y}"


def _paths(tables: Tables) -> Iterator[Difference]:
    """The path is the parents' slugs; the grassroots short cut is what walking up finds; nobody outlives a parent."""
    for unit in tables.units.values():
        parent = tables.units.get(unit.parent_id)
        path = f"{parent.path if parent else ''}{unit.slug}/"
        if unit.path != path:
            yield Difference("đường dẫn của đơn vị", tables.name(unit.id), unit.path, path)
        above = tables.grassroots_of(unit.id)
        if unit.grassroots_id != above:
            yield Difference(
                "tổ chức cơ sở của đơn vị", tables.name(unit.id), tables.name(unit.grassroots_id), tables.name(above)
            )
        if parent and parent.closed_on and (unit.closed_on is None or unit.closed_on > parent.closed_on):
            yield Difference(
                "ngày kết thúc của đơn vị", tables.name(unit.id), unit.closed_on, f"không sau {parent.closed_on}"
            )


def _successions(tables: Tables) -> Iterator[Difference]:
    for row in tables.successions:
        old, new = tables.units[row.predecessor_id], tables.units[row.successor_id]
        if old.closed_on is None or old.closed_on > row.effective_on:
            yield Difference("kế thừa", tables.name(old.id), old.closed_on, f"kết thúc ngày {row.effective_on}")
        if new.opened_on > row.effective_on:
            yield Difference("kế thừa", tables.name(new.id), new.opened_on, f"hoạt động từ {row.effective_on}")


def _targets(tables: Tables) -> Iterator[Difference]:
    """Revisions count up from 0, their days never fall, one stands on any day; grassroots units and plan years only."""
    plans = {plan.id: plan for plan in tables.plans}
    lists = defaultdict(list)
    for row in tables.targets:
        lists[row.plan_id, row.organization_id, row.year].append(row)
    for (plan, unit, year), rows in lists.items():
        rows.sort(key=lambda row: row.revision)
        where = f"{tables.name(unit)}, năm {year}"
        if [row.revision for row in rows] != list(range(len(rows))):
            yield Difference("lần điều chỉnh chỉ tiêu", where, [row.revision for row in rows], f"0–{len(rows) - 1}")
        for earlier, later in pairwise(rows):
            if later.decided_on < earlier.decided_on:
                yield Difference("ngày quyết định chỉ tiêu", where, later.decided_on, f"từ {earlier.decided_on}")
        if tables.units[unit].kind not in GRASSROOTS:
            yield Difference("đơn vị được giao chỉ tiêu", where, tables.units[unit].kind, "tổ chức cơ sở đảng")
        if not plans[plan].plan_starts_on.year <= year <= plans[plan].plan_ends_on.year:
            yield Difference("năm được giao chỉ tiêu", where, year, "một năm của kế hoạch")


def _shares(tables: Tables) -> Iterator[Difference]:
    for row in tables.shares:
        if tables.grassroots_of(row.organization_id) != row.target_organization_id:
            yield Difference(
                "chỉ tiêu chi bộ",
                tables.name(row.organization_id),
                tables.name(row.target_organization_id),
                tables.name(tables.grassroots_of(row.organization_id)),
            )


def _openings(tables: Tables, today: date) -> Iterator[Difference]:
    """Grassroots only, inside one year, past, not overlapping; the term begins on a first day or outside."""
    plans, lists = {plan.id: plan for plan in tables.plans}, defaultdict(list)
    for row in tables.openings:
        lists[row.organization_id].append(row)
        where = f"{tables.name(row.organization_id)}, {_days(row)}"
        start = plans[row.plan_id].term_starts_on
        if tables.units[row.organization_id].kind not in GRASSROOTS:
            yield Difference("đơn vị có số dư đầu kỳ", where, "không phải tổ chức cơ sở đảng", "tổ chức cơ sở đảng")
        if row.from_on.year != row.to_on.year or row.to_on < row.from_on or row.to_on > today:
            yield Difference("khoảng của số dư đầu kỳ", where, _days(row), "trong một năm, đã qua")
        if row.from_on < start <= row.to_on:
            yield Difference("khoảng của số dư đầu kỳ", where, _days(row), f"tách tại ngày bắt đầu nhiệm kỳ {start}")
        if row.women is not None and row.women > row.count:
            yield Difference("số nữ của số dư đầu kỳ", where, row.women, f"không quá {row.count}")
    for unit, rows in lists.items():
        for earlier, later in pairwise(sorted(rows, key=lambda row: row.from_on)):
            if later.from_on <= earlier.to_on:
                yield Difference("số dư đầu kỳ trùng nhau", tables.name(unit), _days(later), f"sau {_days(earlier)}")


def _assignments(tables: Tables) -> Iterator[Difference]:
    """A role stands where it may; one head at a time, of the Board."""
    heads = []
    for row in tables.assignments:
        kind = tables.units[row.organization_id].kind
        if kind not in HELD_AT.get(row.role, ()):
            yield Difference("nơi giao vai trò", f"phân công số {row.id}, {row.role}", kind, HELD_AT.get(row.role))
        if row.is_head and row.role != "organization_board":
            yield Difference("người đứng đầu", f"phân công số {row.id}", row.role, "organization_board")
        if row.is_head and row.ends_on != row.starts_on:
            heads.append(row)
    for earlier, later in pairwise(sorted(heads, key=lambda row: row.starts_on)):
        if earlier.ends_on is None or later.starts_on < earlier.ends_on:
            yield Difference("người đứng đầu", f"phân công số {later.id}", later.starts_on, f"từ {earlier.ends_on}")


def _proposals(ground: Ground) -> Iterator[Difference]:
    """A second person decided; a decision by delegation stands only where one was confirmed, and the reverse."""
    confirmed = set()
    for row in ground.tables.proposals:
        if row.state == "confirmed" and row.decided_by_id in (None, row.proposed_by_id):
            yield Difference("việc cần hai người", f"đề nghị số {row.id}", "một người", "hai người")
        if (row.kind, row.state) == ("delegated_decision", "confirmed"):
            confirmed.add(row.object_id)
            if not any(event.step == "decided" for event in ground.tables.events.get(row.object_id, ())):
                yield Difference("quyết định theo ủy quyền", f"đề nghị số {row.id}", "đã xác nhận", "chưa ghi bước")
    for key, life in ground.lives.items():
        for row in life:
            if row.event.step == "decided" and (row.event.facts or {}).get("delegated") and key not in confirmed:
                yield Difference("quyết định theo ủy quyền", f"hồ sơ số {key}", "đã ghi", "chưa ai xác nhận")
