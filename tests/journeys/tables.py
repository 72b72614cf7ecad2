"""Every table of the database as plain rows: checksums, and differences that the history must explain."""

import hashlib
import json
from functools import cache

from django.apps import apps
from django.db import connection

from organizations import changes
from organizations.models import Change

# Outside the history: the history itself, the log of files, what an import says it wrote, sessions, the throttle's
# tables, Django's own lists.
OUTSIDE = {f"organizations.{name}" for name in ("Change", "Export", "ImportedRow", "Session")}
OUTSIDE_APPS = {"axes", "contenttypes", "sessions", "auth"}
OUTSIDE_FIELDS = {("organizations.User", "last_login")}


def our_models():
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label not in OUTSIDE_APPS]


@cache
def _digests(vendor: str) -> str:
    """One statement that reads every column of every row of every table."""
    return " UNION ALL ".join(f"SELECT '{model._meta.label}', ({_whole(vendor, model)})" for model in our_models())


def _whole(vendor: str, model) -> str:
    table, quote = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name
    if vendor == "postgresql":
        return f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
    columns = " || ',' || ".join(f"quote({quote(field.column)})" for field in model._meta.concrete_fields)
    return f"SELECT group_concat(told, '|') FROM (SELECT {columns} AS told FROM {table} ORDER BY 1)"


def checksum(*, but: frozenset[str] = frozenset()) -> dict[str, str]:
    """One digest a table, over every column of every row."""
    with connection.cursor() as cursor:
        cursor.execute(_digests(connection.vendor))
        return {
            label: hashlib.sha256((told or "").encode()).hexdigest()
            for label, told in cursor.fetchall()
            if label not in but
        }


def rows() -> dict[tuple[str, str], dict]:
    """(label, pk) → the row as the history would tell it."""
    found = {}
    for model in our_models():
        label = model._meta.label
        if label in OUTSIDE:
            continue
        for row in model._base_manager.all():
            found[label, str(row.pk)] = {
                field.attname: (changes.plain(field, getattr(row, field.attname)), getattr(row, field.attname))
                for field in model._meta.concrete_fields
                if (label, field.attname) not in OUTSIDE_FIELDS
            }
    return found


def unexplained(before: dict, after: dict, since: int) -> list[str]:
    """Differences without a change, and changes without a difference, after Change row number `since`."""
    told = _told(since)
    found = []
    for key in before.keys() | after.keys() | told.keys():
        found += [f"{key}: {problem}" for problem in _compare(before.get(key), after.get(key), told.get(key, []))]
    return sorted(found)


def _told(since: int) -> dict:
    told = {}
    for change in Change.objects.filter(pk__gt=since).order_by("pk"):
        told.setdefault((change.object_type, change.object_id), []).append(change)
    return told


def _compare(old, new, told) -> list[str]:
    if old is None and new is None:
        return ["a change for a row that never was"] if told else []
    if not told:
        return ["a difference nobody told"] if old != new else []
    said = {}
    for change in told:
        said |= change.after or {}
    if new is None:  # deleted: the history keeps everything that stood there
        whole = {name: json.loads(json.dumps(value[0])) for name, value in old.items()}
        last = told[-1]
        kept = last.before or {}
        return [] if last.after is None and whole.items() <= kept.items() else [f"kept {kept}, was {whole}"]
    if old is None:
        whole = {name: json.loads(json.dumps(value[0])) for name, value in new.items()}
        return [] if whole.items() <= said.items() else [f"told {said}, is {whole}"]
    real = {name for name in new if new[name][1] != old[name][1]}
    problems = [f"{name} changed untold" for name in real - said.keys()]
    for name in said.keys() - real:
        first = next(c.before[name] for c in told if c.before and name in c.before)
        if said[name] != first:
            problems.append(f"{name} told, not changed")
    wrong = [name for name in real & said.keys() if said[name] != json.loads(json.dumps(new[name][0]))]
    return problems + [f"{name} told {said[name]}, is {new[name][0]}" for name in wrong]


def last_change() -> int:
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
