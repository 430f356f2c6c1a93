"""A fingerprint of an item met a list entry."""

from dataclasses import dataclass

from rempart.facts.fingerprint import Kind, View
from rempart.facts.hash_list import Polarity, Policy


@dataclass(frozen=True, slots=True)
class Match:
    """One fingerprint of an item within the distance of one entry of one list.

    distance_bits: 0 for digests; Hamming distance for perceptual kinds.
    view: how the picture was looked at when it matched best; None for digests.
    held: the entry is in flood quarantine, so the match asks for review only.
    """

    list_name: str
    list_version: int
    entry_ref: str
    kind: Kind
    distance_bits: int
    policy: Policy
    polarity: Polarity
    classification: str = ""
    view: View | None = None
    held: bool = False
