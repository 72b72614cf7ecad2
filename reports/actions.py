"""What reports writes: the letterhead of an organization."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from organizations import changes
from organizations.models import Organization
from organizations.permissions import Permission
from organizations.scope import may_in
from organizations.versions import Conflict, claim
from reports.models import Letterhead

FIELDS = ("parent", "issuer", "number_suffix", "place", "offices", "signer", "recipients")


@transaction.atomic
def edit_letterhead(*, organization: Organization, values: dict, version: int, by) -> Letterhead:
    """Set how the organization's documents begin and end. `version` 0: the form showed the usual one, there was no row.

    The same form sent twice changes nothing the second time.
    """
    if not may_in(by, Permission.TARGET_EDIT, organization):
        raise PermissionDenied
    Organization.objects.select_for_update().get(pk=organization.pk)
    letterhead = Letterhead.objects.filter(organization=organization).first()
    if letterhead and all(getattr(letterhead, name) == values[name] for name in FIELDS):
        return letterhead
    with changes.recording(by=by, action="letterhead.edit", subject=organization) as log:
        if letterhead is None:
            letterhead = Letterhead.objects.create(organization=organization, **{name: values[name] for name in FIELDS})
            log.created(letterhead)
            return letterhead
        if version == 0:
            raise Conflict(letterhead)
        claim(letterhead, version=version)
        before = changes.state(letterhead) | {"version": version}
        for name in FIELDS:
            setattr(letterhead, name, values[name])
        letterhead.save(update_fields=FIELDS)
        log.updated(letterhead, before)
    return letterhead
