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

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

COMPLETE, FULL, DAMAGED = -1, -2, -3

F = TypeVar("F", bound=Callable[..., Any])

U8, U32, U64, I32, I64 = types.uint8, types.uint32, types.uint64, types.int32, types.int64
ROWS = types.Array(U64, 2, "C", readonly=True)
OUT_U8, OUT_U32, OUT_I32, OUT_I64 = (types.Array(kind, 1, "C") for kind in (U8, U32, I32, I64))


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
