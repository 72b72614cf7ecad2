"""The change log: in words, scoped, filtered, at a constant cost."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from candidates.actions.corrections import Correction, correct_events, withdraw_last
from candidates.pipeline import Stage, Step
from organizations import history
from organizations.actions import units
from organizations.models import Change
from targets import actions as targets
from tests.factories import advance, make_branches, make_candidate, step
from tests.tools import queries_for

URL = "organizations:changes"


def fields_of(entries) -> dict[str, tuple[str, str]]:
    return {f.label: (f.before, f.after) for entry in entries for item in entry.items for f in item.fields}


def shown(client, **query):
    return client.get(reverse(URL), query).context["entries"]


def rename(unit, by):
    units.rename(
        organization=unit,
        name="Đảng bộ xã Mới",
        short_name="Xã Mới",
        on=date(2024, 7, 1),
        reason="Theo quyết định số 12-QĐ/HU",
        version=unit.version,
        by=by,
    )


def test_says_who_did_what_before_after_and_why(world, as_user):
    rename(world.north, world.board)

    entry = shown(as_user(world.head))[0]

    assert (entry.who, entry.actions, entry.reasons) == (
        world.board.full_name,
        ("Đổi tên đơn vị",),
        ("Theo quyết định số 12-QĐ/HU",),
    )
    assert fields_of([entry])["tên"] == (world.north.name, "Đảng bộ xã Mới")
    assert fields_of([entry])["dùng đến trước ngày"] == ("", "01/07/2024")


def test_rows_of_one_request_are_one_entry(world, as_user):
    client = as_user(world.north_officer)
    client.post(
        reverse("organizations:add_branches", args=[world.north.slug]),
        {"names": "Chi bộ A\nChi bộ B\nChi bộ C", "opened_on": "01/01/2020"},
    )

    entry = shown(as_user(world.board))[0]

    assert (len(entry.items), entry.via, entry.address) == (3, "Trang web", "127.0.0.1")
    assert [item.kind for item in entry.items] == ["created"] * 3


def test_values_are_in_words_and_technical_fields_are_left_out(world, as_user):
    person = make_candidate(world.north_1, priority_groups=["militia"])
    step(person, Step.STOPPED, date(2022, 5, 1), reason="Người này chuyển công tác")

    found = fields_of(history.entries(Change.objects.filter(subject_id=str(person.pk))))

    assert found["đơn vị"][1] == "Chi bộ thôn Hội, Xã Hồng Lý"
    assert found["đối tượng ưu tiên"] == ("", "Dân quân")
    assert found["trạng thái"] == ("Đang theo dõi", "Tạm dừng") or found["trạng thái"][1]
    assert "Lý do: Người này chuyển công tác" in found["nội dung"][1]
    assert not any(re.search("key|live|version|seq", label) for label in found)


def test_a_correction_shows_what_was_and_what_is_and_a_withdrawal_what_went(world):
    person = advance(make_candidate(world.north_1), Stage.BRANCH_PASSED)
    event = person.events.get(step="branch_passed")
    put_right = Correction(event, event.happened_on, event.facts | {"votes": 10})
    why = {"reason": "Biên bản kiểm phiếu ghi 10 phiếu", "by": world.north_officer}
    correct_events(candidate=person, corrections=[put_right], version=person.version, **why)
    person.refresh_from_db()
    event = person.events.get(step="branch_passed", is_live=True)
    withdraw_last(candidate=person, event=event, version=person.version, **why)

    withdrawn, corrected = history.entries(Change.objects.filter(subject_id=str(person.pk)))[:2]

    (item,) = [item for item in corrected.items if "Chi bộ biểu quyết đạt" in item.name]
    (votes,) = item.fields
    assert item.kind == "updated"
    assert "Số phiếu tán thành: 11" in votes.before
    assert "Số phiếu tán thành: 10" in votes.after
    (item,) = [item for item in withdrawn.items if "Chi bộ biểu quyết đạt" in item.name]
    assert item.kind == "withdrawn"
    assert any("Số phiếu tán thành: 10" in field.before for field in item.fields)


def test_the_identity_number_is_masked_and_a_reader_may_be_kept_from_fields(world):
    person = make_candidate(world.north_1, religion="catholic")
    rows = Change.objects.filter(subject_id=str(person.pk))

    found = fields_of(history.entries(rows))
    kept = fields_of(history.entries(rows, hidden_fields={"religion"}))

    assert found["số định danh cá nhân"][1] == "••••••••" + person.identity_number[-4:]
    assert found["tôn giáo"][1] == "Công giáo"
    assert "tôn giáo" not in kept


def test_no_password_is_ever_shown(world, as_user):
    from organizations import changes

    before = changes.state(world.nobody)
    world.nobody.set_password("mot-mat-khau-that-dai")
    with changes.recording(by=world.admin, action="account.password") as log:
        log.updated(world.nobody, before)

    page = as_user(world.board).get(reverse(URL)).content.decode()
    assert "mot-mat-khau" not in page
    assert "argon2" not in page


@pytest.mark.parametrize("who", ["standing", "supervisor", "north_officer", "branch_officer", "admin", "nobody"])
def test_only_the_board_reads_it(world, as_user, who):
    assert as_user(getattr(world, who)).get(reverse(URL)).status_code == 403


def test_changes_of_accounts_and_of_the_area_are_seen_by_the_board(world):
    from organizations.permissions import Permission

    seen = Change.objects.visible_to(world.board, needs=Permission.CHANGES_VIEW)

    assert seen.filter(unit=world.area).exists()
    assert not Change.objects.visible_to(world.north_officer, needs=Permission.CHANGES_VIEW).exists()
    assert not Change.objects.visible_to(world.north_officer, needs=Permission.FIGURES_VIEW).filter(unit=None).exists()


def test_filters_by_person_action_day_unit_and_object(world, as_user):
    rename(world.north, world.board)
    client = as_user(world.head)

    assert len(shown(client, person=world.board.pk, action="organization.rename")) == 1
    assert len(shown(client, unit=world.south.slug, action="organization.rename")) == 0
    assert len(shown(client, subject="organizations.Organization", action="organization.rename")) == 1
    assert len(shown(client, from_on="01/01/2000", to_on="02/01/2000")) == 0
    assert len(shown(client, unit=world.north_1.slug)) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"person": "987654321"},
        {"person": "x"},
        {"action": "x"},
        {"unit": "khong-co"},
        {"from_on": "31/02/2024"},
        {"from_on": "02/01/2024", "to_on": "01/01/2024"},
    ],
)
def test_a_wrong_filter_gets_a_sentence_and_no_rows(world, as_user, query):
    response = as_user(world.board).get(reverse(URL), query)

    assert response.status_code == 200
    assert response.context["entries"] == []
    assert response.context["filters"].errors


def test_pages_far_beyond_the_end_show_the_last(world, as_user):
    assert as_user(world.board).get(reverse(URL), {"page": "1000000000"}).status_code == 200


def test_number_of_queries_does_not_grow_with_rows(world, as_user):
    client = as_user(world.board)
    add = {"from_on": date(2021, 1, 1), "to_on": date(2021, 6, 30), "count": 3, "women": 1, "document": "45-BC/HU"}
    targets.add_opening_balance(plan=world.plan, organization=world.north, values=add, by=world.board)
    rename(world.north, world.board)
    make_candidate(world.north_1)
    client.get(reverse(URL))
    few = queries_for(client, reverse(URL))
    for number in range(12):
        make_candidate(world.south_1)
        make_branches(world.south, f"Chi bộ thôn số {number}")

    assert queries_for(client, reverse(URL)) <= few


def test_every_action_in_the_sources_has_words():
    root = Path(__file__).resolve().parents[2]
    codes = set()
    for app in ("organizations", "targets", "candidates", "reports"):
        for path in (root / app).rglob("*.py"):
            codes |= set(re.findall(r'\baction\s*=\s*"([a-z_]+\.[a-z_]+)"', path.read_text()))

    assert sorted(code for code in codes if code not in history.ACTIONS) == []
