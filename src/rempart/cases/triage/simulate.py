"""The published simulation: how many critical reports are opened within a day, by the order in which people look.

Ours are the real rules and the real `place`, with ageing and the sampling share on; the due lane is off, because no
clock runs in the synthetic world.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from rempart.cases.triage.features import evidence_expires, stated
from rempart.cases.triage.queue import SAMPLE_SHARE
from rempart.cases.triage.rank import place
from rempart.cases.triage.ruleset import Rules
from rempart.cases.triage.simulate_world import MINUTES, Column, World, make_world
from rempart.facts.case import Feature

LOOKS = (9, 60, 200)
VERSION = 1
START = datetime(2026, 1, 1, tzinfo=UTC)
# Tier, score, tie and age of a report packed into one number: a larger one comes first.
_SCORE_AT, _TIE_AT, _MINUTE_AT = 2**40, 2**28, 1
_ZERO = 1024

# The weighted sum that general-purpose triage tools ship with: one number for everything, AI taken off.
WEIGHTS = {
    "urgent": 15,
    "contact_in_progress": 12,
    "victim_self_report": 40,
    "hit": -45,
    "exif": 8,
    "this_month": 8,
    "this_year": 10,
    "first_generation": 9,
    "country": 2,
    "actor_identifiable": 8,
    "prior_report": 4,
    "minor_contact": 8,
    "access_to_children": 15,
    "expires_soon": 4,
    "viral": -7,
    "ai": -20,
}


@dataclass(frozen=True, slots=True)
class Order:
    """In which order reports are looked at. keys: a larger one first. ageing: added to the key for each step waited.

    low: tier of the reports among which random samples are drawn, -1 of the others; None when the order draws none.
    """

    keys: Column
    ageing: int = 0
    step_minutes: int = MINUTES
    low: Column | None = None


def simulate(
    rules: Rules, seed: int = 1, looks: Sequence[int] = LOOKS, only_ours: bool = False, **size: int
) -> dict[str, Any]:
    """The shares of critical reports opened within 24 hours, `{"critical_opened_24h": {"9": …}, …}`.

    only_ours: leaves the other orders out. size: `days` and `reports_a_day` of a smaller world.
    """
    world = make_world(seed, **size)
    mislabelled = world.with_wrong_labels(seed)
    result: dict[str, Any] = {
        "version": VERSION,
        "rules": rules.version,
        "seed": seed,
        "reports": len(world),
        "critical": int(world.critical.sum()),
        "critical_opened_24h": _shares(world, ours(world, rules), looks, seed),
        "with_wrong_ai_label": _shares(mislabelled, ours(mislabelled, rules), looks, seed),
    }
    if not only_ours:
        result["orders"] = {
            name: {
                "critical_opened_24h": _shares(world, make(world, rules), looks, seed),
                "with_wrong_ai_label": _shares(mislabelled, make(mislabelled, rules), looks, seed),
            }
            for name, make in ORDERS.items()
        }
    return result


def ours(world: World, rules: Rules) -> Order:
    """The rules in force: tiers, score inside, AI evidence for ties, newest first."""
    tier, score, tie = _placed(world, rules)
    low = np.where(np.isin(tier, rules.sampling.tiers), tier, -1)
    keys = (5 - tier) * 2**52 + (score + _ZERO) * _SCORE_AT + (tie + _ZERO) * _TIE_AT + world.minute * _MINUTE_AT
    return Order(keys, rules.ageing.points * _SCORE_AT, rules.ageing.every_hours * 60, low)


def first_in_first_out(world: World, rules: Rules) -> Order:  # noqa: ARG001
    """Whatever came first."""
    return Order(-world.minute)


def most_reports_first(world: World, rules: Rules) -> Order:  # noqa: ARG001
    """What most people reported."""
    return Order(world.copies * 2**20 - world.minute)


def most_complete_first(world: World, rules: Rules) -> Order:  # noqa: ARG001
    """What came with most fields filled in, newest first."""
    return Order(world.filled * 2**20 + world.minute)


def weighted_sum(world: World, rules: Rules) -> Order:  # noqa: ARG001
    """One sum over everything, 20 off for AI; newest first."""
    total = sum((weight * world.traits[trait] for trait, weight in WEIGHTS.items()), np.zeros(len(world), np.int64))
    return Order((total + _ZERO) * 2**20 + world.minute)


def ai_lowest(world: World, rules: Rules) -> Order:
    """Our order, with everything that carries an AI label behind the rest."""
    order = ours(world, rules)
    return replace(order, keys=order.keys - world.traits["ai"] * 2**55)


ORDERS: dict[str, Callable[[World, Rules], Order]] = {
    "first_in_first_out": first_in_first_out,
    "most_reports_first": most_reports_first,
    "most_complete_first": most_complete_first,
    "weighted_sum": weighted_sum,
    "ai_lowest": ai_lowest,
}


def _shares(world: World, order: Order, looks: Sequence[int], seed: int) -> dict[str, float]:
    """Looks a day -> share of critical reports opened within 24 hours."""
    return {str(number): round(_opened(world, order, number, seed), 4) for number in looks}


def _opened(world: World, order: Order, looks: int, seed: int) -> float:
    """The share of critical reports that are looked at within a day, with so many looks a day, evenly spread."""
    chance = np.random.default_rng([seed, 3])
    days = int(world.minute[-1]) // MINUTES + 1
    opened_at = np.full(len(world), -1, np.int64)
    keys = order.keys.copy()
    gone = np.iinfo(np.int64).min
    aged = np.zeros(len(world), np.int64)
    for look in range(looks * days):
        now = (look + 1) * MINUTES // looks
        here = int(np.searchsorted(world.minute, now, side="right"))
        if order.ageing and look % max(looks // 24, 1) == 0:
            steps = (now - world.minute[:here]) // order.step_minutes
            _age(keys[:here], aged[:here], steps, order.ageing, gone)
        chosen = _sampled(keys[:here], order.low, chance, gone) if order.low is not None else -1
        if chosen < 0:
            chosen = int(np.argmax(keys[:here])) if here else -1
        if chosen >= 0 and keys[chosen] != gone:
            opened_at[chosen], keys[chosen] = now, gone
    within = (opened_at >= 0) & (opened_at - world.minute <= MINUTES) & world.critical
    return float(within.sum() / max(world.critical.sum(), 1))


def _age(keys: Column, aged: Column, steps: Column, points: int, gone: int) -> None:
    """Nothing; what waits has gained its points for every step, in place."""
    waiting = keys != gone
    keys[waiting] += (steps[waiting] - aged[waiting]) * points
    aged[:] = steps


def _sampled(keys: Column, low: Column, chance: Any, gone: int) -> int:
    """A random waiting report of a random low tier, in so many looks of a hundred; else -1."""
    if chance.random() >= SAMPLE_SHARE:
        return -1
    tiers = np.where(keys != gone, low[: len(keys)], -1)
    present = np.unique(tiers[tiers >= 0])
    return int(chance.choice(np.flatnonzero(tiers == chance.choice(present)))) if len(present) else -1


def _placed(world: World, rules: Rules) -> tuple[Column, Column, Column]:
    """Tier, score and tie of every report, by the real `place`: once for each distinct set of traits."""
    names = list(world.traits)
    table = np.stack([world.traits[name] for name in names], axis=1)
    kinds, inverse = np.unique(table, axis=0, return_inverse=True)
    places = [place(features_of(dict(zip(names, row.tolist(), strict=True))), rules, START) for row in kinds]
    found = np.array([(one.tier, one.score, one.tie) for one in places], np.int64)[inverse.reshape(-1)]
    return found[:, 0], found[:, 1], found[:, 2]


def features_of(shows: dict[str, int]) -> list[Feature]:
    """The features that a report with these traits would get."""
    yes = {name: True for name in _STATED if shows[name]}
    told = stated("provider:synthetic", START, **yes)
    told += stated("provider:synthetic", START, country="FR" if shows["country"] else None)
    told += stated("provider:synthetic", START, prior_reports=1 if shows["prior_report"] else None)
    novelty = "exact" if shows["hit"] else "none"
    seen = {"camera_evidence": "traits" if shows["exif"] else None, "novelty": novelty}
    told += stated("finding", START, **seen, first_generation=True if shows["first_generation"] else None)
    if shows["dated"]:
        days = 10 if shows["this_month"] else 200 if shows["this_year"] else 900
        told += stated("exif", START, capture_age_days=days)
    if shows["hit"]:
        told += stated("list:synthetic@1", START, victim_identified=not shows["victim_unidentified"], submissions=40)
    if shows["expires_soon"]:
        told += evidence_expires(START + timedelta(days=1), "provider:synthetic", START)
    if shows["ai"]:
        told += stated("provider:synthetic", START, ai_evidence="B")
    return told


_STATED = (
    "urgent",
    "contact_in_progress",
    "victim_self_report",
    "actor_identifiable",
    "minor_contact",
    "access_to_children",
    "viral",
)
