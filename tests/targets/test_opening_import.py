"""Opening balances from a file: looked at, recorded, sent again, undone."""

from datetime import date

import pytest
from django.urls import reverse

from organizations.models import Change
from targets import actions
from targets.models import OpeningBalance
from tests import factories
from tests.imports import batch, changes, confirm, kinds, line, said, send, undo, workbook
from tests.tools import queries_for

HEAD = ("STT", "Đơn vị", "Từ ngày", "Đến ngày", "Số người", "Trong đó nữ", "Văn bản")
PAPER = "45-BC/HU"


def row(**values) -> tuple:
    usual = {"STT": 1, "Đơn vị": "Đảng bộ xã Hồng Lý", "Từ": date(2021, 1, 1), "Đến": date(2021, 12, 31)}
    return tuple((usual | {"Số": 12, "Nữ": 5, "Văn bản": PAPER} | values).values())


def sent(client, *rows, head=HEAD, **options):
    return send(client, "openings", workbook(head, *rows), unit=options.pop("unit", "vu-thu"), **options)


def add(world, unit=None, **values) -> OpeningBalance:
    usual = {"from_on": date(2021, 1, 1), "to_on": date(2021, 12, 31), "count": 10, "women": 4, "document": PAPER}
    unit = unit or world.north
    return actions.add_opening_balance(plan=world.plan, organization=unit, values=usual | values, by=world.board)


def edit(world, balance, **values):
    return actions.edit_opening_balance(
        balance=balance, values=values, reason="Đối chiếu lại báo cáo", version=balance.version, by=world.board
    )


def test_balances_of_units_come_in(world, as_user):
    client = as_user(world.board)
    half = {"Từ": "01/01/2020", "Đến": "31/7/2020", "Số": 3, "Nữ": None}
    page = sent(client, row(), row(**half), row(**{"Đơn vị": "Xã Song An"}), (None, "Tổng cộng", None, None, 27))
    assert kinds(page) == {2: "new", 3: "new", 4: "new"}
    assert line(page, 2).detail == "01/01/2021–31/12/2021"
    confirm(client, page)
    found = OpeningBalance.objects.get(organization=world.north, from_on=date(2021, 1, 1))
    assert (found.count, found.women, found.document, found.plan) == (12, 5, PAPER, world.plan)
    change = Change.objects.get(action="opening.add", object_id=str(found.pk))
    assert (change.via, change.by) == (Change.Via.IMPORT, world.board)


def test_the_same_file_twice_records_nothing_new(world, as_user):
    client = as_user(world.board)
    confirm(client, sent(client, row()))
    page = sent(client, row(**{"Nữ": None, "Văn bản": None}))
    assert kinds(page) == {2: "same"}
    assert "giữ “5” đã ghi" in said(page, 2)


def test_a_known_period_is_put_right_with_a_reason(world, as_user):
    balance = add(world)
    client = as_user(world.board)
    page = sent(client, row())
    assert "Dòng này sửa số dư đã ghi. Lý do cần ít nhất 10 ký tự." in said(page, 2)
    page = sent(client, row(), reason="Đối chiếu lại báo cáo")
    assert kinds(page) == {2: "changed"}
    assert changes(page) == [("Số người", "10", "12"), ("Trong đó nữ", "4", "5")]
    confirm(client, page)
    balance.refresh_from_db()
    assert (balance.count, balance.women, balance.version) == (12, 5, 2)


REFUSED = [
    ({"Từ": None}, "Thiếu “Từ ngày”"),
    ({"Đến": "31/6/2021"}, "chỉ có 30 ngày"),
    ({"Đến": date(2020, 12, 31)}, "Ngày cuối trước ngày đầu"),
    ({"Đến": date(2022, 3, 31)}, "Mỗi số dư nằm trong một năm"),
    ({"Từ": date(2020, 1, 1), "Đến": date(2020, 12, 31)}, "hãy tách thành hai khoảng"),
    ({"Từ": date(2024, 1, 1), "Đến": date(2024, 12, 31)}, "chưa qua hết"),
    ({"Số": None}, "Thiếu “Số người”"),
    ({"Số": "mười"}, "Số người ghi “mười”: nhập một số nguyên"),
    ({"Nữ": 13}, "Số nữ (13) lớn hơn số người (12)"),
    ({"Văn bản": None}, "Nhập văn bản làm căn cứ"),
    ({"Đơn vị": "Chi bộ thôn Hội"}, "không phải đơn vị"),
    ({"Đơn vị": "Xã Song An", "Từ": date(2021, 6, 1)}, "Trùng với số dư 01/01/2021–31/12/2021 (10 người)"),
]


@pytest.mark.parametrize(("values", "words"), REFUSED)
def test_refuses_in_words_at_the_row(world, as_user, values, words):
    add(world, world.south)
    page = sent(as_user(world.board), row(**values))
    assert kinds(page) == {2: "error"}
    errors = [note.message for note in line(page, 2).errors]
    assert len(errors) == 1, errors
    assert words in errors[0]


def test_rows_of_one_unit_that_share_a_day_both_say_so(world, as_user):
    page = sent(as_user(world.board), row(), row(Từ=date(2021, 12, 1)), row(**{"Đơn vị": "Xã Song An"}))
    assert kinds(page) == {2: "error", 3: "error", 4: "new"}
    assert said(page, 2) == "Trùng ngày với dòng 3 (01/12/2021–31/12/2021) của Xã Hồng Lý."
    assert said(page, 3) == "Trùng ngày với dòng 2 (01/01/2021–31/12/2021) của Xã Hồng Lý."


def test_a_unit_officer_records_no_balances(world, as_user):
    assert as_user(world.north_officer).get(reverse("organizations:import_new", args=["openings"])).status_code == 403


def test_a_file_for_one_unit_says_nothing_of_another(world, as_user):
    page = sent(as_user(world.board), row(**{"Đơn vị": "Đảng bộ xã Song An"}), unit="13195")
    assert "không phải đơn vị của Đảng bộ xã Hồng Lý" in said(page, 2)


def test_the_blank_list_names_the_units_and_comes_back_as_it_is(world, as_user):
    client = as_user(world.board)
    content = client.get(reverse("organizations:import_blank", args=["openings"]), {"unit": "vu-thu"}).content
    page = send(client, "openings", content, unit="vu-thu")
    assert len(kinds(page)) == 4
    assert set(kinds(page).values()) == {"same"}


def test_number_of_queries_does_not_grow_with_rows(world, as_user):
    client = as_user(world.board)
    add(world)
    sent(client, row(), reason="Đối chiếu lại báo cáo")
    few = queries_for(client, batch().get_absolute_url())
    names = [f"Đảng bộ xã Thử {number}" for number in range(6)]
    for number, name in enumerate(names):
        add(world, factories.make_unit(world.district, f"9{number}", name))
    sent(client, *(row(**{"Đơn vị": name}) for name in names), reason="Đối chiếu lại báo cáo")
    assert queries_for(client, batch().get_absolute_url()) == few


def test_undoing_sets_new_balances_to_nobody_and_puts_changed_ones_back(world, as_user):
    add(world)
    client = as_user(world.board)
    page = sent(
        client, row(), row(**{"Đơn vị": "Xã Song An"}), row(**{"Đơn vị": "mau-03", "Số": 0, "Nữ": 0}),
        head=("STT", "Mã đơn vị", *HEAD[2:]), reason="Đối chiếu lại báo cáo",
    )  # fmt: skip
    assert kinds(page) == {2: "error", 3: "error", 4: "new"}
    page = sent(
        client, row(**{"Đơn vị": "13195"}), row(**{"Đơn vị": "13249"}), row(**{"Đơn vị": "mau-03", "Số": 0, "Nữ": 0}),
        head=("STT", "Mã đơn vị", *HEAD[2:]), reason="Đối chiếu lại báo cáo",
    )  # fmt: skip
    assert kinds(page) == {2: "changed", 3: "new", 4: "new"}
    confirm(client, page)
    assert undo(client).status_code == 302
    rows = OpeningBalance.objects.values_list("organization__slug", "count", "women")
    assert set(rows) == {("13195", 10, 4), ("13249", 0, 0), ("mau-03", 0, 0)}
    change = Change.objects.filter(action="opening.edit").last()
    assert (change.reason, change.via) == (
        "Hoàn tác tệp “Danh sách.xlsx”: Tải nhầm tệp của năm trước",
        Change.Via.IMPORT,
    )


def test_what_was_put_right_since_keeps_an_import_from_being_undone(world, as_user):
    client = as_user(world.board)
    confirm(client, sent(client, row()))
    edit(world, OpeningBalance.objects.get(), count=13)
    page = client.get(reverse("organizations:import_undo", args=[batch().pk]))
    assert [(one.number, one.text) for one in page.context["blocking"]] == [(2, "đã được sửa sau khi nhập")]
    assert undo(client).status_code == 422
    assert OpeningBalance.objects.get().count == 13
