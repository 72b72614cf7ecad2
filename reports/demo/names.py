"""Names combined from common Vietnamese parts, villages, addresses. Pure: random numbers in, text out."""

from random import Random

from vuthu_recruit.vietnamese import lower_first

FAMILIES = (
    ("Nguyễn", 36), ("Trần", 13), ("Phạm", 10), ("Lê", 7), ("Hoàng", 5), ("Vũ", 6), ("Bùi", 4), ("Đỗ", 4),
    ("Đặng", 3), ("Phan", 2), ("Đinh", 2), ("Ngô", 2), ("Dương", 2), ("Lương", 1), ("Hà", 1), ("Tô", 1), ("Mai", 1),
)  # fmt: skip
MIDDLES = {
    "male": (
        ("Văn", 34), ("Đức", 9), ("Hữu", 5), ("Quang", 8), ("Minh", 8), ("Xuân", 5), ("Ngọc", 6), ("Trọng", 4),
        ("Thanh", 5), ("Đình", 5), ("Công", 4), ("Tiến", 3), ("Anh", 2), ("Quốc", 3), ("Duy", 3),
    ),
    "female": (
        ("Thị", 46), ("Thị Thu", 6), ("Thị Thanh", 6), ("Thị Ngọc", 5), ("Thị Minh", 3), ("Ngọc", 6), ("Thu", 6),
        ("Thanh", 5), ("Phương", 4), ("Hồng", 4), ("Thùy", 4), ("Kim", 3), ("Khánh", 2),
    ),
}  # fmt: skip
GIVENS = {
    "male": (
        "Hùng", "Dũng", "Tuấn", "Nam", "Hải", "Long", "Sơn", "Thắng", "Cường", "Trung", "Hiếu", "Đạt", "Việt", "Huy",
        "Kiên", "Toàn", "Hòa", "Bình", "Khoa", "Phúc", "Quân", "Thành", "Tú", "Vinh", "Lâm", "Tài", "Mạnh", "Chiến",
        "Đông", "Khánh", "Quyết", "Thịnh", "Tùng", "An", "Duy", "Giang", "Hoàn", "Linh", "Nghĩa", "Phong", "Ước",
    ),
    "female": (
        "Hương", "Lan", "Hoa", "Hòa", "Thủy", "Thúy", "Hằng", "Nga", "Mai", "Linh", "Trang", "Huyền", "Yến", "Nhung",
        "Thảo", "Phương", "Hà", "Thu", "Vân", "Oanh", "Loan", "Hiền", "Dung", "Ngân", "Quỳnh", "Ánh", "Đào", "Nguyệt",
        "Tâm", "Xuyến", "Hạnh", "Liên", "Chi", "Thơm", "Duyên", "Lụa", "Uyên", "Hường", "Mến", "Bích", "Ngoan",
    ),
}  # fmt: skip
# The same syllable, the tone on the second vowel: people write both, and searching must find both.
OTHER_SPELLING = {"Hòa": "Hoà", "Thủy": "Thuỷ", "Thúy": "Thuý", "Thùy": "Thuỳ"}

VILLAGES = (
    "Hội", "Đông", "Đoài", "Thượng", "Trung", "Hạ", "Nam", "Bắc", "Đại Đồng", "Phú Lễ", "An Lạc", "Thanh Trai",
    "Bách Tính", "Gia Lạc", "Mỹ Bổng", "Kiến Xá", "Hữu Lộc", "Thái Hạc", "Nguyên Kinh", "Lộc Điền", "Thuận An",
    "Bình An", "Phương Cáp", "Hương Sơn", "Đồng Đại", "Hành Dũng", "Trà Khê", "Vân Động", "Tân Phong", "Quang Trung",
    "Hiệp Trung", "Phú Chử", "Dũng Thúy", "Song Thủy", "Lạng", "Trại", "Chùa", "Ngọc Tiên", "Xuân Lôi", "Đại An",
)  # fmt: skip
ELSEWHERE = (
    "huyện Kiến Xương, tỉnh Thái Bình", "huyện Đông Hưng, tỉnh Thái Bình", "thành phố Thái Bình, tỉnh Thái Bình",
    "huyện Hưng Hà, tỉnh Thái Bình", "huyện Tiền Hải, tỉnh Thái Bình", "huyện Xuân Trường, tỉnh Nam Định",
    "huyện Lý Nhân, tỉnh Hà Nam", "thành phố Hưng Yên, tỉnh Hưng Yên",
)  # fmt: skip


def pick(rng: Random, weighted: tuple[tuple[str, int], ...]) -> str:
    """One of the values, by its weight."""
    values, weights = zip(*weighted, strict=True)
    return rng.choices(values, weights)[0]


def full_name(rng: Random, sex: str) -> str:
    """Nguyễn Thị Hòa, and now and then Nguyễn Thị Hoà."""
    family = pick(rng, FAMILIES)
    middle = pick(rng, MIDDLES[sex])
    given = rng.choice(GIVENS[sex])
    while given in middle.split() or given == family:
        given = rng.choice(GIVENS[sex])
    words = [family, *middle.split(), given]
    if rng.random() < 0.25:
        words = [OTHER_SPELLING.get(word, word) for word in words]
    return " ".join(words)


def identity_number(index: int, offset: int, sex: str, year: int) -> str:
    """A citizen number with the unassigned prefix 000: century and sex, year, and six figures used once."""
    century = (0 if year < 2000 else 2) + (1 if sex == "female" else 0)
    return f"000{century}{year % 100:02d}{(index * 7919 + offset) % 1_000_000:06d}"


def phone(rng: Random) -> str:
    """A number nobody has: no Vietnamese number begins with 0000."""
    return f"0000{rng.randrange(1_000_000):06d}"


def place_of(short_name: str) -> str:
    """`xã Hồng Lý` of the unit's short name; empty for a unit that is no commune."""
    words = short_name.split()
    return lower_first(short_name) if words[:1] in (["Xã"], ["Thị"]) else ""


def home_town(rng: Random, commune: str) -> str:
    if commune and rng.random() < 0.85:
        return f"{commune}, huyện Vũ Thư, tỉnh Thái Bình"
    return rng.choice(ELSEWHERE)


def residence(rng: Random, commune: str) -> str:
    if not commune:
        return "thị trấn Vũ Thư, huyện Vũ Thư, tỉnh Thái Bình"
    return f"thôn {rng.choice(VILLAGES)}, {commune}, huyện Vũ Thư"
