"""Biểu tiến độ on the page, and whose figures it shows: every reader gets their own, in the file as on the page."""

import re
import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse

from organizations.models import Organization, Succession
from organizations.permissions import Permission, Role, roles_with
from reports.standing_committee import MEASURES
from targets.models import OpeningBalance, YearlyTarget
from tests import factories
from tests.reports import sheets
from tests.reports.sheets import FILE, fetch
from vuthu_recruit import clock

PAGE = "reports:standing_committee"


# Whose


def test_whoever_reads_figures_may_also_list_and_take_away():
    """The workbook is narrowed by FIGURES_VIEW alone; the day a role holds only one of them, narrow it further."""
    reading = set(roles_with(Permission.FIGURES_VIEW))

    assert reading == set(roles_with(Permission.CANDIDATE_VIEW)) == set(roles_with(Permission.EXPORT))


def test_a_unit_officer_gets_their_unit_and_no_sum(filled, as_user):
    content = fetch(as_user, filled.north_officer)

    assert list(sheets.lines(content)) == ["Xã Hồng Lý"]
    head = sheets.texts(content, sheets.TABLE)
    assert "BIỂU TIẾN ĐỘ KẾT NẠP ĐẢNG VIÊN NĂM 2024: ĐẢNG BỘ XÃ HỒNG LÝ" in head
    assert {"ĐẢNG BỘ HUYỆN VŨ THƯ", "ĐẢNG ỦY XÃ HỒNG LÝ", "T/M ĐẢNG ỦY", "BÍ THƯ"} <= set(head)
    assert {person["Đơn vị"] for person in sheets.people(content)} == {"Xã Hồng Lý"}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode().casefold()
    assert "song an" not in whole


def test_a_branch_officer_gets_the_branch_and_no_figure_of_the_unit(filled, as_user):
    content = fetch(as_user, filled.branch_officer)

    ((name, line),) = sheets.lines(content).items()
    assert name == "Chi bộ thôn Hội (Xã Hồng Lý)"
    assert (line["minimum"], line["members"], line["year"], line["branches"]) == ("–", "–", 1, 1)
    assert "ĐẢNG ỦY XÃ HỒNG LÝ" in sheets.texts(content, sheets.TABLE)
    assert len(sheets.people(content)) == 1


def test_who_looks_after_several_units_gets_one_sum_and_no_letterhead(filled, as_user):
    factories.assign(filled.supervisor, Role.SUPERVISOR, filled.cell)
    factories.assign(filled.supervisor, Role.SUPERVISOR, filled.south)

    content = fetch(as_user, filled.supervisor)

    found = sheets.lines(content)
    assert list(found) == ["Xã Hồng Lý", "Xã Song An", "Cộng I", "Tòa án nhân dân huyện", "Tổng cộng"]
    assert (found["Cộng I"]["year"], found["Tổng cộng"]["minimum"]) == (5, 8)
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" not in sheets.texts(content, sheets.TABLE)


@pytest.mark.parametrize(("who", "status"), [("center", 403), ("youth", 403), ("admin", 403), ("nobody", 403)])
@pytest.mark.parametrize("name", [PAGE, FILE, "reports:index"])
def test_others_get_nothing(world, as_user, who, status, name):
    assert as_user(getattr(world, who)).get(reverse(name)).status_code == status


def test_a_foreign_unit_in_the_address_is_refused_in_words(filled, as_user):
    for name in (PAGE, FILE):
        response = as_user(filled.north_officer).get(reverse(name), {"pham_vi": filled.south.slug})

        assert response.status_code == 422
        assert "Hãy chọn một mục trong danh sách." in response.content.decode()


# The page


def page_lines(html: str) -> dict[str, list[str]]:
    """Unit or sum → the texts of its number cells."""
    found = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html.split('class="sheet"')[1], re.DOTALL):
        name = re.search(r'<th scope="row">(.*?)</th>', row)
        if name:
            cells = re.findall(r'<td class="num">(.*?)</td>', row)
            found[name[1]] = [re.sub(r"<.*?>", "", cell) for cell in cells]
    return found


def as_shown(line: dict) -> list[str]:
    """A line of the workbook as the page writes it."""
    cells = []
    for name in MEASURES:
        value = line[name]
        if name == "minimum":
            cells.append("–" if value == "–" else f"{value}–{line['maximum']}")
        elif name == "percent":
            cells.append(f"{value * 100:.1f}%".replace(".", ",") if isinstance(value, int | float) else value or "")
        elif name != "maximum":
            cells.append(f"{value:,}".replace(",", ".") if isinstance(value, int) else value or "")
    return cells


def test_the_page_shows_the_numbers_of_the_workbook(filled, as_user):
    client = as_user(filled.board)

    shown = page_lines(client.get(reverse(PAGE)).content.decode())
    stored = sheets.lines(client.get(reverse(FILE)).content)

    assert shown == {name: as_shown(line) for name, line in stored.items()}
    assert shown["Xã Hồng Lý"][:3] == ["1.210", "2", "3–5"]


def test_numbers_open_the_rows_behind_them(filled, as_user):
    client = as_user(filled.board)
    html = client.get(reverse(PAGE)).content.decode().split('class="sheet"')[1]

    links = re.findall(r'<a href="(/tong-quan/[^"]+)">([\d.]+)</a>', html)

    assert len(links) > 20
    for url, number in links:
        response = client.get(url.replace("&amp;", "&"))
        assert response.context["total"] == int(number.replace(".", "")), url


def test_days_stand_in_the_address_and_go_on_into_the_file(filled, as_user):
    client = as_user(filled.board)

    response = client.get(reverse(PAGE), {"tu_ngay": "1/1/2023", "den_ngay": "31/12/2023"})
    content = client.get(response.context["download"]).content

    assert "NĂM 2023" in response.content.decode()
    assert sheets.lines(content)["Tổng cộng"]["year"] == 1
    assert 'value="01/01/2023"' in response.content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"den_ngay": "31/02/2024"}, "tháng 2 năm 2024 chỉ có 29 ngày"),
        ({"den_ngay": "19/11/2024"}, "chưa đến"),
        ({"tu_ngay": "18/11/2024", "den_ngay": "17/11/2024"}, "phải trước hoặc cùng ngày"),
    ],
)
@pytest.mark.parametrize("name", [PAGE, FILE])
def test_wrong_days_get_a_sentence_and_no_sheet(world, as_user, name, query, words):
    response = as_user(world.board).get(reverse(name), query)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert "report" not in response.context


def test_before_there_is_anything_it_says_so(db, today, as_user):
    area = factories.make_unit(None, "khu-vuc", "Khu vực Vũ Thư", kind="area", code="")
    reader = factories.make_user("reader")
    factories.assign(reader, Role.STANDING_COMMITTEE, area)

    assert "Chưa có đơn vị nào" in as_user(reader).get(reverse(PAGE)).content.decode()
    content = fetch(as_user, reader)

    assert list(sheets.lines(content)) == ["Cộng I", "Cộng II", "Tổng cộng"]
    assert "Chưa có kế hoạch" in " ".join(sheets.texts(content, sheets.TABLE))


def test_without_a_plan_units_are_still_counted(filled, as_user):
    for model in (OpeningBalance, YearlyTarget):
        model.objects.all().delete()
    filled.plan.rules.all().delete()
    filled.plan.delete()

    north = sheets.lines(fetch(as_user, filled.board))["Xã Hồng Lý"]

    assert (north["year"], north["term"], north["minimum"], north["percent"]) == (2, "–", "–", "–")


def test_outside_the_plan_no_percentage(filled, as_user, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 3, 1))
    content = fetch(as_user, filled.board)

    found = sheets.lines(content)

    assert {line["percent"] for name, line in found.items() if name != "Tòa án nhân dân huyện"} == {"–"}
    assert "ngoài giai đoạn giao chỉ tiêu" in " ".join(sheets.texts(content, sheets.TABLE))


def test_a_closed_unit_says_who_succeeds_it(filled, as_user):
    heir = factories.make_unit(filled.district, "moi", "Đảng bộ xã Mới", opened_on=date(2024, 9, 1), order=9)
    Succession.objects.create(predecessor=filled.north, successor=heir, effective_on=date(2024, 9, 1))
    Organization.objects.filter(path__startswith=filled.north.path).update(closed_on=date(2024, 9, 1))

    content = fetch(as_user, filled.board)

    assert "Kết thúc hoạt động 01/09/2024; kế thừa: Xã Mới" in sheets.lines(content)["Xã Hồng Lý"]["remark"]
