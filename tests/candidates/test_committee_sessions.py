"""Sessions of the Standing Committee: the list, outcomes all or nothing, nobody in two, four eyes."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from candidates.actions.corrections import withdraw_last
from candidates.actions.events import Refused, live_events, take_step
from candidates.actions.sessions import (
    Decided,
    SessionRefused,
    cancel_session,
    open_session,
    put_on_list,
    record_outcomes,
    take_off_list,
)
from candidates.models import Candidate, CommitteeSession, SessionItem, StageEvent
from candidates.pipeline import Stage, Step
from organizations.models import Change
from organizations.versions import Conflict
from tests.factories import advance, make_candidate

DAY = date(2022, 9, 28)
WHY = "Xin ý kiến thêm của Đảng ủy Công an huyện"


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def people(world):
    """Three appraised by board: in the north, the south and a cell."""
    units = (world.north_1, world.south_1, world.cell)
    names = ("Bùi Văn An", "Trần Ngọc Linh", "Đỗ Thị Yến")
    pairs = zip(units, names, strict=True)
    return [advance(make_candidate(unit, full_name=name), Stage.APPRAISED) for unit, name in pairs]


@pytest.fixture
def session(world):
    return open_session(organization=world.district, held_on=DAY, name="Kỳ họp thứ 52", by=world.board)


def fill(session, people, by) -> dict[int, int]:
    """Put them on the list; item by person."""
    put_on_list(session=session, candidates=[one.pk for one in people], version=fresh(session).version, by=by)
    return dict(SessionItem.objects.filter(session=session, outcome="").values_list("candidate_id", "pk"))


def record(session, outcomes, by, on=DAY) -> int:
    return record_outcomes(session=session, outcomes=outcomes, happened_on=on, version=fresh(session).version, by=by)


def agreed(number: int) -> Decided:
    return Decided("agree", {"document": f"{1000 + number}-QĐ/HU"})


def test_what_was_decided_about_several_is_recorded_in_one_go(world, session, people):
    items = fill(session, people, world.board)
    first, second, third = (items[one.pk] for one in people)

    count = record(
        session,
        {first: agreed(1), second: Decided("consult", {"reason": WHY}), third: Decided("not_agreed", {"reason": WHY})},
        world.board_2,
    )

    assert count == 3
    assert [(fresh(one).stage, fresh(one).status) for one in people] == [
        ("decided", "open"), ("appraised", "open"), ("appraised", "stopped"),
    ]  # fmt: skip
    assert StageEvent.objects.get(step="deferred").facts == {"outcome": "consult", "reason": WHY}
    assert not fresh(session).is_open
    assert fresh(session).closed_by == world.board_2
    assert {"session.open", "session.list", "session.outcomes"} <= set(Change.objects.values_list("action", flat=True))


def test_one_that_cannot_be_recorded_keeps_all_of_them_out(world, session, people):
    items = fill(session, people, world.board)
    outcomes = {items[one.pk]: agreed(number) for number, one in enumerate(people)}
    outcomes[items[people[1].pk]] = Decided("agree", {})  # no number

    with pytest.raises(SessionRefused) as refused:
        record(session, outcomes, world.board_2)

    assert list(refused.value.refusals) == [items[people[1].pk]]
    assert not StageEvent.objects.filter(step="decided").exists()
    assert {fresh(one).version for one in people} == {one.version for one in map(fresh, people)}
    assert SessionItem.objects.filter(outcome="").count() == 3


def test_every_reason_of_every_person_is_said(world, session, people):
    items = fill(session, people, world.board)
    outcomes = {pk: Decided("hold", {"reason": "ngắn"}) for pk in items.values()}

    with pytest.raises(SessionRefused) as refused:
        record(session, outcomes, world.board_2, on=date(2022, 1, 1))

    whole = refused.value.refusals.pop(0)
    assert [refusal.code for refusal in whole] == ["before_the_session"]
    assert len(refused.value.refusals) == 3
    for found in refused.value.refusals.values():
        assert {refusal.code for refusal in found} == {"too_short", "before_previous"}


def test_whoever_appraised_leaves_the_outcome_to_a_colleague(world, session, people):
    items = fill(session, people, world.board)

    with pytest.raises(SessionRefused, match="1 người"):
        record(session, {items[people[0].pk]: agreed(1)}, world.board)

    assert record(session, {items[people[0].pk]: agreed(1)}, world.board_2) == 1
    assert fresh(session).is_open  # two still wait


def test_the_day_of_a_decision_is_not_before_the_session(world, session, people):
    items = fill(session, people[:1], world.board)

    with pytest.raises(SessionRefused) as refused:
        record(session, {items[people[0].pk]: agreed(1)}, world.board_2, on=date(2022, 9, 27))

    assert refused.value.refusals[0][0].message == "Ngày quyết định 27/09/2022 trước ngày họp 28/09/2022."


def test_one_number_for_two_people_is_asked_about(world, session, people):
    items = fill(session, people, world.board)
    outcomes = {items[one.pk]: agreed(7) for one in people[:2]}

    with pytest.raises(SessionRefused) as refused:
        record(session, outcomes, world.board_2)
    assert {one.code for found in refused.value.refusals.values() for one in found} == {"number_taken"}

    record_outcomes(
        session=session, outcomes=outcomes, happened_on=DAY, version=fresh(session).version, by=world.board_2,
        shares_numbers=True,
    )  # fmt: skip
    with pytest.raises(SessionRefused, match="1 người"):  # and so is one that stands already
        record(session, {items[people[2].pk]: agreed(7)}, world.board_2)


def test_who_went_back_to_an_earlier_step_is_not_decided_about(world, session, people, as_user):
    items = fill(session, people[:1], world.board)
    person = Candidate.objects.select_related("unit__grassroots").get(pk=people[0].pk)
    take_step(
        candidate=person, step=Step.RETURNED, happened_on=DAY, version=person.version, by=world.board_2,
        facts={"redo_from": "branch", "reason": "Chi bộ họp lại cho đủ thành phần"},
    )  # fmt: skip

    for outcome in (agreed(1), Decided("not_agreed", {"reason": WHY})):
        with pytest.raises(SessionRefused) as refused:
            record(session, {items[person.pk]: outcome}, world.board_2)
        assert [one.code for one in refused.value.refusals[items[person.pk]]] == ["not_appraised"]
    page = as_user(world.standing).get(reverse("reports:session_list", args=[session.pk])).content.decode()
    assert person.full_name not in page


def test_a_decision_taken_back_lets_the_person_wait_again(world, session, people, as_user):
    items = fill(session, people[:1], world.board)
    record(session, {items[people[0].pk]: agreed(1)}, world.board_2)
    assert not fresh(session).is_open
    person = Candidate.objects.select_related("unit__grassroots").get(pk=people[0].pk)

    withdraw_last(
        candidate=person, event=live_events(person)[-1], reason="Nhập nhầm kết quả", version=person.version,
        by=world.board_2,
    )  # fmt: skip

    item = SessionItem.objects.get()
    assert (item.outcome, item.decided_by) == ("", None)
    assert fresh(session).is_open
    assert record(session, {item.pk: agreed(2)}, world.board_2) == 1


def test_a_refusal_of_the_committee_says_so_on_the_page_of_the_person(world, session, people, as_user):
    items = fill(session, people[:1], world.board)
    record(session, {items[people[0].pk]: Decided("not_agreed", {"reason": WHY})}, world.board_2)

    page = as_user(world.north_officer).get(people[0].get_absolute_url()).content.decode()

    assert f"Ban Thường vụ không đồng ý, Kỳ họp thứ 52 ngày 28/09/2022. {WHY}" in page


def test_the_button_fills_open_rows_and_keeps_what_was_typed(world, session, people, as_user):
    items = fill(session, people, world.board)
    first, second, third = (items[one.pk] for one in people)
    address = reverse("candidates:session_outcomes", args=[session.pk])
    data = {f"outcome-{first}": "hold", f"reason-{first}": WHY, f"document-{second}": "9-QĐ/HU", "agree": "1"}

    response = as_user(world.board_2).post(address, data | {"version": fresh(session).version})

    form = response.context["form"]
    assert response.status_code == 200
    assert [form[f"outcome-{pk}"].value() for pk in (first, second, third)] == ["hold", "agree", "agree"]
    assert (form[f"reason-{first}"].value(), form[f"document-{second}"].value()) == (WHY, "9-QĐ/HU")
    assert "Có lỗi cần sửa" not in response.content.decode()
    assert SessionItem.objects.filter(outcome="").count() == 3


def test_nobody_stands_on_two_open_lists(world, session, people):
    fill(session, people[:1], world.board)
    other = open_session(organization=world.district, held_on=date(2022, 10, 5), name="", by=world.board)

    with pytest.raises(Refused, match="đang trong danh sách Kỳ họp thứ 52"):
        fill(other, people, world.board)

    assert not SessionItem.objects.filter(session=other).exists()
    fill(other, people[1:], world.board)


def test_only_appraised_people_are_put_on_a_list(world, session):
    early = advance(make_candidate(world.north_1, full_name="Lê Văn Sớm"), Stage.SUBMITTED)

    with pytest.raises(Refused, match="Lê Văn Sớm không ở bước chờ trình"):
        fill(session, [early], world.board)


def test_someone_taken_off_may_go_to_another_session_or_come_back(world, session, people):
    items = fill(session, people[:2], world.board)
    take_off_list(
        session=session, item=items[people[0].pk], reason="Chờ bổ sung ý kiến", version=fresh(session).version,
        by=world.board,
    )  # fmt: skip

    assert fresh(session).is_open
    fill(session, people[:1], world.board)
    assert SessionItem.objects.filter(candidate=people[0]).count() == 2


def test_who_waits_in_a_session_is_decided_there_alone(world, session, people, as_user):
    fill(session, people[:1], world.board)
    person = Candidate.objects.select_related("unit__grassroots").get(pk=people[0].pk)

    with pytest.raises(Refused, match="đang trong danh sách"):
        take_step(
            candidate=person, step=Step.DECIDED, happened_on=DAY, facts={"document": "1"}, version=person.version,
            by=world.board_2,
        )  # fmt: skip
    response = as_user(world.board_2).get(reverse("candidates:step", args=[person.pk, "decided"]))
    assert response.url == session.get_absolute_url()


def test_two_officers_recording_at_once_do_not_record_twice(world, session, people):
    items = fill(session, people, world.board)
    seen = fresh(session).version
    record(session, {items[people[0].pk]: agreed(1)}, world.board_2)

    with pytest.raises(Conflict):
        record_outcomes(
            session=session, outcomes={items[people[0].pk]: agreed(9)}, happened_on=DAY, version=seen, by=world.head
        )
    with pytest.raises(SessionRefused, match="1 người"):
        record(session, {items[people[0].pk]: agreed(9)}, world.head)
    assert StageEvent.objects.filter(step="decided").count() == 1


# Pages


def test_a_session_from_opening_to_its_last_outcome(world, people, as_user):
    browser = as_user(world.board)
    opened = browser.post(reverse("candidates:sessions"), {"held_on": "28/9/2022", "name": "Kỳ họp thứ 52"})
    session = CommitteeSession.objects.get()
    assert opened.url == session.get_absolute_url()

    page = browser.get(opened.url)
    assert "3 người đã thẩm định đạt" in page.content.decode()
    added = browser.post(
        reverse("candidates:session_add", args=[session.pk]),
        {"version": session.version, "people": [one.pk for one in people]},
    )
    assert added.status_code == 302

    outcomes = reverse("candidates:session_outcomes", args=[session.pk])
    data = {"version": fresh(session).version, "happened_on": "28/9/2022"}
    for number, item in enumerate(SessionItem.objects.order_by("pk")):
        data |= {f"outcome-{item.pk}": "agree", f"document-{item.pk}": f"{1000 + number}-QĐ/HU"}
    own = browser.get(outcomes).content.decode()
    assert own.count("Bạn đã thẩm định hồ sơ này") == 3
    refused = browser.post(outcomes, data)
    assert refused.status_code == 422
    assert "Chưa chọn kết quả của ai." in refused.content.decode()

    done = as_user(world.board_2).post(outcomes, data)
    assert done.status_code == 302
    shown = as_user(world.standing).get(done.url).content.decode()
    assert "Đồng ý kết nạp" in shown
    assert "đã xong" in shown
    assert {fresh(one).stage for one in people} == {"decided"}


def test_the_same_session_opened_twice_is_one(world, as_user):
    for _ in range(2):
        as_user(world.board).post(reverse("candidates:sessions"), {"held_on": "28/9/2022", "name": ""})

    assert CommitteeSession.objects.count() == 1


def test_the_list_for_the_meeting_is_the_same_on_the_page_in_word_and_in_excel(world, session, people, as_user):
    fill(session, people, world.board)
    browser = as_user(world.standing)

    page = browser.get(reverse("reports:session_list", args=[session.pk])).content.decode()
    book = load_workbook(BytesIO(browser.get(reverse("reports:session_list_xlsx", args=[session.pk])).content))
    word = browser.get(reverse("reports:session_list_word", args=[session.pk]))

    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    names = [row[1] for row in rows if isinstance(row[0], int)]
    assert names == ["Bùi Văn An", "Trần Ngọc Linh", "Đỗ Thị Yến"]
    assert all(name in page for name in names)
    assert "11/12" in page
    assert word.content[:2] == b"PK"


def test_a_session_may_be_put_off_until_something_was_decided(world, session, people, as_user):
    items = fill(session, people, world.board)
    address = reverse("candidates:session_edit", args=[session.pk])
    data = {"version": fresh(session).version, "held_on": "5/10/2022", "name": "Kỳ họp thứ 53"}
    assert as_user(world.board).post(address, data).status_code == 302
    assert str(fresh(session)) == "Kỳ họp thứ 53 ngày 05/10/2022"

    record(session, {items[people[0].pk]: agreed(1)}, world.board_2, on=date(2022, 10, 5))
    data = {"version": fresh(session).version, "held_on": "6/10/2022", "name": "Kỳ họp thứ 53"}
    refused = as_user(world.board).post(address, data)

    assert refused.status_code == 422
    assert "không đổi ngày được" in refused.content.decode()


def test_a_session_that_does_not_meet_is_cancelled_and_its_people_wait_again(world, session, people, as_user):
    fill(session, people, world.board)
    browser, address = as_user(world.board), reverse("candidates:session_cancel", args=[session.pk])
    short = browser.post(address, {"version": fresh(session).version, "reason": "lùi"})
    assert short.status_code == 422
    assert "Ghi lý do không họp, ít nhất 5 ký tự." in short.content.decode()
    assert fresh(session).is_open

    data = {"version": fresh(session).version, "reason": "Ban Thường vụ lùi lịch họp"}
    page = browser.post(address, data, follow=True).content.decode()

    assert "· không họp" in page
    assert "Kỳ họp không diễn ra." in page
    assert "Danh sách trình họp, in" not in page
    assert "Không họp" in browser.get(reverse("candidates:sessions")).content.decode()
    assert not fresh(session).is_open
    assert Change.objects.filter(action="session.cancel", reason="Ban Thường vụ lùi lịch họp").exists()
    other = open_session(organization=world.district, held_on=date(2022, 10, 5), name="", by=world.board)
    assert len(fill(other, people, world.board)) == 3


def test_a_session_that_decided_is_not_cancelled(world, session, people):
    items = fill(session, people, world.board)
    record(session, {items[people[0].pk]: agreed(1)}, world.board_2)

    with pytest.raises(Refused, match="đã ghi kết quả nên không hủy được"):
        cancel_session(session=session, reason="Mở nhầm ngày", version=fresh(session).version, by=world.board)
    assert fresh(session).is_open


def test_units_see_no_session(world, session, as_user):
    for who in (world.north_officer, world.supervisor, world.center):
        assert as_user(who).get(reverse("candidates:sessions")).status_code == 403
        assert as_user(who).get(session.get_absolute_url()).status_code == 404
    assert as_user(world.standing).get(reverse("candidates:session_outcomes", args=[session.pk])).status_code == 403


def test_the_cost_of_the_pages_does_not_grow_with_the_list(world, session, people, as_user):
    fill(session, people[:1], world.board)
    browser, addresses = as_user(world.board), []
    for name in ("candidates:session", "candidates:session_outcomes", "reports:session_list", "candidates:sessions"):
        addresses.append(reverse(name, args=[] if name.endswith("sessions") else [session.pk]))
    few = [cost(browser, address) for address in addresses]
    fill(session, people[1:], world.board)
    for _ in range(4):
        advance(make_candidate(world.north_2), Stage.APPRAISED)

    assert [cost(browser, address) for address in addresses] == few


def cost(browser, address) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)
