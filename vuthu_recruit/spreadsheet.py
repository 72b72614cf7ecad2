"""The one reader of uploaded workbooks: .xlsx, .xls, .ods in, typed cells out. Knows cells only: no domain words.

What a file is gets checked before anything is read from it; then another process reads it, with limits of its own.
"""

import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path, PurePath

from vuthu_recruit import vietnamese

MEGABYTE = 1 << 20
LARGEST = 5 * MEGABYTE
LARGEST_UNPACKED = 50 * MEGABYTE
LARGEST_PART = 30 * MEGABYTE
MOST_PARTS = 200
HIGHEST_RATIO = 100  # an honest sheet of 5,000 rows packs 13:1
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 5000, 60, 50
SECONDS = 20  # on a busy machine; the reader itself has ten of the processor

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SIGNATURES = {".xlsx": ZIP, ".ods": ZIP, ".xls": OLE}
WITH_MACROS = (".xlsm", ".xltm", ".xlsb", ".xlam")
PARTS = {".xlsx": ("[Content_Types].xml", "xl/workbook.xml"), ".ods": ("mimetype", "content.xml")}
ODS_KIND = b"application/vnd.oasis.opendocument.spreadsheet"
ARCHIVES = (".zip", ".xlsx", ".xlsm", ".docx", ".pptx", ".ods", ".odt", ".jar", ".7z", ".rar", ".gz")
PASSWORD, VBA = "EncryptedPackage".encode("utf-16-le"), "_VBA_PROJECT_CUR".encode("utf-16-le")

Cell = str | int | float | bool | date | None

WRONG_KIND = "Chỉ nhận tệp Excel (.xlsx, .xls) hoặc .ods."
TOO_LARGE = "Tệp lớn hơn 5 MB. Hãy bỏ hình ảnh và các trang không cần rồi lưu lại."
HAS_MACROS = "Không nhận tệp có macro. Hãy lưu thành “Excel Workbook (.xlsx)” rồi tải lên."
HAS_PASSWORD = "Tệp có đặt mật khẩu. Hãy bỏ mật khẩu rồi tải lên."  # noqa: S105 a sentence
DISAGREES = "Nội dung không phải tệp {ending} như tên gọi. Hãy mở tệp, lưu lại đúng loại rồi tải lên."
DAMAGED = "Không đọc được tệp: tệp hỏng, hoặc trang tính có ô ở quá xa. Hãy chép phần bảng sang tệp mới."
SWOLLEN = "Tệp nén bất thường: mở ra quá lớn hoặc chứa tệp khác. Hãy chép phần bảng sang tệp mới."
TOO_MANY_CELLS = (
    "Trang tính “{name}” dùng đến dòng {row}, cột {column}; nhiều nhất 5.000 dòng, 60 cột. "
    "Hãy xóa các ô thừa hoặc chia tệp."
)


class Unreadable(ValueError):
    """Why a file is refused: a sentence for whoever sent it."""


@dataclass(frozen=True)
class Sheet:
    """One sheet as it lies in the file: hidden rows stand among the others, and a hidden sheet says so."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    is_hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first row and column, last row and column, from 0

    def numbered(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """The rows with their numbers as Excel shows them."""
        return enumerate(self.rows, start=1)


def ending_of(name: str) -> str:
    return PurePath(name).suffix.lower()


def read(content: bytes, name: str) -> list[Sheet]:
    """All sheets of a workbook. Raises Unreadable. Costs a process: about a tenth of a second."""
    check(content, name)
    return [_sheet(one) for one in _answer(content, ending_of(name))["sheets"]]


def check(content: bytes, name: str) -> None:
    """Refuse what is no plain workbook of a sensible size: declared sizes first, then what the parts say they are."""
    ending = ending_of(name)
    if ending in WITH_MACROS:
        raise Unreadable(HAS_MACROS)
    if ending not in SIGNATURES:
        raise Unreadable(WRONG_KIND)
    if len(content) > LARGEST:
        raise Unreadable(TOO_LARGE)
    if content.startswith(OLE) and PASSWORD in content:
        raise Unreadable(HAS_PASSWORD)
    if not content.startswith(SIGNATURES[ending]):
        raise Unreadable(DISAGREES.format(ending=ending))
    if ending == ".xls":
        if VBA in content:
            raise Unreadable(HAS_MACROS)
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_parts(archive, ending, len(content))
    except Unreadable:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        raise Unreadable(DAMAGED)


def _check_parts(archive: zipfile.ZipFile, ending: str, size: int) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(HAS_PASSWORD)
    total = sum(part.file_size for part in parts)
    is_swollen = len(parts) > MOST_PARTS or total > LARGEST_UNPACKED or total > HIGHEST_RATIO * size
    if is_swollen or any(part.file_size > LARGEST_PART for part in parts) or len(set(names)) < len(names):
        raise Unreadable(SWOLLEN)
    if not set(PARTS[ending]) <= set(names):
        raise Unreadable(DISAGREES.format(ending=ending))
    for part in parts:
        with archive.open(part) as inside:
            if part.filename.lower().endswith(ARCHIVES) or inside.read(4) == ZIP:
                raise Unreadable(SWOLLEN)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable(HAS_MACROS)
    if ending == ".ods":
        _check_ods(archive, names)
    elif b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise Unreadable(HAS_MACROS)
    if any(b"<!ENTITY" in archive.read(name) for name in names if name.lower().endswith((".xml", ".rels"))):
        raise Unreadable(DAMAGED)


def _check_ods(archive: zipfile.ZipFile, names: list[str]) -> None:
    if archive.read("mimetype").strip() != ODS_KIND:
        raise Unreadable(DISAGREES.format(ending=".ods"))
    if any(name.startswith("Basic/") for name in names):
        raise Unreadable(HAS_MACROS)
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Unreadable(HAS_PASSWORD)


def _answer(content: bytes, ending: str) -> dict:
    """What the other process says of the file."""
    child = Path(__file__).with_name("sheet_child.py")
    limits = [str(number) for number in (MOST_ROWS, MOST_COLUMNS, MOST_SHEETS)]
    command = [sys.executable, "-P", str(child), *limits, ending]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603
        said = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        is_locked = b"password" in (getattr(error, "stderr", None) or b"").lower()
        raise Unreadable(HAS_PASSWORD if is_locked else DAMAGED)
    if "sheets_over" in said:
        raise Unreadable(f"Tệp có {said['sheets_over']} trang tính; nhiều nhất {MOST_SHEETS}.")
    if "over" in said:
        raise Unreadable(TOO_MANY_CELLS.format(name=said["over"], row=said["row"], column=said["column"]))
    if "cells_over" in said:
        raise Unreadable("Các trang tính của tệp có quá nhiều ô. Hãy giữ lại trang kết quả, xóa trang và dòng thừa.")
    if "broken" in said:
        cells = ", ".join(said["broken"])
        raise Unreadable(f"Có ô lỗi hoặc ô công thức chưa có kết quả: {cells}. Hãy sửa trong Excel rồi lưu lại.")
    return said


def _sheet(said: dict) -> Sheet:
    rows = tuple(tuple(_cell(cell) for cell in row) for row in said["rows"])
    return Sheet(vietnamese.clean(said["name"]), rows, said["is_hidden"], tuple(tuple(one) for one in said["merged"]))


def _cell(value) -> Cell:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"])
    return (vietnamese.clean(value) or None) if isinstance(value, str) else value
