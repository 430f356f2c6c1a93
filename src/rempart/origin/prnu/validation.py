"""How much a link may weigh: never more than the number of comparisons that were tried and did not fail."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from rempart.facts.evidence import LikelihoodRatio

_DOUBT = 0.05  # one-sided: bounds at 95 %
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Calibration:
    """What happened when files of known devices were compared. The sizes are counted in independent comparisons.

    generated: the devices were generated, so nothing follows for real ones and no ratio is given.
    """

    name: str
    same_trials: int
    same_linked: int
    cross_trials: int
    cross_linked: int
    generated: bool = False


# Measured by the campaign in `tests/origin/prnu/test_linking.py`.
GENERATED = Calibration("generated sensors, 2026-11-22, not validated on real devices", 240, 240, 2160, 0, True)


def upper95(events: int, trials: int) -> float:
    """The greatest share of events that the trials do not rule out (Clopper-Pearson, one-sided 95 %); 1 for none."""
    if trials <= 0 or events >= trials:
        return 1.0
    low, high = events / trials, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(events, trials, middle) > _DOUBT else (low, middle)
    return high


def lower95(events: int, trials: int) -> float:
    """The least share of events that the trials do not rule out; 0 for none."""
    return 1.0 - upper95(trials - events, trials)


def largest_ratio(cross_trials: int, cross_linked: int = 0) -> float:
    """The cap of any likelihood ratio: one over the greatest false-alarm rate not ruled out. 300 give 101."""
    return 1.0 / upper95(cross_linked, cross_trials)


def ratio(calibration: Calibration) -> LikelihoodRatio | None:
    """Log10 of what a link weighs, with its bounds; None where the calibration says nothing about real devices."""
    sensitivity = lower95(calibration.same_linked, calibration.same_trials)
    if calibration.generated or not sensitivity:
        return None
    cap = largest_ratio(calibration.cross_trials, calibration.cross_linked)
    return LikelihoodRatio(math.log10(sensitivity * cap), math.log10(cap), math.log10(cap), calibration.name)


def calibrated(name: str, outcomes: Iterable[tuple[bool, bool]]) -> Calibration:
    """The calibration from comparisons of known files: (truly the same device, linked)."""
    counts = {(same, linked): 0 for same in (False, True) for linked in (False, True)}
    for outcome in outcomes:
        counts[outcome] += 1
    same, cross = (counts[side, False] + counts[side, True] for side in (True, False))
    return Calibration(name, same, counts[True, True], cross, counts[False, True])


def _at_most(events: int, trials: int, share: float) -> float:
    """The chance of at most that many events, in logarithms so that no term underflows before it is summed."""
    if share >= 1:
        return 0.0
    terms = (
        math.lgamma(trials + 1)
        - math.lgamma(k + 1)
        - math.lgamma(trials - k + 1)
        + k * math.log(share)
        + (trials - k) * math.log1p(-share)
        for k in range(events + 1)
        if share > 0 or k == 0
    )
    return math.fsum(math.exp(term) for term in terms)
