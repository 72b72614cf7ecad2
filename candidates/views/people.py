"""The people list, its workbook, finding by identity number, and one person on one page."""

import re
from dataclasses import replace
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates import due_levels, next_steps, person_page
from candidates.actions.actors import actor_for
from candidates.actions.corrections import may_correct
from candidates.actions.events import judge_again, judge_next, read_record, rule_book, story_of
from candidates.actions.readmission import against
from candidates.attempts import Attempt, attempts
from candidates.choices import Sex
from candidates.clocks import Clock, running
from candidates.deadlines import deadline, occasions
from candidates.export import TITLE, people_workbook
from candidates.forms.filters import SORT_WORDS, FilterForm, looks_like_a_number
from candidates.models import OUTSIDE, Candidate, StageEvent
from candidates.papers import known_papers, points_of, read_dossier
from candidates.pipeline import BEFORE_THE_MEETING, FOLLOWED, Stage, Status, Step, is_backfill
from organizations.exports import METHODS, Leaving, asks_numbers, take_out
from organizations.forms.exports import ReasonForm
from organizations.models import Proposal
from organizations.permissions import Permission
from organizations.scope import holds, may_in, needs, require, scope_of, units_where
from vuthu_recruit import clock, vietnamese
from vuthu_recruit.web import IdsFirst, paginate

NUMBER_REFUSED = (
    "Số định danh không tìm ở ô tìm họ tên, vì địa chỉ trang được lưu lại. Hãy dùng ô “Tìm theo số định danh” bên dưới."
)
NUMBER_ELSEWHERE = "Số định danh không tìm ở đây, vì địa chỉ trang được lưu lại. Hãy dùng ô tìm ở đầu trang."
NOT_FOUND = "Không tìm thấy số định danh này trong phạm vi của bạn."


def _listed(user):
    return Candidate.objects.visible_to(user, needs=Permission.CANDIDATE_VIEW).listed().with_backfilled().for_list()


def without_number(request, words: str = NUMBER_REFUSED):
    """A number typed as a name is refused without being repeated anywhere. For a list and its export."""
    if not looks_like_a_number(request.GET.get("q", "")):
        return None
    messages.warning(request, words)
    query = request.GET.copy()
    del query["q"]
    return redirect(f"{request.path.removesuffix('xuat/')}?{query.urlencode()}")


@require_safe
@needs(Permission.CANDIDATE_VIEW)
def index(request):
    """Costs three queries beyond signing in and scope: units, count, one page of people."""
    if refused := without_number(request):
        return refused
    form = FilterForm(request.GET, user=request.user)
    rows = form.rows(_listed(request.user))
    page = paginate(request, rows, paginator_class=IdsFirst)
    context = {
        "form": form,
        "page_obj": page,
        "rows": [_row(candidate) for candidate in page],
        "chips": form.chips,
        "is_wrong": not form.is_valid(),
        "sort": form.sort,
        "may_add": holds(request.user, Permission.CANDIDATE_EDIT),
        "may_backfill": holds(request.user, Permission.STEP_BOARD),
        "query": request.GET.urlencode(),
        "reason": ReasonForm() if page.paginator.count and _may_have_numbers(request.user, rows) else None,
    }
    return render(request, "candidates/index.html", context, status=422 if context["is_wrong"] else 200)


def _row(candidate: Candidate) -> dict:
    """One row of the list, in words."""
    unit = candidate.unit
    grassroots = unit.grassroots or unit
    return {
        "candidate": candidate,
        "birth_year": str(candidate.birth.year) if candidate.birth else "",
        "unit": grassroots.short_name,
        "branch": _branch_words(candidate),
        "badge": next_steps.stage_badge(candidate.stage),
        "status": next_steps.status_badge(candidate.status),
        "hint": next_steps.hint(candidate.stage, candidate.status, grassroots.form),
    }


def _branch_words(candidate: Candidate) -> str:
    if candidate.has_no_branch:
        return "chưa phân chi bộ"
    return "" if candidate.unit.is_grassroots else candidate.unit.short_name


def _may_have_numbers(user, rows) -> bool:
    """Whether the user reads the background of everybody in the list. No query for who reads it wherever they look."""
    scope = scope_of(user)
    if not scope.paths(Permission.BACKGROUND_VIEW):
        return False
    if scope.paths(Permission.CANDIDATE_VIEW) <= scope.paths(Permission.BACKGROUND_VIEW):
        return True
    return not rows.exclude(unit__in=units_where(user, Permission.BACKGROUND_VIEW)).exists()


@require_http_methods(METHODS)
def export(request):
    """The rows, filter and order of the list, all pages. The query count does not depend on the rows.

    Identity numbers are full only when a form asks for it, with a reason, and the user may read them of everybody.
    """
    require(request.user, Permission.CANDIDATE_VIEW)
    require(request.user, Permission.EXPORT)
    if refused := without_number(request):
        return refused
    form = FilterForm(request.GET, user=request.user)
    if not form.is_valid():
        query = request.GET.urlencode()
        return redirect(f"{request.path.removesuffix('xuat/')}?{query}")
    rows = form.rows(_listed(request.user).visible_to(request.user, needs=Permission.EXPORT))
    with_numbers, count = asks_numbers(request), rows.count()
    if with_numbers and not _may_have_numbers(request.user, rows):
        raise PermissionDenied
    filename = f"Danh sách quần chúng {clock.today():%d-%m-%Y}.xlsx"
    leaving = Leaving(TITLE, filename, count, form.words, with_numbers=with_numbers)
    told = {"filter_words": form.words, "sort_words": SORT_WORDS[form.sort or "name"]}
    told |= {"count": count, "with_numbers": with_numbers, "by": request.user}
    return take_out(request, leaving, lambda: people_workbook(rows, **told))


@require_POST
@sensitive_post_parameters()
@needs(Permission.CANDIDATE_VIEW)
def find_number(request):
    """Find one person by identity number; whoever stands outside the scope is answered like a number nobody has.

    The search of the top bar comes here too, so that a number never stands in an address: a name goes on to the list.
    """
    typed = vietnamese.clean(request.POST.get("number", "")[:200])
    if not typed:
        return redirect("candidates:index")
    if not looks_like_a_number(typed) and not typed.isdigit():
        return redirect(f"{reverse('candidates:index')}?{urlencode({'q': typed[:120]})}")
    digits = re.sub(r"[\s.\-]", "", typed)
    if not re.fullmatch(r"\d{9}|\d{12}", digits, re.ASCII):
        messages.warning(request, "Số định danh cần đúng 12 chữ số (hoặc 9 chữ số của chứng minh nhân dân).")
        return redirect("candidates:index")
    found = _listed(request.user).filter(identity_number=digits).order_by("-pk")
    people = sorted(found[:5], key=lambda candidate: candidate.status == Status.STRUCK_OFF)
    if not people:
        messages.warning(request, NOT_FOUND)
        return redirect("candidates:index")
    return redirect(people[0])


@require_safe
def detail(request, pk: int):
    """One person: the record in scope; else, where something happened in scope, the trace; else nothing."""
    user = request.user
    rows = Candidate.objects.visible_to(user, needs=Permission.CANDIDATE_VIEW)
    beside = ("introduced_at", "former", "previous__unit", "again__unit")
    try:
        candidate = rows.select_related("unit__grassroots", *beside).get(pk=pk)
    except Candidate.DoesNotExist:
        return _trace(request, pk)
    may_edit = may_in(user, Permission.CANDIDATE_EDIT, candidate.unit)
    if candidate.status in OUTSIDE and not may_edit:
        raise Http404
    return render(request, "candidates/detail.html", _person(user, candidate, may_edit=may_edit))


def _person(user, candidate: Candidate, *, may_edit: bool) -> dict:
    """At most 20 queries with signing in and scope, whatever the number of events."""
    rows = candidate.events.select_related("unit__grassroots", "by").order_by("happened_on", "place", "seq")
    events = list(rows)
    live = [event for event in events if event.is_live]
    unit = candidate.unit
    grassroots = unit.grassroots or unit
    background = may_in(user, Permission.BACKGROUND_VIEW, unit)
    introducers = list(candidate.introducers.all())
    enrolments = list(
        candidate.enrolments.select_related("training_class__kind", "grade", "unit")
        .with_attempt()
        .order_by("training_class__from_on", "pk")
    )
    rules, story = rule_book(), story_of(candidate, live)
    papers = read_dossier(
        candidate,
        known_papers(candidate),
        events=story.events,
        enrolments=[row for row in enrolments if row.issued_on],
        rules=rules["book"].on(clock.today()),
    )
    points = points_of(candidate, [event.place for event in live])
    story = replace(story, record=read_record(candidate, enrolments, introducers, dossier=papers, points=points))
    context = {
        "candidate": candidate,
        "grassroots": grassroots,
        "branch": _branch_words(candidate),
        "is_backfilled": is_backfill(story.events),
        "badge": next_steps.stage_badge(candidate.stage),
        "status_badge": next_steps.status_badge(candidate.status, candidate.waiting_for),
        "facts": person_page.record_facts(candidate, background=background, rules=rules["book"].on(clock.today())),
        "timeline": person_page.with_attempts(
            person_page.timeline(
                candidate, events, lambda index: judge_again(story, index, rules), background=background
            ),
            told_attempts(enrolments, live, rules["book"]),
        ),
        "withdrawn": person_page.withdrawn(events),
        "membership": person_page.membership(story, rules["book"]),
        "former": _former(user, candidate, background=background),
        "introducers": introducers,
        "helpers": candidate.helpers.all(),
        "enrolments": enrolments,
        "may_edit": may_edit,
        "papers": person_page.papers_words(papers, points) if background and live else None,
        "is_draft": candidate.status in OUTSIDE,
        "notices": person_page.notices(candidate, story, rules["book"], background=background),
        "proposal": _proposal(user, candidate) if grassroots.delegated_admission else None,
    }
    if live:
        context |= _work(user, candidate, story, live, rules)
    if may_edit or may_in(user, Permission.CHANGES_VIEW, unit):
        units = {unit, grassroots, *(event.unit for event in live)}
        context["changes"] = person_page.changes_of(candidate, known=[candidate, *units, *_rows_of(enrolments)])
    return context


def _rows_of(enrolments) -> list:
    """What the history may name of the classes of a person, loaded already."""
    classes = {row.training_class_id: row.training_class for row in enrolments}
    return [*enrolments, *classes.values(), *{row.grade_id: row.grade for row in enrolments if row.grade}.values()]


def told_attempts(enrolments, live: list[StageEvent], book) -> list[Attempt]:
    """The classes of a person for a timeline; which of them is the step `trained`."""
    trained = next((event for event in live if event.step == Step.TRAINED), None)
    step = (trained.facts.get("document", ""), trained.happened_on) if trained else None
    rules = book.on(clock.today())
    return attempts(enrolments, step, rules["certificate_months"] if rules else None, clock.today())


def _former(user, candidate: Candidate, *, background: bool) -> dict:
    """An earlier membership, and the person's other record where the reader may open it."""
    row, again = getattr(candidate, "former", None), getattr(candidate, "again", None)
    others = [("Hồ sơ trước, đã bị xóa tên", candidate.previous), ("Hồ sơ kết nạp lại", again)]
    links = [
        {"label": label, "url": other.get_absolute_url()}
        for label, other in others
        if other and other.status not in OUTSIDE and may_in(user, Permission.CANDIDATE_VIEW, other.unit)
    ]
    return {"rows": person_page.former_facts(row) if row and background and not row.is_mistake else [], "links": links}


def _work(user, candidate: Candidate, story, live: list[StageEvent], rules: dict) -> dict:
    """What this user may do with the person now, until when, and what the rules say of the next step."""
    actor = actor_for(candidate, user)
    forward, others = person_page.steps_offered(story, actor)
    may_move = may_in(user, Permission.STEP_COMMITTEE, candidate.unit) or may_in(
        user, Permission.STEP_BOARD, candidate.unit
    )
    movable = candidate.status in (Status.OPEN, Status.RETURNED, Status.STOPPED) and candidate.stage != Stage.OFFICIAL
    clock_now = running(candidate.stage, story.events) if candidate.status in FOLLOWED else None
    due = deadline(clock_now, rules["book"], rules["calendar"], clock.today()) if clock_now else None
    inside = candidate.status in FOLLOWED and clock_now is not None and clock_now.clock == Clock.DECISION
    days = due_levels.days_of_levels() if inside else {}
    level = person_page.level_now(story, days, rules["calendar"], clock.today()) if days else None
    panel = person_page.next_panel(candidate, story, forward, due, level)
    before_the_meeting = candidate.stage in BEFORE_THE_MEETING and candidate.status in FOLLOWED
    judged = judge_next(story, panel["step"], actor, rules) if panel and panel.get("step") else []
    if forward and (own := _own_work(user, candidate, forward[0])):
        panel, forward, others = panel | {"note": own}, [], [step for step in others if step not in forward]
    may_edit = may_in(user, Permission.CANDIDATE_EDIT, candidate.unit)
    background = may_in(user, Permission.BACKGROUND_VIEW, candidate.unit)
    return {
        "panel": panel,
        "conditions": person_page.conditions(
            judged, lambda gate: _where_to_fix(gate, candidate) if may_edit else "", background=background
        ),
        "occasions": occasions(story.record.certificates, **rules, today=clock.today()) if before_the_meeting else [],
        "forward": forward,
        "others": others,
        "may_move": may_move and movable,
        "may_readmit": not against(candidate) and may_in(user, Permission.CANDIDATE_EDIT, candidate.unit),
        "may_tell_former": candidate.status != Status.STRUCK_OFF
        and may_in(user, Permission.CANDIDATE_EDIT, candidate.unit),
        "may_correct": any(not may_correct(event, user, live) for event in live),
        "may_withdraw": not may_correct(live[-1], user, live),
        "may_take_decision": _may_take_decision(user, candidate, live),
    }


# Where what a condition asks is put right.
FIXED_AT = {
    **dict.fromkeys(("dossier", "due_papers", "papers"), "candidates:dossier"),
    **dict.fromkeys(("introducers", "together"), "candidates:companions"),
    **dict.fromkeys(("age", "education"), "candidates:edit"),
    "readmission": "candidates:former",
}


def _where_to_fix(gate: str, candidate: Candidate) -> str:
    return reverse(FIXED_AT[gate], args=[candidate.pk]) if gate in FIXED_AT else ""


def _own_work(user, candidate: Candidate, step: Step) -> str:
    """Why this user leaves the step to a colleague, said before they try (four eyes). Six queries for the Board."""
    if step not in (Step.APPRAISED, Step.DECIDED) or not may_in(user, Permission.STEP_BOARD, candidate.unit):
        return ""
    actor = actor_for(candidate, user, step=step)
    if step in actor.alone_for:
        return ""
    if actor.prepared:
        return "Bạn đã nhập hoặc sửa hồ sơ này: để một cán bộ khác của Ban Tổ chức thẩm định."
    return "Bạn đã thẩm định hồ sơ này: để một cán bộ khác của Ban Tổ chức ghi quyết định." if actor.appraised else ""


def _may_take_decision(user, candidate: Candidate, live: list[StageEvent]) -> bool:
    """Whether there is a decision that counts and the user may take its document away."""
    decided = any(event.step == Step.DECIDED and event.is_counted for event in live)
    return decided and all(may_in(user, right, candidate.unit) for right in (Permission.STEP_BOARD, Permission.EXPORT))


def _proposal(user, candidate: Candidate) -> Proposal | None:
    """A delegated decision that waits for a second person."""
    rows = Proposal.objects.visible_to(user, needs=Permission.CANDIDATE_VIEW)
    kind, waiting = Proposal.Kind.DELEGATED_DECISION, Proposal.State.WAITING
    return rows.filter(kind=kind, object_id=candidate.pk, state=waiting).select_related("proposed_by").first()


def _trace(request, pk: int):
    """What happened in scope to a person who has moved out of it: name, birth year, sex, those events; read only."""
    if pk > BigIntegerField.MAX_BIGINT:  # the database would refuse the comparison
        raise Http404
    rows = StageEvent.objects.visible_to(request.user, needs=Permission.CANDIDATE_VIEW).live()
    rows = rows.filter(candidate_id=pk).exclude(candidate__status__in=OUTSIDE)
    events = list(rows.select_related("unit").order_by("happened_on", "place"))
    if not events:
        raise Http404
    full_name, birth, sex = rows.values_list("candidate__full_name", "candidate__birth", "candidate__sex")[0]
    person = {"full_name": full_name, "birth_year": str(birth.year) if birth else "", "sex": Sex(sex).label}
    context = {
        "person": person,
        "events": [
            {
                "name": event.get_step_display(),
                "icon": next_steps.step_icon(event.step),
                "on": event.happened_on,
                "unit": event.unit.name,
                "document": event.facts.get("document", ""),
            }
            for event in events
        ],
    }
    return render(request, "candidates/trace.html", context)
