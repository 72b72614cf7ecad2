"""What the regulation asks of a step, gate by gate, by the set in force on the day of the step. Pure.

A gate answers met, not met or a warning, or nothing where it does not apply. Order, votes, facts and rights are
gates.py's. Sources: domain.md 1.1–1.5. What is measured when the branch considers admission is judged there, once.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from candidates.choices import Education
from candidates.clocks import LIMITS, Clock, Running, running
from candidates.judged import BOARD_ASKS, CONSENT_FIRST, NOBODY_KNOWS, Judged, Outcome
from candidates.paper_gates import complete, due, fresh
from candidates.pipeline import Step
from candidates.readmission import readmission, readmission_consent
from candidates.rules import Rules
from candidates.special_cases import special_announced, special_consent
from candidates.together import together
from vuthu_recruit.dates import age_in_months_range, months_after, show_day

if TYPE_CHECKING:
    from candidates.gates import Attempt

Gate = Callable[["Attempt", Rules], Judged | None]


def judge(attempt: "Attempt") -> list[Judged]:
    """Every condition of the step. A day without a set is a warning: a neighbour's rules are never borrowed.

    What is taken over from paper is not judged.
    """
    gates, day = GATES_OF.get(attempt.step, ()), attempt.happened_on
    if not gates or day is None or attempt.is_backfilled:
        return []
    rules = attempt.book.on(day)
    if rules is None:
        words = f"Chưa có bộ quy định cho ngày {show_day(day)}: các điều kiện chưa được xét."
        return [Judged("rule_set", Outcome.WARNING, words, who="Ban Tổ chức đối chiếu")]
    return [judged for gate in gates if (judged := gate(attempt, rules)) is not None]


# When the branch considers admission


def age(attempt: "Attempt", rules: Rules) -> Judged | None:
    """From 18 to 60 full years, counted in months; above, the consent may still come before the decision (domain 1.1).

    No source says whether the day of the month counts (see dates.full_months): the edge month passes with a word.
    """
    birth, day = attempt.story.birth, attempt.happened_on
    least_age, most_age = rules["age_from"], rules["age_to"]
    required = f"{_years(least_age)} đến {_years(most_age)}, tính theo tháng, vào ngày chi bộ họp xét"
    given = {"required": required, "citation": rules.cite("age")}
    if birth is None:
        return Judged("age", Outcome.NOT_MET, "Chưa có ngày sinh nên chưa xét được tuổi.", who=NOBODY_KNOWS, **given)
    least, most = age_in_months_range(birth, day)
    given["found"] = _age_words(least) if least == most else f"{_age_words(least)} đến {_age_words(most)}"
    consent = attempt.facts.get("over_60_consent")
    if most < least_age:
        ripe = months_after(birth.first.replace(day=1), least_age)
        return Judged(
            "age",
            Outcome.NOT_MET,
            f"Chưa {_years(least_age)} vào ngày chi bộ họp xét ({given['found']}).",
            who="Chờ đủ tuổi",
            changes=f"{_years(least_age)} từ tháng {ripe.month}/{ripe.year}",
            field="happened_on",
            **given,
        )
    if least > most_age and not consent:
        message = f"Quá {most_age // 12} tuổi vào ngày chi bộ họp xét ({given['found']}): {CONSENT_FIRST}."
        return Judged("age", Outcome.WARNING, message, who=BOARD_ASKS, field="over_60_consent", **given)
    if least < least_age or (least == least_age and birth.last.day > day.day):
        message = f"Sinh {birth}: chưa chắc đã {_years(least_age)} vào ngày chi bộ họp xét, cần đối chiếu."
        return Judged("age", Outcome.WARNING, message, who=NOBODY_KNOWS, **given)
    if (most > most_age or (most == most_age and birth.first.day < day.day)) and not consent:
        message = f"Sinh {birth}: có thể đã quá {most_age // 12} tuổi vào ngày chi bộ họp xét, cần đối chiếu."
        return Judged("age", Outcome.WARNING, message, who=NOBODY_KNOWS, **given)
    words = f"có văn bản đồng ý: {consent}" if most > most_age else f"{given['found']}"
    return Judged("age", Outcome.MET, f"Tuổi vào ngày chi bộ họp xét: {words}.", **given)


def education(attempt: "Attempt", rules: Rules) -> Judged:
    """Lower secondary school finished; the exceptions need a document (domain.md 1.1)."""
    level, exception = attempt.story.record.education, attempt.facts.get("education_exception")
    given = {"required": "tốt nghiệp trung học cơ sở trở lên", "citation": rules.cite("education")}
    if not level:
        return Judged("education", Outcome.NOT_MET, "Chưa ghi học vấn phổ thông.", who=NOBODY_KNOWS, **given)
    given["found"] = Education(level).label
    if level != Education.PRIMARY:
        return Judged("education", Outcome.MET, f"Học vấn: {given['found']}.", **given)
    if exception:
        return Judged("education", Outcome.MET, f"Học vấn theo ngoại lệ: {exception}.", **given)
    return Judged(
        "education",
        Outcome.NOT_MET,
        "Học vấn dưới trung học cơ sở.",
        who="Đơn vị ghi văn bản, nếu thuộc trường hợp ngoại lệ",
        field="education_exception",
        **given,
    )


def certificate(attempt: "Attempt", rules: Rules) -> Judged:
    """A certificate of the awareness class not older than 60 months when the branch meets (domain.md 1.4)."""
    day, months = attempt.happened_on, rules["certificate_months"]
    held = [issued for issued in attempt.story.record.certificates if issued <= day]
    given = {"required": f"cấp trong {months} tháng trước ngày chi bộ họp xét", "citation": rules.cite("certificate")}
    if not held:
        message = "Chưa có giấy chứng nhận học lớp nhận thức về Đảng vào ngày này."
        return Judged("certificate", Outcome.NOT_MET, message, who="Cử học lớp nhận thức về Đảng", **given)
    issued, ends = max(held), months_after(max(held), months)
    given["found"] = f"cấp ngày {show_day(issued)}"
    if day > ends:
        message = f"Giấy chứng nhận hết giá trị ngày {show_day(ends)}."
        return Judged("certificate", Outcome.NOT_MET, message, who="Cử học lại lớp nhận thức về Đảng", **given)
    return Judged("certificate", Outcome.MET, f"Giấy chứng nhận còn giá trị đến ngày {show_day(ends)}.", **given)


def introducers(attempt: "Attempt", rules: Rules) -> Judged:
    """Two official members; one where the Youth Union or the trade union introduces (domain.md 1.3)."""
    record, day = attempt.story.record, attempt.happened_on
    by_body = record.in_youth_union or record.in_trade_union
    wanted = rules["introducers_with_body" if by_body else "introducers"]
    standing = [one for one in record.introducers if one.stands_on(day)]
    body = "Đoàn Thanh niên" if record.in_youth_union else "Công đoàn"
    given = {
        "found": f"{len(standing)} đảng viên",
        "required": f"{wanted} đảng viên chính thức" + (f" và nghị quyết của {body}" if by_body else ""),
        "citation": rules.cite("introducers"),
    }
    if len(standing) >= wanted:
        return Judged("introducers", Outcome.MET, f"Người giới thiệu vào ngày này: {given['found']}.", **given)
    message = f"Người giới thiệu vào ngày này: {given['found']}, cần {wanted}."
    return Judged("introducers", Outcome.NOT_MET, message, who="Chi bộ phân công người giới thiệu", **given)


# Time


def _clock(attempt: "Attempt", clock: Clock) -> Running | None:
    """The clock of this kind that runs before the step."""
    story = attempt.story
    found = running(story.standing.stage, story.events) if story.events else None
    return found if found and found.clock == clock else None


def _measured(attempt: "Attempt", clock: Running) -> tuple[date, dict] | None:
    """The last day of a clock, by the set in force when it began, and what every answer about it says."""
    rules = attempt.book.on(clock.since)
    if rules is None:
        return None
    due = clock.due(rules, attempt.calendar)
    return due, {
        "found": f"ngày {show_day(attempt.happened_on)}",
        "required": f"chậm nhất ngày {show_day(due)}",
        "citation": rules.cite(str(clock.clock)),
    }


def _within(attempt: "Attempt", clock: Clock, due: date, given: dict) -> Judged:
    left = attempt.calendar.between(attempt.happened_on, due)
    return Judged(str(clock), Outcome.MET, f"Trong thời hạn, còn {left} ngày làm việc.", **given)


def _in_time(attempt: "Attempt", clock: Clock, late: str) -> Judged | None:
    """Whether the step comes before the end of the clock that runs; a warning when it does not."""
    found = _clock(attempt, clock)
    measured = _measured(attempt, found) if found else None
    if measured is None:
        return None
    due, given = measured
    if attempt.happened_on <= due:
        return _within(attempt, clock, due, given)
    return Judged(str(clock), Outcome.WARNING, f"{late}: {_over(attempt, due)}.", **given)


def _over(attempt: "Attempt", due: date) -> str:
    """How far beyond; a weekend or a day off beyond counts no working day."""
    days = attempt.calendar.between(due, attempt.happened_on)
    return f"quá {days} ngày làm việc" if days else "quá thời hạn"


def decision_in_time(attempt: "Attempt", rules: Rules) -> Judged | None:
    """60 working days from the branch's resolution, or the day a signed extension gave (domain.md 1.4)."""
    return _in_time(attempt, Clock.DECISION, "Quyết định sau thời hạn")


def consent_over_60(attempt: "Attempt", rules: Rules) -> Judged | None:
    """Whoever was over 60 when the branch met has the written consent before the decision (domain.md 1.1)."""
    birth = attempt.story.birth
    meeting = next((event for event in reversed(attempt.story.events) if event.step == Step.BRANCH_PASSED), None)
    if birth is None or meeting is None:
        return None
    held = attempt.book.on(meeting.happened_on) or rules
    least, _ = age_in_months_range(birth, meeting.happened_on)
    if least <= held["age_to"]:
        return None
    consent = attempt.facts.get("over_60_consent") or meeting.facts.get("over_60_consent")
    given = {
        "found": f"{_age_words(least)} vào ngày chi bộ họp xét",
        "required": "văn bản đồng ý của cấp có thẩm quyền, trước ngày quyết định",
        "citation": held.cite("age"),
    }
    if consent:
        return Judged(
            "over_60", Outcome.MET, f"Trên {held['age_to'] // 12} tuổi, có văn bản đồng ý: {consent}.", **given
        )
    message = f"Quá {held['age_to'] // 12} tuổi khi chi bộ họp xét: {CONSENT_FIRST}."
    return Judged("over_60", Outcome.NOT_MET, message, who=BOARD_ASKS, field="over_60_consent", **given)


def recognition_in_time(attempt: "Attempt", rules: Rules) -> Judged | None:
    """30 working days from the branch's resolution; late or not, recognition counts from the end of month 12."""
    return _in_time(attempt, Clock.RECOGNITION, "Quyết định công nhận sau thời hạn")


def ceremony_in_time(attempt: "Attempt", rules: Rules) -> Judged | None:
    """30 working days from receiving the decision; later only with the consent of the committee above."""
    known, since = _clock(attempt, Clock.CEREMONY), day_of(attempt.facts.get("received_on"))
    found = Running(Clock.CEREMONY, since) if since else known
    measured = _measured(attempt, found) if found else None
    if measured is None:
        return None
    due, given = measured
    if attempt.happened_on <= due:
        return _within(attempt, Clock.CEREMONY, due, given)
    over = _over(attempt, due)
    if consent := attempt.facts.get("late_consent"):
        return Judged("ceremony", Outcome.MET, f"{over.capitalize()}, có văn bản đồng ý: {consent}.", **given)
    message = f"Lễ kết nạp muộn, {over}: phải được cấp ủy cấp trên trực tiếp đồng ý."
    who = "Chi bộ báo cáo, xin ý kiến cấp ủy cấp trên"
    return Judged("ceremony", Outcome.NOT_MET, message, who=who, field="late_consent", **given)


def probation_over(attempt: "Attempt", rules: Rules) -> Judged | None:
    """The branch considers recognition once 12 months have passed since the ceremony (domain.md 1.2, row 21)."""
    ceremony = next((e.happened_on for e in reversed(attempt.story.events) if e.step == Step.ADMITTED), None)
    if ceremony is None:
        return None
    ends, day = months_after(ceremony, rules["probation_months"]), attempt.happened_on
    given = {
        "found": f"lễ kết nạp ngày {show_day(ceremony)}",
        "required": f"hết {rules['probation_months']} tháng dự bị, ngày {show_day(ends)}",
        "citation": rules.cite("probation"),
    }
    if day < ends:
        message = f"Chưa hết {rules['probation_months']} tháng dự bị."
        changes = f"từ ngày {show_day(ends)}"
        return Judged(
            "probation", Outcome.NOT_MET, message, who="Chờ hết thời gian dự bị", changes=changes,
            field="happened_on", **given,
        )  # fmt: skip
    if day == ends:
        message = "Nghị quyết ghi đúng ngày hết thời gian dự bị; thường phải sau ngày này, cần đối chiếu."
        return Judged("probation", Outcome.WARNING, message, who="Chi bộ kiểm tra lại ngày họp", **given)
    return Judged("probation", Outcome.MET, f"Hết thời gian dự bị ngày {show_day(ends)}.", **given)


def member_class(attempt: "Attempt", rules: Rules) -> Judged | None:
    """The class for new members belongs to the papers of recognition (domain.md 1.2, row 17).

    A warning: which of the regulations make it a condition could not be read.
    """
    if not any(event.step == Step.ADMITTED for event in attempt.story.events):
        return None
    held = [issued for issued in attempt.story.record.member_class if issued <= attempt.happened_on]
    given = {
        "required": "giấy chứng nhận lớp bồi dưỡng đảng viên mới trong hồ sơ công nhận",
        "citation": rules.cite("member_class"),
    }
    if held:
        given["found"] = f"cấp ngày {show_day(max(held))}"
        return Judged("member_class", Outcome.MET, f"Đã học lớp đảng viên mới, {given['found']}.", **given)
    message = "Chưa có giấy chứng nhận lớp bồi dưỡng đảng viên mới vào ngày này."
    return Judged("member_class", Outcome.WARNING, message, who="Đơn vị cử học lớp đảng viên mới", **given)


def review_in_time(attempt: "Attempt", rules: Rules) -> Judged | None:
    """30 working days after month 12; late or not, the member becomes official at the end of month 12."""
    if attempt.happened_on and (over := probation_over(attempt, rules)) and over.outcome == Outcome.NOT_MET:
        return None
    return _in_time(attempt, Clock.REVIEW, "Chi bộ xét công nhận sau thời hạn")


def extension(attempt: "Attempt", rules: Rules) -> Judged | None:
    """At most 30 working days beyond the first limit, signed before the limit was over (domain.md 1.4)."""
    story, until = attempt.story, day_of(attempt.facts.get("until"))
    found = running(story.standing.stage, story.events) if story.events else None
    if found is None or until is None or not LIMITS[found.clock].extension:
        return None
    held = attempt.book.on(found.since)
    if held is None:
        return None
    limit = LIMITS[found.clock]
    usual = limit.end(found.since, held, attempt.calendar)
    last = attempt.calendar.after(usual, held[limit.extension])
    given = {
        "found": f"đến ngày {show_day(until)}",
        "required": f"sau ngày {show_day(usual)}, chậm nhất ngày {show_day(last)}",
        "citation": held.cite(str(found.clock)),
        "field": "until",
    }
    if until <= usual:
        message = f"Ngày này chưa quá thời hạn thường, ngày {show_day(usual)}."
        return Judged("extension", Outcome.NOT_MET, message, who="Người nhập kiểm tra lại văn bản", **given)
    if until > last:
        message = f"Gia hạn quá {held[limit.extension]} ngày làm việc."
        return Judged("extension", Outcome.NOT_MET, message, who="Người nhập kiểm tra lại văn bản", **given)
    if attempt.happened_on > (found.until or usual):
        message = f"Văn bản gia hạn ký sau khi đã hết thời hạn, ngày {show_day(found.until or usual)}."
        return Judged("extension", Outcome.WARNING, message, who="Ban Tổ chức đối chiếu", **given)
    over = attempt.calendar.between(usual, until)
    return Judged("extension", Outcome.MET, f"Gia hạn {over} ngày làm việc.", **given)


def day_of(value) -> date | None:
    """A day among the facts: kept as ISO text."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _years(months: int) -> str:
    return f"đủ {months // 12} tuổi" + (f" {months % 12} tháng" if months % 12 else "")


def _age_words(months: int) -> str:
    return f"{months // 12} tuổi {months % 12} tháng"


def certificate_ahead(attempt: "Attempt", rules: Rules) -> Judged | None:
    """A dossier begun on a certificate that is over already: said then, refused when the branch meets."""
    judged = certificate(attempt, rules)
    return replace(judged, outcome=Outcome.WARNING) if judged.outcome == Outcome.NOT_MET else None


GATES_OF: dict[Step, tuple[Gate, ...]] = {
    Step.DOSSIER: (certificate_ahead,),
    Step.BRANCH_PASSED: (
        age,
        education,
        certificate,
        introducers,
        together,
        fresh,
        due,
        special_announced,
        readmission,
    ),
    Step.COMMITTEE_PASSED: (due,),
    Step.SUBMITTED: (complete,),
    Step.APPRAISED: (complete,),
    Step.DECIDED: (consent_over_60, special_consent, readmission_consent, decision_in_time),
    Step.ADMITTED: (ceremony_in_time,),
    Step.BRANCH_VOTE_FAILED: (probation_over,),
    Step.RECOGNITION_PROPOSED: (probation_over, member_class, review_in_time),
    Step.OFFICIAL: (member_class, recognition_in_time),
    Step.EXTENDED: (extension,),
}
# Facts of a step that a gate reads.
JUDGED_FACTS = (
    *("over_60_consent", "education_exception", "special_consent", "readmission_consent"),
    *("received_on", "late_consent", "until"),
)
# Steps whose conditions lie in the record, not in the events alone.
READS_THE_RECORD = {
    Step.DOSSIER,
    Step.COMMITTEE_PASSED,
    Step.BRANCH_PASSED,
    Step.SUBMITTED,
    Step.APPRAISED,
    Step.DECIDED,
    Step.RECOGNITION_PROPOSED,
    Step.OFFICIAL,
}
