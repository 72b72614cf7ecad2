"""The words of the history for people: actions, fields that have no name of their own, facts of steps."""

from candidates import special_cases
from candidates.choices import PriorityGroup, WaitingFor
from candidates.pipeline import DOCUMENT, TRANSITIONS, Fact, Stage, Status
from candidates.rules import PARAMETERS, TOPICS
from candidates.sub_limits import AWAITED
from organizations import history
from vuthu_recruit.vietnamese import lower_first

ACTIONS = {
    "candidate.enter": "Nhập quần chúng",
    "candidate.backfill": "Nhập bù người đã kết nạp",
    "candidate.edit": "Sửa hồ sơ",
    "candidate.spelling": "Sửa lỗi chính tả",
    "candidate.introduce": "Đoàn thể giới thiệu",
    "candidate.accept": "Tiếp nhận người được giới thiệu",
    "candidate.decline": "Không tiếp nhận người được giới thiệu",
    "candidate.companions": "Ghi người giới thiệu, người giúp đỡ",
    "candidate.readmit": "Nhập hồ sơ kết nạp lại",
    "candidate.former": "Ghi việc từng là đảng viên",
    "candidate.step": "Ghi bước",
    "candidate.correct": "Sửa bước đã ghi",
    "candidate.withdraw": "Rút bước đã ghi",
    "candidate.move": "Chuyển đơn vị",
    "candidate.transfer": "Chuyển hồ sơ sau đối chiếu",
    "candidate.review_asked": "Đề nghị đối chiếu",
    "candidate.review": "Kết quả đối chiếu",
    "candidate.delegated": "Quyết định theo ủy quyền",
    "candidate.papers": "Ghi giấy tờ hồ sơ",
    "candidate.answer": "Ghi đã bổ sung điểm bị trả lại",
    "candidate.appraise": "Thẩm định hồ sơ",
    "session.open": "Mở kỳ họp",
    "session.edit": "Sửa kỳ họp",
    "session.cancel": "Hủy kỳ họp",
    "session.list": "Danh sách kỳ họp",
    "session.outcomes": "Ghi kết quả kỳ họp",
    "catalogue.form": "Sửa biểu mẫu hồ sơ",
    "catalogue.question": "Sửa nội dung thẩm định",
    "class.kind": "Sửa loại lớp",
    "class.grade": "Sửa thang xếp loại",
    "class.open": "Mở lớp học",
    "class.edit": "Sửa lớp học",
    "class.call_off": "Hủy lớp học",
    "class.lessons": "Xếp lịch học",
    "class.nominate": "Cử người đi học",
    "class.screen": "Xét người được cử",
    "class.move_up": "Gọi người chờ chỗ vào học",
    "class.change": "Thay đổi của học viên",
    "class.attendance": "Điểm danh",
    "class.result": "Ghi kết quả học lớp",
    "class.result_file": "Nhận tệp kết quả học lớp",
    "class.certificates": "Cấp giấy chứng nhận",
    "rules.load": "Nạp bộ quy định, lịch làm việc",
    "rules.revise": "Sửa bộ quy định",
    "rules.calendar": "Sửa lịch làm việc",
    "rules.local": "Đặt thời hạn nội bộ",
}
# Steps name the same fact differently ("số giấy chứng nhận", "số quyết định"); the history uses one name for all.
FACTS = {fact.key: fact for transition in TRANSITIONS for fact in transition.facts}
FACTS |= {fact.key: fact for fact in (DOCUMENT, Fact("members", "Số người có quyền biểu quyết", "number"))}


def facts_in_words(facts: dict) -> str:
    """The facts of a step, with the names the form gives them."""
    known = [(key, value) for key, value in facts.items() if key in FACTS and value not in ("", None)]
    return "; ".join(f"{FACTS[key].label}: {_value(key, value)}" for key, value in known)


def _value(key: str, value) -> str:
    fact = FACTS[key]
    if fact.kind == "choice":
        return str(dict(fact.choices).get(value, value))
    if fact.kind == "day":
        return "/".join(reversed(str(value).split("-")))
    return str(value)


def groups_in_words(groups: list) -> str:
    return ", ".join(str(dict(PriorityGroup.choices).get(group, group)) for group in groups)


def parameters_in_words(values: dict) -> str:
    """Each number of a rule set, with its topic."""
    rows = [(PARAMETERS[key], value) for key, value in values.items() if key in PARAMETERS]
    return "; ".join(f"{TOPICS[row.topic]}, {lower_first(row.label)}: {row.words(n)}" for row, n in rows)


def citations_in_words(citations: dict) -> str:
    return "; ".join(f"{TOPICS.get(topic, topic)}: {words}" for topic, words in citations.items())


def local_limits_in_words(days: dict) -> str:
    """How many working days each level has."""
    return "; ".join(f"{AWAITED[step].who}: {n} ngày làm việc" for step, n in days.items() if step in AWAITED)


def days_in_words(days: list) -> str:
    """The days of a year, short: 29/04, 04/05 làm bù."""
    worked = {"worked": " làm bù"}
    return ", ".join(f"{row['day'][8:]}/{row['day'][5:7]}{worked.get(row['kind'], '')}" for row in days)


def questions_in_words(answers: list) -> str:
    """What an appraisal found right."""
    return "; ".join(f"đạt: {row['text']}" for row in answers)


def register() -> None:
    event = "candidates.StageEvent"
    history.register(
        actions=ACTIONS,
        labels={
            f"{event}.to_stage": "chuyển sang",
            f"{event}.to_status": "trạng thái",
            f"{event}.facts": "nội dung",
            "candidates.Candidate.waiting_for": "đang chờ",
            "candidates.Enrolment.candidate": "học viên",
            "candidates.Enrolment.participant_name": "học viên",
            "candidates.Attendance.enrolment": "học viên",
            "candidates.TrainingClass.is_sample": "dữ liệu mẫu",
            "candidates.SessionItem.candidate": "quần chúng",
            "candidates.CommitteeSession.organization": "cấp họp",
        },
        describers={
            f"{event}.facts": facts_in_words,
            f"{event}.to_stage": lambda value: str(dict(Stage.choices).get(value, value)),
            f"{event}.to_status": lambda value: str(dict(Status.choices).get(value, value)),
            "candidates.Candidate.priority_groups": groups_in_words,
            "candidates.Candidate.special_cases": special_cases.in_words,
            "candidates.Candidate.waiting_for": lambda value: str(dict(WaitingFor.choices).get(value, value)),
            "candidates.RuleSet.values": parameters_in_words,
            "candidates.RuleSet.citations": citations_in_words,
            "candidates.RuleSet.documents": "; ".join,
            "candidates.RuleSet.uncertain": lambda keys: ", ".join(PARAMETERS[key].label for key in keys),
            "candidates.CalendarYear.days": days_in_words,
            "candidates.DossierForm.not_before": ", ".join,
            "candidates.DossierForm.regimes": ", ".join,
            "candidates.Appraisal.answers": questions_in_words,
            "candidates.LocalLimits.days": local_limits_in_words,
        },
        hidden=[
            *(f"{event}.{name}" for name in ("seq", "place", "recorded_at", "by", "reason")),
            *(f"candidates.RuleSet.{name}" for name in ("regime", "reason", "made_by", "made_at")),
            *(f"candidates.Appraisal.{name}" for name in ("by", "at")),
            *("candidates.DossierForm.key", "candidates.AppraisalQuestion.key"),
            *("candidates.ClassKind.key", "candidates.Grade.key", "candidates.Enrolment.participant_sort_key"),
            *(
                f"candidates.Enrolment.{name}"
                for name in ("nominated_at", "nominated_by", "screened_at", "screened_by")
            ),
        ],
        replaces={event: "replaces_id"},
    )
