"""A picture made small and coarse, so that a list of findings can be told apart without showing anything."""

import io

import numpy as np
from PIL import Image

from rempart.media.picture import Picture

CELLS = 24
LONGEST_SIDE_PIXELS = 96
# Of the longer side so many pixels are looked at, evenly spread: twenty for each cell tell its grey as well as all do.
SEEN_PIXELS = 20 * CELLS


def preview_png(picture: Picture) -> bytes:
    """A grey PNG of at most 96x96 pixels that shows no more than 24x24 cells of the picture."""
    height, width = picture.luma.shape
    step = max(1, max(width, height) // SEEN_PIXELS)
    seen = Image.fromarray(np.ascontiguousarray(picture.luma[::step, ::step]))
    coarse = seen.resize(_fitting((width, height), CELLS), Image.Resampling.BOX)
    out = io.BytesIO()
    coarse.resize(_fitting((width, height), LONGEST_SIDE_PIXELS), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def _fitting(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The size scaled so that its longer side is `longest`."""
    width, height = size
    scale = longest / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))
