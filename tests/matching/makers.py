"""Seeded fingerprints with near-duplicates among them, and the naive twins of the searches."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.uint8]


def random_values(count: int, seed: int = 0, width: int = 32) -> Values:
    return np.random.default_rng(seed).integers(0, 256, (count, width), dtype=np.uint8)


def flipped(values: Values, bits: NDArray[Any], seed: int = 0) -> Values:
    """The values with exactly bits[i] of the bits of row i flipped."""
    order = np.random.default_rng(seed).random((len(values), 256)).argsort(axis=1)
    return values ^ np.packbits(order < np.asarray(bits)[:, None], axis=1)


def clustered_values(count: int, seed: int = 0) -> Values:
    """A third random, the rest around a few centres at every distance from 0 to 70; duplicates included."""
    random = np.random.default_rng(seed)
    values = random_values(count, seed)
    near = random.random(count) < 2 / 3
    centres = values[random.integers(0, max(count // 20, 1), count)] if count else values
    moved = flipped(centres, random.integers(0, 71, count) * (random.random(count) < 0.9), seed)
    return np.where(near[:, None], moved, values)


def brute_force(values: Values, ids: NDArray[Any], queries: Values, limit: int) -> list[tuple[int, int, int]]:
    """The naive twin: (query, distance, id) of every pair within the limit, sorted."""
    found = []
    for number, query in enumerate(queries):
        bits = np.unpackbits(values ^ query, axis=1).sum(axis=1, dtype=int)
        found += [(number, int(bits[i]), int(ids[i])) for i in np.flatnonzero(bits <= limit)]
    return sorted(found)


def listed(hits: Any) -> list[tuple[int, int, int]]:
    """(query, distance, id) of the hits in the order in which they came."""
    return list(zip(hits.query.tolist(), hits.distance.tolist(), hits.id.tolist(), strict=True))
