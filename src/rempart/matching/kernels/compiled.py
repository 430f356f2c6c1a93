# mypy: disable-error-code="no-untyped-def,no-untyped-call,call-arg,import-untyped"
"""Search, build and join kernels for 256-bit words, compiled by numba.

Everything a kernel depends on stands in this one file, because numba's cache on disk is keyed on the file: a constant
imported from elsewhere would be frozen into stale machine code. Inputs are read-only arrays, the outputs are the
caller's; kernels hold no state and run without the interpreter's lock, so threads may share everything.

numba checks no bounds. Whatever comes from a file is therefore checked where it is used (`DAMAGED`), since a mapped
file may change after it was opened.

The directory (multi-index hashing): a row is cut into 11 keys, three of 24 and eight of 23 bits. Rows within distance
d of a query agree with it on at least one key i up to r_i flips whenever sum(r_i + 1) > d. Slots of 64 neighbouring
keys share one bitmap word, so one masked load answers every flip of a key's six low bits.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

FULL, DAMAGED, CROWDED = -1, -2, -3

KEYS = 11
WIDTH = np.array([24] * 3 + [23] * 8)
OFFSET = np.cumsum(WIDTH) - WIDTH
FIRST_WORD = np.concatenate([[0], np.cumsum(1 << (WIDTH - 6))])
WORDS = int(FIRST_WORD[KEYS])
LARGEST_RADIUS = 2
RADIX_BITS = 12
CANDIDATES = 1024
FEW, CROWD = 1024, 4


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

F = TypeVar("F", bound=Callable[..., Any])

U8, U32, U64, I32, I64 = types.uint8, types.uint32, types.uint64, types.int32, types.int64
ROWS = types.Array(U64, 2, "C", readonly=True)
IN_U32, IN_U64, IN_I64 = (types.Array(kind, 1, "C", readonly=True) for kind in (U32, U64, I64))
OUT_U8, OUT_U32, OUT_U64, OUT_I32, OUT_I64 = (types.Array(kind, 1, "C") for kind in (U8, U32, U64, I32, I64))


def kernel(signature: Any) -> Callable[[F], F]:
    """A decorator that compiles a function for one signature, cached on disk, without the interpreter's lock."""
    return cast("Callable[[F], F]", njit([signature], cache=True, nogil=True))


def inlined(function: F) -> F:
    """The function, compiled into its callers."""
    return cast("F", njit(inline="never", cache=True, nogil=True)(function))


@intrinsic
def popcount(_context: Any, _word: Any) -> Any:
    """How many bits of a word are set: one machine instruction."""

    def generate(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return U64(U64), generate


@intrinsic
def prefetch(_context: Any, array: Any, _index: Any) -> Any:
    """Nothing; asks the processor to bring one element into its cache. Any address is safe to ask for."""

    def generate(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = target.make_array(signature.args[0])(target, builder, arguments[0]).data
        address = builder.gep(data, [arguments[1]])
        flag = ir.IntType(32)
        shape = ir.FunctionType(ir.VoidType(), [address.type, flag, flag, flag])
        ask = cgutils.get_or_insert_function(builder.module, shape, "llvm.prefetch.p0")
        builder.call(ask, [address, flag(0), flag(3), flag(1)])
        return target.get_dummy_value()

    return types.void(array, types.intp), generate


@inlined
def distance(rows, i, a, b, c, d):
    """Hamming distance between row i and the word (a, b, c, d)."""
    return popcount(rows[i, 0] ^ a) + popcount(rows[i, 1] ^ b) + popcount(rows[i, 2] ^ c) + popcount(rows[i, 3] ^ d)


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


@kernel(I64(ROWS, OUT_U64, OUT_U32))
def mark(rows, bitmap, ranks):
    """How many keys are in use; sets their bits in the zeroed bitmap and counts, for each word, the bits before it."""
    for k in range(KEYS):
        for i in range(rows.shape[0]):
            key = key_of(rows, i, k)
            bitmap[FIRST_WORD[k] + (key >> 6)] |= U64(1) << U64(key & 63)
    total = U64(0)
    for word in range(WORDS):
        ranks[word] = total
        total += popcount(bitmap[word])
    return I64(total)


@inlined
def sort_by_key(rows, k, keys, spare_keys, spare_rows, positions, begin):
    """Nothing; writes the sorted keys k, and into positions[begin:] the rows they belong to: a two-pass radix sort."""
    n, low = rows.shape[0], (1 << RADIX_BITS) - 1
    low_ends, high_ends = np.zeros(low + 2, np.int64), np.zeros(low + 2, np.int64)
    for i in range(n):
        key = key_of(rows, i, k)
        low_ends[(key & low) + 1] += 1
        high_ends[(key >> RADIX_BITS) + 1] += 1
    for digit in range(1, low + 2):
        low_ends[digit] += low_ends[digit - 1]
        high_ends[digit] += high_ends[digit - 1]
    for i in range(n):
        key = key_of(rows, i, k)
        place = low_ends[key & low]
        low_ends[key & low] = place + 1
        spare_keys[place], spare_rows[place] = key, i
    for i in range(n):
        digit = I64(spare_keys[i]) >> RADIX_BITS
        place = high_ends[digit]
        high_ends[digit] = place + 1
        keys[place], positions[begin + place] = spare_keys[i], spare_rows[i]


@kernel(types.void(ROWS, OUT_U32, OUT_U32, OUT_U32, OUT_U32, OUT_U32))
def fill(rows, starts, positions, keys, spare_keys, spare_rows):
    """Nothing; writes for each key where its rows start, counted over all keys, and the rows of keys 1 to 10.

    Rows are sorted, hence in the order of key 0 already: its positions would be 0, 1, 2 and are not kept.
    """
    n, slot = rows.shape[0], 0
    for k in range(KEYS):
        if k == 0:
            for i in range(n):
                keys[i] = key_of(rows, i, 0)
        else:
            sort_by_key(rows, k, keys, spare_keys, spare_rows, positions, (k - 1) * n)
        for i in range(n):
            if i == 0 or keys[i] != keys[i - 1]:
                starts[slot] = k * n + i
                slot += 1
    starts[slot] = KEYS * n


@inlined
def find_slots(bitmap, ranks, starts, key, k, radius, slots, count):
    """How many slots are listed once those in use within the radius of the key are added."""
    high, low, wide = key >> 6, key & 63, I64(WIDTH[k] == 24)
    for flips in range(radius + 1):
        ball = BALLS[radius - flips, low]
        for m in range(GROUP_ENDS[wide, flips], GROUP_ENDS[wide, flips + 1]):
            word = FIRST_WORD[k] + (high ^ MASKS[wide, m])
            used = bitmap[word]
            left = used & ball
            while left != U64(0):
                bit = left & (~left + U64(1))
                slot = I64(ranks[word]) + I64(popcount(used & (bit - U64(1))))
                prefetch(starts, slot)
                slots[count] = slot
                count += 1
                left ^= bit
    return count


@inlined
def is_first(rows, row, keys, radii, k):
    """Whether no key before k leads from the query to the row, too: so every hit is given once."""
    for j in range(k):
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
def load_of(starts, positions, slots, count, n):
    """How many rows stand in the slots, their places on the way to the cache; or DAMAGED."""
    load = 0
    for s in range(count):
        if slots[s] + 1 >= starts.shape[0]:
            return DAMAGED
        begin, end = I64(starts[slots[s]]), I64(starts[slots[s] + 1])
        if begin >= end or end > KEYS * n:
            return DAMAGED
        prefetch(positions, begin - n)
        load += end - begin
    return load


@inlined
def probe_one(rows, directory, queries, q, limit, radii, room, output, used):
    """How much of the output is used once every row near query q is added; or FULL, DAMAGED, or CROWDED."""
    bitmap, ranks, starts, positions = directory
    out_query, out_row, out_distance = output
    keys, slots, near = room
    n, count, waiting = rows.shape[0], 0, 0
    for k in range(KEYS):
        if radii[k] >= 0:
            keys[k] = key_of(queries, q, k)
            count = find_slots(bitmap, ranks, starts, keys[k], k, radii[k], slots, count)
    load = load_of(starts, positions, slots, count, n)
    if load == DAMAGED or load > FEW + n // CROWD:
        return DAMAGED if load == DAMAGED else CROWDED
    for s in range(count):
        for place in range(I64(starts[slots[s]]), I64(starts[slots[s] + 1])):
            row = place if place < n else I64(positions[place - n])
            if row >= n:
                return DAMAGED
            prefetch(rows, row * 4)
            near[waiting] = row << 4 | place // n
            waiting += 1
            if waiting == CANDIDATES:
                used = verify(rows, queries, q, limit, near, waiting, keys, radii, out_query, out_row, out_distance, used)
                if used == FULL:
                    return FULL
                waiting = 0
    return verify(rows, queries, q, limit, near, waiting, keys, radii, out_query, out_row, out_distance, used)


@kernel(types.UniTuple(I64, 2)(ROWS, IN_U64, IN_U32, IN_U32, IN_U32, ROWS, U64, IN_I64, I64, OUT_I32, OUT_U32, OUT_U8))
def probe(rows, bitmap, ranks, starts, positions, queries, limit, radii, first, out_query, out_row, out_distance):
    """As `scan`, by way of the directory; (DAMAGED, 0) when its arrays contradict each other.

    A query that meets a quarter of all rows in its buckets is answered by the scan: skewed lists cost no more than it.
    """
    used = 0
    room = (np.zeros(KEYS, np.int64), np.empty(MOST_SLOTS, np.int64), np.empty(CANDIDATES, np.int64))
    directory, output = (bitmap, ranks, starts, positions), (out_query, out_row, out_distance)
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
