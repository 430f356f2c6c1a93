"""Whether what a notice is about is still there: what the monitor found, or one look without any content."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from rempart.errors import RempartError
from rempart.net.outbound import Outbound
from rempart.reporting.recipient import Draft

Seen = Literal["up", "missing", "down", "unknown"]
"""`missing`: one look found nothing; `down`: the monitor holds it for gone."""
GONE = (404, 410)
AT_ONCE = 8
MOST_LOOKS = 20
LOOK_SECONDS = 10.0
MISSES = 3
MISSED_FOR = timedelta(hours=2)
LOOK_AGAIN = timedelta(hours=1)
# What the monitor is sure of; in its other states somebody looks.
_MONITOR: Mapping[str, Seen] = {
    "up": "up",
    "moved": "up",
    "returned": "up",
    "suspect_down": "missing",
    "down": "down",
}


def looked(outbound: Outbound, drafts: Mapping[int, Draft], watched: Mapping[int, str]) -> dict[int, Seen]:
    """Report -> whether one of its places is still there. watched: place -> what the takedown monitor says."""
    known: dict[int, Seen] = {place: _MONITOR[state] for place, state in watched.items() if state in _MONITOR}
    seconds = min(LOOK_SECONDS, outbound.limits.total_seconds)
    quick = replace(outbound, limits=replace(outbound.limits, total_seconds=seconds))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda draft: _look_at(quick, draft, known), drafts.values())
        return dict(zip(drafts, found, strict=True))


def _look_at(outbound: Outbound, draft: Draft, known: Mapping[int, Seen]) -> Seen:
    """What is known of the places of one notice. Looking ends with the first that is up; what was not seen is open."""
    places = draft["places"]
    seen: list[Seen] = [known[one["location"]] for one in places if one["location"] in known]
    left = [one for one in places if one["location"] not in known]
    for one in left[:MOST_LOOKS] if "up" not in seen else ():
        seen.append(_look(outbound, one["url"]))
        if seen[-1] == "up":
            break
    if len(seen) < len(places):
        seen.append("unknown")
    return together(seen)


def has_moved(draft: Draft, networks: Mapping[int, str]) -> bool:
    """Whether every place is in another network now than when the notice was drafted. networks: as known now."""
    known = [(one["network"], networks.get(one["location"], "")) for one in draft["places"]]
    return bool(known) and all(before and now and before != now for before, now in known)


def together(seen: Sequence[Seen]) -> Seen:
    """What is known of all places: one that is up outweighs the others, one that nobody knows of all that are gone."""
    for one in ("up", "unknown", "missing"):
        if one in seen:
            return one
    return "down" if seen else "unknown"


def is_gone(misses: int, first_miss_at: datetime | None, now: datetime) -> bool:
    """Whether so many looks in a row, over so long, mean that nothing is there any more."""
    return misses >= MISSES and first_miss_at is not None and now - first_miss_at >= MISSED_FOR


def _look(outbound: Outbound, url: str) -> Seen:
    """One look. Whatever is not a plain yes or no leaves it unknown: nothing is dropped because a look failed."""
    if not outbound.looks:
        return "unknown"
    try:
        status = outbound.head(url).status
    except RempartError:
        return "unknown"
    if status in GONE:
        return "missing"
    return "up" if status < 400 else "unknown"
