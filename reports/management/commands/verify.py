"""Recounts every figure and checks every cache; exits non-zero and names what differs."""

import random
from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError

from reports.verify import compare, people_checks, tables, unit_checks
from reports.verify.attention import attention, branches_without
from reports.verify.compare import Compared
from reports.verify.recount import Ground, people_of_branches, recount, term_progress
from reports.verify.training import PURPOSES, training
from vuthu_recruit import clock

SEED = 51
RANDOM_DAYS = 5
BRANCHES = 60
DAYS_OF_BRANCHES = 3  # the slowest list; its edges are those of the first days
YEARS_WITHOUT = (3,)
YEARS_OF_CLASSES = 3  # before this year, for what each unit sees of its own
SHOWN_AT_MOST = 200
OF_BRANCHES = ("trained", "dossier", "submitted", "period_people", "year_people", "term_people")


class Command(BaseCommand):
    help = (
        "Đếm lại từ đầu mọi số liệu bằng một cách tính riêng và so với số mà chương trình hiển thị: từng đơn vị, "
        "Cộng I, Cộng II, Tổng cộng, vào hôm nay, cuối năm, đầu năm, đầu và cuối nhiệm kỳ và vài ngày bất kỳ; "
        "đồng thời kiểm tra mọi dữ liệu tính sẵn. Không ghi gì. Kết thúc với mã lỗi khác 0 nếu có chỗ lệch."
    )

    def add_arguments(self, parser):
        parser.add_argument("--as-of", type=date.fromisoformat, help="chỉ đến một ngày, dạng 2024-11-18")
        parser.add_argument("--from", dest="since", type=date.fromisoformat, help="đầu kỳ (mặc định: đầu tháng)")

    def handle(self, *, as_of, since, **options):
        if since and (as_of is None or since > as_of):
            raise CommandError("--from cần --as-of và không được sau ngày đó.")
        today, before = clock.today(), tables.last_change()
        ground = Ground.of(tables.read())
        compared = Compared()
        compared.add(people_checks.faults(ground, today))
        compared.add(unit_checks.faults(ground, today))
        plan = self._plan(ground)
        days = [] if plan is None else [as_of] if as_of else days_to_check(ground, plan, today)
        for day in days:
            check_day(ground, plan, day, since or day.replace(day=1), compared)
            check_training(ground, plan, day, compared)
        for day in days[:DAYS_OF_BRANCHES]:
            check_branches(ground, plan, day, compared)
        if days:
            check_scopes(ground, plan, days[0], since or days[0].replace(day=1), compared)
            check_training_scopes(ground, plan, days[0], compared)
        if compared.differences and tables.last_change() != before:
            raise CommandError("Có người ghi dữ liệu trong lúc đếm nên chưa kết luận được. Hãy chạy lại.")
        self._report(ground, days, compared)

    def _plan(self, ground: Ground):
        from reports.verify import shown

        in_use = shown.plan_in_use()
        return next((plan for plan in ground.tables.plans if plan.id == in_use), None)

    def _report(self, ground: Ground, days: list[date], compared: Compared) -> None:
        for words in unit_checks.warnings(ground):
            self.stdout.write(f"Lưu ý: {words}")
        for difference in compared.differences[:SHOWN_AT_MOST]:
            self.stdout.write(str(difference))
        if compared.differences:
            names = sorted({difference.figure for difference in compared.differences})
            raise CommandError(f"{len(compared.differences)} chỗ lệch: {'; '.join(names)}.")
        people = len(ground.tables.people)
        self.stdout.write(f"Khớp: {compared.figures} số liệu của {len(days)} ngày, {people} hồ sơ. Không có chỗ lệch.")


def days_to_check(ground: Ground, plan, today: date) -> list[date]:
    """Today first; the edges of years, of the term and of the plan; some days between by a fixed seed."""
    edges = {date(year, 1, 1) for year in range(today.year - 1, today.year + 1)}
    edges |= {plan.term_starts_on, plan.plan_starts_on, plan.term_ends_on + timedelta(days=1)}
    edges |= {day - timedelta(days=1) for day in edges}
    first = min((life[0].on for life in ground.lives.values() if life), default=today)
    span = max(0, (today - first).days)
    chosen = random.Random(SEED)  # noqa: S311
    edges |= {first + timedelta(days=chosen.randint(0, span)) for _ in range(RANDOM_DAYS)}
    return [today, *sorted((day for day in edges if day < today), reverse=True)]


def _everything(ground: Ground):
    from reports.verify import shown

    return shown.Reader(*(unit.path for unit in ground.tables.units.values() if unit.parent_id is None))


def check_day(ground: Ground, plan, as_of: date, since: date, compared: Compared) -> None:
    """Everything that whoever reads the whole tree is shown."""
    from reports.verify import shown

    everything = _everything(ground)
    table, counted = shown.progress(everything, since, as_of), recount(ground, plan, as_of, since)
    compare.compare_tables(compared, table, counted, ground.tables, as_of)
    compare.compare_term(compared, table["term"], term_progress(ground, plan, as_of), as_of)
    total = counted["total"] | attention(ground, as_of)
    compare.compare_row(compared, shown.lists(everything, since, as_of), total, "Danh sách", as_of)


def check_branches(ground: Ground, plan, as_of: date, compared: Compared) -> None:
    """The branches shown as without admission for some years."""
    from reports.verify import shown

    for years in YEARS_WITHOUT:
        listed = shown.branches_without(_everything(ground), as_of, years)
        compare.compare_branches(compared, listed, branches_without(ground, plan, as_of, years), ground.tables, as_of)


def check_scopes(ground: Ground, plan, as_of: date, since: date, compared: Compared) -> None:
    """A unit's officer is shown the unit's own row, and branches add up to it."""
    from reports.verify import shown

    counted, parts = recount(ground, plan, as_of, since), people_of_branches(ground, plan, as_of, since)
    tree, name = ground.tables, ground.tables.name
    for unit in tree.grassroots_units():
        table = shown.progress(shown.Reader(unit.path), since, as_of)
        for key, row in table["units"].items():
            compare.compare_row(compared, row, counted["units"][key], f"{name(key)}, do đơn vị xem", as_of)
        for figure in OF_BRANCHES:
            own = sum(row[figure] for key, row in parts.items() if tree.grassroots_of(key) == unit.id)
            whole = table["units"].get(unit.id, {}).get(figure, 0)
            compared.pair(compare.LABELS[figure], f"{name(unit.id)}, so với cộng các chi bộ", whole, own, as_of)
    branches = sorted(unit.id for unit in tree.units.values() if unit.kind == "branch" and tree.grassroots_of(unit.id))
    for key in random.Random(SEED).sample(branches, min(BRANCHES, len(branches))):  # noqa: S311
        table = shown.progress(shown.Reader(tree.units[key].path), since, as_of)
        for figure in OF_BRANCHES:
            shown_there, own = table["total"][figure], parts.get(key, {}).get(figure, 0)
            compared.pair(compare.LABELS[figure], f"{name(key)}, do chi bộ xem", shown_there, own, as_of)


def check_training(ground: Ground, plan, as_of: date, compared: Compared) -> None:
    """The classes of the year by class and by unit, their lists, and who waits with a certificate of any year."""
    from reports.verify import shown

    everything, first = _everything(ground), date(as_of.year, 1, 1)
    for purpose in PURPOSES:
        found = shown.training(everything, as_of, first, purpose, with_lists=purpose == "awareness")
        counted = training(ground, plan, as_of, first, as_of, purpose)
        compare.compare_training(compared, found, counted, ground.tables, as_of)
    always = training(ground, plan, as_of, date.min, as_of)["total"]
    waiting = shown.graduates(everything, as_of)
    compared.pair(compare.TRAINING["waiting"], "Tổng cộng các năm", waiting, always["waiting"], as_of)


def check_training_scopes(ground: Ground, plan, as_of: date, compared: Compared) -> None:
    """A unit's officer is shown the unit's own line."""
    from reports.verify import shown

    first = date(as_of.year - YEARS_OF_CLASSES, 1, 1)
    counted = training(ground, plan, as_of, first, as_of)
    for unit in ground.tables.grassroots_units():
        found = shown.training(shown.Reader(unit.path), as_of, first)
        own = {"classes": {}, "units": {key: counted["units"].get(key, {}) for key in found["units"]}}
        part = {"classes": {}, "units": found["units"]}
        compare.compare_training(compared, part, own, ground.tables, as_of, ", do đơn vị xem")
