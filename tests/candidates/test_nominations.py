"""Who goes to a class: nominated, screened, given a place; the waiting list; what is refused in words."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from candidates.actions import class_people, nominations
from candidates.actions.class_people import RowProblems
from candidates.actions.classes import LessonValues, call_off, edit_class, plan_lessons, take_attendance
from candidates.actions.nominations import Participant, Verdict, fill_places, nominate, nominate_participants, screen
from candidates.actions.results import Result, record_results
from candidates.classes import Move
from candidates.models import Candidate, Enrolment, TrainingClass
from candidates.pipeline import Stage, Step
from organizations.models import Change, Succession
from organizations.versions import Conflict
from tests import factories
from tests.factories import make_candidate, make_class

WHY = "Chưa tốt nghiệp trung học cơ sở"
BUSY = "Đi công tác dài ngày"


@pytest.fixture
def coming(world):
    """A class that has not begun: the clock of the tests says 18/11/2024."""
    return make_class(date(2024, 12, 2), date(2024, 12, 6), capacity=2)


def states(training_class) -> list[str]:
    return list(training_class.enrolments.order_by("pk").values_list("state", flat=True))


def address(name: str, training_class, *more) -> str:
    return reverse(f"candidates:{name}", args=[training_class.pk, *more])


def refusals(act, **values) -> list[str]:
    with pytest.raises(ValidationError) as found:
        act(**values)
    return found.value.messages


def change(row: Enrolment, move: Move, by, reason: str = BUSY) -> list[Enrolment]:
    row.refresh_from_db()
    return nominations.change(enrolment=row, move=move, reason=reason, version=row.version, by=by)


def edited(training_class, by, **values) -> TrainingClass:
    """Save the page of the class with these changes."""
    row = TrainingClass.objects.get(pk=training_class.pk)
    names = ("number", "year", "from_on", "to_on", "place", "capacity", "opening_decision")
    values = {name: getattr(row, name) for name in names} | values
    return edit_class(training_class=row, values=values, version=row.version, by=by)


def begun(training_class, from_on: date = date(2024, 11, 17)) -> TrainingClass:
    TrainingClass.objects.filter(pk=training_class.pk).update(from_on=from_on)
    return TrainingClass.objects.get(pk=training_class.pk)


def stopped(person):
    reason = "Đi lao động ở nước ngoài"
    factories.step(person, Step.STOPPED, date(2024, 11, 1), by=factories.officer_of(person.unit), reason=reason)


# Nominating


def test_a_nomination_waits_until_it_is_screened(world, coming):
    person = make_candidate(world.north_1)
    (row,) = nominate(training_class=coming, candidates=[person, person], by=world.north_officer)

    assert (row.state, row.unit, row.nominated_by) == ("nominated", world.north_1, world.north_officer)


def test_nobody_is_nominated_twice(world, coming):
    person = make_candidate(world.north_1, full_name="Vũ Văn Nam")
    nominate(training_class=coming, candidates=[person], by=world.north_officer)
    said = refusals(nominate, training_class=coming, candidates=[person], by=world.board)

    assert said == ["Vũ Văn Nam: đã có trong lớp này, đang ở “Chờ xét”."]
    assert states(coming) == ["nominated"]


COUNTED = [
    ("nominated", date(2024, 12, 6), True),
    ("waiting", date(2024, 12, 6), True),
    ("enrolled", date(2024, 12, 6), True),
    ("finished", date(2024, 12, 6), True),
    ("dropped", date(2024, 12, 6), False),
    ("refused", date(2024, 12, 6), False),
    ("withdrawn", date(2024, 12, 6), False),
    ("enrolled", date(2024, 12, 7), False),
]


@pytest.mark.parametrize(("state", "first", "counts"), COUNTED)
def test_nobody_is_sent_to_two_classes_whose_days_overlap(state, first, counts, world, coming):
    """Whoever left the other class, or was refused there, is free."""
    person, other = make_candidate(world.north_1, full_name="Vũ Văn Nam"), make_class(first)
    factories.enrol(other, person)
    reason = BUSY if state in ("refused", "withdrawn") else ""
    Enrolment.objects.update(state=state, reason=reason)

    if counts:
        (said,) = refusals(nominate, training_class=coming, candidates=[person], by=world.north_officer)
        assert said == f"Vũ Văn Nam: đang trong danh sách {other} (06/12/2024–10/12/2024), trùng ngày với lớp này."
    else:
        assert nominate(training_class=coming, candidates=[person], by=world.north_officer)


@pytest.mark.parametrize(("state", "first", "counts"), [case for case in COUNTED if case[2] or case[0] != "enrolled"])
def test_editing_the_days_of_a_class_puts_nobody_into_two_at_once(state, first, counts, world, coming):
    person, other = make_candidate(world.north_1, full_name="Vũ Văn Nam"), make_class(date(2024, 12, 9))
    for one in (coming, other):
        factories.enrol(one, person)
    Enrolment.objects.filter(training_class=other).update(state=state, reason=BUSY)

    if counts:
        said = refusals(edited, training_class=coming, by=world.center, to_on=date(2024, 12, 9))
        assert said == [f"Vũ Văn Nam đang trong danh sách {other}, trùng ngày."]
        coming.refresh_from_db()
        assert coming.to_on == date(2024, 12, 6)
    else:
        edited(coming, world.center, to_on=date(2024, 12, 9))
        coming.refresh_from_db()
        assert coming.to_on == date(2024, 12, 9)


def test_other_people_may_attend_two_classes_at_once(world, coming):
    other = make_class(date(2024, 12, 9))
    for one in (coming, other):
        factories.enrol(one, make_candidate(world.north_1))

    assert edited(coming, world.center, to_on=date(2024, 12, 9))


def test_people_of_others_are_refused_in_words(world, coming, as_user):
    foreign = make_candidate(world.south_1, full_name="Phạm Văn Lạ")
    with pytest.raises(PermissionDenied):
        nominate(training_class=coming, candidates=[foreign], by=world.north_officer)
    client = as_user(world.north_officer)
    for ticked in (foreign.pk, 999_999, 10**30, "x"):
        response = client.post(address("nominate", coming), {"people": [ticked]})
        assert response.status_code == 422
        assert "Hãy chọn một mục" in response.content.decode()
        assert foreign.full_name not in response.content.decode()

    assert "Chưa chọn người nào" in client.post(address("nominate", coming), {}).content.decode()
    assert not Enrolment.objects.exists()


def test_people_go_to_the_classes_of_their_own_district(world, coming):
    TrainingClass.objects.update(organization=world.south)
    with pytest.raises(PermissionDenied):
        nominate(training_class=coming, candidates=[make_candidate(world.north_1)], by=world.board)


def test_all_are_nominated_or_none_with_every_reason(world, coming, as_user):
    names = ("Một", "Hai", "Ba")
    one, two, three = people = [make_candidate(world.north_1, full_name=f"Vũ Văn {name}") for name in names]
    nominate(training_class=coming, candidates=[two], by=world.north_officer)
    stopped(three)
    since = Change.objects.count()
    ticked = {"people": [person.pk for person in people]}
    response = as_user(world.north_officer).post(address("nominate", coming), ticked)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Vũ Văn Hai: đã có trong lớp này" in page
    assert "Vũ Văn Ba: đang ở trạng thái “Tạm dừng”" in page
    assert [row["is_ticked"] for row in response.context["people"]] == [True]
    assert (Enrolment.objects.count(), Change.objects.count()) == (1, since)


def advanced(world, stage: Stage, dates=None, **values):
    return factories.advance(make_candidate(world.north_1, **values), stage, dates)


def later(world):
    return make_candidate(world.north_1, started=date(2024, 5, 11))


def paused(world):
    person = make_candidate(world.north_1)
    stopped(person)
    return person


AWARENESS, NEW_MEMBER = "awareness", "new_member"
MAY_NOT = [
    (AWARENESS, lambda world: advanced(world, Stage.BRANCH_PASSED), "không thuộc diện học lớp này"),
    (AWARENESS, paused, "đang ở trạng thái “Tạm dừng”"),
    (AWARENESS, later, "đưa vào nguồn ngày 11/05/2024, sau khi lớp kết thúc ngày 10/05/2024"),
    (NEW_MEMBER, lambda world: make_candidate(world.north_1), "đang ở bước “Nguồn”"),
    (NEW_MEMBER, lambda world: advanced(world, Stage.DECIDED), "không thuộc diện học lớp này"),
]


@pytest.mark.parametrize(("kind", "make", "words"), MAY_NOT)
def test_who_may_not_go_is_told_why(kind, make, words, world, as_user):
    """Also by the Board, which may add somebody to a class that has begun."""
    past, person = make_class(date(2024, 5, 6), kind=kind), make(world)
    (said,) = refusals(nominate, training_class=past, candidates=[person], by=world.board)
    page = as_user(world.board).get(address("nominate", past))

    assert said.startswith(f"{person.full_name}: ")
    assert words in said
    assert page.context["people"] == []
    assert not past.enrolments.exists()


def test_probationary_members_are_sent_to_the_class_of_new_members(world):
    dates = [date(2022, 6, 30), date(2022, 9, 1), date(2023, 2, 1), date(2023, 3, 1), date(2023, 4, 1)]
    dates += [date(2023, 5, 1), date(2023, 6, 1), date(2024, 1, 15)]
    person = advanced(world, Stage.ADMITTED, dates)
    early = make_class(date(2024, 1, 8), date(2024, 1, 14), kind=NEW_MEMBER)
    (said,) = refusals(nominate, training_class=early, candidates=[person], by=world.board)

    assert "kết nạp ngày 15/01/2024, sau khi lớp kết thúc" in said
    right = make_class(date(2024, 5, 6), kind=NEW_MEMBER)
    assert nominate(training_class=right, candidates=[person], by=world.board)


def test_a_unit_sends_people_until_the_first_day_and_the_board_later(world, as_user):
    begun, person = make_class(date(2024, 11, 18)), make_candidate(world.north_1)
    client = as_user(world.north_officer)
    (said,) = refusals(nominate, training_class=begun, candidates=[person], by=world.north_officer)

    assert "Lớp đã khai giảng ngày 18/11/2024" in said
    assert "Cử người đi học" not in client.get(begun.get_absolute_url()).content.decode()
    assert "Lớp đã khai giảng" in client.get(address("nominate", begun)).content.decode()
    assert nominate(training_class=begun, candidates=[person], by=world.board)


def test_whoever_is_on_the_way_in_another_class_is_said_to_be(world, coming, as_user):
    """Not refused: the days do not overlap; but whoever screens has to know."""
    person, other = make_candidate(world.north_1), make_class(date(2024, 12, 16))
    factories.enrol(other, person)
    (row,) = as_user(world.north_officer).get(address("nominate", coming)).context["people"]

    assert row["remarks"] == [f"đã có trong danh sách {other}"]
    (sent,) = nominate(training_class=coming, candidates=[person], by=world.north_officer)
    data = {"accept": "1", f"{sent.pk}-version": "1"}
    form = as_user(world.center).post(address("screen", coming), data).context["form"]
    assert [one["cells"][0]["field"].value() for one in form.rows] == [None]


REMARKS = [
    ({}, date(2024, 6, 3), "còn giấy chứng nhận có giá trị đến ngày 03/06/2029"),
    ({"education": "primary"}, None, "chưa tốt nghiệp trung học cơ sở"),
    ({"education": ""}, None, "chưa ghi học vấn"),
    ({}, None, ""),
]


@pytest.mark.parametrize(("values", "certified_on", "words"), REMARKS)
def test_remarks_are_shown_and_do_not_forbid(values, certified_on, words, world, coming, as_user):
    person = make_candidate(world.north_1, **values)
    if certified_on:
        factories.give_certificate(person, certified_on)
    offered = as_user(world.north_officer).get(address("nominate", coming)).context["people"]
    (row,) = nominate(training_class=coming, candidates=[person], by=world.north_officer)
    screened = as_user(world.center).get(address("screen", coming)).context["form"].people
    screen(training_class=coming, verdicts=[Verdict(row.pk, 1, True)], by=world.center)

    assert [bool(one["remarks"]) for one in (*offered, *screened)] == [bool(words)] * 2
    assert all(words in remark for one in (*offered, *screened) for remark in one["remarks"])
    assert states(coming) == ["enrolled"]


def test_the_newest_certificate_counts(world, coming):
    person = make_candidate(world.north_1, started=date(2018, 1, 4))
    for day in (date(2018, 6, 1), date(2023, 6, 2)):
        factories.give_certificate(person, day)

    said = class_people.objections(coming, [person])[person.pk]
    assert [one.message for one in said] == ["còn giấy chứng nhận có giá trị đến ngày 02/06/2028"]


@pytest.mark.parametrize("stage", [Stage.TRAINED, Stage.DOSSIER])
def test_with_an_expired_certificate_one_may_attend_again_also_while_the_dossier_is_made(stage, world, coming, as_user):
    dates = [date(2019, 11, 18), date(2020, 3, 2)][: 1 + (stage == Stage.DOSSIER)]
    person = advanced(world, stage, dates, started=date(2019, 1, 4))
    offered = as_user(world.north_officer).get(address("nominate", coming)).context["people"]
    factories.enrol(coming, person)
    (shown,) = as_user(world.center).get(coming.get_absolute_url()).context["people"]

    assert [row["remarks"] for row in offered] == [[]]
    assert (shown["state"], shown["attempt"]) == ("enrolled", 2)


def test_a_person_who_moved_goes_with_the_new_unit(world, coming, as_user):
    person = make_candidate(world.north_1, full_name="Vũ Văn Nam")
    (row,) = nominate(training_class=coming, candidates=[person], by=world.north_officer)
    factories.step(person, Step.MOVED, date(2024, 11, 4), by=world.board, unit=world.south_1, reason="Chuyển về quê")

    url, officers = coming.get_absolute_url(), (world.north_officer, world.south_officer)
    assert [len(as_user(one).get(url).context["people"]) for one in officers] == [0, 1]
    with pytest.raises(PermissionDenied):
        change(row, Move.WITHDRAW, world.north_officer)
    change(row, Move.WITHDRAW, world.south_officer)
    row.refresh_from_db()
    assert (row.state, row.unit) == ("withdrawn", world.north_1)


def test_people_of_a_former_unit_are_sent_by_its_successor(world, coming, as_user):
    person = make_candidate(world.south_1)
    Succession.objects.create(predecessor=world.south, successor=world.north, effective_on=date(2024, 7, 1))
    client = as_user(world.north_officer)
    offered = client.get(address("nominate", coming)).context["people"]

    assert [row["candidate"] for row in offered] == [person]
    assert client.post(address("nominate", coming), {"people": [person.pk]}).status_code == 302
    assert [row["candidate_id"] for row in client.get(coming.get_absolute_url()).context["people"]] == [person.pk]


# Places and the waiting list


def test_places_are_given_in_the_order_of_nomination_and_the_rest_waits(world, coming):
    people = [make_candidate(world.north_1) for _ in range(3)]
    rows = [nominate(training_class=coming, candidates=[one], by=world.north_officer)[0] for one in people]
    found = screen(
        training_class=coming, verdicts=[Verdict(row.pk, 1, True) for row in reversed(rows)], by=world.center
    )

    assert found == {"enrolled": 2, "waiting": 1, "refused": 0}
    assert states(coming) == ["enrolled", "enrolled", "waiting"]
    assert {row.screened_by for row in coming.enrolments.all()} == {world.center}


def test_without_a_limit_everybody_who_is_eligible_attends(world):
    free = make_class(date(2024, 12, 2))
    factories.enrol(free, *[make_candidate(world.north_1) for _ in range(3)])

    assert set(states(free)) == {"enrolled"}


def test_the_waiting_list_moves_up_when_somebody_withdraws_or_places_are_added(world, coming):
    rows = factories.enrol(coming, *[make_candidate(world.north_1) for _ in range(4)])
    assert states(coming) == ["enrolled", "enrolled", "waiting", "waiting"]
    moved = change(rows[0], Move.WITHDRAW, world.north_officer)
    assert [one.pk for one in moved] == [rows[2].pk]
    edited(coming, world.center, capacity=3)

    assert states(coming) == ["withdrawn", "enrolled", "enrolled", "enrolled"]


def test_who_was_nominated_first_stands_first_even_if_screened_later(world, coming, as_user):
    people = [make_candidate(world.north_1) for _ in range(4)]
    rows = [nominate(training_class=coming, candidates=[one], by=world.north_officer)[0] for one in people]
    for row in (rows[1], rows[3], rows[2], rows[0]):
        screen(training_class=coming, verdicts=[Verdict(row.pk, 1, True)], by=world.center)
    assert states(coming) == ["waiting", "enrolled", "waiting", "enrolled"]

    shown = as_user(world.center).get(coming.get_absolute_url(), {"muc": "cho-cho"}).context["people"]
    assert [row["pk"] for row in shown] == [rows[0].pk, rows[2].pk]
    assert [one.pk for one in change(rows[3], Move.WITHDRAW, world.center)] == [rows[0].pk]


def test_after_the_first_day_the_centre_calls_the_waiting_list(world, coming, as_user):
    client, rows = as_user(world.center), factories.enrol(coming, *[make_candidate(world.north_1) for _ in range(4)])
    running = begun(coming)
    assert change(rows[0], Move.DROP, world.center) == []
    page = client.get(running.get_absolute_url()).content.decode()
    response = client.post(address("fill_places", coming), follow=True)

    assert "Gọi người chờ vào học" in page
    assert "Đã cho 1 người chờ chỗ vào lớp" in response.content.decode()
    assert states(coming) == ["dropped", "enrolled", "enrolled", "waiting"]
    again = client.post(address("fill_places", coming), follow=True).content.decode()
    assert "Không còn chỗ trống, hoặc không có ai chờ chỗ" in again


def test_a_limit_lifted_after_the_first_day_leaves_the_call_to_the_centre(world, coming, as_user):
    client = as_user(world.center)
    factories.enrol(coming, *[make_candidate(world.north_1) for _ in range(3)])
    begun(coming)
    edited(coming, world.center, capacity=None)

    assert states(coming)[-1] == "waiting"
    assert "Gọi người chờ vào học" in client.get(coming.get_absolute_url()).content.decode()
    client.post(address("fill_places", coming))
    assert states(coming)[-1] == "enrolled"


def test_on_the_first_day_a_place_still_goes_to_who_waits(world, coming):
    rows = factories.enrol(coming, *[make_candidate(world.north_1) for _ in range(3)])
    begun(coming, date(2024, 11, 18))
    change(rows[0], Move.DROP, world.center)

    assert states(coming) == ["dropped", "enrolled", "enrolled"]


def recorded(training_class, by, **wanted: str) -> None:
    """The table of results with these states: e12="dropped"."""
    rows = {f"e{row.pk}": row for row in training_class.enrolments.all()}
    why = {"dropped": BUSY}
    results = [
        Result(rows[key].pk, rows[key].version, state, reason=why.get(state, "")) for key, state in wanted.items()
    ]
    record_results(training_class=training_class, results=results, by=by)


def test_the_table_of_results_gives_places_by_the_same_rules(world, coming):
    """On the first day to who waits; afterwards two may change places in one table."""
    one, _, third = factories.enrol(coming, *[make_candidate(world.north_1) for _ in range(3)])
    begun(coming, date(2024, 11, 18))
    recorded(coming, world.center, **{f"e{one.pk}": "dropped"})
    assert states(coming) == ["dropped", "enrolled", "enrolled"]
    begun(coming)
    recorded(coming, world.center, **{f"e{one.pk}": "enrolled", f"e{third.pk}": "dropped"})

    assert states(coming) == ["enrolled", "enrolled", "dropped"]


def test_who_is_not_followed_any_more_keeps_waiting(world, coming):
    people = [make_candidate(world.north_1) for _ in range(4)]
    rows = factories.enrol(coming, *people)
    stopped(people[2])
    change(rows[0], Move.WITHDRAW, world.north_officer)
    (said,) = refusals(change, row=rows[2], move=Move.CALL, by=world.center)

    assert states(coming) == ["withdrawn", "enrolled", "waiting", "enrolled"]
    assert said == "Lớp đã đủ 2 chỗ."
    change(rows[1], Move.WITHDRAW, world.north_officer)
    (said,) = refusals(change, row=rows[2], move=Move.CALL, by=world.center)
    assert "không còn thuộc diện học lớp này; hỏi đơn vị" in said  # the Centre does not learn why
    (said,) = refusals(change, row=rows[2], move=Move.CALL, by=world.board)
    assert "đang ở trạng thái “Tạm dừng”" in said


# Screening


def test_who_was_refused_may_be_nominated_again_and_the_refusal_stays(world, coming):
    person = make_candidate(world.north_1)
    (row,) = nominate(training_class=coming, candidates=[person], by=world.north_officer)
    screen(training_class=coming, verdicts=[Verdict(row.pk, 1, False, WHY)], by=world.center)
    factories.enrol(coming, person)

    assert list(coming.enrolments.order_by("pk").values_list("state", "reason")) == [("refused", WHY), ("enrolled", "")]
    (said,) = refusals(change, row=row, move=Move.RECONSIDER, by=world.center)
    assert "đã có trong lớp này, đang ở “Đã ghi danh”" in said


def test_a_refusal_may_be_reconsidered_and_keeps_its_turn(world, coming):
    people = [make_candidate(world.north_1) for _ in range(3)]
    rows = [nominate(training_class=coming, candidates=[one], by=world.north_officer)[0] for one in people]
    screen(training_class=coming, verdicts=[Verdict(rows[0].pk, 1, False, WHY)], by=world.center)
    change(rows[0], Move.RECONSIDER, world.center, "Đã bổ sung bằng tốt nghiệp")
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].reason) == ("nominated", "")
    verdicts = [Verdict(row.pk, Enrolment.objects.get(pk=row.pk).version, True) for row in rows]
    screen(training_class=coming, verdicts=verdicts, by=world.center)

    assert states(coming) == ["enrolled", "enrolled", "waiting"]


def test_nobody_is_found_eligible_who_may_not_attend_any_more(world, coming):
    person = make_candidate(world.north_1)
    (row,) = nominate(training_class=coming, candidates=[person], by=world.north_officer)
    stopped(person)
    with pytest.raises(RowProblems) as found:
        screen(training_class=coming, verdicts=[Verdict(row.pk, 1, True)], by=world.center)

    neutral = "không còn thuộc diện học lớp này; hỏi đơn vị hoặc Ban Tổ chức"
    assert found.value.rows[row.pk] == {"verdict": [f"Không thể ghi đủ điều kiện: {neutral}."]}
    assert screen(training_class=coming, verdicts=[Verdict(row.pk, 1, False, WHY)], by=world.center)["refused"] == 1


@pytest.fixture
def three(world, coming):
    people = [make_candidate(world.north_1, full_name=f"Vũ Văn {name}") for name in ("An", "Bình", "Cảnh")]
    nominate(training_class=coming, candidates=people, by=world.north_officer)
    return list(coming.enrolments.order_by("pk"))


def answers(client, coming, **verdicts) -> dict:
    """What the page of screening sends: e12="eligible", or ("not_eligible", reason)."""
    form = client.get(address("screen", coming)).context["form"]
    data = {bound.html_name: bound.value() or "" for bound in form}
    for key, verdict in verdicts.items():
        chosen, reason = (verdict, "") if isinstance(verdict, str) else verdict
        data |= {f"{key[1:]}-verdict": chosen, f"{key[1:]}-reason": reason}
    return data


def test_one_wrong_row_saves_none_and_every_row_says_why(world, coming, three, as_user):
    client, (one, two, third) = as_user(world.center), three
    verdicts = {f"e{one.pk}": "eligible", f"e{two.pk}": "not_eligible", f"e{third.pk}": ("not_eligible", "ngắn")}
    since = Change.objects.count()
    response = client.post(address("screen", coming), answers(client, coming, **verdicts))
    form = response.context["form"]

    assert response.status_code == 422
    words = "Ghi lý do không đủ điều kiện, ít nhất 10 ký tự."
    assert form.errors == {f"{row.pk}-reason": [f"{row.candidate}: {words}"] for row in (two, third)}
    assert form.data[f"{third.pk}-reason"] == "ngắn"
    assert (set(states(coming)), Change.objects.count()) == ({"nominated"}, since)


def test_rows_without_a_verdict_keep_waiting(world, coming, three, as_user):
    client, (one, two, _) = as_user(world.center), three
    url, verdicts = address("screen", coming), {f"e{one.pk}": "eligible", f"e{two.pk}": ("not_eligible", WHY)}
    assert client.post(url, answers(client, coming)).status_code == 422
    response = client.post(url, answers(client, coming, **verdicts))

    assert (response.status_code, response.url) == (302, url)
    assert states(coming) == ["enrolled", "refused", "nominated"]


def test_accepting_the_rest_only_fills_the_table(world, coming, three, as_user):
    one, two, third = three
    Candidate.objects.filter(pk=two.candidate_id).update(education="primary")
    client = as_user(world.center)
    data = answers(client, coming, **{f"e{one.pk}": ("not_eligible", "ngắn")})
    response = client.post(address("screen", coming), data | {"accept": "1"})
    form = response.context["form"]

    assert response.status_code == 200
    assert [form[f"{row.pk}-verdict"].value() for row in three] == ["not_eligible", "", "eligible"]
    assert form[f"{one.pk}-reason"].value() == "ngắn"
    assert form[f"{two.pk}-reason"].value().startswith("Chưa tốt nghiệp trung học cơ sở; lớp cần")
    assert "Hướng dẫn 61-HD/BTGTW" in form[f"{two.pk}-reason"].value()
    assert not form.errors
    assert set(states(coming)) == {"nominated"}


def test_two_who_screen_the_same_nomination_are_told(world, coming, three, as_user):
    """Somebody else answered a row meanwhile: nothing of this table is written."""
    client, (one, two, _) = as_user(world.board), three
    data = answers(client, coming, **{f"e{one.pk}": "eligible", f"e{two.pk}": "eligible"})
    screen(training_class=coming, verdicts=[Verdict(one.pk, 1, False, WHY)], by=world.center)
    response = client.post(address("screen", coming), data)

    assert response.status_code == 409
    assert states(coming) == ["refused", "nominated", "nominated"]
    assert response.context["form"][f"{two.pk}-verdict"].value() == "eligible"
    again = {bound.html_name: bound.value() or "" for bound in response.context["form"]}
    assert client.post(address("screen", coming), again).status_code == 302
    assert states(coming) == ["refused", "enrolled", "nominated"]


def test_a_nomination_that_was_sent_back_meanwhile_is_a_conflict(world, coming, three, as_user):
    client, one = as_user(world.board), three[0]
    data = answers(client, coming, **{f"e{one.pk}": "eligible"})
    screen(training_class=coming, verdicts=[Verdict(one.pk, 1, False, WHY)], by=world.center)
    change(one, Move.RECONSIDER, world.center, "Đã bổ sung bằng tốt nghiệp")
    response = client.post(address("screen", coming), data)

    assert response.status_code == 409
    assert set(states(coming)) == {"nominated"}
    again = {bound.html_name: bound.value() or "" for bound in response.context["form"]}
    assert client.post(address("screen", coming), again).status_code == 302


def test_two_actions_at_once_cannot_both_screen_a_row(world, coming, three):
    screen(training_class=coming, verdicts=[Verdict(three[0].pk, 1, True)], by=world.center)
    with pytest.raises(RowProblems) as found:
        screen(training_class=coming, verdicts=[Verdict(three[0].pk, 1, True)], by=world.board)
    with pytest.raises(Conflict):
        screen(training_class=coming, verdicts=[Verdict(three[1].pk, 7, True)], by=world.board)

    assert "Đã được xét, đang ở “Đã ghi danh”" in found.value.rows[three[0].pk][""][0]


# One participant


def test_an_officer_withdraws_the_own_people_alone_and_never_after_the_class_began(world, coming, as_user):
    rows = factories.enrol(coming, make_candidate(world.north_1), make_candidate(world.south_1))
    with pytest.raises(PermissionDenied):
        change(rows[1], Move.WITHDRAW, world.north_officer)
    client = as_user(world.north_officer)
    assert client.get(address("participant", coming, rows[1].pk)).status_code == 404
    assert client.get(address("participant", coming, rows[0].pk)).context["form"]
    begun(coming, date(2024, 11, 18))

    said = refusals(change, row=rows[0], move=Move.WITHDRAW, by=world.north_officer)
    assert "Lớp đã khai giảng ngày 18/11/2024: báo Trung tâm ghi bỏ học." in said
    page = client.get(address("participant", coming, rows[0].pk))
    assert page.context["form"] is None
    sent = {"move": "rut", "reason": BUSY, "version": "2"}
    assert client.post(address("participant", coming, rows[0].pk), sent).status_code == 403
    assert states(coming) == ["enrolled", "enrolled"]


@pytest.mark.parametrize("move", [move for move in Move if move != Move.WITHDRAW])
def test_an_officer_may_only_withdraw(move, world, coming):
    (row,) = factories.enrol(coming, make_candidate(world.north_1))
    with pytest.raises(PermissionDenied):
        change(row, move, world.north_officer)


def test_the_page_of_a_participant_asks_a_reason_and_tells_of_conflicts(world, coming, as_user):
    client, (row,) = as_user(world.center), factories.enrol(coming, make_candidate(world.north_1))
    url, sent = address("participant", coming, row.pk), {"move": "rut", "reason": "ngắn", "version": row.version}
    assert client.post(url, {"version": row.version}).status_code == 422
    refused = client.post(url, sent)
    assert (refused.status_code, refused.context["form"].errors) == (
        422, {"reason": ["Ghi lý do, ít nhất 10 ký tự."]},
    )  # fmt: skip
    stale = client.post(url, sent | {"reason": BUSY, "version": row.version - 1})
    assert stale.status_code == 409
    assert BUSY in stale.content.decode()

    assert client.post(url, sent | {"reason": BUSY}).status_code == 302
    assert list(coming.enrolments.values_list("state", "reason")) == [("withdrawn", BUSY)]


def test_who_went_on_meanwhile_may_come_back_but_is_not_called(world, coming):
    """The class was theirs when they left it; whoever only waited goes by the stage of today."""
    rows = factories.enrol(coming, *[make_candidate(world.north_1) for _ in range(3)])
    begun(coming)
    change(rows[0], Move.DROP, world.center)
    Candidate.objects.update(stage=Stage.BRANCH_PASSED)
    (said,) = refusals(change, row=rows[2], move=Move.CALL, by=world.center)

    assert "không còn thuộc diện học lớp này" in said
    assert change(rows[0], Move.COME_BACK, world.center) == []
    assert states(coming) == ["enrolled", "enrolled", "waiting"]


def test_who_comes_back_into_a_class_may_not_sit_in_another_one(world, coming):
    """By the page of the participant and by the table of results alike."""
    person, other = make_candidate(world.north_1), make_class(date(2024, 12, 5))
    (row,) = factories.enrol(coming, person)
    begun(coming)
    change(row, Move.DROP, world.center)
    factories.enrol(other, person)
    (said,) = refusals(change, row=row, move=Move.COME_BACK, by=world.center)
    row.refresh_from_db()
    with pytest.raises(RowProblems) as found:
        record_results(training_class=coming, results=[Result(row.pk, row.version, "enrolled")], by=world.center)

    assert "trùng ngày với lớp này" in said
    assert "trùng ngày với lớp này" in found.value.rows[row.pk]["state"][0]


# A class that does not take place


def test_of_a_class_called_off_nothing_is_done_any_more_and_its_people_are_free(world, coming):
    people = [make_candidate(world.north_1) for _ in range(3)]
    rows = factories.enrol(coming, *people)
    lesson = coming.lessons.first()
    call_off(training_class=coming, reason="Không đủ học viên", version=coming.version, by=world.center)
    coming.refresh_from_db()
    center = {"training_class": coming, "by": world.center}
    tried = [
        (nominate, center | {"candidates": people, "by": world.north_officer}),
        (screen, center | {"verdicts": [Verdict(rows[0].pk, 3, True)]}),
        (fill_places, center),
        (edited, center | {"capacity": 9}),
        (call_off, center | {"reason": "Không đủ học viên", "version": coming.version}),
        (plan_lessons, center | {"lessons": {1: LessonValues(None)}, "versions": {1: 1}}),
        (take_attendance, {"lesson": lesson, "marks": {}, "version": 1, "by": world.center}),
        (record_results, center | {"results": []}),
        *[(change, {"row": rows[0], "move": move, "by": world.center}) for move in Move],
    ]

    assert {said for act, values in tried for said in refusals(act, **values)} == {
        "Lớp này đã hủy, không thay đổi được nữa."
    }
    assert set(coming.enrolments.values_list("state", "reason")) == {("withdrawn", "Lớp không mở. Không đủ học viên")}
    assert factories.enrol(make_class(date(2024, 12, 2)), *people)


def test_people_of_a_class_called_off_may_go_to_the_one_opened_in_its_place(world, coming):
    call_off(training_class=coming, reason="Hội trường đang sửa chữa", version=coming.version, by=world.center)

    assert make_class(date(2024, 12, 2), number=coming.number).number == coming.number


# Courses of committees


@pytest.fixture
def course(world):
    return make_class(date(2024, 12, 2), date(2024, 12, 3), kind="committee")


SECRETARY = Participant("Đỗ Thị Hoà", "Bí thư chi bộ")


def typed(*people: Participant, unit=None, **values) -> dict:
    rows = {
        f"{name}-{number}": getattr(one, name) for number, one in enumerate(people, 1) for name in ("name", "position")
    }
    return ({"unit": unit.pk} if unit else {}) | rows | values


def test_members_of_committees_are_sent_by_name_and_position(world, course, as_user):
    response = as_user(world.north_officer).post(address("nominate", course), typed(SECRETARY, unit=world.north))
    row = course.enrolments.get()

    assert response.status_code == 302, response.context["form"].errors
    assert (row.candidate, row.participant_name, row.participant_position, row.unit) == (
        None, "Đỗ Thị Hoà", "Bí thư chi bộ", world.north,
    )  # fmt: skip
    client = as_user(world.center)
    assert (
        client.post(address("screen", course), answers(client, course, **{f"e{row.pk}": "eligible"})).status_code == 302
    )
    assert states(course) == ["enrolled"]


def test_the_centre_adds_members_of_any_unit_and_an_officer_of_the_own_alone(world, course, as_user):
    url = address("nominate", course)
    foreign = as_user(world.north_officer).post(url, typed(SECRETARY, unit=world.south))
    assert foreign.status_code == 422
    assert "Hãy chọn một mục" in foreign.content.decode()
    with pytest.raises(PermissionDenied):
        nominate_participants(training_class=course, unit=world.south, people=[SECRETARY], by=world.north_officer)
    assert as_user(world.center).post(url, typed(SECRETARY, unit=world.south)).status_code == 302

    shown = {who: as_user(getattr(world, who)).get(course.get_absolute_url()) for who in ("center", "north_officer")}
    assert {who: len(page.context["people"]) for who, page in shown.items()} == {"center": 1, "north_officer": 0}


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([], "Chưa ghi người nào"),
        ([Participant("Đỗ Thị Hoà", "")], "Đỗ Thị Hoà: chưa ghi chức vụ"),
        ([Participant("", "Bí thư")], "Dòng 1: chưa ghi họ và tên"),
        ([SECRETARY, Participant("đỗ thị hòa", "bí thư  chi bộ")], "ghi hai lần"),
        ([Participant("x" * 121, "Bí thư")], "120"),
        ([Participant("=1+1", "Bí thư")], "chỉ gồm chữ cái"),
    ],
)
def test_typed_names_that_cannot_be_are_refused_in_words(people, words, world, course, as_user):
    response = as_user(world.north_officer).post(address("nominate", course), typed(*people, unit=world.north))

    assert response.status_code == 422
    assert words in str(response.context["form"].errors)
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("first", [date(2024, 12, 2), date(2024, 12, 3), date(2024, 12, 4)])
def test_a_member_is_once_in_a_course_and_in_no_two_at_once(first, world, course):
    other = make_class(first, kind="committee")
    sent = {"unit": world.north, "people": [SECRETARY], "by": world.north_officer}
    (row,) = nominate_participants(training_class=course, **sent)
    again = sent | {"people": [Participant("ĐỖ THỊ HÒA", "Bí thư Chi bộ")]}
    assert refusals(nominate_participants, training_class=course, **again) == [
        "Đỗ Thị Hoà, Bí thư chi bộ: đã có trong lớp này."
    ]
    if first == date(2024, 12, 4):
        assert nominate_participants(training_class=other, **again)
    else:
        (said,) = refusals(nominate_participants, training_class=other, **again)
        assert f"đang trong danh sách {course}, trùng ngày" in said
        change(row, Move.WITHDRAW, world.north_officer)
        assert nominate_participants(training_class=other, **again)


def test_no_way_puts_a_member_into_two_courses_at_once(world, course):
    """Not by new days of a course, nor by coming back after having been refused or having left."""
    next_one, sent = make_class(date(2024, 12, 4), kind="committee"), {"unit": world.north, "by": world.north_officer}
    rows = {}
    for one in (course, next_one):
        (rows[one],) = nominate_participants(training_class=one, people=[SECRETARY], **sent)
    overlap = f"Đỗ Thị Hoà đang trong danh sách {next_one}, trùng ngày."
    assert refusals(edited, training_class=course, by=world.center, to_on=date(2024, 12, 4)) == [overlap]
    for state, move in (("refused", Move.RECONSIDER), ("dropped", Move.COME_BACK)):
        Enrolment.objects.filter(pk=rows[course].pk).update(state=state, reason=WHY)
        edited(course, world.center, to_on=date(2024, 12, 4))
        (said,) = refusals(change, row=rows[course], move=move, by=world.center)
        assert f"đang trong danh sách {next_one}, trùng ngày" in said
        edited(course, world.center, to_on=date(2024, 12, 3))
        assert change(rows[course], move, world.center) == []


def test_candidates_are_chosen_and_members_are_typed(world, coming, course):
    typed_names = {"unit": world.north, "people": [SECRETARY], "by": world.center}
    chosen = {"candidates": [make_candidate(world.north_1)], "by": world.north_officer}

    (said,) = refusals(nominate_participants, training_class=coming, **typed_names)
    assert "hãy chọn người ở danh sách" in said
    (said,) = refusals(nominate, training_class=course, **chosen)
    assert "ghi họ tên và chức vụ" in said


def test_the_centre_chooses_no_candidates(world, coming):
    with pytest.raises(PermissionDenied):
        nominate(training_class=coming, candidates=[make_candidate(world.north_1)], by=world.center)
