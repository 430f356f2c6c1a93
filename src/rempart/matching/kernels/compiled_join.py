# mypy: disable-error-code="no-untyped-def,no-untyped-call,call-arg,import-untyped,unreachable,var-annotated"
"""Kernels for all pairs within a distance, and for the clusters they form. See `compiled` for the rules of the file.

A row is cut into 16 keys of 16 bits. For each key the rows are laid out in its order, so that the rows of two keys
that differ in few bits are two runs of memory, and comparing them is a walk: nothing is looked up.
"""

import numpy as np
from numba import types

from rempart.matching.kernels.machine import (
    I64,
    IN_I64,
    IN_U32,
    OUT_I32,
    OUT_U8,
    OUT_U32,
    ROWS,
    U64,
    inlined,
    kernel,
    popcount,
)

BUCKETS = 65536
LARGE = 64
FULL = -1


def _masks() -> list[int]:
    """Every way to flip at most three bits of 16: none first, then one, then two, then three."""
    return sorted((m for m in range(BUCKETS) if m.bit_count() <= 3), key=lambda m: (m.bit_count(), m))


MASKS = np.array(_masks())
MASKS_WITHIN = np.array([0, 1, 17, 137, 697])


@inlined
def key_of(rows, i, k):
    """Key k of row i: 16 of its bits."""
    return I64(rows[i, k >> 2] >> U64(48 - 16 * (k & 3)) & U64(BUCKETS - 1))


@kernel(types.void(ROWS, I64, OUT_U32, OUT_U32, types.Array(U64, 2, "C")))
def group(rows, k, starts, order, grouped):
    """Nothing; writes where each bucket of key k starts, the rows in that order, and their numbers."""
    n = rows.shape[0]
    ends = np.zeros(BUCKETS + 1, np.int64)
    for i in range(n):
        ends[key_of(rows, i, k) + 1] += 1
    for bucket in range(1, BUCKETS + 1):
        ends[bucket] += ends[bucket - 1]
    for bucket in range(BUCKETS + 1):
        starts[bucket] = ends[bucket]
    for i in range(n):
        key = key_of(rows, i, k)
        place = ends[key]
        ends[key] = place + 1
        order[place] = i
        for word in range(4):
            grouped[place, word] = rows[i, word]


@inlined
def bits_apart(rows, i, j):
    """Hamming distance of two rows; half of it when that is above 63 already, as it nearly always is."""
    half = popcount(rows[i, 0] ^ rows[j, 0]) + popcount(rows[i, 1] ^ rows[j, 1])
    if half > U64(63):
        return half
    return half + popcount(rows[i, 2] ^ rows[j, 2]) + popcount(rows[i, 3] ^ rows[j, 3])


@inlined
def is_first(rows, i, j, radii, k):
    """Whether no key before k brings the two rows together, too."""
    for earlier in range(k):
        if I64(popcount(U64(key_of(rows, i, earlier) ^ key_of(rows, j, earlier)))) <= radii[earlier]:
            return False
    return True


@inlined
def is_ours(bucket, mask):
    """Whether the pair of buckets is looked at from this side; exactly one side says so."""
    return bucket & mask & -mask == 0


@inlined
def pair_up(rows, order, starts, bucket, k, limit, radii, output, used):
    """How much of the output is used once the pairs of one bucket with its neighbours are added, or FULL."""
    out_left, out_right, out_distance = output
    for m in range(MASKS_WITHIN[radii[k] + 1]):
        other = bucket ^ MASKS[m]
        if not is_ours(bucket, MASKS[m]):
            continue
        for i in range(I64(starts[bucket]), I64(starts[bucket + 1])):
            for j in range(i + 1 if m == 0 else I64(starts[other]), I64(starts[other + 1])):
                bits = bits_apart(rows, i, j)
                if bits <= limit and is_first(rows, i, j, radii, k):
                    if used >= out_left.shape[0]:
                        return FULL
                    out_left[used], out_right[used], out_distance[used] = order[i], order[j], bits
                    used += 1
    return used


@kernel(types.UniTuple(I64, 2)(ROWS, IN_U32, IN_U32, I64, U64, IN_I64, I64, OUT_I32, OUT_U32, OUT_U8))
def join(rows, order, starts, k, limit, radii, first, out_left, out_right, out_distance):
    """(bucket to resume at, pairs written): every pair that key k is the first to find, or until the output is full."""
    used = 0
    for bucket in range(first, BUCKETS):
        if starts[bucket] == starts[bucket + 1]:
            continue
        grown = pair_up(rows, order, starts, bucket, k, limit, radii, (out_left, out_right, out_distance), used)
        if grown == FULL:
            return bucket, used
        used = grown
    return BUCKETS, used


@inlined
def root_of(parents, i):
    """The representative of i's cluster; shortens the way to it."""
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = I64(parents[i])
    return i


@inlined
def unite_two(parents, a, b):
    """The representative of both clusters, now one: the smaller row."""
    a, b = root_of(parents, a), root_of(parents, b)
    low, high = min(a, b), max(a, b)
    parents[high] = low
    return low


@inlined
def absorb_few(rows, order, i, begin, end, limit, parents):
    """Whether all rows at the places are near row i; those that are have joined its cluster."""
    same = True
    for j in range(begin, end):
        if bits_apart(rows, i, j) <= limit:
            unite_two(parents, I64(order[i]), I64(order[j]))
        else:
            same = False
    return same


@inlined
def absorb_many(rows, order, i, begin, end, limit, parents):
    """Whether all rows at the places share row i's cluster, once those near it have joined.

    Those that share it already are not compared: a dense cluster does not cost all its pairs.
    """
    root, same = root_of(parents, I64(order[i])), True
    for j in range(begin, end):
        if root_of(parents, I64(order[j])) == root:
            continue
        if bits_apart(rows, i, j) <= limit:
            root = unite_two(parents, root, I64(order[j]))
        else:
            same = False
    return same


@inlined
def absorb(rows, order, i, begin, end, limit, parents):
    """Whether all rows at the places are known to share row i's cluster, once those near it have joined."""
    if end - begin > LARGE:
        return absorb_many(rows, order, i, begin, end, limit, parents)
    return absorb_few(rows, order, i, begin, end, limit, parents)


@inlined
def settle(rows, order, begin, end, limit, parents):
    """Whether all rows of a bucket are one cluster, once those near each other are."""
    for i in range(begin, end):
        if absorb(rows, order, i, i + 1, end, limit, parents):
            break
    root = root_of(parents, I64(order[begin]))
    for i in range(begin + 1, end):  # noqa: SIM110
        if root_of(parents, I64(order[i])) != root:
            return False
    return True


@kernel(types.void(ROWS, IN_U32, IN_U32, U64, I64, OUT_U32))
def merge(rows, order, starts, limit, radius, parents):
    """Nothing; unites in parents the clusters of all rows that this key brings together.

    A bucket that is one cluster stays one: from then on its first row speaks for it.
    """
    whole = np.zeros(BUCKETS, np.uint8)
    for bucket in range(BUCKETS):
        if starts[bucket] < starts[bucket + 1]:
            whole[bucket] = settle(rows, order, I64(starts[bucket]), I64(starts[bucket + 1]), limit, parents)
    for bucket in range(BUCKETS):
        begin, end = I64(starts[bucket]), I64(starts[bucket + 1])
        for m in range(1, MASKS_WITHIN[radius + 1] if begin < end else 0):
            other = bucket ^ MASKS[m]
            first, last = I64(starts[other]), I64(starts[other + 1])
            if first == last or not is_ours(bucket, MASKS[m]):
                continue
            for i in range(begin, end):
                if not (whole[other] and root_of(parents, I64(order[i])) == root_of(parents, I64(order[first]))):
                    absorb(rows, order, i, first, last, limit, parents)
                elif whole[bucket]:
                    break


@kernel(types.void(IN_U32, IN_U32, OUT_U32))
def unite(left, right, parents):
    """Nothing; unites in parents the clusters of left[i] and right[i]."""
    for i in range(left.shape[0]):
        unite_two(parents, I64(left[i]), I64(right[i]))


@kernel(types.void(OUT_U32))
def flatten(parents):
    """Nothing; every parent becomes the smallest row of its cluster."""
    for i in range(parents.shape[0]):
        parents[i] = root_of(parents, i)
