"""Roles for the system administrator: given (or proposed) and ended."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organizations.actions import assignments
from organizations.forms.accounts import AssignForm, EndForm, RoleForm, put_errors
from organizations.models import Assignment, Proposal
from organizations.permissions import Permission, Role
from organizations.scope import get_in_scope, needs
from organizations.versions import Conflict
from organizations.views.accounts import (
    READ_AND_SEND,
    account_or_404,
    conflict_page,
    form_page,
    not_their_own,
    now_words,
)
from vuthu_recruit import clock, dates


@require_http_methods(READ_AND_SEND)
@needs(Permission.ACCOUNT_EDIT)
def assign(request, pk: int):
    """Two questions: which role (in the address), then where and from when."""
    user = account_or_404(pk)
    not_their_own(request, user)
    role = request.GET.get("role")
    choice = RoleForm(request.GET if role is not None else None)
    if role is None or not choice.is_valid():
        status = 422 if choice.errors else 200
        return render(request, "organizations/assign_role.html", {"account": user, "form": choice}, status=status)
    role = Role(choice.cleaned_data["role"])
    form = AssignForm(request.POST if request.method == "POST" else None, user=request.user, role=role)
    context = {
        "account": user,
        "form": form,
        "heading": f"Giao vai trò {role.label}",
        "intro": "Vai trò này đọc được hồ sơ hoặc danh sách người, nên Ban Tổ chức phải xác nhận mới có hiệu lực."
        if form.needs_second_person
        else "Vai trò có hiệu lực ngay từ ngày ghi dưới đây.",
        "button": "Gửi đề nghị" if form.needs_second_person else "Giao vai trò",
    }
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = assignments.assign(
                user=user, post=form.post, reason=given["reason"], form_key=given["form_key"], by=request.user
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            is_waiting = isinstance(made, Proposal)
            end = "chờ Ban Tổ chức xác nhận" if is_waiting else "đã có hiệu lực"
            messages.success(request, f"{role.label} cho {user.full_name}: {end}, ghi lúc {now_words()}.")
            return redirect("organizations:account", pk=pk)
    return form_page(request, context, 422 if form.errors else 200)


@require_http_methods(READ_AND_SEND)
@needs(Permission.ACCOUNT_EDIT)
def end(request, pk: int):
    assignment = get_in_scope(Assignment.objects, request.user, view=Permission.ACCOUNT_EDIT, pk=pk)
    user = assignment.user
    not_their_own(request, user)
    initial = {"version": assignment.version, "ends_on": dates.show_day(assignment.ends_on or clock.today())}
    form = EndForm(request.POST if request.method == "POST" else None, initial=initial)
    words = assignments.title(assignment.role, assignment.body, assignment.is_head)
    context = {
        "account": user,
        "form": form,
        "heading": "Thôi giữ vai trò",
        "intro": f"{words} tại {assignment.organization.name}, từ ngày {dates.show_day(assignment.starts_on)}.",
        "button": "Ghi ngày thôi giữ",
    }
    if request.method == "POST" and form.is_valid():
        try:
            assignments.end_assignment(assignment=assignment, by=request.user, **form.cleaned_data)
        except Conflict as conflict:
            return conflict_page(request, context, conflict.current, _versions(form, conflict.current))
        except ValidationError as error:
            put_errors(form, error)
        else:
            day = dates.show_day(form.cleaned_data["ends_on"])
            messages.success(request, f"{user.full_name} thôi giữ “{words}” từ ngày {day}, ghi lúc {now_words()}.")
            return redirect("organizations:account", pk=user.pk)
    return form_page(request, context, 422 if form.errors else 200)


def _versions(form: EndForm, now: Assignment) -> list[dict]:
    shown = dates.show_day(now.ends_on) if now.ends_on else ""
    return [
        {"label": "Thôi giữ từ ngày", "now": shown, "typed": dates.show_day(form.cleaned_data["ends_on"])},
        {"label": "Là người đứng đầu", "now": "Có" if now.is_head else "Không", "typed": ""},
    ]
