"""Introductions by mass organisations and the unit's answer."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from candidates.actions import records
from candidates.models import Candidate
from candidates.pipeline import Stage, Status, Step
from organizations.models import Assignment
from organizations.permissions import Role
from tests import factories

NEUTRAL = "Trường hợp này cần Ban Tổ chức đối chiếu"


def data(world, **values):
    base = {
        "form_key": "a" * 32,
        "full_name": "Lê Thị Mận",
        "sex": "female",
        "birth": "1999",
        "unit": world.north_1.slug,
        "introduced_on": "1/3/2024",
    }
    return base | values


def introduce(world, **values):
    base = {"values": {"full_name": "Lê Thị Mận", "sex": "female"}, "unit": world.north_1, "body": "youth_union"}
    return records.introduce(**base | {"introduced_on": date(2024, 3, 1), "by": world.youth} | values)


def test_a_person_is_introduced_once_however_often_it_is_sent(world, as_user):
    client = as_user(world.youth)
    for _ in range(2):
        assert client.post(reverse("candidates:introduce"), data(world)).status_code == 302

    person = Candidate.objects.get()
    assert (person.status, person.waiting_for, person.introduced_by_body) == ("waiting", "unit", "youth_union")


def test_the_list_knows_names_and_one_word_and_no_more(world, as_user):
    person = introduce(world)
    rows = list(Candidate.objects.introduced_by(world.youth))

    assert rows[0] == {
        "full_name": "Lê Thị Mận",
        "birth_year": None,
        "place": world.north_1.short_name,
        "place_above": world.north.short_name,
        "introduced_by_body": "youth_union",
        "introduced_on": date(2024, 3, 1),
        "answer": "waiting",
        "reason": "",
    }
    records.accept(candidate=person, happened_on=date(2024, 3, 9), version=person.version, by=world.north_officer)
    person = factories.advance(person, Stage.DOSSIER)
    page = as_user(world.youth).get(reverse("candidates:introductions")).content.decode()
    assert "Đã tiếp nhận" in page
    assert person.get_stage_display() not in page
    assert person.get_absolute_url() not in page


def test_whoever_introduced_reads_why_the_unit_declined(world, as_user):
    person = introduce(world)
    why = "Đang đi làm xa dài hạn, chưa sinh hoạt tại địa phương"
    records.decline(candidate=person, reason=why, version=person.version, by=world.north_officer)

    page = as_user(world.youth).get(reverse("candidates:introductions")).content.decode()

    assert "Không tiếp nhận" in page
    assert why in page


def test_another_body_and_another_place_see_nothing(world):
    introduce(world)
    women, south = factories.make_user("women"), factories.make_user("south_youth")
    factories.assign(women, Role.MASS_ORGANIZATION, world.north, body="women_union")
    factories.assign(south, Role.MASS_ORGANIZATION, world.south, body="youth_union")

    assert not Candidate.objects.introduced_by(women).exists()
    assert not Candidate.objects.introduced_by(south).exists()
    assert not Candidate.objects.introduced_by(world.board).exists()


def test_any_match_gives_the_neutral_sentence(world, as_user):
    known = factories.make_candidate(world.north_2, full_name="Vũ Thị Na")
    client = as_user(world.youth)
    response = client.post(
        reverse("candidates:introduce"), data(world, identity_number=known.identity_number), follow=True
    )

    assert [str(message) for message in response.context["messages"]] == [NEUTRAL + "."]
    assert "Vũ Thị Na" not in response.content.decode()
    assert Candidate.objects.get(full_name="Lê Thị Mận").waiting_for == "board"
    assert "Chờ đối chiếu" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("full_name", "x" * 10_000, "Nhiều nhất 120 ký tự"),
        ("full_name", "=cmd|'a'", "chỉ gồm chữ cái"),
        ("unit", "13249", "Hãy chọn một mục"),
        ("introduced_on", "1/1/2030", "chưa đến"),
        ("introduced_on", "1/1/1990", "trước ngày sinh"),
        ("identity_number", "123", "cần 12 chữ số"),
        ("form_key", "", "Trang đã cũ"),
    ],
)
def test_bad_input_is_refused_on_its_field(field, value, words, world, as_user):
    response = as_user(world.youth).post(reverse("candidates:introduce"), data(world, **{field: value}))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Candidate.objects.exists()


def test_nobody_speaks_for_another_body_or_place(world):
    with pytest.raises(PermissionDenied):
        introduce(world, body="women_union")
    with pytest.raises(PermissionDenied):
        introduce(world, unit=world.south_1)
    with pytest.raises(PermissionDenied):
        introduce(world, by=world.north_officer)


def answer(person, client, **values):
    base = {"version": person.version, "answer": "accept", "happened_on": "9/3/2024", "reason": ""}
    return client.post(reverse("candidates:accept", args=[person.pk]), base | values)


def test_the_unit_accepts(world, as_user):
    person = introduce(world)
    client = as_user(world.north_officer)
    assert "Lê Thị Mận" in client.get(reverse("candidates:waiting")).content.decode()
    assert client.get(reverse("candidates:accept", args=[person.pk])).status_code == 200

    assert answer(person, client).url == person.get_absolute_url()
    person.refresh_from_db()
    assert (person.status, person.stage) == (Status.OPEN, Stage.SOURCE)
    assert person.events.get().step == Step.ACCEPTED
    assert answer(person, client).status_code == 404


def test_the_unit_declines_with_a_reason(world, as_user):
    person = introduce(world)
    client = as_user(world.north_officer)
    assert answer(person, client, answer="decline", reason="ngắn").status_code == 422
    assert answer(person, client, answer="decline").status_code == 422
    assert answer(person, client, answer="decline", reason="Chưa đủ thời gian thử thách").status_code == 302

    person.refresh_from_db()
    assert person.status == Status.WITHDRAWN
    assert "Không tiếp nhận" in as_user(world.youth).get(reverse("candidates:introductions")).content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"happened_on": "1/2/2024"}, "trước ngày giới thiệu"),
        ({"happened_on": "1/1/2030"}, "chưa đến"),
        ({"happened_on": ""}, "Chưa nhập ngày tiếp nhận"),
        ({"answer": "x"}, "Hãy chọn một mục"),
    ],
)
def test_a_wrong_answer_is_refused(values, words, world, as_user):
    person = introduce(world)
    response = answer(person, as_user(world.north_officer), **values)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_the_board_answers_only_where_no_officer_is(world, as_user):
    person = introduce(world)
    client = as_user(world.board)
    assert "Chờ đơn vị" in client.get(reverse("candidates:waiting")).content.decode()
    assert answer(person, client).status_code == 403
    with pytest.raises(PermissionDenied):
        records.accept(candidate=person, happened_on=date(2024, 3, 9), version=person.version, by=world.board)

    person.refresh_from_db()
    Assignment.objects.filter(user=world.north_officer).update(ends_on=date(2024, 1, 1))
    assert answer(person, client).status_code == 302


def test_others_do_not_see_who_waits(world, as_user):
    person = introduce(world)
    for who, status in (("branch_officer", 403), ("south_officer", 404), ("standing", 403), ("youth", 403)):
        assert answer(person, as_user(getattr(world, who))).status_code == status, who
    assert "Lê Thị Mận" not in as_user(world.south_officer).get(reverse("candidates:waiting")).content.decode()


def test_a_stale_answer_is_a_conflict(world, as_user):
    person = introduce(world)
    response = answer(person, as_user(world.north_officer), version=person.version + 3)

    assert response.status_code == 409
    assert response.context["form"]["version"].value() == str(person.version)


def test_a_number_taken_meanwhile_sends_the_introduction_to_the_board(world):
    person = introduce(world, values={"full_name": "Lê Thị Mận", "sex": "female", "identity_number": "000195104482"})
    rival = factories.make_candidate(world.south_1)
    Candidate.objects.filter(pk=rival.pk).update(identity_number="000195104482")  # entered at the same moment
    accepted = records.accept(
        candidate=person, happened_on=date(2024, 3, 9), version=person.version, by=world.north_officer
    )

    person.refresh_from_db()
    assert not accepted
    assert (person.status, person.waiting_for) == (Status.WAITING, "board")


def test_who_waits_for_the_comparison_is_not_said_to_wait_for_the_unit(world, as_user):
    values = {"full_name": "Lê Thị Mận", "sex": "female", "identity_number": "000195104482"}
    factories.make_candidate(world.south_1, identity_number="000195104482")
    person = introduce(world, values=values)

    pages = [
        as_user(world.youth).get(reverse("candidates:introductions")),
        as_user(world.north_officer).get(person.get_absolute_url()),
        as_user(world.board).get(reverse("candidates:review_case", args=[person.review_cases.get().pk])),
    ]

    for page in pages:
        words = page.content.decode()
        assert "Chờ đối chiếu" in words
        assert "Chờ tiếp nhận</" not in words.partition("<main")[2]
