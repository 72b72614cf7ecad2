"""A commune's list of any length, twenty columns wide, as the workbook its officer would send. Invented people."""

import io

import openpyxl

HEAD = (
    *("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chi bộ", "Số CCCD", "Nơi ở", "Quê quán", "Điện thoại", "Dân tộc"),
    *("Tôn giáo", "Học vấn phổ thông", "Trình độ chuyên môn", "Lý luận chính trị", "Nghề nghiệp", "Nơi làm việc"),
    *("Đoàn viên", "Ngày vào Đoàn", "Đối tượng ưu tiên", "Ghi chú"),
)
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
MIDDLES = ("Văn", "Đức", "Minh", "Quang", "Thị Thu", "Thị Ngọc", "Thị Kim", "Hồng", "Xuân", "Thanh")
GIVEN = ("An", "Bình", "Cường", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Sơn", "Thảo")


def name_of(number: int) -> str:
    """Hardly two of a list have a name and a day of birth in common."""
    family, middle = FAMILIES[number % 10], MIDDLES[number // 10 % 10]
    return f"{family} {middle} {GIVEN[number // 100 % 14]} {GIVEN[number // 1400 % 14]}"


def year_of(number: int) -> int:
    return 1970 + number % 35


def is_woman(number: int) -> bool:
    return "Thị" in name_of(number)


def number_of(number: int) -> str:
    """As such numbers are made: sex and century, the year, six digits more."""
    return f"000{2 * (year_of(number) >= 2000) + is_woman(number)}{year_of(number) % 100:02}{number:06}"


def row_of(number: int, branch: str, residence: str = "") -> tuple:
    sex = "Nữ" if is_woman(number) else "Nam"
    day = f"{number % 28 + 1}/{number % 12 + 1}/{year_of(number)}"
    return (
        *(number + 1, name_of(number), day, sex, branch, number_of(number), residence or f"Thôn {number % 9 + 1}"),
        *("Song Lãng, Vũ Thư, Thái Bình", f"09{number:08}", "Kinh", "Không", "12/12", "Đại học", "Sơ cấp"),
        *("Giáo viên", "Trường THCS Song Lãng", "x", f"26/3/{year_of(number) + 16}", "", ""),
    )


def long_list(count: int, branches: tuple[str, ...], *, first: int = 0, residence: str = "") -> bytes:
    """`count` people from number `first` on; with another residence, the same people changed."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Nguồn")
    sheet.append(HEAD)
    for number in range(first, first + count):
        sheet.append(row_of(number, branches[number % len(branches)], residence))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
