"""One list of Việc hôm nay, its items, and the lists about accounts and safety. No HTML."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse

from candidates.review import accounts_over_limit
from candidates.sub_limits import SubLimit
from organizations.actions.accounts import recent_recoveries
from organizations.actions.proposals import waiting_for
from organizations.models import Assignment, ImportBatch, Proposal, User
from organizations.permissions import Permission as P
from organizations.scope import holds
from organizations.signin import signin_alarm
from vuthu_recruit.templatetags.ui import vn_number

DAYS_OF_REFUSED_FILES = 7
SHOWN = 10  # of each list; the rest is one link away


@dataclass(frozen=True)
class Item:
    """One thing to do: who or what, what comes next, since when, and the one button."""

    name: str
    detail: str
    what: str
    why: str = ""
    words: str = ""
    on: date | None = None
    on_label: str = "từ ngày"
    is_late: bool = False
    url: str = ""
    action: str = "Mở hồ sơ"
    level: SubLimit | None = None  # the local limit of the level that has the person
    about: str = ""  # the record itself, where the button leads elsewhere


@dataclass(frozen=True)
class Section:
    """A list of Việc hôm nay. `total` counts all, `items` are the first of them, `more` opens the rest."""

    key: str
    title: str
    total: int
    items: list[Item] = field(default_factory=list)
    note: str = ""
    icon: str = "later"
    kind: str = "idle"
    more: str = ""


def ago(day: date, today: date) -> str:
    days = (today - day).days
    return "hôm nay" if days == 0 else f"{vn_number(days)} ngày trước"


def section(key: str, title: str, rows, items: list[Item], **values) -> Section:
    """A list with its count: always one more query, so that their number does not depend on the rows."""
    return Section(key, title, rows.count(), items, **values)


def proposals(user, today: date) -> Iterator[Section]:
    """What waits for this user as the second person, and what the user asked for and nobody has confirmed."""
    more = reverse("organizations:proposals")
    if holds(user, P.CONFIRM):
        yield Section(
            "cho-xac-nhan",
            "Chờ bạn xác nhận",
            waiting_for(user).count(),
            note="Việc cần người thứ hai: phân công, đặt lại mật khẩu, quyết định theo ủy quyền",
            more=more,
            icon="info",
        )
    if holds(user, P.ACCOUNT_EDIT):
        mine = Proposal.objects.filter(proposed_by=user, state=Proposal.State.WAITING).count()
        yield Section("de-nghi", "Đề nghị của bạn, chờ Ban Tổ chức xác nhận", mine, more=more)


def accounts(user, today: date) -> Iterator[Section]:
    """Accounts that can do nothing yet: active, with no assignment in force."""
    if not holds(user, P.ACCOUNT_EDIT):
        return
    held = Assignment.objects.in_force_on(today).values("user")
    rows = User.objects.filter(is_active=True).exclude(pk__in=held)
    items = [
        Item(
            name=account.full_name,
            detail=account.username,
            what="Chưa có phân công nào đang có hiệu lực",
            url=reverse("organizations:account", args=[account.pk]),
            action="Giao vai trò",
        )
        for account in rows.order_by("pk")[:SHOWN]
    ]
    yield section("chua-phan-cong", "Tài khoản chưa có phân công", rows, items, more=reverse("organizations:accounts"))


def safety(user, today: date) -> Iterator[Section]:
    """What the Board watches: many failed sign-ins, recoveries from the console, accounts at the limit of answers."""
    if not holds(user, P.CONFIRM):
        return
    failures = signin_alarm()
    yield Section(
        "dang-nhap-sai",
        "Nhiều lần đăng nhập sai trong một giờ qua",
        failures or 0,
        note="Hỏi người quản trị hệ thống xem có ai đang dò mật khẩu",
        icon="late",
        kind="late",
    )
    recoveries = recent_recoveries()
    items = [
        Item(
            name=change.user.full_name if change.user else "Tài khoản",
            detail="khôi phục trực tiếp trên máy chủ",
            what=change.reason or "Không ghi lý do",
            on=change.at.date(),
            words="Khôi phục",
            on_label="ngày",
            url=reverse("organizations:changes"),
            action="Xem lịch sử",
        )
        for change in recoveries[:SHOWN]
    ]
    yield Section("khoi-phuc", "Tài khoản vừa được khôi phục", len(recoveries), items, icon="late", kind="late")
    yield from _over_limit(user, today)
    yield from _refused_files(user, today)


def _over_limit(user, today: date) -> Iterator[Section]:
    over = accounts_over_limit(user, today)
    items = [
        Item(
            name=row["name"],
            detail=f"{row['answers']} trường hợp phải đối chiếu hôm nay",
            what="Tạm không nhập được số định danh; hỏi lại vì sao nhiều trường hợp trùng",
            url=reverse("candidates:review"),
            action="Xem các trường hợp",
        )
        for row in over[:SHOWN]
    ]
    yield Section("qua-gioi-han", "Tài khoản quá giới hạn đối chiếu trong ngày", len(over), items, icon="soon")


def _refused_files(user, today: date) -> Iterator[Section]:
    """Lists refused whole in the last week: they asked about more people of other units than a day allows."""
    since = today - timedelta(days=DAYS_OF_REFUSED_FILES - 1)
    rows = ImportBatch.objects.visible_to(user, needs=P.CONFIRM).filter(refused_on__gte=since).for_list()
    items = [
        Item(
            name=batch.name,
            detail=f"{batch.uploaded_by.full_name}, {batch.organization.short_name}",
            what="Nhiều người trong tệp có thể đang ở đơn vị khác; xem giúp tệp này",
            on=batch.refused_on,
            words="Từ chối",
            on_label="ngày",
            url=batch.get_absolute_url(),
            action="Xem lần nhập",
        )
        for batch in rows[:SHOWN]
    ]
    yield Section("tep-bi-tu-choi", "Tệp bị từ chối vì nhiều trường hợp đối chiếu", rows.count(), items, icon="soon")
