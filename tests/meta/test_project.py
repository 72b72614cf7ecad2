"""What must be true of the whole: migrations, templates, checks, settings."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.html"))


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_every_template_compiles(name):
    get_template(str(name))


@pytest.mark.parametrize("name", [t for t in TEMPLATES if t.name.startswith("_")], ids=str)
def test_every_part_says_what_it_needs(name):
    text = (ROOT / "templates" / name).read_text()

    assert re.match(r"\{# .+ #\}|\{% comment %\}", text.lstrip()), "a part starts with a comment: what it needs"
    assert "{% extends" not in text


def test_nothing_is_silenced(settings):
    assert not getattr(settings, "SILENCED_SYSTEM_CHECKS", [])


def test_the_tree_names_no_machine():
    bad = re.compile(r"(^|[^A-Za-z0-9_.])/(work|root|home)/")
    found = [
        str(path.relative_to(ROOT))
        for pattern in ("*.py", "*.md", "*.html", "*.toml", "Makefile", "*.yaml")
        for path in ROOT.rglob(pattern)
        if ".venv" not in path.parts and path.name != "test_project.py" and bad.search(path.read_text(errors="ignore"))
    ]

    assert not found
