"""People whom the level above must agree to in writing before the decision (domain.md 1.1, last row). Pure.

Which case asks is a parameter of every set. No verdict names the case: it is kept with the step and read by people who
may not know it; the page names it to those who work on the dossier.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from candidates.choices import Religion, SpecialCase
from candidates.judged import BOARD_ASKS, Judged, Outcome
from candidates.rules import Rules

if TYPE_CHECKING:
    from candidates.gates import Attempt

BELIEVER = "religion"  # never stored twice: what the record says of religion
LABELS = {str(case): str(case.label) for case in SpecialCase} | {BELIEVER: "Người có đạo"}
CONCERNED = "Thuộc trường hợp phải có văn bản đồng ý của cấp có thẩm quyền trước khi ra quyết định"


def of(stored: Iterable[str], religion: str) -> frozenset[str]:
    """All cases of a person: those written down, and who has a religion."""
    believes = {BELIEVER} if religion not in ("", Religion.NONE) else set()
    return frozenset(stored) | believes


def asked(cases: Iterable[str], rules: Rules) -> list[str]:
    """Those that ask for the consent by this set, in order."""
    held = set(cases)
    return [case for case in LABELS if case in held and rules[f"special_{case}"]]


def in_words(cases: Iterable[str]) -> str:
    held = set(cases)
    return "; ".join(label for case, label in LABELS.items() if case in held)


def special_announced(attempt: "Attempt", rules: Rules) -> Judged | None:
    """Announced when the branch considers admission: the consent comes before the decision, not before the meeting."""
    if not asked(attempt.story.record.special_cases, rules):
        return None
    return Judged("special", Outcome.WARNING, f"{CONCERNED}.", who=BOARD_ASKS, citation=rules.cite("special"))


def special_consent(attempt: "Attempt", rules: Rules) -> Judged | None:
    """The decision names the document by which the competent level agreed."""
    if not asked(attempt.story.record.special_cases, rules):
        return None
    given = {
        "required": "văn bản đồng ý của cấp có thẩm quyền, trước ngày quyết định",
        "citation": rules.cite("special"),
    }
    if consent := attempt.facts.get("special_consent"):
        return Judged("special", Outcome.MET, f"Có văn bản đồng ý của cấp có thẩm quyền: {consent}.", **given)
    return Judged(
        "special", Outcome.NOT_MET, f"{CONCERNED}.", found="chưa có văn bản", who=BOARD_ASKS, field="special_consent",
        **given,
    )  # fmt: skip
