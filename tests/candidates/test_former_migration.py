"""Rule sets loaded before a program knew special cases and re-admission get the new numbers, and keep their own."""

from importlib import import_module

import pytest
from django.apps import apps

from candidates.models import RuleSet
from candidates.rules import PARAMETERS

add_parameters = import_module("candidates.migrations.0010_former_members").add_parameters
NEW = {key for key, row in PARAMETERS.items() if row.topic in ("special", "readmission")}


@pytest.mark.parametrize("regime", ["29-qd-tw", "24-qd-tw", "232-qd-tw", "294-qd-tw"])
def test_a_set_from_before_ends_as_the_file_has_it(regime, world):
    whole = RuleSet.objects.get(regime=regime)
    old = {key: value for key, value in whole.values.items() if key not in NEW}
    citations = {topic: words for topic, words in whole.citations.items() if topic != "readmission"}
    uncertain = [key for key in whole.uncertain if key not in NEW]
    RuleSet.objects.filter(pk=whole.pk).update(values=old, citations=citations, uncertain=uncertain)

    add_parameters(apps, None)
    add_parameters(apps, None)  # once more changes nothing

    now = RuleSet.objects.get(pk=whole.pk)
    assert now.values == whole.values
    assert now.citations == whole.citations
    assert sorted(now.uncertain) == sorted(whole.uncertain)
