"""The rule book and the calendar of working days: read by everyone who works with them, kept by the Board."""

import re
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.actions.rules import add_calendar_year, revise_rule_set, save_calendar_year, set_local_limits
from candidates.forms.rules import CalendarForm, LocalLimitsForm, RuleSetForm
from candidates.models import CalendarYear, LocalLimits, RuleSet
from candidates.rules import PARAMETERS, TOPICS
from candidates.sub_limits import AWAITED
from organizations.permissions import Permission
from organizations.scope import holds, needs
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.web import sent

READERS = (Permission.CANDIDATE_VIEW, Permission.CLASS_VIEW)
READ_AND_SEND = ["GET", "HEAD", "POST"]
WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
LAST_YEAR_AHEAD = 3


@require_safe
@needs(*READERS)
def rule_sets(request):
    """The sets in the order of their days, each in its newest version."""
    newest = {row.regime: row for row in RuleSet.objects.order_by("valid_from", "version")}
    today = clock.today()
    rows = [{"set": row, "is_now": row.rules.is_in_force_on(today), "open": len(_open(row))} for row in newest.values()]
    return render(request, "candidates/rule_sets.html", {"rows": rows})


def _open(row: RuleSet) -> list[str]:
    """What of a set nobody has confirmed: parameters and clauses."""
    return [*row.uncertain, *(topic for topic in TOPICS if not row.citations.get(topic))]


@require_safe
@needs(*READERS)
def rule_set(request, regime: str):
    """One set: every topic with its numbers and its clause; older versions; `?phien-ban=` shows one of them."""
    versions = list(RuleSet.objects.filter(regime=regime).select_related("made_by").order_by("-version"))
    if not versions:
        raise Http404
    asked = request.GET.get("phien-ban", "")
    shown = next((row for row in versions if str(row.version) == asked), versions[0])
    context = {
        "set": shown,
        "is_newest": shown is versions[0],
        "versions": versions,
        "topics": _topics(shown),
        "may_edit": holds(request.user, Permission.RULE_EDIT),
    }
    return render(request, "candidates/rule_set.html", context)


def _topics(row: RuleSet) -> list[dict]:
    return [
        {
            "label": label,
            "parameters": [
                {"row": one, "words": one.words(row.values[one.key]), "is_open": one.key in row.uncertain}
                for one in PARAMETERS.values()
                if one.topic == topic
            ],
            "citation": row.citations.get(topic, ""),
        }
        for topic, label in TOPICS.items()
    ]


@require_http_methods(READ_AND_SEND)
@needs(Permission.RULE_EDIT)
def revise(request, regime: str):
    """A new version: other values where no source confirms one, clauses that were open."""
    current = RuleSet.objects.filter(regime=regime).order_by("-version").first()
    if current is None:
        raise Http404
    form = RuleSetForm(sent(request), rule_set=current)
    context = {"set": current, "form": form}
    if request.method == "POST" and form.is_valid():
        seen = get_object_or_404(RuleSet, regime=regime, version=form.cleaned_data["version"])
        try:
            new = revise_rule_set(
                current=seen,
                values=form.values,
                citations=form.citations,
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except Conflict:
            return _conflict(request, "candidates/rule_set_edit.html", context, current.version)
        except ValidationError as faults:
            form.add_error(None, faults.messages)
        else:
            messages.success(request, f"Đã lưu phiên bản {new.version} của {new.name} {_at()}.")
            return redirect(new)
    return render(request, "candidates/rule_set_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(READ_AND_SEND)
@needs(*READERS)
def sub_limits(request):
    """How long each level takes by agreement of the district: read by all, set by the Board."""
    may_edit = holds(request.user, Permission.RULE_EDIT)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    limits = LocalLimits.objects.first()
    form = LocalLimitsForm(sent(request), limits=limits) if may_edit else None
    context = {"limits": limits, "form": form, "levels": _levels(limits), "rules": _decision_rules(limits)}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            set_local_limits(days=form.days, document=given["document"], version=given["version"], by=request.user)
        except Conflict as conflict:
            return _conflict(request, "candidates/sub_limits.html", context, conflict.current.version)
        messages.success(request, f"Đã lưu thời hạn nội bộ {_at()}.")
        return redirect("candidates:sub_limits")
    return render(request, "candidates/sub_limits.html", context, status=422 if form and form.errors else 200)


def _levels(limits: LocalLimits | None) -> list[dict]:
    """Each level in words, for who only reads."""
    days = limits.days if limits else {}
    return [
        {"label": level.label, "value": f"{days[step]} ngày làm việc" if step in days else "không đặt"}
        for step, level in AWAITED.items()
    ]


def _decision_rules(limits: LocalLimits | None) -> dict | None:
    """The limit of the rule book that the levels share, and whether together they go beyond it."""
    rules = RuleSet.objects.book().on(clock.today())
    if rules is None:
        return None
    total, days = sum((limits.days if limits else {}).values()), rules["decision_days"]
    words = f"Các thời hạn nội bộ cộng lại {total} ngày làm việc, nhiều hơn {days} ngày của quy định."
    warning = words if total > days else ""
    return {"days": days, "name": rules.name, "cite": rules.cite("decision"), "total": total, "warning": warning}


@require_safe
@needs(*READERS)
def calendar(request):
    """One year; `?nam=` chooses it."""
    years = list(CalendarYear.objects.all())
    if not years:
        return render(request, "candidates/calendar.html", {"years": []})
    asked = request.GET.get("nam", "")
    usual = min(years, key=lambda row: abs(row.year - clock.today().year))
    shown = next((row for row in years if str(row.year) == asked), usual)
    may_edit = holds(request.user, Permission.RULE_EDIT)
    following = years[-1].year + 1
    context = {
        "years": years,
        "shown": shown,
        "rows": [_day(row) for row in shown.days],
        "off": sum(row["kind"] == CalendarYear.OFF and _weekday(row) < 5 for row in shown.days),
        "worked": sum(row["kind"] == CalendarYear.WORKED for row in shown.days),
        "may_edit": may_edit,
        "following": following if may_edit and following <= clock.today().year + LAST_YEAR_AHEAD else None,
    }
    return render(request, "candidates/calendar.html", context)


def _weekday(row: dict) -> int:
    return date.fromisoformat(row["day"]).weekday()


def _day(row: dict) -> dict:
    return row | {
        "on": date.fromisoformat(row["day"]),
        "weekday": WEEKDAYS[_weekday(row)],
        "is_worked": row["kind"] == CalendarYear.WORKED,
    }


@require_http_methods(READ_AND_SEND)
@needs(Permission.RULE_EDIT)
def calendar_edit(request, year: int):
    row = get_object_or_404(CalendarYear, year=year)
    form = CalendarForm(sent(request), year=row)
    context = {"year": row, "form": form}
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            save_calendar_year(year=row, by=request.user, **given)
        except Conflict as conflict:
            return _conflict(request, "candidates/calendar_edit.html", context, conflict.current.version)
        messages.success(request, f"Đã lưu lịch làm việc năm {year} {_at()}.")
        return redirect(row)
    return render(request, "candidates/calendar_edit.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Permission.RULE_EDIT)
def calendar_add(request):
    """The year after the last one, empty, to be filled."""
    last = CalendarYear.objects.order_by("-year").first()
    following = last.year + 1 if last else clock.today().year
    asked = request.POST.get("year", "")
    known = CalendarYear.objects.filter(year=int(asked)).exists() if re.fullmatch(r"\d{4}", asked, re.ASCII) else False
    if not known and (asked != str(following) or following > clock.today().year + LAST_YEAR_AHEAD):
        raise Http404
    return redirect("candidates:calendar_edit", year=add_calendar_year(year=int(asked), by=request.user).year)


def _conflict(request, template: str, context: dict, version: int):
    """409: what was typed stays; the form carries the current version, so that sending once more is a choice."""
    form = context["form"]
    form.data = form.data.copy()
    form.data["version"] = str(version)
    return render(request, template, context | {"is_conflict": True}, status=409)


def _at() -> str:
    return f"lúc {timezone.localtime():%H:%M}"
