"""The same answers as the compiled kernels, in numpy alone: for machines where numba cannot be imported."""

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.uint64]
RawHits = tuple[NDArray[np.int32], NDArray[np.uint32], NDArray[np.uint8]]

BLOCK_BYTES = 4 * 2**20


def scan(rows: Rows, queries: Rows, max_distance_bits: int) -> RawHits:
    """(query, row, distance) of every pair within the distance, in no particular order."""
    found = [_near(rows, queries[q], q, max_distance_bits) for q in range(len(queries))]
    if not found:
        return np.empty(0, np.int32), np.empty(0, np.uint32), np.empty(0, np.uint8)
    query, row, bits = (np.concatenate(column) for column in zip(*found, strict=True))
    return query, row, bits


def _near(rows: Rows, word: NDArray[np.uint64], number: int, max_distance_bits: int) -> RawHits:
    step = BLOCK_BYTES // 32
    bits = np.empty(len(rows), np.uint16)
    for start in range(0, len(rows), step):
        bits[start : start + step] = np.bitwise_count(rows[start : start + step] ^ word).sum(axis=1, dtype=np.uint16)
    row = np.flatnonzero(bits <= max_distance_bits)
    return np.full(len(row), number, np.int32), row.astype(np.uint32), bits[row].astype(np.uint8)


def unite(left: NDArray[np.uint32], right: NDArray[np.uint32], parents: NDArray[np.uint32]) -> None:
    """Nothing; unites in parents the clusters of left[i] and right[i]."""
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        low, high = sorted((_root(parents, a), _root(parents, b)))
        parents[high] = low


def flatten(parents: NDArray[np.uint32]) -> None:
    """Nothing; every parent becomes the smallest row of its cluster. A parent is never larger than its row."""
    for row in range(len(parents)):
        parents[row] = parents[parents[row]]


def _root(parents: NDArray[np.uint32], row: int) -> int:
    while int(parents[row]) != row:
        row = int(parents[row])
    return row
