"""The eight turned and mirrored fingerprints of one picture, on either canonical path.

Four 64x64 pictures are made by reading the pixels forwards or backwards along each axis; the other four are their
transposes, which cost nothing because both axes have the same filter. Turning the 16x16 spectrum instead would be
cheaper still but wrong by up to 60 bits: the reference's filter and samples are not symmetric.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from rempart.facts import Fingerprint, Transform
from rempart.fingerprints.kernels.choice import kernels
from rempart.fingerprints.picture_hash import Small, hashes_of, is_very_wide, shrink, shrink_across, shrink_down
from rempart.fingerprints.pictures import Luma
from rempart.fingerprints.tables import bands

NEAREST_SIDE = 512

Turned = tuple[Transform, Fingerprint]

# In the order in which `_four` reads: forwards, columns backwards, rows backwards, both backwards.
# Clockwise by 90 degrees is: rows backwards, then transposed.
_TURNS: tuple[tuple[Transform, Transform], ...] = (
    ("identity", "transpose"),
    ("mirror", "rotate270"),
    ("flip", "rotate90"),
    ("rotate180", "transverse"),
)


def turned_full(luma: Luma) -> Iterator[Turned]:
    """The eight fingerprints of every pixel, identity first."""
    rows, columns = bands(luma.shape[0]), bands(luma.shape[1])
    if is_very_wide(luma):
        return _named(shrink(luma, row, column) for row in rows for column in columns)
    # Two passes over the pixels, not four: each way down the columns serves both ways along the rows.
    halfway = (shrink_down(luma, row) for row in rows)
    return _named(shrink_across(half, column) for half in halfway for column in columns)


def turned_nearest(luma: Luma) -> Iterator[Turned]:
    """The eight fingerprints on the path of the reference in C++, identity first; none where both paths are one.

    That reference makes any picture with a side above 512 exactly 512x512, whatever its shape, before hashing it.
    """
    if max(luma.shape) <= NEAREST_SIDE:
        return iter(())
    rows, columns = (_nearest_samples(length) for length in luma.shape)
    band = bands(NEAREST_SIDE)[0]
    return _named(shrink(_sampled(luma, row, column), band, band) for row in rows for column in columns)


def _named(four: Iterator[Small]) -> Iterator[Turned]:
    for (turn, transposed_turn), small in zip(_TURNS, four, strict=True):
        fingerprint, transposed = hashes_of(small)
        yield turn, fingerprint
        yield transposed_turn, transposed


def _nearest_samples(length: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Which pixels the reference's resizing keeps of a dimension, and which of the same turned round."""
    samples = np.arange(NEAREST_SIDE, dtype=np.int64) * length // NEAREST_SIDE
    return samples, length - 1 - samples


def _sampled(luma: Luma, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]) -> Luma:
    out = np.empty((NEAREST_SIDE, NEAREST_SIDE), np.uint8)
    kernels().sample(luma, rows, columns, out)
    return out
