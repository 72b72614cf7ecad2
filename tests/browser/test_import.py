"""A commune's own list in the browser: sent as it is, asked about, corrected in its own workbook, confirmed, undone."""

import re
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse

from candidates.models import Candidate
from candidates.pipeline import Status
from organizations.models import ImportBatch
from organizations.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor, follow

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "danh-sach-nguon-xa.xlsx"
BRANCHES = ("thôn Hội", "thôn Nam Sơn", "thôn Trung", "Trường THCS Song Lãng", "Quân sự xã")


@pytest.fixture
def officer(stage, visit) -> Visitor:
    """Of the commune of the sample."""
    unit = factories.make_unit(stage.district, "13213", "Đảng bộ xã Song Lãng", order=5)
    factories.make_branches(unit, *(f"Chi bộ {name}" for name in BRANCHES))
    factories.assign(factories.make_user("song_lang"), Role.UNIT_OFFICER, unit)
    return visit("song_lang")


def words(visitor: Visitor) -> str:
    return re.sub(r"\s+", " ", visitor.page.inner_text("main"))


def press(visitor: Visitor, name: str) -> None:
    follow(visitor.page.get_by_role("button", name=name).first)


def assert_fits_everyone(visitor: Visitor) -> None:
    assert visitor.axe() == []
    assert visitor.sideways_on_phone() == []


def tally(visitor: Visitor) -> dict[str, int]:
    return {
        one.locator(".tally__label").inner_text().strip(): int(one.locator(".tally__value").inner_text())
        for one in visitor.page.locator(".tally a").all()
    }


def send(visitor: Visitor, file: Path) -> None:
    visitor.go(reverse("organizations:imports"))
    follow(visitor.page.get_by_role("link", name=re.compile("Tải tệp lên.*danh sách quần chúng")))
    visitor.page.fill("[name=entered_on]", "15/1/2024")
    visitor.page.set_input_files("[name=file]", file)
    press(visitor, "Tải lên và xem trước")


def test_the_list_of_a_commune_comes_in_as_it_is(officer, tmp_path):
    page = officer.page
    officer.go(reverse("organizations:import_new", args=["people"]))
    assert_fits_everyone(officer)
    press(officer, "Tải lên và xem trước")
    assert "Chọn tệp, hoặc dán" in words(officer)
    assert_fits_everyone(officer)

    send(officer, SAMPLE)
    assert tally(officer) == {"Tất cả": 23, "Thêm mới": 18, "Cần trả lời": 2, "Lỗi": 3}
    assert_fits_everyone(officer)
    assert Candidate.objects.count() == 0

    # The errors are corrected in the workbook that comes back.
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải tệp có đánh dấu lỗi").click()
    marked = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(marked)
    book = openpyxl.load_workbook(marked)
    sheet = book.active
    told = {cell.row for cell in sheet["R"] if cell.value and cell.row > 8}
    assert {20, 26, 29, 27, 35} <= told
    sheet["C20"], sheet["C26"], sheet["O29"] = "12/5/1995", "30/6/1996", "000079300126"
    book.save(marked)
    send(officer, marked)
    assert tally(officer) == {"Tất cả": 23, "Thêm mới": 21, "Cần trả lời": 2}

    # What only a person can say.
    follow(page.get_by_role("link", name=re.compile("Cần trả lời")))
    page.get_by_label(re.compile("Người này thuộc chi bộ nào")).select_option(label="Chi bộ thôn Trung")
    page.get_by_label(re.compile("Dòng 35 và dòng 27 là một người")).select_option(label="Lấy dòng 27, bỏ dòng này")
    press(officer, "Lưu câu trả lời")
    officer.go(page.url.partition("?")[0])
    assert tally(officer) == {"Tất cả": 23, "Thêm mới": 22, "Bỏ qua": 1}
    press(officer, "Nhập 22 dòng")
    assert "22 thêm mới, 1 bỏ qua" in words(officer)
    assert_fits_everyone(officer)
    assert Candidate.objects.filter(status=Status.OPEN).count() == 22

    # The same list once more: nothing new, and nothing asked again.
    send(officer, marked)
    assert tally(officer) == {"Tất cả": 23, "Không đổi": 22, "Bỏ qua": 1}

    # And taken back whole.
    officer.go(ImportBatch.objects.get(applied_at__isnull=False).get_absolute_url())
    follow(page.get_by_role("link", name="Hoàn tác cả tệp"))
    assert_fits_everyone(officer)
    page.fill("[name=reason]", "Tải nhầm danh sách của năm trước")
    press(officer, "Hoàn tác cả tệp")
    assert "Đã hoàn tác" in words(officer)
    assert not Candidate.objects.filter(status=Status.OPEN).exists()
    officer.go(reverse("organizations:imports"))
    assert_fits_everyone(officer)


def test_columns_nobody_knows_are_asked_about_once(officer, tmp_path):
    page, file = officer.page, tmp_path / "la.xlsx"
    book = openpyxl.Workbook()
    for row in (("Quần chúng ưu tú là", "Chào đời", "Phái"), ("Lê Thị Ba", "2/1/1990", "Nữ")):
        book.active.append(row)
    book.save(file)
    send(officer, file)
    assert "Nghĩa của các cột" in words(officer)
    assert_fits_everyone(officer)
    press(officer, "Xem trước")
    assert "Chưa có cột nào là" in words(officer)
    assert_fits_everyone(officer)
    for column, label in ((0, "Họ và tên"), (1, "Ngày sinh"), (2, "Giới tính")):
        page.select_option(f"[name=column-{column}]", label=label)
    press(officer, "Xem trước")
    assert tally(officer) == {"Tất cả": 1, "Thêm mới": 1}

    book.active["A2"] = "Lê Thị Tư"
    book.save(file)
    send(officer, file)
    assert tally(officer) == {"Tất cả": 1, "Thêm mới": 1}


def test_a_block_pasted_from_excel_is_read_like_a_file(officer):
    block = "STT\tHọ và tên\tNgày sinh\tGiới tính\tChi bộ\n1\tLê Thị Ba\t2/1/1990\tNữ\tCB thôn Hội\n"
    officer.go(reverse("organizations:import_new", args=["people"]))
    officer.page.fill("[name=pasted]", block)
    press(officer, "Tải lên và xem trước")
    assert tally(officer) == {"Tất cả": 1, "Thêm mới": 1}
    press(officer, "Nhập 1 dòng")
    assert Candidate.objects.get().unit.name == "Chi bộ thôn Hội"
