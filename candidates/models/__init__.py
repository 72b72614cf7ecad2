"""The people, what happened to them, and the classes they attend."""

from candidates.models.candidate import BACKGROUND, OUTSIDE, Candidate, Helper, Introducer
from candidates.models.events import StageEvent
from candidates.models.former import FormerMembership
from candidates.models.review import ReviewCase
from candidates.models.rules import CalendarYear, RuleSet
from candidates.models.training import Enrolment, TrainingClass

__all__ = [
    "BACKGROUND",
    "OUTSIDE",
    "CalendarYear",
    "Candidate",
    "Enrolment",
    "FormerMembership",
    "Helper",
    "Introducer",
    "ReviewCase",
    "RuleSet",
    "StageEvent",
    "TrainingClass",
]
