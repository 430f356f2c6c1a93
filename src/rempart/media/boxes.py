"""The boxes of ISO base media files (AVIF, HEIC): only how far they reach."""

from rempart.media.mending import filled_up

_HEADER_BYTES = 8


def announced_bytes(data: bytes) -> int:
    """How long the file is by its top-level boxes; longer than the data when a download was cut short."""
    at = 0
    while at + _HEADER_BYTES <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < _HEADER_BYTES:  # 0 means "to the end of the file"; less is rubbish
            return len(data)
        at += size
    return at + _HEADER_BYTES if at < len(data) else at


def boxes_fit(data: bytes) -> bool:
    """True when every top-level box ends within the file."""
    return announced_bytes(data) <= len(data)


def mended(data: bytes) -> bytes:
    """The file with its last box filled up."""
    return filled_up(data, announced_bytes(data))
