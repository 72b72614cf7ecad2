"""Which unit a name means, however it is written: "ĐB xã Minh Lãng" is "Đảng bộ xã Minh Lãng". Pure."""

import re

from vuthu_recruit.vietnamese import same_name_key

PREFIX = re.compile(
    r"(?:đảng bộ|đảng uỷ|chi bộ|chi uỷ|đb|đ b|cb|đu)(?: (?:bộ phận|cơ sở))?(?: |$)|(?:xã|thị trấn|tt|phường) "
)
PLACES_ABOVE = ("huyện ", "tỉnh ")


def unit_key(name: str) -> str:
    """The name of a unit without what kind of unit it is: "ĐB xã Minh Lãng" and "Minh Lãng" are one."""
    key = re.sub(r"[^\w]+", " ", same_name_key(name)).strip()
    while match := PREFIX.match(key):
        if match.end() >= len(key):
            break
        key = key[match.end() :]
    return key


def unit_keys(*names: str) -> frozenset[str]:
    return frozenset(filter(None, map(unit_key, names)))


def parts_of(written: str) -> frozenset[str]:
    """The keys of what stands beside each other: "Chi bộ thôn Hội, xã Hồng Lý" is two. Districts above say nothing."""
    parts = (unit_key(part) for part in re.split(r"[,;()]| [-–] ", written))
    return frozenset(part for part in parts if part and not part.startswith(PLACES_ABOVE))


def is_same_unit(written: str, keys: frozenset[str], above: frozenset[str] = frozenset()) -> bool:
    """As a whole, or in all its parts: "Chi bộ thôn Hội, xã Hồng Lý". `above`: what may only stand beside."""
    if unit_key(written) in keys:
        return True
    own = parts_of(written)
    return bool(own & keys) and own <= keys | above
