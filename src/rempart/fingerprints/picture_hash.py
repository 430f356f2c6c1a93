"""PDQ of one picture: the fast operator on grey pixels, and the reference's own arithmetic on colour ones."""

import numpy as np
import numpy.typing as npt

from rempart.facts import Fingerprint
from rempart.fingerprints.kernels.choice import kernels
from rempart.fingerprints.pictures import Luma, checked_luma, checked_rgb
from rempart.fingerprints.tables import COSINES, FREQUENCIES, KEPT, Band, bands, window_size

Small = npt.NDArray[np.float32]
_SLAB_ROWS = 64
_WIDE = 16


def pdq(luma: Luma) -> Fingerprint:
    """The PDQ fingerprint of every pixel, with its quality 0..100.

    luma: (height, width) uint8, row 0 on top, full size: a shrunken picture has another fingerprint.
    Bytes are in the order of the reference's hexadecimal text. Raises PictureTooSmall below 5x5.
    Agreement: 0 bits from the reference for grey pixels, 2 bits at most for 97 % of colour pictures.
    """
    luma = checked_luma(luma)
    height, width = luma.shape
    return hashes_of(shrink(luma, bands(height)[0], bands(width)[0]))[0]


def pdq_exact(rgb: npt.NDArray[np.uint8]) -> Fingerprint:
    """The PDQ fingerprint of colour pixels, bit for bit that of the reference in Python.

    rgb: (height, width, 3) uint8. Raises PictureTooSmall below 5x5. Cost: some 20 times that of `pdq`.
    """
    rgb = checked_rgb(rgb)
    height, width = rgb.shape[:2]
    small = np.empty((KEPT, KEPT), np.float32)
    kernels().filtered(_weighed(rgb), window_size(width), window_size(height), small)
    return hashes_of(small)[0]


def _weighed(rgb: npt.NDArray[np.uint8]) -> Small:
    """The reference's luma: weighed in float64 and rounded once; in slabs, for float64 takes 24 bytes per pixel."""
    luma = np.empty(rgb.shape[:2], np.float32)
    for top in range(0, len(rgb), _SLAB_ROWS):
        slab = rgb[top : top + _SLAB_ROWS]
        luma[top : top + _SLAB_ROWS] = slab[:, :, 0] * 0.299 + slab[:, :, 1] * 0.587 + slab[:, :, 2] * 0.114
    return luma


def shrink(luma: Luma, rows: Band, columns: Band) -> Small:
    """The 64x64 picture that PDQ looks at: filtered and sampled along both axes, whichever is cheaper first."""
    if is_very_wide(luma):
        upright = shrink_across(shrink_down(np.ascontiguousarray(luma.T), columns), rows)
        return np.ascontiguousarray(upright.T)
    return shrink_across(shrink_down(luma, rows), columns)


def is_very_wide(luma: Luma) -> bool:
    """True when 64 kept rows would be many times the picture: 10 GB for a strip of 5 by 40 million pixels."""
    height, width = map(int, luma.shape)
    return width > _WIDE * height


def shrink_down(luma: Luma, rows: Band) -> Small:
    """The 64 kept rows, filtered along the columns only. Cost: each pixel is read once, nearly all of PDQ's time."""
    halfway = np.empty((KEPT, luma.shape[1]), np.float32)
    kernels().project_rows(luma, rows.starts, rows.counts, rows.weights, halfway)
    return halfway


def shrink_across(halfway: Small, columns: Band) -> Small:
    """The 64x64 picture from its 64 kept rows."""
    small = np.empty((KEPT, KEPT), np.float32)
    kernels().project_columns(halfway, columns.starts, columns.counts, columns.weights, small)
    return small


def hashes_of(small: Small) -> tuple[Fingerprint, Fingerprint]:
    """The fingerprints of a 64x64 picture and of its transpose."""
    values = np.empty((2, FREQUENCIES * FREQUENCIES // 8), np.uint8)
    quality = kernels().hash_both(small, COSINES, values)
    return Fingerprint("pdq", values[0].tobytes(), quality), Fingerprint("pdq", values[1].tobytes(), quality)
