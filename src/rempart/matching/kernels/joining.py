"""Every pair of rows within a distance, or only the clusters that they form."""

from collections.abc import Iterator, Sequence
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from rempart.matching.kernels import plain
from rempart.matching.kernels.dispatch import collect, compiled_join, empty_hits, frozen, radii_for, scan
from rempart.matching.kernels.plain import RawHits, Rows

Forest = NDArray[np.uint32]

KEYS, BUCKETS = 16, 65536
QUERIES_AT_ONCE = 256
FEW_PAIRS_PER_ROW = 4


def pairs(rows: Rows, max_distance_bits: int, share: int, shares: int) -> RawHits:
    """(row, other row, distance) of the pairs that fall to this share; the shares 0..shares-1 give every pair once."""
    module = compiled_join()
    if module is None:
        parts = list(_scanned(rows, max_distance_bits, share, shares))
    else:
        parts = list(_joined(module, rows, max_distance_bits, share, shares))
    left, right, bits = (np.concatenate(column) for column in zip(*parts, empty_hits(0), strict=True))
    return left, right, bits


def forest(rows: Rows, max_distance_bits: int, share: int, shares: int) -> Forest:
    """A parent for each row: the clusters as far as this share shows them. Compiled, it does not list the pairs."""
    module, parents = compiled_join(), np.arange(len(rows), dtype=np.uint32)
    if module is None:
        for left, right, _ in _scanned(rows, max_distance_bits, share, shares):
            plain.unite(left.astype(np.uint32), right, parents)
        return parents
    radii, limit = radii_for(max_distance_bits, KEYS), np.uint64(max_distance_bits)
    room = empty_hits(FEW_PAIRS_PER_ROW * len(rows))
    for k in _keys(radii, share, shares):
        starts, order, grouped = _grouped(module, rows, k)
        reached, used = module.join(grouped, order, starts, k, limit, radii, 0, *room)
        if reached == BUCKETS:  # listing few pairs is twice as fast as looking for clusters that are not there
            module.unite(frozen(room[0][:used].astype(np.uint32)), frozen(room[1][:used]), parents)
        else:
            module.merge(grouped, order, starts, limit, radii[k], parents)
    return parents


def united(forests: Sequence[Forest]) -> Forest:
    """For each row the smallest row of its cluster, when clusters that share a row in any of the forests are one."""
    parents, every = forests[0].copy(), frozen(np.arange(len(forests[0]), dtype=np.uint32))
    module = compiled_join() or plain
    for other in forests[1:]:
        module.unite(every, frozen(other), parents)
    module.flatten(parents)
    return parents


def _joined(module: ModuleType, rows: Rows, max_distance_bits: int, share: int, shares: int) -> Iterator[RawHits]:
    radii, limit = radii_for(max_distance_bits, KEYS), np.uint64(max_distance_bits)
    for k in _keys(radii, share, shares):
        starts, order, grouped = _grouped(module, rows, k)

        def run(first: int, room: RawHits, k: int = k) -> tuple[int, int]:
            reached: tuple[int, int] = module.join(grouped, order, starts, k, limit, radii, first, *room)  # noqa: B023
            return reached

        yield collect(run, BUCKETS)


def _keys(radii: NDArray[np.int64], share: int, shares: int) -> list[int]:
    return [k for k in range(share, KEYS, shares) if radii[k] >= 0]


def _grouped(module: ModuleType, rows: Rows, k: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32], Rows]:
    starts, order = np.empty(BUCKETS + 1, np.uint32), np.empty(len(rows), np.uint32)
    grouped = np.empty_like(rows)
    module.group(rows, k, starts, order, grouped)
    return frozen(starts), frozen(order), frozen(grouped)


def _scanned(rows: Rows, max_distance_bits: int, share: int, shares: int) -> Iterator[RawHits]:
    for first in range(share * QUERIES_AT_ONCE, len(rows), shares * QUERIES_AT_ONCE):
        query, row, bits = scan(rows, frozen(rows[first : first + QUERIES_AT_ONCE]), max_distance_bits)
        query = query + np.int32(first)
        kept = row > query
        yield query[kept], row[kept], bits[kept]
