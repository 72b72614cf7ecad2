"""What needs a second person: nothing before confirmation, everything checked again, nobody for themselves."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.actions.delegated import propose_decision
from candidates.actions.events import Refused
from candidates.models import Candidate
from candidates.pipeline import Stage
from organizations.actions import accounts, assignments, proposals
from organizations.actions.assignments import Post
from organizations.models import Assignment, Change, Organization, Proposal, User
from organizations.permissions import Permission, Role
from organizations.scope import holds
from organizations.versions import Conflict
from tests.factories import advance, make_candidate, make_user

WHY = "Theo quyết định phân công số 12"
DAY = date(2024, 11, 18)
FRESH = User.objects.get


def propose(world, *, user=None, role=Role.UNIT_OFFICER, place=None, **values) -> Proposal:
    post = Post(role, place or world.south, values.pop("starts_on", DAY), **values)
    return assignments.assign(user=user or world.nobody, post=post, reason=WHY, form_key="k", by=world.admin)


def url(proposal) -> str:
    return reverse("organizations:proposal", args=[proposal.pk])


def answer(client, proposal, decision, **data):
    return client.post(url(proposal), {"decision": decision, "version": proposal.version} | data)


def password_in(response) -> str:
    return re.search(r'figure__value">([a-z2-9-]+)<', response.content.decode())[1]


def test_nothing_holds_before_confirmation(world):
    proposal = propose(world)

    assert not world.nobody.assignments.exists()
    assert not holds(FRESH(pk=world.nobody.pk), Permission.CANDIDATE_VIEW)
    assert proposal.state == "waiting"
    assert Change.objects.get(action="proposal.make").object_type == "organizations.Proposal"


def test_confirming_gives_the_role_and_a_password_from_the_confirmers_hands(world, as_user):
    """Until now the administrator may have known the password: it must not open people."""
    proposal = propose(world)

    response = answer(as_user(world.board), proposal, "confirm")

    assert response.status_code == 200
    shown = password_in(response)
    assert world.nobody.assignments.get().organization == world.south
    user = FRESH(pk=world.nobody.pk)
    assert user.check_password(shown)
    assert not user.check_password("mat-khau-de-thu-nghiem")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("confirmed", world.board)
    assert shown not in str(list(Change.objects.values_list("before", "after", "reason")))
    actions = set(Change.objects.filter(by=world.board).values_list("action", flat=True))
    assert {"assignment.give", "account.reset", "proposal.confirmed"} <= actions
    assert Client().post(reverse("login"), {"username": "nobody", "password": shown}).status_code == 302


def test_who_reads_people_already_keeps_the_password(world, as_user):
    proposal = propose(world, user=world.north_officer)

    response = answer(as_user(world.board), proposal, "confirm")

    assert response.url == url(proposal)
    assert FRESH(pk=world.north_officer.pk).check_password("mat-khau-de-thu-nghiem")
    assert world.north_officer.assignments.count() == 2


def test_the_same_form_twice_makes_one_proposal(world, as_user):
    data = {"organization": world.south.pk, "starts_on": "18/11/2024", "reason": WHY, "form_key": "mot-lan"}
    address = reverse("organizations:assign", args=[world.nobody.pk]) + "?role=unit_officer"
    admin = as_user(world.admin)

    assert [admin.post(address, data).status_code for _ in range(2)] == [302, 302]
    assert Proposal.objects.count() == 1
    assert admin.post(address, data | {"form_key": "lan-khac"}).status_code == 422


@pytest.mark.parametrize("username", ["admin", "north_officer", "standing", "center", "nobody"])
def test_only_the_board_confirms(world, as_user, username):
    proposal = propose(world)

    response = answer(as_user(getattr(world, username)), proposal, "confirm")

    assert response.status_code in (403, 404)
    assert not world.nobody.assignments.exists()


def test_the_person_concerned_does_not_confirm_their_own(world, as_user):
    proposal = propose(world, user=world.board, role=Role.SUPERVISOR)

    assert not proposals.may_decide(proposal, FRESH(pk=world.board.pk))
    assert answer(as_user(world.board), proposal, "confirm").status_code == 403
    assert answer(as_user(world.board_2), proposal, "confirm").status_code == 302


def test_the_requester_does_not_confirm_even_as_a_board_officer(world, as_user):
    Assignment.objects.create(
        user=world.admin, role=Role.ORGANIZATION_BOARD, organization=world.district, starts_on=DAY
    )
    proposal = propose(world)

    assert answer(as_user(world.admin), proposal, "confirm").status_code == 403
    with pytest.raises(PermissionDenied):
        proposals.confirm(proposal=proposal, version=proposal.version, by=FRESH(pk=world.admin.pk))
    assert proposal.state == "waiting"


def test_a_single_board_officer_confirms_what_the_administrator_requests(world, as_user):
    Assignment.objects.filter(user__in=[world.head, world.board_2]).update(ends_on=DAY)
    proposal = propose(world, role=Role.ORGANIZATION_BOARD, place=world.district)

    assert answer(as_user(world.board), proposal, "confirm").status_code == 200
    assert holds(FRESH(pk=world.nobody.pk), Permission.CONFIRM) is False  # until the first password is changed
    assert world.nobody.assignments.get().role == "organization_board"


def test_refusing_needs_a_reason_which_is_shown(world, as_user):
    proposal = propose(world)
    board, admin = as_user(world.board), as_user(world.admin)

    assert answer(board, proposal, "refuse").status_code == 422
    assert answer(board, proposal, "refuse", reason="không").status_code == 422
    assert answer(board, proposal, "refuse", reason="Người này đã chuyển công tác").status_code == 302

    assert "Người này đã chuyển công tác" in admin.get(url(proposal)).content.decode()
    assert not world.nobody.assignments.exists()


def test_the_requester_may_withdraw_and_nobody_else(world, as_user):
    proposal = propose(world)

    assert answer(as_user(world.board), proposal, "withdraw").status_code == 403
    assert answer(as_user(world.admin), proposal, "withdraw").status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"


def test_what_was_decided_meanwhile_is_not_decided_again(world, as_user):
    proposal = propose(world)
    client = as_user(world.board_2)
    proposals.refuse(proposal=proposal, reason="Người này đã chuyển công tác", version=1, by=world.board)

    response = answer(client, proposal, "confirm")

    assert response.status_code == 409
    assert "vừa giải quyết" in response.content.decode()
    current = Proposal.objects.get(pk=proposal.pk)
    with pytest.raises(Conflict):
        proposals.confirm(proposal=current, version=current.version, by=world.board_2)
    assert not world.nobody.assignments.exists()


def make_inactive(world):
    User.objects.filter(pk=world.nobody.pk).update(is_active=False)


def close_the_unit(world):
    Organization.objects.filter(pk=world.south.pk).update(closed_on=DAY)


def give_it_meanwhile(world):
    Assignment.objects.create(user=world.nobody, role=Role.UNIT_OFFICER, organization=world.south, starts_on=DAY)


def end_the_requester(world):
    world.admin.assignments.update(ends_on=DAY)


@pytest.mark.parametrize("change", [make_inactive, close_the_unit, give_it_meanwhile, end_the_requester])
def test_confirming_checks_everything_again(world, as_user, change):
    proposal = propose(world)
    change(world)
    before = Assignment.objects.count()

    response = answer(as_user(world.board), proposal, "confirm")

    assert response.status_code == 422
    assert "Chưa xác nhận được" in response.content.decode()
    assert Assignment.objects.count() == before
    assert Proposal.objects.get().state == "waiting"


def test_a_new_head_replaces_the_old_one_only_when_stated(world, as_user):
    with pytest.raises(ValidationError, match="đang là người đứng đầu"):
        propose(world, role=Role.ORGANIZATION_BOARD, place=world.district, is_head=True)

    proposal = propose(
        world, user=world.board, role=Role.ORGANIZATION_BOARD, place=world.district, is_head=True, replaces_head=True
    )
    answer(as_user(world.board_2), proposal, "confirm")

    assert [row.user for row in Assignment.objects.filter(is_head=True)] == [world.board]
    assert world.board.assignments.count() == 1
    assert Assignment.objects.get(user=world.head).ends_on is None


def test_a_reset_of_who_reads_people_goes_through_the_board(world, as_user):
    old = world.north_officer.password
    admin = as_user(world.admin)
    address = reverse("organizations:reset_password", args=[world.north_officer.pk])

    for _ in range(2):  # pressed twice
        assert admin.post(address, {"version": 1, "reason": WHY}).status_code == 302
    proposal = Proposal.objects.get()
    assert FRESH(pk=world.north_officer.pk).password == old
    assert answer(admin, proposal, "confirm").status_code == 403

    shown = password_in(answer(as_user(world.board), proposal, "confirm"))
    assert FRESH(pk=world.north_officer.pk).check_password(shown)


def test_who_is_about_to_read_people_gets_a_password_with_the_role_and_no_other(world):
    propose(world)

    with pytest.raises(ValidationError, match="Người xác nhận sẽ nhận mật khẩu lần đầu"):
        accounts.reset_password(user=world.nobody, reason=WHY, by=world.admin)
    assert Proposal.objects.count() == 1


def test_a_board_officer_does_not_confirm_the_reset_of_their_own_password(world, as_user):
    proposal = accounts.reset_password(user=world.board, reason=WHY, by=world.admin)

    assert answer(as_user(world.board), proposal, "confirm").status_code == 403


def test_the_lists_show_what_waits_and_what_was_decided(world, as_user):
    first, second = propose(world), propose(world, user=make_user("hai", "Bùi Văn Hai"), role=Role.SUPERVISOR)
    proposals.refuse(proposal=first, reason="Người này đã chuyển công tác", version=1, by=world.board)
    client = as_user(world.board)
    address = reverse("organizations:proposals")

    waiting = client.get(address).content.decode()
    assert "Bùi Văn Hai (hai)" in waiting
    assert url(first) not in waiting
    decided = client.get(address, {"state": "decided"}).content.decode()
    assert url(first) in decided
    assert "Không xác nhận" in decided
    assert url(second) not in client.get(address, {"kind": "password_reset"}).content.decode()
    assert client.get(address, {"kind": "x"}).status_code == 422
    assert as_user(world.north_officer).get(address).status_code == 403


def test_the_list_costs_the_same_whatever_its_length(world, as_user, django_assert_num_queries):
    propose(world)
    client = as_user(world.board)
    client.get(reverse("organizations:proposals"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("organizations:proposals"))
    for number in range(15):
        propose(world, user=make_user(f"nguoi-{number}"))

    with django_assert_num_queries(len(few)):
        client.get(reverse("organizations:proposals"))


# A unit's own decision by delegation


@pytest.fixture
def delegated(world):
    Organization.objects.filter(pk=world.north.pk).update(delegated_admission=True)
    return advance(make_candidate(world.north_1, full_name="Phạm Thị Ủy Quyền"), Stage.COMMITTEE_PASSED)


def ask(world, candidate, **facts):
    return propose_decision(
        candidate=candidate,
        happened_on=DAY,
        facts={"document": "77-QĐ/ĐU"} | facts,
        version=candidate.version,
        by=FRESH(pk=world.north_officer.pk),
    )


def stage_of(candidate) -> str:
    return Candidate.objects.get(pk=candidate.pk).stage


def test_a_delegated_decision_counts_only_when_confirmed(world, as_user, delegated):
    proposal = ask(world, delegated)
    assert stage_of(delegated) == "committee_passed"

    client = as_user(world.board)
    assert "Phạm Thị Ủy Quyền" in client.get(url(proposal)).content.decode()
    assert answer(client, proposal, "confirm").url == url(proposal)

    assert stage_of(delegated) == "decided"
    event = delegated.events.get(step="decided")
    assert (event.by, event.facts["document"]) == (world.north_officer, "77-QĐ/ĐU")


def test_a_delegated_decision_is_judged_by_every_rule_when_proposed(world, delegated):
    with pytest.raises(Refused):
        ask(world, delegated, document="")
    ask(world, delegated)
    with pytest.raises(Refused, match="đang chờ xác nhận"):
        ask(world, delegated)


def test_a_delegated_decision_is_judged_again_when_confirmed(world, as_user, delegated):
    proposal = ask(world, delegated)
    Organization.objects.filter(pk=world.north.pk).update(delegated_admission=False)

    response = answer(as_user(world.board), proposal, "confirm")

    assert response.status_code == 422
    assert stage_of(delegated) == "committee_passed"


def test_the_administrator_does_not_meet_people_in_proposals(world, as_user, delegated):
    proposal = ask(world, delegated)
    admin = as_user(world.admin)

    assert admin.get(url(proposal)).status_code == 404
    assert "Ủy Quyền" not in admin.get(reverse("organizations:proposals")).content.decode()
    assert as_user(world.south_officer).get(url(proposal)).status_code == 404


def test_the_unit_may_take_its_delegated_decision_back(world, as_user, delegated):
    proposal = ask(world, delegated)

    assert answer(as_user(world.north_officer), proposal, "confirm").status_code == 403
    assert answer(as_user(world.north_officer), proposal, "withdraw").status_code == 302
