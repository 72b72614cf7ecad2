"""Lists over all classes: own people who have not attended, and nominations nobody has screened."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from candidates import class_exports
from candidates.attend import TABS, certificate_months, last_classes, to_attend
from candidates.cells import ONLY_SHOWN, record_key
from candidates.choices import Sex
from candidates.classes import Purpose, State
from candidates.forms.class_lists import NotAttendedForm, UnscreenedForm
from candidates.models import Candidate, Enrolment, TrainingClass
from candidates.next_steps import stage_badge, status_badge
from candidates.views.people import NUMBER_ELSEWHERE, without_number
from organizations.exports import METHODS, Leaving, back_to, take_out
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in, needs
from vuthu_recruit import clock
from vuthu_recruit.dates import months_after
from vuthu_recruit.web import paginate

PER_PAGE = 50
# Of a nomination no more than a class needs; never a candidate.
NAMED = (
    *("pk", "training_class_id", "nominated_at", "nominated_by__full_name"),
    *("candidate__full_name", "candidate__birth", "candidate__sex", "candidate__home_town"),
    *("participant_name", "participant_position", "unit__short_name", "unit__grassroots__short_name"),
)


# Who has not attended


class NotAttended:
    """One look at those who need the awareness class: the filter and the rows it leaves. Two queries."""

    def __init__(self, request):
        self.user, self.today = request.user, clock.today()
        self.months = certificate_months(self.today)
        units = Organization.objects.visible_to(request.user, needs=Permission.CLASS_NOMINATE)
        self.form = NotAttendedForm(request.GET, units=list(units.grassroots().open_on(self.today).in_order()))

    @property
    def everybody(self):
        """In all tabs: own people whom the user may also open."""
        people = Candidate.objects.visible_to(self.user, needs=Permission.CLASS_NOMINATE)
        people = people.visible_to(self.user, needs=Permission.CANDIDATE_VIEW)
        return self.form.narrowed(to_attend(people, self.today, self.months))

    @property
    def rows(self):
        tab = self.form.chosen("muc")
        rows = self.everybody.filter(TABS[tab]) if tab else self.everybody
        return rows.for_list().order_by(*self.form.SORTS[self.form.sort])

    def lines(self, people: list[Candidate]) -> list[dict]:
        """The rows in words. One query."""
        sent = last_classes(people)
        return [self._line(one, sent.get(one.pk)) for one in people]

    def _line(self, person: Candidate, attempt) -> dict:
        unit = person.unit
        return {
            "person": person,
            "birth_year": str(person.birth.year) if person.birth else "",
            "unit": (unit.grassroots or unit).short_name,
            "branch": "" if unit.is_grassroots else unit.short_name,
            "since": person.since,
            "ended_on": months_after(person.issued_on, self.months) if person.issued_on else None,
            "is_sent": person.is_sent,
            "attempt": attempt,
            "stage": stage_badge(person.stage),
            "status": status_badge(person.status),
        }


@require_safe
@needs(Permission.CLASS_NOMINATE)
def not_attended(request):
    """Beside the look one query each for the tabs, the page, the classes of its people and the next class."""
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    look = NotAttended(request)
    if not look.form.is_valid():
        return render(request, "candidates/not_attended.html", {"form": look.form, "is_wrong": True}, status=422)
    page = paginate(request, look.rows, PER_PAGE)
    context = {
        "form": look.form,
        "page_obj": page,
        "rows": look.lines(list(page.object_list)),
        "tabs": _tabs(request.GET, look),
        "chips": look.form.chips,
        "sort": look.form.sort,
        "next_class": _next_class(request.user, look.today),
        "query": request.GET.urlencode(),
    }
    return render(request, "candidates/not_attended.html", context)


def _tabs(query, look: NotAttended) -> list[dict]:
    """The three parts add up to all of them."""
    everybody, chosen = look.everybody, look.form.chosen("muc")
    counts = {tab: everybody.filter(who).count() for tab, who in TABS.items()}
    counts[""] = sum(counts.values())
    kept = {name: query[name] for name in ("q", "don_vi", "sort") if query.get(name)}
    return [
        {
            "url": f"?{urlencode(kept | ({'muc': tab} if tab else {}))}",
            "label": label,
            "count": counts[tab],
            "current": tab == chosen,
        }
        for tab, label in look.form.TABS.items()
    ]


def _next_class(user, today) -> TrainingClass | None:
    """The next awareness class people can be sent to."""
    rows = TrainingClass.objects.visible_to(user, needs=Permission.CLASS_NOMINATE).select_related("kind")
    rows = rows.filter(kind__purpose=Purpose.AWARENESS, is_called_off=False, from_on__gt=today)
    return rows.order_by("from_on", "pk").first()


@require_http_methods(METHODS)
@needs(Permission.CLASS_NOMINATE)
@needs(Permission.EXPORT)
def not_attended_export(request):
    """The rows, filter and order of the page, all pages."""
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    look = NotAttended(request)
    if not look.form.is_valid():
        return back_to(request, "candidates:not_attended")
    lines = look.lines(list(look.rows.visible_to(request.user, needs=Permission.EXPORT)))
    order = look.form.SORT_WORDS.get(look.form.sort, "vào nguồn trước thì trước")
    words = {"filter_words": look.form.words, "sort_words": order}
    filename = f"Người cần học lớp nhận thức {look.today:%d-%m-%Y}.xlsx"
    leaving = Leaving(class_exports.NEEDED, filename, len(lines), look.form.words)
    return take_out(request, leaving, lambda: class_exports.not_attended_workbook(lines, **words, by=request.user))


# Who was sent and not screened


def _unscreened(request):
    """The filter and the nominations it leaves, oldest first in each class. Two queries, one of them of the classes."""
    user = request.user
    seen, sent = [
        Enrolment.objects.visible_to(user, needs=right) for right in (Permission.CLASS_EDIT, Permission.CLASS_NOMINATE)
    ]
    rows = (seen | sent).listed().filter(state=State.NOMINATED, training_class__is_called_off=False)
    keys = set(rows.order_by().values_list("training_class", flat=True))
    either = TrainingClass.objects.visible_to(user, needs=Permission.CLASS_EDIT)
    either = either | TrainingClass.objects.visible_to(user, needs=Permission.CLASS_NOMINATE)
    classes = list(either.filter(pk__in=keys).select_related("kind", "organization").order_by("from_on", "pk"))
    form = UnscreenedForm(request.GET, classes=classes)
    # Somebody of the own may wait in a class of the level above, which is not for this reader.
    rows = rows.filter(training_class__in=[one.pk for one in classes])
    found = form.narrowed(rows) if form.is_valid() else rows.none()
    found = found.order_by("training_class__from_on", "training_class", "nominated_at", "pk").values(*NAMED)
    return form, found, {one.pk: one for one in classes}


def _nomination(row: dict, classes: dict, today) -> dict:
    above, at = row["unit__grassroots__short_name"], row["nominated_at"]
    return row | {
        "training_class": classes[row["training_class_id"]],
        "name": row["candidate__full_name"] or row["participant_name"],
        "birth": row["candidate__birth"],
        "sex": Sex(row["candidate__sex"]).label if row["candidate__sex"] else "",
        "home_town": row["candidate__home_town"] or "",
        "unit": above or row["unit__short_name"],
        "branch": row["unit__short_name"] if above and above != row["unit__short_name"] else "",
        "days": max(0, (today - timezone.localtime(at).date()).days) if at else None,
    }


@require_safe
@needs(Permission.CLASS_EDIT, Permission.CLASS_NOMINATE)
def unscreened(request):
    """Nominations that wait, by class: all for who screens, the own for who sent them."""
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    form, found, classes = _unscreened(request)
    if not form.is_valid():
        return render(request, "candidates/unscreened.html", {"form": form, "is_wrong": True}, status=422)
    page = paginate(request, found, PER_PAGE)
    editable = {key for key, one in classes.items() if may_in(request.user, Permission.CLASS_EDIT, one.organization)}
    rows = [_nomination(row, classes, clock.today()) for row in page.object_list]
    context = {
        "form": form,
        "page_obj": page,
        "rows": [row | {"may_screen": row["training_class_id"] in editable} for row in rows],
        "chips": form.chips,
        "query": request.GET.urlencode(),
    }
    return render(request, "candidates/unscreened.html", context)


def _keys(found, user) -> dict[int, str]:
    """By nomination: the key of the record, of those the user takes out; the list comes back by it."""
    people = Candidate.objects.visible_to(user, needs=Permission.EXPORT)
    people = people.filter(pk__in=found.order_by().values("candidate"))
    keys = {pk: record_key(pk, version) for pk, version in people.values_list("pk", "version")}
    return {row: keys[person] for row, person in found.values_list("pk", "candidate") if person in keys}


@require_http_methods(METHODS)
@needs(Permission.CLASS_EDIT, Permission.CLASS_NOMINATE)
def unscreened_export(request):
    """The rows and filter of the page, all pages."""
    if refused := without_number(request, NUMBER_ELSEWHERE):
        return refused
    form, found, classes = _unscreened(request)
    if not form.is_valid():
        return back_to(request, "candidates:unscreened")
    keys = _keys(found, request.user)
    of_others = ONLY_SHOWN if keys else ""  # in a list that comes back by its keys
    rows = [_nomination(row, classes, clock.today()) | {"key": keys.get(row["pk"], of_others)} for row in found]
    filename = f"Được cử, chưa xét {clock.today():%d-%m-%Y}.xlsx"
    rights = (Permission.CLASS_EDIT, Permission.CLASS_NOMINATE)
    leaving = Leaving(class_exports.WAITING, filename, len(rows), form.words, rights=rights)
    told = {"filter_words": form.words, "by": request.user}
    return take_out(request, leaving, lambda: class_exports.unscreened_workbook(rows, **told))
