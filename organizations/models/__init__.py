"""Where (organizations), who (users, assignments), what changed."""

from organizations.models.accounts import Assignment, Proposal, Session, User
from organizations.models.change import Change
from organizations.models.organization import (
    Form,
    Kind,
    Organization,
    OrganizationFigure,
    OrganizationName,
    Sector,
    Succession,
)

__all__ = [
    "Assignment",
    "Change",
    "Form",
    "Kind",
    "Organization",
    "OrganizationFigure",
    "OrganizationName",
    "Proposal",
    "Sector",
    "Session",
    "Succession",
    "User",
]
