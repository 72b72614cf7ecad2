"""Quá trình của một người, to be printed: every step with its paper, its rules and the time left."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates import person_page
from candidates.actions.events import rule_book, story_of
from candidates.models import OUTSIDE, Candidate
from candidates.paper_timeline import sheet_rows, with_attempts
from candidates.pipeline import is_backfill
from candidates.views.people import told_attempts
from organizations.permissions import Permission
from organizations.scope import may_in
from vuthu_recruit import clock
from vuthu_recruit.dates import show_day


@require_safe
def timeline(request, pk: int):
    """Open to whoever opens the record. Five queries beyond signing in and scope, whatever the number of events."""
    rows = Candidate.objects.visible_to(request.user, needs=Permission.CANDIDATE_VIEW)
    candidate = rows.select_related("unit__grassroots").filter(pk=pk).first()
    if candidate is None:
        raise Http404
    if candidate.status in OUTSIDE and not may_in(request.user, Permission.CANDIDATE_EDIT, candidate.unit):
        raise Http404
    events = list(candidate.events.select_related("unit__grassroots", "by").order_by("happened_on", "place", "seq"))
    live = [event for event in events if event.is_live]
    story, rules = story_of(candidate, live), rule_book()
    enrolments = candidate.enrolments.select_related("training_class__kind", "grade", "unit").with_attempt()
    told = told_attempts(enrolments, live, rules["book"])
    rows = with_attempts(sheet_rows(story, live, events, **rules), told)
    context = {
        "candidate": candidate,
        "facts": _facts(candidate, story, rules["book"]),
        "rows": rows,
        "sets": list(dict.fromkeys(row["rule"]["full_name"] for row in rows if row["rule"])),
        "withdrawn": person_page.withdrawn(events),
        "stamp": f"{request.user.full_name} in lúc {timezone.localtime():%H:%M ngày %d/%m/%Y}",
    }
    return render(request, "candidates/timeline.html", context)


def _facts(candidate: Candidate, story, book) -> list[dict]:
    """Who it is and where they stand; nothing of the background."""
    birth = f", sinh {candidate.birth}" if candidate.birth else ""
    standing = candidate.get_stage_display()
    standing += "" if candidate.status == "open" else f" ({candidate.get_status_display().lower()})"
    unit, grassroots = candidate.unit, candidate.unit.grassroots or candidate.unit
    place = unit.name if unit == grassroots else f"{unit.name}, {grassroots.name}"
    rows = [
        {"label": "Họ và tên", "value": f"{candidate.full_name} ({candidate.get_sex_display().lower()}{birth})"},
        {"label": "Đơn vị", "value": place},
        {"label": f"Đến ngày {show_day(clock.today())}", "value": standing},
    ]
    if is_backfill(story.events):
        rows.append({"label": "Nhập bù", "value": "nhập từ văn bản của năm 2020, 2021; không xét điều kiện"})
    return rows + person_page.membership(story, book)
