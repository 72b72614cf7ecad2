"""The rule book and the calendar: filled from the files beside the program, kept by the Board afterwards."""

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from candidates.actions import catalogue, class_catalogue
from candidates.models import CalendarYear, LocalLimits, RuleSet
from candidates.rules import PARAMETERS, TOPICS
from candidates.sub_limits import AWAITED, LEAST, MOST
from organizations import changes
from organizations.permissions import Permission
from organizations.scope import holds
from organizations.versions import Conflict, claim
from vuthu_recruit import vietnamese

DATA = Path(__file__).resolve().parents[1] / "data"
UNCHANGED = "Chưa thay đổi gì so với phiên bản đang dùng."


@dataclass(frozen=True)
class Loaded:
    """What load_rules() added; what is there already is never touched: it belongs to the Board."""

    sets: list[str]
    years: list[int]
    forms: list[str]
    questions: list[str]
    kinds: list[str]
    grades: list[str]


@transaction.atomic
def load_rules() -> Loaded:
    """Add what the program brings and is not there yet: rules, calendar, forms, questions, kinds of class, grades."""
    known = set(RuleSet.objects.values_list("regime", flat=True))
    sets = [RuleSet(**row) for row in rule_sets_on_file() if row["regime"] not in known]
    kept = set(CalendarYear.objects.values_list("year", flat=True))
    years = [CalendarYear(**row) for row in calendar_on_file() if row["year"] not in kept]
    with changes.recording(by=None, action="rules.load") as log:
        for row in [*sets, *years]:
            row.save(force_insert=True)
            log.created(row)
        forms, questions = catalogue.add_missing(log)
        kinds, grades = class_catalogue.add_missing(log)
    return Loaded([row.name for row in sets], [row.year for row in years], forms, questions, kinds, grades)


def rule_sets_on_file() -> list[dict]:
    """The sets of data/rule_sets.toml as columns; a missing or unknown key is an error of the file."""
    found = []
    for row in tomllib.loads((DATA / "rule_sets.toml").read_text(encoding="utf-8"))["set"]:
        assert set(row["values"]) == set(PARAMETERS), row["regime"]
        assert set(row["citations"]) <= set(TOPICS), row["regime"]
        assert set(row["uncertain"]) <= set(PARAMETERS), row["regime"]
        found.append(row)
    return found


def calendar_on_file() -> list[dict]:
    """The years of data/calendar_*.csv as columns."""
    days: dict[int, list[dict]] = {}
    with (DATA / "calendar_days.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            days.setdefault(int(row["day"][:4]), []).append(row)
    with (DATA / "calendar_years.csv").open(encoding="utf-8", newline="") as file:
        return [
            {
                "year": int(row["year"]),
                "days": [
                    {key: day[key] for key in ("day", "kind", "name", "source")}
                    for day in sorted(days[int(row["year"])], key=lambda day: day["day"])
                ],
                "is_confirmed": row["is_confirmed"] == "1",
                "document": row["document"],
                "note": row["note"],
            }
            for row in csv.DictReader(file)
        ]


@transaction.atomic
def revise_rule_set(*, current: RuleSet, values: dict, citations: dict, reason: str, by) -> RuleSet:
    """Make a new version of a set: other values of uncertain parameters, clauses that were open. The old one stays.

    Raises Conflict when a newer version exists, ValidationError when a parameter is confirmed or nothing changes.
    """
    if not holds(by, Permission.RULE_EDIT):
        raise PermissionDenied
    newest = RuleSet.objects.select_for_update().filter(regime=current.regime).order_by("-version").first()
    if newest.version != current.version:
        raise Conflict(newest)
    _check_revision(newest, values, citations)
    new = RuleSet(
        regime=newest.regime,
        version=newest.version + 1,
        name=newest.name,
        documents=newest.documents,
        note=newest.note,
        valid_from=newest.valid_from,
        valid_to=newest.valid_to,
        values=newest.values | values,
        uncertain=newest.uncertain,
        citations=newest.citations | citations,
        reason=reason,
        made_by=by,
    )
    if (new.values, new.citations) == (newest.values, newest.citations):
        raise ValidationError(UNCHANGED)
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:  # somebody saved the same version a moment ago
        raise Conflict(RuleSet.objects.filter(regime=newest.regime).order_by("-version").first()) from None
    with changes.recording(by=by, action="rules.revise", reason=reason, subject=new) as log:
        log.created(new)
    return new


def _check_revision(newest: RuleSet, values: dict, citations: dict) -> None:
    errors = {}
    for key, value in values.items():
        row = PARAMETERS[key]
        if key not in newest.uncertain:
            errors[key] = f"{row.label}: đã có căn cứ, không sửa được."
        elif not row.least <= value <= row.most:
            errors[key] = f"{row.label}: từ {row.least} đến {row.most} {row.unit}."
    confirmed = newest.first.citations
    for topic in citations:
        if topic in confirmed and citations[topic] != confirmed[topic]:
            errors[topic] = f"{TOPICS[topic]}: đã có căn cứ, không sửa được."
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def save_calendar_year(
    *, year: CalendarYear, days: list[dict], is_confirmed: bool, document: str, note: str, version: int, by
) -> None:
    """Replace the days of a year. Raises Conflict when someone else saved it meanwhile."""
    if not holds(by, Permission.RULE_EDIT):
        raise PermissionDenied
    claim(year, version=version)
    year.refresh_from_db()
    before = changes.state(year)
    before["version"] = version
    year.days, year.is_confirmed = sorted(days, key=lambda row: row["day"]), is_confirmed
    year.document, year.note = document, note
    year.save()
    with changes.recording(by=by, action="rules.calendar", subject=year) as log:
        log.updated(year, before)


@transaction.atomic
def set_local_limits(*, days: dict[str, int], document: str, version: int, by) -> LocalLimits:
    """Set how long each level takes, in working days; a level that is left out has no limit. `version` 0: none yet.

    The same form sent twice changes nothing the second time. Raises Conflict when someone else saved meanwhile.
    """
    if not holds(by, Permission.RULE_EDIT):
        raise PermissionDenied
    _check_local_limits(days)
    days = {str(step): days[step] for step in AWAITED if step in days}
    document = vietnamese.clean(document)
    limits = LocalLimits.objects.select_for_update().first()
    if limits and (limits.days, limits.document) == (days, document):
        return limits
    with changes.recording(by=by, action="rules.local", subject=limits) as log:
        if limits is None:
            limits, is_new = LocalLimits.objects.get_or_create(pk=1, defaults={"days": days, "document": document})
            if not is_new:
                raise Conflict(limits)
            log.created(limits)
            return limits
        claim(limits, version=version)
        before = changes.state(limits) | {"version": version}
        limits.days, limits.document = days, document
        limits.save(update_fields=["days", "document"])
        log.updated(limits, before)
    return limits


def _check_local_limits(days: dict[str, int]) -> None:
    unknown = set(days) - set(AWAITED)
    if unknown:
        raise TypeError(f"no levels: {sorted(unknown)}")
    faults = {
        str(step): f"{AWAITED[step].label}: từ {LEAST} đến {MOST} ngày làm việc."
        for step in AWAITED
        if step in days and not LEAST <= days[step] <= MOST
    }
    if faults:
        raise ValidationError(faults)


@transaction.atomic
def add_calendar_year(*, year: int, by) -> CalendarYear:
    """An empty year to be filled; the same when it is there already."""
    if not holds(by, Permission.RULE_EDIT):
        raise PermissionDenied
    row, is_new = CalendarYear.objects.get_or_create(year=year)
    if is_new:
        with changes.recording(by=by, action="rules.calendar", subject=row) as log:
            log.created(row)
    return row
