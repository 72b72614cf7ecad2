"""Lists of the work itself (what waits, sessions, accounts, what changed): searched on the page, taken out as shown."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from candidates.actions.introductions import introduce
from candidates.models import ReviewCase
from candidates.pipeline import Stage
from organizations import change_list, changes
from organizations.actions import units
from organizations.models import Change, Export, Proposal
from targets import actions as targets
from tests import factories
from tests.imports import kinds, send
from tests.tools import queries_for
from vuthu_recruit.dates import PartialDate

WHY = "Theo quyết định số 12-QĐ/HU"


def table(client, name: str, **query) -> list[dict]:
    """The rows of the file, by heading."""
    sheet = openpyxl.load_workbook(io.BytesIO(taken(client, name, **query))).active
    rows = [row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]
    head = next(place for place, row in enumerate(rows) if row[0] in ("STT", "Lúc"))
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]


def taken(client, name: str, **query) -> bytes:
    response = client.get(reverse(name), query)
    assert response["Content-Disposition"].startswith("attachment")
    return response.getvalue()


def rename(unit, by, name: str, day: int = 1) -> None:
    unit.refresh_from_db()
    units.rename(
        organization=unit,
        name=f"Đảng bộ xã {name}",
        short_name=f"Xã {name}",
        on=date(2024, 7, day),
        reason=WHY,
        version=unit.version,
        by=by,
    )


# What changed


def test_the_change_log_leaves_in_the_words_of_the_page(world, as_user):
    rename(world.north, world.board, "Mới")

    rows = table(as_user(world.head), "organizations:changes_export", action="organization.rename")

    (row,) = [row for row in rows if row["Loại thay đổi"] == "Sửa"]
    assert "tên: Đảng bộ xã Hồng Lý → Đảng bộ xã Mới" in row["Nội dung"]
    assert (row["Người làm"], row["Việc"], row["Lý do"]) == (world.board.full_name, "Đổi tên đơn vị", WHY)
    assert {row["Việc"] for row in rows} == {"Đổi tên đơn vị"}


def test_the_change_log_tells_every_change_once_however_many_are_put_into_words_at_once(world, as_user, monkeypatch):
    for number in range(7):
        rename(world.north, world.board, f"Mới {number}", number + 1)
    whole = table(as_user(world.head), "organizations:changes_export")
    monkeypatch.setattr(change_list, "AT_ONCE", 2)

    assert table(as_user(world.head), "organizations:changes_export") == whole
    requests = [row["Mã yêu cầu"] for row in whole if row["Việc"] == "Đổi tên đơn vị"]
    assert len(set(requests)) == 7


def test_what_one_request_changed_is_put_into_words_in_parts(world, as_user, monkeypatch):
    """The command line imports fifty thousand rows in one request."""
    with changes.coming_from(Change.Via.COMMAND, request_id="one"):
        for number in range(7):
            rename(world.north, world.board, f"Mới {number}", number + 1)
    monkeypatch.setattr(change_list, "MOST_TOGETHER", 3)
    monkeypatch.setattr(change_list, "AT_ONCE", 3)
    parts, entries = [], change_list.history.entries
    monkeypatch.setattr(change_list.history, "entries", lambda rows: parts.append(len(rows)) or entries(rows))

    told = table(as_user(world.head), "organizations:changes_export", action="organization.rename")

    assert max(parts) == 3
    assert sum(parts) == Change.objects.filter(action="organization.rename").count() >= 7
    assert {row["Mã yêu cầu"] for row in told} == {"one"}


LISTS = {
    "organizations:changes_export": ("head", "action"),
    "organizations:accounts_export": ("admin", "q"),
    "organizations:proposals_export": ("board", "kind"),
    "organizations:imports_export": ("board", "q"),
    "candidates:waiting_export": ("board", "q"),
    "candidates:review_export": ("board", "q"),
    "candidates:sessions_export": ("board", "q"),
    "candidates:deadlines_export": ("board", "q"),
    "candidates:classes_export": ("board", "q"),
    "candidates:unscreened_export": ("board", "q"),
    "candidates:not_attended_export": ("north_officer", "q"),
    "targets:opening_export": ("board", "q"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_filter_longer_than_any_address_leads_to_the_page(name, world, as_user):
    who, field = LISTS[name]
    response = as_user(getattr(world, who)).get(reverse(name), {field: "ồ" * 3_000})

    assert (response.status_code, response.url) == (302, reverse(name.removesuffix("_export")))


def test_a_filter_of_the_change_log_that_is_wrong_is_sent_back_to_the_page(world, as_user):
    response = as_user(world.head).get(reverse("organizations:changes_export"), {"from_on": "31/2/2024"})

    assert response.status_code == 302
    assert response.url.startswith(reverse("organizations:changes"))


def test_the_change_log_costs_the_same_with_more_changes(world, as_user):
    client, url = as_user(world.head), reverse("organizations:changes_export")
    rename(world.north, world.board, "Một")
    client.get(url)
    few = queries_for(client, url)
    for number in range(20):
        rename(world.north, world.board, f"Số {number}", number + 2)
    assert queries_for(client, url) == few <= 30
    assert Change.objects.count() > 20


# Accounts, what needs two people


def test_accounts_leave_as_filtered_and_sorted_with_the_roles_they_hold(world, as_user):
    client = as_user(world.admin)
    query = {"role": "unit_officer", "sort": "-username"}

    rows = table(client, "organizations:accounts_export", **query)

    page = client.get(reverse("organizations:accounts"), query)
    assert [row["Tên đăng nhập"] for row in rows] == [one.username for one in page.context["rows"]]
    assert len(rows) > 1
    assert all("(" in row["Vai trò đang giữ"] for row in rows)
    assert {row["Tình trạng"] for row in rows} == {"Đang hoạt động"}


def test_decisions_that_wait_for_a_second_person_count_as_people(world, as_user):
    """They name who is decided on."""
    person = factories.advance(factories.make_candidate(world.north_1), Stage.COMMITTEE_PASSED)
    given = {"organization": world.north, "object_id": person.pk, "proposed_by": world.north_officer}
    Proposal.objects.create(kind=Proposal.Kind.DELEGATED_DECISION, **given)

    assert len(table(as_user(world.head), "organizations:proposals_export")) == 1
    assert Export.objects.get().people == 1


# Introductions, comparisons


@pytest.fixture
def introduced(world):
    for unit, name in ((world.north, "Lê Thị Mận"), (world.north, "Đỗ Thị Đào"), (world.north_1, "Lê Văn Lựu")):
        values = {"full_name": name, "sex": "female", "birth": PartialDate(1999, 5, 3)}
        told = {"body": "youth_union", "introduced_on": date(2024, 3, 8), "by": world.youth}
        introduce(values=values, unit=unit, **told)
    return world


def test_who_waits_is_found_by_name_and_leaves_as_found(introduced, as_user):
    client, url = as_user(introduced.north_officer), reverse("candidates:waiting")

    assert {row["candidate"].full_name for row in client.get(url, {"q": "le"}).context["rows"]} == {
        "Lê Thị Mận",
        "Lê Văn Lựu",
    }
    rows = table(client, "candidates:waiting_export", q="man")
    assert [(row["Họ và tên"], row["Ngày sinh"].date()) for row in rows] == [("Lê Thị Mận", date(1999, 5, 3))]
    assert rows[0]["Tổ chức giới thiệu"] == "Đoàn Thanh niên"
    assert "Không có ai khớp" in client.get(url, {"q": "khong co"}).content.decode()
    assert client.get(url, {"don_vi": "khong-co"}).status_code == 422


def test_a_number_is_not_looked_for_in_an_address(introduced, as_user):
    client = as_user(introduced.north_officer)
    for name in ("candidates:waiting", "candidates:waiting_export"):
        response = client.get(reverse(name), {"q": "034099001234"})
        assert response.status_code == 302
        assert "034099001234" not in response.url


def test_cases_are_found_by_unit_and_name_in_both_tabs_and_leave_as_found(world, as_user):
    for name in ("Vũ Văn Nam", "Đỗ Văn Bắc"):
        known = factories.make_candidate(world.south_1, full_name=name)
        factories.make_candidate(world.north_1, full_name=name, identity_number=known.identity_number)
    case = ReviewCase.objects.get(candidate__full_name="Đỗ Văn Bắc")
    client = as_user(world.board)
    answer = {"version": case.version, "outcome": "merged", "happened_on": "1/6/2024", "reason": WHY}
    client.post(reverse("candidates:review_case", args=[case.pk]), answer)

    (row,) = table(client, "candidates:review_export", q="nam")
    assert (row["Hồ sơ mới"], row["Lý do đối chiếu"], row["Kết quả"]) == ("Vũ Văn Nam", "Trùng số định danh", None)
    assert (row["Đơn vị nhập"], row["Đơn vị đã có hồ sơ"]) == (world.north.short_name, world.south.short_name)
    (done,) = table(client, "candidates:review_export", muc="xong")
    assert (done["Hồ sơ mới"], done["Kết quả"]) == ("Đỗ Văn Bắc", "Cùng một người, giữ hồ sơ đã có")
    assert client.get(reverse("candidates:review"), {"q": "khong co"}).context["rows"] == []
    assert client.get(reverse("candidates:review"), {"muc": "khac"}).status_code == 422


# Sessions, opening balances


def test_sessions_are_found_by_year_and_leave_without_a_name_of_anybody(world, as_user):
    client = as_user(world.board)
    for day, name in (("28/9/2023", "Kỳ họp thứ 52"), ("25/9/2024", "Kỳ họp thứ 60")):
        client.post(reverse("candidates:sessions"), {"held_on": day, "name": name})

    page = client.get(reverse("candidates:sessions"), {"nam": "2024"})
    assert [one.name for one in page.context["rows"]] == ["Kỳ họp thứ 60"]
    (row,) = table(client, "candidates:sessions_export", nam="2024")
    assert (row["Kỳ họp"], row["Ngày họp"].date(), row["Tình trạng"]) == ("Kỳ họp thứ 60", date(2024, 9, 25), "Đang mở")
    assert client.get(reverse("candidates:sessions"), {"nam": "x"}).status_code == 422


@pytest.mark.parametrize("typed", ["ban thuong vu", "KỲ HỌP", "bất thường", "bat  thuong"])
def test_a_session_is_found_as_it_is_called_on_the_page(typed, world, as_user):
    """One without a name is called by the usual one; case and marks do not matter, on either database."""
    client = as_user(world.board)
    for day, name in (("28/9/2023", ""), ("25/9/2024", "Phiên bất thường")):
        client.post(reverse("candidates:sessions"), {"held_on": day, "name": name})

    (row,) = client.get(reverse("candidates:sessions"), {"q": typed}).context["rows"]
    assert row.name == ("Phiên bất thường" if "th" in typed and "ban" not in typed else "")


def test_opening_balances_leave_and_come_back_without_a_change(world, as_user):
    for unit, women in ((world.north, 4), (world.south, None)):
        values = {"from_on": date(2021, 1, 1), "to_on": date(2021, 12, 31), "count": 10, "women": women}
        values["document"] = "45-BC/HU"
        targets.add_opening_balance(plan=world.plan, organization=unit, values=values, by=world.board)
    client = as_user(world.board)

    assert len(table(client, "targets:opening_export", q="hong ly")) == 1
    page = send(client, "openings", taken(client, "targets:opening_export"), unit="vu-thu")
    assert set(kinds(page).values()) == {"same"}
    assert len(kinds(page)) == 2
