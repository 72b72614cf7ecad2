"""What needs a second person: confirmed, refused, withdrawn. Each kind brings its handler, by registration."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from organizations import changes
from organizations.actions import assignments, passwords
from organizations.actions.assignments import Post, check_reason, reads_people
from organizations.actions.passwords import FirstPassword
from organizations.models import Proposal, User
from organizations.permissions import Permission
from organizations.scope import holds, may_in
from organizations.versions import Conflict, claim

ACCOUNT_KINDS = (Proposal.Kind.ASSIGNMENT, Proposal.Kind.PASSWORD_RESET)

ACTION_WORDS = {
    "account.open": "Mở tài khoản",
    "account.edit": "Sửa thông tin tài khoản",
    "account.on": "Mở lại tài khoản",
    "account.off": "Khóa tài khoản",
    "account.reset": "Cấp mật khẩu lần đầu",
    "account.password": "Đổi mật khẩu",
    "account.first_signin": "Đăng nhập bằng mật khẩu lần đầu",
    "account.first": "Lập tài khoản đầu tiên trên máy chủ",
    "account.recover": "Đặt lại mật khẩu trên máy chủ",
    "assignment.give": "Giao vai trò",
    "assignment.end": "Thôi giữ vai trò",
    "proposal.make": "Đề nghị việc cần hai người",
    "proposal.confirmed": "Xác nhận việc cần hai người",
    "proposal.refused": "Không xác nhận việc cần hai người",
    "proposal.withdrawn": "Rút đề nghị",
}


class NotConfirmable(Exception):
    """What was proposed may not be done now. `refusals`: dicts with title, found, required, fixer, citation."""

    def __init__(self, refusals: list[dict]):
        self.refusals = refusals
        super().__init__("; ".join(refusal["title"] for refusal in refusals))


@dataclass(frozen=True)
class Handler:
    """How one kind of proposal is shown and done."""

    # (proposal, by, first): does it inside the transaction; returns the first password when it gave it out.
    confirm: Callable
    # (proposals): {object_id: name of the person or account}, in one query for all of them.
    subjects: Callable
    # (proposal): rows of facts for its page.
    facts: Callable
    # object_id is a user, who may not decide it.
    is_about_account: bool = False


CONFIRMERS: dict[str, Handler] = {}


def readable_by(user):
    """Proposals the user may see: those they could confirm, those on accounts they administer, those they made."""
    rows = Proposal.objects.none()
    if holds(user, Permission.CONFIRM):
        rows |= Proposal.objects.visible_to(user, needs=Permission.CONFIRM)
    if holds(user, Permission.ACCOUNT_EDIT):
        mine = Proposal.objects.visible_to(user, needs=Permission.ACCOUNT_EDIT)
        rows |= mine.filter(kind__in=ACCOUNT_KINDS)
    if holds(user, Permission.STEP_COMMITTEE):
        rows |= Proposal.objects.visible_to(user, needs=Permission.STEP_COMMITTEE).filter(proposed_by=user)
    return rows


def waiting_for(user):
    """The proposals that wait for a decision of this user; None for who decides none."""
    if not holds(user, Permission.CONFIRM):
        return None
    rows = Proposal.objects.visible_to(user, needs=Permission.CONFIRM).filter(state=Proposal.State.WAITING)
    return rows.exclude(proposed_by=user).exclude(kind__in=ACCOUNT_KINDS, object_id=user.pk)


def may_decide(proposal: Proposal, user) -> bool:
    """The confirmer holds the right there, did not ask for it, and is not the person concerned."""
    concerned = CONFIRMERS[proposal.kind].is_about_account and proposal.object_id == user.pk
    is_asker = proposal.proposed_by_id == user.pk
    return not concerned and not is_asker and may_in(user, Permission.CONFIRM, proposal.organization)


def title(proposal: Proposal) -> str:
    """The matter in words: the role to be given, or the kind."""
    if proposal.kind == Proposal.Kind.ASSIGNMENT:
        post = Post.of(proposal)
        return f"Giao vai trò {assignments.title(post.role, post.body, post.is_head)}"
    return proposal.get_kind_display()


def facts(proposal: Proposal) -> list[dict]:
    return CONFIRMERS[proposal.kind].facts(proposal)


def gives_password(proposal: Proposal) -> bool:
    """Whether confirming also gives out a first password."""
    if proposal.kind == Proposal.Kind.ASSIGNMENT:
        return not reads_people(User.objects.get(pk=proposal.object_id))
    return proposal.kind == Proposal.Kind.PASSWORD_RESET


def name_subjects(proposals: Iterable[Proposal]) -> None:
    """Name what each proposal is about as `.subject`. One query a kind."""
    proposals = list(proposals)
    for kind in {proposal.kind for proposal in proposals}:
        same = [proposal for proposal in proposals if proposal.kind == kind]
        names = CONFIRMERS[kind].subjects(same)
        for proposal in same:
            proposal.subject = names.get(proposal.object_id, "")


def _take(proposal: Proposal, version: int) -> Proposal:
    """Claim the proposal; Conflict when somebody changed or decided it meanwhile."""
    claim(proposal, version=version)
    current = Proposal.objects.select_related("organization", "proposed_by").get(pk=proposal.pk)
    if current.state != Proposal.State.WAITING:
        raise Conflict(current)
    return current


def _decide(proposal: Proposal, state: str, by, *, version: int, reason: str = "") -> None:
    before = changes.state(proposal) | {"version": version}
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, timezone.now()
    if state == Proposal.State.REFUSED:
        proposal.refused_reason = reason
    proposal.save(update_fields=["state", "decided_by", "decided_at", "refused_reason"])
    with changes.recording(by=by, action=f"proposal.{state}", reason=reason) as log:
        log.updated(proposal, before)


def confirm(*, proposal: Proposal, version: int, by) -> FirstPassword | None:
    """Do what was proposed, checking everything anew. Returns the first password to show once, if one was given out."""
    handler = CONFIRMERS[proposal.kind]
    first = FirstPassword.make() if handler.is_about_account else None  # hashing stands before the transaction
    with transaction.atomic():
        proposal = _take(proposal, version)
        if not may_decide(proposal, by):
            raise PermissionDenied
        given = handler.confirm(proposal, by, first)
        _decide(proposal, Proposal.State.CONFIRMED, by, version=version)
    return given


@transaction.atomic
def refuse(*, proposal: Proposal, reason: str, version: int, by) -> None:
    """Say no, with a reason the requester reads."""
    check_reason(reason)
    proposal = _take(proposal, version)
    if not may_decide(proposal, by):
        raise PermissionDenied
    _decide(proposal, Proposal.State.REFUSED, by, version=version, reason=reason.strip())


@transaction.atomic
def withdraw(*, proposal: Proposal, version: int, by) -> None:
    """The requester takes it back."""
    proposal = _take(proposal, version)
    if proposal.proposed_by_id != by.pk:
        raise PermissionDenied
    _decide(proposal, Proposal.State.WITHDRAWN, by, version=version)


# The two kinds about accounts


def _asker_may_still(proposal: Proposal) -> list[dict]:
    asker = proposal.proposed_by
    if may_in(asker, Permission.ACCOUNT_EDIT, proposal.organization):
        return []
    return [{"title": "Người đề nghị không còn quyền quản lý tài khoản.", "fixer": "Quản trị hệ thống đề nghị lại"}]


def _locked_user(proposal: Proposal) -> User:
    return User.objects.select_for_update().get(pk=proposal.object_id)


def _confirm_assignment(proposal: Proposal, by, first: FirstPassword) -> FirstPassword | None:
    """Give the role. An account that read nobody so far also gets a new first password, from the confirmer's hands:

    until now its password may have come from the administrator, who must not hold the key to people.
    """
    post = Post.of(proposal)
    if post.is_head:
        assignments.one_ending_at_a_time()  # two heads confirmed at once wait for each other
    user = _locked_user(proposal)
    refusals = _asker_may_still(proposal)
    for sentences in assignments.problems(user, post).values():
        refusals += [{"title": sentence, "fixer": "Quản trị hệ thống đề nghị lại"} for sentence in sentences]
    if refusals:
        raise NotConfirmable(refusals)
    is_new = not reads_people(user)
    with changes.recording(by=by, action="assignment.give", reason=proposal.reason, subject=user) as log:
        assignments.give(user, post, log)
    if not is_new:
        return None
    with changes.recording(by=by, action="account.reset", subject=user) as log:
        passwords.issue(user, first, log)
    return first


def _confirm_reset(proposal: Proposal, by, first: FirstPassword) -> FirstPassword:
    user = _locked_user(proposal)
    refusals = _asker_may_still(proposal)
    if not user.is_active:
        refusals.append({"title": "Tài khoản này đang bị khóa.", "fixer": "Quản trị hệ thống mở lại tài khoản"})
    if refusals:
        raise NotConfirmable(refusals)
    with changes.recording(by=by, action="account.reset", reason=proposal.reason, subject=user) as log:
        passwords.issue(user, first, log)
    return first


def _account_names(proposals: list[Proposal]) -> dict[int, str]:
    users = User.objects.filter(pk__in={proposal.object_id for proposal in proposals})
    return {user.pk: f"{user.full_name} ({user.username})" for user in users}


def _account_facts(proposal: Proposal) -> list[dict]:
    user = User.objects.get(pk=proposal.object_id)
    held = assignments.standing(user.assignments.select_related("organization__grassroots")).order_by("pk")
    now = "; ".join(f"{assignments.title(a.role, a.body, a.is_head)} tại {a.organization.place_words}" for a in held)
    rows = [
        {"label": "Người có tài khoản", "value": user.full_name},
        {"label": "Tên đăng nhập", "value": user.username},
        {"label": "Chức vụ", "value": user.position},
        {"label": "Đang giữ", "value": now or "Chưa có vai trò nào"},
    ]
    if proposal.kind == Proposal.Kind.ASSIGNMENT:
        post = Post.of(proposal)
        rows += [
            {"label": "Vai trò đề nghị", "value": assignments.title(post.role, post.body, post.is_head)},
            {"label": "Tại", "value": post.organization.place_words},
            {"label": "Từ ngày", "value": f"{post.starts_on:%d/%m/%Y}"},
        ]
        if post.replaces_head:
            rows.append({"label": "Người đứng đầu hiện nay", "value": "thôi là người đứng đầu khi xác nhận"})
    return rows


def register_account_kinds() -> None:
    """Called when the app is ready."""
    CONFIRMERS[Proposal.Kind.ASSIGNMENT] = Handler(_confirm_assignment, _account_names, _account_facts, True)
    CONFIRMERS[Proposal.Kind.PASSWORD_RESET] = Handler(_confirm_reset, _account_names, _account_facts, True)
