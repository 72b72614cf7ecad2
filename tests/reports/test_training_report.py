"""The report on classes: what is asked in the address, whose numbers, their lists, the workbook, the card."""

import re
from datetime import date

import pytest
from django.urls import reverse

from candidates.classes import Purpose
from candidates.models import Enrolment
from candidates.pipeline import Step
from reports.figures.scope import Reach
from reports.figures.training import training_table
from reports.figures.training_rows import NUMBERS
from reports.verify import tables
from reports.verify.recount import Ground
from reports.verify.training import training as recounted
from tests import factories, snapshots
from tests.reports.certified import certified, finished, lives, open_class, person, sent
from tests.reports.sheets import opened
from tests.reports.test_dashboard import text_of
from tests.reports.test_training_figures import ALWAYS, TODAY, number_of
from tests.tools import queries_for
from tests.workbook.recalculate import assert_recalculates

URL, ROWS, GRADUATES = "/bao-cao/lop-hoc/", "/bao-cao/lop-hoc/danh-sach/", "/bao-cao/nguon-chua-ket-nap/"
NUMBER = re.compile(r'<a href="(/bao-cao/lop-hoc/danh-sach/[^"]+)">([\d.]+)</a>')
TALLY = re.compile(r'<a href="(/bao-cao/lop-hoc/danh-sach/[^"]+)"[^>]*><span class="tally__value">([\d.]+)</span>')
SAID = re.compile(r"<p>([\d.]+) người; lớp khai giảng")


@pytest.fixture
def taught(db, today):
    """Two classes of this year and one of 2022, with everything that may come of them."""
    return snapshots.once(_taught)


def _taught() -> factories.World:
    world = factories.build_world()
    held = open_class(date(2024, 3, 4), capacity=10)
    older = open_class(date(2022, 3, 7), capacity=None)
    moved = person(world.north_1, full_name="Trần Thị Chuyển", residence="thôn Bí Mật")
    finished(moved, held, date(2024, 3, 18))
    lives(moved, Step.MOVED, date(2024, 6, 3), unit=world.south_1)
    admitted = person(world.north_2, full_name="Lê Văn Kết Nạp")
    finished(admitted, older, date(2022, 3, 21))
    lives(admitted, Step.DECIDED, date(2023, 9, 2))
    for state in ("nominated", "refused", "waiting", "enrolled", "dropped"):
        sent(person(world.south_1), held, state)
    finished(person(world.office_1), held, is_passed=False)
    finished(person(world.office_1), held, date(2024, 3, 18))
    finished(person(world.cell), older, date(2022, 3, 21))
    certified(person(world.north_1), date(2019, 6, 3))
    return world


# What is asked


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({}, "từ ngày 01/01/2024 đến ngày 18/11/2024"),
        ({"nam": "2022"}, "từ ngày 01/01/2022 đến ngày 31/12/2022"),
        ({"tu_ngay": "1/3/2022", "den_ngay": "31/3/2024"}, "từ ngày 01/03/2022 đến ngày 31/03/2024"),
        ({"den_ngay": "30/6/2022"}, "từ ngày 01/01/2022 đến ngày 30/06/2022"),
        ({"tu_ngay": "1/3/2022"}, "từ ngày 01/03/2022 đến ngày 18/11/2024"),
        ({"tinh_den": "31/3/2022"}, "từ ngày 01/01/2022 đến ngày 31/03/2022"),
        ({"nam": "2024", "den_ngay": "1/1/2099"}, "từ ngày 01/01/2024 đến ngày 18/11/2024"),
    ],
)
def test_which_classes_stands_in_the_address(query, days, taught, as_user):
    response = as_user(taught.board).get(URL, query)

    assert response.status_code == 200
    assert days in text_of(response)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"tinh_den": "1/1/2030"}, "Ngày 01/01/2030 chưa đến."),
        ({"nam": "2024", "tinh_den": "1/1/2023"}, "Năm 2024 chưa đến vào ngày 01/01/2023."),
        ({"tu_ngay": "2/5/2024", "den_ngay": "1/5/2024"}, "Ngày đầu phải trước hoặc cùng ngày 01/05/2024."),
        ({"nam": "1066"}, "Hãy chọn một mục trong danh sách."),
        ({"loai": "x"}, "Hãy chọn một mục trong danh sách."),
        ({"pham_vi": "khong-co"}, "Hãy chọn một mục trong danh sách."),
        ({"tu_ngay": "hôm qua"}, "chưa đúng cách viết"),
    ],
)
def test_what_cannot_be_answered_is_said(query, sentence, taught, as_user):
    response = as_user(taught.board).get(URL, query)

    assert response.status_code == 422
    assert sentence in text_of(response)


def test_a_foreign_unit_is_not_offered(taught, as_user):
    assert as_user(taught.north_officer).get(URL, {"pham_vi": taught.south.slug}).status_code == 422


# Whose numbers


@pytest.mark.parametrize("name", ["board", "standing", "supervisor", "north_officer", "branch_officer", "cell_officer"])
@pytest.mark.parametrize("query", ["", "&tinh_den=31/12/2023", "&pham_vi=I"])
def test_every_number_opens_a_list_of_as_many(name, query, taught, as_user):
    client, found = as_user(getattr(taught, name)), 0
    if query.endswith("=I") and name in ("supervisor", "cell_officer"):
        return
    for part in ("", "&muc=ket-nap"):
        content = client.get(f"{URL}?tu_ngay=1/1/2015{query}{part}").content.decode()
        for link, number in {*NUMBER.findall(content), *TALLY.findall(content)}:
            response = client.get(link.replace("&amp;", "&"))
            assert response.status_code == 200
            assert SAID.search(response.content.decode())[1] == number, link
            found += 1
    assert found > 4


def test_the_center_sees_the_classes_and_no_conversion(taught, as_user):
    client = as_user(taught.center)
    for address in (URL, f"{URL}?muc=ket-nap&nam=2022"):
        response = client.get(address)
        words = text_of(response)
        assert response.status_code == 200
        assert "Giấy chứng nhận" in words
        assert "Số chỗ" in words
        for hidden in ("kết nạp sau", "Đã kết nạp", "Chưa kết nạp", "Không còn theo dõi", "Tỷ lệ kết nạp"):
            assert hidden.lower() not in words.lower()
        assert ROWS not in response.content.decode()
    assert client.get(ROWS, {"so": "da-ket-nap"}).status_code == 403
    assert client.get(GRADUATES).status_code == 403
    book = opened(client.get(f"{URL}xuat/").getvalue())
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert "Đã cử" in cells
    assert not [cell for cell in cells if "kết nạp" in cell.lower()]


@pytest.mark.parametrize("name", ["youth", "admin", "nobody"])
def test_others_open_nothing(name, taught, as_user):
    client = as_user(getattr(taught, name))
    for address in (URL, f"{URL}xuat/", ROWS, f"{ROWS}xuat/", GRADUATES, f"{GRADUATES}xuat/"):
        assert client.get(address).status_code == 403


def test_classes_of_other_purposes_have_no_conversion(taught, as_user):
    held = open_class(date(2024, 5, 6), purpose=Purpose.COMMITTEE, capacity=20)
    names = {"participant_name": "Vũ Văn Ủy", "participant_position": "Bí thư"}
    Enrolment.objects.create(training_class=held, unit=taught.north, state="enrolled", **names)
    client = as_user(taught.board)

    response = client.get(URL, {"loai": "committee", "muc": "ket-nap"})

    assert "Kết nạp sau khi học" not in text_of(response)
    (link, number) = NUMBER.findall(response.content.decode())[0]
    assert number == "1"
    assert "Vũ Văn Ủy" in text_of(client.get(link.replace("&amp;", "&")))


# The people


def test_somebody_who_moved_stays_in_the_list_with_little_more_than_a_name(taught, as_user):
    client = as_user(taught.north_officer)

    words = text_of(client.get(ROWS, {"so": "chua-ket-nap", "nam": "2024"}))

    assert "Trần Thị Chuyển" in words
    assert "Đã chuyển" in words
    assert "Bí Mật" not in words
    lives_there = text_of(as_user(taught.south_officer).get(ROWS, {"so": "chua-ket-nap", "nam": "2024"}))
    assert "Trần Thị Chuyển" not in lives_there
    book = opened(client.get(f"{ROWS}xuat/", {"so": "chua-ket-nap", "nam": "2024"}).getvalue())
    rows = [row for row in book.active.iter_rows(values_only=True) if "Trần Thị Chuyển" in row]
    assert rows[0][-2:] == ("đã chuyển", "chỉ để xem")
    assert rows[0][-3] is None


def test_a_list_without_a_number_or_of_an_unknown_one_says_so(taught, as_user):
    client = as_user(taught.board)
    for query in ({}, {"so": "khong-co"}, {"so": "dat", "lop": "x"}):
        response = client.get(ROWS, query)
        assert response.status_code == 422
        assert "Chưa có danh sách" in text_of(response)


def test_the_file_of_a_list_has_its_rows(taught, as_user):
    client = as_user(taught.board)
    for number in NUMBERS.values():
        query = {"so": number.slug, "tu_ngay": "1/1/2015"}
        said = SAID.search(client.get(ROWS, query).content.decode())
        rows = list(opened(client.get(f"{ROWS}xuat/", query).getvalue()).active.iter_rows(values_only=True))
        head = next(place for place, row in enumerate(rows) if row[0] == "STT")
        assert len(rows) - head - 1 == int(said[1] if said else 0), number.slug


# The workbook


def test_the_workbook_says_what_the_page_says(taught, as_user):
    book = opened(as_user(taught.board).get(f"{URL}xuat/", {"tu_ngay": "1/1/2015"}).content, data_only=True)
    table = training_table(Reach(taught.board), ALWAYS)

    assert book.sheetnames == ["Theo lớp", "Theo đơn vị"]
    for sheet in book:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        head = next(row for row in rows if row[0] == "STT")
        total = dict(zip(head, next(row for row in rows if row[1] == "Tổng cộng"), strict=True))
        labels = {"Đã cử": "sent", "Đạt": "passed", "Bỏ học": "dropped", "Giấy chứng nhận": "certificates"}
        labels |= {"Đã kết nạp": "admitted", "trong 24 tháng": "within_24", "Chưa kết nạp": "waiting"}
        assert {label: total[label] for label in labels} == {
            label: number_of(table.total, key) for label, key in labels.items()
        }
        assert total["Tỷ lệ đạt"] == pytest.approx(float(table.total.tally.pass_rate))
        assert total["Tỷ lệ kết nạp"] == pytest.approx(float(table.total.conversion.rate))
    assert book["Theo lớp"].max_row > len(table.classes)


@pytest.mark.recalculation
@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("board", {"tu_ngay": "1/1/2015"}),
        ("board", {"tu_ngay": "1/1/2015", "pham_vi": "I"}),
        ("board", {"nam": "2016"}),
        ("north_officer", {"tu_ngay": "1/1/2015"}),
        ("center", {"tu_ngay": "1/1/2015"}),
    ],
)
def test_the_sums_of_the_workbook_are_live_and_right(name, query, taught, as_user):
    content = as_user(getattr(taught, name)).get(f"{URL}xuat/", query).content

    assert assert_recalculates(content) >= 2


# Graduates


def test_graduates_by_how_long_and_by_when_their_certificate_ends(taught, as_user):
    client = as_user(taught.board)

    def listed(tab: str) -> int:
        return client.get(GRADUATES, {"muc": tab}).context["page_obj"].paginator.count

    waiting = training_table(Reach(taught.board), ALWAYS).total.conversion
    assert (listed(""), listed("da-het"), listed("sap-het")) == (waiting.waiting, waiting.expired, waiting.expiring)
    assert [listed(tab) for tab in ("12", "24", "36")] == [2, 2, 1]
    tabs = client.get(GRADUATES).context["tabs"]
    assert [tab["count"] for tab in tabs] == [4, 2, 2, 1, 0, 1]
    assert client.get(GRADUATES).context["people"][0]["holds"]["word"] == "Đã hết giá trị"


def test_graduates_are_found_by_name_and_by_unit(taught, as_user):
    client = as_user(taught.board)

    assert client.get(GRADUATES, {"q": "tran thi chuyen"}).context["page_obj"].paginator.count == 1
    assert client.get(GRADUATES, {"pham_vi": taught.cell.slug}).context["page_obj"].paginator.count == 1
    assert "Không có ai khớp" in text_of(client.get(GRADUATES, {"q": "khong co ai"}))
    assert client.get(GRADUATES, {"muc": "x"}).status_code == 422
    assert client.get(GRADUATES, {"q": "034090123456"}).status_code == 302


def test_graduates_are_sorted_and_exported_as_shown(taught, as_user):
    client = as_user(taught.board)
    for order in ("", "ten", "-cap"):
        shown = [line["name"] for line in client.get(GRADUATES, {"xep": order}).context["people"]]
        rows = list(
            opened(client.get(f"{GRADUATES}xuat/", {"xep": order}).getvalue()).active.iter_rows(values_only=True)
        )
        head = next(place for place, row in enumerate(rows) if row[0] == "STT")
        assert [row[1] for row in rows[head + 1 :]] == shown


@pytest.mark.parametrize(("name", "people"), [("north_officer", 2), ("branch_officer", 2), ("cell_officer", 1)])
def test_graduates_of_the_own_units(name, people, taught, as_user):
    assert as_user(getattr(taught, name)).get(GRADUATES).context["page_obj"].paginator.count == people


# The card


def test_the_card_says_what_the_report_and_the_recount_say(taught, as_user):
    card = as_user(taught.board).get("/tong-quan/").context["training"]
    report = as_user(taught.board).get(URL).context["report"]
    counted = recounted(Ground.of(tables.read()), taught.plan, TODAY, date(2024, 1, 1), TODAY)["total"]

    keys = ("seated", "passed", "certificates", "admitted", "waiting", "gone")
    shown = [row["value"] for row in card["rows"]]
    assert shown == [number_of(report.table.total, key) for key in keys] == [counted[key] for key in keys]
    assert card["sent"] == counted["sent"]
    assert "của 10 chỗ" in card["rows"][0]["note"]


def test_every_number_of_the_card_opens_its_list(taught, as_user):
    client = as_user(taught.board)
    card = client.get("/tong-quan/").context["training"]
    for row in card["rows"]:
        if row["url"]:
            assert SAID.search(client.get(row["url"]).content.decode())[1] == str(row["value"])
    assert client.get(card["url"]).status_code == 200


def test_the_card_is_quiet_before_the_first_class(world, as_user):
    assert "Chưa có ai được cử" in text_of(as_user(world.board).get("/tong-quan/"))


# What they cost


COSTS = [URL, f"{ROWS}?so=dat&tu_ngay=1/1/2015", GRADUATES, f"{URL}xuat/", f"{GRADUATES}xuat/"]


@pytest.mark.parametrize("address", COSTS)
def test_costs_the_same_with_more_people(address, taught, as_user):
    client = as_user(taught.board)
    client.get(address)
    few = queries_for(client, address)
    held = open_class(date(2024, 4, 1), capacity=50)
    for _ in range(20):
        finished(person(taught.north_1), held, date(2024, 4, 15))

    assert queries_for(client, address) == few <= 22


def test_an_empty_year_is_said(world, as_user):
    response = as_user(world.board).get(URL, {"nam": "2020"})

    assert "Không có lớp nào khai giảng" in text_of(response)
    assert "Không có ai chờ kết nạp" in text_of(as_user(world.board).get(GRADUATES))


def test_stands_on_the_page_of_reports(world, as_user):
    content = as_user(world.board).get(reverse("reports:index")).content.decode()

    assert f'href="{URL}"' in content
    assert f'href="{GRADUATES}"' in content
