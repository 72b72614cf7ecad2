"""Twelve planted faults: each in the program's figures or in the database, each found and named by the recount."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import F

from candidates.actions.corrections import Correction, correct_events
from candidates.actions.records import introduce
from candidates.models import Candidate, StageEvent
from candidates.pipeline import Stage, Step
from organizations.models import Organization
from reports.figures import counted, periods, standing, table
from reports.figures.counted import Remainder
from reports.figures.periods import Period
from targets.models import BranchShare, OpeningBalance
from targets.progress import Target
from tests import factories, snapshots
from tests.reports.worlds import WORLDS
from tests.reports.worlds.build import build
from vuthu_recruit import clock

MOVE = {"reason": "chuyển nơi ở sang xã khác"}


def until(unit: Organization, stage: Stage, last: date, name: str, **values) -> Candidate:
    """A person who reaches a stage on a day, the steps before it a month apart."""
    cell = unit.grassroots.form == "cell"
    steps = [s for s in list(Stage)[: list(Stage).index(stage) + 1] if not (cell and s == Stage.COMMITTEE_PASSED)]
    days = [last - timedelta(days=30 * back) for back in reversed(range(len(steps)))]
    person = factories.make_candidate(unit, started=days[0], full_name=name, **values)
    return factories.advance(person, stage, days[1:])


@pytest.fixture
def lived(db, today):
    """Enough of everything that each fault changes a number on one of the days looked at."""
    return snapshots.once(_lived)


def _lived() -> factories.World:
    world = factories.build_world()
    until(world.north_1, Stage.DECIDED, date(2024, 1, 1), "Trần Thị Đầu Năm", sex="female")
    until(world.north_1, Stage.DECIDED, date(2023, 12, 31), "Trần Văn Cuối Năm")
    until(world.north_2, Stage.DECIDED, date(2024, 11, 18), "Lê Thị Hôm Nay")
    until(world.cell, Stage.DECIDED, date(2020, 9, 10), "Phạm Văn Đầu Nhiệm Kỳ")
    ceremony(world)
    corrected(world)
    moved(world)
    until(world.office_1, Stage.SUBMITTED, date(2024, 5, 20), "Hoàng Văn Chờ")
    stopped = until(world.south_1, Stage.DOSSIER, date(2023, 11, 20), "Đỗ Thị Tạm Dừng")
    factories.step(stopped, Step.STOPPED, date(2024, 2, 2), reason="đi làm xa một thời gian dài")
    introduce(
        values={"full_name": "Nguyễn Thị Chưa Nhận", "sex": "female"},
        unit=world.north,
        body="youth_union",
        introduced_on=date(2024, 6, 1),
        by=world.youth,
    )
    opening_balance(world)
    BranchShare.objects.create(
        target_organization=world.north, organization=world.north_1, year=2024, minimum=1, maximum=2
    )
    return world


def ceremony(world) -> None:
    """Decided last year, admitted this year."""
    person = until(world.south_1, Stage.DECIDED, date(2023, 12, 20), "Bùi Văn Lễ Sau")
    factories.step(person, Step.ADMITTED, date(2024, 1, 12))


def corrected(world) -> None:
    """The day of a decision was put right."""
    person = until(world.north_2, Stage.DECIDED, date(2024, 3, 8), "Vũ Thị Sửa Ngày", sex="female")
    event = person.events.get(step=Step.DECIDED)
    correct_events(
        candidate=person,
        corrections=[Correction(event, date(2024, 3, 9))],
        reason="đối chiếu lại văn bản gốc",
        version=person.version,
        by=world.board_2,
    )


def moved(world) -> None:
    """Decided in the north, living in the south since."""
    person = until(world.north_1, Stage.DECIDED, date(2024, 4, 4), "Đinh Văn Chuyển Đi")
    factories.step(person, Step.MOVED, date(2024, 4, 20), by=world.board, unit=world.south_1, **MOVE)


def opening_balance(world) -> None:
    """Five known of 2021, one of them by name."""
    until(world.south_1, Stage.DECIDED, date(2021, 5, 5), "Ngô Thị Có Tên", sex="female")
    OpeningBalance.objects.create(
        plan=world.plan,
        organization=world.south,
        from_on=date(2021, 1, 1),
        to_on=date(2021, 6, 30),
        count=5,
        women=2,
        document="10-BC/ĐU",
    )
    OpeningBalance.objects.create(
        plan=world.plan,
        organization=world.north,
        from_on=date(2024, 1, 1),
        to_on=date(2024, 2, 15),
        count=3,
        document="11-BC/ĐU",
    )


def verify(**options) -> str:
    out = StringIO()
    call_command("verify", stdout=out, **options)
    return out.getvalue()


def found_by_verify(**options) -> str:
    """What it says when it exits non-zero."""
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verify", stdout=out, **options)
    assert refused.value.returncode == 1
    return f"{refused.value}\n{out.getvalue()}"


def add_to(rows: dict, unit: Organization, figure: str, number: int) -> None:
    if unit.grassroots_id in rows:
        rows[unit.grassroots_id][figure] += number


# The faults. Each is one somebody could write.


def year_edge(monkeypatch, world):
    monkeypatch.setattr(Period, "year_start", property(lambda period: date(period.as_of.year, 1, 2)))


def as_of_one_day_off(monkeypatch, world):
    original = Period.window

    def until_yesterday(period, which, plan):
        days = original(period, which, plan)
        return days and (days[0], days[1] - timedelta(days=1))

    monkeypatch.setattr(Period, "window", until_yesterday)


def replaced_event_counted(monkeypatch, world):
    original = counted.by_unit

    def with_replaced(reach, period, plan):
        rows = original(reach, period, plan)
        old = StageEvent.objects.filter(step=Step.DECIDED, is_live=False, is_void=False, happened_on__lte=period.as_of)
        for event in old.filter(happened_on__gte=period.year_start).select_related("unit"):
            add_to(rows, event.unit, "year", 1)
        return rows

    monkeypatch.setattr(counted, "by_unit", with_replaced)


def branch_shares_summed(monkeypatch, world):
    original = table._target

    def with_shares(unit, as_of):
        found = original(unit, as_of)
        shares = BranchShare.objects.filter(target_organization=unit, year=as_of.year)
        if found is None or found.minimum is None:
            return found
        added = [(share.minimum, share.maximum) for share in shares]
        return Target(found.minimum + sum(low for low, _ in added), found.maximum + sum(high for _, high in added))

    monkeypatch.setattr(table, "_target", with_shares)


def moved_person_in_the_new_unit(monkeypatch, world):
    monkeypatch.setattr(counted, "by_unit", _by_unit_of_today(counted.by_unit))


def _by_unit_of_today(original):
    def by_unit(reach, period, plan):
        rows = original(reach, period, plan)
        moved = StageEvent.objects.filter(is_counted=True, step=Step.DECIDED, happened_on__lte=period.as_of).exclude(
            unit=F("candidate__unit")
        )
        for event in moved.filter(happened_on__gte=period.year_start).select_related("unit", "candidate__unit"):
            add_to(rows, event.unit, "year", -1)
            add_to(rows, event.candidate.unit, "year", 1)
        return rows

    return by_unit


def decision_and_ceremony_swapped(monkeypatch, world):
    swapped = {"decision": Step.ADMITTED, "ceremony": Step.DECIDED}
    monkeypatch.setattr(counted, "counted_step", lambda plan: swapped[plan.counting_basis])


def opening_balance_forgotten(monkeypatch, world):
    monkeypatch.setattr(counted, "openings", lambda reach, plan, as_of, **_: {})


def stale_key(monkeypatch, world):
    person = Candidate.objects.get(full_name="Vũ Thị Sửa Ngày")
    Candidate._base_manager.filter(pk=person.pk).update(search_key="vu thi sua")


def term_start_off_by_a_year(monkeypatch, world):
    def a_year_late(plan, as_of):
        first = plan.term_starts_on.replace(year=plan.term_starts_on.year + 1)
        return None if as_of < first else (first, min(as_of, plan.term_ends_on))

    monkeypatch.setattr(periods, "term_window", a_year_late)


def waiting_person_counted(monkeypatch, world):
    original = standing.by_stage

    def with_waiting(reach, as_of):
        waiting = Candidate.objects.filter(status="waiting", unit__in=reach.units).count()
        nobody = {"returned": 0, "stopped": 0, "returned_long": 0, "submitted_long": 0}
        return [*original(reach, as_of), {"to_stage": "source", "open": waiting} | nobody]

    monkeypatch.setattr(standing, "by_stage", with_waiting)


def stock_by_todays_status(monkeypatch, world):
    """Open people of the day, but by the status they have now."""
    original = standing.standing
    monkeypatch.setattr(
        standing,
        "standing",
        lambda reach, as_of: original(reach, as_of).filter(candidate__status__in=standing.FOLLOWED),
    )


def remainder_counted_twice(monkeypatch, world):
    """The people who name part of a sum, and the whole sum beside them."""
    original = counted.remainder

    def whole_sum(row):
        rest = original(row)
        return Remainder(**(rest.__dict__ | {"rest": row.count}))

    monkeypatch.setattr(counted, "remainder", whole_sum)


FAULTS = [
    (year_edge, "lũy kế năm, người có tên", "(13195)"),
    (as_of_one_day_off, "kết nạp trong kỳ, người có tên", "(13195)"),
    (replaced_event_counted, "lũy kế năm, người có tên", "(13195)"),
    (branch_shares_summed, "chỉ tiêu năm, tối thiểu", "(13195)"),
    (moved_person_in_the_new_unit, "lũy kế năm, người có tên", "(13249)"),
    (decision_and_ceremony_swapped, "lũy kế năm, người có tên", "(13249)"),
    (opening_balance_forgotten, "lũy kế năm, số dư đầu kỳ", "(13195)"),
    (stale_key, "khóa tên search_key", "hồ sơ số"),
    (term_start_off_by_a_year, "lũy kế nhiệm kỳ, người có tên", "(mau-07)"),
    (waiting_person_counted, "bước source", "Tổng cộng"),
    (stock_by_todays_status, "hồ sơ đang làm", "(13249)"),
    (remainder_counted_twice, "lũy kế nhiệm kỳ, số dư đầu kỳ", "(13249)"),
]


def test_there_are_twelve_faults():
    assert len({fault for fault, _, _ in FAULTS}) == 12


def test_without_a_fault_it_says_how_much_it_compared(lived):
    said = verify()

    assert "Không có chỗ lệch" in said
    assert int(said.split("Khớp: ")[1].split()[0]) > 1000


@pytest.mark.parametrize(("fault", "figure", "where"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_bites(fault, figure, where, lived, monkeypatch):
    fault(monkeypatch, lived)

    said = found_by_verify()

    assert figure in said.splitlines()[0]
    assert [line for line in said.splitlines()[1:] if figure in line and where in line], said
    assert "đếm lại là" in said


def test_one_day_and_a_period_of_its_own(lived):
    assert "của 1 ngày" in verify(as_of=date(2024, 3, 31), since=date(2024, 1, 1))
    with pytest.raises(CommandError, match="--from"):
        verify(since=date(2024, 1, 1))


@pytest.mark.parametrize("as_of", [date(2024, 1, 12), date(2024, 6, 30), date(2024, 11, 18)])
def test_agrees_on_the_ceremony_basis(as_of, lived):
    lived.plan.counting_basis = "ceremony"
    lived.plan.save()
    for event in StageEvent.objects.filter(
        step=Step.DECIDED, is_counted=True, ended_on=None, happened_on__lt=date(2024, 11, 1)
    ):
        factories.step(event.candidate, Step.ADMITTED, event.happened_on + timedelta(days=10))

    assert "Không có chỗ lệch" in verify(as_of=as_of)


@pytest.mark.parametrize("name", WORLDS)
def test_agrees_with_the_program_in_the_small_worlds(name, db, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date.fromisoformat(WORLDS[name].today))
    build(WORLDS[name])

    assert "Không có chỗ lệch" in verify()


def test_nothing_is_wrong_with_an_empty_database(db):
    assert "0 hồ sơ" in verify()
