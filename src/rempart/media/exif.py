"""The orientation in an EXIF block, read without trusting it."""

import struct

from rempart.media.picture import Pixels

_ORIENTATION_TAG = 0x0112
_FORMAT_OF_KIND = {3: "H", 4: "I"}  # the standard says short; some writers say long
_BYTE_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def orientation_of(exif: bytes | None) -> int:
    """EXIF orientation 1..8; 1 when the block is absent, damaged or says nothing sensible."""
    tiff = (exif or b"").removeprefix(b"Exif\0\0")
    order = _BYTE_ORDERS.get(tiff[:4])
    if order is None:
        return 1
    try:
        return _first_directory_orientation(tiff, order)
    except struct.error:  # the block ends early
        return 1


def _first_directory_orientation(tiff: bytes, order: str) -> int:
    """Orientation written in the first directory, or 1. Raises struct.error where the block ends."""
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    (entries,) = struct.unpack_from(order + "H", tiff, start)
    for index in range(entries):
        tag, kind = struct.unpack_from(order + "HH", tiff, start + 2 + 12 * index)
        if tag == _ORIENTATION_TAG and kind in _FORMAT_OF_KIND:
            (value,) = struct.unpack_from(order + _FORMAT_OF_KIND[kind], tiff, start + 10 + 12 * index)
            return int(value) if 1 <= value <= 8 else 1
    return 1


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """The pixels as a viewer shows them: a view where possible, not a copy.

    Source: EXIF 2.32 §4.6.4: 5 to 8 have rows and columns exchanged.
    """
    turned = pixels.swapaxes(0, 1) if orientation >= 5 else pixels
    rows_backwards = orientation in (3, 4, 7, 8)
    columns_backwards = orientation in (2, 3, 6, 7)
    return turned[:: -1 if rows_backwards else 1, :: -1 if columns_backwards else 1]


def upright_size(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Width and height as a viewer shows them."""
    return (height, width) if orientation >= 5 else (width, height)
