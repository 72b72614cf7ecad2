"""The menu, the line under the user's name, the mark of sample data: what every page shows around its content."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from organizations.actions.proposals import waiting_count
from organizations.permissions import Permission as P
from organizations.scope import holds, scope_of

# Heading → (words, address name, the rights of which one opens it; none: everybody with an assignment).
MENU = (
    (
        "Hằng ngày",
        (
            ("Việc hôm nay", "home", ()),
            ("Quần chúng", "candidates:index", (P.CANDIDATE_VIEW,)),
            ("Chờ tiếp nhận", "candidates:waiting", (P.STEP_COMMITTEE,)),
            ("Đối chiếu", "candidates:review", (P.STEP_BOARD,)),
            ("Giới thiệu", "candidates:introductions", (P.INTRODUCE,)),
            ("Lớp học", "candidates:classes", (P.CLASS_VIEW, P.CLASS_NOMINATE)),
        ),
    ),
    (
        "Theo dõi",
        (
            ("Tổng quan", "reports:dashboard", (P.FIGURES_VIEW,)),
            ("Đơn vị", "organizations:index", (P.FIGURES_VIEW, P.BRANCH_EDIT)),
            ("Chỉ tiêu", "targets:index", (P.FIGURES_VIEW,)),
        ),
    ),
    (
        "Số liệu",
        (
            ("Báo cáo", "reports:index", (P.FIGURES_VIEW,)),
            ("Lịch sử thay đổi", "organizations:changes", (P.CHANGES_VIEW,)),
        ),
    ),
    (
        "Quy định",
        (
            ("Bộ quy định", "candidates:rule_sets", (P.CANDIDATE_VIEW, P.CLASS_VIEW)),
            ("Lịch làm việc", "candidates:calendar", (P.CANDIDATE_VIEW, P.CLASS_VIEW)),
        ),
    ),
    (
        "Quản trị",
        (
            ("Tài khoản", "organizations:accounts", (P.ACCOUNT_EDIT,)),
            ("Chờ xác nhận", "organizations:proposals", (P.CONFIRM, P.ACCOUNT_EDIT)),
        ),
    ),
)
COUNTED = "organizations:proposals"


@dataclass
class Item:
    label: str
    url: str
    count: int | None = None
    current: bool = False


def site(request) -> dict:
    """What base.html needs. Lazy: a part or the sign-in page costs nothing; a page one query beyond the scope."""
    user = getattr(request, "user", None)
    context = {"demo": settings.DEMO}
    if user is None or not user.is_authenticated or user.must_change_password:
        return context | {"site": {"search": False, "help_contact": settings.HELP_CONTACT}}
    return context | {
        "site": SimpleLazyObject(
            lambda: {"search": holds(user, P.CANDIDATE_VIEW), "help_contact": settings.HELP_CONTACT}
        ),
        "navigation": SimpleLazyObject(lambda: navigation(user, request.path)),
        "role_line": SimpleLazyObject(lambda: role_line(user)),
    }


def navigation(user, path: str) -> list[tuple[str, list[Item]]]:
    """The groups and pages this user may open; the page we are on, or the list it belongs to, is marked."""
    groups = []
    for heading, entries in MENU:
        items = [
            Item(label, reverse(name), waiting_count(user) if name == COUNTED else None)
            for label, name, rights in entries
            if not rights or any(holds(user, right) for right in rights)
        ]
        if items:
            groups.append((heading, items))
    _mark_current([item for _, items in groups for item in items], path)
    return groups


def _mark_current(items: list[Item], path: str) -> None:
    """The longest address that the path begins with; home only when we are on it."""
    fitting = [item for item in items if path == item.url or (item.url != "/" and path.startswith(item.url))]
    if fitting:
        max(fitting, key=lambda item: len(item.url)).current = True


def role_line(user) -> str:
    """The first role and its place: “Cán bộ cấp ủy cơ sở, Hồng Lý”; how many more there are."""
    held = scope_of(user).assignments
    if not held:
        return "Chưa được giao vai trò"
    words = f"{held[0].get_role_display()}, {held[0].organization.short_name}"
    return f"{words} và {len(held) - 1} vai trò khác" if len(held) > 1 else words
