"""The size a picture is stored in, from its header, without decoding it."""

import struct

_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_MOST_SEGMENTS = 2_000


def stored_size(data: bytes, media_type: str) -> tuple[int, int] | None:
    """Width and height of a JPEG or PNG; None for other formats and for damaged headers. Never raises."""
    if media_type == "image/jpeg":
        return _of_jpeg(data)
    if media_type == "image/png" and data[12:16] == b"IHDR" and len(data) >= 24:
        width, height = struct.unpack_from(">II", data, 16)
        return width, height
    return None


def _of_jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    for _ in range(_MOST_SEGMENTS):
        if at + 9 > len(data) or data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if marker == 0xFF or marker in _BARE:  # a fill byte, or a marker without a length
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None
