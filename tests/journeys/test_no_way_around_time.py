"""Ways around the clocks that were found by trying: each is closed, and stays so."""

import io
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from candidates import due
from candidates.actions.corrections import Correction, correct_events
from candidates.actions.events import Refused, live_events, rebuild
from candidates.actions.rules import revise_rule_set
from candidates.clocks import LIMITS, Clock
from candidates.deadlines import Deadline
from candidates.models import Candidate, RuleSet, StageEvent
from candidates.pipeline import Stage, Step
from candidates.rules import RuleBook
from organizations import changes
from organizations.models import Assignment, Organization
from organizations.permissions import Role
from organizations.versions import Conflict
from tests import factories
from tests.rules import BOOK, CALENDAR

WHY = "Đối chiếu lại với văn bản gốc"
EXTENDED = {"document": "15-CV/HU", "signer": "Phó Bí thư", "reason": "Chờ kết luận thẩm tra thêm"}
DECIDED = [date(2023, 10, 2), date(2023, 11, 1), *(date(2024, month, 3) for month in (1, 2, 3, 4, 5))]


def fresh(person: Candidate) -> Candidate:
    return Candidate.objects.select_related("unit__grassroots").get(pk=person.pk)


def decided(unit) -> Candidate:
    """Decided on 3/5/2024."""
    return factories.advance(factories.make_candidate(unit, started=date(2023, 9, 1)), Stage.DECIDED, DECIDED)


def resolved(unit, on=date(2024, 6, 3), **values) -> Candidate:
    person = factories.make_candidate(unit, started=date(2024, 1, 2), **values)
    return factories.advance(person, Stage.BRANCH_PASSED, [date(2024, 2, 1), date(2024, 3, 1), on])


def extend(world, person, until: date, signed: date):
    return factories.step(person, Step.EXTENDED, signed, by=world.board, until=until, **EXTENDED)


def last(person, step: Step) -> StageEvent:
    return person.events.filter(step=step, is_live=True).latest("place")


def correct(person, by, step: Step, on: date, **facts) -> None:
    person, event = fresh(person), last(person, step)
    put_right = Correction(event, on, event.facts | facts)
    correct_events(candidate=person, corrections=[put_right], reason=WHY, version=person.version, by=by)


def codes(refused) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def people(client) -> list[str]:
    return [row["person"].full_name for row in client.get(reverse("candidates:deadlines")).context["rows"]]


# The receipt of a decision


def test_a_decision_is_received_once(world):
    person = decided(world.north_1)
    factories.step(person, Step.DECISION_RECEIVED, date(2024, 5, 10))

    with pytest.raises(Refused) as refused:
        factories.step(person, Step.DECISION_RECEIVED, date(2024, 11, 15), by=world.branch_officer)

    assert codes(refused) == {"received_already"}


def test_the_ceremony_keeps_to_the_receipt_that_was_recorded_also_when_either_is_corrected(world, as_user):
    person = decided(world.north_1)
    factories.step(person, Step.DECISION_RECEIVED, date(2024, 5, 10))
    form = as_user(world.north_officer).get(reverse("candidates:step", args=[person.pk, Step.ADMITTED]))
    assert 'value="10/05/2024"' in form.content.decode()

    with pytest.raises(Refused) as refused:
        factories.step(person, Step.ADMITTED, date(2024, 6, 10), received_on=date(2024, 6, 7))
    assert codes(refused) == {"received_differs"}

    factories.step(person, Step.ADMITTED, date(2024, 6, 10), received_on=date(2024, 5, 10))
    with pytest.raises(Refused) as refused:
        correct(person, world.north_officer, Step.DECISION_RECEIVED, date(2024, 6, 7))
    assert codes(refused) == {"breaks_later_step"}


# Extensions


def test_an_extension_of_the_decision_says_nothing_of_the_papers(world):
    person = resolved(world.north_1)
    extend(world, person, date(2024, 9, 20), date(2024, 8, 1))
    factories.step(person, Step.COMMITTEE_PASSED, date(2024, 8, 5))
    factories.step(person, Step.SUBMITTED, date(2024, 8, 6))
    factories.step(person, Step.RETURNED, date(2024, 8, 20), by=world.board, redo_from="branch", reason=WHY)

    assert last(person, Step.RETURNED).clock_until is None


def test_no_correction_makes_an_extension_longer_than_the_rules_allow_or_shorter_than_the_usual_limit(world):
    person = resolved(world.north_1)
    extend(world, person, date(2024, 9, 10), date(2024, 8, 1))

    with pytest.raises(Refused) as refused:
        correct(person, world.board, Step.EXTENDED, date(2024, 8, 1), until="2099-12-31")
    assert codes(refused) == {"extension"}
    with pytest.raises(Refused) as refused:
        correct(person, world.north_officer, Step.BRANCH_PASSED, date(2024, 7, 30))
    assert codes(refused) == {"breaks_later_step"}


def test_an_extension_ends_after_it_is_signed_whatever_the_rules_know(world):
    RuleSet.objects.all().delete()
    person = resolved(world.north_1)

    with pytest.raises(Refused) as refused:
        extend(world, person, date(1999, 9, 10), date(2024, 8, 1))

    assert codes(refused) == {"until_passed"}


def test_a_second_extension_is_in_time_while_the_first_holds(world):
    person = resolved(world.north_1)
    extend(world, person, date(2024, 9, 10), date(2024, 8, 1))

    second = extend(world, person, date(2024, 9, 30), date(2024, 9, 5))

    assert [row["outcome"] for row in second.verdict] == ["met"]


# Sets


def longer(book: RuleBook, regime: str, **values) -> RuleBook:
    return RuleBook.of(
        replace(rules, values=rules.values | values) if rules.regime == regime else rules for rules in book.sets
    )


@given(day=st.dates(date(2025, 1, 1), date(2026, 6, 1)), days=st.integers(20, 120))
def test_nobody_is_lost_between_two_sets_that_ask_different_limits(day, days):
    """Each start day is in a stretch exactly when its own set ends by the day."""
    book, limit = longer(BOOK, "294-qd-tw", decision_days=days), LIMITS[Clock.DECISION]
    stretches = due._stretches(limit, day, book, CALENDAR)
    for back in range(0, 400, 3):
        start = date.fromordinal(day.toordinal() - back)
        rules = book.on(start)
        ends_by_then = rules is not None and limit.end(start, rules, CALENDAR) <= day
        assert ends_by_then == any(first <= start <= end for first, end in stretches), start


def test_a_new_regulation_takes_over_on_its_day(db):
    newer = replace(BOOK.sets[-1], regime="moi", valid_from=date(2026, 1, 1), valid_to=None)
    book = RuleBook.of([*BOOK.sets, newer])

    assert book.on(date(2025, 12, 31)).regime == "294-qd-tw"
    assert book.on(date(2026, 1, 1)).regime == "moi"
    assert [rules.valid_to for rules in book.sets][-2:] == [date(2026, 1, 1), None]


def test_a_clause_added_by_the_board_can_be_put_right_and_one_of_the_program_cannot(world):
    for words in ("Công văn 12-CV/BTT", "Công văn 12-CV/BTC"):
        current = RuleSet.objects.filter(regime="24-qd-tw").order_by("-version").first()
        revise_rule_set(current=current, values={}, citations={"decision": words}, reason=WHY, by=world.board)

    assert RuleSet.objects.book().on(date(2024, 1, 1)).cite("decision") == "Công văn 12-CV/BTC"


def test_the_same_version_saved_twice_at_once_is_a_conflict(world, monkeypatch):
    current = RuleSet.objects.get(regime="24-qd-tw")
    rival = RuleSet(
        **{
            f.attname: getattr(current, f.attname)
            for f in RuleSet._meta.fields
            if f.name not in ("id", "version", "reason")
        }
    )
    rival.version, rival.reason = 2, WHY
    monkeypatch.setattr("candidates.actions.rules._check_revision", lambda *args: rival.save(force_insert=True))

    with pytest.raises(Conflict):
        revise_rule_set(current=current, values={"decision_days": 45}, citations={}, reason=WHY, by=world.board)


# Words and lists


@pytest.mark.parametrize(
    "due_on, today, words, is_late",
    [
        (date(2024, 11, 15), date(2024, 11, 15), "Hạn hôm nay", False),
        (date(2024, 11, 15), date(2024, 11, 16), "Quá hạn", True),  # Saturday: no working day has gone
        (date(2024, 11, 15), date(2024, 11, 18), "Quá hạn 1 ngày làm việc", True),
        (date(2024, 12, 1), date(2024, 11, 29), "Còn đến 01/12/2024", False),  # an extension to a Sunday
        (date(2024, 11, 20), date(2024, 11, 18), "Còn 2 ngày làm việc", False),
    ],
)
def test_a_day_off_is_neither_the_last_day_nor_a_day_more(due_on, today, words, is_late):
    found = Deadline(Clock.DECISION, due_on, CALENDAR.between(today, due_on), "ngày làm việc", today)

    assert (found.words, found.is_late) == (words, is_late)


def test_after_three_failed_votes_the_deadline_is_the_boards(world, as_user):
    person = decided(world.north_1)
    factories.step(person, Step.ADMITTED, date(2024, 5, 10), received_on=date(2024, 5, 6))
    StageEvent.objects.filter(candidate=person, step=Step.ADMITTED).update(happened_on=date(2023, 5, 10))
    StageEvent.objects.filter(candidate=person).exclude(step=Step.ADMITTED).update(happened_on=date(2023, 2, 1))
    rebuild(fresh(person), changes.Log(by=world.board, action="test", subject=person))
    for day in (date(2024, 6, 3), date(2024, 7, 3), date(2024, 8, 5)):
        factories.step(person, Step.BRANCH_VOTE_FAILED, day, members=12, votes=3)

    assert people(as_user(world.board)) == [person.full_name]
    assert people(as_user(world.branch_officer)) == []
    row = as_user(world.board).get(reverse("candidates:deadlines")).context["rows"][0]
    assert row["url"].endswith("ra-quyet-dinh-cong-nhan-chinh-thuc/")


def test_a_unit_without_an_officer_is_on_the_list_of_the_board(world, as_user):
    person = resolved(world.north_1)
    assert people(as_user(world.board)) == []

    Assignment.objects.filter(role=Role.UNIT_OFFICER, organization=world.north).update(ends_on=date(2024, 1, 1))

    assert people(as_user(world.board)) == [person.full_name]
    assert people(as_user(world.south_officer)) == []


def test_a_delegated_unit_is_told_that_it_decides(world, as_user):
    Organization.objects.filter(pk=world.north.pk).update(delegated_admission=True)
    person = resolved(world.north_1)
    factories.step(person, Step.COMMITTEE_PASSED, date(2024, 6, 10))

    row = as_user(world.north_officer).get(reverse("candidates:deadlines")).context["rows"][0]

    assert row["what"] == "Ra quyết định kết nạp"


def test_the_reason_shown_is_that_of_the_return(world, as_user):
    person = factories.advance(resolved(world.north_1, date(2024, 10, 25)), Stage.SUBMITTED, [date(2024, 10, 28)] * 2)
    factories.step(
        person, Step.RETURNED, date(2024, 11, 4), by=world.board, redo_from="nothing", reason="Thiếu giấy giới thiệu"
    )
    factories.step(person, Step.MOVED, date(2024, 11, 11), unit=world.north_2, reason="Chuyển nơi cư trú mới")

    sections = as_user(world.north_officer).get("/").context["sections"]

    item = next(section for section in sections if section.key == "bi-tra-lai").items[0]
    assert (item.why, item.on) == ("Thiếu giấy giới thiệu", date(2024, 11, 4))


def test_papers_go_stale_from_the_last_time_the_branch_considered_them(world):
    person = factories.make_candidate(world.north_1, started=date(2023, 1, 2))
    factories.advance(person, Stage.DOSSIER, [date(2023, 2, 1), date(2023, 3, 1)])
    factories.step(person, Step.BRANCH_VOTE_FAILED, date(2024, 2, 1), members=12, votes=3)

    assert last(person, Step.BRANCH_VOTE_FAILED).clock_from == date(2024, 2, 1)


def test_an_identity_number_never_stays_in_the_address_of_the_deadlines(world, as_user):
    for name in ("candidates:deadlines", "candidates:deadlines_export"):
        response = as_user(world.north_officer).get(reverse(name), {"q": "034 095 001 234", "muc": "late"})

        assert response.status_code == 302
        assert "034" not in response.url
        assert "muc=late" in response.url


# Odd data and odd days


def test_verify_names_an_extension_that_is_no_day_and_goes_on(world):
    person = resolved(world.north_1)
    event = extend(world, person, date(2024, 9, 10), date(2024, 8, 1))
    StageEvent.objects.filter(pk=event.pk).update(facts=event.facts | {"until": "10/09/2024"})
    said = io.StringIO()

    with pytest.raises((CommandError, SystemExit)):
        call_command("verify", stdout=said, stderr=said)

    assert "clock_until" in said.getvalue()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-31"])
def test_the_console_refuses_a_day_no_calendar_has(db, day):
    with pytest.raises(CommandError, match="--as-of"):
        call_command("deadlines", as_of=date.fromisoformat(day), stdout=io.StringIO())


def test_adding_a_year_twice_adds_one(world, as_user):
    client, address = as_user(world.board), reverse("candidates:calendar_add")
    from candidates.models import CalendarYear

    CalendarYear.objects.filter(year__gte=2026).delete()

    assert [client.post(address, {"year": 2026}).status_code for _ in range(2)] == [302, 302]
    assert client.post(address, {"year": 2031}).status_code == 404
    assert client.post(address, {}).status_code == 404
    assert CalendarYear.objects.filter(year__gte=2026).count() == 1


def test_a_corrected_document_number_rewrites_no_verdict(world):
    person = resolved(world.north_1)
    before = last(person, Step.BRANCH_PASSED).verdict
    person.introducers.update(to_on=date(2024, 5, 1))

    correct(person, world.north_officer, Step.BRANCH_PASSED, date(2024, 6, 3), document="06-NQ/CB")
    assert last(person, Step.BRANCH_PASSED).verdict == before

    correct(person, world.north_officer, Step.BRANCH_PASSED, date(2024, 6, 4))
    outcomes = {row["gate"]: row["outcome"] for row in last(person, Step.BRANCH_PASSED).verdict}
    assert outcomes["introducers"] == "not_met"
    assert len(live_events(person)) == 4
