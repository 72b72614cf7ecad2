"""The recount alone: it knows nothing of the program, agrees with the tables written by hand, and finds planted rot."""

import ast
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from reports.verify import people_checks, tables, unit_checks
from reports.verify.attention import months_before
from reports.verify.keys import plain_key
from reports.verify.recount import Ground, recount, term_progress
from tests.reports.worlds import WORLDS
from tests.reports.worlds.build import build
from tests.reports.worlds.notation import TOTALS, day, pair, table
from vuthu_recruit import clock, vietnamese

PACKAGE = Path(people_checks.__file__).parent
ASKS_THE_PROGRAM = "shown.py"
PAIRS = ("period", "year", "term")
PLAIN = ("branches", "trained", "dossier", "submitted", "religion", "enterprise", "official")
STAGES = ("open", "returned", "stopped")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize(
    "path", sorted(path for path in PACKAGE.glob("*.py") if path.name != ASKS_THE_PROGRAM), ids=lambda path: path.name
)
def test_the_recount_imports_nothing_it_recounts(path):
    ours = {"reports", "targets", "candidates", "organizations"}

    found = {name for name in imported(path) if name.split(".")[0] in ours and not name.startswith("reports.verify")}
    managers = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
    }

    assert not found
    assert not managers
    assert not {name for name in imported(path) if name.startswith("reports.verify.shown")}


def ground_of(world_name: str, monkeypatch):
    world = WORLDS[world_name]
    monkeypatch.setattr(clock, "today", lambda: day(world.today))
    return build(world), world


@pytest.mark.parametrize("name", WORLDS)
def test_agrees_with_the_tables_written_by_hand(name, db, monkeypatch):
    built, world = ground_of(name, monkeypatch)
    read = tables.read()
    ground = Ground.of(read)
    plan = read.plans[0]
    for case in world.cases:
        if case.user in ("north_1_officer", "north_2_officer"):
            continue  # what a branch sees of itself; the command compares it with the recount
        plan.counting_basis = case.basis
        counted = recount(ground, plan, day(case.as_of), day(case.since))
        expected = table(case.table)
        for unit, cells in expected.items():
            if case.user != "board" and unit in TOTALS:
                continue
            row = row_of(counted, built, unit)
            assert as_cells(row, unit) == comparable(cells), (case.as_of, unit)
        if case.user == "board":
            assert funnel_of(counted["total"]) == case.funnel
        if case.term:
            term = term_progress(ground, plan, day(case.as_of))
            assert {"expected": term["expected"], **term["years"]} == case.term


def row_of(counted, built, unit: str) -> dict:
    groups = {"Cộng I": "grassroots_commune", "Cộng II": "grassroots_other"}
    if unit == "Tổng cộng":
        return counted["total"]
    return counted["groups"][groups[unit]] if unit in groups else counted["units"][built.units[unit].pk]


def comparable(cells: dict) -> dict:
    found = {name: pair(cells[name]) for name in (*PAIRS, "women")} | {name: int(cells[name]) for name in PLAIN}
    found["union"], found["unknown_women"] = int(cells["union"]), int(cells["unknown_women"])
    found["members"] = None if cells["members"] == "–" else int(cells["members"])
    found |= {name: cells[name] for name in ("percent", "state", "slow")}
    return found | {"target": cells["target"]}


def as_cells(row: dict, unit: str) -> dict:
    total, entered = unit in TOTALS, row.get("entered", True)
    found = {name: (row[f"{name}_people"], row[f"{name}_opening"]) if entered else None for name in PAIRS}
    found["women"] = (row["women_people"], row["women_opening"])
    found |= {name: row[name] for name in PLAIN} | {"members": row["members"]}
    found |= {"union": row["youth_union"], "unknown_women": row["women_unknown"]}
    has_range = row["minimum"] is not None
    judged = has_range and entered and not total
    found["percent"] = str(row["percent"]) if entered and row["percent"] is not None else "–"
    found["state"] = row["state"] if judged else "–"
    found["slow"] = ("yes" if row["slow"] else "no") if judged else "–"
    found["target"] = f"{row['minimum']}-{row['maximum']}" if has_range else "–" if total else row["state"]
    return found


def funnel_of(row: dict) -> dict:
    stages = {name.removeprefix("open_") for name in row if name.startswith("open_")}
    found = {stage: tuple(row[f"{status}_{stage}"] for status in STAGES) for stage in stages}
    return {stage: counts for stage, counts in found.items() if any(counts)}


@pytest.mark.parametrize("name", WORLDS)
def test_finds_nothing_wrong_in_what_the_actions_wrote(name, db, monkeypatch):
    _, world = ground_of(name, monkeypatch)
    ground = Ground.of(tables.read())

    assert [str(fault) for fault in people_checks.faults(ground, day(world.today))] == []
    assert [str(fault) for fault in unit_checks.faults(ground, day(world.today))] == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("TRẦN  QUỐC-HƯNG", "tran quoc hung"),
        ("Hoà", "hoa"),
        ("Y Krông Niê", "y krong nie"),
        ("Müller", None),
        ("Lý Thị Ưng 2", "ly thi ung 2"),
    ],
)
def test_the_second_way_to_a_search_key(name, key):
    assert plain_key(name) == key
    assert key is None or vietnamese.search_key(name) == key


def test_months_before_end_with_the_month():
    assert months_before(date(2024, 2, 29), 36) == date(2021, 2, 28)
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2024, 1, 15), 12) == date(2023, 1, 15)


def rot(label: str, column: str, value, **which):
    """One column of one row, written behind the back of every action."""
    rows = apps.get_model(label)._base_manager.filter(**which).order_by("pk")
    rows.filter(pk=rows.first().pk).update(**{column: value})


EVENT, PERSON, UNIT = "candidates.StageEvent", "candidates.Candidate", "organizations.Organization"
TARGET, OPENING, PLACE = "targets.YearlyTarget", "targets.OpeningBalance", "organizations.Assignment"
# What is found, and the rot: table, column, value, which row.
ROT = [
    ("bước đã ghi: is_counted", (EVENT, "is_counted", False), {"step": "decided"}),
    ("bước đã ghi: is_counted", (EVENT, "is_counted", True), {"step": "dossier"}),
    ("bước đã ghi: ended_on", (EVENT, "ended_on", date(2024, 11, 1)), {"step": "submitted"}),
    ("bước đã ghi: ended_on", (EVENT, "ended_on", None), {"step": "source"}),
    ("bước đã ghi: is_live", (EVENT, "is_live", False), {"step": "dossier"}),
    ("bước đã ghi: from_stage", (EVENT, "from_stage", "source"), {"step": "decided"}),
    ("bước đã ghi: to_stage", (EVENT, "to_stage", "trained"), {"step": "decided"}),
    ("bước đã ghi: to_status", (EVENT, "to_status", "stopped"), {"step": "decided"}),
    ("bước đã ghi: unit_id", (EVENT, "unit", "south_1"), {"step": "decided"}),
    ("thứ tự các bước", (EVENT, "happened_on", date(2020, 1, 1)), {"step": "decided"}),
    ("ngày của bước", (EVENT, "happened_on", date(2030, 1, 1)), {"step": "decided"}),
    ("thứ tự ghi", (EVENT, "seq", 99), {"step": "decided"}),
    ("ảnh chụp lúc quyết định", (EVENT, "snapshot", None), {"step": "decided"}),
    ("giấy chứng nhận", ("candidates.Enrolment", "certificate_number", "khác"), {}),
    ("lớp đã hủy", ("candidates.TrainingClass", "is_called_off", True), {}),
    ("số chỗ của lớp", ("candidates.TrainingClass", "capacity", 0), {}),
    ("bước hiện nay", (PERSON, "stage", "admitted"), {}),
    ("trạng thái hiện nay", (PERSON, "status", "stopped"), {}),
    ("đơn vị hiện nay", (PERSON, "unit", "south_1"), {}),
    ("khóa tên sort_key", (PERSON, "sort_key", "x"), {}),
    ("khóa tên same_name_key", (PERSON, "same_name_key", "x"), {}),
    ("giá trị ngoài danh mục", (PERSON, "religion", "buddhist"), {}),
    ("đường dẫn của đơn vị", (UNIT, "path", "khu-vuc/lac/"), {"slug": "13249"}),
    ("tổ chức cơ sở của đơn vị", (UNIT, "grassroots", "south"), {"slug__startswith": "13195-"}),
    ("ngày kết thúc của đơn vị", (UNIT, "closed_on", date(2024, 1, 1)), {"slug": "13195"}),
    ("đơn vị của bước", (UNIT, "opened_on", date(2024, 1, 1)), {"slug": "13195-thon-hoi"}),
    ("lần điều chỉnh chỉ tiêu", (TARGET, "revision", 2), {"revision": 1}),
    ("ngày quyết định chỉ tiêu", (TARGET, "decided_on", date(2021, 1, 1)), {"revision": 1}),
    ("năm được giao chỉ tiêu", (TARGET, "year", 2019), {"year": 2022}),
    ("đơn vị được giao chỉ tiêu", (TARGET, "organization", "north_1"), {"year": 2022}),
    ("số dư đầu kỳ trùng nhau", (OPENING, "from_on", date(2021, 1, 5)), {"from_on": date(2021, 3, 1)}),
    ("khoảng của số dư đầu kỳ", ("targets.AdmissionPlan", "term_starts_on", date(2021, 1, 9)), {}),
    ("nơi giao vai trò", (PLACE, "role", "unit_officer"), {"role": "standing_committee"}),
    ("chỉ tiêu chi bộ", ("targets.BranchShare", "target_organization", "south"), {}),
]


@pytest.fixture
def sound(world):
    """A person decided, two opening balances, a revised range, a share: nothing wrong."""
    from candidates.pipeline import Stage
    from targets.models import BranchShare, OpeningBalance, YearlyTarget
    from tests import factories

    factories.advance(factories.make_candidate(world.north_1), Stage.DECIDED)
    for first, last in ((date(2021, 1, 1), date(2021, 1, 31)), (date(2021, 3, 1), date(2021, 3, 31))):
        OpeningBalance.objects.create(
            plan=world.plan, organization=world.north, from_on=first, to_on=last, count=2, document="1-BC/ĐU"
        )
    YearlyTarget.objects.create(
        plan=world.plan,
        organization=world.north,
        year=2024,
        revision=1,
        source="revision",
        minimum=2,
        maximum=4,
        decided_on=date(2024, 3, 1),
        reason="điều chỉnh",
        document="2-QĐ/HU",
    )
    BranchShare.objects.create(
        target_organization=world.north, organization=world.north_1, year=2024, minimum=1, maximum=2
    )
    return world


def faults_found(today: date) -> set[str]:
    ground = Ground.of(tables.read())
    return {fault.figure for fault in (*people_checks.faults(ground, today), *unit_checks.faults(ground, today))}


def test_every_kind_of_rot_is_found(sound, today):
    assert faults_found(today) == set()

    missed = []
    for figure, (label, column, value), which in ROT:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    rot(label, column, getattr(sound, value) if hasattr(sound, str(value)) else value, **which)
            except IntegrityError:
                missed.append(f"{figure}: the database refuses it")
            else:
                if figure not in faults_found(today):
                    missed.append(figure)
            transaction.set_rollback(True)

    assert missed == []


def test_a_record_that_continues_one_not_struck_off_is_found(sound, today):
    from tests import factories

    second = factories.make_candidate(sound.north_1)
    people = apps.get_model(PERSON)._base_manager
    people.filter(pk=second.pk).update(previous=people.order_by("pk").first())

    assert faults_found(today) == {"hồ sơ trước khi kết nạp lại"}
