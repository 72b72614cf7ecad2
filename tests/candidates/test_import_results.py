"""The Centre's result file from the shell: what the page says, and an exit code."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from candidates.models import Enrolment, ResultFile
from candidates.pipeline import Stage
from organizations.models import Change, Organization
from tests import factories
from vuthu_recruit.dates import PartialDate

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "ket-qua-lop-nhan-thuc.xlsx"
# Who attended, as the records of the units have them: name, birth, unit.
ATTENDED = [
    ("Nguyễn Thị Hòa", PartialDate(1995, 3, 12), "Đảng bộ xã Song Lãng"),
    ("Lê Minh Tuấn", PartialDate(2001, 11, 5), "Đảng bộ xã Song Lãng"),
    ("Hoàng Thị Thu Thủy", PartialDate(1996, 8, 20), "Đảng bộ xã Song Lãng"),
    ("Phan Đình Khải", PartialDate(1999, 12, 31), "Đảng bộ xã Song Lãng"),
    ("Mai Thị Quỳnh", PartialDate(2003, 6, 2), "Đảng bộ xã Song Lãng"),
    ("Trần Đức Mạnh", PartialDate(1990), "Đảng bộ xã Hiệp Hòa"),
    ("Nguyễn Thị Lan Anh", PartialDate(1997), "Đảng bộ xã Hiệp Hòa"),
    ("Nguyễn Thị Lan Anh", PartialDate(1999), "Đảng bộ xã Minh Lãng"),
    ("Vũ Văn Hưởng", PartialDate(1986), "Đảng bộ xã Minh Lãng"),
    ("Bùi Thị Thơm", PartialDate(1994), "Đảng bộ xã Vũ Tiến"),
    ("Đặng Quốc Bảo", PartialDate(2000), "Đảng bộ thị trấn Vũ Thư"),
    ("Phạm Thuỳ Dương", PartialDate(1998), "Chi bộ Trường THPT Nguyễn Trãi"),
    ("Hồ Sỹ Nguyên", PartialDate(1992), "Đảng bộ Công an huyện"),
    ("Lại Thị Hậu", PartialDate(1989), "Đảng bộ Bệnh viện Đa khoa huyện"),
    ("Đào Duy Thái", PartialDate(1995), "Đảng bộ xã Tân Lập"),
    ("Tô Thị Nhàn", PartialDate(1993), "Đảng bộ xã Tân Lập"),
    ("Khúc Văn Chiến", PartialDate(1987), "Đảng bộ xã Vũ Vinh"),
    ("Doãn Thị Yến", PartialDate(1996, 12, 3), "Đảng bộ xã Vũ Vinh"),
    ("Nguyễn Văn Ánh", PartialDate(1991), "Đảng bộ xã Đồng Thanh"),
    ("Chu Thị Kim Oanh", PartialDate(2002), "Đảng bộ xã Duy Nhất"),
]
THE_CLASS = {"from_on": date(2023, 8, 14), "to_on": date(2023, 8, 18)}


def _branch(world, name: str) -> Organization:
    unit = Organization.objects.filter(name=name).first()
    if unit is None:
        unit = factories.make_unit(world.district, f"mau-{Organization.objects.count()}", name)
        factories.make_branches(unit, "Chi bộ một")
    return unit.children.get()


@pytest.fixture
def taught(world):
    people = [
        factories.make_candidate(_branch(world, unit), full_name=name, birth=birth, started=date(2023, 3, 1))
        for name, birth, unit in ATTENDED
    ]
    training_class = factories.make_class(**THE_CLASS)
    factories.enrol(training_class, *people)
    return training_class


def run(training_class, *extra: str, file=SAMPLE, by="center") -> tuple[list[str], str]:
    """What was printed, and the last sentence when it ended badly."""
    out = StringIO()
    try:
        call_command("import_results", str(file), *extra, class_pk=training_class.pk, username=by, stdout=out)
    except CommandError as refusal:
        return out.getvalue().splitlines(), str(refusal)
    return out.getvalue().splitlines(), ""


WORDS = [
    "Dòng 11, Phan Đình Khải (cần xem): Hồ sơ ghi sinh 31/12/1999.",
    "Dòng 25, Doãn Thị Yến (có lỗi): Số 116/CN-TTCT có ở các dòng 25, 26: hỏi lại Trung tâm.",
    "Dòng 26, Nguyễn Văn Ánh (có lỗi): Số 116/CN-TTCT có ở các dòng 25, 26: hỏi lại Trung tâm.",
    "Không đọc các dòng 29, 31: tổng, ghi chú, chữ ký.",
    "20 dòng: 17 khớp chắc chắn, 1 cần xem, 0 không khớp, 2 có lỗi, 0 của lớp, không có trong tệp.",
]


def test_the_sample_is_all_or_nothing_and_says_why(taught):
    told, ending = run(taught)
    assert told == [*WORDS, "Chưa ghi gì. Sửa các dòng trên trong tệp, hoặc dùng --only-valid."]
    assert ending == "3 dòng không được ghi."
    assert ResultFile.objects.count() == 0
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"enrolled"}


def test_the_sure_rows_of_the_sample_are_recorded_when_asked_for(taught):
    told, ending = run(taught, "--only-valid")
    assert told[:-1] == WORDS
    assert told[-1].startswith("Đã ghi kết quả của 17 người")
    assert ending == "3 dòng không được ghi."

    rows = Enrolment.objects.filter(state="finished")
    grades = list(rows.values_list("grade__name", flat=True))
    assert {name: grades.count(name) for name in set(grades)} == {"Giỏi": 6, "Khá": 6, "Trung bình": 3, "Không đạt": 1}
    assert rows.exclude(certificate_number="").count() == 15
    assert list(Enrolment.objects.filter(state="dropped").values_list("candidate__full_name", "reason")) == [
        ("Đào Duy Thái", "Bỏ học từ buổi 4")
    ]
    thuy = Enrolment.objects.select_related("candidate").get(candidate__full_name="Hoàng Thị Thu Thủy")
    assert (thuy.certificate_number, thuy.issued_on, thuy.candidate.stage) == (
        "103/CN-TTCT",
        date(2023, 8, 25),
        Stage.TRAINED,
    )
    assert set(Change.objects.filter(action="class.result").values_list("via", flat=True)) == {Change.Via.COMMAND}


def test_the_same_file_twice_records_nothing_new(taught):
    run(taught, "--only-valid")
    before = Change.objects.count()
    told, ending = run(taught, "--only-valid")
    assert (told[-1], ending) == ("Không có gì mới để ghi.", "3 dòng không được ghi.")
    assert Change.objects.count() == before


def test_a_dry_run_writes_nothing(taught):
    before = Change.objects.count()
    told, ending = run(taught, "--dry-run", "--only-valid")
    assert (told[-1], ending) == ("Chỉ xem trước, chưa ghi gì.", "3 dòng không được ghi.")
    assert Change.objects.count() == before


def test_the_page_says_the_same_sentences(taught, as_user, world):
    from tests.candidates.test_result_file import uploaded

    client = as_user(world.center)
    page = client.get(uploaded(client, taught, SAMPLE.read_bytes(), SAMPLE.name)).content.decode()
    assert not [words for words in WORDS[:3] if words.split(": ", 1)[1] not in page]


def test_what_the_rules_of_a_class_refuse_is_said_and_left_out(taught, world):
    taken = factories.make_class(date(2023, 5, 8))
    someone = factories.make_candidate(world.north_1, started=date(2023, 1, 2))
    (row,) = factories.enrol(taken, someone)
    factories.finish(row, date(2023, 6, 1), "101/CN-TTCT")

    told, ending = run(taught, "--only-valid")
    assert f"Dòng 8, Nguyễn Thị Hòa: Số 101/CN-TTCT năm 2023 đã cấp cho {someone}." in told
    assert (told[-1][:25], ending) == ("Đã ghi kết quả của 16 ngư", "4 dòng không được ghi.")


@pytest.mark.parametrize(
    ("by", "file", "words"),
    [
        ("north_officer", SAMPLE, "Không có lớp số"),
        ("nobody", SAMPLE, "Không có lớp số"),
        ("ai-do", SAMPLE, "Không có tài khoản “ai-do” đang hoạt động."),
        ("center", SAMPLE.with_name("khong-co.xlsx"), "Không đọc được tệp"),
        ("center", SAMPLE.with_name("danh-sach-nguon-xa.xlsx"), "Không thấy dòng tiêu đề"),
    ],
)
def test_refuses_whoever_may_not_and_what_is_no_result_file(taught, by, file, words):
    told, ending = run(taught, by=by, file=file)
    assert words in ending
    assert told == []
