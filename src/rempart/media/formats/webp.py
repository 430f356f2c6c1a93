"""WebP, lossy, lossless and animated."""

from rempart.media.format import PillowFormat
from rempart.media.mending import filled_up

_RIFF_HEADER_BYTES = 12
_CHUNK_HEADER_BYTES = 8


def _is_whole(data: bytes) -> bool:
    """True when the file is as long as its RIFF header says."""
    return len(data) >= _announced(data)


def _announced(data: bytes) -> int:
    return 8 + int.from_bytes(data[4:8], "little")


def _end(data: bytes) -> int:
    return min(_announced(data), len(data))


def _mended(data: bytes) -> bytes:
    """The file ended after the chunk that was cut, which is filled up: the frames before it stay whole."""
    at = _RIFF_HEADER_BYTES
    while at + _CHUNK_HEADER_BYTES <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += _CHUNK_HEADER_BYTES + size + size % 2
    return filled_up(data[:4] + (at - 8).to_bytes(8, "little")[:4] + data[8:], at)


FORMAT = PillowFormat("webp", "WEBP", _is_whole, _mended, _end)
