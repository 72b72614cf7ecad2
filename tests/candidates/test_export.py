"""The list as a workbook: exactly the rows shown, real dates, masked numbers, stamped; scope and cost."""

from datetime import date, datetime
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from candidates.pipeline import Stage
from tests.factories import advance, make_candidate
from vuthu_recruit.dates import PartialDate

INDEX, EXPORT = reverse("candidates:index"), reverse("candidates:export")


def sheet(response):
    assert response.status_code == 200
    return load_workbook(BytesIO(response.getvalue())).active


def table(response) -> list[dict]:
    """The rows under the header, by header."""
    rows = [[cell.value for cell in row] for row in sheet(response).iter_rows()]
    head = next(number for number, row in enumerate(rows) if row[0] == "STT")
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]


@pytest.fixture
def people(world):
    make_candidate(world.north_1, full_name="Nguyễn Thị Đào", birth=PartialDate(1999, 3, 8), sex="female")
    make_candidate(world.north_1, full_name="=cmd|' /C calc'!A0", birth=PartialDate(1998), sex="male")
    make_candidate(world.cell, full_name="Vũ Thị Tòa", sex="female", ethnicity="Tày", religion="catholic")
    advance(make_candidate(world.north_2, full_name="Bùi Thị Anh", sex="female"), Stage.DOSSIER)


@pytest.mark.parametrize("query", ["", "sort=-name", "sex=female", "q=thi&sort=-stage", "stage=dossier", "unit=13195"])
def test_the_file_holds_exactly_the_rows_of_the_page_in_its_order(people, world, as_user, query):
    browser = as_user(world.board)

    shown = [row["candidate"].full_name for row in browser.get(f"{INDEX}?{query}").context["rows"]]
    written = [row["Họ và tên"].removeprefix("'") for row in table(browser.get(f"{EXPORT}?{query}"))]

    assert written == shown


def test_all_pages_are_exported_whatever_page_is_shown(world, as_user):
    for _ in range(27):
        make_candidate(world.cell)

    assert len(table(as_user(world.cell_officer).get(EXPORT, {"page": "2"}))) == 27


def test_cells_are_what_they_are(people, world, as_user):
    rows = {row["Họ và tên"]: row for row in table(as_user(world.board).get(EXPORT))}
    dao, formula, anh = rows["Nguyễn Thị Đào"], rows["'=cmd|' /C calc'!A0"], rows["Bùi Thị Anh"]

    assert dao["Ngày sinh"] == datetime(1999, 3, 8)
    assert formula["Ngày sinh"] == "1998"
    assert isinstance(anh["Ngày của bước gần nhất"], datetime)
    assert (anh["Bước"], anh["Chi bộ"]) == ("Đang làm hồ sơ", world.north_2.short_name)
    assert dao["Số định danh (đã che)"].startswith("••••••••")
    assert len(dao["Số định danh (đã che)"]) == 12


def test_no_background_leaves_the_list(people, world, as_user):
    text = str([[cell.value for cell in row] for row in sheet(as_user(world.board).get(EXPORT)).iter_rows()])

    for word in ("Tày", "Công giáo", "Dân tộc", "Tôn giáo", "Thẩm tra", "lý lịch"):
        assert word not in text


def test_the_file_says_who_when_what_and_how_many(people, world, as_user):
    response = as_user(world.board).get(EXPORT, {"sex": "female", "q": "thi"})
    text = " ".join(str(cell.value) for row in sheet(response).iter_rows(max_row=4) for cell in row if cell.value)

    assert "họ tên có “thi”; Giới tính: Nữ" in text
    assert f"3 người; {world.board.full_name} xuất lúc" in text
    assert "Danh sách quần chúng 18-11-2024.xlsx" in unquote(response["Content-Disposition"])
    assert response["Cache-Control"] == "no-store"


def test_the_page_is_fit_for_printing(people, world, as_user):
    page = sheet(as_user(world.board).get(EXPORT))

    assert page.freeze_panes
    assert page.auto_filter.ref
    assert page.print_title_rows
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9) or page.page_setup.fitToWidth


def test_each_exports_their_own_scope(people, world, as_user):
    make_candidate(world.south_1, full_name="Phạm Văn Nam")

    for who, names in [("south_officer", {"Phạm Văn Nam"}), ("cell_officer", {"Vũ Thị Tòa"})]:
        assert {row["Họ và tên"] for row in table(as_user(getattr(world, who)).get(EXPORT))} == names


def test_a_wrong_filter_leads_back_to_the_list_that_says_so(people, world, as_user):
    response = as_user(world.board).get(EXPORT, {"stage": "khong-co"})

    assert (response.status_code, response.url) == (302, f"{INDEX}?stage=khong-co")


def test_a_number_never_reaches_a_file(people, world, as_user):
    response = as_user(world.board).get(EXPORT, {"q": "000123456789"})

    assert (response.status_code, response.url) == (302, f"{INDEX}?")


def test_an_export_costs_the_same_for_five_and_for_forty_people(world, as_user):
    counts, made = [], 0
    for size in (5, 40):
        for _ in range(size - made):
            make_candidate(world.cell, started=date(2022, 3, 1))
        made = size
        browser = as_user(world.board)
        browser.get(INDEX)
        with CaptureQueriesContext(connection) as queries:
            assert len(table(browser.get(EXPORT))) == size
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 13  # five of them log it under a lock
