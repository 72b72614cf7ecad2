"""The targets app: what it adds to other apps by registration."""

from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "targets"

    def ready(self):
        from organizations import history
        from organizations.actions import units
        from organizations.imports.registry import register
        from targets import actions
        from targets.opening_import import OpeningImporter
        from targets.target_import import TargetImporter

        register(TargetImporter())
        register(OpeningImporter())
        units.when_opened.append(actions.when_unit_opens)
        history.register(
            actions={
                "target.revise": "Điều chỉnh chỉ tiêu",
                "plan.edit": "Sửa kế hoạch, cách tính",
                "plan.load": "Nạp kế hoạch và đơn vị",
                "opening.add": "Ghi số dư đầu kỳ",
                "opening.edit": "Sửa số dư đầu kỳ",
            },
            # A revision's reason is the reason of the change as well, and is told once.
            hidden=["targets.YearlyTarget.reason"],
        )
