"""Near-duplicates within one set: every pair, or the clusters they form."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rempart.errors import UserMistake
from rempart.matching import kernels
from rempart.matching.hits import Pairs
from rempart.matching.words import Rows, repeats_row_before, sorted_rows, words_of
from rempart.thresholds import PDQ_LARGEST_DISTANCE

T = TypeVar("T")

MOST_THREADS = 16


def self_join(values: ArrayLike, max_distance_bits: int, threads: int = 1) -> Pairs:
    """Every pair of rows of values within the distance, each once, left < right, sorted.

    values: (n, 32) uint8. Costs 9 bytes a pair, three times that while they are sorted; use `clusters` for the groups.
    """
    order, rows = _sorted(values, max_distance_bits)
    parts = _shared(rows, max_distance_bits, threads, kernels.pairs)
    first, second = (order[np.concatenate([part[side] for part in parts])].astype(np.int32) for side in (0, 1))
    bits = np.concatenate([part[2] for part in parts])
    left, right = np.minimum(first, second), np.maximum(first, second)
    sorting = np.argsort(left.astype(np.int64) << 32 | right)
    return Pairs(left[sorting], right[sorting], bits[sorting])


def clusters(values: ArrayLike, max_distance_bits: int, threads: int = 1) -> NDArray[np.int32]:
    """A label for each row: rows joined by a chain of pairs within the distance share it.

    Labels count from 0 in the order in which the clusters first appear. Dense clusters do not cost all their pairs.
    """
    order, rows = _sorted(values, max_distance_bits)
    if not len(rows):
        return np.empty(0, np.int32)
    fresh = np.ones(len(rows), np.bool_)
    fresh[repeats_row_before(rows)] = False
    unique = kernels.frozen(rows[fresh])
    roots = kernels.united(_shared(unique, max_distance_bits, threads, kernels.forest))
    root_of_row = np.empty(len(rows), np.int64)
    root_of_row[order] = roots[np.cumsum(fresh) - 1]
    return _by_appearance(root_of_row)


def _sorted(values: ArrayLike, max_distance_bits: int) -> tuple[NDArray[np.intp], Rows]:
    if not 0 <= max_distance_bits <= PDQ_LARGEST_DISTANCE.value:
        raise UserMistake(f"a distance is 0..{PDQ_LARGEST_DISTANCE.value} bits, not {max_distance_bits}")
    return sorted_rows(words_of(values))


def _shared(rows: Rows, max_distance_bits: int, threads: int, work: Callable[[Rows, int, int, int], T]) -> list[T]:
    """What each thread made of its share; the threads do not wait for each other."""
    shares = max(1, min(threads, MOST_THREADS))
    with ThreadPoolExecutor(shares) as pool:
        return list(pool.map(lambda share: work(rows, max_distance_bits, share, shares), range(shares)))


def _by_appearance(roots: NDArray[np.int64]) -> NDArray[np.int32]:
    _, first, label = np.unique(roots, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int32)
    rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    return rank[label]
