"""Who issues a reader's report, and how its document begins and ends."""

from dataclasses import dataclass, replace
from datetime import date

from organizations.models import Kind, Organization
from organizations.permissions import Permission, Role
from organizations.scope import scope_of
from reports.models import DISTRICT, Letterhead
from targets.models import AdmissionPlan
from vuthu_recruit import workbook

MOTTO = "ĐẢNG CỘNG SẢN VIỆT NAM"
PROVINCE = "ĐẢNG BỘ TỈNH THÁI BÌNH"  # above the Huyện ủy on its own papers, as on plan 51-KH/HU (domain.md 7.1)
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

    @property
    def letterhead(self) -> workbook.Letterhead:
        """The top, as the writers of files take it."""
        return workbook.Letterhead(
            parent=self.parent,
            issuer=self.issuer,
            number=self.number,
            motto=self.motto,
            place_and_date=self.place_and_date,
        )

    @property
    def signature(self) -> workbook.Signature:
        """The foot."""
        return workbook.Signature(offices=self.offices, name=self.signer, recipients=self.recipients)


def paper_for(organization: Organization | None, on: date, **instead) -> Paper | None:
    """The organization's own letterhead; `instead`: fields that another kind of document fills. A query or two."""
    if organization is None:
        return None
    letterhead = Letterhead.of(organization)
    paper = Paper(
        organization=organization,
        parent=letterhead.parent,
        issuer=letterhead.issuer,
        number=f"Số ………{letterhead.number_suffix}",
        place_and_date=f"{letterhead.place}, {date_in_words(on)}",
        offices=tuple(letterhead.offices.splitlines()),
        signer=letterhead.signer or DOTS,
        recipients=tuple(letterhead.recipients.splitlines()),
    )
    return replace(paper, **instead)


def committee_paper(organization: Organization, on: date, **instead) -> Paper:
    """What the committee itself issues, where `paper_for` gives the letterhead of its Organisation Board.

    Signed for the standing committee (domain.md 1.2); whose name stands below is left to the pen.
    """
    return paper_for(
        organization,
        on,
        parent=PROVINCE if organization.kind == Kind.DISTRICT else "",
        issuer=committee_words(organization).upper(),
        offices=("T/M BAN THƯỜNG VỤ", "BÍ THƯ"),
        signer=DOTS,
        **instead,
    )


def committee_words(organization: Organization) -> str:
    """The committee that leads an organization: Huyện ủy Vũ Thư, Đảng ủy xã Hồng Lý; a cell has its own name.

    An area is no organization of the Party: who leads there is left to the pen.
    """
    if organization.kind == Kind.AREA:
        return DOTS
    return organization.name.replace(DISTRICT, "Huyện ủy ", 1).replace("Đảng bộ", "Đảng ủy", 1)


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
