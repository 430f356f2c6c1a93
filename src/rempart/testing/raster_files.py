"""BMP and TIFF files of the modes that Pillow cannot write: run-length BMP, 565, top-down; 16-bit and planar TIFF."""

import struct
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rempart.testing.pictures import Pixels


def bmp(
    pixels_bottom_up: bytes,
    width: int,
    height: int,
    bits: int,
    compression: int = 0,
    table: bytes = b"",
) -> bytes:
    """A BMP file of rows that are packed already; a negative height means that the top row comes first."""
    offset = 14 + 40 + len(table)
    colours = len(table) // 4 if bits <= 8 else 0
    size = len(pixels_bottom_up)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, size, 2835, 2835, colours, 0)
    return struct.pack("<2sIHHI", b"BM", offset + size, 0, 0, offset) + info + table + pixels_bottom_up


def bmp_rle8(indices: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """A run-length coded 8-bit BMP. indices: (height, width); palette: (256, 3) RGB."""
    height, width = indices.shape
    body = b"".join(_runs(row) + b"\0\0" for row in indices[::-1].tolist()) + b"\0\1"
    table = np.zeros((256, 4), np.uint8)
    table[:, :3] = palette[:, ::-1]
    return bmp(body, width, height, 8, compression=1, table=table.tobytes())


def bmp_565(pixels: Pixels) -> bytes:
    """A 16-bit BMP with bit fields of 5, 6 and 5 bits."""
    height, width = pixels.shape[:2]
    wide = pixels.astype(np.uint16)
    packed = ((wide[..., 0] >> 3) << 11) | ((wide[..., 1] >> 2) << 5) | (wide[..., 2] >> 3)
    rows = np.pad(packed[::-1], ((0, 0), (0, width % 2))).astype("<u2").tobytes()
    return bmp(rows, width, height, 16, compression=3, table=struct.pack("<III", 0xF800, 0x07E0, 0x001F))


def bmp_top_down(pixels: Pixels) -> bytes:
    """A 24-bit BMP whose first row is the top one."""
    height, width = pixels.shape[:2]
    rows = np.pad(pixels[..., ::-1].reshape(height, -1), ((0, 0), (0, -(3 * width) % 4)))
    return bmp(rows.tobytes(), width, -height, 24)


def tiff(
    samples: NDArray[Any],
    photometric: int,
    order: Literal["<", ">"] = "<",
    planar: bool = False,
    next_offset: int = 0,
) -> bytes:
    """An uncompressed TIFF of (height, width, channels) uint8 or uint16 samples, in one strip per plane.

    next_offset: where the file says its second page starts; 0 for none.
    """
    height, width, channels = samples.shape
    bits = samples.dtype.itemsize * 8
    ordered = samples.transpose(2, 0, 1) if planar else samples
    body = ordered.astype(samples.dtype.newbyteorder(order)).tobytes()
    strips = channels if planar else 1
    each = len(body) // strips
    tags: list[tuple[int, int, list[int]]] = [
        (256, 4, [width]),
        (257, 4, [height]),
        (258, 3, [bits] * channels),
        (259, 3, [1]),
        (262, 3, [photometric]),
        (273, 4, [8 + each * strip for strip in range(strips)]),
        (277, 3, [channels]),
        (278, 4, [height]),
        (279, 4, [each] * strips),
        (284, 3, [2 if planar else 1]),
    ]
    return _tiff_file(order, body, tags, next_offset)


def _tiff_file(order: str, body: bytes, tags: list[tuple[int, int, list[int]]], next_offset: int) -> bytes:
    """Header, pixels, directory, then the values too long for the directory's four bytes."""
    body += b"\0" * (len(body) % 2)
    start = 8 + len(body)
    far_at = start + 2 + 12 * len(tags) + 4
    entries, far = b"", b""
    for tag, kind, values in tags:
        packed = struct.pack(f"{order}{len(values)}{'H' if kind == 3 else 'I'}", *values)
        if len(packed) > 4:
            value = struct.pack(f"{order}I", far_at + len(far))
            far += packed
        else:
            value = packed.ljust(4, b"\0")
        entries += struct.pack(f"{order}HHI", tag, kind, len(values)) + value
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, start)
    directory = struct.pack(f"{order}H", len(tags)) + entries + struct.pack(f"{order}I", next_offset)
    return head + body + directory + far


def _runs(row: list[int]) -> bytes:
    """One row as (count, value) pairs."""
    return bytes(byte for value, run in groupby(row) for pair in _pairs(value, len(list(run))) for byte in pair)


def _pairs(value: int, length: int) -> Iterator[tuple[int, int]]:
    while length > 0:
        yield min(length, 255), value
        length -= 255
