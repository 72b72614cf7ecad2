"""Vietnamese text: cleaning what people type, and keys to search, sort and compare names. Pure.

Three keys of one name, none of them shown to anybody:

    search_key     finds                nguyen thi dao = Nguyễn Thị Đào
    sort_key       orders like a roster given name, family name, middle names
    same_name_key  suspects duplicates  Hoà = Hòa, but Hoà ≠ Hóa
"""

import re
import unicodedata
from functools import lru_cache

# Both sort below every letter's code, and the end of a part below a break between words: shorter parts come first.
END_OF_PART, WORD_BREAK = "00", "01"
TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}  # huyền hỏi ngã sắc nặng
NO_TONE = "1"
LETTERS = {
    "a\u0306": "a1",  # ă
    "a\u0302": "a2",  # â
    "đ": "d1",
    "ð": "d1",  # eth: what some converters make of đ, and its capital looks the same
    "e\u0302": "e1",  # ê
    "o\u0302": "o1",  # ô
    "o\u031b": "o2",  # ơ
    "u\u031b": "u1",  # ư
}
FOREIGN_LETTER = "z9"

LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
INVISIBLE = {"Cc", "Cf", "Cs"}  # controls, zero-width and direction marks, lone surrogates
GRAPHEME_JOINER = "\u034f"
PIECE = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")
LETTER = re.compile("([^\u0300-\u036f])([\u0300-\u036f]*)")
# The tone on the first vowel of oa, oe, uy, when that pair carries no other mark: hòa, khỏe, thúy.
EARLY_TONE = re.compile("(o|u)([\u0300\u0301\u0303\u0309\u0323])((?<=o.)[ae]|(?<=u.)y)(?![\u0300-\u036f])")


def clean(text: str | None) -> str:
    """Return one line in NFC: spaces of all kinds collapsed, invisible characters gone, letters and case as typed."""
    visible = "".join(char for char in text or "" if char.isspace() or not _is_invisible(char))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def clean_lines(text: str | None) -> str:
    """Clean every line, keep the line breaks (as \\n) and the empty lines between paragraphs."""
    return "\n".join(clean(line) for line in LINE_BREAK.split(text or "")).strip("\n")


def lower_first(words: str) -> str:
    """The words inside a sentence: "Ra quyết định" -> "ra quyết định"; names within keep their capitals."""
    return words[:1].lower() + words[1:]


def without_marks(text: str) -> str:
    """Drop tones and diacritics, turn đ into d; keep case, spaces and punctuation."""
    decomposed = unicodedata.normalize("NFD", text)
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return letters.translate({ord("đ"): "d", ord("Đ"): "D", ord("ð"): "d", ord("Ð"): "D"})


def contains_marks(text: str) -> bool:
    """Tell whether somebody took the trouble to type tones, diacritics or đ."""
    text = unicodedata.normalize("NFC", text)
    return without_marks(text) != text


def search_key(text: str | None) -> str:
    """Return only [a-z0-9] words: no marks, no case, no punctuation; letters of other scripts are dropped."""
    plain = without_marks(unicodedata.normalize("NFKD", clean(text)).casefold())
    return re.sub("[^a-z0-9]+", " ", plain).strip()


def same_name_key(name: str | None) -> str:
    """Return the name casefolded, marks kept, with oa, oe and uy written the newer way: hòa → hoà, thúy → thuý.

    The newer place of the tone is the same everywhere (quý, hoàn, xoáy), so no exception for q is needed: quý stays
    quý, and the misspelt qúy becomes it.
    """
    decomposed = unicodedata.normalize("NFD", clean(name).casefold().replace("ð", "đ"))
    return clean(EARLY_TONE.sub(r"\1\3\2", decomposed))


def sort_key(name: str | None) -> str:
    """Order names like a roster: given name (last word), family name (first word), middle names.

    Inside each part letters come first (a < ă < â, d < đ, o < ô < ơ, u < ư), then the tones from left to right
    (none, huyền, hỏi, ngã, sắc, nặng), as in ICU's `vi`; but a tone belongs to its syllable, so hoà equals hòa.
    Only [a-z0-9] and no space, each letter followed by a digit: the order is that of the bytes in every collation.
    About two and a half characters for each of the name's.
    """
    words = unicodedata.normalize("NFKD", clean(name)).casefold().split()
    family_last = [words[-1:], words[:1], words[1:-1]] if len(words) > 1 else [words]
    return "".join(_part_key(part) for part in family_last)


def exactness(query: str, name: str) -> int:
    """Rank a found name, best first, so that `đào` shows Đào above Đạo and `an` shows An above Lan.

    0 whole words as typed, 1 whole words but for the marks, 2 part of a word as typed, 3 part of a word but for the
    marks, 4 not found. Sort one page in Python by it, or all rows in SQL with `fields.exactness`, which agrees.
    """
    typed, found = same_name_key(query), same_name_key(name)
    plain, plain_found = search_key(query), search_key(name)
    ranks = (
        typed and f" {typed} " in f" {found} ",
        plain and f" {plain} " in f" {plain_found} ",
        typed and typed in found,
        plain and plain in plain_found,
    )
    return next((rank for rank, holds in enumerate(ranks) if holds), len(ranks))


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in INVISIBLE or char == GRAPHEME_JOINER


def _part_key(words: list[str]) -> str:
    """Letters of all words, then tones of all words: ICU's first and second level."""
    keys = [key for word in words for key in _word_keys(word)]
    letters = WORD_BREAK.join(letters for letters, _ in keys)
    return letters + END_OF_PART + "".join(tone for _, tone in keys)


@lru_cache(maxsize=4096)  # Nguyễn, Thị and Văn come again and again
def _word_keys(word: str) -> list[tuple[str, str]]:
    """Return (letters, tone) of a word, or of each piece when punctuation divides it."""
    return [_piece_key(LETTER.findall(piece)) for piece in PIECE.findall(word)]


def _piece_key(pairs: list[tuple[str, str]]) -> tuple[str, str]:
    tones = [TONES[mark] for _, marks in pairs for mark in marks if mark in TONES]
    return "".join(_letter_key(*pair) for pair in pairs), (tones or [NO_TONE])[-1]


def _letter_key(letter: str, marks: str) -> str:
    for mark in marks:
        if letter + mark in LETTERS:
            return LETTERS[letter + mark]
    if letter in LETTERS:
        return LETTERS[letter]
    if letter.isascii():
        return f"1{letter}" if letter.isdigit() else f"{letter}0"
    return FOREIGN_LETTER
