"""History ranked with other rules: what would have moved, by how much, and why. It reads, and changes nothing."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from rempart.cases.triage.features import from_row
from rempart.cases.triage.rank import place
from rempart.cases.triage.ruleset import AGEING, Rules
from rempart.cases.triage.vocabulary import VOCABULARY
from rempart.facts.case import Placement

MOST_MOVES = 20
VERSION = 1
_AT_ONCE = 1000
_MOST_KNOWN = 50_000
_ZERO = 1 << 24
_MOMENTS = frozenset(one.name for one in VOCABULARY.values() if one.type == "moment")


@dataclass(frozen=True, slots=True)
class Move:
    """One case, and where it stands with the rules before and after. began, ceased: rules that hold, or do not."""

    case: int
    waits: bool
    tier: tuple[int, int]
    score: tuple[int, int]
    began: tuple[str, ...]
    ceased: tuple[str, ...]


@dataclass(slots=True)
class Replay:
    """What the other rules would have changed.

    tiers: (before, after) -> cases. began, ceased, reweighed: rule -> cases where it holds now, does not any more, or
    gives other points. shifts: how many places each waiting case goes forward (backward: below zero).
    outcomes: outcome -> decided cases that would have come `earlier`, `later`, or the `same`. moves: the largest.
    """

    before: str
    after: str
    cases: int = 0
    waiting: int = 0
    tiers: Counter[tuple[int, int]] = field(default_factory=Counter)
    began: Counter[str] = field(default_factory=Counter)
    ceased: Counter[str] = field(default_factory=Counter)
    reweighed: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    shifts: Sequence[int] = ()
    moves: list[Move] = field(default_factory=list)

    @property
    def moved(self) -> int:
        """Cases that change their tier."""
        return sum(cases for (before, after), cases in self.tiers.items() if before != after)

    def to_json(self) -> dict[str, Any]:
        """As `rempart triage replay --json` prints it."""
        steps = sorted(abs(one) for one in self.shifts)
        return {
            "version": VERSION,
            "before": self.before,
            "after": self.after,
            "cases": self.cases,
            "waiting": self.waiting,
            "moved": self.moved,
            "tiers": [
                {"before": before, "after": after, "cases": cases}
                for (before, after), cases in sorted(self.tiers.items())
            ],
            "places": {
                "forward": sum(one > 0 for one in self.shifts),
                "backward": sum(one < 0 for one in self.shifts),
                "median": steps[len(steps) // 2] if steps else 0,
                "most": steps[-1] if steps else 0,
            },
            "began": dict(self.began.most_common()),
            "ceased": dict(self.ceased.most_common()),
            "reweighed": dict(self.reweighed.most_common()),
            "outcomes": {name: dict(counts) for name, counts in sorted(self.outcomes.items())},
            "moves": [
                {
                    "case": one.case,
                    "waits": one.waits,
                    "tier": list(one.tier),
                    "score": list(one.score),
                    "began": list(one.began),
                    "ceased": list(one.ceased),
                }
                for one in self.moves
            ],
        }


def replay(
    rows: Iterable[Any],
    before: Rules,
    after: Rules,
    now: datetime,
    progress: Callable[[int], object] = id,
) -> Replay:
    """What `after` changes against `before`, over rows of `queries.ranking.history`.

    A case that waits is placed as of now, a decided one as of its decision; both with both rules, so that nothing but
    the rules differs. progress: called with the cases seen so far. Memory: 40 bytes for each waiting case.
    """
    found, both = Replay(before.version, after.version), _Both(before, after)
    befores, afters, received = array("q"), array("q"), array("q")
    for row in rows:
        one, other = both.places(row, row["decided_at"] or now)
        waits = row["state"] == "triaged" and bool(row["leads"])
        _count(found, row, one, other, waits=waits)
        if waits:
            befores.append(_key(one))
            afters.append(_key(other))
            received.append(int(row["received_at"].timestamp()))
        if found.cases % _AT_ONCE == 0:
            progress(found.cases)
    progress(found.cases)
    _trim(found.moves)
    found.shifts = _shifts(befores, afters, received)
    return found


class _Both:
    """Places by both rules. The same facts are placed once, whoever stated them, unless they depend on the time."""

    def __init__(self, before: Rules, after: Rules) -> None:
        self._rules, self._known = (before, after), dict[tuple[Any, ...], tuple[Placement, Placement]]()

    def places(self, row: Any, at: datetime) -> tuple[Placement, Placement]:
        """The places of the case at that time, by the rules before and after."""
        received, facts = row["received_at"], tuple((name, value) for name, value, _, _ in row["features"])
        if any(name in _MOMENTS for name, _ in facts):
            return self._placed(row, at)
        key = (facts, *((at - received) // timedelta(hours=rules.ageing.every_hours) for rules in self._rules))
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._placed(row, at)
        return self._known[key]

    def _placed(self, row: Any, at: datetime) -> tuple[Placement, Placement]:
        features, (before, after) = from_row(row["features"]), self._rules
        return place(features, before, at, row["received_at"]), place(features, after, at, row["received_at"])


def _count(found: Replay, row: Any, one: Placement, other: Placement, *, waits: bool) -> None:
    """Nothing; the case is counted in everything that it belongs to."""
    found.cases += 1
    found.waiting += waits
    found.tiers[one.tier, other.tier] += 1
    held, holds = _points(one), _points(other)
    began, ceased = [rule for rule in holds if rule not in held], [rule for rule in held if rule not in holds]
    found.began.update(began)
    found.ceased.update(ceased)
    found.reweighed.update(rule for rule in holds if held.get(rule, holds[rule]) != holds[rule])
    if row["outcome"] is not None:
        counts = found.outcomes.setdefault(row["outcome"], Counter(earlier=0, later=0, same=0))
        counts[_moves(_key(one), _key(other))] += 1
    if (one.tier, one.score) != (other.tier, other.score):
        move = Move(row["id"], waits, (one.tier, other.tier), (one.score, other.score), tuple(began), tuple(ceased))
        _keep(found.moves, move)


def _points(placement: Placement) -> dict[str, int]:
    """Rule -> points of what led to the place, but for waiting."""
    return {why.rule: why.points for why in placement.why if why.rule != AGEING}


def _moves(before: int, after: int) -> str:
    if before == after:
        return "same"
    return "earlier" if after > before else "later"


def _keep(moves: list[Move], move: Move) -> None:
    """Nothing; the largest moves stay, largest first: those between tiers, then those inside one."""
    moves.append(move)
    if len(moves) > 2 * MOST_MOVES:
        _trim(moves)


def _trim(moves: list[Move]) -> None:
    moves.sort(key=lambda one: (-abs(one.tier[1] - one.tier[0]), -abs(one.score[1] - one.score[0]), one.case))
    del moves[MOST_MOVES:]


def _key(placement: Placement) -> int:
    """One number: a larger one comes first."""
    return ((5 - placement.tier) << 50) + ((placement.score + _ZERO) << 25) + placement.tie + _ZERO


def _shifts(before: "array[int]", after: "array[int]", received: "array[int]") -> list[int]:
    """How many places each waiting case goes forward: newest first among equals, then the one that was there first."""
    since = np.asarray(received)
    places = []
    for keys in (before, after):
        places.append(np.empty(len(keys), np.int64))
        places[-1][np.lexsort((np.arange(len(keys)), -since, -np.asarray(keys)))] = np.arange(len(keys))
    return [int(one) for one in places[0] - places[1]]
