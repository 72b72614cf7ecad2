"""Whether the introducers have worked, studied or lived with the person long enough (domain.md 1.3). Pure."""

from datetime import date
from typing import TYPE_CHECKING

from candidates.judged import NOBODY_KNOWS, Judged, Outcome
from candidates.rules import Rules
from vuthu_recruit.dates import months_after, show_day

if TYPE_CHECKING:
    from candidates.gates import Attempt, Introduction

LONG, SHORT, UNKNOWN, REPLACED = "long", "short", "unknown", "replaced"


def together(attempt: "Attempt", rules: Rules) -> Judged | None:
    """As many introducers as are wanted have 12 months (or what the set says) together with the person by the meeting.

    With fewer introducers than wanted only those there are spoken of: that they are too few is said beside. Of a
    replacement the time is not asked, so it neither carries nor refuses the step: a word.
    """
    record, day, months = attempt.story.record, attempt.happened_on, rules["together_months"]
    by_body = record.in_youth_union or record.in_trade_union
    standing = [one for one in record.introducers if one.stands_on(day)]
    wanted = min(rules["introducers_with_body" if by_body else "introducers"], len(standing))
    if not wanted:
        return None
    kinds = [_kind(one, day, months) for one in standing]
    enough = kinds.count(LONG)
    given = {
        "found": f"{enough} người đủ {months} tháng",
        "required": f"{wanted} người giới thiệu cùng công tác, lao động, học tập hoặc cư trú từ {months} tháng",
        "citation": rules.cite("together"),
    }
    if enough >= wanted:
        return Judged("together", Outcome.MET, f"Người giới thiệu cùng công tác, cư trú đủ {months} tháng.", **given)
    missing = wanted - enough - kinds.count(UNKNOWN) - kinds.count(REPLACED)
    if missing <= 0:
        return Judged("together", Outcome.WARNING, _doubt(kinds, months), who=NOBODY_KNOWS, **given)
    ripe = sorted(_ripe(one, months) for one, kind in zip(standing, kinds, strict=True) if kind == SHORT)[missing - 1]
    return Judged(
        "together",
        Outcome.NOT_MET,
        f"Người giới thiệu chưa cùng công tác, cư trú đủ {months} tháng vào ngày chi bộ họp xét.",
        who="Chờ đủ thời gian, hoặc chi bộ phân công người khác",
        changes=f"đủ {months} tháng từ ngày {show_day(ripe)}",
        field="happened_on",
        **given,
    )


def _kind(one: "Introduction", day: date, months: int) -> str:
    """The day the months are full counts; a month or a year that leaves it open is unknown."""
    if one.is_replacement:
        return REPLACED
    since = one.together_since
    if since is None:
        return UNKNOWN
    if _ripe(one, months) <= day:
        return LONG
    return SHORT if months_after(since.first, months) > day else UNKNOWN


def _ripe(one: "Introduction", months: int) -> date:
    """The day from which it is certainly enough."""
    return months_after(one.together_since.last, months)


def _doubt(kinds: list[str], months: int) -> str:
    if UNKNOWN in kinds:
        return f"Chưa rõ người giới thiệu đã cùng công tác, cư trú đủ {months} tháng chưa, cần đối chiếu."
    return "Có người giới thiệu thay người trước: không hỏi thời gian cùng công tác, cần đối chiếu căn cứ."
