"""From decoded pixels of any layout to upright grey pictures."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rempart.facts.fingerprint import Ground
from rempart.media.exif import upright
from rempart.media.picture import Frame, Picture, Pixels

_LEVEL_OF_GROUND: tuple[tuple[Ground, int], ...] = (("black", 0), ("white", 255))


def pictures_of(frame: Frame, number: int, colour: bool) -> Iterator[Picture]:
    """One opaque picture, or the frame laid on black and then on white where it is transparent."""
    solid, alpha = _split(frame.pixels)
    partial = bool(frame.gap)
    if alpha is None or bool(np.all(alpha == 255)):
        yield _picture(upright(solid, frame.orientation), number, "opaque", partial, colour)
        return
    for ground, level in _LEVEL_OF_GROUND:
        laid = upright(_lay(solid, alpha, level), frame.orientation)
        yield _picture(laid, number, ground, partial, colour)


def _split(pixels: Pixels) -> tuple[Pixels, Pixels | None]:
    """The colours and, where there is one, the alpha plane."""
    if pixels.ndim == 2:
        return pixels, None
    if pixels.shape[2] == 2:
        return pixels[:, :, 0], pixels[:, :, 1]
    return pixels[:, :, :3], pixels[:, :, 3] if pixels.shape[2] == 4 else None


def _lay(solid: Pixels, alpha: Pixels, level: int) -> Pixels:
    """The picture laid on a plain ground, row by row: wide integers for a whole phone photo would cost gigabytes."""
    laid = np.empty(solid.shape, np.uint8)
    for row in range(solid.shape[0]):
        weight = alpha[row].astype(np.uint16).reshape(-1, *(1,) * (solid.ndim - 2))
        laid[row] = (solid[row] * weight + level * (255 - weight) + 127) // 255
    return laid


def _picture(solid: Pixels, number: int, ground: Ground, partial: bool, colour: bool) -> Picture:
    solid = np.ascontiguousarray(solid)
    rgb = None
    if colour:
        rgb = solid if solid.ndim == 3 else np.ascontiguousarray(np.broadcast_to(solid[:, :, None], (*solid.shape, 3)))
    return Picture(luma=luma_of(solid), frame=number, ground=ground, partial=partial, rgb=rgb)


def luma_of(solid: Pixels) -> Pixels:
    """Rec. 601 luma as uint8, by Pillow's integer formula (0.299, 0.587, 0.114)."""
    return solid if solid.ndim == 2 else np.asarray(Image.fromarray(solid).convert("L"))


def eight_bits(values: NDArray[np.generic]) -> Pixels:
    """Samples of any width as 0..255, scaled and never clipped.

    Unsigned 16 bit lose their low byte. Wider integers and floats have no agreed white: 0..1 and 0..255 are taken
    as they are, anything else is stretched from its own least to its own greatest value.
    """
    if values.dtype == np.uint16:
        return (values.astype(np.uint16) >> 8).astype(np.uint8)
    finite = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    least, greatest = float(finite.min()), float(finite.max())
    if least >= 0 and greatest <= 1 and values.dtype.kind == "f":
        least, greatest = 0.0, 1.0
    elif least >= 0 and greatest <= 255:
        least, greatest = 0.0, 255.0
    span = (greatest - least) or 1.0
    return np.rint((finite - least) * (255.0 / span)).astype(np.uint8)
