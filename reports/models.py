"""The one thing this app owns so far: how an organization's documents begin and end."""

from django.db import models
from django.db.models import Q

from organizations.models import Kind, Organization
from organizations.scope import ScopedQuerySet

DISTRICT = "Đảng bộ huyện "
PLACE_KINDS = ("Thị trấn ", "Xã ", "Phường ")


class Letterhead(models.Model):
    """Head and foot of what an organization issues (36-HD/VPTW; domain.md 7.1). Without a row: `usual_for`."""

    organization = models.OneToOneField(
        Organization, models.PROTECT, related_name="letterhead", verbose_name="tổ chức đảng"
    )
    parent = models.CharField("cơ quan cấp trên", max_length=120, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=120)
    number_suffix = models.CharField("ký hiệu văn bản", max_length=40, blank=True)
    place = models.CharField("địa danh", max_length=60)
    offices = models.TextField("chức vụ người ký")  # one a line
    signer = models.CharField("họ và tên người ký", max_length=120, blank=True)
    recipients = models.TextField("nơi nhận", blank=True)  # one a line
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "thể thức văn bản"
        constraints = [
            models.CheckConstraint(
                condition=~Q(issuer="") & ~Q(place="") & ~Q(offices=""),
                name="a_letterhead_names_who_writes_where_and_who_signs",
            )
        ]

    def __str__(self):
        return f"Thể thức văn bản của {self.organization}"

    @classmethod
    def of(cls, organization: Organization) -> "Letterhead":
        """The organization's own, or the usual one, unsaved with version 0. Costs a query."""
        return cls.objects.filter(organization=organization).first() or cls.usual_for(organization)

    @classmethod
    def usual_for(cls, organization: Organization) -> "Letterhead":
        """What the guidance prescribes; nobody's name is invented."""
        parent = organization.parent.name if organization.parent else ""
        is_committee = organization.form == "committee"
        if organization.kind in (Kind.AREA, Kind.DISTRICT):
            place = organization.name.removeprefix(DISTRICT)
            texts = {
                "parent": f"Huyện ủy {place}" if organization.name.startswith(DISTRICT) else organization.name,
                "issuer": "Ban Tổ chức",
                "number_suffix": "-BC/BTCHU",
                "offices": "Trưởng ban",
                "recipients": "Ban Thường vụ Huyện ủy,\nCác đồng chí Huyện ủy viên phụ trách,\nLưu Ban Tổ chức.",
            }
        else:
            place = _place_of(organization)
            who = "Đảng ủy" if is_committee else "Chi bộ"
            texts = {
                "parent": parent if organization.is_grassroots else parent.replace("Đảng bộ", "Đảng ủy", 1),
                "issuer": organization.name.replace("Đảng bộ", "Đảng ủy", 1),
                "number_suffix": "-BC/ĐU" if is_committee else "-BC/CB",
                "offices": f"T/M {who}\nBí thư",
                "recipients": f"{'Ban Tổ chức Huyện ủy' if organization.is_grassroots else 'Đảng ủy'},\nLưu {who}.",
            }
        texts |= {name: texts[name].upper() for name in ("parent", "issuer", "offices")}
        return cls(organization=organization, place=place[:60], version=0, **texts)


def _place_of(organization: Organization) -> str:
    """The commune's name; of other units that of the district above them."""
    unit = organization if organization.is_grassroots else organization.grassroots or organization
    if unit.kind == Kind.GRASSROOTS_COMMUNE:
        name = unit.short_name
    else:
        name = unit.parent.name.removeprefix(DISTRICT) if unit.parent else unit.short_name
    for kind in PLACE_KINDS:
        name = name.removeprefix(kind)
    return name
