"""EXIF orientations: the pixels to store, and the block that says how to turn them."""

import numpy as np
from PIL import Image

from rempart.testing.pictures import Pixels


def turned_for(pixels: Pixels, orientation: int) -> Pixels:
    """The pixels to store so that a viewer which obeys the EXIF orientation shows the picture passed in."""
    turned = {
        1: pixels,
        2: pixels[:, ::-1],
        3: pixels[::-1, ::-1],
        4: pixels[::-1],
        5: pixels.transpose(1, 0, 2),
        6: np.rot90(pixels, 1),
        7: np.rot90(pixels, 2).transpose(1, 0, 2),
        8: np.rot90(pixels, -1),
    }
    return np.ascontiguousarray(turned[orientation])


def exif(orientation: int) -> bytes:
    """An EXIF block that says nothing but the orientation."""
    block = Image.Exif()
    block[0x0112] = orientation
    return block.tobytes()
