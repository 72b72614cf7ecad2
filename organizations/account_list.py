"""Accounts, and what needs two people, as workbooks: the rows, filter and order of their pages."""

from typing import BinaryIO

from organizations.list_files import Cells, stamp, write_table
from organizations.models import Assignment, Proposal, User
from vuthu_recruit.workbook import Column, Kind

ACCOUNTS, PROPOSALS = "Tài khoản", "Việc cần hai người"
# Of each row its number and the account, the proposal.
ACCOUNT_COLUMNS: Cells = (
    (Column("STT", Kind.INTEGER), lambda row: row[0]),
    (Column("Họ và tên"), lambda row: row[1].full_name),
    (Column("Tên đăng nhập"), lambda row: row[1].username),
    (Column("Chức vụ"), lambda row: row[1].position),
    (Column("Điện thoại"), lambda row: row[1].phone),
    (Column("Thư điện tử"), lambda row: row[1].email),
    (Column("Vai trò đang giữ"), lambda row: "; ".join(map(_role, row[1].held))),
    (Column("Tình trạng"), lambda row: "Đang hoạt động" if row[1].is_active else "Đang bị khóa"),
    (Column("Đăng nhập gần nhất", Kind.MOMENT), lambda row: row[1].last_login),
)
PROPOSAL_COLUMNS: Cells = (
    (Column("STT", Kind.INTEGER), lambda row: row[0]),
    (Column("Việc"), lambda row: row[1].title),
    (Column("Của ai"), lambda row: row[1].subject),
    (Column("Tại"), lambda row: row[1].organization.place_words),
    (Column("Người đề nghị"), lambda row: row[1].proposed_by.full_name),
    (Column("Đề nghị lúc", Kind.MOMENT), lambda row: row[1].proposed_at),
    (Column("Kết quả"), lambda row: row[1].get_state_display()),
    (Column("Người giải quyết"), lambda row: one.full_name if (one := row[1].decided_by) else ""),
    (Column("Giải quyết lúc", Kind.MOMENT), lambda row: row[1].decided_at),
)


def accounts_workbook(accounts: list[User], *, filter_words: str, by) -> BinaryIO:
    """Accounts with the roles of the day in `held`."""
    notes = [f"Bộ lọc: {filter_words}.", stamp(f"{len(accounts)} tài khoản", by)]
    return write_table(ACCOUNT_COLUMNS, enumerate(accounts, 1), title=ACCOUNTS, notes=notes, by=by)


def _role(held: Assignment) -> str:
    return f"{held.get_role_display()} ({held.organization.place_words})"


def proposals_workbook(rows: list[Proposal], *, filter_words: str, by) -> BinaryIO:
    """Proposals with `title` and `subject` in words."""
    notes = [f"Bộ lọc: {filter_words}.", stamp(f"{len(rows)} việc", by)]
    return write_table(PROPOSAL_COLUMNS, enumerate(rows, 1), title=PROPOSALS, notes=notes, by=by)
