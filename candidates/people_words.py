"""How cadres write what the record takes from a list: nghề, học vấn, đối tượng … Pure.

Each reader gives the value and a notice: empty when nothing was lost, else a sentence. A word that is in no list gives
no value and a notice; it is never taken for the nearest one.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from candidates.choices import (
    ETHNIC_GROUPS,
    Education,
    Occupation,
    PoliticalTheory,
    PriorityGroup,
    Qualification,
    Religion,
    Sex,
)
from organizations.permissions import Body
from vuthu_recruit.vietnamese import search_key

SEXES = {
    "nam": Sex.MALE, "nam gioi": Sex.MALE, "trai": Sex.MALE, "con trai": Sex.MALE,
    "nu": Sex.FEMALE, "nu gioi": Sex.FEMALE, "gai": Sex.FEMALE, "con gai": Sex.FEMALE,
}  # fmt: skip
ETHNICITIES = {search_key(name): name for name in ETHNIC_GROUPS} | {"h mong": "Mông", "hmong": "Mông"}
RELIGIONS = {
    **dict.fromkeys(("khong", "ko", "k", "0", "khong co", "khong ton giao", "khong theo dao", "luong"), Religion.NONE),
    **dict.fromkeys(("phat", "dao phat", "dao phat giao"), Religion.BUDDHISM),
    **dict.fromkeys(("thien chua", "thien chua giao", "dao thien chua", "dao cong giao"), Religion.CATHOLIC),
    **dict.fromkeys(("dao tin lanh",), Religion.PROTESTANT),
    **dict.fromkeys(("dao cao dai",), Religion.CAO_DAI),
    **dict.fromkeys(("hoa hao", "dao hoa hao", "phat giao hoa hao"), Religion.HOA_HAO),
    **dict.fromkeys(("dao hoi",), Religion.ISLAM),
}
BODIES = {
    **dict.fromkeys(("mttq", "mat tran", "ubmttq", "uy ban mttq", "mttqvn", "ban ctmt"), Body.FATHERLAND_FRONT),
    **dict.fromkeys(("doan tn", "doan tncs", "doan tncs hcm", "doan tncs ho chi minh", "dtn"), Body.YOUTH_UNION),
    **dict.fromkeys(("hoi lhpn", "hoi phu nu", "hlhpn", "hoi lhpn viet nam", "hpn", "phu nu"), Body.WOMEN_UNION),
    **dict.fromkeys(("hnd", "hoi nd", "nong dan", "hoi nong dan viet nam"), Body.FARMERS_UNION),
    **dict.fromkeys(("hoi ccb", "ccb", "hccb", "cuu chien binh", "hoi cuu chien binh viet nam"), Body.VETERANS_UNION),
    **dict.fromkeys(("cd", "cong doan co so", "lien doan lao dong", "ldld", "cdcs"), Body.TRADE_UNION),
}
# Only what can be nothing else: "công nhân" works for the State or for somebody else.
OCCUPATIONS = {
    **dict.fromkeys(("cong chuc", "can bo cong chuc", "cbcc"), Occupation.OFFICIAL),
    **dict.fromkeys(("nong dan", "lam ruong", "nong nghiep", "lam nong nghiep", "trong trot"), Occupation.FARMER),
    **dict.fromkeys(("sinh vien", "hoc sinh", "hs sv", "hssv"), Occupation.STUDENT),
    **dict.fromkeys(("bo doi", "si quan", "quan nhan", "quan nhan chuyen nghiep"), Occupation.ARMED_FORCES),
    **dict.fromkeys(("can bo khong chuyen trach", "nguoi hoat dong khong chuyen trach"), Occupation.PART_TIME_OFFICIAL),
}

NOT_YET = re.compile(r"\b(?:dang (?:theo )?hoc|sinh vien|hoc sinh|nam (?:thu|\d)|chua tot nghiep|du kien)\b")
NONE_AT_ALL = r"khong(?: co)?|ko|chua(?: qua(?: dao tao)?| co| dao tao)?|0|lao dong pho thong|ldpt"
# Highest first: of several in one cell the highest counts.
QUALIFICATIONS = (
    (Qualification.POSTGRADUATE, r"thac s[iy]|ths|th s|tien s[iy]|cao hoc|tren dai hoc|sau dai hoc"),
    (Qualification.UNIVERSITY, r"dai hoc|dh|cu nhan|ky su|bac s[iy]|luat su"),
    (Qualification.COLLEGE, r"cao dang|cd"),
    (Qualification.INTERMEDIATE, r"trung cap|tc|tccn|thcn|trung hoc chuyen nghiep|trung hoc su pham"),
    (Qualification.VOCATIONAL, r"so cap(?: nghe)?|sc|chung chi nghe|hoc nghe|nghe(?=$)|cong nhan ky thuat|cnkt"),
    (Qualification.NONE, NONE_AT_ALL),
)
THEORIES = (
    (PoliticalTheory.ADVANCED, r"cao cap|cc|cu nhan|cn"),
    (PoliticalTheory.INTERMEDIATE, r"trung cap|tc"),
    (PoliticalTheory.ELEMENTARY, r"so cap|sc"),
    (PoliticalTheory.NONE, NONE_AT_ALL),
)
OF_THEORY = re.compile(r"\b(?:ve|lop|ly luan chinh tri|ly luan|llct|chinh tri|hanh chinh)\b")
OF_TEACHERS = re.compile(r"\b(dh|cd)sp\b")
THEORY = re.compile(r"\b(?:llct|ly luan)\b")
SEVERAL = re.compile(r"[;,/+&\n]| và | va ")

SCHOOLS = {
    **dict.fromkeys(("thpt", "ptth", "cap 3", "cap iii", "bt thpt", "bo tuc thpt"), Education.UPPER_SECONDARY),
    **dict.fromkeys(("thcs", "ptcs", "cap 2", "cap ii", "bo tuc thcs"), Education.LOWER_SECONDARY),
    **dict.fromkeys(("cap 1", "cap i"), Education.PRIMARY),
}
FINISHED = re.compile(r"^(?:da )?(?:tot nghiep|tn|het|hoc het|hoc xong) ")
CLASS_OF = re.compile(r"(?:lop )?(\d{1,2}) ?[/ ] ?(10|12)(?: \w+)?")
CLASS = re.compile(r"(?:lop )?(\d{1,2})")
# The last class of each school, in today's twelve years and in the ten of before 1989.
ENDS = {12: (5, 9, 12), 10: (4, 7, 10)}

GROUPS: Mapping[str, PriorityGroup | str] = {
    **{search_key(group.label): group for group in PriorityGroup},
    **dict.fromkeys(
        ("dan quan tu ve", "dan quan thuong truc", "dan quan co dong", "dan quan tai cho", "dqtv"),
        PriorityGroup.MILITIA,
    ),
    **dict.fromkeys(("xuat ngu", "bdxn", "quan nhan xuat ngu", "bo doi phuc vien"), PriorityGroup.DEMOBILISED),
    **dict.fromkeys(
        ("truong thon", "pho thon", "pho truong thon", "truong pho thon to dan pho"), PriorityGroup.VILLAGE_HEAD
    ),
    **dict.fromkeys(("cav", "cong an vien thon", "cong an vien xa"), PriorityGroup.COMMUNE_POLICE),
    **dict.fromkeys(
        ("truong pho doan the", "truong doan the", "pho doan the", "truong pho cac doan the"),
        PriorityGroup.BODY_LEADER,
    ),
    **dict.fromkeys(
        ("quan chung tieu bieu", "quan chung tich cuc", "tieu bieu tich cuc", "quan chung tieu bieu tich cuc"),
        PriorityGroup.ACTIVE,
    ),
    **dict.fromkeys(
        (
            "ld doanh nghiep ngoai nn", "lao dong doanh nghiep ngoai nha nuoc", "ld dn ngoai nn", "dn ngoai nn",
            "doanh nghiep ngoai nha nuoc", "lao dong khu vuc ngoai nha nuoc", "ld ngoai nn", "lao dong ngoai nha nuoc",
        ),
        PriorityGroup.PRIVATE_SECTOR,
    ),
    **dict.fromkeys(
        ("doan vien", "dvtn", "doan vien thanh nien", "doan vien tncs", "doan vien doan thanh nien"),
        "is_youth_union_member",
    ),
    **dict.fromkeys(("doan vien cong doan", "cong doan vien", "dvcd"), "is_trade_union_member"),
}  # fmt: skip
# What is read as a group though it says a little less than the group does.
LOOSE = frozenset(key for key, group in GROUPS.items() if group == PriorityGroup.PRIVATE_SECTOR) - {
    search_key(PriorityGroup.PRIVATE_SECTOR.label)
}
YEAR = re.compile(r" (?:nam )?(?:19|20)\d\d$")


def not_known(typed: str, what: str) -> str:
    return f"“{typed}” không có trong danh mục {what}: không ghi vào hồ sơ."


def read_as(typed: str, label: str) -> str:
    return f"“{typed}” đọc là “{label}”."


def choice_of(typed: str, choices, words: Mapping[str, str]):
    """The value whose label or short form this is; None when it is neither."""
    key = search_key(typed)
    return _by_label(choices).get(key) or words.get(key)


@cache
def _by_label(choices) -> dict[str, str]:
    return {search_key(label): choices(value) for value, label in choices.choices}


# Learning


def education_of(typed: str) -> tuple[str | None, str]:
    """12/12, 7/10, lớp 9, THPT: the last school that was finished. A class alone can be of ten years or of twelve."""
    key = FINISHED.sub("", search_key(typed))
    if found := choice_of(key, Education, SCHOOLS):
        return found, ""
    if (match := CLASS_OF.fullmatch(key)) and 1 <= int(match[1]) <= int(match[2]):
        done, years = int(match[1]), int(match[2])
        found = _school(done, years)
        if not found:
            return None, f"Học vấn “{typed}”: chưa hết tiểu học, không ghi vào hồ sơ."
        return found, "" if done in ENDS[years] else read_as(typed, f"đã qua {found.label}")
    if (match := CLASS.fullmatch(key)) and 1 <= int(match[1]) <= 12:
        done = int(match[1])
        ways = {_school(done, years) for years in ENDS if done <= years}
        if len(ways) == 1 and (found := ways.pop()):
            return found, read_as(typed, f"đã qua {found.label}")
        asked = f"Hãy ghi {done}/10 hoặc {done}/12."
        return None, f"Học vấn “{typed}”: chưa rõ hệ 10 năm hay 12 năm, không ghi vào hồ sơ. {asked}"
    return None, not_known(typed, "học vấn phổ thông")


def _school(done: int, years: int) -> Education | None:
    """The last school that ended with this class or before it."""
    schools = zip(ENDS[years], (Education.PRIMARY, Education.LOWER_SECONDARY, Education.UPPER_SECONDARY), strict=True)
    return next((school for last, school in reversed([*schools]) if done >= last), None)


def qualification_of(typed: str) -> tuple[str | None, str]:
    """“Cao đẳng Mầm non” is Cao đẳng; of several the highest; who still studies has none yet."""
    return _level(typed, Qualification, QUALIFICATIONS, "trình độ chuyên môn")


def theory_of(typed: str) -> tuple[str | None, str]:
    return _level(typed, PoliticalTheory, THEORIES, "lý luận chính trị")


def _level(typed: str, choices, levels: Iterable[tuple], what: str) -> tuple[str | None, str]:
    key = search_key(typed)
    if found := _by_label(choices).get(key):
        return found, ""
    if NOT_YET.search(key):
        return None, f"“{typed}”: chưa phải {what} đã có, không ghi vào hồ sơ."
    parts = [OF_TEACHERS.sub(r"\1 sp", part) for part in map(search_key, SEVERAL.split(typed)) if part]
    if choices is Qualification:
        parts = [part for part in parts if not THEORY.search(part)]
    for level, pattern in levels:
        for part in parts:
            if match := re.match(rf"(?:{pattern})(?= |$)", part):
                rest = part[match.end() :]
                if choices is PoliticalTheory:
                    rest = OF_THEORY.sub("", rest)
                is_whole = len(parts) == 1 and not rest.strip()
                return level, "" if is_whole else read_as(typed, level.label)
    return None, not_known(typed, what)


# Several in one cell


def groups_of(typed: str) -> tuple[list[str], dict[str, bool], list[str]]:
    """Priority groups, the unions somebody is a member of, and notices.

    Labels hold commas themselves, and line breaks have become spaces: the longest known words are looked for first.
    """
    parts = [part.strip() for part in re.split(r"[;,/+\n]", typed) if part.strip()]
    found: set[str] = set()
    members: dict[str, bool] = {}
    notices: list[str] = []
    start = 0
    while start < len(parts):
        for end in range(len(parts), start, -1):
            words = _known_words(" ".join(parts[start:end]), split=end == start + 1)
            if words:
                break
        else:
            end, words = start + 1, []
            if search_key(parts[start]) not in ("khong", "0", "ko"):
                notices.append(f"“{parts[start]}” không phải đối tượng ưu tiên của kế hoạch: không ghi vào hồ sơ.")
        written = ", ".join(parts[start:end])
        for word in words:
            group = GROUPS[word]
            if isinstance(group, PriorityGroup):
                found.add(group)
                if word in LOOSE:
                    notices.append(read_as(written, group.label))
            else:
                members[group] = True
                notices.append(read_as(written, "đoàn viên công đoàn" if "trade" in group else "đoàn viên thanh niên"))
        start = end
    return [group for group in PriorityGroup.values if group in found], members, notices


def _known_words(text: str, *, split: bool) -> list[str]:
    """The text as one known word or, where it may be split, as several without rest."""
    key = YEAR.sub("", search_key(text))
    if key in GROUPS:
        return [key]
    if not split:
        return []
    words, found, start = key.split(), [], 0
    while start < len(words):
        ends = (end for end in range(len(words), start, -1) if " ".join(words[start:end]) in GROUPS)
        end = next(ends, None)
        if end is None:
            return []
        found.append(" ".join(words[start:end]))
        start = end
    return found
