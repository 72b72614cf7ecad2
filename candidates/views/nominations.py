"""Who goes to a class: own people chosen, members of committees written, nominations screened, one changed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from candidates import next_steps
from candidates.actions import class_people, nominations
from candidates.actions.class_people import RowProblems
from candidates.classes import MOVES, STAGES_OF, Mark, Move, State, may_move
from candidates.forms.nominations import ChangeForm, NominateForm, ParticipantsForm, ScreeningForm, SearchForm
from candidates.models import Candidate, Enrolment, TrainingClass
from candidates.pipeline import Status
from candidates.views.classes import (
    PER_PAGE,
    READ_AND_SEND,
    SEEN_BY,
    at_the_moment,
    enrolments_of,
    get_class,
    head_of,
    participant,
    put_errors,
    rows_of,
)
from organizations.permissions import Permission
from organizations.scope import holds, may_in, needs
from organizations.versions import Conflict
from vuthu_recruit.web import paginate, sent

SHOWN = 200


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def nominate(request, class_pk: int):
    """Own people chosen from the list; for courses of committees, names and positions. All or none, with reasons."""
    training_class = get_class(request, class_pk)
    if not training_class.kind.takes_candidates:
        return _participants(request, training_class)
    if not holds(request.user, Permission.CLASS_NOMINATE):
        raise PermissionDenied
    form = NominateForm(sent(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = nominations.nominate(
                training_class=training_class, candidates=list(form.cleaned_data["people"]), by=request.user
            )
        except ValidationError as found:
            form.add_error(None, found.messages)
        else:
            messages.success(request, f"Đã cử {len(made)} người, chờ xét chọn, {at_the_moment()}.")
            return redirect(training_class)
    context = {
        "training_class": training_class,
        "form": form,
        "free": training_class.enrolments.tally(training_class.capacity).free,
        "is_late": training_class.has_begun,
    } | _choices(request, training_class, form)
    return render(request, "candidates/nominate.html", context, status=422 if form.is_bound else 200)


def _choices(request, training_class: TrainingClass, form: NominateForm) -> dict:
    """People of the right stages who are not in the class yet, those against whom something speaks apart.

    Ten queries, whatever the number of people.
    """
    search = SearchForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    rows = Candidate.objects.visible_to(request.user, needs=Permission.CLASS_NOMINATE)
    rows = rows.visible_to(request.user, needs=Permission.CANDIDATE_VIEW)
    rows = rows.in_stage(*STAGES_OF[training_class.kind.purpose]).with_status(Status.OPEN, Status.RETURNED)
    rows = rows.filter(unit__path__startswith=training_class.organization.path)
    rows = rows.exclude(enrolments__in=training_class.enrolments.standing())
    found = rows.search(words) if words else rows
    people = list(found.for_list().by_name()[: SHOWN + 1])
    said = class_people.objections(training_class, people[:SHOWN])
    only = words and len(people) == 1  # asked for by name: ticked at once
    listed = [_choice(one, said[one.pk], bool(only) or str(one.pk) in form.ticked) for one in people[:SHOWN]]
    return {
        "search": search,
        "is_cut": len(people) > SHOWN,
        "people": [row for row in listed if not row["against"]],
        "blocked": [row for row in listed if row["against"]],
    }


def _choice(candidate: Candidate, said: list, is_ticked: bool) -> dict:
    unit = candidate.unit
    grassroots = unit.grassroots or unit
    branch = unit.short_name if unit != grassroots else ("chưa phân chi bộ" if candidate.has_no_branch else "")
    return {
        "candidate": candidate,
        "unit": grassroots.short_name,
        "branch": branch,
        "badge": next_steps.stage_badge(candidate.stage),
        "is_ticked": is_ticked,
        "against": [one.message for one in said if one.is_final],
        "remarks": [one.message for one in said if not one.is_final],
    }


def _participants(request, training_class: TrainingClass):
    """Members of committees by name and position."""
    if not (holds(request.user, Permission.CLASS_NOMINATE) or holds(request.user, Permission.CLASS_EDIT)):
        raise PermissionDenied
    form = ParticipantsForm(sent(request), user=request.user, district=training_class.organization)
    if request.method == "POST" and form.is_valid():
        try:
            made = nominations.nominate_participants(
                training_class=training_class, unit=form.cleaned_data["unit"], people=form.people, by=request.user
            )
        except ValidationError as found:
            form.add_error(None, found.messages)
        else:
            messages.success(request, f"Đã cử {len(made)} người, chờ xét chọn, {at_the_moment()}.")
            return redirect(training_class)
    context = {"training_class": training_class, "form": form}
    return render(request, "candidates/nominate_participants.html", context, status=422 if form.is_bound else 200)


# Screening


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def screen(request, class_pk: int):
    """Nominations that wait, in the order they came: eligible, or not with a reason. All or none of those answered."""
    training_class = get_class(request, class_pk, Permission.CLASS_EDIT)
    unscreened = _unscreened(request, training_class)
    page = paginate(request, unscreened, PER_PAGE)
    people = _with_remarks(request, training_class, rows_of(request, unscreened, page))
    form = ScreeningForm(sent(request), people=people)
    context = head_of(request, training_class) | {"form": form, "page_obj": page}
    if request.method != "POST":
        return _screening(request, context, 200)
    if form.is_stale:
        return _screening_conflict(request, context)
    if "accept" in request.POST:
        form.accept_the_rest()
        form.errors.clear()  # nothing was sent yet: the rows were only filled
        return _screening(request, context, 200)
    if not form.is_valid():
        return _screening(request, context, 422)
    if not form.verdicts:
        form.add_error(None, "Chưa chọn kết quả xét của ai.")
        return _screening(request, context, 422)
    try:
        found = nominations.screen(training_class=training_class, verdicts=form.verdicts, by=request.user)
    except RowProblems as problems:
        form.put_errors(problems.rows)
        return _screening(request, context, 422)
    except ValidationError as problems:
        put_errors(form, problems)
        return _screening(request, context, 422)
    except Conflict:
        return _screening_conflict(request, context)
    words = [(State.ENROLLED, "được vào lớp"), (State.WAITING, "chờ chỗ"), (State.REFUSED, "không đủ điều kiện")]
    said = ", ".join(f"{found[state]} {word}" for state, word in words if found[state])
    messages.success(request, f"Đã xét {sum(found.values())} người: {said}, {at_the_moment()}.")
    more = page.paginator.count > len(form.verdicts)
    return redirect("candidates:screen", class_pk) if more else redirect(training_class)


def _unscreened(request, training_class: TrainingClass):
    rows = Enrolment.objects.visible_to(request.user, needs=Permission.CLASS_EDIT)
    rows = rows.filter(training_class=training_class, state=State.NOMINATED)
    return rows.for_class_list().order_by("nominated_at", "pk")


def _with_remarks(request, training_class: TrainingClass, rows: list[dict]) -> list[dict]:
    """The rows in words, with what whoever screens must weigh. Seven queries."""
    shown = Enrolment.objects.visible_to(request.user, needs=Permission.CLASS_EDIT)
    shown = shown.filter(pk__in=[row["pk"] for row in rows], candidate__isnull=False)
    people = [one.candidate for one in shown.select_related("candidate__unit")]
    said = class_people.objections(training_class, people, reader=request.user)
    found = []
    for row in rows:
        remarks = [one.message for one in said.get(row["candidate_id"], []) if one.code != "twice"]
        found.append(participant(row, training_class) | {"remarks": remarks})
    return found


def _screening(request, context: dict, status: int):
    return render(request, "candidates/screen.html", context, status=status)


def _screening_conflict(request, context: dict):
    """The rows that still wait with what was chosen, and their versions as they are now."""
    now = {row["pk"]: row["version"] for row in _unscreened(request, context["training_class"])}
    context["form"].now_at(now)
    return _screening(request, context | {"is_conflict": True}, 409)


@require_POST
@needs(*SEEN_BY)
def fill_places(request, class_pk: int):
    """Call up the waiting list into free places."""
    training_class = get_class(request, class_pk, Permission.CLASS_EDIT)
    try:
        found = nominations.fill_places(training_class=training_class, by=request.user)
    except ValidationError as problems:
        messages.warning(request, " ".join(problems.messages))
    else:
        messages.success(request, f"Đã cho {len(found)} người chờ chỗ vào lớp {at_the_moment()}.")
    return redirect(training_class)


# One participant


@require_http_methods(READ_AND_SEND)
@needs(*SEEN_BY)
def change(request, class_pk: int, enrolment_pk: int):
    """One participant: what is on record, and what may be changed."""
    training_class = get_class(request, class_pk)
    rows = enrolments_of(request.user).filter(training_class=training_class, pk=enrolment_pk)
    row = rows.for_class_list().first()
    if row is None:
        raise Http404
    enrolment = rows.select_related("candidate__unit", "unit").get()
    moves = _moves(request.user, training_class, enrolment)
    form = ChangeForm(sent(request), moves=moves, initial={"version": enrolment.version}) if moves else None
    context = head_of(request, training_class) | {
        "row": participant(row, training_class),
        "form": form,
        "marks": _marks(enrolment),
    }
    if request.method != "POST":
        return render(request, "candidates/participant.html", context)
    if form is None:
        raise PermissionDenied
    if form.is_valid():
        move = Move(form.cleaned_data["move"])
        try:
            moved = nominations.change(
                enrolment=enrolment,
                move=move,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except Conflict as conflict:
            form.now_at(conflict.current.version)
            return render(request, "candidates/participant.html", context | {"is_conflict": True}, status=409)
        except ValidationError as found:
            put_errors(form, found)
        else:
            said = f"{context['row']['name']}: đã ghi “{MOVES[move].label.lower()}” {at_the_moment()}."
            if moved:
                said += f" {len(moved)} người chờ chỗ được vào lớp: {', '.join(map(str, moved))}."
            messages.success(request, said)
            return redirect(training_class)
    return render(request, "candidates/participant.html", context, status=422)


def _moves(user, training_class: TrainingClass, enrolment: Enrolment) -> list[Move]:
    """What this user may do with the participant as they stand."""
    if training_class.is_called_off:
        return []
    here = enrolment.candidate.unit if enrolment.candidate else enrolment.unit
    is_full = training_class.enrolments.tally(training_class.capacity).free == 0
    edits = may_in(user, Permission.CLASS_EDIT, training_class.organization)
    sends = may_in(user, Permission.CLASS_NOMINATE, here)
    return [
        move
        for move, rule in MOVES.items()
        if may_move(move, State(enrolment.state), has_begun=training_class.has_begun)
        and (edits or (sends and Permission.CLASS_NOMINATE in rule.rights))
        and not (is_full and rule.target == State.ENROLLED)
    ]


def _marks(enrolment: Enrolment) -> dict:
    """How often at the lessons that were taken. One query."""
    marks = list(enrolment.marks.values_list("mark", flat=True))
    return {"present": marks.count(Mark.PRESENT), "taken": len(marks), "absent": marks.count(Mark.ABSENT)}
