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
_LONGEST_CACHED = 100_000

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


def bands(length: int) -> tuple[Band, Band]:
    """The filter of a dimension of that length, and the same for reversed pixels. Cost: 1 ms, then cached."""
    # The weights of an absurdly long dimension take hundreds of megabytes: not worth keeping.
    return _cached_bands(length) if length <= _LONGEST_CACHED else _bands(length)


def _bands(length: int) -> tuple[Band, Band]:
    band = _band(length)
    return band, band.reversed()


_cached_bands = lru_cache(maxsize=256)(_bands)


def _band(length: int) -> Band:
    """Box, box and keep as one banded matrix; the boxes shrink at the ends, as in the reference."""
    size = window_size(length)
    ahead = (size + 2) // 2 - 1
    behind = size - 1 - ahead
    kept = kept_samples(length)
    starts = np.maximum(kept - 2 * behind, 0)
    counts = np.minimum(kept + 2 * ahead, length - 1) + 1 - starts
    ramp = np.arange(1, size + 1)
    weights = np.tile(np.concatenate([ramp, ramp[-2::-1]]) / size**2, (KEPT, 1)).astype(np.float32)
    for row in np.flatnonzero(counts < 2 * size - 1):
        at_end = _end_weights(int(kept[row]), behind, ahead, length)
        weights[row] = 0
        weights[row, : counts[row]] = at_end
    return Band(length, starts, counts, weights)


def _end_weights(kept: int, behind: int, ahead: int, length: int) -> npt.NDArray[np.float64]:
    """The weights of one kept sample near an end, where boxes are cut: the mean over the inner boxes in the outer."""
    middles = np.arange(max(kept - behind, 0), min(kept + ahead, length - 1) + 1)
    firsts = np.maximum(middles - behind, 0)
    pasts = np.minimum(middles + ahead, length - 1) + 1
    shares = 1.0 / (len(middles) * (pasts - firsts))
    # Each inner box adds its share from its first sample to its last: as steps up and down, then summed.
    steps = np.bincount(firsts - firsts[0], shares, pasts[-1] - firsts[0] + 1)
    steps -= np.bincount(pasts - firsts[0], shares, pasts[-1] - firsts[0] + 1)
    return np.cumsum(steps[:-1])


def _cosines() -> Floats:
    # math.cos and this order of products give the reference's float32 values to the last bit.
    scale = float(np.float32(math.sqrt(2.0 / KEPT)))
    unit = math.pi / 2.0 / KEPT
    rows = [[scale * math.cos(unit * (i + 1) * (2 * j + 1)) for j in range(KEPT)] for i in range(FREQUENCIES)]
    return np.array(rows, dtype=np.float32)


COSINES = _cosines()
COSINES.flags.writeable = False
