"""The part of a picture that is compared: a window in its middle, as stored, with the size of the whole."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rempart.facts import reasons
from rempart.origin.prnu.residual import MULTIPLE_PIXELS, Plane

Luma = NDArray[np.uint8]
Geometry = tuple[int, int]

LEAST_SIDE_PIXELS = 256
MOST_SIDE_PIXELS = 2048  # four megapixels hold pattern enough; a second of work and 200 MB
_DARK, _BRIGHT = 15, 250
_LEAST_USABLE_SHARE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class SensorView:
    """What of one picture is compared. geometry: (height, width) of the whole; luma: its middle."""

    geometry: Geometry
    luma: Luma = field(repr=False)

    def turned(self, quarters: int) -> "SensorView":
        """The same turned by quarters, counter-clockwise."""
        height, width = self.geometry
        return SensorView((width, height) if quarters % 2 else (height, width), np.rot90(self.luma, quarters))


def view_of(luma: Luma) -> SensorView | str:
    """The view of a picture, or the reason why its sensor cannot be seen.

    luma: (h, w) uint8, the frame as stored. Dark and burnt-out pixels carry no pattern: under-exposed pictures are
    where published false alarms come from (1 in 200, arXiv 2407.00543).
    """
    height, width = luma.shape
    if min(height, width) < LEAST_SIDE_PIXELS:
        return reasons.TOO_SMALL
    window = _middle(_middle(luma).T).T
    if np.mean(exposed(window)) < _LEAST_USABLE_SHARE:
        return reasons.LOW_QUALITY
    return SensorView((height, width), np.ascontiguousarray(window))


def exposed(luma: Luma) -> NDArray[np.bool_]:
    """Which pixels are neither dark nor burnt out."""
    return (luma > _DARK) & (luma < _BRIGHT)


def _middle(luma: Luma) -> Luma:
    """The middle rows: as many as the wavelet divides, at most `MOST_SIDE_PIXELS`."""
    rows = min(luma.shape[0], MOST_SIDE_PIXELS) // MULTIPLE_PIXELS * MULTIPLE_PIXELS
    top = (luma.shape[0] - rows) // 2
    return luma[top : top + rows]


def weighted(view: SensorView) -> Plane:
    """The picture as the weight of its sensor's pattern, which multiplies light; nothing where it is not exposed."""
    return np.where(exposed(view.luma), view.luma, 0).astype(np.float32)
