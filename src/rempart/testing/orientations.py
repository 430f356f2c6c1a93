"""EXIF orientations: the pixels to store, and the block that says how to turn them."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rempart.testing.pictures import Pixels


def shown(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """The picture that a viewer shows who obeys the EXIF orientation. pixels: (h, w) or (h, w, channels)."""
    across = pixels.swapaxes(0, 1)
    turned = {
        1: pixels,
        2: pixels[:, ::-1],
        3: pixels[::-1, ::-1],
        4: pixels[::-1],
        5: across,
        6: across[:, ::-1],
        7: across[::-1, ::-1],
        8: across[::-1],
    }
    return np.ascontiguousarray(turned[orientation])


def turned_for(pixels: Pixels, orientation: int) -> Pixels:
    """The pixels to store so that a viewer which obeys the EXIF orientation shows the picture passed in."""
    undone_by = {6: 8, 8: 6}
    return shown(pixels, undone_by.get(orientation, orientation))


def exif(orientation: int) -> bytes:
    """An EXIF block that says nothing but the orientation."""
    block = Image.Exif()
    block[0x0112] = orientation
    return block.tobytes()
