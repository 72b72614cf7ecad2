"""What views share: pages of a list, workbooks, parts of pages."""

from urllib.parse import unquote

import pytest
from django.test import RequestFactory

from vuthu_recruit.web import paginate, workbook_response


class CountedList(list):
    """A list that knows how far it was read."""

    furthest = 0

    def __getitem__(self, piece):
        self.furthest = max(self.furthest, piece.stop)
        return super().__getitem__(piece)


@pytest.mark.parametrize(
    "asked, answered",
    [("2", 2), ("0", 1), ("-1", 1), ("abc", 1), ("", 1), ("1e9", 1), (str(10**9), 4), ("9" * 5000, 1), ("4", 4)],
)
def test_any_page_number_leads_to_a_page(asked, answered):
    rows = CountedList(range(100))

    page = paginate(RequestFactory().get("/", {"page": asked}), rows)

    assert page.number == answered
    assert len(list(page)) == 25
    assert rows.furthest <= 100


def test_an_empty_list_has_one_empty_page():
    page = paginate(RequestFactory().get("/?page=7"), [])

    assert (page.number, list(page)) == (1, [])


def test_a_workbook_keeps_its_vietnamese_name_and_no_cache_keeps_it():
    response = workbook_response(b"PK", "Báo cáo Đảng bộ 15/08/2024.xlsx")
    plain, full = response["Content-Disposition"].removeprefix("attachment; ").split("; ")

    assert plain == 'filename="Bao cao Dang bo 15-08-2024.xlsx"'
    assert unquote(full) == "filename*=UTF-8''Báo cáo Đảng bộ 15-08-2024.xlsx"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert response.content == b"PK"


@pytest.mark.parametrize("filename", ['a"b.xlsx', "a\r\nX: y.xlsx", "../../etc.xlsx", "", "...", "日本.xlsx"])
def test_a_hostile_file_name_stays_a_file_name(filename):
    header = workbook_response(b"", filename)["Content-Disposition"]

    assert header.count('"') == 2
    assert not set("\r\n/\\") & set(unquote(header).replace("UTF-8", ""))
    assert 'filename=""' not in header
