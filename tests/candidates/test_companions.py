"""Introducers and helpers of a person: added, corrected, ended."""

from datetime import date

import pytest
from django.urls import reverse

from tests import factories


@pytest.fixture
def person(world):
    return factories.make_candidate(world.north_1)


def send(person, client, query="", **values):
    person.refresh_from_db()
    base = {"version": person.version, "kind": "helper", "full_name": "Trần Văn Đảng", "from_on": "1/4/2022"}
    return client.post(reverse("candidates:companions", args=[person.pk]) + query, base | values)


def test_a_helper_is_added_and_ended(world, person, as_user):
    client = as_user(world.branch_officer)
    assert send(person, client, position="Bí thư chi bộ").status_code == 302
    helper = person.helpers.get()
    assert send(person, client, f"?sua=helper-{helper.pk}", to_on="1/9/2022").status_code == 302

    assert person.helpers.get().to_on == date(2022, 9, 1)
    assert "Trần Văn Đảng" in client.get(reverse("candidates:companions", args=[person.pk])).content.decode()
    assert person.introducers.count() == len(factories.INTRODUCERS)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"full_name": ""}, "Chưa nhập “Họ và tên”"),
        ({"full_name": "x" * 10_000}, "Nhiều nhất 120 ký tự"),
        ({"full_name": "<script>"}, "chỉ gồm chữ cái"),
        ({"from_on": "1/1/2030"}, "chưa đến"),
        ({"to_on": "1/4/2022"}, "phải sau ngày bắt đầu"),
        ({"kind": "friend"}, "Hãy chọn một mục"),
        ({"version": ""}, "Trang đã cũ"),
    ],
)
def test_bad_input_is_refused(values, words, world, person, as_user):
    response = send(person, as_user(world.north_officer), **values)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not person.helpers.exists()


def test_sending_it_twice_makes_one_row(world, person, as_user):
    client, version = as_user(world.north_officer), person.version
    assert send(person, client, version=version).status_code == 302
    response = send(person, client, version=version)

    assert response.status_code == 409
    assert "Người khác vừa sửa" in response.content.decode()
    assert person.helpers.count() == 1


def test_the_helper_of_somebody_else_is_no_row_of_this_person(world, person, as_user):
    other = factories.make_candidate(world.north_1)
    client = as_user(world.north_officer)
    send(other, client)
    helper = other.helpers.get()

    for named in (f"helper-{helper.pk}", "helper-x", "friend-1", "helper-" + "9" * 30):
        assert send(person, client, f"?sua={named}").status_code == 404


def test_readers_get_403_and_outsiders_404(world, person, as_user):
    for who, status in (("supervisor", 403), ("standing", 403), ("south_officer", 404), ("center", 404)):
        assert send(person, as_user(getattr(world, who))).status_code == status, who
