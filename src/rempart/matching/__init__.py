"""Matching: which list entries a fingerprint meets. Exact search by distance, digests, clusters, snapshots."""

from rempart.matching.exact import ExactIndex
from rempart.matching.hamming import HammingIndex
from rempart.matching.hits import Hits, Pairs
from rempart.matching.join import clusters, self_join
from rempart.matching.snapshot import DigestMatches, ListSnapshot, Snapshot

__all__ = [
    "DigestMatches",
    "ExactIndex",
    "HammingIndex",
    "Hits",
    "ListSnapshot",
    "Pairs",
    "Snapshot",
    "clusters",
    "self_join",
]
