"""The command line as a reader: whoever has the server reads the whole tree."""

from organizations.models import Organization
from organizations.scope import Scope


class _Everywhere(Scope):
    """Every right at every root, and nobody's account."""

    @property
    def assignments(self) -> list:
        return []

    def paths(self, needs) -> frozenset[str]:
        if needs not in self._paths:
            self._paths[needs] = frozenset(Organization.objects.filter(parent=None).values_list("path", flat=True))
        return self._paths[needs]


class Console:
    """Stands for a user wherever figures ask for one."""

    is_authenticated = is_active = True
    must_change_password = False
    pk = None
    full_name = "máy chủ"

    def __init__(self):
        self._scope = _Everywhere(self)
