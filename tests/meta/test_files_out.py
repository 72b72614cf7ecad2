"""Every file that leaves, found by its address: ready for the meeting (U26), no more in it than asked (R34), logged.

A new address that hands out a file fails here until the table says what to expect of it.
"""

import ast
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from django.test import override_settings
from django.urls import URLPattern, get_resolver, reverse
from openpyxl import load_workbook

from candidates.models import Appraisal, CommitteeSession, TrainingClass
from organizations.models import Export
from reports.class_papers import Form
from tests.meta import crawl
from vuthu_recruit.workbook import AUTHOR

ROOT = Path(__file__).resolve().parents[2]
# Answers a file without organizations.exports, and why: it is given back to whoever sent it.
# Given back to whoever sent it, or an empty list to be filled in: nobody's data leaves.
GIVEN_BACK = {
    "candidates:result_file_marked": "candidates/views/result_file.py",
    "organizations:import_marked": "organizations/views/imports.py",
    "organizations:import_blank": "organizations/views/imports.py",
}
WAYS_OUT = {"file_response", "workbook_response"}


@dataclass(frozen=True)
class Paper:
    """`filter`: a list with one header and a filter on it. `sums`: the sheets that may hold formulas."""

    kwargs: dict | None = None
    query: str = ""
    who: str = "board"
    filter: bool = True
    sums: bool = False
    portrait: bool = False
    word: bool = False
    of_people: bool = True
    lists: tuple[str, ...] = ()  # sheets with a filter beside others
    without_header: tuple[str, ...] = ()  # sheets of words


def _first(rows, **values) -> int:
    return rows.filter(**values).order_by("pk").values_list("pk", flat=True)[0]


def _held(site) -> dict:
    return {"class_pk": TrainingClass.objects.get(from_on=datetime(2024, 9, 2)).pk}


def _session(site) -> dict:
    return {"pk": _first(CommitteeSession.objects)}


FILES = {
    "organizations:export": Paper(of_people=False),
    "organizations:exports_export": Paper(of_people=False),
    "targets:export": Paper(filter=False, sums=True, of_people=False),
    "candidates:export": Paper(),
    "candidates:deadlines_export": Paper(),
    "candidates:classes_export": Paper(of_people=False),
    "candidates:not_attended_export": Paper(),
    "candidates:unscreened_export": Paper(),
    "reports:standing_committee_xlsx": Paper(filter=False, sums=True, lists=("Danh sách",),
                                             without_header=("Cách tính",)),
    "reports:training_xlsx": Paper(filter=False, sums=True, of_people=False),
    "reports:training_rows_xlsx": Paper(query="?so=da-cu&tu_ngay=1/1/2015"),
    "reports:graduates_xlsx": Paper(),
    "reports:rows_xlsx": Paper(lambda site: {"figure": "dang-theo-doi"}),
    "organizations:imports_export": Paper(of_people=False),
    "organizations:changes_export": Paper(),
    "organizations:accounts_export": Paper(who="admin", of_people=False),
    "organizations:proposals_export": Paper(of_people=False),
    "targets:opening_export": Paper(of_people=False),
    "candidates:waiting_export": Paper(),
    "candidates:review_export": Paper(),
    "candidates:sessions_export": Paper(of_people=False),
    "reports:class_sheet_xlsx": Paper(lambda site: _held(site) | {"sheet": Form.ROSTER}, filter=False, sums=True,
                                      portrait=True),
    "reports:session_list_xlsx": Paper(_session, filter=False),
    "reports:session_list_word": Paper(_session, word=True),
    "reports:decision_word": Paper(lambda site: {"pk": site.people["south admitted"].pk}, word=True),
    "reports:return_note_word": Paper(lambda site: {"pk": _first(Appraisal.objects)}, word=True),
}  # fmt: skip
WORKBOOKS = [name for name, paper in FILES.items() if not paper.word]


@pytest.fixture
def site(db, today):
    return crawl.build()


def address(site, name: str, paper: Paper) -> str:
    return reverse(name, kwargs=paper.kwargs(site) if paper.kwargs else None) + paper.query


def fetch(site, name: str):
    paper = FILES[name]
    client = crawl.client_for(getattr(site.world, paper.who))
    if name == "organizations:exports_export":
        client.get(reverse("organizations:export"))
    with override_settings(EXPORT_PEOPLE_UNASKED=10**6):
        response = client.get(address(site, name, paper))
    assert response.status_code == 200, (name, response.status_code)
    assert response["Content-Disposition"].startswith("attachment"), name
    return response


def views(resolver=None, namespace=""):
    """(name, the view itself) of every address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield f"{namespace}{entry.name}", entry.callback
        else:
            yield from views(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


def calls(path: Path, names: set[str]):
    """(function, line) of every call of one of these names, by the function it stands in."""
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in names:
                    yield function.name


def sources():
    for app in ("organizations", "targets", "candidates", "reports"):
        yield from (ROOT / app).rglob("*.py")


def test_no_file_leaves_but_by_the_one_way_out():
    found = {
        f"{path.relative_to(ROOT)}: {function}"
        for path in sources()
        for function in calls(path, WAYS_OUT | {"FileResponse", "StreamingHttpResponse"})
        if path != ROOT / "organizations/exports.py" and str(path.relative_to(ROOT)) not in GIVEN_BACK.values()
    }

    assert not found


def test_every_address_that_takes_something_out_stands_in_the_table():
    out = {
        (str(path.relative_to(ROOT)).removesuffix(".py").replace("/", "."), function)
        for path in sources()
        for function in calls(path, {"take_out"})
    }
    named = {(view.__module__, view.__name__): name for name, view in views()}

    assert {named.get(one, one) for one in out} == set(FILES)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_is_ready_for_the_meeting(name, site):
    paper = FILES[name]
    book = load_workbook(BytesIO(fetch(site, name).getvalue()))
    for sheet in book:
        page = sheet.page_setup
        assert page.paperSize == 9, sheet.title
        assert page.orientation == ("portrait" if paper.portrait else "landscape"), sheet.title
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, page.fitToHeight) == (True, 0), sheet.title
        assert re.search(r"Trang &P/&N", sheet.oddFooter.right.text or ""), sheet.title
        widths = [
            sheet.column_dimensions[cell.column_letter].width
            for cell in sheet[sheet.max_row]
            if hasattr(cell, "column_letter")
        ]
        assert all(4 <= width <= 101 for width in widths), (sheet.title, widths)
        if sheet.title in paper.without_header:
            continue
        is_list = paper.filter or sheet.title in paper.lists
        assert sheet.freeze_panes, sheet.title
        assert sheet.print_title_rows, sheet.title
        header = int(sheet.print_title_rows.split(":")[-1].strip("$"))
        assert int(re.sub(r"\D", "", sheet.freeze_panes)) == header + 1, sheet.title
        assert bool(sheet.auto_filter.ref) == is_list, sheet.title
        if is_list:
            assert int(re.search(r"\d+", sheet.auto_filter.ref)[0]) == header, sheet.title


@pytest.mark.parametrize("name", WORKBOOKS)
def test_days_are_days_and_formulas_stand_only_where_they_are_declared(name, site):
    book = load_workbook(BytesIO(fetch(site, name).getvalue()))
    formulas, days = 0, []
    for sheet in book:
        if sheet.title in FILES[name].without_header:
            continue
        for cells in sheet.iter_rows():
            for cell in cells:
                formulas += cell.data_type == "f"
                if isinstance(cell.value, datetime):
                    days.append(cell.number_format)
                elif isinstance(cell.value, str):
                    whole = re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}|\d{1,3}(\.\d{3})+|\d+,\d+", cell.value)
                    assert not whole, f"{sheet.title} {cell.coordinate}: {cell.value} is text"

    assert bool(formulas) == FILES[name].sums
    assert set(days) <= {"dd/mm/yyyy", "dd/mm/yyyy hh:mm"}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_hides_nothing_and_names_nobody_in_its_properties(name, site):
    content = fetch(site, name).getvalue()
    book = load_workbook(BytesIO(content))

    assert [sheet.sheet_state for sheet in book] == ["visible"] * len(book.worksheets)
    for sheet in book:
        assert not [key for key, column in sheet.column_dimensions.items() if column.hidden], sheet.title
        assert not [key for key, row in sheet.row_dimensions.items() if row.hidden], sheet.title
        assert not list(sheet._comments if hasattr(sheet, "_comments") else []), sheet.title
    assert book.properties.creator == AUTHOR
    assert (book.properties.lastModifiedBy or "") in ("", AUTHOR)
    assert not book.defined_names


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_says_who_took_it_when_and_by_which_filter(name, site):
    with zipfile.ZipFile(BytesIO(fetch(site, name).getvalue())) as archive:
        said = b" ".join(archive.read(one) for one in archive.namelist()).decode()
    who = getattr(site.world, FILES[name].who).full_name

    assert who in said
    for words in Export.objects.latest("pk").filter_words.rstrip(".").split("; "):
        assert escape(words) in said
    assert re.search(r"\d\d:\d\d ?(ngày )?\d\d/\d\d/\d{4}", said)


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_logged_once_with_its_name_and_its_people(name, site):
    before = Export.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    fetch(site, name)

    row = Export.objects.filter(pk__gt=before).order_by("-pk")[0]
    assert row.by == getattr(site.world, FILES[name].who)
    assert row.name
    assert row.filter_words
    assert row.rows > 0
    assert row.people == (row.rows if FILES[name].of_people else 0)


@pytest.mark.parametrize("name", [name for name, paper in FILES.items() if paper.of_people])
def test_no_people_leave_past_the_limit_unasked(name, site):
    paper = FILES[name]
    client = crawl.client_for(getattr(site.world, paper.who))
    with override_settings(EXPORT_PEOPLE_UNASKED=0):
        response = client.get(address(site, name, paper))

    assert response.status_code == 200
    assert "Content-Disposition" not in response
    assert "organizations/take_out.html" in [template.name for template in response.templates]
    assert client.get(response.context["back"]).status_code == 200
    assert not Export.objects.exists()
