"""Who issues a reader's report, and how its document begins and ends."""

from dataclasses import dataclass
from datetime import date

from organizations.models import Kind, Organization
from organizations.permissions import Permission, Role
from organizations.scope import scope_of
from reports.models import Letterhead
from targets.models import AdmissionPlan

MOTTO = "ĐẢNG CỘNG SẢN VIỆT NAM"
DOTS = "…………………………"
TOP = (Kind.AREA, Kind.DISTRICT)
WRITERS = (Role.UNIT_OFFICER, Role.BRANCH_OFFICER)


@dataclass(frozen=True)
class Paper:
    """A letterhead filled in for a day."""

    organization: Organization
    parent: str
    issuer: str
    number: str
    place_and_date: str
    offices: tuple[str, ...]
    signer: str
    recipients: tuple[str, ...]
    motto: str = MOTTO


def paper_for(organization: Organization | None, on: date) -> Paper | None:
    """Costs a query or two."""
    if organization is None:
        return None
    letterhead = Letterhead.of(organization)
    return Paper(
        organization=organization,
        parent=letterhead.parent,
        issuer=letterhead.issuer,
        number=f"Số ………{letterhead.number_suffix}",
        place_and_date=f"{letterhead.place}, {date_in_words(on)}",
        offices=tuple(letterhead.offices.splitlines()),
        signer=letterhead.signer or DOTS,
        recipients=tuple(letterhead.recipients.splitlines()),
    )


def date_in_words(day: date) -> str:
    """A zero before days below 10 and before January and February only, so that nobody can add a figure."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def is_everything(reader, plan: AdmissionPlan | None) -> bool:
    """Whether the reader's figures are those of the whole district, also before there is a plan."""
    paths = scope_of(reader).paths(Permission.FIGURES_VIEW)
    if plan:
        return any(plan.organization.path.startswith(path) for path in paths)
    held = scope_of(reader).holding(Permission.FIGURES_VIEW)
    return any(path.count("/") == 1 for path in paths) or any(one.organization.kind in TOP for one in held)


def issuer_for(reader, plan: AdmissionPlan | None) -> Organization | None:
    """The district for whoever reads all of it; one's own unit for its officer; nobody's for who only looks on."""
    if is_everything(reader, plan):
        return plan.organization if plan else Organization.objects.filter(kind__in=TOP).order_by("kind").last()
    held = scope_of(reader).holding(Permission.FIGURES_VIEW)
    own = {assignment.organization for assignment in held if assignment.role in WRITERS}
    if len(own) == 1 and len(held) == len([one for one in held if one.organization in own]):
        return own.pop()
    return None
