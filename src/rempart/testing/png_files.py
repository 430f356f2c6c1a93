"""PNG files of the modes that Pillow cannot write: 16-bit colour, Adam7, small depths, colour keys."""

import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
_CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}
# Adam7: (first column, column step, first row, row step) of each pass.
_PASSES = ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2))


def chunk(name: bytes, data: bytes) -> bytes:
    """One PNG chunk: length, name, data, checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    samples: NDArray[Any],
    colour: int,
    bits: int = 8,
    interlaced: bool = False,
    before_pixels: bytes = b"",
) -> bytes:
    """A PNG file of the samples.

    samples: (height, width, channels) of uint8 or uint16; below 8 bits the values must fit the depth.
    before_pixels: chunks such as PLTE and tRNS, already built with `chunk`.
    """
    height, width, channels = samples.shape
    if channels != _CHANNELS[colour]:
        raise ValueError(f"colour type {colour} has {_CHANNELS[colour]} channels, not {channels}")
    rows = b"".join(_scan_lines(part, bits) for part in _passes(samples, interlaced))
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced))
    return (
        SIGNATURE
        + chunk(b"IHDR", header)
        + before_pixels
        + chunk(b"IDAT", zlib.compress(rows, 1))
        + chunk(b"IEND", b"")
    )


def chunks_of(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name and data of each chunk of a well-formed PNG file."""
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def with_chunk_after_header(data: bytes, name: bytes, body: bytes) -> bytes:
    """The PNG file with one more chunk right behind its header."""
    return data[:33] + chunk(name, body) + data[33:]


def _passes(samples: NDArray[Any], interlaced: bool) -> Iterator[NDArray[Any]]:
    if not interlaced:
        yield samples
        return
    for left, step_x, top, step_y in _PASSES:
        part = samples[top::step_y, left::step_x]
        if part.size:
            yield part


def _scan_lines(samples: NDArray[Any], bits: int) -> bytes:
    """The rows, each behind a filter byte of 0 (none), packed to the depth, most significant bit first."""
    height = samples.shape[0]
    flat = samples.reshape(height, -1)
    if bits == 16:
        rows = flat.astype(">u2").view(np.uint8)
    elif bits == 8:
        rows = flat.astype(np.uint8)
    else:
        weights = np.arange(bits - 1, -1, -1, dtype=np.uint8)
        unpacked = (flat.astype(np.uint8)[..., None] >> weights) & 1
        rows = np.packbits(unpacked.reshape(height, -1), axis=1)
    return np.hstack([np.zeros((height, 1), np.uint8), rows]).tobytes()
