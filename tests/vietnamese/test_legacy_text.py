"""Text in the encodings before Unicode is recognised; proper Vietnamese and foreign names never are."""

import random
import unicodedata

import pytest

from vuthu_recruit.legacy_text import advice, is_syllable, legacy_encoding, legacy_encoding_of
from vuthu_recruit.vietnamese import clean

# What the fonts make of each letter. TCVN3: TCVN 5712:1993, whose table glibc has as TCVN5712-1 (`iconv -l`), the
# letters without capitals. VNI: the code page VNI-Windows, as UniKey converts it.
LETTERS = "àảãáạ ằẳẵắặ ầẩẫấậ èẻẽéẹ ềểễếệ ìỉĩíị òỏõóọ ồổỗốộ ờởỡớợ ùủũúụ ừửữứự ỳỷỹýỵ ăâđêôơư".replace(" ", "")
TCVN3 = dict(
    zip(
        LETTERS,
        "µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ¨©®ª«¬\u00ad",
        strict=True,
    )
)
TCVN3_CAPITALS = dict(zip("ĂÂĐÊÔƠƯ", "¡¢§£¤¥¦", strict=True))
VNI_CODES = """aø aû aõ aù aï aè aú aü aé aë aà aå aã aá aä eø eû eõ eù eï eà eå eã eá eä ì æ ó í ò
    oø oû oõ où oï oà oå oã oá oä ôø ôû ôõ ôù ôï uø uû uõ uù uï öø öû öõ öù öï yø yû yõ yù î aê aâ ñ eâ oâ ô ö"""
VNI = dict(zip(LETTERS, VNI_CODES.split(), strict=True))

FAMILIES = (
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đoàn Trịnh Đinh Lương Mai Tô Hà Ô Bế"
)
MIDDLES = "Văn Thị Hữu Đức Xuân Thu Quốc Ngọc Minh Thanh Hồng Đình Bá Công Kim Phương Như Mạnh Trọng Thúy"
GIVEN = (
    "Ánh Bách Bình Chiến Cường Dũng Duyên Đạt Đông Giang Hà Hải Hạnh Hằng Hiếu Hiền Hòa Hoà Huệ Hùng Hương Khải Khánh "
    "Lan Liên Linh Lộc Luyến Mạnh Mỹ Nga Ngân Nghĩa Nguyệt Nhung Oanh Phúc Phượng Quân Quyên Quỳnh Sơn Tâm Thắng Thảo "
    "Thủy Thuỷ Thơm Tiến Tình Toàn Trang Trí Tuấn Tuyết Ước Vân Việt Vượng Xuyến Ý Yến Uyên Ân Ổn Ưng Ỷ Ngoãn Khuê"
)


def names(count: int, seed: int = 1) -> list[str]:
    """Invented people."""
    pick = random.Random(seed).choice
    parts = [words.split() for words in (FAMILIES, MIDDLES, GIVEN)]
    return [" ".join(pick(words) for words in parts) for _ in range(count)]


def in_tcvn3(text: str) -> str:
    """As typed with an ABC font: a capital with a tone is its small letter."""
    return "".join(TCVN3_CAPITALS.get(char) or TCVN3.get(char.lower(), char) for char in text)


def in_vni(text: str) -> str:
    return "".join(_vni(char) for char in text)


def _vni(char: str) -> str:
    code = VNI.get(char.lower(), char)
    return code.upper() if char.isupper() else code


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("NguyÔn V¨n ¸nh", "TCVN3"),
        ("§Æng ThÞ H¹nh", "TCVN3"),
        ("nguyÔn thÞ lan", "TCVN3"),  # looks like capitals in .VnTimeH
        ("NGUYÔN THÞ LAN", "TCVN3"),
        ("§¶ng bé x· Hång Lý, huyÖn Vò Th\u00ad", "TCVN3"),
        ("H\u00ad¬ng", "TCVN3"),
        ("H¬ng", "TCVN3"),  # cleaned: the soft hyphen was its ư
        ("Nguyeãn Vaên AÙnh", "VNI"),
        ("Ñaëng Thò Haïnh", "VNI"),
        ("TRAÀN THÒ HÖÔNG", "VNI"),
        ("Chi boä thoân Ñoâng", "VNI"),
        (unicodedata.normalize("NFD", "Nguyeãn Vaên AÙnh"), "VNI"),
    ],
)
def test_recognises_text_of_an_old_font(text, encoding):
    assert legacy_encoding(text) == encoding


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "Nguyen Van A",
        *LETTERS,
        *LETTERS.upper(),
        LETTERS,
        "Ô Thị Ý",
        "Ngô Lê Hà",  # each of them is a name in TCVN3 as well: Ngụ Lờ Hị
        "Hồ Thò Tô",
        "ĐVTN, Đ/c, TT-Huế, UBND xã",
        "Y Êñuôl, H’Hen Niê, Siu Krông, Rơ Châm Pơ",
        "Phêrô Nguyễn Văn Bá",
        "Müller",
        "José Muñoz Núñez",
        "Ñuñez",
        "Søren Kierkegård",
        "Loïc",
        "Loïc Martin",
        "Naïm",
        "Seán Ó Briain",
        "Lü",
        "Zoë Müller-Lüdenscheidt",
        "François Noël Benoît",
        "João Magalhães",
        "Åse Bjørnsdóttir",
        "Þór Guðmundsson",
        "Groß Weiß",
        "37 °C, 5 µm, § 5, ½, m², ©, ®, Mª",
        "“Chi bộ” – số 5…",
    ],
)
def test_takes_proper_vietnamese_and_foreign_names_for_what_they_are(text):
    assert legacy_encoding(text) is None
    assert legacy_encoding(unicodedata.normalize("NFD", text or "")) is None
    assert legacy_encoding((text or "").upper()) is None


def test_no_unicode_name_of_five_thousand_is_mistaken():
    found = [name for name in names(5000) if legacy_encoding(name) or legacy_encoding(name.upper())]

    assert not found


def test_every_name_is_of_syllables():
    assert not [word for word in f"{FAMILIES} {MIDDLES} {GIVEN}".split() if not is_syllable(word)]


@pytest.mark.parametrize(("encode", "encoding"), [(in_tcvn3, "TCVN3"), (in_vni, "VNI")])
@pytest.mark.parametrize("finish", [str, str.lower, str.upper, clean], ids=["typed", "small", "capitals", "cleaned"])
def test_nearly_every_encoded_name_and_every_list_of_them_is_recognised(encode, encoding, finish):
    encoded = [finish(encode(name)) if finish is clean else encode(finish(name)) for name in names(800, seed=2)]
    # Some are plain letters in that font as well: nothing to recognise.
    marked = [text for text in encoded if not text.isascii()]
    found = [legacy_encoding(text) for text in marked]

    assert found.count(encoding) / len(marked) > 0.96
    assert len([one for one in found if one not in (encoding, None)]) / len(marked) < 0.02  # TRÒNH is legible in both
    lists = [encoded[n : n + 10] for n in range(0, len(encoded), 10)]
    assert {legacy_encoding_of(one) for one in lists} == {encoding}


def test_a_list_with_one_stray_cell_is_no_list_of_an_old_font():
    assert legacy_encoding_of(["NguyÔn V¨n ¸nh", "Trần Thị Bé", "Lê Thị Hạnh", None, "An"]) is None
    assert legacy_encoding_of(names(300)) is None
    assert legacy_encoding_of([]) is None


@pytest.mark.parametrize(("encoding", "source"), [("TCVN3", "TCVN3 (ABC)"), ("VNI", "VNI Windows")])
def test_the_advice_says_which_keys_to_press(encoding, source):
    said = advice(encoding)

    assert "Ctrl+Shift+F6" in said
    assert source in said
    assert "Unicode" in said
