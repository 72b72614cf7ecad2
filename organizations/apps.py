"""The organizations app."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"

    def ready(self):
        from organizations import history
        from organizations.actions import proposals
        from organizations.figure_import import FigureImporter
        from organizations.imports.registry import register

        register(FigureImporter())
        proposals.register_account_kinds()
        history.register(
            actions=proposals.ACTION_WORDS, describers={"organizations.Proposal.payload": lambda value: ""}
        )
