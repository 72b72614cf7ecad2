from collections import defaultdict
from datetime import date

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
    """The clocks of events recorded before there were any, as candidates.clocks.running() reads them."""
    event_model = apps.get_model("candidates", "StageEvent")
    lives = defaultdict(list)
    for event in event_model.objects.filter(is_live=True).order_by("candidate_id", "happened_on", "place").iterator():
        lives[event.candidate_id].append(event)
    for life in lives.values():
        changed = []
        for index, event in enumerate(life):
            since, until = _clock(life[: index + 1])
            if (since, until) != (event.clock_from, event.clock_until):
                event.clock_from, event.clock_until = since, until
                changed.append(event)
        event_model.objects.bulk_update(changed, ["clock_from", "clock_until"])


def _clock(life):
    starters, until = STARTS.get(life[-1].to_stage, ()), None
    for event in reversed(life):
        if event.step in starters:
            return event.happened_on, until
        if event.step == "extended" and until is None:
            until = date.fromisoformat(event.facts["until"])
    return None, None


class Migration(migrations.Migration):
    dependencies = [("candidates", "0004_rule_book")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
