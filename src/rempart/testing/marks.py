"""Pictures with an invisible mark of an image generator: the writer beside `rempart.origin.watermark`."""

import numpy as np

from rempart.origin.watermark import BLOCK, MARKS, STEP, Arithmetic, Plane, blocks, halved, u_plane
from rempart.testing.pictures import Pixels

_OF_U, _GREEN_OF_U, _OF_V, _GREEN_OF_V = 2.032, -0.395, 1.140, -0.581  # OpenCV YUV2BGR
_OF_RED = 0.877


def marked(pixels: Pixels, name: str, arithmetic: Arithmetic | None = None) -> Pixels:
    """The picture with the mark as the generator of that name writes it, back as bytes.

    arithmetic: the one the generator uses in its present release when None.
    """
    mark = MARKS[name]
    arithmetic = arithmetic or mark.wrote[min(1, len(mark.wrote) - 1)]
    height, width = (side // 4 * 4 for side in pixels.shape[:2])
    before = u_plane(pixels[:height, :width], arithmetic)
    after = _with_bits(before, mark.bits)
    if "bytes" in arithmetic:
        after = np.clip(np.trunc(after), 0, 255)  # it is written back into a plane of bytes
    result = pixels.astype(np.float32)
    result[:height, :width] = _recoloured(pixels[:height, :width], after, arithmetic)
    kept = np.rint(result) if "bytes" in arithmetic else np.trunc(np.clip(result, 0, 255))
    return np.clip(kept, 0, 255).astype(np.uint8)


def _with_bits(plane: Plane, bits: tuple[int, ...]) -> Plane:
    """The plane with one bit in every block of its halved self."""
    small = halved(plane)
    found = blocks(small)
    number = np.arange(len(found))
    place = np.argmax(np.abs(found[:, 1:]), axis=1) + 1
    value = found[number, place]
    wanted = (np.abs(value) // STEP + 0.25 + 0.5 * np.resize(np.array(bits), len(found))) * STEP
    found[number, place] = np.where(value >= 0, wanted, -wanted)
    return _enlarged(plane, small, found)


def _enlarged(plane: Plane, small: Plane, found: Plane) -> Plane:
    """The inverse Haar step. The writer gives the two detail planes back in each other's place; so do we."""
    rows, columns = small.shape[0] // BLOCK, small.shape[1] // BLOCK
    approximation = small.copy()
    approximation[: rows * BLOCK, : columns * BLOCK] = (
        found.reshape(rows, columns, BLOCK, BLOCK).transpose(0, 2, 1, 3).reshape(rows * BLOCK, columns * BLOCK)
    )
    a, b, c, d = plane[::2, ::2], plane[::2, 1::2], plane[1::2, ::2], plane[1::2, 1::2]
    down, across, both = (a + b - c - d) / 2, (a - b + c - d) / 2, (a - b - c + d) / 2
    down, across = across, down
    result = np.empty_like(plane)
    result[::2, ::2] = (approximation + down + across + both) / 2
    result[::2, 1::2] = (approximation + down - across - both) / 2
    result[1::2, ::2] = (approximation - down + across - both) / 2
    result[1::2, 1::2] = (approximation - down - across + both) / 2
    return result


def _recoloured(pixels: Pixels, u: Plane, arithmetic: Arithmetic) -> Plane:
    """RGB with the old Y and V, and this U."""
    swap = slice(None, None, -1 if "red" in arithmetic else 1)
    red, green, blue = np.moveaxis(pixels[:, :, swap].astype(np.float32), 2, 0)
    y = 0.299 * red + 0.587 * green + 0.114 * blue
    v = _OF_RED * (red - y)
    if "bytes" in arithmetic:
        y, v = np.rint(y), np.rint(v)
    u = u - np.float32(128 if "bytes" in arithmetic else 0.5)
    mixed = np.stack([y + _OF_V * v, y + _GREEN_OF_U * u + _GREEN_OF_V * v, y + _OF_U * u], axis=2)
    return np.asarray(mixed[:, :, swap], np.float32)
