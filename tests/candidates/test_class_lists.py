"""Lists over all classes: who needs the awareness class, and nominations nobody has screened."""

import re
from datetime import date

import pytest

from candidates.attend import certificate_months, last_classes, to_attend
from candidates.classes import Purpose
from candidates.models import Candidate, Enrolment
from candidates.pipeline import Step
from tests.reports.certified import certified, finished, lives, open_class, person, sent
from tests.reports.sheets import opened
from tests.tools import queries_for

TODAY = date(2024, 11, 18)
NEED, UNSCREENED = "/lop-hoc/chua-hoc/", "/lop-hoc/chua-xet/"


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def names(people) -> set[str]:
    return {one.full_name for one in people}


@pytest.fixture
def waiting(world):
    """Somebody of each sort, in the north; one in the south."""
    coming, held = open_class(date(2024, 12, 9)), open_class(date(2024, 3, 4))
    person(world.north_1, full_name="Trần Chưa Cử", since=date(2024, 2, 1))
    sent(person(world.north_1, full_name="Trần Đã Cử"), coming, "nominated")
    finished(person(world.north_1, full_name="Trần Chờ Giấy"), held)
    finished(person(world.north_1, full_name="Trần Không Đạt"), held, is_passed=False)
    sent(person(world.north_1, full_name="Trần Bị Từ Chối"), coming, "refused")
    certified(person(world.north_2, full_name="Trần Hết Giấy"), date(2019, 5, 6))
    again = person(world.north_2, full_name="Trần Học Lại")
    certified(again, date(2019, 5, 6))
    sent(again, coming, "waiting")
    certified(person(world.north_1, full_name="Trần Còn Giấy"), date(2023, 5, 6))
    met = person(world.north_1, full_name="Trần Đã Họp")
    certified(met, date(2019, 5, 6))
    lives(met, Step.BRANCH_PASSED, date(2023, 1, 1))
    stopped = person(world.north_1, full_name="Trần Tạm Dừng")
    lives(stopped, Step.STOPPED, date(2024, 1, 1), status="stopped")
    person(world.south_1, full_name="Lê Ở Song An")
    return world


TABS = {
    "chua-cu": {"Trần Chưa Cử", "Trần Không Đạt", "Trần Bị Từ Chối"},
    "da-cu": {"Trần Đã Cử", "Trần Chờ Giấy", "Trần Học Lại"},
    "het": {"Trần Hết Giấy"},
}


@pytest.mark.parametrize("tab", ["", *TABS])
def test_each_tab_holds_its_people(tab, waiting, as_user):
    response = as_user(waiting.north_officer).get(NEED, {"muc": tab})

    expected = TABS.get(tab) or set().union(*TABS.values())
    assert names(row["person"] for row in response.context["rows"]) == expected
    assert {one["label"]: one["count"] for one in response.context["tabs"]} == {
        "Tất cả": 7,
        "Chưa cử": 3,
        "Đã cử hoặc đang học": 3,
        "Giấy hết giá trị, chưa cử": 1,
    }


def test_says_since_when_and_where_they_were_sent(waiting, as_user):
    rows = {row["person"].full_name: row for row in as_user(waiting.north_officer).get(NEED).context["rows"]}

    assert rows["Trần Chưa Cử"]["since"] == date(2024, 2, 1)
    assert rows["Trần Chưa Cử"]["attempt"] is None
    assert rows["Trần Đã Cử"]["attempt"].state == "Chờ xét"
    assert rows["Trần Chờ Giấy"]["attempt"].state == "Đạt, chờ cấp giấy chứng nhận"
    assert rows["Trần Không Đạt"]["attempt"].state == "Học xong, không đạt"
    assert rows["Trần Hết Giấy"]["ended_on"] == date(2024, 5, 6)
    assert rows["Trần Học Lại"]["is_sent"]


def test_leads_to_the_next_class_with_the_name_asked_for(waiting, as_user):
    open_class(date(2025, 3, 4))
    response = as_user(waiting.north_officer).get(NEED, {"muc": "chua-cu"})

    coming = response.context["next_class"]
    assert coming.from_on == date(2024, 12, 9)
    assert f"/lop-hoc/{coming.pk}/de-cu/?q=Tr%E1%BA%A7n%20Ch%C6%B0a%20C%E1%BB%AD" in response.content.decode()
    assert "Chưa có lớp nào sắp khai giảng" not in text_of(response)


def test_without_a_class_to_come_it_says_so(world, as_user):
    person(world.north_1)

    assert "Chưa có lớp nào sắp khai giảng" in text_of(as_user(world.north_officer).get(NEED))


def test_a_class_of_another_purpose_is_neither_an_attempt_nor_a_certificate(world):
    made = person(world.north_1)
    finished(made, open_class(date(2024, 3, 4), purpose=Purpose.NEW_MEMBER), date(2024, 3, 18))

    found = to_attend(Candidate.objects.all(), TODAY, certificate_months(TODAY))

    assert [one.issued_on for one in found] == [None]
    assert last_classes(list(found)) == {}


def test_a_certificate_holds_on_its_last_day(world):
    for issued_on in (date(2019, 11, 17), date(2019, 11, 18)):
        certified(person(world.north_1, full_name=f"{issued_on}"), issued_on)

    assert names(to_attend(Candidate.objects.all(), TODAY, 60)) == {"2019-11-17"}
    assert names(to_attend(Candidate.objects.all(), TODAY, None)) == set()


def test_found_by_name_and_unit_and_sorted(waiting, as_user):
    client = as_user(waiting.board)

    def shown(**query) -> list[str]:
        return [row["person"].full_name for row in client.get(NEED, query).context["rows"]]

    assert shown(q="tran chua") == ["Trần Chưa Cử"]
    assert shown(don_vi=waiting.south.slug) == ["Lê Ở Song An"]
    assert shown()[-1] == "Trần Chưa Cử"
    assert shown(sort="-since")[0] == "Trần Chưa Cử"
    assert shown(sort="name") == list(reversed(shown(sort="-name")))
    assert client.get(NEED, {"don_vi": "khong-co"}).status_code == 422
    assert client.get(NEED, {"q": "034090123456"}).status_code == 302
    assert "Không có ai khớp" in text_of(client.get(NEED, {"q": "khong co ai"}))


def test_an_empty_list_says_who_will_stand_there(world, as_user):
    assert "Không có ai cần học" in text_of(as_user(world.north_officer).get(NEED))


def test_the_file_has_the_rows_of_the_page(waiting, as_user):
    client = as_user(waiting.north_officer)
    for query in ({}, {"muc": "het"}, {"sort": "name"}):
        shown = [row["person"].full_name for row in client.get(NEED, query).context["rows"]]
        rows = list(opened(client.get(f"{NEED}xuat/", query).getvalue()).active.iter_rows(values_only=True))
        head = next(place for place, row in enumerate(rows) if row[0] == "STT")
        assert [row[1] for row in rows[head + 1 :]] == shown


def test_the_list_costs_the_same_with_more_people(waiting, as_user):
    for address in (NEED, f"{NEED}xuat/"):
        client = as_user(waiting.board)
        client.get(address)
        few = queries_for(client, address)
        for _ in range(20):
            sent(person(waiting.north_1), open_class(date(2025, 1, 6)), "nominated")
        assert queries_for(client, address) == few <= 20


# Nominations nobody has screened


@pytest.fixture
def nominated(world):
    """Two classes, nominations of two units, one of somebody who is no candidate."""
    later, sooner = open_class(date(2025, 3, 4)), open_class(date(2024, 12, 9))
    committee = open_class(date(2025, 5, 5), purpose=Purpose.COMMITTEE)
    for unit, training_class, name in (
        (world.north_1, later, "Trần Thị Sau"),
        (world.north_1, sooner, "Trần Thị Trước"),
        (world.south_1, sooner, "Lê Văn Song An"),
    ):
        sent(person(unit, full_name=name, residence="thôn Bí Mật"), training_class, "nominated")
    sent(person(world.north_1, full_name="Trần Đã Xét"), sooner, "waiting")
    Enrolment.objects.create(
        training_class=committee, unit=world.south, participant_name="Vũ Văn Ủy", participant_position="Bí thư chi bộ"
    )
    return world


def test_by_class_the_first_class_first(nominated, as_user):
    rows = as_user(nominated.board).get(UNSCREENED).context["rows"]

    assert [row["name"] for row in rows] == ["Trần Thị Trước", "Lê Văn Song An", "Trần Thị Sau", "Vũ Văn Ủy"]


@pytest.mark.parametrize(
    ("name", "people", "may_screen"),
    [("board", 4, True), ("center", 4, True), ("north_officer", 2, False), ("south_officer", 2, False)],
)
def test_all_for_who_screens_the_own_for_who_sends(name, people, may_screen, nominated, as_user):
    response = as_user(getattr(nominated, name)).get(UNSCREENED)

    rows = response.context["rows"]
    assert len(rows) == people
    assert {row["may_screen"] for row in rows} == {may_screen}
    assert ("Mở trang xét chọn" in text_of(response)) == may_screen
    assert "Bí Mật" not in text_of(response)


def test_the_center_is_given_named_columns_and_no_candidate(nominated, as_user):
    rows = as_user(nominated.center).get(UNSCREENED).context["rows"]

    assert all(isinstance(row, dict) for row in rows)
    assert not any(isinstance(value, Candidate | Enrolment) for row in rows for value in row.values())


def test_nominations_are_found_by_name_and_class_and_exported(nominated, as_user):
    client = as_user(nominated.center)
    key = Enrolment.objects.get(candidate__full_name="Trần Thị Sau").training_class_id

    def shown(**query) -> list[str]:
        return [row["name"] for row in client.get(UNSCREENED, query).context["rows"]]

    assert shown(q="le van") == ["Lê Văn Song An"]
    assert shown(q="Ủy") == ["Vũ Văn Ủy"]
    assert shown(lop=str(key)) == ["Trần Thị Sau"]
    assert client.get(UNSCREENED, {"lop": "x"}).status_code == 422
    assert "Không có ai khớp" in text_of(client.get(UNSCREENED, {"q": "khong co ai"}))
    rows = list(opened(client.get(f"{UNSCREENED}xuat/").getvalue()).active.iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if row[0] == "STT")
    assert [row[2] for row in rows[head + 1 :]] == shown()


def test_who_has_no_record_is_only_shown_in_a_file_that_comes_back(nominated, as_user):
    rows = list(
        opened(as_user(nominated.board).get(f"{UNSCREENED}xuat/").getvalue()).active.iter_rows(values_only=True)
    )
    head = next(row for row in rows if row[0] == "STT")
    keys = {row[head.index("Họ và tên")]: row[head.index("Mã hồ sơ")] for row in rows[rows.index(head) + 1 :]}

    assert keys.pop("Vũ Văn Ủy") == "chỉ để xem"
    assert all(key.startswith("QC-") for key in keys.values())


@pytest.mark.parametrize("name", ["standing", "supervisor", "branch_officer", "youth", "admin", "nobody"])
def test_others_open_neither(name, nominated, as_user):
    client = as_user(getattr(nominated, name))
    for address in (NEED, f"{NEED}xuat/", UNSCREENED, f"{UNSCREENED}xuat/"):
        assert client.get(address).status_code == 403


def test_the_center_does_not_open_who_needs_the_class(nominated, as_user):
    assert as_user(nominated.center).get(NEED).status_code == 403


def test_nothing_to_screen_is_said(world, as_user):
    assert "Không có ai chờ xét" in text_of(as_user(world.center).get(UNSCREENED))


def test_nominations_cost_the_same_with_more_people(nominated, as_user):
    for address in (UNSCREENED, f"{UNSCREENED}xuat/"):
        client = as_user(nominated.center)
        client.get(address)
        few = queries_for(client, address)
        for _ in range(20):
            sent(person(nominated.north_1), open_class(date(2025, 1, 6)), "nominated")
        assert queries_for(client, address) == few <= 15
