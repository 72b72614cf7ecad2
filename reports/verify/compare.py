"""What the program shows beside what the recount finds: every figure of every row, named in words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from reports.verify.difference import Difference
from reports.verify.lives import STAGES
from reports.verify.recount import SUMS
from reports.verify.tables import Tables

LABELS = {
    "members": "tổng số đảng viên",
    "average_age": "tuổi bình quân",
    "branches": "số chi bộ trực thuộc",
    "minimum": "chỉ tiêu năm, tối thiểu",
    "maximum": "chỉ tiêu năm, tối đa",
    "state": "so với chỉ tiêu",
    "slow": "chậm",
    "expected": "mức cần có đến ngày",
    "year_of_ranged": "lũy kế năm của đơn vị có chỉ tiêu",
    "trained": "đã học lớp",
    "dossier": "hồ sơ đang làm",
    "submitted": "đã gửi BTC",
    "period_people": "kết nạp trong kỳ, người có tên",
    "period_opening": "kết nạp trong kỳ, số dư đầu kỳ",
    "year_people": "lũy kế năm, người có tên",
    "year_opening": "lũy kế năm, số dư đầu kỳ",
    "term_people": "lũy kế nhiệm kỳ, người có tên",
    "term_opening": "lũy kế nhiệm kỳ, số dư đầu kỳ",
    "last_year_people": "cùng kỳ năm trước, người có tên",
    "last_year_opening": "cùng kỳ năm trước, số dư đầu kỳ",
    "percent": "% chỉ tiêu",
    "women_people": "nữ",
    "women_opening": "nữ trong số dư đầu kỳ",
    "women_unknown": "không rõ nam nữ",
    "youth_union_people": "đoàn viên",
    "religion_people": "tôn giáo",
    "enterprise_people": "doanh nghiệp",
    "unknown": "không rõ (phần chưa có tên)",
    "official": "chuyển chính thức",
    "entered": "đã nhập số liệu",
    "followed": "đang theo dõi",
    "certificates": "giấy chứng nhận sắp hết giá trị",
    "probation": "hết thời gian dự bị",
    "returned_long": "bị trả lại đã lâu",
    "submitted_long": "gửi Ban Tổ chức đã lâu",
}
NO_ADMISSION = "chi bộ nhiều năm không kết nạp"
IN_WORDS = {"open": "bước", "returned": "bị trả lại ở bước", "stopped": "tạm dừng ở bước"}
GROUPS = {"grassroots_commune": "Cộng I", "grassroots_other": "Cộng II"}
LABELS |= {f"{status}_{stage}": f"{words} {stage}" for status, words in IN_WORDS.items() for stage in STAGES}
TERM = {
    "people": "kết quả nhiệm kỳ, người có tên",
    "opening": "kết quả nhiệm kỳ, số dư đầu kỳ",
    "years": "kết quả nhiệm kỳ theo năm",
    "minimum": "mục tiêu nhiệm kỳ",
    "expected": "mức nhiệm kỳ cần có đến ngày",
}
LABELS |= {"returned": "bị trả lại", "stopped": "tạm dừng"}
TRAINING = {
    "sent": "lớp học: đã cử",
    "refused": "lớp học: không đủ điều kiện",
    "places": "lớp học: số chỗ",
    "taken": "lớp học: chỗ đã dùng của lớp có số chỗ",
    "seated": "lớp học: có chỗ",
    "learners": "lớp học: học viên",
    "passed": "lớp học: đạt",
    "failed": "lớp học: không đạt",
    "dropped": "lớp học: bỏ học",
    "outcomes": "lớp học: đạt trên số có kết quả",
    "certificates": "lớp học: giấy chứng nhận",
    "admitted": "giấy chứng nhận: đã kết nạp",
    "within_12": "giấy chứng nhận: kết nạp trong 12 tháng",
    "within_24": "giấy chứng nhận: kết nạp trong 24 tháng",
    "within_36": "giấy chứng nhận: kết nạp trong 36 tháng",
    "again": "giấy chứng nhận: tính giấy khác",
    "gone": "giấy chứng nhận: không còn theo dõi",
    "waiting": "giấy chứng nhận: chưa kết nạp",
    "expired": "giấy chứng nhận: đã hết giá trị",
    "expiring": "giấy chứng nhận: sắp hết giá trị",
}


@dataclass
class Compared:
    """How many figures were laid side by side, and which differ."""

    figures: int = 0
    differences: list[Difference] = field(default_factory=list)

    def pair(self, figure: str, where: str, shown, counted, on: date | None = None) -> None:
        self.figures += 1
        if shown != counted:
            self.differences.append(Difference(figure, where, shown, counted, on))

    def add(self, found: Iterator[Difference]) -> None:
        self.differences.extend(found)


def compare_tables(compared: Compared, shown: dict, counted: dict, tables: Tables, on: date) -> None:
    """Rows of units, groups and the total. A unit that is not shown must have nothing to show."""
    for unit, row in counted["units"].items():
        where = tables.name(unit)
        if unit in shown["units"]:
            compare_row(compared, shown["units"][unit], row, where, on)
            continue
        for name in SUMS:
            compared.pair(LABELS[name], f"{where}, không có dòng", 0, row[name], on)
    for unit in shown["units"].keys() - counted["units"].keys():
        compared.pair("dòng của đơn vị", tables.name(unit), "có", "không", on)
    for kind, row in shown["groups"].items():
        compare_row(compared, row, counted["groups"][kind], GROUPS[kind], on)
    compare_row(compared, shown["total"], counted["total"], "Tổng cộng", on)


def compare_term(compared: Compared, shown: dict, counted: dict, on: date) -> None:
    for name, label in TERM.items():
        compared.pair(label, "Tổng cộng", shown[name], counted[name], on)


def compare_branches(compared: Compared, shown: set, counted: set, tables: Tables, on: date) -> None:
    for branch in shown | counted:
        compared.pair(NO_ADMISSION, tables.name(branch), branch in shown, branch in counted, on)
    compared.pair(NO_ADMISSION, "Tổng cộng", len(shown), len(counted), on)


def compare_training(compared: Compared, shown: dict, counted: dict, tables: Tables, on: date, whose: str = "") -> None:
    """Classes, units and their sum; a class or unit that is not shown must have nobody to show."""
    for group, name in (("classes", lambda key: f"lớp số {key}"), ("units", tables.name)):
        for key in shown[group].keys() | counted[group].keys():
            ours, theirs = counted[group].get(key, {}), shown[group].get(key)
            for figure in ours if theirs is None else theirs:
                value = _nothing(figure) if theirs is None else theirs[figure]
                compared.pair(TRAINING[figure], f"{name(key)}{whose}", value, ours.get(figure, _nothing(figure)), on)
    for part in ("total", "lists", "card"):
        for figure, value in shown.get(part, {}).items():
            compared.pair(TRAINING[figure], f"Tổng cộng{whose}", value, counted["total"][figure], on)


def _nothing(figure: str):
    """What a class or a unit without anybody counts."""
    return (0, 0) if figure == "outcomes" else None if figure == "places" else 0


def compare_row(compared: Compared, shown: dict, counted: dict, where: str, on: date) -> None:
    """Every figure the program shows; one the recount does not know is a fault of this module."""
    for name, value in shown.items():
        compared.pair(LABELS[name], where, value, counted[name], on)
