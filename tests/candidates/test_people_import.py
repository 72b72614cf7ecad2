"""A list of people sent by its unit: looked at row by row, confirmed, sent again, undone."""

import io
import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candidates.cells import record_key
from candidates.models import Candidate, NeutralAnswer, ReviewCase, StageEvent
from candidates.pipeline import Stage, Status, Step
from organizations.models import Change, ImportBatch, ImportedRow, Organization
from organizations.permissions import Role
from tests import factories
from vuthu_recruit.dates import PartialDate

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "danh-sach-nguon-xa.xlsx"
HEAD = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chi bộ", "Số CCCD", "Nơi ở")
BRANCHES = (
    "Chi bộ thôn Hội",
    "Chi bộ thôn Nam Sơn",
    "Chi bộ thôn Trung",
    "Chi bộ Trường THCS Song Lãng",
    "Chi bộ Quân sự xã",
)


def song_lang(world):
    """The commune of the sample, with its branches and its officer."""
    unit = factories.make_unit(world.district, "13213", "Đảng bộ xã Song Lãng", order=5)
    factories.make_branches(unit, *BRANCHES)
    officer = factories.make_user("lang_officer")
    factories.assign(officer, Role.UNIT_OFFICER, unit)
    return officer


@pytest.fixture
def lang(world):
    return song_lang(world)


def workbook(*rows, head=HEAD) -> bytes:
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def send(client, content: bytes, name="Danh sách.xlsx", *, unit="13213", day="15/1/2024"):
    """Send a file, follow to whatever page comes of it."""
    url = reverse("organizations:import_new", args=["people"])
    data = {"unit": unit, "entered_on": day, "file": SimpleUploadedFile(name, content)}
    return client.post(url, data, follow=True)


def batch() -> ImportBatch:
    return ImportBatch.objects.order_by("-pk").first()


def confirm(client, page, **extra):
    one = batch()
    data = {"confirm": "1", "version": one.version, "seen": page.context["form"]["seen"].value()} | extra
    return client.post(one.get_absolute_url(), data, follow=True)


def answer(client, **said):
    one = batch()
    return client.post(one.get_absolute_url(), {"answer": "1", "version": one.version} | said, follow=True)


def kinds(page) -> dict[int, str]:
    return {row["line"].number: str(row["line"].kind) for row in page.context["rows"]}


def line(page, number: int):
    return next(row["line"] for row in page.context["rows"] if row["line"].number == number)


def said(page, number: int) -> str:
    return " ".join(note.message for note in line(page, number).notes)


# The sample


def test_the_sample_comes_in_as_its_readme_says(lang, as_user):
    client = as_user(lang)
    page = send(client, SAMPLE.read_bytes(), SAMPLE.name)

    found = kinds(page)
    assert len(found) == 23
    assert {number for number, kind in found.items() if kind == "error"} == {20, 26, 29}
    assert {number for number, kind in found.items() if kind == "question"} == {27, 35}
    assert [one.value for one in line(page, 27).questions[0].options] == [
        Organization.objects.get(name=name).slug for name in ("Chi bộ Trường THCS Song Lãng", "Chi bộ thôn Trung")
    ]
    assert Candidate.objects.count() == 0

    place = line(page, 27).questions[0].options[1].value
    page = answer(client, **{"a-27-place": place, "a-35-twin-27": "skip"})
    found = kinds(page)
    assert (found[27], found[35]) == ("new", "skipped")
    done = confirm(client, page, only_valid="on")

    assert done.status_code == 200
    assert Candidate.objects.count() == 19
    assert set(Candidate.objects.values_list("status", "stage")) == {(Status.OPEN, Stage.SOURCE)}
    hoa = Candidate.objects.get(full_name="Nguyễn Thị Hòa")
    assert (hoa.birth, hoa.sex, hoa.unit.name) == (PartialDate(1995, 3, 12), "female", "Chi bộ thôn Hội")
    assert Candidate.objects.get(full_name="Trần Văn Đức").identity_number == "000091220417"
    assert Candidate.objects.get(full_name="Bùi Quang Hoàn").birth == PartialDate(1988)
    assert Candidate.objects.get(full_name="Phan Đình Khải").unit.name == "Chi bộ thôn Nam Sơn"
    event = StageEvent.objects.get(candidate=hoa)
    assert (event.step, event.happened_on, event.by, event.unit) == (Step.SOURCE, date(2024, 1, 15), lang, hoa.unit)
    assert batch().counts == {"new": 19, "error": 3, "skipped": 1}


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_the_sample_says_the_same_in_other_formats(ending, lang, as_user):
    client = as_user(lang)
    first = kinds(send(client, SAMPLE.read_bytes(), SAMPLE.name))
    other = SAMPLE.with_suffix(f".{ending}")
    assert kinds(send(client, other.read_bytes(), other.name)) == first


def test_all_or_nothing_unless_the_right_rows_are_asked_for(lang, as_user):
    client = as_user(lang)
    page = send(client, SAMPLE.read_bytes(), SAMPLE.name)
    refused = confirm(client, page)
    assert refused.status_code == 422
    assert Candidate.objects.count() == 0
    assert "Chỉ nhập 18 dòng đúng" in page.content.decode()
    assert batch().state == ImportBatch.State.PREVIEW


def test_the_same_file_twice_creates_nothing_new(lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, SAMPLE.read_bytes(), SAMPLE.name), only_valid="on")
    people, events = Candidate.objects.count(), StageEvent.objects.count()
    assert people == 18

    page = send(client, SAMPLE.read_bytes(), SAMPLE.name)
    assert set(kinds(page).values()) == {"same", "error", "question"}
    assert page.context["ready"] == 0
    assert (Candidate.objects.count(), StageEvent.objects.count()) == (people, events)


# What a row becomes


def row(**values) -> tuple:
    usual = {"STT": 1, "Họ và tên": "Lê Thị Ba", "Ngày sinh": "2/1/1990", "Giới tính": "Nữ", "Chi bộ": "CB thôn Hội"}
    usual |= {"Số CCCD": "000190000001", "Nơi ở": "Thôn Hội"}
    return tuple((usual | values).values())


def test_shows_old_and_new_of_a_known_person_and_writes_only_that(lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, workbook(row())))
    before = Candidate.objects.get()

    page = send(client, workbook(row(**{"Nơi ở": "Thôn Trung"})))
    (change,) = line(page, 2).changes
    assert (change.label, change.old, change.new) == ("Nơi ở hiện nay", "Thôn Hội", "Thôn Trung")
    confirm(client, page)
    after = Candidate.objects.get()
    assert (after.residence, after.version) == ("Thôn Trung", before.version + 1)
    change = Change.objects.filter(action="candidate.edit").get()
    assert (change.via, change.after["residence"]) == (Change.Via.IMPORT, "Thôn Trung")


def test_an_empty_cell_of_another_list_changes_nothing(lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, workbook(row())))
    assert kinds(send(client, workbook(row(**{"Nơi ở": None, "Ngày sinh": None})))) == {2: "same"}


def test_asks_whether_a_namesake_is_the_same_person(lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, workbook(row(**{"Số CCCD": None}))))
    known = Candidate.objects.get()

    page = send(client, workbook(row(**{"Số CCCD": "000190000009", "Nơi ở": "Thôn Trung"})))
    assert kinds(page) == {2: "question"}
    (question,) = line(page, 2).questions
    assert [one.value for one in question.options] == [str(known.pk), "other", "skip"]
    assert ("Nơi ở hiện nay", "Thôn Trung", "Thôn Hội") in question.beside

    assert kinds(answer(client, **{"a-2-same": "skip"})) == {2: "skipped"}
    assert kinds(answer(client, **{"a-2-same": "other"})) == {2: "new"}
    page = answer(client, **{"a-2-same": str(known.pk)})
    assert kinds(page) == {2: "changed"}
    confirm(client, page)
    assert Candidate.objects.get().identity_number == "000190000009"


def test_refuses_an_answer_that_was_not_offered(lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, workbook(row(**{"Số CCCD": None}))))
    page = send(client, workbook(row(**{"Số CCCD": "000190000009"})))
    stranger = factories.make_candidate(lang.assignments.get().organization)
    assert kinds(answer(client, **{"a-2-same": str(stranger.pk)})) == kinds(page) == {2: "question"}


def test_a_number_of_somebody_else_is_an_error(lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, workbook(row())))
    page = send(client, workbook(row(**{"Họ và tên": "Phạm Văn Tư", "Ngày sinh": "3/4/1991"})))
    assert kinds(page) == {2: "error"}
    assert "Lê Thị Ba" in said(page, 2)


TWELVE = [
    ({"Họ và tên": "<b>An</b>"}, "Họ và tên"),
    ({"Họ và tên": "Lê An", "Ngày sinh": "31/6/1996"}, "tháng 6 năm 1996 chỉ có 30 ngày"),
    ({"Họ và tên": "Lê Bình", "Ngày sinh": "12/5/95"}, "năm đủ 4 chữ số"),
    ({"Họ và tên": "Lê Chi", "Ngày sinh": "12/31/1990"}, "không có tháng 31"),
    ({"Họ và tên": "Lê Dung", "Ngày sinh": "1/1/2090"}, "chưa đến"),
    ({"Họ và tên": "Lê Giang", "Giới tính": "?"}, "Giới tính"),
    ({"Họ và tên": "Lê Hà", "Giới tính": None}, "Thiếu giới tính"),
    ({"Họ và tên": "Lê Hoa", "Số CCCD": "9" * 13}, "13 chữ số"),
    ({"Họ và tên": "Lê Lan", "Số CCCD": "123"}, "3 chữ số"),
    ({"Họ và tên": "Lê Mai", "Số CCCD": "00019000000A"}, "chỉ gồm chữ số"),
    ({"Họ và tên": None}, "họ và tên"),
    ({"Họ và tên": "Lê Nga", "Nơi ở": "=1+1|x"}, "không bắt đầu bằng"),
]


def test_a_file_with_twelve_errors_answers_with_twelve_messages_at_once(lang, as_user):
    rows = [row(**({"Số CCCD": f"0001900001{n:02}"} | values)) for n, (values, _) in enumerate(TWELVE)]
    content = io.BytesIO(workbook(*rows))
    book = openpyxl.load_workbook(content)
    for cells in book.active.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # text, whatever it looks like
    kept = io.BytesIO()
    book.save(kept)
    page = send(as_user(lang), kept.getvalue())

    assert kinds(page) == dict.fromkeys(range(2, 14), "error")
    for number, (_, words) in enumerate(TWELVE, start=2):
        errors = [note.message for note in line(page, number).errors]
        assert [words in error for error in errors] == [True], (number, errors)


def test_one_answer_about_the_name_of_a_branch_is_one_for_all_its_rows(lang, as_user):
    client = as_user(lang)
    rows = [
        row(**{"Họ và tên": f"Lê Thị {n}", "Số CCCD": f"00019000001{i}", "Chi bộ": "CB làng Hội"})
        for i, n in enumerate("ABC")
    ]
    page = send(client, workbook(*rows))
    assert set(kinds(page).values()) == {"question"}
    (asked,) = page.context["questions"]
    assert asked["question"].text == "“CB làng Hội” (3 dòng) là chi bộ nào?"
    hoi = Organization.objects.get(name="Chi bộ thôn Hội", grassroots__slug="13213")
    page = answer(client, **{asked["name"]: hoi.slug})
    assert set(kinds(page).values()) == {"new"}
    confirm(client, page)
    assert set(Candidate.objects.values_list("unit", flat=True)) == {hoi.pk}


# Other units


def test_a_person_of_another_unit_waits_for_the_board_and_is_not_named(world, lang, as_user):
    stranger = factories.make_candidate(world.north_1, full_name="Vũ Thị Xa", identity_number="000190000077")
    client = as_user(lang)
    page = send(client, workbook(row(**{"Họ và tên": "Vũ Thị Xa", "Số CCCD": "000190000077"})))
    assert kinds(page) == {2: "waiting"}
    assert "Hồng Lý" not in page.content.decode()
    assert str(stranger.birth) not in page.content.decode()
    assert NeutralAnswer.objects.filter(asked_by=lang).count() == 1

    confirm(client, page)
    mine = Candidate.objects.exclude(pk=stranger.pk).get()
    assert (mine.status, mine.waiting_for) == (Status.WAITING, "board")
    case = ReviewCase.objects.get()
    assert (case.candidate, case.other, case.from_file) == (mine, stranger, True)
    assert kinds(send(client, workbook(row(**{"Họ và tên": "Vũ Thị Xa", "Số CCCD": "000190000077"})))) == {2: "same"}


def strangers(world, count: int) -> list[tuple]:
    found = []
    for n in range(count):
        number, name = f"00019000010{n}", f"Vũ Thị Xa {'ABCDEFGH'[n]}"
        factories.make_candidate(world.north_1, full_name=name, identity_number=number)
        found.append(row(**{"Họ và tên": name, "Số CCCD": number}))
    return found


def test_asking_the_same_again_costs_nothing(world, lang, as_user):
    client, rows = as_user(lang), strangers(world, 3)
    assert set(kinds(send(client, workbook(*rows))).values()) == {"waiting"}
    assert set(kinds(send(client, workbook(*rows, row()))).values()) == {"waiting", "new"}
    assert NeutralAnswer.objects.count() == 3


def test_a_file_that_asks_too_much_is_refused_whole_and_names_no_row(world, lang, as_user):
    client, rows = as_user(lang), strangers(world, 6)
    page = send(client, workbook(*rows, row()))
    words = page.content.decode()
    assert "nhiều trường hợp cần Ban Tổ chức đối chiếu" in words
    assert not re.search(r"[Dd]òng \d", words)
    assert "Vũ Thị Xa" not in words
    assert batch().state == ImportBatch.State.REFUSED
    assert Candidate.objects.filter(unit__grassroots__slug="13213").count() == 0
    home = as_user(world.board).get(reverse("home")).content.decode()
    assert "Tệp bị từ chối vì nhiều trường hợp đối chiếu" in home

    # The day is closed: not even a file of nobody's rows is compared any more.
    again = send(client, workbook(row()))
    assert "không đọc thêm danh sách được" in again.content.decode()


def test_whoever_turns_up_elsewhere_after_the_preview_is_counted_before_it_is_told(world, lang, as_user):
    client = as_user(lang)
    page = send(client, workbook(row(**{"Họ và tên": "Vũ Thị Xa", "Số CCCD": "000190000077"})))
    assert kinds(page) == {2: "new"}
    factories.make_candidate(world.north_1, full_name="Vũ Thị Xa", identity_number="000190000077")
    again = client.get(batch().get_absolute_url())
    assert kinds(again) == {2: "new"}  # the page says what it said
    assert NeutralAnswer.objects.count() == 0
    page = confirm(client, again)
    assert page.status_code == 409
    assert kinds(page) == {2: "waiting"}
    assert NeutralAnswer.objects.count() == 1


def test_a_file_nobody_was_told_of_shows_the_same_page_whoever_is_in_it(world, lang, as_user):
    """Whether a page of an unread file depended on a match would be an answer that nobody counts."""
    client, pages = as_user(lang), []
    factories.make_candidate(world.north_1, full_name="Vũ Thị Xa", identity_number="000190000077")
    head = ("Quý danh", *HEAD[2:])
    for number in ("000190000077", "000190000078"):
        cells = ("Vũ Thị Xa", *row(**{"Số CCCD": number})[2:])
        send(client, workbook(cells, head=head), f"{number}.xlsx")
    first, second = ImportBatch.objects.order_by("-pk")
    form = client.get(reverse("organizations:import_columns", args=[first.pk])).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"column-0": "full_name"}
    client.post(reverse("organizations:import_columns", args=[first.pk]), data)
    for one in (second,):
        pages.append(client.get(one.get_absolute_url()).content.decode())
        assert client.get(reverse("organizations:import_marked", args=[one.pk])).status_code == 302
    assert "Đọc lại tệp" in pages[0]
    assert NeutralAnswer.objects.count() == 0


def test_a_closed_day_belongs_to_whoever_asked_and_ends_nobody_elses_file(world, lang, as_user):
    mate = factories.make_user("lang_mate")
    factories.assign(mate, Role.UNIT_OFFICER, lang.assignments.get().organization)
    client, rows = as_user(lang), strangers(world, 6)
    send(client, workbook(*rows))
    assert batch().state == ImportBatch.State.REFUSED
    theirs = as_user(mate)
    send(theirs, workbook(row()))
    page = client.post(batch().get_absolute_url(), {"again": "1"}, follow=True)
    assert "không đọc thêm danh sách được" in page.content.decode()
    assert batch().state == ImportBatch.State.PREVIEW


def test_a_unit_officer_cannot_import_into_another_unit(world, lang, as_user):
    client = as_user(lang)
    assert send(client, workbook(row()), unit="13195").status_code == 422
    page = send(client, workbook((*row(), "Đảng bộ xã Hồng Lý"), head=(*HEAD, "Đảng bộ")))
    assert kinds(page) == {2: "error"}
    assert "không thuộc Đảng bộ xã Song Lãng" in said(page, 2)
    page = send(client, workbook(row(**{"Chi bộ": "Chi bộ thôn Đông"})))
    assert kinds(page) == {2: "question"}
    foreign = Organization.objects.get(name="Chi bộ thôn Đông")
    offered = {option.value for one in page.context["questions"] for option in one["question"].options}
    assert foreign.slug not in offered
    assert kinds(answer(client, **{page.context["questions"][0]["name"]: foreign.slug})) == {2: "question"}
    theirs = batch()
    assert as_user(world.north_officer).get(theirs.get_absolute_url()).status_code == 404
    assert as_user(world.branch_officer).get(reverse("organizations:imports")).status_code == 403


def test_a_list_of_one_unit_changes_nobody_of_another(world, lang, as_user):
    """The Board may edit both; a person of elsewhere in the list of a unit is a slip."""
    theirs = factories.make_candidate(world.north_1, full_name="Vũ Thị Xa", identity_number="000190000077")
    page = send(as_user(world.board), workbook(row(**{"Họ và tên": "Vũ Thị Xa", "Số CCCD": "000190000077"})))
    assert kinds(page) == {2: "error"}
    assert "không thuộc Đảng bộ xã Song Lãng" in said(page, 2)
    assert Candidate.objects.get() == theirs


def test_a_question_masks_the_number_of_whom_one_may_only_read(world, lang, as_user):
    factories.assign(lang, Role.SUPERVISOR, world.north)
    born = PartialDate(1990, 1, 2)
    factories.make_candidate(world.north_1, full_name="Lê Thị Ba", birth=born, identity_number="000190000077")
    page = send(as_user(lang), workbook(row(**{"Số CCCD": None})))
    assert kinds(page) == {2: "question"}
    assert "000190000077" not in page.content.decode()


def test_at_the_district_branches_of_one_name_are_told_apart(world, lang, as_user):
    page = send(as_user(world.board), workbook(row()), unit="vu-thu")
    (question,) = line(page, 2).questions
    labels = {option.label for option in question.options}
    assert len(labels) == 2
    assert any("Hồng Lý" in label for label in labels)


# Confirming


def test_what_is_written_is_in_the_digest_of_what_was_shown(lang, as_user):
    """A name, a day of entry, a unit that changed since the page was shown is another preview."""
    client = as_user(lang)
    first = send(client, workbook(row()), day="15/1/2024").context["form"]["seen"].value()
    assert first != send(client, workbook(row(**{"Họ và tên": "Lê Thị Bốn"}))).context["form"]["seen"].value()
    assert first != send(client, workbook(row()), day="16/1/2024").context["form"]["seen"].value()


def test_of_three_rows_that_are_one_person_one_is_written(lang, as_user):
    client = as_user(lang)
    page = send(client, workbook(*[row(**{"Nơi ở": f"Thôn {n}"}) for n in "ABC"]))
    assert set(kinds(page).values()) == {"question"}
    page = answer(client, **{"a-3-twin-2": "take", "a-4-twin-2": "take"})
    page = answer(client, **{"a-4-twin-3": "take"})
    assert kinds(page) == {2: "skipped", 3: "skipped", 4: "new"}
    confirm(client, page)
    assert Candidate.objects.get().residence == "Thôn C"


def test_an_open_question_about_two_rows_holds_both_back(lang, as_user):
    client = as_user(lang)
    page = send(client, workbook(row(), row(**{"Nơi ở": "Thôn B"})))
    assert kinds(page) == {2: "question", 3: "question"}
    assert page.context["ready"] == 0


def test_many_names_of_no_branch_are_one_mistake(lang, as_user):
    rows = [row(**{"Họ và tên": f"Lê Thị {n}", "Số CCCD": f"0001900{n:05}", "Chi bộ": f"nơi {n}"}) for n in range(40)]
    rows = [(*one[:1], f"Lê Thị {'ABCDEFGHIJ'[n % 10]}{'xyzt'[n // 10]}", *one[2:]) for n, one in enumerate(rows)]
    page = send(as_user(lang), workbook(*rows))
    assert set(kinds(page).values()) == {"error"}
    assert "có phải cột Chi bộ không" in said(page, 2)
    assert page.context["questions"] == []


@pytest.mark.parametrize(
    ("known", "birth"),
    [
        ({"youth_union_joined": PartialDate(2005, 3)}, "1/1/2006"),
        ({"introduced_by_body": "youth_union", "introduced_on": date(2022, 2, 1)}, "1/1/2023"),
    ],
)
def test_days_of_the_record_must_fit_a_birth_from_a_file(known, birth, lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, workbook(row(**{"Ngày sinh": None}))))
    one = Candidate.objects.get()
    factories.edit(candidate=one, values=known, version=one.version, by=lang)
    page = send(client, workbook(row(**{"Ngày sinh": birth})))
    assert kinds(page) == {2: "error"}
    assert "trước ngày sinh" in said(page, 2)


def test_the_rows_that_were_left_out_are_named_with_their_reasons(lang, as_user):
    client = as_user(lang)
    page = send(client, workbook(row(), row(**{"Họ và tên": "Lê Hà", "Số CCCD": "12"})))
    done = confirm(client, page, only_valid="on")
    ((number, who, why),) = done.context["left"]
    assert (number, who) == (3, "Lê Hà")
    assert "2 chữ số" in why
    assert "1 dòng chưa nhập" in done.content.decode()
    assert client.get(reverse("organizations:import_marked", args=[batch().pk])).status_code == 200


def test_a_file_that_came_in_before_says_so(lang, as_user):
    client = as_user(lang)
    content = workbook(row())
    confirm(client, send(client, content))
    assert "Tệp này đã nhập rồi" in send(client, content).content.decode()


def test_a_name_once_explained_is_known_in_the_next_list(lang, as_user):
    client = as_user(lang)
    page = send(client, workbook(row(**{"Chi bộ": "CB làng Hội"})))
    hoi = Organization.objects.get(name="Chi bộ thôn Hội", grassroots__slug="13213")
    answer(client, **{page.context["questions"][0]["name"]: hoi.slug})
    page = send(client, workbook(row(**{"Chi bộ": "CB làng Hội", "Họ và tên": "Lê Thị Tư"})))
    assert kinds(page) == {2: "new"}
    assert page.context["questions"][0]["answer"] == hoi.slug


def test_rows_without_a_heading_are_not_said_to_be_known(lang, as_user):
    page = paste(as_user(lang), "Hà Văn Không\t2/1/1990\tNam\nHà Thị Có\t3/1/1990\tNữ")
    assert "giống hệt" not in page.content.decode()
    assert "thiếu dòng tiêu đề" in page.content.decode()


def test_what_changed_since_the_preview_has_to_be_looked_at_again(lang, as_user):
    client = as_user(lang)
    page = send(client, workbook(row()))
    unit = Organization.objects.get(name="Chi bộ thôn Hội", grassroots__slug="13213")
    factories.make_candidate(unit, full_name="Lê Thị Ba", identity_number="000190000001", by=lang)
    again = confirm(client, page)
    assert again.status_code == 409
    assert "Chưa nhập gì" in again.content.decode()
    assert Candidate.objects.count() == 1


def test_a_confirmed_file_is_not_confirmed_twice(lang, as_user):
    client = as_user(lang)
    page = send(client, workbook(row()))
    confirm(client, page)
    confirm(client, page)
    assert Candidate.objects.count() == 1
    assert ImportedRow.objects.count() == 1


def test_the_file_comes_back_with_its_errors_and_works_once_corrected(lang, as_user):
    client = as_user(lang)
    page = send(client, workbook(row(**{"Ngày sinh": "31/6/1996"}), row(**{"Họ và tên": "Lê Hà", "Số CCCD": "123"})))
    assert set(kinds(page).values()) == {"error"}
    content = client.get(reverse("organizations:import_marked", args=[batch().pk])).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    assert [sheet.cell(1, column).value for column in (1, 8)] == ["STT", "Lỗi"]
    assert "chỉ có 30 ngày" in sheet["H2"].value
    assert "chỉ có 30 ngày" in sheet["C2"].comment.text
    assert sheet["F3"].comment
    assert sheet.auto_filter.ref

    sheet["C2"], sheet["F3"] = "30/6/1996", "000190000002"
    kept = io.BytesIO()
    book.save(kept)
    page = send(client, kept.getvalue())
    assert set(kinds(page).values()) == {"new"}
    confirm(client, page)
    assert Candidate.objects.count() == 2


def paste(client, text: str):
    url = reverse("organizations:import_new", args=["people"])
    return client.post(url, {"unit": "13213", "entered_on": "15/1/2024", "pasted": text}, follow=True)


def test_a_pasted_block_is_read_like_the_file_it_was_copied_from(lang, as_user):
    client = as_user(lang)
    lines = ["\t".join("" if cell is None else str(cell) for cell in line) for line in (HEAD, row())]
    page = paste(client, "\r\n".join(lines))
    assert kinds(page) == {2: "new"}
    page = paste(client, "\r\n".join([lines[0], lines[1].replace("000190000001", "34190000001")]))
    assert "034190000001" in said(page, 2)
    page = paste(client, "\r\n".join([lines[0], lines[1].replace("000190000001", "190000001")]))
    assert kinds(page) == {2: "new"}  # an identity card of nine digits


@pytest.mark.parametrize("text", ["", "xin chào", "Họ và tên"])
def test_a_block_without_people_is_refused_in_words(text, lang, as_user):
    page = paste(as_user(lang), text)
    assert Candidate.objects.count() == 0
    assert page.status_code in (200, 422)
    if page.status_code == 422:
        assert "Có lỗi cần sửa" in page.content.decode()


def test_two_rows_that_name_their_records_cannot_take_one_number(lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, workbook(row(**{"Số CCCD": None}), row(**{"Họ và tên": "Lê Hà", "Số CCCD": None}))))
    keyed = [
        (record_key(one.pk, one.version), one.full_name, "000190000005") for one in Candidate.objects.order_by("pk")
    ]
    page = send(client, workbook(*keyed, head=("Mã hồ sơ", "Họ và tên", "Số CCCD")))
    assert kinds(page) == {2: "changed", 3: "error"}
    assert "Dòng 2 cũng ghi số này" in said(page, 3)


# Undoing


def test_an_import_is_undone_whole_and_its_history_stays(lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, workbook(row())))
    page = send(
        client, workbook(row(**{"Nơi ở": "Thôn Trung"}), row(**{"Họ và tên": "Lê Hà", "Số CCCD": "000190000002"}))
    )
    confirm(client, page)
    one = batch()
    url = reverse("organizations:import_undo", args=[one.pk])
    assert client.post(url, {"version": one.version, "reason": "ngắn"}).status_code == 422
    done = client.post(url, {"version": one.version, "reason": "Tải nhầm danh sách của năm trước"})
    assert done.status_code == 302, done.context["form"].errors

    ba, ha = Candidate.objects.get(full_name="Lê Thị Ba"), Candidate.objects.get(full_name="Lê Hà")
    assert (ba.residence, ba.status) == ("Thôn Hội", Status.OPEN)
    assert (ha.status, ha.events.filter(is_live=True).count(), ha.events.count()) == (Status.WITHDRAWN, 0, 2)
    one.refresh_from_db()
    assert one.state == ImportBatch.State.UNDONE
    assert one.undone_by == lang
    again = send(client, workbook(row(**{"Họ và tên": "Lê Hà", "Số CCCD": "000190000002"})))
    assert kinds(again) == {2: "new"}


def test_undoing_says_beforehand_how_many_and_names_the_first_ten(lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, SAMPLE.read_bytes(), SAMPLE.name), only_valid="on")

    page = client.get(reverse("organizations:import_undo", args=[batch().pk]))

    assert [one["title"] for one in page.context["first"]][:2] == ["Nguyễn Thị Hòa", "Trần Văn Đức"]
    text = page.content.decode()
    assert text.count("đã thêm mới") == 10
    assert "và 8 hồ sơ khác" in text


def test_what_was_touched_since_keeps_an_import_from_being_undone(lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, workbook(row(), row(**{"Họ và tên": "Lê Hà", "Số CCCD": "000190000002"}))))
    ba = Candidate.objects.get(full_name="Lê Thị Ba")
    factories.edit(candidate=ba, values={"residence": "Thôn Trung"}, version=ba.version, by=lang)
    one = batch()
    page = client.get(reverse("organizations:import_undo", args=[one.pk]))
    assert [(row.number, row.text) for row in page.context["blocking"]] == [(2, "Lê Thị Ba đã được sửa sau khi nhập")]
    client.post(
        reverse("organizations:import_undo", args=[one.pk]), {"version": one.version, "reason": "Tải nhầm danh sách"}
    )
    assert set(Candidate.objects.values_list("status", flat=True)) == {Status.OPEN}


# The history, the template, the way back


def test_the_history_is_searched_and_filtered_by_the_address(world, lang, as_user):
    client, url = as_user(lang), reverse("organizations:imports")
    assert "Chưa nhập tệp nào" in client.get(url).content.decode()
    confirm(client, send(client, workbook(row()), "Nguồn 2024.xlsx"))
    send(client, workbook(row(**{"Số CCCD": "12"})), "Nguồn 2025.xlsx")

    def names(query: str) -> list[str]:
        return [one["batch"].name for one in client.get(f"{url}?{query}").context["rows"]]

    assert names("") == ["Nguồn 2025.xlsx", "Nguồn 2024.xlsx"]
    assert names("muc=da-nhap") == ["Nguồn 2024.xlsx"]
    assert names("muc=dang-xem") == names("q=2025") == ["Nguồn 2025.xlsx"]
    assert names("loai=people&q=2024") == ["Nguồn 2024.xlsx"]
    assert "Không có lần nhập nào khớp" in client.get(f"{url}?q=khong").content.decode()
    assert client.get(f"{url}?muc=khac").status_code == 422
    assert "Nguồn 2024.xlsx" not in as_user(world.south_officer).get(url).content.decode()
    assert "Nguồn 2024.xlsx" in as_user(world.board).get(url).content.decode()


def test_a_filled_template_comes_back_without_a_question(lang, as_user):
    client = as_user(lang)
    content = client.get(reverse("organizations:import_blank", args=["people"])).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    heads = {cell.value.rstrip(" *"): cell for line in sheet.iter_rows(max_row=8) for cell in line if cell.value}
    first = heads["Họ và tên"].row
    for label, value in {
        "Họ và tên": "Lê Thị Ba",
        "Ngày sinh": "3/1990",
        "Giới tính": "Nữ",
        "Số định danh": "000190000001",
        "Chi bộ": "Chi bộ thôn Hội",
        "Đối tượng ưu tiên": "Trưởng, phó thôn",
        "Tổ chức giới thiệu": "Đoàn Thanh niên",
        "Dân tộc": "Kinh",
    }.items():
        sheet.cell(first + 1, heads[label].column).value = value
    choices = {
        next(iter(one.sqref.ranges)).min_col: one for one in sheet.data_validations.dataValidation if one.type == "list"
    }
    assert heads["Chi bộ"].column in choices
    kept = io.BytesIO()
    book.save(kept)

    page = send(client, kept.getvalue())
    assert list(kinds(page).values()) == ["new"]
    assert not page.context["rows"][0]["line"].notes
    confirm(client, page)
    person = Candidate.objects.get()
    assert (person.birth, person.priority_groups) == (PartialDate(1990, 3), ["village_head"])
    assert (person.introduced_by_body, person.introduced_at.slug) == ("youth_union", "13213")


def test_a_sheet_beside_the_first_is_named_and_can_be_read_instead(lang, as_user):
    client, book = as_user(lang), openpyxl.Workbook()
    for title, name in (("Nguồn", "Lê Thị Ba"), ("Dự phòng", "Lê Thị Tư")):
        sheet = book.active if title == "Nguồn" else book.create_sheet()
        sheet.title = title
        for line_of_cells in (HEAD, row(**{"Họ và tên": name})):
            sheet.append(line_of_cells)
    sheet.row_dimensions[2].hidden = True
    kept = io.BytesIO()
    book.save(kept)
    page = send(client, kept.getvalue())
    assert page.context["table"]["other_sheets"] == ["Dự phòng"]
    url = reverse("organizations:import_columns", args=[batch().pk])
    page = client.post(url, {"sheet": "Dự phòng", "version": batch().version}, follow=True)
    assert line(page, 2).title == "Lê Thị Tư"
    assert page.context["table"]["hidden_rows"] == [2]


def test_an_old_value_that_fits_somebody_else_by_now_keeps_an_import_from_being_undone(lang, as_user):
    client = as_user(lang)
    confirm(client, send(client, workbook(row())))
    ba = Candidate.objects.get()
    corrected = (record_key(ba.pk, ba.version), ba.full_name, "Nữ", "000190000002")
    confirm(client, send(client, workbook(corrected, head=("Mã hồ sơ", "Họ và tên", "Giới tính", "Số CCCD"))))
    one = batch()
    factories.make_candidate(ba.unit, full_name="Trần Thị Tư", identity_number="000190000001", by=lang)

    url = reverse("organizations:import_undo", args=[one.pk])
    page = client.post(url, {"version": one.version, "reason": "Tải nhầm danh sách của năm trước"})
    assert page.status_code == 422
    assert "nay trùng với Trần Thị Tư" in page.content.decode()
    assert batch().state == ImportBatch.State.APPLIED
    assert Candidate.objects.get(pk=ba.pk).identity_number == "000190000002"


# The corrected file
