"""The pixels that a perceptual fingerprint accepts, checked once, before any kernel trusts them."""

import numpy as np
import numpy.typing as npt

from rempart.fingerprints.mistakes import NotAPicture, PictureTooSmall

Luma = npt.NDArray[np.uint8]
LEAST_SIDE_PIXELS = 5


def checked_luma(luma: Luma) -> Luma:
    """The same grey pixels, contiguous. Raises NotAPicture or PictureTooSmall."""
    if luma.dtype != np.uint8 or luma.ndim != 2:
        raise NotAPicture(f"grey pixels are (height, width) uint8, not {luma.shape} {luma.dtype}; convert them first")
    return _large_enough(luma)


def checked_rgb(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The same colour pixels, contiguous. Raises NotAPicture or PictureTooSmall."""
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3:
        raise NotAPicture(
            f"colour pixels are (height, width, 3) uint8, not {rgb.shape} {rgb.dtype}; convert them first"
        )
    return _large_enough(rgb)


def _large_enough(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    if min(height, width) < LEAST_SIDE_PIXELS:
        raise PictureTooSmall(f"a picture of {width} by {height} pixels is too small: at least 5 by 5 are needed")
    return np.ascontiguousarray(pixels)
