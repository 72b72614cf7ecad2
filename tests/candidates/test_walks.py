"""2,000 random lives on the pure table: every legal step is taken, one illegal move of each kind is refused."""

from collections import Counter

import pytest

from candidates.gates import Story
from candidates.pipeline import Stage
from tests.journeys.walks import (
    BACKFILL_KINDS,
    KINDS,
    RECORD_KINDS,
    codes,
    illegal_first_moves,
    illegal_moves,
    illegal_records,
    walk,
)

WALKS = 2000


@pytest.mark.parametrize("part", range(4))
def test_random_walks_take_every_legal_step_and_no_illegal_one(part):
    refused, stages = Counter(), Counter()
    for seed in range(part * WALKS // 4, (part + 1) * WALKS // 4):
        for life, attempt in walk(seed):
            assert codes(attempt) == set(), (seed, attempt.step, life.stage, life.status)
            if life.events:
                standing = Story(tuple(life.events), attempt.story.units).standing
                assert (standing.stage, standing.status, standing.unit) == (life.stage, life.status, life.here.key)
            against = [*illegal_moves(life), *illegal_records(life)] if life.events else illegal_first_moves(life)
            for kind, illegal, code in against:
                assert code in codes(illegal), (seed, kind, illegal.step, life.stage, life.status)
                refused[kind] += 1
            stages[life.stage] += 1

    assert set(refused) == KINDS | BACKFILL_KINDS | RECORD_KINDS
    assert min(refused.values()) > 100, refused
    assert set(Stage.values) - {"official"} <= set(stages)
