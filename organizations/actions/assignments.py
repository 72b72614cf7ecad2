"""Roles given and ended. A role that reads people waits for a second person (actions.proposals)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from organizations import changes
from organizations.models import Assignment, Organization, Proposal, User
from organizations.permissions import READS_PEOPLE, ROLES, Body, Permission, Role
from organizations.scope import may_in
from organizations.versions import claim
from vuthu_recruit import clock

SHORTEST_REASON = 10
YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Post:
    """The assignment to be made, before it is one."""

    role: str
    organization: Organization
    starts_on: date
    body: str = ""
    is_head: bool = False
    replaces_head: bool = False

    @property
    def payload(self) -> dict:
        return {
            "role": str(self.role),
            "starts_on": self.starts_on.isoformat(),
            "body": str(self.body),
            "is_head": self.is_head,
            "replaces_head": self.replaces_head,
        }

    @classmethod
    def of(cls, proposal: Proposal) -> "Post":
        values = proposal.payload
        return cls(
            role=values["role"],
            organization=proposal.organization,
            starts_on=date.fromisoformat(values["starts_on"]),
            body=values["body"],
            is_head=values["is_head"],
            replaces_head=values["replaces_head"],
        )


def standing(rows, on: date | None = None):
    """Assignments in force today or still to begin."""
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=on or clock.today()))


def in_force_ids():
    """Ids of the users who hold any role today, as a subquery to be narrowed."""
    return Assignment.objects.in_force_on(clock.today()).values("user")


def reads_people(user: User) -> bool:
    """Whether the account has, or will have, a role that reads people. One query."""
    return standing(user.assignments.filter(role__in=READS_PEOPLE)).exists()


def waits_to_read_people(user: User) -> bool:
    return waiting_for(user).filter(kind=Proposal.Kind.ASSIGNMENT).exists()


def waiting_for(user: User):
    """What waits for confirmation about this account."""
    kinds = (Proposal.Kind.ASSIGNMENT, Proposal.Kind.PASSWORD_RESET)
    return Proposal.objects.filter(state=Proposal.State.WAITING, kind__in=kinds, object_id=user.pk)


def check_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": f"Lý do cần ít nhất {SHORTEST_REASON} ký tự."})


def problems(user: User, post: Post) -> dict[str, list[str]]:
    """Everything that speaks against the assignment now, by field of the form. Asked again at confirmation."""
    found: dict[str, list[str]] = {}

    def say(field: str, sentence: str) -> None:
        found.setdefault(field, []).append(sentence)

    today = clock.today()
    if not user.is_active:
        say("__all__", "Tài khoản này đang bị khóa. Hãy mở lại tài khoản trước.")
    if post.organization.kind not in ROLES[Role(post.role)].kinds:
        say("organization", f"Không giao vai trò “{Role(post.role).label}” tại {post.organization.name} được.")
    if not post.organization.is_open_on(max(post.starts_on, today)) or not post.organization.is_open_on(post.starts_on):
        say("starts_on", f"{post.organization.name} không hoạt động vào ngày này.")
    if post.starts_on > today + YEAR:
        say("starts_on", "Từ ngày còn quá xa: nhiều nhất một năm kể từ hôm nay.")
    if (post.role == Role.MASS_ORGANIZATION) != bool(post.body):
        say("body", "Chọn tổ chức cho vai trò Mặt trận, đoàn thể, và chỉ cho vai trò đó.")
    same = _same(user, post)
    if same and not (post.is_head and not same.is_head):
        say("__all__", "Người này đã có phân công như vậy, chưa thôi giữ.")
    if post.is_head:
        _check_head(user, post, same, say)
    return found


def _same(user: User, post: Post) -> Assignment | None:
    rows = user.assignments.filter(role=post.role, organization=post.organization, body=post.body)
    return standing(rows, post.starts_on).first()


def heads(but: User | None = None):
    """Who is head of the Board, now or from a later day."""
    rows = standing(Assignment.objects.filter(is_head=True))
    return rows.exclude(user=but) if but else rows


def _check_head(user: User, post: Post, same: Assignment | None, say) -> None:
    if post.role != Role.ORGANIZATION_BOARD:
        say("is_head", "Chỉ Ban Tổ chức mới có người đứng đầu trong hệ thống này.")
    if post.starts_on > clock.today():
        say("starts_on", "Người đứng đầu được ghi từ hôm nay hoặc một ngày đã qua.")
    if same and same.ends_on:
        say("__all__", "Phân công hiện có đã định ngày thôi giữ. Hãy chờ đến ngày đó.")
    old = heads(but=user).select_related("user").first()
    if old and not post.replaces_head:
        say("replaces_head", f"{old.user.full_name} đang là người đứng đầu. Đánh dấu ô này nếu thay người đứng đầu.")


def give(user: User, post: Post, log: changes.Log) -> Assignment:
    """Write the assignment; the caller has checked it and holds the transaction. Clears the old head when stated."""
    if post.is_head:
        for old in heads():
            if post.replaces_head or old.user_id == user.pk:
                _set_head(old, False, log)
    same = _same(user, post)
    if same:
        _set_head(same, True, log)
        return same
    assignment = Assignment(
        user=user,
        role=post.role,
        organization=post.organization,
        body=post.body,
        starts_on=post.starts_on,
        is_head=post.is_head,
    )
    assignment.full_clean()
    assignment.save(force_insert=True)
    log.created(assignment)
    return assignment


def _set_head(assignment: Assignment, is_head: bool, log: changes.Log) -> None:
    before = changes.state(assignment)
    assignment.is_head = is_head
    assignment.version += 1
    assignment.save(update_fields=["is_head", "version"])
    log.updated(assignment, before)


@transaction.atomic
def assign(*, user: User, post: Post, reason: str = "", form_key: str = "", by: User) -> Assignment | Proposal:
    """Give a role, or propose it when it reads people. Raises ValidationError with every fault by field."""
    if not may_in(by, Permission.ACCOUNT_EDIT, post.organization) or user.pk == by.pk:
        raise PermissionDenied
    user = User.objects.select_for_update().get(pk=user.pk)
    if form_key:
        again = Proposal.objects.filter(proposed_by=by, object_id=user.pk, payload__form_key=form_key).first()
        if again:  # the same form sent twice makes one proposal
            return again
    if found := problems(user, post):
        raise ValidationError(found)
    if post.role not in READS_PEOPLE:
        with changes.recording(by=by, action="assignment.give", reason=reason, subject=user) as log:
            return give(user, post, log)
    if any(_matches(proposal, post) for proposal in waiting_for(user).filter(kind=Proposal.Kind.ASSIGNMENT)):
        raise ValidationError("Phân công này đã được đề nghị và đang chờ xác nhận.")
    proposal = Proposal(
        kind=Proposal.Kind.ASSIGNMENT,
        organization=post.organization,
        object_id=user.pk,
        payload=post.payload | {"form_key": form_key},
        reason=reason,
        proposed_by=by,
    )
    proposal.save(force_insert=True)
    with changes.recording(by=by, action="proposal.make", reason=reason, subject=user) as log:
        log.created(proposal)
    return proposal


def _matches(proposal: Proposal, post: Post) -> bool:
    return proposal.organization_id == post.organization.pk and all(
        proposal.payload[name] == post.payload[name] for name in ("role", "body")
    )


@transaction.atomic
def end_assignment(*, assignment: Assignment, ends_on: date, reason: str, version: int, by: User) -> None:
    """End a role from a day on, or put right a day already set. Nobody ends their own."""
    one_ending_at_a_time()
    claim(assignment, version=version)
    assignment = Assignment.objects.select_related("user", "organization").get(pk=assignment.pk)
    if not may_in(by, Permission.ACCOUNT_EDIT, assignment.organization) or assignment.user_id == by.pk:
        raise PermissionDenied
    check_reason(reason)
    today = clock.today()
    if assignment.ends_on and assignment.ends_on <= today:
        raise ValidationError("Phân công này đã thôi giữ.")
    if ends_on < assignment.starts_on:
        raise ValidationError({"ends_on": f"Ngày thôi giữ phải từ ngày bắt đầu, {assignment.starts_on:%d/%m/%Y}."})
    if ends_on > today + YEAR:
        raise ValidationError({"ends_on": "Ngày thôi giữ còn quá xa: nhiều nhất một năm kể từ hôm nay."})
    if assignment.role == Role.ORGANIZATION_BOARD:
        keep_a_board_officer(but=assignment.user)
    before = changes.state(assignment) | {"version": version}
    assignment.ends_on = ends_on
    assignment.full_clean()
    assignment.save(update_fields=["ends_on"])
    with changes.recording(by=by, action="assignment.end", reason=reason, subject=assignment.user) as log:
        log.updated(assignment, before)


def board_officers():
    """Open assignments to the Board of people who can sign in, in force today and without an end."""
    rows = Assignment.objects.in_force_on(clock.today())
    return rows.filter(role=Role.ORGANIZATION_BOARD, user__is_active=True, ends_on=None)


def one_ending_at_a_time() -> None:
    """Endings wait for each other, before any row is claimed: two at once must not each leave the other as the last."""
    list(Organization.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk").values_list("pk"))


def keep_a_board_officer(*, but: User) -> None:
    """Without any Board officer nobody could confirm the next one."""
    if not board_officers().exclude(user=but).exists():
        raise ValidationError("Đây là cán bộ Ban Tổ chức cuối cùng. Hãy giao vai trò này cho người khác trước.")


def title(role: str, body: str = "", is_head: bool = False) -> str:
    """The role in words: “Mặt trận, đoàn thể: Hội Nông dân”."""
    words = str(Role(role).label)
    if body:
        words += f": {Body(body).label}"
    return f"{words}, người đứng đầu" if is_head else words
