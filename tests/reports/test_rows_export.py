"""The people behind a number leave as a workbook: as many as the number says, each once, the unnamed rest beside."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from candidates.pipeline import Stage, Step
from tests import factories


def table(response) -> list[dict]:
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    rows = list(sheet.iter_rows(values_only=True))
    start = next(number for number, row in enumerate(rows) if row[0] == "STT")
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


@pytest.mark.parametrize("figure", ["dang-theo-doi", "buoc-source"])
def test_the_file_has_as_many_people_as_the_number(figure, world, as_user, today):
    for number in range(3):
        factories.make_candidate(world.north_1, full_name=f"Lê Thị {'ABC'[number]}")
    factories.make_candidate(world.south_1, full_name="Lê Thị Nam")
    client = as_user(world.north_officer)
    page = client.get(reverse("reports:rows", args=[figure]))
    rows = table(client.get(reverse("reports:rows_xlsx", args=[figure])))
    assert len(rows) == page.context["total"] == 3
    assert {row["Đơn vị ngày đó"] for row in rows} == {"Xã Hồng Lý"}
    assert all(row["Mã hồ sơ"].startswith("QC-") for row in rows)


def test_of_somebody_who_moved_away_no_more_than_a_trace(world, as_user, today):
    person = factories.advance(factories.make_candidate(world.north_1, full_name="Lê Thị Đi"), Stage.DECIDED)
    factories.step(person, Step.MOVED, date(2024, 6, 3), by=world.board, unit=world.south_1, reason="Theo gia đình")
    decided = person.events.get(step=Step.DECIDED).happened_on
    asked = {"tu_ngay": f"{decided:%d/%m/%Y}", "den_ngay": f"{decided:%d/%m/%Y}"}
    url = reverse("reports:rows_xlsx", args=["trong-ky"])
    (row,) = table(as_user(world.north_officer).get(url, asked))
    assert (row["Họ và tên"], row["Hiện nay"], row["Mã hồ sơ"]) == ("Lê Thị Đi", "đã chuyển", "chỉ để xem")
    assert row["Ngày sinh"] == str(person.birth.year)


@pytest.mark.parametrize("figure", ["don-vi-cham", "don-vi-chua-nhap", "chi-bo-chua-ket-nap"])
def test_lists_of_units_and_branches_leave_too(figure, world, as_user, today):
    client = as_user(world.board)
    page = client.get(reverse("reports:rows", args=[figure]))
    response = client.get(reverse("reports:rows_xlsx", args=[figure]))
    assert len(table(response)) == page.context["total"]
