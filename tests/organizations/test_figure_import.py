"""Figures of units from a file: looked at, written, sent again, exported and back, undone."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from organizations.actions import units
from organizations.models import Change, ImportedRow, OrganizationFigure
from tests import factories
from tests.imports import batch, changes, confirm, kinds, line, said, saved, send, undo, workbook
from tests.tools import queries_for

HEAD = ("STT", "Đơn vị", "Tổng số đảng viên", "Tuổi bình quân", "Lần kết nạp gần nhất", "Số liệu đến ngày", "Nguồn")
SOURCE = "Báo cáo 6 tháng đầu năm 2024"


def row(**values) -> tuple:
    usual = {"STT": 1, "Đơn vị": "Đảng bộ xã Hồng Lý", "Tổng số": 245, "Tuổi": 47.5, "Kết nạp": date(2019, 5, 19)}
    usual |= {"Ngày": date(2024, 6, 30), "Nguồn": SOURCE}
    return tuple((usual | values).values())


def record(world, unit, by=None, **values):
    usual = {"on": date(2024, 6, 30), "members": 240, "average_age": Decimal("48"), "last_admission_on": None}
    return units.record_figure(organization=unit, values=usual | {"source": SOURCE} | values, by=by or world.board)


# What a row becomes


def test_a_list_of_a_commune_and_its_branches_comes_in(world, as_user):
    client = as_user(world.north_officer)
    page = send(
        client,
        "figures",
        workbook(
            HEAD,
            row(),
            row(**{"Đơn vị": "CB thôn Hội", "Tổng số": "32", "Tuổi": "51,2", "Kết nạp": "3/2/2023"}),
            (None, "Tổng cộng", 277),
            (None, "Người lập biểu"),
        ),
    )
    assert kinds(page) == {2: "new", 3: "new"}
    done = confirm(client, page)
    assert done.status_code == 200
    figure = OrganizationFigure.objects.get(organization=world.north)
    assert (figure.on, figure.members, figure.average_age) == (date(2024, 6, 30), 245, Decimal("47.5"))
    assert (figure.last_admission_on, figure.source) == (date(2019, 5, 19), SOURCE)
    assert OrganizationFigure.objects.get(organization=world.north_1).members == 32
    change = Change.objects.get(action="organization.figure", object_id=str(figure.pk))
    assert (change.via, change.by) == (Change.Via.IMPORT, world.north_officer)
    assert "Đã nhập" in done.content.decode()


def test_day_and_source_can_be_said_once_for_the_file(world, as_user):
    page = send(
        as_user(world.board),
        "figures",
        workbook(HEAD[:3], (1, "Xã Hồng Lý", 245), (2, "Xã Song An", 198)),
        unit="vu-thu",
        on="30/6/2024",
        source=SOURCE,
    )
    assert kinds(page) == {2: "new", 3: "new"}
    assert ("Nguồn số liệu", "", SOURCE) in changes(page)


def test_the_same_day_shows_old_and_new_of_each_cell_and_the_same_is_the_same(world, as_user):
    record(world, world.north)
    page = send(as_user(world.north_officer), "figures", workbook(HEAD, row()))
    assert kinds(page) == {2: "changed"}
    assert changes(page) == [
        ("Tổng số đảng viên", "240", "245"),
        ("Tuổi bình quân", "48,0", "47,5"),
        ("Lần kết nạp gần nhất", "", "19/05/2019"),
    ]
    confirm(as_user(world.north_officer), page)
    assert OrganizationFigure.objects.get().version == 2


def test_the_same_file_twice_writes_nothing_new(world, as_user):
    client = as_user(world.north_officer)
    confirm(client, send(client, "figures", workbook(HEAD, row())))
    page = send(client, "figures", workbook(HEAD, row()))
    assert kinds(page) == {2: "same"}
    assert page.context["ready"] == 0


def test_an_empty_cell_changes_nothing_and_says_so(world, as_user):
    record(world, world.north)
    page = send(
        as_user(world.north_officer), "figures", workbook(HEAD, row(**{"Tổng số": None, "Tuổi": 48, "Kết nạp": None}))
    )
    assert kinds(page) == {2: "same"}
    assert "giữ “240” đã ghi" in said(page, 2)


REFUSED = [
    ({"Tổng số": "nhiều"}, "Tổng số đảng viên ghi “nhiều”: nhập một số nguyên"),
    ({"Tổng số": -1}, "số nguyên từ 0"),
    ({"Tuổi": "47,55"}, "nhiều nhất một chữ số sau dấu phẩy"),
    ({"Tuổi": 12}, "Tuổi bình quân"),
    ({"Kết nạp": "5/2019"}, "cần đủ ngày, tháng và năm"),
    ({"Kết nạp": "31/6/2019"}, "chỉ có 30 ngày"),
    ({"Kết nạp": date(2024, 7, 1)}, "không thể sau ngày của số liệu"),
    ({"Ngày": date(2024, 12, 31)}, "chưa đến"),
    ({"Ngày": date(2014, 12, 31), "Kết nạp": None}, "hoạt động từ ngày"),
    ({"Ngày": None}, "Thiếu ngày của số liệu"),
    ({"Nguồn": None}, "Thiếu nguồn số liệu"),
    ({"Đơn vị": None}, "Thiếu tên đơn vị"),
    ({"Đơn vị": "Đảng bộ xã Không Có"}, "không phải đơn vị của Đảng bộ xã Hồng Lý"),
]


def test_all_errors_of_all_rows_are_told_at_once(world, as_user):
    rows = [row(**({"Ngày": date(2024, 6, 1 + at)} | values)) for at, (values, _) in enumerate(REFUSED)]
    page = send(as_user(world.north_officer), "figures", workbook(HEAD, *rows))
    assert set(kinds(page).values()) == {"error"}
    for number, (values, words) in enumerate(REFUSED, start=2):
        assert words in said(page, number), (values, said(page, number))
    assert OrganizationFigure.objects.count() == 0


def test_two_rows_of_one_unit_and_day_contradict_each_other(world, as_user):
    page = send(
        as_user(world.north_officer), "figures", workbook(HEAD, row(), row(**{"Tổng số": 250}), row(Ngày="31/5/2024"))
    )
    assert kinds(page) == {2: "error", 3: "error", 4: "new"}
    assert "Các dòng 2, 3 cùng ghi một ngày" in said(page, 3)


def test_an_age_that_a_sheet_has_calculated_is_rounded_and_that_is_said(world, as_user):
    page = send(as_user(world.north_officer), "figures", workbook(HEAD, row(Tuổi=47.5333333)))
    assert ("Tuổi bình quân", "", "47,5") in changes(page)
    assert "ghi là 47,5" in said(page, 2)


def test_an_unknown_heading_is_asked_about_and_remembered(world, as_user):
    client = as_user(world.north_officer)
    content = workbook(("Đơn vị", "Quân số"), ("Xã Hồng Lý", 245))
    page = send(client, "figures", content, on="30/6/2024", source=SOURCE)
    assert page.context["form"].importer.key == "figures"
    url = reverse("organizations:import_columns", args=[batch().pk])
    refused = client.post(url, {"version": batch().version, "column-0": "unit", "column-1": ""})
    assert "Chưa có cột nào là" in refused.content.decode()
    page = client.post(url, {"version": batch().version, "column-0": "unit", "column-1": "members"}, follow=True)
    assert changes(page)[0] == ("Tổng số đảng viên", "", "245")
    confirm(client, page)
    assert kinds(send(client, "figures", content, on="31/7/2024", source=SOURCE)) == {2: "new"}


# Units


def test_a_name_of_two_branches_is_a_question_and_a_key_is_none(world, as_user):
    (other,) = factories.make_branches(world.south, "Chi bộ thôn Hội")
    client = as_user(world.board)
    page = send(client, "figures", workbook(HEAD, row(**{"Đơn vị": "Chi bộ thôn Hội"})), unit="vu-thu")
    assert kinds(page) == {2: "question"}
    assert {one.value for one in line(page, 2).questions[0].options} == {world.north_1.slug, other.slug}
    data = {"answer": "1", "version": batch().version, "a-2-unit": other.slug}
    assert kinds(client.post(batch().get_absolute_url(), data, follow=True)) == {2: "new"}

    data["version"] = batch().version  # the page sends all its answers, those given before as well
    client.post(batch().get_absolute_url(), data)
    more = workbook(HEAD, row(**{"Đơn vị": "Chi bộ thôn Hội"}), row(**{"Đơn vị": "Đảng bộ xã Song An"}))
    assert kinds(send(client, "figures", more, unit="vu-thu")) == {2: "new", 3: "new"}

    keyed = workbook((*HEAD, "Mã đơn vị"), (*row(**{"Đơn vị": "Chi bộ thôn Hội"}), other.slug))
    page = send(client, "figures", keyed, unit="vu-thu")
    assert (kinds(page), line(page, 2).title) == ({2: "new"}, other.place_words)


def test_a_key_and_a_name_that_disagree_are_an_error(world, as_user):
    page = send(as_user(world.board), "figures", workbook((*HEAD, "Mã đơn vị"), (*row(), "13249")), unit="vu-thu")
    assert "Mã “13249” là của Đảng bộ xã Song An" in said(page, 2)


@pytest.mark.parametrize("name", ["Đảng bộ xã Song An", "Chi bộ thôn Nam", "Đảng bộ xã Không Có"])
def test_a_unit_officer_cannot_write_of_another_unit_whatever_the_file_says(world, as_user, name):
    client = as_user(world.north_officer)
    assert send(client, "figures", workbook(HEAD, row()), unit="13249").status_code == 422
    page = send(client, "figures", workbook(HEAD, row(**{"Đơn vị": name})))
    assert kinds(page) == {2: "error"}
    assert said(page, 2).startswith(f"“{name}” không phải đơn vị của Đảng bộ xã Hồng Lý mà bạn được ghi.")
    keyed = send(client, "figures", workbook((*HEAD, "Mã đơn vị"), (*row(**{"Đơn vị": None}), "13249")))
    assert kinds(keyed) == {2: "error"}
    assert "Song An" not in said(keyed, 2)


def test_the_blank_list_names_the_units_and_comes_back_as_it_is(world, as_user):
    client = as_user(world.north_officer)
    url = reverse("organizations:import_blank", args=["figures"])
    content = client.get(url).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    names = [cells[0].value for cells in sheet.iter_rows() if cells[1].value and cells[0].value != "Đơn vị"]
    assert sorted(names) == sorted(one.name for one in (world.north, world.north_1, world.north_2))
    page = send(client, "figures", content)
    assert set(kinds(page).values()) == {"same"}
    assert len(kinds(page)) == 3


# The list of units, out and back


def exported(client) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(client.get(reverse("organizations:export")).getvalue()))


def cells_of(sheet) -> tuple[dict, dict]:
    """Columns by heading, rows by name."""
    header = next(cells for cells in sheet.iter_rows() if cells[0].value == "STT")
    columns = {cell.value: cell.column for cell in header}
    names = columns["Đơn vị"]
    return columns, {sheet.cell(at, names).value: at for at in range(header[0].row + 1, sheet.max_row + 1)}


def test_the_exported_list_comes_back_without_a_change_and_with_just_those_made(world, as_user):
    for unit in (world.north, world.south, world.office):
        record(world, unit, last_admission_on=date(2019, 5, 19), average_age=Decimal("47.5"))
    client = as_user(world.board)
    book = exported(client)
    page = send(client, "figures", saved(book), unit="vu-thu")
    assert set(kinds(page).values()) == {"same"}
    assert len(kinds(page)) == 4

    columns, rows = cells_of(book.active)
    book.active.cell(rows[world.north.name], columns["Tổng số đảng viên"]).value = 251
    book.active.cell(rows[world.south.name], columns["Tuổi bình quân"]).value = 46.9
    book.active.cell(rows[world.office.name], columns["Lần kết nạp gần nhất"]).value = datetime(2020, 5, 19)
    page = send(client, "figures", saved(book), unit="vu-thu")
    found = [change for number in kinds(page) for change in changes(page, number)]
    assert found == [
        ("Tổng số đảng viên", "240", "251"),
        ("Tuổi bình quân", "47,5", "46,9"),
        ("Lần kết nạp gần nhất", "19/05/2019", "19/05/2020"),
    ]
    confirm(client, page)
    assert set(kinds(send(client, "figures", saved(exported(client)), unit="vu-thu")).values()) == {"same"}


def test_number_of_queries_does_not_grow_with_rows(world, as_user):
    client = as_user(world.board)
    send(client, "figures", workbook(HEAD, row()), unit="vu-thu")
    few = queries_for(client, batch().get_absolute_url())
    rows = []
    for number in range(6):
        name = f"Đảng bộ xã Thử {number}"
        factories.make_unit(world.district, f"9{number}", name)
        rows.append(row(**{"Đơn vị": name}))
    send(client, "figures", workbook(HEAD, *rows), unit="vu-thu")
    assert queries_for(client, batch().get_absolute_url()) == few


# Undoing


def test_an_import_is_undone_whole_and_its_history_stays(world, as_user):
    was = record(world, world.north)
    client = as_user(world.north_officer)
    confirm(client, send(client, "figures", workbook(HEAD, row(), row(**{"Đơn vị": "Chi bộ thôn Hội"}))))
    assert ImportedRow.objects.count() == 2

    assert undo(client).status_code == 302
    now = OrganizationFigure.objects.get()
    assert (now.pk, now.members, now.average_age, now.last_admission_on) == (was.pk, 240, Decimal("48"), None)
    gone = Change.objects.get(action="organization.figure_withdraw")
    assert (gone.before["members"], gone.after, gone.reason) == (245, None, "Tải nhầm tệp của năm trước")
    assert gone.via == Change.Via.IMPORT
    shown = client.get(batch().get_absolute_url())
    assert [(one["title"], one["standing"]) for one in shown.context["rows"]] == [
        ("Xã Hồng Lý", "240 đảng viên"),
        (world.north_1.place_words, "đã rút"),
    ]
    assert kinds(send(client, "figures", workbook(HEAD, row(**{"Đơn vị": "Chi bộ thôn Hội"})))) == {2: "new"}


def test_what_was_put_right_since_keeps_an_import_from_being_undone(world, as_user):
    client = as_user(world.north_officer)
    confirm(client, send(client, "figures", workbook(HEAD, row())))
    record(world, world.north, members=246)
    page = client.get(reverse("organizations:import_undo", args=[batch().pk]))
    assert [(one.number, one.text) for one in page.context["blocking"]] == [(2, "đã được sửa sau khi nhập")]
    assert undo(client).status_code == 422
    assert OrganizationFigure.objects.get().members == 246


# The page


def test_the_page_leads_each_to_what_they_may_send(world, as_user):
    board = as_user(world.board).get(reverse("organizations:imports"))
    assert [one.key for one in board.context["importers"]] == ["people", "figures", "targets", "openings"]
    assert reverse("candidates:classes") in board.content.decode().partition("<main")[2]
    officer = as_user(world.north_officer).get(reverse("organizations:imports"))
    assert [one.key for one in officer.context["importers"]] == ["people", "figures"]
    assert "Lấy từ tệp Excel" not in officer.content.decode()
