"""Biểu tiến độ: page and workbook say the same, the sums are live and right, and nobody gets more than theirs."""

import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse

from candidates.models import Candidate
from candidates.pipeline import Stage, Step
from organizations.models import Organization, OrganizationFigure, User
from organizations.permissions import Role
from reports import workbooks
from reports.figures import Period, progress_table
from reports.standing_committee import MEASURES, report_for
from reports.standing_people import people as people_behind
from targets.models import AdmissionPlan, OpeningBalance
from tests import factories
from tests.reports import sheets, worlds
from tests.reports.sheets import FILE, decided, fetch
from tests.reports.worlds.build import build
from tests.tools import queries_for
from tests.workbook.recalculate import assert_recalculates, formula_cells, recalculated
from vuthu_recruit import clock

PAGE = "reports:standing_committee"
AS_OF = date(2024, 11, 18)


# The table


def test_the_sheet_holds_the_figures_of_every_unit(filled, as_user):
    found = sheets.lines(fetch(as_user, filled.board))

    north = found["Xã Hồng Lý"]
    assert north | {"remark": ""} == {
        "members": 1210, "branches": 2, "minimum": 3, "maximum": 5, "trained": 0, "dossier": 0, "submitted": 0,
        "period": 1, "year": 5, "percent": pytest.approx(5 / 3), "term": 5, "women": 3, "union": 1, "religion": 1,
        "enterprise": 0, "official": 0, "number": 1, "remark": "",
    }  # fmt: skip
    assert "năm: 5, trong đó 2 đã có tên" in north["remark"]
    assert found["Cơ quan Huyện ủy"]["submitted"] == 1


def test_words_stand_where_there_is_no_number(filled, as_user):
    found = sheets.lines(fetch(as_user, filled.board))

    office, cell = found["Cơ quan Huyện ủy"], found["Tòa án nhân dân huyện"]
    assert (office["minimum"], office["maximum"], office["percent"]) == ("–", "–", "–")
    assert office["remark"] == "không giao chỉ tiêu"
    assert (cell["branches"], cell["members"], cell["year"], cell["percent"]) == ("–", "–", None, None)
    assert (cell["remark"], cell["minimum"]) == ("chưa nhập", 2)


def test_numbers_restart_in_each_group_in_administrative_order(filled, as_user):
    found = sheets.lines(fetch(as_user, filled.board))

    assert [(line["number"], name) for name, line in found.items()] == [
        (1, "Xã Hồng Lý"), (2, "Xã Song An"), (None, "Cộng I"),
        (1, "Cơ quan Huyện ủy"), (2, "Tòa án nhân dân huyện"), (None, "Cộng II"), (None, "Tổng cộng"),
    ]  # fmt: skip


def test_sums_are_formulas_and_their_stored_values_add_up(filled, as_user):
    content = fetch(as_user, filled.board)
    found = sheets.lines(content)
    sheet = sheets.opened(content)[sheets.TABLE]

    groups = {"Cộng I": ["Xã Hồng Lý", "Xã Song An"], "Cộng II": ["Cơ quan Huyện ủy", "Tòa án nhân dân huyện"]}
    groups["Tổng cộng"] = groups["Cộng I"] + groups["Cộng II"]
    for total, units in groups.items():
        for name in MEASURES:
            if name != "percent":
                numbers = [found[unit][name] for unit in units if isinstance(found[unit][name], int)]
                assert found[total][name] == (sum(numbers) if numbers else "–"), (total, name)
    sums = [row for row in sheet.iter_rows() if row[1].value in sheets.SUMS]
    assert len(sums) == 3
    assert all(cell.data_type == "f" for row in sums for cell in row[2:18])


def test_the_percentage_of_a_sum_takes_units_with_a_range_into_both_terms(filled, as_user):
    found = sheets.lines(fetch(as_user, filled.board))
    total = progress_table(filled.board, Period.month_of(AS_OF)).total

    assert (found["Cộng I"]["percent"], found["Cộng II"]["percent"]) == (pytest.approx(5 / 6), 0)
    assert found["Tổng cộng"]["percent"] == pytest.approx(5 / 8)  # not 6/8: the office was asked for nothing
    assert found["Tổng cộng"]["year"] == 6
    assert round(Decimal(found["Tổng cộng"]["percent"]) * 100, 1) == total.percent


@pytest.mark.recalculation
def test_libreoffice_calculates_every_formula_to_its_stored_value(filled, as_user):
    content = fetch(as_user, filled.board)

    assert assert_recalculates(content) == len(formula_cells(content)) == 3 * len(MEASURES) + 2


@pytest.mark.recalculation
def test_a_falsified_stored_value_is_found_out(filled):
    report = report_for(filled.board, Period.month_of(AS_OF))
    report.total.values["year"] += 1

    with pytest.raises(AssertionError, match="1 of"):
        assert_recalculates(workbooks.standing_committee(report))


@pytest.mark.recalculation
def test_a_number_typed_into_the_sheet_moves_the_sums(filled, as_user):
    book = sheets.opened(fetch(as_user, filled.board))
    sheet = book[sheets.TABLE]
    row = next(row for row in sheet.iter_rows() if row[1].value == "Tòa án nhân dân huyện")
    row[2 + MEASURES.index("year")].value = 2
    row[2 + MEASURES.index("members")].value = 30
    changed = BytesIO()
    book.save(changed)

    again = recalculated(changed.getvalue())

    total = next(row for row in sheet.iter_rows() if row[1].value == "Tổng cộng")
    values = {name: again[sheets.TABLE, total[2 + place].coordinate] for place, name in enumerate(MEASURES)}
    assert (values["year"], values["members"], values["percent"]) == (8, 1240, pytest.approx(7 / 8))


@pytest.mark.recalculation
@pytest.mark.parametrize("name", ["w05_opening", "w07_targets", "w08_merger"])
def test_sums_of_the_small_worlds_recalculate(name, db, monkeypatch):
    world = worlds.WORLDS[name]
    monkeypatch.setattr(clock, "today", lambda: date.fromisoformat(world.today))
    build(world)
    board = User.objects.get(username="board")
    case = world.cases[-1]
    report = report_for(board, Period(date.fromisoformat(case.since), date.fromisoformat(case.as_of)))

    assert assert_recalculates(workbooks.standing_committee(report)) >= 2 * len(MEASURES)


# The paper


def test_the_file_is_ready_for_the_meeting(filled, as_user):
    book = sheets.opened(fetch(as_user, filled.board, den_ngay="15/11/2024", tu_ngay="01/11/2024"))

    assert book.sheetnames == [sheets.TABLE, sheets.WORDS, sheets.PEOPLE]
    for sheet in book:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.freeze_panes
        assert sheet.print_title_rows
        assert "&P/&N" in sheet.oddFooter.right.text
        assert sheet.sheet_state == "visible"
        assert not [name for name, column in sheet.column_dimensions.items() if column.hidden]
    head = sheets.texts(fetch(as_user, filled.board), sheets.TABLE)
    for words in ("ĐẢNG CỘNG SẢN VIỆT NAM", "HUYỆN ỦY VŨ THƯ", "BAN TỔ CHỨC", "Số ………-BC/BTCHU", "TRƯỞNG BAN"):
        assert words in head
    assert "Vũ Thư, ngày 18 tháng 11 năm 2024" in head
    assert "BIỂU TIẾN ĐỘ KẾT NẠP ĐẢNG VIÊN NĂM 2024" in head
    assert any(words.endswith("tính theo ngày quyết định kết nạp; chỉ tiêu theo Kế hoạch 51-KH/HU") for words in head)


def test_the_header_is_the_one_of_the_table_they_know(filled, as_user):
    sheet = sheets.opened(fetch(as_user, filled.board))[sheets.TABLE]
    first, last = (int(part.strip("$")) for part in sheet.print_title_rows.split(":"))

    upper = [cell.value for cell in sheet[first] if cell.value]
    lower = [cell.value for cell in sheet[last] if cell.value]

    assert upper == [
        "STT", "Đảng bộ, chi bộ cơ sở", "Tổng số đảng viên", "Số chi bộ trực thuộc", "Chỉ tiêu năm",
        "Đã học lớp nhận thức", "Hồ sơ đang làm", "Đã gửi BTC", "Đã kết nạp trong kỳ", "Lũy kế năm 2024", "% chỉ tiêu",
        "Lũy kế nhiệm kỳ", "Trong đó (của lũy kế năm 2024)", "Chuyển chính thức", "Ghi chú",
    ]  # fmt: skip
    assert lower == ["Tối thiểu", "Tối đa", "Nữ", "Đoàn viên", "Tôn giáo", "Doanh nghiệp"]
    assert first + 1 == last


def test_the_second_sheet_says_how_it_was_counted(filled, as_user):
    said = " | ".join(sheets.texts(fetch(as_user, filled.board), sheets.WORDS))

    for words in (
        "18/11/2024", "01/11/2024", "ngày quyết định kết nạp", "Cán bộ board", "Đảng bộ huyện Vũ Thư, 4 đơn vị",
        "chưa xác nhận", "lũy kế năm: 5, trong đó 2 đã có tên", "Chưa nhập số liệu: Tòa án nhân dân huyện",
        "Tổng số đảng viên theo số liệu ngày 31/12/2023: Xã Hồng Lý",
    ):  # fmt: skip
        assert words in said, words
    sheet = sheets.opened(fetch(as_user, filled.board))[sheets.WORDS]
    assert {"% chỉ tiêu", "Lũy kế nhiệm kỳ", "Trong đó: tôn giáo"} <= {row[0].value for row in sheet.iter_rows()}


def test_the_metadata_names_nobody_and_the_footer_says_who_and_when(filled, as_user):
    content = fetch(as_user, filled.board)
    book = sheets.opened(content)

    assert book.properties.creator == "vuthu_recruit"
    assert "Cán bộ board" in book[sheets.TABLE].oddFooter.left.text
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "board" not in archive.read("docProps/core.xml").decode() + archive.read("docProps/app.xml").decode()


# The people behind


def test_the_list_adds_up_to_the_table(filled, as_user):
    content = fetch(as_user, filled.board)
    people, total = sheets.people(content), sheets.lines(content)["Tổng cộng"]

    for header, name in (("Trong kỳ", "period"), ("Lũy kế năm", "year"), ("Lũy kế nhiệm kỳ", "term")):
        assert sum(person[header] or 0 for person in people) == total[name], header
    (rest,) = [person for person in people if "chưa có tên" in person["Họ và tên"]]
    assert (rest["Lũy kế năm"], rest["Trong kỳ"], rest["Số văn bản"]) == (3 - 0, None, "7-BC/ĐU")


def test_recognitions_are_in_the_list(world, as_user):
    person = factories.make_candidate(world.north_1, started=date(2022, 3, 1))
    factories.advance(person, Stage.OFFICIAL, None)
    last = person.events.get(step=Step.OFFICIAL).happened_on

    content = fetch(as_user, world.board, den_ngay=f"{last:%d/%m/%Y}")

    (line,) = [line for line in sheets.people(content) if line["Việc"] == "Công nhận chính thức"]
    assert line["Chuyển chính thức"] == sheets.lines(content)["Tổng cộng"]["official"] == 1


def test_no_identity_number_is_in_any_file(filled, as_user):
    numbers = [number for number in Candidate.objects.values_list("identity_number", flat=True) if number]

    with zipfile.ZipFile(BytesIO(fetch(as_user, filled.head))) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode()

    assert numbers
    assert not [number for number in numbers if number in whole]


def test_of_a_person_who_moved_away_only_a_trace_is_given(filled, as_user):
    person = decided(filled.north_1, date(2024, 9, 9), full_name="Lê Thị Chuyển")
    person = factories.step(person, Step.ADMITTED, date(2024, 9, 20)).candidate
    factories.step(
        person, Step.MOVED, date(2024, 10, 1), by=filled.board, unit=filled.south_1, reason="chuyển nơi ở sang xã khác"
    )

    (line,) = [p for p in sheets.people(fetch(as_user, filled.north_officer)) if p["Họ và tên"] == "Lê Thị Chuyển"]
    (full,) = [p for p in sheets.people(fetch(as_user, filled.board)) if p["Họ và tên"] == "Lê Thị Chuyển"]

    assert (line["Ngày sinh"], line["Ghi chú"]) == ("1995", "đã chuyển")
    assert full["Ngày sinh"].year == 1995
    assert not full["Ghi chú"]


def test_on_the_ceremony_basis_the_list_still_names_the_decision(filled):
    person = decided(filled.north_1, date(2024, 9, 9))
    factories.step(person, Step.ADMITTED, date(2024, 9, 20))
    AdmissionPlan.objects.update(counting_basis="ceremony")
    table = progress_table(filled.board, Period.month_of(AS_OF))

    (line,) = [line for line in people_behind(filled.board, table) if line.figures.get("year") == 1]

    assert (line.on, line.document) == (date(2024, 9, 20), "1024-QĐ/HU")


# What people type


def test_nothing_typed_becomes_a_formula(filled, as_user):
    hostile = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "＝1+1", "\t=1", '=HYPERLINK("http://x")', "<r>=1</r>"]
    for text in hostile:
        decided(filled.north_1, date(2024, 10, 1), full_name=text)
    Organization.objects.filter(pk=filled.south.pk).update(short_name=hostile[0], name=hostile[4])
    OpeningBalance.objects.update(document=hostile[1])
    User.objects.filter(pk=filled.board.pk).update(full_name=hostile[6])

    content = fetch(as_user, filled.board)

    formulas = [cell for sheet in sheets.opened(content) for row in sheet for cell in row if cell.data_type == "f"]
    assert len(formulas) == 3 * len(MEASURES) + 2
    assert {cell.parent.title for cell in formulas} == {sheets.TABLE}
    assert all(re.fullmatch(r'=[A-Z0-9$:,.()+*/<>=–"]+', cell.value) for cell in formulas)
    names = [person["Họ và tên"] for person in sheets.people(content)]
    assert sum(name.startswith("'") for name in names) >= len(hostile) - 1


# Cost


@pytest.mark.parametrize("name", [PAGE, FILE])
def test_number_of_queries_does_not_grow(filled, as_user, name):
    client = as_user(filled.board)
    client.get(reverse(name))
    few = queries_for(client, reverse(name))
    for number in range(4):
        unit = factories.make_unit(filled.district, f"9{number}", f"Đảng bộ xã Thử {number}")
        factories.assign(factories.make_user(f"officer_{number}"), Role.UNIT_OFFICER, unit)
        (branch,) = factories.make_branches(unit, "Chi bộ Một")
        decided(branch, date(2024, 5, 5))

    most = 22 if name.endswith("_xlsx") else 18  # a file is logged before it leaves
    assert queries_for(client, reverse(name)) == few <= most


def test_says_of_when_the_members_are_and_how_many_units_their_sum_leaves_out(world, as_user):
    for unit, on in ((world.north, date(2023, 12, 31)), (world.office, date(2024, 6, 30))):
        OrganizationFigure.objects.create(organization=unit, on=on, members=100, source="Báo cáo")

    page = as_user(world.board).get(reverse(PAGE)).content.decode()

    assert (
        "Tổng số đảng viên: theo số liệu từ ngày 31/12/2023 đến ngày 30/06/2024 của từng đơn vị; "
        "2 đơn vị chưa có số liệu, không tính trong hàng cộng."
    ) in page
