"""The organizations app."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"

    def ready(self):
        from organizations import history
        from organizations.actions import proposals

        proposals.register_account_kinds()
        history.register(
            actions=proposals.ACTION_WORDS, describers={"organizations.Proposal.payload": lambda value: ""}
        )
