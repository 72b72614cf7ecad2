"""Editing a record: versions, duplicates, the neutral answer."""

import pytest
from django.urls import reverse

from candidates.actions import records
from candidates.actions.corrections import withdraw_last
from candidates.forms.record import EditForm
from candidates.models import Candidate, ReviewCase
from tests import factories
from vuthu_recruit.dates import PartialDate

NEUTRAL = "Trường hợp này cần Ban Tổ chức đối chiếu"


@pytest.fixture
def person(world):
    return factories.make_candidate(world.north_1, full_name="Đặng Thị Hòa", home_town="Thái Bình")


def typed(person, **values):
    person = Candidate.objects.select_related("introduced_at").get(pk=person.pk)
    form = EditForm(candidate=person)
    base = {bound.name: bound.value() for bound in form}
    base = {name: value for name, value in base.items() if value not in (None, False, "")}
    return base | values


def send(person, client, **values):
    return client.post(reverse("candidates:edit", args=[person.pk]), typed(person, **values))


def test_a_change_is_saved_and_nothing_else_changes(world, person, as_user):
    before = Candidate.objects.filter(pk=person.pk).values().get()
    response = send(person, as_user(world.north_officer), home_town="Hải Phòng")

    after = Candidate.objects.filter(pk=person.pk).values().get()
    assert response.status_code == 302
    assert {k for k in before if before[k] != after[k]} == {"home_town", "version"}


def test_two_editors_see_both_versions(world, person, as_user):
    old = typed(person, home_town="Nam Định")
    records.edit(candidate=person, values={"home_town": "Hải Phòng"}, version=person.version, by=world.branch_officer)

    client = as_user(world.north_officer)
    response = client.post(reverse("candidates:edit", args=[person.pk]), old)
    page = response.content.decode()
    assert response.status_code == 409
    assert {"label": "Quê quán", "now": "Hải Phòng", "typed": "Nam Định"} in response.context["versions"]
    assert 'value="Nam Định"' in page

    again = {b.name: b.value() for b in response.context["form"] if b.value() not in (None, False, "")}
    assert client.post(reverse("candidates:edit", args=[person.pk]), again).status_code == 302
    person.refresh_from_db()
    assert person.home_town == "Nam Định"


def test_a_number_of_the_own_scope_opens_the_known_record(world, person, as_user):
    other = factories.make_candidate(world.north_2)
    response = send(person, as_user(world.north_officer), identity_number=other.identity_number)

    assert response.status_code == 422
    assert other.get_absolute_url() in response.content.decode()


@pytest.mark.parametrize("probe", ["number", "name"])
def test_a_foreign_match_saves_nothing_and_says_one_sentence(probe, world, person, as_user):
    other = factories.make_candidate(
        world.south_1, full_name="Vũ Văn Nam", birth=PartialDate(1990, 5, 1), identity_number="000190104482"
    )
    values = {"identity_number": other.identity_number}
    if probe == "name":
        values = {"full_name": other.full_name, "birth": "1/5/1990", "identity_number": ""}
    before = Candidate.objects.filter(pk=person.pk).values().get()
    response = send(person, as_user(world.north_officer), **values)

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [NEUTRAL + "."]
    assert Candidate.objects.filter(pk=person.pk).values().get() == before
    assert ReviewCase.objects.get().other == other


def test_asking_the_same_again_opens_no_second_case(world, person, as_user):
    other = factories.make_candidate(world.south_1)
    for _ in range(3):
        send(person, as_user(world.north_officer), identity_number=other.identity_number)

    assert ReviewCase.objects.count() == 1


def test_editing_is_no_way_round_the_limit(world, person, as_user):
    others = [factories.make_candidate(world.south_1) for _ in range(6)]
    client = as_user(world.north_officer)
    for other in others[:5]:
        assert NEUTRAL in send(person, client, identity_number=other.identity_number).content.decode()

    page = send(person, client, identity_number=others[5].identity_number).content.decode()
    assert "tạm không nhập được số định danh" in page
    assert ReviewCase.objects.count() == 5


def test_whom_the_board_told_apart_may_bear_the_name(world, person, as_user):
    factories.make_candidate(
        world.south_1, full_name="Vũ Văn Nam", birth=PartialDate(1990, 5, 1), identity_number="000190104482"
    )
    values = {"full_name": "Vũ Văn Nam", "birth": "1/5/1990", "identity_number": ""}
    send(person, as_user(world.north_officer), **values)
    case = ReviewCase.objects.get()
    records.resolve_case(
        case=case, outcome="cleared", reason="Đã gọi điện hai nơi", happened_on=None, version=1, by=world.board
    )

    assert send(person, as_user(world.north_officer), **values).status_code == 302


def test_readers_get_403_and_outsiders_404(world, person, as_user):
    address = reverse("candidates:edit", args=[person.pk])
    for who, status in (("supervisor", 403), ("standing", 403), ("south_officer", 404), ("youth", 404), ("admin", 404)):
        client = as_user(getattr(world, who))
        assert client.get(address).status_code == status, who
        assert client.post(address, typed(person)).status_code == status, who


def test_extra_keys_change_nothing(world, person, as_user):
    send(
        person,
        as_user(world.north_officer),
        status="official",
        stage="official",
        unit=world.south_1.slug,
        is_sample="1",
    )

    person.refresh_from_db()
    assert (person.status, person.stage, person.unit) == ("open", "source", world.north_1)
    assert not person.is_sample


def test_an_open_form_of_a_record_withdrawn_meanwhile_saves_nothing(world, person, as_user):
    client, old = as_user(world.north_officer), typed(person, home_town="Nam Định")
    withdraw_last(
        candidate=person, event=person.events.get(), reason="Nhập nhầm người khác", version=person.version,
        by=world.north_officer,
    )  # fmt: skip
    version = Candidate.objects.get(pk=person.pk).version

    response = client.post(reverse("candidates:edit", args=[person.pk]), old | {"version": version})

    assert response.status_code == 422
    assert "Hồ sơ này đã rút" in response.content.decode()
    assert Candidate.objects.get(pk=person.pk).home_town == "Thái Bình"


@pytest.mark.parametrize(("who", "is_said"), [("board", True), ("north_officer", False)])
def test_who_may_appraise_is_warned_before_editing(who, is_said, world, as_user):
    person = factories.make_candidate(world.north_1)

    page = as_user(getattr(world, who)).get(reverse("candidates:edit", args=[person.pk])).content.decode()

    assert ("không được thẩm định hồ sơ này" in page) == is_said
