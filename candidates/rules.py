"""One version of one rule set as the gates and clocks read it: parameters, citations, the days it is in force. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

OPEN_CITATION = "căn cứ cần đối chiếu"


# What the rule book speaks of, in the order of the road; every topic has its clause in every set.
TOPICS: dict[str, str] = {
    "age": "Tuổi của người vào Đảng",
    "education": "Trình độ học vấn",
    "certificate": "Giấy chứng nhận lớp bồi dưỡng nhận thức về Đảng",
    "introducers": "Người giới thiệu",
    "together": "Thời gian người giới thiệu cùng công tác, cư trú",
    "special": "Trường hợp phải có thêm văn bản đồng ý",
    "readmission": "Kết nạp lại",
    "papers": "Giấy tờ quá hạn phải làm lại",
    "branch_vote": "Chi bộ biểu quyết",
    "committee_vote": "Đảng ủy cơ sở biểu quyết",
    "decision": "Thời hạn ra quyết định kết nạp",
    "ceremony": "Thời hạn tổ chức lễ kết nạp",
    "probation": "Thời gian dự bị",
    "member_class": "Lớp bồi dưỡng đảng viên mới",
    "review": "Thời hạn chi bộ xét công nhận",
    "recognition": "Thời hạn ra quyết định công nhận",
}
MONTHS, DAYS, YES_NO = "tháng", "ngày làm việc", "có/không"


@dataclass(frozen=True)
class Parameter:
    """A number of the rule book. `least` and `most` keep a slip of the keyboard out, not a change of the law."""

    key: str
    topic: str
    label: str
    unit: str
    least: int
    most: int

    def words(self, value: int) -> str:
        """216 months of age are said as 18 years, 1 of a yes or no as "có"."""
        if self.unit == YES_NO:
            return "có" if value else "không"
        if self.topic == "age" and value % 12 == 0:
            return f"{value // 12} tuổi ({value} {self.unit})"
        return f"{value} {self.unit}"


# Whether each asks for the consent nobody confirmed: data of every set, never a constant.
SPECIAL = (
    "Vi phạm chính sách dân số (Quy định 05-QĐ/TW ngày 28/8/2018): cần văn bản đồng ý",
    "Quan hệ hôn nhân với người nước ngoài: cần văn bản đồng ý",
    "Chủ doanh nghiệp tư nhân: cần văn bản đồng ý",
    "Người có đạo: cần văn bản đồng ý",
)
# Sources: domain.md 1.1–1.5; the values of each regime, with their clauses, stand in data/rule_sets.toml.
PARAMETERS: dict[str, Parameter] = {
    row.key: row
    for row in (
        Parameter("age_from", "age", "Tuổi thấp nhất khi chi bộ họp xét", MONTHS, 168, 360),
        Parameter("age_to", "age", "Tuổi cao nhất, trên đó phải được đồng ý bằng văn bản", MONTHS, 480, 1200),
        Parameter("certificate_months", "certificate", "Giá trị giấy chứng nhận", MONTHS, 1, 240),
        Parameter("introducers", "introducers", "Số đảng viên chính thức giới thiệu", "người", 1, 5),
        Parameter("introducers_with_body", "introducers", "Số đó khi Đoàn hoặc Công đoàn giới thiệu", "người", 0, 5),
        Parameter("together_months", "together", "Thời gian cùng công tác, cư trú", MONTHS, 1, 60),
        Parameter("special_population", "special", SPECIAL[0], YES_NO, 0, 1),
        Parameter("special_foreign_marriage", "special", SPECIAL[1], YES_NO, 0, 1),
        Parameter("special_business_owner", "special", SPECIAL[2], YES_NO, 0, 1),
        Parameter("special_religion", "special", SPECIAL[3], YES_NO, 0, 1),
        Parameter("readmission_months", "readmission", "Thời gian từ khi ra khỏi Đảng", MONTHS, 1, 240),
        Parameter("sentence_months", "readmission", "Từ khi được xóa án tích, tội ít nghiêm trọng", MONTHS, 1, 240),
        Parameter("papers_months", "papers", "Giá trị giấy tờ khi chi bộ chưa họp xét", MONTHS, 1, 120),
        Parameter("decision_days", "decision", "Từ nghị quyết chi bộ đến quyết định", DAYS, 1, 365),
        Parameter("decision_extension", "decision", "Gia hạn nhiều nhất", DAYS, 0, 365),
        Parameter("ceremony_days", "ceremony", "Từ khi nhận quyết định đến lễ kết nạp", DAYS, 1, 365),
        Parameter("probation_months", "probation", "Thời gian dự bị", MONTHS, 1, 36),
        Parameter("review_days", "review", "Từ khi hết dự bị đến khi chi bộ xét", DAYS, 1, 365),
        Parameter("recognition_days", "recognition", "Từ nghị quyết chi bộ đến quyết định", DAYS, 1, 365),
        Parameter("recognition_extension", "recognition", "Gia hạn nhiều nhất", DAYS, 0, 365),
    )
}


@dataclass(frozen=True)
class Rules:
    """A rule set in one version. In force from `valid_from` to the day before `valid_to`."""

    regime: str
    version: int
    name: str
    valid_from: date
    valid_to: date | None
    values: Mapping[str, int]
    citations: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> int:
        return self.values[key]

    @property
    def label(self) -> str:
        """What a step keeps of the set it was judged by."""
        return f"{self.regime}/{self.version}"

    def cite(self, topic: str) -> str:
        """Document and clause as far as a source confirms them."""
        return self.citations.get(topic) or OPEN_CITATION

    def is_in_force_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class RuleBook:
    """The newest version of every set, each in force until the next begins.

    A day without a set has none: a neighbour's rules are never borrowed.
    """

    sets: tuple[Rules, ...]

    @classmethod
    def of(cls, versions: Iterable[Rules]) -> "RuleBook":
        newest: dict[str, Rules] = {}
        for rules in versions:
            if rules.regime not in newest or newest[rules.regime].version < rules.version:
                newest[rules.regime] = rules
        in_order = sorted(newest.values(), key=lambda rules: rules.valid_from)
        following = [*(rules.valid_from for rules in in_order[1:]), None]
        return cls(tuple(_until(rules, day) for rules, day in zip(in_order, following, strict=False)))

    def on(self, day: date) -> Rules | None:
        return next((rules for rules in self.sets if rules.is_in_force_on(day)), None)


def _until(rules: Rules, following: date | None) -> Rules:
    if following is None or (rules.valid_to and rules.valid_to <= following):
        return rules
    return replace(rules, valid_to=following)
