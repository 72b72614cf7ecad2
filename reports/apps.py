"""The reports app: what it adds to other apps by registration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self):
        from organizations import history
        from organizations.views import units
        from reports.views.dashboard import unit_card

        history.register(actions={"letterhead.edit": "Sửa thể thức văn bản"})
        units.cards.append(("reports/_unit_overview.html", unit_card))
