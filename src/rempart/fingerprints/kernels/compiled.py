"""The kernels compiled by numba: pure functions without the interpreter lock, each with one signature.

Same arguments and results as `plain`, which says what each gives. Rules of this file, because compiled code is cached
by this file's own time stamp and checks no bounds: no constant from elsewhere, no array as a global, no call into
another file, inputs declared read-only (writable ones are accepted by the same code), callers validate every bound.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba import types

NAME = "numba"

_Function = TypeVar("_Function", bound=Callable[..., Any])

_BYTES = types.Array(types.uint8, 2, "C", readonly=True)
_FLOATS = types.Array(types.float32, 2, "C", readonly=True)
_INTS = types.Array(types.int64, 1, "C", readonly=True)
_BYTES_OUT = types.Array(types.uint8, 2, "C")
_FLOATS_OUT = types.Array(types.float32, 2, "C")


def _compiled(signature: Any, **options: Any) -> Callable[[_Function], _Function]:
    """A decorator that compiles for one signature, from the cache where a cache can be written."""

    def compile_now(function: _Function) -> _Function:
        njit: Callable[..., Any] = numba.njit
        try:
            done = njit(signature, cache=True, nogil=True, error_model="numpy", **options)(function)
        except RuntimeError:
            # numba found no folder it may write its cache to: slower to start, same results.
            done = njit(signature, nogil=True, error_model="numpy", **options)(function)
        return cast("_Function", done)

    return compile_now


@_compiled(types.void(_BYTES, _INTS, _INTS, _FLOATS, _FLOATS_OUT), fastmath={"contract"})
def project_rows(pixels: Any, starts: Any, counts: Any, weights: Any, out: Any) -> None:
    width = pixels.shape[1]
    for row in range(64):
        total = out[row]
        total[:] = 0
        first = starts[row]
        count = counts[row]
        # Four rows at a time, so that the running totals are loaded and stored once per four pixels.
        k = 0
        while k + 4 <= count:
            a, b, c, d = pixels[first + k], pixels[first + k + 1], pixels[first + k + 2], pixels[first + k + 3]
            p, q, r, s = weights[row, k], weights[row, k + 1], weights[row, k + 2], weights[row, k + 3]
            for j in range(width):
                total[j] += p * np.float32(a[j]) + q * np.float32(b[j]) + (r * np.float32(c[j]) + s * np.float32(d[j]))
            k += 4
        while k < count:
            a = pixels[first + k]
            p = weights[row, k]
            for j in range(width):
                total[j] += p * np.float32(a[j])
            k += 1


@_compiled(types.void(_FLOATS, _INTS, _INTS, _FLOATS, _FLOATS_OUT), fastmath={"contract", "reassoc", "nsz"})
def project_columns(rows: Any, starts: Any, counts: Any, weights: Any, out: Any) -> None:
    for column in range(64):
        first = starts[column]
        count = counts[column]
        for row in range(64):
            total = np.float32(0)
            for k in range(count):
                total += rows[row, first + k] * weights[column, k]
            out[row, column] = total


@_compiled(types.void(_BYTES, _INTS, _INTS, _BYTES_OUT))
def sample(pixels: Any, rows: Any, columns: Any, out: Any) -> None:
    for i in range(len(rows)):
        line = pixels[rows[i]]
        for j in range(len(columns)):
            out[i, j] = line[columns[j]]


@_compiled(types.void(_FLOATS, _FLOATS, _FLOATS_OUT))
def _low_frequencies(small: Any, cosines: Any, out: Any) -> None:
    # Every sum runs in the reference's order, over k, one after the other; the inner loops are over independent sums.
    half = np.zeros((16, 64), np.float32)
    for i in range(16):
        for k in range(64):
            weight = cosines[i, k]
            for j in range(64):
                half[i, j] += weight * small[k, j]
    across = np.ascontiguousarray(cosines.T)
    out[:] = 0
    for i in range(16):
        for k in range(64):
            weight = half[i, k]
            for j in range(16):
                out[i, j] += weight * across[k, j]


@_compiled(types.void(_FLOATS, _BYTES_OUT))
def _set_bits(spectrum: Any, out: Any) -> None:
    # The reference's median is the 128th smallest: the lower one of the two in the middle.
    median = np.partition(spectrum.ravel(), 127)[127]
    out[:] = 0
    for i in range(16):
        for j in range(16):
            if spectrum[i, j] > median:
                at = 255 - (16 * i + j)
                out[0, at >> 3] |= np.uint8(128 >> (at & 7))
                at = 255 - (16 * j + i)
                out[1, at >> 3] |= np.uint8(128 >> (at & 7))


@_compiled(types.int64(_FLOATS))
def _quality(small: Any) -> Any:
    percents = 0
    for i in range(64):
        for j in range(63):
            percents += abs(int((small[i, j] - small[i, j + 1]) * np.float32(100) / np.float32(255)))
            percents += abs(int((small[j, i] - small[j + 1, i]) * np.float32(100) / np.float32(255)))
    return min(100, percents // 90)


@_compiled(types.int64(_FLOATS, _FLOATS, _BYTES_OUT))
def hash_both(small: Any, cosines: Any, out: Any) -> Any:
    spectrum = np.empty((16, 16), np.float32)
    _low_frequencies(small, cosines, spectrum)
    _set_bits(spectrum, out)
    return _quality(small)


@_compiled(types.void(_FLOATS, types.int64, _FLOATS_OUT))
def _box_along_rows(lines: Any, window: Any, out: Any) -> None:
    height, width = lines.shape
    ahead = (window + 2) // 2 - 1
    for i in range(height):
        total = np.float32(0)
        held = 0
        for right in range(width + ahead):
            if right < width:
                total += lines[i, right]
                held += 1
            if right >= window:
                total -= lines[i, right - window]
                held -= 1
            if right >= ahead:
                out[i, right - ahead] = total / np.float32(held)


@_compiled(types.void(_FLOATS, types.int64, _FLOATS_OUT))
def _box_along_columns(lines: Any, window: Any, out: Any) -> None:
    height, width = lines.shape
    ahead = (window + 2) // 2 - 1
    total = np.zeros(width, np.float32)
    held = 0
    for right in range(height + ahead):
        if right < height:
            held += 1
            for j in range(width):
                total[j] += lines[right, j]
        if right >= window:
            held -= 1
            for j in range(width):
                total[j] -= lines[right - window, j]
        if right >= ahead:
            for j in range(width):
                out[right - ahead, j] = total[j] / np.float32(held)


@_compiled(types.void(_FLOATS, types.int64, types.int64, _FLOATS_OUT))
def filtered(luma: Any, row_window: Any, column_window: Any, out: Any) -> None:
    height, width = luma.shape
    if height == 64 and width == 64:
        out[:] = luma
        return
    across = np.empty_like(luma)
    down = luma.copy()
    for _ in range(2):
        _box_along_rows(down, row_window, across)
        _box_along_columns(across, column_window, down)
    for i in range(64):
        for j in range(64):
            out[i, j] = down[(2 * i + 1) * height // 128, (2 * j + 1) * width // 128]
