"""Near-duplicates among the operator's own items: which pictures are the same one, also when turned."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from rempart.facts import Examination, reasons
from rempart.matching import HammingIndex, clusters

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


def cluster(items: Iterable[tuple[str, Examination]], max_distance_bits: int, threads: int = 1) -> Clusters:
    """Groups of items any view of which lies within the distance of another's plain view, directly or in a chain.

    An item with gaps still takes part with what could be seen; one of which nothing could be seen is counted.
    """
    seen: list[tuple[str, Examination]] = []
    unseen: Counter[str] = Counter()
    for name, examination in items:
        if examination.variants:
            seen.append((name, examination))
        else:
            unseen[_why_not(examination)] += 1
    roots = _roots([examination for _, examination in seen], max_distance_bits, threads)
    groups: dict[int, list[str]] = {}
    for (name, _), root in zip(seen, roots, strict=True):
        groups.setdefault(root, []).append(name)
    several = sorted((tuple(sorted(names)) for names in groups.values() if len(names) > 1), key=lambda g: (-len(g), g))
    return Clusters(tuple(several), len(seen) - sum(map(len, several)), unseen)


def _why_not(examination: Examination) -> str:
    if examination.container:  # members are items of a screening, not of a comparison of one's own files
        return reasons.reason(reasons.UNSUPPORTED, examination.media_type)
    return (examination.gaps or (reasons.LOW_QUALITY,))[0]


def _roots(examinations: Sequence[Examination], max_distance_bits: int, threads: int) -> list[int]:
    """For each item the same number as for every item it is connected with.

    Unturned views are joined among each other at once; then every turned view is searched among them.
    """
    owners = np.repeat(np.arange(len(examinations)), [len(seen.variants) for seen in examinations])
    variants = [variant for seen in examinations for variant in seen.variants]
    values = np.frombuffer(b"".join(v.fingerprint.value for v in variants), np.uint8).reshape(-1, 32)
    turned = np.array([variant.view.transform != "identity" for variant in variants], bool)
    plain_owners = owners[~turned]
    labels = clusters(values[~turned], max_distance_bits, threads)
    first_of_label = dict(zip(labels[::-1].tolist(), plain_owners[::-1].tolist(), strict=True))
    joined = [
        (owner, first_of_label[label]) for owner, label in zip(plain_owners.tolist(), labels.tolist(), strict=True)
    ]
    hits = HammingIndex.build(values[~turned], plain_owners).search(values[turned], max_distance_bits)
    met = zip(owners[turned][hits.query].tolist(), hits.id.tolist(), strict=True)
    return _join(chain(joined, met), len(examinations))


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
