"""What a row of a list is when it is no person: a group, a total, a remark, a signature. Pure.

Names come first: Đoàn, Tống, Trương and Công are families, so a single word decides nothing.
"""

import re
from enum import StrEnum
from functools import lru_cache

from vuthu_recruit.vietnamese import search_key

NUMERAL = re.compile(r"^\s*(?:[IVXLC]{1,6}|\d{1,3}|[A-Za-zĐđ])\s*(?:[./):-]+\s*|$)|^\s*[-+*•]\s*")
ROMAN = re.compile(r"(?:[IVXLC]{1,6}|[A-HĐ])\s*[./)]?")
PEOPLE = r"(?:người|đ/c|đồng chí|đ\.c|quần chúng|qc|nguồn|trường hợp)"
COUNT = re.compile(
    rf"\s*(?:[:–-]\s*\d+(?:\s*{PEOPLE})?|\((?:gồm |có )?\s*\d+(?:\s*{PEOPLE})?[^)]*\)"
    rf"|(?:có|gồm)?\s*\d+\s*{PEOPLE})\s*[.:]?\s*$",
    re.IGNORECASE,
)
BODY = re.compile(
    r"(?:chi bo|chi uy|cb|dang bo|dang uy|db|thon|xom|to dan pho|tdp|khu dan cu|khu pho|htx|hop tac xa|cong ty|"
    r"truong (?:thcs|thpt|th|tieu hoc|mam non|mn|trung hoc|cap)|co quan|cong an (?:xa|thi tran|huyen)|quan su|"
    r"ban (?:chi huy|qlda|quan ly)|bch|tram y te|ubnd|uy ban|khoi|don vi|doan (?:thanh nien|tn|tncs|xa)|"
    r"hoi (?:lien|lhpn|nong|ccb|cuu))(?: |$)"
)
UNIT = re.compile(r"(?:dang bo|dang uy|db)(?: |$)")
TOTAL = re.compile(
    r"(?:tong so|tong cong|cong chung|cong don|cong trang|luy ke)(?: |$)|"
    r"(?:tong|cong)(?: (?:\d.*|nguoi.*|so.*|chi bo.*|thon.*|cb .*|nhom.*|muc.*|danh sach.*|[ivx]+|toan .*)|$)|"
    r"(?:nam|nu)(?: co)? \d+(?: nguoi)?(?: (?:nam|nu)(?: co)? \d+(?: nguoi)?)?$"
)
SURE_TOTALS = ("tong so", "tong cong", "cong chung")
REMARK = re.compile(
    r"(?:ghi chu|luu y|trong do|chu y|danh sach (?:nay|co|tren|gom|da)|nguoi lap|lap bieu|lap danh sach|nguoi tong hop|"
    r"t m |tm |thay mat|thua lenh|tl |kt |bi thu|pho bi thu|chu tich|pho chu tich|thu truong|giam doc|hieu truong|"
    r"noi nhan|luu (?:vt|vp|tru|ho so|van phong)|ky ten|da ky|ky ghi ro|xac nhan|tru so|dang uy vien)(?:.*)|"
    r".+ ngay (?:\d* ?thang|\d+ \d+ \d{4}).*|ngay \d* ?thang \d* ?nam(?: \d{4})?"
)


class Line(StrEnum):
    GROUP = "group"
    TOTAL = "total"
    REMARK = "remark"
    HEADER = "header"  # once more
    OTHER = "other"  # it says none of these


@lru_cache(maxsize=1024)
def line_of(text: str) -> Line:
    """What a text that stands alone in its row says by its words."""
    words = search_key(NUMERAL.sub("", text))
    if TOTAL.fullmatch(words) or (TOTAL.match(words) and words.startswith(SURE_TOTALS)):
        return Line.TOTAL
    if REMARK.fullmatch(words) or REMARK.fullmatch(search_key(text)):  # T/M is no number of order
        return Line.REMARK
    return Line.GROUP if BODY.match(words) else Line.OTHER


def is_numeral(text: str) -> bool:
    """I, II., A): how groups are numbered, and people are not."""
    return bool(ROMAN.fullmatch(text.strip()))


def has_group_signs(text: str) -> bool:
    """A Roman numeral in front, a colon or a count behind."""
    front = NUMERAL.match(text)
    is_roman = bool(front) and bool(re.match(r"[IVXLC]+\s*[./):-]|[A-H]\s*[./)]", text)) and front.end() < len(text)
    return is_roman or text.rstrip().endswith(":") or bool(COUNT.search(text))


def group_name(text: str) -> str:
    """“1. CB thôn A (5 người)” without number and count: as it is written otherwise."""
    return COUNT.sub("", NUMERAL.sub("", text, count=1)).rstrip(" :.–-").strip() or text


def names_unit(name: str) -> bool:
    """A đảng bộ: the unit of what follows, not a branch."""
    return bool(UNIT.match(search_key(name)))
