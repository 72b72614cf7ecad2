"""Entering a person: the form, its refusals, what is kept as typed."""

import unicodedata

import pytest
from django.urls import reverse

from candidates.models import Candidate
from candidates.pipeline import Status
from tests import factories

KEY = "a" * 32


def data(world, **values):
    base = {
        "form_key": KEY,
        "full_name": "Đặng Thị Hòa",
        "sex": "female",
        "birth": "27/3/1995",
        "unit": world.north_1.slug,
        "entered_on": "2/1/2024",
        "ethnicity": "Kinh",
        "religion": "none",
    }
    return base | values


def post(world, as_user, who="north_officer", **values):
    return as_user(getattr(world, who)).post(reverse("candidates:create"), data(world, **values))


def test_a_full_record_is_stored_as_typed(world, as_user):
    response = post(
        world,
        as_user,
        identity_number="000 195 104 482",
        phone="+84 912.345.678",
        priority_groups=["militia", "active"],
        is_youth_union_member="on",
        youth_union_joined="3/2010",
        introduced_by_body="youth_union",
        introduced_on="1/1/2024",
        introducer_1_name="Trần Văn Đảng",
        introducer_1_position="Bí thư chi bộ",
        helper_1_name="Lê Thị Giúp",
        helper_1_from="5/1/2024",
    )

    person = Candidate.objects.get()
    assert response.status_code == 302
    assert response.url == person.get_absolute_url()
    assert (person.identity_number, person.phone) == ("000195104482", "0912345678")
    assert person.priority_groups == ["militia", "active"]
    assert person.introduced_at == world.north
    assert str(person.youth_union_joined) == "03/2010"
    assert person.status == Status.OPEN
    assert f"{person.introducers.get().from_on:%d/%m/%Y}" == "02/01/2024"
    assert f"{person.helpers.get().from_on:%d/%m/%Y}" == "05/01/2024"


def test_the_message_names_the_person_and_the_time(world, as_user):
    client = as_user(world.north_officer)
    page = client.post(reverse("candidates:create"), data(world), follow=True).content.decode()

    assert "Đã lưu Đặng Thị Hòa lúc " in page


def test_sending_the_form_twice_makes_one_record(world, as_user):
    first, second = post(world, as_user), post(world, as_user)

    assert first.url == second.url
    assert Candidate.objects.count() == 1


def test_the_key_of_another_account_is_no_way_to_its_record(world, as_user):
    post(world, as_user)
    response = post(world, as_user, "south_officer", unit=world.south_1.slug, full_name="Vũ Văn Nam")

    assert response.status_code == 302
    assert Candidate.objects.count() == 2


def test_a_pasted_decomposed_name_is_stored_composed(world, as_user):
    post(world, as_user, full_name=unicodedata.normalize("NFD", "  ĐẶNG  Thị   Hòa "))

    assert Candidate.objects.get().full_name == "ĐẶNG Thị Hòa"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("full_name", "x" * 10_000, "Nhiều nhất 120 ký tự"),
        ("full_name", "<script>alert(1)</script>", "chỉ gồm chữ cái"),
        ("full_name", "=cmd|' /C calc'!A0", "chỉ gồm chữ cái"),
        ("full_name", "", "Chưa nhập “Họ và tên”"),
        ("workplace", "=cmd|' /C calc'!A0", "không bắt đầu bằng"),
        ("residence", "<script>", "không nhận các ký tự"),
        ("identity_number", "12345", "ở đây có 5 chữ số"),
        ("identity_number", "x" * 500, "Nhiều nhất 40 ký tự"),
        ("identity_number", "00019510448a", "chỉ gồm chữ số"),
        ("phone", "12", "Số điện thoại cần"),
        ("birth", "31/02/1990", "không có thật"),
        ("birth", "1/1/2030", "chưa đến"),
        ("birth", "1920", "hơn 100 tuổi"),
        ("entered_on", "19/11/2024", "chưa đến"),
        ("entered_on", "1/1/1990", "trước ngày sinh"),
        ("youth_union_joined", "1990", "trước ngày sinh"),
        ("priority_groups", "khong-co", "Hãy chọn một mục"),
        ("sex", "khong-co", "Hãy chọn một mục"),
        ("form_key", "x", "Trang đã cũ"),
        ("helper_1_position", "Bí thư", "Chưa nhập họ tên người giúp đỡ"),
    ],
)
def test_bad_input_is_refused_on_its_field_and_changes_nothing(field, value, words, world, as_user):
    response = post(world, as_user, **{field: value})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Candidate.objects.exists()


def test_what_was_typed_stays_on_the_page(world, as_user):
    page = post(world, as_user, full_name="Đặng Thị Hòa", birth="31/02/1990").content.decode()

    assert 'value="Đặng Thị Hòa"' in page
    assert 'value="31/02/1990"' in page
    assert "Có lỗi cần sửa" in page


@pytest.mark.parametrize("place", ["south_1", "district", "area"])
def test_a_foreign_unit_is_refused_in_words(place, world, as_user):
    response = post(world, as_user, unit=getattr(world, place).slug)

    assert response.status_code == 422
    assert "Hãy chọn một mục trong danh sách." in response.content.decode()
    assert not Candidate.objects.exists()


def test_a_branch_officer_has_one_unit_and_it_is_chosen(world, as_user):
    form = as_user(world.branch_officer).get(reverse("candidates:create")).context["form"]

    assert list(form.units) == [world.north_1.slug]
    assert form["unit"].value() == world.north_1.slug


def test_a_unit_officer_may_enter_at_the_committee_itself(world, as_user):
    post(world, as_user, unit=world.north.slug)

    assert Candidate.objects.get().has_no_branch


def test_a_number_that_says_otherwise_warns_after_saving(world, as_user):
    client = as_user(world.north_officer)
    typed = data(world, identity_number="000088104482", sex="female", birth="1995")
    page = client.post(reverse("candidates:create"), typed, follow=True).content.decode()

    assert Candidate.objects.get().status == Status.OPEN
    assert "giới tính nam" in page
    assert "sinh năm 1988" in page


def test_readers_and_outsiders_may_not_enter(world, as_user):
    for who in ("standing", "supervisor", "center", "youth", "admin", "nobody"):
        assert post(world, as_user, who).status_code == 403


def test_a_body_elsewhere_never_sees_who_it_did_not_introduce(world):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        factories.make_candidate(world.south_1, introduced_by_body="youth_union", introduced_at=world.north)


def test_each_level_of_introduction_is_offered_once(world, as_user):
    form = as_user(world.north_officer).get(reverse("candidates:create")).context["form"]

    labels = [label for _, label in form.fields["introduced_level"].choices]

    assert labels == ["Cấp xã, đơn vị cơ sở", "Cấp huyện"]
    assert form["introduced_level"].value() == "unit"


@pytest.mark.parametrize(("who", "is_said"), [("north_officer", True), ("branch_officer", False)])
def test_the_place_without_a_branch_is_named_only_to_whom_it_is_offered(who, is_said, world, as_user):
    page = as_user(getattr(world, who)).get(reverse("candidates:create")).content.decode()

    assert ("Chưa phân chi bộ" in page) == is_said
