"""Demo accounts: one password for all, every role, an officer for every unit. Only where DEMO=1."""

from dataclasses import dataclass
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password

from organizations import changes
from organizations.actions import accounts, assignments
from organizations.models import Assignment, Organization, Proposal, User
from organizations.permissions import Body, Role
from reports.demo.ground import Ground
from reports.demo.names import full_name
from vuthu_recruit import clock, vietnamese

PASSWORD = "mau-vu-thu-2024"  # noqa: S105  printed by the command and in the README: demo accounts only
IN_OFFICE_SINCE = date(2018, 1, 2)
SHOWN_COMMUNES, SUPERVISED = 3, 3


@dataclass(frozen=True)
class Post:
    """One account with one assignment or several; `is_shown` puts it into the printed table."""

    username: str
    position: str
    role: Role
    places: tuple[Organization, ...]
    body: str = ""
    is_head: bool = False
    is_shown: bool = True


@dataclass
class Cast:
    """Who works with the demo people."""

    officers: dict[int, User]  # by grassroots unit
    bodies: dict[tuple[int, str], User]  # by unit and mass organisation
    board: list[User]  # the head first
    center: User
    admin: User
    posts: list[tuple[Post, User]]


def words(text: str) -> str:
    """`hong.ly` of Xã Hồng Lý."""
    parts = [part for part in vietnamese.search_key(text).split() if part.isalnum()]
    if parts[:1] == ["xa"]:
        parts = parts[1:]
    return ".".join(parts[2:] if parts[:2] == ["thi", "tran"] else parts)


def _posts() -> list[Post]:
    area = Organization.objects.get(kind="area")
    district = Organization.objects.get(kind="district", closed_on=None)
    units = list(Organization.objects.grassroots().filter(closed_on=None).in_order())
    communes = [unit for unit in units if unit.kind == "grassroots_commune"]
    branches = list(Organization.objects.branches().filter(parent__in=communes[:2], closed_on=None).order_by("slug"))
    found = [
        Post("ban.to.chuc", "Trưởng Ban Tổ chức Huyện ủy", Role.ORGANIZATION_BOARD, (district,), is_head=True),
        Post("ban.to.chuc2", "Phó Trưởng Ban Tổ chức Huyện ủy", Role.ORGANIZATION_BOARD, (district,)),
        Post("ban.to.chuc3", "Chuyên viên Ban Tổ chức Huyện ủy", Role.ORGANIZATION_BOARD, (district,)),
        Post("thuong.vu", "Phó Bí thư Thường trực Huyện ủy", Role.STANDING_COMMITTEE, (district,)),
        Post("huyen.uy.vien", "Huyện ủy viên", Role.SUPERVISOR, tuple(communes[:SUPERVISED])),
        Post("trung.tam.ct", "Giám đốc Trung tâm Chính trị", Role.POLITICAL_CENTER, (district,)),
        Post("quan.tri", "Chuyên viên công nghệ thông tin", Role.SYSTEM_ADMIN, (area,)),
    ]
    found += [_officer(unit, unit in communes[:SHOWN_COMMUNES] or "Tòa án" in unit.name) for unit in units]
    if branches:
        found.append(Post(f"chi.bo.{words(branches[0].slug[len(branches[0].parent.slug):])}",
                          f"Bí thư {branches[0].name}, {branches[0].parent.short_name}", Role.BRANCH_OFFICER,
                          (branches[0],)))  # fmt: skip
    for unit, username, body, position in zip(
        communes,
        ("doan.thanh.nien", "mat.tran", "hoi.phu.nu"),
        (Body.YOUTH_UNION, Body.FATHERLAND_FRONT, Body.WOMEN_UNION),
        ("Bí thư Đoàn", "Chủ tịch Ủy ban MTTQ", "Chủ tịch Hội Phụ nữ"),
        strict=False,
    ):
        found.append(Post(username, f"{position} {unit.short_name}", Role.MASS_ORGANIZATION, (unit,), body.value))
    return found


def _officer(unit: Organization, is_shown: bool) -> Post:
    cell = unit.form == "cell"
    position = f"Bí thư {unit.name}" if cell else f"Phó Bí thư Đảng ủy {unit.short_name}"
    username = f"{'bi.thu' if cell else 'can.bo'}.{words(unit.short_name)}"
    return Post(username[:60], position[:120], Role.UNIT_OFFICER, (unit,), is_shown=is_shown)


def open_accounts(seed: int, password: str) -> Cast:
    """Open what is missing, once; every account has the same password."""
    taken = {}
    for post in _posts():
        name, number = post.username, 2
        while name in taken:
            name, number = f"{post.username}{number}", number + 1
        taken[name] = post
    made = {user.username: user for user in User.objects.filter(is_demo=True)}
    hashed = make_password(password)
    for username, post in taken.items():
        if username not in made:
            made[username] = _open(Random(f"{seed}:account:{username}"), username, post, hashed)
    pairs = [(post, made[username]) for username, post in taken.items()]
    return Cast(
        officers={post.places[0].pk: user for post, user in pairs if post.role == Role.UNIT_OFFICER},
        bodies={(post.places[0].pk, post.body): user for post, user in pairs if post.body},
        board=[user for post, user in pairs if post.role == Role.ORGANIZATION_BOARD],
        center=made["trung.tam.ct"],
        admin=made["quan.tri"],
        posts=pairs,
    )


def _open(rng: Random, username: str, post: Post, hashed: str) -> User:
    user = User(
        username=username,
        full_name=full_name(rng, rng.choice(("male", "male", "female"))),
        position=post.position,
        password=hashed,
        is_demo=True,
    )
    user.save(force_insert=True)
    with changes.recording(by=None, action="account.open", subject=user, unit_id=post.places[0].pk) as log:
        log.created(user)
        for place in post.places:
            assignment = Assignment(
                user=user,
                role=post.role,
                organization=place,
                body=post.body,
                starts_on=max(IN_OFFICE_SINCE, place.opened_on),
                is_head=post.is_head,
            )
            assignment.save(force_insert=True)
            log.created(assignment)
    return user


def leave_proposals(seed: int, cast: Cast, hashed_password: str) -> int:
    """Leave two matters for a second person: a new officer's role, and a forgotten password."""
    if Proposal.objects.exists() or not cast.officers:
        return 0
    unit = Organization.objects.grassroots().filter(pk__in=cast.officers).in_order().first()
    newcomer = User(
        username="can.bo.moi",
        full_name=full_name(Random(f"{seed}:newcomer"), "female"),
        position=f"Văn phòng Đảng ủy {unit.short_name}",
        password=hashed_password,
        is_demo=True,
    )
    newcomer.save(force_insert=True)
    with changes.recording(by=cast.admin, action="account.open", unit_id=unit.pk) as log:
        log.created(newcomer)
    post = assignments.Post(Role.UNIT_OFFICER, unit, clock.today())
    assignments.assign(user=newcomer, post=post, reason="Thay đồng chí chuyển công tác từ đầu tháng.", by=cast.admin)
    forgetful = list(cast.officers.values())[-1]
    accounts.reset_password(user=forgetful, reason="Đồng chí báo quên mật khẩu qua điện thoại.", by=cast.admin)
    return 2


def introduce_bodies(ground: Ground, cast: Cast) -> None:
    """Tell the ground where mass organisations have accounts: there people wait to be accepted."""
    for unit in ground.units:
        unit.bodies = tuple(Body(body) for key, body in cast.bodies if key == unit.unit.key)


def shown_usernames() -> list[str]:
    """A dozen or so accounts worth printing: every role once or more."""
    return [post.username for post in _posts() if post.is_shown]


def print_order(user: User) -> tuple[int, str]:
    roles = [one.role for one in user.assignments.all()]
    return (min(list(Role).index(Role(role)) for role in roles) if roles else len(Role), user.username)
