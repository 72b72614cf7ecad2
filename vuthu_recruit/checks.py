"""System checks for settings that would hurt in production."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connection
from django.db.utils import DatabaseError


@register(Tags.security, deploy=True)
def demo_is_off(app_configs, **kwargs):
    if settings.DEMO:
        return [Error("DEMO=1 in production.", hint="Unset DEMO: it lets demo accounts in.", id="vuthu.E001")]
    return []


@register(Tags.security)
def no_demo_accounts_in_production(app_configs, **kwargs):
    """Refuse DEBUG=False without DEMO=1 on a database that holds demo accounts."""
    if settings.DEBUG or settings.DEMO:
        return []
    from django.contrib.auth import get_user_model

    user = get_user_model()
    try:
        found = user._meta.db_table in connection.introspection.table_names() and (
            user.objects.filter(is_demo=True).exists()
        )
    except DatabaseError:
        return []  # not migrated yet, or not there: nothing can sign in
    if found:
        return [
            Error(
                "The database holds demo accounts, and DEBUG is off.",
                hint="Use a new database: demo accounts exist only where DEMO=1 made them.",
                id="vuthu.E002",
            )
        ]
    return []


@register(Tags.security)
def workbooks_are_read_safely(app_configs, **kwargs):
    from openpyxl import DEFUSEDXML

    if not DEFUSEDXML:
        return [Error("openpyxl would expand XML entities.", hint="pip install defusedxml", id="vuthu.E003")]
    return []


@register(Tags.security, deploy=True)
def https_is_on(app_configs, **kwargs):
    if not settings.HTTPS:
        return [Warning("HTTPS=0.", hint="Set HTTPS=1 and serve through TLS.", id="vuthu.W001")]
    return []
