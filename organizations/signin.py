"""Signing in: throttled by person, the same answer and the same work whatever is wrong, single-use first passwords."""

from axes.backends import AxesStandaloneBackend
from axes.exceptions import AxesBackendPermissionDenied
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.utils import timezone


class ThrottledBackend(AxesStandaloneBackend):
    """Refuses a locked person; hashes once all the same, so that the time taken tells nothing."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        try:
            return super().authenticate(request, username=username, password=password, **kwargs)
        except AxesBackendPermissionDenied:
            make_password(password)
            raise


class FirstPasswordBackend(ModelBackend):
    """Checks the password once for everybody; a first password works once and within its 72 hours."""

    def user_can_authenticate(self, user):
        if not super().user_can_authenticate(user):
            return False
        if not user.must_change_password:
            return True
        expired = user.first_password_expires_at and user.first_password_expires_at <= timezone.now()
        return not expired and user.first_password_used_at is None

    def get_user(self, user_id):
        """The signed-in user for this request; a disabled one is nobody from the next request on."""
        user = self._get(user_id)
        return user if user and user.is_active else None

    def _get(self, user_id):
        from organizations.models import User

        return User.objects.filter(pk=user_id).first()

    # Rights live in assignments (organizations.scope), never in Django's permission tables.
    def _get_permissions(self, user_obj, obj, from_name):
        return set()


def locked(request, credentials, *args, **kwargs):
    """Answer a locked person exactly as any failed sign-in: the login page with its one sentence."""
    from organizations.views.signin import login_page

    return login_page(request, failed=True)


def first_password_deadline():
    return timezone.now() + settings.FIRST_PASSWORD_LIFETIME
