"""Random samples of the low tiers: what the order gets wrong is measured, and published.

Each day a share of the day's cases of each low tier is drawn by the dice that every case got at its arrival. A share
of all looks goes to them. What people then decide says how often a low place was a wrong place.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from rempart.audit.queries import append
from rempart.cases.triage.queries import ranking as queries
from rempart.cases.triage.ruleset import Sampling
from rempart.facts.people import worker
from rempart.storage.database import Reader, Writer

DAY = timedelta(days=1)
ILLEGAL = ("illegal_baseline", "illegal_national")
# 97.5 % quantile of the normal distribution: a two-sided interval of 95 %.
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class SampleError:
    """What the samples of one tier say. low, high: Wilson's interval of 95 % around the share; 0 to 1 without any.

    drawn: cases drawn in that time. looked: of the sampling lane, decided. illegal: of these, found illegal.
    """

    tier: int
    drawn: int
    looked: int
    illegal: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """Share of the looked-at cases that were illegal; None when none was looked at."""
        return self.illegal / self.looked if self.looked else None


def draw(writer: Writer, organisation: int, sampling: Sampling, now: datetime) -> dict[int, int]:
    """Tier -> cases of the last day that are in its sample: at least the daily share. Running it again draws no more.

    Call it at least daily; each call looks back a day.
    """
    found = {tier: queries.draw(writer, organisation, tier, now - DAY, sampling.daily_share) for tier in sampling.tiers}
    if any(fresh for _, _, fresh in found.values()):
        told = {str(tier): {"cases": cases, "drawn": drawn} for tier, (cases, drawn, _) in found.items()}
        append(writer, worker(organisation), "queue", organisation, "queue.sampled", {"tiers": told}, now)
    return {tier: drawn for tier, (_, drawn, _) in found.items()}


def error(reader: Reader, organisation: int, sampling: Sampling, since: datetime) -> list[SampleError]:
    """For each low tier, how often a sampled case was illegal, since then: for publication.

    Counted are first decisions of the lane `sample` only: cases that their rank brought up would be no random sample.
    """
    outcomes = queries.sampled_outcomes(reader, organisation, since)
    drawn = queries.count_sampled(reader, organisation, since)
    return [_error(tier, drawn.get(tier, 0), outcomes) for tier in sampling.tiers]


def wilson(hits: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """(low, high) of Wilson's score interval for a share; 0 to 1 when nothing was tried."""
    if trials == 0:
        return 0.0, 1.0
    share, square = hits / trials, z * z
    middle = share + square / (2 * trials)
    reach = z * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    whole = 1 + square / trials
    return max((middle - reach) / whole, 0.0), min((middle + reach) / whole, 1.0)


def _error(tier: int, drawn: int, outcomes: list[tuple[int, str, int]]) -> SampleError:
    looked = sum(cases for of_tier, _, cases in outcomes if of_tier == tier)
    illegal = sum(cases for of_tier, outcome, cases in outcomes if of_tier == tier and outcome in ILLEGAL)
    return SampleError(tier, drawn, looked, illegal, *wilson(illegal, looked))
