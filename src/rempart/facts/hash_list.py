"""Hash lists: what we hold, from whom, and what a match against it asks for."""

from dataclasses import dataclass
from typing import Literal

from rempart.facts.fingerprint import Fingerprint

Policy = Literal["block", "review", "ignore"]
Polarity = Literal["known-bad", "known-good"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list.

    ref: the source's own identifier, or one we gave; safe to show (it is never derived from the fingerprint).
    classification: the source's own code, such as `A1`; empty when the source gave none.
    """

    fingerprint: Fingerprint
    ref: str
    classification: str = ""


@dataclass(frozen=True, slots=True)
class HashList:
    """The public description of one list at one version: no fingerprint in it.

    source, jurisdiction, classification are what the operator stated at import; `unknown` where not stated.
    max_distance_bits: the largest PDQ distance that counts as a match, 0..63.
    max_age_days: how old the last import may be before the list is called stale; None when it never is.
    """

    name: str
    version: int
    source: str
    polarity: Polarity
    policy: Policy
    max_distance_bits: int
    max_age_days: int | None
    jurisdiction: str = "unknown"
    classification: str = "unknown"
    updated_at_utc: str = ""
    entries: int = 0
