"""What leaves as a file: when the password is asked, what is logged, who takes identity numbers, who reads the log."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from organizations.actions.exports import PasswordNeeded, Taken, record_export
from organizations.exports import CONFIRMED
from organizations.models import Export
from organizations.permissions import Permission, Role
from organizations.scope import stands_at
from tests.factories import assign, make_candidate, make_user

PEOPLE, UNITS, LOG = reverse("candidates:export"), reverse("organizations:export"), reverse("organizations:exports")
PASSWORD = "mot-cau-de-nho-2024"
WHY = "Đối chiếu với Công an huyện theo CV 12"
NUMBERS = {"so_dinh_danh": "on", "ly_do": WHY}


@pytest.fixture
def people(world):
    world.board.set_password(PASSWORD)
    world.board.save()
    for name in ("Nguyễn Thị Đào", "Bùi Văn Anh", "Vũ Thị Tòa"):
        make_candidate(world.north_1, full_name=name)
    return world


def is_file(response) -> bool:
    return "attachment" in response.get("Content-Disposition", "")


def asks(response) -> bool:
    return response.status_code == 200 and "organizations/take_out.html" in [t.name for t in response.templates]


def take(by, rows: int, what: str, *, unit, is_confirmed=False, **values):
    taken = Taken(name="Danh sách", filter_words=what, rows=rows, people=rows, address=f"/x/?q={what}", **values)
    return record_export(taken=taken, unit=unit, is_confirmed=is_confirmed, by=by)


# The day's limit


@override_settings(EXPORT_PEOPLE_UNASKED=5)
def test_the_password_is_asked_when_the_day_passes_the_limit_and_a_right_one_gives_the_file(people, as_user):
    browser = as_user(people.board)

    assert is_file(browser.get(PEOPLE))
    asked = browser.get(PEOPLE, {"sort": "-name"})
    assert asks(asked)
    assert (asked.context["before"], asked.context["leaving"].count) == (3, 3)
    assert Export.objects.count() == 1

    assert is_file(browser.post(f"{PEOPLE}?sort=-name", {"password": PASSWORD}))
    assert is_file(browser.get(PEOPLE, {"sort": "stage"}))  # remembered
    assert [row.people for row in Export.objects.order_by("pk")] == [3, 3, 3]


@override_settings(EXPORT_PEOPLE_UNASKED=5)
def test_the_password_is_remembered_a_quarter_of_an_hour_in_this_browser_alone(people, as_user):
    browser = as_user(people.board)
    browser.get(PEOPLE)
    browser.post(f"{PEOPLE}?sort=-name", {"password": PASSWORD})

    assert asks(as_user(people.board).get(PEOPLE, {"sort": "stage"}))
    session = browser.session
    session[CONFIRMED] -= 15 * 60
    session.save()
    assert asks(browser.get(PEOPLE, {"sort": "stage"}))


@override_settings(EXPORT_PEOPLE_UNASKED=2)
def test_a_wrong_password_is_said_in_words_and_nothing_leaves(people, as_user):
    response = as_user(people.board).post(PEOPLE, {"password": "sai-mat-khau"})

    assert response.status_code == 422
    assert "Mật khẩu không đúng." in response.content.decode()
    assert "sai-mat-khau" not in response.content.decode()
    assert not Export.objects.exists()


@override_settings(EXPORT_PEOPLE_UNASKED=2)
def test_guessing_the_password_here_is_throttled_as_signing_in_is(people, as_user):
    browser = as_user(people.board)
    for _ in range(8):
        browser.post(PEOPLE, {"password": "sai-mat-khau"})

    assert browser.post(PEOPLE, {"password": PASSWORD}).status_code == 422


def test_the_limit_is_passed_by_the_two_hundred_and_first(world):
    here = {"unit": world.district}
    take(world.board, 150, "a", **here)
    take(world.board, 50, "b", **here)

    with pytest.raises(PasswordNeeded) as needed:
        take(world.board, 1, "c", **here)
    assert needed.value.before == 200
    assert take(world.board, 1, "c", is_confirmed=True, **here)
    assert take(world.head, 200, "c", **here)  # each account has its own


def test_what_left_a_day_ago_counts_no_more(world):
    Export.objects.create(
        by=world.board, unit=world.district, at=timezone.now() - timedelta(hours=24), name="x", rows=200, people=200
    )

    assert take(world.board, 200, "a", unit=world.district)


def test_a_second_click_is_logged_and_not_counted_again(world):
    for _ in range(3):
        take(world.board, 150, "a", unit=world.district)

    assert [row.people for row in Export.objects.order_by("pk")] == [150, 0, 0]
    assert [row.rows for row in Export.objects.order_by("pk")] == [150] * 3
    with pytest.raises(PasswordNeeded):
        take(world.board, 150, "b", unit=world.district)


def test_a_second_click_elsewhere_is_asked_like_the_first(world):
    take(world.board, 250, "a", unit=world.district, is_confirmed=True)

    with pytest.raises(PasswordNeeded):
        take(world.board, 250, "a", unit=world.district)
    assert take(world.board, 250, "a", unit=world.district, is_confirmed=True).people == 0


def test_a_list_without_people_is_logged_and_not_counted(people, as_user):
    with override_settings(EXPORT_PEOPLE_UNASKED=0):
        assert is_file(as_user(people.board).get(UNITS))

    row = Export.objects.get()
    assert (row.name, row.people, row.rows > 0) == ("Danh sách đơn vị", 0, True)


def test_head_and_a_refused_filter_log_nothing(people, as_user):
    browser = as_user(people.board)

    assert is_file(browser.head(PEOPLE))
    browser.get(PEOPLE, {"stage": "khong-co"})

    assert not Export.objects.exists()


# The log


def test_a_file_is_logged_with_who_which_filter_how_many_and_the_request(people, as_user):
    as_user(people.north_officer).get(PEOPLE, {"sex": "female", "q": "thi"})

    row = Export.objects.get()
    assert (row.by, row.name, row.rows) == (people.north_officer, "Danh sách quần chúng", row.people)
    assert "họ tên có “thi”; Giới tính: Nữ" in row.filter_words
    assert (row.with_numbers, row.reason, row.unit) == (False, "", people.north)
    assert len(row.request_id) == 16


def test_the_log_is_append_only(world):
    row = take(world.board, 1, "a", unit=world.district)

    for forbidden in (row.save, row.delete, Export.objects.all().delete, lambda: Export.objects.update(rows=0)):
        with pytest.raises(TypeError):
            forbidden()


def test_of_several_assignments_the_organization_above_all_is_the_scope(world):
    several = make_user("hai-xa")
    for unit in (world.north, world.south):
        assign(several, Role.SUPERVISOR, unit)

    assert stands_at(several, Permission.EXPORT) == world.district
    assert stands_at(world.branch_officer, Permission.EXPORT) == world.north_1
    assert stands_at(world.center, Permission.EXPORT) is None
    assert stands_at(world.nobody, Permission.EXPORT) is None


def test_a_district_reads_what_stands_below_it_and_nothing_above(world, as_user):
    above = make_user("tinh")
    assign(above, Role.STANDING_COMMITTEE, world.area)
    for by, unit in ((above, world.area), (world.board, world.district), (world.branch_officer, world.north_1)):
        take(by, 2, by.username, unit=unit)

    rows = as_user(world.head).get(LOG).context["rows"]

    assert [row.by for row in rows] == [world.branch_officer, world.board]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["c", "b", "a"]),
        ({"numbers": "yes"}, ["c"]),
        ({"from_on": "01/01/2000", "to_on": "02/01/2000"}, []),
        ({"from_on": "01/01/2000"}, ["c", "b", "a"]),
        ({"from_on": "02/01/2024", "to_on": "01/01/2024"}, []),
        ({"person": "khong-co"}, []),
    ],
)
def test_the_log_is_filtered_and_its_file_says_the_same(world, as_user, query, found):
    take(world.board, 3, "a", unit=world.district)
    take(world.north_officer, 4, "b", unit=world.north)
    take(world.board, 5, "c", unit=world.district, is_confirmed=True, with_numbers=True, reason=WHY)
    browser = as_user(world.head)

    shown = browser.get(LOG, query)
    assert [row.filter_words for row in shown.context["rows"]] == found
    file = browser.get(reverse("organizations:exports_export"), query)
    if shown.context["filters"].errors:
        assert (file.status_code, file.url.partition("?")[0]) == (302, LOG)
    else:
        sheet = load_workbook(BytesIO(file.getvalue())).active
        assert [row[4] for row in sheet.iter_rows(min_row=5, values_only=True)] == found


def test_the_log_of_one_person(world, as_user):
    take(world.board, 3, "a", unit=world.district)
    take(world.north_officer, 4, "b", unit=world.north)

    rows = as_user(world.head).get(LOG, {"person": world.north_officer.pk}).context["rows"]

    assert [row.by for row in rows] == [world.north_officer]


@pytest.mark.parametrize("who", ["standing", "supervisor", "north_officer", "branch_officer", "admin", "nobody"])
def test_only_the_board_reads_the_log(world, as_user, who):
    for name in ("organizations:exports", "organizations:exports_export"):
        assert as_user(getattr(world, who)).get(reverse(name)).status_code == 403


# Identity numbers


def numbers_in(response) -> list[str]:
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(response.getvalue())).active.iter_rows()]
    head = next(place for place, row in enumerate(rows) if row[0] == "STT")
    place = next(place for place, name in enumerate(rows[head]) if name.startswith("Số định danh"))
    return [row[place] for row in rows[head + 1 :]]


def test_full_numbers_leave_with_a_reason_and_the_password(people, as_user):
    browser = as_user(people.board)

    asked = browser.post(PEOPLE, NUMBERS)
    assert asks(asked)
    assert WHY in asked.content.decode()  # what was typed is kept
    given = browser.post(PEOPLE, NUMBERS | {"password": PASSWORD})

    assert all(number.startswith("000") and len(number) == 12 for number in numbers_in(given))
    row = Export.objects.get()
    assert (row.with_numbers, row.reason) == (True, WHY)


def test_a_wrong_password_keeps_the_reason(people, as_user):
    response = as_user(people.board).post(PEOPLE, NUMBERS | {"password": "sai-mat-khau"})

    assert response.status_code == 422
    assert WHY in response.content.decode()


@pytest.mark.parametrize("reason", ["", "ngắn", "31/02/1990 12", "9" * 40, "Đ" * 301])
def test_no_number_leaves_without_a_reason_in_words(people, as_user, reason):
    response = as_user(people.board).post(PEOPLE, {"so_dinh_danh": "on", "ly_do": reason, "password": PASSWORD})

    assert response.status_code == 422
    assert not Export.objects.exists()


def test_numbers_are_never_asked_for_by_an_address(people, as_user):
    response = as_user(people.board).get(PEOPLE, NUMBERS)

    assert all(number.startswith("••••") for number in numbers_in(response))


@pytest.mark.parametrize("who", ["standing", "supervisor"])
def test_who_reads_no_background_is_offered_no_numbers_and_gets_none(people, as_user, who):
    browser = as_user(getattr(people, who))

    assert browser.get(reverse("candidates:index")).context["reason"] is None
    assert browser.post(PEOPLE, NUMBERS).status_code == 403


def test_numbers_need_the_right_over_everybody_in_the_list(people, as_user):
    both = make_user("hai-vai")
    assign(both, Role.SUPERVISOR, people.south)
    assign(both, Role.UNIT_OFFICER, people.north)
    make_candidate(people.south_1)
    browser, own = as_user(both), f"?unit={people.north.slug}"

    assert browser.post(PEOPLE, NUMBERS).status_code == 403
    assert browser.get(reverse("candidates:index")).context["reason"] is None
    assert asks(browser.post(PEOPLE + own, NUMBERS))
    assert browser.get(reverse("candidates:index") + own).context["reason"] is not None


def test_an_unticked_box_gives_the_list_with_masked_numbers(people, as_user):
    response = as_user(people.board).post(PEOPLE, {"ly_do": ""})

    assert all(number.startswith("••••") for number in numbers_in(response))
    assert not Export.objects.get().with_numbers
