"""Sensor fingerprints: the fixed pattern that a camera's sensor multiplies into every picture."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from rempart.errors import UserMistake
from rempart.origin.prnu.residual import Plane, centred, residual, whitened
from rempart.origin.prnu.view import Geometry, SensorView, weighted

LEAST_PICTURES = 5
_NEIGHBOURHOOD = 5  # 11x11 places around the peak belong to it


@dataclass(frozen=True, slots=True, eq=False)
class SensorFingerprint:
    """The pattern of one sensor. It identifies a device, so it is shown nowhere.

    device: the operator's own name for it. geometry: (height, width) of its pictures. pictures: how many it is from.
    """

    device: str
    geometry: Geometry
    pictures: int
    pattern: Plane = field(repr=False)


def fingerprint(views: Iterable[SensorView], device: str = "") -> SensorFingerprint:
    """The most likely pattern behind pictures of one sensor. Raises UserMistake for too few or for mixed sizes.

    Source: Chen, Fridrich, Goljan, Lukas 2008: sum of residual times picture over sum of the picture squared.
    """
    above, below, geometry, pictures = None, None, None, 0
    for view in views:
        if geometry not in (None, view.geometry):
            raise UserMistake(f"the pictures of `{device}` differ in size; build one fingerprint for each size")
        weight = weighted(view)
        product, square = residual(view.luma.astype(np.float32)) * weight, np.square(weight)
        above, below = (product, square) if above is None or below is None else (above + product, below + square)
        geometry, pictures = view.geometry, pictures + 1
    if above is None or below is None or geometry is None or pictures < LEAST_PICTURES:
        raise UserMistake(
            f"`{device}` has {pictures} usable pictures; a sensor fingerprint needs at least {LEAST_PICTURES}"
        )
    return SensorFingerprint(device, geometry, pictures, whitened(centred(above / (below + 1))))


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A picture made ready to be compared with many fingerprints. view: the picture, noise: its residual."""

    view: SensorView
    noise: Plane = field(repr=False)

    def turned(self, quarters: int) -> "Trace":
        """The same turned by quarters, counter-clockwise."""
        return Trace(self.view.turned(quarters), np.rot90(self.noise, quarters))


def trace(view: SensorView) -> Trace:
    """The picture with its residual. Cost: 0.25 s per megapixel."""
    return Trace(view, residual(view.luma.astype(np.float32)))


def pce(picture: Trace, sensor: SensorFingerprint) -> float:
    """Peak to correlation energy at the place where the same sensor would peak; 0 where the sizes differ.

    Negative when they anti-correlate. Strangers stay near 0; see `PRNU_MATCH_PCE` for what counts.
    Cost: 60 ms per megapixel.
    """
    if picture.view.geometry != sensor.geometry or picture.noise.shape != sensor.pattern.shape:
        return 0.0
    expected = np.fft.rfft2(sensor.pattern * weighted(picture.view))
    plane = np.fft.irfft2(np.fft.rfft2(picture.noise) * np.conj(expected), picture.noise.shape)
    peak = float(plane[0, 0])
    near = np.arange(-_NEIGHBOURHOOD, _NEIGHBOURHOOD + 1)
    plane[np.ix_(near, near)] = 0
    energy = float(np.mean(np.square(plane, dtype=np.float64))) * plane.size / (plane.size - near.size**2)
    return float(np.copysign(peak**2 / energy, peak)) if energy > 0 else 0.0
