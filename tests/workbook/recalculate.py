"""Recalculates a workbook in LibreOffice, from formulas alone, and compares with the values it was written with."""

import math
import re
import subprocess
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from tests.tools import require

# LibreOffice by default trusts stored values; 0 is "always recalculate".
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
  <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
    <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
  </item>
</oor:items>
"""


def convert(content: bytes, source: str, target: str, *options: str) -> list[bytes]:
    """Convert a file between two suffixes in a LibreOffice of its own; returns every file written, by name."""
    soffice = require("soffice")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "profile" / "user").mkdir(parents=True)
        (root / "profile" / "user" / "registrymodifications.xcu").write_text(PROFILE)
        (root / f"book.{source}").write_bytes(content)
        done = subprocess.run(
            [
                soffice,
                f"-env:UserInstallation={(root / 'profile').as_uri()}",
                "--headless",
                "--norestore",
                *options,
                "--convert-to",
                target,
                "--outdir",
                str(root / "out"),
                str(root / f"book.{source}"),
            ],
            capture_output=True,
            timeout=180,
            check=False,
        )
        written = sorted((root / "out").glob("*"))
        assert written, f"LibreOffice wrote nothing: {done.stderr.decode()[-500:]}"
        return [path.read_bytes() for path in written]


def formula_cells(content: bytes) -> dict[tuple[str, str], object]:
    """Every formula cell of the file, with the value stored beside it."""
    formulas = load_workbook(BytesIO(content))
    values = load_workbook(BytesIO(content), data_only=True)
    return {
        (sheet.title, cell.coordinate): values[sheet.title][cell.coordinate].value
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def without_stored_values(content: bytes) -> bytes:
    """A copy whose formulas have no values, so that nothing stored can be taken for something calculated."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            part = old.read(item)
            if item.filename.startswith("xl/worksheets/"):
                part = re.sub(rb"<c\b[^>/]*>.*?</c>", _strip, part, flags=re.DOTALL)
            new.writestr(item, part)
    stripped = out.getvalue()
    assert not any(value is not None for value in formula_cells(stripped).values())
    return stripped


def _strip(match: re.Match[bytes]) -> bytes:
    cell = match.group()
    if b"<f" not in cell:
        return cell
    cell = re.sub(rb"<v>.*?</v>|<v\s*/>", b"", cell, flags=re.DOTALL)
    start, rest = cell.split(b">", 1)
    return re.sub(rb'\st="\w+"', b"", start) + b">" + rest


def recalculated(content: bytes) -> dict[tuple[str, str], object]:
    """What LibreOffice makes of every formula cell when it has only the formulas and the other cells."""
    cells = formula_cells(content)
    (result,) = convert(without_stored_values(content), "xlsx", "xlsx:Calc MS Excel 2007 XML")
    book = load_workbook(BytesIO(result), data_only=True)
    return {(sheet, cell): book[sheet][cell].value for sheet, cell in cells}


def assert_recalculates(content: bytes) -> int:
    """Assert that every formula gives its stored value again; returns how many were compared."""
    stored = formula_cells(content)
    again = recalculated(content)
    differences = [
        f"{sheet}!{cell}: stored {value!r}, calculated {again[sheet, cell]!r}"
        for (sheet, cell), value in stored.items()
        if not _same(value, again[sheet, cell])
    ]
    assert not differences, f"{len(differences)} of {len(stored)} formulas disagree:\n" + "\n".join(differences)
    return len(stored)


def _same(stored: object, calculated: object) -> bool:
    if isinstance(stored, int | float) and isinstance(calculated, int | float):
        return math.isclose(stored, calculated, rel_tol=1e-9, abs_tol=1e-9)
    empty = (None, "")  # an empty text is stored as nothing
    return stored == calculated or (stored in empty and calculated in empty)
