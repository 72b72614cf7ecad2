"""Duplicates: shown inside the scope, one neutral answer outside it, five of them a day."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from candidates import review
from candidates.actions import duplicates, records
from candidates.models import Candidate, ReviewCase
from candidates.pipeline import Status
from organizations.models import Change
from tests import factories
from tests.candidates.test_entering import data
from vuthu_recruit.dates import PartialDate

NEUTRAL = "Trường hợp này cần Ban Tổ chức đối chiếu"
BIRTH = PartialDate(1995, 3, 27)


def send(world, as_user, who="north_officer", **values):
    return as_user(getattr(world, who)).post(reverse("candidates:create"), data(world, **values))


def known(unit, **values):
    values = {"full_name": "Đặng Thị Hòa", "birth": BIRTH, "sex": "female", "identity_number": ""} | values
    return factories.make_candidate(unit, **values)


def test_the_same_number_in_scope_is_the_same_person(world, as_user):
    person = known(world.north_2, identity_number="000195104482", full_name="Đặng Thị Hoà")
    response = send(world, as_user, identity_number="000195104482", not_a_duplicate="on", sure="1")

    page = response.content.decode()
    assert response.status_code == 422
    assert person.get_absolute_url() in page
    assert "Vẫn lưu" not in page
    assert 'value="27/3/1995"' in page
    assert Candidate.objects.count() == 1


def test_the_same_name_and_birth_may_be_another_who_says_so(world, as_user):
    person = known(world.north_2)
    page = send(world, as_user, residence="thôn Hội").content.decode()
    assert person.get_absolute_url() in page
    assert 'value="thôn Hội"' in page

    unsure = send(world, as_user, sure="1")
    assert unsure.status_code == 422
    assert "Hãy so sánh hai bên" in unsure.content.decode()

    assert send(world, as_user, sure="1", not_a_duplicate="on").status_code == 302
    assert Candidate.objects.listed().count() == 2


@pytest.mark.parametrize(
    ("name", "birth", "is_shown"),
    [
        ("dang thi hoa", "27/3/1995", True),  # typed without marks
        ("Đặng Thị Hòa", "1995", True),  # the paper gives the year alone
        ("Đặng Thị Hòa", "3/1995", True),
        ("Đặng Thị Hoa", "27/3/1995", True),  # one mark missing, born on the same day
        ("Đặng Thị Hoa", "1995", False),  # another name, and the year proves nothing
        ("Đặng Thị Hòa", "28/3/1995", False),
        ("Đặng Thị Hòa", "4/1995", False),
        ("Đặng Thị Hậu", "27/3/1995", False),
    ],
)
def test_a_person_who_may_be_known_is_shown_before_saving(name, birth, is_shown, world, as_user):
    person = known(world.north_2)

    response = send(world, as_user, full_name=name, birth=birth)

    assert response.status_code == (422 if is_shown else 302)
    assert (person.get_absolute_url() in response.content.decode()) == is_shown


def test_somebody_elsewhere_matches_only_as_written(world, as_user):
    known(world.south_1)

    assert send(world, as_user, full_name="dang thi hoa").status_code == 302
    assert not ReviewCase.objects.exists()


def test_going_back_keeps_what_was_typed(world, as_user):
    known(world.north_2)
    response = send(world, as_user, residence="thôn Hội", back="1")

    assert response.status_code == 200
    assert 'value="thôn Hội"' in response.content.decode()
    assert Candidate.objects.count() == 1


def test_a_match_outside_gives_one_neutral_answer_whatever_matched(world, as_user):
    known(world.south_1, identity_number="000195104482", full_name="Vũ Văn Nam")
    known(world.office_1)
    client = as_user(world.north_officer)

    by_number = data(world, full_name="Lê Thị Mận", identity_number="000195104482", form_key="b" * 32, birth="1980")
    by_name = data(world, form_key="c" * 32)
    for typed in (by_number, by_name):
        response = client.post(reverse("candidates:create"), typed, follow=True)
        draft = Candidate.objects.order_by("-pk").first()
        assert response.redirect_chain == [(draft.get_absolute_url(), 302)]
        assert (draft.status, draft.waiting_for) == (Status.WAITING, "board")
        shown = [str(message) for message in response.context["messages"]]
        assert shown == [NEUTRAL + "."]
        page = response.content.decode()
        assert "Vũ Văn Nam" not in page
        assert world.south.short_name not in page
        assert world.office.short_name not in page
    assert Candidate.objects.listed().count() == 2
    assert ReviewCase.objects.count() == 2


def test_no_refusal_of_the_first_step_depends_on_a_match(world):
    from datetime import date

    from candidates.actions.events import Refused

    known(world.south_1, identity_number="000195104482")
    for number in ("000195104482", "000195104483"):
        with pytest.raises(Refused):
            records.enter(
                values={"full_name": "Lê Thị Mận", "sex": "female", "identity_number": number},
                unit=world.north_1,
                entered_on=date(2030, 1, 1),
                by=world.north_officer,
            )
    assert not ReviewCase.objects.exists()


def test_drafts_and_introductions_are_compared_too(world, as_user):
    from datetime import date

    records.introduce(
        values={"full_name": "Lê Thị Mận", "sex": "female", "identity_number": "000195104482"},
        unit=world.north_1,
        body="youth_union",
        introduced_on=date(2024, 3, 1),
        by=world.youth,
    )
    send(world, as_user, "south_officer", unit=world.south_1.slug, identity_number="000195104482")

    assert ReviewCase.objects.get().candidate.unit == world.south_1


def test_struck_off_people_are_no_match_by_name(world):
    person = known(world.south_1)
    Candidate.objects.filter(pk=person.pk).update(status=Status.STRUCK_OFF)

    assert known(world.south_1).status == Status.OPEN


def ask(world, times):
    for number in range(times):
        factories.make_candidate(world.south_1, identity_number=f"00019510{number:04}")
        factories.make_candidate(world.north_1, identity_number=f"00019510{number:04}")


def test_five_answers_a_day_stop_entry_by_number_and_show_to_the_board(world, today, as_user):
    ask(world, 4)
    assert review.accounts_over_limit(world.board, today) == []
    ask_more = factories.make_candidate(world.south_1, identity_number="000195109999")
    factories.make_candidate(world.north_1, identity_number=ask_more.identity_number)

    response = send(world, as_user, identity_number="000195101234")
    assert response.status_code == 422
    assert "tạm không nhập được số định danh" in response.content.decode()
    assert send(world, as_user).status_code == 302  # without a number
    assert review.accounts_over_limit(world.board, today) == [
        {"name": world.north_officer.full_name, "username": "north_officer", "answers": 5}
    ]
    assert review.accounts_over_limit(world.north_officer, today) == []


def test_the_limit_holds_for_introductions_too(world, today):
    from datetime import date

    def introduce(number):
        return records.introduce(
            values={"full_name": f"Lê Thị {number}", "sex": "female", "identity_number": f"00019510{number:04}"},
            unit=world.north_1,
            body="youth_union",
            introduced_on=date(2024, 3, 1),
            by=world.youth,
        )

    for number in range(6):
        factories.make_candidate(world.south_1, identity_number=f"00019510{number:04}")
    for number in range(5):
        assert introduce(number).waiting_for == "board"
    with pytest.raises(ValidationError):
        introduce(5)


def test_the_loser_of_a_race_becomes_a_draft(world, monkeypatch):
    """The other entry is committed between the comparison and the write, as PostgreSQL allows."""
    rival = known(world.south_1, identity_number="000195104482", full_name="Vũ Văn Nam")
    seen, real = [], duplicates.matching.find

    def blind_once(**kwargs):
        seen.append(1)
        return real(**kwargs) if len(seen) > 1 else duplicates.matching.Matches([], [], [])

    monkeypatch.setattr(duplicates.matching, "find", blind_once)
    loser = factories.make_candidate(world.north_1, identity_number="000195104482")

    loser = Candidate.objects.get(pk=loser.pk)
    assert (loser.status, loser.waiting_for) == (Status.WAITING, "board")
    assert not loser.events.exists()
    assert ReviewCase.objects.get().other == rival
    assert not Change.objects.filter(object_type="candidates.StageEvent", subject_id=str(loser.pk)).exists()


def test_the_loser_inside_the_scope_is_shown_the_duplicate(world, monkeypatch):
    known(world.north_2, identity_number="000195104482", full_name="Vũ Văn Nam")
    seen, real = [], duplicates.matching.find

    def blind_once(**kwargs):
        seen.append(1)
        return real(**kwargs) if len(seen) > 1 else duplicates.matching.Matches([], [], [])

    monkeypatch.setattr(duplicates.matching, "find", blind_once)
    with pytest.raises(records.Duplicate):
        factories.make_candidate(world.north_1, identity_number="000195104482")
    assert Candidate.objects.count() == 1


def test_the_constraint_stands_behind_it_all(world):
    known(world.south_1, identity_number="000195104482")
    with pytest.raises(IntegrityError):
        Candidate.objects.create(
            full_name="Lê Thị Mận", sex="female", identity_number="000195104482", unit=world.north_1, status="open"
        )
