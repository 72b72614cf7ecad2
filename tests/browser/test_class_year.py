"""A year of the classes of one district: sent by twelve units, screened, taught, certified; and a second attempt."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse

from candidates.models import Candidate, Enrolment, StageEvent, TrainingClass
from candidates.pipeline import Stage, Step
from organizations.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor, follow
from vuthu_recruit import clock

SAMPLE = Path(__file__).parents[1] / "samples" / "ket-qua-lop-nhan-thuc.xlsx"
MORE = ("Song Lãng", "Hiệp Hòa", "Minh Lãng", "Vũ Tiến", "Tân Lập", "Vũ Vinh", "Đồng Thanh", "Duy Nhất")
UNITS, NOMINATED, REFUSED, PLACES, PASSED = 12, 80, 9, 60, 57
GIVEN = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khánh")


def words(visitor: Visitor) -> str:
    return re.sub(r"\s+", " ", visitor.page.inner_text("main"))


def assert_fits_everyone(visitor: Visitor) -> None:
    assert visitor.axe() == []
    assert visitor.sideways_on_phone() == []


@pytest.fixture
def district(stage) -> list[tuple[str, object]]:
    """Twelve units: who sends people there, and the branch they belong to."""
    homes = [
        ("north_officer", stage.north_1),
        ("south_officer", stage.south_1),
        ("office_officer", stage.office_1),
        ("cell_officer", stage.cell),
    ]
    for number, name in enumerate(MORE, 1):
        unit = factories.make_unit(stage.district, f"xa-{number}", f"Đảng bộ xã {name}", order=10 + number)
        officer = factories.make_user(f"xa_{number}", f"Cán bộ {name}")
        factories.assign(officer, Role.UNIT_OFFICER, unit)
        (branch,) = factories.make_branches(unit, f"Chi bộ thôn {name}")
        homes.append((officer.username, branch))
    return homes


def enter_people(district) -> dict[str, list[Candidate]]:
    """80 people who may be sent; nine of them left school too early, which whoever screens has to see."""
    found: dict[str, list[Candidate]] = {}
    for number in range(NOMINATED):
        who, home = district[number % UNITS]
        place = len(found.setdefault(who, []))
        values = {"education": "primary"} if number < REFUSED else {}
        name = f"Nguyễn Thị {home.short_name.split()[-1]} {GIVEN[place]}"
        found[who].append(factories.make_candidate(home, full_name=name, home_town="Vũ Thư", **values))
    return found


def results_file(path: Path, learners: list[dict]) -> Path:
    """The Centre's own file: the sample's sheet with the people of this class."""
    book = openpyxl.load_workbook(SAMPLE)
    sheet = book.active
    for merged in [one for one in sheet.merged_cells.ranges if one.min_row > 7]:
        sheet.unmerge_cells(str(merged))
    sheet.delete_rows(8, sheet.max_row)
    for number, one in enumerate(learners, 1):
        values = [number, one["name"], one["birth"], one["unit"], one["score"], one["grade"], None, None, one["note"]]
        for column, value in enumerate(values, 1):
            sheet.cell(7 + number, column).value = value
    book.save(path)
    return path


def open_the_class(center: Visitor) -> TrainingClass:
    center.go(reverse("candidates:classes"))
    follow(center.page.get_by_role("link", name="Mở lớp"))
    values = {"number": "1", "year": "2024", "from_on": "9/12/2024", "to_on": "13/12/2024", "capacity": str(PLACES)}
    for name, value in values.items():
        center.page.fill(f"[name={name}]", value)
    follow(center.page.get_by_role("button", name="Mở lớp này"))
    assert "10 buổi" in words(center)
    return TrainingClass.objects.get()


def send(visit, address: str, people: dict[str, list[Candidate]]) -> None:
    """Every unit ticks its own people."""
    for who, own in people.items():
        officer = visit(who)
        officer.go(address)
        follow(officer.page.get_by_role("link", name="Cử người đi học"))
        assert officer.page.locator("[name=people]").count() == len(own)
        for box in officer.page.locator("[name=people]").all():
            box.check()
        follow(officer.page.get_by_role("button", name="Cử những người đã chọn"))
        assert f"Đã cử {len(own)} người" in words(officer)
        officer.close()


def screen(center: Visitor, address: str) -> None:
    """Those of whom something speaks against are refused with the reason; the others are eligible."""
    center.go(address)
    follow(center.page.get_by_role("link", name=f"Xét chọn {NOMINATED} người"))
    assert_fits_everyone(center)
    with center.page.expect_navigation():
        center.page.get_by_role("button", name="không có lưu ý").click()
    waiting = [one for one in center.page.locator("[name$=-verdict]").all() if not one.input_value()]
    assert len(waiting) == REFUSED
    for one in waiting:
        one.select_option("not_eligible")
        key = one.get_attribute("name").removesuffix("-verdict")
        assert "chưa tốt nghiệp trung học cơ sở" in center.page.input_value(f"[name='{key}-reason']").lower()
    follow(center.page.get_by_role("button", name="Ghi kết quả xét"))
    assert "Đã xét 80 người: 60 được vào lớp, 11 chờ chỗ, 9 không đủ điều kiện" in words(center)


def withdraw(visit, training_class: TrainingClass) -> None:
    """Somebody cannot come: the first of the waiting list moves up by itself."""
    first = training_class.enrolments.in_queue().first()
    gone = training_class.enrolments.filter(state="enrolled", nominated_by__username="north_officer").first()
    officer = visit("north_officer")
    officer.go(reverse("candidates:participant", args=[training_class.pk, gone.pk]))
    officer.page.get_by_label("Rút, không đi học").check()
    officer.page.fill("[name=reason]", "Đi công tác dài ngày ở tỉnh khác")
    follow(officer.page.get_by_role("button", name="Ghi thay đổi"))
    assert "1 người chờ chỗ được vào lớp" in words(officer)
    officer.close()
    first.refresh_from_db()
    assert first.state == "enrolled"


def test_a_whole_year_of_the_classes_of_a_district(stage, district, visit, monkeypatch, tmp_path):
    people = enter_people(district)
    center = visit("center")
    training_class = open_the_class(center)
    address = training_class.get_absolute_url()
    send(visit, address, people)
    screen(center, address)
    assert training_class.enrolments.filter(state="refused").exclude(reason="").count() == REFUSED
    withdraw(visit, training_class)
    center.go(address)
    assert_fits_everyone(center)
    assert tally(center) == {
        "Được cử": 79, "Không đủ điều kiện": 9, "Chờ chỗ": 10, "Đã ghi danh": 60, "Đã rút": 1
    }  # fmt: skip

    # The first lesson: everybody is there but one.
    monkeypatch.setattr(clock, "today", lambda: date(2024, 12, 10))
    center.go(reverse("candidates:attendance_take", args=[training_class.pk, 1]))
    center.page.locator("[name^=mark-]").first.select_option("absent")
    follow(center.page.get_by_role("button", name="Lưu điểm danh"))
    assert "60 người thay đổi" in words(center)
    assert_fits_everyone(center)

    # Results from the Centre's own file: 57 pass, two fail, one left.
    monkeypatch.setattr(clock, "today", lambda: date(2024, 12, 20))
    learners = learners_of(training_class)
    center.go(reverse("candidates:results", args=[training_class.pk]))
    assert_fits_everyone(center)
    follow(center.page.get_by_role("link", name="Lấy từ tệp Excel"))
    center.page.set_input_files("[name=file]", results_file(tmp_path / "Kết quả khóa 1.xlsx", learners))
    follow(center.page.get_by_role("button", name="Tải lên và xem trước"))
    assert "60 người" in words(center)
    assert Enrolment.objects.filter(state="finished").count() == 0  # nothing counts before it was seen
    assert_fits_everyone(center)
    follow(center.page.get_by_role("button", name="Ghi kết quả của 60 người"))
    assert Enrolment.objects.filter(is_passed=True).count() == PASSED

    # 57 certificates in one action, shown before they count.
    center.go(reverse("candidates:certificates", args=[training_class.pk]))
    assert_fits_everyone(center)
    values = {"first_number": "101", "mark": "CN-TTCT", "issued_on": "18/12/2024", "decision": "95-QĐ/TTCT"}
    for name, value in values.items():
        center.page.fill(f"[name={name}]", value)
    follow(center.page.get_by_role("button", name="Xem trước số của từng người"))
    assert "157/CN-TTCT" in words(center)
    assert not Enrolment.objects.exclude(certificate_number="").exists()
    follow(center.page.get_by_role("button", name=f"Cấp {PASSED} giấy chứng nhận"))
    assert f"Đã cấp {PASSED} giấy chứng nhận" in words(center)
    assert tally(center)["Đạt"] == PASSED
    trained = Candidate.objects.filter(stage=Stage.TRAINED)
    assert trained.count() == PASSED
    steps = StageEvent.objects.filter(candidate__in=trained, step=Step.TRAINED)
    assert set(steps.values_list("happened_on", "by")) == {(date(2024, 12, 18), stage.center.pk)}

    figures_are_right(visit, training_class, trained)


def tally(visitor: Visitor) -> dict[str, int]:
    found = {}
    for one in visitor.page.locator(".tally a").all():
        label = one.locator(".tally__label").inner_text().strip()
        found[label] = int(one.locator(".tally__value").inner_text().replace(".", ""))
    return found


def learners_of(training_class: TrainingClass) -> list[dict]:
    """What the Centre typed of each: two failed, one left, the others from 5 to 10."""
    found = []
    rows = training_class.enrolments.filter(state="enrolled").select_related("candidate__unit__grassroots")
    for number, row in enumerate(rows.order_by("candidate__sort_key")):
        unit = row.candidate.unit.grassroots or row.candidate.unit
        score, grade, note = Decimal("7.5"), "Khá", None
        if number in (3, 4):
            score, grade, note = Decimal("4.5"), "Không đạt", "Học lại"
        if number == 5:
            score, grade, note = None, None, "Bỏ học từ buổi 4"
        found.append(
            {"name": row.candidate.full_name, "birth": row.candidate.birth.year, "unit": unit.name, "score": score,
             "grade": grade, "note": note}
        )  # fmt: skip
    return found


def figures_are_right(visit, training_class: TrainingClass, trained) -> None:
    """Report and dashboard say what was done; one admitted graduate is one of the 57."""
    board = visit("board")
    board.go(f"{reverse('reports:training')}?nam=2024")
    said = words(board)
    for figure in ("95,0%", "100,0%", "57"):  # passed of those with an outcome, places used, certificates
        assert figure in said, figure
    assert_fits_everyone(board)
    board.go(reverse("reports:dashboard"))
    assert "57" in words(board)


def test_an_expired_certificate_is_replaced_by_a_second_attempt(stage, visit, monkeypatch):
    """Both attempts stand on the timeline; the branch's meeting is judged by the one that holds."""
    person = factories.make_candidate(stage.north_1, full_name="Trần Văn Lâu", started=date(2018, 1, 5))
    first = factories.give_certificate(person, date(2018, 6, 1), "77/CN-TTCT")
    person = factories.advance(person, Stage.DOSSIER, [date(2024, 3, 1)])
    unit = visit("north_officer")
    unit.go(person.get_absolute_url())
    assert "Cử học lại lớp nhận thức về Đảng" in words(unit)

    monkeypatch.setattr(clock, "today", lambda: date(2024, 10, 1))
    coming = factories.make_class(date(2024, 10, 7), date(2024, 10, 11))
    unit.go(reverse("candidates:nominate", args=[coming.pk]))
    unit.page.get_by_label("Trần Văn Lâu").check()
    follow(unit.page.get_by_role("button", name="Cử những người đã chọn"))
    center = visit("center")
    center.go(reverse("candidates:screen", args=[coming.pk]))
    assert "Lần học thứ 2" in words(center)
    center.page.select_option("[name$=-verdict]", "eligible")
    follow(center.page.get_by_role("button", name="Ghi kết quả xét"))
    monkeypatch.setattr(clock, "today", lambda: date(2024, 11, 18))
    second = factories.finish(coming.enrolments.get(), date(2024, 10, 21), "205/CN-TTCT")

    unit.go(person.get_absolute_url())
    timeline = re.sub(r"\s+", " ", unit.page.inner_text(".timeline"))
    assert "77/CN-TTCT" in timeline
    assert "có giá trị đến 01/06/2023, đã hết" in timeline
    assert "205/CN-TTCT" in timeline
    assert "lần học thứ 2" in timeline
    assert "Cử học lại lớp nhận thức về Đảng" not in words(unit)
    assert_fits_everyone(unit)
    unit.go(reverse("candidates:timeline", args=[person.pk]))
    assert {"77/CN-TTCT", "205/CN-TTCT"} <= set(words(unit).split())
    # The first result stands as it was; the step that certificate was stays where it is.
    first.refresh_from_db()
    assert (first.certificate_number, first.is_passed, second.is_passed) == ("77/CN-TTCT", True, True)
    assert person.events.get(step=Step.TRAINED).happened_on == date(2018, 6, 1)
    factories.give_papers(person, dated_on=date(2024, 10, 25))
    event = factories.step(person, Step.BRANCH_PASSED, date(2024, 11, 4))
    judged = {row["gate"]: row for row in event.verdict}
    assert judged["certificate"]["outcome"] == "met"
    assert "21/10/2029" in judged["certificate"]["message"]
