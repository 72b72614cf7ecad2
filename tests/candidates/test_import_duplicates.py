"""Who in a list may be known already, or be in it twice: asked about, never merged, however it is spelt."""

import unicodedata

import pytest

from candidates.namesakes import Named
from organizations.imports.reading import layout_of
from organizations.imports.registry import IMPORTERS
from organizations.models import Organization
from tests import factories
from tests.candidates.test_people_import import answer, batch, kinds, line, row, said, send, song_lang, workbook
from vuthu_recruit import vietnamese
from vuthu_recruit.dates import PartialDate


@pytest.fixture
def lang(world):
    return song_lang(world)


def lines(officer) -> tuple:
    """Every line of the newest import, on whatever page it would be shown."""
    return IMPORTERS["people"].preview(batch(), layout_of(batch()), officer).lines


@pytest.mark.parametrize(
    ("first", "second", "are_asked"),
    [
        (("Nguyễn Văn An", "1/2/1990"), ("NGUYỄN VĂN AN", "1/2/1990"), True),
        (("Nguyễn Văn An", "1/2/1990"), ("Nguyen Van An", "1/2/1990"), True),
        (("Nguyễn Văn An", "1/2/1990"), ("Nguyễn Văn Ân", "1/2/1990"), True),
        (("Nguyễn Văn An", "1/2/1990"), ("Nguyễn Văn An", "1990"), True),
        (("Nguyen Van An", "1990"), ("Nguyễn Văn An", "2/1990"), True),
        (("Lê Thị Hoà", "1/2/1990"), ("Lê Thị Hòa", "1/2/1990"), True),
        (("Nguyễn Văn An", "1/2/1990"), ("Nguyễn Văn An", "2/2/1990"), False),
        (("Nguyễn Văn An", "1990"), ("Nguyễn Văn Ân", "1990"), False),
        (("Nguyễn Văn An", "1990"), ("Nguyễn Văn An", "1991"), False),
    ],
)
def test_rows_that_may_be_one_person_are_asked_about(first, second, are_asked, lang, as_user):
    rows = [row(**{"Họ và tên": name, "Ngày sinh": birth, "Số CCCD": ""}) for name, birth in (first, second)]
    page = send(as_user(lang), workbook(*rows))
    assert (kinds(page)[3] == "question") == are_asked


def test_another_name_is_another_person_also_where_a_third_row_joins_them(lang, as_user):
    """Row 3 has the number of row 2 and another name; row 4 has a name without marks, and no number."""
    client, number = as_user(lang), "000190000009"
    first = row(**{"Họ và tên": "Lê Thị Ba", "Ngày sinh": "1990", "Số CCCD": number})
    second = row(**{"Họ và tên": "Trần Văn Bốn", "Ngày sinh": "1990", "Số CCCD": number})
    third = row(**{"Họ và tên": "Le Thi Ba", "Ngày sinh": "1990", "Số CCCD": ""})
    fourth = row(**{"Họ và tên": "Đỗ Văn Năm", "Ngày sinh": "1990", "Số CCCD": ""})
    send(client, workbook(first, second, third, fourth))
    page = answer(client, **{"a-3-twin-2": "take"})
    assert kinds(page) == {2: "skipped", 3: "question", 4: "question", 5: "new"}
    assert "họ tên, ngày sinh gần giống nhau: dòng 4 và dòng 2" in line(page, 4).questions[0].text
    assert not Named("Lê Thị Ba", PartialDate(1990)).may_be(Named("Tran Van Bon", PartialDate(1990)))


def test_namesakes_of_one_birth_are_told_apart_one_question_at_a_time(lang, as_user):
    client = as_user(lang)
    page = send(client, workbook(*[row(**{"Số CCCD": "", "Nơi ở": f"Thôn {n}"}) for n in "ABC"]))
    assert [len(line(page, number).questions) for number in (2, 3, 4)] == [0, 1, 1]
    page = answer(client, **{"a-3-twin-2": "other", "a-4-twin-2": "other"})
    assert kinds(page) == {2: "new", 3: "question", 4: "question"}
    page = answer(client, **{"a-4-twin-3": "other"})
    assert kinds(page) == {2: "new", 3: "new", 4: "new"}


def test_who_is_told_apart_from_one_row_is_asked_about_the_next_while_that_one_waits(lang, as_user):
    client = as_user(lang)
    send(client, workbook(*[row(**{"Số CCCD": "", "Nơi ở": f"Thôn {n}"}) for n in "ABC"]))
    page = answer(client, **{"a-4-twin-2": "other"})
    assert kinds(page) == {2: "question", 3: "question", 4: "question"}
    assert [one.key for one in line(page, 4).questions] == ["twin-2", "twin-3"]


def test_two_people_told_apart_are_not_both_the_same_known_person(lang, as_user):
    client, branch = as_user(lang), Organization.objects.get(slug="13213").children.first()
    known = factories.make_candidate(branch, full_name="Lê Thị Ba", birth=PartialDate(1990, 1, 2), by=lang)
    rows = [row(**{"Số CCCD": "", "Nơi ở": f"Thôn {n}"}) for n in "AB"]
    send(client, workbook(*rows))
    answer(client, **{"a-3-twin-2": "other"})
    page = answer(client, **{"a-2-same": str(known.pk), "a-3-same": str(known.pk)})
    assert kinds(page) == {2: "changed", 3: "error"}
    assert "Dòng 2 cũng là người này" in said(page, 3)


def test_whoever_is_taken_stands_for_what_the_row_left_out_says_of_the_person(lang, as_user):
    """Row 4 has the number of row 2, which was left out for row 3."""
    client = as_user(lang)
    numbered, other = row(**{"Số CCCD": "000190000009"}), row(**{"Số CCCD": ""})
    fourth = row(**{"Họ và tên": "Trần Văn Bốn", "Ngày sinh": "5/6/1988", "Số CCCD": "000190000009"})
    send(client, workbook(numbered, other, fourth))
    page = answer(client, **{"a-3-twin-2": "take"})
    assert kinds(page) == {2: "skipped", 3: "question", 4: "question"}
    (question,) = line(page, 4).questions
    assert question.text.startswith("Dòng 4 và dòng 3 là một người (cùng số định danh: dòng 4 và dòng 2).")
    page = answer(client, **{"a-4-twin-3": "skip"})
    assert kinds(page) == {2: "skipped", 3: "new", 4: "skipped"}


def test_a_row_repeated_many_times_asks_one_question_each_time(lang, as_user):
    """Two hundred and forty rows of one person were once asked about in 28,680 questions."""
    send(as_user(lang), workbook(*[row(**{"Số CCCD": "", "Nơi ở": f"Thôn {n}"}) for n in range(240)]))
    assert sum(len(one.questions) for one in lines(lang)) == 239


# Written differently, as cadres do
HABITS = {
    "in capitals": lambda name: name.upper(),
    "without marks": vietnamese.without_marks,
    "with marks apart": lambda name: unicodedata.normalize("NFD", name),
    "two spaces and one that never breaks": lambda name: name.replace(" ", "\u00a0 "),
    "the tone on the other vowel": lambda name: name.replace("oà", "òa").replace("uý", "úy"),
}
FAMILY, MIDDLE, GIVEN = ("Nguyễn", "Trần", "Phạm", "Vũ", "Đỗ"), ("Văn", "Thị"), (
    *("Hoà", "Thuý", "Đức", "Lượng", "Ngà", "Quyền", "Sơn", "Tuấn", "Ước", "Xuân"),
)  # fmt: skip


def test_of_a_hundred_people_planted_in_another_spelling_all_are_found_and_nobody_else(lang, as_user):
    """By number, or by name and birth in each habit; the births as exact as the list has them."""
    names = [f"{a} {b} {c}" for a in FAMILY for b in MIDDLE for c in GIVEN]
    unit, habits = Organization.objects.get(slug="13213"), list(HABITS.values())
    branch = unit.children.order_by("pk").first()
    planted = []
    for place, name in enumerate(names):
        birth = PartialDate(1980 + place % 20, 1 + place % 12, 1 + place % 28)
        has_number = place % 6 == 0
        known = factories.make_candidate(branch, full_name=name, birth=birth, by=lang)
        shown = str(birth.year) if place % 3 == 1 else str(birth)
        if has_number:
            planted.append(row(**{"Họ và tên": name[:-1], "Ngày sinh": shown, "Số CCCD": known.identity_number}))
        else:
            planted.append(row(**{"Họ và tên": habits[place % 5](name), "Ngày sinh": shown, "Số CCCD": ""}))
    others = [
        row(**{"Họ và tên": name, "Ngày sinh": f"{1 + place % 28}/{1 + place % 12}/{1951 + place % 20}", "Số CCCD": ""})
        for place, name in enumerate(names)
    ]
    send(as_user(lang), workbook(*planted, *others))
    found = {line.number for line in lines(lang) if line.kind in ("question", "changed", "same")}
    assert found == set(range(2, 102))
