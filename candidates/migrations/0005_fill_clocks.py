from collections import defaultdict

from django.db import migrations

DECISION = ("branch_passed",)
RECOGNITION = ("recognition_proposed",)
STARTS = {
    "dossier": ("dossier", "branch_vote_failed", "branch_passed"),
    "branch_passed": DECISION,
    "committee_passed": DECISION,
    "submitted": DECISION,
    "appraised": DECISION,
    "decided": ("decided", "decision_received"),
    "admitted": ("admitted",),
    "recognition_proposed": RECOGNITION,
    "recognition_committee_passed": RECOGNITION,
}


def fill(apps, schema_editor):
    """The clocks of events recorded before there were any, as candidates.clocks.running() reads them: none extended."""
    event_model = apps.get_model("candidates", "StageEvent")
    lives = defaultdict(list)
    for event in event_model.objects.filter(is_live=True).order_by("candidate_id", "happened_on", "place").iterator():
        lives[event.candidate_id].append(event)
    for life in lives.values():
        changed = []
        for index, event in enumerate(life):
            since = _since(life[: index + 1])
            if since != event.clock_from:
                event.clock_from = since
                changed.append(event)
        event_model.objects.bulk_update(changed, ["clock_from"])


def _since(life):
    starters = STARTS.get(life[-1].to_stage, ())
    return next((event.happened_on for event in reversed(life) if event.step in starters), None)


class Migration(migrations.Migration):
    dependencies = [("candidates", "0004_rule_book")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
