"""Accounts for the system administrator: the list, one account, opened, edited, switched off, a first password."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from organizations import account_list
from organizations.actions import accounts, assignments, proposals
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.forms.accounts import (
    AccountFilterForm,
    CreateAccountForm,
    EditAccountForm,
    ReasonForm,
    put_errors,
)
from organizations.models import Assignment, Proposal, User
from organizations.permissions import Permission
from organizations.scope import needs
from organizations.versions import Conflict
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.web import paginate

READ_AND_SEND = ["GET", "HEAD", "POST"]


def account_or_404(pk: int) -> User:
    """Any account: whoever administers accounts administers all of them."""
    user = User.objects.filter(pk=pk).first()
    if user is None:
        raise Http404
    return user


def not_their_own(request, user: User) -> None:
    if user.pk == request.user.pk:
        raise PermissionDenied


def now_words() -> str:
    return f"{timezone.localtime():%H:%M}"


def form_page(request, context: dict, status: int = 200):
    """The one page of a question about an account: heading, what it means, the form."""
    return render(request, "organizations/account_form.html", context, status=status)


@require_safe
@needs(Permission.ACCOUNT_EDIT)
def index(request):
    """Costs three queries beyond signing in and scope, however many accounts there are."""
    form = AccountFilterForm(request.GET)
    is_wrong = not form.is_valid()
    found = [] if is_wrong else _found(form)
    page = paginate(request, [pk for pk, *_ in found])
    context = {
        "form": form,
        "page_obj": page,
        "rows": _accounts(list(page), request.user),
        "chips": form.chips,
        "is_wrong": is_wrong,
        "is_filtered": bool(form.chips or form.data.get("q")),
    }
    return render(request, "organizations/accounts.html", context, status=422 if is_wrong else 200)


def _accounts(pks: list[int], user) -> list[User]:
    """In this order, each with the roles it has now in `held`. Two queries."""
    held = Assignment.objects.visible_to(user, needs=Permission.ACCOUNT_EDIT)
    held = held.in_force_on(clock.today()).select_related("organization__grassroots").order_by("pk")
    rows = User.objects.prefetch_related(Prefetch("assignments", queryset=held, to_attr="held")).in_bulk(pks)
    return [rows[pk] for pk in pks if pk in rows]


@require_http_methods(METHODS)
@needs(Permission.ACCOUNT_EDIT)
def export(request):
    """The rows, filter and order of the page, all pages."""
    form = AccountFilterForm(request.GET)
    if not form.is_valid():
        return back_to(request, "organizations:accounts")
    rows = _accounts([pk for pk, *_ in _found(form)], request.user)
    leaving = Leaving.listed(
        account_list.ACCOUNTS, len(rows), form.words, of_people=False, rights=(Permission.ACCOUNT_EDIT,)
    )
    told = {"filter_words": form.words, "by": request.user}
    return take_out(request, leaving, lambda: account_list.accounts_workbook(rows, **told))


def _found(form: AccountFilterForm) -> list[tuple]:
    """(pk, full name, username, last sign-in) of the accounts asked for, in order. Names are sorted as on paper."""
    given = form.cleaned_data
    rows = User.objects.all()
    today = assignments.in_force_ids()
    if given["role"]:
        rows = rows.filter(pk__in=today.filter(role=given["role"]))
    if given["state"] == "waiting":
        rows = rows.exclude(pk__in=today)
    elif given["state"]:
        rows = rows.filter(is_active=given["state"] == "active")
    found = list(rows.values_list("pk", "full_name", "username", "last_login"))
    for word in vietnamese.search_key(given["q"]).split():
        found = [row for row in found if word in vietnamese.search_key(f"{row[1]} {row[2]}")]
    keys = {
        "name": lambda row: (vietnamese.sort_key(row[1]), row[0]),
        "username": lambda row: (row[2], row[0]),
        "seen": lambda row: (row[3].timestamp() if row[3] else 0, row[0]),
    }
    return sorted(found, key=keys[form.sort.removeprefix("-")], reverse=form.sort.startswith("-"))


@require_http_methods(READ_AND_SEND)
@needs(Permission.ACCOUNT_EDIT)
def create(request):
    form = CreateAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user = accounts.create_account(username=form.cleaned_data["username"], values=form.values, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, f"Đã mở tài khoản {user.username} cho {user.full_name} lúc {now_words()}.")
            return redirect("organizations:account", pk=user.pk)
    context = {
        "form": form,
        "heading": "Thêm tài khoản",
        "intro": "Tài khoản mới chưa có mật khẩu và chưa làm được gì. Bước tiếp theo là giao vai trò.",
        "button": "Thêm tài khoản",
    }
    return form_page(request, context, 422 if form.errors else 200)


@require_safe
@needs(Permission.ACCOUNT_EDIT)
def detail(request, pk: int):
    user = account_or_404(pk)
    today = clock.today()
    rows = Assignment.objects.visible_to(request.user, needs=Permission.ACCOUNT_EDIT).filter(user=user)
    rows = list(rows.select_related("organization__grassroots").order_by("-starts_on", "-pk"))
    for row in rows:
        row.title = assignments.title(row.role, row.body, row.is_head)
    waiting = list(
        proposals.readable_by(request.user)
        .filter(kind__in=proposals.ACCOUNT_KINDS, object_id=user.pk, state=Proposal.State.WAITING)
        .select_related("organization__grassroots", "proposed_by")
        .order_by("pk")
    )
    for proposal in waiting:
        proposal.title = proposals.title(proposal)
    context = {
        "account": user,
        "is_self": user.pk == request.user.pk,
        "state": _state(user),
        "facts": _facts(user),
        "held": [row for row in rows if row.ends_on is None or row.ends_on > today],
        "ended": [row for row in rows if row.ends_on and row.ends_on <= today],
        "waiting": waiting,
        "today": today,
    }
    return render(request, "organizations/account.html", context)


def _state(user: User) -> dict:
    """Whether and how the account can sign in: words, kind and icon of a badge."""
    if not user.is_active:
        return {"word": "Đang bị khóa", "kind": "stopped", "icon": "stopped"}
    if not user.has_usable_password():
        return {"word": "Chưa có mật khẩu", "kind": "", "icon": "missing"}
    if user.must_change_password:
        expired = user.first_password_expires_at and user.first_password_expires_at <= timezone.now()
        if expired or user.first_password_used_at:
            return {"word": "Mật khẩu lần đầu không còn dùng được", "kind": "soon", "icon": "soon"}
        return {"word": "Chờ đăng nhập lần đầu", "kind": "doing", "icon": "later"}
    return {"word": "Đang hoạt động", "kind": "done", "icon": "done"}


def _facts(user: User) -> list[dict]:
    seen = timezone.localtime(user.last_login) if user.last_login else None
    return [
        {"label": "Tên đăng nhập", "value": user.username},
        {"label": "Chức vụ", "value": user.position},
        {"label": "Điện thoại", "value": user.phone},
        {"label": "Thư điện tử", "value": user.email},
        {"label": "Đăng nhập gần nhất", "value": f"{seen:%d/%m/%Y %H:%M}" if seen else "Chưa lần nào"},
    ]


@require_http_methods(READ_AND_SEND)
@needs(Permission.ACCOUNT_EDIT)
def edit(request, pk: int):
    user = account_or_404(pk)
    initial = {name: getattr(user, name) for name in ("full_name", "position", "phone", "email", "version")}
    form = EditAccountForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {"account": user, "form": form, "heading": "Sửa thông tin", "button": "Lưu"}
    if request.method == "POST" and form.is_valid():
        try:
            accounts.edit_account(user=user, values=form.values, version=form.cleaned_data["version"], by=request.user)
        except Conflict as conflict:
            return conflict_page(request, context, conflict.current, _versions(form, conflict.current))
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, f"Đã lưu tài khoản {form.cleaned_data['full_name']} lúc {now_words()}.")
            return redirect("organizations:account", pk=pk)
    return form_page(request, context, 422 if form.errors else 200)


def _versions(form: EditAccountForm, now: User) -> list[dict]:
    rows = [
        {"label": form.fields[name].label, "now": getattr(now, name), "typed": typed}
        for name, typed in form.values.items()
    ]
    return [row for row in rows if row["now"] != row["typed"]]


def conflict_page(request, context: dict, now, versions=()):
    """409: what stands now beside what was typed; the form then carries the current version."""
    context["form"].now_at(now.version)
    return form_page(request, context | {"is_conflict": True, "versions": versions}, 409)


@require_http_methods(READ_AND_SEND)
@needs(Permission.ACCOUNT_EDIT)
def set_active(request, pk: int):
    user = account_or_404(pk)
    not_their_own(request, user)
    turn_on = not user.is_active
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"version": user.version})
    context = {
        "account": user,
        "form": form,
        "heading": "Mở lại tài khoản" if turn_on else "Khóa tài khoản",
        "intro": "Người này lại đăng nhập được, với những vai trò còn hiệu lực."
        if turn_on
        else "Người này không đăng nhập được nữa; mọi máy đang đăng nhập bị thoát ngay. Các vai trò vẫn giữ nguyên.",
        "button": "Mở lại tài khoản" if turn_on else "Khóa tài khoản",
    }
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            accounts.set_active(
                user=user, is_active=turn_on, reason=given["reason"], version=given["version"], by=request.user
            )
        except Conflict as conflict:
            return conflict_page(request, context, conflict.current)
        except ValidationError as error:
            put_errors(form, error)
        else:
            done = "Đã mở lại" if turn_on else "Đã khóa"
            messages.success(request, f"{done} tài khoản {user.full_name} lúc {now_words()}.")
            return redirect("organizations:account", pk=pk)
    return form_page(request, context, 422 if form.errors else 200)


@require_http_methods(READ_AND_SEND)
@needs(Permission.ACCOUNT_EDIT)
def reset_password(request, pk: int):
    """Give a first password on the answer page, once, or ask the Board when the account reads people."""
    user = account_or_404(pk)
    not_their_own(request, user)
    is_two = assignments.reads_people(user)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"version": user.version})
    context = {
        "account": user,
        "form": form,
        "heading": "Cấp mật khẩu lần đầu",
        "intro": "Tài khoản này đọc được hồ sơ, nên Ban Tổ chức phải xác nhận. Mật khẩu hiện ra cho người xác nhận."
        if is_two
        else "Mật khẩu đang dùng (nếu có) hết hiệu lực. Mật khẩu mới hiện ra một lần ở trang sau.",
        "button": "Gửi đề nghị" if is_two else "Cấp mật khẩu lần đầu",
    }
    if request.method == "POST" and form.is_valid():
        try:
            given = accounts.reset_password(user=user, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            if isinstance(given, Proposal):
                text = f"Đã gửi đề nghị đặt lại mật khẩu của {user.full_name} lúc {now_words()}, chờ xác nhận."
                messages.success(request, text)
                return redirect("organizations:account", pk=pk)
            return password_page(request, user, given)
    return form_page(request, context, 422 if form.errors else 200)


def password_page(request, user: User, first):
    """The one answer that shows a first password. No redirect: it is kept nowhere, not even in the session."""
    context = {"account": user, "first_password": first.clear}
    return render(request, "organizations/account_password.html", context)
