"""Rules of the look that a reader would miss: colours, inline styles, icons, letters, weight."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
MODULES = sorted((settings.BASE_DIR / "vuthu_recruit").rglob("*.py"))
STATIC = settings.BASE_DIR / "static"
STYLES = sorted((STATIC / "css").glob("*.css"))

COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch|color)\(", re.IGNORECASE)
FORBIDDEN_IN_TEMPLATES = {
    "an inline style": re.compile(r"\sstyle\s*=|<style", re.IGNORECASE),
    "a script in the page": re.compile(r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off"),
    "something from elsewhere": re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//|["'(]data:""", re.IGNORECASE),
}
ICON_NAMES = (
    re.compile(r'{%\s*icon\s+"([\w-]+)"'),
    re.compile(r'{%\s*(?:badge|status)\s+\S+(?:\s+[^"%\s]+)*?\s+"[\w-]*"\s+"([\w-]+)"'),
    re.compile(r'{%\s*(?:badge|status)\s+"[^"]*"\s+"[\w-]*"\s+"([\w-]+)"'),
    re.compile(r'\bicon="([\w-]+)"'),
)
LETTERS = (
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
)


def name(path: Path) -> str:
    return path.relative_to(settings.BASE_DIR).as_posix()


@pytest.mark.parametrize("path", [p for p in STYLES if p.name not in ("tokens.css", "print.css")], ids=name)
def test_colours_are_named_in_the_tokens_only(path):
    assert COLOUR.findall(path.read_text()) == []


@pytest.mark.parametrize("what", FORBIDDEN_IN_TEMPLATES)
def test_no_template_contains(what):
    offenders = [name(path) for path in TEMPLATES if FORBIDDEN_IN_TEMPLATES[what].search(path.read_text())]

    assert offenders == []


def test_no_module_marks_text_as_safe():
    offenders = [
        name(path) for path in MODULES if re.search(r"\bmark_safe\b|\bSafe(?:String|Text)\(", path.read_text())
    ]

    assert offenders == []


def test_every_icon_in_use_is_in_the_sprite():
    sprite = (settings.BASE_DIR / "templates" / "_layout" / "sprite.html").read_text()
    known = set(re.findall(r'<symbol id="i-([\w-]+)"', sprite))
    used = {}
    for path in TEMPLATES:
        for pattern in ICON_NAMES:
            for icon in pattern.findall(path.read_text()):
                used.setdefault(icon, name(path))
    used.pop("name", None)  # the example in the sprite's own comment

    assert {icon: where for icon, where in used.items() if icon not in known} == {}


def test_every_part_says_what_it_needs():
    parts = [path for path in TEMPLATES if path.parent.name in ("_layout", "_components")]

    assert [name(path) for path in parts if not path.read_text().startswith("{# Needs: ")] == []


def test_text_is_never_under_14_pixels_on_screen():
    sizes = re.compile(r"(?:font-size:|font:[^;]*?)\s(0?\.\d+)rem")
    small = [(name(p), size) for p in STYLES if p.name != "print.css" for size in sizes.findall(p.read_text())]

    assert [(where, size) for where, size in small if float(size) < 0.875] == []


def test_all_134_accented_letters_belong_to_a_font_of_the_product():
    tokens = (STATIC / "css" / "tokens.css").read_text()
    covered = set()
    for face in re.findall(r'@font-face {[^}]*?"Be Vietnam Pro";[^}]*?font-weight: 400[^}]*?}', tokens):
        for first, last in re.findall(r"U\+([0-9A-F]{4})(?:-([0-9A-F]{4}))?", face):
            covered.update(range(int(first, 16), int(last or first, 16) + 1))

    assert len(set(LETTERS)) == 134
    assert [letter for letter in LETTERS if ord(letter) not in covered] == []


def test_fonts_come_with_their_licence_and_the_first_load_stays_light():
    files = [path for path in STATIC.rglob("*") if path.suffix in (".woff2", ".css", ".js", ".svg")]

    assert "SIL Open Font License" in (STATIC / "css" / "fonts" / "OFL.txt").read_text()
    assert sum(path.stat().st_size for path in files) < 115_000  # uncompressed, beside about 20 KB of page
