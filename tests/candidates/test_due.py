"""Deadlines: whose clock is over or ends soon, whose turn it is; on a page, as a file and on the console."""

import io
import json
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from candidates import due
from candidates.actions.events import rule_book
from candidates.clocks import running
from candidates.models import CalendarYear, Candidate, RuleSet, StageEvent
from candidates.pipeline import Stage, Step
from tests import factories
from tests.candidates.test_clocks import ROAD, at
from tests.rules import BOOK, CALENDAR

PAGE, FILE = reverse("candidates:deadlines"), reverse("candidates:deadlines_export")
TODAY = date(2024, 11, 18)


def resolved(unit, on: date, name: str = "", stage=Stage.BRANCH_PASSED, **values) -> Candidate:
    """Somebody whose branch resolved on the day; today is 18/11/2024."""
    person = factories.make_candidate(unit, full_name=name, started=date(2024, 3, 1), **values)
    days = [date(2024, 4, 1), date(2024, 5, 2), on]
    if stage == Stage.SUBMITTED:
        days += [on + timedelta(days=1)] * (1 if factories.officer_of(unit).username == "cell_officer" else 2)
    return factories.advance(person, stage, days)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def names(response) -> list[str]:
    return [row["person"].full_name for row in response.context["rows"]]


@pytest.fixture
def three(world):
    """Over since Friday, ending in a week, ending in a month; and one that is not due."""
    resolved(world.north_1, date(2024, 9, 25), "Lê Văn Tháng")
    resolved(world.north_1, date(2024, 8, 29), "Lê Văn Tuần")
    resolved(world.north_2, date(2024, 8, 21), "Lê Văn Muộn")
    resolved(world.north_1, date(2024, 9, 26), "Lê Văn Xa")
    return world


def test_the_most_urgent_stands_first_and_who_is_not_due_is_left_out(three, as_user):
    response = as_user(three.north_officer).get(PAGE)

    assert names(response) == ["Lê Văn Muộn", "Lê Văn Tuần", "Lê Văn Tháng"]
    assert "Quá hạn 1 ngày làm việc" in text(response)
    assert [tab["count"] for tab in response.context["tabs"]] == [3, 1, 1, 1]


@pytest.mark.parametrize(
    "query, found",
    [
        ("?muc=late", ["Lê Văn Muộn"]),
        ("?muc=week", ["Lê Văn Tuần"]),
        ("?muc=month", ["Lê Văn Tháng"]),
        ("?q=le+van+muon", ["Lê Văn Muộn"]),
        ("?loai=decision", ["Lê Văn Muộn", "Lê Văn Tuần", "Lê Văn Tháng"]),
        ("?loai=ceremony", []),
        ("?page=1000000000", ["Lê Văn Muộn", "Lê Văn Tuần", "Lê Văn Tháng"]),
    ],
)
def test_filters_stand_in_the_address(query, found, three, as_user):
    assert names(as_user(three.north_officer).get(PAGE + query)) == found


@pytest.mark.parametrize("query", ["?loai=khong-co", "?muc=khong-co", "?q=" + "x" * 200])
def test_a_wrong_filter_is_refused_in_words(query, three, as_user):
    client = as_user(three.north_officer)

    assert client.get(PAGE + query).status_code == 422
    assert client.get(FILE + query).status_code == 302


def test_each_sees_only_whose_next_step_is_theirs(three, as_user):
    sent = resolved(three.north_1, date(2024, 8, 21), "Trần Thị Gửi", Stage.SUBMITTED)

    assert names(as_user(three.board).get(PAGE)) == [sent.full_name]
    assert sent.full_name not in names(as_user(three.north_officer).get(PAGE))
    assert names(as_user(three.branch_officer).get(PAGE)) == []
    assert names(as_user(three.south_officer).get(PAGE)) == []
    assert as_user(three.standing).get(PAGE).status_code == 403
    assert as_user(three.center).get(PAGE).status_code == 403


def test_the_file_holds_the_rows_of_the_page(three, as_user):
    response = as_user(three.north_officer).get(f"{FILE}?muc=late")
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert any("Lê Văn Muộn" in row for row in cells)
    assert not any("Lê Văn Tuần" in row for row in cells)
    assert any("Bộ lọc: Quá hạn. Gấp nhất trước." in str(row) for row in cells)


def test_an_extension_gives_another_last_day(three, as_user):
    person = Candidate.objects.get(full_name="Lê Văn Muộn")
    facts = {"until": date(2024, 12, 2), "document": "15-CV/HU", "signer": "Phó Bí thư", "reason": "Chờ thẩm tra thêm"}

    factories.step(person, Step.EXTENDED, date(2024, 11, 12), by=three.board, **facts)

    response = as_user(three.north_officer).get(PAGE)
    assert names(response) == ["Lê Văn Tuần", "Lê Văn Muộn", "Lê Văn Tháng"]
    assert "02/12/2024" in text(response)
    assert "đã gia hạn" in text(response)


def test_another_calendar_moves_the_last_day_at_once(three, as_user):
    year = CalendarYear.objects.get(year=2024)
    year.days += [{"day": "2024-11-14", "kind": "off", "name": "Nghỉ", "source": "thử"}]
    year.save()

    assert "Hạn hôm nay" in text(as_user(three.north_officer).get(PAGE))


def test_a_calendar_nobody_confirmed_is_said(world, as_user):
    CalendarYear.objects.filter(year=2024).update(is_confirmed=False)
    resolved(world.north_1, date(2024, 8, 21))

    assert "lịch năm 2024 chưa xác nhận" in text(as_user(world.north_officer).get(PAGE))


def test_without_a_rule_set_nothing_is_due_and_nothing_breaks(three, as_user):
    RuleSet.objects.all().delete()
    client = as_user(three.north_officer)

    assert "Không có thời hạn nào" in text(client.get(PAGE))
    assert client.get("/").status_code == 200
    assert client.get(Candidate.objects.first().get_absolute_url()).status_code == 200


def test_the_console_says_the_same(three, as_user):
    said, plain = io.StringIO(), io.StringIO()

    call_command("deadlines", stdout=said)
    call_command("deadlines", format="json", username="north_officer", stdout=plain)

    assert "Quá hạn: 1 người\n  Lê Văn Muộn" in said.getvalue()
    assert "Trong 7 ngày: 1 người\n  Lê Văn Tuần" in said.getvalue()
    rows = json.loads(plain.getvalue())
    assert [row["full_name"] for row in rows] == names(as_user(three.north_officer).get(PAGE))
    assert [(row["due"], row["left"], row["bucket"]) for row in rows][0] == ("2024-11-15", -1, "late")
    with pytest.raises(CommandError):
        call_command("deadlines", username="khong-co", stdout=said)


def test_the_console_looks_at_an_earlier_day_too(three):
    said = io.StringIO()

    call_command("deadlines", as_of=date(2024, 10, 28), stdout=said)

    assert "Trong 30 ngày: 2 người" in said.getvalue()
    assert "Quá hạn: 0 người" in said.getvalue()


@settings(max_examples=150, deadline=None)
@given(
    step=st.sampled_from([row[0] for row in ROAD]),
    shift=st.integers(-400, 700),
    today=st.dates(TODAY, date(2026, 6, 1)),
)
def test_the_lists_agree_with_each_single_clock(step, shift, today):
    """due_by() in SQL and the clock of one person are two ways to the same day."""
    events = [
        type(event)(event.step, event.happened_on + timedelta(days=shift), event.unit, event.facts, event.place)
        for event in at(step)
    ]
    clock = running(Stage(events[-1].step.value), events)
    if clock is None or BOOK.on(clock.since) is None:
        return
    ends = clock.due(BOOK.on(clock.since), CALENDAR)
    limit = due.LIMITS[clock.clock]
    within = {bucket for bucket, far in due.WITHIN.items() if ends <= today + far}
    by_start = {
        bucket
        for bucket, far in due.WITHIN.items()
        if clock.since <= due._latest(limit, today + far, BOOK.on(clock.since), CALENDAR)
    }

    assert within == by_start


def test_the_number_of_queries_does_not_depend_on_the_people(three, as_user, django_assert_num_queries):
    client = as_user(three.north_officer)
    client.get(PAGE)
    with django_assert_num_queries(11) as few:
        client.get(PAGE)
    for number in range(8):
        resolved(three.north_1, date(2024, 8, 21), f"Vũ Thị {'Abcdefgh'[number]}")
    with django_assert_num_queries(len(few)):
        client.get(PAGE)


def test_rows_of_other_stages_have_no_deadline(world):
    factories.make_candidate(world.north_1)
    rows = due.due(StageEvent.objects.all(), TODAY, **rule_book())

    assert due.tally(rows) == {due.Bucket.LATE: 0, due.Bucket.WEEK: 0, due.Bucket.MONTH: 0}


def test_the_menu_counts_what_is_over_and_what_ends_within_a_week(three, as_user):
    client = as_user(three.north_officer)
    groups = client.get("/tro-giup/").context["navigation"]

    assert {item.label: item.count for _, items in groups for item in items if item.count is not None} == {
        "Thời hạn": 2
    }
