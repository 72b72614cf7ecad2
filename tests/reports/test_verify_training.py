"""The recount of classes bites: faults somebody could write in the figures, each found and named."""

from datetime import date

import pytest
from django.db.models import F

from candidates.models import Enrolment, Grade, RuleSet
from candidates.pipeline import Stage, Step
from reports.figures import fates, training, training_rows
from reports.figures.fates import Fate, Span
from tests import factories
from tests.factories import enrol, finish, make_candidate, make_class
from tests.reports.test_verify_bites import found_by_verify, verify
from vuthu_recruit.dates import months_after


@pytest.fixture
def taught(world):
    """Something of everything that counts, so that each fault changes a number."""
    held, running = make_class(date(2024, 3, 4), capacity=30), make_class(date(2024, 11, 14), date(2024, 11, 20))
    moved, admitted, stopped = [make_candidate(unit) for unit in (world.north_1, world.north_2, world.office_1)]
    again = make_candidate(world.south_1)
    factories.give_certificate(again, date(2024, 1, 25))
    for row in enrol(held, moved, admitted, stopped, again):
        finish(row, date(2024, 3, 18))
    factories.step(moved, Step.MOVED, date(2024, 6, 3), unit=world.south_1, by=world.board, reason="chuyển nơi ở mới")
    factories.advance(admitted, Stage.DECIDED, [date(2024, month, 2) for month in range(4, 10)])
    factories.step(stopped, Step.STOPPED, date(2024, 7, 1), reason="đi làm xa một thời gian dài")
    failed, left, refused = enrol(held, *[make_candidate(u) for u in (world.south_1, world.office_1, world.cell)])
    finish(failed, grade="failed")
    Enrolment.objects.filter(pk=left.pk).update(state="dropped", reason="đi làm xa")
    Enrolment.objects.filter(pk=refused.pk).update(state="refused", reason="chưa đủ tuổi")
    factories.give_certificate(make_candidate(world.north_1, started=date(2018, 1, 1)), date(2019, 11, 18))
    # Recorded a day too early: the class goes on.
    (early, _) = enrol(running, make_candidate(world.south_1), make_candidate(world.cell))
    Enrolment.objects.filter(pk=early.pk).update(state="finished", is_passed=True, grade=Grade.objects.get(key="good"))
    return world


def in_the_unit_of_today(monkeypatch, world):
    original = training._counted

    def counted(reach, span, months):
        found = original(reach, span, months)
        for one in Enrolment.objects.exclude(unit=F("candidate__unit")).select_related("unit", "candidate__unit"):
            for row in [row for row in found if row["training_class_id"] == one.training_class_id]:
                if row["home"] == one.unit.grassroots_id and row["fate"] == Fate.WAITING:
                    row["people"] -= 1
                    found.append(row | {"home": one.candidate.unit.grassroots_id, "people": 1})
        return found

    monkeypatch.setattr(training, "_counted", counted)


def older_certificates_wait_too(monkeypatch, world):
    _replace_fate(monkeypatch, Fate.AGAIN, Fate.WAITING)


def the_stopped_wait_too(monkeypatch, world):
    _replace_fate(monkeypatch, Fate.GONE, Fate.WAITING)


def _replace_fate(monkeypatch, wrong: Fate, instead: Fate):
    original = training.Conversion.of

    def of(rows: dict):
        rows = dict(rows)
        rows[instead] = rows.get(instead, 0) + rows.pop(wrong, 0)
        return original(rows)

    monkeypatch.setattr(training.Conversion, "of", of)


def admitted_within_a_year_by_days(monkeypatch, world):
    monkeypatch.setattr(fates, "MILESTONES", (5, 24, 36))


def results_before_the_last_day(monkeypatch, world):
    original = fates._state
    monkeypatch.setattr(fates, "_state", lambda as_of: original(months_after(as_of, 1)))


def classes_of_last_year(monkeypatch, world):
    original = Span.classes

    def wider(span):
        return original.fget(Span(months_after(span.first, -1), span.last, span.as_of, span.purpose))

    factories.give_certificate(make_candidate(world.north_1), date(2023, 12, 20))
    monkeypatch.setattr(Span, "classes", property(wider))


def those_who_left_have_no_outcome(monkeypatch, world):
    monkeypatch.setattr(training.Tally, "judged", property(lambda tally: tally.finished))


def places_of_people_who_wait(monkeypatch, world):
    original = training._figures

    def figures(rows, places=None):
        found = original(rows, places)
        return training.replace(found, taken=found.tally.sent if places is not None else 0)

    monkeypatch.setattr(training, "_figures", figures)


def sixty_months_by_heart(monkeypatch, world):
    for row in RuleSet.objects.all():
        RuleSet.objects.filter(pk=row.pk).update(values=row.values | {"certificate_months": 9})
    for module in ("training", "attention"):
        monkeypatch.setattr(f"reports.figures.{module}.certificate_months", lambda day: 60)


def a_list_without_the_moved(monkeypatch, world):
    original = training_rows.behind

    def behind(reach, span, key, training_class=None):
        return original(reach, span, key, training_class).filter(candidate__unit=F("unit"))

    monkeypatch.setattr(training_rows, "behind", behind)


FAULTS = [
    (in_the_unit_of_today, "giấy chứng nhận: chưa kết nạp", "(13249)"),
    (older_certificates_wait_too, "giấy chứng nhận: tính giấy khác", "(13249)"),
    (the_stopped_wait_too, "giấy chứng nhận: không còn theo dõi", "(mau-03)"),
    (admitted_within_a_year_by_days, "giấy chứng nhận: kết nạp trong 12 tháng", "(13195)"),
    (results_before_the_last_day, "lớp học: đạt", "(13249)"),
    (classes_of_last_year, "lớp học: giấy chứng nhận", "(13195)"),
    (those_who_left_have_no_outcome, "lớp học: đạt trên số có kết quả", "(mau-03)"),
    (places_of_people_who_wait, "lớp học: chỗ đã dùng của lớp có số chỗ", "Tổng cộng"),
    (sixty_months_by_heart, "giấy chứng nhận sắp hết giá trị", "Danh sách"),
    (a_list_without_the_moved, "giấy chứng nhận: chưa kết nạp", "Tổng cộng"),
]


def test_without_a_fault_nothing_differs(taught):
    assert "Không có chỗ lệch" in verify()


@pytest.mark.parametrize(("fault", "figure", "where"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_bites(fault, figure, where, taught, monkeypatch):
    fault(monkeypatch, taught)

    said = found_by_verify(as_of=date(2024, 11, 18))

    assert figure in said.splitlines()[0]
    assert [line for line in said.splitlines()[1:] if figure in line and where in line], said
