"""Today, in Vietnam. The only source of today; moments come from django.utils.timezone.now()."""

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """Return the calendar day in Asia/Ho_Chi_Minh, or the demonstration's day when DEMO=1 sets one."""
    if settings.DEMO and settings.DEMO_TODAY:
        return date.fromisoformat(settings.DEMO_TODAY)
    return timezone.localtime(timezone.now()).date()
