"""Which app may import which, where writes may stand, what must not appear. Reads the sources."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
MAY_IMPORT = {
    "organizations": set(),
    "targets": {"organizations"},
    "candidates": {"organizations"},
    "reports": {"organizations", "targets", "candidates"},
}
# Views may also read figures and what the home page of the Board needs; they are the top of the stack.
VIEWS_MAY = {"reports.figures"}


def sources(app: str):
    return [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def imported(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_view(path: Path) -> bool:
    return path.name == "views.py" or "views" in path.parts


def allowed_in_view(name: str) -> bool:
    return name == "reports" or any(name == one or name.startswith(one + ".") for one in VIEWS_MAY)


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_app_imports_only_what_lies_below_it(app):
    forbidden = MAY_IMPORT.keys() - MAY_IMPORT[app] - {app}

    found = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(app)
        for name in imported(path)
        if name.split(".")[0] in forbidden and not (is_view(path) and allowed_in_view(name))
    }

    assert not found


def test_the_project_package_imports_no_app_but_in_its_addresses():
    found = {
        f"{path.name} imports {name}"
        for path in (ROOT / "vuthu_recruit").rglob("*.py")
        if path.name not in ("urls.py", "settings.py")
        for name in imported(path)
        if name.split(".")[0] in MAY_IMPORT
    }

    assert not found


RULES = (
    *("pipeline/words", "pipeline/table", "pipeline/walk"),
    *("gates", "namesakes", "classes", "attempts", "result_file", "result_matching", "record_checks"),
    *("people_headings", "people_words", "people_lines", "people_row", "people_file"),
)
PURE = [
    *(f"candidates/{name}.py" for name in RULES),
    *(f"organizations/imports/{name}.py" for name in ("table", "cells")),
    "targets/progress.py",
]


@pytest.mark.parametrize("module", PURE)
def test_rules_are_pure(module):
    tree = ast.parse((ROOT / module).read_text())

    names = set(imported(ROOT / module))
    calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert "objects" not in calls
    assert not [name for name in names if name.startswith("django") and not name.startswith("django.db.models")]
    assert not [name for name in names if ".models" in name and not name.startswith("django")]


WRITES = {"save", "create", "bulk_create", "bulk_update", "update", "delete", "get_or_create", "update_or_create"}


def is_where_writes_belong(path: Path) -> bool:
    return "actions" in path.parts or path.name == "actions.py" or "commands" in path.parts or "demo" in path.parts


def _is_dict_like(node: ast.Call) -> bool:
    """`values.update(...)`, `session.save()` and the like: the object is no model or manager."""
    owner = ast.unparse(node.func.value)
    return not re.search(r"objects|queryset|rows|candidate|unit|user|event|enrolment|assignment|proposal", owner)


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_only_actions_write(app):
    exempt = {"organizations/changes.py", "organizations/versions.py", "organizations/models/accounts.py",
              "organizations/models/change.py", "organizations/signin.py", "organizations/sessions.py"}  # fmt: skip
    found = set()
    for path in sources(app):
        name = str(path.relative_to(ROOT))
        if is_where_writes_belong(path) or name in exempt:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if called and node.func.attr in WRITES and not _is_dict_like(node):
                found.add(f"{name}:{node.lineno} {ast.unparse(node.func)}")

    assert not found


def test_request_code_reaches_rows_only_through_scope():
    """In views and forms no bare `.objects` of a scoped model: visible_to, get_in_scope or a scoped function."""
    scoped = {m.__name__ for m in apps.get_models() if hasattr(m._default_manager, "visible_to")}
    found = set()
    for app in MAY_IMPORT:
        for path in sources(app):
            if not (is_view(path) or "forms" in path.parts or path.name == "forms.py"):
                continue
            text = path.read_text()
            for match in re.finditer(r"\b([A-Z]\w+)\.objects\b(\s*\.\s*(\w+))?", text):
                if match[1] not in scoped or match[3] in ("visible_to", "introduced_by", "none"):
                    continue
                before = text[max(0, match.start() - 40) : match.start()]
                after = text[match.end(0) - len(match[2] or "") : match.end(0) + 2]
                if "get_in_scope(" in before and after.startswith(","):
                    continue
                line = text.count("\n", 0, match.start()) + 1
                found.add(f"{path.relative_to(ROOT)}:{line} {match[0]}")

    assert not found


def test_no_csrf_exemption_no_raw_sql_no_unsafe_strings():
    found = set()
    for app in (*MAY_IMPORT, "vuthu_recruit"):
        for path in sources(app):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if re.search(r"csrf_exempt|mark_safe|\.extra\(|\.raw\(|RawSQL|SafeString\(", line):
                    found.add(f"{path.relative_to(ROOT)}:{number} {line.strip()}")
    for path in (ROOT / "templates").rglob("*.html"):
        if re.search(r"\|\s*safe\b|autoescape off|style=", path.read_text()):
            found.add(str(path.relative_to(ROOT)))

    assert not found


def test_every_module_says_what_is_in_it():
    silent = [
        str(path.relative_to(ROOT))
        for app in (*MAY_IMPORT, "vuthu_recruit")
        for path in sources(app)
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert not silent


def test_no_module_is_named_for_nothing():
    nothing = {"utils", "helpers", "common", "core", "services", "misc"}

    assert not [path for app in MAY_IMPORT for path in (ROOT / app).rglob("*") if path.stem in nothing]
