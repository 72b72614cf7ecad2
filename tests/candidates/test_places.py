"""Which unit the words of a list mean."""

import pytest

from candidates.places import Places, place_of

HOI = place_of("hoi", "Chi bộ thôn Hội", ["Chi bộ thôn Hội", "Thôn Hội"], ["Đảng bộ xã Song Lãng", "Song Lãng"])
TRUNG = place_of("trung", "Chi bộ thôn Trung", ["Chi bộ thôn Trung"], ["Đảng bộ xã Song Lãng", "Song Lãng"])
SCHOOL = place_of("thcs", "Chi bộ Trường THCS Song Lãng", ["Chi bộ Trường THCS Song Lãng"], ["Song Lãng"])
PRIMARY = place_of("th", "Chi bộ Trường Tiểu học Song Lãng", ["Chi bộ Trường Tiểu học Song Lãng"], ["Song Lãng"])
ARMY = place_of("quan-su", "Chi bộ Quân sự xã", ["Chi bộ Quân sự xã"], ["Song Lãng"])
WHOLE = place_of("xa", "Song Lãng (chưa phân chi bộ)", ["Đảng bộ xã Song Lãng", "Song Lãng"], is_whole=True)
OTHER = place_of("hoi-2", "Chi bộ thôn Hội", ["Chi bộ thôn Hội"], ["Đảng bộ xã Hiệp Hòa", "Hiệp Hòa"])
OTHER_WHOLE = place_of("xa-2", "Hiệp Hòa (chưa phân chi bộ)", ["Đảng bộ xã Hiệp Hòa", "Hiệp Hòa"], is_whole=True)
CELL = place_of("toa-an", "Chi bộ Tòa án", ["Chi bộ Tòa án nhân dân huyện", "Tòa án"])

COMMUNE = Places([WHOLE, HOI, TRUNG, SCHOOL, PRIMARY, ARMY], WHOLE, "Đảng bộ xã Song Lãng")
DISTRICT = Places([WHOLE, HOI, TRUNG, OTHER_WHOLE, OTHER, CELL], None, "Đảng bộ huyện Vũ Thư")


def find(places, branch="", group="", unit="", answer=""):
    return places.find(branch=branch, group=group, unit=unit, answer=answer)


@pytest.mark.parametrize(
    ("branch", "group", "place"),
    [
        ("Chi bộ thôn Hội", "", HOI),
        ("CB thôn Hội", "", HOI),
        ("THÔN HỘI", "", HOI),
        ("Chi bộ thôn Hội, xã Song Lãng", "", HOI),
        ("", "Chi bộ thôn Trung", TRUNG),
        ("CB Quân sự", "Chi bộ Quân sự xã", ARMY),
        ("Chi bộ Trường THCS", "Chi bộ Trường THCS Song Lãng", SCHOOL),
        ("Chi bộ Trường", "Chi bộ Trường THCS Song Lãng", SCHOOL),  # two schools begin so; the group says which
        ("CB thôn Hội", "Khối nông thôn", HOI),
        ("", "", WHOLE),
        ("Đảng bộ xã Song Lãng", "", WHOLE),
    ],
)
def test_finds_the_branch_a_row_means(branch, group, place):
    found = find(COMMUNE, branch, group)
    assert (found.place, found.questions) == (place, ())
    assert not any(note.blocks for note in found.notes)


def test_says_how_a_shortened_name_was_read():
    (note,) = find(COMMUNE, "CB Quân sự").notes
    assert note.message == "“CB Quân sự” hiểu là Chi bộ Quân sự xã."


def test_says_that_a_row_without_branch_goes_to_the_committee():
    (note,) = find(COMMUNE).notes
    assert "Chưa phân chi bộ" in note.message
    assert not note.blocks


def test_asks_where_the_cell_and_the_group_disagree():
    found = find(COMMUNE, "CB Trường THCS", "Chi bộ thôn Trung")
    (question,) = found.questions
    assert found.place is None
    assert [option.value for option in question.options] == ["thcs", "trung"]


def test_takes_the_answer_and_no_other():
    asked = {"branch": "CB Trường THCS", "group": "Chi bộ thôn Trung", "unit": ""}
    assert COMMUNE.find(**asked, answer="trung").place == TRUNG
    assert COMMUNE.find(**asked, answer="hoi-2").place is None  # of another unit


def test_asks_which_of_two_branches_a_name_begins():
    (question,) = find(COMMUNE, "Chi bộ Trường").questions
    assert [option.value for option in question.options] == ["thcs", "th"]


def test_asks_once_about_a_name_of_no_branch():
    found = find(COMMUNE, "Chi bộ thôn Bắc")
    assert (found.place, found.unknown) == (None, "Chi bộ thôn Bắc")
    question = COMMUNE.ask_about("Chi bộ thôn Bắc", 6)
    assert question.text == "“Chi bộ thôn Bắc” (6 dòng) là chi bộ nào?"
    assert [option.value for option in question.options] == ["hoi", "trung", "thcs", "th", "quan-su", "xa"]
    said = Places(COMMUNE.units, WHOLE, COMMUNE.scope, {question.key: "hoi"})
    for written in ("Chi bộ thôn Bắc", "CB THÔN BẮC"):
        assert find(said, written).place == HOI
    assert find(said, "", "Chi bộ thôn Bắc").place == HOI


def test_ignores_a_group_that_is_no_branch_and_says_so():
    found = find(COMMUNE, "", "Khối nông thôn")
    assert found.place == WHOLE
    assert any("Khối nông thôn" in note.message and not note.blocks for note in found.notes)


def test_asks_about_a_group_that_is_called_a_branch():
    assert find(COMMUNE, "", "Chi bộ thôn Bắc").unknown == "Chi bộ thôn Bắc"


def test_refuses_another_unit():
    (note,) = find(COMMUNE, "CB thôn Hội", unit="Đảng bộ xã Hiệp Hòa").notes
    assert note.blocks
    assert note.column == "unit"


@pytest.mark.parametrize(
    ("branch", "unit", "place"),
    [
        ("CB thôn Hội", "Hiệp Hòa", OTHER),
        ("CB thôn Hội", "ĐB xã Song Lãng", HOI),
        ("Chi bộ thôn Hội, xã Hiệp Hòa", "", OTHER),
        ("", "xã Hiệp Hòa", OTHER_WHOLE),
        ("", "Chi bộ Tòa án nhân dân huyện", CELL),
    ],
)
def test_finds_the_unit_in_a_list_of_the_district(branch, unit, place):
    assert find(DISTRICT, branch, unit=unit).place == place


def test_asks_where_several_units_have_such_a_branch():
    (question,) = find(DISTRICT, "CB thôn Hội").questions
    assert [option.value for option in question.options] == ["hoi", "hoi-2"]


def test_refuses_a_row_of_the_district_that_names_nobody():
    (note,) = find(DISTRICT).notes
    assert note.blocks
    assert "Đảng bộ huyện Vũ Thư" in note.message
