"""The queue: who is looked at next, what stands in each lane, how much waits.

Three lanes. `due`: a clock ends soon, whatever the tier. `sample`: a random case of a low tier, now and then.
`tier`: danger first. Who may be in danger now comes before a clock, but for one in its last minutes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Any

from rempart.cases.triage.features import moment
from rempart.cases.triage.queries import queue as queries
from rempart.cases.triage.queries.ranking import DICE_SIDES
from rempart.cases.triage.ruleset import TIERS, Sampling
from rempart.errors import UserMistake
from rempart.facts.case import Lane, Why
from rempart.storage.columns import FORMAT
from rempart.storage.database import Reader

DUE_SOON = timedelta(hours=6)
# An order to remove terrorist content leaves an hour, the shortest clock in law: what is left of any is then its own.
# Source: Regulation (EU) 2021/784, article 3(3).
DUE_NOW = timedelta(hours=1)
DANGER = TIERS[0]
SAMPLE_SHARE = 0.05
LARGEST_PAGE = 200
AGES = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
CHANCE = SystemRandom()


@dataclass(frozen=True, slots=True)
class Standing:
    """One waiting case as a list shows it. members: how many cases it stands for."""

    id: int
    kind: str
    tier: int
    score: int
    received_at: datetime
    due_at: datetime | None
    sampled: bool
    members: int
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a lane. after: what to ask the next one with; None when this is the last."""

    rows: tuple[Standing, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits. tiers: tier -> cases by age: under a day, a week, 30 days, and older."""

    tiers: dict[int, tuple[int, int, int, int]]
    due_soon: int
    sampled: int

    @property
    def total(self) -> int:
        """All that waits."""
        return sum(sum(ages) for ages in self.tiers.values())


def next_case(
    reader: Reader,
    organisation: int,
    now: datetime,
    sampling: Sampling,
    *,
    due_soon: timedelta = DUE_SOON,
    due_now: timedelta = DUE_NOW,
    sample_share: float = SAMPLE_SHARE,
    exclude: Collection[int] = (),
    chance: Random = CHANCE,
) -> tuple[int, Lane] | None:
    """The case to be looked at next and the lane it comes from; None when nothing waits.

    sampling: of the rules. exclude: cases that this person is not to be given. In a writing unit of work the case is
    locked on PostgreSQL, so that two people are never given the same one.

    A clock that has ended is in no last minute any more: it waits behind danger, and before all else.
    """
    found = queries.due(reader, organisation, now + due_now, exclude, since=now)
    if found is not None:
        return found, "due"
    danger = queries.best(reader, organisation, exclude, DANGER)
    if danger is None:
        found = queries.due(reader, organisation, now + due_soon, exclude)
        if found is not None:
            return found, "due"
    if chance.random() < sample_share:
        found = _sample(reader, organisation, sampling, exclude, chance)
        if found is not None:
            return found, "sample"
    found = queries.best(reader, organisation, exclude) if danger is None else danger
    return None if found is None else (found, "tier")


def page(
    reader: Reader, organisation: int, lane: Lane = "tier", tier: int | None = None, after: str = "", limit: int = 50
) -> Page:
    """A page of the lane, in the order in which it is worked off. tier: only this one, in the lane `tier`."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise UserMistake(f"a page has 1 to {LARGEST_PAGE} cases; ask for fewer")
    if tier is not None and tier not in TIERS:
        raise UserMistake(f"there is no tier {tier}; tiers are {TIERS[0]} to {TIERS[-1]}")
    rows = {"due": _due_rows, "sample": _sample_rows}.get(lane, _tier_rows)(
        reader, organisation, tier, after, limit + 1
    )
    shown = rows[:limit]
    return Page(tuple(map(_standing, shown)), _mark(lane, shown[-1]) if len(rows) > limit else None)


def counts(reader: Reader, organisation: int, now: datetime, due_soon: timedelta = DUE_SOON) -> Counts:
    """How many cases wait, by tier and age, and in the lanes beside the tiers."""
    tiers = {tier: [0] * (len(AGES) + 1) for tier in TIERS}
    for tier, age, cases in queries.counts(reader, organisation, [now - age for age in AGES]):
        tiers[tier][age] = cases
    return Counts(
        tiers={tier: (ages[0], ages[1], ages[2], ages[3]) for tier, ages in tiers.items()},
        due_soon=queries.count_due(reader, organisation, now + due_soon),
        sampled=queries.count_picked(reader, organisation),
    )


def _sample(
    reader: Reader, organisation: int, sampling: Sampling, exclude: Collection[int], chance: Random
) -> int | None:
    """A random case of a random low tier: first of those that were drawn for the day, then of all."""
    tiers = list(sampling.tiers)
    chance.shuffle(tiers)
    for picked in (True, False):
        for tier in tiers:
            dice = chance.randrange(DICE_SIDES)
            found = queries.drawn(reader, organisation, tier, dice, exclude, picked=picked)
            if found is not None:
                return found
    return None


def _tier_rows(reader: Reader, organisation: int, tier: int | None, after: str, limit: int) -> list[queries.Row]:
    start, place = TIERS[0], None
    if after:
        start, score, tie, received, last = _read(after, "nnntn")
        place = (score, tie, received, last)
    rows: list[queries.Row] = []
    for number in TIERS if tier is None else (tier,):
        if number >= start and len(rows) < limit:
            rows += queries.tier_page(
                reader, organisation, number, place if number == start else None, limit - len(rows)
            )
    return rows


def _due_rows(reader: Reader, organisation: int, tier: int | None, after: str, limit: int) -> list[queries.Row]:  # noqa: ARG001
    return queries.due_page(reader, organisation, tuple(_read(after, "tn")) if after else None, limit)


def _sample_rows(reader: Reader, organisation: int, tier: int | None, after: str, limit: int) -> list[queries.Row]:  # noqa: ARG001
    return queries.picked_page(reader, organisation, tuple(_read(after, "nnn")) if after else None, limit)


def _mark(lane: Lane, row: queries.Row) -> str:
    names = {"due": ("due_at", "id"), "sample": ("tier", "dice", "id")}
    values = [row[name] for name in names.get(lane, ("tier", "score", "tie", "received_at", "id"))]
    return "_".join(one.strftime(FORMAT) if isinstance(one, datetime) else str(one) for one in values)


def _read(mark: str, form: str) -> list[Any]:
    """The values of a mark: `n` a whole number, `t` a time."""
    parts = mark.split("_")
    try:
        if len(parts) != len(form):
            raise ValueError
        values = [moment(part) if kind == "t" else int(part) for part, kind in zip(parts, form, strict=True)]
    except (ValueError, UserMistake):
        raise UserMistake("the mark of the next page cannot be read; start from the first page") from None
    if any(isinstance(one, int) and abs(one) >= 2**62 for one in values):
        raise UserMistake("the mark of the next page cannot be read; start from the first page")
    return values


def _standing(row: queries.Row) -> Standing:
    return Standing(
        id=row["id"],
        kind=row["kind"],
        tier=row["tier"],
        score=row["score"],
        received_at=row["received_at"],
        due_at=row["due_at"],
        sampled=bool(row["sampled"]),
        members=row["size"] or 1,
        why=whys(row["why"]),
    )


def whys(rows: Any) -> tuple[Why, ...]:
    """The reasons as a case's row keeps them."""
    return tuple(Why(rule, points, tuple(features)) for rule, points, features in rows)
