"""The one reader of uploaded workbooks: .xlsx, .xls, .ods in, typed cells out. Knows cells only: no domain words.

What a file is gets checked before anything is read from it; then another process reads it, with limits of its own.
"""

import json
import subprocess
import sys
import unicodedata
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
MOST_PARTS, MOST_SHEETS = 200, 50
LONGEST_NAME = 100  # of a sheet; a program lets nobody type more than 31 characters
HIGHEST_RATIO = 100  # an honest sheet of 5,000 rows packs 13:1
CHUNK = 1 << 16

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SIGNATURES = {".xlsx": ZIP, ".ods": ZIP, ".xls": OLE}
WITH_MACROS = (".xlsm", ".xltm", ".xlsb", ".xlam")
PARTS = {".xlsx": ("[Content_Types].xml", "xl/workbook.xml"), ".ods": ("mimetype", "content.xml")}
ODS_KIND = b"application/vnd.oasis.opendocument.spreadsheet"
ARCHIVES = (".zip", ".xlsx", ".xlsm", ".docx", ".pptx", ".ods", ".odt", ".jar", ".7z", ".rar", ".gz")
PASSWORD, VBA = "EncryptedPackage".encode("utf-16-le"), "_VBA_PROJECT_CUR".encode("utf-16-le")

# Where an XML part declares entities or names another file for them; also when it is written in UTF-16.
DECLARATIONS = tuple(
    words.encode(encoding) for words in ("<!ENTITY", "<!DOCTYPE") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)

WRONG_KIND = "Chỉ nhận tệp Excel (.xlsx, .xls) hoặc .ods."
LARGER_THAN = "Tệp lớn hơn {megabytes} MB. Hãy bỏ hình ảnh và các trang không cần rồi lưu lại."
TOO_LARGE = LARGER_THAN.format(megabytes=LARGEST // MEGABYTE)
HAS_MACROS = "Không nhận tệp có macro. Hãy lưu thành “Excel Workbook (.xlsx)” rồi tải lên."
HAS_PASSWORD = "Tệp có đặt mật khẩu. Hãy bỏ mật khẩu rồi tải lên."  # noqa: S105 a sentence
DISAGREES = "Nội dung không phải tệp {ending} như tên gọi. Hãy mở tệp, lưu lại đúng loại rồi tải lên."
DAMAGED = "Không đọc được tệp: tệp hỏng, hoặc trang tính có ô ở quá xa. Hãy chép phần bảng sang tệp mới."
SWOLLEN = "Tệp nén bất thường: mở ra quá lớn hoặc chứa tệp khác. Hãy chép phần bảng sang tệp mới."
TOO_MANY_CELLS = (
    "Trang tính “{name}” dùng đến dòng {row}, cột {column}; nhiều nhất {rows} dòng, {columns} cột. "
    "Hãy xóa các ô thừa hoặc chia tệp."
)
TOO_LONG = "Ô {cell} chứa quá nhiều chữ. Hãy rút gọn ô đó rồi lưu lại."


class Unreadable(ValueError):
    """Why a file is refused: a sentence for whoever sent it."""


@dataclass(frozen=True)
class Broken:
    """What stands in a cell without a value: an error (#N/A) or a formula that nobody has calculated (=A1+B1)."""

    text: str


Cell = str | int | float | bool | date | Broken | None


@dataclass(frozen=True)
class Limits:
    """How much a file may hold. The default is for uploads; a command may allow ten times as much, and no more."""

    rows: int = 5000
    columns: int = 60
    megabytes: int = LARGEST // MEGABYTE

    def __post_init__(self):
        if not (1 <= self.rows <= 50_000 and 1 <= self.columns <= 200 and 1 <= self.megabytes <= 50):
            raise ValueError("At most 50,000 rows, 200 columns and 50 MB")

    @property
    def times(self) -> int:
        """How much more than an upload, as a factor for everything that grows with it."""
        return max(1, -(-self.rows * self.columns // 300_000), -(-self.megabytes // 5))

    @property
    def unpacked(self) -> int:
        return 10 * self.megabytes * MEGABYTE

    @property
    def part(self) -> int:
        return 6 * self.megabytes * MEGABYTE

    @property
    def seconds(self) -> int:
        """On a busy machine; the reader itself has half of them of the processor."""
        return 20 * self.times

    @property
    def of_child(self) -> tuple[int, ...]:
        """Rows, columns, sheets, cells, characters, megabytes of memory, seconds of the processor."""
        memory = min(192 * self.times, 4096)  # 5,000 rows of 60 names need less than 160
        return (
            *(self.rows, self.columns, MOST_SHEETS, 400_000 * self.times, 10_000_000 * self.times),
            *(memory, self.seconds // 2),
        )


UPLOAD = Limits()


@dataclass(frozen=True)
class Sheet:
    """One sheet as it lies in the file: hidden rows stand among the others, and a hidden sheet says so.

    A row hidden by a filter is hidden.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    is_hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first row and column, last row and column, from 0
    hidden_rows: tuple[int, ...] = ()  # as Excel counts
    hidden_columns: tuple[int, ...] = ()  # from 0
    # Dates that Excel shows without a day, with what it shows: typed 5/1990, it keeps the first of May.
    dayless: tuple[tuple[int, int, str], ...] = ()  # the row as Excel counts, the column from 0; not of .ods

    def numbered(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """The rows with their numbers as Excel shows them."""
        return enumerate(self.rows, start=1)


def ending_of(name: str) -> str:
    return PurePath(name).suffix.lower()


def read(content: bytes, name: str, *, keeps_broken: bool = False, limits: Limits = UPLOAD) -> list[Sheet]:
    """All sheets of a workbook. Raises Unreadable. Costs a process: about a tenth of a second.

    An error cell, or a formula without its result, is refused with the names of the cells, unless such cells are kept:
    then each is a Broken. Of .ods they are told only when kept.
    """
    check(content, name, limits=limits)
    return [_sheet(one) for one in _answer(content, ending_of(name), keeps_broken, limits)["sheets"]]


def check(content: bytes, name: str, *, limits: Limits = UPLOAD) -> None:
    """Refuse what is no plain workbook of a sensible size: declared sizes first, then what the parts say they are."""
    ending = ending_of(name)
    if ending in WITH_MACROS:
        raise Unreadable(HAS_MACROS)
    if ending not in SIGNATURES:
        raise Unreadable(WRONG_KIND)
    if len(content) > limits.megabytes * MEGABYTE:
        raise Unreadable(LARGER_THAN.format(megabytes=limits.megabytes))
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
            _check_parts(archive, content, ending, limits)
    except Unreadable:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        raise Unreadable(DAMAGED)


def _check_parts(archive: zipfile.ZipFile, content: bytes, ending: str, limits: Limits) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(HAS_PASSWORD)
    total = sum(part.file_size for part in parts)
    is_swollen = len(parts) > MOST_PARTS or total > limits.unpacked or total > HIGHEST_RATIO * len(content)
    if is_swollen or any(part.file_size > limits.part for part in parts) or len(set(names)) < len(names):
        raise Unreadable(SWOLLEN)
    if not set(PARTS[ending]) <= set(names):
        raise Unreadable(DISAGREES.format(ending=ending))
    if any(name.lower().endswith(ARCHIVES) for name in names):
        raise Unreadable(SWOLLEN)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable(HAS_MACROS)
    for part in parts:
        _check_part(part, content)
    if ending == ".ods":
        _check_ods(archive, names)
    elif b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise Unreadable(HAS_MACROS)


def _check_part(part: zipfile.ZipInfo, content: bytes) -> None:
    """Unpack it piece by piece: no archive inside, no more than it declares, and nothing declared in its XML."""
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    size, tail = 0, b""
    for chunk in _unpacked(part, content):
        if not size and chunk.startswith(ZIP):
            raise Unreadable(SWOLLEN)
        size += len(chunk)
        if size > part.file_size:
            raise Unreadable(SWOLLEN)
        if is_xml:
            tail += chunk
            if any(words in tail for words in DECLARATIONS):
                raise Unreadable(DAMAGED)
            tail = tail[-32:]


def _unpacked(part: zipfile.ZipInfo, content: bytes) -> Iterator[bytes]:
    """What truly lies in the archive: zipfile stops where the part says it ends, another reader may not."""
    at = part.header_offset
    start = at + 30 + int.from_bytes(content[at + 26 : at + 28], "little")
    start += int.from_bytes(content[at + 28 : at + 30], "little")
    packed = memoryview(content)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[n : n + CHUNK]) for n in range(0, len(packed), CHUNK))
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for n in range(0, len(packed), CHUNK):
        given = bytes(packed[n : n + CHUNK])
        while given and not inflate.eof:
            yield inflate.decompress(given, CHUNK)
            given = inflate.unconsumed_tail


def _check_ods(archive: zipfile.ZipFile, names: list[str]) -> None:
    if archive.read("mimetype").strip() != ODS_KIND:
        raise Unreadable(DISAGREES.format(ending=".ods"))
    if any(name.startswith("Basic/") for name in names):
        raise Unreadable(HAS_MACROS)
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Unreadable(HAS_PASSWORD)


def _answer(content: bytes, ending: str, keeps_broken: bool, limits: Limits) -> dict:
    """What the other process says of the file."""
    child = Path(__file__).with_name("sheet_child.py")
    how = [ending, "keep" if keeps_broken else "refuse", *map(str, limits.of_child)]
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", str(child), *how],
            input=content,
            capture_output=True,
            timeout=limits.seconds,
            check=True,
        )
        said = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        words = (getattr(error, "stderr", None) or b"").lower()
        raise Unreadable(HAS_PASSWORD if b"password" in words or b"encrypted" in words else DAMAGED)
    if "sheets" not in said:
        raise Unreadable(_why_not(said, limits))
    return said


def _why_not(said: dict, limits: Limits) -> str:
    if "sheets_over" in said:
        return f"Tệp có {said['sheets_over']} trang tính; nhiều nhất {MOST_SHEETS}."
    if "over" in said:
        rows, place = f"{limits.rows:,}".replace(",", "."), {"row": said["row"], "column": said["column"]}
        return TOO_MANY_CELLS.format(name=said["over"], **place, rows=rows, columns=limits.columns)
    if "text_over" in said:
        return TOO_LONG.format(cell=said["text_over"])
    if "cells_over" in said:
        return "Các trang tính của tệp có quá nhiều ô. Hãy giữ lại trang kết quả, xóa trang và dòng thừa."
    cells = ", ".join(said["broken"])
    return f"Có ô lỗi hoặc ô công thức chưa có kết quả: {cells}. Hãy sửa trong Excel rồi lưu lại."


def _sheet(said: dict) -> Sheet:
    return Sheet(
        name=vietnamese.clean(said["name"])[:LONGEST_NAME],
        rows=tuple(tuple(_cell(cell) for cell in row) for row in said["rows"]),
        is_hidden=said["is_hidden"],
        merged=tuple(tuple(one) for one in said["merged"]),
        hidden_rows=tuple(said["hidden_rows"]),
        hidden_columns=tuple(said["hidden_columns"]),
        dayless=tuple(tuple(one) for one in said["dayless"]),
    )


def _cell(value) -> Cell:
    if isinstance(value, dict):
        return Broken(value["broken"]) if "broken" in value else date.fromisoformat(value["day"])
    return (_clean(value) or None) if isinstance(value, str) else value


def _clean(text: str) -> str:
    """Clean it, but not what is clean: most cells are, and there may be a third of a million of them."""
    is_plain = text.isprintable() and vietnamese.GRAPHEME_JOINER not in text and "  " not in text
    if is_plain and text.strip() == text and unicodedata.is_normalized("NFC", text):
        return text
    return vietnamese.clean(text)
