"""Whether the small picture inside a file shows what the large one shows.

Cameras frame their thumbnails in black, phones turn the one and not the other, editors crop the picture and leave the
thumbnail. So each is laid on the other at several scales, places and quarter turns, and the best fit counts.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rempart.origin.subject import Pixels

Plane = NDArray[np.float32]

SIDE = 64  # both are compared at this longer side
BLUR_DEVIATION = 0.7  # a blur of 1.7 on a thumbnail of 160: more lets strangers meet, less loses resharpened ones
SURE = 0.85  # a fit this good needs no further scale or turn
_SCALES = tuple(0.9**step for step in range(6))  # crops to six tenths; deeper ones let strangers meet
_LEAST_CONTRAST = 8.0  # grey levels: a night sky fits every night sky
_LEAST_SIDE = 16
_FRAME_LEVEL = 24
_REC_601 = (0.299, 0.587, 0.114)


def likeness(picture: Pixels, thumbnail: Pixels) -> float | None:
    """The best correlation of the two over scales, places and quarter turns, -1..1; None when one of them is flat.

    picture: (h, w), (h, w, 3) or (h, w, 4) uint8; thumbnail: (h, w) uint8.
    Cost: 5 ms for a picture that fits, 50 ms for one that does not.
    """
    planes = (_small(picture), _small(_unframed(thumbnail)))
    if any(min(plane.shape) < _LEAST_SIDE or plane.std() < _LEAST_CONTRAST for plane in planes):
        return None
    best = -1.0
    for fit in _fits(*planes):
        best = max(best, fit)
        if best >= SURE:
            break
    return best


def _fits(large: Plane, small: Plane) -> Iterator[float]:
    """How well each lies in the other; the likeliest first."""
    for quarters in (0, 1, 3, 2):
        turned = np.rot90(large, quarters)
        for ground, figure in ((small, turned), (turned, small)):
            for scale in _SCALES:
                yield _fit(ground, figure, scale)


def _fit(ground: Plane, figure: Plane, scale: float) -> float:
    """The best correlation over all places of the figure, made `scale` as wide or as high as the ground."""
    factor = scale * min(ground.shape[0] / figure.shape[0], ground.shape[1] / figure.shape[1])
    size = tuple(max(1, round(side * factor)) for side in figure.shape)
    placed = _blurred(_resized(figure, *size))
    soft = _blurred(ground)
    placed = placed - placed.mean()
    products = _slid(soft, placed[::-1, ::-1])
    ones = np.ones(size, np.float32)
    area = np.float32(ones.size)
    sums, squares = _slid(soft, ones), _slid(np.square(soft), ones)
    spread = np.maximum(squares - np.square(sums) / area, area * np.float32(_LEAST_CONTRAST / 2) ** 2)
    return float(np.max(products / np.sqrt(spread * np.sum(np.square(placed)) + 1e-6)))


def _slid(ground: Plane, window: Plane) -> Plane:
    """The convolution at every place where the window lies whole on the ground."""
    shape = ground.shape
    product = np.fft.rfft2(ground) * np.fft.rfft2(window, shape)
    whole = np.fft.irfft2(product, shape)
    return np.asarray(whole[window.shape[0] - 1 :, window.shape[1] - 1 :], np.float32)


def _small(picture: Pixels) -> Plane:
    """Grey, with the longer side at `SIDE`."""
    step = max(1, max(picture.shape[:2]) // (4 * SIDE))
    thin = picture[::step, ::step].astype(np.float32)  # the mean below takes out what this aliases
    grey = thin if thin.ndim == 2 else thin[:, :, :3] @ np.array(_REC_601, np.float32)
    scale = SIDE / max(grey.shape)
    return _resized(grey, *(max(1, round(side * scale)) for side in grey.shape))


def _unframed(thumbnail: Pixels) -> Pixels:
    """The thumbnail without plain black rows and columns at its edges."""
    lit = thumbnail > _FRAME_LEVEL
    rows, columns = np.flatnonzero(lit.mean(axis=1) > 0.05), np.flatnonzero(lit.mean(axis=0) > 0.05)
    if not len(rows) or not len(columns):
        return thumbnail
    return thumbnail[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _resized(plane: Plane, height: int, width: int) -> Plane:
    """The plane at this size, each sample the mean of what it covers."""
    return np.asarray(_covering(height, plane.shape[0]) @ plane @ _covering(width, plane.shape[1]).T, np.float32)


def _covering(new: int, old: int) -> Plane:
    """(new, old): the share that each old sample has in each new one."""
    edges = np.linspace(0, old, new + 1)
    cells = np.arange(old)
    overlap = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
    return np.asarray(np.clip(overlap, 0, None) * (new / old), np.float32)


def _blurred(plane: Plane) -> Plane:
    return np.asarray(_bell(plane.shape[0]) @ plane @ _bell(plane.shape[1]).T, np.float32)


@lru_cache(maxsize=128)
def _bell(side: int) -> Plane:
    """(side, side): Gaussian weights, each row summing to one, so that edges are not darkened."""
    distance = np.subtract.outer(np.arange(side), np.arange(side))
    weights = np.exp(-np.square(distance) / (2 * BLUR_DEVIATION**2))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)
