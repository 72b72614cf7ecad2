"""The project as an app: its system checks and template tags."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "vuthu_recruit"

    def ready(self):
        from vuthu_recruit import checks  # noqa: F401 - registers them
