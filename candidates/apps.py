"""The candidates app."""

from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "candidates"

    def ready(self):
        from candidates import due, history, importers
        from candidates.actions import delegated
        from organizations import navigation

        navigation.COUNTED["candidates:deadlines"] = due.pressing
        history.register()
        delegated.register()
        importers.register_importers()
