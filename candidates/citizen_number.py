"""Identity numbers as people type them, and what a 12-digit one says of its owner (domain.md 7.2). Pure."""

import re
import unicodedata

from candidates.choices import Sex
from vuthu_recruit.dates import PartialDate

SEPARATORS = re.compile(r"[\s.\-]+")
WHOLE = re.compile(r"\d{9}|\d{12}", re.ASCII)


def clean_number(typed: str) -> str:
    """Digits only, whatever stood between them; a full-width digit is a digit. Leading zeros stay."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", typed or ""))


def is_whole(number: str) -> bool:
    """12 digits, or 9 of the old card."""
    return bool(WHOLE.fullmatch(number))


def doubts(number: str, sex: str, birth: PartialDate | None) -> list[str]:
    """What does not fit between the number and the record: worth a second look, never a refusal."""
    if len(number) != 12:
        return []
    code, year = int(number[3]), number[4:6]
    found = []
    if sex and (code % 2 == 1) != (sex == Sex.FEMALE):
        said = "nữ" if code % 2 else "nam"
        found.append(f"Số định danh là số của người giới tính {said}, khác với giới tính đã nhập. Hãy kiểm tra lại.")
    born = 1900 + 100 * (code // 2) + int(year)
    if birth and birth.year != born:
        found.append(f"Số định danh là số của người sinh năm {born}, khác với ngày sinh đã nhập. Hãy kiểm tra lại.")
    return found
