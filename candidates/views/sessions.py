"""Sessions of the Standing Committee: the list of them, one with its list of people, outcomes in one go."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates import special_cases, work_exports
from candidates.actions.events import Refused, rule_book
from candidates.actions.sessions import (
    TOP,
    SessionRefused,
    cancel_session,
    choosable,
    edit_session,
    open_session,
    put_on_list,
    record_outcomes,
    take_off_list,
)
from candidates.forms.sessions import CancelForm, ChooseForm, OutcomesForm, SessionEditForm, SessionForm, TakeOffForm
from candidates.forms.steps import fact_field
from candidates.forms.worklists import SessionsForm
from candidates.models import CommitteeSession, SessionItem, StageEvent
from candidates.pipeline import BY_STEP, Stage, Status, Step
from candidates.rules import RuleBook
from candidates.views.steps import not_concerned
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import get_in_scope, holds, may_in, needs
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.web import paginate, sent

READ_AND_SEND = ["GET", "HEAD", "POST"]
COMMON = ("document", "reason", "note")  # asked in the table itself
WAITING = Q(items__outcome="")
ON_LIST = ~Q(items__outcome=SessionItem.Outcome.REMOVED) & Q(items__isnull=False)


def _session(request, pk: int, *, edit: bool = False) -> CommitteeSession:
    rows = CommitteeSession.objects.visible_to(request.user, needs=Permission.SESSION_VIEW)
    rows = rows.select_related("organization")
    right = Permission.STEP_BOARD if edit else None
    return get_in_scope(rows, request.user, view=Permission.SESSION_VIEW, needs=right, pk=pk)


def _listed(request) -> tuple[SessionsForm, object]:
    """The filter and the sessions it leaves, the newest first. One query."""
    rows = CommitteeSession.objects.visible_to(request.user, needs=Permission.SESSION_VIEW)
    form = SessionsForm(request.GET, years=[day.year for day in rows.dates("held_on", "year", order="DESC")])
    rows = form.narrowed(rows) if form.is_valid() else rows.none()
    counted = {"people": Count("items", filter=ON_LIST), "waiting": Count("items", filter=WAITING)}
    return form, rows.select_related("organization").order_by("-held_on", "-pk").annotate(**counted)


@require_http_methods(READ_AND_SEND)
@needs(Permission.SESSION_VIEW)
def sessions(request):
    """All sessions, the newest first; whoever records decisions opens one here."""
    filters, rows = _listed(request)
    may_open = holds(request.user, Permission.STEP_BOARD)
    form = SessionForm(sent(request), initial={"held_on": clock.today()})
    status = 200 if filters.is_valid() else 422
    if request.method == "POST":
        if not may_open:
            raise PermissionDenied
        if made := _opened(request, form):
            return redirect(made)
        status = 422
    page = paginate(request, rows)
    context = {"page_obj": page, "rows": list(page), "filters": filters, "form": form, "may_open": may_open}
    return render(request, "candidates/sessions.html", context, status=status)


@require_http_methods(METHODS)
@needs(Permission.SESSION_VIEW)
def sessions_export(request):
    """The rows and filter of the page, all pages; numbers of people, no names."""
    filters, rows = _listed(request)
    if not filters.is_valid():
        return back_to(request, "candidates:sessions")
    leaving = Leaving.listed(
        work_exports.SESSIONS, rows.count(), filters.words, of_people=False, rights=(Permission.SESSION_VIEW,)
    )
    told = {"filter_words": filters.words, "count": leaving.count, "by": request.user}
    return take_out(request, leaving, lambda: work_exports.sessions_workbook(rows, **told))


def _opened(request, form: SessionForm) -> CommitteeSession | None:
    if not form.is_valid():
        return None
    places = Organization.objects.visible_to(request.user, needs=Permission.STEP_BOARD).filter(kind__in=TOP)
    place = places.open_on(form.cleaned_data["held_on"]).order_by("-kind").first()
    if place is None:
        form.add_error("held_on", "Không có cấp ủy nào hoạt động vào ngày này trong phạm vi của bạn.")
        return None
    try:
        return open_session(organization=place, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            form.add_error(name, sentences)
        return None


@require_safe
def session(request, session_pk: int):
    """One session: who is on its list and what was decided; whom one may still put on it."""
    return _page(request, _session(request, session_pk))


def _page(request, row: CommitteeSession, *, status: int = 200, **extra):
    """Costs a fixed number of queries, whatever the length of the list."""
    may_edit = row.is_open and may_in(request.user, Permission.STEP_BOARD, row.organization)
    items = _items(row)
    free = list(choosable(row, request.user).for_list().by_name()) if may_edit else []
    context = {
        "session": row,
        "waiting": [one for one in items if not one.outcome],
        "decided": [one for one in items if one.outcome],
        "elsewhere": {one.pk for one in items if not one.candidate.unit.path.startswith(row.organization.path)},
        "free": free,
        "may_edit": may_edit,
        "choose": ChooseForm(people=free, initial={"version": row.version}),
        "since": _appraised_on(request.user, [one.pk for one in free]),
    }
    context["choices"] = [{"person": one, "since": context["since"].get(one.pk)} for one in free]
    return render(request, "candidates/session.html", context | extra, status=status)


def _items(row: CommitteeSession) -> list[SessionItem]:
    rows = row.items.select_related(
        "candidate__unit__grassroots", "candidate__former", "candidate__previous", "decided_by"
    ).exclude(outcome=SessionItem.Outcome.REMOVED)
    return list(rows.order_by("candidate__sort_key", "pk"))


def _appraised_on(user, people: list[int]) -> dict[int, object]:
    """Since when each of them waits for the session. One query."""
    events = StageEvent.objects.visible_to(user, needs=Permission.STEP_BOARD)
    events = events.filter(candidate__in=people, is_live=True, ended_on=None)
    return dict(events.values_list("candidate_id", "happened_on"))


@require_http_methods(READ_AND_SEND)
def session_edit(request, session_pk: int):
    """Another day or name, as long as the session is open."""
    row = _session(request, session_pk, edit=True)
    initial = {"version": row.version, "held_on": row.held_on, "name": row.name}
    form = SessionEditForm(sent(request), initial=initial)

    def act(given: dict) -> str:
        edit_session(session=row, by=request.user, **given)
        return "Đã sửa kỳ họp"

    return _changed(request, row, form, "candidates/session_edit.html", {}, act)


@require_http_methods(READ_AND_SEND)
def session_cancel(request, session_pk: int):
    """A session that does not meet, with a reason."""
    row = _session(request, session_pk, edit=True)
    form = CancelForm(sent(request), initial={"version": row.version})
    waiting = [one for one in _items(row) if not one.outcome]

    def act(given: dict) -> str:
        cancel_session(session=row, by=request.user, **given)
        return f"Đã hủy {row}"

    return _changed(request, row, form, "candidates/session_cancel.html", {"waiting": waiting}, act)


@require_POST
def session_add(request, session_pk: int):
    """Put appraised people on the list."""
    row = _session(request, session_pk, edit=True)
    free = list(choosable(row, request.user).for_list().by_name())
    form = ChooseForm(request.POST, people=free)
    if not form.is_valid():
        return _page(request, row, status=422, choose=form, form=form)
    try:
        count = put_on_list(
            session=row, candidates=form.cleaned_data["people"], version=form.cleaned_data["version"], by=request.user
        )
    except Conflict as conflict:
        form.now_at(conflict.current.version)
        return _page(request, row, status=409, choose=form, form=form, is_conflict=True)
    except Refused as refused:
        form.refuse(refused.refusals)
        return _page(request, row, status=422, choose=form, form=form)
    messages.success(request, f"Đã đưa {count} người vào danh sách {_at()}.")
    return redirect(row)


@require_http_methods(READ_AND_SEND)
def session_remove(request, session_pk: int, item_pk: int):
    """Take somebody off the list, with a reason."""
    row = _session(request, session_pk, edit=True)
    item = get_object_or_404(row.items.select_related("candidate__unit__grassroots"), pk=item_pk, outcome="")
    form = TakeOffForm(sent(request), initial={"version": row.version, "item": item.pk})

    def act(given: dict) -> str:
        take_off_list(session=row, item=item.pk, reason=given["reason"], version=given["version"], by=request.user)
        return f"Đã rút {item.candidate.full_name} khỏi danh sách"

    context = {"item": item, "candidate": item.candidate}
    return _changed(request, row, form, "candidates/session_remove.html", context, act)


def _changed(request, row: CommitteeSession, form, template: str, context: dict, act: Callable[[dict], str]):
    """The page of one change to a session; `act` makes it and says what was done."""
    context = {"session": row, "form": form} | context
    if request.method == "POST" and form.is_valid():
        try:
            said = act(form.cleaned_data)
        except Conflict as conflict:
            form.now_at(conflict.current.version)
            return render(request, template, context | {"is_conflict": True}, status=409)
        except Refused as refused:
            form.refuse(refused.refusals)
        else:
            messages.success(request, f"{said} {_at()}.")
            return redirect(row)
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(READ_AND_SEND)
def session_outcomes(request, session_pk: int):
    """What the session decided, of several people in one go: all or nothing."""
    row = _session(request, session_pk, edit=True)
    items = [one for one in _items(row) if not one.outcome]
    rules = rule_book()
    form = OutcomesForm(
        sent(request),
        items=items,
        asks={item.pk: _asked(item, rules["book"]) for item in items},
        locked=_appraised_by(request.user, items),
        initial={"version": row.version, "happened_on": row.held_on},
    )
    context = {"session": row, "form": form, "rows": _outcome_rows(request.user, form, rules["book"])}
    if request.method != "POST":
        return render(request, "candidates/session_outcomes.html", context)
    if "agree" in request.POST:
        form.agree_to_the_rest()
        form.errors.clear()  # nothing was sent yet: the rows were only filled
        return render(request, "candidates/session_outcomes.html", context)
    if not form.is_valid():
        return render(request, "candidates/session_outcomes.html", context, status=422)
    try:
        count = record_outcomes(
            session=row,
            outcomes=form.outcomes,
            happened_on=form.cleaned_data["happened_on"],
            version=form.cleaned_data["version"],
            by=request.user,
            shares_numbers=form.cleaned_data["shares_numbers"],
        )
    except Conflict as conflict:
        form.now_at(conflict.current.version)
        return render(request, "candidates/session_outcomes.html", context | {"is_conflict": True}, status=409)
    except SessionRefused as refused:
        form.refuse_each(refused.refusals)
        return render(request, "candidates/session_outcomes.html", context, status=422)
    except Refused as refused:
        form.refuse(refused.refusals)
        return render(request, "candidates/session_outcomes.html", context, status=422)
    messages.success(request, f"Đã ghi kết quả của {count} người {_at()}.")
    return redirect(row)


def _asked(item: SessionItem, book: RuleBook) -> dict[str, forms.Field]:
    """Further facts of the decision that concern this person: a consent, where one may be needed."""
    without = not_concerned(item.candidate, Step.DECIDED, book)
    facts = [fact for fact in BY_STEP[Step.DECIDED].facts if fact.key not in {*COMMON, *without}]
    hint = "Bắt buộc khi đồng ý kết nạp, nếu người này phải có"
    return {
        fact.key: fact_field(fact, label=f"{fact.label}, {item.candidate.full_name}", help_text=hint) for fact in facts
    }


def _appraised_by(user, items: list[SessionItem]) -> set[int]:
    """Items of people whose appraisal that stands this user wrote, in any version. One query."""
    rows = StageEvent.objects.visible_to(user, needs=Permission.STEP_BOARD)
    rows = rows.filter(candidate__in=[item.candidate_id for item in items], step=Step.APPRAISED)
    events = list(rows.order_by("happened_on", "place").values("candidate_id", "place", "by_id", "is_live"))
    standing = {row["candidate_id"]: row["place"] for row in events if row["is_live"]}
    own = {
        row["candidate_id"]
        for row in events
        if row["by_id"] == user.pk and standing.get(row["candidate_id"]) == row["place"]
    }
    return {item.pk for item in items if item.candidate_id in own}


def _outcome_rows(user, form: OutcomesForm, book: RuleBook) -> list[dict]:
    """The rows with what the recorder must know of each: where the person stands, and why a consent is asked."""
    rules = book.on(clock.today())
    return [row | {"notes": _notes(user, row["item"].candidate, rules)} for row in form.rows()]


def _notes(user, candidate, rules) -> list[str]:
    found = []
    if (candidate.stage, candidate.status) != (Stage.APPRAISED, Status.OPEN):
        found.append(f"Không còn ở bước chờ trình, nay “{candidate.get_stage_display()}”: rút khỏi danh sách.")
    if rules and may_in(user, Permission.BACKGROUND_VIEW, candidate.unit):
        cases = special_cases.asked(special_cases.of(candidate.special_cases, candidate.religion), rules)
        found += [f"Phải có văn bản đồng ý: {special_cases.in_words(cases)}."] if cases else []
    return found


def _at() -> str:
    return f"lúc {timezone.localtime():%H:%M}"
