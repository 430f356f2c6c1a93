"""Near-duplicates among the operator's own items: which pictures are the same one, also when turned."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rempart.facts import Examination
from rempart.matching import HammingIndex

CLUSTERS_VERSION = 1


@dataclass(frozen=True, slots=True)
class Clusters:
    """Groups of item names, largest first; items in no group are alone or were not examined."""

    groups: tuple[tuple[str, ...], ...]
    alone: int
    not_examined: Counter[str]

    def to_json(self) -> dict[str, object]:
        """Stable JSON of the groups."""
        return {
            "version": CLUSTERS_VERSION,
            "clusters": [list(group) for group in self.groups],
            "alone": self.alone,
            "not_examined": dict(sorted(self.not_examined.items())),
        }


def cluster(items: Iterable[tuple[str, Examination]], max_distance_bits: int) -> Clusters:
    """Groups of items any view of which lies within the distance of another's plain view, directly or in a chain.

    An item with gaps still takes part with what could be seen; one of which nothing could be seen is counted.
    """
    seen: list[tuple[str, Examination]] = []
    unseen: Counter[str] = Counter()
    for name, examination in items:
        if examination.variants:
            seen.append((name, examination))
        else:
            unseen[(examination.gaps or ("low quality",))[0]] += 1
    roots = _join(_pairs([examination for _, examination in seen], max_distance_bits), len(seen))
    groups: dict[int, list[str]] = {}
    for (name, _), root in zip(seen, roots, strict=True):
        groups.setdefault(root, []).append(name)
    several = sorted((tuple(sorted(names)) for names in groups.values() if len(names) > 1), key=lambda g: (-len(g), g))
    return Clusters(tuple(several), len(seen) - sum(map(len, several)), unseen)


def _pairs(examinations: Sequence[Examination], max_distance_bits: int) -> Iterable[tuple[int, int]]:
    """Which items meet which: every view of each, searched among the unturned views of all."""
    owners = np.repeat(np.arange(len(examinations)), [len(seen.variants) for seen in examinations])
    variants = [variant for seen in examinations for variant in seen.variants]
    values = np.frombuffer(b"".join(v.fingerprint.value for v in variants), np.uint8).reshape(-1, 32)
    plain = np.flatnonzero([variant.view.transform == "identity" for variant in variants])
    hits = HammingIndex.build(values[plain], owners[plain]).search(values, max_distance_bits)
    return zip(owners[hits.query].tolist(), hits.id.tolist(), strict=True)


def _join(pairs: Iterable[tuple[int, int]], count: int) -> list[int]:
    """For each item the smallest item it is connected with (union-find with path halving)."""
    parent = list(range(count))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for left, right in pairs:
        low, high = sorted((root(left), root(right)))
        parent[high] = low
    return [root(item) for item in range(count)]
