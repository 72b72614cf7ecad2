"""How a step stands in an address: its Vietnamese name without marks."""

from candidates.pipeline import Step
from vuthu_recruit import vietnamese

BY_WORDS = {vietnamese.search_key(step.label).replace(" ", "-"): step for step in Step}
WORDS = {step: words for words, step in BY_WORDS.items()}


class StepConverter:
    """`chi-bo-bieu-quyet-dat` for Step.BRANCH_PASSED; anything else is no address."""

    regex = "[a-z0-9-]+"

    def to_python(self, value: str) -> Step:
        if value not in BY_WORDS:
            raise ValueError
        return BY_WORDS[value]

    def to_url(self, value: str) -> str:
        return WORDS[Step(value)] if value in Step.values else value
