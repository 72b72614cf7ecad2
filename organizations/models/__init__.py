"""Where (organizations), who (users, assignments), what changed, what left as a file."""

from organizations.models.accounts import Assignment, Proposal, Session, User
from organizations.models.change import Change
from organizations.models.export import Export
from organizations.models.imports import ColumnMemory, ImportBatch, ImportedRow
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
    "ColumnMemory",
    "Export",
    "Form",
    "ImportBatch",
    "ImportedRow",
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
