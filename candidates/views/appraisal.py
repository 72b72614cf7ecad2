"""The appraisal of a dossier: the checklist, what the unit answered, and the two ways it can end."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from candidates import dossier as rules_of_dossier
from candidates import gates
from candidates.actions.actors import actor_for
from candidates.actions.appraisal import appraise as pass_dossier
from candidates.actions.appraisal import return_dossier
from candidates.actions.events import Refused, attempt_of, live_events
from candidates.dossier import Dossier
from candidates.forms.appraisal import AppraisalForm, redo_choices
from candidates.models import AppraisalQuestion, Candidate
from candidates.papers import Known, Points, known_papers, points_of
from candidates.pipeline import Stage, Step
from candidates.views.dossier import PROBLEM_ICONS, READ_AND_SEND, at_now, dossier_now, person_with_dossier
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import Conflict
from vuthu_recruit import clock

UNASKED = {"no_date", "missing"}  # said only once the form has been sent
REFUSED_AS = {"pass": "Chưa ghi thẩm định đạt được", "return": "Chưa trả lại được hồ sơ"}
APPRAISED_AT = (Stage.SUBMITTED, Stage.APPRAISED)


@require_http_methods(READ_AND_SEND)
def appraise(request, pk: int):
    """First round: the whole checklist. Later rounds: the points that are open. Ends in one of two steps."""
    candidate = person_with_dossier(request, pk)
    if not may_in(request.user, Permission.STEP_BOARD, candidate.unit):
        raise PermissionDenied
    events, known = live_events(candidate), known_papers(candidate)
    points = points_of(candidate, [event.place for event in events])
    read = dossier_now(candidate, known, events)
    questions = _questions(read, points, known, events)
    sent = request.POST if request.method == "POST" else None
    form = AppraisalForm(
        sent,
        questions=questions,
        points=points,
        catalogue=[row for row in known.forms if row.key in {one.key for one in read.forms}],
        redo=redo_choices((candidate.unit.grassroots or candidate.unit).form),
        initial={"version": candidate.version, "happened_on": clock.today()},
    )
    if Step.APPRAISED in actor_for(candidate, request.user, step=Step.APPRAISED).alone_for:
        form.allow_override()
    context = _context(candidate, form, read, points)
    if sent is None:
        known_refusals = _known(request.user, candidate) if candidate.stage == Stage.SUBMITTED else []
        return render(request, "candidates/appraise.html", context | {"refusals": known_refusals})
    if not form.is_valid():
        return render(request, "candidates/appraise.html", context, status=422)
    try:
        return _finish(request, candidate, form, questions)
    except Conflict as conflict:
        form.now_at(conflict.current.version)
        return render(request, "candidates/appraise.html", context | {"is_conflict": True}, status=409)
    except Refused as refused:
        form.refuse(refused.refusals)
        if any(refusal.code == "unanswered" for refusal in refused.refusals):
            form.mark_unanswered()
        context["refusals"] = [refusal.told for refusal in refused.refusals]
        context["gate_title"] = REFUSED_AS[form.cleaned_data["result"]]
        return render(request, "candidates/appraise.html", context, status=422)


def _questions(read: Dossier, points: Points, known: Known, events: list) -> list[AppraisalQuestion]:
    """What this round asks, in the order of the page.

    In the first round every question of the forms that are due. Later what no round has found right yet, and what was
    changed since the last one; what an open point already asks is not asked twice.
    """
    keys = {form.key for form in read.due()}
    rows = AppraisalQuestion.objects.filter(is_active=True).select_related("form")
    asked = [row for row in rows if row.form is None or row.form.key in keys]
    asked.sort(key=lambda row: (row.form is None, row.form.order if row.form else 0, row.order, row.pk))
    if not points.rounds:
        return asked
    passed = {answer["question"] for row in points.rounds for answer in row.answers}
    passed |= {point.question for point in (*points.open, *points.closed) if point.question}
    pointed = {point.form.key for point in points.open if point.form}
    changed = _changed_since(points.rounds[-1].at, known, events) - pointed
    return [row for row in asked if row.key not in passed or (row.form and row.form.key in changed)]


def _changed_since(moment, known: Known, events: list) -> set[str]:
    """Keys of the forms whose papers were recorded after the last round: typed ones, and those a step proves."""
    typed = {item.form.key for item in known.items if item.changed_at > moment}
    steps = {event.step for event in events if event.recorded_at > moment}
    return typed | {row.key for row in known.forms if row.source in steps}


def _known(user, candidate: Candidate) -> list[dict]:
    """What speaks against passing the dossier on, before anybody tries: four eyes, missing papers."""
    today = clock.today()
    attempt = attempt_of(candidate=candidate, step=Step.APPRAISED, happened_on=today, facts={}, by=user)
    return [refusal.told for refusal in gates.refusals(attempt) if refusal.code not in UNASKED]


def _context(candidate: Candidate, form: AppraisalForm, read: Dossier, points: Points) -> dict:
    problems = rules_of_dossier.problems(read)
    return {
        "candidate": candidate,
        "form": form,
        "sections": _sections(form, read),
        "points": points,
        "round": max((row.round for row in points.rounds), default=0) + 1,
        "problems": [{"words": one.words, "icon": PROBLEM_ICONS.get(one.kind, "soon")} for one in problems],
        "gate_title": REFUSED_AS["pass"],
        "unasked": _unasked(form, read),
        "may_pass": candidate.stage == Stage.SUBMITTED,
        "is_here": candidate.stage in APPRAISED_AT,
    }


def _unasked(form: AppraisalForm, read: Dossier) -> list[dict]:
    """Papers that are there and that no question of this round looks at: seen all the same."""
    asked = {question.form.key for question in form.questions if question.form}
    return [
        {"form": one, "papers": papers}
        for one in read.due()
        if one.key not in asked and (papers := [paper for paper in read.of(one) if paper.is_there])
    ]


def _sections(form: AppraisalForm, read: Dossier) -> list[dict]:
    """Each form of the checklist with the papers there are of it."""
    return [
        section | {"papers": [paper for paper in read.of(section["form"]) if paper.is_there] if section["form"] else []}
        for section in form.sections(read.forms)
    ]


def _finish(request, candidate: Candidate, form: AppraisalForm, questions: list[AppraisalQuestion]):
    given = form.cleaned_data
    values = {
        "candidate": candidate,
        "findings": form.findings,
        "happened_on": given["happened_on"],
        "version": given["version"],
        "by": request.user,
    }
    if given["result"] == "pass":
        override = given.get("override") or ""
        pass_dossier(asked=questions, document=given["document"], override=override, **values)
        messages.success(request, f"Đã ghi “{Step.APPRAISED.label}” cho {candidate.full_name} {at_now()}.")
        return redirect(candidate)
    appraisal = return_dossier(redo_from=given["redo_from"], **values)
    messages.success(request, f"Đã trả lại hồ sơ của {candidate.full_name} {at_now()}.")
    return redirect("reports:return_note", pk=appraisal.pk)
