"""Invisible marks that open image generators leave in their pixels, read back without a key.

The scheme ("dwtDct" of the package invisible-watermark) writes one bit into each 4x4 block of the halved U plane: the
greatest coefficient is moved to a quarter or to three quarters of a step of 36. Generators call it with bytes or with
floats, blue first or red first; a mark is only read in the arithmetic that wrote it, so each is tried.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rempart import thresholds
from rempart.origin.subject import Pixels
from rempart.thresholds import Threshold

Plane = NDArray[np.float32]
Arithmetic = Literal["bytes blue first", "floats blue first", "floats red first"]

LEAST_PIXELS = 256 * 256  # the writer refuses less
MOST_PIXELS = 100_000_000  # five seconds
STEP = 36.0
BLOCK = 4
_ROWS_AT_ONCE = 64 * 2 * BLOCK
_FRACTION_BITS = 14  # of OpenCV's integer arithmetic, with its factors for Y and U
_BYTE_Y, _BYTE_U = (4899, 9617, 1868), 8061
_FLOAT_Y, _FLOAT_U = (0.299, 0.587, 0.114), 0.492


@dataclass(frozen=True, slots=True)
class Mark:
    """One known mark. bits: as written again and again over the picture; wrote: the arithmetics seen in the field."""

    name: str
    tool: str
    bits: tuple[int, ...]
    threshold: Threshold
    wrote: tuple[Arithmetic, ...]


def _bits_of(text: bytes) -> tuple[int, ...]:
    return tuple(int(bit) for byte in text for bit in f"{byte:08b}")


MARKS = {
    "SD1": Mark(
        "SD1",
        "Stable Diffusion 1",
        _bits_of(b"StableDiffusionV1"),
        thresholds.WATERMARK_SD1_BITS,
        ("bytes blue first",),
    ),
    "SD2": Mark("SD2", "Stable Diffusion 2", _bits_of(b"SDV2"), thresholds.WATERMARK_SD2_BITS, ("bytes blue first",)),
    "SDXL": Mark(
        "SDXL",
        "Stable Diffusion XL",
        tuple(int(bit) for bit in f"{0xB3EC907BB19E:048b}"),
        thresholds.WATERMARK_SDXL_BITS,
        ("bytes blue first", "floats blue first", "floats red first"),
    ),
    # The reference code spells the number without its two leading zeros, so 46 of 48 bits are written.
    "FLUX": Mark(
        "FLUX",
        "FLUX",
        tuple(int(bit) for bit in f"{0x2AFE879CF52E:b}"),
        thresholds.WATERMARK_FLUX_BITS,
        ("bytes blue first", "floats blue first"),
    ),
}


def agreements(pixels: Pixels) -> dict[str, int]:
    """For each known mark, how many of its bits the picture shows in the best of its arithmetics.

    pixels: (h, w, 3) or (h, w, 4) uint8 RGB. Empty where no mark can be: too small, too large, or grey.
    Cost: 60 ms per megapixel.
    """
    size = pixels.shape[0] * pixels.shape[1]
    if pixels.ndim != 3 or pixels.shape[2] < 3 or not LEAST_PIXELS <= size <= MOST_PIXELS:
        return {}
    found = dict.fromkeys(MARKS, 0)
    for arithmetic in _arithmetics():
        votes = _votes(pixels, arithmetic)
        for name, mark in MARKS.items():
            if arithmetic in mark.wrote:
                found[name] = max(found[name], _agreement(votes, mark.bits))
    return found


def _arithmetics() -> tuple[Arithmetic, ...]:
    return tuple(dict.fromkeys(arithmetic for mark in MARKS.values() for arithmetic in mark.wrote))


def _agreement(votes: NDArray[np.bool_], bits: tuple[int, ...]) -> int:
    """How many bits come out right when every block votes for the bit it carries."""
    carries = np.arange(len(votes)) % len(bits)
    shares = np.bincount(carries, votes, len(bits)) / np.maximum(np.bincount(carries, minlength=len(bits)), 1)
    return int(np.count_nonzero((shares * 255 > 127) == np.array(bits, bool)))


def _votes(pixels: Pixels, arithmetic: Arithmetic) -> NDArray[np.bool_]:
    """One bit per block, row by row; in bands, so that a large picture needs no more memory than a small one."""
    whole = pixels[: pixels.shape[0] // 4 * 4, : pixels.shape[1] // 4 * 4, :3]
    bands = (whole[top : top + _ROWS_AT_ONCE] for top in range(0, whole.shape[0], _ROWS_AT_ONCE))
    return np.concatenate([_votes_of(halved(u_plane(band, arithmetic))) for band in bands])


def u_plane(pixels: Pixels, arithmetic: Arithmetic) -> Plane:
    """The U plane as the writer saw it. Source: OpenCV `cvtColor` BGR2YUV, for bytes and for floats."""
    red, green, blue = (pixels[:, :, channel] for channel in ((2, 1, 0) if "red" in arithmetic else (0, 1, 2)))
    if "bytes" in arithmetic:
        half = 1 << (_FRACTION_BITS - 1)
        luma = (red * np.int32(_BYTE_Y[0]) + green * np.int32(_BYTE_Y[1]) + blue * np.int32(_BYTE_Y[2]) + half) >> 14
        scaled = ((blue - luma) * np.int32(_BYTE_U) + (128 << _FRACTION_BITS) + half) >> _FRACTION_BITS
        return np.asarray(np.clip(scaled, 0, 255), np.float32)
    grey = red * np.float32(_FLOAT_Y[0]) + green * np.float32(_FLOAT_Y[1]) + blue * np.float32(_FLOAT_Y[2])
    return np.asarray((blue - grey) * np.float32(_FLOAT_U) + np.float32(0.5), np.float32)


def halved(plane: Plane) -> Plane:
    """The approximation plane of one Haar step."""
    mixed = plane[::2, ::2] + plane[1::2, ::2] + plane[::2, 1::2] + plane[1::2, 1::2]
    return np.asarray(mixed * np.float32(0.5), np.float32)


def blocks(plane: Plane) -> Plane:
    """(n, 16): the 4x4 blocks, row by row; what does not fill a block is left out."""
    rows, columns = plane.shape[0] // BLOCK, plane.shape[1] // BLOCK
    cut = plane[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    return cut.transpose(0, 2, 1, 3).reshape(-1, BLOCK * BLOCK)


def _votes_of(plane: Plane) -> NDArray[np.bool_]:
    """Whether the greatest coefficient of each block, the first left out, lies in the upper half of its step."""
    size = np.abs(blocks(plane)[:, 1:])
    voted: NDArray[np.bool_] = np.max(size, axis=1, initial=0) % np.float32(STEP) > STEP / 2
    return voted
