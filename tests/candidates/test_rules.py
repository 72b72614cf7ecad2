"""The rule book and the calendar in the database: filled once, versioned, changed only where nobody knows."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from candidates.actions.rules import load_rules, revise_rule_set, save_calendar_year
from candidates.models import CalendarYear, RuleSet, StageEvent
from candidates.pipeline import Stage
from organizations.models import Change
from organizations.versions import Conflict
from tests import factories

WHY = "Theo hướng dẫn mới của Ban Tổ chức"


def newest(regime: str = "24-qd-tw") -> RuleSet:
    return RuleSet.objects.filter(regime=regime).order_by("-version").first()


def test_loading_twice_adds_nothing_and_touches_nothing(db):
    first = load_rules()
    CalendarYear.objects.filter(year=2027).update(note="Ban Tổ chức đã sửa")
    second = load_rules()

    assert (len(first.sets), len(first.years)) == (4, 12)
    assert (second.sets, second.years) == ([], [])
    assert CalendarYear.objects.get(year=2027).note == "Ban Tổ chức đã sửa"


def test_the_command_says_what_it_added_and_a_dry_run_adds_nothing(db, capsys):
    call_command("load_rules", dry_run=True)
    assert not RuleSet.objects.exists()

    call_command("load_rules")

    assert (
        "Đã thêm: 4 bộ quy định, lịch của 12 năm, 19 biểu mẫu hồ sơ, 10 nội dung thẩm định, "
        "3 loại lớp, 5 xếp loại." in capsys.readouterr().out
    )


def test_a_changed_parameter_makes_a_new_version_and_leaves_the_old_one(world):
    old = newest()

    new = revise_rule_set(current=old, values={"decision_days": 45}, citations={}, reason=WHY, by=world.board)

    assert (new.version, new.values["decision_days"], new.reason) == (2, 45, WHY)
    assert RuleSet.objects.get(pk=old.pk).values["decision_days"] == 60
    assert RuleSet.objects.book().on(old.valid_from).label == "24-qd-tw/2"
    assert Change.objects.filter(action="rules.revise", by=world.board, reason=WHY).exists()


def test_what_a_source_confirms_is_not_changed(world):
    with pytest.raises(ValidationError) as found:
        revise_rule_set(
            current=newest(), values={"age_from": 200}, citations={"age": "điều khác"}, reason=WHY, by=world.board
        )

    assert set(found.value.message_dict) == {"age_from", "age"}
    assert newest().version == 1


def test_an_open_clause_is_completed_and_a_slip_of_the_keyboard_is_kept_out(world):
    revise_rule_set(
        current=newest(), values={}, citations={"certificate": "Công văn 12-CV/BTC"}, reason=WHY, by=world.board
    )
    assert newest().rules.cite("certificate") == "Công văn 12-CV/BTC"

    with pytest.raises(ValidationError):
        revise_rule_set(current=newest(), values={"decision_days": 6000}, citations={}, reason=WHY, by=world.board)


def test_two_officers_at_once_do_not_overwrite_each_other(world):
    seen = newest()
    revise_rule_set(current=seen, values={"decision_days": 45}, citations={}, reason=WHY, by=world.board)

    with pytest.raises(Conflict):
        revise_rule_set(current=seen, values={"decision_days": 50}, citations={}, reason=WHY, by=world.board_2)


def test_nothing_changed_makes_no_version(world):
    with pytest.raises(ValidationError):
        revise_rule_set(current=newest(), values={"decision_days": 60}, citations={}, reason=WHY, by=world.board)


@pytest.mark.parametrize("who", ["north_officer", "standing", "center", "admin", "nobody"])
def test_only_the_board_keeps_the_rule_book(who, world):
    user, year = getattr(world, who), CalendarYear.objects.get(year=2027)

    with pytest.raises(PermissionDenied):
        revise_rule_set(current=newest(), values={"decision_days": 45}, citations={}, reason=WHY, by=user)
    with pytest.raises(PermissionDenied):
        save_calendar_year(year=year, days=[], is_confirmed=False, document="", note="", version=1, by=user)


def test_a_step_keeps_the_set_and_each_outcome_and_a_later_version_changes_none(world):
    person = factories.advance(factories.make_candidate(world.north_1), Stage.OFFICIAL)
    before = list(StageEvent.objects.filter(candidate=person).order_by("pk").values("rule_set", "verdict"))

    revise_rule_set(
        current=newest(), values={"certificate_months": 12, "decision_days": 5}, citations={}, reason=WHY,
        by=world.board,
    )  # fmt: skip

    assert list(StageEvent.objects.filter(candidate=person).order_by("pk").values("rule_set", "verdict")) == before
    judged = StageEvent.objects.get(candidate=person, step="branch_passed")
    assert judged.rule_set == "24-qd-tw/1"
    assert {row["gate"]: row["outcome"] for row in judged.verdict} == {
        "age": "met",
        "education": "met",
        "certificate": "met",
        "introducers": "met",
        "papers": "met",
        "together": "met",
    }


def test_a_year_is_saved_whole_with_its_history(world):
    year = CalendarYear.objects.get(year=2027)
    days = [{"day": "2027-02-04", "kind": "off", "name": "Tết", "source": "Thông báo 1", "certainty": "notice"}]

    save_calendar_year(
        year=year, days=days, is_confirmed=True, document="Thông báo 1", note="", version=1, by=world.board
    )

    assert CalendarYear.objects.get(year=2027).days == days
    assert 2027 in CalendarYear.objects.calendar().confirmed
    assert Change.objects.filter(action="rules.calendar").count() == 1
    with pytest.raises(Conflict):
        save_calendar_year(year=year, days=[], is_confirmed=False, document="", note="", version=1, by=world.board_2)
