"""What a denoiser takes out of a picture: the part in which a sensor's own pattern is found.

Four levels of an orthonormal wavelet, and in each detail band a local Wiener filter that keeps what is too weak to be
scene. Source: Mihcak, Kozintsev, Ramchandran 1999; Lukas, Fridrich, Goljan 2006.
"""

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

LEVELS = 4
MULTIPLE_PIXELS = 2**LEVELS
NOISE_DEVIATION = 5.0  # grey levels; the literature's value for photographs
_WINDOWS = (3, 5, 7, 9)
_MOST_DEVIATIONS = 2.0  # one frequency in fifty of plain noise is stronger
# Daubechies, eight taps: long enough to keep edges out of the residual, half the cost of sixteen.
_LOW = np.array(
    (0.23037781, 0.71484657, 0.63088077, -0.02798377, -0.18703481, 0.03084138, 0.03288301, -0.01059740), np.float32
)
_HIGH = (_LOW[::-1] * np.array((1, -1) * 4)).astype(np.float32)


def residual(luma: Plane) -> Plane:
    """The picture's noise, as far as it is told from its scene; mean 0 in every row and column, no regular pattern.

    luma: (h, w), sides multiples of `MULTIPLE_PIXELS`. Cost: 0.25 s per megapixel.
    """
    return whitened(centred(_noise(luma, LEVELS)))


def centred(plane: Plane) -> Plane:
    """The plane with the mean of each row and column taken out, for even and odd places apart.

    What all cameras of a model share (read-out lines, colour filters) would link strangers.
    """
    result = plane.copy()
    for top in (0, 1):
        for left in (0, 1):
            part = result[top::2, left::2]
            part -= part.mean(axis=1, keepdims=True)
            part -= part.mean(axis=0, keepdims=True)
    return result


def whitened(plane: Plane) -> Plane:
    """The plane without what repeats, such as the grid of JPEG blocks: no frequency stands out of the spectrum."""
    spectrum = np.fft.rfft2(plane)
    most = np.float32(_MOST_DEVIATIONS * np.sqrt(plane.size) * float(plane.std()))
    spectrum *= np.minimum(1, most / np.maximum(np.abs(spectrum), np.float32(1e-9)))
    return np.asarray(np.fft.irfft2(spectrum, plane.shape), np.float32)


def _noise(plane: Plane, levels: int) -> Plane:
    """The residual of one level and those below it; the coarsest approximation is all scene."""
    if levels == 0:
        return np.zeros_like(plane)
    low, high = _split(plane)
    (low_low, low_high), (high_low, high_high) = (_split(half.T) for half in (low, high))
    details = (band * _kept(band, NOISE_DEVIATION) for band in (low_high, high_low, high_high))
    low_high, high_low, high_high = details
    coarse = _noise(low_low, levels - 1)
    return _merge(_merge(coarse, low_high).T, _merge(high_low, high_high).T)


def _kept(band: Plane, deviation: float) -> Plane:
    """The share of each coefficient that is noise: its power over the local power, by the quietest of four windows."""
    power = np.square(band)
    noise = np.float32(deviation**2)
    local = _box(power, _WINDOWS[0])
    for side in _WINDOWS[1:]:
        np.minimum(local, _box(power, side), out=local)
    return np.asarray(noise / np.maximum(local, noise), np.float32)


def _box(plane: Plane, side: int) -> Plane:
    """Mean over a square window around each place, the edge repeated outwards."""
    return _slide(_slide(plane, side).T, side).T


def _slide(plane: Plane, side: int) -> Plane:
    """Mean over `side` rows around each row."""
    reach = side // 2
    padded = np.pad(plane, ((reach + 1, reach), (0, 0)), mode="edge")
    padded[0] = 0
    sums = np.cumsum(padded, axis=0, dtype=np.float64)
    return np.asarray((sums[side:] - sums[:-side]) / side, np.float32)


def _split(plane: Plane) -> tuple[Plane, Plane]:
    """Low and high half of every column, wrapped around at the ends."""
    rows = plane.shape[0]
    wrapped = np.take(plane, np.arange(rows + len(_LOW) - 2), axis=0, mode="wrap")
    low, high = np.zeros((2, rows // 2, plane.shape[1]), np.float32)
    for tap in range(len(_LOW)):
        part = wrapped[tap : tap + rows - 1 : 2]
        low += _LOW[tap] * part
        high += _HIGH[tap] * part
    return low, high


def _merge(low: Plane, high: Plane) -> Plane:
    """The inverse of `_split`."""
    rows = 2 * low.shape[0]
    result = np.zeros((rows, low.shape[1]), np.float32)
    for tap in range(len(_LOW)):
        places = (np.arange(0, rows, 2) + tap) % rows
        result[places] += _LOW[tap] * low + _HIGH[tap] * high
    return result
