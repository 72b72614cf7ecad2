"""The people, what happened to them, and the classes they attend."""

from candidates.models.candidate import BACKGROUND, OUTSIDE, Candidate, Helper, Introducer
from candidates.models.dossier import Appraisal, AppraisalQuestion, DossierForm, DossierItem, ReturnedPoint
from candidates.models.events import StageEvent
from candidates.models.former import FormerMembership
from candidates.models.result_file import ResultFile
from candidates.models.review import NeutralAnswer, ReviewCase
from candidates.models.rules import CalendarYear, LocalLimits, RuleSet
from candidates.models.sessions import CommitteeSession, SessionItem
from candidates.models.training import Attendance, ClassKind, Enrolment, Grade, Lesson, Purpose, TrainingClass

__all__ = [
    "BACKGROUND",
    "OUTSIDE",
    "Appraisal",
    "AppraisalQuestion",
    "Attendance",
    "CalendarYear",
    "Candidate",
    "ClassKind",
    "CommitteeSession",
    "DossierForm",
    "DossierItem",
    "Enrolment",
    "FormerMembership",
    "Grade",
    "Helper",
    "Introducer",
    "NeutralAnswer",
    "Lesson",
    "LocalLimits",
    "Purpose",
    "ResultFile",
    "ReturnedPoint",
    "ReviewCase",
    "RuleSet",
    "SessionItem",
    "StageEvent",
    "TrainingClass",
]
