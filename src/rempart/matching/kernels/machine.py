# mypy: disable-error-code="no-untyped-def,no-untyped-call,call-arg,import-untyped,unreachable"
"""The machine seen from a kernel: argument types, how kernels are compiled, and the two instructions numba lacks.

No constant that decides anything stands here: see `compiled` for why.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

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
        address = builder.bitcast(builder.gep(data, [arguments[1]]), cgutils.voidptr_t)
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
