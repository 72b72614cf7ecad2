"""Whether somebody who was a member before may be admitted again (domain.md 1.5). Pure.

Measured when the branch considers admission, once. No verdict says how somebody left or of what a court found: it is
kept with the step and read by people who may not know it.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from candidates.choices import HowLeft, Sentence, SpecialCase
from candidates.judged import NOBODY_KNOWS, Judged, Outcome
from candidates.rules import Rules
from vuthu_recruit.dates import months_after, show_day, whole_months

if TYPE_CHECKING:
    from candidates.gates import Attempt

BARRED_WAYS = (HowLeft.STAYED_AWAY, HowLeft.DISUNITY)
BARRED_SENTENCES = (Sentence.CORRUPTION, Sentence.SERIOUS)


@dataclass(frozen=True)
class Former:
    """How and when somebody ceased to be a member, as far as the rules read it."""

    left_on: date
    how: str = HowLeft.STRUCK_OFF
    family_hardship: bool = False  # for a person who asked to leave
    sentence: str = Sentence.NONE
    cleared_on: date | None = None  # since when the sentence is spent
    readmitted_before: bool = False

    @property
    def is_barred(self) -> bool:
        """Left in a way, or was sentenced for something, after which nobody is considered again."""
        asked_to_leave = self.how == HowLeft.RESIGNED and not self.family_hardship
        return asked_to_leave or self.how in BARRED_WAYS or self.sentence in BARRED_SENTENCES

    def ripe_on(self, rules: Rules) -> date | None:
        """The day from which time allows it; None while the day the sentence was spent is not known."""
        since_leaving = months_after(self.left_on, rules["readmission_months"])
        if self.sentence != Sentence.LESS_SERIOUS:
            return since_leaving
        if self.cleared_on is None:
            return None
        return max(since_leaving, months_after(self.cleared_on, rules["sentence_months"]))


def readmission(attempt: "Attempt", rules: Rules) -> Judged | None:
    """36 months since leaving, 60 since a lesser sentence was spent; once only; some never (domain.md 1.5)."""
    former, day = attempt.story.record.former, attempt.happened_on
    if former is None:
        return None
    months = rules["readmission_months"]
    given = {
        "found": f"ra khỏi Đảng ngày {show_day(former.left_on)}, đã {max(whole_months(former.left_on, day), 0)} tháng",
        "required": f"ít nhất {months} tháng từ khi ra khỏi Đảng (có trường hợp dài hơn); chỉ kết nạp lại một lần",
        "citation": rules.cite("readmission"),
    }
    if former.readmitted_before or former.is_barred:
        once = "Đã được kết nạp lại một lần: không xem xét lần nữa."
        message = once if former.readmitted_before else "Thuộc trường hợp không xem xét kết nạp lại."
        return _refused(message, required="chỉ kết nạp lại một lần, và không thuộc trường hợp không xem xét",
                        citation=given["citation"])  # fmt: skip
    if SpecialCase.POPULATION in attempt.story.record.special_cases:
        message = "Kết nạp lại trong trường hợp này theo quy định riêng về thời gian, cần đối chiếu."
        return Judged("readmission", Outcome.WARNING, message, who="Ban Tổ chức đối chiếu", **given)
    ripe = former.ripe_on(rules)
    if ripe is None:
        message = "Chưa đủ thông tin để tính thời gian được xét kết nạp lại."
        return Judged("readmission", Outcome.NOT_MET, message, who=f"{NOBODY_KNOWS}, mục Từng là đảng viên", **given)
    if day < ripe:
        return _early(former, months, ripe, given)
    return Judged("readmission", Outcome.MET, f"Đủ thời gian để xét kết nạp lại từ ngày {show_day(ripe)}.", **given)


def _refused(message: str, **given) -> Judged:
    return Judged("readmission", Outcome.NOT_MET, message, who="Ban Tổ chức trả lời đơn vị", **given)


def _early(former: Former, months: int, ripe: date, given: dict) -> Judged:
    plain = former.sentence == Sentence.NONE
    message = f"Chưa đủ {months} tháng từ khi ra khỏi Đảng." if plain else "Chưa đủ thời gian để xét kết nạp lại."
    return Judged(
        "readmission", Outcome.NOT_MET, message, who="Chờ đủ thời gian", changes=f"từ ngày {show_day(ripe)}",
        field="happened_on", **given,
    )  # fmt: skip


def readmission_consent(attempt: "Attempt", rules: Rules) -> Judged | None:
    """The standing committee of the province agrees in writing before the decision."""
    if attempt.story.record.former is None:
        return None
    given = {
        "required": "văn bản đồng ý của Ban Thường vụ Tỉnh ủy, trước ngày quyết định",
        "citation": rules.cite("readmission"),
    }
    if consent := attempt.facts.get("readmission_consent"):
        message = f"Ban Thường vụ Tỉnh ủy đồng ý kết nạp lại: {consent}."
        return Judged("readmission_consent", Outcome.MET, message, **given)
    message = "Kết nạp lại phải được Ban Thường vụ Tỉnh ủy đồng ý bằng văn bản trước khi ra quyết định."
    return Judged(
        "readmission_consent", Outcome.NOT_MET, message, found="chưa có văn bản",
        who="Ban Tổ chức trình xin ý kiến", field="readmission_consent", **given,
    )  # fmt: skip
