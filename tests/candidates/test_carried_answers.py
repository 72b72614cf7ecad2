"""What was answered of a file is not asked again of the file that corrects it; and of no other row, and nobody else."""

import io

import openpyxl
import pytest
from django.urls import reverse

from candidates.cells import record_key
from candidates.models import Candidate
from organizations.actions import carried_answers
from organizations.imports import reading
from organizations.models import ImportBatch
from tests import factories
from tests.candidates.test_people_import import (
    HEAD,
    SAMPLE,
    answer,
    batch,
    confirm,
    kinds,
    line,
    row,
    send,
    song_lang,
    workbook,
)


@pytest.fixture
def lang(world):
    return song_lang(world)


def known_person(officer) -> Candidate:
    branch = officer.assignments.get().organization.children.first()
    return factories.make_candidate(branch, full_name="Lê Thị Ba", by=officer)


def answer_both(client):
    """What the sample asks."""
    place = line(send(client, SAMPLE.read_bytes(), SAMPLE.name), 27).questions[0].options[1].value
    answer(client, **{"a-27-place": place, "a-35-twin-27": "skip"})


def corrected(content: bytes, **cells) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, value in cells.items():
        book.active[name] = value
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_what_was_answered_is_not_asked_again_of_the_corrected_file(lang, as_user):
    client = as_user(lang)
    answer_both(client)
    marked = client.get(reverse("organizations:import_marked", args=[batch().pk])).getvalue()

    page = send(client, corrected(marked, H20=None, H26=None), "Danh sách đã sửa.xlsx")

    found = kinds(page)
    assert (found[27], found[35]) == ("new", "skipped")
    assert "question" not in found.values()
    assert "Đã giữ câu trả lời của 2 dòng" in page.content.decode()
    assert set(batch().answers) == {"27", "35"}


def test_what_was_answered_is_asked_again_where_the_row_or_the_question_is_another(lang, as_user):
    client = as_user(lang)
    answer_both(client)
    book = openpyxl.load_workbook(SAMPLE)
    book.active.delete_rows(11)
    kept = io.BytesIO()
    book.save(kept)

    page = send(client, kept.getvalue(), "Bớt một dòng.xlsx")

    assert [number for number, kind in kinds(page).items() if kind == "question"] == [26, 34]
    assert batch().answers == {}


def test_answers_of_somebody_else_are_not_taken_over(lang, world, as_user):
    client = as_user(lang)
    answer_both(client)

    page = send(as_user(world.board), SAMPLE.read_bytes(), "Cùng tệp.xlsx")

    assert kinds(page)[27] == "question"


def test_an_answer_about_a_row_that_says_something_else_by_now_is_not_taken_over(lang, as_user):
    """The branch and the telephone stood in the row when it was said to be the same person."""
    client = as_user(lang)
    known = known_person(lang)
    asked = row(**{"Ngày sinh": str(known.birth.year), "Số CCCD": ""})
    page = send(client, workbook(asked))
    answer(client, **{"a-2-same": str(known.pk)})
    longer = workbook(asked, row(**{"Họ và tên": "Đỗ Văn Thêm"}))
    assert kinds(send(client, longer, "Thêm một dòng.xlsx"))[2] == "changed"

    page = send(client, workbook(row(**{"Ngày sinh": str(known.birth.year), "Số CCCD": "", "Nơi ở": "Thôn khác"})))

    assert kinds(page)[2] == "question"


def test_an_answer_is_taken_over_from_before_another_list_was_sent(lang, as_user):
    client = as_user(lang)
    answer_both(client)
    send(client, workbook(row()), "Danh sách khác.xlsx")

    page = send(client, corrected(SAMPLE.read_bytes(), A1="Danh sách đã sửa"), "Danh sách đã sửa.xlsx")

    assert kinds(page)[27] == "new"


def test_an_answer_to_a_question_that_reads_otherwise_today_is_not_taken_over(lang, as_user):
    """Somebody changed the record after it was said that the file counts."""
    client = as_user(lang)
    known = known_person(lang)
    head = ("Mã hồ sơ", "Họ và tên", "Nơi ở")
    key = record_key(known.pk, known.version)
    Candidate.objects.filter(pk=known.pk).update(version=known.version + 1, residence="Thôn cũ")
    send(client, workbook((key, "Lê Thị Ba", "Thôn mới"), head=head), "a.xlsx")
    answer(client, **{"a-2-conflict": "file"})
    Candidate.objects.filter(pk=known.pk).update(version=known.version + 2, residence="Thôn người khác ghi")

    page = send(client, workbook((key, "Lê Thị Ba", "Thôn mới"), ("", "Đỗ Văn Thêm", ""), head=head), "b.xlsx")

    assert kinds(page)[2] == "question"


def test_an_earlier_file_that_cannot_be_read_any_more_stops_no_other(lang, as_user):
    client = as_user(lang)
    answer_both(client)
    ImportBatch.objects.update(content=b"hong")

    page = send(client, corrected(SAMPLE.read_bytes(), A1="Danh sách đã sửa"), "Danh sách đã sửa.xlsx")

    assert page.status_code == 200
    assert kinds(page)[27] == "new"


def test_sending_the_corrected_file_twice_at_once_gives_it_once(lang, as_user, monkeypatch):
    """The second click finds the answers taken over; it does not fail."""
    client = as_user(lang)
    answer_both(client)
    taken = carried_answers.answer

    def twice(**given):
        taken(**given)
        return taken(**given)

    monkeypatch.setattr(carried_answers, "answer", twice)
    page = send(client, corrected(SAMPLE.read_bytes(), A1="Danh sách đã sửa"), "Danh sách đã sửa.xlsx")

    assert page.status_code == 200


TWINS = [row(**{"Số CCCD": "", "Nơi ở": f"Thôn {n}"}) for n in "AB"]
WRONG = row(**{"Họ và tên": "Vũ Văn Lỗi", "Ngày sinh": "31/2/1990", "Số CCCD": ""})
UNKNOWN = "Chi bộ Đông Đô"


def marked(client) -> bytes:
    return client.get(reverse("organizations:import_marked", args=[batch().pk])).getvalue()


def test_an_answer_given_before_a_branch_was_named_holds_afterwards(lang, as_user):
    client = as_user(lang)
    rows = [(*one[:4], UNKNOWN, *one[5:]) for one in (*TWINS, WRONG)]
    page = send(client, workbook(*rows))
    (question,) = page.context["questions"]
    answer(client, **{"a-3-twin-2": "skip"})
    answer(client, **{question["name"]: question["question"].options[0].value})

    page = send(client, corrected(marked(client), C4="1/2/1990"), "Đã sửa.xlsx")

    assert kinds(page) == {2: "new", 3: "skipped", 4: "new"}


def test_columns_named_by_hand_are_known_in_the_marked_file(lang, as_user):
    """The column we add makes no other layout."""
    client = as_user(lang)
    head = (*HEAD[:-1], "Chỗ trú ngụ")
    send(client, workbook(*TWINS, WRONG, head=head))
    one = batch()
    columns = {f"column-{column}": key for key, column in reading.layout_of(one).columns.items()}
    named = {"version": one.version, "column-6": "residence"} | columns
    client.post(reverse("organizations:import_columns", args=[one.pk]), named)
    answer(client, **{"a-3-twin-2": "skip"})

    send(client, corrected(marked(client), C4="1/2/1990"), "Đã sửa.xlsx")

    assert reading.layout_of(batch()).columns["residence"] == 6


def test_an_answer_taken_back_does_not_come_again_from_an_older_file(lang, as_user):
    client = as_user(lang)
    send(client, workbook(*TWINS), "a.xlsx")
    answer(client, **{"a-3-twin-2": "other"})
    send(client, workbook(*TWINS, row(**{"Họ và tên": "Đỗ Văn Thêm"})), "b.xlsx")
    assert batch().answers["3"] == {"twin-2": "other"}
    answer(client, **{"a-3-twin-2": ""})

    page = send(client, workbook(*TWINS, row(**{"Họ và tên": "Đỗ Văn Bớt"})), "c.xlsx")

    assert kinds(page)[3] == "question"


def test_a_row_that_came_under_another_branch_is_asked_again(lang, as_user):
    client = as_user(lang)
    known = known_person(lang)
    head, person = ("Họ và tên", "Năm sinh", "Giới tính"), ("Lê Thị Ba", known.birth.year, "Nữ")
    send(client, workbook(("I. Chi bộ thôn Hội",), person, head=head), "a.xlsx")
    answer(client, **{"a-3-same": "other"})
    assert batch().answers["3"] == {"same": "other"}

    page = send(client, workbook(("I. Chi bộ thôn Trung",), person, head=head), "b.xlsx")

    assert kinds(page)[3] == "question"


def test_what_was_said_holds_after_the_right_rows_were_written(lang, as_user):
    client = as_user(lang)
    send(client, workbook(*TWINS, WRONG))
    page = answer(client, **{"a-3-twin-2": "skip"})
    confirm(client, page, only_valid="on")

    page = send(client, corrected(marked(client), C4="1/2/1990"), "Đã sửa.xlsx")

    assert kinds(page) == {2: "same", 3: "skipped", 4: "new"}
