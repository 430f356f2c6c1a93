"""Text that generators hide in the lowest bits of the pixels, column by column."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rempart.origin.subject import Pixels

_MAGIC_BYTES = 15
_LENGTH_BYTES = 4
MAX_PAYLOAD_BYTES = 4 * 2**20
# The name of each magic: where the bits lie, and whether the payload is gzipped.
_ALPHA = {b"stealth_pnginfo": False, b"stealth_pngcomp": True}
_COLOURS = {b"stealth_rgbinfo": False, b"stealth_rgbcomp": True}


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is hidden. payload: cut at the bound or where the pixels end; gzipped when compressed."""

    where: Literal["alpha", "colours"]
    compressed: bool
    payload: bytes = field(repr=False)


def hidden(pixels: Pixels) -> Hidden | None:
    """The hidden text's bytes; None when the pixels do not begin with one of the four names.

    Cost: 120 bits where nothing is hidden.
    """
    if pixels.ndim != 3 or not pixels.size:
        return None
    if pixels.shape[2] == 4 and (found := _read(pixels[..., 3:], _ALPHA, "alpha")):
        return found
    return _read(pixels[..., :3], _COLOURS, "colours")


def _read(planes: Pixels, magics: dict[bytes, bool], where: Literal["alpha", "colours"]) -> Hidden | None:
    magic = _packed(planes, 0, _MAGIC_BYTES)
    if magic not in magics:
        return None
    length_bits = int.from_bytes(_packed(planes, _MAGIC_BYTES, _LENGTH_BYTES), "big")
    payload = _packed(planes, _MAGIC_BYTES + _LENGTH_BYTES, min(length_bits // 8, MAX_PAYLOAD_BYTES))
    return Hidden(where, magics[magic], payload)


def _packed(planes: Pixels, start: int, count: int) -> bytes:
    """Bytes `start` to `start + count` of the lowest bits; fewer where the pixels end."""
    height, channels = planes.shape[0], planes.shape[2]
    bits_a_column = height * channels
    first, last = start * 8, (start + count) * 8
    columns = planes[:, first // bits_a_column : -(-last // bits_a_column)]
    bits: NDArray[np.uint8] = (columns.transpose(1, 0, 2).reshape(-1) & 1).astype(np.uint8)
    begin = first % bits_a_column
    return np.packbits(bits[begin : begin + count * 8]).tobytes()[:count]
