"""Cleaning and the three keys of a name; the order is held against ICU (table names_icu.csv).

The table was made by make_names_icu.mjs. Its `rank` treats hoà and hòa as one syllable, as the keys do; its `raw` is
ICU untouched, and must agree wherever no name has such a syllable.
"""

import csv
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vuthu_recruit.vietnamese import (
    clean,
    clean_lines,
    contains_marks,
    exactness,
    lower_first,
    same_name_key,
    search_key,
    sort_key,
    without_marks,
)

ANY_TEXT = st.text() | st.text(
    alphabet="aăâbcdđeêhoôơquưyAĐÂOƯ \u0300\u0301\u0303\u0309\u0323\u0302\u031b'-", max_size=30
)
TWO_PLACES = re.compile(r"(?<!q)(oa|oe|uy)\b")


def nfd(text):
    return unicodedata.normalize("NFD", text)


def icu_table():
    with (Path(__file__).parent / "names_icu.csv").open(encoding="utf-8", newline="") as file:
        return [(row["name"], int(row["rank"]), int(row["raw"])) for row in csv.DictReader(file)]


def dense_ranks(values):
    return [sorted(set(values)).index(value) for value in values]


def test_sort_key_orders_every_name_as_icu_does():
    names, ranks, _ = zip(*icu_table(), strict=True)

    assert len(names) >= 500
    assert dense_ranks([sort_key(name) for name in names]) == list(ranks)


def test_sort_key_equals_untouched_icu_where_the_tone_has_one_place_only():
    rows = [(name, raw) for name, _, raw in icu_table() if not TWO_PLACES.search(search_key(name))]
    names, raw = zip(*rows, strict=True)

    assert len(names) >= 500
    assert dense_ranks([sort_key(name) for name in names]) == dense_ranks(raw)


@pytest.mark.parametrize(
    "names",
    [
        ["Trần Văn An", "Lê Thị Ân", "Bùi Bình"],
        ["Đỗ Thị Ba", "Lê Thị Bà", "An Thị Bả", "Vũ Thị Bã", "Bùi Thị Bá", "Bùi Thị Bạ"],
        ["Đào Văn Dũng", "Bùi Văn Đức", "An Văn Hà"],
        ["Nguyễn An", "Nguyễn Ánh An", "Nguyễn Văn An", "Phạm An"],
        ["An", "Nguyễn An", "Nguyễn Bình"],
        ["Lê Thị An Hoa", "Lê Thi Bình Hoa", "Lê Thị Bình Hoa"],
        ["Lê Văn 1", "Lê Văn 2", "Lê Văn An", "Lê Văn Z", "Lê Văn 王"],
    ],
)
def test_sort_key_orders_given_family_middle_and_letters_before_tones(names):
    assert sorted(names, key=sort_key) == names


def test_sort_key_is_for_eyes_that_look_into_the_table():
    assert sort_key("Nguyễn Thị Thùy Dương") == "d0u1o2n0g0001n0g0u0y0e1n0004t0h0i001t0h0u0y00062"


@pytest.mark.parametrize(
    "one, other", [("Hoà", "Hòa"), ("Thuý", "Thúy"), ("Khoẻ", "Khỏe"), ("Qúy", "Quý"), ("HOÀ", "hòa")]
)
def test_the_place_of_the_tone_makes_no_difference_to_any_key(one, other):
    for key in (search_key, sort_key, same_name_key):
        assert key(f"Lê {one} An") == key(f"Lê {other} An")


@pytest.mark.parametrize("one, other", [("Hoà", "Hóa"), ("Đức", "Dức"), ("Ân", "An"), ("Hòa", "Hoa"), ("Tư", "Tu")])
def test_other_marks_are_another_name_for_duplicates_and_order_but_not_for_search(one, other):
    assert same_name_key(one) != same_name_key(other)
    assert sort_key(one) != sort_key(other)
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(
    "name, key",
    [
        ("Hòa", "hoà"),
        ("THÚY", "thuý"),
        ("Khỏe", "khoẻ"),
        ("Quý", "quý"),
        ("Huỳnh Toàn", "huỳnh toàn"),
        ("Nguyễn", "nguyễn"),
        ("Huề", "huề"),
        ("Mùa", "mùa"),
        ("Loát", "loát"),
        ("Ðào", "đào"),
        ("Hoả Hòa Thủy", "hoả hoà thuỷ"),
    ],
)
def test_same_name_key_keeps_marks_and_moves_only_the_tone_of_oa_oe_uy(name, key):
    assert same_name_key(name) == same_name_key(nfd(name)) == key


@pytest.mark.parametrize(
    "text, key",
    [
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("NGUYỄN THỊ ĐÀO", "nguyen thi dao"),
        ("  Nguyễn\u00a0 Thị\tĐào\n", "nguyen thi dao"),
        ("Nguy\u200bễn", "nguyen"),
        ("Đảng ủy; Đảng uỷ", "dang uy dang uy"),
        ("H'Hen Niê", "h hen nie"),
        ("Chi bộ 5 (thôn Hội)", "chi bo 5 thon hoi"),
        ("Ðặng", "dang"),
        ("Ｎguyễn", "nguyen"),
        ("Straße Øre 王 An", "strasse re an"),
        ("王", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_search_key_keeps_plain_letters_and_digits_only(text, key):
    assert search_key(text) == key


@pytest.mark.parametrize(
    "text, cleaned",
    [
        ("  Trần  Văn   Đức ", "Trần Văn Đức"),
        ("Lê\u00a0Minh\u3000Tuấn\u2009", "Lê Minh Tuấn"),
        ("Lê\nMinh\r\nTuấn\u2028An\u0085", "Lê Minh Tuấn An"),
        ("\ufeffLê\u200b \u200eMinh\u202c \u00adTuấn\u2060", "Lê Minh Tuấn"),
        ("Lê\x00 \x07Minh\u034f", "Lê Minh"),
        ("Lê \ud800Minh", "Lê Minh"),
        ("LÊ QUỐC việt", "LÊ QUỐC việt"),
        ("Hòa Hoà", "Hòa Hoà"),
        ("\u200b \u00a0", ""),
        (None, ""),
    ],
)
def test_clean_leaves_one_line_as_typed(text, cleaned):
    assert clean(text) == cleaned


def test_clean_composes():
    assert clean(nfd("Phạm Thị Thúy Hường")) == "Phạm Thị Thúy Hường"


def test_clean_lines_keeps_lines_and_paragraphs():
    text = "\r\n \n Một  dòng\u200b\r\nHai\u00a0 dòng\r\rBa\u2028Bốn \n\n"

    assert clean_lines(text) == "Một dòng\nHai dòng\n\nBa\nBốn"


@pytest.mark.parametrize(
    ("label", "inside"),
    [("Ra quyết định", "ra quyết định"), ("Đi học lớp nhận thức về Đảng", "đi học lớp nhận thức về Đảng"), ("", "")],
)
def test_lower_first_keeps_the_capitals_of_names(label, inside):
    assert lower_first(label) == inside


@pytest.mark.parametrize(
    "text, marked", [("đào", True), ("Đ", True), ("dao", False), ("ă", True), ("D’An 5", False), ("", False)]
)
def test_contains_marks_tells_who_typed_them(text, marked):
    assert contains_marks(text) is contains_marks(nfd(text)) is marked


def test_without_marks_keeps_case_and_punctuation():
    assert without_marks("Đảng ủy (huyện Vũ Thư)") == "Dang uy (huyen Vu Thu)"


@pytest.mark.parametrize(
    "query, names",
    [
        ("đào", ["Lê Thị Đào", "Lê Thị Đạo", "Lê Thị Đàon", "Lê Thị Daon", "Lê Thị Hoa"]),
        ("an", ["Lê Thị An", "Lê Thị Ân", "Lê Thị Lan", "Lê Thị Lân", "Lê Thị Hoa"]),
        ("thị hoà", ["Lê Thị Hòa", "Lê Thi Hóa", "Lê Thị Hoàn", "Lê Thị Hoan", "Thị Lê Hoa"]),
    ],
)
def test_exactness_ranks_what_was_typed_first(query, names):
    assert [exactness(query, name) for name in names] == [0, 1, 2, 3, 4]
    assert [exactness(nfd(query.upper()), nfd(name)) for name in names] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("query", ["", "  ", "王", "%", "_"])
def test_an_empty_or_foreign_query_finds_nobody(query):
    assert exactness(query, "Lê Thị Đào") == 4


@given(ANY_TEXT)
def test_keys_hold_only_small_letters_digits_and_single_spaces(text):
    assert re.fullmatch("([a-z0-9]+( [a-z0-9]+)*)?", search_key(text))
    assert re.fullmatch("[a-z0-9]*", sort_key(text))


@given(ANY_TEXT)
def test_composed_and_decomposed_text_are_the_same_everywhere(text):
    for function in (clean, clean_lines, search_key, sort_key, same_name_key, contains_marks):
        assert function(nfd(text)) == function(text)


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)
    assert search_key(search_key(text)) == search_key(text)


@given(ANY_TEXT)
def test_cleaned_text_is_one_composed_line_that_a_database_can_hold(text):
    cleaned = clean(text)

    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == " ".join(cleaned.split())
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == cleaned
