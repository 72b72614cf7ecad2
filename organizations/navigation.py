"""The menu, the line under the user's name, the mark of sample data: what every page shows around its content."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from organizations.actions.proposals import waiting_for
from organizations.models import User
from organizations.permissions import Permission as P
from organizations.scope import holds, scope_of

# Heading → (words, address name, the rights of which one opens it; none: everybody with an assignment).
MENU = (
    (
        "Hằng ngày",
        (
            ("Việc hôm nay", "home", ()),
            ("Thời hạn", "candidates:deadlines", (P.STEP_BRANCH, P.STEP_COMMITTEE, P.STEP_BOARD)),
            ("Quần chúng", "candidates:index", (P.CANDIDATE_VIEW,)),
            ("Chờ tiếp nhận", "candidates:waiting", (P.STEP_COMMITTEE,)),
            ("Đối chiếu", "candidates:review", (P.STEP_BOARD,)),
            ("Giới thiệu", "candidates:introductions", (P.INTRODUCE,)),
            ("Kỳ họp", "candidates:sessions", (P.SESSION_VIEW,)),
            ("Lớp học", "candidates:classes", (P.CLASS_VIEW, P.CLASS_NOMINATE)),
            ("Nhập Excel", "organizations:imports", (P.IMPORT,)),
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
            ("Lịch sử xuất dữ liệu", "organizations:exports", (P.CHANGES_VIEW,)),
        ),
    ),
    (
        "Quy định",
        (
            ("Bộ quy định", "candidates:rule_sets", (P.CANDIDATE_VIEW, P.CLASS_VIEW)),
            ("Biểu mẫu hồ sơ", "candidates:dossier_forms", (P.BACKGROUND_VIEW,)),
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
# Address name → the rows that wait there for a user, or None. Apps add theirs in AppConfig.ready().
COUNTED: dict[str, Callable] = {"organizations:proposals": waiting_for}


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
    open_to = [
        (heading, [row for row in entries if not row[2] or any(holds(user, right) for right in row[2])])
        for heading, entries in MENU
    ]
    counts = _counts(user, [name for _, entries in open_to for _, name, _ in entries])
    groups = [
        (heading, [Item(label, reverse(name), counts.get(name)) for label, name, _ in entries])
        for heading, entries in open_to
        if entries
    ]
    _mark_current([item for _, items in groups for item in items], path)
    return groups


def _counts(user, names: list[str]) -> dict[str, int]:
    """How much waits at each of these pages. One query for all of them, none when nothing is counted."""
    rows = {name: COUNTED[name](user) for name in names if name in COUNTED}
    counted = {name: found for name, found in rows.items() if found is not None}
    if not counted:
        return {}
    columns = {f"n{index}": _number(found) for index, found in enumerate(counted.values())}
    numbers = User.objects.filter(pk=user.pk).values_list(*columns.values())[0]
    return dict(zip(counted, numbers, strict=True))


def _number(rows) -> Coalesce:
    one = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(one), 0)


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
