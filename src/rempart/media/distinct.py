"""Which frames of an animation are worth a look of their own."""

import numpy as np
from numpy.typing import NDArray

from rempart.media.picture import Pixels

GRID = 64
LARGEST_DIFFERENCE_LEVELS = 2
"""Two frames are the same picture when no cell of a 64x64 reduction differs by more than this many of 255 levels.

PDQ itself sees a picture as 64x64 cells. Measured over 11 pictures edited in 50 ways (98 pairs within 2 levels): such a
frame lies at most 8 bits from the kept one, mean 1; within 4 levels at most 12, within 6 at most 16, within 12 at most
40. The largest cell is compared, not the mean, so that a small thing that appears in a corner counts.
"""


class DistinctFrames:
    """Remembers the frames that were kept; a still costs nothing, because its only frame is never reduced."""

    def __init__(self) -> None:
        self._first: Pixels | None = None
        self._kept: list[NDArray[np.int16]] = []

    def is_new(self, pixels: Pixels) -> bool:
        """True, and the frame is remembered, when it differs from every frame kept so far."""
        if self._first is None:
            self._first = pixels
            return True
        if not self._kept:
            self._kept.append(reduced(self._first))
        cells = reduced(pixels)
        for kept in self._kept:
            if kept.shape == cells.shape and np.abs(kept - cells).max() <= LARGEST_DIFFERENCE_LEVELS:
                return False
        self._kept.append(cells)
        return True


def reduced(pixels: Pixels) -> NDArray[np.int16]:
    """The mean of each cell and channel of a grid of at most 64x64; also tells pictures of other shapes apart."""
    height, width = pixels.shape[:2]
    rows = np.linspace(0, height, min(GRID, height) + 1).astype(np.intp)[:-1]
    columns = np.linspace(0, width, min(GRID, width) + 1).astype(np.intp)[:-1]
    sums = np.add.reduceat(np.add.reduceat(pixels, rows, axis=0, dtype=np.uint32), columns, axis=1)
    counts = np.multiply.outer(np.diff(np.append(rows, height)), np.diff(np.append(columns, width)))
    means = sums / (counts if pixels.ndim == 2 else counts[:, :, None])
    return np.rint(means).astype(np.int16)
