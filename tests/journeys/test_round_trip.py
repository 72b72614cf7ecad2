"""Every list of people comes back: as it left it changes nothing, with three cells changed it changes three."""

import io
import random
import subprocess
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candidates.choices import PriorityGroup
from candidates.models import Candidate
from candidates.pipeline import Stage, Step
from organizations.models import ImportBatch
from tests import factories
from tests.reports.certified import open_class, sent
from tests.tools import require
from vuthu_recruit.dates import PartialDate

PEOPLE = reverse("candidates:export")
LISTS = (
    PEOPLE,
    reverse("candidates:deadlines_export"),
    reverse("candidates:not_attended_export"),
    reverse("candidates:unscreened_export"),
    reverse("reports:graduates_xlsx"),
    reverse("reports:training_rows_xlsx") + "?so=giay-chung-nhan&tu_ngay=1/1/2015",
    reverse("reports:rows_xlsx", args=["dang-theo-doi"]),
    reverse("reports:rows_xlsx", args=["buoc-dossier"]),
)
FAMILIES, GIVEN = ("Nguyễn Thị", "Trần Văn", "Đỗ"), ("Hoà", "Hòa", "Ý", "Ánh")
ODD = ("-3 ngõ Bắc", "'số 5", "ngõ 1/2", "12/12", "007", "1/5", "Thôn Hội; xóm Trại", "xóm\u00a0Đông", "“Xóm”")


@pytest.fixture
def people(world):
    """Seventy people of one commune with everything a record may hold, at several steps."""
    rng, coming = random.Random(51), open_class(date(2024, 12, 9))
    for number in range(70):
        groups = rng.sample(PriorityGroup.values, rng.randint(0, 3))
        births = (PartialDate(1990), PartialDate(1991, 5), PartialDate(1992, rng.randint(1, 12), rng.randint(1, 28)))
        person = factories.make_candidate(
            rng.choice([world.north_1, world.north_2]),
            full_name=f"{rng.choice(FAMILIES)} {rng.choice(GIVEN)} {number}",
            birth=rng.choice(births),
            priority_groups=groups,
            residence=rng.choice(ODD),
            home_town=rng.choice(["", "Vũ Thư, Thái Bình"]),
            job=rng.choice(["", "giáo viên mầm non", "Nông dân"]),
            workplace=rng.choice(["", "Trường mầm non"]),
        )
        if number % 9 == 0:
            factories.advance(person, Stage.DOSSIER)
        if number % 9 == 1:
            sent(person, coming, "nominated")
    return list(Candidate.objects.order_by("pk"))


def send(client, content: bytes):
    url = reverse("organizations:import_new", args=["people"])
    file = SimpleUploadedFile("Danh sách.xlsx", content)
    return client.post(url, {"unit": "13195", "entered_on": "15/1/2024", "file": file}, follow=True)


def lines(page) -> list:
    """All rows of the preview, whatever page of it they stand on."""
    return list(page.context["page_obj"].paginator.object_list)


def taken(client, address: str) -> bytes:
    response = client.get(address)
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("address", LISTS)
def test_a_list_that_was_not_touched_changes_nothing(address, people, world, as_user):
    client = as_user(world.north_officer)
    page = send(client, taken(client, address))
    found = lines(page)
    assert found
    assert {str(line.kind) for line in found} == {"same"}, [
        (line.title, line.changes, line.notes) for line in found if line.kind != "same"
    ][:3]
    assert page.context["ready"] == 0


def test_what_a_list_only_shows_comes_back_to_nobody(people, world, as_user):
    """Somebody who has moved away, and those an opening balance counts without a name."""
    gone = factories.advance(people[1], Stage.DECIDED)
    decided = gone.events.get(step=Step.DECIDED).happened_on
    factories.step(gone, Step.MOVED, date(2024, 6, 3), by=world.board, unit=world.south_1, reason="Theo gia đình")
    asked = f"?tu_ngay={decided:%d/%m/%Y}&den_ngay={decided:%d/%m/%Y}"
    client = as_user(world.north_officer)
    page = send(client, taken(client, reverse("reports:rows_xlsx", args=["trong-ky"]) + asked))
    assert lines(page) == []
    assert [gone.full_name in one.text for one in page.context["table"]["left_out"]] == [True]


def saved_by_libreoffice(content: bytes, folder) -> bytes:
    source = folder / "sua.xlsx"
    source.write_bytes(content)
    command = [require("soffice"), "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "ra"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (folder / "ra" / "sua.xlsx").read_bytes()


def test_three_cells_changed_and_saved_by_libreoffice_are_three_changes(people, world, as_user, tmp_path):
    client = as_user(world.north_officer)
    book = openpyxl.load_workbook(io.BytesIO(taken(client, PEOPLE)))
    sheet = book.active
    heads = {cell.value: cell.column for row in sheet.iter_rows(max_row=8) for cell in row if cell.value}
    first = next(row for row in range(1, 9) if sheet.cell(row, 1).value == "STT") + 1
    sheet.cell(first, heads["Nơi ở hiện nay"]).value = "Thôn Mới"
    sheet.cell(first + 3, heads["Ngày sinh"]).value = date(1993, 2, 3)
    sheet.cell(first + 9, heads["Họ và tên"]).value = "Lê Thị Đổi"
    kept = io.BytesIO()
    book.save(kept)

    page = send(client, saved_by_libreoffice(kept.getvalue(), tmp_path))
    changed = [line for line in lines(page) if line.kind != "same"]
    assert [str(line.kind) for line in changed] == ["changed"] * 3
    assert sum(len(line.changes) for line in changed) == 3
    batch = ImportBatch.objects.get()
    data = {"confirm": "1", "version": batch.version, "seen": page.context["form"]["seen"].value()}
    client.post(batch.get_absolute_url(), data)
    assert Candidate.objects.filter(residence="Thôn Mới").exists()
    assert Candidate.objects.get(full_name="Lê Thị Đổi").version == 2
    assert Candidate.objects.count() == len(people)


def test_a_record_changed_meanwhile_is_a_question(people, world, as_user):
    client, one = as_user(world.north_officer), people[0]
    content = taken(client, PEOPLE)
    factories.edit(candidate=one, values={"residence": "Thôn Khác"}, version=one.version, by=world.north_officer)
    page = send(client, content)
    (line,) = [line for line in lines(page) if line.kind != "same"]
    assert str(line.kind) == "question"
    assert ("Nơi ở hiện nay", one.residence, "Thôn Khác") in line.questions[0].beside


def test_nobody_edits_people_of_another_unit_by_their_keys(people, world, as_user):
    theirs = as_user(world.board)
    content = taken(theirs, PEOPLE)
    url = reverse("organizations:import_new", args=["people"])
    file = SimpleUploadedFile("Danh sách.xlsx", content)
    page = as_user(world.south_officer).post(
        url, {"unit": "13249", "entered_on": "15/1/2024", "file": file}, follow=True
    )
    assert {str(line.kind) for line in lines(page)} == {"error"}
    assert "Không có hồ sơ mang mã này" in lines(page)[0].notes[0].message
