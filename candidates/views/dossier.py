"""The dossier of one person: its papers, what is wrong with it as a whole, and answers to points that were returned."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from candidates import dossier as rules_of_dossier
from candidates.actions.dossier import held_back, is_closed, save_dossier
from candidates.actions.events import Refused, live_events, past, rule_book
from candidates.dossier import Dossier, Source, State
from candidates.forms.dossier import PapersForm
from candidates.models import Candidate
from candidates.papers import Known, known_papers, points_of, read_dossier
from candidates.pipeline import Stage, Step
from organizations.permissions import Permission
from organizations.scope import get_in_scope, may_in
from organizations.versions import Conflict
from vuthu_recruit import clock
from vuthu_recruit.vietnamese import lower_first
from vuthu_recruit.web import sent

READ_AND_SEND = ["GET", "HEAD", "POST"]
# State of a paper → kind and icon of its badge.
BADGES = {
    State.MISSING: ("idle", "missing"),
    State.HANDWRITING: ("doing", "writing"),
    State.IN: ("done", "done"),
    State.RETURNED: ("soon", "returned"),
    State.ACCEPTED: ("done", "appraised"),
}
PROBLEM_ICONS = {"missing": "missing", "returned": "returned"}
PARTS = (("admission", "Hồ sơ kết nạp"), ("recognition", "Hồ sơ công nhận chính thức"))
_RECOGNITION = (Step.RECOGNITION_PROPOSED, Step.RECOGNITION_COMMITTEE_PASSED, Step.OFFICIAL)
_MEMBER = (Stage.ADMITTED, Stage.RECOGNITION_PROPOSED, Stage.RECOGNITION_COMMITTEE_PASSED, Stage.OFFICIAL)


def person_with_dossier(request, pk: int) -> Candidate:
    """404 outside the scope; 403 for who may look at people but does not work on dossiers."""
    rows = Candidate.objects.visible_to(request.user, needs=Permission.CANDIDATE_VIEW).listed()
    return get_in_scope(
        rows.select_related("unit__grassroots"),
        request.user,
        view=Permission.CANDIDATE_VIEW,
        needs=Permission.BACKGROUND_VIEW,
        pk=pk,
    )


def dossier_now(candidate: Candidate, known: Known, events: list) -> Dossier:
    """The dossier by the rules of today. `events`: live rows."""
    enrolments = candidate.enrolments.filter(issued_on__isnull=False).select_related("training_class__kind")
    pasts = [past(event) for event in events]
    return read_dossier(
        candidate, known, events=pasts, enrolments=enrolments, rules=rule_book()["book"].on(clock.today())
    )


@require_http_methods(READ_AND_SEND)
def dossier(request, pk: int):
    """All papers as one table, and answers to returned points: saved in one go, so that nothing typed is lost."""
    candidate = person_with_dossier(request, pk)
    events, known = live_events(candidate), known_papers(candidate)
    read = dossier_now(candidate, known, events)
    points = points_of(candidate, [event.place for event in events])
    form = PapersForm(
        sent(request),
        dossier=read,
        shown=_typed(read, candidate, request.user),
        forms={row.key: row for row in known.forms},
        items=known.items,
        points=points.open,
        extra=request.GET.get("them", ""),
        initial={"version": candidate.version},
    )
    context = _context(request, candidate, read, form, points)
    if request.method != "POST":
        return render(request, "candidates/dossier.html", context)
    if not form.is_valid():
        return render(request, "candidates/dossier.html", context, status=422)
    given = {"papers": form.papers, "answers": form.answers, "version": form.cleaned_data["version"]}
    try:
        touched, answered = save_dossier(candidate=candidate, by=request.user, **given)
    except Conflict as conflict:
        form.now_at(conflict.current.version)
        return render(request, "candidates/dossier.html", context | {"is_conflict": True}, status=409)
    except Refused as refused:
        form.refuse(refused.refusals)
        return render(request, "candidates/dossier.html", context, status=422)
    messages.success(request, _saved(candidate, touched, answered))
    return redirect("candidates:dossier", pk=candidate.pk)


def _saved(candidate: Candidate, touched: int, answered: int) -> str:
    parts = [f"{touched} giấy tờ"] * bool(touched) + [f"{answered} điểm đã bổ sung"] * bool(answered)
    return f"Đã lưu {' và '.join(parts)} của {candidate.full_name} {at_now()}." if parts else "Không có gì thay đổi."


def _context(request, candidate: Candidate, read: Dossier, form: PapersForm, points) -> dict:
    user = request.user
    held = held_back(candidate, user)
    may_edit = may_in(user, Permission.CANDIDATE_EDIT, candidate.unit) and not held
    problems = rules_of_dossier.problems(read)
    due = [one for one in read.due() if one.is_required]
    there = sum(read.state_of(one) in (State.IN, State.ACCEPTED) for one in due)
    return {
        "candidate": candidate,
        "form": form,
        "points": points,
        "parts": _parts(read, form, candidate.stage, may_edit=may_edit),
        "problems": [{"words": one.words, "icon": PROBLEM_ICONS.get(one.kind, "soon")} for one in problems],
        "there": there,
        "due": len(due),
        "is_kept": read.is_kept,
        "may_edit": may_edit,
        "held": held,
        "may_appraise": candidate.stage == Stage.SUBMITTED and may_in(user, Permission.STEP_BOARD, candidate.unit),
        "may_return": candidate.stage == Stage.APPRAISED and may_in(user, Permission.STEP_BOARD, candidate.unit),
        "may_send": _may_send(candidate, user),
    }


def _may_send(candidate: Candidate, user) -> str:
    """The address of the step that sends the dossier, for who may take it now."""
    cell = (candidate.unit.grassroots or candidate.unit).form == "cell"
    ready = candidate.stage == (Stage.BRANCH_PASSED if cell else Stage.COMMITTEE_PASSED)
    if not (ready and may_in(user, Permission.STEP_COMMITTEE, candidate.unit)):
        return ""
    return reverse("candidates:step", args=[candidate.pk, Step.SUBMITTED])


def _typed(read: Dossier, candidate: Candidate, user) -> set[str]:
    """Keys of the forms whose papers are typed here now: a dossier that has left the unit is closed to it."""
    return {
        form.key
        for _, forms in _shown(read, candidate.stage)
        for form in forms
        if not is_closed(form.needed_for, candidate, user)
    }


def _shown(read: Dossier, stage: str) -> list[tuple[tuple[str, str], list]]:
    """The two parts with their forms; papers of recognition from the ceremony on, or once one of them is there."""
    recognition = [form for form in read.forms if form.needed_for in _RECOGNITION]
    admission = [form for form in read.forms if form not in recognition]
    is_time = stage in _MEMBER or any(read.of(form) for form in recognition)
    return [(PARTS[0], admission), *([(PARTS[1], recognition)] if is_time else [])]


def _parts(read: Dossier, form: PapersForm, stage: str, *, may_edit: bool) -> list[dict]:
    """The table as the page shows it, part by part."""
    typed: dict[str, list] = {}
    for row in form.rows():
        typed.setdefault(row.form.key, []).append(row)
    return [
        {
            "title": title,
            "key": key,
            "lines": [line for one in forms for line in _lines(read, one, typed.get(one.key, []), may_edit=may_edit)],
        }
        for (key, title), forms in _shown(read, stage)
    ]


def _lines(read: Dossier, form, rows: list, *, may_edit: bool) -> list[dict]:
    about = {"form": form, "note": form.note, "source": ""}
    papers = read.of(form)
    if form.source == Source.PAPER and rows:
        return [
            about | {"row": row, "is_first": row.copy == 1, "badge": _badge(row.item)} | _told_of(row.item, may_edit)
            for row in rows
        ]
    if form.source != Source.PAPER:
        about["source"] = lower_first(Source(form.source).label)
    paper = papers[0] if papers else None
    kind, icon = BADGES[paper.state if paper else State.MISSING]
    word = (paper.state if paper else State.MISSING).label
    return [
        about
        | {"row": None, "is_first": True, "badge": {"word": word, "kind": kind, "icon": icon}}
        | {"document": paper.document if paper else "", "on": paper.dated_on if paper else None, "typed": False}
    ]


def _badge(item) -> dict:
    state = State(item.state) if item else State.MISSING
    kind, icon = BADGES[state]
    return {"word": state.label, "kind": kind, "icon": icon}


def _told_of(item, may_edit: bool) -> dict:
    return {"document": item.document if item else "", "on": item.dated_on if item else None, "typed": may_edit}


def at_now() -> str:
    return f"lúc {timezone.localtime():%H:%M}"
