"""Steps of the pipeline: one step taken, steps corrected, the last one withdrawn, a move to another unit."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from candidates import gates, person_page, special_cases
from candidates.actions.actors import actor_for
from candidates.actions.corrections import correct_events, may_correct, withdraw_last
from candidates.actions.delegated import propose_decision
from candidates.actions.events import (
    BY_THE_SESSION,
    Refused,
    attempt_of,
    former_of,
    live_events,
    rule_book,
    story_of,
    take_step,
    waits_in_session,
)
from candidates.choices import Education
from candidates.forms.steps import CorrectForm, MoveForm, StepForm, WithdrawForm
from candidates.models import Candidate, StageEvent
from candidates.pipeline import BY_STEP, NOT_OFFERED, Refusal, Step, received_on
from candidates.rules import RuleBook
from organizations.models import Change
from organizations.permissions import Permission
from organizations.scope import get_in_scope, may_in
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.dates import age_in_months_range, show_day

STEP_RIGHTS = (Permission.STEP_BRANCH, Permission.STEP_COMMITTEE, Permission.STEP_BOARD)
MOVE_RIGHTS = (Permission.STEP_COMMITTEE, Permission.STEP_BOARD)
BY_THE_APPRAISAL = (Step.APPRAISED, Step.RETURNED)  # have a page of their own, with the checklist
UNASKED = {"no_date", "missing"}  # said only once the form has been sent
CARRIED = ("happened_on", "document", "members", "votes")  # typed once, kept when another step is the one that fits
READ_AND_SEND = ["GET", "HEAD", "POST"]


def _person(request, pk: int, rights) -> Candidate:
    """404 outside the scope and for drafts; 403 for who may look but holds none of the rights at the unit."""
    rows = Candidate.objects.visible_to(request.user, needs=Permission.CANDIDATE_VIEW).listed()
    candidate = get_in_scope(
        rows.select_related("unit__grassroots"), request.user, view=Permission.CANDIDATE_VIEW, pk=pk
    )
    if not any(may_in(request.user, right, candidate.unit) for right in rights):
        raise PermissionDenied
    return candidate


@require_http_methods(READ_AND_SEND)
def step(request, pk: int, step: Step):
    """Record one step. Entering, certificates and moves have forms of their own."""
    candidate = _person(request, pk, STEP_RIGHTS)
    if step in NOT_OFFERED:
        raise Http404
    if step in BY_THE_APPRAISAL:
        return redirect("candidates:appraise", pk=candidate.pk)
    if step in BY_THE_SESSION and (session := waits_in_session(candidate)):
        messages.info(request, f"{candidate.full_name} đang trong danh sách {session}: ghi kết quả ở đây.")
        return redirect(session)
    override = step in actor_for(candidate, request.user, step=step).alone_for
    sent = request.POST if request.method == "POST" else None
    typed = {name: request.GET[name][:200] for name in CARRIED if name in request.GET}
    if step == Step.ADMITTED and (received := received_on(story_of(candidate).events)):
        typed["received_on"] = received
    initial = typed | {"version": candidate.version}
    without = not_concerned(candidate, step)
    form = StepForm(sent, step=step, override=override, without=without, initial=initial)
    title = f"Chưa ghi được “{step.label}”"
    context = {"candidate": candidate, "form": form, "step": step, "gate_title": title}
    if sent is None:
        known = [refusal for refusal in _judged(request, candidate, step, form) if refusal.code not in UNASKED]
        return _page(request, "step", context, known)
    if not form.is_valid():
        return _refused(request, "step", context, _judged(request, candidate, step, form))
    try:
        return _take(request, candidate, step, form)
    except Conflict:
        return _conflict(request, "step", context, lambda now: _step_versions(now, step, form))
    except Refused as refused:
        return _refused(request, "step", context, refused.refusals)


def not_concerned(candidate: Candidate, step: Step, book: RuleBook | None = None) -> set[str]:
    """Optional facts that this person cannot need: a consent for over 60, a document for a low education…"""
    found = _consents_not_concerned(candidate, book) if step == Step.DECIDED else set()
    if candidate.birth and age_in_months_range(candidate.birth, clock.today())[1] < 60 * 12:
        found.add("over_60_consent")
    if candidate.education in (Education.LOWER_SECONDARY, Education.UPPER_SECONDARY):
        found.add("education_exception")
    return found


def _consents_not_concerned(candidate: Candidate, book: RuleBook | None) -> set[str]:
    """Consents before the decision that no set asks of this person."""
    found = set() if former_of(candidate) else {"readmission_consent"}
    cases = special_cases.of(candidate.special_cases, candidate.religion)
    sets = (book or rule_book()["book"]).sets if cases else ()
    if not any(special_cases.asked(cases, rules) for rules in sets):
        found.add("special_consent")
    return found


def _judged(request, candidate: Candidate, step: Step, form: StepForm) -> list[Refusal]:
    """All that speaks against the step, as far as the form could be read: said together with what could not."""
    given = form.cleaned_data if form.is_bound else {}
    attempt = attempt_of(
        candidate=candidate,
        step=step,
        happened_on=given.get("happened_on"),
        facts=form.given_facts if form.is_bound else {},
        by=request.user,
    )
    # A delegated decision goes to a second person: that it is unconfirmed is no reason against proposing it.
    return [refusal for refusal in gates.refusals(attempt) if refusal.code != "unconfirmed"]


def _take(request, candidate: Candidate, step: Step, form: StepForm):
    values = {
        "candidate": candidate,
        "happened_on": form.cleaned_data["happened_on"],
        "facts": form.given_facts,
        "version": form.cleaned_data["version"],
        "by": request.user,
    }
    if gates.is_delegated(step, candidate.stage):
        propose_decision(**values)
        text = f"Quyết định kết nạp {candidate.full_name} chờ Ban Tổ chức xác nhận, gửi lúc {_clock()}."
        messages.success(request, text)
        return redirect(candidate)
    event = take_step(step=step, **values)
    messages.success(request, f"Đã ghi “{step.label}” cho {candidate.full_name} lúc {_clock()}.")
    for verdict in event.verdict:
        if verdict["outcome"] == "warning":
            messages.warning(request, verdict["message"])
    return redirect(candidate)


@require_http_methods(READ_AND_SEND)
def correct(request, pk: int):
    """Put right the dates and facts of one or several steps together."""
    candidate = _person(request, pk, STEP_RIGHTS)
    events = live_events(candidate)
    sent = request.POST if request.method == "POST" else None
    chosen = request.GET.get("buoc", "")
    form = CorrectForm(sent, events=events, by=request.user, chosen=chosen, initial={"version": candidate.version})
    context = {"candidate": candidate, "form": form}
    if not form.events:
        raise PermissionDenied
    if sent is None:
        return _page(request, "correct", context)
    if not form.is_valid():
        return _refused(request, "correct", context, [])
    try:
        correct_events(
            candidate=candidate,
            corrections=form.corrections,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except Conflict:
        return _conflict(request, "correct", context, lambda now: _correct_versions(form))
    except Refused as refused:
        return _refused(request, "correct", context, refused.refusals)
    messages.success(request, f"Đã sửa {len(form.picked)} bước của {candidate.full_name} lúc {_clock()}.")
    return redirect(candidate)


@require_http_methods(READ_AND_SEND)
def withdraw(request, pk: int):
    """Take back the last step, entered by mistake."""
    candidate = _person(request, pk, STEP_RIGHTS)
    events = live_events(candidate)
    last = events[-1]
    known = may_correct(last, request.user, events)
    sent = request.POST if request.method == "POST" else None
    form = WithdrawForm(sent, initial={"version": candidate.version})
    context = {"candidate": candidate, "form": form, "last": last, "is_only": len(events) == 1}
    if sent is None:
        return _page(request, "withdraw", context, known)
    if not form.is_valid():
        return _refused(request, "withdraw", context, known)
    try:
        withdraw_last(
            candidate=candidate,
            event=last,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except Conflict:
        return _conflict(request, "withdraw", context, lambda now: [])
    except Refused as refused:
        return _refused(request, "withdraw", context, refused.refusals)
    messages.success(request, f"Đã rút bước “{last.get_step_display()}” của {candidate.full_name} lúc {_clock()}.")
    return redirect("candidates:index") if len(events) == 1 else redirect(candidate)


@require_http_methods(READ_AND_SEND)
def move(request, pk: int):
    """Move a person to another branch or unit; votes and clocks stay."""
    candidate = _person(request, pk, MOVE_RIGHTS)
    sent = request.POST if request.method == "POST" else None
    form = MoveForm(sent, candidate=candidate, user=request.user, initial={"version": candidate.version})
    context = {"candidate": candidate, "form": form}
    if sent is None:
        return _page(request, "move", context)
    if not form.is_valid():
        return _refused(request, "move", context, [])
    given = form.cleaned_data
    try:
        take_step(
            candidate=candidate,
            step=Step.MOVED,
            happened_on=given["happened_on"],
            facts={"reason": given["reason"]},
            version=given["version"],
            by=request.user,
            unit=form.target,
        )
    except Conflict:
        return _conflict(request, "move", context, lambda now: _move_versions(now, form))
    except Refused as refused:
        return _refused(request, "move", context, refused.refusals)
    messages.success(request, f"Đã chuyển {candidate.full_name} đến {form.target.short_name} lúc {_clock()}.")
    return redirect(candidate)


# Answers


def _page(request, name: str, context: dict, refusals=(), status: int = 200):
    typed = {key: context["form"].data[key] for key in CARRIED if context["form"].data.get(key)}
    context = context | {"refusals": [_gate_item(context["candidate"], refusal, typed) for refusal in refusals]}
    return render(request, f"candidates/{name}.html", context, status=status)


def _refused(request, name: str, context: dict, refusals: list[Refusal]):
    """422: what was typed stays, every reason is said, on its field where there is one."""
    form = context["form"]
    fresh = [refusal for refusal in refusals if not refusal.field or refusal.field not in form.errors]
    form.refuse(fresh)
    return _page(request, name, context, fresh, status=422)


def _conflict(request, name: str, context: dict, versions):
    """409: what stands now beside what was typed; the form then carries the current version."""
    rows = Candidate.objects.visible_to(request.user, needs=Permission.CANDIDATE_VIEW).listed()
    now = rows.select_related("unit__grassroots").filter(pk=context["candidate"].pk).first()
    if now is None:
        raise Http404
    form = context["form"]
    extra = {"candidate": now, "versions": versions(now), "changed": _last_change(request.user, now)}
    form.now_at(now.version)
    return _page(request, name, context | extra, status=409)


def _last_change(user, candidate: Candidate) -> Change | None:
    rows = Change.objects.visible_to(user, needs=Permission.CANDIDATE_VIEW)
    rows = rows.filter(subject_type=Candidate._meta.label, subject_id=str(candidate.pk))
    return rows.select_related("by").order_by("-pk").first()


def _gate_item(candidate: Candidate, refusal: Refusal, typed: dict) -> dict:
    item = refusal.told
    if refusal.offer:
        offer = Step(refusal.offer)
        url = reverse("candidates:step", args=[candidate.pk, offer])
        item |= {"url": f"{url}?{urlencode(typed)}" if typed else url, "action": f"Ghi “{offer.label}”"}
    return item


def _version(label: str, now, typed) -> dict:
    return {"label": label, "now": now, "typed": typed}


def _last_words(event: StageEvent | None) -> str:
    return f"{event.get_step_display()} ngày {show_day(event.happened_on)}" if event else ""


def _step_versions(now: Candidate, step: Step, form: StepForm) -> list[dict]:
    """The step being recorded beside the last one that stands; fact by fact when it is the same step."""
    last = live_events(now)[-1]
    day, facts = form.cleaned_data["happened_on"], form.given_facts
    found = [
        _version("Bước hiện nay", f"{now.get_stage_display()} ({now.get_status_display().lower()})", ""),
        _version("Bước gần nhất", _last_words(last), f"{step.label} ngày {show_day(day)}"),
    ]
    known = last.facts if last.step == step else {}
    for fact in BY_STEP[step].facts:
        typed = facts.get(fact.key)
        typed = typed.isoformat() if fact.kind == "day" and typed else typed
        values = [
            person_page.value_words(fact, value) if value not in (None, "") else ""
            for value in (known.get(fact.key), typed)
        ]
        if any(values):
            found.append(_version(fact.label, *values))
    return found


def _correct_versions(form: CorrectForm) -> list[dict]:
    """Field by field where what stands now differs from what was typed."""
    return [
        _version(f"{event.get_step_display()} – {row['label']}", row["old"], row["new"])
        for event in form.picked
        for row in person_page.differences(event, form.cleaned_data[f"{event.place}-happened_on"], form.typed(event))
    ]


def _move_versions(now: Candidate, form: MoveForm) -> list[dict]:
    last = live_events(now)[-1]
    typed = f"Chuyển đơn vị ngày {show_day(form.cleaned_data['happened_on'])}"
    return [
        _version("Đơn vị", now.unit.name, form.target.name),
        _version("Bước gần nhất", _last_words(last), typed),
    ]


def _clock() -> str:
    return f"{timezone.localtime():%H:%M}"
