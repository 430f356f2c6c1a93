"""Random samples of the low tiers: what the order gets wrong is measured, and published.

A share of each day's cases of each low tier is drawn by the dice that every case got at its arrival. A share of all
looks goes to them. What people then decide says how often a low place was a wrong place.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from math import sqrt

from rempart.audit.queries import append
from rempart.cases.triage.queries import ranking as queries
from rempart.cases.triage.ruleset import Sampling
from rempart.facts.people import worker
from rempart.storage.database import Reader, Writer

DAY = timedelta(days=1)
# A worker that was away for less draws for the days that it missed.
DAYS_BACK = 7
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


@dataclass(frozen=True, slots=True)
class Drawn:
    """The sample of one tier and one day (UTC): how many of how many cases."""

    day: str
    tier: int
    cases: int
    drawn: int


def draw(writer: Writer, organisation: int, sampling: Sampling, now: datetime) -> list[Drawn]:
    """What was drawn just now, today and of the days before: at least the share, if as many still wait.

    Call it several times a day. Running it again draws no more.
    """
    midnight = datetime.combine(now.astimezone(UTC), time(), UTC)
    fresh: list[Drawn] = []
    for day in (midnight - number * DAY for number in range(DAYS_BACK, -1, -1)):
        for tier in sampling.tiers:
            cases, drawn, new = queries.draw(writer, organisation, tier, (day, day + DAY), sampling.daily_share)
            if new:
                fresh.append(Drawn(f"{day:%Y-%m-%d}", tier, cases, drawn))
    if fresh:
        told = {"samples": [asdict(one) for one in fresh]}
        append(writer, worker(organisation), "queue", organisation, "queue.sampled", told, now)
    return fresh


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
