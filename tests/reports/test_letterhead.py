"""The letterhead: usual words without a row, edited by the Board alone, two editors lose nothing."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from organizations import history
from organizations.models import Change
from organizations.versions import Conflict
from reports import actions
from reports.issuer import date_in_words, paper_for
from reports.models import Letterhead

VALUES = {
    "parent": "TỈNH ỦY THÁI BÌNH",
    "issuer": "HUYỆN ỦY VŨ THƯ",
    "number_suffix": "-BC/HU",
    "place": "Vũ Thư",
    "offices": "T/M BAN THƯỜNG VỤ\nBÍ THƯ",
    "signer": "Đồng chí Mẫu",
    "recipients": "Tỉnh ủy,\nLưu Văn phòng.",
}


def edit(world, version=0, by=None, organization=None, **values):
    return actions.edit_letterhead(
        organization=organization or world.district, values=VALUES | values, version=version, by=by or world.board
    )


def url(organization) -> str:
    return reverse("reports:letterhead", args=[organization.slug])


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2021, 9, 29), "ngày 29 tháng 9 năm 2021"),
        (date(2024, 2, 3), "ngày 03 tháng 02 năm 2024"),
        (date(2024, 10, 9), "ngày 09 tháng 10 năm 2024"),
    ],
)
def test_days_are_written_as_in_party_documents(day, words):
    assert date_in_words(day) == words


def test_the_usual_words_of_each_kind_of_unit(world):
    said = {}
    for name in ("district", "north", "cell", "north_1"):
        paper = paper_for(getattr(world, name), date(2024, 11, 18))
        said[name] = (paper.parent, paper.issuer, paper.number, paper.place_and_date.split(",")[0], paper.offices)
        assert set(paper.signer) == {"…"}  # nobody's name is invented

    assert said == {
        "district": ("HUYỆN ỦY VŨ THƯ", "BAN TỔ CHỨC", "Số ………-BC/BTCHU", "Vũ Thư", ("TRƯỞNG BAN",)),
        "north": (
            "ĐẢNG BỘ HUYỆN VŨ THƯ", "ĐẢNG ỦY XÃ HỒNG LÝ", "Số ………-BC/ĐU", "Hồng Lý", ("T/M ĐẢNG ỦY", "BÍ THƯ"),
        ),
        "cell": (
            "ĐẢNG BỘ HUYỆN VŨ THƯ", "CHI BỘ TÒA ÁN NHÂN DÂN HUYỆN", "Số ………-BC/CB", "Vũ Thư", ("T/M CHI BỘ", "BÍ THƯ"),
        ),
        "north_1": ("ĐẢNG ỦY XÃ HỒNG LÝ", "CHI BỘ THÔN HỘI", "Số ………-BC/CB", "Hồng Lý", ("T/M CHI BỘ", "BÍ THƯ")),
    }  # fmt: skip


def test_the_first_edit_makes_the_row_and_the_next_changes_it(world):
    row = edit(world)
    edit(world, version=row.version, signer="")

    row.refresh_from_db()
    assert (row.signer, row.issuer, row.version) == ("", "HUYỆN ỦY VŨ THƯ", 2)
    first, second = Change.objects.filter(action="letterhead.edit").order_by("pk")
    assert first.before is None
    assert second.after == {"signer": "", "version": 2}
    assert (second.unit, second.by) == (world.district, world.board)
    assert history.action_words("letterhead.edit") == "Sửa thể thức văn bản"


def test_the_same_form_sent_twice_changes_once(world):
    edit(world)
    edit(world)

    assert Letterhead.objects.get().version == 1
    assert Change.objects.filter(action="letterhead.edit").count() == 1


def test_two_editors_of_the_usual_words_do_not_overwrite_each_other(world):
    edit(world)

    with pytest.raises(Conflict):
        edit(world, signer="Người khác", by=world.head)
    assert Letterhead.objects.get().signer == "Đồng chí Mẫu"


def test_only_the_board_edits(world):
    for who in (world.north_officer, world.standing, world.admin):
        with pytest.raises(PermissionDenied):
            edit(world, by=who, organization=world.north)


def test_the_database_refuses_a_letterhead_without_a_writer(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Letterhead.objects.create(organization=world.district, issuer="", place="Vũ Thư", offices="BÍ THƯ")


# The page


def test_saves_and_the_sheet_shows_it(world, as_user):
    client = as_user(world.board)

    response = client.post(url(world.district), VALUES | {"version": 0, "recipients": "- Tỉnh ủy,\r\n– Lưu Văn phòng."})

    assert response.status_code == 302
    assert Letterhead.objects.get().recipients == "Tỉnh ủy,\nLưu Văn phòng."
    page = client.get(response.url).content.decode()
    for words in (
        "TỈNH ỦY THÁI BÌNH",
        "T/M BAN THƯỜNG VỤ",
        "Đồng chí Mẫu",
        "Đã lưu thể thức văn bản của Đảng bộ huyện",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"issuer": " "}, "Chưa nhập “Cơ quan ban hành”."),
        ({"offices": "\n".join("12345")}, "Nhiều nhất 4 dòng."),
        ({"recipients": "x" * 101}, "Mỗi dòng nhiều nhất 100 ký tự."),
        ({"signer": "x" * 121}, "120"),
    ],
)
def test_a_wrong_field_comes_back_with_a_sentence(world, as_user, values, words):
    response = as_user(world.board).post(url(world.district), VALUES | {"version": 0} | values)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Letterhead.objects.exists()


def test_a_second_editor_sees_both_versions_and_may_then_save(world, as_user):
    edit(world)
    client = as_user(world.head)

    response = client.post(url(world.district), VALUES | {"version": 0, "signer": "Người khác"})

    assert response.status_code == 409
    assert [(row["now"], row["typed"]) for row in response.context["versions"]] == [("Đồng chí Mẫu", "Người khác")]
    again = {name: response.context["form"].data[name] for name in (*VALUES, "version")}
    assert client.post(url(world.district), again).status_code == 302
    assert Letterhead.objects.get().signer == "Người khác"


@pytest.mark.parametrize(
    ("who", "place", "status"),
    [
        ("board", "north", 200),
        ("board", "north_1", 404),
        ("standing", "district", 403),
        ("north_officer", "north", 403),
        ("north_officer", "south", 404),
        ("north_officer", "district", 404),
        ("admin", "district", 404),
        ("nobody", "district", 404),
    ],
)
def test_who_may_open_it(world, as_user, who, place, status):
    client = as_user(getattr(world, who))

    assert client.get(url(getattr(world, place))).status_code == status
    if status != 200:
        assert client.post(url(getattr(world, place)), VALUES | {"version": 0}).status_code == status
        assert not Letterhead.objects.exists()


def test_only_who_may_edit_it_is_offered_the_link(world, as_user):
    page = reverse("reports:standing_committee")

    assert url(world.district) in as_user(world.board).get(page).content.decode()
    assert "the-thuc" not in as_user(world.standing).get(page).content.decode()
    assert "the-thuc" not in as_user(world.north_officer).get(page).content.decode()
