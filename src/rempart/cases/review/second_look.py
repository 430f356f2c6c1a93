"""Which judgements need a second person, and which need a reason in words. Pure.

A child may be in danger now, or is unknown and may still be found: such a case does not end on one person's word,
and least of all unseen. So in the tiers of GRAVE every first judgement is given twice, unless the desk asks nobody
twice.
"""

from typing import Literal

from rempart.facts.case import Outcome

SecondReview = Literal["never", "illegal", "always"]
ILLEGAL: tuple[Outcome, ...] = ("illegal_baseline", "illegal_national")
GRAVE = (0, 1)


def asks_for_two(outcome: Outcome, tier: int, setting: SecondReview) -> bool:
    """Whether a second person judges as well. tier: the gravest of the cases that are judged together."""
    if setting == "illegal":
        return outcome in ILLEGAL or tier in GRAVE
    return setting == "always"


def asks_for_reason(outcome: Outcome, tier: int) -> bool:
    """Whether the judgement says why: one by which a grave case would end without anybody outside hearing of it."""
    return tier in GRAVE and outcome not in ILLEGAL
