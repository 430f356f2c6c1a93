"""The kernels in numpy: what runs where numba is not installed, and the oracle beside the compiled ones.

Same arguments, same results as `compiled`: equal bits in exact mode, within 2 bits in the fused one.
Wrappers have validated all bounds.
"""

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

NAME = "numpy"


def project_rows(pixels: Bytes, starts: Ints, counts: Ints, weights: Floats, out: Floats) -> None:
    """Fill out (64, width) with the banded matrix times the pixels (height, width)."""
    for row in range(64):
        start, count = starts[row], counts[row]
        out[row] = weights[row, :count] @ pixels[start : start + count].astype(np.float32)


def project_columns(rows: Floats, starts: Ints, counts: Ints, weights: Floats, out: Floats) -> None:
    """Fill out (64, 64) with the rows (64, width) times the transposed banded matrix."""
    for column in range(64):
        start, count = starts[column], counts[column]
        out[:, column] = rows[:, start : start + count] @ weights[column, :count]


def sample(pixels: Bytes, rows: Ints, columns: Ints, out: Bytes) -> None:
    """Fill out with the pixels at those rows and columns."""
    out[:] = pixels[rows][:, columns]


def hash_both(small: Floats, cosines: Floats, out: Bytes) -> int:
    """Fill out (2, 32) with the hash of a 64x64 picture and of its transpose; gives their common quality."""
    spectrum = _spectrum(small, cosines)
    out[0] = _bits(spectrum)
    out[1] = _bits(spectrum.T)
    return _quality(small)


def filtered(luma: Floats, row_window: int, column_window: int, out: Floats) -> None:
    """Fill out (64, 64) by the reference's own sequence of float32 operations: two box passes per axis, then keep."""
    height, width = luma.shape
    if (height, width) == (64, 64):
        out[:] = luma
        return
    for _ in range(2):
        luma = _box(np.ascontiguousarray(luma.T), row_window).T
        luma = _box(np.ascontiguousarray(luma), column_window)
    centres = 2 * np.arange(64) + 1
    out[:] = luma[centres * height // 128][:, centres * width // 128]


def _box(lines: Floats, window: int) -> Floats:
    """The running mean over the first axis. One running sum per column, added to and taken from in order."""
    length = len(lines)
    ahead = (window + 2) // 2 - 1
    out = np.empty_like(lines)
    total = np.zeros(lines.shape[1], np.float32)
    held = 0
    for right in range(length + ahead):
        if right < length:
            total += lines[right]
            held += 1
        if right >= window:
            total -= lines[right - window]
            held -= 1
        if right >= ahead:
            out[right - ahead] = total / np.float32(held)
    return out


def _spectrum(small: Floats, cosines: Floats) -> Floats:
    """The 16x16 low frequencies, summed one product after the other in float32 as the reference does."""
    half = np.zeros((16, 64), np.float32)
    for k in range(64):
        half += cosines[:, k, None] * small[k]
    full = np.zeros((16, 16), np.float32)
    for k in range(64):
        full += half[:, k, None] * cosines[:, k]
    return full


def _bits(spectrum: Floats) -> Bytes:
    """The 32 bytes whose bits say which frequencies lie above the lower median; the first frequency is the last bit."""
    above = spectrum.ravel() > np.sort(spectrum, axis=None)[127]
    return np.packbits(above[::-1])


def _quality(small: Floats) -> int:
    """0..100 from the number and size of the steps between neighbours, each cut to whole percents of 255."""
    steps = [(small[:-1] - small[1:]), (small[:, :-1] - small[:, 1:])]
    percents = [(step * np.float32(100) / np.float32(255)).astype(np.int64) for step in steps]
    return min(100, sum(int(np.abs(percent).sum()) for percent in percents) // 90)
