"""Fetches the Standing Committee's workbook and reads it back: its lines by name, as a person would find them."""

from datetime import date
from io import BytesIO

from django.urls import reverse
from openpyxl import load_workbook

from candidates.models import Candidate
from candidates.pipeline import Stage, Step
from reports.standing_committee import MEASURES
from tests import factories

FILE = "reports:standing_committee_xlsx"
TABLE, WORDS, PEOPLE = "Biểu tiến độ", "Cách tính", "Danh sách"
SUMS = ("Cộng I", "Cộng II", "Tổng cộng")


def decided(unit, on: date, **values) -> Candidate:
    """A person whose decision is dated `on`."""
    person = factories.make_candidate(unit, started=date(2022, 3, 1), **values)
    person = factories.advance(person, Stage.APPRAISED)
    return factories.step(person, Step.DECIDED, on).candidate


def fetch(as_user, user, **query) -> bytes:
    response = as_user(user).get(reverse(FILE), query)
    assert response.status_code == 200, response.content.decode()
    return response.content


def opened(content: bytes, **options):
    return load_workbook(BytesIO(content), **options)


def lines(content: bytes) -> dict[str, dict]:
    """Every unit and every sum: measure → stored value; "remark" and "number" beside them."""
    sheet = opened(content, data_only=True)[TABLE]
    found = {}
    for cells in sheet.iter_rows(values_only=True):
        if cells[1] and (isinstance(cells[0], int) or cells[1] in SUMS):
            found[cells[1]] = dict(zip(MEASURES, cells[2:18], strict=True)) | {"number": cells[0], "remark": cells[18]}
    return found


def texts(content: bytes, sheet: str) -> list[str]:
    return [str(value) for row in opened(content)[sheet].iter_rows(values_only=True) for value in row if value]


def people(content: bytes) -> list[dict]:
    """The list of people, by its header."""
    rows = list(opened(content, data_only=True)[PEOPLE].iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if row[0] == "STT")
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]
