"""What may happen to a demo person: the usual road as hops, and each realistic fault as a change to it. Pure.

A path is a list of hops after the class; one hop is anchored to a day, the others are dated outwards from it.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from candidates.pipeline import BACKFILLED, Step
from reports.demo import days

STUCK_AT = (Step.DOSSIER, Step.BRANCH_PASSED, Step.SUBMITTED, Step.ADMITTED)


@dataclass(frozen=True)
class Hop:
    """A step, so many days after the one before it; `facts` only where the fault decides them."""

    step: Step
    low: int = 0
    high: int = 0
    facts: dict = field(default_factory=dict)
    to: str = ""  # of a move: branch or unit


@dataclass(frozen=True)
class Plan:
    """Hops with the place of the one whose day is known. Without hops: a person in source or trained."""

    hops: list[Hop]
    anchor: int = 0
    on: date | None = None


def usual(form: str) -> list[Hop]:
    """From the dossier to official member."""
    hops = [
        Hop(Step.DOSSIER),
        Hop(Step.BRANCH_PASSED, 60, 200),
        Hop(Step.COMMITTEE_PASSED, 5, 20),
        Hop(Step.SUBMITTED, 2, 9),
        Hop(Step.APPRAISED, 5, 18),
        Hop(Step.DECIDED, 4, 16),
        Hop(Step.ADMITTED, 6, 28),
        Hop(Step.RECOGNITION_PROPOSED, 367, 396),
        Hop(Step.RECOGNITION_COMMITTEE_PASSED, 5, 15),
        Hop(Step.OFFICIAL, 8, 20),
    ]
    skipped = (Step.COMMITTEE_PASSED, Step.RECOGNITION_COMMITTEE_PASSED) if form == "cell" else ()
    return [hop for hop in hops if hop.step not in skipped]


def place(hops: list[Hop], step: Step) -> int:
    """Where the step stands last."""
    return max(index for index, hop in enumerate(hops) if hop.step == step)


def until(hops: list[Hop], step: Step) -> list[Hop]:
    return hops[: place(hops, step) + 1]


def after(hops: list[Hop], step: Step, *more: Hop) -> list[Hop]:
    at = place(hops, step) + 1
    return [*hops[:at], *more, *hops[at:]]


def slower(hops: list[Hop], step: Step, low: int, high: int) -> list[Hop]:
    return [replace(hop, low=low, high=high) if hop.step == step else hop for hop in hops]


def dated(rng: Random, plan: Plan) -> list[tuple[Hop, date]]:
    """A day for every hop. Recognition is measured from the ceremony, whatever came between."""
    hops, found = plan.hops, {}
    if not hops:
        return []
    found[plan.anchor] = days.on_or_before(plan.on)
    for index in range(plan.anchor, 0, -1):
        found[index - 1] = days.earlier(rng, found[index], hops[index].low, hops[index].high)
    for index in range(plan.anchor + 1, len(hops)):
        start = found[index - 1]
        if hops[index].step in (Step.RECOGNITION_PROPOSED, Step.BRANCH_VOTE_FAILED):
            start = next((found[i] for i in range(index) if hops[i].step == Step.ADMITTED), start)
        found[index] = max(found[index - 1], days.later(rng, start, hops[index].low, hops[index].high))
    return [(hop, found[index]) for index, hop in enumerate(hops)]


@dataclass(frozen=True)
class Road:
    """What a path is chosen from: chance, the form of the unit, today, and the day the decision would fall."""

    rng: Random
    form: str
    today: date
    decided_on: date
    has_branches: bool = True

    def ago(self, low: int, high: int) -> date:
        return days.earlier(self.rng, self.today, low, high)

    def long_ago(self, low: int, high: int) -> date:
        """A day whose whole road is history; recent ones are likelier."""
        return self.ago(low, low + int((high - low) * self.rng.random() ** 1.5))


def decided(road: Road, hops: list[Hop]) -> Plan:
    return Plan(hops, place(hops, Step.DECIDED), road.decided_on)


def ended(hops: list[Hop], on: date) -> Plan:
    return Plan(hops, len(hops) - 1, on)


def ordinary(road: Road) -> Plan:
    return decided(road, usual(road.form))


def corrected(road: Road) -> Plan:
    """An ordinary road, long enough ago that somebody noticed the wrong day."""
    hops = usual(road.form)
    return Plan(hops, place(hops, Step.DECIDED), road.long_ago(40, 900))


def backfilled(road: Road) -> Plan:
    """Known from a decision of the months that opening balances cover; of most the recognition was typed as well."""
    mark = {BACKFILLED: True}
    hops = [Hop(Step.BACKFILLED, facts=mark), Hop(Step.DECIDED, facts=mark), Hop(Step.ADMITTED, 6, 24, mark)]
    if road.rng.random() < 0.7:
        hops.append(Hop(Step.OFFICIAL, 385, 430, mark))
    first, last = date(2020, 9, 1), date(2021, 6, 15)
    return Plan(hops, 0, first + timedelta(days=road.rng.randrange((last - first).days)))


EXTENDED = {"reason": "Chờ kết quả thẩm tra lý lịch ở địa phương khác, chưa đủ căn cứ xem xét trong thời hạn."}


def late_decision(road: Road) -> Plan:
    """Beyond 60 working days: with a signed extension, or without."""
    hops = slower(usual(road.form), Step.DECIDED, 14, 25)
    if road.rng.random() < 0.4:
        return decided(road, slower(hops, Step.APPRAISED, 75, 110))
    hops = after(hops, Step.SUBMITTED, Hop(Step.EXTENDED, 35, 60, EXTENDED))
    return decided(road, slower(hops, Step.APPRAISED, 30, 55))


def again(form: str, redo: str, reason: str) -> list[Hop]:
    """A return and the steps taken once more."""
    hops = [Hop(Step.RETURNED, 5, 15, {"redo_from": redo, "reason": reason})]
    if redo == "branch":
        hops.append(Hop(Step.BRANCH_PASSED, 12, 30))
    if redo != "nothing" and form != "cell":
        hops.append(Hop(Step.COMMITTEE_PASSED, 4, 12))
    return [*hops, Hop(Step.SUBMITTED, 3, 15)]


def _return(road: Road) -> tuple[str, str]:
    redo = road.rng.choices(("nothing", "committee", "branch"), (5, 2, 3))[0]
    if redo == "committee" and road.form == "cell":
        redo = "branch"
    return redo, road.rng.choice(RETURN_REASONS[redo])


def returned_then_decided(road: Road) -> Plan:
    hops = usual(road.form)
    return decided(road, after(hops, Step.SUBMITTED, *again(road.form, *_return(road))))


def returned_now(road: Road) -> Plan:
    last = road.rng.choice((Step.SUBMITTED, Step.SUBMITTED, Step.APPRAISED))
    hops = [*until(usual(road.form), last), again(road.form, *_return(road))[0]]
    return ended(hops, road.ago(2, 60))


def deferred(road: Road) -> Plan:
    outcome, reason = road.rng.choice(DEFERRALS)
    hop = Hop(Step.DEFERRED, 4, 14, {"outcome": outcome, "reason": reason})
    hops = slower(usual(road.form), Step.DECIDED, 18, 28)
    return decided(road, after(hops, Step.APPRAISED, hop))


def vote_failed_then_passed(road: Road) -> Plan:
    hops = slower(usual(road.form), Step.BRANCH_PASSED, 80, 130)
    return decided(road, after(hops, Step.DOSSIER, Hop(Step.BRANCH_VOTE_FAILED, 60, 150)))


def vote_failed_now(road: Road) -> Plan:
    return ended([Hop(Step.DOSSIER), Hop(Step.BRANCH_VOTE_FAILED, 60, 150)], road.ago(10, 150))


def committee_reported(road: Road) -> Plan:
    if road.form == "cell":
        return vote_failed_now(road)
    hops = usual(road.form)
    at = place(hops, Step.COMMITTEE_PASSED)
    hops[at] = replace(hops[at], step=Step.COMMITTEE_REPORTED)
    if road.rng.random() < 0.5:
        return ended(until(hops, Step.COMMITTEE_REPORTED), road.ago(3, 25))
    return decided(road, hops)


CANCEL = {"reason": "Phát hiện hồ sơ thiếu kết luận thẩm tra một người thân, phải thẩm tra bổ sung."}
RESUME = {"reason": "Đã bổ sung đủ kết luận thẩm tra, đề nghị xét lại."}


def cancelled_now(road: Road) -> Plan:
    hops = [*until(usual(road.form), Step.DECIDED), Hop(Step.DECISION_CANCELLED, 3, 6, CANCEL)]
    return ended(hops, road.ago(8, 90))


def cancelled_then_again(road: Road) -> Plan:
    more = (
        Hop(Step.DECISION_CANCELLED, 3, 6, CANCEL),
        Hop(Step.REOPENED, 25, 60, RESUME),
        Hop(Step.DECIDED, 5, 15),
    )
    hops = after(usual(road.form), Step.DECIDED, *more)
    return Plan(hops, place(hops, Step.DECIDED), road.long_ago(60, 500))


def stopped_now(road: Road) -> Plan:
    hops = until(usual(road.form), road.rng.choice(STUCK_AT))
    reason = road.rng.choice(STOP_REASONS)
    return ended([*hops, Hop(Step.STOPPED, 10, 90, {"reason": reason})], road.long_ago(5, 700))


def stopped_then_reopened(road: Road) -> Plan:
    more = (
        Hop(Step.STOPPED, 15, 60, {"reason": road.rng.choice(STOP_REASONS)}),
        Hop(Step.REOPENED, 60, 220, {"reason": "Đã trở về địa phương, tiếp tục phấn đấu, chi bộ đề nghị theo dõi."}),
    )
    return decided(road, after(usual(road.form), Step.DOSSIER, *more))


def moved_branch(road: Road) -> Plan:
    to = "branch" if road.has_branches else "unit"
    return _moved(road, to, road.rng.choice((Step.DOSSIER, Step.ADMITTED, None)))


def moved_unit(road: Road) -> Plan:
    return _moved(road, "unit", road.rng.choice((Step.DOSSIER, Step.ADMITTED, Step.ADMITTED, None)))


def _moved(road: Road, to: str, step: Step | None) -> Plan:
    hop = Hop(Step.MOVED, 20, 45, {"reason": road.rng.choice(MOVE_REASONS)}, to=to)
    hops = usual(road.form)
    hops = after(hops, step, hop) if step else [hop, replace(hops[0], low=20, high=90), *hops[1:]]
    return Plan(hops, place(hops, Step.DECIDED), road.decided_on)


def moved_away(road: Road) -> Plan:
    hops = until(usual(road.form), road.rng.choice((Step.DOSSIER, Step.ADMITTED)))
    facts = {"destination": road.rng.choice(DESTINATIONS), "reason": "Chuyển nơi làm việc và nơi cư trú ổn định."}
    return ended([*hops, Hop(Step.MOVED_AWAY, 30, 200, facts)], road.long_ago(5, 900))


def struck_off(road: Road) -> Plan:
    facts = {"reason": "Trong thời gian dự bị không bảo đảm tư cách đảng viên, chi bộ đề nghị xóa tên."}
    hops = [*until(usual(road.form), Step.ADMITTED), Hop(Step.STRUCK_OFF, 120, 320, facts)]
    return ended(hops, road.long_ago(10, 900))


def struck_off_before(road: Road) -> Plan:
    """Long enough ago to be admitted again."""
    return replace(struck_off(road), on=road.ago(1150, 1300))


def at_branch(road: Road) -> Plan:
    return ended(until(usual(road.form), Step.BRANCH_PASSED), road.ago(1, 15))


def at_committee(road: Road) -> Plan:
    if road.form == "cell":
        return at_branch(road)
    return ended(until(usual(road.form), Step.COMMITTEE_PASSED), road.ago(1, 8))


def at_the_board(road: Road) -> Plan:
    return ended(until(usual(road.form), Step.SUBMITTED), road.ago(1, 14))


def at_the_session(road: Road) -> Plan:
    return ended(until(usual(road.form), Step.APPRAISED), road.ago(1, 12))


def overdue_decision(road: Road) -> Plan:
    """Sent, and more than 60 working days since the branch resolution."""
    hops = until(usual(road.form), Step.SUBMITTED)
    return Plan(hops, place(hops, Step.BRANCH_PASSED), road.ago(95, 140))


def overdue_ceremony(road: Road) -> Plan:
    """Received, and more than 30 working days gone since."""
    hops = [*until(usual(road.form), Step.DECIDED), Hop(Step.DECISION_RECEIVED, 2, 6)]
    return ended(hops, road.ago(48, 75))


def late_ceremony(road: Road) -> Plan:
    """More than 30 working days after the receipt, with the consent of the committee above."""
    hops = slower(usual(road.form), Step.ADMITTED, 52, 80)
    at = place(hops, Step.ADMITTED)
    hops[at] = replace(hops[at], facts={"late_consent": f"{road.rng.randint(120, 480)}-CV/HU"})
    return decided(road, hops)


def overdue_recognition(road: Road) -> Plan:
    return ended(until(usual(road.form), Step.ADMITTED), road.ago(425, 520))


def recognition_vote_failed(road: Road) -> Plan:
    hops = [*until(usual(road.form), Step.ADMITTED), Hop(Step.BRANCH_VOTE_FAILED, 367, 395)]
    return ended(hops, road.ago(5, 80))


def in_source(road: Road) -> Plan:
    """No further than the class; lives.py decides which class."""
    return Plan([])


RETURN_REASONS = {
    "nothing": (
        "Thiếu bản xác minh lý lịch bên vợ (chồng); bổ sung rồi gửi lại.",
        "Ngày sinh trong lý lịch khác với giấy khai sinh; đính chính và đóng dấu xác nhận.",
        "Thiếu ý kiến nhận xét của chi ủy nơi cư trú.",
        "Giấy chứng nhận học lớp nhận thức chỉ có bản chụp chưa chứng thực.",
    ),
    "committee": (
        "Nghị quyết của đảng ủy ghi số cấp ủy viên không khớp biên bản; đảng ủy họp lại.",
        "Đảng ủy họp khi chưa đủ kết luận thẩm tra lý lịch; họp xét lại sau khi có kết luận.",
    ),
    "branch": (
        "Nghị quyết chi bộ tính tỷ lệ trên số người có mặt, không phải tổng số đảng viên chính thức.",
        "Giấy giới thiệu của đảng viên đã quá 12 tháng; làm lại giấy giới thiệu và họp lại chi bộ.",
        "Chi bộ họp trước ngày có kết luận thẩm tra lý lịch; phải họp xét lại.",
    ),
}
DEFERRALS = (
    ("consult", "Xin thêm ý kiến của cơ quan công an về một nội dung trong lý lịch."),
    ("hold", "Hồ sơ gửi sát ngày họp, để lại xét ở kỳ họp sau."),
    ("hold", "Cần bổ sung nhận xét của nơi làm việc trước khi quyết định."),
)
STOP_REASONS = (
    "Đi lao động ở nước ngoài theo hợp đồng ba năm.",
    "Xin tạm dừng vì hoàn cảnh gia đình khó khăn.",
    "Đang xác minh đơn thư phản ánh, chờ kết luận.",
    "Đi làm xa, không tham gia sinh hoạt đoàn thể tại địa phương.",
    "Nghỉ chế độ thai sản và chăm con nhỏ.",
)
MOVE_REASONS = (
    "Chuyển công tác theo quyết định điều động.",
    "Chuyển nơi cư trú theo gia đình.",
    "Sắp xếp lại sinh hoạt cho phù hợp nơi làm việc.",
)
DESTINATIONS = (
    "Đảng bộ quận Hà Đông, thành phố Hà Nội", "Đảng bộ các khu công nghiệp tỉnh Bắc Ninh",
    "Đảng bộ thành phố Thái Bình", "Đảng bộ huyện Kiến Xương, tỉnh Thái Bình",
    "Đảng bộ thành phố Thủ Đức, Thành phố Hồ Chí Minh",
)  # fmt: skip
