"""Sessions in the database that know their owner, so that they can be listed and ended."""

from datetime import UTC, datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as DBStore


class SessionStore(DBStore):
    def _validate_session_key(self, key):
        """Only what could be a key reaches the database: a quoted cookie can carry NUL, which PostgreSQL refuses."""
        return super()._validate_session_key(key) and set(key) <= set(VALID_KEY_CHARS)

    @classmethod
    def get_model_class(cls):
        from organizations.models import Session

        return Session

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        user_id = data.get(SESSION_KEY)
        row.user_id = int(user_id) if user_id else None
        if started := data.get("started"):
            row.started_at = datetime.fromtimestamp(started, tz=UTC)
        row.ip_address = data.get("ip_address")
        row.user_agent = data.get("user_agent", "")[:200]
        return row
