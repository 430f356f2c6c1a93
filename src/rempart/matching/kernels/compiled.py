# mypy: disable-error-code="no-untyped-def,no-untyped-call,call-arg,import-untyped,unreachable"
"""Search and build kernels for 256-bit words, compiled by numba.

Every constant of a kernel stands in this one file, because numba's cache on disk is keyed on the file: a constant
imported from elsewhere would be frozen into stale machine code. Inputs are read-only arrays, the outputs are the
caller's; kernels hold no state and run without the interpreter's lock, so threads may share everything.

numba checks no bounds. Whatever comes from a file is therefore checked where it is used (`DAMAGED`): checking all of
it when the file is opened would mean to read all of it.

The directory (multi-index hashing): a row is cut into 11 keys, three of 24 and eight of 23 bits. Rows within distance
d of a query agree with it on at least one key i up to r_i flips whenever sum(r_i + 1) > d. Slots of 64 neighbouring
keys share one bitmap word, so one masked load answers every flip of a key's six low bits.
"""

from typing import Any

import numpy as np
from numba import types

from rempart.matching.kernels.machine import (
    I64,
    IN_I64,
    IN_U32,
    IN_U64,
    OUT_I32,
    OUT_U8,
    OUT_U32,
    OUT_U64,
    ROWS,
    U64,
    distance,
    inlined,
    kernel,
    popcount,
    prefetch,
)

FULL, DAMAGED, CROWDED = -1, -2, -3

KEYS = 11
WIDTH = np.array([24] * 3 + [23] * 8)
OFFSET = np.cumsum(WIDTH) - WIDTH
FIRST_WORD = np.concatenate([[0], np.cumsum(1 << (WIDTH - 6))])
WORDS = int(FIRST_WORD[KEYS])
LARGEST_RADIUS = 2
DIGITS = 256
LINE = 8
CANDIDATES = 1024
FEW, CROWD = 1024, 4
MANY = LAST = 1 << 31


def _masks(bits: int) -> Any:
    """Every word of so many bits with at most two set: none first, then one, then two."""
    singles = [1 << i for i in range(bits)]
    return [0, *singles, *sorted(a | b for a in singles for b in singles if a < b)]


def _ball(centre: int, radius: int) -> int:
    """A 64-bit word with bit i set for every i of six bits within the radius of the centre."""
    return sum(1 << i for i in range(64) if (i ^ centre).bit_count() <= radius)


MASKS = np.zeros((2, len(_masks(18))), np.int64)
MASKS[0, : len(_masks(17))], MASKS[1] = _masks(17), _masks(18)
GROUP_ENDS = np.array([[0, 1, 18, 154], [0, 1, 19, 172]])
BALLS = np.array([[_ball(centre, radius) for centre in range(64)] for radius in range(3)], np.uint64)
MOST_SLOTS = 11 * 301 + 1


@inlined
def scan_one(rows, queries, q, limit, out_query, out_row, out_distance, used):
    """How much of the output is used once every row near query q is added, or FULL."""
    a, b, c, d = queries[q, 0], queries[q, 1], queries[q, 2], queries[q, 3]
    for i in range(rows.shape[0]):
        bits = distance(rows, i, a, b, c, d)
        if bits <= limit:
            if used >= out_row.shape[0]:
                return FULL
            out_query[used], out_row[used], out_distance[used] = q, i, bits
            used += 1
    return used


@kernel(types.UniTuple(I64, 2)(ROWS, ROWS, U64, I64, OUT_I32, OUT_U32, OUT_U8))
def scan(rows, queries, limit, first, out_query, out_row, out_distance):
    """(query to resume at, hits written): every row within limit of queries[first:], or until the output is full."""
    used = 0
    for q in range(first, queries.shape[0]):
        grown = scan_one(rows, queries, q, limit, out_query, out_row, out_distance, used)
        if grown < 0:
            return q, used
        used = grown
    return queries.shape[0], used


@inlined
def key_of(rows, i, k):
    """Key k of row i: 23 or 24 of its bits."""
    word, offset = OFFSET[k] >> 6, U64(OFFSET[k] & 63)
    bits = rows[i, word] << offset
    if offset > U64(0) and word < 3:
        bits |= rows[i, word + 1] >> (U64(64) - offset)
    return I64(bits >> U64(64 - WIDTH[k]))


@inlined
def sort_by_key(rows, k, packed, spare):
    """(key k, row number) of every row, sorted, in one of the two arrays: three radix passes of eight bits."""
    n = rows.shape[0]
    ends = np.zeros((3, DIGITS + 1), np.int64)
    for i in range(n):
        key = key_of(rows, i, k)
        spare[i] = U64(key) << U64(32) | U64(i)
        ends[0, (key & (DIGITS - 1)) + 1] += 1
        ends[1, (key >> 8 & (DIGITS - 1)) + 1] += 1
        ends[2, (key >> 16) + 1] += 1
    if k == 0:
        return spare  # the rows are sorted, hence in the order of key 0 already
    for digit in range(3):
        for value in range(1, DIGITS):
            ends[digit, value] += ends[digit, value - 1]
        shift = U64(32 + 8 * digit)
        for i in range(n):
            item = spare[i]
            value = I64(item >> shift) & (DIGITS - 1)
            place = ends[digit, value]
            ends[digit, value] = place + 1
            packed[place] = item
        packed, spare = spare, packed
    return spare


@kernel(types.UniTuple(I64, 2)(ROWS, OUT_U64, OUT_U32, OUT_U32, OUT_U32, OUT_U64, OUT_U64))
def fill(rows, bitmap, ranks, heads, runs, packed, spare):
    """How much of heads and of runs is used; writes the directory into the zeroed bitmap and the other arrays.

    ranks: for every eighth word, how many bits of the bitmap stand before it.
    heads: for each key in use its one row, or MANY and where its rows stand in runs, the last of them marked LAST.
    """
    n, slot, run = rows.shape[0], 0, 0
    for k in range(KEYS):
        ordered = sort_by_key(rows, k, packed, spare)
        i = 0
        while i < n:
            key, begin = ordered[i] >> U64(32), i
            while i < n and ordered[i] >> U64(32) == key:
                i += 1
            bitmap[FIRST_WORD[k] + I64(key >> U64(6))] |= U64(1) << (key & U64(63))
            heads[slot] = ordered[begin] & U64(0xFFFFFFFF) if i == begin + 1 else U64(MANY | run)
            slot += 1
            if i > begin + 1:
                for place in range(begin, i):
                    runs[run + place - begin] = ordered[place] & U64(0xFFFFFFFF)
                run += i - begin
                runs[run - 1] |= U64(LAST)
    total = U64(0)
    for word in range(WORDS):
        if word % LINE == 0:
            ranks[word // LINE] = total
        total += popcount(bitmap[word])
    return slot, run


@inlined
def call_words(bitmap, key, k, radius):
    """Nothing; asks for the words that `find_keys` will test, lest its branches wait for memory one by one."""
    high, wide = key >> 6, I64(WIDTH[k] == 24)
    masks, base = MASKS[wide], FIRST_WORD[k]
    for m in range(GROUP_ENDS[wide, radius + 1]):
        prefetch(bitmap, base + (high ^ masks[U64(m)]))


@inlined
def find_keys(bitmap, ranks, key, k, radius, found, count):
    """How many keys are listed, as word and bit, once those in use within the radius of the key are added."""
    high, low, wide = key >> 6, key & 63, I64(WIDTH[k] == 24)
    masks, base = MASKS[wide], FIRST_WORD[k]
    for flips in range(radius + 1):
        ball = BALLS[radius - flips, low]
        for m in range(GROUP_ENDS[wide, flips], GROUP_ENDS[wide, flips + 1]):
            word = base + (high ^ masks[U64(m)])
            left = bitmap[U64(word)] & ball  # an unsigned index spares the test for a negative one
            while left != U64(0):
                rest = left & (left - U64(1))
                found[count] = (word << 6 | I64(popcount((left ^ rest) - U64(1)))) << 4 | k
                count += 1
                left = rest
                prefetch(ranks, word // LINE)
    return count


@inlined
def find_slots(bitmap, ranks, heads, found, count):
    """Nothing; each key listed as word and bit becomes its slot: how many keys before it are in use."""
    for i in range(count):
        word, below = found[i] >> 10, (U64(1) << U64(found[i] >> 4 & 63)) - U64(1)
        slot = I64(ranks[word // LINE]) + I64(popcount(bitmap[word] & below))
        for before in range(word & -LINE, word):
            slot += I64(popcount(bitmap[before]))
        prefetch(heads, slot)
        found[i] = slot << 4 | found[i] & 15


@inlined
def find_heads(rows, heads, runs, found, count):
    """Whether all is well; each slot listed becomes what it holds."""
    for i in range(count):
        slot = found[i] >> 4
        if slot >= heads.shape[0]:
            return False
        head = I64(heads[slot])
        if head & MANY:
            prefetch(runs, head ^ MANY)
        else:
            prefetch(rows, head * 4)
        found[i] = head << 4 | found[i] & 15
    return True


@inlined
def is_first(rows, row, keys, radii, k):
    """Whether no key before k leads from the query to the row, too: so every hit is given once."""
    for j in range(k):  # noqa: SIM110
        if radii[j] >= 0 and I64(popcount(U64(key_of(rows, row, j) ^ keys[j]))) <= radii[j]:
            return False
    return True


@inlined
def verify(rows, queries, q, limit, near, count, keys, radii, out_query, out_row, out_distance, used):
    """How much of the output is used once the near rows are compared in full, or FULL."""
    a, b, c, d = queries[q, 0], queries[q, 1], queries[q, 2], queries[q, 3]
    for n in range(count):
        row = near[n] >> 4
        bits = distance(rows, row, a, b, c, d)
        if bits <= limit and is_first(rows, row, keys, radii, near[n] & 15):
            if used >= out_row.shape[0]:
                return FULL
            out_query[used], out_row[used], out_distance[used] = q, row, bits
            used += 1
    return used


@inlined
def compare(rows, runs, count, queries, q, limit, radii, room, output, used):
    """How much of the output is used once the rows behind the listed heads are compared; or FULL, DAMAGED, CROWDED."""
    out_query, out_row, out_distance = output
    keys, found, near = room
    n, waiting, left = rows.shape[0], 0, FEW + rows.shape[0] // CROWD
    for i in range(count):
        head, k = found[i] >> 4, found[i] & 15
        place, item = head ^ MANY, head | LAST
        while True:
            if head & MANY:
                if place >= runs.shape[0]:
                    return DAMAGED
                item = I64(runs[place])
                place += 1
            row = item & (LAST - 1)
            if row >= n:
                return DAMAGED
            prefetch(rows, row * 4)
            near[waiting] = row << 4 | k
            waiting += 1
            if waiting == CANDIDATES:
                used = verify(
                    rows, queries, q, limit, near, waiting, keys, radii, out_query, out_row, out_distance, used
                )
                left -= waiting
                waiting = 0
                if used == FULL or left < 0:
                    return FULL if used == FULL else CROWDED
            if item & LAST:
                break
    return verify(rows, queries, q, limit, near, waiting, keys, radii, out_query, out_row, out_distance, used)


@inlined
def probe_one(rows, directory, queries, q, limit, radii, room, output, used):
    """How much of the output is used once every row near query q is added; or FULL, DAMAGED, or CROWDED."""
    bitmap, ranks, heads, runs = directory
    keys, found, _ = room
    count = 0
    for k in range(KEYS):
        if radii[k] >= 0:
            keys[k] = key_of(queries, q, k)
            call_words(bitmap, keys[k], k, radii[k])
    for k in range(KEYS):
        if radii[k] >= 0:
            count = find_keys(bitmap, ranks, keys[k], k, radii[k], found, count)
    find_slots(bitmap, ranks, heads, found, count)
    if not find_heads(rows, heads, runs, found, count):
        return DAMAGED
    return compare(rows, runs, count, queries, q, limit, radii, room, output, used)


@kernel(types.UniTuple(I64, 2)(ROWS, IN_U64, IN_U32, IN_U32, IN_U32, ROWS, U64, IN_I64, I64, OUT_I32, OUT_U32, OUT_U8))
def probe(rows, bitmap, ranks, heads, runs, queries, limit, radii, first, out_query, out_row, out_distance):
    """As `scan`, by way of the directory; (DAMAGED, 0) when its arrays contradict each other.

    A query that meets a quarter of all rows in its buckets is answered by the scan: skewed lists cost no more than it.
    """
    used = 0
    room = (np.zeros(KEYS, np.int64), np.empty(MOST_SLOTS, np.int64), np.empty(CANDIDATES, np.int64))
    directory, output = (bitmap, ranks, heads, runs), (out_query, out_row, out_distance)
    for q in range(first, queries.shape[0]):
        grown = probe_one(rows, directory, queries, q, limit, radii, room, output, used)
        if grown == CROWDED:
            grown = scan_one(rows, queries, q, limit, out_query, out_row, out_distance, used)
        if grown == DAMAGED:
            return DAMAGED, 0
        if grown == FULL:
            return q, used
        used = grown
    return queries.shape[0], used
