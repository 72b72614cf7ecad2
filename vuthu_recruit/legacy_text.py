"""Vietnamese text in the encodings before Unicode: TCVN3 (ABC fonts: NguyÔn V¨n ¸nh) and VNI (Nguyeãn Vaên AÙnh). Pure.

Such text is not converted, only recognised: whoever has the file sees at once whether a conversion is right.

A word speaks for an encoding when it reads as a Vietnamese syllable in it and as none the way it stands. So proper
Vietnamese never does, though half of its letters are codes of both: Ngô stays Ngô, though ABC fonts would show Ngụ.
A foreign name may read as a syllable by chance (Loïc, Lü, Seán); where only letters say so that other languages have
too, the whole text has to agree.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

ADVICE = (
    "Chữ trong tệp gõ bằng bảng mã cũ ({encoding}), không phải Unicode. Hãy chuyển mã rồi tải lên lại: "
    "chép cả bảng, nhấn Ctrl+Shift+F6 của UniKey, chọn bảng mã nguồn {source}, bảng mã đích Unicode, "
    "bấm Chuyển mã rồi dán vào bảng."
)
SOURCES = {"TCVN3": "TCVN3 (ABC)", "VNI": "VNI Windows"}

# TCVN 5712:1993 as the ABC fonts have it: runs of letters from a code on. A capital with a tone has no code: there
# are fonts in which every letter looks like one.
TCVN3_RUNS = {
    0xA1: "ăâêôơưđăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
TCVN3 = {chr(code): letter for first, run in TCVN3_RUNS.items() for code, letter in enumerate(run, start=first)}
# VNI-Windows: the mark is a letter of its own behind the vowel; these few are one letter.
VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
TONE_MARKS = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
HAT = dict(zip("âáàåãä", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))  # of â, ê, ô
BREVE = dict(zip("êéèúüë", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))  # of ă
VNI = {
    **VNI_LETTERS,
    **{vowel + mark: VNI_LETTERS.get(vowel, vowel) + tone for vowel in "aeouyôö" for mark, tone in TONE_MARKS.items()},
    **{vowel + mark: f"{vowel}\u0302{tone}" for vowel in "aeo" for mark, tone in HAT.items()},
    **{"a" + mark: f"a\u0306{tone}" for mark, tone in BREVE.items()},
}
VNI_PIECE = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))

# Codes that are a letter of some language as well: alone they do not tell a foreign name from a Vietnamese one.
SURE_IN_TCVN3 = re.compile(r"[^µªA-Za-zÀ-ÖØ-öø-ÿ]|(?<=.)µ")  # µm is a unit
SURE_IN_VNI = re.compile(r"[aeouyôö][ùøûõ]|[aeo][âåã]|aê", re.IGNORECASE)
WORD = re.compile(r"[A-Za-z\u00a1-\u00af\u00b5-\u00b9\u00bb-\u00be\u00c0-\u024f\u1e00-\u1eff]+")

# Letters without their tone.
SYLLABLE = re.compile(
    r"""(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu(?!o)|r|s|th?|tr|v|x)?
    (?: a(?:ch?|i|m|n|ng|nh|o|p|t|u|y)? | ă(?:c|m|n|ng|p|t) | â(?:c|m|n|ng|p|t|u|y)
      | e(?:c|m|n|ng|o|p|t)? | ê(?:ch|m|n|nh|p|t|u)?
      | i(?:a|ch|m|n|nh|p|t|u)? | iê(?:c|m|n|ng|p|t|u)
      | o(?:c|i|m|n|ng|p|t)? | oa(?:ch?|i|m|n|ng|nh|o|p|t|y)? | oă(?:c|m|n|ng|t) | oe(?:n|o|t)? | oong
      | ô(?:c|i|m|n|ng|p|t)? | ơ(?:i|m|n|p|t)?
      | u(?:a|c|i|m|n|ng|ơ|p|t)? | uâ(?:n|ng|t|y) | uê(?:ch|nh)? | uô(?:c|i|m|n|ng|t)
      | uy(?:a|ch|nh|t|u)? | uyê(?:n|t)
      | ư(?:a|c|i|ng|t|u)? | ươ(?:c|i|m|n|ng|p|t|u)
      | y(?:nh)? | yê(?:m|n|t|u) )""",
    re.VERBOSE,
)
STOPS = ("c", "ch", "p", "t")
TONES = "\u0300\u0309\u0303\u0301\u0323"
# On a consonant (ñ), or on the vowel that only closes the syllable (baù): no place for a tone.
MISPLACED = re.compile(f"[^aeiouy\u0302\u0306\u031b][{TONES}]|[aeo][\u0302\u0306\u031b]?[iouy][{TONES}]$")
ON_STOPS = {"\u0301", "\u0323"}  # sắc and nặng: the only ones a syllable ending in p, t, c may have


def legacy_encoding(text: str | None) -> str | None:
    """Tell the encoding, "TCVN3" or "VNI", that makes Vietnamese of a text that is none as it stands."""
    words = WORD.findall(unicodedata.normalize("NFC", text or ""))
    if all(word.isascii() for word in words):
        return None
    best, evidence = max(((name, _evidence(words, *how)) for name, *how in ENCODINGS), key=lambda one: one[1])
    return best if evidence[1] else None


def legacy_encoding_of(texts: Iterable[str | None]) -> str | None:
    """The same for a list of names: the encoding of at least half of those that have any but plain letters."""
    marked = [text for text in texts if text and not text.isascii()]
    found = Counter(filter(None, map(legacy_encoding, marked)))
    return next((name for name, times in found.most_common(1) if 2 * times >= len(marked)), None)


def advice(encoding: str) -> str:
    """The sentence for whoever sent such text."""
    return ADVICE.format(encoding=encoding, source=SOURCES[encoding])


def _evidence(words: list[str], reads, is_sure) -> tuple[bool, int, int]:
    """Whether an encoding is sure, how many words speak for it, how many can be read in it. The more, the better."""
    speaking = [word for word in words if len(word) > 1 and not is_syllable(word) and reads(word)]
    legible = sum(reads(word) or is_syllable(word) for word in words)
    if any(map(is_sure, speaking)):
        return True, len(speaking), legible
    agree = len(words) > 1 and legible == len(words)  # else it may be another language
    return False, len(speaking) if agree else 0, legible


def _from_tcvn3(word: str) -> bool:
    if word.isascii() or any(not char.isascii() and char not in TCVN3 for char in word):
        return False
    decoded = unicodedata.normalize("NFD", "".join(TCVN3.get(char, char) for char in word))
    # Its ư is the soft hyphen, which cleaned text has lost: H¬ng was Hương.
    return is_syllable(decoded) or is_syllable(decoded.replace("o\u031b", "u\u031bo\u031b"))


def _from_vni(word: str) -> bool:
    return not word.isascii() and is_syllable(VNI_PIECE.sub(lambda piece: VNI[piece[0]], word.lower()))


ENCODINGS = (
    ("TCVN3", _from_tcvn3, SURE_IN_TCVN3.search),
    ("VNI", _from_vni, SURE_IN_VNI.search),
)


@lru_cache(maxsize=4096)  # Nguyễn, Thị and Văn come again and again
def is_syllable(word: str) -> bool:
    """Whether it can be one Vietnamese syllable: hòa and hoà, but not haò."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in decomposed if char in TONES]
    plain = unicodedata.normalize("NFC", "".join(char for char in decomposed if char not in TONES))
    if len(tones) > 1 or MISPLACED.search(decomposed) or not SYLLABLE.fullmatch(plain):
        return False
    return not plain.endswith(STOPS) or (bool(tones) and tones[0] in ON_STOPS)
