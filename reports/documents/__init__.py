"""The three documents in Word: pure functions from frozen dataclasses to bytes. Who fills them stands elsewhere.

The wording keeps to what the sources say (domain.md 1.2, 1.4, 7); no form of the Party's own was read in full.
"""

from reports.documents.decision import Admitted, Decision, Proposal, decision, decisions
from reports.documents.meeting import MeetingList, Proposed, Vote, meeting_list, meeting_workbook
from reports.documents.note import Point, ReturnNote, note_to_unit

__all__ = [
    "Admitted",
    "Decision",
    "MeetingList",
    "Point",
    "Proposal",
    "Proposed",
    "ReturnNote",
    "Vote",
    "decision",
    "decisions",
    "meeting_list",
    "meeting_workbook",
    "note_to_unit",
]
