"""One condition as judged, and the words several conditions share. Pure."""

from dataclasses import dataclass
from enum import StrEnum

NOBODY_KNOWS = "Đơn vị bổ sung hồ sơ"
BOARD_ASKS = "Đơn vị xin ý kiến qua Ban Tổ chức"
CONSENT_FIRST = "phải được cấp có thẩm quyền đồng ý bằng văn bản trước khi ra quyết định"


class Outcome(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    WARNING = "warning"


@dataclass(frozen=True)
class Judged:
    """One condition as judged: value found, value required, clause, who can put it right, when time alone will."""

    gate: str
    outcome: Outcome
    message: str
    found: str = ""
    required: str = ""
    citation: str = ""
    who: str = ""
    changes: str = ""
    field: str = ""  # of the form of the step

    @property
    def plain(self) -> dict:
        """As the step keeps it: what it says is never reworded by a later program."""
        told = {
            "gate": self.gate,
            "outcome": str(self.outcome),
            "message": self.message,
            "found": self.found,
            "required": self.required,
            "citation": self.citation,
        }
        return {key: value for key, value in told.items() if value}
