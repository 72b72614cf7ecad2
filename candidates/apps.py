"""The candidates app."""

from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "candidates"

    def ready(self):
        from candidates import history
        from candidates.actions import delegated

        history.register()
        delegated.register()
