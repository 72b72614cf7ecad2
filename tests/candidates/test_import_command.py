"""A list of people sent from the shell: the same outcome and the same sentences as on the page."""

import io

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from candidates.models import Candidate, NeutralAnswer, ReviewCase
from organizations.models import Change, ImportBatch, ImportedRow
from tests import factories
from tests.candidates.test_people_import import BRANCHES, SAMPLE, kinds, line, row, send, song_lang, workbook
from tests.long_lists import long_list


@pytest.fixture
def lang(world):
    return song_lang(world)


@pytest.fixture
def run(lang, tmp_path):
    """Runs the command; what it printed, and the code it ended with."""

    def call(content: bytes | None, *options: str, name="Danh sách.xlsx", unit="13213", user="lang_officer"):
        file, said = tmp_path / name, io.StringIO()
        if content is not None:
            file.write_bytes(content)
        given = [str(file), f"--unit={unit}", f"--as={user}", *options]
        try:
            call_command("import_candidates", *given, stdout=said, stderr=io.StringIO())
        except CommandError as refusal:
            return f"{said.getvalue()}{refusal}", refusal.returncode
        return said.getvalue(), 0

    return call


def people() -> int:
    return Candidate.objects.count()


def test_the_sample_is_refused_whole_while_rows_are_wrong(run):
    said, code = run(SAMPLE.read_bytes(), name=SAMPLE.name)
    assert code == 2
    assert people() == 0
    assert "Chưa ghi gì. Sửa các dòng trên, hoặc dùng --only-valid." in said
    assert said.rstrip().endswith("5 dòng không được nhập.")


def test_the_right_rows_of_the_sample_come_in_when_they_are_asked_for(run):
    said, code = run(SAMPLE.read_bytes(), "--only-valid", "--entered-on=15/1/2024", name=SAMPLE.name)
    assert (code, people()) == (2, 18)
    assert "Đã nhập: 18 thêm mới; 5 dòng chưa nhập." in said
    assert set(Change.objects.filter(action="candidate.enter").values_list("via", flat=True)) == {Change.Via.COMMAND}


def test_says_what_the_page_says(run, lang, as_user):
    said, _ = run(SAMPLE.read_bytes(), "--dry-run", name=SAMPLE.name)
    page = send(as_user(lang), SAMPLE.read_bytes(), SAMPLE.name)
    for number, kind in kinds(page).items():
        one = line(page, number)
        told = [note.message for note in one.notices]
        if kind in ("error", "question"):
            told += [note.message for note in one.errors] + [question.text for question in one.questions]
        for sentence in told:
            assert f"Dòng {number}, {one.title}: {sentence}" in said


def test_a_list_without_a_fault_comes_in_and_ends_with_nought(run):
    said, code = run(workbook(row()), "--entered-on=15/1/2024")
    assert (code, people()) == (0, 1)
    assert "Đã nhập: 1 thêm mới." in said
    said, code = run(workbook(row()))
    assert (code, people()) == (0, 1)
    assert "Không có gì mới để ghi." in said


def test_a_dry_run_writes_nobody(run):
    said, code = run(workbook(row()), "--dry-run")
    assert (code, people()) == (0, 0)
    assert "1 dòng: 1 thêm mới." in said
    assert ImportBatch.objects.get().state == ImportBatch.State.PREVIEW


NOTHING = [
    ({"user": "nobody_at_all"}, "Không có tài khoản “nobody_at_all” đang hoạt động."),
    ({"unit": "99999"}, "Không có đơn vị “99999” đang hoạt động."),
    ({"unit": "13195"}, "không có quyền nhập danh sách cho"),
    ({"user": "branch_officer"}, "không có quyền nhập danh sách cho"),
    ({"content": None}, "Không đọc được tệp"),
    ({"name": "Danh sách.txt"}, "Chỉ nhận tệp Excel"),
    ({"content": b"PK"}, "Nội dung không phải tệp .xlsx"),
    ({"options": ["--entered-on=31/6/2024"]}, "chỉ có 30 ngày"),
    ({"options": ["--entered-on=1/1/2090"]}, "chưa đến"),
]


@pytest.mark.parametrize("given, words", NOTHING, ids=[words for _, words in NOTHING])
def test_refuses_in_words_and_keeps_nothing(given, words, run, world):
    given = {"content": workbook(row()), "options": []} | given
    said, code = run(given.pop("content"), *given.pop("options"), **given)
    assert code == 1
    assert words in said
    assert ImportBatch.objects.count() == people() == 0


def test_refuses_a_list_whose_columns_nobody_has_explained(run):
    said, code = run(workbook(("Lê Thị Ba", "Ba"), head=("Họ và tên", "Họ và tên")))
    assert (code, people()) == (1, 0)
    assert "Có cột chưa rõ nghĩa. Mở tệp này ở trang “Nhập Excel”" in said


def test_each_question_about_another_unit_is_counted_once(world, run, lang):
    rows = []
    for number in range(3):
        values = {"Họ và tên": f"Vũ Thị {'ABC'[number]}", "Số CCCD": f"00019000007{number}"}
        factories.make_candidate(world.north_1, full_name=values["Họ và tên"], identity_number=values["Số CCCD"])
        rows.append(row(**values))
    said, code = run(workbook(*rows))
    assert code == 0
    assert "3 chờ Ban Tổ chức đối chiếu" in said
    assert NeutralAnswer.objects.count() == 3
    assert list(ReviewCase.objects.values_list("from_file", flat=True)) == [True] * 3


# More than an upload may hold


@pytest.fixture
def small(monkeypatch):
    """An upload of ten rows, a command of forty: the limits at a size a test can afford."""
    from organizations.imports import reading
    from vuthu_recruit.spreadsheet import Limits

    monkeypatch.setattr(reading, "UPLOAD", Limits(rows=10))
    monkeypatch.setattr(reading, "LARGE", Limits(rows=40))
    reading._sheets.cache_clear()


def test_takes_more_rows_than_an_upload_and_its_page_opens(small, run, lang, as_user):
    content, client = long_list(30, BRANCHES), as_user(lang)
    refused = send(client, content)
    assert refused.status_code == 422
    assert "nhiều nhất 10 dòng" in refused.content.decode()

    said, code = run(content, "--dry-run")
    assert (code, people()) == (0, 0), said
    batch = ImportBatch.objects.get()
    assert batch.is_large
    client.post(batch.get_absolute_url(), {"again": "1"})
    assert len(kinds(client.get(batch.get_absolute_url()))) == 30
    assert client.get(reverse("organizations:import_marked", args=[batch.pk])).status_code == 200

    said, code = run(content)
    assert (code, people(), ImportedRow.objects.count()) == (0, 30, 30), said
    assert client.get(batch.get_absolute_url()).status_code == 200


def test_refuses_more_rows_than_the_command_takes(small, run):
    said, code = run(long_list(41, BRANCHES))
    assert (code, people()) == (1, 0)
    assert "nhiều nhất 40 dòng" in said


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("looks, lines", [(Terminal(), 3), (io.StringIO(), 0)])
def test_shows_how_far_it_is_where_somebody_looks(looks, lines, lang, tmp_path, monkeypatch):
    monkeypatch.setattr("organizations.actions.imports.PORTION", 10)
    file = tmp_path / "Danh sách.xlsx"
    file.write_bytes(long_list(25, BRANCHES))
    call_command(
        "import_candidates", str(file), "--unit=13213", "--as=lang_officer", stdout=io.StringIO(), stderr=looks
    )
    told = looks.getvalue().replace("\r", "\n").splitlines()
    assert len(told) == lines
    assert people() == 25
    if told:
        assert told[0].endswith("đã ghi 10/25 dòng")
        assert told[-1] == "█" * 30 + " đã ghi 25/25 dòng"


def test_a_portion_that_fails_takes_the_others_with_it(lang, tmp_path, monkeypatch):
    from candidates.actions import people_list

    monkeypatch.setattr("organizations.actions.imports.PORTION", 10)
    write, done = people_list.write_list, []

    def break_at_the_second(**given):
        done.append(1)
        if len(done) == 2:
            raise people_list.Stale
        return write(**given)

    monkeypatch.setattr(people_list, "write_list", break_at_the_second)
    file = tmp_path / "Danh sách.xlsx"
    file.write_bytes(long_list(25, BRANCHES))
    with pytest.raises(CommandError, match="Chưa ghi gì; hãy chạy lại"):
        call_command(
            "import_candidates", str(file), "--unit=13213", "--as=lang_officer", stdout=io.StringIO(), stderr=Terminal()
        )
    assert people() == ImportedRow.objects.count() == 0


def test_the_workbook_of_a_test_is_one_that_excel_opens():
    assert openpyxl.load_workbook(io.BytesIO(long_list(3, BRANCHES))).active.max_row == 4
