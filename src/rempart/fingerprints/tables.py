"""The fixed numbers of PDQ: the filter of one dimension as a banded matrix, and the cosine matrix.

Source: PDQ reference, Meta 2019. The reference runs two box filters along each axis and then keeps 64 of n samples.
Box, box and keep are linear, so together they are one (64, n) matrix whose rows have at most 2w - 1 weights,
where w = (n + 127) // 128 is the box. Those rows hardly overlap: applying them reads each pixel about once.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

KEPT = 64
FREQUENCIES = 16

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Band:
    """A (64, n) matrix with few weights per row: row o is weights[o, :counts[o]] from column starts[o] on."""

    length: int
    starts: Ints
    counts: Ints
    weights: Floats

    def reversed(self) -> "Band":
        """The same filter for the same pixels in opposite order, exact where the filter is not symmetric."""
        starts = self.length - self.starts - self.counts
        weights = np.zeros_like(self.weights)
        for row, count in enumerate(self.counts):
            weights[row, :count] = self.weights[row, :count][::-1]
        return Band(self.length, starts, self.counts, weights)


def window_size(length: int) -> int:
    """How many samples one box spans along a dimension of that length."""
    return (length + 2 * KEPT - 1) // (2 * KEPT)


def kept_samples(length: int) -> Ints:
    """Which 64 samples of a filtered dimension are kept: the centres of 64 equal parts."""
    return (2 * np.arange(KEPT, dtype=np.int64) + 1) * length // (2 * KEPT)


@lru_cache(maxsize=256)
def bands(length: int) -> tuple[Band, Band]:
    """The filter of a dimension of that length, and the same for reversed pixels. Cost: under 1 ms, then cached."""
    band = _band(length)
    return band, band.reversed()


def _band(length: int) -> Band:
    """Box, box and keep as one banded matrix; the boxes shrink at the ends, as in the reference."""
    size = window_size(length)
    ahead = (size + 2) // 2 - 1
    behind = size - 1 - ahead
    kept = kept_samples(length)
    starts = np.maximum(kept - 2 * behind, 0)
    counts = np.minimum(kept + 2 * ahead, length - 1) + 1 - starts
    steps = np.zeros((KEPT, 2 * size + 1))
    rows = np.arange(KEPT)
    outer = 1.0 / _box_size(kept, behind, ahead, length)
    for offset in range(-behind, ahead + 1):
        middle = kept + offset
        inside = (middle >= 0) & (middle < length)
        share = np.where(inside, outer / np.maximum(_box_size(middle, behind, ahead, length), 1), 0.0)
        first = np.clip(middle - behind - starts, 0, 2 * size)
        past = np.clip(np.minimum(middle + ahead, length - 1) + 1 - starts, 0, 2 * size)
        steps[rows, first] += share
        steps[rows, past] -= share
    weights = np.cumsum(steps, axis=1)[:, : 2 * size - 1]
    return Band(length, starts, counts, np.ascontiguousarray(weights, dtype=np.float32))


def _box_size(middle: Ints, behind: int, ahead: int, length: int) -> Ints:
    """How many samples a box around each middle holds inside the dimension."""
    return np.minimum(middle + ahead, length - 1) - np.maximum(middle - behind, 0) + 1


def _cosines() -> Floats:
    # math.cos and this order of products give the reference's float32 values to the last bit.
    scale = float(np.float32(math.sqrt(2.0 / KEPT)))
    unit = math.pi / 2.0 / KEPT
    rows = [[scale * math.cos(unit * (i + 1) * (2 * j + 1)) for j in range(KEPT)] for i in range(FREQUENCIES)]
    return np.array(rows, dtype=np.float32)


COSINES = _cosines()
COSINES.flags.writeable = False
