"""What a look at a place changes: a pure state machine.

Down means: not there in three looks or more in a row, over two hours or more, and two resolvers agree. A place that
went down is looked at again after 1, 7 and 30 days; if it is back, so is its case. A place that only cannot be reached
is not down: nobody took it away.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

State = Literal["scheduled", "up", "suspect_down", "unreachable", "moved", "down", "returned"]
Result = Literal["there", "gone", "unreachable", "unsure"]
Event = Literal["up", "suspect_down", "unreachable", "moved", "down", "returned", "ended"]
MISSES = 3
LEAST_SPAN = timedelta(hours=2)
RESOLVERS = 2
SOONEST, LATEST = timedelta(minutes=60), timedelta(minutes=120)
RECHECKS = (timedelta(days=1), timedelta(days=7), timedelta(days=30))


@dataclass(frozen=True, slots=True)
class Watch:
    """What is known of one place. misses: looks in a row that did not find it. missed_by: resolvers that agree.

    address, country, network: where it was last; empty when not known. rechecks_done: since it went down.
    """

    state: State
    next_at: datetime | None
    misses: int = 0
    first_miss_at: datetime | None = None
    missed_by: frozenset[str] = frozenset()
    address: str = ""
    country: str = ""
    network: str = ""
    rechecks_done: int = 0
    down_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One look. resolvers: those that say so. address, country, network: of the machine that answered, where known."""

    at: datetime
    result: Result
    resolvers: frozenset[str] = frozenset()
    address: str = ""
    country: str = ""
    network: str = ""


def begun(now: datetime, chance: float, *, address: str = "", country: str = "", network: str = "") -> Watch:
    """A new watch. chance: 0 to 1, so that not all are looked at in one moment."""
    return Watch("scheduled", _soon(now, chance), address=address, country=country, network=network)


def step(watch: Watch, seen: Seen, chance: float) -> tuple[Watch, tuple[Event, ...]]:
    """(the watch after the look, what happened). chance: 0 to 1, spreads the next look over an hour."""
    if watch.next_at is None:
        return watch, ()
    match seen.result:
        case "there":
            return _there(watch, seen, chance)
        case "gone":
            return _gone(watch, seen, chance)
        case "unreachable":
            return _unreachable(watch, seen, chance)
        case _:
            return replace(watch, next_at=_soon(seen.at, chance)), ()


def _there(watch: Watch, seen: Seen, chance: float) -> tuple[Watch, tuple[Event, ...]]:
    events: list[Event] = []
    if watch.state == "down":
        events.append("returned")
    elif _moved(watch, seen):
        events.append("moved")
    elif watch.state != "up":
        events.append("up")
    state: State = "returned" if "returned" in events else "moved" if "moved" in events else "up"
    kept = Watch(
        state,
        _soon(seen.at, chance),
        address=seen.address or watch.address,
        country=seen.country or watch.country,
        network=seen.network or watch.network,
    )
    return kept, tuple(events)


def _gone(watch: Watch, seen: Seen, chance: float) -> tuple[Watch, tuple[Event, ...]]:
    if watch.state == "down":
        return _still_down(watch, seen)
    first = watch.first_miss_at or seen.at
    kept = replace(
        watch,
        state="suspect_down",
        misses=watch.misses + 1,
        first_miss_at=first,
        missed_by=watch.missed_by | seen.resolvers,
        next_at=_soon(seen.at, chance),
    )
    if kept.misses >= MISSES and seen.at - first >= LEAST_SPAN and len(kept.missed_by) >= RESOLVERS:
        down = replace(kept, state="down", down_at=seen.at, next_at=seen.at + RECHECKS[0], rechecks_done=0)
        return down, ("down",)
    return kept, () if watch.state == "suspect_down" else ("suspect_down",)


def _unreachable(watch: Watch, seen: Seen, chance: float) -> tuple[Watch, tuple[Event, ...]]:
    """A place that cannot be reached is neither there nor gone: nothing is counted, and it is looked at again."""
    if watch.state == "down":
        return _still_down(watch, seen)
    kept = replace(watch, state="unreachable", next_at=_soon(seen.at, chance))
    return kept, () if watch.state == "unreachable" else ("unreachable",)


def _still_down(watch: Watch, seen: Seen) -> tuple[Watch, tuple[Event, ...]]:
    done = watch.rechecks_done + 1
    if done >= len(RECHECKS) or watch.down_at is None:
        return replace(watch, rechecks_done=done, next_at=None), ("ended",)
    due = max(watch.down_at + RECHECKS[done], seen.at)
    return replace(watch, rechecks_done=done, next_at=due), ()


def _moved(watch: Watch, seen: Seen) -> bool:
    """Another country or network than before; another address of the same network is no move."""
    pairs = ((watch.country, seen.country), (watch.network, seen.network))
    return any(before and now and before != now for before, now in pairs)


def _soon(now: datetime, chance: float) -> datetime:
    return now + SOONEST + (LATEST - SOONEST) * min(max(chance, 0.0), 1.0)
