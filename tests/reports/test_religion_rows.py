"""Religion is background: number and names are for readers of background alone.

A number by day and unit tells of one person what the list behind it would (design: breakdowns by unit only to readers
who may open the list).
"""

import pytest

from candidates.pipeline import Stage
from organizations.permissions import Role
from tests import factories

LIST = "/tong-quan/ton-giao/"


@pytest.fixture
def believer(world):
    person = factories.make_candidate(world.north_1, full_name="Phạm Thị Kín", religion="catholic")
    return factories.advance(person, Stage.ADMITTED)


def day_of(person) -> str:
    return f"{person.events.get(step='decided', is_live=True).happened_on:%d/%m/%Y}"


@pytest.mark.parametrize("name", ["standing", "supervisor"])
def test_readers_without_background_do_not_open_the_people_behind_religion(world, as_user, believer, name):
    client, on = as_user(getattr(world, name)), {"den_ngay": day_of(believer)}
    assert client.get(LIST, on).status_code == 403
    for page in ("/", "/tong-quan/", "/bao-cao/bieu-tien-do/"):
        response = client.get(page, on)
        assert response.status_code == 200
        assert LIST not in response.content.decode()
        assert "Có đạo" not in response.content.decode() or page.startswith("/bao-cao/")
    table = client.get("/bao-cao/bieu-tien-do/", on).context["report"]
    assert {line.values["religion"] for line in table.lines} <= {"–", ""}


@pytest.mark.parametrize("name", ["board", "north_officer", "branch_officer"])
def test_those_who_work_on_the_record_do(world, as_user, believer, name):
    client, on = as_user(getattr(world, name)), {"den_ngay": day_of(believer)}
    assert "Phạm Thị Kín" in client.get(LIST, on).content.decode()
    assert LIST in client.get("/tong-quan/", on).content.decode()


def test_background_here_does_not_open_names_there(world, as_user, believer):
    factories.assign(world.south_officer, Role.SUPERVISOR, world.north)
    assert as_user(world.south_officer).get(LIST, {"den_ngay": day_of(believer)}).status_code == 403
