"""What each role may do: the table a manager can read. Where it holds is scope.py's question. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class Permission(StrEnum):
    """One right each; none is a general "view" (design: a right holds only where its assignment stands)."""

    FIGURES_VIEW = "figures_view"
    CANDIDATE_VIEW = "candidate_view"
    CANDIDATE_EDIT = "candidate_edit"
    BACKGROUND_VIEW = "background_view"
    STEP_BRANCH = "step_branch"
    STEP_COMMITTEE = "step_committee"
    STEP_BOARD = "step_board"
    SESSION_VIEW = "session_view"
    CLASS_VIEW = "class_view"
    CLASS_EDIT = "class_edit"
    CLASS_NOMINATE = "class_nominate"
    INTRODUCE = "introduce"
    BRANCH_EDIT = "branch_edit"
    UNIT_EDIT = "unit_edit"
    TARGET_EDIT = "target_edit"
    CHANGES_VIEW = "changes_view"
    CONFIRM = "confirm"
    IMPORT = "import"
    EXPORT = "export"
    RULE_EDIT = "rule_edit"
    REMARK = "remark"
    ACCOUNT_EDIT = "account_edit"


class Role(models.TextChoices):
    ORGANIZATION_BOARD = "organization_board", "Ban Tổ chức Huyện ủy"
    STANDING_COMMITTEE = "standing_committee", "Ban Thường vụ Huyện ủy"
    SUPERVISOR = "supervisor", "Huyện ủy viên phụ trách"
    POLITICAL_CENTER = "political_center", "Trung tâm Chính trị"
    UNIT_OFFICER = "unit_officer", "Cán bộ cấp ủy cơ sở"
    BRANCH_OFFICER = "branch_officer", "Cán bộ chi bộ"
    MASS_ORGANIZATION = "mass_organization", "Mặt trận, đoàn thể"
    SYSTEM_ADMIN = "system_admin", "Quản trị hệ thống"


class Body(models.TextChoices):
    """The mass organisations that introduce people (plan 51-KH/HU, III.2)."""

    FATHERLAND_FRONT = "fatherland_front", "Mặt trận Tổ quốc"
    YOUTH_UNION = "youth_union", "Đoàn Thanh niên"
    WOMEN_UNION = "women_union", "Hội Liên hiệp Phụ nữ"
    FARMERS_UNION = "farmers_union", "Hội Nông dân"
    VETERANS_UNION = "veterans_union", "Hội Cựu chiến binh"
    TRADE_UNION = "trade_union", "Công đoàn"


@dataclass(frozen=True)
class RoleRights:
    """What a role contains and at which kinds of organization it is given."""

    permissions: frozenset[Permission]
    kinds: frozenset[str]
    description: str


_READ = {Permission.FIGURES_VIEW, Permission.CANDIDATE_VIEW, Permission.EXPORT}
_TOP = frozenset({"area", "district"})
_GRASSROOTS = frozenset({"grassroots_commune", "grassroots_other"})

ROLES: dict[Role, RoleRights] = {
    Role.ORGANIZATION_BOARD: RoleRights(
        frozenset(
            _READ
            | {
                Permission.BACKGROUND_VIEW,
                Permission.CANDIDATE_EDIT,
                Permission.STEP_BOARD,
                Permission.SESSION_VIEW,
                Permission.CLASS_VIEW,
                Permission.CLASS_EDIT,
                Permission.CLASS_NOMINATE,
                Permission.BRANCH_EDIT,
                Permission.UNIT_EDIT,
                Permission.TARGET_EDIT,
                Permission.CHANGES_VIEW,
                Permission.CONFIRM,
                Permission.IMPORT,
                Permission.RULE_EDIT,
            }
        ),
        _TOP,
        "Thẩm định, ghi quyết định, giao chỉ tiêu, quản lý đơn vị, xem lịch sử thay đổi, xác nhận việc hai người.",
    ),
    Role.STANDING_COMMITTEE: RoleRights(
        frozenset(_READ | {Permission.SESSION_VIEW}),
        _TOP,
        "Xem số liệu, danh sách và kỳ họp; không xem lý lịch, số định danh bị che.",
    ),
    Role.SUPERVISOR: RoleRights(
        frozenset(_READ | {Permission.REMARK}),
        _GRASSROOTS,
        "Xem số liệu và danh sách của đơn vị mình phụ trách; không xem lý lịch, số định danh bị che.",
    ),
    Role.POLITICAL_CENTER: RoleRights(
        frozenset({Permission.CLASS_VIEW, Permission.CLASS_EDIT}),
        _TOP,
        "Mở lớp, ghi kết quả học; chỉ thấy những thông tin mà lớp học cần.",
    ),
    Role.UNIT_OFFICER: RoleRights(
        frozenset(
            _READ
            | {
                Permission.BACKGROUND_VIEW,
                Permission.CANDIDATE_EDIT,
                Permission.STEP_BRANCH,
                Permission.STEP_COMMITTEE,
                Permission.CLASS_NOMINATE,
                Permission.BRANCH_EDIT,
                Permission.IMPORT,
            }
        ),
        _GRASSROOTS,
        "Nhập và theo dõi quần chúng của đơn vị, ghi các bước của chi bộ và đảng ủy cơ sở.",
    ),
    Role.BRANCH_OFFICER: RoleRights(
        frozenset(_READ | {Permission.BACKGROUND_VIEW, Permission.CANDIDATE_EDIT, Permission.STEP_BRANCH}),
        frozenset({"branch", "section"}),
        "Nhập và theo dõi quần chúng của chi bộ, ghi các bước của chi bộ.",
    ),
    Role.MASS_ORGANIZATION: RoleRights(
        frozenset({Permission.INTRODUCE}),
        _GRASSROOTS | {"district"},
        "Giới thiệu đoàn viên, hội viên ưu tú; chỉ thấy người do tổ chức mình giới thiệu.",
    ),
    Role.SYSTEM_ADMIN: RoleRights(
        frozenset({Permission.ACCOUNT_EDIT}),
        frozenset({"area"}),
        "Quản lý tài khoản và phân công; không xem người, không xem số liệu.",
    ),
}

# Roles that open the names or records of people: giving one of them needs a second person.
READS_PEOPLE = frozenset(role for role in Role if role != Role.SYSTEM_ADMIN)


def roles_with(permission: Permission) -> list[Role]:
    """The roles that contain the permission."""
    return [role for role, rights in ROLES.items() if permission in rights.permissions]
