"""Decoded, bounded pixels."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rempart.facts.fingerprint import Ground

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One still view of an item, upright.

    luma: (height, width) uint8, C-contiguous, row 0 on top.
    frame: which distinct frame or page, from 0.
    ground: what transparent pixels were laid on.
    partial: only a part could be decoded; the rest is filler.
    rgb: (height, width, 3) uint8, only when colour was asked for.
    """

    luma: Pixels = field(repr=False)
    frame: int = 0
    ground: Ground = "opaque"
    partial: bool = False
    rgb: Pixels | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What a format leaf yields: one decoded frame or page, as stored.

    pixels: (h, w) grey, (h, w, 2) grey and alpha, (h, w, 3) RGB or (h, w, 4) RGB and alpha; uint8.
    orientation: EXIF orientation still to be applied, 1..8.
    gap: why the frame is not whole, or empty; the pixels are then partial.
    """

    pixels: Pixels = field(repr=False)
    orientation: int = 1
    gap: str = ""
