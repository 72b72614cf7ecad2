"""A second, tiny way from a Vietnamese name to its search key, and the keys of the library to find stale ones."""

import re
import unicodedata

from vuthu_recruit import vietnamese

VOWELS = {
    "a": "aàảãáạăằẳẵắặâầẩẫấậ",
    "e": "eèẻẽéẹêềểễếệ",
    "i": "iìỉĩíị",
    "o": "oòỏõóọôồổỗốộơờởỡớợ",
    "u": "uùủũúụưừửữứự",
    "y": "yỳỷỹýỵ",
}
PLAIN = {marked: plain for plain, letters in VOWELS.items() for marked in letters} | {"đ": "d"}
PLAIN |= {letter: letter for letter in "bcdfghjklmnpqrstvwxz0123456789"}
WIDTH = 255


def plain_key(name: str) -> str | None:
    """The name letter by letter without marks; None when it holds a letter that Vietnamese does not."""
    words = "".join(
        PLAIN.get(letter, "?" if letter.isalnum() or unicodedata.combining(letter) else " ")
        for letter in unicodedata.normalize("NFC", name).lower()
    )
    return None if "?" in words else re.sub(" +", " ", words).strip()[:WIDTH]


def keys_of(name: str) -> dict[str, str]:
    """What the three stored keys of a name must be."""
    return {
        "search_key": vietnamese.search_key(name)[:WIDTH],
        "sort_key": vietnamese.sort_key(name)[:WIDTH],
        "same_name_key": vietnamese.same_name_key(name)[:WIDTH],
    }
