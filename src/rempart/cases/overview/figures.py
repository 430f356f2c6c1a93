"""How the desk stands: what comes in, what waits, how fast and how well it is judged, and what that costs people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rempart.cases.appeals.listing import Clocks, clocks
from rempart.cases.overview import queries
from rempart.cases.review.agreement import agreement
from rempart.cases.triage.ruleset import Sampling
from rempart.cases.triage.sampling import SampleError, error, wilson
from rempart.facts.people import Actor
from rempart.storage.database import Reader

DAYS = 30
# Ages of open cases: up to an hour, a day, three days, a week, a month, and older.
BANDS = (timedelta(hours=1), timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
TIERS = (0, 1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took. number: how many times it was measured. Units: seconds; ranks, not averages."""

    number: int
    median_seconds: int
    p95_seconds: int


@dataclass(frozen=True, slots=True)
class Screening:
    """What screening found: total == match + no_match + waiting + sum(not_examined.values()).

    not_examined: items by the reason why they, or a part of them, could not be examined.
    """

    total: int
    match: int
    no_match: int
    waiting: int
    not_examined: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Measured:
    """A share that was measured: part of whole, and the bounds between which it lies with 95 % confidence."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself, 0 to 1."""
        return self.part / self.whole


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the overview page shows, for the days that end now.

    inbound: channel -> notices of each of `days`. open: tier -> open cases of each age band (see BANDS).
    exposure: level -> (reveals, seconds) of everybody together; own_exposure: of who is looking.
    agreement: pairs of blind reviews that came to one outcome; kappa: the same beyond chance.
    sampled: cases drawn by chance from low tiers, whatever their rank, that were found illegal.
    """

    days: tuple[str, ...]
    inbound: Mapping[str, tuple[int, ...]]
    open: Mapping[int, tuple[int, ...]]
    states: Mapping[str, int]
    overdue: int
    due_soon: int
    orders_waiting: int
    orders_overdue: int
    first_decision: Times | None
    final_decision: Times | None
    appeal_answer: Times | None
    outcomes: Mapping[str, int]
    appeals: Mapping[str, int]
    appeal_clocks: Clocks
    exposure: Mapping[str, tuple[int, int]]
    own_exposure: Mapping[str, tuple[int, int]]
    screening: Screening
    effects: Mapping[str, int]
    agreement: Measured
    kappa: float | None
    sampled: Measured


def overview(
    reader: Reader, actor: Actor, now: datetime, due_soon_hours: float, sampling: Sampling, days: int = DAYS
) -> Overview:
    """The figures of the actor's organisation for the last `days` days, today included. sampling: of the rules."""
    mine = actor.organisation
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    start, end = today - timedelta(days=days - 1), today + timedelta(days=1)
    period = (start, end)
    shown = tuple((start + timedelta(days=number)).strftime("%Y-%m-%d") for number in range(days))
    overdue, due_soon = queries.clocks(reader, mine, now, now + timedelta(hours=due_soon_hours))
    waiting, late = queries.orders(reader, mine, now)
    twice = agreement(reader, mine, start, end)
    return Overview(
        days=shown,
        inbound=_inbound(queries.inbound(reader, mine, period), shown),
        open=_open(reader, mine, now),
        states=queries.open_states(reader, mine),
        overdue=overdue,
        due_soon=due_soon,
        orders_waiting=waiting,
        orders_overdue=late,
        first_decision=_times(queries.seconds_to_first_decision(reader, mine, period)),
        final_decision=_times(queries.seconds_to_final(reader, mine, period)),
        appeal_answer=_times(queries.seconds_to_answer(reader, mine, period)),
        outcomes=queries.outcomes(reader, mine, period),
        appeals=queries.appeals(reader, mine),
        appeal_clocks=clocks(reader, mine, now, due_soon_hours),
        exposure=queries.exposure(reader, mine, period),
        own_exposure=queries.exposure(reader, mine, period, actor.pid),
        screening=screening(queries.screened(reader, mine, start.date(), today.date())),
        effects=queries.effects(reader, mine),
        agreement=Measured(twice.agreed, twice.pairs, *wilson(twice.agreed, twice.pairs)),
        kappa=twice.kappa,
        sampled=_sampled(error(reader, mine, sampling, start)),
    )


def screening(counts: Mapping[str, int]) -> Screening:
    """The tallies, sorted out. An outcome that is none of the known ones counts as not examined: nothing is lost.

    counts: outcome -> items, where an outcome is a name, or a name, a colon and what it was, as `match: block`.
    """
    sums: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for outcome, number in sorted(counts.items()):
        name, _, what = (word.strip() for word in outcome.partition(":"))
        if name in ("match", "no_match", "waiting"):
            sums[name] += number
        else:
            reasons[what or name] += number
    return Screening(sum(counts.values()), sums["match"], sums["no_match"], sums["waiting"], dict(reasons))


def _inbound(rows: list[tuple[str, str, int]], days: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    counted = {(day, channel): number for day, channel, number in rows}
    channels = sorted({channel for _, channel in counted})
    return {channel: tuple(counted.get((day, channel), 0) for day in days) for channel in channels}


def _open(reader: Reader, organisation: int, now: datetime) -> dict[int, tuple[int, ...]]:
    counted = {
        (tier, band): number
        for tier, band, number in queries.open_by_tier(reader, organisation, [now - age for age in BANDS])
    }
    tiers = sorted({*TIERS, *(tier for tier, _ in counted)})
    return {tier: tuple(counted.get((tier, band), 0) for band in range(len(BANDS) + 1)) for tier in tiers}


def _sampled(tiers: Iterable[SampleError]) -> Measured:
    """The samples of all low tiers together."""
    looked, illegal = (sum(counts) for counts in zip(*((one.looked, one.illegal) for one in tiers), strict=True))
    return Measured(illegal, looked, *wilson(illegal, looked))


def _times(measured: tuple[int, int, int] | None) -> Times | None:
    return None if measured is None else Times(*measured)
